"""Who signs up and starts, what a new customer costs, and which partners bring them: the frames drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from motions.charts.cohorts import about
from motions.charts.cohorts.acquisition_frames import SHOWN
from motions.charts.cohorts.revenue_drawing import MONTHS, side_look
from motions.charts.ends import End, ends, room
from motions.charts.frame import Row, by, records, values
from motions.charts.style import INK, LOOKS, ORGANIC, PARTNER, Chart, Look, figure, line, stated, titled
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
    stages = list(dict.fromkeys(row["title"] for rows in sides.values() for row in rows))
    drawn = figure(
        [_stages(side, rows) for side, rows in sides.items()],
        height=70 + (24 * len(sides) + 14) * max(len(stages), 2),
        barmode="group",
        xaxis={"title": "Share of signups (%)", "range": [0, 145], "tickvals": [0, 25, 50, 75, 100]},
        yaxis={"autorange": "reversed", "type": "category", "categoryorder": "array", "categoryarray": stages},
    )
    title = _furthest(sides)
    reached = {
        side: [f"{row['title'].lower()} {count(row['accounts'])}" for row in rows] for side, rows in sides.items()
    }
    said = [f"{side}: {listed(words)}" for side, words in reached.items()]
    titles = {"side": "Side", "title": "Stage", "accounts": "Accounts", "share": "Share of signups (%)"}
    measure = "Accounts that reached each stage, % of those that signed up in the window"
    return Chart(title, drawn, f"{title}. {'; '.join(said)}.", frame, titles, measure, _FUNNEL)


_FUNNEL = (
    "Signups that have not had their days to activate are left out, as in the activation rate. Product-qualified and "
    f"customer: by the as-of month. Stages may be reached in any order. {about.source('activation', 'pql_conversion')}"
)


def _stages(side: str, rows: Sequence[Row]) -> dict[str, Any]:
    """The bars of one side, each with its share and whose it is."""
    called = side.lower() if side in ("Partner", "Organic") else _short(side)
    return {
        "type": "bar",
        "orientation": "h",
        "name": side,
        "y": [row["title"] for row in rows],
        "x": [row["share"] * 100 for row in rows],
        "marker": {"color": side_look(side).colour},
        "text": [f"<b>{row['share'] * 100:.0f} %</b> {as_plotly(called)}" for row in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [f"{side}: {count(row['accounts'])} of {count(row['signups'], 'signup')}" for row in rows],
        "hoverinfo": "text",
    }


def _furthest(sides: Mapping[str, Sequence[Row]]) -> str:
    """The conclusion: how many reached the last stage that is known of all sides."""
    known = [{row["stage"]: row for row in rows} for rows in sides.values()]
    last = next((stage for stage, _ in m.FUNNEL[::-1] if known and all(stage in rows for rows in known)), "signups")
    if last == "signups":
        return "How far signups get is unknown: no stage after the signup is known"
    (side, own), *others = zip(sides, (rows[last]["share"] for rows in known), strict=True)
    whose = "partner signups" if side == "Partner" else f"signups of {side.lower()}" if others else side.lower()
    whose = "organic signups" if side == "Organic" else whose
    said = f"{percent(own, 0)} of {whose} {_REACHED[last]}"
    return said + "".join(f", {percent(share, 0)} of {other.lower()} ones" for other, share in others)


_REACHED = {"activated": "activated", "qualified": "became product-qualified", "bought": "became customers"}


def activation_by_cohort(frame: pd.DataFrame, settings: m.Settings, bands: Bands = ()) -> Chart:
    """Draw the frame of `acquisition_frames.activation_by_cohort`: a mark with its interval for each month.

    `bands` are drawn across the months: low, high [fractions] and where they come from.
    """
    sides = by("side", records(frame))
    traces = [_marks(side, side_look(side), rows) for side, rows in sides.items()]
    side, own = next(iter(sides.items()))
    traces += [_reference([row["month"] for row in own], *band) for band in bands]
    found = [end for side, rows in sides.items() for end in _last_mark(side, rows)]
    found += [_reference_end(*band) for band in bands]
    within = f"within {settings.activation_days} days"
    reach = (0.0, 105.0)
    drawn = figure(
        traces,
        margin={"l": 8, "r": room(found), "t": 8, "b": 8},
        annotations=ends(found, reach, 320),
        xaxis=MONTHS | {"nticks": 2},
        yaxis={"title": f"Activated {within}", "ticksuffix": " %", "range": list(reach)},
        clickmode="event+select",
    )
    title = f"{side}: {_activated(own, settings)}"
    alt = f"{title}. By signup month, hollow where immature or fewer than ten."
    limits = {"low": "Interval from (%)", "high": "Interval to (%)"}
    counts = {"signups": "Signups", "activated": f"Activated {within}"}
    titles = {"side": "Side", "month": "Signed up", **counts, "rate": "Activation rate (%)", **limits}
    measure = f"Activated {within}, % of signups of each month; lines: 95 % intervals"
    hollow = "Hollow marks are immature, or of fewer than ten signups."
    said_of = f"{about.metric('activation')} {hollow} {about.source('activation')}"
    return Chart(title, drawn, alt, frame, titles | {"mature": "Mature"}, measure, said_of)


def _last_mark(side: str, rows: Sequence[Row]) -> list[End]:
    """Whose the marks are, at the height of the last one that says something."""
    known = [row for row in rows if row["rate"] is not None and row["mature"]]
    known = known or [row for row in rows if row["rate"] is not None]
    return [
        End(row["rate"] * 100, side, f"{row['month']}: {percent(row['rate'], 0)}", side_look(side))
        for row in known[-1:]
    ]


def _reference_end(low: float, high: float, source: str) -> End:
    """Where a reference figure comes from, and what it is."""
    name = f"{_short(source.split(':', maxsplit=1)[0], 34)} {_span(low, high)}"
    return End((low + high) * 50, name, "", Look(INK, "dot", "line"), faint=True)


def _span(low: float, high: float) -> str:
    return percent(low, 0) if low == high else f"{low * 100:.0f} to {percent(high, 0)}"


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
    measure = f"Cost of a new customer, {stated(currency)}, over the three months to each month"
    said_of = f"{about.metric('cpa')} {about.metric('blended_cac')} {about.source('cpa')}"
    return Chart(title, drawn, f"{title}, each taken over three months.", frame, titles, measure, said_of)


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
    even = {"x": 60, "y": 60, "xanchor": "left", "yanchor": "top", "yshift": -4, "showarrow": False}
    drawn = figure(
        traces,
        annotations=[even | {"text": "if all carried the same", "font": {"size": 12}}],
        xaxis={"title": "Partners, the largest first", "ticksuffix": " %", "range": [0, 101]},
        yaxis={"title": f"Share of {whose}", "ticksuffix": " %", "range": [0, 104]},
    )
    title = f"Concentration of {whose} is unknown: no partner has MRR"
    if frame["carried"].iloc[-1] > 0:
        tenth = frame["carried"].iloc[-(-frame["rank"].iloc[-1] // 10)]
        title = f"The largest tenth of partners carries {percent(float(tenth), 0)} of {whose}, the largest one "
        title += percent(float(frame["carried"].iloc[1]), 0)
    shares = {"partners": "Partners, the largest first (%)", "carried": f"Share of {whose} (%)"}
    measure = f"Share of {whose} that the largest partners carry together, %, by their share of all partners, %"
    said_of = f"{about.metric('top_tenth')} {about.metric('top_partner')} {about.source('top_tenth')}"
    return Chart(title, drawn, f"{title}.", frame, {"rank": "Largest partners", **shares}, measure, said_of)


def partners_by_mrr(frame: pd.DataFrame, as_of: int, currency: str, side: str = "Partner") -> Chart:
    """Draw the frame of `acquisition_frames.partners_by_mrr`: a bar for each partner in the colour of its motion."""
    rows = [row | {"label": _label(row)} for row in records(frame)]
    most, of = max((row["mrr"] for row in rows), default=1.0), by("motion", rows)
    several = len(of.keys() - {"unassigned"}) > 1
    axis = {
        "title": titled(f"MRR in {month_name(as_of)}", currency),
        "nticks": 5,
        "range": [0, most * (1.9 if several else 1.35)],
    }
    drawn = figure(
        [_bars(motion, own, currency, several) for motion, own in of.items()],
        height=70 + 26 * max(len(rows), 2),
        xaxis=axis,
        yaxis={"categoryorder": "array", "categoryarray": [as_plotly(row["label"]) for row in rows[::-1]]},
    )
    title = "No partner has MRR"
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
    measure = f"MRR in {month_name(as_of)}, {stated(currency)}, by partner"
    said_of = f"{about.metric('mrr')} {about.metric('top_partner')} {about.source('top_partner')}"
    return Chart(title, drawn, f"{title}. Partners by MRR: {said}.", frame, titles, measure, said_of)


def _label(row: Row) -> str:
    """Name and id, cut for a label; the table has them whole."""
    name, partner_id = _short(row["partner"]), _short(row["partner_id"])
    return f"{name} · {partner_id}" if partner_id else name


def _short(words: str, longest: int = 22) -> str:
    """Text of a file that may be of any length, cut for a label."""
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def _bars(motion: str, rows: Sequence[Row], currency: str, named: bool) -> dict[str, Any]:
    """The bars of the partners of a motion, with the amount and, where it is `named`, the motion behind it."""
    motion_said = f" {as_plotly(NAMES[motion].lower())}" if named and motion != "unassigned" else ""
    labels, amounts = [as_plotly(row["label"]) for row in rows], [row["mrr"] for row in rows]
    return {
        "type": "bar",
        "name": "Others" if motion == "unassigned" else NAMES[motion],
        "orientation": "h",
        "y": labels,
        "x": amounts,
        "marker": {"color": LOOKS[motion].colour},
        "text": [f"{money(amount, currency)}{motion_said}" for amount in amounts],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [f"{label}: {money_exact(x, currency)}" for label, x in zip(labels, amounts, strict=True)],
        "hoverinfo": "text",
    }
