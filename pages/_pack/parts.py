"""The parts of the page: what its maker wishes, and the one page in words."""

from typing import Any

import streamlit as st

from motions.out.pack import SECTIONS, Given, Wishes, lacking, offered
from motions.out.pack.content import Slide
from pages import _ui

_KEPT: Any = {"persist_state": "session"}
NAMES = {part.id: part.title for part in SECTIONS}


def wishes(given: Given) -> Wishes:
    """Ask for title, audience, decision, notes and sections."""
    there = [part.id for part in offered(given)]
    title = st.text_input("Title", key="pack_title", max_chars=120, placeholder="Partner-led growth", **_KEPT)
    audience = st.text_input("Audience", key="pack_audience", max_chars=80, placeholder="the board", **_KEPT)
    decision = st.text_input(
        "Decision asked for", key="pack_decision", max_chars=160, placeholder="as proposed",
        help="Title of the one page. Left empty, it is what your answers, scenario or files come to.", **_KEPT,
    )  # fmt: skip
    notes = st.text_area("Notes", key="pack_notes", max_chars=1200, height=90, help="They stand on the cover.", **_KEPT)
    chosen = st.pills(
        "Sections", there, selection_mode="multi", default=there, format_func=_ui.marked(NAMES), wrap=True,
        # With more to choose from, all of it is chosen.
        key=f"pack_sections_{'_'.join(there)}", help="All of them where none is chosen.", **_KEPT,
    )  # fmt: skip
    for name, needs in lacking(given):
        st.caption(f"Not yet: {_ui.text(name)}. {_ui.text(needs)}")
    return Wishes(title or "", audience or "", decision or "", notes or "", tuple(chosen))


def preview(slide: Slide) -> None:
    """Show the one page in words: its figures, and what it says."""
    if slide.figures:
        with _ui.figures(3, "pack_figures"):
            for one in slide.figures:
                with st.container(border=True, height="stretch", gap="xsmall"):
                    _ui.figure(one.title, one.value, one.definition, note=f"{one.of}; {one.interval}")
                    st.caption(_ui.text(one.change))
    lines = [f"- **{_ui.text(said.lead)}:** {_ui.text(said.words)}" for said in slide.words]
    st.markdown("\n".join(lines))
    if slide.plot:
        st.markdown(f"**Chart:** {_ui.text(slide.plot.title)}")
    st.caption(_ui.text(slide.foot))
