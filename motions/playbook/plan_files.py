"""Segment plans as CSV, YAML and text for a link, out and in again.

CSV is for spreadsheets: a row that can't be read is set aside with its reason and the others are kept. YAML is strict.
A link holds each segment as a list, so that one of a later version, with more in it, is still read here.
"""

import base64
import binascii
import csv
import io
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import yaml

from motions.content import MOST_BYTES, parse_yaml, validate
from motions.errors import ContentError, FileError, ScenarioError, closest
from motions.names import OWN, in_force
from motions.playbook.load import CONTENT
from motions.playbook.plan_rows import (
    COLUMNS,
    TITLE_OF,
    Column,
    Problem,
    Reading,
    Refused,
    columns,
    read_cells,
    row_cells,
)  # fmt: skip
from motions.playbook.segment_plan import PLANNED, Plan
from motions.text import as_csv, from_cell, listed, short, whole_letters

VERSION = 1
LONGEST_LINK = 16_000
"""Letters; twelve rows of the longest names in letters that can't be compressed have some 8,000."""
_LONGEST_UNPACKED = 60_000
MOST_READ = 1_000
"""Rows of a file that are looked at; of them at most twelve can be in the plan."""
_REQUIRED = ("name", "accounts")


def _by_header() -> dict[str, Column]:
    slot = in_force()
    own = {word.casefold(): column for column in COLUMNS if column.key == OWN for word in (slot.words if slot else ())}
    return {word.casefold(): column for column in COLUMNS for word in (column.title, column.key)} | own


def to_csv(plan: Plan) -> bytes:
    """Return a plan as CSV: `COLUMNS` by title, motions as yes or nothing; no cell is a formula to a spreadsheet."""
    shown = columns(plan.motions)
    rows = [[_cell(row_cells(row)[column.key]) for column in shown] for row in plan.segments]
    return as_csv([column.named for column in shown], rows)


def _cell(value: object) -> object:
    return "" if value is None or value is False else "yes" if value is True else value


def to_yaml(plan: Plan) -> bytes:
    """Return a plan as YAML: version, then segments with the fields of `Row`."""
    rows = [{**row.model_dump(), "motions": list(row.motions)} for row in plan.segments]
    return yaml.safe_dump({"version": VERSION, "segments": rows}, sort_keys=False, allow_unicode=True).encode()


def from_file(name: str, content: bytes) -> Reading:
    """Return the plan of a CSV or YAML file; by its name, anything but .yaml and .yml is CSV.

    Rows are counted as a spreadsheet does, the header being row 1. Raises FileError or ContentError, with the repair,
    for a file that can't be read at all, and for the first mistake in YAML.
    """
    if name.casefold().endswith((".yaml", ".yml")):
        return _from_yaml(name, content)
    table = _table(name, content)
    titles = [column.title for column in _columns(name, *table[0])]
    long = [_too_long(number, titles, cells) for number, cells in table[1:] if any(cells[len(titles) :])]
    beyond = {one.row for one in long}
    rows = ((number, dict(zip(titles, cells, strict=False))) for number, cells in table[1:] if number not in beyond)
    found = read_cells(rows)
    return replace(found, refused=tuple(sorted((*found.refused, *long), key=lambda one: one.row)))


def _too_long(number: int, titles: Sequence[str], cells: Sequence[str]) -> Refused:
    """A row with more cells than there are columns; those beyond stand with the last."""
    *before, last = titles
    problem = Problem(number, last, "has another cell beyond it: put text that holds the delimiter in quotes")
    found = dict(zip(before, cells, strict=False)) | {last: " ".join(cells[len(before) :])}
    return Refused(number, found, (problem,))


@cache
def example() -> Plan:
    """Return a plan to begin from, which is also the template; the names of its segments say that it is an example."""
    path = CONTENT / "example_plan.yaml"
    return from_file(path.name, path.read_bytes()).plan


def _from_yaml(name: str, content: bytes) -> Reading:
    found = parse_yaml(content, name)
    if found.get("version") != VERSION or isinstance(found["version"], bool):
        problem = f"is {short(found.get('version'), 12)}"
        raise ContentError(name, "version", problem, f"This app reads {VERSION}. Download the plan again.")
    return Reading(validate({key: value for key, value in found.items() if key != "version"}, Plan, name))


def _table(name: str, content: bytes) -> list[tuple[int, list[str]]]:
    """The numbered rows of CSV, without the guards of formulas. Raises FileError for what is none."""
    if len(content) > MOST_BYTES:
        raise FileError(name, f"is larger than {MOST_BYTES:,} bytes", "Leave out what is no segment.")
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except UnicodeDecodeError:
        raise FileError(name, "is no text in UTF-8", "Save it as CSV in UTF-8.") from None
    except csv.Error:
        raise FileError(name, "is no valid CSV", "Close every quote, and save it as CSV again.") from None
    found = [(number, [from_cell(cell) for cell in row]) for number, row in enumerate(rows, 1) if any(row)]
    if not found:
        raise FileError(
            name, "is empty", f"Begin it with the columns {listed([column.named for column in columns()])}."
        )
    if len(found) > MOST_READ:
        raise FileError(name, f"has more than {MOST_READ:,} rows", "Leave out what is no segment.")
    return found


def _delimiter(text: str) -> str:
    """The sign at which most columns of the first row are known."""
    first, headers = next(iter(text.lstrip().splitlines()), ""), _by_header()

    def known(sign: str) -> int:
        return sum(word.strip('" ').casefold() in headers for word in first.split(sign))

    return max(",;\t", key=known)


def _columns(name: str, number: int, header: list[str]) -> list[Column]:
    """What each column is. Raises FileError for one that is unknown, twice there, or missing."""
    while header and not header[-1].strip():
        header = header[:-1]
    found: list[Column] = []
    where, headers = f"row {number}", _by_header()
    for word in header:
        column = headers.get(" ".join(word.split()).casefold())
        if column is None:
            hint = closest(word, tuple(one.named for one in columns()))
            raise FileError(name, f"{short(word)} is no column", f"Correct its name or take it out.{hint}", where)
        if column in found:
            raise FileError(name, f"{column.title} is there twice", "Take one of the two out.", where)
        found.append(column)
    for column in COLUMNS:
        if column.key in _REQUIRED and column not in found:
            raise FileError(name, f"{column.title} is missing", "Add the column with a value in each row.", where)
    return found


def to_link(plan: Plan) -> str:
    """Return a plan as text for a URL, at most `LONGEST_LINK` letters.

    >>> from_link(to_link(Plan())).plan == Plan()
    True
    """
    rows = [[*(getattr(row, key) for key in _LINKED), list(row.motions)] for row in plan.segments]
    packed = zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    return f"{VERSION}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


_LINKED = tuple(column.key for column in COLUMNS if column.key not in PLANNED)
"""What stands in a link of each segment, in this order, before its motions: later versions may only add behind them."""


def from_link(text: str) -> Reading:
    """Return the plan that a link carries; rows that can't be read are set aside, motions not known here passed over.

    Raises ScenarioError for what is no such link, or only a part of one.
    """
    rows = _unpacked(text.strip())
    if not isinstance(rows, list):
        raise _damaged()
    unknown = sorted({word for row in rows for word in _motions(row) if word not in PLANNED})
    found = read_cells((number, _cells(row)) for number, row in enumerate(rows, 1))
    if not unknown:
        return found
    words = listed([short(word) for word in unknown[:3]] + ["others"] * (len(unknown) > 3))
    return replace(found, remarks=(f"The link names motions that this app does not know, left out here: {words}.",))


def _cells(row: Any) -> Mapping[str, object]:
    values = dict(zip((*_LINKED, "motions"), row, strict=False)) if isinstance(row, list) else {"name": short(row)}
    ticked = _motions(row)
    return {column.title: values.get(column.key) for column in COLUMNS if column.key in _LINKED} | {
        TITLE_OF[motion]: motion in ticked for motion in PLANNED
    }


def _motions(row: Any) -> list[str]:
    """The words that a row of a link has for motions."""
    words = row[len(_LINKED)] if isinstance(row, list) and len(row) > len(_LINKED) else []
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []


def _unpacked(text: str) -> Any:
    version, _, packed = text.partition(".")
    if version != str(VERSION) or len(text) > LONGEST_LINK:
        raise _damaged()
    try:
        raw = base64.b64decode(packed.rstrip("=") + "=" * (-len(packed.rstrip("=")) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        found = unpacker.decompress(raw, _LONGEST_UNPACKED)
        if not unpacker.eof:
            raise _damaged()
        return json.loads(whole_letters(json.dumps(json.loads(found), ensure_ascii=False)))
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise _damaged() from None


def _damaged() -> ScenarioError:
    return ScenarioError("This link of a segment plan is damaged or from another version. Copy the whole link again.")
