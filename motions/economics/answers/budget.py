"""What more money for recruiting partners brings, and how a budget for it is split best.

Money for recruiting buys partners at what one more of them takes of the program cost: its onboarding, and its
enablement in the months shown. It is spent evenly over the months from the start of the program. What further partners
bring is what those of the program bring on average. All is a difference of two runs of one model over the same draws.

What more enablement or a larger program would bring the model does not know: there is only what it had to bring.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from motions.economics.answers.portfolio import world
from motions.economics.answers.uncertainty import drawn, in_blocks, percentiles
from motions.economics.inputs.assumptions import Market, PartnerProgram
from motions.economics.inputs.keys import nested, with_numbers
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array, PayoutPlan
from motions.economics.model.histories import looks_at_one_partner
from motions.economics.model.projection import project, terms_of
from motions.economics.model.results import INCREMENTAL
from motions.economics.model.run import outcomes
from motions.errors import ScenarioError
from motions.names import NAMES
from motions.text import money

TRIED = 61
"""values of an input that are tried at once: of so few each has all histories of single partners"""
NEAR = 0.01
"""splits within so much of the best are as good: a fraction of what the motions contribute at the best"""
_RECRUITED = "partners_recruited"


def partnered(scenario: Scenario) -> tuple[str, ...]:
    """Return the programs shown that have partners."""
    return tuple(name for name in scenario.shown if isinstance(scenario.program(name), PartnerProgram))


def price(program: PartnerProgram, market: Market) -> Array:
    """Return what one more partner a month takes of program cost in all months shown, one value a draw [money].

    That is its onboarding, and its enablement as long as it is active; nothing where inputs name no such cost.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> one = default_scenario()
    >>> program = one.reseller.model_copy(update={"onboarding_cost": 100.0, "enablement_cost": 0.0})
    >>> price(program, one.market)  # 36 months
    array([3600.])
    """
    # Without payouts there are no fees, and without a cost of customers it is the partners that cost.
    bare = program.model_copy(update={"payout": PayoutPlan(), "cost_per_customer": 0.0, "program_cost": 0.0})
    one, two = (bare.model_copy(update={_RECRUITED: program.partners_recruited + more}) for more in (0, 1))
    found: Array = project(two, market).program_spend - project(one, market).program_spend
    return np.maximum(found, 0.0)


def spends(scenario: Scenario) -> dict[str, float]:
    """Return what the motions shown spend on recruiting in all months [money]; without those that it costs nothing.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> {name: round(amount) for name, amount in spends(default_scenario()).items()}
    {'affiliate': 36173, 'reseller': 153065}
    """
    found = {}
    for name in partnered(scenario):
        program = scenario.program(name)
        if isinstance(program, PartnerProgram) and (each := float(price(program, scenario.market)[0])) > 0:
            found[name] = each * program.partners_recruited
    return found


def unpriced(scenario: Scenario) -> list[str]:
    """Say of each motion whose recruiting costs nothing by its inputs why money buys no partners there."""
    return [
        f"{NAMES[name]}: recruiting costs nothing in the months shown, so money buys no more of it. Set what "
        "onboarding or enablement of a partner costs under All inputs, Costs."
        for name in partnered(scenario)
        if name not in spends(scenario)
    ]


@dataclass(frozen=True)
class _Sums:
    """What the programs of a world come to over all months, by program, one value a draw."""

    contribution: dict[str, Array]
    set: dict[str, Array]
    """contribution less the gross profit of customers that would have come anyway, as the inputs have it"""
    profit: dict[str, Array]
    """gross profit at list price of all customers"""
    won: dict[str, Array]

    def total(self, what: str) -> Array:
        found: Array = np.sum(list(getattr(self, what).values()), axis=0)
        return found


def _sums(all_of_them: Scenario, numbers: Mapping[str, Array]) -> _Sums:
    total = max((len(values) for values in numbers.values()), default=1)
    found: dict[str, dict[str, Array]] = {
        what: {name: np.empty(total) for name in all_of_them.shown} for what in ("contribution", "set", "profit", "won")
    }
    margin = np.broadcast_to(numbers.get("market.gross_margin", np.array([all_of_them.market.gross_margin])), total)

    def run_block(here: slice) -> None:
        for name, outcome in outcomes(all_of_them, {key: values[here] for key, values in numbers.items()}):
            every, own = outcome.measured["contribution"], outcome.measured["incremental_contribution"]
            found["contribution"][name][here] = every
            found["set"][name][here] = np.where(np.isnan(own), every, own)
            found["profit"][name][here] = outcome.projection.listed.sum(axis=0) * margin[here]
            found["won"][name][here] = outcome.projection.won

    if total > TRIED:
        in_blocks(total, run_block)
    else:  # so few that other threads take longer to begin
        run_block(slice(0, total))
    return _Sums(**found)


def _with(scenario: Scenario, numbers: Mapping[str, Array], key: str, more: Array) -> dict[str, Array]:
    """The draws with more of one input in each."""
    return {**numbers, key: numbers.get(key, np.array([float(scenario.at(key))])) + more}


@dataclass(frozen=True)
class Channel:
    """What an amount more for recruiting brings in one motion; differences have one value a draw, or one in all."""

    program: str
    amount: float
    partners: float
    """more partners recruited a month"""
    now: float
    """recruited a month without it"""
    months: int
    """of recruiting: those shown from the start of the program on"""
    as_set: float
    """change of the contribution of all programs, less the profit of customers that would have come anyway"""
    at: Mapping[float, float]
    """the same at each share of INCREMENTAL customers, whatever the inputs say"""
    customers: float
    """change of the new customers of all programs"""
    drawn: Array
    drawn_customers: Array

    @property
    def ends(self) -> tuple[float, float] | None:
        """P10 and P90 of the change as the inputs have it, None without ranges."""
        return _ends(self.drawn)

    @property
    def ends_of_customers(self) -> tuple[float, float] | None:
        """P10 and P90 of the change of new customers, None without ranges."""
        return _ends(self.drawn_customers)


def _ends(values: Array) -> tuple[float, float] | None:
    found = percentiles(values) if len(values) else None
    return (found[0], found[2]) if found else None


def next_amount(scenario: Scenario, amount: float) -> list[Channel]:
    """Return what an amount more for recruiting brings in each motion shown, the best first.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> [(one.program, round(one.as_set)) for one in next_amount(default_scenario(), 10_000)]
    [('affiliate', 170516), ('reseller', 12481)]
    """
    all_of_them, numbers = world(scenario), drawn(world(scenario))
    point, draws = _sums(all_of_them, {}), _sums(all_of_them, numbers) if numbers else None
    found = [_channel(all_of_them, name, amount, numbers, point, draws) for name in spends(scenario)]
    return sorted(found, key=lambda one: -one.as_set)


def _channel(
    all_of_them: Scenario, name: str, amount: float, numbers: Mapping[str, Array], point: _Sums, draws: _Sums | None
) -> Channel:
    key, now = f"{name}.{_RECRUITED}", all_of_them.program(name)
    partners = amount / _price_of(all_of_them, name, {})
    then = _sums(all_of_them, _with(all_of_them, {}, key, partners))
    every = float((then.total("contribution") - point.total("contribution"))[0])
    profit = float((then.profit[name] - point.profit[name])[0])
    none = np.zeros(0)
    sets = customers = none
    if draws is not None:
        each = amount / np.maximum(_price_of(all_of_them, name, numbers), 1e-9)
        drawn_then = _sums(all_of_them, _with(all_of_them, numbers, key, each))
        sets, customers = (drawn_then.total(what) - draws.total(what) for what in ("set", "won"))
    return Channel(
        name, amount, float(partners[0]), float(getattr(now, _RECRUITED)),
        all_of_them.market.months - now.start_month + 1,
        float((then.total("set") - point.total("set"))[0]),
        {share: every - (1 - share) * profit for share in INCREMENTAL},
        float((then.total("won") - point.total("won"))[0]), sets, customers,
    )  # fmt: skip


def _price_of(scenario: Scenario, name: str, numbers: Mapping[str, Array]) -> Array:
    inputs = nested(numbers)
    program, market = (with_numbers(getattr(scenario, one), inputs.get(one, {})) for one in (name, "market"))
    return price(program, market)


@dataclass(frozen=True)
class Needed:
    """What an amount more must bring where the model knows no response: the value of an input at which it pays."""

    program: str
    spent_on: str
    key: str
    now: float
    value: float | None
    """None where not even the highest value tried brings it back"""
    most: float
    """the highest value tried"""


_MUST_MOVE = (("Enablement", "activation_rate"), ("Program", "leads_per_partner"))
"""what money is spent on, and the input that it would have to move"""


def needed(scenario: Scenario, amount: float) -> list[Needed]:
    """Return what an amount for enablement or for the program must reach in each motion shown to bring itself back."""
    return [
        _needed(world(scenario), name, amount, spent_on, field)
        for name in partnered(scenario)
        for spent_on, field in _MUST_MOVE
    ]


def _needed(all_of_them: Scenario, name: str, amount: float, spent_on: str, field: str) -> Needed:
    key, now = f"{name}.{field}", float(getattr(all_of_them.program(name), field))
    most = 1.0 if field == "activation_rate" else (now or 1.0) * 10
    base = float(_sums(all_of_them, {}).total("set")[0])

    def gaps(tried: Array) -> Array:
        found: Array = _sums(all_of_them, {key: tried}).total("set") - base - amount
        return found

    value, tried = None, now + (most - now) * _STEPS
    for _ in range(2):  # between the two where it turns, and there once more
        gap = gaps(tried)
        if gap[-1] < 0:
            break
        at = max(int(np.argmax(gap >= 0)), 1)
        value = float(np.interp(0.0, gap[at - 1 : at + 1], tried[at - 1 : at + 1]))
        tried = np.linspace(tried[at - 1], tried[at], len(_STEPS))
    return Needed(name, spent_on, key, now, value, most)


_STEPS = np.array([0.0, 0.001, 0.004, 0.016, 0.064, 0.256, 1.0])
"""parts of the way to the highest value that are tried: most is at its beginning"""


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
        """What of the budget is better not spent."""
        return max(self.budget - sum(one.best for one in self.parts), 0.0)

    @property
    def now(self) -> float:
        """What is spent now."""
        return sum(one.now for one in self.parts)

    @property
    def ends(self) -> tuple[float, float] | None:
        """P10 and P90 of the gain, None without ranges."""
        return _ends(self.drawn)


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
        followed = any(looks_at_one_partner(terms_of(one)) for one in programs)
        return _Effort(24, 7, 1) if followed and self.world.segments else _Effort(3 * TRIED, 21, 2)

    @cached_property
    def prices(self) -> list[float]:
        return [float(_price_of(self.world, name, {})[0]) for name in self.names]

    @cached_property
    def line(self) -> tuple[float, Array]:
        """What the lower bounds are worth, and each unit of money beyond them where no segment is shared."""
        return self._slope(self.low)

    def sums(self, splits: Array) -> _Sums:
        """What programs come to under each of splits × motions."""
        each = zip(self.names, self.prices, strict=True)
        return _sums(self.world, {f"{name}.{_RECRUITED}": splits[:, at] / one for at, (name, one) in enumerate(each)})

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
        prices = {name: np.maximum(_price_of(self.world, name, numbers), 1e-9) for name in self.names}
        both = []
        for amounts in (best, now):
            recruited = {f"{name}.{_RECRUITED}": amounts[at] / prices[name] for at, name in enumerate(self.names)}
            both.append(_sums(self.world, {**numbers, **recruited}).total("set"))
        gain: Array = both[0] - both[1]
        return gain


def _filled(room: Array, rest: float, order: Array) -> Array:
    """Money given to one motion after the other, each up to its room."""
    given = np.zeros(len(room))
    for at in order:
        given[at] = min(room[at], rest - given.sum())
    return given
