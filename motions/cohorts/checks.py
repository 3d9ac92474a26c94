"""Attribution checks: partner signups that would corrupt the organic figures, and the reverse."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from motions.cohorts.ledger import statements

LISTED = 10_000

CHECKS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
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


def run_checks(
    con: duckdb.DuckDBPyConnection, has: frozenset[str], progress: Callable[[float, str], None]
) -> tuple[Finding, ...]:
    """Run every check whose tables are there."""
    sql = dict(statements(Path(__file__).with_name("checks.sql")))
    findings = []
    for number, (name, title, meaning, needs) in enumerate(CHECKS):
        progress(number / len(CHECKS), "Checking attribution")
        missing = tuple(need for need in needs if need not in has)
        if missing:
            findings.append(Finding(name, title, meaning, None, missing, ()))
            continue
        con.execute(f"CREATE OR REPLACE TEMP TABLE found AS {sql[name]}")
        count = int(con.execute("SELECT count(*) FROM found").fetchall()[0][0])
        rows = con.execute(f"SELECT * FROM found ORDER BY account, partner LIMIT {LISTED}").fetchall()
        findings.append(Finding(name, title, meaning, count, (), tuple(rows)))
    return tuple(findings)
