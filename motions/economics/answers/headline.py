"""What a simulation comes to, in a sentence: one program against the others, and against the pinned scenario."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from motions.economics.answers.compare import in_draws
from motions.economics.answers.explain import changes
from motions.economics.answers.uncertainty import Sample, percentiles
from motions.economics.inputs.assumptions import Market
from motions.economics.inputs.keys import input_of, value_at
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.results import UNITS, Figures, answer
from motions.economics.model.run import Outcome
from motions.names import NAMES
from motions.text import count, listed, money
from motions.units import MONTHS

AGAINST: tuple[tuple[str, str, int], ...] = (
    ("contribution", "contribution", 1),
    ("break_even_month", "break-even", -1),
    ("effective_cpa", "per customer", -1),
    ("partner_earnings", "per partner", 0),
)
"""(figure, its words after an amount, which direction is good) of what is held against the pinned scenario. What a
partner earns is not judged: what is good for the partner costs the vendor."""

_NAMED = 3
"""programs that a title names one by one"""


def headline(
    results: Mapping[str, Outcome], focus: str, months: int, currency: str, samples: Mapping[str, Sample] | None = None
) -> str:
    """Say what the program in focus earns against the best of the others: amounts, and who breaks even sooner.

    With the draws of all programs it says how sure that is, in place of the break-even: P10 to P90, and how often.
    """
    mine = results[focus].figures
    others = [name for name in results if name != focus]
    if not mine["contribution"] and not mine["new_customers"]:
        return f"{NAMES[focus]}: nothing is spent and nobody is won in {count(months, 'month')}."
    alone, drawn = in_a_line(focus, mine, months, currency), _drawn(samples or {})
    risk = _risk(drawn[focus], currency) if drawn else ""
    rival = max(others, key=lambda name: results[name].figures["contribution"] or 0.0, default=None)
    if rival is None:
        return f"{alone}{risk or f', {_turn(mine)}'}."
    best = results[rival].figures
    sooner = "" if drawn else f", {_sooner(mine, best)}"
    gap = (mine["contribution"] or 0.0) - (best["contribution"] or 0.0)
    size = _size(gap, NAMES[rival].lower(), currency)
    if (mine["contribution"] or 0.0) < 0:  # a loss is said as one, even where it is the smallest
        return f"{alone}{risk}, {size}{sooner}."
    likely = _likely(drawn[focus] - drawn[rival], currency) if drawn else ""
    return f"{NAMES[focus]}: {size} in {count(months, 'month')}{likely}{sooner}."


def _drawn(samples: Mapping[str, Sample]) -> dict[str, Array]:
    return {name: sample.measured["contribution"] for name, sample in samples.items()}


def _risk(contributions: Array, currency: str) -> str:
    """Between which ends an amount lies, and how often it is a loss."""
    low, _, high = percentiles(contributions) or (0.0, 0.0, 0.0)
    ends = f"{money(low, currency)} to {money(high, currency)}"
    return f" (P10–P90 {ends}), a loss in {in_draws(float(np.mean(contributions < 0)))}"


def _likely(gaps: Array, currency: str) -> str:
    """Between which ends a difference lies, draw by draw, and how often it is one to the good."""
    low, _, high = percentiles(gaps) or (0.0, 0.0, 0.0)
    least, most = money(abs(low), currency), money(abs(high), currency)
    ends = f"{least} less to {most} more" if low < 0 < high else f"{least} to {most} more"
    if high <= 0:
        ends = f"{most} to {least} less"
    return f" (P10–P90 {ends}), more in {in_draws(float(np.mean(gaps > 0)))}"


def comes_to(name: str, results: Mapping[str, Outcome], market: Market, samples: Mapping[str, Sample]) -> str:
    """Say in a sentence what a program comes to; of one that is drawn from ranges, between which ends."""
    ends = samples[name].percentiles("contribution") if name in samples else None
    return answer(name, results[name].figures, market.months, market.currency, ends)


def in_a_line(focus: str, figures: Figures, months: int, currency: str) -> str:
    """Say what a program comes to, in so few words that they stay on one line of a phone."""
    return f"{NAMES[focus]}: {money(figures['contribution'], currency)} in {count(months, 'month')}"


def _size(gap: float, rival: str, currency: str) -> str:
    if UNITS["contribution"].same(gap, currency):
        return f"as much as {rival}"
    return f"{money(abs(gap), currency)} {'more' if gap > 0 else 'less'} than {rival}"


def _turn(figures: Figures) -> str:
    turns = figures["break_even_month"]
    return f"break-even in month {turns:.0f}" if turns else "no break-even"


def _sooner(mine: Figures, other: Figures) -> str:
    own, theirs = mine["break_even_month"], other["break_even_month"]
    if own is None or theirs is None:
        return _turn(mine)
    if own == theirs:
        return "break-even in the same month"
    return f"break-even {count(abs(own - theirs), 'month')} {'sooner' if own < theirs else 'later'}"


def turns(results: Mapping[str, Outcome], months: int) -> str:
    """Say from which month on the programs have earned back what they cost; of more than three, the first to."""
    when = {name: outcome.figures["break_even_month"] for name, outcome in results.items()}
    there = sorted((month, NAMES[name]) for name, month in when.items() if month is not None)
    within = f"within {count(months, 'month')}"
    if len(when) > _NAMED and there:
        return f"{len(there)} of {len(when)} programs are above zero {within}, {there[0][1].lower()} first"
    late = [NAMES[name] for name, month in when.items() if month is None]
    if not there:
        return f"{listed(late)}: not above zero {within}"
    said = [f"{name.lower()} from month {month:.0f}" for month, name in there]
    said += [f"{listed(late).lower()} not {within}"] if late else []
    return f"Above zero: {listed(said)}"


@dataclass(frozen=True)
class Difference:
    """A difference to the pinned scenario: in words, where the figure went, and whether that is good."""

    figure: str
    words: str
    size: str
    """how much, without of what"""
    way: Literal["up", "down"]
    verdict: Literal["better", "worse", ""]
    """"" where no direction is good in itself"""


def against(figures: Figures, pinned: Figures, currency: str) -> list[Difference]:
    """Return how a program's figures differ from those of the pinned scenario, those that do not differ left out.

    >>> now, before = (dict.fromkeys(UNITS) | {"contribution": x} for x in (300.0, 100.0))
    >>> [one.words for one in against(now, before, "USD")], against(now, now, "USD")
    (['$200 more contribution, better'], [])
    """
    found = (_difference(*one, figures[one[0]], pinned[one[0]], currency) for one in AGAINST)
    return [one for one in found if one]


def _difference(
    name: str, what: str, good: int, value: float | None, before: float | None, currency: str
) -> Difference | None:
    unit = UNITS[name]
    if unit == MONTHS and (value is None) != (before is None):
        gap, size = (-1.0, "reached") if before is None else (1.0, "no longer reached")
        words = f"{what} is {size}"
    elif value is None or before is None or unit.same(value - before, currency):
        return None
    else:
        gap = value - before
        sides = ("later", "sooner") if unit == MONTHS else ("more", "less")
        size = f"{unit.size(gap, currency)} {sides[gap < 0]}".replace("/month", " a month")
        words = f"{size} {what}"
    verdict: Literal["better", "worse", ""] = "" if not good else "better" if gap * good > 0 else "worse"
    said = f"{words}, {verdict}" if verdict else words
    return Difference(name, said, size, "up" if gap > 0 else "down", verdict)


def changed(before: Scenario, after: Scenario, program: str, currency: str) -> list[str]:
    """Say what differs between two scenarios for a program, a number with what it was and is.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> one = default_scenario()
    >>> changed(one, one.with_market(list_price=450.0, currency="EUR"), "affiliate", "EUR")
    ['List price per month €500 → €450']
    """
    found = []
    for title, fields in changes(before, after, program):
        (key, value), *_ = fields.items()
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            item = input_of(key)
            was, now = (item.said(one, currency) for one in (value_at(before, key), value))
            found.append(f"{title.removesuffix(f' ({NAMES[program]})')} {was} → {now}")
        else:
            found.append(title)
    return found
