"""One journey: a deal goes along, Back goes back, and a reload loses nothing that can be kept."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SAMPLE, figure, navigate, open_view, press, serving, settle

pytestmark = pytest.mark.long

KEPT = "sessionStorage.getItem('motions-files')"
# The heading of a page that answers is its answer: it is known by what only it has.
OF_ITS_OWN = {
    "Simulate": "h2:has-text('Key levers')",
    "Compare": ".st-key-compare_simulate",
    "Glossary": "h1:has-text('What each word means')",
}


def opened(page, name):
    page.wait_for_selector(OF_ITS_OWN.get(name, f"h1:has-text({name!r})"), timeout=15_000)
    settle(page)


def fill(page, key, value):
    field = page.locator(f".st-key-{key} input").first
    field.fill(value)
    field.press("Enter")
    page.wait_for_timeout(400)
    settle(page)


def selected(page):
    return page.locator("[role=tab][aria-selected=true]").all_inner_texts()


def reload(page):
    page.reload()
    page.wait_for_selector("h1", timeout=30_000)
    page.wait_for_timeout(500)
    settle(page)


def upload(page):
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", SAMPLE)
    page.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
    settle(page)


def test_a_price_goes_to_the_simulator_and_comes_back(server, new_page):
    page = new_page(f"{server}/compare")
    fill(page, "price", "300")
    page.locator(".st-key-compare_simulate button").click()
    opened(page, "Simulate")
    price = page.locator(".st-key-sim_market_list_price input").first
    assert price.input_value() == "300"
    fill(page, "sim_market_list_price", "410")
    page.get_by_role("button", name="Compare this deal").click()
    opened(page, "Compare")
    assert page.locator(".st-key-price input").first.input_value() == "410"
    assert "price=410" in page.url


def test_back_goes_to_the_former_page_as_it_was_left(server, new_page):
    page = new_page(f"{server}/compare")
    fill(page, "price", "300")
    page.locator(".st-key-compare_simulate button").click()
    opened(page, "Simulate")
    page.locator(".st-key-sim_focus").get_by_text("Affiliates").click()
    settle(page)
    press(page, "sim_affiliate_percent_rate", "ArrowRight", times=4)
    open_view(page, "Result", "Customer cost")
    simulated = page.url
    navigate(page, "Glossary")
    opened(page, "Glossary")
    page.go_back()
    opened(page, "Simulate")
    assert page.url == simulated
    expect(page.locator(".st-key-sim_cost")).to_be_visible(timeout=15_000)
    page.go_back()
    opened(page, "Compare")
    assert "price=300" in page.url
    assert page.locator(".st-key-price input").first.input_value() == "300"
    page.go_forward()
    opened(page, "Simulate")
    assert page.url == simulated
    for _ in range(2):
        page.go_back()
    page.wait_for_url("about:blank")


def test_what_is_open_stays_over_a_reload_and_when_a_page_is_left(server, new_page):
    page = new_page(f"{server}/simulate")
    page.locator(".st-key-sim_focus").get_by_text("Resellers").click()
    settle(page)
    open_view(page, "Risk", "Sensitivity")
    page.locator(".st-key-view_sense").get_by_text("Spider").click()
    settle(page)
    page.get_by_text("All inputs", exact=True).click()
    settle(page)
    page.get_by_role("tab", name="Customers", exact=True).click()
    settle(page)

    def as_left():
        expect(page.locator(".st-key-sim_reseller_customer_churn_rate")).to_be_visible(timeout=15_000)
        assert selected(page) == ["Customers"]
        expect(page.locator(".st-key-sense_Spider")).to_be_visible(timeout=15_000)

    as_left()
    reload(page)
    as_left()
    navigate(page, "Choose")
    page.wait_for_selector(".st-key-choose_view")
    settle(page)
    navigate(page, "Simulate")
    opened(page, "Simulate")
    as_left()


def test_the_sample_stays_on_every_page_over_a_reload(server, new_page):
    page = new_page(f"{server}/health")
    page.get_by_role("button", name="Use the sample program").click()
    page.wait_for_selector("[data-testid=stMetric]")
    for name in ("Overview", "Compare", "Your files", "Glossary", "Simulate", "Health"):
        navigate(page, name)
        page.wait_for_timeout(400)
        settle(page)
        expect(page).to_have_url(re.compile("data=sample"))
        reload(page)
    assert page.locator("[data-testid=stMetric]").count()


def test_uploaded_files_outlast_a_reload_and_are_nobody_elses(new_page, chromium, tmp_path):
    with serving(env={"TMPDIR": str(tmp_path)}) as (address, _):
        page = new_page(f"{address}/health")
        upload(page)
        page.get_by_role("tab", name="Partners").click()
        settle(page)
        mrr, token = figure(page, "MRR"), page.evaluate(KEPT)
        reload(page)
        page.wait_for_selector("[data-testid=stMetric]", timeout=15_000)
        settle(page)
        assert (figure(page, "MRR"), selected(page)) == (mrr, ["Partners"])
        assert page.evaluate(KEPT) == token
        assert len(token) >= 32
        assert token not in page.url
        assert len(list(tmp_path.glob("motions-*/*/"))) == 1

        other = new_page(page.url)  # of the same browser
        assert not other.locator("[data-testid=stMetric]").count()
        assert not other.evaluate(KEPT)
        with chromium.new_context() as elsewhere:
            stranger = elsewhere.new_page()
            stranger.goto(page.url)
            stranger.wait_for_selector("h1")
            settle(stranger)
            assert not stranger.locator("[data-testid=stMetric]").count()

        other.evaluate("token => sessionStorage.setItem('motions-files', token)", token)  # a tab that was duplicated
        reload(other)
        other.get_by_text("at work in another tab").wait_for(timeout=15_000)
        assert not other.locator("[data-testid=stMetric]").count()
        page.close()
        reload(other)
        other.wait_for_selector("[data-testid=stMetric]", timeout=15_000)
        settle(other)
        other.get_by_text("Your files: add, replace, remove").click()
        other.get_by_role("button", name="Remove my files").click()
        other.wait_for_selector("[data-testid=stMetric]", state="detached", timeout=30_000)
        settle(other)
        assert not other.evaluate(KEPT)
        assert not list(tmp_path.glob("motions-*/*/"))
        reload(other)
        assert not other.get_by_text("no longer on this server").count()  # nobody wonders where they are
        other.close()


def test_a_short_loss_of_connection_loses_nothing(server, new_page):
    page, wires = new_page(f"{server}/glossary"), []

    def through(wire):
        wires.append((wire, wire.connect_to_server()))

    page.route_web_socket(re.compile("_stcore/stream"), through)
    page.goto(f"{server}/health")
    page.wait_for_selector("h1")
    settle(page)
    upload(page)
    mrr = figure(page, "MRR")
    for end in wires[0]:
        end.close()
    for _ in range(100):
        if len(wires) > 1:
            break
        page.wait_for_timeout(100)
    assert len(wires) == 2
    page.wait_for_timeout(500)
    page.get_by_role("tab", name="Partners").click()
    page.wait_for_selector(".st-key-partner_table", timeout=15_000)
    settle(page)
    assert figure(page, "MRR") == mrr


def test_after_a_restart_of_the_server_it_says_that_files_are_gone_once(chromium):
    with serving() as (address, first), chromium.new_context() as context:
        page = context.new_page()  # its console may say that the server was away
        page.goto(f"{address}/health")
        page.wait_for_selector("h1", timeout=30_000)
        settle(page)
        upload(page)
        first.terminate()
        first.wait(20)
        with serving(port=int(address.rsplit(":", 1)[1])):
            reload(page)
            page.get_by_text("no longer on this server").wait_for(timeout=15_000)
            page.get_by_role("link", name="Your files").first.click()
            opened(page, "Your files")
            page.get_by_role("button", name="Close", exact=True).click()
            page.wait_for_selector("text=no longer on this server", state="detached")
            reload(page)
            assert not page.get_by_text("no longer on this server").count()


def test_an_edit_outlasts_a_restart_of_the_server_without_a_reload(chromium):
    """The address holds it. The first move after the restart may be shown as not made, and never as made and lost."""
    connected = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
    with serving() as (address, first), chromium.new_context() as context:
        page = context.new_page()  # its console may say that the server was away
        page.goto(f"{address}/simulate")
        page.wait_for_selector("h1", timeout=30_000)
        settle(page)
        lever = page.locator(".st-key-sim_affiliate_percent_rate input[type=range]").first
        press(page, "sim_affiliate_percent_rate", "ArrowRight", times=4)
        edited, address_then = lever.input_value(), page.url
        first.terminate()
        first.wait(20)
        page.wait_for_selector(connected, state="detached", timeout=30_000)
        with serving(port=int(address.rsplit(":", 1)[1])):
            page.wait_for_selector(connected, timeout=60_000)
            settle(page)
            assert (lever.input_value(), page.url) == (edited, address_then)
            for _ in range(2):
                press(page, "sim_affiliate_percent_rate", "ArrowRight")
                page.wait_for_timeout(1_000)
            shown = lever.input_value()
            assert float(shown) > float(edited)
            reload(page)
            assert lever.input_value() == shown


def test_a_number_that_cannot_count_is_said_beside_its_field(server, new_page):
    page = new_page(f"{server}/compare?price=7000000&term=999")
    said = page.get_by_text("Not allowed. What counts")
    assert said.all_inner_texts() == [
        "Not allowed. What counts: $500. Allowed: $1 to $1.00M.",
        "Not allowed. What counts: 24 months. Allowed: 1 month to 60 months.",
    ]
    fill(page, "price", "300")
    press(page, "term", "ArrowRight")
    expect(said).to_have_count(0)
    fill(page, "price", "")
    expect(page.locator("[data-testid=stMarkdown]", has_text="Empty. What counts: $500.")).to_be_visible()
