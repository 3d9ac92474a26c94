"""Presets, links and the same deal under each motion."""

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions.economics.inputs.assumptions import GROUPS, PROGRAMS, DirectProgram, Market, PartnerProgram
from motions.economics.inputs.links import from_link, plain, to_link
from motions.economics.inputs.presets import Default, cited_terms, origin, presets
from motions.economics.inputs.scenario import Scenario, default_scenario
from motions.economics.inputs.terms import PARTS, used_fields
from motions.economics.model.deal import deal_range, preset_deal
from motions.economics.model.projection import project
from motions.economics.model.results import FIGURES
from motions.economics.model.run import run
from motions.errors import ContentError, ScenarioError
from motions.fields import inputs
from motions.names import PARTNER_MOTIONS
from motions.playbook import load_playbook
from tests.economics.model.test_projection import PROGRAMS_DRAWN


def packed(values, version="1"):
    return f"{version}." + base64.urlsafe_b64encode(zlib.compress(json.dumps(values).encode())).decode().rstrip("=")


@given(PROGRAMS_DRAWN, st.lists(st.sampled_from(PROGRAMS), min_size=1, max_size=7, unique=True))
def test_a_link_opens_the_same_scenario(program, shown):
    scenario = default_scenario().replace(reseller=program.model_dump(), shown=tuple(shown))
    assert from_link(to_link(scenario)) == scenario


def test_terms_that_came_later_are_in_a_link_where_they_are_used():
    unused = default_scenario()
    plan = unused.affiliate.payout.model_dump(exclude_none=True)
    yearly = plan | {"percent": plan["percent"] | {"tiers": "whole, rated again", "tier_period": "year"}}
    later = plan | {"percent": plan["percent"] | {"later_months": 6.0}}
    for payout in (yearly, later, plan | {"cap_per_customer": 70.0}):
        scenario = unused.with_program("affiliate", payout=payout)
        assert from_link(to_link(scenario)) == scenario
        assert len(to_link(unused)) < len(to_link(scenario))


def test_a_link_is_short_enough_to_send():
    assert len(to_link(default_scenario())) < 150
    changed = default_scenario().replace(shown=PROGRAMS).with_market(list_price=431.5, gross_margin=0.77)
    for number, name in enumerate(PROGRAMS):
        changed = changed.with_program(name, conversion_rate=0.0317 + number / 777, program_cost=4321 + number)
    assert len(to_link(changed)) < 500


def test_a_link_keeps_its_values_when_a_default_changes():
    own = {"customers_at_start": 1.0}
    scenario = default_scenario().with_program("affiliate", ages_at_start="1", **own).with_program("product_led", **own)
    values = plain(scenario)
    assert set(values["affiliate"]) == set(PartnerProgram.model_fields) - {"response"}  # which is not set
    assert set(values["product_led"]) == set(DirectProgram.model_fields)
    assert set(values["market"]) == set(Market.model_fields)


def test_inputs_that_came_later_are_in_a_link_where_they_are_used():
    unused = default_scenario()
    for scenario in (unused, unused.with_market(prepaid_share=0.2), unused.with_market(year_price=10.0)):
        assert from_link(to_link(scenario)) == scenario
    assert len(to_link(unused)) < len(to_link(unused.with_market(prepaid_share=0.2)))


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("", "version"),
        ("3.abc", "version '3'"),
        ("2.abc", "damaged"),
        ("1.", "damaged"),
        ("1.%%%", "damaged"),
        ("1.AAAA", "damaged"),
        (to_link(default_scenario())[:-20], "damaged"),
        (packed([1, 2]), "damaged"),
        (packed("x" * 200_000), "damaged"),
        ("1." + "[" * 10_000, "damaged"),
        (packed(json.loads("[" * 500 + "]" * 500)), "damaged"),
        (packed({"market": {"list_price": -5}}), "Market, List price per month"),
        (packed({"market": {}, "affiliat": {}}), "Did you mean 'affiliate'"),
        (packed({"market": {}, "shown": ["affiliate", "nobody"]}), "shown"),
        (packed({"market": {}, "reseller": {"payout": {"kind": "bribe"}}}), "Resellers, bribe: is no input"),
        (packed({"market": {"months": 10**9}}), "Market, Months shown: lies within 6 and 120"),
    ],
)
def test_a_bad_link_gives_a_clear_error(link, says):
    with pytest.raises(ScenarioError, match=says):
        from_link(link)


def test_changes_return_another_scenario_and_check_bounds():
    scenario = default_scenario()
    changed = scenario.with_program("affiliate", conversion_rate=0.5).with_market(list_price=99)
    assert (scenario.affiliate.conversion_rate, changed.affiliate.conversion_rate) == (0.04, 0.5)
    assert changed.market.list_price == 99
    with pytest.raises(ScenarioError, match="Affiliates, Lead to customer: lies within 0 and 100 %"):
        scenario.with_program("affiliate", conversion_rate=1.5)


def test_a_run_has_every_shown_program_in_order():
    scenario = default_scenario().replace(shown=("reseller", "sales_led", "affiliate"))
    assert list(run(scenario)) == ["reseller", "sales_led", "affiliate"]
    assert {tuple(outcome.figures) for outcome in run(scenario).values()} == {tuple(one.name for one in FIGURES)}


def test_blended_cac_is_one_figure_a_scenario_over_all_programs_shown_and_the_direct_baseline():
    scenario = default_scenario().replace(shown=("reseller", "affiliate"), direct="sales_led")
    every = run(scenario.replace(shown=("reseller", "affiliate", "sales_led")))
    spent, won = (sum(float(getattr(one.cohort, name)[0]) for one in every.values()) for name in ("spend", "won"))
    for name, outcome in (*run(scenario).items(), *every.items()):
        assert outcome.figures["blended_cac"] == pytest.approx(spent / won), name
        assert outcome.figures["direct_cac"] == every["sales_led"].figures["effective_cpa"]
    alone = run(scenario, only="reseller")["reseller"].figures
    assert alone == run(scenario)["reseller"].figures
    beside = run(scenario, only="referral")["referral"].figures
    all_three = run(scenario.replace(shown=("referral", *scenario.shown)))
    assert beside["blended_cac"] == pytest.approx(all_three["affiliate"].figures["blended_cac"])


def test_defaults_named_playbook_are_the_playbooks_figures():
    figures = {motion.id: motion.figures for motion in load_playbook().motions}
    share = {"channel": "payout.margin", "reseller": "payout.discount", "affiliate": "payout.rate"}
    for name, key in share.items():
        figure = figures[name][0]
        assert presets()[name].defaults[key].value == pytest.approx((figure.low + figure.high) / 2)
        assert presets()[name].defaults[key].origin == "playbook"
    assert presets()["referral"].defaults["payout.reward"].value == figures["referral"][0].low
    assert presets()["ecosystem"].program.payout.kinds == ()
    named = {
        f"{name}.{key}" for name in PROGRAMS for key, d in presets()[name].defaults.items() if d.origin == "playbook"
    }
    assert named == {
        "channel.payout.margin",
        "reseller.payout.discount",
        "affiliate.payout.rate",
        "referral.payout.reward",
        "referral.payout.paid_in",
    }


def test_every_input_has_a_default_with_an_origin_and_a_place_on_the_page():
    placed = {name for _, names in GROUPS for name in names}
    for name in PROGRAMS:
        preset = presets()[name]
        fields = {item.name for item in inputs(type(preset.program))}
        assert fields <= placed
        assert fields <= set(preset.defaults)
        if name in PARTNER_MOTIONS:
            plan = preset.program.payout
            terms = {f"payout.{field}" for kind in plan.kinds for field in used_fields(plan.part(kind))}
            off = {f"payout.{name}" for name in ("tiers", "rate_by", "months_counted", "distributor_margin", "paid_in")}
            assert terms - off <= set(preset.defaults) | {
                f"payout.{field}" for field in ("commitment", "resale_price", "band_low", "band_high")
            }


def test_cited_defaults_are_those_of_their_fields_and_name_source_and_grade():
    models = {kind: model for kind, _, model in PARTS}
    for key, default in cited_terms().items():
        kind, field = key.split(".")
        assert models[kind].model_fields[field].default == default.value
    assert "grade A" in origin("affiliate", "share", "months").sentence()
    assert "grade B" in origin("affiliate", "percent", "months").sentence()
    assert "playbook's" in origin("channel", "margin", "margin").sentence()
    assert "ours" in origin("affiliate", "", "conversion_rate").sentence()
    with pytest.raises(ValueError, match="source and a grade"):
        Default(value=1, **{"from": "cited"})


def test_a_mistake_in_the_presets_names_its_key(tmp_path):
    path = tmp_path / "presets.yaml"
    path.write_text("affiliate:\n  payout: {kind: none}\n  conversion_rate: {value: 3, from: ours}\n", "utf-8")
    with pytest.raises(ContentError, match=r"affiliate\.conversion_rate"):
        presets(path)


def test_inputs_show_percent_and_keep_fractions():
    rate = next(item for item in inputs(Market) if item.name == "gross_margin")
    assert (rate.label(), rate.shown(0.8), rate.stored(80)) == ("Gross margin (%)", 80, 0.8)
    price = next(item for item in inputs(Market) if item.name == "list_price")
    assert price.label("EUR") == "List price per month (EUR)"
    currency = next(item for item in inputs(Market) if item.name == "currency")
    assert "EUR" in currency.options


@given(st.floats(0, 1))
def test_shown_and_stored_are_inverse(value):
    for model in (Market, PartnerProgram, DirectProgram, *(model for _, _, model in PARTS)):
        for item in inputs(model):
            assert item.stored(item.shown(value)) == pytest.approx(value, abs=1e-8)


@given(st.floats(1, 1e5), st.floats(0, 1), st.integers(1, 60))
def test_the_parts_of_a_deal_add_up_to_its_price(price, margin, term):
    for name in PARTNER_MOTIONS:
        d = preset_deal(name, price, margin, term)
        assert price <= d.spend <= price * term * (1 + 0.02) ** term
        if not presets()[name].program.payout.kinds:
            assert (d.partner_keeps, d.contribution) == (None, None)
            continue
        assert d.partner_keeps + d.cost_of_revenue + d.contribution == pytest.approx(d.spend)


def test_the_deal_at_the_ends_of_the_playbooks_range():
    low, high = deal_range("channel", (0.3, 0.5), 100, 0.8, 10)
    assert low.partner_keeps == pytest.approx(low.spend * 0.3)
    assert high.partner_keeps == pytest.approx(high.spend * 0.5)


@pytest.mark.parametrize("name", PARTNER_MOTIONS)
def test_the_deal_is_one_customer_in_the_simulator(name):
    """A program that wins one customer in its first month and costs nothing but its payout."""
    free = dict.fromkeys(("program_cost", "cost_per_customer", "onboarding_cost", "enablement_cost"), 0.0)
    one = {
        "partners_at_start": 1.0, "partners_recruited": 0.0, "partner_churn_rate": 1.0, "leads_per_partner": 1.0,
        "conversion_rate": 1.0, "sales_cycle_months": 0, "deal_size_factor": 1.0,
    }  # fmt: skip
    program = presets()[name].program.model_copy(update={**free, **one})
    p = project(program, Market(list_price=300, gross_margin=0.75, months=24))
    d = preset_deal(name, 300, 0.75, 24)
    assert d.spend == pytest.approx(p.spend.sum())
    assert d.cost_of_revenue == pytest.approx(p.cost_of_revenue.sum())
    if program.payout.kinds:
        assert d.contribution == pytest.approx(p.cumulative[-1, 0])
        assert d.partner_keeps == pytest.approx(p.partner_earnings.sum())


def test_a_scenario_is_frozen():
    with pytest.raises(ValueError, match="frozen"):
        default_scenario().direct = "sales_led"
    assert Scenario.model_config["frozen"]
