"""Runs the benchmarks and prints one line for each: figure, aim, and what it was compared with.

`proof` runs those that are ratios, on smaller files; it ends with an error when one of them is beyond its limit.
"""

import os
import platform
import sys

from tests.benchmarks import (
    choice,
    delays,
    forecast,
    hostile,
    interaction,
    ledger,
    limits,
    memory,
    simulator,
    slider,
    start,
    upload,
)

BENCHMARKS = {
    "metrics": interaction.metrics,
    "ledger": ledger.ledger,
    "ordinary": ledger.ordinary,
    "memory": ledger.little_memory,
    "accounting": ledger.accounting,
    "hostile": hostile.hostile,
    "upload": upload.upload,
    "choice": choice.choice,
    "simulator": simulator.simulator,
    "forecast": forecast.forecast,
    "start": start.start,
    "slider": slider.slider,
    "delays": delays.delays,
    "given back": memory.memory_given_back,
}
PROOF = (
    lambda: ledger.ledger((100_000,)),
    lambda: ledger.accounting(100_000),
    choice.choice,
    simulator.simulator,
    lambda: start.start(1),
    lambda: slider.slider(changes=12),
    lambda: delays.delays(("quotes left open",), 100),
    lambda: memory.memory_given_back(600, 12, memory.MOST_OF_FEW),
)


def main(wanted):
    room = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{platform.machine()}, {os.cpu_count()} cores, {room:.0f} GB, Python {platform.python_version()}")
    for run in PROOF if wanted == ["proof"] else [BENCHMARKS[name] for name in wanted or BENCHMARKS]:
        run()
    return limits.BEYOND and "Beyond their limits: " + "; ".join(limits.BEYOND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or 0)
