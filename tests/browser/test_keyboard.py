"""The three main stories by keyboard alone: what has the focus is seen, and Tab, arrows, Space and Enter do it all."""

import pytest
from playwright.sync_api import expect

from motions.economics.inputs.links import to_link
from motions.economics.inputs.scenario import default_scenario
from tests.browser.conftest import ROOT, SAMPLE, figure, in_short, settle

pytestmark = [pytest.mark.proof, pytest.mark.long]

# What has the focus: whether it is what is looked for, whether that is seen, and where it stands.
FOCUSED = """([selector, words]) => {
    const one = document.activeElement, drawn = new Set(["solid", "auto", "dashed", "dotted"]);
    const named = [one.getAttribute("aria-label"), one.innerText, one.closest("label")?.innerText,
        ...[...(one.labels || [])].map(label => label.innerText)].join(" ");
    const ringed = element => {
        const style = getComputedStyle(element);
        return (drawn.has(style.outlineStyle) && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"
            || (element.tagName === "A" && style.backgroundColor !== "rgba(0, 0, 0, 0)");  // a link to a page is tinted
    };
    const around = [one, one.parentElement, one.parentElement?.parentElement, ...one.querySelectorAll("*")];
    return {found: one.matches(selector) && named.includes(words), seen: around.some(e => e && ringed(e)),
        what: `${one.tagName} ${named}`.slice(0, 80)};
}"""


def reach(page, selector, words="", key="Tab", most=90):
    """Press a key until what is looked for has the focus, and look whether everything on the way shows its own."""
    passed = []
    for _ in range(most):
        page.keyboard.press(key)
        found = page.evaluate(FOCUSED, [selector, words])
        passed.append(found["what"])
        if found["found"]:
            assert found["seen"], found["what"]
            return
    raise AssertionError(f"{selector} {words!r} is not reached by {key}: {passed}")


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)
    settle(page)


def test_two_motions_are_compared(server, new_page):
    page = new_page(f"{server}/compare")
    reach(page, ".st-key-motions button", "Ecosystem")
    press(page, "Space")
    for name in ("Referrals", "Affiliates"):
        reach(page, ".st-key-motions button", name, "ArrowRight", most=5)
        press(page, "Space")
    headers = page.locator("[data-testid=stTable]").first.locator("th").all_inner_texts()
    assert headers[1:3] == ["Channels", "Resellers"]
    reach(page, "[data-testid=stTable] button")
    expect(page.get_by_test_id("stTooltipContent")).to_contain_text("Stated in the playbook: ")
    reach(page, "button", "Simulate these", "Shift+Tab")
    press(page, "Enter")
    page.wait_for_selector("h2:has-text('Key levers')", timeout=15_000)


def test_the_margin_is_moved(server, new_page):
    page = new_page(f"{server}/simulate?s={to_link(default_scenario().replace(shown=('channel', 'reseller')))}")
    before = in_short(page, "Channels", "36 months")
    reach(page, ".st-key-sim_channel_margin_margin [role=slider], .st-key-sim_channel_margin_margin input")
    press(page, "ArrowRight", times=5)
    in_short(page, "Channels", "36 months", other_than=before)


def test_files_are_dropped_and_rejected_rows_downloaded(server, new_page, tmp_path):
    page = new_page(f"{server}/health")
    page.on("filechooser", lambda chooser: None)  # or Chromium learns too late that the next one is waited for
    broken = tmp_path / "revenue.csv"
    broken.write_text((ROOT / "sample_data/revenue.csv").read_text("utf-8") + "A0000281,2024-99,12,USD\n", "utf-8")
    reach(page, "button", "Upload")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([*SAMPLE[:1], str(broken)])
    page.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
    settle(page)
    assert figure(page, "PQLs") == "335"
    reach(page, "button", "Your files")
    press(page, "Enter")
    reach(page, "a", "How they were read")
    press(page, "Enter")
    page.get_by_text("Rejected rows", exact=True).wait_for(timeout=30_000)
    settle(page)
    reach(page, "button", "Download all rejected rows")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "rejected-rows.csv"
