"""A process of its own: writes the sheets of a workbook as CSV files, and says on standard output which.

    python sheets.py WORKBOOK FOLDER NAME

It stands alone and imports nothing of the app: a workbook that is made to harm ends this process and no other.
"""

import csv
import json
import resource
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 3_000_000_000
SECONDS = 120
MOST_ROWS = 1_048_576


def main(workbook: str, folder: str, name: str) -> None:
    """Write NAME-0.csv, NAME-1.csv and so on into the folder; say for each its sheet and its rows, as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    book = CalamineWorkbook.from_path(workbook)
    found: list[dict[str, object]] = []
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            continue
        path = Path(folder) / f"{name}-{len(found)}.csv"
        rows = book.get_sheet_by_name(sheet.name)
        if written := _write(path, rows.iter_rows()):
            found.append({"sheet": sheet.name, "rows": written, "path": path.name})
    json.dump(found, sys.stdout)


def _write(path: Path, rows: Iterable[Iterable[object]]) -> int:
    """Write rows up to the last with anything in it, and return how many have something."""
    filled = blank = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for row in rows:
            cells = [text(cell) for cell in row]
            if not any(cells):
                blank += 1
                continue
            out.write("\n" * blank)
            writer.writerow(cells)
            filled, blank = filled + 1, 0
            if filled > MOST_ROWS:
                raise ValueError("too many rows")
    return filled


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
    main(*arguments)


if __name__ == "__main__":
    _run(sys.argv[1:])
