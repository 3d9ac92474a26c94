"""Why figures changed: by mix and by rates, and since an earlier ledger."""

import streamlit as st

from motions.charts import cohorts as charts
from motions.charts.style import Chart
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.cohorts.tables import health as tables
from motions.cohorts.tables import since as since_tables
from motions.cohorts.verdicts.since import since
from motions.errors import FileError
from pages import _ui
from pages._health.look import Look
from pages._session import loaded


def changed(look: Look) -> Chart | str:
    """Return what led from a rate of a year before to that of now, or the words that say why it is not known."""
    name, by = st.session_state.get("changed", "nrr"), _by(look)
    found = mix.change(name, look.ledger, look.settings, look.group, by)
    return f"Not split: {found}." if isinstance(found, str) else charts.change(found, m.BY_ID[name], look.settings, by)


def _by(look: Look) -> mix.By:
    asked = st.session_state.get("split_by") == "segment" and look.ledger.segments
    return "segment" if asked else "motion"


def why(look: Look) -> None:
    left, right = st.columns([1, 1], gap="medium")
    name = left.segmented_control(
        "What changed", mix.CHANGING, default="nrr", format_func=_ui.marked(_TITLES), key="changed", required=True,
        bind="query-params",
    )  # fmt: skip
    parts = ("motion", "segment") if look.ledger.segments else ("motion",)
    right.segmented_control("By", parts, default="motion", key="split_by", required=True, bind="query-params")
    by = _by(look)
    found = mix.change(name or "nrr", look.ledger, look.settings, look.group, by)
    if isinstance(found, str):
        st.info(_ui.text(f"Not split: {found}."))
    else:
        _ui.chart(charts.change(found, m.BY_ID[name or "nrr"], look.settings, by), "change")
        st.caption(_ui.text(f"{look.side}, over a year."))
    _since(look)
    same = tables.standardised(look.ledger, look.settings, look.side, look.group)
    if len(same):
        st.markdown("**With the same mix of segments and signup years as organic**")
        _ui.table(same, "standardised", "Partner figures with organic's mix", hide_index=True)


def _since(look: Look) -> None:
    """Ask for an earlier ledger, and say what changed since."""
    st.markdown("**What changed since last month**")
    st.file_uploader(
        "An earlier cohort ledger", type="csv", key="before_file", on_change=loaded.take_before, max_upload_size=50,
        help="Downloaded here under Every metric, a month or more ago. It is read, compared and not kept.",
    )  # fmt: skip
    if error := st.session_state.get("program_before_error"):
        _ui.error(error)
    before = loaded.before()
    if before is None:
        st.caption("Drop the cohort ledger of last month to see what changed, who caused it, and what was restated.")
        return
    try:
        found = since(before, look.program.ledger, look.settings)
    except FileError as error:
        _ui.error(error)
        return
    st.markdown(f"**{_ui.text(since_tables.headline(found, look.program.ledger, look.settings))}**")
    for name, table in (("changes", since_tables.changes), ("causes", since_tables.causes)):
        if len(rows := table(found, look.program.ledger, look.settings)):
            _ui.table(rows, f"since_{name}", name.title(), hide_index=True)


_TITLES = {name: m.BY_ID[name].label for name in mix.CHANGING}
