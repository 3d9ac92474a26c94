"""Files to a program: recognised, read, checked, reduced. The only function that pages need for an upload."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from motions import text
from motions.cohorts.checks import Finding, run_checks
from motions.cohorts.contract import BY_NAME, TABLES, Table
from motions.cohorts.ledger import Ledger, reduce
from motions.cohorts.read import FileReport, connect, count, create_table, read_file, reject_repeated
from motions.cohorts.recognise import Recognised, recognise
from motions.cohorts.records import Reject
from motions.errors import FileError, MixedCurrencies
from motions.text import listed, month_name

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Program:
    """What came of some files: the ledger, what became of each file, and what was wrong with their rows."""

    ledger: Ledger
    files: tuple[FileReport, ...]
    rejects: tuple[Reject, ...]
    findings: tuple[Finding, ...]
    currencies: tuple[str, ...]
    """all currencies of the files; the ledger is in one of them"""
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
    copies: list[str] = []
    notes: list[str] = []
    refused: list[FileError] = []
    recognised = _recognise_all(_without_copies(files, copies), refused)
    if not recognised:
        raise refused[0] if refused else FileError("No file", "was given", "Choose one or more CSV files.")
    con = connect(folder, [file.path for file in recognised])
    try:
        read = _Reading(con, folder, today, refused)
        for number, table in enumerate(TABLES):
            progress(0.5 * number / len(TABLES), f"Reading {table.name}")
            read.table(table, [file for file in recognised if file.table is table])
        currencies, currency = read.one_currency(currency, notes)
        ledger = reduce(con, read.has(), currency, today, _part(progress, 0.5, 0.9))
        if _months_repeat(con):
            read.without_repeats(BY_NAME["revenue"], currency)
            notes.clear()
            read.one_currency(currency, notes)
            ledger = reduce(con, read.has(), currency, today, _part(progress, 0.7, 0.9))
        if not read.has():
            raise refused[0] if refused else _nothing_usable(recognised[0].name, read.rejects())
        findings = run_checks(con, read.has(), _part(progress, 0.9, 1.0))
    finally:
        con.close()
    progress(1.0, "Done")
    notes = copies + notes + _suspicions(ledger, findings)
    return Program(ledger, read.reports(), tuple(read.rejects()), findings, currencies, tuple(refused), tuple(notes))


class _Reading:
    """The files of one program on their way into its tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, today: date, refused: list[FileError]) -> None:
        self.con, self.folder, self.today, self.refused = con, folder, today, refused
        self.files: dict[str, list[Recognised]] = {}
        self.read: dict[str, tuple[list[FileReport], list[Reject]]] = {}

    def table(self, table: Table, files: list[Recognised]) -> None:
        """Read the files of a table; one that can't be used is left out."""
        create_table(self.con, table)
        self.files[table.name] = []
        reports, rejects = [], []
        for number, file in enumerate(files):
            try:
                report, found = read_file(self.con, file, number, self.folder, self.today)
            except FileError as error:
                self.refused.append(error)
                continue
            self.files[table.name].append(file)
            reports.append(report)
            rejects += found
        self.read[table.name] = (reports, rejects)
        # Months of an account that repeat are found in the reduction.
        if table.name in ("accounts", "partners") and self._repeats(table):
            self.without_repeats(table, None)

    def _repeats(self, table: Table) -> bool:
        return bool(count(self.con, f"(SELECT {table.key[0]} FROM {table.name} GROUP BY ALL HAVING count(*) > 1)"))

    def without_repeats(self, table: Table, currency: str | None) -> None:
        """Read the files of a table again with line numbers, and reject the rows whose key an earlier one has."""
        self.con.execute(f"DELETE FROM {table.name}")
        files, reports, rejects = self.files[table.name], [], []
        for number, file in enumerate(files):
            report, found = read_file(self.con, file, number, self.folder, self.today, with_lines=True)
            reports.append(report)
            rejects += found
        try:
            repeated = reject_repeated(self.con, table, files, currency)
        except FileError as error:
            self.refused.append(error)
            self.con.execute(f"DELETE FROM {table.name}")
            self.read[table.name] = ([], [])
            return
        times = Counter(reject.file for reject in repeated)
        fewer = [
            replace(one, accepted=one.accepted - times[one.name], rejected=one.rejected + times[one.name])
            for one in reports
        ]
        self.read[table.name] = (fewer, rejects + repeated)

    def one_currency(self, chosen: str | None, notes: list[str]) -> tuple[tuple[str, ...], str | None]:
        """Make sure that amounts are in one currency: all that there are, and the one in use.

        Rows in another than the chosen one, or in none that is stated, are set aside and noted.
        """
        union = " UNION ".join(f"SELECT DISTINCT currency FROM {name}" for name in MONEY)
        query = f"SELECT currency FROM ({union}) WHERE currency IS NOT NULL ORDER BY currency"
        found = self.con.execute(query).fetchall()
        codes = tuple(str(row[0]) for row in found)
        silent = [file.name for name in MONEY for file in self.files[name] if "currency" not in file.columns]
        if len(codes) <= 1:
            if codes and silent:
                notes.append(f"{listed(silent)} states no currency and is taken as {codes[0]}, like the others.")
            return codes, codes[0] if codes else None
        if chosen not in codes:
            names = listed([file.name for name in MONEY for file in self.files[name]])
            raise MixedCurrencies(names, codes)
        for name in MONEY:
            for where, what in ((f"currency <> '{chosen}'", f"are not in {chosen}"), _UNSTATED):
                gone = self.con.execute(f"DELETE FROM {name} WHERE {where}").fetchall()[0][0]
                if gone:
                    notes.append(f"{gone:,} rows of {name} {what} and are set aside.")
        return codes, chosen

    def has(self) -> frozenset[str]:
        """Names of the tables with a row, and of their columns: a table without one is as good as absent."""
        tables = {name for name in self.read if count(self.con, f"(SELECT 1 FROM {name} LIMIT 1)")}
        columns = {f"{name}.{column}" for name in tables for one in self.read[name][0] for column in one.columns}
        return frozenset(tables | columns)

    def reports(self) -> tuple[FileReport, ...]:
        """What became of each file."""
        return tuple(report for reports, _ in self.read.values() for report in reports)

    def rejects(self) -> list[Reject]:
        """Every row that was not accepted."""
        return [reject for _, rejects in self.read.values() for reject in rejects]


MONEY = ("revenue", "spend")
_UNSTATED = ("currency IS NULL", "state no currency while others do")


def _months_repeat(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether an account has two rows for a month.

    The reduction has the paying months of known accounts side by side; only where there are other rows is it
    necessary to look at all of them.
    """
    if count(con, "paying WHERE previous_month = month"):
        return True
    if count(con, "paying") == count(con, "revenue"):
        return False
    return bool(count(con, "(SELECT account_id, month FROM revenue GROUP BY ALL HAVING count(*) > 1)"))


def _suspicions(ledger: Ledger, findings: Sequence[Finding]) -> list[str]:
    """Say what makes every figure doubtful: revenue that nobody owns, and a last month that looks unfinished."""
    if "revenue" not in ledger.has:
        return []
    orphans = next((one.count for one in findings if one.name == "revenue_without_account"), None)
    if orphans:
        whose = text.count(orphans, "account")
        said = f"The revenue of {whose} is in no figure, as the accounts file does not have them: compare the ids."
        return [said, *_unfinished(ledger)]
    return _unfinished(ledger)


def _unfinished(ledger: Ledger) -> list[str]:
    before, last = (int(ledger.at("customers", month).sum()) for month in (ledger.last_month - 1, ledger.last_month))
    if last >= before / 2:
        return []
    name = month_name(ledger.last_month)
    said = f"Only {last:,} accounts pay in {name}, {before:,} did a month before. Is {name} complete? If not, "
    return [said + "choose an earlier month under Settings, As of."]


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


def _part(progress: Progress, low: float, high: float) -> Progress:
    return lambda share, step: progress(low + (high - low) * share, step)
