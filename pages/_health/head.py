"""The head of program health: where one is, what can be done there, the answer, and what it is made of."""

from typing import Any

import streamlit as st

from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import answer, headline, in_short, summary
from motions.text import first_sentence
from pages import _ui
from pages._files import templates, upload
from pages._health import choices, views
from pages._health.look import Look
from pages._present import entry
from pages._session import loaded


def show(look: Look) -> None:
    """Show one small line, the answer as the only h1, and a link to each thing that it is about."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        sample = ":orange-badge[:material/science: Sample] " if loaded.is_sample() else ""
        st.markdown(f"{sample}:small[:gray[{_ui.text(_where(look))}]]", width="stretch")
        if look.ledger.narrowed:
            st.button("Show all accounts", on_click=choices.everything, key="show_all", type="tertiary")
        if not _ui.on_phone():
            _files()
        _present()
    said, more = first_sentence(_answer(look))
    st.title(_ui.text(said), anchor=False)
    if more:
        st.markdown(_ui.text(more))
    upload.rejected(look.program)
    if look.group == m.PARTNER and "accounts" in look.ledger.has:
        views.behind(look.ledger, look.settings, loaded.rules())
    if _ui.on_phone():
        _files()


def _present() -> None:
    entry.offer("Health", st.session_state.get("view") or st.query_params.get("view", ""))


def empty() -> None:
    """Say what can be loaded, where nothing is."""
    st.markdown(":small[:gray[No program loaded]]")
    st.title("Is the program healthy?", anchor=False)
    st.markdown(
        "Drop the exports of your billing, CRM and partner platform. Accounts and revenue give most figures; "
        "partners and spend add the rest. Nothing leaves this server, and the files are removed with this tab."
    )
    upload.problems()
    upload.uploader()
    with st.container(horizontal=True, vertical_alignment="center"):
        _ui.primary("Use the sample program", "use_sample", on_click=loaded.use_sample)
        templates.offer()
        _ui.link("pages/files.py", "Which files and columns can be read")


def _where(look: Look) -> str:
    whose = "A fictional vendor" if loaded.is_sample() else loaded.connection() or "Your program"
    only = f" · only {look.ledger.narrowed}" if look.ledger.narrowed else ""
    return f"{whose} · {look.side} · {tables.period(look.settings)}{only}"


def _answer(look: Look) -> str:
    if "accounts" not in look.ledger.has:
        return headline(look.ledger, look.settings, loaded.rules())
    if not look.ledger.coverage.motions_known:
        return in_short(look.ledger, look.settings, loaded.rules())
    if look.group == m.PARTNER:
        return answer(look.ledger, look.settings, loaded.rules())
    return summary(look.judged, look.side)


def _files() -> None:
    """Offer to add, replace and remove files."""
    source: Any = loaded.connection()
    with st.popover(
        _ui.text(f"Connection {source}: change" if source else "Your files: add, replace, remove"), type="tertiary",
        icon=":material/upload_file:",
    ):  # fmt: skip
        upload.uploader()
        if not loaded.is_sample():
            st.button("Use the sample program", on_click=loaded.use_sample, key="use_sample")
        _ui.link("pages/files.py", "How they were read, and rejected rows")


def triangle(program: Program, look: Look) -> None:
    """Say what a triangle shows: what is left of each cohort, and nothing else."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":small[:gray[{_ui.text(_where(look))}]]", width="stretch")
        entry.offer("Health", "Retention")
    st.title(_ui.text(views.customers(look).title), anchor=False)
    upload.rejected(program)
    st.info("A triangle says what is left of each cohort, and nothing else. Other figures need accounts and revenue.")
    _files()
    views.retention(look)
