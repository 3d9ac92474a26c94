"""What all charts share: a motion has one colour, one dash and one marker everywhere."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go


@dataclass(frozen=True)
class Look:
    """How a motion is drawn. Colours are after Okabe and Ito, for colour-blind readers; greys are direct."""

    colour: str
    dash: str
    marker: str


LOOKS = {
    "ecosystem": Look("#0f7fc4", "solid", "circle"),
    "channel": Look("#d98f00", "dash", "square"),
    "referral": Look("#009e73", "dot", "diamond"),
    "affiliate": Look("#c46a9f", "dashdot", "triangle-up"),
    "reseller": Look("#d55e00", "longdash", "x"),
    "organic": Look("#7d8893", "solid", "circle-open"),
    "product_led": Look("#7d8893", "dash", "square-open"),
    "sales_led": Look("#7d8893", "dot", "diamond-open"),
    "unassigned": Look("#a9b2ba", "solid", "star"),
}
PARTNER = Look("#0f7fc4", "solid", "circle")
ORGANIC = LOOKS["organic"]
PATTERNS = ("", "/", ".")
"""Fills of bar parts, so that colour is not the only signal."""


@dataclass(frozen=True)
class Chart:
    """A figure, its conclusion in words, and the text for those who can't see it."""

    title: str
    figure: go.Figure
    alt: str


INK = "#6b7783"
"""Axis text: a grey with a contrast above 4 on the light and the dark background."""


def fill(shape: str) -> dict[str, Any]:
    """Return the pattern of a bar, drawn in white over its colour."""
    return {"shape": shape, "fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.4)", "size": 6}


def figure(height: int = 320, **layout: Any) -> go.Figure:
    """Return an empty figure in the style of the app; axes and legend leave room for small screens."""
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "title": {"text": ""}},
        "hovermode": "closest",
        "barmode": "stack",
        "xaxis": _axis(),
        "yaxis": _axis(),
    }
    drawn = go.Figure()
    drawn.update_layout(**base)
    drawn.update_layout(**layout)
    return drawn


def _axis() -> dict[str, Any]:
    ink = {"color": INK, "size": 12}
    return {"automargin": True, "fixedrange": True, "tickfont": ink, "title": {"font": ink}}


def line(name: str, look: Look, x: list[Any], y: list[Any], hover: list[str] | str, faint: bool = False) -> go.Scatter:
    """Return a line with the look of its motion and a few markers; gaps where a value is None stay gaps."""
    return go.Scatter(
        name=name,
        x=x,
        y=y,
        mode="lines+markers",
        line={"color": look.colour, "dash": "dot" if faint else look.dash, "width": 1.5 if faint else 2.5},
        marker={"symbol": look.marker, "size": 8, "maxdisplayed": 8},
        opacity=0.55 if faint else 1.0,
        hovertemplate=hover if isinstance(hover, str) else None,
        hovertext=hover if isinstance(hover, list) else None,
        hoverinfo="text" if isinstance(hover, list) else None,
        connectgaps=False,
    )
