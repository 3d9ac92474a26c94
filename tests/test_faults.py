"""What goes wrong around the app, each injected: what is said, who goes on, and what is left on the disk.

Here and elsewhere:

    reload                     pages/test_kept.py; browser/test_journey.py, in the browser
    network cut                here in mid-upload; browser/test_journey.py, in mid-use
    server restart             here in mid-upload and of a session; browser/test_journey.py, in mid-edit and on a reload
    SIGKILL with leftovers     here of a server in use; pages/test_folders.py of a process, and whose folders stay
    told to stop               pages/test_server.py; browser/test_attack.py with a tab open
    disk full                  here, of an upload and of every step of a reading; pages/test_files.py
    read-only temporary folder here, of a running server; pages/test_server.py and test_files.py, from the start
    engine out of memory       here
    a session's file gone      here with all that is in the temporary folder; pages/test_files.py
    lost database connection   cohorts/remote/test_remote.py: refused, silent, and lost in mid-reading
    clock set back             here; cohorts/test_meaning.py, of rows that are then after today
    a closed tab's files       browser/test_attack.py: gone within twice the time-out with nobody else there
"""

import contextlib
import errno
import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import openpyxl
import pytest

from motions.cohorts import program
from motions.cohorts.program import load_program
from motions.cohorts.reading.machine import told
from motions.errors import MachineFault
from pages._session import folders, loaded
from pages._session.folders import FOLDERS, Folders
from tests.browser.conftest import serving
from tests.conftest import TODAY
from tests.pages.test_files import ACCOUNTS, open_page, texts
from tests.visitor import Visitor

SPILL = duckdb.IOException("IO Error: Could not write file /x/engine/duckdb.tmp: No space left on device")


def test_a_reading_without_enough_memory_says_so_and_leaves_nothing(tmp_path):
    path, scratch = tmp_path / "a.csv", tmp_path / "scratch"
    path.write_bytes(ACCOUNTS)
    scratch.mkdir()
    with pytest.raises(MachineFault, match="the memory that this server gives one reading is used up"):
        load_program([("a.csv", path)], scratch, TODAY, memory=1)
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (MemoryError(), "memory"),
        (SPILL, "disk of this server is full"),
        (OSError(errno.ENOSPC, "none left"), "disk of this server is full"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/x/a.csv"), "a file went from this server meanwhile"),
        (OSError(errno.EROFS, "read-only"), "can't use its temporary folder (Read-only file system)"),
    ],
)
def test_a_fault_of_the_machine_is_none_of_the_file_and_names_no_path(fault, says):
    with pytest.raises(MachineFault) as problem, told("These files"):
        raise fault
    assert says in str(problem.value)
    assert "/x/" not in str(problem.value)


def test_what_fails_with_the_machine_costs_nothing_and_is_read_again(monkeypatch):
    app, free = open_page("health"), loaded.BUDGET.free
    with monkeypatch.context() as broken:
        broken.setattr(program, "_recognise_all", lambda *args: (_ for _ in ()).throw(SPILL))
        app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    assert not app.exception
    assert "disk of this server is full" in texts(app)
    assert loaded.BUDGET.free == free
    with monkeypatch.context() as broken:
        broken.setattr(loaded, "folder", lambda: (_ for _ in ()).throw(OSError(errno.EROFS, "read-only")))
        app.get_by_key("read_again").click().run()
    assert "use its temporary folder" in texts(app)
    app.get_by_key("read_again").click().run()
    assert "use its temporary folder" not in texts(app)
    assert app.session_state["program"].files[0].accepted == 1
    assert not [button for button in app.button if button.key == "read_again"]


def test_without_a_place_to_write_the_sample_is_refused_in_words(monkeypatch):
    closed = Folders()
    closed.close()
    monkeypatch.setattr(loaded, "FOLDERS", closed)
    monkeypatch.setattr(loaded, "_sample", loaded._sample.__wrapped__)
    app = open_page("health")
    app.query_params["data"] = "sample"
    app.run()
    assert not app.exception
    assert "The sample program: not read" in texts(app).replace("\\", "")


def test_when_everything_in_the_temporary_folder_was_cleared_away_uploads_go_on():
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    shutil.rmtree(FOLDERS.root())
    app.get_by_key("upload_1").upload("b.csv", ACCOUNTS).run()
    assert not app.exception
    assert "a.csv: no longer on this server. Upload it again" in texts(app).replace("\\", "")
    app.get_by_key("remove_one").select("a.csv").run()
    assert [file.name for file in app.session_state["program"].files] == ["b.csv"]


def test_a_clock_set_back_keeps_no_leftovers_and_ends_no_session(tmp_path, monkeypatch):
    monkeypatch.setattr(folders.tempfile, "tempdir", str(tmp_path))
    own, killed = Folders(lambda: 60.0, lambda session: False), tmp_path / "motions-killed"
    path = own.use(own.new())
    killed.mkdir()
    (killed / "lock").touch()
    back = time.time() - 86_400
    monkeypatch.setattr(folders.time, "time", lambda: back)
    own.sweep()
    assert not killed.exists()
    assert path.is_dir()
    own.close()


# With a small disk


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MB: more than that does not go there."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if os.getuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs root and the right to mount")
    yield place
    while os.path.ismount(place):
        subprocess.run(["umount", "-l", str(place)], check=True)


def rows(number):
    return "account_id,month,mrr\n" + "".join(f"A{at:09d},2025-{1 + at % 12:02d},{at % 97}\n" for at in range(number))


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["plain", "packed", "workbook"])
def test_a_full_disk_is_never_called_a_broken_file_and_nothing_of_it_stays(small_disk, tmp_path, kind):
    path = tmp_path / "file"
    if kind == "workbook":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for line in rows(50_000).splitlines():
            sheet.append(line.split(","))
        book.save(path)
    elif kind == "packed":
        path.write_bytes(gzip.compress(rows(60_000).encode(), 1))
    else:
        path.write_text(rows(300_000))
    with pytest.raises(MachineFault, match="the disk of this server is full"):
        load_program([("file", path)], small_disk, TODAY, memory=20)
    assert not list(small_disk.iterdir())


def moved(visitor, to):
    """Whether the lever of Simulate that is asked for can be moved, and the page answers."""
    lever = visitor.all("slider")[0]
    visitor.run({lever.id: ("double_array_value", [to])})
    return not visitor.all("exception") and bool(visitor.all("plotly_chart"))


def kept_open(process):
    """Bytes of files that a process holds open although they have been removed."""
    total = 0
    for one in Path(f"/proc/{process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            total += one.stat().st_size if str(one.readlink()).endswith("(deleted)") else 0
    return total


def soon(holds):
    until = time.monotonic() + 10
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


def cut_upload(visitor, place, sent, size=40_000_000):
    """Begin to send a file and stop in the middle; returns the wire, that is still open."""
    wire = socket.create_connection(("127.0.0.1", int(visitor.address.rsplit(":", 1)[1])))
    about = 'Content-Disposition: form-data; name="f"; filename="half.csv"\r\n\r\n'
    head = (
        f"PUT {place.upload_url} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nCookie: _streamlit_xsrf={visitor.xsrf}\r\n"
        f"X-Xsrftoken: {visitor.xsrf}\r\n\r\n--x\r\n{about}"
    )
    wire.sendall(head.encode() + b"account_id,month,mrr\n" + b"A1,2025-01,10\n" * (sent // 14))
    return wire


@pytest.mark.proof
def test_a_server_with_a_full_or_a_read_only_disk_goes_on_for_everybody(small_disk):
    with (
        serving(env={"TMPDIR": str(small_disk)}) as (address, process),
        Visitor(address, "health") as one,
        Visitor(address, "simulate") as other,
    ):
        big = rows(20_000).encode()[:300_000]  # Streamlit itself writes what is larger to the disk first
        one.upload(*((f"{at}.csv", big) for at in range(4)))
        assert "could not keep it (No space left on device)" in one.text()
        assert "Nothing else is lost" in one.text()
        assert moved(other, 3)
        assert one.put(one.place("huge.csv").upload_url, "huge.csv", rows(60_000).encode()) == 500
        held = [file for file in small_disk.rglob("*.csv") if file.stat().st_size not in (0, len(big))]
        assert not held  # of what could not be kept nothing stays
        one.press("Remove my files")
        assert not list(small_disk.rglob("*.csv"))
        one.upload(("a.csv", ACCOUNTS))
        assert "could not" not in one.text()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(small_disk)], check=True)
        one.upload(("b.csv", ACCOUNTS))
        assert "could not keep it (Read-only file system)" in one.text()
        assert moved(other, 2)
        subprocess.run(["umount", str(small_disk)], check=True)
        one.upload(("b.csv", ACCOUNTS))
        assert "could not" not in one.text()
        assert process.poll() is None


@pytest.mark.proof
def test_uploads_that_are_cut_off_and_a_killed_server_leave_nothing(tmp_path, monkeypatch):
    with (
        serving(env={"TMPDIR": str(tmp_path)}) as (address, process),
        Visitor(address, "health") as one,
        Visitor(address, "simulate") as other,
    ):
        cut_upload(one, one.place("half.csv"), 20_000_000).close()  # the network
        assert moved(other, 3)
        one.upload(("a.csv", ACCOUNTS))
        assert "half.csv" not in one.text()
        assert soon(lambda: not kept_open(process))
        (folder,) = tmp_path.glob("motions-*")
        with contextlib.closing(cut_upload(one, one.place("half.csv"), 20_000_000)):  # the server
            assert soon(lambda: kept_open(process) > 1_000_000)  # with no name, so it goes with the process
            assert [file.name for file in tmp_path.iterdir()] == [folder.name]
            process.kill()
            process.wait(10)
    monkeypatch.setattr(folders.tempfile, "tempdir", str(tmp_path))
    assert list(folder.rglob("*.csv"))  # what a killed server leaves
    os.utime(folder / "lock", (0, 0))
    folders._remove_abandoned()
    assert not list(tmp_path.iterdir())
    with (
        serving(env={"TMPDIR": str(tmp_path)}, port=int(address.rsplit(":", 1)[1])) as (address, _),
        Visitor(address, "health", session=one.session) as back,  # what the browser does by itself
    ):
        assert back.session != one.session
        assert not back.all("metric")
        back.bring("what-the-tab-has-held")
        assert "no longer on this server: it was started anew" in back.text()
        back.upload(("a.csv", ACCOUNTS))
        assert "no longer on this server" not in back.text()


def test_this_module_names_every_test_file_that_it_sends_to():
    """The list above is of files that are there."""
    here = Path(__file__).parent
    words = [word for word in re.split(r"[\s:;,]+", sys.modules[__name__].__doc__) if word.endswith(".py")]
    assert len(words) > 8
    for word in words:
        assert (here / word).exists() or (here / "pages" / word).exists(), word
