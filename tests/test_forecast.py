"""A scenario beside a program's real months: where the band was left, what lies between, and how good the band is."""

from dataclasses import replace

import numpy as np
import pytest

from motions.calibrate import calibrate
from motions.charts import forecast as charts
from motions.charts.forecast import frames
from motions.cohorts.metrics import metrics as m
from motions.economics.inputs.scenario import default_scenario
from motions.forecast import (
    BY_NAME,
    SHOWN,
    Course,
    begins,
    bridge,
    course,
    lacks,
    months_to_begin,
    not_measured,
    sentence,
    table,
    why,
)
from tests.benchmarks.forecast import coverage

APRIL = 2026 * 12 + 3
BAND = np.array([[90.0, 80.0, 0.0], [100.0, 100.0, 0.0], [110.0, 120.0, 0.0]])


def course_of(*real, band=BAND):
    known = {APRIL + at: value for at, value in enumerate(real) if value is not None}
    return Course(BY_NAME["mrr"], "affiliate", "USD", APRIL, np.array([100.0, 100.0, 0.0]), band, known)


@pytest.fixture(scope="module")
def ledger(sample_program):
    return sample_program.ledger


@pytest.fixture(scope="module")
def plan(ledger):
    """The sample half a year ago, and what was to come of it."""
    return calibrate(ledger, default_scenario(), m.Settings(as_of=ledger.last_month - 6)).scenario


@pytest.mark.parametrize(
    ("real", "said"),
    [
        ((90, 120), "MRR stayed within the band in all 2 months known"),
        ((79.2, 100), "MRR left the band in 2026-04, 12 % below P10, and was inside again in 2026-05"),
        ((100, 126), "MRR left the band in 2026-05, 5 % above P90"),
        ((89.9, 160), "MRR left the band in 2026-04, under 1 % below P10; in 2026-05 it was 33 % above P90"),
        ((100, None, 5), "MRR left the band in 2026-06, above P90"),
    ],
)
def test_where_the_band_was_left_is_said(real, said):
    assert sentence(course_of(*real)) == said


def test_before_a_month_is_known_it_says_what_is_expected_and_where_it_starts():
    ahead = replace(course_of(), real={APRIL - 1: 95.0}, band=BAND[:, :2], expected=np.array([100.0, 100.0]))
    assert sentence(ahead) == "MRR: $80 to $120 expected in 2026-05, after $95 in 2026-03"
    frame = frames.course(ahead)
    assert frame["month"].tolist() == ["2026-03", "2026-04", "2026-05"]
    assert frame["real"].isna().tolist() == [False, True, True]
    assert frame["expected"].isna().tolist() == [True, False, False]
    drawn = charts.course(ahead)
    assert list(drawn.figure.layout.xaxis.categoryarray) == frame["month"].tolist()
    assert "2026-03 $95" in drawn.alt


def test_a_plan_goes_on_from_the_last_month_and_counts_by_chance(ledger):
    now = calibrate(ledger, default_scenario(), m.Settings(as_of=ledger.last_month)).scenario.replace(ranges={})
    first = ledger.last_month + 1
    assert list(months_to_begin(ledger).values())[begins(ledger, now)] == first
    new = course(ledger, now, "product_led", BY_NAME["new"], first)
    assert new.compared == []
    # Without ranges new customers are Poisson: at a mean of some 17 the band is 1.28 √17 to each side.
    mean = new.expected[0]
    assert new.band[[0, 2], 0] == pytest.approx(mean + np.array([-1.28, 1.28]) * np.sqrt(mean), abs=1)
    mrr = course(ledger, now, "product_led", BY_NAME["mrr"], first)
    assert mrr.expected[0] == pytest.approx(mrr.real[ledger.last_month], rel=0.05)
    widths = mrr.band[2] - mrr.band[0]
    assert (np.diff(widths[:SHOWN]) > 0).all()
    assert frames.course(mrr)["real"].notna().sum() == SHOWN


@pytest.mark.parametrize("figure", ["mrr", "payouts"])
def test_a_bridge_adds_up_from_what_was_planned_to_what_came(ledger, plan, figure):
    found = course(ledger, plan, "affiliate", BY_NAME[figure], ledger.last_month - 5)
    assert len(found.compared) == len(table(found)) == 6
    steps = bridge(ledger, plan, "affiliate", found)
    assert steps.planned + sum(change for _, change in steps.steps) + steps.unexplained == pytest.approx(steps.real)
    real = [found.real[month] for month in found.compared]
    assert steps.real == (sum(real) if found.figure.flow else real[-1])
    # Who was there when the plan was made is in the plan, whatever was measured later.
    assert "Already there" not in dict(steps.steps)
    assert charts.bridge(steps).frame.iloc[-1, 1] == pytest.approx(steps.real)


def test_a_bridge_says_which_input_did_it_and_what_was_not_measured(ledger, plan):
    first = ledger.last_month - 5
    empty = plan.with_program("affiliate", customers_at_start=0, partners_at_start=0)
    steps = bridge(ledger, empty, "affiliate", course(ledger, empty, "affiliate", BY_NAME["mrr"], first))
    assert steps.steps[0][0] == "Already there"
    assert "more than planned; largest step: already there, +$" in why(steps)
    one_month = course(ledger, plan, "ecosystem", BY_NAME["mrr"], ledger.last_month)
    short = bridge(ledger, plan, "ecosystem", one_month)
    assert short.unmeasured == ("Leads", "Lead to customer")
    assert "leads and lead to customer" in not_measured(short)


def test_what_can_not_be_compared_says_why(ledger, plan):
    mrr, payouts = BY_NAME["mrr"], BY_NAME["payouts"]
    assert lacks(ledger, plan, "affiliate", mrr) == lacks(ledger, plan, "affiliate", payouts) == ""
    other = plan.with_market(currency="EUR")
    assert "two currencies" in lacks(ledger, other, "affiliate", mrr)
    assert lacks(ledger, other, "affiliate", BY_NAME["new"]) == ""
    assert "pays nothing out" in lacks(ledger, plan, "reseller", payouts)


@pytest.mark.proof
def test_four_in_five_months_of_generated_programs_lie_within_the_band():
    found = coverage(range(6))
    assert min(found.values()) > 0.65
    assert np.mean(list(found.values())) < 0.97


def test_a_scenario_without_the_programs_customers_is_called_no_forecast(ledger, plan):
    empty = plan.with_program("affiliate", customers_at_start=0)
    for figure, said in (("mrr", True), ("customers", True), ("new", False)):
        found = course(ledger, empty, "affiliate", BY_NAME[figure], ledger.last_month + 1)
        assert found.empty is said
        assert sentence(found).startswith("No forecast of this program") is said
    assert not course(ledger, plan, "affiliate", BY_NAME["mrr"], ledger.last_month + 1).empty
