"""Several files about the same accounts, or partners, complete one another: one row each, whatever the order of files.

A value that one file has and another has not is taken; where two say something else the first file counts, and both are
listed. Rows of one file never complete one another: the second of them is rejected.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from motions.cohorts.contract import BY_NAME, OF_TERMS
from motions.cohorts.reading.cells import NOT_KNOWN, STORED
from motions.cohorts.reading.engine import count

KEYS = {"accounts": "account_id", "partners": "partner_id"}
LISTED = 10_000


@dataclass(frozen=True)
class Contradiction:
    """Two files that say something else of one account or partner; the first of them counts."""

    table: str
    key: str
    column: str
    taken: str
    file: str
    other: str
    other_file: str


def stand_in_several(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Return whether an account or a partner stands in more than one file."""
    key = KEYS[table]
    rows = f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(DISTINCT file) > 1 LIMIT 1"
    return bool(count(con, f"({rows})"))


def complete(con: duckdb.DuckDBPyConnection, table: str, files: Sequence[str]) -> tuple[list[Contradiction], int]:
    """Make one row of the rows that several files have of an account or a partner; each file has one of it at most.

    `files` are called so, in the order of their numbers.
    Returns up to LISTED contradictions, and how many there are.
    """
    key = KEYS[table]
    columns = [
        name
        for column in BY_NAME[table].columns
        if column.name != key
        for name, _ in STORED.get(column.name, ((column.name, ""),))
    ]
    several = f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(DISTINCT file) > 1"
    con.execute(f"CREATE OR REPLACE TEMP TABLE several AS SELECT * FROM {table} WHERE {key} IN ({several})")
    found, times = _contradictions(con, table, key, columns, files)
    con.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM several)")
    taken = [
        _or_blank(name, f"first({name} ORDER BY file) FILTER (WHERE {_said(name)})") + f" AS {name}" for name in columns
    ]
    con.execute(
        f"INSERT INTO {table} BY NAME SELECT {key}, {', '.join(taken)}, min(file) AS file, NULL AS line "
        f"FROM several GROUP BY {key}"
    )
    for name, unknown in ((name, value) for name, value in NOT_KNOWN.items() if name in columns):
        # What no file knows stays not known; what one file knows not to be so is not so.
        # Of partners' own terms a blank says nothing: what can't be read in one file stays so.
        every = "bool_or" if name in OF_TERMS else "bool_and"
        nobody = f"SELECT {key} FROM several GROUP BY {key} HAVING {every}(coalesce({name}, 0) = {unknown})"
        con.execute(f"UPDATE {table} SET {name} = {unknown} WHERE {name} IS NULL AND {key} IN ({nobody})")
    con.execute("DROP TABLE several")
    return found, times


def _or_blank(name: str, sql: str) -> str:
    """SQL: a text that no file says is blank, as in an account of one file."""
    return f"coalesce({sql}, '')" if name in ("partner_id", "segment") else sql


def _said(name: str) -> str:
    """SQL: a value that says something."""
    unknown = NOT_KNOWN.get(name)
    return f"{name} IS NOT NULL AND {name} <> {unknown}" if unknown else f"{name} IS NOT NULL AND {name}::VARCHAR <> ''"


_DAY, _MONTH = "CAST(DATE '1970-01-01' + {0} AS VARCHAR)", "printf('%04d-%02d', {0} // 12, {0} % 12 + 1)"
_RATE = "printf('%g %%', {0} / 10000.0)"
_WORTH_SAYING = {
    "motion": ("motion", "{0}"),
    "partner_id": ("partner_id", "{0}"),
    "signup_month": ("signed_up_on", _MONTH),
    "activated_day": ("activated_on", _DAY),
    "pql_month": ("pql_on", _MONTH),
    "segment": ("segment", "{0}"),
    "recruited_month": ("recruited_on", _MONTH),
    "ended_month": ("ended_on", _MONTH),
    "name": ("name", "{0}"),
    "recruited_by": ("recruited_by", "{0}"),
    "commission_rate": ("commission_rate", _RATE),
    "uplift": ("uplift", _RATE),
    "own_reward": ("own_reward", "printf('%.2f', {0} / 100.0)"),
}
"""Stored column → the column of the contract, and how its value is written; a day and its month are said once."""


def _contradictions(
    con: duckdb.DuckDBPyConnection, table: str, key: str, columns: list[str], files: Sequence[str]
) -> tuple[list[Contradiction], int]:
    """Where files say something else of one account or partner."""
    parts = []
    for name in (name for name in columns if name in _WORTH_SAYING):
        title, form = _WORTH_SAYING[name]
        shown = form.format(name)
        parts.append(
            f"SELECT {key} AS which, '{title}' AS col, first({shown} ORDER BY file) AS taken, min(file) AS file, "
            f"last({shown} ORDER BY file) AS other, max(file) AS other_file "
            f"FROM several WHERE {_said(name)} GROUP BY {key} HAVING count(DISTINCT {name}) > 1"
        )
    union = " UNION ALL ".join(parts)
    rows = con.execute(f"SELECT * FROM ({union}) ORDER BY which, col LIMIT {LISTED}").fetchall()
    found = [
        Contradiction(table, which, column, taken, files[file], other, files[other_file])
        for which, column, taken, file, other, other_file in rows
    ]
    return found, count(con, f"({union})")
