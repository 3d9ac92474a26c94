"""A playbook of one's own through every page: a broken one changes nothing, one with a sixth motion is everywhere."""

import re

import pytest
from playwright.sync_api import expect

from motions.playbook.own import template
from tests.browser.conftest import navigate, settle

pytestmark = pytest.mark.long

BROKEN = b"name: Acme\nmotions:\n  chanel:\n    definition: Ours\n"
FILES = {
    "accounts.csv": "account_id,signed_up_on,motion,partner_id\nA1,2025-01-07,Marketplaces,P1\n"
    "A2,2025-01-08,marketplace,P1\nA3,2025-01-09,organic,\nA4,2025-01-09,reseller,P2\n",
    "revenue.csv": "account_id,month,mrr\nA1,2025-01,100\nA2,2025-01,50\nA3,2025-01,20\nA4,2025-01,30\n",
    "partners.csv": "partner_id,motion,recruited_on\nP1,marketplace,2025-01-01\nP2,reseller,2025-01-01\n",
}
NAME = "Marketplaces"


def drop(page, content):
    page.get_by_text("A playbook of your own").click()
    page.locator(".st-key-own_expander [data-testid=stFileUploaderDropzoneInput]").set_input_files(
        [{"name": "mine.yaml", "mimeType": "text/yaml", "buffer": content}]
    )
    page.wait_for_timeout(800)
    settle(page)


def go(page, name):
    navigate(page, name)
    page.wait_for_timeout(600)
    settle(page)


def view(page, name):
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name, exact=True)).first.click()
    page.wait_for_timeout(600)
    settle(page)


def said(page):
    return page.locator("[data-testid=stMain]").inner_text()


def health(page):
    go(page, "Health")
    page.locator("[data-testid=stFileUploaderDropzoneInput]").first.set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in FILES.items()]
    )
    page.locator(".st-key-side").wait_for(timeout=30_000)
    settle(page)


@pytest.mark.proof
def test_a_broken_playbook_changes_nothing_and_a_sixth_motion_is_on_every_page_until_it_is_let_go(server, new_page):
    page = new_page(server + "/compare")
    drop(page, BROKEN)
    expect(page.get_by_text("mine.yaml, line 3, motions.chanel")).to_be_visible()
    assert "With your playbook" not in said(page)
    page.reload()
    page.wait_for_selector("h1")
    settle(page)
    drop(page, template().encode())
    assert "With your playbook: Our playbook" in said(page)
    assert NAME in said(page)
    health(page)
    expect(page.locator(".st-key-side").get_by_text(NAME)).to_be_visible()
    page.locator(".st-key-side").get_by_text(NAME).click()
    settle(page)
    assert f"{NAME}:" in said(page)
    assert NAME.lower() not in page.url.lower()
    go(page, "Choose")
    assert page.locator(f"[data-testid=stExpander]:has-text('{NAME}')").count() > 0  # among those ranked
    view(page, "Roadmap")
    assert "marketplaces from month" in said(page).lower()
    view(page, "Plan")
    page.get_by_role("button", name="Start from an example").click()
    settle(page)
    # A canvas, with its table for readers inside, which comes a moment later.
    expect(page.locator("[data-testid=stDataFrame] canvas").first).to_contain_text(NAME, timeout=15_000)
    go(page, "Simulate")
    page.get_by_role("button", name="Programs").click()
    page.locator(".st-key-sim_shown").get_by_text(NAME).click()
    settle(page)
    page.keyboard.press("Escape")
    page.locator(".st-key-sim_focus").get_by_text(NAME).click()
    settle(page)
    assert f"{NAME}: $" in said(page) or f"{NAME}: −$" in said(page)
    assert NAME.lower() not in page.url.lower()
    page.get_by_role("button", name="Present").click()
    page.get_by_role("link", name="Presentation view").click()
    page.wait_for_url("**/present?**")
    settle(page)
    assert re.match(NAME, page.locator("h1").inner_text())
    page.get_by_role("link", name="Back to Simulate").click()
    settle(page)
    go(page, "Overview")
    assert "With your playbook" in said(page)
    go(page, "Compare")
    page.get_by_role("button", name="Back to the original").click()
    page.wait_for_timeout(1500)
    settle(page)
    for name in ("Compare", "Choose", "Simulate", "Health", "Overview"):
        go(page, name)
        # Files still have the word: then it is asked which motion it is.
        assert NAME not in said(page).replace(f"'{NAME}'", ""), name
        assert "Own motion" not in said(page), name
