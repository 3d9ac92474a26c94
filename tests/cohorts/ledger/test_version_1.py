"""A cohort ledger that was written before version 2 is read as far as it goes.

`ledger_version_1.csv` was written by the command line of 2026-11-25, before the ledger kept months of events, from 24
accounts over 20 months; `ledger_version_1_metrics.csv` are the figures that it gave then.
"""

import csv
from pathlib import Path

from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import health as tables

DATA = Path(__file__).parents[2] / "data"


def test_it_gives_the_figures_that_it_gave_then_and_says_what_it_lacks(load):
    program = load({"ledger.csv": (DATA / "ledger_version_1.csv").read_bytes()})
    assert "version 1" in program.notes[0]
    header, *rows = tables.metrics_csv(program.ledger, m.Settings(as_of=program.ledger.last_month))
    at = {name: header.index(name) for name in ("metric", "group", "value")}
    found = {(str(row[at["metric"]]), str(row[at["group"]])): str(row[at["value"]]) for row in rows}
    with (DATA / "ledger_version_1_metrics.csv").open(encoding="utf-8") as file:
        then = {(row["metric"], row["group"]): row["value"] for row in csv.DictReader(file)}
    assert len(then) == 96
    # It does not say when customers ended, which LTV is read from now.
    lost = {key for key in then if key[0] == "LTV on gross margin"}
    assert {key: found[key] for key in then.keys() - lost} == {key: then[key] for key in then.keys() - lost}
    assert {found[key] for key in lost} == {""}


def test_what_had_happened_by_an_earlier_month_is_not_in_it(load):
    ledger = load({"ledger.csv": (DATA / "ledger_version_1.csv").read_bytes()}).ledger
    earlier = m.Settings(as_of=ledger.last_month - 3)
    assert m.measure(m.BY_ID["mrr"], ledger, earlier, m.ALL).value is not None
    assert m.measure(m.BY_ID["pql_conversion"], ledger, earlier, m.ALL).value is None
