"""Charts of program health."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from motions.charts.style import LOOKS, ORGANIC, PARTNER, Chart, Look, figure, fill, line
from motions.cohorts import metrics as m
from motions.cohorts.contract import MOTION_NAMES, MOTIONS
from motions.cohorts.health import cost_over_time
from motions.cohorts.ledger import Ledger
from motions.text import as_plotly, count, listed, money, money_exact, month_name, percent

SIDES: tuple[tuple[str, m.Group, Look], ...] = (("Partner", m.PARTNER, PARTNER), ("Organic", m.ORGANIC, ORGANIC))


def _titled(title: str, currency: str) -> str:
    return f"{title} ({currency})" if currency else f"{title} (currency not stated)"


def funnel(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw the share of signups of the window that reached each stage, partner beside organic."""
    drawn = figure(height=300, barmode="group")
    said = []
    known = [at for at, (name, _) in enumerate(m.FUNNEL) if _stage_known(ledger, name)]
    for name, group, look in SIDES:
        stages = m.funnel(ledger, settings, group)
        if not stages[0]:
            continue
        shares = [stages[at] / stages[0] * 100 for at in known]
        labels = [f"{m.FUNNEL[at][1]}" for at in known]
        drawn.add_trace(
            go.Bar(
                name=name,
                x=labels,
                y=shares,
                marker={"color": look.colour, "pattern": fill("" if name == "Partner" else "/")},
                text=[f"{share:.0f} %" for share in shares],
                textposition="outside",
                cliponaxis=False,
                hovertext=[f"{name}: {count(stages[at])} of {count(stages[0], 'signup')}" for at in known],
                hoverinfo="text",
            )
        )
        steps = [f"{m.FUNNEL[at][1].lower()} {count(stages[at])}" for at in known]
        said.append(f"{name}: {listed(steps)}")
    drawn.update_yaxes(title={"text": "Share of signups"}, ticksuffix=" %", range=[0, 115], nticks=5)
    partner, organic = (m.funnel(ledger, settings, group) for _, group, _ in SIDES)
    title = "From signup to customer"
    if "revenue" in ledger.has and partner[0] and organic[0]:
        title = f"{percent(partner[3] / partner[0], 0)} of partner signups became customers, "
        title += f"{percent(organic[3] / organic[0], 0)} of organic ones"
    return Chart(title, drawn, f"{title}. {'; '.join(said)}.")


def _stage_known(ledger: Ledger, stage: str) -> bool:
    need = {"activated": "accounts.activated_on", "qualified": "accounts.pql_on", "bought": "revenue"}
    return need.get(stage, "accounts") in ledger.has


def retention(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw NRR by the age of customers, partner beside organic."""
    drawn = figure()
    at_year = []
    for name, group, look in SIDES:
        curve, counts = m.retention_by_age(ledger, settings.as_of, group)
        hover = [
            f"{name}, month {age}: {percent(value)} of first MRR, {count(n, 'customer')}"
            for age, (value, n) in enumerate(zip(curve, counts, strict=True))
        ]
        values = [None if value is None else value * 100 for value in curve]
        drawn.add_trace(line(name, look, list(range(len(curve))), values, hover))
        at_year.append(curve[12])
    drawn.add_hline(y=100, line={"width": 1, "color": "#7d8893"})
    drawn.update_xaxes(title={"text": "Months since the first payment"}, nticks=9)
    drawn.update_yaxes(title={"text": "MRR kept of the first MRR"}, ticksuffix=" %", nticks=6)
    partner, organic = at_year
    if partner is None or organic is None:
        title = "NRR by age: fewer than ten customers have reached twelve months on one side"
    else:
        title = f"After twelve months partner customers pay {percent(partner, 0)} of their first MRR, "
        title += f"organic ones {percent(organic, 0)}"
    return Chart(title, drawn, f"{title}. Cohorts with fewer than ten customers at an age are left out.")


def mrr_by_motion(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw closing MRR of each motion over time, as stacked areas from the largest."""
    months = list(range(ledger.first_month, settings.as_of + 1))
    series = ledger.series("closing")[:, : len(months)] / 100
    order = [int(at) for at in np.argsort(-series[:, -1], kind="stable") if series[at].any()]
    drawn = figure()
    currency = ledger.currency or ""
    names = [month_name(month) for month in months]
    for at in order:
        motion = MOTIONS[at]
        values = series[at].tolist()
        drawn.add_trace(
            go.Scatter(
                name=MOTION_NAMES[motion],
                x=names,
                y=values,
                mode="lines",
                stackgroup="mrr",
                line={"color": LOOKS[motion].colour, "dash": LOOKS[motion].dash, "width": 1.5},
                hovertext=[
                    f"{MOTION_NAMES[motion]}, {x}: {money_exact(y, currency)}"
                    for x, y in zip(names, values, strict=True)
                ],
                hoverinfo="text",
            )
        )
    drawn.update_yaxes(title={"text": _titled("MRR", currency)}, nticks=5)
    drawn.update_xaxes(nticks=7, type="category")
    now = [f"{MOTION_NAMES[MOTIONS[at]]} {money(float(series[at, -1]), currency)}" for at in order]
    share = m.mrr_share(ledger, settings, m.PARTNER)
    title = f"Partners carry {percent(share.value, 0)} of MRR" if share.known() else "MRR by motion"
    return Chart(title, drawn, f"MRR by motion in {month_name(settings.as_of)}: {listed(now)}.")


def cost_trend(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw effective CPA and blended CAC, each over the three months up to a month."""
    months, cpa, cac = cost_over_time(ledger, settings)
    currency = ledger.currency or ""
    names = [month_name(month) for month in months]
    drawn = figure()
    for title, look, estimates in (("Effective CPA", PARTNER, cpa), ("Blended CAC", ORGANIC, cac)):
        hover = [
            f"{title}, 3 months to {at}: {money_exact(one.value, currency)} ({count(one.n, 'customer')})"
            for at, one in zip(names, estimates, strict=True)
        ]
        drawn.add_trace(line(title, look, names, [one.value for one in estimates], hover))
    drawn.update_yaxes(title={"text": _titled("Cost of a new customer", currency)}, rangemode="tozero", nticks=5)
    drawn.update_xaxes(nticks=7, type="category")
    below = sum(1 for one, other in zip(cpa, cac, strict=True) if one.value and other.value and one.value < other.value)
    title = f"Effective CPA was below blended CAC in {below} of {len(months)} months"
    return Chart(title, drawn, f"{title}, each taken over three months.")


def partners_by_mrr(ledger: Ledger, settings: m.Settings, shown: int = 12) -> Chart:
    """Draw the partners with the largest MRR, and the others as one bar."""
    table = m.partner_table(ledger, settings)
    currency = ledger.currency or ""
    paying = table["mrr"] > 0
    rest = float(table["mrr"][shown:].sum())
    rows: list[tuple[str, str, float]] = [
        (
            f"{as_plotly(str(table['name'][at]))} · {as_plotly(str(table['partner_id'][at]))}",
            str(table["motion"][at]),
            float(table["mrr"][at]),
        )
        for at in range(min(shown, int(paying.sum())))
    ]
    if rest:
        rows.append((f"{int(paying[shown:].sum())} others", "unassigned", rest))
    drawn = figure(height=70 + 26 * max(len(rows), 2))
    for motion in dict.fromkeys(motion for _, motion, _ in rows):
        of_motion = [row for row in rows if row[1] == motion]
        drawn.add_trace(
            _bars("Others" if motion == "unassigned" else MOTION_NAMES[motion], motion, of_motion, currency)
        )
    drawn.update_yaxes(categoryorder="array", categoryarray=[name for name, _, _ in reversed(rows)])
    most = max((value for _, _, value in rows), default=1.0)
    drawn.update_xaxes(
        title={"text": _titled(f"MRR in {month_name(settings.as_of)}", currency)}, nticks=5, range=[0, most * 1.2]
    )
    top = m.concentration(ledger, settings)
    title = "Partners by MRR"
    if top.known() and rows:
        title = f"{table['name'][0]} carries {percent(top.value, 0)} of partner MRR"
    said = listed([f"{name} {money(value, currency)}" for name, _, value in rows[:5]])
    return Chart(title, drawn, f"Partners by MRR: {said}.")


def _bars(name: str, motion: str, rows: Sequence[tuple[str, str, float]], currency: str) -> Any:
    return go.Bar(
        name=name,
        orientation="h",
        y=[label for label, _, _ in rows],
        x=[value for _, _, value in rows],
        marker={"color": LOOKS[motion].colour},
        text=[money(value, currency) for _, _, value in rows],
        textposition="outside",
        cliponaxis=False,
        hovertext=[f"{label}: {money_exact(value, currency)}" for label, _, value in rows],
        hoverinfo="text",
    )
