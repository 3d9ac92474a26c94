"""The inputs of the simulator: unit, bounds, default and help of each, written once.

The defaults that a user meets are those of `presets.yaml`, one set a motion; the defaults here only fill in
what an older link does not know.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from motions.economics.inputs.terms import PayoutPlan, Response
from motions.fields import GROSS_MARGIN, choice, money, months, number, rate
from motions.names import BASELINES, PARTNER_MOTIONS, offered
from motions.text import listed
from motions.units import CUSTOMERS, LEADS, OF_LIST_PRICE, PARTNERS, amount_of

PROGRAMS = (*PARTNER_MOTIONS, *BASELINES)


def _program(word: str) -> str:
    if word not in PROGRAMS:
        expected = listed([f"'{name}'" for name in offered(PROGRAMS)], "or")
        raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": expected})
    return word


ProgramId = Annotated[str, AfterValidator(_program)]
if TYPE_CHECKING:
    BaselineId = str
else:
    BaselineId = Literal[BASELINES]  # which there are is known when the program runs


class Assumptions(BaseModel):
    """Base of all assumptions: frozen, closed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Market(Assumptions):
    """What every program of a scenario shares."""

    list_price: float = money(
        "List price per month",
        "What an average end customer pays a month; with price plans, what one on the first of them does.",
        500,
        1e6,
        10,
    )
    gross_margin: float = rate(
        "Gross margin",
        "Share of the list price left after hosting, support and other cost of revenue.",
        GROSS_MARGIN,
    )
    support_share: float = rate(
        "Support share of price", "Part of the cost of revenue: what supporting a customer takes of the list price.",
        0.05, high=0.5, step=0.005,
    )  # fmt: skip
    discount_rate: float = rate(
        "Discount rate a year", "By how much money a year from now is worth less than money today, for NPV.", 0.1,
        high=0.5, step=0.005,
    )  # fmt: skip
    prepaid_share: float = rate(
        "Customers that prepay a year",
        "Share of new customers that pay a year at once, in their first month and each twelve months after; the others "
        "pay month by month. Commission follows what arrives: a first payment is then a year. Under a wholesale "
        "discount it is partners that prepay.",
        0.0,
    )
    year_price: float = number(
        "Price of a prepaid year", "What a year at once costs, in months at list price: 10 is two months free.", 12, 24,
        0.5, amount_of("months' prices"), low=1,
    )  # fmt: skip
    prepaid_rest: Literal["kept", "refunded"] = choice(
        "Rest of a year when leaving",
        "Whether a customer that leaves within a prepaid year is paid back its unused months. Commission on what is "
        "paid back is taken back too; a reward for the customer is not.",
        "kept",
    )
    plan_2_share: float = rate(
        "Customers on price plan 2", "Share of new customers; those on neither of the others are on the first plan.",
        0.0,
    )  # fmt: skip
    plan_2_price: float = number(
        "Price of plan 2", "As a multiple of the list price, which is that of the first plan.", 2, 100, 0.1,
        OF_LIST_PRICE,
    )  # fmt: skip
    plan_3_share: float = rate("Customers on price plan 3", "Share of new customers.", 0.0)
    plan_3_price: float = number(
        "Price of plan 3", "As a multiple of the list price, which is that of the first plan.", 4, 100, 0.1,
        OF_LIST_PRICE,
    )  # fmt: skip
    refund_rate: float = rate(
        "Payments refunded",
        "Share of payments that customers are paid back, whether they stay or leave. Commission on them is taken back, "
        "before it is paid where the refund comes within the hold, else out of what is due. Under a wholesale discount "
        "refunds are the partner's affair.",
        0.0, step=0.005,
    )  # fmt: skip
    refund_part: float = rate(
        "Part refunded",
        "Of each such payment. Of a first payment that is refunded in full the reward is taken back too.", 1.0,
    )  # fmt: skip
    refund_after: int = months("Refunded after", "Months from the payment to the refund.", 1, low=1, high=12)
    spread_months: int = months(
        "Months spread over",
        "CPA, LTV ÷ CPA, CAC and payback are those of the customers won in so many months, over their whole lives; "
        "they bear what the program costs in these.",
        36, low=6, high=120,
    )  # fmt: skip
    months: int = months("Months shown", "How far the projection runs.", 36, low=6, high=120)
    currency: Literal["USD", "EUR", "GBP", "CAD", "AUD", "INR", "JPY", "CHF"] = choice(
        "Currency", "Only the name of the unit: nothing is converted.", "USD"
    )

    @model_validator(mode="after")
    def _all_customers(self) -> "Market":
        if self.plan_2_share + self.plan_3_share > 1 + 1e-9:
            raise ValueError("price plans 2 and 3 have more than all customers together")
        return self


def _conversion() -> Any:
    return rate("Lead to customer", "Share of leads that become customers.", 0.1, step=0.005)


def _cycle() -> Any:
    return months("Sales cycle", "Months from the lead to the customer's first payment.", 1, high=24)


def _deal_size() -> Any:
    return number("Deal size", "Average price here as a multiple of the list price.", 1.0, 10, 0.05, OF_LIST_PRICE)


def _churn() -> Any:
    return rate("Customer churn a month", "Share of active customers that leaves each month.", 0.02, step=0.001)


def _expansion() -> Any:
    return rate(
        "Expansion a month", "By how much a staying customer's price grows each month, contraction taken off.", 0.0,
        high=0.1, step=0.001,
    )  # fmt: skip


def _start() -> Any:
    return months(
        "Starts in month", "The month of the projection in which the program begins: nothing of it is there before.", 1,
        low=1, high=120,
    )  # fmt: skip


def _customers_at_start() -> Any:
    return number(
        "Customers already there",
        "Customers that pay in the month before the program's first. They count in revenue, payouts and contribution, "
        "not in what winning a customer costs. Where there are some, leads of the months before are on their way too.",
        0, 1e6, 1, CUSTOMERS,
    )  # fmt: skip


def _mrr_each_at_start() -> Any:
    return money(
        "MRR of each already there",
        "What one of them pays a month on average, at list price; the list price of new customers does not move it.",
        500, 1e6, 10,
    )  # fmt: skip


def _age_at_start() -> Any:
    return months(
        "Age of those already there",
        "Months since the first payment, on average: months paid, coupons and prepaid licences go on from it.", 12,
    )  # fmt: skip


def _ages_at_start() -> Any:
    """How many are of each age, the youngest first, where that is known: then the average age has no effect."""
    return Field(default=None, pattern=r"^(0 )*[1-9][0-9]{0,5}( [0-9]{1,6})*$", max_length=400)


def _cost_per_customer(default: float) -> Any:
    return money(
        "Direct cost per new customer", "Advertising, own sellers and onboarding that each new customer takes.",
        default, 1e6, 50,
    )  # fmt: skip


def _program_cost() -> Any:
    return money("Program cost a month", "People, tools and campaigns that run whatever comes in.", 5000, 1e7, 500)


class PartnerProgram(Assumptions):
    """One partner motion: partners come, become productive, bring leads; some become customers."""

    payout: PayoutPlan = Field(default=PayoutPlan())
    response: Response | None = None
    """what partners do more when terms pay them more; None: they do the same whatever they earn"""
    start_month: int = _start()
    partners_at_start: float = number(
        "Partners at the start", "Productive partners in the first month.", 0, 100_000, 1, PARTNERS
    )
    partners_recruited: float = number(
        "Partners recruited a month", "New partners each month, whether they become active or not.", 1, 10_000, 0.5,
        PARTNERS,
    )  # fmt: skip
    activation_rate: float = rate("Partners that become active", "Share of recruited partners that ever work.", 0.4)
    ramp_months: int = months("Ramp", "Months until an active partner brings leads at full pace.", 3, high=24)
    partner_churn_rate: float = rate(
        "Partner churn a month", "Share of active partners that stops each month.", 0.02, step=0.001
    )
    leads_per_partner: float = number(
        "Leads per partner a month", "Leads that a fully ramped partner brings each month.", 2, 10_000, 0.1, LEADS
    )
    conversion_rate: float = _conversion()
    sales_cycle_months: int = _cycle()
    deal_size_factor: float = _deal_size()
    customer_churn_rate: float = _churn()
    expansion_rate: float = _expansion()
    customers_at_start: float = _customers_at_start()
    mrr_each_at_start: float = _mrr_each_at_start()
    age_at_start: int = _age_at_start()
    ages_at_start: str | None = _ages_at_start()
    incrementality: float = rate(
        "Incremental customers", "Share of the customers that would not have come without the partner.", 1.0
    )
    support_carried: float = rate(
        "Support carried by the partner", "Share of the cost of support that the partner takes off you.", 0.0
    )
    top_share: float = rate(
        "Share from the top 20 % of partners",
        "Share of all results that the most productive 20 % of partners bring; 20 % means all are alike.",
        0.6,
    )
    worth_from: float = money(
        "What a partner wants a month", "What makes it worth a partner's time to keep at it.", 200, 1e6, 50
    )
    program_cost: float = _program_cost()
    cost_per_customer: float = _cost_per_customer(0)
    onboarding_cost: float = money(
        "Onboarding per recruited partner", "Spent once on each partner in its first month.", 500, 1e6, 50
    )
    enablement_cost: float = money(
        "Enablement per active partner a month", "Training, portal and support for each active partner.", 50, 1e5, 10
    )


class DirectProgram(Assumptions):
    """A baseline without partners: leads come through the product or through your own sellers."""

    start_month: int = _start()
    leads: float = number("Leads a month", "Signups or qualified leads in the first month.", 100, 1e6, 5, LEADS)
    lead_growth_rate: float = rate("Lead growth a month", "By how much leads grow each month.", 0.01, 0.5, 0.001)
    conversion_rate: float = _conversion()
    sales_cycle_months: int = _cycle()
    deal_size_factor: float = _deal_size()
    customer_churn_rate: float = _churn()
    expansion_rate: float = _expansion()
    customers_at_start: float = _customers_at_start()
    mrr_each_at_start: float = _mrr_each_at_start()
    program_cost: float = _program_cost()
    cost_per_customer: float = _cost_per_customer(500)


ProgramInputs = PartnerProgram | DirectProgram

MODELS: dict[str, type[PartnerProgram] | type[DirectProgram]] = {
    **dict.fromkeys(PARTNER_MOTIONS, PartnerProgram),
    **dict.fromkeys(BASELINES, DirectProgram),
}
"""What each program is made of."""

AT_START = ("customers_at_start", "mrr_each_at_start", "age_at_start")
"""The inputs that say which customers are there before the first month; the others wait for the first."""

ALREADY_THERE = "Already there"

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Partners",
        ("start_month", "partners_recruited", "activation_rate", "ramp_months",
         "partner_churn_rate", "leads_per_partner", "top_share", "worth_from"),
    ),
    ("Leads", ("start_month", "leads", "lead_growth_rate")),
    (
        "Customers",
        ("conversion_rate", "sales_cycle_months", "deal_size_factor", "customer_churn_rate", "expansion_rate",
         "incrementality"),
    ),
    (ALREADY_THERE, ("partners_at_start", *AT_START)),
    ("Costs", ("program_cost", "cost_per_customer", "onboarding_cost", "enablement_cost", "support_carried")),
)  # fmt: skip
"""How the inputs of a program are grouped on a page; `payout` and the market have groups of their own."""


def without_effect(program: ProgramInputs) -> set[str]:
    """Return the inputs of a program that move nothing under its other inputs.

    >>> sorted(without_effect(PartnerProgram())), without_effect(PartnerProgram(customers_at_start=3))
    (['age_at_start', 'mrr_each_at_start'], set())
    >>> without_effect(PartnerProgram(customers_at_start=3, ages_at_start="1 2"))
    {'age_at_start'}
    """
    if not program.customers_at_start:
        return set(AT_START[1:])
    return {"age_at_start"} if isinstance(program, PartnerProgram) and program.ages_at_start else set()


def market_without_effect(market: Market) -> set[str]:
    """Return the inputs of a market that move nothing under its other inputs.

    >>> sorted(market_without_effect(Market()))
    ['plan_2_price', 'plan_3_price', 'plan_3_share', 'prepaid_rest', 'refund_after', 'refund_part', 'year_price']
    >>> market_without_effect(Market(prepaid_share=0.3, plan_2_share=0.2, refund_rate=0.1))
    {'plan_3_price'}
    """
    idle = set() if market.prepaid_share else {"year_price", "prepaid_rest"}
    idle |= set() if market.refund_rate else {"refund_part", "refund_after"}
    if not market.plan_3_share:
        idle |= {"plan_3_price"} | (set() if market.plan_2_share else {"plan_3_share"})
    return idle if market.plan_2_share else idle | {"plan_2_price"}
