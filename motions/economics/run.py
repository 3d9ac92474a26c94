"""A scenario to projections and figures: every shown program, sharing demand where there are segments."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from motions.economics.mix import Demand, share_demand
from motions.economics.payouts import Array
from motions.economics.places import nested, with_numbers
from motions.economics.projection import Projection, arrivals, project
from motions.economics.results import Figures, first, measure
from motions.economics.scenario import Scenario
from motions.economics.split import Arrivals
from motions.names import BASELINES


@dataclass(frozen=True)
class Outcome:
    """What one program does in a run: `measured` has one value a draw for each figure, NaN where there is none."""

    projection: Projection
    measured: dict[str, Array]
    came: Arrivals

    @cached_property
    def figures(self) -> Figures:
        """The figures of the first draw; None where there is none."""
        return first(self.measured)


def run(scenario: Scenario, drawn: Mapping[str, Array] | None = None, only: str | None = None) -> dict[str, Outcome]:
    """Project every shown program and read its figures, in the order shown.

    `drawn` puts arrays with one value a draw in the place of inputs, by key; `only` reads the figures of one program,
    among the others where they share demand.
    """
    numbers = nested(drawn or {})
    market = with_numbers(scenario.market, numbers.get("market", {}))
    wanted = scenario.shown if only is None else (only,)
    needed: dict[str, None] = dict.fromkeys((*(scenario.shown if scenario.segments else ()), *wanted))
    programs = {
        name: with_numbers(scenario.program(name), numbers.get(name, {})) for name in (*needed, scenario.direct)
    }
    came = {str(name): arrivals(programs[name], market.months) for name in needed}
    came, _ = share_demand(scenario.segments, came)
    alone = came.get(scenario.direct)
    direct = project(programs[scenario.direct], market, alone)
    result: dict[str, Outcome] = {}
    for name in wanted:
        program = programs[name]
        projection = direct if name == scenario.direct else project(program, market, came[name])
        # A baseline is compared with itself: blending the other one in would mix two alternatives.
        other, baseline = (projection, program) if name in BASELINES else (direct, programs[scenario.direct])
        result[name] = Outcome(projection, measure(program, market, projection, other, baseline), came[name])
    return result


def mix_of_arr(scenario: Scenario, results: Mapping[str, Outcome]) -> list[tuple[str, float]]:
    """Return the closing ARR of each shown program, and of the direct baseline, in whole money."""
    found = {name: float(outcome.measured["closing_arr"][0]) for name, outcome in results.items()}
    if scenario.direct not in found:
        alone = run(scenario, only=scenario.direct)[scenario.direct]
        found[scenario.direct] = float(alone.measured["closing_arr"][0])
    return list(found.items())


def demands(scenario: Scenario) -> list[Demand]:
    """Return what became of each segment, as one draw."""
    came = {str(name): arrivals(scenario.program(name), scenario.market.months) for name in scenario.shown}
    return share_demand(scenario.segments, came)[1]
