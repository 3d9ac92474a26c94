"""A presentation of one's own data, as it is given from a shared screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SAMPLE, navigate, settle

pytestmark = [pytest.mark.proof, pytest.mark.long]


def conclusion(page):
    return page.locator("h1").inner_text()


def test_a_view_of_ones_own_files_is_presented_and_stepped_through_by_keys(server, new_page):
    page = new_page(f"{server}/health", width=1920, height=1080)
    page.locator("input[type=file]").first.set_input_files(SAMPLE)
    page.wait_for_selector(".st-key-health_figures", timeout=60_000)
    settle(page)
    page.get_by_role("tab", name="Retention").click()
    settle(page)
    page.get_by_role("button", name="Present").click()
    page.get_by_role("link", name="Presentation view").click()
    page.wait_for_selector(".st-key-present_chart .main-svg")
    settle(page)
    first = conclusion(page)
    assert "partner customers" in first
    assert page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 40
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 1080
    controls = "input, [role=slider], [role=tab], [data-testid=stBaseButton-secondary]"
    assert page.locator(f"[data-testid=stMain] >> {controls}").count() == 0
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1")).not_to_have_text(first)
    settle(page)
    assert "MRR" in conclusion(page)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("h1")).to_have_text(first)
    settle(page)
    address = page.url
    assert "data" not in address
    assert "sample" not in address
    page.keyboard.press("ArrowRight")  # two in haste are two steps
    page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-present_top")).to_contain_text("Health")
    page.wait_for_url("**Acquisition**")
    settle(page)
    page.get_by_role("link", name="Back to Health").click()
    page.wait_for_selector(".st-key-health_figures")
    navigate(page, "Compare")
    page.wait_for_selector("h2:has-text('What that means')")
    elsewhere = new_page(address)  # the address alone has nothing of the files
    expect(elsewhere.locator("body")).to_contain_text("they stay in the tab that they were loaded in")
    assert elsewhere.locator(".main-svg").count() == 0
