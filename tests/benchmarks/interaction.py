"""What is computed when a filter or a setting changes, from the ledger of programs of every size."""

import statistics
import tempfile
import time
from pathlib import Path

from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import load_program
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts import verdicts as health
from motions.cohorts.verdicts.rules import default_rules
from tests.benchmarks.ledger import SIZES, TODAY, files

CHANGES = 31


def metrics():
    for accounts in SIZES:
        with tempfile.TemporaryDirectory() as scratch:
            ledger = load_program(files(accounts), Path(scratch), TODAY).ledger
        taken = {"figures": [], "of a segment": [], "partners": []}
        for change in range(CHANGES):
            settings = m.Settings(as_of=ledger.last_month - change % 3, window=(3, 12)[change % 2])
            taken["figures"].append(timed(figures, ledger, settings))
            taken["of a segment"].append(timed(segment, ledger, settings))
            taken["partners"].append(timed(tables.partners, ledger, settings, default_rules().partners))
        said = ", ".join(
            f"{name} {statistics.median(values):.1f} (slowest {max(values):.1f})" for name, values in taken.items()
        )
        print(
            f"{accounts:,} accounts, milliseconds after a change, n = {CHANGES}: {said}; figures are all metrics of "
            f"{len(tables.groups(ledger))} groups with verdicts (aim ≤ 20), partners the table of "
            f"{len(ledger.partners['partner_id']):,} with advice (aim ≤ 50)"
        )


def figures(ledger, settings):
    for metric in m.METRICS:
        for _, group in tables.groups(ledger):
            m.measure(metric, ledger, settings, group)
    health.verdicts(ledger, settings)


def segment(ledger, settings):
    figures(ledger.of(ledger.segments[0], None), settings)


def timed(work, *arguments):
    start = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - start) * 1000
