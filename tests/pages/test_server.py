"""The launcher: under which names it answers, what it has ready, and what it leaves behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pages import _ui
from pages._guard import hosts
from pages._session import folders
from tests.conftest import SAMPLE
from tests.test_architecture import imports
from tests.visitor import Visitor

ROOT = SAMPLE.parent
STREAMLIT = (sys.executable, "-m", "streamlit", "run")
SCRIPTS = {"make run": "pages/_server.py", "without": "dashboard.py"}


@contextlib.contextmanager
def started(how, folder, **env):
    """Start the app on a free port with a temporary folder of its own; yields its port, process and log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "TMPDIR": str(folder), "STREAMLIT_SERVER_PORT": str(port), **env}
    log = folder.with_suffix(".log")
    with log.open("w") as out:
        process = subprocess.Popen((*STREAMLIT, SCRIPTS[how]), cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in range(200):
            if answers(port):
                break
            time.sleep(0.1)
        yield port, process, log
    finally:
        process.kill()
        process.wait(10)


def answers(port):
    try:
        return asked(port, "/_stcore/health").status == 200
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def asked(port, path, host=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host} if host else {})
    return urllib.request.urlopen(request, timeout=5)


def session_begins(port, host):
    """Whether a page under a host name can open a session: it asks with the same name as its origin."""
    with socket.create_connection(("127.0.0.1", port)) as wire:
        try:
            with connect(f"ws://{host}/_stcore/stream", sock=wire, origin=f"http://{host}", subprotocols=["streamlit"]):
                return True
        except InvalidStatus as refused:
            return refused.response.status_code != 403


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    with started("make run", tmp_path_factory.mktemp("server")) as (port, _, log):
        yield port, log


def test_a_foreign_host_opens_no_session_and_is_told_nothing(launched):
    port, _ = launched
    for path in ("/", "/_stcore/health", "/health", "/media/x"):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            asked(port, path, f"evil.test:{port}")
    assert not session_begins(port, f"evil.test:{port}")
    assert not session_begins(port, f"127.0.0.1.evil.test:{port}")


def test_this_machine_is_served_under_each_of_its_names(launched):
    port, log = launched
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert asked(port, "/", f"{host}:{port}").status == 200
        assert session_begins(port, f"{host}:{port}")
    assert "Started without its launcher" not in log.read_text("utf-8")


def test_the_names_are_configured(tmp_path):
    with started("make run", tmp_path, STREAMLIT_SERVER_ALLOWED_HOSTS="motions.corp.test") as (port, _, _):
        assert asked(port, "/", "motions.corp.test").status == 200
        assert session_begins(port, "motions.corp.test")
        assert not session_begins(port, f"localhost:{port}")


def test_without_the_launcher_a_foreign_host_opens_no_session_either(tmp_path):
    with started("without", tmp_path) as (port, _, _):
        assert not session_begins(port, f"evil.test:{port}")
        assert session_begins(port, f"localhost:{port}")


@pytest.mark.parametrize(
    ("host", "allowed", "answer"),
    [
        ("localhost", hosts.LOCAL, True),
        ("LOCALHOST.:80", hosts.LOCAL, True),
        ("[::1]:8501", hosts.LOCAL, True),
        ("127.0.0.1", hosts.LOCAL, True),
        ("", hosts.LOCAL, False),
        ("evil.test", hosts.LOCAL, False),
        ("localhost.evil.test", hosts.LOCAL, False),
        ("localhost@evil.test", hosts.LOCAL, False),
        ("[::1", hosts.LOCAL, False),
        ("a.corp.test", ["*.corp.test"], True),
        ("corp.test", ["*.corp.test"], False),
        ("evilcorp.test", ["*.corp.test"], False),
        ("anything", ["*"], True),
        ("", ["*"], False),
    ],
)
def test_a_host_is_compared_whole(host, allowed, answer):
    assert hosts.is_allowed(host, allowed) is answer


@pytest.mark.parametrize("how", ["make run", "without"])
def test_told_to_stop_with_somebody_there_it_ends_and_leaves_nothing(how, tmp_path):
    with started(how, tmp_path) as (port, process, _), socket.create_connection(("127.0.0.1", port)) as wire:
        connect(f"ws://localhost:{port}/_stcore/stream", sock=wire, subprotocols=["streamlit"])
        assert bool(list(tmp_path.iterdir())) == (how != "without")
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    assert not list(tmp_path.iterdir())


def test_a_temporary_folder_that_cannot_be_written_to_is_said_when_the_server_starts(tmp_path):
    with started("make run", tmp_path, TMPDIR="/nowhere/to/be/found") as (_, _, log):
        assert "TMPDIR is /nowhere/to/be/found, where nothing can be written" in log.read_text("utf-8")


@pytest.mark.proof
def test_more_uploads_at_once_than_a_tab_or_the_server_may_have_are_refused(tmp_path):
    """Each is held in memory until a page takes it, which these tabs never let it do."""
    env = {"MOTIONS_SESSION_MB": "2", "MOTIONS_UPLOADS_MB": "3"}
    million = b"x" * 1_000_000
    with started("make run", tmp_path, **env) as (port, _, log):
        tabs = [Visitor(f"http://127.0.0.1:{port}", "files") for _ in range(3)]
        for tab, fits in ((0, True), (0, False), (1, True), (2, False)):
            refused = pytest.raises(OSError, match="503") if not fits else contextlib.nullcontext()
            with refused:
                tabs[tab].sent(("a.csv", million))
        for tab in tabs:
            tab.close()
        assert log.read_text("utf-8").count('"action": "limit"') == 2


def test_started_without_its_launcher_the_app_works_and_says_what_it_lacks_once(caplog):
    _ui._say_what_is_missing.cache_clear()
    for _ in range(2):
        _ui.require_configuration()
    assert caplog.text.count("Started without its launcher") == 1
    assert "make run" in caplog.text


def test_a_launched_app_says_nothing(caplog, monkeypatch):
    _ui._say_what_is_missing.cache_clear()
    monkeypatch.setattr(folders, "LAUNCHED", folders.threading.Event())
    folders.LAUNCHED.set()
    _ui.require_configuration()
    assert not caplog.text


def test_the_imports_of_the_pages_are_warm():
    """What every page imports is loaded with what the launcher names, so that nobody waits for it."""
    imported = {
        name
        for page in (ROOT / "pages").glob("[a-z]*.py")
        for name in imports(page)
        if (ROOT / name.replace(".", "/")).with_suffix(".py").exists()
    }
    assert "pages._ui" in imported
    source = (
        "import importlib, sys\n"
        "from pages import _server\n"
        "for name in _server._WARM: importlib.import_module(name)\n"
        f"print(*[name for name in {sorted(imported)} if name not in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not done.stdout.split()


def test_files_of_pages_are_nobody_elses_modules():
    source = (
        "import pages._server, sys; import importlib.util; sys.exit(importlib.util.find_spec('overview') is not None)"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'pages'}{os.pathsep}{ROOT}"}
    subprocess.run([sys.executable, "-c", source], cwd=ROOT, env=environment, check=True)
