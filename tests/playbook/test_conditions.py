"""Conditions over unknown answers: an unknown is neither yes nor no, and what is settled stays so."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions.playbook.conditions import Fact, Join, Opposite, asked, needed, parse, truth

VALUES = {
    "acv": (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 99.0),
    "sold": ("self_serve", "inside", "field"),
    "fit": (True, False),
    "trusted": (True, False),
}
"""Answers on both sides of every cut that is drawn below."""
CUTS = (10.0, 20.0, 30.0)


def facts():
    amounts = st.tuples(st.sampled_from((None, *CUTS)), st.sampled_from((None, *CUTS))).filter(
        lambda cuts: cuts != (None, None) and (None in cuts or cuts[0] < cuts[1])
    )
    options = st.lists(st.sampled_from(VALUES["sold"]), min_size=1, max_size=2, unique=True).map(tuple)
    return st.one_of(
        amounts.map(lambda cuts: Fact("acv", *cuts)),
        options.map(lambda among: Fact("sold", among=among)),
        st.tuples(st.sampled_from(("fit", "trusted")), st.booleans()).map(lambda one: Fact(one[0], among=(one[1],))),
    )


conditions = st.recursive(
    facts(),
    lambda inner: st.one_of(
        inner.map(Opposite),
        st.tuples(st.sampled_from(("all", "any")), st.lists(inner, min_size=1, max_size=3).map(tuple)).map(
            lambda one: Join(*one)
        ),
    ),
    max_leaves=5,
)
partial = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in VALUES.items()})


def completions(answers, names=tuple(VALUES)):
    unknown = [name for name in names if name not in answers]
    for values in itertools.product(*(VALUES[name] for name in unknown)):
        yield {**answers, **dict(zip(unknown, values, strict=True))}


def written(when):
    """The condition as YAML has it."""
    match when:
        case Opposite(part=part):
            return {"not": written(part)}
        case Join(how=how, parts=parts):
            return {how: [written(part) for part in parts]}
        case Fact(among=among) if among:
            return {when.question: {"is": list(among)}}
    return {when.question: {k: v for k, v in (("at least", when.low), ("below", when.high)) if v is not None}}


@given(conditions, partial)
def test_what_is_settled_holds_in_every_completion(when, answers):
    found = truth(when, answers)
    if found is not None:
        assert {truth(when, whole) for whole in completions(answers, asked(when))} == {found}
        assert needed(when, answers) == ()
    else:
        assert set(needed(when, answers)) == set(asked(when)) - set(answers) != set()


@given(conditions)
def test_with_every_answer_nothing_is_open_and_with_none_nothing_is_settled(when):
    assert truth(when, {}) is None
    assert None not in {truth(when, whole) for whole in completions({})}


@given(conditions)
def test_a_condition_reads_as_it_is_written(when):
    assert parse(written(when)) == when


@given(conditions, conditions, partial)
def test_not_both_is_either_not(one, other, answers):
    neither = Opposite(Join("all", (one, other)))
    assert truth(neither, answers) == truth(Join("any", (Opposite(one), Opposite(other))), answers)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("acv", "one of 'all', 'any', 'not'"),
        ({"acv": {"below": 5}, "fit": {"is": True}}, "one of 'all', 'any', 'not'"),
        ({"all": []}, "needs a list of conditions"),
        ({"any": {"acv": {"below": 5}}}, "needs a list of conditions"),
        ({"acv": 5}, "'acv' needs one of at least, below or is"),
        ({"acv": {"at lest": 5}}, "Did you mean 'at least'"),
        ({"acv": {"at least": "much"}}, "'at least' needs a number"),
        ({"acv": {"below": None}}, "'below' needs a number"),
        ({"acv": {"below": True}}, "'below' needs a number"),
        ({"acv": {"below": 0}}, "number above zero"),
        ({"acv": {"below": float("nan")}}, "'below' needs a number"),
        ({"acv": {"at least": 9, "below": 9}}, "no amount is at least 9 and below 9"),
        ({"fit": {"is": True, "below": 9}}, "'is' beside a cut"),
        ({"fit": {"is": []}}, "needs yes, no or options"),
        ({"fit": {"is": [3]}}, "needs yes, no or options"),
    ],
)
def test_a_condition_that_is_none_says_why(raw, says):
    with pytest.raises(ValueError, match=says):
        parse({"not": raw} if raw != "acv" else raw)
