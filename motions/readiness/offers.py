"""What files say of the questions of fit: values that a page can offer as answers, with the words that say why."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.text import with_interval
from motions.economics.inputs.scenario import Scenario, default_scenario
from motions.playbook import Offer
from motions.readiness.conditions import Source, funnel
from motions.readiness.reading import Verdict, judge
from motions.text import money, month_name, percent
from motions.units import PERCENT


@dataclass(frozen=True)
class Evidence:
    """What data says of one question. A `value` of None is not known, and the words say why.

    Names: `acv` and `revenue` [whole units of the ledger's currency a year], `self_serve` and `satisfied` [yes or no],
    `standard_price`, which no file says: its words tell how far first prices lie apart.
    """

    name: str
    value: float | str | None
    words: str


_AS_ANSWER: dict[Verdict, str | None] = {"ready": "yes", "not yet": "no", "unknown": None}


def offers(source: Source) -> tuple[Evidence, ...]:
    """Return what a program says of the questions of fit, each in the order of the class's names."""
    return (_acv(source), _self_serve(source), _satisfied(source), _revenue(source), _standard_price(source))


_QUESTIONS = {"acv": "acv", "self_serve": "converts", "satisfied": "satisfied", "revenue": "revenue"}
"""The question of fit that each name says something of."""
_DOLLARS = "USD"
"""What the published cuts are in: amounts of another currency are not offered, as nothing is converted."""


def answers_offered(found: Iterable[Evidence], currency: str | None, scenario: Scenario | None) -> dict[str, Offer]:
    """Return an answer for each question of fit that files, or else the scenario, say something of, by question.

    `currency` is that of the files. A price that nobody has set in the scenario is no answer.

    >>> answers_offered([Evidence("satisfied", "yes", "GRR 92 %.")], "EUR", None)["satisfied"].value
    True
    >>> answers_offered([Evidence("acv", 9000.0, "12 × ARPA")], "EUR", None)
    {}
    """
    offered = {}
    ours = default_scenario().market.list_price
    if scenario is not None and scenario.market.list_price != ours and scenario.market.currency == _DOLLARS:
        acv = 12 * scenario.market.list_price
        words = f"The scenario's list price of {money(scenario.market.list_price)} a month, times 12."
        offered["acv"] = Offer("acv", acv, words)
    for one in found:
        question = _QUESTIONS.get(one.name)
        amount = isinstance(one.value, float)
        if question and one.value is not None and (not amount or currency in (_DOLLARS, "", None)):
            value = round(one.value, 2) if isinstance(one.value, float) else one.value == "yes"
            offered[question] = Offer(question, value, one.words)
    return offered


def _as_of(source: Source) -> str:
    return f"as of {month_name(source.settings.as_of)}"


def _acv(source: Source) -> Evidence:
    group, name = source.self_serve
    found = m.measure(m.BY_ID["arpa"], source.ledger, source.settings, group)
    if found.value is None or found.note:
        return Evidence("acv", None, f"ARPA of {name} customers: {found.note}.")
    acv, currency = 12 * found.value, source.ledger.currency or ""
    whose = f"{currency or 'currency not stated'}, {found.n:,} {name} customers, {_as_of(source)}"
    return Evidence(
        "acv", acv, f"{money(acv, currency)} a year: 12 × ARPA of {money(found.value, currency)} ({whose})."
    )


def _self_serve(source: Source) -> Evidence:
    found = funnel(source)
    return Evidence("self_serve", _AS_ANSWER[found.verdict], " ".join(line.words for line in found.lines))


def _satisfied(source: Source) -> Evidence:
    found = m.measure(m.BY_ID["grr"], source.ledger, source.settings, m.ALL)
    if found.value is None:
        return Evidence("satisfied", None, f"GRR: {found.note}.")
    wanted = source.chosen.kept_from
    said = with_interval(PERCENT, found, None)
    words = f"GRR {said} of {found.n:,} customers of a year ago, {_as_of(source)}; wanted {percent(wanted)}."
    return Evidence("satisfied", _AS_ANSWER[judge(found, wanted)], words)


def _revenue(source: Source) -> Evidence:
    found, currency = m.measure(m.BY_ID["arr"], source.ledger, source.settings, m.ALL), source.ledger.currency or ""
    if found.value is None:
        return Evidence("revenue", None, f"ARR: {found.note}.")
    whose = f"{currency or 'currency not stated'}, {found.n:,} customers, {_as_of(source)}"
    return Evidence("revenue", found.value, f"ARR {money(found.value, currency)} ({whose}).")


def _standard_price(source: Source) -> Evidence:
    """How far the first payments of the window's new customers lie apart: standard deviation ÷ mean."""
    rows, settings = source.ledger.by_age, source.settings
    here = (rows["age"] == 0) & (rows["cohort"] >= settings.first()) & (rows["cohort"] <= settings.as_of)
    n, total = int(rows["customers"][here].sum()), float(rows["closing"][here].sum())
    if n < 2 or not total:
        return Evidence("standard_price", None, "No first payments to compare in the window.")
    mean = total / n
    spread = math.sqrt(max(float(rows["closing_squares"][here].sum()) / n - mean * mean, 0.0)) / mean
    words = f"First payments of {n:,} new customers vary by {percent(spread, 0)} of their mean"
    return Evidence("standard_price", None, f"{words}; whether by plan or by deal no file says.")
