"""Runs the benchmarks and prints one line for each: figure, aim, and what it was compared with."""

import os
import platform
import sys

from tests.benchmarks import hostile, interaction, ledger, simulator, slider, upload

BENCHMARKS = {
    "metrics": interaction.metrics,
    "ledger": ledger.ledger,
    "memory": ledger.little_memory,
    "accounting": ledger.accounting,
    "hostile": hostile.hostile,
    "upload": upload.upload,
    "simulator": simulator.simulator,
    "slider": slider.slider,
}


def main(wanted):
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}")
    for name in wanted or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
