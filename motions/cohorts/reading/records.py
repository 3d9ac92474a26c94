"""Accounts for every line of a CSV file that is not clean.

A record is a line, or several where a quoted field holds line breaks. Every record after the header that is not
blank is either kept or rejected with a reason; nothing else happens to it. DuckDB's own reject handling is not
used: it loses rows silently (a stray quote, a bad row at the start of the last buffer).
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from motions import limits, work
from motions.errors import FileError
from motions.text import count

MOST_REJECTS = limits.REJECTS.most
LONGEST_LINE = 2_000_000  # characters; DuckDB has the same bound in bytes
_OFTEN = 50_000  # lines between two looks at whether they are still wanted
MOST_LINES = 30  # that one quoted field may run over
LONGEST_JOINED = 100_000  # characters of a record that runs over several lines


@dataclass(frozen=True)
class Reject:
    """A row that was not accepted: file, line (1 = header), column, value and the reason with its repair."""

    file: str
    line: int
    column: str
    value: str
    reason: str


@dataclass
class Accounting:
    """What a pass over a file saw. `kept + len(rejects) == records`; blank lines are no records."""

    records: int
    kept: int
    blank: int
    rejects: list[Reject]


def split_records(
    name: str, path: Path, delimiter: str, header: tuple[str, ...], clean: Path, header_line: int = 1
) -> Accounting:
    """Write the well-formed records of a file to `clean`, each led by its line number, and account for the others.

    `clean` is UTF-8 with the separator of the file, without a header. Raises FileError when more than
    MOST_REJECTS records are malformed.
    """
    seen = Accounting(0, 0, 0, [])
    with clean.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
        width = len(header)
        for line, text, found in _records(path, delimiter, width, header_line):
            if not line % _OFTEN:
                work.go_on()
            if not text:  # first, as there may be millions of them
                seen.blank += 1
                continue
            plain = found is PLAIN
            if plain and text.count(delimiter) == width - 1 and _is_simple(text):  # nearly all lines: as they are
                out.write(f"{line}{delimiter}{text}\n")
                seen.records += 1
                seen.kept += 1
                continue
            fields = text.split(delimiter) if plain else found
            if not text.strip():
                seen.blank += 1
                continue
            seen.records += 1
            reason = _misfit(text, fields, width, header_line)
            if not reason:
                writer.writerow([line, *(fields or [])])
                seen.kept += 1
                continue
            seen.rejects.append(Reject(name, line, "", _readable(text), reason))
            if len(seen.rejects) > MOST_REJECTS:
                raise too_many(name, seen.rejects[0])
    return seen


PLAIN: list[str] = []
"""stands for the fields of a line without quotes, which need not be taken apart"""


def _is_simple(text: str) -> bool:
    return text != "" and text.isascii() and len(text) <= LONGEST_LINE and "\x00" not in text and not text.isspace()


def too_many(name: str, first: Reject) -> FileError:
    """Return the error for a file of which too much does not fit."""
    column = f", column {first.column}" if first.column else ""
    return FileError(
        name,
        f"has more than {MOST_REJECTS:,} rows that don't fit. The first: {first.reason}",
        "Correct the export and upload it again.",
        f"line {first.line}{column}",
    )


def _records(path: Path, delimiter: str, width: int, header_line: int) -> Iterator[tuple[int, str, list[str] | None]]:
    """Line number, text and fields of each record after the header; no fields where its quotes don't pair up."""
    lines = islice(_lines(path), header_line, None)
    waiting: deque[tuple[int, str]] = deque()
    while True:
        number, text = waiting.popleft() if waiting else next(lines, (0, ""))
        if not number:
            return
        if '"' not in text:
            yield number, text, PLAIN
            continue
        fields = _parse(text, delimiter)
        if fields is None:
            while len(waiting) < MOST_LINES and (line := next(lines, None)):
                waiting.append(line)
            text, fields, used = _joined(text, [more for _, more in waiting], delimiter, width)
            for _ in range(used):
                waiting.popleft()
        yield number, text, fields


def _joined(text: str, others: list[str], delimiter: str, width: int) -> tuple[str, list[str] | None, int]:
    """Join a line whose quote stays open with those after it, up to the one that closes it.

    Returns text, fields and how many lines were used. A line on the way that is a whole record by itself says that
    the quote was a mistake: then the first line stands alone, without fields, and nothing after it is swallowed.
    """
    joined = text
    for used, line in enumerate(others, 1):
        joined += "\n" + line
        if len(joined) > LONGEST_JOINED:
            break
        if joined.count('"') % 2 == 0 and (fields := _parse(joined, delimiter)) is not None:
            return joined, fields, used
        alone = _parse(line, delimiter)
        if alone is not None and len(alone) == width:
            break
    return text, None, 0


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line, whatever its break (LF, CRLF, CR); one over the bound is cut and so rejected."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline=None) as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 2):
            number += 1
            if line == "\n":
                yield number, ""
                continue
            yield number, line.removesuffix("\n")
            while not line.endswith("\n") and line:  # the rest of a line over the bound
                line = file.readline(LONGEST_LINE)


def _parse(text: str, delimiter: str) -> list[str] | None:
    """The fields of a record, or None when its quotes don't pair up."""
    if '"' not in text:
        return text.split(delimiter)
    if len(text) > LONGEST_LINE:
        return None
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _misfit(text: str, fields: list[str] | None, width: int, header_line: int) -> str:
    """Why a record does not have the shape of the header, or nothing."""
    if len(text) > LONGEST_LINE:
        return f"is longer than {LONGEST_LINE:,} characters; shorten or remove it"
    if fields is None:
        return "has a quote that is not closed, or text after a closing quote; write a quote inside a value twice"
    if len(fields) != width:
        fault = "it is cut short or a separator is missing" if len(fields) < width else "a value holds a separator"
        has = count(len(fields), "field")
        return f"has {has} where line {header_line} has {width}: {fault}; put such values in quotes"
    if not text.isascii() and any("\udc80" <= sign <= "\udcff" for sign in text):
        return "holds bytes that are no letters in this encoding; choose another under Your files, or save it as UTF-8"
    return "holds a NUL byte; remove it" if "\x00" in text else ""


def _readable(text: str) -> str:
    return text[:200].encode("utf-8", "replace").decode("utf-8")


def read_lines(path: Path, wanted: set[int]) -> dict[int, str]:
    """Return some lines of a file by number, up to 10,000 characters each; nothing for a file that is gone."""
    if not wanted or not path.exists():
        return {}
    last = max(wanted)
    found = {}
    for number, text in _lines(path):
        if number in wanted:
            found[number] = text[:10_000].encode("utf-8", "replace").decode("utf-8")
        if number >= last:
            break
    return found
