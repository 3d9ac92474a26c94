"""Several programs as one: what they contribute and move in cash together, and when their customers pay back.

What holds of a sum holds draw by draw: a percentile of a sum is no sum of percentiles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from motions.economics.answers.uncertainty import drawn, in_blocks
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.cohort import payback
from motions.economics.model.results import stays_above
from motions.economics.model.run import outcomes


@dataclass(frozen=True)
class Together:
    """Running totals of several programs, months × draws, in whole units of the scenario's currency."""

    contribution: Array
    cash: Array
    payback: Array
    """month of an average customer's life in which it has paid back, one value a draw, see `cohort.payback`"""

    @property
    def lowest_cash(self) -> Array:
        """The lowest point of the running total of cash, at most zero: less its sign what has to be put in."""
        lowest: Array = np.minimum(self.cash.min(axis=0), 0.0)
        return lowest

    @property
    def break_even(self) -> Array:
        """The month from which the running total of contribution stays at or above zero; inf if never."""
        return stays_above(self.contribution)


def together(scenario: Scenario, programs: Sequence[str], numbers: Mapping[str, Array] | None = None) -> Together:
    """Add up programs of a scenario that are shown, draw by draw; `numbers` replaces the draws of its ranges.

    With `{}` there are no draws but the values of the inputs. Programs that are not named share demand, no more.

    >>> from motions.economics.inputs.scenario import default_scenario
    >>> together(default_scenario(), ["affiliate", "reseller"]).cash.shape
    (36, 1)
    """
    numbers = drawn(scenario) if numbers is None else numbers
    total = max((len(values) for values in numbers.values()), default=1)
    contribution, cash = np.zeros((2, scenario.market.months, total))
    month = np.empty(total)

    def run_block(here: slice) -> None:
        cohorts, block = [], {key: values[here] for key, values in numbers.items()}
        for name, outcome in outcomes(scenario, block):
            if name in programs:
                contribution[:, here] += outcome.projection.cumulative
                cash[:, here] += outcome.projection.cash.cumsum(axis=0)
                cohorts.append(outcome.cohort)
        month[here] = payback(*cohorts)

    in_blocks(total, run_block)
    return Together(contribution, cash, month)
