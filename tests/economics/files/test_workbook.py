"""The workbook goes on working: its formulas say what the app says, also after inputs are changed in it."""

import io
import re
import subprocess
import zipfile
from functools import cache

import openpyxl
import pytest

from motions.economics.files.exchange import from_file, to_workbook
from motions.economics.files.planned import planned
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.links import Named
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import (
    Bonus,
    FlatReward,
    LeadReward,
    Milestones,
    PartnerMargin,
    PayoutPlan,
    PercentOfRevenue,
    RevenueShare,
    WholesaleDiscount,
)
from motions.economics.model.results import FIGURES, UNITS
from motions.economics.model.run import run
from motions.names import NAMES

HYBRID = PayoutPlan(
    percent=PercentOfRevenue(duration="taper", months=7, later_months=9, last_rate=0.02, paid_in="credit"),
    flat=FlatReward(paid_in="credit"), lead=LeadReward(paid_in="credit", redemption_rate=0.9),
    share=RevenueShare(months=9), coupon=0.1, coupon_months=4, hold_days=45, payout_fee=0.02,
    override_rate=0.1, marketplace_fee=0.03, payout_day=20, friend_share=0.5,
    payouts_end="with the partnership",
)  # fmt: skip
MARGIN = PayoutPlan(
    margin=PartnerMargin(distributor_margin=0.1),
    share=RevenueShare(paid_in="credit"),
    percent=PercentOfRevenue(duration="lifetime"),
)
PREPAID = PayoutPlan(
    wholesale=WholesaleDiscount(prepaid_months=5, resale_price=1.1, distributor_margin=0.2),
    coupon=0.2,
    coupon_months=3,
    marketplace_fee=0.03,
)
TIERED = PayoutPlan(percent=PercentOfRevenue(tiers="marginal"))


def scenario(plan=HYBRID, **fields):
    found = default_scenario().replace(shown=("affiliate", "sales_led"), direct="sales_led")
    return found.with_program("affiliate", payout=plan.model_dump(), **fields)


def alone(one):
    """The one scenario of a workbook, as it is planned."""
    (written,) = planned([Named(name="Current", scenario=one)])
    return written


def agrees(said, figure, stated):
    """Whether a cell holds what the app says: the same to the cent, or words where the app knows no number."""
    if stated is None:
        return str(said).startswith("not within ") if UNITS[figure] == "months" else said == "unknown"
    return isinstance(said, (int, float)) and said == pytest.approx(stated, rel=1e-9, abs=0.004)


@pytest.mark.parametrize(
    "one",
    [
        scenario(start_month=5, ramp_months=0, expansion_rate=0.01, incrementality=0.5).with_market(months=12),
        scenario(MARGIN, partners_at_start=0, start_month=40).with_market(spread_months=48),
        scenario(PREPAID, customer_churn_rate=1.0, partner_churn_rate=1.0, sales_cycle_months=3),
        scenario(PayoutPlan(), conversion_rate=0.0),
    ],
    ids=["hybrid", "margin", "prepaid", "nobody"],
)
def test_formulas_come_to_what_the_app_says(one):
    written = alone(one)
    for program, outcome in run(one).items():
        said = {figure.name: written.asked(program, figure.name) for figure in FIGURES}
        wrong = [name for name, (_, value) in said.items() if not agrees(value, name, outcome.figures[name])]
        assert not wrong, (program, wrong)
        assert all(formula.startswith("=IF(") for formula, _ in said.values())


def test_what_has_no_formula_is_a_value_and_so_is_what_it_goes_into():
    written = alone(scenario(TIERED))
    assert "single partner" in written.why_values("affiliate")
    assert {written.formula_of("affiliate", figure.name) for figure in FIGURES} == {""}
    # Contribution of sales is its own; blended CAC is of both.
    assert written.formula_of("sales_led", "contribution")
    assert not written.formula_of("sales_led", "blended_cac")
    assert not written.formula_of("sales_led", "cpa_over_cac")
    shared = scenario().replace(segments=[{"name": "All", "size": 500.0, "motions": ["affiliate"]}])
    assert "segments" in alone(shared).why_values("affiliate")
    years = alone(scenario(PayoutPlan()).with_market(prepaid_share=0.3))
    assert "or that prepay or are refunded" in years.why_values("affiliate")
    assert "or that prepay or are refunded" in years.why_values("sales_led")
    by_size = PayoutPlan(percent=PercentOfRevenue(rate_by="deal size"))
    assert "what a customer buys" in alone(scenario(by_size)).why_values("affiliate")
    dated = PayoutPlan(bonus=Bonus(), percent=PercentOfRevenue())
    assert "bonus for the customers of some months" in alone(scenario(dated)).why_values("affiliate")
    assert "single partner" in alone(scenario(PayoutPlan(milestones=Milestones()))).why_values("affiliate")


def test_the_last_scenario_has_formulas_first_and_others_while_there_is_room():
    many = [Named(name=f"Plan {at}", scenario=default_scenario().replace(shown=PROGRAMS)) for at in range(3)]
    assert [len(one.months) for one in planned(many)] == [0, len(PROGRAMS), len(PROGRAMS)]


def named_rows(book):
    return {row[1].value: row for row in book["Inputs"].iter_rows(min_row=4)}


@cache
def hybrid_book():
    return to_workbook([Named(name="=Current", scenario=scenario())])


def test_the_sheets_say_what_is_to_be_changed_and_no_text_is_a_formula():
    book = openpyxl.load_workbook(io.BytesIO(hybrid_book()))
    assert book.sheetnames[:3] == ["Side by side", "Figures", "Inputs"]
    rows = named_rows(book)
    assert rows["name"][3].data_type == "s"
    assert rows["percent_rate"][3].value == scenario().affiliate.payout.percent.rate
    assert rows["percent_rate"][4].value is None  # sales pay no commission
    months = book["Affiliates"]
    assert months.defined_names["percent_rate"].attr_text == f"'Inputs'!$D${rows['percent_rate'][3].row}"
    assert months.print_area == "'Affiliates'!$A$1:$T$40"
    assert {sheet.page_setup.orientation for sheet in book} == {"landscape"}
    assert len(book["Charts"]._charts) == 2


# With LibreOffice: what stands in the cells is worked out by a spreadsheet.

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculated(folder, books):
    """Workbooks by name as LibreOffice writes them once it has worked out every formula anew."""
    (folder / "home" / "user").mkdir(parents=True)
    (folder / "home" / "user" / "registrymodifications.xcu").write_text(SETTINGS)
    for name, content in books.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    said = ["soffice", f"-env:UserInstallation={(folder / 'home').as_uri()}", "--headless", "--convert-to", "xlsx"]
    files = [folder / f"{name}.xlsx" for name in books]
    subprocess.run([*said, "--outdir", folder / "out", *files], check=True, capture_output=True, timeout=300)
    return {name: (folder / "out" / f"{name}.xlsx").read_bytes() for name in books}


INPUTS = "xl/worksheets/sheet3.xml"


def changed(content, **cells):
    """The workbook in which inputs of affiliates, or of the market, are others: as a spreadsheet would write them."""
    out, rows = io.BytesIO(), named_rows(openpyxl.load_workbook(io.BytesIO(content), read_only=True))
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as to:
        for part in book.namelist():
            text = book.read(part)
            for name, value in cells.items() if part == INPUTS else ():
                at, kind = f"D{rows[name][3].row}", "str" if isinstance(value, str) else "n"
                cell = f'<c r="{at}" t="{kind}"><v>{value}</v></c>'
                text, found = re.subn(rf'<c r="{at}"[^>]*>.*?</c>'.encode(), cell.encode(), text)
                assert found == 1, name
            to.writestr(part, text)
    return out.getvalue()


def stated(content, one, program):
    """The figures of a program of a scenario as the sheet has them, by name."""
    rows = list(openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)["Figures"].values)
    top = next(at for at, row in enumerate(rows) if row[0] == one.name)
    column = rows[top + 1].index(NAMES[program])
    return {figure.name: rows[top + 3 + at][column] for at, figure in enumerate(FIGURES)}


def assert_as_in_the_app(content, kept):
    for one in kept:
        for program, outcome in run(one.scenario).items():
            said = stated(content, one, program)
            wrong = {
                name: (value, outcome.figures[name])
                for name, value in said.items()
                if not agrees(value, name, outcome.figures[name])
            }
            assert not wrong, (one.name, program, wrong)


@pytest.mark.proof
def test_a_spreadsheet_works_out_what_the_app_says_also_after_inputs_are_changed_in_it(tmp_path):
    everything = (
        Named(name="Before", scenario=scenario(TIERED)),
        Named(name="Current", scenario=default_scenario().replace(shown=PROGRAMS)),
    )
    margin = to_workbook([Named(name="Current", scenario=scenario(MARGIN))])
    prepaid = to_workbook([Named(name="Current", scenario=scenario(PREPAID))])
    books = {
        "presets": to_workbook(everything),
        "hybrid": changed(
            hybrid_book(), percent_rate=0.33, percent_duration="first payment", payout_hold_days=91, market_months=48,
            customer_churn_rate=0.01, market_list_price=99.5, ramp_months=6, payout_payouts_end="with the customer",
        ),
        "margin": changed(margin, margin_margin=0.1, start_month=9, market_spread_months=12, expansion_rate=0.02),
        "prepaid": changed(prepaid, wholesale_prepaid_months=12, payout_coupon=0, deal_size_factor=2),
        "tiers": changed(hybrid_book(), percent_tiers="whole"),
        "outside": changed(hybrid_book(), conversion_rate=1.5),
    }  # fmt: skip
    found = recalculated(tmp_path, books)
    for name in ("presets", "hybrid", "margin", "prepaid"):
        kept = from_file(name, books[name])
        assert from_file(name, found[name]) == kept
        assert_as_in_the_app(found[name], kept)
    assert from_file("hybrid", found["hybrid"])[0].scenario.affiliate.payout.percent.rate == 0.33
    # What has no formula is not guessed.
    for name in ("tiers", "outside"):
        assert set(stated(found[name], Named(name="=Current", scenario=scenario()), "affiliate").values()) == {
            "not known here: load this file in the app"
        }


@pytest.mark.parametrize(
    ("more", "why"), [({"customers_at_start": 20.0}, "already there"), ({"response": {"leads": 0.3}}, "respond")]
)
def test_what_has_no_formula_is_written_as_values_and_the_inputs_say_who_does_not_follow(more, why):
    one = default_scenario().with_program("affiliate", **more)
    (written,) = planned((Named(name="A", scenario=one),))
    assert why in written.months["affiliate"].why
    assert not written.months["reseller"].why
    assert written.layout.lines[1].title.startswith("Affiliates: values")
