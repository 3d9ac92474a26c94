"""How much more partners must bring: the scaled scenario earns the same, and the words say what was found."""

import numpy as np
import pytest

from motions.economics.answers import equal
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import PayoutPlan
from motions.economics.model.run import run

SHORT = default_scenario()
LONG = SHORT.moved("affiliate.payout.percent.rate", 0.25).moved("affiliate.payout.percent.months", 24)
LEADS = "affiliate.leads_per_partner"
SEGMENTS = [{"name": "All", "size": 2000, "motions": ("affiliate", "reseller")}]


def made(scenario, program="affiliate"):
    return run(scenario)[program].figures["contribution"]


@pytest.mark.parametrize("segments", [[], SEGMENTS], ids=["alone", "where they share demand"])
@pytest.mark.parametrize(("here", "there"), [(LONG, SHORT), (SHORT, LONG)], ids=["dearer", "cheaper"])
def test_scaled_by_what_is_needed_both_terms_earn_the_same_to_the_cent(here, there, segments):
    here, there = here.replace(segments=segments), there.replace(segments=segments)
    found = equal.under_terms(here, "affiliate", there.affiliate.payout)
    assert (found.times > 1) == (made(here) < made(there))
    scaled = here.moved(LEADS, here.at(LEADS) * found.times)
    assert made(scaled) == pytest.approx(made(there), abs=0.005)


def test_another_program_is_reached_too():
    target = made(SHORT)
    found = equal.to_reach(SHORT, "reseller", target)
    scaled = SHORT.with_program("reseller", leads_per_partner=SHORT.reseller.leads_per_partner * found.times)
    assert made(scaled, "reseller") == pytest.approx(target, abs=0.005)
    said = equal.beside_rival(SHORT, run(SHORT), "reseller")
    assert said == (
        "Resellers must bring 141 % more customers for 50 % below list price to earn you as much as affiliates at "
        "15 % × 12 months."
    )


def test_other_inputs_than_the_terms_do_not_move_the_answer():
    dear = SHORT.with_market(list_price=900).with_program("affiliate", conversion_rate=0.09)
    asked = equal.beside(LONG, "affiliate", dear)
    assert asked == f"{equal.beside(LONG, 'affiliate', SHORT)} All other inputs are as they are now."
    assert asked.startswith("Partners must bring 23 % more customers for 25 % × 24 months to earn you as much as 15 %")


def test_where_no_number_of_customers_makes_up_for_it_that_is_said():
    greedy = LONG.moved("affiliate.payout.percent.rate", 0.9)
    assert "not even 64 times as many customers" in equal.beside(greedy, "affiliate", SHORT)
    # Without any customer, too, the program loses less than by paying more than a customer leaves.
    assert "however few customers they bring" in equal.beside(SHORT, "affiliate", greedy)


def test_nothing_is_said_where_there_is_nothing_to_compare():
    assert not equal.beside(SHORT, "affiliate", SHORT.with_market(list_price=900))
    assert not equal.beside(LONG, "affiliate", SHORT.with_market(currency="EUR"))
    assert not equal.beside(SHORT, "sales_led", LONG)
    assert not equal.beside(LONG.with_program("affiliate", leads_per_partner=0), "affiliate", SHORT)
    alone = SHORT.replace(shown=("affiliate", "sales_led"))
    assert not equal.beside_rival(alone, run(alone), "affiliate")


def test_terms_that_cost_the_same_need_as_many():
    held = SHORT.with_program("affiliate", payout={**SHORT.affiliate.payout.model_dump(), "hold_days": 60})
    assert equal.under_terms(held, "affiliate", SHORT.affiliate.payout).times == 1
    said = equal.beside(held, "affiliate", SHORT)
    assert said == "Partners: with as many customers this plan earns you as much as the plan of the baseline."


def test_draw_by_draw_each_answer_is_that_of_its_own_scenario():
    key = "affiliate.customer_churn_rate"
    here = LONG.replace(ranges={key: [0.02, 0.06]}, draws=1000)
    low, middle, high = equal.under_terms(here, "affiliate", SHORT.affiliate.payout).spread
    assert low < middle < high
    churn = np.linspace(0.001, 0.2, 12)
    each = [equal.under_terms(here.moved(key, one), "affiliate", SHORT.affiliate.payout).times for one in churn]
    assert np.interp(here.at(key), churn, each) == pytest.approx(middle, rel=0.02)
    assert min(each) < low < high < max(each)
    assert "P10 to P90 of the draws: " in equal.beside(here, "affiliate", SHORT)


@pytest.mark.proof
def test_a_plan_that_looks_at_one_partner_is_asked_without_a_spread():
    capped = LONG.with_program("affiliate", payout={**LONG.affiliate.payout.model_dump(), "cap_payout": 500})
    capped = capped.replace(ranges={"affiliate.customer_churn_rate": [0.02, 0.06]})
    found = equal.under_terms(capped, "affiliate", PayoutPlan())
    assert found.spread is None
    assert found.times > 1


def test_what_customers_already_there_bring_is_nothing_that_partners_have_to_bring():
    scenario = default_scenario()
    assert "fewer customers" in equal.beside_rival(scenario, run(scenario), "affiliate")
    there = scenario.with_program("reseller", customers_at_start=200.0)
    assert equal.beside_rival(there, run(there), "affiliate") == ""
