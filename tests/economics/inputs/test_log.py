"""The assumption log: what is not at its default, and what somebody said of it."""

import pytest
from pydantic import ValidationError

from motions.economics.inputs.keys import input_of
from motions.economics.inputs.log import About, assumed
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import FlatReward, PayoutPlan


def test_at_the_defaults_nothing_is_assumed():
    assert assumed(default_scenario()) == ()


def test_another_way_of_paying_is_said_with_what_was_paid_before():
    plan = PayoutPlan(flat=FlatReward(reward=250, tiers="whole"), hold_days=30)
    found = {one.key: one for one in assumed(default_scenario().with_program("affiliate", payout=plan.model_dump()))}
    assert [(one.title, one.default, one.value) for one in found.values()] == [
        ("Percent of revenue", "in use", "none"),
        ("Flat reward", "none", "in use"),
        ("Flat reward: Tiers", "none", "whole"),
        ("Reward per new customer", "$500", "$250"),
        ("Hold", "0 days", "30 days"),
    ]
    assert {one.whose for one in found.values()} == {"Affiliates"}
    assert input_of("affiliate.payout.hold_days").title == found["affiliate.payout.hold_days"].title


def test_what_is_said_of_an_assumption_is_kept_until_nothing_is():
    about = About(owner="Dana").saying("market.months", source="A plan").saying("market.months", confidence="low")
    assert about.plain == {"owner": "Dana", "log": {"market.months": {"source": "A plan", "confidence": "low"}}}
    assert about.saying("market.months", source="", confidence="") == About(owner="Dana")
    with pytest.raises(ValidationError):
        about.saying("market.months", confidence="very")
