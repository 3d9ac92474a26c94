"""Scenarios as files: out and in again is the same, what is none says so, formulas say what the values do."""

import io
import tracemalloc
import zipfile
from functools import cache

import openpyxl
import pandas as pd
import pytest
import yaml

from motions.economics.answers.sensitivity import with_swings
from motions.economics.files.exchange import from_file, samples, samples_csv, samples_parquet, to_workbook, to_yaml
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.links import (
    Named,
    _packed,
    _short,
    from_link,
    plain,
    set_from_link,
    set_to_link,
    to_link,
)
from motions.economics.inputs.log import About
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import FlatReward, PayoutPlan, PercentOfRevenue
from motions.economics.model.results import FIGURES
from motions.errors import ScenarioError

HYBRID = PayoutPlan(percent=PercentOfRevenue(tiers="marginal"), flat=FlatReward(), cap_payout=900, clawback="full")
KEPT = (
    Named(name="=As it is", scenario=default_scenario()),
    Named(
        name="Hybrid, 2 segments",
        scenario=with_swings(default_scenario(), "reseller").replace(
            shown=PROGRAMS,
            draws=1000,
            affiliate={**default_scenario().affiliate.model_dump(), "payout": HYBRID.model_dump()},
            segments=[
                {"name": "Small", "size": 4000.0, "motions": ["affiliate", "referral"]},
                {"name": "Large", "size": 300.5, "motions": ["reseller"]},
            ],
        ),
    ),
)


@cache
def a_small_workbook():
    return to_workbook(KEPT[:1])


ABOUT = About(owner="=Dana", notes="First line\nSecond: yes").saying(
    "affiliate.payout.percent.tiers", source="A contract, 2026", confidence="high"
)
WORDED = (KEPT[0], KEPT[1].model_copy(update={"about": ABOUT}))


@pytest.mark.parametrize("write", [to_yaml, to_workbook])
def test_what_is_downloaded_and_loaded_again_is_the_same_with_its_notes(write):
    assert from_file("plans", write(WORDED)) == WORDED


BOTH_SIDES = {
    "margin": {"margin": 0.2, "distributor_margin": 0.1}, "percent": {"paid_in": "credit", "redemption_rate": 0.6},
    "lead": {"paid_in": "credit"}, "share": {"redemption_rate": 0.5, "paid_in": "credit"}, "rebate": {}, "flat": {},
    "friend_share": 0.5,
}  # fmt: skip


@pytest.mark.parametrize("way", ["link", "yaml", "workbook"])
def test_a_distributor_and_credit_for_both_sides_come_back(way):
    scenario = default_scenario().with_program("affiliate", payout=BOTH_SIDES)
    kept = (Named(name="Both", scenario=scenario),)
    ways = {
        "link": lambda: set_from_link(set_to_link(kept)), "yaml": lambda: from_file("p", to_yaml(kept)),
        "workbook": lambda: from_file("p", to_workbook(kept)),
    }  # fmt: skip
    assert ways[way]() == kept


def test_a_link_leaves_out_what_came_later_and_is_not_used_and_reads_credit_of_before():
    payout = {"percent": {}, "lead": {}, "share": {}, "margin": {}, "flat": {"paid_in": "credit"}}
    scenario = default_scenario().with_program("affiliate", payout=payout)
    said = _short(plain(scenario))["affiliate"]["payout"]
    assert not {"friend_share", "paid_in", "redemption_rate", "distributor_margin"} & {
        name for kind in ("percent", "lead", "share", "margin") for name in (*said[kind], *said)
    }
    assert said["flat"]["paid_in"] == "credit"  # which links have had since there are rewards
    assert from_link(to_link(scenario)) == scenario


def test_no_link_carries_what_somebody_wrote():
    assert set_from_link(set_to_link(WORDED)) == KEPT


def test_a_full_set_and_the_current_scenario_come_back():
    kept = tuple(Named(name=f"Plan {at}", scenario=default_scenario()) for at in range(6))
    full = (*kept, Named(name="Current", scenario=KEPT[1].scenario))
    assert from_file("plans", to_yaml(full)) == full


def flat(values, prefix=""):
    """Values as the workbooks of before had them: a key and a value a row."""
    for key, value in values.items() if isinstance(values, dict) else enumerate(values):
        if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", ", ".join(value) if isinstance(value, list) else value


def test_a_workbook_of_before_is_read_too():
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "Inputs"
    sheet.append(["Scenario", "Input", "Value", "Low", "High", "What it is"])
    for one in KEPT:
        values = plain(one.scenario)
        ranges = values.pop("ranges", {})
        for key, value in flat(values):
            sheet.append([one.name, key, value, *ranges.get(key, ())])
    sheet["A2"].value, sheet["A2"].data_type = KEPT[0].name, "s"
    for row in sheet.iter_rows(min_row=2, max_col=1):
        row[0].data_type = "s"
    book.save(out)
    assert from_file("plans.xlsx", out.getvalue()) == KEPT


def test_yaml_is_read_by_people():
    values = yaml.safe_load(to_yaml(KEPT))
    assert values["version"] == 2
    assert values["scenarios"][1]["affiliate"]["payout"]["flat"]["reward"] == 500
    assert values["scenarios"][1]["ranges"]["reseller.conversion_rate"] == [0.12, 0.18]


def changed(**fields):
    values = yaml.safe_load(to_yaml(KEPT[:1]))
    return yaml.safe_dump({**values, **fields}).encode()


def without_inputs():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def only_inputs():
    """The workbook without its other sheets, which take most of the time to read."""
    book, out = openpyxl.load_workbook(io.BytesIO(a_small_workbook())), io.BytesIO()
    for name in set(book.sheetnames) - {"Inputs"}:
        del book[name]
    book.save(out)
    return out.getvalue()


def with_a_wrong_row(column, value):
    """The workbook in which an input of affiliates has another value, or its row another name."""
    book, out = openpyxl.load_workbook(io.BytesIO(only_inputs())), io.BytesIO()
    row = next(row for row in book["Inputs"].iter_rows(min_row=4) if row[1].value == "conversion_rate")
    row[column].value = value
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no file of scenarios"),
        (b"\xff\xfe\x00", "no file of scenarios"),
        (b"a: [", "no file of scenarios"),
        (b"- 1\n- 2\n", "no file of scenarios"),
        (b"&a [*a, *a]", "no file of scenarios"),
        (changed(scenarios=["x"]), "no file of scenarios"),
        (changed(version=9), "version 9"),
        (changed(scenarios=[{"name": "A", "market": {"list_price": -4}}]), "A: Market, List price per month"),
        (changed(scenarios=[{"market": {}}]), "needs a name"),
        (changed(scenarios=[{"name": "A", "market": {}, "affiliat": {}}]), "Did you mean 'affiliate'"),
        (b"x" * 3_000_000, "larger than"),
        (b"PK\x03\x04 nonsense", "can't be opened"),
        (without_inputs(), "no sheet 'Inputs'"),
        (with_a_wrong_row(3, 7), "Affiliates, Lead to customer"),
        (with_a_wrong_row(3, "many"), "Affiliates, Lead to customer"),
        (with_a_wrong_row(1, "conversion_rat"), "row .*no input.*Did you mean 'conversion_rate'"),
        (with_a_wrong_row(1, "market.list_price.deeper"), "no input"),
    ],
)
def test_a_file_that_can_not_be_used_says_why(content, says):
    with pytest.raises(ScenarioError, match=says) as problem:
        from_file("plans.any", content)
    assert str(problem.value).startswith("plans.any: ")


def with_a_part(name, old, new):
    """A workbook in which a piece of one part is another."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_small_workbook())) as book,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as to,
    ):
        for part in book.namelist():
            content = book.read(part)
            to.writestr(part, content.replace(old, new, 1) if part == name else content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "tag", "more"),
    [
        ("xl/worksheets/sheet1.xml", b"</row>", b"<c/>" * 3_000_000),
        ("xl/worksheets/sheet1.xml", b"</row>", b"<c/>" * 150_000),
        ("xl/sharedStrings.xml", b"</sst>", b"<si/>" * 2_000_000),
        ("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 2_000_000),
        ("xl/workbook.xml", b"</sheets>", b"<sheet/>" * 200_000),
        ("docProps/core.xml", b"</cp:coreProperties>", b" " * 30_000_000),
    ],
)
def test_a_small_workbook_that_unpacks_to_much_is_refused_before_it_is_read(part, tag, more):
    content = with_a_part(part, tag, more + tag)
    assert len(content) < 400_000
    tracemalloc.start()
    try:
        with pytest.raises(ScenarioError, match="can't be opened"):
            from_file("plans.xlsx", content)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000  # 2.9 GB without bounds
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("key", ["a." * 20_000 + "b", "ranges", "market", "x" * 30_000])
def test_an_input_that_leads_nowhere_is_said(key):
    with pytest.raises(ScenarioError) as problem:
        from_file("plans.xlsx", with_a_wrong_row(1, key))
    assert len(str(problem.value)) < 500


def test_half_a_letter_in_a_name_is_none_in_a_scenario():
    text = to_yaml(KEPT[:1]).decode().replace("'=As it is'", '"\\ud800 plan"').replace("=As it is", '"\\ud800 plan"')
    assert from_file("plans.yaml", text.encode())[0].name == "\ufffd plan"
    values = [["\ud800 plan", plain(default_scenario())]]
    assert set_from_link(_packed(values))[0].name == "\ufffd plan"


@pytest.mark.proof
def test_draws_as_a_table_have_the_inputs_and_every_figure():
    scenario = KEPT[1].scenario.replace(draws=1000, shown=("reseller", "affiliate"))
    frame = samples(scenario)
    assert len(frame) == 2000
    assert {figure.name for figure in FIGURES} <= set(frame.columns)
    assert frame["reseller.conversion_rate"].between(0, 1).all()
    again = pd.read_parquet(io.BytesIO(samples_parquet(scenario)))
    assert again.equals(frame)
    rows = samples_csv(scenario)
    assert len(rows) == 2001
    assert rows[0] == list(frame.columns)
    assert "nan" not in {str(cell) for row in rows for cell in row}


def test_without_ranges_there_is_one_draw():
    assert list(samples(default_scenario())["draw"]) == [1, 1]
