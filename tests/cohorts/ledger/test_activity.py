"""The sums over payments from arrays are those of `ledger.sql`."""

import random

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions.cohorts.ledger import activity
from motions.cohorts.ledger.ledger import reduction
from motions.cohorts.ledger.sums import sums
from tests.conftest import examples

MOTIONS, PARTNERS, SEGMENTS = ("organic", "affiliate", "reseller"), ("", "P1", "P2"), ("", "small")
TABLES = ("by_cohort", "by_partner", "by_age", "by_spell", "by_partner_spell", "by_event", "by_pql")


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
        signup, day = choose.randint(24280, 24290), choose.choice([number, number, None])
        days = choose.choice([(None, None), (-1, -1), *((signup + at, number + 30 * at) for at in (-1, 0, 2, 5))])
        pql = choose.choice([None, -1, signup - 1, signup, signup + 3])
        row = [f"A{number}", signup, day, words[0], words[1], *days, pql, words[2]]
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


def rows(frame, floats):
    """The columns of a table that are doubles, or those that are not, with its rows in order."""
    names = sorted(frame, key=lambda name: (frame[name].dtype.kind == "f", name))
    ordered = sorted(zip(*(frame[name].tolist() for name in names), strict=True))
    return [[row[at] for at, name in enumerate(names) if (frame[name].dtype.kind == "f") == floats] for row in ordered]


def of_sql(con):
    """The tables that the statements of `ledger.sql` make, one after the other."""
    for name, sql in reduction():
        if name not in ("by_spend", "by_payout"):
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    found = {name: activity.fetch(con, name) for name in TABLES}
    return found | {name: activity.without(found[name], key) for name, key in ACROSS.items()}


ACROSS = {"by_cohort": "cell", "by_partner": "tie"}


def test_arrays_add_up_what_the_portable_sql_does_for_a_program_that_has_everything():
    same(engine(random.Random(7), 60, [*range(24278, 24306)], 0.2, unknown=0.1))


@pytest.mark.proof
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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activity, "MOST_CELLS", most)
        patch.setattr(activity, "TOGETHER", together)
        same(con)


def same(con):
    """Every table is the one that the statements make, with its types."""
    wanted, found = of_sql(con), sums(con, dict(reduction()))
    for name, frame in wanted.items():
        own = getattr(found, name)
        assert {key: values.dtype for key, values in own.items()} == {
            key: values.dtype for key, values in frame.items()
        }
        assert rows(own, floats=False) == rows(frame, floats=False)
        assert np.allclose(rows(own, floats=True), rows(frame, floats=True), rtol=1e-12, atol=0)


def test_sums_are_exact_beyond_what_a_float_holds():
    con = engine(random.Random(1), 3, [], 0)
    con.execute("INSERT INTO covered VALUES (24290, 0, 0)")
    for number in range(3):
        con.execute(f"INSERT INTO revenue VALUES ('A{number}', 24290, {10**14 - 1 - number})")
    con.execute("UPDATE accounts SET motion = 'organic', partner_id = '', segment = '', signup_month = 24290")
    assert sums(con, dict(reduction())).by_cohort["closing"].sum() == 3 * 10**14 - 6
