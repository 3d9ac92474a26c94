"""What-if for margins and payouts: the inputs that are moved and the answer stand side by side."""

import streamlit as st

from motions.charts import economics as charts
from motions.economics.answers.compare import unlike
from motions.economics.answers.uncertainty import active_ranges, simulate
from motions.economics.files import tables
from motions.economics.model.partner_side import partner_side
from motions.economics.model.results import FIGURES, TITLES, answer
from motions.economics.model.run import run
from motions.names import BASELINES, NAMES
from pages import _ui
from pages._simulate import address, answers, inputs, kept_scenarios, own_data, presented

_ui.require_frame()
scenario = address.current()
kept = address.kept()
pinned = kept[0].scenario if kept else None

st.title("What would it earn?", anchor=False)
scenario = address.choose_programs(scenario)
answer_column, input_column = st.columns([5, 3], gap="medium")

with input_column, st.container(border=True):
    focus = address.focus(scenario)
    scenario, misfit = inputs.edit(scenario, focus)
    with st.container(horizontal=True):
        st.button(
            "Pin to compare", on_click=address.pin, args=(scenario, kept), key="pin",
            help="Makes the scenario as it is now the baseline: faint lines, and the differences under the figures.",
        )  # fmt: skip
        st.button("Unpin", on_click=address.unpin, args=(kept,), disabled=pinned is None, key="unpin")
        st.button(
            "Reset all", on_click=address.start_again, args=(scenario,), key="reset",
            help="Sets every input of every program, and the market, back to its default.",
        )  # fmt: skip

address.keep(scenario, kept)
results = run(scenario)
before = run(pinned) if pinned else {}
samples = simulate(scenario) if active_ranges(scenario) else {}
months, currency = scenario.market.months, scenario.market.currency
# With the chances above it the chart is a little lower, so that it still ends on the first screen.
height = 270 if samples else 330
figures = results[focus].figures
earlier = before[focus].figures if focus in before else {}
moved = pinned is not None and pinned != scenario
note = unlike(pinned, scenario) if pinned else ""
same_currency = pinned is not None and pinned.market.currency == currency
earlier = earlier if same_currency else {}

with answer_column:
    if misfit:
        st.error(f"{_ui.text(misfit)} The figures are those of the last inputs that fit.")
    st.markdown(f"**{_ui.text(answer(focus, figures, months, currency))}**")
    with _ui.figures(3, "sim_figures"):
        for shown in FIGURES:
            if shown.name in tables.TILES:
                value = figures[shown.name]
                compared = tables.change(shown.unit, value, earlier.get(shown.name), currency) if moved else None
                beside = tables.beside(shown.name, figures, months, currency)
                spread = samples[focus].percentiles(shown.name) if focus in samples else None
                said = tables.shown(shown.unit, value, months, currency, shown.name)
                between = tables.spread(shown.unit, spread, months, currency, shown.name)
                notes = (between, beside if compared else "")
                with st.container(gap=None):
                    _ui.figure(shown.title, said, shown.definition, compared or beside, "; ".join(filter(None, notes)))
    if note:
        st.caption(_ui.text(note))
    if focus in samples:
        compared_with = (
            simulate(pinned.replace(draws=scenario.draws, seed=scenario.seed)) if moved and same_currency else {}
        )
        answers.chances_line(scenario, focus, samples, compared_with)
    views = st.tabs(
        ["Over time", "Customer cost", "Partner's side", "Table", "Goal seek", "Sensitivity", "Scenarios", "Mix",
         "Your data", "Replay"],
        on_change="rerun", key="sim_view",
    )  # fmt: skip
    drawn, costs, side, table, sought, sense, others, mixed, own, replayed = views
    asked: dict[str, str] = {}
    if drawn.open:
        with drawn:
            _ui.chart(
                charts.contribution(results, before if same_currency else {}, currency, samples, height),
                "sim_contribution",
            )
    if costs.open:
        with costs:
            _ui.chart(charts.cost_of_a_customer(results, currency), "sim_cost")
    if side.open and focus in BASELINES:
        side.info(f"{NAMES[focus]} has no partners. Choose a partner motion under Program to change.")
    elif side.open:
        with side:
            earned = partner_side(scenario.program(focus), scenario.market, results[focus])
            _ui.chart(charts.partner_side(earned, focus, currency), "sim_partner_side")
    if table.open:
        with table:
            _ui.static_table(tables.comparison(results, months, currency))
    if sought.open:
        with sought:
            asked = answers.seek_goal(scenario, focus)
    if sense.open:
        with sense:
            asked = answers.sensitivities(scenario, focus)
    if others.open:
        with others:
            asked = kept_scenarios.scenarios(scenario, focus, kept)
    if mixed.open:
        with mixed:
            answers.mix(scenario, results)
    if own.open:
        with own:
            own_data.calibrate(scenario, focus, address.go_to)
    if replayed.open:
        with replayed:
            own_data.replay(scenario, focus, pinned)

with st.container(horizontal=True, vertical_alignment="center"):
    st.page_link(
        "pages/present.py", label="Presentation view",
        query_params=presented.address(scenario, kept, focus, asked),
        help="The chart that is open and three figures, large, without controls.",
    )  # fmt: skip
    with st.popover("Its figures"):
        st.multiselect(
            "Figures of the presentation", tuple(TITLES), list(tables.PRESENTED), TITLES.get, key="view_presented",
            max_selections=3,
        )  # fmt: skip
st.caption(
    "Expected values from the inputs; where inputs have ranges, draws from all of them at once. The help of each input "
    "says whose its default is. The address of this page holds every input and every kept scenario: copy it to share."
)
monthly = st.expander(f"Month by month: {NAMES[focus]}", on_change="rerun", key="sim_monthly_open")
if monthly.open:
    with monthly:
        st.dataframe(
            tables.monthly(results[focus].projection, currency), key="sim_monthly", alt="Months of the program"
        )
        _ui.download(
            "Download all programs (CSV)",
            "scenario-months.csv",
            lambda: tables.monthly_csv(results, currency),
            "sim_csv",
        )
meanings = st.expander("What these figures mean", on_change="rerun", key="sim_meanings")
if meanings.open:
    for shown in FIGURES:
        meanings.markdown(f"**{shown.title}**: {_ui.text(shown.definition)}")
