"""What must hold on every page, and however the app is started."""

from importlib.resources import files
from urllib.parse import quote_plus

import pytest

from pages._simulate import views as simulator
from tests.browser.conftest import serving, settle

VIEWS = ("Retention", "Why it changed", "Revenue", "Acquisition", "Partners", "Every metric", "Data quality")
ALIKE = simulator.GROUPS["Portfolio"][1:]
"""views whose page is built as the first of their group is"""
SIMULATED = tuple(view.name for view in simulator.VIEWS[1:] if view.name not in ALIKE)
CHOICES = ("Readiness", "Roadmap", "Plan")
PAGES = (
    "/?data=sample", "/compare", "/simulate", "/present", "/health?data=sample", "/health", "/files",
    "/partner?data=sample", "/glossary", "/choose", "/pack", "/pack?data=sample",
    *(f"/choose?choose_view={view}" for view in CHOICES),
    *(f"/health?data=sample&view={quote_plus(view)}" for view in VIEWS),
    *(f"/simulate?sim_view={quote_plus(view)}" for view in SIMULATED),
)  # fmt: skip
OTHERS = tuple(f"/simulate?sim_view={quote_plus(view)}&view_load_reseller=5" for view in ALIKE)


def visit(page, address):
    page.goto(address)
    page.wait_for_selector("h1", timeout=30_000)
    settle(page)


@pytest.mark.parametrize(
    "paths", [pytest.param(PAGES, id="all"), pytest.param(OTHERS, id="others", marks=pytest.mark.proof)]
)
def test_every_page_fits_its_screen_and_makes_no_call_to_the_outside(server, new_page, paths):
    page = new_page(server + PAGES[0])
    for path in paths:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="light")
        visit(page, server + path)
        for chart in page.locator("[data-testid=stPlotlyChart]").all():
            assert chart.evaluate("e => !!(e.getAttribute('aria-label') || e.querySelector('[aria-label]'))"), path
        assert fits(page), path
        if "view=" not in path:  # of a page's views the frame is one
            page.set_viewport_size({"width": 1920, "height": 1080})
            settle(page)
            assert fits(page), path
            widest = page.locator("[data-testid=stPlotlyChart]").evaluate_all("all => all.map(e => e.offsetWidth)")
            assert "present" in path or max(widest, default=0) <= 1320, path
        light = background(page)
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
        settle(page)
        assert fits(page), path
        assert background(page) != light, path


BROKEN = """table => {
    const found = [], walk = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode())
        for (const word of node.data.matchAll(/[A-Za-z0-9$,()]+/g)) {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
        }
    return found;
}"""
"""the words of which a part stands in the next line"""


def test_no_word_of_the_simulators_table_is_broken_where_a_window_is_narrow(server, new_page):
    page = new_page(server + "/simulate", width=390, height=844)
    table = page.locator("[data-testid=stTable]").first
    assert table.evaluate(BROKEN) == []
    assert (
        table.locator("> div").evaluate("e => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX") == "auto"
    )
    assert fits(page)


AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .flatMap(found => found.nodes.map(node => `${found.id}: ${node.html.slice(0, 200)}`))"""
# What Streamlit draws itself, and no page can change: the dots of a tile's line, and the place where files are dropped.
STREAMLITS = (
    "_highlighted_points_marks",
    '<section role="presentation" tabindex="-1" data-testid="stFileUploaderDropzone"',
)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_nothing_on_any_page_keeps_people_out(server, new_page, scheme):
    """By the rules of axe-core, which look at names, roles, the order of headings and contrast."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    page = new_page(server + PAGES[0], scheme=scheme)
    found = []
    for path in (*PAGES, *(OTHERS if scheme == "dark" else ())):
        visit(page, server + path)
        page.evaluate(script)
        found += [f"{path}: {one}" for one in page.evaluate(AXE) if not any(known in one for known in STREAMLITS)]
    assert not found, "\n".join(found)


def fits(page):
    """Whether nothing goes over the right edge."""
    return page.evaluate("""() => document.documentElement.scrollWidth <= innerWidth
        && [...document.querySelectorAll("[data-testid=stMain]")].every(e => e.scrollWidth <= e.clientWidth)""")


def background(page):
    return page.locator("[data-testid=stApp]").evaluate("e => getComputedStyle(e).backgroundColor")


@pytest.mark.parametrize("path", ["/simulate", "/health?data=sample"])
def test_the_first_link_that_a_fresh_server_gets_opens_in_the_frame(new_page, path):
    with serving() as (address, _):
        page = new_page(address + path)
        assert page.get_by_role("link", name="Compare").count() > 0
        assert page.locator("[data-testid=stMetric], .st-key-sim_contribution .main-svg").count() > 0
        page.close()  # or it misses the server


def test_started_from_another_folder_the_configuration_is_there(new_page, tmp_path):
    with serving(cwd=tmp_path, script="dashboard.py") as (address, _):
        page = new_page(f"{address}/health")
        assert "500MB" in page.inner_text("[data-testid=stFileUploader]").replace(" ", "")
        assert "without its configuration" not in page.inner_text("body")
        page.close()


def test_a_lost_configuration_stops_the_app_with_the_repair(chromium):
    lost = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true", "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "full"}
    with serving(env=lost, script="dashboard.py") as (address, _):
        page = chromium.new_page()
        page.goto(address)
        page.get_by_text("started without its configuration").wait_for(timeout=30_000)
        assert page.get_by_text("make run").count() == 1
        page.close()
