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
from motions.cohorts.ledger.ledger_file import MOST, empty_ledger
from motions.cohorts.ledger.triangle_rows import Written, written_rows
from motions.cohorts.reading.engine import connect
from motions.cohorts.reading.forms import PLAIN_AMOUNT, PLAIN_DATE, SIGNS, amount_sql, currency_signs, date_sql
from motions.cohorts.reading.read import FileReport
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import Reject
from motions.cohorts.reading.spelling import motion_words, normal_word
from motions.cohorts.reading.triangles import length_of, usual_length, value_places
from motions.cohorts.reading.wide import Time, time_of
from motions.errors import FileError
from motions.text import listed, month_name, short


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
    signs = {SIGNS.get(sign, sign) for file in files for sign in _signs(file)}
    if len(signs) > 1:
        raise FileError(
            names, f"hold amounts in {listed(sorted(signs))}; they are never added", "Look at one at a time."
        )
    sheets = [_sheet(file) for file in files]
    meaning, sized = _of_one_meaning(names, sheets)
    reports, rejects, cells, notes = [], [], list[_Cell](), [NOTE]
    taken: dict[tuple[str, int], str] = {}
    for sheet in sheets:
        report, bad, good, said = _found(sheet, today, taken)
        reports.append(report)
        rejects += bad
        cells += good
        notes += [said] if said else []
    if not cells:
        raise FileError(files[0].name, "has no cohort that fits", rejects[0].reason if rejects else "Add rows.")
    if max(sum(cell.closing for cell in cells), sum(cell.customers for cell in cells)) >= MOST:
        raise FileError(names, "add up to more than can be counted", "Correct the largest cells and sizes.")
    has = {"ages", "ages.customers" if "customers" in meaning else "ages.money"}
    has |= {"ages.size"} if sized else set()
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
    return ledger, tuple(reports), tuple(rejects), tuple(notes)


NOTE = "A triangle knows cohorts and ages only: other figures need accounts and revenue."


def _signs(file: Recognised) -> set[str]:
    places = value_places(file.columns)
    return currency_signs({re.sub("[0-9]", "9", row[at]): 1 for row in file.preview for at in places})


@dataclass(frozen=True)
class _Row:
    """A cohort as it was read. Numbers are millionths, none where a cell can't be read; a blank cell has no age."""

    written: Written
    cohort: int | None
    size: int | None
    numbers: dict[int, int | None]


@dataclass(frozen=True)
class _Sheet:
    """A triangle as it was read: what its numbers are, the ages in months that it has, and its cohorts.

    `unit` is the number that a share of one is written as.
    """

    file: Recognised
    meaning: str
    unit: int
    ages: frozenset[int]
    rows: list[_Row]
    rejects: list[Reject]

    @property
    def sized(self) -> bool:
        """Whether it is known of how many customers each cohort is."""
        return self.meaning == "customers" or any(row.size is not None for row in self.rows)


def _of_one_meaning(names: str, sheets: Sequence[_Sheet]) -> tuple[str, bool]:
    """What the cells of all are, and whether the sizes of their cohorts are known. Raises FileError where they vary."""
    values = {sheet.meaning for sheet in sheets}
    if len(values) > 1:
        raise FileError(names, f"hold {listed(sorted(values))}, which can't be added", "Look at one at a time.")
    sized = {sheet.sized for sheet in sheets}
    if len(sized) > 1:
        raise FileError(names, "can't be weighed: one has sizes of its cohorts, one has none", "Add the sizes.")
    return values.pop(), sized == {True}


def _found(
    sheet: _Sheet, today: date, taken: dict[tuple[str, int], str]
) -> tuple[FileReport, list[Reject], list[_Cell], str]:
    """The cells of one file; `taken` says where each motion and cohort of all files stands first."""
    file, (last, said) = sheet.file, _last(sheet, today)
    motions = motion_words() | file.mapping.motion_words()
    found: list[_Cell] = []
    rejects = list(sheet.rejects)
    for row in sheet.rows:
        cohort, written = row.cohort or 0, row.written
        motion, problem = _motion_of(file, written.motion, motions)
        problem = problem or _fault(row, sheet.ages, last) or _misread(sheet, row)
        problem = problem or _wrong_size(row.size, sheet.sized and sheet.meaning != "customers")
        if not problem and (motion, cohort) in taken:
            problem = f"is a second row for the same cohort and motion; the first is in {taken[motion, cohort]}"
        if problem:
            rejects += [Reject(file.name, at, written.column, written.cohort[:200], problem) for at in written.lines]
            continue
        taken[motion, cohort] = f"{file.name}, line {written.lines[0]}"
        born = None if row.size is None else row.size // SCALE
        reached = ((age, cell or 0) for age, cell in row.numbers.items() if cohort + age <= last)
        found += [_Cell(cohort, motion, age, *_counted(sheet, cell, born, age)) for age, cell in reached]
    used = {name: file.header[place] for name, place in file.columns.items()}
    rows = sum(len(row.written.lines) for row in sheet.rows) + len(sheet.rejects)
    report = FileReport(file.name, "triangle", rows, rows - len(rejects), len(rejects), columns=used)
    return report, rejects, found, said


def _sheet(file: Recognised) -> _Sheet:
    """Read the cells of a file. Raises FileError for a row of another width, or without what cohorts began with."""
    written, rejects = written_rows(file)
    forms, months = file.mapping.forms, {"quarters": 3, "years": 12}.get(file.mapping.constants.get("ages", ""), 1)
    with closing(connect()) as con:
        cohorts = _months(con, [row.cohort for row in written], forms.get("cohort", PLAIN_DATE))
        cells = iter(_amounts(con, [cell for row in written for cell in row.cells.values()], forms.get("values", "")))
        sizes = _amounts(con, [row.size for row in written], forms.get("size", ""))
    rows = [
        _Row(row, cohort, size, {age * months: next(cells) for age in row.cells})
        for row, cohort, size in zip(written, cohorts, sizes, strict=True)
    ]
    ages = frozenset(age for row in rows for age in row.numbers)
    meaning = file.mapping.constants["values"]
    return _with_first(_counts_then_shares(_Sheet(file, meaning, _unit(rows), ages, rows, rejects)))


def _unit(rows: Sequence[_Row]) -> int:
    """The number that a share of one is written as: 1 or 100, told by the first age with a share in it."""
    signed = any("%" in cell for row in rows for cell in row.written.cells.values())
    later = _known(rows, min((age for row in rows for age in row.numbers if age), default=0))
    first = _known(rows, 0)
    shares = first if first and max(first) <= 100 * SCALE and not signed else later or first
    return SCALE if shares and max(shares) <= SCALE * 3 // 2 and not signed else 100 * SCALE


def _known(rows: Sequence[_Row], age: int) -> list[int]:
    """What stands under an age, without blanks and zeros."""
    return [cell for row in rows if (cell := row.numbers.get(age))]


def _counts_then_shares(sheet: _Sheet) -> _Sheet:
    """The sheet in numbers, where it begins with counts or money and goes on with shares of them."""
    first = _known(sheet.rows, 0)
    signs = {(age == 0, "%" in cell) for row in sheet.rows for age, cell in row.written.cells.items() if cell.strip()}
    counts = (True, True) not in signs and first and ((False, True) in signs or max(first) > sheet.unit)
    if not counts or not sheet.meaning.startswith("%"):
        return sheet
    meaning = sheet.meaning.removeprefix("% of ")
    whole = SCALE if meaning == "customers" else 1
    rows = [replace(row, numbers=_in_numbers(row.numbers, sheet.unit, whole)) for row in sheet.rows]
    return replace(sheet, meaning=meaning, rows=rows)


def _in_numbers(shares: dict[int, int | None], unit: int, whole: int) -> dict[int, int | None]:
    """Shares of what stands under age 0, as what they are shares of, in whole ones of a customer or of a millionth."""
    first = shares.get(0)
    return {
        age: cell if age == 0 or cell is None or first is None else round(cell * first / (unit * whole)) * whole
        for age, cell in shares.items()
    }


def _with_first(sheet: _Sheet) -> _Sheet:
    """The sheet with a month 0, where it has none: the whole for shares, the size for customers."""
    if 0 in sheet.ages or not sheet.rows:
        return sheet
    if not sheet.meaning.startswith("%") and not (sheet.meaning == "customers" and "size" in _parts(sheet)):
        repair = "Add a column 0, or the size of each cohort."
        where = f"line {sheet.file.header_line}"
        raise FileError(sheet.file.name, "does not say what each cohort began with", repair, where)
    rows = [
        replace(row, numbers={0: sheet.unit if sheet.meaning.startswith("%") else row.size} | row.numbers)
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows, ages=sheet.ages | {0})


def _parts(sheet: _Sheet) -> set[str]:
    return {*sheet.file.columns} | ({"size"} if any(row.written.size for row in sheet.rows) else set())


def _last(sheet: _Sheet, today: date) -> tuple[int, str]:
    """The last month that any cohort has reached, up to this one: later cells are not there yet. And what to say of it.

    Where no cell is blank, months in which nobody is left of any cohort are months that have not come.
    """
    this_month = today.year * 12 + today.month - 1
    there = [(row.cohort + age, cell) for row in sheet.rows if row.cohort for age, cell in row.numbers.items()
             if cell is not None and row.cohort + age <= this_month]  # fmt: skip
    last = max((month for month, _ in there), default=0)
    held = max((month for month, cell in there if cell), default=last)
    full = [row for row in sheet.rows if row.cohort and len(row.numbers) == len(sheet.ages)]
    ahead = [row for row in full if (row.cohort or 0) + max(sheet.ages) > held]
    if held == last or len(ahead) < 2 or len(full) < sum(row.cohort is not None for row in sheet.rows):
        return last, ""
    words = f"Zeros of {sheet.file.name} after {month_name(held)} are taken as months that have not come."
    return held, f"{words} Leave these cells blank, and zeros elsewhere count as nobody left."


def _fault(row: _Row, ages: frozenset[int], last: int) -> str:
    """What keeps a row of a triangle from being used, or nothing."""
    cohort, numbers = row.cohort, row.numbers
    if cohort is None:
        return "is no month of a cohort from 1970 on; totals and averages are left out"
    if unread := [age for age, cell in numbers.items() if cell is None]:
        return f"month {unread[0]} is no number below a million million"
    if below := [age for age, cell in numbers.items() if (cell or 0) < 0]:
        return f"month {below[0]} is below zero"
    expected = [age for age in ages if cohort + age <= last]
    if missing := [age for age in expected if age not in numbers]:
        return f"month {min(missing)} is blank although the cohort is old enough; write 0 if nobody was left"
    return "" if not expected or numbers[0] else "has nothing in its first month"


def _misread(sheet: _Sheet, row: _Row) -> str:
    """What speaks against the cells being what the mapping says they are, or nothing."""
    numbers, said, meaning = row.numbers, sheet.file.mapping.constants["values"], sheet.meaning
    if "%" not in said and any("%" in cell for cell in row.written.cells.values()):
        return f"holds percent, but the mapping says that its cells are {said}"
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


def _motion_of(file: Recognised, word: str, known: dict[str, str]) -> tuple[str, str]:
    """The motion of a row, and why it can't be used."""
    if "motion" not in file.columns:
        return file.mapping.constants["motion"], ""
    motion = known.get(normal_word(word), "") if word.strip() else "organic"
    if motion in MOTIONS:
        return motion, ""
    return motion, f"{short(word, 40)} is a motion that the mapping leaves out"


SCALE = 10**6
"""Cells of a triangle are integers of millionths, so that shares are exact."""
WEIGHT = 10_000
"""What a cohort without a size counts for, the same for each."""


def _counted(sheet: _Sheet, number: int, size: int | None, age: int) -> tuple[int, int]:
    """MRR in minor units and customers of a cell."""
    born = (size or 0) if age == 0 else 0
    if sheet.meaning == "customers":
        return 0, number // SCALE
    if sheet.meaning == "money":
        return number * 100 // SCALE, born
    share = number / sheet.unit
    if sheet.meaning == "% of customers":
        return 0, round(share * (size or WEIGHT))
    return round(share * SCALE * (size or WEIGHT)), born


def _amounts(con: duckdb.DuckDBPyConnection, cells: Sequence[str], form: str) -> list[int | None]:
    """Cells as millionths, none where they are blank or no number; a percent sign does no harm."""
    return _each(con, amount_sql(form or PLAIN_AMOUNT, "nullif(trim(replace(c, '%', '')), '')", decimals=6), cells)


def _months(con: duckdb.DuckDBPyConnection, cells: Sequence[str], form: str) -> list[int | None]:
    """The first month of each cohort; none for what is none, and for what is longer or shorter than the others."""
    usual = usual_length(cells)
    if usual == 1:
        found = _each(con, f"({date_sql(form, 'trim(c)')})", cells)
        return [None if day is None or day.year < 1970 else day.year * 12 + day.month - 1 for day in found]
    known = {cell: _first_month(cell) if length_of(cell) == usual else None for cell in {*cells}}
    return [known[cell] for cell in cells]


def _first_month(cohort: str) -> int | None:
    """The first month of a cohort of a quarter or a year, from 1970 on."""
    time = time_of(cohort) or Time(int(cohort), 1)
    return None if (time.year or 0) < 1970 else (time.year or 0) * 12 + time.month - 1


def _each(con: duckdb.DuckDBPyConnection, sql: str, cells: Sequence[str]) -> list[Any]:
    """Read cells, called c, by an expression of SQL. They are values to the engine, never a part of its text."""
    different = list(dict.fromkeys(cells))
    found = con.execute(f"SELECT {sql} FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS c)", [different]).fetchall()
    known = {cell: row[0] for cell, row in zip(different, found, strict=True)}
    return [known[cell] for cell in cells]
