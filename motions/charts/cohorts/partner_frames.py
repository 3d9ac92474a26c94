"""One partner beside its motion: the frames of the charts."""

import pandas as pd

from motions.charts.frame import framed
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import survival
from motions.cohorts.metrics.held import held, payouts_and_profit
from motions.names import NAMES
from motions.text import month_name

OWN = "This partner"


def others_called(ledger: Ledger, partner_id: str) -> str:
    """Return what the other partners of its motion are called."""
    own = ledger.of_partner(partner_id).partners["motion"]
    return f"Others in {NAMES.get(str(own[0]), str(own[0])).lower()}" if len(own) else "Others"


def survival_of(ledger: Ledger, settings: m.Settings, partner_id: str, longest: int = 36) -> pd.DataFrame:
    """Return the customers that have not ended, a row for each side and age.

    side: This partner, the others of its motion, or Organic. age [months since the first payment]. kept, low, high
    [fraction of the customers that began], with the 95 % interval. customers [count] at risk. note: why it is unknown.
    """
    sides = (
        (OWN, ledger.of_partner(partner_id), m.PARTNER),
        (others_called(ledger, partner_id), ledger.of_others(partner_id), m.PARTNER),
        ("Organic", ledger, m.ORGANIC),
    )
    return framed(
        ("side", "age", "kept", "low", "high", "customers", "note"),
        [
            (side, age, one.value, one.low, one.high, one.n, one.note)
            for side, part, group in sides
            for age, one in enumerate(survival.curve(part, settings.as_of, group, longest))
        ],
    )


def kept_of(ledger: Ledger, settings: m.Settings, partner_id: str) -> pd.DataFrame:
    """Return MRR of a partner's customers, a row a month, and what its motion would have kept of the same start.

    month. mrr, expected [money], missing where unknown. The same in all rows: kept [fraction of all first MRR that is
    left at the as-of month], and of compared, the last month in which both are known, kept_then and motion_kept; note:
    why these are unknown. No row where nothing is known.
    """
    found = held(ledger, settings, partner_id)
    then = "" if found.compared is None else month_name(found.compared)
    same = (found.kept.value, then, found.kept_then.value, found.motion_kept.value, found.motion_kept.note)
    return framed(
        ("month", "mrr", "expected", "kept", "compared", "kept_then", "motion_kept", "note"),
        [
            (month_name(month), mrr, expected, *same)
            for month, mrr, expected in zip(found.months, found.mrr, found.expected, strict=True)
        ],
    )


def payouts_of(ledger: Ledger, settings: m.Settings, partner_id: str) -> pd.DataFrame:
    """Return what a partner was paid and what its customers left, a row a month, up to 24.

    month. payouts, profit [money]: MRR × gross margin.
    """
    months, paid, profit = payouts_and_profit(ledger, settings, partner_id)
    rows = [(month_name(month), *amounts) for month, *amounts in zip(months, paid, profit, strict=True)]
    return framed(("month", "payouts", "profit"), rows)
