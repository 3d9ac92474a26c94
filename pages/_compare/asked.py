"""The motions and the deal that Compare is asked about; all but one's own motion is in the address."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from motions.chosen import TERM
from motions.economics.inputs.assumptions import Market
from motions.fields import Input, input_named
from motions.playbook.own_models import Own
from motions.text import count, money
from pages import _ui


@dataclass(frozen=True)
class Asked:
    """What is compared: motions by id, and one deal under each."""

    chosen: tuple[str, ...]
    price: float
    """[USD a month]"""
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


_PRICE = replace(input_named(Market, "list_price"), low=1.0)
_FIRST = {"price": _PRICE.default, "deal_margin": 80, "term": TERM.default}
"""what the deal is before anything is moved, by the key of its widget"""


def as_left(own: Own) -> Asked:
    """Return the same for another page: as it was left in this session, else as the address says."""
    margin = input_named(Market, "gross_margin")
    motions = st.session_state.get("own_motions" if own.sixth else "motions") or st.query_params.get_all("motions")
    chosen = tuple(name for name in own.names if name in motions) or tuple(own.names)
    return Asked(chosen, _left(_PRICE, "price"), _left(margin, "deal_margin"), _left(TERM, TERM.address))


def _left(item: Input, key: str) -> Any:
    """A number as its widget or the address has it; what is not allowed counts as it does beside the widget."""
    left = st.session_state.get(key, st.query_params.get(key))
    try:
        return item.taken(None if left is None else float(left), item.default)
    except ValueError:
        return item.default


def _inputs(own: Own) -> Asked:
    with st.container(width=190):
        means = "What the end customer pays in the deal below."
        price = _ui.amount(_PRICE, "price", _PRICE.default, "USD", means=means, bind="query-params")
    with st.container(width=170):
        item = input_named(Market, "gross_margin")
        margin = _ui.slider(item, "deal_margin", "Share of the list price left after cost of revenue.")
    with st.container(width=170):
        term = _ui.slider(TERM, TERM.address, TERM.description)
    chosen = st.pills(
        "Motions (two or more)", tuple(own.names), selection_mode="multi", format_func=_ui.marked(own.names), wrap=True,
        # A motion of one's own stays in the session, as its playbook does.
        default=tuple(own.names), key="own_motions" if own.sixth else "motions",
        bind=None if own.sixth else "query-params", persist_state="session" if own.sixth else None, width="content",
    )  # fmt: skip
    return Asked(tuple(chosen), price, margin, term)
