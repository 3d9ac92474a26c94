"""What-if for margins and payouts: the inputs that are moved and the answer stand side by side."""

import streamlit as st

from motions.charts import economics as charts
from motions.economics import tables
from motions.economics.results import FIGURES, answer
from motions.economics.scenario import run
from motions.names import NAMES
from pages import _scenario, _ui

_ui.require_frame()
scenario = _scenario.current()
pinned = _scenario.pinned()

st.title("What would it earn?", anchor=False)
scenario = _scenario.choose_programs(scenario)
answer_column, input_column = st.columns([5, 3], gap="medium")

with input_column, st.container(border=True):
    st.session_state.setdefault("sim_focus", scenario.shown[0])
    if st.session_state["sim_focus"] not in scenario.shown:
        st.session_state["sim_focus"] = scenario.shown[0]
    focus = st.segmented_control(
        "Program to change", scenario.shown, format_func=NAMES.get, key="sim_focus", required=True
    )
    scenario = _scenario.edit(scenario, focus)
    with st.container(horizontal=True):
        st.button("Pin to compare", on_click=_scenario.pin, args=(scenario,), key="pin")
        st.button("Unpin", on_click=_scenario.unpin, disabled=pinned is None, key="unpin")
        st.button(
            "Reset all", on_click=_scenario.start_again, args=(scenario,), key="reset",
            help="Sets every input of every program, and the market, back to its default.",
        )  # fmt: skip

_scenario.keep(scenario, pinned)
results = run(scenario)
before = run(pinned) if pinned else {}
months, currency = scenario.market.months, scenario.market.currency
figures = results[focus][1]
earlier = before[focus][1] if focus in before else None

with answer_column:
    st.markdown(f"**{_ui.text(answer(focus, figures, months, currency))}**")
    with _ui.figures(3, "sim_figures"):
        for name, title, unit, definition in FIGURES:
            if name in tables.TILES:
                value = getattr(figures, name)
                compared = tables.change(unit, value, getattr(earlier, name, None), currency)
                beside = compared or tables.beside(name, figures, months, currency)
                _ui.figure(title, tables.shown(unit, value, months, currency, name), definition, beside)
    drawn, costs, table, sought = st.tabs(
        ["Over time", "Cost of a customer", "Side by side", "Goal seek"], on_change="rerun", key="sim_view"
    )
    if drawn.open:
        with drawn:
            _ui.chart(charts.contribution(results, before, currency), "sim_contribution")
    if costs.open:
        with costs:
            _ui.chart(charts.cost_of_a_customer(results, currency), "sim_cost")
    if table.open:
        table.table(tables.comparison(results, months, currency).map(_ui.text), border="horizontal")
    if sought.open:
        with sought:
            _scenario.seek_goal(scenario, focus)

st.caption(
    "Expected values from the inputs, one run without chance. The help of each input says whether its default is the "
    "playbook's or ours. The address of this page holds every input: copy it to share the scenario."
)
monthly = st.expander(f"Month by month: {NAMES[focus]}", on_change="rerun", key="sim_monthly_open")
if monthly.open:
    with monthly:
        st.dataframe(tables.monthly(results[focus][0], currency), key="sim_monthly", alt="Monthly table of the program")
        _ui.download(
            "Download all programs (CSV)",
            "scenario-months.csv",
            lambda: tables.monthly_csv(results, currency),
            "sim_csv",
        )
meanings = st.expander("What these figures mean", on_change="rerun", key="sim_meanings")
if meanings.open:
    for _, title, _, definition in FIGURES:
        meanings.markdown(f"**{title}**: {_ui.text(definition)}")
