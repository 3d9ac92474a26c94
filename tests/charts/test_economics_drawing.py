"""Which column of a frame is drawn where, in which colour, and what is said of it: the simulator."""

import re
from importlib import import_module
from itertools import pairwise

import pandas as pd
import pytest

from motions.charts.economics import answer_drawing, program_drawing
from motions.charts.frame import framed
from motions.charts.style import LOOKS
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.keys import Place
from motions.economics.inputs.scenario import input_of
from tests.charts.drawn import levels, named, names, points

RATE = Place("affiliate.payout.percent.rate", input_of("affiliate.payout.percent.rate"))
PRICE = Place("market.list_price", input_of("market.list_price"))

# Programs

BY_MONTH = framed(
    ("program", "pinned", "month", "cumulative", "p10", "p90", "break_even"),
    [
        ("affiliate", False, 1, -100.0, -150.0, -50.0, 2),
        ("affiliate", False, 2, 300.0, 200.0, 400.0, 2),
        ("reseller", False, 1, -80.0, None, None, None),
        ("reseller", False, 2, -20.0, None, None, None),
        ("affiliate", True, 1, 5.0, None, None, 1),
        ("affiliate", True, 2, 7.0, None, None, 1),
    ],
)


def test_each_program_has_a_line_and_the_pinned_ones_lie_below_it_faint():
    chart = program_drawing.contribution(BY_MONTH, "USD", 300)
    assert names(chart) == [
        "Affiliates, P10", "Affiliates, P90", "Affiliates, pinned", "Affiliates", "Resellers", "Affiliates, break-even"
    ]  # fmt: skip
    assert points(named(chart, "Affiliates")) == [(1, -100), (2, 300)]
    assert points(named(chart, "Resellers")) == [(1, -80), (2, -20)]
    assert points(named(chart, "Affiliates, pinned")) == [(1, 5), (2, 7)]
    for name, motion in (("Affiliates", "affiliate"), ("Affiliates, pinned", "affiliate"), ("Resellers", "reseller")):
        assert named(chart, name).line.color == LOOKS[motion].colour
    assert named(chart, "Affiliates, pinned").opacity < named(chart, "Affiliates").opacity == 1
    assert named(chart, "Affiliates").hovertext[1] == "Affiliates, month 2: $300<br>P10 $200, P90 $400"
    assert named(chart, "Affiliates, pinned").hovertext[0] == "Affiliates, pinned, month 1: $5"
    assert levels(chart)[1:] == [(0, 0)]  # after the side of loss
    assert chart.figure.layout.height == 300
    assert chart.figure.layout.yaxis.title.text == "Cumulative contribution (USD)"


def test_the_band_lies_between_p10_and_p90():
    chart = program_drawing.contribution(BY_MONTH, "USD", 300)
    low, high = named(chart, "Affiliates, P10"), named(chart, "Affiliates, P90")
    assert (points(low), points(high)) == ([(1, -150), (2, 200)], [(1, -50), (2, 400)])
    assert (low.fill, high.fill) == (None, "tonexty")  # up from the line before it
    assert chart.title == "Affiliates: $320 more than resellers in 2 months, with P10 to P90"
    assert program_drawing.contribution(BY_MONTH.iloc[2:], "USD", 300).title == "Resellers: −$20 in 2 months"


def test_lines_are_named_at_their_ends_and_labels_do_not_cover_one_another():
    chart = program_drawing.contribution(BY_MONTH, "USD", 300)
    labels = [note for note in chart.figure.layout.annotations if note.text != "loss"]
    assert {words(note) for note in labels} == {
        "▲ <b>Affiliates</b><br>$300<br>P90 $400<br>P10 $200", "✖ <b>Resellers</b><br>−$20", "▲ pinned $7"
    }  # fmt: skip
    assert_apart(chart, labels)


def words(note):
    """A label without the colour of its sign."""
    return re.sub(r"<span[^>]*>(.*?)</span>", r"\1", note.text)


def assert_apart(chart, labels):
    """No label covers another, none ends above the chart."""
    low, high = chart.figure.layout.yaxis.range
    room = chart.figure.layout.height - 60
    spans = sorted(
        ((note.y - low) * room / (high - low) + note.yshift, 15 * (note.text.count("<br>") + 1)) for note in labels
    )
    assert all(at - tall / 2 >= below + low_one / 2 - 1e-9 for (below, low_one), (at, tall) in pairwise(spans))
    assert spans[-1][0] + spans[-1][1] / 2 <= room + 1e-9


def test_eight_programs_that_end_high_have_their_labels_inside_the_chart():
    rows = [(name, False, month, month * (1000.0 + at), None, None, None) for at, name in enumerate(PROGRAMS)
            for month in (1, 2)]  # fmt: skip
    assert len(PROGRAMS) == 8
    chart = program_drawing.contribution(framed(BY_MONTH.columns, rows), "USD", 330)
    labels = [note for note in chart.figure.layout.annotations if note.text != "loss"]
    assert len(labels) == 8
    assert_apart(chart, labels)


def test_the_side_of_loss_and_the_month_of_break_even_are_marked():
    chart = program_drawing.contribution(BY_MONTH, "USD", 300)
    loss = next(shape for shape in chart.figure.layout.shapes if shape.type == "rect")
    assert (loss.y0, loss.y1) == (chart.figure.layout.yaxis.range[0], 0)
    assert points(named(chart, "Affiliates, break-even")) == [(2, 300)]
    assert "loss" in [note.text for note in chart.figure.layout.annotations]


def test_the_contributions_words_are_those_of_the_last_month():
    alt = program_drawing.contribution(BY_MONTH, "USD", 300).alt
    assert alt.endswith(
        "P90. Cumulative contribution: Affiliates $300, break-even in month 2 and Resellers −$20, no break-even."
    )


def test_a_customer_has_four_costs_of_its_program():
    frame = framed(
        ("program", "effective_cpa", "cpa_70", "cpa_40", "blended_cac"),
        [("affiliate", 70.0, 100.0, 175.0, 300.0), ("reseller", None, None, None, 300.0)],
    )
    chart = program_drawing.cost_of_a_customer(frame, "USD")
    marks = {trace.name: trace.x for trace in chart.figure.data if not trace.name.endswith("reach")}
    assert marks == {
        "Effective CPA: all customers incremental": (70, None),
        "70 % incremental": (100, None),
        "40 % incremental": (175, None),
    }
    assert points(named(chart, "Affiliates, reach")) == [(70, "Affiliates"), (175, "Affiliates")]
    assert all(named(chart, name).y == ("Affiliates", "Resellers") for name in marks)
    own = tuple(LOOKS[name].colour for name in ("affiliate", "reseller"))
    assert all(named(chart, name).marker.color == own for name in marks)
    assert named(chart, "Effective CPA: all customers incremental").text == ("$70", "unknown")
    assert named(chart, "70 % incremental").hovertext == ("70 %: $100.00", "70 %: unknown")
    (blended,) = chart.figure.layout.shapes
    assert (blended.x0, blended.x1) == (300, 300)
    assert chart.figure.layout.annotations[0].text == "blended CAC $300"
    assert chart.title == "Affiliates: a customer costs less than blended CAC ($300)"
    assert chart.alt.endswith(
        "Effective CPA against blended CAC: Affiliates $70 against $300 and Resellers unknown against $300."
    )


def test_the_cost_of_a_customer_concludes_which_programs_are_cheaper_than_an_average_one():
    columns = ("program", "effective_cpa", "cpa_70", "cpa_40", "blended_cac")
    dear = ("reseller", 400.0, 500.0, 900.0, 300.0)
    both = framed(columns, [("affiliate", 70.0, 100.0, 175.0, 300.0), dear])
    title = program_drawing.cost_of_a_customer(both, "USD").title
    assert title == "A customer costs less than blended CAC ($300) through affiliates"
    alone = program_drawing.cost_of_a_customer(framed(columns, [dear]), "USD").title
    assert alone == "Resellers: a customer costs no less than blended CAC ($300)"
    none = framed(columns, [("reseller", None, None, None, None)])
    assert program_drawing.cost_of_a_customer(none, "USD").title == "No program wins a customer"


EARNED = pd.DataFrame(
    {
        "month": [1, 2],
        "high": [90.0, 100.0],
        "typical": [20.0, 30.0],
        "low": [1.0, 2.0],
        "worth_from": [50.0, 50.0],
        "worth_share": [0.1, 0.25],
    }
)


def test_partners_earn_on_three_lines_and_it_is_worth_it_from_a_level_on():
    chart = program_drawing.partner_side(EARNED, "affiliate", "USD")
    assert {trace.name: trace.y for trace in chart.figure.data} == {
        "Top tenth": (90, 100), "Typical partner": (20, 30), "Low tenth": (1, 2)
    }  # fmt: skip
    assert all(trace.x == (1, 2) for trace in chart.figure.data)
    assert {trace.line.color for trace in chart.figure.data} == {LOOKS["affiliate"].colour}
    assert named(chart, "Typical partner").line.width > named(chart, "Top tenth").line.width
    assert levels(chart) == [(50, 50)]
    assert chart.figure.layout.annotations[0].text == "a partner wants $50"
    ends = [words(note) for note in chart.figure.layout.annotations[1:]]
    assert ends == ["▲ <b>Low tenth</b><br>$2", "▲ <b>Typical partner</b><br>$30", "▲ <b>Top tenth</b><br>$100"]
    assert named(chart, "Low tenth").hovertext[1] == "Low tenth, month 2: $2.00"
    assert chart.title == "25 % of partners earn enough in the last month; a typical one makes $30"
    assert chart.alt == f"Affiliates: {chart.title}."


def test_without_partners_the_partners_side_says_so():
    none = EARNED.assign(typical=[20.0, float("nan")], worth_share=[0.1, float("nan")])
    title = program_drawing.partner_side(none, "affiliate", "USD").title
    assert title == "There are no partners in the last month"


def test_the_mix_has_a_bar_for_each_motion_with_its_amount_and_share():
    frame = framed(("motion", "arr", "share"), [("affiliate", 300.0, 0.25), ("sales_led", 900.0, 0.75)])
    chart = program_drawing.arr_mix(frame, "USD")
    (bars,) = chart.figure.data
    assert points(bars) == [(300, "Affiliates"), (900, "Sales-led")]
    assert bars.text == ("$300, 25 %", "$900, 75 %")
    assert bars.marker.color == tuple(LOOKS[name].colour for name in ("affiliate", "sales_led"))
    assert bars.hovertext[1] == "Sales-led: $900, 75.0 %"
    assert chart.title == "Closing ARR: $1,200, 75 % of it from sales-led"
    assert chart.alt == f"{chart.title}. Closing ARR by motion: Affiliates 25 % and Sales-led 75 %."
    nothing = program_drawing.arr_mix(frame.assign(arr=0.0, share=0.0), "USD")
    assert nothing.title == "Closing ARR: $0"


DEMAND = pd.DataFrame(
    {
        "segment": ["Small <b>", "Large"],
        "affiliate": [10.0, 0.0],
        "reseller": [5.0, 7.0],
        "conflict": [3.0, 0.0],
        "exhausted": [0.0, 2.0],
    }
)


def test_a_segments_customers_are_drawn_by_who_wins_them():
    chart = program_drawing.demand(DEMAND)
    axis = chart.figure.layout.yaxis
    rows = dict(zip(axis.tickvals, axis.ticktext, strict=True))
    drawn = sorted((place, rows[place].strip(), amount) for one in chart.figure.data for amount, place in points(one))
    assert [(name, amount) for _, name, amount in drawn] == [
        ("Affiliates", 10), ("Resellers", 5), ("Lost to one another", 3), ("Resellers", 7), ("Nobody left to win", 2),
    ]  # fmt: skip
    heads = [(note.y, note.text) for note in chart.figure.layout.annotations]
    assert [text for _, text in heads] == ["<b>Small &lt;b&gt;</b><br>15 won", "<b>Large</b><br>7 won"]
    assert heads[0][0] < drawn[0][0] < drawn[2][0] < heads[1][0] < drawn[3][0]  # the axis goes down
    assert axis.range[0] > axis.range[1]
    assert named(chart, "Affiliates").marker.color == LOOKS["affiliate"].colour
    assert named(chart, "Resellers").text == ("5", "7")
    assert named(chart, "Resellers").hovertext == ("Resellers: 5 customers", "Resellers: 7 customers")
    assert chart.title == "Small <b>: motions lose 3 customers to one another"
    assert chart.alt == f"{chart.title}. Small <b> 15 won and Large 7 won."
    alone = program_drawing.demand(DEMAND.assign(conflict=0.4))
    assert alone.title == "No two motions get in each other's way"


# Answers


def test_a_goal_is_a_line_over_the_input_with_its_target_and_where_it_is_reached():
    frame = framed(
        ("input", "figure", "reached"),
        [(0.1, 0.5, False), (0.2, None, False), (0.3, 0.1, False), (0.25, 0.2, True)],
    )
    chart = answer_drawing.goal(frame, "It is at 25 %.", "affiliate", RATE, "payout_share", 0.2, "USD")
    assert points(named(chart, "Affiliates")) == [(10, 50), (20, None), (30, 10)]
    assert points(named(chart, "Target")) == [(25, 20)]
    assert named(chart, "Target").text == ("25.0 %",)
    assert levels(chart) == [(20, 20)]
    assert named(chart, "Affiliates").hovertext == ("10.0 %: 50.0 %", "20.0 %: unknown", "30.0 %: 10.0 %")
    assert (chart.title, chart.alt) == ("It is at 25 %", "Payout share by commission: It is at 25 %.")
    assert chart.figure.layout.xaxis.title.text == "Commission (%)"


TORNADO = framed(
    ("input", "low", "high", "at_low", "at_high", "now"),
    [("Commission", "10 %", "20 %", 900.0, 100.0, 500.0), ("Price", "$4", "$6", 450.0, 700.0, 500.0)],
)


def ends(trace):
    """Where the bars of a tornado end."""
    return [base + length for base, length in zip(trace.base, trace.x, strict=True)]


def test_a_tornados_bars_go_from_now_to_the_figure_at_each_end():
    chart = answer_drawing.tornado(TORNADO, "contribution", "USD")
    low, high = named(chart, "Input low"), named(chart, "Input high")
    assert (low.base, high.base) == ((500, 500), (500, 500))
    assert (ends(low), ends(high)) == ([900, 450], [100, 700])
    assert low.y == high.y == ("Commission", "Price")
    assert chart.figure.layout.yaxis.autorange == "reversed"  # the first on top
    assert chart.figure.layout.barmode == "overlay"
    assert low.marker.color != high.marker.color
    assert low.hovertext == ("Commission at 10 %: $900", "Price at $4: $450")
    assert high.hovertext == ("Commission at 20 %: $100", "Price at $6: $700")
    assert (low.text[0], high.text[0]) == ("−", "+")  # so that colour is not all that tells them apart
    assert "10 % to 20 %" in chart.figure.layout.yaxis.ticktext[0]
    assert chart.title == "Of the inputs with a range, Commission matters most to contribution"
    assert chart.alt == f"{chart.title}. How far inputs move contribution: Commission by $800 and Price by $250."
    assert not chart.figure.layout.shapes  # no side of loss is reached
    lost = answer_drawing.tornado(TORNADO.assign(at_high=[-100.0, 700.0]), "contribution", "USD")
    assert (lost.figure.layout.shapes[0].x0 < -100, lost.figure.layout.shapes[0].x1) == (True, 0)
    none = answer_drawing.tornado(TORNADO.head(0), "contribution", "USD")
    assert (none.title, none.empty) == ("No input moves this figure", True)


def test_a_tornado_of_a_share_is_in_percent():
    shares = TORNADO.assign(at_low=[0.75, 0.5], at_high=[0.25, 0.5], now=0.5)
    chart = answer_drawing.tornado(shares, "payout_share", "USD")
    assert ends(named(chart, "Input low")) == [75, 50]
    assert ends(named(chart, "Input high")) == [25, 50]
    assert chart.figure.layout.xaxis.title.text == "Payout share (%)"


def test_a_spider_has_a_line_for_each_input_over_its_moves():
    frame = framed(
        ("input", "move", "figure"),
        [("A", -0.5, 0.5), ("A", 0.5, 0.25), ("B <i>", -0.5, None), ("B <i>", 0.5, 1.0)],
    )
    chart = answer_drawing.spider(frame, "payout_share", "USD")
    assert {trace.name: points(trace) for trace in chart.figure.data} == {
        "A": [(-50, 50), (50, 25)], "B &lt;i&gt;": [(-50, None), (50, 100)]
    }  # fmt: skip
    assert len({trace.line.color for trace in chart.figure.data}) == 2
    assert chart.figure.data[1].hovertext == ("B &lt;i&gt; -50 %: unknown", "B &lt;i&gt; +50 %: 100.0 %")
    assert chart.title == "A moves payout share most: by 25.0 points"
    assert chart.alt == f"{chart.title}. Payout share while A and B <i> move by −50 to +50 %."
    ends = {words(note) for note in chart.figure.layout.annotations}
    assert ends == {"● <b>A</b><br>+50 %: 25.0 %", "■ <b>B &lt;i&gt;</b><br>+50 %: 100.0 %"}


def test_inputs_whose_lines_lie_on_one_another_share_one_and_its_label():
    moved = {"A (Affiliates)": (0.0, 200.0), "B (Affiliates)": (0.0, 200.1), "C": (100.0, 100.0), "D": (100.0, 100.0)}
    rows = [(name, move, y) for name, ys in moved.items() for move, y in zip((-0.5, 0.5), ys, strict=True)]
    chart = answer_drawing.spider(framed(("input", "move", "figure"), rows), "contribution", "USD")
    assert names(chart) == ["A (Affiliates) and B (Affiliates)", "C and D"]
    assert {words(note) for note in chart.figure.layout.annotations} >= {
        "● <b>A and B</b><br>+50 %: $200", "■ <b>C and D</b><br>no effect",
    }  # fmt: skip
    assert chart.title == "B (Affiliates) moves contribution most: by $200"
    assert len(chart.frame) == 8


HEAT = framed(
    ("across", "up", "figure"),
    [(100.0, 0.1, 1.0), (200.0, 0.1, 2.0), (100.0, 0.2, 3.0), (200.0, 0.2, None), (300.0, 0.1, 5.0), (300.0, 0.2, 6.0)],
)


def test_a_map_has_one_input_across_and_the_other_up():
    chart = answer_drawing.heat(HEAT, "contribution", PRICE, RATE, 4.0, (150.0, 0.15), "USD")
    colours, *contours, now = chart.figure.data
    for trace in (colours, *contours):
        assert trace.x == (100, 200, 300)
        assert trace.y == (10, 20)
        assert list(trace.z[0]) == [1, 2, 5]
        assert list(trace.z[1]) == pytest.approx([3, float("nan"), 6], nan_ok=True)
    assert [contour.contours.value for contour in contours] == [4, 4]
    assert points(now) == [(150, 15)]
    assert "List price per month (USD) %{x" in colours.hovertemplate
    assert "Commission (%) %{y" in colours.hovertemplate
    assert chart.figure.layout.xaxis.title.text == "List price per month (USD)"
    assert chart.figure.layout.yaxis.title.text == "Commission (%)"
    assert chart.title == "Contribution is $4 or more in 40 % of this map, but not where inputs are now"
    assert [note.text for note in chart.figure.layout.annotations] == ["now"]  # nowhere a loss
    assert chart.alt.endswith("List price per month across, Commission (Affiliates) up.")
    never = answer_drawing.heat(HEAT, "contribution", PRICE, RATE, 40.0, (150.0, 0.15), "USD")
    assert never.title == "Contribution is nowhere $40 over these ranges"


def test_the_side_of_loss_of_a_map_is_told_by_the_colours_and_named():
    lost = HEAT.assign(figure=HEAT["figure"] - 2.5)
    chart = answer_drawing.heat(lost, "contribution", PRICE, RATE, 0.0, (300.0, 0.2), "USD")
    assert chart.figure.data[0].zmid == 0
    assert chart.figure.data[0].colorscale[0][1] == "#b0530f"  # what is lost is brown
    word = next(note for note in chart.figure.layout.annotations if "loss" in note.text)
    assert ((lost["across"] == word.x) & (lost["up"] * 100 == word.y) & (lost["figure"] < 0)).any()
    assert chart.title == "Contribution is $0 or more in 60 % of this map, also where inputs are now"
    cost = answer_drawing.heat(lost, "cpa_over_cac", PRICE, RATE, 0.0, (300.0, 0.2), "USD")
    assert cost.figure.data[0].zmid is None  # below zero is the better side there


def test_a_map_of_a_share_is_in_percent():
    shares = HEAT.assign(figure=HEAT["figure"] / 10)
    colours, contour, *_ = answer_drawing.heat(shares, "payout_share", PRICE, RATE, 0.4, (1, 0.1), "USD").figure.data
    assert colours.z[0][2] == 50
    assert contour.contours.value == 40


def test_what_explains_most_is_on_top():
    frame = framed(("input", "share"), [("A & B", 0.5), ("C", 0.125)])
    chart = answer_drawing.explained(frame, "npv", "USD")
    (bars,) = chart.figure.data
    assert points(bars) == [(50, "A &amp; B"), (12.5, "C")]
    assert bars.text == ("50 %", "12 %")
    assert bars.hovertext[1] == "C: 12.5 % of the variance"
    assert chart.figure.layout.yaxis.autorange == "reversed"
    assert chart.title == "A & B explains 50 % of the uncertainty in NPV"
    assert chart.alt == f"{chart.title}. A & B 50 % and C 12 %."


STEPS = framed(
    ("step", "kind", "amount"),
    [("Old <b>", "start", 100.0), ("Price", "change", 50.0), ("Churn", "change", -80.0), ("New", "end", 70.0)],
)


def test_a_waterfall_leads_from_total_to_total_by_changes():
    chart = answer_drawing.waterfall(STEPS, "npv", "USD")
    (bars,) = chart.figure.data
    assert points(bars) == [(100, "Old &lt;b&gt;"), (50, "Price"), (-80, "Churn"), (70, "New")]
    assert bars.measure == ("absolute", "relative", "relative", "total")
    assert bars.text == ("$100", "+$50", "−$80", "$70")
    assert bars.hovertext[2] == "Churn: −$80"
    assert bars.increasing.marker.color != bars.decreasing.marker.color
    assert chart.figure.layout.yaxis.autorange == "reversed"
    assert chart.title == "New comes to $30 less NPV than Old <b>"
    assert chart.alt == f"{chart.title}: Price $50 and Churn −$80."
    back = STEPS.iloc[::-1].assign(kind=["start", "change", "change", "end"])
    assert answer_drawing.waterfall(back, "npv", "USD").title == "Old <b> comes to $30 more NPV than New"


def test_scenarios_stand_one_below_the_other_with_their_spread():
    frame = framed(
        ("scenario", "figure", "p10", "p90"),
        [("Base <b>", 0.5, 0.25, 0.75), ("B", 0.25, None, None), ("C", None, None, None), ("D", 0.5, 0.625, 0.75)],
    )
    chart = answer_drawing.side_by_side(frame, "payout_share", "USD")
    (bars,) = chart.figure.data
    assert points(bars) == [(50, "Base &lt;b&gt;"), (25, "B"), (None, "C"), (50, "D")]
    assert (bars.error_x.array, bars.error_x.arrayminus) == ((25, 0, 0, 25), (25, 0, 0, 0))
    assert bars.marker.color[0] != bars.marker.color[1] == bars.marker.color[2]
    assert bars.hovertext[2] == "C: unknown"
    assert chart.figure.layout.yaxis.autorange == "reversed"
    assert chart.title == "Payout share: D comes to as much as Base <b>"
    assert chart.alt == f"{chart.title}: Base <b> 50.0 %, B 25.0 % and D 50.0 %."
    less = answer_drawing.side_by_side(frame.head(2), "payout_share", "USD")
    assert less.title == "Payout share: B comes to 25.0 points less than Base <b>"
    unknown = answer_drawing.side_by_side(frame.head(3), "payout_share", "USD").title
    assert unknown == "Payout share of C is unknown"
    assert answer_drawing.side_by_side(frame.head(1), "payout_share", "USD").title == "Payout share of Base <b>: 50.0 %"
    plain = answer_drawing.side_by_side(frame.assign(p10=float("nan"), p90=float("nan")), "payout_share", "USD")
    assert not plain.figure.data[0].error_x.visible


def test_a_loss_is_said_and_the_side_of_it_is_shaded():
    statement = import_module("motions.charts.economics.statement")  # the function of that name hides it
    rows = framed(
        ("step", "kind", "amount"),
        [("Your revenue", "start", 100.0), ("Program cost", "change", -150.0), ("Contribution", "end", -50.0)],
    )
    chart = statement.chart(rows, "reseller", 6, "USD")
    assert chart.title == "Resellers: costs are $50 more than the $100 booked"
    (tint,) = chart.figure.layout.shapes
    assert (tint.x0 < -50, tint.x1) == (True, 0)
    assert chart.figure.layout.xaxis.range[0] == tint.x0
    gain = statement.chart(rows.assign(amount=[100.0, -40.0, 60.0]), "reseller", 6, "USD")
    assert gain.title == "Resellers: of $100 booked $60 is left"
    assert not gain.figure.layout.shapes
