"""Files to a program: recognised, read, checked, reduced. The only function that pages need for an upload."""

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from motions import text
from motions.cohorts.contract import ADDED_UP, BY_NAME, NOT_USED, TABLES, Table
from motions.cohorts.ledger.checks import Finding, run_checks
from motions.cohorts.ledger.ledger import Ledger, reduce, statements
from motions.cohorts.ledger.ledger_file import read_ledger
from motions.cohorts.ledger.triangle import read_triangles
from motions.cohorts.reading.forms import SHARED_SIGNS
from motions.cohorts.reading.mapping import KINDS_OF_FILE, Mapping, Question
from motions.cohorts.reading.read import (
    MEMORY,
    REPEATED,
    FileReport,
    connect,
    count,
    create_table,
    read_file,
    reject_repeated,
    repeats,
    with_any_currency,
)
from motions.cohorts.reading.recognise import Recognised, recognise
from motions.cohorts.reading.records import MOST_REJECTS, Reject, too_many
from motions.errors import FileError, MixedCurrencies
from motions.text import listed, month_name, whole_letters

Progress = Callable[[float, str], None]
DERIVE = Path(__file__).parent / "reading" / "derive.sql"


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
    sources: tuple[Recognised, ...]
    """how each file was read; one with questions was not"""


def load_program(
    files: Sequence[tuple[str, Path]],
    folder: Path,
    today: date,
    currency: str | None = None,
    progress: Progress = lambda share, step: None,
    mappings: Sequence[Mapping] = (),
    corrections: dict[str, Mapping] | None = None,
    memory: int = MEMORY,
    then: Callable[[duckdb.DuckDBPyConnection], None] = lambda con: None,
) -> Program:
    """Read files, (name shown, path), into a program. `folder` is private scratch space on the same disk as them.

    `mappings` are the user's own, for every file that has their columns, and come before what is found out;
    `corrections` are for one file each, by its name. `memory` is what the engine may use, in megabytes. `then` is given
    the tables of the contract, as they were added up, before they are dropped; files without rows have none.

    A file that can't be used is left out and named in `refused`. Raises FileError when none can be used or a question
    has to be answered first, and MixedCurrencies when a currency has to be chosen; the error's `sources` say what is
    known of each file.
    """
    copies: list[str] = []
    refused: list[FileError] = []
    files = [(whole_letters(name), path) for name, path in files]
    recognised = _recognise_all(_without_copies(files, copies), folder, mappings, corrections or {}, refused)
    tables, added_up = _kinds(recognised, copies, refused)
    if not tables and not added_up:
        raise _nothing(recognised, refused)
    if added_up and not tables:
        return _program_of(added_up, recognised, copies, refused, today)
    con = connect(folder, [file.path for file in tables], memory)
    read = _Reading(con, folder, today, refused, recognised)
    try:
        program = _load(read, tables, currency, progress, copies)
        then(con)
        return program
    except FileError as error:
        error.sources, error.refused = read.sources(), tuple(one for one in refused if one is not error)
        raise
    finally:
        con.close()


def _load(
    read: "_Reading", recognised: list[Recognised], currency: str | None, progress: Progress, copies: list[str]
) -> Program:
    con, notes = read.con, list[str]()
    for number, table in enumerate(TABLES):
        progress(0.5 * number / len(TABLES), f"Reading {table.name}")
        read.table(table, [file for file in recognised if file.table is table])
    read.derive(notes)
    derived = list(notes)
    currencies, currency = read.one_currency(currency, notes)
    ledger = reduce(con, read.has(), currency, read.today, _part(progress, 0.5, 0.9))
    if read.files["revenue"] and _months_repeat(con):
        read.without_repeats(BY_NAME["revenue"], currency)
        notes = derived
        read.one_currency(currency, notes)
        ledger = reduce(con, read.has(), currency, read.today, _part(progress, 0.7, 0.9))
    if not read.has():
        raise _nothing(read.sources(), read.refused, read.rejects())
    if not ledger.last_month:  # subscriptions at a price of zero alone
        raise FileError(_names(recognised), "has no month with MRR, a signup or spend", "Check the amounts.")
    findings = run_checks(con, read.has(), read.repeated_accounts(), _part(progress, 0.9, 1.0))
    progress(1.0, "Done")
    return Program(
        ledger=ledger,
        files=read.reports(),
        rejects=tuple(read.rejects()),
        findings=findings,
        currencies=currencies,
        refused=tuple(read.refused),
        notes=tuple(copies + notes + suspicions(ledger, findings)),
        sources=read.sources(),
    )


class _Reading:
    """The files of one program on their way into its tables."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        folder: Path,
        today: date,
        refused: list[FileError],
        recognised: Sequence[Recognised],
    ) -> None:
        self.con, self.folder, self.today, self.refused = con, folder, today, refused
        self.files: dict[str, list[Recognised]] = {}
        self.read: dict[str, tuple[list[FileReport], list[Reject]]] = {}
        self.known = {file.name: file for file in recognised}

    def table(self, table: Table, files: list[Recognised]) -> None:
        """Read the files of a kind; one that can't be used or has open questions is left out."""
        create_table(self.con, table)
        self.files[table.name] = []
        reports, rejects = [], []
        for number, file in enumerate(files):
            if file.questions:
                continue
            try:
                self.known[file.name], report, found = read_file(self.con, file, number, self.folder, self.today)
            except FileError as error:
                self.refused.append(error)
                continue
            if report is None:
                continue
            self.files[table.name].append(self.known[file.name])
            reports.append(report)
            rejects += found
        self.read[table.name] = (reports, rejects)
        # Months of an account that repeat are found in the reduction.
        if table.name != "revenue" and repeats(self.con, table):
            self.without_repeats(table, None)

    def _with_lines(self, table: Table) -> tuple[list[FileReport], list[Reject]]:
        """Read the files of a table again, every row with its line."""
        self.con.execute(f"DELETE FROM {table.name}")
        files, reports, rejects = self.files[table.name], [], []
        for number, file in enumerate(files):
            _, report, found = read_file(self.con, file, number, self.folder, self.today, with_lines=True)
            reports += [report] if report else []
            rejects += found
        return reports, rejects

    def without_repeats(self, table: Table, currency: str | None) -> None:
        """Reject the rows whose key an earlier one has."""
        reports, rejects = self._with_lines(table)
        try:
            repeated = reject_repeated(self.con, table, self.files[table.name], currency)
        except FileError as error:
            self._give_up(table, error)
            return
        self.read[table.name] = (_fewer(reports, repeated), rejects + repeated)

    def _give_up(self, table: Table, error: FileError) -> None:
        self.refused.append(error)
        self.con.execute(f"DELETE FROM {table.name}")
        self.files[table.name], self.read[table.name] = [], ([], [])

    def derive(self, notes: list[str]) -> None:
        """Bring subscriptions, movements, customers, commissions and payouts into the four tables."""
        self._one_of(("revenue", "subscriptions", "movements"), "states the MRR of accounts", lambda name: True)
        self._one_of(("spend", "payouts", "commissions"), "states what partners are paid", self._states_payouts)
        self._revenue(notes)
        with_any_currency(self.con, BY_NAME["spend"])
        for name in ("payouts", "commissions"):
            self.con.execute(
                "INSERT INTO spend (month, amount, kind, motion, partner_id, currency, file, line) "
                f"SELECT month, amount, 'payout', motion, partner_id, currency, NULL, NULL FROM {name}"
            )
        self._customers(notes)
        self._alike(notes)
        unread = [file for file in self.known.values() if file.questions and file.table]
        if unread:
            notes.append(f"Every figure is without {_names(unread)}: answer what is asked first.")

    def _alike(self, notes: list[str]) -> None:
        """Point out files that state much the same rows, where nothing tells a row that is exported twice."""
        for name in ("subscriptions", "movements", "spend", "commissions", "payouts"):
            files, id_ = self.files[name], "subscription_id" if name == "subscriptions" else "posting_id"
            if len(files) < 2 or any(id_ in file.columns for file in files):
                continue
            rows = f"SELECT * EXCLUDE (file, line) FROM {name} WHERE file"
            sizes = [count(self.con, f"{name} WHERE file = {at}") for at in range(len(files))]
            for at in range(1, len(files)):
                same = count(self.con, f"({rows} = {at} INTERSECT {rows} < {at})")
                if same * 2 > min(sizes[at], sum(sizes[:at])):
                    notes.append(
                        f"{text.count(same, 'row')} of {files[at].name} stand in {_names(files[:at])} too. Is it "
                        "exported twice? It counts twice, as no column tells the rows apart."
                    )

    def _one_of(self, names: tuple[str, ...], what: str, counts: Callable[[str], bool]) -> None:
        """Use one statement of the same money only: adding two would count it twice."""
        there = [name for name in names if count(self.con, f"(SELECT 1 FROM {name} LIMIT 1)") and counts(name)]
        for name in there[1:]:
            first, second = (listed([file.name for file in self.files[one]]) for one in (there[0], name))
            repair = f"Set {first} to '{NOT_USED}' under Your files if {second} is the one to count."
            self._give_up(BY_NAME[name], FileError(second, f"{what}, as {first} does; both would count twice", repair))

    def _states_payouts(self, name: str) -> bool:
        return name != "spend" or bool(count(self.con, "(SELECT 1 FROM spend WHERE kind = 'payout' LIMIT 1)"))

    def _revenue(self, notes: list[str]) -> None:
        sql = dict(statements(DERIVE))
        name = "subscriptions" if self.files["subscriptions"] else "movements"
        if not self.files[name]:
            return
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE horizon AS {_horizon(self.today)}")
        self._one_stated(name)
        with_any_currency(self.con, BY_NAME["revenue"])
        months = "subscription_months"
        if name == "movements":
            self._complete_movements(sql)
            months = "movement_months"
        self.con.execute(
            "INSERT INTO revenue (account_id, month, mrr, currency, file, line) "
            f"SELECT account_id, month, mrr, currency, NULL, NULL FROM ({sql[months]}) WHERE mrr > 0"
        )
        last = self.con.execute("SELECT last_month FROM horizon").fetchall()[0][0]
        if last is not None:
            notes.append(f"What has no end in {_names(self.files[name])} is taken to run to {month_name(last)}.")

    def _one_stated(self, name: str) -> None:
        """Where a single currency is stated, rows that state none are in it: else their months would repeat."""
        codes = self.con.execute(f"SELECT DISTINCT currency FROM {name} WHERE currency IS NOT NULL").fetchall()
        if len(codes) == 1:
            self.con.execute(f"UPDATE {name} SET currency = '{codes[0][0]}' WHERE currency IS NULL")

    def _complete_movements(self, sql: dict[str, str]) -> None:
        """Reject the movements of accounts whose MRR falls below zero: earlier ones are missing."""

        def run() -> int:
            for step in ("moved", "running"):
                self.con.execute(f"CREATE OR REPLACE TEMP TABLE {step} AS {sql[step]}")
            return count(self.con, "(SELECT 1 FROM running WHERE mrr < 0 LIMIT 1)")

        if not run():
            return
        table = BY_NAME["movements"]
        reports, rejects = self._with_lines(table)
        broken = "account_id IN (SELECT account_id FROM running WHERE mrr < 0)"
        query = f"SELECT file, line, account_id FROM movements WHERE {broken} ORDER BY file, line"
        found = self.con.execute(f"{query} LIMIT {MOST_REJECTS + 1}").fetchall()
        why = "the movements of this account fall below an MRR of zero: earlier ones are missing; export from its start"
        gone = [Reject(self.files["movements"][at].name, line, "account_id", who, why) for at, line, who in found]
        if len(gone) > MOST_REJECTS:
            self._give_up(table, too_many(gone[0].file, gone[0]))
        else:
            self.con.execute(f"DELETE FROM movements WHERE {broken}")
            self.read["movements"] = (_fewer(reports, gone), rejects + gone)
        run()

    def _customers(self, notes: list[str]) -> None:
        """Take over who brought an account that the accounts file has as organic, and accounts that it has not."""
        if not self.files["customers"]:
            return
        unknown = "FROM customers c WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = c.account_id)"
        theirs = "accounts.account_id = c.account_id AND accounts.motion = 'organic' AND accounts.partner_id = ''"
        told = self.con.execute(
            f"UPDATE accounts SET motion = c.motion, partner_id = c.partner_id FROM customers c WHERE {theirs}"
        ).fetchall()[0][0]
        # Whether they activated is not known: they are in no activation rate.
        added = self.con.execute(
            "INSERT INTO accounts (account_id, signup_month, signup_day, motion, partner_id, activated_day, segment) "
            f"SELECT account_id, signup_month, signup_day, motion, partner_id, -1, '' {unknown}"
        ).fetchall()[0][0]
        name = _names(self.files["customers"])
        if self.files["accounts"]:
            notes.append(
                f"{text.count(told, 'account')} that the accounts file has as organic took motion and partner from "
                f"{name}; {text.count(added, 'account')} of it the accounts file does not have."
            )

    def one_currency(self, chosen: str | None, notes: list[str]) -> tuple[tuple[str, ...], str | None]:
        """Make sure that amounts are in one currency: all that there are, and the one in use.

        Rows in another than the chosen one, or in none that is stated, are set aside and noted.
        """
        union = " UNION ".join(f"SELECT DISTINCT currency FROM {name}" for name in MONEY)
        query = f"SELECT currency FROM ({union}) WHERE currency IS NOT NULL ORDER BY currency"
        found = self.con.execute(query).fetchall()
        codes = tuple(str(row[0]) for row in found)
        stating = [file for kinds in MONEY.values() for name in kinds for file in self.files[name]]
        _check_signs(stating, codes)
        silent = [file.name for file in stating if "currency" not in {*file.columns, *file.mapping.constants}]
        if len(codes) <= 1:
            if codes and silent:
                notes.append(f"{listed(silent)} states no currency and is taken as {codes[0]}, like the others.")
            return codes, codes[0] if codes else None
        if chosen not in codes:
            raise MixedCurrencies(listed([file.name for file in stating]), codes)
        for name in MONEY:
            for where, what in ((f"currency <> '{chosen}'", f"not in {chosen}"), _UNSTATED):
                gone = self.con.execute(f"DELETE FROM {name} WHERE {where}").fetchall()[0][0]
                if gone:
                    notes.append(f"Set aside: {text.count(gone, 'row')} of {name} {what}.")
        return codes, chosen

    def has(self) -> frozenset[str]:
        """Names of the tables with a row, and of their columns: a table without one is as good as absent."""
        tables = {name for name in self.read if count(self.con, f"(SELECT 1 FROM {name} LIMIT 1)")}
        columns = {
            f"{_BECOMES.get(name, name)}.{column}"
            for name in tables
            for one in self.read[name][0]
            for column in one.columns
        }
        return frozenset(tables | columns)

    def reports(self) -> tuple[FileReport, ...]:
        """What became of each file."""
        return tuple(report for reports, _ in self.read.values() for report in reports)

    def rejects(self) -> list[Reject]:
        """Every row that was not accepted."""
        return [reject for _, rejects in self.read.values() for reject in rejects]

    def repeated_accounts(self) -> list[str]:
        """Accounts that have more than one row."""
        found = (self.read.get(name, ([], []))[1] for name in ("accounts", "customers"))
        return [reject.value for rejects in found for reject in rejects if reject.reason.startswith(REPEATED)]

    def sources(self) -> tuple[Recognised, ...]:
        """How each file is read, as far as it is known."""
        return tuple(self.known.values())


MONEY = {"revenue": ("revenue", "subscriptions", "movements"), "spend": ("spend", "payouts", "commissions")}
"""The tables with amounts, and the kinds of file that they come from."""
_BECOMES = {
    "subscriptions": "revenue",
    "movements": "revenue",
    "payouts": "spend",
    "commissions": "spend",
    "customers": "accounts",
}


def _check_signs(files: Sequence[Recognised], codes: Sequence[str]) -> None:
    """Refuse to add amounts whose sign can't mean the currency of the others."""
    signed = [file for file in files if file.sign]
    for file in signed:
        fitting = SHARED_SIGNS.get(file.sign, ())
        other = next((code for code in codes if code not in fitting), "")
        other = other or next((one.sign for one in signed if one.sign != file.sign), "")
        if other:
            repair = f"Say under Your files which currency '{file.sign}' is."
            raise FileError(
                file.name, f"has amounts in {file.sign}, others are in {other}; they are never added", repair
            )


def _names(files: Sequence[Recognised]) -> str:
    return listed([file.name for file in files])


def _fewer(reports: Sequence[FileReport], rejected: Sequence[Reject]) -> list[FileReport]:
    times = Counter(reject.file for reject in rejected)
    return [
        replace(one, accepted=one.accepted - times[one.name], rejected=one.rejected + times[one.name])
        for one in reports
    ]


def _horizon(today: date) -> str:
    """SQL: the last whole month in which anything starts, ends or signs up; what has no end runs to it."""
    this_month = today.year * 12 + today.month - 1
    events = (
        "SELECT started_month AS month FROM subscriptions UNION ALL SELECT ended_month FROM subscriptions "
        f"WHERE ended_month <= {this_month} UNION ALL SELECT month FROM movements "
        "UNION ALL SELECT signup_month FROM accounts"
    )
    return f"SELECT CAST(least(max(month), {this_month} - 1) AS INTEGER) AS last_month FROM ({events})"


_UNSTATED = ("currency IS NULL", "without a currency, while others state one")


def _months_repeat(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether an account has two rows for a month.

    The reduction has looked at the paying months of known accounts; only where there are other rows is it necessary
    to look at all of them.
    """
    query = "SELECT COALESCE(SUM(repeated), 0), COALESCE(SUM(customers), 0) FROM activity WHERE cell IS NOT NULL"
    repeated, paying = con.execute(query).fetchall()[0]
    if repeated or paying == count(con, "revenue"):
        return bool(repeated)
    return bool(count(con, "(SELECT account_id, month FROM revenue GROUP BY ALL HAVING count(*) > 1)"))


def suspicions(ledger: Ledger, findings: Sequence[Finding]) -> list[str]:
    """Return what makes every figure doubtful: revenue that nobody owns, and a last month that looks unfinished."""
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
    said = f"Accounts that pay in {name}: {last:,}, a month before {before:,}. Is {name} complete? If not, "
    return [said + "choose an earlier month under Settings, As of."]


def _recognise_all(
    files: list[tuple[str, Path]],
    folder: Path,
    mappings: Sequence[Mapping],
    corrections: dict[str, Mapping],
    refused: list[FileError],
) -> list[Recognised]:
    found = []
    for name, path in files:
        try:
            found.append(recognise(name, path, folder, mappings, corrections.get(name)))
        except FileError as error:
            refused.append(error)
            if name in corrections:  # a correction that can't be used: the file stays there to be corrected again
                with contextlib.suppress(FileError):
                    found.append(recognise(name, path, folder, mappings).asked([_try_again(name, error)]))
    return found


def _try_again(name: str, error: FileError) -> Question:
    asks = f"It can't be read as corrected: it {error.problem}. What is it?"
    return Question(name, "kind", "kind", asks, tuple(kind for kind in KINDS_OF_FILE if kind != "ledger"))


def _kinds(
    recognised: list[Recognised], notes: list[str], refused: list[FileError]
) -> tuple[list[Recognised], list[Recognised]]:
    """Files of rows, and files that are added up already; both at once can't be used."""
    tables = [file for file in recognised if file.table]
    added_up = [file for file in recognised if file.mapping.kind in ADDED_UP]
    for file in recognised:
        if file.mapping.kind == NOT_USED and not file.questions:
            notes.append(f"{file.name} is not used, as its mapping says.")
    if tables:
        refused += [
            FileError(
                file.name,
                f"is a {file.mapping.kind}, which is added up already and can't be joined to accounts and revenue",
                "Look at it alone, or remove it.",
            )
            for file in added_up
        ]
    return tables, added_up


def _program_of(
    added_up: list[Recognised], recognised: list[Recognised], notes: list[str], refused: list[FileError], today: date
) -> Program:
    """The program of files that are added up already: no rows, so no attribution checks."""
    asked = [file for file in added_up if file.questions]
    if asked:
        raise _nothing(recognised, refused)
    try:
        ledger, reports, rejects, said = _load_added_up(added_up, today)
    except FileError as error:
        error.sources = tuple(recognised)
        raise
    currencies = (ledger.currency,) if ledger.currency else ()
    return Program(ledger, reports, rejects, (), currencies, tuple(refused), (*notes, *said), tuple(recognised))


def _load_added_up(
    files: Sequence[Recognised], today: date
) -> tuple[Ledger, tuple[FileReport, ...], tuple[Reject, ...], tuple[str, ...]]:
    """Read one ledger file, or triangles. Raises FileError naming line, column and repair."""
    ledgers = [file for file in files if file.mapping.kind == "ledger"]
    if ledgers and len(files) > 1:
        names = listed([file.name for file in files])
        raise FileError(names, "are added up already and can't be joined", "Look at one cohort ledger at a time.")
    if ledgers:
        return read_ledger(ledgers[0], today)
    return read_triangles(files, today)


def _nothing(sources: Sequence[Recognised], refused: Sequence[FileError], rejects: Sequence[Reject] = ()) -> FileError:
    """The error for files of which none can be used: what to answer, what is wrong, or that there is nothing."""
    questions = [question for file in sources for question in file.questions]
    if refused:
        error = refused[0]
    elif questions:
        error = FileError(questions[0].file, "is not read yet", f"{questions[0].asks} Answer it under Your files.")
    elif rejects:
        first = rejects[0]
        where = f"line {first.line}" + (f", column {first.column}" if first.column else "")
        error = FileError(first.file, f"has no row that fits. The first: '{first.value}' {first.reason}", "", where)
    elif sources:
        error = FileError(sources[0].name, "has no rows", "Export it again and check that it has rows.")
    else:
        error = FileError("No file", "was given", "Choose one or more CSV files.")
    error.sources, error.refused = tuple(sources), tuple(refused)
    return error


def _without_copies(files: Sequence[tuple[str, Path]], notes: list[str]) -> list[tuple[str, Path]]:
    """Leave out files with the same content as one before."""
    seen: dict[str, str] = {}
    kept = []
    sizes = Counter(path.stat().st_size for _, path in files)
    for name, path in files:
        if sizes[path.stat().st_size] == 1:
            kept.append((name, path))
            continue
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
