"""The segment plan in the simulator: nothing goes there or stays behind unsaid, and joining rows changes no figure."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from motions.economics.inputs.scenario import MOST_SEGMENTS, Segment, default_scenario
from motions.economics.model.payouts import Arrivals
from motions.economics.model.segments import share_demand
from motions.plan_segments import from_segments, to_segments
from motions.playbook.segment_plan import MOST_ACCOUNTS, PLANNED
from tests.playbook.plans import plan, plans, row

WANTED = {
    motion: Arrivals(*[np.full((12, 1), 3.0 + at)] * 4, new=np.full((12, 1), 3.0 + at))
    for at, motion in enumerate(PLANNED)
}


@given(plans())
def test_every_row_is_in_a_segment_or_a_remark_says_why_not(given_plan):
    found = to_segments(given_plan)
    default_scenario().replace(segments=found.segments)
    assert len(found.segments) <= MOST_SEGMENTS
    whole = {one.name for one in found.segments}
    for one in given_plan.segments:
        assert one.name in whole or any(one.name in remark for remark in found.remarks)
    served = [one for one in given_plan.segments if one.motions]
    if len(served) <= MOST_SEGMENTS:
        assert [(one.name, one.size, one.motions) for one in found.segments] == [
            (one.name, one.accounts, one.motions) for one in served
        ]
        assert len(found.remarks) == (len(served) < len(given_plan.segments))


@given(plans())
def test_segments_back_in_the_plan_keep_what_only_the_plan_knows(given_plan):
    assume(len(given_plan.segments) <= MOST_SEGMENTS and all(one.motions for one in given_plan.segments))
    segments = to_segments(given_plan).segments
    back = from_segments(segments, given_plan)
    assert (back.plan, back.refused, back.remarks) == (given_plan, (), ())
    assert to_segments(from_segments(segments).plan).segments == segments


SELLING = st.sampled_from([("affiliate",), ("affiliate", "channel"), ("channel",)])


@given(st.lists(st.tuples(st.integers(50, 5000), SELLING), min_size=7, max_size=12))
def test_joined_rows_win_the_customers_that_they_win_apart(given_rows):
    given_plan = plan(*(row(f"S{at}", motions, accounts=size) for at, (size, motions) in enumerate(given_rows)))
    apart = [Segment(name=one.name, size=one.accounts, motions=one.motions) for one in given_plan.segments]
    joined = to_segments(given_plan).segments
    assert len(joined) <= 3
    assert sum(one.size for one in joined) == sum(one.size for one in apart)
    for motion, arrivals in share_demand(apart, WANTED)[0].items():
        np.testing.assert_allclose(share_demand(joined, WANTED)[0][motion].new, arrivals.new, rtol=1e-9)


def test_what_is_too_many_is_joined_and_the_smallest_left_out():
    pairs = [(a, b) for a in PLANNED[:4] for b in PLANNED[4:]]
    rows = [row(f"S{at}", pair, accounts=100 - at) for at, pair in enumerate(pairs[:7])]
    found = to_segments(plan(*rows, row("Same", pairs[6], accounts=50), row("Nobody's")))
    assert [one.name for one in found.segments] == ["S0", "S1", "S2", "S3", "S4", "S6 + 1 more"]
    assert found.segments[-1].size == 144
    assert found.remarks == (
        "Left out, as no motion sells there: Nobody's.",
        "Taken as one segment, as the same motions sell there: S6 and Same.",
        "Left out, as the simulator takes 6 segments and these are the smallest: S5 (95 accounts).",
    )


def test_rows_that_are_too_large_together_stay_apart():
    rows = [row(f"{at} " + "x" * 38, ["affiliate"], accounts=MOST_ACCOUNTS // 2) for at in range(8)]
    found = to_segments(plan(*rows)).segments
    assert [one.size for one in found] == [MOST_ACCOUNTS // 2 * 2] * 4
    assert all(len(one.name) == 40 and one.name.endswith(" + 1 more") for one in found)


def test_segments_of_any_size_and_name_come_back_or_are_set_aside():
    segments = [
        Segment(name=" A ", size=0.4, motions=("reseller", "affiliate", "reseller")),
        Segment(name="a", size=3, motions=("channel",)),
        Segment(name="B\0", size=3, motions=("channel",)),
    ]
    before = plan(row("a", ["channel"], geography="EU"), row("Gone"))
    found = from_segments(segments, before)
    assert found.plan == plan(row("A", ["affiliate", "reseller"], accounts=1, geography="EU"))
    assert [one.row for one in found.refused] == [2, 3]
    assert found.remarks == (
        "Sizes are rounded to whole accounts:  A .",
        "Not among the simulator's segments, so not in the plan any more: Gone.",
    )
    assert to_segments(plan()).segments == ()
