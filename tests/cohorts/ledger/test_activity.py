"""The sums over payments from arrays are those of `ledger.sql`."""

import random

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions.cohorts.ledger import activity
from motions.cohorts.ledger.ledger import reduction
from tests.conftest import examples

MOTIONS, PARTNERS, SEGMENTS = ("organic", "affiliate", "reseller"), ("", "P1", "P2"), ("", "small")
KEYS = {"cell": "cell, born, month", "tie": "tie, month"}
OF_CELLS, OF_TIES = "cell IS NOT NULL", "tie IN (SELECT tie FROM ties WHERE partner_id <> '')"


def engine(choose, accounts, months, gaps, largest=10**6, unknown=0):
    """An engine with the tables that the reduction expects, of accounts with gaps, zeros and strangers among them."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE accounts (account_id VARCHAR, signup_month INTEGER, signup_day INTEGER, motion VARCHAR, "
        "partner_id VARCHAR, activated_month INTEGER, activated_day INTEGER, pql_month INTEGER, segment VARCHAR)"
    )
    con.execute("CREATE TABLE revenue (account_id VARCHAR, month INTEGER, mrr BIGINT)")
    con.execute("CREATE TABLE earlier (account_id VARCHAR)")
    con.execute("CREATE TABLE covered (month INTEGER, step INTEGER, follows INTEGER)")
    covered = {month for month in months if choose.random() > unknown}
    for month in covered:
        con.execute("INSERT INTO covered VALUES (?, ?, ?)", [month, month - 1 in covered, month + 1 in covered])
    for number in range(accounts):
        if choose.random() < unknown:
            con.execute("INSERT INTO earlier VALUES (?)", [f"A{number}"])
    con.execute(f"CREATE TABLE span AS SELECT {max(covered, default=0)} AS last_month")
    for number in range(accounts):
        words = [choose.choice(of) for of in (MOTIONS, PARTNERS, SEGMENTS)]
        row = [f"A{number}", choose.randint(24280, 24290), number, words[0], words[1], None, None, None, words[2]]
        con.execute(f"INSERT INTO accounts VALUES ({', '.join('?' * len(row))})", row)
    payments = [
        (f"A{number}", month, choose.choice([0, 1, 999, largest, choose.randint(1, 10**6)]))
        for number in range(accounts + 2)
        for month in months
        if choose.random() > gaps
    ]
    choose.shuffle(payments)
    if payments:
        con.executemany("INSERT INTO revenue VALUES (?, ?, ?)", payments)
    return con


def added_up(con, by, where):
    sums = [f"CAST(SUM({name}) AS BIGINT)" for name in activity._SUMS]
    products = [f"CAST(SUM({name}) AS DOUBLE)" for name in activity._PRODUCTS]
    query = f"SELECT {KEYS[by]}, {', '.join(sums + products)} FROM activity WHERE {where} GROUP BY ALL ORDER BY ALL"
    return np.array(con.execute(query).fetchall(), dtype=np.float64)


def tables(con):
    return added_up(con, "cell", OF_CELLS), added_up(con, "tie", OF_TIES)


def of_sql(con):
    steps = dict(reduction())
    for name in ("cells", "ties", "members", "calendar", "payments", "payers", "activity"):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {steps[name]}")


@settings(deadline=None, max_examples=examples(40))
@given(
    seed=st.integers(0, 10**9),
    accounts=st.integers(0, 25),
    months=st.lists(st.integers(24270, 24310), max_size=30, unique=True),
    gaps=st.sampled_from([0.02, 0.3, 0.9]),
    most=st.sampled_from([1, 100, 10**6]),
    together=st.sampled_from([1, 3, 1000]),
    largest=st.sampled_from([10**6, 2**31 - 1, 2**31, 10**13]),
    unknown=st.sampled_from([0, 0.2, 0.6]),
)
def test_arrays_add_up_what_the_portable_sql_does(seed, accounts, months, gaps, most, together, largest, unknown):
    con = engine(random.Random(seed), accounts, months, gaps, largest, unknown)
    of_sql(con)
    payers = "SELECT account, cell, first_month, born, ended_month FROM payers ORDER BY account"
    expected = con.execute(payers).fetchall(), tables(con)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activity, "MOST_CELLS", most)
        patch.setattr(activity, "TOGETHER", together)
        activity.add_activity(con)
    assert con.execute(payers).fetchall() == expected[0]
    for found, wanted in zip(tables(con), expected[1], strict=True):
        assert found.shape == wanted.shape
        assert np.allclose(found, wanted, rtol=1e-12, atol=0)


def test_sums_are_exact_beyond_what_a_float_holds():
    con = engine(random.Random(1), 3, [], 0)
    con.execute("INSERT INTO covered VALUES (24290, 0, 0)")
    for number in range(3):
        con.execute(f"INSERT INTO revenue VALUES ('A{number}', 24290, {10**14 - 1 - number})")
    con.execute("UPDATE accounts SET motion = 'organic', partner_id = '', segment = '', signup_month = 24290")
    of_sql(con)
    activity.add_activity(con)
    found = con.execute("SELECT CAST(SUM(closing) AS BIGINT) FROM activity WHERE cell IS NOT NULL").fetchall()
    assert found == [(3 * 10**14 - 6,)]
