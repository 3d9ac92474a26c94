"""Which motion comes first by the answers, and the published cuts on contract value: the frames drawn."""

import math
from collections import Counter
from typing import Any

import pandas as pd

from motions.charts.frame import Row, by, records
from motions.charts.style import Chart, figure, look
from motions.text import as_plotly, count, listed, money

_LOWEST, _HIGHEST = 100.0, 1_000_000.0
"""Ends of the axis of contract value, in dollars a year: all cuts lie between them."""
ABOUT = (
    "A mark is the place by the answers so far; the band reaches over all places that the unanswered questions still "
    "leave. Points are the weights of the rules that speak for a motion, less those against it: the rules, their "
    "sources and grades stand under For and against."
)
CUTS = (
    "Each row is a source, each stretch what it says of contracts of that size; the one that yours falls into is "
    "coloured and bold, the dotted line is yours. Sources cut at different values, and none has measured them for you."
)
_HOLDS, _OTHER = "#0f7fc4", ("rgba(125,136,147,0.30)", "rgba(125,136,147,0.16)")


def places(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `fit_frames.places`: a band over the places that are possible, a mark at the one so far."""
    rows = records(frame)
    title = _may_lead(rows)
    traces = [_band(row) for row in rows]
    traces += [_mark(row) for row in rows if row["place"] is not None]
    drawn = figure(
        traces,
        height=60 + 32 * len(rows),
        margin={"l": 8, "r": 76, "t": 4, "b": 8},
        annotations=[_points(row) for row in rows],
        xaxis={
            "range": [0.6, len(rows) + 0.4],
            "tickvals": list(range(1, len(rows) + 1)),
            "title": "Place",
            "showgrid": True,
        },
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [as_plotly(row["name"]) for row in rows[::-1]],
            "showgrid": False,
            "tickfont": {"size": 14},
        },
    )
    said = "; ".join(f"{row['name']}: {row['said']}" for row in rows)
    titles = {"name": "Motion", "place": "Place so far", "best": "Best place", "worst": "Worst place"}
    titles |= {"points": "Points", "said": "In words"}
    measure = "Place so far; band: still possible"
    return Chart(title, drawn, f"{title}. {said}.", frame, titles, measure, ABOUT)


def _may_lead(rows: list[Row]) -> str:
    """Say who can come first, whatever is answered yet."""
    leads = [row["name"] for row in rows if row["best"] == 1]
    if len(leads) == len(rows):
        return "Each of them can still come first"
    sure = all(row["worst"] == row["best"] == 1 for row in rows if row["best"] == 1)
    if sure and leads:
        return f"{listed(leads)} {'stays' if len(leads) == 1 else 'stay'} first, whatever else is answered"
    return f"Only {listed(leads)} can still come first" if leads else "None of them can come first"


def _band(row: Row) -> dict[str, Any]:
    colour = "#a9b2ba" if row["ruled_out"] else look(row["motion"]).colour
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [row["best"] - 0.14, row["worst"] + 0.14],
        "y": [as_plotly(row["name"])] * 2,
        "line": {"color": colour, "width": 16},
        "opacity": 0.30,
        "hoverinfo": "text",
        "hovertext": [as_plotly(f"{row['name']}: {row['said']}")] * 2,
    }


def _mark(row: Row) -> dict[str, Any]:
    drawn = look(row["motion"])
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["place"]],
        "y": [as_plotly(row["name"])],
        "marker": {"symbol": drawn.marker, "size": 14, "color": "#a9b2ba" if row["ruled_out"] else drawn.colour},
        "hoverinfo": "text",
        "hovertext": [as_plotly(f"{row['name']}: {row['said']}")],
    }


def _points(row: Row) -> dict[str, Any]:
    points = "" if row["place"] is None else count(row["points"], "point")
    words = f"ruled out<br>({points})" if row["ruled_out"] else points
    return {
        "xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "y": as_plotly(row["name"]), "text": words,
        "showarrow": False, "align": "left", "font": {"size": 12},
    }  # fmt: skip


def cuts(frame: pd.DataFrame, acv: float | None) -> Chart:
    """Draw the frame of `fit_frames.cuts`: a bar of bands for each source, and the contract value across them."""
    sources = by("row", records(frame))
    traces = [_stretch(row, at) for rows in sources.values() for at, row in enumerate(rows)]
    line = [] if acv is None else [_at(acv)]
    labels = [_label(row) for rows in sources.values() for row in rows]
    drawn = figure(
        traces,
        height=90 + 34 * len(sources),
        barmode="overlay",
        shapes=line,
        annotations=labels,
        xaxis={
            "type": "log",
            "range": [math.log10(_LOWEST), math.log10(_HIGHEST)],
            "tickvals": [100, 1000, 10_000, 100_000, 1_000_000],
            "ticktext": ["$100", "$1k", "$10k", "$100k", "$1M"],
        },
        yaxis={"categoryorder": "array", "categoryarray": list(sources)[::-1]},
    )
    title = _apart_at(records(frame))
    if acv is not None:
        title = f"At {money(acv)} a year: {_said(records(frame))}"
    stated = {source: listed([f"{row['label']} {row['span']}" for row in rows]) for source, rows in sources.items()}
    alt = "; ".join(f"{source}: {said}" for source, said in stated.items())
    titles = {"source": "Source", "about": "About", "label": "Says", "span": "Contract value a year"}
    return Chart(title, drawn, f"{title}. {alt}.", frame, titles, "Contract value a year in USD, by source", CUTS)


def _apart_at(rows: list[Row]) -> str:
    """Say between which contract values the sources cut, where nobody's own is known."""
    ends = sorted({row["high"] for row in rows if row["high"] is not None})
    if not ends:
        return "No source cuts contract value"
    span = f"between {money(ends[0])} and {money(ends[-1])}" if len(ends) > 1 else f"at {money(ends[0])}"
    return f"Sources change their advice {span} a year"


def _said(rows: list[Row]) -> str:
    """What the sources say of how to sell at the contract value, and how many say so."""
    found = Counter(str(row["label"]) for row in rows if row["holds"] and row["about"] == rows[0]["about"])
    return listed([f"{said} by {times} of {found.total()}" for said, times in found.most_common()]) or "nothing"


def _ends(row: Row) -> tuple[float, float]:
    """The ends of a band on the axis."""
    high = _HIGHEST if row["high"] is None else row["high"]
    return max(row["low"], _LOWEST), min(high, _HIGHEST)


def _stretch(row: Row, at: int) -> dict[str, Any]:
    low, high = _ends(row)
    return {
        "type": "bar",
        "orientation": "h",
        "y": [row["row"]],
        "base": [low],
        "x": [high - low],
        "marker": {"color": _HOLDS if row["holds"] else _OTHER[at % 2], "opacity": 0.35 if row["holds"] else 1},
        "hoverinfo": "text",
        "hovertext": [f"{row['source']}: {row['label']}, {row['span']}"],
    }


def _label(row: Row) -> dict[str, Any]:
    low, high = _ends(row)
    room = math.log10(high / low)
    words = str(row["label"])
    # A letter takes about a hundredth of the axis' four decades on a wide screen; what does not fit is on the hover.
    shown = words if len(words) * 0.05 < room else ""
    middle = (math.log10(low) + math.log10(high)) / 2
    bold = f"<b>{shown}</b>" if row["holds"] and shown else shown
    return {"x": middle, "y": row["row"], "text": bold, "showarrow": False, "font": {"size": 11}}


def _at(acv: float) -> dict[str, Any]:
    x = min(max(acv, _LOWEST), _HIGHEST)
    return {
        "type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": _HOLDS, "width": 2, "dash": "dot"},
    }  # fmt: skip
