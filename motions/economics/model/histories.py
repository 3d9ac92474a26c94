"""Single partners: what a plan makes of one partner's month, from seeded histories of partners with whole customers.

Tiers, caps, least amounts, commitments and balances look at one partner in one month, and an average partner has no
such month: partners are of several ages, bring more or less, and win whole customers by chance. So partners are
followed one by one (`lanes`), and each is paid under the plan and under the plain plan, the same without what looks at
a partner (`lane_pay`). What the plain plan comes to is known exactly (`payouts.split`), and counts by how much the plan
is like it: a term that never binds changes nothing, and the error is that of what the others change.
"""

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from motions.economics.inputs.terms import Array, PayoutPlan, Terms, Tiered
from motions.economics.model.lane_pay import paid, plainly_paid, spend
from motions.economics.model.lanes import CLASSES, GROUPS, HISTORIES, MOST_IN_A_MONTH, Lanes, Law
from motions.economics.model.payers import ALIKE, YEAR, Payers, refunding
from motions.economics.model.periods import by_calendar

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
SERIES = ("payouts", "paid", "fees", "vendor_revenue", "receipts", "active_earnings")
"""What is read from histories, each months × draws for the whole program; `active_earnings` are what partners that are
active in the month make of their own customers. What customers get themselves, `friend`, is among them where it is."""


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


def looks_at_one_partner(plan: PayoutPlan, payers: Sequence[Payers] = ALIKE) -> bool:
    """Return whether the terms depend on what a single partner brings in a month, or on its balance.

    `payers`: the groups of customers, of which some may be refunded what commission was paid on.

    >>> from motions.economics.inputs.terms import FlatReward
    >>> looks_at_one_partner(PayoutPlan(flat=FlatReward())), looks_at_one_partner(PayoutPlan(cap_payout=100))
    (False, True)
    """
    parts = [plan.part(kind) for kind in plan.kinds]
    tiered = any(isinstance(part, Tiered) and part.tiers != "none" for part in parts)
    limits = (plan.cap_customers, plan.cap_payout, plan.minimum_payout)
    committed = plan.wholesale.commitment if plan.wholesale else 0.0
    # What is taken back makes a balance: one below zero is carried on, and not paid by the partner.
    balance = plan.rebate is not None or plan.milestones is not None
    balance = balance or (plan.clawback != "none" and bool({"percent", "flat", "share", "bonus"} & set(plan.kinds)))
    if not _refunded_in_time(plan, payers):
        balance = balance or (refunding(payers) and bool({"percent", "share", "bonus"} & set(plan.kinds)))
        balance = balance or (plan.flat is not None and any(np.any(one.refund) for one in payers))
    single = tiered or balance or _capped_in_part(plan, payers) or _ends_in_a_block(plan)
    return single or any(np.any(limit) for limit in (*limits, committed))


def _refunded_in_time(plan: PayoutPlan, payers: Sequence[Payers]) -> bool:
    """Whether all that is refunded comes back before anything is paid for it: then no balance is below zero.

    Funds are not taken back of the month they were earned in, and the fees on a month's payout that is credit in part
    are no sum over its customers.
    """
    lags = [YEAR - 1 if one.refunded else 0 for one in payers]
    lags += [int(np.max(one.after)) for one in payers if np.any(one.refund)]
    funds = plan.share is not None and bool(np.any(plan.share.funds_rate))
    mixed = _in_credit_in_part(plan) and bool(np.any(plan.payout_fee))
    return bool(np.all(plan.hold_months >= max(lags))) and not funds and not mixed


def _capped_in_part(plan: PayoutPlan, payers: Sequence[Payers]) -> bool:
    """Whether what one customer earns at most is no sum over customers that are alike.

    It is none where a month's payout is credit in part, nor where some customers prepay.
    """
    prepay = any(one.year is not None for one in payers)
    return bool(np.any(plan.cap_per_customer)) and (_in_credit_in_part(plan) or prepay)


def _in_credit_in_part(plan: PayoutPlan) -> bool:
    """Whether a month's payout may be credit in part; funds are cash."""
    return bool(plan.kinds_in_credit) and (len(plan.kinds) > 1 or plan.share is not None)


def _ends_in_a_block(plan: PayoutPlan) -> bool:
    """Whether payouts on prepaid licences end while these run on: an average partner has no such month either."""
    return plan.payouts_end == "with the partnership" and plan.wholesale is not None and plan.share is not None


def plain(plan: PayoutPlan) -> PayoutPlan:
    """Return the plan without what looks at one partner: its first rates, no cap, least amount or commitment.

    >>> from motions.economics.inputs.terms import PercentOfRevenue
    >>> plain(PayoutPlan(percent=PercentOfRevenue(tiers="whole"), cap_payout=100)).percent.tiers
    'none'
    """
    parts: dict[str, Any] = {"rebate": None, "milestones": None}
    for kind in plan.kinds:
        part = plan.part(kind)
        if isinstance(part, Tiered) and part.tiers != "none":
            parts[kind] = part.model_copy(update={"tiers": "none"})
    if plan.wholesale is not None:
        parts["wholesale"] = parts.get("wholesale", plan.wholesale).model_copy(update={"commitment": 0.0})
    if _ends_in_a_block(plan):
        parts["payouts_end"] = "with the customer"
    limits = dict.fromkeys(("cap_customers", "cap_payout", "cap_per_customer", "minimum_payout"), 0.0)
    return plan.model_copy(update=parts | limits | {"lapse_months": 0})


def follow(plan: PayoutPlan, law: Law, months: int) -> Followed:
    """Follow single partners over so many months under the plan and the plain plan.

    Of more than FULLY draws each has a few histories only, others than the next: what they miss is noise around it.
    Where partners win very many customers fewer histories do: chance is small in them.
    """
    draws = _draws(plan, law)
    cells = months * CLASSES * len(_families(law)) + law.months_before(ramped=True) * CLASSES
    customers = cells * min(float(np.max(np.asarray(law.leads) * law.conversion)), MOST_IN_A_MONTH)
    each = min(HISTORIES, max(int(MOST_CUSTOMERS // max(customers, 1)) // GROUPS, 1) * GROUPS)
    if draws > FULLY:
        each = int(np.clip(ENOUGH // (cells * draws), FEWEST, each))
    return _followed(plan, law, months, each, apart=draws > FULLY)


def _followed(plan: PayoutPlan, law: Law, months: int, each: int, apart: bool) -> Followed:
    """The same from so many histories of each class of partners; `apart`: each draw has others than the one before."""
    draws, families = _draws(plan, law), _families(law)
    step = max(TOGETHER // ((months + law.months_before(ramped=True)) * CLASSES * each), 1)

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
        names = getattr(found[0], field)
        return {name: np.concatenate([getattr(part, field)[name] for part in found], axis=-1) for name in names}

    return replace(
        found[0], full=joined("full"), bare=joined("bare"), together=joined("together"), apart=joined("apart")
    )


def _families(law: Law) -> tuple[bool, ...]:
    """Whether partners begin at full pace: those of the start do, those that join where there is no ramp."""
    kinds = ((True, law.start), (False, law.joining))
    return tuple(ramped for ramped, count in kinds if np.any(count)) or (False,)


def _draws(plan: PayoutPlan, law: Law) -> int:
    sizes = [np.size(value) for value in vars(law).values() if isinstance(value, np.ndarray) and value.ndim < 2]
    sizes += [np.size(value) for one in law.payers for value in (one.share, one.year, one.size, one.refund, one.part)]
    sizes += [series.shape[1] for series in (law.reach, law.before) if series is not None]
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
    return replace(law, **changes, payers=tuple(_drawn_payers(one, part, draws) for one in law.payers))


def _drawn_payers(payers: Payers, part: slice, draws: int) -> Payers:
    changes: dict[str, Any] = {}
    for name in ("share", "year", "size", "refund", "part"):
        value = np.asarray(getattr(payers, name))
        if value.size == draws > 1:
            changes[name] = value.reshape(-1)[part]
    return replace(payers, **changes) if changes else payers


def _of_family(plan: PayoutPlan, law: Law, ramped: bool, each: int, months: int, first: int | None) -> Followed:
    """What the partners of the start, or those that join, come to.

    `first`: how many draws there are before these, where each has other histories than the one before.
    """
    lanes = Lanes(law, ramped, each, months, _draws(plan, law), first, by_calendar(plan))
    sides = [
        paid(_for_lanes(plan, lanes.histories), lanes),
        plainly_paid(_for_lanes(plain(plan), lanes.histories), lanes),
    ]
    from_customers = spend(_for_lanes(plan, lanes.histories), lanes)
    booked = 1 - _for_lanes(plan, lanes.histories).distributor  # of what resellers pay
    for side in sides:
        side["active_earnings"] = (side["payouts"] + from_customers - side["vendor_revenue"] / booked) * lanes.active
    names = (*SERIES, *(["friend"] if "friend" in sides[0] else []))
    full, bare = ({name: lanes.of_all(side[name]) for name in names} for side in sides)
    sums = [{name: lanes.whole(side[name]) for name in names} for side in sides]
    away = [{name: one - one.mean(axis=1, keepdims=True) for name, one in side.items()} for side in sums]
    classes = [lanes.by_class(side["active_earnings"]) for side in sides]
    groups = [lanes.by_group(side["payouts"]) for side in sums]
    return Followed(
        full, bare,
        {name: (away[0][name] * away[1][name]).sum(axis=(0, 1)) for name in names},
        {name: (away[1][name] ** 2).sum(axis=(0, 1)) for name in names},
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
