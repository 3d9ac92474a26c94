"""The presentation view: what its address says, and the chart of the view that it names."""

import streamlit as st

from motions.charts.style import Chart
from motions.economics.files import tables
from motions.economics.inputs.links import set_to_link, to_link
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.results import TITLES
from pages._simulate.views import VIEWS, Look
from pages._views import View

_PRESENTED = {view.name: view for view in VIEWS if view.chart}


def address(look: Look, asked: dict[str, str]) -> dict[str, str]:
    """Return the parameters of the presentation: the scenario, its baseline, and what is looked at.

    `asked` is what was asked in the open view: the figure of its chart, for one.
    """
    shown = {"s": to_link(look.scenario), "sim_focus": look.focus}
    view = st.session_state.get("sim_view")
    if figures := st.session_state.get("view_presented"):
        shown["figures"] = ",".join(figures)
    shown |= {"kept": set_to_link(look.kept)} if look.kept else {}
    return shown | ({"sim_view": view} | asked if view in _PRESENTED else {})


def said(scenario: Scenario) -> tuple[str, View[Look], tuple[str, ...]]:
    """Return program, view and figures that the address names, else the first of each."""
    program, view = st.query_params.get("sim_focus"), st.query_params.get("sim_view", "")
    wanted = str(st.query_params.get("figures", "")).split(",")
    figures = tuple(name for name in wanted if name in TITLES)[:3]
    return (
        program if program in scenario.shown else scenario.shown[0],
        _PRESENTED.get(view, VIEWS[0]),
        figures or tables.PRESENTED,
    )


def chart(view: View[Look], look: Look) -> Chart | str:
    """Return the chart of a view, of the first one where it can't be shown, or the words that say why there is none."""
    for one in (view, VIEWS[0]):
        if one.chart and not one.lacks(look):
            return one.chart(look)
    return ""
