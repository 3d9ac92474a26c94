"""The accounts that partners brought, month by month: what payout terms are applied to. One set a partner motion.

Sums are not enough here: a commission looks at how old a customer is, and is rounded for each payment. So this is read
from the tables of the contract while they are there (`load_program`, `then`). Rows are integers, and on disk where a
folder is given: a page that shows them holds none of them in memory.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from motions.cohorts.ledger.activity import Frame
from motions.cohorts.reading.not_used import NOT_USED, make_not_used
from motions.names import PARTNER_MOTIONS

Ints = NDArray[np.integer[Any]]
NOBODY, NOT_SAID = -1, -2


@dataclass(frozen=True)
class NotUsed:
    """What the partner list says of a partner's terms and nothing is made of."""

    partner: int
    what: str
    """the column of the contract: commission_rate, uplift, own_reward or recruited_by"""
    cell: str
    line: int | None


@dataclass(frozen=True)
class Attributed:
    """One motion's accounts with a partner. Money is integer minor units, months are 12 × year + month − 1.

    Partners are all that brought an account of the motion, are listed under it, were paid for it, or recruited one of
    these, by id.
    """

    motion: str
    partner_ids: tuple[str, ...]
    payments: Frame
    """one row a paid month, sorted by account and month: account, month, revenue"""
    customers: Frame
    """one row an account that ever paid, sorted by partner: partner, first_month, place among its partner's new ones"""
    signups: Frame
    """partner, month, signups"""
    paid: Frame
    """what was really paid: partner (−1: nobody was named), month, amount"""
    without_partner: int
    """accounts of the motion that name no partner"""
    before: int = 0
    """customers of before: nobody knows since when they pay, so that no term that counts months can be applied"""
    own: Frame = field(default_factory=dict)
    """a row a partner: its recruiter, rate and uplift in millionths, reward in minor units; NOBODY where it has none of
    its own, NOT_SAID where that is not known. `until` is the month in which its partnership ended, far away where it
    did not; `line` that of the partner list, NOBODY where nobody knows"""
    not_used: tuple[NotUsed, ...] = ()
    """what can't be read of these, or waits for an answer, or can't be"""
    recruiters_known: bool = False
    """whether a partner list says who recruited whom"""

    def of_own(self, name: str) -> Ints:
        """What each partner has of its own, of one column of `own`; NOBODY for all where no file says anything."""
        return self.own.get(name, np.full(len(self.partner_ids), NOBODY, dtype=np.int64))

    @property
    def rows(self) -> int:
        """How many paid months there are."""
        return len(self.payments["month"])

    @cached_property
    def first_month(self) -> int:
        """The first month with a signup or a payment."""
        months = [frame["month"] for frame in (self.payments, self.signups) if len(frame["month"])]
        return min((int(column.min()) for column in months), default=0)

    @cached_property
    def offsets(self) -> Ints:
        """Where each partner's rows of `payments` begin, and the end of the last."""
        first = np.searchsorted(self.customers["partner"], np.arange(len(self.partner_ids) + 1))
        offsets: Ints = np.searchsorted(self.payments["account"], first)
        return offsets


def read_attributed(con: duckdb.DuckDBPyConnection, folder: Path | None = None) -> dict[str, Attributed]:
    """Return the accounts of each partner motion that has some, or partners, or payouts.

    `con` holds the tables of the contract in one currency; `folder` is private and outlives the result.
    """
    make_not_used(con)
    for name, sql in _STEPS.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    found = {motion: _of(con, motion, folder) for motion in PARTNER_MOTIONS}
    return {motion: one for motion, one in found.items() if one.partner_ids}


def _of(con: duckdb.DuckDBPyConnection, motion: str, folder: Path | None) -> Attributed:
    where = f"WHERE motion = '{motion}'"
    ids = con.execute(f"SELECT partner_id FROM payees {where} ORDER BY partner").fetchall()
    without = con.execute(f"SELECT count(*) FROM accounts {where} AND partner_id = ''").fetchall()[0][0]
    earlier = f"{where} AND partner_id <> '' AND account_id IN (SELECT account_id FROM earlier)"
    before = con.execute(f"SELECT count(*) FROM accounts {earlier}").fetchall()[0][0]
    return Attributed(
        motion=motion,
        partner_ids=tuple(row[0] for row in ids),
        payments=_kept(_fetched(con, _PAYMENTS.format(where=where)), folder, motion),
        customers=_fetched(con, f"SELECT partner, first_month, place FROM buyers {where} ORDER BY account"),
        signups=_fetched(con, f"SELECT partner, month, signups FROM partner_signups {where} ORDER BY partner, month"),
        paid=_fetched(con, f"SELECT partner, month, amount FROM partner_payouts {where} ORDER BY partner, month"),
        without_partner=int(without),
        before=int(before),
        own=_fetched(
            con, f"SELECT recruiter, rate, uplift, reward, until, line FROM partner_terms {where} ORDER BY partner"
        ),
        not_used=tuple(NotUsed(*row) for row in con.execute(_NOT_USED.format(where=where)).fetchall()),
        recruiters_known=bool(con.execute("SELECT count(recruited_by) FROM partners").fetchall()[0][0]),
    )


def _fetched(con: duckdb.DuckDBPyConnection, sql: str) -> Frame:
    return {name: np.asarray(values) for name, values in con.execute(sql).fetchnumpy().items()}


def _kept(frame: Frame, folder: Path | None, motion: str) -> Frame:
    """Keep columns on disk, where there is a folder."""
    if folder is None:
        return frame
    kept = {}
    for name, values in frame.items():
        path = folder / f"{motion}-{name}.npy"
        path.unlink(missing_ok=True)  # who still reads the one before keeps it
        np.save(path, values)
        # Nothing can be mapped of a file without rows.
        kept[name] = np.load(path, mmap_mode="r") if len(values) else values
    return kept


def _own(column: str) -> str:
    """SQL of what a partner has of its own: -1 stands in the list for what can't be read, null for nothing."""
    return f"CAST(CASE WHEN p.{column} = -1 THEN {NOT_SAID} ELSE COALESCE(p.{column}, {NOBODY}) END AS BIGINT)"


_OF_PARTNERS = f"motion IN ({', '.join(repr(name) for name in PARTNER_MOTIONS)})"
# In order: each makes the table of its name.
_STEPS = {
    "postings": """
SELECT COALESCE(s.motion, p.motion, 'unassigned') AS motion, s.partner_id, s.month, s.amount
FROM spend s LEFT JOIN partners p ON p.partner_id = s.partner_id
WHERE s.kind = 'payout'""",
    "sellers": f"""
SELECT motion, partner_id
FROM (SELECT motion, partner_id FROM accounts WHERE partner_id <> ''
      UNION SELECT motion, partner_id FROM partners
      UNION SELECT motion, partner_id FROM postings WHERE partner_id IS NOT NULL) everybody
WHERE {_OF_PARTNERS}""",
    # Who recruited one of them, under whatever motion it is listed itself, is paid for it.
    "payees": """
SELECT motion, partner_id, CAST(ROW_NUMBER() OVER (PARTITION BY motion ORDER BY partner_id) - 1 AS INTEGER) AS partner
FROM (SELECT motion, partner_id FROM sellers
      UNION SELECT s.motion, p.recruited_by FROM sellers s JOIN partners p ON p.partner_id = s.partner_id
      WHERE p.recruited_by <> '') everybody""",
    "partner_terms": f"""
SELECT e.motion, e.partner,
       CAST(CASE WHEN p.partner_id IS NULL OR p.recruited_by = '' THEN {NOT_SAID} ELSE COALESCE(r.partner, {NOBODY}) END
            AS BIGINT) AS recruiter,
       {_own("commission_rate")} AS rate, {_own("uplift")} AS uplift, {_own("own_reward")} AS reward,
       CAST(COALESCE(p.ended_month, 1000000) AS BIGINT) AS until, CAST(COALESCE(p.line, {NOBODY}) AS BIGINT) AS line
FROM payees e LEFT JOIN partners p ON p.partner_id = e.partner_id
LEFT JOIN payees r ON r.motion = e.motion AND r.partner_id = p.recruited_by""",
    "buyers": """
SELECT b.motion, b.account_id, e.partner, b.first_month,
       CAST(ROW_NUMBER() OVER (PARTITION BY b.motion ORDER BY e.partner, b.signup_day, b.account_id) - 1 AS INTEGER)
           AS account,
       CAST(ROW_NUMBER() OVER (PARTITION BY b.motion, e.partner, b.first_month ORDER BY b.signup_day, b.account_id) - 1
            AS INTEGER) AS place
FROM (SELECT a.account_id, a.motion, a.partner_id, a.signup_day, MIN(r.month) AS first_month
      FROM accounts a JOIN revenue r ON r.account_id = a.account_id AND r.mrr > 0
      WHERE a.account_id NOT IN (SELECT account_id FROM earlier)
      GROUP BY a.account_id, a.motion, a.partner_id, a.signup_day) b
JOIN payees e ON e.motion = b.motion AND e.partner_id = b.partner_id""",
    "partner_signups": """
SELECT a.motion, e.partner, a.signup_month AS month, COUNT(*) AS signups
FROM accounts a JOIN payees e ON e.motion = a.motion AND e.partner_id = a.partner_id
GROUP BY a.motion, e.partner, a.signup_month""",
    "partner_payouts": """
SELECT s.motion, COALESCE(e.partner, -1) AS partner, s.month, CAST(SUM(s.amount) AS BIGINT) AS amount
FROM postings s LEFT JOIN payees e ON e.motion = s.motion AND e.partner_id = s.partner_id
GROUP BY s.motion, COALESCE(e.partner, -1), s.month""",
}
_NOT_USED = f"""
SELECT e.partner, n.what, n.cell, n.line
FROM (SELECT partner, partner_id FROM payees {{where}}) e JOIN {NOT_USED} n USING (partner_id)
ORDER BY e.partner, n.file, n.line, n.what"""
_PAYMENTS = """
SELECT b.account, CAST(r.month AS INTEGER) AS month, r.mrr AS revenue
FROM (SELECT account_id, account FROM buyers {where}) b JOIN revenue r ON r.account_id = b.account_id
WHERE r.mrr > 0 ORDER BY b.account, r.month"""
