"""Metrics to verdicts: partner against organic in words, with the interval of the difference.

A verdict is "better" or "worse" only when the 95 % interval of the difference leaves out zero; it "cannot tell yet"
otherwise, and when there are fewer than ten accounts on a side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from motions.cohorts import metrics as m
from motions.cohorts.contract import MOTIONS
from motions.cohorts.intervals import Estimate, cost_ratio, difference, unknown
from motions.cohorts.ledger import Ledger
from motions.names import NAMES
from motions.text import count, interval, listed, money, month_name, percent, points

Word = Literal["better", "worse", "cannot tell yet", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """One of the six metrics: the partner side's figure, what it is compared with, and what that means."""

    metric: str
    title: str
    figure: Estimate
    unit: str
    against: str
    """what it is compared with, with its figure"""
    word: Word
    sentence: str


def verdicts(ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER) -> tuple[Verdict, ...]:
    """Judge the six metrics of a group of partner motions."""
    return tuple(judge(ledger, settings, group) for judge in JUDGES)


def _pqls(ledger: Ledger, settings: m.Settings, group: m.Group) -> Verdict:
    figure = m.measure(m.BY_ID["pqls"], ledger, settings, group)
    share = m.measure(m.BY_ID["pql_share"], ledger, settings, group)
    conversion, organic = (m.measure(m.BY_ID["pql_conversion"], ledger, settings, side) for side in (group, m.ORGANIC))
    gap = difference(conversion, organic)
    against = f"{percent(share.value)} of all PQLs" if share.known() else ""
    if conversion.known() and organic.known():
        against += f" · {percent(conversion.value)} convert, organic {percent(organic.value)}"
    means = f"{percent(conversion.value)} of them became customers, {percent(organic.value)} of organic PQLs"
    return _verdict("pqls", "PQLs", figure, "count", against, _word(gap, figure), means, gap, points)


def _activation(ledger: Ledger, settings: m.Settings, group: m.Group) -> Verdict:
    figure, organic = (m.measure(m.BY_ID["activation"], ledger, settings, side) for side in (group, m.ORGANIC))
    gap = difference(figure, organic)
    means = f"partner signups activate at {percent(figure.value)}, organic ones at {percent(organic.value)}"
    return _verdict(
        "activation", "Activation rate", figure, "%", _organic(organic), _word(gap, figure), means, gap, points
    )


def _mrr(ledger: Ledger, settings: m.Settings, group: m.Group) -> Verdict:
    figure = m.measure(m.BY_ID["mrr"], ledger, settings, group)
    if not figure.known():
        return _verdict("mrr", "MRR", figure, "money", "", "unknown", "", figure, points)
    before = settings.as_of - min(settings.window, 12)
    share, earlier = (m.mrr_share_at(ledger, month, group) for month in (settings.as_of, before))
    gap = difference(share, earlier)
    arr = money(12 * (figure.value or 0), ledger.currency or "")
    against = f"ARR {arr} · {percent(share.value)} of all MRR"
    if earlier.known():
        against += f", {percent(earlier.value)} in {month_name(before)}"
    means = f"its share of all MRR is {percent(share.value)}, {settings.as_of - before} months before it was "
    means += percent(earlier.value)
    return _verdict("mrr", "MRR", figure, "money", against, _word(gap, figure), means, gap, points)


def _nrr(ledger: Ledger, settings: m.Settings, group: m.Group) -> Verdict:
    figure, organic = (m.measure(m.BY_ID["nrr"], ledger, settings, side) for side in (group, m.ORGANIC))
    gap = difference(figure, organic)
    means = f"partner customers keep {percent(figure.value)} of their MRR over twelve months, organic ones "
    means += percent(organic.value)
    return _verdict("nrr", "NRR", figure, "%", _organic(organic), _word(gap, figure), means, gap, points)


def _cpa(ledger: Ledger, settings: m.Settings, group: m.Group) -> Verdict:
    figure = m.measure(m.BY_ID["cpa"], ledger, settings, group)
    if not figure.known():
        return _verdict("cpa", "Effective CPA", figure, "money", "", "unknown", "", figure, points)
    blended = m.blended_cac(ledger, settings)
    currency = ledger.currency or ""
    # CPA is below the blended figure exactly when it is below that of everybody else, and those are independent.
    gap = _against_the_others(ledger, settings, group)
    word: Word = "cannot tell yet"
    if gap.low is not None and gap.high is not None:
        word = "better" if gap.high < 1 else "worse" if gap.low > 1 else word
    spread = tuple(money((figure.value or 0) / share, currency) for share in m.INCREMENTAL)
    means = f"a partner customer costs {spread[0]}, a customer overall {money(blended.value, currency)}; "
    means += f"{spread[1]} if 70 % of them would not have come anyway, {spread[2]} if 40 %"
    against = f"blended CAC {money(blended.value, currency)}"
    return Verdict("cpa", "Effective CPA", figure, "money", against, word, f"{_lead(word)}: {means}.")


def _against_the_others(ledger: Ledger, settings: m.Settings, group: m.Group) -> Estimate:
    """The group's cost per customer ÷ that of all others."""
    cost = m.acquisition_spend(ledger, settings, group)
    customers = m.new_customers(ledger, settings, group).value or 0
    total = float(ledger.spend(settings.first(), settings.as_of).sum()) / 100
    everybody = m.new_customers(ledger, settings, m.ALL).value or 0
    return cost_ratio(cost, int(customers), total - cost, int(everybody - customers))


def _active_partners(ledger: Ledger, settings: m.Settings, group: m.Group) -> Verdict:
    figure = m.measure(m.BY_ID["active_partners"], ledger, settings, group)
    if not figure.known():
        return _verdict("active_partners", "Active partners", figure, "%", "", "unknown", "", figure, points)
    before = settings.as_of - min(settings.window, 12)
    earlier = m.active_partners_at(ledger, before, settings.producing, group)
    gap = difference(figure, earlier)
    there = int(m.partners_there(ledger, settings.as_of, group).sum())
    against = f"{round((figure.value or 0) * there)} of {count(there, 'partner')}"
    if earlier.known():
        against += f", {percent(earlier.value)} in {month_name(before)}"
    means = f"{percent(figure.value)} of partners produce, {settings.as_of - before} months before it was "
    means += percent(earlier.value)
    return _verdict("active_partners", "Active partners", figure, "%", against, _word(gap, figure), means, gap, points)


JUDGES = (_nrr, _cpa, _mrr, _activation, _pqls, _active_partners)
"""The six, the two that the playbook calls most neglected first."""


def _word(gap: Estimate, figure: Estimate) -> Word:
    if not figure.known():
        return "unknown"
    if gap.low is None or gap.high is None:
        return "cannot tell yet"
    return "better" if gap.low > 0 else "worse" if gap.high < 0 else "cannot tell yet"


def _lead(word: Word) -> str:
    return {"better": "Better", "worse": "Worse", "cannot tell yet": "Cannot tell yet", "unknown": "Unknown"}[word]


def _verdict(
    metric: str,
    title: str,
    figure: Estimate,
    unit: str,
    against: str,
    word: Word,
    means: str,
    gap: Estimate,
    shown: Callable[[float | None], str],
) -> Verdict:
    if not figure.known():
        return Verdict(metric, title, figure, unit, figure.note, "unknown", f"Unknown: {figure.note}.")
    if not gap.known():
        return Verdict(
            metric, title, figure, unit, against, word, f"{_lead(word)}: there is nothing to compare it with."
        )
    ends = ""
    if gap.low is not None and gap.high is not None:
        ends = f" (difference {interval(gap.low, gap.high, shown)})"
    elif gap.note:
        ends = f" ({gap.note})"
    return Verdict(metric, title, figure, unit, against, word, f"{_lead(word)}: {means}{ends}.")


def _organic(figure: Estimate) -> str:
    return f"organic {percent(figure.value)}" if figure.known() else ""


def summary(judged: Sequence[Verdict], side: str) -> str:
    """Say in one sentence how a motion does, from its verdicts."""
    told = {word: [v.title for v in judged if v.word == word] for word in ("worse", "better")}
    parts = [f"{word} in {listed(titles)}" for word, titles in told.items() if titles]
    return f"{side}: {' and '.join(parts)}." if parts else f"{side}: nothing can be told apart from its comparison yet."


def headline(ledger: Ledger, settings: m.Settings) -> str:
    """Say in one sentence what stands out: which motions retain worse than organic, which cost more than blended."""
    retained, cost = (m.measure(m.BY_ID[name], ledger, settings, m.PARTNER) for name in ("nrr", "cpa"))
    if not retained.known() and not cost.known():
        return f"Not enough to judge by yet. NRR: {retained.note}. Effective CPA: {cost.note}."
    worse = [name for name, word in _by_motion(ledger, settings, _nrr).items() if word == "worse"]
    costly = [name for name, word in _by_motion(ledger, settings, _cpa).items() if word == "worse"]
    parts = []
    if worse:
        parts.append(f"{listed(worse)} retain worse than organic")
    if costly:
        parts.append(f"{listed(costly)} cost more than blended CAC")
    top = m.concentration(ledger, settings) if "partners" in ledger.has else unknown("")
    if top.value is not None and top.value >= 0.25:
        name = str(m.partner_table(ledger, settings)["name"][0])
        parts.append(f"one partner, {name}, carries {percent(top.value, 0)} of partner MRR")
    said = "; ".join(parts)
    return (
        f"{said[:1].upper()}{said[1:]}."
        if parts
        else "No motion stands out as worse than organic or dearer than blended CAC."
    )


def _by_motion(
    ledger: Ledger, settings: m.Settings, judge: Callable[[Ledger, m.Settings, m.Group], Verdict]
) -> dict[str, Word]:
    return {NAMES[MOTIONS[at]]: judge(ledger, settings, (at,)).word for at in m.PARTNER}


def cost_over_time(ledger: Ledger, settings: m.Settings) -> tuple[list[int], list[Estimate], list[Estimate]]:
    """Months up to the as-of month, and over the 3 months up to each effective CPA and blended CAC."""
    months = list(range(max(ledger.first_month + 2, settings.as_of - 35), settings.as_of + 1))
    quarters = [settings.model_copy(update={"as_of": month, "window": 3}) for month in months]
    cpa = [m.effective_cpa(ledger, quarter, m.PARTNER) for quarter in quarters]
    cac = [m.blended_cac(ledger, quarter) for quarter in quarters]
    return months, cpa, cac
