"""Who gets what of the customers' payments under a plan: expected values, month by month.

Arrays are months × draws, money is in whole units a month. A number of a plan may be an array with one value a draw
(see `keys.with_numbers`); arrays of one draw stay so as long as they can, which is what makes many draws cheap.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np

from motions.economics.inputs.terms import Array, FlatReward, PayoutPlan, PercentOfRevenue, RevenueShare, Terms, Tiered

CLASSES = 10
"""into which partners are put by what they bring, where terms depend on a single partner's month"""


@dataclass(frozen=True)
class Split:
    """Who gets what of the customers' payments: each array is months × draws, money per month.

    Always `spend == vendor_revenue + partner_margin`, and partners earn `partner_margin + payouts`.
    """

    new: Array
    """customers that pay for the first time"""
    customers: Array
    """customers active in the month, new ones included"""
    listed: Array
    """what the customers' licences are worth at list price, which the cost of revenue is a share of"""
    spend: Array
    """what end customers pay"""
    vendor_revenue: Array
    """what the vendor books: spend less the margin that partners keep"""
    partner_margin: Array
    """what partners keep of the spend before the vendor sees it; negative where licences stay unsold"""
    payouts: Array
    """what the vendor owes partners for the month, less what is taken back"""
    receipts: Array
    """the vendor's revenue when the money comes: prepaid blocks in the month of their purchase"""
    paid: Array
    """payouts when the money goes: after the hold, and once a balance is large enough"""
    fees: Array
    """what the payment service takes on top of cash payouts"""

    @property
    def churned(self) -> Array:
        """Customers that left at the start of the month: who was there, and came, and is not."""
        return left(self.customers, self.new)

    def __add__(self, other: "Split") -> "Split":
        return Split(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Arrivals:
    """What comes in each month, each months × draws (or × 1)."""

    recruited: Array
    active: Array
    ramped: Array
    leads: Array
    new: Array


def split(
    terms: Terms,
    new: Array,
    churn_rate: Any,
    price: Any,
    *,
    expansion_rate: Any = 0.0,
    leads: Array | None = None,
    partners: Array | None = None,
    top_share: Any = 0.2,
) -> Split:
    """Follow new customers until the last month and split what they pay.

    `new`: months × draws, new customers a month, paying from that month. `churn_rate`: share of last month's customers
    that leaves. `price`: list price a month. `expansion_rate`: growth of what a staying customer pays. `leads` and
    `partners`: months × draws, leads and active partners; without them nobody is paid for leads, and there is one
    partner. `top_share`: what the best fifth of the partners brings of everything. No errors of its own.

    Half of two customers stays for the second month; of each payment of 100 the partner has 20:

    >>> found = split(PercentOfRevenue(rate=0.2), np.array([[2.0], [0.0]]), 0.5, 100.0)
    >>> found.spend.ravel().tolist(), found.payouts.ravel().tolist()
    ([200.0, 100.0], [40.0, 20.0])
    """
    return reduce(
        Split.__add__,
        by_class(
            terms, new, churn_rate, price, expansion_rate=expansion_rate, leads=leads, partners=partners,
            top_share=top_share,
        ),
    )  # fmt: skip


def by_class(
    terms: Terms,
    new: Array,
    churn_rate: Any,
    price: Any,
    *,
    expansion_rate: Any = 0.0,
    leads: Array | None = None,
    partners: Array | None = None,
    top_share: Any = 0.2,
    classes: int | None = None,
) -> list[Split]:
    """Return the splits of equally large classes of partners, from the least to the most productive.

    They add up to `split`. There is one class where no term looks at a single partner's month, unless `classes` says
    otherwise. The other arguments are those of `split`.

    Two halves of partners that are all alike:

    >>> low, high = by_class(PercentOfRevenue(), np.ones((1, 1)), 0.0, 100.0, top_share=0.2, classes=2)
    >>> low.spend.item(), high.spend.item()
    (50.0, 50.0)
    """
    plan = PayoutPlan.of(terms)
    count = classes or (CLASSES if looks_at_one_partner(plan) else 1)
    people = np.ones((len(new), 1)) if partners is None else partners
    came = np.zeros((len(new), 1)) if leads is None else leads
    keep = 1.0 - np.asarray(churn_rate, float)
    grow = 1.0 + np.asarray(expansion_rate, float)
    return [
        _one_class(plan, new * part, came * part, people / count, keep, grow, np.asarray(price, float))
        for part in (productivity(top_share, count) if count > 1 else [1.0])
    ]


def looks_at_one_partner(plan: PayoutPlan) -> bool:
    """Return whether the terms depend on what a single partner brings in a month: tiers, caps, least amounts.

    >>> looks_at_one_partner(PayoutPlan(flat=FlatReward())), looks_at_one_partner(PayoutPlan(cap_payout=100))
    (False, True)
    """
    parts = [plan.part(kind) for kind in plan.kinds]
    tiered = any(isinstance(part, Tiered) and part.tiers != "none" for part in parts)
    limits = (plan.cap_customers, plan.cap_payout, plan.minimum_payout)
    committed = plan.wholesale.commitment if plan.wholesale else 0.0
    return tiered or any(np.any(limit) for limit in (*limits, committed))


def productivity(top_share: Any, classes: int) -> list[Any]:
    """Return the share of everything that each of equally large classes of partners brings; they sum to 1.

    Partners' results are taken to be lognormal, with the spread at which the best fifth brings `top_share`: the
    Lorenz curve of a lognormal is Φ(Φ⁻¹(p) − σ).

    >>> [round(float(part), 3) for part in productivity(0.6, 5)]
    [0.026, 0.062, 0.111, 0.2, 0.6]
    """
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 — 0.1 s that only these terms need

    normal = NormalDist()
    sigma = ndtri(np.clip(np.asarray(top_share, float), 0.2, 0.999)) - normal.inv_cdf(0.2)
    below = [0.0, *(ndtr(normal.inv_cdf(step / classes) - sigma) for step in range(1, classes)), 1.0]
    return [high - low for low, high in pairwise(below)]


def _one_class(
    plan: PayoutPlan, new: Array, leads: Array, partners: Array, keep: Array, grow: Array, price: Array
) -> Split:
    customers = accumulate(new, keep)
    sold = _Payments(plan, new, keep, grow, price, customers)
    sides = _Sides(plan, sold, new, partners)
    payouts, credit = _payouts(plan, sold, sides, new, leads, partners)
    paid, in_credit = _when_paid(plan, payouts, credit, partners)
    nothing = np.zeros((len(new), 1))
    fees = np.maximum((paid - in_credit) * plan.payout_fee, 0.0) if np.any(plan.payout_fee) else nothing
    margin = nothing if sides.revenue is sides.spend else sides.spend - sides.revenue
    return Split(new, customers, sold.listed, sides.spend, sides.revenue, margin, payouts, sides.receipts, paid, fees)


class _Payments:
    """What a class's customers pay: at list price, after the coupon, and only in their first months."""

    def __init__(self, plan: PayoutPlan, new: Array, keep: Array, grow: Array, price: Array, customers: Array) -> None:
        self.plan, self.new, self.keep, self.grow, self.price = plan, new, keep, grow, price
        growing = bool(np.any(grow != 1.0))
        self.stays = keep * grow if growing else keep
        self.listed = accumulate(new, self.stays) * price if growing else customers * price
        self.paid = self.after_coupon(new, None)

    def _listed(self, new: Array) -> Array:
        if new is self.new:
            return self.listed
        worth: Array = accumulate(new, self.stays) * self.price
        return worth

    def _first(self, new: Array, months: Any) -> Array:
        """At list price, only of customers in their first `months` months.

        Those that are older are what is left of all who were there `months` ago.
        """
        return self.of_first(self._listed(new), months)

    def of_first(self, everyone: Array, months: Any) -> Array:
        """Return the part of an amount that is of customers in their first `months` months."""
        # Rounding may leave a negative trace where every customer's months are over.
        first: Array = np.maximum(everyone - later(everyone, months) * self.stays ** np.asarray(months), 0.0)
        return first

    def after_coupon(self, new: Array, months: Any) -> Array:
        """What customers out of `new` pay in their first `months` months (None: as long as they stay)."""
        base = self._listed(new) if months is None else self._first(new, months)
        if not np.any(self.plan.coupon):
            return base
        discounted = self.plan.coupon_months if months is None else np.minimum(self.plan.coupon_months, months)
        return base - self.plan.coupon * self._first(new, discounted)

    def of_one(self, age: int, months: Any) -> Array:
        """What one customer pays in a month of its life (0 = first), if that is one of its first `months`."""
        coupon: Any = np.where(age < np.asarray(self.plan.coupon_months), self.plan.coupon, 0.0)
        within = 1.0 if months is None else np.where(age < np.asarray(months), 1.0, 0.0)
        one: Array = self.price * self.grow**age * (1 - coupon) * within
        return one


class _Sides:
    """What customers pay, what the vendor books of it, and when the vendor is paid."""

    def __init__(self, plan: PayoutPlan, sold: _Payments, new: Array, partners: Array) -> None:
        self.plan, self.sold, self.new = plan, sold, new
        self.spend = self.revenue = self.receipts = sold.paid
        if (margin := plan.margin) is not None:
            self.left = 1 - tiered(margin, margin.margin, sold.paid, new, partners)
            self.revenue = self.receipts = sold.paid * self.left
        elif (terms := plan.wholesale) is not None:
            self.cost = 1 - tiered(terms, terms.discount, sold.paid, new, partners)
            self.worth, bought = prepaid(new, sold.stays, terms.prepaid_months, sold.price)
            self.revenue, self.receipts = self.worth * self.cost, bought * self.cost
            if terms.tiers != "none":
                # The tier of a month counts for all blocks in force: what it changes is settled in the month.
                as_bought, _ = prepaid(new, sold.stays, terms.prepaid_months, sold.price * self.cost)
                self.receipts = self.receipts + self.revenue - as_bought
            self.spend = sold.paid * np.clip(terms.resale_price, terms.band_low, terms.band_high)
            if np.any(terms.commitment):
                licences, _ = prepaid(new, sold.keep, terms.prepaid_months)
                unsold = np.maximum(terms.commitment * partners - licences, 0.0) * sold.price * self.cost
                self.revenue, self.receipts = self.revenue + unsold, self.receipts + unsold

    def booked(self, new: Array, months: Any) -> Array:
        """What the vendor books of customers out of `new` in their first `months` months."""
        if self.plan.margin is not None:
            kept: Array = self.sold.after_coupon(new, months) * self.left
            return kept
        if self.plan.wholesale is None:
            return self.sold.after_coupon(new, months)
        stays, blocks = self.sold.stays, np.asarray(self.plan.wholesale.prepaid_months).astype(int)
        worth = self.worth if new is self.new else prepaid(new, stays, blocks, self.sold.price)[0]
        # Who is older is in its whole blocks of those months, and then in one that the rest of them has shortened.
        rest = np.asarray(months).astype(int) % blocks
        came = running_total(new) * self.sold.price
        shortened = came - later(came, blocks - rest) + stays**blocks * later(worth, blocks - rest)
        older = stays ** (months - rest) * later(shortened, months)
        first: Array = np.maximum(worth - older, 0.0) * self.cost
        return first

    def booked_of_one(self, age: int, months: Any) -> Any:
        """What the vendor books of one customer in a month of its life."""
        if self.plan.margin is not None:
            return self.left * self.sold.of_one(age, months)
        if self.plan.wholesale is None:
            return self.sold.of_one(age, months)
        blocks = np.asarray(self.plan.wholesale.prepaid_months)
        within = np.where(age < np.asarray(months), 1.0, 0.0)
        return self.sold.price * self.sold.grow ** (age // blocks * blocks) * self.cost * within


@dataclass(frozen=True)
class _Due:
    """What one part of a plan owes each month, and what it owes for one customer at an age (0 = its first month)."""

    amount: Array
    of_one: Callable[[int], Any]
    credit: bool = False


def _payouts(
    plan: PayoutPlan, sold: _Payments, sides: _Sides, new: Array, leads: Array, partners: Array
) -> tuple[Array, Array]:
    """What is owed for the month, capped and less clawbacks, and how much of it is credit."""
    rewarded = np.minimum(new, _cap(plan.cap_customers, partners)) if np.any(plan.cap_customers) else new
    parts = []
    if plan.percent is not None:
        parts.append(_commission(plan.percent, sold, rewarded, new, partners))
    if plan.flat is not None:
        parts.append(_reward(plan.flat, sold, rewarded, new, partners))
    if plan.lead is not None:
        parts.append(_Due(leads * plan.lead.reward, lambda age: 0.0))
    if plan.share is not None:
        parts.append(_revenue_share(plan.share, sold, sides, rewarded, new, partners))
    nothing = np.zeros((len(new), 1))
    total = reduce(np.add, [part.amount for part in parts]) if parts else nothing
    owed = total
    paid_share: Any = 1.0
    if np.any(plan.cap_payout):
        total = np.minimum(owed, _cap(plan.cap_payout, partners))
        paid_share = _ratio(total, owed)  # what a cap has cut off can't be taken back
    if plan.clawback != "none":
        total = total - _clawback(plan, rewarded, sold.keep, parts, paid_share)
    # Capped or taken back, a payout is credit in the proportion in which its earnings are.
    credited = [part.amount for part in parts if part.credit]
    if len(credited) == len(parts):
        return total, total if credited else nothing
    return total, total * _ratio(credited[0], owed) if credited else nothing


def _cap(most: Any, partners: Array) -> Array:
    """A cap a partner for all of them; 0 means none, of no partners too."""
    return np.where(np.asarray(most) > 0, np.asarray(most, float) * partners, np.inf)


def _commission(terms: PercentOfRevenue, sold: _Payments, rewarded: Array, new: Array, partners: Array) -> _Due:
    rate = tiered(terms, terms.rate, sold.paid, new, partners)
    lasting = {"first payment": 1, "lifetime": None}.get(terms.duration, terms.months)
    base = sold.after_coupon(rewarded, lasting)
    if terms.duration != "taper":
        return _Due(rate * base, lambda age: rate * sold.of_one(age, lasting))
    rest = sold.after_coupon(rewarded, None) - base

    def of_one(age: int) -> Any:
        within = sold.of_one(age, lasting)
        return rate * within + terms.later_rate * (sold.of_one(age, None) - within)

    return _Due(rate * base + terms.later_rate * rest, of_one)


def _reward(terms: FlatReward, sold: _Payments, rewarded: Array, new: Array, partners: Array) -> _Due:
    in_credit = terms.paid_in == "credit"
    worth = tiered(terms, terms.reward, sold.paid, new, partners) * (terms.redemption_rate if in_credit else 1.0)
    return _Due(rewarded * worth, lambda age: 0.0 if age else worth, in_credit)


def _revenue_share(
    terms: RevenueShare, sold: _Payments, sides: _Sides, rewarded: Array, new: Array, partners: Array
) -> _Due:
    """A share of what the vendor books of the customers, and the funds, which are set aside from all of its revenue."""
    rate = tiered(terms, terms.rate, sold.paid, new, partners)
    funds = terms.funds_rate * terms.funds_used * sides.revenue
    return _Due(
        rate * sides.booked(rewarded, terms.months) + funds, lambda age: rate * sides.booked_of_one(age, terms.months)
    )


def _clawback(plan: PayoutPlan, rewarded: Array, keep: Array, parts: Sequence[_Due], paid_share: Any) -> Array:
    """What is taken back for customers that leave in month 1 … n of their life, by what each had earned until then.

    `paid_share` is what a cap left of the month's earnings. Tiers and caps change from month to month: what a customer
    had earned is carried on with it.
    """
    window = np.asarray(plan.clawback_months)
    back: Array = np.zeros_like(rewarded)
    had: Any = 0.0
    for age in range(1, int(np.max(window)) + 1):
        had = had + paid_share * sum(part.of_one(age - 1) for part in parts)
        if np.ndim(had) == 2:
            had = later(had, 1)
        kept_for = age / window if plan.clawback == "pro rata" else 0.0
        part = np.where(age <= window, 1.0 - np.minimum(kept_for, 1.0), 0.0)
        back = back + later(rewarded, age) * keep ** (age - 1) * (1 - keep) * had * part
    return back


def _when_paid(plan: PayoutPlan, payouts: Array, credit: Array, partners: Array) -> tuple[Array, Array]:
    """Payouts, and the credit among them, in the month of payment: after the hold, once they are enough."""
    if np.any(plan.hold_days):
        hold = np.ceil(np.asarray(plan.hold_days) / 30).astype(int)
        payouts, credit = later(payouts, hold), later(credit, hold)
    if not np.any(plan.minimum_payout):
        return payouts, credit
    shape = np.broadcast_shapes(payouts.shape, credit.shape, partners.shape, np.shape(plan.minimum_payout))
    paid, in_credit = np.zeros(shape), np.zeros(shape)
    balance, credited = np.zeros(shape[1:]), np.zeros(shape[1:])
    for month in range(len(paid)):
        balance, credited = balance + payouts[month], credited + credit[month]
        enough = balance >= plan.minimum_payout * partners[month] - 1e-9
        paid[month], in_credit[month] = np.where(enough, balance, 0.0), np.where(enough, credited, 0.0)
        balance, credited = balance - paid[month], credited - in_credit[month]
    return paid, in_credit


def tiered(terms: Tiered, first: Any, revenue: Array, new: Array, partners: Array) -> Any:
    """Return the rate of each month: the first tier's where there are no tiers, else by what one partner brings.

    Three customers a partner at first, two later; from three on each is worth 600:

    >>> terms = FlatReward(tiers="whole", tier_2_from=3, tier_2_value=600, tier_3_from=0)
    >>> new, partners = np.array([[6.0], [4.0]]), np.full((2, 1), 2.0)
    >>> tiered(terms, 500.0, 100 * new, new, partners).ravel().tolist()
    [600.0, 500.0]
    """
    if terms.tiers == "none":
        return first
    brought = _ratio(revenue if terms.tier_by == "revenue" else new, partners)
    return rate_at(terms, first, brought)


def rate_at(terms: Tiered, first: Any, brought: Array) -> Array:
    """Return the average rate at what a partner brings in a month.

    `brought` is revenue or new customers, as `terms.tier_by` says. A published example with four bands is a test.

    10 % of the first 200 and 20 % of the other 100 are 40 of 300:

    >>> terms = PercentOfRevenue(tiers="marginal", tier_2_from=200, tier_2_value=0.2, tier_3_from=0)
    >>> rate_at(terms, 0.1, np.array([300.0])).round(4).tolist()
    [0.1333]
    """
    starts, values = [np.zeros(1)], [np.asarray(first, float)]
    for tier in (2, 3, 4):
        start = np.asarray(getattr(terms, f"tier_{tier}_from"), float)
        begins = places_below(start) if terms.tiers == "marginal" and terms.tier_by == "customers" else start
        starts.append(np.maximum(np.where(start > 0, begins, np.inf), starts[-1]))
        values.append(np.asarray(getattr(terms, f"tier_{tier}_value"), float))
    if terms.tiers == "whole":
        rate = values[0] * np.ones_like(brought)
        for start, value in zip(starts[1:], values[1:], strict=True):
            # Classes of partners are shares of a whole: three customers may be a rounding below three.
            rate = np.where(brought * (1 + 1e-9) >= start, value, rate)
        return rate
    paid: Array = np.zeros_like(brought)
    for start, end, value in zip(starts, [*starts[1:], np.full(1, np.inf)], values, strict=True):
        inside = np.maximum(np.minimum(brought, end) - start, 0.0)
        paid = paid + np.where(inside > 0, inside, 0.0) * value
    return np.where(brought > 0, paid / np.where(brought > 0, brought, 1.0), values[0])


def places_below(start: Any) -> Array:
    """Return how many customers of a month are below a tier that begins with the customer `start`.

    >>> places_below([3, 2.5, 0.5]).tolist()
    [2.0, 2.0, 0.0]
    """
    below: Array = np.maximum(np.ceil(np.asarray(start, float)) - 1, 0.0)
    return below


def _ratio(part: Array, whole: Array) -> Array:
    """Part ÷ whole, 0 where there is no whole."""
    there = np.abs(whole) > 1e-200  # what is smaller is rounding, and would overflow
    return np.where(there, part / np.where(there, whole, 1.0), 0.0)


def left(customers: Array, new: Array) -> Array:
    """Return the customers that left at the start of each month, months × draws.

    >>> left(np.array([[3.0], [4.0]]), np.array([[3.0], [2.0]])).ravel().tolist()
    [0.0, 1.0]
    """
    gone = np.zeros(np.broadcast_shapes(customers.shape, new.shape))
    gone[1:] = np.maximum(customers[:-1] + new[1:] - customers[1:], 0.0)  # rounding may leave a negative trace
    return gone


def accumulate(inflow: Array, keep: Any, start: Any = 0.0) -> Array:
    """Stock of each month: what was kept of last month's, and the inflow; `start` is there before. months × draws.

    >>> accumulate(np.array([[8.0], [0.0], [4.0]]), 0.5).ravel().tolist()
    [8.0, 4.0, 6.0]
    """
    stock = np.empty((len(inflow), *np.broadcast_shapes(inflow.shape[1:], np.shape(keep), np.shape(start))))
    stock[0] = inflow[0] + start
    for before, now, arriving in zip(stock, stock[1:], inflow[1:], strict=False):
        np.multiply(before, keep, out=now)
        np.add(now, arriving, out=now)
    return stock


def later(series: Array, months: Any) -> Array:
    """Return the series `months` later, for all draws or one number a draw: nothing comes before.

    >>> later(np.array([[1.0], [2.0], [3.0]]), 1).ravel().tolist()
    [0.0, 1.0, 2.0]
    """
    by = np.array(months, np.int64, ndmin=1)
    if by.size == 1:
        moved = np.zeros_like(series)
        moved[by[0] :] = series[: max(len(series) - by[0], 0)]
        return moved
    moved = np.zeros((len(series), by.size))
    flat = np.broadcast_to(series, moved.shape).ravel()
    column = np.arange(by.size)
    # Flat positions, row by row: an eighth of the time that take_along_axis needs.
    for month, now in enumerate(moved):
        np.copyto(now, flat.take(column + (month - by) * by.size, mode="clip"), where=by <= month)
    return moved


def running_total(series: Array) -> Array:
    """Sum of each month and all before it. Row by row, which takes a quarter of NumPy's `cumsum` over months.

    >>> running_total(np.array([[1.0], [2.0], [3.0]])).ravel().tolist()
    [1.0, 3.0, 6.0]
    """
    total = np.empty(series.shape)
    total[0] = series[0]
    for before, now, more in zip(total, total[1:], series[1:], strict=False):
        np.add(before, more, out=now)
    return total


def prepaid(new: Array, stays: Array, blocks: Any, cost: Any = 1.0) -> tuple[Array, Array]:
    """Return what prepaid blocks in force are worth each month, and those bought in it, at the `cost` of one.

    `blocks` months are bought at once, at the cost of that month. Who renews is what is left of those who did `blocks`
    months ago, and the new customers; `stays` is what is left of one after a month, what it has grown by included: that
    is bought when it renews.

    A block of two months at 50 a month, bought in the first and the third month:

    >>> worth, bought = prepaid(np.array([[1.0], [0.0], [0.0]]), np.ones(1), 2, 50.0)
    >>> worth.ravel().tolist(), bought.ravel().tolist()
    ([50.0, 50.0, 50.0], [100.0, 0.0, 100.0])
    """
    blocks, left = np.asarray(blocks).astype(int), stays ** np.asarray(blocks)
    renewing = np.empty((len(new), *np.broadcast_shapes(new.shape[1:], left.shape)))
    column = np.arange(renewing.shape[1])
    for month, arriving in enumerate(new):
        before = month - blocks
        if blocks.size == 1:
            last = renewing[int(before.reshape(-1)[0])] if (before >= 0).all() else 0.0
        else:
            last = np.where(before >= 0, renewing[np.maximum(before, 0), column], 0.0)
        np.multiply(last, left, out=renewing[month])
        renewing[month] += arriving
    worth = renewing * cost
    so_far = running_total(worth)
    return so_far - later(so_far, blocks), worth * blocks
