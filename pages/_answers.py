"""The views of the simulator's answer that ask something themselves: goal seek, sensitivity, mix."""

from typing import Any

import streamlit as st

from motions.charts import economics as charts
from motions.economics import goal, sensitivity, tables
from motions.economics.assumptions import PROGRAMS
from motions.economics.compare import chances
from motions.economics.places import Place, places
from motions.economics.results import TITLES
from motions.economics.run import demands, mix_of_arr
from motions.economics.scenario import Scenario
from motions.economics.uncertainty import Sample, drawn, simulate
from motions.names import NAMES
from motions.text import percent
from pages import _scenario, _ui

_OWN = "A question of your own"


def chances_line(scenario: Scenario, program: str, samples: dict[str, Sample], pinned: dict[str, Sample]) -> None:
    """Say how likely the program beats the baseline, pays back in time and loses money."""
    found = chances(scenario, samples[program], pinned.get(program))
    said = "; ".join(f"**{percent(one.share, 0)}** {_ui.text(one.words)}" for one in found)
    st.markdown(
        f"Chances for {NAMES[program]}: {said}. {scenario.draws:,} draws, seed {scenario.seed}.",
        help=_ui.text(
            "Shares of the draws from all ranges at once. Under the figures: P10 to P90, between which 80 % of draws "
            "lie. The line is one run at the values of the inputs."
        ),
    )


def seek_goal(scenario: Scenario, program: str) -> None:
    """Ask for a figure, its target and an input, and show the value of the input at which it is reached."""
    currency = scenario.market.currency
    by_key = {place.key: place for place in places(scenario, program)}
    asked = {one.words: one for one in goal.questions(scenario, program)}
    words = st.selectbox("Question", (*asked, _OWN), key=f"view_goal_{program}")
    if words in asked:
        sought, target, key = asked[words].goal, asked[words].target, asked[words].key
    else:
        left, middle, right = st.columns([3, 2, 3])
        sought = left.selectbox("Figure", tuple(TITLES), 0, format_func=TITLES.get, key="view_goal_figure")
        unit = charts.unit_title(sought, currency)
        shown = middle.number_input(f"Target ({unit})", value=0.0, key="view_goal_target", help="What it should be.")
        key = right.selectbox(
            "Input to move", tuple(by_key), key=f"view_goal_input_{program}", format_func=_titles(by_key)
        )
        target = goal.stored(sought, shown)
    place = by_key[key]
    found = goal.seek(scenario, program, place, sought, target)
    st.markdown(f"**{_ui.text(found.sentence)}**")
    _ui.chart(charts.goal(found, program, place, sought, target, currency), "goal_chart")
    with st.container(horizontal=True):
        for number, value in enumerate(found.values[:3]):
            st.button(
                _ui.text(f"Set it to {place.item.said(value, currency)}"), key=f"goal_set_{number}",
                on_click=_scenario.go_to, args=(scenario.moved(place.key, value),),
            )  # fmt: skip


def _titles(by_key: dict[str, Place]) -> Any:
    return lambda key: by_key[key].title if key in by_key else key


def sensitivities(scenario: Scenario, program: str, now: dict[str, float | None]) -> None:
    """Show which inputs move a figure: tornado, spider, a map of two inputs, and what explains the uncertainty."""
    currency = scenario.market.currency
    left, right = st.columns([2, 3])
    name = left.selectbox("Figure", tuple(TITLES), format_func=TITLES.get, key="view_sense_figure")
    view = right.segmented_control(
        "View", ("Tornado", "Spider", "Two inputs", "Uncertainty"), default="Tornado", key="view_sense", required=True
    )
    by_key = {place.key: place for place in sensitivity.movable(scenario, program)}
    if view == "Tornado":
        _ui.chart(charts.tornado(sensitivity.tornado(scenario, program, name), name, now[name], currency), "tornado")
        st.caption("Each input alone, at the ends of its range; one without a range at ±20 %.")
    elif view == "Spider":
        _ui.chart(charts.spider(sensitivity.spider(scenario, program, name), name, currency), "spider")
    elif view == "Two inputs":
        strongest = [bar.place.key for bar in sensitivity.tornado(scenario, program, name)]
        order = tuple(dict.fromkeys((*strongest, *by_key)))
        first, second, third = st.columns([3, 3, 2])
        across = first.selectbox("Across", order, 0, format_func=_titles(by_key), key=f"view_across_{program}")
        up = second.selectbox("Up", order, 1, format_func=_titles(by_key), key=f"view_up_{program}")
        shown = third.number_input(f"Line at ({charts.unit_title(name, currency)})", value=0.0, key="view_line")
        if across == up:
            st.info("Choose two different inputs.")
            return
        here = (float(scenario.at(across)), float(scenario.at(up)))
        found = sensitivity.grid(scenario, program, name, by_key[across], by_key[up])
        chart = charts.heat(found, name, by_key[across], by_key[up], goal.stored(name, shown), here, currency)
        _ui.chart(chart, "heat")
    else:
        _explained(scenario, program, name, by_key)


def _explained(scenario: Scenario, program: str, name: str, by_key: dict[str, Place]) -> None:
    numbers = drawn(scenario)
    if not numbers:
        st.info("No input has a range yet. Set some under Ranges, beside the other inputs.")
        return
    shares = sensitivity.explained(numbers, simulate(scenario, numbers)[program].measured[name])
    if not shares:
        st.info("This figure is unknown in some draws, or the same in all of them: nothing to explain.")
        return
    titled = [(by_key[key].name if key in by_key else sensitivity.name_of(key), share) for key, share in shares]
    _ui.chart(charts.explained(titled, name), "explained")
    st.caption("What each input explains alone. What is missing to 100 % is what inputs do together, or noise.")


def mix(scenario: Scenario, results: tables.Results) -> None:
    """Show which motions bring the closing ARR, and where they compete for the same customers."""
    currency = scenario.market.currency
    _ui.chart(charts.arr_mix(mix_of_arr(scenario, results), currency), "arr_mix")
    found = demands(scenario)
    if not found:
        st.info("No segments are set: each motion is run by itself. Set them under Market, beside the other inputs.")
        return
    _ui.chart(charts.demand(found), "demand")
    _ui.static_table(tables.segments(found))
    without = [NAMES[name] for name in PROGRAMS if name in scenario.shown and not any(name in d.motions for d in found)]
    if without:
        st.caption(f"Sells into no segment, and so to nobody: {', '.join(without)}.")
