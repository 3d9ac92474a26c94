"""The view of the roadmap: four steps with their gates and plans, and what the whole of it comes to.

What was chosen is in the address as `road`. A link that is opened, or the browser's Back, wins over the widgets; a
widget that was moved since it was drawn is a choice, and the others follow the defaults, also when these change.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

import streamlit as st

from motions.charts import roadmap as charts
from motions.economics.inputs.links import to_link
from motions.economics.inputs.scenario import Scenario
from motions.fields import Input
from motions.names import NAMES
from motions.playbook import Answers
from motions.readiness.assess import Report
from motions.roadmap import choices as road
from motions.roadmap import gates as gates_of
from motions.roadmap.choices import Choices
from motions.roadmap.gates import Evidence, StepState, Verdict
from motions.roadmap.plan import INPUTS, StepPlan, plan, said, spacing_note
from motions.roadmap.waiting import Waiting, outlook
from motions.roadmap.whole import Whole
from pages import _ui
from pages._choose.look import Look
from pages._simulate import address

WIDGETS = "roadmap_"
"""Keys of the widgets begin with it."""
_WRITTEN, _HISTORY, _GIVEN, _REMARKS = (f"{WIDGETS}{name}" for name in ("written", "history", "given", "remarks"))
_NUMBERS = {item.name: item for item in INPUTS}
_BADGES = {
    "met": ":green-badge[:material/check: Met]",
    "not met": ":red-badge[:material/close: Not met]",
    "unknown": ":gray-badge[:material/question_mark: Unknown]",
}
_MARKS = {"met": ":material/check:", "not met": ":material/close:", "unknown": ":material/question_mark:"}
_VERDICTS = {"unknown": "As found", "met": "Met", "not met": "Not met"}
"""What a gate can be overruled with; unknown is no overruling."""
_DOTS = {
    "met": "background:#0d8a61;border:2px solid #0d8a61",
    "here": "background:transparent;border:5px solid #0f7fc4",
    "later": "background:transparent;border:2px solid #7d8893",
}
_BARS = {"met": "#0d8a61", "here": "#0f7fc4", "later": "rgba(125,136,147,.45)"}


def states(answers: Answers, report: Report) -> tuple[StepState, ...]:
    """Return the steps with their gates, and what was overruled."""
    return gates_of.steps(answers, report, _chosen().overruled)


def kept_states(answers: Answers, report: Report) -> tuple[StepState, ...]:
    """Return the same for another page, whose address has no roadmap: with what was overruled when it was last open."""
    kept = road.decode(st.session_state.get(_WRITTEN) or "").choices
    return gates_of.steps(answers, report, kept.overruled)


def answer(look: Look) -> str:
    """Return where the roadmap stands, in a sentence or two."""
    return gates_of.headline(states(look.answers, look.report))


def show(look: Look) -> None:
    """Show the four steps, and below them what comes of them."""
    chosen, found_steps = _chosen(), states(look.answers, look.report)
    _say_what_was_left_out()
    given: dict[str, Any] = {}
    planned = plan(look.scenario, found_steps, chosen.planned)
    with st.grid(4, min_column_width=230, gap="small", key=f"{WIDGETS}grid"):
        for state, own in zip(found_steps, planned.steps, strict=True):
            with st.container(border=True, gap="xsmall", height="stretch"):
                _step(state, own, look.scenario, given)
    st.session_state[_GIVEN] = given
    st.caption(_ui.text(spacing_note()))
    if st.session_state[_WRITTEN]:
        st.button(
            "Back to what was found", on_click=_start_again, key=f"{WIDGETS}again",
            help="Takes back every overruled gate, with its note, and every change to the plan.",
        )  # fmt: skip
    found = outlook(look.scenario, planned, found_steps)
    if found.whole is None or found.waiting is None:
        st.info(_ui.text(found.lacking))
        return
    if not look.scenario.programs_touched:
        _ui.badge("Programs as our defaults, not yours: set payouts and costs in Simulate", "caution")
    _whole(found.whole)
    _waiting(found.waiting)


def _chosen() -> Choices:
    """Return what was chosen, and write it down: the address, and the widgets that were moved since they were drawn.

    It is written before the widgets are drawn: with another view open they are not, and what was moved last is kept.
    """
    written = st.session_state.get(_WRITTEN)
    link, moved = st.query_params.get("road", written or ""), _moved()
    # A link of before may only be one that the browser has not let go of yet.
    late = bool(moved) and link in st.session_state.get(_HISTORY, ())
    if written is None or (link != written and not late):
        opened = road.decode(link)
        chosen, st.session_state[_GIVEN], st.session_state[_REMARKS] = opened.choices, {}, opened.remarks
    else:
        chosen = _with(road.decode(written).choices, moved)
    _write(road.encode(chosen))
    return chosen


def kept() -> Choices:
    """Return what was chosen in this session, or by the address; other pages read it, and nothing is written."""
    return road.decode(st.query_params.get("road", st.session_state.get(_WRITTEN) or "")).choices


def _moved() -> dict[str, Any]:
    given = st.session_state.get(_GIVEN, {})
    return {key: st.session_state[key] for key, value in given.items() if st.session_state.get(key, value) != value}


def _with(chosen: Choices, moved: Mapping[str, Any]) -> Choices:
    """Return the choices with widgets that were moved; one that was cleared counts as it was."""
    for key, value in moved.items():
        _, step, name = key.split("_", 2)
        if name in ("gate", "note"):
            gate: Verdict = st.session_state.get(_key(step, "gate")) or "unknown"
            chosen = chosen.overruling(step, gate, st.session_state.get(_key(step, "note"), ""))
        elif name not in _NUMBERS or not _NUMBERS[name].refused(value, 0):
            chosen = chosen.planning(step, name, tuple(value) if isinstance(value, list) else value)
    return chosen


def _key(step: str, name: str) -> str:
    return f"{WIDGETS}{step}_{name}"


def _write(link: str) -> None:
    st.session_state[_WRITTEN] = link
    st.session_state.setdefault(_HISTORY, deque(maxlen=200)).append(link)
    if link and st.query_params.get("road") != link:
        st.query_params["road"] = link
    elif not link:
        st.query_params.pop("road", None)


def _start_again() -> None:
    for name in (*st.session_state.get(_GIVEN, ()), _WRITTEN, _GIVEN):
        st.session_state.pop(name, None)
    st.query_params.pop("road", None)


def _say_what_was_left_out() -> None:
    for remark in st.session_state.pop(_REMARKS, ()):
        st.warning(_ui.text(remark))


def _give(given: dict[str, Any], step: str, name: str, value: Any) -> str:
    """Return the key of a widget that shows a value from now on."""
    key = _key(step, name)
    st.session_state[key] = given[key] = value
    return key


def _give_number(given: dict[str, Any], step: str, item: Input, value: Any) -> str:
    """The same for a number: one that can't count stays in its field, beside the words that say so."""
    typed = st.session_state.get(_key(step, item.name), item.shown(value))
    key = _give(given, step, item.name, value)
    if item.refused(typed, value):
        st.session_state[key] = typed
    return key


def _step(state: StepState, own: StepPlan, scenario: Scenario, given: dict[str, Any]) -> None:
    mark(state)
    with st.container(gap="xsmall", height="stretch"):  # so that what can be moved stands at one height in all cards
        st.header(_ui.text(state.title), anchor=False)
        st.markdown(_BADGES[state.verdict] + (" :blue-badge[:material/flag: Next gate]" if state.here else ""))
        if state.said:
            st.markdown(_ui.text(state.said))
        st.caption(_ui.text(state.step.why))
        for one in state.evidence:
            _evidence(one)
    st.markdown(_ui.text(said(own, scenario.market.currency)))
    with st.expander("Change the gate or the plan", type="compact", key=f"{WIDGETS}change_{state.number:d}"):
        _overrule(state, given)
        _plan(state, own, scenario, given)


def mark(state: StepState) -> None:
    """Draw the dot and the line of a step: filled where its gate is met, a ring where one stands."""
    place = "here" if state.here else "met" if state.verdict == "met" else "later"
    st.html(
        '<div aria-hidden="true" style="display:flex;align-items:center;gap:6px">'
        f'<div style="width:16px;height:16px;box-sizing:border-box;border-radius:50%;{_DOTS[place]}"></div>'
        f'<div style="flex:1;height:2px;border-radius:1px;background:{_BARS[place]}"></div></div>'
    )


def _evidence(one: Evidence) -> None:
    st.markdown(f"{_MARKS[one.verdict]} **{_ui.text(one.title)}**: {_ui.text(one.verdict)}")
    st.caption(_ui.text(one.line))


def _overrule(state: StepState, given: dict[str, Any]) -> None:
    by = state.overruled
    st.segmented_control(
        "Your verdict on the gate", tuple(_VERDICTS), format_func=_ui.marked(_VERDICTS), required=True, wrap=True,
        key=_give(given, state.step.id, "gate", by.verdict if by else "unknown"),
        help="Overrules what answers and files say. What they say stays visible.",
    )  # fmt: skip
    if by:
        st.text_input(
            "Note: why", max_chars=gates_of.MOST_LETTERS, key=_give(given, state.step.id, "note", by.note),
            help="It stays on the step, and is a part of the address that you share.",
        )  # fmt: skip


def _plan(state: StepState, own: StepPlan, scenario: Scenario, given: dict[str, Any]) -> None:
    step, currency = state.step.id, scenario.market.currency
    st.pills(
        "In the plan", state.step.motions, selection_mode="multi", format_func=_ui.marked(NAMES),
        key=_give(given, step, "motions", list(own.motions)),
    )  # fmt: skip
    if own.motions:
        for item in INPUTS:
            value = getattr(own, item.name)
            _ui.amount(item, _give_number(given, step, item, value), value, currency, means=item.description)


def _whole(found: Whole) -> None:
    with _ui.figures(4, f"{WIDGETS}figures"):
        for told in found.figures:
            with st.container(gap=None):
                _ui.figure(told.title, told.value, told.definition, note=told.between)
    _ui.chart(charts.whole(found, 300), f"{WIDGETS}whole", level=2)
    for note in found.notes:
        st.caption(_ui.text(note))


def _waiting(found: Waiting) -> None:
    st.header("Wait until ready, or start now", anchor=False)
    st.markdown(_ui.text(found.sentence))
    if found.steps:
        _ui.static_table(found.rows)
    with st.container(horizontal=True):
        if _ui.primary("Open the roadmap in Simulate", f"{WIDGETS}open"):
            _open(found.wait)
        if found.steps and st.button(
            "Compare both in Simulate", key=f"{WIDGETS}compare",
            help="Keeps both as scenarios there, in the place of those that are kept; the waiting one is pinned.",
        ):  # fmt: skip
            address.set_kept(found.kept)
            _open(found.now)


def _open(scenario: Scenario) -> None:
    # The address of a page is left behind with it: the scenario goes along.
    st.switch_page("pages/simulate.py", query_params={"s": to_link(scenario)})
