"""More money for recruiting: differences of two runs of the model, and no answer without a price."""

import pytest

from motions.economics.answers.budget import needed, next_amount, spends, unpriced
from motions.economics.answers.portfolio import world
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.run import run

PLAIN = default_scenario().with_market(months=24).replace(shown=("channel", "affiliate", "reseller"))
SHARED = PLAIN.replace(
    segments=(
        {"name": "Small", "size": 250, "motions": ("affiliate", "reseller", "product_led")},
        {"name": "Large", "size": 60, "motions": ("channel", "reseller")},
    )
)


def contribution(scenario, **recruited):
    """What all programs contribute with so many partners recruited a month, less those who would have come anyway."""
    for name, number in recruited.items():
        scenario = scenario.with_program(name, partners_recruited=number)
    figures = [one.figures for one in run(world(scenario)).values()]
    own = [one["incremental_contribution"] for one in figures]
    return sum(one["contribution"] if mine is None else mine for one, mine in zip(figures, own, strict=True))


@pytest.mark.parametrize("scenario", [PLAIN, SHARED], ids=["alone", "shared"])
def test_what_an_amount_brings_is_the_difference_of_two_runs_that_differ_by_it_in_program_cost(scenario):
    for one in next_amount(scenario, 10_000):
        more = scenario.with_program(one.program, partners_recruited=one.now + one.partners)
        before, after = (run(world(each)) for each in (scenario, more))
        own = [each[one.program].projection.program_spend[0] for each in (before, after)]
        assert own[1] - own[0] == pytest.approx(10_000)  # none of these has a cost per customer
        changes = [after[name].figures["contribution"] - before[name].figures["contribution"] for name in before]
        assert one.as_set == one.at[1.0] == pytest.approx(sum(changes))
        won = [after[name].figures["new_customers"] - before[name].figures["new_customers"] for name in before]
        assert one.customers == pytest.approx(sum(won), abs=1e-9)


def test_fewer_incremental_customers_are_worth_less_and_as_set_is_what_the_inputs_say():
    (one,) = next_amount(PLAIN.replace(shown=("affiliate",)).with_program("affiliate", incrementality=0.7), 5000)
    assert one.as_set == pytest.approx(one.at[0.7])
    assert one.at[1.0] > one.at[0.7] > one.at[0.4]
    assert one.at[1.0] - one.at[0.7] == pytest.approx(one.at[0.7] - one.at[0.4])


def test_motions_are_ranked_and_the_interval_is_of_differences_of_the_same_draws():
    one = PLAIN.replace(ranges={"product_led.leads": (50, 200), "affiliate.conversion_rate": (0.03, 0.05)}, draws=1000)
    found = {each.program: each for each in next_amount(one, 10_000)}
    assert [each.as_set for each in found.values()] == sorted((each.as_set for each in found.values()), reverse=True)
    # Leads of the baseline are drawn and cancel out: nothing shares its demand.
    assert found["reseller"].ends == pytest.approx((found["reseller"].as_set,) * 2)
    low, high = found["affiliate"].ends
    assert low < found["affiliate"].as_set < high


def test_where_recruiting_costs_nothing_money_buys_nothing():
    free = PLAIN.replace(shown=("affiliate",)).with_program("affiliate", onboarding_cost=0, enablement_cost=0)
    assert (spends(free), next_amount(free, 10_000)) == ({}, [])
    assert "recruiting costs nothing" in unpriced(free)[0]


def test_enablement_and_program_say_what_they_had_to_reach():
    found = {one.key: one for one in needed(PLAIN, 10_000)}
    one = found["affiliate.activation_rate"]
    reached = PLAIN.with_program("affiliate", activation_rate=one.value)
    assert contribution(reached) - contribution(PLAIN) == pytest.approx(10_000, rel=1e-3)
    none = {each.spent_on: each.value for each in needed(PLAIN.replace(shown=("reseller",)), 1e9)}
    assert none == {"Enablement": None, "Program": None}
