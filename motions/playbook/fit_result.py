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
    yours: str = ""
    """what a company's own playbook did to it, in words"""

    @property
    def source(self) -> str:
        """Source, year and grade in words, and whether it is of one's own playbook."""
        return ", ".join(filter(None, (self.rule.cited, self.yours)))

    @property
    def cited(self) -> str:
        """Source, weight, and what it waits for, in words."""
        waits = f" Waits for: {'; '.join(self.needs)}." if self.needs else ""
        return f"{self.source}; weight {self.weight}.{waits}"


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

    @property
    def rules(self) -> tuple[tuple[str, tuple[Spoken, ...]], ...]:
        """The rules by what they do, under a title; nothing of what there is none."""
        found = (
            ("For", self.speaks_for), ("Against", self.speaks_against), ("Rules it out", self.rules_out),
            ("Waits for an answer", self.open),
        )  # fmt: skip
        return tuple(one for one in found if one[1])

    @property
    def summary(self) -> str:
        """Place and number of rules in words: `Referrals: place 1; for 4, waits for an answer 2`."""
        counts = ", ".join(f"{title.lower()} {len(rules)}" for title, rules in self.rules)
        return f"{self.name}: {self.place or self.reach}; {counts or 'no rule speaks'}"


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
