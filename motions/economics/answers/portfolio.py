"""The programs of a scenario as one business: what they come to together by month, quarter and year.

Every program shown counts once, and so does the direct baseline, shown or not. Programs that share segments share them
here too: what one wins there no other does, so sums count no customer twice. What holds of a sum holds draw by draw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from motions.economics.answers.uncertainty import active_ranges, drawn, in_blocks, percentiles
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.projection import Projection
from motions.economics.model.run import outcomes, run, selling
from motions.text import count
from motions.units import CUSTOMERS, MONEY, MONEY_A_MONTH, Unit


@dataclass(frozen=True)
class Measure:
    """What programs are added up by."""

    name: str
    title: str
    unit: Unit
    definition: str
    series: str
    """the series of a projection that it is read from"""
    times: int = 1
    at_end: bool = False
    """whether a period has what its last month has, not the sum of its months"""

    def of(self, projection: Projection) -> Array:
        """Return it month by month, months × draws."""
        found: Array = getattr(projection, self.series) * self.times
        return found

    def by_period(self, monthly: Array, length: int) -> Array:
        """Return periods of so many months out of months × anything; the last may be shorter.

        >>> months = np.array([[1.0], [2.0], [3.0], [4.0]])
        >>> [BY_NAME[name].by_period(months, 3).ravel().tolist() for name in ("payouts", "mrr")]
        [[6.0, 4.0], [3.0, 4.0]]
        """
        starts = np.arange(0, len(monthly), length)
        if self.at_end:
            ends: Array = monthly[np.minimum(starts + length, len(monthly)) - 1]
            return ends
        sums: Array = np.add.reduceat(monthly, starts, axis=0)
        return sums


MEASURES: tuple[Measure, ...] = (
    Measure(
        "mrr", "MRR", MONEY_A_MONTH, "What end customers pay in the last month of the period.", "spend", at_end=True
    ),
    Measure("arr", "ARR", MONEY, "12 × MRR.", "spend", 12, at_end=True),
    Measure("new_customers", "New customers", CUSTOMERS, "Customers won in the period.", "customers_new"),
    Measure("payouts", "Payouts", MONEY, "Commission and rewards that you pay to partners in the period.", "payouts"),
    Measure(
        "partner_earnings", "Partners earn", MONEY, "Payouts, and the margin that partners keep, in the period.",
        "partner_earnings",
    ),
    Measure(
        "program_cost", "Program cost", MONEY,
        "Fixed cost, onboarding, enablement, cost per new customer and fees in the period.", "program_cost",
    ),
    Measure(
        "contribution", "Contribution", MONEY,
        "Revenue − cost of revenue − payouts − program cost in the period.", "contribution",
    ),
)  # fmt: skip
"""What a portfolio shows, in the order of its table."""
BY_NAME = {one.name: one for one in MEASURES}
PERIODS = {"Month": 1, "Quarter": 3, "Year": 12}
"""what a period is called → its months"""


def world(scenario: Scenario) -> Scenario:
    """Return the scenario with its direct baseline shown too: each program of its world once.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> world(default_scenario()).shown
    ('affiliate', 'reseller', 'product_led')
    """
    return scenario.model_copy(update={"shown": selling(scenario)})


def names_of_periods(months: int, length: int) -> list[str]:
    """Return what the periods of a projection are called; one that is cut short says of how many months it is.

    >>> names_of_periods(30, 12), names_of_periods(2, 1)
    (['Year 1', 'Year 2', 'Year 3 (6 months)'], ['Month 1', 'Month 2'])
    """
    (called,) = (name for name, size in PERIODS.items() if size == length)
    found = [f"{called} {number + 1}" for number in range(-(-months // length))]
    if rest := months % length:
        found[-1] += f" ({count(rest, 'month')})"
    return found


@dataclass(frozen=True)
class Portfolio:
    """What the programs of a scenario do month by month, and all of them together."""

    direct: str
    months: int
    currency: str
    by_program: Mapping[str, Mapping[str, Array]]
    """program → measure → one value a month, at the values of the inputs; the direct baseline last if it isn't shown"""
    drawn: Mapping[str, Array]
    """measure → the sum of all programs, months × draws; empty without ranges"""

    @cached_property
    def total(self) -> dict[str, Array]:
        """Each measure of all programs together, one value a month."""
        own = self.by_program.values()
        return {one.name: np.sum([series[one.name] for series in own], axis=0) for one in MEASURES}

    def sums(self, measure: str, length: int) -> Array:
        """Return a measure of all programs together, one value a period."""
        return BY_NAME[measure].by_period(self.total[measure], length)

    def of(self, program: str, measure: str, length: int) -> Array:
        """Return a measure of one program, one value a period."""
        return BY_NAME[measure].by_period(self.by_program[program][measure], length)

    def ends(self, measure: str, length: int) -> list[tuple[float, float]]:
        """Return P10 and P90 of the sum of all programs, a pair a period; nothing without ranges."""
        if measure not in self.drawn:
            return []
        found = (percentiles(one) for one in BY_NAME[measure].by_period(self.drawn[measure], length))
        return [(one[0], one[2]) for one in found if one]

    def whole(self, program: str, measure: str) -> float:
        """Return what a program comes to over all months, or has in the last of them."""
        return float(self.of(program, measure, self.months)[0])

    def whole_sum(self, measure: str) -> float:
        """Return what all programs come to over all months, or have in the last of them."""
        return float(self.sums(measure, self.months)[0])


def portfolio(scenario: Scenario, measures: Sequence[str] = tuple(BY_NAME)) -> Portfolio:
    """Add up the programs of a scenario; `measures` are those whose draws are wanted where inputs have ranges.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> found = portfolio(default_scenario())
    >>> sorted(found.by_program) == ["affiliate", "product_led", "reseller"], found.sums("mrr", 12).shape
    (True, (3,))
    """
    all_of_them = world(scenario)
    by_program = {
        name: {one.name: one.of(outcome.projection)[:, 0] for one in MEASURES}
        for name, outcome in run(all_of_them).items()
    }
    market = scenario.market
    sums = _drawn(all_of_them, measures) if active_ranges(scenario) else {}
    return Portfolio(scenario.direct, market.months, market.currency, by_program, sums)


def _drawn(all_of_them: Scenario, measures: Sequence[str]) -> dict[str, Array]:
    """The sum over all programs of each measure, months × draws."""
    numbers = drawn(all_of_them)
    sums = {name: np.zeros((all_of_them.market.months, all_of_them.draws)) for name in measures}

    def run_block(here: slice) -> None:
        for _, outcome in outcomes(all_of_them, {key: values[here] for key, values in numbers.items()}):
            for name, total in sums.items():
                total[:, here] += BY_NAME[name].of(outcome.projection)

    in_blocks(all_of_them.draws, run_block)
    return sums
