"""Packed files that are made to harm: refused in seconds, within bounds of memory, and with a sentence that helps."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from motions.cohorts.reading import opened as module

ROOT = Path(__file__).parents[3]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MEMORY_OF_SHEETS, OURS = 1300, 250
"""megabytes of the process that opens workbooks, and of the one that reads"""
READ = """
import json, resource, sys
from pathlib import Path
from motions.cohorts.reading.opened import opened
found, refused = opened([("f.xlsx", Path(sys.argv[1]))], Path(sys.argv[2]))
its = resource.getrusage(resource.RUSAGE_CHILDREN)
ours = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps({
    "said": [str(one) for one in refused], "found": len(found), "its": its.ru_maxrss / 1024,
    "ours": int(ours.split()[1]) / 1024, "seconds": its.ru_utime + resource.getrusage(resource.RUSAGE_SELF).ru_utime,
}))
"""


def repacked(change: Callable[[str, bytes], Iterable[bytes]]) -> bytes:
    """A workbook of two rows, of which parts are written as something else."""
    plain, out = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["account_id", "month", "mrr"])
        sheet.write_row(1, 0, ["A1", "2026-09", 5])
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            with new.open(name, "w") as part:
                for piece in change(name, old.read(name)):
                    part.write(piece)
    return out.getvalue()


def with_rows(*rows: bytes) -> bytes:
    """A workbook with these rows below its own."""
    end = b"</sheetData>"
    return repacked(lambda name, text: [text.replace(end, b"".join(rows) + end)] if name == SHEET else [text])


def a_cell_far_away() -> bytes:
    return with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def a_long_string_in_every_row() -> bytes:
    long = b"<sst>" + (b"<si><t>" + b"x" * 32_000 + b"</t></si>") * 5 + b"</sst>"
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (at, at) for at in range(3, 200_000))
    content = with_rows(rows)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, long if name == STRINGS else old.read(name))
    return out.getvalue()


def a_sheet_that_lies_about_its_size() -> bytes:
    zeros = (b"\0" * 1_000_000 for _ in range(600))
    content = bytearray(repacked(lambda name, text: zeros if name == SHEET else [text]))
    at = content.rindex(SHEET.encode()) - 46  # its entry in the list of what is in the archive
    struct.pack_into("<I", content, at + 24, 100)
    return bytes(content)


def very_many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for at in range(90_000):
            archive.writestr(zipfile.ZipInfo(f"{at}"), b"")
    return out.getvalue()


BOMBS = {
    a_cell_far_away: "takes more memory than one may have",
    a_long_string_in_every_row: "takes more memory than one may have",
    a_sheet_that_lies_about_its_size: "unpacks to too much: 500 MB are read",
    very_many_parts: "holds too many files",
}


def opened_apart(folder: Path, content: bytes) -> dict[str, Any]:
    path = folder / "upload"
    path.write_bytes(content)
    command = [sys.executable, "-c", READ, str(path), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.proof
@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_is_refused_in_seconds_and_within_memory(tmp_path: Path, bomb: Callable[[], bytes]) -> None:
    found = opened_apart(tmp_path, bomb())
    assert found["found"] == 0
    assert BOMBS[bomb] in found["said"][0]
    assert (found["seconds"] < 15, found["its"] < MEMORY_OF_SHEETS, found["ours"] < OURS) == (True,) * 3, found
    assert not list(tmp_path.glob("o*"))


@pytest.mark.proof
def test_a_size_that_is_only_declared_does_no_harm(tmp_path: Path) -> None:
    def declared(name: str, text: bytes) -> list[bytes]:
        return [text.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')] if name == SHEET else [text]

    content = repacked(declared)
    assert b"XFD1048576" in zipfile.ZipFile(io.BytesIO(content)).read(SHEET)
    found = opened_apart(tmp_path, content)
    assert (found["said"], found["found"]) == ([], 1)


def test_a_list_of_what_is_packed_is_not_read_when_it_is_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST_LIST", 1000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for at in range(50):
            archive.writestr(f"{at}.csv", b"")
    (tmp_path / "f.zip").write_bytes(out.getvalue())
    _, (refused,) = module.opened([("f.zip", tmp_path / "f.zip")], tmp_path)
    assert "holds too many files" in str(refused)
