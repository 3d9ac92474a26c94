"""Rows of a table into a segment plan, and back: what a table editor shows, and what CSV holds.

A column for each motion, of yes and no, rather than one of lists: a table editor that grows by new rows has lost what
was chosen in lists. The frame always has all rows that a plan can have, the last ones blank, and types that hold then
too: an editor of a fixed number of rows keeps its edits while the data under it change, one that grows does not; and it
reads a column without a type as one of lists.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pydantic import ValidationError

from motions.names import NAMES, OWN, PLAIN_NAMES, offered
from motions.playbook.segment_plan import MOST_ROWS, PLANNED, Plan, Row, empty
from motions.text import whole_letters

_FIELDS = {name: str(field.title) for name, field in Row.model_fields.items() if name != "motions"}
_NUMBERS = {"price_from": "a month", "price_to": "a month", "accounts": ""}
"""Columns of numbers, and what these are of."""
_YES, _NO = {"yes", "y", "true", "x", "1", "1.0"}, {"no", "n", "false", "-", "–", "0", "0.0"}


@dataclass(frozen=True)
class Column:
    """A column of the table: its title, its help, and what its cells are."""

    key: str
    """a field of `Row`, or a motion"""
    title: str
    """the same for everybody; what a motion of one's own is called stands in `named`"""
    help: str
    kind: type
    """str, int or bool"""
    unit: str = ""
    """what its numbers are of"""

    @property
    def named(self) -> str:
        """The title as it is shown."""
        return NAMES[OWN] if self.key == OWN else self.title

    @property
    def label(self) -> str:
        """The title with the unit, for the head of a table."""
        return f"{self.named}, {self.unit}" if self.unit else self.named


COLUMNS: tuple[Column, ...] = (
    *(
        Column(
            key, title, str(Row.model_fields[key].description), int if key in _NUMBERS else str, _NUMBERS.get(key, "")
        )
        for key, title in _FIELDS.items()
    ),
    *(Column(motion, PLAIN_NAMES[motion], "Whether this motion sells into the segment.", bool) for motion in PLANNED),
)
TITLES = tuple(column.title for column in COLUMNS)
TITLE_OF = {column.key: column.title for column in COLUMNS}


def columns(used: Collection[str] = ()) -> tuple[Column, ...]:
    """Return the columns that are shown and written: that of one's own motion where it is in force, or `used`."""
    shown = offered(TITLE_OF, used)
    return tuple(column for column in COLUMNS if column.key in shown)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell, and the repair."""

    row: int
    column: str
    what: str
    """`problem: repair`"""

    @property
    def said(self) -> str:
        """All of it in a sentence."""
        return f"Row {self.row}, {self.column}: {self.what}."


@dataclass(frozen=True)
class Refused:
    """A row that is not in the plan: its cells as they came, by title, and why."""

    row: int
    cells: Mapping[str, object]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Reading:
    """The plan of the rows that could be read, the rows that could not, and what was passed over."""

    plan: Plan
    refused: tuple[Refused, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of all rows."""
        return tuple(problem for row in self.refused for problem in row.problems)


def to_frame(plan: Plan) -> pd.DataFrame:
    """Return a plan for a table editor: `COLUMNS` by title, `MOST_ROWS` rows, of which the last ones may be blank.

    Show it with a fixed number of rows under one key, and read what the editor returns rather than hand it back: edits
    would be made twice, or lost. Another plan in its place, as from a file, needs another key.
    """
    types = {str: "str", int: "Int64", bool: "boolean"}
    blank: dict[str, Any] = {column.key: {str: "", int: None, bool: False}[column.kind] for column in COLUMNS}
    cells = [row_cells(row) for row in plan.segments] + [blank] * (MOST_ROWS - len(plan.segments))
    return pd.DataFrame({c.title: pd.Series([row[c.key] for row in cells], dtype=types[c.kind]) for c in COLUMNS})


def edited(frame: pd.DataFrame, edits: Mapping[int, Mapping[str, Any]]) -> pd.DataFrame:
    """Return a frame of `to_frame` with the edits that a table editor keeps: by place of the row from 0, then by title.

    The frame is not altered. An edit of no such cell, or that its column can't hold, is passed over.
    """
    found = frame.copy()
    for place, cells in edits.items():
        for title, cell in cells.items():
            # An editor sends whole numbers, text and ticks; anything else was not typed into it.
            with suppress(IndexError, TypeError, ValueError, OverflowError):
                found.iloc[place, list(found).index(title)] = cell
    return found


def row_cells(row: Row) -> dict[str, Any]:
    """Return the cells of a row by the keys of `COLUMNS`."""
    return {key: getattr(row, key) for key in _FIELDS} | {motion: motion in row.motions for motion in PLANNED}


def read_rows(frame: pd.DataFrame) -> Reading:
    """Return the plan of a frame with the columns of `COLUMNS`; rows are counted from 1, and blank ones skipped."""
    return read_cells(enumerate(frame.to_dict("records"), 1))


def read_cells(rows: Iterable[tuple[int, Mapping[Any, object]]]) -> Reading:
    """Return the plan of numbered rows of cells by title. A cell that is not there is empty."""
    found: list[Row] = []
    refused: list[Refused] = []
    for number, cells in rows:
        if all(_blank(column, cells) for column in COLUMNS):
            continue
        row, problems = _row(number, cells)
        problems += _beside(number, row, found) if row else []
        if row is None or problems:
            refused.append(Refused(number, {title: cells.get(title) for title in TITLES}, tuple(problems)))
        else:
            found.append(row)
    return Reading(Plan(segments=tuple(found)), tuple(refused))


def _blank(column: Column, cells: Mapping[Any, object]) -> bool:
    said = cells.get(column.title)
    return empty(said) or (column.kind is bool and _ticked(cells, column.title) == (False, ""))


def _row(number: int, cells: Mapping[Any, object]) -> tuple[Row | None, list[Problem]]:
    """A row, or None; and what is wrong with each of its cells."""
    ticks = {motion: _ticked(cells, TITLE_OF[motion]) for motion in PLANNED}
    problems = [Problem(number, NAMES[motion], what) for motion, (_, what) in ticks.items() if what]
    values = {key: cells.get(title) for key, title in _FIELDS.items()}
    try:
        row = Row.model_validate(values | {"motions": [motion for motion, (yes, _) in ticks.items() if yes]})
    except ValidationError as error:
        return None, _explained(number, error) + problems
    return row, problems


def _explained(number: int, error: ValidationError) -> list[Problem]:
    titles = {**_FIELDS, "motions": str(Row.model_fields["motions"].title)}
    return [
        Problem(number, titles[str(one["loc"][0])], one["msg"].removeprefix("Value error, ")) for one in error.errors()
    ]


def _ticked(cells: Mapping[Any, object], title: str) -> tuple[bool, str]:
    """Whether a cell says yes, and what is wrong with it. An empty one says no: in a plan a motion is there or not."""
    cell = cells.get(title)
    word = "" if empty(cell) else str(cell)[:9].strip().casefold()
    if not word or word in _NO:
        return False, ""
    return word in _YES, "" if word in _YES else "is neither yes nor no: write yes, or leave it empty"


def _beside(number: int, row: Row, found: Sequence[Row]) -> list[Problem]:
    """What is wrong with a row beside those before it."""
    if any(row.name.casefold() == other.name.casefold() for other in found):
        return [Problem(number, _FIELDS["name"], "is the name of another row: give it a name of its own")]
    if len(found) == MOST_ROWS:
        return [Problem(number, _FIELDS["name"], f"is one too many: a plan has {MOST_ROWS} rows, so join some")]
    return []


def refused_table(reading: Reading) -> pd.DataFrame:
    """Return the refused rows as text: Row, the columns by title, and Why."""
    used = [OWN] if any(not empty(one.cells.get(TITLE_OF[OWN])) for one in reading.refused) else []
    shown = {column.title: column.named for column in columns(used)}
    return pd.DataFrame(
        [
            {"Row": str(one.row)}
            | {name: _written(one.cells.get(title)) for title, name in shown.items()}
            | {"Why": " ".join(problem.said for problem in one.problems)}
            for one in reading.refused
        ],
        columns=["Row", *shown.values(), "Why"],
    )


def _written(cell: object) -> str:
    return "" if empty(cell) else whole_letters(str(cell))
