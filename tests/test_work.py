"""Work that nobody wants any more ends: the engine's, that of a process, draws and lines; and who says so."""

import os
import sys
import time
from types import SimpleNamespace

import duckdb
import pytest
from streamlit.runtime.scriptrunner import StopException

from motions import limits, work
from motions.cohorts import program
from motions.cohorts.reading import opened, records
from motions.economics.answers.uncertainty import in_blocks
from motions.errors import LimitError
from pages._session import wanted
from tests.conftest import TODAY

LONG = "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(3_000) b"
"""half a minute of the engine's"""


class GoneError(Exception):
    pass


@pytest.fixture
def gone(monkeypatch):
    """Work that is wanted until `gone()` is called."""
    said = []
    monkeypatch.setattr(work, "_asked", [lambda: lambda: said[0] if said else None])
    monkeypatch.setattr(work, "OFTEN", 0.02)
    return lambda: said.append(GoneError())


def test_the_engine_is_interrupted_and_what_is_raised_says_why(gone, monkeypatch):
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    started = time.monotonic()
    gone()
    with pytest.raises(GoneError), work.ended_by(con.interrupt):
        con.execute(LONG).fetchall()
    assert time.monotonic() - started < 5
    assert con.execute("SELECT 1").fetchall() == [(1,)]


def test_a_reading_is_interrupted_in_the_middle_of_a_question(gone, monkeypatch, tmp_path):
    def forever(tables, *told):
        gone()
        tables.con.execute(LONG).fetchall()

    monkeypatch.setattr(program, "read_tables", forever)
    path = tmp_path / "a.csv"
    path.write_text("account_id,signed_up_on\nA1,2025-01-05\n")
    with pytest.raises(GoneError):
        program.load_program([("a.csv", path)], tmp_path, TODAY)


def test_a_fault_of_work_that_is_wanted_stays_what_it_is(gone):
    with pytest.raises(ZeroDivisionError), work.ended_by(gone):
        raise ZeroDivisionError
    with work.ended_by(gone):
        time.sleep(0.1)
    work.go_on()  # nobody ended it


def test_the_process_that_opens_workbooks_is_ended(gone, tmp_path):
    source = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    began = tmp_path / "pid"
    work_asked = work._asked[0]

    def when_begun():
        if began.exists() and began.read_text():
            gone()
        return work_asked()()

    work._asked[:] = [lambda: when_begun]
    started = time.monotonic()
    with pytest.raises(GoneError):
        opened._ran("x.xlsx", [sys.executable, "-c", source])
    assert time.monotonic() - started < 30
    with pytest.raises(ProcessLookupError):
        os.kill(int(began.read_text()), 0)


def test_draws_stop_between_two_blocks(gone):
    ran = []

    def block(here):
        ran.append(here)
        gone()
        time.sleep(0.02)

    with pytest.raises(GoneError):
        in_blocks(100_000, block)
    assert 0 < len(ran) < 40 / 2


def test_a_file_that_is_taken_apart_line_by_line_stops(gone, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n" + "1,2\n" * 60_000)
    gone()
    with pytest.raises(GoneError):
        records.split_records("x.csv", path, ",", ("a", "b"), tmp_path / "clean.csv")


def test_a_session_that_has_gone_or_takes_too_long_ends_its_work_and_a_download_has_none(monkeypatch):
    monkeypatch.setattr(wanted, "get_script_run_ctx", lambda **more: None)
    assert wanted.of_session() is None
    monkeypatch.setattr(wanted, "get_script_run_ctx", lambda **more: SimpleNamespace(session_id="a"))
    monkeypatch.setattr(wanted.Runtime, "exists", staticmethod(lambda: True))
    there = {"a"}
    monkeypatch.setattr(wanted, "connected", there.__contains__)
    with wanted.within(limits.RUN):
        check = wanted.of_session()
        assert check() is None
        monkeypatch.setattr(wanted.time, "monotonic", lambda: time.perf_counter() + 1e9)
        assert isinstance(check(), LimitError)
        assert "120 seconds, which is as long as the work behind one click may take" in str(check())
        there.clear()
        assert isinstance(check(), StopException)
    there.add("a")
    assert wanted.of_session()() is None  # outside nothing is bounded
