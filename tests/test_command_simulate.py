"""The command line of scenarios: the figures of the page, from a file, a link or an address."""

import csv
import io
import json
from hashlib import sha256

import pytest

from motions.__main__ import main
from motions.economics.answers.headline import headline
from motions.economics.answers.portfolio import portfolio
from motions.economics.answers.uncertainty import simulate
from motions.economics.files.exchange import from_file, to_yaml
from motions.economics.inputs.links import Named, set_to_link, to_link
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.results import FIGURES
from motions.economics.model.run import run

PLAIN = default_scenario()
RANGED = PLAIN.replace(ranges={"affiliate.payout.percent.rate": (0.1, 0.2)}, draws=1000)


@pytest.fixture
def made(capfdbinary):
    """What a command writes to standard output."""

    def run_command(*arguments):
        code = main(["simulate", *map(str, arguments)])
        found = capfdbinary.readouterr()
        assert code == 0, found.err
        return found.out

    return run_command


def test_text_says_what_the_page_says(made):
    said = made(to_link(RANGED)).decode()
    results = run(RANGED)
    assert headline(results, "affiliate", 36, "USD", simulate(RANGED)) in said
    assert all(one.title.partition(" per 1 ")[0] in said for one in FIGURES)
    assert "Chances for Affiliates: " in said
    assert "1,000 draws, seed 1" in said


def test_json_holds_every_figure_by_its_name_and_the_percentiles_of_draws(made, tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_bytes(to_yaml([Named(name="Before", scenario=PLAIN), Named(name="Ranges", scenario=RANGED)]))
    before, ranged = json.loads(made(file, "--format", "json"))["scenarios"]
    assert [one["name"] for one in (before, ranged)] == ["Before", "Ranges"]
    for program, outcome in run(PLAIN).items():
        found = before["programs"][program]
        assert {name: cell["value"] for name, cell in found.items()} == dict(outcome.figures)
        assert "p50" not in found["contribution"]
    sample = simulate(RANGED)["affiliate"]
    cell = ranged["programs"]["affiliate"]["contribution"]
    assert (cell["p10"], cell["p50"], cell["p90"]) == sample.percentiles("contribution")


def test_json_holds_what_all_programs_come_to_together(made):
    (found,) = json.loads(made(f"?s={to_link(RANGED)}", "--format", "json"))["scenarios"]
    together = found["together"]
    assert together["programs"] == ["affiliate", "reseller", "product_led"]
    assert [len(together[name]) for name in ("months", "quarters", "years")] == [36, 12, 3]
    own = portfolio(RANGED)
    assert [one["arr"]["value"] for one in together["years"]] == own.sums("arr", 12).tolist()
    last = together["quarters"][-1]["contribution"]
    assert (last["p10"], last["p90"]) == own.ends("contribution", 3)[-1]


def test_a_bare_link_may_be_longer_than_any_file_name(made):
    named = [{"name": sha256(bytes([at])).hexdigest()[:40], "size": 9, "motions": ("affiliate",)} for at in range(6)]
    link = to_link(PLAIN.replace(segments=named))
    assert len(link) > 255
    assert b"Affiliates" in made(link)


def test_an_address_brings_what_was_kept_along(made):
    kept = set_to_link([Named(name="Pinned", scenario=PLAIN.with_market(list_price=400.0))])
    address = f"http://127.0.0.1:8501/simulate?s={to_link(PLAIN)}&kept={kept}"
    rows = list(csv.DictReader(io.StringIO(made(address, "--format", "csv").decode("utf-8-sig"))))
    assert {row["scenario"] for row in rows} == {"Pinned", "Current"}
    assert len(rows) == 2 * len(PLAIN.shown) * len(FIGURES)
    assert {row["value"] for row in rows if row["figure"] == "contribution" and row["scenario"] == "Current"} == {
        str(outcome.figures["contribution"]) for outcome in run(PLAIN).values()
    }


def test_the_workbook_comes_in_again_as_the_scenario(made, tmp_path):
    book = tmp_path / "plan.xlsx"
    made(to_link(RANGED), "--format", "xlsx", "--output", book)
    assert from_file("plan.xlsx", book.read_bytes())[0].scenario == RANGED


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("plan.yaml", "is not there"),
        ("http://127.0.0.1/simulate?x=1", "holds no scenario"),
        ("http://127.0.0.1/simulate", "holds no scenario"),
        ("2.nothing", "link"),
    ],
)
def test_what_is_no_scenario_says_so(said, why, capsys):
    assert main(["simulate", said]) == 2
    assert why in capsys.readouterr().err
