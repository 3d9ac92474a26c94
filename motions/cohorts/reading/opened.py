"""Files that hold tables of text: workbooks, and what is packed. Each table in them becomes a file of its own.

What is unpacked is bounded by what comes out, not by what a file says of itself, and workbooks are taken apart by a
process that can be ended.
"""

import gzip
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from motions.errors import FileError
from motions.text import whole_letters

EXTENSIONS = ("csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "gz", "zip")
"""what files that can be read are called"""
PACKED_WORKBOOK, UNPACKED_WORKBOOK = 50_000_000, 500_000_000
"""bytes of a workbook, and of what is packed in it"""
UNPACKED = 2_000_000_000
"""bytes of all tables of text that are packed in one file"""
MOST_FILES = 20
"""in one archive, and sheets in one workbook"""
MOST_PARTS = 10_000
SECONDS = 150
_PIECE = 1 << 20
_SHEETS = Path(__file__).with_name("sheets.py")
_ZIP, _OLD, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_BOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


class _Packed(Protocol):
    def read(self, size: int, /) -> bytes: ...


def opened(files: Sequence[tuple[str, Path]], folder: Path) -> tuple[list[tuple[str, Path]], list[FileError]]:
    """Return files, (name shown, path), with those that hold others replaced by them, and what can't be opened.

    What is taken out is written into `folder`, once: a file that was opened there is not opened again.
    """
    found: list[tuple[str, Path]] = []
    refused: list[FileError] = []
    for name, path in files:
        try:
            found += _tables(name, path, folder)
        except FileError as error:
            refused.append(error)
    return found, refused


BESIDE = " · "
"""stands between the name of a workbook or an archive and that of a table in it"""


def others_of(name: str, names: Sequence[str]) -> list[str]:
    """Return the other tables of the same workbook or archive.

    >>> others_of("b.xlsx · Notes", ["a.csv", "b.xlsx · Accounts", "b.xlsx · Notes"]), others_of("a.csv", ["a.csv"])
    (['b.xlsx · Accounts'], [])
    """
    book, beside, _ = name.partition(BESIDE)
    return [other for other in names if beside and other != name and other.startswith(f"{book}{BESIDE}")]


def forget(path: Path, folder: Path) -> None:
    """Remove what was taken out of a file."""
    if path.exists():
        for one in folder.glob(f"{_mark(path)}*"):
            one.unlink(missing_ok=True)


def _mark(path: Path) -> str:
    """What the files are called that were taken out of another: by its place, size and time."""
    about = path.stat()
    return "o" + sha256(f"{path} {about.st_size} {about.st_mtime_ns}".encode()).hexdigest()[:24]


def _tables(name: str, path: Path, folder: Path) -> list[tuple[str, Path]]:
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] != _GZIP and head not in (_ZIP, _OLD):
        return [(name, path)]
    mark = _mark(path)
    index = folder / f"{mark}.json"
    if not index.exists():
        try:
            tables = _take_out(name, path, folder, mark, head)
        except FileError:
            forget(path, folder)
            raise
        index.write_text(json.dumps(tables), "utf-8")
    return [(shown, folder / own) for shown, own in json.loads(index.read_text("utf-8"))]


def _take_out(name: str, path: Path, folder: Path, mark: str, head: bytes) -> list[tuple[str, str]]:
    """Write the tables of a file into the folder: the name shown and the file of each."""
    if head[:2] == _GZIP:
        with gzip.open(path) as packed:
            _unpack(name, packed, folder / f"{mark}-0.csv", UNPACKED)
        return [(name.removesuffix(".gz"), f"{mark}-0.csv")]
    if head == _OLD:
        return _sheets(name, path, folder, mark)
    try:
        with zipfile.ZipFile(path) as archive:
            return _archive(name, path, archive, folder, mark)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error):
        raise _broken(name) from None


def _broken(name: str) -> FileError:
    return FileError(name, "can't be unpacked: it is broken or was cut off", "Export it again.")


def _archive(name: str, path: Path, archive: zipfile.ZipFile, folder: Path, mark: str) -> list[tuple[str, str]]:
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > MOST_PARTS:
        raise FileError(name, f"holds {len(parts):,} files", "Unpack it and choose those that are needed.")
    if {part.filename for part in parts} & {*_BOOKS}:
        unpacked = sum(part.file_size for part in parts)
        if path.stat().st_size > PACKED_WORKBOOK or unpacked > UNPACKED_WORKBOOK:
            raise FileError(
                name, f"is a workbook of {unpacked // 1_000_000:,} MB when unpacked; {UNPACKED_WORKBOOK // 1_000_000} "
                f"are read, and {PACKED_WORKBOOK // 1_000_000} packed", "Save its sheets as CSV.",
            )  # fmt: skip
        return _sheets(name, path, folder, mark)
    inner = [part for part in parts if not part.filename.startswith("__MACOSX/") and not _hidden(part.filename)]
    tables = [part for part in inner if part.filename.lower().endswith((".csv", ".tsv", ".txt"))]
    if not tables or len(tables) > MOST_FILES:
        holds = "holds no CSV file" if not tables else f"holds {len(tables):,} CSV files"
        raise FileError(name, holds, f"Unpack it and choose those that are needed, {MOST_FILES} at most at once.")
    if any(part.flag_bits & 1 for part in tables):
        raise FileError(name, "is protected by a password", "Unpack it first.")
    found, left = [], UNPACKED
    for at, part in enumerate(tables):
        with archive.open(part) as packed:
            left -= _unpack(name, packed, folder / f"{mark}-{at}.csv", left)
        own = whole_letters(part.filename.rpartition("/")[2])
        found.append((name.removesuffix(".zip") if len(tables) == 1 else f"{name}{BESIDE}{own}", f"{mark}-{at}.csv"))
    return found


def _hidden(name: str) -> bool:
    return name.rpartition("/")[2].startswith(".")


def _unpack(name: str, packed: _Packed, path: Path, most: int) -> int:
    """Write out what is packed and return its bytes. Raises FileError for more than `most`, and for what is broken."""
    written = 0
    try:
        with path.open("wb") as out:
            while piece := packed.read(_PIECE):
                written += len(piece)
                if written > most:
                    said = f"unpacks to more than {UNPACKED // 1_000_000:,} MB"
                    raise FileError(name, said, "Split it into several.")
                out.write(piece)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile):
        raise _broken(name) from None
    return written


def _sheets(name: str, path: Path, folder: Path, mark: str) -> list[tuple[str, str]]:
    """The visible sheets of a workbook that hold anything, each as a CSV file."""
    command = [sys.executable, "-I", str(_SHEETS), str(path), str(folder), mark]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise FileError(name, f"took more than {SECONDS} seconds to open", "Save its sheets as CSV.") from None
    if done.returncode:
        said = "can't be opened as a workbook: it is broken, too large, or protected by a password"
        raise FileError(name, said, "Open it where it came from and save its sheets as CSV.")
    sheets = json.loads(done.stdout)
    if not sheets:
        raise FileError(name, "has no sheet with anything in it", "Export it again and check that it has rows.")
    if len(sheets) > MOST_FILES:
        raise FileError(name, f"has {len(sheets)} sheets; {MOST_FILES} are read", "Remove those that are not needed.")
    if len(sheets) == 1:
        return [(name, sheets[0]["path"])]
    return [(f"{name}{BESIDE}{whole_letters(one['sheet'])}", one["path"]) for one in sheets]
