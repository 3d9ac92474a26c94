"""Programs simulated, as a user lives it."""

from tests import shapes
from tests.browser.conftest import figure, navigate, press, settle


def test_goal_seek_finds_the_commission_and_sets_it(server, new_page):
    page = new_page(f"{server}/simulate")
    before = figure(page, "Effective CPA")
    page.get_by_role("tab", name="Goal seek").click()
    page.wait_for_selector("text=is $0 at Commission (Affiliates) 82.1 %")
    settle(page)
    page.get_by_role("button", name="Set it to 82.1 %").click()
    after = figure(page, "Effective CPA", other_than=before)
    assert page.get_by_text(f"blended CAC {after}").count()
    assert "\n82." in page.inner_text(".st-key-sim_affiliate_percent_rate")


def open_view(page, name):
    page.get_by_role("tab", name=name, exact=True).click()
    settle(page)


def test_scenarios_are_kept_and_compared_by_a_link(server, new_page):
    page = new_page(f"{server}/simulate")
    open_view(page, "Ranges")
    page.get_by_role("button", name="±20 % on every input").click()
    page.wait_for_selector("text=Chances for Affiliates")
    open_view(page, "Scenarios")
    page.get_by_label("Name", exact=True).fill("As it is")
    page.get_by_label("Name", exact=True).press("Enter")
    settle(page)
    page.get_by_role("button", name="Keep the current scenario").click()
    page.wait_for_selector("text=As it is (baseline)")
    open_view(page, "Payout")
    press(page, "sim_affiliate_percent_rate", "ArrowRight", times=5)
    page.wait_for_selector("[data-testid=stTable] >> text=Current")
    settle(page)
    table = page.inner_text("[data-testid=stTable]")
    assert "baseline" in table
    assert "−$" in table
    other = new_page(page.url)
    open_view(other, "Scenarios")
    assert other.inner_text("[data-testid=stTable]") == table
    assert other.get_by_text("Commission (Affiliates)").count()  # the explanation names what was changed


def test_a_program_calibrates_the_simulator_and_replays_its_payouts(server, new_page):
    page = new_page(f"{server}/simulate")
    before = figure(page, "LTV on margin")
    open_view(page, "Your data")
    page.get_by_role("button", name="Use the sample program").click()
    page.wait_for_selector("text=inputs from your data")
    settle(page)
    page.get_by_role("button", name="Set these inputs").click()
    figure(page, "LTV on margin", other_than=before)
    page.wait_for_selector("text=Chances for Affiliates")
    open_view(page, "Replay")
    page.wait_for_selector(".st-key-own_replay .main-svg")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download partners (CSV)").click()
    assert download.value.suggested_filename == "replay.csv"


def test_the_presentation_is_large_and_has_no_controls(server, new_page):
    page = new_page(f"{server}/simulate")
    contribution = figure(page, "Contribution")
    page.get_by_role("link", name="Presentation view").click()
    page.wait_for_selector("text=Back to the simulator")
    settle(page)
    assert page.locator("h1").count() == 1
    large = page.locator("[data-testid=stHtml] p")
    assert contribution in large.first.inner_text()
    assert large.first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 35
    controls = "input, [role=slider], [role=tab], [data-testid=stBaseButton-secondary]"
    assert page.locator(f"[data-testid=stMain] >> {controls}").count() == 0
    page.get_by_role("link", name="Back to the simulator").click()
    page.wait_for_selector("h1:has-text('What would it earn')")


def test_a_scenario_survives_going_to_another_page(server, new_page):
    page = new_page(f"{server}/simulate")
    before = figure(page, "Contribution")
    press(page, "sim_affiliate_percent_rate", "ArrowRight", times=3)
    changed = figure(page, "Contribution", other_than=before)
    navigate(page, "Glossary")
    page.wait_for_selector("h1:has-text('Glossary')")
    page.get_by_role("link", name="Simulate", exact=True).click()
    page.wait_for_selector("h1:has-text('What would it earn')")
    settle(page)
    assert figure(page, "Contribution") == changed


def test_the_answer_comes_before_the_inputs_on_a_phone_and_beside_them_on_a_desk(server, new_page):
    phone = new_page(f"{server}/simulate", width=390, height=844)
    answer, inputs = (phone.locator(f".st-key-{key}").first.bounding_box() for key in ("sim_contribution", "sim_focus"))
    assert answer["y"] < inputs["y"]
    desk = new_page(f"{server}/simulate")
    answer, inputs = (
        desk.locator(f".st-key-{key}").first.bounding_box()
        for key in ("sim_contribution", "sim_affiliate_percent_rate")
    )
    assert answer["y"] + answer["height"] < 900
    assert inputs["y"] + inputs["height"] < 900


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
        page.get_by_text("What limits these figures").wait_for(timeout=30_000)
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
