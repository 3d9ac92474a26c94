"""Files in which column names stand again: of the same table, or of a second one that was pasted below the first."""

import csv
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from uuid import uuid4

from motions.cohorts.reading.mapping import Mapping
from motions.cohorts.reading.opened import BESIDE, MOST_FILES
from motions.cohorts.reading.recognise import Recognised, names_a_kind, recognise
from motions.errors import FileError
from motions.text import count, listed

LARGEST = 20_000_000
"""bytes of a file that is looked through: what people paste is small"""
MOST_LOOKED_AT = 500
_WITHOUT_DIGITS = re.compile(rb"\n[^0-9\r\n]+\r?$", re.MULTILINE)
"""One run a line: with two that could share its signs a line of megabytes would take hours. It begins with the break
before, which is found many times as fast as the start of a line."""


def taken_apart(
    files: Sequence[tuple[str, Path]], folder: Path, mappings: Sequence[Mapping]
) -> tuple[list[tuple[str, Path]], list[str]]:
    """Return files, (name shown, path), with second tables as files of their own, and what was found, as sentences.

    A line that names the columns again becomes a blank one, so that all lines keep their numbers.
    """
    found: list[tuple[str, Path]] = []
    notes: list[str] = []
    for name, path in files:
        parts, said = _parts(name, path, folder, mappings)
        found += parts
        notes += said
    return found, notes


def _parts(
    name: str, path: Path, folder: Path, mappings: Sequence[Mapping]
) -> tuple[list[tuple[str, Path]], list[str]]:
    """The tables of one file; most have one, and are left as they are."""
    if path.stat().st_size > LARGEST or _plain(path.read_bytes()):
        return [(name, path)], []
    try:
        file = recognise(name, path, folder, mappings)
    except FileError:
        return [(name, path)], []  # it is said when it is read
    lines = re.split("\r\n|\n|\r", file.original.read_text("utf-8-sig", "surrogateescape"))
    starts, again = _headers(file, lines, mappings)
    if not starts and not again:
        return [(name, path)], []
    lines = ["" if at in again else line for at, line in enumerate(lines, 1)]
    tables = zip((1, *starts), (*starts, len(lines) + 1), strict=True)
    parts, notes = [], []
    for number, (first, end) in enumerate(tables, 1):
        part = folder / f"{uuid4().hex}.csv"
        own = lines[first - 1 : end - 1]
        own = own if number == 1 else _without_margin(own, file.delimiter)
        part.write_text("\n".join(own), "utf-8", "surrogateescape")
        shown = name if number == 1 else f"{name}{BESIDE}{number}"
        parts.append((shown, part))
        notes += [f"Another table begins in line {first} of {name}: it is read as {shown}."] if number > 1 else []
    if again:
        at = listed([str(line) for line in again[:5]]) + (" and so on" if len(again) > 5 else "")
        notes.append(f"{name} names its columns again in {count(len(again), 'line')} ({at}): left out.")
    return parts, notes


def _plain(content: bytes) -> bool:
    """Whether no line but the first that could be one is a header: all others have digits."""
    worded = (line for line in _WITHOUT_DIGITS.finditer(b"\n" + content) if line[0].strip(b',;|\t "\r\n'))
    return len([*islice(worded, 2)]) < 2


def _headers(file: Recognised, lines: Sequence[str], mappings: Sequence[Mapping]) -> tuple[list[int], list[int]]:
    """The lines at which other tables begin, and those that name the columns of their table again."""
    starts, again = list[int](), list[int]()
    header = [re.sub(r" \(column \d+\)$", "", cell) for cell in file.header]
    looked = 0
    for number, line in enumerate(lines[file.header_line :], file.header_line + 1):
        if re.search("[0-9]", line) or not line.strip() or looked >= MOST_LOOKED_AT:
            continue
        cells = _cells(line, file.delimiter)
        looked += 1
        if _trimmed(cells) == _trimmed(header):
            again.append(number)
        elif len(starts) < MOST_FILES and all(_trimmed(cells)) and names_a_kind(tuple(_trimmed(cells)), mappings):
            starts.append(number)
            header = cells
    return starts, again


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _trimmed(cells: Sequence[str]) -> list[str]:
    """Cells without the blank ones at their end, which a spreadsheet writes below a wider table."""
    last = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return list(cells[:last])


def _without_margin(lines: Sequence[str], delimiter: str) -> list[str]:
    """The lines of a table without the blank columns to its right."""
    margin = len(_cells(lines[0], delimiter)) - len(_trimmed(_cells(lines[0], delimiter)))
    end = delimiter * margin
    return [line.removesuffix(end) if margin and line.strip(f"{delimiter} ") else line for line in lines]
