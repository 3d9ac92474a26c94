"""Every way in which a figure is said: nothing rounds to a minus zero, and what is shown can be read back."""

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions import text, units
from motions.cohorts.metrics.metrics import METRICS
from motions.economics.inputs.assumptions import DirectProgram, Market, PartnerProgram
from motions.economics.inputs.terms import PARTS, PayoutPlan
from motions.economics.model.projection import SERIES
from motions.economics.model.results import FIGURES
from motions.fields import inputs
from motions.units import (
    COUNT,
    DAYS,
    MEAN_DAYS,
    MEAN_MONTHS,
    MONEY,
    MONEY_A_MONTH,
    MONEY_PER_MONEY,
    MONTHS,
    NONE,
    PERCENT,
    RATIO,
    TIMES,
    Unit,
)

UNITS = [one for one in vars(units).values() if isinstance(one, Unit)]
MODELS = (Market, PartnerProgram, DirectProgram, PayoutPlan, *(model for _, _, model in PARTS))
SMALL = st.floats(-0.02, 0.02, allow_subnormal=False)


def is_minus_zero(said):
    return re.search("[−-]", said) and not re.search("[1-9]", said)


@given(SMALL)
def test_no_number_is_shown_as_minus_zero(value):
    said = [text.money(value), text.money_exact(value), text.percent(value), text.percent(value, 0), text.points(value)]
    said += [text.count(value, "month"), text.interval(value, value), text.interval(value, value, text.money)]
    said += [shown for unit in UNITS for shown in (unit.said(value), unit.between(value, value, value))]
    said += [unit.difference(value) for unit in UNITS]
    assert not [one for one in said if is_minus_zero(one)]


def test_what_rounds_to_zero_has_no_sign():
    assert text.percent(-0.00001) == "0.0 %"
    assert text.points(-0.00001) == "+0.0 points"
    assert text.count(np.float64(-0.4), "self-serve account") == "0 self-serve accounts"
    assert MEAN_DAYS.said(-0.01) == "0.0 days"
    assert (MEAN_DAYS.said(-3.25), TIMES.said(-0.5)) == ("−3.2 days", "−0.50 ×")


@pytest.mark.parametrize(
    ("unit", "value", "said", "size", "axis", "sheet"),
    [
        (MONEY, 1_234_567, "€1.23M", "€1.23M", "EUR", "#,##0.00"),
        (MONEY_A_MONTH, -2500, "−€2,500/month", "€2,500/month", "EUR a month", "#,##0.00"),
        (MONEY_PER_MONEY, 0.42, "€0.42", "€0.42", "EUR per EUR", "0.00"),
        (PERCENT, 0.1243, "12.4 %", "12.4 points", "%", "0.0%"),
        (MONTHS, 7.4, "7 months", "7 months", "months", "0"),
        (DAYS, 1, "1 day", "1 day", "days", "0"),
        (MEAN_MONTHS, 7.25, "7.2 months", "7.2", "months", "0.0"),
        (COUNT, 12345, "12,345", "12,345", "count", "#,##0"),
        (RATIO, 2.5, "2.50", "2.50", "ratio", "0.00"),
        (TIMES, 2.5, "2.50 ×", "2.50", "×", "0.00"),
        (units.amount_of("licences"), 300, "300 licences", "300", "licences", ""),
        (units.PARTNERS, 2.25, "2.25 partners", "2.25", "partners", ""),
    ],
)
def test_a_unit_says_what_its_figures_look_like(unit, value, said, size, axis, sheet):
    assert (unit.said(value, "EUR"), unit.size(value, "EUR")) == (said, size)
    assert (unit.named("EUR"), unit.sheet, unit.label("Title", "EUR")) == (axis, sheet, f"Title ({axis})")


def test_a_difference_is_said_with_its_sign_or_not_at_all():
    assert PERCENT.difference(-0.031) == "−3.1 points"
    assert MONTHS.difference(2) == "+2 months"
    assert MONEY.difference(0.0) == MONEY.difference(-0.001) == PERCENT.difference(1e-5) == "no difference"
    assert MONEY.difference(None) == MONEY.said(None) == "unknown"


@given(st.floats(0, 1e6), st.sampled_from(UNITS))
def test_what_is_shown_is_stored_again(value, unit):
    assert unit.stored(unit.shown(value)) == pytest.approx(value, abs=1e-8)


def test_a_unit_is_its_name_in_files():
    assert json.dumps({"unit": PERCENT}) == '{"unit": "%"}'
    assert {str(metric.unit) for metric in METRICS} == {"count", "%", "money", "ratio", "days", "months"}
    assert {str(figure.unit) for figure in FIGURES} == {
        "money",
        "money/month",
        "%",
        "months",
        "×",
        "ratio",
        "customers",
    }
    assert {str(unit) for _, _, unit, _ in SERIES} == {"money", "partners", "leads", "customers"}


def test_every_figure_metric_and_input_is_in_a_unit():
    of_inputs = [item.unit for model in MODELS for item in inputs(model)]
    found = [*(one.unit for one in (*FIGURES, *METRICS)), *(unit for _, _, unit, _ in SERIES), *of_inputs]
    assert all(isinstance(unit, Unit) for unit in found)
    assert all((item.unit is NONE) == bool(item.options) for model in MODELS for item in inputs(model))
