"""What a plan pays single partners, each by its own months: the terms of `statement`, for months × lanes of `lanes`.

In whole units and not rounded; a test holds each lane against the statement, to the cent.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motions.economics.inputs.terms import (
    Array,
    Bonus,
    ByCustomer,
    Milestones,
    PayoutPlan,
    PercentOfRevenue,
    Tiered,
    redeemed,
)
from motions.economics.model.lanes import Ints, Lanes, Refunds
from motions.economics.model.payers import YEAR, Payers, rate_for
from motions.economics.model.payouts import cap_of, later, milestones_of, rate_at, rebate_of, second_ends
from motions.economics.model.periods import before, counts, dated, first_month, last_months

Key = tuple[str, str]
"""what is counted, and over which time"""
_PAYING = (("percent", "percent"), ("flat", "rewards"), ("share", "share"))
"""the parts that pay for customers, and what each is a rate of"""


def _rewarded(plan: PayoutPlan, lanes: Lanes) -> NDArray[np.bool_] | None:
    """Customers that are rewarded: the first of a month, up to the cap; none said where all are."""
    if not np.any(plan.cap_customers):
        return None
    most = lanes.at_lane(plan.cap_customers)
    inside: NDArray[np.bool_] = (lanes.place < np.floor(most)) | (np.asarray(most) <= 0)
    return inside


@dataclass(frozen=True)
class _Bases:
    """What the parts of a plan are a rate of, each months × lanes, and what tiers are counted by."""

    revenue: Any
    customers: Any
    percent: Any
    after: Any
    """payments after the months of a taper"""
    last: Any
    """payments after its second commission"""
    rewards: Any
    share: Any
    fixed: Any
    """leads, funds and milestones: no single customer's"""
    for_leads: Any = 0.0
    """what of these is for leads"""
    active: Any = 0.0
    """customers that pay in the month, where tiers or milestones are counted by them"""
    before: Mapping[Key, Any] = field(default_factory=dict)
    """what of these the months before brought in the same time"""
    running: Any = 1.0
    """where payouts go on"""
    ends: Any = 0.0
    """months × 1: whether a rebate is due in the month"""
    dated: Any = 0.0
    """customers won in the months of a bonus"""
    dated_paid: Any = 0.0
    """what these pay first"""
    once: Any = 0.0
    """what of what is no single customer's is for milestones"""

    def of(self, name: str) -> Any:
        """What is counted, by the word that terms have for it."""
        return self.active if name == "active customers" else getattr(self, name)

    def less(self, other: "_Bases") -> "_Bases":
        """The same without some customers."""
        sums = {name: getattr(self, name) - getattr(other, name) for name in _SUMS}
        return replace(self, **sums, before={key: one - other.before[key] for key, one in self.before.items()})


_SUMS = (
    "revenue", "customers", "percent", "after", "last", "rewards", "share", "fixed", "active", "dated", "dated_paid",
)  # fmt: skip


def _counted(plan: PayoutPlan) -> list[Key]:
    """What has to be known of the months before, of the customers that payouts are for."""
    found: list[Key] = []
    for kind, base in _PAYING:
        part = getattr(plan, kind)
        found += counts(part)
        found += [(base, part.counted_over)] if part is not None and part.rated_again else []
    found += [("revenue", plan.rebate.over)] if plan.rebate is not None else []
    if (once := plan.milestones) is not None and once.counted_over == "total":
        found.append((once.milestone_by, "total"))
    return list(dict.fromkeys(found))


def _active(lanes: Lanes, *parts: Tiered | None, once: Milestones | None = None) -> Any:
    asked = any(part is not None and part.tiers != "none" and part.tier_by == "active customers" for part in parts)
    return lanes.there if asked or (once and once.milestone_by == "active customers") else 0.0


def _bases(plan: PayoutPlan, lanes: Lanes, sides: "_Sides", gone: "_Gone | None" = None) -> _Bases:
    who = _rewarded(plan, lanes)
    percent: Any = 0.0
    after: Any = 0.0
    last: Any = 0.0
    rewards: Any = 0.0
    share: Any = 0.0
    fixed: Any = 0.0
    for_leads: Any = 0.0
    if (terms := plan.percent) is not None:
        percent = after = lanes.payments(plan, who, _lasting(terms))
        if (times := _by_customer(terms, terms.rate, lanes)) is not None:
            percent = lanes.payments(plan, who, _lasting(terms), times)
        if terms.duration == "taper":
            second = lanes.payments(plan, who, until := second_ends(terms, lanes.months))
            after = second - after
            last = 0.0 if until is None else lanes.payments(plan, who, None) - second
    if (flat := plan.flat) is not None:
        times = _by_customer(flat, flat.reward, lanes)
        rewards = lanes.new if who is None and times is None else _won(lanes, who, times)
    if (shared := plan.share) is not None:
        share = sides.booked(who, shared.months)
        arrived = sides.revenue if plan.wholesale is not None else sides.receipts
        fixed = shared.funds_rate * shared.funds_used * arrived
    if plan.lead is not None:
        for_leads = plan.lead.reward * redeemed(plan.lead) * lanes.leads
        fixed = fixed + for_leads
    running: Any = 1.0
    if plan.payouts_end == "with the partnership":
        running = lanes.active
        percent, after, last, rewards, share, fixed, for_leads = (
            part * lanes.active for part in (percent, after, last, rewards, share, fixed, for_leads)
        )  # fmt: skip
    active = _active(lanes, plan.percent, plan.flat, plan.share, once=plan.milestones)
    ends = last_months(lanes.months, plan.rebate.over, lanes.since)[:, None] if plan.rebate is not None else 0.0
    found = _Bases(
        sides.paid, lanes.new, percent, after, last, rewards, share, fixed, for_leads, active, {}, running, ends
    )  # fmt: skip
    if plan.bonus is not None:
        found = _with_bonus(found, plan, plan.bonus, lanes, who)
    found = replace(found, before=_before(found, _counted(plan), lanes, gone))
    if plan.milestones is not None:  # what is paid for these stays as it is, whoever is taken back later
        once = _reached(plan.milestones, found) * redeemed(plan.milestones) * running
        found = replace(found, fixed=found.fixed + once, once=once)
    return found


def _with_bonus(
    bases: _Bases, plan: PayoutPlan, bonus: Bonus, lanes: Lanes, who: NDArray[np.bool_] | None
) -> _Bases:  # fmt: skip
    """The same with the customers that are won in the months of a bonus, and what these pay first."""
    inside = dated(bonus, lanes.months, lanes.since) * bases.running
    won = lanes.new if who is None else _won(lanes, who, None)
    return replace(bases, dated=won * inside, dated_paid=lanes.payments(plan, who, 1) * inside)


def _reached(terms: Milestones, bases: _Bases) -> Array:
    """What is paid for milestones in each month, by what there is in it of those who had not left by then."""
    earlier = bases.before.get((terms.milestone_by, terms.counted_over), 0.0)
    return milestones_of(terms, np.broadcast_to(bases.of(terms.milestone_by) + earlier, bases.revenue.shape))


def _before(bases: _Bases, keys: list[Key], lanes: Lanes, gone: "_Gone | None" = None) -> dict[Key, Array]:
    """What the months before each brought in the same time; who was taken back since counts no more."""
    found = {}
    for name, period in keys:
        each = np.broadcast_to(bases.of(name), bases.revenue.shape)
        first = first_month(lanes.months, period, lanes.since)
        found[name, period] = before(each, first, None if gone is None else gone.in_month(name, first))
    return found


def _won(lanes: Lanes, who: NDArray[np.bool_] | None, times: Array | None) -> Array:
    """New customers of each month, those that are asked for; each counts so many `times`."""
    some: Any = slice(None) if who is None else who
    at = lanes.began[some] * lanes.size + lanes.lane[some]
    many = np.broadcast_to(lanes.many(some), len(at)) * (1.0 if times is None else times[some])
    found: Array = np.bincount(at, many, lanes.new.size).astype(np.float64)
    return found.reshape(lanes.new.shape)


def _by_customer(part: ByCustomer, first: Any, lanes: Lanes) -> Array | None:
    """The rate of each customer where it differs by what a customer buys; none said where it does not."""
    if part.rate_by == "nothing":
        return None
    return lanes.of_groups([rate_for(part, first, one, lanes.price) for one in lanes.groups])


def _lasting(terms: PercentOfRevenue) -> Any:
    return {"first payment": 1, "lifetime": None}.get(terms.duration, terms.months)


@dataclass(frozen=True)
class _Rates:
    """The rates of a month, months × lanes or one number."""

    percent: Any = 0.0
    after: Any = 0.0
    last: Any = 0.0
    rewards: Any = 0.0
    share: Any = 0.0
    dated: Any = 0.0
    dated_paid: Any = 0.0
    again: Mapping[str, Any] = field(default_factory=dict)
    """by how much more of the months before is paid, where a tier rates them again, and rebates"""
    credit: tuple[str, ...] = ()
    """the kinds of parts that are paid as credit"""

    def earned(self, bases: _Bases) -> tuple[Array, Array]:
        """What is earned, and what of it is credit; months × lanes."""
        rewards = self.rewards * bases.rewards
        commission = self.percent * bases.percent + self.after * bases.after + self.last * bases.last
        shared = self.share * bases.share
        bonus = self.dated * bases.dated + self.dated_paid * bases.dated_paid
        own = commission + shared + bonus
        for name, more in self.again.items():
            own, rewards = (own, rewards + more) if name == "rewards" else (own + more, rewards)
        again = {"flat": 0.0, "lead": 0.0} | dict(self.again)  # rewards have theirs already
        lines = {"percent": commission, "flat": rewards, "share": shared, "bonus": bonus}
        lines |= {"lead": bases.for_leads, "milestones": bases.once}
        credit = sum((lines.get(kind, 0.0) + again.get(kind, 0.0) for kind in self.credit), np.zeros(1))
        shape = bases.revenue.shape
        return np.broadcast_to(own + rewards + bases.fixed, shape), np.broadcast_to(credit, shape)

    def lines(self, bases: _Bases) -> Array:
        """What single customers earn their partner, without a bonus, what tiers rate again, leads and funds."""
        commission = self.percent * bases.percent + self.after * bases.after + self.last * bases.last
        found: Array = np.broadcast_to(
            commission + self.rewards * bases.rewards + self.share * bases.share, bases.revenue.shape
        )
        return found


def _rates(plan: PayoutPlan, bases: _Bases) -> _Rates:
    found: dict[str, Any] = {"again": {}, "credit": plan.kinds_in_credit}
    if (terms := plan.percent) is not None:
        used = redeemed(terms)
        found["percent"] = (_rate(terms, terms.rate, bases) if terms.rate_by == "nothing" else 1.0) * used
        found["after"] = terms.later_rate * used if terms.duration == "taper" else 0.0
        found["last"] = terms.last_rate * used if terms.duration == "taper" else 0.0
    if (flat := plan.flat) is not None:
        found["rewards"] = (_rate(flat, flat.reward, bases) if flat.rate_by == "nothing" else 1.0) * redeemed(flat)
    if (share := plan.share) is not None:
        found["share"] = _rate(share, share.rate, bases) * redeemed(share)
    if (bonus := plan.bonus) is not None:
        found["dated"], found["dated_paid"] = bonus.reward * redeemed(bonus), bonus.rate * redeemed(bonus)
    for kind, name in _PAYING:
        if (part := getattr(plan, kind)) is not None and part.rated_again:
            had = _reached_before(part, bases) * redeemed(part)
            found["again"][name] = (found[name] - had) * bases.before[name, part.counted_over] * bases.running
    if plan.rebate is not None:
        so_far = bases.before["revenue", plan.rebate.over] + bases.revenue
        found["again"]["rebate"] = rebate_of(plan.rebate, so_far) * redeemed(plan.rebate) * bases.ends * bases.running
    return _Rates(**found)


def _rate(terms: Tiered, first: Any, bases: _Bases) -> Any:
    if terms.tiers == "none":
        return first
    return rate_at(terms, first, bases.of(terms.tier_by), bases.before.get((terms.tier_by, terms.counted_over), 0.0))


def _reached_before(terms: Tiered, bases: _Bases) -> Array:
    """The rate of the month before, at what there was until then."""
    so_far = bases.before[terms.tier_by, terms.counted_over]
    return rate_at(terms, terms.first_rate, np.zeros_like(so_far), so_far)


class _Sides:
    """What end customers pay, what the vendor books of it, and when the vendor is paid; months × lanes."""

    def __init__(self, plan: PayoutPlan, lanes: Lanes) -> None:
        self.plan, self.lanes = plan, lanes
        self.paid = self.revenue = self.receipts = lanes.payments(plan, None, None)
        self.kept: Any = 1.0
        """share of what is booked at list price that the vendor has"""
        self.spend = self.paid
        sells = plan.margin or plan.wholesale
        counted = _Bases(self.paid, lanes.new, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, active=_active(lanes, sells))
        counted = replace(counted, before=_before(counted, counts(sells), lanes))
        if (margin := plan.margin) is not None:
            self.kept = (1 - _rate(margin, margin.margin, counted)) * (1 - plan.distributor)
            self.revenue = self.receipts = self.paid * self.kept
        if lanes.yearly.size:
            self._years()
        if lanes.refunds is not None:
            self._refunds(lanes.refunds)
        if (buys := plan.wholesale) is not None:
            self.kept = (1 - _rate(buys, buys.discount, counted)) * (1 - plan.distributor)
            self._blocks(np.asarray(buys.prepaid_months).astype(np.int64))
            worth, bought = self._worth(None, None), self._bought()
            self.revenue, self.receipts = worth * self.kept, bought * self.kept
            if buys.tiers != "none":
                at_purchase = self.worth * self.kept[self.start, self.of]
                self.receipts = (
                    self.receipts + self.revenue - lanes.in_force(self.start, self.lasts, self.of, at_purchase)
                )
            if np.any(buys.commitment):
                licences = lanes.in_force(self.start, self.lasts, self.of, np.ones(len(self.of)) * self.many)
                missing = np.maximum(buys.commitment * lanes.active - licences, 0.0)
                unsold = missing * lanes.price * self.kept
                self.revenue, self.receipts = self.revenue + unsold, self.receipts + unsold

    def _years(self) -> None:
        """Years paid at once: booked by twelfths, at the margin of the month in which they are paid."""
        years, plan, lanes = self.lanes.years, self.plan, self.lanes
        paid = years.paid(plan)
        had = paid * self._kept_at(years.start, years.lane)
        monthly = lanes.of_months(plan, None, None)
        self.spend = monthly + years.by_month(paid)
        self.revenue = monthly * self.kept + years.by_month(had)
        self.receipts = self.receipts - years.paid_back(had)
        if (
            lanes.refunds is not None and lanes.refunded.any()
        ):  # what is refunded and not used was booked once too often
            self.spend = self.spend + years.paid_back(paid, both=True)
            self.revenue = self.revenue + years.paid_back(had, both=True)

    def _refunds(self, refunds: Refunds) -> None:
        """Payments that are paid back, and the margin of the month in which they were paid with them."""
        amount = refunds.amount(self.plan)
        booked = refunds.by_month(amount * self._kept_at(refunds.month, refunds.lane))
        self.spend = self.spend - refunds.by_month(amount)
        self.revenue, self.receipts = self.revenue - booked, self.receipts - booked

    def _kept_at(self, month: Ints, lane: Ints) -> Any:
        if np.ndim(self.kept) == 2:
            return np.broadcast_to(self.kept, self.paid.shape)[month, lane]
        return self.kept[lane] if np.size(self.kept) > 1 else self.kept

    def _blocks(self, months: Ints) -> None:
        """Prepaid licences: as many in a row as a customer's stay needs, each at the price of its first month."""
        lanes = self.lanes
        of_one = lanes.at_lane(months) if months.size > 1 else months
        stays = np.minimum(lanes.life, lanes.months - lanes.began)
        count = -(-stays // of_one)
        self.customer = np.repeat(np.arange(len(count)), count)
        number = np.arange(len(self.customer)) - np.repeat(np.cumsum(count) - count, count)
        self.lasts = of_one[self.customer] if np.size(of_one) > 1 else of_one
        self.age = number * self.lasts
        self.start, self.of = lanes.began[self.customer] + self.age, lanes.lane[self.customer]
        grow, price = (value[self.of] if np.size(value) > 1 else value for value in (lanes.grow, lanes.price))
        self.many = lanes.many(self.customer)
        self.worth = price * np.power(grow, self.age.astype(np.float64)) * self.many
        if lanes.sizes.ndim:
            self.worth = self.worth * lanes.sizes[self.customer]

    def _worth(self, who: NDArray[np.bool_] | None, longest: Any) -> Array:
        """What licences in force are worth at list price, of some customers and their first months."""
        lasts: Any = self.lasts
        if longest is not None:
            limit = self.lanes.at_lane(np.asarray(longest)) if np.size(longest) > 1 else np.asarray(longest)
            limit = limit[self.customer] if np.size(limit) > 1 else limit
            lasts = np.clip(limit - self.age, 0, self.lasts)
        lasts = np.broadcast_to(lasts, self.start.shape)
        some = slice(None) if who is None else who[self.customer]
        return self.lanes.in_force(self.start[some], lasts[some], self.of[some], self.worth[some])

    def _bought(self) -> Array:
        cells = self.lanes.months * self.lanes.size
        at = self.start * self.lanes.size + self.of
        bought: Array = np.bincount(at, self.worth * self.lasts, cells).astype(np.float64)
        return bought.reshape(self.lanes.months, self.lanes.size)

    def booked(self, who: NDArray[np.bool_] | None, longest: Any) -> Array:
        """What the vendor books of some customers in their first months."""
        whole = self.plan.wholesale is not None
        worth = self._worth(who, longest) if whole else self.lanes.payments(self.plan, who, longest)
        booked: Array = worth * self.kept
        return booked

    def booked_of_one(self, age: Ints, month: Ints, who: Ints) -> Array:
        """What the vendor books of each customer given, at an age."""
        lane = self.lanes.lane[who]
        kept = self.kept if np.ndim(self.kept) == 0 else np.broadcast_to(self.kept, self.paid.shape)[month, lane]
        if (buys := self.plan.wholesale) is None:
            paid: Array = self.lanes.payment(self.plan, age, who) * kept
            return paid
        blocks = np.asarray(buys.prepaid_months)
        whole = age // (blocks[lane] if blocks.size > 1 else blocks)
        grow, price = (value[lane] if np.size(value) > 1 else value for value in (self.lanes.grow, self.lanes.price))
        worth: Array = price * np.power(grow, whole * (blocks[lane] if blocks.size > 1 else blocks)) * kept
        if self.lanes.sizes.ndim:
            worth = worth * self.lanes.sizes[who]
        return worth


def paid(plan: PayoutPlan, lanes: Lanes) -> dict[str, Array]:
    """What each history comes to under the plan."""
    sides = _Sides(plan, lanes)
    gone = _gone(plan, lanes, sides)
    bases = _bases(plan, lanes, sides, gone)
    rates = _rates(plan, bases)
    total, as_credit = rates.earned(bases)
    beyond = _Beyond(plan, lanes, sides, rates, gone) if np.any(plan.cap_per_customer) else None
    kept = _capped(plan, total if beyond is None else total - beyond.of(rates))
    backs = list(_taken_back(plan, gone, bases, rates, beyond)) if gone is not None else []
    payouts = kept - sum((later(back, lag) for lag, back in backs), np.zeros(1))
    credit = as_credit if rates.credit else None
    paid, fees, lapsed = _when_paid(plan, total, kept, backs, credit)
    payouts = payouts - lapsed
    payouts, paid, fees = _with_override(plan, lanes, bases, payouts, paid, fees)
    return {
        "payouts": payouts, "paid": paid, "fees": fees, "vendor_revenue": sides.revenue, "receipts": sides.receipts,
        **_friend(plan, gone, bases, rates),
    }  # fmt: skip


def _friend(plan: PayoutPlan, gone: "_Gone | None", bases: _Bases, rates: _Rates) -> dict[str, Array]:
    """What customers get themselves, by their own lines without a bonus; nothing where they get nothing."""
    if not np.any(plan.friend):
        return {}
    rates = replace(rates, dated=0.0, dated_paid=0.0)
    # Nothing is rated again for others when one of them leaves: no term looks at a month.
    back = _all_taken_back(PayoutPlan(), gone, bases, rates)
    return {"friend": plan.friend * (rates.lines(bases) - back)}


def _gone(plan: PayoutPlan, lanes: Lanes, sides: _Sides) -> "_Gone | None":
    """Customers of which something is taken back; None where nothing is of any."""
    some = plan.clawback != "none" or lanes.refunded.any() or lanes.refunds is not None
    return _Gone(plan, lanes, sides) if some else None


def spend(plan: PayoutPlan, lanes: Lanes) -> Any:
    """What end customers pay, at the resale price where there is one."""
    paid = lanes.payments(plan, None, None)
    if lanes.yearly.size or lanes.refunds is not None:
        return _Sides(plan, lanes).spend
    if (buys := plan.wholesale) is None:
        return paid
    return paid * np.clip(buys.resale_price, buys.band_low, buys.band_high)


def plainly_paid(plan: PayoutPlan, lanes: Lanes) -> dict[str, Array]:
    """What each history comes to under a plain plan, as `payers.split_by` has it: what is taken back is paid back."""
    if lanes.refunds is not None:
        plan = plan.model_copy(update={"clawback": "none"})
    sides = _Sides(plan, lanes)
    gone = _gone(plan, lanes, sides)
    bases = _bases(plan, lanes, sides, gone)
    rates = _rates(plan, bases)
    total, credit = rates.earned(bases)
    payouts, paid = (total - _all_taken_back(plan, gone, bases, rates), _plainly_due(plan, total, gone, bases, rates))
    in_cash = paid
    if rates.credit:
        kinds = (*(kind for kind, _ in _PAYING), "bonus")
        own = plan.model_copy(update={kind: None for kind in kinds if kind not in rates.credit})
        in_cash = paid - _plainly_due(own, credit, _gone(own, lanes, sides), bases, rates)
    payouts, paid, fees = _with_override(plan, lanes, bases, payouts, paid, in_cash * plan.payout_fee)
    return {
        "payouts": payouts, "paid": paid, "fees": fees,
        "vendor_revenue": sides.revenue, "receipts": sides.receipts, **_friend(plan, gone, bases, rates),
    }  # fmt: skip


def _with_override(
    plan: PayoutPlan, lanes: Lanes, bases: _Bases, payouts: Array, paid: Array, fees: Array
) -> tuple[Array, Array, Array]:
    """The same with what recruiting partners have of a partner's sales, which is paid after the hold and no balance."""
    if not np.any(plan.override):
        return payouts, paid, fees
    due = plan.override * bases.revenue
    if plan.payouts_end == "with the partnership":
        due = due * lanes.active
    goes = later(due, plan.hold_months)
    return payouts + due, paid + goes, fees + goes * plan.payout_fee


def _plainly_due(plan: PayoutPlan, earned: Array, gone: "_Gone | None", bases: _Bases, rates: _Rates) -> Array:
    """Payouts when the money goes: what is refunded inside the hold is not paid."""
    hold = plan.hold_months
    if plan.clawback != "none":  # then it is paid as it is owed
        return later(earned - _all_taken_back(plan, gone, bases, rates), hold)
    return later(earned, hold) - _all_taken_back(plan, gone, bases, rates, hold)


def _all_taken_back(plan: PayoutPlan, gone: "_Gone | None", bases: _Bases, rates: _Rates, earliest: Any = 0) -> Array:
    """What is taken back in each month, whenever it was earned, and so many months after that at the earliest."""
    total: Array = np.zeros(bases.revenue.shape)
    for lag, back in _taken_back(plan, gone, bases, rates) if gone is not None else ():
        total = total + later(back, np.maximum(lag, earliest))
    return total


def _capped(plan: PayoutPlan, total: Array) -> Array:
    if not np.any(plan.cap_payout):
        return total
    return np.minimum(total, np.where(np.asarray(plan.cap_payout) > 0, plan.cap_payout, np.inf))


def _share(part: Any, whole: Array) -> Array:
    there = whole > 1e-12
    return np.where(there, part / np.where(there, whole, 1.0), 0.0)


class _Gone:
    """Customers that left and of which something is taken back: a row for each of their months, customer by customer.

    Of a prepaid year the unused part is paid back, with the commission on it; what is left of all that a customer made
    is taken back if it left early, within the clawback window. `back` are payments that are refunded, of anyone.
    """

    def __init__(self, plan: PayoutPlan, lanes: Lanes, sides: _Sides) -> None:
        self.lanes, claws = lanes, plan.clawback != "none"
        window, within = (np.asarray(one if claws else 0) for one in (plan.clawback_months, plan.taken_back_within))
        end = lanes.began + lanes.life
        own_window, soon = (lanes.at_lane(one) if one.size > 1 else one for one in (window, within))
        refunded = lanes.refunded if lanes.refunded.size else np.zeros(len(lanes.life), bool)
        who = np.flatnonzero((end < lanes.months) & ((lanes.life <= soon) | refunded))
        if plan.payouts_end == "with the partnership":
            who = who[lanes.active[end[who], lanes.lane[who]]]
        self.who, self.life = who, lanes.life[who]
        early = self.life <= (soon[who] if np.size(soon) > 1 else soon)
        self.back = _PaidBack(plan, lanes, sides, who[early])
        self.longest = max(int(window.max()), YEAR - 1 if refunded.any() else 0, self.back.after)
        """months after which nothing is taken back any more"""
        self.at_once = np.cumsum(self.life) - self.life
        """the first row of each"""
        row = np.repeat(np.arange(len(who)), self.life)
        self.age = np.arange(len(row)) - self.at_once[row]
        self.of = who[row]
        self.lag = self.life[row] - self.age
        """months until its customer left"""
        self.lane, self.month = lanes.lane[self.of], lanes.began[self.of] + self.age
        self.theirs = _added_by(plan, lanes, sides, self.age, self.month, self.of)
        """what each row had added to the bases of its month"""
        self.refunded, self.early = refunded[self.of], early[row]
        self.less = np.zeros(len(row)) if lanes.refunds is None else lanes.refunds.part_of(self.of, self.age, self.lag)
        """which part of the month's payment had been refunded until its customer left"""
        unused = np.where(self.age % YEAR == 0, np.maximum(YEAR - self.lag, 0) / YEAR, 0.0)
        self.given: Array = np.where(self.refunded, unused * (1 - self.less), 0.0)
        """which part of it is paid back then"""
        self.part = np.ones(len(row))
        if plan.clawback == "pro rata":
            self.part = 1 - lanes.life[self.of] / (own_window[self.of] if np.size(own_window) > 1 else own_window)
        self.counted = {
            (name, period): first_month(lanes.months, period, lanes.since) for name, period in _counted(plan)
        }

    def refunds(self, rows: Ints) -> dict[str, Array]:
        """What of some rows goes when it is paid back: money, and no reward or customer."""
        return {name: values[rows] * self.given[rows] for name, values in self.theirs.items() if name in _MONEY}

    def rests(self, rows: Ints) -> dict[str, Array]:
        """What is left of some rows then."""
        less = self.less[rows]
        return _parts(
            {name: values[rows] for name, values in self.theirs.items()}, 1 - self.given[rows] - less, less < 1, 1.0
        )

    def before(self, rows: Ints, refunds: bool) -> dict[Key, Array]:
        """The same of the months before each row in the same time, by what is counted over it."""
        found = {}
        for (name, period), first in self.counted.items():
            so_far = self._so_far(name, self.refunds if refunds else self.rests)
            there = np.minimum(self.age, self.month - first[self.month])
            found[name, period] = so_far[rows] - so_far[rows - there[rows]]
        return found

    def _so_far(self, name: str, of: Callable[[Ints], dict[str, Array]]) -> Array:
        values = of(np.arange(len(self.of))).get(_base_of(name), np.zeros(len(self.of)))
        return np.concatenate([[0.0], np.cumsum(values)])

    def in_month(self, name: str, first: Ints) -> Array:
        """What goes in a month of what its time had brought, by who leaves and what is refunded; months × lanes."""
        return self._in_last_month(name, first) + self.back.in_month(name, first)

    def _in_last_month(self, name: str, first: Ints) -> Array:
        lanes, after = self.lanes, self.at_once + self.life
        left = lanes.began[self.who] + self.life
        there = np.minimum(self.life, left - first[left])
        rest = {key: np.where(self.early, values, 0.0) for key, values in self.rests(np.arange(len(self.of))).items()}
        gone = self._so_far(name, self.refunds) + self._so_far(name, lambda _: rest)
        at = left * lanes.size + lanes.lane[self.who]
        found = np.bincount(at, gone[after] - gone[after - there], lanes.months * lanes.size).astype(np.float64)
        return found.reshape(lanes.months, lanes.size)


class _PaidBack:
    """Payments that are refunded, a row each, without those after a customer left early: it is settled then.

    A reward goes with a first payment that is paid back in full, which was no new customer.
    """

    def __init__(self, plan: PayoutPlan, lanes: Lanes, sides: _Sides, early: Ints) -> None:
        self.lanes, refunds, nothing = lanes, lanes.refunds, np.zeros(0, np.int64)
        self.of = self.age = self.month = self.lane = nothing
        self.after, self.part = 0, np.zeros(0)
        if refunds is not None:
            here = self._here(plan, refunds, early)
            self.of, self.age = refunds.customer[here], refunds.age[here]
            self.month, self.lane = refunds.month[here], refunds.lane[here]
            self.after, self.part = refunds.after, refunds.part[self.of] * (1 - refunds.unused[here])
        theirs = _added_by(plan, lanes, sides, self.age, self.month, self.of)
        self.theirs = _parts(theirs, self.part, self.part >= 1, 0.0)
        """what goes of the bases of each row's month"""
        self.at = self.month * lanes.size + self.lane
        self.counted = [
            (name, period, first_month(lanes.months, period, lanes.since)) for name, period in _counted(plan)
        ]

    def _here(self, plan: PayoutPlan, refunds: Refunds, early: Ints) -> NDArray[np.bool_]:
        settled = np.zeros(len(self.lanes.life), bool)
        settled[early] = True
        here = ~(settled[refunds.customer] & (self.lanes.life[refunds.customer] - refunds.age < refunds.after))
        if plan.payouts_end == "with the partnership":
            here &= self.lanes.active[refunds.month + refunds.after, refunds.lane]
        return here

    def _by_month(self, name: str) -> Array:
        lanes, values = self.lanes, self.theirs.get(_base_of(name), np.zeros(len(self.of)))
        found: Array = np.bincount(self.at, values, lanes.months * lanes.size).astype(np.float64)
        return found.reshape(lanes.months, lanes.size)

    def _of_months(self, name: str, first: Ints, lag: int) -> Array:
        """What goes so many months after each month, of payments of the months before in its time."""
        month = np.arange(len(first))
        paid = month + lag - self.after
        there = (paid >= first) & (paid < month)
        return np.where(there[:, None], self._by_month(name)[np.where(there, paid, 0)], 0.0)

    def in_month(self, name: str, first: Ints) -> Array:
        """What is refunded in a month of what its time had brought before."""
        return self._of_months(name, first, 0) if len(self.of) else np.zeros((self.lanes.months, self.lanes.size))

    def before(self, lag: int) -> dict[Key, Array]:
        """What of the months before each is refunded so many months after it, by what is counted."""
        return {(name, period): self._of_months(name, first, lag) for name, period, first in self.counted}


def _base_of(name: str) -> str:
    return "active" if name == "active customers" else name


def _parts(theirs: Mapping[str, Array], money: Array, whole: NDArray[np.bool_], active: float) -> dict[str, Array]:
    """Parts of what rows had added: of their payments, of rewards and new customers, and of who pays in a month."""
    of_others = whole.astype(np.float64)
    return {
        name: values * (money if name in _MONEY else active if name == "active" else of_others)
        for name, values in theirs.items()
    }


def _added_by(
    plan: PayoutPlan, lanes: Lanes, sides: _Sides, age: Ints, month: Ints, who: Ints
) -> dict[str, Array]:  # fmt: skip
    """What customers had added to the bases of a month, one value a row."""
    rewarded = _rewarded(plan, lanes)
    earns = np.ones(len(who), bool) if rewarded is None else rewarded[who]
    theirs = _of_customers(plan, lanes, sides, age, month, who, earns)
    many, heads = lanes.many(who), lanes.heads(who)
    return {name: one * (heads if name in _HEADS else many) for name, one in theirs.items()}


_HEADS = ("customers", "active")
_MONEY = ("revenue", "percent", "after", "last", "share", "dated_paid")
"""The bases that are payments: what of these is refunded is taken back; a reward is for the customer."""


def _taken_back(
    plan: PayoutPlan, gone: _Gone, bases: _Bases, rates: _Rates, beyond: "_Beyond | None" = None
) -> Iterator[tuple[int, Array]]:
    """Yield by how many months later customers left what is taken back of each month, months × lanes.

    What the month comes to without them is less, by their own lines, and by tiers and the cap where there are some.
    What is refunded, and what of a prepaid year is paid back, goes first, and what is left of the lines is taken back
    by the window.
    """
    back = _Back(plan, gone, bases, rates, beyond)
    for lag in range(1, min(gone.longest, gone.lanes.months) + 1):
        taken = back.refunded(lag) if gone.refunded.any() or lag <= gone.back.after else 0.0
        rows = np.flatnonzero(gone.lag == lag)
        yield lag, taken + back.early(rows[gone.early[rows]], lag)


class _Back:
    """What is taken back of each month, step by step: what it comes to without those who are gone so far."""

    def __init__(
        self, plan: PayoutPlan, gone: _Gone, bases: _Bases, rates: _Rates, beyond: "_Beyond | None"
    ) -> None:  # fmt: skip
        self.plan, self.gone, self.bases, self.rates, self.beyond = plan, gone, bases, rates, beyond
        self.again = bool(np.any(plan.cap_payout)) or any(
            isinstance(part, Tiered) and part.tiers != "none" for part in (plan.percent, plan.flat, plan.share) if part
        )
        self.again = self.again or plan.rebate is not None
        # What a customer may still earn is not in proportion to what it pays.
        self.again = self.again or (beyond is not None and bool(gone.refunded.any() or len(gone.back.of)))
        cut = beyond.of(rates) if self.again and beyond is not None else 0.0
        self.left = _capped(plan, rates.earned(bases)[0] - cut) if self.again else np.zeros(1)

    def early(self, rows: Ints, lag: int) -> Array:
        """What is taken back of the month `lag` before customers left within the window, a part of each."""
        gone = self.gone
        theirs, at, part = gone.rests(rows), self._at(rows), gone.part[rows]
        line = _line(self.rates, theirs, gone.month[rows], gone.lane[rows])
        if self.beyond is not None:
            line = line - self.beyond.of_gone(rows) * (1 - gone.given[rows] - gone.less[rows])
        if not self.again:
            return self._sum(at, line * part)
        less = self._without((lag, lag), _added(theirs, gone.before(rows, refunds=False), at, self.bases))
        if self.plan.clawback != "pro rata":
            return less
        # Where those that left had no line of their own in the month, each counts as much.
        lines, parts, ones = (self._sum(at, weights) for weights in (line, part, np.ones(len(part))))
        own = _share(self._sum(at, line * part), lines)
        found: Array = less * np.where(lines > 1e-12, own, _share(parts, ones))
        return found

    def refunded(self, lag: int) -> Array:
        """What is taken back of the month `lag` before for refunds: of years whose customers left then, and others."""
        gone, back = self.gone, self.gone.back
        rows = np.flatnonzero((gone.lag == lag) & gone.refunded)
        theirs, at = gone.refunds(rows), self._at(rows)
        others = back.theirs if lag == back.after else {}
        if self.again:
            refunds = replace(_added(others, {}, back.at, self.bases), before=back.before(lag))
            return self._without(
                (lag, lag - 1), _added(theirs, gone.before(rows, refunds=True), at, self.bases), refunds
            )
        taken = self._sum(at, _line(self.rates, theirs, gone.month[rows], gone.lane[rows]))
        return taken + self._sum(back.at, _line(self.rates, others, back.month, back.lane)) if others else taken

    def _at(self, rows: Ints) -> Ints:
        return self.gone.month[rows] * self.gone.lanes.size + self.gone.lane[rows]

    def _without(self, lags: tuple[int, int], *less: _Bases) -> Array:
        """By how much each month is less without these; `lags`: who was refunded, and who had left, by then."""
        for one in less:
            self.bases = self.bases.less(one)
        rates = _rates(self.plan, self.bases)
        cut = self.beyond.of(rates, lags) if self.beyond is not None else 0.0
        now = _capped(self.plan, rates.earned(self.bases)[0] - cut)
        gone: Array = self.left - now
        self.left = now
        return gone

    def _sum(self, at: Ints, weights: Array) -> Array:
        shape = self.bases.revenue.shape
        found: Array = np.bincount(at, weights, self.bases.revenue.size).astype(np.float64)
        return found.reshape(shape)


def _from(rate: Any, month: int) -> Any:
    """A rate of all months, from a month on."""
    return rate[month:] if np.ndim(rate) == 2 else rate


class _Losses:
    """What goes of payments, a row each: those of `gone`, and then those refunded of customers that are not in it."""

    def __init__(self, gone: _Gone) -> None:
        back, never = gone.back, 10**6
        others = np.flatnonzero(~np.isin(back.of, gone.who))
        nothing = np.zeros(len(others))
        self.of, self.age, self.month, self.lane = (
            np.concatenate([getattr(gone, name), getattr(back, name)[others]])
            for name in ("of", "age", "month", "lane")
        )
        self.lag = np.concatenate([gone.lag, np.full(len(others), never)])
        self.left_after = np.where(np.concatenate([gone.early, nothing > 0]), self.lag, never)
        """months after which nothing is left of it"""
        self.given = np.concatenate([gone.given, nothing])
        self.after, keys = back.after, back.of * never + back.age
        self.part = np.zeros(len(self.of))
        """what of the payment is refunded `after` so many months"""
        if len(keys):
            own = self.of * never + self.age
            at = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
            self.part = np.where(keys[at] == own, back.part[at], 0.0)


class _Beyond:
    """What customers make beyond the most that one earns in all.

    Those of a lane, month and way of paying are alike, and looked at together; what one may still earn in a month is
    the most less what was stated for it before.
    """

    def __init__(self, plan: PayoutPlan, lanes: Lanes, sides: _Sides, rates: _Rates, gone: _Gone | None) -> None:
        self.plan, self.lanes, self.sides, self.gone, self.stated = plan, lanes, sides, gone, rates
        self.most = np.broadcast_to(cap_of(plan), (lanes.size,))
        rewarded = _rewarded(plan, lanes)
        self.some = np.ones(len(lanes.life), bool) if rewarded is None else rewarded
        self.group = lanes.group if lanes.group.size else np.zeros(len(lanes.life), np.int64)
        self.losses = None if gone is None else _Losses(gone)
        self.over_gone = np.zeros(0 if self.losses is None else len(self.losses.of))
        self.all_of = self._of(rates, (0, 0))

    def of(self, rates: _Rates, lags: tuple[int, int] = (0, 0)) -> Array:
        """What there is of it in each month at some rates, without what was refunded, and those who left, by then."""
        return self.all_of if rates is self.stated and lags == (0, 0) else self._of(rates, lags)

    def of_gone(self, rows: Ints) -> Array:
        """What of it there is of some rows of those who left, as it was stated."""
        return self.over_gone[rows]

    def _of(self, rates: _Rates, lags: tuple[int, int]) -> Array:
        lanes = self.lanes
        beyond = np.zeros((lanes.months, lanes.size))
        for number, payers in enumerate(lanes.groups):
            who = np.flatnonzero(self.some & (self.group == number))
            had = np.zeros((lanes.months, lanes.size))
            for age in range(min(int(lanes.life[who].max(initial=0)), lanes.months)):
                money, reward = self._one(rates, age, payers)
                room = np.maximum(self.most - had[: lanes.months - age], 0.0)
                over = np.maximum(money + reward - room, 0.0)
                if self.losses is not None:
                    self._of_those_gone(self.losses, number, age, lags, beyond, (money, reward, room, over))
                if over.any():
                    beyond[age:] += over * self._there(who, age)
                stated = (money, reward) if rates is self.stated else self._one(self.stated, age, payers)
                had[: lanes.months - age] += stated[0] + stated[1]
        return beyond

    def _of_those_gone(
        self, gone: "_Losses", number: int, age: int, lags: tuple[int, int], beyond: Array, lines: tuple[Array, ...]
    ) -> None:
        """Take those off who have left by then, and have of those refunded what there is of the rest."""
        rows = np.flatnonzero((gone.age == age) & (self.group[gone.of] == number) & self.some[gone.of])
        at = gone.month[rows] - age, gone.lane[rows]
        money, reward, room, over = (np.broadcast_to(one, lines[3].shape)[at] for one in lines)
        heads = np.broadcast_to(self.lanes.heads(gone.of[rows]), rows.shape)
        if lags == (0, 0):
            self.over_gone[rows] = over * heads
            return
        refunded, left = lags
        back = gone.part[rows] * (gone.after <= refunded)
        paid = money * (1 - gone.given[rows] * (gone.lag[rows] <= refunded) - back)
        rest = np.where(gone.left_after[rows] <= left, 0.0, np.maximum(paid + reward * (back < 1) - room, 0.0))
        np.subtract.at(beyond, (gone.month[rows], gone.lane[rows]), (over - rest) * heads)

    def _one(self, rates: _Rates, age: int, payers: Payers) -> tuple[Array, Any]:
        """What one customer's payment and its reward make at an age, by the month in which it came and the lane."""
        lanes, plan = self.lanes, self.plan
        shape = (lanes.months - age, lanes.size)
        paid = lanes.price_at(plan, np.full(lanes.size, age), np.arange(lanes.size)) * payers.size
        if payers.year is not None:
            paid = paid * (YEAR * np.asarray(lanes.of(payers.year)) if age % YEAR == 0 else 0.0)
        money: Array = np.zeros(shape)
        if (terms := plan.percent) is not None:
            lasting = _lasting(terms)
            within = True if lasting is None else age < np.asarray(lasting)
            own = 1.0 if terms.rate_by == "nothing" else rate_for(terms, terms.rate, payers, lanes.price)
            until = second_ends(terms, lanes.months)
            second = True if until is None else age < np.asarray(until)
            then = np.where(second, rates.after, rates.last)
            money = money + np.where(within, _from(rates.percent, age) * own, then) * paid
        if plan.share is not None:
            booked = _from(self.sides.kept, age) * paid
            money = money + np.where(age < np.asarray(plan.share.months), _from(rates.share, age) * booked, 0.0)
        running: Any = lanes.active[age:] if plan.payouts_end == "with the partnership" else 1.0
        reward: Any = 0.0
        if (flat := plan.flat) is not None and not age:
            own = 1.0 if flat.rate_by == "nothing" else rate_for(flat, flat.reward, payers, lanes.price)
            reward = np.broadcast_to(rates.rewards * own, shape)
        if plan.bonus is not None and not age:
            inside = dated(plan.bonus, lanes.months, lanes.since)
            money, reward = money + inside * rates.dated_paid * paid, reward + inside * rates.dated
        worth = lanes.worth[: shape[0]] * running
        return money * worth, reward * worth

    def _there(self, who: Ints, age: int) -> Array:
        """How many are there at an age, by the month in which they came and the lane."""
        lanes = self.lanes
        some = who[(lanes.life[who] > age) & (lanes.began[who] + age < lanes.months)]
        heads = np.broadcast_to(lanes.heads(some), some.shape)
        cells = (lanes.months - age) * lanes.size
        number = np.bincount(lanes.began[some] * lanes.size + lanes.lane[some], heads, cells).astype(np.float64)
        return number.reshape(lanes.months - age, lanes.size)


def _of_customers(
    plan: PayoutPlan, lanes: Lanes, sides: _Sides, age: Ints, month: Ints, who: Ints, earns: NDArray[np.bool_]
) -> dict[str, Array]:
    """What customers that left had added to the bases of a month, one value a customer."""
    lane = lanes.lane[who]

    def here(value: Any) -> Any:
        return value[lane] if np.size(value) > 1 else value

    paid = lanes.payment(plan, age, who)
    found = {"revenue": paid, "customers": (age == 0).astype(np.float64), "active": np.ones(len(age))}
    if (terms := plan.percent) is not None:
        lasting = _lasting(terms)
        within = earns if lasting is None else earns & (age < here(np.asarray(lasting)))
        found["percent"] = np.where(within, paid, 0.0) * _times(terms, terms.rate, lanes, who)
        if terms.duration == "taper":
            until = second_ends(terms, lanes.months)
            second = earns if until is None else earns & (age < here(np.asarray(until)))
            found["after"] = np.where(second & ~within, paid, 0.0)
            found["last"] = np.where(earns & ~second, paid, 0.0)
    if (flat := plan.flat) is not None:
        found["rewards"] = np.where(earns & (age == 0), 1.0, 0.0) * _times(flat, flat.reward, lanes, who)
    if (share := plan.share) is not None:
        within = earns & (age < here(np.asarray(share.months)))
        found["share"] = np.where(within, sides.booked_of_one(age, month, who), 0.0)
    if (bonus := plan.bonus) is not None:
        inside = dated(bonus, lanes.months, lanes.since)
        inside = inside[month, lane] if inside.shape[1] > 1 else inside[month, 0]
        found["dated"] = np.where(earns & (age == 0), inside, 0.0)
        found["dated_paid"] = found["dated"] * paid
    return found


def _times(part: ByCustomer, first: Any, lanes: Lanes, who: Ints) -> Any:
    times = _by_customer(part, first, lanes)
    return 1.0 if times is None else times[who]


def _line(rates: _Rates, theirs: Mapping[str, Array], month: Ints, lane: Ints) -> Array:
    """What customers had earned their partner in a month, at the month's rates."""
    total = np.zeros(len(lane))
    for name in ("percent", "after", "last", "rewards", "share", "dated", "dated_paid"):
        if name in theirs:
            rate = np.asarray(getattr(rates, name))
            total += theirs[name] * (rate[month, lane] if rate.ndim == 2 else rate[lane] if rate.size > 1 else rate)
    return total


def _added(theirs: Mapping[str, Array], before: Mapping[Key, Array], at: Ints, like: _Bases) -> _Bases:
    """The bases of customers, from one value each."""

    def summed(values: Array) -> Array:
        total: Array = np.bincount(at, values, like.revenue.size).reshape(like.revenue.shape)
        return total

    found: dict[str, Any] = dict.fromkeys(_SUMS, 0.0) | {name: summed(values) for name, values in theirs.items()}
    return _Bases(**found, before={key: summed(values) for key, values in before.items()})


_HALF_A_CENT = 0.005
"""a balance below it is none: it would be stated as nothing, which does not wait, and so does not lapse"""


def _when_paid(
    plan: PayoutPlan, total: Array, kept: Array, backs: list[tuple[int, Array]], credit: Any
) -> tuple[Array, Array, Array]:
    """Payouts when the money goes, the fees on its cash, and balances that lapse, as the statement has it."""
    hold = plan.hold_months
    cash_share: Any = 1.0 if credit is None else np.where(total < credit, 0.0, 1 - _share(credit, total))
    in_cash = kept * cash_share if credit is None else np.where(total < credit, total - credit, kept * cash_share)
    due, cash = later(kept, hold), later(in_cash, hold)
    for lag, back in backs:
        due = due - later(back, np.maximum(hold, lag))
        cash = cash - later(back * cash_share, np.maximum(hold, lag))
    if not backs and not np.any(plan.minimum_payout):
        return due, np.maximum(cash, 0.0) * plan.payout_fee, np.zeros(1)
    paid, fees, lapsed = np.zeros_like(due), np.zeros_like(due), np.zeros_like(due)
    longest = np.where(np.asarray(plan.lapse_months) > 0, plan.lapse_months, len(due))
    waited = np.zeros(due.shape[1])
    balance, cash_balance = np.zeros(due.shape[1]), np.zeros(due.shape[1])
    least = np.maximum(np.asarray(plan.minimum_payout, float), _HALF_A_CENT)
    for month, (more, more_cash) in enumerate(zip(due, cash, strict=True)):
        balance = balance + more
        cash_balance = np.clip(cash_balance + more_cash, np.minimum(balance, 0.0), np.maximum(balance, 0.0))
        goes = balance >= least - 1e-9
        paid[month], fees[month] = np.where(goes, balance, 0.0), np.where(goes, cash_balance, 0.0)
        waited = np.where(~goes & (balance >= _HALF_A_CENT - 1e-9), waited + 1, 0)
        over = waited > longest
        lapsed[month], waited = np.where(over, balance, 0.0), np.where(over, 0, waited)
        balance, cash_balance = np.where(goes | over, 0.0, balance), np.where(goes | over, 0.0, cash_balance)
    return paid, fees * plan.payout_fee, lapsed
