"""Product-led, sales-led or a mix, and whether partners are a layer upon it now; and the playbook's own examples.

Partners never replace the way a company sells: a layer of them now is ranked against one later, not against
product-led or sales-led.
"""

from dataclasses import dataclass

from motions.names import NAMES
from motions.playbook.answers import Answers
from motions.playbook.fit import rank
from motions.playbook.fit_load import load_fit
from motions.playbook.fit_models import GROWTH, LAYER, MOTION, Example, FitContent
from motions.playbook.fit_result import Fit
from motions.playbook.fit_words import lead
from motions.playbook.models import Basis
from motions.text import inside, listed

NAME_RULE = "partner_led_name"
"""id of the rule on when a company may call itself partner-led"""


@dataclass(frozen=True)
class Growth:
    """How to grow: what partners would be a layer upon, whether now, and both in words."""

    base: Fit
    layer: Fit
    headline: str
    mix: str
    name: str
    """when "partner-led" is no right name, with who says so; "" where one's own playbook leaves that out"""


@dataclass(frozen=True)
class ExampleAnswered:
    """An answer of an example company in words, whether the text states it, and where it has it."""

    title: str
    answer: str
    stated: bool
    note: str


@dataclass(frozen=True)
class ExampleFit:
    """An example company of the playbook, and whether the rules rank its own motion first."""

    motion: str
    company: str
    known: tuple[ExampleAnswered, ...]
    fit: Fit
    own_first: bool
    """alone in first place, by the few answers that the text gives"""
    sentence: str


def growth(answers: Answers, equal: bool = False, content: FitContent | None = None) -> Growth:
    """Rank product-led against sales-led, and a partner layer now against later, as `rank` does.

    >>> growth(Answers(acv=900, converts=True, market_fit=True)).headline
    'Product-led first, and a partner layer upon it now.'
    """
    base, layer = rank(answers, GROWTH, equal, content), rank(answers, LAYER, equal, content)
    if base.state == layer.state == "unanswered":
        headline = base.headline
    else:
        begin = lead(base.topic, base.first) if base.first else "What to build upon is open"
        headline = f"{begin}, {_layer_words(layer)}."
    name = next((f"{one.rule.reason} {one.source}." for one in layer.context if one.rule.id == NAME_RULE), "")
    return Growth(base, layer, headline, _mix(base), name)


def _layer_words(layer: Fit) -> str:
    said: dict[tuple[str, ...], str] = {
        ("now",): "and a partner layer upon it now",
        ("later",): "and partners later",
    }
    return said.get(layer.first, "and whether partners are a layer upon it now is open")


def _mix(base: Fit) -> str:
    """Say whether rules speak for one of the two alone, or for both."""
    spoken = [one for one in base.ranking if one.speaks_for]
    if len(spoken) > 1:
        points = listed([f"{inside(one.name)} {one.points} points" for one in spoken])
        return f"A mix: rules speak for both ({points})."
    if not spoken:
        return "No settled rule speaks for either."
    return f"Rules speak for {inside(spoken[0].name)} alone."


def examples(equal: bool = False, content: FitContent | None = None) -> tuple[ExampleFit, ...]:
    """Rank the playbook's five example companies by what its text states or implies of them, as `rank` does."""
    by = content or load_fit()
    return tuple(_example(example, equal, by) for example in by.examples)


def _example(example: Example, equal: bool, content: FitContent) -> ExampleFit:
    questions = content.question_by_id
    fit = rank(Answers({one.question: one.value for one in example.answers}), MOTION, equal, content)
    known = tuple(
        ExampleAnswered(
            questions[one.question].title,
            questions[one.question].says(one.value),
            one.basis is Basis.STATED,
            one.note,
        )
        for one in example.answers
    )
    own_first = fit.first == (example.motion,)
    own = inside(NAMES[example.motion])
    if own_first:
        sentence = f"The rules agree: {inside(lead(fit.topic, fit.first))}."
    elif example.motion in fit.first:
        sentence = f"The rules do not single it out: {inside(lead(fit.topic, fit.first))}."
    else:
        sentence = f"The rules do not agree that it is {own}: {inside(lead(fit.topic, fit.first))}."
    return ExampleFit(example.motion, example.company, known, fit, own_first, sentence)
