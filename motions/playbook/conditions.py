"""When a rule speaks: a condition over answers, which may be unknown. An unknown is neither yes nor no (Kleene).

In YAML: `{acv: {at least: 10000, below: 50000}}`, `{sold: {is: field}}`, `{fit: {is: yes}}`, and of these
`all: […]`, `any: […]` and `not: …`.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from motions.errors import closest
from motions.text import listed, short

Value = float | bool | str
"""An answer: an amount of money a year, yes or no, or the id of an option."""
_TESTS = ("at least", "below", "is")
_WORDS = ("all", "any", "not")


@dataclass(frozen=True)
class Fact:
    """What a single answer is asked for: an amount in [low, high), or one of several options."""

    question: str
    low: float | None = None
    high: float | None = None
    among: tuple[Value, ...] = ()

    def holds(self, value: Value) -> bool:
        """Return whether a known answer is as asked for.

        >>> Fact("acv", low=10_000).holds(10_000.0), Fact("sold", among=("field",)).holds("inside")
        (True, False)
        """
        if self.among:
            return value in self.among
        amount = float(value)
        return (self.low is None or amount >= self.low) and (self.high is None or amount < self.high)


@dataclass(frozen=True)
class Join:
    """Several conditions: all of them, or any."""

    how: Literal["all", "any"]
    parts: tuple["When", ...]


@dataclass(frozen=True)
class Opposite:
    """A condition that must not hold."""

    part: "When"


When = Fact | Join | Opposite


def parse(raw: Any) -> When:
    """Return the condition that YAML writes. Raises ValueError saying what is wrong with it."""
    if isinstance(raw, When):
        return raw
    if not isinstance(raw, dict) or len(raw) != 1:
        raise ValueError("a condition is one of 'all', 'any', 'not' or a question, with what is asked of it")
    key, inner = next(iter(raw.items()))
    if key == "not":
        return Opposite(parse(inner))
    if key not in _WORDS:
        return _fact(key, inner)
    if not isinstance(inner, list) or not inner:
        raise ValueError(f"'{key}' needs a list of conditions")
    return Join("all" if key == "all" else "any", tuple(parse(one) for one in inner))


def _fact(question: str, tests: Any) -> Fact:
    shown = question[:40]
    if not isinstance(tests, dict) or not tests:
        raise ValueError(f"'{shown}' needs one of {listed(_TESTS, 'or')}")
    for name in tests:
        if name not in _TESTS:
            raise ValueError(f"'{short(name)}' is no test; use {listed(_TESTS, 'or')}.{closest(name, _TESTS)}")
    if "is" in tests:
        if len(tests) > 1:
            raise ValueError(f"'{shown}' has 'is' beside a cut: an answer is an option or an amount")
        among = tests["is"] if isinstance(tests["is"], list) else [tests["is"]]
        if not among or not all(isinstance(one, (str, bool)) for one in among):
            raise ValueError(f"'{shown}' needs yes, no or options behind 'is'")
        return Fact(question, among=tuple(among))
    low, high = (_cut(shown, name, tests) for name in _TESTS[:2])
    if low is not None and high is not None and low >= high:
        raise ValueError(f"'{shown}': no amount is at least {low:g} and below {high:g}")
    return Fact(question, low, high)


def _cut(shown: str, name: str, tests: dict[str, Any]) -> float | None:
    if name not in tests:
        return None
    cut = tests[name]
    if isinstance(cut, bool) or not isinstance(cut, (int, float)) or not math.isfinite(cut) or cut <= 0:
        raise ValueError(f"'{shown}': '{name}' needs a number above zero")
    return float(cut)


def facts(when: When) -> Iterator[Fact]:
    """Return the facts that a condition is made of, from left to right."""
    match when:
        case Fact():
            yield when
        case Opposite(part=part):
            yield from facts(part)
        case Join(parts=parts):
            for part in parts:
                yield from facts(part)


def asked(when: When) -> tuple[str, ...]:
    """Return the questions of a condition, each once.

    >>> asked(parse({"any": [{"acv": {"below": 5000}}, {"fit": {"is": True}}, {"acv": {"at least": 9000}}]}))
    ('acv', 'fit')
    """
    return tuple(dict.fromkeys(fact.question for fact in facts(when)))


def truth(when: When, answers: Mapping[str, Value]) -> bool | None:
    """Return whether a condition holds; None where unknown answers leave it open.

    >>> when = parse({"all": [{"fit": {"is": True}}, {"acv": {"below": 5000}}]})
    >>> truth(when, {"fit": True}), truth(when, {"fit": False}), truth(when, {"fit": True, "acv": 900.0})
    (None, False, True)
    """
    match when:
        case Fact(question=question):
            return when.holds(answers[question]) if question in answers else None
        case Opposite(part=part):
            inner = truth(part, answers)
            return None if inner is None else not inner
        case Join(how=how, parts=parts):
            found = {truth(part, answers) for part in parts}
            decides = how == "any"
            return decides if decides in found else None if None in found else not decides


def needed(when: When, answers: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the unanswered questions that an open condition waits for; none of one that is settled."""
    if truth(when, answers) is not None:
        return ()
    return tuple(question for question in asked(when) if question not in answers)
