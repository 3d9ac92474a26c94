"""Recognised files to checked tables in DuckDB, and the rows that don't fit with their reasons.

Each file is first read strictly and in parallel; the clean file pays for one count of its lines. A file in which
anything does not fit is read again with the line number of every row, and each cell that does not fit is named.
Accepted + rejected = data rows, or the file is refused.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from motions.cohorts.contract import KIND_WORDS, KINDS, MOTION_WORDS, MOTIONS, Column, Table, words
from motions.cohorts.recognise import Recognised
from motions.cohorts.records import MOST_REJECTS, Accounting, Reject, split_records, too_many
from motions.errors import FileError

MEMORY = "1GB"


@dataclass(frozen=True)
class FileReport:
    """What became of one file. `accepted + rejected == rows`."""

    name: str
    table: str
    rows: int
    accepted: int
    rejected: int
    blank_lines: int
    rounded: int
    """amounts with more than two decimals, each rounded half-up to the cent"""
    columns: dict[str, str] = field(default_factory=dict)
    """canonical column → the file's name for it"""
    unused: tuple[str, ...] = ()


# What DuckDB raises for a file that does not fit; anything else is a fault of ours and must show.
_MISFIT = (duckdb.InvalidInputException, duckdb.DataError, duckdb.NotImplementedException)


def connect(folder: Path, files: Sequence[Path] = ()) -> duckdb.DuckDBPyConnection:
    """Open an engine that can touch nothing but `folder` and `files`, with bounded memory."""
    con = duckdb.connect(
        config={
            "threads": os.cpu_count() or 1,
            "memory_limit": MEMORY,
            "temp_directory": str(folder / "engine"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
    )
    con.execute(f"SET allowed_directories = [{_quoted(str(folder))}]")
    con.execute(f"SET allowed_paths = [{', '.join(_quoted(str(file)) for file in files)}]")
    con.execute("SET max_temp_directory_size = '20GB'")
    con.execute("SET enable_progress_bar = false")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def create_table(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create the empty table that files are read into; `file` and `line` are null for rows read strictly."""
    types = {**dict.fromkeys(("text", "motion", "kind", "currency"), "VARCHAR"), "money": "BIGINT"}
    types["positive money"] = "BIGINT"
    columns = [
        f"{name} {types.get(column.type, 'INTEGER')}" for column in table.columns for name in _stored_names(column)
    ]
    con.execute(f"CREATE TABLE {table.name} ({', '.join(columns)}, file INTEGER, line BIGINT)")


def read_file(
    con: duckdb.DuckDBPyConnection, file: Recognised, number: int, folder: Path, today: date, with_lines: bool = False
) -> tuple[FileReport, list[Reject]]:
    """Add a file's rows to its table. `with_lines` forces the line numbers that a strict read goes without.

    Raises FileError when too much does not fit, or when the rows can't be accounted for.
    """
    lines = _count_lines(file.path)
    if not with_lines and (accepted := _read_strictly(con, file, number, today)) is not None:
        if accepted == lines - 1:
            return _report(file, accepted, accepted, 0, 0), []
        con.execute(f"DELETE FROM {file.table.name} WHERE file = {number}")
    accounting = _stage(con, file, folder, lines)
    return _check(con, file, number, today, accounting)


def reject_repeated(
    con: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Recognised], currency: str | None
) -> list[Reject]:
    """Remove every row whose key an earlier row has, and say which: never added up, never silently dropped.

    The table's files must have been read with lines. Rows in two currencies do not repeat one another; one that
    states none counts as in `currency`. Raises FileError when there are more than MOST_REJECTS.
    """
    key = ", ".join(table.key)
    same = f"{key}, coalesce(currency, {_quoted(currency or '')})" if table.name == "revenue" else key
    con.execute(
        f"CREATE TEMP TABLE repeated AS SELECT file, line, first_file, first_line, {key} FROM ("
        f"SELECT *, FIRST_VALUE(file) OVER w AS first_file, FIRST_VALUE(line) OVER w AS first_line, "
        f"ROW_NUMBER() OVER w AS rank FROM {table.name} WINDOW w AS (PARTITION BY {same} ORDER BY file, line)"
        f") WHERE rank > 1"
    )
    # A row is known by its file and line.
    con.execute(f"DELETE FROM {table.name} t USING repeated r WHERE t.file = r.file AND t.line = r.line")
    rows = con.execute(f"SELECT * FROM repeated ORDER BY file, line LIMIT {MOST_REJECTS + 1}").fetchall()
    con.execute("DROP TABLE repeated")
    what = " and ".join(column.replace("_", " ") for column in table.key)
    rejects = [
        Reject(
            files[row[0]].name,
            row[1],
            table.key[0],
            str(row[4]),
            f"is a second row for the same {what}; the first is in {files[row[2]].name}, line {row[3]}. "
            "Remove one, or add them up before the upload",
        )
        for row in rows
    ]
    if len(rejects) > MOST_REJECTS:
        raise too_many(rejects[0].file, rejects[0])
    return rejects


# What is stored of a column, and how a cell is read.

_DAYS = "datediff('day', DATE '1970-01-01', {day})"
_MONTHS = "(year({day}) * 12 + month({day}) - 1)"
_DATE = "[12][0-9]{3}-[0-9]{2}-[0-9]{2}([T ][0-9].*)?"
_MONTH = "[12][0-9]{3}-[0-9]{2}(-[0-9]{2}([T ][0-9].*)?)?"

_FREQUENT_CURRENCIES = (
    "'USD', 'EUR', 'GBP', 'JPY', 'CHF', 'CAD', 'AUD', 'NZD', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'HUF', 'INR', 'CNY', "
    "'HKD', 'SGD', 'KRW', 'BRL', 'MXN', 'ZAR', 'ILS', 'TRY', 'AED'"
)
_STORED = {
    "signed_up_on": (("signup_month", _MONTHS), ("signup_day", _DAYS)),
    "activated_on": (("activated_day", _DAYS),),
    "pql_on": (("pql_month", _MONTHS),),
    "recruited_on": (("recruited_month", _MONTHS), ("recruited_day", _DAYS)),
    "ended_on": (("ended_month", _MONTHS),),
}
_NEVER_NULL = {"motion": "organic", "partner_id": "", "segment": ""}


def _stored_names(column: Column) -> tuple[str, ...]:
    return tuple(name for name, _ in _STORED.get(column.name, ((column.name, ""),)))


def _read_cell(column: Column, raw: str, strict: bool) -> str:
    """SQL that reads the text of a cell: null when it does not fit.

    The strict form is the cheap one for clean files. It may refuse what the other accepts (spaces around a value,
    more than two decimals), as the file is then read again; it accepts nothing that the other refuses.
    """
    cell = raw if strict and column.type != "text" else f"nullif(trim({raw}), '')"
    day = f"TRY_CAST(left({cell}, 10) AS DATE)"
    month = f"CASE WHEN length({cell}) = 7 THEN TRY_CAST({cell} || '-01' AS DATE) ELSE {day} END"
    # Below a million million, so that no sum of money can overflow.
    amount = f"CAST(TRY_CAST({cell} AS DECIMAL(14, 2)) * 100 AS BIGINT)"
    decimals = "[0-9][0-9]?" if strict else "[0-9]+"
    exact = {
        "text": cell,
        "motion": _one_of(cell, words(MOTION_WORDS), strict),
        "kind": _one_of(cell, words(KIND_WORDS), strict),
        "currency": f"CASE WHEN regexp_full_match({cell}, '[A-Za-z]{{3}}') THEN upper({cell}) END",
        "money": f"CASE WHEN regexp_full_match({cell}, '-?[0-9]+(\\.{decimals})?') THEN {amount} END",
        "date": f"CASE WHEN regexp_full_match({cell}, '{_DATE}') THEN {day} END",
        "month": f"CASE WHEN regexp_full_match({cell}, '{_MONTH}') THEN {month} END",
    }
    if strict and column.type == "currency":
        return f"CASE WHEN {cell} IN ({_FREQUENT_CURRENCIES}) THEN {cell} END"
    return exact[column.type.removeprefix("past ").removeprefix("positive ")]


def _one_of(cell: str, spellings: dict[str, str], strict: bool) -> str:
    cases = " ".join(f"WHEN '{spelling}' THEN '{word}'" for spelling, word in spellings.items())
    plain = f"lower({cell})" if strict else f"trim(regexp_replace(lower({cell}), '[^a-z0-9]+', '_', 'g'), '_')"
    return f"CASE WHEN {cell} IS NULL THEN NULL ELSE CASE {plain} {cases} END END"


def _reason(column: Column, value: str, today: date) -> str:
    if not value.strip():
        return "is empty; a row can't be used without it"
    if column.type in ("date", "past date", "month", "past month"):
        return _reason_of_date(column, value, today)
    amount = "write digits and a point, as in 1234.50, without currency sign or thousands separator"
    return {
        "text": "can't be read as text",
        "money": f"is not an amount below a million million; {amount}",
        "positive money": f"is not an amount of zero or more, below a million million; {amount}",
        "motion": f"is no known motion; use one of {', '.join(MOTIONS)}",
        "currency": "is not a currency; write its ISO code, such as USD",
        "kind": f"is no known kind of spend; use one of {', '.join(KINDS)}",
    }[column.type]


def _reason_of_date(column: Column, value: str, today: date) -> str:
    what, form = (
        ("month", "year-month, as in 2026-09")
        if "month" in column.type
        else ("day", "year-month-day, as in 2026-09-30")
    )
    if re.fullmatch(r"[1-9][0-9]{4}(\.[0-9]+)?", value.strip()):
        return f"looks like a spreadsheet's number for a date; format the column as {form}, and export it again"
    if re.match(r"[0-9]{4}-[0-9]{2}", value.strip()) and "past" in column.type:
        return f"is not a {what} of the calendar up to today ({today}); write it as {form}"
    return f"is not a {what} written as {form}; change the format of the column"


def _present(file: Recognised) -> list[Column]:
    return [column for column in file.table.columns if column.name in file.columns]


def _parsed(file: Recognised, source: str, strict: bool, extra: str = "") -> str:
    """SQL: for each column of the table its text `raw_x` and the value `x` read from it."""
    cells = []
    for column in _present(file):
        raw = f"c{file.columns[column.name]}"
        cells += [f"{raw} AS raw_{column.name}", f"{_read_cell(column, raw, strict)} AS {column.name}"]
    return f"SELECT {extra}{', '.join(cells)} FROM {source}"


def _bad(column: Column, today: date) -> str:
    """SQL that is true for a cell that does not fit."""
    name = column.name
    missing = f"{name} IS NULL"
    faults = [missing if column.required else f"({missing} AND trim(raw_{name}) <> '')"]
    if column.type in ("date", "month", "past date", "past month"):
        last = today if "past" in column.type else date(2200, 1, 1)
        faults.append(f"NOT {name} BETWEEN DATE '1970-01-02' AND DATE '{last}'")
    if column.type == "positive money":
        faults.append(f"{name} < 0")
    return f"coalesce({' OR '.join(faults)}, false)"


def _stored(file: Recognised, number: int, line: str) -> str:
    """The select list that stores parsed values in the table's columns, absent ones too."""
    cells = []
    for column in file.table.columns:
        default = _NEVER_NULL.get(column.name) if file.table.name == "accounts" else None
        plain = _MONTHS if column.type in ("month", "past month") else "{day}"
        for _, expression in _STORED.get(column.name, ((column.name, plain),)):
            value = expression.format(day=column.name) if column.name in file.columns else "NULL"
            cells.append(f"coalesce({value}, '{default}')" if default is not None else value)
    return ", ".join([*cells, str(number), line])


def _csv(file: Recognised) -> str:
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(file.header)))
    return (
        f"read_csv({_quoted(str(file.path))}, columns = {{{columns}}}, header = true, auto_detect = false, "
        f"delim = {_quoted(file.delimiter)}, quote = '\"', escape = '\"', strict_mode = true)"
    )


def _read_strictly(con: duckdb.DuckDBPyConnection, file: Recognised, number: int, today: date) -> int | None:
    """Insert the whole file, or nothing: rows inserted, or None when any cell or line does not fit."""
    bad = " OR ".join(_bad(column, today) for column in _present(file))
    parsed = _parsed(file, _csv(file), strict=True)
    try:
        result = con.execute(
            f"INSERT INTO {file.table.name} SELECT {_stored(file, number, 'NULL')} FROM ({parsed}) "
            f"WHERE CASE WHEN {bad} THEN error('row') ELSE true END"
        ).fetchall()
    except _MISFIT:
        return None
    return int(result[0][0])


def _stage(con: duckdb.DuckDBPyConnection, file: Recognised, folder: Path, lines: int) -> Accounting:
    """Make `staged`, the file's cells as text with their line; malformed lines are set aside with a reason."""
    cells = ", ".join(f"c{position}" for position in sorted(file.columns.values()))
    con.execute("DROP TABLE IF EXISTS staged")
    try:
        con.execute(f"CREATE TEMP TABLE staged AS SELECT row_number() OVER () + 1 AS line, {cells} FROM {_csv(file)}")
        rows = count(con, "staged")
        if rows == lines - 1:  # no blank line, no line break inside quotes: the number of a row is that of its line
            return Accounting(rows, rows, 0, [])
        con.execute("DROP TABLE staged")
    except _MISFIT:
        pass
    clean = folder / "clean.csv"
    try:
        seen = split_records(file.name, file.path, file.delimiter, file.header, clean)
        columns = ", ".join(["'line': 'BIGINT'", *(f"'c{at}': 'VARCHAR'" for at in range(len(file.header)))])
        con.execute(
            f"CREATE TEMP TABLE staged AS SELECT line, {cells} FROM read_csv({_quoted(str(clean))}, "
            f"columns = {{{columns}}}, header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
            "strict_mode = true, parallel = false, max_line_size = 20000000)"
        )
    finally:
        clean.unlink(missing_ok=True)
    if count(con, "staged") != seen.kept or seen.kept + len(seen.rejects) != seen.records:
        raise FileError(file.name, "could not be accounted for line by line", "Save it as CSV (UTF-8) and try again.")
    return seen


def _check(
    con: duckdb.DuckDBPyConnection, file: Recognised, number: int, today: date, seen: Accounting
) -> tuple[FileReport, list[Reject]]:
    """Move the staged rows that fit into the table and return the others as rejects, one for each cell."""
    try:
        con.execute(f"CREATE TEMP TABLE parsed AS {_parsed(file, 'staged', strict=False, extra='line, ')}")
        return _accept(con, file, number, today, seen)
    finally:
        con.execute("DROP TABLE IF EXISTS parsed")
        con.execute("DROP TABLE IF EXISTS staged")


def _accept(
    con: duckdb.DuckDBPyConnection, file: Recognised, number: int, today: date, seen: Accounting
) -> tuple[FileReport, list[Reject]]:
    columns = _present(file)
    rejects = list(seen.rejects)
    for column in columns:
        query = f"SELECT line, coalesce(raw_{column.name}, '') FROM parsed WHERE {_bad(column, today)} ORDER BY line"
        found = con.execute(f"{query} LIMIT {MOST_REJECTS + 1}").fetchall()
        rejects += [Reject(file.name, at, column.name, raw[:200], _reason(column, raw, today)) for at, raw in found]
        if len(found) > MOST_REJECTS:
            break
    rejects.sort(key=lambda reject: reject.line)
    rejected = len({reject.line for reject in rejects})
    if rejected > MOST_REJECTS:
        raise too_many(file.name, rejects[0])
    good = f"NOT ({' OR '.join(_bad(column, today) for column in columns)})"
    if count(con, f"parsed WHERE {good}") + rejected != seen.records:
        raise FileError(file.name, "could not be accounted for row by row", "Save it as CSV (UTF-8) and try again.")
    con.execute(f"INSERT INTO {file.table.name} SELECT {_stored(file, number, 'line')} FROM parsed WHERE {good}")
    amounts = [column.name for column in columns if "money" in column.type]
    long = " OR ".join(f"regexp_matches(raw_{name}, '\\.[0-9]{{2}}[0-9]*[1-9]')" for name in amounts) or "false"
    rounded = count(con, f"parsed WHERE {good} AND ({long})")
    return _report(file, seen.records, seen.records - rejected, seen.blank, rounded), rejects


def _report(file: Recognised, rows: int, accepted: int, blank: int, rounded: int) -> FileReport:
    used = {column: file.header[at] for column, at in file.columns.items()}
    unused = tuple(name for at, name in enumerate(file.header) if at not in file.columns.values())
    return FileReport(file.name, file.table.name, rows, accepted, rows - accepted, blank, rounded, used, unused)


def count(con: duckdb.DuckDBPyConnection, what: str) -> int:
    """Return the number of rows of a table, a subquery, or a table with a condition."""
    return int(con.execute(f"SELECT count(*) FROM {what}").fetchall()[0][0])


def _count_lines(path: Path) -> int:
    """Lines of a file, the last one also without a line break."""
    breaks, returns, last = 0, 0, b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            breaks += chunk.count(b"\n")
            returns += chunk.count(b"\r") if not breaks else 0
            last = chunk[-1:]
    return (breaks or returns) + (last not in (b"\n", b"\r"))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
