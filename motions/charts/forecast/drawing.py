"""A scenario beside a program's real months: the frames drawn."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from motions.charts.frame import Row, records, values
from motions.charts.style import GRID, Chart, figure, line, look
from motions.forecast import Followed
from motions.names import NAMES
from motions.text import listed

ABOUT = (
    "The band holds 80 of 100 draws: of the inputs' ranges, and of the chance by which whole customers come and leave. "
    "The dotted line is one run at the values of the inputs. Marked points are what the files say."
)
BRIDGE = (
    "What these months measured takes the place of the plan's inputs one after the other, in the order shown; in "
    "another order single steps would differ. What is left is not explained: chance, and what no file says."
)
_UP, _DOWN, _WHOLE = "#0f7fc4", "#d95f02", "#7d8893"


def course(frame: pd.DataFrame, of: Followed, program: str, sentence: str, currency: str) -> Chart:
    """Draw the frame of `frames.course`: real months as a line with marks, the scenario dotted over its band."""
    rows, drawn_as = records(frame), look(program)
    months, planned = frame["month"].tolist(), [row for row in rows if row["expected"] is not None]
    hover = [_month(row, of, currency) for row in rows]
    real = line("Real", drawn_as, months, values(frame["real"]), hover)
    real["line"] = {"color": drawn_as.colour, "width": 2.5}
    expected = line("Expected", drawn_as, months, values(frame["expected"]), hover, faint=True)
    expected |= {"mode": "lines", "opacity": 0.9}
    drawn = figure(
        [*_band(planned, drawn_as.colour), expected, real],
        height=330,
        showlegend=False,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        shapes=[_begins(planned[0]["month"])] if len(planned) < len(rows) else [],
        annotations=_ends(rows, of, currency),
        xaxis={"type": "category", "categoryorder": "array", "categoryarray": months, "nticks": 4, "tickangle": 0},
        yaxis={"title": of.unit.label(of.title, currency), "nticks": 6, "rangemode": "tozero"},
    )
    known = [f"{row['month']} {of.unit.said(row['real'], currency)}" for row in rows if row["real"] is not None]
    alt = f"{sentence}. Real: {listed(known[-6:]) or 'not known'}."
    titles = {"month": "Month"} | {
        column: of.unit.label(f"{of.title}, {words}", currency)
        for column, words in (("real", "real"), ("expected", "expected"), ("p10", "P10"), ("p90", "P90"))
    }
    measure = f"{NAMES[program]}: {of.unit.label(of.title, currency)} by month; band P10 to P90"
    return Chart(sentence, drawn, alt, frame, titles, measure, f"{of.definition} {ABOUT}")


def _band(rows: Sequence[Row], colour: str) -> list[dict[str, Any]]:
    edge: dict[str, Any] = {"type": "scatter", "x": [row["month"] for row in rows], "mode": "lines"}
    edge |= {"line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    return [
        {**edge, "y": [row["p10"] for row in rows], "name": "P10"},
        {**edge, "y": [row["p90"] for row in rows], "name": "P90", "fill": "tonexty", "fillcolor": f"{colour}33"},
    ]


def _month(row: Row, of: Followed, currency: str) -> str:
    """What the pointer says of one month."""
    said = [row["month"]]
    if row["real"] is not None:
        said.append(f"real {of.unit.said(row['real'], currency)}")
    if row["expected"] is not None:
        low, high = of.unit.said(row["p10"], currency), of.unit.said(row["p90"], currency)
        said += [f"expected {of.unit.said(row['expected'], currency)}", f"P10 {low}, P90 {high}"]
    return "<br>".join(said)


def _begins(month: str) -> dict[str, Any]:
    """A dotted upright where the scenario begins."""
    ends = {"yref": "paper", "x0": month, "x1": month, "y0": 0, "y1": 1}
    return {"type": "line", **ends, "line": {"width": 1, "color": "#7d8893", "dash": "dot"}}


def _ends(rows: Sequence[Row], of: Followed, currency: str) -> list[dict[str, Any]]:
    """The name and the last value of each line: that of the plan at its end, that of the real months above theirs."""
    note = {"showarrow": False, "align": "center", "xanchor": "center", "yanchor": "bottom", "yshift": 8}
    last, known = rows[-1], [row for row in rows if row["real"] is not None]
    found = []
    if last["expected"] is not None:
        text = f"<b>Expected</b><br>{of.unit.said(last['expected'], currency)}"
        found.append(
            {**note, "xanchor": "right", "align": "right", "x": last["month"], "y": last["expected"], "text": text}
        )
    if known:
        text = f"<b>Real</b><br>{of.unit.said(known[-1]['real'], currency)}"
        found.append({**note, "x": known[-1]["month"], "y": known[-1]["real"], "text": text})
    return found


def bridge(frame: pd.DataFrame, of: Followed, why: str, currency: str) -> Chart:
    """Draw the frame of `frames.bridge`: steps from the planned figure on top to the real one below."""
    rows, kinds = records(frame), {"start": "absolute", "change": "relative", "end": "total"}
    labels = [row["step"] for row in rows]
    signed = [
        of.unit.difference(row["amount"], currency)
        if row["kind"] == "change"
        else of.unit.said(row["amount"], currency)
        for row in rows
    ]
    bars = {
        "type": "waterfall",
        "orientation": "h",
        "y": labels,
        "x": values(frame["amount"]),
        "measure": [kinds[row["kind"]] for row in rows],
        "text": signed,
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [f"{label}: {words}" for label, words in zip(labels, signed, strict=True)],
        "increasing": {"marker": {"color": _UP}},
        "decreasing": {"marker": {"color": _DOWN}},
        "totals": {"marker": {"color": _WHOLE}},
        "connector": {"line": {"color": GRID}},
    }
    drawn = figure(
        [bars],
        height=110 + 30 * len(rows),
        margin={"l": 8, "r": 72, "t": 8, "b": 8},
        xaxis={"title": of.unit.label(of.title, currency), "nticks": 3, "tickangle": 0},
        yaxis={"autorange": "reversed"},
        showlegend=False,
    )
    alt = f"{why}: {listed([f'{label} {words}' for label, words in zip(labels, signed, strict=True)])}."
    titles = {"step": "Step", "amount": of.unit.label(of.title, currency)}
    measure = f"{of.unit.label(of.title, currency)}, from the plan to what came, input by input"
    return Chart(why, drawn, alt, frame, titles, measure, BRIDGE)
