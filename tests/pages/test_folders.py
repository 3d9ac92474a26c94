"""Whose an uploaded program's folder is, and when it goes."""

import errno
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from types import SimpleNamespace

import pytest

from pages._session import folders
from pages._session.folders import Folders
from tests.conftest import SAMPLE


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def temporary(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def make(temporary):
    made = []

    def folders_of(*args, time_out=60.0, **more):
        made.append(Folders(lambda: time_out, *args, **more))
        return made[-1]

    yield folders_of
    for one in made:
        one.close()


def test_a_token_leads_to_a_private_folder_and_another_to_none(make, temporary):
    own = make()
    first, second = own.new(), own.new()
    assert len(first) >= 32
    assert own.use(first) != own.use(second)
    assert own.use(first).stat().st_mode & 0o777 == 0o700
    assert temporary in own.use(first).parents
    assert first not in str(own.use(first))
    assert own.use("") is None
    assert own.use(first[:-1]) is None
    own.remove(first)
    assert own.use(first) is None
    assert own.use(second).is_dir()


def test_a_folder_goes_when_its_token_was_not_used_for_the_time_out(make):
    clock = Clock()
    own = make(lambda session: False, clock)
    kept, left = own.new(), own.new()
    path = own.use(left)
    (path / "a.csv").write_text("x")
    for _ in range(7):
        clock.now += 10
        own.use(kept)
        own.sweep()
    assert path.is_dir()  # who comes back in time finds it
    clock.now += 10
    own.sweep()
    assert not path.exists()
    assert own.use(left) is None
    assert own.use(kept).is_dir()


def test_a_connected_session_keeps_its_folder_without_a_click(make):
    clock, connected = Clock(), {"tab"}
    own = make(connected.__contains__, clock)
    token = own.new()
    path = own.use(token, "tab")
    for _ in range(100):
        clock.now += 30
        own.sweep()
    assert path.is_dir()
    connected.clear()
    closed = clock.now
    while path.exists():
        clock.now += own._pause()
        own.sweep()
    assert 60 <= clock.now - closed <= 120


def test_who_brings_the_token_of_a_closed_session_takes_its_folder_over_with_what_was_kept(make):
    clock, connected = Clock(), {"first"}
    own = make(connected.__contains__, clock)
    token = own.new()
    path = own.use(token, "first")
    own.keep(token, {"program": 1})
    assert own.take_over(token, "second") == ("elsewhere", {})
    assert own.use(token, "second") is None  # one session at a time
    connected.clear()
    assert own.take_over(token, "second") == ("here", {"program": 1})
    assert (own.use(token, "second"), own.use(token, "first")) == (path, None)
    assert own.is_elsewhere(token, "first")
    assert not own.is_elsewhere(token, "second")
    clock.now += 74
    own.sweep()
    assert own.take_over(token, "third")[0] == "here"  # it is used from now on
    clock.now += 76
    own.sweep()
    for lost in (token, token[:-1], ""):
        assert own.take_over(lost, "fourth") == ("gone", {})
        own.keep(lost, {"program": 2})
    assert not path.exists()


def test_the_thread_of_the_server_removes_it_with_nobody_else_there(make):
    connected = {"tab"}
    own = make(connected.__contains__, time_out=0.4)
    path = own.use(own.new(), "tab")
    time.sleep(1.5)
    assert path.is_dir()
    connected.clear()
    closed = time.monotonic()
    while path.exists() and time.monotonic() < closed + 5:
        time.sleep(0.01)
    assert time.monotonic() - closed < 0.8


def test_a_sweep_that_fails_is_not_the_last(make, caplog):
    asked = []

    def connected(session):
        asked.append(session)
        if len(asked) == 1:
            raise RuntimeError("the server is busy")
        return False

    own = make(connected, time_out=0.2)
    path = own.use(own.new(), "tab")
    until = time.monotonic() + 5
    while path.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not path.exists()
    assert "tried again" in caplog.text


def age(folder):
    os.utime(folder / "lock", (0, 0))


def test_folders_of_a_server_that_was_killed_are_swept_and_those_of_a_running_one_are_not(make, temporary):
    killed, running, starting = temporary / "motions-killed", make().root(), temporary / "motions-starting"
    for folder in (killed, starting):
        folder.mkdir()
        (folder / "lock").touch()
    (killed / "tmp1").mkdir()
    age(killed)
    age(running)
    own = make()
    age(own.root())
    own.sweep()
    assert [one.exists() for one in (killed, running, starting, own.root())] == [False, True, True, True]


@pytest.mark.parametrize("name", ["motions-²-x", "motions--", "motions-1-x", "motions-x"])
def test_whatever_lies_in_the_temporary_folder_blocks_no_upload(make, temporary, name):
    (temporary / name).mkdir()
    (temporary / f"{name}-file").touch()
    own = make()
    own.sweep()
    assert own.use(own.new()).is_dir()
    assert (temporary / name).is_dir()  # it may be somebody's


class Msvcrt:
    """What Windows does: a region is locked through one open file, and another one is refused."""

    LK_NBLCK = 2
    held: dict

    def __init__(self):
        self.held = {}

    def locking(self, descriptor, mode, size):
        assert (mode, size) == (self.LK_NBLCK, 1)
        inode = os.fstat(descriptor).st_ino
        if self.held.setdefault(inode, descriptor) != descriptor:
            raise OSError(errno.EACCES, "Permission denied")


def test_on_windows_a_lock_says_who_is_there_and_no_process_is_ever_signalled(make, temporary, monkeypatch):
    fake = Msvcrt()
    monkeypatch.setattr(folders, "WINDOWS", True)
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    monkeypatch.setitem(sys.modules, "fcntl", None)  # there is none
    monkeypatch.setattr(os, "kill", lambda *told: pytest.fail("this is Ctrl+C on Windows"))
    running, killed = make().root(), temporary / "motions-killed"
    killed.mkdir()
    (killed / "lock").touch()
    own = make()
    for folder in (killed, running, own.root()):
        age(folder)
    own.sweep()
    assert [one.exists() for one in (killed, running, own.root())] == [False, True, True]
    assert len(fake.held) == 3


def test_the_lock_is_closed_before_its_folder_is_removed(make, monkeypatch):
    own = make()
    lock, seen = own._lock if own.root() else None, []
    monkeypatch.setattr(folders.shutil, "rmtree", lambda path, **more: seen.append(lock.closed))
    monkeypatch.setattr(folders.time, "sleep", lambda seconds: None)
    own.close()
    assert seen
    assert all(seen)


def test_after_closing_nothing_is_left_and_nothing_new_comes(make, temporary):
    own = make()
    (own.use(own.new()) / "a.csv").write_text("x")
    own.close()
    assert not list(temporary.iterdir())
    with pytest.raises(OSError, match="stopping"):
        own.new()
    assert not list(temporary.iterdir())


def test_a_temporary_folder_that_cannot_be_written_to_is_said(make, temporary, monkeypatch, caplog):
    monkeypatch.setenv("TMPDIR", "/nowhere/to/be/found")
    make().root()
    assert "TMPDIR is /nowhere/to/be/found, where nothing can be written" in caplog.text
    assert str(temporary) in caplog.text
    caplog.clear()
    monkeypatch.setenv("TMPDIR", str(temporary))
    make().root()
    assert not caplog.text


STOPPED = """
    import signal, sys, time
    from pages._session.folders import FOLDERS
    signal.signal(signal.SIGTERM, lambda *told: sys.exit(0))
    (FOLDERS.use(FOLDERS.new()) / "a.csv").write_text("x")
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGKILL])
def test_a_process_that_is_told_to_stop_leaves_nothing_and_what_a_killed_one_leaves_goes(make, temporary, told):
    command = [sys.executable, "-c", textwrap.dedent(STOPPED)]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    process = subprocess.Popen(command, cwd=SAMPLE.parent, env=environment, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    (left,) = temporary.iterdir()
    age(left)
    own = make()
    own.sweep()
    assert left.exists()  # it is running
    process.send_signal(told)
    process.communicate(timeout=20)
    assert left.exists() == (told == signal.SIGKILL)
    own.sweep()
    assert not left.exists()


def test_whether_a_session_is_connected_is_asked_of_the_server(monkeypatch):
    runtime = SimpleNamespace(is_active_session=lambda session: session == "open")
    monkeypatch.setattr(folders.Runtime, "exists", staticmethod(lambda: True))
    monkeypatch.setattr(folders.Runtime, "instance", staticmethod(lambda: runtime))
    assert folders.connected("open")
    assert not folders.connected("closed")
