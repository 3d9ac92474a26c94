"""The motions side by side: the same deal under each, how they differ, and the three growth motions."""

import streamlit as st

from motions import deals
from motions.playbook.tables import growth_table
from pages import _ui
from pages._compare import asked, shown
from pages._present import entry
from pages._session import playbook as session

_ui.require_frame()
own = session.current()
playbook = own.playbook

session.line()
top = st.container(gap=None)
found = asked.ask(own)
motions = [motion for motion in playbook.motions if motion.id in found.chosen]
with top:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":small[:gray[Compare · one customer, before program cost]]", width="stretch")
        entry.offer("Compare", "One deal")
    if len(motions) < 2:
        st.title("Compare partner motions", anchor=False)
        st.info("Choose at least two motions to compare them.")
        st.stop()
    offers = deals.offers(own, found.chosen, found.price, found.margin, found.term)
    st.title(_ui.text(deals.answer(offers, found.price, found.margin, found.term)), anchor=False)
shown.deal(offers, found, own)
shown.differences(motions, own)
st.header("Product-led, sales-led, partner-led", anchor=False)
_ui.static_table(growth_table(playbook.growth))
st.caption(_ui.text(f"{playbook.growth.note} Source: {playbook.cite(playbook.growth.source)}."))
_ui.link("pages/choose.py", "Which of them first? Choose by your answers and data")
session.drop()
