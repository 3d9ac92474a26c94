"""The axis of contract value: each source's stretches, in dollars a year, and what they disagree on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions.playbook import axis, disagreements, load_fit, placed
from motions.playbook.conditions import facts, truth
from motions.text import money

BANDS = axis()


def cut_points():
    """Every amount at which some source cuts, from low to high."""
    return tuple(sorted({end for band in axis() for end in (band.low, band.high) if end}))


values = st.one_of(st.floats(0, 1e9), st.sampled_from(cut_points()))


def of(cuts):
    return [band for band in BANDS if band.cuts == cuts]


@given(values)
def test_each_source_puts_a_value_into_one_stretch_at_most(acv):
    found = placed(acv)
    assert len({band.cuts for band in found}) == len(found)
    for band in found:
        assert band.low <= acv
        assert band.high is None or acv < band.high
    whole = {band.cuts for band in BANDS if band.low == 0 and of(band.cuts)[-1].high is None}
    assert whole <= {band.cuts for band in found}


def test_an_unknown_value_is_placed_nowhere():
    assert placed(None) == ()
    assert not any(band.holds for band in BANDS)


def test_prices_a_month_are_made_yearly_and_say_so():
    assert [(band.low, band.high) for band in of("elinkages_msp")] == [(0, 6000), (6000, 12_000), (12_000, None)]
    for one in load_fit().cuts:
        assert all(("times 12" in band.note) == (one.price == "month") for band in of(one.id))


def test_worked_case_of_twelve_thousand():
    """By the collection of published rules: inside, assisted, hybrid, inside."""
    labels = {band.cuts: band.label for band in placed(12_000) if band.about == "how to sell"}
    assert labels == {
        "knowledgelib_sales": "inside sales",
        "reachrobin": "assisted",
        "shalvisingh": "hybrid",
        "kbcm": "inside sales",
        "janz": "needs a standard product",
    }


@given(values)
def test_the_rules_that_follow_from_bands_speak_where_the_band_holds(acv):
    holds = {(band.cuts, at) for cuts in load_fit().cuts for at, band in enumerate(axis(acv)) if band.holds
             if band.cuts == cuts.id}  # fmt: skip
    starts = {cuts.id: [band.cuts for band in BANDS].index(cuts.id) for cuts in load_fit().cuts}
    for rule in load_fit().rules:
        cuts, _, number = rule.id.rpartition("_")[0].rpartition("_")
        if cuts in starts and rule.when is not None:
            sold = {"acv": acv, "sold": "self_serve"}
            assert truth(rule.when, sold) == ((cuts, starts[cuts] + int(number) - 1) in holds)
            assert any(fact.question == "acv" for fact in facts(rule.when))


def test_every_cut_of_a_rule_on_contract_value_is_known():
    ends = {cut for rule in load_fit().rules if rule.when for fact in facts(rule.when) if fact.question == "acv"
            for cut in (fact.low, fact.high) if cut}  # fmt: skip
    assert ends - set(cut_points()) == set()
    assert list(cut_points()) == sorted(cut_points())


def test_who_disagrees_is_a_source_that_has_rules():
    known = {rule.source for rule in load_fit().rules}
    assert {name for one in disagreements() for side in one.sides for name in side.by} <= known
    assert len(disagreements()) == 6


@pytest.mark.parametrize(
    ("about", "label"), [("Where self-serve ends", ("self-serve", "product-led", "internet")),
                         ("Where field sales begin", ("field sales", "sales"))],
)  # fmt: skip
def test_what_they_disagree_on_is_what_their_bands_say(about, label):
    sides = next(one.sides for one in disagreements() if one.about == about)
    bands = [band for band in BANDS if band.label.startswith(label) and band.about == "how to sell"]
    ends = {band.source: band.high if "ends" in about else band.low for band in bands}
    assert {name: side.says for side in sides for name in side.by} == {
        source: f"At {money(end)}" for source, end in ends.items()
    }
