"""What is handed out in a meeting: one content, as PowerPoint and as a page that prints."""

import streamlit as st

from motions.out.pack import as_html, as_slides, content, file_name, first_page, offered
from pages import _ui
from pages._pack import given as session
from pages._pack import parts, template
from pages._session import playbook

_ui.require_frame()
given = session.current()
playbook.line()
if not offered(given):
    st.title("Nothing to hand out yet", anchor=False)
    st.markdown("A pack is made of what is loaded, set or answered. Any one of the three is enough.")
    for page, label in (
        ("pages/choose.py", "Answer which motion fits"),
        ("pages/simulate.py", "Set price, margin and payouts"),
        ("pages/health.py", "Load your files"),
    ):
        _ui.link(page, label)
    st.stop()

top = st.container(gap=None)
preview_column, wishes_column = st.columns([3, 2], gap="medium")
with wishes_column, st.container(border=True, gap="small"):
    wishes = parts.wishes(given)
    own = template.current()
    buttons = st.container(horizontal=True)
    template.choose()
shown = first_page(given, wishes)
with buttons:
    _ui.file(
        "PowerPoint", file_name(wishes.title, "pptx"), lambda: as_slides(content(given, wishes), own), "pack_pptx",
        "Charts that PowerPoint draws, with their figures inside.", primary=True,
    )  # fmt: skip
    _ui.file(
        "Page to print (HTML)", file_name(wishes.title, "html"), lambda: as_html(content(given, wishes)).encode(),
        "pack_html", "The same content. It opens without a network and prints on A4 and Letter.",
    )  # fmt: skip
with top:
    sample = ":orange-badge[:material/science: Sample] " if given.sample else ""
    st.markdown(f"{sample}:small[:gray[For the meeting · the one page in words]]")
    st.title(_ui.text(shown.title), anchor=False)
with preview_column:
    parts.preview(shown)
