"""Readiness: the six conditions and three principles, each by hand or as files and scenario say."""

from typing import Any

import streamlit as st

from motions.fields import Input, inputs
from motions.readiness.assess import Check
from motions.readiness.thresholds import Thresholds, origin
from pages import _ui
from pages._choose import address
from pages._choose.look import Look

_THRESHOLD = "choose_from_"
_BADGES: dict[str, tuple[str, _ui.Tone]] = {
    "ready": ("Ready", "good"),
    "not yet": ("Not yet", "bad"),
    "unknown": ("Unknown", "open"),
}
_HANDS = {"yes": "Yes", "no": "No"}


def answer(look: Look) -> str:
    """Return the answer in a sentence or two."""
    return look.report.headline


def thresholds() -> Thresholds:
    """Return from where on conditions hold, as it was set in this session."""
    names = {item.name for item in inputs(Thresholds)}
    kept = {name: st.session_state[_THRESHOLD + name] for name in names if _THRESHOLD + name in st.session_state}
    return Thresholds(**{item.name: _stored(item, kept[item.name]) for item in inputs(Thresholds) if item.name in kept})


def _stored(item: Input, shown: Any) -> Any:
    return shown if item.options else item.taken(shown, item.default)


def show(look: Look) -> None:
    """Show each condition with its verdict, its evidence and what to do first."""
    st.header("What has to be there", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "Yes or No is your own answer, and so is one to the same question under Fit. It counts before what your "
            "files say, which stays in sight.",
            width="stretch",
        )
        _limits()
    with st.grid(3, min_column_width=300, gap="small"):
        for check in look.report.conditions:
            _card(check, look)
    st.header("How it has to work", anchor=False)
    with st.grid(3, min_column_width=300, gap="small"):
        for check in look.report.principles:
            _card(check, look)
    if look.program is None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Five of the conditions and all three principles can be read off your files.")
            st.page_link("pages/health.py", label="Load your files")


def _card(check: Check, look: Look) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            _ui.badge(*_BADGES[check.verdict])
            if check.overruled:
                _ui.badge("Overruled by hand", "caution")
        st.markdown(f"### {_ui.text(check.title)}", anchors=False)
        if check.disqualifier:
            st.markdown(f"**{_ui.text(check.disqualifier)}.**")
        for line in check.reading.lines if check.reading else ():
            st.markdown(f"- {_ui.text(line.words)}")
        if check.first_step:
            st.markdown(f"**First:** {_ui.text(check.first_step)}")
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.segmented_control(
                _ui.text(f"By hand: {check.title}"), tuple(_HANDS), format_func=_ui.marked(_HANDS),
                key=address.HAND + check.id, label_visibility="collapsed",
            )  # fmt: skip
            _about(check)
            if check.view and look.program is not None:
                st.page_link(
                    "pages/health.py", label="See the data", query_params={"view": check.view}
                )  # fmt: skip


def _about(check: Check) -> None:
    """Show whose the verdict is, what is read for it, and what no file shows."""
    with st.popover("About", key=f"choose_about_{check.id}"):
        st.markdown(_ui.text(check.said))
        st.markdown(_ui.text(check.why))
        if check.by_data:
            st.markdown(f"**Read off files:** {_ui.text(check.by_data)}")
        if check.beyond_data:
            st.markdown(f"**Not in any file:** {_ui.text(check.beyond_data)}")
        for wanted in check.wanted:
            st.caption(_ui.text(f"{wanted.title}: {wanted.value}, {wanted.origin}."))


def _limits() -> None:
    """Ask from where on a condition holds."""
    with st.popover("Thresholds", key="choose_thresholds", help="The values from which on a condition holds"):
        for item in inputs(Thresholds):
            _ui.field(item, _THRESHOLD + item.name, item.default, "USD", f"Default: {origin(Thresholds(), item.name)}.")
