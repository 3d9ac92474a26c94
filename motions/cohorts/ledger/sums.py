"""The tables that are added up, from arrays: what `ledger.sql` makes of accounts and revenue, on one machine.

Accounts have numbers from 0; what is known of them stands in columns in that order. An engine plans as long for each of
these steps as it takes here for all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from motions.cohorts.ledger.activity import Activity, Frame, activity, fetch, without
from motions.cohorts.ledger.measures import ALL, SQUARES

NUMBERED = """
SELECT a.account_id, CAST(ROW_NUMBER() OVER () - 1 AS INTEGER) AS account, CAST(c.cell AS INTEGER) AS cell,
       CAST(CASE WHEN t.partner_id = '' THEN 0 ELSE t.tie END AS INTEGER) AS tie, a.signup_month,
       a.account_id IN (SELECT account_id FROM earlier) AS earlier,
       COALESCE(CASE WHEN a.activated_day <> -1 THEN a.activated_day - a.signup_day END, 0) AS days,
       COALESCE(a.activated_day <> -1 AND a.signup_day IS NOT NULL, false) AS activated,
       COALESCE(a.activated_month, -1) AS activated_month, COALESCE(a.pql_month, -1) AS pql_month,
       a.signup_day IS NOT NULL AND a.activated_day IS DISTINCT FROM -1 AS observed,
       a.pql_month IS DISTINCT FROM -1 AS qualifiable
FROM accounts a
JOIN cells c ON c.cohort = a.signup_month AND c.motion = a.motion AND c.segment = a.segment
JOIN ties t ON t.motion = a.motion AND t.partner_id = a.partner_id
"""
"""The step `members`: an activation or a PQL of which nothing is known counts as none, and as not observed."""
WITHIN = (7, 14, 30, 60, 90)
"""Days of which it is told how many accounts activated within them."""


@dataclass(frozen=True)
class Sums:
    """What accounts and their payments come to, with the tables of `ledger.sql` by name."""

    cells: Frame
    ties: Frame
    members: Frame
    done: Activity
    follows: NDArray[np.int64]
    """the covered months of which the next is covered too"""

    @cached_property
    def by_cohort(self) -> Frame:
        """Signup cohort × motion × segment × activity month: every measure."""
        return _named(self._by("cell", self.done.cells), self.cells)

    @cached_property
    def by_partner(self) -> Frame:
        """Motion × partner × activity month: every measure."""
        return _named(self._by("tie", self.done.ties), self.ties)

    @cached_property
    def by_age(self) -> Frame:
        """Month of the first payment × motion × segment × months since."""
        rows = {name: values[self.done.cells["born"] >= 0] for name, values in self.done.cells.items()}
        keys = {"cohort": rows["born"], "cell": self._parts[rows["cell"]], "age": rows["month"] - rows["born"]}
        own = ("closing", "customers", "closing_squares")
        sums = {name: rows[name] for name in own} | {"products": rows["first_products"]}
        return self._of_parts(summed(keys, sums))

    @cached_property
    def by_spell(self) -> Frame:
        """Month of the first payment × motion × segment × month in which customers ended."""
        cells = self._parts[self.members["cell"][self.done.payers["account"]]]
        return self._of_parts(self._spells({"cohort": self.done.payers["born"], "cell": cells}))

    @cached_property
    def by_partner_spell(self) -> Frame:
        """The same by motion × partner."""
        ties = self.members["tie"][self.done.payers["account"]]
        return _named(self._spells({"tie": ties, "cohort": self.done.payers["born"]}), self.ties)

    @cached_property
    def by_event(self) -> Frame:
        """Signup cohort × motion × segment × month in which accounts activated, qualified, or paid first."""
        who, payers = self.members, self.done.payers
        came, leads = np.flatnonzero(who["activated"]), np.flatnonzero(who["pql_month"] >= 0)
        days = who["days"][came]
        parts = [
            (came, who["activated_month"][came], {"activated": np.ones_like(came), "activation_days": days,
                                                  "activation_squares": days * 1.0 * days}),
            (leads, who["pql_month"][leads], {"qualified": np.ones_like(leads)}),
            (payers["account"], payers["first_month"], {"bought": np.ones_like(payers["account"])}),
        ]  # fmt: skip
        names = ("activated", "activation_days", "qualified", "bought", "activation_squares")
        frames = [
            {"cell": who["cell"][own], "month": np.maximum(month, who["signup_month"][own]), **sums}
            for own, month, sums in parts
        ]
        return _named(summed(*_together(frames, ("cell", "month"), names)), self.cells)

    @cached_property
    def by_pql(self) -> Frame:
        """PQLs that became customers: signup cohort × motion × segment × month of the PQL and of the first payment."""
        payers = self.done.payers
        own = self.members["pql_month"][payers["account"]]
        here = own >= 0
        keys = {
            "cell": self.members["cell"][payers["account"][here]],
            "month": own[here],
            "bought_month": payers["first_month"][here],
        }
        return _named(summed(keys, {"pqls_bought": np.ones(int(here.sum()), np.int64)}), self.cells)

    def _by(self, key: str, rows: Frame) -> Frame:
        """Payments, what was there a month before, signups and PQLs, added up by cell or tie, and month."""
        keys = (key, "month")
        paid = summed({name: rows[name] for name in keys}, {n: v for n, v in rows.items() if n not in (*keys, "born")})
        later = {name: values[np.isin(paid["month"], self.follows)] for name, values in paid.items()}
        next_month = {
            key: later[key],
            "month": later["month"] + 1,
            "opening": later["closing"],
            "churn": later["leaving"],
            "starting": later["starting"],
            "churned_customers": later["leaving_customers"],
        }
        now = {name: values for name, values in paid.items() if name != "starting"} | {"opening": paid["carried"]}
        return summed(*_together([now, next_month, self._signups(key), self._pqls(key)], keys, ALL))

    def _signups(self, key: str) -> Frame:
        who = {name: values[self.members[key] > 0] for name, values in self.members.items()}
        days, activated = who["days"], who["activated"]
        sums = {
            "signups": np.ones(len(days), np.int64),
            **{f"activated_{most}": activated & (days <= most) for most in WITHIN},
            "activated": activated,
            "observed": who["observed"],
            "qualified": who["pql_month"] >= 0,
            "qualifiable": who["qualifiable"],
            "bought": who["bought"],
            "activation_days": days,
            "activation_squares": days * 1.0 * days,
        }
        return summed({key: who[key], "month": who["signup_month"]}, sums)

    def _pqls(self, key: str) -> Frame:
        here = (self.members[key] > 0) & (self.members["pql_month"] >= 0)
        who = {name: self.members[name][here] for name in (key, "pql_month", "bought")}
        sums = {"pqls": np.ones(int(here.sum()), np.int64), "pqls_bought": who["bought"]}
        return summed({key: who[key], "month": who["pql_month"]}, sums)

    def _spells(self, of: Frame) -> Frame:
        """Customers by some keys and the month in which they ended, without those of before or of no partner."""
        here = np.logical_and(of["cohort"] >= 0, of.get("tie", of["cohort"]) != 0)
        keys = {name: values[here] for name, values in (of | {"ended_month": self.done.payers["ended_month"]}).items()}
        return summed(keys, {"customers": np.ones(int(here.sum()), np.int64)})

    @cached_property
    def _parts(self) -> NDArray[np.int64]:
        """For each cell the first one of the same motion and segment, whatever the cohort; cells are told from 1 on."""
        pairs = zip(self.cells["motion"].tolist(), self.cells["segment"].tolist(), strict=True)
        first: dict[tuple[str, str], int] = {}
        return np.array([0, *(first.setdefault(pair, at) for at, pair in enumerate(pairs, 1))], np.int64)

    def _of_parts(self, rows: Frame) -> Frame:
        """Rows by the first cell of a motion and segment, with the names of these."""
        return _named(rows, {name: values for name, values in self.cells.items() if name != "cohort"})


def sums(con: duckdb.DuckDBPyConnection, steps: Mapping[str, str]) -> Sums:
    """Add up whatever tables are called accounts, revenue, covered and earlier now; `steps` are those of `ledger.sql`.

    Leaves the tables cells, ties and members.
    """
    for name, sql in (("cells", steps["cells"]), ("ties", steps["ties"]), ("members", NUMBERED)):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    cells, ties = without(fetch(con, "cells ORDER BY cell"), "cell"), without(fetch(con, "ties ORDER BY tie"), "tie")
    found = fetch(con, "(SELECT * EXCLUDE (account_id) FROM members)")
    order = np.argsort(found["account"])
    members = {name: values[order] for name, values in without(found, "account").items()}
    done = activity(con, members)
    members["bought"] = np.zeros(len(order), bool)
    members["bought"][done.payers["account"]] = True
    follows = fetch(con, "(SELECT month FROM covered WHERE follows = 1)")["month"]
    return Sums(cells, ties, members, done, follows)


def summed(keys: Frame, columns: Frame) -> Frame:
    """Return columns added up over the rows that share all keys, which are whole numbers.

    >>> found = summed({"key": np.array([5, 3, 5])}, {"sum": np.array([1, 2, 4])})
    >>> found["key"].tolist(), found["sum"].tolist()
    ([3, 5], [2, 5])
    """
    code = np.zeros(len(next(iter(keys.values()))), np.int64)
    for values in keys.values():
        low = values.min(initial=0)
        code = code * (int(values.max(initial=0)) - low + 1) + (values - low)
    order = np.argsort(code, kind="stable")
    code = code[order]
    starts = np.flatnonzero(np.diff(code, prepend=code[:1] - 1))
    first = order[starts]
    total = (
        {name: np.add.reduceat(values[order], starts, dtype=_wide(values)) for name, values in columns.items()}
        if len(code)
        else columns
    )
    return {name: values[first].astype(np.int32) for name, values in keys.items()} | total


def _wide(values: NDArray[Any]) -> type:
    return np.float64 if values.dtype.kind == "f" else np.int64


def _together(frames: Sequence[Frame], keys: Sequence[str], names: Sequence[str]) -> tuple[Frame, Frame]:
    """The keys of several frames, and columns of them, which are zero where a frame does not have one."""
    sizes = [len(frame[keys[0]]) for frame in frames]

    def joined(name: str) -> NDArray[Any]:
        kind = np.float64 if name in SQUARES else np.int64
        return np.concatenate([one.get(name, np.zeros(size, kind)) for one, size in zip(frames, sizes, strict=True)])

    return {name: joined(name) for name in keys}, {name: joined(name) for name in names}


def _named(rows: Frame, names: Frame) -> Frame:
    """Rows with the names that their cell or tie stands for, in its place."""
    found = Frame()
    for key, values in rows.items():
        found |= {name: own[values - 1] for name, own in names.items()} if key in ("cell", "tie") else {key: values}
    return found
