"""The session's files: what each is taken for, how to correct that, and what became of every row."""

import streamlit as st

from motions.cohorts.contract import TABLES
from motions.cohorts.reading.mapping import write_mappings
from motions.cohorts.tables import coverage
from motions.cohorts.tables import files as tables
from motions.cohorts.tables.health import digest, gives, missing
from motions.cohorts.tables.templates import not_loaded
from pages import _ui
from pages._files import mapping_step, templates, upload
from pages._session import loaded

_ui.require_frame()
program = loaded.current()
sources = loaded.sources()

if program:
    with st.container(gap=None):
        sample = ":orange-badge[:material/science: Sample] " if loaded.is_sample() else ""
        st.markdown(f"{sample}:small[:gray[Your files · {_ui.text(coverage.line(program.ledger))}]]")
        whose = "The sample's files" if loaded.is_sample() else "Your files"
        st.title(_ui.text(gives(program.ledger, whose)), anchor=False)
    for label, why in missing(program.ledger):
        st.markdown(f":orange-badge[:material/warning: Missing] **{_ui.text(label)}**: {_ui.text(why)}")
    templates.not_loaded(not_loaded(program))
    if _ui.primary("See what they say about the program", "to_health"):
        st.switch_page("pages/health.py")
    upload.problems()
    said = upload.rejected(program)
    upload.limits(program)
else:
    st.title("Your files", anchor=False)
    st.markdown(
        "Accounts and revenue give most figures; partners and spend add the rest. What can be read stands below."
    )
    upload.problems()
upload.uploader()

for file in sources:
    what = "not read yet" if file.waits else file.mapping.kind
    with st.expander(_ui.text(f"{file.name}: {what}"), key=f"file_{digest(file.name)}", on_change="rerun") as shown:
        if shown.open:
            mapping_step.editor(file)
if sources:
    mapping = write_mappings(file.complete() for file in sources if not file.kind_is_open)
    means = "Drop it in again with next month's files: it counts for files with the same columns."
    _ui.file("Download this mapping (YAML)", "mapping.yaml", mapping, "mapping_yaml", means)

if program and program.files:
    st.header("What the files cover", anchor=False)
    st.caption(_ui.text(f"{coverage.LEGEND}. Figures are computed over the covered months, and say which."))
    _ui.table(coverage.strip(program.ledger), "coverage", "Months that each table covers")
    st.header("What became of every row", anchor=False)
    _ui.table(tables.files(program), "files", "What became of each file", hide_index=True)
if program and program.rejects:
    st.header("Rejected rows", anchor=False)
    _ui.table(
        tables.reject_table(program.rejects), "rejects", "Rejected rows with reasons", hide_index=True, height="auto",
        column_config={name: st.column_config.Column(width="small") for name in ("File", "Line", "Column", "Value")},
    )  # fmt: skip
    if not said:  # only rows that the mapping leaves out, which no figure lacks
        upload.rejected_rows(program)

if program and program.contradictions:
    listed = coverage.contradictions(program)
    _ui.download("Download what files contradict (CSV)", "contradictions.csv", lambda: listed, "contradictions_csv")

st.header("What can be read", anchor=False)
st.markdown(
    "Accounts and revenue give most figures; partners and spend add the rest. Columns are found by name, and the "
    "exports of known systems by their header. A cohort triangle of a spreadsheet and a cohort ledger are read alone."
)
templates.workbook("below")
for table in TABLES:
    with st.expander(_ui.text(f"{table.name.capitalize()}: one row per {table.row}")):
        templates.of_kind(table.name, "below")
        _ui.static_table(tables.accepted_columns(table), hide_index=True)
with st.expander("Triangle: one row per cohort, one column per month since, read alone"):
    templates.of_kind("triangle", "below")
