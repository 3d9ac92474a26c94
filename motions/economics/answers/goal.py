"""Goal seek: the value of one input at which a figure reaches a target, or a clear word that there is none.

Each figure is read off the same projection as on the page. The range of the input is walked first, as a figure may
reach its target more than once, or not at all; each crossing is then found by Brent's method (SciPy).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.keys import HORIZON, Place, places
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.results import TITLES, UNITS
from motions.economics.model.run import run
from motions.errors import ScenarioError
from motions.text import listed
from motions.units import DAYS, MONTHS, PERCENT, Unit

STEPS = 64
"""into which the range of an input is cut before the crossings are looked for"""


@dataclass(frozen=True)
class Answer:
    """Where the figure is at its target: every value of the input, and what the figure does over its range."""

    values: tuple[float, ...]
    xs: tuple[float, ...]
    ys: tuple[float | None, ...]
    sentence: str


@dataclass(frozen=True)
class Question:
    """A question that is asked often: which figure, at what target, by which input."""

    words: str
    goal: str
    target: float
    key: str


def questions(scenario: Scenario, program: str) -> tuple[Question, ...]:
    """Return the questions that a program can be asked; a direct one has none of the partner's inputs."""
    own = scenario.program(program)
    if not isinstance(own, PartnerProgram):
        return ()
    pays = {"percent": "rate", "margin": "margin", "wholesale": "discount", "share": "rate", "flat": "reward"}
    found = [
        Question(
            f"Highest {place.title.lower()} at which a customer still costs less than blended CAC",
            "cpa_over_cac", 0.0, place.key,
        )
        for place in places(scenario, program, market=False)
        if place.key in {f"{program}.payout.{kind}.{field}" for kind, field in pays.items()}
    ]  # fmt: skip
    found.append(
        Question("Churn at which the program stops paying", "contribution", 0.0, f"{program}.customer_churn_rate")
    )
    found.append(
        Question("Incrementality at which the verdict flips", "cpa_over_cac", 0.0, f"{program}.incrementality")
    )
    return tuple(found)


def stored(goal: str, shown: float) -> float:
    """Return a target as it is stored: a fraction for a figure in percent."""
    return UNITS[goal].stored(shown)


def figures(scenario: Scenario, program: str, goal: str, key: str, values: Sequence[float] | Array) -> Array:
    """Return a figure at each value of an input, NaN where there is none, in one run."""
    if key == HORIZON:
        each = [run(scenario.moved(key, value), only=program)[program].measured[goal] for value in values]
        return np.concatenate([np.atleast_1d(one)[:1] for one in each])
    found = run(scenario, {key: np.asarray(values, float)}, only=program)[program].measured[goal]
    return np.broadcast_to(found, (len(values),))


def figure(scenario: Scenario, program: str, goal: str) -> float | None:
    """Return a figure of a program, None where there is none."""
    return run(scenario, only=program)[program].figures[goal]


def seek(scenario: Scenario, program: str, place: Place, goal: str, target: float) -> Answer:
    """Find the values of an input at which a figure of a program is at its target.

    `target` is in the figure's unit as it is stored (a fraction for %). A number of months or days is tried one by
    one, and so is a figure counted in months: the answer is the first on each side of a crossing. Raises ScenarioError
    for a goal that is not one of FIGURES.
    """
    if goal not in TITLES:
        raise ScenarioError(f"'{goal}' is no figure that can be sought. Choose one of the list.")
    steps = UNITS[goal] == MONTHS
    low, high = place.item.low, highest(place, scenario.at(place.key))
    xs = np.arange(low, high + 1) if place.item.whole else np.linspace(low, high, STEPS + 1)

    def gaps_at(values: Array) -> Array:
        found = figures(scenario, program, goal, place.key, values)
        if steps:  # a month that is not reached is later than any; between two months lies the crossing
            return np.where(np.isinf(found), scenario.market.months + 1.0, found) - (target + 0.5)
        return found - target

    gaps = gaps_at(xs)
    values = _crossings(lambda x: float(gaps_at(np.array([x]))[0]), xs, gaps, place.item.whole)
    values = tuple(value for value in values if _allowed(scenario, place, value))
    seen = gaps + target + (0.5 if steps else 0.0)
    ys = tuple(None if np.isnan(one) else float(one) for one in seen)
    sentence = _said(scenario, place, goal, target, values, xs, seen)
    return Answer(values, tuple(float(x) for x in xs), ys, sentence)


def highest(place: Place, now: float) -> float:
    """Return the end of what is walked: bounds are wide where an amount has no natural end."""
    if place.item.unit in (PERCENT, MONTHS, DAYS):
        return place.item.high
    return min(place.item.high, max(now * 10, place.item.low + place.item.step * 100))


def _allowed(scenario: Scenario, place: Place, value: float) -> bool:
    """Return whether an input can have a value among the others: a tier can't begin above the next one."""
    try:
        scenario.moved(place.key, value)
    except ScenarioError:
        return False
    return True


def _crossings(gap: Callable[[float], float], xs: Array, gaps: Array, whole: bool) -> tuple[float, ...]:
    from scipy.optimize import brentq  # noqa: PLC0415 — 0.2 s that only goal seek needs

    known = gaps[~np.isnan(gaps)]
    if len(known) != 1 and not known.any():
        return ()  # it is there wherever it is known: no value of the input is an answer
    found = [float(x) for x, one in zip(xs, gaps, strict=True) if one == 0]
    for left, right, one, other in zip(xs, xs[1:], gaps, gaps[1:], strict=False):
        if np.isnan(one) or np.isnan(other) or one * other >= 0:
            continue
        if whole:
            found.append(float(right))
        elif gap(left) * gap(right) < 0:
            found.append(float(brentq(gap, left, right, xtol=1e-12, rtol=1e-12)))
        else:  # one end is the crossing: alone it comes out a rounding away from what it was among the others
            found.append(float(min(left, right, key=lambda x: abs(gap(x)))))
    return tuple(sorted(found))


def _said(
    scenario: Scenario, place: Place, goal: str, target: float, values: tuple[float, ...], xs: Array, seen: Array
) -> str:
    """Say the answer: where the target is reached and on which side it is missed, or why it never is."""
    title, unit, currency = TITLES[goal], UNITS[goal], scenario.market.currency
    never = scenario.market.months + 1.0 if unit == MONTHS else np.inf

    def said(value: float) -> str:
        return "not within the months shown" if value >= never else unit.said(value, currency)

    known = [(float(x), float(one)) for x, one in zip(xs, seen, strict=True) if not np.isnan(one)]
    if not known:
        return f"{title} is unknown for every {place.name}: no customer is won, or none is lost."
    least, most = (pick(one for _, one in known) for pick in (min, max))
    reach = f"{place.item.said(float(xs[0]), currency)} to {place.item.said(float(xs[-1]), currency)}"
    if not values:
        if most - least <= 1e-6 * max(abs(most), abs(least)):
            first, last = (place.item.said(x, currency) for x in (known[0][0], known[-1][0]))
            return f"{place.name} does not move {title}: it is {said(most)} all along, from {first} to {last}."
        ends = f"{said(least)} and {said(most)}"
        return f"No {place.name} gets there: over {reach}, {title} lies between {ends} and never is {said(target)}."
    at = listed([place.item.said(value, currency) for value in values])
    nearest = [min((abs(one - target) for x, one in known if x == value), default=0.0) for value in values]
    reached = "passes" if unit == MONTHS or (place.item.whole and any(nearest)) else "is"
    sentence = f"{title} {reached} {said(target)} at {place.name} {at}."
    # Which side of the target the figure is on, below the first value, between the values, and above the last.
    bounds = [-np.inf, *values, np.inf]
    sides = [[one - target for x, one in known if low < x < high] for low, high in pairwise(bounds)]
    where = ["with less", *["between"] * (len(values) - 1), "with more"]
    told = [
        f"{'above' if max(side, key=abs) > 0 else 'below'} {place_}"
        for side, place_ in zip(sides, where, strict=True)
        if side and any(side)
    ]
    return f"{sentence} It is {listed(told)}." if told else sentence


def figure_text(unit: Unit, value: float, currency: str) -> str:
    """Show a figure in its unit."""
    return unit.said(value, currency)
