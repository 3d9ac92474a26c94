"""Program health as one thing to take along: text for a terminal, JSON for a machine, a page of HTML for people.

All three say the same as the page of the app, from the same functions.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import plotly.offline
from markupsafe import Markup

from motions.charts import cohorts as charts
from motions.charts.style import Chart
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import Estimate
from motions.cohorts.metrics.text import shown, with_interval
from motions.cohorts.program import Program
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.tables import coverage, files
from motions.cohorts.tables import health as tables
from motions.cohorts.tables import since as since_tables
from motions.cohorts.verdicts.rules import Rules, default_rules
from motions.cohorts.verdicts.since import Since, since
from motions.cohorts.verdicts.verdicts import Verdict, headline, judged, verdicts
from motions.names import NAMES
from motions.text import for_terminal, month_name

TEMPLATE = Path(__file__).with_name("report.html")
MOST_PARTNERS = 40
WIDTH = 690
"""Pixels of a chart: what A4 and Letter have between their margins."""
HEIGHT = 385
HIGHEST = 460
"""Of a chart: two with their titles fill a page of A4 or Letter."""


@dataclass(frozen=True)
class Report:
    """What is reported: a program, read with some settings and judged by some rules."""

    program: Program
    settings: m.Settings
    rules: Rules
    before: Ledger | None = None
    """an earlier ledger of the program, to say what changed since"""
    name: str = "program"
    """what the program is called in titles and file names"""

    @classmethod
    def of(
        cls,
        program: Program,
        settings: m.Settings | None = None,
        rules: Rules | None = None,
        before: Ledger | None = None,
        name: str = "program",
    ) -> "Report":
        """Return the report of a program, at its last month and by the rules of the app where nothing is said."""
        chosen = settings or m.Settings(as_of=program.ledger.last_month)
        return cls(program, chosen, rules or default_rules(), before, name)

    @property
    def since(self) -> Since | None:
        """What changed since the earlier ledger, if there is one."""
        return since(self.before, self.program.ledger, self.settings) if self.before else None

    def file(self, what: str) -> str:
        """Return the name of a file of the report: the program, its month and what it is.

        Letters and digits only, as the name may come from a file or a connection.
        """
        own = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")[:40] or "program"
        return f"{own}-{month_name(self.settings.as_of)}-{what}"

    @property
    def judged(self) -> tuple[Verdict, ...]:
        """The verdicts on all partners together."""
        return verdicts(self.program.ledger, self.settings, rules=self.rules)

    @property
    def headline(self) -> str:
        """What stands out, in a sentence."""
        return headline(self.program.ledger, self.settings, self.rules)

    def by_motion(self) -> dict[str, tuple[Verdict, ...]]:
        """Return the verdicts on each motion by the rules that name motions that stand out."""
        found = judged(self.program.ledger, self.settings, self.rules)
        rules = self.rules.rules
        told = [at for at, rule in enumerate(rules) if rule.stands_out] or list(range(len(rules)))
        return {
            NAMES[MOTIONS[motion]]: tuple(found[motion,][at] for at in told)
            for motion in m.each_partner(self.program.ledger)
        }

    def worse(self, severities: Sequence[str]) -> list[str]:
        """Return what does worse by a rule of one of the severities: all partners together, and each motion."""
        sides = {"All partners": self.judged, **self.by_motion()}
        return [
            f"{side}: {one.title}"
            for side, judged in sides.items()
            for one in judged
            if one.alarms and one.severity in severities
        ]

    def limits(self) -> tuple[Remark, ...]:
        """Return what limits the figures, that which touches most first."""
        young = tables.immature(self.program.ledger, self.settings)
        return (*coverage.limits(self.program), *([Remark(young)] if young else []))

    def remarks(self) -> list[str]:
        """Return the same as sentences."""
        return [str(one) for one in self.limits()]


def as_text(report: Report) -> str:
    """Return the verdicts, the six metrics and what stands between files and figures, as lines of text."""
    lines = [report.headline, "", tables.in_force(report.settings, report.program.ledger.currency)]
    lines += [said] if (said := coverage.line(report.program.ledger)) else []
    lines.append("")
    currency = report.program.ledger.currency
    for one in report.judged:
        severity = f" ({one.severity})" if one.alarms else ""
        lines.append(f"{one.title}{severity}: {with_interval(one.unit, one.figure, currency)}")
        lines.append(f"    {one.sentence}")
        lines += [f"    {one.advice}"] if one.advice else []
    lines += _since_text(report)
    lines += ["", "What limits these figures, that which touches most first:"] if report.limits() else []
    lines += [f"- {remark}" for remark in report.remarks()]
    if found := [one for one in report.program.findings if one.count]:
        lines += ["", "Attribution checks:", *(f"- {one.title}: {one.count:,}. {one.meaning}" for one in found)]
    return for_terminal("\n".join(lines).rstrip() + "\n")


def _since_text(report: Report) -> list[str]:
    """What changed since the earlier ledger, as lines."""
    found = report.since
    if found is None:
        return []
    ledger, settings = report.program.ledger, report.settings
    lines = ["", since_tables.headline(found, ledger, settings)]
    for table in (since_tables.changes(found, ledger, settings), since_tables.causes(found, ledger, settings)):
        for row in table.to_dict("records"):
            first, *rest = ((title, cell) for title, cell in row.items() if cell)
            lines.append(f"    {first[1]}: {'; '.join(f'{title} {cell}' for title, cell in rest)}")
    return lines


def as_json(report: Report) -> str:
    """Return every figure with its interval, the verdicts and the settings. Shares are fractions, unknown is null."""
    program, ledger = report.program, report.program.ledger
    content = {
        "as_of": month_name(report.settings.as_of),
        "currency": ledger.currency,
        "settings": report.settings.model_dump(exclude={"as_of"}),
        "coverage": coverage.as_data(ledger),
        "headline": report.headline,
        "verdicts": [_verdict(one) for one in report.judged],
        "verdicts_by_motion": {
            motion: [_verdict(one) for one in judged] for motion, judged in report.by_motion().items()
        },
        "metrics": [
            {
                "metric": metric.id,
                "group": name,
                "unit": metric.unit,
                **_estimate(m.measure(metric, ledger, report.settings, group)),
            }
            for metric in m.METRICS
            for name, group in tables.groups(program.ledger)
        ],
        "files": [
            {
                "file": one.name,
                "read_as": one.table,
                "rows": one.rows,
                "accepted": one.accepted,
                "rejected": one.rejected,
            }
            for one in program.files
        ],
        "checks": [{"check": one.name, "found": one.count} for one in program.findings],
        "since": _since(report.since),
        "remarks": report.remarks(),
        "limits": [{"words": one.words, "repair": one.repair, "touches": one.touches} for one in report.limits()],
    }
    return for_terminal(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _since(found: Since | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "month": month_name(found.month),
        "metrics": [
            {
                "metric": one.metric,
                "before": _estimate(one.before),
                "now": _estimate(one.now),
                "restated": _estimate(one.restated) if one.is_restated else None,
            }
            for one in found.changes
        ],
        "motions": [{"motion": one.id, "before": one.before, "now": one.now} for one in found.motions],
        "partners": [
            {"partner_id": one.id, "name": one.name, "before": one.before, "now": one.now} for one in found.partners
        ],
        "others": found.others,
        "restated_months": [month_name(month) for month in found.restated_months],
    }


def _verdict(one: Verdict) -> dict[str, Any]:
    return {
        "metric": one.metric,
        "shown": one.shown,
        "title": m.BY_ID[one.shown].in_files,
        "word": one.word,
        "severity": one.severity,
        "unit": one.unit,
        **_estimate(one.figure),
        "judged": _estimate(one.judged),
        "sentence": one.sentence,
        "advice": one.advice,
    }


def _estimate(found: Estimate) -> dict[str, Any]:
    said = {"value": found.value, "low": found.low, "high": found.high, "n": found.n, "note": found.note}
    return {**said, "over": found.over}


def as_html(report: Report, made_on: date) -> str:
    """Return one page that needs nothing else: it opens without a network and prints on A4 and Letter."""
    ledger, settings = report.program.ledger, report.settings
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    found = report.judged
    partners = tables.partners(ledger, settings, report.rules.partners) if "partners" in ledger.has else None
    metrics = tables.by_motion(ledger, settings)
    together = 1 + metrics.columns.tolist().index(tables.DIFFERENCE)
    shown_tables = [
        *_since_tables(report),
        ("What the files cover", coverage.strip(ledger).T.reset_index(names="Month")),
        ("Every metric", metrics.iloc[:, :together].reset_index()),
        ("Every metric, by motion", metrics.iloc[:, together:].reset_index()),
        *([("Partners", tables.for_print(partners, MOST_PARTNERS))] if partners is not None else []),
        *([("Attribution checks", tables.findings(report.program.findings))] if report.program.findings else []),
        ("Worst case of each check", tables.worst_cases(ledger, settings, report.program.findings)),
        ("Rules of the verdicts", tables.rules(report.rules)),
        ("What became of each file", files.files(report.program)),
    ]
    return environment.from_string(TEMPLATE.read_text("utf-8")).render(
        made_on=made_on.isoformat(),
        as_of=month_name(settings.as_of),
        name=report.name,
        headline=report.headline,
        settings=f"{tables.in_force(settings, ledger.currency)}. {coverage.line(ledger)}",
        verdicts=[(one, shown(one.unit, one.figure, ledger.currency)) for one in found],
        tiles=[one for one in found if one.tile],
        shown=lambda one: with_interval(one.unit, one.figure, ledger.currency),
        charts=[(chart, _svg(chart, at)) for at, chart in enumerate(_charts(report))],
        tables=[
            (title, table.columns.tolist(), table.to_numpy().tolist()) for title, table in shown_tables if len(table)
        ],
        definitions=[(metric.title, metric.definition) for metric in m.METRICS],
        remarks=report.remarks(),
        # Ours and not a file's: the library that draws the charts.
        plotly=Markup(plotly.offline.get_plotlyjs()),  # noqa: S704
    )


def _since_tables(report: Report) -> list[tuple[str, pd.DataFrame]]:
    found = report.since
    if found is None:
        return []
    ledger, settings, then = report.program.ledger, report.settings, month_name(found.month)
    return [
        (f"What changed since {then}", since_tables.changes(found, ledger, settings)),
        (f"What moved partner MRR since {then}", since_tables.causes(found, ledger, settings)),
    ]


def _charts(report: Report) -> Sequence[Chart]:
    ledger, settings = report.program.ledger, report.settings
    side, group = m.whole(ledger)
    found = []
    tells = "revenue" in ledger.has and ledger.knows_ends
    if {"revenue", "ages"} & ledger.has:
        found += [
            charts.retention(ledger, settings, tables.kept(ledger), group),
            *([charts.survival(ledger, settings, group), charts.sources(ledger, settings)] if tells else []),
            charts.triangle(ledger, settings, side, group, tables.kept(ledger)),
        ]
    if "revenue" in ledger.has:
        found += [charts.movements(ledger, settings, side, group), charts.mrr_by_motion(ledger, settings)]
    if "accounts.activated_on" in ledger.has:
        found.append(charts.activation_by_cohort(ledger, settings, side, group))
    if "accounts" in ledger.has:
        found.append(charts.funnel(ledger, settings))
    if {"spend", "revenue"} <= ledger.has:
        found.append(charts.cost_trend(ledger, settings))
    if {"partners", "revenue"} <= ledger.has:
        found += [charts.partner_curve(ledger, settings), charts.partners_by_mrr(ledger, settings)]
    return found


def _svg(chart: Chart, number: int) -> Any:
    """The script that draws a chart; Plotly escapes what could end it."""
    chart.figure.update_layout(width=WIDTH, height=min(max(chart.figure.layout.height, HEIGHT), HIGHEST))
    drawn = chart.figure.to_html(
        full_html=False, include_plotlyjs=False, div_id=f"chart-{number}", config={"staticPlot": True}
    )
    return Markup(drawn)  # noqa: S704
