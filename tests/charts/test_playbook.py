"""The chart of the compare page: one deal under each motion, as a frame and as drawn."""

import pytest

from motions import deals
from motions.charts import playbook
from motions.charts.playbook import drawing, frames
from motions.charts.style import LOOKS
from motions.deals import Offer
from motions.economics.model.deal import Deal, preset_deal
from motions.playbook.own import original
from tests.charts.drawn import named

ALL = tuple(original().names)


def test_a_deals_parts_are_what_the_customer_pays_and_the_range_is_that_of_the_playbook():
    frame = frames.same_deal(deals.offers(original(), ALL, 500, 0.8, 12)).set_index("motion")
    deal = preset_deal("reseller", 500, 0.8, 12)
    row = frame.loc["reseller"]
    assert row[["spend", "contribution", "cost_of_revenue", "partner_keeps"]].tolist() == [
        deal.spend, deal.contribution, deal.cost_of_revenue, deal.partner_keeps
    ]  # fmt: skip
    assert deal.contribution + deal.cost_of_revenue + deal.partner_keeps == pytest.approx(deal.spend)
    # Resellers 40 to 60 %: what is kept at the ends, the dearest first.
    assert row["worst"] == preset_deal("reseller", 500, 0.8, 12, share=0.6).contribution
    assert row["best"] == preset_deal("reseller", 500, 0.8, 12, share=0.4).contribution
    assert frame[["worst", "best"]].notna().all(axis=1).loc[list(ALL)].tolist() == [False, True, False, False, True]
    assert frame["stated"].loc[list(ALL)].tolist() == [
        "not stated", "30 to 50 %", "$500 credit a year, one example", "15 %, one example", "40 to 60 %"
    ]  # fmt: skip


OFFERS = (
    Offer("affiliate", "Affiliates", Deal("affiliate", 1000.0, 150.0, 250.0, 600.0), "15 %, one example"),
    Offer("reseller", "Resellers", Deal("reseller", 1000.0, 500.0, 250.0, 250.0), "40 to 60 %", (150.0, 350.0)),
    Offer("ecosystem", "Ecosystem", Deal("ecosystem", 1000.0, None, 250.0, None), "not stated"),
)


def test_each_part_of_a_deal_is_a_bar_the_range_lies_below_it_and_the_unknown_is_an_outline():
    chart = playbook.same_deal(OFFERS, 12)
    assert {trace.name: trace.x for trace in chart.figure.data} == {
        "You keep": (600, 250), "Cost of revenue": (250, 250, 250), "Partner gets": (150, 500), "Not stated": (750,),
        "Playbook's range": (250,),
    }  # fmt: skip
    kept, outline, reach = (named(chart, name) for name in ("You keep", "Not stated", "Playbook's range"))
    assert kept.y == (0, 1)
    assert kept.marker.color == (LOOKS["affiliate"].colour, LOOKS["reseller"].colour)
    assert kept.text == ("$600", "$250")
    assert kept.hovertext[0] == "Affiliates: you keep $600.00"
    assert (outline.y, outline.marker.color, outline.marker.line.width > 0) == ((2,), "rgba(0,0,0,0)", True)
    assert reach.error_x.array == (100,)
    assert reach.error_x.arrayminus == (100,)
    assert 1 + kept.width / 2 < reach.y[0] < 2 - kept.width / 2  # below its bar, above the next one
    assert chart.figure.layout.yaxis.range[0] > chart.figure.layout.yaxis.range[1]  # the first one on top
    assert chart.figure.layout.yaxis.ticktext == ("Affiliates ", "Resellers ", "Ecosystem ")
    heads, notes = [[note.text for note in some] for some in split(chart)]
    assert heads == ["You keep", "Cost of revenue", "Partner gets"]
    assert [note.x for note in chart.figure.layout.annotations[:3]] == [
        0,
        600,
        1000,
    ]  # where the first bar's parts begin
    assert notes == [
        "<b>$150</b><br>15 %, one example", "<b>$500</b><br>40 to 60 %", "$150 to $350 in the playbook's range",
        "no payout stated: $750 before one",
    ]  # fmt: skip


def test_a_phone_has_amounts_without_their_words():
    heads, notes = [[note.text for note in some] for some in split(playbook.same_deal(OFFERS, 12, narrow=True))]
    assert heads == ["You keep", "Cost of<br>revenue", "Partner<br>gets"]
    assert notes == ["<b>$150</b>", "<b>$500</b>", "$150 to $350", "not stated"]


def split(chart):
    """The names of the parts above the first bar, and the notes beside the bars."""
    notes = chart.figure.layout.annotations
    return notes[:3], notes[3:]


def test_where_no_payout_is_stated_there_is_no_part_to_be_named():
    notes = playbook.same_deal(OFFERS[2:], 12).figure.layout.annotations
    assert [note.text for note in notes] == ["no payout stated: $750 before one"]


def test_the_deals_conclusion_is_who_takes_more_than_is_kept():
    chart = playbook.same_deal(OFFERS, 12, "What counts.")
    assert chart.title == "Resellers take more than you keep"
    assert chart.measure.startswith("One customer over 12 months, which may leave before, at our churn of each motion")
    assert chart.about == "What counts."
    assert "Resellers: you keep $250 of $1,000, partner gets $500, cost of revenue $250, $150 to $350 in" in chart.alt
    assert "Ecosystem: of $1,000 cost of revenue $250, no payout is stated" in chart.alt
    assert playbook.same_deal(OFFERS[:1], 12).title == "You keep more than the partner gets"
    assert playbook.same_deal(OFFERS[2:], 12).title == "What you keep is not known: no payout is stated"


def test_a_loss_is_drawn_to_the_left_of_zero():
    loss = Offer("reseller", "Resellers", Deal("reseller", 1000.0, 600.0, 500.0, -100.0), "60 %", (-200.0, 0.0))
    chart = drawing.same_deal(frames.same_deal([loss]), 12, "", False)
    low, high = chart.figure.layout.xaxis.range
    assert low < -200
    assert high >= 1100
