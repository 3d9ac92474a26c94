"""A template of one's own: read without trust, emptied of its slides, and its layouts found by what they hold.

A .pptx is a zip of XML. Nothing of it runs, nothing of it is fetched, and what would point outside goes.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Any

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE

from motions.errors import FileError
from motions.text import listed

LARGEST = 30_000_000
"""bytes of a template"""
_LARGEST_UNPACKED = 200_000_000
_LARGEST_XML = 20_000_000
"""of one part: more is no slide but a trap"""
_MOST_PARTS = 3_000
_OLD = bytes.fromhex("d0cf11e0a1b11ae1")
_MAIN = b"application/vnd.openxmlformats-officedocument.presentationml.%s.main+xml"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MACROS = ("vbaproject", "vbadata", "/activex/", "/macrosheets/")
_SHARE = 0.4
"""of the height of a slide, that its content has at least"""
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_BODIES = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
_SMALL = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


@dataclass(frozen=True)
class Layouts:
    """The layouts that a pack needs. `cover` is one for a title slide, or the one with content where there is none."""

    cover: Any
    content: Any
    title_only: Any


def check_template(name: str, packed: bytes) -> None:
    """Raise FileError with the repair for a template that no pack can be made with."""
    opened(packed, name)


def opened(packed: bytes, name: str = "The template") -> tuple[Any, Layouts]:
    """Return a template as an empty presentation, and its layouts. Raises FileError."""
    try:
        deck = pptx.Presentation(io.BytesIO(_safe(packed, name)))
        _empty(deck)
        return deck, _layouts(deck, name)
    except FileError:
        raise
    except Exception as fault:  # a library that meets a broken file says so in many ways
        raise _broken(name) from fault


def _broken(name: str) -> FileError:
    return FileError(name, "is no PowerPoint file that can be read", "Save it in PowerPoint as .pptx and try again.")


def _safe(packed: bytes, name: str) -> bytes:
    """The same file without links outwards; refused where it is too large, has macros, or declares entities."""
    if packed[:8] == _OLD:
        raise FileError(
            name, "is an old .ppt, or protected by a password", "Save it as .pptx without a password and try again."
        )  # fmt: skip
    if len(packed) > LARGEST:
        raise FileError(name, f"has more than {LARGEST // 10**6} MB", "Remove its pictures and slides.")
    if packed[:2] != b"PK":
        raise _broken(name)
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            _check_size(archive, name)
            parts = {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as fault:
        raise _broken(name) from fault
    _refuse_macros(parts, name)
    return _zipped(_without_links(parts, name))


def _check_size(archive: zipfile.ZipFile, name: str) -> None:
    """Sizes are those that the zip states; reading stops at them, so that a lie ends in an error."""
    found = archive.infolist()
    xml = [one.file_size for one in found if one.filename.endswith((".xml", ".rels"))]
    names = [one.filename for one in found]
    if (
        len(found) > _MOST_PARTS
        or sum(one.file_size for one in found) > _LARGEST_UNPACKED
        or max(xml, default=0) > _LARGEST_XML
        or len(set(names)) < len(names)
    ):
        raise FileError(name, "unpacks to more than a template can be", "Save a copy without slides and media.")
    if any(one.flag_bits & 1 for one in found):
        raise FileError(name, "is protected by a password", "Save it without one and try again.")


def _refuse_macros(parts: dict[str, bytes], name: str) -> None:
    types = parts.get("[Content_Types].xml", b"").lower()
    if b"macroenabled" in types or any(word in f"/{part.lower()}" for part in parts for word in _MACROS):
        raise FileError(name, "holds macros or controls, which could run", "Save it as .pptx without macros.")


def _without_links(parts: dict[str, bytes], name: str) -> dict[str, bytes]:
    """The parts without relationships to the outside, and without what refers to these."""
    found = dict(parts)
    for path, content in parts.items():
        if not path.endswith((".xml", ".rels", ".vml")):
            continue
        root = _parsed(content, name)
        if path.endswith(".rels") and (gone := _dropped(root)):
            found[path] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            owner = normpath(join(dirname(dirname(path)), path.rpartition("/")[2].removesuffix(".rels")))
            if owner in found and owner.endswith(".xml"):
                found[owner] = _without_references(_parsed(found[owner], name), gone)
    # A template proper (.potx) is a presentation of another name.
    types = found["[Content_Types].xml"]
    found["[Content_Types].xml"] = types.replace(_MAIN % b"template", _MAIN % b"presentation")
    return found


def _parsed(content: bytes, name: str) -> Any:
    # No parser here expands an entity or asks for a file; what declares some is refused all the same.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileError(name, "declares entities, as no PowerPoint file does", "Save it in PowerPoint as .pptx.")
    return root


def _dropped(root: Any) -> set[str]:
    """Take relationships to the outside out of a list of them; returns their ids."""
    outside = [one for one in root.iter(_RELATIONSHIP) if one.get("TargetMode", "").lower() == "external"]
    for one in outside:
        root.remove(one)
    return {one.get("Id", "") for one in outside}


def _without_references(root: Any, gone: set[str]) -> bytes:
    """What refers to a relationship that is gone goes too: a picture keeps what is embedded, a link leaves its text."""
    for one in list(root.iter()):
        names = [name for name, value in one.attrib.items() if str(name).startswith(_R) and value in gone]
        if not names:
            continue
        if one.tag.endswith("}blip") or one.getparent() is None:
            for name in names:
                del one.attrib[name]
        else:
            one.getparent().remove(one)
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return found


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return out.getvalue()


def _empty(deck: Any) -> None:
    """Take away the slides of a template, and what else would name them: their sections, shows, titles and picture."""
    slides = deck.slides._sldIdLst
    for one in list(slides):
        deck.part.drop_rel(one.rId)
        slides.remove(one)
    root = deck.part._element
    for one in [*root.iter("{*}custShowLst"), *root.iter("{*}sectionLst")]:
        ext = one.getparent()
        target = ext if ext.tag.endswith("}ext") else one
        target.getparent().remove(target)
    package = deck.part.package
    for kind in (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES):
        for key in [key for key, rel in package._rels.items() if rel.reltype == kind]:
            package._rels.pop(key)


def _layouts(deck: Any, name: str) -> Layouts:
    least = deck.slide_height * _SHARE
    found = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    content = _first(found, ["body", "title"], least)
    bare = _first(found, ["title"], least)
    missing = [
        words
        for words, layout in (("a title and one content", content), ("a title and nothing else", bare))
        if layout is None
    ]
    if missing:
        raise FileError(
            name,
            f"has no layout with {listed(missing)}",
            "Add it to the slide master: placeholders count, names of layouts don't.",
        )
    cover = _first(found, ["subtitle", "title"], least)
    return Layouts(cover or content, content, bare)


def _first(layouts: list[Any], wanted: list[str], least: float) -> Any:
    return next((layout for layout in layouts if sorted(_kinds(layout, least)) == wanted), None)


def _kinds(layout: Any, least: float) -> Iterator[str]:
    """What a layout holds: placeholders by kind; date, footer and number count for nothing.

    A place for content that is lower than `least` [EMU], as on the slide before a section, or whose text runs
    downwards, is none.
    """
    for one in layout.placeholders:
        kind = one.placeholder_format.type
        if kind in _TITLES:
            yield "title"
        elif kind == PP_PLACEHOLDER.SUBTITLE:
            yield "subtitle"
        elif kind in _BODIES and one.height >= least and one._element.ph.get("orient") != "vert":
            yield "body"
        elif kind not in _SMALL:
            yield "other"
