"""How long customers stay: survival by age since the first payment, and the log-rank test of one side against another.

A customer ends in the first of more than PAUSE unpaid months in a row; a return after it starts nothing new. Everybody
is looked at up to the last month whose ends are certain, so that an as-of month uses nothing that comes after it.
Customers of before, whose first payment nobody knows, are left out.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.ledger.measures import PAUSE
from motions.cohorts.metrics.intervals import TOO_FEW, Estimate, Z, unknown

Group = tuple[int, ...]
Counts = NDArray[np.int64]
FEW_EVENTS = 10
"""Strata with fewer ends than this are taken together."""
EXPECTED = 5
"""Ends that each side has to have, were they alike, for the log-rank test to say something."""
AGES = (36, 24, 12, 6, 3)
"""Months since the first payment at which sides are compared, the last that both reach."""
HALF = 6


def settled(ledger: Ledger, month: int) -> int | None:
    """Return the last month of which it is certain by the end of `month` who has ended in it."""
    revenue = ledger.coverage.of("revenue")
    months = [one for one in revenue.months() if one <= month] if revenue else []
    return months[-1 - PAUSE] if len(months) > PAUSE else None


@dataclass(frozen=True)
class Lives:
    """Customers by stratum and age in months: at risk of ending at that age, and ended at it. Arrays are strata × ages.

    Who has not reached an age by the last certain month is not at risk of it.
    """

    at_risk: Counts
    ended: Counts


def lives(ledger: Ledger, month: int, group: Group, strata: NDArray[np.int64] | None = None, count: int = 1) -> Lives:
    """Return the lives of a group's customers as known at the end of a month.

    `strata`: of each row of by_spell the stratum, below `count`. The ten B ended half a year after their first payment:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> found = lives(LEDGER, JANUARY, (0, 1, 2, 3, 4))
    >>> int(found.at_risk[0, 0]), int(found.ended[0, 6])
    (30, 10)
    """
    rows, last = ledger.by_spell, settled(ledger, month)
    if last is None or not len(rows["cohort"]):
        return Lives(np.zeros((count, 1), np.int64), np.zeros((count, 1), np.int64))
    here = np.isin(ledger.spell_motion, group) & (rows["cohort"] <= last)
    cohort, end, customers = (rows[name][here] for name in ("cohort", "ended_month", "customers"))
    where = strata[here] if strata is not None else np.zeros(len(cohort), np.int64)
    has_ended = end <= last
    left = np.where(has_ended, end, last) - cohort
    width = int(left.max(initial=0)) + 1
    ended, leaving = np.zeros((count, width), np.int64), np.zeros((count, width), np.int64)
    np.add.at(ended, (where[has_ended], left[has_ended]), customers[has_ended])
    np.add.at(leaving, (where, left), customers)
    at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
    return Lives(at_risk, ended)


def _alive(ledger: Ledger, month: int, group: Group) -> Lives:
    return ledger.once(("lives", month, group), lambda: lives(ledger, month, group))


def curve(ledger: Ledger, month: int, group: Group, longest: int = 36) -> list[Estimate]:
    """Return the share of customers that have not ended, at each age in months. Kaplan and Meier (1958).

    The interval is Greenwood's on the log-log scale; before the first end it is Clopper and Pearson's. `n` are the
    customers at risk; below ten of them it is unknown.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> [curve(LEDGER, JANUARY, (0, 1, 2, 3, 4))[age].value for age in (5, 6)]
    [1.0, 0.5]
    """
    found = _alive(ledger, month, group)
    at_risk, ended = found.at_risk[0], found.ended[0]
    share, spread, estimates = 1.0, 0.0, []
    for age in range(min(len(at_risk), longest + 1)):
        n, gone = int(at_risk[age]), int(ended[age])
        if n < TOO_FEW:
            estimates.append(unknown(f"too few: {n}", n))
            continue
        share *= 1 - gone / n
        spread += gone / (n * (n - gone)) if n > gone else math.inf
        estimates.append(_with_ends(share, spread, n))
    return estimates


def _with_ends(share: float, spread: float, n: int) -> Estimate:
    if share >= 1:
        return Estimate(1.0, 0.025 ** (1 / n), 1.0, n)
    if share <= 0 or not math.isfinite(spread):
        return Estimate(0.0, 0.0, 1 - 0.025 ** (1 / n), n)
    width = math.exp(Z * math.sqrt(spread) / abs(math.log(share)))
    return Estimate(share, share**width, share ** (1 / width), n)


def months_paid(ledger: Ledger, month: int, group: Group, ages: int | None = None) -> tuple[Estimate, int]:
    """Return the months in which a customer has not ended, and over how many ages that is.

    The restricted mean: the ages are those that ten customers are seen at, or the first `ages` of them; what comes
    later is not in it. Its variance is Greenwood's carried through the sum (Klein and Moeschberger, section 4.5). Half
    of the customers of the example paid six months, and half the eleven that are seen:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> found, seen = months_paid(LEDGER, JANUARY, (0, 1, 2, 3, 4))
    >>> found.value, seen
    (8.5, 11)
    """
    found = _alive(ledger, month, group)
    at_risk, ended = found.at_risk[0].astype(np.float64), found.ended[0].astype(np.float64)
    seen = int((at_risk >= TOO_FEW).sum())  # fewer and fewer are at risk
    seen = seen if ages is None else min(seen, ages)
    if not seen:
        return unknown(f"too few: {int(at_risk[0])}", int(at_risk[0])), 0
    at_risk, ended = at_risk[:seen], ended[:seen]
    share = np.cumprod(1 - ended / at_risk)
    ahead = share[::-1].cumsum()[::-1]
    left = at_risk - ended
    spread = np.divide(ahead**2 * ended, at_risk * left, out=np.zeros(seen), where=left > 0).sum()
    value, half = float(share.sum()), Z * math.sqrt(spread)
    n = int(at_risk[0])
    if not half:
        return Estimate(value, note="nobody has ended", n=n), seen
    return Estimate(value, max(value - half, 0.0), min(value + half, float(seen)), n), seen


def shared_age(ledger: Ledger, month: int, group: Group, other: Group) -> int | None:
    """Return the last of AGES that ten customers of both sides have reached, none where not even the first is."""
    sides = [_alive(ledger, month, side).at_risk[0] for side in (group, other)]
    return next((age for age in AGES if all(len(one) > age and one[age] >= TOO_FEW for one in sides)), None)


@dataclass(frozen=True)
class LogRank:
    """The log-rank test of a group against another: positive z says that the group's customers end sooner."""

    ended: int
    expected: float
    """ends of the group if both sides ended alike"""
    variance: float
    customers: int
    """of the smaller side"""
    whole: int
    """ends of both sides"""

    @property
    def z(self) -> float:
        """Standard normal where both sides end alike."""
        return (self.ended - self.expected) / math.sqrt(self.variance) if self.variance > 0 else 0.0

    def log_hazard(self) -> Estimate:
        """Return the logarithm of the hazard ratio with its interval, as the test says it. Peto (1977), one step.

        It leaves out zero exactly where the test does.
        """
        if self.customers < TOO_FEW:
            return Estimate(None, note=f"too few: {self.customers}", n=self.customers)
        # The normal distribution holds where both sides would have some ends if they ended alike.
        if self.variance <= 0 or min(self.expected, self.whole - self.expected) < EXPECTED:
            return Estimate(None, note=f"too few ends: {self.whole:,}", n=self.customers)
        value, half = (self.ended - self.expected) / self.variance, Z / math.sqrt(self.variance)
        return Estimate(value, value - half, value + half, self.customers)


def log_rank(ledger: Ledger, month: int, group: Group, other: Group, stratified: bool = True) -> LogRank:
    """Test whether a group's customers end sooner than those of another. Mantel and Haenszel (1959).

    Strata are segment × year of the first payment, so that the sides are compared among their like; those with fewer
    than FEW_EVENTS ends are taken together. The variance has the term for ties (n − d) ÷ (n − 1).
    """
    return ledger.once(
        ("log rank", month, group, other, stratified), lambda: _tested(ledger, month, group, other, stratified)
    )


def _tested(ledger: Ledger, month: int, group: Group, other: Group, stratified: bool) -> LogRank:
    strata, count = _strata(ledger, month, (*group, *other)) if stratified else (None, 1)
    one, two = (lives(ledger, month, side, strata, count) for side in (group, other))
    width = max(one.at_risk.shape[1], two.at_risk.shape[1])
    risk_1, risk_2, gone_1, gone_2 = (
        np.pad(part, ((0, 0), (0, width - part.shape[1]))).astype(np.float64)
        for part in (one.at_risk, two.at_risk, one.ended, two.ended)
    )
    n, gone = risk_1 + risk_2, gone_1 + gone_2
    some = n > 1
    share = np.divide(risk_1, n, out=np.zeros_like(n), where=some)
    ties = np.divide(n - gone, n - 1, out=np.zeros_like(n), where=some)
    return LogRank(
        ended=int(gone_1[some].sum()),
        expected=float((gone * share)[some].sum()),
        variance=float((gone * share * (1 - share) * ties)[some].sum()),
        whole=int(gone[some].sum()),
        customers=int(min(one.at_risk[:, 0].sum(), two.at_risk[:, 0].sum())),
    )


def _strata(ledger: Ledger, month: int, group: Group) -> tuple[NDArray[np.int64], int]:
    """Number the strata of the rows of by_spell: segment × year of the first payment, those of few ends as one."""
    rows, last = ledger.by_spell, settled(ledger, month)
    found, at = ledger.once("strata", lambda: _numbered(ledger))
    ends = np.zeros(len(found), np.int64)
    here = np.isin(ledger.spell_motion, group) & (rows["ended_month"] <= (-1 if last is None else last))
    np.add.at(ends, at[here], rows["customers"][here])
    return np.where(ends[at] < FEW_EVENTS, len(found), at), len(found) + 1


def _numbered(ledger: Ledger) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Segment × year of the first payment as numbers, and of each row of by_spell the place of its own."""
    rows = ledger.by_spell
    segments = np.unique(rows["segment"].astype(str), return_inverse=True)[1]
    found, at = np.unique(segments * 10_000 + rows["cohort"] // 12, return_inverse=True)
    return found, at


@dataclass(frozen=True)
class Trend:
    """Survival at one age by half-year of the first payment, and how it changes from one to the next."""

    age: int
    halves: list[int]
    """the first month of each"""
    kept: list[Estimate]
    slope: Estimate
    """change of the share that is left, a half-year; unknown with fewer than three complete half-years"""


def trend(ledger: Ledger, month: int, group: Group, age: int) -> Trend:
    """Return survival at an age of the complete half-years of first payments that have reached it, and their slope.

    The slope is the weighted least-squares one, the weights being the inverse of Greenwood's variances.
    """
    rows, last = ledger.by_spell, settled(ledger, month)
    here = np.isin(ledger.spell_motion, group)
    cohorts = rows["cohort"][here]
    halves, kept, weights = [], list[Estimate](), []
    first = int(cohorts.min(initial=1 << 30))
    start = -(-first // HALF) * HALF
    while last is not None and start + HALF - 1 + age <= last:
        inside = here & (rows["cohort"] >= start) & (rows["cohort"] < start + HALF)
        share, n, variance = _share_at(rows, inside, last, age)
        halves.append(start)
        enough = n >= TOO_FEW
        kept.append(_with_ends(share, variance / share**2 if share else math.inf, n) if enough else unknown("", n))
        # Where nobody, or everybody, has ended half a customer stands for the doubt.
        doubt = (n - 0.5) * 0.5 / n**3 if n else math.inf
        weights.append(1 / max(variance, doubt) if enough else 0.0)
        start += HALF
    return Trend(age, halves, kept, _slope(kept, weights))


def _share_at(
    rows: dict[str, NDArray[np.int64]], inside: NDArray[np.bool_], last: int, age: int
) -> tuple[float, int, float]:
    """Survival at an age that all of some rows have reached, their customers, and Greenwood's variance."""
    customers, end = rows["customers"][inside], rows["ended_month"][inside]
    n = int(customers.sum())
    left = n - int(customers[(end <= last) & (end - rows["cohort"][inside] <= age)].sum())
    # Nobody is censored before the age: Kaplan and Meier's is the plain share, and Greenwood's the binomial variance.
    return (left / n, n, left / n * (1 - left / n) / n) if n else (0.0, 0, 0.0)


def _slope(kept: list[Estimate], weights: list[float]) -> Estimate:
    told = [(at, one.value, weight) for at, (one, weight) in enumerate(zip(kept, weights, strict=True)) if weight]
    if len(told) < 3:
        return unknown("fewer than three half-years of ten customers")
    at, share, weight = (np.array(column, dtype=np.float64) for column in zip(*told, strict=True))
    middle = (weight * at).sum() / weight.sum()
    spread = (weight * (at - middle) ** 2).sum()
    value = float((weight * (at - middle) * share).sum() / spread)
    half = Z / math.sqrt(spread)
    return Estimate(value, value - half, value + half, len(told))
