"""Where the motions of a segment plan get into each other's way: the rules of `content/conflicts.yaml`, applied.

Which two motions do is read off their attributes, so another motion with attributes is checked as the others are.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

from motions.content import read_yaml, validate
from motions.errors import closest
from motions.names import BASELINES, NAMES, OWN
from motions.playbook.load import CONTENT, load_playbook
from motions.playbook.models import Attributes, Basis, Content, Motion, Words
from motions.playbook.segment_plan import PLANNED, Plan, Row, same_customers
from motions.text import count, listed

Severity = Literal["blocks", "warns", "notes"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The gravest first."""
Gate = Literal["met", "not met", "unknown"]
Traits = Mapping[str, Mapping[str, str]]
"""Of each motion its role, and the values of its attributes."""
When = Literal[
    "in_segment", "in_overlap", "maybe_overlap", "same_customers", "many_in_segment", "many_in_plan", "no_motion",
    "gate_not_met", "gate_unknown", "ruled_out",
]  # fmt: skip
_OF_PAIRS = ("in_segment", "in_overlap", "maybe_overlap")
_OF_MANY = ("many_in_segment", "many_in_plan")


_ROLES = ("partner", "baseline")
_VALUES: dict[str, tuple[str, ...]] = {"role": _ROLES} | {
    key: get_args(field.annotation.model_fields["value"].annotation)
    for key, field in Attributes.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}
_VALUES["seller"] += ("Product",)
"""What each trait may be; of the motions only product-led is sold by the product."""


def _known(traits: dict[str, str]) -> dict[str, str]:
    for key, value in traits.items():
        if key not in _VALUES:
            raise ValueError(f"'{key[:40]}' is no attribute.{closest(key, tuple(_VALUES))}")
        if value not in _VALUES[key]:
            raise ValueError(f"{key} is one of {', '.join(_VALUES[key])}.{closest(value, _VALUES[key])}")
    return traits


Side = Annotated[dict[str, str], AfterValidator(_known)]
"""Traits that a motion has; none of them fits every motion."""


class Rule(Content):
    """When a conflict is there, how grave it is, and what is said of it."""

    id: Words
    when: When
    first: Side | None = None
    second: Side | None = None
    most: int | None = Field(default=None, ge=1, le=100)
    severity: Severity
    title: Words
    says: Words
    why: Words
    way_out: Words
    source: Words
    year: int | None = Field(default=None, ge=1990, le=2100)
    basis: Basis
    grade: Literal["A", "B", "C"]

    @field_validator("says")
    @classmethod
    def _can_be_filled_in(cls, says: str) -> str:
        if not re.fullmatch(r"(?:[^{}]|\{(?:motions|segments|most)\})*", says):
            raise ValueError("only {motions}, {segments} and {most} can stand in braces")
        return says

    @model_validator(mode="after")
    def _whole(self) -> Self:
        sides = (self.first is not None) + (self.second is not None)
        if sides != (2 if self.when in _OF_PAIRS else 0):
            raise ValueError(f"first and second go with {', '.join(_OF_PAIRS)}, both of them, and with nothing else")
        if (self.most is not None) != (self.when in _OF_MANY):
            raise ValueError(f"most goes with {' and '.join(_OF_MANY)}, and with nothing else")
        return self


class Rules(Content):
    """All rules, and the traits of the motions that are no partner's."""

    baselines: dict[str, Side]
    rules: tuple[Rule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if set(self.baselines) != set(BASELINES):
            raise ValueError(f"baselines are {listed(BASELINES)}: give the traits of each")
        ids = [rule.id for rule in self.rules]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"several rules are called {twice[0][:40]}: give each an id of its own")
        return self


@cache
def load_rules(path: Path = CONTENT / "conflicts.yaml") -> Rules:
    """Read the rules. Raises ContentError naming file, key and repair."""
    return validate(read_yaml(path), Rules, path.name)


@cache
def load_traits() -> Traits:
    """Return the traits of all motions: those of partners from their attributes, the others from the rules.

    Of a motion of somebody's own no more is known here than that it is a partner motion.
    """
    traits = {motion.id: _traits(motion) for motion in load_playbook().motions} | {OWN: {"role": "partner"}}
    return traits | {motion: {"role": "baseline"} | own for motion, own in load_rules().baselines.items()}


def traits_with(sixth: Motion | None) -> Traits:
    """Return the traits of all motions, with those of a motion of one's own where there is one."""
    return {**load_traits(), OWN: _traits(sixth)} if sixth else load_traits()


def _traits(motion: Motion) -> Mapping[str, str]:
    return {"role": "partner"} | {key: getattr(motion.attributes, key).value for key in Attributes.model_fields}


@dataclass(frozen=True)
class Conflict:
    """What stands in the way of what, in words; names of segments are as the user wrote them."""

    rule: str
    severity: Severity
    segments: tuple[str, ...]
    """by name, in the order of the alphabet"""
    motions: tuple[str, ...]
    """those that meet, in the order shown"""
    title: str
    says: str
    why: str
    way_out: str
    source: str
    basis: str
    """stated by the source, or our reading"""
    grade: str

    @property
    def motion_names(self) -> str:
        """The motions by their names."""
        return listed([NAMES[motion] for motion in self.motions])


Meeting = tuple[Collection[Row], Collection[str]]
"""Rows and motions that a rule has found."""


@dataclass(frozen=True)
class _Case:
    """What the rules look at."""

    rows: tuple[Row, ...]
    traits: Traits
    gates: Mapping[str, Gate]
    ruled_out: Collection[str]

    def pairs(self, rule: Rule, one: Row, other: Row) -> set[str]:
        """The motions of either row that make a pair of the rule: two motions, one in each row."""
        found: set[str] = set()
        for a in one.motions:
            for b in other.motions:
                if a != b and (self.fits(rule, a, b) or self.fits(rule, b, a)):
                    found |= {a, b}
        return found

    def fits(self, rule: Rule, a: str, b: str) -> bool:
        """Whether one motion is the first side of the rule and another the second."""
        sides = ((a, rule.first or {}), (b, rule.second or {}))
        return all(self.traits[motion].get(key) == value for motion, side in sides for key, value in side.items())

    def partners(self, motions: Iterable[str]) -> set[str]:
        """Those of some motions that are partners'."""
        return {motion for motion in motions if self.traits[motion]["role"] == "partner"}

    def planned(self, motions: Iterable[str]) -> Iterator[Meeting]:
        """Each of some motions that is in the plan, with its rows."""
        for motion in motions:
            if rows := [row for row in self.rows if motion in row.motions]:
                yield rows, [motion]


def _in_segment(rule: Rule, case: _Case) -> Iterator[Meeting]:
    return (([row], case.pairs(rule, row, row)) for row in case.rows)


def _in_overlap(rule: Rule, case: _Case) -> Iterator[Meeting]:
    return ((rows, case.pairs(rule, *rows)) for rows in combinations(case.rows, 2) if same_customers(*rows))


def _maybe_overlap(rule: Rule, case: _Case) -> Iterator[Meeting]:
    """All such rows at once: of twelve rows that say nothing there would be 66 pairs."""
    pairs = [(rows, case.pairs(rule, *rows)) for rows in combinations(case.rows, 2) if same_customers(*rows) is None]
    met = {row.name: row for rows, motions in pairs if motions for row in rows}
    yield list(met.values()), set().union(*(motions for _, motions in pairs))


def _same_customers(_: Rule, case: _Case) -> Iterator[Meeting]:
    return ((rows, ()) for rows in combinations(case.rows, 2) if same_customers(*rows))


def _many_in_segment(rule: Rule, case: _Case) -> Iterator[Meeting]:
    partners = ((row, case.partners(row.motions)) for row in case.rows)
    return (([row], motions) for row, motions in partners if len(motions) > (rule.most or 0))


def _many_in_plan(rule: Rule, case: _Case) -> Iterator[Meeting]:
    motions = case.partners({motion for row in case.rows for motion in row.motions})
    if len(motions) > (rule.most or 0):
        yield [row for row in case.rows if motions & {*row.motions}], motions


def _no_motion(_: Rule, case: _Case) -> Iterator[Meeting]:
    return (([row], ()) for row in case.rows if not row.motions)


def _gate(answer: Gate) -> Callable[[Rule, _Case], Iterator[Meeting]]:
    return lambda _, case: case.planned(motion for motion, gate in case.gates.items() if gate == answer)


_FINDERS: dict[When, Callable[[Rule, _Case], Iterator[Meeting]]] = {
    "in_segment": _in_segment,
    "in_overlap": _in_overlap,
    "maybe_overlap": _maybe_overlap,
    "same_customers": _same_customers,
    "many_in_segment": _many_in_segment,
    "many_in_plan": _many_in_plan,
    "no_motion": _no_motion,
    "gate_not_met": _gate("not met"),
    "gate_unknown": _gate("unknown"),
    "ruled_out": lambda _, case: case.planned(case.ruled_out),
}


def find_conflicts(
    plan: Plan,
    gates: Mapping[str, Gate] | None = None,
    ruled_out: Collection[str] = (),
    rules: Rules | None = None,
    traits: Traits | None = None,
    unknown: Mapping[str, Collection[str]] | None = None,
) -> tuple[Conflict, ...]:
    """Return the conflicts of a plan, the gravest first; the order of its rows makes no difference.

    `gates` says of motions whether what they build on is there; a motion that it does not name is not judged.
    `unknown` names, by motion, the conditions that nobody has answered.
    `ruled_out` are motions that don't fit. Rules and traits are those of the content unless others are given.
    """
    rules, rows = rules or load_rules(), tuple(sorted(plan.segments, key=lambda row: row.name.casefold()))
    case = _Case(rows, traits or load_traits(), gates or {}, ruled_out)
    found = [
        _conflict(rule, segments, motions, unknown or {})
        for rule in rules.rules
        for segments, motions in _FINDERS[rule.when](rule, case)
        if motions or rule.when not in _OF_PAIRS
    ]
    return tuple(sorted(found, key=lambda one: SEVERITIES.index(one.severity)))


def _conflict(
    rule: Rule, rows: Collection[Row], motions: Collection[str], unknown: Mapping[str, Collection[str]]
) -> Conflict:
    meeting = tuple(motion for motion in PLANNED if motion in motions)
    segments = tuple(sorted((row.name for row in rows), key=str.casefold))
    words = {"motions": listed([NAMES[motion] for motion in meeting]), "segments": listed(segments), "most": rule.most}
    return Conflict(
        rule=rule.id,
        severity=rule.severity,
        segments=segments,
        motions=meeting,
        title=rule.title,
        says=rule.says.format(**words),
        why=rule.why,
        way_out=_way_out(rule, meeting, unknown),
        source=_cited(rule),
        basis="stated by the source" if rule.basis is Basis.STATED else "our reading",
        grade=rule.grade,
    )


def _way_out(rule: Rule, motions: Collection[str], unknown: Mapping[str, Collection[str]]) -> str:
    """The rule's way out, and which conditions are to be answered where some are not."""
    titles = dict.fromkeys(title for motion in motions for title in unknown.get(motion, ()))
    if rule.when != "gate_unknown" or not titles:
        return rule.way_out
    return f"{rule.way_out} Not known: {listed(list(titles))}."


def _cited(rule: Rule) -> str:
    playbook = load_playbook()
    if rule.source in {source.id for source in playbook.sources}:
        return playbook.cite(rule.source)
    return f"{rule.source} ({rule.year or 'year not stated'})"


def headline(plan: Plan, conflicts: Collection[Conflict], refused: int = 0) -> str:
    """Return the plan and its conflicts in a short sentence, and the gravest in one more.

    `refused` rows could not be read and are not in it.
    """
    left_out = f" {count(refused, 'row')} can't be read and {'is' if refused == 1 else 'are'} not in it." * bool(
        refused
    )
    if not plan.segments:
        return f"No segments yet: add one with its accounts and the motions that sell into it.{left_out}"
    size = f"{count(len(plan.segments), 'segment')}, {count(len(plan.motions), 'motion')}"
    return f"{size}; {_gravest(tuple(conflicts))}{left_out}"


def _gravest(conflicts: tuple[Conflict, ...]) -> str:
    """How many conflicts there are of each severity, and the first of them in words."""
    if not conflicts:
        return "no conflicts found."
    number = {each: sum(one.severity == each for one in conflicts) for each in SEVERITIES}
    parts = [
        f"{count(number['blocks'], 'conflict')} {'blocks' if number['blocks'] == 1 else 'block'}"
        if number["blocks"]
        else "no conflict blocks",
        *([f"{number['warns']} {'warns' if number['warns'] == 1 else 'warn'}"] if number["warns"] else []),
        *([count(number["notes"], "note")] if number["notes"] else []),
    ]
    return f"{', '.join(parts)}. {min(conflicts, key=lambda one: SEVERITIES.index(one.severity)).says}"
