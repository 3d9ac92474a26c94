"""What partners do more when terms pay them more: a program's rates at what its partners earn.

rate = rate as entered × (earned per lead ÷ earned per lead under the reference terms) ^ elasticity. What a lead earns
its partner is taken over the whole life of its customers, at the rates as entered; of terms that look at a partner's
month it is the share that they pay of their highest rates. Where nothing is set a program stays as it is.
"""

import numpy as np

from motions.economics.inputs.assumptions import Market, PartnerProgram, ProgramInputs
from motions.economics.inputs.plan_words import in_words
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array, PayoutPlan, redeemed
from motions.economics.model.cohort import average_customer, highest, one_customer
from motions.economics.model.histories import looks_at_one_partner, plain
from motions.economics.model.payers import payers_of
from motions.economics.model.projection import arrivals, project, shares
from motions.names import NAMES
from motions.text import listed, percent

_MOVES = {"recruiting": "partners_recruited", "activation": "activation_rate", "leads": "leads_per_partner"}
"""the rate that each elasticity moves"""
_WHAT = {"recruiting": "partners recruited", "activation": "partners that become active", "leads": "leads"}


def responding(program: ProgramInputs, market: Market) -> ProgramInputs:
    """Return a program as its partners work under its terms; the same program where they do not respond to them.

    At most all of the recruited partners become active.
    """
    response = program.response if isinstance(program, PartnerProgram) else None
    if not isinstance(program, PartnerProgram) or response is None or not response.moves:
        return program
    ratio = earned_ratio(program, market)
    changed = {rate: getattr(program, rate) * ratio ** getattr(response, name) for name, rate in _MOVES.items()}
    changed["activation_rate"] = np.minimum(changed["activation_rate"], 1.0)
    numbers = {rate: float(value[0]) if np.size(value) == 1 else value for rate, value in changed.items()}
    return program.model_copy(update={**numbers, "response": None})


def earned_ratio(program: PartnerProgram, market: Market) -> Array:
    """Return how many times as much a lead earns its partner as under the reference terms, one value a draw.

    1 where these pay nothing: there is nothing that it could be more than.
    """
    reference = program.response.reference if program.response else None
    if reference is None:
        return np.ones(1)
    now, before = (np.maximum(_of_a_lead(program, market, plan), 0.0) for plan in (program.payout, reference))
    there = before > 0
    return np.where(there, now / np.where(there, before, 1.0), 1.0)


def _of_a_lead(program: PartnerProgram, market: Market, plan: PayoutPlan) -> Array:
    """What a lead earns its partner under a plan, by what its customer brings in its life [money]."""
    alone = program.model_copy(update={"response": None, "start_month": 1, "payout": plan})
    if not looks_at_one_partner(plan, payers_of(market, plan)):
        return _plainly(alone, market)
    at_best = alone.model_copy(update={"payout": plain(highest(plan))})
    shown = market.model_copy(update={"months": market.spread_months})
    paid, best = (project(one, shown).earned for one in (alone, at_best))
    return _plainly(at_best, market) * np.where(best > 0, paid / np.where(best > 0, best, 1.0), 0.0)


def _plainly(program: PartnerProgram, market: Market) -> Array:
    one, lead = shares(program, market, one_customer()), program.payout.lead
    if program.payout.bonus is not None:  # of those won in the months that cost is spread over some have one
        one = average_customer(program, market, arrivals(program, market.spread_months).new)
    of_customer = (one.partner_margin + one.payouts).sum(axis=0) * program.conversion_rate
    found: Array = of_customer + (0.0 if lead is None else lead.reward * redeemed(lead))
    return found


MEANING = (
    "Off, partners do the same whatever they earn. On, recruiting, activation and leads rise and fall with what a lead "
    "earns its partner, by percentages of your own: the playbook gives none."
)
"""what a response is, for whoever is asked for one"""


def measured_from(scenario: Scenario, program: str) -> str:
    """Say under which terms the inputs of a program are as entered."""
    own = scenario.program(program)
    response = own.response if isinstance(own, PartnerProgram) else None
    if response is None or response.reference is None:
        return ""
    return f"Measured from {in_words(response.reference, scenario.market.currency)}: there the inputs are as entered."


def responses(scenario: Scenario) -> list[str]:
    """Say for each program shown whose partners respond to its terms how they do, and what comes of it."""
    found = [(name, scenario.program(name)) for name in scenario.shown]
    return [
        _said(name, one, scenario.market)
        for name, one in found
        if isinstance(one, PartnerProgram) and one.response and one.response.moves
    ]


def _said(name: str, program: PartnerProgram, market: Market) -> str:
    response, currency = program.response, market.currency
    assert response is not None  # noqa: S101  asked before
    there = [one for one in _MOVES if getattr(response, one)]
    rises = listed([f"{_WHAT[one]} rise {getattr(response, one):g} %" for one in there])
    before, now = (in_words(plan, currency) for plan in (response.reference or program.payout, program.payout))
    if response.reference and not _of_a_lead(program, market, response.reference).any():
        return f"{NAMES[name]}: {before} is what the response is measured from, so that there is nothing to respond to."
    rule = f"{NAMES[name]}: {rises} for each 1 % that a partner earns more on a lead than at {before}."
    earned, moved = float(earned_ratio(program, market)[0]), responding(program, market)
    changed = [
        f"{_WHAT[one]} are {_change(getattr(moved, rate), getattr(program, rate), 'higher', 'lower', 'as entered')}"
        for one, rate in _MOVES.items()
        if one in there
    ]
    return f"{rule} At {now} it earns {_change(earned, 1.0, 'more', 'less', 'as much')}, so that {listed(changed)}."


def _change(now: float, before: float, more: str, less: str, same: str) -> str:
    change = now / before - 1 if before else 0.0
    size = percent(abs(change), 0 if abs(change) >= _WHOLE else 1)
    return f"{size} {less if change < 0 else more}" if abs(change) >= _SEEN else same


_WHOLE = 0.1
"""from which on a change is said without decimals"""
_SEEN = 0.0005
