"""Ranges over all completions, held against trying every completion one by one."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions.playbook.completions import Voice, combinations, leaders, places, ranges, told_apart
from motions.playbook.conditions import Fact, Join, truth
from tests.playbook.test_conditions import VALUES, completions, conditions, partial

CHOICES = {name: () if name == "acv" else values for name, values in VALUES.items()}
SIZE = 3


def voices(most=6):
    points = st.tuples(*[st.integers(-3, 3)] * SIZE)
    out = st.tuples(*[st.sampled_from((False, False, False, True))] * SIZE)
    return st.lists(st.builds(Voice, conditions, points, out), min_size=1, max_size=most)


def outcome(rules, answers):
    """Points, who is ruled out and who is first, in plain loops."""
    loud = [rule for rule in rules if truth(rule.when, answers)]
    points = [sum(rule.points[at] for rule in loud) for at in range(SIZE)]
    out = [any(rule.out[at] for rule in loud) for at in range(SIZE)]
    most = max((points[at] for at in range(SIZE) if not out[at]), default=0)
    first = tuple(at for at in range(SIZE) if not out[at] and points[at] == most > 0)
    return points, out, first


def beats(points, out, one, other):
    return not out[one] and (out[other] or points[one] > points[other])


def place(points, out, at):
    others = [one for one in range(SIZE) if one != at]
    above = sum(beats(points, out, one, at) for one in others)
    return above + 1, SIZE - sum(beats(points, out, at, one) for one in others)


@given(voices(), partial)
def test_ranges_and_leaders_are_those_of_every_completion(rules, answers):
    found = ranges(rules, CHOICES, answers)
    every = [outcome(rules, whole) for whole in completions(answers)]
    for at in range(SIZE):
        reached = [place(points, out, at) for points, out, _ in every]
        assert found.best[at] == min(best for best, _ in reached)
        assert found.worst[at] == max(worst for _, worst in reached)
        assert (found.out[at] == 1, found.out[at] == 0) == (
            all(out[at] for _, out, _ in every),
            not any(out[at] for _, out, _ in every),
        )
    assert set(found.firsts) == {first for _, _, first in every}
    assert sum(found.firsts.values()) == pytest.approx(1)


@given(voices(), partial)
def test_a_question_matters_where_another_answer_alone_changes_who_is_first(rules, answers):
    found = ranges(rules, CHOICES, answers)
    for name in set(VALUES) - set(answers):
        changes = any(
            len({outcome(rules, {**whole, name: value})[2] for value in VALUES[name]}) > 1
            for whole in completions(answers)
        )
        assert (found.matters.get(name, 0) > 0) == changes


@given(voices(), partial)
def test_shares_count_what_rules_tell_apart(rules, answers):
    found = ranges(rules, CHOICES, answers)
    values = told_apart(rules, CHOICES, answers)
    every = [{**answers, **dict(zip(values, one, strict=True))} for one in itertools.product(*values.values())]
    assert found.combinations == combinations(rules, CHOICES, answers) == len(every)
    firsts = [outcome(rules, whole)[2] for whole in every]
    assert {first: pytest.approx(firsts.count(first) / len(every)) for first in firsts} == dict(found.firsts)
    for name, share in found.matters.items():
        varies = [len({outcome(rules, {**w, name: v})[2] for v in values[name]}) > 1 for w in every]
        assert share == pytest.approx(sum(varies) / len(every))


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=1, max_size=6))
def test_what_is_ruled_out_stands_below_all_else_and_never_leads(candidates):
    points, out = (np.array([list(row)]) for row in zip(*candidates, strict=True))
    best, worst = places(points, out)
    assert (best <= worst).all()
    if out.any() and not out.all():
        assert worst[~out].max() < best[out].min()
    assert not (leaders(points, out) & out).any()
    assert not leaders(np.minimum(points, 0), out).any()


def test_questions_that_share_no_rule_are_not_multiplied_out():
    """Forty questions of which each gives one point: 41 distinct sums out of 2 to the 40th combinations."""
    names = [f"q{at}" for at in range(40)]
    rules = [Voice(Fact(name, among=(True,)), (1, 0), (False, False)) for name in names]
    found = ranges(rules, dict.fromkeys(names, (True, False)), {})
    assert found.combinations == 2**40
    assert dict(found.firsts) == {(): 2**-40, (0,): pytest.approx(1)}
    assert list(found.matters.values()) == [pytest.approx(2**-39)] * 40


def test_two_questions_that_matter_only_together_both_matter():
    """Equal answers make one first, different ones the other: no answer alone says anything."""
    same = Join("any", tuple(Join("all", (Fact("a", among=(v,)), Fact("b", among=(v,)))) for v in (True, False)))
    unlike = Join("any", tuple(Join("all", (Fact("a", among=(v,)), Fact("b", among=(not v,)))) for v in (True, False)))
    rules = [Voice(same, (1, 0), (False, False)), Voice(unlike, (0, 1), (False, False))]
    assert dict(ranges(rules, {"a": (True, False), "b": (True, False)}, {}).matters) == {"a": 1.0, "b": 1.0}
