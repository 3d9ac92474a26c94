"""Kept scenarios: side by side, why one comes to more than another, and as files."""

from collections.abc import Sequence

import streamlit as st

from motions.charts import economics as charts
from motions.charts.style import Chart
from motions.economics.answers.compare import Column, columns
from motions.economics.answers.equal import ASKED, beside
from motions.economics.answers.explain import exact_unit, explain
from motions.economics.files import exchange, tables
from motions.economics.inputs.links import MOST_KEPT, Kept, Named
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.results import titles
from motions.errors import ScenarioError
from motions.names import NAMES
from pages import _ui
from pages._simulate import address, notes
from pages._views import Shown, answer


def scenarios(scenario: Scenario, program: str, kept: Kept) -> Shown:
    """Keep, compare, download and load scenarios; what is compared is returned."""
    said = Shown()
    _keep_this(scenario, kept)
    shown = beside_current(scenario, kept)
    if kept and len({one.scenario.market.currency for one in shown}) > 1:
        st.info("These scenarios are in different currencies: amounts are not drawn together or taken off one another.")
    if kept:
        name = _figure(scenario, "view_kept_figure")
        found = columns(shown, program)
        drawn = side_by_side(found, name)
        said = answer(drawn, "kept_chart", NAMES[program], figure=name) if drawn else Shown(asked={"figure": name})
        _ui.static_table(tables.side_by_side(found, name))
        for one in kept[1:]:  # the current one is held against the pinned one above
            if needed := beside(one.scenario, program, kept[0].scenario):
                st.markdown(_ui.text(f"{one.name}: {needed}"), help=_ui.text(ASKED))
    notes.offer(shown)
    _files(notes.attached(shown))
    return said


def explained(scenario: Scenario, program: str, kept: Kept) -> Shown:
    """Ask for a figure and a scenario, and show why it differs from the pinned one; what was asked is returned."""
    left, right = st.columns([2, 3])
    with left:
        name = _figure(scenario, "view_explain_figure")
    others = tuple(one.name for one in beside_current(scenario, kept))[:0:-1]
    chosen = right.selectbox(
        _ui.text(f"Why it differs from {kept[0].name}"), others, key=f"view_explain_{len(others) + 1}"
    )
    drawn = waterfall(scenario, program, kept, name, chosen)
    if isinstance(drawn, str):
        st.info(_ui.text(drawn))
        return Shown(asked={"figure": name, "scenario": chosen})
    said = answer(drawn, "waterfall", NAMES[program], figure=name, scenario=chosen)
    st.caption("Each change is made early and late, and the two are averaged; the steps add up exactly.")
    return said


def waterfall(scenario: Scenario, program: str, kept: Kept, name: str, chosen: str) -> Chart | str:
    """Return the chart of why a scenario differs from the pinned one, or the words that say why there is none."""
    by_name = {one.name: one.scenario for one in beside_current(scenario, kept)[1:]}
    after = by_name.get(chosen, scenario)
    chosen, before, currency = chosen if chosen in by_name else "Current", kept[0].scenario, scenario.market.currency
    if before.market.currency != after.market.currency:
        return "The two are in different currencies, so their figures are not taken off one another."
    unit = exact_unit(name)
    found = explain(before, after, program, name, unit)
    if found is None:
        return f"{titles(currency)[name]} is unknown in one of the two, or on the way between them."
    if not found.steps:
        return f"Nothing that moves {NAMES[program]} differs between the two."
    return charts.waterfall(found, name, (kept[0].name, chosen), currency, unit)


def _figure(scenario: Scenario, key: str) -> str:
    named = titles(scenario.market.currency)
    chosen: str = st.selectbox("Figure", tuple(named), format_func=_ui.named(named), key=key, bind="query-params")
    return chosen


def beside_current(scenario: Scenario, kept: Kept) -> Kept:
    """Return the kept scenarios and the current one, in the order of their columns."""
    return (*kept, Named(name=notes.CURRENT, scenario=scenario))


def side_by_side(found: Sequence[Column], name: str) -> Chart | None:
    """Return the chart of a figure of all scenarios, none where they are in different currencies."""
    alike = len({one.currency for one in found}) == 1
    return charts.side_by_side(found, name, found[0].currency) if alike else None


def _keep_this(scenario: Scenario, kept: Kept) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name", f"Scenario {len(kept) + 1}", max_chars=60, key=f"view_name_{len(kept)}", width=240
        ).strip()  # fmt: skip
        taken = name in {one.name for one in kept} or not name or name == notes.CURRENT
        st.button(
            "Keep the current scenario", key="keep", disabled=taken or len(kept) >= MOST_KEPT,
            on_click=_keep, args=(kept, name or "-", scenario),
            help=f"At most {MOST_KEPT:d}, each with a name of its own. The first is the pinned one.",
        )  # fmt: skip
    for number, one in enumerate(kept):
        rest = (*kept[:number], *kept[number + 1 :])
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{_ui.text(one.name)}{' (pinned)' if number == 0 else ''}")
            st.button("Open", on_click=_open, args=(one,), key=f"kept_open_{number}")
            st.button(
                "Pin", on_click=address.set_kept, args=((one, *rest),), disabled=number == 0,
                key=f"kept_first_{number}",
            )  # fmt: skip
            st.button("Remove", on_click=address.set_kept, args=(rest,), key=f"kept_remove_{number}")


def _keep(kept: Kept, name: str, scenario: Scenario) -> None:
    notes.copy(notes.CURRENT, name)
    address.set_kept((*kept, Named(name=name, scenario=scenario)))


def _open(one: Named) -> None:
    notes.copy(one.name, notes.CURRENT)
    address.go_to(one.scenario)


def _files(shown: Kept) -> None:
    scenario = shown[-1].scenario
    with st.container(horizontal=True):
        _ui.file("Scenarios (YAML)", "scenarios.yaml", lambda: exchange.to_yaml(shown), "kept_yaml")
        _ui.file(
            "Scenarios (Excel)", "scenarios.xlsx", lambda: exchange.to_workbook(shown), "kept_xlsx",
            "Inputs, months and figures as formulas: change an input there and the answer follows. Load it here again.",
        )  # fmt: skip
        _ui.download("Draws (CSV)", "draws.csv", lambda: exchange.samples_csv(scenario), "draws_csv")
        _ui.file("Draws (Parquet)", "draws.parquet", lambda: exchange.samples_parquet(scenario), "draws_parquet")
    number = st.session_state.setdefault("scenario_uploads", 0)
    st.file_uploader(
        "Load scenarios (YAML or Excel, as downloaded here)", type=["yaml", "yml", "xlsx"],
        key=f"scenario_file_{number}", on_change=_load, args=(f"scenario_file_{number}",), max_upload_size=2,
    )  # fmt: skip
    if problem := st.session_state.pop("scenario_problem", None):
        st.error(_ui.text(problem))


def _load(key: str) -> None:
    file = st.session_state[key]
    if file is None:
        return
    try:
        loaded = exchange.from_file(file.name, file.getvalue())
    except ScenarioError as problem:
        st.session_state["scenario_problem"] = str(problem)
    else:
        current = next((one for one in loaded if one.name == notes.CURRENT), loaded[-1])
        for one in loaded:
            notes.put(notes.CURRENT if one is current else one.name, one.about)
        address.set_kept(tuple(one for one in loaded if one is not current))
        address.go_to(current.scenario)
    # A new key drops the server's copy of the file.
    st.session_state["scenario_uploads"] = st.session_state["scenario_uploads"] + 1
