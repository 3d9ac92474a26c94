"""The template of a company that has none: wide, with the app's colours and fonts that every office program has."""

import re
from typing import Any

import pptx
from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Emu

from motions.charts.style import LOOKS
from motions.names import PARTNER_MOTIONS
from motions.out.pack.template import Layouts

_WIDE, _HIGH = 12_192_000, 6_858_000
_INCH = 914_400
_PLACES = {
    "title": (0.55, 0.35, 12.2, 0.95), "body": (0.55, 1.4, 12.2, 5.45), "ftr": (0.55, 7.05, 9.5, 0.35),
    "sldNum": (11.55, 7.05, 1.2, 0.35),
}  # fmt: skip
"""Left, top, width and height in inches, by the type of placeholder."""
_COVER = {"ctrTitle": (1.0, 1.9, 11.3, 1.6), "subTitle": (1.0, 3.6, 11.3, 3.2)}
_ACCENTS = [*(LOOKS[name].colour for name in PARTNER_MOTIONS), "#7a5195"]
_FONT = "Arial"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def blank() -> tuple[Any, Layouts]:
    """Return an empty presentation and its three layouts."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Emu(_WIDE), Emu(_HIGH)
    cover, content, title_only = (deck.slide_layouts[at] for at in (0, 1, 5))
    for layout in list(deck.slide_layouts):
        if layout not in (cover, content, title_only):
            deck.slide_layouts.remove(layout)
    _placed(deck.slide_master, _PLACES)
    for layout in (content, title_only):
        _placed(layout, _PLACES)
    _placed(cover, {**_PLACES, **_COVER})
    _coloured(deck.slide_master)
    _written(deck.slide_master, cover)
    return deck, Layouts(cover, content, title_only)


def _placed(of: Any, places: dict[str, tuple[float, float, float, float]]) -> None:
    for one in list(of.placeholders):
        kind = one._element.ph.get("type", "body")
        if kind not in places:  # the date stands in the foot
            one._element.getparent().remove(one._element)
            continue
        one.left, one.top, one.width, one.height = (Emu(round(side * _INCH)) for side in places[kind])


def _coloured(master: Any) -> None:
    """Put colours and fonts into the theme, where charts, tables and text take them from."""
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8")
    for at, colour in enumerate(_ACCENTS, 1):
        new = rf'\g<1><a:srgbClr val="{colour[1:].upper()}"/>\g<2>'
        text = re.sub(rf"(<a:accent{at}>).*?(</a:accent{at}>)", new, text, flags=re.S)
    theme._blob = re.sub(r'<a:latin typeface="Calibri"', f'<a:latin typeface="{_FONT}"', text).encode("utf-8")


def _written(master: Any, cover: Any) -> None:
    """Titles stand at the left, as sentences do."""
    style = master._element.find(".//{*}titleStyle/{*}lvl1pPr")
    style.set("algn", "l")
    style.find("{*}defRPr").attrib.update({"sz": "2600", "b": "1"})
    for one in (*master.placeholders, *cover.placeholders):
        kind = one._element.ph.get("type")
        if kind in ("ftr", "subTitle"):
            for level in one._element.iter("{*}lvl1pPr"):
                level.set("algn", "l")
        if kind == "ctrTitle":
            level = etree.SubElement(one._element.find("{*}txBody/{*}lstStyle"), f"{{{_A}}}lvl1pPr")
            etree.SubElement(level, f"{{{_A}}}defRPr", sz="4000", b="1")
