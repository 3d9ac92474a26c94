"""A program's sheet of months, as formulas over the inputs or as values, and the charts of all of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from motions.economics.files import live
from motions.economics.files.formulas import as_formula, as_formulas
from motions.economics.files.planned import CELLS, FIRST, WORK, Months, Written
from motions.economics.files.sheets import LINE, NOTE, TITLE, VALUE, Sheets, shown_as
from motions.economics.model.cohort import LIFE
from motions.economics.model.projection import SERIES, series_of
from motions.names import NAMES, TABLE
from motions.units import MONEY, Unit

_HEAD = FIRST - 1
_AMOUNT = shown_as(MONEY)
_NUMBER = {"num_format": "General"}
_DASHES = {
    "solid": "solid", "dash": "dash", "dot": "round_dot", "dashdot": "dash_dot", "longdash": "long_dash",
    "longdashdot": "long_dash_dot",
}  # fmt: skip
_CHART_ROWS, _CHART_COLUMNS = 20, 9


def write(book: Sheets, months: Months) -> None:
    """Write the sheet of a program's months; behind them stands what the formulas work with."""
    market, series = months.one.scenario.market, _series(months)
    sheet = book.add(months.sheet, [8, *[12] * len(series)], FIRST)
    sheet.write_string(0, 0, f"{NAMES[months.program]}, {months.one.name}", book.form(**TITLE))
    labels = [unit.label(title, market.currency) for _, title, unit, _ in series]
    book.head(sheet, _HEAD, ["Month", *labels])
    sheet.set_row(_HEAD, 3 * LINE)
    for month in range(LIFE if not months.why else market.months):
        sheet.write_number(FIRST + month, 0, month + 1)
    if months.why:
        _write_values(book, sheet, months)
    else:
        _write_cells(book, sheet, months)
        _write_columns(book, sheet, months)
    sheet.print_area(0, 0, FIRST + market.months - 1, len(series))


def _series(months: Months) -> tuple[tuple[str, str, Unit, str], ...]:
    """Its columns; that of a distributor is always there, as a margin of one can be typed into the file."""
    return series_of(bool(months.one.scenario.program(months.program).customers_at_start), distributed=True)


def _write_values(book: Sheets, sheet: Any, months: Months) -> None:
    said = f"Values, no formulas: {months.why}. A changed input changes nothing here: load this file in the app."
    sheet.write_string(1, 0, said, book.form(**NOTE))
    count = months.one.scenario.market.months
    for column, (name, *_) in enumerate(_series(months), 1):
        values = np.broadcast_to(getattr(months.outcome.projection, name)[:, :1], (count, 1))[:, 0]
        for row, value in enumerate(values, FIRST):
            book.put(sheet, row, column, float(value), **_AMOUNT, **VALUE)


def _write_cells(book: Sheets, sheet: Any, months: Months) -> None:
    """Write what formulas call by name: the inputs, which stand on their own sheet, and what follows from them."""
    name, layout, place = months.program, months.layout, months.place
    scenario = months.one.scenario
    for given in live.known(scenario.program(name), scenario.market):
        at = layout.cell(given) if given.startswith("market_") else layout.cell(given, name)
        book.book.define_name(f"{months.quoted}{given}", f"={at}")
    book.head(sheet, _HEAD, ("What formulas call by name", "Value"), CELLS)
    sheet.set_column(CELLS, CELLS, 44)
    sheet.set_column(CELLS + 1, CELLS + 1, 14)
    own = [("inputs_wrong", "Inputs that are not allowed", layout.wrong, 0)]
    own += [("terms_changed", "Terms filled or emptied", layout.changed(name), 0)]
    cells = [step for step in months.steps if not step.rows]
    own += [(step.name, step.title, as_formula(step.says, place), months.values[step.name]) for step in cells]
    for row, (called, title, formula, value) in enumerate(own, FIRST):
        sheet.write_string(row, CELLS, f"{title}: {called}", book.form(**NOTE))
        sheet.write_formula(row, CELLS + 1, formula, book.form(**_NUMBER), value)
        book.book.define_name(f"{months.quoted}{called}", f"={months.quoted}${xl_col_to_name(CELLS + 1)}${row + 1}")
    holds = f"Formulas: change an input on the sheet {layout.sheet}, and these months follow. Grey months do not count."
    says = f'"{holds}" if in_formulas == 1 else "These inputs have no formula here: load this file in the app."'
    sheet.write_formula(1, 0, as_formula(says, place), book.form(**NOTE), holds)


def _write_columns(book: Sheets, sheet: Any, months: Months) -> None:
    columns = [step for step in months.steps if step.rows]
    order = {live.shown(name): at for at, (name, *_) in enumerate(_series(months), 1)}
    work = [step for step in columns if step.name not in order]
    order |= {step.name: at for at, step in enumerate(work, WORK)}
    book.head(sheet, _HEAD, [step.title for step in work], WORK)
    sheet.set_column(WORK, WORK + len(work), 12)
    for step in columns:
        form = book.form(**(_AMOUNT if order[step.name] < CELLS else _NUMBER))
        formula = as_formulas(step.says, months.place)
        for row, value in enumerate(months.values[step.name].values):
            sheet.write_formula(FIRST + row, order[step.name], formula(row), form, value)
    beyond = {"type": "formula", "criteria": f"=$A{FIRST + 1}>market_months", "format": book.form(font_color="#B5BBC2")}
    sheet.conditional_format(FIRST, 0, FIRST + LIFE - 1, len(_series(months)), beyond)


def write_charts(book: Sheets, scenarios: Sequence[Written]) -> None:
    """Write the sheet of charts: cumulative contribution and MRR of each scenario that has months."""
    drawn = [one for one in scenarios if one.months]
    sheet = book.add("Charts", [9] * (2 * _CHART_COLUMNS))
    sheet.write_string(0, 0, "Charts, of the months shown when this file was made", book.form(**TITLE))
    for number, one in enumerate(drawn):
        for side, (series, title) in enumerate(_CHARTS):
            chart = _chart(book, one, series, f"{title}, {one.one.name}")
            words = f"Line chart by month: {title} of each program of the scenario {one.one.name}."
            at = (2 + number * _CHART_ROWS, side * _CHART_COLUMNS)
            sheet.insert_chart(*at, chart, {"description": words})
    sheet.print_area(0, 0, 2 + len(drawn) * _CHART_ROWS, 2 * _CHART_COLUMNS - 1)
    sheet.set_h_pagebreaks([2 + number * _CHART_ROWS for number in range(2, len(drawn), 2)])


_CHARTS = (("cumulative", "Cumulative contribution"), ("spend", "MRR: what end customers pay in the month"))
_LOOKS = {motion.id: motion for motion in TABLE}


def _chart(book: Sheets, one: Written, series: str, title: str) -> Any:
    chart = book.book.add_chart({"type": "line"})
    column = [name for name, *_ in SERIES].index(series) + 1
    last = FIRST + one.one.scenario.market.months - 1
    for program in one.shown:
        look, sheet = _LOOKS[program], one.months[program].sheet
        line = {"color": look.colour, "dash_type": _DASHES[look.dash], "width": 2}
        chart.add_series(
            {
                "name": NAMES[program], "categories": [sheet, FIRST, 0, last, 0],
                "values": [sheet, FIRST, column, last, column], "line": line,
            }
        )  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_x_axis({"name": "Month", "interval_unit": 6, "label_position": "low"})
    chart.set_y_axis(
        {
            "name": one.currency,
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": "#E1E5E9"}},
        }
    )
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 600, "height": 370})
    return chart
