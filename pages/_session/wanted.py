"""Whether what a session asked for is still wanted: until its tab is closed, and for so many seconds.

Streamlit ends a run where it shows something; a reading or a drawing that shows nothing for a minute asks here instead.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

from motions import work
from motions.errors import LimitError
from motions.limits import Limit
from motions.text import count
from pages._session.folders import connected

_spent = threading.local()


@contextmanager
def within(limit: Limit) -> Iterator[None]:
    """Let what is done inside of the block, in this thread, take as many seconds as a limit has."""
    before = getattr(_spent, "until", None)
    _spent.until = (time.monotonic() + limit.most, limit)
    try:
        yield
    finally:
        _spent.until = before


def of_session() -> work.Check | None:
    """Return what says why the work of this thread is to end; None outside of a session, as in a download."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return None
    session, until = context.session_id, getattr(_spent, "until", None)

    def check() -> BaseException | None:
        if Runtime.exists() and not connected(session):
            return StopException()
        if until and time.monotonic() > until[0]:
            return LimitError(_over(until[1]))
        return None

    return check


def _over(limit: Limit) -> str:
    return (
        f"This takes longer than {count(limit.most, limit.unit.removesuffix('s'))}, which is as long as the "
        f"{limit.what} may take here. Ask for less at once, or for it when fewer others are at work."
    )


work.ask(of_session)
