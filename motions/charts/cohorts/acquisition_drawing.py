"""Who signs up and starts, what a new customer costs, and which partners bring them: the frames drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from motions.charts.cohorts.acquisition_frames import SHOWN
from motions.charts.cohorts.ends import End, ends, room
from motions.charts.cohorts.revenue_drawing import MONTHS, side_look
from motions.charts.frame import Row, by, records, values
from motions.charts.style import INK, LOOKS, ORGANIC, PARTNER, Chart, Look, figure, fill, line, titled
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import Estimate
from motions.cohorts.metrics.text import with_interval
from motions.names import NAMES
from motions.text import as_plotly, count, listed, money, money_exact, month_name, percent
from motions.units import PERCENT

Bands = Sequence[tuple[float, float, str]]


def funnel(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `acquisition_frames.funnel`: shares of signups, a bar for each side at each stage."""
    sides = by("side", records(frame))
    traces = [
        {
            "type": "bar",
            "name": side,
            "x": [row["title"] for row in rows],
            "y": [row["share"] * 100 for row in rows],
            "marker": {
                "color": side_look(side).colour,
                "pattern": fill("/" if side == "Organic" else ""),
            },
            "text": [f"{row['share'] * 100:.0f} %" for row in rows],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertext": [f"{side}: {count(row['accounts'])} of {count(row['signups'], 'signup')}" for row in rows],
            "hoverinfo": "text",
        }
        for side, rows in sides.items()
    ]
    axis = {"title": "Share of signups", "ticksuffix": " %", "range": [0, 115], "nticks": 5}
    drawn = figure(traces, height=300, barmode="group", yaxis=axis)
    bought = {
        side: percent(row["share"], 0) for side, rows in sides.items() for row in rows if row["stage"] == "bought"
    }
    title = "From signup to customer"
    if len(bought) > 1:
        side, own = next((side, share) for side, share in bought.items() if side != "Organic")
        whose = "partner signups" if side == "Partner" else f"signups of {side.lower()}"
        title = f"{own} of {whose} became customers, {bought['Organic']} of organic ones"
    reached = {
        side: [f"{row['title'].lower()} {count(row['accounts'])}" for row in rows] for side, rows in sides.items()
    }
    said = [f"{side}: {listed(words)}" for side, words in reached.items()]
    titles = {"side": "Side", "title": "Stage", "accounts": "Accounts", "share": "Share of signups (%)"}
    return Chart(title, drawn, f"{title}. {'; '.join(said)}.", frame, titles)


def activation_by_cohort(frame: pd.DataFrame, settings: m.Settings, bands: Bands = ()) -> Chart:
    """Draw the frame of `acquisition_frames.activation_by_cohort`: a mark with its interval for each month.

    `bands` are drawn across the months: low, high [fractions] and where they come from.
    """
    sides = by("side", records(frame))
    looks = [side_look(name) for name in sides]
    traces = [_marks(side, look, rows) for (side, rows), look in zip(sides.items(), looks, strict=True)]
    side, own = next(iter(sides.items()))
    traces += [_reference([row["month"] for row in own], *band) for band in bands]
    within = f"within {settings.activation_days} days"
    axis = {"title": f"Activated {within}", "ticksuffix": " %", "range": [0, 105]}
    drawn = figure(traces, xaxis=MONTHS, yaxis=axis, clickmode="event+select")
    title = f"{side}: {_activated(own, settings)}"
    alt = f"{title}. By signup month, hollow where immature or fewer than ten."
    ends = {"low": "Interval from (%)", "high": "Interval to (%)"}
    counts = {"signups": "Signups", "activated": f"Activated {within}"}
    titles = {"side": "Side", "month": "Signed up", **counts, "rate": "Activation rate (%)", **ends, "mature": "Mature"}
    return Chart(title, drawn, alt, frame, titles)


def _activated(rows: Sequence[Row], settings: m.Settings) -> str:
    """The conclusion: the rate of all mature months together, or why there is none."""
    mature = [row for row in rows if row["mature"]]
    if not mature:
        return f"activation is unknown, immature: no cohort of the window has had {settings.activation_days} days"
    signups, activated = (sum(row[name] for row in mature) for name in ("signups", "activated"))
    if not signups:
        return "activation is unknown, nothing to count"
    said = f"{percent(activated / signups)} of signups activate within {settings.activation_days} days"
    return f"{said}, over the {SHOWN} months drawn" if settings.window > SHOWN == len(rows) else said


def _marks(side: str, look: Look, rows: Sequence[Row]) -> dict[str, Any]:
    months = [row["month"] for row in rows]
    solid = [row["mature"] and not row["note"] for row in rows]
    symbols = [look.marker if ok else f"{look.marker.removesuffix('-open')}-open" for ok in solid]
    return {
        "type": "scatter",
        "name": side,
        "mode": "markers",
        "x": months,
        "y": [None if row["rate"] is None else row["rate"] * 100 for row in rows],
        "customdata": months,
        "marker": {"symbol": symbols, "size": 8, "color": look.colour},
        "error_y": {
            "type": "data",
            "array": [((row["high"] or 0) - (row["rate"] or 0)) * 100 for row in rows],
            "arrayminus": [((row["rate"] or 0) - (row["low"] or 0)) * 100 for row in rows],
            "color": look.colour,
            "thickness": 1,
            "width": 0,
        },
        "hovertext": [_mark(row) for row in rows],
        "hoverinfo": "text",
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }


def _mark(row: Row) -> str:
    """What the pointer says of one signup month."""
    rate = with_interval(PERCENT, Estimate(row["rate"], row["low"], row["high"], row["signups"], row["note"]), None)
    immature = "" if row["mature"] else ", immature"
    return f"{row['side']}, signed up {row['month']}: {rate}, {count(row['signups'], 'signup')}{immature}"


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


def mrr_of(side: str) -> str:
    """Return the MRR of a side in words."""
    return "partner MRR" if side == "Partner" else f"the MRR of {side.lower()}"


def cost_trend(frame: pd.DataFrame, currency: str, side: str = "Partner") -> Chart:
    """Draw the frame of `acquisition_frames.cost_trend`: effective CPA and blended CAC, a line each."""
    rows = records(frame)
    months = [row["month"] for row in rows]
    traces: list[dict[str, Any]] = []
    found = []
    for title, name, look in (("Effective CPA", "cpa", PARTNER), ("Blended CAC", "cac", ORGANIC)):
        last = next((row[name] for row in rows[::-1] if row[name] is not None), None)
        found += [] if last is None else [End(last, title, money(last, currency), look)]
        hover = [
            f"{title}, 3 months to {row['month']}: {money_exact(row[name], currency)} "
            f"({count(row[f'{name}_customers'], 'customer')})"
            for row in rows
        ]
        traces.append(line(title, look, months, [row[name] for row in rows], hover))
    reach = (0.0, max([row[name] or 0 for row in rows for name in ("cpa", "cac")] or [0]) * 1.06 or 1.0)
    drawn = figure(
        traces,
        showlegend=False,
        margin={"l": 8, "r": room(found), "t": 8, "b": 8},
        annotations=ends(found, reach, 320),
        xaxis=MONTHS,
        yaxis={"title": titled("Cost of a new customer", currency), "range": list(reach), "nticks": 5},
    )
    both = frame[frame["cpa"].notna() & frame["cac"].notna()]
    title = "Effective CPA against blended CAC: no month has both"
    if len(both):
        below = int((both["cpa"] < both["cac"]).sum())
        whose = "" if side == "Partner" else f" of {side.lower()}"
        now = both.iloc[-1]
        title = f"Effective CPA{whose} was below blended CAC in {below} of {count(len(both), 'month')}"
        title += f", and is {'below' if now['cpa'] < now['cac'] else 'not below'} it in {now['month']}"
    titles = {
        "month": "Three months to",
        "cpa": titled("Effective CPA", currency),
        "cpa_customers": "New customers of partners",
        "cac": titled("Blended CAC", currency),
        "cac_customers": "New customers",
    }
    return Chart(title, drawn, f"{title}, each taken over three months.", frame, titles)


def partner_curve(frame: pd.DataFrame, side: str = "Partner") -> Chart:
    """Draw the frame of `acquisition_frames.partner_curve`, beside the line on which all carry the same."""
    whose = mrr_of(side)
    partners, carried = values(frame["partners"], 100), values(frame["carried"], 100)
    hover = [
        f"The largest {percent(of, 0)} of partners carry {percent(share)} of {whose}"
        for of, share in zip(frame["partners"].tolist(), frame["carried"].tolist(), strict=True)
    ]
    traces = [
        line("Partners", PARTNER, partners, carried, hover),
        line("If all carried the same", ORGANIC, [0, 100], [0, 100], ["", ""], faint=True),
    ]
    drawn = figure(
        traces,
        xaxis={"title": "Partners, the largest first", "ticksuffix": " %", "range": [0, 101]},
        yaxis={"title": f"Share of {whose}", "ticksuffix": " %", "range": [0, 104]},
    )
    title = f"Concentration of {whose} is unknown: no partner has MRR"
    if frame["carried"].iloc[-1] > 0:
        tenth = frame["carried"].iloc[-(-frame["rank"].iloc[-1] // 10)]
        title = f"The largest tenth of partners carries {percent(float(tenth), 0)} of {whose}, the largest one "
        title += percent(float(frame["carried"].iloc[1]), 0)
    shares = {"partners": "Partners, the largest first (%)", "carried": f"Share of {whose} (%)"}
    return Chart(title, drawn, f"{title}.", frame, {"rank": "Largest partners", **shares})


def partners_by_mrr(frame: pd.DataFrame, as_of: int, currency: str, side: str = "Partner") -> Chart:
    """Draw the frame of `acquisition_frames.partners_by_mrr`: a bar for each partner in the colour of its motion."""
    rows = [row | {"label": _label(row)} for row in records(frame)]
    most = max((row["mrr"] for row in rows), default=1.0)
    axis = {"title": titled(f"MRR in {month_name(as_of)}", currency), "nticks": 5, "range": [0, most * 1.35]}
    drawn = figure(
        [_bars(motion, own, currency) for motion, own in by("motion", rows).items()],
        height=70 + 26 * max(len(rows), 2),
        xaxis=axis,
        yaxis={"categoryorder": "array", "categoryarray": [as_plotly(row["label"]) for row in rows[::-1]]},
    )
    title = "Partners by MRR"
    if rows and rows[0]["share"] is not None:
        title = f"{rows[0]['partner']} carries {percent(rows[0]['share'], 0)} of {mrr_of(side)}"
    said = listed([f"{row['label']} {money(row['mrr'], currency)}" for row in rows[:5]])
    titles: Mapping[str, str] = {
        "partner": "Partner",
        "partner_id": "Partner id",
        "motion": "Motion",
        "mrr": titled("MRR", currency),
        "share": "Share of partner MRR (%)",
    }
    return Chart(title, drawn, f"Partners by MRR: {said}.", frame, titles)


def _label(row: Row) -> str:
    """Name and id, cut for a label; the table has them whole."""
    name, partner_id = _short(row["partner"]), _short(row["partner_id"])
    return f"{name} · {partner_id}" if partner_id else name


def _short(words: str, longest: int = 22) -> str:
    """Text of a file that may be of any length, cut for a label."""
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def _bars(motion: str, rows: Sequence[Row], currency: str) -> dict[str, Any]:
    labels, amounts = [as_plotly(row["label"]) for row in rows], [row["mrr"] for row in rows]
    return {
        "type": "bar",
        "name": "Others" if motion == "unassigned" else NAMES[motion],
        "orientation": "h",
        "y": labels,
        "x": amounts,
        "marker": {"color": LOOKS[motion].colour},
        "text": [money(amount, currency) for amount in amounts],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [f"{label}: {money_exact(x, currency)}" for label, x in zip(labels, amounts, strict=True)],
        "hoverinfo": "text",
    }
