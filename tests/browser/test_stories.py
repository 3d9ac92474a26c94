"""Programs simulated, as a user lives it."""

import pytest

from motions.economics.answers.sensitivity import with_swings
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.links import to_link
from motions.economics.inputs.scenario import default_scenario
from motions.names import offered
from tests import shapes
from tests.browser.conftest import calibrate, figure, in_short, navigate, open_view, press, settle

PHONE = (
    "Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
)
RATE = "sim_affiliate_percent_rate"


def test_goal_seek_finds_the_commission_and_sets_it(server, new_page):
    page = new_page(f"{server}/simulate")
    before = in_short(page, "Affiliates", "A customer costs")
    open_view(page, "Risk", "Goal seek")
    page.wait_for_selector("text=Up to 82.1 % commission a customer costs less than blended CAC")
    page.get_by_role("button", name="Set it to 82.1 %").click()
    after = in_short(page, "Affiliates", "A customer costs", other_than=before)
    assert "as blended CAC" in after
    assert "\n82." in page.inner_text(f".st-key-{RATE}")


def test_scenarios_are_kept_and_compared_by_a_link(server, new_page):
    page = new_page(f"{server}/simulate")
    page.locator(".st-key-view_ranges label").first.click()
    page.wait_for_selector("text=Chances for Affiliates")
    open_view(page, "Scenarios")
    page.get_by_label("Name", exact=True).fill("As it is")
    page.get_by_label("Name", exact=True).press("Enter")
    settle(page)
    page.get_by_role("button", name="Keep the current scenario").click()
    page.wait_for_selector("text=As it is (pinned)")
    press(page, RATE, "ArrowRight", times=5)
    page.wait_for_selector("[data-testid=stTable] >> text=Current")
    settle(page)
    table = page.locator("[data-testid=stTable]").last.inner_text()
    assert "pinned" in table
    assert "−$" in table
    other = new_page(page.url)  # the view stands in the address too
    assert other.locator("[data-testid=stTable]").last.inner_text() == table
    open_view(other, "Scenarios", "Why they differ")
    assert other.get_by_text("Commission (Affiliates)").count()  # the explanation names what was changed


def test_a_program_calibrates_the_simulator_and_replays_its_payouts(server, new_page):
    page = new_page(f"{server}/simulate")
    before = in_short(page, "Affiliates", "36 months")
    calibrate(page, "From your own data")
    page.get_by_role("button", name="Use the sample program").click()
    page.wait_for_selector("text=inputs from your data")
    settle(page)
    page.get_by_role("button", name="Set these inputs").click()
    in_short(page, "Affiliates", "36 months", other_than=before)
    page.wait_for_selector("text=Chances for Affiliates")
    calibrate(page, "Replay payouts on your accounts")
    page.wait_for_selector(".st-key-own_replay .main-svg")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download partners (CSV)").click()
    assert download.value.suggested_filename == "replay.csv"


def test_the_presentation_is_large_and_has_no_controls(server, new_page):
    page = new_page(f"{server}/simulate")
    contribution = in_short(page, "Affiliates", "36 months")
    page.get_by_role("button", name="Present").click()
    page.get_by_role("link", name="Presentation view").click()
    page.wait_for_selector("text=Back to Simulate")
    settle(page)
    assert page.locator("h1").count() == 1
    large = page.locator("[data-testid=stHtml] p")
    assert contribution in large.first.inner_text()
    assert large.first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 35
    controls = "input, [role=slider], [role=tab], [data-testid=stBaseButton-secondary]"
    assert page.locator(f"[data-testid=stMain] >> {controls}").count() == 0
    page.get_by_role("link", name="Back to Simulate").click()
    page.wait_for_selector("h2:has-text('Key levers')")


def test_a_scenario_and_its_view_survive_going_to_another_page(server, new_page):
    page = new_page(f"{server}/simulate")
    before = in_short(page, "Affiliates", "36 months")
    press(page, RATE, "ArrowRight", times=3)
    changed = in_short(page, "Affiliates", "36 months", other_than=before)
    open_view(page, "Risk", "Goal seek")
    navigate(page, "Glossary")
    page.wait_for_selector("h1:has-text('What each word means')")
    page.get_by_role("link", name="Simulate", exact=True).click()
    page.wait_for_selector("h2:has-text('Key levers')")
    settle(page)
    assert in_short(page, "Affiliates", "36 months") == changed
    assert page.locator(".st-key-goal_chart").count() == 1


def box(page, key):
    return page.locator(f".st-key-{key}").first.bounding_box()


def test_levers_and_answer_stand_on_one_screen_also_with_ranges_and_every_program(server, new_page):
    ranged = with_swings(default_scenario(), "affiliate")
    for scenario in (default_scenario(), ranged, default_scenario().replace(shown=offered(PROGRAMS))):
        page = new_page(f"{server}/simulate?s={to_link(scenario)}")
        answer, levers = box(page, "sim_contribution"), box(page, "sim_market_list_price")
        assert answer["y"] + answer["height"] < 900
        assert levers["y"] + levers["height"] < 900
        page.close()


def test_the_answer_stays_in_sight_beside_a_form_that_is_longer_than_the_screen(server, new_page):
    page = new_page(f"{server}/simulate")
    page.get_by_text("All inputs", exact=True).click()
    settle(page)
    page.get_by_text("More terms", exact=True).scroll_into_view_if_needed()
    page.mouse.move(1200, 500)
    page.mouse.wheel(0, 200)
    settle(page)
    top, bottom = page.locator(".st-key-sim_answer").evaluate(
        "e => [e.getBoundingClientRect().top, e.getBoundingClientRect().bottom]"
    )
    assert 50 < top < 120
    assert bottom < 900


@pytest.mark.proof
def test_on_a_phone_levers_come_first_and_the_answer_stays_while_they_are_moved(server, chromium):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, user_agent=PHONE)
    page = context.new_page()
    page.goto(f"{server}/simulate")
    page.wait_for_selector("h1")
    settle(page)
    last, table, chart = (box(page, key) for key in ("sim_market_list_price", "view_group", "sim_contribution"))
    assert last["y"] < table["y"] < chart["y"]
    heads = page.locator("[data-testid=stTable] th").all_inner_texts()
    assert "in focus" in heads[1]  # turned round: a column for each program
    line = page.get_by_test_id("stBottom").get_by_text("Affiliates: $")
    before = line.inner_text()
    page.locator(f".st-key-{RATE}").scroll_into_view_if_needed()
    press(page, RATE, "ArrowRight", times=5)
    assert line.inner_text() != before
    assert line.bounding_box()["y"] < 844
    assert page.get_by_test_id("stBottom").bounding_box()["height"] < 60  # the line, and no stripe below it
    page.locator(".st-key-sim_meanings").scroll_into_view_if_needed()
    assert line.bounding_box()["y"] < 844
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_views_are_grouped_and_old_addresses_open_theirs(server, new_page):
    page = new_page(f"{server}/simulate?sim_view=Goal+seek")
    assert page.locator(".st-key-goal_chart").count() == 1
    open_view(page, "Result", "Customer cost")
    assert "sim_view=Customer" in page.url
    assert page.locator(".st-key-sim_cost .main-svg").count()
    open_view(page, "Scenarios")
    assert "sim_view=Scenarios" in page.url
    old = new_page(f"{server}/simulate?sim_view=Customer+cost")  # a view without a group of its own name
    assert old.locator(".st-key-sim_cost .main-svg").count()


def test_exports_of_known_systems_go_from_drop_to_figures_with_as_many_questions_as_they_leave_open(server, new_page):
    answers = {
        "stripe_and_dub": ["affiliate", "stripeCustomerId"],
        "hubspot_chargebee_and_partnerstack": [],
        "salesforce_and_chartmogul": [],
    }
    for name, said in answers.items():
        page = new_page(f"{server}/health")
        page.set_input_files(
            "[data-testid=stFileUploaderDropzoneInput]",
            [{"name": file, "mimeType": "text/csv", "buffer": text.encode()}
             for file, text in getattr(shapes, name)().items()],
        )  # fmt: skip
        page.get_by_text("Limits these figures").first.wait_for(timeout=30_000)
        settle(page)
        asked = page.locator("[class*=st-key-asked_] [data-testid=stSelectbox]")
        assert asked.count() == len(said), name
        for answer in said:
            box = page.locator("[class*=st-key-asked_] [data-testid=stSelectbox] input").first
            box.click()
            page.get_by_role("option", name=answer, exact=True).click()
            settle(page)
            page.wait_for_timeout(300)
            settle(page)
        assert page.locator("[class*=st-key-asked_]").count() == 0, name
        assert figure(page, "MRR") not in ("unknown", "–"), name
        page.close()
