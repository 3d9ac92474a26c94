"""The forms that triangles are written in, brought into one: what stands under each age of a cohort."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from motions.cohorts.ledger.ledger_file import records
from motions.cohorts.reading.mapping import STARTS
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import Reject
from motions.cohorts.reading.triangles import age_of, is_size
from motions.errors import FileError


@dataclass
class Written:
    """A cohort as it is written: its lines, its column where it is one, and its cells by age, without blank ones."""

    lines: list[int]
    column: str
    cohort: str
    motion: str = ""
    size: str = ""
    cells: dict[int, str] = field(default_factory=dict)


def written_rows(file: Recognised) -> tuple[list[Written], list[Reject]]:
    """Return the cohorts of a triangle, whatever its form, and the lines that belong to none.

    Ages are in their own unit, from 0. Raises FileError for a row of another width.
    """
    try:
        table = list(records(file))
    except FileError as error:
        raise FileError(file.name, error.problem, "Export it again.", error.where) from None
    if "value" in file.columns:
        rows, rejects = _long(file, table)
    elif "age" in file.columns:
        rows, rejects = _transposed(file, table)
    else:
        return _wide(file, table), []
    ages = {age for row in rows for age in row.cells}
    if min(ages, default=0) == 1 and file.mapping.constants.get("starts") != STARTS[1]:
        for row in rows:
            row.cells = {age - 1: cell for age, cell in row.cells.items()}
    return rows, rejects


def _wide(file: Recognised, table: Sequence[tuple[int, list[str]]]) -> list[Written]:
    columns = file.columns
    ages = {int(name[4:]): at for name, at in columns.items() if name.startswith("age ")}
    column = file.header[columns["cohort"]]
    return [
        Written(
            [line],
            column,
            cells[columns["cohort"]],
            cells[columns["motion"]] if "motion" in columns else "",
            cells[columns["size"]] if "size" in columns else "",
            {age: cells[at] for age, at in ages.items() if cells[at].strip()},
        )
        for line, cells in table
    ]


def _long(file: Recognised, table: Sequence[tuple[int, list[str]]]) -> tuple[list[Written], list[Reject]]:
    """Put the lines of a cohort together; the size may stand in each of them, or in the first alone."""
    places, rows, rejects = file.columns, dict[tuple[str, str], Written](), []
    column = file.header[places["cohort"]]
    for line, cells in table:
        cohort, motion, size = (cells[places[name]] if name in places else "" for name in ("cohort", "motion", "size"))
        row = rows.setdefault((cohort, motion), Written([], column, cohort, motion, size))
        said = cells[places["age"]]
        age, problem = age_of(said), ""
        if age is None:
            problem = "is no age; write the months since the cohort began, from 0"
        elif age[0] in row.cells:
            problem = "is an age that an earlier line of the cohort has"
        elif size.strip() and row.size.strip() != size.strip() and row.size.strip():
            problem = "is in a line with another size of the cohort than an earlier one"
        if problem or age is None:
            rejects.append(Reject(file.name, line, file.header[places["age"]], said[:200], problem))
            continue
        row.lines.append(line)
        row.size = row.size if row.size.strip() else size
        if cells[places["value"]].strip():
            row.cells[age[0]] = cells[places["value"]]
    return [row for row in rows.values() if row.lines], rejects


def _transposed(file: Recognised, table: Sequence[tuple[int, list[str]]]) -> tuple[list[Written], list[Reject]]:
    """Turn columns that are cohorts into rows."""
    at_age, rejects = file.columns["age"], []
    places = [at for name, at in file.columns.items() if name.startswith("cohort ")]
    rows = {at: Written([file.header_line], file.header[at], file.header[at]) for at in places}
    seen = set[int]()
    for line, cells in table:
        age = age_of(cells[at_age])
        if age is None and is_size(cells[at_age]):
            for at, row in rows.items():
                row.size = cells[at]
        elif age is None or age[0] in seen:
            problem = "is no age; totals and averages are left out" if age is None else "is an age that stands before"
            rejects.append(Reject(file.name, line, file.header[at_age], cells[at_age][:200], problem))
        else:
            seen.add(age[0])
            for at, row in rows.items():
                row.cells |= {age[0]: cells[at]} if cells[at].strip() else {}
    return list(rows.values()), rejects
