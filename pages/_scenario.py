"""The simulator's scenario and the address bar: `s` holds the scenario, `pinned` what it is compared with.

The link is the state. A link that is opened, or the browser's Back, wins over the widgets; a widget that is moved
writes a new link.
"""

from collections import deque
from typing import Any

import streamlit as st

from motions.charts import economics as charts
from motions.economics import goal
from motions.economics.assumptions import GROUPS, PROGRAMS, Market, PartnerProgram
from motions.economics.fields import Input, inputs
from motions.economics.payouts import TERMS, used_fields
from motions.economics.presets import presets
from motions.economics.scenario import Scenario, default_scenario, from_link, to_link
from motions.errors import ScenarioError
from motions.names import NAMES
from pages import _ui

_WIDGETS = "sim_"
_DEFAULT_OF = {kind: model for kind, _, model in TERMS}
_TERM_NAMES = {kind: name for kind, name, _ in TERMS}
_OURS = "The default is ours, not the playbook's."


def current() -> Scenario:
    """Return the scenario of the address bar, else the one of this session, else the presets."""
    written = st.session_state.get("scenario_written")
    link = st.query_params.get("s") or written
    if link is None:
        return default_scenario()
    if link != written and not _is_late(link):
        _forget_widgets()
    elif written is not None:
        link = written
    try:
        return from_link(link)
    except ScenarioError as problem:
        _ui.error(problem)
        return default_scenario()


def _is_late(link: str) -> bool:
    """Return whether the address is only behind: a widget was moved before the browser had taken the last link over.

    A link that this session wrote before, with no widget moved, is the browser's Back.
    """
    moved = st.session_state.get("scenario_widgets") != _widget_values()
    return moved and link in st.session_state.get("scenario_history", ())


def pinned() -> Scenario | None:
    """Return the scenario that the current one is compared with, if one is pinned."""
    link = st.query_params.get("pinned") or st.session_state.get("scenario_pinned")
    if link is None:
        return None
    try:
        return from_link(link)
    except ScenarioError as problem:
        _ui.error(problem)
        return None


def keep(scenario: Scenario, baseline: Scenario | None) -> None:
    """Write the scenario, and what it is compared with, to the address bar."""
    link = to_link(scenario)
    st.session_state["scenario_written"] = link
    st.session_state.setdefault("scenario_history", deque(maxlen=200)).append(link)
    st.session_state["scenario_widgets"] = _widget_values()
    if st.query_params.get("s") != link:
        st.query_params["s"] = link
    if baseline is not None:
        st.session_state["scenario_pinned"] = st.query_params["pinned"] = to_link(baseline)


def pin(scenario: Scenario) -> None:
    """Compare with this scenario from now on (a button's callback)."""
    st.session_state["scenario_pinned"] = st.query_params["pinned"] = to_link(scenario)


def unpin() -> None:
    """Compare with nothing (a button's callback)."""
    st.session_state.pop("scenario_pinned", None)
    st.query_params.pop("pinned", None)


def start_again(scenario: Scenario) -> None:
    """Set every input back to its default; what is shown stays (a button's callback)."""
    _go_to(default_scenario().replace(shown=scenario.shown))


def seek_goal(scenario: Scenario, program: str) -> None:
    """Ask for a figure, its target and an input, and show the value of the input at which it is reached."""
    currency = scenario.market.currency
    places = {place.key: place for place in goal.places(scenario, program)}
    left, middle, right = st.columns([3, 2, 3])
    sought = left.selectbox("Figure", tuple(goal.TITLES), 4, format_func=goal.TITLES.get, key="goal_figure")
    unit = {"money": currency}.get(goal.UNITS[sought], goal.UNITS[sought])
    shown = middle.number_input(f"Target ({unit})", value=0.0, key="goal_target", help="What the figure should be.")
    chosen = right.selectbox(
        "Input to move", tuple(places), key=f"goal_input_{program}",
        format_func=lambda key: places[key].item.label(currency) if key in places else key,
    )  # fmt: skip
    place, target = places[chosen], goal.stored(sought, shown)
    found = goal.seek(scenario, program, place, sought, target)
    st.markdown(f"**{_ui.text(found.sentence)}**")
    _ui.chart(charts.goal(found, program, place, sought, target, currency), "goal_chart")
    with st.container(horizontal=True):
        for number, value in enumerate(found.values[:3]):
            st.button(
                _ui.text(f"Set it to {goal.input_text(place, value, currency)}"), key=f"goal_set_{number}",
                on_click=_go_to, args=(goal.moved(scenario, place, value),),
            )  # fmt: skip


def _go_to(scenario: Scenario) -> None:
    st.query_params["s"] = to_link(scenario)


def choose_programs(scenario: Scenario) -> Scenario:
    """Show which programs are drawn and which direct motion CAC is blended with."""
    shown = _widget("shown", list(scenario.shown))
    chosen = st.pills(
        "Programs", PROGRAMS, selection_mode="multi", format_func=NAMES.get, key=shown, wrap=True,
        help="Each is run by itself; they are drawn together to be compared.",
    )  # fmt: skip
    return scenario.replace(shown=tuple(name for name in PROGRAMS if name in chosen) or scenario.shown)


def edit(scenario: Scenario, name: str) -> Scenario:
    """Show the inputs of one program and of the market, and return the scenario with what they say."""
    preset, program = presets()[name], scenario.program(name)
    here = {item.name: item for item in inputs(type(program))}
    titles = [title for title, names in GROUPS if set(names) & set(here)]
    payout = ["Payout"] if isinstance(program, PartnerProgram) else []
    tabs = st.tabs([*payout, *titles, "Market"], key=f"{_WIDGETS}tabs", on_change="rerun")
    # Only the inputs of the open tab are there; the others keep the values that the scenario has.
    changes: dict[str, Any] = {}
    if payout and tabs[0].open:
        with tabs[0]:
            changes["payout"] = _payout(name, scenario)
    for tab, title in zip(tabs[len(payout) : -1], titles, strict=True):
        if tab.open:
            with tab:
                for field in dict(GROUPS)[title]:
                    if field in here:
                        more = preset.defaults[field].sentence()
                        changes[field] = _field(here[field], f"{name}_{field}", getattr(program, field), scenario, more)
    changed = scenario.with_program(name, **changes) if changes else scenario
    if not tabs[-1].open:
        return changed
    with tabs[-1]:
        market = {
            item.name: _field(item, f"market_{item.name}", getattr(scenario.market, item.name), scenario, _OURS)
            for item in inputs(Market)
        }
        direct = st.segmented_control(
            "Direct baseline", ("product_led", "sales_led"), format_func=NAMES.get, required=True,
            key=_widget("direct", scenario.direct), help=Scenario.model_fields["direct"].description,
        )  # fmt: skip
    return changed.with_market(**market).replace(direct=direct)


def _payout(name: str, scenario: Scenario) -> dict[str, Any]:
    """Show the payout terms of a partner program and return them."""
    preset, terms = presets()[name], getattr(scenario.program(name), "payout")  # noqa: B009
    kind = st.selectbox(
        "Payout terms", tuple(_DEFAULT_OF), format_func=_TERM_NAMES.get, key=_widget(f"{name}_kind", terms.kind),
        help=f"How partners of this program are paid. {preset.payout_note}",
    )  # fmt: skip
    if kind != terms.kind:
        same = preset.program.payout.kind == kind
        terms = preset.program.payout if same else _DEFAULT_OF[kind]()
    values: dict[str, Any] = {"kind": kind}
    for item in inputs(type(terms)):
        if item.name in used_fields(type(terms).model_validate(terms.model_dump() | values)):
            default = preset.defaults.get(f"payout.{item.name}") if preset.program.payout.kind == kind else None
            more = default.sentence() if default else _OURS
            key = f"{name}_{kind}_{item.name}"
            values[item.name] = _field(item, key, getattr(terms, item.name), scenario, more)
    return terms.model_dump() | values


def _field(item: Input, key: str, value: Any, scenario: Scenario, more: str) -> Any:
    return _ui.field(item, _WIDGETS + key, value, scenario.market.currency, more)


def _widget(name: str, value: Any) -> str:
    """Return the key of a widget, which has `value` until it is touched."""
    st.session_state.setdefault(_WIDGETS + name, value)
    return _WIDGETS + name


def _widget_values() -> dict[str, Any]:
    return {str(key): value for key, value in st.session_state.items() if str(key).startswith(_WIDGETS)}


def _forget_widgets() -> None:
    """Let every widget take its value from the scenario again."""
    for key in _widget_values():
        del st.session_state[key]
