"""Looks at the head of a file and says which table it is, or why it can't be read. Reads at most 1 MB."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from motions.cohorts.contract import TABLES, Table
from motions.errors import FileError, closest

HEAD = 1_000_000
LONGEST_HEADER = 64_000
MOST_COLUMNS = 500
_AS_CSV = "Open it where it came from and save or export it as CSV (UTF-8)."
_SIGNATURES = (
    (b"PK\x03\x04", "is an Excel workbook or a zip archive, not a CSV file"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook, not a CSV file"),
    (b"\x1f\x8b", "is compressed (gzip), not a CSV file"),
    (b"\x89PNG", "is a picture, not a CSV file"),
    (b"\xff\xd8\xff", "is a picture, not a CSV file"),
    (b"%PDF", "is a PDF, not a CSV file"),
    (b"\xff\xfe", "is encoded as UTF-16"),
    (b"\xfe\xff", "is encoded as UTF-16"),
)


@dataclass(frozen=True)
class Recognised:
    """A file that can be read: where it is, how it is split, and which of its columns are which."""

    name: str
    path: Path
    table: Table
    delimiter: str
    header: tuple[str, ...]
    columns: dict[str, int]
    """canonical column → position in the file, from 0"""


def recognise(name: str, path: Path) -> Recognised:
    """Say which table a file is. Raises FileError naming the file, the column and the repair."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    line = _header_line(name, head)
    delimiter = max(",;\t|", key=lambda sign: len(next(csv.reader([line], delimiter=sign))))
    header = tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter)))
    _check_header(name, header)
    table = _table(name, header)
    return Recognised(name, path, table, delimiter, header, _columns(name, header, table))


def normal(name: str) -> str:
    """Return a column name or a word without case, spaces and signs.

    >>> normal(" Signed up (on) ")
    'signed_up_on'
    """
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _header_line(name: str, head: bytes) -> str:
    if not head.strip():
        raise FileError(name, "is empty", "Export it again and check that it has rows.")
    for signature, problem in _SIGNATURES:
        if head.startswith(signature):
            raise FileError(name, problem, _AS_CSV)
    if re.match(rb"\s*(<!doctype|<html|<\?xml)", head[:200], re.IGNORECASE):
        raise FileError(name, "is a web page, not a CSV file", "The export may have ended at a login page: try again.")
    if b"\x00" in head:
        raise FileError(name, "holds NUL bytes, so it is not plain text or not UTF-8", _AS_CSV)
    line = re.split(rb"\r\n|\n|\r", head.removeprefix(b"\xef\xbb\xbf"), maxsplit=1)[0]
    if len(line) > LONGEST_HEADER:
        raise FileError(name, f"has a first line of more than {LONGEST_HEADER:,} bytes", _AS_CSV, "line 1")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise FileError(name, "has column names that are not UTF-8", _AS_CSV, "line 1") from None
    if not text.strip():
        raise FileError(name, "has no column names", "The first line has to name the columns.", "line 1")
    return text


def _check_header(name: str, header: tuple[str, ...]) -> None:
    if len(header) > MOST_COLUMNS:
        raise FileError(name, f"has {len(header):,} columns", f"Keep those that are needed, {MOST_COLUMNS} at most.")
    seen: dict[str, int] = {}
    for position, column in enumerate(header, 1):
        if column and column in seen:
            where = f"line 1, columns {seen[column]} and {position}"
            raise FileError(name, f"has two columns called '{column[:60]}'", "Rename or remove one of them.", where)
        seen[column] = position


def _matches(header: tuple[str, ...], table: Table) -> dict[str, list[int]]:
    """Positions of the header for each canonical column, the canonical name before synonyms."""
    found: dict[str, list[int]] = {}
    names = [normal(column) for column in header]
    taken = {names.index(column.name) for column in table.columns if column.name in names}
    for column in table.columns:
        if column.name in names:
            found[column.name] = [names.index(column.name)]
            continue
        other = set(column.synonyms.split())
        positions = [at for at, known in enumerate(names) if known in other and at not in taken]
        if positions:
            found[column.name] = positions
            taken |= set(positions)
    return found


def _table(name: str, header: tuple[str, ...]) -> Table:
    """The table whose required columns are all there; of several, the one that knows most columns by name."""
    known = [normal(column) for column in header]
    scores = []
    for table in TABLES:
        found = _matches(header, table)
        missing = [column for column in table.required() if column not in found]
        exact = sum(column.name in known for column in table.columns)
        scores.append((not missing, len(found), exact, table, missing))
    best = max(scores, key=lambda score: score[:3])
    if not best[0]:
        nearest = max(scores, key=lambda score: (-len(score[4]), score[1]))
        raise _unrecognised(name, header, nearest[3], nearest[4])
    if sum(score[:3] == best[:3] for score in scores) > 1:
        fits = " and ".join(score[3].name for score in scores if score[:3] == best[:3])
        raise FileError(name, f"could be {fits}", "Rename its columns as the tables on this page name them.", "line 1")
    return best[3]


def _unrecognised(name: str, header: tuple[str, ...], table: Table, missing: list[str]) -> FileError:
    shown = ", ".join(column[:30] for column in header[:12] if column)
    hints = {column: closest(column, tuple(normal(cell) for cell in header)) for column in missing}
    renamed = "".join(f" For '{column}':{hint}" for column, hint in hints.items() if hint)
    return FileError(
        name,
        f"is none of the four tables. It comes nearest to {table.name}, but has no column {' and no '.join(missing)}; "
        f"it has {shown}",
        f"Line 1 has to name the columns: rename or add {'it' if len(missing) == 1 else 'them'} there.{renamed}",
        "line 1",
    )


def _columns(name: str, header: tuple[str, ...], table: Table) -> dict[str, int]:
    matches = _matches(header, table)
    for column, positions in matches.items():
        if len(positions) > 1:
            both = " and ".join(f"'{header[at][:40]}'" for at in positions[:2])
            raise FileError(name, f"has two columns for {column}: {both}", f"Rename the right one {column}.", "line 1")
    return {column: positions[0] for column, positions in matches.items()}
