"""95 % intervals: proportions, ratios of sums over accounts, and differences of the two.

Everything is computed from sums, so that it works on ledger rows.
"""

import math
from dataclasses import dataclass

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
TOO_FEW = 10
"""Fewer accounts than this say nothing."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval. No `value` means unknown, and `note` says why."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    note: str = ""
    over: str = ""
    """which months it is of, where they are fewer than were asked for"""

    def known(self) -> bool:
        """Return whether there is a figure to show."""
        return self.value is not None


def unknown(note: str, n: int = 0) -> Estimate:
    """Return a figure that is not known, with the reason."""
    return Estimate(None, n=n, note=note)


def exact(value: float, n: int = 0) -> Estimate:
    """Return a figure that is counted, not estimated."""
    return Estimate(value, n=n)


def proportion(part: int, whole: int) -> Estimate:
    """Share with Wilson's interval; unknown without a whole. Wilson (1927), JASA 22.

    >>> e = proportion(12, 30); round(e.low, 3), round(e.high, 3)
    (0.246, 0.577)
    """
    if whole <= 0:
        return unknown("nothing to count")
    share = part / whole
    scale = 1 + Z * Z / whole
    middle = (share + Z * Z / (2 * whole)) / scale
    half = Z * math.sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole)) / scale
    note = f"too few: {whole}" if whole < TOO_FEW else ""
    # The ends are exact at 0 and 1; rounding must not put them outside.
    return Estimate(share, 0.0 if not part else middle - half, 1.0 if part == whole else middle + half, whole, note)


@dataclass(frozen=True)
class Sums:
    """Σ over n accounts of x, y and their squares and product: what the delta method needs."""

    n: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float


def ratio_of_sums(sums: Sums) -> Estimate:
    """Σx ÷ Σy over accounts with a delta-method interval; unknown when Σy is zero.

    Variance of R = Σx/Σy: n/(n−1) · (Σx² − 2RΣxy + R²Σy²) / (Σy)². Cochran (1977), Sampling Techniques, 6.
    """
    if sums.y <= 0:
        return unknown("nothing to compare with", sums.n)
    ratio = sums.x / sums.y
    if sums.n < TOO_FEW:
        return Estimate(ratio, n=sums.n, note=f"too few: {sums.n}")
    squares = max(sums.xx - 2 * ratio * sums.xy + ratio * ratio * sums.yy, 0.0)
    half = Z * math.sqrt(sums.n / (sums.n - 1) * squares) / sums.y
    return Estimate(ratio, ratio - half, ratio + half, sums.n)


def share_of_sums(sums: Sums) -> Estimate:
    """Σx ÷ Σy over accounts, of which no x is above its y: the delta-method interval on the logit, so within 0 and 1.

    At exactly 1 it is one-sided: 95 % of programs of so many accounts that keep all would have kept this much.

    >>> e = share_of_sums(Sums(20, 90.0, 100.0, 430.0, 510.0, 450.0)); round(e.low, 3), round(e.high, 3)
    (0.713, 0.97)
    """
    found = ratio_of_sums(sums)
    if found.value is None or found.low is None or found.high is None:
        return found
    if found.value >= 1:
        return Estimate(found.value, 0.05 ** (1 / sums.n), 1.0, sums.n)
    if found.value <= 0:
        return Estimate(found.value, 0.0, 1 - 0.05 ** (1 / sums.n), sums.n)
    share = found.value
    half = (found.high - share) / (share * (1 - share))
    low, high = (1 / (1 + math.exp(-(math.log(share / (1 - share)) + way * half))) for way in (-1, 1))
    return Estimate(share, low, high, sums.n)


def difference(one: Estimate, other: Estimate) -> Estimate:
    """`one` − `other` of two independent figures, by the square-and-add of their intervals (Newcombe 1998)."""
    if one.value is None or other.value is None:
        return unknown("one side is unknown")
    if one.low is None or one.high is None or other.low is None or other.high is None or one.note or other.note:
        return Estimate(one.value - other.value, note="too few")
    gap = one.value - other.value
    down = math.hypot(one.value - one.low, other.high - other.value)
    up = math.hypot(one.high - one.value, other.value - other.low)
    return Estimate(gap, gap - down, gap + up, min(one.n, other.n))


def cost_ratio(cost: float, count: int, other_cost: float, other_count: int) -> Estimate:
    """(cost ÷ count) ÷ (other cost ÷ other count), the counts being Poisson: interval on the logarithm."""
    if min(count, other_count) <= 0 or other_cost <= 0 or cost <= 0:
        return unknown("no customers or no spend on one side")
    ratio = (cost / count) / (other_cost / other_count)
    if min(count, other_count) < TOO_FEW:
        return Estimate(ratio, n=min(count, other_count), note="too few")
    spread = math.exp(Z * math.sqrt(1 / count + 1 / other_count))
    return Estimate(ratio, ratio / spread, ratio * spread, min(count, other_count))


def cost_per(cost: float, count: int) -> Estimate:
    """Cost ÷ count, the count being Poisson: interval on the logarithm."""
    if count <= 0:
        return unknown("no new customers")
    if cost <= 0:
        return (
            Estimate(cost / count, n=count, note="refunds are larger than the spend") if cost else unknown("no spend")
        )
    if count < TOO_FEW:
        return Estimate(cost / count, n=count, note=f"too few: {count}")
    spread = math.exp(Z / math.sqrt(count))
    return Estimate(cost / count, cost / count / spread, cost / count * spread, count)
