"""What became of the MRR that one partner's customers began with, and what the partner was paid beside their profit."""

from dataclasses import dataclass

import numpy as np

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import Estimate, unknown
from motions.text import count

SHOWN = 36
"""Months that are looked at, at most."""


@dataclass(frozen=True)
class Held:
    """MRR of a partner's customers by month, whole units, and what it would be if they stayed as its motion's do."""

    months: list[int]
    mrr: list[float | None]
    """none in a month that no file has"""
    expected: list[float | None]
    """first MRR × what is kept of it at that age in the partner's motion, itself included; none where fewer than ten of
    the motion's customers have reached an age"""
    kept: Estimate
    """MRR at the as-of month ÷ all that its customers began with"""
    compared: int | None
    """the last month of which MRR and `expected` are both known"""
    kept_then: Estimate
    """`kept` in that month"""
    motion_kept: Estimate
    """the same with `expected`"""


def held(ledger: Ledger, settings: m.Settings, partner_id: str) -> Held:
    """Return what a partner's customers pay, month by month, beside what its motion would have kept of the same start.

    A of P1 pays 120 and B has gone; they began with 100 each. Of what all affiliates' customers began with, 60 % is
    left after a year:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> found = held(LEDGER, m.Settings(as_of=JANUARY), "P1-0")
    >>> found.mrr[-1], found.expected[-1], found.kept.value
    (120.0, 120.0, 0.6)
    """
    own, side = ledger.of_partner(partner_id), list(m.PARTNER)
    motion = _motion_of(own)
    covered = [at for at in _covered(ledger) if at <= settings.as_of]
    won = int(own.over("new_customers", range(covered[0], settings.as_of + 1))[side].sum()) if covered else 0
    earlier = int(own.by_cohort["bought"].sum() - own.by_cohort["new_customers"].sum())
    if earlier > 0:
        return _nothing(f"{count(earlier, 'customer')} paid before the files begin: how they began is not known")
    if not won or motion is None:
        return _nothing("no customer that it won is known")
    span = range(covered[0], settings.as_of + 1)
    new = np.array([float(own.at("new_mrr", at)[side].sum()) / 100 for at in span])
    paid = [float(own.at("closing", at)[side].sum()) / 100 if at in covered else None for at in span]
    kept = [one.value for one in m.retention_by_age(ledger, settings.as_of, (motion,), "money", len(span))]
    expected = [_expected(new[: at + 1], kept) for at in range(len(span))]
    began = np.cumsum(new)
    start = int(np.flatnonzero(began)[0])
    both = [at for at in range(start, len(span)) if paid[at] is not None and expected[at] is not None]

    def share(amounts: list[float | None], at: int) -> Estimate:
        amount = amounts[at]
        return Estimate(amount / float(began[at]), n=won) if amount is not None else unknown("no revenue of the month")

    first = max(start, len(span) - SHOWN)
    few = unknown("too few customers of its motion are as old")
    then = (share(paid, both[-1]), share(expected, both[-1])) if both else (few, few)
    compared = span[both[-1]] if both else None
    return Held(list(span)[first:], paid[first:], expected[first:], share(paid, len(span) - 1), compared, *then)


def _nothing(why: str) -> Held:
    return Held([], [], [], unknown(why), None, unknown(why), unknown(why))


def _motion_of(own: Ledger) -> int | None:
    motion = str(own.partners["motion"][0]) if len(own.partners["motion"]) else ""
    return MOTIONS.index(motion) if motion in MOTIONS else None


def _covered(ledger: Ledger) -> list[int]:
    cover = ledger.coverage.of("revenue")
    return list(cover.months()) if cover else []


def _expected(new: "np.ndarray[tuple[int], np.dtype[np.float64]]", kept: list[float | None]) -> float | None:
    """What is left of new MRR, the earliest first, by what is kept at each age."""
    total = 0.0
    for age, amount in enumerate(reversed(new.tolist())):
        if not amount:
            continue
        share = kept[age] if age < len(kept) else None
        if share is None:
            return None
        total += amount * share
    return total


def payouts_and_profit(
    ledger: Ledger, settings: m.Settings, partner_id: str
) -> tuple[list[int], list[float], list[float]]:
    """Return the months that payouts and revenue both cover, up to 24, and of each the payouts and the gross profit.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> months, paid, profit = payouts_and_profit(LEDGER, m.Settings(as_of=JANUARY), "P1-0")
    >>> paid[-1], profit[-1]
    (31.0, 96.0)
    """
    own, side = ledger.of_partner(partner_id), list(m.PARTNER)
    paid_in, covered = ledger.coverage.of("spend: payout"), set(_covered(ledger))
    if paid_in is None:
        return [], [], []
    months = [at for at in range(settings.as_of - 23, settings.as_of + 1) if paid_in.has(at) and at in covered]
    paid = [float(own.spend(at, at).sum()) / 100 for at in months]
    profit = [float(own.at("closing", at)[side].sum()) / 100 * settings.gross_margin for at in months]
    first = next((at for at in range(len(months)) if paid[at] or profit[at]), len(months))
    return months[first:], paid[first:], profit[first:]
