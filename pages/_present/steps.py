"""Where a presentation is: its address says which view, and the chosen ones are stepped through."""

from itertools import pairwise
from typing import Any

import streamlit as st

from pages import _ui
from pages._present.entry import FIRST, OF_PAGE, VIEWS
from pages._present.room import BY_NAME, SHOWN, Room, Shown
from pages._simulate import presented

_AT, _STEPS = "present_at", "present_steps"
_ASKS = {"figure", "target", "input", "chart", "across", "up", "line", "scenario"}
"""what the address asks of one of the simulator's views, and of that one only"""
_OPENED = {"Health": "view", "Choose": "choose_view", "Simulate": "sim_view"}
"""the parameter of a page that says which view is open"""


def current() -> Shown:
    """Return the view that the address names, else the simulator's first one."""
    named = st.query_params.get("show") or f"Simulate: {st.query_params.get('sim_view', '')}"
    shown = BY_NAME.get(named, BY_NAME["Simulate: Over time"])
    st.session_state[_AT] = shown.name
    return shown


def buttons(shown: Shown, room: Room) -> None:
    """Show where one is, the way on and back, also by keys, and the way out."""
    chosen = st.session_state.get(VIEWS, FIRST)
    steps = [one.name for one in SHOWN if one is shown or (one.name in chosen and not one.lacks(room))]
    st.session_state[_STEPS] = steps
    at = steps.index(shown.name)
    st.button(
        "Previous", key="present_back", type="tertiary", shortcut="Left", on_click=_step, args=(False,), disabled=not at
    )
    st.markdown(f":small[:gray[{at + 1:d} of {len(steps):d}]]", width="content")
    st.button(
        "Next", key="present_on", type="tertiary", shortcut="Right", on_click=_step, args=(True,),
        disabled=at + 1 == len(steps),
    )  # fmt: skip
    with st.container(width="content"):
        st.page_link(shown.path, label=_ui.text(f"Back to {shown.page}"), query_params=_back(shown))


def _step(forward: bool) -> None:
    """Go to the next view or the one before (a button's callback); a second key in haste counts from where one is."""
    steps: list[str] = st.session_state[_STEPS] if forward else st.session_state[_STEPS][::-1]
    name = dict(pairwise(steps)).get(st.session_state[_AT], steps[-1])
    shown, query = BY_NAME[name], st.query_params
    others: dict[str, Any] = {key: query.get_all(key) for key in query if key not in {*_ASKS, "show", "sim_view"}}
    if shown.page == "Simulate":
        others |= {"sim_view": shown.view} | presented.asked_of(shown.view)
    else:
        others["show"] = name
    st.query_params.from_dict(others)
    st.session_state[_AT] = name


def _back(shown: Shown) -> dict[str, Any]:
    """The parameters of the page that a view is from, with that view open."""
    query = st.query_params
    keys = (*OF_PAGE[shown.page], "data", *(("s", "kept", "sim_focus") if shown.page == "Simulate" else ()))
    found: dict[str, Any] = {key: query.get_all(key) for key in keys if key in query}
    return found | ({_OPENED[shown.page]: shown.view} if shown.page in _OPENED else {})
