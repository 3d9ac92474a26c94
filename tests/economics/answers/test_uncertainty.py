"""Ranges, draws and percentiles against what is known, and what follows from them: sensitivity, explain, comparison."""

import json
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from motions.economics.answers.compare import chances, columns, earns_more, unlike
from motions.economics.answers.explain import changes, exact_unit, explain
from motions.economics.answers.sensitivity import (
    ALL_GENERIC,
    ends,
    explained,
    generic,
    grid,
    movable,
    note,
    ranked,
    spider,
    tornado,
    variants,
    with_swings,
)
from motions.economics.answers.uncertainty import Sample, active_ranges, draw, drawn, percentiles, simulate
from motions.economics.files import tables
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.keys import input_of, places
from motions.economics.inputs.links import MOST_KEPT, Named, from_link, set_from_link, set_to_link, to_link
from motions.economics.inputs.scenario import Range, Segment, carried, default_scenario
from motions.economics.inputs.terms import PARTS, FlatReward, PartnerMargin, PayoutPlan, PercentOfRevenue
from motions.economics.model.projection import arrivals
from motions.economics.model.results import FIGURES
from motions.economics.model.run import demands, mix_of_arr, run, taken
from motions.economics.model.segments import share_demand
from motions.errors import ScenarioError
from motions.names import PARTNER_MOTIONS
from motions.units import MONEY, PERCENT
from tests.conftest import examples
from tests.economics.model.test_projection import PROGRAMS_DRAWN

EVERYTHING = default_scenario().replace(shown=PROGRAMS)


def ranged(scenario=None, program="affiliate", **more):
    return with_swings(scenario or default_scenario(), program).replace(**more)


# Draws


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        ("market.list_price", 50, 800),
        ("affiliate.conversion_rate", 0.02, 0.3),
        ("affiliate.payout.percent.rate", 0, 0.3),
    ],
)
def test_a_range_is_the_central_ninety_percent(key, low, high):
    values = draw(key, input_of(key), Range(low=low, high=high), 10_000, 1)
    inside = np.mean((values >= low) & (values <= high))
    assert inside == pytest.approx(0.9 if low else 0.95, abs=0.01)
    assert np.quantile(values, 0.95) == pytest.approx(high, rel=0.05)


def test_an_amount_is_lognormal_and_a_share_logit_normal():
    price = draw("market.list_price", input_of("market.list_price"), Range(low=100, high=400), 10_000, 3)
    assert np.median(price) == pytest.approx(200, rel=0.02)  # the geometric middle
    tail = NormalDist().inv_cdf(0.95)
    assert np.log(price).std() == pytest.approx(np.log(4) / 2 / tail, rel=0.02)
    key = "affiliate.conversion_rate"
    share = draw(key, input_of(key), Range(low=0.1, high=0.9), 10_000, 3)
    assert np.median(share) == pytest.approx(0.5, abs=0.02)


def test_months_are_drawn_whole_and_within_bounds():
    item = input_of("affiliate.ramp_months")
    values = draw("affiliate.ramp_months", item, Range(low=0, high=4), 5000, 1)
    assert set(values) <= set(range(item.high + 1))
    assert values.min() == 0


def test_the_seed_decides_the_draws_and_each_input_has_its_own():
    item, one = input_of("market.list_price"), Range(low=1, high=2)
    again = draw("market.list_price", item, one, 100, 7)
    assert (again == draw("market.list_price", item, one, 100, 7)).all()
    assert not (again == draw("market.list_price", item, one, 100, 8)).any()
    assert abs(np.corrcoef(again, draw("reseller.program_cost", item, one, 100, 7))[0, 1]) < 0.3


@given(st.sampled_from(PROGRAMS))
@settings(max_examples=7, deadline=None)
def test_ranges_of_zero_width_are_the_deterministic_run(program):
    point = {place.key: [EVERYTHING.at(place.key)] * 2 for place in movable(EVERYTHING, program)}
    scenario = EVERYTHING.replace(ranges=point, draws=1000)
    sample, outcome = simulate(scenario)[program], run(EVERYTHING)[program]
    assert np.allclose(sample.fan, outcome.projection.cumulative[:, 0])
    for name, values in sample.measured.items():
        assert np.allclose(values, outcome.measured[name][0], equal_nan=True), name


@pytest.mark.proof
@given(program=PROGRAMS_DRAWN, owner=st.sampled_from(PARTNER_MOTIONS))
@settings(max_examples=examples(5), deadline=None)
def test_many_draws_are_as_many_runs(program, owner):
    """An array in the place of a number gives in each draw what the number alone gives."""
    scenario = EVERYTHING.replace(**{owner: program.model_dump()})
    keys = [place for place in movable(scenario, owner) if place.owner == owner]
    moves = []
    for place in keys:
        low, high, _ = ends(scenario, place)
        moves.append({place.key: high if high > low else low})
    together = {key: 1 for move in moves for key in move}
    assume(together)
    every = {key: value for move in moves for key, value in move.items()}
    starts = [every.get(f"{owner}.payout.{kind}.tier_{tier}_from") for kind, *_ in PARTS for tier in (2, 3, 4)]
    assume(not any(start is not None and start == 0 for start in starts))
    found = variants(scenario, owner, [*moves, every])
    for number, move in enumerate([*moves, every]):
        alone = scenario
        try:
            for key, value in move.items():
                alone = alone.moved(key, value)
        except ScenarioError:  # thresholds that overtake one another on the way
            continue
        one = run(alone, only=owner)[owner].measured
        for figure in FIGURES:
            got = found[figure.name][number]
            assert np.allclose(got, one[figure.name][0], rtol=1e-6, atol=1e-6, equal_nan=True), (figure.name, move)


def test_percentiles_of_a_product_of_lognormals_are_known():
    """Contribution without cost is price × customers × margin: a product of lognormals is lognormal."""
    free = {"program_cost": 0, "cost_per_customer": 0, "onboarding_cost": 0, "enablement_cost": 0}
    scenario = default_scenario().with_program("ecosystem", **free, payout=PayoutPlan()).with_market(gross_margin=1.0)
    scenario = scenario.replace(
        shown=("ecosystem",), draws=10000,
        ranges={"market.list_price": [250, 1000], "ecosystem.leads_per_partner": [1.5, 6]},
    )  # fmt: skip
    # Both ranges are a factor of two around the point, 500 and 3: the median is the point, and logs add as squares.
    sample = simulate(scenario)["ecosystem"]
    point = run(scenario)["ecosystem"].figures["contribution"]
    low, middle, high = sample.percentiles("contribution")
    sigma = np.sqrt(2) * np.log(2) / NormalDist().inv_cdf(0.95)
    factor = np.exp(sigma * NormalDist().inv_cdf(0.9))
    assert middle == pytest.approx(point, rel=0.03)
    assert high == pytest.approx(point * factor, rel=0.04)
    assert low == pytest.approx(point / factor, rel=0.04)


def test_the_fan_ends_where_the_figure_does_and_is_in_order():
    sample = simulate(ranged())["affiliate"]
    low, middle, high = sample.percentiles("contribution")
    assert sample.fan[:, -1] == pytest.approx([low, middle, high], rel=1e-3)
    assert (np.diff(sample.fan, axis=0) >= 0).all()


def test_the_same_link_gives_the_same_figures():
    scenario = ranged(seed=42, draws=1000)
    again = from_link(to_link(scenario))
    assert again == scenario
    assert (simulate(again)["affiliate"].fan == simulate(scenario)["affiliate"].fan).all()


def test_percentiles_are_of_the_draws_that_have_a_figure():
    assert percentiles(np.array([np.nan, np.nan])) is None
    assert percentiles(np.array([1.0, np.nan])) == (1, 1, 1)
    sample = Sample(np.zeros((3, 1)), {"customer_value": np.array([1.0, 2.0, np.nan, 3.0])})
    assert (sample.percentiles("customer_value"), sample.known("customer_value")) == ((1, 2, 3), 0.75)
    said = tables.spread(MONEY, (1.0, 2.0, 3.0), 36, "USD", "customer_value", 0.75)
    assert said == "P10 $1 to P90 $3, of the 75.0 % of draws that have it"
    assert percentiles(np.array([1.0, 2.0, np.inf]))[2] == np.inf


def test_ranges_of_what_is_not_shown_wait():
    scenario = ranged(program="channel")
    assert not any(key.startswith("channel.") for key in active_ranges(scenario))
    assert any(key.startswith("channel.") for key in active_ranges(scenario.replace(shown=("channel",))))


@pytest.mark.parametrize(
    ("key", "ends_", "says"),
    [
        ("affiliate.conversion_rat", [0.1, 0.2], "Did you mean 'conversion_rate'"),
        ("nobody.churn", [0.1, 0.2], "no input"),
        ("affiliate.payout.bribe.rate", [0.1, 0.2], "no input"),
        ("market.currency", [0, 1], "no input"),
        ("market.list_price", [5, 2], "must not be above"),
        ("affiliate.conversion_rate", [0.5, 1.5], "lies within 0 and 100 %"),
        ("market.list_price", ["a", 2], "valid number"),
        ("market.list_price", [float("nan"), 2], "above the high end"),
    ],
)
def test_a_bad_range_is_refused(key, ends_, says):
    with pytest.raises(ScenarioError, match=says):
        default_scenario().replace(ranges={key: ends_})


def test_a_range_moves_along_with_its_input():
    scenario = default_scenario().replace(ranges={"affiliate.payout.percent.rate": [0.12, 0.18]})
    moved = scenario.moved("affiliate.payout.percent.rate", 0.3)
    odds = (0.12 / 0.88) / (0.15 / 0.85) * (0.3 / 0.7)
    assert moved.ranges["affiliate.payout.percent.rate"].low == pytest.approx(odds / (1 + odds))
    dearer = default_scenario().replace(ranges={"market.list_price": [400, 600]}).moved("market.list_price", 1000)
    assert dearer.ranges["market.list_price"] == Range(low=800, high=1200)
    assert scenario.moved("affiliate.payout.percent.rate", 1.0).ranges["affiliate.payout.percent.rate"].high == 1
    assert scenario.moved("affiliate.program_cost", 1.0).ranges == scenario.ranges
    other = scenario.with_program("affiliate", payout=PartnerMargin()).following(scenario)
    assert other.ranges == scenario.ranges


# Chances and scenarios side by side


def test_a_draw_without_the_figure_does_not_count():
    """Right is the share among the draws that have the figure: one in which nobody is won says nothing of payback."""
    measured = {"payback_month": np.array([3.0, np.nan, 20.0, np.inf, np.nan]), "npv": np.full(5, np.nan)}
    sample = Sample(np.zeros((3, 1)), measured)
    assert sample.chance("payback_month", 12) == pytest.approx(1 / 3)
    assert sample.chance("npv", 0) is None
    nobody = ranged(default_scenario().with_program("affiliate", conversion_rate=0.0), "affiliate", draws=1000)
    said = chances(nobody, "affiliate", simulate(nobody)["affiliate"], None)
    assert [one.share for one in said] == [None, None, 1.0]


def test_chances_are_shares_of_draws():
    scenario = ranged(draws=1000, payback_within=120)
    sample = simulate(scenario)["affiliate"]
    beats, pays, loses = chances(scenario, "affiliate", sample, None)
    assert beats.share == np.mean(sample.measured["cpa_over_cac"] <= 0)
    assert pays.share == np.mean(np.isfinite(sample.measured["payback_month"]))
    assert loses.share == np.mean(sample.measured["contribution"] < 0)
    better = scenario.moved("affiliate.program_cost", 40.0)
    assert chances(better, "affiliate", simulate(better)["affiliate"], scenario)[0].share == 1.0


@given(
    rate=st.floats(0.05, 0.6), more=st.floats(0.001, 0.3), width=st.floats(0, 0.9), ranged_side=st.sampled_from("ab")
)
@example(rate=0.53125, more=0.15625, width=0.5, ranged_side="b")  # a range that ends at all of it
@settings(max_examples=examples(20), deadline=None)
def test_paying_more_at_equal_demand_never_earns_more(rate, more, width, ranged_side):
    """One side has a range, the other none: both draw its quantiles, each about its own value."""
    key = "affiliate.payout.percent.rate"
    pays = {name: default_scenario().replace(draws=1000).moved(key, value) for name, value in
            (("a", rate), ("b", min(rate + more, 1.0)))}  # fmt: skip
    value = pays[ranged_side].at(key)
    pays[ranged_side] = pays[ranged_side].replace(
        ranges={key: [value * (1 - width), min(value * (1 + width), 1.0)], "affiliate.conversion_rate": [0.02, 0.09]}
    )
    assert earns_more(pays["b"], pays["a"], "affiliate") == 0.0
    assert earns_more(pays["a"], pays["b"], "affiliate") > 0.5  # all but draws that both bring to an end of it
    second = columns([Named(name=name, scenario=one) for name, one in pays.items()], "affiliate")[1]
    assert second.interval("contribution")[2] <= 0


@pytest.mark.parametrize(
    ("key", "old", "new"), [("affiliate.conversion_rate", 0.04, 0.2), ("market.list_price", 500, 90)]
)
def test_values_are_carried_by_the_odds_of_a_share_and_the_ratio_of_an_amount(key, old, new):
    item = input_of(key)
    values = np.array([old * 0.5, old, old * 1.7])
    moved = carried(values, item, old, new)
    assert moved[1] == pytest.approx(new)
    assert (np.diff(moved) > 0).all()
    assert carried(moved, item, new, old) == pytest.approx(values)
    if item.unit == PERCENT:
        odds = moved / (1 - moved) / (values / (1 - values))
        assert odds == pytest.approx(np.full(3, new / (1 - new) / (old / (1 - old))))
    else:
        assert moved / values == pytest.approx(np.full(3, new / old))
    assert carried(values, item, old, 0.0) == pytest.approx(np.full(3, item.low))


def test_who_lacks_the_input_borrows_no_range():
    with_range = default_scenario().replace(ranges={"affiliate.payout.percent.rate": [0.1, 0.3]}, draws=1000)
    other = default_scenario().with_program("affiliate", payout=PartnerMargin())
    first, second = columns([Named(name="a", scenario=with_range), Named(name="b", scenario=other)], "affiliate")
    assert np.ptp(first.sample.measured["contribution"]) > 0
    assert np.ptp(second.sample.measured["contribution"]) == 0


def test_a_difference_of_terms_alone_has_little_noise():
    base = ranged(draws=2000)
    cheaper = base.moved("affiliate.onboarding_cost", 0.0)
    cheaper = cheaper.replace(ranges={k: r.model_dump() for k, r in base.ranges.items() if "onboarding" not in k})
    first, second = columns([Named(name="a", scenario=base), Named(name="b", scenario=cheaper)], "affiliate")
    low, _, high = second.interval("contribution")
    spread = first.sample.percentiles("contribution")
    assert second.difference("contribution") > 0
    assert high - low < 0.05 * (spread[2] - spread[0])
    assert first.difference("contribution") is None


def test_scenarios_without_ranges_have_no_interval():
    one, other = default_scenario(), default_scenario().with_program("affiliate", conversion_rate=0.08)
    found = columns([Named(name="a", scenario=one), Named(name="b", scenario=other)], "affiliate")
    assert found[1].interval("contribution") is None
    assert found[1].difference("new_customers") == pytest.approx(found[0].figures["new_customers"])


def test_a_set_of_six_fits_a_link_and_comes_back():
    kept = [
        Named(
            name=f"Plan {number} <b>", scenario=ranged().with_program("affiliate", conversion_rate=0.01 * number + 0.01)
        )
        for number in range(MOST_KEPT)
    ]
    link = set_to_link(kept)
    assert set_from_link(link) == tuple(kept)
    assert len(link) < 2000
    with pytest.raises(ScenarioError, match="at most 6"):
        set_from_link(set_to_link([*kept, Named(name="More", scenario=default_scenario())]))
    with pytest.raises(ScenarioError, match="same name"):
        set_from_link(set_to_link([kept[0], kept[0]]))
    with pytest.raises(ScenarioError, match="damaged"):
        set_from_link(link[:-30])


# Sensitivity


def at_ends(scenario, bar):
    return [run(scenario.moved(bar.place.key, end))["affiliate"].figures["contribution"] for end in (bar.low, bar.high)]


def test_without_ranges_every_input_moves_by_a_fifth_and_that_is_called_generic():
    scenario = default_scenario()
    bars = tornado(scenario, "affiliate", "contribution")
    assert bars == generic(scenario, "affiliate", "contribution")
    assert [bar.swing for bar in bars] == sorted((bar.swing for bar in bars), reverse=True)
    for bar in bars:
        assert [bar.at_low, bar.at_high] == pytest.approx(at_ends(scenario, bar))
    cost = next(bar for bar in bars if bar.place.key == "affiliate.program_cost")
    assert (cost.low, cost.high) == (3200, 4800)
    assert cost.swing == pytest.approx(1600 * 36)
    assert not any(bar.ranged for bar in bars)
    assert "whatever is known" in note(scenario, "affiliate", bars)
    # What is known of an input does not move it.
    narrow = scenario.replace(ranges={"market.list_price": [499, 501]})
    assert generic(narrow, "affiliate", "contribution") == bars


def test_with_ranges_only_these_are_ranked_by_what_they_explain():
    ranges = {"affiliate.conversion_rate": [0.03, 0.05], "affiliate.program_cost": [1000, 50_000]}
    scenario = default_scenario().replace(ranges={**ranges, "market.list_price": [499, 501]})
    bars = tornado(scenario, "affiliate", "contribution")
    assert [bar.place.key for bar in bars] == [*reversed(ranges), "market.list_price"]
    assert [bar.share for bar in bars] == sorted((bar.share for bar in bars), reverse=True)
    numbers = drawn(scenario)
    for bar in bars:
        assert [bar.at_low, bar.at_high] == pytest.approx(at_ends(scenario, bar))
        assert np.mean(numbers[bar.place.key] < bar.low) == pytest.approx(0.1, abs=0.01)
        assert np.mean(numbers[bar.place.key] > bar.high) == pytest.approx(0.1, abs=0.01)
    assert tornado(scenario, "affiliate", "contribution", simulate(scenario)["affiliate"]) == bars
    assert ALL_GENERIC not in note(scenario, "affiliate", bars)
    swings = with_swings(default_scenario(), "affiliate").replace(draws=1000)
    assert ALL_GENERIC in note(swings, "affiliate", tornado(swings, "affiliate", "contribution"))
    # Ranges of what does not move the figure leave the generic view.
    idle = default_scenario().replace(ranges={"affiliate.worth_from": [1, 500]})
    assert not any(bar.ranged for bar in tornado(idle, "affiliate", "contribution"))


def test_a_sum_of_inputs_is_ranked_as_its_variance_says():
    """3 x + 4 y + 0 z of three standard normals: y explains 16/25 and x 9/25, and P10 to P90 is 2 × 1.2816 wide."""
    one, two, three = (f"affiliate.{name}" for name in ("program_cost", "worth_from", "leads_per_partner"))
    numbers = dict(zip((one, two, three), np.random.default_rng(2).normal(size=(3, 20_000)), strict=True))
    weights = {one: 3.0, two: 4.0}
    values = sum(weight * numbers[key] for key, weight in weights.items())

    def at(moves):
        return np.array([sum(weights.get(key, 0) * end for key, end in move.items()) for move in moves])

    bars = ranked(numbers, values, at)
    assert [bar.place.key for bar in bars] == [two, one]
    assert [bar.share for bar in bars] == pytest.approx([16 / 25, 9 / 25], abs=0.02)
    assert [bar.at_high - bar.at_low for bar in bars] == pytest.approx([4 * 2.563, 3 * 2.563], rel=0.02)
    # Where the figure is not in every draw there are no shares, and the longest bar is the first.
    unknown = ranked(numbers, np.where(values > 9, np.nan, values), at)
    assert [(bar.place.key, bar.share) for bar in unknown] == [(two, None), (one, None)]


def test_a_spider_line_passes_through_now():
    scenario = default_scenario()
    now = run(scenario)["affiliate"].figures["npv"]
    web = spider(scenario, "affiliate", "npv")
    assert len(web.lines) >= 4
    for _, values in web.lines:
        assert values[10] == pytest.approx(now)


def test_a_map_of_two_inputs_is_the_figure_at_each_pair():
    scenario = default_scenario()
    by_key = {place.key: place for place in places(scenario, "reseller")}
    across, up = by_key["reseller.payout.wholesale.discount"], by_key["reseller.customer_churn_rate"]
    found = grid(scenario, "reseller", "contribution", across, up, steps=5)
    assert found.values.shape == (5, 5)
    alone = scenario.moved(across.key, found.xs[3]).moved(up.key, found.ys[1])
    assert found.values[1, 3] == pytest.approx(run(alone)["reseller"].figures["contribution"])


def test_shares_of_variance_of_a_sum_are_known():
    rng = np.random.default_rng(1)
    one, two, idle = rng.normal(size=(3, 20_000))
    shares = dict(explained({"one": one, "two": two, "idle": idle}, 3 * one + 4 * two))
    assert shares["two"] == pytest.approx(16 / 25, abs=0.02)
    assert shares["one"] == pytest.approx(9 / 25, abs=0.02)
    assert shares["idle"] == pytest.approx(0, abs=0.005)
    product = dict(explained({"one": one, "two": two}, one * two))  # only together
    assert max(product.values()) < 0.02
    assert explained({"one": one}, np.zeros(20_000)) == []
    assert explained({"one": one}, np.where(one > 2, np.nan, one)) == []


# Explain


@pytest.mark.proof
@given(program=PROGRAMS_DRAWN, figure=st.sampled_from(["contribution", "npv", "effective_cpa", "payout_share"]))
@settings(max_examples=examples(12), deadline=None)
def test_a_waterfall_adds_up_exactly(program, figure):
    before = default_scenario()
    after = before.replace(affiliate=program.model_dump()).with_market(list_price=640.0, gross_margin=0.7)
    unit = exact_unit(figure)
    found = explain(before, after, "affiliate", figure, unit)
    if found is None:
        return
    assert found.start + sum(step.change for step in found.steps) == found.end
    for scenario, stated in ((before, found.start), (after, found.end)):
        assert stated == pytest.approx(run(scenario)["affiliate"].figures[figure] * unit, abs=0.51)
    assert len(found.steps) == len(changes(before, after, "affiliate"))


def test_changes_that_do_not_meet_are_worth_what_they_are_alone():
    before = default_scenario()
    after = before.with_program("affiliate", program_cost=5000.0, onboarding_cost=20.0)
    found = explain(before, after, "affiliate", "contribution")
    assert [(step.title, step.change) for step in found.steps] == [
        ("Program cost a month (Affiliates)", -1000 * 36 * 100),
        ("Onboarding per recruited partner (Affiliates)", -5 * 30 * 36 * 100),
    ]


def test_each_part_of_hybrid_terms_is_a_step():
    before = default_scenario()
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.25, duration="lifetime"), flat=FlatReward(reward=300), coupon=0.1)
    after = before.with_program("affiliate", payout=plan)
    found = explain(before, after, "affiliate", "contribution")
    assert [step.title for step in found.steps] == [
        "Percent of revenue (Affiliates)", "Flat reward (Affiliates)", "Customer discount (Affiliates)",
    ]  # fmt: skip
    assert found.start + sum(step.change for step in found.steps) == found.end
    assert all(step.change < 0 for step in found.steps)


def test_scenarios_in_other_currencies_are_not_taken_off_one_another():
    euro = default_scenario().with_market(currency="EUR", months=24)
    found = columns([Named(name="a", scenario=euro), Named(name="b", scenario=default_scenario())], "affiliate")
    assert found[1].difference("contribution") is None
    assert "not taken off" in unlike(euro, default_scenario())
    assert "24 months" in unlike(euro.with_market(currency="USD"), default_scenario())
    assert unlike(euro, euro) == ""


def test_other_terms_are_one_step_and_changed_numbers_are_their_own():
    before = default_scenario()
    other = before.with_program("reseller", payout=PartnerMargin(margin=0.3))
    assert [title for title, _ in changes(before, other, "reseller")] == ["Payout terms (Resellers)"]
    more = before.moved("affiliate.payout.percent.rate", 0.3).moved("affiliate.payout.percent.months", 6)
    assert len(changes(before, more, "affiliate")) == 2
    assert changes(before, before, "affiliate") == []


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("milestones", {"milestone_1_at": 5.0, "milestone_2_at": 8.0}, {"milestone_1_at": 9.0, "milestone_2_at": 20.0}),
        ("bonus", {"from_month": 1, "to_month": 3}, {"from_month": 6, "to_month": 9}),
        ("rebate", {"step_1_from": 5.0, "step_2_from": 8.0}, {"step_1_from": 9.0, "step_2_from": 20.0}),
    ],
)
def test_numbers_that_must_ascend_change_together(kind, low, high):
    before, after = (default_scenario().with_program("affiliate", payout={kind: one}) for one in (low, high))
    assert len(changes(before, after, "affiliate")) == 1
    found = explain(before, after, "affiliate", "contribution")
    assert found.start + sum(step.change for step in found.steps) == found.end


# Segments


def test_motions_alone_in_a_large_segment_win_what_they_want():
    scenario = EVERYTHING.replace(
        segments=[{"name": "All", "size": 1e8, "motions": ["affiliate"]}], shown=("affiliate",)
    )
    assert run(scenario)["affiliate"].figures["new_customers"] == pytest.approx(
        run(default_scenario())["affiliate"].figures["new_customers"], rel=1e-4
    )


@given(size=st.floats(10, 5000), count=st.integers(2, 7))
@settings(max_examples=examples(25), deadline=None)
def test_motions_that_share_a_segment_never_win_more_than_it_holds(size, count):
    shown = PROGRAMS[:count]
    came = {name: arrivals(EVERYTHING.program(name), 36) for name in shown}
    segments = [Segment(name="One", size=size, motions=shown), Segment(name="Two", size=2 * size, motions=shown[:2])]
    shared, found = share_demand(segments, came)
    for one in found:
        assert one.won[0] <= one.segment.size * (1 + 1e-9)
        assert one.conflict[0] >= -1e-9
        assert one.exhausted[0] >= -1e-9
        assert one.wanted[0] == pytest.approx(one.won[0] + one.conflict[0] + one.exhausted[0])
        assert one.won[0] == pytest.approx(sum(float(part[0]) for part in one.by_motion.values()))
    total = sum(float(one.new.sum()) for one in shared.values())  # all of them sell in a segment
    assert total == pytest.approx(sum(float(one.won[0]) for one in found))
    for name in shown:
        assert (shared[name].new <= came[name].new + 1e-9).all()


def test_two_like_motions_share_a_segment_evenly_and_a_motion_without_one_sells_nothing():
    like = default_scenario().affiliate.model_dump()
    scenario = default_scenario().replace(
        channel=like, shown=("affiliate", "channel", "referral"),
        segments=[{"name": "One", "size": 300.0, "motions": ["affiliate", "channel"]}],
    )  # fmt: skip
    won = {name: outcome.figures["new_customers"] for name, outcome in run(scenario).items()}
    assert won["affiliate"] == pytest.approx(won["channel"])
    assert won["referral"] == 0
    (one,) = demands(scenario)
    assert one.conflict[0] > 0


def test_a_segment_that_one_motion_uses_up_is_no_conflict():
    scenario = default_scenario().replace(
        shown=("affiliate",), segments=[{"name": "One", "size": 50.0, "motions": ["affiliate"]}]
    )
    (one,) = demands(scenario)
    assert one.conflict[0] == pytest.approx(0, abs=1e-9)
    assert one.exhausted[0] > 100
    assert taken(scenario) == []


def test_the_direct_baseline_sells_outside_of_the_segments_unless_one_names_it():
    segments = [{"name": "One", "size": 300.0, "motions": ["affiliate", "reseller"]}]
    scenario = default_scenario().replace(segments=segments)
    alone = run(default_scenario(), only="product_led")["product_led"]
    for shown in (("affiliate", "reseller"), ("affiliate", "reseller", "product_led")):
        one = scenario.replace(shown=shown)
        results = run(one)
        mix = dict(mix_of_arr(one, results))
        assert mix["product_led"] == pytest.approx(alone.figures["closing_arr"])
        for outcome in results.values():
            assert outcome.figures["direct_cac"] == pytest.approx(alone.figures["effective_cpa"])
        assert "Outside of the segments" in tables.outside(one, demands(one))[0]
    named = scenario.replace(segments=[{"name": "One", "size": 300.0, "motions": ["affiliate", "product_led"]}])
    inside = run(named, only="product_led")["product_led"]
    assert inside.figures["new_customers"] < 300
    assert run(named)["affiliate"].figures["direct_cac"] == pytest.approx(inside.figures["effective_cpa"])
    assert dict(mix_of_arr(named, run(named)))["product_led"] == inside.figures["closing_arr"]
    assert tables.outside(named, demands(named)) == ["Sells into no segment, and so to nobody: Resellers."]


def test_what_a_motion_takes_is_what_the_other_has_without_it():
    scenario = default_scenario().replace(
        segments=[
            {"name": "One", "size": 200.0, "motions": ["affiliate", "reseller"]},
            {"name": "Two", "size": 400.0, "motions": ["reseller", "referral"]},
        ],
        shown=("affiliate", "reseller", "referral"),
    )
    found = {(one.taker, one.loser): one for one in taken(scenario)}
    assert set(found) == {
        ("reseller", "affiliate"), ("affiliate", "reseller"), ("referral", "reseller"), ("reseller", "referral")
    }  # fmt: skip
    without = scenario.replace(shown=("affiliate", "referral"))
    for figure, value in (("contribution", "contribution"), ("new_customers", "customers")):
        more = run(without)["affiliate"].figures[figure] - run(scenario)["affiliate"].figures[figure]
        assert getattr(found["reseller", "affiliate"], value) == pytest.approx(more)
    (first, *_) = tables.conflicts(taken(scenario), 36, "USD")
    assert "take" in first
    assert "$" in first


def test_the_mix_of_arr_has_the_direct_baseline_too():
    found = dict(mix_of_arr(default_scenario(), run(default_scenario())))
    assert set(found) == {"affiliate", "reseller", "product_led"}
    assert found["product_led"] == run(EVERYTHING)["product_led"].figures["closing_arr"]


# Links


def test_the_words_of_version_2_never_change():
    """Every link of version 2 is read with this file: a change needs a version 3."""
    import hashlib  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from motions.economics.inputs import links  # noqa: PLC0415

    words = (Path(links.__file__).parent / "link_words.json").read_bytes()
    assert hashlib.sha256(words).hexdigest() == WORDS
    assert json.loads(words)


WORDS = "426516fc42ecaba6af376b10b2e84e01e7554a3588c320b56aba72854606baf9"


def test_a_link_of_version_1_is_still_read():
    """As version 1 wrote it, for affiliates at 30 % and resellers, list price 700."""
    scenario = from_link(VERSION_1)
    assert scenario.market.list_price == 700
    assert scenario.affiliate.payout.percent.rate == 0.3
    assert scenario.reseller.payout.wholesale.discount == 0.5
    assert scenario.referral.payout == PayoutPlan(flat=FlatReward(reward=500, paid_in="credit", redemption_rate=0.7))
    assert set_from_link(VERSION_1)[0].name == "Pinned"


VERSION_1 = (
    "1.eNqVk91OwzAMhd_F19WUtXSMXvMGiCuEopB6a0SaVE7KNNDeHSf7oYJOaJdxnOPjz84X9IreMULzBdaEKAcyGqG5F2IhCtiSD0"
    "FyytY4aMRiXUDvXewCNNWqAD0SodN7aOD56REOBbSGULMaDOTbUUdpsYUCQud3LPACarMx1qiIHCQMaC0SvBaTOBsZ1N6P2dK7cW"
    "0SQ9LoYnqTU8Si4lIjH4xn2bOnH3PLkr0MiqJDClJFGSIfOJ67ulywVxpNZIvNOl0oHc1HFpWTQqT6QZ6Vy8tzqbuRfhLFXQEWVR"
    "sku5WnHGhWSVd798H1propPSiLQeq9tnjR5-wWlZXBfKLcsCFPKf0hwQ7R93_rVnWRaG_ZptQ-cJd34jg97968ota47emizmF06s"
    "1iz0BP4ZLDh8k85kaw6zybZcOQhhy0H3keXD4Xx0GZVv4Hv7zGPu_VDPvVL_bVVfbL-ib4KX0Ofnkz_PI3-_U19mUt5ulX4oh_-m"
    "PSb0zt5FmmV-kk-TfuYjfpen6z6hs2a5kJXWvuz2atxKm9dMysz2-Py3U4fAP-h3X7"
)


def test_horizon_is_a_setting_and_not_drawn():
    settings_ = ("market.months", "market.spread_months", "affiliate.start_month")
    ranged = default_scenario().replace(ranges={key: [12, 48] for key in settings_})
    assert active_ranges(ranged) == {}
    assert drawn(ranged) == {}
