"""What a plan pays single partners, each by its own months: the terms of `statement`, for months × lanes of `lanes`.

In whole units and not rounded; a test holds each lane against the statement, to the cent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motions.economics.inputs.terms import Array, PayoutPlan, PercentOfRevenue, Tiered
from motions.economics.model.lanes import Ints, Lanes
from motions.economics.model.payouts import cap_of, later, rate_at
from motions.economics.model.periods import before, counts, first_month

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
    rewards: Any
    share: Any
    fixed: Any
    """leads and funds: no single customer's"""
    active: Any = 0.0
    """customers that pay in the month, where tiers are counted by them"""
    before: Mapping[Key, Any] = field(default_factory=dict)
    """what of these the months before brought in the same time"""
    running: Any = 1.0
    """where payouts go on"""

    def of(self, name: str) -> Any:
        """What is counted, by the word that terms have for it."""
        return self.active if name == "active customers" else getattr(self, name)

    def less(self, other: "_Bases") -> "_Bases":
        """The same without some customers."""
        sums = {name: getattr(self, name) - getattr(other, name) for name in _SUMS}
        return replace(self, **sums, before={key: one - other.before[key] for key, one in self.before.items()})


_SUMS = ("revenue", "customers", "percent", "after", "rewards", "share", "fixed", "active")


def _counted(plan: PayoutPlan) -> list[Key]:
    """What has to be known of the months before, of the customers that payouts are for."""
    found: list[Key] = []
    for kind, base in _PAYING:
        part = getattr(plan, kind)
        found += counts(part)
        found += [(base, part.counted_over)] if part is not None and part.rated_again else []
    return list(dict.fromkeys(found))


def _active(lanes: Lanes, *parts: Tiered | None) -> Any:
    asked = any(part is not None and part.tiers != "none" and part.tier_by == "active customers" for part in parts)
    return lanes.there if asked else 0.0


def _bases(plan: PayoutPlan, lanes: Lanes, sides: "_Sides", gone: "_Gone | None" = None) -> _Bases:
    who = _rewarded(plan, lanes)
    percent: Any = 0.0
    after: Any = 0.0
    rewards: Any = 0.0
    share: Any = 0.0
    fixed: Any = 0.0
    if (terms := plan.percent) is not None:
        percent = lanes.payments(plan, who, _lasting(terms))
        if terms.duration == "taper":
            after = lanes.payments(plan, who, None) - percent
    if plan.flat is not None:
        rewards = lanes.new if who is None else np.bincount(
            lanes.began[who] * lanes.size + lanes.lane[who], np.broadcast_to(lanes.many(who), int(who.sum())),
            lanes.new.size,
        ).reshape(lanes.new.shape)  # fmt: skip
    if (shared := plan.share) is not None:
        share = sides.booked(who, shared.months)
        fixed = shared.funds_rate * shared.funds_used * sides.revenue
    if plan.lead is not None:
        fixed = fixed + plan.lead.reward * lanes.leads
    running: Any = 1.0
    if plan.payouts_end == "with the partnership":
        running = lanes.active
        percent, after, rewards, share, fixed = (
            part * lanes.active for part in (percent, after, rewards, share, fixed)
        )  # fmt: skip
    active = _active(lanes, plan.percent, plan.flat, plan.share)
    found = _Bases(sides.paid, lanes.new, percent, after, rewards, share, fixed, active, running=running)
    return replace(found, before=_before(found, _counted(plan), lanes, gone))


def _before(bases: _Bases, keys: list[Key], lanes: Lanes, gone: "_Gone | None" = None) -> dict[Key, Array]:
    """What the months before each brought in the same time; who was taken back since counts no more."""
    found = {}
    for name, period in keys:
        each = np.broadcast_to(bases.of(name), bases.revenue.shape)
        first = first_month(lanes.months, period, lanes.since)
        found[name, period] = before(each, first, None if gone is None else gone.in_last_month(name, first))
    return found


def _lasting(terms: PercentOfRevenue) -> Any:
    return {"first payment": 1, "lifetime": None}.get(terms.duration, terms.months)


@dataclass(frozen=True)
class _Rates:
    """The rates of a month, months × lanes or one number."""

    percent: Any = 0.0
    after: Any = 0.0
    rewards: Any = 0.0
    share: Any = 0.0
    again: Mapping[str, Any] = field(default_factory=dict)
    """by how much more of the months before is paid, where a tier rates them again"""

    def earned(self, bases: _Bases) -> tuple[Array, Array]:
        """What is earned, and what of it are rewards; months × lanes."""
        rewards = self.rewards * bases.rewards
        own = self.percent * bases.percent + self.after * bases.after + self.share * bases.share
        for name, more in self.again.items():
            own, rewards = (own, rewards + more) if name == "rewards" else (own + more, rewards)
        shape = bases.revenue.shape
        return np.broadcast_to(own + rewards + bases.fixed, shape), np.broadcast_to(rewards, shape)


def _rates(plan: PayoutPlan, bases: _Bases) -> _Rates:
    found: dict[str, Any] = {"again": {}}
    if (terms := plan.percent) is not None:
        found["percent"] = _rate(terms, terms.rate, bases)
        found["after"] = terms.later_rate if terms.duration == "taper" else 0.0
    if (flat := plan.flat) is not None:
        redeemed = flat.redemption_rate if flat.paid_in == "credit" else 1.0
        found["rewards"] = _rate(flat, flat.reward, bases) * redeemed
    if (share := plan.share) is not None:
        found["share"] = _rate(share, share.rate, bases)
    for kind, name in _PAYING:
        if (part := getattr(plan, kind)) is not None and part.rated_again:
            had = _reached_before(part, bases) * (redeemed if kind == "flat" else 1.0)
            found["again"][name] = (found[name] - had) * bases.before[name, part.counted_over] * bases.running
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
        sells = plan.margin or plan.wholesale
        counted = _Bases(self.paid, lanes.new, 0.0, 0.0, 0.0, 0.0, 0.0, _active(lanes, sells))
        counted = replace(counted, before=_before(counted, counts(sells), lanes))
        if (margin := plan.margin) is not None:
            self.kept = 1 - _rate(margin, margin.margin, counted)
            self.revenue = self.receipts = self.paid * self.kept
        elif (buys := plan.wholesale) is not None:
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

    def booked_of_one(self, age: Ints, month: Ints, lane: Ints) -> Array:
        """What the vendor books of one customer of each lane given, at an age."""
        kept = self.kept if np.ndim(self.kept) == 0 else np.broadcast_to(self.kept, self.paid.shape)[month, lane]
        if (buys := self.plan.wholesale) is None:
            paid: Array = self.lanes.payment(self.plan, age, lane) * kept
            return paid
        blocks = np.asarray(buys.prepaid_months)
        whole = age // (blocks[lane] if blocks.size > 1 else blocks)
        grow, price = (value[lane] if np.size(value) > 1 else value for value in (self.lanes.grow, self.lanes.price))
        worth: Array = price * np.power(grow, whole * (blocks[lane] if blocks.size > 1 else blocks)) * kept
        return worth


def paid(plan: PayoutPlan, lanes: Lanes) -> dict[str, Array]:
    """What each history comes to under the plan."""
    sides = _Sides(plan, lanes)
    gone = _Gone(plan, lanes, sides) if plan.clawback != "none" else None
    bases = _bases(plan, lanes, sides, gone)
    rates = _rates(plan, bases)
    total, rewards = rates.earned(bases)
    beyond = _Beyond(plan, lanes, sides, rates, gone) if np.any(plan.cap_per_customer) else None
    kept = _capped(plan, total if beyond is None else total - beyond.of(rates))
    backs = list(_taken_back(plan, lanes, gone, bases, rates, beyond)) if gone is not None else []
    payouts = kept - sum((later(back, lag) for lag, back in backs), np.zeros(1))
    credit = rewards if rewards_in_credit(plan) else None
    paid, fees = _when_paid(plan, total, kept, backs, credit)
    return {
        "payouts": payouts, "paid": paid, "fees": fees, "vendor_revenue": sides.revenue, "receipts": sides.receipts,
    }  # fmt: skip


def rewards_in_credit(plan: PayoutPlan) -> bool:
    """Return whether rewards for customers are credit and no cash."""
    return plan.flat is not None and plan.flat.paid_in == "credit"


def spend(plan: PayoutPlan, lanes: Lanes) -> Any:
    """What end customers pay, at the resale price where there is one."""
    paid = lanes.payments(plan, None, None)
    if (buys := plan.wholesale) is None:
        return paid
    return paid * np.clip(buys.resale_price, buys.band_low, buys.band_high)


def plainly_paid(plan: PayoutPlan, lanes: Lanes) -> dict[str, Array]:
    """What each history comes to under a plain plan, as `payouts.split` has it: what is taken back is paid back."""
    sides = _Sides(plan, lanes)
    bases = _bases(plan, lanes, sides)
    rates = _rates(plan, bases)
    total, rewards = rates.earned(bases)
    gone = _Gone(plan, lanes, sides) if plan.clawback != "none" else None
    beyond = _Beyond(plan, lanes, sides, rates, gone) if np.any(plan.cap_per_customer) else None
    total = total if beyond is None else total - beyond.of(rates)
    payouts, hold = total - _all_taken_back(plan, lanes, gone, bases, rates, beyond), _hold(plan)
    in_cash = payouts
    if not {"percent", "lead", "share"} & set(plan.kinds) and rewards_in_credit(plan):
        in_cash = np.zeros_like(payouts)
    elif rewards_in_credit(plan):
        own = plan.model_copy(update={"percent": None, "share": None})
        theirs = None if gone is None else _Gone(own, lanes, sides)
        in_cash = payouts - (rewards - _all_taken_back(own, lanes, theirs, bases, rates))
    return {
        "payouts": payouts, "paid": later(payouts, hold), "fees": later(in_cash, hold) * plan.payout_fee,
        "vendor_revenue": sides.revenue, "receipts": sides.receipts,
    }  # fmt: skip


def _all_taken_back(
    plan: PayoutPlan, lanes: Lanes, gone: "_Gone | None", bases: _Bases, rates: _Rates, beyond: "_Beyond | None" = None
) -> Array:
    """What is taken back in each month, whenever it was earned."""
    total: Array = np.zeros(bases.revenue.shape)
    if gone is not None:
        for lag, back in _taken_back(plan, lanes, gone, bases, rates, beyond):
            total = total + later(back, lag)
    return total


def _capped(plan: PayoutPlan, total: Array) -> Array:
    if not np.any(plan.cap_payout):
        return total
    return np.minimum(total, np.where(np.asarray(plan.cap_payout) > 0, plan.cap_payout, np.inf))


def _share(part: Any, whole: Array) -> Array:
    there = whole > 1e-12
    return np.where(there, part / np.where(there, whole, 1.0), 0.0)


class _Gone:
    """Customers that left within the clawback window: a row for each of their months, customer by customer."""

    def __init__(self, plan: PayoutPlan, lanes: Lanes, sides: _Sides) -> None:
        self.lanes, window = lanes, np.asarray(plan.clawback_months)
        end = lanes.began + lanes.life
        own_window = lanes.at_lane(window) if window.size > 1 else window
        who = np.flatnonzero((end < lanes.months) & (lanes.life <= own_window))
        if plan.payouts_end == "with the partnership":
            who = who[lanes.active[end[who], lanes.lane[who]]]
        self.who, self.life = who, lanes.life[who]
        self.at_once = np.cumsum(self.life) - self.life
        """the first row of each"""
        row = np.repeat(np.arange(len(who)), self.life)
        self.age = np.arange(len(row)) - self.at_once[row]
        self.of = who[row]
        self.lag = self.life[row] - self.age
        """months until its customer left"""
        self.lane, self.month = lanes.lane[self.of], lanes.began[self.of] + self.age
        rewarded = _rewarded(plan, lanes)
        earns = np.ones(len(row), bool) if rewarded is None else rewarded[self.of]
        theirs = _of_customers(plan, lanes, sides, self.age, self.month, self.lane, earns)
        many, heads = lanes.many(self.of), lanes.heads(self.of)
        self.theirs = {name: one * (heads if name in _HEADS else many) for name, one in theirs.items()}
        """what each row had added to the bases of its month"""
        self.part = np.ones(len(row))
        if plan.clawback == "pro rata":
            self.part = 1 - lanes.life[self.of] / (own_window[self.of] if np.size(own_window) > 1 else own_window)
        self.before = {}
        for name, period in _counted(plan):
            first = first_month(lanes.months, period, lanes.since)
            there = np.minimum(self.age, self.month - first[self.month])
            so_far = self._so_far(name)
            at = np.arange(len(row))
            self.before[name, period] = so_far[at] - so_far[at - there]

    def _so_far(self, name: str) -> Array:
        rows = self.theirs["active" if name == "active customers" else name]
        return np.concatenate([[0.0], np.cumsum(rows)])

    def in_last_month(self, name: str, first: Ints) -> Array:
        """What those that left in a month had brought in the time it lies in; months × lanes."""
        lanes, after = self.lanes, self.at_once + self.life
        left = lanes.began[self.who] + self.life
        so_far, there = self._so_far(name), np.minimum(self.life, left - first[left])
        at = left * lanes.size + lanes.lane[self.who]
        cells = lanes.months * lanes.size
        found = np.bincount(at, so_far[after] - so_far[after - there], cells).astype(np.float64)
        return found.reshape(lanes.months, lanes.size)


_HEADS = ("customers", "active")


def _taken_back(
    plan: PayoutPlan, lanes: Lanes, gone: _Gone, bases: _Bases, rates: _Rates, beyond: "_Beyond | None" = None
) -> Iterator[tuple[int, Array]]:
    """Yield by how many months later customers left what is taken back of each month, months × lanes.

    What the month comes to without them is less, by their own lines, and by tiers and the cap where there are some.
    """
    again = bool(np.any(plan.cap_payout)) or any(
        isinstance(part, Tiered) and part.tiers != "none" for part in (plan.percent, plan.flat, plan.share) if part
    )
    cut = beyond.of(rates) if again and beyond is not None else 0.0
    left = _capped(plan, rates.earned(bases)[0] - cut) if again else np.zeros(1)
    for lag in range(1, min(int(np.max(plan.clawback_months)), lanes.months) + 1):
        rows = np.flatnonzero(gone.lag == lag)
        month, lane, part = gone.month[rows], gone.lane[rows], gone.part[rows]
        theirs = {name: values[rows] for name, values in gone.theirs.items()}
        line = _line(rates, theirs, month, lane)
        if beyond is not None:
            line = np.minimum(line, beyond.room_of_gone[rows] * lanes.heads(gone.of[rows]))
        at = month * lanes.size + lane
        taken: Any = np.bincount(at, line * part, bases.revenue.size).reshape(bases.revenue.shape)
        if again:
            before = {key: values[rows] for key, values in gone.before.items()}
            bases = bases.less(_added(theirs, before, at, bases))
            rates_now = _rates(plan, bases)
            cut = beyond.of(rates_now, lag) if beyond is not None else 0.0
            now = _capped(plan, rates_now.earned(bases)[0] - cut)
            if plan.clawback == "pro rata":
                # Where those that left had no line of their own in the month, each counts as much.
                sums = [np.bincount(at, weights, bases.revenue.size) for weights in (line, part, np.ones(len(part)))]
                lines, parts, ones = (one.reshape(bases.revenue.shape) for one in sums)
                taken = (left - now) * np.where(lines > 1e-12, _share(taken, lines), _share(parts, ones))
            else:
                taken = left - now
            left = now
        yield lag, taken


def _from(rate: Any, month: int) -> Any:
    """A rate of all months, from a month on."""
    return rate[month:] if np.ndim(rate) == 2 else rate


class _Beyond:
    """What customers make beyond the most that one earns in all. Those of a lane and month are alike, and looked at
    together; what one may still earn in a month is the most less what was stated for it before."""

    def __init__(self, plan: PayoutPlan, lanes: Lanes, sides: _Sides, rates: _Rates, gone: _Gone | None) -> None:
        self.plan, self.lanes, self.sides, self.gone = plan, lanes, sides, gone
        self.stated = rates
        self.most = np.broadcast_to(cap_of(plan), (lanes.size,))
        rewarded = _rewarded(plan, lanes)
        self.some = np.arange(len(lanes.life)) if rewarded is None else np.flatnonzero(rewarded)
        self.room_of_gone = np.zeros(0 if gone is None else len(gone.of))
        self.all_of = self._of(rates, 0)

    def of(self, rates: _Rates, lag: int = 0) -> Array:
        """What there is of it in each month at some rates, without those who left within so many months after it."""
        return self.all_of if rates is self.stated and not lag else self._of(rates, lag)

    def _of(self, rates: _Rates, lag: int) -> Array:
        lanes = self.lanes
        beyond, had = np.zeros((lanes.months, lanes.size)), np.zeros((lanes.months, lanes.size))
        longest = int(lanes.life[self.some].max(initial=0))
        for age in range(min(longest, lanes.months)):
            room = np.maximum(self.most - had[: lanes.months - age], 0.0)
            if not lag and self.gone is not None:
                rows = np.flatnonzero(self.gone.age == age)
                self.room_of_gone[rows] = room[self.gone.month[rows] - age, self.gone.lane[rows]]
            line = self._one(rates, age)
            over = np.maximum(line - room, 0.0)
            if over.any():
                beyond[age:] += over * self._there(age, lag)
            had[: lanes.months - age] += line if rates is self.stated else self._one(self.stated, age)
        return beyond

    def _one(self, rates: _Rates, age: int) -> Array:
        """What one customer makes at an age, by the month in which it came and the lane."""
        lanes, plan = self.lanes, self.plan
        shape, everyone = (lanes.months - age, lanes.size), np.arange(lanes.size)
        paid = lanes.payment(plan, np.full(lanes.size, age), everyone)
        line = np.zeros(shape)
        if (terms := plan.percent) is not None:
            lasting = _lasting(terms)
            within = True if lasting is None else age < np.asarray(lasting)
            line += np.where(within, _from(rates.percent, age), _from(rates.after, age)) * paid
        if plan.flat is not None and not age:
            line += rates.rewards
        if plan.share is not None:
            month, lane = (one.ravel() for one in np.indices(shape))
            booked = self.sides.booked_of_one(np.full(month.size, age), month + age, lane).reshape(shape)
            line += np.where(age < np.asarray(plan.share.months), _from(rates.share, age) * booked, 0.0)
        line *= lanes.worth[: shape[0]]
        return line * lanes.active[age:] if plan.payouts_end == "with the partnership" else line

    def _there(self, age: int, lag: int) -> Array:
        """How many are there at an age, by the month in which they came and the lane."""
        lanes, gone = self.lanes, self.gone
        some = self.some[(lanes.life[self.some] > age) & (lanes.began[self.some] + age < lanes.months)]
        shape = (lanes.months - age, lanes.size)

        def counted(began: Ints, lane: Ints, who: Ints) -> Array:
            heads = np.broadcast_to(lanes.heads(who), who.shape)
            number = np.bincount(began * lanes.size + lane, heads, shape[0] * shape[1]).astype(np.float64)
            return number.reshape(shape)

        there = counted(lanes.began[some], lanes.lane[some], some)
        if lag and gone is not None:
            rows = np.flatnonzero((gone.age == age) & (gone.lag <= lag) & np.isin(gone.of, self.some))
            there = there - counted(gone.month[rows] - age, gone.lane[rows], gone.of[rows])
        return there


def _of_customers(
    plan: PayoutPlan, lanes: Lanes, sides: _Sides, age: Ints, month: Ints, lane: Ints, earns: NDArray[np.bool_]
) -> dict[str, Array]:
    """What customers that left had added to the bases of a month, one value a customer."""

    def here(value: Any) -> Any:
        return value[lane] if np.size(value) > 1 else value

    paid = lanes.payment(plan, age, lane)
    found = {"revenue": paid, "customers": (age == 0).astype(np.float64), "active": np.ones(len(age))}
    if (terms := plan.percent) is not None:
        lasting = _lasting(terms)
        within = earns if lasting is None else earns & (age < here(np.asarray(lasting)))
        found["percent"] = np.where(within, paid, 0.0)
        if terms.duration == "taper":
            found["after"] = np.where(earns & ~within, paid, 0.0)
    if plan.flat is not None:
        found["rewards"] = np.where(earns & (age == 0), 1.0, 0.0)
    if (share := plan.share) is not None:
        within = earns & (age < here(np.asarray(share.months)))
        found["share"] = np.where(within, sides.booked_of_one(age, month, lane), 0.0)
    return found


def _line(rates: _Rates, theirs: Mapping[str, Array], month: Ints, lane: Ints) -> Array:
    """What customers had earned their partner in a month, at the month's rates."""
    total = np.zeros(len(lane))
    for name in ("percent", "after", "rewards", "share"):
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


def _hold(plan: PayoutPlan) -> Ints:
    return np.ceil(np.asarray(plan.hold_days) / 30).astype(np.int64)


def _when_paid(
    plan: PayoutPlan, total: Array, kept: Array, backs: list[tuple[int, Array]], credit: Any
) -> tuple[Array, Array]:
    """Payouts when the money goes and the fees on its cash, as the statement has it."""
    hold = _hold(plan)
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
