"""Readings and answers by hand to verdicts, the headline, and what to do first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program
from motions.economics.inputs.scenario import Scenario
from motions.playbook.load import load_playbook
from motions.playbook.models import Condition, Principle
from motions.readiness import conditions, payout, principles
from motions.readiness.conditions import Source
from motions.readiness.hands import Hand
from motions.readiness.offers import Evidence, offers
from motions.readiness.reading import Reading, Verdict, Wanted, all_of
from motions.readiness.thresholds import Thresholds, wanted

BY_HAND: dict[Hand, Verdict] = {"yes": "ready", "no": "not yet", "unknown": "unknown"}
Answered = Literal["hand", "data", "scenario", "nobody"]

_READ: dict[str, Callable[[Source], Reading]] = {
    "funnel": conditions.funnel,
    "attribution": conditions.attribution,
    "fit": conditions.fit,
    "activation": conditions.activation,
    "same_flow": principles.same_flow,
    "server": principles.server,
    "payouts": principles.payouts,
}
"""What is read off files, by the id of a condition or principle."""
THRESHOLDS: dict[str, tuple[str, ...]] = {
    "funnel": ("activation_from", "customer_from", "customer_months"),
    "attribution": ("known_from", "carried_from"),
    "fit": ("kept_from",),
    "activation": ("trial_days", "in_time_from"),
    "same_flow": ("activation_gap", "trial_days"),
    "server": ("with_partner_from",),
    "payouts": ("backed_from",),
}
"""Fields of Thresholds that a condition or principle is judged by, the ones to show beside it."""


@dataclass(frozen=True)
class Check:
    """One condition or principle with its verdict, and all that a page shows of it."""

    id: str
    title: str
    why: str
    verdict: Verdict
    """the one that counts: by hand where somebody answered yes or no, else as read"""
    answered: Answered
    said: str
    """the verdict in a sentence: by whom, and what else was found"""
    hand: Hand
    reading: Reading | None
    """what files or the scenario say, shown even where it was overruled; None where there is nothing to read"""
    wanted: tuple[Wanted, ...]
    first_step: str
    """what to do first; "" where it holds"""
    by_data: str
    """what is read for it; "" where it is by hand only"""
    beyond_data: str
    """what no file shows; "" where nothing is hidden"""
    view: str
    """the view of program health that shows more, or "" """
    disqualifier: str = ""
    """said where it fails and rules all the rest out; else "" """

    @property
    def overruled(self) -> bool:
        """Whether an answer by hand counts although files or the scenario say something else."""
        read = self.reading.verdict if self.reading else "unknown"
        return self.answered == "hand" and read not in ("unknown", self.verdict)


@dataclass(frozen=True)
class Report:
    """Readiness: the headline, the six conditions, a disqualifying one first, and the three principles."""

    headline: str
    verdict: Verdict
    conditions: tuple[Check, ...]
    principles: tuple[Check, ...]
    offers: tuple[Evidence, ...]
    """what files say of the questions of fit; empty without a program"""

    @property
    def disqualifier(self) -> str:
        """What rules all the rest out, or nothing."""
        return next((one.disqualifier for one in self.conditions if one.disqualifier), "")


def assess(
    program: Program | None = None,
    settings: m.Settings | None = None,
    scenario: Scenario | None = None,
    chosen: Thresholds | None = None,
    hands: Mapping[str, Hand] | None = None,
) -> Report:
    """Return whether a company is ready for a partner layer, as far as it can be known.

    `settings` are those of program health, by default as of the last month; the program is read whole. `hands` are
    answers by the id of a condition or principle; yes and no overrule what was read, unknown leaves it to count.

    >>> assess().headline[:64]
    'Not known yet: none of the 6 conditions is answered. First: Load'
    >>> assess(hands={"funnel": "no", "voices": "yes"}).headline[:88]
    "Not yet: Partners can't repair a funnel that leaks. 1 of 6 holds, 1 does not, 4 are unkn"
    """
    chosen, source = chosen or Thresholds(), None
    if program is not None:
        source = Source(program, settings or m.Settings(as_of=program.ledger.last_month), chosen)
    said, made = load_playbook().readiness, _Making(source, scenario, chosen, hands or {})
    found = sorted(map(made.check, said.conditions), key=lambda one: not one.disqualifier)
    kept = tuple(map(made.check, said.principles))
    return Report(headline(found, kept), overall(found), tuple(found), kept, offers(source) if source else ())


@dataclass(frozen=True)
class _Making:
    """What checks are made of."""

    source: Source | None
    scenario: Scenario | None
    chosen: Thresholds
    hands: Mapping[str, Hand]

    def check(self, one: Condition | Principle) -> Check:
        """Return the check of a condition or principle."""
        hand, reading = self.hands.get(one.id, "unknown"), self.read(one.id)
        verdict, answered = _counts(hand, reading, one.id)
        disqualifier = one.disqualifier if isinstance(one, Condition) and verdict == "not yet" else None
        undecided = reading is not None and not reading.load
        steps = {
            "ready": "",
            "not yet": one.first_step,
            "unknown": load_playbook().readiness.undecided if undecided else one.find_out,
        }
        return Check(
            one.id, one.title, one.why, verdict, answered, _said(verdict, answered, reading), hand, reading,
            self.wanted(one.id), steps[verdict], one.by_data or "", one.beyond_data or "", one.view or "",
            disqualifier or "",
        )  # fmt: skip

    def read(self, name: str) -> Reading | None:
        """Return what files or the scenario say, None where they are not there or say nothing of it."""
        if name == "payout":
            return payout.of_scenario(self.scenario) if self.scenario else None
        return _READ[name](self.source) if self.source and name in _READ else None

    def wanted(self, name: str) -> tuple[Wanted, ...]:
        """Return what is asked of a check."""
        if name == "payout":
            return payout.wanted_of(self.scenario) if self.scenario else ()
        return wanted(self.chosen, *THRESHOLDS.get(name, ()))


def _counts(hand: Hand, reading: Reading | None, name: str) -> tuple[Verdict, Answered]:
    """The verdict that counts, and whose it is."""
    if hand != "unknown":
        return BY_HAND[hand], "hand"
    if reading is None or reading.verdict == "unknown":
        return "unknown", "nobody"
    return reading.verdict, "scenario" if name == "payout" else "data"


_WORDS: dict[Verdict, str] = {"ready": "Ready", "not yet": "Not yet", "unknown": "Unknown"}


def _said(verdict: Verdict, answered: Answered, reading: Reading | None) -> str:
    """`Ready by hand; by your files, as of 2026-09: not yet.`"""
    if reading is None:
        return f"{_WORDS[verdict]} by hand." if answered == "hand" else "Unknown: not answered, and nothing to read."
    if answered == "hand":
        return f"{_WORDS[verdict]} by hand; by {reading.of}: {reading.verdict}."
    return f"{_WORDS[verdict]} by {reading.of}."


def overall(found: Sequence[Check]) -> Verdict:
    """Return ready where all conditions hold, not yet where one does not, else unknown."""
    return all_of(one.verdict for one in found)


def headline(found: Sequence[Check], kept: Sequence[Check]) -> str:
    """Say in a sentence or two how many conditions hold, and what to do first."""
    total, times = len(found), {name: sum(one.verdict == name for one in found) for name in _WORDS}
    lead = {"ready": "Ready", "not yet": "Not yet", "unknown": "Not known yet"}[overall(found)]
    if times["ready"] == total:
        return f"{lead}: all {total} conditions hold.{_of_principles(kept)}"
    counts = f"{times['ready']} of {total} {_verb(times['ready'], 'holds', 'hold')}"
    if times["not yet"]:
        counts += f", {times['not yet']} {_verb(times['not yet'], 'does', 'do')} not"
    if times["unknown"]:
        counts += f", {times['unknown']} {_verb(times['unknown'], 'is', 'are')} unknown"
    if times["unknown"] == total:
        counts = f"none of the {total} conditions is answered"
    ruled_out = next((f"{one.disqualifier}. " for one in found if one.disqualifier), "")
    first = next(one.first_step for want in ("not yet", "unknown") for one in found if one.verdict == want)
    return f"{lead}: {ruled_out}{counts}. First: {first}"


def _verb(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _of_principles(kept: Sequence[Check]) -> str:
    """The first step of a principle that is not kept, where all conditions hold."""
    broken = [one for one in kept if one.verdict == "not yet"]
    if not broken:
        return ""
    verb = "principle of operation is" if len(broken) == 1 else "principles of operation are"
    return f" {len(broken)} {verb} not kept. First: {broken[0].first_step}"
