"""What is left of customers, and what became of MRR: the frames of the charts."""

import math
from typing import Any, Literal

import numpy as np
import pandas as pd

from motions.charts.frame import framed
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import survival
from motions.cohorts.metrics.intervals import TOO_FEW
from motions.names import NAMES, PARTNER_MOTIONS
from motions.text import listed, month_name

Of = Literal["money", "customers"]


def sides(group: m.Group) -> tuple[tuple[str, m.Group], ...]:
    """Return the side that is looked at, all partners or one motion, and organic beside it; all customers are alone."""
    if set(group) == set(m.ALL):
        return ((m.ALL_CUSTOMERS, group),)
    name = "Partner" if set(group) == set(m.PARTNER) else listed([NAMES[MOTIONS[at]] for at in group])
    return ((name, group), ("Organic", m.ORGANIC))


SIGNS = {"new_mrr": 1, "expansion": 1, "reactivation": 1, "contraction": -1, "churn": -1}
"""Which way each movement takes MRR; they add up to the net change."""


LONGEST = 36
"""Months of age that are drawn."""


def retention(ledger: Ledger, settings: m.Settings, of: Of, group: m.Group = m.PARTNER) -> pd.DataFrame:
    """Return what is kept, a row for each side and age.

    side: that of the group, or Organic. age [months since the first payment]. kept, low, high [fraction of first MRR,
    or of the first customers], with the 95 % interval. customers [count] that have reached the age. note: why kept is
    unknown.
    """
    return framed(
        ("side", "age", "kept", "low", "high", "customers", "note"),
        [
            (side, age, one.value, one.low, one.high, one.n, one.note)
            for side, which in sides(group)
            for age, one in enumerate(m.retention_by_age(ledger, settings.as_of, which, of, LONGEST))
        ],
    )


def survival_by_age(ledger: Ledger, settings: m.Settings, group: m.Group) -> pd.DataFrame:
    """Return the customers that have not ended, a row for each side and age.

    side: that of the group, or Organic. age [months since the first payment]. kept, low, high [fraction of the
    customers that began], with the 95 % interval. customers [count] at risk. note: why kept is unknown.
    """
    return framed(
        ("side", "age", "kept", "low", "high", "customers", "note"),
        [
            (side, age, one.value, one.low, one.high, one.n, one.note)
            for side, which in sides(group)
            for age, one in enumerate(survival.curve(ledger, settings.as_of, which, LONGEST))
        ],
    )


def sources(ledger: Ledger, settings: m.Settings) -> pd.DataFrame:
    """Return how fast customers end against organic ones: each motion, all partners, and all without each motion.

    who: the motion, Partner, or Partner without one. motion: it, or empty. ratio, low, high: hazard ratio with its 95 %
    interval, above 1 is faster than organic. ended, customers [count]. note: why it is unknown.
    """
    groups = [
        ("Partner", "", m.PARTNER),
        *((NAMES[MOTIONS[at]], MOTIONS[at], (at,)) for at in m.each_partner(ledger)),
        *(
            (f"Partner without {NAMES[MOTIONS[at]].lower()}", MOTIONS[at], tuple(one for one in m.PARTNER if one != at))
            for at in m.each_partner(ledger)
        ),
    ]
    rows = []
    for who, motion, group in groups:
        test = survival.log_rank(ledger, settings.as_of, group, m.ORGANIC)
        one = test.log_hazard()
        # Beyond these the one-step estimate says nothing, and a number would not be readable.
        ends = [None if end is None else math.exp(min(max(end, -5.0), 5.0)) for end in (one.value, one.low, one.high)]
        rows.append((who, motion, *ends, test.ended, one.n, one.note))
    return framed(("who", "motion", "ratio", "low", "high", "ended", "customers", "note"), rows)


def halves(ledger: Ledger, settings: m.Settings, group: m.Group, age: int) -> pd.DataFrame:
    """Return the customers left at an age by half-year of the first payment, a row for each side and half-year.

    side: that of the group, or Organic. half: such as 2024 H1. kept, low, high [fraction]. customers [count]. slope,
    slope_low, slope_high [fraction a half-year]: of the side, the same in all its rows.
    """
    rows = []
    for side, which in sides(group):
        found = survival.trend(ledger, settings.as_of, which, age)
        slope = (found.slope.value, found.slope.low, found.slope.high)
        rows += [
            (side, f"{start // 12} H{start % 12 // 6 + 1}", one.value, one.low, one.high, one.n, *slope)
            for start, one in zip(found.halves, found.kept, strict=True)
        ]
    names = ("side", "half", "kept", "low", "high", "customers", "slope", "slope_low", "slope_high")
    return framed(names, rows)


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

    month, and a column [money] for each motion that ever had MRR: those of partners first, the largest now at the head.
    Where no file says who partners brought there is one column, `all`, of all customers.
    """
    months = [month_name(month) for month in range(ledger.first_month, settings.as_of + 1)]
    series = ledger.series("closing")[:, : len(months)] / 100
    if not ledger.coverage.motions_known:
        return pd.DataFrame({"month": months, "all": series.sum(axis=0)})
    largest = [int(at) for at in np.argsort(-series[:, -1], kind="stable") if series[at].any()]
    order = sorted(largest, key=lambda at: MOTIONS[at] not in PARTNER_MOTIONS)
    return pd.DataFrame({"month": months, **{MOTIONS[at]: series[at] for at in order}})
