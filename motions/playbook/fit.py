"""Which candidate comes first by the answers, what speaks for and against it, and which answer would change that.

    answers → rules that speak, are silent or wait → points and places → places over all completions → words

A candidate is first when it has the most points, more than none, and no rule rules it out. Points are of settled rules
only: a rule that waits for an unknown answer counts neither way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from motions.playbook import fit_words as words
from motions.playbook.answers import Answers
from motions.playbook.completions import (
    Choices,
    Outcomes,
    Ranges,
    Voice,
    classes,
    combinations,
    leaders,
    places,
    ranges,
    settled,
)
from motions.playbook.conditions import Value, When, asked, facts, needed, truth
from motions.playbook.fit_load import load_fit
from motions.playbook.fit_models import MOTION, FitContent, Question, Rule, Topic, clause
from motions.playbook.fit_result import Ask, Candidate, Fit, Flip, Spoken, State

MOST_KEPT = 256
"""Rankings by one content that are kept, so that a page that is drawn again does not wait for them."""


@dataclass(frozen=True)
class _Case:
    """What is ranked: a topic's rules with their weights, and the questions."""

    topic: Topic
    content: FitContent
    equal: bool

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self.topic.names)

    @property
    def questions(self) -> Mapping[str, Question]:
        return self.content.question_by_id

    @property
    def choices(self) -> Choices:
        return {question.id: question.values for question in self.content.questions}

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.content.scored(self.topic)

    def voices(self, kept: Callable[[Rule], bool] = lambda _: True) -> tuple[Voice, ...]:
        """Return the rules as numbers, of those only that are `kept`."""
        return tuple(self._voice(rule, rule.when) for rule in self.rules if rule.when is not None and kept(rule))

    def _voice(self, rule: Rule, when: When) -> Voice:
        sign = {"for": 1, "against": -1, None: 0}[rule.effect] * self.weight(rule)
        named = tuple(name in rule.motions for name in self.ids)
        return Voice(when, tuple(sign * one for one in named), tuple(one and sign == 0 for one in named))

    def weight(self, rule: Rule) -> int:
        return 1 if self.equal else self.content.weights.of(rule)

    def spoken(self, rule: Rule, answers: Mapping[str, Value]) -> Spoken:
        if rule.when is None:
            said = words.stands(rule.role, "context")
            return Spoken(rule, self.weight(rule), "context", "", said, (), self.yours(rule))
        holds = truth(rule.when, answers)
        titles = tuple(self.questions[name].title for name in needed(rule.when, answers))
        state: Literal["open", "speaks", "silent"] = "open" if holds is None else "speaks" if holds else "silent"
        said = words.stands(rule.role, state)
        when = clause(rule.when, self.questions)
        return Spoken(rule, self.weight(rule), state, when, said, titles, self.yours(rule))

    def yours(self, rule: Rule) -> str:
        return self.content.yours.get(rule.id, "")


def rank(answers: Answers, topic: Topic = MOTION, equal: bool = False, content: FitContent | None = None) -> Fit:
    """Rank the candidates of a topic; with `equal`, every rule weighs one.

    By `content`, where a company has a playbook of its own: its candidates are ranked, its questions asked. Raises
    ScenarioError for an answer to a question that the content does not ask.

    >>> rank(Answers(market_fit=True, satisfied=True)).first
    ('referral',)
    >>> rank(Answers()).first
    ()
    """
    by = content or load_fit()
    key = (tuple(answers.items()), topic.id, equal)
    found: Fit | None = by.ranked.get(key)
    if found is None:
        found = _rank(Answers(answers, by), by.topics[topic.id], equal, by)
        if len(by.ranked) >= MOST_KEPT:
            by.ranked.clear()
        by.ranked[key] = found
    return found


def possible(content: FitContent, topic: Topic) -> int:
    """Return in how many combinations the answers to all questions of a topic can turn out.

    >>> possible(load_fit(), MOTION)
    15360
    """
    case = _Case(topic, content, equal=False)
    return combinations(case.voices(), case.choices, {})


def _rank(answers: Answers, topic: Topic, equal: bool, content: FitContent) -> Fit:
    case = _Case(topic, content, equal)
    voices = case.voices()
    over = ranges(voices, case.choices, answers)
    first, now = _first(case, voices, answers), settled(voices, answers)
    state = _state(case, answers, first, bool(now.out.all()))
    ranking = _ranking(case, answers, now, over, first, state)
    flips, ask = _flips(case, voices, answers, first, over), _ask(case, over)
    over_now = tuple(
        question.title for question in content.questions
        if question.id not in answers and not over.matters.get(question.id)
    )  # fmt: skip
    leading = {at for group in over.firsts for at in group}
    return Fit(
        topic, state, words.headline(topic, state, first, ranking, flips, ask), first,
        tuple(name for at, name in enumerate(case.ids) if at in leading), ranking, flips, ask, over_now,
        _hangs_on(case, answers, first) if state != "unanswered" else (),
        tuple(case.spoken(rule, answers) for rule in content.rules if rule.topic == topic.id and not rule.scored),
        words.EQUAL if equal else content.weights.note, over.combinations,
    )  # fmt: skip


def _first(case: _Case, voices: tuple[Voice, ...], answers: Mapping[str, Value]) -> tuple[str, ...]:
    if not voices:
        return ()
    now = settled(voices, answers)
    leads = leaders(now.points, now.out)[0].tolist()
    return tuple(name for name, one in zip(case.ids, leads, strict=True) if one)


def _state(case: _Case, answers: Answers, first: tuple[str, ...], all_out: bool) -> State:
    asks = {name for rule in case.rules if rule.when for name in asked(rule.when)}
    if not asks & set(answers):
        return "unanswered"
    if all_out:
        return "all ruled out"
    return "no lead" if not first else "first" if len(first) == 1 else "shared"


def _ranking(
    case: _Case, answers: Answers, now: Outcomes, over: Ranges, first: tuple[str, ...], state: State
) -> tuple[Candidate, ...]:
    best, worst = (row[0].tolist() for row in places(now.points, now.out))
    points, out = now.points[0].tolist(), now.out[0].tolist()
    spoken = tuple(case.spoken(rule, answers) for rule in case.rules)
    found = []
    for at, name in enumerate(case.ids):
        own = tuple(one for one in spoken if name in one.rule.motions)
        with_it = [case.topic.names[case.ids[of]] for of in range(len(best)) if best[of] == best[at] and of != at]
        loud = tuple(one for one in own if one.state == "speaks")
        found.append(Candidate(
            name, case.topic.names[name], points[at], name in first, out[at], over.best[at], over.worst[at],
            over.out[at], words.place(state, best[at], worst[at], out[at], with_it),
            words.reach(over.best[at], over.worst[at], len(best), over.out[at], over.combinations),
            words.ruling(own, loud),
            tuple(one for one in loud if one.rule.effect == "for"),
            tuple(one for one in loud if one.rule.effect == "against"),
            tuple(one for one in loud if one.rule.effect is None),
            tuple(one for one in own if one.state == "open"),
        ))  # fmt: skip
    order = sorted(range(len(found)), key=lambda at: (out[at], -points[at], at))
    return tuple(found[at] for at in order)


def _flips(
    case: _Case, voices: tuple[Voice, ...], answers: Answers, first: tuple[str, ...], over: Ranges
) -> tuple[Flip, ...]:
    found = []
    for question in sorted(case.questions.values(), key=lambda one: -over.matters.get(one.id, -1)):
        told_by = [fact for voice in voices for fact in facts(voice.when) if fact.question == question.id]
        if not told_by:
            continue
        values = sorted(one for group in classes(question.values, told_by) for one in group)
        leads = [(value, _first(case, voices, answers.moved(question.id, value))) for value in values]
        for when, same, new in words.answers_by_first(question, leads):
            if new != first:
                known = question.id in answers
                sentence = words.flip(case.topic, new, when, known)
                found.append(Flip(question.id, question.title, known, when, same, new, sentence))
    return tuple(sorted(found, key=lambda one: one.known))


def _ask(case: _Case, over: Ranges) -> tuple[Ask, ...]:
    found = [
        Ask(name, case.questions[name].title, share, words.ask(share)) for name, share in over.matters.items() if share
    ]
    return tuple(sorted(found, key=lambda one: -one.share))


def _hangs_on(case: _Case, answers: Answers, first: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the first place hangs on: weights, opinions, the two articles, or rules that rule out."""
    articles = case.content.weights.articles
    others = (
        (words.ON_WEIGHTS, _Case(case.topic, case.content, True).voices()),
        (words.ON_OPINIONS, case.voices(lambda rule: rule.grade != "C")),
        (words.ON_ARTICLES, case.voices(lambda rule: rule.source not in articles)),
        (words.ON_RULING_OUT, case.voices(lambda rule: rule.role == "ranks")),
    )
    firsts = [(without, _first(case, voices, answers)) for without, voices in others]
    return tuple(words.hangs_on(case.topic, without, new) for without, new in firsts if new != first)
