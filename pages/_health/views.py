"""The views of program health below its answer, one function each."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Literal

import streamlit as st

from motions.charts import cohorts as charts
from motions.charts.style import Chart
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.rules import Rules
from motions.cohorts.verdicts.verdicts import Standing, stands_out
from motions.names import NAMES, PLAIN_NAMES
from motions.out.partner_views import partner_pages
from motions.out.report import Report, as_html
from motions.out.workbook import as_workbook
from motions.playbook import load_benchmarks
from motions.playbook.tables import benchmarks, reference_bands
from pages import _ui
from pages._health import choices, tiles
from pages._health.look import Look
from pages._health.why import changed, why
from pages._session import loaded
from pages._views import View

_KEPT: tuple[Literal["money", "customers"], ...] = ("money", "customers")


SHOWN_IN = {"survival": "Retention", "money_kept": "Retention", "nrr": "Retention", "grr": "Retention",
            "cpa": "Acquisition", "activation": "Acquisition", "top_partner": "Partners"}  # fmt: skip
"""In which view a metric of the headline is shown; others stand among the verdicts."""


def opened_by(one: Standing) -> tuple[str, str, str]:
    """Return the side and the view of program health that show what stands out, and what the side is called."""
    motion, view = MOTIONS[one.motions[0]] if one.motions else "", SHOWN_IN.get(one.metrics[0], "Verdicts")
    return (PLAIN_NAMES[motion], view, NAMES[motion]) if motion else (m.EVERYBODY, view, m.EVERYBODY)


def behind(ledger: Ledger, settings: m.Settings, rules: Rules) -> None:
    """Show for each part of the headline a button that opens what it is read from, of the motion that it is about."""
    with st.container(horizontal=True):
        for number, one in enumerate(stands_out(ledger, settings, rules)):
            side, view, called = opened_by(one)
            st.button(
                f":red-badge[{number + 1:d}] :blue[**{_ui.text(one.short)}** →]", key=f"behind_{number}",
                on_click=choices.open_view, args=(side, view), type="tertiary",
                help=_ui.text(f"{called}: {view}"),
            )  # fmt: skip


def evidence(look: Look) -> Chart:
    """Return how far each figure of the side that is looked at is from what it is compared with."""
    side = "" if look.group == m.PARTNER else look.side
    return charts.evidence(look.ledger, look.settings, loaded.rules(), side)


def verdicts(look: Look) -> None:
    if look.more:
        with st.grid(3, min_column_width=145, key="more_figures"):
            tiles.row(look.more)
    told = [one for one in look.judged if one.advice]
    with st.grid(min(len(told), 2) or 1, min_column_width=320, key="verdict_cards"):
        for verdict in sorted(told, key=lambda one: not one.alarms):
            with st.container(border=True, height="stretch", gap="xxsmall"):
                _ui.badge(verdict.said, "bad" if verdict.alarms else "good")
                severity = f" ({verdict.severity})" if verdict.alarms else ""
                st.markdown(f"## {_ui.text(verdict.title + severity)}", anchors=False)
                st.markdown(_ui.text(verdict.sentence))
                st.caption(_ui.text(verdict.advice))
    for verdict in (one for one in look.judged if not one.advice):
        st.markdown(f"- **{_ui.text(verdict.title)}.** {_ui.text(verdict.sentence)}")
    st.caption(
        "Better or worse is said only where the interval beside it leaves out zero. The more is tested, the wider the "
        "intervals: of programs with nothing wrong, 5 % at most raise an alarm. Organic: accounts whose motion is "
        "organic or blank."
    )
    rules = st.expander("The rules behind these verdicts", on_change="rerun", key="rules_open")
    if rules.open:
        with rules:
            _ui.table(tables.rules(loaded.rules()), "rules", "Rules of the verdicts", hide_index=True)
            means = "Change them, and drop the file in where CSV files go."
            _ui.file("Download the rules (YAML)", "rules.yaml", tables.rules_yaml(loaded.rules()), "rules_yaml", means)


def customers(look: Look) -> Chart:
    """Return how long customers of the side that is looked at stay, or where that is unknown what they keep paying."""
    if "revenue" in look.ledger.has and look.ledger.knows_ends:
        return charts.survival(look.ledger, look.settings, look.group)
    return charts.retention(look.ledger, look.settings, tables.kept(look.ledger), look.group)


def retention(look: Look) -> None:
    if "revenue" in look.ledger.has and look.ledger.knows_ends:
        left, right = st.columns(2, gap="medium")
        with left:
            _ui.chart(customers(look), "survival")
        with right:
            _ui.chart(charts.sources(look.ledger, look.settings), "sources")
    kinds = [kind for kind in _KEPT if {"revenue", f"ages.{kind}"} & look.ledger.has]
    of = st.segmented_control("What is kept", kinds, default=kinds[0], key="kept", required=True, bind="query-params")
    left, right = st.columns(2, gap="medium")
    with left:
        _ui.chart(charts.triangle(look.ledger, look.settings, look.side, look.group, of or kinds[0]), "triangle")
    with right:
        _ui.chart(charts.retention(look.ledger, look.settings, of or kinds[0], look.group), "kept_by_age")
    if "revenue" in look.ledger.has and look.ledger.knows_ends:
        age = st.segmented_control(
            "Customers still there after (months)", ("3", "6", "12"), default="6", key="left_after", required=True,
            bind="query-params",
        )  # fmt: skip
        _ui.chart(charts.halves(look.ledger, look.settings, look.group, int(age or 6)), "halves")


def by_motion(look: Look) -> Chart:
    """Return how MRR of all motions came about."""
    return charts.mrr_by_motion(look.ledger, look.settings)


def revenue(look: Look) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        _ui.chart(charts.movements(look.ledger, look.settings, look.side, look.group), "movements")
    with right:
        _ui.chart(by_motion(look), "mrr_by_motion", choices.take_side)
        st.caption("Click a motion to look at it alone.")


def activated(look: Look) -> Chart:
    """Return how many signups of each month activate; all months, whichever is looked at: another can be clicked."""
    bands = reference_bands("activation") if choices.reference() else ()
    return charts.activation_by_cohort(look.program.ledger, look.settings, look.side, look.group, bands)


def won(look: Look) -> Chart | str:
    """Return what a customer costs, or what leads to one, or the words that say what is missing for both."""
    if _has_cost(look):
        return charts.cost_trend(look.ledger, look.settings, look.group)
    if "accounts" in look.ledger.has:
        return charts.funnel(look.ledger, look.settings, look.group)
    return "Acquisition: add an accounts file."


def _has_cost(look: Look) -> bool:
    return "spend" in look.ledger.has and not look.ledger.narrowed


def acquisition(look: Look) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        if "accounts.activated_on" in look.ledger.has:
            _ui.chart(activated(look), "activation_by_cohort", choices.take_cohort)
            st.caption("Click a month to look at its accounts alone.")
        else:
            st.info("Activation: add the column activated_on to the accounts file.")
    with right:
        if _has_cost(look):
            _ui.chart(charts.cost_trend(look.ledger, look.settings, look.group), "cost_trend")
        else:
            st.info(
                "Effective CPA against blended CAC: spend is not known by segment or signup month."
                if look.ledger.narrowed
                else "Effective CPA against blended CAC: add a spend file."
            )
    if "accounts" in look.ledger.has:
        _ui.chart(charts.funnel(look.ledger, look.settings, look.group), "funnel")


def largest(look: Look) -> Chart:
    """Return which partners carry the MRR of the side that is looked at; of all accounts."""
    return charts.partners_by_mrr(look.program.ledger, look.settings, group=look.group)


def partners(look: Look) -> None:
    ledger = look.program.ledger
    table = tables.partners(ledger, look.settings, loaded.rules().partners, look.group)
    st.markdown(f"**{_ui.text(tables.steps(table))}**")
    chosen = _ui.table(
        table, "partner_table", "Partners with what to do and why", hide_index=True, height=360, on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Why": st.column_config.TextColumn(width=350),
            "What would change it": st.column_config.TextColumn(width=220),
            "MRR, 12 months": st.column_config.LineChartColumn(),
            **{name: st.column_config.NumberColumn(format="%.1f") for name in table.columns if name.endswith("(%)")},
            **{name: st.column_config.NumberColumn(format="%,.0f") for name in tables.money_columns(table, ledger)},
        },
    )  # fmt: skip
    st.caption(
        "Tick a row to open the partner. NRR, activation and churn are empty below ten accounts. Partners are counted "
        "over all accounts, whichever part is looked at."
    )
    for row in chosen.selection.rows:
        partner = table["Partner id"].iloc[row]
        st.page_link(
            "pages/partner.py", label=_ui.text(f"Open {tables.partner_label(ledger, partner)}"),
            query_params=tables.partner_address(partner, loaded.is_sample()),
        )  # fmt: skip
    today = datetime.now(UTC).date()
    report = Report.of(look.program, look.settings, loaded.rules(), name=loaded.program_name())
    _ui.file(
        "Each partner's own page (zip)", report.file("partners.zip"),
        lambda: partner_pages(ledger, look.settings, today), "partner_pages",
        "One page for each partner with its own customers and earnings, and nothing of others.",
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left:
        _ui.chart(charts.partner_curve(ledger, look.settings, look.group), "partner_curve")
    with right:
        _ui.chart(largest(look), "partners_by_mrr")


def metrics(look: Look) -> None:
    parts = ["motion", "signup month", *(["segment"] if look.program.ledger.segments else [])]
    by = st.segmented_control("By", parts, default="motion", key="by", required=True, bind="query-params")
    if by == "motion":
        shown = tables.by_motion(look.ledger, look.settings)
    else:
        shown = tables.by_part(look.program.ledger, look.settings, look.group, by)
    _ui.table(
        shown, "every_metric", f"Every metric by {by}",
        column_config={
            "_index": st.column_config.TextColumn(width=190 if by == "motion" else 110),
            "Partner": st.column_config.TextColumn(width=210),
            tables.DIFFERENCE: st.column_config.TextColumn(width=200),
        },
    )  # fmt: skip
    st.caption(
        _ui.text(f"{'' if by == 'motion' else look.side + '. '}{tables.in_force(look.settings, look.ledger.currency)}.")
    )
    report = Report.of(look.program, look.settings, loaded.rules(), loaded.before(), loaded.program_name())
    with st.container(horizontal=True):
        _ui.download(
            "Download metrics (CSV)",
            report.file("metrics.csv"),
            lambda: tables.metrics_csv(look.ledger, look.settings),
            "metrics_csv",
        )
        _ui.download(
            "Cohort ledger (CSV)", report.file("cohort-ledger.csv"), lambda: ledger_rows(look.program.ledger),
            "ledger_csv",
            "The sums behind every figure, without an account in it. Dropped in again it gives the same figures.",
        )  # fmt: skip
        _ui.file(
            "Workbook (Excel)", report.file("health.xlsx"), lambda: as_workbook(report), "workbook",
            "Numbers with formats and native charts. Of all accounts, whichever part is looked at.",
        )  # fmt: skip
        today = datetime.now(UTC).date()
        _ui.file(
            "Report (HTML)", report.file("report.html"), lambda: as_html(report, today).encode(), "report",
            "One page that opens without a network and prints. Of all accounts, whichever part is looked at.",
        )  # fmt: skip
        with st.popover("What these figures mean", key="definitions"):
            for metric in m.METRICS:
                st.markdown(f"**{_ui.text(metric.title)}**: {_ui.text(metric.definition)}")
    if choices.reference():
        titles = {name: metric.title for name, metric in m.BY_ID.items()}
        _ui.table(benchmarks(load_benchmarks(), titles), "benchmarks", "Reference figures with grade", hide_index=True)
        st.caption(
            "Grade A: policy, price list, survey with a disclosed sample or peer-reviewed. B: telemetry of a vendor. "
            "C: opinion or second-hand, never a target. With another definition the same rate moves tenfold."
        )


def checks(look: Look) -> Chart:
    """Return how many rows each attribution check finds."""
    return charts.checks(look.program.findings)


def trust(look: Look) -> None:
    program = look.program
    _ui.chart(checks(look), "checks")
    _ui.table(tables.findings(program.findings), "findings", "Attribution checks", hide_index=True)
    worst = tables.worst_cases(program.ledger, look.settings, program.findings)
    if len(worst):
        st.markdown("**How far the partner figures would move if these rows belonged to the other side**")
        _ui.table(worst, "worst_cases", "Worst case of each check", hide_index=True)
    with st.container(horizontal=True):
        for finding in program.findings:
            if finding.rows:
                _ui.download(
                    f"{finding.title} (CSV)", f"{finding.name}.csv", partial(tables.finding_rows, finding), finding.name
                )
    st.page_link("pages/files.py", label="What became of every row")


def _without(words: str, *tables: str) -> Callable[[Look], str]:
    """What to say where the ledger has none of some tables."""
    return lambda look: "" if look.ledger.has.intersection(tables) else words


def _unchecked(look: Look) -> str:
    return "" if look.program.findings else "Files of sums hold no accounts that could be checked."


VIEWS: tuple[View[Look], ...] = (
    View("Verdicts", verdicts, chart=evidence),
    View("Retention", retention, _without("Retention: add a revenue file.", "revenue", "ages"), customers),
    View("Why it changed", why, _without("Why figures changed: add accounts and revenue.", "revenue"), changed),
    View("Revenue", revenue, _without("MRR: add a revenue file.", "revenue"), by_motion),
    View("Acquisition", acquisition, chart=won),
    View("Partners", partners, _without("Partners: add a partners file.", "partners"), largest),
    View("Every metric", metrics, chart=evidence),
    View("Data quality", trust, _unchecked, checks),
)
