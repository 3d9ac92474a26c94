"""The cohort ledger as a file: written as rows, and read again.

It is small, holds no accounts and so allows no attribution checks. A ledger of version 1 has no months of events and no
coverage: it is read as far as it goes, and says so.
"""

import calendar
import csv
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

import numpy as np

from motions.cohorts.contract import KINDS, MOTIONS, TABLES, WITHIN
from motions.cohorts.coverage import Cover, Coverage
from motions.cohorts.ledger.activity import Frame
from motions.cohorts.ledger.ledger import SPEND_MOTIONS, Ledger
from motions.cohorts.ledger.measures import COUNTS, EVENT_SQUARES, EVENTS, SQUARES
from motions.cohorts.reading.read import FileReport
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import Reject
from motions.cohorts.reading.spelling import normal
from motions.errors import FileError, closest
from motions.text import count, from_cell, listed, month_name, short

_Value = TypeVar("_Value")

VERSION = "2"
EARLIER = ("1",)
"""versions that are read as far as they go"""
FOREVER = 1_000_000
END_OF_TIME = 2200 * 12 - 1
"""the last month in which a partner may be known to end"""

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
    "spell": {"cohort": "month", "motion": "motion", "segment": "text", "ended_month": "month"}
    | {"customers": "whole"},
    "partner spell": {"motion": "motion", "partner_id": "text", "cohort": "month", "ended_month": "month"}
    | {"customers": "whole"},
    "event": {"cohort": "month", "motion": "motion", "segment": "text", "month": "month"}
    | dict.fromkeys(EVENTS, "whole")
    | dict.fromkeys(EVENT_SQUARES, "number"),
    "pql": {"cohort": "month", "motion": "motion", "segment": "text", "month": "month", "bought_month": "month"}
    | {"pqls_bought": "whole"},
    "spend": {"motion": "motion", "kind": "kind", "month": "month", "amount": "whole"},
    "payout": {"partner_id": "text", "month": "month", "amount": "whole"},
    "listed partner": {"partner_id": "text", "name": "text", "motion": "motion", "recruited_month": "month"}
    | {"ended_month": "month"},
    "cover": {"name": "text", "first_month": "month", "last_month": "month", "gaps": "months", "unfinished": "months"}
    | {"running": "no month"},
}
_COLUMNS = tuple(dict.fromkeys(["part", "name", "value", *(column for part in _PARTS.values() for column in part)]))
_LACKS = {"qualifiable": "signups", "starting": ""}
"""measures that it does not have, and those that stand for them"""
_WORDS = {
    (part, "motion"): MOTIONS
    for part in ("cohort", "partner", "age", "spell", "partner spell", "event", "pql", "listed partner")
} | {
    ("spend", "motion"): SPEND_MOTIONS,
    ("spend", "kind"): KINDS,
}
MOST = 2**62
"""No sum that a ledger can hold is as large."""
LARGEST_SQUARE = 1e40
"""No sum of squares is as large: that of a sum just below MOST is not."""
_MAY_BE_NEGATIVE = ("amount", "activation_days")  # refunds; days of who activated before signing up
_AT_MOST = {
    **dict.fromkeys(("activated_7", "activated_14", "activated_30", "activated_60", "activated_90"), "activated"),
    "activated": "observed",
    **dict.fromkeys(("observed", "qualifiable", "bought"), "signups"),
    "qualified": "qualifiable",
    "pqls_bought": "pqls",
    "kept_12": "retained_12",
    "churned_customers": "starting",
}
"""Measures of a row that count a part of what another one counts."""
_HAS = {*(table.name for table in TABLES), "ages", "ages.customers", "ages.money", "ages.size"} | {
    f"{table.name}.{column.name}" for table in TABLES for one in TABLES for column in one.columns
}
_HAS |= {f"accounts.activated_within_{days}" for days in WITHIN.values()}
"""What a ledger can say that its files held; the columns of derived tables are those of the files they came from."""
_FIELD = {
    "cohort": "by_cohort", "partner": "by_partner", "age": "by_age", "spell": "by_spell",
    "partner spell": "by_partner_spell", "event": "by_event", "pql": "by_pql", "spend": "by_spend",
    "payout": "by_payout", "listed partner": "partners",
}  # fmt: skip
_FLAGS = ("begins", "motions_known", "partners_known", "ends_known")
"""What a coverage says beside its months: yes or no."""


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
        "customers_of_before": str(ledger.coverage.before),
        **{name: "yes" if getattr(ledger.coverage, name) else "no" for name in _FLAGS},
    }
    for name, value in about.items():
        yield _row({"part": "program", "name": name, "value": value})
    for name, cover in ledger.coverage.tables.items():
        yield _row({"part": "cover", "name": name} | _cover_cells(cover))
    for part, columns in ((part, _PARTS[part]) for part in _FIELD):
        frame: Frame = getattr(ledger, _FIELD[part])
        for at in range(len(next(iter(frame.values())))):
            yield _row({"part": part} | {name: _written(kind, frame[name][at]) for name, kind in columns.items()})


def _cover_cells(cover: Cover) -> dict[str, object]:
    return {
        "first_month": month_name(cover.first),
        "last_month": month_name(cover.last),
        "gaps": " ".join(map(month_name, cover.gaps)),
        "unfinished": " ".join(map(month_name, cover.unfinished)),
        "running": "" if cover.running is None else month_name(cover.running),
    }


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
    found = _Found(file, today)
    for line, cells in records(file):
        found.take(line, cells)
    return found.ledger(), (found.report(),), (), found.notes()


class _Found:
    """The rows of a ledger file as they are read, and what each part of them says."""

    def __init__(self, file: Recognised, today: date) -> None:
        self.file, self.today = file, today
        self.names = [normal(column) for column in file.header]
        self.parts: dict[str, list[dict[str, Any]]] = {part: [] for part in _PARTS}
        self.lines: dict[str, list[int]] = {part: [] for part in _PARTS}
        self.about: dict[str, tuple[int, str]] = {}
        """what the ledger says of itself: name → line and value"""
        # The table of cohorts alone, as somebody may export it, has no version and need not have the newest measures.
        self.version = EARLIER[0] if "starting" not in self.names else VERSION
        self.rows = 0

    def take(self, line: int, cells: list[str]) -> None:
        """Take a row. Raises FileError for one that no ledger has."""
        self.rows += 1
        row = dict(zip(self.names, (from_cell(cell) for cell in cells), strict=True))
        part = row.get("part", "cohort").strip()
        if part == "program":
            self.about[row.get("name", "").strip()] = (line, row.get("value", "").strip())
            if row.get("name", "").strip() == "version":
                self.version = row.get("value", "").strip()
        elif part in _PARTS:
            lacks = _LACKS if self.version in EARLIER and part in ("cohort", "partner") else {}
            self.parts[part].append(_parsed(self.file, line, part, row, self.today, lacks))
            self.lines[part].append(line)
        else:
            known = closest(part, tuple(_PARTS))
            raise _wrong(self.file, line, "part", f"{short(part, 40)} is no part of a ledger{known}")

    def ledger(self) -> Ledger:
        """Return the ledger. Raises FileError where the rows contradict one another or what is said of them."""
        if self.version not in (*EARLIER, VERSION):
            reads = f"This app reads {listed([*EARLIER, VERSION])}."
            raise FileError(self.file.name, f"is a ledger of version {short(self.version, 20)}", reads)
        if not self.parts["cohort"]:
            raise FileError(self.file.name, "has no rows of cohorts", "Download or export the ledger again.")
        if self.version in EARLIER:
            self.complete()
        self.check_rows()
        frames = {_FIELD[part]: _frame(part, found) for part, found in self.parts.items() if part in _FIELD}
        newest = int(frames["by_cohort"]["month"].max())
        last = self.said("last_month", lambda value: _month(value, _this_month(self.today)), newest)
        return replace(
            empty_ledger(last, self.today),
            by_cohort=frames["by_cohort"],
            by_partner=frames["by_partner"],
            by_age=frames["by_age"],
            by_spell=frames["by_spell"],
            by_partner_spell=frames["by_partner_spell"],
            by_event=frames["by_event"],
            by_pql=frames["by_pql"],
            by_spend=frames["by_spend"],
            by_payout=frames["by_payout"],
            partners=frames["partners"],
            coverage=self.coverage(frames, last),
            events=self.version not in EARLIER,
            has=self.said("has", lambda value: frozenset(value.split()) & _HAS, _has(frames)),
            currency=self.said("currency", _currency, None),
            read_on=min(self.said("read_on", _day_from(last), _last_day(last)), self.today),
            ages=self.said("ages", _ages, ()),
        )

    def complete(self) -> None:
        """Work out the measures that an earlier version lacks: customers at the start are those of the month before."""
        for part, key in (("cohort", ("cohort", "motion", "segment")), ("partner", ("motion", "partner_id"))):
            customers = Counter[tuple[Any, ...]]()
            for row in self.parts[part]:
                customers[*(row[name] for name in key), row["month"]] += row["customers"]
            for row in self.parts[part]:
                row["starting"] = customers.pop((*(row[name] for name in key), row["month"] - 1), 0)

    def coverage(self, frames: dict[str, Frame], last: int) -> Coverage:
        """What the ledger says that it covers; one that says nothing is taken to have no gap."""
        if self.version in EARLIER or not self.parts["cover"]:
            return _without_gaps(frames, last)
        tables = {row["name"]: _cover(row) for row in self.parts["cover"]}
        flags: dict[str, Any] = {name: self.said(name, _yes_or_no, True) for name in _FLAGS}
        before = self.said("customers_of_before", lambda value: int(value) if value.isdecimal() else None, 0)
        return Coverage(tables, before=before, **flags)

    def said(self, name: str, read: Callable[[str], _Value | None], default: _Value) -> _Value:
        """What the ledger says of itself under a name, or what holds where it says nothing."""
        line, value = self.about.get(name, (0, ""))
        if not value:
            return default
        found = read(value)
        if found is None:
            raise _wrong(self.file, line, "value", f"{short(value, 40)} is no {name} of this ledger")
        return found

    def check_rows(self) -> None:
        """Refuse sums that can't be counted, customers that come from nowhere, and a partner that is listed twice."""
        for part, rows in self.parts.items():
            for column in (name for name, kind in _PARTS[part].items() if kind == "whole"):
                if sum(abs(row[column]) for row in rows) >= MOST:
                    at = max(range(len(rows)), key=lambda at: abs(rows[at][column]))
                    raise _wrong(
                        self.file, self.lines[part][at], column, "its column adds up to more than can be counted"
                    )
        for part, key in (("cohort", ("cohort", "motion", "segment")), ("partner", ("motion", "partner_id"))):
            self.check_leaving(part, key)
        self.check_ages()
        self.check_spells()
        self.check_partner_spells()
        cell = ("cohort", "motion", "segment")
        for name in EVENTS:
            if name not in _MAY_BE_NEGATIVE:
                self.check_later("event", name, name, cell)
        self.check_later("pql", "pqls_bought", "pqls", (*cell, "month"))
        seen: dict[str, int] = {}
        for row, line in zip(self.parts["listed partner"], self.lines["listed partner"], strict=True):
            if (first := seen.setdefault(row["partner_id"], line)) != line:
                raise _wrong(self.file, line, "partner_id", f"is the partner of line {first} again")

    def check_leaving(self, part: str, key: tuple[str, ...]) -> None:
        """Refuse a month that more customers leave than there were in the month before."""
        customers, leaving = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
        where: dict[tuple[Any, ...], int] = {}
        for row, line in zip(self.parts[part], self.lines[part], strict=True):
            at = (*(row[name] for name in key), row["month"])
            customers[at] += row["customers"]
            leaving[at] += row["churned_customers"]
            where[at] = line
        for at, gone in leaving.items():
            if gone > customers[(*at[:-1], at[-1] - 1)]:
                raise _wrong(self.file, where[at], "churned_customers", "more leave than there were a month before")

    def check_later(self, part: str, measure: str, whole: str, key: tuple[str, ...]) -> None:
        """Refuse more of something, month by month, than the rows of cohorts count in all."""
        found, counted = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
        for row in self.parts["cohort"]:
            counted[tuple(row[name] for name in key)] += row[whole]
        for row, line in zip(self.parts[part], self.lines[part], strict=True):
            at = tuple(row[name] for name in key)
            found[at] += row[measure]
            if found[at] > counted[at]:
                raise _wrong(self.file, line, measure, f"is more than the cohort's {whole}")

    def check_ages(self) -> None:
        """Refuse a cohort that has more customers at an age than it began with."""
        customers = Counter[tuple[Any, ...]]()
        where: dict[tuple[Any, ...], int] = {}
        for row, line in zip(self.parts["age"], self.lines["age"], strict=True):
            at = (row["cohort"], row["motion"], row["segment"], row["age"])
            customers[at] += row["customers"]
            where[at] = line
        for at, line in where.items():
            if customers[at] > customers[(*at[:-1], 0)]:
                raise _wrong(self.file, line, "customers", "are more than the cohort began with")

    def check_spells(self) -> None:
        """Refuse customers that end before they begin, and others than those of the ages."""
        ages, spells = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
        for row in self.parts["age"]:
            ages[row["cohort"], row["motion"], row["segment"]] += row["customers"] if row["age"] == 0 else 0
        for row, line in zip(self.parts["spell"], self.lines["spell"], strict=True):
            if row["ended_month"] <= row["cohort"]:
                raise _wrong(self.file, line, "ended_month", "is not after the first payment")
            spells[row["cohort"], row["motion"], row["segment"]] += row["customers"]
            if (
                spells[row["cohort"], row["motion"], row["segment"]]
                > ages[row["cohort"], row["motion"], row["segment"]]
            ):
                raise _wrong(self.file, line, "customers", "are more than the cohort began with")
        if spells and spells.total() != ages.total():
            raise _wrong(self.file, self.lines["spell"][-1], "customers", "are fewer than the cohorts began with")

    def check_partner_spells(self) -> None:
        """Refuse customers of a partner that end before they begin, and more than it has won."""
        won, spells = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
        for row in self.parts["partner"]:
            won[row["motion"], row["partner_id"], row["month"]] += row["new_customers"]
        for row, line in zip(self.parts["partner spell"], self.lines["partner spell"], strict=True):
            at = (row["motion"], row["partner_id"], row["cohort"])
            spells[at] += row["customers"]
            if row["ended_month"] <= row["cohort"]:
                raise _wrong(self.file, line, "ended_month", "is not after the first payment")
            if spells[at] > won[at]:
                raise _wrong(self.file, line, "customers", "are more than the partner won in the month")
        if spells and spells.total() != won.total():
            raise _wrong(self.file, self.lines["partner spell"][-1], "customers", "are fewer than partners have won")

    def report(self) -> FileReport:
        """What became of the file."""
        used = dict(zip(self.names, self.file.header, strict=True))
        return FileReport(self.file.name, "ledger", self.rows, self.rows, columns=used)

    def notes(self) -> tuple[str, ...]:
        """What the file leaves open."""
        if not self.about:
            return ("The ledger states no currency and no day of reading; its last month is taken as whole.",)
        if self.version in EARLIER:
            return (
                f"The ledger is of version {self.version}: it does not say which months its files cover, nor when "
                "accounts activated, qualified or paid first. Months are taken as known without a gap, and what needs "
                "those dates is unknown for as-of months before its last. A ledger downloaded now has them.",
            )
        return ()


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


def _cover(row: dict[str, Any]) -> Cover:
    running = row["running"] if row["running"] < FOREVER else None
    return Cover(row["first_month"], row["last_month"], row["gaps"], row["unfinished"], running)


def _without_gaps(frames: dict[str, Frame], last: int) -> Coverage:
    """The coverage of a ledger that does not state one: from the first to the last month with something in it."""
    cohorts, spend = frames["by_cohort"], frames["by_spend"]
    tables = {}
    for name, measure in (("revenue", "closing"), ("accounts", "signups")):
        there = cohorts["month"][cohorts[measure] > 0]
        if len(there):
            tables[name] = Cover(int(there.min()), last)
    for kind in KINDS:
        there = spend["month"][spend["kind"] == kind]
        if len(there):
            tables[f"spend: {kind}"] = Cover(int(there.min()), max(int(there.max()), last))
    return Coverage(tables)


def _yes_or_no(cell: str) -> bool | None:
    return {"yes": True, "no": False}.get(cell)


def _parsed(
    file: Recognised, line: int, part: str, row: dict[str, str], today: date, lacks: Mapping[str, str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, kind in _PARTS[part].items():
        if column in lacks and column not in row:
            found[column] = found.get(lacks[column], 0)
            continue
        if column not in row:
            raise FileError(file.name, f"has no column {column}", "Export every measure of the ledger.", "line 1")
        cell = row[column].strip(" " if kind == "text" else None)  # as other files are read
        read = _cell(part, column, kind, cell, today)
        if read is None:
            raise _wrong(file, line, column, f"{short(cell, 40)} is no {_EXPECTED.get(kind, kind).format(today=today)}")
        found[column] = read
    if part in ("cohort", "partner"):
        gains = found["opening"] + found["new_mrr"] + found["expansion"] + found["reactivation"]
        if gains - found["contraction"] - found["churn"] != found["closing"]:
            raise _wrong(file, line, "closing", "the movements of the row do not lead from opening to closing")
        for some, all_ in (pair for pair in _AT_MOST.items() if pair[1] not in lacks):
            if found[some] > found[all_]:
                raise _wrong(file, line, some, f"{found[some]} is more than {all_}, of which it is a part")
    if part == "age" and found["cohort"] + found["age"] > _this_month(today):
        raise _wrong(file, line, "age", f"'{found['age']}' is an age that the cohort has not reached by {today}")
    return found


_EXPECTED = {
    "month": "month from 1970-01 to {today:%Y-%m}, written as 2026-09",
    "whole": "whole number as large as it can be here",
    "number": "number as large as it can be here",
}


def _cell(part: str, column: str, kind: str, cell: str, today: date) -> Any:
    """The value of a cell, or none for one that does not fit."""
    if kind == "text":
        return cell
    if "month" in kind:
        return _months_of(column, kind, cell, today)
    if kind in ("whole", "number"):
        number = _number(cell, kind)
        return number if number is None or number >= 0 or column in _MAY_BE_NEGATIVE else None
    return cell if cell in _WORDS[part, kind] else None


def _months_of(column: str, kind: str, cell: str, today: date) -> Any:
    """One month, none at all where that may be, or several."""
    if kind == "months":
        months = [_month(word, _this_month(today)) for word in cell.split()]
        return None if None in months else tuple(months)
    if kind == "no month" or column == "ended_month":
        return _month(cell, END_OF_TIME) if cell else FOREVER
    return _month(cell, _this_month(today))


def _number(cell: str, kind: str) -> float | int | None:
    if kind == "whole":
        number = int(cell) if re.fullmatch("-?[0-9]{1,19}", cell) else MOST
        return number if abs(number) < MOST else None
    plain = re.fullmatch(r"-?[0-9]{1,41}(\.[0-9]{0,20})?([eE][-+]?[0-9]{1,3})?", cell)
    found = float(cell) if plain else math.inf
    return found if abs(found) < LARGEST_SQUARE else None


def _this_month(today: date) -> int:
    return today.year * 12 + today.month - 1


def _month(cell: str, last: int) -> int | None:
    """The number of a month from 1970 to the last one, or none for what is not written as one."""
    if not re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])", cell):
        return None
    month = int(cell[:4]) * 12 + int(cell[5:]) - 1
    return month if 1970 * 12 <= month <= last else None


def _last_day(month: int) -> date:
    year, of_year = divmod(month, 12)
    return date(year, of_year + 1, calendar.monthrange(year, of_year + 1)[1])


def _day_from(month: int) -> Callable[[str], date | None]:
    """A reader of days: the files were not read before the month that they end with."""

    def read(cell: str) -> date | None:
        try:
            day = date.fromisoformat(cell) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell) else date.min
        except ValueError:
            return None
        return day if day >= date(month // 12, month % 12 + 1, 1) else None

    return read


def _currency(cell: str) -> str | None:
    return cell if re.fullmatch("[A-Z]{3}", cell) else None


def _ages(cell: str) -> tuple[int, ...] | None:
    """The ages of a triangle's columns; a triangle has some hundreds at most."""
    words = cell.split()
    return tuple(int(word) for word in words) if all(re.fullmatch("[0-9]{1,4}", word) for word in words) else None


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
    measures = (
        ("closing", "revenue"),
        ("signups", "accounts.signed_up_on"),
        ("activated", "accounts.activated_on"),
        ("pqls", "accounts.pql_on"),
    )
    for measure, name in measures:
        found |= {name} if cohorts[measure].any() else set()
    found |= {"spend"} if len(frames["by_spend"]["amount"]) else set()
    return frozenset(found | ({"partners"} if len(frames["partners"]["partner_id"]) else set()))


def empty_ledger(last_month: int, today: date) -> Ledger:
    """Return a ledger without a row."""
    none = {part: _frame(part, ()) for part in _FIELD}
    return Ledger(
        by_cohort=none["cohort"],
        by_partner=none["partner"],
        by_age=none["age"],
        by_spell=none["spell"],
        by_partner_spell=none["partner spell"],
        by_event=none["event"],
        by_pql=none["pql"],
        by_spend=none["spend"],
        by_payout=none["payout"],
        partners=none["listed partner"],
        last_month=last_month,
        has=frozenset(),
        currency=None,
        read_on=today,
    )
