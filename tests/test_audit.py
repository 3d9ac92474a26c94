"""The audit of the locked versions, against a service of the test's own."""

import http.server
import json
import threading

import pytest

from tests import audit
from tests.test_dependencies import ROOT, pinned


class Service(http.server.BaseHTTPRequestHandler):
    """What the database of weaknesses answers: one package is weak, and of another nothing is said when it is mute."""

    weak, mute = "", False

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        assert {one["package"]["ecosystem"] for one in asked} == {"PyPI"}
        found = [{"vulns": [{"id": "PYSEC-1"}]} if one["package"]["name"] == self.weak else {} for one in asked]
        self.answer({"results": found[self.mute :]})

    def do_GET(self):
        spans = [{"ranges": [{"events": [{"introduced": "0"}, {"fixed": "9.1"}]}]}]
        self.answer({"summary": "Too trusting", "affected": spans})

    def answer(self, said):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *said):
        pass


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setattr(Service, "weak", "")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("AUDIT_SERVICE", f"http://127.0.0.1:{server.server_port}")
        yield server
        server.shutdown()


def test_what_is_known_to_be_weak_is_told_with_the_version_that_mends_it(service, monkeypatch, capsys):
    assert audit.main([]) == 0
    assert capsys.readouterr().out.startswith("0 of ")
    monkeypatch.setattr(Service, "weak", "streamlit")
    assert audit.main([]) == 1
    (version,) = pinned("requirements.lock")["streamlit"]
    assert f"streamlit {version}: PYSEC-1: Too trusting; mended in 9.1\n1 of " in capsys.readouterr().out


def test_an_audit_that_is_not_answered_in_full_says_so_and_does_not_pass(service, monkeypatch, capsys):
    monkeypatch.setattr(Service, "mute", True)
    assert audit.main([]) == 2
    assert "Nothing was checked" in capsys.readouterr().out
    service.server_close()
    assert audit.main([]) == 2


@pytest.mark.parametrize("lock", audit.LOCKS)
def test_everything_that_is_locked_is_audited(lock):
    found = audit.locked([ROOT / lock])
    assert {(name, version) for name, versions in pinned(lock).items() for version in versions} == set(found)
