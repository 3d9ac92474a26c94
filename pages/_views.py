"""Views: the tabs below an answer. Each has a name, what it needs, what it shows and what of it can be presented."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

from motions.charts.style import Chart
from pages import _ui

Look = TypeVar("Look")
"""what a page's views look at: its scenario or program, and what was chosen"""


def _nothing(look: Any) -> str:
    return ""


@dataclass(frozen=True)
class Shown:
    """What a view has shown: its answer, for the page's heading, and what was asked, for the presentation's address."""

    answer: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)


def answer(drawn: Chart, key: str, of: str = "", **asked: str) -> Shown:
    """Show a chart whose conclusion is the answer of its view, and so the page's heading; there it stands, not here.

    `of`: the name of the program that it is the answer for, where there are others.
    """
    _ui.chart(drawn, key, titled=False)
    if drawn.empty:
        return Shown(asked=asked)
    return Shown(drawn.title if not of or of in drawn.title else f"{of}: {drawn.title}", asked)


@dataclass(frozen=True)
class View(Generic[Look]):
    """One tab. Its name is its address too."""

    name: str
    show: Callable[[Look], Shown | None]
    lacks: Callable[[Look], str] = _nothing
    """what it needs and there is not, in words that say what to do; empty where it can be shown"""
    chart: Callable[[Look], Chart | str] | None = None
    """its chart as presented, or the words that say why there is none; without one it stays out of presentations"""


def tabs(views: Sequence[View[Look]], look: Look, key: str) -> None:
    """Show the tabs of views and the one that is open, which the address names."""
    opened = st.tabs(names(views), key=key, on_change="rerun", bind="query-params")
    for view, tab in zip(views, opened, strict=True):
        if tab.open:
            with tab:
                shown(view, look)


def shown(view: View[Look], look: Look) -> Shown:
    """Show a view, or what it lacks."""
    if lacking := view.lacks(look):
        st.info(_ui.text(lacking))
        return Shown()
    return view.show(look) or Shown()


def names(views: Sequence[View[Any]]) -> list[str]:
    """Return the names of views, in their order."""
    return [view.name for view in views]
