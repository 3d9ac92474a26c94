"""Values that the server gives to widgets reach the browser, however slowly it draws."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest


def _page():
    import streamlit as st  # noqa: PLC0415 — the page of a test stands alone

    from pages._session import told  # noqa: PLC0415

    told.tell("price", 650.0)
    told.tell("rate", 15)
    st.number_input("Price", 0.0, 1000.0, None, key="price")
    st.slider("Rate", 0, 100, key="rate")


@pytest.fixture
def app():
    return AppTest.from_function(_page).run()


def sent(app):
    return [(one.proto.set_value, one.value) for one in (app.number_input[0], app.slider[0])]


def test_a_browser_that_has_drawn_nothing_yet_is_told_again(app):
    assert sent(app) == [(True, 650.0), (True, 15)]
    app._run(WidgetStates())
    assert sent(app) == [(True, 650.0), (True, 15)]


def test_a_browser_that_has_answered_is_left_alone(app):
    """Else what is being typed in one field would go while the run of another one ends."""
    app.run()
    assert sent(app) == [(False, 650.0), (False, 15)]
    app.slider[0].set_value(40).run()
    assert sent(app) == [(False, 650.0), (False, 40)]
    assert app.session_state["rate"] == 40


def test_an_emptied_field_stays_empty(app):
    app.number_input[0].set_value(None).run()
    assert app.number_input[0].value is None
    app.run()
    assert app.number_input[0].value is None
