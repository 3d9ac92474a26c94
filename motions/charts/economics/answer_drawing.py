"""Which input moves a figure, and how scenarios differ: the frames drawn."""

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import pandas as pd

from motions.charts.frame import Row, by, records, values
from motions.charts.style import GRID, LOOKS, ORGANIC, Chart, figure, fill, level, line
from motions.economics.answers.goal import figure_text
from motions.economics.inputs.keys import Place
from motions.economics.model.results import UNITS, titles
from motions.names import NAMES, OWN
from motions.text import as_plotly, inside, listed, percent

_LOW, _HIGH, _SCENARIO = "#d95f02", "#0f7fc4", "#7d8893"
_NOTHING = "No input moves this figure"
ENDS = (("low", "Input low", "/", _LOW), ("high", "Input high", "", _HIGH))


def unit_title(name: str, currency: str) -> str:
    """Return a figure's unit for an axis."""
    return UNITS[name].named(currency)


def _with_unit(name: str, currency: str) -> str:
    return f"{titles(currency)[name]} ({unit_title(name, currency)})"


def _scale(name: str) -> int:
    """What a figure is multiplied by where it is drawn: a share is drawn in percent."""
    return 100 if UNITS[name] == "%" else 1


def _said(name: str, value: float | None, currency: str) -> str:
    return "unknown" if value is None else figure_text(UNITS[name], value, currency)


def goal(
    frame: pd.DataFrame, sentence: str, program: str, place: Place, name: str, target: float, currency: str
) -> Chart:
    """Draw the frame of `answer_frames.goal`: the figure as a line, its target as a level, the answers as marks.

    `sentence` says the answer; it is the title.
    """
    of = by("reached", records(frame))
    tried, reached = of.get(False, []), of.get(True, [])
    scale, item = _scale(name), place.item
    answers = {
        "type": "scatter",
        "name": "Target",
        "x": [item.shown(row["input"]) for row in reached],
        "y": [row["figure"] * scale for row in reached],
        "mode": "markers+text",
        "text": [item.said(row["input"], currency) for row in reached],
        "textposition": "top center",
        "marker": {"symbol": ORGANIC.marker, "size": 13, "color": ORGANIC.colour, "line": {"width": 2}},
        "hoverinfo": "text",
        "hovertext": [f"{titles(currency)[name]} at its target" for _ in reached],
        "cliponaxis": False,
    }
    hover = [f"{item.said(row['input'], currency)}: {_said(name, row['figure'], currency)}" for row in tried]
    xs, ys = [item.shown(row["input"]) for row in tried], [_scaled(row["figure"], scale) for row in tried]
    drawn = figure(
        [line(NAMES[program], LOOKS[program], xs, ys, hover), answers],
        height=300,
        shapes=[level(target * scale)],
        xaxis={"title": item.label(currency), "nticks": 8},
        yaxis={"title": _with_unit(name, currency), "nticks": 6},
    )
    columns = {"input": item.label(currency), "figure": _with_unit(name, currency), "reached": "At the target"}
    said = sentence.rstrip(".")
    return Chart(said, drawn, f"{titles(currency)[name]} by {place.title.lower()}: {said}.", frame, columns)


def _scaled(value: float | None, scale: int) -> float | None:
    return None if value is None else value * scale


def tornado(frame: pd.DataFrame, name: str, currency: str, generic: bool = False) -> Chart:
    """Draw the frame of `answer_frames.tornado`: two bars for each input, from where the figure is now.

    `generic`: the ends are ±20 %, and no range of what is known.
    """
    rows, scale = records(frame), _scale(name)
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": title,
            "y": [as_plotly(row["input"]) for row in rows],
            "x": [(row[f"at_{end}"] - row["now"]) * scale for row in rows],
            "base": [row["now"] * scale for row in rows],
            "marker": {"color": colour, "pattern": fill(pattern)},
            "hoverinfo": "text",
            "hovertext": [
                f"{as_plotly(row['input'])} at {row[end]}: {_said(name, row[f'at_{end}'], currency)}" for row in rows
            ],
        }
        for end, title, pattern, colour in ENDS
    ]
    drawn = figure(
        traces,
        height=90 + 27 * len(rows),
        barmode="overlay",
        xaxis={"title": _with_unit(name, currency), "nticks": 5},
        yaxis={"autorange": "reversed"},
    )
    title, alt = _NOTHING, f"No input moves {inside(titles(currency)[name])}."
    if rows:
        title = _matters(rows[0]["input"], name, currency, generic)
        said = [f"{row['input']} by {_said(name, abs(row['at_high'] - row['at_low']), currency)}" for row in rows[:5]]
        alt = f"{title}. How far inputs move {inside(titles(currency)[name])}: {listed(said)}."
    unit = unit_title(name, currency)
    at_ends = {
        "at_low": f"{titles(currency)[name]} at low ({unit})",
        "at_high": f"{titles(currency)[name]} at high ({unit})",
    }
    columns = {
        "input": "Input",
        "low": "Low",
        "high": "High",
        **at_ends,
        "now": f"{titles(currency)[name]} now ({unit})",
    }
    return Chart(title, drawn, alt, frame, columns)


def _matters(first: str, name: str, currency: str, generic: bool) -> str:
    """Which input comes first, and among which."""
    what = inside(titles(currency)[name])
    if generic:
        return f"{first} moves {what} most (generic: every input ± 20 %, not what is known)"
    return f"Of the inputs with a range, {first} matters most to {what}"


def spider(frame: pd.DataFrame, name: str, currency: str) -> Chart:
    """Draw the frame of `answer_frames.spider`: a line for each input, over how far it is moved."""
    lines, scale = by("input", records(frame)), _scale(name)
    looks = [look for motion, look in LOOKS.items() if motion != OWN]
    traces = []
    for (title, rows), look in zip(lines.items(), looks, strict=False):
        hover = [
            f"{as_plotly(title)} {row['move'] * 100:+.0f} %: {_said(name, row['figure'], currency)}" for row in rows
        ]
        moves, ys = [row["move"] * 100 for row in rows], [_scaled(row["figure"], scale) for row in rows]
        traces.append(line(as_plotly(title), look, moves, ys, hover))
    drawn = figure(
        traces,
        height=380,
        xaxis={"title": "Change of the input (%)", "nticks": 8},
        yaxis={"title": _with_unit(name, currency), "nticks": 6},
    )
    alt = f"{titles(currency)[name]} while {listed(list(lines))} move by −50 to +50 %."
    columns = {"input": "Input", "move": "Change of the input (%)", "figure": _with_unit(name, currency)}
    title = (
        f"{next(iter(lines))} moves {inside(titles(currency)[name])} most, while one input moves" if lines else _NOTHING
    )
    return Chart(title, drawn, f"{title}. {alt}", frame, columns)


def heat(
    frame: pd.DataFrame, name: str, across: Place, up: Place, target: float, now: tuple[float, float], currency: str
) -> Chart:
    """Draw the frame of `answer_frames.heat`: a map of colours, the contour of the target, and where inputs are now."""
    table, scale = frame.pivot(index="up", columns="across", values="figure"), _scale(name)
    axes = {
        "x": [across.item.shown(x) for x in values(table.columns)],
        "y": [up.item.shown(y) for y in values(table.index)],
        "z": (table.to_numpy() * scale).tolist(),
    }
    wanted = figure_text(UNITS[name], target, currency)
    labels = f"{across.item.label(currency)} %{{x:,.4~g}}<br>{up.item.label(currency)} %{{y:,.4~g}}<br>"
    colours = {
        "type": "heatmap",
        **axes,
        "colorscale": "Cividis",
        "colorbar": {"title": {"text": unit_title(name, currency)}},
        "hovertemplate": labels + "%{z:,.4~g}<extra></extra>",
    }
    contour = {
        "type": "contour",
        **axes,
        "contours": {"type": "constraint", "operation": "=", "value": target * scale, "showlabels": False},
        "line": {"color": "#ffffff", "width": 3},
        "name": f"{titles(currency)[name]} {wanted}",
        "showscale": False,
        "showlegend": True,
        "hoverinfo": "skip",
    }
    drawn = figure(
        [colours, contour, _here(across.item.shown(now[0]), up.item.shown(now[1]))],
        height=400,
        legend={"bgcolor": "#5d6873", "font": {"color": "#ffffff"}, "orientation": "h", "y": 1.02, "yanchor": "bottom"},
        xaxis={"title": across.item.label(currency), "nticks": 8},
        yaxis={"title": up.item.label(currency), "nticks": 6},
    )
    title = f"{titles(currency)[name]} is nowhere {wanted} over these ranges"
    if frame["figure"].min() < target < frame["figure"].max():
        title = f"{titles(currency)[name]} over two inputs; the white line is {wanted}"
    alt = f"{title}: {across.name} across, {up.name} up."
    ends = {"across": f"Across: {across.item.label(currency)}", "up": f"Up: {up.item.label(currency)}"}
    return Chart(title, drawn, alt, frame, {**ends, "figure": _with_unit(name, currency)})


def _here(x: float, y: float) -> dict[str, Any]:
    """Where the inputs are now."""
    return {
        "type": "scatter",
        "x": [x],
        "y": [y],
        "mode": "markers",
        "name": "Now",
        "marker": {"symbol": "x", "size": 13, "color": "#ffffff", "line": {"width": 1.5, "color": "#17212b"}},
        "hoverinfo": "name",
    }


def explained(frame: pd.DataFrame, name: str, currency: str) -> Chart:
    """Draw the frame of `answer_frames.explained`: a bar for each input, the first on top."""
    rows = records(frame)
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [as_plotly(row["input"]) for row in rows],
        "x": [row["share"] * 100 for row in rows],
        "marker": {"color": _HIGH},
        "text": [percent(row["share"], 0) for row in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [f"{as_plotly(row['input'])}: {percent(row['share'])} of the variance" for row in rows],
    }
    drawn = figure(
        [bars],
        height=90 + 27 * len(rows),
        xaxis={"title": "Share of the variance explained (%)", "range": [0, 105], "nticks": 6},
        yaxis={"autorange": "reversed"},
    )
    of = f"of the uncertainty in {inside(titles(currency)[name])}"
    title = f"{rows[0]['input']} explains {percent(rows[0]['share'], 0)} {of}"
    alt = f"{title}. " + listed([f"{row['input']} {percent(row['share'], 0)}" for row in rows]) + "."
    return Chart(title, drawn, alt, frame, {"input": "Input", "share": "Share of the variance explained (%)"})


def waterfall(frame: pd.DataFrame, name: str, currency: str) -> Chart:
    """Draw the frame of `answer_frames.waterfall`: the scenarios as totals, what each change adds between them."""
    rows = records(frame)
    labels = [as_plotly(row["step"]) if row["kind"] == "change" else _wrapped(row["step"]) for row in rows]
    signs = ["+" if row["kind"] == "change" and row["amount"] > 0 else "" for row in rows]
    said = [_said(name, row["amount"], currency) for row in rows]
    signed = [sign + words for sign, words in zip(signs, said, strict=True)]
    measures = {"start": "absolute", "change": "relative", "end": "total"}
    bars = {
        "type": "waterfall",
        "orientation": "h",
        "y": labels,
        "x": values(frame["amount"], _scale(name)),
        "measure": [measures[row["kind"]] for row in rows],
        "text": signed,
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [f"{label}: {words}" for label, words in zip(labels, signed, strict=True)],
        "increasing": {"marker": {"color": _HIGH}},
        "decreasing": {"marker": {"color": _LOW}},
        "totals": {"marker": {"color": _SCENARIO}},
        "connector": {"line": {"color": GRID}},
    }
    drawn = figure(
        [bars],
        height=110 + 30 * len(labels),
        margin={"l": 8, "r": 64, "t": 8, "b": 8},
        xaxis={"title": _with_unit(name, currency), "nticks": 5},
        yaxis={"autorange": "reversed"},
        showlegend=False,
    )
    first, *steps, last = rows
    gap = _said(name, abs(last["amount"] - first["amount"]), currency)
    side = "more" if last["amount"] >= first["amount"] else "less"
    title = f"{last['step']} comes to {gap} {side} {inside(titles(currency)[name])} than {first['step']}"
    changes = listed([f"{row['step']} {_said(name, row['amount'], currency)}" for row in steps])
    columns: Mapping[str, str] = {"step": "Scenario or change", "amount": _with_unit(name, currency)}
    return Chart(title, drawn, f"{title}: {changes}.", frame, columns)


def side_by_side(frame: pd.DataFrame, name: str, currency: str) -> Chart:
    """Draw the frame of `answer_frames.side_by_side`: a bar for each scenario, with P10 to P90; the baseline grey."""
    rows, scale = records(frame), _scale(name)
    others = len(rows) - 1
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [_wrapped(row["scenario"]) for row in rows],
        "x": values(frame["figure"], scale),
        "marker": {"color": [_SCENARIO, *[_HIGH] * others]},
        "error_x": _whiskers(rows, scale),
        "hoverinfo": "text",
        "hovertext": [f"{as_plotly(row['scenario'])}: {_said(name, row['figure'], currency)}" for row in rows],
    }
    drawn = figure(
        [bars],
        height=100 + 34 * len(rows),
        xaxis={"title": _with_unit(name, currency), "nticks": 6},
        yaxis={"autorange": "reversed"},
    )
    known = [row for row in rows if row["figure"] is not None]
    said = listed([f"{row['scenario']} {_said(name, row['figure'], currency)}" for row in known])
    title = _set_apart(rows, name, currency)
    ends = (
        {}
        if frame["p10"].isna().all()
        else {end.lower(): f"{end} ({unit_title(name, currency)})" for end in ("P10", "P90")}
    )
    columns = {"scenario": "Scenario", "figure": _with_unit(name, currency), **ends}
    return Chart(title, drawn, f"{title}: {said}.", frame, columns)


def _whiskers(rows: list[Row], scale: int) -> dict[str, Any]:
    return {
        "visible": any(row["p10"] is not None for row in rows),
        "type": "data",
        "symmetric": False,
        "array": [_beyond(row["figure"], row["p90"], scale) for row in rows],
        "arrayminus": [_beyond(row["p10"], row["figure"], scale) for row in rows],
        "color": "#6b7783",
        "thickness": 1.5,
    }


def _set_apart(rows: list[Row], name: str, currency: str) -> str:
    """Say how the last scenario, the current one, differs from the baseline."""
    first, last, what = rows[0], rows[-1], titles(currency)[name]
    if len(rows) == 1 or first["figure"] is None or last["figure"] is None:
        return f"{what} by scenario"
    gap, unit = last["figure"] - first["figure"], UNITS[name]
    if unit.same(gap, currency):
        return f"{what}: {last['scenario']} comes to as much as {first['scenario']}"
    side = "more" if gap > 0 else "less"
    return f"{what}: {last['scenario']} comes to {unit.size(gap, currency)} {side} than {first['scenario']}"


def _beyond(near: float | None, far: float | None, scale: int) -> float:
    """How far an end of the interval lies from the figure; nothing where there is none, or on the wrong side."""
    return 0 if near is None or far is None else max((far - near) * scale, 0)


def _wrapped(name: str) -> str:
    """A scenario's name in lines that leave the chart its room."""
    return "<br>".join(as_plotly(line) for line in wrap(name, 28))
