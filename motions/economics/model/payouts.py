"""Who gets what of the customers' payments under a plan: expected values, month by month.

Only what counts for each customer by itself is here: rates, months, coupon, margin, prepaid licences, a dated bonus,
what is taken back and the hold. What looks at a partner's month, tiers, caps, least amounts, commitments, milestones
and balances, is in `histories`.
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

from motions.economics.inputs.terms import (
    FOR_CUSTOMERS,
    Array,
    Bonus,
    Milestones,
    PayoutPlan,
    PercentOfRevenue,
    Rebate,
    Terms,
    Tiered,
    in_credit,
    redeemed,
)
from motions.economics.model.periods import dated


@dataclass(frozen=True)
class Split:
    """Who gets what of the customers' payments: each array is months × draws, money per month.

    Always `spend == vendor_revenue + partner_margin + distributor`, and partners earn `partner_margin + payouts`.
    """

    new: Array
    """customers that pay for the first time"""
    customers: Array
    """customers active in the month, new ones included"""
    listed: Array
    """what the customers' licences are worth at list price, which the cost of revenue is a share of"""
    priced: Array
    """the same at the price of how each customer pays, by the month or a year at once, before a coupon"""
    spend: Array
    """what end customers pay"""
    vendor_revenue: Array
    """what the vendor books: spend less the margins that partners and a distributor keep"""
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
    marketplace: Array
    """what the marketplace keeps of what customers pay"""
    distributor: Array
    """what a distributor keeps of what resellers pay, before the vendor sees it"""
    friend: Array
    """what customers get themselves as credit, less what is taken back: a cost of the vendor, and no partner's"""

    @property
    def churned(self) -> Array:
        """Customers that left at the start of the month: who was there, and came, and is not."""
        return left(self.customers, self.new)


@dataclass(frozen=True)
class Arrivals:
    """What comes in each month, each months × draws (or × 1)."""

    recruited: Array
    active: Array
    ramped: Array
    leads: Array
    new: Array


def first_months(came: Arrivals, months: int) -> Arrivals:
    """Return the arrivals of the first months only.

    >>> came = Arrivals(*(np.ones((3, 1)) for _ in fields(Arrivals)))
    >>> first_months(came, 2).new.ravel().tolist()
    [1.0, 1.0]
    """
    return Arrivals(*(getattr(came, one.name)[:months] for one in fields(came)))


def begun_later(series: Array, late: int, months: int) -> Array:
    """Return a series that begins so many months later, nothing before, cut or lengthened to `months`.

    >>> begun_later(np.array([[1.0], [2.0]]), 1, 2).ravel().tolist()
    [0.0, 1.0]
    """
    there = series[: max(months - late, 0)]
    found = np.zeros((months, *series.shape[1:]))
    found[late : late + len(there)] = there
    return found


def split(
    terms: Terms,
    new: Array,
    churn_rate: Any,
    price: Any,
    *,
    expansion_rate: Any = 0.0,
    leads: Array | None = None,
    owner_keep: Any = 1.0,
    worth: Any = 1.0,
) -> Split:
    """Follow new customers until the last month and split what they pay, under the plain terms (`histories.plain`).

    `new`: months × draws, new customers a month, paying from that month. `churn_rate`: share of last month's customers
    that leaves. `price`: list price a month. `expansion_rate`: growth of what a staying customer pays. `leads`: months
    × draws; without them nobody is paid for leads. `owner_keep`: only customers whose partner has not stopped are
    followed, of which this share remains each month. `worth`: months × draws, what one that arrives pays against the
    price, where `new` is counted in customers that pay it. No errors of its own.

    Half of two customers stays for the second month; of each payment of 100 the partner has 20:

    >>> found = split(PercentOfRevenue(rate=0.2), np.array([[2.0], [0.0]]), 0.5, 100.0)
    >>> found.spend.ravel().tolist(), found.payouts.ravel().tolist()
    ([200.0, 100.0], [40.0, 20.0])
    """
    plan = PayoutPlan.of(terms)
    if is_dated(plan):
        rest = {"expansion_rate": expansion_rate, "owner_keep": owner_keep, "worth": worth}
        return together(by_date(plan, new), leads, lambda own, some, came: split(
            own, some, churn_rate, price, leads=came, **rest
        ))  # fmt: skip
    came = np.zeros((len(new), 1)) if leads is None else leads
    staying, owner = 1.0 - np.asarray(churn_rate, float), np.asarray(owner_keep, float)
    keep = staying * owner if np.any(owner != 1.0) else staying
    customers = accumulate(new, keep)
    sold = _Payments(plan, new, keep, 1.0 + np.asarray(expansion_rate, float), np.asarray(price, float), customers)
    sides = _Sides(plan, sold, new)
    leaves = (1 - staying) * owner
    payouts, credit = _payouts(plan, sold, sides, new, came, leaves, worth)
    if np.any(plan.override):
        payouts = payouts + plan.override * sold.paid
    hold = plan.hold_months
    paid, in_credit = (later(payouts, hold), later(credit, hold)) if np.any(hold) else (payouts, credit)
    nothing = friend = np.zeros((len(new), 1))
    if np.any(plan.friend):
        friend = plan.friend * _payouts(for_customers(plan), sold, sides, new, came, leaves, worth)[0]
    fees = np.maximum((paid - in_credit) * plan.payout_fee, 0.0) if np.any(plan.payout_fee) else nothing
    between = to_distributor(plan, sides.revenue)
    margin = nothing if sides.revenue is sides.spend else sides.spend - sides.revenue - between
    return Split(
        new, customers, sold.listed, sold.listed, sides.spend, sides.revenue, margin, payouts, sides.receipts, paid,
        fees, sides.spend * plan.marketplace_fee if np.any(plan.marketplace_fee) else nothing, between, friend,
    )  # fmt: skip


def for_customers(plan: PayoutPlan) -> PayoutPlan:
    """Return the plan with what it pays for single customers alone, of which these may get a share themselves.

    >>> from motions.economics.inputs.terms import FlatReward, LeadReward
    >>> for_customers(PayoutPlan(lead=LeadReward(), flat=FlatReward(), cap_per_customer=100)).kinds
    ('flat',)
    """
    others: dict[str, Any] = {kind: None for kind in plan.kinds if kind not in (*FOR_CUSTOMERS, "margin", "wholesale")}
    share = plan.share and plan.share.model_copy(update={"funds_rate": 0.0})
    return plan.model_copy(update=others | {"share": share, "cap_per_customer": 0.0})


def to_distributor(plan: PayoutPlan, vendor_revenue: Array) -> Array:
    """Return what a distributor keeps beside what the vendor books, which is the rest of what resellers pay.

    >>> from motions.economics.inputs.terms import PartnerMargin
    >>> to_distributor(PayoutPlan(margin=PartnerMargin(distributor_margin=0.1)), np.array([[72.0]])).round(9).item()
    8.0
    """
    part = np.asarray(plan.distributor, float)
    if not np.any(part):
        return np.zeros((len(vendor_revenue), 1))
    kept: Array = vendor_revenue * (part / (1 - part))
    return kept


def added(*parts: Split) -> Split:
    """Return what customers of all parts pay, and who gets it.

    >>> half = split(PercentOfRevenue(rate=0.2), np.ones((1, 1)), 0.0, 50.0)
    >>> added(half, half).spend.item(), added(half, half).payouts.item()
    (100.0, 20.0)
    """
    return Split(*(reduce(np.add, [getattr(part, one.name) for part in parts]) for one in fields(Split)))


def is_dated(plan: PayoutPlan) -> bool:
    """Return whether a plan pays a bonus for the customers of some months, and not for those of others.

    >>> from motions.economics.inputs.terms import Bonus
    >>> is_dated(PayoutPlan(bonus=Bonus())), is_dated(PayoutPlan())
    (True, False)
    """
    return plan.bonus is not None and bool(np.any(plan.bonus.from_month))


def by_date(plan: PayoutPlan, new: Array, since: int = 0) -> list[tuple[PayoutPlan, Array]]:
    """Return new customers, months × draws, by whether they are won for a dated bonus, with the plan that is theirs.

    In it the bonus, where there is one, is for all of them: its first month is 0. `since`: so many months are before
    the program's first, in which nobody is won for it.

    >>> from motions.economics.inputs.terms import Bonus
    >>> parts = by_date(PayoutPlan(bonus=Bonus(from_month=2)), np.ones((3, 1)))
    >>> [(plan.bonus is None, some.ravel().tolist()) for plan, some in parts]
    [(True, [1.0, 0.0, 0.0]), (False, [0.0, 1.0, 1.0])]
    """
    if not is_dated(plan) or plan.bonus is None:
        return [(plan, new)]
    inside = dated(plan.bonus, len(new), since)
    without, with_it = (
        plan.model_copy(update={"bonus": one}) for one in (None, plan.bonus.model_copy(update={"from_month": 0}))
    )
    groups = [(without, new * (1 - inside)), (with_it, new * inside)]
    return [(own, some) for own, some in groups if some.any()] or groups[:1]


def together(
    groups: Sequence[tuple[PayoutPlan, Array]],
    leads: Array | None,
    of_one: Callable[[PayoutPlan, Array, Array | None], Split],
) -> Split:
    """Return the split of all groups of `by_date`; leads are counted once.

    >>> from motions.economics.inputs.terms import Bonus
    >>> groups = by_date(PayoutPlan(bonus=Bonus(reward=50, to_month=1)), np.ones((2, 1)))
    >>> together(groups, None, lambda plan, new, leads: split(plan, new, 1.0, 100.0)).payouts.ravel().tolist()
    [50.0, 0.0]
    """
    return added(*(of_one(own, some, None if at else leads) for at, (own, some) in enumerate(groups)))


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

    def __init__(self, plan: PayoutPlan, sold: _Payments, new: Array) -> None:
        self.plan, self.sold, self.new = plan, sold, new
        self.spend = self.revenue = self.receipts = sold.paid
        if (margin := plan.margin) is not None:
            self.left = (1 - np.asarray(margin.margin)) * (1 - plan.distributor)
            self.revenue = self.receipts = sold.paid * self.left
        elif (terms := plan.wholesale) is not None:
            self.cost = (1 - np.asarray(terms.discount)) * (1 - plan.distributor)
            self.worth, bought = prepaid(new, sold.stays, terms.prepaid_months, sold.price)
            self.revenue, self.receipts = self.worth * self.cost, bought * self.cost
            self.spend = sold.paid * np.clip(terms.resale_price, terms.band_low, terms.band_high)

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
    credit: Array | None = None
    """what of the amount is credit, where some is; that of one customer is all of it then"""
    reward: bool = False
    """whether it is no share of what the customer pays"""


def _payouts(
    plan: PayoutPlan, sold: _Payments, sides: _Sides, new: Array, leads: Array, leaves: Any, each: Any
) -> tuple[Array, Array]:
    """What is owed for the month less clawbacks, and how much of it is credit. `leaves`: share of customers a month."""
    parts = _parts(plan, sold, sides, new, leads)
    nothing = np.zeros((len(new), 1))
    total = reduce(np.add, [part.amount for part in parts]) if parts else nothing
    credited = [part for part in parts if part.credit is not None]
    credit = reduce(np.add, [part.credit for part in credited if part.credit is not None]) if credited else nothing
    most = cap_of(plan) / each if np.any(plan.cap_per_customer) else None
    if most is not None:
        total = total - _beyond(most, new, sold.keep, parts)
    if plan.clawback != "none":
        total = total - _clawback(plan, new, sold.keep, leaves, parts, most)
        credit = credit - _clawback(plan, new, sold.keep, leaves, credited) if credited else nothing
    wholly = bool(parts) and all(part.credit is part.amount for part in parts)
    return total, total if wholly else credit


def _parts(plan: PayoutPlan, sold: _Payments, sides: _Sides, new: Array, leads: Array) -> list[_Due]:
    parts = []
    if (percent := plan.percent) is not None:
        parts.append(_commission(percent, sold, new))
    if (flat := plan.flat) is not None:
        worth = np.asarray(flat.reward, float) * redeemed(flat)
        given = new * worth
        parts.append(_Due(given, lambda age: 0.0 if age else worth, given if in_credit(flat) else None, True))
    if plan.bonus is not None:
        parts += _dated_bonus(plan.bonus, sold, new)
    if (lead := plan.lead) is not None:
        earned = leads * (lead.reward * redeemed(lead))
        parts.append(_Due(earned, lambda age: 0.0, earned if in_credit(lead) else None))
    if (share := plan.share) is not None:
        funds, rate = share.funds_rate * share.funds_used * sides.revenue, share.rate * redeemed(share)
        of_one: Callable[[int], Any] = lambda age: rate * sides.booked_of_one(age, share.months)  # noqa: E731
        shared = rate * sides.booked(new, share.months)
        parts.append(_Due(shared + funds, of_one, shared if in_credit(share) else None))
    return parts


def _dated_bonus(bonus: Bonus, sold: _Payments, new: Array) -> list[_Due]:
    """The amount of a bonus, and its share of the first payment, for all new customers."""
    used = redeemed(bonus)
    reward, first = np.asarray(bonus.reward, float) * used, bonus.rate * sold.of_one(0, None) * used
    given, of_payment = new * reward, new * first
    credit = in_credit(bonus)
    return [
        _Due(given, lambda age: 0.0 if age else reward, given if credit else None, True),
        _Due(of_payment, lambda age: 0.0 if age else first, of_payment if credit else None),
    ]


def refunded_below_the_most(
    plan: PayoutPlan, new: Array, churn_rate: Any, price: Any, part: Any, *, expansion_rate: Any = 0.0,
    owner_keep: Any = 1.0, worth: Any = 1.0,
) -> Array:  # fmt: skip
    """Return what is taken back of each month's payouts if a part of all its payments is refunded, under a most per
    customer; see `split`.

    What a customer may still earn in a month is the most less what it earned before, refunded or not. A reward goes
    with a first payment that is refunded in full.

    20 % of 100 a month are 20, 20 and 10 of a most of 50; of half a payment 10, 10 and 10:

    >>> plan = PayoutPlan(percent=PercentOfRevenue(rate=0.2), cap_per_customer=50)
    >>> one = np.array([[1.0], [0.0], [0.0], [0.0]])
    >>> refunded_below_the_most(plan, one, 0.0, 100.0, 0.5).ravel().tolist()
    [10.0, 10.0, 0.0, 0.0]
    """
    keep = (1.0 - np.asarray(churn_rate, float)) * np.asarray(owner_keep, float)
    grow, nothing = 1.0 + np.asarray(expansion_rate, float), np.zeros((len(new), 1))
    sold = _Payments(plan, new, keep, grow, np.asarray(price, float), accumulate(new, keep))
    parts = _parts(plan.model_copy(update={"lead": None}), sold, _Sides(plan, sold, new), new, nothing)
    rewards = [one for one in parts if one.reward]
    most: Any = cap_of(plan) / worth
    had: Any = 0.0
    back: Array = np.zeros_like(new)
    for age in range(len(new)):
        room = np.maximum(most - had, 0.0)
        if not room.any():
            break
        line, reward = (sum(one.of_one(age) for one in some) for some in (parts, rewards))
        rest = (line - reward) * (1 - np.asarray(part)) + reward * (np.asarray(part) < 1)
        back = back + later(new * (np.minimum(line, room) - np.minimum(rest, room)), age) * keep**age
        had = had + line
    return back


def cap_of(plan: PayoutPlan) -> Array:
    """Return the most that one customer earns its partner; without end where there is no cap.

    >>> cap_of(PayoutPlan(cap_per_customer=50)).item(), cap_of(PayoutPlan()).item()
    (50.0, inf)
    """
    cap = np.asarray(plan.cap_per_customer, float)
    return np.where(cap > 0, cap, np.inf)


def _beyond(most: Any, new: Array, keep: Array, parts: Sequence[_Due]) -> Array:
    """What customers would have earned beyond the most that one earns, in each month, by what each had until then."""
    beyond: Array = np.zeros_like(new)
    had: Any = 0.0
    for age in range(len(new)):
        now = had + sum(part.of_one(age) for part in parts)
        cut = np.maximum(now - most, 0.0) - np.maximum(had - most, 0.0)
        had = now
        if np.any(cut):
            beyond = beyond + later(new * cut, age) * keep**age
    return beyond


def _commission(terms: PercentOfRevenue, sold: _Payments, new: Array) -> _Due:
    lasting = {"first payment": 1, "lifetime": None}.get(terms.duration, terms.months)
    base, used = sold.after_coupon(new, lasting), redeemed(terms)
    rate, later_rate, last_rate = (one * used for one in (terms.rate, terms.later_rate, terms.last_rate))
    if terms.duration != "taper":
        amount = rate * base
        return _Due(amount, lambda age: rate * sold.of_one(age, lasting), amount if in_credit(terms) else None)
    until = second_ends(terms, len(new))
    second, everything = sold.after_coupon(new, until), sold.after_coupon(new, None)

    def of_one(age: int) -> Any:
        first, two, whole = (sold.of_one(age, months) for months in (lasting, until, None))
        return rate * first + later_rate * (two - first) + last_rate * (whole - two)

    amount = rate * base + later_rate * (second - base) + last_rate * (everything - second)
    return _Due(amount, of_one, amount if in_credit(terms) else None)


def second_ends(terms: PercentOfRevenue, months: int) -> Any:
    """Return how many months of a customer the first and the second commission are paid for; None: all of them.

    Of several draws one that has no end has it after the last of the `months` that are looked at.

    >>> taper = PercentOfRevenue(duration="taper", months=12)
    >>> second_ends(taper, 36), second_ends(taper.model_copy(update={"later_months": 6}), 36)
    (None, 18)
    """
    more = np.asarray(terms.later_months)
    if not np.any(more):
        return None
    ends = np.where(more > 0, np.asarray(terms.months) + more, months + 1)
    return ends if ends.ndim else int(ends)


def _clawback(plan: PayoutPlan, new: Array, keep: Array, leaves: Any, parts: Sequence[_Due], most: Any = None) -> Array:
    """What is taken back for customers that leave in month 1 … n of their life, by what each had earned until then."""
    window = np.asarray(plan.clawback_months)
    back: Array = np.zeros_like(new)
    had: Any = 0.0
    for age in range(1, int(np.max(window)) + 1):
        had = had + sum(part.of_one(age - 1) for part in parts)
        kept_for = age / window if plan.clawback == "pro rata" else 0.0
        part = np.where(age <= window, 1.0 - np.minimum(kept_for, 1.0), 0.0)
        if most is None:
            back = back + later(new, age) * keep ** (age - 1) * leaves * had * part
        else:
            back = back + later(new * np.minimum(had, most), age) * keep ** (age - 1) * leaves * part
    return back


def rate_at(terms: Tiered, first: Any, brought: Array, before: Any = 0.0) -> Array:
    """Return the average rate of a month at what a partner brings in it.

    `brought` is revenue or customers, as `terms.tier_by` says, and `before` what the months before it brought in the
    time that tiers are counted over. A published example with four bands is a test.

    10 % of the first 200 and 20 % of the other 100 are 40 of 300:

    >>> terms = PercentOfRevenue(tiers="marginal", tier_2_from=200, tier_2_value=0.2, tier_3_from=0)
    >>> rate_at(terms, 0.1, np.array([300.0])).round(4).tolist()
    [0.1333]

    From the third customer on each is worth 600, and all of them under whole tiers:

    >>> from motions.economics.inputs.terms import FlatReward
    >>> tiers = {"tier_by": "customers", "tier_2_from": 3, "tier_2_value": 600, "tier_3_from": 0}
    >>> [rate_at(FlatReward(tiers=kind, **tiers), 500.0, np.array([4.0])).item() for kind in ("marginal", "whole")]
    [550.0, 600.0]

    The third and fourth customer of a year in which there were two:

    >>> rate_at(FlatReward(tiers="marginal", tier_period="year", **tiers), 500.0, np.array([2.0]), 2.0).item()
    600.0
    """
    starts, values = [np.zeros(1)], [np.asarray(first, float)]
    for tier in (2, 3, 4):
        start = np.asarray(getattr(terms, f"tier_{tier}_from"), float)
        begins = places_below(start) if terms.tiers == "marginal" and terms.tier_by != "revenue" else start
        starts.append(np.maximum(np.where(start > 0, begins, np.inf), starts[-1]))
        values.append(np.asarray(getattr(terms, f"tier_{tier}_value"), float))
    so_far = brought if np.ndim(before) == 0 and not before else before + brought
    if terms.tiers != "marginal":
        return _reached(starts, values, so_far)
    if so_far is not brought:
        return _rate_of_places(starts, values, before, so_far)
    paid: Array = np.zeros_like(brought)
    for start, end, value in zip(starts, [*starts[1:], np.full(1, np.inf)], values, strict=True):
        inside = np.maximum(np.minimum(brought, end) - start, 0.0)
        paid = paid + np.where(inside > 0, inside, 0.0) * value
    # Below the second tier the rate is the first, and no rounding of it.
    return np.where(brought > starts[1], paid / np.where(brought > 0, brought, 1.0), values[0] * np.ones_like(brought))


def _reached(starts: Sequence[Array], values: Sequence[Array], brought: Any) -> Array:
    """The rate of the last tier that is reached."""
    rate: Array = values[0] * np.ones_like(brought)
    for start, value in zip(starts[1:], values[1:], strict=True):
        # What is grown and added up may be a rounding below the amount where the tier begins.
        rate = np.where(brought * (1 + 1e-9) >= start, value, rate)
    return rate


def rebate_of(terms: Rebate, brought: Array) -> Array:
    """Return the rebate on what a partner's customers paid in a quarter or a year.

    >>> steps = Rebate(rate=0.05, step_1_from=100, step_2_from=200, step_2_value=0.1)
    >>> rebate_of(steps, np.array([90.0, 100.0, 300.0])).tolist()
    [0.0, 5.0, 30.0]
    """
    starts = [np.asarray(start, float) for start, _ in terms.steps]
    later_on = [np.maximum(np.where(start > 0, start, np.inf), starts[1]) for start in starts[2:]]
    rate = _reached([*starts[:2], *later_on], [np.asarray(value, float) for _, value in terms.steps], brought)
    return rate * brought


def milestones_of(terms: Milestones, brought: Array) -> Array:
    """Return what is paid in each month for milestones, once each, from what was brought until then; months × any.

    >>> one = Milestones(milestone_1_at=2, milestone_1_value=50)
    >>> milestones_of(one, np.array([[1.0], [2.0], [1.0], [3.0]])).ravel().tolist()
    [0.0, 50.0, 0.0, 0.0]
    """
    most = np.maximum.accumulate(brought, axis=0)
    paid: Array = np.zeros(most.shape)
    for start, value in terms.steps:
        at = np.asarray(start, float)
        # What is grown and added up may be a rounding below.
        reached = most * (1 + 1e-9) >= np.where(at > 0, at, np.inf)
        paid[0] += np.where(reached[0], value, 0.0)
        paid[1:] += np.where(reached[1:] & ~reached[:-1], value, 0.0)
    return paid


def _rate_of_places(starts: Sequence[Array], values: Sequence[Array], before: Any, so_far: Array) -> Array:
    """The average rate of what lies between two sums; of nothing that of what would come next."""
    paid: Array = np.zeros_like(so_far)
    for start, end, value in zip(starts, [*starts[1:], np.full(1, np.inf)], values, strict=True):
        paid = paid + np.maximum(np.minimum(so_far, end) - np.maximum(before, np.minimum(start, 1e300)), 0.0) * value
    brought = so_far - before
    there = brought > 1e-9 * np.abs(so_far)
    following = np.where(before > 0, _reached(starts, values, before), values[0])
    return np.where(there, paid / np.where(there, brought, 1.0), following)


def places_below(start: Any) -> Array:
    """Return how many customers of a month are below a tier that begins with the customer `start`.

    >>> places_below([3, 2.5, 0.5]).tolist()
    [2.0, 2.0, 0.0]
    """
    below: Array = np.maximum(np.ceil(np.asarray(start, float)) - 1, 0.0)
    return below


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
