"""The shown programs in five figures each, the one in focus highlighted, and its differences to what is pinned."""

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from motions.charts.style import look
from motions.economics.answers.headline import Difference
from motions.economics.files.tables import COSTS, InShort
from motions.names import NAMES
from pages import _ui

_GLYPHS = {
    "square": "■", "diamond": "◆", "triangle-up": "▲", "x": "✖", "pentagon": "⬟", "circle-open": "○",
    "square-open": "□", "diamond-open": "◇", "hexagon-open": "⬡",
}  # fmt: skip
"""the marker of a motion's line as a letter; a circle where there is none of it"""
_BESIDE = 2
"""programs that a phone has room for beside one another"""
_ARROWS = {"up": ":material/arrow_upward:", "down": ":material/arrow_downward:"}


def table(shown: Sequence[InShort], focus: str, turned: bool) -> None:
    """Show the programs below one another; `turned`: two beside one another, for a narrow screen."""
    titles = ["Program", *(_ui.text(title) for title, _ in shown[0].figures)]
    cells = pd.DataFrame([[_name(one, focus), *_cells(one, focus, turned)] for one in shown], columns=titles)
    if turned and len(shown) <= _BESIDE:
        cells = cells.set_index("Program").T.rename_axis(index="Figure", columns=None).reset_index()
    elif turned:
        cells = cells[titles[:3]]  # the others stand in the table of all figures
    st.table(cells, border="horizontal", hide_index=True, alt="The programs shown, in five figures each")


def _name(one: InShort, focus: str) -> str:
    drawn = look(one.program)
    marked = f':color[{_GLYPHS.get(drawn.marker, "●")}]{{foreground="{drawn.colour}"}} '
    name = _ui.text(NAMES[one.program])
    return f"{marked}**{name}** :primary-badge[in focus]" if one.program == focus else marked + name


def _cells(one: InShort, focus: str, narrow: bool) -> list[str]:
    """The figures of a program with their ends; what its cost is read against is a word where there is little room."""
    shown = [f"**{_ui.text(said)}**" if one.program == focus else _ui.text(said) for _, said in one.figures]
    if one.cost:
        at, tone = (
            [title for title, _ in one.figures].index(COSTS),
            {True: "green", False: "red", None: "gray"}[one.cheap],
        )
        shown[at] += f" :{tone}-badge[{_ui.text(one.side if narrow or any(one.ends) else one.cost)}]"
    return [
        f"{said}  \n:small[:gray[{_ui.text(ends)}]]" if ends else said
        for said, ends in zip(shown, one.ends, strict=True)
    ]


def against_pinned(found: Sequence[Difference]) -> None:
    """Show the differences to the pinned scenario, green or red where a direction is good."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption("Against pinned:" if found else "Against pinned: no difference", width="content")
        badges(found)


def badges(found: Sequence[Difference]) -> None:
    """Show differences, each with an arrow and a word beside its colour."""
    for one in found:
        st.badge(_ui.text(one.words), icon=_ARROWS[one.way], color=_COLOURS[one.verdict])


def badge_in_a_line(found: Sequence[Difference]) -> None:
    """Show by how much the contribution differs, short."""
    for one in found:
        if one.figure == "contribution":
            st.badge(_ui.text(one.size), icon=_ARROWS[one.way], color=_COLOURS[one.verdict])


_COLOURS: dict[str, Literal["green", "red", "gray"]] = {"better": "green", "worse": "red", "": "gray"}
