"""A program whose tables stand in a database or in Spark: the same contract, reduction and checks as for files.

Accounts, revenue, partners and spend have the columns of `contract.py` under their own names. Their rows are brought
into the form that `ledger.sql` expects, everything is added up on the engine, and sums travel. Of single accounts only
those travel that an attribution check names.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from motions.cohorts.contract import BY_NAME, KIND_WORDS, KINDS, MOTIONS, MOTIONS_AS_ROWS, TABLES, Column, Table, words
from motions.cohorts.coverage import Coverage
from motions.cohorts.ledger.activity import Frame, without
from motions.cohorts.ledger.checks import CHECKS, LISTED, MOST_MOVED, Finding, run_checks, sql_of_checks
from motions.cohorts.ledger.ledger import PARTNERS, Ledger, reduce, reduction, spans_of
from motions.cohorts.program import Program, suspicions
from motions.cohorts.reading.cells import NEVER_NULL, NOT_KNOWN, STORED
from motions.cohorts.reading.engine import MEMORY, connect
from motions.cohorts.reading.files import Progress
from motions.cohorts.reading.machine import told
from motions.cohorts.reading.months import EARLIER, begins_with_the_business, look
from motions.cohorts.reading.read import FileReport, create_table
from motions.cohorts.reading.records import MOST_REJECTS, Reject
from motions.cohorts.reading.remarks import Remark, ordered, remarks_on
from motions.cohorts.reading.spelling import motion_words
from motions.cohorts.remote.engines import Engine, Row, connected
from motions.errors import FileError, MixedCurrencies
from motions.names import offered
from motions.text import count, listed, month_name

PARTS = (
    "by_cohort",
    "by_partner",
    "by_age",
    "by_spell",
    "by_partner_spell",
    "by_event",
    "by_pql",
    "by_spend",
    "by_payout",
)
TABLES_THERE = ("accounts", "revenue", "partners", "spend")
_WORDS = {"motion": MOTIONS, "kind": KINDS}
"""Columns of words, and our words for them."""
_VIEW = "in a view if the table can't change"
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NOTHING = "('', 'null', 'none', 'nan', 'n/a', 'na', '-', '–')"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MONTH = "CAST(EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day}) - 1 AS INTEGER)"


def _spellings(column: Column) -> dict[str, str]:
    """Every spelling → our word, of those that may stand in SQL: no engine has what is no Latin letter or digit."""
    found = motion_words() if column.type == "motion" else words(KIND_WORDS)
    return {word: ours for word, ours in found.items() if re.fullmatch("[a-z0-9_]+", word)}


@told("The tables of this connection")
def load_connection(
    name: str,
    settings: dict[str, Any],
    folder: Path,
    today: date,
    currency: str | None = None,
    progress: Progress = lambda share, step: None,
    memory: int = MEMORY,
) -> Program:
    """Read the program of the connection `name` with its settings (`url`, `schema`). Writes nothing there.

    `memory` is what the engine here may use, in megabytes. Raises FileError naming connection, table, column and
    repair, and MixedCurrencies when a currency has to be chosen.
    """
    try:
        with connected(name, settings) as engine:
            return _load(name, engine, folder, today, currency, progress, memory)
    except FileError as problem:
        problem.__context__ = None  # what the driver said may hold host and user
        raise


def _load(
    name: str, engine: Engine, folder: Path, today: date, currency: str | None, progress: Progress, memory: int
) -> Program:
    progress(0.0, "Looking at the tables")
    tables = [_Stored(name, engine, BY_NAME[table], today) for table in TABLES_THERE]
    if not any(table.there for table in tables):
        repair = f"Make tables or views called {listed(TABLES_THERE)}, with the columns of the files of these names."
        raise FileError(name, "has none of the tables", repair)
    currencies, currency, notes = _one_currency(name, tables, currency)
    notes = [*notes, *(note for table in tables for note in table.not_read())]
    reports, rejects = [], []
    there = [table for table in tables if table.there]
    for table in there:
        report, found = table.accounted()
        reports.append(report)
        rejects += found
    for table in tables:
        name_ = "accounts_said" if table.table.name == "accounts" else table.table.name
        engine.define(name_, table.select())
    with_rows = {table.table.name: report for table, report in zip(there, reports, strict=True) if table.used}
    if not with_rows:
        first = f" The first: {rejects[0].column} of {rejects[0].file} {rejects[0].reason}." if rejects else ""
        raise FileError(name, "has no row that fits", f"Fill or correct its tables.{first}")
    has = frozenset([*with_rows, *(f"{table}.{column}" for table, one in with_rows.items() for column in one.columns)])
    _refuse_repeats(name, engine, has)
    has = _with_motions(engine, has)
    coverage = _coverage(engine, today)
    con = connect(folder, (), memory)
    try:
        for table_ in TABLES:
            create_table(con, table_)
        progress(0.2, "Adding up cohorts")
        ledger = _reduce(engine, con, has, currency, today, coverage)
        progress(0.7, "Checking attribution")
        findings = _findings(engine, con, ledger)
    finally:
        con.close()
    progress(1.0, "Done")
    said = (*(Remark(note) for note in notes), *remarks_on(coverage), *suspicions(ledger, findings))
    return Program(ledger, tuple(reports), tuple(rejects), findings, currencies, (), ordered(said), ())


class _Stored:
    """A table of the connection, and the SQL that brings its rows into the form of the contract."""

    def __init__(self, name: str, engine: Engine, table: Table, today: date) -> None:
        self.name, self.engine, self.table, self.today = name, engine, table, today
        self.types = engine.columns(table.name)
        self.columns = [column for column in _columns(table) if column.name in self.types and _stored(column)]
        self.only = "1 = 1"
        """the condition that a row is in the currency in use"""
        self.used = 0
        """rows that fit and are in it"""
        if self.there:
            self._check()

    @property
    def there(self) -> bool:
        """Whether the connection has the table."""
        return bool(self.types)

    def not_read(self) -> list[str]:
        """Say which columns of it would change what counts, in a file, and do not here."""
        names = [column.name for column in self.table.columns if column.changes_rows and column.name in self.types]
        said = (
            f"{listed(names)} of {self.table.name} is not read from a connection: leave out what counts not, {_VIEW}."
        )
        return [said] if names else []

    def _check(self) -> None:
        """Refuse a table that lacks a column, has one of another type, or words that are none of ours."""
        for column in self.table.columns:
            if column.required and column.name not in self.types:
                raise self._error(column, "is missing", f"Add it, {_VIEW}: {column.meaning}")
        for column in self.columns:
            kind = self.types[column.name]
            if "money" in column.type and kind != "number":
                raise self._error(column, "is no number", f"Give it a numeric type, {_VIEW}.")
            if ("date" in column.type or "month" in column.type) and kind == "number":
                raise self._error(column, "is a number", f"Give it the type date, {_VIEW}.")
            if column.type in _WORDS:
                self._check_words(column)

    def _check_words(self, column: Column) -> None:
        known = ", ".join(f"'{word}'" for word in _spellings(column))
        word = self._text(column.name)
        found = self.engine.ask(
            f"SELECT {word} AS word, COUNT(*) AS times FROM {self.engine.table(self.table.name)} "
            f"WHERE {self._word(column.name)} NOT IN ('', {known}) GROUP BY {word} ORDER BY times DESC, word LIMIT 3"
        )
        if found:
            said = listed([f"'{str(word)[:60]}' ({count(times, 'row')})" for word, times in found])
            raise self._error(
                column, f"holds {said}", f"Use one of {', '.join(offered(_WORDS[column.type]))}, {_VIEW}."
            )

    def _error(self, column: Column, problem: str, repair: str) -> FileError:
        return FileError(self.name, problem, repair, f"table {self.table.name}, column {column.name}")

    def codes(self) -> dict[str | None, int]:
        """Rows by the currency that they state."""
        if "currency" not in self.types:
            return {}
        source, code = self.engine.table(self.table.name), self._code()
        found = self.engine.ask(
            f"SELECT {code} AS code, COUNT(*) AS times FROM {source} WHERE {self._fits()} GROUP BY {code}"
        )
        return {code: int(times) for code, times in found}

    def choose(self, currency: str) -> None:
        """Use only the rows that are in a currency."""
        self.only = f"{self._code()} = '{currency}'" if "currency" in self.types else "1 = 0"

    def _code(self) -> str:
        return f"UPPER({self._filled('currency')})"

    def _text(self, cell: str) -> str:
        return f"NULLIF(TRIM(BOTH '{_SPACES}' FROM CAST({cell} AS {self.engine.text})), '')"

    def _filled(self, cell: str) -> str:
        """A text, null for what systems write for nothing."""
        return f"CASE WHEN LOWER({self._text(cell)}) NOT IN {_NOTHING} THEN {self._text(cell)} END"

    def _word(self, cell: str) -> str:
        return f"COALESCE(NULLIF({self.engine.word(self._text(cell))}, ''), {self._text(cell)})"

    def _value(self, column: Column) -> str:
        """SQL of a cell: text, a date, cents, or one of our words; null for nothing."""
        cell, kind = column.name, self.types[column.name]
        if "money" in column.type:
            return f"CAST(ROUND({self._amount(cell)} * 100) AS BIGINT)"
        if "date" in column.type or "month" in column.type:
            day = self.engine.date(self._filled(cell)) if kind == "text" else f"CAST({cell} AS DATE)"
            # The end of time is no end.
            return day if column.required else f"CASE WHEN {day} < DATE '9999-01-01' THEN {day} END"
        if column.type in _WORDS:
            known = " ".join(f"WHEN '{word}' THEN '{ours}'" for word, ours in _spellings(column).items())
            return f"CASE {self._word(cell)} {known} END"
        return self._code() if column.type == "currency" else self._text(cell)

    def _amount(self, cell: str) -> str:
        """An amount as it is, exactly; null for one that is none or too large to be looked at."""
        return f"CASE WHEN {cell} BETWEEN -{10**12} AND {10**12} THEN CAST({cell} AS {self.engine.decimal}) END"

    def _fault(self, column: Column) -> str:
        """SQL that is true where a cell can't be used."""
        value = self._value(column)
        faults = [f"{value} IS NULL"] if column.required else []
        if column.type == "currency":
            faults.append(f"LENGTH({value}) <> 3 OR TRANSLATE({value}, '{_LETTERS}', '') <> ''")
        if ("date" in column.type or "month" in column.type) and self.types[column.name] == "text":
            faults.append(f"({value} IS NULL AND {self._filled(column.name)} NOT LIKE '9999-%')")
        if "date" in column.type or "month" in column.type:
            last = self.today if "past" in column.type else date(2200, 1, 1)
            faults.append(f"{value} NOT BETWEEN DATE '1970-01-02' AND DATE '{last}'")
        if "money" in column.type:
            low = 0 if column.type == "positive money" else -(10**14)
            faults.append(f"{value} NOT BETWEEN {low} AND {10**14 - 1}")
        return f"COALESCE({' OR '.join(faults)}, FALSE)" if faults else "FALSE"

    def _faults(self) -> dict[str, str]:
        found = {column.name: self._fault(column) for column in self.columns}
        return {name: fault for name, fault in found.items() if fault != "FALSE"}

    def accounted(self) -> tuple[FileReport, list[Reject]]:
        """Count the rows that fit and those that don't, and list these with their reason."""
        source, faults = self.engine.table(self.table.name), self._faults()
        long = [f"({cents} <> ROUND({cents}))" for cents in self._cents()]
        rows, fitting, self.used, rounded = (
            int(times)
            for times in self.engine.ask(
                f"SELECT COUNT(*) AS found, COUNT(CASE WHEN {self._fits()} THEN 1 END) AS fitting, "
                f"COUNT(CASE WHEN {self._fits()} AND {self.only} THEN 1 END) AS used, "
                f"COUNT(CASE WHEN {self._fits()} AND ({' OR '.join(long) or '1 = 0'}) THEN 1 END) AS rounded "
                f"FROM {source}"
            )[0]
        )
        rejected = rows - fitting
        key, rejects = self.columns[0].name, []
        for name, fault in faults.items() if rejected else ():
            which, raw = (f"CAST({column} AS {self.engine.text})" for column in (key, name))
            asked = f"SELECT {which} AS which, {raw} AS raw FROM {source} WHERE {fault} LIMIT {MOST_REJECTS}"
            for row, value in self.engine.ask(asked):
                why = self._reason(self.table.column(name), value)
                why = f"{why} ({key} {str(row)[:60]})" if name != key else why
                rejects.append(Reject(f"{self.name}.{self.table.name}", 0, name, str(value or "")[:200], why))
        used = {column.name: column.name for column in self.columns}
        unused = tuple(name for name in self.types if name not in used)
        name = f"{self.name}.{self.table.name}"
        report = FileReport(
            name, self.table.name, rows, fitting, rejected, rounded=rounded, columns=used, unused=unused
        )
        return report, rejects

    def _cents(self) -> list[str]:
        return [f"({self._amount(column.name)} * 100)" for column in self.columns if "money" in column.type]

    def _fits(self) -> str:
        return " AND ".join(f"NOT {fault}" for fault in self._faults().values()) or "1 = 1"

    def _reason(self, column: Column, value: str | None) -> str:
        if not (value or "").strip():
            return "is empty; a row can't be used without it"
        if "date" in column.type or "month" in column.type:
            up_to = f" up to today ({self.today})" if "past" in column.type else ""
            return f"is no day of the calendar{up_to}"
        if column.type == "currency":
            return "is not a currency; write its ISO code, such as USD"
        least = "of zero or more, " if column.type == "positive money" else ""
        return f"is no amount {least}below a million million" if "money" in column.type else "can't be used"

    def select(self) -> str:
        """SQL of the rows that fit, in the columns that the reduction expects."""
        cells = []
        for column in _columns(self.table):
            default = NEVER_NULL.get(column.name) if self.table.name == "accounts" else None
            for name, part in STORED.get(column.name, ((column.name, "month" if "month" in column.type else ""),)):
                if column.name in self.types:
                    value = {"month": _MONTH.format(day=self._value(column)), "": self._value(column)}.get(
                        part, f"CAST({self.engine.day(self._value(column))} AS INTEGER)"
                    )
                else:
                    unknown = NOT_KNOWN.get(name) if self.table.name == "accounts" else None
                    value = unknown or f"CAST(NULL AS {_type(column)})"
                cells.append(f"{f'COALESCE({value}, {_quoted(default)})' if default is not None else value} AS {name}")
        if not self.there:
            return f"SELECT {', '.join(cells)} WHERE 1 = 0"
        source = self.engine.table(self.table.name)
        return f"SELECT {', '.join(cells)} FROM {source} WHERE {self._fits()} AND {self.only}"


def _columns(table: Table) -> list[Column]:
    """The columns that are looked at: nobody is stated or replayed from a connection, so no terms of partners are."""
    return [column for column in table.columns if not column.of_terms]


def _type(column: Column) -> str:
    if "money" in column.type:
        return "BIGINT"
    return "INTEGER" if "date" in column.type or "month" in column.type else "VARCHAR(20)"


def _quoted(text: str) -> str:
    return f"'{text}'"


def _one_currency(
    name: str, tables: Sequence[_Stored], chosen: str | None
) -> tuple[tuple[str, ...], str | None, list[str]]:
    """Make sure that amounts are in one currency: all that there are, the one in use, and what is set aside."""
    stated = {table: table.codes() for table in tables if table.there and table.table.name in ("revenue", "spend")}
    codes = tuple(sorted({code for times in stated.values() for code in times if code}))
    if len(codes) <= 1:
        silent = [table.table.name for table in stated if "currency" not in table.types] if codes else []
        notes = [f"{listed(silent)} states no currency and is taken as {codes[0]}, like the others."] if silent else []
        return codes, codes[0] if codes else None, notes
    if chosen not in codes:
        raise MixedCurrencies(name, codes)
    notes = []
    for table, times in stated.items():
        table.choose(chosen)
        if "currency" not in table.types:
            notes.append(f"Set aside: all of {table.table.name}, which states no currency while others state several.")
        others = sum(number for code, number in times.items() if code not in (chosen, None))
        said = {f"not in {chosen}": others, "without a currency, while others state one": times.get(None, 0)}
        notes += [f"Set aside: {count(gone, 'row')} of {table.table.name} {why}." for why, gone in said.items() if gone]
    return codes, chosen, notes


def _refuse_repeats(name: str, engine: Engine, has: frozenset[str]) -> None:
    """Refuse two rows for an account, a partner or a posting: no order says which one counts."""
    for table, key in (("accounts", "account_id"), ("partners", "partner_id"), ("spend", "posting_id")):
        if f"{table}.{key}" not in has:
            continue
        source = "accounts_said" if table == "accounts" else table
        rows, different = engine.ask(f"SELECT COUNT({key}) AS found, COUNT(DISTINCT {key}) AS keys FROM {source}")[0]
        if rows != different:
            again = f"SELECT {key} FROM {source} GROUP BY {key} HAVING COUNT({key}) > 1 ORDER BY {key} LIMIT 1"
            _repeated(name, table, rows - different, f"{key} {engine.ask(again)[0][0]}")
    if "revenue" not in has:
        return
    again = "SELECT account_id, month, COUNT(*) - 1 AS more FROM revenue GROUP BY account_id, month HAVING COUNT(*) > 1"
    if found := engine.ask(f"{again} ORDER BY account_id, month"):
        account, month, _ = found[0]
        more = sum(int(times) for *_, times in found)
        _repeated(name, "revenue", more, f"account_id {account} in {month_name(month)}")


def _repeated(name: str, table: str, times: int, first: str) -> None:
    said = f"has {count(times, 'row')} more than it should: {first} stands there twice"
    raise FileError(name, said, f"Keep one row each, or add them up, {_VIEW}.", f"table {table}")


# What the tables cover, and whose the accounts are


def _with_motions(engine: Engine, has: frozenset[str]) -> frozenset[str]:
    """Define the accounts with a motion each: their own, else their partner's, else organic. Returns what they have.

    A column that is blank in every row is not known, as if it was not there.
    """
    told = {"motion": "motion", "activated_on": "activated_day", "pql_on": "pql_month"}
    counts = engine.ask(f"SELECT {', '.join(f'COUNT({name}) AS {name}' for name in told.values())} FROM accounts_said")
    blank = {name for name, times in zip(told, counts[0], strict=True) if not times}
    cells = {name: f"a.{name}" for column in BY_NAME["accounts"].columns for name, _ in _stored(column)}
    cells |= {told[name]: NOT_KNOWN[told[name]] for name in blank if told[name] in NOT_KNOWN}
    # In a table that names motions, a blank one is organic.
    cells["motion"] = f"COALESCE({'p.motion' if 'motion' in blank else 'a.motion'}, 'organic')"
    select = ", ".join(f"{cell} AS {name}" for name, cell in cells.items())
    engine.define(
        "accounts",
        f"SELECT {select} FROM accounts_said a LEFT JOIN partners p ON p.partner_id = a.partner_id",
    )
    gone = {f"accounts.{name}" for name in blank}
    if not engine.ask("SELECT COUNT(NULLIF(partner_id, '')) AS naming FROM accounts_said")[0][0]:
        gone.add("accounts.partner_id")
    if not engine.ask("SELECT COUNT(ended_month) AS ended FROM partners")[0][0]:
        gone.add("partners.ended_on")
    return has - gone


def _coverage(engine: Engine, today: date) -> Coverage:
    """Say which months the tables cover, and define the customers of before."""
    coverage = look(engine.ask, today)
    revenue = coverage.of("revenue")
    begins = not revenue or begins_with_the_business(engine.ask, revenue.first)
    none = "SELECT account_id FROM revenue WHERE 1 = 0"
    engine.define("earlier", none if begins or not revenue else EARLIER.format(first=revenue.first))
    told, naming, known = engine.ask(
        "SELECT COUNT(CASE WHEN a.motion IS NOT NULL OR a.partner_id <> '' THEN 1 END) AS told, "
        "COUNT(CASE WHEN a.partner_id <> '' THEN 1 END) AS naming, COUNT(p.partner_id) AS known "
        "FROM accounts_said a LEFT JOIN partners p ON p.partner_id = a.partner_id"
    )[0]
    return replace(
        coverage,
        begins=begins,
        before=int(engine.ask("SELECT COUNT(*) FROM earlier")[0][0]),
        motions_known=bool(told) or coverage.of("accounts") is None,
        partners_known=coverage.of("partners") is None or int(known) * 2 >= int(naming),
    )


def _stored(column: Column) -> tuple[tuple[str, str], ...]:
    return STORED.get(column.name, ((column.name, "month" if "month" in column.type else ""),))


# What is added up


def _reduce(
    engine: Engine,
    con: duckdb.DuckDBPyConnection,
    has: frozenset[str],
    currency: str | None,
    today: date,
    coverage: Coverage,
) -> Ledger:
    """Run `ledger.sql` on the engine. One question brings all that it makes, so that nothing is worked out twice."""
    con.execute("CREATE OR REPLACE TABLE earlier (account_id VARCHAR)")
    empty = reduce(con, has, currency, today, coverage)
    for step, sql in reduction():  # of no rows: which columns there are, and their types
        con.execute(f"CREATE OR REPLACE TEMP TABLE {step} AS {sql}")
    shapes = {part: _shape(con, part) for part in PARTS}
    for step, sql in (*spans_of(coverage).items(), *reduction()):
        engine.define(step, sql)
    columns = {column: kind for shape in shapes.values() for column, kind in shape.items()}
    parts = {part: dict.fromkeys(shape, "") for part, shape in shapes.items()}
    asked = [_part(part, columns, own) for part, own in parts.items()]
    cells = ["(SELECT last_month FROM span)" if column == "month" else _null(kind) for column, kind in columns.items()]
    asked.append(f"SELECT 'overall' AS part, {', '.join(cells)}")
    rows = engine.ask("\nUNION ALL ".join(asked))
    total = dict(zip(columns, next(row for row in rows if row[0] == "overall")[1:], strict=True))
    frames = {part: _frame([row for row in rows if row[0] == part], columns, shape) for part, shape in shapes.items()}
    partners = _frame([("", *row) for row in engine.ask(PARTNERS)], shape := _shape(con, f"({PARTNERS})"), shape)
    order = np.argsort(partners["partner_id"].astype(str), kind="stable")  # engines order words each in their way
    return replace(
        empty,
        by_cohort=without(frames["by_cohort"], "cell"),
        by_partner=without(frames["by_partner"], "tie"),
        by_age=frames["by_age"],
        by_spell=frames["by_spell"],
        by_partner_spell=frames["by_partner_spell"],
        by_event=frames["by_event"],
        by_pql=frames["by_pql"],
        by_spend=frames["by_spend"],
        by_payout=frames["by_payout"],
        partners={column: values[order] for column, values in partners.items()},
        last_month=int(total["month"] or 0),
    )


def _shape(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in con.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}


def _null(kind: str) -> str:
    types = {"VARCHAR": "VARCHAR(20)", "DOUBLE": "FLOAT"}
    return f"CAST(NULL AS {types.get(kind, 'BIGINT')})"


def _part(part: str, columns: dict[str, str], own: dict[str, str]) -> str:
    cells = [f"{column if column in own else _null(kind)} AS {column}" for column, kind in columns.items()]
    return f"SELECT '{part}' AS part, {', '.join(cells)} FROM {part}"


def _frame(rows: Sequence[Row], columns: dict[str, str], shape: dict[str, str]) -> Frame:
    """Rows of (part, *columns) as the columns of `shape`."""
    types = {"VARCHAR": object, "DOUBLE": np.float64}
    place = {column: 1 + at for at, column in enumerate(columns)}
    return {
        column: np.array(
            [row[place[column]] if kind == "VARCHAR" else _number(row[place[column]], kind) for row in rows],
            dtype=types.get(kind, np.int64),
        )
        for column, kind in shape.items()
    }


def _number(value: Any, kind: str) -> Any:
    return float(value) if kind == "DOUBLE" else int(value)


# Attribution


def _findings(engine: Engine, con: duckdb.DuckDBPyConnection, ledger: Ledger) -> tuple[Finding, ...]:
    """Run the checks on the engine, and bring the accounts that they name here for the worst cases."""
    sql = sql_of_checks()
    engine.define("motions", MOTIONS_AS_ROWS)
    possible = [name for name, _, _, needs in CHECKS if set(needs) <= ledger.has]
    counts = {name: int(engine.ask(f"SELECT COUNT(*) FROM ({sql[name]}) found")[0][0]) for name in possible}
    here = [name for name, times in counts.items() if 0 < times <= MOST_MOVED and name != "spend_for_unknown_partner"]
    wanted = " UNION ".join(f"SELECT account FROM ({sql[name]}) {name}" for name in here)
    if wanted:
        for table in ("accounts", "revenue"):
            _bring(engine, con, table, f"account_id IN ({wanted})")
    _bring(engine, con, "partners", "1 = 1")
    if counts.get("spend_for_unknown_partner"):
        _bring(engine, con, "spend", "partner_id NOT IN (SELECT partner_id FROM partners)")
    con.execute(f"UPDATE span SET last_month = {ledger.last_month}")
    findings = run_checks(con, ledger.has, (), lambda share, step: None)
    too_many = {name: times for name, times in counts.items() if times > MOST_MOVED}
    return tuple(
        replace(
            one,
            count=too_many[one.name],
            rows=tuple(engine.ask(f"SELECT * FROM ({sql[one.name]}) found ORDER BY account, partner LIMIT {LISTED}")),
            moved=None,
        )
        if one.name in too_many
        else one
        for one in findings
    )


def _bring(engine: Engine, con: duckdb.DuckDBPyConnection, table: str, where: str) -> None:
    columns = [
        name
        for column in _columns(BY_NAME[table])
        for name, _ in STORED.get(column.name, ((column.name, ""),))
        if column.name not in ("currency", "posting_id")
    ]
    rows = engine.ask(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}")
    con.register("brought", pd.DataFrame(rows, columns=columns, dtype=object))
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM brought")
    con.unregister("brought")
