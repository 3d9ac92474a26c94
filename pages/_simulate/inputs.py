"""All inputs of the simulator but the key levers: payout terms, partners, customers, costs, market and ranges."""

from typing import Any, cast

import streamlit as st

from motions.economics.inputs.assumptions import (
    ALREADY_THERE,
    GROUPS,
    Market,
    PartnerProgram,
    market_without_effect,
    without_effect,
)
from motions.economics.inputs.levers import levers
from motions.economics.inputs.presets import OURS, origin
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Response
from motions.economics.model.opening import by_age_in_words
from motions.economics.model.response import MEANING, measured_from
from motions.errors import ScenarioError
from motions.fields import Input, inputs
from motions.names import BASELINES, NAMES
from pages import _ui
from pages._simulate import address, payout_inputs, range_inputs, segment_inputs


def edit(scenario: Scenario, name: str) -> tuple[Scenario, str]:
    """Show the inputs of one program and of the market but the levers, and return the scenario with what they say.

    Where inputs can't be together the scenario stays as it was, and what is wrong is returned beside it.
    """
    program, levers_ = scenario.program(name), {place.key for place in levers(scenario, name)}
    here = {item.name: item for item in inputs(type(program)) if f"{name}.{item.name}" not in levers_}
    titles = [title for title, names in GROUPS if set(names) & set(here)]
    payout = ["Payout"] if isinstance(program, PartnerProgram) else []
    names = [*payout, *titles, "Market", "Ranges"]
    shown = st.tabs([_ui.text(one) for one in names], key="sim_tabs", on_change="rerun", bind="query-params")
    tabs = dict(zip(names, shown, strict=True))
    # Only the inputs of the open tab are there; the others keep the values that the scenario has.
    opened = next((title for title, tab in tabs.items() if tab.open), None)
    if opened is None:
        return scenario, ""
    with tabs[opened]:
        try:
            return _opened(opened, scenario, name, here).following(scenario), ""
        except ScenarioError as problem:
            return scenario, str(problem)


def _opened(title: str, scenario: Scenario, name: str, here: dict[str, Input]) -> Scenario:
    """Show the inputs of one tab."""
    if title == "Payout":
        payout = payout_inputs.edit(name, scenario)
        return scenario.with_program(name, payout=payout, response=_response(name, scenario, payout))
    if title == "Market":
        return _market(scenario)
    if title == "Ranges":
        return range_inputs.edit(scenario, name)
    program = scenario.program(name)
    changes: dict[str, Any] = {}
    for field in dict(GROUPS)[title]:
        # What is asked further down depends on what was answered above.
        if field in here and field not in without_effect(program.model_copy(update=changes)):
            changes[field] = _field(
                here[field], f"{name}_{field}", getattr(program, field), scenario, origin(name, "", field).sentence()
            )
    if title == ALREADY_THERE and (known := by_age_in_words(program)):
        st.caption(_ui.text(known))
        st.button(
            "Use one age for all", key="view_one_age", on_click=address.go_to,
            args=(scenario.with_program(name, ages_at_start=None),),
        )  # fmt: skip
    return scenario.with_program(name, **changes)


def _market(scenario: Scenario) -> Scenario:
    market: dict[str, Any] = {}
    for item in inputs(Market):
        # What is asked further down depends on what was answered above; the list price is a lever of every program.
        if item.name not in {"list_price", *market_without_effect(scenario.market.model_copy(update=market))}:
            value = getattr(scenario.market, item.name)
            market[item.name] = _field(item, f"market_{item.name}", value, scenario, OURS.sentence())
    direct = st.segmented_control(
        "Direct baseline", BASELINES, format_func=_ui.marked(NAMES), required=True,
        key=address.widget("direct", scenario.direct), help=_ui.text(Scenario.model_fields["direct"].description),
    )  # fmt: skip
    changed = scenario.with_market(**market).replace(direct=direct)
    segments = st.expander("Segments: motions that share demand", key="view_segments", on_change="rerun")
    if not segments.open:
        return changed
    with segments:
        return segment_inputs.edit(changed)


def _response(name: str, scenario: Scenario, payout: dict[str, Any]) -> dict[str, Any] | None:
    """Show what partners do more when they earn more, and return it; None where they do the same."""
    own = cast(PartnerProgram, scenario.program(name)).response
    area = st.expander("Response to what partners earn", key=f"view_response_{name}", on_change="rerun")
    if not area.open:
        return own.model_dump() if own else None
    with area:
        if not st.toggle(
            "Partners respond to what they earn", key=address.widget(f"{name}_responds", own is not None),
            help=_ui.text(MEANING),
        ):  # fmt: skip
            return None
        values = (own or Response()).model_dump()
        for item in inputs(Response):
            key = f"{name}_response_{item.name}"
            values[item.name] = _field(item, key, values[item.name], scenario, OURS.sentence())
        changed = scenario.with_program(name, payout=payout, response=values)
        st.caption(_ui.text(measured_from(changed, name)))
        st.button(
            "Measure from the terms of now", key=f"response_from_{name}", on_click=address.go_to,
            args=(changed.with_program(name, response=values | {"reference": payout}),),
        )  # fmt: skip
    return values


def _field(item: Input, key: str, value: Any, scenario: Scenario, more: str) -> Any:
    return _ui.field(item, address.WIDGETS + key, value, scenario.market.currency, more)
