"""A scenario to projections and figures: every shown program, sharing demand where there are segments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from motions.economics.inputs.assumptions import ProgramInputs
from motions.economics.inputs.keys import nested, with_numbers
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.payouts import Arrivals
from motions.economics.model.projection import Projection, arrivals, project
from motions.economics.model.results import Figures, first, measure
from motions.economics.model.segments import Demand, share_demand
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
    """Project every shown program and read its figures, in the order shown. See `outcomes`."""
    return dict(outcomes(scenario, drawn, only))


def outcomes(
    scenario: Scenario, drawn: Mapping[str, Array] | None = None, only: str | None = None
) -> Iterator[tuple[str, Outcome]]:
    """Project the shown programs one after the other, so that many draws need the memory of one.

    `drawn` puts arrays with one value a draw in the place of inputs, by key; `only` reads the figures of one program,
    among the others where they share demand.
    """
    numbers = nested(drawn or {})
    market = with_numbers(scenario.market, numbers.get("market", {}))

    def program(name: str) -> ProgramInputs:
        drawn_here: ProgramInputs = with_numbers(scenario.program(name), numbers.get(name, {}))
        return drawn_here

    shared: dict[str, Arrivals] = {}
    if scenario.segments:
        selling = dict.fromkeys((*scenario.shown, *((only,) if only else ())))
        alone = {str(name): arrivals(program(name), market.months) for name in selling}
        shared, _ = share_demand(scenario.segments, alone)

    def projected(one: ProgramInputs, name: str) -> tuple[Projection, Arrivals]:
        came = shared.get(name) or arrivals(one, market.months)
        return project(one, market, came), came

    baseline = program(scenario.direct)
    direct = projected(baseline, scenario.direct)
    for name in scenario.shown if only is None else (only,):
        one, (projection, came) = baseline, direct
        if name != scenario.direct:
            one = program(name)
            projection, came = projected(one, name)
        # A baseline is compared with itself: blending the other one in would mix two alternatives.
        against = (projection, one) if name in BASELINES else (direct[0], baseline)
        yield name, Outcome(projection, measure(one, market, projection, *against), came)


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
