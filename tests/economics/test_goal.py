"""Goal seek: what is found, put back, gives the target; and there is a clear word where nothing is found."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from motions.economics.goal import GOALS, at, figure, figure_text, moved, places, seek
from motions.economics.payouts import PartnerMargin
from motions.economics.scenario import default_scenario
from motions.errors import ScenarioError
from tests.economics.test_projection import PROGRAMS_DRAWN

NAMES = [name for name, _, _ in GOALS]


def place(scenario, program, key):
    return next(one for one in places(scenario, program) if one.key == key)


@given(PROGRAMS_DRAWN, st.sampled_from(NAMES), st.data())
@settings(max_examples=30)
def test_what_is_found_and_put_back_gives_the_target(program, goal, data):
    scenario = default_scenario().replace(affiliate=program.model_dump())
    movable = [one for one in places(scenario, "affiliate") if one.item.unit != "months"]
    input_ = data.draw(st.sampled_from(movable))
    now = figure(scenario, "affiliate", goal)
    assume(now is not None)
    target = now * data.draw(st.sampled_from([0.5, 0.9, 1.0, 1.1]))
    for value in seek(scenario, "affiliate", input_, goal, target).values:
        found = figure(moved(scenario, input_, value), "affiliate", goal)
        assert found == pytest.approx(target, rel=1e-6, abs=1e-6 * max(abs(now), 1))


def test_the_highest_commission_at_which_a_customer_costs_less_than_blended():
    scenario = default_scenario()
    commission = place(scenario, "affiliate", "affiliate.payout.rate")
    answer = seek(scenario, "affiliate", commission, "cpa_over_cac", 0)
    (highest,) = answer.values
    assert figure(moved(scenario, commission, highest - 0.001), "affiliate", "cpa_over_cac") < 0
    assert figure(moved(scenario, commission, highest + 0.001), "affiliate", "cpa_over_cac") > 0
    assert answer.sentence == (
        "Effective CPA less blended CAC is $0 at Commission (Affiliates) 52.2 %. "
        "It is below with less and above with more."
    )


def test_a_closed_form():
    """A margin is a share of all that customers pay, so payout share = margin exactly."""
    scenario = default_scenario().with_program("channel", payout=PartnerMargin(margin=0.2).model_dump())
    answer = seek(scenario, "channel", place(scenario, "channel", "channel.payout.margin"), "payout_share", 0.325)
    assert answer.values == (pytest.approx(0.325, abs=1e-10),)


def test_months_are_whole_and_tried_one_by_one():
    scenario = default_scenario()
    cycle = place(scenario, "affiliate", "affiliate.sales_cycle_months")
    answer = seek(scenario, "affiliate", cycle, "contribution", 0)
    (month,) = answer.values
    assert month == int(month)
    before, after = (figure(moved(scenario, cycle, at_), "affiliate", "contribution") for at_ in (month - 1, month))
    assert before > 0 >= after
    assert "passes $0 at Sales cycle (Affiliates) 19 months" in answer.sentence


@pytest.mark.parametrize(
    ("key", "goal", "target", "says"),
    [
        ("affiliate.payout.months", "contribution", -1e9, "No Months paid (Affiliates) gets there: over 1 month to 60"),
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


def test_a_baseline_compared_with_itself_has_no_answer():
    scenario = default_scenario()
    leads = place(scenario, "product_led", "product_led.leads")
    answer = seek(scenario, "product_led", leads, "cpa_over_cac", 0)
    assert answer.values == ()
    assert "does not move" in answer.sentence


def test_every_input_and_every_figure_has_an_answer_in_words():
    scenario = default_scenario()
    for one in places(scenario, "reseller"):
        assert at(moved(scenario, one, at(scenario, one)), one) == at(scenario, one)
        for name, title, unit in GOALS:
            said = seek(scenario, "reseller", one, name, 1.0).sentence
            assert title in said
            assert figure_text(unit, 1.0, "USD") in said or "does not move" in said


def test_a_figure_in_months_is_not_sought():
    scenario = default_scenario()
    with pytest.raises(ScenarioError, match="no figure that can be sought"):
        seek(scenario, "affiliate", places(scenario, "affiliate")[0], "payback_month", 12)
