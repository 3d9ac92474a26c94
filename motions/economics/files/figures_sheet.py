"""The figures of scenarios, by program and side by side: formulas over the months, and values marked as such."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from motions.economics.answers.uncertainty import active_ranges, simulate
from motions.economics.files import tables
from motions.economics.files.planned import Written
from motions.economics.files.sheets import INPUT, NOTE, TITLE, VALUE, WRAP, Sheets, shown_as
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.model.results import FIGURES, Figure, titles
from motions.names import NAMES
from motions.units import Unit

_ROWS = len(FIGURES) + 5
"""of the block of a scenario"""
_PROGRAM = 2
"""the column of a block's first program, and of the first scenario side by side"""
_FIRST = 6
"""the row of the first figure side by side"""
_MISSING = "not shown"


def _top(number: int) -> int:
    """The row of a scenario's name."""
    return 2 + number * _ROWS


def _marked(unit: Unit) -> dict[str, Any]:
    """The format of a value behind which there is no formula: it says so, in colour and in words."""
    return VALUE | {"num_format": f'{shown_as(unit)["num_format"]}" value"'}


def write(book: Sheets, scenarios: Sequence[Written]) -> None:
    """Write the figures: a block for each scenario, a column a program."""
    most = max(len(one.shown) for one in scenarios)
    sheet = book.add("Figures", [32, 16, *[20] * most, 80])
    sheet.write_string(0, 0, "Figures", book.form(**TITLE))
    sheet.write_string(
        1, 0, "Formulas over the months; what says value is one, and the sheet About says why.", book.form(**NOTE)
    )
    for number, one in enumerate(scenarios):
        _write_block(book, sheet, number, one, _PROGRAM + most)
    sheet.set_h_pagebreaks([_top(number) for number in range(1, len(scenarios))])
    sheet.freeze_panes(0, 1)


def _write_block(book: Sheets, sheet: Any, number: int, one: Written, last: int) -> None:
    top = _top(number)
    sheet.write_string(top, 0, one.one.name, book.form(bold=True))
    book.head(sheet, top + 1, ["Figure", "Unit"])
    book.head(sheet, top + 1, [NAMES[name] for name in one.shown], _PROGRAM, align="right")
    book.head(sheet, top + 1, ["What it is"], last, **WRAP)
    sheet.write_string(top + 2, 0, "Computed by", book.form(**NOTE))
    for column, program in enumerate(one.shown, _PROGRAM):
        said = "values" if one.why_values(program) else "formulas"
        sheet.write_string(top + 2, column, said, book.form(align="right", **NOTE))
    named = titles(one.currency)
    for row, figure in enumerate(FIGURES, top + 3):
        sheet.write_string(row, 0, named[figure.name], book.form())
        sheet.write_string(row, 1, figure.unit.named(one.currency), book.form(**NOTE))
        for column, program in enumerate(one.shown, _PROGRAM):
            _write_figure(book, sheet, (row, column), one, program, figure)
        book.words_at(sheet, row, last, figure.definition, 80)


def _write_figure(book: Sheets, sheet: Any, at: tuple[int, int], one: Written, program: str, figure: Figure) -> None:
    if one.formula_of(program, figure.name):
        formula, value = one.asked(program, figure.name)
        sheet.write_formula(*at, formula, book.form(align="right", **shown_as(figure.unit)), value)
    else:
        book.put(sheet, *at, _said(one, program, figure), **_marked(figure.unit))


def _said(one: Written, program: str, figure: Figure) -> float | str:
    """A figure as the page has it: a number, or why there is none."""
    value = one.outcomes[program].figures[figure.name]
    return value if value is not None else _no_number(one, figure)


def _no_number(one: Written, figure: Figure) -> str:
    market = one.one.scenario.market
    return tables.shown(figure.unit, None, market.months, market.currency, figure.name)


def write_beside(book: Sheets, scenarios: Sequence[Written]) -> None:
    """Write all scenarios side by side for the program that is chosen there, and their differences to the first."""
    sheet = book.add("Side by side", [32, 16, *[20] * (2 * len(scenarios) - 1)])
    sheet.write_string(0, 0, "Scenarios side by side", book.form(**TITLE))
    chosen = scenarios[-1].shown[0]
    _write_choice(book, sheet, scenarios, chosen)
    first = scenarios[0].one.name
    apart = [f"{one.one.name} less {first}" for one in scenarios[1:]]
    book.head(sheet, 3, ["Figure", "Unit"])
    book.head(sheet, 3, [*(one.one.name for one in scenarios), *apart], _PROGRAM, align="right")
    for row, title in enumerate(("Currency", "Computed by"), 4):
        sheet.write_string(row, 0, title, book.form(**NOTE))
    currency = scenarios[0].currency if len({one.currency for one in scenarios}) == 1 else ""
    for row, figure in enumerate(FIGURES, _FIRST):
        sheet.write_string(row, 0, titles(currency)[figure.name] if currency else figure.title)
        sheet.write_string(row, 1, figure.unit.named(currency or "own currency"), book.form(**NOTE))
    for number, one in enumerate(scenarios):
        _write_column(book, sheet, number, one, chosen)
        if number:
            _write_differences(book, sheet, number, scenarios, chosen)
    sheet.freeze_panes(4, 2)


def _write_choice(book: Sheets, sheet: Any, scenarios: Sequence[Written], chosen: str) -> None:
    """Write the cell in which a program is chosen, and below the figures those that it offers."""
    offered = [name for name in PROGRAMS if any(name in one.shown for one in scenarios)]
    sheet.write_string(1, 0, "Program, to choose:")
    book.put(sheet, 1, 1, NAMES[chosen], **INPUT)
    row = _FIRST + len(FIGURES) + 1
    for column, words in enumerate(("Programs to choose from:", *(NAMES[name] for name in offered))):
        sheet.write_string(row, column, words, book.form(**NOTE))
    ends = [xl_rowcol_to_cell(row, column, True, True) for column in (1, len(offered))]
    sheet.data_validation(1, 1, 1, 1, {"validate": "list", "source": f"={':'.join(ends)}"})


def _write_column(book: Sheets, sheet: Any, number: int, one: Written, chosen: str) -> None:
    """Write the figures of one scenario, each found on the sheet of figures by the program that is chosen."""
    column, top = _PROGRAM + number, _top(number)
    sheet.write_formula(
        4, column, f"={one.layout.cell('market_currency')}", book.form(align="right", **NOTE), one.currency
    )
    by = ("values" if one.why_values(chosen) else "formulas") if chosen in one.shown else _MISSING
    sheet.write_formula(5, column, _looked_up(one, top + 1, top + 2), book.form(align="right", **NOTE), by)
    for row, figure in enumerate(FIGURES):
        form, value = book.form(align="right", **shown_as(figure.unit)), _shown(one, chosen, figure)
        sheet.write_formula(_FIRST + row, column, _looked_up(one, top + 1, top + 3 + row), form, value)


def _looked_up(one: Written, names: int, row: int) -> str:
    """The formula that finds a cell of a row of figures by the name of the program above it."""
    last = _PROGRAM + len(one.shown) - 1

    def across(at: int) -> str:
        ends = (xl_rowcol_to_cell(at, column, True, True) for column in (_PROGRAM, last))
        return f"Figures!{':'.join(ends)}"

    found = f"INDEX({across(row)},MATCH($B$2,{across(names)},0))"
    return f'=IFERROR({found},"{_MISSING}")'


def _write_differences(book: Sheets, sheet: Any, number: int, scenarios: Sequence[Written], chosen: str) -> None:
    """Write by how much a scenario differs from the first; amounts of two currencies are not taken off one another."""
    one, first, column = scenarios[number], scenarios[0], _PROGRAM + number
    alike = f"{xl_rowcol_to_cell(4, column, True)}={xl_rowcol_to_cell(4, _PROGRAM, True)}"
    for row, figure in enumerate(FIGURES, _FIRST):
        mine, other = xl_rowcol_to_cell(row, column), xl_rowcol_to_cell(row, _PROGRAM)
        formula = f'=IF(AND({alike},ISNUMBER({mine}),ISNUMBER({other})),{mine}-{other},"")'
        here, there = _shown(one, chosen, figure), _shown(first, chosen, figure)
        known = one.currency == first.currency and not isinstance(here, str) and not isinstance(there, str)
        form = book.form(align="right", **shown_as(figure.unit))
        gap = here - there if known else ""  # type: ignore[operator]
        sheet.write_formula(row, column + len(scenarios) - 1, formula, form, gap)


def _shown(one: Written, program: str, figure: Figure) -> float | str:
    return _said(one, program, figure) if program in one.shown else _MISSING


def write_ranges(book: Sheets, scenarios: Sequence[Written]) -> None:
    """Write P10, P50 and P90 of each figure of scenarios with ranges: values, as no formula draws."""
    ranged = [one for one in scenarios if active_ranges(one.one.scenario)]
    if not ranged:
        return
    sheet = book.add("Ranges", [24, 18, 34, 14, 18, 18, 18], 3)
    sheet.write_string(0, 0, "Ranges", book.form(**TITLE))
    said = (
        "What figures come to when all ranges are drawn from at once: values. The app draws again, from this file too."
    )
    sheet.write_string(1, 0, said, book.form(**NOTE))
    book.head(sheet, 2, ["Scenario", "Program", "Figure", "Unit", "P10", "P50", "P90"])
    row = 3
    for one in ranged:
        named = titles(one.currency)
        for program, sample in simulate(one.one.scenario).items():
            for figure in FIGURES:
                words = (one.one.name, NAMES[program], named[figure.name], figure.unit.named(one.currency))
                for column, word in enumerate(words):
                    sheet.write_string(row, column, word)
                for column, end in enumerate(sample.percentiles(figure.name) or (), 4):
                    number = float(end) if isfinite(end) else _no_number(one, figure)
                    book.put(sheet, row, column, number, **_marked(figure.unit))
                row += 1
