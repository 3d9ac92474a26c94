"""Files to a program: recognised, read, checked, reduced. The only function that pages need for an upload."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from motions.cohorts.checks import Finding, run_checks
from motions.cohorts.contract import TABLES, Table
from motions.cohorts.ledger import Ledger, reduce
from motions.cohorts.read import FileReport, connect, create_table, read_file, reject_repeated
from motions.cohorts.recognise import Recognised, recognise
from motions.cohorts.records import Reject
from motions.errors import FileError, MixedCurrencies
from motions.text import listed

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Program:
    """What came of some files: the ledger, what became of each file, and what was wrong with their rows."""

    ledger: Ledger
    files: tuple[FileReport, ...]
    rejects: tuple[Reject, ...]
    findings: tuple[Finding, ...]
    refused: tuple[FileError, ...]
    """files that could not be used, with the reason"""
    notes: tuple[str, ...]


def load_program(
    files: Sequence[tuple[str, Path]],
    folder: Path,
    today: date,
    currency: str | None = None,
    progress: Progress = lambda share, step: None,
) -> Program:
    """Read files, (name shown, path), into a program. `folder` is private scratch space on the same disk as them.

    A file that can't be used is left out and named in `refused`. Raises FileError when none can be used, and
    MixedCurrencies when a currency has to be chosen.
    """
    notes: list[str] = []
    refused: list[FileError] = []
    recognised = _recognise_all(_without_copies(files, notes), refused)
    if not recognised:
        raise refused[0] if refused else FileError("No file", "was given", "Choose one or more CSV files.")
    con = connect(folder, [file.path for file in recognised])
    try:
        reports, rejects = _read_all(con, recognised, refused, folder, today, progress)
        has = _present(reports)
        currency = _one_currency(con, recognised, has, currency, notes)
        if not has:
            raise refused[0]
        ledger = reduce(con, has, currency, _part(progress, 0.5, 0.9))
        if _count(con, "SELECT count(*) FROM paying WHERE previous_month = month"):
            revenue = [file for file in recognised if file.table.name == "revenue"]
            again, more = _read_table(con, revenue[0].table, revenue, [], folder, today, True)
            _one_currency(con, recognised, has, currency, [])
            reports = [report for report in reports if report.table != "revenue"] + again
            rejects = [reject for reject in rejects if reject.file not in {file.name for file in revenue}] + more
            ledger = reduce(con, has, currency, _part(progress, 0.7, 0.9))
        if ledger.last_month is None:
            raise refused[0] if refused else _nothing_usable(recognised[0].name, rejects)
        findings = run_checks(con, has, _part(progress, 0.9, 1.0))
    finally:
        con.close()
    progress(1.0, "Done")
    return Program(ledger, tuple(reports), tuple(rejects), findings, tuple(refused), tuple(notes))


def _recognise_all(files: list[tuple[str, Path]], refused: list[FileError]) -> list[Recognised]:
    found = []
    for name, path in files:
        try:
            found.append(recognise(name, path))
        except FileError as error:
            refused.append(error)
    return found


def _nothing_usable(name: str, rejects: list[Reject]) -> FileError:
    if not rejects:
        return FileError(name, "has no rows", "Export it again and check that it has rows.")
    first = rejects[0]
    where = f"line {first.line}" + (f", column {first.column}" if first.column else "")
    return FileError(first.file, f"has no row that fits. The first: '{first.value}' {first.reason}", "", where)


def _without_copies(files: Sequence[tuple[str, Path]], notes: list[str]) -> list[tuple[str, Path]]:
    """Leave out files with the same content as one before."""
    seen: dict[str, str] = {}
    kept = []
    for name, path in files:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest in seen:
            notes.append(f"{name} has the same content as {seen[digest]} and was read once.")
        else:
            seen[digest] = name
            kept.append((name, path))
    return kept


def _read_all(
    con: duckdb.DuckDBPyConnection,
    files: list[Recognised],
    refused: list[FileError],
    folder: Path,
    today: date,
    progress: Progress,
) -> tuple[list[FileReport], list[Reject]]:
    reports: list[FileReport] = []
    rejects: list[Reject] = []
    for number, table in enumerate(TABLES):
        progress(0.5 * number / len(TABLES), f"Reading {table.name}")
        create_table(con, table)
        of_table = [file for file in files if file.table is table]
        more, found = _read_table(con, table, of_table, refused, folder, today, False)
        # Accounts and partners are looked at here; the months of an account are compared in the reduction anyway.
        if table.name in ("accounts", "partners") and _repeats(con, table):
            more, found = _read_table(con, table, of_table, [], folder, today, True)
        reports += more
        rejects += found
    return reports, rejects


def _read_table(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    files: list[Recognised],
    refused: list[FileError],
    folder: Path,
    today: date,
    exact: bool,
) -> tuple[list[FileReport], list[Reject]]:
    """Read the files of one table anew; `exact` also removes and reports rows with a repeated key."""
    con.execute(f"DELETE FROM {table.name}")
    reports, rejects = [], []
    for number, file in enumerate(files):
        try:
            report, found = read_file(con, file, number, folder, today, with_lines=exact)
        except FileError as error:
            refused.append(error)
            continue
        reports.append(report)
        rejects += found
    if not exact:
        return reports, rejects
    repeated = reject_repeated(con, table, files)
    by_file = {file.name: sum(reject.file == file.name for reject in repeated) for file in files}
    return [_fewer(report, by_file[report.name]) for report in reports], rejects + repeated


def _fewer(report: FileReport, repeated: int) -> FileReport:
    values = {**report.__dict__, "accepted": report.accepted - repeated, "rejected": report.rejected + repeated}
    return FileReport(**values)


def _repeats(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    return bool(_count(con, f"SELECT count(*) - count(DISTINCT {table.key[0]}) FROM {table.name}"))


def _present(reports: list[FileReport]) -> frozenset[str]:
    """Names of the tables and columns that at least one file holds."""
    tables = {report.table for report in reports}
    return frozenset(tables | {f"{report.table}.{column}" for report in reports for column in report.columns})


def _one_currency(
    con: duckdb.DuckDBPyConnection, files: list[Recognised], has: frozenset[str], chosen: str | None, notes: list[str]
) -> str | None:
    """Make sure that amounts are in one currency. Rows in another than the chosen one are set aside and noted."""
    tables = [name for name in ("revenue", "spend") if f"{name}.currency" in has]
    if not tables:
        return None
    union = " UNION ".join(f"SELECT DISTINCT currency AS code FROM {name}" for name in tables)
    codes = sorted(row[0] for row in con.execute(f"SELECT code FROM ({union}) WHERE code IS NOT NULL").fetchall())
    if len(codes) <= 1:
        silent = [
            file.name for file in files if file.table.name in ("revenue", "spend") and "currency" not in file.columns
        ]
        if codes and silent:
            notes.append(f"{listed(silent)} states no currency and is taken as {codes[0]}, like the others.")
        return codes[0] if codes else None
    if chosen not in codes:
        names = " and ".join(file.name for file in files if file.table.name in tables)
        raise MixedCurrencies(names, tuple(codes))
    for name in ("revenue", "spend"):
        gone = con.execute(f"DELETE FROM {name} WHERE coalesce(currency, '') <> ?", [chosen]).fetchall()[0][0]
        if gone:
            notes.append(f"{gone:,} rows of {name} are not in {chosen} and are set aside.")
    return chosen


def _part(progress: Progress, low: float, high: float) -> Progress:
    return lambda share, step: progress(low + (high - low) * share, step)


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0])
