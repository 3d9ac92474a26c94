"""Templates of the accepted files: the columns that somebody fills in, with three rows that show how.

All tell of the same few accounts, in months before this one, so that a template that is dropped in is read as it is.
"""

from collections.abc import Sequence
from datetime import date

from motions.cohorts.contract import ADDED_UP, BY_NAME, NOT_USED, TABLES, Column
from motions.cohorts.program import Program
from motions.cohorts.reading.tables import BECOMES
from motions.text import month_name

MAIN = ("accounts", "revenue", "partners", "spend")
"""the kinds that figures are made from"""
KINDS = (*(table.name for table in TABLES), "triangle")
_USD = ("USD", "USD", "USD")
_PAID = ("{2}", "{1}", "{1}")
_PAYERS = ("A-1001", "A-1001", "A-1002")
_POSTED: dict[str, tuple[str, str, str]] = {
    "month": _PAID,
    "amount": ("24", "30", "16.10"),
    "partner_id": ("P-01", "P-01", "P-02"),
    "motion": ("affiliate", "affiliate", "reseller"),
    "currency": _USD,
}
# {1} is the last month, {2} the one before, and so on: a price that rises, a customer who comes, a signup without MRR.
_CELLS: dict[str, dict[str, tuple[str, str, str]]] = {
    "accounts": {
        "account_id": ("A-1001", "A-1002", "A-1003"),
        "signed_up_on": ("{2}-04", "{1}-02", "{1}-09"),
        "motion": ("affiliate", "organic", "reseller"),
        "partner_id": ("P-01", "", "P-02"),
        "activated_on": ("{2}-06", "{1}-05", ""),
        "pql_on": ("{2}-10", "", ""),
        "currency": _USD,
        "segment": ("small", "medium", "small"),
    },
    "revenue": {"account_id": _PAYERS, "month": _PAID, "mrr": ("120", "150", "80.50"), "currency": _USD},
    "partners": {
        "partner_id": ("P-01", "P-02", "P-03"),
        "name": ("North Consulting", "Harbour Media", "Old Mill Partners"),
        "motion": ("affiliate", "reseller", "affiliate"),
        "recruited_on": ("{9}-15", "{8}-01", "{9}-20"),
        "ended_on": ("", "", "{3}-30"),
        "recruited_by": ("", "P-01", ""),
        "commission_rate": ("25 %", "", ""),
        "uplift": ("", "5 %", ""),
        "own_reward": ("", "", "75"),
    },
    "spend": {
        "month": ("{1}", "{1}", "{1}"),
        "amount": ("30", "90.50", "200"),
        "kind": ("payout", "program", "marketing"),
        "motion": ("affiliate", "affiliate", "organic"),
        "partner_id": ("P-01", "", ""),
        "posting_id": ("B-1", "B-2", "B-3"),
        "currency": _USD,
    },
    "subscriptions": {
        "account_id": _PAYERS,
        "subscription_id": ("S-1", "S-1", "S-2"),
        "started_on": ("{2}-04", "{1}-05", "{1}-12"),
        "ended_on": ("{1}-05", "", ""),
        "mrr": ("120", "150", "80.50"),
        "currency": _USD,
    },
    "movements": {
        "account_id": _PAYERS,
        "month": _PAID,
        "change": ("120", "30", "80.50"),
        "movement": ("new", "expansion", "new"),
        "posting_id": ("M-1", "M-2", "M-3"),
        "currency": _USD,
    },
    "invoices": {
        "account_id": _PAYERS,
        "month": _PAID,
        "amount": ("120", "150", "80.50"),
        "posting_id": ("I-1", "I-2", "I-3"),
        "currency": _USD,
    },
    "customers": {
        "account_id": ("A-1001", "A-1003", "A-1004"),
        "signed_up_on": ("{2}-04", "{1}-09", "{1}-11"),
        "partner_id": ("P-01", "P-02", "P-02"),
        "motion": ("affiliate", "reseller", "reseller"),
    },
    "commissions": _POSTED | {"posting_id": ("C-1", "C-2", "C-3")},
    "payouts": _POSTED | {"posting_id": ("D-1", "D-2", "D-3")},
}
_TELLING = {"commissions": {"amount": "commission"}, "payouts": {"amount": "payout"}}
"""Names of columns that tell kinds apart, which have the same ones."""
_TRIANGLE = (
    ("cohort", "motion", "size", "Month 0", "Month 1", "Month 2"),
    ("{3}", "affiliate", "40", "40", "36", "33"),
    ("{2}", "affiliate", "50", "50", "45", ""),
    ("{1}", "affiliate", "45", "45", "", ""),
)


def template(kind: str, today: date) -> list[tuple[str, ...]]:
    """Return the template of a kind of file, header first: the columns of the contract that have something to show.

    Columns of which a system's export says whether a row counts are left out: who fills in a file writes what counts.

    >>> template("revenue", date(2026, 11, 22))[:2]
    [('account_id', 'month', 'mrr', 'currency'), ('A-1001', '2026-09', '120', 'USD')]
    """
    this_month = today.year * 12 + today.month - 1
    months = [month_name(this_month - back) for back in range(10)]
    rows: Sequence[Sequence[str]] = _TRIANGLE
    if kind in _CELLS:
        names, told = [one.name for one in template_columns(kind)], _TELLING.get(kind, {})
        cells = zip(*(_CELLS[kind][name] for name in names), strict=True)
        rows = [[told.get(name, name) for name in names], *cells]
    return [tuple(cell.format(*months) for cell in row) for row in rows]


def template_columns(kind: str) -> tuple[Column, ...]:
    """Return the columns of the contract that a template has; none for a triangle, which is no table of rows.

    >>> [one.name for one in template_columns("customers")], template_columns("triangle")
    (['account_id', 'signed_up_on', 'partner_id', 'motion'], ())
    """
    cells = _CELLS.get(kind, {})
    return tuple(one for one in BY_NAME[kind].columns if one.name in cells) if cells else ()


def not_loaded(program: Program) -> list[str]:
    """Return the kinds that figures are made from of which a program has no file; none where it is added up already."""
    kinds = {file.mapping.kind for file in program.sources} - {NOT_USED}
    if kinds and kinds <= {*ADDED_UP}:
        return []
    there = {BECOMES.get(kind, kind) for kind in kinds} or program.ledger.has
    return [kind for kind in MAIN if kind not in there]
