"""Labels at the ends of lines, in place of a legend: what a line is, and what it comes to."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motions.charts.style import Look
from motions.text import as_plotly

SIGNS: Mapping[str, str] = {
    "circle": "●", "square": "■", "diamond": "◆", "triangle-up": "▲", "x": "✖", "circle-open": "○",
    "square-open": "□", "diamond-open": "◇", "hexagon-open": "⬡", "star": "★", "pentagon": "⬟",
}  # fmt: skip
"""The marker of a motion as a letter, so that a label shows it too."""
_LINE, _LETTER = 15, 7.2
"""pixels that a line of a label takes, and a letter"""


@dataclass(frozen=True)
class End:
    """Where a line ends, what it is called, what it comes to, and how it is drawn."""

    y: float
    name: str
    said: str
    look: Look


def ends(found: Sequence[End], reach: tuple[float, float], height: int) -> list[dict[str, Any]]:
    """Return a label for each end, right of the chart, moved apart where two would cover one another.

    `reach` are the ends of the axis, `height` that of the chart [pixels].
    """
    scale = (height - 60) / (reach[1] - reach[0])
    order = sorted(found, key=lambda end: end.y)
    heights = _apart([end.y * scale for end in order], _lines(found) * _LINE, reach[0] * scale, reach[1] * scale)
    return [
        {
            "xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": end.y, "yanchor": "middle",
            "yshift": at - end.y * scale, "text": _words(end, _lines(found) > 1), "showarrow": False,
            "align": "left", "font": {"size": 12},
        }
        for end, at in zip(order, heights, strict=True)
    ]  # fmt: skip


def room(found: Sequence[End]) -> int:
    """Return the margin that the labels need [pixels]."""
    two = _lines(found) > 1
    longest = max(
        (max(len(end.name), len(end.said)) if two else len(f"{end.name} {end.said}") for end in found), default=0
    )
    return round(26 + longest * _LETTER)


def _lines(found: Sequence[End]) -> int:
    """Name and figure below one another, where few lines leave room for it."""
    return 2 if len(found) < 4 else 1


def _words(end: End, two: bool) -> str:
    sign = f"<span style='color:{end.look.colour}'>{SIGNS.get(end.look.marker, '●')}</span>"
    return f"{sign} <b>{as_plotly(end.name)}</b>{'<br>' if two else ' '}{as_plotly(end.said)}"


def _apart(heights: Sequence[float], least: int, low: float, high: float) -> list[float]:
    """Heights from below, at least so far from one another, and inside the chart as far as there is room."""
    found, last = [], -math.inf
    for at in heights:
        last = max(at, last + least, low)
        found.append(last)
    over = max((found[-1] if found else high) - high, 0.0)
    ceiling = math.inf
    for number in range(len(found) - 1, -1, -1):
        found[number] = min(found[number] if ceiling < math.inf else found[number] - over, ceiling)
        ceiling = found[number] - least
    return found
