"""What the tests of packs are made of: a scenario with ranges and a baseline, answers, and templates."""

import io
import re
import zipfile
from datetime import date

import pptx
from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE

from motions.economics.inputs.links import Named
from motions.economics.inputs.scenario import default_scenario
from motions.out.pack import Given
from motions.playbook import Answers

TODAY = date(2026, 11, 26)
SCENARIO = default_scenario().with_market(list_price=300).replace(
    ranges={"market.list_price": [250, 350], "affiliate.customer_churn_rate": [0.01, 0.04]}
)  # fmt: skip
BASELINE = (Named(name="Budget", scenario=default_scenario().with_market(list_price=400)),)
ANSWERS = Answers(market_fit=True, satisfied=True, acv=3600)
OUTSIDE = "http://evil.test/logo.png"
GERMAN = ("Titelfolie", "Titel und Inhalt", "Abschnitt", "Zwei Inhalte", "Vergleich", "Nur Titel")


def everything(program):
    """All that can be loaded."""
    return Given(program, sample=True, scenario_=SCENARIO, kept=BASELINE, answers=ANSWERS, today=TODAY)


def template(drop=()):
    """A template of somebody else: 4:3, other names, colours and a slide, with links outwards; without some layouts."""
    deck = pptx.Presentation()
    for layout, name in zip(deck.slide_layouts, GERMAN, strict=False):
        layout.name = name
    theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = re.sub(rb"(<a:accent1>).*?(</a:accent1>)", rb'\g<1><a:srgbClr val="7B1E3A"/>\g<2>', theme.blob)
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "An old secret"
    for layout in [layout for layout in deck.slide_layouts if layout.name in drop]:
        deck.slide_layouts.remove(layout)
    master = deck.slide_master
    link = master.part.relate_to(OUTSIDE, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    about = master.placeholders[0]._element.nvSpPr.cNvPr
    click = etree.SubElement(about, "{http://schemas.openxmlformats.org/drawingml/2006/main}hlinkClick")
    click.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", link)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def changed(packed, **parts):
    """A zip with parts added or replaced: by a path whose slashes are two underscores."""
    found, out = parts_of(packed), io.BytesIO()
    found |= {name.replace("__", "/"): content for name, content in parts.items()}
    return zipped(found, out)


def zipped(parts, out):
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
