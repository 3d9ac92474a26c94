"""What a reload keeps: whose files a session has, and what it says when it has them no more."""

import pytest
from streamlit.testing.v1 import AppTest

from motions.playbook.own import template
from pages._components import tab
from pages._session import kept, loaded, playbook
from pages._session.folders import FOLDERS
from tests.conftest import SAMPLE
from tests.pages.test_files import ACCOUNTS, texts

ROOT = SAMPLE.parent
OWN = template().encode()


@pytest.fixture
def tabs(monkeypatch):
    """Open pages as sessions of their own; which of them is at work, and which are connected, is said here."""
    connected = set()
    monkeypatch.setattr(FOLDERS, "_connected", connected.__contains__)

    class Tab:
        def __init__(self, name, page="health", token=""):
            self.name, self.token = name, token
            connected.add(name)
            self.app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
            self.run()
            if token:
                self.bring()
            self.app.switch_page(f"pages/{page}.py")
            self.run()

        def run(self):
            monkeypatch.setattr(loaded, "session", lambda: self.name)
            self.app.run()
            assert not self.app.exception, self.app.exception[0].message
            return self

        def bring(self):
            """Do what the component's callback does; AppTest has no components."""
            monkeypatch.setattr(tab, "brought", lambda: self.token)
            with monkeypatch.context() as patched:
                patched.setattr(kept, "_leave_what_is_elsewhere", kept._take_over)
                self.run()

        def upload(self, number=0, name="a.csv", content=ACCOUNTS):
            monkeypatch.setattr(loaded, "session", lambda: self.name)
            self.app.get_by_key(f"upload_{number}").upload(name, content)
            return self.run()

        def close(self):
            connected.discard(self.name)
            return self.app.session_state["program_folder"]

    return Tab


def test_a_reload_takes_over_everything_that_was_made_of_the_files(tabs):
    first = tabs("first").upload()
    before = {key: first.app.session_state[key] for key in loaded.OWN if key in first.app.session_state}
    second = tabs("second", token=first.close())
    assert {key: second.app.session_state[key] for key in before} == before
    assert second.app.session_state["program"] is before["program"]  # nothing is read again
    assert second.app.metric
    assert not [one for one in second.app.get("container") if one.key == "kept_words"]


def test_answers_come_back_too_and_the_files_can_be_read_again(tabs):
    first = tabs("first").upload()
    first.app.session_state["program_complete"] = {24_300}
    first.run()
    second = tabs("second", token=first.close())
    assert second.app.session_state["program_complete"] == {24_300}
    second.upload(0, "b.csv", ACCOUNTS)
    assert list(second.app.session_state["program_files"]) == ["a.csv", "b.csv"]


def test_two_tabs_never_have_the_same_files(tabs):
    first = tabs("first").upload()
    token = first.app.session_state["program_folder"]
    copy = tabs("copy", token=token)
    assert "program" not in copy.app.session_state
    assert "at work in another tab" in texts(copy.app)
    first.close()
    reloaded = tabs("reloaded", token=token)
    assert "program" in reloaded.app.session_state
    first.run()  # it was only offline
    assert "program" not in first.app.session_state
    assert "at work in another tab" in texts(first.app)
    reloaded.run()
    assert "program" in reloaded.app.session_state


def test_another_browser_has_nothing_without_the_token(tabs):
    first = tabs("first").upload()
    token = first.close()
    for guess in ("", token[:-1], token.swapcase(), "../" + token):
        other = tabs(f"other{guess}", token=guess)
        assert "program" not in other.app.session_state
        assert not other.app.metric


def test_a_token_that_nobody_knows_is_said_until_it_is_closed(tabs):
    lost = tabs("lost", token="of-a-server-before")  # noqa: S106
    assert "no longer on this server" in texts(lost.app)
    lost.app.get_by_key("kept_close").click()
    lost.run()
    assert "no longer on this server" not in texts(lost.app)
    lost.upload()
    assert lost.app.metric


def test_files_that_were_removed_are_gone_for_the_tab_too(tabs):
    first = tabs("first").upload()
    token = first.app.session_state["program_folder"]
    first.app.get_by_key("remove_files").click()
    first.run()
    assert "no longer on this server" in texts(tabs("second", token=token).app)


@pytest.mark.parametrize("page", ["overview", "choose", "compare", "simulate", "health", "files", "glossary"])
def test_every_page_names_the_sample_in_its_address(tabs, page):
    opened = tabs("one")
    opened.app.query_params["data"] = "sample"
    opened.app.switch_page(f"pages/{page}.py")
    opened.run()
    opened.app.query_params.clear()  # a link without it
    opened.app.switch_page(f"pages/{page}.py")
    opened.run()
    assert opened.app.query_params["data"] == "sample"
    opened.app.switch_page("pages/health.py")
    opened.run()
    opened.upload()
    assert "data" not in opened.app.query_params  # it is the user's own now


def test_a_playbook_of_ones_own_outlasts_a_reload_as_files_do(tabs, monkeypatch):
    first = tabs("first", "compare")
    monkeypatch.setattr(loaded, "session", lambda: "first")
    first.app.get_by_key("own_file_0").upload("own.yaml", OWN)
    first.run().run()
    assert first.app.session_state["own_playbook"].line
    second = tabs("second", "compare", token=first.close())
    assert playbook.KEPT[0] in second.app.session_state
    assert second.app.session_state["own_playbook"].line == first.app.session_state["own_playbook"].line
