"""What paying accounts did, added up from arrays: the steps `payers` and `activity` of `ledger.sql` on one machine.

They are the steps that look at every payment. An engine has to sort these by account and month; here each stands in its
place among months × accounts, so that the month before and the one twelve months before are other rows. Only covered
months are among them.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from motions.cohorts.ledger.measures import PAUSE

Ints = NDArray[np.int64]
Frame = dict[str, NDArray[Any]]
"""Columns of one length by name."""
MOST_CELLS = 40_000_000
"""Months × accounts that are held together, 4 bytes each; of more accounts the payments are read in several turns.
Amounts of twenty million and more a month, of which hardly any program has one, take 8."""
TOGETHER = 1 << 15
"""Accounts that are added up in one go: their arrays stay in the processor's cache."""
READ_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Activity:
    """The two steps as columns of whole numbers, and of doubles for what only feeds intervals."""

    payers: Frame
    """one row an account that ever paid, by its number from 0: account, first_month, born, ended_month"""
    cells: Frame
    """by cell, born and month; rows may share their keys, as whoever reads them adds them up"""
    ties: Frame
    """by tie and month, of those with a partner"""


NEVER = 1_000_000
"""The month in which a customer ended that has not."""


def activity(con: duckdb.DuckDBPyConnection, members: Frame) -> Activity:
    """Add up `revenue` of the months in `covered` and the accounts in `members`, a table of their ids and numbers.

    `members` are also their columns, in the order of the numbers: cell, tie (0 without a partner), earlier.
    """
    months: Ints = np.asarray(con.execute("SELECT month FROM covered ORDER BY month").fetchnumpy()["month"], np.int64)
    ((most,),) = con.execute("SELECT COALESCE(max(mrr), 0) FROM revenue").fetchall()
    stored = np.int32 if most <= np.iinfo(np.int32).max else np.int64
    step = max(_most_cells(con, np.dtype(stored).itemsize) // max(len(months), 1), TOGETHER)
    found: dict[str, list[Frame]] = {"payers": [_NO_PAYERS], "cells": [_none("cell", "born")], "ties": [_none("tie")]}
    for start in range(0, len(members["cell"]) if len(months) else 0, step):
        some = {name: values[start : start + step] for name, values in members.items()}
        paid = _paid(con, months, start, len(some["cell"]), stored)
        for name, rows in _of_block(paid, months, start, some):
            found[name].append(rows)
    return Activity(**{name: _joined(rows) for name, rows in found.items()})


def _joined(frames: Sequence[Frame]) -> Frame:
    return {name: np.concatenate([one[name] for one in frames]) for name in frames[0]}


def _most_cells(con: duckdb.DuckDBPyConnection, size: int) -> int:
    """Cells that the memory of the reading has room for, see `read.connect`."""
    ((room,),) = con.execute("SELECT getvariable('array_bytes')").fetchall()
    return MOST_CELLS if room is None else min(MOST_CELLS, room // size)


def _of_block(paid: Ints, months: Ints, start: int, members: Frame) -> Iterator[tuple[str, Frame]]:
    """Yield rows of the tables of `Activity`: what the accounts from the number `start` on did."""
    first = (paid > 0).argmax(axis=0)
    payers = np.flatnonzero(paid[first, np.arange(len(first))])
    keys = {"cell": members["cell"], "tie": members["tie"], "born": np.where(members["earlier"], -1, months[first])}
    own = {"first_month": months[first], "born": keys["born"], "ended_month": _ended(paid, months, first)}
    yield "payers", {"account": payers + start, **{name: values[payers] for name, values in own.items()}}
    since = _Since(first, ~members["earlier"])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for table, names, who in (
            ("cells", ("cell", "born"), payers),
            ("ties", ("tie",), payers[keys["tie"][payers] > 0]),
        ):
            order = who[np.lexsort([keys[name][who] for name in reversed(names)])]
            groups = {name: keys[name] for name in names}
            parts = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]
            for added in pool.map(partial(_added_up, paid, months, since, groups), parts):
                yield table, added


def _ended(paid: Ints, months: Ints, first: Ints) -> NDArray[Any]:
    """The first of more than PAUSE covered months in a row without a payment of an account."""
    ended = np.full(paid.shape[1], NEVER, np.int64)
    silent = np.zeros(paid.shape[1], np.int16)
    for at in range(len(months)):
        silent += 1
        silent[(paid[at] > 0) | (first >= at)] = 0
        over = (silent == PAUSE + 1) & (ended == NEVER)
        ended[over] = months[max(at - PAUSE, 0)]
    return ended


def _paid(con: duckdb.DuckDBPyConnection, months: Ints, start: int, accounts: int, stored: type) -> Ints:
    """MRR as months × accounts, zero where nothing is paid."""
    paid: Ints = np.empty((len(months), accounts), stored)
    paid.fill(0)  # in order: to be given zeroed pages by the system one by one below would take longer
    place = np.zeros(int(months[-1] - months[0]) + 1, np.int64)
    place[months - months[0]] = np.arange(len(months)) * accounts
    flat = paid.reshape(-1)
    asked = con.sql(
        f"SELECT CAST(m.account - {start} AS INTEGER), CAST(r.month - {months[0]} AS SMALLINT), r.mrr "
        "FROM revenue r JOIN members m ON m.account_id = r.account_id "
        f"WHERE r.mrr > 0 AND m.account >= {start} AND m.account < {start + accounts}{_inside(months)}"
    )
    for batch in asked.to_arrow_reader(READ_AT_ONCE):
        # Not to_numpy, which would import pandas: half a second, as long as all else takes of a small program.
        account, month, mrr = (np.from_dlpack(column) for column in batch.columns)
        flat[place[month] + account] = mrr
    return paid


def _inside(months: Ints) -> str:
    """SQL: only covered months, in the way that costs least."""
    first, last = int(months[0]), int(months[-1])
    gaps = sorted(set(range(first, last + 1)) - set(months.tolist()))
    without = f" AND r.month NOT IN ({', '.join(map(str, gaps))})" if gaps else ""
    return f" AND r.month >= {first} AND r.month <= {last}{without}"


@dataclass(frozen=True)
class _Since:
    """The position of each account's first payment among the months, and whether it is its first of all."""

    first: Ints
    known: NDArray[np.bool_]


def _added_up(paid: Ints, months: Ints, since: _Since, groups: Frame, who: Ints) -> Frame:
    """Rows of `activity` of some accounts, which stand in the order of their groups."""
    own = {name: values[who] for name, values in groups.items()}
    changes = np.any([np.diff(values) != 0 for values in own.values()], axis=0)
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1])
    mine, begun = paid.take(who, axis=1).astype(np.int64), since.first[who]
    first_mrr = mine[begun, np.arange(len(who))]
    rows = {int(month): row for month, row in zip(months, mine, strict=True)}
    nothing = np.zeros(len(who), np.int64)
    found = []
    for at, (month, now) in enumerate(rows.items()):
        if not now.any():
            continue
        year, is_new = rows.get(month - 12, nothing), (begun == at) & since.known[who]
        sums = _sums(starts, now, rows.get(month - 1), rows.get(month + 1), year, first_mrr, is_new)
        keys = {name: values[starts] for name, values in own.items()} | {"month": np.full(len(starts), month)}
        some = sums["customers"] > 0
        found.append({name: values[some] for name, values in (keys | sums).items()})
    return {name: np.concatenate([one[name] for one in found]) for name in found[0]}


def _sums(
    starts: Ints, now: Ints, before: Ints | None, after: Ints | None, year: Ints, first_mrr: Ints,
    is_new: NDArray[np.bool_],
) -> Frame:  # fmt: skip
    """Sums of each group in a month, from the MRR in it, before, after, a year before and at first.

    What nobody paid is zero, so that the smaller of two amounts is zero where only one was paid. Where the month before
    is not known nothing is said to have changed; where the one after is not, nobody is said to have left.
    """
    total = partial(np.add.reduceat, indices=starts)
    count = partial(np.add.reduceat, indices=starts, dtype=np.int64)
    pays, paid_then = now > 0, year > 0
    leaves = np.zeros(len(now), bool) if after is None else pays & (after == 0)
    # Who is not new is carried into a month whose month before is not known, as if it had paid the same then.
    earlier = np.where(is_new, 0, now) if before is None else before
    stayed = np.minimum(now, earlier)
    closing, starting = total(now), total(np.where(earlier == 0, now, 0))
    new = total(np.where(is_new, now, 0))
    amount, then = now.astype(np.float64), year.astype(np.float64)
    kept = np.minimum(amount, then)
    nothing = np.zeros(len(starts), np.int64)
    return {
        "closing": closing,
        "customers": count(pays),
        "new_mrr": new,
        "new_customers": count(is_new),
        "carried": total(earlier) if before is None else nothing,
        "expansion": closing - starting - total(stayed),
        "contraction": total(np.where(pays, earlier, 0)) - total(stayed),
        "reactivation": starting - new,
        "leaving": total(np.where(leaves, now, 0)),
        "leaving_customers": count(leaves),
        "starting": nothing if after is None else count(pays),
        "retained_12": total(np.where(paid_then, now, 0)),
        "kept_12": total(np.minimum(now, year)),
        "closing_squares": total(amount * amount),
        "first_products": total(amount * first_mrr),
        "retained_squares": total(np.where(paid_then, amount, 0.0) * amount),
        "retained_products": total(amount * then),
        "kept_squares": total(kept * kept),
        "kept_products": total(kept * then),
    }


_MONTH = _sums(np.zeros(1, np.int64), *(np.zeros(1, np.int64),) * 5, np.zeros(1, bool))
"""The measures of a month, to tell their names and types."""
_NO_PAYERS = dict.fromkeys(("account", "first_month", "born", "ended_month"), np.zeros(0, np.int64))


def _none(*keys: str) -> Frame:
    """Return no rows of a table with these keys."""
    nothing = dict.fromkeys((*keys, "month"), np.zeros(0, np.int64))
    return nothing | {name: values[:0] for name, values in _MONTH.items()}


def fetch(con: duckdb.DuckDBPyConnection, table: str) -> Frame:
    """Return a table as columns: a number not known is NaN, a word is one object and not one a row."""
    found = con.execute(f"SELECT * FROM {table}").fetchnumpy()
    return {name: _values(column) for name, column in found.items()}


def _values(column: Any) -> NDArray[Any]:
    if column.dtype == object:
        known: dict[str | None, str | None] = {}
        return np.array([known.setdefault(word, word) for word in column.tolist()], dtype=object)
    # Masked only where something is not known: np.ma, which would tell, takes as long to import as many a query.
    if np.any(getattr(column, "mask", False)):
        return np.asarray(column.astype(np.float64).filled(np.nan))
    return np.asarray(column)


def without(frame: Frame, column: str) -> Frame:
    """Return a frame without one of its columns."""
    return {name: values for name, values in frame.items() if name != column}
