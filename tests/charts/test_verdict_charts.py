"""How far differences are from none, and why a rate changed: frames against the domain, drawings against frames."""

import pytest

from motions.charts.cohorts import change, checks, evidence, proof, survival, verdict_drawing, verdict_frames
from motions.charts.frame import framed
from motions.cohorts.ledger.checks import Finding
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.cohorts.verdicts.rules import default_rules
from motions.cohorts.verdicts.verdicts import judged, stands_out
from tests.charts.drawn import named, points

EVIDENCE = framed(
    ("who", "what", "evidence", "word", "proof", "sentence"),
    [
        ("Affiliates", "NRR", -2.5, "worse", "46 %, organic 86 %", "Worse: so."),
        ("All partners", "Effective CPA", 1.5, "better", "$9, blended CAC $10", "Better: so."),
        ("Resellers", "NRR", 0.5, "no clear difference", "85 %, organic 86 %", "No clear difference."),
    ],
)


def test_differences_are_drawn_with_intervals_that_leave_out_zero_where_they_are_told():
    chart = verdict_drawing.evidence(EVIDENCE)
    assert points(named(chart, "worse")) == [(-2.5, "Affiliates: NRR")]
    assert points(named(chart, "better")) == [(1.5, "All partners: Effective CPA")]
    assert points(named(chart, "no clear difference")) == [(0.5, "Resellers: NRR")]
    assert named(chart, "worse").error_x.array == (1.0,)
    assert named(chart, "worse").marker.color == "#c5362c"
    assert named(chart, "worse").marker.symbol != named(chart, "better").marker.symbol
    assert chart.figure.layout.yaxis.categoryarray[-1] == "Affiliates: NRR"
    axis = chart.figure.layout.yaxis
    assert axis.tickvals == ("Affiliates: NRR", "All partners: Effective CPA", "Resellers: NRR")
    assert "46 %, organic 86 %" in axis.ticktext[0]
    assert [label.text for label in chart.figure.layout.annotations] == ["no clear difference"]
    assert chart.figure.layout.annotations[0].y == 0.5  # below the two that are told
    assert chart.title == "2 of 3 differences are clear: 1 better, 1 worse"
    assert chart.alt == f"{chart.title}. Worse, the most certain first: Affiliates: NRR."
    assert verdict_drawing.evidence(EVIDENCE.iloc[2:]).title == "0 of 1 difference are clear"
    assert verdict_drawing.evidence(EVIDENCE.iloc[:0]).title == "Nothing could be tested"


def test_every_tested_difference_is_a_row_and_none_that_is_told_has_zero_in_it(sample_program):
    ledger = sample_program.ledger
    chosen = m.Settings(as_of=ledger.last_month)
    frame = verdict_frames.evidence(ledger, chosen, default_rules())
    tested = [
        one for all_ in judged(ledger, chosen, default_rules()).values() for one in all_ if one.gap.low is not None
    ]
    assert len(frame) == len(tested)
    assert frame["evidence"].abs().is_monotonic_decreasing
    told = frame["word"].isin(["better", "worse"])
    assert (frame[told]["evidence"].abs() > 1).all()
    assert (frame[~told]["evidence"].abs() <= 1).all()
    assert (frame[frame["word"] == "worse"]["evidence"] < 0).all()
    assert "Affiliates: Customers still there" in evidence(ledger, chosen, default_rules()).alt
    alone = verdict_frames.evidence(ledger, chosen, default_rules(), "Affiliates")
    assert alone["what"].tolist() == frame[frame["who"] == "Affiliates"]["what"].tolist()


def test_checks_are_bars_and_one_that_cannot_run_is_none():
    found = [
        Finding("two_motions", "Two motions", "A meaning.", 3, (), ()),
        Finding("unknown_partner", "Unknown ids", "Add it.", 40, (), ()),
        Finding("late", "Late", "", None, ("accounts.partner_id",), ()),
        Finding("none", "Nothing found", "", 0, (), ()),
    ]
    chart = checks(found)
    (trace,) = chart.figure.data
    assert points(trace) == [(40, "Unknown ids"), (3, "Two motions"), (0, "Nothing found")]
    assert chart.title == "2 of 3 checks find something; most: unknown ids, 40"
    assert chart.frame["Check"].tolist() == ["Unknown ids", "Two motions", "Nothing found", "Late"]


def test_a_waterfall_leads_from_the_rate_of_a_year_before_to_that_of_now(sample_program):
    ledger = sample_program.ledger
    chosen = m.Settings(as_of=ledger.last_month)
    found = mix.change("nrr", ledger, chosen, m.PARTNER)
    frame = verdict_frames.change(found)
    inner = frame[frame["part"].isin(["mix", "rate"])]["amount"].sum()
    assert frame["amount"].iloc[0] + inner == pytest.approx(frame["amount"].iloc[-1])
    chart = change(found, m.BY_ID["nrr"], chosen, "motion")
    (trace,) = chart.figure.data
    assert trace.measure[0] == "absolute"
    assert trace.measure[-1] == "total"
    assert sum(trace.x[:-1]) == pytest.approx(trace.x[-1], abs=0.05)
    assert (trace.y[0], trace.y[-1]) == ("2025-09", "2026-09")
    assert (trace.increasing.marker.color, trace.decreasing.marker.color) == ("#0f7fc4", "#d55e00")
    assert chart.title == ("NRR rose from 73.1 % to 91.6 %: +11.3 points by the mix of motions, +7.3 points by rates")


def test_the_first_chart_is_of_what_the_headline_names_first(sample_program):
    """The headline of the sample begins with affiliates' retention: their customers are drawn, not those of all."""
    ledger = sample_program.ledger
    chosen, rules = m.Settings(as_of=ledger.last_month), default_rules()
    first = stands_out(ledger, chosen, rules)[0]
    assert first.metrics[0] == "survival"
    assert proof(ledger, chosen, rules).shown.equals(survival(ledger, chosen, first.motions[:1]).shown)
    assert not proof(ledger, chosen, rules).shown.equals(survival(ledger, chosen, m.PARTNER).shown)
