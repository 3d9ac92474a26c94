"""The segment plan: a table of segments and the motions that sell there, and where these get into each other's way."""

import time
from typing import Any

import streamlit as st

from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.links import to_link
from motions.errors import MotionsError
from motions.plan_segments import from_segments, to_segments
from motions.playbook.conflicts import Conflict, find_conflicts, headline, traits_with
from motions.playbook.plan_files import example, from_file, to_csv, to_yaml
from motions.playbook.plan_rows import COLUMNS, Column, Reading, columns, refused_table
from motions.playbook.segment_plan import MOST_LETTERS, PLANNED, Plan
from motions.text import count, listed
from pages import _ui
from pages._choose import plan_table
from pages._choose.look import Look
from pages._session import playbook

_BADGES = {
    "blocks": ":red-badge[:material/block: Blocks]",
    "warns": ":orange-badge[:material/warning: Warns]",
    "notes": ":gray-badge[:material/info: Note]",
}

_FIRST = ("name", "accounts", *PLANNED)
"""What every row needs comes first: on a laptop the last two columns, the prices, are beyond the right edge."""
_WIDTHS = {"name": 145, "ecosystem": 112, "own": 190, "product_led": 116, "customer_type": 132, "geography": 116,
           "price_from": 166, "price_to": 150}  # fmt: skip
"""in pixels, of titles beside their sign; the name is wider"""
_MOST_SAID = 12
"""problems of a file that are listed; the download has them all"""
_PAUSES = 6


def answer(look: Look) -> str:
    """Return the plan and its conflicts in a sentence or two, plain text; also before the table is drawn."""
    reading = plan_table.current()
    return headline(reading.plan, _conflicts(reading, look), len(reading.refused))


def show(look: Look) -> None:
    """Show what can be done with the plan, its table, what is wrong in it, and its conflicts."""
    reading = plan_table.current()
    # Each part in a place of its own: an editor that moves down the page is drawn anew, and drops what is being typed.
    with st.container(key="plan_top"):
        _actions(reading, look)
        _loaded()
    _editor(reading.plan)
    with st.container(key="plan_below"):
        for problem in reading.problems:
            st.markdown(f":material/edit: {_ui.text(problem.said)}")
        _refused(reading, "rows")
        _conflict_cards(_conflicts(reading, look), bool(reading.plan.segments))
    plan_table.keep(reading.plan)
    _do_what_is_asked(reading, look)


def _conflicts(reading: Reading, look: Look) -> tuple[Conflict, ...]:
    traits = traits_with(playbook.current().sixth)
    return find_conflicts(reading.plan, look.gates, look.ruled_out, traits=traits, unknown=look.unknown)


def _actions(reading: Reading, look: Look) -> None:
    found, begun = to_segments(reading.plan), bool(reading.plan.segments)
    if not begun:
        st.markdown(
            "Type a segment into the first row, with its accounts, tick what sells there, or begin with one of these:"
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        if begun:
            _ui.primary(
                "Use these segments in Simulate", "plan_use", on_click=_ask, args=("use",),
                disabled=not found.segments, help="The simulator takes segments that a motion sells into.",
            )  # fmt: skip
        else:
            _ui.primary("Start from an example", "plan_begin", on_click=_ask, args=("begin",))
        st.button(
            "Take the simulator's segments", key="plan_take", on_click=_ask, args=("take",),
            disabled=not look.scenario.segments, help="The simulator has none until you set some there.",
        )  # fmt: skip
        with st.popover("Files"):
            _files(reading)
    for remark in found.remarks:
        st.caption(_ui.text(f"In Simulate: {remark}"))


def _files(reading: Reading) -> None:
    plan = reading.plan
    _ui.file("Download the plan (CSV)", "segment-plan.csv", lambda: to_csv(plan), "plan_csv", "For spreadsheets.")
    _ui.file("Download the plan (YAML)", "segment-plan.yaml", lambda: to_yaml(plan), "plan_yaml")
    _ui.file(
        "Template with example rows (CSV)", "segment-plan-template.csv", lambda: to_csv(example()), "plan_template",
        "Three rows, each named as an example: write your own over them.",
    )  # fmt: skip
    key = f"plan_file_{plan_table.editor_key()}"
    st.file_uploader(
        "Load a plan (CSV or YAML)", type=["csv", "yaml", "yml"], key=key, on_change=_read_file, args=(key,),
        max_upload_size=1, help="It takes the place of the table. The browser's Back brings the table back.",
    )  # fmt: skip


def _read_file(key: str) -> None:
    """Put a file's plan in the place of the table, unless nothing in it can be used (the uploader's callback)."""
    file = st.session_state[key]
    if file is None:
        return
    try:
        reading = from_file(file.name, file.getvalue())
    except MotionsError as problem:
        st.session_state["plan_problem"] = str(problem)
        return
    if reading.plan.segments:
        plan_table.load(reading, file.name)
    else:
        st.session_state["plan_problem"] = f"{file.name} holds no segment that can be read, so the table stays."
        st.session_state["plan_loaded"] = (file.name, reading)


def _loaded() -> None:
    """Show what became of the file, link or segments that were loaded last."""
    if problem := st.session_state.pop("plan_problem", None):
        st.error(_ui.text(problem))
    name, reading = st.session_state.get("plan_loaded", ("", None))
    if reading and (reading.remarks or reading.refused):
        with st.expander(_ui.text(f"{name}: what is not in the plan"), expanded=True):
            for words in (*reading.remarks, *(problem.said for problem in reading.problems[:_MOST_SAID])):
                st.markdown(_ui.text(words))
            _refused(reading, "loaded")


def _refused(reading: Reading, key: str) -> None:
    if reading.refused:
        table = refused_table(reading)
        _ui.download(
            f"Download {count(len(reading.refused), 'row')} not in the plan, with reasons (CSV)",
            "segment-plan-refused.csv", lambda: [list(table), *table.to_numpy().tolist()], f"plan_refused_{key}",
        )  # fmt: skip


def _editor(plan: Plan) -> None:
    order = [column.label for column in sorted(columns(plan.motions), key=lambda column: column.key not in _FIRST)]
    st.data_editor(
        plan_table.shown(), key=plan_table.editor_key(), num_rows="fixed", hide_index=False, placeholder="",
        column_config={column.label: _column(column) for column in COLUMNS}, column_order=order,
        on_change=plan_table.take_edits,
        alt="Segments, what each is, and the motions that sell into it",
    )  # fmt: skip
    st.caption("An edit counts once Enter or Tab is pressed, or another cell chosen. Delete empties the chosen cells.")


def _column(column: Column) -> Any:
    """The form of a column. Its title is that of the table: the head of a table is plain text."""
    means = _ui.text(column.help)
    width = _WIDTHS.get(column.key, 104)
    if column.kind is bool:
        return st.column_config.CheckboxColumn(help=means, width=width)
    if column.kind is int:
        return st.column_config.NumberColumn(help=means, width=width, step=1, min_value=0, format="localized")
    # Not pinned: what is typed into a pinned column of text gets lost in Streamlit 1.67.
    return st.column_config.TextColumn(help=means, width=width, max_chars=MOST_LETTERS)


def _conflict_cards(found: tuple[Conflict, ...], begun: bool) -> None:
    st.header("Conflicts", anchor=False)
    if not found:
        st.markdown("No conflicts found." if begun else "They are looked for as soon as there is a segment.")
    with st.grid(2, min_column_width=300, key="plan_conflicts"):
        for one in found:
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.markdown(f"{_BADGES[one.severity]} **{_ui.text(one.title)}**")
                st.markdown(_ui.text(one.says))
                st.markdown(f"**Way out:** {_ui.text(one.way_out)}")
                st.caption(
                    f"Where: {_ui.text(listed(one.segments))}. Why: {_ui.text(one.why)} "
                    f"Source: {_ui.text(one.source)}, {_ui.text(one.basis)}, grade {_ui.text(one.grade)}."
                )


def _ask(what: str) -> None:
    """Have something done at the end of the run (a button's callback)."""
    st.session_state["plan_asked"] = what


def _do_what_is_asked(reading: Reading, look: Look) -> None:
    """Do what a button asked for, with all that was typed before it.

    The browser holds edits back for 150 ms, so those typed just before a click come after it: each of them starts the
    run anew at the next element, and what was asked for is done at the end of that one.
    """
    asked = st.session_state.get("plan_asked")
    if asked is None:
        return
    for _ in range(_PAUSES):
        time.sleep(0.05)
        st.empty()
    del st.session_state["plan_asked"]
    if asked == "use":
        found, plan = to_segments(reading.plan), reading.plan
        shown = tuple(name for name in PROGRAMS if name in {*look.scenario.shown, *plan.motions})
        scenario = look.scenario.replace(segments=found.segments, shown=shown)
        st.switch_page("pages/simulate.py", query_params={"s": to_link(scenario)})
    if asked == "begin":
        plan_table.load(Reading(example()), "The example")
    else:
        plan_table.load(from_segments(look.scenario.segments, reading.plan), "The simulator's segments")
    st.rerun()
