"""The sheets of a workbook of scenarios: formats, widths, and how each prints on A4."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from motions.fields import Input
from motions.units import Unit

LINE = 15
"""Height of a line of text, in points."""
INPUT: dict[str, Any] = {"bg_color": "#E8F1FA", "font_color": "#0B4F86", "border": 1, "border_color": "#B8CDE0"}
"""a cell that is there to be changed"""
VALUE: dict[str, Any] = {"italic": True, "font_color": "#6B7680", "bg_color": "#F1F2F4"}
"""a number that no formula stands behind"""
HEAD: dict[str, Any] = {"bold": True, "bottom": 1, "text_wrap": True}
TITLE: dict[str, Any] = {"bold": True, "font_size": 14}
WRAP: dict[str, Any] = {"text_wrap": True, "align": "left", "indent": 1}
NOTE: dict[str, Any] = {"font_color": "#4D5965"}
NARROW: dict[str, Any] = {"shrink": True}
"""a text that is written smaller where it would be cut"""


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas have old functions only: the search for new ones would take most of the time."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Sheets:
    """A workbook that is being written: its sheets, and each format once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._forms: dict[tuple[tuple[str, Any], ...], Any] = {}

    def form(self, **how: Any) -> Any:
        """Return a format, made where there is none like it yet."""
        key = tuple(sorted(how.items()))
        if key not in self._forms:
            self._forms[key] = self.book.add_format({"valign": "top", **how})
        return self._forms[key]

    def add(self, name: str, widths: Sequence[float], repeat: int = 0) -> Any:
        """Add a sheet that prints on A4, lying, as wide as a page; its rows up to `repeat` head every page."""
        sheet = self.book.add_worksheet(name, worksheet_class=_Sheet)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        sheet.hide_gridlines(1)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if repeat:
            sheet.repeat_rows(0, repeat - 1)
            sheet.freeze_panes(repeat, 1)
        return sheet

    def head(self, sheet: Any, row: int, titles: Sequence[str], column: int = 0, **how: Any) -> None:
        """Write a line of titles."""
        for at, title in enumerate(titles, column):
            sheet.write_string(row, at, title, self.form(**HEAD | how))

    def words(self, sheet: Any, row: int, cells: Sequence[str], widths: Sequence[float]) -> None:
        """Write a row of texts as high as its longest needs: not every program that opens the file does so itself."""
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, self.form(**WRAP))
        lines = [_lines(cell, width) for cell, width in zip(cells, widths, strict=True)]
        sheet.set_row(row, LINE * max([1, *lines]))

    def words_at(self, sheet: Any, row: int, column: int, cell: str, width: float) -> None:
        """Write one text that may take several lines, and make its row as high."""
        sheet.write_string(row, column, cell, self.form(**WRAP))
        sheet.set_row(row, LINE * _lines(cell, width))

    def put(self, sheet: Any, row: int, column: int, value: Any, **how: Any) -> None:
        """Write a number as a number and everything else as text: no text is ever a formula."""
        if isinstance(value, str):
            sheet.write_string(row, column, value, self.form(align="right", **NARROW, **how))
        else:
            sheet.write_number(row, column, value, self.form(**how))


def _lines(text: str, width: float) -> int:
    # A column holds more letters than its width says, as most are narrower than a digit.
    return sum(-(-len(part) // max(int(width * 1.15), 1)) or 1 for part in text.split("\n"))


def shown_as(unit: Unit) -> dict[str, str]:
    """Return the format of a unit's cells."""
    return {"num_format": unit.sheet or "#,##0.00"}


def typed_as(item: Input | None) -> dict[str, str]:
    """Return the format of an input's cell, which shows more digits than a figure does: what is typed is seen."""
    if item is None or item.options:
        return {}
    if item.unit.kind == "share":
        return {"num_format": "0.0##%"}
    return {"num_format": "0" if item.whole else "#,##0.00##"}
