"""The shape of the questions and of the published rules. Unknown keys, questions and options are errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from motions.errors import closest
from motions.names import BASELINES, NAMES, OWN, PUBLISHED
from motions.playbook.conditions import Fact, Join, Opposite, Value, When, facts, parse
from motions.playbook.models import Basis, Content, MotionId, Words
from motions.text import listed, money

MOST_QUESTIONS = 12


@dataclass(frozen=True)
class Topic:
    """What can be ranked by the answers: candidates by id, in the order shown, with their names.

    `leads`, `ties` and `joins` say in a sentence who is first, and with whom. `own` is the candidate that a company
    added, if it did: it has the slot of the table of motions.
    """

    id: str
    names: Mapping[str, str]
    leads: str = "{} first"
    ties: str = "{} share first place"
    joins: str = "shared with {}"
    own: str = ""

    def __hash__(self) -> int:
        return hash(self.id)

    def program(self, candidate: str) -> str:
        """Return the id by which all that knows motions knows a candidate."""
        return OWN if candidate == self.own else candidate


def _named(ids: tuple[str, ...]) -> dict[str, str]:
    return {one: NAMES[one] for one in ids}


MOTION = Topic("motion", _named(PUBLISHED))
"""which partner motion first"""
GROWTH = Topic("growth", _named(BASELINES))
"""what partners are a layer upon: they replace neither"""
LAYER = Topic(
    "layer", {"now": "A partner layer now", "later": "Partners later"}, "{}", "As much speaks for {}", "as much for {}"
)
"""whether the time for that layer has come"""
TOPICS = {topic.id: topic for topic in (MOTION, GROWTH, LAYER)}

if TYPE_CHECKING:
    TopicId = str
    CandidateId = str
    Condition = When
else:
    Condition = Annotated[Any, BeforeValidator(parse)]
    TopicId = Literal[tuple(TOPICS)]
    CandidateId = Literal[tuple(name for topic in TOPICS.values() for name in topic.names)]
    """Ids of what is ranked; which there are is known when the program runs."""

Grade = Literal["A", "B", "C"]
Role = Literal["ranks", "rules out", "gate", "threshold", "plan"]
Year = Annotated[int | None, Field(ge=1990, le=2100, description="None where the source does not say.")]


class Option(Content):
    """One answer of a choice. `clause` says it in a sentence: `affiliates when <clause>`."""

    id: Annotated[str, Field(pattern=r"^[a-z_]{2,20}$")]
    title: Words
    clause: Words


class Question(Content):
    """One question. A choice has options; yes and no have a clause each; an amount is in dollars a year."""

    id: Annotated[str, Field(pattern=r"^[a-z_]{2,20}$")]
    title: Words
    help: Words
    kind: Literal["amount", "yes_no", "choice"]
    options: tuple[Option, ...] = ()
    clause: Words | None = Field(default=None, description="What an amount is called in a sentence.")
    yes: Words | None = None
    no: Words | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        needs = {"amount": {"clause"}, "yes_no": {"yes", "no"}, "choice": {"options"}}[self.kind]
        given = {name for name in ("clause", "yes", "no", "options") if getattr(self, name)}
        if given != needs:
            raise ValueError(
                f"a question of kind {self.kind} has {listed(sorted(needs))}, and none of the others' keys"
            )
        if self.options and len({option.id for option in self.options} - {"yes", "no"}) != len(self.options):
            raise ValueError("two options have one id, or one is called yes or no")
        return self

    @property
    def values(self) -> tuple[Value, ...]:
        """All answers of a question that is no amount."""
        return (True, False) if self.kind == "yes_no" else tuple(option.id for option in self.options)

    def has(self, value: Value) -> bool:
        """Return whether it is one of the answers; 1 is no yes.

        >>> Question(id="fit", title="Fit", help="Fit", kind="yes_no", yes="it fits", no="it does not").has(1)
        False
        """
        return any(value is one or (isinstance(value, str) and value == one) for one in self.values)

    def says(self, value: Value) -> str:
        """Return an answer in a sentence, as it follows `when`; of an option, its clause."""
        if self.kind == "amount":
            return f"{self.clause} is {money(float(value))}"
        if isinstance(value, bool):
            return (self.yes if value else self.no) or ""
        return {option.id: option.clause for option in self.options}[str(value)]

    def span(self, low: float | None, high: float | None) -> str:
        """Return a range of amounts in a sentence; it ends before `high`."""
        return f"{self.clause} is {span(low, high)}"


def span(low: float | None, high: float | None) -> str:
    """Say a range of amounts that ends before `high`.

    >>> span(None, 5000), span(5000, 25_000), span(25_000, None), span(None, None)
    ('below $5,000', 'from $5,000 to below $25,000', '$25,000 or more', 'any amount')
    """
    if not low:
        return "any amount" if high is None else f"below {money(high)}"
    return f"{money(low)} or more" if high is None else f"from {money(low)} to below {money(high)}"


class Sourced(Content):
    """Something that somebody says: who, when, how far it can be trusted, and whether the source states it."""

    number: int | None = Field(default=None, ge=1, le=99, description="Place in the collection of published rules.")
    source: Words
    year: Year
    grade: Grade
    basis: Basis

    @property
    def cited(self) -> str:
        """Source, year and grade in words."""
        ours = "" if self.basis is Basis.STATED else ", our reading"
        return f"{self.source} ({self.year or 'year not stated'}), grade {self.grade}{ours}"


class Rule(Sourced):
    """One rule. Only roles `ranks` and `rules out` enter a ranking; without `when` a rule is shown as context."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{2,40}$")]
    topic: TopicId = "motion"
    motions: tuple[CandidateId, ...] = ()
    role: Role
    effect: Literal["for", "against"] | None = None
    when: Condition | None = None
    reason: Words

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.role == "ranks") != (self.effect is not None):
            raise ValueError("a rule that ranks has an effect, for or against, and no other rule has one")
        if self.role in ("ranks", "rules out") and not self.motions:
            raise ValueError("a rule that ranks or rules out names its motions")
        return self

    @model_validator(mode="after")
    def _of_its_topic(self) -> Self:
        if strangers := [name for name in self.motions if name not in TOPICS[self.topic].names]:
            raise ValueError(f"{strangers[0]} is not ranked under the topic {self.topic}")
        return self

    @property
    def scored(self) -> bool:
        """Whether it enters a ranking."""
        return self.role in ("ranks", "rules out") and self.when is not None


class Weights(Content):
    """What a rule weighs: by its grade; what one of `articles` states weighs `stated`."""

    note: Words
    A: int = Field(ge=1, le=9)
    B: int = Field(ge=1, le=9)
    C: int = Field(ge=1, le=9)
    stated: int = Field(ge=1, le=9)
    articles: tuple[Words, ...]

    def of(self, rule: Rule) -> int:
        """Return the weight of a rule."""
        if rule.source in self.articles and rule.basis is Basis.STATED:
            return self.stated
        return {"A": self.A, "B": self.B, "C": self.C}[rule.grade]


class Band(Content):
    """A stretch of contract value in one source, and what that source says of it."""

    low: float = Field(alias="from", ge=0, allow_inf_nan=False)
    high: float | None = Field(alias="to", gt=0, allow_inf_nan=False, description="None where it is open upwards.")
    label: Words
    favours: tuple[CandidateId, ...] = Field(default=(), alias="for")
    against: tuple[CandidateId, ...] = ()
    rules_out: tuple[CandidateId, ...] = Field(default=(), alias="rules out")
    given: Condition | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.high is not None and self.low >= self.high:
            raise ValueError("from is not below to: swap them")
        return self


class Cuts(Sourced):
    """One source's cuts on the axis of contract value. Prices a month are made yearly, × 12."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{2,30}$")]
    about: Literal["how to sell", "which partners"]
    price: Literal["month", "year"] = "year"
    note: Words | None = None
    bands: tuple[Band, ...] = Field(min_length=1)

    @property
    def topic(self) -> str:
        """The ranking that its cuts belong to."""
        return GROWTH.id if self.about == "how to sell" else MOTION.id

    def yearly(self, amount: float) -> float:
        """Return one of its amounts as a contract value a year."""
        return amount * 12 if self.price == "month" else amount


class Side(Content):
    """One side of a disagreement: what is said, and the sources that say it."""

    says: Words
    by: tuple[Words, ...] = Field(min_length=1)


class Disagreement(Content):
    """Something on which sources contradict one another."""

    about: Words
    sides: tuple[Side, ...] = Field(min_length=2)


class ExampleAnswer(Content):
    """An answer of an example company, with where the text has it."""

    question: str
    value: bool | float | str
    basis: Basis
    note: Words


class Example(Content):
    """A company of the playbook's examples, and the motion that it is an example of."""

    motion: MotionId
    company: Words
    answers: tuple[ExampleAnswer, ...] = Field(min_length=1)


@dataclass(frozen=True, eq=False)
class FitContent:
    """All that a ranking by answers rests on. `rules` hold those that follow from the cuts, too.

    `topics` have the candidates by the topic's id, `yours` says of a company's own rules, by id, what became of them.
    It is read once, so that one is another only when it is read again.
    """

    questions: tuple[Question, ...]
    weights: Weights
    rules: tuple[Rule, ...]
    cuts: tuple[Cuts, ...]
    disagreements: tuple[Disagreement, ...]
    examples: tuple[Example, ...]
    topics: Mapping[str, Topic] = field(default_factory=lambda: TOPICS)
    yours: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def question_by_id(self) -> dict[str, Question]:
        """Questions by id, in the order asked."""
        return {question.id: question for question in self.questions}

    @cached_property
    def ranked(self) -> dict[Any, Any]:
        """Rankings by this content, for `fit.rank`: they go with it, so that nothing of a session outlives it."""
        return {}

    def scored(self, topic: Topic) -> tuple[Rule, ...]:
        """Return the rules that rank or rule out candidates of a topic."""
        return tuple(rule for rule in self.rules if rule.topic == topic.id and rule.scored)


def unanswerable(when: When, questions: Mapping[str, Question]) -> tuple[str, str] | None:
    """Return what a condition asks that no question can answer, and the repair; None of a sound one."""
    for fact in facts(when):
        question = questions.get(fact.question)
        if question is None:
            repair = f"Use one of {', '.join(questions)}.{closest(fact.question, tuple(questions))}"
            return f"there is no question '{fact.question[:40]}'", repair
        if (question.kind == "amount") == bool(fact.among):
            needs = "'at least' or 'below'" if question.kind == "amount" else "'is'"
            return f"'{question.id}' is a question of kind {question.kind}", f"Use {needs} with it."
        for one in fact.among:
            if not question.has(one):
                options = tuple(option.id for option in question.options) or ("yes", "no")
                repair = f"Use {listed(options, 'or')}.{closest(str(one), options)}"
                return f"'{question.id}' has no answer '{str(one)[:40]}'", repair
    return None


def clause(when: When, questions: Mapping[str, Question]) -> str:
    """Return a condition in words, as it follows `when` in a sentence."""
    match when:
        case Fact(question=name, among=among) if among:
            return listed([questions[name].says(one) for one in among], "or")
        case Fact(question=name, low=low, high=high):
            return questions[name].span(low, high)
        case Opposite(part=part):
            return f"it is not so that {clause(part, questions)}"
        case Join(how=how, parts=parts):
            return listed([clause(part, questions) for part in parts], "and" if how == "all" else "or")
