"""What changed since an earlier ledger: metric by metric, which partners and motions caused it, what was restated.

The earlier ledger is read at its own last month, the present one at the as-of month, and once more at the earlier
month: where that differs, files of today say something else of the past.
"""

from dataclasses import dataclass

import numpy as np

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import Estimate
from motions.errors import FileError
from motions.text import month_name

TOLD = (
    "mrr", "mrr_share", "nrr", "survival", "money_kept", "customer_churn", "activation", "pqls", "new_customers", "cpa",
    "blended_cac", "active_partners", "top_partner",
)  # fmt: skip
MOST = 10
"""Partners that are named, those that moved most first."""
SAME = 0.005
"""Figures that differ by less are the same: a cent, or what counting in floats leaves."""


@dataclass(frozen=True)
class Change:
    """A metric of the partner side: in the earlier ledger, in that of today, and in today's for the same month."""

    metric: str
    before: Estimate
    now: Estimate
    restated: Estimate

    @property
    def is_restated(self) -> bool:
        """Whether today's files say something else of the earlier month."""
        one, other = self.before.value, self.restated.value
        if one is None or other is None:
            return one is not other
        return abs(one - other) > max(SAME / 100, 1e-9 * abs(one))


@dataclass(frozen=True)
class Moved:
    """The MRR of a partner or a motion then and now, in whole units."""

    id: str
    name: str
    before: float
    now: float

    @property
    def change(self) -> float:
        """What it added or took."""
        return self.now - self.before


@dataclass(frozen=True)
class Since:
    """Everything that changed between two ledgers of a program."""

    month: int
    """the last month of the earlier ledger"""
    changes: tuple[Change, ...]
    motions: tuple[Moved, ...]
    partners: tuple[Moved, ...]
    """those that moved most; the others add up to `others`"""
    others: float
    restated_months: tuple[int, ...]
    """months whose MRR of partners is another in the ledger of today"""


def since(before: Ledger, now: Ledger, settings: m.Settings) -> Since:
    """Compare a ledger with an earlier one of the same program. Raises FileError where the two can't be compared.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> found = since(LEDGER, LEDGER, m.Settings(as_of=JANUARY))
    >>> sum(one.change for one in found.motions), [one.is_restated for one in found.changes if one.is_restated]
    (0.0, [])
    """
    _check(before, now, settings)
    then = settings.model_copy(update={"as_of": before.last_month})
    changes = tuple(
        Change(
            name,
            m.measure(m.BY_ID[name], before, then, whose),
            m.measure(m.BY_ID[name], now, settings, whose),
            m.measure(m.BY_ID[name], now, then, whose),
        )
        for name in TOLD
        for whose in [m.ALL if name == "blended_cac" else m.PARTNER]
    )
    sides = _both(before, now, settings)
    motions = [
        Moved(MOTIONS[at], MOTIONS[at], *(float(one.at("closing", when)[at]) / 100 for one, when in sides))
        for at in m.PARTNER
    ]
    moved = sorted(_partners(before, now, settings), key=lambda one: (-abs(one.change), one.id))
    named = tuple(one for one in moved[:MOST] if abs(one.change) >= SAME)
    whole = sum(one.change for one in motions)
    return Since(
        before.last_month,
        changes,
        tuple(sorted((one for one in motions if one.before or one.now), key=lambda one: -abs(one.change))),
        named,
        whole - sum(one.change for one in named),
        _restated(before, now),
    )


def _check(before: Ledger, now: Ledger, settings: m.Settings) -> None:
    name = "The earlier ledger"
    if before.currency != now.currency and before.currency and now.currency:
        problem = f"is in {before.currency}, the program in {now.currency}: two currencies are never compared"
        raise FileError(name, problem, "Download it again in the currency that is shown.")
    if before.last_month > settings.as_of:
        problem = f"ends with {month_name(before.last_month)}, after the as-of month {month_name(settings.as_of)}"
        raise FileError(name, problem, "Choose a later as-of month, or an earlier ledger.")


def _both(before: Ledger, now: Ledger, settings: m.Settings) -> tuple[tuple[Ledger, int], tuple[Ledger, int]]:
    return (before, before.last_month), (now, settings.as_of)


def _partners(before: Ledger, now: Ledger, settings: m.Settings) -> list[Moved]:
    """The MRR of each partner that accounts of partner motions name, listed or not."""
    sums: dict[str, list[float]] = {}
    names: dict[str, str] = {}
    for place, (ledger, month) in enumerate(_both(before, now, settings)):
        rows = ledger.by_partner
        for at in np.flatnonzero(ledger.by_partner_motion & (rows["month"] == month)).tolist():
            sums.setdefault(str(rows["partner_id"][at]), [0.0, 0.0])[place] += float(rows["closing"][at]) / 100
        names |= dict(zip(ledger.partners["partner_id"].tolist(), ledger.partners["name"].tolist(), strict=True))
    return [Moved(one, str(names.get(one, one)), *amounts) for one, amounts in sums.items()]


def _restated(before: Ledger, now: Ledger) -> tuple[int, ...]:
    """Months that both ledgers know, in which the MRR of partners differs."""
    covers = [ledger.coverage.of("revenue") for ledger in (before, now)]
    both = all(ledger.coverage.motions_known for ledger in (before, now))
    months = [cover.months() for cover in covers if cover is not None and both]
    shared = sorted(set(months[0]) & set(months[1])) if len(months) == len(covers) else []
    return tuple(
        month
        for month in shared
        if before.at("closing", month)[list(m.PARTNER)].sum() != now.at("closing", month)[list(m.PARTNER)].sum()
    )
