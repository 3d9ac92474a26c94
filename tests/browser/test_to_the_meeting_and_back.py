"""A forecast from a program's own data, and a workbook that goes out, is changed there, and comes in again."""

import io
import re

import openpyxl
import pytest

from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.run import run
from motions.text import money
from tests.browser.conftest import calibrate, in_short, open_view, settle

pytestmark = pytest.mark.long


def test_the_sample_is_forecast_from_who_is_there_and_not_from_defaults(server, new_page):
    page = new_page(f"{server}/simulate?data=sample")
    calibrate(page, "Forecast, and a plan on your months")
    page.get_by_text("No forecast of this program").first.wait_for()
    page.get_by_role("button", name="Set inputs from your data").click()
    settle(page)
    page.get_by_role("button", name="Set these inputs").click()
    settle(page)
    calibrate(page, "Forecast, and a plan on your months")
    said = page.get_by_text(re.compile("MRR: .* expected in .*, after")).first.inner_text()
    low, high, now = (float(one.replace(",", "")) for one in re.findall(r"\$([\d,]+)", said))
    assert low < high
    assert low > now / 2  # it goes on from there
    assert page.get_by_text("No forecast of this program").count() == 0


def test_the_workbook_goes_out_is_changed_and_comes_in_again(server, new_page):
    page = new_page(f"{server}/simulate")
    open_view(page, "Scenarios")
    with page.expect_download() as found:
        page.get_by_role("button", name="Scenarios (Excel)").click()
    book = openpyxl.load_workbook(io.BytesIO(found.value.path().read_bytes()))
    inputs = book["Inputs"]
    (row,) = (row for row in inputs.iter_rows() if row[1].value == "percent_rate")
    cell = next(cell for cell in row[3:] if cell.value == 0.15)
    cell.value = 0.27
    out = io.BytesIO()
    book.save(out)
    before = in_short(page, "Affiliates", "36 months")
    page.locator("[data-testid=stFileUploader] input[type=file]").last.set_input_files(
        {"name": "changed.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}
    )
    after = in_short(page, "Affiliates", "36 months", other_than=before)
    changed = default_scenario().moved("affiliate.payout.percent.rate", 0.27)
    assert after.split("\n")[0] == money(run(changed)["affiliate"].figures["contribution"], "USD")
