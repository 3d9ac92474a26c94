"""What more money for recruiting partners brings, and what money for anything else would have to bring.

Money for recruiting buys partners at what one more of them takes of the program cost: its onboarding, and its
enablement in the months shown. It is spent evenly over the months from the start of the program. What further partners
bring is what those of the program bring on average. All is a difference of two runs of one model over the same draws.

What more enablement or a larger program would bring the model does not know: there is only what it had to bring.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from motions.economics.answers.portfolio import world
from motions.economics.answers.uncertainty import drawn, in_blocks, percentiles
from motions.economics.inputs.assumptions import Market, PartnerProgram
from motions.economics.inputs.keys import nested, with_numbers
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array, PayoutPlan
from motions.economics.model.projection import project
from motions.economics.model.results import INCREMENTAL, gross_profit
from motions.economics.model.run import outcomes
from motions.names import NAMES

TRIED = 61
"""values of an input that are tried at once: of so few each has all histories of single partners"""
RECRUITED = "partners_recruited"
"""the input of a program that money for recruiting moves"""


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
    one, two = (bare.model_copy(update={RECRUITED: program.partners_recruited + more}) for more in (0, 1))
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
class Sums:
    """What the programs of a world come to over all months, by program, one value a draw."""

    contribution: dict[str, Array]
    set: dict[str, Array]
    """contribution less the gross profit of customers that would have come anyway, as the inputs have it"""
    profit: dict[str, Array]
    """gross profit at list price of all customers"""
    won: dict[str, Array]

    def total(self, what: str) -> Array:
        """Return one of them over all programs."""
        found: Array = np.sum(list(getattr(self, what).values()), axis=0)
        return found


def sums_of(all_of_them: Scenario, numbers: Mapping[str, Array]) -> Sums:
    """Return what each program shown comes to; `numbers` stand in the place of inputs, one value a draw."""
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
            found["profit"][name][here] = gross_profit(outcome.projection, margin[here])
            found["won"][name][here] = outcome.projection.won

    if total > TRIED:
        in_blocks(total, run_block)
    else:  # so few that other threads take longer to begin
        run_block(slice(0, total))
    return Sums(**found)


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
        return ends_of(self.drawn)

    @property
    def ends_of_customers(self) -> tuple[float, float] | None:
        """P10 and P90 of the change of new customers, None without ranges."""
        return ends_of(self.drawn_customers)


def ends_of(values: Array) -> tuple[float, float] | None:
    """Return P10 and P90 of draws, None where there are none."""
    found = percentiles(values) if len(values) else None
    return (found[0], found[2]) if found else None


def next_amount(scenario: Scenario, amount: float) -> list[Channel]:
    """Return what an amount more for recruiting brings in each motion shown, the best first.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> [(one.program, round(one.as_set)) for one in next_amount(default_scenario(), 10_000)]
    [('affiliate', 170516), ('reseller', 12481)]
    """
    all_of_them, numbers = world(scenario), drawn(world(scenario))
    point, draws = sums_of(all_of_them, {}), sums_of(all_of_them, numbers) if numbers else None
    found = [_channel(all_of_them, name, amount, numbers, point, draws) for name in spends(scenario)]
    return sorted(found, key=lambda one: -one.as_set)


def _channel(
    all_of_them: Scenario, name: str, amount: float, numbers: Mapping[str, Array], point: Sums, draws: Sums | None
) -> Channel:
    key, now = f"{name}.{RECRUITED}", all_of_them.program(name)
    partners = amount / price_of(all_of_them, name, {})
    then = sums_of(all_of_them, _with(all_of_them, {}, key, partners))
    every = float((then.total("contribution") - point.total("contribution"))[0])
    profit = float((then.profit[name] - point.profit[name])[0])
    none = np.zeros(0)
    sets = customers = none
    if draws is not None:
        each = amount / np.maximum(price_of(all_of_them, name, numbers), 1e-9)
        drawn_then = sums_of(all_of_them, _with(all_of_them, numbers, key, each))
        sets, customers = (drawn_then.total(what) - draws.total(what) for what in ("set", "won"))
    return Channel(
        name, amount, float(partners[0]), float(getattr(now, RECRUITED)),
        all_of_them.market.months - now.start_month + 1,
        float((then.total("set") - point.total("set"))[0]),
        {share: every - (1 - share) * profit for share in INCREMENTAL},
        float((then.total("won") - point.total("won"))[0]), sets, customers,
    )  # fmt: skip


def price_of(scenario: Scenario, name: str, numbers: Mapping[str, Array]) -> Array:
    """Return the price of a scenario's program, where `numbers` stand in the place of inputs."""
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
    base = float(sums_of(all_of_them, {}).total("set")[0])

    def gaps(tried: Array) -> Array:
        found: Array = sums_of(all_of_them, {key: tried}).total("set") - base - amount
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
