"""The engine that files are read in: locked down, and asked with values that its SQL names but does not hold."""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from motions import limits

MEMORY = limits.MEMORY.most
"""megabytes that the engine may use unless told otherwise; what does not fit goes to disk"""
LAST = 5
"""how much the engine's own threads stand back, on Linux's scale from 0 to 19"""
SMALL = 8_000_000
"""Bytes of all files together below which to start more threads, or to plan thoroughly, takes longer than it saves."""
# What DuckDB raises for a file that does not fit; anything else is a fault of ours and must show.
MISFIT = (duckdb.InvalidInputException, duckdb.DataError, duckdb.NotImplementedException)


def connect(folder: Path | None = None, files: Sequence[Path] = (), memory: int = MEMORY) -> duckdb.DuckDBPyConnection:
    """Open an engine that can touch nothing but `folder` and `files`; `memory` is what a reading may use, in megabytes.

    A quarter of it is left to the arrays of `activity`. Without a folder it works in memory alone.
    """
    small = sum(file.stat().st_size for file in files) < SMALL
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1 if small else os.cpu_count() or 1,
        "memory_limit": f"{memory - memory // 4}MB",
        "temp_directory": str(folder / "engine") if folder else "",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
    }
    with ThreadPoolExecutor(1, initializer=_come_last) as pool:  # what it starts there has the thread's priority
        con = pool.submit(duckdb.connect, config=config).result()
    con.execute(f"SET allowed_directories = [{quoted(str(folder)) if folder else ''}]")
    con.execute(f"SET allowed_paths = [{', '.join(quoted(str(file)) for file in files)}]")
    con.execute("SET max_temp_directory_size = '20GB'")
    con.execute("SET enable_progress_bar = false")
    if small:
        con.execute("SET disabled_optimizers = 'join_filter_pushdown'")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    con.execute(f"SET VARIABLE array_bytes = {memory // 4 * 1_000_000}")
    return con


def _come_last() -> None:
    """Let the threads that this one starts have what others leave: who moves a slider meanwhile comes first."""
    if sys.platform == "linux":  # elsewhere it would be the whole process
        os.setpriority(os.PRIO_PROCESS, 0, LAST)


class Bound:
    """Values on their way into one query, from files and mappings: the SQL names them, so that none is ever SQL.

    >>> bound = Bound()
    >>> sql = f"SELECT {bound('x')} = {bound('x')}, {bound('it is 5 o clock')}"
    >>> sql, bound.run(duckdb.connect(), sql).fetchall()
    ('SELECT $v0 = $v0, $v1', [(True, 'it is 5 o clock')])
    """

    def __init__(self) -> None:
        self._names: dict[str | int, str] = {}

    def __call__(self, value: str | int) -> str:
        """Return what stands for a value in the SQL."""
        return f"${self._names.setdefault(value, f'v{len(self._names)}')}"

    def all(self, values: Sequence[str | int]) -> str:
        """Return what stands for several, with commas; for none of them a null, which is equal to nothing."""
        return ", ".join(self(value) for value in values) or "NULL"

    def run(self, con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
        """Run a query that names every value it was given."""
        return con.execute(sql, {name: value for value, name in self._names.items()})


def count(con: duckdb.DuckDBPyConnection, what: str) -> int:
    """Return the number of rows of a table, a subquery, or a table with a condition."""
    return int(con.execute(f"SELECT count(*) FROM {what}").fetchall()[0][0])


def quoted(text: str) -> str:
    """Return a text of ours as SQL: a path, a word of the contract. What files and mappings say is bound instead."""
    return "'" + text.replace("'", "''") + "'"
