"""The inputs of the simulator: payout terms, partners, customers, costs, market, ranges and segments."""

from typing import Any

import streamlit as st

from motions.economics.assumptions import GROUPS, PROGRAMS, Market, PartnerProgram
from motions.economics.fields import Input, inputs
from motions.economics.payouts import PARTS, PayoutPlan, used_fields
from motions.economics.places import Place
from motions.economics.presets import OURS, origin, presets
from motions.economics.scenario import MOST_SEGMENTS, Range, Scenario
from motions.economics.sensitivity import ends, movable, with_swings
from motions.errors import ScenarioError
from motions.names import NAMES
from pages import _scenario, _ui

_MODELS = {kind: model for kind, _, model in PARTS}
_PART_NAMES = {kind: name for kind, name, _ in PARTS}


def edit(scenario: Scenario, name: str) -> tuple[Scenario, str]:
    """Show the inputs of one program and of the market, and return the scenario with what they say.

    Where inputs can't be together the scenario stays as it was, and what is wrong is returned beside it.
    """
    program = scenario.program(name)
    here = {item.name: item for item in inputs(type(program))}
    titles = [title for title, names in GROUPS if set(names) & set(here)]
    payout = ["Payout"] if isinstance(program, PartnerProgram) else []
    tabs = dict(
        zip(
            (*payout, *titles, "Market", "Ranges"),
            st.tabs([*payout, *titles, "Market", "Ranges"], key="sim_tabs", on_change="rerun"),
            strict=True,
        )
    )
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
        return scenario.with_program(name, payout=_payout(name, scenario))
    if title == "Market":
        return _market(scenario)
    if title == "Ranges":
        return _ranges(scenario, name)
    program = scenario.program(name)
    changes = {
        field: _field(
            here[field], f"{name}_{field}", getattr(program, field), scenario, origin(name, "", field).sentence()
        )
        for field in dict(GROUPS)[title]
        if field in here
    }
    return scenario.with_program(name, **changes)


def _market(scenario: Scenario) -> Scenario:
    market = {
        item.name: _field(item, f"market_{item.name}", getattr(scenario.market, item.name), scenario, OURS.sentence())
        for item in inputs(Market)
    }
    direct = st.segmented_control(
        "Direct baseline", ("product_led", "sales_led"), format_func=NAMES.get, required=True,
        key=_scenario.widget("direct", scenario.direct), help=Scenario.model_fields["direct"].description,
    )  # fmt: skip
    changed = scenario.with_market(**market).replace(direct=direct)
    segments = st.expander("Segments: motions that share demand", key="view_segments", on_change="rerun")
    if not segments.open:
        return changed
    with segments:
        return _segments(changed)


def _payout(name: str, scenario: Scenario) -> dict[str, Any]:
    """Show the payout plan of a partner program and return its values."""
    preset = presets()[name]
    plan = getattr(scenario.program(name), "payout")  # noqa: B009 — partner motions only have one
    kinds = st.pills(
        "Paid by", tuple(_PART_NAMES), selection_mode="multi", format_func=_PART_NAMES.get, wrap=True,
        key=_scenario.widget(f"{name}_kinds", list(plan.kinds)),
        help=_ui.text(f"Several at once are a hybrid plan; without one partners are not paid. {preset.payout_note}"),
    )  # fmt: skip
    values: dict[str, Any] = {}
    for kind in (kind for kind in _PART_NAMES if kind in kinds):
        terms = plan.part(kind) or preset.program.payout.part(kind) or _MODELS[kind]()
        if len(kinds) > 1:
            st.markdown(f"**{_PART_NAMES[kind]}**")
        values[kind] = _terms(terms, f"{name}_{kind}", kind, name, scenario)
        if (
            kind == "wholesale"
            and not values[kind]["band_low"] <= values[kind]["resale_price"] <= values[kind]["band_high"]
        ):
            st.caption("The resale price lies outside its band: customers pay the end of the band that is nearer.")
    conditions = st.expander(
        "Conditions: coupon, caps, clawback, hold", key=f"view_conditions_{name}", on_change="rerun"
    )
    own = {item.name: getattr(plan, item.name) for item in inputs(PayoutPlan)}
    if conditions.open:
        with conditions:
            changed = scenario.with_program(name, payout=values | own).program(name)
            own |= _terms(getattr(changed, "payout"), f"{name}_payout", "", name, scenario, own)  # noqa: B009
    return values | own


def _terms(
    terms: Any, key: str, kind: str, name: str, scenario: Scenario, only: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Show the inputs of one part of a plan, those without effect left out, and return all of its values."""
    values = only or terms.model_dump()
    # Tiers come last, whatever the class has inherited them from.
    for item in sorted(inputs(type(terms)), key=lambda item: item.name.startswith("tier")):
        # What is asked further down depends on what was answered above.
        if item.name in used_fields(terms.model_copy(update=values)):
            value = _field(
                item, f"{key}_{item.name}", values[item.name], scenario, origin(name, kind, item.name).sentence()
            )
            values = values | {item.name: value}
    return values


def _ranges(scenario: Scenario, name: str) -> Scenario:
    """Show which inputs are known only as a range, and how they are drawn."""
    st.caption(
        "An input with a range is drawn from it: the range holds 90 % of what is likely. The line stays the value."
    )
    places = {place.key: place for place in movable(scenario, name)}
    mine = [key for key in scenario.ranges if key in places]
    with st.container(horizontal=True):
        st.button(
            "±20 % on every input", on_click=_scenario.go_to, args=(with_swings(scenario, name),), key="range_all"
        )
        st.button(
            "No ranges", on_click=_scenario.go_to, args=(scenario.replace(ranges={}),), disabled=not scenario.ranges,
            key="range_none",
        )  # fmt: skip
    chosen = st.multiselect(
        "Inputs with a range", tuple(places), key=_scenario.widget(f"ranged_{name}", mine),
        format_func=lambda key: places[key].title if key in places else key, placeholder="Choose inputs",
    )  # fmt: skip
    ranges = {key: one for key, one in scenario.ranges.items() if key not in places}
    for key in chosen:
        ranges[key] = _range(places[key], scenario)
    draws = st.selectbox(
        "Draws", (1000, 2000, 5000, 10000), key=_scenario.widget("draws", scenario.draws),
        help=Scenario.model_fields["draws"].description,
    )  # fmt: skip
    left, right = st.columns(2)
    return scenario.replace(
        ranges={key: one.model_dump() for key, one in ranges.items()},
        draws=draws,
        seed=_whole(left, scenario, "seed", 0, 999_999),
        payback_within=_whole(right, scenario, "payback_within", 1, 120),
    )


def _whole(column: Any, scenario: Scenario, field: str, low: int, high: int) -> int:
    about = Scenario.model_fields[field]
    key = _scenario.widget(field, getattr(scenario, field))
    shown = column.number_input(about.title, low, high, None, step=1, key=key, help=about.description)
    return getattr(scenario, field) if shown is None else int(shown)


def _range(place: Place, scenario: Scenario) -> Range:
    """Show the two ends of one input's range."""
    low, high, _ = ends(scenario, place)
    item, currency = place.item, scenario.market.currency
    key = place.key.replace(".", "_")
    st.markdown(f"**{_ui.text(place.name)}**, now {_ui.text(item.said(scenario.at(place.key), currency))}")
    left, right = st.columns(2)
    with left:
        low = _ui.amount(item, f"sim_range_{key}_low", low, currency, f"From ({item.unit_text(currency)})")
    with right:
        high = _ui.amount(item, f"sim_range_{key}_high", high, currency, f"To ({item.unit_text(currency)})")
    if low > high:
        raise ScenarioError(f"{place.name}: the range begins above its end. Make From the smaller one.")
    return Range(low=low, high=high)


def _segments(scenario: Scenario) -> Scenario:
    """Show the segments: name, size, and which motions may sell there."""
    st.caption(
        "Motions that sell into the same segment share its customers. Without segments each motion is run by itself."
    )
    count = st.number_input(
        "Number of segments", 0, MOST_SEGMENTS, None, step=1, key=_scenario.widget("segments", len(scenario.segments))
    )
    segments = []
    for number in range(int(count or 0)):
        known = scenario.segments[number] if number < len(scenario.segments) else None
        shown = f"Segment {number + 1}"
        left, right = st.columns([3, 2])
        named = left.text_input(
            f"Name of segment {number + 1}", max_chars=40,
            key=_scenario.widget(f"segment_{number}_name", known.name if known else shown),
        )  # fmt: skip
        size = right.number_input(
            f"Size of segment {number + 1} (customers)", 1.0, 1e9, None, step=100.0, format="%g",
            key=_scenario.widget(f"segment_{number}_size", known.size if known else 1000.0),
            help="How many customers it can hold at the most, over all months.",
        )  # fmt: skip
        motions = st.pills(
            f"Motions in segment {number + 1}", PROGRAMS, selection_mode="multi", format_func=NAMES.get, wrap=True,
            key=_scenario.widget(f"segment_{number}_motions", list(known.motions if known else scenario.shown)),
        )  # fmt: skip
        if not motions:
            raise ScenarioError(f"{named or shown}: choose at least one motion that may sell there.")
        held = known.size if known else 1000.0
        segments.append(
            {"name": named.strip() or shown, "size": held if size is None else size, "motions": tuple(motions)}
        )
    return scenario.replace(segments=tuple(segments))


def _field(item: Input, key: str, value: Any, scenario: Scenario, more: str) -> Any:
    return _ui.field(item, _scenario.WIDGETS + key, value, scenario.market.currency, more)
