"""The first run of the first visitor, of a server that has its imports done before and of one that has not."""

import statistics

from tests.benchmarks.limits import at_most
from tests.browser.conftest import serving
from tests.visitor import Visitor

SERVERS = {"warm": "pages/_server.py", "cold": "dashboard.py"}


def start(rounds=5):
    taken = {name: [] for name in SERVERS}
    for _ in range(rounds):
        for name, script in SERVERS.items():
            with serving(script=script) as (address, _), Visitor(address, "simulate") as visitor:
                taken[name].append(visitor.seconds)
    # The quietest start of each: whatever else the machine does only adds.
    warm, cold = (min(taken[name]) for name in SERVERS)
    print(
        f"first run of the first visitor, on Simulate: {at_most(warm / cold, 'that without warming', 0.3, 0.5, 2)}; "
        f"{warm * 1000:.0f} against {cold * 1000:.0f} ms (median {statistics.median(taken['warm']) * 1000:.0f} and "
        f"{statistics.median(taken['cold']) * 1000:.0f}), n = {rounds}"
    )
