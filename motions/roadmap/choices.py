"""What somebody chose on the roadmap, as a value and as text for an address. What is not in it follows the defaults."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from motions.errors import ScenarioError, closest
from motions.names import PARTNER_MOTIONS
from motions.playbook.models import Step
from motions.roadmap.gates import MOST_LETTERS, Overruling, Verdict, load_steps
from motions.roadmap.plan import INPUTS, MOVED
from motions.text import count, for_terminal, short

LONGEST = 3000
"""Letters of an address; four notes of letters that are all escaped need some 1,100."""
NONE = "none"
_GATES: dict[str, Verdict] = {"met": "met", "unmet": "not met"}
_WRITTEN = {said: written for written, said in _GATES.items()}


@dataclass(frozen=True)
class Choices:
    """Gates that were overruled and plans that were changed, both by the id of a step."""

    overruled: Mapping[str, Overruling] = field(default_factory=dict)
    planned: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """of each step the fields of StepPlan that are not to follow the defaults"""

    def overruling(self, step: str, verdict: Verdict, note: str = "") -> "Choices":
        """Return the choices with a gate overruled; unknown takes it back, so that what was found counts again."""
        others = {name: one for name, one in self.overruled.items() if name != step}
        if verdict != "unknown":
            others[step] = Overruling(verdict, plain_note(note))
        return Choices(others, self.planned)

    def planning(self, step: str, name: str, value: Any) -> "Choices":
        """Return the choices with one field of a step's plan at a value; None lets it follow the default again."""
        own = {key: one for key, one in self.planned.get(step, {}).items() if key != name}
        if value is not None:
            own[name] = value
        return Choices(self.overruled, {**self.planned, step: own})

    def without(self, motion: str) -> "Choices":
        """Return the choices with a motion in no step."""
        planned = {
            step: {
                name: tuple(one for one in value if one != motion) if name == "motions" else value
                for name, value in own.items()
            }
            for step, own in self.planned.items()
        }
        return Choices(self.overruled, planned)


@dataclass(frozen=True)
class Decoded:
    """What an address says, and a remark on each thing in it that could not be used."""

    choices: Choices
    remarks: tuple[str, ...]


def plain_note(words: str) -> str:
    """Return a note on one line, at most `MOST_LETTERS` long, without letters that can't be seen.

    >>> plain_note("  the board\\n agreed \\x1b"), len(plain_note("x" * 999))
    ('the board agreed', 80)
    """
    kept = "".join(letter for letter in " ".join(words.split()) if for_terminal(letter) == letter)
    return kept[:MOST_LETTERS].strip()


def encode(choices: Choices) -> str:
    """Return choices as text for an address; nothing chosen is the empty text.

    >>> encode(Choices().overruling("affiliates", "met", "agreed ~ in May").planning("channels", "start_month", 9))
    'affiliates-gate-met~affiliates-note-agreed %7E in May~channels-start_month-9'
    """
    return "~".join(part for step in load_steps() for part in _parts(step.id, choices))


def _parts(step: str, choices: Choices) -> Iterator[str]:
    if one := choices.overruled.get(step):
        yield f"{step}-gate-{_WRITTEN[one.verdict]}"
        if one.note:
            yield f"{step}-note-{one.note.replace('%', '%25').replace('~', '%7E')}"
    own = choices.planned.get(step, {})
    for name in MOVED:
        if name in own:
            yield f"{step}-{name}-{_text(own[name])}"


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value) or NONE
    return f"{value:.2f}".removesuffix(".00") if isinstance(value, float) else str(value)


def decode(text: str) -> Decoded:
    """Return the choices in an address. What can't be used is left out, and a remark says so.

    >>> decode("affiliates-gate-met~channels-start_month-900").remarks
    ('Left out of the address: Starts in month is from 1 to 120, not 900.',)
    """
    if len(text) > LONGEST:
        return Decoded(Choices(), (f"The address has more than {count(LONGEST, 'letter')}: no choice was read.",))
    found, notes, remarks = Choices(), {}, []
    for part in filter(None, text.split("~")):
        step, _, rest = part.partition("-")
        name, _, written = rest.partition("-")
        try:
            own = _step(step)
            if name == "note":
                notes[step] = written.replace("%7E", "~").replace("%25", "%")
            elif name == "gate":
                found = found.overruling(step, _gate(written))
            else:
                found = found.planning(step, name, _value(own, name, written))
        except ScenarioError as error:
            remarks.append(f"Left out of the address: {error}")
    for step, one in found.overruled.items():
        found = found.overruling(step, one.verdict, notes.get(step, ""))
    return Decoded(found, tuple(remarks))


def _step(name: str) -> Step:
    known = {step.id: step for step in load_steps()}
    if name not in known:
        raise ScenarioError(f"There is no step {short(name, 20)}.{closest(name, tuple(known))}")
    return known[name]


def _gate(written: str) -> Verdict:
    if written not in _GATES:
        raise ScenarioError(f"A gate is met or unmet, not {short(written, 20)}.{closest(written, tuple(_GATES))}")
    return _GATES[written]


def _value(step: Step, name: str, written: str) -> Any:
    if name == "motions":
        return _motions(step, written)
    item = next((one for one in INPUTS if one.name == name), None)
    if item is None:
        known = ("gate", "note", *MOVED)
        raise ScenarioError(f"There is no choice {short(name, 20)}.{closest(name, known)}")
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not item.low <= value <= item.high or (item.whole and value != int(value)):
        bounds = f"{item.low:,.0f} to {item.high:,.0f}"
        raise ScenarioError(f"{item.title} is from {bounds}, not {written[:20]}.")
    return int(value) if item.whole else value


def _motions(step: Step, written: str) -> tuple[str, ...]:
    words = [] if written == NONE else written.split(",")
    for word in words:
        if word not in step.motions:
            known = tuple(name for name in PARTNER_MOTIONS if name in step.motions)
            raise ScenarioError(f"{short(word, 20)} is no motion of step {step.id}.{closest(word, known)}")
    return tuple(name for name in step.motions if name in words)
