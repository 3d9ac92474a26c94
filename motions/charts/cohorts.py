"""Charts of program health."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from motions.charts.style import INK, LOOKS, ORGANIC, PARTNER, Chart, Look, figure, fill, level, line
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import TOO_FEW, Estimate
from motions.cohorts.metrics.text import with_interval
from motions.cohorts.verdicts.advice import curve
from motions.cohorts.verdicts.verdicts import cost_over_time
from motions.names import NAMES
from motions.text import as_plotly, count, listed, money, money_exact, month_name, percent
from motions.units import PERCENT

SIDES: tuple[tuple[str, m.Group, Look], ...] = (("Partner", m.PARTNER, PARTNER), ("Organic", m.ORGANIC, ORGANIC))
_MONTHS = {"nticks": 7, "type": "category"}
Of = Literal["money", "customers"]
Bands = Sequence[tuple[float, float, str]]
MOVEMENTS = (
    ("new_mrr", "New", 1, "#0f7fc4", ""),
    ("expansion", "Expansion", 1, "#009e73", "/"),
    ("reactivation", "Reactivation", 1, "#7fb8de", "."),
    ("contraction", "Contraction", -1, "#d98f00", "/"),
    ("churn", "Churn", -1, "#d55e00", ""),
)
DIVERGING = [[0, "#b0530f"], [0.25, "#e6a86c"], [0.5, "#e9edf0"], [0.75, "#7fb8de"], [1, "#0a5f96"]]
SEQUENTIAL = [[0, "#e9edf0"], [0.5, "#7fb8de"], [1, "#0a5f96"]]
"""The diverging scale has its middle at 100 %: below is lost, above is won."""


def funnel(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw the share of signups of the window that reached each stage, partner beside organic."""
    traces, said = [], []
    known = [at for at, (name, _) in enumerate(m.FUNNEL) if _stage_known(ledger, name)]
    for name, group, look in SIDES:
        stages = m.funnel(ledger, settings, group)
        if not stages[0]:
            continue
        shares = [(stages[at] or 0) / stages[0] * 100 for at in known]
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
        title = f"{percent((partner[3] or 0) / partner[0], 0)} of partner signups became customers, "
        title += f"{percent((organic[3] or 0) / organic[0], 0)} of organic ones"
    return Chart(title, drawn, f"{title}. {'; '.join(said)}.")


def _stage_known(ledger: Ledger, stage: str) -> bool:
    need = {"activated": "accounts.activated_on", "qualified": "accounts.pql_on", "bought": "revenue"}
    return need.get(stage, "accounts") in ledger.has


def retention(ledger: Ledger, settings: m.Settings, of: Of = "money") -> Chart:
    """Draw what is kept by the age of customers, partner beside organic, each with its 95 % band."""
    traces: list[dict[str, Any]] = []
    curves: dict[str, Sequence[Estimate]] = {}
    what = "first MRR" if of == "money" else "customers"
    for name, group, look in SIDES:
        curve = m.retention_by_age(ledger, settings.as_of, group, of)
        hover = [
            f"{name}, month {age}: {with_interval(PERCENT, kept, None)} of {what}, {count(kept.n, 'customer')}"
            for age, kept in enumerate(curve)
        ]
        ages = list(range(len(curve)))
        traces += _band(name, look, ages, curve)
        traces.append(line(name, look, ages, [_percent(kept.value) for kept in curve], hover))
        curves[name] = curve
    drawn = figure(
        traces,
        shapes=[level(100)],
        xaxis={"title": "Months since the first payment", "nticks": 9},
        yaxis={"title": f"Kept of {what}", "ticksuffix": " %", "nticks": 6},
    )
    title = _kept_title(of, curves)
    return Chart(title, drawn, f"{title}. Cohorts with fewer than ten customers at an age are left out.")


def _kept_title(of: Of, curves: dict[str, Sequence[Estimate]]) -> str:
    """The conclusion: what is kept after twelve months, or at the last age that is known."""
    told = {name: [age for age, kept in enumerate(curve[:13]) if kept.known()] for name, curve in curves.items()}
    shown_ = {name: ages for name, ages in told.items() if ages and ages[-1]}
    if not shown_:
        return "Kept by age: no side has ten customers that are a month old"
    age = min(ages[-1] for ages in shown_.values())
    kept = [f"{name.lower()} customers {percent(curves[name][age].value, 0)}" for name in shown_]
    what = "of their first MRR is left" if of == "money" else "still pay"
    return f"After {count(age, 'month')} {what}: {listed(kept)}"


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _band(name: str, look: Look, x: list[int], curve: Sequence[Estimate]) -> list[dict[str, Any]]:
    """The 95 % interval around a curve, as one closed area without a place in the legend."""
    known = [(at, one.low, one.high) for at, one in zip(x, curve, strict=True) if one.low is not None]
    if not known:
        return []
    across = [at for at, _, _ in known]
    return [
        {
            "type": "scatter",
            "name": f"{name}, 95 % interval",
            "x": across + across[::-1],
            "y": [_percent(high) for _, _, high in known] + [_percent(low) for _, low, _ in known][::-1],
            "fill": "toself",
            "fillcolor": look.colour,
            "opacity": 0.16,
            "mode": "none",
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]


def triangle(ledger: Ledger, settings: m.Settings, side: str, group: m.Group, of: Of) -> Chart:
    """Draw what is left of each cohort by age; the middle of the colours is 100 %, thin cohorts are marked."""
    found = m.retention_triangle(ledger, settings.as_of, group, of)
    counted = "revenue" in ledger.has or "ages.size" in ledger.has
    thin = [counted and n < TOO_FEW for n in found.n]
    names = [month_name(at) + (" *" if few else "") for at, few in zip(found.cohorts, thin, strict=True)]
    what = "first MRR" if of == "money" else "customers"
    kept = found.kept * 100
    ages = list(range(kept.shape[1]))
    hover = [
        [
            ""
            if np.isnan(value)
            else f"First paid {names[row]}, month {age}: {value:.0f} % of {what}"
            + (f", {count(found.n[row], 'customer')}" if counted else "")
            for age, value in enumerate(kept[row])
        ]
        for row in range(len(names))
    ]
    few = len(names) <= 14
    trace = {
        "type": "heatmap",
        "x": ages,
        "y": names,
        "z": [[None if np.isnan(value) else value for value in row] for row in kept],
        "text": [["" if np.isnan(value) else f"{value:.0f}" for value in row] for row in kept] if few else None,
        "texttemplate": "%{text}" if few else None,
        "hovertext": hover,
        "hoverinfo": "text",
        "colorscale": DIVERGING if of == "money" else SEQUENTIAL,
        "zmin": 50 if of == "money" else 0,
        "zmax": 150 if of == "money" else 100,
        "xgap": 1,
        "ygap": 1,
        "colorbar": {"ticksuffix": " %", "thickness": 10, "outlinewidth": 0, "title": {"text": ""}},
    }
    drawn = figure(
        [trace],
        height=150 + 20 * max(len(names), 3),
        xaxis={"title": "Months since the first payment", "dtick": 1 if len(ages) < 14 else 2, "showgrid": False},
        yaxis={
            "title": "First paid" if len(names) < 12 else "Month of the first payment",
            "autorange": "reversed",
            "type": "category",
            "showgrid": False,
        },
    )
    solid = [row for row in range(len(names)) if not thin[row]]
    year = [float(kept[row][12]) for row in solid if kept.shape[1] > 12 and not np.isnan(kept[row][12])]
    title = f"{side}: what is left of each cohort of {'MRR' if of == 'money' else 'customers'}"
    if year:
        title = f"{side}: cohorts keep {min(year):.0f} to {max(year):.0f} % of {what} after twelve months"
    alt = f"{title}. {count(len(names), 'cohort')} by months since the first payment."
    return Chart(title, drawn, alt + (" A star marks fewer than ten customers." if any(thin) else ""))


def movements(ledger: Ledger, settings: m.Settings, side: str, group: m.Group) -> Chart:
    """Draw MRR won and lost by month, and the net change."""
    first = max(ledger.first_month, settings.as_of - 23)
    skip, end = first - ledger.first_month, settings.as_of - ledger.first_month + 1
    found = {name: values[skip:end] / 100 for name, values in m.movements(ledger, group).items()}
    months, currency = [month_name(at) for at in range(first, settings.as_of + 1)], ledger.currency or ""
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "name": title,
            "x": months,
            "y": (found[name] * sign).tolist(),
            "marker": {"color": colour, "pattern": fill(shape)},
            "hovertext": [
                f"{title}, {at}: {money_exact(float(value), currency)}"
                for at, value in zip(months, found[name], strict=True)
            ],
            "hoverinfo": "text",
        }
        for name, title, sign, colour, shape in MOVEMENTS
    ]
    net = found["closing"] - found["opening"]
    hover = [f"Net, {at}: {money_exact(float(value), currency)}" for at, value in zip(months, net, strict=True)]
    traces.append(line("Net", Look(INK, "solid", "diamond"), months, net.tolist(), hover))
    axis = {"title": _titled("MRR won and lost", currency), "nticks": 6}
    drawn = figure(traces, barmode="relative", xaxis=_MONTHS, yaxis=axis, shapes=[level(0)])
    change = float(net[-12:].sum())
    word = "grew" if change >= 0 else "shrank"
    title = f"{side}: MRR {word} by {money(abs(change), currency)} in {count(min(12, len(net)), 'month')}"
    gains = sum(float(found[name][-12:].sum()) for name in ("new_mrr", "expansion", "reactivation"))
    alt = f"{title}: {money(gains, currency)} won, {money(gains - change, currency)} lost."
    return Chart(title, drawn, alt)


def activation_by_cohort(ledger: Ledger, settings: m.Settings, side: str, group: m.Group, bands: Bands = ()) -> Chart:
    """Draw the activation rate of each signup month with its interval; immature and thin months are hollow.

    `bands` are reference figures: low, high and where they come from.
    """
    traces: list[dict[str, Any]] = []
    sides = ((side, group, PARTNER),) if set(group) == set(m.ORGANIC) else ((side, group, PARTNER), SIDES[1])
    for name, which, look in sides:
        found = m.activation_by_cohort(ledger, settings, which)
        solid = [mature and not one.note for _, one, mature in found]
        values = [_percent(one.value) for _, one, _ in found]
        marks = {"symbol": [look.marker if ok else f"{look.marker.split('-')[0]}-open" for ok in solid], "size": 8}
        traces.append(
            {
                "type": "scatter",
                "name": name,
                "mode": "markers",
                "x": [month_name(at) for at, _, _ in found],
                "y": values,
                "customdata": [month_name(at) for at, _, _ in found],
                "marker": marks | {"color": look.colour},
                "error_y": {
                    "type": "data",
                    "array": [((one.high or 0) - (one.value or 0)) * 100 for _, one, _ in found],
                    "arrayminus": [((one.value or 0) - (one.low or 0)) * 100 for _, one, _ in found],
                    "color": look.colour,
                    "thickness": 1,
                    "width": 0,
                },
                "hovertext": [
                    f"{name}, signed up {month_name(at)}: {with_interval(PERCENT, one, None)}, {count(one.n, 'signup')}"
                    + ("" if mature else ", immature")
                    for at, one, mature in found
                ],
                "hoverinfo": "text",
                "selected": {"marker": {"opacity": 1}},
                "unselected": {"marker": {"opacity": 1}},
            }
        )
    months = [month_name(at) for at, _, _ in m.activation_by_cohort(ledger, settings, group)]
    traces += [_reference(months, *band) for band in bands]
    axis = {"title": f"Activated within {settings.activation_days} days", "ticksuffix": " %", "range": [0, 105]}
    drawn = figure(traces, xaxis=_MONTHS, yaxis=axis, clickmode="event+select")
    pooled = m.measure(m.BY_ID["activation"], ledger, settings, group)
    title = f"{side}: {percent(pooled.value)} of signups activate within {settings.activation_days} days"
    if not pooled.known():
        title = f"{side}: activation is unknown, {pooled.note}"
    return Chart(title, drawn, f"{title}. By signup month, hollow where immature or fewer than ten.")


def _reference(months: list[str], low: float, high: float, source: str) -> dict[str, Any]:
    """A reference figure across the months: a line, or the two ends of a range."""
    return {
        "type": "scatter",
        "name": f"Reference: {as_plotly(source.split(':', maxsplit=1)[0])}",
        "x": [*months, None, *months],
        "y": [low * 100] * len(months) + [None] + [high * 100] * len(months),
        "mode": "lines",
        "line": {"color": INK, "dash": "dot", "width": 1.5},
        "hovertext": as_plotly(source),
        "hoverinfo": "text",
    }


def partner_curve(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw which part of partner MRR the largest partners carry together."""
    partners, carried = curve(ledger, settings)
    top, tenth = (m.measure(m.BY_ID[name], ledger, settings, m.PARTNER) for name in ("top_partner", "top_tenth"))
    hover = [
        f"The largest {percent(float(x), 0)} of partners carry {percent(float(y))} of partner MRR"
        for x, y in zip(partners, carried, strict=True)
    ]
    traces = [
        line("Partners", PARTNER, (partners * 100).tolist(), (carried * 100).tolist(), hover),
        line("If all carried the same", ORGANIC, [0, 100], [0, 100], ["", ""], faint=True),
    ]
    drawn = figure(
        traces,
        xaxis={"title": "Partners, the largest first", "ticksuffix": " %", "range": [0, 101]},
        yaxis={"title": "Share of partner MRR", "ticksuffix": " %", "range": [0, 104]},
    )
    title = "Concentration of partner MRR is unknown: no partner has MRR"
    if top.known():
        title = f"The largest tenth of partners carries {percent(tenth.value, 0)} of partner MRR, the largest one "
        title += percent(top.value, 0)
    return Chart(title, drawn, f"{title}.")


def mrr_by_motion(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw closing MRR of each motion over time, as stacked areas from the largest; its points choose a motion."""
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
                "mode": "lines+markers",
                "marker": {"size": 5, "symbol": look.marker, "opacity": 0.01},
                "selected": {"marker": {"opacity": 0.01}},
                "unselected": {"marker": {"opacity": 0.01}},
                "customdata": [name] * len(months),
                "stackgroup": "mrr",
                "line": {"color": look.colour, "dash": look.dash, "width": 1.5},
                "hovertext": [f"{name}, {x}: {money_exact(y, currency)}" for x, y in zip(months, values, strict=True)],
                "hoverinfo": "text",
            }
        )
    axis = {"title": _titled("MRR", currency), "nticks": 5}
    drawn = figure(traces, xaxis=_MONTHS, yaxis=axis, clickmode="event+select")
    share = m.mrr_share(ledger, settings, m.PARTNER)
    title = f"Partners carry {percent(share.value, 0)} of MRR" if share.known() else "MRR by motion"
    return Chart(title, drawn, f"MRR by motion in {month_name(settings.as_of)}: {listed(now)}.")


def cost_trend(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw effective CPA and blended CAC, each over the three months up to a month."""
    months, cpa, cac = cost_over_time(ledger, settings)
    currency = ledger.currency or ""
    names = [month_name(month) for month in months]
    traces: list[dict[str, Any]] = []
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
    axis = {"title": _titled(f"MRR in {month_name(settings.as_of)}", currency), "nticks": 5, "range": [0, most * 1.35]}
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
