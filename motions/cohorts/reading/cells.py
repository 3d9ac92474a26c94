"""How the cells of a file are read by SQL, what is stored of them, and why one does not fit."""

import re
from datetime import date

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
from motions.cohorts.reading.engine import Bound
from motions.cohorts.reading.forms import AMOUNTS, DATES, PLAIN_AMOUNT, PLAIN_DATE, amount_sql, date_sql, has_day
from motions.cohorts.reading.mapping import LEAVE_OUT, Part
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.spelling import normal_word, position

USUAL_MONTHS = 120
"""before today, which a strict reading knows by their text"""


def table_of(file: Recognised) -> Table:
    """Return the kind of rows of a file that has some."""
    table = file.table
    if table is None:
        raise ValueError(f"{file.mapping.kind} has no rows")
    return table


WORDS: dict[str, tuple[str, Part, tuple[str, ...]]] = {
    "motion": ("motion", "motions", MOTIONS),
    "kind": ("kind of spend", "words", KINDS),
    "movement": ("movement", "words", tuple(MOVEMENT_WORDS)),
}
"""Columns of words: what they are, where a mapping says what a word means, and the words that are ours."""


def known_words(file: Recognised, column: Column) -> dict[str, str]:
    """Every spelling that the file may use, in the form that they are compared in → our word or leave out."""
    ours = {"motion": MOTION_WORDS, "kind": KIND_WORDS, "movement": MOVEMENT_WORDS}[column.type]
    own = file.mapping.motions if column.type == "motion" else file.mapping.words
    return words(ours) | {normal_word(word): meaning for word, meaning in own.items()}


# What is stored of a column, and how a cell is read.

_PARTS = {
    "day": "datediff('day', DATE '1970-01-01', {day})",
    "month": "(year({day}) * 12 + month({day}) - 1)",
    "": "{day}",
}
_FREQUENT_CURRENCIES = " ".join(f"WHEN '{code}' THEN '{code}'" for code in CURRENCIES)
STORED = {
    "signed_up_on": (("signup_month", "month"), ("signup_day", "day")),
    "activated_on": (("activated_month", "month"), ("activated_day", "day")),
    "pql_on": (("pql_month", "month"),),
    "recruited_on": (("recruited_month", "month"), ("recruited_day", "day")),
    "started_on": (("started_month", "month"), ("started_day", "day")),
    "ended_on": (("ended_month", "month"),),
}
"""What is stored of a column, where that is not itself: (name, month or day of it)."""
NEVER_NULL = {"partner_id": "", "segment": ""}
"""What is stored of accounts where nothing is said; a motion stays null until the files have completed one another."""
NOT_KNOWN = {"activated_day": "-1", "pql_month": "-1"}
"""What is stored of accounts whose file does not have the column: not known, which is not the same as not so."""


def stored_names(column: Column) -> tuple[str, ...]:
    """Return what a column is called in the table: its day, its month, or both."""
    return tuple(name for name, _ in STORED.get(column.name, ((column.name, ""),)))


def _read_cell(file: Recognised, column: Column, text: str, bound: Bound, today: date) -> str:
    """SQL that reads the text of a cell: null when it does not fit. Months are numbers, days are dates."""
    cell = f"nullif(trim({text}), '')"
    if "money" in column.type:
        currency = raw(file, "currency", bound) if "currency" in {*file.columns, *file.mapping.constants} else "NULL"
        return amount_sql(file.mapping.forms.get(column.name, PLAIN_AMOUNT), cell, currency)
    if "month" in column.type:
        return _month(date_sql(file.mapping.forms.get(column.name, PLAIN_DATE), cell))
    if "date" in column.type:
        return date_sql(file.mapping.forms.get(column.name, PLAIN_DATE), cell)
    if column.type == "currency":
        return f"CASE WHEN regexp_full_match({cell}, '[A-Za-z]{{3}}') THEN upper({cell}) END"
    if column.type not in WORDS:
        return cell
    known = {word: ours for word, ours in known_words(file, column).items() if ours != LEAVE_OUT}
    return _one_of(cell, plain_word(cell), known, bound)


def _read_strict_cell(file: Recognised, column: Column, text: str, bound: Bound, today: date) -> str:
    """SQL that reads a cell of a clean file in plain forms: null when it does not fit.

    It may refuse what `_read_cell` accepts (spaces around a value, more than two decimals), as the file is then read
    again; it accepts nothing that `_read_cell` refuses. Patterns cost most and come last, as DuckDB's casts do nearly
    all of their work. But casts are lenient: a date may have spaces behind it, an amount an exponent or any number
    of decimals; so they stand only beside a check of how the cell looks.
    """
    if column.type == "text":
        return f"nullif({text}, '')"  # that it has no space around it is one of the faults
    if column.type == "currency":
        return f"CASE {text} {_FREQUENT_CURRENCIES} END"  # one comparison for the most frequent, unlike IN
    if "money" in column.type:
        amount = f"TRY_CAST({text} AS DECIMAL(14, 2))"
        cents = f"CAST({amount} * 100 AS BIGINT)"
        fits = f"regexp_full_match({text}, '-?[0-9]+(\\.[0-9][0-9]?)?')"
        return f"CASE WHEN CAST({amount} AS VARCHAR) = {text} THEN {cents} WHEN {fits} THEN {cents} END"
    day = (
        f"CASE WHEN {text} LIKE '____-__-__' AND right({text}, 1) >= '0' THEN TRY_CAST({text} AS DATE) "
        f"ELSE {date_sql(PLAIN_DATE, text)} END"
    )
    if "date" in column.type:
        return day
    if "month" in column.type:
        # There are few months: to compare with each of them is cheaper than to read a date.
        newest = 12 * today.year + today.month - 1
        known = ((month // 12, month % 12 + 1, month) for month in range(newest, newest - USUAL_MONTHS, -1))
        cases = " ".join(f"WHEN '{year}-{month:02d}' THEN {number}" for year, month, number in known)
        return f"CASE {text} {cases} ELSE {_month(day)} END"
    return _one_of(text, f"lower({text})", known_words(file, column), bound)


def _month(day: str) -> str:
    """SQL of the month number of a date: 12 × year + month − 1."""
    return f"datediff('month', DATE '1970-01-01', {day}) + {12 * 1970}"


def _one_of(cell: str, plain: str, spellings: dict[str, str], bound: Bound) -> str:
    cases = " ".join(f"WHEN {bound(spelling)} THEN {bound(word)}" for spelling, word in spellings.items())
    return f"CASE WHEN {cell} IS NULL THEN NULL ELSE CASE {plain} {cases} END END"


def plain_word(cell: str) -> str:
    """SQL of what `normal_word` does; a word without a Latin letter stays itself."""
    plain = f"trim(regexp_replace(lower({cell}), '[^a-z0-9]+', '_', 'g'), '_')"
    return f"coalesce(nullif({plain}, ''), trim({cell}))"


def reason(file: Recognised, column: Column, value: str, today: date) -> str:
    """Say why the value of a cell can't be used, and the repair."""
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


def present(file: Recognised) -> list[Column]:
    """Return the columns that the file has, or that its mapping states for every row."""
    there = {*file.columns, *file.mapping.constants}
    return [column for column in table_of(file).columns if column.name in there]


def raw(file: Recognised, column: str, bound: Bound) -> str:
    """Return SQL of the text of a column: a cell of the file, or the value that the mapping states."""
    at = file.columns.get(column)
    return f"CAST({bound(file.mapping.constants[column])} AS VARCHAR)" if at is None else f"c{at}"


def parsed(file: Recognised, source: str, bound: Bound, today: date, strict: bool, extra: str = "") -> str:
    """Return SQL: for each column of the table its text `raw_x` and the value `x` read from it."""
    cells, read = [], _read_strict_cell if strict else _read_cell
    for column in present(file):
        stated = column.name not in file.columns
        text = raw(file, column.name, bound) if strict or stated else f"raw_{column.name}"
        cells += [f"{text} AS raw_{column.name}", f"{read(file, column, text, bound, today)} AS {column.name}"]
    left = "" if strict else f", {_left_out(file, bound)}"
    return f"SELECT {extra}{', '.join(cells)}{left} FROM {source}"


def _left_out(file: Recognised, bound: Bound) -> str:
    """SQL: the column and the value that a row is left out for after the mapping, or nulls."""
    told: dict[str, list[str]] = {"left_by": [], "left_out": []}
    for at, name, values in leave_out_columns(file):
        known = bound.all([normal_word(value) for value in values])
        when = f"WHEN {plain_word(f'c{at}')} IN ({known}) THEN"
        told["left_by"].append(f"{when} {bound(name)}")
        told["left_out"].append(f"{when} c{at}")
    none = "CAST(NULL AS VARCHAR)"
    return ", ".join(
        f"{f'CASE {chr(32).join(cases)} END' if cases else none} AS {name}" for name, cases in told.items()
    )


def leave_out_columns(file: Recognised) -> list[tuple[int, str, tuple[str, ...]]]:
    """Return position, name and values of the columns whose values leave a row out."""
    found = ((position(file.header, name), name, values) for name, values in file.mapping.leave_out.items())
    return [(at, name, values) for at, name, values in found if at is not None]


def bad(file: Recognised, column: Column, today: date) -> str:
    """Return SQL that is true for a cell that does not fit; for others it is false, or null."""
    name = column.name
    missing, blank = f"{name} IS NULL", f"trim(raw_{name}) = ''"
    if column.type not in ("text", *WORDS):  # what systems write for nothing
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
    if name == "ended_on" and table_of(file).name == "subscriptions":
        faults.append("ended_on < started_on")
    return f"({' OR '.join(faults)})"


def stored(file: Recognised, number: int, line: str) -> str:
    """Return the select list that stores parsed values in the table's columns, absent ones too."""
    cells = []
    there = {*file.columns, *file.mapping.constants}
    accounts = table_of(file).name in ("accounts", "customers")
    for column in table_of(file).columns:
        default = NEVER_NULL.get(column.name) if accounts else None
        for name, part in STORED.get(column.name, ((column.name, ""),)):
            absent = NOT_KNOWN.get(name, "NULL") if accounts else "NULL"
            value = _PARTS[part].format(day=column.name) if column.name in there else absent
            if name == "signup_day":
                form = file.mapping.forms.get(column.name, PLAIN_DATE)
                value = f"CASE WHEN {has_day(form, f'raw_{column.name}')} THEN {value} END"
            cells.append(f"coalesce({value}, '{default}')" if default is not None else value)
    return ", ".join([*cells, str(number), line])
