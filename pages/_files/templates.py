"""Templates to fill in by hand: of one kind as CSV, or of all as a workbook."""

from datetime import UTC, datetime

import streamlit as st

from motions.cohorts.tables.templates import MAIN, template
from motions.out.templates import NAME, templates_workbook
from pages import _ui


def offer() -> None:
    """Offer the templates of the kinds that figures are made from, and all kinds as a workbook."""
    with st.popover("Templates to fill in", icon=":material/table_view:", type="tertiary", key="templates"):
        st.markdown("Three rows show how; write yours in their place, and drop the file in.")
        workbook()
        for kind in MAIN:
            of_kind(kind, "offered")
        _ui.link("pages/files.py", "All kinds, and what their columns mean")


def workbook(place: str = "offered") -> None:
    """Offer the workbook of all kinds."""
    _ui.file(
        "All templates (xlsx)", NAME, lambda: templates_workbook(datetime.now(UTC).date()), f"templates_{place}",
        "A sheet a kind. Accounts, revenue, partners and spend are shown; unhide another, such as subscriptions, if "
        "you have that instead. Hidden sheets are not read.",
    )  # fmt: skip


def of_kind(kind: str, place: str) -> None:
    """Offer the template of one kind, at a place of its own on the page."""
    _ui.download(
        f"Template for {kind} (CSV)", f"{kind}.csv", lambda: template(kind, datetime.now(UTC).date()),
        f"template_{kind}_{place}",
    )  # fmt: skip


def not_loaded(kinds: list[str]) -> None:
    """Say which kinds no file holds, with a template for each."""
    if not kinds:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="not_loaded"):
        st.badge("Not loaded", icon=":material/warning:", color="orange")
        for kind in kinds:
            of_kind(kind, "missing")
