"""Revenue summed up by account is that of the rows as they are now."""

import duckdb

from motions.cohorts.ledger import checks
from motions.cohorts.reading.by_account import BITS, by_account, forget
from tests.cohorts.reading.rows import ACCOUNTS, REVENUE


def revenue(*rows):
    con = duckdb.connect()
    con.execute("CREATE TABLE revenue (account_id VARCHAR, month INTEGER, mrr BIGINT)")
    con.executemany("INSERT INTO revenue VALUES (?, ?, ?)", rows)
    return con


def found(con):
    rows = con.execute(f"SELECT * FROM {by_account(con)} ORDER BY account_id").fetchall()
    return {row[0]: row[1:] for row in rows}


def test_months_without_a_payment_count_as_rows_only():
    con = revenue(("A1", 10, 0), ("A1", 11, 5), ("A1", 13, 5), ("A1", 14, 0), ("A2", 12, 0))
    assert found(con) == {"A1": (4, False, 2, 11, 13), "A2": (1, False, 0, None, None)}


def test_two_rows_of_a_month_are_seen_however_far_the_months_are_apart():
    far = 10 + 3 * BITS
    con = revenue(("A1", 10, 5), ("A1", far, 5), ("A2", far, 5), ("A2", far, 5), ("A3", 10, 0), ("A3", 10, 5))
    assert {who: twice for who, (_, twice, *_) in found(con).items()} == {"A1": False, "A2": True, "A3": True}


def test_it_is_made_again_once_rows_went_or_are_others():
    con = revenue(("A1", 10, 5), ("A1", 11, 5), ("A2", 10, 5))
    assert {*found(con)} == {"A1", "A2"}
    con.execute("DELETE FROM revenue WHERE account_id = 'A2'")
    assert found(con) == {"A1": (2, False, 2, 10, 11)}
    con.execute("UPDATE revenue SET account_id = 'B1'")
    forget(con)
    assert {*found(con)} == {"B1"}
    con.execute("DELETE FROM revenue")
    assert found(con) == {}


def test_checks_of_revenue_find_the_same_in_all_of_it_and_in_that_of_odd_accounts(load, monkeypatch):
    revenue = REVENUE + "A1,2024-12,100\nA1,2024-11,0\nZZ,2025-02,5\nZZ,2025-03,0\n"
    few = load({"a.csv": ACCOUNTS, "r.csv": revenue})
    monkeypatch.setattr(checks, "MOST_MOVED", 0)
    many = load({"a.csv": ACCOUNTS, "r.csv": revenue})
    said = {one.name: one.rows for one in few.findings if "revenue" in one.name}
    assert said == {one.name: one.rows for one in many.findings if "revenue" in one.name}
    assert said["revenue_without_account"] == (("ZZ", "", "", "2 months of revenue"),)
    assert [row[::3] for row in said["revenue_before_signup"]] == [("A1", "1 months of revenue before the signup")]
