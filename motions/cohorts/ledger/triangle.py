"""The cohort triangle of a spreadsheet as a ledger.

It says what is left of each cohort, by its age; it does not say which customers paid twelve months ago, so that no NRR
comes out of it, but the curve by age does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import numpy as np

from motions.cohorts.contract import MOTION_WORDS, MOTIONS, words
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.ledger.ledger_file import empty_ledger, records
from motions.cohorts.reading.forms import PLAIN_AMOUNT, SIGNS, amount_sql, currency_signs, date_sql
from motions.cohorts.reading.read import FileReport
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import Reject
from motions.cohorts.reading.spelling import normal_word
from motions.errors import FileError
from motions.text import listed


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


def _triangle(
    file: Recognised, today: date, taken: dict[tuple[str, int], str]
) -> tuple[FileReport, list[Reject], list[_Cell]]:
    lines, table = [], []
    try:
        for line, cells in records(file):
            lines.append(line)
            table.append(cells)
    except FileError as error:
        raise FileError(file.name, error.problem, "Save the sheet as CSV again.", error.where) from None
    meaning = file.mapping.constants["values"]
    ages = {int(name[4:]): at for name, at in file.columns.items() if name.startswith("age ")}
    cohorts = _months([row[file.columns["cohort"]] for row in table], file.mapping.forms["cohort"])
    numbers = {age: _amounts([row[at] for row in table], file.mapping.forms["values"]) for age, at in ages.items()}
    sizes = (
        [None] * len(table)
        if "size" not in file.columns
        else _amounts([row[file.columns["size"]] for row in table], file.mapping.forms["size"])
    )
    if 0 not in ages:
        numbers[0] = _first(file, sizes)
    last = _last(cohorts, numbers, today)
    unit = SCALE if _is_fraction(numbers[0]) else SCALE * 100
    found: list[_Cell] = []
    rejects: list[Reject] = []
    for at, line in enumerate(lines):
        motion, problem = _motion_of(file, table[at])
        row = {age: numbers[age][at] for age in numbers}
        filled = [age for age in numbers if age not in ages or table[at][ages[age]].strip()]
        problem = problem or _fault(cohorts[at], row, filled, last) or _misread(meaning, table[at], ages, row)
        if not problem and "size" in file.columns and sizes[at] is None:
            problem = "has no size that can be read"
        if not problem and (motion, cohorts[at] or 0) in taken:
            problem = (
                f"is a second row for the same cohort and motion; the first is in {taken[motion, cohorts[at] or 0]}"
            )
        if problem:
            own = file.columns["cohort"]
            rejects.append(Reject(file.name, line, file.header[own], table[at][own][:200], problem))
            continue
        cohort = cohorts[at] or 0
        taken[motion, cohort] = f"{file.name}, line {line}"
        size = None if sizes[at] is None else (sizes[at] or 0) // SCALE
        for age in (age for age in filled if cohort + age <= last):
            found.append(_Cell(cohort, motion, age, *_counted(meaning, row[age] or 0, size, age, unit)))
    used = {name: file.header[place] for name, place in file.columns.items()}
    report = FileReport(file.name, "triangle", len(lines), len(lines) - len(rejects), len(rejects), columns=used)
    return report, rejects, found


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
    months = (
        cohort + age
        for at, cohort in enumerate(cohorts)
        if cohort is not None
        for age, cells in numbers.items()
        if cells[at] is not None
    )
    return max((month for month in months if month <= this_month), default=0)


def _fault(cohort: int | None, numbers: dict[int, int | None], filled: list[int], last: int) -> str:
    """What keeps a row of a triangle from being used, or nothing."""
    if cohort is None:
        return "is no month of a cohort; totals and averages are left out"
    if unread := [age for age in filled if numbers[age] is None]:
        return f"month {unread[0]} is no number"
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
    return ""


def _motion_of(file: Recognised, row: list[str]) -> tuple[str, str]:
    if "motion" not in file.columns:
        return file.mapping.constants["motion"], ""
    known = words(MOTION_WORDS) | {normal_word(word): motion for word, motion in file.mapping.motions.items()}
    word = row[file.columns["motion"]]
    motion = known.get(normal_word(word), "") if word.strip() else "organic"
    if motion in MOTIONS:
        return motion, ""
    return motion, f"'{word[:40]}' is a motion that the mapping leaves out"


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


def _amounts(cells: list[str], form: str) -> list[Any]:
    """Cells as millionths, none where they are blank or no number; a percent sign does no harm."""
    return _each(amount_sql(form or PLAIN_AMOUNT, "nullif(trim(replace(c, '%', '')), '')", decimals=6), cells)


def _months(cells: list[str], form: str) -> list[int | None]:
    found = _each(f"({date_sql(form, 'trim(c)')})", cells)
    return [None if day is None else day.year * 12 + day.month - 1 for day in found]


def _each(sql: str, cells: list[str]) -> list[Any]:
    """Read cells, called c, by an expression of SQL."""
    if not cells:
        return []
    rows = ", ".join(f"({at}, '{cell.replace(chr(39), chr(39) * 2)}')" for at, cell in enumerate(cells))
    con = duckdb.connect()
    try:
        found = con.execute(f"SELECT {sql} FROM (VALUES {rows}) cells(place, c) ORDER BY place").fetchall()
    finally:
        con.close()
    return [row[0] for row in found]
