"""A budget and its split: no grid of splits is better, and what is as good is said."""

from itertools import product

import numpy as np
import pytest

from motions.economics.answers.budget import next_amount
from motions.economics.answers.portfolio import world
from motions.economics.answers.split import split
from motions.economics.model.run import run
from motions.errors import ScenarioError
from tests.economics.answers.test_budget import PLAIN, SHARED, contribution


def on_a_grid(scenario, found, steps):
    """The most that a grid of splits within bounds and budget brings."""
    prices = {one.program: one.now / scenario.program(one.program).partners_recruited for one in found.parts}
    axes = [np.linspace(one.low, one.high, steps) for one in found.parts]
    cells = [cell for cell in product(*axes) if sum(cell) <= found.budget + 1e-6]
    names = list(prices)
    drawn = {f"{name}.partners_recruited": np.array([cell[at] for cell in cells]) / prices[name]
             for at, name in enumerate(names)}  # fmt: skip
    measured = [outcome.measured for outcome in run(world(scenario), drawn).values()]
    every = [np.where(np.isnan(one["incremental_contribution"]), one["contribution"], one["incremental_contribution"])
             for one in measured]  # fmt: skip
    return np.array(cells), np.sum(np.broadcast_arrays(*every), axis=0)


@pytest.mark.parametrize(
    ("scenario", "budget"),
    [
        pytest.param(PLAIN, None, id="alone", marks=pytest.mark.proof),
        pytest.param(SHARED, None, id="shared"),
        pytest.param(SHARED, 300_000, id="plenty", marks=pytest.mark.proof),
    ],
)
def test_no_grid_of_splits_is_better_and_those_as_good_lie_within_the_flat_range(scenario, budget):
    found = split(scenario, budget)
    cells, worth = on_a_grid(scenario, found, 13)
    before = contribution(scenario)
    assert found.gain + before >= worth.max() - 1.0
    recruited = {one.program: one.best / one.now * scenario.program(one.program).partners_recruited
                 for one in found.parts}  # fmt: skip
    assert contribution(scenario, **recruited) - before == pytest.approx(found.gain, abs=1.0)
    assert sum(one.best for one in found.parts) + found.left == pytest.approx(found.budget)
    own = sum(run(world(scenario.with_program(name, partners_recruited=number)))[name].figures["contribution"]
              for name, number in recruited.items())  # fmt: skip
    good = cells[worth >= worth.max() - 0.002 * abs(own)]
    for at, one in enumerate(found.parts):
        assert one.low - 1e-6 <= one.flat[0] <= one.best + 1e-6
        assert one.best - 1e-6 <= one.flat[1] <= one.high + 1e-6
        assert one.flat[0] - (one.high - one.low) / 12 <= good[:, at].min()
        assert good[:, at].max() <= one.flat[1] + (one.high - one.low) / 12


def test_without_segments_each_further_amount_brings_the_same_and_money_that_loses_is_not_spent():
    found = split(PLAIN, bounds=(("affiliate", 0.0, 1e6), ("channel", 0.0, 1e6), ("reseller", 0.0, 1e6)))
    best = max(found.parts, key=lambda one: one.more)
    assert best.best == pytest.approx(found.budget)
    assert next(one.as_set for one in next_amount(PLAIN, 10_000) if one.program == best.program) == pytest.approx(
        best.more, rel=1e-6
    )
    poor = PLAIN.replace(shown=("channel",)).with_program("channel", leads_per_partner=0.1)
    none = split(poor, bounds=(("channel", 0.0, None),))
    assert none.left == pytest.approx(none.budget)


def test_bounds_that_leave_no_split_say_so():
    with pytest.raises(ScenarioError, match="more than the budget"):
        split(PLAIN, 1000)
    with pytest.raises(ScenarioError, match="above zero"):
        split(PLAIN, 0.0)
    with pytest.raises(ScenarioError, match="above its upper bound"):
        split(PLAIN, bounds=(("affiliate", 10.0, 5.0),))


def test_the_gain_of_a_split_has_the_draws_of_both():
    one = PLAIN.replace(ranges={"affiliate.conversion_rate": (0.03, 0.05)}, draws=1000)
    found = split(one)
    low, high = found.ends
    assert low < found.gain < high


def test_without_a_price_there_is_nothing_to_split():
    free = PLAIN.replace(shown=("affiliate",)).with_program("affiliate", onboarding_cost=0, enablement_cost=0)
    with pytest.raises(ScenarioError, match="nothing to split"):
        split(free)
