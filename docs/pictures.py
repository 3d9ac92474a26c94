"""The pictures of README.md and of these pages: `make pictures` starts the app, looks at it and stops it again.

It needs Debian's Chromium, or another one that CHROMIUM names. A picture that looks as before is left as it is.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
ANSWERS = "acv-12000~sold-self_serve~satisfied-yes~converts-yes~packaging-yes"
SETTLED = """() => document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]")
    && document.querySelector("h1") && !document.querySelector("[data-testid=stSkeleton]")
    && [...document.querySelectorAll("[data-testid=stPlotlyChart]")].every(e => e.querySelector(".main-svg"))"""


def _files(page: Page) -> None:
    page.get_by_test_id("stTopNavSection").click()
    page.get_by_role("menuitem", name="Your files", exact=True).click()
    page.wait_for_url("**/files*")


SHOTS: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("overview", "/", lambda page: None),
    ("compare", "/compare", lambda page: None),
    ("choose", f"/choose?a={ANSWERS}", lambda page: None),
    ("simulate", "/simulate", lambda page: None),
    ("health", "/health?data=sample", lambda page: None),
    ("files", "/health?data=sample", _files),
)
"""name of the picture, address, and what is done there first"""
ON_A_PHONE = ("simulate",)
PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0 Mobile Safari/537.36"


@contextlib.contextmanager
def _serving() -> Iterator[str]:
    """Run the app on a free port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    run = [sys.executable, "-m", "streamlit", "run", "pages/_server.py", "--server.port", port]
    server = subprocess.Popen(run, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        for _ in range(300):
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1),
            ):
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _settle(page: Page) -> None:
    page.wait_for_function(SETTLED, timeout=60_000)
    page.wait_for_timeout(1500)  # a chart that has just come is drawn once more
    page.wait_for_function(SETTLED, timeout=60_000)


def _take(browser: Browser, address: str, name: str, before: Callable[[Page], None], phone: bool = False) -> None:
    size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    page = browser.new_page(viewport=size, is_mobile=phone, user_agent=PHONE if phone else None)
    page.goto(address)
    _settle(page)
    before(page)
    _settle(page)
    path, picture = PICTURES / f"{name}{'-phone' if phone else ''}.png", page.screenshot()
    if not (path.exists() and _alike(path.read_bytes(), picture)):
        path.write_bytes(picture)
    page.close()


def _alike(before: bytes, now: bytes) -> bool:
    """Whether pictures differ by no more than how the ends of lines were smoothed; one digit is more than that."""
    old, new = (np.asarray(Image.open(BytesIO(one)).convert("RGB"), dtype=int) for one in (before, now))
    return old.shape == new.shape and int((np.abs(old - new).max(axis=-1) > 32).sum()) <= 20


def main() -> None:
    """Take every picture of SHOTS."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("There is no Chromium on this machine: apt-get install chromium, or name one in CHROMIUM.")
    PICTURES.mkdir(exist_ok=True)
    with _serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path, before in SHOTS:
            _take(browser, address + path, name, before)
            if name in ON_A_PHONE:
                _take(browser, address + path, name, before, phone=True)
        browser.close()


if __name__ == "__main__":
    main()
