"""Files to a program: recognised, read into finished tables, reduced, checked. What pages call for an upload."""

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from motions import text, work
from motions.cohorts.contract import ADDED_UP, NOT_USED
from motions.cohorts.ledger.checks import Finding, run_checks
from motions.cohorts.ledger.ledger import Ledger, reduce
from motions.cohorts.ledger.ledger_file import read_ledger
from motions.cohorts.ledger.triangle import read_triangles
from motions.cohorts.reading.complete import Contradiction
from motions.cohorts.reading.engine import MEMORY, connect
from motions.cohorts.reading.files import Progress, read_tables
from motions.cohorts.reading.flagged import left_out_that_pay
from motions.cohorts.reading.machine import told
from motions.cohorts.reading.mapping import KINDS_OF_FILE, LITTLE, Mapping, Question
from motions.cohorts.reading.opened import opened, others_of
from motions.cohorts.reading.pasted import taken_apart
from motions.cohorts.reading.read import FileReport
from motions.cohorts.reading.recognise import Recognised, recognise
from motions.cohorts.reading.records import Reject
from motions.cohorts.reading.remarks import Remark, ordered
from motions.cohorts.reading.tables import Tables, names_of
from motions.errors import FileError
from motions.text import listed, whole_letters


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
    remarks: tuple[Remark, ...]
    """what limits the figures, what touches most of them first"""
    sources: tuple[Recognised, ...]
    """how each file was read; one with questions was not"""
    contradictions: tuple[Contradiction, ...] = ()
    """where files say something else of one account or partner"""

    @property
    def notes(self) -> tuple[str, ...]:
        """The remarks as sentences."""
        return tuple(str(one) for one in self.remarks)


@told("These files")
def load_program(
    files: Sequence[tuple[str, Path]],
    folder: Path,
    today: date,
    currency: str | None = None,
    progress: Progress = lambda share, step: None,
    mappings: Sequence[Mapping] = (),
    corrections: dict[str, Mapping] | None = None,
    memory: int = MEMORY,
    complete: Sequence[int] = (),
    written: int | None = None,
    then: Callable[[duckdb.DuckDBPyConnection], None] = lambda con: None,
) -> Program:
    """Read files, (name shown, path), into a program; of a workbook or an archive each table is a file.

    `folder` is private scratch space on the same disk as them.

    `mappings` are the user's own, for every file that has their columns, and come before what is found out;
    `corrections` are for one file each, by its name. `memory` is what the engine may use, in megabytes. `complete` are
    months that look unfinished and are not, `written` is the month in which subscriptions or movements were exported,
    both as 12 × year + month − 1. `then` is given the tables of the contract, as they were added up, before
    they are dropped; files without rows have none.

    A file that can't be used is left out and named in `refused`. Raises FileError when none can be used or a question
    has to be answered first, MixedCurrencies when a currency has to be chosen, and MachineFault when memory or disk are
    used up; the error's `sources` say what is known of each file.
    """
    copies: list[str] = []
    files, refused = opened([(whole_letters(name), path) for name, path in files], folder)
    files, apart = taken_apart(files, folder, mappings)
    copies += apart
    copied = _copies(files, corrections or {})
    recognised = _recognise_all(files, folder, mappings, corrections or {}, refused)
    recognised = [_read_once(file, copied, copies) for file in recognised]
    recognised = [_put_aside(file, recognised, copies) for file in recognised]
    tables, added_up = _kinds(recognised, copies, refused)
    if not tables and not added_up:
        raise _nothing(recognised, refused)
    if added_up and not tables:
        return _program_of(added_up, recognised, copies, refused, today)
    con = connect(folder, [file.path for file in tables], memory)
    read = Tables(con, folder, today, {file.name: file for file in recognised}, refused, notes=copies, written=written)
    read.again = lambda file: recognise(file.name, dict(files)[file.name], folder)
    try:
        with work.ended_by(con.interrupt):
            read_tables(read, tables, currency, _part(progress, 0.0, 0.5), complete)
            program = _reduced(read, _part(progress, 0.5, 1.0))
            then(con)
        return program
    except FileError as error:
        error.sources, error.refused = tuple(read.sources.values()), tuple(one for one in refused if one is not error)
        raise
    finally:
        con.close()


@told("This file")
def load_ledger(name: str, path: Path, folder: Path, today: date) -> Ledger:
    """Read a cohort ledger that was downloaded or exported. Raises FileError for a file that is none."""
    file = recognise(name, path, folder)
    if file.mapping.kind != "ledger":
        raise FileError(name, "is no cohort ledger", "Name one that was downloaded here, or made by --format ledger.")
    return read_ledger(file, today)[0]


def _reduced(read: Tables, progress: Progress) -> Program:
    """The program of finished tables: added up, and checked. Raises FileError where there is no row in them."""
    has = read.has()
    if not has:
        raise _nothing(tuple(read.sources.values()), read.refused, read.rejects())
    ledger = reduce(read.con, has, read.currency, read.today, read.coverage, _part(progress, 0.0, 0.8))
    if not ledger.last_month:  # subscriptions at a price of zero alone
        raise FileError(
            names_of(tuple(read.sources.values())), "has no month with MRR, a signup or spend", "Check the amounts."
        )
    findings = run_checks(read.con, has, read.repeated_accounts(), _part(progress, 0.8, 1.0))
    progress(1.0, "Done")
    return Program(
        ledger=ledger,
        files=read.reports(),
        rejects=read.rejects(),
        findings=findings,
        currencies=read.currencies,
        refused=tuple(read.refused),
        remarks=ordered(
            (
                *(Remark(note) for note in read.notes),
                *read.remarks,
                *suspicions(ledger, findings, left_out_that_pay(read.con)),
            )
        ),
        contradictions=tuple(read.contradictions),
        sources=tuple(read.sources.values()),
    )


def suspicions(ledger: Ledger, findings: Sequence[Finding], left_out: int = 0) -> list[Remark]:
    """Return what makes every figure doubtful: revenue that nobody owns, and of accounts whose rows are left out."""
    orphans = next((one.count for one in findings if one.name == "revenue_without_account"), None) or 0
    if "revenue" not in ledger.has:
        return []
    paying, found = int(ledger.at("customers", ledger.last_month).sum()), []
    if own := min(left_out, orphans):
        words = f"The revenue of {text.count(own, 'account')} is in no figure, as the accounts file has them left out."
        found.append(Remark(words, "Say under Your files if they count.", own / (orphans + paying)))
    if lost := orphans - own:
        words = (
            f"The revenue of {text.count(lost, 'account')} is in no figure, as the accounts file does not have them."
        )
        found.append(Remark(words, "Compare the ids.", lost / (orphans + paying)))
    return found


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
        if file.mapping.kind == NOT_USED and not file.questions and not file.found_by.startswith(COPY):
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
    asked = [file for file in added_up if file.waits]
    if asked:
        raise _nothing(recognised, refused)
    try:
        ledger, reports, rejects, said = _load_added_up(added_up, today)
    except FileError as error:
        error.sources = tuple(recognised)
        raise
    currencies = (ledger.currency,) if ledger.currency else ()
    remarks = tuple(Remark(note) for note in (*notes, *said))
    return Program(ledger, reports, rejects, (), currencies, tuple(refused), remarks, tuple(recognised))


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


COPY = "being a copy of "


def _copies(files: Sequence[tuple[str, Path]], corrections: dict[str, Mapping]) -> dict[str, str]:
    """Return the files with the same content as one before, and which; one that was said what it is counts too."""
    seen: dict[str, str] = {}
    found: dict[str, str] = {}
    sizes = Counter(path.stat().st_size for _, path in files)
    for name, path in files:
        if sizes[path.stat().st_size] == 1:
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        first = seen.setdefault(digest, name)
        if first != name and name not in corrections:
            found[name] = first
    return found


def _read_once(file: Recognised, copied: dict[str, str], notes: list[str]) -> Recognised:
    """Return a file as it is, or as not used if it is a copy of another: it can be said to be of another kind."""
    if file.name not in copied:
        return file
    notes.append(
        f"{file.name} has the same content as {copied[file.name]} and was read once. If it holds something else too, "
        "say what it is under Your files."
    )
    mapping = Mapping(kind=NOT_USED, header=file.mapping.header)
    return replace(file, mapping=mapping, columns={}, questions=(), remarks=(), found_by=f"{COPY}{copied[file.name]}")


def _put_aside(file: Recognised, recognised: Sequence[Recognised], notes: list[str]) -> Recognised:
    """Return a sheet of no known kind as one that nothing waits for, where others of its workbook are known."""
    others = others_of(file.name, [one.name for one in recognised if one.table])
    if not (others and file.kind_is_open and file.mapping.kind == NOT_USED and not file.found_by):
        return file
    notes.append(f"{file.name} is not used: its columns are of no known kind. If it is needed, say what it is.")
    return replace(file, questions=tuple(replace(one, weight=LITTLE) for one in file.questions))


def _part(progress: Progress, low: float, high: float) -> Progress:
    return lambda share, step: progress(low + (high - low) * share, step)
