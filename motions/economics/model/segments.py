"""Several motions in one market: segments have a size, and motions that sell into the same one share its demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from motions.economics.inputs.scenario import Segment
from motions.economics.inputs.terms import Array
from motions.economics.model.payouts import Arrivals
from motions.names import BASELINES


@dataclass(frozen=True)
class Demand:
    """What became of a segment over all months, each figure with one value a draw."""

    segment: Segment
    motions: tuple[str, ...]
    wanted: Array
    """new customers that the motions would win here if each were alone"""
    won: Array
    """new customers that they win together"""
    by_motion: dict[str, Array]
    alone: Array
    """new customers that each would win here without the others, added up: no more than the segment holds, each"""

    @property
    def conflict(self) -> Array:
        """Customers that a motion would win without the others, and that one of these wins."""
        return self.alone - self.won

    @property
    def exhausted(self) -> Array:
        """Customers that motions want beyond what the segment holds, whoever else sells there."""
        return self.wanted - self.alone


def share_demand(segments: Sequence[Segment], came: Mapping[str, Arrivals]) -> tuple[dict[str, Arrivals], list[Demand]]:
    """Return the arrivals of each program when demand is shared, and what became of each segment.

    A direct baseline that no segment names sells outside of them, to customers of its own; one that is named sells in
    its segments only.
    A motion sells into its segments in proportion to their sizes. In a month a motion that alone would win `w` of the
    `left` accounts of a segment reaches the share w ÷ left of them, whoever else reaches them too; so together the
    motions win left × (1 − Π (1 − share)), divided in proportion to the shares. A partner motion without a
    segment sells nothing. Without segments nothing is shared.
    """
    if not segments:
        return dict(came), []
    outside = {name for name in came if sells_outside(segments, name)}
    won = {name: one.new if name in outside else np.zeros_like(one.new) for name, one in came.items()}
    demands = []
    for segment in segments:
        here = {
            name: came[name].new * (segment.size / sum(other.size for other in segments if name in other.motions))
            for name in map(str, segment.motions)
            if name in came
        }
        if not here:
            continue
        got = _in_one(segment.size, here)
        for name, new in got.items():
            won[name] = won[name] + new
        totals = {name: new.sum(axis=0) for name, new in got.items()}
        wanted = sum((new.sum(axis=0) for new in here.values()), np.zeros(1))
        alone = sum((_in_one(segment.size, {name: new})[name].sum(axis=0) for name, new in here.items()), np.zeros(1))
        demands.append(Demand(segment, tuple(here), wanted, sum(totals.values(), np.zeros(1)), totals, alone))
    return {name: replace(one, new=won[name]) for name, one in came.items()}, demands


def sells_outside(segments: Sequence[Segment], name: str) -> bool:
    """Return whether a program sells outside of the segments: a direct baseline that none of them names."""
    return name in BASELINES and not any(name in segment.motions for segment in segments)


def _in_one(size: float, wanted: Mapping[str, Array]) -> dict[str, Array]:
    """Share one segment's accounts month by month."""
    shape = np.broadcast_shapes(*(new.shape for new in wanted.values()))
    won = {name: np.zeros(shape) for name in wanted}
    left = np.full(shape[1:], float(size))
    for month in range(shape[0]):
        there = np.maximum(left, 1e-12)
        reach = {name: np.minimum(new[month] / there, 1.0) for name, new in wanted.items()}
        missed, total = np.ones(shape[1:]), np.zeros(shape[1:])
        for share in reach.values():
            missed, total = missed * (1 - share), total + share
        each = left * (1 - missed) / np.where(total > 0, total, 1.0)
        for name, share in reach.items():
            won[name][month] = each * share
        left = left * missed
    return won
