"""Times that terms look at: months, quarters, years, and all of a partner's life; what was in one of them before.

Quarters and years count from the first month of the program. Arrays are months × lanes.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from motions.economics.inputs.terms import Array, Bonus, PayoutPlan, Tiered

Ints = NDArray[np.int64]
_LENGTH = {"month": 1, "quarter": 3, "year": 12}


def first_month(months: int, period: str, since: int = 0) -> Ints:
    """Return for each month the first month of the time it lies in; `since` months are before the program's first.

    >>> first_month(8, "quarter").tolist(), first_month(4, "quarter", 2).tolist(), first_month(3, "total").tolist()
    ([0, 0, 0, 3, 3, 3, 6, 6], [0, 0, 2, 2], [0, 0, 0])
    """
    month: Ints = np.arange(months, dtype=np.int64)
    if period == "total":
        return np.zeros_like(month)
    return np.maximum((month - since) // _LENGTH[period] * _LENGTH[period] + since, 0)


def last_months(months: int, period: str, since: int = 0) -> NDArray[np.bool_]:
    """Return whether each month is the last of its time; the total of a life has no last month.

    >>> last_months(7, "quarter").tolist()
    [False, False, True, False, False, True, False]
    """
    if period == "total":
        return np.zeros(months, bool)
    ends: NDArray[np.bool_] = (np.arange(months) - since) % _LENGTH[period] == _LENGTH[period] - 1
    return ends


def dated(bonus: Bonus, months: int, since: int = 0) -> Array:
    """Return 1 for each month in which customers are won for a bonus, else 0; months × 1, or × draws.

    `since`: so many months are before the program's first, in which nobody is.

    >>> dated(Bonus(from_month=2, to_month=3), 5).ravel().tolist()
    [0.0, 1.0, 1.0, 0.0, 0.0]
    """
    month = np.arange(1 - since, months + 1 - since)[:, None]
    first, last = (np.ravel(one) for one in (bonus.from_month, bonus.to_month))
    inside: Array = ((month >= np.maximum(first, 1)) & (month <= last)).astype(np.float64)
    return inside


def before(each: Array, first: Ints, gone: Any = None) -> Array:
    """Return what the months before each brought in the same time. `gone` is taken off from a month on, until its end.

    >>> before(np.array([[1.0], [2.0], [4.0], [8.0]]), np.array([0, 0, 0, 3])).ravel().tolist()
    [0.0, 1.0, 3.0, 0.0]
    """
    found = np.zeros(each.shape)
    so_far = np.zeros(each.shape[1:])
    for month, begins in enumerate(first.tolist()):
        if begins == month:
            so_far = np.zeros(each.shape[1:])
        if gone is not None:
            so_far = so_far - gone[month]
        found[month] = so_far
        so_far = so_far + each[month]
    return found


def counts(terms: Tiered | None) -> list[tuple[str, str]]:
    """Return what tiers count over more than a month, and over which time; nothing where there is nothing of that.

    >>> from motions.economics.inputs.terms import FlatReward
    >>> counts(FlatReward(tiers="whole", tier_period="year")), counts(FlatReward(tiers="whole"))
    ([('customers', 'year')], [])
    """
    if terms is None or terms.tiers == "none" or terms.counted_over == "month":
        return []
    return [(terms.tier_by, terms.counted_over)]


def by_calendar(plan: PayoutPlan) -> bool:
    """Return whether terms look at quarters, years or some months, in which partners that join are of any age.

    >>> from motions.economics.inputs.terms import Bonus, FlatReward
    >>> by_calendar(PayoutPlan(bonus=Bonus()))
    True
    >>> tiers = [FlatReward(tiers="whole", tier_period=one) for one in ("month", "quarter", "total")]
    >>> [by_calendar(PayoutPlan(flat=one)) for one in tiers]
    [False, True, False]
    """
    if plan.rebate is not None or plan.bonus is not None:
        return True
    parts = [plan.part(kind) for kind in plan.kinds]
    return any(
        period in ("quarter", "year") for part in parts if isinstance(part, Tiered) for _, period in counts(part)
    )
