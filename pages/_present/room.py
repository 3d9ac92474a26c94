"""What a presentation shows: each view that has a chart, from the session of who presents and from the address."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import streamlit as st

from motions import deals
from motions.charts import playbook as fit_charts
from motions.charts import roadmap as road_charts
from motions.charts.style import Chart
from motions.chosen import priced
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import verdicts
from motions.economics.answers.headline import comes_to
from motions.names import NAMES
from motions.playbook import rank
from motions.readiness.assess import assess
from motions.readiness.hands import from_answers
from motions.roadmap.gates import gates, unknown
from motions.roadmap.plan import plan
from motions.roadmap.waiting import outlook
from motions.text import count, money
from pages import _ui
from pages._choose import address as answers
from pages._choose import fit, readiness, roadmap
from pages._choose.look import Look as Choice
from pages._compare import asked
from pages._health import choices
from pages._health import views as health
from pages._health.look import Look as Health
from pages._overview import drawn
from pages._session import loaded, playbook
from pages._simulate import address, presented
from pages._simulate.views import VIEWS, Look
from pages._views import View

NO_PROGRAM = (
    "This view is of files, and they stay in the tab that they were loaded in. Load them in this tab to see it here."
)


class Room:
    """What the views look at, each worked out when the first view asks for it."""

    @cached_property
    def simulated(self) -> Look:
        """The scenario and what comes of it, with the program in focus."""
        scenario = address.current()
        focus = st.query_params.get("sim_focus") or st.session_state.get("sim_focus")
        return Look.of(scenario, focus if focus in scenario.shown else scenario.shown[0], address.kept())

    @cached_property
    def health(self) -> Health | None:
        """The program as it was looked at on its page; None where none is loaded."""
        program = loaded.current()
        if program is None:
            return None
        side, group, settings, ledger = choices.as_left(program.ledger)
        return Health(program, ledger, side, group, settings, verdicts(ledger, settings, group, loaded.rules()))

    @cached_property
    def choice(self) -> Choice:
        """The answers and what they come to."""
        program, scenario, own = loaded.current(), address.current(), playbook.current()
        given, by_hand, equal = answers.answers(), answers.hands(), answers.equal()
        said = {**from_answers(given), **by_hand}
        report = assess(program, None, scenario if scenario.touched else None, readiness.thresholds(), said)
        steps = roadmap.kept_states(given, report)
        return Choice(
            given, equal, rank(given, equal=equal, content=own.fit), report, priced(scenario, given), program,
            gates(steps), {}, by_hand, unknown(steps),
        )  # fmt: skip


@dataclass(frozen=True)
class Slide:
    """One view as the room sees it: the conclusion, where it is from, and its chart."""

    said: str
    where: str
    chart: Chart
    beside: Callable[[], None] | None = None
    """shows figures and differences between the conclusion and the chart"""


@dataclass(frozen=True)
class Shown:
    """A view that can be presented."""

    page: str
    view: str
    path: str
    slide: Callable[[Room], Slide | str]
    """the slide, or the words that say why there is none"""
    lacks: Callable[[Room], str]
    """the same words, without drawing anything"""

    @property
    def name(self) -> str:
        """Its name, which stands in the address too."""
        return f"{self.page}: {self.view}"


def _overview(room: Room) -> Slide | str:
    program, scenario = loaded.current(), address.current()
    settings = m.Settings(as_of=program.ledger.last_month) if program else None
    chart = drawn.chart(program, settings, scenario)
    if chart is None:
        return _nothing_set(room)
    if scenario.touched:
        look = room.simulated
        return Slide(
            drawn.conclusion(program, settings, scenario, room.choice.fit), "Overview", chart,
            partial(presented.beside, look),
        )  # fmt: skip
    return Slide(drawn.conclusion(program, settings, scenario, room.choice.fit), _whose("Overview"), chart)


def _nothing_set(room: Room) -> str:
    program = loaded.current()
    if address.current().touched or (program and "revenue" in program.ledger.has):
        return ""
    return "The overview has a chart once a program is loaded, or a scenario is set."


def _whose(page: str) -> str:
    return f"{page} · {'a fictional vendor' if loaded.is_sample() else 'your program'}"


def _fit(room: Room) -> Slide | str:
    look = room.choice
    said = f"Choose · {len(look.answers)} of {len(playbook.current().fit.questions)} questions answered"
    return Slide(fit.answer(look), said, fit_charts.places(look.fit))


def _unanswered(room: Room) -> str:
    return "" if room.choice.answers else "The ranking needs answers: give some on Choose."


def _roadmap(room: Room) -> Slide | str:
    look = room.choice
    states = roadmap.kept_states(look.answers, look.report)
    found = outlook(look.scenario, plan(look.scenario, states, roadmap.kept().planned), states)
    if found.whole is None:
        return found.lacking
    chart = road_charts.whole(found.whole, 300)
    return Slide(chart.title, "Choose · the whole roadmap", chart)


def _deal(room: Room) -> Slide | str:
    own = playbook.current()
    deal = asked.as_left(own)
    if len(deal.chosen) < 2:
        return "Choose at least two motions on Compare."
    found = deals.offers(own, deal.chosen, deal.price, deal.margin, deal.term)
    chart = fit_charts.same_deal(found, deal.term, deals.counted(own), narrow=_ui.on_phone())
    said = f"Compare · one customer at {money(deal.price)} a month, before program cost"
    return Slide(deals.answer(found, deal.price, deal.margin, deal.term), said, chart)


def _simulated(view: View[Look], room: Room) -> Slide | str:
    look, market = room.simulated, room.simulated.scenario.market
    if view.lacks(look) or view.chart is None:
        return view.lacks(look)
    chart = view.chart(look)
    if isinstance(chart, str):
        return chart
    over_time = view is VIEWS[0]
    said = comes_to(look.focus, look.results, market, look.samples)
    where = f"Simulate · {NAMES[look.focus]} over {count(market.months, 'month')} · {view.name}"
    return Slide(said if over_time else chart.title, where, chart, partial(presented.beside, look))


def _of_health(view: View[Health], room: Room) -> Slide | str:
    look = room.health
    if look is None:
        return NO_PROGRAM
    if lacking := _missing(view, room):
        return lacking
    chart = view.chart(look) if view.chart else ""
    if isinstance(chart, str):
        return chart
    only = f" · only {look.ledger.narrowed}" if look.ledger.narrowed else ""
    return Slide(chart.title, f"{_whose('Health')} · {look.side} · {tables.period(look.settings)}{only}", chart)


def _missing(view: View[Health], room: Room) -> str:
    if room.health is None:
        return NO_PROGRAM
    if "accounts" not in room.health.ledger.has and view.name != "Retention":
        return "These files say what is left of each cohort, and nothing else."
    return view.lacks(room.health)


def _never(room: Room) -> str:
    return ""


def _lacks(view: View[Look], room: Room) -> str:
    if not room.simulated.scenario.touched:
        return "No scenario is set yet. Figures made of defaults alone would be nobody's."
    return view.lacks(room.simulated)


_HEALTH_TOO = ("Every metric",)
"""views whose chart is that of another one: once is enough"""

SHOWN: tuple[Shown, ...] = (
    Shown("Overview", "The answer", "pages/overview.py", _overview, _nothing_set),
    Shown("Choose", "Fit", "pages/choose.py", _fit, _unanswered),
    Shown("Choose", "Roadmap", "pages/choose.py", _roadmap, _never),
    Shown("Compare", "One deal", "pages/compare.py", _deal, _never),
    *(
        Shown("Simulate", view.name, "pages/simulate.py", partial(_simulated, view), partial(_lacks, view))
        for view in VIEWS
        if view.chart
    ),
    *(
        Shown("Health", view.name, "pages/health.py", partial(_of_health, view), partial(_missing, view))
        for view in health.VIEWS
        if view.chart and view.name not in _HEALTH_TOO
    ),
)
"""all views that can be presented, in the order of the pages"""
BY_NAME = {one.name: one for one in SHOWN}
