"""One view after the other, large and without inputs, for a shared screen."""

import streamlit as st

from pages import _ui
from pages._present import steps
from pages._present.room import Room
from pages._session import loaded

_ui.require_frame()
room, shown = Room(), steps.current()
slide = shown.slide(room)

with st.container(horizontal=True, vertical_alignment="center", gap="small", key="present_top"):
    sample = ":orange-badge[:material/science: Sample] " if loaded.is_sample() else ""
    where = shown.name if isinstance(slide, str) else slide.where
    st.markdown(f"{sample}:small[:gray[{_ui.text(where)}]]", width="stretch")
    steps.buttons(shown, room)
with st.container(key="present_room"):
    if isinstance(slide, str):
        st.title("This view can't be shown yet", anchor=False)
        st.info(_ui.text(slide))
    else:
        st.title(_ui.text(slide.said), anchor=False)
        if slide.beside:
            slide.beside()
        # With a conclusion of two lines, and figures or none, this fills a screen of 1920×1080.
        _ui.room_chart(slide.chart, "present_chart", slide.chart.title != slide.said, 520 if slide.beside else 690)
