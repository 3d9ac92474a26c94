"""Charts of a pack as SVG: lines, bars and steps that need no script and no font."""

import math
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from motions.charts.ends import apart
from motions.charts.style import LOOKS, PARTNER, look
from motions.out.pack import room
from motions.out.pack.content import Plot, Series, shortened
from motions.text import money

WIDE = 690
_LINE = 17
_TOP, _BOTTOM, _LEFT, _RIGHT = 12, 44, 70, 14
_COLOURS = {"partner": PARTNER.colour, "more": "#0f7fc4", "less": "#d55e00", "whole": "#7d8893", "other": "#7a5195",
            "product_led": "#b4bcc4", "sales_led": "#4a5560"}  # fmt: skip
_DASHES = {"dash": "8 4", "dot": "2 3", "dashdot": "8 3 2 3", "longdash": "13 4"}
_LABELS = 12
_NAMED, _STUB, _LONGEST = 2, 30, 34
"""series from which on they are named, the room of the line before a name, and letters of one"""


def drawn(plot: Plot) -> Markup:
    """Return a chart as SVG; its text alternative is in it. Everything from files is escaped."""
    make = {"lines": _lines, "columns": _columns, "bars": _bars, "steps": _bars}[plot.kind]
    body, high = make(plot)
    legend = _legend(plot, high)
    whole = high + (_LINE * (1 + legend.count("\n")) if legend else 0)
    return Markup(  # noqa: S704  every text in it is escaped
        f'<svg viewBox="0 0 {WIDE} {whole}" role="img" aria-label="{escape(f"{plot.title}. {plot.alt}")}" '
        f'font-size="11" fill="#17212b">{body}{legend}</svg>'
    )


def _colour(series: Series) -> str:
    return _COLOURS.get(series.look) or look(series.look).colour


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round numbers from one at or below `low` to one at or above `high`.

    >>> ticks(-3, 97), ticks(0, 0)
    ([-20.0, 0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    """
    span = (high - low) or 1.0
    size = 10.0 ** math.floor(math.log10(span / most))
    step = next(size * times for times in (1, 2, 5, 10, 20) if span / (size * times) <= most)
    first, last = math.floor(low / step), math.ceil((high if high > low else low + 1) / step)
    return [round(at * step, 10) for at in range(first, last + 1)]


def _said(value: float, plot: Plot) -> str:
    return f"{value:,.0f} %".replace("-", "−") if plot.form == "0" else money(value, "")


def _values(plot: Plot) -> list[float]:
    return [one for series in plot.series for row in (series.values, series.low, series.high) for one in row
            if one is not None]  # fmt: skip


def _text(x: float, y: float, words: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(words)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str = "#dfe5ea") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _right(plot: Plot) -> float:
    """The room right of what is drawn: that of the names that stand there."""
    if len(plot.series) < _NAMED:
        return _RIGHT
    return _RIGHT + _STUB + max(room.width(shortened(one.name, _LONGEST)) for one in plot.series) * 11


def _names(plot: Plot, heights: Sequence[float | None], high: float) -> Iterator[str]:
    """The names of the series where their lines end, or beside the last column, moved apart, each with its line."""
    if len(plot.series) < _NAMED:
        return
    there = [(y, one) for y, one in zip(heights, plot.series, strict=True) if y is not None]
    there.sort(key=lambda pair: -pair[0])
    x = WIDE - _right(plot) + 4
    for at, (_, one) in zip(apart([(high - y, _LINE) for y, _ in there], high - _TOP), there, strict=True):
        y = high - at
        mark = f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x + 25:.1f}" y2="{y:.1f}" {_stroke(one)}/>'
        yield mark if plot.kind == "lines" else _bar(x + 8, y - 5, 12, 10, _colour(one))
        yield _text(x + _STUB, y + 4, shortened(one.name, _LONGEST))


def _frame(plot: Plot, levels: Sequence[float], places: Sequence[float], high: float) -> Iterator[str]:
    """Levels with their numbers, the titles of both axes, and as many categories as there is room for."""
    right = WIDE - _right(plot)
    scale = (high - _TOP - _BOTTOM) / (levels[-1] - levels[0])
    for one in levels:
        y = high - _BOTTOM - (one - levels[0]) * scale
        yield _rule(_LEFT, y, right, y, "#7d8893" if one == 0 else "#dfe5ea")
        yield _text(_LEFT - 5, y + 4, _said(one, plot), "end")
    every = math.ceil(len(places) / _LABELS)
    for name, x in list(zip(plot.categories, places, strict=True))[::every]:
        yield _text(x, high - _BOTTOM + 15, name, "middle")
    yield _text((_LEFT + right) / 2, high - 8, plot.across, "middle")
    yield _text(-(_TOP + high - _BOTTOM) / 2, 13, plot.up, "middle", 'transform="rotate(-90)"')


def _lines(plot: Plot) -> tuple[str, int]:
    high, found = 300, _values(plot)
    levels = ticks(min([0.0, *found]), max([0.0, *found]))
    scale = (high - _TOP - _BOTTOM) / (levels[-1] - levels[0])
    gap = (WIDE - _LEFT - _right(plot) - 16) / max(len(plot.categories) - 1, 1)
    places = [_LEFT + 8 + at * gap for at in range(len(plot.categories))]

    def points(values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
        heights = [None if one is None else high - _BOTTOM - (one - levels[0]) * scale for one in values]
        return _runs(places, heights)

    parts = list(_frame(plot, levels, places, high))
    for one in plot.series:
        if one.low:
            for below, above in zip(points(one.low), points(one.high), strict=False):
                parts.append(
                    f'<polygon points="{_path([*above, *below[::-1]])}" fill="{_colour(one)}" opacity="0.16"/>'
                )
    ends = list[float | None]()
    for one in plot.series:
        runs = points(one.values)
        parts += [f'<polyline points="{_path(run)}" {_stroke(one)}/>' for run in runs]
        ends.append(runs[-1][-1][1] if runs else None)
    parts += _names(plot, ends, high)
    return "".join(parts), high


def _runs(xs: Sequence[float], ys: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """Runs of known values: a gap stays one."""
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if y is None:
            found.append([])
        else:
            found[-1].append((x, y))
    return [run for run in found if run]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _stroke(one: Series) -> str:
    dash = "2 4" if one.faint else _DASHES.get(LOOKS[one.look].dash, "") if one.look in LOOKS else ""
    return (
        f'fill="none" stroke="{_colour(one)}" stroke-width="{1.4 if one.faint else 2.2}"'
        + (f' stroke-dasharray="{dash}"' if dash else "")
    )  # fmt: skip


def _columns(plot: Plot) -> tuple[str, int]:
    high = 300
    sums = [sum(row[at] or 0.0 for row in (one.values for one in plot.series)) for at in range(len(plot.categories))]
    levels = ticks(0.0, max([0.0, *sums]))
    scale = (high - _TOP - _BOTTOM) / (levels[-1] - levels[0])
    gap = (WIDE - _LEFT - _right(plot)) / max(len(plot.categories), 1)
    places = [_LEFT + (at + 0.5) * gap for at in range(len(plot.categories))]
    parts = list(_frame(plot, levels, places, high))
    middles = list[float | None]()
    for at, x in enumerate(places):
        foot, middles = float(high - _BOTTOM), []
        for one in plot.series:
            tall = (one.values[at] or 0.0) * scale
            foot -= tall
            middles.append(foot + tall / 2)
            parts.append(_bar(x - gap * 0.38, foot, gap * 0.76, tall, _colour(one)))
    parts += _names(plot, middles or [None] * len(plot.series), high)
    return "".join(parts), high


def _bar(x: float, y: float, wide: float, high: float, colour: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(wide, 0):.1f}" height="{max(high, 0):.1f}" fill="{colour}" '
        'stroke="#fff" stroke-width="0.5"/>'
    )


def _spans(plot: Plot) -> list[list[tuple[float, float, str]]]:
    """Of each category the bars: from, to, colour. Steps begin where the last one ended."""
    if plot.kind == "bars":
        return [
            [(0.0, one.values[at] or 0.0, _colour(one)) for one in plot.series] for at in range(len(plot.categories))
        ]
    found, now = [], 0.0
    for amount, way in zip(plot.series[0].values, plot.ways, strict=True):
        start = 0.0 if way == "whole" else now
        now = start + (amount or 0.0)
        found.append([(start, now, _COLOURS[way])])
    return found


def _bars(plot: Plot) -> tuple[str, int]:
    row, left = 25, 300
    high = len(plot.categories) * row + _TOP + _BOTTOM
    spans = _spans(plot)
    ends = [end for bars in spans for bar in bars for end in bar[:2]]
    levels = ticks(min([0.0, *ends]), max([0.0, *ends]), 5)
    scale = (WIDE - left - _RIGHT - 20) / (levels[-1] - levels[0])
    parts = []
    for one in levels:
        x = left + (one - levels[0]) * scale
        parts += [_rule(x, _TOP, x, high - _BOTTOM, "#7d8893" if one == 0 else "#dfe5ea")]
        parts += [_text(x, high - _BOTTOM + 15, _said(one, plot), "middle")]
    for at, (name, bars) in enumerate(zip(plot.categories, spans, strict=True)):
        y = _TOP + at * row
        most = 46
        while room.width(shortened(name, most)) * 11 > left - 12 and most > 12:
            most -= 2
        parts.append(_text(left - 8, y + 16, shortened(name, most), "end"))
        for start, end, colour in bars:
            parts.append(
                _bar(left + (min(start, end) - levels[0]) * scale, y + 4, abs(end - start) * scale, 17, colour)
            )
    parts.append(_text((left + WIDE) / 2, high - 8, plot.up, "middle"))
    return "".join(parts), high


def _legend(plot: Plot, top: int) -> str:
    """The names of the series that bars are drawn in, in as many rows as that takes; others stand where they end."""
    if plot.kind != "bars" or len(plot.series) < _NAMED:
        return ""
    x, y, rows = float(_LEFT), top + 10, [""]
    for one in plot.series:
        wide = 40 + room.width(one.name) * 11
        if x + wide > WIDE and x > _LEFT:
            x, y = float(_LEFT), y + _LINE
            rows.append("")
        rows[-1] += _bar(x + 8, y - 10, 12, 10, _colour(one)) + _text(x + 29, y, one.name)
        x += wide
    return "\n".join(rows)
