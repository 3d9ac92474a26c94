"""A running server and Debian's Chromium. Where there is no Chromium the tests are skipped and say so."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[2]
SAMPLE = [str(ROOT / "sample_data" / f"{name}.csv") for name in ("accounts", "revenue", "partners", "spend")]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def serving(cwd=ROOT, env=(), port=0, script="pages/_server.py"):
    """Run the app on a free port, or on this one; yields its address and process."""
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / script), "--server.port", str(port)]
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **dict(env)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                break
            time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def server():
    with serving() as (address, _):
        yield address


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts(chromium):
    """A context for each colour scheme: a new one would fetch and compile the front end again, 2 s each time."""
    opened = {}

    def of(scheme):
        if scheme not in opened:
            opened[scheme] = chromium.new_context(color_scheme=scheme)
        return opened[scheme]

    return of


@pytest.fixture
def new_page(contexts):
    """Open pages, each a session of its own; every request and console error is watched."""
    pages = []
    outside, errors = [], []

    def open_page(address, width=1440, height=900, scheme="light"):
        page = contexts(scheme).new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.on("request", lambda request: outside.append(request.url) if not local(request.url) else None)
        page.on("websocket", lambda socket: outside.append(socket.url) if not local(socket.url) else None)
        page.on("console", lambda message: errors.append(message.text) if worrying(message) else None)
        page.goto(address)
        page.wait_for_selector("h1", timeout=30_000)
        settle(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not outside, f"asked of the outside: {outside}"
    assert not errors, f"console errors: {errors}"


def local(url):
    return url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))


def worrying(message):
    # At /page Streamlit first looks for its own addresses below /page, and is told 404.
    return message.type == "error" and "_stcore" not in (message.location or {}).get("url", "")


SETTLED = """() => document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]")
    && !document.querySelector("[data-testid=stSkeleton]")
    && [...document.querySelectorAll("[data-testid=stPlotlyChart]")].every(e => e.querySelector(".main-svg"))"""


def settle(page):
    """Wait until the script has run and what it shows is drawn."""
    for _ in range(2):
        page.wait_for_function(SETTLED, timeout=60_000)
        page.wait_for_timeout(250)
    assert not page.query_selector("[data-testid=stException]"), page.inner_text("[data-testid=stException]")


def figure(page, label, other_than=None):
    """A figure's text; `other_than` waits until it has changed."""
    tile = page.locator("[data-testid=stMetric]", has=page.get_by_text(label, exact=True)).first
    value = tile.locator("[data-testid=stMetricValue]")
    if other_than is not None:
        expect(value).not_to_have_text(other_than, timeout=20_000)
        settle(page)
    return value.inner_text()


def in_short(page, program, title, other_than=None):
    """A figure of a program in the simulator's compact table; `other_than` waits until it has changed."""
    table = page.locator("[data-testid=stTable]").first
    at = table.locator("th").all_inner_texts().index(title)
    cell = table.locator("tr", has=page.get_by_text(program)).locator("td").nth(at)
    if other_than is not None:
        expect(cell).not_to_have_text(other_than, timeout=20_000)
        settle(page)
    return cell.inner_text()


def open_view(page, group, name=""):
    """Open a view of the simulator by its group."""
    page.locator(".st-key-view_group").get_by_text(group, exact=True).first.click()
    settle(page)
    if name:
        page.locator(f".st-key-view_of_{group}").get_by_text(name, exact=True).first.click()
        settle(page)


def calibrate(page, name):
    """Open a view of the menu of calibration."""
    page.locator(".st-key-view_calibrate button").first.click()
    page.get_by_text(name, exact=True).first.click()
    settle(page)


def press(page, key_class, key, times=1):
    page.locator(f".st-key-{key_class} [role=slider], .st-key-{key_class} input[type=range]").first.focus()
    for _ in range(times):
        page.keyboard.press(key)
    settle(page)


def navigate(page, name):
    """Open a page by the navigation; some stand in its menu."""
    link = page.get_by_role("link", name=name, exact=True).first
    if not link.is_visible():
        page.get_by_text("More", exact=True).first.click()
        link = page.get_by_role("menuitem", name=name, exact=True)
    link.click()
