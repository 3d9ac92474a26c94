"""The question beside every comparison of terms: how much more must partners bring for dearer terms to earn the same?

It is answered by the model itself, with the leads of each partner scaled and nothing else changed. A response to terms
that is set (`model.response`) is left out of it, as the question is how large that would have to be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from motions.economics.answers.goal import crossing
from motions.economics.answers.uncertainty import active_ranges, drawn, in_blocks, percentiles
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.keys import nested, with_numbers
from motions.economics.inputs.plan_words import in_words
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array, PayoutPlan
from motions.economics.model.histories import looks_at_one_partner
from motions.economics.model.projection import project, terms_of
from motions.economics.model.run import Outcome, run
from motions.names import NAMES
from motions.text import percent

_NEAR = (0.5, 1.0, 2.0)
"""how many times as much partners bring, where crossings are looked for"""
_FAR = (0.0, 0.25, 0.5, 2.0, 4.0, 16.0, 64.0)
"""and where there is none so near"""

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

    def gaps(times: Array) -> Array:
        moved = {f"{program}.leads_per_partner": own.leads_per_partner * times}
        made = run(scenario, moved, only=program)[program].measured["contribution"]
        return np.broadcast_to(made, times.shape) - target

    near = gaps(np.array(_NEAR))
    if (now := near[_NEAR.index(1.0)]) == 0:
        return Needed(1.0, less=False)
    times = _turn(gaps, _NEAR, near)
    if times is None:
        times = _turn(gaps, _FAR, gaps(np.array(_FAR)))
    return Needed(times, less=bool(now < 0))


def _turn(gaps: Callable[[Array], Array], tried: Sequence[float], found: Array) -> float | None:
    """Where gaps turn from one side of zero to the other, nearest to one; None where they do not."""
    turns = [
        (low, high)
        for low, high, one, other in zip(tried, tried[1:], found, found[1:], strict=False)
        if one == 0 or one * other < 0
    ]
    if not turns:
        return None
    low, high = min(turns, key=lambda ends: abs(np.log(ends[0] + ends[1]) - np.log(2)))
    return crossing(lambda times: float(gaps(np.array([times]))[0]), low, high)


def under_terms(scenario: Scenario, program: str, terms: PayoutPlan) -> Needed | None:
    """Return how much partners must bring under a scenario's terms for it to earn what it does under other terms.

    Everything else is as it is in the scenario. None where the terms are the same or there are no partners.
    """
    own = scenario.program(program)
    if not isinstance(own, PartnerProgram) or own.payout == terms:
        return None
    other = scenario.with_program(program, payout=terms.model_dump()).following(scenario)
    target = run(other, only=program)[program].measured["contribution"]
    found = to_reach(scenario, program, float(target[0]))
    if found is None or found.times is None:
        return found
    return Needed(found.times, found.less, _spread(scenario, other, program))


def _spread(scenario: Scenario, other: Scenario, program: str) -> tuple[float, float, float] | None:
    """The same draw by draw where the contribution rises in a straight line with what partners bring."""
    plans = (terms_of(one.program(program)) for one in (scenario, other))
    bent = scenario.segments or any(looks_at_one_partner(plan) for plan in plans)
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
    return _said(found, "Partners", ours, theirs)


def beside_rival(scenario: Scenario, results: Mapping[str, Outcome], focus: str) -> str:
    """Say how much more the partners of a program must bring for it to earn as much as the best other one shown.

    Nothing without another partner program that is paid by other terms.
    """
    own, currency = scenario.program(focus), scenario.market.currency
    plans = {name: one.payout for name in results if isinstance(one := scenario.program(name), PartnerProgram)}
    others = [name for name in plans if name != focus and plans[name] != plans.get(focus)]
    if not isinstance(own, PartnerProgram) or not others:
        return ""
    rival = max(others, key=lambda name: results[name].figures["contribution"] or 0.0)
    found = to_reach(scenario, focus, results[rival].figures["contribution"] or 0.0)
    if found is None:
        return ""
    ours, theirs = (in_words(plans[name], currency) for name in (focus, rival))
    return _said(found, NAMES[focus], ours, f"{NAMES[rival].lower()} at {theirs}")


def _said(found: Needed, who: str, ours: str, theirs: str) -> str:
    """The answer in a sentence, with P10 to P90 where it was drawn."""
    if found.times is None and found.less:
        return f"{who}: not even {_FAR[-1]:.0f} times as many customers make {ours} earn you as much as {theirs}."
    if found.times is None:
        return f"{who}: however few customers they bring, {ours} earns you more than {theirs}."
    if abs(found.times - 1) < _SAME:
        return f"{who}: with as many customers {ours} earns you as much as {theirs}."
    more, fewer = "must bring {} for {} to earn you as much as {}.", "may bring {}: {} still earns you as much as {}."
    said = (more if found.times > 1 else fewer).format(as_many(found.times), ours, theirs)
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
