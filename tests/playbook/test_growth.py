"""Product-led, sales-led or a mix; partners as a layer; and the playbook's own examples."""

import pytest
from hypothesis import given

from motions.playbook import Answers, examples, growth, load_playbook
from tests.playbook.test_fit import partial


def test_a_layer_upon_what_sells_today():
    found = growth(Answers(acv=900, sold="self_serve", converts=True, trusted=True, market_fit=True))
    assert found.headline == "Product-led first, and a partner layer upon it now."
    assert found.mix == "Rules speak for product-led alone."
    sales = growth(Answers(acv=200_000, sold="field", trusted=False, market_fit=False))
    assert sales.headline == "Sales-led first, and partners later."
    assert growth(Answers()).headline.startswith("No answer yet.")
    assert growth(Answers(converts=True)).headline == "Product-led first, and a partner layer upon it now."
    only_layer = growth(Answers(trusted=True))
    assert only_layer.headline == "What to build upon is open, and a partner layer upon it now."


def test_where_sources_put_both_it_is_a_mix():
    found = growth(Answers(acv=3000))
    assert found.base.first == ("product_led", "sales_led")
    assert found.mix == "A mix: rules speak for both (product-led 3 points and sales-led 3 points)."


def test_partners_do_not_mend_a_funnel_that_leaks_but_a_sales_team_needs_none():
    """The partner-layer article: partners multiply a working self-serve funnel and repair none."""
    leaks = {"converts": False, "trusted": True, "market_fit": True}
    assert growth(Answers(leaks, sold="self_serve")).layer.first == ("later",)
    assert growth(Answers(leaks, sold="field")).layer.first == ("now",)


@given(partial)
def test_partners_are_never_what_one_builds_upon(answers):
    found = growth(Answers(answers))
    assert {one.id for one in found.base.ranking} == {"product_led", "sales_led"}
    assert {one.id for one in found.layer.ranking} == {"now", "later"}
    assert found.headline.endswith((".", "?"))
    assert "forecastable.com (2026)" in found.name


@pytest.mark.parametrize(("equal", "alone"), [
    (False, {"ecosystem": True, "channel": False, "referral": True, "affiliate": True, "reseller": True}),
    (True, {"ecosystem": True, "channel": False, "referral": True, "affiliate": True, "reseller": False}),
])  # fmt: skip
def test_the_playbooks_examples_by_its_own_rules(equal, alone):
    """Pinned, not wished for: a text that names one new market speaks for channels and resellers alike."""
    found = {one.motion: one for one in examples(equal)}
    assert {name: one.own_first for name, one in found.items()} == alone
    assert found["channel"].sentence == ("The rules do not single it out: channels and resellers share first place.")
    assert found["referral"].sentence == "The rules agree: referrals first."
    assert {name for one in found.values() for name in one.fit.first} == set(found)


def test_there_is_one_example_for_each_motion_and_it_says_what_is_read_out_of_the_text():
    assert {one.motion for one in examples()} == {motion.id for motion in load_playbook().motions}
    stated = {one.motion: [known.title for known in one.known if known.stated] for one in examples()}
    assert stated["channel"] == ["Are new regions or industries wanted"]
    assert all(len(known.note) > 15 and known.answer for one in examples() for known in one.known)
