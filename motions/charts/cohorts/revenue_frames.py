"""What is left of customers, and what became of MRR: the frames of the charts."""

from typing import Any, Literal

import numpy as np
import pandas as pd

from motions.charts.frame import framed
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import TOO_FEW
from motions.text import month_name

Of = Literal["money", "customers"]
SIDES: tuple[tuple[str, m.Group], ...] = (("Partner", m.PARTNER), ("Organic", m.ORGANIC))
SIGNS = {"new_mrr": 1, "expansion": 1, "reactivation": 1, "contraction": -1, "churn": -1}
"""Which way each movement takes MRR; they add up to the net change."""


def retention(ledger: Ledger, settings: m.Settings, of: Of) -> pd.DataFrame:
    """Return what is kept, a row for each side and age.

    side: Partner or Organic. age [months since the first payment]. kept, low, high [fraction of first MRR, or of the
    first customers], with the 95 % interval. customers [count] that have reached the age. note: why kept is unknown.
    """
    return framed(
        ("side", "age", "kept", "low", "high", "customers", "note"),
        [
            (side, age, one.value, one.low, one.high, one.n, one.note)
            for side, group in SIDES
            for age, one in enumerate(m.retention_by_age(ledger, settings.as_of, group, of))
        ],
    )


def triangle(ledger: Ledger, settings: m.Settings, group: m.Group, of: Of) -> pd.DataFrame:
    """Return what is left of each cohort, a row for each month of the first payment, the earliest first.

    cohort: that month. customers [count] at first; not there where a triangle of a spreadsheet has no sizes. thin:
    fewer than ten of them. 0, 1, 2 … [fraction of first MRR or customers]: what is left at that age in months.
    """
    found = m.retention_triangle(ledger, settings.as_of, group, of)
    counted = "revenue" in ledger.has or "ages.size" in ledger.has
    columns: dict[Any, Any] = {"cohort": [month_name(at) for at in found.cohorts]}
    if counted:
        columns["customers"] = found.n
    columns["thin"] = [counted and n < TOO_FEW for n in found.n]
    return pd.DataFrame(columns | dict(enumerate(found.kept.T)))


def movements(ledger: Ledger, settings: m.Settings, group: m.Group) -> pd.DataFrame:
    """Return what became of MRR, a row for each of the last 24 months that the ledger knows.

    month. new_mrr, expansion, reactivation, contraction, churn [money]: what is lost is negative. net [money]: closing
    less opening MRR, which is what the five add up to.
    """
    first = max(ledger.first_month, settings.as_of - 23)
    skip, end = first - ledger.first_month, settings.as_of - ledger.first_month + 1
    found = {name: moved[skip:end] / 100 for name, moved in m.movements(ledger, group).items()}
    return pd.DataFrame(
        {
            "month": [month_name(at) for at in range(first, settings.as_of + 1)],
            **{name: found[name] * sign for name, sign in SIGNS.items()},
            "net": found["closing"] - found["opening"],
        }
    )


def mrr_by_motion(ledger: Ledger, settings: m.Settings) -> pd.DataFrame:
    """Return closing MRR, a row for each month that the ledger knows.

    month, and a column [money] for each motion that ever had MRR, the one with the largest now first.
    """
    months = [month_name(month) for month in range(ledger.first_month, settings.as_of + 1)]
    series = ledger.series("closing")[:, : len(months)] / 100
    order = [int(at) for at in np.argsort(-series[:, -1], kind="stable") if series[at].any()]
    return pd.DataFrame({"month": months, **{MOTIONS[at]: series[at] for at in order}})
