"""Plans of published programs to start from: chosen from a list, taken over at a press, and undone at another."""

import streamlit as st

from motions.economics.inputs.ready_plans import like, ready_plans
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import PayoutPlan
from pages import _ui
from pages._simulate import address

_NAMES = {name: one.name for name, one in ready_plans().items()}


def offer(scenario: Scenario, program: str, plan: PayoutPlan) -> None:
    """Show the list, what the chosen plan pays with its source, and the buttons that take it over and undo that."""
    area = st.expander("Start from a published program", key=f"view_ready_{program}", on_change="rerun")
    before = st.session_state.get(_before(program))
    if before is not None and like(plan):
        st.button("Back to the terms before", on_click=_undo, args=(scenario, program), key=f"ready_undo_{program}")
    if not area.open:
        return
    with area:
        chosen = st.selectbox(
            "Published programs", tuple(_NAMES), index=None, format_func=_ui.named(_NAMES),
            placeholder="Choose a program", key=f"view_ready_of_{program}",
        )  # fmt: skip
        if chosen is None:
            return
        for said in ready_plans()[chosen].sentences(scenario.market.currency):
            st.caption(_ui.text(said))
        st.button(
            "Use these terms", on_click=_take, args=(scenario, program, chosen), key=f"ready_take_{program}",
            disabled=like(plan) == chosen,
        )  # fmt: skip


def _before(program: str) -> str:
    return f"ready_before_{program}"


def _take(scenario: Scenario, program: str, chosen: str) -> None:
    """Pay the partners of a program as a ready plan says; what was paid before is kept (a button's callback)."""
    st.session_state[_before(program)] = scenario.at(f"{program}.payout")
    _pay(scenario, program, ready_plans()[chosen].plan)


def _undo(scenario: Scenario, program: str) -> None:
    """Pay them as before (a button's callback)."""
    _pay(scenario, program, st.session_state.pop(_before(program)))


def _pay(scenario: Scenario, program: str, plan: PayoutPlan) -> None:
    address.go_to(scenario.with_program(program, payout=plan.model_dump()).following(scenario))
