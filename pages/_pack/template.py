"""A company's own slides as a template: dropped in, looked at, and kept in this session only."""

import streamlit as st
from streamlit.typing import UploadedFile

from motions.errors import FileError
from motions.out.pack import check_template
from motions.out.pack.template import LARGEST
from pages import _ui

_TEMPLATE, _PROBLEM, _TURN = "pack_template", "pack_template_problem", "pack_template_turn"


def current() -> bytes | None:
    """Return the template that was dropped in, if one was and it can be used."""
    kept: tuple[str, bytes] | None = st.session_state.get(_TEMPLATE)
    return kept[1] if kept else None


def choose() -> None:
    """Ask for a template, and say what is wrong with one."""
    kept, turn = st.session_state.get(_TEMPLATE), st.session_state.setdefault(_TURN, 0)
    if kept:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Template: **{_ui.text(kept[0])}**", width="stretch")
            st.button("Remove the template", key="pack_template_remove", on_click=_remove)
    else:
        st.file_uploader(
            "Your company's template (.pptx)", type=["pptx", "potx"], key=f"pack_file_{turn}",
            on_change=_take, args=(f"pack_file_{turn}",), max_upload_size=_MOST,
            help="Its layouts, colours and fonts are used; its slides are left out. It stays in this session.",
        )  # fmt: skip
    if problem := st.session_state.get(_PROBLEM):
        _ui.error(problem)


_MOST = round(LARGEST / 1e6)
"""megabytes"""


def _take(key: str) -> None:
    """Look at what was dropped (a callback)."""
    file = st.session_state[key]
    st.session_state[_PROBLEM] = None
    if not isinstance(file, UploadedFile):
        return
    packed = file.getvalue()
    try:
        check_template(file.name, packed)
    except FileError as problem:
        st.session_state[_PROBLEM] = problem
    else:
        st.session_state[_TEMPLATE] = (file.name, packed)
    st.session_state[_TURN] += 1  # a new key drops the server's copy of the file


def _remove() -> None:
    """Go back to the plain template (a button's callback)."""
    st.session_state.pop(_TEMPLATE, None)
