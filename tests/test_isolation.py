"""A second visitor of the same server who tries to come by the first one's files: by every way that leads to it.

What protects them is that a session, its folder, its uploads and its downloads are known by long random words which
nobody else is told. So each test asks for two things: that guessing leads nowhere, and that the words did not come.
"""

import re
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.conftest import serving
from tests.visitor import Visitor

pytestmark = pytest.mark.proof

SECRET = "Zebrafinch-4711"  # noqa: S105
ACCOUNTS = "account_id,signed_up_on,motion,partner_id\n" + "".join(
    f"A{at},2025-{1 + at % 6:02d}-05,affiliate,P1\n" for at in range(40)
)
REVENUE = "account_id,month,mrr\n" + "".join(
    f"A{at},2025-{month:02d},{100 + at}\n" for at in range(40) for month in range(7, 13)
)
FILES = [
    ("accounts.csv", ACCOUNTS.encode()),
    ("revenue.csv", f"{REVENUE}A1,{SECRET},5\n".encode()),
    ("partners.csv", f"partner_id,name,motion,recruited_on\nP1,{SECRET},affiliate,2025-01-01\n".encode()),
    (f"{SECRET}.csv", f"{SECRET},b\n1,2\n".encode()),
]
PAGES = ("", "choose", "compare", "simulate", "health", "partner", "files", "pack", "present", "glossary")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("isolation")
    with serving(env={"TMPDIR": str(folder)}) as (address, _):
        yield address, folder


@pytest.fixture
def owner(server):
    """Who has uploaded files, and looks at their partners."""
    with Visitor(server[0], "health", records=True) as one:
        one.upload(*FILES)
        assert one.all("metric")
        yield one


@pytest.fixture
def stranger(server):
    with Visitor(server[0], "health", records=True) as one:
        yield one


def has(visitor, *words):
    """Which of these words a visitor was sent, in whatever message."""
    sent = b"".join(visitor.received)
    return [word for word in words if word.encode() in sent]


def test_no_page_and_no_address_shows_a_session_what_another_one_has(owner, stranger):
    owner.open("files")
    assert has(owner, SECRET)
    secrets = (SECRET, owner.session, owner.token())
    for query in ("", "data=sample", "data=program&partner=P1&asof=2025-12", f"partner={SECRET}"):
        for page in PAGES:
            stranger.open(page, query)
            assert not stranger.all("exception"), page
    assert has(stranger, *secrets) == ([SECRET] if SECRET in stranger.query else [])


def test_files_of_the_same_names_are_each_sessions_own(owner, stranger):
    """What is kept from one reading to the next does not know a file by its name."""
    other = REVENUE.replace(",1", ",7").encode()
    stranger.upload(("accounts.csv", ACCOUNTS.encode()), ("revenue.csv", other))
    figures = [[metric.body for metric in one.all("metric")] for one in (owner.run(), stranger)]
    assert figures[0] != figures[1]
    assert not has(stranger, SECRET)
    owner.press("Remove my files")
    assert [metric.body for metric in stranger.run().all("metric")] == figures[1]


def made(visitor):
    """The download of rejected rows, as it is named before it is made, and the address where it then is."""
    (button,) = (one for one in visitor.all("download_button") if "rejected rows" in one.label)
    return button.deferred_file_id, visitor.deferred(button.deferred_file_id).deferred_file.url


def test_large_downloads_that_differ_in_one_word_are_each_sessions_own(server):
    """Streamlit names what is larger than 1 MB by its length and three parts of it."""
    with Visitor(server[0], "health") as one, Visitor(server[0], "health") as other:
        both = ((one, "Heron"), (other, "Stork"))
        for visitor, word in both:
            bad = "".join(f"{word if at == 3000 else 'Crane'}{at:040d},soon,5\n" for at in range(8000))
            visitor.upload(("accounts.csv", ACCOUNTS.encode()), ("revenue.csv", f"{REVENUE}{bad}".encode()))
        addresses = [made(visitor)[1] for visitor, _ in both]
        got = [one.ask(address)[1].decode() for address in addresses]
    assert len(got[0]) == len(got[1]) > 1_100_000
    assert [(word in got[0], word in got[1]) for word in ("Heron", "Stork")] == [(True, False), (False, True)]


def test_a_download_is_its_sessions_and_goes_with_the_files(owner, stranger):
    deferred, url = made(owner)
    status, content = owner.ask(url)
    assert (status, SECRET in content.decode()) == (200, True)
    name = re.fullmatch(r"/media/([0-9a-f]{56})\.\w+", url)[1]  # 224 bits that nobody guesses
    assert len(uuid.UUID(deferred).bytes) == 16
    assert not has(stranger, name, deferred)
    front = stranger.ask("/")[1]
    for guess in ("/media/", "/media", url.replace(name, name[::-1]), "/media/..%2f..%2fetc%2fpasswd", "/media/0"):
        status, content = stranger.ask(guess)
        assert SECRET not in content.decode("utf-8", "replace"), guess
        assert status in (400, 404) or content == front, guess
    assert stranger.deferred(uuid.uuid4().hex).error_msg
    owner.press("Remove my files").run()
    assert stranger.ask(url)[0] == 404  # also for who was told it
    assert stranger.deferred(deferred).error_msg


def test_nobody_uploads_to_or_removes_from_another_session(owner, stranger):
    place = owner.place("mine.csv")
    assert f"/{owner.session}/" in place.upload_url
    assert not has(stranger, owner.session, place.file_id)
    for session in (str(uuid.uuid4()), owner.session[:-1] + ("0" if owner.session[-1] != "0" else "1"), "..", "%2e%2e"):
        assert stranger.put(f"/_stcore/upload_file/{session}/{uuid.uuid4()}", "x.csv", b"a") in (400, 404, 405)
    assert stranger.put(place.upload_url, "x.csv", b"a", method="POST") == 405
    assert SECRET.encode() not in stranger.ask(place.upload_url)[1]  # what was sent there can't be asked for
    own, stranger.xsrf = stranger.xsrf, ""
    assert stranger.put(place.upload_url, "x.csv", b"a") == 403  # from a page elsewhere
    stranger.xsrf = own
    before = len(owner.all("metric"))
    assert len(owner.run().all("metric")) == before


def test_a_session_is_resumed_by_its_browser_alone(server, owner):
    """Its id stands in the address of an upload, and so in the log of a proxy."""
    for guess in (owner.session[:-1], owner.session.upper(), str(uuid.uuid4())):
        with Visitor(server[0], "health", session=guess) as other:
            assert other.session != owner.session
            assert not other.all("metric")
    with Visitor(server[0], "health", session=owner.session, records=True) as thief:
        assert thief.session != owner.session
        for page in PAGES:
            thief.open(page)
        assert not thief.all("metric")
        assert not has(thief, SECRET, owner.token())
    assert owner.run().all("metric")  # it was not even sent away
    with Visitor(server[0], "health", session=owner.session, xsrf=owner.xsrf) as again:  # as a browser does
        assert again.session == owner.session
        assert again.all("metric")


def test_the_message_that_brings_a_token_brings_nothing_else(owner, stranger):
    token = owner.token()
    assert len(token) >= 32
    for guess in ("", token[:-1], token.swapcase(), f"../{token}", [token], {"token": token}, None, 10**6 * "x", 7):
        stranger.bring(guess)
        assert not stranger.all("exception")
        assert not stranger.all("metric")
    stranger.run({"program_folder": ("string_value", token), "program": ("json_value", "{}")})
    assert not stranger.all("metric")
    stranger.bring(token)  # of a tab that was duplicated
    assert "at work in another tab" in stranger.text()
    assert not stranger.all("metric")
    assert not has(stranger, SECRET)
    assert owner.run().all("metric")


def test_no_address_leads_to_a_file_on_the_disk(server, owner, stranger):
    spooled = [path for path in server[1].rglob("*.csv") if SECRET in path.read_text()]
    assert spooled
    assert SECRET not in "".join(map(str, spooled))  # the name that came with it is only ever shown
    assert {path.parent.stat().st_mode & 0o777 for path in spooled} == {0o700}
    (part,) = owner.all("bidi_component")
    roots = (
        "/",
        "/static/",
        "/app/static/",
        "/media/",
        "/component/",
        "/_stcore/",
        "/_stcore/bidi-components/motions.tab/",
    )
    assert stranger.ask(f"/_stcore/bidi-components/{part.component_name}/{part.js_source_path}")[0] == 200
    front = stranger.ask("/")[1]
    for root in roots:
        for path in (spooled[0], Path("/etc/passwd")):
            for way in ("..", "%2e%2e", "..%2f..", "%252e%252e", "..%5c.."):
                up = "/".join([way] * 12)
                for asked in (f"{root}{up}{path}", f"{root}{quote(str(path), safe='')}", f"{root}/{path}"):
                    status, content = stranger.ask(asked)
                    assert SECRET.encode() not in content, asked
                    assert status != 200 or content == front, asked
    stranger.upload(("../../../../x.csv", b"a,b\n1,2\n"), (f"{spooled[0]}", b"a,b\n1,2\n"))
    assert {path.parent.parent.parent for path in server[1].rglob("*.csv")} == {server[1]}
    assert SECRET in spooled[0].read_text()
