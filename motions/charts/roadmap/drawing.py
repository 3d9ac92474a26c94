"""What the whole roadmap comes to, month by month: the frame drawn."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from motions.charts.about import SPREAD
from motions.charts.economics import about
from motions.charts.ends import End, ends, room
from motions.charts.frame import Row, records
from motions.charts.style import PARTNER, Chart, Look, figure, level, line, loss, titled
from motions.text import count, money, money_exact

ABOUT = (
    f"{about.series('contribution')} {about.series('cash')} Both are of all planned programs together: upright lines "
    f"mark where programs begin, the ring is break-even."
)
LINES = (
    ("contribution", "Contribution", PARTNER, "rgba(15,127,196,0.18)"),
    ("cash", "Cash", Look("#7a5195", "solid", "diamond-open"), "rgba(122,81,149,0.14)"),
)
"""What is drawn: column, name, look, and the colour of its band."""


def whole(frame: pd.DataFrame, sentence: str, currency: str, height: int) -> Chart:
    """Draw the frame of `frames.whole`: two lines over their bands, and a mark where programs begin."""
    rows = records(frame)
    banded = rows[0]["contribution_p10"] is not None
    bands = [edge for column, name, _, colour in LINES for edge in _band(rows, column, name, colour) if banded]
    traces = [_line(rows, column, name, look, currency) for column, name, look, _ in LINES]
    begins = [row for row in rows if row["begins"]]
    found = [End(rows[-1][column], name, money(rows[-1][column], currency), look) for column, name, look, _ in LINES]
    reach = _reach(rows)
    tint, word = loss(reach[0])
    drawn = figure(
        bands + traces + _break_even(rows),
        height=height,
        shapes=[*tint, level(0), *(_upright(row["month"]) for row in begins)],
        annotations=[*(_begins(row) for row in begins), *ends(found, reach, height), *_turn(rows), *word],
        margin={"l": 8, "r": room(found, height), "t": 8, "b": 8},
        xaxis={"title": "Month", "nticks": 8, "range": [0, rows[-1]["month"]]},
        yaxis={"title": f"Running total ({currency})", "nticks": 6, "range": list(reach)},
    )
    title = sentence.removesuffix(".")
    last, lowest = rows[-1], min(rows, key=lambda row: row["cash"])
    alt = (
        f"{title}. Cash is lowest in month {lowest['month']}, at {money(lowest['cash'], currency)}, and "
        f"{money(last['cash'], currency)} in the last month."
    )
    return Chart(
        title, drawn, alt, frame, _titles(currency, banded),
        f"Running total in {currency} by month" + ("; bands are P10 to P90" if banded else ""),
        f"{ABOUT} {SPREAD}" if banded else ABOUT,
    )  # fmt: skip


def _line(rows: Sequence[Row], column: str, name: str, look: Look, currency: str) -> dict[str, Any]:
    hover = [_month(row, column, name, currency) for row in rows]
    return line(name, look, [row["month"] for row in rows], [row[column] for row in rows], hover)


def _titles(currency: str, banded: bool) -> dict[str, str]:
    titles = {"month": "Month", "begins": "Begins", "monthly": titled("Contribution of the month", currency)}
    for column, name, *_ in LINES:
        titles[column] = titled(f"{name}, running total", currency)
        if banded:
            titles |= {f"{column}_{end}": titled(f"{name}, {end.upper()}", currency) for end in ("p10", "p90")}
    return titles


def _band(rows: Sequence[Row], column: str, name: str, colour: str) -> list[dict[str, Any]]:
    months = [row["month"] for row in rows]
    edge = {"type": "scatter", "x": months, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    return [
        {**edge, "y": [row[f"{column}_p10"] for row in rows], "name": f"{name}, P10"},
        {**edge, "y": [row[f"{column}_p90"] for row in rows], "name": f"{name}, P90",
         "fill": "tonexty", "fillcolor": colour},
    ]  # fmt: skip


def _month(row: Row, column: str, name: str, currency: str) -> str:
    """What the pointer says of one month."""
    said = f"{name}, month {row['month']}: {money_exact(row[column], currency, 0)}"
    if row[f"{column}_p10"] is None:
        return said
    return f"{said}<br>P10 {money(row[f'{column}_p10'], currency)}, P90 {money(row[f'{column}_p90'], currency)}"


def _break_even(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """A ring on the line where the contribution turns for good; none where it was never below zero, or stays there."""
    month = rows[0]["break_even"]
    if month is None or all(row["contribution"] >= 0 for row in rows):
        return []
    at = next(row for row in rows if row["month"] == month)
    return [
        {
            "type": "scatter", "name": "Break-even", "mode": "markers", "x": [month], "y": [at["contribution"]],
            "marker": {"symbol": "circle-open", "size": 15, "color": PARTNER.colour, "line": {"width": 3}},
            "hoverinfo": "text", "hovertext": [f"Break-even in month {month:.0f}"],
        }
    ]  # fmt: skip


def _reach(rows: Sequence[Row]) -> tuple[float, float]:
    """The ends of the axis: zero and all that is drawn, with some room."""
    drawn = [row[column + end] for row in rows for column, *_ in LINES for end in ("", "_p10", "_p90")]
    amounts = [0.0, *(amount for amount in drawn if amount is not None)]
    room_ = (max(amounts) - min(amounts)) * 0.06 or 1.0
    return (min(amounts) - room_ if min(amounts) < 0 else 0.0), max(amounts) + room_


def _turn(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What the ring of break-even is."""
    return [
        {
            "x": ring["x"][0], "y": ring["y"][0], "xanchor": "right", "yanchor": "bottom", "yshift": 8,
            "showarrow": False, "text": f"break-even<br>month {ring['x'][0]:.0f}", "font": {"size": 11},
        }
        for ring in _break_even(rows)
    ]  # fmt: skip


def _upright(month: int) -> dict[str, Any]:
    ends = {"yref": "paper", "x0": month, "x1": month, "y0": 0, "y1": 1}
    return {"type": "line", **ends, "line": {"width": 1, "color": "#7d8893"}}


def _begins(row: Row) -> dict[str, Any]:
    """What begins, upwards along its line: names as long as they fit."""
    place = {"x": row["month"], "yref": "paper", "y": 1, "xanchor": "left", "yanchor": "top", "textangle": -90}
    text = row["begins"] if row["beginning"] <= 2 else count(row["beginning"], "program")
    return {**place, "text": text, "showarrow": False}
