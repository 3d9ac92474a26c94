"""The playbook of this session: the original, or with what a company's own file changes. It is in no address."""

import streamlit as st
from streamlit.typing import UploadedFile

from motions.errors import ContentError
from motions.names import Slot
from motions.playbook.own import MOST_BYTES, original, own_playbook, rule_table, template
from motions.playbook.own_models import Own
from motions.playbook.tables import differences
from pages import _ui
from pages._session import let_go, loaded
from pages._session.slot import OWN

ANSWER, ANSWERS = "choose_answer_", "choose_own_answers"
"""Keys of the answers' widgets begin with the first; under the other stand all answers to one's own questions."""
KEPT = (OWN, ANSWERS)
"""All keys of the session that hold a playbook of the user's own, or what was answered to its questions."""
_PROBLEM, _TURN = "own_playbook_problem", "own_playbook_turn"


def current() -> Own:
    """Return the playbook that counts in this session."""
    own: Own | None = st.session_state.get(OWN)
    return own or original()


def back() -> None:
    """Look at the original again (a button's callback)."""
    before = current().slot
    _use(None)
    _read_again(before)


def _use(own: Own | None) -> None:
    """Let a playbook count from now on, with nothing left of what the one before had added."""
    _forget_answers()
    if current().sixth:
        let_go.own_motion()
    for key in (OWN, _PROBLEM):
        st.session_state.pop(key, None)
    if own:
        st.session_state[OWN] = own


def _read_again(before: Slot | None) -> None:
    """Read the session's files again where other words than before are the motion of the company's own."""
    if current().slot != before and loaded.current() and not loaded.is_sample():
        loaded.reduce()


def line() -> None:
    """Say on top of a page whose playbook it shows, what differs from the original, and the way back."""
    own = current()
    if not own.line:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_ui.text(own.line)}**", width="content")
        with st.popover("What differs", key="own_differs"):
            if own.changes:
                _ui.static_table(differences(own.changes), hide_index=True)
            else:
                st.markdown("Nothing: the file changes nothing.")
        st.button("Back to the original", on_click=back, key="own_back")


def drop() -> None:
    """Ask for a playbook of one's own, and offer what to begin with."""
    problem = st.session_state.get(_PROBLEM)
    with st.expander("A playbook of your own", key="own_expander"):
        st.markdown(
            "Changed figures and texts, a sixth motion, questions and rules of your own, as YAML. They count in this "
            "session only, on every page, and are gone with it. No address holds them: a link to a scenario has the "
            "figures of your own motion's program, and not its name."
        )
        turn = st.session_state.setdefault(_TURN, 0)
        st.file_uploader(
            "Your playbook (YAML)", type=["yaml", "yml"], key=f"own_file_{turn}", on_change=_take,
            args=(f"own_file_{turn}",), max_upload_size=1, help=f"At most {MOST_BYTES:,} bytes.",
        )  # fmt: skip
        if problem:
            _ui.error(problem)
        with st.container(horizontal=True):
            means = "An example of each part, with what may stand there."
            _ui.file("Download a template (YAML)", "playbook.yaml", template(), "own_template", means)
            _ui.download("Download the published rules (CSV)", "rules.csv", rule_table, "own_rules", "With their ids.")
            if current().line:
                st.button("Remove my playbook", on_click=back, key="own_remove")


def _take(key: str) -> None:
    """Read what was dropped; what is wrong with it is said, and the playbook in force stays (a callback)."""
    file = st.session_state[key]
    if not isinstance(file, UploadedFile):
        return  # taken away, or lost by the server meanwhile
    try:
        own = own_playbook(file.name, file.getvalue())
    except ContentError as problem:
        st.session_state[_PROBLEM] = problem
    else:
        before = current().slot
        _use(own)
        _read_again(before)
    st.session_state[_TURN] += 1  # a new key drops the server's copy of the file


def _forget_answers() -> None:
    """Forget the answers to questions that may be others, or none, from now on."""
    st.session_state.pop(ANSWERS, None)
    for question in current().questions:
        st.session_state.pop(ANSWER + question, None)
