"""The programs together: sums are those of the programs, and nobody is counted twice."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions.economics.answers.portfolio import MEASURES, PERIODS, names_of_periods, portfolio, world
from motions.economics.answers.uncertainty import drawn, percentiles
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.run import run

SEGMENTS = (
    {"name": "Small", "size": 300, "motions": ("affiliate", "referral", "product_led")},
    {"name": "Large", "size": 80, "motions": ("reseller", "channel", "sales_led", "product_led")},
)
RANGES = {"affiliate.conversion_rate": (0.02, 0.06), "product_led.leads": (50, 200)}


def scenario(shown=("affiliate", "reseller"), segments=(), months=30, **changes):
    return default_scenario().with_market(months=months).replace(shown=shown, segments=segments, **changes)


def agrees(one):
    """The sums of a portfolio are to the cent those of its programs, by every period."""
    found, results = portfolio(one), run(world(one))
    assert sorted(found.by_program) == sorted({*one.shown, one.direct})
    for name, outcome in results.items():
        figures = outcome.figures
        assert found.whole(name, "contribution") == pytest.approx(figures["contribution"], abs=0.005)
        assert found.whole(name, "new_customers") == pytest.approx(figures["new_customers"], abs=1e-6)
        assert found.whole(name, "partner_earnings") == pytest.approx(float(outcome.projection.earned[0]), abs=0.005)
        assert found.whole(name, "arr") == pytest.approx(figures["closing_arr"], abs=0.005)
    for measure, length in product(MEASURES, PERIODS.values()):
        sums = found.sums(measure.name, length)
        assert len(sums) == len(names_of_periods(found.months, length)) == -(-found.months // length)
        each = [found.of(name, measure.name, length) for name in found.by_program]
        assert sums == pytest.approx(np.sum(each, axis=0), abs=0.005)
        whole = sums[-1] if measure.at_end else sums.sum()
        assert whole == pytest.approx(found.whole_sum(measure.name), abs=0.005)
    assert found.sums("arr", 1) == pytest.approx(12 * found.sums("mrr", 1))


@pytest.mark.parametrize("segments", [(), SEGMENTS], ids=["alone", "shared"])
@pytest.mark.parametrize("shown", [("affiliate",), ("product_led", "reseller"), ("channel", "sales_led", "affiliate")])
def test_the_sums_equal_the_programs(shown, segments):
    agrees(scenario(shown, segments))


@pytest.mark.proof
@given(
    shown=st.sets(st.sampled_from(PROGRAMS), min_size=1),
    direct=st.sampled_from(["product_led", "sales_led"]),
    months=st.integers(6, 60),
    shared=st.booleans(),
)
def test_the_sums_equal_the_programs_whatever_is_shown(shown, direct, months, shared):
    agrees(scenario(tuple(sorted(shown)), SEGMENTS if shared else (), months, direct=direct))


def test_the_direct_baseline_counts_once_shown_or_not():
    hidden, shown = portfolio(scenario(("reseller",))), portfolio(scenario(("reseller", "product_led")))
    assert hidden.whole_sum("arr") == pytest.approx(shown.whole_sum("arr"))


def test_a_shared_segment_is_not_sold_twice():
    one = scenario(("affiliate", "referral"), SEGMENTS[:1], months=60)
    assert portfolio(one).whole_sum("new_customers") <= SEGMENTS[0]["size"] + 1e-6


def test_the_spread_of_a_sum_is_that_of_its_draws_and_not_of_its_parts():
    one = scenario(ranges=RANGES, draws=1000)
    found = portfolio(one, ("contribution",))
    draws = run(world(one), drawn(world(one)))
    sums = sum(outcome.projection.contribution.sum(axis=0) for outcome in draws.values())
    assert found.ends("contribution", one.market.months) == [pytest.approx(percentiles(sums)[::2])]
    ends = [percentiles(outcome.projection.contribution.sum(axis=0))[::2] for outcome in draws.values()]
    apart = sum(high for _, high in ends) - sum(low for low, _ in ends)
    (low, high), *_ = found.ends("contribution", one.market.months)
    assert high - low < apart * 0.95
    assert found.ends("arr", 3) == []
