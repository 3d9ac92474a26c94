"""A reading whose tab was closed: the engine stops, the process of a workbook is gone, and so is the folder."""

import contextlib
import time
import zipfile
from pathlib import Path

import pytest

from motions.cohorts.reading.engine import LAST
from tests.benchmarks import delays
from tests.browser.conftest import serving
from tests.visitor import Visitor

TIME_OUT = 4
SOON = 10
"""seconds in which what a closed tab left running has to end, on a machine that others use too"""
pytestmark = pytest.mark.long


@pytest.fixture
def server(tmp_path):
    env = {"TMPDIR": str(tmp_path), "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(TIME_OUT)}
    with serving(env=env) as (address, process):
        yield address, process.pid, tmp_path


def engine(pid):
    """The threads of the engine that a server has: they stand back behind the others, and go when it is closed."""
    found = []
    for one in Path(f"/proc/{pid}/task").glob("*/stat"):
        with contextlib.suppress(OSError):  # gone meanwhile
            found += [one] if one.read_text().rpartition(")")[2].split()[16] == str(LAST) else []
    return found


def children(pid):
    return [
        one.parent
        for one in Path("/proc").glob("[0-9]*/stat")
        if one.exists() and one.read_text().rpartition(")")[2].split()[1] == str(pid)
    ]


def within(seconds, reached):
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def test_the_engine_stops_and_the_folder_goes(server, tmp_path_factory):
    address, pid, temporary = server
    path = tmp_path_factory.mktemp("files") / "long.csv"
    delays.write(path, *delays.SHAPES["subscriptions"], 120)
    visitor = Visitor(address, "files")
    visitor.begin(visitor.sent((path.name, path)))
    assert within(120, lambda: engine(pid))
    time.sleep(5)
    assert engine(pid)
    assert list(temporary.glob("motions-*/*/"))
    visitor.close()
    assert within(SOON, lambda: not engine(pid))
    assert within(2 * TIME_OUT, lambda: not list(temporary.glob("motions-*/*/")))


def test_the_process_of_a_workbook_is_gone(server, tmp_path_factory):
    address, pid, _ = server
    path = tmp_path_factory.mktemp("files") / "long.xlsx"
    workbook(path)
    visitor = Visitor(address, "files")
    visitor.begin(visitor.sent((path.name, path)))
    assert within(60, lambda: children(pid))
    time.sleep(1)
    (child,) = children(pid)
    visitor.close()
    assert within(SOON, lambda: not child.exists())


def workbook(path):
    """A workbook of a sheet of a million rows, which takes seconds to open."""
    kind = "application/vnd.openxmlformats"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
        f'Extension="rels" ContentType="{kind}-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
    }
    row = "<row><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c><c><v>4</v></c></row>"
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{row * 1_000_000}</sheetData></worksheet>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for name, text in {**parts, "xl/worksheets/sheet1.xml": sheet}.items():
            out.writestr(name, text)


def relations(kind, target):
    place = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{place}/{kind}" Target="{target}"/></Relationships>'
    )
