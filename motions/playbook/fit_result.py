"""What a ranking by answers says, as frozen values with their words: a page shows them as they are."""

from dataclasses import dataclass
from typing import Literal

from motions.playbook.conditions import Value
from motions.playbook.fit_models import Rule, Topic

State = Literal["unanswered", "all ruled out", "no lead", "first", "shared"]


@dataclass(frozen=True)
class Spoken:
    """A rule, what it weighs, and how it stands: `speaks`, `silent`, `open` (unknown answers), or `context`."""

    rule: Rule
    weight: int
    state: Literal["speaks", "silent", "open", "context"]
    when: str
    """the condition in words; "" of context"""
    said: str
    """how it stands in a word or two: a gate is met or not, anything else applies or not"""
    needs: tuple[str, ...]
    """titles of the unanswered questions that an open rule waits for"""

    @property
    def source(self) -> str:
        """Source, year and grade in words."""
        return self.rule.cited


@dataclass(frozen=True)
class Candidate:
    """One candidate: points and place by what is answered, and the places that it can take over all completions."""

    id: str
    name: str
    points: int
    first: bool
    ruled_out: bool
    best: int
    worst: int
    may_be_ruled_out: float
    """share of the combinations in which it is ruled out"""
    place: str
    reach: str
    ruling: str
    """by how many sources it is ruled out, in words; "" when it is not"""
    speaks_for: tuple[Spoken, ...]
    speaks_against: tuple[Spoken, ...]
    rules_out: tuple[Spoken, ...]
    open: tuple[Spoken, ...]


@dataclass(frozen=True)
class Flip:
    """Another answer to one question alone that changes who is first; `first` is empty where nobody would be."""

    question: str
    title: str
    known: bool
    when: str
    """the answer in words, as it follows `when`"""
    values: tuple[Value, ...]
    """the answers; of amounts, the least one of the span"""
    first: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Ask:
    """An unanswered question, and the share of combinations in which it alone changes who is first."""

    question: str
    title: str
    share: float
    sentence: str


@dataclass(frozen=True)
class Fit:
    """The whole answer on one topic. `first` and `may_lead` are ids."""

    topic: Topic
    state: State
    headline: str
    first: tuple[str, ...]
    may_lead: tuple[str, ...]
    ranking: tuple[Candidate, ...]
    flips: tuple[Flip, ...]
    ask: tuple[Ask, ...]
    """unanswered questions that can still change who is first, those that do most often first"""
    settled: tuple[str, ...]
    """titles of unanswered questions that can't change it any more"""
    hangs_on: tuple[str, ...]
    """sentences: what the first place would not survive"""
    context: tuple[Spoken, ...]
    """gates, plans, thresholds, and rules whose fact is not asked"""
    weights: str
    combinations: int
