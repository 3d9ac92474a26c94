"""Which input moves a figure, and how scenarios differ: the frames drawn."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from statistics import median
from textwrap import wrap
from typing import Any

import pandas as pd

from motions.charts.about import SPREAD, defined
from motions.charts.economics import about
from motions.charts.ends import End, ends, room
from motions.charts.frame import Row, by, records, values
from motions.charts.style import DIVERGING, GRID, LOOKS, ORGANIC, Chart, beside_bars, figure, level, line, loss, on
from motions.economics.answers.goal import figure_text
from motions.economics.answers.sensitivity import SWING
from motions.economics.inputs.keys import Place
from motions.economics.model.results import UNITS, titles
from motions.names import NAMES, OWN
from motions.text import as_plotly, inside, listed, percent

_LOW, _HIGH, _SCENARIO = "#d95f02", "#0f7fc4", "#7d8893"
_NOTHING = "No input moves this figure"
ENDS = (("low", "Input low", _LOW), ("high", "Input high", _HIGH))
_LOSING = ("contribution", "incremental_contribution", "cash", "npv")
"""figures that are a loss below zero"""


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


def _measure(name: str, currency: str, how: str) -> str:
    """What is drawn of a figure, with its unit."""
    return f"{titles(currency)[name]}, {unit_title(name, currency)}, {how}"


def _reach(amounts: Sequence[float], beyond: float) -> tuple[float, float]:
    """The ends of an axis: all that is drawn, and that part of it more on both sides."""
    low, high = min(amounts, default=0.0), max(amounts, default=1.0)
    more = (high - low) * beyond or abs(high) * beyond or 1.0
    return low - more, high + more


def goal(
    frame: pd.DataFrame, sentence: str, program: str, place: Place, name: str, target: float, currency: str
) -> Chart:
    """Draw the frame of `answer_frames.goal`: the figure as a line, its target as a level, the answers as marks.

    `sentence` says the answer; it is the title.
    """
    of = by("reached", records(frame))
    tried, reached = of.get(False, []), of.get(True, [])
    scale, item = _scale(name), place.item
    hover = [f"{item.said(row['input'], currency)}: {_said(name, row['figure'], currency)}" for row in tried]
    xs, ys = [item.shown(row["input"]) for row in tried], [_scaled(row["figure"], scale) for row in tried]
    reach = _reach([y for y in [*ys, target * scale] if y is not None], 0.08)
    tint, word = loss(reach[0] if name in _LOSING else 0)
    drawn = figure(
        [line(NAMES[program], LOOKS[program], xs, ys, hover), _reached(reached, place, name, currency)],
        height=300,
        shapes=[*tint, level(target * scale)],
        annotations=[*word, _target(ys, target * scale, f"target {_said(name, target, currency)}")],
        xaxis={"title": item.label(currency), "nticks": 8},
        yaxis={"title": _with_unit(name, currency), "nticks": 6, "range": list(reach)},
    )
    columns = {"input": item.label(currency), "figure": _with_unit(name, currency), "reached": "At the target"}
    said = sentence.rstrip(".")
    return Chart(
        said, drawn, f"{titles(currency)[name]} by {place.title.lower()}: {said}.", frame, columns,
        _measure(name, currency, f"by {inside(item.label(currency))}"),
        f"{about.figure(name, currency)} {defined(place.title, item.description)} All other inputs stay as they are. "
        "The line across is the target, marks are where it is reached.",
    )  # fmt: skip


def _reached(rows: Sequence[Row], place: Place, name: str, currency: str) -> dict[str, Any]:
    """The values of the input at which the figure is at its target."""
    return {
        "type": "scatter",
        "name": "Target",
        "x": [place.item.shown(row["input"]) for row in rows],
        "y": [row["figure"] * _scale(name) for row in rows],
        "mode": "markers+text",
        "text": [place.item.said(row["input"], currency) for row in rows],
        "textposition": "top center",
        "marker": {"symbol": ORGANIC.marker, "size": 13, "color": ORGANIC.colour, "line": {"width": 2}},
        "hoverinfo": "text",
        "hovertext": [f"{titles(currency)[name]} at its target" for _ in rows],
        "cliponaxis": False,
    }


def _target(ys: Sequence[float | None], target: float, words: str) -> dict[str, Any]:
    """The name of the level that is sought, at the end where the line is further from it."""
    known = [y for y in ys if y is not None] or [target]
    left = abs(known[0] - target) > abs(known[-1] - target)
    place = {"xref": "paper", "x": 0 if left else 1, "xanchor": "left" if left else "right", "xshift": 4 if left else 0}
    return place | {"y": target, "yanchor": "bottom", "text": words, "showarrow": False, "font": {"size": 12}}


def _scaled(value: float | None, scale: int) -> float | None:
    return None if value is None else value * scale


def tornado(frame: pd.DataFrame, name: str, currency: str, generic: bool = False) -> Chart:
    """Draw the frame of `answer_frames.tornado`: two bars for each input, from where the figure is now.

    `generic`: the ends are ±20 %, and no range of what is known.
    """
    rows, scale = records(frame), _scale(name)
    brief = _briefly(row["input"] for row in rows)
    drawn_ends = [row[f"at_{end}"] * scale for row in rows for end, *_ in ENDS]
    reach = _reach(drawn_ends, 0.05)
    tint, word = loss(reach[0] if name in _LOSING and min(drawn_ends, default=0) < 0 else 0, "x")
    drawn = figure(
        [_moved(rows, end, title, colour, name, currency) for end, title, colour in ENDS],
        height=90 + 36 * len(rows),
        barmode="overlay",
        shapes=tint,
        annotations=word,
        xaxis={"title": _with_unit(name, currency), "nticks": 5, "range": list(reach)},
        yaxis={
            "autorange": "reversed",
            "showgrid": False,
            "tickvals": [as_plotly(row["input"]) for row in rows],
            "ticktext": [_between(brief[row["input"]], row) for row in rows],
        },
        uniformtext={"mode": "hide", "minsize": 11},
    )
    title, alt = _NOTHING, f"No input moves {inside(titles(currency)[name])}."
    if rows:
        title = _matters(rows[0]["input"], name, currency, generic)
        said = [f"{row['input']} by {_swing(row, name, currency)}" for row in rows[:5]]
        alt = f"{title}. How far inputs move {inside(titles(currency)[name])}: {listed(said)}."
    what, unit = titles(currency)[name], unit_title(name, currency)
    columns = {
        "input": "Input", "low": "Low", "high": "High", "at_low": f"{what} at low ({unit})",
        "at_high": f"{what} at high ({unit})", "now": f"{what} now ({unit})",
    }  # fmt: skip
    measure = _measure(name, currency, "with one input at a time at its low (− orange) or high end (+ blue)")
    moved = f"by ± {percent(SWING, 0)}" if generic else "to P10 and P90 of its draws"
    said_of = (
        f"{about.figure(name, currency)} Each input alone is moved {moved}; both ends stand below its name. Bars begin "
        "at the figure as it is now."
    )
    return Chart(title, drawn, alt, frame, columns, measure, said_of)


def _swing(row: Row, name: str, currency: str) -> str:
    """How far an input moves a figure from one end to the other."""
    return UNITS[name].size(row["at_high"] - row["at_low"], currency)


def _moved(rows: Sequence[Row], end: str, title: str, colour: str, name: str, currency: str) -> dict[str, Any]:
    """The bars of one end of the inputs, with its sign where a bar is long enough."""
    scale = _scale(name)
    return {
        "type": "bar",
        "orientation": "h",
        "name": title,
        "y": [as_plotly(row["input"]) for row in rows],
        "x": [(row[f"at_{end}"] - row["now"]) * scale for row in rows],
        "base": [row["now"] * scale for row in rows],
        "width": 0.7,
        "marker": {"color": colour},
        "text": ["−" if end == "low" else "+"] * len(rows),
        "textposition": "inside",
        "textfont": {"color": on(colour), "size": 14},
        "insidetextanchor": "middle",
        "textangle": 0,
        "hoverinfo": "text",
        "hovertext": [
            f"{as_plotly(row['input'])} at {row[end]}: {_said(name, row[f'at_{end}'], currency)}" for row in rows
        ],
    }


def _between(name: str, row: Row) -> str:
    """An input and, below its name, what it is moved between."""
    ends_ = f"<span style='font-size:11px'>{as_plotly(row['low'])} to {as_plotly(row['high'])}</span>"
    return f"{_wrapped(name, 30)}<br>{ends_}"


def _briefly(names: Iterable[str]) -> dict[str, str]:
    """Names of inputs as labels have them: without their program where it is the same for all that have one."""
    names = list(names)
    owners = {found[0] for name in names if (found := _OWNER.search(name))}
    return {name: _OWNER.sub("", name) if len(owners) == 1 else name for name in names}


_OWNER = re.compile(r" \([^()]+\)$")


def _matters(first: str, name: str, currency: str, generic: bool) -> str:
    """Which input comes first, and among which."""
    what = inside(titles(currency)[name])
    if generic:
        return f"{first} moves {what} most (generic: every input ± 20 %, not what is known)"
    return f"Of the inputs with a range, {first} matters most to {what}"


def spider(frame: pd.DataFrame, name: str, currency: str) -> Chart:
    """Draw the frame of `answer_frames.spider`: a line for each input, over how far it is moved; same ones are one."""
    lines, scale = by("input", records(frame)), _scale(name)
    amounts = [row["figure"] * scale for rows in lines.values() for row in rows if row["figure"] is not None]
    reach = _reach(amounts, 0.05)
    together = _together(lines, (reach[1] - reach[0]) / scale * _APART)
    traces, found = _web(together, _briefly(lines), name, currency)
    tint, word = loss(reach[0] if name in _LOSING else 0)
    drawn = figure(
        traces,
        height=_WEB,
        margin={"l": 8, "r": room(found, _WEB), "t": 8, "b": 8},
        shapes=tint,
        annotations=[*word, *ends(found, reach, _WEB)],
        xaxis={"title": "Change of the input (%)", "tickvals": [-50, -25, 0, 25, 50], "tickangle": 0},
        yaxis={"title": _with_unit(name, currency), "nticks": 6, "range": list(reach)},
    )
    columns = {"input": "Input", "move": "Change of the input (%)", "figure": _with_unit(name, currency)}
    title = _moves_most(lines, name, currency)
    alt = f"{title}. {titles(currency)[name]} while {listed(list(lines))} move by −50 to +50 %."
    said_of = (
        f"{about.figure(name, currency)} The inputs that move it most over their ranges are drawn, each moved alone by "
        "a share of its value. A line ends where its input may go no further; inputs whose lines lie on one another "
        "share one."
    )
    measure = _measure(name, currency, "while one input at a time is moved by −50 to +50 % of its value")
    return Chart(title, drawn, alt, frame, columns, measure, said_of)


def _web(
    together: Sequence[tuple[list[str], Sequence[Row]]], brief: Mapping[str, str], name: str, currency: str
) -> tuple[list[dict[str, Any]], list[End]]:
    """The lines of a spider, and their labels."""
    traces, found = [], []
    looks = [look for motion, look in LOOKS.items() if motion != OWN]
    for (names, rows), look in zip(together, looks, strict=False):
        said = as_plotly(listed(names))
        hover = [f"{said} {row['move'] * 100:+.0f} %: {_said(name, row['figure'], currency)}" for row in rows]
        moves, ys = [row["move"] * 100 for row in rows], [_scaled(row["figure"], _scale(name)) for row in rows]
        traces.append(line(said, look, moves, ys, hover) | {"line": {"color": look.colour, "width": 2.5}})
        called = listed([brief[one] for one in names])
        found += [End(y, called, _at_its_end(rows, name, currency), look) for y in ys[::-1] if y is not None][:1]
    return traces, found


_WEB = 400
"""pixels of the spider: six labels of two lines stand one above the other"""
_APART = 0.01
"""part of the chart's height by which lines differ that are seen as two"""


def _together(lines: Mapping[str, Sequence[Row]], least: float) -> list[tuple[list[str], Sequence[Row]]]:
    """Lines with the names of all that lie on them, nowhere further apart than `least`; the longest stands for all."""
    found: list[tuple[list[str], Sequence[Row]]] = []
    for title, rows in lines.items():
        same = next((at for at, (_, others) in enumerate(found) if _far(rows, others) < least), None)
        if same is None:
            found.append(([title], rows))
        else:
            names, others = found[same]
            longest = max(others, rows, key=lambda one: sum(row["figure"] is not None for row in one))
            found[same] = ([*names, title], longest)
    return found


def _far(rows: Sequence[Row], others: Sequence[Row]) -> float:
    """How far two lines are from one another where both are known; lines that share but a point are far."""
    of = {row["move"]: row["figure"] for row in others if row["figure"] is not None}
    gaps = [abs(row["figure"] - of[row["move"]]) for row in rows if row["figure"] is not None and row["move"] in of]
    return max(gaps) if len(gaps) > 1 else math.inf


def _at_its_end(rows: Sequence[Row], name: str, currency: str) -> str:
    """What a figure is where its line ends, or that the input does not move it."""
    known = [row for row in rows if row["figure"] is not None]
    amounts = [row["figure"] for row in known]
    if len(known) > 1 and UNITS[name].same(max(amounts) - min(amounts), currency):
        return "no effect"
    last = known[-1]
    return f"{last['move'] * 100:+.0f} %: {_said(name, last['figure'], currency)}".replace("-", "−", 1)


def _moves_most(lines: Mapping[str, Sequence[Row]], name: str, currency: str) -> str:
    """The conclusion: which input moves the figure furthest while it goes from one end to the other."""
    spans = {}
    for title, rows in lines.items():
        amounts = [row["figure"] for row in rows if row["figure"] is not None]
        spans[title] = max(amounts) - min(amounts) if amounts else 0.0
    if not any(spans.values()):
        return _NOTHING
    first = max(spans, key=lambda title: spans[title])
    return f"{first} moves {inside(titles(currency)[name])} most: by {UNITS[name].size(spans[first], currency)}"


def heat(
    frame: pd.DataFrame, name: str, across: Place, up: Place, target: float, now: tuple[float, float], currency: str
) -> Chart:
    """Draw the frame of `answer_frames.heat`: a map of colours, the contour of the target, and where inputs are now.

    Of a figure that may be a loss the colours have their middle at zero, and the side of loss is named.
    """
    rows, scale = records(frame), _scale(name)
    table = frame.pivot(index="up", columns="across", values="figure")
    axes = {
        "x": [across.item.shown(x) for x in values(table.columns)],
        "y": [up.item.shown(y) for y in values(table.index)],
        "z": (table.to_numpy() * scale).tolist(),
    }
    here = (across.item.shown(now[0]), up.item.shown(now[1]))
    drawn = figure(
        [_map(axes, name, across, up, currency), *_contour(axes, target * scale), _here(*here)],
        height=400,
        annotations=[_named_here(*here), *(_lost(rows, across, up) if name in _LOSING else [])],
        xaxis={"title": across.item.label(currency), "nticks": 8},
        yaxis={"title": up.item.label(currency), "nticks": 6},
    )
    title = _over_the_map(rows, name, target, now, currency)
    alt = f"{title}: {across.name} across, {up.name} up."
    columns = {"across": f"Across: {across.item.label(currency)}", "up": f"Up: {up.item.label(currency)}"}
    columns["figure"] = _with_unit(name, currency)
    wanted = figure_text(UNITS[name], target, currency)
    measure = _measure(name, currency, f"by {inside(across.title)} and {inside(up.title)}; line: {wanted}")
    said_of = (
        f"{about.figure(name, currency)} {defined(across.title, across.item.description)} "
        f"{defined(up.title, up.item.description)} The cross is where both are now; all other inputs stay as they are."
    )
    return Chart(title, drawn, alt, frame, columns, measure, said_of)


def _map(axes: Mapping[str, Any], name: str, across: Place, up: Place, currency: str) -> dict[str, Any]:
    """The colours of a map."""
    labels = f"{across.item.label(currency)} %{{x:,.4~g}}<br>{up.item.label(currency)} %{{y:,.4~g}}<br>"
    around = {"colorscale": DIVERGING, "zmid": 0} if name in _LOSING else {"colorscale": "Cividis"}
    return {
        "type": "heatmap",
        **axes,
        **around,
        "colorbar": {"title": {"text": unit_title(name, currency)}, "thickness": 10, "outlinewidth": 0},
        "hovertemplate": labels + "%{z:,.4~g}<extra></extra>",
    }


def _contour(axes: Mapping[str, Any], target: float) -> list[dict[str, Any]]:
    """The line of the target, dark over a wider white one, as it crosses light and dark colours."""
    line_ = {
        "type": "contour", **axes, "name": "Target", "showscale": False, "hoverinfo": "skip",
        "contours": {"type": "constraint", "operation": "=", "value": target, "showlabels": False},
    }  # fmt: skip
    return [line_ | {"line": {"color": colour, "width": width}} for colour, width in (("#ffffff", 6), (_DARK, 2.5))]


_DARK = "#17212b"


def _lost(rows: Sequence[Row], across: Place, up: Place) -> list[dict[str, Any]]:
    """The word on the side of loss, in the middle of it; none where it is too small for one."""
    below = [row for row in rows if row["figure"] is not None and row["figure"] < 0]
    if len(below) < len(rows) * _NAMED:
        return []
    at = _nearest(below, median(row["across"] for row in below), median(row["up"] for row in below))
    place = {"x": across.item.shown(at["across"]), "y": up.item.shown(at["up"])}
    return [place | {"text": "<b>loss</b>", "showarrow": False, "bgcolor": "#ffffff", "font": {"color": _DARK}}]


_NAMED = 0.03
"""part of the map from which on a side has room for its word"""


def _over_the_map(rows: Sequence[Row], name: str, target: float, now: tuple[float, float], currency: str) -> str:
    """The conclusion: how much of the map reaches the target, and whether the inputs do as they are now."""
    what, wanted = titles(currency)[name], figure_text(UNITS[name], target, currency)
    known = [row for row in rows if row["figure"] is not None]
    reached = [row for row in known if row["figure"] >= target]
    if len(reached) in (0, len(known)):
        return f"{what} is nowhere {wanted} over these ranges"
    side = "also" if _nearest(known, *now)["figure"] >= target else "but not"
    part = percent(min(max(len(reached) / len(known), 0.01), 0.99), 0)  # never none or all, which it is not
    return f"{what} is {wanted} or more in {part} of this map, {side} where inputs are now"


def _nearest(rows: Sequence[Row], across: float, up: float) -> Row:
    """The row of the pair of values that is nearest, each input measured by how far it goes."""
    wide, high = (max(row[name] for row in rows) - min(row[name] for row in rows) or 1.0 for name in ("across", "up"))
    return min(rows, key=lambda row: ((row["across"] - across) / wide) ** 2 + ((row["up"] - up) / high) ** 2)


def _here(x: float, y: float) -> dict[str, Any]:
    """Where the inputs are now."""
    return {
        "type": "scatter",
        "x": [x],
        "y": [y],
        "mode": "markers",
        "name": "Now",
        "marker": {"symbol": "x", "size": 13, "color": "#ffffff", "line": {"width": 1.5, "color": _DARK}},
        "hoverinfo": "name",
    }


def _named_here(x: float, y: float) -> dict[str, Any]:
    place = {"x": x, "y": y, "yanchor": "bottom", "yshift": 10, "showarrow": False}
    return place | {"text": "now", "bgcolor": "#ffffff", "font": {"color": _DARK}}


def explained(frame: pd.DataFrame, name: str, currency: str) -> Chart:
    """Draw the frame of `answer_frames.explained`: a bar for each input, the first on top."""
    rows = records(frame)
    brief = _briefly(row["input"] for row in rows)
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [_wrapped(brief[row["input"]], 22) for row in rows],
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
        xaxis={"title": "Share of the variance explained (%)", "range": [0, 118], "tickvals": [0, 25, 50, 75, 100]},
        yaxis={"autorange": "reversed"},
    )
    of = f"of the uncertainty in {inside(titles(currency)[name])}"
    title = f"{rows[0]['input']} explains {percent(rows[0]['share'], 0)} {of}"
    alt = f"{title}. " + listed([f"{row['input']} {percent(row['share'], 0)}" for row in rows]) + "."
    measure = f"Share of the variance of {inside(titles(currency)[name])} that each input explains alone, in %"
    said_of = (
        f"{about.figure(name, currency)} The inputs are drawn from their ranges; a share is how much of the spread "
        "would go if that input were known. What is missing to 100 % is what inputs do together, or noise."
    )
    columns = {"input": "Input", "share": "Share of the variance explained (%)"}
    return Chart(title, drawn, alt, frame, columns, measure, said_of)


def waterfall(frame: pd.DataFrame, name: str, currency: str) -> Chart:
    """Draw the frame of `answer_frames.waterfall`: the scenarios as totals, what each change adds between them."""
    rows = records(frame)
    reached = [0.0, *(amount * _scale(name) for amount in accumulate(row["amount"] for row in rows[:-1]))]
    reach = beside_bars(min(reached), max(reached))
    tint, word = loss(reach[0] if name in _LOSING else 0, "x")
    drawn = figure(
        [_steps(rows, name, currency)],
        height=110 + 30 * len(rows),
        margin={"l": 8, "r": 48, "t": 8, "b": 8},
        shapes=tint,
        annotations=word,
        xaxis={"title": _with_unit(name, currency), "nticks": 5, "range": list(reach)},
        yaxis={"autorange": "reversed"},
    )
    first, *steps, last = rows
    gap = _said(name, abs(last["amount"] - first["amount"]), currency)
    side = "more" if last["amount"] >= first["amount"] else "less"
    title = f"{last['step']} comes to {gap} {side} {inside(titles(currency)[name])} than {first['step']}"
    changes = listed([f"{row['step']} {_said(name, row['amount'], currency)}" for row in steps])
    columns: Mapping[str, str] = {"step": "Scenario or change", "amount": _with_unit(name, currency)}
    measure = _measure(name, currency, "from one scenario to the other, one change after another")
    said_of = (
        f"{about.figure(name, currency)} A change is worth more or less by what has changed before it: each is the "
        "mean of two ways, in the given order and in the reverse. Blue adds, orange takes off, grey are the scenarios."
    )
    return Chart(title, drawn, f"{title}: {changes}.", frame, columns, measure, said_of)


def _steps(rows: Sequence[Row], name: str, currency: str) -> dict[str, Any]:
    """The bars of a waterfall, each with its amount; what a change adds has its sign."""
    labels = [as_plotly(row["step"]) if row["kind"] == "change" else _wrapped(row["step"]) for row in rows]
    signs = ["+" if row["kind"] == "change" and row["amount"] > 0 else "" for row in rows]
    said = [_said(name, row["amount"], currency) for row in rows]
    signed = [sign + words for sign, words in zip(signs, said, strict=True)]
    measures = {"start": "absolute", "change": "relative", "end": "total"}
    return {
        "type": "waterfall",
        "orientation": "h",
        "y": labels,
        "x": [row["amount"] * _scale(name) for row in rows],
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
    least = min((row[end] for row in rows for end in ("figure", "p10") if row[end] is not None), default=0.0)
    tint, word = loss(least * scale * 1.1 if name in _LOSING else 0, "x")
    drawn = figure(
        [bars],
        height=100 + 34 * len(rows),
        shapes=tint,
        annotations=word,
        xaxis={"title": _with_unit(name, currency), "nticks": 6},
        yaxis={"autorange": "reversed"},
    )
    known = [row for row in rows if row["figure"] is not None]
    said = listed([f"{row['scenario']} {_said(name, row['figure'], currency)}" for row in known])
    title = _set_apart(rows, name, currency)
    unit = unit_title(name, currency)
    ends_ = {} if frame["p10"].isna().all() else {end.lower(): f"{end} ({unit})" for end in ("P10", "P90")}
    columns = {"scenario": "Scenario", "figure": _with_unit(name, currency), **ends_}
    spread = " and P10 to P90 of its draws" if ends_ else ""
    said_of = f"{about.figure(name, currency)} Grey is the baseline. {SPREAD if ends_ else ''}".strip()
    measure = _measure(name, currency, f"of each scenario{spread}")
    return Chart(title, drawn, f"{title}: {said}.", frame, columns, measure, said_of)


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
    if first["figure"] is None or last["figure"] is None:
        return f"{what} of {(last if last['figure'] is None else first)['scenario']} is unknown"
    if len(rows) == 1:
        return f"{what} of {first['scenario']}: {_said(name, first['figure'], currency)}"
    gap, unit = last["figure"] - first["figure"], UNITS[name]
    if unit.same(gap, currency):
        return f"{what}: {last['scenario']} comes to as much as {first['scenario']}"
    side = "more" if gap > 0 else "less"
    return f"{what}: {last['scenario']} comes to {unit.size(gap, currency)} {side} than {first['scenario']}"


def _beyond(near: float | None, far: float | None, scale: int) -> float:
    """How far an end of the interval lies from the figure; nothing where there is none, or on the wrong side."""
    return 0 if near is None or far is None else max((far - near) * scale, 0)


def _wrapped(name: str, longest: int = 28) -> str:
    """A name in lines that leave the chart its room."""
    return "<br>".join(as_plotly(line) for line in wrap(name, longest))
