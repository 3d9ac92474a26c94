"""Every input of payout terms stands in the form once: the common ones at once, the others in a group."""

from collections import Counter

import pytest

from motions.economics.inputs.form import COMMON, OTHERS, common, group_of, more, sections
from motions.economics.inputs.terms import (
    PARTS,
    FlatReward,
    PayoutPlan,
    PercentOfRevenue,
    WholesaleDiscount,
    used_fields,
)
from motions.fields import inputs

MODELS = {"": PayoutPlan, **{kind: model for kind, _, model in PARTS}}


def test_every_input_of_every_part_stands_in_the_form_once():
    found = Counter((kind, name) for kind in MODELS for name in common(kind))
    found += Counter((kind, name) for kinds in more().values() for kind, names in kinds.items() for name in names)
    assert found == Counter((kind, item.name) for kind, model in MODELS.items() for item in inputs(model))


def test_four_terms_of_a_part_stand_there_at_once_at_the_most_and_none_that_there_is_not():
    for kind, names in COMMON.items():
        assert len(names) <= 4
        assert set(names) <= {item.name for item in inputs(MODELS[kind])}


def test_a_term_that_nobody_has_placed_stands_under_other_terms():
    assert group_of("a_term_of_tomorrow") == OTHERS


HYBRID = PayoutPlan(percent=PercentOfRevenue(tiers="whole"), wholesale=WholesaleDiscount(commitment=2), cap_payout=90)


@pytest.mark.parametrize("plan", [PayoutPlan(), PayoutPlan(flat=FlatReward()), HYBRID])
def test_every_other_input_with_an_effect_stands_in_one_section(plan):
    found = Counter((kind, name) for one in sections(plan) for kind, names in one.names for name in names)
    wanted = Counter(
        (kind, item.name) for kind in ("", *plan.kinds) for item in inputs(MODELS[kind])
        if item.name not in common(kind) and item.name in used_fields(plan.part(kind))
    )  # fmt: skip
    assert found & wanted == wanted
    assert max(found.values()) == 1


def test_a_section_says_how_many_of_its_terms_are_set():
    assert [one.label for one in sections(HYBRID)][:4] == [
        "Percent of revenue (1)", "Wholesale discount (1)", "What customers get", "Limits (1)",
    ]  # fmt: skip
    titles = {one.title for one in sections(PayoutPlan(flat=FlatReward()))}
    assert "Flat reward" not in titles
