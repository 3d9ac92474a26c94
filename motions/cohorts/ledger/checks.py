"""Attribution checks: partner signups that would corrupt the organic figures, and the reverse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np

from motions.cohorts.contract import MOTIONS_AS_ROWS
from motions.cohorts.ledger.activity import Frame, fetch
from motions.cohorts.ledger.ledger import KEYS, Ledger, reduction
from motions.cohorts.ledger.sums import sums
from motions.cohorts.reading.by_account import by_account
from motions.cohorts.reading.engine import count as number_of
from motions.cohorts.reading.statements import statements

LISTED = 10_000

CHECKS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "two_motions",
        "Accounts that two motions claim",
        "The accounts file and a partner's customer list name another motion or partner: the accounts file counts.",
        ("accounts", "customers"),
    ),
    (
        "organic_with_partner",
        "Organic accounts with a partner id",
        "They count as organic although a partner brought them: set their motion.",
        ("accounts.partner_id",),
    ),
    (
        "motion_without_partner",
        "Partner motion without a partner id",
        "They count for the motion, but for no partner: add the partner id.",
        ("accounts.motion",),
    ),
    (
        "unknown_partner",
        "Partner ids that are not in the partner list",
        "They count for the motion, but no partner is credited: add the partner or correct the id.",
        ("accounts.partner_id", "partners"),
    ),
    (
        "other_motion_than_partner",
        "Accounts in another motion than their partner",
        "One of the two is wrong: they count for the motion of the account.",
        ("accounts.partner_id", "accounts.motion", "partners"),
    ),
    (
        "signup_before_partner",
        "Signups before their partner was recruited",
        "The partner can't have brought them: check the partner id or the date.",
        ("accounts.partner_id", "partners"),
    ),
    (
        "activated_before_signup",
        "Activation before the signup",
        "They count as activated in time: check the two dates.",
        ("accounts.activated_on",),
    ),
    (
        "revenue_without_account",
        "Revenue of unknown accounts",
        "It is in no figure, as nobody knows its motion: add the accounts.",
        ("accounts", "revenue"),
    ),
    (
        "revenue_before_signup",
        "Revenue before the signup",
        "It is counted in its month: check the date of the signup.",
        ("accounts", "revenue"),
    ),
    (
        "spend_for_unknown_partner",
        "Spend for unknown partners",
        "It is counted; without a motion of its own it is unassigned: add the partner or correct the id.",
        ("spend.partner_id", "partners"),
    ),
)
"""(name, title, what it means and the repair, tables and columns it needs), the ones that matter most first."""


MOVES = {
    "two_motions": "c.motion",
    "organic_with_partner": "COALESCE(p.motion, 'affiliate')",
    "motion_without_partner": "'organic'",
    "unknown_partner": "'organic'",
    "other_motion_than_partner": "p.motion",
    "signup_before_partner": "'organic'",
    "activated_before_signup": "a.motion",
    "revenue_before_signup": "a.motion",
    "revenue_without_account": "'affiliate'",
}
"""Where the accounts of a check are moved to for the worst case; partner motions are looked at together."""
MOST_MOVED = 200_000


@dataclass(frozen=True)
class Finding:
    """One check: how many it found, None when a file for it is missing, and up to LISTED of them."""

    name: str
    title: str
    meaning: str
    count: int | None
    needs: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str], ...]
    """(account, motion, partner, detail)"""
    moved: Frame | None = None
    """what by_cohort gains and loses when these accounts are moved to the other side"""
    moved_partners: Frame | None = None
    """the same for by_partner"""
    spent: Frame | None = None
    """what by_spend loses when these postings are left out"""

    def worst_case(self, ledger: Ledger) -> Ledger | None:
        """Return the ledger with what was found on the other side, or none where that changes nothing."""
        if self.moved is not None and self.moved_partners is not None and len(self.moved["month"]):
            return replace(
                ledger,
                by_cohort=_added(ledger.by_cohort, self.moved),
                by_partner=_added(ledger.by_partner, self.moved_partners),
                # Their ages and ends are not told apart: figures that need them are unknown.
                by_age=_none(ledger.by_age),
                by_spell=_none(ledger.by_spell),
                by_partner_spell=_none(ledger.by_partner_spell),
            )
        if self.spent is not None and len(self.spent["month"]):
            return replace(ledger, by_spend=_added(ledger.by_spend, self.spent))
        return None


def _none(frame: Frame) -> Frame:
    return {name: values[:0] for name, values in frame.items()}


def _added(one: Frame, other: Frame) -> Frame:
    """Rows of both; measures of the same place add up wherever they are read, so that negative rows take away."""
    return {name: np.concatenate([values, other[name]]) for name, values in one.items()}


def sql_of_checks() -> dict[str, str]:
    """Return the SELECT of each check by its name."""
    return dict(statements(Path(__file__).with_name("checks.sql")))


def run_checks(
    con: duckdb.DuckDBPyConnection,
    has: frozenset[str],
    repeated: Sequence[str],
    progress: Callable[[float, str], None],
) -> tuple[Finding, ...]:
    """Run every check whose tables are there, after the reduction: its steps are run again for the worst cases."""
    sql = sql_of_checks()
    con.execute(f"CREATE OR REPLACE TEMP TABLE motions AS {MOTIONS_AS_ROWS}")
    findings: list[Finding] = []
    few = False
    for number, (name, title, meaning, needs) in enumerate(CHECKS):
        progress(0.6 * number / len(CHECKS), "Checking attribution")
        missing = tuple(need for need in needs if need not in has)
        if missing:
            # A list of customers is one more thing to compare with: nobody has to have it.
            if name != "two_motions":
                findings.append(Finding(name, title, meaning, None, missing, ()))
            continue
        if name == FIRST_OF_REVENUE:
            few = _few_are_odd(con, _movable(findings))
        con.execute(f"CREATE OR REPLACE TEMP TABLE found_{name} AS {sql[name]}")
        rows = con.execute(f"SELECT * FROM found_{name} ORDER BY account, partner LIMIT {LISTED}").fetchall()
        count = len(rows) if len(rows) < LISTED else number_of(con, f"found_{name}")
        findings.append(Finding(name, title, meaning, count, (), tuple(rows)))
    progress(0.6, "Working out worst cases")
    if few:
        con.execute("DROP VIEW temp.revenue")
    elif names := _movable(findings):
        con.execute(f"CREATE OR REPLACE TEMP TABLE found_revenue AS {_revenue_of_found(names)}")
    moved = _moved(con, _movable(findings))
    findings = [
        replace(
            one,
            moved=moved.get(one.name, (None, None))[0],
            moved_partners=moved.get(one.name, (None, None))[1],
            spent=_left_out(con, one),
        )
        for one in findings
    ]
    if "accounts" in has:
        said = "Only the first row of each counts; the others are among the rejected rows."
        rows = [(account, "", "", "") for account in repeated[:LISTED]]
        findings.append(
            Finding("duplicate_account", "Accounts with several rows", said, len(repeated), (), tuple(rows))
        )
    return tuple(findings)


FIRST_OF_REVENUE = "revenue_without_account"
"""The first check that looks at revenue: those before it look at accounts."""
_ODD = (
    "SELECT r.account_id AS account FROM {by_account} r LEFT JOIN accounts a ON a.account_id = r.account_id "
    "WHERE a.account_id IS NULL OR r.first_month < a.signup_month"
)
"""The accounts that checks of revenue will find."""


def _movable(findings: Sequence[Finding]) -> list[str]:
    """The checks whose accounts are moved for the worst case."""
    return [one.name for one in findings if one.count and one.count <= MOST_MOVED and one.name in MOVES]


def _few_are_odd(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> bool:
    """Make a table of the revenue of all accounts that anything was or will be found of, which hides that of others.

    Then all of revenue is gone through once, and not for each check; unless there are too many of them.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE found_odd AS {_ODD.format(by_account=by_account(con))}")
    if number_of(con, "found_odd") > MOST_MOVED:
        return False
    con.execute(f"CREATE OR REPLACE TEMP TABLE found_revenue AS {_revenue_of_found([*names, 'odd'])}")
    con.execute("CREATE TEMP VIEW revenue AS SELECT * FROM found_revenue")
    return True


def _revenue_of_found(names: Sequence[str]) -> str:
    named = " UNION ".join(f"SELECT account FROM found_{name}" for name in names)
    return f"SELECT account_id, month, mrr FROM revenue WHERE account_id IN ({named})"


def _moved(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> dict[str, tuple[Frame, Frame]]:
    """What by_cohort and by_partner lose and gain when the accounts of each check are moved.

    The ledger adds up accounts, so it is enough to reduce those that were found, once as they are and once moved. They
    stand in tables that hide those of all accounts; check and side are carried through in segment and partner.
    """
    if not names:
        return {}
    accounts, revenue = [], []
    for name in names:
        for side in ("-", "+"):
            if name != "revenue_without_account" or side == "+":
                accounts.append(_accounts_of(name, side))
                revenue.append(_revenue_of(name, side))
    labels = " UNION ALL ".join(
        f"SELECT '{name}' || chr(1) || '{side}' || account_id AS account_id FROM memory.main.earlier"
        for name in names
        for side in "-+"
    )
    con.execute(f"CREATE TEMP TABLE earlier AS {labels}")
    con.execute(f"CREATE TEMP TABLE accounts AS {' UNION ALL '.join(accounts)}")
    con.execute(f"CREATE TEMP TABLE revenue AS {' UNION ALL '.join(revenue)}")
    try:
        found = sums(con, dict(reduction()))
    finally:
        con.execute("DROP TABLE temp.earlier")
        con.execute("DROP TABLE temp.accounts")
        con.execute("DROP TABLE temp.revenue")
    both = [_signed(found.by_cohort, "segment"), _signed(found.by_partner, "partner_id")]
    # Who has no partner does not stand in the partner ledger.
    both[1] = {name: values[both[1]["partner_id"] != ""] for name, values in both[1].items()}
    return {check: (_of_check(both[0], check), _of_check(both[1], check)) for check in names}


def _signed(rows: Frame, labelled: str) -> Frame:
    """Measures of the accounts as they are are taken away; the label goes back to being what it was."""
    labels = rows[labelled].tolist()
    parts = {label: label.split("\x01", 2) for label in set(labels)}  # few: not one for each row
    check, side, own = np.array([parts[label] for label in labels], dtype=object).reshape(-1, 3).T
    sign = np.where(side == "+", 1, -1)
    signed = {name: values if name in KEYS else values * sign for name, values in rows.items()}
    return signed | {labelled: own, "check": check}


def _of_check(rows: Frame, check: str) -> Frame:
    return {name: values[rows["check"] == check] for name, values in rows.items() if name != "check"}


def _accounts_of(check: str, side: str) -> str:
    """SQL: the accounts of a check as they are (-) or moved (+), under ids of their own."""
    label = f"'{check}' || chr(1) || '{side}'"
    if check == "revenue_without_account":  # they signed up when they first paid, as far as anybody knows
        return (
            f"SELECT {label} || account_id AS account_id, {MOVES[check]} AS motion, {label} || chr(1) AS partner_id, "
            f"{label} || chr(1) AS segment, MIN(month) AS signup_month, MIN(month) * 30 AS signup_day, "
            "CAST(NULL AS INTEGER) AS activated_month, -1 AS activated_day, -1 AS pql_month "
            f"FROM found_revenue WHERE account_id IN (SELECT account FROM found_{check}) GROUP BY account_id"
        )
    motion = MOVES[check] if side == "+" else "a.motion"
    activated = "NULL" if (check, side) == ("activated_before_signup", "+") else "a.activated_day"
    return (
        f"SELECT {label} || a.account_id AS account_id, {motion} AS motion, "
        f"{label} || chr(1) || a.partner_id AS partner_id, "
        f"{label} || chr(1) || a.segment AS segment, a.signup_month, a.signup_day, "
        f"a.activated_month, CAST({activated} AS INTEGER) AS activated_day, a.pql_month FROM memory.main.accounts a "
        "LEFT JOIN memory.main.partners p ON p.partner_id = a.partner_id "
        "LEFT JOIN memory.main.customers c ON c.account_id = a.account_id "
        f"WHERE a.account_id IN (SELECT account FROM found_{check})"
    )


def _revenue_of(check: str, side: str) -> str:
    """SQL: the revenue of those accounts; moved, the months before the signup are left out where they are at fault."""
    late = ""
    if (check, side) == ("revenue_before_signup", "+"):
        late = " AND r.month >= (SELECT a.signup_month FROM memory.main.accounts a WHERE a.account_id = r.account_id)"
    return (
        f"SELECT '{check}' || chr(1) || '{side}' || r.account_id AS account_id, r.month, r.mrr "
        f"FROM found_revenue r WHERE r.account_id IN (SELECT account FROM found_{check}){late}"
    )


def _left_out(con: duckdb.DuckDBPyConnection, finding: Finding) -> Frame | None:
    """What by_spend loses without the postings for partners that nobody knows."""
    if finding.name != "spend_for_unknown_partner" or not finding.count:
        return None
    return fetch(
        con,
        "(SELECT COALESCE(s.motion, 'unassigned') AS motion, s.kind, s.month, CAST(-SUM(s.amount) AS BIGINT) AS amount "
        "FROM spend s LEFT JOIN partners p ON p.partner_id = s.partner_id "
        "WHERE s.partner_id IS NOT NULL AND p.partner_id IS NULL GROUP BY 1, 2, 3)",
    )
