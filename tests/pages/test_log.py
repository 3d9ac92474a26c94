"""What the log says of what happens, and that nothing of what was in it is there."""

import json
import logging
import sys

import pytest

from pages._session import loaded, log
from tests.browser.hostile import WORDS
from tests.pages.test_pages import ACCOUNTS, open_page

WITHIN = "Zanzibar"
HOSTILE = [f"{WITHIN}{word}\n" for word in WORDS]


@pytest.fixture
def lines(caplog):
    """The lines of the log so far, taken apart; each may hold what is said here and nothing else."""
    caplog.set_level(logging.INFO, logger="motions.events")

    def said():
        found = [json.loads(one.getMessage()) for one in caplog.records if one.name == "motions.events"]
        known = {"at", "action", "session", "role", "page", "seconds"}
        counts = {"files", "bytes", "rows", "rejected", "from", "kind", "where"}
        assert all(set(one) <= known | counts for one in found), found
        return found

    return said


def test_a_reading_is_a_line_with_who_what_and_how_long(lines):
    app = open_page("files")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    app.get_by_key("remove_files").click().run()
    assert [one["action"] for one in lines()] == ["page", "page", "upload", "read", "removed"]
    assert [one["page"] for one in lines()] == ["overview", *["files"] * 4]
    read = lines()[3]
    assert {key: read[key] for key in ("role", "files", "bytes", "rows", "rejected")} == {
        "role": "operator", "files": 1, "bytes": len(ACCOUNTS), "rows": 1, "rejected": 0,
    }  # fmt: skip
    assert 0 < read["seconds"] < 60
    assert len({one["session"] for one in lines()}) == 1


def test_of_a_hostile_upload_nothing_is_in_the_log(lines, caplog):
    app = open_page("files")
    rows = "".join(
        f'A{at},2025-01-05,affiliate,"{word.strip()}"\n' for at, word in enumerate(HOSTILE) if '"' not in word
    )
    accounts = f"account_id,signed_up_on,motion,segment\n{rows}{WITHIN},{WITHIN},{WITHIN}\n"
    app.get_by_key("upload_0").upload(f"{WITHIN}\n{{}}.csv", accounts.encode()).run()
    assert not app.exception
    app.get_by_key("upload_1").upload(f"{WITHIN}.yaml", f"{WITHIN}: [{WITHIN}]\n".encode()).run()
    app.get_by_key("upload_2").upload(f"{WITHIN}.xlsx", f"PK\x03\x04{WITHIN}".encode()).run()
    assert {"upload", "read", "rejected"} & {one["action"] for one in lines()}
    assert WITHIN not in caplog.text
    assert app.session_state["program_folder"] not in caplog.text


def test_of_a_fault_only_its_kind_and_its_place_are_in_the_log(lines, caplog, monkeypatch):
    def broken(*told, **more):
        raise ValueError(f"could not convert {WITHIN}")

    monkeypatch.setattr(loaded, "load_program", broken)
    app = open_page("files")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    fault = next(one for one in lines() if one["action"] == "failed")
    assert fault["kind"] == "ValueError"
    assert fault["where"].split(" > ")[-1].startswith("test_log.py:")
    assert WITHIN not in caplog.text


def test_of_a_fault_of_a_page_streamlit_writes_no_more():
    try:
        raise KeyError(WITHIN)
    except KeyError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Uncaught app execution", (), sys.exc_info())
    assert log._without_words(record)
    said = logging.Formatter().format(record)
    assert said.startswith("KeyError at test_log.py:")
    assert WITHIN not in said
