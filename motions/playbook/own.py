"""A company's own playbook: its file joined with the original, for one session.

file → parts → motions, questions, rules and weights, each as in the original or as the file has it → what differs

The same models as for the original look at what is joined, so that a change can't be what an entry may not. A mistake
is named by file, line and key.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel

from motions.content import Lines, parse_located, validate
from motions.errors import ContentError, closest
from motions.names import NAMES, OWN, PLAIN_NAMES, PUBLISHED
from motions.playbook.completions import MOST
from motions.playbook.conditions import facts
from motions.playbook.fit import possible
from motions.playbook.fit_load import load_fit
from motions.playbook.fit_models import MOTION, FitContent, Question, Rule, Weights, clause, unanswerable
from motions.playbook.load import CONTENT, load_playbook
from motions.playbook.models import Attribute, Content, Figure, Motion, Source
from motions.playbook.own_models import Change, LeftOut, Own, OwnFile, OwnMotion, OwnRule, OwnWeights, title_of
from motions.playbook.plan_rows import TITLES
from motions.text import listed, money, percent, short

MOST_BYTES = 100_000
MOST_QUESTIONS, MOST_RULES, MOST_FACTS = 4, 100, 300
"""Of one's own, beside those of the original; facts are what the rules ask for, all together."""
TEMPLATE = CONTENT / "own_template.yaml"
_FIXED = ("id", "name", "order")
"""What files and the simulator know one of the five by."""
_NONE = "–"
_TAKEN = ("All", "All partners", "Partner", "Partners", "Others", "Market", *TITLES)
"""What else stands where names of motions do: on a chart, a filter or a column."""

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class _Text:
    """The file that is read: its name, and where in it a value stands."""

    name: str
    lines: Lines

    def read(self, content: object, model: type[_Model], *path: str | int) -> _Model:
        return validate(content, model, self.name, "".join(f"{part}." for part in path), self.lines)

    def refuse(self, problem: str, repair: str, *path: str | int) -> NoReturn:
        key = ".".join(str(part)[:60] for part in path)
        raise ContentError(self.name, f"line {self.lines.of(path)}, {key}", problem, repair)


@cache
def original() -> Own:
    """Return the playbook without anything of one's own."""
    return Own("", load_playbook(), load_fit())


def template() -> str:
    """Return a file to begin with: an example of each part, with what may stand there."""
    return TEMPLATE.read_text("utf-8")


def own_playbook(name: str, content: bytes) -> Own:
    """Return the playbook with what a YAML file changes, adds and leaves out.

    Raises ContentError naming file, line and key, with the repair, for a file that is too large, no plain YAML, knows
    other keys than the original, or asks for more than can be answered at once.
    """
    if len(content) > MOST_BYTES:
        raise ContentError(name, "the file", f"is larger than {MOST_BYTES:,} bytes", "Leave out what is not needed.")
    found, lines = parse_located(content, name)
    text = _Text(name, lines)
    if again := lines.twice():
        raise ContentError(name, f"line {again[1]}, {again[0][:60]}", "is there a second time", "Join the two.")
    file = text.read({key: value for key, value in found.items() if value is not None}, OwnFile)
    was = original()
    sources = (*was.playbook.sources, *_sources(text, file.sources))
    motions = _motions(text, file.motions, was.playbook.motions, sources)
    fit = _fit(text, file, was.fit, next((one for one in motions if isinstance(one, OwnMotion)), None))
    changed = {motion.id: _differing(motion, was.playbook.motions) for motion in motions}
    return Own(
        file.name, was.playbook.model_copy(update={"sources": sources, "motions": motions}), fit,
        (*_of_motions(motions, was.playbook.motions), *_of_fit(fit, was.fit)),
        {one: tuple(fields) for one, fields in changed.items() if fields},
        tuple(one.id for one in fit.questions[len(was.fit.questions) :]),
    )  # fmt: skip


def rule_table() -> list[tuple[str, ...]]:
    """Return the published rules by id, header first: what a file can change or leave out."""
    rows = [
        (one.id, " ".join(one.motions), one.role, one.effect or "", one.reason, one.source, one.grade)
        for one in load_fit().rules
    ]
    return [("id", "motions", "role", "effect", "reason", "source", "grade"), *rows]


def _sources(text: _Text, given: Sequence[dict[str, Any]]) -> tuple[Source, ...]:
    found = tuple(text.read(one, Source, "sources", at) for at, one in enumerate(given))
    known = [one.id for one in (*load_playbook().sources, *found)]
    for at, one in enumerate(found):
        if known.count(one.id) > 1:
            text.refuse(f"two are called {short(one.id)}", "Rename it.", "sources", at, "id")
    return found


def _motions(
    text: _Text, given: Mapping[str, dict[str, Any]], motions: Sequence[Motion], sources: Sequence[Source]
) -> tuple[Motion, ...]:
    """Return the five as the file has them, and the sixth."""
    new = [name for name in given if name not in PUBLISHED]
    whole = [name for name in new if "like" in given[name]]  # the others are misspelt
    if len(whole) > 1:
        text.refuse("is a second motion of your own: there may be one", "Leave one of them out.", "motions", whole[1])
    found = [_changed(text, motion, given[motion.id]) if motion.id in given else motion for motion in motions]
    found += [_sixth(text, name, given[name]) for name in new]
    for motion in found:
        if motion.id in given:
            _refuse_unknown_sources(text, motion, [one.id for one in sources])
    return tuple(found)


def _changed(text: _Text, motion: Motion, entry: Mapping[str, Any]) -> Motion:
    """Return a motion with the fields of an entry; single keys of `best_for`, and single attributes, are enough."""
    for key in _FIXED:
        if key in entry:
            why = "can't be changed: files and the simulator know the motion by it"
            text.refuse(why, "Remove it.", "motions", motion.id, key)
    whole = motion.model_dump()
    for key, value in entry.items():
        both = isinstance(whole.get(key), dict) and isinstance(value, dict)
        whole[key] = {**whole[key], **value} if both else value
    return text.read(whole, Motion, "motions", motion.id)


def _sixth(text: _Text, name: str, entry: Mapping[str, Any]) -> Motion:
    if not re.fullmatch("[a-z][a-z0-9_]{1,29}", name):
        repair = "Use small letters, digits and _." + closest(name, PUBLISHED)
        text.refuse(f"{short(name)} is no id of a motion", repair, "motions", name)
    if name == OWN:
        repair = "Give it an id of its own, such as marketplace."
        text.refuse("is what the app itself calls the motion of a playbook like this one", repair, "motions", name)
    if name in NAMES:
        text.refuse("is an id that the app has for something else", "Choose another one.", "motions", name)
    if "like" not in entry:
        five = listed(PUBLISHED, "or")
        repair = f"Correct its name, or say with 'like' which it is like: {five}.{closest(name, PUBLISHED)}"
        text.refuse("is none of the five motions, and does not say which of them it is like", repair, "motions", name)
    for key in ("id", "order"):
        if key in entry:
            text.refuse("is set already: by the key of the motion, and its place", "Remove it.", "motions", name, key)
    motion = text.read({**entry, "id": name}, OwnMotion, "motions", name)
    names = [name for motion, name in PLAIN_NAMES.items() if motion != OWN]
    taken = (*names, *_TAKEN, *(one.name for one in load_playbook().motions))
    if motion.name.casefold() in {one.casefold() for one in taken}:
        text.refuse(
            "is a name that another motion has, or another part of the app",
            "Choose another one.",
            "motions",
            name,
            "name",
        )
    return motion


def _refuse_unknown_sources(text: _Text, motion: Motion, known: Sequence[str]) -> None:
    named = [(motion.source, ("source",))]
    named += [(one.source, ("figures", at, "source")) for at, one in enumerate(motion.figures)]  # type: ignore[misc]
    for source, path in named:
        if source not in known:
            repair = f"Add it to sources, or use one of {', '.join(known)}.{closest(source, tuple(known))}"
            text.refuse(f"there is no source {short(source)}", repair, "motions", motion.id, *path)


def _fit(text: _Text, file: OwnFile, was: FitContent, sixth: OwnMotion | None) -> FitContent:
    """Return questions, rules and weights as the file has them, and the sixth motion among the candidates."""
    topics = dict(was.topics)
    if sixth is not None:
        names = {**MOTION.names, sixth.id: sixth.name}
        topics[MOTION.id] = replace(MOTION, names=names, own=sixth.id)
    questions = (*was.questions, *_questions(text, file.questions, was.questions))
    asking = replace(was, questions=questions, topics=topics, weights=_weights(text, file.weights, was.weights))
    rules, yours = _rules(text, file, asking)
    fit = replace(asking, rules=rules, yours=yours)
    _refuse_too_much(text, fit)
    return fit


def _questions(text: _Text, given: Sequence[dict[str, Any]], was: Sequence[Question]) -> tuple[Question, ...]:
    if len(given) > MOST_QUESTIONS:
        text.refuse(f"are more than {MOST_QUESTIONS}", "Leave some out.", "questions")
    found = [text.read(one, Question, "questions", at) for at, one in enumerate(given)]
    ids = [one.id for one in (*was, *found)]
    for at, one in enumerate(found):
        if ids.count(one.id) > 1:
            text.refuse(f"two questions are called '{one.id}'", "Choose another id.", "questions", at, "id")
    # The page puts the sign of a question behind the title.
    return tuple(one.model_copy(update={"title": one.title.rstrip("? ")}) for one in found)


def _weights(text: _Text, given: dict[str, Any] | None, was: Weights) -> Weights:
    if given is None:
        return was
    before = was.model_dump(include=set(OwnWeights.model_fields))
    own = text.read(before | given, OwnWeights, "weights")
    if own.model_dump() == before:
        return was
    note = (
        f"Weights of your playbook: grade A {own.A}, grade B {own.B}, grade C {own.C}; what one of the two articles "
        f"states itself {own.stated}."
    )
    return was.model_copy(update={**own.model_dump(), "note": note})


def _rules(text: _Text, file: OwnFile, fit: FitContent) -> tuple[tuple[Rule, ...], dict[str, str]]:
    """Return the rules that count, those that are new at the end, and by id what became of them."""
    if len(file.rules) > MOST_RULES:
        text.refuse(f"are more than {MOST_RULES}", "Leave some out.", "rules")
    rules, yours = {rule.id: rule for rule in fit.rules}, dict[str, str]()
    seen = set()
    for at, entry in enumerate(file.rules):
        name = str(entry.get("id"))
        if name in seen:
            text.refuse(f"two entries are of the rule {short(name)}", "Write one of them.", "rules", at, "id")
        seen.add(name)
        if "leave_out" in entry:
            _known(text, text.read(entry, LeftOut, "rules", at).id, rules, at)
            del rules[name]
            continue
        was = rules.get(name)
        rules[name] = _rule(text, entry, was, file.name, at)
        _refuse_unanswerable(text, rules[name], fit, at)
        if rules[name] != was:
            yours[name] = "changed by you" if was else "yours"
    return tuple(rules.values()), yours


def _known(text: _Text, name: str, rules: Mapping[str, Rule], at: int) -> None:
    if name not in rules:
        repair = f"Take its id from the list of rules.{closest(name, tuple(rules))}"
        text.refuse(f"there is no published rule {short(name)}", repair, "rules", at, "id")


def _rule(text: _Text, entry: Mapping[str, Any], was: Rule | None, source: str, at: int) -> Rule:
    """Return a rule with the keys of an entry; the others are those of the rule that it changes."""
    if was is None:
        if "id" in entry and "role" not in entry:  # so it was meant to change one
            _known(text, str(entry["id"]), {rule.id: rule for rule in load_fit().rules}, at)
        base: dict[str, Any] = {"source": source, "year": None, "grade": "C", "basis": "stated"}
        return text.read(base | dict(entry), OwnRule, "rules", at)
    base = {name: getattr(was, name) for name in Rule.model_fields}
    found = text.read(base | dict(entry), OwnRule, "rules", at)
    return was if {name: getattr(found, name) for name in Rule.model_fields} == base else found


def _refuse_unanswerable(text: _Text, rule: Rule, fit: FitContent, at: int) -> None:
    names = tuple(fit.topics[rule.topic].names)
    for of, name in enumerate(rule.motions):
        if name not in names:
            repair = f"Use one of {', '.join(names)}.{closest(name, names)}"
            text.refuse(f"{short(name)} is not ranked under the topic {rule.topic}", repair, "rules", at, "motions", of)
    if rule.when is not None and (found := unanswerable(rule.when, fit.question_by_id)):
        text.refuse(*found, "rules", at, "when")


def _refuse_too_much(text: _Text, fit: FitContent) -> None:
    asked = sum(1 for rule in fit.rules if rule.id in fit.yours and rule.when for _ in facts(rule.when))
    if asked > MOST_FACTS:
        text.refuse(f"ask for {asked:,} things, which is more than {MOST_FACTS}", "Leave some out.", "rules")
    for topic in fit.topics.values():
        if not fit.scored(topic):
            text.refuse(f"leave none that ranks under the topic {topic.id}", "Leave fewer out.", "rules")
        if (many := possible(fit, topic)) > MOST:
            said = f"can be answered in {many:,} ways that rules tell apart; the app goes through {MOST:,} at most"
            text.refuse(said, "Ask less: fewer questions, options or amounts in rules.", "questions")


def _values(motion: Motion) -> Iterator[tuple[str, Any]]:
    """Return the fields of a motion that a file can change, those inside of others too."""
    for name in Motion.model_fields:
        value = getattr(motion, name)
        if isinstance(value, Content):
            yield from ((f"{name}.{inner}", getattr(value, inner)) for inner in type(value).model_fields)
        elif name not in _FIXED:
            yield name, value


def _differing(motion: Motion, motions: Sequence[Motion]) -> dict[str, Any]:
    """Return what of a motion is another than in the original, with the original value; all of a sixth one."""
    was = next((dict(_values(one)) for one in motions if one.id == motion.id), {})
    return {name: was.get(name) for name, value in _values(motion) if name not in was or was[name] != value}


def _of_motions(motions: Sequence[Motion], was: Sequence[Motion]) -> Iterator[Change]:
    for motion in motions:
        if isinstance(motion, OwnMotion):
            yield Change(motion.name, _NONE, f"A sixth motion. {motion.definition}")
            like = NAMES[motion.like].lower()
            yield Change(f"{motion.name} in Simulate", _NONE, f"A program that starts as {like}, which it is like.")
            words = listed([f"'{word}'" for word in dict.fromkeys((motion.id, motion.name))], "or")
            yield Change(f"{motion.name} in files", _NONE, f"Accounts, partners and spend whose motion is {words}.")
        else:
            mine = dict(_values(motion))
            for name, value in _differing(motion, was).items():
                yield Change(f"{motion.name}: {title_of(name)}", _said(value), _said(mine[name]))


def _of_fit(fit: FitContent, was: FitContent) -> Iterator[Change]:
    for question in fit.questions[len(was.questions) :]:
        yield Change("Question", _NONE, f"{question.title}?")
    before, now = ({rule.id: rule for rule in one.rules} for one in (was, fit))
    for name in dict.fromkeys((*before, *now)):
        if name not in now or name in fit.yours:
            first = _rule_said(before[name], was) if name in before else _NONE
            yield Change(f"Rule {name}", first, _rule_said(now[name], fit) if name in now else "Left out")
    if fit.weights != was.weights:
        yield Change("Weights", was.weights.note, fit.weights.note)


def _rule_said(rule: Rule, fit: FitContent) -> str:
    of = listed([fit.topics[rule.topic].names[name] for name in rule.motions])
    does = {"for": f"For {of}", "against": f"Against {of}", None: f"Rules {of} out"}[rule.effect]
    lead = does if rule.scored or rule.effect else rule.role.capitalize()
    when = f" when {clause(rule.when, fit.question_by_id)}" if rule.when is not None else ""
    return f"{lead}{when}. {rule.reason} {rule.cited}."


def _said(value: Any) -> str:
    """Say a field of a motion."""
    if isinstance(value, Attribute):
        return f"{value.value} ({value.basis.value}): {value.note}"
    if isinstance(value, Figure):
        shown: Callable[[float], str] = percent if value.unit == "share of price" else money
        ends = listed(list(dict.fromkeys((shown(value.low), shown(value.high)))), "to")
        return f"{value.name} {ends} {'of the price' if value.unit == 'share of price' else 'a year'}"
    if isinstance(value, tuple):
        return "; ".join(_said(one) for one in value) or _NONE
    return _NONE if value is None else str(value)
