"""How far differences are from none, and why a rate changed: the frames drawn."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from motions.charts.cohorts import about
from motions.charts.cohorts.verdict_frames import MOST
from motions.charts.frame import Row, records
from motions.charts.style import GRID, Chart, figure
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.text import as_plotly, count, listed, month_name, percent, points
from motions.units import Unit

MARKS = {"better": ("#0d8a61", "triangle-right"), "worse": ("#c5362c", "triangle-left")}
"""Colour and mark of a word, which points to its side; what is not told is a grey ring."""
PLAIN = ("#7d8893", "circle-open")
LOST, WON, WHOLE = "#d55e00", "#0f7fc4", "#7d8893"
_ROW = 31
"""pixels that a difference takes: its name, and the two figures below it"""


def evidence(frame: pd.DataFrame, most: int = MOST) -> Chart:
    """Draw the frame of `verdict_frames.evidence`: differences with their intervals, zero is none; `most` of them."""
    rows = records(frame)
    drawn_rows = rows[:most]
    names = [_label(row) for row in drawn_rows]
    told = [row for row in rows if row["word"] in MARKS]
    far = max((abs(row["evidence"]) for row in drawn_rows), default=1.0) + 1.3  # no difference is in the middle
    drawn = figure(
        [trace for word in ("worse", "better", "") if (trace := _marks(word, drawn_rows))],
        height=44 + _ROW * max(len(drawn_rows), 2),
        shapes=[_upright(), *_parting(len(told), len(drawn_rows))],
        annotations=_sides(len(told), len(drawn_rows)),
        xaxis={
            "title": "← worse     better →", "showgrid": False, "showticklabels": False, "range": [-far, far],
        },
        yaxis={
            "categoryorder": "array", "categoryarray": names[::-1], "showgrid": False, "tickvals": names,
            "ticktext": [_two_lines(row) for row in drawn_rows], "range": [-0.6, len(drawn_rows) - 0.4],
        },
    )  # fmt: skip
    worse = [row for row in told if row["word"] == "worse"]
    title = f"{len(told):,} of {count(len(rows), 'difference')} {'is' if len(told) == 1 else 'are'} clear"
    title += f": {len(told) - len(worse):,} better, {len(worse):,} worse" if told else ""
    title = title if rows else "Nothing could be tested"
    alt = f"{title}. Worse, the most certain first: {listed([_label(row) for row in worse[:3]])}." if worse else title
    titles = {
        "who": "Side",
        "what": "Metric",
        "evidence": "Difference (half-widths of its interval)",
        "word": "Verdict",
        "proof": "Figures",
    }
    fewer = f"; the {len(drawn_rows)} most certain" if len(drawn_rows) < len(rows) else ""
    measure = f"Difference to organic or blended CAC, in half-widths of its 95 % interval{fewer}"
    return Chart(title, drawn, alt, frame, titles | {"sentence": "What it says"}, measure, _TESTED)


_TESTED = (
    "A mark is a difference, the line through it its interval, drawn equally wide for all. Where the line leaves out "
    "zero the difference is clear: a triangle points to its side, a ring is no clear difference. The most certain are "
    "on top; the table has all."
)


def _marks(word: str, rows: Sequence[Row]) -> dict[str, Any] | None:
    """The differences of one word, each a mark with its interval; nothing where there are none."""
    own = [row for row in rows if (row["word"] if row["word"] in MARKS else "") == word]
    colour, symbol = MARKS.get(word, PLAIN)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": word or "no clear difference",
        "x": [row["evidence"] for row in own],
        "y": [_label(row) for row in own],
        "error_x": {"type": "data", "array": [1.0] * len(own), "color": colour, "thickness": 2.5, "width": 0},
        "marker": {"color": colour, "symbol": symbol, "size": 12, "line": {"width": 2 if not word else 0}},
        "hovertext": [f"{row['who']}. {row['sentence']}" for row in own],
        "hoverinfo": "text",
    } if own else None  # fmt: skip


def _upright() -> dict[str, Any]:
    """The line of no difference."""
    ends = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": 0, "x1": 0}
    return ends | {"line": {"width": 1, "color": PLAIN[0]}}


def _parting(told: int, shown: int) -> list[dict[str, Any]]:
    """A line between what is told and what is not, where both are drawn."""
    at = shown - told - 0.5
    ends = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at}
    return [ends | {"line": {"width": 1, "color": GRID}}] if 0 < told < shown else []


def _sides(told: int, shown: int) -> list[dict[str, Any]]:
    """The word below that line."""
    place = {"xref": "paper", "x": 1, "xanchor": "right", "y": shown - told - 0.5, "yanchor": "top"}
    words = {"text": "no clear difference", "showarrow": False, "font": {"size": 11}}
    return [place | words] if 0 < told < shown else []


def _label(row: Row) -> str:
    return f"{row['who']}: {row['what']}"


def _two_lines(row: Row) -> str:
    return f"<b>{as_plotly(_label(row))}</b><br><span style='font-size:11px'>{as_plotly(row['proof'])}</span>"


def checks(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `verdict_frames.checks`: a bar for each check that can run, the most on top."""
    rows = records(frame)
    ran = [row for row in rows if row["found"] is not None]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [row["found"] for row in ran],
        "y": [row["check"] for row in ran],
        "marker": {"color": "#d98f00"},
        "text": [count(row["found"]) for row in ran],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [f"{row['check']}: {count(row['found'], 'row')}. {row['meaning']}" for row in ran],
        "hoverinfo": "text",
    }
    most = max((row["found"] for row in ran), default=0)
    drawn = figure(
        [trace],
        height=50 + 26 * max(len(ran), 2),
        xaxis={"title": "Rows found", "nticks": 5, "range": [0, (most or 1) * 1.15]},
        yaxis={"autorange": "reversed", "type": "category"},
    )
    hits = [row for row in ran if row["found"]]
    title = f"{len(hits)} of {count(len(ran), 'check')} find something"
    title += f"; most: {hits[0]['check'][:1].lower()}{hits[0]['check'][1:]}, {count(hits[0]['found'])}" if hits else ""
    said = listed([f"{row['check']} {count(row['found'])}" for row in hits])
    alt = f"{title}. {said}." if hits else f"{title}."
    titles = {"check": "Check", "found": "Rows (count)", "meaning": "What it means"}
    return Chart(title, drawn, alt, frame, titles, "Rows that each attribution check finds, count", _CHECKS)


_CHECKS = (
    "A check looks for accounts that would corrupt the figures of partners or of organic. The bars are rows of your "
    "files, all months together; what each means, and checks that lack a file, stand in the table."
)


def change(frame: pd.DataFrame, found: mix.Split, metric: m.Metric, settings: m.Settings, by: str) -> Chart:
    """Draw the frame of `verdict_frames.change` as a waterfall from the rate of a year before to that of now."""
    unit, scale = metric.unit, 100 if metric.unit == "%" else 1
    rows = [row for row in records(frame) if row["part"] in ("before", "now") or abs(row["amount"]) * scale >= 0.005]
    said = {"before": month_name(settings.as_of - 12), "now": month_name(settings.as_of)}
    names = [said.get(row["part"], f"{row['part'].title()}: {row['name']}") for row in rows]
    measures = ["absolute", *["relative"] * (len(rows) - 2), "total"]
    trace: dict[str, Any] = {
        "type": "waterfall",
        "orientation": "h",
        "y": names,
        "x": [row["amount"] * scale for row in rows],
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
    }
    drawn = figure(
        [trace],
        height=80 + 28 * len(rows),
        margin={"l": 8, "r": 84, "t": 8, "b": 8},
        xaxis={"title": metric.title, "ticksuffix": " %" if scale == 100 else "", "nticks": 5},
        yaxis={"autorange": "reversed", "type": "category"},
    )
    way = "rose" if found.now > found.before else "fell"
    from_to = f"from {unit_text(unit, found.before)} to {unit_text(unit, found.now)}"
    mixed = f"{_by(found.mix, unit)} by the mix of {by}s{_between(found.mix, found.mix_half, unit)}"
    rated = f"{_by(found.rate, unit)} by rates{_between(found.rate, found.rate_half, unit)}"
    title = f"{metric.title} {way} {from_to}: {mixed}, {rated}"
    titles = {"part": "Part", "name": by.title(), "amount": f"{metric.title}{' (%)' if scale == 100 else ''}"}
    measure = f"{metric.title}{', %' if scale == 100 else ''}, from {said['before']} to {said['now']}, in parts"
    given = "In brackets 95 % intervals, the shares taken as they are."
    given = given if found.rate_half is not None else "There are no intervals, as a part has too few."
    said_of = (
        f"{about.metric(metric.id)} Mix is what the shares of {by}s did at mean rates, rate what the rates of each "
        f"{by} did at mean shares: they add up to the change. {given}"
    )
    return Chart(title, drawn, f"{title}.", frame, titles, measure, said_of)


def unit_text(unit: Unit, value: float) -> str:
    """Return a rate in its unit."""
    return percent(value) if unit == "%" else f"{value:,.0f}"


def _by(value: float, unit: Unit) -> str:
    return points(value) if unit == "%" else f"{value:+,.0f}".replace("-", "−")


def _between(value: float, half: float | None, unit: Unit) -> str:
    return "" if half is None else f" ({_by(value - half, unit)} to {_by(value + half, unit)})"


def _shown(row: Row, unit: Unit) -> str:
    return unit_text(unit, row["amount"]) if row["part"] in ("before", "now") else _by(row["amount"], unit)
