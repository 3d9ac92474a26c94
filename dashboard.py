"""The entry: page frame, navigation, run. Start it with `make run`, or `streamlit run dashboard.py` from here."""

from pathlib import Path

import streamlit as st

# Before st.navigation: an icon set later would be asked of an outside font server.
st.set_page_config(
    page_title="Motions",
    page_icon=str(Path(__file__).parent / "pages" / "mark.svg"),
    layout="wide",
    menu_items={"About": "Motions: the strategy dashboard for partner-led growth."},
)

from pages import _ui  # noqa: E402
from pages._guard import browser, downloads, sign_in  # noqa: E402
from pages._session import kept, log  # noqa: E402

page = _ui.navigation(sign_in.ways_out())
_ui.require_configuration()
browser.require()
downloads.known_by_all_of_it()
role = sign_in.require()
log.opened(page.url_path, role)
kept.start()
if sign_in.may_open(role, page):
    _ui.run_framed(page)
else:
    log.event("refused")
    sign_in.say_who_may()
