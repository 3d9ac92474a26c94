"""The sections of a pack: what each needs, and its slides. What is not loaded is left out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from motions.charts import cohorts as health_charts
from motions.charts import economics as charts
from motions.charts import roadmap as roadmap_charts
from motions.charts.style import Chart
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.text import with_interval
from motions.cohorts.tables import coverage, files
from motions.cohorts.tables import health as tables
from motions.cohorts.tables.overview import attention
from motions.cohorts.verdicts.verdicts import headline, in_short
from motions.economics.answers import sensitivity
from motions.economics.answers.explain import exact_unit, explain
from motions.economics.answers.headline import comes_to
from motions.economics.files import tables as economics
from motions.economics.inputs.keys import places
from motions.economics.inputs.links import LATER
from motions.economics.inputs.terms import NONE_AT_ZERO
from motions.economics.model.response import responses
from motions.economics.model.results import FIGURES, of_customers
from motions.errors import MotionsError
from motions.fields import Input, inputs
from motions.names import NAMES
from motions.out.pack import one_page, plots
from motions.out.pack.content import Content, Plot, Said, Section, Slide, Table, plain, shortened
from motions.out.pack.given import Given, Wishes
from motions.out.pack.one_page import sources
from motions.playbook import Spoken
from motions.roadmap.gates import headline as where
from motions.roadmap.plan import said as said_of_plan
from motions.roadmap.waiting import outlook
from motions.text import count, listed, month_name

_PARTNERS = 10
"""partners in the table"""
_NAME = 60
"""letters of a name in a table"""
_FIGURE = "contribution"


def _program(given: Given) -> str:
    return "" if given.program else "Load your files."


def _scenario(given: Given) -> str:
    return "" if given.scenario else "Set price, margin or payouts in Simulate."


def _answers(given: Given) -> str:
    return "" if given.answers else "Answer a question on Choose."


def _any(given: Given) -> str:
    some = given.program or given.scenario or given.answers or given.hands
    return "" if some else "Load files, set a scenario, or answer questions."


def _judged(given: Given) -> str:
    some = given.program or given.answers or given.hands
    return "" if some else "Answer on Choose, or load your files."


@dataclass(frozen=True)
class Part:
    """A section that a pack may have. `lacks` says what it needs and there is not, else nothing."""

    id: str
    title: str
    lacks: Callable[[Given], str]
    slides: Callable[[Given], Iterator[Slide]]


def _fit(given: Given) -> Iterator[Slide]:
    fit = given.fit
    rows = [
        {
            "Motion": one.name, "Place": one.place or one.reach, "Points": str(one.points),
            "For": _reasons(one.speaks_for) or "nothing that is settled",
            "Against": _reasons((*one.rules_out, *one.speaks_against)) or "nothing",
        }
        for one in fit.ranking
    ]  # fmt: skip
    source = (*sources(given), *(f"{one.name}: {spoken.rule.reason} ({spoken.cited})"
              for one in fit.ranking for spoken in (*one.rules_out, *one.speaks_for, *one.speaks_against)))  # fmt: skip
    yield Slide(
        plain(fit.headline.partition(". ")[0]), table=Table.of(pd.DataFrame(rows), 1.3, 1.3, 0.9, 4, 4),
        source=tuple(plain(one) for one in source),
    )  # fmt: skip
    changes = [Said(plain(one.sentence), "Would change it") for one in fit.flips[:5]]
    hangs = [Said(plain(one), "Hangs on") for one in fit.hangs_on]
    opens = [Said(plain(f"{one.title}? {one.sentence}"), "Not answered") for one in fit.ask[:3]]
    if found := (*changes, *hangs, *opens):
        yield Slide("What would change who is first", words=found, source=sources(given))


def _reasons(rules: Sequence[Spoken]) -> str:
    return " · ".join(one.rule.reason for one in rules[:2])


def _readiness(given: Given) -> Iterator[Slide]:
    rows = [
        {"Condition": one.title, "Stands": one.verdict, "By": one.said, "To do first": one.first_step or "nothing"}
        for one in (*given.report.conditions, *given.report.principles)
    ]
    lead, _, rest = given.report.headline.partition(". ")
    yield Slide(plain(lead), words=(Said(plain(rest)),) if rest else (),
                table=Table.of(pd.DataFrame(rows), 2.2, 1, 3, 4), source=sources(given))  # fmt: skip


def _roadmap(given: Given) -> Iterator[Slide]:
    currency = given.planned_on.market.currency
    steps = zip(given.states, given.planned.steps, strict=True)
    rows = [
        {
            "Step": state.title, "Gate": state.verdict, "Waits for": listed(state.lacking) or "nothing",
            # An amount of defaults is nobody's.
            "Plan": said_of_plan(own, currency) if given.scenario else state.step.why,
        }
        for state, own in steps
    ]  # fmt: skip
    if not given.scenario:
        rows = [{"Why" if name == "Plan" else name: cell for name, cell in row.items()} for row in rows]
    yield Slide(
        plain(where(given.states)), table=Table.of(pd.DataFrame(rows), 1.6, 0.8, 2.6, 3.4), source=sources(given)
    )
    found = outlook(given.planned_on, given.planned, given.states) if given.scenario else None
    if found and found.whole and found.waiting:
        plot = plots.roadmap(roadmap_charts.whole(found.whole))
        words = [Said(plain(note)) for note in (*found.whole.notes, found.waiting.sentence)]
        yield Slide(plot.title, words=tuple(words), plot=plot, source=sources(given))


def _economics(given: Given) -> Iterator[Slide]:
    assert given.scenario is not None  # noqa: S101  asked before
    market, focus, source = given.scenario.market, given.focus, sources(given)
    said = [Said(plain(comes_to(name, given.results, market, given.samples))) for name in given.results]
    said += [Said(plain(line)) for line in responses(given.scenario)]
    fan = one_page.plot(given)
    yield Slide(fan.title if fan else "", words=tuple(said), plot=fan, source=source)
    if plot := _waterfall(given):
        yield Slide(plot.title, plot=plot, source=source)
    yield from _tornado(given)
    table = economics.comparison(given.results, {}, market.months, market.currency).reset_index()
    yield Slide(
        f"Every figure of the scenario, {count(market.months, 'month')}",
        table=Table.of(table, 2, *[1.0] * (len(table.columns) - 1)),
        source=(*source, plain(of_customers(market, given.results[focus].cohort))),
    )


def _waterfall(given: Given) -> Plot | None:
    """From the baseline to the scenario where there is one, else from revenue to contribution."""
    assert given.scenario is not None  # noqa: S101  asked before
    focus, currency = given.focus, given.scenario.market.currency
    if given.baseline:
        unit = exact_unit(_FIGURE)
        found = explain(given.baseline, given.scenario, focus, _FIGURE, unit)
        names = (plain(given.kept[0].name), "This scenario")
        if found and found.steps:
            return plots.steps(charts.waterfall(found, _FIGURE, names, currency, unit))
    return plots.steps(charts.statement(given.results[focus], focus, given.scenario.market.months, currency))


def _tornado(given: Given) -> Iterator[Slide]:
    assert given.scenario is not None  # noqa: S101  asked before
    focus, currency = given.focus, given.scenario.market.currency
    bars = sensitivity.tornado(given.scenario, focus, _FIGURE, given.samples.get(focus))
    drawn = charts.tornado(bars, _FIGURE, given.results[focus].figures[_FIGURE], currency)
    if not drawn.empty:
        plot = plots.tornado(drawn)
        words = (Said(sensitivity.note(given.scenario, focus, bars)),)
        yield Slide(plot.title, words=words, plot=plot, source=sources(given))


def _health(given: Given) -> Iterator[Slide]:
    assert given.program is not None  # noqa: S101  asked before
    assert given.settings is not None  # noqa: S101  it comes with a program
    ledger, settings, source = given.program.ledger, given.settings, sources(given)
    side = m.whole(ledger)[0]
    rows = [
        {"Figure": one.title, side: with_interval(one.unit, one.figure, ledger.currency), "Verdict": one.said,
         "What it says": one.sentence, "What to do": one.advice or "nothing"}
        for one in given.verdicts
    ]  # fmt: skip
    short, whole = plain(in_short(ledger, settings, given.rules)), plain(headline(ledger, settings, given.rules))
    said = (Said(whole),) if whole != short else ()
    if found := attention(ledger, settings, given.rules):
        wanting = [{"What": plain(one.finding), "By which figures": one.proof, "First": one.next} for one in found]
        yield Slide(short, words=said, table=Table.of(pd.DataFrame(wanting), 2, 3, 3), source=source)
    yield Slide(
        f"Every verdict of {side.lower()}" if found else short,
        words=() if found else said,
        table=Table.of(pd.DataFrame(rows), 1.4, 1.8, 1, 3.4, 3),
        source=source,
    )
    for drawn, make in _health_charts(given):
        if not drawn.empty:
            yield Slide(plain(drawn.title), words=(Said(_MEANS[make.__name__]),), plot=make(drawn), source=source)
    if "partners" in ledger.has:
        yield _partners(given)


_MEANS = {
    "by_age": "By age: all customers from their first payment on. With the 95 % interval over customers.",
    "cost_trend": "Each point is taken over the three months up to it.",
    "mrr_by_motion": "Closing MRR of each month.",
    "partners": "The partners with the largest MRR in the last month, the others together.",
}


def _health_charts(given: Given) -> Iterator[tuple[Chart, Callable[[Chart], Plot]]]:
    assert given.program is not None  # noqa: S101  asked before
    assert given.settings is not None  # noqa: S101  it comes with a program
    ledger, settings = given.program.ledger, given.settings
    if {"revenue", "ages"} & ledger.has:
        yield health_charts.retention(ledger, settings, tables.kept(ledger)), plots.by_age
    if "revenue" in ledger.has:
        yield health_charts.mrr_by_motion(ledger, settings), plots.mrr_by_motion
    if {"spend", "revenue"} <= ledger.has:
        yield health_charts.cost_trend(ledger, settings), plots.cost_trend
    if {"partners", "revenue"} <= ledger.has:
        yield health_charts.partners_by_mrr(ledger, settings, 10), plots.partners


def _partners(given: Given) -> Slide:
    assert given.program is not None  # noqa: S101  asked before
    assert given.settings is not None  # noqa: S101  it comes with a program
    whole = tables.partners(given.program.ledger, given.settings, given.rules.partners)
    shown = tables.for_print(whole, _PARTNERS).drop(columns=["Partner id", "Last signup"])
    shown["Name"] = [shortened(name, _NAME) for name in shown["Name"]]
    narrow = [{"Name": 2.4, "Why": 4.0, "Motion": 1.2, "Do": 1.2}.get(str(name), 1.1) for name in shown.columns]
    left = len(whole) - len(shown)
    foot = (
        f"The {count(len(shown), 'partner')} with the largest MRR; {left:,} more are on the page." if left > 0 else ""
    )
    return Slide(plain(tables.steps(whole)), table=Table.of(shown, *narrow), foot=foot, source=sources(given))


def _quality(given: Given) -> Iterator[Slide]:
    assert given.program is not None  # noqa: S101  asked before
    program, source = given.program, sources(given)
    limits = coverage.limits(program)
    words = [Said(plain(one)) for one in limits]
    if young := tables.immature(program.ledger, given.settings) if given.settings else "":
        words.append(Said(young))
    covered = coverage.line(program.ledger)
    words = [Said(plain(covered))] * bool(covered) + words
    title = "What limits these figures" if limits else "Nothing was found that limits these figures"
    yield Slide(title, words=tuple(words) or (Said("No remark."),), source=source)
    if program.findings:
        yield Slide("Attribution checks", table=Table.of(tables.findings(program.findings), 2, 1, 5), source=source)
    read = (
        files.files(program)[["File", "Read as", "Rows", "Accepted", "Rejected"]] if program.files else pd.DataFrame()
    )
    if len(read):
        read = read.assign(
            **{name: [f"{number:,}" for number in read[name]] for name in ("Rows", "Accepted", "Rejected")}
        )
        yield Slide("What became of each file", table=Table.of(read, 4, 1.4, 1, 1, 1, most=90), source=source)


def _definitions(given: Given) -> Iterator[Slide]:
    rows = []
    if given.program:
        shown = {one.shown for one in given.verdicts}
        currency = given.program.ledger.currency or "currency not stated"
        rows += [(one.title, one.unit.named(currency), one.definition) for one in m.METRICS if one.id in shown]
    if given.scenario:
        currency = given.scenario.market.currency
        rows += [(one.title, one.unit.named(currency), one.definition) for one in FIGURES]
    if rows:
        frame = pd.DataFrame(rows, columns=["Figure", "Unit", "What it means"]).drop_duplicates()
        yield Slide("What the figures mean", table=Table.of(frame, 2, 1, 7, most=700), source=sources(given))
    settings = [*_settings(given)]
    if settings:
        frame = pd.DataFrame(settings, columns=["Of", "Setting", "Value"])
        yield Slide("Settings that the figures were made with", table=Table.of(frame, 2, 4, 2), source=sources(given))


_NOT_USED_AT_ZERO = {*NONE_AT_ZERO, *(name for names in LATER.values() for name in names)}
"""Terms that a scenario has or does not have; what it does not have is no setting of its figures."""


def _settings(given: Given) -> Iterator[tuple[str, str, str]]:
    if given.program and given.settings:
        for item in inputs(m.Settings):
            yield "Program health", item.title, _of_setting(item, getattr(given.settings, item.name))
    if given.scenario:
        currency = given.scenario.market.currency
        for place in places(given.scenario, given.focus):
            value, spread = given.scenario.at(place.key), given.scenario.ranges.get(place.key)
            if not value and not spread and place.key.rpartition(".")[2] in _NOT_USED_AT_ZERO:
                continue
            said = place.item.said(value, currency)
            if spread:
                said += f", {place.item.said(spread.low, currency)} to {place.item.said(spread.high, currency)}"
            yield f"Scenario: {NAMES[given.focus].lower()}", place.title, said
    if given.answers:
        by = given.fit_questions
        for name, answered in given.answers.items():
            yield "Answers", by[name].title, by[name].says(answered)


def _of_setting(item: Input, value: object) -> str:
    if item.name == "as_of":
        return month_name(int(str(value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return item.said(value) if isinstance(value, float) else f"{value} {item.unit}".strip()


SECTIONS: tuple[Part, ...] = (
    Part("one", "The one page", _any, lambda given: iter(())),
    Part("fit", "Which motion first", _answers, _fit),
    Part("readiness", "Readiness", _judged, _readiness),
    Part("roadmap", "Roadmap", _judged, _roadmap),
    Part("economics", "Economics", _scenario, _economics),
    Part("health", "Program health", _program, _health),
    Part("quality", "Data quality and coverage", _program, _quality),
    Part("definitions", "Definitions and settings", _any, _definitions),
)
"""Every section in the order of a pack; the one page is made with what its maker wishes."""


def offered(given: Given) -> tuple[Part, ...]:
    """Return the sections that can be had of what is there."""
    return tuple(part for part in SECTIONS if not part.lacks(given))


def lacking(given: Given) -> tuple[tuple[str, str], ...]:
    """Return the sections that can't be had yet: the name of each, and what it needs."""
    return tuple((part.title, part.lacks(given)) for part in SECTIONS if part.lacks(given))


def content(given: Given, wishes: Wishes) -> Content:
    """Return what a pack says. Raises MotionsError where nothing is there, or of what is wished nothing can be had."""
    parts = [part for part in offered(given) if not wishes.sections or part.id in wishes.sections]
    if not parts:
        raise MotionsError("There is nothing to make a pack of. Load files, set a scenario, or answer questions.")
    made = [
        Section(
            part.id, part.title, (one_page.slide(given, wishes),) if part.id == "one" else tuple(part.slides(given))
        )
        for part in parts
    ]
    whose = "A fictional vendor" if given.sample else plain(given.name)
    return Content(
        title=plain(wishes.title) or "Partner-led growth",
        subtitle=" · ".join(filter(None, (f"For {plain(wishes.audience)}" if wishes.audience.strip() else "", whose))),
        notes=tuple(filter(None, map(plain, wishes.notes.splitlines()))),
        as_of=one_page.as_of(given),
        sample=given.sample,
        sections=tuple(one for one in made if one.slides),
    )
