"""What all charts share: a motion has one colour, one dash and one marker everywhere."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from motions.charts.frame import readable
from motions.names import NAMES, OWN, PARTNER_MOTIONS, TABLE
from motions.text import as_plotly

Axis = Literal["x", "y"]


@dataclass(frozen=True)
class Look:
    """How a motion is drawn; the table of motions says which colour, dash and marker it has."""

    colour: str
    dash: str
    marker: str


LOOKS = {motion.id: Look(motion.colour, motion.dash, motion.marker) for motion in TABLE}
PARTNER = Look("#0f7fc4", "solid", "circle")
ORGANIC = LOOKS["organic"]
PATTERNS = ("", "/", ".")
"""Fills of bar parts, so that colour is not the only signal."""


DIVERGING = [[0, "#b0530f"], [0.25, "#e6a86c"], [0.5, "#e9edf0"], [0.75, "#7fb8de"], [1, "#0a5f96"]]
"""The scale around a middle that means something, such as 100 % or zero: below is lost, above is won."""
_PROGRAMS = {LOOKS[motion] for motion in PARTNER_MOTIONS}


def look(motion: str) -> Look:
    """Return how a motion is drawn; an id that the table does not have is that of a motion of one's own."""
    return LOOKS.get(motion, LOOKS[OWN])


@dataclass(frozen=True)
class Chart:
    """A figure, its conclusion in words, and the text for those who can't see it.

    `shown` is the frame that all three were made from, `titles` its columns in the reader's words, with units.
    `measure` says below the title what is drawn, with unit and period, without a full stop; `about` is what one wants
    to know beyond it, one click away: definition, bands and marks, source.
    """

    title: str
    figure: go.Figure
    alt: str
    shown: pd.DataFrame = field(compare=False)
    titles: Mapping[Any, str]
    measure: str = ""
    about: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """The figures of the chart as a table to be read; made when somebody asks for it."""
        return readable(self.shown, self.titles)

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn: no trace has a point."""
        return not any(_has_points(trace) for trace in self.figure.data)

    def large(self, least: int) -> "Chart":
        """Return the chart for a shared screen: text and marks 1.6 times as large, at least as high as this [px]."""
        drawn = go.Figure(_scaled(self.figure.to_plotly_json(), _ROOM))
        stacked = any(note.yshift for note in drawn.layout.annotations)  # labels moved apart grow as text does
        drawn.update_layout(height=max(drawn.layout.height * (_ROOM if stacked else _HIGHER), least))
        return replace(self, figure=drawn)


_ROOM, _HIGHER = 1.6, 1.25
"""how much larger text is for a room, and how much higher a chart: rows have air enough to move together"""
_SIZED = re.compile(r"font-size:([\d.]+)px")
_LENGTHS = {"size", "xshift", "yshift", "standoff", "thickness", "l", "r", "t", "b"}
"""what is measured in pixels, and so grows with the text; the width of a bar is in units of its axis, of a line not"""


def _scaled(content: Any, by: float, inside: str = "") -> Any:
    """Return a figure's content with all text, marks and margins larger."""
    if isinstance(content, dict):
        lengths = _LENGTHS | ({"width"} if inside == "line" else set())
        return {
            key: one * by if key in lengths and isinstance(one, (int, float)) else _scaled(one, by, key)
            for key, one in content.items()
        }
    if isinstance(content, str):
        return _SIZED.sub(lambda found: f"font-size:{float(found[1]) * by:.0f}px", content)
    return [_scaled(one, by, inside) for one in content] if isinstance(content, (list, tuple)) else content


def _has_points(trace: Any) -> bool:
    """Whether a trace has a place with a value in both directions; only a map of values has a third."""
    axes = [trace[axis] for axis in ("x", "y", "z") if axis in trace and trace[axis] is not None]
    return any(all(value is not None and value == value for value in point) for point in zip(*axes, strict=False))  # noqa: PLR0124


INK = "#6b7783"
"""Text of charts: a grey with a contrast above 4 on the light and the dark background."""
GRID = "rgba(125,136,147,0.28)"
FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def on(colour: str) -> str:
    """Return black or white, whichever is read better on a colour such as "#0f7fc4".

    >>> on("#d98f00"), on("#6a51a3")
    ('#000000', '#ffffff')
    """
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    bright = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#000000" if (bright + 0.05) / 0.05 > 1.05 / (bright + 0.05) else "#ffffff"


def fill(shape: str) -> dict[str, Any]:
    """Return the pattern of a bar, drawn in white over its colour."""
    return {"shape": shape, "fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.4)", "size": 6}


def figure(traces: Sequence[Any], height: int = 320, **layout: Any) -> go.Figure:
    """Return a figure in the style of the app; axes leave room for small screens.

    It has no legend: what is drawn is named where it is drawn. Built at once from a dictionary: every later `update_`
    or `add_` of a figure costs milliseconds.
    """
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "showlegend": False,
        "hovermode": "closest",
        "barmode": "stack",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": INK, "activecolor": INK},
        # Greys that are read on a light and on a dark page: the chart does not have to know which it is on.
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": INK},
    }
    across = any(trace.get("orientation") == "h" for trace in traces)
    axes = {
        name: _axis(**({"showgrid": (name == "xaxis") == across} | layout.pop(name, {}))) for name in ("xaxis", "yaxis")
    }
    content = {"data": list(traces), "layout": base | axes | layout}
    name = NAMES[OWN]
    return go.Figure(content if as_plotly(name) == name else _as_text(content, name))


def _as_text(content: Any, name: str) -> Any:
    """Return what is drawn with a company's name for its own motion as text: Plotly reads HTML in every label."""
    if isinstance(content, str):
        for said in (name, name.lower()):
            content = content.replace(said, as_plotly(said))
        return content
    if isinstance(content, dict):
        return {key: _as_text(value, name) for key, value in content.items()}
    return [_as_text(one, name) for one in content] if isinstance(content, (list, tuple)) else content


def level(y: float) -> dict[str, Any]:
    """Return a thin horizontal line across a chart, for zero or 100 %."""
    ends = {"xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y}
    return {"type": "line", **ends, "line": {"width": 1, "color": "#7d8893"}}


def loss(lowest: float, axis: Axis = "y") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the side below zero as a tint, and the word for it; nothing where an axis does not go that far.

    `lowest` is the end of the axis.
    """
    if lowest >= 0:
        return [], []
    other = "x" if axis == "y" else "y"
    tint = {"type": "rect", "layer": "below", "fillcolor": "rgba(197,54,44,0.07)", "line": {"width": 0}}
    across = {f"{other}ref": "paper", f"{other}0": 0, f"{other}1": 1, f"{axis}0": lowest, f"{axis}1": 0}
    place = {"xref": "paper", "x": 0} if axis == "y" else {"x": lowest, "yref": "paper"}
    place |= {"y": lowest if axis == "y" else 0, "xanchor": "left", "yanchor": "bottom", "xshift": 4}
    return [tint | across], [place | {"text": "loss", "showarrow": False, "font": {"size": 12}}]


def beside_bars(low: float, high: float) -> tuple[float, float]:
    """Return the ends of an axis for bars between these amounts, with room for what stands beside them on a phone.

    >>> beside_bars(0, 100), beside_bars(-50, 50)
    ((0.0, 120.0), (-90.0, 70.0))
    """
    span = high - low or 1.0
    return (low - span * 0.4 if low < 0 else 0.0), high + span * 0.2


def _axis(title: str = "", **settings: Any) -> dict[str, Any]:
    words = {"text": title, "standoff": 12, "font": {"size": 12}}
    lines = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": GRID}
    return {"automargin": True, "fixedrange": True, "title": words} | lines | settings


def dash(look: Look, faint: bool = False) -> str:
    """Return the dash of a line: partner motions are whole lines, what they are held against may be dashed."""
    return "dot" if faint else "solid" if look in _PROGRAMS else look.dash


def line(name: str, look: Look, x: list[Any], y: list[Any], hover: list[str], faint: bool = False) -> dict[str, Any]:
    """Return a line with the look of its motion and a few markers; gaps where a value is None stay gaps."""
    return {
        "type": "scatter",
        "name": name,
        "x": x,
        "y": y,
        "mode": "lines+markers",
        "line": {"color": look.colour, "dash": dash(look, faint), "width": 1.5 if faint else 2.5},
        "marker": {"symbol": look.marker, "size": 8, "maxdisplayed": 8},
        "opacity": 0.55 if faint else 1.0,
        "hovertext": hover,
        "hoverinfo": "text",
        "connectgaps": False,
    }


def titled(title: str, currency: str) -> str:
    """Return the title of an axis or a column of amounts, with their currency."""
    return f"{title} ({stated(currency)})"


def stated(currency: str) -> str:
    """Return a currency, or that files state none."""
    return currency or "currency not stated"
