"""How far differences are from none, and why a rate changed: the frames drawn."""

from typing import Any

import pandas as pd

from motions.charts.cohorts.verdict_frames import MOST
from motions.charts.frame import Row, records
from motions.charts.style import Chart, figure
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.text import count, listed, month_name, percent, points
from motions.units import Unit

MARKS = {"better": ("#009e73", "triangle-up"), "worse": ("#d55e00", "triangle-down")}
"""Colour and mark of a word; what is not told is a grey circle."""
PLAIN = ("#7d8893", "circle-open")
LOST, WON, WHOLE = "#d55e00", "#0f7fc4", "#7d8893"


def evidence(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `verdict_frames.evidence`: differences with their intervals, zero is none."""
    rows = records(frame)
    drawn_rows = rows[:MOST]
    traces = []
    for word in ("worse", "better", ""):
        own = [row for row in drawn_rows if (row["word"] if row["word"] in MARKS else "") == word]
        colour, symbol = MARKS.get(word, PLAIN)
        if own:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": word or "no clear difference",
                    "x": [row["evidence"] for row in own],
                    "y": [_label(row) for row in own],
                    "error_x": {"type": "data", "array": [1.0] * len(own), "color": colour, "thickness": 1.5},
                    "marker": {"color": colour, "symbol": symbol, "size": 10},
                    "hovertext": [f"{row['who']}. {row['sentence']}" for row in own],
                    "hoverinfo": "text",
                }
            )
    zero = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": 0, "x1": 0}
    drawn = figure(
        traces,
        height=90 + 24 * max(len(drawn_rows), 2),
        shapes=[zero | {"line": {"width": 1, "color": "#7d8893"}}],
        xaxis={"title": "worse ← none → better", "showgrid": True},
        yaxis={
            "categoryorder": "array",
            "categoryarray": [_label(row) for row in drawn_rows[::-1]],
            "showgrid": False,
        },
    )
    told = [row for row in rows if row["word"] in MARKS]
    title = f"{count(len(told), 'difference')} of {len(rows):,} can be told" if rows else "Nothing could be tested"
    if worse := [_label(row) for row in told if row["word"] == "worse"][:3]:
        title += f"; the strongest for the worse: {listed(worse)}"
    titles = {
        "who": "Side",
        "what": "Metric",
        "evidence": "Difference (half-widths of its interval)",
        "word": "Verdict",
    }
    return Chart(title, drawn, f"{title}.", frame, titles | {"sentence": "What it says"})


def _label(row: Row) -> str:
    return f"{row['who']}: {row['what']}"


def change(frame: pd.DataFrame, found: mix.Split, metric: m.Metric, settings: m.Settings, by: str) -> Chart:
    """Draw the frame of `verdict_frames.change` as a waterfall from the rate of a year before to that of now."""
    unit, scale = metric.unit, 100 if metric.unit == "%" else 1
    rows = [row for row in records(frame) if row["part"] in ("before", "now") or abs(row["amount"]) * scale >= 0.005]
    said = {"before": month_name(settings.as_of - 12), "now": month_name(settings.as_of)}
    names = [said.get(row["part"], f"{row['part'].title()}: {row['name']}") for row in rows]
    measures = ["absolute", *["relative"] * (len(rows) - 2), "total"]
    trace: dict[str, Any] = {
        "type": "waterfall",
        "x": names,
        "y": [row["amount"] * scale for row in rows],
        "measure": measures,
        "text": [_shown(row, unit) for row in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "connector": {"line": {"width": 1, "color": WHOLE}},
        "increasing": {"marker": {"color": WON}},
        "decreasing": {"marker": {"color": LOST}},
        "totals": {"marker": {"color": WHOLE}},
        "hovertext": [f"{name}: {_shown(row, unit)}" for name, row in zip(names, rows, strict=True)],
        "hoverinfo": "text",
        "showlegend": False,
    }
    axis = {"title": metric.title, "ticksuffix": " %" if scale == 100 else "", "nticks": 6}
    drawn = figure([trace], xaxis={"type": "category"}, yaxis=axis)
    way = "rose" if found.now > found.before else "fell"
    from_to = f"from {unit_text(unit, found.before)} to {unit_text(unit, found.now)}"
    mixed = f"{_by(found.mix, unit)} by the mix of {by}s{_between(found.mix, found.mix_half, unit)}"
    rated = f"{_by(found.rate, unit)} by rates{_between(found.rate, found.rate_half, unit)}"
    title = f"{metric.title} {way} {from_to}: {mixed}, {rated}"
    titles = {"part": "Part", "name": by.title(), "amount": f"{metric.title}{' (%)' if scale == 100 else ''}"}
    return Chart(title, drawn, f"{title}.", frame, titles)


def unit_text(unit: Unit, value: float) -> str:
    """Return a rate in its unit."""
    return percent(value) if unit == "%" else f"{value:,.0f}"


def _by(value: float, unit: Unit) -> str:
    return points(value) if unit == "%" else f"{value:+,.0f}".replace("-", "−")


def _between(value: float, half: float | None, unit: Unit) -> str:
    return "" if half is None else f" ({_by(value - half, unit)} to {_by(value + half, unit)})"


def _shown(row: Row, unit: Unit) -> str:
    return unit_text(unit, row["amount"]) if row["part"] in ("before", "now") else _by(row["amount"], unit)
