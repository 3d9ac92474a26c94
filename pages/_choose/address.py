"""What was answered on Choose, in widgets and in the address: `a` holds the answers, `r` those on readiness by hand.

Answers to questions of a company's own playbook stay in the session, as that does.
"""

from typing import Any

import streamlit as st

from motions.errors import ScenarioError
from motions.playbook import Answers, decode, encode
from motions.readiness.hands import Hands, from_text, to_text
from pages import _ui
from pages._session import playbook
from pages._session.playbook import ANSWER, ANSWERS

HAND = "choose_hand_"
"""Keys of the widgets begin with these; the question's or condition's id follows."""


def answers() -> Answers:
    """Return the answers of the address, else those of this session; a link that is opened wins over the widgets."""
    text = _text("a", "choose_answers", ANSWER)
    found, by = decode(text), playbook.current().fit
    for remark in found.remarks:
        st.warning(_ui.text(remark))
    kept = {**found.answers, **decode(st.session_state.get(ANSWERS, ""), by).answers}
    # Keys of widgets are not set here: on a page that has not these widgets they would stay, and hide later answers.
    given = {one.id: st.session_state.get(ANSWER + one.id, kept.get(one.id)) for one in by.questions}
    try:
        return Answers(given, by)
    except ScenarioError as problem:
        _ui.error(problem)
        return Answers({}, by)


def hands() -> Hands:
    """Return what was answered by hand on readiness, in the same way."""
    found = from_text(_text("r", "choose_hands", HAND))
    for name in found:
        st.session_state.setdefault(HAND + name, found[name])
    return {str(key).removeprefix(HAND): value for key, value in st.session_state.items() if _is_hand(key, value)}


def equal() -> bool:
    """Return whether every rule weighs one; the address knows it before its toggle is there."""
    return bool(st.session_state.get("choose_equal", st.query_params.get("choose_equal") == "true"))


def keep(given: Answers, by_hand: Hands) -> None:
    """Write what was answered to the address and the session."""
    own = playbook.current()
    of_own = {name: value for name, value in given.items() if name in own.questions}
    st.session_state[ANSWERS] = encode(Answers(of_own, own.fit))
    _write("a", "choose_answers", encode(Answers({name: given[name] for name in given if name not in of_own})))
    _write("r", "choose_hands", to_text(by_hand))


def answer(question: str, value: Any) -> None:
    """Answer a question (a button's callback)."""
    st.session_state[ANSWER + question] = value


def start_again() -> None:
    """Forget all answers (a button's callback)."""
    _forget(ANSWER)
    st.query_params.pop("a", None)
    for key in ("choose_answers", ANSWERS):
        st.session_state.pop(key, None)


def _is_hand(key: Any, value: Any) -> bool:
    return str(key).startswith(HAND) and value in ("yes", "no")


def _text(name: str, key: str, widgets: str) -> str:
    """The text of the address, else of the session; another one than was written last is a link, or Back."""
    written = st.session_state.get(key)
    text = st.query_params.get(name)
    if text is None:
        return str(written or "")
    if text != written:
        _forget(widgets)
    return str(text)


def _write(name: str, key: str, text: str) -> None:
    st.session_state[key] = text
    if text and st.query_params.get(name) != text:
        st.query_params[name] = text
    elif not text:
        st.query_params.pop(name, None)


def _forget(widgets: str) -> None:
    for key in [key for key in st.session_state if str(key).startswith(widgets)]:
        del st.session_state[key]
