"""Why one scenario does better than another: what each changed input adds, in steps that add up exactly."""

from dataclasses import dataclass
from typing import Any

from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.keys import put
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import PARTS, PayoutPlan, Response, Terms
from motions.economics.model.results import UNITS
from motions.economics.model.run import run
from motions.fields import inputs
from motions.names import NAMES
from motions.units import MONEY, MONEY_A_MONTH


@dataclass(frozen=True)
class Step:
    """What one change adds to a figure, in whole minor units (cents) or millionths for figures that are not money."""

    title: str
    change: int


@dataclass(frozen=True)
class Waterfall:
    """From one scenario's figure to another's: `start` + the changes of all steps = `end`, in whole minor units."""

    start: int
    steps: tuple[Step, ...]
    end: int


def changes(before: Scenario, after: Scenario, program: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what differs between two scenarios and can move a program: title and the fields to replace.

    Each changed number is a change of its own; other parts of the payout terms, the response to them, the direct
    motion, segments, and the programs that share demand, are one each.
    """
    owners = ["market", program, *([after.direct] if after.direct != program else [])]
    if before.segments or after.segments:
        owners += [name for name in PROGRAMS if name not in owners and name in {*before.shown, *after.shown}]
    found: list[tuple[str, dict[str, Any]]] = []
    for owner in owners:
        old, new = getattr(before, owner), getattr(after, owner)
        label = "" if owner == "market" else f" ({NAMES[owner]})"
        for item in inputs(type(new)):
            if getattr(old, item.name) != getattr(new, item.name) and item.name != "currency":
                found.append((f"{item.title}{label}", {f"{owner}.{item.name}": getattr(new, item.name)}))
        if getattr(old, "ages_at_start", None) != getattr(new, "ages_at_start", None):
            found.append((f"Ages of those already there{label}", {f"{owner}.ages_at_start": new.ages_at_start}))
        if hasattr(new, "payout") and old.payout != new.payout:
            found += _terms(before, after, owner)
        if _response(old) != _response(new):
            found.append((f"Response to terms{label}", {f"{owner}.response": new.response}))
    for field, title in (("direct", "Direct baseline"), ("segments", "Segments")):
        if getattr(before, field) != getattr(after, field):
            found.append((title, {field: getattr(after, field)}))
    if after.segments and before.shown != after.shown:
        found.append(("Programs that share demand", {"shown": after.shown}))
    return found


def _response(owner: Any) -> Response | None:
    """How the partners of a program respond to terms; of one that moves nothing it is no matter how it is set."""
    response: Response | None = getattr(owner, "response", None)
    return response if response and response.moves else None


def _terms(before: Scenario, after: Scenario, owner: str) -> list[tuple[str, dict[str, Any]]]:
    """What differs between two payout plans: each part that came, went or works otherwise, and each changed number."""
    old, new = getattr(before, owner).payout, getattr(after, owner).payout
    both = {*old.kinds, *new.kinds}
    if {"margin", "wholesale"} <= both:  # one at a time they can't be together
        return [(f"Payout terms ({NAMES[owner]})", {f"{owner}.payout": new})]
    found: list[tuple[str, dict[str, Any]]] = []
    for kind, title, _ in PARTS:
        if kind in both and old.part(kind) != new.part(kind):
            found += _of_one_part(f"{owner}.payout.{kind}", f"{title} ({NAMES[owner]})", old.part(kind), new.part(kind))
    for item in inputs(PayoutPlan):
        if getattr(old, item.name) != getattr(new, item.name):
            key = f"{owner}.payout.{item.name}"
            found.append((f"{item.title} ({NAMES[owner]})", {key: getattr(new, item.name)}))
    return found


def _of_one_part(key: str, title: str, old: Terms | None, new: Terms | None) -> list[tuple[str, dict[str, Any]]]:
    """Each changed number of a part, or the part as one where it came, went, or something else of it changed."""
    if old is None or new is None:
        return [(title, {key: new})]
    changed = [item for item in inputs(type(new)) if getattr(old, item.name) != getattr(new, item.name)]
    # Thresholds and months must ascend on the way, too.
    ascend = any(item.name.startswith(("tier", "step_", "milestone_", "from_", "to_")) for item in changed)
    if ascend or any(item.options for item in changed):
        return [(title, {key: new})]
    owner = title.rpartition(" (")[2]
    return [(f"{item.title} ({owner}", {f"{key}.{item.name}": getattr(new, item.name)}) for item in changed]


def explain(before: Scenario, after: Scenario, program: str, figure: str, unit: int = 100) -> Waterfall | None:
    """Return the steps from a figure of `before` to the figure of `after`; None where one of them is unknown.

    Inputs act together, so a change is worth different amounts early and late. Each is made twice, once in the given
    order and once in the reverse, and the two are averaged: both ways end at the same figure, and so do the averages.
    `unit` is how many parts of one the steps are rounded to; rounding what has been reached, and not the steps, keeps
    the sum exact.
    """
    found = changes(before, after, program)
    forward = _walk(before, [change for _, change in found], program, figure)
    backward = _walk(before, [change for _, change in reversed(found)], program, figure)
    if forward is None or backward is None:
        return None
    last = _value(after, program, figure)
    if last is None:
        return None
    reached, steps, total = round(forward[0] * unit), [], forward[0]
    for at, (title, _) in enumerate(found):
        early = forward[at + 1] - forward[at]
        late = backward[len(found) - at] - backward[len(found) - at - 1]
        total += (early + late) / 2
        now = round(last * unit) if at == len(found) - 1 else round(total * unit)
        steps.append(Step(title, now - reached))
        reached = now
    return Waterfall(round(forward[0] * unit), tuple(steps), reached)


def exact_unit(figure: str) -> int:
    """Return how many parts of one a figure is stated in: cents for money, millionths for the others."""
    return 100 if UNITS[figure] in (MONEY, MONEY_A_MONTH) else 1_000_000


def _walk(scenario: Scenario, moves: list[dict[str, Any]], program: str, figure: str) -> list[float] | None:
    values = [_value(scenario, program, figure)]
    for move in moves:
        scenario = _with(scenario, move)
        values.append(_value(scenario, program, figure))
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None


def _value(scenario: Scenario, program: str, figure: str) -> float | None:
    return run(scenario, only=program)[program].figures[figure]


def _with(scenario: Scenario, move: dict[str, Any]) -> Scenario:
    values = scenario.model_dump()
    for key, value in move.items():
        put(values, key, value.model_dump() if isinstance(value, Terms) else value)
    return Scenario.model_validate(values)
