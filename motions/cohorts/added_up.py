"""Files that are added up already: the cohort ledger itself, and the cohort triangle of a spreadsheet.

Both are small, hold no accounts and so allow no attribution checks. A triangle says what is left of each cohort, by its
age; it does not say which customers paid twelve months ago, so that no NRR comes out of it, but the curve by age does.
"""

import calendar
import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import numpy as np

from motions.cohorts.contract import MOTION_WORDS, MOTIONS, words
from motions.cohorts.forms import PLAIN_AMOUNT, amount_sql, date_shape, date_sql, decide_date
from motions.cohorts.ledger import Frame, Ledger
from motions.cohorts.names import normal
from motions.cohorts.read import FileReport, normal_word
from motions.cohorts.recognise import Recognised
from motions.cohorts.records import Reject
from motions.errors import FileError, closest
from motions.text import listed, month_name

COUNTS = (
    "signups", "activated_7", "activated_14", "activated_30", "activated_60", "activated_90", "activated", "qualified",
    "bought", "pqls", "pqls_bought", "opening", "new_mrr", "expansion", "contraction", "reactivation", "churn",
    "closing", "customers", "new_customers", "churned_customers", "retained_12", "kept_12", "activation_days",
)  # fmt: skip
SQUARES = (
    "closing_squares", "retained_squares", "retained_products", "kept_squares", "kept_products", "activation_squares",
)  # fmt: skip
MEASURES = (*COUNTS, *SQUARES)
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
    "spend": {"motion": "motion", "kind": "text", "month": "month", "amount": "whole"},
    "payout": {"partner_id": "text", "month": "month", "amount": "whole"},
    "listed partner": {"partner_id": "text", "name": "text", "motion": "motion", "recruited_month": "month"}
    | {"ended_month": "month"},
}
_COLUMNS = tuple(dict.fromkeys(["part", "name", "value", *(column for part in _PARTS.values() for column in part)]))
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
        "longest_age": str(ledger.longest_age),
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
        longest_age=int(about["longest_age"]) if about.get("longest_age", "").isdigit() else FOREVER,
    )
    report = FileReport(file.name, "ledger", rows, rows, 0, 0, 0, dict(zip(names, file.header, strict=True)))
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
                    raise _wrong(
                        file, reader.line_num, "", f"has {len(cells)} fields, the header has {len(file.header)}"
                    )
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
        elif kind == "motion" and cell in (*MOTIONS, "unassigned"):
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
        return int(cell) if kind == "whole" else float(cell)
    except ValueError:
        return None


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


def read_triangles(
    files: Sequence[Recognised], today: date
) -> tuple[Ledger, tuple[FileReport, ...], tuple[Reject, ...], tuple[str, ...]]:
    """Read triangles, all with cells of one meaning, into a ledger that knows ages only."""
    values = {file.mapping.constants["values"] for file in files}
    if len(values) > 1:
        names = listed([file.name for file in files])
        raise FileError(names, f"hold {listed(sorted(values))}, which can't be added", "Look at one at a time.")
    reports, rejects, rows = [], [], []
    for file in files:
        report, bad, good = _triangle(file, today)
        reports.append(report)
        rejects += bad
        rows += good
    if not rows:
        raise FileError(files[0].name, "has no cohort that fits", rejects[0].reason if rejects else "Add rows.")
    last = max(cohort + age for cohort, _, age, _, _ in rows)
    meaning = values.pop()
    own = {"customers": {"ages", "ages.customers"}, "% of customers": {"ages", "ages.customers"}}
    has = own.get(meaning, {"ages", "ages.money"}) | (
        {"ages.size"} if all("size" in f.columns for f in files) else set()
    )
    if meaning == "customers":
        has |= {"ages.size"}
    frame = {
        "cohort": np.array([row[0] for row in rows], dtype=np.int64),
        "motion": np.array([row[1] for row in rows], dtype=object),
        "segment": np.full(len(rows), "", dtype=object),
        "age": np.array([row[2] for row in rows], dtype=np.int64),
        "closing": np.array([row[3] for row in rows], dtype=np.int64),
        "customers": np.array([row[4] for row in rows], dtype=np.int64),
        "closing_squares": np.zeros(len(rows)),
        "products": np.zeros(len(rows)),
    }
    longest = max(int(age) for age in frame["age"])
    ledger = replace(empty_ledger(last, today), by_age=frame, has=frozenset(has), longest_age=longest)
    note = "A triangle knows cohorts and ages only: other figures need accounts and revenue."
    return ledger, tuple(reports), tuple(rejects), (note,)


_Cell = tuple[int, str, int, int, int]
"""cohort, motion, age, closing, customers"""


def _triangle(file: Recognised, today: date) -> tuple[FileReport, list[Reject], list[_Cell]]:
    lines, table = [], []
    rejects: list[Reject] = []
    try:
        for line, cells in _records(file):
            lines.append(line)
            table.append(cells)
    except FileError as error:
        raise FileError(file.name, error.problem, "Save the sheet as CSV again.", error.where) from None
    ages = {int(name[4:]): at for name, at in file.columns.items() if name.startswith("age ")}
    cohorts = _months([row[file.columns["cohort"]] for row in table])
    numbers = {age: _amounts(file, [row[at] for row in table]) for age, at in ages.items()}
    sizes = _amounts(file, [row[file.columns["size"]] for row in table]) if "size" in file.columns else None
    this_month = today.year * 12 + today.month - 1
    last = max(
        (
            c + age
            for at, c in enumerate(cohorts)
            if c
            for age in ages
            if numbers[age][at] is not None and c + age <= this_month
        ),
        default=0,
    )
    found: list[_Cell] = []
    fraction = _is_fraction(numbers[0])
    for at, line in enumerate(lines):
        motion, problem = _motion_of(file, table[at])
        filled = [age for age in ages if table[at][ages[age]].strip()]
        first = file.header[file.columns["cohort"]]
        problem = problem or _fault(cohorts[at], {age: numbers[age][at] for age in ages}, filled, last)
        if not problem and sizes is not None and sizes[at] is None:
            problem = "has no size that can be read"
        if problem:
            rejects.append(Reject(file.name, line, first, table[at][file.columns["cohort"]][:200], problem))
            continue
        cohort = cohorts[at] or 0
        for age in (age for age in filled if cohort + age <= last):
            closing, customers = _cell(file, numbers[age][at] or 0, sizes[at] if sizes else None, age, fraction)
            found.append((cohort, motion, age, closing, customers))
    used = {name: file.header[place] for name, place in file.columns.items()}
    report = FileReport(file.name, "triangle", len(lines), len(lines) - len(rejects), len(rejects), 0, 0, used)
    return report, rejects, found


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


def _motion_of(file: Recognised, row: list[str]) -> tuple[str, str]:
    if "motion" not in file.columns:
        return file.mapping.constants["motion"], ""
    known = words(MOTION_WORDS) | {normal_word(word): motion for word, motion in file.mapping.motions.items()}
    word = row[file.columns["motion"]]
    motion = known.get(normal_word(word), "") if word.strip() else "organic"
    return motion, "" if motion in MOTIONS else f"'{word[:40]}' is no known motion; use one of {', '.join(MOTIONS)}"


def _is_fraction(first: Sequence[int | None]) -> bool:
    """Whether shares are written as 1 and not as 100 %: told by the first month, in hundredths."""
    known = [number for number in first if number]
    return bool(known) and max(known) <= 150


def _cell(file: Recognised, number: int, size: int | None, age: int, fraction: bool) -> tuple[int, int]:
    """MRR in minor units and customers of a cell, which is in hundredths."""
    values = file.mapping.constants["values"]
    whole = (size or 0) // 100
    if values == "customers":
        return 0, number // 100
    if values == "money":
        return number, whole if age == 0 else 0
    share = number / (100 if fraction else 10_000)
    if values == "% of customers":
        return 0, round(share * (whole or 10_000))
    return round(share * 100 * (whole or 10_000)), whole if age == 0 else 0


def _amounts(file: Recognised, cells: list[str]) -> list[int | None]:
    """Cells as hundredths, none where they are blank or no number; a percent sign does no harm."""
    form = file.mapping.forms.get("values", PLAIN_AMOUNT)
    sql = amount_sql(form, "nullif(trim(replace(c, '%', '')), '')")
    return _each(sql, cells)


def _months(cells: list[str]) -> list[int | None]:
    shapes: dict[str, int] = {}
    for cell in cells:
        shape = "".join("9" if sign.isdigit() else sign for sign in cell.strip())
        shapes[shape] = shapes.get(shape, 0) + bool(date_shape(shape))
    # The day of a month is of no use here: 01/02/2025 is the month that changes from row to row.
    decided = decide_date(shapes, None, None)
    form = decided.form or _slashes(cells)
    found = _each(f"({date_sql(form, 'trim(c)')})", cells)
    return [None if day is None else day.year * 12 + day.month - 1 for day in found]


def _slashes(cells: list[str]) -> str:
    """Cohorts are first days of months: the number that is always 1 is the day."""
    first = {cell.strip().split("/")[0].lstrip("0") for cell in cells if "/" in cell}
    return "day/month/year" if first == {"1"} else "month/day/year"


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
