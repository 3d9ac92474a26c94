"""Scenarios side by side: what each comes to, how it differs from the first, and how sure the difference is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motions.economics.answers.uncertainty import Sample, active_ranges, drawn, percentiles, simulate
from motions.economics.inputs.links import Named
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.results import Figures
from motions.economics.model.run import run


@dataclass(frozen=True)
class Column:
    """One scenario: its point figures, its draws where it has ranges, and the draws of the difference to the first."""

    name: str
    figures: Figures
    sample: Sample | None
    baseline: "Column | None"
    currency: str
    months: int

    def difference(self, figure: str) -> float | None:
        """Return the figure less the baseline's, None where one of them is unknown or this is the baseline."""
        if self.baseline is None or self.baseline.currency != self.currency:
            return None
        mine, other = self.figures[figure], self.baseline.figures[figure]
        return None if mine is None or other is None else mine - other

    def interval(self, figure: str) -> tuple[float, float, float] | None:
        """Return P10, P50 and P90 of the difference, draw by draw, over the draws that have it; None where none has."""
        gap = self._gaps(figure)
        return None if gap is None else percentiles(np.where(np.isfinite(gap), gap, np.nan))

    def known(self, figure: str) -> float:
        """Return the share of draws in which both scenarios have a figure."""
        gap = self._gaps(figure)
        return 0.0 if gap is None else float(np.isfinite(gap).mean())

    def _gaps(self, figure: str) -> Array | None:
        """The difference of each draw; none without ranges or in other currencies."""
        if self.baseline is None or self.sample is None or self.baseline.sample is None:
            return None
        if self.baseline.currency != self.currency:
            return None
        # Draws of the same number come from the same random numbers, so what both share cancels out.
        with np.errstate(invalid="ignore"):
            gap: Array = self.sample.measured[figure] - self.baseline.sample.measured[figure]
        return gap


def columns(scenarios: Sequence[Named], program: str) -> list[Column]:
    """Return a column for each scenario, compared with the first.

    All are drawn with the seed and the number of draws of the first. A scenario that does not show the program is read
    for it all the same.
    """
    if not scenarios:
        return []
    lead = scenarios[0].scenario
    ranged = any(active_ranges(_showing(one.scenario, program)) for one in scenarios)
    found: list[Column] = []
    for one in scenarios:
        scenario = _showing(one.scenario, program).model_copy(update={"draws": lead.draws, "seed": lead.seed})
        sample = _sample(scenario, program) if ranged else None
        figures = run(scenario, only=program)[program].figures
        market = scenario.market
        found.append(Column(one.name, figures, sample, found[0] if found else None, market.currency, market.months))
    return found


def _sample(scenario: Scenario, program: str) -> Sample:
    sample = simulate(scenario, drawn(scenario))[program]
    # Without a range of its own a scenario is one draw, the same beside every draw of another.
    return Sample(sample.fan, {key: np.broadcast_to(one, (scenario.draws,)) for key, one in sample.measured.items()})


def _showing(scenario: Scenario, program: str) -> Scenario:
    if scenario.segments:
        return scenario if program in scenario.shown else scenario.replace(shown=(*scenario.shown, program))
    return scenario.replace(shown=(program,))


def unlike(before: Scenario, after: Scenario) -> str:
    """Say why figures of two scenarios can't be taken off one another, or only with care; "" where they can."""
    if before.market.currency != after.market.currency:
        return (
            f"The baseline is in {before.market.currency}, this scenario in {after.market.currency}: their figures are "
            "not taken off one another."
        )
    if before.market.months != after.market.months:
        return (
            f"The baseline runs {before.market.months} months, this scenario {after.market.months}: sums over all "
            "months differ by that too."
        )
    return ""


@dataclass(frozen=True)
class Chance:
    """The probability of something, over all draws that say; None where none does."""

    words: str
    share: float | None


def chances(scenario: Scenario, sample: Sample, pinned: Sample | None) -> list[Chance]:
    """Return how likely a program beats the baseline, pays back in time, and loses money.

    The direct motion is beaten by a lower cost of an incremental customer than blended CAC, a pinned scenario by a
    larger contribution.
    """
    mine = sample.measured["contribution"]
    beats = [Chance("costs less per customer than blended CAC", sample.chance("cpa_over_cac", 0.0))]
    if pinned is not None:
        beats.insert(0, Chance("earns more than the baseline", float(np.mean(mine > pinned.measured["contribution"]))))
    within = scenario.payback_within
    return [
        *beats,
        Chance(f"pays a customer back within {within} months", sample.chance("payback_month", within)),
        Chance("loses money", float(np.mean(mine < 0))),
    ]
