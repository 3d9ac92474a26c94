"""Assumptions to months × draws: what a program does month by month.

A loop over months, never over draws; a deterministic run is one draw. Money is in whole units of the
scenario's currency per month, customers and partners are expected values and so need not be whole.
"""

from dataclasses import dataclass

import numpy as np

from motions.economics.assumptions import DirectProgram, Market, PartnerProgram, Program
from motions.economics.payouts import Array, NoPayout, split


@dataclass(frozen=True)
class Projection:
    """Everything that a program does, each array months × draws. `SERIES` says what each is."""

    partners_recruited: Array
    partners_active: Array
    partners_ramped: Array
    leads: Array
    customers_new: Array
    customers_churned: Array
    customers_active: Array
    spend: Array
    vendor_revenue: Array
    partner_margin: Array
    payouts: Array
    partner_earnings: Array
    cost_of_revenue: Array
    program_cost: Array
    contribution: Array
    cumulative: Array
    cash: Array


SERIES: tuple[tuple[str, str, str, str], ...] = (
    ("partners_recruited", "Partners recruited", "partners", "New partners in the month."),
    ("partners_active", "Active partners", "partners", "Partners that became active and have not stopped."),
    ("partners_ramped", "Ramped partners", "partners", "Active partners that bring leads at full pace."),
    ("leads", "Leads", "leads", "Leads that arrive in the month; they become customers after the sales cycle."),
    ("customers_new", "New customers", "customers", "Customers that pay for the first time."),
    ("customers_churned", "Customers lost", "customers", "Customers of last month that no longer pay."),
    ("customers_active", "Active customers", "customers", "Customers that pay in the month."),
    ("spend", "End-customer spend", "money", "What end customers pay, to you or to the partner."),
    ("vendor_revenue", "Your revenue", "money", "What you book: the spend less the margin that partners keep."),
    ("partner_margin", "Margin kept by partners", "money", "What resellers and channels keep before you see it."),
    ("payouts", "Payouts", "money", "Commission and rewards that you pay to partners."),
    ("partner_earnings", "Partner earnings", "money", "Margin kept and payouts together."),
    ("cost_of_revenue", "Cost of revenue", "money", "List price less gross margin, for every active customer."),
    ("program_cost", "Program cost", "money", "Fixed cost, onboarding, enablement and cost per new customer."),
    ("contribution", "Contribution", "money", "Revenue − cost of revenue − payouts − program cost."),
    ("cumulative", "Cumulative contribution", "money", "Contribution of all months so far."),
    ("cash", "Cash", "money", "The contribution when the money moves: prepaid licences come in when bought."),
)
"""(name, title, unit, meaning) of every series of a projection, in the order of the tables."""


def project(program: Program, market: Market) -> Projection:
    """Project one program over `market.months`, as one draw.

    Always true: `spend == vendor_revenue + partner_margin`; `partner_earnings == partner_margin + payouts`;
    `contribution == vendor_revenue - cost_of_revenue - payouts - program_cost`.
    """
    shape = (market.months, 1)
    if isinstance(program, PartnerProgram):
        recruited, active, ramped, leads = _partners(program, shape)
    else:
        recruited = active = ramped = np.zeros(shape)
        leads = _direct_leads(program, shape)
    new = _after(leads, program.sales_cycle_months) * program.conversion_rate
    price = np.full(1, market.list_price * program.deal_size_factor)
    terms = program.payout if isinstance(program, PartnerProgram) else NoPayout()
    shares = split(terms, new, np.full(1, program.customer_churn_rate), price)
    cost_of_revenue = shares.spend * (1 - market.gross_margin)
    program_cost = _program_cost(program, recruited, active, new)
    costs = cost_of_revenue + shares.payouts + program_cost
    contribution = shares.vendor_revenue - costs
    return Projection(
        partners_recruited=recruited,
        partners_active=active,
        partners_ramped=ramped,
        leads=leads,
        customers_new=new,
        customers_churned=shares.churned,
        customers_active=shares.customers,
        spend=shares.spend,
        vendor_revenue=shares.vendor_revenue,
        partner_margin=shares.partner_margin,
        payouts=shares.payouts,
        partner_earnings=shares.partner_margin + shares.payouts,
        cost_of_revenue=cost_of_revenue,
        program_cost=program_cost,
        contribution=contribution,
        cumulative=contribution.cumsum(axis=0),
        cash=shares.receipts - costs,
    )


def _partners(program: PartnerProgram, shape: tuple[int, int]) -> tuple[Array, Array, Array, Array]:
    """Partners recruited, active and ramped, and the leads they bring.

    A partner of age a (months since it became active) brings min(1, a / ramp) of a full partner's leads.
    So each month every partner still ramping adds 1 / ramp to the pace of all.
    """
    months, ramp, keep = shape[0], program.ramp_months, 1 - program.partner_churn_rate
    recruited = np.full(shape, program.partners_recruited)
    joining = recruited * program.activation_rate
    active, ramped, pace = np.empty(shape), np.empty(shape), np.empty(shape)
    now_active = now_ramped = now_pace = np.full(shape[1:], program.partners_at_start)
    for month in range(months):
        if month:
            still_ramping = now_active - now_ramped
            now_pace = keep * (now_pace + (still_ramping / ramp if ramp else 0.0))
            now_active, now_ramped = now_active * keep, now_ramped * keep
        now_active = now_active + joining[month]
        if month >= ramp:
            now_ramped = now_ramped + joining[month - ramp] * keep**ramp
        if not ramp:
            now_pace = now_active
        active[month], ramped[month], pace[month] = now_active, now_ramped, now_pace
    return recruited, active, ramped, pace * program.leads_per_partner


def _direct_leads(program: DirectProgram, shape: tuple[int, int]) -> Array:
    growth = (1 + program.lead_growth_rate) ** np.arange(shape[0])
    return np.broadcast_to((program.leads * growth)[:, None], shape).copy()


def _after(series: Array, months: int) -> Array:
    """Return the series `months` later: nothing comes before."""
    later = np.zeros_like(series)
    later[months:] = series[: len(series) - months]
    return later


def _program_cost(program: Program, recruited: Array, active: Array, new: Array) -> Array:
    if isinstance(program, PartnerProgram):
        return program.program_cost + recruited * program.onboarding_cost + active * program.enablement_cost
    return program.program_cost + new * program.cost_per_customer
