"""One partner beside its motion: the frames drawn."""

from typing import Any

import pandas as pd

from motions.charts.cohorts import about
from motions.charts.cohorts.partner_frames import OWN
from motions.charts.cohorts.revenue_drawing import AGE, MONTHS, STAYING, STILL_THERE, by_age, where_they_part
from motions.charts.ends import End, ends, room
from motions.charts.frame import by, records
from motions.charts.style import ORGANIC, PARTNER, Chart, Look, figure, fill, line, stated, titled
from motions.cohorts.metrics.survival import AGES
from motions.text import count, listed, money, money_exact, percent

OTHERS = Look("#8a5fb0", "dash", "diamond")
"""How the others of a motion are drawn beside one partner, whatever the motion."""


def survival_of(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `partner_frames.survival_of`: customers that have not ended, a line and a band each."""
    sides = by("side", records(frame))
    looks = {side: {OWN: PARTNER, "Organic": ORGANIC}.get(side, OTHERS) for side in sides}
    known = {side: [row for row in rows if row["kept"] is not None] for side, rows in sides.items()}
    if not known.get(OWN):
        won = sides[OWN][0]["customers"] if sides.get(OWN) else 0
        title = f"Too few customers to follow: this partner has {count(won, 'customer')}, ten are needed"
        sides = {}
    else:
        title = _title(known)
    drawn = by_age(sides, "customers", "Customers still there", looks, after=" at risk")
    limits = {"low": "Interval from (%)", "high": "Interval to (%)"}
    titles = {"side": "Side", "age": AGE, "kept": "Customers still there (%)", **limits, "customers": "At risk"}
    alt = f"{title}. Kaplan–Meier; ages with fewer than ten customers at risk are left out."
    return Chart(title, drawn, alt, frame, titles, STAYING, STILL_THERE)


def _title(known: dict[str, list[dict[str, Any]]]) -> str:
    """The conclusion: what is left at the last age of AGES that all sides reach, and where it and the others part."""
    told = {side: rows for side, rows in known.items() if rows}
    last = min(rows[-1]["age"] for rows in told.values())
    age = next((one for one in AGES if one <= last), last)
    at_age = {side: next(row["kept"] for row in rows if row["age"] == age) for side, rows in told.items()}
    left = [f"{side.lower()} {percent(share, 0)}" for side, share in at_age.items()]
    beside = [rows for side, rows in told.items() if side != "Organic"]
    return f"Customers still there after {count(age, 'month')}: {listed(left)}{where_they_part(beside, age)}"


_SHORT = {"mrr": "Its customers", "expected": "As its motion"}


def kept_of(frame: pd.DataFrame, currency: str) -> Chart:
    """Draw the frame of `partner_frames.kept_of`: MRR by month beside what the motion would have kept."""
    rows = records(frame)
    months = [row["month"] for row in rows]
    lines = (("MRR of its customers", PARTNER, "mrr"), ("As its motion", OTHERS, "expected"))
    traces, found = [], []
    for name, look, column in lines:
        last = next((row[column] for row in rows[::-1] if row[column] is not None), None)
        found += [] if last is None else [End(last, _SHORT[column], money(last, currency), look)]
        said = ["unknown" if row[column] is None else money_exact(row[column], currency) for row in rows]
        hover = [f"{name}, {month}: {amount}" for month, amount in zip(months, said, strict=True)]
        traces.append(line(name, look, months, [row[column] for row in rows], hover))
    most = max((row[column] or 0 for row in rows for _, _, column in lines), default=0)
    reach = (0.0, (most or 1) * 1.06)
    drawn = figure(
        traces,
        margin={"l": 8, "r": room(found), "t": 8, "b": 8},
        annotations=ends(found, reach, 320),
        xaxis=MONTHS,
        yaxis={"title": titled("MRR", currency), "nticks": 6, "range": list(reach)},
    )
    title = "Money kept: no month with revenue of customers that it won"
    if rows:
        last = rows[-1]
        own, then, motion = (percent(last[name], 0) for name in ("kept", "kept_then", "motion_kept"))
        title = f"Its customers pay {own} of the MRR that each began with"
        if last["motion_kept"] is None:
            title += f"; {last['note']}"
        else:
            when = "" if last["compared"] == last["month"] else f" in {last['compared']} {then},"
            title += f";{when} by its motion it would be {motion}"
    titles = {"month": "Month", "mrr": titled("MRR", currency), "expected": titled("If as its motion's", currency)}
    measure = f"MRR by month of all customers won until then, {stated(currency)}; dashed: as its motion"
    return Chart(title, drawn, f"{title}.", frame[["month", "mrr", "expected"]], titles, measure, _AS_ITS_MOTION)


_AS_ITS_MOTION = (
    "The dashed line is what its customers would pay if as much of their first MRR were left at each age as in its "
    f"motion, itself included. {about.metric('mrr')} {about.source('mrr')}"
)


def payouts_of(frame: pd.DataFrame, currency: str) -> Chart:
    """Draw the frame of `partner_frames.payouts_of`: gross profit and payouts, side by side in each month."""
    rows = records(frame)
    traces = [
        {
            "type": "bar",
            "name": name,
            "x": [row["month"] for row in rows],
            "y": [row[column] for row in rows],
            "marker": {"color": look.colour, "pattern": fill(pattern)},
            "hovertext": [f"{name}, {row['month']}: {money_exact(row[column], currency)}" for row in rows],
            "hoverinfo": "text",
        }
        for column, name, look, pattern in _BARS
    ]
    found = [End(rows[-1][column], name, "", look) for column, name, look, _ in _BARS if rows]
    amounts = [row[column] for row in rows for column, *_ in _BARS]
    reach = (min([0.0, *amounts]) * 1.06, max([0.0, *amounts]) * 1.06 or 1.0)
    drawn = figure(
        traces,
        barmode="group",
        margin={"l": 8, "r": room(found), "t": 8, "b": 8},
        annotations=ends(found, reach, 320),
        xaxis=MONTHS,
        yaxis={"title": titled("A month", currency), "nticks": 6, "range": list(reach)},
    )
    paid, profit = (sum(row[column] for row in rows) for column in ("payouts", "profit"))
    title = "Payouts against gross profit: no month that both payouts and revenue cover"
    if rows:
        span = f"{rows[0]['month']} to {rows[-1]['month']}"
        title = f"Payouts took {money(paid, currency)} of {money(profit, currency)} gross profit, {span}"
        title += f": {percent(paid / profit, 0)}" if profit > 0 else ""
    titles = {"month": "Month", "payouts": titled("Payouts", currency), "profit": titled("Gross profit", currency)}
    measure = f"Payouts (hatched) and gross profit of its customers a month, {stated(currency)}"
    return Chart(title, drawn, f"{title}.", frame, titles, measure, _PROFIT)


_BARS = (
    ("profit", "Gross profit", PARTNER, ""),
    ("payouts", "Payouts", Look("#d98f00", "solid", "square"), "/"),
)
_PROFIT = (
    f"Gross profit = MRR × gross margin, a setting. Payouts are what the spend file has. {about.source('payout_share')}"
)
