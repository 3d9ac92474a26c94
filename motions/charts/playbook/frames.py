"""What the playbook says partners earn, and what one deal leaves to each side: the frames of the charts."""

from collections.abc import Collection, Sequence

import pandas as pd

from motions.charts.frame import framed
from motions.economics.model.deal import Deal
from motions.playbook.models import Figure, Motion
from motions.text import money


def payout_ranges(motions: Sequence[Motion], yours: Collection[str] = ()) -> pd.DataFrame:
    """Return the partner's share as the playbook states it, a row for each motion; `yours` have figures of their own.

    motion: its id; name. low, high [fraction of the end customer's price], the same for one example, NaN where no
    share is stated. stated: the same in words, or what else is stated.
    """
    rows = []
    for motion in motions:
        low, high = (None, None) if motion.share is None else (motion.share.low, motion.share.high)
        rows.append((motion.id, motion.name, low, high, _stated(motion, low, high, motion.id in yours)))
    return framed(("motion", "name", "low", "high", "stated"), rows)


def _stated(motion: Motion, low: float | None, high: float | None, yours: bool) -> str:
    example = "" if yours else " (one example)"
    if low is None or high is None:
        other = next(iter(motion.figures), None)
        if other is None:
            return "nothing stated"
        return _ends(other) + (" a year" if yours else f" credit a year{example}")
    return f"{low * 100:.0f} to {high * 100:.0f} %" if high > low else f"{low * 100:.0f} %{example}"


def _ends(figure: Figure) -> str:
    return " to ".join(dict.fromkeys((money(figure.low), money(figure.high))))


def same_deal(deals: Sequence[tuple[str, Deal]]) -> pd.DataFrame:
    """Return who gets what of one customer's payments, a row for each motion.

    name: of the motion. spend [money]: what the customer pays. contribution, cost_of_revenue, partner_keeps [money]:
    what it is divided into; contribution and partner_keeps are missing where no payout is stated.
    """
    return framed(
        ("name", "spend", "contribution", "cost_of_revenue", "partner_keeps"),
        [(name, one.spend, one.contribution, one.cost_of_revenue, one.partner_keeps) for name, one in deals],
    )
