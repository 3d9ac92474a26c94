"""Metrics to verdicts: what each figure of the partner side is compared with, in words, and what to do.

A verdict is "better" or "worse" only where a test says so at a level that is corrected for all tests of the program,
see `family`: 5 % of healthy programs at most raise an alarm anywhere. The interval beside such a word is the
corrected one, so that both always agree. Amounts and counts are facts: up or down by how much. What is compared with
what stands in `rules.yaml`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Literal

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import survival
from motions.cohorts.metrics.intervals import TOO_FEW, Estimate, Z, cost_ratio, difference, unknown
from motions.cohorts.metrics.text import shown
from motions.cohorts.verdicts import family
from motions.cohorts.verdicts.rules import Rule, Rules, Severity, default_rules
from motions.names import NAMES
from motions.text import count, inside, listed, money, month_name, percent, points
from motions.units import Unit

Word = Literal["better", "worse", "cannot tell yet", "unknown", "up", "down", "unchanged", "above", "below"]
SHOWN = {"cannot tell yet": "no clear difference", "unchanged": "the same"}
"""What is shown for a word, where it is another."""
_JOINED: dict[Word, str] = {
    "better": " than", "worse": " than", "cannot tell yet": " to", "up": " on", "down": " on", "unchanged": " as",
}  # fmt: skip
"""What joins a word to what it is said against."""


@dataclass(frozen=True)
class Verdict:
    """One rule applied: the partner side's figure, what it is compared with, and what that means."""

    metric: str
    """the metric that is judged"""
    shown: str
    """the metric whose figure stands in the tile"""
    title: str
    figure: Estimate
    unit: Unit
    judged: Estimate
    besides: tuple[str, ...]
    """what stands below the figure, that which is read first at the head"""
    benchmark: str
    """what it is compared with, and its figure; nothing while that is unknown"""
    than: str
    """what it is compared with, in words that go behind a verdict"""
    word: Word
    sentence: str
    severity: Severity
    advice: str
    """what the verdict means and what to do; nothing while it can't be told"""
    tile: bool
    gap: Estimate
    """the difference that was tested, zero where there is none, with the corrected interval; unknown for facts"""
    better: str
    """which way is good: higher or lower"""
    currency: str | None = None
    since: str = ""
    """by how much the figure is another than the month before, for those with a tile"""

    @property
    def against(self) -> str:
        """What stands below the figure, in one line."""
        return " · ".join(filter(None, self.besides))

    @property
    def beside(self) -> str:
        """What stands below the figure: what it is compared with, and which months it is of where they are not all."""
        return " · ".join(filter(None, (self.against, self.figure.over)))

    @property
    def said(self) -> str:
        """The word as it is shown, and what it is said against: too few is another thing than no clear difference."""
        if self.word == "cannot tell yet" and "too few" in (self.judged.note + self.gap.note):
            return "too few"
        if self.word == "cannot tell yet" and (self.gap.value is None or not self.judged.known()):
            return "nothing to compare with" if self.judged.known() else "no clear difference"
        return f"{SHOWN.get(self.word, self.word)}{_JOINED.get(self.word, '')} {self.than}".strip()

    @property
    def proof(self) -> str:
        """The figure that is judged and what it is compared with, in a few words."""
        figure = shown(m.BY_ID[self.metric].unit, self.judged, self.currency)
        return ", ".join(filter(None, (figure, self.benchmark)))

    @property
    def alarms(self) -> bool:
        """Whether it says that something is not as it should be, and its advice holds."""
        return self.word == "worse" or (self.word in ("above", "below") and bool(self.advice))

    @property
    def evidence(self) -> float:
        """How far the difference is from none, as a part of what would be told apart; positive is better."""
        signed = family.score(self.gap)
        return 0.0 if signed is None else (signed if self.better == "higher" else -signed) / Z


def verdicts(
    ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER, rules: Rules | None = None
) -> tuple[Verdict, ...]:
    """Judge a group of partner motions by each rule, at the levels of all tests of the program."""
    rules = rules or default_rules()
    key = ("shown verdicts", settings, rules.model_dump_json(), group)
    return ledger.once(
        key, lambda: _with_last_month(judged(ledger, settings, rules, group)[group], ledger, settings, group)
    )


def _with_last_month(
    found: Sequence[Verdict], ledger: Ledger, settings: m.Settings, group: m.Group
) -> tuple[Verdict, ...]:
    """Add to what stands in the tiles by how much each is another than the month before."""

    def more(one: Verdict) -> Verdict:
        since = _since_last_month(m.BY_ID[one.shown], ledger, settings, group) if one.tile else ""
        return replace(one, besides=(*one.besides, since), since=since)

    return tuple(more(one) for one in found)


def judged(
    ledger: Ledger, settings: m.Settings, rules: Rules, more: m.Group = m.PARTNER
) -> dict[m.Group, tuple[Verdict, ...]]:
    """Return the verdicts on all partners together, on each of their motions, and on one group more."""
    groups = tuple(dict.fromkeys((m.PARTNER, *((at,) for at in m.each_partner(ledger)), more)))
    key = ("verdicts", settings, rules.model_dump_json(), groups)
    return ledger.once(key, lambda: _judged(ledger, settings, rules, groups))


def _judged(
    ledger: Ledger, settings: m.Settings, rules: Rules, groups: Sequence[m.Group]
) -> dict[m.Group, tuple[Verdict, ...]]:
    tests = [(group, number) for group in groups for number in range(len(rules.rules))]
    first = {(group, number): judge(rules.rules[number], ledger, settings, group) for group, number in tests}
    levels = family.levels({key: one.gap for key, one in first.items()})
    found = {
        (group, number): judge(rules.rules[number], ledger, settings, group, levels[group, number])
        if (group, number) in levels
        else one
        for (group, number), one in first.items()
    }
    for number in range(len(rules.rules)):
        if worse := [at for at in m.each_partner(ledger) if found[(at,), number].word == "worse"]:
            whole = found[m.PARTNER, number]
            said = f"worse in {listed([NAMES[MOTIONS[at]] for at in worse])}"
            found[m.PARTNER, number] = replace(
                whole,
                sentence=f"{whole.sentence} {said[:1].upper()}{said[1:]}.",
                besides=(*whole.besides, said),
            )
    return {group: tuple(found[group, number] for number in range(len(rules.rules))) for group in groups}


def judge(rule: Rule, ledger: Ledger, settings: m.Settings, group: m.Group, level: float = Z) -> Verdict:
    """Apply one rule. `level`: how many standard errors a difference must be from none to be told."""
    figure, judged_ = (m.measure(m.BY_ID[name], ledger, settings, group) for name in (rule.figure, rule.metric))
    title, unit = m.BY_ID[rule.figure].title, m.BY_ID[rule.figure].unit

    def verdict(word: Word, compared: str, below: _Below, advice: str = "", gap: Estimate | None = None) -> Verdict:
        than = "" if word == "unknown" else _than(rule)
        found = Verdict(
            rule.metric, rule.figure, title, figure, unit, judged_, *below, than, word, "", rule.severity, advice,
            rule.tile, gap or unknown(""), rule.better, ledger.currency,
        )  # fmt: skip
        return replace(found, sentence=f"{found.said[:1].upper()}{found.said[1:]}: {compared}.")

    if not figure.known():
        return verdict("unknown", figure.note, ((figure.note,), ""))
    if not judged_.known():
        return verdict("cannot tell yet", judged_.note, ((), ""))
    below = _below(rule, ledger, settings, group)
    if rule.is_fact:
        return verdict(*_fact(rule, judged_, ledger, settings, group), below)
    compare = _against_blended if rule.against == "blended CAC" else _against
    gap, compared = compare(rule, judged_, ledger, settings, group, level)
    if rule.against == "threshold" and gap.low is not None and gap.low == gap.high:  # counted, and no test
        word: Word = "above" if (gap.value or 0) >= 0 else "below"
        bad = word == ("below" if rule.better == "higher" else "above")
        advice = f"{rule.means} {rule.do}" if bad else rule.keep
        return verdict(word, compared, below, advice if bad else "")
    word = _word(gap, rule.better)
    advice = f"{rule.means} {rule.do}" if word == "worse" else rule.keep if word == "better" else ""
    return verdict(word, compared, below, advice, gap)


def _fact(rule: Rule, figure: Estimate, ledger: Ledger, settings: m.Settings, group: m.Group) -> tuple[Word, str]:
    """Say of an amount or a count by how much it is up or down on a year before."""
    metric, then = m.BY_ID[rule.metric], _earlier(rule, settings)
    now, before = m.over_time(metric, ledger, (settings, then), group)
    said, own = f"{inside(metric.title)} {shown(metric.unit, figure, ledger.currency)}", now.value or 0.0
    if before.value is None:
        return "cannot tell yet", f"{said}; there is nothing to compare it with ({before.note})"
    said += f"; {now.over} {shown(metric.unit, now, ledger.currency)}" if now.over != figure.over else ""
    said += f", in {month_name(then.as_of)} it was {shown(metric.unit, before, ledger.currency)}"
    word: Word = "up" if own > before.value else "down" if own < before.value else "unchanged"
    change = f" ({word} by {percent(abs(own / before.value - 1), 0)})" if before.value and word != "unchanged" else ""
    return word, said + change


PAIRED = {"mrr_share": m.mrr_share_change, "active_partners": m.active_partners_change}
"""Shares of the same accounts or partners at two times: compared with a year before, by pairs."""


def _than(rule: Rule) -> str:
    """What a rule compares with, in words that go behind a verdict."""
    if rule.against == "before":
        return "a year before" if _by_year(rule) else "the period before"
    return "the threshold" if rule.against == "threshold" else rule.against


def _by_year(rule: Rule) -> bool:
    return rule.metric in PAIRED or rule.is_fact


def _earlier(rule: Rule, settings: m.Settings) -> m.Settings:
    """The settings of what is compared with: a year before for shares at a time and facts, else the period before."""
    return settings.model_copy(update={"as_of": settings.as_of - 12}) if _by_year(rule) else settings.before()


def _against(
    rule: Rule, judged: Estimate, ledger: Ledger, settings: m.Settings, group: m.Group, level: float
) -> tuple[Estimate, str]:
    """Compare with organic, an earlier time, or a threshold: the difference at its level, and both in words."""
    metric = m.BY_ID[rule.metric]
    named, own = inside(metric.title), shown(metric.unit, judged, ledger.currency)
    ends = _ends
    if rule.against == "threshold":
        threshold = (rule.threshold or 0) / (100 if metric.unit == "%" else 1)
        gap, other, said = _gap_to(judged, threshold), Estimate(threshold), "the threshold is"
    elif rule.against == "before":
        earlier = _earlier(rule, settings)
        other, said = m.measure(metric, ledger, earlier, group), f"in {month_name(earlier.as_of)} it was"
        paired = PAIRED.get(rule.metric)
        gap = paired(ledger, settings, group) if paired and other.known() else difference(judged, other)
    else:
        other, said = m.organic_beside(metric, ledger, settings, group), "organic accounts have"
        if not ledger.coverage.motions_known:
            other = m.measure(metric, ledger, settings, m.ORGANIC)  # it says why nobody knows
        if rule.metric == "survival":
            # Fewer left is a larger hazard: the sign is that of the share.
            gap, ends = _mirrored(survival.log_rank(ledger, settings.as_of, group, m.ORGANIC).log_hazard()), _hazard
        else:
            gap = difference(judged, other)
    if not other.known():
        return unknown(other.note), f"{named} {own}; there is nothing to compare it with ({other.note})"
    when = f" {judged.over}" if judged.over else ""
    compared = f"{named} {own}{when}, {said} {shown(metric.unit, other, ledger.currency)}"
    gap = family.at(gap, level)
    return gap, compared + ends(gap, metric)


def _mirrored(gap: Estimate) -> Estimate:
    if gap.value is None or gap.low is None or gap.high is None:
        return gap
    return replace(gap, value=-gap.value, low=-gap.high, high=-gap.low)


def _hazard(gap: Estimate, metric: m.Metric) -> str:
    """How many times as fast customers end, from the mirrored logarithm of it."""
    if gap.value is None or gap.low is None or gap.high is None:
        return f" ({gap.note})" if gap.note else ""
    often, low, high = (_often(-one) for one in (gap.value, gap.high, gap.low))
    return f" (over all ages they end {often} times as fast, {low} to {high})"


def _often(logarithm: float) -> str:
    """A hazard ratio in words; the one-step estimate says nothing of very large ones."""
    return f"{math.exp(logarithm):.2f}" if logarithm < math.log(50) else "over 50"


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
    """The word of a difference, which is told where its interval leaves out zero."""
    if gap.low is None or gap.high is None:
        return "cannot tell yet"
    above, below = gap.low > 0, gap.high < 0
    if better == "lower":
        above, below = below, above
    return "better" if above else "worse" if below else "cannot tell yet"


def _against_blended(
    rule: Rule, figure: Estimate, ledger: Ledger, settings: m.Settings, group: m.Group, level: float
) -> tuple[Estimate, str]:
    """Compare the cost of a partner customer with blended CAC, at each share that would not have come anyway."""
    currency, blended = ledger.currency or "", m.blended_cac(ledger, settings)
    gaps = [family.at(_cost_gap(ledger, settings, group, share), level) for share in m.INCREMENTAL]
    words = [SHOWN.get(word, word) for word in (_word(gap, "lower") for gap in gaps)]
    spread = [money((figure.value or 0) / share, currency) for share in m.INCREMENTAL]
    said = f"a customer won through them costs {spread[0]}, a customer overall {money(blended.value, currency)}; "
    said += f"{spread[1]} ({words[1]}) if 70 % of them would not have come anyway, {spread[2]} ({words[2]}) if 40 %"
    return gaps[0], said


def _cost_gap(ledger: Ledger, settings: m.Settings, group: m.Group, share: float) -> Estimate:
    """The logarithm of cost ÷ (customers × share) against what would make it blended CAC.

    With r = the group's cost per customer ÷ that of the others and w = its part of the customers, blended CAC is
    (w·r + 1 − w) times the others' cost. r ÷ share lies below it exactly when r < (1 − w) ÷ (1 ÷ share − w).
    """
    months, _ = m.cost_months(ledger, settings, m.spent(ledger))
    cost = m.acquisition_spend(ledger, settings, group, months)
    total = float(ledger.spend_over(months).sum()) / 100
    own, everybody = (int(ledger.over("new_customers", months)[list(side)].sum()) for side in (group, m.ALL))
    gap = cost_ratio(cost, own, total - cost, everybody - own)
    if gap.value is None or gap.low is None or gap.high is None:
        return Estimate(None, note=gap.note, n=gap.n)
    part = own / everybody
    even = math.log((1 - part) / (1 / share - part))
    value, low, high = (math.log(one) - even for one in (gap.value, gap.low, gap.high))
    return Estimate(value, low, high, gap.n)


_Below = tuple[tuple[str, ...], str]
"""What stands below a figure, and which part of it is the benchmark."""


def _below(rule: Rule, ledger: Ledger, settings: m.Settings, group: m.Group) -> _Below:
    """What stands below the figure in its tile, and what it is compared with."""

    def said(name: str, which: m.Group = group, at: m.Settings = settings) -> str:
        found = m.organic_beside(m.BY_ID[name], ledger, at, group) if which == m.ORGANIC else None
        found = found or m.measure(m.BY_ID[name], ledger, at, which)
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
    if rule.figure != rule.metric:
        parts.append(_own(rule.metric, said(rule.metric)))
    if rule.against == "blended CAC":
        benchmark = f"blended CAC {money(m.blended_cac(ledger, settings).value, ledger.currency or '')}"
        own_cac, then = (
            said("cpa", m.ORGANIC),
            said("cpa", group, settings.model_copy(update={"as_of": _back(settings)})),
        )
        parts += [benchmark, _carrier(ledger, settings), f"organic {own_cac}" if own_cac else ""]
        parts.append(f"{then} in {month_name(_back(settings))}" if then else "")
    else:
        benchmark = _benchmark(rule, ledger, settings, group, said)
        parts.append(benchmark)
    return tuple(filter(None, parts)), benchmark


def _back(settings: m.Settings) -> int:
    return settings.as_of - 12


def _benchmark(rule: Rule, ledger: Ledger, settings: m.Settings, group: m.Group, said: Callable[..., str]) -> str:
    """What a figure is compared with; before it the figure over the same ages, where it is one over others."""
    earlier = _earlier(rule, settings)
    if rule.against == "organic":
        organic = said(rule.metric, m.ORGANIC)
        return f"organic {organic}" if organic else ""
    if rule.against == "threshold":
        return f"threshold {rule.threshold:g}"
    metric = m.BY_ID[rule.metric]
    if not rule.is_fact:
        before = said(rule.metric, group, earlier)
        return f"{before} in {month_name(earlier.as_of)}" if before else ""
    settled = m.measure(metric, ledger, settings, group)
    alike, then = m.over_time(metric, ledger, (settings, earlier), group)
    if not then.known():
        return ""
    less = f"{alike.over} {shown(metric.unit, alike, ledger.currency)}, " if alike.over != settled.over else ""
    return f"{less}{shown(metric.unit, then, ledger.currency)} in {month_name(earlier.as_of)}"


def _since_last_month(metric: m.Metric, ledger: Ledger, settings: m.Settings, group: m.Group) -> str:
    """By how much a figure is another than the month before, or nothing where that is not known."""
    last = settings.model_copy(update={"as_of": settings.as_of - 1})
    now, then = (one.value for one in m.over_time(metric, ledger, (settings, last), group))
    if now is None or then is None:
        return ""
    return f"{metric.unit.difference(now - then, ledger.currency or '')} since {month_name(last.as_of)}"


def _carrier(ledger: Ledger, settings: m.Settings) -> str:
    """Which way carries blended CAC: the one whose customers cost most beyond it, all of them together, and its own."""
    blended, found = m.blended_cac(ledger, settings).value, []
    months, _ = m.cost_months(ledger, settings, m.spent(ledger))
    for at, motion in enumerate(MOTIONS):
        own = m.measure(m.BY_ID["cpa"], ledger, settings, (at,)).value
        if own is not None and blended is not None and own > blended:
            customers = int(ledger.over("new_customers", months)[at])
            found.append(
                ((own - blended) * customers, f"carried by {NAMES[motion]} ({money(own, ledger.currency or '')})")
            )
    return max(found, default=(0.0, ""))[1]


def _own(metric: str, figure: str) -> str:
    words = {"mrr_share": f"{figure} of all MRR", "pql_conversion": f"{figure} convert"}
    return words.get(metric, f"{m.BY_ID[metric].title} {figure}") if figure else ""


def summary(judged: Sequence[Verdict], side: str) -> str:
    """Say in one sentence how a motion does, from its verdicts, and what it is compared with."""
    told: dict[str, list[str]] = {}
    for word in ("worse", "better"):
        for one in (one for one in judged if one.word == word):
            told.setdefault(f"{word} than {one.than}", []).append(inside(m.BY_ID[one.shown].title))
    parts = [f"{words} in {listed(names)}" for words, names in told.items()]
    return f"{side}: {'; '.join(parts)}." if parts else f"{side}: no clear difference to what they are compared with."


def answer(ledger: Ledger, settings: m.Settings, rules: Rules) -> str:
    """Say in one sentence what partners do well all together, and how many things need attention.

    It stands at the top of the page; what needs attention is named below it, by `stands_out`.
    """
    found, things = judged(ledger, settings, rules)[m.PARTNER], stands_out(ledger, settings, rules)
    well = [
        rule.does_well for rule, one in zip(rules.rules, found, strict=True) if rule.does_well and one.word == "better"
    ]
    if not well or not things:
        return (
            in_short(ledger, settings, rules) if not well else f"Partners {listed(well)}; nothing stands out as worse."
        )
    several = "one thing needs" if len(things) == 1 else f"{_IN_WORDS.get(len(things), len(things))} things need"
    return f"Partners {listed(well)}; {several} attention."


_IN_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def headline(ledger: Ledger, settings: m.Settings, rules: Rules | None = None) -> str:
    """Say in one sentence what stands out: which motions do worse by a rule that says so, and concentration."""
    rules = rules or default_rules()
    found = judged(ledger, settings, rules)
    told = [at for at, rule in enumerate(rules.rules) if rule.stands_out and rule.severity == "critical"]
    overall = [found[m.PARTNER][at] for at in told]
    if overall and not any(one.figure.known() for one in overall):
        why: dict[str, list[str]] = {}
        for one in overall:
            why.setdefault(one.figure.note, []).append(one.title)
        return " ".join([NOT_ENOUGH, *(f"{listed(titles)}: {note}." for note, titles in why.items())])
    if parts := [one.words for one in stands_out(ledger, settings, rules)]:
        sentence = "; ".join(parts)
        return f"{sentence[:1].upper()}{sentence[1:]}."
    return "No motion stands out as worse than what it is compared with."


_ABOUT = {
    "survival": "retention", "money_kept": "retention", "nrr": "retention", "grr": "retention", "cpa": "cost",
    "activation": "activation", "top_partner": "concentration",
}  # fmt: skip
"""What a metric is about, in a word; others are called by their own names."""


NOT_ENOUGH = "Not enough to judge by yet."


def in_short(ledger: Ledger, settings: m.Settings, rules: Rules | None = None) -> str:
    """Say in a line what needs attention, and in whom: the headline without its reasons."""
    found = stands_out(ledger, settings, rules or default_rules())
    if not ledger.coverage.motions_known and (facts := _of_everybody(ledger, settings, rules)):
        return facts
    if not found:
        whole = headline(ledger, settings, rules)
        return NOT_ENOUGH if whole.startswith(NOT_ENOUGH) else whole
    said = [one.about for one in found]
    words = listed(said)
    return f"{words[:1].upper()}{words[1:]} {'needs' if len(said) == 1 else 'need'} attention."


def _of_everybody(ledger: Ledger, settings: m.Settings, rules: Rules | None) -> str:
    """The figures of tiles that are known of all customers, where no file says whom partners brought."""
    found = verdicts(ledger, settings, m.ALL, rules)
    known = [
        " ".join(filter(None, (one.title, shown(one.unit, one.figure, ledger.currency), one.figure.over)))
        for one in found
        if one.tile and one.figure.known()
    ]
    return f"{listed(known)} of all customers; no file says which of them partners brought." if known else ""


@dataclass(frozen=True)
class Standing:
    """One thing that stands out: of which motions, none for all partners together, by which metrics, in words."""

    motions: m.Group
    metrics: tuple[str, ...]
    words: str
    short: str
    """its first reason alone"""

    @property
    def about(self) -> str:
        """What it is about and of whom: `retention of affiliates`."""
        what = _ABOUT.get(self.metrics[0], m.BY_ID[self.metrics[0]].label.lower())
        return f"{what} of {listed([NAMES[MOTIONS[motion]].lower() for motion in self.motions]) or 'partners'}"

    @property
    def sentence(self) -> str:
        """The words as a sentence."""
        return f"{self.words[:1].upper()}{self.words[1:]}."


def stands_out(ledger: Ledger, settings: m.Settings, rules: Rules) -> list[Standing]:
    """Return what the headline is made of: motions that do worse by the same rules together, and concentration."""
    found = judged(ledger, settings, rules)
    said: dict[tuple[int, ...], list[Rule]] = {}
    for at, rule in enumerate(rules.rules):
        worse = tuple(motion for motion in m.each_partner(ledger) if found[motion,][at].word == "worse")
        if rule.stands_out and rule.severity == "critical" and (worse or found[m.PARTNER][at].word == "worse"):
            said.setdefault(worse, []).append(rule)
    tests = sum(one.gap.low is not None for all_ in found.values() for one in all_)
    level = NormalDist().inv_cdf(1 - family.ALPHA / 2 / max(tests, 1))
    standing = []
    for worse, told in said.items():
        names = listed([NAMES[MOTIONS[motion]] for motion in worse]) if worse else "partners together"
        what = listed([rule.stands_out for rule in told])
        metrics = tuple(rule.metric for rule in told)
        words = f"{names} {what}{_without(worse, metrics, ledger, settings, level)}"
        standing.append(Standing(worse, metrics, words, f"{names} {told[0].stands_out}"))
    top = m.measure(m.BY_ID["top_partner"], ledger, settings, m.PARTNER)
    if top.value is not None and top.value * 100 >= rules.partners.largest_share:
        name = str(m.partner_table(ledger, settings)["name"][0])
        carries = f"carries {percent(top.value, 0)} of partner MRR"
        standing.append(Standing((), ("top_partner",), f"one partner, {name}, {carries}", f"{name} {carries}"))
    return standing


def _without(worse: m.Group, metrics: Sequence[str], ledger: Ledger, settings: m.Settings, level: float) -> str:
    """Where motions lose customers faster: how the customers of the others stay, without these."""
    others = tuple(at for at in m.PARTNER if at not in worse)
    if not worse or "survival" not in metrics or not others:
        return ""
    left = family.at(survival.log_rank(ledger, settings.as_of, others, m.ORGANIC).log_hazard(), level)
    if left.low is None or left.high is None:
        return ""
    if left.low > 0:
        return " (customers of the other motions end sooner too)"
    if left.high < 0:
        return " (customers of the other motions stay longer than organic ones)"
    if left.high < math.log(AS_LONG):
        return " (customers of the other motions stay about as long as organic ones)"
    return " (of the other motions no clear difference can be told)"


AS_LONG = 2
"""How many times as fast customers may end at most, by the interval, to be said to stay about as long."""


def cost_over_time(
    ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER
) -> tuple[list[int], list[Estimate], list[Estimate]]:
    """Months up to the as-of month, and over the 3 months up to each effective CPA and blended CAC."""
    months = list(range(max(ledger.first_month + 2, settings.as_of - 35), settings.as_of + 1))
    quarters = [settings.model_copy(update={"as_of": month, "window": 3}) for month in months]
    cpa = [m.effective_cpa(ledger, quarter, group) for quarter in quarters]
    cac = [m.blended_cac(ledger, quarter) for quarter in quarters]
    return months, cpa, cac
