"""What-if for margins and payouts: the levers that are moved and the answer stand side by side."""

import streamlit as st

from motions.chosen import deal_of
from motions.economics.answers.compare import unlike
from motions.economics.answers.equal import ASKED, beside
from motions.economics.answers.headline import against, headline, in_a_line
from motions.economics.files import tables
from motions.economics.inputs.levers import levers
from motions.economics.model.response import responses
from motions.economics.model.results import FIGURES, nature, of_customers, of_opening, precision, titles
from motions.names import NAMES
from pages import _ui, _views
from pages._present import entry
from pages._simulate import address, answers, choice, inputs, own_data, presented, programs
from pages._simulate import levers as lever_inputs
from pages._simulate.views import VIEWS, Look

_ui.require_frame()
scenario = address.current()
kept, phone = address.kept(), _ui.on_phone()
pinned = kept[0].scenario if kept else None
view = choice.current()

with st.container(gap=None):
    top, title = st.container(horizontal=True, vertical_alignment="center", gap="small"), st.container()
if phone and view.name == VIEWS[0].name:  # what is moved first, its answer below and at the end of the screen
    lever_column, answer_column = st.container(), st.container()
elif phone:
    answer_column, lever_column = st.container(), st.container()
else:
    left, lever_column = st.columns([2.3, 1], gap="small")
    answer_column = left.container(key="sim_answer")  # stays in sight while a long form is moved: see tab.css

with top:
    deal, chosen = st.container(), st.popover("Programs", icon=":material/checklist:", type="tertiary")
    present = st.container(width="content")
    if st.button(
        "Compare this deal", key="sim_compare", type="tertiary", on_click=address.leave_for_compare,
        help="The motions shown, the list price, the margin and the months, for one customer under each motion.",
    ):  # fmt: skip
        st.switch_page("pages/compare.py", query_params=deal_of(scenario))
with chosen:
    scenario = address.choose_programs(scenario)
with lever_column, st.container(border=True, gap="small"):
    st.markdown("## Key levers", anchors=False)
    focus = address.focus(scenario)
    before = levers(scenario, focus)
    scenario, misfit = lever_inputs.edit(scenario, focus)
    buttons = st.container()
    others = st.expander(
        "All inputs", on_change="rerun", key="view_inputs", icon=":material/tune:", bind="query-params"
    )  # fmt: skip
    if others.open:
        with others:
            st.caption("The key levers stand above and are not repeated here.")
            scenario, unfit = inputs.edit(scenario, focus)
            misfit = misfit or unfit
    with buttons:
        if pinned:
            lever_inputs.since_pinned(pinned, scenario, focus)
        lever_inputs.buttons(scenario, kept)

address.keep(scenario, kept)
if levers(scenario, focus) != before:
    st.rerun()  # another kind of payout has another lever
look = Look.of(scenario, focus, kept)
months, currency = scenario.market.months, scenario.market.currency
figures = look.results[focus].figures
moved = pinned is not None and pinned != scenario and focus in look.comparable
found = against(figures, look.comparable[focus].figures, currency) if moved else []

with answer_column:
    own_data.offer(scenario)
    if misfit:
        st.error(f"{_ui.text(misfit)} The figures are those of the last inputs that fit.")
    table = st.container()
    choice.choose(view, look)
    with st.container(border=True, gap="xsmall"):
        if moved:
            programs.against_pinned(found)
            if said := beside(scenario, focus, look.kept[0].scenario):
                st.markdown(_ui.text(said), help=_ui.text(ASKED))
        for said in responses(scenario):
            st.caption(_ui.text(said))
        if pinned and (note := unlike(pinned, scenario)):
            st.caption(_ui.text(note))
        told = _views.shown(view, look)
        if focus in look.samples:
            answers.chances_line(scenario, focus, look.samples[focus], pinned if moved else None)
# After the chart, which takes the browser longest: so it begins to draw before the others are there.
with title:
    said = told.answer or headline(look.results, focus, months, currency, look.samples)
    st.title(_ui.text(said), anchor=False)
with table:
    programs.table(tables.programs(look.results, look.samples, months, currency), focus, turned=phone)
    if already := of_opening(look.results[focus].projection, currency):
        st.caption(_ui.text(f"{NAMES[focus]}: {already}"))
    if look.samples:
        st.caption("In grey: P10 to P90, between which 80 % of the draws lie.")
with deal:
    st.markdown(f":small[:gray[{_ui.text(tables.deal(scenario.market))}]]")
with present:
    entry.offer("Simulate", view.name, presented.address(look, view.name, told.asked), currency)
if phone:
    with _ui.foot(), st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.markdown(f"**{_ui.text(in_a_line(focus, figures, months, currency))}**", width="content")
        programs.badge_in_a_line(found)

single = precision(scenario.program(focus), scenario.market, look.results[focus].projection, focus in look.samples)
if single:
    st.caption(_ui.text(single))
st.caption(
    _ui.text(nature(scenario.market, [one.projection for one in look.results.values()]))
    + " Expected values from the inputs; where inputs have ranges, draws from all of them at once. The help of each "
    "input says whose its default is. The address of this page holds every input and every kept scenario: copy it to "
    "share. " + _ui.text(of_customers(scenario.market, look.results[focus].cohort))
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
        meanings.markdown(f"**{_ui.text(titles(currency)[shown.name])}**: {_ui.text(shown.definition)}")
