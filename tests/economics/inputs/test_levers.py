"""The five inputs that stay in sight."""

import pytest

from motions.economics.answers.sensitivity import tornado
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.levers import levers
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import PARTS


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_has_five_of_its_own_and_each_moves_it(program):
    scenario = default_scenario()
    found = levers(scenario, program)
    assert len({place.key for place in found}) == 5
    assert found[-1].key == "market.list_price"
    moving = {bar.place.key for bar in tornado(scenario, program, "contribution")}
    assert {place.key for place in found} <= moving


@pytest.mark.parametrize("kind", [kind for kind, *_ in PARTS])
def test_the_first_is_what_a_partner_gets(kind):
    scenario = default_scenario().with_program("affiliate", payout={kind: {}})
    first = levers(scenario, "affiliate")[0]
    assert first.key.startswith(f"affiliate.payout.{kind}.")
    assert scenario.at(first.key) > 0


def test_where_partners_are_paid_nothing_churn_stands_in_its_place():
    scenario = default_scenario().with_program("affiliate", payout={})
    assert levers(scenario, "affiliate")[0].key == "affiliate.customer_churn_rate"
