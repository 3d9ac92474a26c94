"""Scenarios side by side: what each comes to, how it differs from the first, and how sure the difference is."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from motions.economics.answers.uncertainty import Sample, active_ranges, drawn, percentiles, simulate
from motions.economics.inputs.keys import input_of
from motions.economics.inputs.links import Named
from motions.economics.inputs.scenario import Scenario, carried
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

    All are drawn with the seed and the number of draws of the first, each with the ranges of the others too. A scenario
    that does not show the program is read for it all the same.
    """
    found: list[Column] = []
    for one, sample in zip(scenarios, _drawn_alike([one.scenario for one in scenarios], program), strict=True):
        market = one.scenario.market
        figures = run(one.scenario, only=program)[program].figures
        found.append(Column(one.name, figures, sample, found[0] if found else None, market.currency, market.months))
    return found


def _drawn_alike(scenarios: Sequence[Scenario], program: str) -> list[Sample | None]:
    """What a program does in each scenario over the same draws; nothing where none has a range."""
    if not any(active_ranges(one, program) for one in scenarios):
        return [None] * len(scenarios)
    first = scenarios[0]
    alike = [one.model_copy(update={"draws": first.draws, "seed": first.seed}) for one in scenarios]
    own = [drawn(one, program) for one in alike]
    found: list[Sample | None] = []
    for at, scenario in enumerate(alike):
        numbers = dict(own[at])
        for other, theirs in zip(alike, own, strict=True):
            numbers |= {key: _about(scenario, other, key, theirs[key]) for key in _borrowed(scenario, theirs, numbers)}
        found.append(_whole(simulate(scenario, numbers, only=program)[program], first.draws))
    return found


def _borrowed(scenario: Scenario, theirs: Mapping[str, Array], numbers: Mapping[str, Array]) -> list[str]:
    """The inputs that another scenario draws, and this one has and does not."""
    found = []
    for key in theirs.keys() - numbers.keys():
        with suppress(AttributeError):  # terms that it does not have
            scenario.at(key)
            found.append(key)
    return found


def _about(scenario: Scenario, other: Scenario, key: str, values: Array) -> Array:
    """The draws of another scenario's input, about this one's value: the same quantiles."""
    item = input_of(key)
    moved = carried(values, item, other.at(key), scenario.at(key))
    return np.rint(moved) if item.whole else moved


def _whole(sample: Sample, draws: int) -> Sample:
    # Without an active range a scenario is one draw, the same beside every draw of another.
    return Sample(sample.fan, {key: np.broadcast_to(one, (draws,)) for key, one in sample.measured.items()})


def earns_more(scenario: Scenario, pinned: Scenario, program: str) -> float:
    """Return the share of draws in which a program earns more than in another scenario, both drawn alike."""
    mine, other = (one.measured["contribution"] for one in _drawn_alike([scenario, pinned], program) if one)
    return float(np.mean(mine > other))


def unlike(before: Scenario, after: Scenario) -> str:
    """Say why figures of two scenarios can't be taken off one another, or only with care; "" where they can."""
    if before.market.currency != after.market.currency:
        return (
            f"The pinned scenario is in {before.market.currency}, this one in {after.market.currency}: their figures "
            "are not taken off one another."
        )
    if before.market.months != after.market.months:
        return (
            f"The pinned scenario runs {before.market.months} months, this one {after.market.months}: sums over all "
            "months differ by that too."
        )
    return ""


@dataclass(frozen=True)
class Chance:
    """The probability of something, over all draws that say; None where none does."""

    words: str
    share: float | None

    @property
    def said(self) -> str:
        """In how many of a hundred draws it is so.

        >>> Chance("it loses money", 0.062).said, Chance("it loses money", None).said
        ('in 6 of 100 draws it loses money', 'no draw says whether it loses money')
        """
        return f"no draw says whether {self.words}" if self.share is None else f"in {in_draws(self.share)} {self.words}"


def in_draws(share: float) -> str:
    """Say a share of draws so that neither never nor always is said of what happens, or does not.

    >>> in_draws(0.0), in_draws(0.001), in_draws(0.83), in_draws(1.0)
    ('no draws', '1 of 100 draws', '83 of 100 draws', 'all draws')
    """
    return f"{'no' if share == 0 else 'all' if share == 1 else f'{min(max(share * 100, 1), 99):.0f} of 100'} draws"


def chances(scenario: Scenario, program: str, sample: Sample, pinned: Scenario | None) -> list[Chance]:
    """Return how likely a program beats the pinned scenario, pays back in time, and loses money.

    The direct motion is beaten by a lower cost of an incremental customer than blended CAC, a pinned scenario by a
    larger contribution.
    """
    beats = [Chance("a customer costs less than blended CAC", sample.chance("cpa_over_cac", 0.0))]
    if pinned is not None:
        beats.insert(0, Chance("it earns more than the pinned scenario", earns_more(scenario, pinned, program)))
    within = scenario.payback_within
    return [
        *beats,
        Chance(f"a customer pays back within {within} months", sample.chance("payback_month", within)),
        Chance("it loses money", float(np.mean(sample.measured["contribution"] < 0))),
    ]
