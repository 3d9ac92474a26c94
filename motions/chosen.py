"""From the choice of a motion to a scenario: what is worth comparing, at the company's own price."""

from collections.abc import Sequence

from motions.economics.inputs.assumptions import Market
from motions.economics.inputs.scenario import Scenario
from motions.fields import Input, input_named
from motions.names import NAMES, PARTNER_MOTIONS
from motions.playbook import Answers, Fit
from motions.text import listed
from motions.units import MONTHS

_BESIDE = 2
"""motions that are simulated side by side at least, so that there is something to compare"""
TERM = Input(
    "term", "Term", MONTHS, "How long the customer is looked at; it may leave before.", 24, 1, 60, 1, (), int, "term"
)
"""of a deal"""


def worth_comparing(fit: Fit) -> tuple[str, ...]:
    """Return who is first and who is next, by id; nothing where nothing leads or all are ruled out.

    A motion of one's own is there by the id that the simulator has for it.
    """
    return tuple(fit.topic.program(name) for name in _compared(fit))


def _compared(fit: Fit) -> list[str]:
    """Return candidates until there are enough to compare, those that are first in any case."""
    found = list(fit.first)
    for one in fit.ranking if found else ():
        if len(found) < _BESIDE and not one.ruled_out and one.id not in found:
            found.append(one.id)
    return found


def to_scenario(scenario: Scenario, fit: Fit, answers: Answers) -> Scenario:
    """Return the scenario with the motions worth comparing shown, at the list price that the contract value comes to.

    Everything else stays. The price is in the currency of the scenario only where that is dollars, as answers are.
    """
    shown = worth_comparing(fit)
    return priced(scenario.replace(shown=shown) if shown else scenario, answers)


def priced(scenario: Scenario, answers: Answers) -> Scenario:
    """Return the scenario at a twelfth of the contract value a month, where one was answered that can be its price.

    Answers are in dollars: a scenario in another currency keeps its price.
    """
    acv, price = answers.amount("acv"), input_named(Market, "list_price")
    if acv is None or scenario.market.currency != "USD" or not max(price.low, 0.01) <= acv / 12 <= price.high:
        return scenario
    return scenario.with_market(list_price=acv / 12)


def named(fit: Fit) -> str:
    """Return the motions worth comparing in words, as after a verb: `referrals and affiliates`."""
    return listed([NAMES[name].lower() for name in worth_comparing(fit)])


def of_deal(scenario: Scenario, motions: Sequence[str], list_price: float, gross_margin: float, term: int) -> Scenario:
    """Return the scenario with the motions of a deal shown, at its price and margin, over its term in months.

    Everything else stays. The deal is in dollars, and so is the scenario then. A motion that is no program of the
    simulator is left out, as is a term that is shorter or longer than a projection may be.
    """
    shown = tuple(name for name in PARTNER_MOTIONS if name in motions)
    market = {"list_price": list_price, "gross_margin": gross_margin, "currency": "USD"}
    months = input_named(Market, "months").taken(term, scenario.market.months)
    return (scenario.replace(shown=shown) if shown else scenario).with_market(months=months, **market)


def deal_of(scenario: Scenario) -> dict[str, str | list[str]]:
    """Return a scenario's deal as the parameters of Compare: motions, price, margin and term, what it can ask of them.

    A deal is in dollars: of a scenario in another currency there is no price. Two motions at least are compared.
    """
    market, shown = scenario.market, [name for name in scenario.shown if name in PARTNER_MOTIONS]
    term, margin = min(market.months, int(TERM.high)), f"{market.gross_margin * 100:.0f}"
    deal: dict[str, str | list[str]] = {"deal_margin": margin, TERM.address: str(term)}
    if market.currency == "USD":
        deal["price"] = f"{market.list_price:.10g}"
    if len(shown) >= _BESIDE:
        deal["motions"] = [NAMES[name] for name in shown]
    return deal
