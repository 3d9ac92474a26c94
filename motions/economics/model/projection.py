"""Assumptions to months × draws: what a program does month by month.

A loop over months, never over draws; a deterministic run is one draw. Money is in whole units of the
scenario's currency per month, customers and partners are expected values and so need not be whole.
A number of a program or of the market may be an array with one value a draw (`keys.with_numbers`).
"""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from motions.economics.inputs.assumptions import Market, PartnerProgram, ProgramInputs
from motions.economics.inputs.terms import Array, PayoutPlan
from motions.economics.model.histories import Followed, follow, looks_at_one_partner, plain
from motions.economics.model.lanes import CLASSES, Law
from motions.economics.model.opening import already, already_own, by_age, on_the_way, there
from motions.economics.model.payers import payers_of, split_by
from motions.economics.model.payouts import (
    Arrivals,
    Split,
    accumulate,
    added,
    begun_later,
    first_months,
    later,
    left,
    productivity,
    running_total,
    to_distributor,
)
from motions.units import CUSTOMERS, LEADS, MONEY, PARTNERS, Unit


@dataclass(frozen=True)
class Projection:
    """Everything that a program does, each array months × draws. `SERIES` says what each is."""

    partners_recruited: Array
    partners_active: Array
    partners_ramped: Array
    leads: Array
    customers_new: Array
    customers_active: Array
    listed: Array
    priced: Array
    """the value at list price, at the price of how each customer pays: by the month or a year at once"""
    spend: Array
    vendor_revenue: Array
    partner_margin: Array
    distributor: Array
    friend: Array
    """of the program cost what customers get themselves as credit"""
    payouts: Array
    cost_of_revenue: Array
    program_cost: Array
    contribution: Array
    cumulative: Array
    cash: Array
    opening_customers: Array
    """of the active customers those that were there before the first month"""
    opening_lost: Array
    """of these the ones that no longer pay, who did last month"""
    opening_spend: Array
    active_earnings: Array
    """what partners that are active in the month make of their own customers"""
    class_earnings: Array
    """classes × months: the same by equally large classes of partners, the least productive first; of the first draw"""
    error: float
    """standard error of all payouts, where they are read from histories of single partners; of the first draw"""

    @property
    def customers_churned(self) -> Array:
        """Customers of last month that no longer pay."""
        won = self.customers_active - self.opening_customers
        return left(won, self.customers_new) + self.opening_lost

    @property
    def partner_earnings(self) -> Array:
        """What partners make: margin kept and payouts. What a distributor keeps is none of it."""
        return self.partner_margin + self.payouts

    # Sums over all months that several figures read, one value a draw.

    @cached_property
    def won(self) -> Array:
        """New customers."""
        return _sum(self.customers_new)

    @cached_property
    def earned(self) -> Array:
        """What partners earned."""
        return _sum(self.partner_margin) + self.paid_out

    @cached_property
    def paid_out(self) -> Array:
        """Payouts."""
        return _sum(self.payouts)

    @cached_property
    def given_up(self) -> Array:
        """What customers' prices come to less what the vendor booked: margins, a distributor's too, and discounts."""
        return _sum(self.priced) - _sum(self.vendor_revenue)

    @cached_property
    def program_spend(self) -> Array:
        """Program cost."""
        return _sum(self.program_cost)

    @cached_property
    def paid_by_customers(self) -> Array:
        """End-customer spend."""
        return _sum(self.spend)


def _sum(series: Array) -> Array:
    total: Array = series.sum(axis=0)
    return total


SERIES: tuple[tuple[str, str, Unit, str], ...] = (
    ("partners_recruited", "Partners recruited", PARTNERS, "New partners in the month."),
    ("partners_active", "Active partners", PARTNERS, "Partners that became active and have not stopped."),
    ("partners_ramped", "Ramped partners", PARTNERS, "Active partners that bring leads at full pace."),
    ("leads", "Leads", LEADS, "Leads that arrive in the month; they become customers after the sales cycle."),
    ("customers_new", "New customers", CUSTOMERS, "Customers that pay for the first time."),
    ("customers_churned", "Customers lost", CUSTOMERS, "Customers of last month that no longer pay."),
    ("customers_active", "Active customers", CUSTOMERS, "Customers that pay in the month."),
    ("listed", "Value at list price", MONEY, "What the active customers' licences cost at list price."),
    ("spend", "End-customer spend", MONEY, "What end customers pay, to you or to the partner."),
    (
        "vendor_revenue",
        "Your revenue",
        MONEY,
        "What you book: the spend less the margins that partners and a distributor keep.",
    ),
    ("partner_margin", "Margin kept by partners", MONEY, "What resellers and channels keep before you see it."),
    (
        "distributor",
        "Margin kept by distributors",
        MONEY,
        "What a distributor between you and resellers keeps of what these pay. It is no earning of partners.",
    ),
    ("payouts", "Payouts", MONEY, "Commission and rewards that you pay to partners."),
    ("partner_earnings", "Partner earnings", MONEY, "Margin kept and payouts together."),
    (
        "cost_of_revenue",
        "Cost of revenue",
        MONEY,
        "List price less gross margin for every active customer, less the support that partners carry.",
    ),
    (
        "program_cost",
        "Program cost",
        MONEY,
        "Fixed cost, onboarding, enablement, cost per new customer, fees, what a marketplace keeps and what customers "
        "get as credit.",
    ),
    ("contribution", "Contribution", MONEY, "Revenue − cost of revenue − payouts − program cost."),
    ("cumulative", "Cumulative contribution", MONEY, "Contribution of all months so far."),
    (
        "cash",
        "Cash",
        MONEY,
        "The contribution when the money moves: prepaid licences and years in when bought, payouts out when due.",
    ),
    (
        "opening_customers",
        "Customers already there",
        CUSTOMERS,
        "Of the active customers those that were there before the program's first month.",
    ),
    ("opening_spend", "Spend of customers already there", MONEY, "Of end-customer spend what these customers pay."),
)
"""(name, title, unit, meaning) of every series of a projection, in the order of the tables."""


def series_of(already_there: bool, distributed: bool) -> tuple[tuple[str, str, Unit, str], ...]:
    """Return the entries of SERIES that say something.

    Those of customers already there, and of a distributor, are only where there are some.

    >>> [len(SERIES) - len(series_of(*some)) for some in ((False, False), (True, False), (True, True))]
    [3, 1, 0]
    """
    return tuple(
        one
        for one in SERIES
        if (already_there or not one[0].startswith("opening_")) and (distributed or one[0] != "distributor")
    )


_FIELDS = {one.name for one in fields(Projection)}
"""What is kept of a projection; the other series follow from it."""


def arrivals(program: ProgramInputs, months: int) -> Arrivals:
    """Return partners, leads and new customers of each month, before any other program competes for them."""
    if late := program.start_month - 1:
        own = arrivals(_from_first_month(program), max(months - late, 1))
        return Arrivals(*(begun_later(getattr(own, one.name), late, months) for one in fields(own)))
    if isinstance(program, PartnerProgram):
        recruited, active, ramped, leads = _partners(program, months)
    else:
        recruited = active = ramped = np.zeros((months, 1), np.float64)
        growth = (1 + np.atleast_1d(program.lead_growth_rate)) ** np.arange(months)[:, None]
        leads = np.asarray(program.leads * growth, np.float64)
    new = later(leads, program.sales_cycle_months) * program.conversion_rate
    return Arrivals(recruited, active, ramped, leads, new)


def _from_first_month(program: ProgramInputs) -> ProgramInputs:
    return program.model_copy(update={"start_month": 1})


def since_start(program: ProgramInputs, came: Arrivals) -> Arrivals:
    """Return the arrivals from the program's first month on."""
    late = program.start_month - 1
    return Arrivals(*(getattr(came, one.name)[late:] for one in fields(came))) if late else came


def terms_of(program: ProgramInputs) -> PayoutPlan:
    """Return the payout plan of a program; a direct one has none."""
    return program.payout if isinstance(program, PartnerProgram) else PayoutPlan()


def with_terms(program: ProgramInputs, plan: PayoutPlan) -> ProgramInputs:
    """Return a program under another plan; a direct one has none."""
    return program.model_copy(update={"payout": plan}) if isinstance(program, PartnerProgram) else program


def shares(program: ProgramInputs, market: Market, came: Arrivals) -> Split:
    """Split what the customers of a program pay, under plain terms."""
    plan = terms_of(program)
    found = split_by(payers_of(market, plan), plan, came.new, leads=came.leads, **_of_customers(program, market))
    if not isinstance(program, PartnerProgram) or program.payout.payouts_end == "with the customer":
        return found
    own = _own(program, market, came, found)
    return replace(found, payouts=own.payouts, paid=own.paid, fees=own.fees, friend=own.friend)


def _of_customers(program: ProgramInputs, market: Market) -> dict[str, Any]:
    return {
        "churn_rate": program.customer_churn_rate,
        "price": market.list_price * program.deal_size_factor,
        "expansion_rate": program.expansion_rate,
    }


def _own(program: PartnerProgram, market: Market, came: Arrivals, parts: Split) -> Split:
    """The split of customers whose partner is still active, under plain terms; `parts` is that of all."""
    keep = 1 - np.asarray(program.partner_churn_rate)
    if np.all(keep == 1.0):
        return parts
    new = came.new * keep ** np.asarray(program.sales_cycle_months)
    payers = payers_of(market, program.payout)
    return split_by(payers, program.payout, new, leads=came.leads, owner_keep=keep, **_of_customers(program, market))


def _of_active(program: PartnerProgram, market: Market, came: Arrivals, parts: Split) -> Array:
    """What active partners make of their own customers under plain terms; a partner that stops keeps its own."""
    own = _own(program, market, came, parts)
    if there(program):
        own = added(own, already_own(program.payout, program, market.months, payers_of(market, program.payout)))
    earned: Array = own.partner_margin + own.payouts
    return earned


def law_of(program: PartnerProgram, market: Market, came: Arrivals) -> Law:
    """Return how single partners of a program work; `came` has what is left of their customers by a shared demand."""
    alone = arrivals(program, market.months).new
    reach = None
    if came.new is not alone and not np.array_equal(came.new, alone):
        reach = np.divide(
            came.new, alone, out=np.ones(np.broadcast_shapes(came.new.shape, alone.shape)), where=alone > 0
        )
    return Law(
        start=program.partners_at_start,
        joining=program.partners_recruited * program.activation_rate,
        ramp=program.ramp_months,
        keep=1 - np.asarray(program.partner_churn_rate),
        leads=program.leads_per_partner,
        conversion=program.conversion_rate,
        cycle=program.sales_cycle_months,
        top_share=program.top_share,
        price=market.list_price * program.deal_size_factor,
        customer_keep=1 - np.asarray(program.customer_churn_rate),
        grow=1 + np.asarray(program.expansion_rate),
        reach=reach,
        before=_of_one_partner(program),
        before_pays=program.mrr_each_at_start,
        payers=payers_of(market, program.payout),
    )


def _of_one_partner(program: PartnerProgram) -> Array | None:
    """The customers that a partner of the start has already, by age; none where no partner is there to have them."""
    partners = np.asarray(program.partners_at_start, float)
    if not there(program) or not np.any(partners > 0):
        return None
    each: Array = by_age(program)[0] / np.maximum(partners, 1e-9)
    return each


def cost_share(program: ProgramInputs, market: Market) -> Any:
    """Return the cost of revenue as a share of list price, less the support that partners carry."""
    cost = 1 - np.asarray(market.gross_margin)
    if not isinstance(program, PartnerProgram):
        return cost
    # Support is a part of the cost of revenue: no more of it can be carried than there is.
    return cost - np.minimum(market.support_share, cost) * program.support_carried


def project(program: ProgramInputs, market: Market, came: Arrivals | None = None) -> Projection:
    """Project one program over `market.months`.

    `came` replaces the program's own arrivals, where several programs share a demand (`segments`).
    Always true: `spend == vendor_revenue + partner_margin + distributor`; `partner_earnings == partner_margin +
    payouts`; `contribution == vendor_revenue - cost_of_revenue - payouts - program_cost`.
    """
    came = came or arrivals(program, market.months)
    if late := program.start_month - 1:
        own = market.model_copy(update={"months": max(market.months - late, 1)})
        since = since_start(program, came) if late < market.months else first_months(came, 1)
        return _later(project(_from_first_month(program), own, since), late, market.months)
    payers = payers_of(market, terms_of(program))
    followed = looks_at_one_partner(terms_of(program), payers)
    plainly = program.model_copy(update={"payout": plain(terms_of(program))}) if followed else program
    alone = came
    if there(program):
        came = replace(came, new=came.new + on_the_way(program, market.months))
    won = parts = shares(plainly, market, came)
    old, lost, old_spend = [np.zeros((market.months, 1))] * 3
    if there(program):
        before = already(terms_of(plainly), program, market.months, payers)
        old, old_spend, parts = before.customers, before.spend, added(won, before)
        at_first = np.broadcast_to(np.atleast_1d(program.customers_at_start), (1, old.shape[1]))
        lost = -np.diff(old, axis=0, prepend=at_first)
    active = classes = np.zeros((market.months, 1))
    error = 0.0
    if isinstance(program, PartnerProgram):
        active = _of_active(program.model_copy(update={"payout": terms_of(plainly)}), market, came, won)
        classes = np.stack([np.ravel(part)[0] * active[:, 0] for part in productivity(program.top_share, CLASSES)])
        if followed:
            single = follow(program.payout, law_of(program, market, alone), market.months)
            parts, error = _with(parts, single, program.payout), single.error
            active, classes = single.expected("active_earnings", active), single.by_class(classes)
    cost_of_revenue = parts.listed * cost_share(program, market)
    program_cost = running_cost(program, came) + (parts.fees if parts.fees.any() else 0.0)
    for others in (parts.marketplace, parts.friend):
        program_cost = program_cost + others if others.any() else program_cost
    costs = cost_of_revenue + program_cost
    contribution = parts.vendor_revenue - costs - parts.payouts
    as_it_is_earned = parts.receipts is parts.vendor_revenue and parts.paid is parts.payouts
    return Projection(
        partners_recruited=came.recruited,
        partners_active=came.active,
        partners_ramped=came.ramped,
        leads=came.leads,
        customers_new=came.new,
        customers_active=parts.customers,
        listed=parts.listed,
        priced=parts.priced,
        spend=parts.spend,
        vendor_revenue=parts.vendor_revenue,
        partner_margin=parts.partner_margin,
        distributor=parts.distributor,
        friend=parts.friend,
        payouts=parts.payouts,
        cost_of_revenue=cost_of_revenue,
        program_cost=program_cost,
        contribution=contribution,
        cumulative=running_total(contribution),
        cash=contribution if as_it_is_earned else parts.receipts - costs - parts.paid,
        opening_customers=old,
        opening_lost=lost,
        opening_spend=old_spend,
        active_earnings=active,
        class_earnings=classes,
        error=error,
    )


def _later(own: Projection, late: int, months: int) -> Projection:
    """A projection of a program that begins so many months later."""
    series: dict[str, Any] = {
        name: begun_later(getattr(own, name), late, months) for name, *_ in SERIES if name in _FIELDS
    }
    series |= {
        name: begun_later(getattr(own, name), late, months)
        for name in ("priced", "opening_lost", "active_earnings", "friend")
    }
    partnered = own.class_earnings.shape == (CLASSES, len(own.spend))
    classes = begun_later(own.class_earnings.T, late, months).T if partnered else np.zeros((months, 1))
    return replace(own, **series, class_earnings=classes)


def _with(parts: Split, single: Followed, plan: PayoutPlan) -> Split:
    """The split under the plan itself, which looks at single partners."""
    names = [name for name in single.full if name != "active_earnings"]
    changed = {name: single.expected(name, getattr(parts, name)) for name in names}
    between = to_distributor(plan, changed["vendor_revenue"])
    margin = parts.spend - changed["vendor_revenue"] - between
    return replace(parts, **changed, partner_margin=margin, distributor=between)


def _partners(program: PartnerProgram, months: int) -> tuple[Array, Array, Array, Array]:
    """Partners recruited, active and ramped, and the leads they bring.

    A partner of age a (months since it became active) brings min(1, a / ramp) of a full partner's leads.
    So each month every partner still ramping adds 1 / ramp to the pace of all.
    """
    ramp, keep = np.atleast_1d(program.ramp_months), 1 - np.atleast_1d(program.partner_churn_rate)
    joining = np.atleast_1d(program.partners_recruited * program.activation_rate)
    start = np.atleast_1d(np.asarray(program.partners_at_start, float))
    month = np.arange(months)[:, None]
    active = accumulate(np.broadcast_to(joining, (months, *joining.shape)), keep, start)
    if not ramp.any():
        ramped, pace = active, active
    else:
        ramped = accumulate(np.where(month >= ramp, joining * keep**ramp, 0.0), keep, start)
        pace = _pace(active, ramped, ramp, keep, start)
    every_month = np.atleast_1d(np.asarray(program.partners_recruited, float))
    recruited = np.broadcast_to(every_month, (months, *every_month.shape))
    return recruited, active, ramped, pace * program.leads_per_partner


def _pace(active: Array, ramped: Array, ramp: Array, keep: Array, start: Array) -> Array:
    """How many fully ramped partners bring as much as all active ones together."""
    gained = (active - ramped) / np.maximum(ramp, 1)
    pace = np.empty(gained.shape)
    pace[0] = start
    for before, more, now in zip(pace, gained, pace[1:], strict=False):
        np.add(before, more, out=now)
        np.multiply(now, keep, out=now)
    return pace if (ramp > 0).all() else np.where(ramp > 0, pace, active)


def running_cost(program: ProgramInputs, came: Arrivals) -> Array:
    """Return the program cost of each month without fees of payouts, months × draws [money]."""
    fixed: Any = program.program_cost
    if isinstance(program, PartnerProgram):
        fixed = fixed + program.partners_recruited * program.onboarding_cost
        cost = fixed + came.active * program.enablement_cost
    else:
        cost = fixed + np.zeros_like(came.active)
    by_customer = came.new * program.cost_per_customer if np.any(program.cost_per_customer) else 0.0
    total: Array = cost + by_customer
    return total
