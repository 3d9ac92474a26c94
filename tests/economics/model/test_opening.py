"""Customers that are there before the first month: what they pay, who gets it, and what they do not move."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions.economics.inputs.assumptions import DirectProgram, Market, PartnerProgram
from motions.economics.inputs.links import from_link, to_link
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import Bonus, PartnerMargin, PayoutPlan, PercentOfRevenue, WholesaleDiscount
from motions.economics.model.projection import SERIES, project
from motions.economics.model.results import of_opening
from motions.economics.model.run import run
from motions.errors import ScenarioError

MARKET = Market(months=24, gross_margin=1.0, support_share=0.0)
NOBODY_NEW = {"partners_recruited": 0, "leads_per_partner": 0, "program_cost": 0, "enablement_cost": 0}
ALL = [name for name, *_ in SERIES]


def alone(plan, customers=10, mrr=100, **changes):
    """Ten customers of one partner that wins nobody else, and what they come to."""
    opening = {"customers_at_start": customers, "mrr_each_at_start": mrr, "customer_churn_rate": 0.0}
    program = PartnerProgram(**{"payout": plan, "partners_at_start": 1, **NOBODY_NEW, **opening, **changes})
    return project(program, MARKET)


PLANS = st.sampled_from(
    [
        PayoutPlan(),
        PayoutPlan(percent=PercentOfRevenue(rate=0.2, months=12), coupon=0.1, hold_days=60),
        PayoutPlan(margin=PartnerMargin(margin=0.4)),
        PayoutPlan(wholesale=WholesaleDiscount(discount=0.5, prepaid_months=6)),
        PayoutPlan(percent=PercentOfRevenue(duration="taper"), payouts_end="with the partnership"),
    ]
)
OPENINGS = st.fixed_dictionaries(
    {
        "customers_at_start": st.floats(1, 1000),
        "mrr_each_at_start": st.floats(1, 1000),
        "age_at_start": st.integers(0, 60),
        "ages_at_start": st.sampled_from([None, "1", "4 0 3 9", " ".join(["7"] * 61)]),
        "customer_churn_rate": st.sampled_from([0.0, 0.02, 0.3, 1.0]),
        "expansion_rate": st.sampled_from([0.0, 0.01]),
        "partner_churn_rate": st.sampled_from([0.0, 0.05]),
    }
)


def test_without_them_nothing_has_changed_to_the_last_digit():
    for program in (PartnerProgram(payout=PercentOfRevenue()), DirectProgram()):
        odd = program.model_copy(update={"mrr_each_at_start": 7.0})
        before, after = project(program, MARKET), project(odd, MARKET)
        assert all(np.array_equal(getattr(before, name), getattr(after, name)) for name in ALL)


def test_they_pay_shrink_and_grow_as_a_hand_computation_has_it():
    found = alone(PayoutPlan(), customer_churn_rate=0.1, expansion_rate=0.02)
    month = np.arange(1, 25)
    assert found.customers_active[:, 0] == pytest.approx(10 * 0.9**month)
    assert found.spend[:, 0] == pytest.approx(1000 * (0.9 * 1.02) ** month)
    assert found.customers_churned[:3, 0] == pytest.approx([1.0, 0.9, 0.81])
    assert np.array_equal(found.opening_spend, found.spend)


def test_commission_is_paid_for_what_is_left_of_the_months():
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.2, duration="months", months=12))
    assert alone(plan, age_at_start=9).payouts[:4, 0].tolist() == pytest.approx([200, 200, 0, 0])
    # Three of four customers first paid last month: eleven months of theirs are left, two of the other's.
    young = alone(plan, customers=4, ages_at_start="3 0 0 0 0 0 0 0 0 1").payouts[:, 0]
    assert young.tolist() == pytest.approx([80, 80, *[60] * 9, *[0] * 13])


def test_a_hold_pays_out_what_was_earned_before_and_prepaid_licences_are_renewed_at_their_age():
    year = PercentOfRevenue(rate=0.2, duration="months", months=12)
    held = alone(PayoutPlan(percent=year, hold_days=60), age_at_start=11)
    assert (held.spend - held.cash)[:4, 0].tolist() == pytest.approx([200, 200, 0, 0])
    assert held.payouts.sum() == pytest.approx(0, abs=1e-6)
    bought = alone(PayoutPlan(wholesale=WholesaleDiscount(discount=0.5, prepaid_months=6)), age_at_start=3)
    assert bought.cash[:9, 0].tolist() == pytest.approx([0, 0, 3000, 0, 0, 0, 0, 0, 3000])


def test_tiers_count_what_they_bring_to_their_partner():
    tiers = {"tiers": "whole", "tier_2_from": 50_000, "tier_2_value": 0.2, "tier_3_from": 0}
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.1, duration="lifetime", **tiers))
    many = alone(plan, customers=1000, top_share=0.2, partner_churn_rate=0.0)
    assert many.payouts[[0, 23], 0] == pytest.approx([20_000, 20_000], rel=0.002)
    # A tier that pays what the first rate does changes nothing, whatever their ages and prices are.
    same = {"rate": 0.1, "duration": "months", "months": 18}
    ages = {"ages_at_start": "4 0 3 9", "customer_churn_rate": 0.03, "expansion_rate": 0.01, "leads_per_partner": 3}
    plainly = alone(PayoutPlan(percent=PercentOfRevenue(**same)), **ages)
    tiered = alone(PayoutPlan(percent=PercentOfRevenue(**same, tiers="whole", tier_2_value=0.1, tier_3_from=0)), **ages)
    assert tiered.payouts == pytest.approx(plainly.payouts)
    assert tiered.class_earnings == pytest.approx(plainly.class_earnings)


@settings(max_examples=25, deadline=None)
@given(PLANS, OPENINGS)
def test_what_customers_pay_is_kept_by_somebody_and_twice_as_many_pay_twice_as_much(plan, opening):
    program = PartnerProgram(payout=plan, partners_at_start=3, sales_cycle_months=0, **opening)
    nobody = program.model_copy(update={"customers_at_start": 0.0})
    twice = program.model_copy(update={"customers_at_start": 2 * program.customers_at_start})
    none, once, double = (project(one, MARKET) for one in (nobody, program, twice))
    assert np.allclose(once.spend, once.vendor_revenue + once.partner_margin)
    for name in ("spend", "vendor_revenue", "payouts", "contribution", "cash", "customers_active"):
        first, second = (getattr(one, name) - getattr(none, name) for one in (once, double))
        assert np.allclose(second, 2 * first, rtol=1e-6, atol=1e-6 * (1 + np.abs(once.spend).max())), name
    came = once.customers_new.sum() + program.customers_at_start
    assert came == pytest.approx(once.customers_active[-1, 0] + once.customers_churned.sum())


def test_what_a_won_customer_costs_and_brings_is_not_moved_by_those_already_there():
    scenario = default_scenario()
    own = {"customers_at_start": 80, "mrr_each_at_start": 900}
    tiered = scenario.affiliate.payout.model_copy(update={"minimum_payout": 100.0})
    for name, payout in (("affiliate", tiered), ("reseller", scenario.reseller.payout)):
        plain = scenario.with_program(name, payout=payout.model_dump())
        before, after = (run(one, only=name)[name].figures for one in (plain, plain.with_program(name, **own)))
        for figure in ("effective_cpa", "blended_cac", "customer_value", "payback_month"):
            assert after[figure] == before[figure], figure
        assert after["closing_arr"] > before["closing_arr"]


def test_their_part_of_closing_arr_is_said_and_nothing_where_there_is_nobody():
    found = alone(PayoutPlan(), leads_per_partner=1, conversion_rate=1.0)
    assert "of which $12,000 from customers already there" in of_opening(found, "USD")
    assert of_opening(alone(PayoutPlan(), customers=0), "USD") == ""


def test_leads_of_the_months_before_become_customers_in_the_first_ones():
    own = {"partners_at_start": 5, "leads_per_partner": 2, "conversion_rate": 0.3, "partner_churn_rate": 0.0}
    program = PartnerProgram(sales_cycle_months=3, partners_recruited=0, **own)
    started = program.model_copy(update={"customers_at_start": 1.0})
    new, going = (project(one, MARKET).customers_new[:5, 0].tolist() for one in (program, started))
    assert new == pytest.approx([0, 0, 0, 3, 3])
    assert going == pytest.approx([3, 3, 3, 3, 3])
    direct = DirectProgram(leads=100, lead_growth_rate=0.1, conversion_rate=0.5, sales_cycle_months=2)
    going = project(direct.model_copy(update={"customers_at_start": 1.0}), MARKET).customers_new[:, 0]
    assert going == pytest.approx(50 * 1.1 ** np.arange(-2, 22))


def test_a_later_program_has_them_when_it_begins():
    found = alone(PayoutPlan(), start_month=4)
    assert found.spend[:5, 0].tolist() == pytest.approx([0, 0, 0, 1000, 1000])


def test_a_link_carries_them_and_refuses_ages_of_nobody():
    scenario = default_scenario().with_program("affiliate", customers_at_start=12, ages_at_start="3 0 1")
    assert from_link(to_link(scenario)) == scenario
    for wrong in ("0 0", "", "1,2", "x", "1 " * 300):
        with pytest.raises(ScenarioError, match="ages at start"):
            scenario.with_program("affiliate", ages_at_start=wrong)


def test_customers_already_there_were_won_for_no_bonus_of_the_program():
    """Nor is one paid for them in the first months, after the hold."""
    plan = PayoutPlan(bonus=Bonus(reward=100, from_month=1, to_month=120), hold_days=60)
    program = PartnerProgram(payout=plan, customers_at_start=20, partners_at_start=4, age_at_start=1)
    p, unpaid = (project(one, MARKET) for one in (program, program.model_copy(update={"payout": PayoutPlan()})))
    assert p.payouts.sum() == pytest.approx(100 * p.customers_new.sum())
    assert (unpaid.cash - p.cash).sum() == pytest.approx(100 * p.customers_new[:-2].sum())
    capped = program.model_copy(update={"payout": plan.model_copy(update={"cap_payout": 1e6})})  # partner by partner
    assert project(capped, MARKET).payouts.sum() == pytest.approx(p.payouts.sum())
