"""A program whose figures can be checked in the head: the examples of the metrics are worked on it.

There are ten of each account and ten of each partner, so that nothing is too few; each account A has its own partner
P1, which also brought the B beside it. Everything is read at the end of January 2026.

    account   motion      partner   signed up   activated    qualified   pays a month
    A         affiliate   P1        2024-12     on day 2     no          100 from 2025-01, 120 from 2025-07
    B         affiliate   P1        2024-12     no           no          100 from 2025-01, left in 2025-07
    C         affiliate   P2        2025-03     on day 10    2025-03     80 from 2025-06
    D         affiliate   P2        2025-06     no           2025-06     nothing
    O         organic               2024-12     on day 3     no          200 from 2025-01
    Q         organic               2025-05     on day 4     2025-05     100 from 2025-08

P1 joined in 2024-11, P2, P3 and P4 in 2025-02. In 2025-02 and again in 2026-01 each P1 and each P2 was paid 31, running
the program took 580, and marketing for organic 1,800.
"""

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from motions.cohorts.contract import BY_NAME
from motions.cohorts.ledger.ledger import Ledger, reduce
from motions.cohorts.reading.engine import connect
from motions.cohorts.reading.months import look
from motions.cohorts.reading.read import create_table

TIMES = 10
JANUARY = 2026 * 12
_ACCOUNTS: tuple[tuple[str, str, str, date, int | None, date | None, dict[date, int]], ...] = (
    ("A", "affiliate", "P1", date(2024, 12, 10), 2, None, {date(2025, 1, 1): 100, date(2025, 7, 1): 120}),
    ("B", "affiliate", "P1", date(2024, 12, 20), None, None, {date(2025, 1, 1): 100, date(2025, 7, 1): 0}),
    ("C", "affiliate", "P2", date(2025, 3, 5), 10, date(2025, 3, 15), {date(2025, 6, 1): 80}),
    ("D", "affiliate", "P2", date(2025, 6, 1), None, date(2025, 6, 20), {}),
    ("O", "organic", "", date(2024, 12, 1), 3, None, {date(2025, 1, 1): 200}),
    ("Q", "organic", "", date(2025, 5, 2), 4, date(2025, 5, 20), {date(2025, 8, 1): 100}),
)
_PARTNERS = (("P1", date(2024, 11, 1)), *((name, date(2025, 2, 1)) for name in ("P2", "P3", "P4")))


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _days(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _accounts(number: str) -> Iterator[dict[str, Any]]:
    for name, motion, partner, signed_up, days, qualified, _ in _ACCOUNTS:
        yield {
            "account_id": name + number,
            "motion": motion,
            "partner_id": partner and partner + number,
            "signup_month": _month(signed_up),
            "signup_day": _days(signed_up),
            "activated_month": None if days is None else _month(signed_up + timedelta(days)),
            "activated_day": None if days is None else _days(signed_up) + days,
            "pql_month": None if qualified is None else _month(qualified),
            "segment": "",
        }


def _revenue(number: str) -> Iterator[dict[str, Any]]:
    for name, *_, pays in _ACCOUNTS:
        for month in range(min(map(_month, pays), default=JANUARY + 1), JANUARY + 1):
            last = max(day for day in pays if _month(day) <= month)
            yield {"account_id": name + number, "month": month, "mrr": pays[last] * 100}


def _partners(number: str) -> Iterator[dict[str, Any]]:
    for name, joined in _PARTNERS:
        who = {"partner_id": name + number, "name": name + number, "motion": "affiliate"}
        yield who | {"recruited_month": _month(joined), "recruited_day": _days(joined)}


def _payouts(number: str) -> Iterator[dict[str, Any]]:
    for name in ("P1", "P2"):
        yield from _postings("payout", "affiliate", 31, name + number)


def _postings(kind: str, motion: str, amount: int, partner: str | None = None) -> Iterator[dict[str, Any]]:
    for month in (JANUARY - 11, JANUARY):
        yield {"month": month, "amount": amount * 100, "kind": kind, "motion": motion, "partner_id": partner}


def _reduced() -> Ledger:
    made = {"accounts": _accounts, "revenue": _revenue, "partners": _partners, "spend": _payouts}
    rows = {name: [row for number in range(TIMES) for row in make(f"-{number}")] for name, make in made.items()}
    rows["spend"] += [*_postings("program", "affiliate", 580), *_postings("marketing", "organic", 1800)]
    with tempfile.TemporaryDirectory() as folder, connect(Path(folder)) as con:
        for name, its in rows.items():
            create_table(con, BY_NAME[name])
            con.register("made", pd.DataFrame(its, dtype=object))
            con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM made")
            con.unregister("made")
        con.execute("CREATE TABLE earlier (account_id VARCHAR)")
        read_on = date(2026, 2, 1)
        cover = look(lambda sql: con.execute(sql).fetchall(), read_on)
        has = {*rows, "accounts.motion", "accounts.partner_id", "accounts.activated_on", "accounts.pql_on"}
        return reduce(con, frozenset(has), "USD", read_on, cover)


LEDGER = _reduced()
"""The program as a cohort ledger."""
