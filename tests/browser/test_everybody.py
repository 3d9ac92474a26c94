"""Larger letters, less motion, and all that opens: what axe alone does not see, or sees only once it is open."""

from importlib.resources import files

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.browser.test_frame import AXE, OTHERS, PAGES, STREAMLITS, visit

pytestmark = pytest.mark.proof

# Text that is cut off, or stands in what has to be scrolled sideways. A table of the browser's own, whose rows have
# columns to step through, tabs, and a chart, which is redrawn, are not meant.
CUT = """() => [...document.querySelectorAll("[data-testid=stMain] *, [data-testid=stPopoverBody] *")].filter(one => {
    if (one.closest("[data-testid=stPlotlyChart], [data-testid=stDataFrame], [role=tablist]")) return false;
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (style.visibility === "hidden" || box.width < 8 || box.height < 8 || !one.innerText?.trim()) return false;
    return style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 2;
}).map(one => `${one.dataset.testid} ${one.innerText.trim().slice(0, 60)}`)"""
WIDE = """() => document.documentElement.scrollWidth > innerWidth
    || [...document.querySelectorAll("[data-testid=stMain]")].some(one => one.scrollWidth > one.clientWidth)"""
MOVING = """() => [...document.querySelectorAll("*")].filter(one => {
    const style = getComputedStyle(one), long = name => style[name].split(",").some(time => parseFloat(time) > 0.001);
    return long("transitionDuration") || (style.animationName !== "none" && long("animationDuration"))
        || style.scrollBehavior === "smooth";
}).map(one => one.outerHTML.slice(0, 120))"""
# What Streamlit draws around what opens, and no page can change.
OVERLAYS = (*STREAMLITS, "data-floating-ui-portal", 'role="menu"')
FEW = ("/compare", "/simulate")


def at_twice_the_size(page, path):
    visit(page, path)
    return [*page.evaluate(CUT), *(["scrolled both ways"] if page.evaluate(WIDE) else [])]


@pytest.mark.parametrize(
    "paths", [pytest.param(FEW, id="few"), pytest.param((*PAGES, *OTHERS), id="all", marks=pytest.mark.long)]
)
def test_at_200_percent_nothing_is_cut_and_the_answer_comes_first(server, new_page, paths):
    page = new_page(server + paths[0], width=720, height=450)  # 1440 × 900 pixels, each of them twice as large
    found = []
    for path in paths:
        found += [f"{path}: {one}" for one in at_twice_the_size(page, server + path)]
        assert page.locator("h1").bounding_box()["y"] < 225, path
    assert not found, "\n".join(found)


def test_with_letters_twice_as_large_figures_go_on_in_the_next_line(server, new_page):
    page = new_page(server + "/?data=sample")
    page.add_style_tag(content="html {font-size: 30px !important}")
    settle(page)
    cut = page.evaluate(CUT)
    assert page.locator("[data-testid=stMetric]").count() == 6
    assert not cut


def test_whoever_asks_for_less_motion_sees_nothing_move(server, new_page):
    page = new_page(server + "/simulate")
    assert page.evaluate(MOVING)  # Plotly's bar of buttons fades in
    page.emulate_media(reduced_motion="reduce")
    page.get_by_test_id("stPopoverButton").first.click()
    assert page.evaluate(MOVING) == []


def open_all(page):
    """Open what is folded, one after the other, as one may hold others."""
    folded = page.locator("[data-testid=stExpander] details:not([open]) > summary")
    for _ in range(40):
        if not folded.count():
            return
        folded.first.click()
        settle(page)
    raise AssertionError("folded anew each time")


def violations(page, where):
    # A label fades out when the pointer leaves, and is read in that moment as if it were too pale.
    page.mouse.move(1, 1)
    page.wait_for_timeout(400)
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    return [f"{where}: {one}" for one in page.evaluate(AXE) if not any(known in one for known in OVERLAYS)]


def keeps_out(page, path):
    """What axe finds where everything is unfolded, and in each thing that opens over the page."""
    open_all(page)
    found = violations(page, f"{path}, unfolded")
    buttons = page.locator("[data-testid=stPopoverButton], [data-testid=stMenuButton] button")
    for button in buttons.all():
        if button.is_visible():
            name = button.inner_text().split("\n")[0]
            button.click()
            settle(page)
            found += violations(page, f"{path}, {name}")
            page.keyboard.press("Escape")
            settle(page)
    return found


def test_on_the_dark_page_what_was_chosen_is_read_on_its_tint(server, new_page):
    page = new_page(server + "/compare")
    page.emulate_media(color_scheme="dark")
    visit(page, server + "/compare")  # as a label's ink is chosen where the page is made
    page.get_by_role("button", name="Present").click()
    page.get_by_test_id("stMultiSelect").first.wait_for()
    settle(page)
    assert not violations(page, "Present")


REST = "e => Math.round(e.scrollHeight - e.clientHeight - e.scrollTop)"


@pytest.mark.parametrize(
    ("path", "name", "look"),
    [
        ("/compare", "About Ecosystem partnerships", {"scheme": "dark", "width": 390, "height": 844}),
        pytest.param("/health?data=sample&view=Every+metric", "What these figures mean", {}, marks=pytest.mark.long),
    ],
)
def test_what_opens_is_read_to_its_end_and_left_by_keyboard_alone(server, new_page, path, name, look):
    page = new_page(server + path, **look)
    button, body = page.get_by_test_id("stPopoverButton").filter(has_text=name), page.get_by_test_id("stPopoverBody")
    for opens, leaves in (("Enter", "Tab"), ("Space", "Shift+Tab"), ("Enter", "Escape")):
        button.focus()
        page.keyboard.press(opens)
        expect(body).to_be_focused()
        assert body.evaluate(REST) > 100
        page.keyboard.press("End")
        page.wait_for_function(f"() => ({REST})(document.querySelector('[data-testid=stPopoverBody]')) <= 1")
        page.keyboard.press(leaves)
        expect(body).to_have_count(0)
        expect(button).to_be_focused()
    button.click()
    expect(body).to_have_attribute("tabindex", "0")
    expect(button).to_be_focused()  # whoever points is not taken elsewhere
    assert not [one for one in violations(page, path) if "scrollable" in one]


def test_who_tabs_through_a_page_finds_nothing_empty_behind_it(server, new_page):
    page = new_page(f"{server}/glossary")
    page.locator("body").press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") != "motions-end"


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_that_opens_keeps_people_out(server, new_page, scheme):
    page = new_page(server + PAGES[0], scheme=scheme)
    found = []
    for path in (*PAGES, *OTHERS):
        visit(page, server + path)
        found += keeps_out(page, path)
    assert not found, "\n".join(found)
