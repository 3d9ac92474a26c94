"""Metrics to verdicts: what each figure of the partner side is compared with, in words, and what to do.

A verdict is "better" or "worse" only when the 95 % interval of the difference leaves out zero; it "cannot tell yet"
otherwise, and when there are fewer than ten accounts on a side. What is compared with what stands in `rules.yaml`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import TOO_FEW, Estimate, cost_ratio, difference
from motions.cohorts.metrics.text import shown
from motions.cohorts.verdicts.rules import Rule, Rules, Severity, default_rules
from motions.names import NAMES
from motions.text import count, listed, money, month_name, percent, points
from motions.units import Unit

Word = Literal["better", "worse", "cannot tell yet", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """One rule applied: the partner side's figure, what it is compared with, and what that means."""

    metric: str
    """the metric that is judged"""
    shown: str
    """the metric whose figure stands in the tile: MRR, where its share is judged"""
    title: str
    figure: Estimate
    unit: Unit
    judged: Estimate
    against: str
    """what stands below the figure"""
    word: Word
    sentence: str
    severity: Severity
    advice: str
    """what the verdict means and what to do; nothing while it can't be told"""
    tile: bool

    @property
    def beside(self) -> str:
        """What stands below the figure: what it is compared with, and which months it is of where they are not all."""
        return " · ".join(filter(None, (self.against, self.figure.over)))


def verdicts(
    ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER, rules: Rules | None = None
) -> tuple[Verdict, ...]:
    """Judge a group of partner motions by each rule."""
    return tuple(judge(rule, ledger, settings, group) for rule in (rules or default_rules()).rules)


def judge(rule: Rule, ledger: Ledger, settings: m.Settings, group: m.Group) -> Verdict:
    """Apply one rule."""
    figure, judged = (m.measure(m.BY_ID[name], ledger, settings, group) for name in (rule.figure, rule.metric))
    title, unit = m.BY_ID[rule.figure].title, m.BY_ID[rule.figure].unit

    def verdict(word: Word, compared: str, below: str, advice: str = "") -> Verdict:
        sentence = f"{word[:1].upper()}{word[1:]}: {compared}."
        return Verdict(
            rule.metric,
            rule.figure,
            title,
            figure,
            unit,
            judged,
            below,
            word,
            sentence,
            rule.severity,
            advice,
            rule.tile,
        )

    if not figure.known():
        return verdict("unknown", figure.note, figure.note)
    if not judged.known():
        return verdict("cannot tell yet", judged.note, "")
    compare = _against_blended if rule.against == "blended CAC" else _against
    word, compared = compare(rule, judged, ledger, settings, group)
    advice = f"{rule.means} {rule.do}" if word == "worse" else rule.keep if word == "better" else ""
    return verdict(word, compared, _below(rule, ledger, settings, group), advice)


PAIRED = {"mrr_share": m.mrr_share_change, "active_partners": m.active_partners_change}
"""Shares of the same accounts or partners at two times: compared with a year before, by pairs."""


def _earlier(rule: Rule, settings: m.Settings) -> m.Settings:
    """The settings of what is compared with: a year before for shares at a time, else the period before."""
    return settings.model_copy(update={"as_of": settings.as_of - 12}) if rule.metric in PAIRED else settings.before()


def _against(rule: Rule, judged: Estimate, ledger: Ledger, settings: m.Settings, group: m.Group) -> tuple[Word, str]:
    """Compare with organic, an earlier time, or a threshold: the word, and the comparison in figures."""
    metric = m.BY_ID[rule.metric]
    named = metric.title if metric.title[1:2].isupper() else metric.title[:1].lower() + metric.title[1:]
    own = shown(metric.unit, judged, ledger.currency)
    if rule.against == "threshold":
        threshold = (rule.threshold or 0) / (100 if metric.unit == "%" else 1)
        gap, other, said = _gap_to(judged, threshold), Estimate(threshold), "the threshold is"
    elif rule.against == "before":
        earlier = _earlier(rule, settings)
        other, said = m.measure(metric, ledger, earlier, group), f"in {month_name(earlier.as_of)} it was"
        paired = PAIRED.get(rule.metric)
        gap = paired(ledger, settings, group) if paired and other.known() else difference(judged, other)
    else:
        other, said = m.measure(metric, ledger, settings, m.ORGANIC), "organic accounts have"
        gap = difference(judged, other)
    if not other.known():
        return "cannot tell yet", f"{named} {own}; there is nothing to compare it with ({other.note})"
    compared = f"{named} {own}, {said} {shown(metric.unit, other, ledger.currency)}"
    return _word(gap, rule.better), compared + _ends(gap, metric)


def _gap_to(judged: Estimate, threshold: float) -> Estimate:
    """The difference to a fixed number, with the interval of the figure; one that is counted has none."""
    value = judged.value or 0
    if judged.note or 0 < judged.n < TOO_FEW:
        return Estimate(value - threshold, note=judged.note or f"too few: {judged.n}")
    low, high = (value if end is None else end for end in (judged.low, judged.high))
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


def _against_blended(
    rule: Rule, figure: Estimate, ledger: Ledger, settings: m.Settings, group: m.Group
) -> tuple[Word, str]:
    """Compare the cost of a partner customer with blended CAC, at each share that would not have come anyway."""
    currency, blended = ledger.currency or "", m.blended_cac(ledger, settings)
    words = [_cost_word(ledger, settings, group, share) for share in m.INCREMENTAL]
    spread = [money((figure.value or 0) / share, currency) for share in m.INCREMENTAL]
    said = f"a partner customer costs {spread[0]}, a customer overall {money(blended.value, currency)}; "
    said += f"{spread[1]} ({words[1]}) if 70 % of them would not have come anyway, {spread[2]} ({words[2]}) if 40 %"
    return words[0], said


def _cost_word(ledger: Ledger, settings: m.Settings, group: m.Group, share: float) -> Word:
    """Judge cost ÷ (customers × share) against blended CAC by the interval of the group's cost to that of all others.

    With r = the group's cost per customer ÷ that of the others and w = its part of the customers, blended CAC is
    (w·r + 1 − w) times the others' cost. r ÷ share lies below it exactly when r < (1 − w) ÷ (1 ÷ share − w).
    """
    months, _ = m.cost_months(ledger, settings, m.spent(ledger))
    cost = m.acquisition_spend(ledger, settings, group, months)
    total = float(ledger.spend_over(months).sum()) / 100
    own, everybody = (int(ledger.over("new_customers", months)[list(side)].sum()) for side in (group, m.ALL))
    gap = cost_ratio(cost, own, total - cost, everybody - own)
    if gap.low is None or gap.high is None:
        return "cannot tell yet"
    part = own / everybody
    even = (1 - part) / (1 / share - part)
    return "better" if gap.high < even else "worse" if gap.low > even else "cannot tell yet"


def _below(rule: Rule, ledger: Ledger, settings: m.Settings, group: m.Group) -> str:
    """What stands below the figure in its tile."""

    def said(name: str, which: m.Group = group, at: m.Settings = settings) -> str:
        found = m.measure(m.BY_ID[name], ledger, at, which)
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
    if rule.against == "organic" and (organic := said(rule.metric, m.ORGANIC)):
        parts.append(f"{own}, organic {organic}" if own else f"organic {organic}")
    elif rule.against == "before":
        earlier = _earlier(rule, settings)
        before = said(rule.metric, group, earlier)
        parts += [own] if own else []
        parts[-1:] = [f"{parts[-1]}, {before} in {month_name(earlier.as_of)}"] if before and parts else parts[-1:]
    elif rule.against == "blended CAC":
        parts.append(f"blended CAC {money(m.blended_cac(ledger, settings).value, ledger.currency or '')}")
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
    rules = rules or default_rules()
    told = [rule for rule in rules.rules if rule.stands_out and rule.severity == "critical"]
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
    if top.value is not None and top.value * 100 >= rules.partners.largest_share:
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
