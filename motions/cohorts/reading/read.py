"""Recognised files to checked tables in DuckDB, and the rows that don't fit with their reasons.

Each file is first read strictly and in parallel; the clean file pays for one count of its lines. A file in which
anything does not fit is read again with the line number of every row, and each cell that does not fit is named.
Accepted + rejected = data rows, or the file is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np

from motions import limits, work
from motions.cohorts.contract import BLANK, CURRENCIES, OF_TERMS, Column, Table
from motions.cohorts.reading.beside import told_by_all
from motions.cohorts.reading.cells import (
    IDS,
    bad,
    costs_itself,
    is_blank,
    is_shortened,
    present,
    reason,
    stored,
    stored_names,
    table_of,
    undressed,
)
from motions.cohorts.reading.engine import MISFIT, Bound, count, quoted
from motions.cohorts.reading.forms import PLAIN_DATE, date_sql
from motions.cohorts.reading.interpret import interpret
from motions.cohorts.reading.not_used import note_cells
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import LONGEST_LINE, MOST_REJECTS, Accounting, Reject, split_records, too_many
from motions.cohorts.reading.rows import own_columns, parsed
from motions.errors import FileError
from motions.text import money_exact

LINE_FEED = 10


@dataclass(frozen=True)
class FileReport:
    """What became of one file. `accepted + rejected == rows`."""

    name: str
    table: str
    rows: int
    accepted: int
    rejected: int = 0
    blank_lines: int = 0
    left_out: int = 0
    """rejected because the mapping says so, such as cancelled commissions"""
    rounded: int = 0
    """amounts with more than two decimals, each rounded half-up to the cent"""
    columns: dict[str, str] = field(default_factory=dict)
    """canonical column → the file's name for it"""
    unused: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    """columns of the contract that it leaves blank in every row: they are not known, as if it did not have them"""
    left: tuple[tuple[str, str, int, str], ...] = ()
    """of rows left out: column, word, how many, and what their amounts add up to"""
    nothing: dict[str, tuple[int, str]] = field(default_factory=dict)
    """canonical column → cells with a word for nothing, such as NULL, and the first of these words"""
    unread: dict[str, tuple[int, str]] = field(default_factory=dict)
    """canonical column → cells that can't be read and are taken as not known, and the first of them"""
    unread_at: dict[str, int] = field(default_factory=dict)
    """canonical column → the line of the first of these cells"""
    undated: int = 0
    """partners that have left by their status, and nothing says when"""
    rejected_money: str = ""
    """what the amounts of rows that did not fit add up to, as far as they can be read and are in one currency"""
    repeated_money: str = ""
    """the same of rows that stand twice"""


def create_table(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create the empty table that files are read into; `file` and `line` are null for rows read strictly.

    It has room for the most frequent currencies, at a byte a row: see `with_any_currency`.
    """
    types = {**dict.fromkeys(("text", "motion", "kind", "movement"), "VARCHAR"), "money": "BIGINT"}
    types |= {
        "positive money": "BIGINT",
        "reward": "BIGINT",
        "currency": f"ENUM ({', '.join(map(quoted, CURRENCIES))})",
    }
    columns = [
        f"{name} {types.get(column.type, 'INTEGER')}" for column in table.columns for name in stored_names(column)
    ]
    con.execute(f"CREATE TABLE {table.name} ({', '.join(columns)}, file SMALLINT, line INTEGER)")


def with_any_currency(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make room in a table for any three letters, which a strict reading has no use for."""
    if any(column.name == "currency" for column in table.columns):
        con.execute(f"ALTER TABLE {table.name} ALTER COLUMN currency TYPE VARCHAR")


def read_file(
    con: duckdb.DuckDBPyConnection, file: Recognised, number: int, folder: Path, today: date, with_lines: bool = False
) -> tuple[Recognised, FileReport | None, list[Reject]]:
    """Add a file's rows to its table. `with_lines` forces the line numbers that a strict read goes without.

    Returns the file with what was found out about its forms; with open questions nothing is read and there is no
    report. Raises FileError when too much does not fit, or when the rows can't be accounted for.
    """
    lines, spaces = look_through(file.path, file.header_line)
    check_rows(file.name, lines)
    # What single partners have of their own may turn out not to fit a plan: it is said with its line.
    asks, with_lines = not with_lines, with_lines or bool({*OF_TERMS} & {*file.columns})
    told = _told_by_all(con, file, lines) if asks else file
    file = told or file
    if asks and file.waits:
        return file, None, []
    if (
        told
        and file.plain
        and not with_lines
        and (accepted := _read_strictly(con, file, number, today, spaces)) is not None
    ):
        if accepted == lines - file.header_line:
            return file, _report(file, accepted, accepted), []
        con.execute(f"DELETE FROM {table_of(file).name} WHERE file = {number}")
    accounting = _stage(con, file, folder, lines)
    try:
        file = interpret(con, told or told_by_all(con, file, "staged", lines), today)
        if file.waits:
            return file, None, []
        bound = Bound()
        rows = parsed(file, "staged", bound, today, strict=False, extra="line, ")
        bound.run(con, f"CREATE TEMP TABLE parsed AS {rows}")
        if with_lines and table_of(file).name == "revenue":
            _note_apart(con, file, number)
        return file, *_accept(con, file, number, today, accounting)
    finally:
        con.execute("DROP TABLE IF EXISTS parsed")
        con.execute("DROP TABLE IF EXISTS staged")


def _told_by_all(con: duckdb.DuckDBPyConnection, file: Recognised, lines: int) -> Recognised | None:
    """The file as all of its rows tell it; none where a line does not fit, so that they are told apart first."""
    bound = Bound()
    try:
        return told_by_all(con, file, _csv(file, bound), lines, bound)
    except MISFIT:
        return None


def check_rows(names: str, rows: int) -> None:
    """Raise FileError where a file, or all files of a program together, have more rows than a program may have."""
    if rows > limits.ROWS.most:
        said = f"{rows:,} rows; up to {limits.ROWS.most:,} are read"
        repair = "Leave out months that are not needed, or upload a cohort ledger made of them on the command line."
        raise FileError(names, said, repair)


APART = "apart"
"""Temporary table of what tells rows of an account and month apart: file, line, day, item."""


LEFT_ACCOUNTS = "left_accounts"
"""Temporary table of accounts whose rows are left out of their list: file, left_by (the column), account_id."""


def left_accounts(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table of accounts that are left out, unless it is there."""
    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS {LEFT_ACCOUNTS} (file SMALLINT, left_by VARCHAR, account_id VARCHAR)")


def _note_left_accounts(con: duckdb.DuckDBPyConnection, number: int) -> None:
    left_accounts(con)
    con.execute(f"DELETE FROM {LEFT_ACCOUNTS} WHERE file = {number}")
    left = "parsed WHERE left_out IS NOT NULL"
    con.execute(f"INSERT INTO {LEFT_ACCOUNTS} SELECT DISTINCT {number}, left_by, account_id FROM {left}")


def _note_apart(con: duckdb.DuckDBPyConnection, file: Recognised, number: int) -> None:
    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS {APART} (file SMALLINT, line INTEGER, day DATE, item VARCHAR)")
    raw = "trim(raw_month)"
    day = date_sql(file.mapping.forms.get("month", PLAIN_DATE), raw)
    item = "coalesce(trim(raw_item), '')" if "item" in file.columns else "''"
    con.execute(f"INSERT INTO {APART} SELECT {number}, line, {day}, {item} FROM parsed")


def cell_words(con: duckdb.DuckDBPyConnection, file: Recognised, at: int, most: int) -> list[tuple[str, int]]:
    """Return the words of a column, by its place, and the rows of each; none where a line does not fit."""
    bound = Bound()
    query = (
        f"SELECT trim(c{at}) AS word, count(*) AS times FROM {_csv(file, bound)} WHERE trim(c{at}) <> '' GROUP BY word"
    )
    try:
        found = bound.run(con, f"{query} ORDER BY times DESC, word LIMIT {most}").fetchall()
    except MISFIT:
        return []
    return [(str(word), int(times)) for word, times in found]


def words_of_accounts(con: duckdb.DuckDBPyConnection, file: Recognised, at: int, most: int, bound: Bound) -> str:
    """Return SQL of account_id and word, one of a column by its place; nothing where it has more words than `most`.

    Nothing either where it has less than two, or a line does not fit.
    """
    account = file.columns.get("account_id")
    words = cell_words(con, file, at, most + 1) if account is not None else []
    if not 1 < len(words) <= most:
        return ""
    return (
        f"SELECT DISTINCT trim(c{account}) AS account_id, trim(c{at}) AS word FROM {_csv(file, bound)} "
        f"WHERE trim(c{at}) <> ''"
    )


def _csv(file: Recognised, bound: Bound) -> str:
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(file.header)))
    return (
        f"read_csv({bound(str(file.path))}, columns = {{{columns}}}, header = true, auto_detect = false, "
        f"skip = {file.header_line - 1}, delim = {bound(file.delimiter)}, quote = '\"', escape = '\"', "
        "strict_mode = true)"
    )


def _read_strictly(
    con: duckdb.DuckDBPyConnection, file: Recognised, number: int, today: date, spaces: bool
) -> int | None:
    """Insert the whole file, or nothing: rows inserted, or None when any cell or line does not fit."""
    columns = present(file)
    texts = [column for column in columns if column.type == "text"]
    faults = [bad(file, column, today, strict=True) for column in columns]
    faults += [f"suffix(raw_{column.name}, '.0')" for column in texts if column.name in IDS]
    if spaces or file.mapping.constants:
        faults += [f"raw_{column.name} <> {undressed(f'raw_{column.name}')}" for column in texts]
        faults += [is_shortened(f"raw_{column.name}") for column in texts if column.name in IDS]
    misfit = " OR ".join(faults)  # null is as good as false here, and a coalesce would take a third of the reading
    bound = Bound()
    rows = parsed(file, _csv(file, bound), bound, today, strict=True)
    try:
        result = bound.run(
            con,
            f"INSERT INTO {table_of(file).name} SELECT {stored(file, number, 'NULL')} FROM ({rows}) "
            f"WHERE CASE WHEN {misfit} THEN error('row') ELSE true END",
        ).fetchall()
    except MISFIT:
        return None
    if _says_nothing(con, file, number, [name for column in texts for name in stored_names(column)]):
        con.execute(f"DELETE FROM {table_of(file).name} WHERE file = {number}")
        return None
    return int(result[0][0])


def _says_nothing(con: duckdb.DuckDBPyConnection, file: Recognised, number: int, names: Sequence[str]) -> bool:
    """Whether a text of the rows of a file is what systems write for nothing: a join is cheaper than a look at each."""
    words = f"(SELECT unnest([{_NOTHING}]))"
    return any(
        count(con, f"(SELECT 1 FROM {table_of(file).name} WHERE file = {number} AND {name} IN {words} LIMIT 1)")
        for name in names
    )


_NOTHING = ", ".join(
    quoted(form)
    for word in BLANK
    if word
    for form in sorted({word, word.upper(), word.capitalize(), f"{word[0]}{word[1:].upper()}"})
)
"""What systems write for nothing, as they write it."""


def _stage(con: duckdb.DuckDBPyConnection, file: Recognised, folder: Path, lines: int) -> Accounting:
    """Make `staged`, the file's cells as text with their line; malformed lines are set aside with a reason."""
    used = sorted({*own_columns(file), *file.few})  # the others are called by our names too
    cells = ", ".join(
        [
            "line",
            *(f"c{at} AS raw_{name}" for name, at in file.columns.items()),
            *(f"c{at}" for at in used),
        ]
    )
    bound = Bound()
    numbered = f"(SELECT row_number() OVER () + {file.header_line} AS line, * FROM {_csv(file, bound)})"
    con.execute("DROP TABLE IF EXISTS staged")
    try:
        bound.run(con, f"CREATE TEMP TABLE staged AS SELECT {cells} FROM {numbered}")
        rows = count(con, "staged")
        # No blank line, no line break inside quotes: the number of a row is that of its line.
        if rows == lines - file.header_line:
            return Accounting(rows, rows, 0, [])
        con.execute("DROP TABLE staged")
    except MISFIT:
        pass
    clean = folder / "clean.csv"
    try:
        seen = split_records(file.name, file.path, file.delimiter, file.header, clean, file.header_line)
        columns = ", ".join(["'line': 'BIGINT'", *(f"'c{at}': 'VARCHAR'" for at in range(len(file.header)))])
        bound = Bound()
        bound.run(
            con,
            f"CREATE TEMP TABLE staged AS SELECT {cells} FROM read_csv({bound(str(clean))}, "
            f"columns = {{{columns}}}, header = false, auto_detect = false, delim = {bound(file.delimiter)}, "
            "quote = '\"', escape = '\"', strict_mode = true, parallel = false, max_line_size = 20000000)",
        )
    finally:
        clean.unlink(missing_ok=True)
    if count(con, "staged") != seen.kept or seen.kept + len(seen.rejects) != seen.records:
        raise FileError(
            file.name, "could not be accounted for line by line", "Export it again, as CSV in UTF-8 or as xlsx."
        )
    return seen


def _accept(
    con: duckdb.DuckDBPyConnection, file: Recognised, number: int, today: date, seen: Accounting
) -> tuple[FileReport, list[Reject]]:
    """Move the parsed rows that fit into the table and return the others as rejects, one for each cell."""
    columns = present(file)
    unread, unread_at = _unread(con, file, columns, today)
    columns = [column for column in columns if not costs_itself(file, column)]
    # What the mapping leaves out is known to be many: all are counted, some are listed.
    query = f"SELECT line, left_by, left_out FROM parsed WHERE left_out IS NOT NULL ORDER BY line LIMIT {MOST_REJECTS}"
    left_out = [
        Reject(file.name, at, column, value, "is left out: such rows don't count, see Your files")
        for at, column, value in con.execute(query).fetchall()
    ]
    rejects = left_out + seen.rejects
    for column in columns:
        misfit = f"left_out IS NULL AND {bad(file, column, today)}"
        query = f"SELECT line, coalesce(raw_{column.name}, '') FROM parsed WHERE {misfit} ORDER BY line"
        found = con.execute(f"{query} LIMIT {MOST_REJECTS + 1}").fetchall()
        rejects += [
            Reject(file.name, at, column.name, cell[:200], reason(file, column, cell, today)) for at, cell in found
        ]
        if len(found) > MOST_REJECTS:
            break
    bad_lines = {reject.line for reject in rejects[len(left_out) :]}
    if len(bad_lines) > MOST_REJECTS:
        raise too_many(file.name, min(rejects[len(left_out) :], key=lambda reject: reject.line))
    leaving = count(con, "parsed WHERE left_out IS NOT NULL")
    if leaving and table_of(file).name == "accounts":
        _note_left_accounts(con, number)
    rejected = len(bad_lines) + leaving
    rejects.sort(key=lambda reject: reject.line)
    good = f"left_out IS NULL AND NOT coalesce({' OR '.join(bad(file, column, today) for column in columns)}, false)"
    if count(con, f"parsed WHERE {good}") + rejected != seen.records:
        raise FileError(
            file.name, "could not be accounted for row by row", "Export it again, as CSV in UTF-8 or as xlsx."
        )
    with_any_currency(con, table_of(file))
    con.execute(f"INSERT INTO {table_of(file).name} SELECT {stored(file, number, 'line')} FROM parsed WHERE {good}")
    note_cells(con, file, number)
    amounts = [column.name for column in columns if "money" in column.type]
    lost = _money(con, columns, amounts, f"left_out IS NULL AND NOT ({good})") if bad_lines else ""
    long = " OR ".join(f"regexp_matches(raw_{name}, '[.,][0-9]{{2}}[0-9]*[1-9]$')" for name in amounts) or "false"
    rounded = count(con, f"parsed WHERE {good} AND ({long}) AND NOT ({_thousands(file, amounts)})")
    report = _report(file, seen.records, seen.records - rejected, seen.blank, leaving, rounded)
    nothing = _nothing(con, file, present(file))
    left = _left(con, columns, amounts)
    undated = "left_out IS NULL AND status = 'ended' AND own_end IS NULL"
    unsaid = count(con, f"parsed WHERE {undated}") if report.table == "partners" and file.told else 0
    report = replace(
        report, rejected_money=lost, left=left, unread=unread, unread_at=unread_at, nothing=nothing, undated=unsaid
    )
    return report, rejects


def _nothing(con: duckdb.DuckDBPyConnection, file: Recognised, columns: Sequence[Column]) -> dict[str, tuple[int, str]]:
    """The columns with words for nothing: how many cells, and the commonest word."""
    found = {}
    for column in columns:
        raw = f"trim(raw_{column.name})"
        if column.name not in file.columns or column.required:
            continue
        said = f"{raw} <> '' AND {column.name} IS NULL AND {is_blank(column, raw)} AND {raw} NOT LIKE '9999-%'"
        times, word = con.execute(f"SELECT count(*), mode({raw}) FROM parsed WHERE {said}").fetchall()[0]
        if times:
            found[column.name] = (int(times), str(word)[:40])
    return found


def _unread(
    con: duckdb.DuckDBPyConnection, file: Recognised, columns: Sequence[Column], today: date
) -> tuple[dict[str, tuple[int, str]], dict[str, int]]:
    """Make cells blank that can't be read and cost only themselves; of each column how many, the first, its line."""
    found, lines = {}, {}
    for column in columns:
        if costs_itself(file, column):
            fault = bad(file, column, today)
            times, first, line = con.execute(
                f"SELECT count(*), first(raw_{column.name} ORDER BY line), min(line) FROM parsed WHERE {fault}"
            ).fetchall()[0]
            if times:
                con.execute(f"UPDATE parsed SET {column.name} = NULL WHERE {fault}")
                found[column.name], lines[column.name] = (int(times), str(first)[:60]), int(line)
    return found, lines


def _left(
    con: duckdb.DuckDBPyConnection, columns: Sequence[Column], amounts: list[str]
) -> tuple[tuple[str, str, int, str], ...]:
    """Column and word for which rows were left out, how many, and their amounts; what most of them are first."""
    rows = con.execute(
        "SELECT left_by, trim(left_out), count(*) FROM parsed WHERE left_out IS NOT NULL GROUP BY ALL "
        f"ORDER BY count(*) DESC, 2 LIMIT {MOST_WORDS}"
    ).fetchall()
    found = []
    for column, word, times in rows:
        bound = Bound()
        where = f"left_by = {bound(column)} AND trim(left_out) = {bound(word)}"
        found.append((str(column), str(word)[:60], int(times), _money(con, columns, amounts, where, bound)))
    return tuple(found)


MOST_WORDS = 25
"""for which rows are left out, that are listed"""


def _money(
    con: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    amounts: list[str],
    where: str,
    bound: Bound | None = None,
) -> str:
    """What the amounts of some parsed rows add up to, those that can be read; nothing in several currencies."""
    if not amounts:
        return ""
    total = " + ".join(f"coalesce(sum({name}), 0)" for name in amounts)
    stated = any(column.name == "currency" for column in columns)
    by = "CAST(currency AS VARCHAR)" if stated else "NULL"
    query = f"SELECT {by} AS code, {total} FROM parsed WHERE {where} GROUP BY code"
    rows = (bound or Bound()).run(con, query).fetchall()
    return money_exact(int(rows[0][1]) / 100, rows[0][0] or "") if len(rows) == 1 and rows[0][1] else ""


def _thousands(file: Recognised, amounts: list[str]) -> str:
    """SQL: the last three digits of an amount are thousands, not decimals."""
    signs = {"1,234.50": ",", "1.234,50": "[.]"}
    found = [
        f"regexp_matches(raw_{name}, '{signs[form]}[0-9]{{3}}$')"
        for name in amounts
        if (form := file.mapping.forms.get(name, "")) in signs
    ]
    return " OR ".join(found) or "false"


def _report(
    file: Recognised, rows: int, accepted: int, blank: int = 0, left_out: int = 0, rounded: int = 0
) -> FileReport:
    used = {column: file.header[at] for column, at in file.columns.items()} | {
        column: f"'{value}' in every row" for column, value in file.mapping.constants.items()
    }
    unused = tuple(name for at, name in enumerate(file.header) if at not in file.columns.values())
    return FileReport(
        file.name, table_of(file).name, rows, accepted, rows - accepted, blank, left_out, rounded, used, unused
    )


_DRESS = (b" ", b"\t", b"=", b"'", b"+")
"""What may stand around an id, see `undressed`; a tab also where it separates the fields."""


def look_through(path: Path, header_line: int) -> tuple[int, bool]:
    """Return the lines of a file, the last one also without a line break, and whether cells may be dressed.

    That is by spaces and what spreadsheets put around ids. Those of the header don't count; a letter that is not ASCII
    may be a space.
    """
    breaks, returns, last = 0, 0, b""
    with path.open("rb") as file:
        header = b"".join(file.readline(LONGEST_LINE) for _ in range(header_line))
        spaces = header.count(b"\n") < header_line
        for chunk in chain([header], iter(lambda: file.read(1 << 20), b"")):
            work.go_on()
            breaks += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == LINE_FEED))  # twice as fast as bytes.count
            returns += chunk.count(b"\r") if not breaks else 0
            spaces = spaces or (chunk is not header and (not chunk.isascii() or any(sign in chunk for sign in _DRESS)))
            last = chunk[-1:]
    return (breaks or returns) + (last not in (b"\n", b"\r")), spaces
