"""What a user drops, and what stands between it and the figures."""

import streamlit as st

from motions.cohorts import tables
from pages import _mapping, _program, _ui


def uploader() -> None:
    """Show the upload, and turn what is dropped there into the session's program."""
    generation = st.session_state.setdefault("upload_generation", 0)
    dropped = st.file_uploader(
        "CSV exports, and YAML with your mapping or rules", type=["csv", "txt", "tsv", "yaml", "yml"],
        accept_multiple_files=True, key=f"upload_{generation}",
        help="Several at once, in any order; they are recognised by their columns. A file with the name of one that is "
        "here replaces it. Files stay in this session and are removed with it.",
    )  # fmt: skip
    if dropped:
        _program.spool(dropped)
        # A new key empties the widget: it would copy what it holds at every rerun.
        st.session_state["upload_generation"] = generation + 1
        _program.reduce()
        st.rerun()
    if _program.files():
        st.button("Remove my files", on_click=_program.remove, key="remove_files")


def problems() -> None:
    """Show what stands between the files and their figures, where nobody overlooks it."""
    program = st.session_state.get("program")
    currencies = program.currencies if program else st.session_state.get("program_currencies", ())
    if len(currencies) > 1:
        st.selectbox(
            "Currency to show", currencies, index=None, key="program_currency", on_change=_program.reduce,
            placeholder="The files hold several; amounts in two currencies are never added",
        )  # fmt: skip
    for problem in (st.session_state.get("program_error"), st.session_state.get("program_yaml_error")):
        if problem and not any(file.questions for file in _program.sources()):
            _ui.error(problem)
    _mapping.questions(_program.sources())
    if program:
        for refused in program.refused:
            _ui.error(refused)
        for note in program.notes:
            st.warning(_ui.text(note))
        if program.rejects:
            st.warning(_ui.text(tables.rejected_summary(program)))
