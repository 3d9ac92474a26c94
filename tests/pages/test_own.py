"""The simulator fed by the program's own data: what the two parts show, ask and hand over."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from motions.economics.inputs.links import Named
from motions.economics.inputs.scenario import default_scenario
from motions.text import as_csv
from pages._session import loaded
from pages._session.folders import FOLDERS
from tests.conftest import TODAY
from tests.test_replay import BY_HAND, OWN_TERMS, ledger_rows, split_header


def show_calibrate(scenario, program):
    import streamlit as st  # noqa: PLC0415

    from pages._simulate import own_data  # noqa: PLC0415

    shown = own_data.calibrate(scenario, program, lambda new: st.session_state.update(applied=new))
    st.markdown(shown.answer if shown else "")


def show_replay(scenario, program, pinned=None):
    import streamlit as st  # noqa: PLC0415

    from pages._simulate import own_data  # noqa: PLC0415

    shown = own_data.replay(scenario, program, pinned)
    st.markdown(shown.answer if shown else "")


def show_forecast(scenario, program, kept=()):
    import streamlit as st  # noqa: PLC0415

    from pages._simulate import own_forecast  # noqa: PLC0415

    shown = own_forecast.show(scenario, program, kept)
    st.markdown(shown.answer if shown else "")


@pytest.fixture(autouse=True)
def _no_links(monkeypatch):
    # A link to a page needs the frame of dashboard.py, which these parts are shown without here.
    monkeypatch.setattr(st, "page_link", lambda page, label, **more: st.markdown(f"[{label}]({page})"))
    monkeypatch.setattr(loaded, "_today", lambda: TODAY)


def opened(script, *args, sample=False, program=None, files=None):
    app = AppTest.from_function(script, args=args, default_timeout=60)
    if sample:
        app.query_params["data"] = "sample"
    if program is not None:
        app.session_state["program"] = program
        app.session_state["program_files"] = files or {}
        app.session_state["program_folder"] = FOLDERS.new()
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def texts(app):
    found = " ".join(element.value for element in (*app.markdown, *app.caption, *app.info, *app.error))
    return found.replace("\\", "")


@pytest.fixture
def uploaded(load, tmp_path):
    def upload(files, **options):
        paths = {}
        for name, content in files.items():
            paths[name] = tmp_path / f"uploaded-{name}"
            paths[name].write_bytes(content if isinstance(content, bytes) else content.encode())
        return {"program": load(files, **options), "files": paths}

    return upload


def affiliate(rate=0.2, months=2):
    return (
        default_scenario().moved("affiliate.payout.percent.rate", rate).moved("affiliate.payout.percent.months", months)
    )


@pytest.mark.parametrize("script", [show_calibrate, show_forecast, show_replay])
def test_without_a_program_it_says_what_to_do_and_the_sample_is_a_click_away(script):
    app = opened(script, default_scenario(), "affiliate")
    assert "No program is loaded yet" in texts(app)
    assert "Upload files" in texts(app)
    app.get_by_key("own_sample").click().run()
    assert not app.exception
    assert "fictional" in texts(app)


def test_what_the_data_says_is_shown_and_set_by_a_click():
    app = opened(show_calibrate, default_scenario(), "affiliate", sample=True)
    table = app.table[0].value
    assert set(table.index) == {"Market", "Product\\-led", "Affiliates", "Resellers"}  # all that are shown
    assert "inputs from your data" in texts(app)
    app.get_by_key("own_apply").click().run()
    applied = app.session_state["applied"]
    assert applied.affiliate.customer_churn_rate > 0.05
    assert "affiliate.customer_churn_rate" in applied.ranges
    assert applied.affiliate.payout == default_scenario().affiliate.payout
    assert applied.reseller.customers_at_start > 0
    app.get_by_key("view_own_motions_affiliate").set_value(["reseller"]).run()
    assert set(app.table[0].value.index) == {"Market", "Product\\-led", "Resellers"}


def test_a_forecast_goes_on_from_the_last_month_and_a_kept_plan_is_laid_on_the_months_since():
    plan = default_scenario().with_program("affiliate", customers_at_start=20.0)
    kept = (Named(name="Board *plan*", scenario=plan),)
    app = opened(show_forecast, default_scenario(), "affiliate", kept, sample=True)
    assert "No forecast of this program" in texts(app)
    assert "expected in" not in texts(app)
    assert len(app.get("plotly_chart")) == 1
    app.get_by_key("view_own_plan_2").set_value("Board *plan*").run()
    first = app.get_by_key("view_own_first_None")
    first.set_value(first.options[6]).run()
    assert not app.exception
    assert "MRR left the band in" in texts(app)
    assert "than planned; largest step" in texts(app)
    assert len(app.get("plotly_chart")) == 2
    assert len(app.table[0].value) == 6


def test_a_replay_of_the_sample_shows_conclusion_figures_chart_and_partners():
    app = opened(show_replay, default_scenario(), "affiliate", sample=True)
    assert "Affiliates, replayed: under the new terms partners would have earned" in texts(app)
    assert "Effective CPA" in app.table[0].value.index
    assert len(app.get("plotly_chart")) == 1
    assert {"Really paid", "New terms", "Change", "Result"} <= set(app.dataframe[0].value.columns)
    before = texts(app)
    app.get_by_key("view_own_replay_window").set_value(3).run()
    assert texts(app) != before


def test_uploaded_files_are_read_again_once_and_replayed_to_the_cent(uploaded, monkeypatch):
    app = opened(show_replay, affiliate(), "affiliate", **uploaded(BY_HAND))
    assert "earned $63.12" in texts(app)
    assert "4 months" not in texts(app)
    monkeypatch.setattr(loaded, "load_program", None)  # what was read stays
    app.run()
    assert not app.exception
    assert "earned $63.12" in texts(app)


def test_the_partners_whose_terms_are_their_own_are_shown_with_them(uploaded):
    app = opened(show_replay, affiliate(), "affiliate", **uploaded(OWN_TERMS))
    shown = app.dataframe[0].value.set_index("Partner")["Own rate"]
    assert shown.to_dict() == {"Uno": "35 %", "Due": "+ 2.5 %", "Tre": "0 %", "Quattro": ""}
    assert "2 partners have rates of their own in the partner list, which count in place of the" in texts(app)


def test_the_pinned_terms_can_be_what_it_is_compared_with(uploaded):
    app = opened(show_replay, affiliate(), "affiliate", affiliate(0.1), **uploaded(BY_HAND))
    assert "than they really were paid" in texts(app)
    app.get_by_key("view_own_against_2").set_value("The pinned scenario's terms").run()
    assert "more than under the current terms" in texts(app)


def test_only_rows_in_the_chosen_currency_count_and_the_terms_say_so(uploaded):
    files = BY_HAND | {"revenue.csv": BY_HAND["revenue.csv"].replace("A2,2026-02,10.03,USD", "A2,2026-02,10.03,GBP")}
    files = {name: text.replace("USD", "EUR") for name, text in files.items()}
    given = uploaded(files, currency="EUR")
    app = AppTest.from_function(show_replay, args=(affiliate(), "affiliate"), default_timeout=60)
    app.session_state["program"], app.session_state["program_files"] = given["program"], given["files"]
    app.session_state["program_in"] = "EUR"
    app.run()
    assert not app.exception
    assert "earned €61.11" in texts(app)
    assert "Amounts in the terms count in EUR" in texts(app)


def test_what_holds_no_accounts_says_so(uploaded):
    whole = uploaded(BY_HAND)["program"]
    ledger = as_csv(*split_header(ledger_rows(whole.ledger)))
    app = opened(show_replay, affiliate(), "affiliate", **uploaded({"ledger.csv": ledger}))
    assert "needs the rows of accounts and revenue" in texts(app)
    app = opened(show_replay, affiliate(), "channel", **uploaded(BY_HAND))
    assert "names a partner in your files" in texts(app)
    app = opened(show_replay, affiliate(), "ecosystem", **uploaded(BY_HAND))
    assert "has no payout terms" in texts(app)
    app = opened(show_replay, affiliate(), "product_led")
    assert "has no partners" in texts(app)


def test_a_file_cannot_put_markup_on_the_page(uploaded):
    name = "<b>x</b> [a](http://b) $1"
    files = BY_HAND | {"partners.csv": BY_HAND["partners.csv"].replace("Uno", name)}
    app = opened(show_replay, affiliate(), "affiliate", **uploaded(files))
    for element in (*app.markdown, *app.caption):
        assert "<b>" not in element.value
        assert "](http" not in element.value
    spec = app.get("plotly_chart")[0].proto.spec
    assert "<b>" not in spec
