"""All files of a program to finished tables: read, brought into the four, in one currency, without a row that repeats.

What comes out is what is added up; nothing goes back.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from motions import text
from motions.cohorts.contract import BY_NAME, TABLES
from motions.cohorts.reading.attribution import attribute
from motions.cohorts.reading.complete import KEYS, complete, stand_in_several
from motions.cohorts.reading.currency import keep_one_currency, settle_currency
from motions.cohorts.reading.derive import derive, one_statement_of_each
from motions.cohorts.reading.engine import count
from motions.cohorts.reading.months import EARLIER, begins_with_the_business, look
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.remarks import Remark, remarks_on
from motions.cohorts.reading.repeats import reject_repeated, repeats
from motions.cohorts.reading.tables import BECOMES, Tables
from motions.errors import FileError

Progress = Callable[[float, str], None]


def read_tables(
    tables: Tables,
    recognised: Sequence[Recognised],
    currency: str | None,
    progress: Progress,
    complete_months: Sequence[int] = (),
) -> None:
    """Read recognised files into `tables`, up to the end: what is derived, one currency, no row twice, months covered.

    `complete_months` are months that look unfinished and that the user says are whole.
    Raises MixedCurrencies when a currency has to be chosen, and FileError where amounts can't be in one.
    """
    for number, table in enumerate(TABLES):
        progress(0.8 * number / len(TABLES), f"Reading {table.name}")
        tables.read(table, [file for file in recognised if file.table is table])
        if table.name != "revenue":
            _without_repeats(tables, table.name)
        if table.name in KEYS:
            _complete(tables, table.name)
    one_statement_of_each(tables)
    derive(tables)
    attribute(tables)
    settle_currency(tables, currency)
    progress(0.9, "Looking for rows that stand twice")
    if tables.kinds["revenue"].files:
        _without_repeats(tables, "revenue", lambda: keep_one_currency(tables, "revenue"))
    _cover(tables, complete_months)


def _complete(tables: Tables, name: str) -> None:
    """Let several files about the same accounts or partners complete one another; what they contradict is listed."""
    files = tables.kinds[name].files
    if len(files) < 2 or not stand_in_several(tables.con, name):
        return
    found, times = complete(tables.con, name, [file.name for file in files])
    tables.contradictions += found
    words = f"{tables.kinds[name].names} complete one another."
    if times:
        first = found[0]
        words += (
            f" They contradict one another {text.count(times, 'time')}, and the first counts: {first.column} of "
            f"{first.key} is {first.taken} in {first.file}, {first.other} in {first.other_file}."
        )
    whole = max(count(tables.con, name), 1)
    tables.remarks.append(
        Remark(words, "The list of them can be downloaded under Your files." if times else "", times / whole)
    )


def _cover(tables: Tables, complete_months: Sequence[int]) -> None:
    """Say which months the tables cover, and which customers are of before: they paid before the files begin."""

    def ask(sql: str) -> list[tuple[Any, ...]]:
        return tables.con.execute(sql).fetchall()

    monthly = bool(tables.kinds["revenue"].files)
    coverage = look(ask, tables.today, complete_months, monthly)
    tables.con.execute("CREATE OR REPLACE TABLE earlier (account_id VARCHAR)")
    if not monthly:
        tables.con.execute("INSERT INTO earlier SELECT account_id FROM opening_moves WHERE returns AND NOT begins")
    revenue = coverage.of("revenue")
    if monthly and revenue and not begins_with_the_business(ask, revenue.first):
        tables.con.execute(f"INSERT INTO earlier {EARLIER.format(first=revenue.first)}")
        coverage = replace(coverage, begins=False)
    before = count(tables.con, "(SELECT DISTINCT account_id FROM earlier)")
    tables.coverage = replace(
        coverage,
        before=before,
        motions_known=tables.motions_known,
        partners_known=tables.partners_known,
        ends_known=tables.ends_known,
        refused=_refused(tables),
    )
    tables.remarks += remarks_on(tables.coverage, monthly)


def _refused(tables: Tables) -> dict[str, int]:
    """Tables of which files lie there and no row was accepted; each is a remark."""
    found: dict[str, int] = {}
    for name, kind in tables.kinds.items():
        rows = sum(one.rows for one in kind.reports)
        if rows and not any(one.accepted for one in kind.reports):
            found[BECOMES.get(name, name)] = rows
            why = next((f" The first: {one.reason}." for one in kind.rejects), "")
            words = f"{text.count(rows, 'row')} of {rows:,} in {kind.names} were refused.{why}"
            tables.remarks.append(Remark(words, "All reasons stand under Your files.", 1.0))
    return found


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
