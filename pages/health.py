"""Metrics over uploaded cohort files: the six, partner against organic, with verdicts and what to do."""

import streamlit as st

from motions.charts import cohorts as charts
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import coverage
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import headline, summary, verdicts
from pages import _ui, _views
from pages._files import upload
from pages._health import choices, views
from pages._health.look import Look
from pages._session import loaded

_ui.require_frame()
program = loaded.current()

title_column, sample_column = st.columns([4, 1], vertical_alignment="bottom")
title_column.title("Program health", anchor=False)
sample_column.button("Use the sample program", on_click=loaded.use_sample, key="use_sample")

if program is None:
    upload.problems()
    upload.uploader()
    st.markdown(
        "Drop the CSV exports of your billing, CRM and partner platform. Accounts and revenue give most figures; "
        "partners and spend add the rest. Nothing leaves this server, and the files go with this tab."
    )
    st.page_link("pages/files.py", label="Which files and columns can be read")
    st.stop()

if loaded.is_sample():
    st.info("Sample data: the vendor, its partners and every figure below are fictional.")
source = loaded.connection()
with st.expander(_ui.text(f"Connection {source}: change" if source else "Your files: add, replace, remove")):
    upload.uploader()
    st.page_link("pages/files.py", label="How they were read, and rejected rows")
upload.problems()

side, group, settings, ledger = choices.choose(program.ledger)
if ledger.narrowed:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Only {_ui.text(ledger.narrowed)}.")
        st.button("Show all accounts", on_click=choices.everything, key="show_all")
rules = loaded.rules()
judged = verdicts(ledger, settings, group, rules)
said = headline(ledger, settings, rules) if group == m.PARTNER else summary(judged, side)
if "accounts" in ledger.has:
    st.markdown(f"**{_ui.text(said)}**")
    if group == m.PARTNER:
        views.behind(ledger, settings, rules)
if "accounts" not in ledger.has and "ages" in ledger.has:
    st.info("A triangle says what is left of each cohort, and nothing else. Other figures need accounts and revenue.")
    views.retention(Look(program, ledger, side, group, settings, ()))
    st.stop()
figures_column, chart_column = st.columns([3, 2], gap="medium")
with figures_column:
    with _ui.figures(3, "health_figures"):
        for verdict in judged:
            if verdict.tile:
                with st.container(border=True, height="stretch", gap="xsmall"):
                    _ui.figure(
                        *tables.tile(verdict, ledger.currency),
                        m.BY_ID[verdict.shown].definition,
                        verdict.said,
                        verdict.beside,
                        tables.recent(ledger, settings, group, verdict.shown),
                    )
    st.caption(_ui.text(f"{side}. {tables.in_force(settings, ledger.currency)}. {tables.immature(ledger, settings)}"))
    st.caption(_ui.text(coverage.line(ledger)))
with chart_column:
    _ui.chart(charts.retention(ledger, settings, tables.kept(ledger), group), "nrr_by_age")
    st.caption("By age: all customers from their first payment on. NRR: only those who paid twelve months ago.")

look = Look(program, ledger, side, group, settings, judged)
_views.tabs(views.VIEWS, look, "view")
