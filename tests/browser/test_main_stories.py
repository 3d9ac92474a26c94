"""What the app is for, once each: motions compared, a program simulated, a program's own files read."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from motions.economics.inputs.links import to_link
from motions.economics.inputs.scenario import default_scenario
from tests.browser.conftest import ROOT, SAMPLE, figure, in_short, press, settle

pytestmark = pytest.mark.main


def test_two_motions_are_compared_and_the_link_shared(server, new_page):
    page = new_page(f"{server}/compare")
    for name in ("Ecosystem", "Referrals", "Affiliates"):
        page.locator(".st-key-motions").get_by_role("button", name=name).click()
        settle(page)
    headers = page.locator("[data-testid=stTable]").first.locator("th").all_inner_texts()
    assert headers[1:3] == ["Channels", "Resellers"]
    other = new_page(page.url)
    other.wait_for_selector("[data-testid=stTable]")
    assert other.locator("[data-testid=stTable]").first.locator("th").all_inner_texts() == headers
    assert "Resellers" in other.locator("[data-testid=stPlotlyChart]").first.inner_text()


def test_the_margin_is_moved_and_the_contribution_changes(server, new_page):
    page = new_page(f"{server}/simulate?s={to_link(default_scenario().replace(shown=('channel', 'reseller')))}")
    before = in_short(page, "Channels", "36 months")
    press(page, "sim_channel_margin_margin", "ArrowRight", times=5)
    after = in_short(page, "Channels", "36 months", other_than=before)
    other = new_page(page.url)
    assert in_short(other, "Channels", "36 months") == after
    assert other.locator(".st-key-sim_channel_margin_margin").get_by_text("45", exact=True).count()


def test_four_files_give_six_metrics_and_a_broken_one_says_why(server, new_page, tmp_path):
    page = new_page(f"{server}/health")
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", SAMPLE)
    page.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
    settle(page)
    figures = {label: figure(page, label) for label in ("NRR", "Effective CPA", "MRR", "Activation rate", "PQLs")}
    figures["Active partners"] = figure(page, "Active partners")
    assert figures == {
        "NRR": "91.6 %",
        "Effective CPA": "$964",
        "MRR": "$207k",
        "Activation rate": "59.1 %",
        "PQLs": "335",
        "Active partners": "44.1 %",
    }
    assert "fictional" not in page.inner_text("[data-testid=stMain]")  # these are the user's own now
    broken = tmp_path / "revenue.csv"
    lines = (ROOT / "sample_data/revenue.csv").read_text("utf-8").splitlines()
    broken.write_text("\n".join([*lines[:50], "A0000281,2024-99,12,USD", *lines[50:]]) + "\n", "utf-8")
    workbook = tmp_path / "accounts.csv"
    workbook.write_bytes(b"PK\x03\x04 a workbook")
    page.get_by_text("Your files: add, replace, remove").click()
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", [str(broken)])
    page.get_by_text("Rejected: 1 of").wait_for(timeout=30_000)  # without a click
    settle(page)
    expect(page.get_by_role("button", name="Download all rejected rows (CSV)")).to_be_in_viewport()
    assert figure(page, "NRR") == "91.6 %"
    if not page.get_by_text("How they were read, and rejected rows").is_visible():
        page.get_by_text("Your files: add, replace, remove").click()
    page.get_by_text("How they were read, and rejected rows").click()
    page.get_by_text("Rejected rows", exact=True).wait_for(timeout=30_000)
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all rejected rows (CSV)").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert '"revenue.csv",51,"month","2024-99"' in text
    assert '"A0000281,2024-99,12,USD"' in text
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", [str(workbook)])
    page.get_by_text("accounts.csv: can't be unpacked").first.wait_for(timeout=30_000)
    settle(page)
    page.get_by_role("link", name="Health", exact=True).first.click()
    page.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
    assert figure(page, "NRR", other_than="91.6 %") == "unknown"
