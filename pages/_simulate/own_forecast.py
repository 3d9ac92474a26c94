"""A scenario beside the loaded program's own months: the forecast from where it is, and a plan laid on what came."""

from typing import Any

import streamlit as st

from motions import forecast as forecasts
from motions.charts import forecast as charts
from motions.cohorts.ledger.ledger import Ledger
from motions.economics.inputs.links import Kept, Named
from motions.economics.inputs.scenario import Scenario
from pages import _ui
from pages._simulate import own_data
from pages._views import Shown, answer

_TITLES = {name: one.title for name, one in forecasts.BY_NAME.items()}


def show(scenario: Scenario, program: str, kept: Kept) -> Shown | None:
    """Show a figure of a scenario over the program's months: its band, where it was left, and which input did it."""
    actual = own_data.at_hand("A scenario can be drawn on from your last months, and a kept one be laid on what came.")
    if actual is None:
        return None
    ledger = actual.ledger
    plan, name, first = _asked(ledger, (Named(name="Current", scenario=scenario), *kept))
    figure = forecasts.BY_NAME[name]
    if lacking := forecasts.lacks(ledger, plan, program, figure):
        st.info(_ui.text(lacking))
        return None
    found, bridge = _found(ledger, plan, program, figure, first)
    answered = answer(charts.course(found), "own_forecast")
    if found.empty:
        st.info("Set the scenario from your data: then it begins with the customers of its last month, by their age.")
        st.button("Set inputs from your data", key="own_to_inputs", on_click=own_data.open_inputs)
    if bridge is None:
        return answered
    _ui.chart(charts.bridge(bridge), "own_bridge")
    if said := forecasts.not_measured(bridge):
        st.caption(_ui.text(said))
    _ui.static_table(forecasts.table(found).set_index("Month"))
    return answered


def _asked(ledger: Ledger, plans: Kept) -> tuple[Scenario, str, int]:
    """Ask for the scenario, the figure and the calendar month of the scenario's first month."""
    left, middle, right = st.columns([3, 2, 2])
    by_name = {one.name: one.scenario for one in plans}
    chosen = left.selectbox(
        "Scenario", tuple(by_name), 0, key=f"view_own_plan_{len(plans)}",
        help="The current one, or one that you have kept under Scenarios.",
    )  # fmt: skip
    name = middle.selectbox("Figure", tuple(_TITLES), 0, _ui.named(_TITLES), key="view_own_figure", bind="query-params")
    plan, months = by_name[chosen], forecasts.months_to_begin(ledger)
    month = right.selectbox(
        "Its first month", tuple(months), forecasts.begins(ledger, plan), key=f"view_own_first_{plan.begins}",
        help="The calendar month that month 1 of the scenario stands for; one set from your data knows it.",
    )  # fmt: skip
    return plan, name, months[month]


def _found(ledger: Ledger, *asked: Any) -> tuple[forecasts.Course, forecasts.Bridge | None]:
    """What was found; the last one stays in the session, as a click elsewhere changes nothing of it."""
    kept = st.session_state.get("program_course")
    if kept is None or kept[0] is not ledger or kept[1] != asked:
        plan, program, figure, first = asked
        course = forecasts.course(ledger, plan, program, figure, first)
        kept = (ledger, asked, (course, forecasts.bridge(ledger, plan, program, course)))
        st.session_state["program_course"] = kept
    found: tuple[forecasts.Course, forecasts.Bridge | None] = kept[2]
    return found
