"""What program health shows, as text and tables, and what can be downloaded of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from motions.cohorts import metrics as m
from motions.cohorts.checks import Finding
from motions.cohorts.contract import MOTIONS, Table
from motions.cohorts.intervals import Estimate
from motions.cohorts.ledger import Ledger
from motions.cohorts.program import Program
from motions.cohorts.records import Reject, read_lines
from motions.names import NAMES
from motions.text import UNKNOWN, count, listed, money, month_name, percent

GROUPS: tuple[tuple[str, m.Group], ...] = (
    ("All", m.ALL),
    ("Partner", m.PARTNER),
    ("Organic", m.ORGANIC),
    *((NAMES[motion], (at,)) for at, motion in enumerate(MOTIONS) if (at,) != m.ORGANIC),
)
"""The columns of the tables."""


def months(ledger: Ledger) -> dict[str, int]:
    """Return the months that figures can be read at by name; `latest` stays the last one when files are added."""
    named = {month_name(month): month for month in range(ledger.last_month, ledger.first_month - 1, -1)}
    return {"latest": ledger.last_month, **named}


def month_label(ledger: Ledger, name: str) -> str:
    """Return the text of a choice of `months`."""
    return f"Latest, {month_name(ledger.last_month)}" if name == "latest" else name


def shown(unit: str, estimate: Estimate, currency: str | None) -> str:
    """Show a figure in its unit, or `unknown`."""
    value = estimate.value
    if value is None:
        return UNKNOWN
    if unit == "money":
        return money(value, currency or "")
    if unit == "%":
        return percent(value)
    return count(value) if unit == "count" else f"{value:.2f}"


def with_interval(unit: str, estimate: Estimate, currency: str | None) -> str:
    """Show a figure with its 95 % interval, or why there is none."""
    said = shown(unit, estimate, currency)
    if estimate.low is not None and estimate.high is not None:
        ends = (shown(unit, Estimate(end), currency) for end in (estimate.low, estimate.high))
        return f"{said} ({' to '.join(ends)})"
    return f"{said} ({estimate.note})" if estimate.note and estimate.known() else said


def by_motion(ledger: Ledger, settings: m.Settings) -> pd.DataFrame:
    """Return metrics × groups as text; partner and organic with their intervals."""
    columns = {}
    for name, group in GROUPS:
        show = with_interval if name in ("Partner", "Organic") else shown
        found = [(x.unit, m.measure(x, ledger, settings, group)) for x in m.METRICS]
        columns[name] = [
            "—" if one.note in m.NOT_APPLICABLE else show(unit, one, ledger.currency) for unit, one in found
        ]
    return pd.DataFrame(columns, index=pd.Index([metric.title for metric in m.METRICS], name="Metric"))


def metrics_csv(ledger: Ledger, settings: m.Settings) -> list[list[object]]:
    """Return every metric of every group with its interval, header first; unknown is empty, with the reason."""
    rows: list[list[object]] = [
        ["metric", "group", "value", "low_95", "high_95", "n", "note", "unit", "as_of", "window_months", "settings"]
    ]
    for metric in m.METRICS:
        unit = (ledger.currency or "currency not stated") if metric.unit == "money" else metric.unit
        for name, group in GROUPS:
            one = m.measure(metric, ledger, settings, group)
            scale = 100 if unit == "%" else 1
            cells = ["" if x is None else round(x * scale, 6) for x in (one.value, one.low, one.high)]
            context = [month_name(settings.as_of), settings.window, in_force(settings)]
            rows.append([metric.title, name, *cells, one.n or "", one.note, unit, *context])
    return rows


def immature(ledger: Ledger, settings: m.Settings) -> str:
    """Say which signup months are too young for the activation rate."""
    last = m.last_mature_month(ledger, settings)
    if last >= settings.as_of or "accounts.activated_on" not in ledger.has:
        return ""
    return f"Signups after {month_name(last)} are immature: not all have had {settings.activation_days} days."


def in_force(settings: m.Settings) -> str:
    """Say which settings the figures were made with.

    >>> in_force(m.Settings(as_of=2026 * 12 + 8))
    'As of 2026-09 · 12 months from 2025-10 · activation within 14 days · a partner produces with MRR now · CPA with \
program cost'
    """
    window = (
        "the last ten years"
        if settings.window == 120
        else f"{settings.window} months from {month_name(settings.first())}"
    )
    cpa = "with" if settings.program_in_cpa else "without"
    return (
        f"As of {month_name(settings.as_of)} · {window} · activation within {settings.activation_days} days · "
        f"a partner produces with {settings.producing} · CPA {cpa} program cost"
    )


def partners(ledger: Ledger, settings: m.Settings) -> pd.DataFrame:
    """Return the listed partners, largest MRR first, as numbers."""
    table = m.partner_table(ledger, settings)
    return pd.DataFrame(
        {
            "Partner id": table["partner_id"],
            "Name": table["name"],
            "Motion": [NAMES[str(motion)] for motion in table["motion"]],
            f"MRR ({ledger.currency or 'currency not stated'})": table["mrr"],
            "Customers": table["customers"],
            f"Signups in {settings.window} months": table["signups"],
            f"New customers in {settings.window} months": table["new_customers"],
        }
    )


def files(program: Program) -> pd.DataFrame:
    """Return what became of each file."""
    return pd.DataFrame(
        [
            {
                "File": file.name,
                "Read as": file.table,
                "Rows": file.rows,
                "Accepted": file.accepted,
                "Rejected": file.rejected,
                "Blank lines": file.blank_lines,
                "Rounded to the cent": file.rounded,
                "Columns": ", ".join(_source(canonical, own) for canonical, own in file.columns.items()),
                "Columns not used": ", ".join(file.unused),
            }
            for file in program.files
        ]
    )


def _source(canonical: str, own: str) -> str:
    return own if own == canonical else f"{own} → {canonical}"


def findings(found: Sequence[Finding]) -> pd.DataFrame:
    """Return the attribution checks with their counts; a check that can't run says what it needs."""
    return pd.DataFrame(
        [
            {
                "Check": finding.title,
                "Found": f"{finding.count:,}" if finding.count is not None else m.needs_text(list(finding.needs)),
                "What it means": finding.meaning,
            }
            for finding in found
        ]
    )


def finding_rows(finding: Finding) -> list[list[object]]:
    """Return what one check found, header first."""
    rows: list[list[object]] = [["account", "motion", "partner", "detail"]]
    return rows + [list(row) for row in finding.rows]


def rejected_summary(program: Program) -> str:
    """Say how many rows of which files were rejected, and where they are."""
    bad = [
        f"{count(file.rejected)} of {count(file.rows)} rows of {file.name}" for file in program.files if file.rejected
    ]
    return f"Rejected: {listed(bad)}. The figures are without them; the reasons stand at the end of this page."


def reject_table(rejects: Sequence[Reject], most: int = 200) -> pd.DataFrame:
    """Return the first rejected rows with their reasons."""
    titles = ("File", "Line", "Column", "Value", "Reason")
    return pd.DataFrame([(r.file, r.line, r.column, r.value, r.reason) for r in rejects[:most]], columns=list(titles))


def rejects_csv(rejects: Sequence[Reject], paths: dict[str, Path]) -> Iterator[list[object]]:
    """Yield every rejected cell with its reason and the line as it stands in the file, header first.

    `paths` are the files by the name that is shown; a file that is gone leaves the line empty.
    """
    yield ["file", "line", "column", "value", "reason", "row"]
    wanted = {name: {reject.line for reject in rejects if reject.file == name} for name in paths}
    lines = {
        (name, number): text for name, path in paths.items() for number, text in read_lines(path, wanted[name]).items()
    }
    for r in rejects:
        yield [r.file, r.line, r.column, r.value, r.reason, lines.get((r.file, r.line), "")]


def accepted_columns(table: Table) -> pd.DataFrame:
    """Return the columns of a table of the contract: name, need, other names, meaning."""
    return pd.DataFrame(
        [
            {
                "Column": column.name,
                "Needed": "yes" if column.required else "no",
                "Meaning": column.meaning,
                "Also known as": column.synonyms.replace(" ", ", "),
            }
            for column in table.columns
        ]
    )
