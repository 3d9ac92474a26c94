"""The segment plan in the simulator: its rows as segments in which motions share demand, and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from motions.economics.inputs.scenario import MOST_SEGMENTS, Segment
from motions.playbook.plan_rows import TITLE_OF, Reading, read_cells, row_cells
from motions.playbook.segment_plan import MOST_ACCOUNTS, MOST_LETTERS, PLANNED, Plan, Row
from motions.text import count, listed


@dataclass(frozen=True)
class Simulated:
    """The segments that the simulator takes, in the order of the plan, and what became of the other rows."""

    segments: tuple[Segment, ...]
    remarks: tuple[str, ...]


def to_segments(plan: Plan) -> Simulated:
    """Return a plan as the simulator's segments, at most `MOST_SEGMENTS`.

    Rows that no motion serves are left out. Where there are too many, rows with the same motions become one: the
    simulator's figures are the same, as it divides demand by size. Of what is still too many the smallest are left out.
    """
    served = [row for row in plan.segments if row.motions]
    groups = [[row] for row in served] if len(served) <= MOST_SEGMENTS else _by_motions(served)
    largest = sorted(groups, key=_size, reverse=True)[:MOST_SEGMENTS]
    taken = [group for group in groups if group in largest]
    segments = tuple(Segment(name=_name(group), size=_size(group), motions=group[0].motions) for group in taken)
    return Simulated(segments, tuple(_remarks(plan, groups, taken)))


def _by_motions(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows with the same motions together, as far as the simulator takes their size."""
    groups: list[list[Row]] = []
    for row in rows:
        for group in groups:
            if group[0].motions == row.motions and _size([*group, row]) <= MOST_ACCOUNTS:
                group.append(row)
                break
        else:
            groups.append([row])
    return groups


def _size(group: Iterable[Row]) -> int:
    return sum(row.size for row in group)


def _name(group: Sequence[Row]) -> str:
    more = f" + {len(group) - 1} more" if len(group) > 1 else ""
    return group[0].name[: MOST_LETTERS - len(more)].rstrip() + more


def _remarks(plan: Plan, groups: Sequence[Sequence[Row]], taken: Sequence[Sequence[Row]]) -> Iterable[str]:
    if unserved := [row.name for row in plan.segments if not row.motions]:
        yield f"Left out, as no motion sells there: {listed(unserved)}."
    for group in taken:
        if len(group) > 1:
            yield f"Taken as one segment, as the same motions sell there: {listed([row.name for row in group])}."
    if beyond := [row for group in groups if group not in taken for row in group]:
        yield (
            f"Left out, as the simulator takes {MOST_SEGMENTS} segments and these are the smallest: "
            f"{listed([row.name for row in beyond])} ({count(_size(beyond), 'account')})."
        )


def from_segments(segments: Sequence[Segment], before: Plan | None = None) -> Reading:
    """Return the simulator's segments as a plan; a row of the same name in `before` keeps its other columns.

    Sizes become whole accounts, which a remark says, as it does of rows of `before` that have no segment.
    """
    known = {row.name.casefold(): row_cells(row) for row in before.segments} if before else {}
    found = read_cells(enumerate((_cells(one, known.get(one.name.strip().casefold(), {})) for one in segments), 1))
    remarks = []
    if parts := [one.name for one in segments if one.size != round(one.size)]:
        remarks.append(f"Sizes are rounded to whole accounts: {listed(parts)}.")
    names = {row.name.casefold() for row in found.plan.segments}
    if gone := [row.name for row in (before.segments if before else ()) if row.name.casefold() not in names]:
        remarks.append(f"Not among the simulator's segments, so not in the plan any more: {listed(gone)}.")
    return replace(found, remarks=tuple(remarks))


def _cells(segment: Segment, known: Mapping[str, object]) -> dict[str, object]:
    """The cells of a segment by title: what it says itself, and the rest as it was known."""
    own = {"name": segment.name, "accounts": max(round(segment.size), 1)}
    own |= {motion: motion in segment.motions for motion in PLANNED}
    return {title: own.get(key, known.get(key)) for key, title in TITLE_OF.items()}
