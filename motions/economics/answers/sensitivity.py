"""Which inputs move a figure: tornado, spider, a map of two inputs, and the share of variance that each explains.

Where inputs have ranges only these are ranked, by the share of the figure's variance over all draws that each explains
alone: one order, whatever is drawn of it. Without ranges all inputs are moved by the same share, which says nothing of
what is known of them. Many variants of a scenario are the draws of one run, so that only the program in question is
computed again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from motions.economics.answers.uncertainty import PERCENTILES, Sample, drawn, simulate
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
    """A figure at the low and the high end of one input, the others at their values; NaN where there is none."""

    place: Place
    low: float
    high: float
    at_low: float
    at_high: float
    ranged: bool
    """whether the ends are P10 and P90 of the input's draws; else they are ±20 %"""
    share: float | None = None
    """of the figure's variance, what the input explains alone; None where nothing is drawn or the figure unknown"""

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
    return *_swing(scenario, place), False


def _swing(scenario: Scenario, place: Place) -> tuple[float, float]:
    """±20 % about an input's value, within its bounds; a whole number moves by one at least."""
    now, item = float(scenario.at(place.key)), place.item
    low, high = max(now * (1 - SWING), item.low), min(now * (1 + SWING), item.high)
    if item.whole and now:
        low, high = max(min(np.floor(low), now - 1), item.low), min(max(np.ceil(high), now + 1), item.high)
    return round(float(low), 8), round(float(high), 8)


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


def with_all_swings(scenario: Scenario) -> Scenario:
    """Return a scenario in which the programs shown have a range of ±20 % on every input without one."""
    for name in scenario.shown:
        scenario = with_swings(scenario, name)
    return scenario


def tornado(scenario: Scenario, program: str, figure: str, sample: Sample | None = None) -> list[Bar]:
    """Return how far inputs move a figure, the one that matters most first.

    With ranges these are the inputs that have one (`ranked`), over `sample` where it is known; without a range that
    moves the figure, all inputs at ±20 % (`generic`).
    """
    numbers = drawn(scenario, program)
    if not numbers:
        return generic(scenario, program, figure)
    sample = sample or simulate(scenario, numbers, only=program)[program]

    def at(moves: Sequence[Mapping[str, float]]) -> Array:
        return _counted(variants(scenario, program, moves)[figure], figure, scenario)

    found = ranked(numbers, _counted(sample.measured[figure], figure, scenario), at)
    return found or generic(scenario, program, figure)


def generic(scenario: Scenario, program: str, figure: str) -> list[Bar]:
    """Return how far each input moves a figure at ±20 %, whatever its range, the one that moves it most first."""
    found = [(place, *_swing(scenario, place)) for place in movable(scenario, program)]
    found = [one for one in found if one[1] < one[2]]
    moves = [{place.key: end} for place, *both in found for end in both]
    values = _counted(variants(scenario, program, moves)[figure], figure, scenario)
    bars = [
        Bar(place, low, high, float(values[2 * at]), float(values[2 * at + 1]), ranged=False)
        for at, (place, low, high) in enumerate(found)
    ]
    return sorted((bar for bar in bars if bar.swing > 0), key=lambda bar: -bar.swing)


def ranked(
    numbers: Mapping[str, Array], values: Array, at: Callable[[Sequence[Mapping[str, float]]], Array]
) -> list[Bar]:
    """Return what each drawn input does to a figure, the one that explains most of its variance first.

    `numbers` are the draws by key, `values` the figure in each of them, and `at` returns it where single inputs are
    moved and all others are at their values. Shares that are shown alike, or are not known as the figure is not in
    every draw, are in the order of how far the input moves the figure between P10 and P90.
    """
    shares = dict(explained(numbers, values))
    moved = {key: np.quantile(one, _ENDS, method="nearest") for key, one in numbers.items() if np.ptp(one) > 0}
    figures = at([{key: float(end)} for key, both in moved.items() for end in both]) if moved else np.zeros(0)
    bars = [
        Bar(
            Place(key, input_of(key)), float(low), float(high), float(figures[2 * n]), float(figures[2 * n + 1]),
            ranged=True, share=shares.get(key),
        )
        for n, (key, (low, high)) in enumerate(moved.items())
    ]  # fmt: skip
    return sorted((bar for bar in bars if bar.swing > 0), key=lambda bar: (-round(bar.share or 0.0, 2), -bar.swing))


_ENDS = (PERCENTILES[0] / 100, PERCENTILES[-1] / 100)


def _counted(values: Array, figure: str, scenario: Scenario) -> Array:
    """A month that is not reached counts as the one after those that are looked at."""
    return np.where(np.isinf(values), looked_at(figure, scenario.market.months) + 1.0, values)


def note(scenario: Scenario, program: str, bars: Sequence[Bar]) -> str:
    """Say what the ends of bars are, and in which order they stand."""
    if not any(bar.ranged for bar in bars):
        return (
            "Each input alone at ± 20 %, whatever is known of it. Give the inputs that you are unsure of a range: then "
            "only these are ranked."
        )
    said = (
        "Only inputs with a range, each at P10 and P90 of its draws, the others at their values; in the order of what "
        "each explains of the uncertainty."
    )
    return f"{said} {ALL_GENERIC}" if _all_generic(scenario, program) else said


def unexplained(bars: Sequence[Bar]) -> str:
    """Say why nothing explains a figure's uncertainty, and what to do; nothing where something does."""
    if not any(bar.ranged for bar in bars):
        return "No input that moves this figure has a range yet. Turn Ranges on, or set some under All inputs."
    if all(bar.share is None for bar in bars):
        return "This figure is unknown in some draws, or the same in all of them: nothing to explain."
    return ""


ALL_GENERIC = "These ranges are the generic ± 20 %: set what you know of each input under All inputs, Ranges."


def _all_generic(scenario: Scenario, program: str) -> bool:
    own = [place for place in movable(scenario, program) if place.key in scenario.ranges]
    at = {place.key: scenario.ranges[place.key] for place in own}
    return all((at[one.key].low, at[one.key].high) == _swing(scenario, one) for one in own)


@dataclass(frozen=True)
class Web:
    """A figure while each input alone is moved by the same shares; NaN where the input ends before."""

    shares: Array
    lines: tuple[tuple[Place, Array], ...]


def spider(scenario: Scenario, program: str, figure: str, most: int = 6) -> Web:
    """Return the figure while each of the inputs that move it most goes from −50 to +50 %."""
    shares = np.linspace(-0.5, 0.5, 21)
    chosen = [bar.place for bar in generic(scenario, program, figure)[:most] if not bar.place.item.whole]
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
