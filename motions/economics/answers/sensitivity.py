"""Which inputs move a figure: tornado, spider, a map of two inputs, and the share of variance that each explains.

Many variants of a scenario are the draws of one run, so that only the program in question is computed again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from motions.economics.inputs.keys import Place, input_of, is_setting, places
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.results import looked_at
from motions.economics.model.run import run

SWING = 0.2
"""by how much an input without a range is moved, either way"""
_BINS = 25


@dataclass(frozen=True)
class Bar:
    """A figure at the low and the high end of one input; NaN where there is none."""

    place: Place
    low: float
    high: float
    at_low: float
    at_high: float
    ranged: bool

    @property
    def swing(self) -> float:
        """How far the figure moves between the ends."""
        return abs(self.at_high - self.at_low)


def variants(scenario: Scenario, program: str, moves: Sequence[Mapping[str, float]]) -> dict[str, Array]:
    """Return every figure of a program for each variant, a variant being values of some inputs, in one run."""
    keys = dict.fromkeys(key for move in moves for key in move)
    drawn = {key: np.array([float(move.get(key, scenario.at(key))) for move in moves]) for key in keys}
    found = run(scenario, drawn, only=program)[program].measured
    return {name: np.broadcast_to(values, (len(moves),)) for name, values in found.items()}


def ends(scenario: Scenario, place: Place) -> tuple[float, float, bool]:
    """Return what an input is moved between, and whether that is its range: else it is ±20 %, within its bounds."""
    if place.key in scenario.ranges:
        one = scenario.ranges[place.key]
        return one.low, one.high, True
    now, item = float(scenario.at(place.key)), place.item
    low, high = max(now * (1 - SWING), item.low), min(now * (1 + SWING), item.high)
    if item.whole and now:
        low, high = max(min(np.floor(low), now - 1), item.low), min(max(np.ceil(high), now + 1), item.high)
    return round(float(low), 8), round(float(high), 8), False


def movable(scenario: Scenario, program: str) -> list[Place]:
    """Return the inputs that a tornado moves: all but settings such as the horizon."""
    return [place for place in places(scenario, program) if not is_setting(place.key)]


def with_swings(scenario: Scenario, program: str) -> Scenario:
    """Return the scenario with a range of ±20 % for every input of a program and the market that has none yet."""
    added = {}
    for place in movable(scenario, program):
        low, high, ranged = ends(scenario, place)
        if not ranged and low < high:
            added[place.key] = {"low": low, "high": high}
    return scenario.replace(ranges={**{key: one.model_dump() for key, one in scenario.ranges.items()}, **added})


def tornado(scenario: Scenario, program: str, figure: str) -> list[Bar]:
    """Return how far each input moves a figure over its range or ±20 %, the one that moves it most first."""
    found = [(place, *ends(scenario, place)) for place in movable(scenario, program)]
    found = [one for one in found if one[1] < one[2]]
    values = variants(scenario, program, [{p.key: end} for p, low, high, _ in found for end in (low, high)])[figure]
    values = np.where(np.isinf(values), looked_at(figure, scenario.market.months) + 1.0, values)
    bars = [
        Bar(place, low, high, float(values[2 * at]), float(values[2 * at + 1]), ranged)
        for at, (place, low, high, ranged) in enumerate(found)
    ]
    return sorted((bar for bar in bars if bar.swing > 0), key=lambda bar: -bar.swing)


def name_of(key: str) -> str:
    """Return title and owner of an input by its key."""
    return Place(key, input_of(key)).name


@dataclass(frozen=True)
class Web:
    """A figure while each input alone is moved by the same shares; NaN where the input ends before."""

    shares: Array
    lines: tuple[tuple[Place, Array], ...]


def spider(scenario: Scenario, program: str, figure: str, most: int = 6) -> Web:
    """Return the figure while each of the inputs that move it most goes from −50 to +50 %."""
    shares = np.linspace(-0.5, 0.5, 21)
    chosen = [bar.place for bar in tornado(scenario, program, figure)[:most] if not bar.place.item.whole]
    moves = [{place.key: float(scenario.at(place.key)) * (1 + share)} for place in chosen for share in shares]
    if not moves:
        return Web(shares, ())
    values = variants(scenario, program, moves)[figure].reshape(len(chosen), len(shares))
    lines = []
    for place, row in zip(chosen, values, strict=True):
        at = float(scenario.at(place.key)) * (1 + shares)
        lines.append((place, np.where((at >= place.item.low) & (at <= place.item.high), row, np.nan)))
    return Web(shares, tuple(lines))


@dataclass(frozen=True)
class Grid:
    """A figure over two inputs: `values` is ys × xs."""

    xs: Array
    ys: Array
    values: Array


def grid(scenario: Scenario, program: str, figure: str, across: Place, up: Place, steps: int = 50) -> Grid:
    """Return a figure over the ranges of two inputs (±50 % for one without a range), point estimates."""
    xs, ys = (_axis(scenario, place, steps) for place in (across, up))
    wide, high = np.meshgrid(xs, ys)
    found = run(scenario, {across.key: wide.ravel(), up.key: high.ravel()}, only=program)[program].measured[figure]
    values = np.broadcast_to(found, (wide.size,)).reshape(wide.shape)
    return Grid(xs, ys, np.where(np.isfinite(values), values, np.nan))


def _axis(scenario: Scenario, place: Place, steps: int) -> Array:
    low, high, ranged = ends(scenario, place)
    if not ranged:
        now = float(scenario.at(place.key))
        low, high = max(now * 0.5, place.item.low), min(now * 1.5 or place.item.step * steps, place.item.high)
    if place.item.whole:
        return np.arange(np.floor(low), max(np.ceil(high), np.floor(low) + 1) + 1)
    return np.linspace(low, high, steps)


def explained(numbers: Mapping[str, Array], values: Array) -> list[tuple[str, float]]:
    """Return the share of a figure's variance that each drawn input explains alone, the largest first.

    The first-order index Var(E[Y | X]) ÷ Var(Y), with X cut into bins of equal count and corrected for what bins of
    noise would explain; between 0 and 1. What is missing to 1 is what inputs do together. Empty where a figure is
    unknown or does not vary.
    """
    if not np.isfinite(values).all() or values.var() == 0:
        return []
    shares = {key: _first_order(one, values) for key, one in numbers.items() if np.ptp(one) > 0}
    return sorted(shares.items(), key=lambda item: -item[1])


def _first_order(x: Array, y: Array) -> float:
    groups = np.array_split(y[np.argsort(x, kind="stable")], min(_BINS, len(y) // 8))
    between = sum(len(group) * (group.mean() - y.mean()) ** 2 for group in groups) / len(y)
    within = sum(((group - group.mean()) ** 2).sum() for group in groups) / (len(y) - len(groups))
    # Means of bins of pure noise vary too: their expected variance is taken off.
    return float(np.clip((between - within * (len(groups) - 1) / len(y)) / y.var(), 0.0, 1.0))
