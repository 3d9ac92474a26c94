"""The session's files, as its owner has them in hand: looked at, corrected, taken away; and what can't be read."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import StopException

from motions import limits
from motions.cohorts.contract import TABLES
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.program import load_program
from motions.cohorts.reading.mapping import KINDS_OF_FILE
from motions.cohorts.tables import health as tables
from motions.text import as_csv
from pages._session import folders, loaded
from pages._session.folders import FOLDERS
from tests.conftest import SAMPLE
from tests.pages.test_pages import ACCOUNTS, open_page, texts

CELLS = {
    "text": "A1", "date": "2025-02-03", "past date": "2025-02-03", "month": "2025-02", "past month": "2025-02",
    "money": "12.50", "positive money": "12.50", "motion": "affiliate", "kind": "payout", "movement": "new",
    "currency": "USD", "status": "counts", "flag": "no", "interval": "month", "count": "1",
    "rate": "20 %", "reward": "50",
}  # fmt: skip
FILES = {
    table.name: f"{','.join(column.name for column in table.columns)}\n"
    f"{','.join(CELLS[column.type] for column in table.columns)}\n"
    for table in TABLES
} | {
    "triangle": "cohort,size,0,1\n2025-01,20,20,18\n2025-02,30,30,\n",
    "a sheet": "Kohorte,Monat 0,Monat 1\n2025-01,20,18\n2025-02,30,\n",
    "other words": "month,amount,kind,motion\n2025-02,5,Lunch,Sideways\n",
    "spend of the sample": (SAMPLE / "spend.csv").read_text("utf-8"),
}  # fmt: skip


def opened(app, name):
    app.session_state[f"file_{tables.digest(name)}"] = True
    app.run()
    assert not app.exception, app.exception[0].message
    return app


SHORT = ("accounts",)
"""kinds that differ most in what is shown; the others are opened where time is"""


@pytest.mark.parametrize(
    "kind",
    [one if one in SHORT else pytest.param(one, marks=pytest.mark.proof) for one in (*FILES, "ledger", "not used")],
)
def test_the_details_of_every_kind_of_file_open(kind, sample_program):
    header, *rows = ledger_rows(sample_program.ledger)
    files = FILES | {"ledger": as_csv(header, rows), "not used": FILES["accounts"]}
    content = files[kind]
    app = open_page("files")
    app.get_by_key("upload_0").upload("x.csv", content if isinstance(content, bytes) else content.encode()).run()
    assert not app.exception, app.exception[0].message
    key = f"map_{tables.digest('x.csv')}_kind"
    shown = opened(app, "x.csv").get_by_key(key)
    assert shown.label == "Each row is"
    if kind in KINDS_OF_FILE and shown.value != kind:  # several kinds have such columns
        shown.select(kind).run()
        assert opened(app, "x.csv").get_by_key(key).value == kind


def test_rows_can_be_left_out_by_the_words_of_any_column_and_taken_back():
    app = open_page("files")
    rows = "".join(f"A{at},2025-02-03,{'test' if at % 2 else 'eu'}\n" for at in range(6))
    app.get_by_key("upload_0").upload("x.csv", f"account_id,signed_up_on,region\n{rows}".encode()).run()
    base = f"map_{tables.digest('x.csv')}"
    opened(app, "x.csv").get_by_key(f"{base}_out_more").select("region").run()
    assert opened(app, "x.csv").get_by_key(f"{base}_out_0").options == ["eu", "test"]
    app.get_by_key(f"{base}_out_0").select("test").run()
    report = loaded_report(app)
    assert (report.accepted, report.left) == (3, (("region", "test", 3, ""),))
    opened(app, "x.csv").get_by_key(f"{base}_out_0").unselect("test").run()
    assert loaded_report(app).accepted == 6


def loaded_report(app):
    assert not app.exception, app.exception[0].message
    return app.session_state["program"].files[0]


def test_what_is_said_of_a_column_called_kind_is_taken_for_the_column():
    app = open_page("files")
    app.get_by_key("upload_0").upload("x.csv", b"month,amount,kind,other\n2025-02,5,payout,sales\n").run()
    base = f"map_{tables.digest('x.csv')}"
    opened(app, "x.csv").get_by_key(f"{base}_column_kind").select("other").run()
    mapping = app.session_state["program_corrections"]["x.csv"]
    assert (mapping.kind, mapping.columns["kind"]) == ("spend", "other")


BAD = b"account_id,month,mrr\nA1,2025-02,9\n"


@pytest.fixture
def crashing(monkeypatch):
    """A file named bad.csv ends every reading in a way that nobody foresaw."""

    def load(files, *args, **more):
        if any(name == "bad.csv" for name, _ in files):
            raise ZeroDivisionError("of all things")
        return load_program(files, *args, **more)

    monkeypatch.setattr(loaded, "load_program", load)


def test_a_file_that_ends_every_reading_can_be_removed_and_the_others_are_still_there(crashing, caplog):
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    app.get_by_key("upload_1").upload("bad.csv", BAD).run()
    assert not app.exception
    assert "bad\\.csv\\: could not be read" in texts(app)
    assert "ZeroDivisionError" in caplog.text  # for an operator
    app.switch_page("pages/files.py").run()
    app.get_by_key("upload_2").upload("r.csv", BAD).run()
    assert not app.exception
    assert "could not be read" in texts(app)
    app.get_by_key("remove_one").select("bad.csv").run()
    assert not app.exception
    assert "could not be read" not in texts(app)
    assert [file.name for file in app.session_state["program"].files] == ["a.csv", "r.csv"]
    assert len(list(FOLDERS.use(app.session_state["program_folder"]).glob("*.csv"))) == 2


def test_the_only_file_when_it_is_bad_can_be_removed_too(crashing):
    app = open_page("health")
    app.get_by_key("upload_0").upload("bad.csv", BAD).run()
    assert "could not be read" in texts(app)
    app.get_by_key("remove_files").click().run()
    assert "could not be read" not in texts(app)
    app.get_by_key("upload_1").upload("a.csv", ACCOUNTS).run()
    assert app.session_state["program"].files[0].accepted == 1


def test_removing_takes_what_belongs_to_the_program_and_no_widget():
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    app.get_by_key("program_cost").set_value(False).run()
    folder = FOLDERS.use(app.session_state["program_folder"])
    app.get_by_key("remove_files").click().run()
    assert not folder.exists()
    assert [key for key in loaded.OWN if key in app.session_state] == []
    assert app.session_state["program_cost"] is False
    assert not app.metric


def test_every_key_of_a_program_is_named_where_it_is_removed():
    keys = set()
    for path in (SAMPLE.parent / "pages").rglob("*.py"):
        source = path.read_text("utf-8")
        keys |= {word for word in source.split('"') if word.startswith("program") and word.isidentifier()}
    assert keys - {"program_cost", "program_in_cpa", "programs"} == set(loaded.OWN)  # a widget, a field, and a word


def test_an_upload_that_cannot_be_kept_is_said_and_what_was_here_stays(monkeypatch):
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    before = app.session_state["program"]

    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    app.get_by_key("upload_1").upload("r.csv", BAD).run()
    assert not app.exception
    assert "could not keep it (No space left on device)" in texts(app)
    assert app.session_state["program"] is before
    monkeypatch.undo()
    app.get_by_key("upload_2").upload("r.csv", BAD).run()
    assert "could not keep it" not in texts(app)


def test_without_a_place_to_write_the_page_says_so(monkeypatch):
    closed = folders.Folders()
    closed.close()
    monkeypatch.setattr(loaded, "FOLDERS", closed)
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    assert not app.exception
    assert "could not keep it" in texts(app)


def test_files_that_are_gone_from_the_server_are_named():
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    for path in FOLDERS.use(app.session_state["program_folder"]).iterdir():
        path.unlink()
    app.get_by_key("upload_1").upload("r.csv", BAD).run()
    assert not app.exception
    assert "a\\.csv\\: no longer on this server\\. Upload it again" in texts(app)
    app.get_by_key("remove_one").select("a.csv").run()
    assert "no longer on this server" not in texts(app)


def test_a_rerun_keeps_the_folder_of_its_session():
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    lease = FOLDERS._leases[app.session_state["program_folder"]]
    lease.used = 0.0
    app.run()
    assert lease.used > 0
    assert lease.session


def limited(monkeypatch, name, most):
    monkeypatch.setattr(limits, name, replace(getattr(limits, name), most=most))


BEYOND = (
    ("FILES", 1, "is one more than the 1 files that a tab may have"),
    ("STORED", 0, "would make it more than the 0 MB that all files of a tab may have"),
    ("DISK", 0, "can't be kept, as this server has no room left for files"),
)


def test_a_file_beyond_a_limit_is_refused_with_the_repair_and_the_others_stay(monkeypatch):
    app = open_page("files")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    for at, (name, most, said) in enumerate(BEYOND, 1):
        with monkeypatch.context() as patched:
            limited(patched, name, most)
            app.get_by_key(f"upload_{at}").upload("b.csv", ACCOUNTS).run()
        assert said in texts(app)
        assert list(app.session_state["program_files"]) == ["a.csv"]
        assert app.session_state["program"].files[0].accepted


def test_a_reading_beyond_its_limit_says_so_and_is_tried_again(monkeypatch):
    limited(monkeypatch, "READING", -1)
    app = open_page("files")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    assert not app.exception
    assert "which is as long as the reading of its files may take here" in texts(app)
    monkeypatch.undo()
    app.get_by_key("read_again").click().run()
    assert app.session_state["program"].files[0].accepted


def test_files_of_more_rows_than_a_program_may_have_are_not_read(monkeypatch):
    limited(monkeypatch, "ROWS", 1)
    app = open_page("files")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    assert "rows; up to 1 are read" in texts(app)


def test_a_reading_that_was_ended_begins_again_when_its_session_is_back(monkeypatch):
    def ended(*told, **more):
        raise StopException

    app = open_page("files")
    with monkeypatch.context() as patched:
        patched.setattr(loaded, "load_program", ended)
        app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    assert "program" not in app.session_state
    app.run()
    assert app.session_state["program"].files[0].accepted
    assert "program_unread" not in app.session_state
