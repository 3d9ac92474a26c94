"""Files that hold tables of text: workbooks, and what is packed. Each table in them becomes a file of its own.

What is unpacked is bounded by what comes out, not by what a file says of itself, and workbooks are taken apart by a
process that can be ended.
"""

import errno
import gzip
import io
import json
import os
import signal
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Collection, Sequence
from copy import copy
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from motions import limits, work
from motions.cohorts.reading.foreign import EXPORT, check_inside, check_old
from motions.errors import FileError
from motions.text import whole_letters

PACKED_WORKBOOK = limits.WORKBOOK.bytes
UNPACKED = UNPACKED_WORKBOOK = limits.UNPACKED.bytes
"""bytes of what is packed in a workbook, and of all tables of text that are packed in one file"""
MOST_FILES = limits.TABLES.most
"""in one archive, and sheets in one workbook"""
MOST_PARTS = 10_000
SECONDS = 150
_LONGEST_LIST = 4_000_000
"""bytes of the list of what an archive holds; reading it takes ten times as much memory"""
_PIECE = 1 << 20
_SHEETS = Path(__file__).with_name("sheets.py")
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP, _OLD, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_BOOKS = ("xl/workbook.xml", "xl/workbook.bin")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_AGAIN = "Open it where it came from and save it as a workbook (xlsx) again."
_SPLIT = "Split it into several workbooks, or remove what is not needed."
_FAULTS = {
    "password": ("is protected by a password", "Open it, remove the password (File, Info), save and try again."),
    "memory": (
        "has a sheet that takes more memory than one may have",
        "Delete what stands far away from the table (Ctrl+End leads there) and long texts, or split it.",
    ),
    "time": ("takes too long to open", _SPLIT),
    "rows": ("has a sheet of more rows than a workbook can have", _SPLIT),
    "written": (f"holds more than {UNPACKED // 1_000_000} MB of text", _SPLIT),
    "sheets": (f"has more than {MOST_FILES} sheets with something in them", "Remove those that are not needed."),
    "broken": ("can't be opened as a workbook: it is broken or was cut off", _AGAIN),
    "old": (
        "can't be opened as a workbook: it is broken, or protected by a password",
        f"Remove the password. {_AGAIN}",
    ),
}
"""What the process that opens workbooks says → problem and repair."""


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
            index.write_text(json.dumps(_take_out(name, path, folder, mark, head)), "utf-8")
        except (FileError, OSError):
            forget(path, folder)
            raise
    return [(shown, folder / own) for shown, own in json.loads(index.read_text("utf-8"))]


def _take_out(name: str, path: Path, folder: Path, mark: str, head: bytes) -> list[tuple[str, str]]:
    """Write the tables of a file into the folder: the name shown and the file of each."""
    if head[:2] == _GZIP:
        with gzip.open(path) as packed:
            _unpack(name, packed, folder / f"{mark}-0.csv", UNPACKED)
        return [(name.removesuffix(".gz"), f"{mark}-0.csv")]
    if head == _OLD:
        _check_packed(name, path)
        check_old(name, path.read_bytes())
        return _sheets(name, path, folder, mark, otherwise="old")
    try:
        with _Listed(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
            return _archive(name, path, archive, folder, mark)
    except (*_DAMAGED, ValueError, RuntimeError, struct.error):
        raise _broken(name) from None
    except OSError as problem:
        if problem.errno != errno.EINVAL:  # of a place in the file that is none; any other is the machine's
            raise
        raise _broken(name) from None
    except _TooLong:
        raise _too_many(name, "too many") from None


class _TooLong(Exception):
    """The list of what an archive holds is longer than is read."""


class _Listed(io.BufferedReader):
    """A file of which no large piece is read at once, as only the list of what an archive holds would be."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LONGEST_LIST:
            raise _TooLong
        return super().read(size)


def _broken(name: str) -> FileError:
    return FileError(name, "can't be unpacked: it is broken or was cut off", "Export it again.")


def _too_many(name: str, many: str) -> FileError:
    return FileError(name, f"holds {many} files", "Unpack it and choose those that are needed.")


def _archive(name: str, path: Path, archive: zipfile.ZipFile, folder: Path, mark: str) -> list[tuple[str, str]]:
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > MOST_PARTS:
        raise _too_many(name, f"{len(parts):,}")
    if any(part.compress_type not in _WAYS for part in parts):
        raise FileError(name, "is packed in a way that is not read", "Pack it as a plain zip, or drop what is in it.")
    names = {part.filename for part in parts}
    check_inside(name, names)
    if any(part.flag_bits & 1 for part in parts):
        raise FileError(name, "is protected by a password", "Unpack it, and drop the files that are in it.")
    if names & {*_BOOKS} or _is_open_document(name, archive, names):
        _check_packed(name, path)
        _check_unpacked(name, archive, parts)
        return _sheets(name, path, folder, mark)
    inner = [part for part in parts if not part.filename.startswith("__MACOSX/") and not _hidden(part.filename)]
    tables = [part for part in inner if part.filename.lower().endswith((".csv", ".tsv", ".txt"))]
    if not tables or len(tables) > MOST_FILES:
        raise _without_tables(name, inner, len(tables))
    found, left = [], UNPACKED
    for at, part in enumerate(tables):
        with archive.open(part) as packed:
            left -= _unpack(name, packed, folder / f"{mark}-{at}.csv", left)
        own = whole_letters(part.filename.rpartition("/")[2])
        found.append((name.removesuffix(".zip") if len(tables) == 1 else f"{name}{BESIDE}{own}", f"{mark}-{at}.csv"))
    return found


def _is_open_document(name: str, archive: zipfile.ZipFile, names: Collection[str]) -> bool:
    """Whether an archive is an open document of sheets. Raises FileError for one of anything else."""
    if not {"mimetype", "content.xml"} <= {*names}:
        return False
    with archive.open("mimetype") as file:
        if file.read(100).startswith(_SPREADSHEET):
            return True
    raise FileError(name, "is a document, and no table can be read from it", EXPORT)


def _check_packed(name: str, path: Path) -> None:
    if path.stat().st_size > PACKED_WORKBOOK:
        most = f"up to {PACKED_WORKBOOK // 1_000_000} MB are read"
        raise FileError(name, f"is a workbook of {path.stat().st_size // 1_000_000} MB; {most}", _SPLIT)


def _check_unpacked(name: str, archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    """Unpack a workbook once, to nowhere. Raises FileError where it holds more than is read, or else than it says."""
    left = UNPACKED_WORKBOOK
    for part in parts:
        true = copy(part)
        true.file_size = (
            left + 2 * _PIECE
        )  # else no more is read than the archive says, and the next reader gets it all
        with archive.open(true) as packed:
            size = _measured(packed, left)
        if size > left:
            most = f"{UNPACKED_WORKBOOK // 1_000_000} MB are read"
            raise FileError(name, f"is a workbook that unpacks to too much: {most}", _SPLIT)
        if size != part.file_size:
            raise _broken(name)
        left -= size


def _measured(packed: _Packed, most: int) -> int:
    """The bytes that something unpacks to; no more than a piece beyond `most` is unpacked."""
    size = 0
    while size <= most and (piece := packed.read(_PIECE)):
        work.go_on()
        size += len(piece)
    return size


def _without_tables(name: str, parts: Sequence[zipfile.ZipInfo], tables: int) -> FileError:
    """The error for an archive with no tables of text in it, or too many."""
    if tables:
        repair = f"Unpack it and choose those that are needed, {MOST_FILES} at most at once."
        return FileError(name, f"holds {tables:,} CSV files", repair)
    if any(part.filename.lower().endswith(_WORKBOOKS) for part in parts):
        return FileError(name, "holds no CSV file, but a workbook", "Unpack it and drop the workbook itself.")
    return FileError(name, "holds no CSV file", "Unpack it and choose files that hold tables: CSV or a workbook.")


def _hidden(name: str) -> bool:
    return name.rpartition("/")[2].startswith(".")


def _unpack(name: str, packed: _Packed, path: Path, most: int) -> int:
    """Write out what is packed and return its bytes. Raises FileError for more than `most`, and for what is broken."""
    written = 0
    try:
        with path.open("wb") as out:
            while piece := packed.read(_PIECE):
                work.go_on()
                written += len(piece)
                if written > most:
                    said = f"unpacks to more than {UNPACKED // 1_000_000:,} MB"
                    raise FileError(name, said, "Split it into several.")
                out.write(piece)
    except _DAMAGED:
        raise _broken(name) from None
    return written


def _sheets(name: str, path: Path, folder: Path, mark: str, otherwise: str = "broken") -> list[tuple[str, str]]:
    """The visible sheets of a workbook that hold anything, each as a CSV file."""
    command = [sys.executable, "-I", str(_SHEETS), str(path), str(folder), mark]
    code, out, err = _ran(name, command)
    said: dict[str, Any] = json.loads(out) if code == 0 else {"fault": _fault(code, err) or otherwise}
    if said.get("fault") == "disk":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if fault := said.get("fault"):
        raise FileError(name, *_FAULTS[fault])
    sheets = said["sheets"]
    if not sheets:
        raise FileError(name, "has no sheet with anything in it", "Export it again and check that it has rows.")
    if len(sheets) == 1:
        return [(name, sheets[0]["path"])]
    return [(f"{name}{BESIDE}{whole_letters(one['sheet'])}", one["path"]) for one in sheets]


def _ran(name: str, command: Sequence[str]) -> tuple[int, bytes, bytes]:
    """Run the process that opens workbooks; it is ended when nobody wants it any more. Returns code, output, errors."""
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process,  # noqa: S603
        work.ended_by(process.kill),
    ):
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise FileError(name, *_FAULTS["time"]) from None
    work.go_on()
    return process.returncode, out, err


def _fault(code: int, errors: bytes) -> str:
    """Why the process that opens workbooks was ended, that asked for too much time or memory; else nothing."""
    if -code in (signal.SIGXCPU, signal.SIGKILL):
        return "time"
    wants = (b"memory allocation", b"capacity overflow", b"MemoryError")
    return "memory" if any(word in errors for word in wants) else ""
