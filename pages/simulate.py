"""What-if for margins and payouts: the inputs that are moved and the answer stand side by side."""

import streamlit as st

from motions.chosen import deal_of
from motions.economics.answers.compare import unlike
from motions.economics.files import tables
from motions.economics.model.results import FIGURES, TITLES, answer, of_customers, precision
from motions.names import NAMES
from pages import _ui, _views
from pages._simulate import address, answers, inputs, own_data, presented
from pages._simulate.views import VIEWS, Look

_ui.require_frame()
scenario = address.current()
kept = address.kept()
pinned = kept[0].scenario if kept else None

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("What would it earn?", anchor=False)
    own_data.offer(scenario)
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
look = Look.of(scenario, focus, kept)
months, currency = scenario.market.months, scenario.market.currency
figures = look.results[focus].figures
earlier = look.comparable[focus].figures if focus in look.comparable else {}
moved = pinned is not None and pinned != scenario
note = unlike(pinned, scenario) if pinned else ""

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
                sample = look.samples.get(focus)
                spread, known = (sample.percentiles(shown.name), sample.known(shown.name)) if sample else (None, 1.0)
                said = tables.shown(shown.unit, value, months, currency, shown.name)
                between = tables.spread(shown.unit, spread, months, currency, shown.name, known)
                notes = (between, beside if compared else "")
                with st.container(gap=None):
                    _ui.figure(shown.title, said, shown.definition, compared or beside, "; ".join(filter(None, notes)))
    single = precision(scenario.program(focus), look.results[focus].projection, focus in look.samples)
    for line in filter(None, (note, single)):
        st.caption(_ui.text(line))
    if focus in look.samples:
        answers.chances_line(scenario, focus, look.samples[focus], pinned if moved and earlier else None)
    asked = _views.tabs(VIEWS, look, "sim_view")

with st.container(horizontal=True, vertical_alignment="center"):
    st.page_link(
        "pages/present.py", label="Presentation view",
        query_params=presented.address(look, asked),
        help="The chart that is open and three figures, large, without controls.",
    )  # fmt: skip
    if st.button(
        "Compare this deal", key="sim_compare", type="tertiary", on_click=address.leave_for_compare,
        help="The motions shown, the list price, the margin and the months, for one customer under each motion.",
    ):  # fmt: skip
        st.switch_page("pages/compare.py", query_params=deal_of(scenario))
    with st.popover("Choose figures"):
        st.multiselect(
            "Figures of the presentation", tuple(TITLES), list(tables.PRESENTED), _ui.named(TITLES),
            key="view_presented", max_selections=3,
        )  # fmt: skip
st.caption(
    "Expected values from the inputs; where inputs have ranges, draws from all of them at once. The help of each input "
    "says whose its default is. The address of this page holds every input and every kept scenario: copy it to share. "
    + _ui.text(of_customers(scenario.market, look.results[focus].cohort))
)
monthly = st.expander(_ui.text(f"Month by month: {NAMES[focus]}"), on_change="rerun", key="sim_monthly_open")
if monthly.open:
    with monthly:
        st.dataframe(
            tables.monthly(look.results[focus].projection, currency), key="sim_monthly", alt="Months of the program"
        )
        _ui.download(
            "Download all programs (CSV)",
            "scenario-months.csv",
            lambda: tables.monthly_csv(look.results, currency),
            "sim_csv",
        )
meanings = st.expander("What these figures mean", on_change="rerun", key="sim_meanings")
if meanings.open:
    for shown in FIGURES:
        meanings.markdown(f"**{_ui.text(shown.title)}**: {_ui.text(shown.definition)}")
