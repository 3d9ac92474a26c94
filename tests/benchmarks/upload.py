"""A large upload through the browser, and two at once: how long, how much memory, and who else has to wait."""

import statistics
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.benchmarks.ledger import SIZES, files, memory
from tests.benchmarks.slider import PRESS, bare
from tests.browser.conftest import CHROMIUM, FLAGS, serving

SLIDER = "[role=slider], input[type=range]"


def upload():
    if not CHROMIUM:
        print("upload: no Chromium on this machine")
        return
    paths = [str(path) for _, path in files(SIZES[-1])]
    size = sum(Path(path).stat().st_size for path in paths) / 1e6
    for at_once in (1, 2):
        with bare(WIDGETS="1", UPLOAD="1") as address:
            floor = measured(address, address, "[data-testid=stAlert]", paths, at_once)
        with serving(env={"MALLOC_ARENA_MAX": "1"}) as (address, process):  # as `make run` starts it
            with sync_playwright() as playwright:  # a server in use
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                opened(browser, f"{address}/health?data=sample", "[data-testid=stMetric]")
                opened(browser, f"{address}/simulate", SLIDER)
                browser.close()
            before, watch = memory(process.pid), Watch(process.pid, address)
            pages = f"{address}/health", f"{address}/simulate"
            ours = measured(*pages, "[data-testid=stMetric]", paths, at_once)
            time.sleep(5)
            after, peak, health = memory(process.pid), watch.peak, watch.stop()
        print(
            f"{at_once} upload{'s at once' if at_once > 1 else ''} of {size:.0f} MB: figures after "
            f"{ours.seconds:.1f} s, progress in {ours.steps} steps, {'one waited, ' if ours.waited else ''}"
            f"memory {before:.0f} → peak {peak:.0f} → {after:.0f} MB (aim ≤ {before + 150:.0f}); "
            f"another session's slider {ours.said()} (aim ≤ 1000), the server's health after {health:.0f} ms at worst; "
            f"a bare app that only takes the files: {floor.seconds:.1f} s, its slider {floor.said()}"
        )


@dataclass
class Measured:
    """One upload, or several at once, and what another session had of the server meanwhile, in milliseconds."""

    seconds: float
    steps: int
    waited: bool
    alone: list
    stalls: list

    def said(self):
        middle = statistics.median(self.alone)
        return (
            f"after {statistics.median(self.stalls):.0f} ms, at worst {max(self.stalls):.0f} ms "
            f"(alone {middle:.0f} and {max(self.alone):.0f}; worst {max(self.stalls) / middle:.1f} x)"
        )


def measured(uploader, slider, done, paths, at_once):
    """Upload on a page until `done` is there, and press the slider of another meanwhile."""
    with sync_playwright() as playwright:
        # The other session is somebody else's: a browser that sends 500 MB is slow in all of its pages.
        browser, others = (playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) for _ in range(2))
        pages = [opened(browser, uploader) for _ in range(at_once)]
        other = opened(others, slider, SLIDER)
        alone = [pressed(other, at) for at in range(20)]
        start = time.perf_counter()
        for page in pages:
            page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", paths)
        shares, waited, stalls, ready = [set() for _ in pages], False, [], [None] * at_once
        while not all(ready) and time.perf_counter() - start < 300:
            stalls.append(pressed(other, len(stalls)))
            for at, page in enumerate(pages):
                shares[at] |= set(progress(page))
                waited |= "Waiting" in page.inner_text("[data-testid=stMain]")
                if not ready[at] and page.query_selector(done):
                    ready[at] = time.perf_counter() - start
        browser.close()
        others.close()
    seconds = max(ready) if all(ready) else float("nan")
    return Measured(seconds, min(len(one) for one in shares), waited, alone, stalls)


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
    page.evaluate(PRESS, SLIDER)
    page.keyboard.press("ArrowRight" if change % 20 < 10 else "ArrowLeft")
    taken = page.evaluate("() => window.measured") or 20_000.0
    page.wait_for_timeout(300)  # or the next press is answered together with this one
    return taken


def progress(page):
    """What the progress bars of the upload and of the reading say."""
    script = """() => [...document.querySelectorAll("[role=progressbar], [data-testid=stProgress]")]
        .map(e => (e.getAttribute("aria-valuenow") ?? "") + e.innerText)"""
    return page.evaluate(script)
