"""Wait until ready against start now: two scenarios of one plan, whose start months differ and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from motions.economics.answers.together import Together, together
from motions.economics.answers.uncertainty import drawn, percentiles
from motions.economics.inputs.links import Kept, Named
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.roadmap.gates import StepState
from motions.roadmap.plan import NOTHING_PLANNED, Plan, started_now, to_scenario
from motions.roadmap.whole import Whole, last, lowest_cash, partners, ranged, whole
from motions.text import count, inside, listed, money, percent
from motions.units import MONEY

WAIT, NOW = "Wait until ready", "Start now"
_FIGURES = (("Contribution", last), ("Lowest cash", lowest_cash))


@dataclass(frozen=True)
class Waiting:
    """Two scenarios of one plan, and what lies between them."""

    wait: Scenario
    now: Scenario
    steps: tuple[str, ...]
    """titles of the steps that begin earlier in the second; empty where there is nothing to compare"""
    sentence: str
    rows: pd.DataFrame
    """figures × what each comes to and the difference, as text; empty where there is nothing to compare"""

    @property
    def kept(self) -> Kept:
        """Both as scenarios to keep side by side, the waiting one as the pinned one."""
        return (Named(name=WAIT, scenario=self.wait), Named(name=NOW, scenario=self.now))


def waiting(scenario: Scenario, planned: Plan, states: Sequence[StepState]) -> Waiting:
    """Compare a plan with the one in which steps whose gate is not known to be met begin in month 1.

    What a gate that is not met does to the other inputs nobody knows, and nothing is made up for it. Both draw the same
    random numbers. Raises ScenarioError where no step is planned.
    """
    at_once = started_now(planned, states)
    wait, now = to_scenario(scenario, planned), to_scenario(scenario, at_once)
    pairs = zip(states, planned.steps, at_once.steps, strict=True)
    earlier = tuple(state.step.title for state, one, other in pairs if one.motions and one != other)
    if not earlier:
        return Waiting(wait, now, (), _nothing_waits(planned, states), pd.DataFrame())
    points, draws = _both(wait.model_dump_json(), now.model_dump_json())
    return Waiting(wait, now, earlier, _sentence(wait, earlier, points, draws), _rows(wait, points, draws))


def _nothing_waits(planned: Plan, states: Sequence[StepState]) -> str:
    unmet = {state.step.id for state in states if state.verdict != "met"}
    if any(one.step in unmet and one.motions for one in planned.steps):
        return "Nothing waits: the planned steps whose gate is not met begin in month 1 as it is."
    return "Nothing waits: the gate of each planned step is met."


_Pair = tuple[Together, Together]


@lru_cache(maxsize=4)
def _both(wait_as_text: str, now_as_text: str) -> tuple[_Pair, _Pair | None]:
    """Both scenarios at the values of their inputs, and over the same draws where there are ranges."""
    wait, now = (Scenario.model_validate_json(text) for text in (wait_as_text, now_as_text))
    programs = partners(wait)
    points = together(wait, programs, {}), together(now, programs, {})
    if not ranged(wait):
        return points, None
    numbers = drawn(wait)  # a month in which a program begins is a setting and is never drawn
    return points, (together(wait, programs, numbers), together(now, programs, numbers))


def _rows(wait: Scenario, points: _Pair, draws: _Pair | None) -> pd.DataFrame:
    currency, rows = wait.market.currency, []
    for title, read in _FIGURES:
        values = [float(read(one)[0]) for one in points]
        row = {"Figure": title, WAIT: money(values[0], currency), NOW: money(values[1], currency)}
        row["Difference"] = MONEY.difference(values[1] - values[0], currency)
        if draws and (ends := percentiles(_gaps(draws, title))):
            row["Difference, P10 to P90"] = " to ".join(MONEY.difference(end, currency) for end in ends[::2])
        rows.append(row)
    return pd.DataFrame(rows).set_index("Figure")


def _gaps(draws: _Pair, title: str) -> Array:
    read = dict(_FIGURES)[title]
    return read(draws[1]) - read(draws[0])


def _sentence(wait: Scenario, earlier: Sequence[str], points: _Pair, draws: _Pair | None) -> str:
    currency, months = wait.market.currency, count(wait.market.months, "month")
    gap = float(last(points[1])[0] - last(points[0])[0])
    said = "as much" if MONEY.same(gap, currency) else f"{money(abs(gap), currency)} {'more' if gap > 0 else 'less'}"
    sure = f" (more in {percent(float(np.mean(_gaps(draws, 'Contribution') > 0)), 0)} of the draws)" if draws else ""
    waits, starts = (money(float(lowest_cash(one)[0]), currency) for one in points)
    cash = f"lowest cash is {starts}" + ("" if starts == waits else f" instead of {waits}")
    return (
        f"Start now, to {listed([inside(one) for one in earlier])} in month 1, contributes {said} in {months}{sure}; "
        f"{cash}. Only the start months differ: what begins earlier runs longer in these months, and what a gate that "
        "is not met does to the other inputs is unknown and not in it."
    )


@dataclass(frozen=True)
class Outlook:
    """What a page shows below the steps; of an empty plan only why there is nothing."""

    whole: Whole | None = None
    waiting: Waiting | None = None
    lacking: str = ""


def outlook(scenario: Scenario, planned: Plan, states: Sequence[StepState]) -> Outlook:
    """Return what a plan comes to in a scenario, and what waiting changes; `lacking` says why there is nothing."""
    if not planned.motions:
        return Outlook(lacking=NOTHING_PLANNED)
    return Outlook(whole(to_scenario(scenario, planned)), waiting(scenario, planned, states))
