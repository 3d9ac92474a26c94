"""Long files whose rows are of quarters: written down as rows of months, and read as such.

Every row becomes three lines, so that a line of what is written tells its row.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from motions.cohorts.reading.forms import PERHAPS
from motions.cohorts.reading.wide import Time, Wide, in_each_month, months_of, rows_below, time_of

MONTHS = 3
SPREAD = {"revenue": "mrr", "spend": "amount", "invoices": "amount", "commissions": "amount", "payouts": "amount"}
"""Kinds of file whose amounts can be of a quarter, and the column that holds them."""


def is_quarter(cell: str) -> bool:
    """Return whether a cell names a quarter of a year.

    >>> [is_quarter(cell) for cell in ("Q3 2025", "2025-Q3", "Q3'25", "3T 2025", "Q3", "2025-03")]
    [True, True, True, True, False, False]
    """
    time = time_of(cell)
    return time is not None and time.months == MONTHS and time.year is not None


def as_months(
    path: Path, header_line: int, header: tuple[str, ...], delimiter: str, places: tuple[int, int], held: str,
    form: str, folder: Path,
) -> tuple[Path, Wide]:  # fmt: skip
    """Write a file of quarters as one of months into `folder`. Returns it, and how its lines lead back to the rows.

    `places` are those of the month and of the amount, `held` is what an amount is of (see mapping.QUARTERS), `form` how
    it is written: of cents no part has decimals. Rows of months stay as they are.
    """
    sheet = Wide(path, header_line, 0, (), ((places[0], header[places[0]], Time(None, 1, MONTHS)),), long=True)
    out = folder / f"{uuid4().hex}.csv"
    with out.open("w", encoding="utf-8", newline="", errors="surrogateescape") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        for row in rows_below(sheet, delimiter):
            lines = list(_months(row, places, held, form in ("cents", PERHAPS))) if len(row) == len(header) else [row]
            writer.writerows(lines)
            file.write("\n" * (MONTHS - len(lines)))
    return out, sheet


def _months(row: list[str], places: tuple[int, int], held: str, whole: bool) -> Iterator[list[str]]:
    month, amount = places
    time = time_of(row[month])
    if time is None or not is_quarter(row[month]):
        yield row
        return
    parts = in_each_month(row[amount], time, held, whole) if row[amount].strip() else [row[amount]] * MONTHS
    for name, part in zip(months_of(time), parts, strict=True):
        changed = {month: name, amount: part}
        yield [changed.get(at, cell) for at, cell in enumerate(row)]
