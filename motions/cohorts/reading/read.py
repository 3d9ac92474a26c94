"""Recognised files to checked tables in DuckDB, and the rows that don't fit with their reasons.

Each file is first read strictly and in parallel; the clean file pays for one count of its lines. A file in which
anything does not fit is read again with the line number of every row, and each cell that does not fit is named.
Accepted + rejected = data rows, or the file is refused.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np

from motions import text
from motions.cohorts.contract import (
    CURRENCIES,
    KIND_WORDS,
    KINDS,
    MOTION_WORDS,
    MOTIONS,
    MOVEMENT_WORDS,
    Column,
    Table,
    words,
)
from motions.cohorts.reading.forms import (
    AMOUNTS,
    DATES,
    PARTS,
    PLAIN_AMOUNT,
    PLAIN_DATE,
    SIGNS,
    Decision,
    amount_sql,
    currency_signs,
    date_sql,
    decide_amount,
    decide_date,
)
from motions.cohorts.reading.mapping import LEAVE_OUT, Part, Question
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import LONGEST_LINE, MOST_REJECTS, Accounting, Reject, split_records, too_many
from motions.cohorts.reading.spelling import normal, normal_word, position
from motions.errors import FileError, closest
from motions.text import listed

MEMORY = 1200
"""megabytes that the engine may use unless told otherwise; what does not fit goes to disk"""
LINE_FEED = 10
USUAL_MONTHS = 120
"""before today, which a strict reading knows by their text"""
REPEATED = "is a second row for the same"


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


# What DuckDB raises for a file that does not fit; anything else is a fault of ours and must show.
_MISFIT = (duckdb.InvalidInputException, duckdb.DataError, duckdb.NotImplementedException)


def connect(folder: Path | None = None, files: Sequence[Path] = (), memory: int = MEMORY) -> duckdb.DuckDBPyConnection:
    """Open an engine that can touch nothing but `folder` and `files`; `memory` is what a reading may use, in megabytes.

    A quarter of it is left to the arrays of `activity`. Without a folder it works in memory alone.
    """
    con = duckdb.connect(
        config={
            "threads": os.cpu_count() or 1,
            "memory_limit": f"{memory - memory // 4}MB",
            "temp_directory": str(folder / "engine") if folder else "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
    )
    con.execute(f"SET allowed_directories = [{_quoted(str(folder)) if folder else ''}]")
    con.execute(f"SET allowed_paths = [{', '.join(_quoted(str(file)) for file in files)}]")
    con.execute("SET max_temp_directory_size = '20GB'")
    con.execute("SET enable_progress_bar = false")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    con.execute(f"SET VARIABLE array_bytes = {memory // 4 * 1_000_000}")
    return con


def create_table(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create the empty table that files are read into; `file` and `line` are null for rows read strictly.

    It has room for the most frequent currencies, at a byte a row: see `with_any_currency`.
    """
    types = {**dict.fromkeys(("text", "motion", "kind", "movement"), "VARCHAR"), "money": "BIGINT"}
    types |= {"positive money": "BIGINT", "currency": f"ENUM ({', '.join(map(_quoted, CURRENCIES))})"}
    columns = [
        f"{name} {types.get(column.type, 'INTEGER')}" for column in table.columns for name in _stored_names(column)
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
    if file.plain and not with_lines and (accepted := _read_strictly(con, file, number, today, spaces)) is not None:
        if accepted == lines - file.header_line:
            return file, _report(file, accepted, accepted), []
        con.execute(f"DELETE FROM {_table(file).name} WHERE file = {number}")
    accounting = _stage(con, file, folder, lines)
    try:
        file = _interpret(con, file)
        if file.questions:
            return file, None, []
        con.execute(f"CREATE TEMP TABLE parsed AS {_parsed(file, 'staged', today, strict=False, extra='line, ')}")
        return file, *_accept(con, file, number, today, accounting)
    finally:
        con.execute("DROP TABLE IF EXISTS parsed")
        con.execute("DROP TABLE IF EXISTS staged")


def _table(file: Recognised) -> Table:
    table = file.table
    if table is None:
        raise ValueError(f"{file.mapping.kind} has no rows")
    return table


# How a column is written


MOST_WORDS = 25


def _interpret(con: duckdb.DuckDBPyConnection, file: Recognised) -> Recognised:
    """Decide how the staged columns are written, from each as a whole; what they leave open becomes a question."""
    if not count(con, "(SELECT 1 FROM staged LIMIT 1)"):
        return file
    forms, questions = dict(file.mapping.forms), []
    for column in _present(file):
        if column.name not in file.columns:
            continue
        own = forms.get(column.name, "")
        decided = Decision(own)
        if "money" in column.type:
            shapes = _shapes(con, column)
            file = _with_sign(file, column, shapes)
            decided = decided if own not in ("", "cents?") else decide_amount(shapes, own == "cents?")
        elif not own and ("date" in column.type or "month" in column.type):
            decided = decide_date(_shapes(con, column), *_largest(con, column))
        elif column.type in _WORDS:
            questions += _unknown_words(con, file, column)
        if decided.form:
            forms[column.name] = decided.form
        elif decided.options:
            questions.append(_which_form(con, file, column, decided))
    mapping = file.mapping.model_copy(update={"forms": forms})
    return replace(file, mapping=mapping).asked(questions)


def _with_sign(file: Recognised, column: Column, shapes: dict[str, int]) -> Recognised:
    """Take the currency from the sign beside the amounts, where no column states it and it can mean one only.

    Raises FileError for amounts in two currencies of which no column says which is which.
    """
    if "currency" in file.columns or "currency" not in {one.name for one in _table(file).columns}:
        return file
    signs = sorted({SIGNS.get(sign, sign) for sign in currency_signs(shapes)})
    if len(signs) > 1:
        where = f"column {file.header[file.columns[column.name]]}"
        repair = "Add a column with the currency of each row, or export one currency at a time."
        raise FileError(file.name, f"has amounts in {listed(signs)}; two currencies are never added", repair, where)
    if not signs or "currency" in file.mapping.constants:
        return file
    if not re.fullmatch("[A-Z]{3}", signs[0]):
        return replace(file, sign=signs[0])
    constants = file.mapping.constants | {"currency": signs[0]}
    return replace(file, mapping=file.mapping.model_copy(update={"constants": constants}))


def _shapes(con: duckdb.DuckDBPyConnection, column: Column) -> dict[str, int]:
    """The commonest ways in which a staged column is written, every digit as 9, with their counts."""
    shape = f"left(regexp_replace(trim(raw_{column.name}), '[0-9]', '9', 'g'), 60)"
    query = f"SELECT {shape} AS shape, count(*) AS times FROM staged WHERE trim(raw_{column.name}) <> '' GROUP BY 1"
    return dict(con.execute(f"{query} ORDER BY times DESC, shape LIMIT 500").fetchall())


def _largest(con: duckdb.DuckDBPyConnection, column: Column) -> tuple[int | None, int | None]:
    """The largest first and second number of days written with slashes."""
    parts = (f"max(TRY_CAST(regexp_extract(trim(raw_{column.name}), '^{PARTS}', {at}) AS INTEGER))" for at in (1, 2))
    found = con.execute(f"SELECT {', '.join(parts)} FROM staged").fetchall()[0]
    return found[0], found[1]


def _which_form(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column, decided: Decision) -> Question:
    query = f"SELECT DISTINCT raw_{column.name} FROM staged WHERE regexp_matches(raw_{column.name}, '[0-9]')"
    found = con.execute(f"{query} ORDER BY 1 DESC LIMIT 3").fetchall()
    examples = listed([f"'{row[0][:30]}'" for row in found])
    own = file.header[file.columns[column.name]]
    asks = f"How is column {own} written, with {examples}? It could be either."
    if "cents" in decided.options:
        asks = f"Does column {own} hold cents or whole money? It has whole numbers only, such as {examples}."
    return Question(file.name, "forms", column.name, asks, decided.options)


def _unknown_words(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> list[Question]:
    """Ask for each word that is none of the known ones; too many are no words of that kind."""
    known = ", ".join(_quoted(word) for word in _known_words(file, column))
    query = (
        f"SELECT trim(raw_{column.name}) AS word, count(*) AS times FROM staged WHERE trim(raw_{column.name}) <> '' "
        f"AND {_plain_word(f'raw_{column.name}')} NOT IN ({known}) GROUP BY 1 ORDER BY times DESC, word"
    )
    found = con.execute(f"{query} LIMIT {MOST_WORDS + 1}").fetchall()
    what, part, choices = _WORDS[column.type]
    if len(found) > MOST_WORDS:
        own = file.header[file.columns[column.name]]
        asks = f"Column {own} holds more than {MOST_WORDS} words that are no {what}, such as '{found[0][0][:60]}'. "
        others = tuple(cell for cell in file.header if cell and cell != own)
        return [Question(file.name, "columns", column.name, asks + f"Which column is the {what}?", others)]
    return [
        Question(
            file.name,
            part,
            str(word),
            f"Which {what} is '{str(word)[:60]}' ({text.count(times, 'row')})?{closest(normal(str(word)), choices)}",
            (*choices, LEAVE_OUT),
        )
        for word, times in found
    ]


_WORDS: dict[str, tuple[str, Part, tuple[str, ...]]] = {
    "motion": ("motion", "motions", MOTIONS),
    "kind": ("kind of spend", "words", KINDS),
    "movement": ("movement", "words", tuple(MOVEMENT_WORDS)),
}
"""Columns of words: what they are, where a mapping says what a word means, and the words that are ours."""


def _known_words(file: Recognised, column: Column) -> dict[str, str]:
    """Every spelling that the file may use, in the form that they are compared in → our word or leave out."""
    ours = {"motion": MOTION_WORDS, "kind": KIND_WORDS, "movement": MOVEMENT_WORDS}[column.type]
    own = file.mapping.motions if column.type == "motion" else file.mapping.words
    return words(ours) | {normal_word(word): meaning for word, meaning in own.items()}


def _stored_key(table: Table) -> tuple[str, ...]:
    """The columns of a table that no two rows may share, as they are stored: the day of a date."""
    return tuple(STORED.get(name, ((name, ""),))[-1][0] for name in table.key)


def repeats(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Return whether two rows share the key of their table."""
    key = ", ".join(_stored_key(table))
    rows = f"SELECT {key} FROM {table.name} WHERE {_stored_key(table)[0]} IS NOT NULL"
    return bool(count(con, f"({rows} GROUP BY ALL HAVING count(*) > 1)"))


def reject_repeated(
    con: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Recognised], currency: str | None
) -> list[Reject]:
    """Remove every row whose key an earlier row has, and say which: never added up, never silently dropped.

    The table's files must have been read with lines. Rows in two currencies do not repeat one another; one that
    states none counts as in `currency`. Raises FileError when there are more than MOST_REJECTS.
    """
    key = ", ".join(_stored_key(table))
    same = f"{key}, coalesce(currency, {_quoted(currency or '')})" if table.name == "revenue" else key
    con.execute(
        f"CREATE TEMP TABLE repeated AS SELECT file, line, first_file, first_line, {key} FROM ("
        f"SELECT *, FIRST_VALUE(file) OVER w AS first_file, FIRST_VALUE(line) OVER w AS first_line, "
        f"ROW_NUMBER() OVER w AS rank FROM {table.name} WHERE {_stored_key(table)[0]} IS NOT NULL "
        f"WINDOW w AS (PARTITION BY {same} ORDER BY file, line)"
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
            f"{REPEATED} {what}; the first is in {files[row[2]].name}, line {row[3]}. "
            "Remove one, or add them up before the upload",
        )
        for row in rows
    ]
    if len(rejects) > MOST_REJECTS:
        raise too_many(rejects[0].file, rejects[0])
    return rejects


# What is stored of a column, and how a cell is read.

_PARTS = {
    "day": "datediff('day', DATE '1970-01-01', {day})",
    "month": "(year({day}) * 12 + month({day}) - 1)",
    "": "{day}",
}
_FREQUENT_CURRENCIES = " ".join(f"WHEN '{code}' THEN '{code}'" for code in CURRENCIES)
STORED = {
    "signed_up_on": (("signup_month", "month"), ("signup_day", "day")),
    "activated_on": (("activated_day", "day"),),
    "pql_on": (("pql_month", "month"),),
    "recruited_on": (("recruited_month", "month"), ("recruited_day", "day")),
    "started_on": (("started_month", "month"), ("started_day", "day")),
    "ended_on": (("ended_month", "month"),),
}
"""What is stored of a column, where that is not itself: (name, month or day of it)."""
NEVER_NULL = {"motion": "organic", "partner_id": "", "segment": ""}


def _stored_names(column: Column) -> tuple[str, ...]:
    return tuple(name for name, _ in STORED.get(column.name, ((column.name, ""),)))


def _read_cell(file: Recognised, column: Column, raw: str, today: date) -> str:
    """SQL that reads the text of a cell: null when it does not fit. Months are numbers, days are dates."""
    cell = f"nullif(trim({raw}), '')"
    if "money" in column.type:
        currency = _raw(file, "currency") if "currency" in {*file.columns, *file.mapping.constants} else "NULL"
        return amount_sql(file.mapping.forms.get(column.name, PLAIN_AMOUNT), cell, currency)
    if "month" in column.type:
        return _month(date_sql(file.mapping.forms.get(column.name, PLAIN_DATE), cell))
    if "date" in column.type:
        return date_sql(file.mapping.forms.get(column.name, PLAIN_DATE), cell)
    if column.type == "currency":
        return f"CASE WHEN regexp_full_match({cell}, '[A-Za-z]{{3}}') THEN upper({cell}) END"
    if column.type not in _WORDS:
        return cell
    known = {word: ours for word, ours in _known_words(file, column).items() if ours != LEAVE_OUT}
    return _one_of(cell, _plain_word(cell), known)


def _read_strict_cell(file: Recognised, column: Column, raw: str, today: date) -> str:
    """SQL that reads a cell of a clean file in plain forms: null when it does not fit.

    It may refuse what `_read_cell` accepts (spaces around a value, more than two decimals), as the file is then read
    again; it accepts nothing that `_read_cell` refuses. Patterns cost most and come last, as DuckDB's casts do nearly
    all of their work. But casts are lenient: a date may have spaces behind it, an amount an exponent or any number
    of decimals; so they stand only beside a check of how the cell looks.
    """
    if column.type == "text":
        return f"nullif({raw}, '')"  # that it has no space around it is one of the faults
    if column.type == "currency":
        return f"CASE {raw} {_FREQUENT_CURRENCIES} END"  # one comparison for the most frequent, unlike IN
    if "money" in column.type:
        amount = f"TRY_CAST({raw} AS DECIMAL(14, 2))"
        cents = f"CAST({amount} * 100 AS BIGINT)"
        fits = f"regexp_full_match({raw}, '-?[0-9]+(\\.[0-9][0-9]?)?')"
        return f"CASE WHEN CAST({amount} AS VARCHAR) = {raw} THEN {cents} WHEN {fits} THEN {cents} END"
    day = (
        f"CASE WHEN {raw} LIKE '____-__-__' AND right({raw}, 1) >= '0' THEN TRY_CAST({raw} AS DATE) "
        f"ELSE {date_sql(PLAIN_DATE, raw)} END"
    )
    if "date" in column.type:
        return day
    if "month" in column.type:
        # There are few months: to compare with each of them is cheaper than to read a date.
        newest = 12 * today.year + today.month - 1
        known = ((month // 12, month % 12 + 1, month) for month in range(newest, newest - USUAL_MONTHS, -1))
        cases = " ".join(f"WHEN '{year}-{month:02d}' THEN {number}" for year, month, number in known)
        return f"CASE {raw} {cases} ELSE {_month(day)} END"
    return _one_of(raw, f"lower({raw})", _known_words(file, column))


def _month(day: str) -> str:
    """SQL of the month number of a date: 12 × year + month − 1."""
    return f"datediff('month', DATE '1970-01-01', {day}) + {12 * 1970}"


def _one_of(cell: str, plain: str, spellings: dict[str, str]) -> str:
    cases = " ".join(f"WHEN {_quoted(spelling)} THEN '{word}'" for spelling, word in spellings.items())
    return f"CASE WHEN {cell} IS NULL THEN NULL ELSE CASE {plain} {cases} END END"


def _plain_word(cell: str) -> str:
    """SQL of what `normal_word` does; a word without a Latin letter stays itself."""
    plain = f"trim(regexp_replace(lower({cell}), '[^a-z0-9]+', '_', 'g'), '_')"
    return f"coalesce(nullif({plain}, ''), trim({cell}))"


def _reason(file: Recognised, column: Column, value: str, today: date) -> str:
    if not value.strip():
        return "is empty; a row can't be used without it"
    if column.type in ("date", "past date", "month", "past month"):
        return _reason_of_date(column, value, today, file.mapping.forms.get(column.name, PLAIN_DATE))
    form = file.mapping.forms.get(column.name, PLAIN_AMOUNT)
    amount = f"the column is read as {AMOUNTS[form]}" if form in AMOUNTS else ""
    if column.name == "change" and re.match(r"[(']?[-−(]", value.strip()):
        return "is below zero, but the movement is a gain; correct one of the two"
    if LEAVE_OUT in (file.mapping.motions.get(value.strip()), file.mapping.words.get(value.strip())):
        return "is a word that the mapping leaves out"
    return {
        "text": "can't be read as text",
        "money": f"is not an amount below a million million; {amount}",
        "positive money": f"is not an amount of zero or more, below a million million; {amount}",
        "motion": f"is no known motion; use one of {', '.join(MOTIONS)}",
        "currency": "is not a currency; write its ISO code, such as USD",
        "kind": f"is no known kind of spend; use one of {', '.join(KINDS)}",
        "movement": f"is no known movement; use one of {', '.join(MOVEMENT_WORDS)}",
    }[column.type]


def _reason_of_date(column: Column, value: str, today: date, used: str) -> str:
    if column.name == "ended_on" and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        return "is no day, or one before the start; correct one of the two"
    what, form = (
        ("month", "year-month, as in 2026-09")
        if "month" in column.type
        else ("day", "year-month-day, as in 2026-09-30")
    )
    if re.fullmatch(r"[1-9][0-9]{4}(\.[0-9]+)?", value.strip()):
        return f"looks like a spreadsheet's number for a date, unlike the rest of the column; write it as {form}"
    if re.match(r"[0-9]{4}-[0-9]{2}", value.strip()) and "past" in column.type:
        return f"is not a {what} of the calendar up to today ({today}); write it as {form}"
    if used != PLAIN_DATE:
        form = f"{DATES[used]}, like the rest of the column"
    return f"is not a {what} written as {form}; change the format of the column, or how it is read under Your files"


def _present(file: Recognised) -> list[Column]:
    """The columns that the file has, or that its mapping states for every row."""
    there = {*file.columns, *file.mapping.constants}
    return [column for column in _table(file).columns if column.name in there]


def _raw(file: Recognised, column: str) -> str:
    """SQL of the text of a column: a cell of the file, or the value that the mapping states."""
    at = file.columns.get(column)
    return _quoted(file.mapping.constants[column]) if at is None else f"c{at}"


def _parsed(file: Recognised, source: str, today: date, strict: bool, extra: str = "") -> str:
    """SQL: for each column of the table its text `raw_x` and the value `x` read from it."""
    cells, read = [], _read_strict_cell if strict else _read_cell
    for column in _present(file):
        stated = column.name not in file.columns
        raw = _raw(file, column.name) if strict or stated else f"raw_{column.name}"
        cells += [f"{raw} AS raw_{column.name}", f"{read(file, column, raw, today)} AS {column.name}"]
    left = "" if strict else f", {_left_out(file)}"
    return f"SELECT {extra}{', '.join(cells)}{left} FROM {source}"


def _left_out(file: Recognised) -> str:
    """SQL: the column and the value that a row is left out for after the mapping, or nulls."""
    told: dict[str, list[str]] = {"left_by": [], "left_out": []}
    for at, name, values in _leave_out_columns(file):
        known = ", ".join(_quoted(normal_word(value)) for value in values)
        when = f"WHEN {_plain_word(f'c{at}')} IN ({known}) THEN"
        told["left_by"].append(f"{when} {_quoted(name)}")
        told["left_out"].append(f"{when} c{at}")
    none = "CAST(NULL AS VARCHAR)"
    return ", ".join(
        f"{f'CASE {chr(32).join(cases)} END' if cases else none} AS {name}" for name, cases in told.items()
    )


def _leave_out_columns(file: Recognised) -> list[tuple[int, str, tuple[str, ...]]]:
    found = ((position(file.header, name), name, values) for name, values in file.mapping.leave_out.items())
    return [(at, name, values) for at, name, values in found if at is not None]


def _bad(file: Recognised, column: Column, today: date) -> str:
    """SQL that is true for a cell that does not fit; for others it is false, or null."""
    name = column.name
    missing, blank = f"{name} IS NULL", f"trim(raw_{name}) = ''"
    if column.type not in ("text", *_WORDS):  # what systems write for nothing
        blank = f"lower(trim(raw_{name})) IN ('', 'null', 'none', 'nan', 'n/a', 'na', '-', '–')"
        blank = f"({blank} OR raw_{name} LIKE '9999-%')"  # the end of time is no end
    faults = [missing if column.required else f"({missing} AND NOT {blank})"]
    last = today if "past" in column.type else date(2200, 1, 1)
    if "month" in column.type:
        faults.append(f"NOT {name} BETWEEN {12 * 1970 + 1} AND {12 * last.year + last.month - 1}")
    if "date" in column.type:
        faults.append(f"NOT {name} BETWEEN DATE '1970-01-02' AND DATE '{last}'")
    if name == "change" and "movement" in {*file.columns, *file.mapping.constants}:
        faults.append("change < 0 AND movement IN ('new', 'expansion', 'reactivation')")
    if column.type == "positive money":
        faults.append(f"{name} < 0")
    if name == "ended_on" and _table(file).name == "subscriptions":
        faults.append("ended_on < started_on")
    return f"({' OR '.join(faults)})"


def _stored(file: Recognised, number: int, line: str) -> str:
    """The select list that stores parsed values in the table's columns, absent ones too."""
    cells = []
    there = {*file.columns, *file.mapping.constants}
    for column in _table(file).columns:
        default = NEVER_NULL.get(column.name) if _table(file).name in ("accounts", "customers") else None
        for _, part in STORED.get(column.name, ((column.name, ""),)):
            value = _PARTS[part].format(day=column.name) if column.name in there else "NULL"
            cells.append(f"coalesce({value}, '{default}')" if default is not None else value)
    return ", ".join([*cells, str(number), line])


def _csv(file: Recognised) -> str:
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(file.header)))
    return (
        f"read_csv({_quoted(str(file.path))}, columns = {{{columns}}}, header = true, auto_detect = false, "
        f"skip = {file.header_line - 1}, delim = {_quoted(file.delimiter)}, quote = '\"', escape = '\"', "
        "strict_mode = true)"
    )


def _read_strictly(
    con: duckdb.DuckDBPyConnection, file: Recognised, number: int, today: date, spaces: bool
) -> int | None:
    """Insert the whole file, or nothing: rows inserted, or None when any cell or line does not fit."""
    present = _present(file)
    trimmed = spaces or bool(file.mapping.constants)
    texts = [f"raw_{column.name}" for column in present if column.type == "text" and trimmed]
    faults = [_bad(file, column, today) for column in present]
    faults += [f"{raw} <> trim({raw})" for raw in texts]
    bad = " OR ".join(faults)  # null is as good as false here, and a coalesce would take a third of the reading
    parsed = _parsed(file, _csv(file), today, strict=True)
    try:
        result = con.execute(
            f"INSERT INTO {_table(file).name} SELECT {_stored(file, number, 'NULL')} FROM ({parsed}) "
            f"WHERE CASE WHEN {bad} THEN error('row') ELSE true END"
        ).fetchall()
    except _MISFIT:
        return None
    return int(result[0][0])


def _stage(con: duckdb.DuckDBPyConnection, file: Recognised, folder: Path, lines: int) -> Accounting:
    """Make `staged`, the file's cells as text with their line; malformed lines are set aside with a reason."""
    used = sorted({*file.columns.values(), *(at for at, _, _ in _leave_out_columns(file))})
    cells = ", ".join(
        [
            "line",
            *(f"c{at} AS raw_{name}" for name, at in file.columns.items()),
            *(f"c{at}" for at in used),
        ]
    )
    numbered = f"(SELECT row_number() OVER () + {file.header_line} AS line, * FROM {_csv(file)})"
    con.execute("DROP TABLE IF EXISTS staged")
    try:
        con.execute(f"CREATE TEMP TABLE staged AS SELECT {cells} FROM {numbered}")
        rows = count(con, "staged")
        # No blank line, no line break inside quotes: the number of a row is that of its line.
        if rows == lines - file.header_line:
            return Accounting(rows, rows, 0, [])
        con.execute("DROP TABLE staged")
    except _MISFIT:
        pass
    clean = folder / "clean.csv"
    try:
        seen = split_records(file.name, file.path, file.delimiter, file.header, clean, file.header_line)
        columns = ", ".join(["'line': 'BIGINT'", *(f"'c{at}': 'VARCHAR'" for at in range(len(file.header)))])
        con.execute(
            f"CREATE TEMP TABLE staged AS SELECT {cells} FROM read_csv({_quoted(str(clean))}, "
            f"columns = {{{columns}}}, header = false, auto_detect = false, delim = {_quoted(file.delimiter)}, "
            "quote = '\"', escape = '\"', strict_mode = true, parallel = false, max_line_size = 20000000)"
        )
    finally:
        clean.unlink(missing_ok=True)
    if count(con, "staged") != seen.kept or seen.kept + len(seen.rejects) != seen.records:
        raise FileError(file.name, "could not be accounted for line by line", "Save it as CSV (UTF-8) and try again.")
    return seen


def _accept(
    con: duckdb.DuckDBPyConnection, file: Recognised, number: int, today: date, seen: Accounting
) -> tuple[FileReport, list[Reject]]:
    """Move the parsed rows that fit into the table and return the others as rejects, one for each cell."""
    columns = _present(file)
    # What the mapping leaves out is known to be many: all are counted, some are listed.
    query = f"SELECT line, left_by, left_out FROM parsed WHERE left_out IS NOT NULL ORDER BY line LIMIT {MOST_REJECTS}"
    left_out = [
        Reject(file.name, at, column, value, "is left out by the mapping")
        for at, column, value in con.execute(query).fetchall()
    ]
    rejects = left_out + seen.rejects
    for column in columns:
        bad = f"left_out IS NULL AND {_bad(file, column, today)}"
        query = f"SELECT line, coalesce(raw_{column.name}, '') FROM parsed WHERE {bad} ORDER BY line"
        found = con.execute(f"{query} LIMIT {MOST_REJECTS + 1}").fetchall()
        rejects += [
            Reject(file.name, at, column.name, raw[:200], _reason(file, column, raw, today)) for at, raw in found
        ]
        if len(found) > MOST_REJECTS:
            break
    bad_lines = {reject.line for reject in rejects[len(left_out) :]}
    if len(bad_lines) > MOST_REJECTS:
        raise too_many(file.name, min(rejects[len(left_out) :], key=lambda reject: reject.line))
    leaving = count(con, "parsed WHERE left_out IS NOT NULL")
    rejected = len(bad_lines) + leaving
    rejects.sort(key=lambda reject: reject.line)
    good = f"left_out IS NULL AND NOT coalesce({' OR '.join(_bad(file, column, today) for column in columns)}, false)"
    if count(con, f"parsed WHERE {good}") + rejected != seen.records:
        raise FileError(file.name, "could not be accounted for row by row", "Save it as CSV (UTF-8) and try again.")
    with_any_currency(con, _table(file))
    con.execute(f"INSERT INTO {_table(file).name} SELECT {_stored(file, number, 'line')} FROM parsed WHERE {good}")
    amounts = [column.name for column in columns if "money" in column.type]
    long = " OR ".join(f"regexp_matches(raw_{name}, '[.,][0-9]{{2}}[0-9]*[1-9]$')" for name in amounts) or "false"
    rounded = count(con, f"parsed WHERE {good} AND ({long}) AND NOT ({_thousands(file, amounts)})")
    return _report(file, seen.records, seen.records - rejected, seen.blank, leaving, rounded), rejects


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
        file.name, _table(file).name, rows, accepted, rows - accepted, blank, left_out, rounded, used, unused
    )


def count(con: duckdb.DuckDBPyConnection, what: str) -> int:
    """Return the number of rows of a table, a subquery, or a table with a condition."""
    return int(con.execute(f"SELECT count(*) FROM {what}").fetchall()[0][0])


def look_through(path: Path, header_line: int) -> tuple[int, bool]:
    """Return the lines of a file, the last one also without a line break, and whether there may be spaces in it.

    Those of the header don't count; a letter that is not ASCII may be one, as other spaces are none.
    """
    breaks, returns, last = 0, 0, b""
    with path.open("rb") as file:
        header = b"".join(file.readline(LONGEST_LINE) for _ in range(header_line))
        spaces = header.count(b"\n") < header_line
        for chunk in chain([header], iter(lambda: file.read(1 << 20), b"")):
            breaks += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == LINE_FEED))  # twice as fast as bytes.count
            returns += chunk.count(b"\r") if not breaks else 0
            spaces = spaces or (chunk is not header and (b" " in chunk or not chunk.isascii()))
            last = chunk[-1:]
    return (breaks or returns) + (last not in (b"\n", b"\r")), spaces


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
