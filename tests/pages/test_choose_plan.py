"""The view of the segment plan on a page of its own: what is typed stays, whatever happens around it."""

import json
import textwrap
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from motions.economics.inputs.links import from_link as scenario_of
from motions.economics.inputs.scenario import Segment, default_scenario
from motions.errors import FileError
from motions.plan_segments import to_segments
from motions.playbook.plan_files import example, from_file, from_link, to_csv, to_link
from motions.playbook.plan_rows import COLUMNS, edited, read_rows, to_frame
from motions.playbook.segment_plan import PLANNED
from pages._choose import plan_table
from tests.playbook.plans import plan, row

PAGE = """
import streamlit as st
from types import SimpleNamespace
from motions.economics.inputs.scenario import default_scenario
from pages._choose import plan
scenario = default_scenario().replace(segments=st.session_state.get("given", ()))
look = SimpleNamespace(gates={"reseller": "not met"}, ruled_out=(), unknown={}, scenario=scenario)
if not st.session_state.get("away"):
    st.title(plan.answer(look))
    plan.show(look)
"""
TWO = plan(row("Small", ["affiliate"]), row("Large", ["reseller", "sales_led"], accounts=7))


def open_plan(link="", **state):
    app = AppTest.from_string(textwrap.dedent(PAGE), default_timeout=30)
    for key, value in state.items():
        app.session_state[key] = value
    if link:
        app.query_params["plan"] = link
    return done(app.run())


def done(app):
    assert not app.exception, app.exception[0].message
    return app


def frame_of(app):
    (found,) = (one for one in app.get("dataframe") if "plan_editor" in one.proto.id)
    return found


def type_in(app, rows):
    """Have the browser send all the edits of the editor, by place from 0 and label; the rest is as it was."""
    states = app._tree.get_widget_states()
    edits = states.widgets.add()
    edits.id = frame_of(app).proto.id
    edits.string_value = json.dumps({"edited_rows": rows})
    return done(app._run(states))


def asked_for(app, link):
    """The browser's Back, or a link: the address changes, and nothing else; edits are sent with every run."""
    app.query_params["plan"] = link
    key = f"plan_editor_{app.session_state['plan_number']}" if "plan_number" in app.session_state else "plan_editor_0"
    kept = app.session_state[key]["edited_rows"] if key in app.session_state else {}
    return type_in(app, {at: dict(cells) for at, cells in kept.items()})


def linked(app):
    link = app.query_params.get("plan", [""])
    return link if isinstance(link, str) else link[0]


def planned(app):
    return from_link(linked(app)).plan if linked(app) else plan()


def press(app, key):
    return done(app.button(key=key).click().run())


def words(app):
    return " ".join(one.value for one in (*app.markdown, *app.caption, *app.error)).replace("\\", "")


NEW = {"Segment": "New", "Accounts": 12, "Resellers": True}


def test_without_a_plan_it_says_what_to_do_and_an_example_is_one_click_away():
    app = open_plan()
    assert "No segments yet" in app.title[0].value
    assert "first row" in words(app)
    app = press(app, "plan_begin")
    assert planned(app) == example()
    assert all("xample" in one.name for one in example().segments)
    assert "3 segments" in app.title[0].value


def test_what_is_typed_is_in_the_headline_the_conflicts_and_the_link():
    app = type_in(open_plan(to_link(TWO)), {2: NEW})
    assert planned(app) == plan(*TWO.segments, row("New", ["reseller"], accounts=12))
    assert "3 segments" in app.title[0].value
    assert "Blocks" in words(app)
    assert "New" in words(app)
    assert words(app).index("Blocks") < words(app).index("Warns")


def test_an_address_that_is_behind_takes_no_edit_back():
    """The browser sends the next edits, or a click, before it has taken over the link of those before."""
    app = open_plan(to_link(TWO))
    late = linked(app)
    app = type_in(app, {2: NEW})
    app.query_params["plan"] = late
    app = type_in(app, {2: NEW | {"Accounts": 13}})
    assert [one.accounts for one in planned(app).segments] == [100, 7, 13]
    app.query_params["plan"] = late
    app.session_state["given"] = (Segment(name="New", size=5, motions=("channel",)),)
    app = type_in(app, {2: NEW | {"Geography": "UK"}})
    app.query_params["plan"] = late
    app = press(app, "plan_take")
    assert [(one.name, one.accounts, one.geography) for one in planned(app).segments] == [("New", 5, "UK")]


def test_back_shows_the_plan_before_and_forward_the_one_after():
    app = open_plan(to_link(TWO))
    before = linked(app)
    app = type_in(app, {2: NEW})
    after = linked(app)
    assert before != after
    for link in (before, after, before):
        app = asked_for(app, link)
        assert planned(app) == from_link(link).plan


def test_leaving_the_page_and_coming_back_keeps_the_plan_and_half_a_row():
    app = type_in(open_plan(to_link(TWO)), {2: NEW, 3: {"Segment": "Half"}})
    app.session_state["away"] = True
    done(app.run())
    app.session_state["away"] = False
    app.query_params.clear()
    app = done(app.run())
    assert [one.name for one in planned(app).segments] == ["Small", "Large", "New"]
    assert "Row 4, Accounts" in words(app)


def test_a_row_that_can_not_be_read_is_named_and_not_in_the_link():
    app = type_in(open_plan(to_link(TWO)), {2: {"Segment": "<b>x</b> ![i](http://evil.test)"}})
    assert planned(app) == TWO
    assert "Row 3, Accounts: is missing" in words(app)
    assert "1 row can't be read" in app.title[0].value
    assert any(one.label.startswith("Download 1 row") for one in app.get("download_button"))


def test_a_damaged_link_says_so_and_takes_nothing_away():
    app = open_plan(to_link(TWO))
    app = asked_for(app, to_link(example())[:-9])
    assert "damaged" in words(app)
    assert planned(app) == TWO


def test_segments_go_to_the_simulator_with_their_motions(monkeypatch):
    gone = {}
    monkeypatch.setattr("streamlit.switch_page", lambda page, query_params: gone.update(query_params, page=page))
    press(type_in(open_plan(to_link(TWO)), {2: NEW | {"Resellers": False}}), "plan_use")
    assert gone["page"] == "pages/simulate.py"
    scenario = scenario_of(gone["s"])
    assert scenario.segments == to_segments(TWO).segments
    assert {*scenario.shown} == {*default_scenario().shown, *TWO.motions}


def test_what_the_simulator_leaves_out_is_said_before_the_click():
    app = open_plan(to_link(plan(row("Nobody"))))
    assert "Nobody" in next(one.value for one in app.caption if "In Simulate" in one.value)
    assert app.button(key="plan_use").disabled


@pytest.mark.parametrize("content", [to_csv(TWO) + b"Bad,,,,,x\n", b"\xff", b"Segment,Accounts\n"])
def test_a_file_takes_the_place_of_the_plan_or_says_why_not(content):
    state = {"plan_number": 0, "up": SimpleNamespace(name="a.csv", getvalue=lambda: content)}
    try:
        reading = from_file("a.csv", content)
    except FileError as problem:
        reading, said = None, str(problem)
    app = AppTest.from_function(_reads_a_file, default_timeout=30)
    for key, value in state.items():
        app.session_state[key] = value
    app.query_params["plan"] = to_link(example())
    app = done(app.run())
    if reading is None:
        assert said.split(":")[1][:20] in words(app)
    elif reading.plan.segments:
        assert planned(app) == reading.plan == TWO
        assert "Row 4, Accounts" in words(app)
    if reading is None or not reading.plan.segments:
        assert planned(app) == example()


def _reads_a_file():
    from types import SimpleNamespace  # noqa: PLC0415

    from motions.economics.inputs.scenario import default_scenario  # noqa: PLC0415
    from pages._choose import plan  # noqa: PLC0415

    look = SimpleNamespace(gates={}, ruled_out=(), unknown={}, scenario=default_scenario())
    plan.answer(look)
    plan._read_file("up")
    plan.show(look)


def test_the_table_shows_numbers_of_rows_as_problems_name_them(monkeypatch):
    monkeypatch.setattr(plan_table.st, "session_state", {"plan_from": to_frame(TWO)})
    shown = plan_table.shown()
    assert list(shown.index) == [*range(1, 13)]
    assert list(shown) == [column.label for column in COLUMNS]


def test_edits_are_what_the_editor_returns_and_others_are_passed_over():
    frame = to_frame(TWO)
    found = edited(frame, {0: {"Accounts": 5}, 2: {"Segment": "C", "Accounts": 9, "Channels": True}})
    assert [(one.name, one.accounts) for one in read_rows(found).plan.segments] == [
        ("Small", 5),
        ("Large", 7),
        ("C", 9),
    ]
    pd.testing.assert_frame_equal(frame, to_frame(TWO))
    strange = {0: {"Accounts": "many", "No such": 1}, 99: {"Segment": "Z"}, 1: {"Resellers": "maybe"}}
    pd.testing.assert_frame_equal(edited(frame, strange), frame)


def test_every_motion_and_field_has_a_column_of_its_own():
    assert len({column.label for column in COLUMNS}) == len(COLUMNS)
    assert {column.key for column in COLUMNS} >= {*PLANNED}
