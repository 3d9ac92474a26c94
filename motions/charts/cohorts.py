"""Charts of program health."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from motions.charts.style import LOOKS, ORGANIC, PARTNER, Chart, Look, figure, fill, level, line
from motions.cohorts import metrics as m
from motions.cohorts.contract import MOTIONS
from motions.cohorts.health import cost_over_time
from motions.cohorts.ledger import Ledger
from motions.names import NAMES
from motions.text import as_plotly, count, listed, money, money_exact, month_name, percent

SIDES: tuple[tuple[str, m.Group, Look], ...] = (("Partner", m.PARTNER, PARTNER), ("Organic", m.ORGANIC, ORGANIC))
_MONTHS = {"nticks": 7, "type": "category"}


def funnel(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw the share of signups of the window that reached each stage, partner beside organic."""
    traces, said = [], []
    known = [at for at, (name, _) in enumerate(m.FUNNEL) if _stage_known(ledger, name)]
    for name, group, look in SIDES:
        stages = m.funnel(ledger, settings, group)
        if not stages[0]:
            continue
        shares = [stages[at] / stages[0] * 100 for at in known]
        traces.append(
            {
                "type": "bar",
                "name": name,
                "x": [m.FUNNEL[at][1] for at in known],
                "y": shares,
                "marker": {"color": look.colour, "pattern": fill("" if name == "Partner" else "/")},
                "text": [f"{share:.0f} %" for share in shares],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertext": [f"{name}: {count(stages[at])} of {count(stages[0], 'signup')}" for at in known],
                "hoverinfo": "text",
            }
        )
        said.append(f"{name}: {listed([f'{m.FUNNEL[at][1].lower()} {count(stages[at])}' for at in known])}")
    axis = {"title": "Share of signups", "ticksuffix": " %", "range": [0, 115], "nticks": 5}
    drawn = figure(traces, height=300, barmode="group", yaxis=axis)
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
    traces, at_year = [], []
    for name, group, look in SIDES:
        curve, counts = m.retention_by_age(ledger, settings.as_of, group)
        hover = [
            f"{name}, month {age}: {percent(value)} of first MRR, {count(n, 'customer')}"
            for age, (value, n) in enumerate(zip(curve, counts, strict=True))
        ]
        values = [None if value is None else value * 100 for value in curve]
        traces.append(line(name, look, list(range(len(curve))), values, hover))
        at_year.append(curve[12])
    drawn = figure(
        traces,
        shapes=[level(100)],
        xaxis={"title": "Months since the first payment", "nticks": 9},
        yaxis={"title": "MRR kept of the first MRR", "ticksuffix": " %", "nticks": 6},
    )
    partner, organic = at_year
    if partner is None or organic is None:
        title = "NRR by age: fewer than ten customers have reached twelve months on one side"
    else:
        title = f"After twelve months partner customers pay {percent(partner, 0)} of their first MRR, "
        title += f"organic ones {percent(organic, 0)}"
    return Chart(title, drawn, f"{title}. Cohorts with fewer than ten customers at an age are left out.")


def mrr_by_motion(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw closing MRR of each motion over time, as stacked areas from the largest."""
    months = [month_name(month) for month in range(ledger.first_month, settings.as_of + 1)]
    series = ledger.series("closing")[:, : len(months)] / 100
    order = [int(at) for at in np.argsort(-series[:, -1], kind="stable") if series[at].any()]
    currency = ledger.currency or ""
    traces, now = [], []
    for at in order:
        name, look = NAMES[MOTIONS[at]], LOOKS[MOTIONS[at]]
        values = series[at].tolist()
        now.append(f"{name} {money(values[-1], currency)}")
        traces.append(
            {
                "type": "scatter",
                "name": name,
                "x": months,
                "y": values,
                "mode": "lines",
                "stackgroup": "mrr",
                "line": {"color": look.colour, "dash": look.dash, "width": 1.5},
                "hovertext": [f"{name}, {x}: {money_exact(y, currency)}" for x, y in zip(months, values, strict=True)],
                "hoverinfo": "text",
            }
        )
    drawn = figure(traces, xaxis=_MONTHS, yaxis={"title": _titled("MRR", currency), "nticks": 5})
    share = m.mrr_share(ledger, settings, m.PARTNER)
    title = f"Partners carry {percent(share.value, 0)} of MRR" if share.known() else "MRR by motion"
    return Chart(title, drawn, f"MRR by motion in {month_name(settings.as_of)}: {listed(now)}.")


def cost_trend(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw effective CPA and blended CAC, each over the three months up to a month."""
    months, cpa, cac = cost_over_time(ledger, settings)
    currency = ledger.currency or ""
    names = [month_name(month) for month in months]
    traces = []
    for title, look, estimates in (("Effective CPA", PARTNER, cpa), ("Blended CAC", ORGANIC, cac)):
        hover = [
            f"{title}, 3 months to {at}: {money_exact(one.value, currency)} ({count(one.n, 'customer')})"
            for at, one in zip(names, estimates, strict=True)
        ]
        traces.append(line(title, look, names, [one.value for one in estimates], hover))
    axis = {"title": _titled("Cost of a new customer", currency), "rangemode": "tozero", "nticks": 5}
    drawn = figure(traces, xaxis=_MONTHS, yaxis=axis)
    both = [
        (one.value, other.value) for one, other in zip(cpa, cac, strict=True) if None not in (one.value, other.value)
    ]
    below = sum(1 for one, other in both if (one or 0) < (other or 0))
    title = f"Effective CPA was below blended CAC in {below} of {count(len(both), 'month')}"
    if not both:
        title = "Effective CPA against blended CAC: no month has both"
    return Chart(title, drawn, f"{title}, each taken over three months.")


def partners_by_mrr(ledger: Ledger, settings: m.Settings, shown: int = 12) -> Chart:
    """Draw the partners with the largest MRR, and the others as one bar."""
    table = m.partner_table(ledger, settings)
    currency = ledger.currency or ""
    paying = table["mrr"] > 0
    rows = [
        (
            as_plotly(f"{_short(table['name'][at])} · {_short(table['partner_id'][at])}"),
            str(table["motion"][at]),
            float(table["mrr"][at]),
        )
        for at in range(min(shown, int(paying.sum())))
    ]
    if paying[shown:].any():
        rows.append((f"{int(paying[shown:].sum())} others", "unassigned", float(table["mrr"][shown:].sum())))
    traces = [
        _bars(motion, [row for row in rows if row[1] == motion], currency)
        for motion in dict.fromkeys(motion for _, motion, _ in rows)
    ]
    most = max((value for _, _, value in rows), default=1.0)
    axis = {"title": _titled(f"MRR in {month_name(settings.as_of)}", currency), "nticks": 5, "range": [0, most * 1.2]}
    drawn = figure(
        traces,
        height=70 + 26 * max(len(rows), 2),
        xaxis=axis,
        yaxis={"categoryorder": "array", "categoryarray": [name for name, _, _ in reversed(rows)]},
    )
    top = m.concentration(ledger, settings)
    title = "Partners by MRR"
    if top.known() and rows:
        title = f"{table['name'][0]} carries {percent(top.value, 0)} of partner MRR"
    said = listed([f"{name} {money(value, currency)}" for name, _, value in rows[:5]])
    return Chart(title, drawn, f"Partners by MRR: {said}.")


def _short(words: object, longest: int = 22) -> str:
    """Text of a file that may be of any length, cut for a label; the table has it whole."""
    return str(words) if len(str(words)) <= longest else f"{str(words)[: longest - 1]}…"


def _bars(motion: str, rows: Sequence[tuple[str, str, float]], currency: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": "Others" if motion == "unassigned" else NAMES[motion],
        "orientation": "h",
        "y": [label for label, _, _ in rows],
        "x": [value for _, _, value in rows],
        "marker": {"color": LOOKS[motion].colour},
        "text": [money(value, currency) for _, _, value in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [f"{label}: {money_exact(value, currency)}" for label, _, value in rows],
        "hoverinfo": "text",
    }


def _titled(title: str, currency: str) -> str:
    return f"{title} ({currency or 'currency not stated'})"
