"""The part of the app that runs in the browser, see tab.js: the history of the tab, and the token of its files.

Script and style are served as files, as a content security policy would refuse a script that stands in a message.
"""

import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

KEY = "tab"
_NAME, _VISIT, _THERE = "motions.tab", "tab_visit", "tab_there"
_HERE = Path(__file__).parent
_MANIFEST = ComponentManifest("motions", "1", [ComponentConfig("tab", _HERE.name)])


def show(token: str, forget: bool, on_token: Callable[[], None]) -> None:
    """Put the component on the page and have the tab hold a token, or forget the one it holds.

    `on_token` is called when the tab has brought one, which a session without a token asks for once.
    """
    st.session_state[_THERE] = _VISIT in st.session_state
    visit = st.session_state.setdefault(_VISIT, secrets.token_urlsafe(8))
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_NAME) is None:
        # Streamlit looks for such files in installed packages only, and this is none.
        manager.register_from_manifest(_MANIFEST, _HERE.parent)
    _component()(key=KEY, data={"visit": visit, "token": token, "forget": forget}, on_token_change=on_token)


@cache
def _component() -> Any:
    return st.components.v2.component(_NAME, js="tab.js", css="tab.css", isolate_styles=False)


def brought() -> str:
    """Return the token that the tab has brought, in the callback."""
    return str(st.session_state[KEY].token or "")


def write(name: str, text: str) -> bool:
    """Write a parameter of the address and return whether it stands there.

    Not in the first run of a session: until the script is there the browser would add an entry to its history.
    """
    if st.query_params.get(name) != text and st.session_state.get(_THERE):
        st.query_params[name] = text
    return st.query_params.get(name) == text
