"""The three stories, as a user lives them, and what must hold on every page."""

import re
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from motions.economics.links import to_link
from motions.economics.scenario import default_scenario
from tests.browser.conftest import ROOT, serving, settle

SAMPLE = [str(ROOT / "sample_data" / f"{name}.csv") for name in ("accounts", "revenue", "partners", "spend")]
VIEWS = ("Retention", "Revenue", "Acquisition", "Partners", "Every metric", "Can they be trusted?")
PAGES = (
    "/?data=sample", "/compare", "/simulate", "/present", "/health?data=sample", "/health", "/files",
    "/partner?data=sample", "/glossary", *(f"/health?data=sample&view={quote_plus(view)}" for view in VIEWS),
)  # fmt: skip


def figure(page, label, other_than=None):
    """A figure's text; `other_than` waits until it has changed."""
    tile = page.locator("[data-testid=stMetric]", has=page.get_by_text(label, exact=True)).first
    value = tile.locator("[data-testid=stMetricValue]")
    if other_than is not None:
        expect(value).not_to_have_text(other_than, timeout=20_000)
        settle(page)
    return value.inner_text()


def visit(page, address):
    page.goto(address)
    page.wait_for_selector("h1", timeout=30_000)
    settle(page)


def press(page, key_class, key, times=1):
    page.locator(f".st-key-{key_class} [role=slider], .st-key-{key_class} input[type=range]").first.focus()
    for _ in range(times):
        page.keyboard.press(key)
    settle(page)


def test_every_page_fits_its_screen_and_makes_no_call_to_the_outside(server, new_page):
    page = new_page(server + PAGES[0])
    for path in PAGES:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="light")
        visit(page, server + path)
        for chart in page.locator("[data-testid=stPlotlyChart]").all():
            assert chart.evaluate("e => !!(e.getAttribute('aria-label') || e.querySelector('[aria-label]'))"), path
        assert fits(page), path
        light = background(page)
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
        settle(page)
        assert fits(page), path
        assert background(page) != light, path


def fits(page):
    """Whether nothing goes over the right edge."""
    return page.evaluate("""() => document.documentElement.scrollWidth <= innerWidth
        && [...document.querySelectorAll("[data-testid=stMain]")].every(e => e.scrollWidth <= e.clientWidth)""")


def background(page):
    return page.locator("[data-testid=stApp]").evaluate("e => getComputedStyle(e).backgroundColor")


def test_two_motions_are_compared_and_the_link_shared(server, new_page):
    page = new_page(f"{server}/compare")
    for name in ("Ecosystem", "Referrals", "Affiliates"):
        page.locator(".st-key-motions").get_by_role("button", name=name).click()
        settle(page)
    headers = page.locator("[data-testid=stTable]").first.locator("th").all_inner_texts()
    assert headers[1:3] == ["Channels", "Resellers"]
    other = new_page(page.url)
    other.wait_for_selector("[data-testid=stTable]")
    assert other.locator("[data-testid=stTable]").first.locator("th").all_inner_texts() == headers
    assert "Resellers" in other.locator("[data-testid=stPlotlyChart]").first.inner_text()


def test_the_margin_is_moved_and_the_contribution_changes(server, new_page):
    page = new_page(f"{server}/simulate?s={to_link(default_scenario().replace(shown=('channel', 'reseller')))}")
    before = figure(page, "Contribution")
    press(page, "sim_channel_margin_margin", "ArrowRight", times=5)
    after = figure(page, "Contribution", other_than=before)
    other = new_page(page.url)
    assert figure(other, "Contribution") == after
    assert other.locator(".st-key-sim_channel_margin_margin").get_by_text("45", exact=True).count()
    page.go_back()
    assert figure(page, "Contribution", other_than=after)


def test_goal_seek_finds_the_commission_and_sets_it(server, new_page):
    page = new_page(f"{server}/simulate")
    before = figure(page, "Effective CPA")
    page.get_by_role("tab", name="Goal seek").click()
    page.wait_for_selector("text=is $0 at Commission (Affiliates) 51.2 %")
    settle(page)
    page.get_by_role("button", name="Set it to 51.2 %").click()
    after = figure(page, "Effective CPA", other_than=before)
    assert page.get_by_text(f"blended CAC {after}").count()
    assert "\n51." in page.inner_text(".st-key-sim_affiliate_percent_rate")


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
    page.get_by_role("link", name="Glossary").click()
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


def test_four_files_give_six_metrics_and_a_broken_one_says_why(server, new_page, tmp_path):
    page = new_page(f"{server}/health")
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", SAMPLE)
    page.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
    settle(page)
    figures = {label: figure(page, label) for label in ("NRR", "Effective CPA", "MRR", "Activation rate", "PQLs")}
    figures["Active partners"] = figure(page, "Active partners")
    assert figures == {
        "NRR": "91.6 %",
        "Effective CPA": "$964",
        "MRR": "$207k",
        "Activation rate": "59.1 %",
        "PQLs": "335",
        "Active partners": "44.1 %",
    }
    assert "fictional" not in page.inner_text("[data-testid=stMain]")  # these are the user's own now
    broken = tmp_path / "revenue.csv"
    lines = (ROOT / "sample_data/revenue.csv").read_text("utf-8").splitlines()
    broken.write_text("\n".join([*lines[:50], "A0000281,2024-99,12,USD", *lines[50:]]) + "\n", "utf-8")
    workbook = tmp_path / "accounts.csv"
    workbook.write_bytes(b"PK\x03\x04 a workbook")
    page.get_by_text("Your files: add, replace, remove").click()
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", [str(broken)])
    page.get_by_text("Rejected: 1 of").first.wait_for(timeout=30_000)
    settle(page)
    assert figure(page, "NRR") == "91.6 %"
    if not page.get_by_text("How they were read, and rejected rows").is_visible():
        page.get_by_text("Your files: add, replace, remove").click()
    page.get_by_text("How they were read, and rejected rows").click()
    page.get_by_text("Rejected rows", exact=True).wait_for(timeout=30_000)
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all rejected rows (CSV)").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert '"revenue.csv",51,"month","2024-99"' in text
    assert '"A0000281,2024-99,12,USD"' in text
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", [str(workbook)])
    page.get_by_text("is an Excel workbook").first.wait_for(timeout=30_000)
    settle(page)
    page.get_by_role("link", name="Program health").first.click()
    page.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
    assert figure(page, "NRR", other_than="91.6 %") == "unknown"


def choose(page, container, option):
    """Choose an option of a select box by what stands in it."""
    page.locator(f"{container} input").first.click()
    page.get_by_role("option", name=option).first.click()
    page.wait_for_timeout(400)
    settle(page)


def test_a_mapping_is_corrected_by_hand_downloaded_and_dropped_in_again(server, new_page, tmp_path):
    rows = "A1;05.01.2025;Empfehlung;1\nA2;25.02.2025;;2\nA3;11.03.2025;Affiliate;3\n"
    january, march = tmp_path / "konten.csv", tmp_path / "konten-neu.csv"
    january.write_text("Konto;Anmeldung;Kanal;Nummer\n" + rows, "utf-8")
    march.write_text("Konto;Anmeldung;Kanal;Nummer\n" + rows + "A4;05.04.2025;Empfehlung;4\n", "utf-8")
    page = new_page(f"{server}/files")
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", [str(january)])
    page.get_by_text("konten.csv is not read yet.").wait_for(timeout=30_000)
    settle(page)
    choose(page, "[class*=st-key-ask_][class*=_kind_]", "accounts")
    for column in ("Konto", "Anmeldung"):  # account_id, then signed_up_on
        choose(page, "[class*=st-key-ask_][class*=_columns_]", column)
    page.get_by_text("What became of every row").wait_for(timeout=30_000)
    page.get_by_text("konten.csv: accounts").click()
    settle(page)
    choose(page, "[class*=st-key-map_][class*=_motion]", "Kanal")  # it was not asked for: nobody needs it
    page.get_by_text("Which motion is 'Empfehlung' (1 row)?").first.wait_for(timeout=30_000)
    choose(page, "[class*=st-key-ask_][class*=_motions_]", "referral")
    page.get_by_text("What became of every row").wait_for(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this mapping (YAML)").click()
    mapping = tmp_path / "mapping.yaml"
    mapping.write_bytes(Path(download.value.path()).read_bytes())
    assert "Empfehlung: referral" in mapping.read_text("utf-8")
    assert "signed_up_on: Anmeldung" in mapping.read_text("utf-8")
    later = new_page(f"{server}/health")
    later.set_input_files("[data-testid=stFileUploaderDropzoneInput]", [str(march), str(mapping)])
    later.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
    settle(later)
    visible = later.inner_text("[data-testid=stMain]")
    assert "is not read yet" not in visible
    later.get_by_role("tab", name="Acquisition").click()
    settle(later)
    assert later.locator(".st-key-funnel .js-plotly-plot").count() == 1


def test_a_partners_page_opens_by_link_and_names_nobody_in_the_address(server, new_page):
    page = new_page(f"{server}/health?data=sample&view=Partners")
    table = page.locator(".st-key-partner_table canvas").first
    table.wait_for()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 52)  # the box that ticks the first row
    link = page.get_by_role("link", name="Open Ember Digital")
    link.wait_for(timeout=15_000)
    link.click()
    page.get_by_role("heading", name="One partner").wait_for(timeout=15_000)
    settle(page)
    assert figure(page, "MRR") == "$71,973"
    assert "keep. produces" in page.inner_text("[data-testid=stMain]").lower()
    assert re.search(r"partner=[0-9a-f]{12}", page.url)
    assert "P-001" not in page.url
    other = new_page(page.url)
    assert figure(other, "MRR") == "$71,973"
    assert other.locator(".st-key-partner input").first.input_value() == "Ember Digital (P-001)"


def test_a_click_on_a_signup_month_filters_the_page(server, new_page):
    page = new_page(f"{server}/health?data=sample&view=Acquisition")
    before = figure(page, "PQLs")
    page.locator(".st-key-activation_by_cohort .points path").nth(3).click(force=True)
    page.get_by_text("Only signups of 2026-01.").wait_for(timeout=15_000)
    settle(page)
    filtered = figure(page, "PQLs", other_than=before)
    assert int(filtered) < int(before)
    assert "cohort=2026-01" in page.url
    assert figure(page, "Effective CPA") == "unknown"
    page.get_by_role("button", name="Show all accounts").click()
    assert figure(page, "PQLs", other_than=filtered) == before


def test_a_click_on_a_motion_filters_the_page(server, new_page):
    page = new_page(f"{server}/health?data=sample&view=Revenue")
    before = figure(page, "NRR")
    box = page.locator(".st-key-mrr_by_motion .scatterlayer .trace .points path").first
    box.wait_for(state="attached")
    traces = page.locator(".st-key-mrr_by_motion .scatterlayer .trace")
    traces.nth(0).locator(".points path").last.click(force=True)  # the lowest is the largest: channels
    assert figure(page, "NRR", other_than=before) == "92.0 %"
    assert "side=Channels" in page.url


def test_files_are_private_to_their_session_and_removed(new_page, tmp_path):
    def folders():
        return list(tmp_path.glob("motions-*"))

    with serving(env={"TMPDIR": str(tmp_path)}) as (address, _):
        page = new_page(f"{address}/health")
        page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", SAMPLE[:2])
        page.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
        settle(page)
        assert len(folders()) == 1
        assert not re.search(r"accounts|revenue", page.url)
        other = new_page(f"{address}/health")
        assert other.locator("[data-testid=stMetric]").count() == 0
        page.get_by_text("Your files: add, replace, remove").click()
        page.get_by_role("button", name="Remove my files").click()
        page.wait_for_selector("[data-testid=stMetric]", state="detached", timeout=30_000)
        assert not folders()
        other.set_input_files("[data-testid=stFileUploaderDropzoneInput]", SAMPLE[:1])
        other.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
        assert len(folders()) == 1
    assert not folders()  # the server removes what is left when it stops


@pytest.mark.parametrize("path", ["/simulate", "/health?data=sample"])
def test_the_first_link_that_a_fresh_server_gets_opens_in_the_frame(new_page, path):
    with serving() as (address, _):
        page = new_page(address + path)
        assert page.get_by_role("link", name="Compare motions").count() > 0
        assert page.locator("[data-testid=stMetric]").count() > 5


def test_started_from_another_folder_the_configuration_is_there(new_page, tmp_path):
    with serving(cwd=tmp_path) as (address, _):
        page = new_page(f"{address}/health")
        assert "500MB" in page.inner_text("[data-testid=stFileUploader]").replace(" ", "")
        assert "without its configuration" not in page.inner_text("body")


def test_a_lost_configuration_stops_the_app_with_the_repair(chromium):
    lost = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true", "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "full"}
    with serving(env=lost) as (address, _):
        page = chromium.new_page()
        page.goto(address)
        page.get_by_text("started without its configuration").wait_for(timeout=30_000)
        assert page.get_by_text("make run").count() == 1
        page.close()
