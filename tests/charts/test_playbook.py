"""The charts of the compare page: the playbook's figures and one deal, as frames and as drawn."""

import pytest

from motions.charts.frame import framed
from motions.charts.playbook import drawing, frames
from motions.charts.style import LOOKS
from motions.economics.model.deal import Deal, preset_deal
from motions.playbook import load_playbook
from tests.charts.drawn import named, points


def test_the_playbooks_shares_are_the_articles():
    # Channels 30 to 50 %, resellers 40 to 60 %, affiliates 15 % in one example, referrals a credit of $500.
    frame = frames.payout_ranges(load_playbook().motions).set_index("motion")
    ends = frame[["low", "high"]]
    assert ends.loc["channel"].tolist() == [0.3, 0.5]
    assert ends.loc["reseller"].tolist() == [0.4, 0.6]
    assert ends.loc["affiliate"].tolist() == [0.15, 0.15]
    assert ends.loc[["ecosystem", "referral"]].isna().all(axis=None)
    assert frame["stated"].tolist() == [
        "nothing stated", "30 to 50 %", "$500 credit a year (one example)", "15 % (one example)", "40 to 60 %"
    ]  # fmt: skip


RANGES = framed(
    ("motion", "name", "low", "high", "stated"),
    [
        ("channel", "Channels", 0.25, 0.5, "25 to 50 %"),
        ("affiliate", "Affiliates", 0.125, 0.125, "12 % (one example)"),
        ("ecosystem", "Ecosystem", None, None, "nothing stated"),
    ],
)


def test_a_range_is_a_bar_from_low_to_high():
    chart = drawing.payout_ranges(RANGES)
    bars = {trace.y[0]: trace for trace in chart.figure.data}
    assert (bars["Channels"].base, bars["Channels"].x) == ((25,), (25,))
    middle = bars["Affiliates"].base[0] + bars["Affiliates"].x[0] / 2
    assert (middle, bars["Affiliates"].x[0] < 1) == (pytest.approx(12.5), True)
    assert bars["Ecosystem"].x == (0,)
    (note,) = chart.figure.layout.annotations
    assert (note.y, note.text) == ("Ecosystem", "nothing stated")
    assert bars["Channels"].marker.color == LOOKS["channel"].colour
    assert bars["Channels"].text == ("25 to 50 %",)
    assert bars["Channels"].hovertext == ("Channels: 25 to 50 % of the price",)
    # The axis goes up: the last is on top.
    assert chart.figure.layout.yaxis.categoryarray == ("Ecosystem", "Affiliates", "Channels")
    assert chart.alt == (
        "Partner's share of the price by motion: Channels 25 to 50 %; Affiliates 12 % (one example); "
        "Ecosystem nothing stated."
    )


def test_a_deals_parts_are_what_the_customer_pays():
    deal = preset_deal("reseller", 500, 0.8, 12)
    frame = frames.same_deal([("Resellers", deal)])
    assert frame.iloc[0].tolist() == [
        "Resellers", deal.spend, deal.contribution, deal.cost_of_revenue, deal.partner_keeps
    ]  # fmt: skip
    assert deal.contribution + deal.cost_of_revenue + deal.partner_keeps == pytest.approx(deal.spend)


DEALS = frames.same_deal(
    [
        ("Affiliates", Deal("affiliate", 1000.0, 150.0, 250.0, 600.0)),
        ("Resellers", Deal("reseller", 1000.0, 500.0, 250.0, 250.0)),
        ("Ecosystem", Deal("ecosystem", 1000.0, None, 250.0, None)),
    ]
)


def test_each_part_of_a_deal_is_a_bar_and_they_stand_side_by_side():
    chart = drawing.same_deal(DEALS, "USD", 12)
    assert {trace.name: trace.x for trace in chart.figure.data} == {
        "Your contribution": (600, 250, None), "Cost of revenue": (250, 250, 250), "Partner keeps": (150, 500, None)
    }  # fmt: skip
    assert all(trace.y == ("Affiliates", "Resellers", "Ecosystem") for trace in chart.figure.data)
    assert all(trace.orientation == "h" for trace in chart.figure.data)
    assert chart.figure.layout.barmode == "stack"
    assert chart.figure.layout.yaxis.autorange == "reversed"
    assert points(named(chart, "Partner keeps"))[1] == (500, "Resellers")
    assert named(chart, "Partner keeps").text == ("$150", "$500", "")
    assert named(chart, "Your contribution").hovertext[0] == "Affiliates: your contribution $600.00"
    assert len({trace.marker.color for trace in chart.figure.data}) == 3
    assert chart.figure.layout.xaxis.title.text == "USD, one customer over 12 months"


def test_the_deals_conclusion_is_the_best_and_the_worst():
    chart = drawing.same_deal(DEALS, "USD", 12)
    assert chart.title == (
        "Over 12 months a customer leaves you $600 under Affiliates and $250 under Resellers; of Ecosystem no payout "
        "is stated"
    )
    assert "Resellers: partner keeps $500, cost of revenue $250, your contribution $250" in chart.alt
    assert "Ecosystem: of $1,000 cost of revenue $250, no payout is stated" in chart.alt
    assert [note.text for note in chart.figure.layout.annotations] == ["payout not stated"]
    same = drawing.same_deal(DEALS.iloc[:2].assign(contribution=600.0), "USD", 12)
    assert same.title == "Over 12 months a customer leaves you $600"
