"""The inputs of the simulator that are known only as a range, and how they are drawn."""

from typing import Any

import streamlit as st

from motions.economics.answers.sensitivity import ends, movable, with_all_swings, with_swings
from motions.economics.inputs.keys import Place
from motions.economics.inputs.scenario import Range, Scenario
from motions.errors import ScenarioError
from motions.fields import Input
from motions.units import NONE
from pages import _ui
from pages._simulate import address


def toggle(scenario: Scenario) -> None:
    """Show whether inputs are drawn from ranges; turned off and on again, the ranges are the same."""
    address.show("view_ranges", bool(scenario.ranges))
    st.toggle(
        "Ranges", key="view_ranges", on_change=_turn, args=(scenario,),
        help="Draws every input of the programs shown from ±20 % about its value, or from the ranges that you set "
        "under All inputs. The band holds 80 % of the draws.",
    )  # fmt: skip


def _turn(scenario: Scenario) -> None:
    if st.session_state["view_ranges"]:
        last = st.session_state.get("ranges_before")
        # Ranges lie about the values that inputs had: they move along with those that have moved since.
        address.go_to(
            scenario.replace(ranges=last.model_dump()["ranges"]).following(last) if last else with_all_swings(scenario)
        )
    else:
        st.session_state["ranges_before"] = scenario
        address.go_to(scenario.replace(ranges={}))


def edit(scenario: Scenario, name: str) -> Scenario:
    """Show which inputs are known only as a range, and how they are drawn."""
    st.caption(
        "An input with a range is drawn from it: it holds 90 % of the likely values. The line is the value itself."
    )
    places = {place.key: place for place in movable(scenario, name)}
    mine = [key for key in scenario.ranges if key in places]
    with st.container(horizontal=True):
        st.button("±20 % on every input", on_click=address.go_to, args=(with_swings(scenario, name),), key="range_all")
        st.button(
            "No ranges", on_click=address.go_to, args=(scenario.replace(ranges={}),), disabled=not scenario.ranges,
            key="range_none",
        )  # fmt: skip
    chosen = st.multiselect(
        "Inputs with a range", tuple(places), key=address.widget(f"ranged_{name}", mine),
        format_func=_ui.named({key: place.title for key, place in places.items()}), placeholder="Choose inputs",
    )  # fmt: skip
    ranges = {key: one for key, one in scenario.ranges.items() if key not in places}
    for key in chosen:
        ranges[key] = _range(places[key], scenario)
    draws = st.selectbox(
        "Draws", (1000, 2000, 5000, 10000), key=address.widget("draws", scenario.draws),
        help=_ui.text(Scenario.model_fields["draws"].description),
    )  # fmt: skip
    left, right = st.columns(2)
    return scenario.replace(
        ranges={key: one.model_dump() for key, one in ranges.items()},
        draws=draws,
        seed=_whole(left, scenario, "seed", 0, 999_999),
        payback_within=_whole(right, scenario, "payback_within", 1, 120),
    )


def _whole(column: Any, scenario: Scenario, field: str, low: int, high: int) -> int:
    about = Scenario.model_fields[field]
    item = Input(field, str(about.title), NONE, str(about.description), about.default, low, high, 1, (), int)
    with column:
        found: int = _ui.field(item, address.WIDGETS + field, getattr(scenario, field), scenario.market.currency)
    return found


def _range(place: Place, scenario: Scenario) -> Range:
    """Show the two ends of one input's range."""
    low, high, _ = ends(scenario, place)
    item, currency = place.item, scenario.market.currency
    key = place.key.replace(".", "_")
    st.markdown(f"**{_ui.text(place.name)}**, now {_ui.text(item.said(scenario.at(place.key), currency))}")
    left, right = st.columns(2)
    with left:
        low = _ui.amount(item, f"sim_range_{key}_low", low, currency, f"From ({item.unit_text(currency)})")
    with right:
        high = _ui.amount(item, f"sim_range_{key}_high", high, currency, f"To ({item.unit_text(currency)})")
    if low > high:
        raise ScenarioError(f"{place.name}: the range begins above its end. Make From the smaller one.")
    return Range(low=low, high=high)
