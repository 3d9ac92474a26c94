"""How a budget for recruiting partners is split best over the motions, within bounds.

It is sought on the model itself. What else money for recruiting means, `budget` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from motions.economics.answers.budget import RECRUITED, TRIED, Sums, ends_of, price_of, spends, sums_of
from motions.economics.answers.portfolio import world
from motions.economics.answers.uncertainty import drawn
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.histories import looks_at_one_partner
from motions.economics.model.payers import payers_of
from motions.economics.model.projection import terms_of
from motions.errors import ScenarioError
from motions.text import money

NEAR = 0.01
"""splits within so much of the best are as good: a fraction of what the motions contribute at the best"""


@dataclass(frozen=True)
class Part:
    """One motion of a split, in money for recruiting over all months."""

    program: str
    now: float
    low: float
    high: float
    best: float
    flat: tuple[float, float]
    """within these the others can be set so that the whole is within NEAR of the best"""
    more: float
    """what the next amount brings from the best on, the others being left as they are"""


@dataclass(frozen=True)
class Split:
    """The best split of a budget found, and how it compares with what is spent now."""

    budget: float
    step: float
    """the amount that `Part.more` is of [money]"""
    parts: tuple[Part, ...]
    gain: float
    """contribution of all programs over that of today's spending, each budget paid for"""
    drawn: Array
    """the same, one value a draw; empty without ranges"""
    shared: bool
    """whether segments limit what can be won: without them each further amount brings as much as the one before"""

    @property
    def left(self) -> float:
        """What of the budget is not spent: it does not fit within the bounds, or would bring a loss."""
        return max(self.budget - sum(one.best for one in self.parts), 0.0)

    @property
    def now(self) -> float:
        """What is spent now."""
        return sum(one.now for one in self.parts)

    @property
    def ends(self) -> tuple[float, float] | None:
        """P10 and P90 of the gain, None without ranges."""
        return ends_of(self.drawn)


HALF, DOUBLE = 0.5, 2.0
"""Bounds of a motion where none are given, as multiples of what it spends now: our assumption."""


def own_bounds(now: float) -> tuple[float, float]:
    """Return the bounds of a motion that spends so much now, where none are given.

    >>> own_bounds(100.0)
    (50.0, 200.0)
    """
    return now * HALF, now * DOUBLE


Bounds = tuple[tuple[str, float | None, float | None], ...]
"""(motion, the least and the most for it) in money over all months; None where none is given"""


def split(scenario: Scenario, budget: float | None = None, bounds: Bounds = (), step: float = 10_000) -> Split:
    """Return how a budget for recruiting over all months is split so that all programs contribute most.

    Without a budget it is what is spent now; a bound that is not given is half of that of the motion, or double. Raises
    ScenarioError where no motion has a price of recruiting, and where bounds leave no split. What was worked out last
    is remembered.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> found = split(default_scenario())
    >>> [(one.program, round(one.now), round(one.best)) for one in found.parts]
    [('affiliate', 36173, 72347), ('reseller', 153065, 116891)]
    """
    return _split(scenario.model_dump_json(), budget, bounds, step)


@lru_cache(maxsize=32)
def _split(scenario_as_text: str, budget: float | None, bounds: Bounds, step: float) -> Split:
    scenario = Scenario.model_validate_json(scenario_as_text)
    now = spends(scenario)
    if not now:
        raise ScenarioError("No motion shown has a cost of recruiting partners: there is nothing to split.")
    total = sum(now.values()) if budget is None else budget
    low, high = _bounds(now, {name: (least, most) for name, least, most in bounds})
    _refuse(low, high, total, scenario.market.currency)
    task = _Task(world(scenario), tuple(now), low, high, total)
    best = task.best()
    flat, further = task.flat(best), task.further(best, step)
    parts = [
        Part(name, amount, float(low[at]), float(high[at]), float(best[at]), flat[at], float(further[at]))
        for at, (name, amount) in enumerate(now.items())
    ]
    spent, numbers = list(now.values()), drawn(task.world)
    draws = task.gain(best, spent, numbers) if numbers else np.zeros(0)
    return Split(total, step, tuple(parts), float(task.gain(best, spent, {})[0]), draws, bool(scenario.segments))


def _bounds(now: Mapping[str, float], given: Mapping[str, tuple[float | None, float | None]]) -> tuple[Array, Array]:
    found = []
    for name, amount in now.items():
        pairs = zip(given.get(name, (None, None)), own_bounds(amount), strict=True)
        found.append([own if one is None else one for one, own in pairs])
    low_ends, high_ends = np.array(found).T
    return low_ends, high_ends


def _refuse(low: Array, high: Array, total: float, currency: str) -> None:
    if total <= 0:
        raise ScenarioError("There is no budget to split. Set one above zero, or leave it empty: what is spent now.")
    if (low > high).any():
        raise ScenarioError("A lower bound is above its upper bound. Change one of the two.")
    if low.sum() > total * (1 + 1e-9):
        raise ScenarioError(
            f"The lower bounds add up to {money(float(low.sum()), currency)}, more than the budget of "
            f"{money(total, currency)}. Lower them, or raise the budget."
        )


@dataclass(frozen=True)
class _Effort:
    """How many splits are tried between the corners, amounts of one motion between its bounds, and climbs."""

    between: int
    levels: int
    climbs: int


@dataclass(frozen=True)
class _Task:
    """A budget to be split: amounts are in the order of `names`, in money over all months."""

    world: Scenario
    names: tuple[str, ...]
    low: Array
    high: Array
    budget: float

    @cached_property
    def effort(self) -> "_Effort":
        """How much is tried: little where each try follows single partners and nothing is a straight line."""
        programs = [self.world.program(name) for name in self.world.shown]
        plans = [terms_of(one) for one in programs]
        followed = any(looks_at_one_partner(plan, payers_of(self.world.market, plan)) for plan in plans)
        return _Effort(24, 7, 1) if followed and self.world.segments else _Effort(3 * TRIED, 21, 2)

    @cached_property
    def prices(self) -> list[float]:
        return [float(price_of(self.world, name, {})[0]) for name in self.names]

    @cached_property
    def line(self) -> tuple[float, Array]:
        """What the lower bounds are worth, and each unit of money beyond them where no segment is shared."""
        return self._slope(self.low)

    def sums(self, splits: Array) -> Sums:
        """What programs come to under each of splits × motions."""
        each = zip(self.names, self.prices, strict=True)
        return sums_of(self.world, {f"{name}.{RECRUITED}": splits[:, at] / one for at, (name, one) in enumerate(each)})

    def worth(self, splits: Array) -> Array:
        """What all programs contribute under each of splits × motions; what is no split within bounds as well."""
        if not self.world.segments:
            value, slope = self.line
            along: Array = value + (splits - self.low) @ slope
            return along
        parts = [splits[at : at + TRIED] for at in range(0, len(splits), TRIED)]
        found: Array = np.concatenate([self.sums(part).total("set") for part in parts])
        return found

    def slope(self, one: Array) -> tuple[float, Array]:
        """What a split is worth, and what one more of money brings in each motion."""
        if not self.world.segments:
            return float(self.worth(one[None])[0]), self.line[1]
        return self._slope(one)

    def _slope(self, one: Array) -> tuple[float, Array]:
        size = self.budget * 1e-4
        found = self.sums(np.vstack([one, one + np.eye(len(one)) * size])).total("set")
        return float(found[0]), (found[1:] - found[0]) / size

    @cached_property
    def starts(self) -> Array:
        """Splits within bounds: each motion first and the others after it, and some between."""
        room, rest = self.high - self.low, self.budget - self.low.sum()
        corners = [_filled(room, rest, np.roll(np.arange(len(room)), -first)) for first in range(len(room))]
        shares = np.random.default_rng(1).dirichlet(np.full(len(room) + 1, 0.7), self.effort.between)[:, :-1]
        starts: Array = self.low + np.vstack([np.zeros(len(room)), *corners, np.minimum(shares * rest, room)])
        return starts

    @cached_property
    def worth_of_starts(self) -> Array:
        return self.worth(self.starts)

    def best(self) -> Array:
        """The best split found: from the best starts, as shared segments may have more than one top."""
        order = np.argsort(-self.worth_of_starts, kind="stable")[: self.effort.climbs]
        found = np.vstack([self.starts[order], *(self._climb(self.starts[at]) for at in order)])
        best: Array = found[int(np.argmax(self.worth(found)))]
        return best

    def _climb(self, start: Array) -> Array:
        """The end of the way up from a start."""
        from scipy.optimize import minimize  # noqa: PLC0415 — 0.2 s that only this and goal seek need

        scale = max(abs(float(self.worth(start[None])[0])), 1.0)

        def against(one: Array) -> tuple[float, Array]:
            value, slope = self.slope(one * self.budget)
            return -value / scale, -slope * self.budget / scale

        within = {"type": "ineq", "fun": lambda one: 1 - one.sum(), "jac": lambda one: -np.ones(len(one))}
        bounds = list(zip(self.low / self.budget, self.high / self.budget, strict=True))
        found = minimize(
            against, start / self.budget, jac=True, method="SLSQP", bounds=bounds, constraints=[within],
            options={"maxiter": 20, "ftol": 1e-7},
        )  # fmt: skip
        top: Array = self._inside(found.x[None] * self.budget)[0]
        return top

    def _inside(self, splits: Array) -> Array:
        """Splits put within bounds and budget: what is too much is taken off in proportion."""
        inside = np.clip(splits, self.low, self.high)
        spare, over = inside - self.low, np.maximum(inside.sum(axis=1) - self.budget, 0.0)
        room = spare.sum(axis=1)
        found: Array = inside - spare * (over / np.where(room > 0, room, 1.0))[:, None]
        return found

    def flat(self, best: Array) -> list[tuple[float, float]]:
        """The least and the most for each motion at which a split is nearly as good as the best, of those tried.

        Tried are the starts, and splits that move money from or to one motion, the others alone or all together
        taking or giving it.
        """
        own = sum(float(self.sums(best[None]).set[name][0]) for name in self.names)
        tried = np.vstack([best, self._inside(self._moved(best)), self.starts])
        worth = np.concatenate([self.worth(tried[: -len(self.starts)]), self.worth_of_starts])
        good = tried[worth >= worth[0] - NEAR * abs(own)]
        return [(float(one.min()), float(one.max())) for one in good.T]

    def _moved(self, best: Array) -> Array:
        count = len(best)
        levels = np.linspace(self.low, self.high, self.effort.levels)
        partners = np.vstack([np.zeros(count), np.eye(count), np.full(count, 1 / count)])
        found = []
        for at in range(count):
            gone = levels[:, at] - best[at]
            for to in partners:
                one = best - np.outer(gone, to)
                one[:, at] = levels[:, at]
                found.append(one)
        return np.vstack(found)

    def further(self, best: Array, step: float) -> Array:
        """What the next amount brings in each motion from a split on, whatever its bounds."""
        found = self.worth(np.vstack([best, best + np.eye(len(best)) * step]))
        more: Array = found[1:] - found[0]
        return more

    def gain(self, best: Array, now: Sequence[float], numbers: Mapping[str, Array]) -> Array:
        """How much more all programs contribute than now, one value a draw."""
        prices = {name: np.maximum(price_of(self.world, name, numbers), 1e-9) for name in self.names}
        both = []
        for amounts in (best, now):
            recruited = {f"{name}.{RECRUITED}": amounts[at] / prices[name] for at, name in enumerate(self.names)}
            both.append(sums_of(self.world, {**numbers, **recruited}).total("set"))
        gain: Array = both[0] - both[1]
        return gain


def _filled(room: Array, rest: float, order: Array) -> Array:
    """Money given to one motion after the other, each up to its room."""
    given = np.zeros(len(room))
    for at in order:
        given[at] = min(room[at], rest - given.sum())
    return given
