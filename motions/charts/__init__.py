"""Frames to Plotly figures: pure functions. A chart comes with its conclusion as title and a text that replaces it."""

from motions.charts.style import Chart

__all__ = ["Chart"]
