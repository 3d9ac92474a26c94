"""The payout plan of a partner program: its common terms, what they come to for one customer, and all other terms."""

from typing import Any, cast

import streamlit as st

from motions.charts import economics as charts
from motions.economics.answers.rates import calendar_month, note, others_keep
from motions.economics.answers.typical import typical
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.form import common, sections
from motions.economics.inputs.levers import paid_by
from motions.economics.inputs.presets import origin, presets
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import FIRST_RATE, PARTS, PayoutPlan, Terms, as_counted, outside_band, used_fields
from motions.errors import ScenarioError
from motions.fields import inputs
from pages import _ui
from pages._simulate import address, ready

_MODELS = {kind: model for kind, _, model in PARTS}
_PART_NAMES = {kind: name for kind, name, _ in PARTS}
Values = dict[str, Any]
_AT_ONCE = 3
"""parts whose common terms are shown together"""


def edit(name: str, scenario: Scenario) -> Values:
    """Show the payout plan of a program and return its values."""
    preset = presets()[name]
    plan = _plan(scenario, name)
    ready.offer(scenario, name, plan)
    kinds = st.pills(
        "Paid by", tuple(_PART_NAMES), selection_mode="multi", format_func=_ui.marked(_PART_NAMES), wrap=True,
        key=address.widget(f"{name}_kinds", list(plan.kinds)),
        help=_ui.text(f"Several at once are a hybrid plan; without one partners are not paid. {preset.payout_note}"),
    )  # fmt: skip
    parts = _parts({kind: _terms(plan, _plan_of(preset.program), kind) for kind in _PART_NAMES if kind in kinds},
                   name, scenario)  # fmt: skip
    own = {item.name: getattr(plan, item.name) for item in inputs(PayoutPlan)}
    own = _fields(_with(plan, parts, own), own, name, "", scenario, common(""))
    said = st.container(gap="small")
    area = st.expander("More terms", key=f"view_more_{name}", on_change="rerun")
    if area.open:
        with area:
            parts, own = _more(plan, parts, own, name, scenario)
    if "wholesale" in parts and outside_band(parts["wholesale"]):
        st.caption("The resale price lies outside its band: customers pay the end of the band that is nearer.")
    with said:
        _typical(name, scenario, parts | own)
    return parts | own


def _parts(terms: dict[str, Terms], name: str, scenario: Scenario) -> dict[str, Values]:
    """Show the common terms of the parts of a plan, of many those of one at a time, and return the values of all."""
    seen = tuple(terms)
    if len(terms) > _AT_ONCE:
        seen = (_one_of("Terms of", {kind: _PART_NAMES[kind] for kind in terms}, f"view_part_{name}"),)
    parts = {kind: one.model_dump() for kind, one in terms.items()}
    for kind in seen:
        if 1 < len(terms) <= _AT_ONCE:
            st.markdown(f"**{_ui.text(_PART_NAMES[kind])}**")
        lever = _lever(list(terms), kind)
        parts[kind] = _fields(terms[kind], parts[kind], name, kind, scenario, common(kind), lever)
        if len(terms) > 1 and not set(common(kind)).difference({lever}):
            st.caption("It stands among the key levers.")
    return parts


def _terms(plan: PayoutPlan, preset: PayoutPlan, kind: str) -> Terms:
    """The terms of a part: of the plan, else of the preset, else those that a part begins with."""
    return plan.part(kind) or preset.part(kind) or _MODELS[kind]()


def _typical(name: str, scenario: Scenario, payout: Values) -> None:
    """Say and draw what one customer makes its partner under the plan; where it can't be, why, and what to change."""
    try:
        found = typical(scenario.with_program(name, payout=payout), name)
    except ScenarioError as problem:  # the answer says it too, which may be out of sight
        st.markdown(f":red[{_ui.text(problem)}]")
        st.caption("What a customer makes its partner, and when, stands here again once the plan fits.")
        return
    st.markdown(_ui.text(found.sentence))
    if any(found.earned):
        _ui.chart(charts.timeline(found, name, scenario.market.currency), f"timeline_{name}")


def _more(
    plan: PayoutPlan, parts: dict[str, Values], own: Values, name: str, scenario: Scenario
) -> tuple[dict[str, Values], Values]:
    """Show all other terms, one section at a time, and return the values of parts and plan with what they say."""
    there = {one.title: one for one in sections(_with(plan, parts, own))}
    chosen = there[_one_of("Terms about", {title: one.label for title, one in there.items()}, f"view_terms_{name}")]
    for kind, names in chosen.names:
        terms = _MODELS[kind].model_construct(**parts[kind]) if kind else _with(plan, parts, own)
        values = _fields(terms, parts[kind] if kind else own, name, kind, scenario, names)
        parts, own = (parts | {kind: values}, own) if kind else (parts, values)
    return parts, own


def _one_of(label: str, names: dict[str, str], key: str) -> str:
    """Show what can be looked at, one at a time, and return which is; the first where that is not there any more."""
    if st.session_state.get(key) not in names:
        st.session_state[key] = next(iter(names))
    chosen = st.pills(_ui.text(label), tuple(names), format_func=_ui.marked(names), required=True, wrap=True, key=key)
    return str(chosen)


def _lever(kinds: list[str], kind: str) -> str:
    """The input of a part that stands among the key levers, and so not here."""
    ordered = [one for one in _PART_NAMES if one in kinds]
    return FIRST_RATE[kind] if paid_by(ordered) == f"payout.{kind}.{FIRST_RATE[kind]}" else ""


def _fields(
    terms: Terms, values: Values, name: str, kind: str, scenario: Scenario, names: tuple[str, ...], but: str = ""
) -> Values:
    """Show some inputs of one part of a plan, those without effect and a lever left out, and return all its values."""
    values, kinds = _chosen(terms, values, name, kind), st.session_state.get(f"{address.WIDGETS}{name}_kinds", ())
    for item in inputs(type(terms)):
        # What is asked further down depends on what was answered above.
        if item.name in names and item.name != but and item.name in used_fields(terms.model_copy(update=values)):
            key = _key(name, kind, item.name)
            whose = others_keep(scenario, f"{name}.payout.{kind}.{item.name}")
            whose = f"{whose} {origin(name, kind, item.name).sentence()}".strip()
            shown = as_counted(item, terms.model_copy(update=values))
            value = _ui.field(shown, key, values[item.name], scenario.market.currency, whose)
            values = values | {item.name: value}
            if said := note(terms.model_copy(update=values), item.name, scenario.market, kinds):
                st.caption(_ui.text(said))
            now, start = terms.model_copy(update=values), scenario.program(name).start_month
            if when := calendar_month(now, item.name, scenario.begins, start):
                st.caption(_ui.text(when))
    return values


def _key(name: str, kind: str, field: str) -> str:
    return f"{address.WIDGETS}{name}_{kind or 'payout'}_{field}"


def _chosen(terms: Terms, values: Values, name: str, kind: str) -> Values:
    """The values with what has been chosen below: of two choices that rule each other out one may stand above."""
    keys = {item.name: _key(name, kind, item.name) for item in inputs(type(terms)) if item.options}
    return values | {field: st.session_state[key] for field, key in keys.items() if key in st.session_state}


def _with(plan: PayoutPlan, parts: dict[str, Values], own: Values) -> PayoutPlan:
    """The plan as the fields above have it: which conditions have an effect depends on its parts."""
    made = {kind: _MODELS[kind].model_construct(**parts[kind]) if kind in parts else None for kind in _MODELS}
    return plan.model_copy(update=made | own)


def _plan(scenario: Scenario, name: str) -> PayoutPlan:
    return _plan_of(scenario.program(name))


def _plan_of(program: Any) -> PayoutPlan:
    return cast(PartnerProgram, program).payout  # where terms are asked for there are partners
