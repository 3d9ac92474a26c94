"""Known exports, each with its filters: what comes of a file in which every status occurs."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from motions.cohorts.reading.mapping import PRESETS, read_mappings
from motions.cohorts.reading.recognise import recognise
from motions.errors import FileError
from motions.text import month_name

EXPORTS = Path(__file__).parents[2] / "data" / "presets"
CASES = yaml.safe_load((EXPORTS / "cases.yaml").read_text("utf-8"))
ACCOUNTS = "account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\n"
WRITTEN = 2025 * 12 + 6
"""July 2025: what has no end ran to June"""


def written(name):
    """The files of a program that holds the export: with an account, where nothing else says of one."""
    files = {name: (EXPORTS / f"{name}.csv").read_bytes()}
    return files | ({"a.csv": ACCOUNTS} if {"spend", "paid", "partners"} & {*CASES[name]} else {})


def answered(mapping, name, keys=None):
    for part, key, value in CASES[name].get("answers", []):
        if keys is None or key in keys:
            mapping = mapping.answered(part, key, value)
    return mapping


def open_questions(sources, name):
    return {one.key for file in sources if file.name == name for one in file.questions if one.matters}


def by_month(said):
    return {(month, who): value for month, ways in said.items() for who, value in ways.items()}


def cents(said):
    return {key: round(100 * value) for key, value in said.items()}


SECOND = ("stripe-invoices", "chartmogul-customers", "recurly-invoices", "recurly-accounts", "salesforce-opportunities",
          "firstpromoter-promoters", "tolt-partners")  # fmt: skip
"""Further exports of a vendor: one of each is read in every run of the tests."""
MARKED = [pytest.param(name, marks=pytest.mark.proof) if name in SECOND else name for name in CASES]


@pytest.mark.parametrize("name", MARKED)
def test_an_export_gives_what_its_rows_say(load, tmp_path, name):
    case = CASES[name]
    mapping = answered(recognise(name, EXPORTS / f"{name}.csv", tmp_path).complete(), name)
    program = load(written(name), written=WRITTEN, corrections={name: mapping} if "answers" in case else {})
    assert not open_questions(program.sources, name)
    report = next(file for file in program.files if file.name == name)
    assert report.left_out == case.get("left_out", 0)
    ledger = program.ledger
    for first, wanted in case.get("mrr", {}).items():
        assert month_name(ledger.first_month) == first
        assert ledger.series("closing").sum(axis=0).tolist() == [round(100 * one) for one in wanted]
    if "accounts" in case:
        rows, found = ledger.by_cohort, Counter()
        for cohort, motion, signups in zip(rows["cohort"], rows["motion"], rows["signups"], strict=True):
            found[month_name(int(cohort)), motion] += int(signups)
        assert +found == by_month(case["accounts"])
    if "partners" in case:
        assert sorted(ledger.partners["partner_id"]) == case["partners"]
    if "spend" in case:
        rows = ledger.by_payout
        paid = zip(rows["month"], rows["partner_id"], rows["amount"], strict=True)
        assert {(month_name(int(at)), who): int(amount) for at, who, amount in paid} == cents(by_month(case["spend"]))
    if "paid" in case:
        paid = zip(ledger.by_spend["month"], ledger.by_spend["amount"], strict=True)
        assert {month_name(int(at)): int(amount) for at, amount in paid} == cents(case["paid"])


@pytest.mark.proof
@pytest.mark.parametrize("name", CASES)
def test_an_export_asks_what_its_rows_do_not_say(load, name):
    asked, mapping = set(), None
    while True:
        try:
            found = load(written(name), written=WRITTEN, corrections={name: mapping} if mapping else {})
        except FileError as error:
            found = error
        new = open_questions(found.sources, name)
        if not new - asked:
            break
        asked |= new
        mapping = answered(next(file for file in found.sources if file.name == name).complete(), name, new)
    assert asked == {*CASES[name].get("asks", [])}


VENDORS = ("stripe", "chartmogul", "chargebee", "recurly", "paddle", "salesforce", "hubspot", "woocommerce", "impact",
           "firstpromoter", "tolt")  # fmt: skip


def test_a_preset_says_where_its_columns_are_documented_and_has_an_export_to_prove_it(tmp_path):
    for vendor in VENDORS:
        assert "Looked up 20" in (PRESETS / f"{vendor}.yaml").read_text("utf-8"), vendor
    theirs = {one.name for vendor in VENDORS for one in read_mappings(PRESETS / f"{vendor}.yaml")}
    found = {recognise(name, EXPORTS / f"{name}.csv", tmp_path).found_by for name in CASES}
    assert found == theirs - {"ChartMogul, MRR movements"}  # that one is among the situations
