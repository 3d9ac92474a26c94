"""What every chart says of itself: its conclusion, what is drawn, and what one wants to know beyond that."""

import re

import pytest

from tests.charts.every import names

MOST = 4
"""sentences of an explanation"""


def test_one_chart_of_each_function_is_looked_at(every):
    assert set(names()) == set(every)  # a new one has to be drawn in `every`
    assert len(names()) >= 37


@pytest.mark.parametrize("name", names())
def test_every_chart_says_what_is_drawn_and_explains_itself(every, name):
    chart = every[name]
    assert chart.measure
    assert not chart.measure.endswith(".")
    assert chart.about.endswith(".")
    assert len(re.findall(r"\. (?=[A-Z])", chart.about)) < MOST
    assert chart.title in chart.alt
    assert not chart.title.endswith(".")


@pytest.mark.parametrize("name", names())
def test_what_is_drawn_is_named_where_it_is_drawn_and_not_in_a_legend(every, name):
    figure = every[name].figure
    assert not figure.layout.showlegend
    assert not any(trace.showlegend for trace in figure.data)
