"""The templates of all kinds of files as one workbook, a sheet a kind."""

import io
from datetime import date, datetime
from typing import Any

import xlsxwriter

from motions.cohorts.tables.templates import KINDS, MAIN, template, template_columns

NAME = "motions-templates.xlsx"
WIDTH = 18
"""of a column, in letters"""


def templates_workbook(today: date) -> bytes:
    """Return a workbook that is read as it is: the four kinds that figures are made from, and the others hidden.

    Hidden sheets are not read. Two that state the same money would be refused together, so who has subscriptions shows
    that sheet and hides revenue. What a column means stands at its name as a comment.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        forms = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "text": book.add_format({"num_format": "@"}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for kind in (*MAIN, *(kind for kind in KINDS if kind not in MAIN)):
            _sheet(book, kind, today, forms)
    return out.getvalue()


def _sheet(book: Any, kind: str, today: date, forms: dict[str, Any]) -> None:
    """Write one template; whole columns have the form of their cells, so that what is typed below keeps it."""
    header, *rows = template(kind, today)
    sheet = book.add_worksheet(kind)
    sheet.freeze_panes(1, 0)
    columns = template_columns(kind)
    for at, name in enumerate(header):
        form = _form(columns[at].type if columns else "text" if at < 2 else "amount")  # a triangle is of whole numbers
        sheet.set_column(at, at, WIDTH, forms[form] if columns else None)
        sheet.write_string(0, at, name, forms["head"])
        if columns:
            needed = " Needed." if columns[at].required else ""
            sheet.write_comment(0, at, f"{columns[at].meaning}{needed}", {"x_scale": 2})
        for row, cells in enumerate(rows, 1):
            _write(sheet, row, at, cells[at], form)
    if kind not in MAIN:
        sheet.hide()


def _form(kind: str) -> str:
    """What cells of a type are in a workbook: months are text, which a spreadsheet would turn into days."""
    return "day" if "date" in kind else "amount" if "money" in kind or kind == "reward" else "text"


def _write(sheet: Any, row: int, column: int, cell: str, form: str) -> None:
    if cell and form == "day":
        sheet.write_datetime(row, column, datetime.fromisoformat(cell))
    elif cell and form == "amount":
        sheet.write_number(row, column, float(cell))
    elif cell:
        sheet.write_string(row, column, cell)
