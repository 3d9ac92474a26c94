"""A pack as one page of HTML: it opens without a network, runs no script, and prints on A4 and Letter."""

from datetime import UTC, datetime
from pathlib import Path

import jinja2

from motions.out.pack import svg
from motions.out.pack.content import SAMPLE, Content

TEMPLATE = Path(__file__).with_name("pack.html")


def as_html(content: Content) -> str:
    """Return the page. What comes from files and from the maker is escaped."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    page = environment.from_string(TEMPLATE.read_text("utf-8"))
    return page.render(content=content, made_on=datetime.now(UTC).date().isoformat(), drawn=svg.drawn, sample=SAMPLE)
