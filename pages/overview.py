"""Where the program stands and where to go."""

import streamlit as st

from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import headline, verdicts
from motions.economics.model.results import answer
from motions.economics.model.run import run
from motions.playbook import rank
from pages import _ui
from pages._choose import address as answers
from pages._session import loaded, playbook
from pages._simulate import address

_ui.require_frame()
program = loaded.current()
playbook.line()

st.title("Partner-led growth, in one place", anchor=False)
st.markdown(
    "Compare the five partner motions, work out what a program would earn, and see from your own files whether it does."
)

st.subheader("Your program", anchor=False)
if program is None:
    st.markdown("No program is loaded. Upload your CSV files, or look at the sample program.")
    with st.container(horizontal=True):
        st.page_link("pages/health.py", label="Upload files")
        st.button("Use the sample program", on_click=loaded.use_sample, key="use_sample")
else:
    rules = loaded.rules()
    settings = m.Settings(as_of=program.ledger.last_month)
    if loaded.is_sample():
        st.info("Sample data: the vendor, its partners and every figure below are fictional.")
    st.markdown(f"**{_ui.text(headline(program.ledger, settings, rules))}**")
    with _ui.figures(6, "overview_figures"):
        for verdict in (one for one in verdicts(program.ledger, settings, rules=rules) if one.tile):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _ui.figure(
                    *tables.tile(verdict, program.ledger.currency),
                    m.BY_ID[verdict.shown].definition,
                    verdict.said,
                    verdict.beside,
                    tables.recent(program.ledger, settings, m.PARTNER, verdict.shown),
                )
    st.caption(_ui.text(f"All partners. {tables.in_force(settings, program.ledger.currency)}."))
    st.page_link("pages/health.py", label="Open program health")

st.subheader("Your scenario", anchor=False)
scenario = address.current()
for name, outcome in run(scenario).items():
    st.markdown(f"- {_ui.text(answer(name, outcome.figures, scenario.market.months, scenario.market.currency))}")
st.page_link("pages/simulate.py", label="Change margins and payouts")

st.subheader("Which motion first", anchor=False)
st.markdown(_ui.text(rank(answers.answers(), content=playbook.current().fit).headline))
st.page_link("pages/choose.py", label="Choose by your answers and data")
