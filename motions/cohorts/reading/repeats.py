"""Rows that stand twice: found before anything is added up, and rejected with the place of the first."""

from collections.abc import Sequence

import duckdb

from motions.cohorts.contract import Table
from motions.cohorts.reading.by_account import by_account
from motions.cohorts.reading.cells import STORED
from motions.cohorts.reading.engine import count
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import MOST_REJECTS, Reject, too_many
from motions.text import money_exact

REPEATED = "is a second row for the same"


OF_ONE_FILE = ("accounts", "partners")
"""Tables whose rows repeat within a file only: several files about the same accounts complete one another."""


def _stored_key(table: Table) -> tuple[str, ...]:
    """The columns of a table that no two rows may share, as they are stored: the day of a date.

    The id of a transaction is that of a sale and of its refund, and of one invoice whose commission two partners share:
    rows of one id are the same where they are for the same partner and month, with amounts of one sign.
    """
    key = tuple(STORED.get(name, ((name, ""),))[-1][0] for name in table.key)
    if table.key == ("posting_id",):
        names = {column.name for column in table.columns}
        who = tuple(name for name in ("partner_id", "account_id", "kind") if name in names)
        amount = "change" if table.name == "movements" else "amount"
        return (*key, *who, "month", f"{amount} < 0")
    return (*key, "file") if table.name in OF_ONE_FILE else key


def repeats(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Return whether two rows share the key of their table."""
    if table.name == "revenue":
        return bool(count(con, f"(SELECT 1 FROM {by_account(con)} WHERE twice LIMIT 1)"))
    key = ", ".join(_stored_key(table))
    rows = f"SELECT {key} FROM {table.name} WHERE {_stored_key(table)[0]} IS NOT NULL"
    return bool(count(con, f"({rows} GROUP BY ALL HAVING count(*) > 1)"))


def reject_repeated(
    con: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Recognised]
) -> tuple[list[Reject], dict[str, str]]:
    """Remove every row whose key an earlier row has, and say which: never added up, never silently dropped.

    Of several rows of an account the one with the earliest signup stays, as a list of deals may begin with the last.

    Returns them, and by file what their amounts add up to, where they are in one currency.

    The table's files must have been read with lines, and be in one currency. Raises FileError when there are more than
    MOST_REJECTS.
    """
    key = ", ".join(_stored_key(table))
    first = "file, signup_month, signup_day, line" if table.name == "accounts" else "file, line"
    con.execute(
        f"CREATE TEMP TABLE repeated AS SELECT file, line, first_file, first_line, {_stored_key(table)[0]} FROM ("
        f"SELECT *, FIRST_VALUE(file) OVER w AS first_file, FIRST_VALUE(line) OVER w AS first_line, "
        f"ROW_NUMBER() OVER w AS rank FROM {table.name} WHERE {_stored_key(table)[0]} IS NOT NULL "
        f"WINDOW w AS (PARTITION BY {key} ORDER BY {first})"
        f") WHERE rank > 1"
    )
    amounts = _amounts(con, table, files)
    # A row is known by its file and line.
    con.execute(f"DELETE FROM {table.name} t USING repeated r WHERE t.file = r.file AND t.line = r.line")
    rows = con.execute(f"SELECT * FROM repeated ORDER BY file, line LIMIT {MOST_REJECTS + 1}").fetchall()
    con.execute("DROP TABLE repeated")
    what = " and ".join(column.replace("_", " ") for column in table.key)
    rejects = [
        Reject(
            files[row[0]].name,
            row[1],
            table.key[0],
            str(row[4]),
            f"{REPEATED} {what}; the first is in {files[row[2]].name}, line {row[3]}. "
            "Remove one, or add them up before the upload",
        )
        for row in rows
    ]
    if len(rejects) > MOST_REJECTS:
        raise too_many(rejects[0].file, rejects[0])
    return rejects, amounts


def _amounts(con: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Recognised]) -> dict[str, str]:
    """By file, what the amounts of the repeated rows add up to; nothing of a file with several currencies."""
    money = next((column.name for column in table.columns if "money" in column.type), "")
    if not money:
        return {}
    rows = con.execute(
        f"SELECT t.file, sum(t.{money}), min(t.currency), count(DISTINCT coalesce(t.currency, '')) FROM {table.name} t "
        "JOIN repeated r ON t.file = r.file AND t.line = r.line GROUP BY t.file"
    ).fetchall()
    return {
        files[at].name: money_exact(int(total) / 100, code or "")
        for at, total, code, codes in rows
        if codes == 1 and total
    }
