"""Why a rate differs: by its mix of motions or segments, or by the rates of these. Kitagawa (1955), symmetric.

A rate is Σ numerators ÷ Σ denominators over cells. Its change is split exactly into what the shares of the cells did
(mix) and what their own rates did (rate), each at the mean of both times. A cell that only one time has is all mix.
"""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import TOO_FEW, Estimate
from motions.names import NAMES
from motions.text import month_name

By = Literal["motion", "segment"]
Cell = tuple[float, float]
"""numerator, denominator"""
CHANGING = ("nrr", "activation", "customer_churn", "cpa")
"""Metrics that are split."""
UNASSIGNED = "without a motion"
"""The line of spend that names no motion."""
COVERED = 0.8
"""The share of organic's weight that both sides must have for a standardised figure."""


@dataclass(frozen=True)
class Line:
    """What one cell did to a rate: by its share, and by its own rate; both in the unit of the rate."""

    name: str
    mix: float
    rate: float
    before: float | None
    now: float | None
    share_before: float
    share_now: float


@dataclass(frozen=True)
class Split:
    """A rate at two times, and what led from the one to the other: mix and rate add up to the change."""

    before: float
    now: float
    lines: tuple[Line, ...]
    rate_half: float | None
    """half the width of the 95 % interval of the rate part, given the shares; unknown where a cell has too few"""
    mix_half: float | None = None
    """the same of the mix part: by how much the mean rates of the cells may be others"""

    @property
    def mix(self) -> float:
        """What the shares did."""
        return math.fsum(line.mix for line in self.lines)

    @property
    def rate(self) -> float:
        """What the rates of the cells did."""
        return math.fsum(line.rate for line in self.lines)


def split(before: Mapping[str, Cell], now: Mapping[str, Cell]) -> Split | None:
    """Split the change of Σ numerators ÷ Σ denominators; none where a time has no denominator.

    A cell with a numerator alone, such as spend without a motion, is all rate.

    >>> found = split({"a": (8, 10), "b": (1, 10)}, {"a": (16, 20), "b": (0, 0)})
    >>> round(found.now - found.before, 3), round(found.mix, 3), round(found.rate, 3)
    (0.35, 0.35, 0.0)
    """
    whole = [sum(den for _, den in cells.values()) for cells in (before, now)]
    if min(whole) <= 0:
        return None
    total = [sum(num for num, _ in cells.values()) / den for cells, den in zip((before, now), whole, strict=True)]
    middle = sum(total) / 2
    lines = []
    for name in dict.fromkeys((*before, *now)):
        (num_0, den_0), (num_1, den_1) = before.get(name, (0.0, 0.0)), now.get(name, (0.0, 0.0))
        rate_0, rate_1 = (num / den if den else None for num, den in ((num_0, den_0), (num_1, den_1)))
        share_0, share_1 = den_0 / whole[0], den_1 / whole[1]
        if rate_0 is None and rate_1 is None:
            lines.append(Line(name, 0.0, num_1 / whole[1] - num_0 / whole[0], None, None, 0.0, 0.0))
            continue
        own_0 = rate_0 if rate_0 is not None else rate_1 or 0.0
        own_1 = rate_1 if rate_1 is not None else rate_0 or 0.0
        mix = (share_1 - share_0) * ((own_0 + own_1) / 2 - middle)
        rate = (share_0 + share_1) / 2 * (own_1 - own_0)
        # What a time without the cell's denominator spends on it all the same is rate too.
        rate += (num_1 / whole[1] if rate_1 is None else 0.0) - (num_0 / whole[0] if rate_0 is None else 0.0)
        lines.append(Line(name, mix, rate, rate_0, rate_1, share_0, share_1))
    return Split(total[0], total[1], tuple(lines), None)


def change(metric: str, ledger: Ledger, settings: m.Settings, group: m.Group, by: By = "motion") -> Split | str:
    """Split the change of a metric over a year by motion or segment, or say why it can't be.

    On ten of each account nothing was there a year before:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> change("nrr", LEDGER, m.Settings(as_of=JANUARY), m.PARTNER)
    'NRR of 2025-01 is unknown'
    """
    earlier = settings.model_copy(update={"as_of": settings.as_of - 12})
    for chosen in (earlier, settings):
        if not m.measure(m.BY_ID[metric], ledger, chosen, group).known():
            return f"{m.BY_ID[metric].title} of {month_name(chosen.as_of)} is unknown"
    if metric == "cpa" and by == "segment":
        return "spend is not known by segment"
    cells = _costs if metric == "cpa" else _ratios
    found = split(*(cells(metric, ledger, chosen, group, by) for chosen in (earlier, settings)))
    if found is None:
        return "there is nothing to divide by"
    return _with_halves(metric, ledger, (earlier, settings), group, by, found)


def _with_halves(
    metric: str, ledger: Ledger, times: Sequence[m.Settings], group: m.Group, by: By, found: Split
) -> Split:
    """The split with half the intervals of its parts: the cells are estimated apart, and their shares are counted.

    In the rate part a cell weighs as its mean share, in the mix part as half the change of its share: of the overall
    mean rate nothing is left there, as the changes add up to zero.
    """
    rate = mix = 0.0
    for line in found.lines:
        middle, change = (line.share_before + line.share_now) / 2, line.share_now - line.share_before
        there = [at for at, rate_then in enumerate((line.before, line.now)) if rate_then is not None]
        for at in there:
            one = _of_cell(metric, ledger, times[at], group, by, line.name)
            if one.low is None or one.high is None:
                return found
            half = (one.high - one.low) / 2
            # A cell that only one time has lends its rate to the other.
            mix += (change * half / len(there)) ** 2
            rate += (middle * half) ** 2 if len(there) == 2 else 0.0
    return replace(found, rate_half=math.sqrt(rate), mix_half=math.sqrt(mix))


def _of_cell(metric: str, ledger: Ledger, settings: m.Settings, group: m.Group, by: By, name: str) -> Estimate:
    if by == "segment":
        part = ledger.once(("part", name), lambda: ledger.of(segment="" if name == UNNAMED else name))
        return m.measure(m.BY_ID[metric], part, settings, group)
    return m.measure(m.BY_ID[metric], ledger, settings, (_motion(name),))


UNNAMED = "without a name"


def _motion(name: str) -> int:
    return next(at for at, motion in enumerate(MOTIONS) if NAMES[motion] == name)


def _costs(metric: str, ledger: Ledger, settings: m.Settings, group: m.Group, by: By) -> dict[str, Cell]:
    """Spend and new customers of each motion, and the spend that names none."""
    months, _ = m.cost_months(ledger, settings, m.kinds_of(ledger, settings, group))
    new = ledger.over("new_customers", months)
    cells = {NAMES[MOTIONS[at]]: (m.acquisition_spend(ledger, settings, (at,), months), float(new[at])) for at in group}
    rest = m.acquisition_spend(ledger, settings, group, months) - math.fsum(spent for spent, _ in cells.values())
    cells = {name: cell for name, cell in cells.items() if any(cell)}
    return cells | ({UNASSIGNED: (rest, 0.0)} if abs(rest) > 0.005 else {})


def _ratios(metric: str, ledger: Ledger, settings: m.Settings, group: m.Group, by: By) -> dict[str, Cell]:
    def named(rows: dict[str, NDArray[Any]], at: int) -> str:
        return NAMES[str(rows["motion"][at])] if by == "motion" else str(rows["segment"][at]) or UNNAMED

    return _cells(metric, ledger, settings, group, named)


_Key = Callable[[dict[str, NDArray[Any]], int], Any]


def _cells(metric: str, ledger: Ledger, settings: m.Settings, group: m.Group, key: _Key) -> dict[Any, Cell]:
    """Numerator and denominator of a ratio for each cell that the rows of by_cohort are given a key of."""
    rows = ledger.by_cohort
    own = np.isin(rows["motion"].astype(str), [MOTIONS[at] for at in group])
    month = rows["month"]
    if metric == "nrr":
        parts = (("retained_12", month == settings.as_of), ("closing", month == settings.as_of - 12))
    elif metric == "activation":
        mature = (month >= settings.first()) & (month <= m.last_mature_month(ledger, settings))
        parts = ((f"activated_{settings.activation_days}", mature), ("observed", mature))
    else:
        steps = np.isin(month, ledger.coverage.steps(settings.first(), settings.as_of))
        parts = (("churned_customers", steps), ("starting", steps))
    sums: dict[Any, list[float]] = {}
    for place, (measure, when) in enumerate(parts):
        for at in np.flatnonzero(own & when & (rows[measure] != 0)).tolist():
            sums.setdefault(key(rows, at), [0.0, 0.0])[place] += float(rows[measure][at])
    return {name: (num, den) for name, (num, den) in sums.items()}


def _accounts(metric: str, ledger: Ledger, settings: m.Settings, group: m.Group, key: _Key) -> dict[Any, int]:
    """How many accounts stand behind the denominator of each cell: signups, or customers."""
    rows = ledger.by_cohort
    own = np.isin(rows["motion"].astype(str), [MOTIONS[at] for at in group])
    if metric == "activation":
        months = (rows["month"] >= settings.first()) & (rows["month"] <= m.last_mature_month(ledger, settings))
        measure = "observed"
    else:
        steps = ledger.coverage.steps(settings.first(), settings.as_of)
        months = rows["month"] == (settings.as_of - 12 if metric == "nrr" else max(steps, default=0))
        measure = "customers" if metric == "nrr" else "starting"
    found: dict[Any, int] = {}
    for at in np.flatnonzero(own & months & (rows[measure] != 0)).tolist():
        name = key(rows, at)
        found[name] = found.get(name, 0) + int(rows[measure][at])
    return found


@dataclass(frozen=True)
class Standardised:
    """A group's rate, and organic's, raw and as if the group had organic's mix of segments and signup years."""

    raw: float
    organic: float
    value: float | None
    """with organic's weights over the cells that both have; unknown where these are under COVERED of organic"""
    organic_there: float | None
    """organic's rate over the same cells"""
    covered: float
    """share of organic's weight in cells that both have"""
    thin: tuple[str, ...]
    """cells of both sides with under ten accounts on one of them"""


def standardised(metric: str, ledger: Ledger, settings: m.Settings, group: m.Group) -> Standardised | None:
    """Compare a rate with organic's cell by cell of segment × year of the signup; none where one is unknown.

    P's accounts and O's signed up in one year and segment, so that nothing changes:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> found = standardised("nrr", LEDGER, m.Settings(as_of=JANUARY), m.PARTNER)
    >>> found.raw, found.value, found.organic, found.covered
    (0.6, 0.6, 1.0, 1.0)
    """
    if not all(m.measure(m.BY_ID[metric], ledger, settings, side).known() for side in (group, m.ORGANIC)):
        return None

    def key(rows: dict[str, NDArray[Any]], at: int) -> Hashable:
        return str(rows["segment"][at]), int(rows["cohort"][at]) // 12

    own, organic = (_cells(metric, ledger, settings, side, key) for side in (group, m.ORGANIC))
    raw, other = (sum(num for num, _ in one.values()) / sum(den for _, den in one.values()) for one in (own, organic))
    both = [cell for cell, (_, den) in organic.items() if den > 0 and own.get(cell, (0.0, 0.0))[1] > 0]
    weight = sum(organic[cell][1] for cell in both)
    covered = weight / sum(den for _, den in organic.values())
    value = there = None
    if weight and covered >= COVERED:
        value = sum(organic[cell][1] * own[cell][0] / own[cell][1] for cell in both) / weight
        there = sum(organic[cell][0] for cell in both) / weight
    accounts = [_accounts(metric, ledger, settings, side, key) for side in (group, m.ORGANIC)]
    thin = [cell for cell in both if min(one.get(cell, 0) for one in accounts) < TOO_FEW]
    return Standardised(raw, other, value, there, covered, tuple(f"{name or UNNAMED} {year}" for name, year in thin))
