"""Metrics to verdicts: what each figure of the partner side is compared with, in words, and what to do.

A verdict is "better" or "worse" only when the 95 % interval of the difference leaves out zero; it "cannot tell yet"
otherwise, and when there are fewer than ten accounts on a side. What is compared with what stands in `rules.yaml`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from motions.cohorts import metrics as m
from motions.cohorts.contract import MOTIONS
from motions.cohorts.figures import shown
from motions.cohorts.intervals import Estimate, cost_ratio, difference, unknown
from motions.cohorts.ledger import Ledger
from motions.cohorts.rules import Rule, Rules, Severity, default_rules
from motions.names import NAMES
from motions.text import count, listed, money, month_name, percent, points

Word = Literal["better", "worse", "cannot tell yet", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """One rule applied: the partner side's figure, what it is compared with, and what that means."""

    metric: str
    title: str
    figure: Estimate
    unit: str
    against: str
    """what stands below the figure"""
    word: Word
    sentence: str
    severity: Severity
    advice: str
    """what the verdict means and what to do; nothing while it can't be told"""
    tile: bool


def verdicts(
    ledger: Ledger,
    settings: m.Settings,
    group: m.Group = m.PARTNER,
    rules: Rules | None = None,
    everybody: Ledger | None = None,
) -> tuple[Verdict, ...]:
    """Judge a group of partner motions by each rule.

    `everybody` is the ledger that organic accounts are read from, where `ledger` is only of one partner.
    """
    return tuple(judge(rule, ledger, settings, group, everybody) for rule in (rules or default_rules()).rules)


def judge(rule: Rule, ledger: Ledger, settings: m.Settings, group: m.Group, everybody: Ledger | None = None) -> Verdict:
    """Apply one rule."""
    figure = m.measure(m.BY_ID[rule.figure], ledger, settings, group)
    judged = m.measure(m.BY_ID[rule.metric], ledger, settings, group)
    title, unit = m.BY_ID[rule.figure].title, m.BY_ID[rule.figure].unit
    if not figure.known() or not judged.known():
        note = figure.note if not figure.known() else judged.note
        word: Word = "unknown" if not figure.known() else "cannot tell yet"
        said = f"Unknown: {note}." if word == "unknown" else f"Cannot tell yet: {note}."
        return Verdict(
            rule.figure,
            title,
            figure,
            unit,
            note if word == "unknown" else "",
            word,
            said,
            rule.severity,
            "",
            rule.tile,
        )
    if rule.against == "blended CAC":
        word, compared = _against_blended(ledger, settings, group, everybody or ledger)
    else:
        word, compared = _against(rule, judged, ledger, settings, group, everybody or ledger)
    advice = f"{rule.means} {rule.do}" if word == "worse" else rule.keep if word == "better" else ""
    below = _below(rule, ledger, settings, group, everybody or ledger)
    lead = word[:1].upper() + word[1:]
    return Verdict(
        rule.figure, title, figure, unit, below, word, f"{lead}: {compared}.", rule.severity, advice, rule.tile
    )


def _against(
    rule: Rule, judged: Estimate, ledger: Ledger, settings: m.Settings, group: m.Group, everybody: Ledger
) -> tuple[Word, str]:
    """Compare with organic, the period before, or a threshold: the word, and the comparison in figures."""
    metric = m.BY_ID[rule.metric]
    named = metric.title if metric.title[1:2].isupper() else metric.title[:1].lower() + metric.title[1:]
    own = shown(metric.unit, judged, ledger.currency)
    if rule.against == "threshold":
        scale = 100 if metric.unit == "%" else 1
        gap = _gap_to(judged, (rule.threshold or 0) / scale)
        other, said = Estimate((rule.threshold or 0) / scale), "the threshold is"
    elif rule.against == "before":
        earlier = settings.before()
        other, said = m.measure(metric, ledger, earlier, group), f"in {month_name(earlier.as_of)} it was"
        gap = difference(judged, other)
    else:
        other, said = m.measure(metric, everybody, settings, m.ORGANIC), "organic accounts have"
        gap = difference(judged, other)
    if not other.known():
        return "cannot tell yet", f"{named} {own}; there is nothing to compare it with ({other.note})"
    return _word(
        gap, rule.better
    ), f"{named} {own}, {said} {shown(metric.unit, other, ledger.currency)}{_ends(gap, metric)}"


def _gap_to(judged: Estimate, threshold: float) -> Estimate:
    """The difference to a fixed number, with the interval of the figure; one that is counted has none."""
    value = judged.value or 0
    low, high = (value if end is None and not judged.note else end for end in (judged.low, judged.high))
    if low is None or high is None:
        return Estimate(value - threshold, note=judged.note)
    return Estimate(value - threshold, low - threshold, high - threshold, judged.n)


def _ends(gap: Estimate, metric: m.Metric) -> str:
    """The interval of a difference in brackets, or why there is none."""
    if gap.low is None or gap.high is None:
        return f" ({gap.note})" if gap.note else ""
    if gap.low == gap.high:
        return ""
    if metric.unit == "%":
        return f" (difference {points(gap.low)} to {points(gap.high)})"
    return f" (difference {gap.low:+.2f} to {gap.high:+.2f})".replace("-", "−")


def _word(gap: Estimate, better: str) -> Word:
    if gap.low is None or gap.high is None:
        return "cannot tell yet"
    above, below = gap.low > 0, gap.high < 0
    if better == "lower":
        above, below = below, above
    return "better" if above else "worse" if below else "cannot tell yet"


def _against_blended(ledger: Ledger, settings: m.Settings, group: m.Group, everybody: Ledger) -> tuple[Word, str]:
    """Compare the cost of a partner customer with that of all others, at each share that would not have come anyway."""
    figure, blended = m.effective_cpa(ledger, settings, group), m.blended_cac(everybody, settings)
    currency = ledger.currency or ""
    # CPA is below the blended figure exactly when it is below that of everybody else, and those are independent.
    gap = _against_the_others(ledger, settings, group, everybody)
    words = [_cost_word(gap, share) for share in m.INCREMENTAL]
    spread = [money((figure.value or 0) / share, currency) for share in m.INCREMENTAL]
    said = f"a partner customer costs {spread[0]}, a customer overall {money(blended.value, currency)}; "
    said += f"{spread[1]} ({words[1]}) if 70 % of them would not have come anyway, {spread[2]} ({words[2]}) if 40 %"
    return words[0], said


def _cost_word(gap: Estimate, share: float) -> Word:
    if gap.low is None or gap.high is None:
        return "cannot tell yet"
    return "better" if gap.high / share < 1 else "worse" if gap.low / share > 1 else "cannot tell yet"


def _against_the_others(ledger: Ledger, settings: m.Settings, group: m.Group, everybody: Ledger) -> Estimate:
    """The group's cost per customer ÷ that of all others."""
    if everybody.narrowed:
        return unknown("spend is not known for a part of the accounts")
    cost = m.acquisition_spend(ledger, settings, group)
    customers = m.new_customers(ledger, settings, group).value or 0
    total = float(everybody.spend(settings.first(), settings.as_of).sum()) / 100
    all_customers = m.new_customers(everybody, settings, m.ALL).value or 0
    return cost_ratio(cost, int(customers), total - cost, int(all_customers - customers))


def _below(rule: Rule, ledger: Ledger, settings: m.Settings, group: m.Group, everybody: Ledger) -> str:
    """What stands below the figure in its tile."""

    def said(name: str, which: m.Group = group, at: m.Settings = settings, of: Ledger = ledger) -> str:
        found = m.measure(m.BY_ID[name], of, at, which)
        return shown(m.BY_ID[name].unit, found, ledger.currency) if found.known() else ""

    parts = []
    if rule.figure == "mrr":
        parts.append(f"ARR {said('arr')}")
    if rule.figure == "pqls":
        parts.append(f"{said('pql_share')} of all PQLs")
    if rule.figure == "active_partners":
        there = int(m.partners_there(ledger, settings.as_of, group).sum())
        ratio = m.active_partners(ledger, settings, group).value or 0
        parts.append(f"{round(ratio * there)} of {count(there, 'partner')}")
    own = "" if rule.figure == rule.metric else _own(rule.metric, said(rule.metric))
    if rule.against == "organic" and (organic := said(rule.metric, m.ORGANIC, settings, everybody)):
        parts.append(f"{own}, organic {organic}" if own else f"organic {organic}")
    elif rule.against == "before":
        earlier = settings.before()
        before = said(rule.metric, group, earlier)
        parts += [own] if own else []
        parts[-1:] = [f"{parts[-1]}, {before} in {month_name(earlier.as_of)}"] if before and parts else parts[-1:]
    elif rule.against == "blended CAC":
        parts.append(f"blended CAC {money(m.blended_cac(everybody, settings).value, ledger.currency or '')}")
    elif rule.against == "threshold":
        parts.append(f"threshold {rule.threshold:g}")
    return " · ".join(parts)


def _own(metric: str, figure: str) -> str:
    words = {"mrr_share": f"{figure} of all MRR", "pql_conversion": f"{figure} convert"}
    return words.get(metric, f"{m.BY_ID[metric].title} {figure}") if figure else ""


def summary(judged: Sequence[Verdict], side: str) -> str:
    """Say in one sentence how a motion does, from its verdicts."""
    told = {word: [v.title for v in judged if v.word == word] for word in ("worse", "better")}
    parts = [f"{word} in {listed(titles)}" for word, titles in told.items() if titles]
    return f"{side}: {' and '.join(parts)}." if parts else f"{side}: nothing can be told apart from its comparison yet."


def headline(ledger: Ledger, settings: m.Settings, rules: Rules | None = None) -> str:
    """Say in one sentence what stands out: which motions do worse by a rule that says so, and concentration."""
    told = [rule for rule in (rules or default_rules()).rules if rule.stands_out and rule.severity == "critical"]
    overall = [judge(rule, ledger, settings, m.PARTNER) for rule in told]
    if overall and not any(one.figure.known() for one in overall):
        notes = " ".join(f"{one.title}: {one.figure.note}." for one in overall)
        return f"Not enough to judge by yet. {notes}"
    parts = []
    for rule in told:
        words = {NAMES[MOTIONS[at]]: judge(rule, ledger, settings, (at,)).word for at in m.PARTNER}
        if worse := [name for name, word in words.items() if word == "worse"]:
            parts.append(f"{listed(worse)} {rule.stands_out}")
    top = m.measure(m.BY_ID["top_partner"], ledger, settings, m.PARTNER)
    if top.value is not None and top.value >= 0.25:
        name = str(m.partner_table(ledger, settings)["name"][0])
        parts.append(f"one partner, {name}, carries {percent(top.value, 0)} of partner MRR")
    said = "; ".join(parts)
    if parts:
        return f"{said[:1].upper()}{said[1:]}."
    return "No motion stands out as worse than what it is compared with."


def cost_over_time(ledger: Ledger, settings: m.Settings) -> tuple[list[int], list[Estimate], list[Estimate]]:
    """Months up to the as-of month, and over the 3 months up to each effective CPA and blended CAC."""
    months = list(range(max(ledger.first_month + 2, settings.as_of - 35), settings.as_of + 1))
    quarters = [settings.model_copy(update={"as_of": month, "window": 3}) for month in months]
    cpa = [m.effective_cpa(ledger, quarter, m.PARTNER) for quarter in quarters]
    cac = [m.blended_cac(ledger, quarter) for quarter in quarters]
    return months, cpa, cac
