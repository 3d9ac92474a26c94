"""Where uploaded files are while somebody uses them: a random token leads to a private folder.

A folder belongs to whoever holds its token, and is used by one session at a time. The tab of a browser holds it over a
reload, so that the session that comes then takes the folder over. It is removed when its token was not used for a
time-out, and a connected session counts as use: of a closed one the server lets go only when asked for another.
"""

import atexit
import contextlib
import importlib
import logging
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.runtime import Runtime

from motions.text import count

LOG = logging.getLogger("motions")
WINDOWS = os.name == "nt"
LAUNCHED = threading.Event()
"""set where pages/_server.py has started the server"""
_LOCK = "lock"
Whose = Literal["here", "elsewhere", "gone"]
"""where the folder of a token is, for a session that brings it"""
_NEW = 60
"""seconds in which a server that has just made its folder has surely locked it"""


@dataclass
class _Lease:
    """A folder, when it was last used, the session that uses it while it is connected, and what was made of it."""

    path: Path
    used: float
    session: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)


def connected(session: str) -> bool:
    """Return whether the tab of a session is open."""
    return Runtime.exists() and Runtime.instance().is_active_session(session)


def session_time_out() -> float:
    """Return the seconds until a closed session may go, as configured."""
    return float(st.get_option("server.disconnectedSessionTTL"))


def longest() -> str:
    """Say how long uploaded files are kept at the most when their tab is closed: see Folders."""
    seconds = session_time_out()
    return count(ceil((seconds + seconds / 2) / 60), "minute")


class Folders:
    """The private folders of one server, below one of its own that no other server takes for abandoned.

    A folder outlasts the session's time-out by a quarter, so that who comes back in time finds it; it is gone after
    another quarter, with nobody else there. `close` removes all, as does the end of the process.
    """

    def __init__(
        self,
        time_out: Callable[[], float] = session_time_out,
        connected: Callable[[str], bool] = connected,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._time_out, self._connected, self._clock = time_out, connected, clock
        self._leases: dict[str, _Lease] = {}
        self._root: Path | None = None
        self._lock: Any = None
        self._guard = threading.RLock()
        self._closed = threading.Event()

    def root(self) -> Path:
        """Return the server's folder; with the first call the thread begins that removes what nobody uses.

        Raises OSError where nothing can be written, or the server is stopping.
        """
        with self._guard:
            if self._closed.is_set():
                raise OSError("the server is stopping")
            if self._root is None or not self._root.is_dir():  # a system clears away what is old
                self._root = self._begun(first=self._root is None)
            return self._root

    def _begun(self, first: bool) -> Path:
        if said := moved():
            LOG.warning(said)
        root = Path(tempfile.mkdtemp(prefix="motions-"))
        if not first:
            self._lock.close()
        self._lock = (root / _LOCK).open("w+b")
        _is_ours(self._lock)
        if first:
            atexit.register(self.close)
            threading.Thread(target=self._watch, name="folders", daemon=True).start()
        return root

    def new(self) -> str:
        """Make a folder and return its token. Raises OSError where nothing can be written."""
        token, path = secrets.token_urlsafe(24), Path(tempfile.mkdtemp(dir=self.root()))
        with self._guard:
            self._leases[token] = _Lease(path, self._clock())
        return token

    def use(self, token: str, session: str = "") -> Path | None:
        """Return the folder of a token, which is used from now on; None when it has gone, or is another session's.

        A session that is named keeps the folder as long as it is connected.
        """
        with self._guard:
            lease = self._there(token)
            if lease is None or (session and lease.session not in ("", session)):
                return None
            lease.used, lease.session = self._clock(), session or lease.session
            return lease.path

    def keep(self, token: str, what: Mapping[str, Any]) -> None:
        """Keep what was made of the files as long as their folder, for the session that takes it over."""
        with self._guard:
            if lease := self._there(token):
                lease.kept = what

    def take_over(self, token: str, session: str) -> tuple[Whose, Mapping[str, Any]]:
        """Give a folder to the session that brings its token, with what was kept, unless another one is at work."""
        with self._guard:
            lease = self._there(token)
            if lease is None:
                return "gone", {}
            if lease.session not in ("", session) and self._connected(lease.session):
                return "elsewhere", {}
            lease.used, lease.session = self._clock(), session
            return "here", lease.kept

    def is_elsewhere(self, token: str, session: str) -> bool:
        """Return whether a folder was taken over by another session."""
        with self._guard:
            lease = self._there(token)
            return lease is not None and lease.session not in ("", session)

    def stored(self) -> int:
        """Return the bytes of all files of all sessions, what was made of them included."""
        with self._guard:
            places = [lease.path for lease in self._leases.values()]
        found = 0
        for path in (file for place in places for file in place.rglob("*")):
            with contextlib.suppress(OSError):  # gone meanwhile
                found += path.stat().st_size
        return found

    def remove(self, token: str) -> None:
        """Remove the folder of a token, if there is one."""
        with self._guard:
            lease = self._leases.pop(token, None)
        if lease:
            shutil.rmtree(lease.path, ignore_errors=True)

    def sweep(self) -> None:
        """Remove the folders that nobody uses, and those of servers that were killed; stay one that is in use."""
        now, lasts = self._clock(), self._time_out() + self._pause()
        with self._guard:
            for lease in self._leases.values():
                if lease.session and self._connected(lease.session):
                    lease.used = now
            over = [token for token, lease in self._leases.items() if lease.used + lasts <= now]
            if self._root:
                with contextlib.suppress(OSError):  # it has gone, and comes back with the next upload
                    os.utime(self._root / _LOCK)  # or a system would clear it away in some days, as nobody's
        for token in over:
            self.remove(token)
        _remove_abandoned()

    def close(self) -> None:
        """Remove everything, for good; a thread that is still writing is given a moment to notice."""
        self._closed.set()
        with self._guard:
            root, lock, self._root, self._lock = self._root, self._lock, None, None
            self._leases.clear()
        if root is None:
            return
        lock.close()  # or Windows would not remove it
        for _ in range(20):
            shutil.rmtree(root, ignore_errors=True)
            if not root.exists():
                return
            time.sleep(0.05)
        LOG.warning("Not all uploaded files could be removed: look into %s", root)

    def _there(self, token: str) -> _Lease | None:
        lease = self._leases.get(token)
        return lease if lease and lease.path.is_dir() else None

    def _pause(self) -> float:
        return self._time_out() / 4

    def _watch(self) -> None:
        while not self._closed.wait(self._pause()):
            try:
                self.sweep()
            except Exception:
                LOG.exception("Looking for folders that nobody uses failed; it is tried again")


def moved() -> str:
    """Return what to tell an operator whose temporary folder can't be written to, so that another one is used."""
    wanted = next((name for name in ("TMPDIR", "TEMP", "TMP") if os.environ.get(name)), None)
    if wanted is None or Path(os.environ[wanted]).absolute() == Path(tempfile.gettempdir()):
        return ""
    said = f"{wanted} is {os.environ[wanted]}, where nothing can be written"
    return f"{said}: uploaded files are kept in {tempfile.gettempdir()} instead"


def _remove_abandoned() -> None:
    """Remove the folders of servers that were killed: nobody holds their lock."""
    for lock in Path(tempfile.gettempdir()).glob(f"motions-*/{_LOCK}"):
        with contextlib.suppress(OSError):  # somebody else's, or gone meanwhile
            now, used = time.time(), lock.stat().st_mtime
            if used < now + _NEW and now < used + _NEW:  # one of much later is of before a clock was set back
                continue
            with lock.open("r+b") as file:
                abandoned = _is_ours(file)
            if abandoned:
                shutil.rmtree(lock.parent, ignore_errors=True)


def _is_ours(lock: Any) -> bool:
    """Take a lock and return whether that went well; it is held until the file is closed, or its process ends."""
    try:
        if WINDOWS:
            windows = importlib.import_module("msvcrt")
            windows.locking(lock.fileno(), windows.LK_NBLCK, 1)
        else:
            posix = importlib.import_module("fcntl")
            posix.flock(lock, posix.LOCK_EX | posix.LOCK_NB)
    except OSError:
        return False
    return True


FOLDERS = Folders()
"""those of this server"""
