"""Metrics over uploaded cohort files: the six, partner against organic, with verdicts and what to do."""

import streamlit as st

from motions.cohorts.tables import coverage
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import verdicts
from pages import _ui, _views
from pages._files import upload
from pages._health import choices, head, tiles, views
from pages._health.look import Look
from pages._session import loaded

_ui.require_frame()
if loaded.unread():  # here, and not in the popover of the files, where progress would not be seen
    loaded.reduce()
    st.rerun()
program = loaded.current()
if program is None:
    head.empty()
    st.stop()

upload.problems()
top = st.container(gap=None)  # its words depend on what is chosen below it
side, group, settings, ledger = choices.choose(program.ledger)
if "accounts" not in ledger.has and "ages" in ledger.has:
    with top:
        head.triangle(program, Look(program, ledger, side, group, settings, ()))
    st.stop()
judged = verdicts(ledger, settings, group, loaded.rules())
first, more = tables.tiles(judged, ledger, settings, group)
look = Look(program, ledger, side, group, settings, judged, tuple(more))
with top:
    head.show(look)
upload.limits(program, 1)
tiles.six(first, "health_figures")
left, right = st.columns(2, gap="small")
with left, st.container(border=True, height="stretch"):
    _ui.chart(views.evidence(look), "evidence")
with right, st.container(border=True, height="stretch"):
    _ui.chart(views.customers(look), "customers")
st.caption(_ui.text(f"{side}. {tables.in_force(settings, ledger.currency)}. {tables.immature(ledger, settings)}"))
st.caption(_ui.text(coverage.line(ledger)))
_views.tabs(views.VIEWS, look, "view")
