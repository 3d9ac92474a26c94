"""What the files cover, and what limits the figures, as tables and sentences."""

import pandas as pd

from motions.cohorts.coverage import Cover, spans
from motions.cohorts.ledger.activity import Frame
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.program import Program
from motions.cohorts.reading.remarks import Remark, ordered
from motions.cohorts.tables.files import rejected_summary
from motions.text import count, listed, month_name, percent

COVERED, GAP, UNFINISHED, RUNNING, NOTHING = "■", "gap", "unfinished", "running", "·"
LEGEND = f"{COVERED} covered, {NOTHING} nothing"
"""What the signs of the strip mean; what limits a figure stands there as a word."""
MOST_MONTHS = 36
_ACCOUNT_CHECKS = (
    "two_motions", "organic_with_partner", "motion_without_partner", "unknown_partner", "other_motion_than_partner",
    "signup_before_partner",
)  # fmt: skip
"""Checks that say an account may stand on the wrong side, or with the wrong partner."""


def strip(ledger: Ledger) -> pd.DataFrame:
    """Return tables × months, the newest first: whether each is covered, where there are gaps and unfinished months."""
    tables = ledger.coverage.tables
    if not tables:
        return pd.DataFrame()
    last = max(max(one.last, *one.unfinished, one.running or one.last) for one in tables.values())
    first = max(min(one.first for one in tables.values()), last - MOST_MONTHS + 1)
    months = range(last, first - 1, -1)  # how far the files reach is asked before how far back
    cells = {
        name.replace("spend: ", "Spend: ").capitalize(): [_cell(one, month) for month in months]
        for name, one in tables.items()
    }
    frame = pd.DataFrame(cells, index=[month_name(month) for month in months]).T
    frame.index.name = "Table"
    return frame


def _cell(cover: Cover, month: int) -> str:
    if cover.has(month):
        return COVERED
    if month in cover.gaps:
        return GAP
    if month in cover.unfinished:
        return UNFINISHED
    return RUNNING if month == cover.running else NOTHING


def line(ledger: Ledger) -> str:
    """Say in a sentence which months each table covers, and which between are missing.

    >>> from motions.cohorts.ledger.example import LEDGER
    >>> line(LEDGER).split(";")[0]
    'Covered: revenue 2025-01 to 2026-01'
    """
    said, alike = [], dict[Cover, list[str]]()
    for name, one in ledger.coverage.tables.items():
        if name not in ("accounts", "partners"):  # lists have no gaps
            alike.setdefault(one, []).append(name.replace("spend: ", ""))
    for one, names in alike.items():
        words = f"{listed(names)} {month_name(one.first)} to {month_name(one.last)}"
        if without := sorted({*one.gaps, *(month for month in one.unfinished if month < one.last)}):
            words += f" without {spans(without, month_name)}"
        said.append(words)
    return f"Covered: {'; '.join(said)}" if said else ""


def as_data(ledger: Ledger) -> dict[str, object]:
    """Return what is covered for a machine, months as text."""
    coverage = ledger.coverage
    return {
        "tables": {
            name: {
                "first": month_name(one.first),
                "last": month_name(one.last),
                "gaps": [month_name(month) for month in one.gaps],
                "unfinished": [month_name(month) for month in one.unfinished],
                "running": None if one.running is None else month_name(one.running),
            }
            for name, one in coverage.tables.items()
        },
        "customers_of_before": coverage.before,
        "first_payments_known": coverage.begins,
        "motions_known": coverage.motions_known,
        "partners_known": coverage.partners_known,
        "ends_known": coverage.ends_known,
    }


def contradictions(program: Program) -> list[list[object]]:
    """Return what files say differently of the same account or partner, header first; the first file counts."""
    rows: list[list[object]] = [["table", "key", "column", "counts", "file", "does not count", "other_file"]]
    for one in program.contradictions:
        rows.append([one.table, one.key, one.column, one.taken, one.file, one.other, one.other_file])
    return rows


def limits(program: Program) -> tuple[Remark, ...]:
    """Return what stands between the files and their figures, that which touches most first, each with its repair."""
    found = [Remark(str(error), touches=1.0) for error in program.refused]
    found += [
        Remark(f"{q.file} is not read yet. {q.asks}" if q.waits else f"{q.file}: {q.asks}", touches=q.weight)
        for file in program.sources
        for q in file.questions
    ]
    found += program.remarks
    if said := rejected_summary(program):
        rows = sum(file.rows for file in program.files)
        found.append(Remark(said, touches=sum(file.rejected for file in program.files) / max(rows, 1)))
    return ordered([*found, *_weight_of_checks(program)])


def _weight_of_checks(program: Program) -> list[Remark]:
    """Say how many accounts, and how much of MRR, the attribution checks touch."""
    ledger = program.ledger
    hits = [one for one in program.findings if one.count and one.name in _ACCOUNT_CHECKS]
    accounts = int(ledger.by_cohort["signups"].sum())
    if not hits or not accounts:
        return []
    touched = len({row[0] for one in hits for row in one.rows})
    share = min(touched / accounts, 1.0)
    words = f"Attribution checks touch {count(touched, 'account')}, {percent(share)} of all"
    total = int(ledger.at("closing", ledger.last_month).sum())
    moved = sum(_mrr_moved(one.moved, ledger.last_month) for one in hits if one.moved is not None)
    if total:
        words += f", and up to {percent(min(moved / total, 1.0))} of MRR"
    means = "They may count on the wrong side: the list stands under Data quality."
    return [Remark(f"{words}. {means}", touches=max(share, min(moved / total, 1.0) if total else 0.0))]


def _mrr_moved(moved: Frame, month: int) -> int:
    """MRR of the accounts of a check: what they add on the side that they are moved to."""
    here = (moved["month"] == month) & (moved["closing"] > 0)
    return int(moved["closing"][here].sum())
