"""A program whose tables stand in a database or in Spark: the same contract, reduction and checks as for files.

Accounts, revenue, partners and spend have the columns of `contract.py` under their own names. Their rows are brought
into the form that `ledger.sql` expects, everything is added up on the engine, and sums travel. Of single accounts only
those travel that an attribution check names.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from motions.cohorts.checks import CHECKS, LISTED, MOST_MOVED, Finding, run_checks, sql_of_checks
from motions.cohorts.contract import BY_NAME, KIND_WORDS, MOTION_WORDS, TABLES, Column, Table, words
from motions.cohorts.engines import Engine, Row, connected
from motions.cohorts.ledger import LAST_MONTH, LEDGER, PARTNERS, Frame, Ledger, reduce, statements, without
from motions.cohorts.program import Program, Progress, suspicions
from motions.cohorts.read import NEVER_NULL, STORED, FileReport, connect, create_table
from motions.cohorts.records import MOST_REJECTS, Reject
from motions.errors import FileError, MixedCurrencies
from motions.text import count, listed

TABLES_THERE = ("accounts", "revenue", "partners", "spend")
_WORDS = {"motion": MOTION_WORDS, "kind": KIND_WORDS}
_VIEW = "in a view if the table can't change"
_CODE = "UPPER(NULLIF(TRIM(currency), ''))"
_MONTH = "CAST(EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day}) - 1 AS INTEGER)"


def load_connection(
    name: str,
    settings: dict[str, Any],
    folder: Path,
    today: date,
    currency: str | None = None,
    progress: Progress = lambda share, step: None,
) -> Program:
    """Read the program of the connection `name` with its settings (`url`, `schema`). Writes nothing there.

    Raises FileError naming connection, table, column and repair, and MixedCurrencies when a currency has to be chosen.
    """
    with connected(name, settings) as engine:
        return load_engine(name, engine, folder, today, currency, progress)


def load_engine(
    name: str,
    engine: Engine,
    folder: Path,
    today: date,
    currency: str | None = None,
    progress: Progress = lambda share, step: None,
) -> Program:
    """Read the program of an engine that is connected; see `load_connection`."""
    progress(0.0, "Looking at the tables")
    tables = [_Stored(name, engine, BY_NAME[table], today) for table in TABLES_THERE]
    if not any(table.there for table in tables):
        repair = f"Make tables or views called {listed(TABLES_THERE)}, with the columns of the files of these names."
        raise FileError(name, "has none of the tables", repair)
    currencies, currency, notes = _one_currency(name, tables, currency)
    reports, rejects = [], []
    for table in tables:
        if table.there:
            report, found = table.accounted()
            reports.append(report)
            rejects += found
    for table in tables:
        engine.define(table.table.name, table.select())
    with_rows = {report.table: report for report in reports if report.accepted}
    has = frozenset([*with_rows, *(f"{table}.{column}" for table, one in with_rows.items() for column in one.columns)])
    _refuse_repeats(name, engine, has)
    con = connect(folder)
    try:
        for table_ in TABLES:
            create_table(con, table_)
        progress(0.2, "Adding up cohorts")
        ledger = _reduce(name, engine, con, has, currency, today)
        progress(0.7, "Checking attribution")
        findings = _findings(engine, con, ledger)
    finally:
        con.close()
    progress(1.0, "Done")
    said = (*notes, *suspicions(ledger, findings))
    return Program(ledger, tuple(reports), tuple(rejects), findings, currencies, (), said, ())


class _Stored:
    """A table of the connection, and the SQL that brings its rows into the form of the contract."""

    def __init__(self, name: str, engine: Engine, table: Table, today: date) -> None:
        self.name, self.engine, self.table, self.today = name, engine, table, today
        self.types = engine.columns(table.name)
        self.columns = [column for column in table.columns if column.name in self.types]
        self.only = ""
        """the condition that a row is in the currency in use"""
        if self.there:
            self._check()

    @property
    def there(self) -> bool:
        """Whether the connection has the table."""
        return bool(self.types)

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
        known = ", ".join(f"'{word}'" for word in words(_WORDS[column.type]))
        found = self.engine.ask(
            f"SELECT {column.name}, COUNT(*) AS times FROM {self.engine.table(self.table.name)} "
            f"WHERE {_plain(column.name)} NOT IN ('', {known}) GROUP BY {column.name} ORDER BY times DESC LIMIT 3"
        )
        if found:
            said = listed([f"'{str(word)[:60]}' ({count(times, 'row')})" for word, times in found])
            raise self._error(column, f"holds {said}", f"Use one of {', '.join(_WORDS[column.type])}, {_VIEW}.")

    def _error(self, column: Column, problem: str, repair: str) -> FileError:
        return FileError(self.name, problem, repair, f"table {self.table.name}, column {column.name}")

    def codes(self) -> dict[str | None, int]:
        """Rows by the currency that they state."""
        if "currency" not in self.types:
            return {}
        source = self.engine.table(self.table.name)
        found = self.engine.ask(f"SELECT {_CODE} AS code, COUNT(*) AS times FROM {source} GROUP BY {_CODE}")
        return {code: int(times) for code, times in found}

    def _value(self, column: Column) -> str:
        """SQL of a cell: text, a date, cents, or one of our words; null for nothing."""
        cell, kind = column.name, self.types[column.name]
        if "money" in column.type:
            return f"CAST(ROUND(CAST({cell} AS DECIMAL(20, 6)) * 100) AS BIGINT)"
        if "date" in column.type or "month" in column.type:
            text = f"NULLIF(TRIM({cell}), '')"
            long = f"CASE WHEN {text} LIKE '____-__' THEN {text} || '-01' ELSE SUBSTR({text}, 1, 10) END"
            return f"CAST({long if kind == 'text' else cell} AS DATE)"
        if column.type in _WORDS:
            known = " ".join(f"WHEN '{word}' THEN '{ours}'" for word, ours in words(_WORDS[column.type]).items())
            return f"CASE {_plain(cell)} {known} END"
        return f"NULLIF(TRIM({cell if kind == 'text' else f'CAST({cell} AS VARCHAR(64))'}), '')"

    def _fault(self, column: Column) -> str:
        """SQL that is true where a cell can't be used."""
        value = self._value(column)
        faults = [f"{value} IS NULL"] if column.required else []
        if "date" in column.type or "month" in column.type:
            last = self.today if "past" in column.type else date(2200, 1, 1)
            faults.append(f"{value} NOT BETWEEN DATE '1970-01-02' AND DATE '{last}'")
        if "money" in column.type:
            low = 0 if column.type == "positive money" else -(10**14)
            faults.append(f"{value} NOT BETWEEN {low} AND {10**14}")
        return f"COALESCE({' OR '.join(faults)}, FALSE)" if faults else "FALSE"

    def _faults(self) -> dict[str, str]:
        found = {column.name: self._fault(column) for column in self.columns}
        return {name: fault for name, fault in found.items() if fault != "FALSE"}

    def accounted(self) -> tuple[FileReport, list[Reject]]:
        """Count the rows that fit and those that don't, and list these with their reason."""
        source, faults = self.engine.table(self.table.name), self._faults()
        any_ = " OR ".join(faults.values())
        rows, rejected = self.engine.ask(
            f"SELECT COUNT(*) AS found, COUNT(CASE WHEN {any_} THEN 1 END) AS bad FROM {source}"
        )[0]
        key, rejects = self.columns[0].name, []
        for name, fault in faults.items() if rejected else ():
            asked = f"SELECT {key}, {name} FROM {source} WHERE {fault} LIMIT {MOST_REJECTS}"
            for which, value in self.engine.ask(asked):
                why = "is empty" if value is None else "is no date up to today, or no amount of zero or more"
                why = f"{why} ({key} {str(which)[:60]})" if name != key else why
                rejects.append(Reject(f"{self.name}.{self.table.name}", 0, name, str(value or "")[:200], why))
        used = {column.name: column.name for column in self.columns}
        unused = tuple(name for name in self.types if name not in used)
        name = f"{self.name}.{self.table.name}"
        return FileReport(name, self.table.name, rows, rows - rejected, rejected, columns=used, unused=unused), rejects

    def select(self) -> str:
        """SQL of the rows that fit, in the columns that the reduction expects."""
        cells = []
        for column in self.table.columns:
            default = NEVER_NULL.get(column.name) if self.table.name == "accounts" else None
            for name, part in STORED.get(column.name, ((column.name, "month" if "month" in column.type else ""),)):
                if column.name in self.types:
                    value = {"month": _MONTH.format(day=self._value(column)), "": self._value(column)}.get(
                        part, f"CAST({self.engine.day(self._value(column))} AS INTEGER)"
                    )
                else:
                    value = f"CAST(NULL AS {_type(column)})"
                cells.append(f"{f'COALESCE({value}, {_quoted(default)})' if default is not None else value} AS {name}")
        if not self.there:
            return f"SELECT {', '.join(cells)} WHERE 1 = 0"
        wanted = [f"NOT {fault}" for fault in self._faults().values()] + ([self.only] if self.only else [])
        where = " AND ".join(wanted)
        return f"SELECT {', '.join(cells)} FROM {self.engine.table(self.table.name)} WHERE {where}"


def _type(column: Column) -> str:
    if "money" in column.type:
        return "BIGINT"
    return "INTEGER" if "date" in column.type or "month" in column.type else "VARCHAR(20)"


def _plain(cell: str) -> str:
    return f"REPLACE(REPLACE(LOWER(TRIM({cell})), ' ', '_'), '-', '_')"


def _quoted(text: str) -> str:
    return f"'{text}'"


def _one_currency(
    name: str, tables: Sequence[_Stored], chosen: str | None
) -> tuple[tuple[str, ...], str | None, list[str]]:
    """Make sure that amounts are in one currency: all that there are, the one in use, and what is set aside."""
    stated = {table: table.codes() for table in tables if table.there and table.table.name in ("revenue", "spend")}
    codes = tuple(sorted({code for times in stated.values() for code in times if code}))
    odd = next((code for code in codes if not (len(code) == 3 and code.isascii() and code.isalpha())), None)
    if odd:
        raise FileError(name, f"holds '{odd[:20]}'", "Write ISO codes, such as USD.", "column currency")
    if len(codes) <= 1:
        return codes, codes[0] if codes else None, []
    if chosen not in codes:
        raise MixedCurrencies(name, codes)
    notes = []
    for table, times in stated.items():
        table.only = f"{_CODE} = '{chosen}'" if times else "1 = 0"
        if not times:
            notes.append(f"Set aside: all of {table.table.name}, which states no currency while others state several.")
        others = sum(number for code, number in times.items() if code not in (chosen, None))
        said = {f"not in {chosen}": others, "without a currency, while others state one": times.get(None, 0)}
        notes += [f"Set aside: {count(gone, 'row')} of {table.table.name} {why}." for why, gone in said.items() if gone]
    return codes, chosen, notes


def _refuse_repeats(name: str, engine: Engine, has: frozenset[str]) -> None:
    """Refuse two rows for an account or a partner: no order says which one counts."""
    for table, key in (("accounts", "account_id"), ("partners", "partner_id")):
        if table not in has:
            continue
        rows, different = engine.ask(f"SELECT COUNT(*) AS found, COUNT(DISTINCT {key}) AS keys FROM {table}")[0]
        if rows != different:
            again = f"SELECT {key} FROM {table} GROUP BY {key} HAVING COUNT(*) > 1 ORDER BY {key} LIMIT 1"
            _repeated(name, table, rows - different, f"{key} {engine.ask(again)[0][0]}")


def _repeated(name: str, table: str, times: int, first: str) -> None:
    said = f"has {count(times, 'row')} more than it should: {first} stands there twice"
    raise FileError(name, said, f"Keep one row each, or add them up, {_VIEW}.", f"table {table}")


# What is added up


def _reduce(
    name: str,
    engine: Engine,
    con: duckdb.DuckDBPyConnection,
    has: frozenset[str],
    currency: str | None,
    today: date,
) -> Ledger:
    """Run `ledger.sql` on the engine. One question brings all that it makes, so that nothing is worked out twice."""
    empty = reduce(con, has, currency, today)  # of no rows: which columns there are, and their types
    shapes = {part: _shape(con, part) for part in ("by_cohort", "by_partner", "by_age", "by_spend", "by_payout")}
    engine.define("span", LAST_MONTH)
    for step, sql in statements(LEDGER):
        engine.define(step, sql)
    columns = {column: kind for shape in shapes.values() for column, kind in shape.items()}
    parts = {part: dict.fromkeys(shape, "") for part, shape in shapes.items()}
    asked = [_part(part, columns, own) for part, own in parts.items()]
    overall = {"amount": "COALESCE(SUM(repeated), 0)", "month": "(SELECT last_month FROM span)"}
    cells = [overall.get(column, _null(kind)) for column, kind in columns.items()]
    asked.append(f"SELECT 'overall' AS part, {', '.join(cells)} FROM activity WHERE cell IS NOT NULL")
    rows = engine.ask("\nUNION ALL ".join(asked))
    total = dict(zip(columns, next(row for row in rows if row[0] == "overall")[1:], strict=True))
    if times := int(total["amount"]):
        again = "SELECT account_id, month FROM revenue GROUP BY account_id, month HAVING COUNT(*) > 1"
        account, month = engine.ask(f"{again} ORDER BY account_id, month LIMIT 1")[0]
        _repeated(name, "revenue", times, f"account_id {account} in {month // 12}-{month % 12 + 1:02d}")
    frames = {part: _frame([row for row in rows if row[0] == part], columns, shape) for part, shape in shapes.items()}
    partners = _frame([("", *row) for row in engine.ask(PARTNERS)], shape := _shape(con, f"({PARTNERS})"), shape)
    order = np.argsort(partners["partner_id"].astype(str), kind="stable")  # engines order words each in their way
    return replace(
        empty,
        by_cohort=without(frames["by_cohort"], "cell"),
        by_partner=without(frames["by_partner"], "tie"),
        by_age=frames["by_age"],
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
        for column in BY_NAME[table].columns
        for name, _ in STORED.get(column.name, ((column.name, ""),))
        if column.name not in ("currency", "posting_id")
    ]
    rows = engine.ask(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}")
    con.register("brought", pd.DataFrame(rows, columns=columns, dtype=object))
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM brought")
    con.unregister("brought")
