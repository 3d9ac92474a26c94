"""The views of program health below its answer, one function each."""

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from motions.charts import cohorts as charts
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import Verdict
from motions.out.report import Report, as_html
from motions.out.workbook import as_workbook
from motions.playbook import load_benchmarks
from motions.playbook.tables import benchmarks, reference_bands
from pages import _ui
from pages._health import choices
from pages._session import loaded


@dataclass(frozen=True)
class View:
    """What is looked at: the program, the part of its ledger, the partner side and the settings."""

    program: Program
    ledger: Ledger
    side: str
    group: m.Group
    settings: m.Settings
    judged: tuple[Verdict, ...]


def verdicts(view: View) -> None:
    for verdict in view.judged:
        severity = f" ({verdict.severity})" if verdict.word == "worse" else ""
        advice = f" {_ui.text(verdict.advice)}" if verdict.advice else ""
        st.markdown(f"- **{verdict.title}{severity}.** {_ui.text(verdict.sentence)}{advice}")
    st.caption(
        "Better or worse is said only where the 95 % interval of the difference leaves out zero. Organic are the "
        "accounts whose motion is organic or blank."
    )
    rules = st.expander("The rules behind these verdicts", on_change="rerun", key="rules_open")
    if rules.open:
        with rules:
            _ui.table(tables.rules(loaded.rules()), "rules", "Rules of the verdicts", hide_index=True)
            means = "Change them, and drop the file in where CSV files go."
            _ui.file("Download the rules (YAML)", "rules.yaml", tables.rules_yaml(loaded.rules()), "rules_yaml", means)


def retention(view: View) -> None:
    if not {"revenue", "ages"} & view.ledger.has:
        st.info("Retention: add a revenue file.")
        return
    kinds = [kind for kind, need in (("money", "ages.money"), ("customers", "ages.customers")) if _known(view, need)]
    of = st.segmented_control("What is kept", kinds, default=kinds[0], key="kept", required=True, bind="query-params")
    left, right = st.columns(2, gap="medium")
    with left:
        _ui.chart(charts.triangle(view.ledger, view.settings, view.side, view.group, of), "triangle")
        st.caption("A star marks cohorts of fewer than ten customers: they say little, and no verdict uses them.")
    with right:
        _ui.chart(charts.retention(view.ledger, view.settings, kinds[-1]), "kept_by_age")
        st.caption("The band is the 95 % interval over customers.")


def _known(view: View, need: str) -> bool:
    return bool({"revenue", need} & view.ledger.has)


def revenue(view: View) -> None:
    if "revenue" not in view.ledger.has:
        st.info("MRR: add a revenue file.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _ui.chart(charts.movements(view.ledger, view.settings, view.side, view.group), "movements")
        st.caption("Opening + new + expansion + reactivation − contraction − churn = closing, in every month.")
    with right:
        _ui.chart(charts.mrr_by_motion(view.ledger, view.settings), "mrr_by_motion", choices.take_side)
        st.caption("Click a motion to look at it alone.")


def acquisition(view: View) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        if "accounts.activated_on" in view.ledger.has:
            # All signup months, whichever is looked at: another can be clicked.
            bands = reference_bands("activation") if choices.reference() else ()
            shown = charts.activation_by_cohort(view.program.ledger, view.settings, view.side, view.group, bands)
            _ui.chart(shown, "activation_by_cohort", choices.take_cohort)
            st.caption("Click a month to look at its accounts alone. Hollow months are immature or thin.")
        else:
            st.info("Activation: add the column activated_on to the accounts file.")
    with right:
        if "accounts" in view.ledger.has:
            _ui.chart(charts.funnel(view.ledger, view.settings), "funnel")
        if "spend" in view.ledger.has and not view.ledger.narrowed:
            _ui.chart(charts.cost_trend(view.ledger, view.settings), "cost_trend")
        else:
            st.info(
                "Effective CPA against blended CAC: spend is not known by segment or signup month."
                if view.ledger.narrowed
                else "Effective CPA against blended CAC: add a spend file."
            )


def partners(view: View) -> None:
    if "partners" not in view.ledger.has:
        st.info("Partners: add a partners file.")
        return
    ledger = view.program.ledger
    table = tables.partners(ledger, view.settings, loaded.rules().partners)
    st.markdown(f"**{_ui.text(tables.steps(table))}**")
    chosen = _ui.table(
        table, "partner_table", "Partners with what to do and why", hide_index=True, height=360, on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Why": st.column_config.TextColumn(width=350),
            "MRR, 12 months": st.column_config.LineChartColumn(),
            **{name: st.column_config.NumberColumn(format="%.1f") for name in ("NRR (%)", "Activation (%)")},
            **{name: st.column_config.NumberColumn(format="%,.0f") for name in tables.money_columns(table, ledger)},
        },
    )  # fmt: skip
    st.caption(
        "Tick a row to open the partner. NRR and activation are empty below ten accounts. Partners are counted over "
        "all accounts, whichever part is looked at."
    )
    for row in chosen.selection.rows:
        partner = table["Partner id"].iloc[row]
        st.page_link(
            "pages/partner.py", label=_ui.text(f"Open {tables.partner_label(ledger, partner)}"),
            query_params=tables.partner_address(partner, loaded.is_sample()),
        )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left:
        _ui.chart(charts.partner_curve(ledger, view.settings), "partner_curve")
    with right:
        _ui.chart(charts.partners_by_mrr(ledger, view.settings), "partners_by_mrr")


def metrics(view: View) -> None:
    parts = ["motion", "signup month", *(["segment"] if view.program.ledger.segments else [])]
    by = st.segmented_control("By", parts, default="motion", key="by", required=True, bind="query-params")
    if by == "motion":
        shown = tables.by_motion(view.ledger, view.settings)
    else:
        shown = tables.by_part(view.program.ledger, view.settings, view.group, by)
    _ui.table(
        shown, "every_metric", f"Every metric by {by}",
        column_config={
            "_index": st.column_config.TextColumn(width=190 if by == "motion" else 110),
            "Partner": st.column_config.TextColumn(width=210),
            tables.DIFFERENCE: st.column_config.TextColumn(width=200),
        },
    )  # fmt: skip
    st.caption(
        _ui.text(f"{'' if by == 'motion' else view.side + '. '}{tables.in_force(view.settings, view.ledger.currency)}.")
    )
    with st.container(horizontal=True):
        _ui.download(
            "Download metrics (CSV)",
            "metrics.csv",
            lambda: tables.metrics_csv(view.ledger, view.settings),
            "metrics_csv",
        )
        _ui.download(
            "Cohort ledger (CSV)", "cohort-ledger.csv", lambda: ledger_rows(view.program.ledger), "ledger_csv",
            "The sums behind every figure, without an account in it. Dropped in again it gives the same figures.",
        )  # fmt: skip
        report = Report.of(view.program, view.settings, loaded.rules())
        _ui.file(
            "Workbook (Excel)", "program-health.xlsx", lambda: as_workbook(report), "workbook",
            "Numbers with formats and native charts. Of all accounts, whichever part is looked at.",
        )  # fmt: skip
        today = datetime.now(UTC).date()
        _ui.file(
            "Report (HTML)", "program-health.html", lambda: as_html(report, today).encode(), "report",
            "One page that opens without a network and prints. Of all accounts, whichever part is looked at.",
        )  # fmt: skip
        with st.popover("What these figures mean", key="definitions"):
            for metric in m.METRICS:
                st.markdown(f"**{metric.title}**: {_ui.text(metric.definition)}")
    if choices.reference():
        titles = {name: metric.title for name, metric in m.BY_ID.items()}
        _ui.table(benchmarks(load_benchmarks(), titles), "benchmarks", "Reference figures with grade", hide_index=True)
        st.caption(
            "Grade A: policy, price list, survey with a disclosed sample or peer-reviewed. B: telemetry of a vendor. "
            "C: opinion or second-hand, never a target. With another definition the same rate moves tenfold."
        )


def trust(view: View) -> None:
    program = view.program
    if not program.findings:
        st.info("Files that are added up already hold no accounts to check.")
        return
    _ui.table(tables.findings(program.findings), "findings", "Attribution checks", hide_index=True)
    worst = tables.worst_cases(program.ledger, view.settings, program.findings)
    if len(worst):
        st.markdown("**How far the partner figures would move if these rows belonged to the other side**")
        _ui.table(worst, "worst_cases", "Worst case of each check", hide_index=True)
    with st.container(horizontal=True):
        for finding in program.findings:
            if finding.rows:
                _ui.download(
                    f"{finding.title} (CSV)",
                    f"{finding.name}.csv",
                    lambda f=finding: tables.finding_rows(f),
                    finding.name,
                )
    st.page_link("pages/files.py", label="What became of every row")


VIEWS = (
    ("Verdicts", verdicts),
    ("Retention", retention),
    ("Revenue", revenue),
    ("Acquisition", acquisition),
    ("Partners", partners),
    ("Every metric", metrics),
    ("Can they be trusted?", trust),
)
