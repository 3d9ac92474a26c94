"""Goal seek: what is found, put back, gives the target; and there is a clear word where nothing is found."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from motions.economics.answers import goal
from motions.economics.answers.goal import figure, figure_text, questions, seek
from motions.economics.inputs.keys import places
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import FlatReward, PartnerMargin, PayoutPlan
from motions.economics.model.results import FIGURES
from motions.errors import ScenarioError
from tests.conftest import examples
from tests.economics.model.test_projection import PROGRAMS_DRAWN

NAMES = [one.name for one in FIGURES if one.unit != "months"]


def place(scenario, program, key):
    return next(one for one in places(scenario, program) if one.key == key)


@pytest.mark.proof
@given(PROGRAMS_DRAWN, st.sampled_from(NAMES), st.data())
@settings(max_examples=examples(4))
def test_what_is_found_and_put_back_gives_the_target(program, goal, data):
    scenario = default_scenario().replace(affiliate=program.model_dump()).with_market(months=12)
    movable = [one for one in places(scenario, "affiliate") if not one.item.whole]
    input_ = data.draw(st.sampled_from(movable))
    now = figure(scenario, "affiliate", goal)
    assume(now is not None and abs(now) < 1e12)
    target = now * data.draw(st.sampled_from([0.5, 0.9, 1.0, 1.1]))
    for value in seek(scenario, "affiliate", input_, goal, target).values:
        found = figure(scenario.moved(input_.key, value), "affiliate", goal)
        near = 1e-6 * max(abs(now), abs(target), 1)
        if found != pytest.approx(target, abs=near):  # a figure that jumps over the target, as whole tiers make it
            step = max(value * 1e-6, 1e-9)
            sides = [
                figure(
                    scenario.moved(input_.key, min(max(value + way, input_.item.low), input_.item.high)),
                    "affiliate",
                    goal,
                )
                for way in (-step, step)
            ]
            assert min(sides) - near <= target <= max(sides) + near


def test_the_highest_commission_at_which_a_customer_costs_less_than_blended():
    scenario = default_scenario()
    commission = place(scenario, "affiliate", "affiliate.payout.percent.rate")
    answer = seek(scenario, "affiliate", commission, "cpa_over_cac", 0)
    (highest,) = answer.values
    assert figure(scenario.moved(commission.key, highest - 0.001), "affiliate", "cpa_over_cac") < 0
    assert figure(scenario.moved(commission.key, highest + 0.001), "affiliate", "cpa_over_cac") > 0
    assert answer.sentence == "Up to 82.1 % commission a customer costs less than blended CAC."


def test_a_closed_form():
    """A margin is a share of all that customers pay, so payout share = margin exactly."""
    scenario = default_scenario().with_program("channel", payout=PartnerMargin(margin=0.2))
    answer = seek(
        scenario, "channel", place(scenario, "channel", "channel.payout.margin.margin"), "payout_share", 0.325
    )
    assert answer.values == (pytest.approx(0.325, abs=1e-10),)


def test_months_are_whole_and_tried_one_by_one():
    scenario = default_scenario()
    cycle = place(scenario, "affiliate", "affiliate.sales_cycle_months")
    answer = seek(scenario, "affiliate", cycle, "contribution", 0)
    (month,) = answer.values
    assert month == int(month)
    before, after = (figure(scenario.moved(cycle.key, at_), "affiliate", "contribution") for at_ in (month - 1, month))
    assert before > 0 >= after
    assert "passes $0 at Sales cycle (Affiliates) 18 months" in answer.sentence


@pytest.mark.parametrize(
    ("key", "goal", "target", "says"),
    [
        (
            "affiliate.payout.percent.months",
            "contribution",
            -1e9,
            "No Months paid (Affiliates) gets there: over 1 month to 60",
        ),
        ("market.gross_margin", "payout_share", 0.2, "Gross margin does not move Payout share: it is 11.0 % all along"),
        ("affiliate.conversion_rate", "payout_share", 0.5, "does not move Payout share"),
    ],
)
def test_there_may_be_no_answer(key, goal, target, says):
    scenario = default_scenario()
    answer = seek(scenario, "affiliate", place(scenario, "affiliate", key), goal, target)
    assert answer.values == ()
    assert says in answer.sentence


def test_a_figure_that_is_unknown_all_along():
    scenario = default_scenario().with_program("affiliate", conversion_rate=0.0)
    answer = seek(scenario, "affiliate", place(scenario, "affiliate", "affiliate.program_cost"), "effective_cpa", 100)
    assert answer.values == ()
    assert answer.sentence.startswith("Effective CPA is unknown for every Program cost a month")


def test_a_baseline_that_is_alone_is_its_own_blend():
    scenario = default_scenario().replace(shown=("product_led",))
    leads = place(scenario, "product_led", "product_led.leads")
    answer = seek(scenario, "product_led", leads, "cpa_over_cac", 0)
    assert answer.values == ()
    assert "does not move" in answer.sentence


@pytest.mark.proof
def test_every_input_and_every_figure_has_an_answer_in_words():
    scenario = default_scenario()
    for number, one in enumerate(places(scenario, "reseller")):
        assert scenario.moved(one.key, scenario.at(one.key)) == scenario
        shown = FIGURES[number % len(FIGURES)]  # every figure by an input or two
        said = seek(scenario, "reseller", one, shown.name, 1.0).sentence
        assert shown.title in said
        assert figure_text(shown.unit, 1.0, "USD") in said or "does not move" in said


@pytest.mark.parametrize("goal", ["payback_month", "break_even_month"])
def test_a_figure_in_months_is_passed_between_two_values(goal):
    scenario = default_scenario()
    cost = place(scenario, "affiliate", "affiliate.program_cost")
    (value,) = seek(scenario, "affiliate", cost, goal, 12).values
    assert figure(scenario.moved(cost.key, value * 0.999), "affiliate", goal) <= 12
    assert figure(scenario.moved(cost.key, value * 1.001), "affiliate", goal) > 12


def test_a_figure_that_does_not_exist_is_not_sought():
    scenario = default_scenario()
    with pytest.raises(ScenarioError, match="no figure that can be sought"):
        seek(scenario, "affiliate", places(scenario, "affiliate")[0], "luck", 12)


@pytest.mark.parametrize("program", ["ecosystem", "channel", "referral", "affiliate", "reseller"])
def test_the_questions_that_are_offered_have_an_answer(program):
    scenario = default_scenario()
    asked = questions(scenario, program)
    assert {"contribution", "cpa_over_cac"} == {one.goal for one in asked}
    for one in asked:
        answer = seek(scenario, program, place(scenario, program, one.key), one.goal, one.target)
        for value in answer.values:
            assert figure(scenario.moved(one.key, value), program, one.goal) == pytest.approx(0, abs=1e-3)
        assert answer.sentence


def test_churn_at_which_the_reseller_program_stops_paying():
    scenario = default_scenario()
    churn = place(scenario, "reseller", "reseller.customer_churn_rate")
    # Very high churn pays again: what is left of the prepaid months stays with the vendor.
    value = seek(scenario, "reseller", churn, "contribution", 0).values[0]
    assert figure(scenario.moved(churn.key, value - 1e-4), "reseller", "contribution") > 0
    assert figure(scenario.moved(churn.key, value + 1e-4), "reseller", "contribution") < 0


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ([np.nan, 40.0, np.nan, np.nan], [1]),
        ([np.nan, 40.0, np.nan, 70.0], [1]),
        ([np.nan, 40.0, 70.0, 40.0], [1, 3]),
        ([np.nan, 40.0, 40.0, 40.0], []),  # it does not move: no value is an answer
        ([np.nan, np.nan, np.nan, np.nan], []),
    ],
)
def test_a_figure_that_is_known_here_and_there_is_found_where_it_is(monkeypatch, seen, found):
    scenario = default_scenario()
    cycle = place(scenario, "affiliate", "affiliate.sales_cycle_months")
    at = np.full(25, np.nan)
    at[: len(seen)] = seen
    monkeypatch.setattr(goal, "figures", lambda *given: at[np.asarray(given[-1], int)])
    answer = seek(scenario, "affiliate", cycle, "effective_cpa", 40.0)
    assert answer.values == tuple(found)
    if not found and 40.0 in seen:
        assert "does not move Effective CPA: it is $40 all along, from 1 month to 3 months." in answer.sentence


def test_a_cap_is_sought_in_a_program_without_partners():
    scenario = default_scenario().with_program("affiliate", partners_at_start=0.0, partners_recruited=0.0)
    cap = place(scenario, "affiliate", "affiliate.payout.cap_customers")
    assert seek(scenario, "affiliate", cap, "contribution", 1e9).values == ()


def tried(monkeypatch, figure_of, goal_="effective_cpa", **made):
    """Replace the figures of a program by functions of the input, and return how to seek one of them."""
    scenario = default_scenario()
    cost = place(scenario, "affiliate", "affiliate.program_cost")

    def figures(scenario, program, name, key, values):
        one = figure_of if name == goal_ else made.get(name, np.ones_like)
        return one(np.asarray(values, float))

    monkeypatch.setattr(goal, "figures", figures)
    return lambda target: seek(scenario, "affiliate", cost, goal_, target)


def test_a_jump_is_called_a_jump_with_both_sides(monkeypatch):
    answer = tried(monkeypatch, lambda x: np.where(x <= 30_000, 100.0, 300.0))(200.0)
    (jump,) = answer.jumps
    assert answer.values == ()
    assert (jump.at, jump.before, jump.after) == (pytest.approx(30_000, abs=1e-4), 100, 300)
    assert "jumps over $200 at Program cost a month (Affiliates) $30,000, from $100 to $300" in answer.sentence
    assert "below with less and above with more" in answer.sentence


@pytest.mark.proof
def test_a_jump_of_real_terms_is_told(monkeypatch):
    """Whole tiers by customers: the reward of all customers of a month changes at once where a tier begins."""
    flat = FlatReward(reward=100, tiers="whole", tier_by="customers", tier_2_from=3, tier_2_value=900, tier_3_from=0)
    scenario = (
        default_scenario()
        .with_program(
            "affiliate", payout=flat, partners_recruited=0, partners_at_start=10, partner_churn_rate=0, top_share=0.2
        )
        .with_market(months=12)
    )
    start = place(scenario, "affiliate", "affiliate.payout.flat.tier_2_from")
    before, after = (figure(scenario.moved(start.key, at), "affiliate", "effective_cpa") for at in (2, 2.01))
    answer = seek(scenario, "affiliate", start, "effective_cpa", (before + after) / 2)
    assert [round(one.at, 6) for one in answer.jumps] == [2]  # at 0 there is no such tier
    assert (answer.jumps[0].before, answer.jumps[0].after) == pytest.approx((before, after))


def test_a_peak_between_two_steps_is_found(monkeypatch):
    peak = 41_234.5
    answer = tried(monkeypatch, lambda x: 2727 - ((x - peak) / 700) ** 2)(2726.9)
    assert answer.values == pytest.approx((peak - 700 * 0.1**0.5, peak + 700 * 0.1**0.5))
    never = tried(monkeypatch, lambda x: 2727 - ((x - peak) / 700) ** 2)(2727.5)
    assert never.values == ()
    assert "never is" in never.sentence


def test_a_figure_that_stays_at_its_target_is_a_range(monkeypatch):
    answer = tried(monkeypatch, lambda x: np.clip(x / 100, 150.0, 300.0))(300.0)
    ((first, last),) = answer.ranges
    assert first == pytest.approx(30_000, rel=1e-9)
    assert last == max(answer.xs)
    assert "is $300 over a range: Program cost a month (Affiliates) $30,000 to" in answer.sentence
    assert "below with less" in answer.sentence


def test_an_answer_that_loses_money_says_so_and_up_to_where_it_does_not(monkeypatch):
    def made(x):
        return 20_000 - x

    answer = tried(monkeypatch, lambda x: x / 100, contribution=made)(300.0)
    assert answer.values == pytest.approx((30_000,))
    assert answer.sentence.endswith("But above $20,000 the program loses money within 36 months.")
    assert "But" not in tried(monkeypatch, lambda x: x / 100, contribution=made)(100.0).sentence
    never = tried(monkeypatch, lambda x: x / 100, contribution=lambda x: -1.0 - x)(300.0)
    assert "the program loses money within 36 months there, and for every" in never.sentence


def test_the_default_commission_that_costs_as_much_as_others_loses_money_before():
    scenario = default_scenario()
    commission = place(scenario, "affiliate", "affiliate.payout.percent.rate")
    (reached,) = seek(scenario, "affiliate", commission, "cpa_over_cac", 0).values
    (turns,) = seek(scenario, "affiliate", commission, "contribution", 0).values
    said = seek(scenario, "affiliate", commission, "cpa_over_cac", 0).sentence
    loses = figure(scenario.moved(commission.key, reached), "affiliate", "contribution") < 0
    assert loses == (reached > turns)
    assert (f"above {turns * 100:.1f} %" in said) == loses


@pytest.mark.proof
def test_no_cap_at_all_is_no_small_cap():
    """Without a cap payouts are largest, under the smallest cap smallest: 0 stands for the first."""
    plan = PayoutPlan(flat=FlatReward(reward=500), cap_payout=400)
    scenario = default_scenario().with_program("affiliate", payout=plan, partners_recruited=0, partners_at_start=5)
    cap = place(scenario, "affiliate", "affiliate.payout.cap_payout")
    answer = seek(scenario, "affiliate", cap, "payout_share", 0.01)
    assert answer.xs[0] == 1
    assert all(value > 0 for value in answer.values)
    shares = [one for one in answer.ys if one is not None]
    assert shares == sorted(shares)
