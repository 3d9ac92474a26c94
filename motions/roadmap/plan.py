"""When each step begins, how fast, and what it costs: a plan, its defaults, and the scenario that it becomes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from motions.economics.inputs.assumptions import PROGRAMS, Assumptions, PartnerProgram, ProgramId
from motions.economics.inputs.scenario import Scenario
from motions.errors import ScenarioError
from motions.fields import Input, input_named, inputs
from motions.names import NAMES
from motions.playbook.load import load_playbook
from motions.roadmap.gates import StepState
from motions.text import count, listed
from motions.units import MONEY_A_MONTH

NOTHING_PLANNED = "No step is in the plan. Choose a motion of one of the steps."
_OWN: Mapping[str, Any] = PartnerProgram.model_fields


class StepPlan(Assumptions):
    """What is planned of one step. Its numbers are inputs of the simulator's programs, with their bounds and help.

    `program_cost` is that of all planned motions of the step together.
    """

    step: str
    motions: tuple[ProgramId, ...]
    start_month: int = _OWN["start_month"]
    ramp_months: int = _OWN["ramp_months"]
    program_cost: float = _OWN["program_cost"]


class Plan(BaseModel):
    """What is planned of each step, in the order of the roadmap."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: tuple[StepPlan, ...] = Field(min_length=1)

    @property
    def motions(self) -> tuple[str, ...]:
        """All motions that are planned, in the order shown."""
        planned = {name for one in self.steps for name in one.motions}
        return tuple(name for name in PROGRAMS if name in planned)


INPUTS: tuple[Input, ...] = inputs(StepPlan)
"""The numbers that are planned of a step, in the order asked."""
_MOST_COST = input_named(StepPlan, "program_cost").high
MOVED = ("motions", *(item.name for item in INPUTS))
"""What can be chosen otherwise of a step's plan."""


def spacing_note() -> str:
    """Say when steps begin unless somebody chooses, and whose assumption that is."""
    months = load_playbook().roadmap.spacing_months
    return (
        f"Steps whose gate is met begin in month 1. The others follow {months} months apart, in the "
        "playbook's order; the months are our assumption. Ramp and cost are the scenario's."
    )


def plan(
    scenario: Scenario, states: Sequence[StepState], chosen: Mapping[str, Mapping[str, Any]] | None = None
) -> Plan:
    """Return the plan of a roadmap: the defaults, and what was chosen otherwise, by step and field of StepPlan.

    Of a step the motions whose gate is met are planned, else all of it. Ramp is the longest of these, program cost
    their sum, as the scenario has them. Raises pydantic's ValidationError for a choice out of bounds.
    """
    starts = _starts(states)
    own = [
        _of_step(scenario, state, start, dict((chosen or {}).get(state.step.id, {})))
        for state, start in zip(states, starts, strict=True)
    ]
    return Plan(steps=tuple(own))


def _starts(states: Sequence[StepState]) -> list[int]:
    """Met at once; the others one by one in the playbook's order: what comes after a step does not begin before it."""
    waiting = [state.number for state in states if state.verdict != "met"]
    months = load_playbook().roadmap.spacing_months
    return [1 if state.verdict == "met" else 1 + months * (1 + waiting.index(state.number)) for state in states]


def _of_step(scenario: Scenario, state: StepState, start: int, chosen: dict[str, Any]) -> StepPlan:
    wanted = chosen.pop("motions", state.layered or state.step.motions)
    motions = tuple(name for name in state.step.motions if name in wanted)
    programs = _programs(scenario, motions or state.step.motions)
    defaults = {
        "start_month": start,
        "ramp_months": max(one.ramp_months for one in programs),
        "program_cost": min(_cost(programs), _MOST_COST),
    }
    return StepPlan(step=state.step.id, motions=motions, **{**defaults, **chosen})


def _programs(scenario: Scenario, motions: Iterable[str]) -> list[PartnerProgram]:
    found = [scenario.program(name) for name in motions]
    return [one for one in found if isinstance(one, PartnerProgram)]


def to_scenario(scenario: Scenario, planned: Plan) -> Scenario:
    """Return the scenario in which the planned motions are shown, each with its step's start, ramp and part of cost.

    Cost is divided among a step's motions as the scenario divides it; a ramp that is not that of the default is one for
    all of them. Ranges stay, moved along with what they are
    about. The direct baseline stays. Raises ScenarioError where no step is planned, or an input leaves its bounds.
    """
    if not planned.motions:
        raise ScenarioError(NOTHING_PLANNED)
    changes = {name: own for one in planned.steps for name, own in _changed(scenario, one)}
    return scenario.replace(shown=planned.motions, **changes).following(scenario)


def _changed(scenario: Scenario, one: StepPlan) -> Iterable[tuple[str, dict[str, Any]]]:
    programs = _programs(scenario, one.motions)
    whole, longest = _cost(programs), max((program.ramp_months for program in programs), default=0)
    for name, program in zip(one.motions, programs, strict=True):
        changes: dict[str, Any] = {"start_month": one.start_month}
        # What nobody has moved stays as it was, of each motion by itself.
        if one.ramp_months != longest:
            changes["ramp_months"] = one.ramp_months
        if one.program_cost != whole:
            part = program.program_cost / whole if whole else 1 / len(programs)
            changes["program_cost"] = one.program_cost * part
        yield name, program.model_dump() | changes


def _cost(programs: Iterable[PartnerProgram]) -> float:
    return sum(program.program_cost for program in programs)


def said(own: StepPlan, currency: str) -> str:
    """Say what is planned of a step.

    >>> said(StepPlan(step="channels", motions=("channel",), start_month=7, ramp_months=4, program_cost=9000), "USD")
    'Channels from month 7, with a ramp of 4 months, for $9,000/month.'
    """
    if not own.motions:
        return "Not in the plan."
    names = listed([NAMES[name].lower() for name in own.motions])
    ramp, cost = count(own.ramp_months, "month"), MONEY_A_MONTH.said(own.program_cost, currency)
    return f"{names[:1].upper()}{names[1:]} from month {own.start_month}, with a ramp of {ramp}, for {cost}."


def started_now(planned: Plan, states: Sequence[StepState]) -> Plan:
    """Return the plan in which steps whose gate is not known to be met begin in month 1 all the same."""
    unmet = {state.step.id for state in states if state.verdict != "met"}
    return Plan(
        steps=tuple(one.model_copy(update={"start_month": 1}) if one.step in unmet else one for one in planned.steps)
    )
