"""The command line of statements: a month of the replay, partner by partner."""

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from motions.__main__ import main
from motions.economics.inputs.links import to_link
from motions.economics.inputs.scenario import default_scenario
from tests.test_replay import BY_HAND

SAMPLE = Path(__file__).parents[1] / "sample_data"
FILES = [str(SAMPLE / f"{name}.csv") for name in ("accounts", "revenue", "partners", "spend")]
TERMS = ("--terms", to_link(default_scenario()))


def stated(capfdbinary, *more):
    code = main(["statement", *FILES, *TERMS, *more])
    found = capfdbinary.readouterr()
    assert code == 0, found.err
    return found.out


def test_the_samples_affiliates_are_owed_what_they_were_paid(capfdbinary):
    """The sample pays affiliates by the plan of the defaults but for what clawback and rounding by line change."""
    said = stated(capfdbinary, "--month", "2026-08", "--motion", "affiliate", "--format", "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(said)))
    spend = list(csv.DictReader(io.StringIO((SAMPLE / "spend.csv").read_text("utf-8"))))
    paid: dict[str, Decimal] = {}
    for row in spend:
        if row["month"] == "2026-08" and row["kind"] == "payout" and row["motion"] == "affiliate":
            paid[row["partner_id"]] = paid.get(row["partner_id"], Decimal(0)) + Decimal(row["amount"])
    assert {row["partner_id"]: Decimal(row["Really paid"]) for row in rows if row["partner_id"] in paid} == paid
    near = [abs(Decimal(row["New terms"]) - Decimal(row["Really paid"])) <= Decimal("0.05") for row in rows]
    assert sum(near) >= 0.9 * len(near)
    assert {row["from"] for row in rows} == {row["to"] for row in rows} == {"2026-08"}


def test_every_motion_of_the_files_is_stated(capfdbinary):
    found = json.loads(stated(capfdbinary, "--format", "json"))["motions"]
    assert [one["motion"] for one in found] == ["ecosystem", "channel", "referral", "affiliate", "reseller"]
    text = stated(capfdbinary).decode()
    assert all(one["sentence"] in text for one in found)
    assert "New terms, USD" in text
    assert "in 2026-09" in found[0]["sentence"]


def test_what_is_open_of_single_partners_is_asked_where_they_are_stated(tmp_path, capfd):
    """No figure of program health waits for it, but what these partners are owed does."""
    rates = "partner_id,name,motion,recruited_on,Commission rate\nP1,Uno,affiliate,2025-12-01,1\n"
    for name, rows in (BY_HAND | {"partners.csv": rates}).items():
        (tmp_path / name).write_text(rows, "utf-8")
    files = [str(tmp_path / name) for name in BY_HAND]
    assert main(["statement", *files, *TERMS, "--month", "2026-03", "--motion", "affiliate"]) == 2
    found = capfd.readouterr()
    assert "forms.commission_rate: Does column Commission rate hold percents or parts of one" in found.err
    assert "can't be read, or waits for an answer: Uno (P1, line 2): rate '1'. The plan's counts." in found.out
    assert main(["health", *files, "--as-of", "2026-03"]) == 0


@pytest.mark.proof
def test_a_page_to_print_holds_each_partner_the_sums_and_the_terms(tmp_path):
    for name, rows in BY_HAND.items():
        (tmp_path / name).write_text(rows.replace("Uno", "<b>Uno</b>"), "utf-8")
    page, asked = tmp_path / "page.html", ("--month", "2026-03", "--motion", "affiliate", "--format", "html")
    files = [str(tmp_path / name) for name in BY_HAND]
    assert main(["statement", *files, *TERMS, *asked, "--output", str(page)]) == 0
    found = page.read_text("utf-8")
    assert "Partner statement, 2026-03" in found
    assert "would have earned in 2026-03 under" in found
    assert "are owed" not in found
    assert "New terms: 15 % × 12 months." in found
    cells = [re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall("<tr>(.*)</tr>", found)]
    by_name = {row[0]: dict(zip(cells[0], row, strict=True)) for row in cells}
    # 15 % of 99.99 and of 55.55.
    assert [by_name[name]["New terms"] for name in ("&lt;b&gt;Uno&lt;/b&gt;", "Due", "Together")] == [
        "15.00", "8.33", "23.33"
    ]  # fmt: skip
    assert "<script" not in found
    assert "size: A4" in found


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--motion", "affilate"], "Did you mean 'affiliate'?"),
        (["--month", "2031-01"], "nothing to read in that month"),
    ],
)
def test_what_can_not_be_stated_says_why(more, why, capsys):
    assert main(["statement", *FILES, *TERMS, *more]) == 2
    assert why in capsys.readouterr().err


@pytest.mark.proof
def test_a_ledger_has_no_accounts_to_state(tmp_path, capsys):
    ledger = tmp_path / "ledger.csv"
    assert main(["health", *FILES, "--format", "ledger", "--output", str(ledger)]) == 0
    assert main(["statement", str(ledger), *TERMS]) == 2
    assert "needs the rows of accounts" in capsys.readouterr().err
