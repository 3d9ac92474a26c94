"""The choice of a motion: the ranking with everything unknown, as the page opens, cold and warm."""

import subprocess
import sys

from tests.benchmarks.limits import at_most

COLD = """
import time
from motions.playbook import Answers, load_fit, rank
start = time.perf_counter(); load_fit(); read = time.perf_counter() - start
start = time.perf_counter(); found = rank(Answers()); first = time.perf_counter() - start
start = time.perf_counter(); rank(Answers()); again = time.perf_counter() - start
print(read, first, again, found.combinations)
"""


def choice():
    runs = [_cold() for _ in range(3)]
    read, first, again, combinations = min(runs, key=lambda run: run[0] + run[1])
    ratio = at_most(first / read, "reading its rules", 3, limit=10)
    print(
        f"choice with everything unknown ({combinations:,.0f} combinations of answers): {ratio}; {first * 1000:.0f} ms "
        f"after {read * 1000:.0f} ms of reading (aim 150 together), again {again * 1000:.2f} ms"
    )


def _cold():
    done = subprocess.run([sys.executable, "-c", COLD], capture_output=True, check=True)
    return [float(one) for one in done.stdout.split()]
