"""Reads the questions, the published rules, the cuts and the examples, and joins them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from motions.content import read_yaml, validate
from motions.errors import ContentError
from motions.playbook.conditions import Fact, Join, When
from motions.playbook.fit_models import (
    MOST_QUESTIONS,
    TOPICS,
    Band,
    Cuts,
    Disagreement,
    Example,
    FitContent,
    Question,
    Rule,
    Weights,
    span,
    unanswerable,
)
from motions.playbook.load import CONTENT

FIT, CUTS, EXAMPLES = "fit.yaml", "thresholds.yaml", "examples.yaml"

_Model = TypeVar("_Model", bound=BaseModel)


@cache
def load_fit(folder: Path = CONTENT) -> FitContent:
    """Read questions, rules, cuts and examples. Raises ContentError naming file, key and repair."""
    fit, cuts, examples = (read_yaml(folder / name) for name in (FIT, CUTS, EXAMPLES))
    found = FitContent(
        _entries(fit, FIT, "questions", Question),
        validate(fit.get("weights"), Weights, FIT, "weights."),
        _entries(fit, FIT, "rules", Rule),
        _entries(cuts, CUTS, "sources", Cuts),
        _entries(cuts, CUTS, "disagreements", Disagreement),
        _entries(examples, EXAMPLES, "examples", Example),
    )
    _refuse_strangers(found)
    derived = tuple(rule for at, one in enumerate(found.cuts) for rule in _rules_of(one, at))
    _refuse_repeats(found.questions, found.rules + derived)
    return replace(found, rules=found.rules + derived)


def _entries(content: dict[str, Any], file: str, key: str, model: type[_Model]) -> tuple[_Model, ...]:
    """Read a list one by one, so that a mistake is found in its place."""
    entries = content.get(key)
    if not isinstance(entries, list) or not entries:
        raise ContentError(file, key, "is no list with entries", "Write each entry behind a dash.")
    return tuple(validate(one, model, file, f"{key}.{at}.") for at, one in enumerate(entries))


def _conditions(content: FitContent) -> Iterator[tuple[str, str, When]]:
    for at, rule in enumerate(content.rules):
        if rule.when is not None:
            yield FIT, f"rules.{at}.when ({rule.id})", rule.when
    for at, cuts in enumerate(content.cuts):
        for of, band in enumerate(cuts.bands):
            if band.given is not None:
                yield CUTS, f"sources.{at}.bands.{of}.given ({cuts.id})", band.given
    for at, example in enumerate(content.examples):
        for of, given in enumerate(example.answers):
            value = given.value
            fact = Fact(given.question, **({"low": value} if type(value) is float else {"among": (value,)}))
            yield EXAMPLES, f"examples.{at}.answers.{of} ({example.motion})", fact


def _refuse_strangers(content: FitContent) -> None:
    for file, key, when in _conditions(content):
        if found := unanswerable(when, content.question_by_id):
            raise ContentError(file, key, *found)


def _refuse_repeats(questions: tuple[Question, ...], rules: tuple[Rule, ...]) -> None:
    for key, ids in (("questions", [one.id for one in questions]), ("rules", [one.id for one in rules])):
        if twice := next((one for one in ids if ids.count(one) > 1), None):
            raise ContentError(FIT, f"{key}.{ids.index(twice)}.id", f"two are called '{twice}'", "Rename one of them.")
    if len(questions) > MOST_QUESTIONS:
        raise ContentError(FIT, "questions", f"are more than {MOST_QUESTIONS}", "Leave some out.")


def _rules_of(cuts: Cuts, place: int) -> Iterator[Rule]:
    """Return the rules that follow from a source's bands; one of role threshold where no band speaks for a motion."""
    said = cuts.model_dump(include={"number", "source", "year", "grade", "basis"})
    scored = [rule for at, band in enumerate(cuts.bands) for rule in _of_band(cuts, band, at)]
    if not scored:
        scored = [{"id": cuts.id, "role": "threshold", "topic": cuts.topic, "reason": cuts.note or cuts.bands[0].label}]
    for rule in scored:
        yield validate(said | rule, Rule, CUTS, f"sources.{place} ({cuts.id}), ")


def _of_band(cuts: Cuts, band: Band, at: int) -> Iterator[dict[str, Any]]:
    low, high = cuts.yearly(band.low) or None, None if band.high is None else cuts.yearly(band.high)
    if low is None and high is None:  # of all companies alike: nothing to tell apart
        return
    amount = Fact("acv", low, high)
    when = amount if band.given is None else Join("all", (amount, band.given))
    reason = f"Contract value {span(low, high)}: {band.label}"
    for effect, motions in (("for", band.favours), ("against", band.against), (None, band.rules_out)):
        if motions:
            topic = next(topic.id for topic in TOPICS.values() if motions[0] in topic.names)
            yield {
                "id": f"{cuts.id}_{at + 1}_{effect or 'out'}", "topic": topic, "motions": motions, "when": when,
                "role": "ranks" if effect else "rules out", "effect": effect, "reason": reason,
            }  # fmt: skip
