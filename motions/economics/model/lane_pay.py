"""What a plan pays single partners, each by its own months: the terms of `statement`, for months × lanes of `lanes`.

In whole units and not rounded; a test holds each lane against the statement, to the cent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motions.economics.inputs.terms import Array, ByCustomer, PayoutPlan, PercentOfRevenue, Tiered
from motions.economics.model.lanes import Ints, Lanes, Refunds
from motions.economics.model.payers import YEAR, rate_for
from motions.economics.model.payouts import later, rate_at, second_ends


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
    """leads and funds: no single customer's"""

    def less(self, other: "_Bases") -> "_Bases":
        """The same without some customers."""
        return _Bases(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(self)))


def _bases(plan: PayoutPlan, lanes: Lanes, sides: "_Sides") -> _Bases:
    who = _rewarded(plan, lanes)
    percent: Any = 0.0
    after: Any = 0.0
    last: Any = 0.0
    rewards: Any = 0.0
    share: Any = 0.0
    fixed: Any = 0.0
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
        fixed = fixed + plan.lead.reward * lanes.leads
    if plan.payouts_end == "with the partnership":
        percent, after, last, rewards, share, fixed = (
            part * lanes.active for part in (percent, after, last, rewards, share, fixed)
        )  # fmt: skip
    return _Bases(sides.paid, lanes.new, percent, after, last, rewards, share, fixed)


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

    def earned(self, bases: _Bases) -> tuple[Array, Array]:
        """What is earned, and what of it are rewards; months × lanes."""
        rewards = self.rewards * bases.rewards
        own = self.percent * bases.percent + self.after * bases.after + self.last * bases.last
        own = own + self.share * bases.share
        shape = bases.revenue.shape
        return np.broadcast_to(own + rewards + bases.fixed, shape), np.broadcast_to(rewards, shape)


def _rates(plan: PayoutPlan, bases: _Bases) -> _Rates:
    found: dict[str, Any] = {}
    if (terms := plan.percent) is not None:
        found["percent"] = _rate(terms, terms.rate, bases) if terms.rate_by == "nothing" else 1.0
        found["after"] = terms.later_rate if terms.duration == "taper" else 0.0
        found["last"] = terms.last_rate if terms.duration == "taper" else 0.0
    if (flat := plan.flat) is not None:
        redeemed = flat.redemption_rate if flat.paid_in == "credit" else 1.0
        found["rewards"] = (_rate(flat, flat.reward, bases) if flat.rate_by == "nothing" else 1.0) * redeemed
    if (share := plan.share) is not None:
        found["share"] = _rate(share, share.rate, bases)
    return _Rates(**found)


def _rate(terms: Tiered, first: Any, bases: _Bases) -> Any:
    if terms.tiers == "none":
        return first
    return rate_at(terms, first, bases.revenue if terms.tier_by == "revenue" else bases.customers)


class _Sides:
    """What end customers pay, what the vendor books of it, and when the vendor is paid; months × lanes."""

    def __init__(self, plan: PayoutPlan, lanes: Lanes) -> None:
        self.plan, self.lanes = plan, lanes
        self.paid = self.revenue = self.receipts = lanes.payments(plan, None, None)
        self.kept: Any = 1.0
        """share of what is booked at list price that the vendor has"""
        self.spend = self.paid
        counted = _Bases(self.paid, lanes.new, *[0.0] * 6)
        if (margin := plan.margin) is not None:
            self.kept = 1 - _rate(margin, margin.margin, counted)
            self.revenue = self.receipts = self.paid * self.kept
        if lanes.yearly.size:
            self._years()
        if lanes.refunds is not None:
            self._refunds(lanes.refunds)
        if (buys := plan.wholesale) is not None:
            self.kept = 1 - _rate(buys, buys.discount, counted)
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
    bases = _bases(plan, lanes, sides)
    rates = _rates(plan, bases)
    total, rewards = rates.earned(bases)
    kept = _capped(plan, total)
    backs = list(_taken_back(plan, lanes, sides, bases, rates))
    payouts = kept - sum((later(back, lag) for lag, back in backs), np.zeros(1))
    credit = rewards if plan.flat is not None and plan.flat.paid_in == "credit" else None
    paid, fees = _when_paid(plan, total, kept, backs, credit)
    payouts, paid, fees = _with_override(plan, lanes, bases, payouts, paid, fees)
    return {
        "payouts": payouts, "paid": paid, "fees": fees, "vendor_revenue": sides.revenue, "receipts": sides.receipts,
    }  # fmt: skip


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
    bases = _bases(plan, lanes, sides)
    rates = _rates(plan, bases)
    total, rewards = rates.earned(bases)
    payouts, hold = total - _all_taken_back(plan, lanes, sides, bases, rates), plan.hold_months
    in_cash = payouts
    if plan.flat is not None and plan.flat.paid_in == "credit":
        own = plan.model_copy(update={"percent": None, "share": None})
        in_cash = payouts - (rewards - _all_taken_back(own, lanes, sides, bases, rates))
    payouts, paid, fees = _with_override(
        plan, lanes, bases, payouts, later(payouts, hold), later(in_cash, hold) * plan.payout_fee
    )
    return {
        "payouts": payouts, "paid": paid, "fees": fees,
        "vendor_revenue": sides.revenue, "receipts": sides.receipts,
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


def _all_taken_back(plan: PayoutPlan, lanes: Lanes, sides: _Sides, bases: _Bases, rates: _Rates) -> Array:
    """What is taken back in each month, whenever it was earned."""
    total: Array = np.zeros(bases.revenue.shape)
    for lag, back in _taken_back(plan, lanes, sides, bases, rates):
        total = total + later(back, lag)
    return total


def _capped(plan: PayoutPlan, total: Array) -> Array:
    if not np.any(plan.cap_payout):
        return total
    return np.minimum(total, np.where(np.asarray(plan.cap_payout) > 0, plan.cap_payout, np.inf))


def _share(part: Any, whole: Array) -> Array:
    there = whole > 1e-12
    return np.where(there, part / np.where(there, whole, 1.0), 0.0)


def _taken_back(
    plan: PayoutPlan, lanes: Lanes, sides: _Sides, bases: _Bases, rates: _Rates
) -> Iterator[tuple[int, Array]]:
    """Yield by how many months later customers left what is taken back of each month, months × lanes.

    What the month comes to without them is less, by their own lines, and by tiers and the cap where there are some.
    What of a prepaid year is paid back goes first, and what is left of the lines is taken back by the window.
    """
    claws, refunds = plan.clawback != "none", lanes.refunds
    if not claws and not lanes.refunded.any() and refunds is None:
        return
    window = np.asarray(plan.clawback_months if claws else 0)
    end = lanes.began + lanes.life
    own_window = lanes.at_lane(window) if window.size > 1 else window
    early = (end < lanes.months) & (lanes.life <= own_window)
    left = early | ((end < lanes.months) & _refunds(lanes))
    if plan.payouts_end == "with the partnership":
        left &= lanes.active[np.minimum(end, lanes.months - 1), lanes.lane]
    gone, early = np.flatnonzero(left), early & left
    back = _Back(plan, lanes, sides, bases, rates)
    longest = max(int(window.max()), YEAR - 1 if lanes.refunded.any() else 0, refunds.after if refunds else 0)
    for lag in range(1, min(longest, lanes.months) + 1):
        who = gone[lanes.life[gone] >= lag]
        taken: Any = 0.0
        if refunds is not None and refunds.after == lag:
            taken = back.paid_back(refunds, early)
        if lanes.refunded.any():
            taken = taken + back.refunded(who[_refunds(lanes)[who]], lag)
        who = who[early[who]]
        part = np.ones(len(who))
        if plan.clawback == "pro rata":
            part = 1 - lanes.life[who] / (own_window[who] if np.size(own_window) > 1 else own_window)
        yield lag, taken + back.early(who, lag, part)


def _refunds(lanes: Lanes) -> NDArray[np.bool_]:
    return lanes.refunded if lanes.refunded.size else np.zeros(len(lanes.life), bool)


class _Back:
    """What is taken back of each month, step by step: what it comes to without those who are gone so far."""

    def __init__(self, plan: PayoutPlan, lanes: Lanes, sides: _Sides, bases: _Bases, rates: _Rates) -> None:
        self.plan, self.lanes, self.sides, self.bases, self.rates = plan, lanes, sides, bases, rates
        self.again = bool(np.any(plan.cap_payout)) or any(
            isinstance(part, Tiered) and part.tiers != "none" for part in (plan.percent, plan.flat, plan.share) if part
        )
        self.left = _capped(plan, rates.earned(bases)[0]) if self.again else np.zeros(1)
        self.rewarded = _rewarded(plan, lanes)

    def early(self, who: Ints, lag: int, part: Array) -> Array:
        """What is taken back of the month `lag` before customers left within the window, a part of each."""
        theirs, month, lane = self._of(who, lag)
        if self.lanes.refunded.any():
            given = np.where(self.lanes.refunded[who], _unused(self.lanes.life[who], lag), 0.0)
            theirs = _less(theirs, given)
        line, at = _line(self.rates, theirs, month, lane), month * self.lanes.size + lane
        if not self.again:
            return self._sum(at, line * part)
        gone = self._without(theirs, at)
        if self.plan.clawback != "pro rata":
            return gone
        # Where those that left had no line of their own in the month, each counts as much.
        lines, parts, ones = (self._sum(at, weights) for weights in (line, part, np.ones(len(part))))
        own = _share(self._sum(at, line * part), lines)
        found: Array = gone * np.where(lines > 1e-12, own, _share(parts, ones))
        return found

    def refunded(self, who: Ints, lag: int) -> Array:
        """What is taken back of commission on years that began `lag` months before their customers left."""
        who = who[_unused(self.lanes.life[who], lag) > 0]
        theirs, month, lane = self._of(who, lag)
        unused = (YEAR - lag) / YEAR
        return self._of_part({name: values * unused for name, values in theirs.items() if name in _MONEY}, month, lane)

    def paid_back(self, refunds: Refunds, settled: NDArray[np.bool_]) -> Array:
        """What is taken back of refunded payments; of those who left before, within the window, it has been already."""
        who, age, month, lane = refunds.customer, refunds.age, refunds.month, refunds.lane
        here = ~(settled[who] & (self.lanes.life[who] - age < refunds.after))
        if self.plan.payouts_end == "with the partnership":
            here &= self.lanes.active[month + refunds.after, lane]
        who, age, month, lane = who[here], age[here], month[here], lane[here]
        theirs = self._added_by(who, age, month)
        part = refunds.part[who] * (1 - refunds.unused[here])
        # A first payment that is paid back in full was no customer.
        whole = (part >= 1).astype(np.float64)
        theirs = {name: values * (part if name in _MONEY else whole) for name, values in theirs.items()}
        return self._of_part(theirs, month, lane)

    def _of_part(self, theirs: Mapping[str, Array], month: Ints, lane: Ints) -> Array:
        at = month * self.lanes.size + lane
        return self._without(theirs, at) if self.again else self._sum(at, _line(self.rates, theirs, month, lane))

    def _of(self, who: Ints, lag: int) -> tuple[dict[str, Array], Ints, Ints]:
        """What customers had added to the bases of the month `lag` before they left, that month, and their lanes."""
        lanes = self.lanes
        age = lanes.life[who] - lag
        month = lanes.began[who] + age
        theirs = self._added_by(who, age, month)
        if lanes.refunds is not None:  # what was refunded until then is gone
            part = lanes.refunds.part_of(who, age, lag)
            theirs = _less(theirs, part, (part >= 1).astype(np.float64))
        return theirs, month, lanes.lane[who]

    def _added_by(self, who: Ints, age: Ints, month: Ints) -> dict[str, Array]:
        """What customers had added to the bases of a month, at an age."""
        earns = np.ones(len(who), bool) if self.rewarded is None else self.rewarded[who]
        theirs = _of_customers(self.plan, self.lanes, self.sides, age, month, who, earns)
        return {name: values * self.lanes.many(who) for name, values in theirs.items()}

    def _without(self, theirs: Mapping[str, Array], at: Ints) -> Array:
        """By how much each month is less without these."""
        self.bases = self.bases.less(_added(theirs, at, self.bases))
        now = _capped(self.plan, _rates(self.plan, self.bases).earned(self.bases)[0])
        gone: Array = self.left - now
        self.left = now
        return gone

    def _sum(self, at: Ints, weights: Array) -> Array:
        shape = self.bases.revenue.shape
        found: Array = np.bincount(at, weights, self.bases.revenue.size).astype(np.float64)
        return found.reshape(shape)


_MONEY = ("revenue", "percent", "after", "share")
"""The bases that are payments: what of these is refunded is taken back; a reward is for the customer."""


def _less(theirs: Mapping[str, Array], part: Array, whole: Any = 0.0) -> dict[str, Array]:
    """What customers had added without a part of their payments; a reward goes only with the `whole` of one."""
    return {name: values * (1 - (part if name in _MONEY else whole)) for name, values in theirs.items()}


def _unused(life: Ints, lag: int) -> Array:
    """Which part is unused of the year that began `lag` months before a customer left; 0 where none began then."""
    return np.where((life - lag) % YEAR == 0, max(YEAR - lag, 0) / YEAR, 0.0)


def _of_customers(
    plan: PayoutPlan, lanes: Lanes, sides: _Sides, age: Ints, month: Ints, who: Ints, earns: NDArray[np.bool_]
) -> dict[str, Array]:
    """What customers that left had added to the bases of a month, one value a customer."""
    lane = lanes.lane[who]

    def here(value: Any) -> Any:
        return value[lane] if np.size(value) > 1 else value

    paid = lanes.payment(plan, age, who)
    found = {"revenue": paid, "customers": (age == 0).astype(np.float64)}
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
    return found


def _times(part: ByCustomer, first: Any, lanes: Lanes, who: Ints) -> Any:
    times = _by_customer(part, first, lanes)
    return 1.0 if times is None else times[who]


def _line(rates: _Rates, theirs: Mapping[str, Array], month: Ints, lane: Ints) -> Array:
    """What customers had earned their partner in a month, at the month's rates."""
    total = np.zeros(len(lane))
    for name in ("percent", "after", "last", "rewards", "share"):
        if name in theirs:
            rate = np.asarray(getattr(rates, name))
            total += theirs[name] * (rate[month, lane] if rate.ndim == 2 else rate[lane] if rate.size > 1 else rate)
    return total


def _added(theirs: Mapping[str, Array], at: Ints, like: _Bases) -> _Bases:
    """The bases of customers, from one value each."""
    shape = like.revenue.shape
    found: dict[str, Any] = dict.fromkeys((one.name for one in fields(_Bases)), 0.0)
    for name, values in theirs.items():
        found[name] = np.bincount(at, values, like.revenue.size).reshape(shape)
    return _Bases(**found)


def _when_paid(
    plan: PayoutPlan, total: Array, kept: Array, backs: list[tuple[int, Array]], credit: Any
) -> tuple[Array, Array]:
    """Payouts when the money goes and the fees on its cash, as the statement has it."""
    hold = plan.hold_months
    cash_share: Any = 1.0 if credit is None else 1 - _share(credit, total)
    due, cash = later(kept, hold), later(kept * cash_share, hold)
    for lag, back in backs:
        due = due - later(back, np.maximum(hold, lag))
        cash = cash - later(back * cash_share, np.maximum(hold, lag))
    if not backs and not np.any(plan.minimum_payout):
        return due, np.maximum(cash, 0.0) * plan.payout_fee
    paid, fees = np.zeros_like(due), np.zeros_like(due)
    balance, cash_balance = np.zeros(due.shape[1]), np.zeros(due.shape[1])
    least = np.maximum(np.asarray(plan.minimum_payout, float), 2e-9)
    for month, (more, more_cash) in enumerate(zip(due, cash, strict=True)):
        balance, cash_balance = balance + more, cash_balance + more_cash
        goes = balance >= least - 1e-9
        paid[month], fees[month] = np.where(goes, balance, 0.0), np.where(goes, np.maximum(cash_balance, 0.0), 0.0)
        balance, cash_balance = np.where(goes, 0.0, balance), np.where(goes, 0.0, cash_balance)
    return paid, fees * plan.payout_fee
