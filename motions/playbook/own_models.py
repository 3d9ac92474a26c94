"""The shape of a company's own playbook, and what it comes to beside the original."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from motions.names import NAMES, OWN, PUBLISHED, Slot
from motions.playbook.fit_models import FitContent, Rule
from motions.playbook.models import ATTRIBUTES, Attributes, Basis, Content, Figure, Motion, MotionId, Playbook
from motions.playbook.segment_plan import read_text
from motions.text import listed, money, percent

MOST_LETTERS = 24
"""of a motion's name, which stands on axes and pills"""


def _title(cell: object) -> str:
    words = read_text(cell)
    if len(words) < 2:
        raise ValueError("needs two letters at least")
    return words


def _name(cell: object) -> str:
    words = _title(cell)
    if len(words) > MOST_LETTERS:
        raise ValueError(f"has {len(words)} letters: shorten it to {MOST_LETTERS}")
    return words


Title = Annotated[str, BeforeValidator(_title)]
"""a few words on one line, none of them invisible"""


class OwnFile(Content):
    """The parts of the file, each as it stands there; a part without entries counts as absent."""

    name: Title = Field(default="Your playbook", description="Whose playbook it is.")
    motions: dict[str, dict[str, Any]] = Field(default={}, description="By id: what is another, or a whole sixth one.")
    questions: tuple[dict[str, Any], ...] = ()
    rules: tuple[dict[str, Any], ...] = ()
    weights: dict[str, Any] | None = Field(default=None, description="What a rule weighs, by its grade.")
    sources: tuple[dict[str, Any], ...] = ()


class OwnMotion(Motion):
    """A motion of one's own: as any other, with the one whose program its own starts as."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,29}$")]
    name: Annotated[str, BeforeValidator(_name)]
    order: int = Field(default=len(PUBLISHED) + 1)
    like: MotionId
    deal_share: float | None = Field(
        default=None, ge=0, le=1, description="Share of the price in its deal; else the middle of its figure."
    )


class OwnRule(Rule):
    """A rule of one's own. Who says so is the company itself, unless the file names somebody."""

    motions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _of_its_topic(self) -> Self:
        """Candidates are looked at where it is known which there are."""
        return self


class LeftOut(Content):
    """A published rule that does not count."""

    id: str
    leave_out: Literal[True]


class OwnWeights(Content):
    """What a rule weighs, by its grade; what one of the two articles states weighs `stated`."""

    A: int = Field(ge=1, le=9)
    B: int = Field(ge=1, le=9)
    C: int = Field(ge=1, le=9)
    stated: int = Field(ge=1, le=9)


@dataclass(frozen=True)
class Change:
    """One thing that differs from the original, both in words; "–" where one of the two has no such thing."""

    part: str
    original: str
    yours: str


@dataclass(frozen=True)
class DealTerms:
    """What a motion's deal is worked out with: the motion whose preset it is, and a share or a reward for its own."""

    motion: str
    share: float | None = None
    reward: float | None = None


@dataclass(frozen=True, eq=False)
class Own:
    """A playbook as it counts for one company: the original, with what its own file changes. Pages show this.

    `yours` holds, by motion, what differs from the original: `definition`, `best_for.example`, `attributes.touch`.
    """

    name: str
    playbook: Playbook
    fit: FitContent
    changes: tuple[Change, ...] = ()
    yours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    """ids of the questions that the original does not ask"""

    @property
    def sixth(self) -> OwnMotion | None:
        """The motion of one's own; None where there are the five alone."""
        return next((one for one in self.playbook.motions if isinstance(one, OwnMotion)), None)

    @cached_property
    def slot(self) -> Slot | None:
        """What the slot of the table of motions is with this playbook."""
        sixth = self.sixth
        if sixth is None:
            return None
        terms = self.deal(sixth.id)
        return Slot(sixth.name, sixth.like, (sixth.id, sixth.name), terms.share, terms.reward)

    def program(self, motion: str) -> str:
        """Return the id by which all that knows motions knows one of the playbook's."""
        return OWN if self.sixth and motion == self.sixth.id else motion

    @property
    def names(self) -> dict[str, str]:
        """Short names of the motions by id, in the order shown."""
        return {motion.id: NAMES.get(motion.id, motion.name) for motion in self.playbook.motions}

    @property
    def line(self) -> str:
        """What it is, in a line on top of a page; "" of the original."""
        return f"With your playbook: {self.name}" if self.name else ""

    def of_motion(self, motion: str, field_: str) -> bool:
        """Return whether a field of a motion is another than in the original."""
        return field_ in self.yours.get(motion, ())

    def deal(self, motion: str) -> DealTerms:
        """Return what a motion's deal is worked out with: its preset, unless its own figures say otherwise."""
        found = self.playbook.motion(motion)
        like, given = (found.like, found.deal_share) if isinstance(found, OwnMotion) else (motion, None)
        if given is not None or not self.of_motion(motion, "figures") or not found.figures:
            return DealTerms(like, given)
        if found.share is not None:
            return DealTerms(like, middle(found.share))
        return DealTerms(like, reward=middle(found.figures[0]))

    @property
    def deals_said(self) -> str:
        """Say which deals are worked out with one's own figures; "" where none is."""
        said = []
        for motion in self.playbook.motions:
            terms = self.deal(motion.id)
            if terms.share is not None:
                said.append(f"{self.names[motion.id]} at {percent(terms.share)} of the price")
            elif terms.reward is not None:
                said.append(f"{self.names[motion.id]} at {money(terms.reward)} for each new customer, once")
        return f"As your playbook has it: {listed(said)}." if said else ""

    def reasons(self, motion: Motion) -> list[str]:
        """Say of each attribute of a motion its value, whether it is stated or our reading, and why."""
        values = motion.attributes
        return [f"{title}: {getattr(values, key).value}. {self.reason(motion, key)}" for key, title, _ in ATTRIBUTES]

    def reason(self, motion: Motion, key: str) -> str:
        """Say of one attribute of a motion whose its value is, and why it is what it is."""
        one = getattr(motion.attributes, key)
        stated = one.basis is Basis.STATED
        if self.of_motion(motion.id, f"attributes.{key}"):
            return f"Yours, {'stated' if stated else 'a reading'}: {one.note}"
        return f"{'Stated in the playbook' if stated else 'Our reading of it'}: {one.note}"

    def cited(self, motion: Motion) -> str:
        """Return whose words the texts about a motion are."""
        source = self.playbook.cite(motion.source)
        if isinstance(motion, OwnMotion):
            return f"Yours: {source}. Its program starts as {self.names[motion.like].lower()}, which it is like."
        mine = [title_of(name) for name in self.yours.get(motion.id, ())]
        said = f" Yours: {listed(mine)}." if mine else ""
        return f"Source: {source}, in our words.{said}"


def middle(figure: Figure) -> float:
    """Return the middle of a figure's range, in its unit."""
    return (figure.low + figure.high) / 2


def title_of(name: str) -> str:
    """Return what a field of a motion is called.

    >>> title_of("attributes.touch"), title_of("best_for.price_points"), title_of("definition")
    ('touch', 'best for: price points', 'definition')
    """
    part, _, inner = name.partition(".")
    if part == "attributes" and inner in Attributes.model_fields:
        title = Attributes.model_fields[inner].title or inner
        return title[:1].lower() + title[1:]
    return f"{part}: {inner}".replace("_", " ") if inner else part.replace("_", " ")
