"""The chosen chart and three figures, large and without controls, for a shared screen."""

import streamlit as st

from motions.economics.files import tables
from motions.economics.model.results import FIGURES, answer
from pages import _ui
from pages._simulate import address, presented
from pages._simulate.views import Look

_ui.require_frame()
scenario = address.current()
focus, view, chosen = presented.said(scenario)
look = Look.of(scenario, focus, address.kept())
results, samples = look.results, look.samples
months, currency = scenario.market.months, scenario.market.currency

st.title(_ui.text(answer(focus, results[focus].figures, months, currency)), anchor=False)
with _ui.figures(3, "present_figures"):
    for shown in (figure for figure in FIGURES if figure.name in chosen):
        value = results[focus].figures[shown.name]
        sample = samples.get(focus)
        spread, known = (sample.percentiles(shown.name), sample.known(shown.name)) if sample else (None, 1.0)
        with st.container(border=True, height="stretch"):
            _ui.large(
                shown.title, tables.shown(shown.unit, value, months, currency, shown.name), shown.definition,
                tables.beside(shown.name, results[focus].figures, months, currency),
                tables.spread(shown.unit, spread, months, currency, shown.name, known),
            )  # fmt: skip
chart = presented.chart(view, look)
if isinstance(chart, str):
    st.info(_ui.text(chart))
else:
    _ui.chart(chart.large(), "present_chart", as_table=False)
st.page_link("pages/simulate.py", label="Back to the simulator")
