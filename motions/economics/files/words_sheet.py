"""The sheets of words: who owns a scenario, its notes, what it assumes and why; and what in the workbook is live."""

from collections.abc import Sequence
from typing import Any

from motions.economics.files.live import MONTHS
from motions.economics.files.planned import Written
from motions.economics.files.sheets import NOTE, TITLE, Sheets
from motions.economics.inputs.log import CONFIDENCE, assumed
from motions.names import NAMES

NOTES = "Notes"
_NOTES = ("Scenario", "Owner", "Notes")
_LOG = ("Scenario", "Whose", "Input", "Default", "Value", "Source", "Confidence", "Key")
_WIDTHS = (24, 22, 40, 16, 16, 50, 12, 40)
COLUMNS = len(_LOG)


def write_notes(book: Sheets, scenarios: Sequence[Written]) -> None:
    """Write owner and notes of each scenario, and its assumption log: every input that is not at its default."""
    sheet = book.add(NOTES, _WIDTHS)
    sheet.write_string(0, 0, "Notes and assumption log", book.form(**TITLE))
    said = "Default and Value are those of when this file was made. Source, confidence, owner and notes are read again."
    sheet.write_string(1, 0, said, book.form(**NOTE))
    book.head(sheet, 3, _NOTES)
    row = 4
    for one in scenarios:
        about = one.one.about
        book.words(sheet, row, (one.one.name, about.owner, about.notes), _WIDTHS[:3])
        row += 1
    book.head(sheet, row + 1, _LOG)
    row += 2
    for one in scenarios:
        for found in assumed(one.one.scenario):
            basis = one.one.about.of(found.key)
            cells = (one.one.name, found.whose, found.title, found.default, found.value)
            book.words(sheet, row, (*cells, basis.source, basis.confidence, found.key), _WIDTHS)
            sheet.data_validation(row, 6, row, 6, {"validate": "list", "source": list(CONFIDENCE[1:])})
            row += 1
    sheet.print_area(0, 0, row, COLUMNS - 2)


def read_notes(rows: Sequence[Sequence[Any]]) -> dict[str, dict[str, Any]]:
    """Return what is said of each scenario, by its name, from the cells of the sheet."""
    found: dict[str, dict[str, Any]] = {}
    header: tuple[str, ...] = ()
    for row in rows:
        cells = tuple(str(cell) if cell is not None else "" for cell in row)
        if cells[:3] in (_NOTES, _LOG[:3]):
            header = _NOTES if cells[:3] == _NOTES else _LOG
        elif header and cells[0]:
            _take(found.setdefault(cells[0], {}), dict(zip(header, cells, strict=False)))
    return found


def _take(said: dict[str, Any], cells: dict[str, str]) -> None:
    if "Key" not in cells:
        said |= {name.lower(): cells[name] for name in ("Owner", "Notes") if cells[name]}
    elif cells["Key"] and (cells["Source"] or cells["Confidence"]):
        basis = {"source": cells["Source"], "confidence": cells["Confidence"].strip().lower()}
        said.setdefault("log", {})[cells["Key"]] = basis


_TELLS = (
    "Change a blue cell on a sheet of inputs: months, figures, charts and the comparison follow.",
    "A formula says what the app says of the same inputs, to the cent. A cell that says value, in grey italics, was "
    "worked out by the app and stays as it is whatever is changed.",
    "Values are: figures of terms that look at a single partner's month (tiers, caps, clawback, least amounts, "
    "commitments), as the app follows simulated histories of partners; programs that share the demand of segments; and "
    "ranges. Blended CAC is a value wherever one of its programs is.",
    "Typed into a cell, such terms have no formula here: figures then say that this file is to be loaded in the app.",
    f"As many months can be shown or spread over as when the file was made, and {MONTHS} in any case. Another "
    "currency, another direct baseline and other programs shown need the app.",
    "Load this file in the app under Scenarios: it reads the sheets of inputs and Notes, with everything that you "
    "changed there. The other sheets are not read.",
    "Each program's sheet shows its months first; behind them stand the cells and columns that formulas work with. "
    "Names such as percent_rate are those of the sheet itself.",
)


def write_about(book: Sheets, scenarios: Sequence[Written]) -> None:
    """Write what is a formula, what a value, and why."""
    widths = (34, 24, 14, 90)
    sheet = book.add("About", widths)
    sheet.write_string(0, 0, "About this workbook", book.form(**TITLE))
    for row, said in enumerate(_TELLS, 2):
        sheet.merge_range(row, 0, row, 3, said, book.form(text_wrap=True, valign="top"))
        sheet.set_row(row, 32)
    row = len(_TELLS) + 3
    book.head(sheet, row, ("Scenario", "Program", "Computed by", "Why"))
    for one in scenarios:
        for program in one.world:
            row += 1
            why = one.why_values(program)
            book.words(sheet, row, (one.one.name, NAMES[program], "values" if why else "formulas", why), widths)
