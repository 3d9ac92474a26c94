"""One partner: every figure beside its motion and organic accounts. Its address opens it again."""

import streamlit as st

from motions.charts import cohorts as charts
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import health as tables
from pages import _ui
from pages._files import upload
from pages._health import choices
from pages._session import loaded

_ui.require_frame()
program = loaded.current()

if program is None or "partners" not in program.ledger.has:
    st.title("One partner", anchor=False)
    upload.problems()
    st.info("No partner list is loaded. A link to a partner needs the files in this session: upload them first.")
    _ui.link("pages/files.py", "Upload files")
    st.stop()

top = st.container(gap=None)  # its words depend on what is chosen below it
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = choices.partner(program.ledger)
    settings = choices.settings(program.ledger)
own = program.ledger.of_partner(chosen)
advice = tables.advice_of(program.ledger, settings, loaded.rules().partners, chosen)
with top:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        sample = ":orange-badge[:material/science: Sample] " if loaded.is_sample() else ""
        whose = "A fictional vendor" if loaded.is_sample() else "One partner"
        st.markdown(f"{sample}:small[:gray[{_ui.text(f'{whose} · {tables.period(settings)}')}]]", width="stretch")
        with st.container(width="content"):
            _ui.link("pages/health.py", "All partners", **({"data": "sample"} if loaded.is_sample() else {}))
    st.title(_ui.text(f"{tables.partner_label(program.ledger, chosen)}: {advice.step}"), anchor=False)
    st.markdown(f"**{_ui.text(advice.reason)}** {_ui.text(advice.otherwise)} {_ui.text(advice.unsure)}")
figures_column, chart_column = st.columns([3, 2], gap="small")
with figures_column:
    with _ui.figures(4, "partner_figures"):
        for metric, value, beside in tables.partner_tiles(program.ledger, own, settings):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _ui.figure(metric.label, value, metric.definition, note=beside)
    st.caption(_ui.text(tables.in_force(settings, own.currency)))
with chart_column, st.container(border=True, height="stretch"):
    if {"revenue", "spend"} <= own.has:
        _ui.chart(charts.payouts_of(program.ledger, settings, chosen), "partner_payouts")
    else:
        st.info("Payouts against gross profit: add a revenue and a spend file.")
left, right = st.columns(2, gap="medium")
with left:
    if own.knows_ends and "revenue" in own.has:
        _ui.chart(charts.survival_of(program.ledger, settings, chosen), "partner_survival")
    else:
        st.info(
            "Customers still there, by age: add a revenue file. A cohort ledger of an earlier version does not hold it."
        )
with right:
    if "revenue" in own.has:
        _ui.chart(charts.kept_of(program.ledger, settings, chosen), "partner_kept")
left, right = st.columns([2, 3], gap="medium")
with left:
    if "revenue" in own.has:
        _ui.chart(charts.movements(own, settings, "This partner", m.PARTNER), "partner_movements")
    else:
        st.info("MRR of the partner: add a revenue file.")
    if "accounts.activated_on" in own.has:
        _ui.chart(charts.activation_by_cohort(own, settings, "This partner", m.PARTNER), "partner_activation")
    else:
        st.info("Activation: add the column activated_on to the accounts file.")
with right:
    _ui.table(
        tables.one_partner(program.ledger, settings, chosen),
        "partner_table",
        "Every metric of the partner",
        column_config={
            "_index": st.column_config.TextColumn(width=190),
            "Partner": st.column_config.TextColumn(width=340),
        },
    )
