"""What happens on this server, a line of JSON each: who did what, where and how long; never what was in it.

Who is a role and a number that a session is given by chance: no address, no token, no name of a file, no cell, and no
text of an error, as that may hold any of them. The lines go to the log of the process; the launcher has them written.
"""

import json
import logging
import secrets
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

Action = Literal["page", "upload", "read", "rejected", "limit", "left", "removed", "refused", "failed", "compared"]
Who = dict[str, str]
Counts = Mapping[str, float | str]
_NOTHING: Counts = {}
EVENTS = logging.getLogger("motions.events")
_WHO, _ROLE, _PAGE = "log_session", "log_role", "log_page"


def write_events() -> None:
    """Have the lines written to the standard error of the process, and faults of pages without what they say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    EVENTS.addHandler(handler)
    EVENTS.setLevel(logging.INFO)
    EVENTS.propagate = False
    logging.getLogger("streamlit.error_util").addFilter(_without_words)


def event(action: Action, seconds: float | None = None, counts: Counts = _NOTHING, by: Who | None = None) -> None:
    """Write one line. `counts` are numbers and words of ours: what, how many, how large.

    `by` says who it was where the session can't be asked any more, see `who`.
    """
    line: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "action": action}
    line |= who() if by is None else by
    if seconds is not None:
        line["seconds"] = round(seconds, 2)
    EVENTS.log(logging.ERROR if action == "failed" else logging.INFO, json.dumps(line | dict(counts)))


def opened(page: str, role: str) -> None:
    """Note the role of whoever is there and the page, and write a line when it is another page than before."""
    st.session_state[_ROLE] = role
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        event("page")


def failed(problem: BaseException) -> None:
    """Write of what kind a fault was and where in the code; its text is left out."""
    event("failed", counts={"kind": type(problem).__name__, "where": places(problem.__traceback__)})


def places(trace: TracebackType | None) -> str:
    """Return the places in the code that a fault went through, the last of them last."""
    frames = traceback.extract_tb(trace)
    return " > ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames[-6:])


def who() -> Who:
    """Return who is there: a number by chance, the role, the page; nothing outside of a session."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return {}
    state = st.session_state
    number = state.setdefault(_WHO, secrets.token_hex(4))
    return {"session": number, "role": state.get(_ROLE, ""), "page": state.get(_PAGE, "") or "overview"}


def _without_words(record: logging.LogRecord) -> bool:
    """Take the text out of a fault that Streamlit is about to write: of an exception it stands in its last line."""
    if record.exc_info and record.exc_info[0]:
        record.msg = f"{record.exc_info[0].__name__} at {places(record.exc_info[2])}"
        record.args, record.exc_info, record.exc_text = (), None, None
    return True
