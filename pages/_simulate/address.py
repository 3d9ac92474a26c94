"""The simulator's scenario and the address bar: `s` holds the scenario, `kept` those it is compared with.

The link is the state. A link that is opened, or the browser's Back, wins over the widgets; a widget that is moved
writes a new link.
"""

from collections import deque
from typing import Any

import streamlit as st

from motions.chosen import deal_of
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.links import MOST_KEPT, Kept, Named, from_link, set_from_link, set_to_link, to_link
from motions.economics.inputs.scenario import Scenario, default_scenario
from motions.errors import ScenarioError
from motions.names import NAMES, in_force, offered
from pages import _ui
from pages._components import tab
from pages._session import told

WIDGETS = "sim_"
"""Keys of the widgets that show the scenario begin with it, those of views with `view_`."""
PINNED = "Pinned"


def current() -> Scenario:
    """Return the scenario of the address bar, else the one of this session, else the presets."""
    written = st.session_state.get("scenario_written")
    link = st.query_params.get("s") or written
    if link is None:
        return default_scenario()
    if link != written and not _is_late(link):
        _forget_widgets()
    elif written is not None:
        link = written
    try:
        return from_link(link)
    except ScenarioError as problem:
        _ui.error(problem)
        return default_scenario()


def _is_late(link: str) -> bool:
    """Return whether the address is only behind: a widget was moved before the browser had taken the last link over.

    A link that this session wrote before, with no widget moved, is the browser's Back.
    """
    # A widget that is no longer there has not been moved.
    before, now = st.session_state.get("scenario_widgets", {}), _widget_values()
    moved = any(before[key] != value for key, value in now.items() if key in before)
    return moved and link in st.session_state.get("scenario_history", ())


def kept() -> Kept:
    """Return the scenarios that are kept side by side, the pinned one first."""
    link = st.query_params.get("kept") or st.query_params.get("pinned") or st.session_state.get("scenario_kept")
    if not link:
        return ()
    try:
        return set_from_link(link)
    except ScenarioError as problem:
        _ui.error(problem)
        set_kept(())
        return ()


def keep(scenario: Scenario, others: Kept) -> None:
    """Write the scenario, and what it is compared with, to the address bar."""
    link = to_link(scenario)
    if not tab.write("s", link):
        link = st.query_params.get("s", link)  # the same scenario, as the address still has it
    st.session_state["scenario_written"] = link
    st.session_state.setdefault("scenario_history", deque(maxlen=200)).append(link)
    st.session_state["scenario_widgets"] = _widget_values()
    if others:
        set_kept(others)


def set_kept(others: Kept) -> None:
    """Keep these scenarios, the first as the pinned one (also a button's callback)."""
    st.query_params.pop("pinned", None)
    if not others:
        st.session_state.pop("scenario_kept", None)
        st.query_params.pop("kept", None)
        return
    link = set_to_link(others)
    st.session_state["scenario_kept"] = link
    if st.query_params.get("kept") != link:
        st.query_params["kept"] = link


def pin(scenario: Scenario, others: Kept) -> None:
    """Compare with this scenario from now on; it is pinned (a button's callback)."""
    rest = tuple(one for one in others if one.name != PINNED)
    set_kept((Named(name=PINNED, scenario=scenario), *rest)[:MOST_KEPT])


def unpin(others: Kept) -> None:
    """Let go of the pinned scenario (a button's callback)."""
    set_kept(others[1:])


def start_again(scenario: Scenario) -> None:
    """Set every input back to its default; what is shown stays (a button's callback)."""
    go_to(default_scenario().replace(shown=scenario.shown))


def forget_range(key: str) -> None:
    """Let the fields of an input's range take their values from the scenario again: the range moves with its input."""
    for end in ("low", "high"):
        st.session_state.pop(f"{WIDGETS}range_{key.replace('.', '_')}_{end}", None)


def go_to(scenario: Scenario) -> None:
    """Open a scenario in the place of the current one (a button's callback)."""
    st.query_params["s"] = to_link(scenario)


def leave_for_compare() -> None:
    """Let Compare take the deal of its address, not the one that it was left with (a button's callback)."""
    for key in deal_of(default_scenario()):
        st.session_state.pop(key, None)


def choose_programs(scenario: Scenario) -> Scenario:
    """Show which programs are drawn."""
    chosen = st.pills(
        "Programs", offered(PROGRAMS, scenario.shown), selection_mode="multi", format_func=_ui.marked(NAMES), wrap=True,
        key=widget("shown", list(scenario.shown)),
        help="They are drawn together to be compared. Each is run by itself unless segments are set.",
    )  # fmt: skip
    return scenario.replace(shown=tuple(name for name in PROGRAMS if name in chosen) or scenario.shown)


def focus(scenario: Scenario) -> str:
    """Show which of the programs is looked at and changed.

    A bound widget writes what is shown into the address: with a name that stays in the session it is not bound.
    """
    kept: Any = {"bind": "query-params"} if in_force() is None else {"persist_state": "session"}
    named = {NAMES[name]: name for name in scenario.shown}
    if in_force() is not None and (asked := st.query_params.pop("sim_focus", None)) in named:
        st.session_state["sim_focus"] = named[str(asked)]
    if st.session_state.get("sim_focus") not in scenario.shown:
        st.session_state["sim_focus"] = scenario.shown[0]
    told.tell("sim_focus", scenario.shown[0])
    chosen = st.segmented_control(
        "Program to change", scenario.shown, format_func=_ui.marked(NAMES), key="sim_focus", required=True, wrap=True,
        label_visibility="collapsed", **kept,
    )  # fmt: skip
    return chosen or scenario.shown[0]


def show(key: str, value: Any) -> None:
    """Have a widget show a value that follows from something else; one that shows it already is left alone."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    told.tell(key, value)


def widget(name: str, value: Any) -> str:
    """Return the key of a widget, which has `value` until it is touched."""
    told.tell(WIDGETS + name, value)
    return WIDGETS + name


def _widget_values() -> dict[str, Any]:
    return {str(key): value for key, value in st.session_state.items() if str(key).startswith(WIDGETS)}


_VIEWS = {"sim_tabs", "sim_view", "sim_focus"}


def _forget_widgets() -> None:
    """Let every widget take its value from the scenario again; what is open stays open."""
    for key in set(_widget_values()).difference(_VIEWS):
        del st.session_state[key]
