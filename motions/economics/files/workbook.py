"""Scenarios as a workbook that goes on working: inputs, months, figures and their comparison as formulas.

A scenario has a sheet of inputs; each program of its world one of months, whose formulas read the inputs by name; the
figures are formulas over these. What has no formula, single partners' months, shared demand and ranges, is a number
that is marked as one, and so is every figure that such a number goes into.
"""

import io
from collections.abc import Sequence

import xlsxwriter

from motions.economics.files import figures_sheet, inputs_sheet, months_sheet, words_sheet
from motions.economics.files.planned import planned
from motions.economics.files.sheets import Sheets
from motions.economics.inputs.links import Named


def to_workbook(kept: Sequence[Named]) -> bytes:
    """Return scenarios as a workbook; the last is the current one, whose months are formulas before others' are."""
    out, scenarios = io.BytesIO(), planned(kept)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as file:
        book = Sheets(file)
        figures_sheet.write_beside(book, scenarios)
        figures_sheet.write(book, scenarios)
        for one in scenarios:
            inputs_sheet.write(book, one.layout)
        months_sheet.write_charts(book, scenarios)
        for one in scenarios:
            for each in one.months.values():
                months_sheet.write(book, each)
        figures_sheet.write_ranges(book, scenarios)
        words_sheet.write_notes(book, scenarios)
        words_sheet.write_about(book, scenarios)
    return out.getvalue()
