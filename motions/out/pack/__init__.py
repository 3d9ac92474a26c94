"""The pack for a meeting: one content, made out of what is loaded, as slides and as a page that prints."""

from motions.out.pack.content import Content, file_name
from motions.out.pack.given import Given, Wishes
from motions.out.pack.one_page import slide as first_page
from motions.out.pack.sections import SECTIONS, content, lacking, offered
from motions.out.pack.slides import as_slides
from motions.out.pack.template import check_template
from motions.out.pack.web import as_html

__all__ = [
    "SECTIONS",
    "Content",
    "Given",
    "Wishes",
    "as_html",
    "as_slides",
    "check_template",
    "content",
    "file_name",
    "first_page",
    "lacking",
    "offered",
]
