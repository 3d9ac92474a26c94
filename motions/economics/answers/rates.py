"""What is to be known of rates that differ by customer, and of other terms that the market decides on: words beside."""

from collections.abc import Collection

from motions.economics.inputs.assumptions import Market, PartnerProgram
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import (
    AGAIN,
    FIRST_RATE,
    Bonus,
    ByCustomer,
    PayoutPlan,
    PercentOfRevenue,
    RevenueShare,
    Terms,
    Tiered,
)
from motions.economics.model.payers import YEAR, payers_of, rates_differ
from motions.fields import input_named
from motions.text import count, money, month_name


def note(terms: Terms, name: str, market: Market, kinds: Collection[str] = ()) -> str:
    """Return what stands beside an input of terms in a market, where it has no effect or not the one expected.

    `kinds`: those of all parts of the plan. Under a wholesale discount it is partners that prepay.

    >>> from motions.economics.inputs.terms import FlatReward
    >>> note(FlatReward(rate_by="billing"), "rate_by", Market())
    'No customer prepays a year: the second reward has no effect. How many do is set in the tab Market.'
    >>> note(FlatReward(rate_by="billing"), "rate_by", Market(prepaid_share=0.2))
    ''
    >>> note(PercentOfRevenue(months=14), "months", Market(prepaid_share=0.2))
    'Of a customer that prepays, a year that begins within these months counts whole: 2 years.'
    """
    bought = "wholesale" in kinds
    if name == "rate_by" and isinstance(terms, ByCustomer):
        return _without_effect(terms, market, bought)
    if isinstance(terms, Tiered) and terms.tiers == AGAIN and not terms.rated_again:
        return _no_month_before(terms, name)
    if name == "from_month" and isinstance(terms, Bonus) and terms.from_month > market.months:
        return f"Only {count(market.months, 'month')} are shown: the bonus has no effect in them."
    prepaid = bool(market.prepaid_share) and not bought
    if name == "months" and prepaid and isinstance(terms, PercentOfRevenue | RevenueShare) and terms.months % YEAR:
        years = count(-(-terms.months // YEAR), "year")
        return f"Of a customer that prepays, a year that begins within these months counts whole: {years}."
    return _of_conditions(terms, name, market, bought) if isinstance(terms, PayoutPlan) else ""


def calendar_month(terms: Terms, name: str, begins: str | None, start: int = 1) -> str:
    """Return which calendar month a bonus's month of the program is, where it is known; "" for any other input.

    `begins`: the calendar month of a scenario's first month, `start`: the month of the scenario in which the program
    begins.

    >>> calendar_month(Bonus(to_month=3), "to_month", "2026-11"), calendar_month(Bonus(), "to_month", None)
    ('Month 3 of the program is 2027-01.', '')
    """
    if begins is None or not isinstance(terms, Bonus) or name not in ("from_month", "to_month"):
        return ""
    year, month = map(int, begins.split("-"))
    at = getattr(terms, name)
    return f"Month {at} of the program is {month_name(year * 12 + month - 1 + start - 1 + at - 1)}."


def _no_month_before(terms: Tiered, name: str) -> str:
    """Say beside what makes it so that tiers that should rate months again have none to rate."""
    if name == "tier_by" and terms.tier_by == "active customers":
        return "Active customers are those of a month, which has none before it to rate again: these are whole tiers."
    if name == "tier_period" and terms.tier_by != "active customers":
        return "A month has none before it to rate again: these are whole tiers. Choose a longer time."
    return ""


def _of_conditions(plan: PayoutPlan, name: str, market: Market, bought: bool) -> str:
    """The same of an input of the plan itself."""
    if name == "clawback_months" and not plan.taken_back_within:
        return "Pro rata within one month takes nothing back: who leaves has been there for all of it."
    kept = market.prepaid_share and market.prepaid_rest == "kept" and not bought
    if name == "clawback_months" and kept and plan.clawback_months < YEAR:
        return "It takes nothing back of a customer that prepays: that one is there until its year ends."
    if name == "cap_per_customer" and plan.cap_per_customer and market.refund_rate and not bought:
        return "What is refunded makes no room: a customer still earns the most less all that it earned before."
    if name == "cap_customers" and 0 < plan.cap_customers < 1:
        return "Whole customers count: below 1 nobody is rewarded."
    return ""


def _without_effect(terms: ByCustomer, market: Market, bought: bool) -> str:
    """Say which rates are those of customers that the market does not have."""
    second, third = (input_named(type(terms), f"rate_{at}").title.lower() for at in (2, 3))
    if terms.rate_by == "billing" and bought:
        return f"Under a wholesale discount it is partners that prepay, not customers: the {second} has no effect."
    if terms.rate_by == "billing" and not market.prepaid_share:
        return f"No customer prepays a year: the {second} has no effect. How many do is set in the tab Market."
    if terms.rate_by != "plan":
        return ""
    idle = [(at, name) for at, name, share in ((2, second, market.plan_2_share), (3, third, market.plan_3_share))
            if not share]  # fmt: skip
    if not idle:
        return ""
    plans, names = (" or ".join(str(at) for at, _ in idle), " and ".join(f"the {name}" for _, name in idle))
    have = "have" if len(idle) > 1 else "has"
    return f"No customer is on price plan {plans}: {names} {have} no effect. How many are is set in the tab Market."


def first_rate_of(scenario: Scenario, key: str) -> str:
    """Return of which customers an input is the rate, where it is the first of rates that differ; "" where of all.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> plan = {"percent": {"rate_by": "plan"}}
    >>> by_plan = default_scenario().with_program("affiliate", payout=plan).with_market(plan_2_share=0.2)
    >>> first_rate_of(by_plan, "affiliate.payout.percent.rate"), first_rate_of(by_plan, "affiliate.payout.hold_days")
    ('price plan 1', '')
    """
    program, *path = key.split(".")
    if len(path) != 3 or path[0] != "payout" or FIRST_RATE.get(path[1]) != path[2]:
        return ""
    own, market = scenario.program(program), scenario.market
    assert isinstance(own, PartnerProgram)  # noqa: S101  where there are payout terms there are partners
    part = own.payout.part(path[1])
    if not isinstance(part, ByCustomer):
        return ""
    alone, price = PayoutPlan.of(part), market.list_price * own.deal_size_factor
    if not rates_differ(alone, payers_of(market, own.payout), price):
        return ""
    return {
        "plan": "price plan 1", "billing": "customers that pay by the month",
        "deal size": f"deals below {money(part.rate_size_from, market.currency)} a month",
    }[part.rate_by]  # fmt: skip


def others_keep(scenario: Scenario, key: str) -> str:
    """Say of a first rate that other customers have other rates; "" where it is that of all."""
    whose = first_rate_of(scenario, key)
    return f"This is for {whose}; others have rates of their own." if whose else ""
