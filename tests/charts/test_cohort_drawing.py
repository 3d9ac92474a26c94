"""Which column of a frame is drawn where, in which colour, and what is said of it: program health."""

from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest

from motions.charts.cohorts import acquisition_drawing, revenue_drawing
from motions.charts.ends import End, ends
from motions.charts.frame import framed
from motions.charts.style import LOOKS, ORGANIC, PARTNER
from motions.cohorts.metrics import metrics as m
from tests.charts.drawn import levels, named, names, points

JUNE = 2026 * 12 + 5

# Retention

KEPT = ("side", "age", "kept", "low", "high", "customers", "note")
BY_AGE = framed(
    KEPT,
    [
        ("Partner", 0, 1.0, 1.0, 1.0, 40, ""),
        ("Partner", 1, 1.25, 1.1, 1.4, 30, ""),
        ("Partner", 2, 0.5, 0.4, 0.6, 20, ""),
        ("Organic", 0, 1.0, None, None, 12, ""),
        ("Organic", 1, 0.75, None, None, 11, ""),
        ("Organic", 2, None, None, None, 3, "too few: 3"),
    ],
)


def test_retention_is_drawn_by_age_in_percent():
    chart = revenue_drawing.retention(BY_AGE, "money")
    assert names(chart) == ["Partner, 95 % interval", "Partner", "Organic"]
    partner, organic = named(chart, "Partner"), named(chart, "Organic")
    assert points(partner) == [(0, 100), (1, 125), (2, 50)]
    assert points(organic) == [(0, 100), (1, 75), (2, None)]
    assert (partner.line.color, organic.line.color) == (PARTNER.colour, ORGANIC.colour)
    assert not organic.connectgaps
    assert levels(chart) == [(100, 100)]
    assert partner.hovertext[1] == "Partner, month 1: 125.0 % (110.0 % to 140.0 %) of first MRR, 30 customers"
    assert organic.hovertext[2] == "Organic, month 2: unknown of first MRR, 3 customers"
    assert chart.figure.layout.xaxis.title.text == "Months since the first payment"
    assert chart.figure.layout.yaxis.title.text == "Kept of first MRR"


def test_the_band_goes_along_the_high_ends_and_back_along_the_low_ones():
    band = named(revenue_drawing.retention(BY_AGE, "money"), "Partner, 95 % interval")
    assert band.x == (0, 1, 2, 2, 1, 0)
    assert band.y == pytest.approx((100, 140, 60, 40, 110, 100))
    assert band.fillcolor == PARTNER.colour


def test_retention_says_what_is_kept_at_the_last_age_that_both_sides_know():
    chart = revenue_drawing.retention(BY_AGE, "money")
    assert chart.title == "Partner customers keep 125 % of their first MRR after 1 month, organic 75 %"
    assert chart.alt.startswith(chart.title)
    swapped = BY_AGE.assign(side=BY_AGE["side"].map({"Partner": "Organic", "Organic": "Partner"}))
    assert revenue_drawing.retention(swapped, "money").title == (
        "Organic customers keep 125 % of their first MRR after 1 month, partner customers 75 %"
    )
    customers = revenue_drawing.retention(BY_AGE, "customers").title
    assert customers == "125 % of partner customers still pay after 1 month, of organic ones 75 %"


def test_retention_of_one_side_and_of_none():
    one = BY_AGE[BY_AGE["side"] == "Partner"]
    assert revenue_drawing.retention(one, "money").title == (
        "Partner customers keep 50 % of their first MRR after 2 months"
    )
    none = BY_AGE[BY_AGE["age"] == 0]
    assert (
        revenue_drawing.retention(none, "money").title
        == "Kept by age: of no side ten customers are known from their first payment on"
    )


def test_what_is_kept_is_told_of_the_age_of_the_verdict_and_where_the_curves_part():
    rows = [
        (side, age, 1 - age / (100 if side == "Partner" else 50), None, None, 20, "")
        for side in ("Partner", "Organic")
        for age in range(20)
    ]
    assert revenue_drawing.retention(framed(KEPT, rows), "money").title == (
        "Partner customers keep 88 % of their first MRR after 12 months, organic 76 %"
    )

    def told(gap):
        """Two sides of which one is `gap(age)` below the other, with intervals of a tenth either way."""
        lines = [("Affiliates", 0.5), ("Organic", 0.5)]
        both = [
            (side, age, kept, kept - 0.1, kept + 0.1, 20, "")
            for number, (side, start) in enumerate(lines)
            for age in range(7)
            for kept in [start - (gap(age) if number == 0 else 0)]
        ]
        return revenue_drawing.retention(framed(KEPT, both), "customers").title

    rest = "% of customers of affiliates still pay after 6 months, of organic ones 50 %"
    assert told(lambda age: 0.3 if age >= 5 else 0.0) == f"20 {rest}; apart from month 5 on"
    assert told(lambda age: 0.3 if age == 4 else 0.1) == f"40 {rest}; the gap of month 4 has closed"
    assert told(lambda age: 0.3 if age in (3, 4) else 0.19) == f"31 {rest}; clearly apart in months 3 to 4 only"
    assert told(lambda age: 0.1) == f"40 {rest}"


def test_lines_are_called_where_they_end_and_labels_do_not_cover_one_another():
    chart = revenue_drawing.retention(BY_AGE, "money")
    assert not chart.figure.layout.showlegend
    said = {label.text.split("<b>")[1]: label for label in chart.figure.layout.annotations}
    assert set(said) == {"Partner</b><br>month 2: 50 %", "Organic</b><br>month 1: 75 %"}
    assert {label.y for label in said.values()} == {50, 75}
    assert ORGANIC.colour in said["Organic</b><br>month 1: 75 %"].text
    close = [
        End(10.0 + at / 10, name, "$1", PARTNER) for at, name in enumerate(("One", "Two", "Three", "Four", "Five"))
    ]
    scale = (320 - 60) / 100
    heights = [label["y"] * scale + label["yshift"] for label in ends(close, (0.0, 100.0), 320)]
    assert all(above - below >= 14.9 for below, above in pairwise(heights))
    high = [replace(end, y=end.y + 89) for end in close]
    heights = [label["y"] * scale + label["yshift"] for label in ends(high, (0.0, 100.0), 320)]
    assert max(heights) <= 260.1
    assert all(above - below >= 14.9 for below, above in pairwise(heights))


def test_survival_is_drawn_by_age_with_its_band():
    chart = revenue_drawing.survival(BY_AGE)
    assert names(chart) == ["Partner, 95 % interval", "Partner", "Organic"]
    assert points(named(chart, "Organic")) == [(0, 100), (1, 75), (2, None)]
    assert named(chart, "Partner").hovertext[2].endswith("of customers, 20 customers at risk")
    assert chart.title == "125 % of partner customers are still there after 1 month, of organic ones 75 %"


FROM = ("who", "motion", "ratio", "low", "high", "ended", "customers", "note")
SOURCES = [
    ("Partner", "", 1.5, 1.1, 2.0, 90, 200, ""),
    ("Affiliates", "affiliate", 4.0, 2.5, 6.4, 60, 80, ""),
    ("Resellers", "reseller", 0.5, 0.3, 0.8, 10, 60, ""),
    ("Channels", "channel", None, None, None, 0, 4, "too few: 4"),
    ("Partner without affiliates", "affiliate", 0.9, 0.6, 1.4, 30, 120, ""),
    ("Partner without resellers", "reseller", 2.0, 1.5, 2.7, 80, 140, ""),
]


def test_where_it_comes_from_is_a_mark_with_its_interval_for_each_motion():
    chart = revenue_drawing.sources(framed(FROM, SOURCES))
    marks = {trace.name: (trace.x[0], trace.y[0], trace.error_x) for trace in chart.figure.data}
    assert "Channels" not in marks
    ratio, who, ends = marks["Affiliates"]
    assert (ratio, who, ends.array[0], ends.arrayminus[0]) == (4.0, "Affiliates", pytest.approx(2.4), 1.5)
    assert named(chart, "Affiliates").marker.color == LOOKS["affiliate"].colour
    assert chart.figure.layout.xaxis.type == "log"
    assert chart.figure.layout.yaxis.categoryarray[-1] == "Partner"
    assert chart.title == "All motions: affiliates lose customers faster than organic; all others together no faster"
    assert "Affiliates 4.00 times (2.50 to 6.40)" in chart.alt
    worse = [(*row[:2], 2.0, 1.5, 2.6, *row[5:]) if "without a" in row[0] else row for row in SOURCES]
    assert revenue_drawing.sources(framed(FROM, worse)).title.endswith("all others together faster too")
    assert revenue_drawing.sources(framed(FROM, [SOURCES[0], SOURCES[2]])).title == (
        "All motions: none loses customers faster than organic; Resellers slower"
    )
    assert revenue_drawing.sources(framed(FROM, [])).title.startswith("How fast customers end is unknown")


HALVES = ("side", "half", "kept", "low", "high", "customers", "slope", "slope_low", "slope_high")


def test_half_years_say_whether_later_customers_stay_longer():
    rows = [
        *(("Partner", half, kept, kept - 0.1, kept + 0.05, 40, -0.1, -0.15, -0.05)
          for half, kept in (("2024 H1", 0.9), ("2024 H2", 0.8), ("2025 H1", 0.7))),
        *(("Organic", half, 0.8, 0.7, 0.9, 30, 0.0, -0.05, 0.05) for half in ("2024 H1", "2024 H2", "2025 H1")),
    ]  # fmt: skip
    chart = revenue_drawing.halves(framed(HALVES, rows), 6)
    partner = named(chart, "Partner")
    assert points(partner) == [("2024 H1", 90), ("2024 H2", 80), ("2025 H1", 70)]
    assert partner.error_y.array == pytest.approx((5, 5, 5))
    assert partner.error_y.arrayminus == pytest.approx((10, 10, 10))
    assert chart.title == (
        "Customers still there after 6 months, by half-year: partner: worse by 10.0 points a half-year; "
        "organic: no clear trend"
    )
    assert revenue_drawing.halves(framed(HALVES, []), 3).title.endswith("none is complete")


COHORTS = pd.DataFrame(
    {
        "cohort": ["2025-01", "2025-02", "2025-03"],
        "customers": [20, 4, 15],
        "thin": [False, True, False],
        0: [1.0, 1.0, 1.0],
        1: [0.5, 0.125, 1.5],
        2: [0.25, None, None],
    }
)


def test_the_triangle_has_cohorts_down_and_ages_across():
    chart = revenue_drawing.triangle(COHORTS, "Affiliates", "money")
    (map_,) = chart.figure.data
    assert map_.x == (0, 1, 2)
    assert map_.y == ("2025-01", "2025-02 *", "2025-03")
    assert [list(row) for row in map_.z] == [[100, 50, 25], [100, 12.5, None], [100, 150, None]]
    assert [list(row) for row in map_.text] == [["100", "50", "25"], ["100", "12", ""], ["100", "150", ""]]
    assert chart.figure.layout.yaxis.autorange == "reversed"
    assert map_.hovertext[1][1] == "First paid 2025-02 *, month 1: 12 % of first MRR, 4 customers"
    assert map_.hovertext[1][2] == ""
    assert "A star marks" in chart.alt


def test_the_middle_of_the_colours_is_what_was_there_at_first():
    (money,) = revenue_drawing.triangle(COHORTS, "All", "money").figure.data
    assert (money.zmin + money.zmax) / 2 == 100
    # Lost is brown, won is blue: the scale may not be turned round.
    assert [colour for _, colour in money.colorscale][:: len(money.colorscale) - 1] == ["#b0530f", "#0a5f96"]
    (customers,) = revenue_drawing.triangle(COHORTS, "All", "customers").figure.data
    assert (customers.zmin, customers.zmax) == (0, 100)
    assert [colour for _, colour in customers.colorscale][:: len(customers.colorscale) - 1] == ["#e9edf0", "#0a5f96"]


def test_the_triangles_conclusion_leaves_thin_cohorts_out():
    year = COHORTS.assign(**{"12": [0.8, 0.1, 1.07]}).rename(columns={"12": 12})
    title = revenue_drawing.triangle(year, "All partners", "money").title
    assert title == "All partners: cohorts keep 80 to 107 % of first MRR after 12 months"
    young = revenue_drawing.triangle(COHORTS, "All", "customers").title
    assert young == "All: cohorts keep 50 to 150 % of customers after 1 month"
    new = revenue_drawing.triangle(COHORTS.drop(columns=[1, 2]), "All", "money").title
    assert new == "All: no cohort of ten customers is a month old"


def test_a_triangle_without_sizes_says_no_number_of_customers():
    chart = revenue_drawing.triangle(COHORTS.drop(columns="customers").assign(thin=False), "All", "customers")
    assert chart.figure.data[0].hovertext[0][1] == "First paid 2025-01, month 1: 50 % of customers"
    assert "star" not in chart.alt


# MRR

MOVED = pd.DataFrame(
    {
        "month": ["2026-05", "2026-06"],
        "new_mrr": [100.0, 200.0],
        "expansion": [10.0, 20.0],
        "reactivation": [1.0, 2.0],
        "contraction": [-5.0, -50.0],
        "churn": [-7.0, -300.0],
        "net": [99.0, -128.0],
    }
)


def test_what_is_won_is_drawn_above_and_what_is_lost_below():
    chart = revenue_drawing.movements(MOVED, "All partners", "USD")
    drawn = {trace.name: (trace.type, *trace.y) for trace in chart.figure.data}
    assert drawn == {
        "New": ("bar", 100, 200),
        "Expansion": ("bar", 10, 20),
        "Reactivation": ("bar", 1, 2),
        "Contraction": ("bar", -5, -50),
        "Churn": ("bar", -7, -300),
        "Net": ("scatter", 99, -128),
    }
    assert all(trace.x == ("2026-05", "2026-06") for trace in chart.figure.data)
    assert chart.figure.layout.barmode == "relative"
    assert levels(chart) == [(0, 0)]
    colours = {name: named(chart, name).marker.color for name in ("New", "Expansion", "Churn", "Contraction")}
    assert len(set(colours.values())) == 4
    assert named(chart, "Churn").marker.color == "#d55e00"
    assert named(chart, "Churn").hovertext[1] == "Churn, 2026-06: $300.00"
    assert named(chart, "Net").hovertext[1] == "Net, 2026-06: −$128.00"
    assert chart.figure.layout.yaxis.title.text == "MRR won and lost (USD)"


def test_movements_say_whether_mrr_grew():
    chart = revenue_drawing.movements(MOVED, "All partners", "USD")
    assert chart.title == "All partners: MRR shrank by $29 in 2 months to 2026-06"
    assert chart.alt == "All partners: MRR shrank by $29 in 2 months to 2026-06: $333 won, $362 lost."
    assert revenue_drawing.movements(MOVED.head(1), "All", "USD").title == "All: MRR grew by $99 in 1 month to 2026-05"
    long = pd.concat([MOVED.head(1).assign(net=1e6), *[MOVED.head(1)] * 12])
    assert revenue_drawing.movements(long, "All", "USD").title == "All: MRR grew by $1,188 in 12 months to 2026-05"


BY_MOTION = pd.DataFrame(
    {"month": ["2026-05", "2026-06"], "reseller": [10.0, 60.0], "organic": [30.0, 20.0], "sales_led": [0.0, 20.0]}
)


def test_mrr_is_stacked_by_motion_and_a_point_names_its_motion():
    chart = revenue_drawing.mrr_by_motion(BY_MOTION, "EUR")
    assert names(chart) == ["Resellers", "Organic", "Sales-led"]  # one partner motion is its own upper edge
    assert points(named(chart, "Resellers")) == [("2026-05", 10), ("2026-06", 60)]
    for trace, motion in zip(chart.figure.data, ("reseller", "organic", "sales_led"), strict=True):
        assert trace.line.color == LOOKS[motion].colour
        assert trace.line.dash == ("solid" if motion == "reseller" else LOOKS[motion].dash)  # dashes are of baselines
        assert trace.stackgroup == "mrr"
        assert set(trace.customdata) == {trace.name}
    assert named(chart, "Organic").hovertext == ("Organic, 2026-05: €30.00", "Organic, 2026-06: €20.00")
    assert chart.title == "Partners carry 60 % of MRR in 2026-06"
    assert chart.alt == f"{chart.title}. MRR by motion in 2026-06: Resellers €60, Organic €20 and Sales-led €20."


def test_the_partner_motions_stand_together_below_one_edge():
    frame = BY_MOTION.assign(channel=[1.0, 5.0])[["month", "reseller", "channel", "organic", "sales_led"]]
    chart = revenue_drawing.mrr_by_motion(frame, "EUR")
    assert points(named(chart, "All partners")) == [("2026-05", 11), ("2026-06", 65)]
    assert named(chart, "All partners").stackgroup is None
    assert [label.y for label in chart.figure.layout.annotations] == [30, 62.5, 75, 95]
    year = pd.concat([frame.iloc[:1]] * 12 + [frame.iloc[1:]], ignore_index=True)
    assert revenue_drawing.mrr_by_motion(year, "EUR").title == (
        "Partners carry 62 % of MRR in 2026-06, 27 % a year before"
    )


# Acquisition

STAGES = ("side", "stage", "title", "accounts", "signups", "share")
FUNNEL = framed(
    STAGES,
    [
        ("Partner", "signups", "Signed up", 50, 50, 1.0),
        ("Partner", "activated", "Activated", 40, 50, 0.8),
        ("Partner", "bought", "Customer", 10, 50, 0.2),
        ("Organic", "signups", "Signed up", 80, 80, 1.0),
        ("Organic", "activated", "Activated", 20, 80, 0.25),
        ("Organic", "bought", "Customer", 4, 80, 0.05),
    ],
)


def test_the_funnel_draws_shares_of_signups_stage_by_stage():
    chart = acquisition_drawing.funnel(FUNNEL)
    assert points(named(chart, "Partner")) == [(100, "Signed up"), (80, "Activated"), (20, "Customer")]
    assert points(named(chart, "Organic")) == [(100, "Signed up"), (25, "Activated"), (5, "Customer")]
    assert named(chart, "Partner").marker.color == PARTNER.colour
    assert named(chart, "Organic").marker.color == ORGANIC.colour
    assert named(chart, "Organic").text == ("<b>100 %</b> organic", "<b>25 %</b> organic", "<b>5 %</b> organic")
    assert named(chart, "Organic").hovertext[1] == "Organic: 20 of 80 signups"
    assert chart.figure.layout.barmode == "group"
    assert chart.title == "20 % of partner signups became customers, 5 % of organic ones"
    assert "Partner: signed up 50, activated 40 and customer 10" in chart.alt
    partner = FUNNEL[FUNNEL["side"] == "Partner"]
    assert acquisition_drawing.funnel(partner).title == "20 % of partner signups became customers"
    assert acquisition_drawing.funnel(FUNNEL[FUNNEL["stage"] != "bought"]).title == (
        "80 % of partner signups activated, 25 % of organic ones"
    )
    assert acquisition_drawing.funnel(FUNNEL.iloc[:1]).title.startswith("How far signups get is unknown")


RATES = ("side", "month", "signups", "activated", "rate", "low", "high", "mature", "note")
ACTIVATION = framed(
    RATES,
    [
        ("Affiliates", "2026-04", 20, 15, 0.75, 0.5, 0.875, True, ""),
        ("Affiliates", "2026-05", 5, 5, 1.0, 0.5, 1.0, True, "too few: 5"),
        ("Affiliates", "2026-06", 30, 3, 0.1, 0.05, 0.25, False, ""),
        ("Organic", "2026-04", 40, 10, 0.25, 0.125, 0.5, True, ""),
        ("Organic", "2026-05", 0, 0, None, None, None, True, "nothing to count"),
        ("Organic", "2026-06", 40, 4, 0.1, 0.05, 0.25, False, ""),
    ],
)
SETTINGS = m.Settings(as_of=JUNE)


def test_activation_is_a_mark_with_its_interval_and_hollow_where_it_says_little():
    chart = acquisition_drawing.activation_by_cohort(ACTIVATION, SETTINGS, [(0.1, 0.3, "Somebody: some survey")])
    assert names(chart) == ["Affiliates", "Organic", "Reference: Somebody"]
    own = named(chart, "Affiliates")
    assert points(own) == [("2026-04", 75), ("2026-05", 100), ("2026-06", 10)]
    assert own.error_y.array == pytest.approx((12.5, 0, 15))
    assert own.error_y.arrayminus == pytest.approx((25, 50, 5))
    assert own.marker.symbol == ("triangle-up", "triangle-up-open", "triangle-up-open")
    assert own.customdata == ("2026-04", "2026-05", "2026-06")
    assert (own.marker.color, named(chart, "Organic").marker.color) == (LOOKS["affiliate"].colour, ORGANIC.colour)
    assert own.hovertext[2] == "Affiliates, signed up 2026-06: 10.0 % (5.0 % to 25.0 %), 30 signups, immature"
    assert points(named(chart, "Organic"))[1] == ("2026-05", None)
    assert named(chart, "Reference: Somebody").y == (10, 10, 10, None, 30, 30, 30)
    assert chart.figure.layout.yaxis.title.text == "Activated within 14 days"


def test_activations_conclusion_is_of_the_mature_months_together():
    chart = acquisition_drawing.activation_by_cohort(ACTIVATION, SETTINGS)
    assert chart.title == "Affiliates: 80.0 % of signups activate within 14 days"  # 20 of 25
    immature = ACTIVATION[~ACTIVATION["mature"]]
    assert acquisition_drawing.activation_by_cohort(immature, SETTINGS).title == (
        "Affiliates: activation is unknown, immature: no cohort of the window has had 14 days"
    )
    none = ACTIVATION[ACTIVATION["signups"] == 0]
    assert acquisition_drawing.activation_by_cohort(none, SETTINGS).title == (
        "Organic: activation is unknown, nothing to count"
    )


def test_activation_says_when_the_window_is_longer_than_what_is_drawn():
    months = framed(RATES, [("All", str(at), 10, 1 + at // 12, 0.1, 0.0, 1.0, True, "") for at in range(24)])
    title = acquisition_drawing.activation_by_cohort(months, SETTINGS.model_copy(update={"window": 120})).title
    assert title == "All: 15.0 % of signups activate within 14 days, over the 24 months drawn"
    two_years = SETTINGS.model_copy(update={"window": 24})
    assert "drawn" not in acquisition_drawing.activation_by_cohort(months, two_years).title


COSTS = framed(
    ("month", "cpa", "cpa_customers", "cac", "cac_customers"),
    [("2026-04", 90.0, 11, 100.0, 30), ("2026-05", None, 0, 110.0, 20), ("2026-06", 150.0, 12, 120.0, 40)],
)


def test_cost_of_a_customer_is_cpa_for_partners_and_cac_for_all():
    chart = acquisition_drawing.cost_trend(COSTS, "USD")
    assert points(named(chart, "Effective CPA")) == [("2026-04", 90), ("2026-05", None), ("2026-06", 150)]
    assert points(named(chart, "Blended CAC")) == [("2026-04", 100), ("2026-05", 110), ("2026-06", 120)]
    assert named(chart, "Effective CPA").line.color == PARTNER.colour
    assert named(chart, "Blended CAC").line.color == ORGANIC.colour
    assert named(chart, "Effective CPA").hovertext[0] == "Effective CPA, 3 months to 2026-04: $90.00 (11 customers)"
    assert named(chart, "Blended CAC").hovertext[2] == "Blended CAC, 3 months to 2026-06: $120.00 (40 customers)"
    assert chart.title == "Effective CPA was below blended CAC in 1 of 2 months, and is not below it in 2026-06"
    assert chart.alt == f"{chart.title}, each taken over three months."
    swapped = COSTS.rename(columns={"cpa": "cac", "cac": "cpa"})
    assert acquisition_drawing.cost_trend(swapped.iloc[1:], "USD").title.endswith(
        "in 1 of 1 month, and is below it in 2026-06"
    )
    assert acquisition_drawing.cost_trend(COSTS.iloc[1:2], "USD").title.endswith("no month has both")


# Partners


def test_the_curve_of_partners_goes_from_none_to_all():
    shares = [0.0, 0.5, 0.6, *[0.6 + at / 100 for at in range(1, 18)]]
    frame = pd.DataFrame({"rank": range(20), "partners": [at / 19 for at in range(20)], "carried": shares})
    chart = acquisition_drawing.partner_curve(frame)
    curve = named(chart, "Partners")
    assert curve.x == pytest.approx([at / 19 * 100 for at in range(20)])
    assert curve.y == pytest.approx([share * 100 for share in shares])
    assert curve.line.color == PARTNER.colour
    assert points(named(chart, "If all carried the same")) == [(0, 0), (100, 100)]
    assert curve.hovertext[1] == "The largest 5 % of partners carry 50.0 % of partner MRR"
    # A tenth of 19 partners are two.
    assert chart.title == "The largest tenth of partners carries 60 % of partner MRR, the largest one 50 %"
    nobody = acquisition_drawing.partner_curve(frame.assign(carried=0.0))
    assert nobody.title == "Concentration of partner MRR is unknown: no partner has MRR"


BY_PARTNER = framed(
    ("partner", "partner_id", "motion", "mrr", "share"),
    [
        ("Uno <b>", "P1", "affiliate", 600.0, 0.6),
        ("Due", "P2", "reseller", 250.0, 0.25),
        ("Tre", "P3", "affiliate", 100.0, 0.1),
        ("4 others", "", "unassigned", 50.0, 0.05),
    ],
)


def test_partners_are_bars_in_the_colour_of_their_motion_the_largest_on_top():
    chart = acquisition_drawing.partners_by_mrr(BY_PARTNER, JUNE, "USD")
    bars = {label: (value, trace.name) for trace in chart.figure.data for value, label in points(trace)}
    assert bars == {
        "Uno &lt;b&gt; · P1": (600, "Affiliates"),
        "Due · P2": (250, "Resellers"),
        "Tre · P3": (100, "Affiliates"),
        "4 others": (50, "Others"),
    }
    assert {trace.name: trace.marker.color for trace in chart.figure.data} == {
        "Affiliates": LOOKS["affiliate"].colour, "Resellers": LOOKS["reseller"].colour,
        "Others": LOOKS["unassigned"].colour,
    }  # fmt: skip
    # The axis goes up, so that the last category is the one on top.
    assert chart.figure.layout.yaxis.categoryarray == ("4 others", "Tre · P3", "Due · P2", "Uno &lt;b&gt; · P1")
    assert named(chart, "Resellers").orientation == "h"
    assert named(chart, "Resellers").text == ("$250 resellers",)  # which motion: there are several
    one = acquisition_drawing.partners_by_mrr(BY_PARTNER[BY_PARTNER["motion"] != "reseller"], JUNE, "USD")
    assert named(one, "Affiliates").text == ("$600", "$100")
    assert named(chart, "Affiliates").hovertext == ("Uno &lt;b&gt; · P1: $600.00", "Tre · P3: $100.00")
    assert chart.figure.layout.xaxis.title.text == "MRR in 2026-06 (USD)"
    assert chart.figure.layout.xaxis.range[1] >= 600


def test_the_words_about_partners_are_the_files_own():
    chart = acquisition_drawing.partners_by_mrr(BY_PARTNER, JUNE, "USD")
    # Escaped for Plotly in the figure only: a page and a reader of the text alternative see what the file says.
    assert chart.title == "Uno <b> carries 60 % of partner MRR"
    assert chart.alt.startswith(f"{chart.title}. Partners by MRR: Uno <b> · P1 $600, Due · P2 $250,")
    long = BY_PARTNER.assign(partner="A name that is much longer than a label")
    assert (
        acquisition_drawing.partners_by_mrr(long, JUNE, "USD")
        .figure.data[0]
        .y[0]
        .startswith("A name that is much l… ·")
    )
