"""Metrics over uploaded cohort files: the six, partner against organic, with verdicts."""

import streamlit as st

from motions.charts import cohorts as charts
from motions.cohorts import metrics as m
from motions.cohorts import tables
from motions.cohorts.contract import TABLES
from motions.cohorts.health import headline, summary, verdicts
from pages import _program, _settings, _ui

_ui.require_frame()
program = _program.current()

title_column, sample_column = st.columns([4, 1], vertical_alignment="bottom")
title_column.title("Program health", anchor=False)
sample_column.button("Use the sample program", on_click=_program.use_sample, key="use_sample")

if program is None:
    _program.problems()
    _program.uploader()
    st.markdown(
        "Drop the CSV exports of your billing, CRM and partner platform. Accounts and revenue give most figures; "
        "partners and spend add the rest. Nothing leaves this server, and the files go with your session."
    )
    for table in TABLES:
        with st.expander(f"{table.name.capitalize()}: one row per {table.row}"):
            st.table(tables.accepted_columns(table), border="horizontal", hide_index=True)
    st.stop()

ledger = program.ledger
if _program.is_sample():
    st.info("Sample data: the vendor, its partners and every figure below are fictional.")
with st.expander("Your files: add, replace, remove"):
    _program.uploader()
_program.problems()

side, group, settings = _settings.choose(ledger)
judged = verdicts(ledger, settings, group)
said = headline(ledger, settings) if group == m.PARTNER else summary(judged, side)
st.markdown(f"**{_ui.text(said)}**")
figures_column, chart_column = st.columns([3, 2], gap="medium")
with figures_column:
    with _ui.figures(3, "health_figures"):
        for verdict in judged:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _ui.figure(
                    verdict.title,
                    tables.shown(verdict.unit, verdict.figure, ledger.currency),
                    m.BY_ID[verdict.metric].definition,
                    verdict.word,
                    verdict.against,
                )
    st.caption(_ui.text(f"{side}. {tables.in_force(settings)}. {tables.immature(ledger, settings)}"))
with chart_column:
    _ui.chart(charts.retention(ledger, settings), "nrr_by_age")
    st.caption("By age: all customers from their first payment on. NRR: only those who paid twelve months ago.")

st.subheader("Verdicts", anchor=False)
for verdict in judged:
    st.markdown(f"- **{verdict.title}.** {_ui.text(verdict.sentence)}")
st.caption(
    "Better or worse is said only where the 95 % interval of the difference leaves out zero. Organic are the accounts "
    "whose motion is organic or blank. PQLs are judged by their conversion, MRR and active partners against an earlier "
    "month."
)

st.subheader("Charts", anchor=False)
left, right = st.columns(2, gap="medium")
with left:
    _ui.chart(charts.funnel(ledger, settings), "funnel")
    if "spend" in ledger.has:
        _ui.chart(charts.cost_trend(ledger, settings), "cost_trend")
    else:
        st.info("Effective CPA against blended CAC: add a spend file.")
with right:
    if "revenue" in ledger.has:
        _ui.chart(charts.mrr_by_motion(ledger, settings), "mrr_by_motion")
    else:
        st.info("MRR by motion: add a revenue file.")
    if "partners" in ledger.has:
        _ui.chart(charts.partners_by_mrr(ledger, settings), "partners_by_mrr")
    else:
        st.info("Partners by MRR: add a partners file.")

st.subheader("Every metric, by motion", anchor=False)
st.dataframe(
    tables.by_motion(ledger, settings),
    key="by_motion",
    height="content",
    alt="Every metric by motion",
    column_config={"_index": st.column_config.TextColumn(width=190)},
)
with st.container(horizontal=True):
    _ui.download("Download metrics (CSV)", "metrics.csv", lambda: tables.metrics_csv(ledger, settings), "metrics_csv")
    with st.popover("What these figures mean", key="definitions"):
        for metric in m.METRICS:
            st.markdown(f"**{metric.title}**: {_ui.text(metric.definition)}")
if "partners" in ledger.has:
    with st.expander("Every partner"):
        st.dataframe(tables.partners(ledger, settings), hide_index=True, key="partner_table", alt="Partners by MRR")

st.subheader("Can these figures be trusted?", anchor=False)
st.dataframe(tables.findings(program.findings), hide_index=True, key="findings", alt="Attribution checks")
with st.container(horizontal=True):
    for finding in program.findings:
        if finding.rows:
            _ui.download(
                f"{finding.title} (CSV)", f"{finding.name}.csv", lambda f=finding: tables.finding_rows(f), finding.name
            )
st.dataframe(tables.files(program), hide_index=True, key="files", alt="What became of each file")
if program.rejects:
    st.markdown("**Rejected rows**")
    st.dataframe(
        tables.reject_table(program.rejects),
        hide_index=True,
        key="rejects",
        alt="Rejected rows with reasons",
        column_config={name: st.column_config.Column(width="small") for name in ("File", "Line", "Column", "Value")},
    )
    paths = _program.files()  # the download is made in a request of its own, which has no session
    _ui.download(
        "Download all rejected rows (CSV)",
        "rejected-rows.csv",
        lambda: tables.rejects_csv(program.rejects, paths),
        "rejects_csv",
    )
