"""The figures of program health as cards: figure, change, course, verdict and what it is compared with."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from motions.cohorts.tables.health import Tile
from pages import _ui

_CHANGES: dict[str, Literal["green", "red"]] = {"better": "green", "worse": "red"}


def six(tiles: Sequence[Tile], key: str) -> None:
    """Show six figures as two grids of three, so that they never break into five and one; two a row on a phone."""
    if _ui.on_phone():
        with st.grid(2, min_column_width=145, gap="small", key=key):
            row(tiles)
        st.caption("Beside the arrows: the change in a year.")
        return
    halves = st.grid(2, min_column_width=520, gap="small", key=key)
    for part in (tiles[:3], tiles[3:]):
        with halves.cell().grid(3, min_column_width=150, gap="small"):
            row(part)


def row(tiles: Sequence[Tile]) -> None:
    """Show figures one after another, in the grid that is open."""
    for one in tiles:
        with st.container(border=True, height="stretch", gap="xxsmall"):
            _tile(one)


def _badge(one: Tile) -> None:
    """Show the verdict on a tint, which breaks into lines where a phone has no room for one."""
    if one.tone == "better":
        st.markdown(f":green-badge[:material/check: {_ui.text(one.verdict)}]")
    elif one.tone == "worse":
        st.markdown(f":red-badge[:material/close: {_ui.text(one.verdict)}]")
    else:
        st.markdown(f":gray-badge[:material/drag_handle: {_ui.text(one.verdict)}]")


def _tile(one: Tile) -> None:
    # What nothing tested is a fact: it rises or falls, and is neither good nor bad.
    st.metric(
        _ui.text(one.label),
        _ui.text(one.figure),
        delta=_ui.text(one.change) or None,
        delta_description="in a year" if one.change and not _ui.on_phone() else None,  # no room for it on a phone
        delta_color=_CHANGES.get(one.tone, "gray") if one.tested else "gray",
        delta_arrow="up" if one.rises else "down",
        help=_ui.text(one.definition),
        chart_data=one.course or None,
    )
    if one.verdict:
        _badge(one)
    st.caption("  \n".join(_ui.text(note) for note in one.notes))
