"""The chosen chart and three figures, large and without controls, for a shared screen."""

import streamlit as st

from motions.charts import economics as charts
from motions.economics import tables
from motions.economics.partners import partner_side
from motions.economics.results import FIGURES, answer
from motions.economics.run import run
from motions.economics.uncertainty import active_ranges, simulate
from motions.names import BASELINES
from pages import _scenario, _ui

_ui.require_frame()
scenario = _scenario.current()
kept = _scenario.kept()
focus, view, chosen = _scenario.presented(scenario)
results = run(scenario)
before = run(kept[0].scenario) if kept and kept[0].scenario.market.currency == scenario.market.currency else {}
samples = simulate(scenario) if active_ranges(scenario) else {}
months, currency = scenario.market.months, scenario.market.currency

st.title(_ui.text(answer(focus, results[focus].figures, months, currency)), anchor=False)
with _ui.figures(3, "present_figures"):
    for shown in (figure for figure in FIGURES if figure.name in chosen):
        value = results[focus].figures[shown.name]
        spread = samples[focus].percentiles(shown.name) if focus in samples else None
        with st.container(border=True, height="stretch"):
            _ui.large(
                shown.title, tables.shown(shown.unit, value, months, currency, shown.name), shown.definition,
                tables.beside(shown.name, results[focus].figures, months, currency),
                tables.spread(shown.unit, spread, months, currency, shown.name),
            )  # fmt: skip
if view == "Customer cost":
    _ui.chart(charts.cost_of_a_customer(results, currency, height=450), "present_chart")
elif view == "Partner's side" and focus not in BASELINES:
    earned = partner_side(scenario.program(focus), scenario.market, results[focus])
    _ui.chart(charts.partner_side(earned, focus, currency, height=450), "present_chart")
else:
    _ui.chart(charts.contribution(results, before, currency, samples, height=450), "present_chart")
st.page_link("pages/simulate.py", label="Back to the simulator")
