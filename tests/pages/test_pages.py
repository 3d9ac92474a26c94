"""Every page through dashboard.py, without a browser."""

import json
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.testing.v1 import AppTest

from motions.charts import cohorts, economics, playbook
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import load_program
from motions.cohorts.tables import files
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import verdicts
from motions.deals import offers
from motions.economics.answers import sensitivity
from motions.economics.answers.compare import columns
from motions.economics.answers.equal import beside
from motions.economics.answers.explain import explain
from motions.economics.answers.sensitivity import with_all_swings, with_swings
from motions.economics.answers.uncertainty import simulate
from motions.economics.files.exchange import to_yaml
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.keys import places
from motions.economics.inputs.links import Named, from_link, set_from_link, set_to_link, to_link
from motions.economics.inputs.log import About
from motions.economics.inputs.ready_plans import like
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import PARTS
from motions.economics.model.deal import preset_deal
from motions.economics.model.partner_side import partner_side
from motions.economics.model.run import demands, mix_of_arr, run
from motions.glossary import SECTIONS, entries, find, term, terms
from motions.playbook.own import original
from motions.text import as_markdown
from pages import _ui
from pages._files import upload
from pages._health.look import Look
from pages._health.views import VIEWS
from pages._session import loaded
from pages._session.folders import FOLDERS
from pages._simulate.answers import GENERIC
from tests.conftest import SAMPLE, SAMPLE_FILES

PAGES = ("overview", "choose", "compare", "simulate", "present", "health", "files", "partner", "glossary", "pack")
ROOT = SAMPLE.parent


def open_page(name, **params):
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    app.run()
    for key, value in params.items():
        app.query_params[key] = value
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception, app.exception[0].message
    return app


def link(app):
    value = app.query_params["s"]
    return value if isinstance(value, str) else value[0]


def open_tab(app, name):
    """Open all inputs of the simulator at one of their tabs."""
    app.session_state["view_inputs"] = True
    app.session_state["sim_tabs"] = name
    return app.run()


def figures_of(app):
    """The table of the simulator's side-by-side view."""
    app.session_state["sim_view"] = "Table"
    table = app.run().table[1].value.map(lambda cell: cell.replace("\\", ""))
    return table.rename(index=lambda name: name.replace("\\", ""))


def in_short(app, program, title):
    """A figure of a program in the simulator's compact table."""
    table = app.table[0].value
    row = next(row for _, row in table.iterrows() if program in row["Program"])
    return row[title].replace("\\", "").replace("*", "")


def metric(app, label):
    return next(metric.value for metric in app.metric if metric.label == label)


def texts(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info, *app.error))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_a_title(name):
    assert len(open_page(name).title) == 1


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_the_sample_marked_as_fictional(name):
    app = open_page(name, data="sample")
    if name in ("overview", "health"):
        assert "fictional" in texts(app)
        assert "Ember Digital" in f"{texts(app)} {[button.label for button in app.button]}"


def test_compare_shows_what_is_chosen_and_the_differing_rows_first():
    app = open_page("compare")
    app.get_by_key("motions").set_value(["channel", "reseller"]).run()
    matrix = app.table[0].value
    assert list(matrix.columns) == ["Channels", "Resellers"]
    assert (matrix.iloc[0] != matrix.iloc[-1]).any()
    assert matrix.iloc[-1]["Channels"].split()[1] == matrix.iloc[-1]["Resellers"].split()[1]
    rows = len(matrix)
    app.get_by_key("differing").set_value(True).run()
    assert 0 < len(app.table[0].value) < rows
    app.get_by_key("motions").set_value(["channel"]).run()
    assert "at least two" in texts(app)


def test_the_deal_of_the_compare_page_is_the_simulators():
    app = open_page("compare")
    app.get_by_key("price").set_value(1000.0).run()
    app.get_by_key("term").set_value(12).run()
    spec = json.loads(app.get("plotly_chart")[0].proto.spec)
    names = [name.strip() for name in spec["layout"]["yaxis"]["ticktext"]]
    (kept,) = (trace for trace in spec["data"] if trace["name"] == "You keep")
    contribution = {names[at]: x for at, x in zip(kept["y"], kept["x"], strict=True)}
    assert contribution["Channels"] == pytest.approx(preset_deal("channel", 1000, 0.8, 12).contribution)


def test_moving_an_input_changes_the_answer_and_the_link():
    app = open_page("simulate")
    before = in_short(app, "Affiliates", "36 months")
    app.get_by_key("sim_affiliate_percent_rate").set_value(40.0).run()
    assert in_short(app, "Affiliates", "36 months") != before
    assert from_link(link(app)).affiliate.payout.percent.rate == 0.4


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_can_be_changed(name):
    scenario = default_scenario().replace(shown=(name,))
    app = open_tab(open_page("simulate", s=to_link(scenario)), "Costs")
    assert app.get_by_key(f"sim_{name}_program_cost").value == scenario.program(name).program_cost
    app.get_by_key(f"sim_{name}_program_cost").set_value(1234.0).run()
    changed = from_link(link(app))
    assert changed == scenario.with_program(name, program_cost=1234.0)
    shown = figures_of(app).loc["New customers"].iloc[0]
    assert shown == f"{run(changed)[name].figures['new_customers']:,.0f}"


@pytest.mark.parametrize("kind", [kind for kind, _, _ in PARTS])
def test_every_kind_of_payout_terms_can_be_chosen(kind):
    app = open_tab(open_page("simulate"), "Payout")
    app.get_by_key("sim_affiliate_kinds").set_value([kind]).run()
    assert not app.exception
    assert from_link(link(app)).affiliate.payout.kinds == (kind,)


def test_a_hybrid_plan_can_be_put_together_and_margin_with_wholesale_is_refused():
    app = open_tab(open_page("simulate"), "Payout")
    app.get_by_key("sim_affiliate_kinds").set_value(["percent", "flat", "lead"]).run()
    assert from_link(link(app)).affiliate.payout.kinds == ("percent", "lead", "flat")
    app.get_by_key("sim_affiliate_flat_reward").set_value(321.0).run()
    assert from_link(link(app)).affiliate.payout.flat.reward == 321
    app.get_by_key("sim_affiliate_kinds").set_value(["margin", "wholesale"]).run()
    assert "not both" in texts(app)
    assert from_link(link(app)).affiliate.payout.kinds == ("percent", "lead", "flat")
    app.get_by_key("sim_affiliate_kinds").set_value([]).run()
    assert from_link(link(app)).affiliate.payout.kinds == ()


def test_where_a_plan_can_not_be_the_form_says_why_where_its_sentence_stood():
    app = open_tab(open_page("simulate"), "Payout")
    app.get_by_key("sim_affiliate_kinds").set_value(["bonus", "percent"]).run()
    assert "makes its partner" in texts(app)
    app.get_by_key("sim_affiliate_bonus_from_month").set_value(5).run()
    why = "Affiliates, Dated bonus, Bonus until month and Bonus from month: a bonus from month 5 until month 3"
    assert texts(app).replace("\\", "").count(why) == 2  # beside the answer, and in the form
    assert "stands here again once the plan fits" in texts(app)
    assert "makes its partner \\$" not in texts(app)
    app.get_by_key("sim_affiliate_bonus_to_month").set_value(5).run()
    assert why not in texts(app).replace("\\", "")
    assert "makes its partner" in texts(app)


def test_a_bonus_has_calendar_months_where_the_first_month_of_the_scenario_is_known():
    plan = {"bonus": {"from_month": 2, "to_month": 5}}
    scenario = default_scenario().with_program("affiliate", payout=plan).replace(begins="2026-11")
    app = open_tab(open_page("simulate", s=to_link(scenario)), "Payout")
    assert "Month 2 of the program is 2026-12" in texts(app).replace("\\", "")
    assert "Month 5 of the program is 2027-03" in texts(app).replace("\\", "")


def test_tiers_and_conditions_are_asked_when_they_count():
    app = open_tab(open_page("simulate"), "Payout")
    app.session_state["view_more_affiliate"] = True
    app.run()
    app.get_by_key("sim_affiliate_percent_tiers").set_value("whole").run()
    app.get_by_key("sim_affiliate_percent_tier_2_value").set_value(40.0).run()
    app.get_by_key("view_terms_affiliate").set_value("What is taken back").run()
    app.get_by_key("sim_affiliate_payout_clawback").set_value("full").run()
    app.get_by_key("sim_affiliate_payout_clawback_months").set_value(6).run()
    plan = from_link(link(app)).affiliate.payout
    assert (plan.percent.tier_2_value, plan.clawback, plan.clawback_months) == (0.4, "full", 6)
    app.get_by_key("view_terms_affiliate").set_value("How rates change").run()
    app.get_by_key("sim_affiliate_percent_tiers").set_value("none").run()
    app.get_by_key("sim_affiliate_percent_rate_by").set_value("plan").run()
    assert "No customer is on price plan 2 or 3" in texts(app)
    # Each of the two choices that rule each other out is back as soon as the other is given up.
    app.get_by_key("sim_affiliate_percent_rate_by").set_value("nothing").run()
    app.get_by_key("sim_affiliate_percent_tiers").set_value("whole, rated again").run()
    assert "A month has none before it to rate again" in texts(app)
    assert app.get_by_key("sim_affiliate_percent_tier_2_from").label == "Tier 2 from (USD)"
    app.get_by_key("sim_affiliate_percent_tier_by").set_value("active customers").run()
    assert app.get_by_key("sim_affiliate_percent_tier_2_from").label == "Tier 2 from (active customers)"
    app.get_by_key("sim_affiliate_percent_tiers").set_value("none").run()
    assert app.get_by_key("sim_affiliate_percent_rate_by").value == "nothing"


def test_a_published_program_is_a_start_that_can_be_undone():
    app = open_tab(open_page("simulate"), "Payout")
    app.session_state["view_ready_affiliate"] = True
    app.run()
    app.get_by_key("view_ready_of_affiliate").set_value("kinsta-affiliates").run()
    assert "Kinsta affiliates: 10 % for life and $50 per customer." in texts(app).replace("\\", "")
    app.get_by_key("ready_take_affiliate").click().run()
    assert like(from_link(link(app)).affiliate.payout) == "kinsta-affiliates"
    assert "makes its partner $95 in its first month" in texts(app).replace("\\", "")
    app.get_by_key("ready_undo_affiliate").click().run()
    assert from_link(link(app)).affiliate.payout == default_scenario().affiliate.payout


@pytest.mark.proof
def test_a_response_to_terms_is_asked_for_said_and_measured_from_other_terms():
    scenario = default_scenario().moved("affiliate.payout.percent.rate", 0.3)
    app = open_page("simulate", s=to_link(scenario), kept=set_to_link((Named(name="A", scenario=default_scenario()),)))
    assert beside(scenario, "affiliate", default_scenario()) in texts(app).replace("\\", "")
    app = open_tab(app, "Payout")
    app.session_state["view_response_affiliate"] = True
    app.run()
    app.get_by_key("sim_affiliate_responds").set_value(True).run()
    app.get_by_key("sim_affiliate_response_leads").set_value(0.5).run()
    assert from_link(link(app)).affiliate.response.reference == default_scenario().affiliate.payout
    assert "leads are 41 % higher" in texts(app).replace("\\", "")
    app.get_by_key("response_from_affiliate").click().run()
    assert from_link(link(app)).affiliate.response.reference == scenario.affiliate.payout
    assert "leads are as entered" in texts(app).replace("\\", "")


def test_ranges_give_bands_and_chances_and_can_be_moved():
    app = open_tab(open_page("simulate"), "Ranges")
    app.get_by_key("range_all").click().run()
    assert "Chances for Affiliates" in texts(app)
    assert "P10" in texts(app)
    scenario = from_link(link(app))
    assert scenario == with_swings(default_scenario(), "affiliate")
    app.get_by_key("sim_range_affiliate_payout_percent_rate_high").set_value(30.0).run()
    assert from_link(link(app)).ranges["affiliate.payout.percent.rate"].high == 0.3
    app.get_by_key("sim_range_affiliate_payout_percent_rate_low").set_value(50.0).run()
    assert "begins above its end" in texts(app)
    app.get_by_key("range_none").click().run()
    assert "Chances" not in texts(app)
    assert not from_link(link(app)).ranges


def test_segments_share_demand():
    app = open_tab(open_page("simulate"), "Market")
    app.session_state["view_segments"] = True
    app.run()
    before = figures_of(app).loc["New customers", "Affiliates"]
    app.session_state["view_segments"] = True
    app.get_by_key("sim_segments").set_value(1).run()
    app.get_by_key("sim_segment_0_size").set_value(100.0).run()
    assert from_link(link(app)).segments[0].size == 100
    assert figures_of(app).loc["New customers", "Affiliates"] != before
    app.session_state["sim_view"] = "Mix"
    app.run()
    assert "Lost to one another" in app.table[1].value.columns[3]


def keep(app, name):
    app.session_state["sim_view"] = "Scenarios"
    app.run()
    field = next(one for one in app.text_input if one.label == "Name")
    field.set_value(name).run()
    app.get_by_key("keep").click().run()
    return app


def test_scenarios_are_kept_compared_explained_and_opened():
    app = keep(open_page("simulate"), "As it is")
    app.get_by_key("sim_affiliate_percent_rate").set_value(40.0).run()
    table = app.table[1].value
    assert list(table.index) == ["As it is", "Current"]
    assert "−" in table.iloc[1, 1]
    keep(app, "More commission")
    kept = app.query_params["kept"]
    kept = set_from_link(kept if isinstance(kept, str) else kept[0])
    assert [one.name for one in kept] == ["As it is", "More commission"]
    assert kept[1].scenario.affiliate.payout.percent.rate == 0.4
    app.get_by_key("kept_open_0").click().run()
    assert app.get_by_key("sim_affiliate_percent_rate").value == 15.0
    app.get_by_key("kept_first_1").click().run()
    assert app.table[1].value.index[0] == "More commission"
    app.get_by_key("kept_remove_0").click().run()
    app.get_by_key("kept_remove_0").click().run()
    assert "kept" not in app.query_params


def notes_of(app, name):
    return app.session_state["scenario_about"][name]


def test_a_set_of_scenarios_can_be_opened_by_link_and_loaded_from_a_file():
    kept = (Named(name="One", scenario=default_scenario().with_market(list_price=650.0)),)
    app = open_page("simulate", kept=set_to_link(kept))
    app.session_state["sim_view"] = "Scenarios"
    app.run()
    assert app.table[1].value.index[0] == "One"
    about = About(owner="Dana", notes="Of the board").saying("market.list_price", source="Price list")
    app.get_by_key("scenario_file_0").upload(
        "plans.yaml", to_yaml((*kept, kept[0].model_copy(update={"name": "Two", "about": about})))
    ).run()
    assert from_link(link(app)).market.list_price == 650
    # What somebody wrote came with it, and goes along with its scenario.
    app.session_state["view_notes"] = True
    app.run()
    assert app.get_by_key("view_notes_owner").value == "Dana"
    (log,) = (one for one in app.get("dataframe") if "view_log" in one.proto.id)
    assert log.value[["Input", "Default", "Value", "Source"]].to_numpy().tolist() == [
        ["List price per month", "$500", "$650", "Price list"]
    ]
    app.get_by_key("view_notes_text").set_value("Of the owners").run()
    assert notes_of(app, "Current") == about.plain | {"notes": "Of the owners"}
    app.get_by_key("kept_open_0").click().run()
    assert notes_of(app, "Current") == {}
    app.get_by_key("scenario_file_1").upload("plans.yaml", b"nothing: here").run()
    assert "no file of scenarios" in texts(app)


@pytest.mark.parametrize("view", ["Tornado", "Uncertainty", GENERIC, "Spider", "Two inputs"])
def test_every_view_of_sensitivity_opens(view):
    app = open_page("simulate", s=to_link(with_swings(default_scenario(), "affiliate")))
    app.session_state["sim_view"] = "Sensitivity"
    app.session_state["view_sense"] = view
    app.run()
    assert not app.exception
    assert app.get("plotly_chart")


def test_names_in_tables_are_text():
    name = "[Click](http://evil.example) $x$ :red[y]"
    app = open_page("simulate", kept=set_to_link((Named(name=name, scenario=default_scenario()),)))
    app.session_state["sim_view"] = "Scenarios"
    app.run()
    shown = app.table[1].value.index[0]
    assert shown == as_markdown(name)
    assert "\\[Click\\]" in shown


def test_inputs_that_do_not_go_together_are_said_beside_the_answer():
    app = open_tab(open_page("simulate"), "Payout")
    app.get_by_key("sim_affiliate_kinds").set_value(["margin", "wholesale"]).run()
    assert "not both" in app.error[0].value
    assert "last inputs that fit" in app.error[0].value


def test_a_damaged_set_says_so_once():
    app = open_page("simulate", kept="zzz")
    assert "version" in texts(app)
    assert "kept" not in app.query_params


def test_a_baseline_in_another_currency_is_not_compared():
    kept = (Named(name="Euro", scenario=default_scenario().with_market(currency="EUR")),)
    app = open_page("simulate", kept=set_to_link(kept))
    assert "not taken off one another" in texts(app)
    assert "Against pinned" not in texts(app)


def test_the_presentation_shows_what_the_link_says():
    scenario = default_scenario().replace(shown=("channel", "reseller"))
    app = open_page(
        "present", s=to_link(scenario), sim_focus="reseller", sim_view="Customer cost", figures="npv,closing_arr"
    )
    assert "than blended CAC" in app.title[0].value
    assert "Resellers over 36 months" in texts(app)
    assert len(app.get("html")) == 2
    assert not app.number_input
    assert not app.slider


ASKED = {
    "Over time": ({}, "more than resellers"),
    "Customer cost": ({}, "than blended CAC"),
    "Partner's side": ({}, "partner"),
    "Mix": ({}, "Closing ARR"),
    "Together": ({"measure": "mrr", "period": "Year"}, "MRR of all programs together"),
    "Next budget": ({"amount": "5000"}, "5,000 for recruiting bring most with"),
    "Split": ({"budget": "200000", "bounds": "reseller:0:90000,nobody:1:2,x"}, "contribution than with the"),
    "People": ({"loads": "reseller:4,affiliate:30,x", "there": "1"}, "people in month 36"),
    "Goal seek": ({"figure": "npv", "target": "1000", "input": "reseller.customer_churn_rate"}, "NPV"),
    "Sensitivity": ({"figure": "npv"}, "NPV most"),
    "Why they differ": ({"figure": "new_customers", "scenario": "Current"}, "more New customers than Before"),
    "Scenarios": ({"figure": "new_customers"}, "New customers\\: Current comes to"),
}


def room(app):
    """What the presentation says, its conclusion and the title of its chart too."""
    return f"{app.title[0].value} {' '.join(one.value for one in app.header)} {texts(app)}"


def presented(view, **asked):
    kept = (Named(name="Before", scenario=default_scenario().with_program("reseller", leads_per_partner=1)),)
    return open_page("present", kept=set_to_link(kept), sim_focus="reseller", sim_view=view, **asked)


@pytest.mark.parametrize("view", ASKED)
def test_every_view_with_a_chart_can_be_presented_as_it_was_asked(view):
    asked, said = ASKED[view]
    app = presented(view, **asked)
    assert said.lower() in room(app).lower()
    assert json.loads(app.get("plotly_chart")[0].proto.spec)["layout"]["height"] >= 450


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"chart": "Spider"}, "while one input at a time is moved"),
        ({"chart": "Two inputs", "across": "nobody", "up": "", "line": "inf"}, "over"),
        ({"chart": "Uncertainty"}, "No input that moves this figure has a range yet"),
        ({"figure": "nothing"}, "moves contribution most"),
    ],
)
def test_a_sensitivity_is_presented_whatever_the_address_says(asked, said):
    assert said in room(presented("Sensitivity", **asked))


def test_the_link_to_the_presentation_carries_what_is_asked():
    app = open_page("simulate")
    app.session_state["sim_view"] = "Sensitivity"
    app.run()
    app.get_by_key("view_sense_figure").select("npv").run()
    asked = dict(parse_qsl(app.get("page_link")[0].proto.query_string))
    assert (asked["sim_view"], asked["figure"], asked["chart"]) == ("Sensitivity", "npv", "Tornado")


def test_a_link_opens_the_same_scenario_in_another_session():
    scenario = default_scenario().replace(shown=("channel",)).with_program("channel", leads_per_partner=9.5)
    app = open_tab(open_page("simulate", s=to_link(scenario)), "Partners")
    assert app.get_by_key("sim_channel_leads_per_partner").value == 9.5
    assert from_link(link(app)) == scenario


def test_a_damaged_link_says_so_and_shows_the_presets():
    app = open_page("simulate", s="1.nonsense")
    assert "damaged" in texts(app)
    assert in_short(app, "Affiliates", "36 months")


def test_a_pinned_scenario_is_compared_with():
    app = open_page("simulate")
    app.get_by_key("pin").click().run()
    app.get_by_key("sim_affiliate_percent_rate").set_value(50.0).run()
    assert "less contribution, worse" in texts(app)
    assert "Commission 15\\.0 % → 50\\.0 %" in texts(app)
    app.get_by_key("unpin").click().run()
    assert "Against pinned" not in texts(app)
    assert not [one for one in app.button if one.key == "unpin"]


def test_resetting_a_program_brings_its_preset_back():
    app = open_page("simulate")
    app.get_by_key("sim_affiliate_percent_rate").set_value(50.0).run()
    app.get_by_key("reset").click().run()
    assert app.get_by_key("sim_affiliate_percent_rate").value == 15.0
    assert from_link(link(app)) == default_scenario()


def test_unknown_is_shown_in_words():
    scenario = default_scenario().replace(shown=("reseller",)).with_program("reseller", conversion_rate=0.0)
    app = open_page("simulate", s=to_link(scenario))
    assert in_short(app, "Resellers", "A customer costs") == "unknown"
    assert in_short(app, "Resellers", "Payback") == "not within 120 months"
    assert figures_of(app).loc["Break-even"].iloc[0] == "not within 36 months"


def test_health_without_files_says_what_to_do():
    app = open_page("health")
    assert "Drop the exports" in texts(app)
    assert not app.metric


def test_a_file_too_few_is_asked_for():
    app = open_page("health")
    app.get_by_key("upload_0").upload("accounts.csv", (SAMPLE / "accounts.csv").read_bytes()).run()
    assert not app.exception
    assert metric(app, "NRR") == "unknown"
    assert "add a revenue file" in texts(app)
    assert "add a spend file" in texts(app)


def test_a_broken_file_is_explained():
    app = open_page("health")
    app.get_by_key("upload_0").upload("broken.csv", b"PK\x03\x04").run()
    assert "broken\\.csv" in texts(app)
    assert "be unpacked" in texts(app)


def test_settings_change_the_figures():
    app = open_page("health", data="sample")
    before = metric(app, "Activation rate")
    app.get_by_key("days").set_value(7).run()
    assert metric(app, "Activation rate") != before
    assert "activation within 7 days" in texts(app)
    app.get_by_key("side").set_value("Affiliates").run()
    assert app.title[0].value == (
        "Affiliates\\: worse than organic in customers still there, first MRR kept and NRR; "
        "better than blended CAC in effective CPA\\."
    )


def test_a_file_cannot_put_markup_on_the_page():
    evil = "![x](http://evil.test/a.png) <b>$1$</b>"
    app = open_page("health")
    partners = f'partner_id,name,motion,recruited_on\nP1,"{evil}",affiliate,2025-01-01\n'
    accounts = "account_id,signed_up_on,motion,partner_id\n" + "A1,2025-01-05,affiliate,P1\n"
    files = [("a.csv", accounts), ("p.csv", partners), ("r.csv", "account_id,month,mrr\nA1,2025-02,9\n")]
    for name, content in files:
        at = app.session_state["upload_generation"]
        app.get_by_key(f"upload_{at}").upload(name, content.encode()).run()
    said = ""
    for view in [None, *(view.name for view in VIEWS)]:
        if view:
            app.session_state["view"] = view
            app.run()
        assert not app.exception
        said += texts(app)
        for chart in app.get("plotly_chart"):
            assert "<b>" not in chart.proto.spec.replace("\\u003c", "<")
    app.switch_page("pages/partner.py").run()
    assert not app.exception
    said += texts(app)
    assert "evil" in said
    assert "![x]" not in said
    assert "<b>" not in said


ACCOUNTS = b"account_id,signed_up_on,motion,partner_id\nA1,2025-01-05,affiliate,P1\n"


def test_an_upload_is_taken_before_its_widget_could_copy_it(monkeypatch):
    def copied(file, memo):
        raise AssertionError("nobody is served while a large file is copied")

    monkeypatch.setattr(UploadedFile, "__deepcopy__", copied, raising=False)
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    assert not app.exception
    assert app.session_state["program"].files[0].accepted == 1
    assert app.session_state["upload_generation"] == 1


def test_a_file_that_the_server_has_lost_is_passed_over(monkeypatch):
    app = open_page("health")
    monkeypatch.setattr(upload, "UploadedFile", SimpleNamespace)  # nothing that arrives is one
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    assert not app.exception
    assert "program" not in app.session_state


def test_a_file_replaces_the_one_with_its_name():
    app = open_page("health")
    for turn in range(2):
        app.get_by_key(f"upload_{turn}").upload("a.csv", ACCOUNTS.replace(b"A1", b"B%d" % turn)).run()
    assert len(app.session_state["program"].files) == 1
    folder = FOLDERS.use(app.session_state["program_folder"])
    assert [path.read_bytes()[42:44] for path in folder.glob("*.csv")] == [b"B1"]
    assert "amounts in a currency that no file states" in texts(app)


def test_rules_are_taken_without_reading_the_files_again():
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    before = app.session_state["program"]
    rules = (ROOT / "motions/cohorts/verdicts/rules.yaml").read_bytes()
    app.get_by_key("upload_1").upload("rules.yaml", rules).run()
    assert not app.exception
    assert app.session_state["program"] is before
    assert "Verdicts follow the rules that you dropped in" in texts(app)


def test_a_reading_that_is_interrupted_is_made_again(monkeypatch):
    turns = []

    def interrupted_once(*args, **settings):
        turns.append(args)
        if len(turns) == 1:
            st.rerun()
        return load_program(*args, **settings)

    monkeypatch.setattr(loaded, "load_program", interrupted_once)
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", ACCOUNTS).run()
    assert len(turns) == 2
    assert app.session_state["program"].files[0].accepted == 1


def test_the_glossary_finds_by_word():
    app = open_page("glossary")
    app.get_by_key("find").set_value("blended").run()
    assert "| Blended CAC | money |" in texts(app)
    app.get_by_key("find").set_value("zzz").run()
    assert "Nothing is called that" in texts(app)


def test_a_term_is_opened_by_its_address_and_reached_from_where_it_stands():
    app = open_page("glossary", term="effective-cpa")
    assert app.title[0].value == "Effective CPA"
    assert "Partner payouts and" in texts(app)  # in Program health
    assert "What the customers won" in texts(app)  # in the simulator
    assert open_page("glossary", term="![x](http://evil.test)").title[0].value == "What each word means here"
    shown = open_page("overview", data="sample")
    helps = {one.label: one.help for one in shown.metric}
    assert helps["Effective CPA"].endswith("[In the glossary](glossary?term=effective-cpa)")


def test_each_term_has_one_row_in_the_glossary():
    names = [term.slug for term in terms(entries())]
    assert len(set(names)) == len(names)
    assert len(terms(entries())) < len(entries())
    both = term("Active partners")  # a short name in health, and a series of the simulator
    assert {section for section, _ in both.meanings} == {"Program health: metrics", "Simulator: monthly series"}


def test_everything_shown_is_in_the_glossary():
    assert {entry.section for entry in entries()} == set(SECTIONS)
    assert all(entry.meaning for entry in entries())
    assert find("churn a month")


def test_every_chart_has_a_conclusion_and_a_text(sample_program):
    ledger = sample_program.ledger
    chosen = m.Settings(as_of=ledger.last_month)
    results = run(default_scenario().replace(shown=PROGRAMS))
    ranged = with_swings(default_scenario(), "affiliate").replace(draws=1000)
    movable = places(ranged, "affiliate")
    segmented = ranged.replace(segments=[{"name": "<b>One</b>", "size": 200.0, "motions": ["affiliate", "reseller"]}])
    charts = [
        playbook.same_deal(offers(original(), tuple(original().names), 500, 0.8, 24), 24),
        economics.contribution(results, results, "USD"),
        economics.contribution(results, {}, "USD", simulate(ranged)),
        economics.partner_side(partner_side(ranged.affiliate, results["affiliate"]), "affiliate", "USD"),
        economics.tornado(sensitivity.tornado(ranged, "affiliate", "npv"), "npv", 1e5, "USD"),
        economics.spider(sensitivity.spider(ranged, "affiliate", "payout_share"), "payout_share", "USD"),
        economics.heat(
            sensitivity.grid(ranged, "affiliate", "npv", *movable[:2]), "npv", *movable[:2], 0.0, (0.1, 5), "USD"
        ),
        economics.explained(sensitivity.tornado(ranged, "affiliate", "npv"), "npv", "USD"),
        economics.waterfall(
            explain(ranged, default_scenario().with_market(list_price=1.0), "affiliate", "npv"),
            "npv",
            ("A", "B"),
            "USD",
            100,
        ),
        economics.side_by_side(columns([Named(name="As it is", scenario=ranged)] * 2, "affiliate"), "npv", "USD"),
        economics.arr_mix(mix_of_arr(ranged, results), "USD"),
        economics.demand(demands(segmented)),
        economics.cost_of_a_customer(results, "USD"),
        cohorts.funnel(ledger, chosen),
        cohorts.retention(ledger, chosen),
        cohorts.retention(ledger, chosen, "customers"),
        cohorts.triangle(ledger, chosen, "All partners", m.PARTNER, "money"),
        cohorts.triangle(ledger, chosen, "All partners", m.PARTNER, "customers"),
        cohorts.movements(ledger, chosen, "All partners", m.PARTNER),
        cohorts.activation_by_cohort(ledger, chosen, "All partners", m.PARTNER),
        cohorts.partner_curve(ledger, chosen),
        cohorts.mrr_by_motion(ledger, chosen),
        cohorts.cost_trend(ledger, chosen),
        cohorts.partners_by_mrr(ledger, chosen),
    ]
    for chart in charts:
        assert len(chart.title) > 10
        assert len(chart.alt) > 40
        assert chart.figure.data
        axis = chart.figure.layout.yaxis.title.text or chart.figure.layout.xaxis.title.text
        assert axis or chart.measure


def test_downloads_carry_units_settings_and_no_formulas(sample_program):
    ledger = sample_program.ledger
    rows = tables.metrics_csv(ledger, m.Settings(as_of=ledger.last_month))
    assert len(rows) == 1 + len(m.METRICS) * len(tables.groups(ledger))
    assert all(len(row) == len(rows[0]) for row in rows)
    unknown = next(row for row in rows if row[0] == "Active partner ratio" and row[1] == "Organic")
    assert (unknown[2], unknown[6]) == ("", "has no partners")


def test_rejected_rows_can_be_downloaded_whole(load, tmp_path):
    text = "account_id,month,mrr\nA1,2025-02,x\n\nA2,2025-02,=5\nA3,2025-02,1\n"
    program = load({"r.csv": text})
    path = tmp_path / "r.csv"
    path.write_text(text, "utf-8")
    rows = list(files.rejects_csv(program.rejects, {"r.csv": path}))
    assert [(row[1], row[3], row[5]) for row in rows[1:]] == [(2, "x", "A1,2025-02,x"), (4, "=5", "A2,2025-02,=5")]


def test_sample_files_are_what_the_script_makes(tmp_path):
    from sample_data.generate import main  # noqa: PLC0415

    main(3000, tmp_path)
    for name, path in SAMPLE_FILES:
        assert (tmp_path / name).read_bytes() == path.read_bytes()


def test_an_address_that_is_behind_does_not_undo_a_move_but_back_does():
    app = open_page("simulate")
    first = link(app)
    rate = "sim_affiliate_percent_rate"
    app.get_by_key(rate).set_value(40.0).run()
    app.query_params["s"] = first  # the browser has not taken the new link over yet
    app.get_by_key(rate).set_value(50.0).run()
    assert from_link(link(app)).affiliate.payout.percent.rate == 0.5
    app.query_params["s"] = first  # Back
    app.run()
    assert app.get_by_key(rate).value == 15.0
    assert from_link(link(app)) == default_scenario()


def test_a_broken_upload_is_not_hidden_by_the_sample():
    app = open_page("health", data="sample")
    app.get_by_key("upload_0").upload("broken.csv", b"PK\x03\x04").run()
    assert "be unpacked" in texts(app)
    assert not app.metric


def test_what_stands_between_files_and_figures_is_said_at_the_top():
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", b"account_id,signed_up_on\nA1,2025-01-05\nA2,never\n").run()
    assert "Rejected\\: 1 of 2 rows of a\\.csv" in texts(app)


def test_the_currency_can_be_changed_after_it_was_chosen():
    revenue = b"account_id,month,mrr,currency\nA1,2025-02,100,EUR\nA1,2025-02,200,USD\n"
    app = open_page("health")
    app.get_by_key("upload_0").upload("r.csv", revenue).run()
    app.get_by_key("upload_1").upload("a.csv", b"account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\n").run()
    assert "EUR" in texts(app)
    app.get_by_key("currency").set_value("EUR").run()
    assert metric(app, "MRR") == "€100"
    app.get_by_key("currency").set_value("USD").run()
    assert metric(app, "MRR") == "\\$200"


def test_a_cleared_field_keeps_its_value():
    app = open_page("simulate")
    app.get_by_key("sim_market_list_price").set_value(None).run()
    assert from_link(link(app)).market.list_price == 500


def test_the_servers_copy_of_an_upload_is_dropped(monkeypatch):
    dropped = []
    manager = SimpleNamespace(remove_file=lambda session_id, file_id: dropped.append((session_id, file_id)))
    context = SimpleNamespace(session_id="this session", uploaded_file_mgr=manager)
    monkeypatch.setattr(upload, "get_script_run_ctx", lambda: context)
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", b"account_id,signed_up_on\nA1,2025-01-05\n").run()
    assert [session for session, _ in dropped] == ["this session"]
    assert all(file_id for _, file_id in dropped)
    assert app.get_by_key("upload_1").value == []  # and the widget, which copies what it holds, is a new one


def test_a_chart_in_which_nothing_is_drawn_is_not_shown():
    app = AppTest.from_string(
        "import pandas as pd\n"
        "from motions.charts.style import LOOKS, Chart, figure, line\n"
        "from pages import _ui\n"
        "for key, ys in {'none': [None, float('nan')], 'one': [None, 2.0]}.items():\n"
        "    drawn, frame = figure([line('x', LOOKS['channel'], [1, 2], ys, [])]), pd.DataFrame({'y': ys})\n"
        "    _ui.chart(Chart(f'Title of {key}', drawn, 'alt', frame, {'y': 'Y'}), key)\n"
    ).run()
    assert not app.exception
    assert [one.value for one in app.info] == ["Title of none"]
    assert len(app.get("plotly_chart")) == 1


def test_an_unfinished_month_is_whole_when_somebody_says_so_and_contradictions_can_be_downloaded():
    accounts = "account_id,signed_up_on,motion,segment\n" + "".join(f"A{n},2026-01-05,,s\n" for n in range(12))
    other = "account_id,signed_up_on,segment\nA1,2026-01-05,huge\n"
    revenue = "account_id,month,mrr\n" + "".join(
        f"A{n},2026-{month:02d},10\n" for month in (7, 8, 9) for n in range(12) if month < 9 or n < 3
    )
    app = open_page("health")
    app.get_by_key("upload_0").upload("a.csv", accounts.encode()).run()
    app.get_by_key("upload_1").upload("b.csv", other.encode()).run()
    app.get_by_key("upload_2").upload("r.csv", revenue.encode()).run()
    assert "Revenue of 2026\\-09 looks unfinished" in texts(app)
    assert "As of 2026\\-08" in texts(app)
    app.get_by_key(f"complete_{2026 * 12 + 8}").click().run()
    assert not app.exception
    assert "looks unfinished" not in texts(app)
    assert "As of 2026\\-09" in texts(app)
    app = app.switch_page("pages/files.py").run()
    assert not app.exception
    assert any(one.key == "contradictions_csv" for one in app.get("download_button"))


def test_each_part_of_the_headline_opens_what_it_is_read_from():
    app = open_page("health", data="sample")
    assert app.title[0].value == "Partners cost less than blended CAC; three things need attention\\."
    labels = [button.label for button in app.button if str(button.key).startswith("behind_")]
    assert labels == [
        ":red-badge[1] :blue[**Affiliates lose customers faster than organic** →]",
        ":red-badge[2] :blue[**Resellers cost more than blended CAC** →]",
        ":red-badge[3] :blue[**Ember Digital carries 35 % of partner MRR** →]",
    ]
    app.get_by_key("behind_1").click().run()
    assert not app.exception
    assert (app.session_state["side"], app.session_state["view"]) == ("Resellers", "Acquisition")
    assert "Effective CPA of resellers" in texts(app)


def test_six_figures_come_first_and_the_others_stand_below_the_verdicts(sample_program):
    app = open_page("health", data="sample")
    labels = [one.label for one in app.metric]
    assert labels[:6] == ["MRR", "NRR", "Effective CPA", "Activation rate", "PQLs", "Active partners"]
    assert labels[6:] == ["Customers still there", "LTV ÷ CPA", "Payback (months)"]
    ledger = sample_program.ledger
    chosen = m.Settings(as_of=ledger.last_month)
    first, more = tables.tiles(verdicts(ledger, chosen), ledger, chosen, m.PARTNER)
    cost, worth = first[2], more[1]
    # It costs more than a year before, and that is no verdict: the verdict says than what it is better.
    assert (cost.change[0], cost.rises, cost.tested) == ("+", True, False)
    assert (cost.verdict, cost.notes[0]) == ("better than blended CAC", "blended CAC $1,166")
    assert (first[1].verdict, first[1].notes[0]) == ("no clear difference", "to organic 86.0 %")
    assert (first[0].verdict, first[0].tone) == ("", "fact")
    # LTV ÷ CPA is compared over the ages that both years have seen: both spans are said.
    assert worth.notes[0].startswith("over its first 15 months ")
    assert "over its first 27 months" in worth.notes
    assert [len(one.notes) <= 2 for one in first] == [True] * 6


def test_every_view_of_health_has_a_chart_that_can_be_presented(sample_program):
    ledger = sample_program.ledger
    chosen = m.Settings(as_of=ledger.last_month)
    look = Look(sample_program, ledger, "All partners", m.PARTNER, chosen, verdicts(ledger, chosen))
    for view in VIEWS:
        drawn = view.chart(look)
        assert not drawn.empty, view.name
        assert drawn.alt.startswith(drawn.title.rstrip(".")) or drawn.alt.startswith("Partners by MRR"), view.name


def test_on_a_phone_motions_are_in_a_select_box_and_figures_two_a_row(monkeypatch):
    monkeypatch.setattr(_ui, "on_phone", lambda: True)
    app = open_page("health", data="sample")
    assert app.get_by_key("side").options[:2] == ["All partners", "Ecosystem"]
    app.get_by_key("side").set_value("Resellers").run()
    assert not app.exception
    assert app.title[0].value.startswith("Resellers\\: worse than blended CAC in effective CPA")


def test_the_files_page_says_which_of_the_six_figures_are_missing_and_what_they_need():
    app = open_page("files", data="sample")
    assert app.title[0].value == "The sample's files give all six figures\\."
    app = open_page("health")
    app.get_by_key("upload_0").upload("accounts.csv", (SAMPLE / "accounts.csv").read_bytes()).run()
    app = app.switch_page("pages/files.py").run()
    assert app.title[0].value.startswith("Your files give all six figures but ")
    assert "**Effective CPA**: add " in texts(app)


def test_a_tile_has_its_months_in_the_label_where_a_phone_has_room(sample_program):
    ledger = sample_program.ledger
    found = {one.metric: one for one in verdicts(ledger, m.Settings(as_of=ledger.last_month))}
    assert tables.tile(found["cac_payback"], "USD") == ("Payback (months)", "2.7")
    assert tables.tile(found["cpa"], "USD") == ("Effective CPA", "$964")


def test_every_view_is_in_one_group_or_in_the_menu_of_calibration():
    from pages._simulate.views import CALIBRATE, GROUPS, VIEWS  # noqa: PLC0415

    grouped = [name for names in GROUPS.values() for name in names] + list(CALIBRATE.values())
    assert sorted(grouped) == sorted(view.name for view in VIEWS)


@pytest.mark.parametrize(
    ("view", "group"),
    [("Over time", "Result"), ("Partner's side", "Partners"), ("Goal seek", "Risk"), ("Split", "Portfolio")],
)
def test_a_view_is_opened_by_its_name_in_the_address_in_its_group(view, group):
    app = open_page("simulate", sim_view=view)
    assert app.get_by_key("view_group").value == group
    assert app.query_params["sim_view"] in (view, [view])
    back = open_page("simulate", sim_view="no such view")
    assert back.get_by_key("view_group").value == "Result"


def test_the_portfolio_asks_what_it_does_not_know_and_says_which_bounds_leave_no_split():
    app = open_page("simulate", sim_view="People")
    assert "there is no default for it" in texts(app)
    app.get_by_key("view_load_reseller").set_value(4.0).run()
    assert "people in month 36" in app.title[0].value
    assert "Left out, as nobody has said" in texts(app)
    app.get_by_key("view_of_Portfolio").set_value("Split").run()
    assert "Every further" in app.title[0].value
    app.get_by_key("view_split_budget").set_value(100.0).run()
    assert "more than the budget of" in app.error[0].value
    app.get_by_key("view_of_Portfolio").set_value("Next budget").run()
    assert "No segments are set" in texts(app)
    only_direct = open_page("simulate", s=to_link(default_scenario().replace(shown=("sales_led",))), sim_view="Split")
    assert "No partner motion is shown" in texts(only_direct)


def test_a_group_opens_its_last_view_and_none_is_marked_while_calibrating():
    app = open_page("simulate", sim_view="Table")
    app.get_by_key("view_group").set_value("Risk").run()
    assert app.get_by_key("view_of_Risk").value == "Sensitivity"
    app.get_by_key("view_group").set_value("Result").run()
    assert app.get_by_key("view_of_Result").value == "Table"
    app.session_state["sim_view"] = "Your data"
    app.run()
    assert app.get_by_key("view_group").value is None
    assert app.get_by_key("own_sample")


def test_five_levers_are_in_sight_and_the_others_are_not_there_until_asked_for():
    app = open_page("simulate")
    inputs_ = [one.key for one in (*app.slider, *app.number_input) if one.key.startswith("sim_")]
    assert inputs_ == [
        "sim_affiliate_percent_rate", "sim_affiliate_partners_recruited", "sim_affiliate_leads_per_partner",
        "sim_affiliate_conversion_rate", "sim_market_list_price",
    ]  # fmt: skip
    app.get_by_key("sim_affiliate_leads_per_partner").set_value(7.0).run()
    open_tab(app, "Partners")
    app.get_by_key("sim_affiliate_ramp_months").set_value(5).run()
    app.session_state["view_inputs"] = False
    app.run()
    found = from_link(link(app)).affiliate
    assert (found.leads_per_partner, found.ramp_months) == (7.0, 5)  # closed, they keep what was set


def test_another_kind_of_payout_has_another_lever_at_once():
    app = open_tab(open_page("simulate"), "Payout")
    app.get_by_key("sim_affiliate_kinds").set_value(["margin"]).run()
    assert app.slider[0].key == "sim_affiliate_margin_margin"
    assert from_link(link(app)).affiliate.payout.kinds == ("margin",)


def test_a_range_moves_along_with_its_lever_while_both_are_in_sight():
    scenario = default_scenario().replace(ranges={"market.list_price": {"low": 400.0, "high": 600.0}})
    app = open_tab(open_page("simulate", s=to_link(scenario)), "Ranges")
    app.get_by_key("sim_market_list_price").set_value(1000.0).run()
    app.run()
    found = from_link(link(app)).ranges["market.list_price"]
    assert (found.low, found.high) == (800, 1200)


def test_ranges_turned_off_and_on_are_the_same():
    app = open_page("simulate")
    app.get_by_key("view_ranges").set_value(True).run()
    assert from_link(link(app)) == with_all_swings(default_scenario())  # of both that the headline speaks of
    app = open_page("simulate", s=to_link(default_scenario().replace(ranges={"market.list_price": [450.0, 600.0]})))
    assert app.get_by_key("view_ranges").value is True
    app.get_by_key("view_ranges").set_value(False).run()
    assert not from_link(link(app)).ranges
    app.get_by_key("view_ranges").set_value(True).run()
    found = from_link(link(app)).ranges
    assert {key: (one.low, one.high) for key, one in found.items()} == {"market.list_price": (450, 600)}


def test_the_table_of_all_figures_has_the_spread_of_each():
    app = open_page("simulate", s=to_link(with_swings(default_scenario(), "affiliate")))
    table = figures_of(app).rename(columns=lambda name: name.replace("\\", ""))
    assert table.loc["NPV", "Affiliates: P10 to P90"].startswith("P10 ")


def test_what_a_lever_is_called_is_read_aloud_without_the_signs_that_escape_it():
    app = open_page("simulate")
    called = [one.label for one in (*app.number_input, *app.slider)]
    assert "Commission (%)" in called
    assert not [label for label in called if "\\" in label]


@pytest.mark.parametrize(
    ("view", "title", "levers_first"),
    [
        ("Over time", "Affiliates\\: \\$671k more than resellers", True),
        ("Sensitivity", "Affiliates\\: Gross margin moves contribution most", False),
    ],
)
def test_the_title_is_the_answer_of_the_view_and_on_a_phone_other_views_come_before_the_levers(
    monkeypatch, view, title, levers_first
):
    monkeypatch.setattr(_ui, "on_phone", lambda: True)
    app = open_page("simulate", sim_view=view)
    assert app.title[0].value.startswith(title)
    assert not any(app.title[0].value in one.value for one in app.markdown)  # it stands there once
    keys = [key for one in app.main if (key := getattr(one, "key", None))]
    assert (keys.index("reset") < keys.index("view_group")) == levers_first
