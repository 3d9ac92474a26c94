"""What a user drops, and what stands between it and the figures."""

import streamlit as st

from motions.cohorts import tables
from pages import _mapping, _program, _ui


def uploader() -> None:
    """Show the upload, and turn what is dropped there into the session's program."""
    st.file_uploader(
        "CSV exports, and YAML with your mapping or rules", type=["csv", "txt", "tsv", "yaml", "yml"],
        accept_multiple_files=True, key=_key(), on_change=_take,
        help="Several at once, in any order; they are recognised by their columns. A file with the name of one that is "
        "here replaces it. Files stay in this session and are removed with it.",
    )  # fmt: skip
    if _program.unread():
        _program.reduce()
        st.rerun()
    if names := tuple(_program.connections()):
        st.session_state["connection"] = _program.connection() or None
        st.selectbox(
            "Or a connection of this server", names, key="connection", on_change=_program.use_connection,
            placeholder="Choose one", help="Its tables accounts, revenue, partners and spend are added up where they "
            "are. Nothing is written there.",
        )  # fmt: skip
    with st.container(horizontal=True):
        if _program.files() and (_program.is_sample() or _program.connection()):
            st.button("Back to my files", on_click=_program.own_files, key="own_files")
        if _program.files() or _program.connection():
            label = "Remove my files" if _program.files() else "Leave the connection"
            st.button(label, on_click=_program.remove, key="remove_files")
        if _program.own_rules():
            st.button("Judge by the app's rules again", on_click=_program.forget_rules, key="forget_rules")
    if _program.own_rules():
        st.caption("Verdicts follow the rules that you dropped in.")


def _key() -> str:
    return f"upload_{st.session_state.setdefault('upload_generation', 0)}"


def _take() -> None:
    """Take what was dropped before the page is drawn (a callback): a widget that is drawn copies what it holds.

    That would be a second copy in memory, and nobody else is served while it is made. The new key empties the widget.
    """
    _program.spool(st.session_state[_key()])
    st.session_state["upload_generation"] += 1


def problems() -> None:
    """Show what stands between the files and their figures, where nobody overlooks it."""
    program = st.session_state.get("program")
    currencies = program.currencies if program else st.session_state.get("program_currencies", ())
    if len(currencies) > 1:
        chosen = st.session_state.get("program_in")
        st.session_state["currency"] = chosen if chosen in currencies else None
        st.selectbox(
            "Currency to show", currencies, key="currency", on_change=_program.choose_currency,
            placeholder="The files hold several; amounts in two currencies are never added",
        )  # fmt: skip
    error = st.session_state.get("program_error")
    refused = [
        st.session_state.get("program_yaml_error"),
        *(program.refused if program else getattr(error, "refused", ())),
    ]
    # What is asked below need not be said as an error too.
    if error not in refused and not any(file.questions for file in _program.sources()):
        refused.append(error)
    for problem in refused:
        if problem:
            _ui.error(problem)
    _mapping.questions(_program.sources())
    if program:
        for note in program.notes:
            st.warning(_ui.text(note))
        if said := tables.rejected_summary(program):
            st.warning(_ui.text(said))
