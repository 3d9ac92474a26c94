"""A large upload through the browser, and two at once: how long, how much memory, and who else has to wait."""

import threading
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.benchmarks.ledger import SIZES, files, memory
from tests.benchmarks.slider import PRESS
from tests.browser.conftest import CHROMIUM, FLAGS, serving


def upload():
    if not CHROMIUM:
        print("upload: no Chromium on this machine")
        return
    paths = [str(path) for _, path in files(SIZES[-1])]
    size = sum(Path(path).stat().st_size for path in paths) / 1e6
    for at_once in (1, 2):
        # As `make run` starts it.
        with serving(env={"MALLOC_ARENA_MAX": "1"}) as (address, process), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            pages = [opened(browser, f"{address}/health") for _ in range(at_once)]
            opened(browser, f"{address}/health?data=sample", "[data-testid=stMetric]").close()  # a server in use
            other = opened(browser, f"{address}/simulate", "[role=slider], input[type=range]")
            alone = sorted(pressed(other, at) for at in range(20))
            before = memory(process.pid)
            watch = Watch(process.pid, address)
            start = time.perf_counter()
            for page in pages:
                page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", paths)
            shares, waited, stalls, done = [set() for _ in pages], False, [], [None] * at_once
            while not all(done) and time.perf_counter() - start < 300:
                stalls.append(pressed(other, len(stalls)))
                for at, page in enumerate(pages):
                    shares[at] |= set(progress(page))
                    waited |= "Waiting" in page.inner_text("[data-testid=stMain]")
                    if not done[at] and page.query_selector("[data-testid=stMetric]"):
                        done[at] = time.perf_counter() - start
            seconds = max(done) if all(done) else float("nan")
            time.sleep(5)
            after, peak, health = memory(process.pid), watch.peak, watch.stop()
            browser.close()
        print(
            f"{at_once} upload{'s at once' if at_once > 1 else ''} of {size:.0f} MB: figures after {seconds:.1f} s, "
            f"progress in {min(len(one) for one in shares)} steps, {'one waited, ' if waited else ''}memory "
            f"{before:.0f} → peak {peak:.0f} → {after:.0f} MB (aim ≤ {before + 150:.0f}); another session's slider "
            f"answered after {sorted(stalls)[len(stalls) // 2]:.0f} ms, at worst {max(stalls):.0f} ms (aim ≤ 1000; "
            f"alone {alone[len(alone) // 2]:.0f} and {alone[-1]:.0f}: {max(stalls) / alone[len(alone) // 2]:.1f} x), "
            f"the server's health after {health:.0f} ms at worst"
        )


class Watch:
    """Looks at the server's memory and answers every 50 ms, in a thread of its own."""

    def __init__(self, pid, address):
        self.pid, self.address, self.peak, self.slowest, self.on = pid, address, 0.0, 0.0, True
        self.thread = threading.Thread(target=self.look)
        self.thread.start()

    def look(self):
        while self.on:
            start = time.perf_counter()
            urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=60).read()
            self.slowest = max(self.slowest, (time.perf_counter() - start) * 1000)
            self.peak = max(self.peak, memory(self.pid))
            time.sleep(0.05)

    def stop(self):
        self.on = False
        self.thread.join()
        return self.slowest


def opened(browser, address, wait="[data-testid=stFileUploaderDropzoneInput]"):
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_selector(wait, state="attached", timeout=60_000)
    page.wait_for_timeout(1500)
    return page


def pressed(page, change):
    """Press a key on the simulator's slider: milliseconds until its chart is redrawn."""
    page.evaluate(PRESS, "[role=slider], input[type=range]")
    page.keyboard.press("ArrowRight" if change % 20 < 10 else "ArrowLeft")
    taken = page.evaluate("() => window.measured") or 20_000.0
    page.wait_for_timeout(300)  # or the next press is answered together with this one
    return taken


def progress(page):
    """What the progress bars of the upload and of the reading say."""
    script = """() => [...document.querySelectorAll("[role=progressbar], [data-testid=stProgress]")]
        .map(e => (e.getAttribute("aria-valuenow") ?? "") + e.innerText)"""
    return page.evaluate(script)
