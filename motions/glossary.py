"""Every metric, figure and assumption in one list, taken from where each is defined."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from motions.cohorts.contract import TABLES
from motions.cohorts.metrics.metrics import METRICS, Settings
from motions.economics.inputs.assumptions import DirectProgram, Market, PartnerProgram
from motions.economics.inputs.terms import PARTS, PayoutPlan, Terms
from motions.economics.model.projection import SERIES
from motions.economics.model.results import FIGURES
from motions.fields import Input, inputs
from motions.playbook.models import ATTRIBUTES, MetricTable

SECTIONS = (
    "Program health: metrics",
    "Program health: settings",
    "Simulator: figures",
    "Simulator: monthly series",
    "Simulator: inputs",
    "Simulator: payout terms",
    "Comparison: attributes",
    "Files: columns",
)


@dataclass(frozen=True)
class Entry:
    """One thing that the app shows or asks for."""

    section: str
    name: str
    unit: str
    meaning: str


@cache
def entries() -> tuple[Entry, ...]:
    """Return all entries in the order of SECTIONS."""
    metrics, settings, figures, series, fields, terms, attributes, columns = SECTIONS
    found = [Entry(metrics, metric.title, metric.unit, metric.definition) for metric in METRICS]
    found += [_input(settings, item) for item in inputs(Settings)]
    found += [Entry(figures, figure.title, figure.unit, figure.definition) for figure in FIGURES]
    found += [Entry(series, title, unit, meaning) for _, title, unit, meaning in SERIES]
    own = {item.name: item for model in (Market, PartnerProgram, DirectProgram) for item in inputs(model)}
    found += [_input(fields, item) for item in own.values()]
    conditions: tuple[str, str, type[Terms]] = ("", "Conditions on all payouts", PayoutPlan)
    for _, name, model in (*PARTS, conditions):
        what = " ".join((model.__doc__ or "").split("\n\n")[0].split())
        found.append(Entry(terms, name, "", what))
        found += [_input(terms, item) for item in inputs(model)]
    found += [Entry(attributes, title, "", meaning) for _, title, meaning in ATTRIBUTES]
    found += [Entry(columns, f"{t.name}: {c.name}", c.type, c.meaning) for t in TABLES for c in t.columns]
    return tuple(found)


def _input(section: str, item: Input) -> Entry:
    bounds = f" From {item.shown(item.low):,.10g} to {item.shown(item.high):,.10g}." if item.high else ""
    options = ", ".join(str(option) for option in item.options)
    return Entry(section, item.title, f"{options} {item.unit}".strip(), item.description + bounds)


def find(words: str) -> list[Entry]:
    """Return the entries in which every word occurs, or all without words."""
    wanted = words.lower().split()
    return [entry for entry in entries() if all(word in f"{entry.name} {entry.meaning}".lower() for word in wanted)]


def table(found: Sequence[Entry]) -> pd.DataFrame:
    """Return entries as name, unit and meaning."""
    return pd.DataFrame([{"Name": entry.name, "Unit": entry.unit, "Meaning": entry.meaning} for entry in found])


def metric_table(metrics: MetricTable) -> pd.DataFrame:
    """Return the playbook's six metrics; the two that are most neglected are marked."""
    return pd.DataFrame(
        [
            {
                "Metric": f"{row.name} (most neglected)" if row.neglected else row.name,
                "Tells": row.tells,
                "Why it matters": row.matters,
            }
            for row in metrics.rows
        ]
    )
