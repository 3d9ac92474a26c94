"""How much is taken at the most: of a file, of a tab's session, and of all sessions of a server together.

Every bound of the app stands here, with its unit and why it is what it is; what enforces one takes it from here. A site
may set those that name a variable of the environment, when the server starts.

Seconds are the clock's: the engine works in threads that it starts and ends itself, whose processor time nothing adds
up by session, and what waits for a disk or a database keeps its place too. "CPU seconds" are those of a process.
"""

import os
import warnings
from dataclasses import dataclass
from typing import Literal

Of = Literal["a file", "a session", "a server"]


@dataclass(frozen=True)
class Limit:
    """One bound: what is bounded, the most of it that is taken, and the reason."""

    of: Of
    what: str
    most: int
    unit: str
    why: str
    variable: str = ""
    """in the environment, where a site may say another number"""

    @property
    def bytes(self) -> int:
        """Return a limit of megabytes or kilobytes in bytes."""
        return self.most * {"MB": 1_000_000, "kB": 1_000}[self.unit]


def _limit(of: Of, what: str, most: int, unit: str, why: str, variable: str = "", least: int = 1) -> Limit:
    return Limit(of, what, max(said(variable, most), least), unit, why, variable)


def said(variable: str, usual: int) -> int:
    """Return the whole number that a variable of the environment says, or what is usual; what is none is warned of.

    >>> said("MOTIONS_OF_NOTHING", 7)
    7
    """
    text = os.environ.get(variable, "").strip() if variable else ""
    if text and not (text.isascii() and text.isdecimal()):
        warnings.warn(f"{variable} is '{text}', which is no whole number: {usual} counts", stacklevel=2)
        return usual
    return int(text[:12]) if text else usual


FILE = _limit("a file", "size", 500, "MB", "the server holds an upload in memory until it is on disk; see config.toml")
WORKBOOK = _limit("a file", "size of a workbook", 50, "MB", "it takes up to twenty times as much to open")
UNPACKED = _limit("a file", "what is packed in it", 500, "MB", "as much as a file that is not packed may have")
TABLES = _limit("a file", "sheets or packed files", 20, "tables", "more are an archive of something else")
COLUMNS = _limit("a file", "columns", 500, "columns", "each takes memory in the engine, however few its rows")
REJECTS = _limit("a file", "rows that don't fit", 20_000, "rows", "more are a file that was misunderstood")
WORKBOOK_TIME = _limit("a file", "opening a workbook", 60, "CPU seconds", "its process is ended then")
YAML = _limit("a file", "size of YAML", 500, "kB", "the playbook's largest file is a tenth of it")
YAML_VALUES = _limit("a file", "values in YAML", 20_000, "values", "aliases make many out of few bytes")

FILES = _limit("a session", "files at a time", 50, "files", "a program is a dozen", "MOTIONS_SESSION_FILES")
STORED = _limit("a session", "all its files", 2_000, "MB", "four of the largest", "MOTIONS_SESSION_MB")
ROWS = _limit(
    "a session", "rows of its program", 50_000_000, "rows",
    "three times a program of a million accounts; the engine's disk bears it, its reader's patience does not",
    "MOTIONS_SESSION_ROWS",
)  # fmt: skip
READING = _limit(
    "a session", "reading of its files", 600, "seconds", "500 MB that are right take two minutes on two busy cores",
    "MOTIONS_READING_SECONDS",
)  # fmt: skip
RUN = _limit(
    "a session", "work behind one click", 120, "seconds", "the dearest split of a budget takes a tenth",
    "MOTIONS_CLICK_SECONDS",
)  # fmt: skip
DRAWS = _limit("a session", "draws of a scenario", 10_000, "draws", "percentiles move by less than a hundredth then")
KEPT = _limit("a session", "scenarios kept", 6, "scenarios", "each is in the address, and a line in a chart")

MEMORY = _limit(
    "a server", "memory of all readings", 1_200, "MB", "what does not fit goes to disk, and readings wait their turn",
    "MOTIONS_MEMORY_MB", least=100,
)  # fmt: skip
READINGS = _limit(
    "a server", "readings at a time", 3, "readings", "more would be slower for all; others wait their turn",
    "MOTIONS_READINGS",
)  # fmt: skip
WAITING = _limit(
    "a server", "readings that wait", 20, "readings", "who is behind them is told to come again",
    "MOTIONS_READINGS_WAITING", least=0,
)  # fmt: skip
ARRIVING = _limit(
    "a server", "uploads on their way", 3_000, "MB", "they are in memory until a page takes them",
    "MOTIONS_UPLOADS_MB",
)  # fmt: skip
DISK = _limit(
    "a server", "files of all sessions", 20_000, "MB", "the engine needs as much again while it reads",
    "MOTIONS_DISK_MB",
)  # fmt: skip

LIMITS = (
    FILE, WORKBOOK, UNPACKED, TABLES, COLUMNS, REJECTS, WORKBOOK_TIME, YAML, YAML_VALUES,
    FILES, STORED, ROWS, READING, RUN, DRAWS, KEPT, MEMORY, READINGS, WAITING,
    ARRIVING, DISK,
)  # fmt: skip
