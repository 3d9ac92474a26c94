"""What a server's memory grows by over thousands of reruns and hundreds of uploads: `make soak` measures by it too."""

import time
from itertools import cycle, islice
from pathlib import Path

from tests.benchmarks.ledger import memory
from tests.benchmarks.limits import must
from tests.browser.conftest import SAMPLE, serving
from tests.visitor import Visitor

FILES = [(Path(path).name, Path(path)) for path in SAMPLE]
MOST = 50
"""megabytes that may be added over 10,000 reruns and 200 uploads"""
MOST_OF_FEW = 35
"""megabytes over 600 reruns and 12 uploads: a plateau moves by 15, so 60 kB a rerun show, not less"""
ENV = {"MALLOC_ARENA_MAX": "1", "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "5"}
"""as `make run` starts it; sessions that were left go soon, as they do on a server of a team all day"""
PAGES = (
    ("simulate", ""),
    ("simulate", "sim_view=Ranges"),
    ("health", "data=sample"),
    ("simulate", ""),
    ("choose", ""),
    ("simulate", ""),
    ("compare", ""),
    ("", "data=sample"),
)
"""pages that are run in turn, each by a tab of its own"""


def memory_given_back(reruns=10_000, uploads=200, most=MOST):
    """Print what a server grows by, after it has once done all that it does then."""
    with serving(env=ENV) as (address, process):
        rerun(address, 40 * len(PAGES))
        upload(address, 8)
        before = settled(process.pid)
        started = time.perf_counter()
        rerun(address, reruns)
        between = settled(process.pid)
        upload(address, uploads)
        after = settled(process.pid)
    figures = (
        f"memory over {reruns:,} reruns and {uploads} uploads in {time.perf_counter() - started:.0f} s: "
        f"{before:.0f} → {between:.0f} → {after:.0f} MB, {after - before:+.0f} MB"
    )
    print(must(after - before <= most, f"{figures} (aim ≤ {most})", f"{figures}, MORE THAN {most}"), flush=True)
    return after - before


def rerun(address, times):
    """Run pages again and again, a few tabs of each in turn; where there is a slider, it moves."""
    tabs = [Visitor(address, page, query) for page, query in PAGES]
    for visitor in islice(cycle(tabs), times):
        visitor.move() if visitor.has("slider") else visitor.run()
    for visitor in tabs:
        visitor.close()
        if visitor.faults:
            raise AssertionError(visitor.faults)


def upload(address, times):
    """Have the sample's files uploaded and read in so many sessions, one after the other, and remove every second's."""
    for number in range(times):
        with Visitor(address, "files") as visitor:
            visitor.upload(*FILES)
            if visitor.faults or not visitor.has("button", "Remove my files"):
                raise AssertionError(visitor.faults or visitor.said)
            if number % 2:
                visitor.press("Remove my files")


def settled(pid):
    """The megabytes of a server that has had a moment to let go of what nobody uses: the least of some seconds."""
    least = memory(pid)
    for _ in range(5):
        time.sleep(1)
        least = min(least, memory(pid))
    return least
