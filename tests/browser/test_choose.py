"""The choice of a motion, as a user lives it: questions, readiness, roadmap, plan and the way into the simulator."""

from urllib.parse import parse_qs, urlsplit

from motions.economics.inputs.links import from_link
from tests.browser.conftest import navigate, settle


def asked(page, name):
    return parse_qs(urlsplit(page.url).query)[name][0]


def answer(page, question, choice):
    group = page.locator(f".st-key-choose_answer_{question}")
    group.get_by_role("button", name=choice, exact=True).or_(
        group.get_by_role("radio", name=choice, exact=True)
    ).first.click()
    settle(page)


def look_at(page, view):
    switch = page.locator(".st-key-choose_view")
    switch.get_by_text(view, exact=True).click()
    settle(page)


def test_five_answers_lead_to_roadmap_plan_and_simulator_and_the_link_opens_elsewhere(server, new_page):
    page = new_page(f"{server}/choose")
    assert page.locator("h1").inner_text().startswith("No answer yet.")
    page.locator(".st-key-choose_answer_acv input").fill("9000")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_text("All questions:").click()
    settle(page)
    for question, choice in (("sold", "Self-serve"), ("market_fit", "Yes"), ("satisfied", "Yes"), ("converts", "Yes")):
        answer(page, question, choice)
    assert asked(page, "a") == "acv-9000~sold-self_serve~market_fit-yes~satisfied-yes~converts-yes"
    headline = page.locator("h1").inner_text()
    assert headline.startswith("Referrals first")
    other = new_page(page.url)
    assert other.locator("h1").inner_text() == headline
    other.close()

    look_at(page, "Roadmap")
    assert page.locator("h1").inner_text().startswith("Step 1 of 4: begin with referrals, whose gate is met")
    card = page.get_by_text("Change the gate or the plan").nth(1)
    card.click()
    settle(page)
    page.locator(".st-key-roadmap_affiliates_gate, .st-key-roadmap_affiliate_gate").get_by_text(
        "Met", exact=True
    ).click()
    settle(page)
    assert page.locator("h1").inner_text().startswith("Step 2 of 4: add affiliates")
    page.get_by_role("button", name="Open the roadmap in Simulate").click()
    page.wait_for_url("**/simulate?**")
    settle(page)
    scenario = from_link(asked(page, "s"))
    assert scenario.affiliate.start_month == 1
    assert scenario.ecosystem.start_month > 1

    navigate(page, "Choose")
    page.wait_for_selector("h1")
    settle(page)
    look_at(page, "Fit")
    assert page.locator("h1").inner_text() == headline
    page.get_by_role("button", name="Simulate referrals").click()
    page.wait_for_url("**/simulate?**")
    settle(page)
    chosen = from_link(asked(page, "s"))
    assert chosen.shown[0] == "referral"
    assert chosen.market.list_price == 750


def test_readiness_is_read_off_the_sample_and_overruled_by_hand(server, new_page):
    page = new_page(f"{server}/choose?data=sample&choose_view=Readiness")
    assert page.locator("h1").inner_text() == "Not known yet: 3 of 6 hold, 3 are unknown."
    page.locator(".st-key-choose_hand_funnel").get_by_text("No", exact=True).click()
    settle(page)
    assert page.locator("h1").inner_text().startswith("Not yet: Partners can't repair a funnel that leaks.")
    assert page.get_by_text("Signup to activation: 54.0 %").count()
    assert page.get_by_text("Overruled by hand").count() == 1
    other = new_page(page.url)
    assert other.locator("h1").inner_text() == page.locator("h1").inner_text()


def test_the_ranking_and_the_next_question_are_seen_without_scrolling(server, new_page):
    for width, height in ((1440, 900), (390, 844)):
        page = new_page(f"{server}/choose?a=acv-12000~sold-self_serve~satisfied-yes~converts-yes~packaging-yes")
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        for what in (page.get_by_text("Ask first:").first, page.locator("[data-testid=stPlotlyChart]").first):
            box = what.bounding_box()
            assert box["y"] + box["height"] <= height, (width, what)
        page.close()


def test_a_price_set_on_compare_arrives_in_the_simulator(server, new_page):
    page = new_page(f"{server}/compare?price=300&deal_margin=75")
    page.get_by_role("button", name="Simulate these at $300 a month").click()
    page.wait_for_url("**/simulate?**")
    settle(page)
    found = from_link(asked(page, "s"))
    assert (found.market.list_price, found.market.gross_margin) == (300, 0.75)
    assert len(found.shown) == 5
