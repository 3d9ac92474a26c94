"""The charts of Choose: what their frames hold, and what is drawn of them."""

import math

import pytest

from motions.charts import playbook as charts
from motions.charts.playbook import fit_drawing, fit_frames
from motions.charts.style import LOOKS
from motions.playbook import Answers, axis, rank

KNOWN = Answers(acv=12_000, sold="self_serve", satisfied=True, converts=True, packaging=True)


def test_places_so_far_and_the_ends_of_what_is_possible():
    fit = rank(KNOWN)
    frame = fit_frames.places(fit)
    assert frame["motion"].tolist() == [one.id for one in fit.ranking]
    assert frame["name"].tolist() == ["Referrals", "Affiliates", "Ecosystem", "Resellers", "Channels"]
    assert frame["place"].tolist() == [1, 2, 3, 4, 4]
    assert frame[["best", "worst"]].to_numpy().tolist() == [[one.best, one.worst] for one in fit.ranking]
    assert frame["ruled_out"].tolist() == [False, False, False, True, True]
    shared = fit_frames.places(rank(KNOWN.moved("trusted", True)))
    assert shared["place"].tolist()[:2] == [1, 1]
    assert math.isnan(fit_frames.places(rank(Answers()))["place"].iloc[0])


def test_a_band_and_a_mark_in_the_look_of_each_motion():
    chart = charts.places(rank(KNOWN))
    bands, marks = chart.figure.data[:5], chart.figure.data[5:]
    assert (bands[0].y[0], bands[0].x) == ("Referrals", (0.86, 3.14))
    assert [(trace.y[0], trace.x[0]) for trace in marks] == [
        ("Referrals", 1), ("Affiliates", 2), ("Ecosystem", 3), ("Resellers", 4), ("Channels", 4)
    ]  # fmt: skip
    assert marks[1].marker.symbol == LOOKS["affiliate"].marker
    assert {note.text for note in chart.figure.layout.annotations} == {
        "5 points", "4 points", "1 point", "ruled out<br>(4 points)", "ruled out<br>(1 point)"
    }  # fmt: skip
    assert chart.title == "Only Referrals, Affiliates and Ecosystem can still come first"
    assert "Referrals: place 1; places 1 to 3 of 5 are possible" in chart.alt
    open_ = charts.places(rank(Answers()))
    assert len(open_.figure.data) == 5
    assert open_.title == "Each of them can still come first"


def test_the_title_is_true_of_what_is_drawn():
    everything = Answers(
        acv=900, sold="self_serve", complexity="one_person", market_fit=True, satisfied=True, converts=True,
        expansion=False, enterprise=False, packaging=True, trusted=True, people="nobody", revenue=1e6,
    )  # fmt: skip
    fit = rank(everything)
    frame = fit_frames.places(fit)
    first = frame.loc[frame["best"] == 1, "name"].tolist()
    assert len(first) == 1
    assert fit_drawing.places(frame).title == f"{first[0]} stays first, whatever else is answered"


def test_every_band_of_every_source_is_drawn_and_none_covers_another():
    bands = axis(12_000)
    frame = fit_frames.cuts(bands)
    assert len(frame) == len(bands)
    for _, rows in frame.groupby("row"):
        ends = rows["high"].fillna(math.inf).tolist()
        assert all(low >= high for low, high in zip(rows["low"].tolist()[1:], ends, strict=False))
    chart = charts.cuts(bands, 12_000)
    assert len(chart.figure.data) == len(bands)
    held = {row["source"] for _, row in frame[frame["holds"]].iterrows()}
    assert held == {one.source for one in bands if one.holds}
    assert chart.figure.layout.shapes[0].x0 == 12_000
    assert chart.title.startswith("At $12,000 a year: inside sales by 2 of 5")
    assert charts.cuts(axis(None), None).title == "Sources change their advice between $150 and $150k a year"
    assert not charts.cuts(axis(None), None).figure.layout.shapes


@pytest.mark.parametrize("acv", [0.0, 50.0, 5e9])
def test_a_contract_value_off_the_axis_stands_at_its_end(acv):
    x = charts.cuts(axis(acv), acv).figure.layout.shapes[0].x0
    assert x == (100 if acv < 100 else 1_000_000)
