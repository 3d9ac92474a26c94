"""The segment plan and the address bar: the table that the editor started from, its edits, and `plan` in the link.

What the editor returns is never handed back to it: it shows one table under one key until another plan takes its place.
A link that is opened, or the browser's Back, wins over the table; an edit writes a new link.
"""

from collections import deque
from typing import Any

import pandas as pd
import streamlit as st

from motions.errors import ScenarioError
from motions.playbook.plan_files import from_link, to_link
from motions.playbook.plan_rows import COLUMNS, Reading, edited, read_rows, to_frame
from motions.playbook.segment_plan import Plan

_OURS = ("plan_written", "plan_number")
"""What is kept here of plain values, beside widgets."""


def current() -> Reading:
    """Return the plan of the address bar, else the one of this session, with all edits. Twice in a run is the same."""
    link = st.query_params.get("plan", "")
    if link != st.session_state.get("plan_written", "") and _is_meant(link):
        _open(link)
    if editor_key() not in st.session_state:
        # No editor, no edits: it is drawn for the first time, or anew after another page or view.
        st.session_state["plan_from"] = st.session_state.get("plan_now", to_frame(Plan()))
    take_edits()
    return read_rows(st.session_state["plan_now"])


def take_edits() -> None:
    """Take over the edits made so far (the editor's callback).

    As a callback it is called even where those typed last come when another page or view is open already.
    """
    st.session_state["plan_now"] = edited(st.session_state["plan_from"], _edits())


def editor_key() -> str:
    """Return the key of the editor; each plan that is loaded has one of its own."""
    return f"plan_editor_{st.session_state.get('plan_number', 0)}"


def shown() -> pd.DataFrame:
    """Return the table that the editor is given: its columns by label, its rows by the numbers that problems name."""
    frame: pd.DataFrame = st.session_state["plan_from"].rename(columns={one.title: one.label for one in COLUMNS})
    return frame.set_axis(pd.RangeIndex(1, len(frame) + 1, name="Row"))


def load(reading: Reading, name: str) -> None:
    """Put another plan in the place of the table; `name` says where it comes from."""
    st.session_state["plan_now"] = to_frame(reading.plan)
    st.session_state["plan_number"] = st.session_state.get("plan_number", 0) + 1
    st.session_state["plan_loaded"] = (name, reading)


def set_column(title: str, cell: object) -> None:
    """Set all cells of a column, also where no page shows the table; edits made before are kept."""
    if "plan_now" in st.session_state:
        st.session_state["plan_now"] = (
            st.session_state["plan_now"].assign(**{title: cell}).astype(to_frame(Plan()).dtypes)
        )
        st.session_state["plan_number"] = st.session_state.get("plan_number", 0) + 1


def keep(plan: Plan) -> None:
    """Write the plan to the address bar."""
    link = to_link(plan) if plan.segments else ""
    st.session_state["plan_written"] = link
    _links().append(link)
    st.session_state["plan_seen"] = _seen()
    if link and st.query_params.get("plan") != link:
        st.query_params["plan"] = link
    elif not link:
        st.query_params.pop("plan", None)


def _open(link: str) -> None:
    _links().append(link)
    try:
        load(from_link(link) if link else Reading(Plan()), "The link")
    except ScenarioError as problem:
        st.session_state["plan_problem"] = str(problem)


def _is_meant(link: str) -> bool:
    """Return whether somebody asks for the link; else the address is only behind what was typed.

    One that this session has not written is opened. One that it has is the browser's Back, unless a widget was used
    just now, whichever it is: then the browser had not yet taken over the last link. A table that is drawn anew holds
    the latest edits.
    """
    if link not in _links():
        return bool(link)
    before, now = st.session_state.get("plan_seen", {}), _seen()
    used = any(key in before and before[key] != value for key, value in now.items() if value is not False)
    return editor_key() in st.session_state and not used


def _seen() -> dict[str, Any]:
    """The values of the widgets, and the edits. A button that was pressed becomes False by itself."""
    plain = (str, int, float, bool, tuple, list)
    values = {str(key): value for key, value in st.session_state.items() if isinstance(value, plain)}
    return {key: value for key, value in values.items() if key not in _OURS} | {"plan_edits": str(_edits())}


def _edits() -> dict[int, dict[str, Any]]:
    editor = st.session_state.get(editor_key())
    rows = editor["edited_rows"] if editor else {}
    titles = {column.label: column.title for column in COLUMNS}
    return {place: {titles.get(label, label): cell for label, cell in cells.items()} for place, cells in rows.items()}


def _links() -> deque[str]:
    """The links that this session has written, the last ones."""
    links: deque[str] = st.session_state.setdefault("plan_links", deque([""], maxlen=200))
    return links
