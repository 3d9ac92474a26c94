"""The tables of a program while its files are read: what is in them, and what became of each file."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from motions.cohorts.contract import (
    ACTIVATION,
    BLANK,
    BY_NAME,
    FLAG_WORDS,
    HEADERS,
    MAY_MATTER,
    OF_TERMS,
    WITHIN,
    Table,
    words,
)
from motions.cohorts.coverage import Coverage
from motions.cohorts.reading.by_account import forget
from motions.cohorts.reading.cells import NOT_KNOWN, stored_names
from motions.cohorts.reading.complete import Contradiction
from motions.cohorts.reading.engine import count
from motions.cohorts.reading.forms import is_below_zero, says_nothing
from motions.cohorts.reading.mapping import LITTLE, Question
from motions.cohorts.reading.read import FileReport, cell_words, check_rows, create_table, read_file
from motions.cohorts.reading.recognise import CORRECTED, OWN, Recognised, bare
from motions.cohorts.reading.records import Reject
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.repeats import REPEATED
from motions.cohorts.reading.spelling import normal, normal_word
from motions.errors import FileError
from motions.text import count as counted
from motions.text import listed

BECOMES = {
    "subscriptions": "revenue",
    "movements": "revenue",
    "invoices": "revenue",
    "payouts": "spend",
    "commissions": "spend",
    "customers": "accounts",
}
"""Kinds that are brought into the form of another."""
BLANK_IS_UNKNOWN = {
    "accounts": ("motion", "partner_id", "activated_on", "pql_on", "currency"),
    "partners": ("ended_on", "recruited_by"),
}
"""Columns of which a file says nothing where all of its rows leave them blank."""


LEFT_OUT = "is left out"
"""How the reason begins for a row that the mapping leaves out."""
FEW = 3
"""Amounts that can't be used, up to which they are slips."""
SOME = 10
"""Of so many rows a mapping has to fit one, or it is put aside."""


SAYS_NOTHING = {
    *(word for word, ours in words(FLAG_WORDS).items() if ours == "no"),
    *(normal_word(word) for word in BLANK),
    "0_0",
    "0_00",
}
"""What a cell says where nothing is the matter."""


@dataclass
class Kind:
    """The files of one kind that were read, what became of each, and their rows that were not accepted."""

    files: list[Recognised] = field(default_factory=list)
    reports: list[FileReport] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def names(self) -> str:
        """The files by name, as in a sentence."""
        return names_of(self.files)

    def fewer(self, rejected: Sequence[Reject], most: int | None = None) -> None:
        """Take rows off what was accepted; `most`: how many of them are listed, where there may be very many."""
        times = Counter(reject.file for reject in rejected)
        self.rejects = self.rejects + list(rejected)[:most]
        self.reports = [
            replace(one, accepted=one.accepted - times[one.name], rejected=one.rejected + times[one.name])
            for one in self.reports
        ]

    def repeated(self, amounts: Mapping[str, str]) -> None:
        """Note by file what rows add up to that stand twice."""
        self.reports = [replace(one, repeated_money=amounts.get(one.name, one.repeated_money)) for one in self.reports]


@dataclass
class Tables:
    """The tables of one program in `con` while they are read, and what is known of each kind of file."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    today: date
    sources: dict[str, Recognised]
    """every file by its name, as far as it is known how it is read"""
    refused: list[FileError]
    kinds: dict[str, Kind] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    currencies: tuple[str, ...] = ()
    currency: str | None = None
    """the one that all amounts are in; none where none is stated"""
    coverage: Coverage = field(default_factory=Coverage)
    remarks: list[Remark] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    derived: bool = False
    """whether the accounts are those that pay, as no file lists any"""
    motions_known: bool = True
    """whether files say which accounts are partners'"""
    partners_known: bool = True
    """whether the partners that accounts name are those of the list"""
    ends_known: bool = True
    """whether subscriptions that have ended are among them"""
    asked_of: set[str] = field(default_factory=set)
    """tables that are not read until something is answered"""
    offered: set[str] = field(default_factory=set)
    """tables of which it is asked whether ids that are not found are others of the list"""
    again: Callable[[Recognised], Recognised] | None = None
    """recognises a file without one's own mappings"""
    unusable: dict[str, str] = field(default_factory=dict)
    """tables of which a file was refused for its amounts, and how many of them can't be used"""
    written: int | None = None
    """the month in which files were written, where the user says so"""

    def read(self, table: Table, files: Sequence[Recognised]) -> None:
        """Read the files of a kind; one that can't be used or has open questions is left out."""
        create_table(self.con, table)
        found = self.kinds[table.name] = Kind()
        for file in (one for one in files if not one.waits):
            number = len(found.files)  # its place among the files that could be read
            try:
                known, report, rejects = self._read(file, number)
                self._check_amounts(known, report, rejects)
            except FileError as error:
                self.refused.append(error)
                self.con.execute(f"DELETE FROM {table.name} WHERE file = {number}")
                continue
            self.sources[file.name] = known
            if report:
                found.files.append(known)
                found.reports.append(self._without_blanks(report, number))
                self._check_rows()
                found.rejects += rejects
                self.remarks += [*known.remarks, *_on_rows(report), *self._not_read(known, report)]
                self.sources[file.name] = known.asked(_of_money(known))

    def _check_amounts(self, file: Recognised, report: FileReport | None, rejects: Sequence[Reject]) -> None:
        """Raise FileError for a file of which more than a few amounts say something that can't be used.

        What the others add up to is no figure of the program. A blank amount says nothing, one below zero can be read.
        """
        money = {column.name for column in file.table_columns() if "money" in column.type}
        said = [one for one in rejects if one.column in money and not one.reason.startswith(LEFT_OUT)]
        below = [one for one in said if is_below_zero(one.value)]
        bad = [one for one in said if not says_nothing(one.value) and not is_below_zero(one.value)]
        if report and below:
            self.remarks.append(_below_zero(file.name, below, report.rows))
        if report and report.accepted and len(bad) > FEW and len(bad) > LITTLE * (report.rows - report.left_out):
            table = BECOMES.get(report.table, report.table)
            self.unusable.setdefault(table, f"{len(bad):,} amounts of {report.rows:,} in {file.name} can't be used")
            own = file.header[file.columns[bad[0].column]] if bad[0].column in file.columns else bad[0].column
            raise FileError(
                file.name,
                f"has {len(bad):,} amounts of {report.rows:,} that can't be used; the first is '{bad[0].value[:30]}', "
                f"which {bad[0].reason}",
                "Without them no sum of it would be right: correct them.",
                f"line {bad[0].line}, column {own}",
            )

    def _check_rows(self) -> None:
        files = [file for kind in self.kinds.values() for file in kind.files]
        check_rows(names_of(files), sum(one.rows for kind in self.kinds.values() for one in kind.reports))

    def _not_read(self, file: Recognised, report: FileReport) -> list[Remark]:
        """Say which columns hold something that may change what counts, of which nothing is read."""
        found = []
        used, rows = {*file.columns.values()}, max(report.rows, 1)
        left = {normal(name) for name in file.mapping.leave_out}
        for at, own in enumerate(file.header):
            if at in used or normal(own) in left or not {*normal(own).split("_")} & {*MAY_MATTER}:
                continue
            words_ = [one for one in cell_words(self.con, file, at, NAMED) if normal_word(one[0]) not in SAYS_NOTHING]
            if words_:
                shown = listed([f"'{word[:30]}' ({times:,})" for word, times in words_])
                said = f"Column {own} of {file.name} is not read, and holds {shown}: rows and amounts count without it."
                share = min(sum(times for _, times in words_) / rows, 1.0)
                repair = "Leave out what does not count, or correct the amounts, before the upload."
                found.append(Remark(said, repair, 0.3 * share))
        return found

    def _read(self, file: Recognised, number: int) -> tuple[Recognised, FileReport | None, list[Reject]]:
        """Read a file; where one's own mapping fits hardly any row of it, by what is found out instead."""
        own, problem = file.found_by == OWN and self.again is not None, None
        try:
            known, report, rejects = read_file(self.con, file, number, self.folder, self.today)
            if not own or report is None or report.accepted * SOME >= report.rows - report.left_out:
                return known, report, rejects
        except FileError as error:
            if not own:
                raise
            problem = error
        other = self.again(file) if self.again else file
        if other.table is not file.table or other.waits:
            if problem:
                raise problem
            return known, report, rejects
        self.con.execute(f"DELETE FROM {file.mapping.kind} WHERE file = {number}")
        words = f"Your mapping fits hardly any row of {file.name}: it was put aside, and the file looked at afresh."
        return read_file(self.con, other.remarked(words, touches=0.2), number, self.folder, self.today)

    def _without_blanks(self, report: FileReport, number: int) -> FileReport:
        """Take columns that a file leaves blank in every row for ones that it does not have: they are not known."""
        blank = []
        for name in BLANK_IS_UNKNOWN.get(report.table, ()) if report.accepted else ():
            stored = stored_names(BY_NAME[report.table].column(name))[-1]
            said = f"{report.table} WHERE file = {number} AND {stored} IS NOT NULL AND CAST({stored} AS VARCHAR) <> ''"
            # A word in place of a day may say that it is not so: of those that can be read alone no rate is right.
            times, first = report.unread.get(name, (0, ""))
            many = times > LITTLE * report.rows and any(sign.isalpha() for sign in first)
            if name in report.columns and (many or not self.has_rows(said)):
                blank.append(name)
                if unknown := NOT_KNOWN.get(stored):
                    self.con.execute(f"UPDATE {report.table} SET {stored} = {unknown} WHERE file = {number}")
        if report.table == "accounts" and "motion" in report.columns and "motion" not in blank:
            # Beside accounts with a motion, a blank one is the file's word for organic.
            self.con.execute(f"UPDATE accounts SET motion = 'organic' WHERE file = {number} AND motion IS NULL")
        return replace(report, blank=tuple(blank))

    def with_lines(self, name: str) -> Kind:
        """Read the files of a kind again, every row with its line, and return what became of them."""
        self.con.execute(f"DELETE FROM {name}")
        forget(self.con)
        found = Kind(self.kinds[name].files)
        for number, file in enumerate(found.files):
            _, report, rejects = read_file(self.con, file, number, self.folder, self.today, with_lines=True)
            found.reports += [self._without_blanks(report, number)] if report else []
            found.rejects += rejects
        return found

    def give_up(self, name: str, error: FileError) -> None:
        """Leave out all files of a kind."""
        self.refused.append(error)
        self.con.execute(f"DELETE FROM {name}")
        self.kinds[name] = Kind()

    def has_rows(self, what: str) -> bool:
        """Return whether a table, or a table with a condition, has a row."""
        return bool(count(self.con, f"(SELECT 1 FROM {what} LIMIT 1)"))

    def has(self) -> frozenset[str]:
        """Return the tables with a row, and their columns: a table without one is as good as absent."""
        tables = {name for name in self.kinds if self.has_rows(name)}
        columns = {
            f"{BECOMES.get(name, name)}.{column}"
            for name in tables
            for one in self.kinds[name].reports
            for column in one.columns
            if column not in one.blank
        }
        return frozenset(tables | columns | self._spans())

    def _spans(self) -> set[str]:
        """The days of which alone files say that accounts activated within them."""
        files = [one for one in self.sources.values() if one.table and "activated_on" in one.columns]
        said = {WITHIN.get(one.mapping.constants.get(ACTIVATION, "")) for one in files} - {None}
        return {f"accounts.activated_within_{days}" for days in said}

    def reports(self) -> tuple[FileReport, ...]:
        """Return what became of each file."""
        return tuple(report for kind in self.kinds.values() for report in kind.reports)

    def rejects(self) -> tuple[Reject, ...]:
        """Return every row that was not accepted."""
        found = (reject for kind in self.kinds.values() for reject in kind.rejects)
        return tuple(_where_it_stands(reject, self.sources.get(reject.file)) for reject in found)

    def repeated_accounts(self) -> list[str]:
        """Return the accounts that have more than one row."""
        found = (self.kinds[name].rejects for name in ("accounts", "customers"))
        return [reject.value for rejects in found for reject in rejects if reject.reason.startswith(REPEATED)]


def _where_it_stands(reject: Reject, file: Recognised | None) -> Reject:
    """A row that was not accepted with its line and column in the sheet that its file was written down from."""
    if file is None or file.sheet is None or not reject.line:
        return reject
    line, column = file.sheet.place(reject.line)
    if file.sheet.long:
        return replace(reject, line=line)
    if not reject.column:  # the whole row: it was written as one line of another shape
        why = f"has not as many fields as line {file.sheet.header_line}; put values that hold a separator in quotes"
        return replace(reject, line=line, value=reject.value[1:-1], reason=why)
    return replace(reject, line=line, column=reject.column if reject.column in file.sheet.beside else column)


WITHOUT_MONEY = ("accounts", "partners", "customers")
"""Kinds of file that hold no amounts."""
_MONEY = {
    "mrr": "revenue", "yearly": "revenue", "price": "subscriptions", "billed": "invoices", "commission": "commissions",
    "payout": "payouts",
}  # fmt: skip
"""Groups of names of amounts → the kind of file that they are usually of."""


def _below_zero(name: str, found: Sequence[Reject], rows: int) -> Remark:
    """Say how many amounts are below zero of a column in which none can be."""
    what = f"{counted(len(found), 'amount')} of {rows:,} in {name}"
    words_ = f"{what} {'is' if len(found) == 1 else 'are'} below zero, the first in line {found[0].line}"
    repair = "Where they take back what other rows say, export what remains."
    return Remark(f"{words_}: these rows do not count.", repair, len(found) / max(rows, 1))


def _of_money(file: Recognised) -> list[Question]:
    """Ask what a file is that has amounts which its kind has no use for."""
    if file.mapping.kind not in WITHOUT_MONEY or file.found_by in (OWN, CORRECTED):
        return []
    used = {*file.columns.values()}
    for at, own in enumerate(file.header):
        groups = [group for group in _MONEY if bare(own)[0] in HEADERS[group]] if at not in used else []
        if groups and any(sign.isdigit() for row in file.preview for sign in row[at : at + 1]):
            kind, others = file.mapping.kind, (_MONEY[group] for group in groups)
            asks = (
                f"It is taken for {kind}, which have no amounts, so that column {own} is in no figure. Is a row "
                f"{BY_NAME[kind].row}, or something else?"
            )
            # What is read stays as it is: the answer adds to it.
            return [Question(file.name, "kind", "kind", asks, (kind, *dict.fromkeys(others)), LITTLE, read=True)]
    return []


def _on_rows(report: FileReport) -> list[Remark]:
    """Say which rows of a file don't count, and which cells could not be read."""
    found = []
    if report.left:
        words = [
            f"{counted(times, 'row')} with '{word}' in {column}{f' ({money})' if money else ''}"
            for column, word, times, money in report.left[:NAMED]
        ]
        more = f" and {len(report.left) - NAMED:,} more kinds" if len(report.left) > NAMED else ""
        words_ = f"Left out of {report.name}: {listed(words)}{more}."
        repair = "Which rows count can be changed under Your files."
        found.append(Remark(words_, repair, 0.3 * report.left_out / max(report.rows, 1)))
    if report.undated:
        words_ = (
            f"{counted(report.undated, 'partner')} of {report.name} have left by their status, and no column says when"
        )
        means = "they are no partners any more as of the last full month, and count as such before."
        found.append(Remark(f"{words_}: {means}", "Add the day.", report.undated / max(report.rows, 1)))
    if report.nothing:
        times = sum(times for times, _ in report.nothing.values())
        said = listed(sorted({f"'{word}'" for _, word in report.nothing.values()}))
        where = listed([report.columns.get(column, column) for column in report.nothing])
        found.append(Remark(f"{said} in {where} of {report.name} is read as blank ({counted(times, 'cell')})."))
    for column, (times, first) in report.unread.items():
        own = report.columns.get(column, column)
        if column in OF_TERMS:
            found.append(_own_term(report, column, own))
            continue
        words_ = f"{counted(times, 'cell')} in column {own} of {report.name} can't be read, the first is '{first}'"
        found.append(Remark(f"{words_}: {column} is not known there.", "Correct them.", times / max(report.rows, 1)))
    return found


def _own_term(report: FileReport, column: str, own: str) -> Remark:
    """Say which terms of single partners can't be, where the first stands, and what to write."""
    times, first = report.unread[column]
    what = "rate from 0 to 100 %" if column in ("commission_rate", "uplift") else "reward of zero or more"
    words_ = (
        f"{counted(times, 'cell')} in column {own} of {report.name} {'is' if times == 1 else 'are'} no {what}, the "
        f"first is '{first}' in line {report.unread_at[column]}: the plan's counts there."
    )
    repair = f"Correct {'it' if times == 1 else 'them'}: write 20 % for a fifth, and nothing where the plan's counts."
    if column == "own_reward":
        repair = f"Correct {'it' if times == 1 else 'them'}: an amount such as 50, and blank where the plan's counts."
    return Remark(words_, repair, LITTLE * times / max(report.rows, 1))  # no figure of the program depends on it


NAMED = 4
"""words for which rows are left out, that a remark names"""


def names_of(files: Sequence[Recognised]) -> str:
    """Return files by name, as in a sentence."""
    return listed([file.name for file in files])
