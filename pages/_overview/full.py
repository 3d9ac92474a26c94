"""The overview of a program, a scenario or answers: the decision, what it comes to, and what needs attention."""

import streamlit as st

from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program
from motions.cohorts.tables import health as tables
from motions.cohorts.tables import overview
from motions.cohorts.verdicts import verdicts
from motions.economics.inputs.scenario import Scenario
from motions.playbook import Answers, Fit
from motions.readiness.assess import assess
from motions.readiness.hands import from_answers
from motions.roadmap.gates import StepState, headline
from motions.text import count, first_sentence, month_name
from pages import _ui
from pages._choose import readiness, roadmap
from pages._health.views import opened_by
from pages._overview import drawn
from pages._present import entry
from pages._session import loaded

_MOST = 3
"""things that need attention, shown at once"""


def show(program: Program | None, scenario: Scenario, fit: Fit, answers: Answers) -> None:
    """Show what is there; what is missing says where it comes from."""
    settings = m.Settings(as_of=program.ledger.last_month) if program else None
    _top(program, settings, scenario, fit)
    left, right = st.columns([2.05, 1], gap="small")
    with left, st.container(border=True, height="stretch", gap="xsmall"):
        _chart(program, settings, scenario)
    with right, st.container(gap="small", height="stretch"):
        _attention(program, settings)
    if program and settings:
        _tiles(program, settings)
    _roadmap(program, scenario, fit, answers)


def _top(program: Program | None, settings: m.Settings | None, scenario: Scenario, fit: Fit) -> None:
    sample = ":orange-badge[:material/science: Sample] " if loaded.is_sample() else ""
    what = f"{_whose()} · {month_name(settings.as_of)}" if settings else "No program loaded"
    if fit.first and fit.ask:
        what += f" · {count(len(fit.ask), 'unanswered question')} can still change the choice"
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{sample}:small[:gray[{_ui.text(what)}]]", width="stretch")
            entry.offer("Overview", "Overview")
        st.title(_ui.text(drawn.conclusion(program, settings, scenario, fit)), anchor=False)


def _whose() -> str:
    return "A fictional vendor" if loaded.is_sample() else loaded.connection() or "Your program"


def _chart(program: Program | None, settings: m.Settings | None, scenario: Scenario) -> None:
    """What the scenario would earn, if somebody has set one; else whether the program's customers stay."""
    shown = drawn.chart(program, settings, scenario)
    if shown and scenario.touched:
        _ui.chart(shown, "overview_contribution", level=2)
        for line in drawn.earnings(scenario):
            st.caption(_ui.text(line))
        _to_simulate("Change margins and payouts")
    elif shown:
        _ui.chart(shown, "overview_retention", level=2)
        _to_simulate("Set price, margin and payouts")
    else:
        st.header("What would it earn?", anchor=False)
        st.markdown("You have set no price, margin or payout yet. Figures made of defaults alone would be nobody's.")
        _to_simulate("Set price, margin and payouts")


def _to_simulate(label: str) -> None:
    if _ui.primary(label, "overview_simulate", "tune"):
        st.switch_page("pages/simulate.py")


def _attention(program: Program | None, settings: m.Settings | None) -> None:
    found = overview.attention(program.ledger, settings, loaded.rules()) if program and settings else ()
    data = {"data": "sample"} if loaded.is_sample() else {}
    for one in found[:_MOST]:
        side, view, called = opened_by(one.standing)
        with st.container(border=True, height="stretch", gap="xxsmall"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                _ui.badge(view, "bad")
                _ui.link("pages/health.py", f"See {called.lower()}", side=side, view=view, **data)
            st.markdown(f"**{_ui.text(one.finding)}**")
            if one.proof:
                st.caption(f"{_ui.text(one.proof)}  \n**Next:** {_ui.text(one.next)}")
    if program is None:
        with st.container(border=True, gap="xxsmall"):
            st.markdown("**Is it healthy?** Your exports of billing, CRM and partner platform say it.")
            _ui.link("pages/health.py", "Load your files")
    elif settings and not found:
        said = verdicts.headline(program.ledger, settings, loaded.rules())
        with st.container(border=True, gap="xxsmall"):
            _ui.badge("Health", "open" if said.startswith(verdicts.NOT_ENOUGH) else "good")
            st.markdown(f"**{_ui.text(first_sentence(said)[0])}**")
            if more := first_sentence(said)[1]:
                st.caption(_ui.text(more))
            _ui.link("pages/health.py", "Open program health", **data)


def _tiles(program: Program, settings: m.Settings) -> None:
    shown = overview.tiles(program.ledger, settings, loaded.rules())
    with st.container(key="overview_figures"):
        if _ui.on_phone():
            grids = [(st.grid(2, min_column_width=140, gap="small"), shown)]
        else:  # six beside one another, or three and three, never five and one
            halves = st.grid(2, min_column_width=520, gap="small")
            grids = [
                (halves.cell().grid(3, min_column_width=150, gap="small"), part) for part in (shown[:3], shown[3:])
            ]
        for grid, part in grids:
            with grid:
                for one in part:
                    with st.container(border=True, height="stretch", gap="xsmall"):
                        _ui.tile(one)
    said = tables.in_force(settings, program.ledger.currency)
    st.caption(_ui.text(f"{m.whole(program.ledger)[0]}. Changes are over a year. {said}."))


def _roadmap(program: Program | None, scenario: Scenario, fit: Fit, answers: Answers) -> None:
    """Show the four steps with where one stands, and who is first by the answers."""
    report = assess(
        program, None, scenario if scenario.touched else None, readiness.thresholds(), from_answers(answers)
    )
    steps = roadmap.kept_states(answers, report)
    st.header("Which motion first", anchor=False)
    st.markdown(f"{_ui.text(fit.headline)} {_ui.text(headline(steps))}")
    with st.grid(4, min_column_width=230, gap="small", key="overview_roadmap"):
        for state in steps:
            with st.container(border=True, height="stretch", gap="xxsmall"):
                _step(state)
    with st.container(horizontal=True):
        _ui.link("pages/choose.py", "Choose by your answers and data")
        _ui.link("pages/choose.py", "Open the roadmap", choose_view="Roadmap")


def _step(state: StepState) -> None:
    roadmap.mark(state)
    st.subheader(_ui.text(state.title), anchor=False)
    if state.here:
        st.badge("You are here", icon=":material/flag:", color="blue")
    elif state.verdict == "met":
        _ui.badge("Gate met", "good")
    st.caption(_ui.text(state.step.why))
