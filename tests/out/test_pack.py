"""The pack: slides, page and workbooks say the same as the pages of the app, and nothing that was not loaded."""

import html
import io
import re
import shutil
import subprocess
import zipfile
from itertools import pairwise

import openpyxl
import pptx
import pytest
from pptx.util import Pt

from motions.charts import cohorts as health
from motions.charts import economics as charts
from motions.charts.frame import records
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.rules import default_rules
from motions.cohorts.verdicts.verdicts import stands_out
from motions.economics.answers import sensitivity
from motions.economics.answers.uncertainty import simulate
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.run import run
from motions.errors import FileError, MotionsError
from motions.out.pack import SECTIONS, Given, Wishes, as_html, as_slides, check_template, content, lacking
from motions.out.pack.content import SAMPLE, Plot, Series
from motions.out.pack.drawing import drawn
from motions.out.pack.svg import drawn as as_svg
from tests.out.packs import ANSWERS, BASELINE, GERMAN, OUTSIDE, SCENARIO, TODAY, changed, everything, parts_of, template

ONE = Wishes(sections=("one",))
WISHES = Wishes(title="Plan 2027", audience="the board", notes="Agreed with finance.")


@pytest.fixture(scope="module")
def whole(sample_program):
    return content(everything(sample_program), WISHES)


@pytest.fixture(scope="module")
def packed(whole):
    return as_slides(whole)


@pytest.fixture(scope="module")
def deck(packed):
    return pptx.Presentation(io.BytesIO(packed))


@pytest.fixture(scope="module")
def small(sample_program):
    return content(everything(sample_program), Wishes(sections=("one", "fit")))


def plots_of(deck):
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def book_of(chart):
    return openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))


def columns(sheet):
    """{title: values} of a sheet with a row of titles."""
    return {column[0].value: [cell.value for cell in column[1:]] for column in sheet.iter_cols()}


def texts(deck):
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            elif shape.has_table:
                found += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return found


@pytest.mark.proof
def test_the_workbooks_of_the_charts_hold_what_the_pages_show(deck, whole, sample_program):
    found = {plot.title: book_of(chart) for plot, chart in zip(whole.plots, plots_of(deck), strict=True)}
    results, before = run(SCENARIO), run(BASELINE[0].scenario)
    settings, ledger = m.Settings(as_of=sample_program.ledger.last_month), sample_program.ledger
    now = results["affiliate"].figures["contribution"]
    pages = [
        charts.contribution(results, before, "USD", simulate(SCENARIO)),
        charts.tornado(sensitivity.tornado(SCENARIO, "affiliate", "contribution"), "contribution", now, "USD"),
        health.retention(ledger, settings, "money"),
        health.cost_trend(ledger, settings),
        health.partners_by_mrr(ledger, settings, 10),
        health.mrr_by_motion(ledger, settings),
    ]
    for page in pages:
        table = columns(found[page.title]["Table"])
        assert list(table) == list(page.frame.columns)
        for name, column in page.frame.items():
            want = [cell["a"] for cell in records(column.to_frame("a"))]
            want = [str(value) if isinstance(value, bool) else value for value in want]
            assert (table[name] + [None] * len(want))[: len(want)] == pytest.approx(want), (page.title, name)


def test_what_is_drawn_is_what_the_page_draws(deck, whole, sample_program):
    books = {
        plot.title: columns(book_of(chart)["Sheet1"]) for plot, chart in zip(whole.plots, plots_of(deck), strict=True)
    }
    page = charts.contribution(run(SCENARIO), run(BASELINE[0].scenario), "USD", simulate(SCENARIO))
    lines = {trace.name: list(trace.y) for trace in page.figure.data if "lines" in trace.mode}
    drawn_here = books[page.title]
    for ours, theirs in (("Affiliates", "Affiliates"), ("Affiliates, pinned", "Affiliates, pinned"),
                         ("Resellers, P10", "Resellers, P10"), ("Resellers, P90", "Resellers, P90")):  # fmt: skip
        assert drawn_here[ours] == pytest.approx(lines[theirs])
    settings, ledger = m.Settings(as_of=sample_program.ledger.last_month), sample_program.ledger
    page = health.retention(ledger, settings, "money")
    lines = {trace.name: list(trace.y) for trace in page.figure.data if trace.name in ("Partner", "Organic")}
    for side in lines:
        kept = [value for value in books[page.title][side] if value is not None]
        assert kept == pytest.approx([value for value in lines[side] if value is not None])
    now = run(SCENARIO)["affiliate"].figures["contribution"]
    page = charts.tornado(sensitivity.tornado(SCENARIO, "affiliate", "contribution"), "contribution", now, "USD")
    low = next(trace for trace in page.figure.data if trace.name == "Input low")
    assert books[page.title]["Input low"] == pytest.approx(list(low.x)[:8])


def test_what_the_charts_of_the_slides_cache_is_what_their_workbooks_hold(deck):
    for chart in plots_of(deck):
        sheet = columns(book_of(chart)["Sheet1"])
        for series in chart.plots[0].series:
            values = sheet[series.name]
            assert list(series.values) == pytest.approx(values + [None] * (len(series.values) - len(values)))


def test_slides_and_page_say_the_same(whole, deck):
    page = html.unescape(as_html(whole))
    slides = "\n".join(texts(deck))
    said = [one.words for slide in whole.slides for one in slide.words]
    said += [cell for slide in whole.slides if slide.table for row in slide.table.rows for cell in row if cell]
    said += [text for slide in whole.slides for one in slide.figures for text in (one.named, one.value, one.interval)]
    said += [slide.title for slide in whole.slides] + [WISHES.title, WISHES.audience, WISHES.notes]
    assert len(said) > 300
    assert [one for one in said if one not in page] == []
    assert [one for one in said if one not in slides] == []


def test_the_page_needs_nothing_else(whole):
    page = as_html(whole)
    assert not re.search(r"<script|<link|<img|@import|url\(|https?://", page)
    assert page.count("<svg") == len(whole.plots)
    assert page.count('role="img" aria-label="') == len(whole.plots)
    assert "@page" in page


def test_the_one_page_says_what_was_asked_of_it(whole, sample_program):
    one = whole.slides[0]
    assert one.title == "Decision: begin with referrals?"
    assert [told.interval[:2] for told in one.figures] == ["P1", "95", "95"]
    assert one.figures[0].change.endswith("less than the pinned scenario")
    settings = m.Settings(as_of=sample_program.ledger.last_month)
    nrr = next(v for v in everything(sample_program).verdicts if v.shown == "nrr")
    assert one.figures[2].value == tables.tile(nrr, "USD")[1]
    assert {said.lead for said in one.words} == {"Which first", "Why", "Would change it", "Risk"}
    assert one.plot is not None
    assert one.figures[2].definition.split(". ")[0] in one.foot
    assert f"As of {tables.month_name(settings.as_of)}" in one.foot


def test_a_chance_of_a_loss_is_a_risk_only_where_there_is_one():
    given = Given(scenario_=SCENARIO.replace(shown=("reseller",)), today=TODAY)
    risks = [said.words for said in content(given, ONE).slides[0].words if said.lead == "Risk"]
    assert risks[0] == "In all draws it loses money (resellers)."
    plain = default_scenario().with_market(list_price=900)
    risks = [said.words for said in content(Given(scenario_=plain), ONE).slides[0].words if said.lead == "Risk"]
    assert risks[0] == "No input has a range: how far the figures may be off is not known."


def test_what_was_not_loaded_is_left_out(sample_program):
    def ids(**given):
        return [section.id for section in content(Given(**given), Wishes()).sections]

    assert ids(scenario_=SCENARIO) == ["one", "economics", "definitions"]
    assert ids(answers=ANSWERS) == ["one", "fit", "readiness", "roadmap", "definitions"]
    assert ids(program=sample_program) == ["one", "readiness", "roadmap", "health", "quality", "definitions"]
    whole = content(Given(answers=ANSWERS), Wishes())
    assert (whole.plots, whole.slides[0].figures) == ((), ())
    assert "$" not in as_html(whole).replace("$3,000", "").replace("$20,000", "").replace("$10,000", "").replace(
        "$6,000", "").replace("$3,600", "")  # fmt: skip


def test_defaults_of_the_simulator_are_nobodys_figures():
    given = Given(scenario_=default_scenario(), answers=ANSWERS)
    assert "economics" not in [section.id for section in content(given, Wishes()).sections]
    assert [title for title, _ in lacking(Given(scenario_=default_scenario()))] == [part.title for part in SECTIONS]
    with pytest.raises(MotionsError, match="nothing to make a pack of"):
        content(Given(scenario_=default_scenario()), Wishes())


def test_only_the_sections_that_were_chosen(sample_program):
    whole = content(everything(sample_program), Wishes(sections=("fit", "quality")))
    assert [section.id for section in whole.sections] == ["fit", "quality"]


def test_sample_data_is_marked_on_every_slide_and_section(deck, whole):
    for slide in deck.slides:
        assert any(shape.has_text_frame and SAMPLE in shape.text_frame.text for shape in slide.shapes)
    assert as_html(whole).count(SAMPLE) == len(whole.sections) + 1
    own = content(Given(answers=ANSWERS), Wishes())
    assert SAMPLE not in "\n".join(texts(pptx.Presentation(io.BytesIO(as_slides(own))))) + as_html(own)


def test_source_and_settings_stand_in_the_notes(deck):
    for slide in list(deck.slides)[1:]:
        notes = slide.notes_slide.notes_text_frame.text
        assert "Source: " in notes
        assert "As of 2026-09 · 12 months from 2025-10" in notes
        assert "2,000 draws, seed 1" in notes


def test_settings_are_the_terms_that_a_scenario_has():
    plan = default_scenario().program("affiliate").payout.model_copy(update={"marketplace_fee": 0.03})
    scenario = default_scenario().with_program("affiliate", payout=plan.model_dump())
    said = as_html(content(Given(scenario_=scenario, focus_="affiliate"), Wishes()))
    assert "Marketplace fee" in said
    assert "Override of the recruiter" not in said
    assert "Expansion a month" in said, "a figure that may be 0 is one all the same"


def test_titles_and_words_stand_in_placeholders_and_charts_are_native(deck, whole):
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text
        assert all(placeholder.has_text_frame and placeholder.text_frame.text for placeholder in slide.placeholders)
        assert not [shape for shape in slide.shapes if shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.PICTURE]
    assert len(plots_of(deck)) == len(whole.plots) > 6
    described = [shape._element.nvGraphicFramePr.cNvPr.get("descr") for slide in deck.slides for shape in slide.shapes
                 if shape.has_chart]  # fmt: skip
    assert described == [f"{plot.title}. {plot.alt}" for plot in whole.plots]


def test_steps_end_where_the_figures_say():
    """Stacked bars reach from where a step began to where it ends, also across zero."""
    amounts, ways = (5.0, -8.0, 2.0, -1.0), ("whole", "less", "more", "whole")
    plot = Plot(
        "steps", "t", "a", "", "USD", ("a", "b", "c", "d"), (Series("Amount", amounts, "whole"),), "0", None, ways
    )
    stacked = drawn(plot)
    for at, (start, end) in enumerate(((0, 5), (5, -3), (-3, -1), (0, -1))):
        over = sum(one.values[at] for one in stacked if one.values[at] > 0)
        under = sum(one.values[at] for one in stacked if one.values[at] < 0)
        assert (over, under) == (max(start, end, 0), min(start, end, 0))
    assert as_svg(plot).count("<rect") == 4


@pytest.mark.parametrize("kind", ["lines", "columns"])
def test_series_are_named_where_they_end_and_no_name_covers_another(kind):
    series = (Series("Dear", (1.0, 50.0), "affiliate"), Series("Cheap", (1.0, 0.5), "reseller"),
              Series("Nothing", (1.0, 0.4), "channel"))  # fmt: skip
    drawing = str(as_svg(Plot(kind, "t", "a", "Month", "USD", ("1", "2"), series, "#,##0", None)))
    ends = [
        float(x)
        for one in re.findall(r'points="([^"]+)" fill="none"', drawing)
        for x, _ in [one.split()[-1].split(",")]
    ]
    names = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>(Dear|Cheap|Nothing)<', drawing)
    assert sorted(name for *_, name in names) == ["Cheap", "Dear", "Nothing"]
    assert all(float(x) > end for x, *_ in names for end in ends)
    heights = sorted(float(y) for _, y, _ in names)
    assert min(below - above for above, below in pairwise(heights)) >= 15


def test_every_shape_stays_on_its_slide(deck):
    fits(deck)


def fits(deck):
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            high = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            inside = (
                shape.left >= 0, shape.top >= 0, shape.left + shape.width <= deck.slide_width + 10,
                shape.top + high <= deck.slide_height + 10,
            )  # fmt: skip
            assert all(inside), (number, shape.name, inside)
            assert all(one.font.size is None or one.font.size >= Pt(7) for one in runs(shape))


def runs(shape):
    frames = [shape.text_frame] if shape.has_text_frame else []
    frames += [cell.text_frame for row in shape.table.rows for cell in row.cells] if shape.has_table else []
    return [run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]


# Names from files

LONG, RIGHT, FORMULA = "Ein sehr langer Name " * 10, "שותף הערוץ הגדול", "=cmd|' /C calc'!A0"
NAMES = (LONG, RIGHT, FORMULA, "<script>alert(1)</script>", "x" * 200, "漢字" * 60, "a\u202eevil\x0b")


@pytest.fixture
def hostile(load):
    partners = [["partner_id", "name", "motion", "recruited_on"]]
    accounts, revenue = [["account_id", "signed_up_on", "motion", "partner_id"]], [["account_id", "month", "mrr"]]
    for at, name in enumerate(NAMES):
        partners.append([f"P{at}", name, "affiliate", "2024-01-01"])
        for number in range(12):
            accounts.append([f"A{at}-{number}", "2024-01-05", "affiliate", f"P{at}"])
            revenue += [[f"A{at}-{number}", f"2024-{month:02d}", 100 - at] for month in range(1, 7)]
    program = load({f"{'lang ' * 40}.csv": accounts, "r.csv": revenue, "p.csv": partners})
    wishes = Wishes(title=LONG, audience=LONG, decision=LONG * 2, notes="\n".join([LONG * 3] * 6))
    return content(Given(program, name=RIGHT), wishes)


@pytest.mark.parametrize("own", [None, pytest.param(template(), marks=pytest.mark.proof)], ids=["plain", "foreign"])
def test_long_and_strange_names_stay_in_their_boxes_and_are_text(hostile, own):
    packed = as_slides(hostile, own)
    deck = pptx.Presentation(io.BytesIO(packed))
    fits(deck)
    said = texts(deck)
    assert RIGHT in said
    assert FORMULA in said
    assert not [one for one in said if re.search("[\x00-\x08\x0b\u202a-\u202e]", one)]
    for chart in plots_of(deck):
        book = book_of(chart)
        assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert b"\xe2\x80\xae" not in b"".join(parts_of(packed).values())


def test_names_from_files_are_escaped_on_the_page(hostile):
    page = as_html(hostile)
    assert "<script" not in page
    assert html.escape(NAMES[3]) in page
    assert RIGHT in page


# Templates


def test_a_template_gives_layouts_colours_and_size_and_loses_its_slides(small):
    packed = as_slides(small, template())
    deck = pptx.Presentation(io.BytesIO(packed))
    fits(deck)
    assert (deck.slide_width, deck.slide_height) == (9_144_000, 6_858_000)
    assert {slide.slide_layout.name for slide in deck.slides} == {GERMAN[0], GERMAN[1], GERMAN[5]}
    everything_in_it = b"".join(parts_of(packed).values())
    assert b"7B1E3A" in everything_in_it
    assert b"An old secret" not in everything_in_it
    assert b"evil.test" not in everything_in_it
    assert b'TargetMode="External"' not in everything_in_it
    assert "docProps/thumbnail.jpeg" not in parts_of(packed)
    assert b"hlinkClick" not in parts_of(packed)["ppt/slideMasters/slideMaster1.xml"]
    assert OUTSIDE.encode() in b"".join(parts_of(template()).values())


def test_a_template_proper_is_one_too():
    types = parts_of(template())["[Content_Types].xml"].replace(b"presentation.main+xml", b"template.main+xml")
    check_template("t.potx", changed(template(), **{"[Content_Types].xml": types}))


@pytest.mark.parametrize(
    ("drop", "says"),
    [
        (("Nur Titel",), "has no layout with a title and nothing else"),
        (("Titel und Inhalt", "Titel und vertikal"), "has no layout with a title and one content"),
    ],
)
def test_a_layout_that_is_missing_is_named_by_what_it_holds(drop, says):
    deck = pptx.Presentation(io.BytesIO(template()))
    others = {"Title and Vertical Text", "Vertical Title and Text", "Content with Caption", "Picture with Caption"}
    out = io.BytesIO()
    for layout in [one for one in deck.slide_layouts if one.name in others]:
        deck.slide_layouts.remove(layout)
    slides = deck.slides._sldIdLst
    deck.part.drop_rel(slides[0].rId)
    slides.remove(slides[0])
    for layout in [one for one in deck.slide_layouts if one.name in drop]:
        deck.slide_layouts.remove(layout)
    deck.save(out)
    with pytest.raises(FileError, match=says):
        check_template("ours.pptx", out.getvalue())


def test_a_template_without_a_title_slide_will_do(small):
    deck = pptx.Presentation(io.BytesIO(as_slides(small, template(drop=("Titelfolie",)))))
    assert deck.slides[0].slide_layout.name == "Titel und Inhalt"


BOMB = b"<a>" + b" " * 25_000_000 + b"</a>"
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("packed", "says"),
    [
        (b"hello", "is no PowerPoint file"),
        (b"PK\x03\x04 and nothing else", "is no PowerPoint file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 99, "is an old .ppt, or protected by a password"),
        (changed(template(), ppt__vbaProject_bin=b"x"), "holds macros"),
        (changed(template(), **{"ppt/activeX/activeX1.bin": b"x"}), "holds macros"),
        (changed(template(), **{"ppt/big.xml": BOMB}), "unpacks to more"),
        (changed(template(), **{f"ppt/{at}.txt": b"" for at in range(3001)}), "unpacks to more"),
        (changed(template(), **{"ppt/theme/theme1.xml": ENTITIES}), "declares entities"),
        (changed(template(), **{"ppt/presentation.xml": b"<broken"}), "is no PowerPoint file"),
        (template()[:-2000], "is no PowerPoint file"),
        (b"PK" + b"0" * 30_000_001, "has more than 30 MB"),
    ],
    ids=["text", "no zip", "old", "macros", "controls", "bomb", "parts", "entities", "broken", "cut", "large"],
)
def test_what_is_no_template_is_refused_with_a_repair(packed, says):
    with pytest.raises(FileError, match=says) as refused:
        check_template("ours.pptx", packed)
    assert str(refused.value).startswith("ours.pptx: ")
    assert refused.value.repair


def test_macros_are_refused_by_their_content_type_too():
    types = parts_of(template())["[Content_Types].xml"].replace(
        b"presentationml.presentation.main", b"macroEnabled.main"
    )
    with pytest.raises(FileError, match="holds macros"):
        check_template("ours.pptx", changed(template(), **{"[Content_Types].xml": types}))


def test_an_entity_never_reaches_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("TOP SECRET", "utf-8")
    xxe = f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{secret}">]><a>&b;</a>'.encode("utf-16")
    with pytest.raises(FileError, match="declares entities"):
        check_template("ours.pptx", changed(template(), **{"docProps/custom.xml": xxe}))


@pytest.mark.proof
@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice on this machine")
@pytest.mark.parametrize("own", [None, template()], ids=["plain", "foreign"])
def test_another_office_opens_it(whole, tmp_path, own):
    packed = as_slides(whole, own)
    (tmp_path / "pack.pptx").write_bytes(packed)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/o", "--headless", "--convert-to", "pdf", "pack.pptx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    pages = len(re.findall(rb"/Type\s*/Page[^s]", (tmp_path / "pack.pdf").read_bytes()))
    assert pages == len(pptx.Presentation(io.BytesIO(packed)).slides)


def test_a_deck_is_a_zip_of_parts_that_are_all_named(packed):
    """A part without a type, or a relationship to none, makes PowerPoint repair the file."""
    parts = parts_of(packed)
    types = parts["[Content_Types].xml"].decode()
    for name in parts:
        ending = name.rpartition(".")[2]
        assert f'PartName="/{name}"' in types or f'Extension="{ending}"' in types or name == "[Content_Types].xml"
    for name, content_ in parts.items():
        if name.endswith(".rels"):
            folder = name.rpartition("_rels/")[0]
            for target in re.findall(r'Target="([^"]+)"', content_.decode()):
                assert zipfile.Path(io.BytesIO(packed), resolved(folder, target)).exists(), (name, target)


def resolved(folder, target):
    if target.startswith("/"):
        return target[1:]
    parts = folder.rstrip("/").split("/") if folder else []
    for step in target.split("/"):
        parts = parts[:-1] if step == ".." else [*parts, step]
    return "/".join(parts)


def test_every_risk_that_the_title_names_is_on_the_one_page(sample_program, small):
    ledger = sample_program.ledger
    found = stands_out(ledger, m.Settings(as_of=ledger.last_month), default_rules())
    assert len(found) >= 3  # retention, cost, concentration
    page = as_html(small)
    assert [one.sentence for one in found if html.escape(one.sentence, quote=False) not in page] == []
