"""The five inputs of a program that are moved most: what a simulator keeps in sight, the others being a click away."""

from collections.abc import Sequence

from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.keys import Place, input_of
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import FIRST_RATE

OF_PARTNERS = ("partners_recruited", "leads_per_partner", "conversion_rate")
OF_DIRECT = ("leads", "conversion_rate", "cost_per_customer", "customer_churn_rate")
UNPAID = "customer_churn_rate"
"""stands in the place of the payout where partners are paid nothing"""


def levers(scenario: Scenario, program: str) -> tuple[Place, ...]:
    """Return the five inputs: what a partner gets, how many come and what they bring, and the list price.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> [place.title for place in levers(default_scenario(), "reseller")][:2]
    ['Wholesale discount', 'Partners recruited a month']
    >>> [place.key for place in levers(default_scenario(), "sales_led")][0]
    'sales_led.leads'
    """
    own = scenario.program(program)
    names = OF_DIRECT
    if isinstance(own, PartnerProgram):
        names = (paid_by(own.payout.kinds) or UNPAID, *OF_PARTNERS)
    keys = (*(f"{program}.{name}" for name in names), "market.list_price")
    return tuple(Place(key, input_of(key)) for key in keys)


def paid_by(kinds: Sequence[str]) -> str:
    """Return the input that says what a partner gets, for the kinds of a plan's parts; "" where there is none.

    >>> paid_by(("percent", "flat")), paid_by(())
    ('payout.percent.rate', '')
    """
    return f"payout.{kinds[0]}.{FIRST_RATE[kinds[0]]}" if kinds else ""
