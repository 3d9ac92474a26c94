"""The table of the segment plan with real keys: nothing that is typed gets lost, whatever is clicked right after it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from motions.economics.inputs.links import from_link as scenario_of
from motions.playbook.plan_files import from_link
from tests.browser.conftest import settle

PLAN = "/choose?choose_view=Plan"
PLACES = {"Segment": 100, "Accounts": 245}
"""in pixels from the left edge of the table"""


def choose(page, row, title):
    """Click a cell; a table takes no click before the mouse was seen above it, and a longer headline moves it down."""
    for act in (page.mouse.move, page.mouse.click):
        box = page.locator("[data-testid=stDataFrame]").bounding_box()
        act(box["x"] + PLACES[title], box["y"] + 35 * row + 17)
        page.wait_for_timeout(400)


def enter(page, *keys):
    """Press keys one after the other; a cell's editor is open before the first letter that goes into it."""
    opened = page.locator("textarea.gdg-input, input.gdg-input").first
    for key in keys:
        if len(key) == 1 and not opened.is_visible():
            page.keyboard.press("Enter")
            opened.wait_for(timeout=10_000)
            page.keyboard.press("Control+A")  # what stands there is replaced
        page.keyboard.press(key)
        page.wait_for_timeout(60)


def planned(page):
    return from_link(parse_qs(urlsplit(page.url).query)["plan"][0]).plan.segments


def test_rows_typed_fast_are_all_there_and_so_is_a_link_to_them(server, new_page):
    page = new_page(server + PLAN)
    wanted = [("Alpha", 1200), ("Beta", 3400), ("Gamma", 560)]
    for number, (name, accounts) in enumerate(wanted, 1):
        choose(page, number, "Segment")
        enter(page, *name, "Tab", *str(accounts), "Tab", "Space", "ArrowRight", "Space")
    settle(page)
    assert [(one.name, one.accounts, one.motions) for one in planned(page)] == [
        (name, accounts, ("ecosystem", "channel")) for name, accounts in wanted
    ]
    other = new_page(page.url)
    assert other.locator("h1").inner_text() == page.locator("h1").inner_text()


@pytest.mark.parametrize("end", [["Enter"], ["Tab"], []], ids=["Enter", "Tab", "nothing"])
def test_what_was_typed_right_before_a_click_goes_to_the_simulator(server, new_page, end):
    page = new_page(server + PLAN)
    page.get_by_role("button", name="Start from an example").click()
    page.get_by_role("button", name="Use these segments in Simulate").wait_for()
    settle(page)
    choose(page, 1, "Accounts")
    enter(page, *"777", *end)
    page.get_by_role("button", name="Use these segments in Simulate").click(delay=90)
    page.wait_for_url("**/simulate?**")
    settle(page)
    assert scenario_of(parse_qs(urlsplit(page.url).query)["s"][0]).segments[0].size == 777
