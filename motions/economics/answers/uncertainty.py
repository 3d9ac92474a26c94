"""Ranges to draws to percentiles.

A range is the central 90 % of an input: lognormal for an amount, logit-normal for a share, and a normal cut off at the
input's bounds where the range touches one of them or counts months. Each input has random numbers of its own, made
from the seed and the input's key: scenarios share them, and a difference between two is one of terms, not noise.
"""

import os
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np

from motions import work
from motions.economics.inputs.keys import input_of, is_setting, places
from motions.economics.inputs.scenario import Range, Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.results import FIGURES
from motions.economics.model.run import outcomes, selling
from motions.fields import Input
from motions.units import PERCENT

PERCENTILES = (10, 50, 90)
_TAIL = NormalDist().inv_cdf(0.95)
_BLOCK = 2500
"""draws that are projected at once: enough to outweigh the calls, and few enough to give every core some"""
_MOST_THREADS = 4


@dataclass(frozen=True)
class Sample:
    """What one program does over all draws."""

    fan: Array
    """3 × months: the percentiles of the cumulative contribution"""
    measured: dict[str, Array]
    """each figure with one value a draw; NaN where there is none, inf for a month that is not reached"""

    def percentiles(self, figure: str) -> tuple[float, float, float] | None:
        """Return P10, P50 and P90 of a figure over the draws that have it, None where none has."""
        return percentiles(self.measured[figure])

    def known(self, figure: str) -> float:
        """Return the share of draws that have a figure."""
        return float(np.mean(~np.isnan(self.measured[figure])))

    def chance(self, figure: str, below: float) -> float | None:
        """Return the share of draws in which a figure is at most `below`; a draw without the figure does not count.

        None where no draw has it.
        """
        values = self.measured[figure]
        known = values[~np.isnan(values)]
        return float(np.mean(known <= below)) if len(known) else None


def percentiles(values: Array) -> tuple[float, float, float] | None:
    """Return P10, P50 and P90 of the values that are known, None where none is; a month not reached stays infinite."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, middle, high = np.quantile(known, [one / 100 for one in PERCENTILES], method="nearest")
    return float(low), float(middle), float(high)


def draw(key: str, item: Input, one: Range, draws: int, seed: int) -> Array:
    """Return draws from the range of an input, in the unit it is stored in.

    The 5th and 95th percentile are the ends of the range; a range of zero width is its value, exactly.
    """
    if one.low == one.high:
        return np.full(draws, round(one.low) if item.whole else one.low)
    stream = np.random.Generator(np.random.PCG64([seed, zlib.crc32(key.encode())]))
    normal = stream.standard_normal(draws)
    if item.whole:
        return np.clip(np.rint(_between(one.low, one.high, normal)), item.low, item.high)
    if item.unit == PERCENT and one.low > 0 and one.high < 1:
        low, high = (np.log(end / (1 - end)) for end in (one.low, one.high))
        return np.clip(1 / (1 + np.exp(-_between(low, high, normal))), item.low, item.high)
    if item.unit != PERCENT and one.low > 0:
        return np.clip(np.exp(_between(np.log(one.low), np.log(one.high), normal)), item.low, item.high)
    return np.clip(_between(one.low, one.high, normal), item.low, item.high)


def _between(low: float, high: float, normal: Array) -> Array:
    scaled: Array = normal * ((high - low) / 2 / _TAIL)
    return scaled + (low + high) / 2


def active_ranges(scenario: Scenario, only: str | None = None) -> dict[str, Range]:
    """Return the ranges of inputs that move what is shown; others wait until their program or terms are back."""
    there = {
        place.key for name in selling(scenario, only) for place in places(scenario, name) if not is_setting(place.key)
    }
    return {key: one for key, one in scenario.ranges.items() if key in there}


def drawn(scenario: Scenario, only: str | None = None) -> dict[str, Array]:
    """Return the draws of every active range of a scenario, by key; `only`: and of a program that is looked at."""
    return {
        key: draw(key, input_of(key), one, scenario.draws, scenario.seed)
        for key, one in active_ranges(scenario, only).items()
    }


def simulate(
    scenario: Scenario, numbers: Mapping[str, Array] | None = None, only: str | None = None
) -> dict[str, Sample]:
    """Run all draws of a scenario and take the percentiles, for every shown program or for one.

    `numbers` replaces the draws. Draws are run in blocks; a program that no range touches is one draw in each.
    """
    numbers = drawn(scenario, only) if numbers is None else numbers
    total = max((len(values) for values in numbers.values()), default=1)
    names = [str(name) for name in (scenario.shown if only is None else (only,))]
    cumulative = {name: np.empty((scenario.market.months, total)) for name in names}
    measured = {name: {figure.name: np.empty(total) for figure in FIGURES} for name in names}

    def run_block(here: slice) -> None:
        for name, outcome in outcomes(scenario, {key: values[here] for key, values in numbers.items()}, only):
            cumulative[name][:, here] = outcome.projection.cumulative
            for figure, values in outcome.measured.items():
                measured[name][figure][here] = values
            del outcome  # before the next program is projected

    in_blocks(total, run_block)
    with _threads() as pool:
        fans = list(pool.map(fan, cumulative.values()))
    return {name: Sample(own, measured[name]) for name, own in zip(names, fans, strict=True)}


def if_ranged(scenario: Scenario) -> dict[str, Sample]:
    """Return the draws of every shown program, by name; nothing where no input of them has a range."""
    return simulate(scenario) if active_ranges(scenario) else {}


def in_blocks(total: int, run_block: Callable[[slice], None]) -> None:
    """Have all draws run, a block of them at a time, side by side on more than one core."""
    _keep_freed_memory()
    with _threads() as pool:
        for _ in pool.map(run_block, [slice(start, start + _BLOCK) for start in range(0, total, _BLOCK)]):
            work.go_on()  # else the blocks that have not begun are left out


def _threads() -> ThreadPoolExecutor:
    # NumPy works outside of Python's lock.
    return ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS))


@cache
def _keep_freed_memory() -> None:
    """Have the C library keep what one block of draws frees for the next.

    glibc returns unused memory to the system once there is more than twice the largest block that was ever mapped and
    freed; to get it again, page by page, took a third of a run. Freeing one block of the largest size that counts,
    32 MB, ends that; it is never touched. Other C libraries are left as they are.
    """
    np.empty(2**25 - 2**16, np.uint8)


def fan(cumulative: Array) -> Array:
    """Return the percentiles of each month of months × draws. The array is put in another order."""
    at = [round(one / 100 * (cumulative.shape[1] - 1)) for one in PERCENTILES]
    cumulative.partition(at, axis=1)
    return cumulative[:, at].T
