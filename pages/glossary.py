"""Every metric, figure and assumption: meaning, unit, source."""

import streamlit as st

from motions import glossary
from motions.playbook import load_playbook
from pages import _ui

_ui.require_frame()
playbook = load_playbook()

st.title("Glossary", anchor=False)
wanted = st.text_input("Find", key="find", bind="query-params", placeholder="churn, CPA, margin …")
entries = glossary.find(wanted)
if not entries:
    st.info("Nothing is called that. Try another word, or clear the field.")
for section in glossary.SECTIONS:
    found = [entry for entry in entries if entry.section == section]
    if found:
        st.subheader(_ui.text(section), anchor=False)
        _ui.static_table(glossary.table(found), hide_index=True)
if not wanted:
    st.subheader("The six metrics of the playbook", anchor=False)
    _ui.static_table(glossary.metric_table(playbook.metrics), hide_index=True)
    st.caption(_ui.text(f"{playbook.metrics.note} Source: {playbook.cite(playbook.metrics.source)}."))
