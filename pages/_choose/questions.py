"""The questions of Choose: one that matters most, the others, and what files or the scenario offer as answers."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from motions.playbook import Answers, Fit, Offer, Question
from motions.text import money
from pages import _ui
from pages._choose import address
from pages._session import playbook
from pages._session.playbook import ANSWER

YES_NO = {True: "Yes", False: "No"}


def ask(fit: Fit, answers: Answers, offers: Mapping[str, Offer]) -> None:
    """Show all questions, the one that matters most on top; any order, each may stay unknown."""
    questions = playbook.current().fit.question_by_id
    waiting = [one.question for one in fit.ask]
    open_ = [*waiting, *(name for name in questions if name not in answers and name not in waiting)]
    if open_:
        why = fit.ask[0].sentence if fit.ask else "No question can change who is first any more."
        _question(questions[open_[0]], answers, offers, "Ask first: " if waiting else "", why)
    with st.expander(_ui.text(f"All questions: {len(answers)} of {len(questions)} answered"), key="choose_all"):
        for name in questions:
            if not open_ or name != open_[0]:
                _question(questions[name], answers, offers)
        st.button("Forget all answers", on_click=address.start_again, disabled=not answers, key="choose_forget")


def _question(question: Question, answers: Answers, offers: Mapping[str, Offer], lead: str = "", why: str = "") -> None:
    key = ANSWER + question.id
    st.session_state.setdefault(key, answers.get(question.id))
    label = _ui.text(f"{lead}{question.title}?")
    if question.kind == "amount":
        st.number_input(
            f"{label} (USD)", 0.0, 1e12, None, step=1000.0, format="%g", key=key, help=_ui.text(question.help)
        )  # fmt: skip
    else:
        names: dict[Any, str] = dict(YES_NO) if question.kind == "yes_no" else {o.id: o.title for o in question.options}
        st.segmented_control(
            label, tuple(names), format_func=_ui.marked(names), key=key, help=_ui.text(question.help), wrap=True
        )  # fmt: skip
    if why:
        st.caption(_ui.text(why))
    if offer := offers.get(question.id):
        said = offer_said(question, offer)
        if st.session_state.get(key) != offer.value:
            st.button(
                _ui.text(f"Use {said}"), key=f"choose_offer_{question.id}", on_click=address.answer,
                args=(question.id, offer.value), help=_ui.text(offer.evidence), type="tertiary",
            )  # fmt: skip
        else:
            st.caption(_ui.text(f"As read: {offer.evidence}"))


def offer_said(question: Question, offer: Offer) -> str:
    """Say the answer that is offered."""
    if isinstance(offer.value, bool):
        return YES_NO[offer.value].lower()
    return money(offer.value) if isinstance(offer.value, float) else question.says(offer.value)
