"""From the choice of a motion to a scenario: what is worth comparing, at the company's own price."""

from collections.abc import Sequence

from motions.economics.inputs.assumptions import Market
from motions.economics.inputs.scenario import Scenario
from motions.fields import input_named
from motions.names import NAMES, PARTNER_MOTIONS
from motions.playbook import Answers, Fit
from motions.text import listed

_BESIDE = 2
"""motions that are simulated side by side at least, so that there is something to compare"""


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


def of_deal(scenario: Scenario, motions: Sequence[str], list_price: float, gross_margin: float) -> Scenario:
    """Return the scenario with the motions of a deal shown, at its price and margin; everything else stays.

    The deal is in dollars, and so is the scenario then. A motion that is no program of the simulator is left out.
    """
    shown = tuple(name for name in PARTNER_MOTIONS if name in motions)
    market = {"list_price": list_price, "gross_margin": gross_margin, "currency": "USD"}
    return (scenario.replace(shown=shown) if shown else scenario).with_market(**market)
