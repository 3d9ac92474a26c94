"""A process of its own: writes the sheets of a workbook as CSV files, and says on standard output which.

    python sheets.py WORKBOOK FOLDER NAME

It stands alone and imports nothing of the app: a workbook that is made to harm ends this process and no other.
"""

import csv
import errno
import json
import os
import resource
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1_200_000_000
"""bytes that the process may take: a sheet of a million rows and four columns takes a third"""
SECONDS = 60
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MOST_ROWS = 1_048_576
MOST_SHEETS = 20
MOST_WRITTEN = 500_000_000
"""letters of all sheets together"""


class TooMuch(Exception):
    """A workbook is beyond a bound: its text names which."""


def main(workbook: str, folder: str, name: str) -> dict[str, object]:
    """Write NAME-0.csv, NAME-1.csv and so on into the folder; return for each its sheet and its rows.

    Where it can't be read, the fault is said instead: password, memory, disk, rows, sheets, written.
    """
    os.nice(5)  # who moves a slider meanwhile comes first
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        return {"sheets": _sheets(CalamineWorkbook.from_path(workbook), Path(folder), name)}
    except PasswordError:
        return {"fault": "password"}
    except MemoryError:
        return {"fault": "memory"}
    except OSError as problem:
        if problem.errno not in FULL:
            raise
        return {"fault": "disk"}
    except TooMuch as problem:
        return {"fault": str(problem)}


def _sheets(book: CalamineWorkbook, folder: Path, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    left = MOST_WRITTEN
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            continue
        if len(found) == MOST_SHEETS:
            raise TooMuch("sheets")
        path = folder / f"{name}-{len(found)}.csv"
        rows, written = _write(path, book.get_sheet_by_name(sheet.name).iter_rows(), left)
        left -= written
        if rows:
            found.append({"sheet": sheet.name, "rows": rows, "path": path.name})
    return found


def _write(path: Path, rows: Iterable[Iterable[object]], most: int) -> tuple[int, int]:
    """Write rows up to the last with anything in it; return how many have something, and the letters written."""
    filled = blank = written = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for row in rows:
            cells = [text(cell) for cell in row]
            if not any(cells):
                blank += 1
                continue
            out.write("\n" * blank)
            written += blank + sum(map(len, cells)) + len(cells)
            filled, blank = filled + 1, 0
            if filled > MOST_ROWS or written > most:
                raise TooMuch("rows" if filled > MOST_ROWS else "written")
            writer.writerow(cells)
    return filled, written


def text(cell: object) -> str:
    """Return a cell as text that is read again: whole numbers without a point, days as year-month-day.

    >>> [text(one) for one in (101.0, 1200.5, True, date(2026, 9, 30), datetime(2026, 9, 30, 8, 15), " x ", 1e15)]
    ['101', '1200.5', 'TRUE', '2026-09-30', '2026-09-30 08:15:00', 'x', '1000000000000000']
    """
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell) if abs(cell) >= 1e-4 else f"{cell:.12f}".rstrip("0")
    if isinstance(cell, datetime):
        return str(cell.date() if cell.time() == time() else cell.replace(microsecond=0))
    if isinstance(cell, (date, time, timedelta)):
        return str(cell)
    return " ".join(str(cell).split())  # on one line, so that a line of the file is a row of the sheet


def _run(arguments: Sequence[str]) -> None:
    json.dump(main(*arguments), sys.stdout)


if __name__ == "__main__":
    _run(sys.argv[1:])
