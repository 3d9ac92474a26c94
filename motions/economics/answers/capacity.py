"""How many people it takes to look after the partners of a scenario, and when they have to be hired.

How many partners of a motion one person can look after no source that we know says well: it is asked, and without it
there is no answer. One team looks after all motions, so that a person may have a part of several.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from motions.economics.answers.budget import partnered
from motions.economics.answers.portfolio import world
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.run import run


@dataclass(frozen=True)
class Hire:
    """People who have to be there from a month on."""

    month: int
    """1 is the first"""
    number: int


@dataclass(frozen=True)
class Capacity:
    """The people that active partners take, month by month."""

    partners: Mapping[str, Array]
    """active partners of each motion with a known load, one value a month"""
    work: Array
    """people's work in each month, which may be a part of one person's"""
    there: int | None
    """people there today, None if that is not known"""
    hires: tuple[Hire, ...]
    """without people of today the first month has all that are needed then"""
    cost: float | None
    """of all people needed, in all months [money]; None without a cost of one"""
    unknown: tuple[str, ...]
    """motions of which nobody has said how many partners one person can look after"""

    @property
    def people(self) -> list[int]:
        """Whole people who are there in each month; nobody is let go when there is less to do."""
        return _people(self.work, self.there or 0)


def capacity(
    scenario: Scenario, loads: Mapping[str, float], there: int | None = None, cost: float | None = None
) -> Capacity | None:
    """Return the people that it takes to look after active partners; `loads`: partners that one of them can carry.

    `there`: people there today. `cost` [money a month] of one. None where no motion shown has a load.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> found = capacity(default_scenario(), {"reseller": 5})
    >>> found.people[0], found.people[-1], found.hires
    (1, 3, (Hire(month=1, number=1), Hire(month=7, number=1), Hire(month=21, number=1)))
    """
    known = [name for name in partnered(scenario) if loads.get(name, 0) > 0]
    if not known:
        return None
    results = run(world(scenario))
    partners = {name: results[name].projection.partners_active[:, 0] for name in known}
    work: Array = np.sum([partners[name] / loads[name] for name in known], axis=0)
    people = _people(work, there or 0)
    more = np.diff(people, prepend=there or 0)
    hires = tuple(Hire(month, int(number)) for month, number in enumerate(more, 1) if number > 0)
    paid = None if cost is None else float(cost * sum(people))
    unknown = tuple(name for name in partnered(scenario) if name not in known)
    return Capacity(partners, work, there, hires, paid, unknown)


def _people(work: Array, there: int) -> list[int]:
    # What is a rounding above a whole person's work is one person's.
    needed = [math.ceil(one - 1e-9) for one in work.tolist()]
    return [int(one) for one in np.maximum(np.maximum.accumulate(needed), there)]
