"""Goal seek: the value of one input at which a figure reaches a target, or a clear word that there is none.

Each figure is read off the same projection as on the page. The range of the input is walked first, as a figure may
reach its target more than once, or not at all; each crossing is then found by Brent's method (SciPy). Where a figure
turns between two steps, a bounded optimiser finds how far it gets. A figure that jumps over its target is said to, with
both sides, and one that stays at it over a range is said to do that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from motions.economics.answers.rates import first_rate_of, others_keep
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.keys import Place, is_setting, places
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import FIRST_RATE, NONE_AT_ZERO, Array
from motions.economics.model.results import TITLES, UNITS, looked_at, titles
from motions.economics.model.run import run
from motions.errors import ScenarioError
from motions.text import count, listed
from motions.units import DAYS, MONEY, MONTHS, PERCENT, Unit

STEPS = 63
"""into which the range of an input is cut before the crossings are looked for"""
COSTS_LESS = "a customer still costs less than blended CAC"
AT_ONCE = STEPS + 1
"""Values that are tried in one run: each is then followed as one alone, see `histories.FULLY`."""


@dataclass(frozen=True)
class Answer:
    """Where the figure is at its target: every value of the input, and what the figure does over its range."""

    values: tuple[float, ...]
    xs: tuple[float, ...]
    ys: tuple[float | None, ...]
    sentence: str
    jumps: tuple["Jump", ...] = ()
    ranges: tuple[tuple[float, float], ...] = ()
    """first and last value between which the figure stays at its target"""


@dataclass(frozen=True)
class Jump:
    """A value of the input at which the figure jumps over its target, and the figure on both sides of it."""

    at: float
    before: float
    after: float


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
    found = [
        Question(f"Highest {place.title.lower()} at which {COSTS_LESS}", "cpa_over_cac", 0.0, place.key)
        for place in main_payouts(scenario, program)
    ]
    found += [
        Question(one.words.replace(COSTS_LESS, "the program does not lose money"), "contribution", 0.0, one.key)
        for one in list(found)
    ]
    found.append(
        Question("Churn at which the program stops paying", "contribution", 0.0, f"{program}.customer_churn_rate")
    )
    found.append(
        Question("Incrementality at which the verdict flips", "cpa_over_cac", 0.0, f"{program}.incrementality")
    )
    return tuple(found)


def main_payouts(scenario: Scenario, program: str) -> tuple[Place, ...]:
    """Return the inputs that say how much a program's plan pays, one for each part of it that has one.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> [place.key for place in main_payouts(default_scenario(), "channel")]
    ['channel.payout.margin.margin']
    """
    keys = {f"{program}.payout.{kind}.{field}" for kind, field in FIRST_RATE.items() if kind != "lead"}
    return tuple(place for place in places(scenario, program, market=False) if place.key in keys)


def stored(goal: str, shown: float) -> float:
    """Return a target as it is stored: a fraction for a figure in percent."""
    return UNITS[goal].stored(shown)


def figures(scenario: Scenario, program: str, goal: str, key: str, values: Sequence[float] | Array) -> Array:
    """Return a figure at each value of an input, NaN where there is none, in one run."""
    if is_setting(key):
        each = [run(scenario.moved(key, value), only=program)[program].measured[goal] for value in values]
        return np.concatenate([np.atleast_1d(one)[:1] for one in each])
    tried = np.asarray(values, float)
    parts = [tried[at : at + AT_ONCE] for at in range(0, len(tried), AT_ONCE)]
    runs = [(part, run(scenario, {key: part}, only=program)[program].measured[goal]) for part in parts]
    return np.concatenate([np.broadcast_to(found, part.shape) for part, found in runs])


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
    low, high = lowest(place), highest(place, scenario.at(place.key))
    xs = np.arange(low, high + 1) if place.item.whole else np.linspace(low, high, STEPS + 1)

    def gaps_at(values: Array) -> Array:
        found = figures(scenario, program, goal, place.key, values)
        if steps:  # a month that is not reached is later than any; between two months lies the crossing
            return np.where(np.isinf(found), looked_at(goal, scenario.market.months) + 1.0, found) - (target + 0.5)
        return found - target

    def gap(x: float) -> float:
        return float(gaps_at(np.array([x]))[0])

    gaps = gaps_at(xs)
    found = _found(gap, xs, gaps, place.item.whole, jumps=not steps)
    values = tuple(one for one in found.values if _allowed(scenario, place, one))
    ranges = tuple(one for one in found.ranges if all(_allowed(scenario, place, end) for end in one))
    allowed = [one for one in found.jumps if _allowed(scenario, place, one.at)]
    over = tuple(Jump(one.at, one.before + target, one.after + target) for one in allowed)
    seen = gaps + target + (0.5 if steps else 0.0)
    ys = tuple(None if np.isnan(one) else float(one) for one in seen)
    plain = None if over or ranges or target else _plainly(scenario, place, goal, values, xs, seen)
    found_ = _Found(values, over, ranges)
    sentence = (
        plain or f"{_said(scenario, place, goal, target, found_, xs, seen)} {others_keep(scenario, place.key)}".strip()
    )
    if goal != "contribution" and (values or over or ranges):
        reached = [*values, *(one.at for one in over), *(end for both in ranges for end in both)]
        if loses := _loses(scenario, program, place, sorted(set(reached))):
            sentence = f"{sentence} But {loses}." if plain is None else f"{plain[:-1]}; {loses}."
    return Answer(values, tuple(float(x) for x in xs), ys, sentence, over, ranges)


def _loses(scenario: Scenario, program: str, place: Place, reached: list[float]) -> str:
    """Say at which of the values the program loses money, and where it begins to if that is at one value only."""
    months, currency = f"within {count(scenario.market.months, 'month')}", scenario.market.currency
    made = figures(scenario, program, "contribution", place.key, reached)
    loses = [value for value, one in zip(reached, made, strict=True) if one < 0]
    if not loses:
        return ""
    turns = seek(scenario, program, place, "contribution", 0.0)
    where = [*turns.values, *(one.at for one in turns.jumps)]
    if len(where) == 1 and not turns.ranges and len({value > where[0] for value in loses}) == 1:
        side = "above" if loses[0] > where[0] else "below"
        return f"{side} {place.item.said(where[0], currency)} the program loses money {months}"
    if not where and not turns.ranges:
        return f"the program loses money {months} there, and for every {place.name}"
    at = listed([place.item.said(value, currency) for value in loses])
    return f"at {at} the program loses money {months}"


def lowest(place: Place) -> float:
    """Return the start of what is walked: no cap at all is no small cap."""
    return min(place.item.step, 1.0) if place.item.name in NONE_AT_ZERO else place.item.low


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


@dataclass(frozen=True)
class _Found:
    """Where a gap is zero, where it jumps over zero, and between which values it stays zero."""

    values: tuple[float, ...]
    jumps: tuple[Jump, ...]
    ranges: tuple[tuple[float, float], ...]


def _found(gap: Callable[[float], float], xs: Array, gaps: Array, whole: bool, jumps: bool) -> _Found:
    known = gaps[~np.isnan(gaps)]
    scale = float(np.abs(known).max(initial=0.0))
    if len(known) != 1 and not known.any():
        return _Found((), (), ())  # it is there wherever it is known: no value of the input is an answer
    ranges = _stays(gap, xs, gaps, whole)
    inside = [(xs >= first - 1e-12) & (xs <= last + 1e-12) for first, last in ranges]
    flat = np.any(inside, axis=0) if inside else np.zeros(len(xs), bool)
    values = [float(x) for x, one in zip(xs[~flat], gaps[~flat], strict=True) if one == 0]
    over: list[Jump] = []
    brackets = [
        (float(left), float(right))
        for left, right, one, other in zip(xs, xs[1:], gaps, gaps[1:], strict=False)
        if not (np.isnan(one) or np.isnan(other)) and one * other < 0
    ]
    if not whole:
        brackets += _turns(gap, xs, gaps)
    for left, right in brackets:
        if whole:
            values.append(right)
            continue
        at = crossing(gap, left, right)
        before, after = (gap(min(max(at + way * (xs[-1] - xs[0]) * 1e-9, left), right)) for way in (-1, 1))
        if jumps and before * after < 0 and min(abs(before), abs(after)) > 1e-5 * scale:
            over.append(Jump(at, before, after))
        else:
            values.append(at)
    return _Found(tuple(sorted(values)), tuple(sorted(over, key=lambda one: one.at)), ranges)


def crossing(gap: Callable[[float], float], left: float, right: float, within: float = 1e-12) -> float:
    """Return where a gap is zero between two values at which it has different signs, by Brent's method.

    >>> crossing(lambda x: x - 3.0, 0.0, 10.0)
    3.0
    """
    from scipy.optimize import brentq  # noqa: PLC0415 — 0.2 s that only goal seek needs

    if gap(left) * gap(right) < 0:
        return float(brentq(gap, left, right, xtol=within, rtol=within))
    # One end is the crossing: alone it comes out a rounding away from what it was among the others.
    return float(min(left, right, key=lambda x: abs(gap(x))))


def _turns(gap: Callable[[float], float], xs: Array, gaps: Array) -> list[tuple[float, float]]:
    """Brackets of crossings on both sides of where a figure turns between two steps and gets beyond its target."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 — 0.2 s that only goal seek needs

    found: list[tuple[float, float]] = []
    size = np.abs(gaps)
    for at in range(1, len(xs) - 1):
        near = gaps[at - 1 : at + 2]
        if np.isnan(near).any() or (np.sign(near) != np.sign(near[1])).any() or not near[1]:
            continue
        if size[at] > min(size[at - 1], size[at + 1]) or size[at] == max(size[at - 1], size[at + 1]):
            continue
        way = float(np.sign(gaps[at]))
        left, right = float(xs[at - 1]), float(xs[at + 1])
        turn = minimize_scalar(lambda x, way=way: way * gap(float(x)), bounds=(left, right), method="bounded")
        if turn.fun < 0:
            found += [(left, float(turn.x)), (float(turn.x), right)]
    return found


def _stays(gap: Callable[[float], float], xs: Array, gaps: Array, whole: bool) -> tuple[tuple[float, float], ...]:
    """First and last values between which the gap stays zero, over two steps at least."""
    zero = np.concatenate([[False], gaps == 0, [False]])
    starts, ends = np.flatnonzero(~zero[:-1] & zero[1:]), np.flatnonzero(zero[:-1] & ~zero[1:]) - 1
    found = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if start == end:
            continue
        first, last = float(xs[start]), float(xs[end])
        if not whole:
            first = _edge(gap, first, float(xs[start - 1])) if start else first
            last = _edge(gap, last, float(xs[end + 1])) if end + 1 < len(xs) else last
        found.append((first, last))
    return tuple(found)


def _edge(gap: Callable[[float], float], inside: float, outside: float) -> float:
    """The last value up to which the gap is zero, by halving."""
    for _ in range(40):
        middle = (inside + outside) / 2
        if gap(middle) == 0:
            inside = middle
        else:
            outside = middle
    return inside


_PLAIN = {
    "cpa_over_cac": (COSTS_LESS.replace("still ", ""), -1),
    "contribution": ("the program does not lose money", 1),
}
"""what a figure says above or below zero, for an input that turns it once"""


def _plainly(
    scenario: Scenario, place: Place, goal: str, values: tuple[float, ...], xs: Array, seen: Array
) -> str | None:
    """Say up to or from which value on a figure is on its good side of zero; None where it can't be said so."""
    if goal not in _PLAIN or len(values) != 1 or place.item.unit not in (PERCENT, MONEY):
        return None
    good, way = _PLAIN[goal]
    less, more = (seen[side & ~np.isnan(seen)] * way for side in (xs < values[0], xs > values[0]))
    whose = first_rate_of(scenario, place.key)
    said = f"{place.item.said(values[0], scenario.market.currency)} {place.title.lower()}"
    said = f"{said} for {whose}" if whose else said
    if len(less) and len(more) and (less > 0).all() and (more < 0).all():
        return f"Up to {said} {good}."
    if len(less) and len(more) and (less < 0).all() and (more > 0).all():
        return f"From {said} on {good}."
    return None


def _said(scenario: Scenario, place: Place, goal: str, target: float, found: _Found, xs: Array, seen: Array) -> str:
    """Say the answer: where the target is reached, kept or jumped over, and which side is where."""
    values = found.values
    unit, currency = UNITS[goal], scenario.market.currency
    title = titles(currency)[goal]
    never = looked_at(goal, scenario.market.months) + 1.0 if unit == MONTHS else np.inf

    def said(value: float) -> str:
        within = "a customer's life" if goal == "payback_month" else "the months shown"
        return f"not within {within}" if value >= never else unit.said(value, currency)

    known = [(float(x), float(one)) for x, one in zip(xs, seen, strict=True) if not np.isnan(one)]
    if not known:
        return f"{title} is unknown for every {place.name}: no customer is won, or none is lost."
    least, most = (pick(one for _, one in known) for pick in (min, max))
    reach = f"{place.item.said(float(xs[0]), currency)} to {place.item.said(float(xs[-1]), currency)}"
    if not (values or found.jumps or found.ranges):
        if most - least <= 1e-6 * max(abs(most), abs(least)):
            first, last = (place.item.said(x, currency) for x in (known[0][0], known[-1][0]))
            return f"{place.name} does not move {title}: it is {said(most)} all along, from {first} to {last}."
        ends = f"{said(least)} and {said(most)}"
        return f"No {place.name} gets there: over {reach}, {title} lies between {ends} and never is {said(target)}."
    parts = []
    if values:
        at = listed([place.item.said(value, currency) for value in values])
        nearest = [min((abs(one - target) for x, one in known if x == value), default=0.0) for value in values]
        reached = "passes" if unit == MONTHS or (place.item.whole and any(nearest)) else "is"
        parts.append(f"{title} {reached} {said(target)} at {place.name} {at}.")
    for ends_ in found.ranges:
        between = " to ".join(place.item.said(end, currency) for end in ends_)
        parts.append(f"{title} is {said(target)} over a range: {place.name} {between}.")
    for jump in found.jumps:
        where = place.item.said(jump.at, currency)
        sides = f"from {said(jump.before)} to {said(jump.after)}"
        parts.append(f"{title} jumps over {said(target)} at {place.name} {where}, {sides}.")
    # Which side of the target the figure is on, below the first answer, between the answers, and above the last.
    cuts = [(one, one) for one in values] + [(one.at, one.at) for one in found.jumps] + list(found.ranges)
    bounds = [(-np.inf, -np.inf), *sorted(cuts), (np.inf, np.inf)]
    sides_ = [[one - target for x, one in known if low < x < high] for (_, low), (high, _) in pairwise(bounds)]
    places_ = ["with less", *["between"] * (len(cuts) - 1), "with more"]
    told = [
        f"{'above' if max(side, key=abs) > 0 else 'below'} {place_}"
        for side, place_ in zip(sides_, places_, strict=True)
        if side and any(side)
    ]
    sentence = " ".join(parts)
    return f"{sentence} It is {listed(told)}." if told else sentence


def figure_text(unit: Unit, value: float, currency: str) -> str:
    """Show a figure in its unit."""
    return unit.said(value, currency)
