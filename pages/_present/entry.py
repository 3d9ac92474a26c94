"""The way into a presentation, at the top of each page that has a view to present."""

from typing import Any

import streamlit as st

from motions.cohorts.metrics.metrics import Settings
from motions.fields import inputs
from pages import _ui
from pages._present.room import BY_NAME
from pages._simulate import presented

VIEWS = "present_views"
FIRST = (
    "Overview: The answer", "Choose: Fit", "Compare: One deal", "Simulate: Over time", "Health: Verdicts",
    "Health: Retention", "Health: Revenue", "Health: Acquisition", "Health: Partners",
)  # fmt: skip
"""the views that are stepped through, unless others are chosen"""
_HELP = (
    "The view that one begins with is always among them. One that has nothing to show yet is passed over, and so is "
    "the simulator until a price, a margin or a payout is set."
)
OF_PAGE: dict[str, tuple[str, ...]] = {
    "Overview": (),
    "Choose": ("a", "r", "road", "choose_equal"),
    "Compare": ("motions", "price", "deal_margin", "term"),
    "Simulate": (),
    "Health": ("side", "segment", "cohort", "changed", "split_by", *(item.address for item in inputs(Settings))),
}
"""parameters of a page's own address that go along; nothing of files is among them"""


def offer(page: str, view: str, asked: dict[str, str] | None = None, currency: str = "USD") -> None:
    """Show the entry: the link to the presentation, and which views are stepped through.

    `asked` are the parameters of the simulator's own view; on the other pages its scenario goes along as it was left.
    """
    with st.popover("Present", icon=":material/slideshow:", type="tertiary", key="present"):
        st.page_link(
            "pages/present.py", label=":blue[**Presentation view** →]", query_params=_address(page, view, asked),
            help="The chart that is open, large, without controls. Left and right keys step through the views below.",
        )  # fmt: skip
        st.multiselect(
            "Views to step through",
            tuple(BY_NAME),
            list(FIRST),
            key=VIEWS,
            persist_state="session",
            help=_ui.text(_HELP),
        )
        presented.choose_figures(currency)


def _address(page: str, view: str, asked: dict[str, str] | None) -> dict[str, Any]:
    query, name = st.query_params, f"{page}: {view}"
    if name not in BY_NAME:  # a view without a chart
        name = next(one for one in BY_NAME if one.startswith(page))
    own: dict[str, Any] = {key: query.get_all(key) for key in OF_PAGE[page] if key in query}
    return own | (asked if asked is not None else {"show": name} | scenario())


def scenario() -> dict[str, str]:
    """Return the simulator's scenario as it was left in this session, as parameters."""
    names = {"s": "scenario_written", "kept": "scenario_kept", "sim_focus": "sim_focus"}
    found = {name: st.session_state[key] for name, key in names.items() if st.session_state.get(key)}
    return found | presented.figures()
