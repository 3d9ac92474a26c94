"""The motions and the deal that Compare is asked about; all but one's own motion is in the address."""

from dataclasses import dataclass

import streamlit as st

from motions.economics.inputs.assumptions import Market
from motions.fields import input_named
from motions.playbook.own_models import Own
from motions.text import count, money
from pages import _ui


@dataclass(frozen=True)
class Asked:
    """What is compared: motions by id, and one deal under each."""

    chosen: tuple[str, ...]
    price: float | None
    """[USD a month] None while the field is empty"""
    margin: float
    """[fraction of the list price]"""
    term: int
    """[months]"""


def ask(own: Own) -> Asked:
    """Show the inputs in one row; a phone has them behind one button, whose label is the deal."""
    if _ui.on_phone():
        price, margin, term = (st.session_state.get(key, value) for key, value in _FIRST.items())
        said = f"{money(price)} · {margin} % · {count(term, 'month')}"
        with st.popover(f"**{_ui.text(said)}**", icon=":material/tune:", width="stretch", key="deal_inputs"):
            return _inputs(own)
    with st.container(horizontal=True, gap="medium"):
        return _inputs(own)


_FIRST = {"price": 500.0, "deal_margin": 80, "term": 24}
"""what the deal is before anything is moved, by the key of its widget"""


def _inputs(own: Own) -> Asked:
    price = st.number_input(
        "List price a month (USD)", 1.0, 1_000_000.0, _FIRST["price"], step=10.0, format="%g", key="price",
        bind="query-params", help="What the end customer pays in the deal below.", width=190,
    )  # fmt: skip
    item = input_named(Market, "gross_margin")
    margin = st.slider(
        _ui.text(item.label()), 0, 100, int(item.shown(item.default)), key="deal_margin", bind="query-params",
        help="Share of the list price left after cost of revenue.", width=170,
    )  # fmt: skip
    term = st.slider(
        "Term (months)", 1, 60, int(_FIRST["term"]), key="term", bind="query-params", width=170,
        help="How long the customer is looked at; it may leave before.",
    )  # fmt: skip
    chosen = st.pills(
        "Motions (two or more)", tuple(own.names), selection_mode="multi", format_func=_ui.marked(own.names), wrap=True,
        # A motion of one's own stays in the session, as its playbook does.
        default=tuple(own.names), key="own_motions" if own.sixth else "motions",
        bind=None if own.sixth else "query-params", width="content",
    )  # fmt: skip
    return Asked(tuple(chosen), price, item.stored(margin), term)
