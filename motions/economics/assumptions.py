"""The inputs of the simulator: unit, bounds, default and help of each, written once.

The defaults that a user meets are those of `presets.yaml`, one set a motion; the defaults here only fill in
what an older link does not know.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from motions.economics.fields import choice, money, months, number, rate
from motions.economics.payouts import NoPayout, PayoutTerms
from motions.names import BASELINES, PARTNER_MOTIONS

PROGRAMS = (*PARTNER_MOTIONS, *BASELINES)

ProgramId = Literal["ecosystem", "channel", "referral", "affiliate", "reseller", "product_led", "sales_led"]


class Assumptions(BaseModel):
    """Base of all assumptions: frozen, closed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Market(Assumptions):
    """What every program of a scenario shares."""

    list_price: float = money("List price per month", "What an average end customer pays a month.", 500, 1e6, 10)
    gross_margin: float = rate(
        "Gross margin", "Share of the list price left after hosting, support and other cost of revenue.", 0.8
    )
    months: int = months("Months shown", "How far the projection runs.", 36, low=6, high=120)
    currency: Literal["USD", "EUR", "GBP", "CAD", "AUD", "INR", "JPY", "CHF"] = choice(
        "Currency", "Only the name of the unit: nothing is converted.", "USD"
    )


def _conversion() -> Any:
    return rate("Lead to customer", "Share of leads that become customers.", 0.1, step=0.005)


def _cycle() -> Any:
    return months("Sales cycle", "Months from the lead to the customer's first payment.", 1, high=24)


def _deal_size() -> Any:
    return number("Deal size", "Average price here as a multiple of the list price.", 1.0, 10, 0.05, "× list price")


def _churn() -> Any:
    return rate("Customer churn a month", "Share of active customers that leaves each month.", 0.02, step=0.001)


def _program_cost() -> Any:
    return money("Program cost a month", "People, tools and campaigns that run whatever comes in.", 5000, 1e7, 500)


class PartnerProgram(Assumptions):
    """One partner motion: partners come, become productive, bring leads; some become customers."""

    payout: PayoutTerms = Field(default=NoPayout())
    partners_at_start: float = number(
        "Partners at the start", "Productive partners in the first month.", 0, 100_000, 1, "partners"
    )
    partners_recruited: float = number(
        "Partners recruited a month", "New partners each month, whether they become active or not.", 1, 10_000, 0.5,
        "partners",
    )  # fmt: skip
    activation_rate: float = rate("Partners that become active", "Share of recruited partners that ever work.", 0.4)
    ramp_months: int = months("Ramp", "Months until an active partner brings leads at full pace.", 3, high=24)
    partner_churn_rate: float = rate(
        "Partner churn a month", "Share of active partners that stops each month.", 0.02, step=0.001
    )
    leads_per_partner: float = number(
        "Leads per partner a month", "Leads that a fully ramped partner brings each month.", 2, 10_000, 0.1, "leads"
    )
    conversion_rate: float = _conversion()
    sales_cycle_months: int = _cycle()
    deal_size_factor: float = _deal_size()
    customer_churn_rate: float = _churn()
    program_cost: float = _program_cost()
    onboarding_cost: float = money(
        "Onboarding per recruited partner", "Spent once on each partner in its first month.", 500, 1e6, 50
    )
    enablement_cost: float = money(
        "Enablement per active partner a month", "Training, portal and support for each active partner.", 50, 1e5, 10
    )


class DirectProgram(Assumptions):
    """A baseline without partners: leads come through the product or through your own sellers."""

    leads: float = number("Leads a month", "Signups or qualified leads in the first month.", 100, 1e6, 5, "leads")
    lead_growth_rate: float = rate("Lead growth a month", "By how much leads grow each month.", 0.01, 0.5, 0.001)
    conversion_rate: float = _conversion()
    sales_cycle_months: int = _cycle()
    deal_size_factor: float = _deal_size()
    customer_churn_rate: float = _churn()
    program_cost: float = _program_cost()
    cost_per_customer: float = money(
        "Cost per new customer", "Advertising, commission and onboarding that each new customer takes.", 500, 1e6, 50
    )


Program = PartnerProgram | DirectProgram

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Partners",
        ("partners_at_start", "partners_recruited", "activation_rate", "ramp_months", "partner_churn_rate",
         "leads_per_partner"),
    ),
    ("Leads", ("leads", "lead_growth_rate")),
    ("Customers", ("conversion_rate", "sales_cycle_months", "deal_size_factor", "customer_churn_rate")),
    ("Costs", ("program_cost", "onboarding_cost", "enablement_cost", "cost_per_customer")),
)  # fmt: skip
"""How the inputs of a program are grouped on a page; `payout` and the market have groups of their own."""
