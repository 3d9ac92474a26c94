"""Revenue summed up by account, once: there are many rows and few accounts, and several questions are about these."""

import duckdb

BY_ACCOUNT = "revenue_by_account"
"""Temporary table of each account with revenue: account_id, its number of rows, whether two of them are of one month
(twice), and of the months in which it pays their number, the first and the last (paying, first_month, last_month)."""
BITS = 120
"""months that the bits of a number have room for, sign and all"""


def by_account(con: duckdb.DuckDBPyConnection) -> str:
    """Return the name of the table, made unless it stands there with as many rows: once made, rows are only taken out.

    Whoever changes the ids of revenue, or reads it again, has to `forget` it.
    """
    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS {BY_ACCOUNT} (rows BIGINT)")
    stands = f"(SELECT coalesce(sum(rows), -1) FROM {BY_ACCOUNT}) = (SELECT count(*) FROM revenue)"
    if con.execute(f"SELECT NOT ({stands})").fetchall()[0][0]:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {BY_ACCOUNT} AS SELECT account_id, count(*) AS rows, "
            f"{_different_months(con)} < count(*) AS twice, count(*) FILTER (WHERE mrr > 0) AS paying, "
            "min(month) FILTER (WHERE mrr > 0) AS first_month, max(month) FILTER (WHERE mrr > 0) AS last_month "
            "FROM revenue GROUP BY account_id"
        )
    return BY_ACCOUNT


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the table, as revenue is another one now."""
    con.execute(f"DROP TABLE IF EXISTS {BY_ACCOUNT}")


def _different_months(con: duckdb.DuckDBPyConnection) -> str:
    """SQL: in how many months an account has rows. Each sets a bit: to group by month too takes five times as long."""
    ((first, last),) = con.execute("SELECT min(month), max(month) FROM revenue").fetchall()
    starts = range(first, last + 1, BITS) if first is not None else ()
    bit = "CAST(1 AS HUGEINT) << (month - {0})"
    if len(starts) > 1:  # not as a filter, which an engine would apply after it has shifted too far
        bit = f"CASE WHEN month BETWEEN {{0}} AND {{0}} + {BITS - 1} THEN {bit} END"
    return " + ".join(f"coalesce(bit_count(bit_or({bit.format(start)})), 0)" for start in starts) or "0"
