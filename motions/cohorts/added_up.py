"""Files that are added up already: the cohort ledger itself, and the cohort triangle of a spreadsheet.

Both are small, hold no accounts and so allow no attribution checks. A triangle says what is left of each cohort, by its
age; it does not say which customers paid twelve months ago, so that no NRR comes out of it, but the curve by age does.
"""

import calendar
import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import numpy as np

from motions.cohorts.activity import Frame
from motions.cohorts.contract import KINDS, MOTION_WORDS, MOTIONS, words
from motions.cohorts.forms import PLAIN_AMOUNT, SIGNS, amount_sql, currency_signs, date_sql
from motions.cohorts.ledger import SPEND_MOTIONS, Ledger
from motions.cohorts.names import normal, normal_word
from motions.cohorts.read import FileReport
from motions.cohorts.recognise import Recognised
from motions.cohorts.records import Reject
from motions.errors import FileError, closest
from motions.text import count, listed, month_name

COUNTS = (
    "signups", "activated_7", "activated_14", "activated_30", "activated_60", "activated_90", "activated", "observed",
    "qualified", "bought", "pqls", "pqls_bought", "opening", "new_mrr", "expansion", "contraction", "reactivation",
    "churn", "closing", "customers", "new_customers", "churned_customers", "retained_12", "kept_12", "activation_days",
)  # fmt: skip
SQUARES = (
    "closing_squares", "retained_squares", "retained_products", "kept_squares", "kept_products", "activation_squares",
)  # fmt: skip
VERSION = "1"
FOREVER = 1_000_000

# part of a ledger file → its columns with their types
_PARTS: dict[str, dict[str, str]] = {
    "cohort": {"cohort": "month", "motion": "motion", "segment": "text", "month": "month"}
    | dict.fromkeys(COUNTS, "whole")
    | dict.fromkeys(SQUARES, "number"),
    "partner": {"motion": "motion", "partner_id": "text", "month": "month"}
    | dict.fromkeys(COUNTS, "whole")
    | dict.fromkeys(SQUARES, "number"),
    "age": {"cohort": "month", "motion": "motion", "segment": "text", "age": "whole", "closing": "whole"}
    | {"customers": "whole", "closing_squares": "number", "products": "number"},
    "spend": {"motion": "motion", "kind": "kind", "month": "month", "amount": "whole"},
    "payout": {"partner_id": "text", "month": "month", "amount": "whole"},
    "listed partner": {"partner_id": "text", "name": "text", "motion": "motion", "recruited_month": "month"}
    | {"ended_month": "month"},
}
_COLUMNS = tuple(dict.fromkeys(["part", "name", "value", *(column for part in _PARTS.values() for column in part)]))
_WORDS = {(part, "motion"): MOTIONS for part in ("cohort", "partner", "age", "listed partner")} | {
    ("spend", "motion"): SPEND_MOTIONS,
    ("spend", "kind"): KINDS,
}
MOST = 2**62
"""No sum that a ledger can hold is as large."""
_FIELD = {
    "cohort": "by_cohort", "partner": "by_partner", "age": "by_age", "spend": "by_spend", "payout": "by_payout",
    "listed partner": "partners",
}  # fmt: skip


def load_added_up(
    files: Sequence[Recognised], today: date
) -> tuple[Ledger, tuple[FileReport, ...], tuple[Reject, ...], tuple[str, ...]]:
    """Read one ledger file, or triangles. Raises FileError naming line, column and repair."""
    ledgers = [file for file in files if file.mapping.kind == "ledger"]
    if ledgers and len(files) > 1:
        names = listed([file.name for file in files])
        raise FileError(names, "are added up already and can't be joined", "Look at one cohort ledger at a time.")
    if ledgers:
        return read_ledger(ledgers[0], today)
    return read_triangles(files, today)


# The ledger


def ledger_rows(ledger: Ledger) -> Iterator[list[object]]:
    """Yield a ledger as rows of a table, header first. Money is integer minor units, months are year-month."""
    yield list(_COLUMNS)
    about = {
        "version": VERSION,
        "last_month": month_name(ledger.last_month),
        "currency": ledger.currency or "",
        "read_on": ledger.read_on.isoformat(),
        "ages": " ".join(str(age) for age in ledger.ages),
        "has": " ".join(sorted(ledger.has)),
    }
    for name, value in about.items():
        yield _row({"part": "program", "name": name, "value": value})
    for part, columns in _PARTS.items():
        frame: Frame = getattr(ledger, _FIELD[part])
        for at in range(len(next(iter(frame.values())))):
            yield _row({"part": part} | {name: _written(kind, frame[name][at]) for name, kind in columns.items()})


def _row(cells: dict[str, object]) -> list[object]:
    return [cells.get(column, "") for column in _COLUMNS]


def _written(kind: str, value: Any) -> object:
    if kind == "month":
        return "" if int(value) >= FOREVER else month_name(int(value))
    return int(value) if kind == "whole" else float(value) if kind == "number" else str(value)


def read_ledger(
    file: Recognised, today: date
) -> tuple[Ledger, tuple[FileReport, ...], tuple[Reject, ...], tuple[str, ...]]:
    """Read the cohort ledger that `ledger_rows` writes, or only its table by_cohort without a column `part`.

    Sums can't be used in part: the first row that does not fit refuses the file.
    """
    names = [normal(column) for column in file.header]
    parts: dict[str, list[dict[str, Any]]] = {part: [] for part in _PARTS}
    about: dict[str, str] = {}
    rows = 0
    for line, cells in _records(file):
        rows += 1
        row = dict(zip(names, cells, strict=True))
        part = row.get("part", "cohort").strip()
        if part == "program":
            about[row.get("name", "")] = row.get("value", "")
        elif part in _PARTS:
            parts[part].append(_parsed(file, line, part, row))
        else:
            raise _wrong(file, line, "part", f"'{part[:40]}' is no part of a ledger" + closest(part, tuple(_PARTS)))
    if about.get("version", VERSION) != VERSION:
        raise FileError(file.name, f"is a ledger of version {about['version'][:20]}", f"This app reads {VERSION}.")
    if not parts["cohort"]:
        raise FileError(file.name, "has no rows of cohorts", "Download or export the ledger again.")
    frames = {_FIELD[part]: _frame(part, found) for part, found in parts.items()}
    last = max(int(month) for month in frames["by_cohort"]["month"])
    empty = empty_ledger(last, today)
    ledger = replace(
        empty,
        by_cohort=frames["by_cohort"],
        by_partner=frames["by_partner"],
        by_age=frames["by_age"],
        by_spend=frames["by_spend"],
        by_payout=frames["by_payout"],
        partners=frames["partners"],
        last_month=_month(about["last_month"]) if _is_month(about.get("last_month", "")) else last,
        has=frozenset(about["has"].split()) if about.get("has") else _has(frames),
        currency=about.get("currency") or None,
        read_on=min(_day(about.get("read_on", ""), last), today),
        ages=tuple(int(age) for age in about.get("ages", "").split() if age.isdigit()),
    )
    report = FileReport(file.name, "ledger", rows, rows, columns=dict(zip(names, file.header, strict=True)))
    note = () if about else ("The ledger states no currency and no day of reading; its last month is taken as whole.",)
    return ledger, (report,), (), note


def _records(file: Recognised) -> Iterator[tuple[int, list[str]]]:
    with file.path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        reader = csv.reader(text, delimiter=file.delimiter)
        try:
            for cells in reader:
                if reader.line_num <= file.header_line or not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(file.header):
                    has = count(len(cells), "field")
                    raise _wrong(file, reader.line_num, "", f"has {has}, the header has {len(file.header)}")
                yield reader.line_num, cells
        except csv.Error as error:
            raise _wrong(file, reader.line_num, "", f"is no CSV ({error})") from None


def _wrong(file: Recognised, line: int, column: str, problem: str) -> FileError:
    where = f"line {line}" + (f", column {column}" if column else "")
    return FileError(file.name, problem, "Download or export the ledger again; its sums can't be used in part.", where)


def _parsed(file: Recognised, line: int, part: str, row: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, kind in _PARTS[part].items():
        if column not in row:
            raise FileError(file.name, f"has no column {column}", "Export every measure of the ledger.", "line 1")
        cell = row[column].strip()
        if kind == "text":
            # What a spreadsheet would take for a formula was written with an apostrophe before it.
            found[column] = cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@") else cell
        elif cell in _WORDS.get((part, kind), ()):
            found[column] = cell
        elif kind == "month" and (_is_month(cell) or (column == "ended_month" and not cell)):
            found[column] = _month(cell) if cell else FOREVER
        elif kind in ("whole", "number") and (number := _number(cell, kind)) is not None:
            found[column] = number
        else:
            raise _wrong(file, line, column, f"'{cell[:40]}' is no {kind}")
    if part in ("cohort", "partner"):
        gains = found["opening"] + found["new_mrr"] + found["expansion"] + found["reactivation"]
        if gains - found["contraction"] - found["churn"] != found["closing"]:
            raise _wrong(file, line, "closing", "the movements of the row do not lead from opening to closing")
    return found


def _number(cell: str, kind: str) -> float | int | None:
    try:
        number = int(cell) if kind == "whole" else float(cell)
    except ValueError:
        return None
    return number if abs(number) < MOST or (kind == "number" and math.isfinite(number)) else None


def _is_month(cell: str) -> bool:
    return len(cell) == 7 and cell[4] == "-" and cell[:4].isdigit() and cell[5:].isdigit() and 1 <= int(cell[5:]) <= 12


def _month(cell: str) -> int:
    return int(cell[:4]) * 12 + int(cell[5:]) - 1


def _day(cell: str, last: int) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return date(last // 12, last % 12 + 1, calendar.monthrange(last // 12, last % 12 + 1)[1])


def _frame(part: str, rows: Sequence[dict[str, Any]]) -> Frame:
    kinds = {"whole": np.int64, "month": np.int64, "number": np.float64}
    return {
        column: np.array([row[column] for row in rows], dtype=kinds.get(kind, object))
        for column, kind in _PARTS[part].items()
    }


def _has(frames: dict[str, Frame]) -> frozenset[str]:
    """What a ledger without a description holds: everything that has a value other than zero."""
    cohorts = frames["by_cohort"]
    found = {"accounts", "accounts.motion"}
    for measure, name in (("closing", "revenue"), ("activated", "accounts.activated_on"), ("pqls", "accounts.pql_on")):
        found |= {name} if cohorts[measure].any() else set()
    found |= {"spend"} if len(frames["by_spend"]["amount"]) else set()
    return frozenset(found | ({"partners"} if len(frames["partners"]["partner_id"]) else set()))


# Triangles


def empty_ledger(last_month: int, today: date) -> Ledger:
    """Return a ledger without a row."""
    none = {part: _frame(part, ()) for part in _PARTS}
    return Ledger(
        by_cohort=none["cohort"],
        by_partner=none["partner"],
        by_age=none["age"],
        by_spend=none["spend"],
        by_payout=none["payout"],
        partners=none["listed partner"],
        last_month=last_month,
        has=frozenset(),
        currency=None,
        read_on=today,
    )


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
        for line, cells in _records(file):
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
