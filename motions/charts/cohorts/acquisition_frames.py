"""Who signs up and starts, what a new customer costs, and which partners bring them: the frames of the charts."""

import numpy as np
import pandas as pd

from motions.charts.cohorts.revenue_frames import sides
from motions.charts.frame import framed
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.verdicts.advice import curve
from motions.cohorts.verdicts.verdicts import cost_over_time
from motions.text import month_name

SHOWN = 24
"""signup months that are drawn at most"""
_NEEDS = {"activated": "accounts.activated_on", "qualified": "accounts.pql_on", "bought": "revenue"}


def funnel(ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER) -> pd.DataFrame:
    """Return how far signups of the window got, a row for each side with signups and each stage that is known.

    side: that of the group, or Organic. stage: id and title of FUNNEL. accounts [count] that reached it, of signups
    [count]. share [fraction of signups].
    """
    rows = []
    for side, which in sides(group):
        reached = m.funnel(ledger, settings, which)
        rows += [
            (side, stage, title, accounts, reached[0], accounts / reached[0])
            for (stage, title), accounts in zip(m.FUNNEL, reached, strict=True)
            if reached[0] and accounts is not None and _NEEDS.get(stage, "accounts") in ledger.has
        ]
    return framed(("side", "stage", "title", "accounts", "signups", "share"), rows)


def activation_by_cohort(ledger: Ledger, settings: m.Settings, side: str, group: m.Group) -> pd.DataFrame:
    """Return the activation rate of each signup month, of the side that is looked at and, beside it, of organic.

    side. month of the signup. signups, activated [count]. rate, low, high [fraction of signups], with the 95 %
    interval. mature: all had their days. note: why the rate is unknown, or says little.
    """
    shown = [(side, group)] + ([] if set(group) == set(m.ORGANIC) else [("Organic", m.ORGANIC)])
    return framed(
        ("side", "month", "signups", "activated", "rate", "low", "high", "mature", "note"),
        [
            (
                name,
                month_name(at),
                one.n,
                round((one.value or 0) * one.n),
                one.value,
                one.low,
                one.high,
                mature,
                one.note,
            )
            for name, which in shown
            for at, one, mature in m.activation_by_cohort(ledger, settings, which)
        ],
    )


def cost_trend(ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER) -> pd.DataFrame:
    """Return what a new customer cost in the three months up to each month, a row for each of the last 36.

    month. cpa [money]: effective CPA of the group, over cpa_customers [count] new ones. cac [money]: blended CAC, over
    cac_customers [count].
    """
    months, cpa, cac = cost_over_time(ledger, settings, group)
    return framed(
        ("month", "cpa", "cpa_customers", "cac", "cac_customers"),
        [
            (month_name(at), one.value, one.n, other.value, other.n)
            for at, one, other in zip(months, cpa, cac, strict=True)
        ],
    )


def partner_curve(ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER) -> pd.DataFrame:
    """Return what the largest partners carry together, a row for none, one, two … of them.

    rank [count of partners]. partners [fraction of them]. carried [fraction of the MRR of the group].
    """
    partners, carried = curve(ledger, settings, group)
    return pd.DataFrame({"rank": range(len(partners)), "partners": partners, "carried": carried})


def partners_by_mrr(ledger: Ledger, settings: m.Settings, shown: int, group: m.Group = m.PARTNER) -> pd.DataFrame:
    """Return the partners with MRR, a row for each of the largest, and one for all others together.

    partner, partner_id: as the file has them. motion: of the partner, `unassigned` for the others. mrr [money].
    share [fraction of the MRR of the group].
    """
    table, whole = m.partner_table(ledger, settings), m.mrr(ledger, settings, group).value
    own = np.isin(table["motion"].astype(str), [MOTIONS[at] for at in group])
    table = {name: values[own] for name, values in table.items()}
    paying = int((table["mrr"] > 0).sum())
    rows = [
        (str(table["name"][at]), str(table["partner_id"][at]), str(table["motion"][at]), float(table["mrr"][at]))
        for at in range(min(shown, paying))
    ]
    if paying > shown:
        rows.append((f"{paying - shown} others", "", "unassigned", float(table["mrr"][shown:].sum())))
    return framed(
        ("partner", "partner_id", "motion", "mrr", "share"),
        [(*row, row[-1] / whole if whole else None) for row in rows],
    )
