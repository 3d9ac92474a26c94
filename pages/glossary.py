"""Every metric, figure and assumption: meaning, unit, source."""

import streamlit as st

from motions import glossary
from motions.playbook import load_playbook
from pages import _ui

_ui.require_frame()
playbook = load_playbook()

asked = glossary.term(st.query_params.get("term", ""))
st.markdown(":small[:gray[Glossary · each word as it is used here]]")
st.title(_ui.text(asked.name) if asked else "What each word means here", anchor=False)
if asked:
    with st.container(border=True, gap="small"):
        for line in asked.lines:
            st.markdown(_ui.text(line))
        if asked.unit:
            st.caption(_ui.text(f"Unit: {asked.unit}"))
wanted = st.text_input("Find a word", key="find", bind="query-params", placeholder="churn, CPA, margin …")
terms = glossary.terms(glossary.find(wanted))
if not terms:
    st.info("Nothing is called that. Try another word, or clear the field.")
for section in glossary.SECTIONS:
    found = [term for term in terms if term.section == section]
    if found:
        st.header(_ui.text(section), anchor=False)
        _ui.sentences(glossary.table(found))
if not wanted:
    st.header("The six metrics of the playbook", anchor=False)
    _ui.sentences(glossary.metric_table(playbook.metrics))
    st.caption(_ui.text(f"{playbook.metrics.note} Source: {playbook.cite(playbook.metrics.source)}."))
