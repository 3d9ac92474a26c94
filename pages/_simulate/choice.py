"""Which view of the simulator is open: its name stands in the address, as `sim_view`."""

from collections.abc import Sequence

import streamlit as st

from pages import _ui
from pages._components import tab
from pages._simulate import address, range_inputs
from pages._simulate.views import CALIBRATE, GROUPS, VIEWS, Look
from pages._views import View

_BY_NAME = {view.name: view for view in VIEWS}


def current() -> View[Look]:
    """Return the view that the address names, if somebody opened a link or went back, else the one of this session."""
    linked = st.query_params.get("sim_view")
    if linked in _BY_NAME and linked != st.session_state.get("view_written"):
        st.session_state["sim_view"] = linked
    name = st.session_state.get("sim_view")
    if name not in _BY_NAME:
        name = st.session_state["sim_view"] = VIEWS[0].name
    if linked != name:
        tab.write("sim_view", name)
    st.session_state["view_written"] = name
    return _BY_NAME[name]


def choose(view: View[Look], look: Look) -> None:
    """Show the groups of views, the switch of ranges, the menu of calibration, and the views of the open group."""
    group = next((name for name, names in GROUPS.items() if view.name in names), None)
    address.show("view_group", group)  # none of them while the simulator is calibrated
    # On a phone the groups take a line of their own.
    above = st.container() if _ui.on_phone() else None
    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with above or line:
        st.segmented_control(
            "What to look at", tuple(GROUPS), key="view_group", on_change=_open_group, label_visibility="collapsed",
            width="stretch", wrap=True, format_func=_ui.marked({}),
        )  # fmt: skip
    with line:
        range_inputs.toggle(look.scenario)
        st.menu_button(
            "Calibrate", tuple(CALIBRATE), key="view_calibrate", on_click=_calibrate, icon=":material/straighten:",
            help="Sets inputs from your data, goes on from your last month, or pays your real partners by these terms.",
        )  # fmt: skip
    if group and len(GROUPS[group]) > 1:
        _pills(view, GROUPS[group], f"view_of_{group}")


def _pills(view: View[Look], names: Sequence[str], key: str) -> None:
    address.show(key, view.name)
    st.pills(
        "View", names, key=key, format_func=_ui.marked({}), on_change=_open, args=(key,), required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip


def _open(key: str) -> None:
    st.session_state["sim_view"] = st.session_state[key]


def _open_group() -> None:
    group = st.session_state["view_group"]
    if group:  # clicked again it would be let go
        st.session_state["sim_view"] = st.session_state.get(f"view_of_{group}", GROUPS[group][0])


def _calibrate() -> None:
    st.session_state["sim_view"] = CALIBRATE[st.session_state["view_calibrate"]]
