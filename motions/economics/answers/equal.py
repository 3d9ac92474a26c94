"""The question beside every comparison of terms: how much more must partners bring for dearer terms to earn the same?

It is answered by the model itself, with the leads of each partner scaled and nothing else changed. A response to terms
that is set (`model.response`) is left out of it, as the question is how large that would have to be.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from motions.economics.answers.goal import crossing
from motions.economics.answers.uncertainty import active_ranges, drawn, in_blocks, percentiles
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.keys import nested, with_numbers
from motions.economics.inputs.plan_words import in_words
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array, PayoutPlan
from motions.economics.model.histories import looks_at_one_partner
from motions.economics.model.payers import payers_of
from motions.economics.model.projection import project, terms_of
from motions.economics.model.response import responding
from motions.economics.model.run import Outcome, run
from motions.names import NAMES
from motions.text import percent

MOST = 64.0
"""how many times as much partners are asked to bring at the most"""
_NEARLY = 1e-3
"""how near the answer is where single partners are followed, which takes its time; elsewhere it is exact"""

ASKED = (
    "Asked of the model: the leads of every partner are scaled, all other inputs are those of this scenario, and what "
    "must be equal is the contribution of the months shown."
)
"""how the answer is found, for whoever asks"""


@dataclass(frozen=True)
class Needed:
    """How much partners must bring under terms for the contribution to reach an amount."""

    times: float | None
    """as many times as much as now; None where no amount that was tried gets there"""
    less: bool
    """whether what they bring now earns less than the amount"""
    spread: tuple[float, float, float] | None = None
    """P10, P50 and P90 of `times` over the draws, infinite where no amount gets there"""


def to_reach(scenario: Scenario, program: str, target: float) -> Needed | None:
    """Return how much a program's partners must bring for its contribution to be `target`, an amount of money.

    Of several answers the one nearest to what they bring now. None for a program whose partners bring nothing.
    """
    own = scenario.program(program)
    if not isinstance(own, PartnerProgram) or not own.leads_per_partner:
        return None
    made = _made(scenario, program)

    @cache  # the ends of what is searched are looked at more than once
    def gap(times: float) -> float:
        return made(times) - target

    nothing, now = gap(0.0), gap(1.0)
    if now == 0:
        return Needed(1.0, less=False)
    ends = (0.0, 1.0) if nothing * now <= 0 else _above(gap, nothing, now)
    within = _NEARLY if looks_at_one_partner(own.payout, payers_of(scenario.market, own.payout)) else 1e-12
    return Needed(crossing(gap, *ends, within) if ends else None, less=now < 0)


def _above(gap: Callable[[float], float], nothing: float, now: float) -> tuple[float, float] | None:
    """Between what partners bring now and more of it, where the gap is zero; None where it is not."""
    if now > 0:
        return None
    # If it rose on as it does from nothing to now it would be zero at now ÷ (nothing − now) times more.
    near = min(1 + 1.5 * now / (nothing - now), MOST) if now > nothing else MOST
    return next(((1.0, high) for high in dict.fromkeys((near, MOST)) if gap(high) >= 0), None)


def _made(scenario: Scenario, program: str) -> Callable[[float], float]:
    """The contribution of a program whose partners bring so many times as much, which is all that is worked out."""
    own, market = scenario.program(program), scenario.market
    assert isinstance(own, PartnerProgram)  # noqa: S101  asked before
    if scenario.segments:
        key = f"{program}.leads_per_partner"

        def sharing_demand(times: float) -> float:
            moved = {key: np.array([own.leads_per_partner * times])}
            return float(run(scenario, moved, only=program)[program].measured["contribution"][0])

        return sharing_demand
    working = responding(own, market)
    assert isinstance(working, PartnerProgram)  # noqa: S101  as it was

    def alone(times: float) -> float:
        more = working.model_copy(update={"leads_per_partner": working.leads_per_partner * times})
        return float(project(more, market).cumulative[-1][0])

    return alone


def under_terms(scenario: Scenario, program: str, terms: PayoutPlan) -> Needed | None:
    """Return how much partners must bring under a scenario's terms for it to earn what it does under other terms.

    Everything else is as it is in the scenario, but for a response to terms, which is left out. None where the terms
    are the same or there are no partners.
    """
    own = scenario.program(program)
    if not isinstance(own, PartnerProgram) or own.payout == terms:
        return None
    scenario = scenario.with_program(program, response=None)
    other = scenario.with_program(program, payout=terms.model_dump()).following(scenario)
    target = run(other, only=program)[program].measured["contribution"]
    found = to_reach(scenario, program, float(target[0]))
    if found is None or found.times is None:
        return found
    return Needed(found.times, found.less, _spread(scenario, other, program))


def _spread(scenario: Scenario, other: Scenario, program: str) -> tuple[float, float, float] | None:
    """The same draw by draw where the contribution rises in a straight line with what partners bring."""
    plans = (terms_of(one.program(program)) for one in (scenario, other))
    bent = scenario.segments or any(looks_at_one_partner(plan, payers_of(scenario.market, plan)) for plan in plans)
    if bent or not any(key.startswith((f"{program}.", "market.")) for key in active_ranges(scenario, program)):
        return None
    without = {f"{program}.leads_per_partner": np.zeros(1)}
    nothing, now = _contribution(scenario, program, without), _contribution(scenario, program)
    wanted = _contribution(other, program)
    rises = now > nothing
    times = np.where(rises, (wanted - nothing) / np.where(rises, now - nothing, 1.0), np.inf)
    return percentiles(np.maximum(times, 0.0))


def _contribution(scenario: Scenario, program: str, fixed: dict[str, Array] | None = None) -> Array:
    """The contribution of a program that shares no demand, one value a draw."""
    numbers = drawn(scenario, program) | (fixed or {})
    found = np.empty(scenario.draws)

    def run_block(here: slice) -> None:
        block = nested({key: values[here] if len(values) > 1 else values for key, values in numbers.items()})
        market = with_numbers(scenario.market, block.get("market", {}))
        own = with_numbers(scenario.program(program), block.get(program, {}))
        found[here] = project(own, market).cumulative[-1]

    in_blocks(scenario.draws, run_block)
    return found


def beside(scenario: Scenario, program: str, before: Scenario) -> str:
    """Say how much more partners must bring for a scenario's terms to earn as much as those of another.

    Nothing where the terms are the same, or amounts in them are of different currencies.
    """
    own, other = scenario.program(program), before.program(program)
    if not isinstance(own, PartnerProgram) or not isinstance(other, PartnerProgram):
        return ""
    currency = scenario.market.currency
    found = under_terms(scenario, program, other.payout) if currency == before.market.currency else None
    if found is None:
        return ""
    terms = (in_words(own.payout, currency), in_words(other.payout, currency))
    ours, theirs = terms if terms[0] != terms[1] else ("this plan", "the plan of the baseline")
    said = f"{_said(found, 'Partners', ours, theirs)}{_as_set(scenario, program, other.payout)}"
    only_terms = own.model_copy(update={"payout": other.payout, "response": other.response}) == other
    return said if only_terms and scenario.market == before.market else f"{said} All other inputs are as they are now."


def _as_set(scenario: Scenario, program: str, terms: PayoutPlan) -> str:
    """What partners bring more under a scenario's terms than under others by the response that is set, if one is."""
    own = scenario.program(program)
    if not isinstance(own, PartnerProgram) or own.response is None:
        return ""
    other = scenario.with_program(program, payout=terms.model_dump())
    now, before = (run(one, only=program)[program].figures["new_customers"] or 0.0 for one in (scenario, other))
    return f" By the response that is set they bring {as_many(now / before)}." if before and now != before else ""


def beside_rival(scenario: Scenario, results: Mapping[str, Outcome], focus: str) -> str:
    """Say how much more the partners of a program must bring for it to earn as much as the best other one shown.

    Nothing without another partner program that is paid by other terms.
    """
    own, currency = scenario.program(focus), scenario.market.currency
    plans = {name: one.payout for name in results if isinstance(one := scenario.program(name), PartnerProgram)}
    others = [name for name in plans if name != focus and plans[name] != plans.get(focus)]
    if not isinstance(own, PartnerProgram) or not others:
        return ""
    if own.customers_at_start or any(scenario.program(name).customers_at_start for name in others):
        return ""  # what customers already there bring is in the contribution, and no partner has to bring them
    rival = max(others, key=lambda name: results[name].figures["contribution"] or 0.0)
    found = to_reach(scenario, focus, results[rival].figures["contribution"] or 0.0)
    if found is None:
        return ""
    ours, theirs = (in_words(plans[name], currency) for name in (focus, rival))
    return _said(found, NAMES[focus], ours, f"{NAMES[rival].lower()} at {theirs}")


def _said(found: Needed, who: str, ours: str, theirs: str) -> str:
    """The answer in a sentence, with P10 to P90 where it was drawn."""
    if found.times is None and found.less:
        return f"{who}: not even {MOST:.0f} times as many customers make {ours} earn you as much as {theirs}."
    if found.times is None:
        return f"{who}: however few customers they bring, {ours} earns you more than {theirs}."
    if abs(found.times - 1) < _SAME:
        return f"{who}: with as many customers {ours} earns you as much as {theirs}."
    needs = "must bring {} for {} to earn you as much as {}."  # fewer, where each customer costs more than it brings
    said = (needs if found.less else "may bring {}: {} still earns you as much as {}.").format(
        as_many(found.times), ours, theirs
    )
    spread = "" if found.spread is None else f" P10 to P90 of the draws: {_between(found.spread)}."
    return f"{who} {said}{spread}"


_SAME = 0.0005
"""below which a share of more or fewer customers is not seen in what is shown"""
_MANY = 3.0
"""from which on more customers are said as times as many"""


def as_many(times: float) -> str:
    """Say how many customers, for how many times as many as now.

    >>> as_many(1.34), as_many(0.975), as_many(4.2), as_many(float("inf"))
    ('34 % more customers', '2.5 % fewer customers', '4.2 times as many customers', 'no number of customers')
    """
    if not np.isfinite(times):
        return "no number of customers"
    if times >= _MANY:
        return f"{times:.1f} times as many customers"
    share = abs(times - 1)
    return f"{percent(share, 0 if share >= 0.1 else 1)} {'more' if times > 1 else 'fewer'} customers"


def _between(spread: tuple[float, float, float]) -> str:
    low, high = (as_many(end).removesuffix(" customers").removesuffix(" of") for end in (spread[0], spread[2]))
    return f"{low} to {high}"
