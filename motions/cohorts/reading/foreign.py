"""What people drop and no table can be read from: what it is, told by its bytes, and what to do instead."""

import re
from collections.abc import Collection

from motions.errors import FileError

EXPORT = "Export the table as CSV or as a workbook (xlsx) where it came from."
_UNPACK = "Unpack it and drop the files that are in it, or pack them as zip."
_PICTURE = ("is a picture, and no table can be read from it", EXPORT)
_COLUMNS = "Write it as CSV, as DuckDB does with COPY and pandas with to_csv."
_BEGINS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "is a PDF, and no table can be read from it", EXPORT),
    *((mark, *_PICTURE) for mark in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM\x36", b"II*\x00", b"MM\x00*")),
    (b"{\\rtf", "is a document, and no table can be read from it", EXPORT),
    (b"PAR1", "is Parquet, which is not read", _COLUMNS),
    (b"ARROW1", "is Arrow, which is not read", _COLUMNS),
    (b"FEA1", "is Arrow, which is not read", _COLUMNS),
    (b"Obj\x01", "is Avro, which is not read", _COLUMNS),
    (b"SQLite format 3", "is a database, which is not read", "Export its tables as CSV."),
    (b"Rar!", "is packed as rar, which is not read", _UNPACK),
    (b"7z\xbc\xaf", "is packed as 7z, which is not read", _UNPACK),
    (b"\xfd7zXZ", "is packed as xz, which is not read", _UNPACK),
    (b"BZh", "is packed as bzip2, which is not read", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "is packed as zstd, which is not read", _UNPACK),
    (b"PK\x03\x04", "is an Excel workbook or a zip archive inside of another file", "Unpack it first."),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook inside of another file", "Unpack it first."),
    (b"\x1f\x8b", "is packed twice (gzip)", "Unpack it first."),
)
_INSIDE: tuple[tuple[str, str, str], ...] = (
    ("word/document.xml", "is a Word document, and no table can be read from it", EXPORT),
    ("ppt/presentation.xml", "is a presentation, and no table can be read from it", EXPORT),
    ("Index/Document.iwa", "is a document of Numbers, Pages or Keynote, which is not read",
     "In Numbers choose File, Export To, Excel or CSV."),
    ("Index.zip", "is a document of Numbers, Pages or Keynote, which is not read",
     "In Numbers choose File, Export To, Excel or CSV."),
)  # fmt: skip
_OLD: tuple[tuple[str, str, str], ...] = (
    (
        "EncryptedPackage",
        "is protected by a password",
        "Open it, remove the password (File, Info), save and try again.",
    ),
    ("WordDocument", "is a Word document, and no table can be read from it", EXPORT),
    ("PowerPoint Document", "is a presentation, and no table can be read from it", EXPORT),
    ("__properties_version1.0", "is a message of Outlook, and no table can be read from it", EXPORT),
)
_TAR = 257
"""where the mark of a tar archive stands"""


def check_begins(name: str, head: bytes) -> None:
    """Look at the first bytes of a file. Raises FileError with what it is and the repair, where it is no text."""
    for mark, problem, repair in _BEGINS:
        if head.startswith(mark):
            raise FileError(name, problem, repair)
    if head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        raise FileError(name, *_PICTURE)
    if head[_TAR : _TAR + 5] == b"ustar":
        raise FileError(name, "is packed as tar, which is not read", _UNPACK)
    if re.match(rb"(\xef\xbb\xbf)?\s*(<!doctype|<html|<\?xml|<table)", head[:200], re.IGNORECASE):
        raise _web_page(name, head)
    if re.match(rb"(\xef\xbb\xbf)?\s*(\{|\[\s*[\[{])\s*[\"\]}]", head[:200]):
        raise FileError(name, "is JSON, which is not read", "Choose CSV or Excel where it is exported.")


def _web_page(name: str, head: bytes) -> FileError:
    """The error for a page or a sheet in XML: some systems call a table of a web page .xls."""
    if b"Excel.Sheet" in head or re.search(rb"<table\b", head, re.IGNORECASE):
        said = "is a table as a web page or XML, whatever its name says"
        return FileError(name, said, "Open it in a spreadsheet and save it as a workbook (xlsx).")
    repair = "The export may have ended at a login page: sign in and export it again."
    return FileError(name, "is a web page, not a table", repair)


def check_inside(name: str, parts: Collection[str]) -> None:
    """Look at the names of what an archive holds. Raises FileError where they are the parts of a document."""
    for part, problem, repair in _INSIDE:
        if part in parts:
            raise FileError(name, problem, repair)


def check_old(name: str, content: bytes) -> None:
    """Look into a file of the old Office. Raises FileError where it is a document, or protected by a password."""
    for stream, problem, repair in _OLD:
        if stream.encode("utf-16-le") in content:
            raise FileError(name, problem, repair)
