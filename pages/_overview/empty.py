"""The overview before anything is loaded, set or answered: what this is, and an example marked as one."""

import streamlit as st

from motions.charts import economics as charts
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.run import run
from pages import _ui
from pages._guard.access import configured
from pages._session import loaded

_QUESTIONS = (
    (
        "1. Which motion first?",
        "Twelve questions, published rules, and what would change the answer.",
        "pages/choose.py",
        "Choose a motion",
    ),
    (
        "2. What does each leave you?",
        "The same deal under each motion, and who owns, sells and supports.",
        "pages/compare.py",
        "Compare the motions",
    ),
    (
        "3. What would it earn?",
        "Margins and payouts with ranges; move one and see the answer change.",
        "pages/simulate.py",
        "Simulate a program",
    ),
    (
        "4. Is it healthy?",
        "Retention, cost and partners from billing, CRM and partner-platform exports.",
        "pages/health.py",
        "Look at a program's health",
    ),
)
"""title, what is found there, page, and the words of its link"""


def show(scenario: Scenario) -> None:
    """Show what the app is for, beside an example of defaults, and the four questions."""
    if loaded.files():
        with st.container(horizontal=True, vertical_alignment="center"):
            _ui.badge("Files", "caution")
            st.markdown("Your files give no figures yet.", width="content")
            _ui.link("pages/files.py", "See what they need")
    words, example = st.columns([1, 1.15], gap="large", vertical_alignment="center")
    with words:
        st.title("Which partner motion comes first, and what will it earn?", anchor=False)
        st.markdown(
            "Motions chooses between referrals, affiliates, channels, resellers and ecosystem alliances by **your** "
            "answers, works out what a program would earn, and reads from your own files whether it does."
        )
        with st.container(horizontal=True, gap="small"):
            _ui.primary("Explore the sample", "use_sample", "explore", on_click=loaded.use_sample)
            if _ui.primary("Model our program", "overview_model", "tune"):
                st.switch_page("pages/choose.py")
        alone = "" if configured() else "Nobody signs in. "
        st.caption(f"{alone}Nothing leaves this server. Files are removed soon after you close the tab.")
    with example, st.container(border=True, gap="xsmall"):
        _ui.badge("Example, not your figures", "caution")
        _ui.chart(
            charts.contribution(run(scenario), {}, scenario.market.currency, {}, 290), "overview_example", level=2
        )
        st.caption("Our defaults at $500 a month: a starting point, and nobody's program.")
    st.header("Four questions, one journey", anchor=False)
    with st.grid(4, min_column_width=240, gap="small"):
        for title, found, page, label in _QUESTIONS:
            with st.container(border=True, gap="xxsmall", height="stretch"):
                st.markdown(f"### {_ui.text(title)}", anchors=False)
                st.caption(_ui.text(found))
                _ui.link(page, label)
