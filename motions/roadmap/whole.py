"""What the whole roadmap comes to, month by month and in four figures, each with its band where inputs have ranges."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from motions.economics.answers.together import Together, together
from motions.economics.answers.uncertainty import active_ranges, fan, percentiles
from motions.economics.files import tables
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.keys import owner_of
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.cohort import LIFE
from motions.economics.model.run import demands, run
from motions.errors import ScenarioError
from motions.names import NAMES, OWN, PARTNER_MOTIONS
from motions.text import count, listed, money

NO_PARTNERS = "No partner motion is shown in this scenario: there is nothing to add up."


@dataclass(frozen=True)
class Told:
    """One figure of the whole, ready to be shown; `between` is P10 to P90, "" without ranges."""

    title: str
    value: str
    definition: str
    between: str


@dataclass(frozen=True)
class Whole:
    """All partner programs of a scenario as one; arrays are by month, in whole units of its currency."""

    starts: tuple[tuple[str, int], ...]
    """each program, and the month in which it begins"""
    currency: str
    monthly: Array
    """contribution of each month"""
    cumulative: Array
    cash: Array
    """running total, as `cumulative`"""
    band: Array | None
    """3 × months: P10, P50 and P90 of the cumulative contribution over the draws' sums; None without ranges"""
    cash_band: Array | None
    break_even: float | None
    """month; None where it is not reached"""
    figures: tuple[Told, ...]
    """contribution, lowest cash, break-even, payback"""
    sentence: str
    notes: tuple[str, ...]
    """what is in the sum and what is not"""


def whole(scenario: Scenario) -> Whole:
    """Return what the partner programs shown in a scenario come to together. Raises ScenarioError where there is none.

    What was worked out of the last scenarios is remembered.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> whole(default_scenario()).sentence
    'The roadmap contributes $709k in 36 months; it breaks even in month 21.'
    """
    return _whole_of(scenario.model_dump_json(), NAMES[OWN] if OWN in scenario.shown else "")


@lru_cache(maxsize=32)
def _whole_of(scenario_as_text: str, _: str) -> Whole:
    """The same of a scenario as text, and of the name in its sentences that is another in each session."""
    scenario = Scenario.model_validate_json(scenario_as_text)
    programs = partners(scenario)
    point = together(scenario, programs, {})
    draws = together(scenario, programs) if ranged(scenario) else None
    figures, months, turns = _figures(scenario, point, draws), scenario.market.months, float(point.break_even[0])
    contribution = point.contribution[:, 0]
    return Whole(
        starts=tuple((name, scenario.program(name).start_month) for name in programs),
        currency=scenario.market.currency,
        monthly=np.diff(contribution, prepend=0.0),
        cumulative=contribution,
        cash=point.cash[:, 0],
        band=fan(draws.contribution.copy()) if draws else None,
        cash_band=fan(draws.cash.copy()) if draws else None,
        break_even=turns if np.isfinite(turns) else None,
        figures=figures,
        sentence=f"The roadmap contributes {figures[0].value} in {count(months, 'month')}; {_turn(turns)}.",
        notes=tuple(_notes(scenario, programs)),
    )


def partners(scenario: Scenario) -> tuple[str, ...]:
    """Return the partner motions that a scenario shows. Raises ScenarioError where it shows none."""
    found = tuple(name for name in scenario.shown if name in PARTNER_MOTIONS)
    if not found:
        raise ScenarioError(NO_PARTNERS)
    return found


def ranged(scenario: Scenario) -> bool:
    """Return whether a range moves one of the partner motions: that of a baseline does so only by shared demand."""
    owners = {owner_of(key) for key in active_ranges(scenario)}
    return bool(owners if scenario.segments else owners & {"market", *partners(scenario)})


def _turn(month: float) -> str:
    return f"it breaks even in month {month:.0f}" if np.isfinite(month) else "it does not break even"


def _figures(scenario: Scenario, point: Together, draws: Together | None) -> tuple[Told, ...]:
    def told(title: str, read: Callable[[Together], Array], said: Callable[[float], str], definition: str) -> Told:
        value, ends = float(read(point)[0]), percentiles(read(draws)) if draws else None
        between = f"P10 {said(ends[0])} to P90 {said(ends[2])}" if ends else ""
        return Told(title, "no customer" if np.isnan(value) else said(value), definition, between)

    def amount(value: float) -> str:
        return money(value, scenario.market.currency)

    def month(value: float) -> str:
        return f"month {value:.0f}" if np.isfinite(value) else f"not within {count(scenario.market.months, 'month')}"

    def age(value: float) -> str:
        return count(value, "month") if np.isfinite(value) else f"not within {count(LIFE, 'month')}"

    contribution, cash, break_even, payback = _definitions(scenario, point)
    return (
        told("Contribution", last, amount, contribution),
        told("Lowest cash", lowest_cash, amount, cash),
        told("Break-even", lambda one: one.break_even, month, break_even),
        told("Payback", lambda one: one.payback, age, payback),
    )


def _definitions(scenario: Scenario, point: Together) -> tuple[str, str, str, str]:
    months, spread = (count(one, "month") for one in (scenario.market.months, scenario.market.spread_months))
    lowest = f"It is in month {int(np.argmin(point.cash[:, 0])) + 1}."
    return (
        f"Revenue − cost of revenue − payouts − program cost of all planned programs in {months}.",
        "The lowest point of the running total of cash, with money counted when it moves: what has to be put in at the "
        f"most. {lowest if lowest_cash(point)[0] < 0 else 'It never falls below zero.'}",
        "Month from which the cumulative contribution of all of them together stays at or above zero.",
        "Month of an average customer's life in which it has paid back the program cost and the rewards for leads of "
        f"winning it. The average is over all programs: the customers that each wins in its first {spread}, counted "
        "from their own first month.",
    )


def last(one: Together) -> Array:
    """Return the contribution of all months, one value a draw."""
    found: Array = one.contribution[-1]
    return found


def lowest_cash(one: Together) -> Array:
    """Return the lowest point of cash, one value a draw."""
    return one.lowest_cash


def _each(scenario: Scenario, programs: Sequence[str]) -> str:
    """Say what each program comes to, and how many of them lose money: a sum hides it."""
    found = {name: one.figures["contribution"] or 0.0 for name, one in run(scenario).items() if name in programs}
    currency, lose = scenario.market.currency, sum(amount < 0 for amount in found.values())
    said = listed([f"{NAMES[name].lower()} {money(amount, currency)}" for name, amount in found.items()])
    losing = f"{count(lose, 'program')} of {len(found)} {'loses' if lose == 1 else 'lose'} money in these months. "
    return f"{losing if lose else ''}Each alone: {said}."


def _notes(scenario: Scenario, programs: Sequence[str]) -> Iterator[str]:
    if len(programs) > 1:
        yield _each(scenario, programs)
    yield (
        f"The sum of {names(programs)}. {NAMES[scenario.direct]}, the direct baseline, is not in it: it runs with or "
        "without them."
    )
    months = scenario.market.months
    if late := [name for name in programs if scenario.program(name).start_month > months]:
        yield f"After the {count(months, 'month')} shown, and so without effect: the start of {names(late)}."
    if unpaid := [name for name in programs if not _pays(scenario, name)]:
        yield f"No payout is set for {names(unpaid)}: set what you would pay in the simulator."
    if scenario.segments:
        yield from tables.outside(scenario, demands(scenario))


def _pays(scenario: Scenario, name: str) -> bool:
    own = scenario.program(name)
    return isinstance(own, PartnerProgram) and bool(own.payout.kinds)


def names(motions: Sequence[str]) -> str:
    """Return motions as in a sentence."""
    return listed([NAMES[name].lower() for name in motions])
