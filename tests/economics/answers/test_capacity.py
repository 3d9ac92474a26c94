"""People who look after partners: asked for, never assumed, whole, and not let go."""

import pytest

from motions.economics.answers.capacity import Hire, capacity
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.run import run

ONE = default_scenario().replace(shown=("affiliate", "reseller"))


def test_nothing_is_assumed():
    assert capacity(ONE, {}) is None
    assert capacity(ONE, {"channel": 5}) is None  # not shown
    found = capacity(ONE, {"reseller": 5})
    assert (found.unknown, found.cost, found.there) == (("affiliate",), None, None)


def test_people_carry_the_active_partners_of_all_motions_as_one_team():
    found, results = capacity(ONE, {"reseller": 4, "affiliate": 20}), run(ONE)
    for month, people in enumerate(found.people):
        work = sum(results[name].projection.partners_active[month, 0] / load
                   for name, load in (("reseller", 4), ("affiliate", 20)))  # fmt: skip
        assert people - 1 < max(work, *found.work[:month], 0) <= people
    assert sum(one.number for one in found.hires) == found.people[-1]


def test_who_is_there_today_need_not_be_hired_and_nobody_is_let_go():
    few = ONE.replace(shown=("reseller",)).with_program("reseller", partners_at_start=20, partner_churn_rate=0.2)
    found = capacity(few, {"reseller": 5}, there=2, cost=1000)
    assert found.hires == (Hire(1, 3),)  # the first recruits come to the twenty
    assert set(found.people) == {5}
    assert found.cost == pytest.approx(1000 * 5 * 36)
    assert capacity(few, {"reseller": 5}, there=9).hires == ()
