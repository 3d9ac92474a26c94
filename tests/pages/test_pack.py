"""The page of the pack: what it shows of what is loaded, and what it hands out."""

import io

import pptx
import pytest
from streamlit.testing.v1 import AppTest

from motions.economics.inputs.links import set_to_link, to_link
from motions.out.pack.content import SAMPLE
from pages._pack import template as page_template
from tests.conftest import SAMPLE as FOLDER
from tests.out.packs import BASELINE, SCENARIO, template

ADDRESS = {"data": "sample", "s": to_link(SCENARIO), "kept": set_to_link(BASELINE), "a": "market_fit-yes~acv-3600"}


def opened(**params):
    app = AppTest.from_file(str(FOLDER.parent / "dashboard.py"), default_timeout=60).run()
    for key, value in params.items():
        app.query_params[key] = value
    app.switch_page("pages/pack.py").run()
    assert not app.exception, app.exception[0].message
    return app


def made(monkeypatch, **params):
    """What the buttons would hand out: (app, slides, page)."""
    found = {}

    def keep(label, name, content, key, means="", primary=False):
        found[key] = (name, content)

    monkeypatch.setattr("pages._ui.file", keep)
    app = opened(**params)
    return app, found


def test_without_anything_it_says_what_to_do():
    app = opened()
    assert app.title[0].value == "Nothing to hand out yet"
    assert not app.get("download_button")
    assert len(app.get("page_link")) == 3


def test_the_answer_stands_first_and_three_figures_with_it():
    app = opened(**ADDRESS)
    assert app.title[0].value.startswith("Decision\\: begin with")
    assert len(app.metric) == 3
    assert len(app.get("download_button")) == 2


def test_what_is_handed_out_is_made_of_what_was_loaded_written_and_chosen(monkeypatch):
    app, found = made(monkeypatch, **ADDRESS)
    app.get_by_key("pack_title").set_value("Plan <2027>")
    app.get_by_key("pack_audience").set_value("the board")
    app.get_by_key("pack_decision").set_value("Shall we?").run()
    assert app.title[0].value == "Shall we?"
    pills = next(one for one in app.button_group if one.label == "Sections")
    pills.set_value(["one", "economics"]).run()
    name, slides = found["pack_pptx"]
    assert name == "plan-2027.pptx"
    deck = pptx.Presentation(io.BytesIO(slides()))
    said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert {"Plan <2027>", "Shall we?"} <= set(said)
    assert any("Economics · As of 2026-09" in one for one in said)
    assert not any("Program health" in one for one in said)
    name, page = found["pack_html"]
    assert name == "plan-2027.html"
    assert "Plan &lt;2027&gt;" in page().decode()
    assert SAMPLE in page().decode()


def test_what_can_not_be_had_is_named_with_what_it_needs():
    app = opened(a="market_fit-yes")
    said = " ".join(caption.value for caption in app.caption)
    assert "Not yet: Economics. Set price, margin or payouts in Simulate" in said
    assert "Not yet: Program health. Load your files" in said


def test_a_template_is_looked_at_when_it_comes_and_counts_until_it_is_removed(monkeypatch):
    app, found = made(monkeypatch, a="market_fit-yes")
    uploader = app.get("file_uploader")[0]
    uploader.set_value(("bad.pptx", b"PK nothing", "application/zip")).run()
    assert "bad\\.pptx\\: is no PowerPoint file" in app.error[0].value
    assert page_template._TEMPLATE not in app.session_state
    app.get("file_uploader")[0].set_value(("ours.pptx", template(), "application/zip")).run()
    assert not app.error
    deck = pptx.Presentation(io.BytesIO(found["pack_pptx"][1]()))
    assert deck.slides[1].slide_layout.name == "Titel und Inhalt"
    app.get_by_key("pack_template_remove").click().run()
    deck = pptx.Presentation(io.BytesIO(found["pack_pptx"][1]()))
    assert deck.slides[1].slide_layout.name != "Titel und Inhalt"


@pytest.mark.parametrize("month", ["2026-06", "1999-01"])
def test_the_settings_of_program_health_count(monkeypatch, month):
    monkeypatch.setattr("pages._ui.file", lambda *_, **__: None)
    app = AppTest.from_file(str(FOLDER.parent / "dashboard.py"), default_timeout=60).run()
    app.query_params["data"] = "sample"
    app.session_state["asof"] = month
    app.switch_page("pages/pack.py").run()
    shown = "2026-06" if month == "2026-06" else "2026-09"
    assert any(f"As of {shown}".replace("-", "\\-") in caption.value for caption in app.caption)
