"""A scenario to projections and figures: every shown program, sharing demand where there are segments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import permutations

from motions.economics.inputs.assumptions import Market, ProgramInputs
from motions.economics.inputs.keys import nested, with_numbers
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.cohort import Cohort, cohort
from motions.economics.model.histories import looks_at_one_partner
from motions.economics.model.payers import payers_of
from motions.economics.model.payouts import Arrivals, first_months
from motions.economics.model.projection import Projection, arrivals, project, terms_of
from motions.economics.model.response import responding
from motions.economics.model.results import Figures, World, first, measure
from motions.economics.model.segments import Demand, share_demand


@dataclass(frozen=True)
class Outcome:
    """What one program does in a run: `measured` has one value a draw for each figure, NaN where there is none."""

    projection: Projection
    measured: dict[str, Array]
    came: Arrivals
    cohort: Cohort

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
    the others of its world sharing demand and CAC with it.
    """
    numbers = nested(drawn or {})
    market = with_numbers(scenario.market, numbers.get("market", {}))
    programs = {
        name: responding(with_numbers(scenario.program(name), numbers.get(name, {})), market)
        for name in selling(scenario, only)
    }
    if scenario.segments:
        months = max(_longest(one, market) for one in programs.values())
        alone = {name: arrivals(one, months) for name, one in programs.items()}
        came, _ = share_demand(scenario.segments, alone)
        each = {name: _Alone.of(one, market, came[name]) for name, one in programs.items()}
    else:
        fixed = set() if "market" in numbers else programs.keys() - numbers.keys()
        each = {name: (_settled if name in fixed else _Alone.of)(one, market) for name, one in programs.items()}
    world = World.of({name: one.cohort for name, one in each.items()}, scenario.direct, programs[scenario.direct])
    for name in scenario.shown if only is None else (only,):
        found = each[name]
        projection = found.projection or found.projected()
        measured = measure(programs[name], market, projection, found.cohort, world)
        yield name, Outcome(projection, measured, first_months(found.came, market.months), found.cohort)


@dataclass(frozen=True)
class _Alone:
    """A program before it is held against others."""

    program: ProgramInputs
    market: Market
    came: Arrivals
    cohort: Cohort
    projection: Projection | None
    """where there is one already: many draws of a plain plan are projected one program after the other"""

    @classmethod
    def of(cls, program: ProgramInputs, market: Market, came: Arrivals | None = None) -> "_Alone":
        came = came or arrivals(program, _longest(program, market))
        shown = project(program, market, first_months(came, market.months)) if cls.followed(program, market) else None
        return cls(program, market, came, cohort(program, market, came, shown), shown)

    @staticmethod
    def followed(program: ProgramInputs, market: Market) -> bool:
        """What is followed partner by partner is followed once."""
        return looks_at_one_partner(terms_of(program), payers_of(market, terms_of(program)))

    def projected(self) -> Projection:
        return project(self.program, self.market, first_months(self.came, self.market.months))


@lru_cache(maxsize=64)
def _settled(program: ProgramInputs, market: Market) -> _Alone:
    """A program of plain numbers, whose neighbours may move: it is not worked out again."""
    found = _Alone.of(program, market)
    return replace(found, projection=found.projection or found.projected())


def _longest(program: ProgramInputs, market: Market) -> int:
    """How many months of arrivals are needed: those shown, and those that its cost is spread over."""
    return max(market.months, market.spread_months + program.start_month - 1)


def selling(scenario: Scenario, only: str | None = None) -> tuple[str, ...]:
    """Return the programs of one world: those shown, the direct baseline, and the one that is asked for."""
    return tuple(dict.fromkeys((*scenario.shown, scenario.direct, *((only,) if only else ()))))


def mix_of_arr(scenario: Scenario, results: Mapping[str, Outcome]) -> list[tuple[str, float]]:
    """Return the closing ARR of each shown program, and of the direct baseline, in whole money."""
    found = {name: float(outcome.measured["closing_arr"][0]) for name, outcome in results.items()}
    if scenario.direct not in found:
        direct = run(scenario, only=scenario.direct)[scenario.direct]
        found[scenario.direct] = float(direct.measured["closing_arr"][0])
    return list(found.items())


def demands(scenario: Scenario) -> list[Demand]:
    """Return what became of each segment, as one draw."""
    return share_demand(scenario.segments, _alone(scenario))[1]


@dataclass(frozen=True)
class Taken:
    """What one motion takes from another where both sell into a segment, over all months."""

    taker: str
    loser: str
    customers: float
    contribution: float
    """money: by how much the loser's would be larger without the taker"""


def taken(scenario: Scenario) -> list[Taken]:
    """Return what motions take from one another in shared segments, the costliest first: each pair by itself."""
    came = _alone(scenario)
    now, _ = share_demand(scenario.segments, came)
    pairs = {
        (taker, loser)
        for segment in scenario.segments
        for taker, loser in permutations((str(name) for name in segment.motions if name in came), 2)
    }
    found = []
    for taker, loser in sorted(pairs):
        others = {name: one for name, one in came.items() if name != taker}
        without = share_demand(scenario.segments, others)[0][loser]
        market = scenario.market
        program = responding(scenario.program(loser), market)
        more = project(program, market, without).cumulative[-1] - project(program, market, now[loser]).cumulative[-1]
        customers = float((without.new - now[loser].new).sum())
        found.append(Taken(taker, loser, customers, float(more[0])))
    return sorted((one for one in found if one.customers > 1e-6), key=lambda one: -one.contribution)


def _alone(scenario: Scenario) -> dict[str, Arrivals]:
    """What comes to each program of the scenario's world if it has demand to itself."""
    market = scenario.market
    return {name: arrivals(responding(scenario.program(name), market), market.months) for name in selling(scenario)}
