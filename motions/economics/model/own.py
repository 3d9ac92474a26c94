"""What single partners have of their own: a rate or a reward in place of the plan's, and what comes on top of a rate.

Only files know it (a partner list), so that only replays and statements look at it: the simulator's partners are those
of the plan. One rate of the plan is meant, the first that it has of commission, margin, wholesale discount and revenue
share, with its tiers and what differs by what a customer buys; what is paid after the months of a commission stays.
What a plan could not be with is not used (`clash`): the plan's rate counts there.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from motions.economics.inputs.terms import FIRST_RATE, PayoutPlan
from motions.fields import input_named

Ints = NDArray[np.int64]
NONE = -1
"""Where a partner has nothing of its own."""
OF_RATE = ("percent", "margin", "wholesale", "share")
"""The parts that an own rate is looked for in, in this order; an own reward is of `flat`."""
_MILLIONTH, _CENT = Decimal("0.000001"), Decimal("0.01")
_TIERS = ("tier_2_value", "tier_3_value", "tier_4_value")


def rated(plan: PayoutPlan) -> str:
    """Return the kind of the part that an own rate and an uplift are of; nothing where a plan has none.

    >>> from motions.economics.inputs.terms import FlatReward, PartnerMargin, PercentOfRevenue
    >>> rated(PayoutPlan(margin=PartnerMargin(), percent=PercentOfRevenue())), rated(PayoutPlan(flat=FlatReward()))
    ('percent', '')
    """
    return next((kind for kind in OF_RATE if kind in plan.kinds), "")


def own_plan(plan: PayoutPlan, rate: int = NONE, uplift: int = NONE, reward: int = NONE) -> PayoutPlan:
    """Return the plan as it is for a partner: rate and uplift in millionths, reward in minor units, NONE for none.

    An own rate, or reward, stands in place of all tiers and of rates by what a customer buys. An uplift is added to
    each of them, or to the own rate; none is above 100 %. Where the plan can't be with both, it keeps its own rate.

    >>> from motions.economics.inputs.terms import PercentOfRevenue
    >>> tiers = {"tiers": "whole", "tier_2_from": 500, "tier_2_value": 0.3, "tier_3_from": 0}
    >>> plan = PayoutPlan(percent=PercentOfRevenue(rate=0.2, **tiers))
    >>> lifted = own_plan(plan, uplift=50_000).percent
    >>> lifted.rate, lifted.tier_2_value, lifted.tiers
    (0.25, 0.35, 'whole')
    >>> own = own_plan(plan, rate=400_000).percent
    >>> own.rate, own.tiers
    (0.4, 'none')
    """
    if clash(plan, rate, uplift):
        rate, uplift = NONE, NONE
    return _changed(plan, rate, uplift, reward)


def clash(plan: PayoutPlan, rate: int = NONE, uplift: int = NONE) -> str:
    """Return why a plan can't be with an own rate and uplift, in millionths; nothing where it can.

    >>> from motions.economics.inputs.terms import PartnerMargin
    >>> plan = PayoutPlan(margin=PartnerMargin(margin=0.3, distributor_margin=0.2), marketplace_fee=0.1)
    >>> clash(plan, rate=900_000)
    'the partner, a distributor and the marketplace keep more of a payment than there is'
    >>> clash(plan, uplift=500_000)
    ''

    No plan has a margin above 95 %, and so no partner has:

    >>> clash(PayoutPlan(margin=PartnerMargin(margin=0.3)), rate=960_000)
    'the partner margin is above 95 %, the most that a plan may have'
    """
    kind, own = rated(plan), _changed(plan, rate, uplift)
    if own is plan:
        return ""
    part = own.part(kind)
    return _refused(type(part), part.model_dump()) or _refused(PayoutPlan, dict(own))


def _refused(kind: type[Any], values: dict[str, Any]) -> str:
    """Why a plan can't have such terms, as they contradict one another or are out of bounds; without what to do."""
    try:
        kind.model_validate(values)
    except ValidationError as problem:
        first = problem.errors()[0]
        if first["type"] == "value_error":
            return str(first["ctx"]["error"]).split(": ")[0]
        item = input_named(kind, str(first["loc"][-1]))
        return f"the {item.title.lower()} is above {item.shown(item.high):g} %, the most that a plan may have"
    return ""


def _changed(plan: PayoutPlan, rate: int = NONE, uplift: int = NONE, reward: int = NONE) -> PayoutPlan:
    kind, changes = rated(plan), dict[str, Any]()
    if kind and rate != NONE:
        changes[kind] = _alone(plan, kind, float(rate * _MILLIONTH))
    if kind and uplift > 0:
        part = changes.get(kind) or plan.part(kind)
        names = (FIRST_RATE[kind], *_TIERS, *(("rate_2", "rate_3") if kind == "percent" else ()))
        changes[kind] = part.model_copy(update={name: _more(getattr(part, name), uplift) for name in names})
    if plan.flat is not None and reward != NONE:
        changes["flat"] = _alone(plan, "flat", float(reward * _CENT))
    return plan.model_copy(update=changes) if changes else plan


def _alone(plan: PayoutPlan, kind: str, value: float) -> Any:
    """The part with one rate, or reward, and nothing beside it."""
    by_customer = {"rate_by": "nothing"} if kind in ("percent", "flat") else {}
    return plan.part(kind).model_copy(update={FIRST_RATE[kind]: value, "tiers": "none", **by_customer})


def _more(rate: float, uplift: int) -> float:
    return float(min(Decimal(str(rate)) + uplift * _MILLIONTH, Decimal(1)))


def by_terms(plan: PayoutPlan, own: Ints) -> Iterator[tuple[PayoutPlan, Ints]]:
    """Yield the plan as partners have it, and which partners do, by position.

    `own` is partners × rate, uplift, reward, as `own_plan` takes them.

    >>> from motions.economics.inputs.terms import PercentOfRevenue
    >>> own, plan = np.array([[-1, -1, -1], [300_000, -1, 5000], [-1, 0, -1]]), PayoutPlan(percent=PercentOfRevenue())
    >>> [(one.percent.rate, who.tolist()) for one, who in by_terms(plan, own)]
    [(0.2, [0, 2]), (0.3, [1])]
    """
    counting = np.where(counts(plan, own), own, NONE)
    _, which = np.unique(counting, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    for who in np.split(order, np.flatnonzero(np.diff(which.ravel()[order])) + 1):
        yield (own_plan(plan, *counting[who[0]].tolist()) if len(who) else plan), who


def counts(plan: PayoutPlan, own: Ints) -> NDArray[np.bool_]:
    """Return what of `own` changes something under the plan; an uplift of nothing does not, nor what can't be used.

    >>> counts(PayoutPlan(), np.array([[300_000, 50_000, 5000]])).any()
    np.False_
    """
    there: NDArray[np.bool_] = np.array([bool(rated(plan)), bool(rated(plan)), plan.flat is not None])
    found: NDArray[np.bool_] = (own >= np.array([0, 1, 0])) & there
    for partner in clashes(plan, own):
        found[partner, :2] = False
    return found


def clashes(plan: PayoutPlan, own: Ints) -> dict[int, str]:
    """Return the partners, by position, whose own rate and uplift the plan can't be with, and why it can't.

    >>> from motions.economics.inputs.terms import PartnerMargin
    >>> plan = PayoutPlan(margin=PartnerMargin(margin=0.3), marketplace_fee=0.1)
    >>> list(clashes(plan, np.array([[-1, -1, -1], [950_000, -1, -1], [-1, 50_000, -1]])))
    [1]
    """
    if not rated(plan):
        return {}
    each, which = np.unique(np.maximum(own[:, :2], NONE), axis=0, return_inverse=True)
    reasons = [clash(plan, *rates) for rates in each.tolist()]
    return {at: reasons[one] for at, one in enumerate(which.ravel().tolist()) if reasons[one]}
