"""Words beside terms that the market decides on, and on which customers the first of rates that differ is for."""

import pytest

from motions.economics.answers.goal import seek
from motions.economics.answers.rates import calendar_month, first_rate_of, note, others_keep
from motions.economics.inputs.assumptions import Market
from motions.economics.inputs.keys import Place, input_of
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import Bonus, PayoutPlan, PercentOfRevenue, RevenueShare, WholesaleDiscount

KEY = "affiliate.payout.percent.rate"
YEARS = {"prepaid_share": 0.4}


@pytest.mark.parametrize(
    ("by", "market", "said"),
    [
        ("plan", {}, "plan 2 or 3: the second rate and the third rate have no effect. How many are is set in the tab"),
        ("plan", {"plan_2_share": 0.2}, "No customer is on price plan 3: the third rate has no effect."),
        ("plan", {"plan_2_share": 0.2, "plan_3_share": 0.1}, ""),
        ("billing", {}, "No customer prepays a year: the second rate has no effect."),
        ("billing", YEARS, ""),
        ("nothing", {}, ""),
    ],
)
def test_rates_of_customers_that_the_market_has_not_are_said_to_do_nothing(by, market, said):
    found = note(PercentOfRevenue(rate_by=by), "rate_by", Market(**market))
    assert said in found
    assert bool(said) == bool(found)


def test_of_prepaid_years_it_says_what_months_and_windows_come_to():
    assert "counts whole: 2 years." in note(PercentOfRevenue(months=14), "months", Market(**YEARS))
    assert not note(PercentOfRevenue(months=24), "months", Market(**YEARS))
    assert not note(PercentOfRevenue(months=14), "months", Market())
    window = PayoutPlan(percent=PercentOfRevenue(), clawback="full", clawback_months=3)
    assert "nothing back of a customer that prepays" in note(window, "clawback_months", Market(**YEARS))
    assert not note(window, "clawback_months", Market(**YEARS, prepaid_rest="refunded"))
    assert not note(window.model_copy(update={"clawback_months": 12}), "clawback_months", Market(**YEARS))


def test_under_a_wholesale_discount_nobody_prepays_but_partners():
    kinds, years = ("wholesale", "share"), Market(**YEARS)
    assert not note(PercentOfRevenue(months=14), "months", years, kinds)
    plan = PayoutPlan(wholesale=WholesaleDiscount(commitment=3), share=RevenueShare(), clawback="full")
    assert not note(plan, "clawback_months", years, kinds)
    said = note(PercentOfRevenue(rate_by="billing"), "rate_by", years, kinds)
    assert said.startswith("Under a wholesale discount it is partners that prepay")


@pytest.mark.parametrize(
    ("terms", "name", "market", "said"),
    [
        (PercentOfRevenue(tiers="whole, rated again"), "tier_period", {}, "has none before it"),
        (PercentOfRevenue(tiers="whole, rated again", tier_period="year"), "tier_period", {}, ""),
        (PercentOfRevenue(tiers="whole, rated again", tier_by="active customers"), "tier_by", {}, "those of a month"),
        (PercentOfRevenue(tiers="whole, rated again", tier_by="active customers"), "tier_period", {}, ""),
        (PayoutPlan(clawback="pro rata", clawback_months=1), "clawback_months", {}, "takes nothing back"),
        (PayoutPlan(clawback="pro rata", clawback_months=2), "clawback_months", {}, ""),
        (PayoutPlan(cap_per_customer=90), "cap_per_customer", {"refund_rate": 0.1}, "makes no room"),
        (PayoutPlan(cap_per_customer=90), "cap_per_customer", {}, ""),
        (PayoutPlan(cap_customers=0.5), "cap_customers", {}, "nobody is rewarded"),
        (PayoutPlan(cap_customers=1), "cap_customers", {}, ""),
    ],
)
def test_terms_that_do_nothing_or_not_what_they_seem_to_say_so(terms, name, market, said):
    found = note(terms, name, Market(**market))
    assert said in found
    assert bool(said) == bool(found)


@pytest.mark.parametrize(
    ("terms", "market", "whose"),
    [
        ({"rate_by": "plan"}, {"plan_2_share": 0.3}, "price plan 1"),
        ({"rate_by": "plan"}, {}, ""),
        ({"rate_by": "billing"}, YEARS, "customers that pay by the month"),
        ({"rate_by": "deal size", "rate_size_from": 800}, {"plan_2_share": 0.3}, "deals below $800 a month"),
        ({"rate_by": "deal size", "rate_size_from": 8000}, {"plan_2_share": 0.3}, ""),
    ],
)
def test_goal_seek_and_the_lever_say_for_which_customers_a_first_rate_is(terms, market, whose):
    scenario = default_scenario().with_market(**market).with_program("affiliate", payout={"percent": terms})
    assert first_rate_of(scenario, KEY) == whose
    assert (f"for {whose}; others" in others_keep(scenario, KEY)) == bool(whose)


def test_goal_seek_says_it_in_its_answer():
    scenario = default_scenario().with_market(plan_2_share=0.3)
    scenario = scenario.with_program("affiliate", payout={"percent": {"rate_by": "plan", "duration": "lifetime"}})
    place = Place(KEY, input_of(KEY))
    assert (
        "commission for price plan 1 a customer costs less"
        in seek(scenario, "affiliate", place, "cpa_over_cac", 0).sentence
    )
    assert "others have rates of their own." in seek(scenario, "affiliate", place, "contribution", 1000.0).sentence


def test_a_bonus_after_the_months_shown_is_said_to_do_nothing():
    late = Bonus(from_month=37, to_month=40)
    assert "Only 36 months are shown: the bonus has no effect" in note(late, "from_month", Market(months=36))
    assert not note(late, "from_month", Market(months=37))


@pytest.mark.parametrize(
    ("name", "start", "said"),
    [
        ("from_month", 1, "Month 2 of the program is 2026-12."),
        ("to_month", 1, "Month 15 of the program is 2028-01."),
        # A program that begins in the third month of the scenario begins in January.
        ("from_month", 3, "Month 2 of the program is 2027-02."),
        ("reward", 1, ""),
    ],
)
def test_the_months_of_a_bonus_are_said_as_calendar_months(name, start, said):
    assert calendar_month(Bonus(from_month=2, to_month=15), name, "2026-11", start) == said
    assert calendar_month(Bonus(from_month=2, to_month=15), name, None, start) == ""
