"""A program's own files, as their owner lives it: dropped, corrected, looked at and removed."""

import contextlib
import re
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from playwright.sync_api import TimeoutError

from motions.cohorts.tables.health import digest
from motions.cohorts.tables.templates import template
from tests.browser.conftest import SAMPLE, figure, serving, settle


def choose(page, container, option):
    """Choose an option of a select box by what stands in it; a page that is just being drawn closes it once more."""
    offered = page.get_by_role("option", name=option).first
    for _ in range(10):
        page.locator(f"{container} input").first.click()
        with contextlib.suppress(TimeoutError):
            offered.wait_for(timeout=2_000)
            break
    offered.click()
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
    page.get_by_text("Which motion is 'Empfehlung' in Kanal (1 row)?").first.wait_for(timeout=30_000)
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
    page.get_by_role("heading", name="Ember Digital (P-001): keep").wait_for(timeout=15_000)
    settle(page)
    assert figure(page, "MRR") == "$71,973"
    assert "produces: " in page.inner_text("[data-testid=stMain]").lower()
    assert re.search(r"partner=[0-9a-f]{12}", page.url)
    assert "P-001" not in page.url
    other = new_page(page.url)
    assert figure(other, "MRR") == "$71,973"
    assert other.locator(".st-key-partner input").first.input_value() == "Ember Digital (P-001)"


def test_a_click_on_a_signup_month_filters_the_page(server, new_page):
    page = new_page(f"{server}/health?data=sample&view=Acquisition")
    before = figure(page, "PQLs")
    page.locator(".st-key-activation_by_cohort .points path").nth(3).click(force=True)
    page.get_by_text("only signups of 2026-01").wait_for(timeout=15_000)
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
        return list(tmp_path.glob("motions-*/*/"))

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
        page.close()  # or they miss the server
        other.close()
    assert not list(tmp_path.glob("motions-*"))  # the server removes what is left when it stops


def workbook(path, more=()):
    """A workbook of the templates' accounts, revenue and partners, with more sheets: name, rows."""
    tables = [(kind, template(kind, datetime.now(UTC).date())) for kind in ("accounts", "revenue", "partners")]
    with xlsxwriter.Workbook(path) as book:
        for name, rows in (*tables, *more):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return str(path)


DROP = "[data-testid=stFileUploaderDropzoneInput]"


def test_sheets_of_a_workbook_give_figures_are_left_out_and_one_that_is_not_recognised_is_said(
    server, new_page, tmp_path
):
    page = new_page(f"{server}/health")
    page.set_input_files(DROP, [workbook(tmp_path / "book.xlsx")])
    page.wait_for_selector("[data-testid=stMetric]", timeout=30_000)
    settle(page)
    assert figure(page, "PQLs") == "1"
    page.get_by_text("Your files: add, replace, remove").click()
    page.get_by_text("How they were read, and rejected rows").click()
    page.get_by_role("button", name="Template for spend (CSV)").first.wait_for(timeout=30_000)
    assert "active partners" not in page.inner_text("h1")
    page.get_by_text("book.xlsx · partners: partners").click()
    settle(page)
    choose(page, "[class*=st-key-map_][class*=_kind]", "not used")
    page.get_by_role("button", name="Template for partners (CSV)").first.wait_for(timeout=30_000)
    assert "active partners" in page.inner_text("h1")
    spent = [["Wann", "Wofür", "Wie viel"], ["2025-10", "payout", "30"], ["2025-10", "marketing", "200"]]
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\n")
    page.set_input_files(DROP, [workbook(tmp_path / "book.xlsx", [("Kosten", spent)]), str(tmp_path / "report.pdf")])
    page.get_by_text("report.pdf: is a PDF, and no table can be read from it. Export the table").first.wait_for()
    settle(page)
    assert "book.xlsx · Kosten is not used: its columns are of no known kind." in page.inner_text(
        "[data-testid=stMain]"
    )
    page.get_by_text("book.xlsx · Kosten: not used").click()
    settle(page)
    choose(page, f".st-key-map_{digest('book.xlsx · Kosten')}_kind", "spend")
    page.get_by_text("book.xlsx · Kosten is not read yet.").wait_for(timeout=30_000)
