"""The choices of program health: which side, which part, which month, which definitions; all are in the address."""

from typing import Any

import streamlit as st

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import health as tables
from motions.fields import Input, inputs
from motions.names import NAMES, PARTNER_MOTIONS, PLAIN_NAMES, in_force, offered
from pages import _ui
from pages._components import tab

EVERY = "all"
_BOUND: Any = {"bind": "query-params"}


def choose(ledger: Ledger) -> tuple[str, m.Group, m.Settings, Ledger]:
    """Show which partner side and which part is looked at; returns the side, its motions, settings and that part."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        side = _side(ledger) if ledger.coverage.motions_known else m.EVERYBODY
        part = _part(ledger)
        chosen = settings(ledger)
    return *_of(side, ledger), chosen, part


def _of(side: str, ledger: Ledger) -> tuple[str, m.Group]:
    if side == m.EVERYBODY or not ledger.coverage.motions_known:
        return m.whole(ledger)
    motion = next(name for name in PARTNER_MOTIONS if PLAIN_NAMES[name] == side)
    return NAMES[motion], (MOTIONS.index(motion),)


def as_left(ledger: Ledger) -> tuple[str, m.Group, m.Settings, Ledger]:
    """Return the same for another page: as it was chosen in this session, else as the address says; nothing is asked.

    What this program has not is not taken: another one may have been loaded since.
    """
    side = _left("side")
    sides = [PLAIN_NAMES[name] for name in offered(PARTNER_MOTIONS, ledger.motions)]
    months, segments = tables.months(ledger), {tables.digest(name): name for name in ledger.segments}
    cohort = months.get(str(_left("cohort"))) if _left("cohort") != "latest" else None
    chosen = {item.name: _taken(item, _left(item.address)) for item in inputs(m.Settings) if item.name != "as_of"}
    as_of = months.get(str(_left("asof")), ledger.last_month)
    part = ledger.of(segments.get(str(_left("segment"))), cohort)
    return *_of(side if side in sides else m.EVERYBODY, ledger), m.Settings(as_of=as_of, **chosen), part


def _left(key: str) -> Any:
    return st.session_state.get(key, st.query_params.get(key))


def _taken(item: Input, left: Any) -> Any:
    """The value of a setting as a widget or an address has it; its default where neither has one that is allowed."""
    if item.kind is bool:
        return item.default if left is None else str(left).lower() == "true"
    if item.options:
        return next((one for one in item.options if str(one) == str(left)), item.default)
    try:
        value = item.kind(left)
    except (TypeError, ValueError):
        return item.default
    return value if item.low <= value <= item.high else item.default


def _side(ledger: Ledger) -> str:
    """Show the sides, by names that everybody knows; what a company calls its own motion is shown only.

    A bound widget writes what is shown into the address: with a name that stays in the session it is not bound.
    """
    motions = {PLAIN_NAMES[name]: NAMES[name] for name in offered(PARTNER_MOTIONS, ledger.motions)}
    bound = _BOUND if in_force() is None else {"persist_state": "session"}
    if bound is not _BOUND and (asked := st.query_params.pop("side", None)) in motions:
        st.session_state["side"] = asked
    sides = (m.EVERYBODY, *motions)
    chosen: str
    if _ui.on_phone():  # which has no room for a row of them
        chosen = st.selectbox(
            "Partner side", sides, width=150, format_func=_ui.named(motions), key="side", label_visibility="collapsed",
            **bound,
        )  # fmt: skip
    else:
        chosen = st.segmented_control(
            "Partner side", sides, default=m.EVERYBODY, format_func=_ui.marked(motions), key="side", required=True,
            label_visibility="collapsed", wrap=True, **bound,
        )  # fmt: skip
    return chosen


def take_side(side: str) -> None:
    """Look at the motion that was clicked; organic and the baselines are shown beside partners in any case."""
    if found := [name for name in PARTNER_MOTIONS if NAMES[name] == side]:
        st.session_state["side"] = PLAIN_NAMES[found[0]]


def open_view(side: str, view: str) -> None:
    """Open a view of program health for a side (a button's callback)."""
    st.session_state["side"], st.session_state["view"] = side, view


def take_cohort(month: str) -> None:
    """Look at the signup month that was clicked."""
    st.session_state["cohort"] = month


def everything() -> None:
    """Look at all accounts again (a button's callback)."""
    st.session_state["cohort"] = st.session_state["segment"] = EVERY
    st.session_state["side"] = m.EVERYBODY


def _part(ledger: Ledger) -> Ledger:
    segments = {tables.digest(name): name for name in ledger.segments}
    months = tuple(name for name in tables.months(ledger) if name != "latest")
    with st.popover("Filter", key="part", help="Only accounts of a segment, or that signed up in one month"):
        segment = EVERY
        if segments:
            segment = st.selectbox(
                "Segment", (EVERY, *segments), format_func=lambda key: segments.get(key, "All segments"), key="segment",
                **_BOUND,
            )  # fmt: skip
        cohort = st.selectbox(
            "Signed up in", (EVERY, *months), format_func=lambda name: "Any month" if name == EVERY else name,
            key="cohort", **_BOUND,
        )  # fmt: skip
    return ledger.of(segments.get(segment), None if cohort == EVERY else tables.months(ledger)[cohort])


def settings(ledger: Ledger) -> m.Settings:
    """Show the settings of the figures."""
    with st.popover("Settings", key="settings"):
        chosen = {item.name: _setting(item, ledger) for item in inputs(m.Settings)}
        st.toggle("Reference figures", key="reference", help="What others measured, with source and grade.", **_BOUND)
    return m.Settings(**chosen)


def _setting(item: Input, ledger: Ledger) -> Any:
    """Show the widget of one setting; its key is its name in the address."""
    options = {"key": item.address, "help": item.description, **_BOUND}
    if item.name == "as_of":
        months = tables.months(ledger)
        named = st.selectbox(
            item.title, tuple(months), format_func=lambda name: tables.month_label(ledger, name), **options
        )
        return months[named]
    if item.kind is bool:
        return st.toggle(item.title, item.default, **options)
    if item.options:
        return st.selectbox(item.label(), item.options, item.options.index(item.default), **options)
    # The slider itself shows percent: its value, which stands in the address, is the fraction.
    return st.slider(item.title, item.low, item.high, item.default, item.step, format="percent", **options)


def reference() -> bool:
    """Return whether figures that others measured are shown."""
    return bool(st.session_state.get("reference"))


def partner(ledger: Ledger) -> str:
    """Show which partner is looked at; returns its id. A link chooses it, and choosing another changes the address.

    Not bound to the address: a bound widget does not take over what a link within the app asks for.
    """
    known = tables.partner_keys(ledger)
    asked = st.query_params.get("partner")
    if asked in known and asked != st.session_state.get("partner_asked"):
        st.session_state["partner"] = asked
    chosen = st.selectbox(
        "Partner", tuple(known), format_func=lambda key: tables.partner_label(ledger, known[key]), key="partner",
        help="The address names the partner by a code, not by its name or id.",
    )  # fmt: skip
    st.session_state["partner_asked"] = chosen
    tab.write("partner", chosen)
    return known[chosen]
