"""What partners do more when terms pay them more: nothing unless set, more for more, and said."""

import numpy as np
import pytest

from motions.economics.answers import equal
from motions.economics.answers.explain import changes
from motions.economics.answers.goal import seek
from motions.economics.answers.sensitivity import tornado
from motions.economics.answers.uncertainty import drawn, simulate
from motions.economics.files.exchange import from_file, to_workbook, to_yaml
from motions.economics.inputs.keys import places
from motions.economics.inputs.links import Named, from_link, to_link
from motions.economics.inputs.presets import presets
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import PayoutPlan
from motions.economics.model.response import earned_ratio, measured_from, responding, responses
from motions.economics.model.run import run

BASE = default_scenario()
RATE = "affiliate.payout.percent.rate"
LONG = BASE.moved(RATE, 0.25).moved("affiliate.payout.percent.months", 24)


def set_to(scenario=BASE, program="affiliate", **response):
    return scenario.with_program(program, response=response)


def answering(scenario, **response):
    return responding(set_to(scenario, **response).affiliate, scenario.market)


def test_without_a_response_and_at_the_terms_that_it_is_measured_from_nothing_changes_to_the_last_digit():
    before = run(BASE)["affiliate"]
    for scenario in (set_to(), set_to(leads=0.7, recruiting=1.2, activation=0.4), set_to(LONG.replace(), leads=0)):
        after = run(scenario)["affiliate"]
        same = run(LONG)["affiliate"] if scenario.at(RATE) == 0.25 else before
        assert after.figures == same.figures
        assert np.array_equal(after.projection.cash, same.projection.cash)
    assert responding(BASE.affiliate, BASE.market) is BASE.affiliate
    assert not responses(BASE)
    assert not responses(set_to())


def test_a_rate_is_multiplied_by_what_is_earned_to_the_power_of_the_elasticity():
    double = BASE.moved(RATE, 0.3)  # of 15 %
    assert earned_ratio(set_to(double, leads=1).affiliate, BASE.market) == pytest.approx(2)
    found = answering(double, leads=0.3, recruiting=1, activation=0.5)
    assert found.leads_per_partner == pytest.approx(6 * 2**0.3)
    assert found.partners_recruited == pytest.approx(30 * 2)
    assert found.activation_rate == pytest.approx(0.076 * 2**0.5)
    assert answering(BASE.moved(RATE, 1.0), activation=3).activation_rate == 1
    # Price and churn move both sides: only terms are responded to.
    dear = BASE.with_market(list_price=5000).with_program("affiliate", customer_churn_rate=0.001)
    assert run(set_to(dear, leads=1))["affiliate"].figures == run(dear)["affiliate"].figures


def test_who_earns_more_brings_more_and_who_earns_nothing_brings_nothing():
    won = [
        run(set_to(BASE.moved(RATE, rate), leads=0.5, recruiting=0.2))["affiliate"].figures["new_customers"]
        for rate in (0, 0.05, 0.15, 0.3, 0.9)
    ]
    assert won == sorted(won)
    assert won[0] == 0
    more = [run(set_to(LONG, leads=one))["affiliate"].figures["new_customers"] for one in (0, 0.2, 1, 3)]
    assert more == sorted(more)
    assert len(set(more)) == 4


def test_terms_that_pay_nothing_give_nothing_to_respond_to():
    paying = BASE.with_program("ecosystem", payout={"flat": {"reward": 100}})
    same = run(paying, only="ecosystem")["ecosystem"].figures
    assert run(set_to(paying, "ecosystem", leads=1), only="ecosystem")["ecosystem"].figures == same
    (said,) = responses(set_to(paying, "ecosystem", leads=1).replace(shown=("ecosystem",)))
    assert "nothing to respond to" in said


def test_terms_that_look_at_a_partners_month_count_by_what_they_really_pay():
    percent = BASE.affiliate.payout.percent.model_dump()

    def ratio(**terms):
        plan = {"percent": percent, **terms}
        return float(
            earned_ratio(set_to(BASE.with_program("affiliate", payout=plan), leads=1).affiliate, BASE.market)[0]
        )

    assert ratio(cap_payout=1e6) == pytest.approx(1)  # a cap that never binds
    assert 0 < ratio(cap_payout=50) < 0.9
    tiers = {"tiers": "whole", "tier_2_from": 1000, "tier_2_value": 0.3, "tier_3_from": 0}
    assert 1 < ratio(percent={**percent, **tiers}) < 2


def test_what_is_set_travels_with_the_terms_that_it_is_measured_from():
    scenario = set_to(LONG, leads=0.3).replace(ranges={"affiliate.response.leads": [0.1, 0.5]})
    assert scenario.affiliate.response.reference == presets()["affiliate"].program.payout
    kept = (Named(name="A", scenario=scenario),)
    assert from_link(to_link(scenario)) == scenario
    assert from_file("a.yaml", to_yaml(kept)) == from_file("a.xlsx", to_workbook(kept)) == kept
    own = set_to(LONG, leads=0.3, reference=LONG.affiliate.payout.model_dump())
    assert run(own)["affiliate"].figures == run(LONG)["affiliate"].figures
    assert measured_from(own, "affiliate").startswith("Measured from 25 % × 24 months")


def test_it_is_an_input_like_others():
    key = "affiliate.response.leads"
    scenario = set_to(LONG, leads=0.3).replace(ranges={key: [0.1, 0.5]}, draws=1000)
    assert key in {place.key for place in places(scenario, "affiliate")}
    assert key not in {place.key for place in places(LONG, "affiliate")}
    made = simulate(scenario)["affiliate"].measured["contribution"]
    assert np.all(np.diff(made[np.argsort(drawn(scenario)[key])]) >= 0)
    assert [bar.place.key for bar in tornado(scenario, "affiliate", "contribution")] == [key]
    place = next(one for one in places(scenario, "affiliate") if one.key == key)
    target = run(scenario.moved(key, 0.8))["affiliate"].figures["new_customers"]
    assert seek(scenario, "affiliate", place, "new_customers", target).values == pytest.approx([0.8])
    assert [title for title, _ in changes(LONG, scenario, "affiliate")] == ["Response to terms (Affiliates)"]


def test_it_is_said_where_it_acts_and_beside_what_would_be_needed():
    scenario = set_to(LONG, leads=0.3)
    (said,) = responses(scenario)
    assert said == (
        "Affiliates: leads rise 0.3 % for each 1 % that a partner earns more on a lead than at 15 % × 12 months. At "
        "25 % × 24 months it earns 175 % more, so that leads are 36 % higher."
    )
    asked = equal.beside(scenario, "affiliate", BASE)
    assert asked.startswith(equal.beside(LONG, "affiliate", BASE))
    assert asked.endswith("By the response that is set they bring 36 % more customers.")
    assert equal.under_terms(scenario, "affiliate", PayoutPlan()) == equal.under_terms(LONG, "affiliate", PayoutPlan())
