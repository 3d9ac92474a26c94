"""All files of a program to finished tables: read, brought into the four, in one currency, without a row that repeats.

What comes out is what is added up; nothing goes back.
"""

from collections.abc import Callable, Sequence

from motions.cohorts.contract import BY_NAME, TABLES
from motions.cohorts.reading.currency import keep_one_currency, settle_currency
from motions.cohorts.reading.derive import derive, one_statement_of_each
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.repeats import reject_repeated, repeats
from motions.cohorts.reading.tables import Tables
from motions.errors import FileError

Progress = Callable[[float, str], None]


def read_tables(tables: Tables, recognised: Sequence[Recognised], currency: str | None, progress: Progress) -> None:
    """Read recognised files into `tables`, up to the end: what is derived, one currency, no row twice.

    Raises MixedCurrencies when a currency has to be chosen, and FileError where amounts can't be in one.
    """
    for number, table in enumerate(TABLES):
        progress(0.8 * number / len(TABLES), f"Reading {table.name}")
        tables.read(table, [file for file in recognised if file.table is table])
        if table.name != "revenue":
            _without_repeats(tables, table.name)
    one_statement_of_each(tables)
    derive(tables)
    settle_currency(tables, currency)
    progress(0.9, "Looking for rows that stand twice")
    if tables.kinds["revenue"].files:
        _without_repeats(tables, "revenue", lambda: keep_one_currency(tables, "revenue"))


def _without_repeats(tables: Tables, name: str, then: Callable[[], object] = lambda: None) -> None:
    """Reject the rows whose key an earlier one has; `then` is done to the rows that are read again for their lines."""
    table = BY_NAME[name]
    if not repeats(tables.con, table):
        return
    found = tables.with_lines(name)
    then()
    try:
        found.fewer(reject_repeated(tables.con, table, found.files))
    except FileError as error:
        tables.give_up(name, error)
        return
    tables.kinds[name] = found
