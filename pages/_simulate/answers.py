"""The views of the simulator's answer that ask something themselves: goal seek, sensitivity, mix."""

from collections.abc import Callable, Mapping

import streamlit as st

from motions.charts import economics as charts
from motions.charts.style import Chart
from motions.economics.answers import goal, sensitivity
from motions.economics.answers.compare import chances
from motions.economics.answers.sensitivity import movable
from motions.economics.answers.uncertainty import Sample
from motions.economics.files import tables
from motions.economics.inputs.keys import Place, places
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.results import titles
from motions.economics.model.run import demands, mix_of_arr, run, taken
from motions.names import NAMES
from pages import _ui
from pages._simulate import address
from pages._views import Shown, answer

_OWN = "A question of your own"


def chances_line(scenario: Scenario, program: str, sample: Sample, pinned: Scenario | None) -> None:
    """Say how likely the program beats the pinned scenario, pays back in time and loses money."""
    found = chances(scenario, program, sample, pinned)
    said = _ui.text("; ".join(one.said for one in found))
    st.markdown(
        f"Chances for {_ui.text(NAMES[program])}: {said}. {scenario.draws:,} draws, seed {scenario.seed:d}.",
        help=_ui.text("Shares of the draws from all ranges at once; the table of all figures has P10 to P90 of each."),
    )


def seek_goal(scenario: Scenario, program: str) -> Shown:
    """Ask for a figure, its target and an input, and show the value of the input at which it is reached.

    Like the other views, it returns its answer and what was asked.
    """
    currency = scenario.market.currency
    by_key = {place.key: place for place in places(scenario, program)}
    asked = {one.words: one for one in goal.questions(scenario, program)}
    words = st.selectbox("Question", (*asked, _OWN), key=f"view_goal_{program}", bind="query-params")
    if words in asked:
        sought, target, key = asked[words].goal, asked[words].target, asked[words].key
    else:
        named = titles(currency)
        left, middle, right = st.columns([3, 2, 3])
        sought = left.selectbox(
            "Figure", tuple(named), 0, format_func=_ui.named(named), key="view_goal_figure", bind="query-params"
        )
        unit = charts.unit_title(sought, currency)
        shown = middle.number_input(
            _ui.text(f"Target ({unit})"),
            value=0.0,
            key="view_goal_target",
            help="What it should be.",
            bind="query-params",
        )
        key = right.selectbox(
            "Input to move",
            tuple(by_key),
            key=f"view_goal_input_{program}",
            format_func=_titles(by_key),
            bind="query-params",
        )
        target = goal.stored(sought, shown)
    place, found, shown_chart = goal_chart(scenario, program, sought, target, key)
    said = answer(shown_chart, "goal_chart", NAMES[program], figure=sought, target=repr(target), input=key)
    with st.container(horizontal=True):
        for number, value in enumerate(found.values[:3]):
            st.button(
                _ui.text(f"Set it to {place.item.said(value, currency)}"), key=f"goal_set_{number}",
                on_click=address.go_to, args=(scenario.moved(place.key, value),),
            )  # fmt: skip
    return said


def goal_chart(
    scenario: Scenario, program: str, sought: str, target: float, key: str
) -> tuple[Place, goal.Answer, Chart]:
    """Return the input of a key, the answer to a goal, and its chart."""
    place = {place.key: place for place in places(scenario, program)}[key]
    found = goal.seek(scenario, program, place, sought, target)
    return place, found, charts.goal(found, program, place, sought, target, scenario.market.currency)


def _titles(by_key: dict[str, Place]) -> Callable[[str], str]:
    return _ui.named({key: place.title for key, place in by_key.items()})


GENERIC = "Generic ± 20 %"
_VIEWS = ("Tornado", "Uncertainty", GENERIC, "Spider", "Two inputs")


def sensitivities(scenario: Scenario, program: str, sample: Sample | None) -> Shown:
    """Show which inputs move a figure: tornado, what explains the uncertainty, spider, a map of two inputs."""
    left, right = st.columns([2, 5])
    named = titles(scenario.market.currency)
    name = left.selectbox(
        "Figure", tuple(named), format_func=_ui.named(named), key="view_sense_figure", bind="query-params"
    )
    view = right.segmented_control(
        "View", _VIEWS, default="Tornado", key="view_sense", required=True, bind="query-params", wrap=True
    )
    asked = {"figure": name, "chart": view}
    if view == "Two inputs":
        order = strongest(scenario, program, name, sample)
        by_key = {one.key: one for one in movable(scenario, program)}
        first, second, third = st.columns([3, 3, 2])
        titled = _titles(by_key)
        across = first.selectbox("Across", order, 0, titled, key=f"view_across_{program}", bind="query-params")
        up = second.selectbox("Up", order, 1, titled, key=f"view_up_{program}", bind="query-params")
        unit = charts.unit_title(name, scenario.market.currency)
        shown = third.number_input(_ui.text(f"Line at ({unit})"), value=0.0, key="view_line", bind="query-params")
        asked |= {"across": across, "up": up, "line": repr(goal.stored(name, shown))}
    drawn, note = sense_chart(scenario, program, asked, sample)
    if drawn is None:
        st.info(_ui.text(note))
        return Shown(asked=asked)
    said = answer(drawn, f"sense_{view}", NAMES[program], **asked)
    if note:
        st.caption(_ui.text(note))
    return said


def strongest(scenario: Scenario, program: str, name: str, sample: Sample | None) -> tuple[str, ...]:
    """Return the keys of the inputs that can be moved, those that matter most to a figure first."""
    there = [one.key for one in movable(scenario, program)]
    first = [bar.place.key for bar in sensitivity.tornado(scenario, program, name, sample)]
    return tuple(dict.fromkeys((*(key for key in first if key in there), *there)))


def sense_chart(
    scenario: Scenario, program: str, asked: Mapping[str, str], sample: Sample | None
) -> tuple[Chart | None, str]:
    """Return the chart of a sensitivity as it was asked for and a note; or none, and the words that say why."""
    currency, name, view = scenario.market.currency, asked["figure"], asked.get("chart")
    if view == "Spider":
        return charts.spider(sensitivity.spider(scenario, program, name), name, currency), ""
    if view == "Two inputs":
        by_key = {one.key: one for one in movable(scenario, program)}
        across, up = asked["across"], asked["up"]
        if across == up:
            return None, "Choose two different inputs."
        here = (float(scenario.at(across)), float(scenario.at(up)))
        found = sensitivity.grid(scenario, program, name, by_key[across], by_key[up])
        return charts.heat(found, name, by_key[across], by_key[up], float(asked["line"]), here, currency), ""
    if view == GENERIC:
        bars = sensitivity.generic(scenario, program, name)
    else:
        bars = sensitivity.tornado(scenario, program, name, sample)
    if view == "Uncertainty":
        why = sensitivity.unexplained(bars)
        return (None, why) if why else (charts.explained(bars, name, currency), _TOGETHER)
    now = run(scenario, only=program)[program].figures[name]
    return charts.tornado(bars, name, now, currency), sensitivity.note(scenario, program, bars)


_TOGETHER = "What each input explains alone. What is missing to 100 % is what inputs do together, or noise."


def mix(scenario: Scenario, results: tables.Results) -> Shown:
    """Show which motions bring the closing ARR, and where they compete for the same customers."""
    currency = scenario.market.currency
    said = answer(charts.arr_mix(mix_of_arr(scenario, results), currency), "arr_mix")
    found = demands(scenario)
    if not found:
        st.info("No segments are set: each motion is run by itself. Set them under All inputs, Market.")
        return said
    _ui.chart(charts.demand(found), "demand")
    _ui.static_table(tables.segments(found))
    for line in (
        *tables.conflicts(taken(scenario), scenario.market.months, currency),
        *tables.outside(scenario, found),
    ):
        st.caption(_ui.text(line))
    return said
