"""A pack as slides: text in the placeholders of the layouts, charts that PowerPoint draws, tables, sources as notes.

Where text stands, and how large, is worked out so that nothing leaves its box: what is longer goes on to another slide.
"""

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.util import Emu, Pt

from motions.out.pack import drawing, room
from motions.out.pack.blank import blank
from motions.out.pack.content import Content, Said, Slide, Table, Told, plain, shortened
from motions.out.pack.template import Layouts, opened

SIZES = (18, 16, 14, 13, 12, 11, 10.5, 10)
"""of words, in points: the largest that fits"""
_NOTE = (13, 12, 11, 10)
"""of a line of words beside a chart or a table"""
_CELLS = (12, 11, 10)
_TITLES = (44, 40, 36, 32, 30, 28, 26, 24, 22, 20, 18, 16, 14)
_SMALL, _FOOT = 9.5, 9
_GAP = 0.45
"""space after a paragraph, of the size of its letters"""
_POINT = 12_700
"""EMU"""
_PAD = 7.2 * _POINT
"""what a text box keeps free at either side"""
_TABLE_STYLE = "{3C2FFA5D-87B4-456A-9821-1D502468CF0F}"
"""Themed Style 1 in the template's first colour: text in the colour of text, so that any template can be read"""
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


class Box(NamedTuple):
    """A place on a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int

    def row(self, start: float, end: float, gap: int = 0) -> "Box":
        """Return a part of it by its height, from one fraction to another, with a gap at its end."""
        return Box(
            self.left, round(self.top + self.height * start), self.width, round(self.height * (end - start)) - gap
        )

    def column(self, start: float, end: float, gap: int = 0) -> "Box":
        """Return a part of it by its width, in the same way."""
        return Box(
            round(self.left + self.width * start), self.top, round(self.width * (end - start)) - gap, self.height
        )

    @property
    def points(self) -> tuple[float, float]:
        """What is in it for text, in points: width and height."""
        return (self.width - 2 * _PAD) / _POINT, (self.height - _PAD) / _POINT


def as_slides(content: Content, template: bytes | None = None) -> bytes:
    """Return a pack as a .pptx, by a company's own template where there is one. Raises FileError for one that is none.

    The template gives layouts, colours and fonts; its slides are left out.
    """
    deck, layouts = blank() if template is None else opened(template)
    making = _Making(deck, layouts, content)
    making.cover()
    for section in content.sections:
        for slide in section.slides:
            making.add(slide, section.title)
    _properties(deck, content)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _properties(deck: Any, content: Content) -> None:
    about = deck.core_properties
    about.title, about.subject = shortened(content.title, 250), shortened(content.subtitle, 250)
    about.author = about.last_modified_by = about.keywords = about.comments = ""


class _Making:
    """A deck while its slides are made."""

    def __init__(self, deck: Any, layouts: Layouts, content: Content) -> None:
        self.deck, self.layouts, self.content = deck, layouts, content
        body = _body(layouts.content)
        low = round(deck.slide_height - 30 * _POINT)  # below it stands the foot
        height = min(body.height, low - body.top)
        self.area = Box(body.left, body.top, body.width, height)

    def cover(self) -> None:
        """Add the first slide: what it is, for whom, and what its maker wrote."""
        slide = self.deck.slides.add_slide(self.layouts.cover)
        _title(slide, self.content.title)
        body = _body(slide)
        lines = [one for one in (self.content.subtitle, self.content.as_of, *self.content.notes) if one]
        _fill(body, [Said(one) for one in lines], Box(body.left, body.top, body.width, body.height))
        self._end(slide, Slide(self.content.title))

    def add(self, said: Slide, section: str) -> None:
        """Add what one slide says, on as many slides as that takes."""
        if said.table:
            self._tabled(said, said.table, section)
        elif said.figures or said.plot:
            self._shown(said, section)
        else:
            self._worded(said, section)

    def _new(self, layout: Any, title: str) -> Any:
        slide = self.deck.slides.add_slide(layout)
        _title(slide, title)
        return slide

    def _worded(self, said: Slide, section: str) -> None:
        wide, high = self.area.points
        heights = [room.height([_line(one)], _in(wide), 14, _GAP) for one in said.words]
        parts = list(room.pages(heights, high)) or [slice(0, 0)]
        for number, part in enumerate(parts, 1):
            slide = self._new(self.layouts.content, _numbered(said.title, number, len(parts)))
            _fill(_body(slide), said.words[part], self.area)
            self._end(slide, said, section)

    def _shown(self, said: Slide, section: str) -> None:
        """Words beside figures and a chart; one line of words below the chart."""
        slide, gap = self._new(self.layouts.content, said.title), round(8 * _POINT)
        area = self._footed(slide, said.foot)
        if said.figures:
            top = area.row(0, 0.27, gap)
            _figures(slide, said.figures, top, gap)
            area = area.row(0.27, 1)
        if not said.words:
            _gone(_body(slide))
            left = area
        elif len(said.words) == 1 and not said.figures:
            left = area.row(0, 0.9, gap)
            _fill(_body(slide), said.words, area.row(0.9, 1), _NOTE)
        else:
            left = area.column(0, 0.6, gap)
            _fill(_body(slide), said.words, area.column(0.6, 1) if said.plot else area)
        if said.plot:
            drawing.add(slide, said.plot, left, 10 if said.figures else 11, said.plot.title != said.title)
        self._end(slide, said, section)

    def _tabled(self, said: Slide, table: Table, section: str) -> None:
        words = said.words
        area = self.area.row(0.14, 1) if words else self.area
        if said.foot:
            area = area.row(0, 0.92)
        widths = _widths(table, area.width)
        points, heights = _rows(table, widths, area.height / _POINT)
        head = heights[0]
        parts = list(room.pages(heights[1:], area.height / _POINT - head))
        for number, part in enumerate(parts, 1):
            layout = self.layouts.content if words else self.layouts.title_only
            slide = self._new(layout, _numbered(said.title, number, len(parts)))
            if words:
                _fill(_body(slide), words, self.area.row(0, 0.13), _NOTE)
            self._footed(slide, said.foot)
            _table(slide, table, part, area, widths, points, [head, *heights[1:][part]])
            self._end(slide, said, section)

    def _footed(self, slide: Any, foot: str) -> Box:
        """Write what stands small below all; returns what is left of the area."""
        if not foot:
            return self.area
        wide, _ = self.area.points
        high = (room.height([foot], wide, _FOOT) + 8) * _POINT
        share = 1 - min(high / self.area.height, 0.2)
        box = self.area.row(share, 1)
        text = slide.shapes.add_textbox(*box).text_frame
        _plain_frame(text)
        size = room.size([foot], *box.points, (_FOOT, 8, 7))
        _run(text.paragraphs[0], foot if size else shortened(foot, 600), size or 7)
        return self.area.row(0, share)

    def _end(self, slide: Any, said: Slide, section: str = "") -> None:
        """Write the foot, the number and the notes of a slide."""
        foot = " · ".join(filter(None, (section, self.content.foot)))
        _foot(self.deck, slide, foot)
        notes = [one for one in (f"Source: {section}." if section else "", *said.source) if one]
        notes += [f"{one.named}: {one.definition}" for one in said.figures]
        notes += [f"Chart: {said.plot.alt}"] if said.plot else []
        frame = slide.notes_slide.notes_text_frame
        if frame is not None and notes:
            frame.text = "\n".join(plain(one) for one in notes)


def _numbered(title: str, number: int, of: int) -> str:
    return title if of == 1 else f"{title} ({number} of {of})"


def _line(one: Said) -> str:
    return f"{one.lead}: {one.words}" if one.lead else one.words


def _in(wide: float) -> float:
    """The width that words have beside the sign and the indent of a list, in points."""
    return wide - 30


def _title(slide: Any, words: str) -> None:
    shape = slide.shapes.title
    own = _inherited(slide)
    wide, high = Box(shape.left, shape.top, shape.width, shape.height).points
    said = words
    size = room.size([said], wide, high, [one for one in (own, *_TITLES) if one <= own])
    while size is None and len(said) > 20:
        said = shortened(said, len(said) - 10)
        size = room.size([said], wide, high, _TITLES[-2:])
    frame = shape.text_frame
    frame.text, frame.word_wrap, frame.auto_size = said, True, MSO_AUTO_SIZE.NONE
    if size != own:
        frame.paragraphs[0].runs[0].font.size = Pt(size or _TITLES[-1])


def _inherited(slide: Any) -> float:
    """The size of a slide's title by its layout and master, in points."""
    layout = slide.slide_layout
    kinds = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    own = [one for one in layout.placeholders if one.placeholder_format.type in kinds]
    above = [one for one in layout.slide_master.placeholders if one.placeholder_format.type in kinds]
    places = [one._element.find(f".//{{{_A}}}lstStyle/{{{_A}}}lvl1pPr/{{{_A}}}defRPr") for one in (*own, *above)]
    places.append(layout.slide_master._element.find(f".//{{*}}titleStyle/{{{_A}}}lvl1pPr/{{{_A}}}defRPr"))
    sizes = [int(one.get("sz")) / 100 for one in places if one is not None and one.get("sz")]
    return sizes[0] if sizes else 44.0


def _body(of: Any) -> Any:
    """The placeholder for content of a slide or layout; of a cover the one for its subtitle."""
    kinds = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.SUBTITLE)
    return next(one for one in of.placeholders if one.placeholder_format.type in kinds)


def _gone(shape: Any) -> None:
    shape._element.getparent().remove(shape._element)


def _fill(shape: Any, words: Sequence[Said], box: Box, sizes: Sequence[float] = SIZES) -> None:
    """Write paragraphs into a placeholder at a place, as large as they fit; what never fits is cut with an ellipsis."""
    shape.left, shape.top, shape.width, shape.height = (Emu(one) for one in box)
    wide, high = box.points
    said = list(words)
    size = room.size([_line(one) for one in said], _in(wide), high, sizes, _GAP)
    most = max((len(one.words) for one in said), default=0)
    while size is None and most > 40:
        most -= 20
        said = [Said(shortened(one.words, most), one.lead) for one in words]
        size = room.size([_line(one) for one in said], _in(wide), high, SIZES[-1:], _GAP)
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
    for at, one in enumerate(said):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        if one.lead:
            _run(paragraph, f"{one.lead}: ", size or SIZES[-1], bold=True)
        _run(paragraph, one.words, size or SIZES[-1])
        paragraph.space_before, paragraph.space_after = Pt(0), Pt((size or SIZES[-1]) * _GAP)
        paragraph.line_spacing = 1.0
        if len(said) == 1:
            _no_bullet(paragraph)


def _no_bullet(paragraph: Any) -> None:
    """One line alone is no list."""
    own = paragraph._p.get_or_add_pPr()
    own.set("marL", "0")
    own.set("indent", "0")
    if own.find(f"{{{_A}}}buNone") is None:
        etree.SubElement(own, f"{{{_A}}}buNone")


def _run(paragraph: Any, words: str, points: float, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text, run.font.size = plain(words) + " " * words.endswith(" "), Pt(points)
    if bold:
        run.font.bold = True


def _plain_frame(frame: Any) -> None:
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP


def _figures(slide: Any, told: Sequence[Told], box: Box, gap: int) -> None:
    """Write figures beside one another, each with its title, its interval and what it is compared with, all alike."""
    boxes = [box.column(at / len(told), (at + 1) / len(told), gap) for at in range(len(told))]
    wide, high = boxes[0].points
    value = min(room.size([one.value], wide, 40, (26, 22, 18, 14)) or 12 for one in told)
    small = [[one.named, one.interval, one.change] for one in told]
    left = high - value * room.LINE
    fits = [room.size([text for text in texts if text], wide, left, (11, 10, 9.5, 9, 8)) for texts in small]
    size = min(one or 8 for one in fits)
    for one, place, fit in zip(told, boxes, fits, strict=True):
        lines = [(one.named, size), (one.value, value), (one.interval, size)]
        lines.append((one.change if fit else shortened(one.change.partition(";")[0], 60), size))
        _figure(slide.shapes.add_textbox(*place).text_frame, [line for line in lines if line[0]])


def _figure(frame: Any, lines: Sequence[tuple[str, float]]) -> None:
    _plain_frame(frame)
    for at, (text, points) in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        _run(paragraph, text, points, bold=at == 1)


def _widths(table: Table, whole: int) -> list[int]:
    total = sum(table.weights)
    return [round(whole * weight / total) for weight in table.weights]


def _rows(table: Table, widths: Sequence[int], high: float) -> tuple[float, list[float]]:
    """The size of a table's text, and the height of each row in points: the largest at which all fits, else the least.

    Each row is estimated as high as the highest of its cells.
    """
    for points in _CELLS:
        heights = [
            max(
                room.height([cell], (width - 2 * _PAD) / _POINT, points) + 8
                for cell, width in zip(row, widths, strict=True)
            )
            for row in (table.titles, *table.rows)
        ]
        if sum(heights) <= high:
            break
    return points, heights


def _table(
    slide: Any, table: Table, part: slice, box: Box, widths: Sequence[int], points: float, heights: Sequence[float]
) -> None:
    rows = [table.titles, *table.rows[part]]
    shape = slide.shapes.add_table(len(rows), len(widths), box.left, box.top, sum(widths), Emu(10))
    shape.name = "Table"
    shape._element.find(".//{*}tableStyleId").text = _TABLE_STYLE
    shape.table.horz_banding = False
    for column, width in zip(shape.table.columns, widths, strict=True):
        column.width = Emu(width)
    for row, cells, high in zip(shape.table.rows, rows, heights, strict=True):
        row.height = Pt(high)
        for cell, words in zip(row.cells, cells, strict=True):
            cell.margin_top = cell.margin_bottom = Pt(3)
            _run(cell.text_frame.paragraphs[0], words or "–", points)  # an empty one would be as high as 18 points


def _foot(deck: Any, slide: Any, words: str) -> None:
    """Write the foot where the layout has a place that is wide enough, else at the lower edge; and the number."""
    own = {one.placeholder_format.type: one for one in slide.slide_layout.placeholders}
    place = own.get(PP_PLACEHOLDER.FOOTER)
    size = None
    if place is not None:
        wide = (place.width - 2 * _PAD) / _POINT
        size = next((one for one in (11, 10, _SMALL, _FOOT) if room.lines(words, wide / one) == 1), None)
    if place is not None and size:
        slide.shapes.clone_placeholder(place)
        frame = slide.placeholders[place.placeholder_format.idx].text_frame
    else:
        left, wide = round(deck.slide_width * 0.05), round(deck.slide_width * 0.8)
        size = next((one for one in (10, 9, 8) if room.lines(words, wide / _POINT / one) == 1), 7)
        box = slide.shapes.add_textbox(left, deck.slide_height - round(26 * _POINT), wide, round(20 * _POINT))
        frame = box.text_frame
    _run(frame.paragraphs[0], words, size)
    if (number := own.get(PP_PLACEHOLDER.SLIDE_NUMBER)) is not None:
        slide.shapes.clone_placeholder(number)
        paragraph = slide.placeholders[number.placeholder_format.idx].text_frame.paragraphs[0]._p
        field = etree.SubElement(
            paragraph, f"{{{_A}}}fld", id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum"
        )
        etree.SubElement(field, f"{{{_A}}}t").text = str(len(deck.slides))
