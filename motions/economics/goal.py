"""Goal seek: the value of one input at which a figure reaches a target, or a clear word that there is none.

Each figure is read off the same projection as on the page. The range of the input is walked first, as a figure may
reach its target more than once, or not at all; each crossing is then found by Brent's method (SciPy).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from motions.economics.assumptions import PartnerProgram
from motions.economics.fields import Input, inputs
from motions.economics.payouts import Array, used_fields
from motions.economics.results import ratio
from motions.economics.scenario import Scenario, run
from motions.errors import ScenarioError
from motions.names import NAMES
from motions.text import count, listed, money, percent

STEPS = 64
"""into which the range of an input is cut before the crossings are looked for"""

GOALS: tuple[tuple[str, str, str], ...] = (
    ("contribution", "Contribution", "money"),
    ("cash", "Cash", "money"),
    ("new_customers", "New customers", "customers"),
    ("effective_cpa", "Effective CPA", "money"),
    ("cpa_over_cac", "Effective CPA less blended CAC", "money"),
    ("customer_value", "LTV on margin", "money"),
    ("ltv_per_cpa", "LTV ÷ effective CPA", "×"),
    ("payout_share", "Payout share", "%"),
    ("partner_earnings", "Partner earnings a month", "money"),
)
"""(name, title, unit) of the figures that can be sought; those counted in months jump, and have no one answer."""


TITLES = {name: title for name, title, _ in GOALS}
UNITS = {name: unit for name, _, unit in GOALS}


@dataclass(frozen=True)
class Place:
    """An input that can be moved: whose it is (`market`, or a program), and `payout` if it is one of the terms."""

    owner: str
    part: str
    item: Input

    @property
    def key(self) -> str:
        """What the input is known by in a link or a widget."""
        return ".".join(word for word in (self.owner, self.part, self.item.name) if word)


@dataclass(frozen=True)
class Answer:
    """Where the figure is at its target: every value of the input, and what the figure does over its range."""

    values: tuple[float, ...]
    xs: tuple[float, ...]
    ys: tuple[float | None, ...]
    sentence: str


def stored(goal: str, shown: float) -> float:
    """Return a target as it is stored: a fraction for a figure in percent."""
    return shown / 100 if UNITS[goal] == "%" else shown


def places(scenario: Scenario, program: str) -> tuple[Place, ...]:
    """Return the inputs that move a program's figures: its payout terms, its own, and the market's."""
    own = scenario.program(program)
    found = []
    if isinstance(own, PartnerProgram):
        used = used_fields(own.payout)
        found += [Place(program, "payout", item) for item in inputs(type(own.payout)) if item.name in used]
    found += [Place(program, "", item) for item in inputs(type(own))]
    found += [Place("market", "", item) for item in inputs(type(scenario.market))]
    return tuple(place for place in found if not place.item.options)


def at(scenario: Scenario, place: Place) -> float:
    """Return the value that an input has in a scenario."""
    model = scenario.market if place.owner == "market" else scenario.program(place.owner)
    return float(getattr(getattr(model, place.part) if place.part else model, place.item.name))


def moved(scenario: Scenario, place: Place, value: float) -> Scenario:
    """Return the scenario with one input at another value, validated. Raises ScenarioError out of bounds."""
    stored: float = round(value) if place.item.unit == "months" else value
    if place.owner == "market":
        return scenario.with_market(**{place.item.name: stored})
    if place.part:
        terms = getattr(scenario.program(place.owner), place.part).model_dump()
        return scenario.with_program(place.owner, **{place.part: {**terms, place.item.name: stored}})
    return scenario.with_program(place.owner, **{place.item.name: stored})


def figure(scenario: Scenario, program: str, goal: str) -> float | None:
    """Return a figure of GOALS, None where there is none."""
    found = run(scenario.replace(shown=(program,)))[program][1]
    if goal == "cpa_over_cac":
        cost, blended = found.effective_cpa, found.blended_cac
        return None if cost is None or blended is None else cost - blended
    if goal == "ltv_per_cpa":
        return None if found.customer_value is None else ratio(found.customer_value, found.effective_cpa or 0)
    value: float | None = getattr(found, goal)
    return value


def seek(scenario: Scenario, program: str, place: Place, goal: str, target: float) -> Answer:
    """Find the values of an input at which a figure of a program is at its target.

    `target` is in the figure's unit as it is stored (a fraction for %). A number of months is tried month by month:
    the answer is the first on each side of a crossing. Raises ScenarioError for a goal that is not one of GOALS.
    """
    if goal not in TITLES:
        raise ScenarioError(f"'{goal}' is no figure that can be sought. Choose one of the list.")
    whole = place.item.unit == "months"
    low, high = place.item.low, _highest(place.item, at(scenario, place))
    xs = np.arange(low, high + 1) if whole else np.linspace(low, high, STEPS + 1)

    def gap(value: float) -> float | None:
        found = figure(moved(scenario, place, value), program, goal)
        return None if found is None else found - target

    gaps = [gap(float(x)) for x in xs]
    values = _crossings(gap, xs, gaps, whole)
    ys = tuple(None if one is None else one + target for one in gaps)
    sentence = _said(program, place, goal, target, values, xs, gaps, scenario.market.currency)
    return Answer(values, tuple(float(x) for x in xs), ys, sentence)


def _highest(item: Input, now: float) -> float:
    """The end of what is walked: bounds are wide where an amount has no natural end."""
    if item.unit in ("%", "months"):
        return item.high
    return min(item.high, max(now * 10, item.step * 100))


def _crossings(
    gap: Callable[[float], float | None], xs: Array, gaps: list[float | None], whole: bool
) -> tuple[float, ...]:
    from scipy.optimize import brentq  # noqa: PLC0415 — 0.2 s that only goal seek needs

    if not any(gaps):
        return ()  # it is there whatever the input: no value of it is an answer
    found = [float(x) for x, one in zip(xs, gaps, strict=True) if one == 0]
    for left, right, one, other in zip(xs, xs[1:], gaps, gaps[1:], strict=False):
        if one is None or other is None or one * other >= 0:
            continue
        found.append(float(right) if whole else float(brentq(gap, left, right, xtol=1e-12, rtol=1e-12)))
    return tuple(sorted(found))


def _said(
    program: str,
    place: Place,
    goal: str,
    target: float,
    values: tuple[float, ...],
    xs: Array,
    gaps: list[float | None],
    currency: str,
) -> str:
    """Say the answer: where the target is reached and on which side it is missed, or why it never is."""
    title, unit = TITLES[goal], UNITS[goal]
    name = place.item.title if place.owner == "market" else f"{place.item.title} ({NAMES[program]})"
    known = [(float(x), gap) for x, gap in zip(xs, gaps, strict=True) if gap is not None]
    if not known:
        return f"{title} is unknown for every {name}: no customer is won, or none is lost."
    least, most = (pick(gap for _, gap in known) + target for pick in (min, max))
    reach = f"{input_text(place, float(xs[0]), currency)} to {input_text(place, float(xs[-1]), currency)}"
    if not values:
        ends = f"{figure_text(unit, least, currency)} and {figure_text(unit, most, currency)}"
        if most - least <= 1e-6 * max(abs(most), abs(least)):
            return f"{name} does not move {title}: it is {figure_text(unit, most, currency)} all along, from {reach}."
        missed = figure_text(unit, target, currency)
        return f"No {name} gets there: over {reach}, {title} lies between {ends} and never is {missed}."
    said = listed([input_text(place, value, currency) for value in values])
    reached = "passes" if place.item.unit == "months" else "is"
    sentence = f"{title} {reached} {figure_text(unit, target, currency)} at {name} {said}."
    if len(values) == 1:
        before = [gap for x, gap in known if x < values[0]]
        after = [gap for x, gap in known if x > values[0]]
        sides = [("less", before[-1] if before else None), ("more", after[0] if after else None)]
        told = [f"{'above' if gap > 0 else 'below'} with {side}" for side, gap in sides if gap]
        sentence += f" It is {' and '.join(told)}." if told else ""
    return sentence


def input_text(place: Place, value: float, currency: str) -> str:
    """Show a value of an input in its unit."""
    unit = place.item.unit
    if unit == "money":
        return money(value, currency)
    if unit == "months":
        return count(value, "month")
    return percent(value, 1) if unit == "%" else f"{value:,.2f} {unit}".strip()


def figure_text(unit: str, value: float, currency: str) -> str:
    """Show a figure of GOALS in its unit."""
    if unit == "money":
        return money(value, currency)
    return percent(value) if unit == "%" else f"{value:,.2f}" if unit == "×" else count(value)
