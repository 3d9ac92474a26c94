"""Exact answers over all ways in which unknown answers could turn out.

Answers that no rule tells apart are one class. Questions that share no rule are independent and their points add up, so
each group of questions is laid out by itself, reduced to its distinct outcomes, and these are combined.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from motions.playbook.conditions import Fact, Join, Opposite, Value, When, asked, facts, truth

MOST = 1_000_000
"""Combinations of classes above which an answer would no longer come at once; the content stays far below."""
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Choices = Mapping[str, tuple[Value, ...]]
"""All answers of each question; none of a question for an amount."""


@dataclass(frozen=True)
class Voice:
    """A rule as numbers: when it speaks, the points it gives each candidate, and which it rules out."""

    when: When
    points: tuple[int, ...]
    out: tuple[bool, ...]


@dataclass(frozen=True)
class Outcomes:
    """Distinct outcomes: points and ruled out (outcome × candidate), and in how many combinations each comes about."""

    points: Ints
    out: Bools
    counts: Ints


@dataclass(frozen=True)
class Ranges:
    """What holds over all combinations.

    `best` and `worst` are places by candidate; `out` the share of combinations in which it is ruled out; `firsts` the
    share in which just these candidates (by position) are first; `matters` the share in which another answer to that
    question alone changes who is first, by unknown question.
    """

    best: tuple[int, ...]
    worst: tuple[int, ...]
    out: tuple[float, ...]
    firsts: Mapping[tuple[int, ...], float]
    matters: Mapping[str, float]
    combinations: int


def classes(choices: tuple[Value, ...], told_by: Sequence[Fact]) -> tuple[tuple[Value, ...], ...]:
    """Return the answers to a question grouped by what the facts tell apart.

    An amount stands for all from it to the next cut.

    >>> classes((), [Fact("acv", low=5000.0), Fact("acv", high=9000.0)])
    ((0.0,), (5000.0,), (9000.0,))
    >>> classes(("one", "two", "three"), [Fact("size", among=("two",))])
    (('one', 'three'), ('two',))
    """
    values = choices or tuple(sorted({0.0} | {cut for fact in told_by for cut in (fact.low, fact.high) if cut}))
    groups: dict[tuple[bool, ...], list[Value]] = defaultdict(list)
    for value in values:
        groups[tuple(fact.holds(value) for fact in told_by)].append(value)
    return tuple(tuple(group) for group in groups.values())


def standing(points: Ints, out: Bools) -> Ints:
    """Return points as they are ranked: those that are ruled out stand alike, below all others."""
    return np.where(out, points.min(initial=0) - 1, points)


def places(points: Ints, out: Bools) -> tuple[Ints, Ints]:
    """Return the best and the worst place by row and candidate: one more than stand above, and all not below.

    >>> places(np.array([[3, 1, 1, 5]]), np.array([[False, False, False, True]]))
    (array([[1, 2, 2, 4]]), array([[1, 3, 3, 4]]))
    """
    rank = standing(points, out)
    above = (rank[:, None, :] > rank[:, :, None]).sum(axis=2)
    below = (rank[:, None, :] < rank[:, :, None]).sum(axis=2)
    return above + 1, rank.shape[1] - below


def leaders(points: Ints, out: Bools) -> Bools:
    """Return who is first: most points, more than none, and not ruled out; several where they tie, or nobody."""
    rank = standing(points, out)
    most: Ints = rank.max(axis=-1, keepdims=True)
    found: Bools = (rank == most) & ~out & (points > 0)
    return found


def told_apart(voices: Sequence[Voice], choices: Choices, answers: Mapping[str, Value]) -> dict[str, list[Value]]:
    """Return one answer of each class, by unknown question that a rule still waits for."""
    waiting = [voice.when for voice in voices if truth(voice.when, answers) is None]
    told_by: dict[str, list[Fact]] = defaultdict(list)
    for when in waiting:
        for fact in facts(when):
            if fact.question not in answers:
                told_by[fact.question].append(fact)
    return {name: [group[0] for group in classes(choices[name], told)] for name, told in told_by.items()}


def combinations(voices: Sequence[Voice], choices: Choices, answers: Mapping[str, Value]) -> int:
    """Return in how many combinations of classes the unknown answers can turn out."""
    return prod(len(values) for values in told_apart(voices, choices, answers).values())


def ranges(voices: Sequence[Voice], choices: Choices, answers: Mapping[str, Value]) -> Ranges:
    """Return places, leaders and what still matters over all combinations of unknown answers."""
    values = told_apart(voices, choices, answers)
    open_voices = [voice for voice in voices if truth(voice.when, answers) is None]
    size = len(voices[0].points) if voices else 0
    base = settled(voices, answers)
    groups = [(names, _table(of, names, values, answers, size)) for names, of in _groups(open_voices, answers)]
    flat = [_distinct(table) for _, table in groups]
    whole = reduce(_combined, flat, base)
    matters: dict[str, float] = {}
    for at, (names, table) in enumerate(groups):
        others = reduce(_combined, flat[:at] + flat[at + 1 :], base)
        matters |= _matters(names, [len(values[name]) for name in names], table, others)
    return _summed(whole, {name: matters.get(name, 0.0) for name in values})


def settled(voices: Sequence[Voice], answers: Mapping[str, Value]) -> Outcomes:
    """Return the one outcome of the rules that speak already, whatever the unknown answers are."""
    loud = [voice for voice in voices if truth(voice.when, answers)]
    size = len(voices[0].points) if voices else 0
    points = np.array([voice.points for voice in loud], np.int64).reshape(len(loud), size)
    out: Bools = np.logical_or.reduce(np.array([voice.out for voice in loud], np.bool_).reshape(len(loud), size))
    return Outcomes(points.sum(axis=0, keepdims=True), out[None, :], np.ones(1, np.int64))


def _groups(voices: Sequence[Voice], answers: Mapping[str, Value]) -> list[tuple[tuple[str, ...], list[Voice]]]:
    """Return the questions that hang together by rules, with those rules."""
    found: list[tuple[tuple[str, ...], list[Voice]]] = []
    for voice in voices:
        names: Iterable[str] = (name for name in asked(voice.when) if name not in answers)
        joined, rest, own = tuple(names), [], [voice]
        for others, of in found:
            if set(joined) & set(others):
                joined, own = tuple(dict.fromkeys((*others, *joined))), [*of, *own]
            else:
                rest.append((others, of))
        found = [*rest, (joined, own)]
    return found


def _table(
    voices: Sequence[Voice], names: tuple[str, ...], values: Mapping[str, list[Value]], answers: Mapping[str, Value],
    size: int,
) -> Outcomes:  # fmt: skip
    """Lay out a group of questions: one row for each combination of their classes, the last question fastest."""
    shape = tuple(len(values[name]) for name in names)
    points, out = np.zeros((*shape, size), np.int64), np.zeros((*shape, size), np.bool_)
    for voice in voices:
        speaks = np.broadcast_to(_speaks(voice.when, names, values, answers), shape)[..., None]
        points += speaks * np.array(voice.points)
        out |= speaks & np.array(voice.out)
    rows = prod(shape)
    return Outcomes(points.reshape(rows, size), out.reshape(rows, size), np.ones(rows, np.int64))


def _speaks(when: When, names: tuple[str, ...], values: Mapping[str, list[Value]], answers: Mapping[str, Value]) -> Any:
    match when:
        case Fact(question=name) if name in answers:
            return np.bool_(when.holds(answers[name]))
        case Fact(question=name):
            along = [1] * len(names)
            along[names.index(name)] = -1
            return np.array([when.holds(value) for value in values[name]]).reshape(along)
        case Opposite(part=part):
            return ~_speaks(part, names, values, answers)
        case Join(how=how, parts=parts):
            joins = np.logical_and if how == "all" else np.logical_or
            return reduce(joins, [_speaks(part, names, values, answers) for part in parts])


def _distinct(table: Outcomes) -> Outcomes:
    rows = np.hstack([table.points, table.out.astype(np.int64)])
    kept, inverse = np.unique(rows, axis=0, return_inverse=True)
    counts = np.bincount(inverse.ravel(), weights=table.counts, minlength=len(kept)).astype(np.int64)
    size = table.points.shape[1]
    return Outcomes(kept[:, :size], kept[:, size:].astype(np.bool_), counts)


def _crossed(one: Outcomes, other: Outcomes) -> Outcomes:
    """Return every outcome of one together with every outcome of the other, those of the other fastest."""
    size = one.points.shape[1]
    points = (one.points[:, None, :] + other.points[None, :, :]).reshape(-1, size)
    out = (one.out[:, None, :] | other.out[None, :, :]).reshape(-1, size)
    return Outcomes(points, out, (one.counts[:, None] * other.counts[None, :]).ravel())


def _combined(one: Outcomes, other: Outcomes) -> Outcomes:
    return _distinct(_crossed(one, other))


def _matters(names: tuple[str, ...], shape: list[int], table: Outcomes, others: Outcomes) -> dict[str, float]:
    """Return in which share of combinations the leaders change along each question of a group."""
    crossed = _crossed(table, others)
    first = leaders(crossed.points, crossed.out) @ (1 << np.arange(table.points.shape[1]))
    grid = first.reshape(*shape, len(others.counts))
    shares = {}
    for axis, name in enumerate(names):
        varies = (grid != grid.take([0], axis)).any(axis)
        mean = varies.reshape(-1, len(others.counts)).mean(axis=0)
        shares[name] = float(mean @ others.counts / others.counts.sum())
    return shares


def _summed(whole: Outcomes, matters: Mapping[str, float]) -> Ranges:
    best, worst = places(whole.points, whole.out)
    total = int(whole.counts.sum())
    firsts: dict[tuple[int, ...], float] = defaultdict(float)
    for row, many in zip(leaders(whole.points, whole.out), whole.counts, strict=True):
        firsts[tuple(np.flatnonzero(row).tolist())] += int(many) / total
    out = (whole.out * whole.counts[:, None]).sum(axis=0) / total
    return Ranges(
        tuple(best.min(axis=0).tolist()), tuple(worst.max(axis=0).tolist()), tuple(out.tolist()), dict(firsts), matters,
        total,
    )  # fmt: skip
