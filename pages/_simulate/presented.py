"""The presentation view: what its address says, and the chart of each view that can be presented."""

import math
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from motions.charts import economics as charts
from motions.charts.style import Chart
from motions.economics.answers.compare import columns
from motions.economics.answers.uncertainty import Sample
from motions.economics.files import tables
from motions.economics.inputs.keys import places
from motions.economics.inputs.links import Kept, set_to_link, to_link
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.partner_side import partner_side
from motions.economics.model.results import TITLES
from motions.economics.model.run import mix_of_arr, run
from motions.names import BASELINES
from pages._simulate import answers, kept_scenarios

# Not those of the user's own data, which stay out of addresses, and not the table, which is no chart.
_VIEWS = ("Over time", "Customer cost", "Partner's side", "Goal seek", "Sensitivity", "Scenarios", "Mix")


def address(scenario: Scenario, others: Kept, focus: str, asked: dict[str, str]) -> dict[str, str]:
    """Return the parameters of the presentation: the scenario, its baseline, and what is looked at.

    `asked` is what was asked in the open view: the figure of its chart, for one.
    """
    shown = {"s": to_link(scenario), "sim_focus": focus}
    view = st.session_state.get("sim_view")
    if figures := st.session_state.get("view_presented"):
        shown["figures"] = ",".join(figures)
    shown |= {"kept": set_to_link(others)} if others else {}
    return shown | ({"sim_view": view} | asked if view in _VIEWS else {})


def said(scenario: Scenario) -> tuple[str, str, tuple[str, ...]]:
    """Return program, view and figures that the address names, else the first of each."""
    program, view = st.query_params.get("sim_focus"), st.query_params.get("sim_view")
    wanted = str(st.query_params.get("figures", "")).split(",")
    figures = tuple(name for name in wanted if name in TITLES)[:3]
    return (
        program if program in scenario.shown else scenario.shown[0],
        view if view in _VIEWS else _VIEWS[0],
        figures or tables.PRESENTED,
    )


def chart(
    view: str, scenario: Scenario, focus: str, kept: Kept, results: tables.Results, samples: Mapping[str, Sample]
) -> Chart | str:
    """Return the chart of a view, or the words that say why there is none."""
    currency = scenario.market.currency
    if view == "Customer cost":
        return charts.cost_of_a_customer(results, currency)
    if view == "Partner's side" and focus not in BASELINES:
        earned = partner_side(scenario.program(focus), scenario.market, results[focus])
        return charts.partner_side(earned, focus, currency)
    if view == "Mix":
        return charts.arr_mix(mix_of_arr(scenario, results), currency)
    if view in ("Goal seek", "Sensitivity") or (view == "Scenarios" and kept):
        return _asked_for(view, scenario, focus, kept)
    pinned = kept[0].scenario if kept and kept[0].scenario.market.currency == currency else None
    return charts.contribution(results, run(pinned) if pinned else {}, currency, samples)


def _asked_for(view: str, scenario: Scenario, focus: str, kept: Kept) -> Chart | str:
    """The chart of a view in which something was asked."""
    asked = _asked(scenario, focus)
    if view == "Goal seek":
        target, key = float(asked["target"]), asked["input"]
        _, found, drawn = answers.goal_chart(scenario, focus, asked["figure"], target, key)
        return replace(drawn, title=found.sentence)
    if view == "Sensitivity":
        return answers.sense_chart(scenario, focus, asked)
    found = columns(kept_scenarios.beside_current(scenario, kept), focus)
    return kept_scenarios.side_by_side(found, asked["figure"]) or "The scenarios are in different currencies."


def _asked(scenario: Scenario, focus: str) -> dict[str, str]:
    """What the address asks of the view, with the first choice where it names nothing that there is."""
    asked = {key: str(value) for key, value in st.query_params.items()}
    if asked.get("figure") not in TITLES:
        asked["figure"] = tables.PRESENTED[0]
    order = answers.strongest(scenario, focus, asked["figure"])
    inputs = tuple(place.key for place in places(scenario, focus))
    for key, choices, default in (("across", order, order[0]), ("up", order, order[1]), ("input", inputs, inputs[0])):
        if asked.get(key) not in choices:
            asked[key] = default
    return asked | {key: _number(asked.get(key, "")) for key in ("line", "target")}


def _number(words: str) -> str:
    try:
        return words if math.isfinite(float(words)) else "0"
    except ValueError:
        return "0"
