"""What a user drops, and what stands between it and the figures."""

import logging
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.typing import UploadedFile

from motions.cohorts.program import Program
from motions.cohorts.reading.mapping import read_mappings
from motions.cohorts.tables import coverage
from motions.cohorts.tables import files as tables
from motions.cohorts.verdicts.rules import read_rules
from motions.content import read_yaml
from motions.errors import ContentError, FileError
from motions.text import count, month_name
from pages import _ui
from pages._files import mapping_step
from pages._session import folders, loaded, log

_LOG = logging.getLogger("motions")
FIRST = 3
"""remarks that are shown at once"""


def uploader() -> None:
    """Show the upload, and turn what is dropped there into the session's program."""
    st.file_uploader(
        "Exports as CSV or Excel, also packed (gz, zip), and YAML with your mapping or rules",
        accept_multiple_files=True, key=_key(), on_change=_take,
        help="Several at once, in any order; they are recognised by their columns. A file with the name of one that is "
        "here replaces it. Files stay with this tab, also over a reload. When it is closed they are removed, after "
        f"{_ui.text(folders.longest())} at the latest.",
    )  # fmt: skip
    if loaded.unread():
        loaded.reduce()
        st.rerun()
    if names := tuple(loaded.connections()):
        st.session_state["connection"] = loaded.connection() or None
        st.selectbox(
            "Or a connection of this server", names, key="connection", on_change=loaded.use_connection,
            placeholder="Choose one", help="Its tables accounts, revenue, partners and spend are added up where they "
            "are. Nothing is written there.",
        )  # fmt: skip
    with st.container(horizontal=True):
        _ways_back()
    if loaded.own_rules():
        st.caption("Verdicts follow the rules that you dropped in.")


def _ways_back() -> None:
    """Offer to leave what is looked at, and to remove files: one, where others are to stay, or all."""
    if loaded.files() and (loaded.is_sample() or loaded.connection()):
        st.button("Back to my files", on_click=loaded.own_files, key="own_files")
    if loaded.files() or loaded.connection():
        label = "Remove my files" if loaded.files() else "Leave the connection"
        st.button(label, on_click=loaded.remove, key="remove_files")
    if loaded.may_go_well():
        st.button("Read again", on_click=loaded.reduce, key="read_again", type="primary")
    if len(loaded.files()) > 1:
        st.selectbox(
            "Remove one file", tuple(loaded.files()), index=None, key="remove_one", on_change=loaded.remove_one,
            placeholder="Remove one file", label_visibility="collapsed", width=240,
        )  # fmt: skip
    if loaded.own_rules():
        st.button("Judge by the app's rules again", on_click=loaded.forget_rules, key="forget_rules")


def _key() -> str:
    return f"upload_{st.session_state.setdefault('upload_generation', 0)}"


def _take() -> None:
    """Take what was dropped before the page is drawn (a callback): a widget that is drawn copies what it holds.

    That would be a second copy in memory, and nobody else is served while it is made. The new key empties the widget.
    """
    st.session_state["program_refused"] = []
    for upload in st.session_state[_key()]:
        if not isinstance(upload, UploadedFile):
            continue  # the server has lost it meanwhile
        if upload.name.lower().endswith((".yaml", ".yml")):
            _take_yaml(upload)
        else:
            _take_file(upload)
        _drop(upload.file_id)
    st.session_state["upload_generation"] += 1


def _take_file(upload: UploadedFile) -> None:
    if problem := loaded.no_room_for(upload.name, upload.size):
        log.event("limit", counts={"bytes": upload.size})
        st.session_state["program_refused"].append(problem)
        return
    # The name that came with the file is only ever shown; on disk it has one of ours.
    if path := _spooled(upload, f"{uuid4().hex}.csv"):
        loaded.add(upload.name, path)
        log.event("upload", counts={"bytes": upload.size})


def _spooled(upload: UploadedFile, name: str) -> Path | None:
    """Return where an upload was written to; where that fails it is said, and what was here before stays."""
    path = None
    try:
        path = loaded.folder() / name
        path.write_bytes(upload.getvalue())  # no copy, as a buffer or a read would be
    except OSError as problem:
        _LOG.exception("An upload could not be kept")
        if path:
            path.unlink(missing_ok=True)  # a part of it would take what room is left
        said = f"this server could not keep it ({problem.strerror or problem})"
        repair = "Nothing else is lost. Tell who runs the server, and upload it again later."
        st.session_state["program_refused"].append(FileError(upload.name, said, repair))
        return None
    return path


def _take_yaml(upload: UploadedFile) -> None:
    """Take over mappings or rules; what is wrong with them is said, and those in force stay."""
    path = _spooled(upload, "dropped.yaml")
    if path is None:
        return
    try:
        if "rules" in read_yaml(path, upload.name):
            loaded.use_rules(read_rules(path, upload.name))
        else:
            loaded.use_mappings(read_mappings(path, upload.name))
    except (ContentError, UnicodeDecodeError) as problem:
        said = problem if isinstance(problem, ContentError) else ContentError(upload.name, "the file", "is no text", "")
        st.session_state["program_refused"].append(said)
    finally:
        path.unlink()


def _drop(file_id: str) -> None:
    """Free the server's copy of an upload. Streamlit has no public call for it, so a change there must not hurt."""
    try:
        context: Any = get_script_run_ctx()
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file_id)
    except AttributeError:
        pass


def problems() -> None:
    """Show what stands between the files and their figures, where nobody overlooks it."""
    program = st.session_state.get("program")
    currencies = program.currencies if program else st.session_state.get("program_currencies", ())
    if len(currencies) > 1:
        chosen = st.session_state.get("program_in")
        st.session_state["currency"] = chosen if chosen in currencies else None
        st.selectbox(
            "Currency to show", currencies, key="currency", on_change=loaded.choose_currency,
            placeholder="The files hold several; amounts in two currencies are never added",
        )  # fmt: skip
    error = st.session_state.get("program_error")
    refused = [
        *st.session_state.get("program_refused", ()),
        *(program.refused if program else getattr(error, "refused", ())),
    ]
    # What is asked below need not be said as an error too.
    if error not in refused and not any(file.questions for file in loaded.sources()):
        refused.append(error)
    for problem in refused:
        if problem:
            _ui.error(problem)
    mapping_step.questions(loaded.sources())


def rejected(program: Program) -> bool:
    """Say how many rows of which files were rejected, with all of them as a file; returns whether there are any."""
    said = tables.rejected_summary(program)
    if said:
        with st.container(key="rejected", horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":orange-badge[:material/warning: Not counted] :small[{_ui.text(said)}]", width="stretch")
            rejected_rows(program)
    return bool(said)


def rejected_rows(program: Program) -> None:
    """Offer every rejected row with its reason, and as it stands in its file."""
    rejects = program.rejects
    paths = {file.name: file.original for file in program.sources}  # the download has no session
    _ui.download(
        "Download all rejected rows (CSV)",
        "rejected-rows.csv",
        lambda: tables.rejects_csv(rejects, paths),
        "rejects_csv",
    )


def limits(program: Program, first: int = FIRST) -> None:
    """Show the remarks that touch most of the figures, and the others on request; each says what to do.

    What is refused, rejected or asked stands elsewhere on the page.
    """
    said = {tables.rejected_summary(program), *(str(one) for one in program.refused)}
    found = [one for one in coverage.limits(program) if one.words not in said and not _asked(program, one.words)]
    if not found:
        return
    with st.container(key="limits", gap="xsmall"):
        for one in found[:first]:
            st.markdown(f":orange-badge[:material/warning: Limits these figures] :small[{_ui.text(str(one))}]")
        for month in sorted({month for one in program.ledger.coverage.tables.values() for month in one.unfinished}):
            st.button(
                _ui.text(f"{month_name(month)} is complete"),
                key=f"complete_{month}",
                on_click=loaded.is_complete,
                args=(month,),
            )
        if more := found[first:]:
            with st.expander(_ui.text(count(len(more), "more remark")), key="more_limits", type="compact"):
                for one in more:
                    st.markdown(f"- {_ui.text(str(one))}")


def _asked(program: Program, words: str) -> bool:
    """Whether a remark is a question that is put to the user anyway."""
    return any(words.endswith(question.asks) for file in program.sources for question in file.questions)
