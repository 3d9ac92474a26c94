"""The answers of a company, as a value and as text for an address. What is not in them is unknown."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from motions.errors import ScenarioError, closest
from motions.playbook.conditions import Value
from motions.playbook.fit_load import load_fit
from motions.playbook.fit_models import FitContent, Question
from motions.text import count, short

LONGEST = 400
"""Letters of an address; all questions answered need fewer than 250."""
LARGEST = 1e12
"""The largest amount, in dollars a year."""
_YES_NO = {"yes": True, "no": False}


class Answers(Mapping[str, Value]):
    """Answers by question, frozen and checked; a question that is not there, or whose answer is None, is unknown.

    The questions are those of `content`, where a company has a playbook of its own. Raises ScenarioError for a
    question, an option or an amount that there is not, with the closest right name.

    >>> known = Answers(acv=12_000, sold="self_serve")
    >>> known["acv"], "converts" in known, known.moved("acv", None) == Answers(sold="self_serve")
    (12000.0, False, True)
    """

    def __init__(
        self, given: Mapping[str, Value | None] | None = None, content: FitContent | None = None, /,
        **more: Value | None,
    ) -> None:  # fmt: skip
        values = {**(given or {}), **more}
        self._content = content
        known = (content or load_fit()).question_by_id
        for name in values:
            if name not in known:
                raise ScenarioError(f"There is no question '{short(name)[1:-1]}'.{closest(name, tuple(known))}")
        answered = ((name, values.get(name)) for name in known)
        self._values = {name: _checked(known[name], value) for name, value in answered if value is not None}

    def __getitem__(self, question: str) -> Value:
        return self._values[question]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def amount(self, question: str) -> float | None:
        """Return the amount that answers a question, None where it is unknown."""
        value = self._values.get(question)
        return value if isinstance(value, float) else None

    def __repr__(self) -> str:
        return f"Answers({self._values})"

    def moved(self, question: str, value: Value | None) -> "Answers":
        """Return the answers with another one to a question; None makes it unknown."""
        return Answers({**self._values, question: value}, self._content)


@dataclass(frozen=True)
class Offer:
    """An answer that the app can offer from loaded files or a scenario, with what it was read from, in words."""

    question: str
    value: Value
    evidence: str


@dataclass(frozen=True)
class Decoded:
    """What an address says: the answers, and a remark on each thing in it that could not be used."""

    answers: Answers
    remarks: tuple[str, ...]


def _checked(question: Question, value: Value) -> Value:
    if question.kind == "amount":
        if isinstance(value, (bool, str)) or not math.isfinite(value) or not 0 <= value <= LARGEST:
            raise ScenarioError(f"{question.title}: {short(value)} is no amount from 0 to {LARGEST:,.0f}.")
        return round(float(value), 2)
    if not question.has(value):
        options = tuple(option.id for option in question.options) or tuple(_YES_NO)
        raise ScenarioError(
            f"{question.title}: {short(value)} is none of {', '.join(options)}.{closest(str(value), options)}"
        )
    return value


def encode(answers: Answers) -> str:
    """Return answers as text that an address takes as it is; nothing answered is the empty text.

    >>> encode(Answers(acv=12_000, sold="self_serve", market_fit=True))
    'acv-12000~sold-self_serve~market_fit-yes'
    """
    return "~".join(f"{question}-{_written(value)}" for question, value in answers.items())


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:.2f}".removesuffix(".00")


def decode(text: str, content: FitContent | None = None) -> Decoded:
    """Return the answers in an address, to the questions of `content` or of the playbook.

    What can't be used is left unknown, and a remark says so.

    >>> decode("acv-12000~colour-red").remarks
    ("Left out of the address: There is no question 'colour'.",)
    """
    known = (content or load_fit()).question_by_id
    found, remarks = Answers({}, content), list[str]()
    if len(text) > LONGEST:
        return Decoded(found, (f"The address has more than {count(LONGEST, 'letter')}: no answer was read.",))
    for part in filter(None, text.split("~")):
        question, _, written = part.partition("-")
        try:
            found = found.moved(question, _read(known.get(question), written)) if question not in found else found
        except ScenarioError as error:
            remarks.append(f"Left out of the address: {error}")
    return Decoded(found, tuple(remarks))


def _read(question: Question | None, written: str) -> Value:
    kind = question.kind if question else "choice"
    if kind == "yes_no":
        return _YES_NO.get(written, written)
    if kind == "choice":
        return written
    try:
        return float(written)
    except ValueError:
        return written
