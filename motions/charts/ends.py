"""Labels at the ends of lines, in place of a legend: what a line is, and what it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from motions.charts.style import Look
from motions.text import as_plotly

SIGNS: Mapping[str, str] = {
    "circle": "●", "square": "■", "diamond": "◆", "triangle-up": "▲", "x": "✖", "circle-open": "○",
    "square-open": "□", "diamond-open": "◇", "hexagon-open": "⬡", "star": "★", "pentagon": "⬟", "line": "┄",
}  # fmt: skip
"""The marker of a motion as a letter, so that a label shows it too."""
_LINE, _LETTER, _SIGN = 15, 6.7, 34
"""pixels that a line of a label takes, a letter, and the sign with the gap before it and the air behind the label"""
_LONGEST = 22
"""letters of a line: a longer name goes on in the next one, as a phone has no room for it beside the chart"""
_FULL = 0.96
"""part of the chart's height that labels may take before they are made shorter"""


@dataclass(frozen=True)
class End:
    """Where a line ends, what it is called, what it comes to, how it is drawn, and more lines where there is room."""

    y: float
    name: str
    said: str
    look: Look
    more: tuple[str, ...] = ()
    faint: bool = False


def ends(found: Sequence[End], reach: tuple[float, float], height: int) -> list[dict[str, Any]]:
    """Return a label for each end, right of the chart, moved apart where two would cover one another.

    `reach` are the ends of the axis, `height` that of the chart [pixels].
    """
    if not found:
        return []
    scale = _plot(height) / (reach[1] - reach[0])
    order = sorted(found, key=lambda end: end.y)
    labels = _labels(order, height)
    wanted = [((end.y - reach[0]) * scale, len(lines) * _LINE) for end, lines in zip(order, labels, strict=True)]
    return [
        {
            "xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": end.y, "yanchor": "middle",
            "yshift": at - before, "text": _words(end, lines), "showarrow": False,
            "align": "left", "font": {"size": 11 if end.faint else 12},
        }
        for end, lines, at, (before, _) in zip(order, labels, apart(wanted, _plot(height)), wanted, strict=True)
    ]  # fmt: skip


def room(found: Sequence[End], height: int = 320) -> int:
    """Return the margin that the labels need [pixels]."""
    labels = _labels(found, height)
    return round(_SIGN + max((len(line) for lines in labels for line in lines), default=0) * _LETTER)


def _plot(height: int) -> int:
    """The height without margins, the axis and its title [pixels]."""
    return height - 60


def _labels(found: Sequence[End], height: int) -> list[list[str]]:
    """The lines of each label: as much as fits one above the other."""
    named = [[*wrap(end.name, _LONGEST), *([end.said] if end.said else [])] for end in found]
    richer = [[*lines, *end.more] for lines, end in zip(named, found, strict=True)]
    for labels in (richer, named):
        if sum(len(lines) for lines in labels) * _LINE <= _plot(height) * _FULL:
            return labels
    return [[f"{end.name} {end.said}".strip()] for end in found]


def _words(end: End, lines: Sequence[str]) -> str:
    """A label as Plotly reads it: the sign in the colour of the line, the name bold, the rest below or behind it."""
    sign = f"<span style='color:{end.look.colour}'>{SIGNS.get(end.look.marker, '●')}</span> "
    if end.faint:
        return sign + "<br>".join(as_plotly(line) for line in lines)
    if len(lines) == 1:
        said = f" {as_plotly(end.said)}" if end.said else ""
        return f"{sign}<b>{as_plotly(end.name)}</b>{said}"
    of_name = len(wrap(end.name, _LONGEST))
    bold = [f"<b>{as_plotly(line)}</b>" for line in lines[:of_name]]
    return sign + "<br>".join([*bold, *(as_plotly(line) for line in lines[of_name:])])


def apart(wanted: Sequence[tuple[float, float]], room: float) -> list[float]:
    """Return middles from below, so that nothing covers another and none ends above `room`; all in pixels.

    `wanted` are the middles and heights of what is placed, the lowest first.

    >>> apart([(10, 20), (15, 20)], 100), apart([(95, 20), (95, 20)], 100)
    ([10, 30.0], [70.0, 90.0])
    """
    found, floor = list[float](), -1e9
    for middle, tall in wanted:
        found.append(max(middle, floor + tall / 2))
        floor = found[-1] + tall / 2
    ceiling = room
    for number, (_, tall) in reversed(list(enumerate(wanted))):
        found[number] = min(found[number], ceiling - tall / 2)
        ceiling = found[number] - tall / 2
    return found
