"""The chart of the roadmap: its frame against the sums, and what of it is drawn where."""

import numpy as np
import pytest

from motions.charts import roadmap
from motions.charts.frame import framed
from motions.charts.roadmap import drawing, frames
from motions.economics.answers.sensitivity import with_swings
from motions.economics.inputs.scenario import default_scenario
from motions.roadmap.whole import whole
from tests.charts.drawn import named, names, points

COLUMNS = (
    "month", "begins", "beginning", "monthly", "contribution", "contribution_p10", "contribution_p90", "cash",
    "cash_p10", "cash_p90", "break_even",
)  # fmt: skip
ROWS = [
    (1, "Referrals", 1, -10.0, -10.0, -15.0, -5.0, -20.0, -30.0, -12.0, 3),
    (2, "", 0, -5.0, -15.0, -18.0, -9.0, -40.0, -50.0, -20.0, 3),
    (3, "Ecosystem, channels and affiliates", 3, 45.0, 30.0, 20.0, 44.0, 25.0, 10.0, 33.0, 3),
]
TURNS = framed(COLUMNS, ROWS)
SENTENCE = "The roadmap contributes $30."


def without(*columns):
    return TURNS.assign(**dict.fromkeys(columns, float("nan")))


PLAIN = without("contribution_p10", "contribution_p90", "cash_p10", "cash_p90")


@pytest.fixture(scope="module")
def scenario():
    found = default_scenario().with_market(months=12).replace(shown=("referral", "affiliate", "channel"))
    return found.with_program("affiliate", start_month=4).with_program("channel", start_month=4)


def test_the_frame_holds_the_sums_and_where_programs_begin(scenario):
    found = whole(scenario)
    frame = frames.whole(found)
    assert tuple(frame.columns) == COLUMNS
    assert frame["month"].tolist() == list(range(1, 13))
    assert frame["contribution"].tolist() == found.cumulative.tolist()
    assert frame["monthly"].cumsum().tolist() == pytest.approx(found.cumulative.tolist())
    assert frame["cash"].tolist() == found.cash.tolist()
    assert {at: begins for at, begins in zip(frame["month"], frame["begins"], strict=True) if begins} == {
        1: "Referrals", 4: "Affiliates and channels",
    }  # fmt: skip
    assert frame["beginning"].sum() == 3
    assert frame.filter(like="_p").isna().all(axis=None)


def test_the_band_of_the_frame_is_that_of_the_draws(scenario):
    found = whole(with_swings(scenario, "affiliate").replace(draws=1000))
    frame = frames.whole(found)
    ends = np.array([frame["contribution_p10"], frame["contribution_p90"]])
    assert ends.tolist() == found.band[::2].tolist()
    assert np.array([frame["cash_p10"], frame["cash_p90"]]).tolist() == found.cash_band[::2].tolist()


def test_two_lines_over_their_bands():
    chart = drawing.whole(TURNS, SENTENCE, "USD", 300)
    assert names(chart) == [
        "Contribution, P10", "Contribution, P90", "Cash, P10", "Cash, P90", "Contribution", "Cash", "Break-even",
    ]  # fmt: skip
    assert points(named(chart, "Contribution")) == [(1, -10), (2, -15), (3, 30)]
    assert points(named(chart, "Cash")) == [(1, -20), (2, -40), (3, 25)]
    assert points(named(chart, "Contribution, P90")) == [(1, -5), (2, -9), (3, 44)]
    assert points(named(chart, "Cash, P10")) == [(1, -30), (2, -50), (3, 10)]
    assert named(chart, "Cash, P90").fill == named(chart, "Contribution, P90").fill == "tonexty"
    looks = {(named(chart, name).line.dash, named(chart, name).marker.symbol) for name in ("Contribution", "Cash")}
    assert len(looks) == 2
    assert named(chart, "Cash").hovertext[1] == "Cash, month 2: −$40<br>P10 −$50, P90 −$20"
    assert chart.title == "The roadmap contributes $30"
    assert chart.measure.endswith("by month; bands are P10 to P90")
    assert chart.alt == ("The roadmap contributes $30. Cash is lowest in month 2, at −$40, and $25 in the last month.")


def test_without_ranges_there_is_no_band_and_nothing_said_of_one():
    chart = drawing.whole(PLAIN, SENTENCE, "EUR", 300)
    assert names(chart) == ["Contribution", "Cash", "Break-even"]
    assert chart.title == "The roadmap contributes $30"
    assert chart.frame.columns.tolist() == [
        "Month", "Begins", "Contribution of the month (EUR)", "Contribution, running total (EUR)",
        "Cash, running total (EUR)",
    ]  # fmt: skip
    assert named(chart, "Contribution").hovertext[0] == "Contribution, month 1: −€10"


def test_break_even_is_a_ring_on_the_line_where_there_is_one():
    assert points(named(drawing.whole(TURNS, SENTENCE, "USD", 300), "Break-even")) == [(3, 30)]
    assert "Break-even" not in names(drawing.whole(without("break_even"), SENTENCE, "USD", 300))
    never_below = TURNS.assign(contribution=[0.0, 5.0, 9.0], break_even=1)
    assert "Break-even" not in names(drawing.whole(never_below, SENTENCE, "USD", 300))


def test_where_programs_begin_is_marked_with_as_many_names_as_fit():
    layout = drawing.whole(TURNS, SENTENCE, "USD", 300).figure.layout
    begins = [(one.x, one.text) for one in layout.annotations if one.textangle == -90]
    assert begins == [(1, "Referrals"), (3, "3 programs")]
    assert [shape.x0 for shape in layout.shapes if shape.yref == "paper" and shape.type == "line"] == [1, 3]


def test_lines_are_named_at_their_ends_apart_from_one_another_and_the_ring_where_it_is():
    notes = {
        one.text: one
        for one in drawing.whole(TURNS, SENTENCE, "USD", 300).figure.layout.annotations
        if not one.textangle
    }
    upper, lower = (next(one for text, one in notes.items() if name in text) for name in ("Contribution", "Cash"))
    assert (upper.text.endswith("</b><br>$30"), lower.text.endswith("</b><br>$25")) == (True, True)
    low, high = drawing.whole(TURNS, SENTENCE, "USD", 300).figure.layout.yaxis.range
    scale = 240 / (high - low)
    assert upper.y * scale + upper.yshift - lower.y * scale - lower.yshift >= 30 - 1e-9  # two lines each
    assert {"break-even<br>month 3", "loss"} < set(notes)


def test_the_chart_is_drawn_of_the_whole(scenario):
    chart = roadmap.whole(whole(scenario), 280)
    assert chart.figure.layout.height == 280
    assert not chart.empty
    assert chart.title.startswith("The roadmap contributes")
