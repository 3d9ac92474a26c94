"""The cohort ledger as a file: written as rows, and read again.

It is small, holds no accounts and so allows no attribution checks.
"""

import calendar
import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from motions.cohorts.contract import KINDS, MOTIONS
from motions.cohorts.ledger.activity import Frame
from motions.cohorts.ledger.ledger import SPEND_MOTIONS, Ledger
from motions.cohorts.reading.read import FileReport
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import Reject
from motions.cohorts.reading.spelling import normal
from motions.errors import FileError, closest
from motions.text import count, month_name

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
    for line, cells in records(file):
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


def records(file: Recognised) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of each record after the header. Raises FileError for one of another width."""
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
