"""Can contract value and retention carry a payout: the largest that pays back in time, and what a partner makes of it.

Everything here is the scenario's, in one run with the values of its inputs; their ranges are not drawn.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from motions.economics.answers.goal import Answer, figures, main_payouts, seek
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.keys import Place
from motions.economics.inputs.scenario import Scenario
from motions.names import NAMES, OWN, PARTNER_MOTIONS
from motions.readiness.reading import Line, Reading, Wanted, any_of
from motions.text import count
from motions.units import MONEY_A_MONTH

OF = "the simulator's scenario"
SHARE_STEP, MONEY_STEP = 0.001, 0.01
"""What a largest payout is rounded down to: it is shown no finer, and holds as shown."""


@dataclass(frozen=True)
class Largest:
    """The largest payout at which a customer pays back in time. No `value`: there is none, and `reason` says why.

    `fails` tells a plan that never pays back, even without a payout, from one of which nothing is known.
    """

    value: float | None
    earned: float | None = None
    """what an average active partner then earns a month, whole units of the scenario's currency"""
    open_end: bool = False
    """whether every payout that was tried pays back: the largest is at least the value"""
    fails: bool = False
    reason: str = ""


def of_scenario(scenario: Scenario) -> Reading:
    """Read whether one of the partner motions shown carries a payout that is worth a partner's time.

    What was read of the last scenarios is remembered: half a second for two motions.
    """
    return _of_text(scenario.model_dump_json(), NAMES[OWN] if OWN in scenario.shown else "")


@lru_cache(maxsize=16)
def _of_text(scenario_as_text: str, _: str) -> Reading:
    """The same of a scenario as text, and of the name in its sentences that is another in each session."""
    scenario = Scenario.model_validate_json(scenario_as_text)
    shown = [name for name in scenario.shown if name in PARTNER_MOTIONS]
    lines = tuple(replace(_line(scenario, name), motion=name) for name in shown)
    if not lines:
        words = "No partner motion is shown in the simulator."
        lines = (Line("unknown", words, load="show a partner motion in the simulator"),)
    return Reading(any_of(line.verdict for line in lines), lines, OF)


def wanted_of(scenario: Scenario) -> tuple[Wanted, ...]:
    """Return what is asked of a payout: the time to pay back in, and what partners want to earn."""
    within = Wanted("Payback within, at most", count(scenario.payback_within, "month"), OF)
    currency = scenario.market.currency
    return within, *(
        Wanted(f"{NAMES[name]} want to earn, at least", MONEY_A_MONTH.said(own.worth_from, currency), OF)
        for name in scenario.shown
        if isinstance(own := scenario.program(name), PartnerProgram) and own.worth_from
    )


def largest(scenario: Scenario, place: Place) -> Largest:
    """Return the largest value of a payout at which payback is within `scenario.payback_within` months.

    Rounded down to 0.1 % or a cent: at the value payback is within the months, a step above it is not. Payouts from
    nothing to the end of what goal seek walks are looked at.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> found = largest(default_scenario(), main_payouts(default_scenario(), "channel")[0])
    >>> found.value, round(found.earned)
    (0.32, 907)
    """
    within = scenario.payback_within
    answer = seek(scenario, place.owner, place, "payback_month", within)
    in_time = [y is not None and y <= within for y in answer.ys]
    if not any(in_time):
        return _none(answer, within)
    last = max(at for at, held in enumerate(in_time) if held)
    value = answer.xs[last] if last == len(in_time) - 1 else _rounded(scenario, place, answer, last)
    earned = float(figures(scenario, place.owner, "partner_earnings", place.key, [value])[0])
    known = math.isfinite(earned)
    reason = "" if known else "no active partner is expected"
    return Largest(value, earned if known else None, last == len(in_time) - 1, reason=reason)


def _none(answer: Answer, within: int) -> Largest:
    """No payout is in time: payback is later with each, or there is none to speak of."""
    if all(y is None for y in answer.ys):
        return Largest(None, reason=answer.sentence.removesuffix("."))
    return Largest(None, fails=True, reason=f"even the smallest payout pays back later than {count(within, 'month')}")


def _rounded(scenario: Scenario, place: Place, answer: Answer, last: int) -> float:
    """The crossing behind the last value in time, rounded down until it is in time itself."""
    low, high = answer.xs[last], answer.xs[last + 1]
    step = SHARE_STEP if place.item.unit == "%" else MONEY_STEP
    crossing = max((one for one in answer.values if low <= one <= high), default=low)
    tried = [max(math.floor(crossing / step + 1e-9) * step - back * step, low) for back in (0, 1)]
    late = figures(scenario, place.owner, "payback_month", place.key, tried) > scenario.payback_within
    return round(tried[int(np.argmin(late))], 6)


def _line(scenario: Scenario, name: str) -> Line:
    own, currency = scenario.program(name), scenario.market.currency
    places = main_payouts(scenario, name)
    if not places or not isinstance(own, PartnerProgram):
        words = f"{NAMES[name]}: the plan has no payout that could be raised."
        return Line("unknown", words, load=f"give {NAMES[name]} a payout in the simulator")
    place, found = places[0], largest(scenario, places[0])
    if found.value is None:
        return Line("not yet" if found.fails else "unknown", f"{NAMES[name]}: {found.reason}.")
    at_least = "at least " if found.open_end else ""
    words = (
        f"{NAMES[name]}: a customer pays back within {count(scenario.payback_within, 'month')} up to {at_least}"
        f"{place.item.said(found.value, currency)} {place.title.lower()}, now "
        f"{place.item.said(scenario.at(place.key), currency)}. "
    )
    if found.earned is None:
        return Line("unknown", f"{words}{found.reason[:1].upper()}{found.reason[1:]}.")
    words += f"An average active partner then earns {MONEY_A_MONTH.said(found.earned, currency)}"
    if not own.worth_from:
        return Line("unknown", f"{words}; what it wants is not set.", load="set what a partner wants to earn a month")
    wants = MONEY_A_MONTH.said(own.worth_from, currency)
    return Line("ready" if found.earned >= own.worth_from else "not yet", f"{words} and wants {wants}.")
