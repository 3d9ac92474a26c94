"""Partners one by one, and their customers: who is active in which month, and who pays what.

A lane is one history of a partner in one draw; arrays are months × lanes. The law of a partner is that of `projection`:
it becomes active, ramps up and may stop; while it is active it wins a Poisson number of customers a month, by its
productivity; each of these stays or leaves by itself, and stays the partner's when that has stopped.

The same random numbers are used for every draw and scenario, in the order of the quantiles: more customers, a longer
stay or a longer partnership follow from the same number.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motions.economics.inputs.terms import Array, PayoutPlan
from motions.economics.model.payers import ALIKE, YEAR, Payers, mean_size
from motions.economics.model.payouts import later, productivity

Ints = NDArray[np.int64]
CLASSES = 10
"""into which partners are put by what they bring"""
HISTORIES = 400
"""of each class of partners, where there is one draw"""
GROUPS = 8
"""of histories that are drawn independently of one another"""
MOST_IN_A_MONTH = 64
"""customers that one partner wins in a month and that are followed one by one; of more several are followed as one"""
SEED = 20_261_126
LONGEST = 120
"""months that random numbers are drawn for, whatever the horizon: its first months stay what they are"""
_REUSED = 16
"""random numbers for the stays of so many customers of a month; those beyond take them shifted"""
_SHIFT = (math.sqrt(5) - 1) / 2
_LARGE = 40.0
"""means from which on a Poisson number is read off the normal distribution, with its skewness"""


@dataclass(frozen=True)
class Law:
    """How a program's partners come, work and stop, and what one customer pays: numbers, or one value a draw."""

    start: Any
    """partners that are there in the first month, at full pace"""
    joining: Any
    """partners that become active each month"""
    ramp: Any
    """months until they bring leads at full pace"""
    keep: Any
    """share of active partners that goes on after a month"""
    leads: Any
    conversion: Any
    cycle: Any
    top_share: Any
    price: Any
    customer_keep: Any
    grow: Any
    """1 + expansion: by how much what a staying customer pays grows"""
    reach: Array | None = None
    """months × draws: the share of new customers that is left where programs share demand"""
    before: Array | None = None
    """ages × draws: the customers that a partner of the start has already, by months since their first payment"""
    before_pays: Any = 0.0
    """what one of these pays in the month before the first, at list price"""
    payers: tuple[Payers, ...] = ALIKE
    """groups of customers that pay alike: by the month, or a year at once"""

    def months_before(self, ramped: bool) -> int:
        """How many months before the first are followed: those in which the customers of partners of the start came."""
        return len(self.before) if ramped and self.before is not None else 0


@dataclass(frozen=True)
class _Chance:
    """The random numbers of one family of histories, between 0 and 1."""

    partner: Array
    """histories: how long each stays a partner"""
    begins: Array
    """histories: when it joins, where that matters"""
    new: Array
    """months × histories: how many customers it wins"""
    leads: Array
    """months × histories: how many leads do not become customers"""
    stay: NDArray[np.float32]
    """months × histories × customers: how long each stays"""


@lru_cache(maxsize=2)
def _chance(ramped: bool) -> _Chance:
    """Random numbers, those of a class and month evenly spread over 0 to 1, so that its own average is nearly exact.

    They are so in each of GROUPS, that are independent of one another: how far these lie apart is the error.
    """
    stream = np.random.Generator(np.random.PCG64([SEED, int(ramped)]))
    size = HISTORIES // GROUPS

    def even(rows: int) -> Array:
        order = stream.random((rows, CLASSES, GROUPS, size)).argsort(axis=3)
        return np.asarray((order + stream.random(order.shape)) / size).reshape(rows, CLASSES * HISTORIES)

    stay = stream.random((LONGEST, CLASSES * HISTORIES, _REUSED), np.float32)
    return _Chance(even(1)[0], even(1)[0], even(LONGEST), even(LONGEST), stay)


def poisson(mean: Array, uniform: Array) -> Ints:
    """Return Poisson numbers of a mean from numbers between 0 and 1, as the inverse of the distribution.

    >>> poisson(np.array([1.0, 1.0, 0.0]), np.array([0.3, 0.9, 0.9])).tolist()
    [0, 2, 0]
    """
    found = np.zeros(mean.shape, np.int64)
    counts = found.reshape(-1)
    means, levels = np.ravel(mean), np.ravel(uniform)
    large = np.flatnonzero(means > _LARGE)
    if len(large):
        from scipy.special import ndtri  # noqa: PLC0415 — 0.1 s that only these need

        normal, some = ndtri(levels[large]), means[large]
        counts[large] = np.maximum(np.rint(some + np.sqrt(some) * normal + (normal**2 - 1) / 6), 0)
    at: Ints = np.flatnonzero((means > 0) & (means <= _LARGE))
    some, level = means[at], levels[at]
    term = np.exp(-some)
    below, number = term.copy(), 0
    while len(at) and number < 400:
        more = level > below
        at, some, level, term, below = at[more], some[more], level[more], term[more], below[more]
        number += 1
        term = term * some / number
        below = below + term
        counts[at] = number
    return found


class Lanes:
    """Histories of partners and their customers. A lane is history × draw, the draws of a history side by side.

    Where partners have customers already, the months begin with those in which these came, `since` of them: what they
    come to is not counted.
    """

    def __init__(
        self, law: Law, ramped: bool, each: int, months: int, draws: int, first: int | None = None,
        by_calendar: bool = False,
    ) -> None:  # fmt: skip
        self.since = law.months_before(ramped)
        self.law, self.months, self.draws, self.histories = law, months + self.since, draws, CLASSES * each
        self.ramped = ramped
        self.size = self.histories * draws
        self.chance = _chance(ramped)
        # Where each draw has other histories than the one before, the same in every scenario, no error is common.
        moved = np.zeros(draws, np.int64) if first is None else (np.arange(draws) + first) * each
        number = (np.arange(each)[:, None] + moved) % HISTORIES
        self.which = (np.arange(CLASSES)[:, None, None] * HISTORIES + number).reshape(-1)
        month = np.arange(-self.since, months)[:, None]
        self.row = month[:, 0] % LONGEST
        # Where nothing depends on the calendar all begin in the first month: the others follow from their ages.
        self.by_calendar = (by_calendar or law.reach is not None) and not ramped
        begins = np.floor(self.per_history(self.chance.begins) * months) if self.by_calendar else 0
        age = month - begins
        life = _stay(self.per_history(self.chance.partner), self.of(law.keep))
        self.active = np.broadcast_to(((age >= 0) | ramped) & (age < life), (self.months, self.size))
        ramp = self.of(law.ramp)
        pace: Any = 1.0 if ramped else np.clip(age / np.maximum(ramp, 1), 0.0, 1.0)
        pace = pace if ramped or np.all(ramp > 0) else np.where(ramp > 0, pace, 1.0)
        each_class = [np.atleast_1d(part) * CLASSES for part in productivity(law.top_share, CLASSES)]
        weight = np.stack([np.broadcast_to(part, (draws,)) for part in each_class])
        weight = np.repeat(weight, each, axis=0).reshape(-1)
        self.lead_mean = self.active * pace * self.of(law.leads) * weight * (month >= 0)
        won = later(self.lead_mean, self.of_whole(law.cycle)) * self.of(law.conversion)
        if law.reach is not None:
            won[self.since :] *= np.tile(np.broadcast_to(law.reach, (months, draws)), self.histories)
        if self.since:  # leads that partners of the start brought before are on their way
            on_the_way = (month >= 0) & (month < self.of_whole(law.cycle))
            won = won + on_the_way * (self.of(law.leads) * self.of(law.conversion) * weight)
        if self.since and law.before is not None:  # the youngest came last
            won[: self.since] = weight * np.tile(np.broadcast_to(law.before[::-1], (self.since, draws)), self.histories)
        self.new = poisson(won, self.per_history(self.chance.new[self.row]))
        self._customers()

    def per_history(self, values: Array) -> Array:
        """Numbers of histories, the last axis, as one for each lane."""
        return values[..., self.which]

    def of(self, value: Any) -> Any:
        """A number, or one value a draw as one a lane."""
        return np.tile(np.ravel(value), self.histories) if np.size(value) > 1 else float(np.ravel(value)[0])

    def of_whole(self, value: Any) -> Any:
        """The same of a whole number."""
        return np.asarray(self.of(value)).astype(np.int64)

    def _customers(self) -> None:
        won = self.new.reshape(-1)
        # Of very many customers of a month several are followed as one, which stands for so many.
        counts = np.minimum(won, MOST_IN_A_MONTH)
        cell = np.repeat(np.arange(len(counts)), counts)
        self.began, self.lane = np.divmod(cell, self.size)
        start = np.cumsum(counts) - counts
        number = np.arange(len(cell)) - np.repeat(start, counts)
        self.stands_for: Any = 1.0 if (counts == won).all() else (won / np.maximum(counts, 1))[cell]
        self.place = number * self.stands_for
        turn, again = np.divmod(number, _REUSED)
        uniform = self.chance.stay[self.row[self.began], self.which[self.lane], again].astype(np.float64)
        if turn.any():
            uniform = np.mod(uniform + turn * _SHIFT, 1.0)
        stays = _stay(uniform, self.at_lane(self.of(self.law.customer_keep)))
        self.number: Any = self.stands_for
        """how many customers those that are followed are"""
        if self.since:
            self._already()
            stays = stays + np.maximum(self.since - 1 - self.began, 0)  # they are those who have stayed until now
        self.life = np.minimum(stays, self.months + 1.0).astype(np.int64)
        self.group = np.zeros(0, np.int64)
        self.yearly = self.refunded = np.zeros(0, bool)
        self.groups, self.sizes = self.law.payers, np.array(1.0)
        if self.law.payers is not ALIKE:
            self._groups(number)

    def _groups(self, number: Ints) -> None:
        """Draw the group of each customer; one that prepaid and is not refunded is there until its year ends."""
        own = (self.row[self.began] * CLASSES * HISTORIES + self.which[self.lane]) * MOST_IN_A_MONTH + number
        uniform, upto = _scattered(own), 0.0
        self.group = np.zeros(len(own), np.int64)
        self.groups = tuple(
            replace(one, **{name: self.of(getattr(one, name)) for name in ("share", "size")}) for one in self.law.payers
        )
        self.own_number = own
        for one in self.groups[:-1]:
            upto = upto + self.at_lane(one.share)
            self.group += uniform >= upto
        years = np.array([one.year is not None for one in self.groups])
        self.sizes = self.of_groups([one.size for one in self.groups])
        if not years.any():
            return
        self.yearly, self.refunded = years[self.group], np.array([one.refunded for one in self.groups])[self.group]
        self.year_price = self.of_groups([0.0 if one.year is None else self.of(one.year) for one in self.groups])
        whole = -(-self.life // YEAR) * YEAR
        self.life = np.where(self.yearly & ~self.refunded, whole, self.life)

    def of_groups(self, values: Sequence[Any]) -> Array:
        """A value of each group, a number or one a lane, as one a customer."""
        found: Array = np.broadcast_to(np.asarray(self.at_lane(values[0]), float), self.began.shape)
        for at, value in enumerate(values[1:], 1):
            found = np.where(self.group == at, self.at_lane(value), found)
        return found

    def _already(self) -> None:
        """Have customers of before stand for what they pay, against what a new one does."""
        average = self.price * self.of(mean_size(self.law.payers))
        price, grow = np.asarray(self.at_lane(average), float), self.at_lane(self.grow)
        first_paid = self.at_lane(self.of(self.law.before_pays)) / grow ** (self.since - 1.0 - self.began)
        of_new = np.where(price > 0, first_paid / np.where(price > 0, price, 1.0), 0.0)
        self.stands_for = np.where(self.began < self.since, of_new, 1.0) * self.stands_for

    def many(self, who: Any) -> Any:
        """How many customers those that are followed stand for."""
        return self.stands_for[who] if np.size(self.stands_for) > 1 else self.stands_for

    def heads(self, who: Any) -> Any:
        """How many customers those that are followed are, whatever they pay."""
        return self.number[who] if np.size(self.number) > 1 else self.number

    @cached_property
    def worth(self) -> Any:
        """What one customer pays against a new one, by the month in which it came; months × lanes or × 1."""
        if not self.since:
            return np.ones((self.months, 1))
        month = np.minimum(np.arange(self.months), self.since)[:, None]
        price = np.asarray(self.price * self.of(mean_size(self.law.payers)), float)
        first_paid = self.of(self.law.before_pays) / np.power(self.grow, self.since - 1.0 - month)
        of_new = np.where(price > 0, first_paid / np.where(price > 0, price, 1.0), 0.0)
        return np.where(month < self.since, of_new, 1.0)

    @cached_property
    def there(self) -> Array:
        """Customers that pay in each month; months × lanes."""
        heads = np.broadcast_to(self.number, self.lane.shape).astype(np.float64)
        return self.in_force(self.began, self.life, self.lane, worth=heads)

    def at_lane(self, value: Any) -> Any:
        """A number, or one value a lane as one a customer."""
        return value[self.lane] if np.size(value) > 1 else value

    @cached_property
    def grow(self) -> Any:
        """1 + expansion, a number or one a lane."""
        return self.of(self.law.grow)

    @cached_property
    def price(self) -> Any:
        """List price a month, a number or one a lane."""
        return self.of(self.law.price)

    def stock(self, who: NDArray[np.bool_] | None, longest: Any, times: Array | None = None) -> Array:
        """Customers in their first `longest` months, each counted as what it has grown to; months × lanes.

        A customer counts as often as its price plan costs more, and so many `times`.
        """
        life = self.life if longest is None else np.minimum(self.life, self.at_lane(longest))
        some: Any = slice(None) if who is None else who
        many = self.many(some)
        if self.sizes.ndim:
            many = many * self.sizes[some]
        if times is not None:
            many = many * times[some]
        return self.in_force(self.began[some], life[some], self.lane[some], many=many)

    def in_force(self, began: Ints, lasts: Any, lane: Ints, worth: Any = None, many: Any = 1.0) -> Array:
        """What began in a month and lasts for some, grown since; months × lanes. `worth` stands for growing.

        `many`: how many each stands for; it is in `worth` already.
        """
        until = np.minimum(began + lasts, self.months).astype(np.int64)
        cells, growing = (self.months + 1) * self.size, worth is None and np.any(np.asarray(self.grow) != 1.0)
        weights = None if worth is None else worth
        if growing:
            weights = np.power(self.grow[lane] if np.size(self.grow) > 1 else self.grow, -began.astype(np.float64))
        if worth is None and np.ndim(many):
            weights = many if weights is None else weights * many
        change = np.bincount(began * self.size + lane, weights, cells) - np.bincount(
            until * self.size + lane, weights, cells
        )
        there: Array = change.reshape(self.months + 1, self.size)[:-1].cumsum(axis=0, dtype=np.float64)
        if growing:
            there *= np.power(self.grow, np.arange(self.months)[:, None])
        return there

    def payments(
        self, plan: PayoutPlan, who: NDArray[np.bool_] | None, longest: Any, times: Array | None = None
    ) -> Array:
        """What arrives of customers in their first `longest` months, after the coupon; of each so many `times`."""
        if not self.yearly.size:
            return self.of_months(plan, who, longest, times)
        paid = self.years.paid(plan, who, longest)
        paid = paid if times is None else paid * times[self.years.customer]
        return self.of_months(plan, who, longest, times) + self.years.by_start(paid)

    def of_months(
        self, plan: PayoutPlan, who: NDArray[np.bool_] | None, longest: Any, times: Array | None = None
    ) -> Array:
        """What of it is of customers that pay by the month."""
        if self.yearly.size:
            who = ~self.yearly if who is None else who & ~self.yearly
        all_of: Array = self.stock(who, longest, times)
        if np.any(plan.coupon):
            months = plan.coupon_months if longest is None else np.minimum(plan.coupon_months, longest)
            all_of = all_of - plan.coupon * self.stock(who, months, times)
        paid: Array = all_of * self.price
        return paid

    @cached_property
    def refunds(self) -> "Refunds | None":
        """Payments that are paid back; none said where none is."""
        return Refunds(self) if any(np.any(one.refund) for one in self.groups) else None

    @cached_property
    def years(self) -> "Years":
        """The years that customers have paid at once."""
        return Years(self)

    def payment(self, plan: PayoutPlan, age: Ints, who: Ints) -> Array:
        """What each customer given pays at an age."""
        paid = self.price_at(plan, age, self.lane[who])
        if self.sizes.ndim:
            paid = paid * self.sizes[who]
        if self.yearly.size:
            paid = paid * np.where(self.yearly[who], (age % YEAR == 0) * YEAR * self.year_price[who], 1.0)
        return paid

    def price_at(self, plan: PayoutPlan, age: Ints, lane: Ints) -> Array:
        """What one customer of each lane given, that pays by the month, pays at an age."""

        def here(value: Any) -> Any:
            return value[lane] if np.size(value) > 1 else value

        coupon = np.where(age < here(plan.coupon_months), here(plan.coupon), 0.0)
        paid: Array = here(self.price) * np.power(here(self.grow), age) * (1 - coupon)
        return paid

    @cached_property
    def leads(self) -> Array:
        """Leads of each month; those that become customers at once are among them."""
        at_once = np.asarray(self.of_whole(self.law.cycle)) == 0
        open_ = np.where(at_once, 1 - np.asarray(self.of(self.law.conversion)), 1.0)
        others = poisson(self.lead_mean * open_, self.per_history(self.chance.leads[self.row]))
        found: Array = (others + np.where(at_once, self.new, 0)).astype(np.float64)
        return found

    def mean(self, values: Array) -> Array:
        """The average history of each draw."""
        found: Array = values.reshape(len(values), self.histories, self.draws).mean(axis=1)
        return found

    def scaled(self, one: Array) -> Array:
        """What all partners of the family make, months × draws, from what one makes."""
        if self.ramped:
            return one * np.ravel(self.law.start)
        joining = np.ravel(self.law.joining)
        return one * joining * self.months if self.by_calendar else one.cumsum(axis=0) * joining

    def of_all(self, values: Array) -> Array:
        """What all partners of the family make, from months × lanes."""
        return self.scaled(self.mean(values[self.since :]))

    def by_class(self, values: Array) -> Array:
        """What all partners of each class make, classes × months, of the first draw."""
        mean = values[self.since :].reshape(self.months - self.since, CLASSES, -1, self.draws)
        mean = mean[:, :, :, 0].mean(axis=2).T / CLASSES
        return np.array([self.scaled(one[:, None])[:, 0] for one in mean])

    def whole(self, values: Array) -> Array:
        """What each history makes of all months together, as often as it counts: classes × histories × draws."""
        # A partner that joins each month has its first month as often as there are months.
        values = values[self.since :]
        often = np.ones(len(values)) if self.ramped or self.by_calendar else np.arange(self.months, 0, -1.0)
        count = np.broadcast_to(np.ravel(self.law.start if self.ramped else self.law.joining), (self.draws,))
        often = often * (self.months if self.by_calendar else 1)
        whole: Array = np.einsum("m,ml->l", often, values).reshape(CLASSES, -1, self.draws) * count
        return whole

    def by_group(self, whole: Array) -> Array:
        """The program's sum by each independent group of histories, of the first draw."""
        groups = GROUPS if whole.shape[1] % GROUPS == 0 else 1
        means: Array = whole[:, :, 0].reshape(CLASSES, groups, -1).mean(axis=(0, 2))
        return means


def _stay(uniform: Array, keep: Any) -> Array:
    """Months that somebody stays, one at least, who goes on after each with the probability `keep`."""
    keep = np.asarray(keep, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        months = 1 + np.floor(np.log(np.maximum(uniform, 1e-300)) / np.log(keep))
    return np.where(keep <= 0, 1.0, np.where(keep >= 1, np.inf, months))


def _scattered(number: Ints) -> Array:
    """Whole numbers as numbers between 0 and 1 that have nothing to do with one another (SplitMix64)."""
    mixed = number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    scattered: Array = ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return scattered


class Years:
    """The years that customers of lanes pay at once: as many in a row as each stays, at the price of its first month.

    Arrays have one value a year, in the order of customers.
    """

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        paying = np.flatnonzero(lanes.yearly)
        count = -(-np.minimum(lanes.life[paying], lanes.months - lanes.began[paying]) // YEAR)
        self.customer = np.repeat(paying, count)
        self.age = (np.arange(len(self.customer)) - np.repeat(np.cumsum(count) - count, count)) * YEAR
        self.start, self.lane = lanes.began[self.customer] + self.age, lanes.lane[self.customer]
        self.lasts = np.minimum(lanes.life[self.customer] - self.age, YEAR)
        """months until the customer leaves, if that is within the year"""

    def paid(self, plan: PayoutPlan, who: NDArray[np.bool_] | None = None, longest: Any = None) -> Array:
        """What is paid for each year; nothing of customers that are not asked for, or older than `longest`."""
        amount: Array = self.lanes.payment(plan, self.age, self.customer) * self.lanes.many(self.customer)
        if who is not None:
            amount = np.where(who[self.customer], amount, 0.0)
        if longest is not None:
            limit = np.asarray(longest)
            amount = np.where(self.age < (limit[self.lane] if limit.size > 1 else limit), amount, 0.0)
        return amount

    def by_start(self, amount: Array) -> Array:
        """An amount of each year in the month in which it begins, months × lanes."""
        return self._in(self.start, amount)

    def by_month(self, amount: Array) -> Array:
        """The same by twelfths, in the months in which its customer is there."""
        return self.lanes.in_force(self.start, self.lasts, self.lane, amount / YEAR)

    def paid_back(self, amount: Array, both: bool = False) -> Array:
        """What of it is paid back, in the month in which its customer leaves.

        Where a part was refunded before, of the rest; `both`: only what would have been paid back of that part.
        """
        back = np.where(self.lanes.refunded[self.customer], amount * (YEAR - self.lasts) / YEAR, 0.0)
        refunds = self.lanes.refunds
        part = 0.0 if refunds is None else refunds.part_of(self.customer, self.age, self.lasts)
        return self._in(self.start + self.lasts, back * (part if both else 1 - part))

    def _in(self, month: Ints, amount: Array) -> Array:
        return _in_months(self.lanes, month, self.lane, amount)


class Refunds:
    """Payments that are paid back, each by chance and whatever its customer does; one value each, by customer and age.

    Those that come after the last month are none.
    """

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        stays = np.minimum(lanes.life, lanes.months - lanes.began)
        yearly = lanes.yearly if lanes.yearly.size else np.zeros(len(stays), bool)
        by, rate = np.where(yearly, YEAR, 1), lanes.of_groups([lanes.of(one.refund) for one in lanes.groups])
        payments, found = -(-stays // by), []
        who = np.flatnonzero(rate > 0)
        at, turn = np.full(len(who), -1, np.int64), 0
        with np.errstate(divide="ignore"):
            chance = np.log1p(-np.minimum(rate, 1.0))
        while len(who):
            uniform = _scattered(lanes.own_number[who] * 4099 + 17 + turn)
            skipped = np.floor(np.log(np.maximum(uniform, 1e-300)) / chance[who])
            at = at + 1 + np.minimum(skipped, LONGEST * 2).astype(np.int64)
            here = at < payments[who]
            who, at, turn = who[here], at[here], turn + 1
            found.append(np.stack([who, at * by[who]]))
        after = lanes.groups[0].after
        customer, age = np.concatenate(found, axis=1) if found else np.zeros((2, 0), np.int64)
        there = lanes.began[customer] + age + after < lanes.months
        order = np.lexsort([age[there], customer[there]])
        self.customer, self.age, self.after = customer[there][order], age[there][order], after
        self.month, self.lane = lanes.began[self.customer] + self.age, lanes.lane[self.customer]
        self.part = lanes.of_groups([lanes.of(one.part) for one in lanes.groups])
        """customers: how much of a payment is paid back"""
        self.unused = np.zeros(len(self.customer))
        """what of the year was paid back before, as its customer had left"""
        if lanes.refunded.any():
            lasts = np.minimum(lanes.life[self.customer] - self.age, YEAR)
            early = lanes.refunded[self.customer] & (lasts < after)
            self.unused = np.where(early, (YEAR - lasts) / YEAR, 0.0)
        self.key = self.customer * (2 * LONGEST) + self.age

    def amount(self, plan: PayoutPlan) -> Array:
        """What is paid back."""
        paid = self.lanes.payment(plan, self.age, self.customer) * self.lanes.many(self.customer)
        amount: Array = paid * self.part[self.customer] * (1 - self.unused)
        return amount

    def by_month(self, amount: Array) -> Array:
        """An amount of each in the month of the refund, months × lanes."""
        return _in_months(self.lanes, self.month + self.after, self.lane, amount)

    def part_of(self, who: Ints, age: Ints, within: Any) -> Array:
        """Which part of what each customer paid at an age is paid back until so many months later; 0 where none is."""
        key = who * (2 * LONGEST) + age
        at = np.minimum(np.searchsorted(self.key, key), max(len(self.key) - 1, 0))
        there = (self.key[at] == key) if len(self.key) else np.zeros(len(key), bool)
        return np.where(there & (self.after <= np.asarray(within)), self.part[who], 0.0)


def _in_months(lanes: Lanes, month: Ints, lane: Ints, amount: Array) -> Array:
    """Amounts by month and lane, months × lanes; what comes after the last month is not there."""
    here = month < lanes.months
    at = month[here] * lanes.size + lane[here]
    found: Array = np.bincount(at, amount[here], lanes.months * lanes.size).astype(np.float64)
    return found.reshape(lanes.months, lanes.size)
