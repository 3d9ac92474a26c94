"""A key press on a slider → the redrawn chart, on the simulator and on a bare app, taken in turns in one browser."""

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.benchmarks.limits import at_most
from tests.browser.conftest import CHROMIUM, FLAGS, ROOT, serving

AIM = 1.8
CHANGES = 40
# Inside the page, so that no driver stands between the key and the clock.
PRESS = """selector => {
  const drawn = () =>
    [...document.querySelectorAll(".js-plotly-plot path.js-line")].map(e => e.getAttribute("d")).join();
  const before = drawn(), asked = performance.now();
  document.querySelector(selector).focus();
  let pressed = null;
  addEventListener("keydown", () => { pressed ??= performance.now(); }, {once: true, capture: true});
  window.measured = (async () => {
    while (performance.now() - asked < 20000) {
      await new Promise(requestAnimationFrame);
      const now = drawn();
      if (pressed !== null && now && now !== before) return performance.now() - pressed;
    }
    return null;
  })();
}"""


def slider(changes=CHANGES):
    if not CHROMIUM:
        print("slider: no Chromium on this machine")
        return
    thumb = "[role=slider], input[type=range]"
    with bare() as floor, bare(WIDGETS="1") as full, serving() as (app, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        addresses = {"bare": floor, "bare with as many widgets": full, "simulator": f"{app}/simulate"}
        pages = {name: opened(browser, address) for name, address in addresses.items()}
        times = {name: [] for name in pages}
        for change in range(changes + 3):
            for name, page in pages.items():
                page.bring_to_front()
                page.evaluate(PRESS, thumb)
                page.keyboard.press("ArrowRight" if change % 20 < 10 else "ArrowLeft")
                taken = page.evaluate("() => window.measured")
                if change >= 3 and taken is not None:
                    times[name].append(taken)
                time.sleep(0.3)
        browser.close()
    middle = {name: statistics.median(values) for name, values in times.items()}
    late = {name: statistics.quantiles(values, n=20)[-1] for name, values in times.items()}
    for name in ("bare", "bare with as many widgets"):
        print(
            f"slider → chart: {at_most(middle['simulator'] / middle[name], f'a {name} app', AIM, limit=4, digits=2)}; "
            f"p50 {middle['simulator']:.0f} against {middle[name]:.0f} ms, p95 {late['simulator']:.0f} against "
            f"{late[name]:.0f} ms, n = {len(times['simulator'])}"
        )


def opened(browser, address):
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_selector(".js-plotly-plot path.js-line", timeout=60_000)
    page.wait_for_timeout(1500)
    return page


@contextlib.contextmanager
def bare(**env):
    """Run the bare app with the configuration of ours."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = Path(__file__).with_name("bare_app.py")
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1),
            ):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
