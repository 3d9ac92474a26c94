"""Checked tables to the cohort ledger: a few thousand rows of sums that every figure is read from.

`ledger.sql` is the reduction; it runs once. Afterwards only the arrays here are needed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
from numpy.typing import NDArray

from motions.cohorts.contract import KINDS, MOTIONS
from motions.cohorts.coverage import Coverage
from motions.cohorts.ledger.activity import Frame, fetch
from motions.cohorts.ledger.measures import filled
from motions.cohorts.ledger.sums import sums
from motions.cohorts.reading.statements import statements
from motions.names import NAMES, OWN, PARTNER_MOTIONS
from motions.text import month_name

_Found = TypeVar("_Found")
REMEMBERED = 5_000
"""Answers that a ledger keeps; some 700 are those of one set of settings."""
KEYS = ("cohort", "motion", "segment", "month", "partner_id")
"""Columns of by_cohort and by_partner that are no measures."""

SPEND_MOTIONS = (*MOTIONS, "unassigned")
LEDGER = Path(__file__).with_name("ledger.sql")


@dataclass(frozen=True)
class Ledger:
    """The reduced program. Money is integer minor units, months are 12 × year + month − 1.

    The tables of `ledger.sql`, and `partners`, the partner list. One that is narrowed to a part of the accounts knows
    no spend: `narrowed` says to which part. `has` names the tables and columns that the files held: `revenue`,
    `accounts.pql_on`.
    """

    by_cohort: Frame
    by_partner: Frame
    by_age: Frame
    by_spell: Frame
    by_partner_spell: Frame
    by_event: Frame
    by_pql: Frame
    by_spend: Frame
    by_payout: Frame
    partners: Frame
    last_month: int
    has: frozenset[str]
    currency: str | None
    read_on: date
    """the day of the reading: no account has had more days than up to it"""
    ages: tuple[int, ...] = ()
    """the ages in months that by_age knows, none named for all: a triangle has those of its columns"""
    narrowed: str = ""
    coverage: Coverage = field(default_factory=Coverage)
    events: bool = False
    """whether by_event and by_pql are known: not for one partner, nor in a ledger of version 1"""
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """what was worked out of it, to be found again; a part of the ledger has its own"""

    def once(self, key: object, found: Callable[[], _Found]) -> _Found:
        """Return what was found under a key, which names all that it depends on beside the ledger; found once."""
        # Of a motion of one's own a sentence holds the name, which may be another one in each session.
        key = (key, NAMES[OWN]) if OWN in self.motions else key
        known: _Found | None = self.memo.get(key)
        if known is None:
            if len(self.memo) >= REMEMBERED:
                self.memo.clear()
            known = self.memo[key] = found()
        return known

    @cached_property
    def motions(self) -> frozenset[str]:
        """The motions that accounts, partners or spend are of."""
        frames = (self.by_cohort, self.by_age, self.by_partner, self.by_spend, self.partners)
        return frozenset(str(name) for frame in frames for name in set(frame["motion"].tolist()))

    @cached_property
    def first_month(self) -> int:
        """The first month with anything in it; the last one where all spend is after it."""
        months = [frame["month"] for frame in (self.by_cohort, self.by_partner, self.by_spend) if len(frame["month"])]
        return min([self.last_month, *(int(column.min()) for column in months)])

    @cached_property
    def _monthly(self) -> dict[str, NDArray[Any]]:
        """Each measure of by_cohort as motions × months, from `first_month` on."""
        rows = self.by_cohort
        width = max(int(rows["month"].max(initial=self.last_month)), self.last_month) - self.first_month + 1
        flat = _codes(rows["motion"], MOTIONS) * width + (rows["month"] - self.first_month)
        tables = {}
        for name, values in rows.items():
            if name not in KEYS:
                table = np.zeros(len(MOTIONS) * width, dtype=values.dtype)
                np.add.at(table, flat, values)
                tables[name] = table.reshape(len(MOTIONS), width)
        return tables

    def between(self, measure: str, first: int, last: int) -> NDArray[Any]:
        """Sum of a measure over the months `first` to `last`, both included: one value a motion of MOTIONS."""
        start = max(first - self.first_month, 0)
        total: NDArray[Any] = self._monthly[measure][:, start : max(last - self.first_month + 1, 0)].sum(axis=1)
        return total

    def over(self, measure: str, months: Sequence[int]) -> NDArray[Any]:
        """Sum of a measure over some months: one value a motion of MOTIONS."""
        table = self._monthly[measure]
        here = [month - self.first_month for month in months if 0 <= month - self.first_month < table.shape[1]]
        total: NDArray[Any] = table[:, here].sum(axis=1)
        return total

    def knows_events(self, month: int) -> bool:
        """Return whether what had happened by a month is told apart from what happened later."""
        return month >= self.last_month or self.events

    def happened(self, measure: str, first: int, last: int, by: int) -> NDArray[Any]:
        """Sum of a measure of `by_event` over accounts signed up from `first` to `last`, as known at the end of `by`.

        One value a motion of MOTIONS. A ledger without events has what is known at its last month only.
        """
        if not self.events:
            return self.between(measure, first, last)
        rows = self.by_event
        here = (rows["cohort"] >= first) & (rows["cohort"] <= last) & (rows["month"] <= by)
        return self._by_motion(rows, measure, here)

    def pqls_bought(self, first: int, last: int, by: int) -> NDArray[Any]:
        """PQLs of the months `first` to `last` that were customers at the end of `by`: one value a motion."""
        if not self.events:
            return self.between("pqls_bought", first, last)
        rows = self.by_pql
        here = (rows["month"] >= first) & (rows["month"] <= last) & (rows["bought_month"] <= by)
        return self._by_motion(rows, "pqls_bought", here)

    def _by_motion(self, rows: Frame, measure: str, here: NDArray[np.bool_]) -> NDArray[Any]:
        total = np.zeros(len(MOTIONS), dtype=rows[measure].dtype)
        np.add.at(total, _codes(rows["motion"][here], MOTIONS), rows[measure][here])
        return total

    def at(self, measure: str, month: int) -> NDArray[Any]:
        """A measure in one month: one value a motion of MOTIONS, zero outside the ledger."""
        return self.between(measure, month, month)

    def series(self, measure: str) -> NDArray[Any]:
        """A measure as motions × months, from `first_month` to `last_month`."""
        return self._monthly[measure][:, : self.last_month - self.first_month + 1]

    def spend(self, first: int, last: int) -> NDArray[np.int64]:
        """Spend in the months `first` to `last` as SPEND_MOTIONS × KINDS, minor units."""
        start = max(first - self.first_month, 0)
        total: NDArray[np.int64] = self._spend[start : max(last - self.first_month + 1, 0)].sum(axis=0)
        return total

    def spend_over(self, months: Sequence[int]) -> NDArray[np.int64]:
        """Spend in some months as SPEND_MOTIONS × KINDS, minor units."""
        here = [month - self.first_month for month in months if 0 <= month - self.first_month < len(self._spend)]
        total: NDArray[np.int64] = self._spend[here].sum(axis=0)
        return total

    @cached_property
    def _spend(self) -> NDArray[np.int64]:
        """Spend as months × SPEND_MOTIONS × KINDS, from `first_month` on."""
        rows = self.by_spend
        width = int(rows["month"].max(initial=self.first_month)) - self.first_month + 1
        table = np.zeros((width, len(SPEND_MOTIONS), len(KINDS)), dtype=np.int64)
        at = rows["month"] - self.first_month, _codes(rows["motion"], SPEND_MOTIONS), _codes(rows["kind"], KINDS)
        np.add.at(table, at, rows["amount"])
        return table

    @cached_property
    def partner_motion(self) -> NDArray[np.int64]:
        """Position in MOTIONS of each listed partner's motion."""
        return _codes(self.partners["motion"], MOTIONS)

    @cached_property
    def partner_row(self) -> NDArray[np.int64]:
        """For each row of by_partner the position of its partner in the list, −1 for one that is not listed."""
        return self._listed(self.by_partner)

    @cached_property
    def payout_row(self) -> NDArray[np.int64]:
        """The same for each row of by_payout."""
        return self._listed(self.by_payout)

    def _listed(self, rows: Frame) -> NDArray[np.int64]:
        position = {name: at for at, name in enumerate(self.partners["partner_id"].tolist())}
        return np.array([position.get(name, -1) for name in rows["partner_id"].tolist()], dtype=np.int64)

    @cached_property
    def by_partner_motion(self) -> NDArray[np.bool_]:
        """For each row of by_partner whether its accounts are of a partner motion."""
        return np.isin(self.by_partner["motion"].astype(str), PARTNER_MOTIONS)

    def knows_age(self, months: int) -> bool:
        """Return whether by_age would have the customers of an age if there were some."""
        return not self.ages or months in self.ages

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The segments of the accounts, none when they are not told apart."""
        found = tuple(sorted(set(self.by_cohort["segment"].astype(str).tolist())))
        return found if found != ("",) else ()

    def of(self, segment: str | None = None, cohort: int | None = None) -> "Ledger":
        """Return the part of the ledger with the accounts of a segment, or that signed up in a month.

        Spend is not known by either. The ages of a signup cohort are those of the customers that first paid from it on,
        which the ledger does not tell apart by signup: they are left out.
        """
        parts = [f"segment {segment or 'without a name'}"] if segment is not None else []
        parts += [f"signups of {month_name(cohort)}"] if cohort is not None else []
        if not parts:
            return self

        def kept(rows: Frame, signup: str) -> Frame:
            here = np.ones(len(rows["motion"]), dtype=bool)
            if segment is not None:
                here &= rows["segment"] == segment
            if cohort is not None:
                here &= rows[signup] == cohort if signup else False
            return {name: column[here] for name, column in rows.items()}

        return replace(
            self,
            by_cohort=kept(self.by_cohort, "cohort"),
            by_age=kept(self.by_age, ""),
            by_spell=kept(self.by_spell, ""),
            by_event=kept(self.by_event, "cohort"),
            by_pql=kept(self.by_pql, "cohort"),
            narrowed=" and ".join(parts),
        )

    def of_partner(self, partner_id: str) -> "Ledger":
        """Return the part of the ledger with the accounts of one partner, and what it was paid.

        The partner ledger has the same measures, so that every metric can be read from it; its accounts are not told
        apart by signup cohort, nor their MRR by age.
        """
        rows = self.by_partner
        here = (rows["partner_id"].astype(str) == partner_id) & self.by_partner_motion
        own = self.partners["partner_id"].astype(str) == partner_id
        return self._of_partners(here, own, self.by_payout["partner_id"].astype(str) == partner_id)

    def of_others(self, partner_id: str) -> "Ledger":
        """Return the part of the ledger with the accounts of the other partners of a partner's motion."""
        listed, rows = self.partners, self.by_partner
        motion = listed["motion"][listed["partner_id"].astype(str) == partner_id][:1]
        others = np.isin(listed["motion"].astype(str), motion.astype(str))
        others &= listed["partner_id"].astype(str) != partner_id
        here = np.isin(rows["motion"].astype(str), motion.astype(str)) & self.by_partner_motion
        here &= rows["partner_id"].astype(str) != partner_id
        paid = np.isin(self.by_payout["partner_id"].astype(str), listed["partner_id"][others].astype(str))
        return self._of_partners(here, others, paid)

    def _of_partners(self, here: NDArray[np.bool_], listed: NDArray[np.bool_], paid: NDArray[np.bool_]) -> "Ledger":
        """The part of some rows of by_partner, of the partner list, and of by_payout."""
        rows, count = self.by_partner, int(here.sum())
        spells = self.by_partner_spell
        who = set(zip(rows["motion"][here].tolist(), rows["partner_id"][here].tolist(), strict=True))
        theirs = [pair in who for pair in zip(spells["motion"].tolist(), spells["partner_id"].tolist(), strict=True)]
        ends = {name: column[np.array(theirs, bool)] for name, column in spells.items() if name != "partner_id"}
        accounts = {name: column[here] for name, column in rows.items() if name != "partner_id"}
        own = np.flatnonzero(listed)
        motion = str(self.partners["motion"][own[0]]) if len(own) else "unassigned"
        return replace(
            self,
            by_cohort=accounts | {"cohort": accounts["month"], "segment": np.full(count, "", dtype=object)},
            by_age={name: column[:0] for name, column in self.by_age.items()},
            by_spell=ends | {"segment": np.full(len(ends["cohort"]), "", dtype=object)},
            events=False,
            by_spend={
                "motion": np.full(int(paid.sum()), motion, dtype=object),
                "kind": np.full(int(paid.sum()), "payout", dtype=object),
                "month": self.by_payout["month"][paid],
                "amount": self.by_payout["amount"][paid],
            },
            partners={name: column[own] for name, column in self.partners.items()},
        )

    @cached_property
    def spell_motion(self) -> NDArray[np.int64]:
        """Position in MOTIONS of each row of by_spell."""
        return _codes(self.by_spell["motion"], MOTIONS)

    @property
    def knows_ends(self) -> bool:
        """Return whether it is known when each customer ended: not of a signup cohort, nor in an earlier ledger."""
        won = len(self.by_age["cohort"]) or self.by_cohort["new_customers"].any()
        return bool(len(self.by_spell["cohort"])) or not won

    @cached_property
    def age_motion(self) -> NDArray[np.int64]:
        """Position in MOTIONS of each row of by_age."""
        return _codes(self.by_age["motion"], MOTIONS)


def _codes(words: NDArray[Any], known: tuple[str, ...]) -> NDArray[np.int64]:
    """Position of each word in `known`."""
    position = {word: at for at, word in enumerate(known)}
    unique, inverse = np.unique(words.astype(str), return_inverse=True)
    return np.array([position[word] for word in unique], dtype=np.int64)[inverse]


def reduction() -> Iterator[tuple[str, str]]:
    """Yield the statements of the reduction in order, every measure written out: each makes the table of its name."""
    return ((name, filled(sql)) for name, sql in statements(LEDGER))


def reduce(
    con: duckdb.DuckDBPyConnection,
    has: frozenset[str],
    currency: str | None,
    today: date,
    coverage: Coverage,
    progress: Callable[[float, str], None] = lambda share, step: None,
) -> Ledger:
    """Return the ledger of the tables of the contract, and `earlier`: what `ledger.sql` says, added up from arrays."""
    for name, sql in spans_of(coverage).items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    steps = dict(reduction())
    progress(0.0, "Adding up cohorts")
    found = sums(con, steps)
    progress(0.7, "Adding up cohorts")
    last = con.execute("SELECT last_month FROM span").fetchall()[0][0] or 0
    return Ledger(
        by_cohort=found.by_cohort,
        by_partner=found.by_partner,
        by_age=found.by_age,
        by_spell=found.by_spell,
        by_partner_spell=found.by_partner_spell,
        by_event=found.by_event,
        by_pql=found.by_pql,
        by_spend=fetch(con, f"({steps['by_spend']})"),
        by_payout=fetch(con, f"({steps['by_payout']})"),
        partners=fetch(con, f"({PARTNERS})"),
        last_month=last,
        has=has,
        currency=currency,
        read_on=today,
        coverage=coverage,
        events=True,
    )


# The as-of month: the last full one of revenue; without revenue the last signup, without accounts the last posting.
LAST_MONTH = """
SELECT CAST(COALESCE(
    CAST({revenue} AS INTEGER), (SELECT MAX(signup_month) FROM accounts),
    (SELECT MAX(month) FROM spend), (SELECT MAX(recruited_month) FROM partners)) AS INTEGER) AS last_month
"""


def spans_of(coverage: Coverage) -> dict[str, str]:
    """Return the SELECTs of the tables `span` and `covered` that `ledger.sql` reads, by name."""
    revenue = coverage.of("revenue")
    rows = [
        f"({month}, {int(revenue.has(month - 1))}, {int(revenue.has(month + 1))})"
        for month in (revenue.months() if revenue else ())
        if revenue
    ]
    columns = "SELECT month, step, follows FROM (VALUES {}) known (month, step, follows)"
    none = "SELECT month, month AS step, month AS follows FROM revenue WHERE 1 = 0"
    return {
        "span": LAST_MONTH.format(revenue=revenue.last if revenue else "NULL"),
        "covered": columns.format(", ".join(rows)) if rows else none,
    }


PARTNERS = """
SELECT partner_id, COALESCE(name, partner_id) AS name, motion, recruited_month,
       COALESCE(ended_month, 1000000) AS ended_month
FROM partners ORDER BY partner_id
"""
