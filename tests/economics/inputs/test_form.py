"""Every input of payout terms stands in the form once: the common ones at once, the others in a group."""

from collections import Counter

from motions.economics.inputs.form import COMMON, OTHERS, common, group_of, more
from motions.economics.inputs.terms import PARTS, PayoutPlan
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
