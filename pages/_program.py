"""The session's program: files are spooled to a private folder, reduced, and dropped from the server's memory.

What stays in the session is the ledger (a few thousand rows), what was wrong with the files, and the folder, which
is removed with the session, with "Remove my files", or when the server stops.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from motions.cohorts import tables
from motions.cohorts.program import Program, load_program
from motions.errors import FileError, MixedCurrencies
from pages import _ui
from pages._folder import PrivateFolder

_SAMPLE = Path(__file__).parents[1] / "sample_data"
_SAMPLE_FILES = ("accounts.csv", "revenue.csv", "partners.csv", "spend.csv")


def current() -> Program | None:
    """Return the program of this session: the user's own, the sample where it was asked for, or none."""
    if st.query_params.get("data") == "sample" and not files() and "program" not in st.session_state:
        use_sample()
    return st.session_state.get("program")


def is_sample() -> bool:
    """Return whether the program shown is the fictional one."""
    return bool(st.session_state.get("program_is_sample"))


def use_sample() -> None:
    """Show the sample program from now on (a button's callback)."""
    st.session_state["program"], st.session_state["program_is_sample"] = _sample(), True
    st.session_state.pop("program_error", None)


@st.cache_resource(show_spinner="Reading the sample program")
def _sample() -> Program:
    """The sample holds nobody's data, so all sessions share it."""
    with tempfile.TemporaryDirectory(prefix="motions-") as folder:
        return load_program([(name, _SAMPLE / name) for name in _SAMPLE_FILES], Path(folder), _today())


def uploader() -> None:
    """Show the upload, and turn what is dropped there into the session's program."""
    generation = st.session_state.setdefault("upload_generation", 0)
    dropped = st.file_uploader(
        "CSV files: accounts, revenue, partners, spend", type=["csv", "txt", "tsv"], accept_multiple_files=True,
        key=f"upload_{generation}",
        help="Several at once, in any order; they are recognised by their columns. A file with the name of one that is "
        "here replaces it. Files stay in this session and are removed with it.",
    )  # fmt: skip
    if dropped:
        _spool(dropped)
        # A new key empties the widget: it would copy what it holds at every rerun.
        st.session_state["upload_generation"] = generation + 1
        _reduce()
        st.rerun()
    if files():
        st.button("Remove my files", on_click=remove, key="remove_files")


def problems() -> None:
    """Show what stands between the files and their figures, where nobody overlooks it."""
    program = st.session_state.get("program")
    currencies = program.currencies if program else st.session_state.get("program_currencies", ())
    if len(currencies) > 1:
        st.selectbox(
            "Currency to show", currencies, index=None, key="program_currency", on_change=_reduce,
            placeholder="The files hold several; amounts in two currencies are never added",
        )  # fmt: skip
    if problem := st.session_state.get("program_error"):
        _ui.error(problem)
    if program:
        for refused in program.refused:
            _ui.error(refused)
        for note in program.notes:
            st.warning(_ui.text(note))
        if program.rejects:
            st.warning(_ui.text(tables.rejected_summary(program)))


def files() -> dict[str, Path]:
    """Return the session's files by the name they came with."""
    spooled: dict[str, Path] = st.session_state.get("program_files", {})
    return spooled


def remove() -> None:
    """Remove the session's files and what was read from them (a button's callback)."""
    if folder := st.session_state.pop("program_folder", None):
        folder.remove()
    for key in ("program", "program_files", "program_error", "program_currencies", "program_is_sample"):
        st.session_state.pop(key, None)


def _spool(dropped: list[Any]) -> None:
    """Write the uploaded files to the private folder and drop the server's own copies."""
    if "program_folder" not in st.session_state:
        st.session_state["program_folder"] = PrivateFolder()
    folder = st.session_state["program_folder"].path
    spooled = st.session_state.setdefault("program_files", {})
    for upload in dropped:
        # The name that came with the file is only ever shown; on disk it has one of ours.
        path = folder / f"{uuid4().hex}.csv"
        with path.open("wb") as out:
            out.write(upload.getbuffer())
        if upload.name in spooled:
            spooled[upload.name].unlink(missing_ok=True)
        spooled[upload.name] = path
        _drop(upload.file_id)


def _drop(file_id: str) -> None:
    """Free the server's copy of an upload. Streamlit has no public call for it, so a change there must not hurt."""
    try:
        context = get_script_run_ctx()
        if context is not None:
            context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file_id)
    except AttributeError:
        pass


def _reduce() -> None:
    """Read the session's files into its program, showing progress."""
    bar = st.progress(0.0, "Looking at the files")
    folder = st.session_state["program_folder"].path
    for key in ("program", "program_error", "program_currencies", "program_is_sample"):
        st.session_state.pop(key, None)
    try:
        st.session_state["program"] = load_program(
            list(files().items()),
            folder,
            _today(),
            currency=st.session_state.get("program_currency"),
            progress=lambda share, step: bar.progress(min(share, 1.0), step),
        )
    except MixedCurrencies as problem:
        st.session_state["program_currencies"] = problem.currencies
        st.session_state["program_error"] = problem
    except FileError as problem:
        st.session_state["program_error"] = problem
    bar.empty()


def _today() -> Any:
    return datetime.now(UTC).date()
