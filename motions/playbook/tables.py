"""The playbook as tables."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from motions.playbook.fit_models import Disagreement
from motions.playbook.fit_result import Spoken
from motions.playbook.load import load_benchmarks
from motions.playbook.models import ATTRIBUTES, Attribute, Basis, Benchmark, GrowthMotions, Motion
from motions.playbook.own_models import Change, Own
from motions.text import listed

STATED, READING, YOURS = "●", "○", "◆"
"""Marks of the basis, so that stated and our reading differ without colour; and of what is of one's own playbook."""


@dataclass(frozen=True)
class Row:
    """One attribute over the chosen motions."""

    key: str
    title: str
    meaning: str
    cells: tuple[Attribute, ...]

    def differs(self) -> bool:
        """Return whether the motions do not all have the same value."""
        return len({cell.value for cell in self.cells}) > 1


def attribute_rows(motions: Sequence[Motion], differing_only: bool = False) -> list[Row]:
    """Return the attributes, the differing ones first, each group in the order of the content."""
    rows = [
        Row(key, title, meaning, tuple(getattr(motion.attributes, key) for motion in motions))
        for key, title, meaning in ATTRIBUTES
    ]
    differing = [row for row in rows if row.differs()]
    return differing if differing_only else differing + [row for row in rows if not row.differs()]


def matrix(
    motions: Sequence[Motion], differing_only: bool = False, yours: Mapping[str, Collection[str]] = MappingProxyType({})
) -> pd.DataFrame:
    """Return attributes × motions; each value is led by the mark of its basis, or by that of one's own playbook.

    `yours` holds, by motion, the fields that are of it, as `attributes.touch`.
    """
    rows = attribute_rows(motions, differing_only)
    cells = {
        motion.name: [
            f"{YOURS if f'attributes.{row.key}' in yours.get(motion.id, ()) else mark(row.cells[at])} "
            f"{row.cells[at].value}"
            for row in rows
        ]
        for at, motion in enumerate(motions)
    }
    return pd.DataFrame(cells, index=pd.Index([row.title for row in rows], name="Attribute"))


def sources(motions: Sequence[Motion], own: Own, differing_only: bool = False) -> pd.DataFrame:
    """Return attributes × motions as `matrix` does, and in each cell whose the value is and why."""
    rows = attribute_rows(motions, differing_only)
    cells = {motion.name: [own.reason(motion, row.key) for row in rows] for motion in motions}
    return pd.DataFrame(cells, index=pd.Index([row.title for row in rows], name="Attribute"))


def mark(attribute: Attribute) -> str:
    """Return the mark of an attribute's basis."""
    return STATED if attribute.basis is Basis.STATED else READING


def differences(changes: Sequence[Change]) -> pd.DataFrame:
    """Return what differs from the original beside it, as text."""
    return pd.DataFrame(
        [(one.part, one.original, one.yours) for one in changes], columns=["What", "In the original", "In yours"]
    )


def growth_table(growth: GrowthMotions) -> pd.DataFrame:
    """Return the six dimensions × product-led, sales-led, partner-led."""
    return pd.DataFrame(
        {
            "Product-led": [row.product_led for row in growth.rows],
            "Sales-led": [row.sales_led for row in growth.rows],
            "Partner-led": [row.partner_led for row in growth.rows],
        },
        index=pd.Index([row.dimension for row in growth.rows], name="Dimension"),
    )


def benchmarks(found: Sequence[Benchmark], titles: dict[str, str]) -> pd.DataFrame:
    """Return reference figures beside the metric that they belong to, with source and grade."""
    return pd.DataFrame(
        [
            {
                "Beside": titles[one.metric],
                "Figure": one.figure,
                "What": one.topic,
                "How it was measured": one.measured,
                "Source": f"{one.source} ({one.year or 'year not stated'})",
                "Grade": one.grade,
            }
            for one in found
        ]
    )


def reference_bands(metric: str) -> tuple[tuple[float, float, str], ...]:
    """Return low, high and source of the reference figures of a metric, as fractions; never one of grade C."""
    return tuple(
        (one.low / 100, one.high / 100, f"{one.topic}: {one.figure}, {one.measured} ({one.source}, grade {one.grade})")
        for one in load_benchmarks()
        if one.metric == metric and one.grade != "C" and one.low is not None and one.high is not None
    )


def spoken_table(rules: Sequence[Spoken]) -> pd.DataFrame:
    """Return rules with what they are of, how they stand and who says so, as text."""
    rows = [(one.rule.role, one.rule.reason, one.said or "", one.source) for one in rules]
    return pd.DataFrame(rows, columns=["Of", "Says", "Stands", "Source"]).replace({"Of": ROLES})


ROLES = {"gate": "When to start", "threshold": "A cut", "plan": "How to go about it", "ranks": "Not asked here"}
"""What a rule that does not rank is of, by its role."""


def disagreement_table(found: Sequence[Disagreement]) -> pd.DataFrame:
    """Return what sources contradict one another on, a row for each side, as text."""
    rows = [
        (one.about if at == 0 else "", side.says, listed(list(side.by)))
        for one in found
        for at, side in enumerate(one.sides)
    ]
    return pd.DataFrame(rows, columns=["On", "Says", "Source"])
