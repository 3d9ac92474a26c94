"""Which column of a portfolio's frames is drawn where, and what is said of it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from motions.charts import economics as charts
from motions.charts.economics import portfolio_drawing, portfolio_frames
from motions.charts.frame import framed
from motions.charts.style import LOOKS
from motions.economics.answers.budget import Channel, next_amount
from motions.economics.answers.capacity import capacity
from motions.economics.answers.portfolio import BY_NAME, portfolio
from motions.economics.answers.split import split
from motions.economics.inputs.scenario import default_scenario
from tests.charts.drawn import named, names, points

ONE = default_scenario().with_market(months=15)
STACKS = framed(
    ("period", "number", "program", "amount", "together", "p10", "p90"),
    [
        ("Year 1", 1, "product_led", 60.0, 50.0, 40.0, 65.0),
        ("Year 2", 2, "product_led", 80.0, 180.0, 150.0, 200.0),
        ("Year 1", 1, "affiliate", -10.0, 50.0, 40.0, 65.0),
        ("Year 2", 2, "affiliate", 100.0, 180.0, 150.0, 200.0),
    ],
)


def stacked(frame=STACKS, measure="contribution"):
    return portfolio_drawing.together(frame, BY_NAME[measure], 12, 24, "USD")


def test_programs_are_stacked_by_period_with_the_sum_and_its_draws_marked():
    chart = stacked()
    assert names(chart) == ["Product-led", "Affiliates", "All programs"]
    assert points(named(chart, "Affiliates")) == [(1, -10), (2, 100)]
    assert named(chart, "Affiliates").marker.color == LOOKS["affiliate"].colour
    whole = named(chart, "All programs")
    assert points(whole) == [(1, 50), (2, 180)]
    assert (whole.error_y.array, whole.error_y.arrayminus) == ((15, 20), (10, 30))
    low, high = chart.figure.layout.yaxis.range
    assert low < -10
    assert high > 200
    assert chart.title == "Contribution of all programs together: $230 in 24 months, 39 % of it through partners"


def test_the_last_stack_is_labelled_and_labels_do_not_cover_one_another():
    chart = stacked()
    labels = chart.figure.layout.annotations
    assert {one.text for one in labels} == {
        "<b>Product-led</b><br>$80", "<b>Affiliates</b><br>$100", "<b>Together</b><br>$180"
    }  # fmt: skip
    low, high = chart.figure.layout.yaxis.range
    at = sorted(one.y * 240 / (high - low) + one.yshift for one in labels)
    assert all(two - one >= 30 - 1e-9 for one, two in pairwise(at))
    assert at[-1] + 15 <= high * 240 / (high - low) + 1e-9


def test_a_level_is_that_of_the_last_month_and_a_loss_is_said():
    assert stacked(measure="arr").title.startswith("ARR of all programs together: $180 in month 24, 56 %")
    assert stacked(STACKS[STACKS["number"] == 1]).title.endswith("$50 in 24 months, of it affiliates −$10")


def test_the_frame_of_a_portfolio_has_the_direct_baseline_first_and_adds_up():
    frame = portfolio_frames.together(portfolio(ONE), "new_customers", 12)
    assert frame["program"].unique().tolist() == ["product_led", "affiliate", "reseller"]
    assert frame["period"].unique().tolist() == ["Year 1", "Year 2 (3 months)"]
    sums = frame.groupby("number")["amount"].sum()
    assert sums.tolist() == pytest.approx(frame.groupby("number")["together"].first().tolist())
    assert frame["p10"].isna().all()


def test_what_an_amount_brings_is_marked_by_share_with_its_range_below():
    (found,) = next_amount(ONE.replace(shown=("affiliate",)), 1000)
    drawn = np.array([found.as_set - 50.0, found.as_set, found.as_set + 90.0])
    chart = charts.channels([replace(found, drawn=drawn)], 15, "USD")
    for share in (1.0, 0.7, 0.4):
        assert points(named(chart, f"{share:.0%} incremental".replace("%", " %"))) == [(found.at[share], 0)]
    spread = named(chart, "As the inputs have it, P10 to P90")
    assert (spread.error_x.array, spread.error_x.arrayminus) == ((pytest.approx(90),), (pytest.approx(50),))
    assert spread.y[0] > 0  # the axis goes down
    assert chart.title.startswith("The next $1,000 for recruiting affiliates bring +$")
    months = ONE.market.months
    assert chart.shown["partners"].tolist() == [pytest.approx(found.partners * months)]
    assert f"if {found.partners * months:,.0f} more partners can be won" in chart.title


def test_money_that_does_not_come_back_is_said_so():
    none = np.zeros(0)
    lost = Channel("reseller", 1000.0, 1.0, 2.0, 15, -400.0, {1.0: -400.0, 0.7: -500.0, 0.4: -600.0}, 1.0, none, none)
    chart = charts.channels([lost, replace(lost, program="channel", as_set=-900.0)], 15, "EUR")
    assert chart.title == (
        "The next €1,000 for recruiting bring themselves back in no motion in 15 months; resellers come closest (−€400)"
    )


def test_a_split_is_drawn_with_bounds_what_is_nearly_as_good_now_and_best():
    found = split(ONE)
    chart = charts.splits(found, 15, "USD")
    assert named(chart, "Best split").x == tuple(one.best for one in found.parts)
    assert named(chart, "Now").x == tuple(one.now for one in found.parts)
    bounds = [trace.x for trace in chart.figure.data if trace.name == "Bounds"]
    assert bounds == [(one.low, one.high) for one in found.parts]
    assert "affiliates up to the bounds" in chart.title
    assert charts.splits(replace(found, gain=0.0), 15, "USD").title.startswith("No split within these bounds")
    assert "are better not spent" in charts.splits(replace(found, budget=found.budget + 500), 15, "USD").title


def test_people_are_steps_and_hires_are_marked_where_they_come():
    found = capacity(ONE, {"reseller": 2}, there=1)
    chart = charts.capacity(found)
    assert named(chart, "People").line.shape == "hv"
    assert named(chart, "People").y == tuple(found.people)
    assert points(named(chart, "Hired")) == [(one.month, found.people[one.month - 1]) for one in found.hires]
    assert chart.title.startswith(f"{found.people[-1]} people in month 15: ")
    assert charts.capacity(capacity(ONE, {"reseller": 50}, there=9)).title.endswith("nobody has to be hired")
