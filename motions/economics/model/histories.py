"""Single partners: what a plan makes of one partner's month, from seeded histories of partners with whole customers.

Tiers, caps, least amounts, commitments and balances look at one partner in one month, and an average partner has no
such month: partners are of several ages, bring more or less, and win whole customers by chance. So here partners are
followed one by one. The law of one is that of `projection`: it becomes active, ramps up and may stop; while it is
active it wins a Poisson number of customers a month, by its productivity; each of these stays or leaves by itself.
A partner that has stopped goes on earning from its own customers.

Each history is paid under the plan and under the plain plan, the same without what looks at a partner. What the plain
plan comes to is known exactly (`payouts.split`), and counts by how much the plan is like it: a term that never binds
changes nothing, and the error is that of what the others change.

The same random numbers are used for every draw and scenario, in the order of the quantiles: more customers, a longer
stay or a longer partnership follow from the same number. Arrays are months × lanes; a lane is one history of one draw.
"""

import math
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motions.economics.inputs.terms import Array, PayoutPlan, PercentOfRevenue, Terms, Tiered
from motions.economics.model.payouts import later, productivity, rate_at

Ints = NDArray[np.int64]
CLASSES = 10
"""into which partners are put by what they bring"""
HISTORIES = 400
"""of each class of partners, where there is one draw"""
GROUPS = 8
"""of histories that are drawn independently of one another"""
FULLY = 64
"""draws of which each has as many histories as one alone"""
FEWEST = 2
"""histories of each class and draw at least"""
TOGETHER = 500_000
"""months × lanes that are worked on at once"""
AT_ONCE = 4
"""of which so many side by side, at most"""
ENOUGH = 3_000_000
"""months × lanes of very many draws together, each of which has fewer histories then"""
MOST_CUSTOMERS = 8_000_000
"""that are followed one by one, for one draw"""
MOST_IN_A_MONTH = 64
"""customers that one partner wins in a month and that are followed one by one; of more several are followed as one"""
_REUSED = 16
"""random numbers for the stays of so many customers of a month; those beyond take them shifted"""
_SHIFT = (math.sqrt(5) - 1) / 2
_LARGE = 40.0
"""means from which on a Poisson number is read off the normal distribution, with its skewness"""
SEED = 20_261_126
LONGEST = 120
"""months that random numbers are drawn for, whatever the horizon: its first months stay what they are"""


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


SERIES = ("payouts", "paid", "fees", "vendor_revenue", "receipts", "active_earnings")
"""What is read from histories, each months × draws for the whole program; `active_earnings` are what partners that are
active in the month make of their own customers."""


@dataclass(frozen=True)
class Followed:
    """What histories come to under the plan, and under the plain plan, by the names of SERIES."""

    full: dict[str, Array]
    """months × draws"""
    bare: dict[str, Array]
    """the same under the plain plan"""
    together: dict[str, Array]
    """one value a draw: how far the sums over all months of both vary together"""
    apart: dict[str, Array]
    """the same of the plain plan alone"""
    classes: tuple[Array, Array]
    """classes × months: active earnings under both plans by productivity, of the first draw"""
    groups: tuple[Array, Array]
    """the sums of payouts under both plans of each independent group of histories, of the first draw"""

    def like(self, name: str) -> Array:
        """How much a plan is like the plain one, one value a draw: 1 where it is the same, 0 with nothing of it.

        What is known exactly of the plain plan counts by it: the regression estimator of a mean (Cochran, chapter 7).
        """
        varies = self.apart[name] > 1e-18
        return np.where(varies, self.together[name] / np.where(varies, self.apart[name], 1.0), 1.0)

    def expected(self, name: str, plain_plan: Array) -> Array:
        """Return the expected value under the plan, months × draws, from that under the plain plan."""
        found: Array = self.full[name] + self.like(name) * (plain_plan - self.bare[name])
        return found

    def by_class(self, plain_plan: Array) -> Array:
        """Return expected active earnings by class, classes × months, from those under the plain plan."""
        full, bare = self.classes
        found: Array = full + self.like("active_earnings")[0] * (plain_plan - bare)
        return found

    @property
    def error(self) -> float:
        """Standard error of all payouts, of the first draw: how far independent groups of histories lie apart."""
        full, bare = self.groups
        left = full - self.like("payouts")[0] * bare
        return float(left.std(ddof=1)) / math.sqrt(len(left)) if len(left) > 1 else math.nan

    def __add__(self, other: "Followed") -> "Followed":
        def both(one: dict[str, Any], two: dict[str, Any]) -> dict[str, Any]:
            return {name: one[name] + two[name] for name in one}

        return Followed(
            both(self.full, other.full), both(self.bare, other.bare),
            both(self.together, other.together), both(self.apart, other.apart),
            (self.classes[0] + other.classes[0], self.classes[1] + other.classes[1]),
            (self.groups[0] + other.groups[0], self.groups[1] + other.groups[1]),
        )  # fmt: skip


def looks_at_one_partner(plan: PayoutPlan) -> bool:
    """Return whether the terms depend on what a single partner brings in a month, or on its balance.

    >>> from motions.economics.inputs.terms import FlatReward
    >>> looks_at_one_partner(PayoutPlan(flat=FlatReward())), looks_at_one_partner(PayoutPlan(cap_payout=100))
    (False, True)
    """
    parts = [plan.part(kind) for kind in plan.kinds]
    tiered = any(isinstance(part, Tiered) and part.tiers != "none" for part in parts)
    limits = (plan.cap_customers, plan.cap_payout, plan.minimum_payout)
    committed = plan.wholesale.commitment if plan.wholesale else 0.0
    # What is taken back makes a balance: one below zero is carried on, and not paid by the partner.
    balance = plan.clawback != "none" and bool({"percent", "flat", "share"} & set(plan.kinds))
    return tiered or balance or any(np.any(limit) for limit in (*limits, committed))


def plain(plan: PayoutPlan) -> PayoutPlan:
    """Return the plan without what looks at one partner: its first rates, no cap, least amount or commitment.

    >>> plain(PayoutPlan(percent=PercentOfRevenue(tiers="whole"), cap_payout=100)).percent.tiers
    'none'
    """
    parts: dict[str, Any] = {}
    for kind in plan.kinds:
        part = plan.part(kind)
        if isinstance(part, Tiered) and part.tiers != "none":
            parts[kind] = part.model_copy(update={"tiers": "none"})
    if plan.wholesale is not None:
        parts["wholesale"] = parts.get("wholesale", plan.wholesale).model_copy(update={"commitment": 0.0})
    return plan.model_copy(update=parts | {"cap_customers": 0.0, "cap_payout": 0.0, "minimum_payout": 0.0})


def follow(plan: PayoutPlan, law: Law, months: int) -> Followed:
    """Follow single partners over so many months under the plan and the plain plan.

    Of more than FULLY draws each has a few histories only, others than the next: what they miss is noise around it.
    Where partners win very many customers fewer histories do: chance is small in them.
    """
    draws = _draws(plan, law)
    cells = months * CLASSES * len(_families(law))
    customers = cells * min(float(np.max(np.asarray(law.leads) * law.conversion)), MOST_IN_A_MONTH)
    each = min(HISTORIES, max(int(MOST_CUSTOMERS // max(customers, 1)) // GROUPS, 1) * GROUPS)
    if draws > FULLY:
        each = int(np.clip(ENOUGH // (cells * draws), FEWEST, each))
    return _followed(plan, law, months, each, apart=draws > FULLY)


def _followed(plan: PayoutPlan, law: Law, months: int, each: int, apart: bool) -> Followed:
    """The same from so many histories of each class of partners; `apart`: each draw has others than the one before."""
    draws, families = _draws(plan, law), _families(law)
    step = max(TOGETHER // (months * CLASSES * each), 1)

    def of_part(at: int) -> Followed:
        part = slice(at, min(at + step, draws))
        one_plan, one_law = _drawn(plan, part, draws), _drawn_law(law, part, draws)
        sums = [_of_family(one_plan, one_law, ramped, each, months, at if apart else None) for ramped in families]
        return sum(sums[1:], sums[0])

    # NumPy works outside of Python's lock, so that parts are followed side by side.
    with ThreadPoolExecutor(min(os.cpu_count() or 1, AT_ONCE)) as pool:
        found = list(pool.map(of_part, range(0, draws, step)))
    if len(found) == 1:
        return found[0]

    def joined(field: str) -> dict[str, Array]:
        return {name: np.concatenate([getattr(part, field)[name] for part in found], axis=-1) for name in SERIES}

    return replace(
        found[0], full=joined("full"), bare=joined("bare"), together=joined("together"), apart=joined("apart")
    )


def _families(law: Law) -> tuple[bool, ...]:
    """Whether partners begin at full pace: those of the start do, those that join where there is no ramp."""
    kinds = ((True, law.start), (False, law.joining))
    return tuple(ramped for ramped, count in kinds if np.any(count)) or (False,)


def _draws(plan: PayoutPlan, law: Law) -> int:
    sizes = [np.size(value) for value in vars(law).values() if isinstance(value, np.ndarray) and value.ndim < 2]
    sizes += [law.reach.shape[1]] if law.reach is not None else []
    models = [plan, *(plan.part(kind) for kind in plan.kinds)]
    sizes += [np.size(value) for model in models for _, value in model if isinstance(value, np.ndarray)]
    return max(sizes, default=1)


def _drawn(model: Any, part: slice, draws: int) -> Any:
    """A model whose arrays of draws are cut to a part of these."""
    changes: dict[str, Any] = {}
    for name, value in model:
        if isinstance(value, Terms):
            changes[name] = _drawn(value, part, draws)
        elif isinstance(value, np.ndarray) and value.size == draws:
            changes[name] = value.reshape(-1)[part]
    return model.model_copy(update=changes) if changes else model


def _drawn_law(law: Law, part: slice, draws: int) -> Law:
    changes: dict[str, Any] = {}
    for name, value in vars(law).items():
        if isinstance(value, np.ndarray) and value.ndim == 2:
            changes[name] = value[:, part] if value.shape[1] == draws else value
        elif isinstance(value, np.ndarray) and value.size == draws:
            changes[name] = value.reshape(-1)[part]
    return replace(law, **changes)


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


def _of_family(plan: PayoutPlan, law: Law, ramped: bool, each: int, months: int, first: int | None) -> Followed:
    """What the partners of the start, or those that join, come to.

    `first`: how many draws there are before these, where each has other histories than the one before.
    """
    lanes = _Lanes(law, ramped, each, months, _draws(plan, law), first)
    sides = [
        _paid(_for_lanes(plan, lanes.histories), lanes),
        _plainly_paid(_for_lanes(plain(plan), lanes.histories), lanes),
    ]
    spend = _spend(_for_lanes(plan, lanes.histories), lanes)
    for side in sides:
        side["active_earnings"] = (side["payouts"] + spend - side["vendor_revenue"]) * lanes.active
    full, bare = ({name: lanes.of_all(side[name]) for name in SERIES} for side in sides)
    sums = [{name: lanes.whole(side[name]) for name in SERIES} for side in sides]
    away = [{name: one - one.mean(axis=1, keepdims=True) for name, one in side.items()} for side in sums]
    classes = [lanes.by_class(side["active_earnings"]) for side in sides]
    groups = [lanes.by_group(side["payouts"]) for side in sums]
    return Followed(
        full, bare,
        {name: (away[0][name] * away[1][name]).sum(axis=(0, 1)) for name in SERIES},
        {name: (away[1][name] ** 2).sum(axis=(0, 1)) for name in SERIES},
        (classes[0], classes[1]), (groups[0], groups[1]),
    )  # fmt: skip


def _for_lanes(model: Any, histories: int) -> Any:
    """A model whose arrays of draws have one value a lane."""
    changes: dict[str, Any] = {}
    for name, value in model:
        if isinstance(value, Terms):
            changes[name] = _for_lanes(value, histories)
        elif isinstance(value, np.ndarray):
            changes[name] = np.tile(value.reshape(-1), histories)
    return model.model_copy(update=changes) if changes else model


class _Lanes:
    """Histories of partners and their customers. A lane is history × draw, the draws of a history side by side."""

    def __init__(self, law: Law, ramped: bool, each: int, months: int, draws: int, first: int | None = None) -> None:
        self.law, self.months, self.draws, self.histories = law, months, draws, CLASSES * each
        self.ramped = ramped
        self.size = self.histories * draws
        self.chance = _chance(ramped)
        # Where each draw has other histories than the one before, the same in every scenario, no error is common.
        moved = np.zeros(draws, np.int64) if first is None else (np.arange(draws) + first) * each
        number = (np.arange(each)[:, None] + moved) % HISTORIES
        self.which = (np.arange(CLASSES)[:, None, None] * HISTORIES + number).reshape(-1)
        month = np.arange(months)[:, None]
        # Where nothing depends on the calendar all begin in the first month: the others follow from their ages.
        self.by_calendar = law.reach is not None and not ramped
        begins = np.floor(self.per_history(self.chance.begins) * months) if self.by_calendar else 0
        age = month - begins
        life = _stay(self.per_history(self.chance.partner), self.of(law.keep))
        self.active = np.broadcast_to((age >= 0) & (age < life), (months, self.size))
        ramp = self.of(law.ramp)
        pace: Any = 1.0 if ramped else np.clip(age / np.maximum(ramp, 1), 0.0, 1.0)
        pace = pace if ramped or np.all(ramp > 0) else np.where(ramp > 0, pace, 1.0)
        each_class = [np.atleast_1d(part) * CLASSES for part in productivity(law.top_share, CLASSES)]
        weight = np.stack([np.broadcast_to(part, (draws,)) for part in each_class])
        self.lead_mean = self.active * pace * self.of(law.leads) * np.repeat(weight, each, axis=0).reshape(-1)
        won = later(self.lead_mean, self.of_whole(law.cycle)) * self.of(law.conversion)
        if law.reach is not None:
            won = won * np.tile(np.broadcast_to(law.reach, (months, draws)), self.histories)
        self.new = poisson(won, self.per_history(self.chance.new[:months]))
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
        uniform = self.chance.stay[self.began, self.which[self.lane], again].astype(np.float64)
        if turn.any():
            uniform = np.mod(uniform + turn * _SHIFT, 1.0)
        stays = _stay(uniform, self.at_lane(self.of(self.law.customer_keep)))
        self.life = np.minimum(stays, self.months + 1.0).astype(np.int64)

    def many(self, who: Any) -> Any:
        """How many customers those that are followed stand for."""
        return self.stands_for[who] if np.size(self.stands_for) > 1 else self.stands_for

    def at_lane(self, value: Any) -> Any:
        """A number, or one value a lane as one a customer."""
        return value[self.lane] if np.size(value) > 1 else value

    @cached_property
    def grow(self) -> Any:
        return self.of(self.law.grow)

    @cached_property
    def price(self) -> Any:
        return self.of(self.law.price)

    def stock(self, who: NDArray[np.bool_] | None, longest: Any) -> Array:
        """Customers in their first `longest` months, each counted as what it has grown to; months × lanes."""
        life = self.life if longest is None else np.minimum(self.life, self.at_lane(longest))
        some: Any = slice(None) if who is None else who
        return self.in_force(self.began[some], life[some], self.lane[some], many=self.many(some))

    def in_force(self, began: Ints, lasts: Any, lane: Ints, worth: Any = None, many: Any = 1.0) -> Array:
        """What began in a month and lasts for some, grown since; months × lanes. `worth` stands for growing.

        `many`: how many each stands for; it is in `worth` already.
        """
        until = np.minimum(began + lasts, self.months).astype(np.int64)
        cells, growing = (self.months + 1) * self.size, worth is None and np.any(np.asarray(self.grow) != 1.0)
        weights = None if worth is None else worth
        if growing:
            weights = np.power(self.grow[lane] if np.size(self.grow) > 1 else self.grow, -began.astype(np.float64))
        if worth is None and np.size(many) > 1:
            weights = many if weights is None else weights * many
        change = np.bincount(began * self.size + lane, weights, cells) - np.bincount(
            until * self.size + lane, weights, cells
        )
        there: Array = change.reshape(self.months + 1, self.size)[:-1].cumsum(axis=0, dtype=np.float64)
        if growing:
            there *= np.power(self.grow, np.arange(self.months)[:, None])
        return there

    def payments(self, plan: PayoutPlan, who: NDArray[np.bool_] | None, longest: Any) -> Array:
        """What customers pay after the coupon in their first `longest` months."""
        all_of: Array = self.stock(who, longest)
        if np.any(plan.coupon):
            months = plan.coupon_months if longest is None else np.minimum(plan.coupon_months, longest)
            all_of = all_of - plan.coupon * self.stock(who, months)
        paid: Array = all_of * self.price
        return paid

    def payment(self, plan: PayoutPlan, age: Ints, lane: Ints) -> Array:
        """What one customer of each lane given pays at an age."""

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
        others = poisson(self.lead_mean * open_, self.per_history(self.chance.leads[: self.months]))
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
        return self.scaled(self.mean(values))

    def by_class(self, values: Array) -> Array:
        """What all partners of each class make, classes × months, of the first draw."""
        mean = values.reshape(self.months, CLASSES, -1, self.draws)[:, :, :, 0].mean(axis=2).T / CLASSES
        return np.array([self.scaled(one[:, None])[:, 0] for one in mean])

    def whole(self, values: Array) -> Array:
        """What each history makes of all months together, as often as it counts: classes × histories × draws."""
        # A partner that joins each month has its first month as often as there are months.
        often = np.arange(self.months, 0, -1.0) if not (self.ramped or self.by_calendar) else np.ones(self.months)
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


def _rewarded(plan: PayoutPlan, lanes: _Lanes) -> NDArray[np.bool_] | None:
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

    def less(self, other: "_Bases") -> "_Bases":
        """The same without some customers."""
        return _Bases(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(self)))


def _bases(plan: PayoutPlan, lanes: _Lanes, sides: "_Sides") -> _Bases:
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
    return _Bases(sides.paid, lanes.new, percent, after, rewards, share, fixed)


def _lasting(terms: PercentOfRevenue) -> Any:
    return {"first payment": 1, "lifetime": None}.get(terms.duration, terms.months)


@dataclass(frozen=True)
class _Rates:
    """The rates of a month, months × lanes or one number."""

    percent: Any = 0.0
    after: Any = 0.0
    rewards: Any = 0.0
    share: Any = 0.0

    def earned(self, bases: _Bases) -> tuple[Array, Array]:
        """What is earned, and what of it are rewards; months × lanes."""
        rewards = self.rewards * bases.rewards
        own = self.percent * bases.percent + self.after * bases.after + self.share * bases.share
        shape = bases.revenue.shape
        return np.broadcast_to(own + rewards + bases.fixed, shape), np.broadcast_to(rewards, shape)


def _rates(plan: PayoutPlan, bases: _Bases) -> _Rates:
    found: dict[str, Any] = {}
    if (terms := plan.percent) is not None:
        found["percent"] = _rate(terms, terms.rate, bases)
        found["after"] = terms.later_rate if terms.duration == "taper" else 0.0
    if (flat := plan.flat) is not None:
        redeemed = flat.redemption_rate if flat.paid_in == "credit" else 1.0
        found["rewards"] = _rate(flat, flat.reward, bases) * redeemed
    if (share := plan.share) is not None:
        found["share"] = _rate(share, share.rate, bases)
    return _Rates(**found)


def _rate(terms: Tiered, first: Any, bases: _Bases) -> Any:
    if terms.tiers == "none":
        return first
    return rate_at(terms, first, bases.revenue if terms.tier_by == "revenue" else bases.customers)


class _Sides:
    """What end customers pay, what the vendor books of it, and when the vendor is paid; months × lanes."""

    def __init__(self, plan: PayoutPlan, lanes: _Lanes) -> None:
        self.plan, self.lanes = plan, lanes
        self.paid = self.revenue = self.receipts = lanes.payments(plan, None, None)
        self.kept: Any = 1.0
        """share of what is booked at list price that the vendor has"""
        counted = _Bases(self.paid, lanes.new, 0.0, 0.0, 0.0, 0.0, 0.0)
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


def _paid(plan: PayoutPlan, lanes: _Lanes) -> dict[str, Array]:
    """What each history comes to under the plan."""
    sides = _Sides(plan, lanes)
    bases = _bases(plan, lanes, sides)
    rates = _rates(plan, bases)
    total, rewards = rates.earned(bases)
    kept = _capped(plan, total)
    backs = list(_taken_back(plan, lanes, sides, bases, rates)) if plan.clawback != "none" else []
    payouts = kept - sum((later(back, lag) for lag, back in backs), np.zeros(1))
    credit = rewards if plan.flat is not None and plan.flat.paid_in == "credit" else None
    paid, fees = _when_paid(plan, total, kept, backs, credit)
    return {
        "payouts": payouts, "paid": paid, "fees": fees, "vendor_revenue": sides.revenue, "receipts": sides.receipts,
    }  # fmt: skip


def _spend(plan: PayoutPlan, lanes: _Lanes) -> Any:
    """What end customers pay, at the resale price where there is one."""
    paid = lanes.payments(plan, None, None)
    if (buys := plan.wholesale) is None:
        return paid
    return paid * np.clip(buys.resale_price, buys.band_low, buys.band_high)


def _plainly_paid(plan: PayoutPlan, lanes: _Lanes) -> dict[str, Array]:
    """What each history comes to under a plain plan, as `payouts.split` has it: what is taken back is paid back."""
    sides = _Sides(plan, lanes)
    bases = _bases(plan, lanes, sides)
    rates = _rates(plan, bases)
    total, rewards = rates.earned(bases)
    payouts, hold = total - _all_taken_back(plan, lanes, sides, bases, rates), _hold(plan)
    in_cash = payouts
    if plan.flat is not None and plan.flat.paid_in == "credit":
        own = plan.model_copy(update={"percent": None, "share": None})
        in_cash = payouts - (rewards - _all_taken_back(own, lanes, sides, bases, rates))
    return {
        "payouts": payouts, "paid": later(payouts, hold), "fees": later(in_cash, hold) * plan.payout_fee,
        "vendor_revenue": sides.revenue, "receipts": sides.receipts,
    }  # fmt: skip


def _all_taken_back(plan: PayoutPlan, lanes: _Lanes, sides: _Sides, bases: _Bases, rates: _Rates) -> Array:
    """What is taken back in each month, whenever it was earned."""
    total: Array = np.zeros(bases.revenue.shape)
    if plan.clawback != "none":
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
    plan: PayoutPlan, lanes: _Lanes, sides: _Sides, bases: _Bases, rates: _Rates
) -> Iterator[tuple[int, Array]]:
    """Yield by how many months later customers left what is taken back of each month, months × lanes.

    What the month comes to without them is less, by their own lines, and by tiers and the cap where there are some.
    """
    window = np.asarray(plan.clawback_months)
    end = lanes.began + lanes.life
    own_window = lanes.at_lane(window) if window.size > 1 else window
    gone = np.flatnonzero((end < lanes.months) & (lanes.life <= own_window))
    rewarded = _rewarded(plan, lanes)
    again = bool(np.any(plan.cap_payout)) or any(
        isinstance(part, Tiered) and part.tiers != "none" for part in (plan.percent, plan.flat, plan.share) if part
    )
    left = _capped(plan, rates.earned(bases)[0]) if again else np.zeros(1)
    for lag in range(1, min(int(window.max()), lanes.months) + 1):
        who = gone[lanes.life[gone] >= lag]
        earns = np.ones(len(who), bool) if rewarded is None else rewarded[who]
        age, lane = lanes.life[who] - lag, lanes.lane[who]
        month = lanes.began[who] + age
        theirs = _of_customers(plan, lanes, sides, age, month, lane, earns)
        part = np.ones(len(who))
        if plan.clawback == "pro rata":
            part = 1 - lanes.life[who] / (own_window[who] if np.size(own_window) > 1 else own_window)
        theirs = {name: values * lanes.many(who) for name, values in theirs.items()}
        line = _line(rates, theirs, month, lane)
        at = month * lanes.size + lane
        taken: Any = np.bincount(at, line * part, bases.revenue.size).reshape(bases.revenue.shape)
        if again:
            bases = bases.less(_added(theirs, at, bases))
            now = _capped(plan, _rates(plan, bases).earned(bases)[0])
            if plan.clawback == "pro rata":
                # Where those that left had no line of their own in the month, each counts as much.
                sums = [np.bincount(at, weights, bases.revenue.size) for weights in (line, part, np.ones(len(part)))]
                lines, parts, ones = (one.reshape(bases.revenue.shape) for one in sums)
                taken = (left - now) * np.where(lines > 1e-12, _share(taken, lines), _share(parts, ones))
            else:
                taken = left - now
            left = now
        yield lag, taken


def _of_customers(
    plan: PayoutPlan, lanes: _Lanes, sides: _Sides, age: Ints, month: Ints, lane: Ints, earns: NDArray[np.bool_]
) -> dict[str, Array]:
    """What customers that left had added to the bases of a month, one value a customer."""

    def here(value: Any) -> Any:
        return value[lane] if np.size(value) > 1 else value

    paid = lanes.payment(plan, age, lane)
    found = {"revenue": paid, "customers": (age == 0).astype(np.float64)}
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


def _added(theirs: Mapping[str, Array], at: Ints, like: _Bases) -> _Bases:
    """The bases of customers, from one value each."""
    shape = like.revenue.shape
    found: dict[str, Any] = dict.fromkeys((one.name for one in fields(_Bases)), 0.0)
    for name, values in theirs.items():
        found[name] = np.bincount(at, values, like.revenue.size).reshape(shape)
    return _Bases(**found)


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
