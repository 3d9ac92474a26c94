"""The overview of a program, a scenario or answers: the decision, what it comes to, and what needs attention."""

import streamlit as st

from motions.charts import economics as charts
from motions.charts.cohorts import retention
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import in_short, stands_out, verdicts
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.results import answer
from motions.economics.model.run import run
from motions.playbook import Fit
from motions.text import count, first_sentence, month_name
from pages import _ui
from pages._health.views import opened_by
from pages._session import loaded

_MOST = 3
"""things that need attention, shown at once"""


def show(program: Program | None, scenario: Scenario, fit: Fit) -> None:
    """Show what is there; what is missing says where it comes from."""
    settings = m.Settings(as_of=program.ledger.last_month) if program else None
    _top(program, settings, scenario, fit)
    left, right = st.columns([2, 1], gap="small")
    with left, st.container(border=True, height="stretch", gap="xsmall"):
        _chart(program, settings, scenario)
    with right:
        _attention(program, settings, fit)
    if program and settings:
        _tiles(program, settings)


def _top(program: Program | None, settings: m.Settings | None, scenario: Scenario, fit: Fit) -> None:
    sample = ":orange-badge[:material/science: Sample] " if loaded.is_sample() else ""
    what = f"{_whose()} · {month_name(settings.as_of)}" if settings else "No program loaded"
    if fit.first and fit.ask:
        what += f" · {count(len(fit.ask), 'unanswered question')} can still change the choice"
    st.markdown(f"{sample}:small[:gray[{_ui.text(what)}]]")
    if fit.first:
        st.title(_ui.text(first_sentence(fit.headline)[0]), anchor=False)
    elif program and settings:
        st.title(_ui.text(in_short(program.ledger, settings, loaded.rules())), anchor=False)
    else:
        name, outcome = next(iter(run(scenario).items()))
        market = scenario.market
        st.title(_ui.text(answer(name, outcome.figures, market.months, market.currency)), anchor=False)


def _whose() -> str:
    return "A fictional vendor" if loaded.is_sample() else loaded.connection() or "Your program"


def _chart(program: Program | None, settings: m.Settings | None, scenario: Scenario) -> None:
    """What the scenario would earn, if somebody has set one; else whether the program's customers stay."""
    if scenario.touched:
        results, market = run(scenario), scenario.market
        _ui.chart(charts.contribution(results, {}, market.currency, {}, 320), "overview_contribution")
        for name, outcome in results.items():
            st.caption(_ui.text(answer(name, outcome.figures, market.months, market.currency)))
        _ui.link("pages/simulate.py", "Change margins and payouts")
    elif program and settings and "revenue" in program.ledger.has:
        _ui.chart(retention(program.ledger, settings, tables.kept(program.ledger), m.PARTNER), "overview_retention")
        st.caption("By age: all customers from their first payment on.")
        _ui.link("pages/simulate.py", "What would it earn? Set price, margin and payouts")
    else:
        st.markdown("#### What would it earn?", anchors=False)
        st.markdown("No price, margin or payout of yours is set yet. What defaults come to would be nobody's figure.")
        _ui.link("pages/simulate.py", "Set price, margin and payouts")


def _attention(program: Program | None, settings: m.Settings | None, fit: Fit) -> None:
    found = stands_out(program.ledger, settings, loaded.rules()) if program and settings else []
    data = {"data": "sample"} if loaded.is_sample() else {}
    for one in found[:_MOST]:
        side, view, called = opened_by(one)
        with st.container(border=True, height="stretch", gap="xxsmall"):
            _ui.badge(view, "bad")
            st.markdown(f"**{_ui.text(one.sentence)}**")
            _ui.link("pages/health.py", f"See {called.lower()}", side=side, view=view, **data)
    if program is None:
        with st.container(border=True, height="stretch", gap="xxsmall"):
            st.markdown("**Is it healthy?** Your exports of billing, CRM and partner platform say it.")
            _ui.link("pages/health.py", "Load your files")
    elif not found:
        with st.container(border=True, height="stretch", gap="xxsmall"):
            _ui.badge("Health", "good")
            st.markdown("**No motion stands out as worse than what it is compared with.**")
            _ui.link("pages/health.py", "Open program health", **data)
    with st.container(border=True, height="stretch", gap="xxsmall"):
        _ui.badge("Choice", "good" if fit.first and not fit.ask else "open")
        st.markdown(f"**{_ui.text(fit.headline)}**")
        _ui.link("pages/choose.py", "Choose by your answers and data")


def _tiles(program: Program, settings: m.Settings) -> None:
    with _ui.figures(6, "overview_figures"):
        for verdict in (one for one in verdicts(program.ledger, settings, rules=loaded.rules()) if one.tile):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _ui.figure(
                    *tables.tile(verdict, program.ledger.currency),
                    m.BY_ID[verdict.shown].definition,
                    verdict.said,
                    verdict.beside,
                    tables.recent(program.ledger, settings, m.PARTNER, verdict.shown),
                )
    st.caption(_ui.text(f"All partners. {tables.in_force(settings, program.ledger.currency)}."))
