"""Who may come in, and to what."""

import contextlib
import re
import threading

import pytest
import streamlit as st
from streamlit import config
from streamlit.runtime.secrets import Secrets
from streamlit.testing.v1 import AppTest

from motions.errors import MotionsError
from pages._guard import access, browser, headers, hosts
from pages._guard.access import Access, TrustedHeader, configured, refusal
from pages._session import folders
from tests.conftest import SAMPLE

PROXY = {"header": "X-Forwarded-Email", "proxies": ["172.16.0.0/12"]}
TEAM = {"viewers": ["@example.com"], "operators": ["ann@example.com"]}


def secrets(monkeypatch, **sections):
    monkeypatch.setattr(access.st, "secrets", sections)


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("ann@example.com", "operator"),
        (" ANN@Example.com ", "operator"),
        ("bo@example.com", "viewer"),
        ("bo@sub.example.com", None),
        ("ann@example.com@evil.test", None),
        ("evil.test@ann@example.com", None),
        ("@example.com", None),
        ("example.com", None),
        ("", None),
    ],
)
def test_an_address_is_compared_whole(address, role):
    assert Access(**TEAM).role(address) == role


def test_without_a_word_on_access_this_machine_is_everybodys(monkeypatch):
    secrets(monkeypatch)
    assert configured() is None
    for address, runs in (("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), (None, False)):
        monkeypatch.setattr(access.st, "get_option", lambda _, address=address: address)
        assert (refusal() == "") is runs
        assert hosts.is_this_machine(address) is runs
    secrets(monkeypatch, access=TEAM | PROXY)
    assert refusal() == ""


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"auth": {"client_id": "x"}}, r"\[auth\] but no \[access\]"),
        ({"access": TEAM}, "add \\[auth\\]"),
        ({"access": TEAM | {"header": "X-Email"}}, "go together"),
        ({"access": TEAM | {"proxies": ["10.0.0.0/8"]}}, "go together"),
        ({"access": TEAM | PROXY | {"proxies": ["everywhere"]}}, "proxies"),
        ({"access": TEAM | PROXY | {"header": "X Email\n"}}, "header"),
        ({"access": {"operators": ["ann"]}}, "neither an address"),
        ({"access": {"viewers": ["@x.test"]}}, "operators"),
        ({"access": TEAM | PROXY | {"admins": ["ann@x.test"]}}, "admins"),
    ],
)
def test_what_would_let_anybody_in_is_refused_with_the_repair(monkeypatch, sections, said):
    secrets(monkeypatch, **sections)
    with pytest.raises(MotionsError, match=said):
        configured()
    assert refusal()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[access]\noperators = ann\n", r"not read: .*line 2.* Nobody would have to sign in"),
        (None, "STREAMLIT_SECRETS_FILES names .*, which is not there"),
        (
            PermissionError(13, "Permission denied"),
            r"can't be read by the user with the number \d+, .*Permission denied",
        ),
        ("", ""),
    ],
)
def test_secrets_that_are_not_read_let_nobody_in(monkeypatch, tmp_path, content, said):
    """A server behind a proxy listens to its own machine alone, and would take everybody for an operator."""
    path, opened = tmp_path / "motions.toml", Secrets()
    if isinstance(content, str):
        path.write_text(content, "utf-8")
    elif content:
        monkeypatch.setattr(Secrets, "_parse", lambda self: (_ for _ in ()).throw(content))
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(path))
    said_here, others = {"secrets.files": [str(path)], "server.address": "127.0.0.1"}, config.get_option
    monkeypatch.setattr(config, "get_option", lambda name: said_here.get(name) or others(name))
    monkeypatch.setattr(access.st, "get_option", config.get_option)
    monkeypatch.setattr(access.st, "secrets", opened)
    assert bool(refusal()) is bool(said)
    assert re.search(said, refusal())
    if not content:
        monkeypatch.delenv("STREAMLIT_SECRETS_FILES")
        assert not refusal()  # whoever names none works on a machine of their own


def answered(app, path="/", sent=(), peer="127.0.0.1"):
    """An answer's status and headers. Nothing here waits for anything, so that no loop of events is needed."""
    started = {}

    async def send(message):
        started.update(message if message["type"] == "http.response.start" else {})

    scope = {"type": "http", "method": "GET", "path": path, "headers": list(sent), "client": (peer, 1)}
    with contextlib.suppress(StopIteration):
        app(scope, None, send).send(None)
    return started.get("status"), dict(started.get("headers", ()))


async def says_who(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": scope["headers"]})


@pytest.mark.parametrize(("peer", "kept"), [("172.18.0.2", True), ("10.0.0.1", False), ("testclient", False)])
def test_a_header_is_believed_from_the_proxy_alone(monkeypatch, peer, kept):
    secrets(monkeypatch, access=TEAM | PROXY)
    sent = [(b"X-FORWARDED-email", b"ann@example.com"), (b"host", b"localhost")]
    _, got = answered(TrustedHeader(says_who), sent=sent, peer=peer)
    assert (b"X-FORWARDED-email" in got) is kept
    assert got[b"host"] == b"localhost"


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/app/_stcore/metrics/", "/_stcore/agent/interact"])
def test_what_no_visitor_needs_is_closed(path):
    assert answered(headers.SecurityHeaders(says_who), path)[0] == 404
    assert answered(headers.SecurityHeaders(says_who), "/_stcore/health")[0] == 200


def test_every_answer_says_what_a_browser_is_to_forbid():
    for path in ("/", "/media/x.csv", *headers.CLOSED):
        _, got = answered(headers.SecurityHeaders(says_who), path)
        policy = got[b"content-security-policy"].decode()
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert got[b"x-content-type-options"] == b"nosniff"
        assert b"no-referrer" in got[b"referrer-policy"]


def test_inline_scripts_of_the_front_page_are_allowed_one_by_one():
    page = "<script src='a.js'></script><script>x = 1</script>\n<script type=module>\ny\n</script>"
    assert len(headers._inline_scripts(page)) == 2
    # As `printf 'x = 1' | openssl dgst -sha256 -binary | base64` says.
    assert headers._inline_scripts(page)[0] == "'sha256-j/Q23vFFEoVZmhsa1wgASTuNyv3ikS4aODRWMwVOTCY='"


@pytest.fixture
def opened(monkeypatch):
    """Open a page of the app as the proxy says who somebody is."""
    monkeypatch.setattr(folders, "LAUNCHED", threading.Event())
    folders.LAUNCHED.set()

    def open_as(address, page="overview"):
        app = AppTest.from_file(str(SAMPLE.parent / "dashboard.py"), default_timeout=60)
        app.secrets["access"] = TEAM | PROXY
        monkeypatch.setattr(type(st.context.headers), "get_all", lambda *_: [address] if address else [], raising=False)
        app.run()
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        return app

    return open_as


def test_a_viewer_compares_but_sees_no_files(opened):
    app = opened("bo@example.com", "files")
    assert [one.value for one in app.title] == ["For operators"]
    assert not app.get("file_uploader")
    assert opened("ann@example.com", "files").get("file_uploader")
    assert not any("Nobody signs in" in one.value for one in opened("ann@example.com").caption)


@pytest.mark.parametrize("address", ["bo@evil.test", ""])
def test_a_stranger_sees_nothing(opened, address):
    app = opened(address, "files")
    assert len(app.error) == 1
    assert not app.get("file_uploader")
    assert not app.get("plotly_chart")
    assert not app.get("page_link")


def test_without_the_launcher_no_header_is_believed(opened, monkeypatch):
    monkeypatch.setattr(folders, "LAUNCHED", threading.Event())
    assert "launcher" in opened("ann@example.com").error[0].value


def test_without_the_launcher_a_session_shows_nothing_to_another_browser(monkeypatch):
    """The launcher does not let it come so far: tests/test_isolation.py."""
    here = ["one"]
    monkeypatch.setattr(browser, "_token", lambda cookie: here[0])
    app = AppTest.from_file(str(SAMPLE.parent / "dashboard.py"), default_timeout=60).run()
    assert app.title or app.markdown
    here[0] = "other"
    app.run()
    assert [error.value for error in app.error] == ["This session began in another browser. Open the page anew."]
    assert not [*app.title, *app.markdown, *app.button]
    here[0] = "one"
    assert not app.run().error
