"""All files of a program to finished tables: read, brought into the four, in one currency, without a row that repeats.

What comes out is what is added up; nothing goes back.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from motions import text
from motions.cohorts.contract import BY_NAME, NOT_USED, TABLES
from motions.cohorts.coverage import Cover
from motions.cohorts.reading.amounts import (
    ask_of_credit_notes,
    ask_of_sums,
    refuse_periods,
    say_prepaid_years,
    say_spellings,
)
from motions.cohorts.reading.attribution import attribute
from motions.cohorts.reading.by_account import by_account
from motions.cohorts.reading.complete import KEYS, Contradiction, complete, stand_in_several
from motions.cohorts.reading.currency import keep_one_currency, settle_currency
from motions.cohorts.reading.derive import accounts_of_payers, derive, one_statement_of_each
from motions.cohorts.reading.engine import count
from motions.cohorts.reading.flagged import ask_of_flagged
from motions.cohorts.reading.lacking import what_files_lack
from motions.cohorts.reading.late import say_late_postings
from motions.cohorts.reading.mapping import COUNTS, LITTLE, SAME, Question
from motions.cohorts.reading.matching import PAYING, match, match_again, not_read, say_twins
from motions.cohorts.reading.months import EARLIER, begins_with_the_business, look, perhaps_new
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import Reject
from motions.cohorts.reading.recruiters import check_recruiters
from motions.cohorts.reading.remarks import Remark, on_beginnings, remarks_on
from motions.cohorts.reading.repeats import REPEATED, reject_repeated, repeats
from motions.cohorts.reading.several import ask_of_gaps, settle, versions
from motions.cohorts.reading.sizes import ask_of_cents
from motions.cohorts.reading.tables import BECOMES, Kind, Tables
from motions.cohorts.reading.together import say_who_ends_together
from motions.errors import FileError
from motions.text import count as counted

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
        tables.read(table, in_order([file for file in recognised if file.table is table]))
        kept = table.name == "subscriptions" and versions(tables)
        if table.name != "revenue" and tables.kinds[table.name].files and not kept:
            _without_repeats(tables, table.name)
        if table.name in KEYS:
            _complete(tables, table.name)
    one_statement_of_each(tables)
    derive(tables)
    ask_of_flagged(tables)
    match(tables)
    check_recruiters(tables)
    say_twins(tables)
    _ask_whose(tables)
    attribute(tables)
    accounts_of_payers(tables)
    ask_of_cents(tables)
    settle_currency(tables, currency)
    progress(0.9, "Looking for rows that stand twice")
    refused = refuse_periods(tables) or ask_of_credit_notes(tables)
    if not refused and tables.kinds["revenue"].files and repeats(tables.con, BY_NAME["revenue"]):
        found = settle(tables, lambda: _as_before(tables))
        if found:
            _reject_repeated(tables, "revenue", found)
    if tables.kinds["revenue"].files and not ask_of_sums(tables):
        ask_of_gaps(tables)
    _cover(tables, complete_months)


def _as_before(tables: Tables) -> None:
    """Do again with rows of revenue what had been done when they were read anew."""
    match_again(tables)
    keep_one_currency(tables, "revenue")


def in_order(files: Sequence[Recognised]) -> list[Recognised]:
    """Return files of a kind with those first that were said to count: of what stands twice the first counts."""
    return sorted(files, key=lambda file: {THIS: 0, "": 1, OTHER: 2}[file.mapping.counts])


def ask_which_counts(tables: Tables, file: str, other: str, what: str) -> None:
    """Ask which of two files counts where they say something else; the earlier one does until then."""
    told = tables.sources[file]
    two_systems = any(one.part == "prefix" for one in told.questions)
    if two_systems or told.mapping.counts or tables.sources[other].mapping.counts:
        return
    asks = (
        f"{other} and {file} {what}, and {other} counts. Is {file} the newer export, which counts instead? "
        f"({NOT_USED} as what {other} is leaves it out whole.)"
    )
    # What is read stays as it is: the answer puts the files in another order.
    question = Question(file, "counts", "counts", asks, COUNTS, LITTLE, read=True)
    tables.sources[file] = told.asked([question])


def _complete(tables: Tables, name: str) -> None:
    """Let several files about the same accounts or partners complete one another; what they contradict is listed."""
    files = tables.kinds[name].files
    if len(files) < 2 or not stand_in_several(tables.con, name):
        return
    key = KEYS[name]
    shared = count(tables.con, f"(SELECT {key} FROM {name} GROUP BY {key} HAVING count(DISTINCT file) > 1)")
    found, times = complete(tables.con, name, [file.name for file in files])
    tables.contradictions += found
    _two_systems(tables, name, files, found, shared)
    words = f"{tables.kinds[name].names} complete one another."
    if times:
        first = found[0]
        ask_which_counts(tables, first.other_file, first.file, f"contradict one another {text.count(times, 'time')}")
        words += (
            f" They contradict one another {text.count(times, 'time')}, and the first counts: {first.column} of "
            f"{first.key} is {first.taken} in {first.file}, {first.other} in {first.other_file}."
        )
    whole = max(count(tables.con, name), 1)
    tables.remarks.append(
        Remark(words, "The list of them can be downloaded under Your files." if times else "", times / whole)
    )


THIS, OTHER = COUNTS
TELLING = {"accounts": ("signed_up_on",), "partners": ("name", "recruited_on")}
"""Columns in which files about the same hardly ever say something else."""


def _two_systems(
    tables: Tables, name: str, files: Sequence[Recognised], found: Sequence[Contradiction], shared: int
) -> None:
    """Ask whether files that share ids are about the same, where most of what they share contradicts itself."""
    column = KEYS[name]
    others = [one for one in found if one.column in TELLING[name]]
    if len({one.key for one in others}) * 2 <= shared or any(column in file.mapping.prefix for file in files):
        return
    first = others[0]
    file = tables.sources[first.other_file]
    prefix = f"{Path(first.other_file).stem[:40]}:"
    asks = (
        f"{first.file} and {first.other_file} share {counted(shared, 'id')} and say something else of most: "
        f"{first.key} is {first.taken[:40]} in one, {first.other[:40]} in the other. Are they of two systems that "
        f"number from 1? Then '{prefix}' is put before the ids of {first.other_file}."
    )
    question = Question(
        file.name, "prefix", column, asks, (prefix, SAME), shared / max(count(tables.con, name), 1), True
    )
    tables.sources[file.name] = file.asked([question])
    tables.offered.add("accounts")


def _ask_whose(tables: Tables) -> None:
    """Ask whose ids files name, where the partners of another system have been told apart by a prefix."""
    prefixes = {file.mapping.prefix.get("partner_id", "") for file in tables.kinds["partners"].files} - {""}
    for kind in ("accounts", "customers", "spend", "commissions", "payouts") if prefixes else ():
        for file in tables.kinds[kind].files:
            if "partner_id" in file.columns and "partner_id" not in file.mapping.prefix:
                asks = (
                    f"Two systems number their partners alike. Whose are those in column "
                    f"{file.header[file.columns['partner_id']]}?"
                )
                options = (*sorted(prefixes), SAME)
                question = Question(file.name, "prefix", "partner_id", asks, options, read=True)
                tables.sources[file.name] = tables.sources[file.name].asked([question])
                tables.offered.add("accounts")


def _cover(tables: Tables, complete_months: Sequence[int]) -> None:
    """Say which months the tables cover, and which customers are of before: they paid before the files begin."""

    def ask(sql: str) -> list[tuple[Any, ...]]:
        return tables.con.execute(sql).fetchall()

    said = [*tables.remarks]
    monthly = any(tables.kinds[name].files for name in ("revenue", "invoices"))
    lacking = what_files_lack(tables.con, tables.kinds["revenue"])
    coverage = look(ask, tables.today, complete_months, monthly, tuple(lacking.months))
    tables.con.execute("CREATE OR REPLACE TABLE earlier (account_id VARCHAR)")
    if not monthly:
        tables.con.execute("INSERT INTO earlier SELECT account_id FROM opening_moves WHERE returns AND NOT begins")
    revenue = coverage.of("revenue")
    if monthly and revenue and (tables.derived or not begins_with_the_business(ask, revenue.first)):
        earlier = EARLIER.replace("<", "<=") if tables.derived else EARLIER  # nobody knows whether they are new
        tables.con.execute(f"INSERT INTO earlier {earlier.format(first=revenue.first)}")
        coverage = replace(coverage, begins=False)
    before = count(tables.con, "(SELECT DISTINCT account_id FROM earlier)")
    tables.coverage = replace(
        coverage,
        before=before,
        motions_known=tables.motions_known,
        partners_known=tables.partners_known,
        ends_known=tables.ends_known,
        refused=_refused(tables),
        unread=tuple(dict.fromkeys(one.file for one in tables.refused)),
        waiting=tuple(
            sorted(
                tables.asked_of
                | {BECOMES.get(file.mapping.kind, file.mapping.kind) for file in tables.sources.values() if file.waits}
            )
        ),
    )
    tables.remarks += remarks_on(tables.coverage, monthly, not tables.derived, lacking)
    say_late_postings(tables)
    if revenue:
        perhaps = perhaps_new(ask, revenue, complete_months) if monthly and not tables.derived else 0
        tables.remarks += on_beginnings(revenue, perhaps, _first_after_gaps(tables, revenue))
        if tables.kinds["revenue"].files:
            say_prepaid_years(tables, revenue)
        if tables.derived:
            say_spellings(tables)
        if say_who_ends_together(tables, revenue, (revenue.first + 1,) if perhaps else ()):
            tables.remarks[:] = said
            tables.asked_of.add("revenue")
            not_read(tables, "revenue", PAYING)
            _cover(tables, complete_months)


def _first_after_gaps(tables: Tables, revenue: Cover) -> dict[int, int]:
    """How many customers first pay in a month that follows one that is not known, or in that: by the first of these."""
    found = {}
    for month in revenue.months():
        before = max((one for one in range(revenue.first, month) if revenue.has(one)), default=month - 1)
        if before < month - 1:
            first = f"{by_account(tables.con)} WHERE first_month BETWEEN {before + 1} AND {month}"
            found[month] = count(tables.con, f"{first} AND account_id NOT IN (SELECT account_id FROM earlier)")
    return found


def _refused(tables: Tables) -> dict[str, str]:
    """Tables of which files lie there and no row was accepted, or amounts can't be used, and how many; each is said."""
    found = dict(tables.unusable)
    for name, kind in tables.kinds.items():
        rows = sum(one.rows for one in kind.reports)
        if rows and not any(one.accepted for one in kind.reports):
            found[BECOMES.get(name, name)] = (
                f"{rows:,} of {text.count(rows, 'row')} of {BECOMES.get(name, name)} were refused"
            )
            why = next((f" The first: {one.reason}." for one in kind.rejects), "")
            words = f"{text.count(rows, 'row')} of {rows:,} in {kind.names} were refused.{why}"
            tables.remarks.append(Remark(words, "All reasons stand under Your files.", 1.0))
    return found


def _without_repeats(tables: Tables, name: str) -> None:
    """Reject the rows whose key an earlier one has."""
    if repeats(tables.con, BY_NAME[name]):
        _reject_repeated(tables, name, tables.with_lines(name))


def _ask_of_repeats(tables: Tables, name: str, rejects: Sequence[Reject]) -> None:
    """Ask which of two files counts, where most rows that stand twice stand in both."""
    for file in (one.name for one in tables.kinds[name].files[1:]):
        own = [one for one in rejects if one.file == file]
        for other in (one.name for one in tables.kinds[name].files):
            times = sum(one.reason.startswith(REPEATED) and f" is in {other}, line" in one.reason for one in own)
            if other != file and times > LITTLE * len(rejects):
                ask_which_counts(tables, file, other, f"share {counted(times, 'row')} by their ids")


def _reject_repeated(tables: Tables, name: str, found: Kind) -> None:
    """Reject the rows whose key an earlier one has, of files that have been read with their lines."""
    try:
        rejects, amounts = reject_repeated(tables.con, BY_NAME[name], found.files)
        found.fewer(rejects)
        found.repeated(amounts)
        _ask_of_repeats(tables, name, rejects)
    except FileError as error:
        tables.give_up(name, error)
        return
    tables.kinds[name] = found
