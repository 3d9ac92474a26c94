"""What somebody writes about a scenario: owner, notes, and what each assumption rests on.

It stays in the session, by the scenario's name, and goes into files; the address, which anybody may be sent, has none.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from motions.economics.inputs.links import Kept
from motions.economics.inputs.log import CONFIDENCE, LONGEST_SOURCE, About, Assumed, assumed
from motions.economics.inputs.scenario import Scenario
from pages._simulate import address

CURRENT = "Current"
_ABOUT, _FROM = "scenario_about", "scenario_log_from"
_TITLES = {"Source": "source", "Confidence": "confidence"}


def of(name: str) -> About:
    """Return what was written about a scenario in this session."""
    return About.model_validate(st.session_state.get(_ABOUT, {}).get(name, {}))


def put(name: str, about: About) -> None:
    """Keep what was written about a scenario."""
    st.session_state.setdefault(_ABOUT, {})[name] = about.plain


def copy(name: str, to: str) -> None:
    """Have the same written about another scenario."""
    put(to, of(name))


def attached(shown: Kept) -> Kept:
    """Return scenarios with what was written about each, as files have them."""
    return tuple(one.model_copy(update={"about": of(one.name)}) for one in shown)


def offer(shown: Kept) -> None:
    """Show what is written about a scenario and have it changed; the current one is offered first."""
    opened = st.expander("Notes and assumption log", on_change="rerun", key="view_notes")
    if not opened.open:
        return
    with opened:
        st.caption("All of this stays in this session and goes into the files below; no link or address carries it.")
        names = [one.name for one in reversed(shown)]
        name = st.selectbox("Of which scenario", names, key=f"view_notes_of_{len(names)}") if shown[1:] else names[0]
        _words(name)
        _log(name, next(one.scenario for one in shown if one.name == name))


def _words(name: str) -> None:
    about = of(name)
    for key, value in (("view_notes_owner", about.owner), ("view_notes_text", about.notes)):
        address.show(key, value)
    st.text_input("Owner", key="view_notes_owner", max_chars=80, on_change=_take_words, args=(name,), width=320)
    st.text_area("Notes", key="view_notes_text", max_chars=4000, on_change=_take_words, args=(name,))


def _take_words(name: str) -> None:
    owner, notes = st.session_state["view_notes_owner"], st.session_state["view_notes_text"]
    put(name, of(name).model_copy(update={"owner": owner, "notes": notes}))


def _log(name: str, scenario: Scenario) -> None:
    """Show the inputs that are not at their defaults, and ask for the source and the confidence of each."""
    rows = assumed(scenario)
    if not rows:
        st.markdown("Every input is at its default: there is nothing to give a source for.")
        return
    # Another table has an editor of its own: what it returns is never handed back to it.
    key = f"view_log_{hash((name, rows))}"
    if key not in st.session_state:
        st.session_state[_FROM] = _frame(rows, of(name))
    st.data_editor(
        st.session_state[_FROM], key=key, hide_index=True, num_rows="fixed", placeholder="",
        disabled=["Whose", "Input", "Default", "Value"], on_change=_take_log, args=(name, key, rows),
        column_config={
            "Source": st.column_config.TextColumn(max_chars=LONGEST_SOURCE, width="large"),
            "Confidence": st.column_config.SelectboxColumn(options=CONFIDENCE[1:]),
        },
        alt="Inputs that differ from their defaults, with default, value, source and confidence",
    )  # fmt: skip


def _frame(rows: Sequence[Assumed], about: About) -> pd.DataFrame:
    cells = [
        [one.whose, one.title, one.default, one.value, about.of(one.key).source, about.of(one.key).confidence or None]
        for one in rows
    ]
    return pd.DataFrame(cells, columns=["Whose", "Input", "Default", "Value", *_TITLES])


def _take_log(name: str, key: str, rows: Sequence[Assumed]) -> None:
    """Take over the edits made so far."""
    about = of(name)
    edits: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
    for at, cells in edits.items():
        said = {_TITLES[title]: str(cell or "") for title, cell in cells.items() if title in _TITLES}
        about = about.saying(rows[int(at)].key, **said)
    put(name, about)
