"""Which gates are met, by answers, files or by hand; what each says rests on, and what comes next.

Three-valued: what nobody answered and no file shows is unknown, neither met nor not met.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from motions.errors import ContentError
from motions.names import NAMES, OWN, in_force
from motions.playbook.answers import Answers
from motions.playbook.conditions import asked, needed, truth
from motions.playbook.fit_load import load_fit
from motions.playbook.fit_models import unanswerable
from motions.playbook.load import CONTENT, load_playbook
from motions.playbook.models import Basis, GatePart, Step
from motions.readiness.assess import Check, Report
from motions.readiness.reading import Line, any_of
from motions.text import inside, listed

Verdict = Literal["met", "not met", "unknown"]
Origin = Literal["your answer", "your files", "the scenario", "by hand", "nobody"]
MOST_LETTERS = 80
"""of a note"""
_VERDICTS: dict[str, bool | None] = {"ready": True, "not yet": False, "unknown": None}
_ORIGINS: dict[str, Origin] = {"hand": "by hand", "data": "your files", "scenario": "the scenario", "nobody": "nobody"}
_BASES = {Basis.STATED: "The playbook states it", Basis.READING: "Our reading of the playbook"}


@dataclass(frozen=True)
class Overruling:
    """What somebody says of a gate instead of what was found, and why; the note is the user's text."""

    verdict: Literal["met", "not met"]
    note: str = ""


@dataclass(frozen=True)
class Evidence:
    """How one part of a gate stands, in words, and where that comes from."""

    title: str
    verdict: Verdict
    words: str
    origin: Origin
    stated: bool
    """whether the playbook states it as a condition; else it is our reading"""
    basis: str
    """the same in words, with the motions that it is asked of where not of all"""

    @property
    def line(self) -> str:
        """The words, with their basis where it is not simply stated."""
        return self.words if self.stated else f"{self.words} {self.basis}"


@dataclass(frozen=True)
class StepState:
    """One step of the roadmap and its gate."""

    step: Step
    number: int
    of: int
    found: Verdict
    """by answers and data"""
    verdict: Verdict
    """the one that counts: that of the overruling where there is one"""
    by_motion: Mapping[str, Verdict]
    """the same for each motion of the step, one of which may wait for more than the other"""
    evidence: tuple[Evidence, ...]
    overruled: Overruling | None
    here: bool
    """the first step whose gate is not known to be met"""

    @property
    def layered(self) -> tuple[str, ...]:
        """The motions of the step that are layered now."""
        return tuple(name for name, verdict in self.by_motion.items() if verdict == "met")

    @property
    def title(self) -> str:
        """`2. Add affiliates`."""
        return f"{self.number}. {self.step.title}"

    @property
    def said(self) -> str:
        """What the verdict alone does not say: by whom, what was overruled and why, or of which motion; else ""."""
        if self.overruled is None:
            some = self.verdict == "met" and len(self.layered) < len(self.by_motion)
            return f"Met for {_names(self.layered)} only." if some else ""
        note = f' Note: "{self.overruled.note}"' if self.overruled.note else " No note says why."
        return f"{self.verdict.capitalize()} by hand; as found: {self.found}.{note}"

    @property
    def lacking(self) -> tuple[str, ...]:
        """Titles of what the gate waits for: what does not hold, or what is not known; empty where it is met."""
        if self.verdict == "met":
            return ()
        return tuple(one.title for one in self.evidence if one.verdict == self.verdict)


def load_steps(folder: Path = CONTENT) -> tuple[Step, ...]:
    """Return the steps of the roadmap; a motion of one's own stands in the step of the one that it is like.

    Raises ContentError for a gate that asks what no question can answer.
    """
    slot, read = in_force(), _read(folder)
    return tuple(_with_own(step, slot.like) for step in read) if slot else read


def _with_own(step: Step, like: str) -> Step:
    """The step with one's own motion beside the one that it is like, whose gate is asked of it too."""
    if like not in step.motions:
        return step
    asked = step.asked_of(like)
    gate = tuple(
        part.model_copy(update={"motions": (*part.motions, OWN)}) if part.motions and part in asked else part
        for part in step.gate
    )
    return step.model_copy(update={"motions": (*step.motions, OWN), "gate": gate})


@cache
def _read(folder: Path) -> tuple[Step, ...]:
    found, questions = load_playbook(folder).roadmap.steps, load_fit(folder).question_by_id
    for at, step in enumerate(found):
        for of, part in enumerate(step.gate):
            if part.when is not None and (wrong := unanswerable(part.when, questions)):
                raise ContentError("roadmap.yaml", f"steps.{at}.gate.{of}.when ({step.id})", *wrong)
    return found


def steps(answers: Answers, report: Report, overruled: Mapping[str, Overruling] | None = None) -> tuple[StepState, ...]:
    """Return the steps in their order with what is known of their gates; `overruled` by the id of a step.

    >>> from motions.readiness.assess import assess
    >>> found = steps(Answers(market_fit=True, satisfied=True, expansion=True, packaging=False), assess())
    >>> [state.verdict for state in found], found[2].layered
    (['met', 'unknown', 'met', 'unknown'], ('channel',))
    """
    checks = {one.id: one for one in (*report.conditions, *report.principles)}
    found: list[StepState] = []
    for number, step in enumerate(load_steps(), 1):
        behind = all(state.verdict == "met" for state in found)
        found.append(_state(step, number, answers, checks, (overruled or {}).get(step.id), behind))
    return tuple(found)


def _state(
    step: Step, number: int, answers: Answers, checks: Mapping[str, Check], overruled: Overruling | None, behind: bool
) -> StepState:
    evidence = {part: _evidence(part, step, answers, checks) for part in step.gate}
    own = {name: all_met(evidence[part].verdict for part in step.asked_of(name)) for name in step.motions}
    found = any_met(own.values())
    verdict = overruled.verdict if overruled else found
    return StepState(
        step, number, len(load_steps()), found, verdict, dict.fromkeys(own, verdict) if overruled else own,
        tuple(evidence.values()), overruled, behind and verdict != "met",
    )  # fmt: skip


def all_met(found: Iterable[Verdict]) -> Verdict:
    """Return whether all are met (Kleene): one that is not decides, an unknown does not.

    >>> all_met(["met", "unknown"]), all_met(["unknown", "not met"]), all_met(["met", "met"])
    ('unknown', 'not met', 'met')
    """
    told = set(found)
    return "not met" if "not met" in told else "unknown" if "unknown" in told else "met"


def any_met(found: Iterable[Verdict]) -> Verdict:
    """Return whether one is met at least (Kleene).

    >>> any_met(["not met", "unknown"]), any_met(["unknown", "met"]), any_met(["not met"])
    ('unknown', 'met', 'not met')
    """
    told = set(found)
    return "met" if "met" in told else "unknown" if "unknown" in told else "not met"


def _said(holds: bool | None) -> Verdict:
    return "unknown" if holds is None else "met" if holds else "not met"


def _evidence(part: GatePart, step: Step, answers: Answers, checks: Mapping[str, Check]) -> Evidence:
    """An answer counts before what a check says, which is said beside it where it says something else."""
    motions = part.motions or step.motions
    by_answer = None if part.when is None else truth(part.when, answers)
    by_check, read, origin = _of_check(checks.get(part.check or ""), motions)
    if by_answer is not None:
        other = by_check is not None and by_check != by_answer
        words = f"{_answered(part, answers)}, by your answer.{f' But {origin}: {_said(by_check)}.' if other else ''}"
        origin = "your answer"
    else:
        words = read if by_check is not None else " ".join(filter(None, (_to_answer(part, answers), read)))
    holds = by_check if by_answer is None else by_answer
    only = f", for {_names(part.motions)} only" if part.motions else ""
    return Evidence(
        part.title, _said(holds), words, "nobody" if holds is None else origin,
        part.basis is Basis.STATED and not only, f"{_BASES[part.basis]}{only}.",
    )  # fmt: skip


def _answered(part: GatePart, answers: Answers) -> str:
    """What was answered, as a sentence without its end."""
    assert part.when is not None  # noqa: S101  it has been answered
    questions = load_fit().question_by_id
    told = listed([questions[name].says(answers[name]) for name in asked(part.when) if name in answers])
    return told[:1].upper() + told[1:]


def _to_answer(part: GatePart, answers: Answers) -> str:
    if part.when is None:
        return ""
    titles = [load_fit().question_by_id[name].title for name in needed(part.when, answers)]
    return f"Not answered: {listed([inside(title) for title in titles])}?"


def _of_check(check: Check | None, motions: Sequence[str]) -> tuple[bool | None, str, Origin]:
    """What a check says of these motions, in words, and whose word it is.

    Where it reads each motion by itself, what it says of another decides nothing here.
    """
    if check is None:
        return None, "", "nobody"
    origin, lines = _ORIGINS[check.answered], check.reading.lines if check.reading else ()
    if check.answered != "hand" and any(line.motion for line in lines):
        return _of_motions(lines, motions)
    figure = f"{check.said} {lines[0].words}" if lines and check.answered != "hand" else check.said
    holds = _VERDICTS[check.verdict]
    if holds is not None:
        return holds, figure, origin
    return None, f"{figure} {check.first_step}" if lines else check.first_step, origin


def _of_motions(lines: Sequence[Line], motions: Sequence[str]) -> tuple[bool | None, str, Origin]:
    own = [line for line in lines if line.motion in motions]
    if not own:
        return None, f"Not read: show {_names(motions)} in the simulator.", "nobody"
    holds = _VERDICTS[any_of(line.verdict for line in own)]
    return holds, " ".join(line.words for line in own), "the scenario"


def _names(motions: Iterable[str]) -> str:
    return listed([NAMES[name].lower() for name in motions])


def gates(states: Iterable[StepState]) -> dict[str, Verdict]:
    """Return how the gate of each motion stands.

    >>> from motions.readiness.assess import assess
    >>> gates(steps(Answers(expansion=True), assess()))["channel"]
    'met'
    """
    return {name: verdict for state in states for name, verdict in state.by_motion.items()}


def unknown(states: Iterable[StepState]) -> dict[str, tuple[str, ...]]:
    """Return, by motion, what nobody answered and no file shows of its gate.

    >>> from motions.readiness.assess import assess
    >>> unknown(steps(Answers(market_fit=True), assess()))["referral"]
    ('satisfied customers',)
    """
    return {
        name: tuple(inside(one.title) for one in state.evidence if one.verdict == "unknown")
        for state in states
        for name, verdict in state.by_motion.items()
        if verdict == "unknown"
    }


def headline(states: Sequence[StepState]) -> str:
    """Say in a sentence or two where the roadmap stands: the last step in a row that is met, and the gate to come.

    >>> from motions.readiness.assess import assess
    >>> headline(steps(Answers(market_fit=True, satisfied=False), assess()))
    'Step 1 of 4: begin with referrals, whose gate is not met (missing: satisfied customers).'
    """
    last, following, ahead = _standing(states)
    if last is None:
        said = f"Step 1 of {len(states)}: {_step(states[0])}"
    else:
        comes = f"next: {_step(following)}" if following else "no gate is left"
        said = f"Step {last.number} of {last.of}: {_step(last)}; {comes}"
    if ahead:
        names = _names(name for state in ahead for name in state.layered)
        said += f". Met ahead of the order: {names}"
    return f"{'No gate is known yet. ' if _nothing_known(states) else ''}{said}."


def _standing(states: Sequence[StepState]) -> tuple[StepState | None, StepState | None, list[StepState]]:
    """The last step of those that are met from the first on, the one behind it, and what is met beyond that."""
    here = next((at for at, state in enumerate(states) if state.here), len(states))
    beyond = [state for state in states[here:] if state.verdict == "met"]
    return (states[here - 1] if here else None), (states[here] if here < len(states) else None), beyond


def _nothing_known(states: Iterable[StepState]) -> bool:
    return all(state.verdict == "unknown" for state in states)


def _step(state: StepState) -> str:
    missing = {"not met": "missing", "unknown": "not known", "met": ""}[state.verdict]
    lacks = f" ({missing}: {listed([inside(one) for one in state.lacking])})" if state.lacking else ""
    by = " by hand" if state.overruled else lacks
    return f"{inside(state.step.title)}, whose gate is {state.verdict}{by}"
