"""The customers won in the first months, over their whole lives: what they took to win, and what they bring.

Unit economics are of a customer and not of a horizon: whatever months are shown, the customers won in the first
`market.spread_months` bear what the program cost in these, and are followed for LIFE months each, with all that they
cause later on. What depends on a partner's month is paid until then as projected, and afterwards at the same share of
what the plan without it would pay at its highest rate.
"""

from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any

import numpy as np

from motions.economics.inputs.assumptions import Market, PartnerProgram, ProgramInputs
from motions.economics.inputs.terms import FIRST_RATE, Array, PayoutPlan, Terms, Tiered, in_credit, redeemed
from motions.economics.model.histories import looks_at_one_partner, plain
from motions.economics.model.opening import there, without
from motions.economics.model.payers import payers_of
from motions.economics.model.payouts import Arrivals, Split, added, by_date, first_months, running_total
from motions.economics.model.projection import (
    Projection,
    cost_share,
    project,
    running_cost,
    shares,
    since_start,
    terms_of,
    with_terms,
)

LIFE = 120
"""months that a customer is followed"""


@dataclass(frozen=True)
class Cohort:
    """The customers won in the first months, one value a draw; money in whole units."""

    won: Array
    spend: Array
    """what winning them took: program cost, and all that is paid or given up for them in their lives"""
    up_front: Array
    """what of it is spent before a customer brings anything: program cost and rewards for leads"""
    brought: Array
    """LIFE × draws: what one customer brings in each month of its life, after churn, payouts and cost of revenue"""
    owed: Array
    """payouts after the months shown for customers won in these, less what is taken back"""
    beyond: Array
    """share of what one customer pays at list price that comes after LIFE months; 1 where it does not shrink"""

    @cached_property
    def payback(self) -> Array:
        """Month of a customer's life in which it has paid back what winning it cost; inf: not in LIFE months."""
        return payback(self)


@dataclass(frozen=True)
class _Share:
    """How much of what a plain plan pays is paid under the plan, and what is paid besides, where that pays nothing."""

    of: Any = 1.0
    besides: Any = 0.0

    @classmethod
    def at(cls, paid: Array, plainly: Array) -> "_Share":
        there = np.abs(plainly) > 1e-9
        share = np.where(there, paid / np.where(there, plainly, 1.0), 0.0)
        return cls(share, np.where(there, 0.0, paid))


def cohort(program: ProgramInputs, market: Market, came: Arrivals, projection: Projection | None = None) -> Cohort:
    """Return what becomes of the customers that a program wins in the first `market.spread_months`.

    These are counted from the month in which the program begins. `came`: arrivals of at least these months and of the
    months shown. `projection`: of the months shown, if known.
    """
    if there(program):  # they are not won, and what they cost is no cost of winning
        program, projection = without(program), None
    first = first_months(since_start(program, came), market.spread_months)
    plan, own = terms_of(program), program
    payouts = given_up = friends = _Share()
    once: Any = 0.0
    if isinstance(program, PartnerProgram) and looks_at_one_partner(plan, payers_of(market, plan)):
        own = program.model_copy(update={"payout": plain(highest(plan))})
        paid, gave, got = _in_first_months(program, market, first, projection)
        plainly, once = shares(own, market, first), _for_milestones(program, market, came, projection)
        payouts = _Share.at(paid - once, plainly.payouts.sum(axis=0))
        given_up = _Share.at(gave, (plainly.priced - plainly.vendor_revenue).sum(axis=0))
        friends = _Share.at(got, plainly.friend.sum(axis=0))
    one = average_customer(own, market, first.new)
    taken = payouts.of * (one.payouts + one.fees) + given_up.of * (one.priced - one.vendor_revenue)
    taken = taken + one.marketplace + friends.of * one.friend
    won = first.new.sum(axis=0)
    up_front = running_cost(program, first).sum(axis=0) + payouts.besides + given_up.besides + friends.besides
    up_front = up_front + payouts.of * _for_leads(plan, first) + once * _with_fee(plan, plan.milestones)
    brought = one.listed * (1 - cost_share(program, market)) + (one.priced - one.listed) - taken
    if plan.wholesale is None:  # a prepaid year is there when it is paid; what partners prepay is no customer's
        brought = brought + (one.receipts - one.vendor_revenue)
    return Cohort(
        won=won,
        spend=up_front + taken.sum(axis=0) * won,
        up_front=up_front,
        brought=brought,
        owed=payouts.of * _owed_later(own, market, first_months(came, market.months).new, one),
        beyond=_beyond(program),
    )


def _in_first_months(
    program: ProgramInputs, market: Market, first: Arrivals, projection: Projection | None
) -> tuple[Array, Array, Array]:
    """Payouts, what is given up of list price, and what customers get, in the months that cost is spread over.

    Of many draws, each with a few histories, the first of the months shown are near enough; of one they are not: the
    months shown must not move a figure of a customer.
    """
    months = market.spread_months
    late = program.start_month - 1
    cut = projection is not None and projection.payouts.shape[1] > 1 and late + months <= market.months
    if projection is None or ((late or months != market.months) and not cut):
        own = program.model_copy(update={"start_month": 1})
        projection, late = project(own, market.model_copy(update={"months": months}), first), 0
    gave = projection.priced - projection.vendor_revenue
    here = slice(late, late + months)
    payouts, friend = projection.payouts, projection.friend
    return payouts[here].sum(axis=0), gave[here].sum(axis=0), friend[here].sum(axis=0)


def _for_milestones(program: PartnerProgram, market: Market, came: Arrivals, projection: Projection | None) -> Any:
    """What of the payouts of the first months is for milestones: it is paid once, and nothing of it follows later."""
    plan = terms_of(program)
    if plan.milestones is None:
        return 0.0
    rest = with_terms(program, plan.model_copy(update={"milestones": None}))
    first, beside = first_months(since_start(program, came), market.spread_months), projection
    if projection is not None:
        beside = project(rest, market, first_months(came, market.months))
    paid = [_in_first_months(one, market, first, of)[0] for one, of in ((program, projection), (rest, beside))]
    once: Array = paid[0] - paid[1]
    return once


def one_customer() -> Arrivals:
    """Return one customer that comes in the first of LIFE months, and nothing else.

    >>> one_customer().new.sum(), one_customer().new.shape
    (np.float64(1.0), (120, 1))
    """
    nothing = np.zeros((LIFE, 1))
    new = nothing.copy()
    new[0] = 1.0
    return Arrivals(nothing, nothing, nothing, nothing, new)


def average_customer(program: ProgramInputs, market: Market, new: Array) -> Split:
    """Split what an average one of new customers, months × draws, pays in its life: LIFE × draws, under plain terms.

    They are all alike, but for those that are won for a dated bonus.
    """
    groups = by_date(terms_of(program), new)
    if groups[0][1] is new:
        return shares(program, market, one_customer())
    whole, one = new.sum(axis=0), one_customer()
    parts = [_part(some.sum(axis=0), whole) for _, some in groups]
    parts[0] = parts[0] + (whole <= _NOBODY)  # of no customers at all one is as any other
    return added(
        *(
            shares(with_terms(program, plan), market, replace(one, new=one.new * part))
            for (plan, _), part in zip(groups, parts, strict=True)
        )
    )


def _owed_later(program: ProgramInputs, market: Market, new: Array, one: Split) -> Array:
    """What is paid after the months shown for the customers won in them; `one` is the average of all."""
    groups = by_date(terms_of(program), new, program.start_month - 1)
    if groups[0][1] is new:
        return _owed(one.payouts, new)
    parts = [_owed(shares(with_terms(program, plan), market, one_customer()).payouts, some) for plan, some in groups]
    return reduce(np.add, parts)


def _for_leads(plan: PayoutPlan, came: Arrivals) -> Any:
    """Rewards for all leads of the months, with the fee of paying them in cash."""
    if (lead := plan.lead) is None:
        return 0.0
    return came.leads.sum(axis=0) * (lead.reward * redeemed(lead)) * _with_fee(plan, lead)


def _with_fee(plan: PayoutPlan, part: Terms | None) -> Any:
    """What paying a part takes for each unit of it: in cash the fee of the payment service too."""
    return 1.0 if in_credit(part) else 1 + plan.payout_fee


def payback(*cohorts: Cohort) -> Array:
    """Return the month of life in which the customers of all programs together have paid back what winning them cost.

    Each customer is counted from its own first month; those of a program weigh by how many there are. NaN where no
    customer is won, inf where it takes more than LIFE months.
    """
    if len(cohorts) == 1:
        return _payback(cohorts[0].brought, cohorts[0].up_front, cohorts[0].won)
    won = sum((one.won for one in cohorts), np.zeros(1))
    brought = sum((one.brought * _part(one.won, won) for one in cohorts), np.zeros((LIFE, 1)))
    return _payback(brought, sum((one.up_front for one in cohorts), np.zeros(1)), won)


_NOBODY = 1e-200


def _part(part: Array, whole: Array) -> Array:
    there = whole > _NOBODY
    return np.where(there, part / np.where(there, whole, 1.0), 0.0)


def _payback(brought: Array, up_front: Array, won: Array) -> Array:
    there = won > 1e-200
    cost = np.where(there, up_front / np.where(there, won, 1.0), np.nan)
    reached = running_total(brought) >= cost
    month = np.where(reached.any(axis=0), np.argmax(reached, axis=0) + 1.0, np.inf)
    return np.where(np.isnan(cost), np.nan, month)


def _owed(monthly: Array, new: Array) -> Array:
    """What is paid after the last of the months in which `new` customers came, from what one causes at each age."""
    if not monthly.any():
        return np.zeros(1)
    later_on = monthly.sum(axis=0) - running_total(monthly)
    months = len(new)
    still = later_on[np.minimum(np.arange(months), LIFE - 1)][::-1]
    owed: Array = (new * still).sum(axis=0)
    return owed


def _beyond(program: ProgramInputs) -> Array:
    stays = (1 - np.asarray(program.customer_churn_rate)) * (1 + np.asarray(program.expansion_rate))
    return np.atleast_1d(np.where(stays < 1, stays**LIFE, 1.0))


def highest(plan: PayoutPlan) -> PayoutPlan:
    """Return the plan with the best of each part's rates as its first.

    >>> from motions.economics.inputs.terms import PercentOfRevenue
    >>> float(highest(PayoutPlan(percent=PercentOfRevenue(rate=0.1, tiers="whole"))).percent.rate)
    0.3
    """
    parts: dict[str, Any] = {}
    for kind in plan.kinds:
        part = plan.part(kind)
        if isinstance(part, Tiered) and part.tiers != "none":
            there = [tier for tier in (2, 3, 4) if np.any(getattr(part, f"tier_{tier}_from"))]
            rates = [getattr(part, name) for name in (FIRST_RATE[kind], *(f"tier_{tier}_value" for tier in there))]
            parts[kind] = part.model_copy(update={FIRST_RATE[kind]: reduce(np.maximum, rates)})
    return plan.model_copy(update=parts)
