"""Answers on readiness by hand, as text for an address."""

from collections.abc import Mapping
from typing import Literal

from motions.playbook.answers import Answers
from motions.playbook.load import load_playbook

Hand = Literal["yes", "no", "unknown"]
Hands = Mapping[str, Hand]
"""By the id of a condition or principle; what is not there is unknown."""
_WRITTEN: dict[str, Hand] = {"yes": "yes", "no": "no"}


_OF_QUESTIONS = {"funnel": "converts", "fit": "market_fit", "voices": "trusted"}
"""The question of fit that asks the same as a condition."""


def from_answers(answers: Answers) -> dict[str, Hand]:
    """Return what answers to the questions of fit say of the conditions that ask the same.

    >>> from_answers(Answers(converts=False, trusted=True))
    {'funnel': 'no', 'voices': 'yes'}
    """
    given = {name: answers.get(question) for name, question in _OF_QUESTIONS.items()}
    return {name: "yes" if value else "no" for name, value in given.items() if value is not None}


def ids() -> tuple[str, ...]:
    """Return the ids of all conditions and principles."""
    said = load_playbook().readiness
    return (*(one.id for one in said.conditions), *(one.id for one in said.principles))


def to_text(hands: Hands) -> str:
    """Return what was answered, in the playbook's order; nothing for nothing.

    >>> to_text({"voices": "yes", "funnel": "no", "fit": "unknown"})
    'funnel-no~voices-yes'
    """
    return "~".join(f"{name}-{hands[name]}" for name in ids() if hands.get(name, "unknown") != "unknown")


def from_text(text: str) -> dict[str, Hand]:
    """Return what a text says; what is no condition or no answer is left out.

    >>> from_text("funnel-no~voices-yes~colour-red~fit-perhaps")
    {'funnel': 'no', 'voices': 'yes'}
    """
    parts = [part.partition("-") for part in text[:400].split("~")]
    return {name: _WRITTEN[said] for name, _, said in parts if name in ids() and said in _WRITTEN}
