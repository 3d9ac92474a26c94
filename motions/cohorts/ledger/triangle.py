"""The cohort triangle of a spreadsheet as a ledger.

It says what is left of each cohort, by its age; it does not say which customers paid twelve months ago, so that no NRR
comes out of it, but the curve by age does.
"""

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import numpy as np

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.ledger.ledger_file import MOST, empty_ledger, records
from motions.cohorts.reading.engine import connect
from motions.cohorts.reading.forms import PLAIN_AMOUNT, SIGNS, amount_sql, currency_signs, date_sql
from motions.cohorts.reading.read import FileReport
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import Reject
from motions.cohorts.reading.spelling import motion_words, normal_word
from motions.errors import FileError
from motions.text import listed, short


@dataclass(frozen=True)
class _Cell:
    """One cell of a triangle: MRR in minor units, customers."""

    cohort: int
    motion: str
    age: int
    closing: int
    customers: int


def read_triangles(
    files: Sequence[Recognised], today: date
) -> tuple[Ledger, tuple[FileReport, ...], tuple[Reject, ...], tuple[str, ...]]:
    """Read triangles, all with cells of one meaning, into a ledger that knows ages only."""
    names = listed([file.name for file in files])
    values = {file.mapping.constants["values"] for file in files}
    signs = {SIGNS.get(sign, sign) for file in files for sign in _signs(file)}
    sized = {"size" in file.columns for file in files}
    if len(values) > 1:
        raise FileError(names, f"hold {listed(sorted(values))}, which can't be added", "Look at one at a time.")
    if len(signs) > 1:
        raise FileError(
            names, f"hold amounts in {listed(sorted(signs))}; they are never added", "Look at one at a time."
        )
    meaning = values.pop()
    if len(sized) > 1 and meaning != "customers":
        raise FileError(names, "can't be weighed: one has sizes of its cohorts, one has none", "Add the sizes.")
    reports, rejects, cells = [], [], list[_Cell]()
    taken: dict[tuple[str, int], str] = {}
    for file in files:
        report, bad, good = _triangle(file, today, taken)
        reports.append(report)
        rejects += bad
        cells += good
    if not cells:
        raise FileError(files[0].name, "has no cohort that fits", rejects[0].reason if rejects else "Add rows.")
    if max(sum(cell.closing for cell in cells), sum(cell.customers for cell in cells)) >= MOST:
        raise FileError(names, "add up to more than can be counted", "Correct the largest cells and sizes.")
    has = {"ages", "ages.customers" if "customers" in meaning else "ages.money"}
    has |= {"ages.size"} if sized == {True} or meaning == "customers" else set()
    code = signs.pop() if signs else ""
    ledger = replace(
        empty_ledger(max(cell.cohort + cell.age for cell in cells), today),
        by_age={
            "cohort": np.array([cell.cohort for cell in cells], dtype=np.int64),
            "motion": np.array([cell.motion for cell in cells], dtype=object),
            "segment": np.full(len(cells), "", dtype=object),
            "age": np.array([cell.age for cell in cells], dtype=np.int64),
            "closing": np.array([cell.closing for cell in cells], dtype=np.int64),
            "customers": np.array([cell.customers for cell in cells], dtype=np.int64),
            "closing_squares": np.zeros(len(cells)),
            "products": np.zeros(len(cells)),
        },
        has=frozenset(has),
        currency=code if re.fullmatch("[A-Z]{3}", code) else None,
        ages=tuple(sorted({cell.age for cell in cells})),
    )
    note = "A triangle knows cohorts and ages only: other figures need accounts and revenue."
    return ledger, tuple(reports), tuple(rejects), (note,)


def _signs(file: Recognised) -> set[str]:
    places = [at for name, at in file.columns.items() if name.startswith("age ")]
    return currency_signs({re.sub("[0-9]", "9", row[at]): 1 for row in file.preview for at in places})


@dataclass(frozen=True)
class _Sheet:
    """The rows of a triangle as they were read. Numbers are millionths, none where a cell can't be read."""

    lines: list[int]
    table: list[list[str]]
    ages: dict[int, int]
    """age → column of the file"""
    cohorts: list[int | None]
    numbers: dict[int, list[int | None]]
    """age → cell of each row, also of an age 0 that has no column"""
    sizes: list[int | None]

    def filled(self, row: int) -> list[int]:
        """Return the ages whose cell in a row is not blank."""
        cells = self.table[row]
        return [age for age in self.numbers if age not in self.ages or cells[self.ages[age]].strip()]


def _triangle(
    file: Recognised, today: date, taken: dict[tuple[str, int], str]
) -> tuple[FileReport, list[Reject], list[_Cell]]:
    """Read one file; `taken` says where each motion and cohort of all files stands first."""
    sheet = _sheet(file)
    meaning, last = file.mapping.constants["values"], _last(sheet.cohorts, sheet.numbers, today)
    unit = SCALE if _is_fraction(sheet.numbers[0]) else SCALE * 100
    motions = motion_words() | file.mapping.motion_words()
    found: list[_Cell] = []
    rejects: list[Reject] = []
    for at, line in enumerate(sheet.lines):
        cohort, size, filled = sheet.cohorts[at] or 0, sheet.sizes[at], sheet.filled(at)
        row = {age: cells[at] for age, cells in sheet.numbers.items()}
        motion, problem = _motion_of(file, sheet.table[at], motions)
        problem = problem or _fault(sheet.cohorts[at], row, filled, last)
        problem = problem or _misread(meaning, sheet.table[at], sheet.ages, row)
        problem = problem or _wrong_size(size, "size" in file.columns)
        if not problem and (motion, cohort) in taken:
            problem = f"is a second row for the same cohort and motion; the first is in {taken[motion, cohort]}"
        if problem:
            own = file.columns["cohort"]
            rejects.append(Reject(file.name, line, file.header[own], sheet.table[at][own][:200], problem))
            continue
        taken[motion, cohort] = f"{file.name}, line {line}"
        born = None if size is None else size // SCALE
        for age in (age for age in filled if cohort + age <= last):
            found.append(_Cell(cohort, motion, age, *_counted(meaning, row[age] or 0, born, age, unit)))
    used = {name: file.header[place] for name, place in file.columns.items()}
    rows = len(sheet.lines)
    return FileReport(file.name, "triangle", rows, rows - len(rejects), len(rejects), columns=used), rejects, found


def _sheet(file: Recognised) -> _Sheet:
    """Read the cells of a file. Raises FileError for a row of another width, or without what cohorts began with."""
    lines, table = [], []
    try:
        for line, cells in records(file):
            lines.append(line)
            table.append(cells)
    except FileError as error:
        raise FileError(file.name, error.problem, "Save the sheet as CSV again.", error.where) from None
    forms, columns = file.mapping.forms, file.columns
    ages = {int(name[4:]): at for name, at in columns.items() if name.startswith("age ")}
    with closing(connect()) as con:
        cohorts = _months(con, [row[columns["cohort"]] for row in table], forms["cohort"])
        numbers = {age: _amounts(con, [row[at] for row in table], forms["values"]) for age, at in ages.items()}
        sizes: list[int | None] = [None] * len(table)
        if "size" in columns:
            sizes = _amounts(con, [row[columns["size"]] for row in table], forms["size"])
    if 0 not in ages:
        numbers[0] = _first(file, sizes)
    return _Sheet(lines, table, ages, cohorts, numbers, sizes)


def _first(file: Recognised, sizes: list[int | None]) -> list[int | None]:
    """The cells of a month 0 that has no column: the whole for shares, the size for customers."""
    meaning = file.mapping.constants["values"]
    if meaning.startswith("%"):
        return [100 * SCALE] * len(sizes)
    if meaning == "customers" and "size" in file.columns:
        return sizes
    repair = "Add a column 0, or the size of each cohort."
    raise FileError(file.name, "does not say what each cohort began with", repair, f"line {file.header_line}")


def _last(cohorts: list[int | None], numbers: dict[int, list[int | None]], today: date) -> int:
    """The last month that any cohort has reached, up to this one: later cells are not there yet."""
    this_month = today.year * 12 + today.month - 1
    last = 0
    for age, cells in numbers.items():
        pairs = zip(cohorts, cells, strict=True)
        known = {cohort + age for cohort, cell in pairs if cohort is not None and cell is not None}
        last = max(last, max((month for month in known if month <= this_month), default=0))
    return last


def _fault(cohort: int | None, numbers: dict[int, int | None], filled: list[int], last: int) -> str:
    """What keeps a row of a triangle from being used, or nothing."""
    if cohort is None:
        return "is no month of a cohort from 1970 on; totals and averages are left out"
    if unread := [age for age in filled if numbers[age] is None]:
        return f"month {unread[0]} is no number below a million million"
    if below := [age for age in filled if (numbers[age] or 0) < 0]:
        return f"month {below[0]} is below zero"
    expected = [age for age in numbers if cohort + age <= last]
    if missing := [age for age in expected if age not in filled]:
        return f"month {missing[0]} is blank although the cohort is old enough; write 0 if nobody was left"
    return "" if not expected or numbers[0] else "has nothing in its first month"


def _misread(meaning: str, cells: list[str], ages: dict[int, int], numbers: dict[int, int | None]) -> str:
    """What speaks against the cells being what the mapping says they are, or nothing."""
    if "%" not in meaning and any("%" in cells[at] for at in ages.values()):
        return f"holds percent, but the mapping says that its cells are {meaning}"
    if meaning == "customers" and any((number or 0) % SCALE for number in numbers.values()):
        return "holds fractions, but the mapping says that its cells are customers"
    if "customers" in meaning and (more := [age for age, cell in numbers.items() if (cell or 0) > (numbers[0] or 0)]):
        return f"month {more[0]} has more customers than the first month, of which it is what is left"
    return ""


def _wrong_size(size: int | None, needed: bool) -> str:
    """What is wrong with the size of a cohort, in millionths, or nothing."""
    if needed and size is None:
        return "has no size that can be read"
    return "has a size below zero" if size is not None and size < 0 else ""


def _motion_of(file: Recognised, row: list[str], known: dict[str, str]) -> tuple[str, str]:
    """The motion of a row, and why it can't be used."""
    if "motion" not in file.columns:
        return file.mapping.constants["motion"], ""
    word = row[file.columns["motion"]]
    motion = known.get(normal_word(word), "") if word.strip() else "organic"
    if motion in MOTIONS:
        return motion, ""
    return motion, f"{short(word, 40)} is a motion that the mapping leaves out"


def _is_fraction(first: Sequence[int | None]) -> bool:
    """Whether shares are written as 1 and not as 100 %: told by the first month."""
    known = [number for number in first if number]
    return bool(known) and max(known) <= SCALE * 3 // 2


SCALE = 10**6
"""Cells of a triangle are integers of millionths, so that shares are exact."""
WEIGHT = 10_000
"""What a cohort without a size counts for, the same for each."""


def _counted(meaning: str, number: int, size: int | None, age: int, unit: int) -> tuple[int, int]:
    """MRR in minor units and customers of a cell. `unit` is the number that a share of one is written as."""
    born = (size or 0) if age == 0 else 0
    if meaning == "customers":
        return 0, number // SCALE
    if meaning == "money":
        return number * 100 // SCALE, born
    share = number / unit
    if meaning == "% of customers":
        return 0, round(share * (size or WEIGHT))
    return round(share * SCALE * (size or WEIGHT)), born


def _amounts(con: duckdb.DuckDBPyConnection, cells: Sequence[str], form: str) -> list[int | None]:
    """Cells as millionths, none where they are blank or no number; a percent sign does no harm."""
    return _each(con, amount_sql(form or PLAIN_AMOUNT, "nullif(trim(replace(c, '%', '')), '')", decimals=6), cells)


def _months(con: duckdb.DuckDBPyConnection, cells: Sequence[str], form: str) -> list[int | None]:
    found = _each(con, f"({date_sql(form, 'trim(c)')})", cells)
    return [None if day is None or day.year < 1970 else day.year * 12 + day.month - 1 for day in found]


def _each(con: duckdb.DuckDBPyConnection, sql: str, cells: Sequence[str]) -> list[Any]:
    """Read cells, called c, by an expression of SQL. They are values to the engine, never a part of its text."""
    different = list(dict.fromkeys(cells))
    found = con.execute(f"SELECT {sql} FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS c)", [different]).fetchall()
    known = {cell: row[0] for cell, row in zip(different, found, strict=True)}
    return [known[cell] for cell in cells]
