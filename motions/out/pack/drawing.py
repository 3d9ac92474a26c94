"""Charts that PowerPoint draws itself, each with a workbook inside: what is drawn, and the table of the page."""

import io
import math
from typing import Any

import xlsxwriter
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_THEME_COLOR
from pptx.util import Pt

from motions.charts.style import LOOKS
from motions.names import PARTNER_MOTIONS
from motions.out.pack.content import Plot, Series, plain, shortened

TYPES = {
    "lines": XL_CHART_TYPE.LINE_MARKERS,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "columns": XL_CHART_TYPE.COLUMN_STACKED,
    "steps": XL_CHART_TYPE.BAR_STACKED,
}
_ACCENTS = [getattr(MSO_THEME_COLOR, f"ACCENT_{number}") for number in range(1, 7)]
_OF_LOOKS = {**{name: at for at, name in enumerate(PARTNER_MOTIONS)}, "partner": 0, "more": 0, "less": 4}
_GREY = RGBColor(0x7D, 0x88, 0x93)
_GREYS = {"product_led": RGBColor(0xB4, 0xBC, 0xC4), "sales_led": RGBColor(0x4A, 0x55, 0x60)}
"""Where the three stand upon one another they have to be told apart."""
_DASHES = {
    "solid": MSO_LINE_DASH_STYLE.SOLID, "dash": MSO_LINE_DASH_STYLE.DASH, "dot": MSO_LINE_DASH_STYLE.ROUND_DOT,
    "dashdot": MSO_LINE_DASH_STYLE.DASH_DOT, "longdash": MSO_LINE_DASH_STYLE.LONG_DASH,
}  # fmt: skip
_MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE, "square": XL_MARKER_STYLE.SQUARE, "diamond": XL_MARKER_STYLE.DIAMOND,
    "triangle-up": XL_MARKER_STYLE.TRIANGLE, "x": XL_MARKER_STYLE.X, "circle-open": XL_MARKER_STYLE.CIRCLE,
    "square-open": XL_MARKER_STYLE.SQUARE, "diamond-open": XL_MARKER_STYLE.DIAMOND,
}  # fmt: skip
_LABELS = 12
"""of an axis of months, at most"""
_HIDDEN = ""
"""name of the series that only lifts the steps"""


def add(slide: Any, plot: Plot, box: tuple[int, int, int, int], points: float, titled: bool) -> None:
    """Draw a chart into a box [EMU: left, top, width, height] of a slide, with text of a size in points.

    `titled`: what it concludes stands above it, where the slide says something else.
    """
    series = drawn(plot)
    numbers = CategoryChartData(number_format=plot.form)
    numbers.categories = list(plot.categories)
    for one in series:
        numbers.add_series(one.name or " ", list(one.values))
    frame = slide.shapes.add_chart(TYPES[plot.kind], *box, numbers)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{plot.title}. {plot.alt}")
    frame.name = "Chart"
    chart = frame.chart
    # The library's own would take a name that begins with = for a formula.
    chart.part.chart_workbook.update_from_xlsx_blob(workbook(plot, series))
    chart.font.size = Pt(points)
    chart.has_title = titled
    if titled:
        _worded(chart.chart_title, shortened(plot.title, 110), points + 1, bold=True)
    _legend(chart, plot, points)
    _axes(chart, plot, points)
    for one, shown in zip(series, chart.plots[0].series, strict=True):
        _look(shown, one, plot)


def drawn(plot: Plot) -> list[Series]:
    """Return the series as they are drawn: the ends of intervals are lines too, and steps stand on one not seen."""
    if plot.kind == "steps":
        return _steps(plot)
    found = []
    for one in plot.series:
        found.append(one)
        if one.low:
            names = ("95 % from", "95 % to") if plot.form == "0" else ("P10", "P90")
            found += [Series(f"{one.name}, {name}", ends, one.look, edge=True)
                      for name, ends in zip(names, (one.low, one.high), strict=True)]  # fmt: skip
    return found


def _steps(plot: Plot) -> list[Series]:
    """Each step from where the last one ended. What crosses zero has a part on either side, as bars stack from it."""
    lift, parts, at = [], {way: ([], []) for way in ("whole", "more", "less")}, 0.0  # type: ignore[var-annotated]
    for amount, way in zip(plot.series[0].values, plot.ways, strict=True):
        start, end = (0.0, amount or 0.0) if way == "whole" else (at, at + (amount or 0.0))
        low, high, at = min(start, end), max(start, end), end
        lift.append(low if low > 0 else min(high, 0.0))
        for name, (above, below) in parts.items():
            here = name == way
            above.append(max(high, 0.0) - max(low, 0.0) if here else 0.0)
            below.append(min(low, 0.0) - min(high, 0.0) if here else 0.0)
    found = [Series(_HIDDEN, tuple(lift), "")]
    names = {"whole": "Sum", "more": "Adds", "less": "Takes off"}
    for name, (above, below) in parts.items():
        for title, values in ((names[name], above), (f"{names[name]}, below zero", below)):
            if any(values):
                found.append(Series(title, tuple(values), name))
    return found


def workbook(plot: Plot, series: list[Series]) -> bytes:
    """Return the workbook of a chart: what is drawn where the chart looks for it, then the page's table.

    Text is written as text: no cell is computed.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        form = book.add_format({"num_format": plot.form})
        sheet = book.add_worksheet("Sheet1")
        sheet.set_column(0, 0, 34)
        sheet.write_string(0, 0, plain(plot.across))
        for row, name in enumerate(plot.categories, 1):
            sheet.write_string(row, 0, name)
        for column, one in enumerate(series, 1):
            sheet.write_string(0, column, one.name or " ")
            for row, value in enumerate(one.values, 1):
                if value is not None:
                    sheet.write_number(row, column, value, form)
        _page_table(book.add_worksheet("Table"), plot)
    return out.getvalue()


def _page_table(sheet: Any, plot: Plot) -> None:
    for column, name in enumerate(plot.table.columns):
        sheet.write_string(0, column, plain(name))
        for row, cell in enumerate(plot.table[name].tolist(), 1):
            if isinstance(cell, bool) or not isinstance(cell, (int, float)):
                sheet.write_string(row, column, plain(cell)[:32_000])
            elif math.isfinite(cell):
                sheet.write_number(row, column, cell)


def _worded(title: Any, words: str, points: float, bold: bool = False) -> None:
    title.text_frame.text = words
    font = title.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(points), bold


def _legend(chart: Any, plot: Plot, points: float) -> None:
    chart.has_legend = plot.kind != "steps" and len(plot.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(points)
        for at, one in enumerate(drawn(plot)):
            if one.edge:  # thin lines in the colour of their own
                _unlisted(chart.legend, at)


def _unlisted(legend: Any, at: int) -> None:
    c = legend._element.nsmap["c"]
    entry = etree.Element(f"{{{c}}}legendEntry")
    etree.SubElement(entry, f"{{{c}}}idx", val=str(at))
    etree.SubElement(entry, f"{{{c}}}delete", val="1")
    others = legend._element.findall(f"{{{c}}}legendEntry")
    (others[-1] if others else legend._element.find(f"{{{c}}}legendPos")).addnext(entry)


def _axes(chart: Any, plot: Plot, points: float) -> None:
    names, amounts = chart.category_axis, chart.value_axis
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.tick_labels.font.size = amounts.tick_labels.font.size = Pt(points)
    amounts.tick_labels.number_format, amounts.tick_labels.number_format_is_linked = plot.form, False
    names.has_major_gridlines, amounts.has_major_gridlines = False, True
    amounts.major_gridlines.format.line.color.rgb = RGBColor(0xD9, 0xDD, 0xE2)
    amounts.major_gridlines.format.line.width = Pt(0.5)
    names.format.line.color.rgb = _GREY
    amounts.format.line.fill.background()
    for axis, title in ((names, plot.across), (amounts, plot.up)):
        axis.has_title = bool(title)
        if title:
            _worded(axis.axis_title, plain(title), points)
    if plot.kind in ("bars", "steps"):
        names.reverse_order = True  # the first one on top
        amounts.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
        chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
    elif plot.kind == "columns":
        chart.plots[0].gap_width, chart.plots[0].overlap = 30, 100
    if plot.kind in ("lines", "columns") and len(plot.categories) > _LABELS:
        _thin(names, math.ceil(len(plot.categories) / _LABELS))
        names.tick_labels.font.size = Pt(points * 0.8)  # some programs label all the same


def _thin(axis: Any, every: int) -> None:
    """Label every third category, say. The order of these elements is fixed by their schema."""
    for name in ("tickLblSkip", "tickMarkSkip"):
        one = etree.SubElement(axis._element, f"{{{axis._element.nsmap['c']}}}{name}", val=str(every))
        last = axis._element.find("{*}noMultiLvlLbl")
        if last is not None:
            last.addprevious(one)


def _look(shown: Any, one: Series, plot: Plot) -> None:
    look = LOOKS.get(one.look)
    if plot.kind == "lines":
        line = shown.format.line
        line.width = Pt(0.75 if one.edge else 1.5 if one.faint else 2.25)
        _paint(line.color, one)
        own = _DASHES[look.dash if look else "solid"]
        line.dash_style = (
            MSO_LINE_DASH_STYLE.SOLID if one.edge else MSO_LINE_DASH_STYLE.SQUARE_DOT if one.faint else own
        )
        shown.smooth = False
        shown.marker.style = XL_MARKER_STYLE.NONE
        if not (one.faint or one.edge) and len(plot.categories) <= _LABELS:
            shown.marker.style = _MARKERS.get(look.marker if look else "circle", XL_MARKER_STYLE.CIRCLE)
            shown.marker.size = 6
        return
    shown.invert_if_negative = False
    if one.look == _HIDDEN:
        shown.format.fill.background()
    else:
        shown.format.fill.solid()
        _paint(shown.format.fill.fore_color, one)
        shown.format.line.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1  # parts stay apart without colour


def _paint(colour: Any, one: Series) -> None:
    """The colour of the template that stands for a look: the same one for a motion in all charts; others are grey."""
    if one.look in _OF_LOOKS:
        colour.theme_color = _ACCENTS[_OF_LOOKS[one.look]]
    elif one.look == "other":
        colour.theme_color = _ACCENTS[5]
    else:
        colour.rgb = _GREYS.get(one.look, _GREY)
