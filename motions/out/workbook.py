"""Program health as an Excel workbook: numbers with their formats, native charts, and nothing that is a formula.

Text from files is written as text, so that no cell of it is ever computed.
"""

import io
import math
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from motions.charts.style import LOOKS
from motions.cohorts.contract import MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import coverage, files
from motions.cohorts.tables import health as tables
from motions.cohorts.tables import since as since_tables
from motions.names import NAMES
from motions.out.report import Report
from motions.text import month_name

LONGEST_CELL = 32_767
LINE = 15
"""Height of a line of text, in points."""
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"indent": 1},
    "wrap": {"text_wrap": True, "indent": 1},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "indent": 1},
    **{metric.unit: {"num_format": metric.unit.sheet} for metric in m.METRICS},
}


def as_workbook(report: Report) -> bytes:
    """Return the workbook: verdicts, metrics with intervals, months with charts, retention, partners, checks."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        writer = _Writer(book, report)
        writer.verdicts()
        if report.since:
            writer.since()
        writer.metrics()
        if "revenue" in report.program.ledger.has:
            writer.months()
        if {"revenue", "ages"} & report.program.ledger.has:
            writer.retention()
        if "partners" in report.program.ledger.has:
            writer.partners()
        writer.checks()
        writer.covered()
    return out.getvalue()


class _Writer:
    """The sheets of one workbook."""

    def __init__(self, book: Any, report: Report) -> None:
        self.book, self.report = book, report
        self.ledger, self.settings = report.program.ledger, report.settings
        self.formats = {name: book.add_format({"valign": "top"} | form) for name, form in _FORMATS.items()}
        self.currency = self.ledger.currency or "currency not stated"
        self.in_force = tables.in_force(self.settings, self.ledger.currency)

    def sheet(self, name: str, header: Sequence[str], widths: Sequence[int], above: str = "") -> tuple[Any, int]:
        """Add a sheet with a header line; returns it and the row after the header."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)  # as wide as a page, as long as it takes
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        row = 0
        if above:
            sheet.write_string(0, 0, above, self.formats["text"])
            row = 2
        self.head(sheet, row, header, widths)
        sheet.freeze_panes(row + 1, 1)
        return sheet, row + 1

    def head(self, sheet: Any, row: int, header: Sequence[str], widths: Sequence[int]) -> None:
        """Write a header line, as high as its longest title needs."""
        for column, title in enumerate(header):
            sheet.write_string(row, column, title, self.formats["head"])
        self.room(sheet, row, header, widths)

    def room(self, sheet: Any, row: int, cells: Sequence[Any], widths: Sequence[int]) -> None:
        """Make a row as high as its wrapped texts need: not every program that opens the file does so by itself."""
        lines = [
            -(-len(cell) // max(width - 2, 1))
            for cell, width in zip(cells, widths, strict=False)
            if isinstance(cell, str)
        ]
        sheet.set_row(row, LINE * max([1, *lines]))

    def cell(self, sheet: Any, row: int, column: int, value: Any, form: str) -> None:
        """Write a number as a number and everything else as text; what is unknown or no number stays empty."""
        if isinstance(value, str):
            # One text more than a cell can hold would be left out without a word.
            sheet.write_string(row, column, value[:LONGEST_CELL], self.formats["wrap" if form == "wrap" else "text"])
        elif value is None or not math.isfinite(value):
            sheet.write_blank(row, column, None, self.formats[form])
        else:
            sheet.write_number(row, column, value, self.formats[form])

    def verdicts(self) -> None:
        """What stands out, each verdict with its figure and interval, and the settings in force."""
        figures = ("Metric", "Figure", "Low (95 %)", "High (95 %)", "n")
        header = (*figures, "Unit", "Verdict", "Severity", "What it says", "What to do")
        widths = (24, 13, 13, 13, 8, 10, 18, 10, 60, 50)
        above = f"{self.report.name}, {month_name(self.settings.as_of)}: {self.report.headline}"
        sheet, row = self.sheet("Verdicts", header, widths, above)
        for one in self.report.judged:
            self.cell(sheet, row, 0, one.title, "text")
            for column, figure in enumerate((one.figure.value, one.figure.low, one.figure.high), 1):
                self.cell(sheet, row, column, figure, one.unit)
            self.cell(sheet, row, 4, one.figure.n or None, "count")
            unit = self.currency if one.unit == "money" else str(one.unit)
            # What is not known says why.
            said = one.sentence if one.figure.known() else f"Unknown: {one.figure.note}."
            words = (unit, one.said, one.severity, said, one.advice)
            for column, value in enumerate(words, 5):
                self.cell(sheet, row, column, value, "wrap")
            self.room(sheet, row, words, widths[5:])
            row += 1
        for remark in (self.in_force, coverage.line(self.ledger), *self.report.remarks()):
            row += 1
            sheet.write_string(row, 0, remark, self.formats["text"])

    def metrics(self) -> None:
        """Every metric of every group."""
        header = ("Metric", "Group", "Figure", "Low (95 %)", "High (95 %)", "n", "Unit", "Note")
        sheet, row = self.sheet("Metrics", header, (26, 14, 14, 14, 14, 9, 12, 40), self.in_force)
        for metric in m.METRICS:
            unit = self.currency if metric.unit == "money" else metric.unit
            for name, group in tables.groups(self.ledger):
                found = m.measure(metric, self.ledger, self.settings, group)
                self.cell(sheet, row, 0, metric.title, "text")
                self.cell(sheet, row, 1, name, "text")
                for column, value in enumerate((found.value, found.low, found.high), 2):
                    self.cell(sheet, row, column, value, metric.unit)
                self.cell(sheet, row, 5, found.n or None, "count")
                for column, words in enumerate((unit, "; ".join(filter(None, (found.note, found.over)))), 6):
                    self.cell(sheet, row, column, words, "text")
                row += 1
        widths = (26, 12, 120)
        sheet, row = self.sheet("Definitions", ("Metric", "Unit", "What it means"), widths)
        for metric in m.METRICS:
            cells = (metric.title, metric.unit, metric.definition)
            for column, words in enumerate(cells):
                self.cell(sheet, row, column, words, "wrap")
            self.room(sheet, row, cells, widths)
            row += 1

    def since(self) -> None:
        """What changed since an earlier ledger, and who moved partner MRR."""
        found = self.report.since
        if found is None:
            return
        above = since_tables.headline(found, self.ledger, self.settings)
        shown = [one(found, self.ledger, self.settings) for one in (since_tables.changes, since_tables.causes)]
        widths = (24, 18, 22, 20, 20, 16)
        sheet, row = self.sheet("Since", [str(name) for name in shown[0].columns], widths, above)
        for at, table in enumerate(shown):
            if at:
                self.head(sheet, row + 1, [str(name) for name in table.columns], widths)
                row += 2
            for cells in table.to_numpy().tolist():
                for column, words in enumerate(cells):
                    self.cell(sheet, row, column, words, "text")
                row += 1

    def covered(self) -> None:
        """Which months each table covers, and where there are gaps."""
        covered = coverage.strip(self.ledger)
        if len(covered):
            titles = ("Month", *(str(name) for name in covered.index))
            sheet, row = self.sheet("Coverage", titles, (12, *(18 for _ in covered.index)), coverage.LEGEND)
            for month, cells in covered.T.iterrows():
                for column, words in enumerate((str(month), *cells)):
                    self.cell(sheet, row, column, words, "text")
                row += 1

    def months(self) -> None:
        """MRR movements of the partner side and MRR by motion, each with a chart."""
        moves = m.movements(self.ledger, m.PARTNER)
        months = [month_name(at) for at in range(self.ledger.first_month, self.settings.as_of + 1)]
        names = ("opening", "new_mrr", "expansion", "reactivation", "contraction", "churn", "closing")
        titles = ("Opening", "New", "Expansion", "Reactivation", "Contraction", "Churn", "Closing")
        closing = self.ledger.series("closing")
        shown = [at for at in range(len(MOTIONS)) if closing[at].any()]
        header = ("Month", *(f"{title}, partners ({self.currency})" for title in titles))
        header += tuple(f"MRR, {NAMES[MOTIONS[at]]} ({self.currency})" for at in shown)
        sheet, first = self.sheet("Months", header, (10, *[14] * (len(header) - 1)))
        for at, month in enumerate(months):
            self.cell(sheet, first + at, 0, month, "text")
            values = [*(moves[name][at] for name in names), *(closing[motion][at] for motion in shown)]
            for column, value in enumerate(values, 1):
                self.cell(sheet, first + at, column, int(value) / 100, "money")
        last = first + len(months) - 1
        won = self.book.add_chart({"type": "column", "subtype": "stacked"})
        for column in (2, 3, 4):
            won.add_series(self._series("Months", first, last, column))
        won.set_title({"name": "MRR won by partners"})
        charts = [(won, last + 2)]
        if shown:  # a chart of nothing is no workbook: revenue without accounts is nobody's
            area = self.book.add_chart({"type": "area", "subtype": "stacked"})
            for column, at in enumerate(shown, 8):
                area.add_series(
                    {**self._series("Months", first, last, column), "fill": {"color": LOOKS[MOTIONS[at]].colour}}
                )
            area.set_title({"name": "MRR by motion"})
            charts.append((area, last + 20))
        for chart, place in charts:
            chart.set_y_axis({"num_format": "#,##0", "name": self.currency})
            chart.set_size({"width": 860, "height": 340})
            sheet.insert_chart(place, 0, chart)

    def _series(self, sheet: str, first: int, last: int, column: int) -> dict[str, Any]:
        return {
            "name": [sheet, first - 1, column],
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, column, last, column],
        }

    def retention(self) -> None:
        """The triangle of the partner side, coloured around 100 %."""
        of = tables.kept(self.ledger)
        found = m.retention_triangle(self.ledger, self.settings.as_of, m.PARTNER, of)
        header = ("First paid", "Customers", *(f"Month {age}" for age in range(found.kept.shape[1])))
        above = f"All partners: what is left of the {'first MRR' if of == 'money' else 'customers'} of each cohort"
        sheet, first = self.sheet("Retention", header, (12, 11, *[9] * found.kept.shape[1]), above)
        for row, cohort in enumerate(found.cohorts):
            self.cell(sheet, first + row, 0, month_name(cohort), "text")
            self.cell(sheet, first + row, 1, found.n[row] or None, "count")
            for age, value in enumerate(found.kept[row]):
                self.cell(sheet, first + row, age + 2, float(value), "%")
        scale = {"type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num"}
        ends = {"min_value": 0.5, "mid_value": 1, "max_value": 1.5}
        colours = {"min_color": "#E6A86C", "mid_color": "#F4F6F8", "max_color": "#7FB8DE"}
        sheet.conditional_format(
            first, 2, first + len(found.cohorts), found.kept.shape[1] + 1, {**scale, **ends, **colours}
        )

    def partners(self) -> None:
        """Every partner with what to do and why."""
        table = tables.partners(self.ledger, self.settings, self.report.rules.partners).drop(columns=["MRR, 12 months"])
        wide = {"Why": 60, "Name": 24, "What would change it": 40}
        widths = [wide.get(str(name), 12) for name in table.columns]
        sheet, first = self.sheet("Partners", [str(name) for name in table.columns], widths)
        whole = ("Customers", "Signups", "New customers")
        for column, name in enumerate(table.columns):
            form = "count" if str(name).startswith(whole) else "days" if "(%)" in str(name) else "money"
            for row, value in enumerate(table[name].tolist()):
                self.cell(sheet, first + row, column, value, "wrap" if name in wide else form)
        for row, cells in enumerate(table[list(wide)].to_numpy().tolist()):
            self.room(sheet, first + row, cells, list(wide.values()))
        sheet.autofilter(first - 1, 0, first + len(table) - 1, len(table.columns) - 1)

    def checks(self) -> None:
        """Attribution checks, what became of each file, and the rules: a sheet each."""
        found = [
            (one.title, m.needs_text(list(one.needs)) if one.count is None else one.count, one.meaning)
            for one in self.report.program.findings
        ]
        self.table("Checks", ("Check", "Found", "What it means"), (44, 12, 90), found)
        for name, table, widths in (
            ("Files", files.files(self.report.program), (30, 12, 11, 11, 11, 16, 11, 14, 50, 30)),
            ("Rules", tables.rules(self.report.rules), (24, 14, 11, 11, 60, 60)),
        ):
            self.table(name, [str(column) for column in table.columns], widths, table.to_numpy().tolist())

    def table(self, name: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Any]]) -> None:
        """Add a sheet of words and counts."""
        sheet, first = self.sheet(name, header, widths)
        for row, cells in enumerate(rows, first):
            for column, value in enumerate(cells):
                self.cell(sheet, row, column, value, "wrap" if isinstance(value, str) else "count")
            self.room(sheet, row, cells, widths)
