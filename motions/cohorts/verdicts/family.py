"""All tests of a program together: at which level each is told, so that a healthy program raises no alarm in 95 of 100.

Holm (1979): the strongest of n differences has to pass the level 5 % ÷ n, the next 5 % ÷ (n − 1), and so on; after the
first that does not pass none is told.
"""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from statistics import NormalDist
from typing import TypeVar

from motions.cohorts.metrics.intervals import Estimate, Z

ALPHA = 0.05
"""How often a program in which nothing is the matter may raise an alarm, whichever it is."""
Key = TypeVar("Key", bound=Hashable)


def score(gap: Estimate) -> float | None:
    """Return how many standard errors a difference is from none, by the end of its interval on the side of zero.

    None for what was not tested: it has no interval, or one of no width.

    >>> round(score(Estimate(0.2, 0.1, 0.4)), 2)
    3.92
    """
    if gap.value is None or gap.low is None or gap.high is None:
        return None
    half = gap.value - gap.low if gap.value > 0 else gap.high - gap.value
    return Z * gap.value / half if half > 0 else None


def levels(gaps: Mapping[Key, Estimate]) -> dict[Key, float]:
    """Return for each test how many standard errors its difference has to be from none to be told.

    >>> found = levels({"a": Estimate(1, 0.5, 1.5), "b": Estimate(0.1, -0.5, 0.7), "c": Estimate(2.0)})
    >>> {name: round(level, 2) for name, level in found.items()}
    {'a': 2.24, 'b': 1.96}
    """
    scores = {key: abs(one) for key, gap in gaps.items() if (one := score(gap)) is not None}
    order = sorted(scores, key=lambda key: -scores[key])
    found: dict[Key, float] = {}
    level = Z
    passing = True
    for at, key in enumerate(order):
        if passing:
            level = NormalDist().inv_cdf(1 - ALPHA / 2 / (len(order) - at))
        found[key] = level
        passing = passing and scores[key] > level
    return found


def at(gap: Estimate, level: float) -> Estimate:
    """Return a difference with the interval of another level, in which zero lies exactly where it is not told."""
    if gap.value is None or gap.low is None or gap.high is None:
        return gap
    low, high = gap.value - (gap.value - gap.low) * level / Z, gap.value + (gap.high - gap.value) * level / Z
    return replace(gap, low=low, high=high)
