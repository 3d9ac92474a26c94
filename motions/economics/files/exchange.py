"""Scenarios as files: YAML and an Excel workbook, out and in again, and the draws as a table.

The workbook's figures are formulas over its monthly sheet where they are simple sums and ratios, so that a reader can
follow and change them; its inputs are read back, everything else is for reading.
"""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
import yaml

from motions.content import parse_yaml
from motions.economics.answers.uncertainty import drawn, simulate
from motions.economics.inputs.keys import input_of, inside
from motions.economics.inputs.links import MOST_KEPT, VERSION, Kept, Named, kept_of, plain
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.projection import SERIES
from motions.economics.model.results import FIGURES
from motions.economics.model.run import Outcome, run
from motions.errors import ContentError, ScenarioError
from motions.fields import Input
from motions.names import NAMES, PLAIN_NAMES
from motions.text import short
from motions.units import PERCENT

_FORMATS = {figure.unit: figure.unit.sheet for figure in FIGURES if figure.unit.sheet}
_LONGEST = 2_000_000  # bytes of a file; a full set has some 100,000
_LONGEST_UNPACKED = 20_000_000  # bytes; a full set has some 5,000,000 in 60 parts, and 31,000 tags in the largest
_MOST_PARTS = 300
_MOST_TAGS = 100_000
_MOST = MOST_KEPT + 1  # those that are kept, and the current one
_SUMS = {
    "contribution": "contribution",
    "cash": "cash",
    "new_customers": "customers_new",
}
_RATIOS = {
    "payout_share": "=SUM({partner_earnings})/SUM({spend})",
    "payout_share_of_profit": "=SUM({partner_earnings})/(SUM({spend})-SUM({cost_of_revenue}))",
    "partner_earnings": "=SUM({partner_earnings})/SUM({partners_active})",
}


def to_yaml(kept: Sequence[Named]) -> bytes:
    """Return scenarios as YAML: version, then name and values of each."""
    values = {
        "version": int(VERSION),
        "scenarios": [{"name": one.name, **plain(one.scenario)} for one in kept],
    }
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True).encode()


def from_file(name: str, content: bytes) -> Kept:
    """Return the scenarios of a YAML file or a workbook. Raises ScenarioError naming file, scenario and repair."""
    if len(content) > _LONGEST:
        raise ScenarioError(
            f"{name}: is larger than a file of scenarios can be. Choose the file that was downloaded here."
        )
    try:
        return _from_workbook(content) if content[:2] == b"PK" else _from_yaml(name, content)
    except ScenarioError as problem:
        raise ScenarioError(f"{name}: {problem}") from None


def _from_yaml(name: str, content: bytes) -> Kept:
    not_ours = ScenarioError("is no file of scenarios. Choose a YAML file or workbook that was downloaded here.")
    try:
        found = parse_yaml(content, name)
    except ContentError:
        raise not_ours from None
    version, scenarios = found.get("version"), found.get("scenarios")
    if not isinstance(scenarios, list) or not all(isinstance(one, dict) for one in scenarios):
        raise not_ours
    if version not in (1, int(VERSION)):
        raise ScenarioError(f"has version {short(version, 12)}; this app reads 1 and {VERSION}. Download it again.")
    pairs = [[one.get("name"), {key: value for key, value in one.items() if key != "name"}] for one in scenarios]
    return kept_of(pairs, _MOST)


def to_workbook(kept: Sequence[Named]) -> bytes:
    """Return scenarios as a workbook: inputs, figures, and a sheet of months for each scenario's shown programs."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        forms = {unit: book.add_format({"num_format": form}) for unit, form in _FORMATS.items()}
        _inputs_sheet(book, kept, head)
        figures = book.add_worksheet("Figures")
        at = 0
        for number, one in enumerate(kept, 1):
            for name, outcome in run(one.scenario).items():
                at = _months_and_figures(book, figures, one, number, name, outcome, head, forms, at)
        figures.set_column(0, 0, 34)
        figures.set_column(1, 1, 18)
        figures.set_column(2, 3, 30)
    return out.getvalue()


def _inputs_sheet(book: Any, kept: Sequence[Named], head: Any) -> None:
    sheet = book.add_worksheet("Inputs")
    for column, title in enumerate(("Scenario", "Input", "Value", "Low", "High", "What it is")):
        sheet.write_string(0, column, title, head)
    row = 1
    for one in kept:
        values = plain(one.scenario)
        ranges = values.pop("ranges", {})
        for key, value in _flat(values):
            sheet.write_string(row, 0, one.name)
            sheet.write_string(row, 1, key)
            if isinstance(value, (int, float)):
                sheet.write_number(row, 2, value)
            else:
                sheet.write_string(row, 2, str(value))
            for column, end in enumerate(ranges.get(key, ()), 3):
                sheet.write_number(row, column, end)
            sheet.write_string(row, 5, _meaning(key))
            row += 1
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 4, 12)
    sheet.set_column(5, 5, 60)
    sheet.freeze_panes(1, 2)


def _flat(values: Any, prefix: str = "") -> list[tuple[str, Any]]:
    """Flatten nested values to `a.b.0.c` keys, lists of words to one comma-separated text."""
    if isinstance(values, dict) and (values or not prefix):
        return [found for key, value in values.items() for found in _flat(value, f"{prefix}{key}.")]
    if isinstance(values, list) and values and isinstance(values[0], dict):
        return [found for at, value in enumerate(values) for found in _flat(value, f"{prefix}{at}.")]
    return [(prefix[:-1], ", ".join(values) if isinstance(values, list) else "" if values == {} else values)]


def _meaning(key: str) -> str:
    try:
        item: Input = input_of(key)
    except ValueError:
        return ""
    unit = "fraction of 1" if item.unit == PERCENT else item.unit
    return f"{item.title} ({unit}). {item.description}"


def _months_and_figures(
    book: Any, figures: Any, one: Named, number: int, name: str, outcome: Outcome, head: Any, forms: Any, at: int
) -> int:
    """Write a program's sheet of months and its block of figures; return the row below the block."""
    title = f"{number} {PLAIN_NAMES[name]}"  # a sheet can't have any name
    sheet = book.add_worksheet(title)
    months, currency = one.scenario.market.months, one.scenario.market.currency
    sheet.write_string(0, 0, "Month", head)
    areas, columns = {}, {series: column for column, (series, *_) in enumerate(SERIES, 1)}
    for series, column in columns.items():
        label, unit = next((words, unit) for key, words, unit, _ in SERIES if key == series)
        sheet.write_string(0, column, unit.label(label, currency), head)
        letter = xlsxwriter.utility.xl_col_to_name(column)
        areas[series] = f"'{title}'!${letter}$2:${letter}${months + 1}"
        values = np.broadcast_to(getattr(outcome.projection, series)[:, :1], (months, 1))[:, 0]
        for month, value in enumerate(values):
            formula = _monthly_formula(series, columns, month)
            if formula:
                sheet.write_formula(month + 1, column, formula, forms["money"], float(value))
            else:
                sheet.write_number(month + 1, column, float(value), forms["money"])
    for month in range(months):
        sheet.write_number(month + 1, 0, month + 1)
    sheet.freeze_panes(1, 1)
    sheet.set_column(1, len(SERIES), 14)
    figures.write_string(at, 0, f"{one.name}: {NAMES[name]}", head)
    figures.write_string(at, 1, "Value", head)
    figures.write_string(at, 2, f"Unit (money in {currency})", head)
    for row, figure in enumerate(FIGURES, at + 1):
        figures.write_string(row, 0, figure.title)
        value, form = outcome.figures[figure.name], forms.get(figure.unit)
        formula = _RATIOS.get(figure.name, "")
        if figure.name in _SUMS:
            formula = f"=SUM({areas[_SUMS[figure.name]]})"
        if value is None:
            figures.write_string(row, 1, "unknown")
        elif formula:
            figures.write_formula(row, 1, formula.format(**areas), form, value)
        else:
            figures.write_number(row, 1, value, form)
        figures.write_string(row, 2, figure.unit)
        figures.write_string(row, 3, figure.definition)
    return at + len(FIGURES) + 2


def _monthly_formula(series: str, columns: dict[str, int], month: int) -> str:
    """Return a series as a formula over the others, where it is a simple sum."""

    def cell(name: str, row: int = month + 1) -> str:
        address: str = xlsxwriter.utility.xl_rowcol_to_cell(row, columns[name])
        return address

    if series == "contribution":
        return f"={cell('vendor_revenue')}-{cell('cost_of_revenue')}-{cell('payouts')}-{cell('program_cost')}"
    if series == "partner_earnings":
        return f"={cell('partner_margin')}+{cell('payouts')}"
    if series == "cumulative":
        return f"={cell('contribution')}" + (f"+{cell('cumulative', month)}" if month else "")
    return ""


def _from_workbook(content: bytes) -> Kept:
    rows = _rows_of_inputs(content)
    if not rows or tuple(rows[0][:3]) != ("Scenario", "Input", "Value"):
        raise _no_workbook()
    named: dict[str, dict[str, Any]] = {}
    for number, (name, key, *cells) in enumerate(rows[1:], 2):
        if not name or not key:
            continue
        try:
            _put(named.setdefault(str(name), {}), str(key), *cells)
        except (ValueError, TypeError, AttributeError):
            raise ScenarioError(
                f"Inputs, row {number}, Input: {short(str(key))} is no input. Correct its name."
            ) from None
    return kept_of([[name, _lists(values)] for name, values in named.items()], _MOST)


def _no_workbook() -> ScenarioError:
    return ScenarioError(
        "can't be opened, or has no sheet 'Inputs' with Scenario, Input and Value. Choose one downloaded here."
    )


def _rows_of_inputs(content: bytes) -> list[tuple[Any, ...]]:
    """The first five cells of each row of the sheet Inputs. Raises ScenarioError for what is no workbook of ours."""
    import openpyxl  # noqa: PLC0415 — 0.2 s that only a workbook that comes in needs

    try:
        _check_size(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [row[:5] for row in book["Inputs"].iter_rows(max_row=5000, min_col=1, max_col=5, values_only=True)]
    except Exception:  # whatever a broken archive makes the reader raise
        raise _no_workbook() from None


def _check_size(content: bytes) -> None:
    """Raise ValueError for an archive that would take much more memory than a full set of scenarios.

    A tag of four bytes becomes an object of hundreds in the reader: so the tags of each part are counted before. What
    the archive says of its sizes holds, as no more than that is ever unpacked.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LONGEST_UNPACKED:
        raise ValueError("unpacks to too much")
    if any(archive.read(part).count(b"<") > _MOST_TAGS for part in parts):
        raise ValueError("holds too many cells")


def _put(values: dict[str, Any], key: str, value: Any, low: Any, high: Any) -> None:
    """Put a value, and its range if there is one, where its key says. Raises for a key that leads nowhere."""
    inner, last = inside(values, key)
    if last in ("shown", "motions"):
        inner[last] = [word.strip() for word in str(value or "").split(",") if word.strip()]
    elif last == "payout":
        inner.setdefault("payout", {})
    else:
        inner[last] = value if value is not None else ""
    if low is not None and high is not None:
        values.setdefault("ranges", {})[key] = [low, high]


def _lists(values: dict[str, Any]) -> dict[str, Any]:
    segments = values.pop("segments", None)
    return values | ({"segments": list(segments.values())} if isinstance(segments, dict) else {})


def samples(scenario: Scenario) -> pd.DataFrame:
    """Return a row for each shown program and draw: the drawn inputs and every figure.

    A month that is not reached is empty, as is a figure that there is none of.
    """
    numbers = drawn(scenario)
    count = scenario.draws if numbers else 1
    frames = []
    for name, sample in simulate(scenario, numbers).items():
        columns = {"program": NAMES[name], "draw": np.arange(1, count + 1)}
        columns |= {key: np.broadcast_to(values, (count,)) for key, values in numbers.items()}
        columns |= {
            figure.name: np.where(np.isfinite(values), values, np.nan)
            for figure in FIGURES
            for values in [np.broadcast_to(sample.measured[figure.name], (count,))]
        }
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def samples_csv(scenario: Scenario) -> list[list[object]]:
    """Return the draws as rows, header first."""
    frame = samples(scenario)
    rows = frame.astype(object).where(frame.notna(), "").to_numpy().tolist()
    return [list(frame.columns), *rows]


def samples_parquet(scenario: Scenario) -> bytes:
    """Return the draws as a Parquet file."""
    out = io.BytesIO()
    samples(scenario).to_parquet(out, index=False)
    return out.getvalue()
