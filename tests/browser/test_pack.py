"""The pack by hand in a browser: what is downloaded says what the page says, and its charts can be read back."""

import io
import re

import openpyxl
import pptx
import pytest

from motions.charts import economics as charts
from motions.economics.answers.uncertainty import simulate
from motions.economics.inputs.links import to_link
from motions.economics.model.run import run
from tests.browser.conftest import navigate, settle
from tests.out.packs import SCENARIO, template

pytestmark = pytest.mark.long


def downloaded(page, label):
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=label).click()
    path = download.value.path()
    return download.value.suggested_filename, path.read_bytes()


def test_the_pack_is_downloaded_and_its_charts_read_back(server, new_page):
    page = new_page(f"{server}/")
    page.goto(f"{server}/pack?data=sample&s={to_link(SCENARIO)}&a=market_fit-yes~acv-3600")
    settle(page)
    name, packed = downloaded(page, "PowerPoint")
    assert name == "pack.pptx"
    deck = pptx.Presentation(io.BytesIO(packed))
    assert deck.slides[1].shapes.title.text_frame.text == page.locator("h1").inner_text()
    chart = next(shape.chart for shape in deck.slides[1].shapes if shape.has_chart)
    sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Table"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    shown = charts.contribution(run(SCENARIO), {}, "USD", simulate(SCENARIO)).frame
    assert table[0] == list(shown.columns)
    assert [row[2] for row in table[1:]] == pytest.approx(shown.iloc[:, 2].tolist())
    _, made = downloaded(page, "Page to print (HTML)")
    assert page.locator("h1").inner_text() in made.decode()
    page.set_content(made.decode())
    a4, letter = (len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=size))) for size in ("A4", "Letter"))
    assert a4 == letter  # the lower sheet leaves no paragraph over for one of its own


def test_settings_of_health_and_what_was_written_are_there_on_the_way_back(server, new_page):
    page = new_page(f"{server}/health?data=sample&asof=2026-06")
    settle(page)
    navigate(page, "For the meeting")
    settle(page)
    assert "As of 2026-06" in page.inner_text("body")
    page.get_by_label("Title", exact=True).fill("Our plan")
    page.keyboard.press("Enter")
    settle(page)
    navigate(page, "Compare")
    settle(page)
    navigate(page, "For the meeting")
    settle(page)
    assert page.get_by_label("Title", exact=True).input_value() == "Our plan"
    page.locator("input[type=file]").set_input_files(
        {"name": "ours.pptx", "mimeType": "application/octet-stream", "buffer": template()}
    )
    page.get_by_text("Remove the template").wait_for()
    settle(page)
    name, packed = downloaded(page, "PowerPoint")
    assert name == "our-plan.pptx"
    assert pptx.Presentation(io.BytesIO(packed)).slides[1].slide_layout.name == "Titel und Inhalt"
