"""The session's program: files are spooled to a private folder, reduced, and dropped from the server's memory.

What stays in the session is the ledger (a few thousand rows), what was wrong with the files, and the token of the
folder, which is removed when no session has used it for a time, with "Remove my files", or when the server stops.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Mapping_
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.runtime.scriptrunner import RerunException, StopException, get_script_run_ctx

from motions import limits, work
from motions.cohorts.ledger.accounts import Attributed, read_attributed
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.program import Program, load_ledger, load_program
from motions.cohorts.reading.machine import told
from motions.cohorts.reading.mapping import Mapping
from motions.cohorts.reading.memory import Budget, give_back
from motions.cohorts.reading.opened import forget
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.remote.program import load_connection
from motions.cohorts.verdicts.rules import Rules, default_rules
from motions.errors import FileError, LimitError, MachineFault, MotionsError
from motions.names import filled
from motions.text import listed
from pages import _ui
from pages._session import log
from pages._session.folders import FOLDERS
from pages._session.wanted import within

BUDGET = Budget(limits.MEMORY.most)
"""shared by all sessions of this server"""
_READ = (
    "program", "program_is_sample", "program_unread", "program_error", "program_currencies", "program_accounts",
    "program_replay", "program_course",
)  # fmt: skip
"""What a reading leaves in the session: the next one begins without it."""
OWN = (
    *_READ, "program_files", "program_folder", "program_new", "program_connection", "program_rules",
    "program_mappings", "program_corrections", "program_in", "program_complete", "program_refused",
    "program_mapping_error", "program_before", "program_before_error",
)  # fmt: skip
"""All keys of the session that hold a program, or what belongs to one: these go when it is removed, and no others."""
_SAMPLE = Path(__file__).parents[2] / "sample_data"
_SAMPLE_FILES = ("accounts.csv", "revenue.csv", "partners.csv", "spend.csv")


def current() -> Program | None:
    """Return the program of this session: the user's own, the sample where it was asked for, or none."""
    if st.query_params.get("data") == "sample" and not files() and "program" not in st.session_state:
        use_sample()
    return st.session_state.get("program")


def is_sample() -> bool:
    """Return whether the program shown is the fictional one."""
    return bool(st.session_state.get("program_is_sample"))


def has_own() -> bool:
    """Return whether the program shown, or to be read, is the user's own."""
    return bool(files() or connection() or st.session_state.get("program")) and not is_sample()


def use_sample() -> None:
    """Show the sample program from now on (a button's callback)."""
    try:
        st.session_state["program"], st.session_state["program_is_sample"] = _sample(), True
    except MachineFault as problem:
        st.session_state["program_error"] = problem
        return
    for key in ("program_error", "program_unread"):
        st.session_state.pop(key, None)


@st.cache_resource(show_spinner="Reading the sample program")
def _sample() -> Program:
    """The sample holds nobody's data, so all sessions share it; no session's word for a motion is read in it."""
    with _scratch("The sample program") as folder, filled(None):
        return load_program([(name, _SAMPLE / name) for name in _SAMPLE_FILES], folder, _today())


@contextlib.contextmanager
def _scratch(what: str) -> Iterator[Path]:
    """A folder for the time of one reading, within what goes with this server. Raises MachineFault without room."""
    with told(what), tempfile.TemporaryDirectory(dir=FOLDERS.root()) as folder:
        yield Path(folder)


def files() -> dict[str, Path]:
    """Return the session's files by the name they came with."""
    spooled: dict[str, Path] = st.session_state.get("program_files", {})
    if spooled:
        FOLDERS.use(st.session_state.get("program_folder", ""), session())
    return spooled


def connections() -> dict[str, dict[str, Any]]:
    """Return the connections that the server's secrets name, by name."""
    try:
        named = st.secrets.get("connections", {})
    except StreamlitSecretNotFoundError:
        return {}
    return {name: dict(one) for name, one in named.items() if isinstance(one, Mapping_) and "url" in one}


def connection() -> str:
    """Return the name of the connection that the program is read from, empty for files."""
    name: str = st.session_state.get("program_connection", "")
    return name


def program_name() -> str:
    """Return what the program is called in titles and file names: the sample, its connection, or just a program."""
    return "sample" if is_sample() else connection() or "program"


def take_before() -> None:
    """Read the earlier ledger that was dropped, to say what changed since (a callback); its file is not kept."""
    dropped = st.session_state["before_file"]
    st.session_state["program_before"], st.session_state["program_before_error"] = None, None
    if dropped is None:
        return
    try:
        with _scratch("This file") as there, within(limits.READING):
            path = there / "before.csv"
            path.write_bytes(dropped.getvalue())
            st.session_state["program_before"] = load_ledger(dropped.name, path, there, _today())
    except FileError as error:
        st.session_state["program_before_error"] = error


def before() -> Ledger | None:
    """Return the earlier ledger that was dropped, if one was."""
    found: Ledger | None = st.session_state.get("program_before")
    return found


def use_connection() -> None:
    """Read the program of the connection that was chosen (a widget's callback)."""
    st.session_state["program_connection"] = st.session_state["connection"] or ""
    reduce()


def sources() -> tuple[Recognised, ...]:
    """Return what is known of each of the session's files, also of those that could not be read yet."""
    if is_sample():
        return ()
    program, problem = st.session_state.get("program"), st.session_state.get("program_error")
    found: tuple[Recognised, ...] = program.sources if program else getattr(problem, "sources", ())
    return found


def rules() -> Rules:
    """Return the rules in force: the session's own, or those of the app."""
    own: Rules | None = st.session_state.get("program_rules")
    return own or default_rules()


def own_rules() -> bool:
    """Return whether the rules in force are the session's own."""
    return "program_rules" in st.session_state


def forget_rules() -> None:
    """Judge by the rules of the app again (a button's callback)."""
    st.session_state.pop("program_rules", None)


def mappings() -> dict[tuple[str, ...], Mapping]:
    """Return the mappings that were dropped in, by the header that they are for."""
    own: dict[tuple[str, ...], Mapping] = st.session_state.setdefault("program_mappings", {})
    return own


def corrections() -> dict[str, Mapping]:
    """Return what was corrected by hand, by the name of the file: another with the same columns may differ."""
    own: dict[str, Mapping] = st.session_state.setdefault("program_corrections", {})
    return own


def correct(own: Mapping_[str, Mapping]) -> None:
    """Read the files again, those of these names as corrected."""
    corrections().update(own)
    reduce()


def as_found(name: str) -> None:
    """Forget what was corrected in a file (a button's callback)."""
    corrections().pop(name, None)
    reduce()


def choose_currency() -> None:
    """Show the amounts in the currency that was chosen (a widget's callback)."""
    st.session_state["program_in"] = st.session_state["currency"]
    reduce()


def is_complete(month: int) -> None:
    """Take a month that looks unfinished for whole (a button's callback)."""
    st.session_state["program_complete"] = {*st.session_state.get("program_complete", ()), month}
    reduce()


def own_files() -> None:
    """Look at the session's own files again (a button's callback)."""
    st.session_state.pop("program_connection", None)
    reduce()


def remove() -> None:
    """Remove the session's files and what was read from them (a button's callback)."""
    log.event("removed", counts={"files": len(files())})
    FOLDERS.remove(st.session_state.get("program_folder", ""))
    for key in OWN:
        st.session_state.pop(key, None)
    st.query_params.pop("data", None)  # or the sample would come in the place of what was removed
    give_back()


def remove_one() -> None:
    """Remove the file that was chosen, and read the others without it (a widget's callback)."""
    name = st.session_state["remove_one"]
    st.session_state["remove_one"] = None
    if path := files().pop(name, None):
        forget(path, folder())
        path.unlink(missing_ok=True)
    corrections().pop(name, None)
    if not files():
        remove()
        return
    st.session_state["program_unread"] = True


def unread() -> bool:
    """Return whether files were dropped, or a reading was interrupted, that the program shown says nothing of."""
    return bool(st.session_state.get("program_unread"))


def may_go_well() -> bool:
    """Return whether what could not be read may be read later: the machine failed, a limit was met, or a connection."""
    problem = st.session_state.get("program_error")
    if isinstance(problem, LimitError):
        return bool(files() or connection())
    return isinstance(problem, MachineFault) or bool(problem and connection())


def no_room_for(name: str, size: int) -> FileError | None:
    """Return why a file of so many bytes can't be taken into the session, None where it can."""
    others = [path for own, path in files().items() if own != name]
    if len(others) >= limits.FILES.most:
        return FileError(
            name, f"is one more than the {limits.FILES.most} files that a tab may have",
            "Put several months into one file, or remove what is not needed.",
        )  # fmt: skip
    if _bytes(others, size) > limits.STORED.bytes:
        said = f"would make it more than the {limits.STORED.most:,} MB that all files of a tab may have"
        return FileError(name, said, "Leave out months or columns that are not needed, or remove a file.")
    if FOLDERS.stored() + size > limits.DISK.bytes:
        repair = "Nothing else is lost. Try again later, or tell who runs the server."
        return FileError(name, "can't be kept, as this server has no room left for files", repair)
    return None


def _bytes(paths: Sequence[Path], more: int) -> int:
    return sum((path.stat().st_size for path in paths if path.exists()), start=more)


def add(name: str, path: Path) -> None:
    """Take a file into the session, in place of one with its name; it is read by `reduce`."""
    st.session_state.pop("program_connection", None)
    own = st.session_state.setdefault("program_files", {})
    if name in own:
        forget(own[name], folder())
        own[name].unlink(missing_ok=True)
    own[name] = path
    st.session_state.setdefault("program_new", []).append(name)
    st.session_state["program_unread"] = True


def use_mappings(own: Sequence[Mapping]) -> None:
    """Read the files again, those with the columns of these mappings by them."""
    mappings().update({mapping.header: mapping for mapping in own})
    st.session_state["program_unread"] = True


def use_rules(own: Rules) -> None:
    """Judge by the session's own rules from now on."""
    st.session_state["program_rules"] = own


def folder() -> Path:
    """Return the session's private folder. Raises OSError where nothing can be written."""
    path = FOLDERS.use(st.session_state.get("program_folder", ""), session())
    if path is None:
        token = st.session_state["program_folder"] = FOLDERS.new()
        path = FOLDERS.use(token, session())
    if path is None:
        raise OSError("the folder has gone")
    return path


def session() -> str:
    """Return the id of this session, empty outside of one."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def reduce() -> None:
    """Read the session's files, or its connection, into its program, showing progress."""
    st.session_state["program_unread"] = bool(files() or connection())
    if not unread():
        return
    bar = st.progress(0.0, "Looking at the tables" if connection() else "Looking at the files")
    for key in _READ:
        if key != "program_unread":  # until it is read: a run that is ended meanwhile says nothing any more
            st.session_state.pop(key, None)
    by = log.who()
    seconds = work.stopwatch()
    try:
        action = _read_or_say_why_not(bar)
    except (RerunException, StopException):
        log.event("left", seconds(), by=by)  # the user did something else, or has gone: the next run reads again
        raise
    st.session_state.pop("program_unread", None)
    log.event(action, seconds(), _sizes())
    bar.empty()


def _read_or_say_why_not(bar: Any) -> log.Action:
    """Read the session's program, or keep why it can't be read; the action that the log is told."""
    try:
        st.session_state["program"] = _read(bar)
    except MotionsError as problem:
        st.session_state["program_currencies"] = getattr(problem, "currencies", ())
        st.session_state["program_error"] = problem
        return "limit" if isinstance(problem, LimitError) else "rejected"
    except Exception as problem:
        st.session_state["program_error"] = _unforeseen(problem)
        return "rejected"
    st.session_state.pop("program_new", None)
    return "read"


def _sizes() -> log.Counts:
    """How much was read, for the log: no name and no cell."""
    program = st.session_state.get("program")
    own = tuple(files().values())
    found: dict[str, float | str] = {"files": len(own), "bytes": _bytes(own, 0)}
    if connection():
        found["from"] = "connection"
    if program:
        found |= {
            "rows": sum(one.rows for one in program.files),
            "rejected": sum(one.rejected for one in program.files),
        }
    return found


def _unforeseen(problem: Exception) -> FileError:
    """Return what to say of a reading that failed in a way that the app does not know, which an operator can look into.

    Without it the same files would end every later run too, those in which the bad one could be removed among them.
    """
    log.failed(problem)
    new = st.session_state.get("program_new") or files()
    return FileError(
        listed(list(new)) or "the connection", "could not be read, and the app does not know why",
        "The others are still here. Remove what can't be read, or upload it again as plain CSV.",
    )  # fmt: skip


@told("These files")
def _read(bar: Any, then: Callable[[Any], None] = lambda con: None) -> Program:
    """Read the connection, or the files, when it is their turn; `then` is for files only, see `load_program`."""
    if lost := [name for name, path in files().items() if not path.exists()]:
        raise FileError(listed(lost), "no longer on this server", "Upload it again, or remove it.")
    memory = BUDGET.needed(() if connection() else list(files().values()))
    shared: dict[str, Any] = {
        "folder": folder(),
        "today": _today(),
        "currency": st.session_state.get("program_in"),
        "progress": lambda share, step: bar.progress(min(share, 1.0), _ui.text(step)),
        "memory": memory,
    }
    waits = "Waiting: this server is reading other files first"
    with BUDGET.turn(memory, lambda: bar.progress(0.0, waits)), within(limits.READING):
        if name := connection():
            return load_connection(name, connections().get(name, {}), **shared)
        known: dict[str, Any] = {
            "mappings": tuple(mappings().values()),
            "corrections": corrections(),
            "complete": tuple(st.session_state.get("program_complete", ())),
        }
        return load_program(list(files().items()), **shared, **known, then=then)


def accounts() -> dict[str, Attributed]:
    """Return the accounts of the program shown that partners brought, by motion.

    They are read from the files again when they are first asked for, and stay in the private folder. Raises FileError
    where the files can't be read any more.
    """
    if is_sample():
        return _sample_accounts()
    program, kept = current(), st.session_state.get("program_accounts")
    if kept is None or kept[0] is not program:
        kept = st.session_state["program_accounts"] = (program, _read_accounts())
    found: dict[str, Attributed] = kept[1]
    return found


def _read_accounts() -> dict[str, Attributed]:
    found: dict[str, Attributed] = {}
    bar = st.progress(0.0, "Reading the accounts")
    try:
        _read(bar, lambda con: found.update(read_attributed(con, folder())))
    finally:
        bar.empty()
    return found


@st.cache_resource(show_spinner="Reading the accounts of the sample program")
def _sample_accounts() -> dict[str, Attributed]:
    found: dict[str, Attributed] = {}
    with _scratch("The sample program") as folder, filled(None):
        load_program(
            [(name, _SAMPLE / name) for name in _SAMPLE_FILES], folder, _today(),
            then=lambda con: found.update(read_attributed(con)),
        )  # fmt: skip
    return found


def _today() -> Any:
    return datetime.now(UTC).date()
