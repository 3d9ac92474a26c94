"""Answers as a value and in an address: what was answered comes back, and anything else is a remark."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions.errors import ScenarioError
from motions.playbook import Answers, decode, encode, load_fit
from motions.playbook.answers import LARGEST, LONGEST

QUESTIONS = load_fit().questions
amounts = st.floats(0, LARGEST)
answers = st.fixed_dictionaries(
    {}, optional={one.id: st.sampled_from(one.values) if one.values else amounts for one in QUESTIONS}
).map(Answers)


@given(answers)
def test_an_address_says_what_was_answered(known):
    text = encode(known)
    assert decode(text).answers == known
    assert decode(text).remarks == ()
    assert re.fullmatch(r"[a-z0-9_.~-]*", text)
    assert len(text) < LONGEST


def test_the_longest_address_is_within_the_bound():
    longest = {one.id: max(map(str, one.values), key=len) if one.options else True for one in QUESTIONS}
    longest |= {one.id: LARGEST - 0.01 for one in QUESTIONS if one.kind == "amount"}
    assert len(encode(Answers(longest))) < 250 < LONGEST


@given(st.one_of(st.text(), st.from_regex(r"(acv|sold|converts|colour)-[a-z0-9.]{0,9}(~.{0,20}){0,3}", fullmatch=True)))
def test_any_address_is_read_and_what_is_no_answer_is_a_remark(text):
    found = decode(text)
    assert isinstance(found.answers, Answers)
    assert len(" ".join(found.remarks)) < 20_000
    assert decode(encode(found.answers)).answers == found.answers


def test_what_is_unknown_to_us_is_left_out_with_a_remark():
    found = decode("acv-12000~colour-red~sold-feild~converts-yes~revenue-much~people")
    assert found.answers == Answers(acv=12_000, converts=True)
    assert len(found.remarks) == 4
    assert "no question 'colour'" in found.remarks[0]
    assert "Did you mean 'field'" in found.remarks[1]
    assert decode("acv-1~acv-2").answers == Answers(acv=1)
    assert decode("acv-1~" * 100).answers == Answers()
    assert "more than 400 letters" in decode("acv-1~" * 100).remarks[0]


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"avc": 5}, "Did you mean 'acv'"),
        ({"acv": -1}, "no amount from 0 to"),
        ({"acv": float("nan")}, "no amount"),
        ({"acv": float("inf")}, "no amount"),
        ({"acv": True}, "no amount"),
        ({"acv": "12k"}, "no amount"),
        ({"converts": 1}, "none of yes, no"),
        ({"converts": "yes"}, "none of yes, no"),
        ({"sold": True}, "none of self_serve"),
        ({"sold": "selfserve"}, "Did you mean 'self_serve'"),
    ],
)
def test_an_answer_that_is_none_is_refused_by_name(given_, says):
    with pytest.raises(ScenarioError, match=says):
        Answers(given_)


def test_an_unknown_is_not_a_no():
    assert Answers(converts=None) == Answers() != Answers(converts=False)
    assert Answers(acv=0)["acv"] == 0
    assert Answers(converts=False).moved("converts", None) == Answers()


def test_the_order_of_answering_makes_no_difference():
    one, other = Answers(acv=5).moved("sold", "field"), Answers(sold="field").moved("acv", 5)
    assert (one, hash(one), encode(one)) == (other, hash(other), encode(other))
