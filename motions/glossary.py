"""Every metric, figure and assumption in one list, taken from where each is defined."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from motions.cohorts.contract import TABLES
from motions.cohorts.metrics.metrics import METRICS, Settings
from motions.economics.inputs.assumptions import DirectProgram, Market, PartnerProgram
from motions.economics.inputs.terms import PARTS, PayoutPlan, Response, Terms
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
    response: tuple[str, str, type[Terms]] = ("", "Response to terms", Response)
    for _, name, model in (*PARTS, conditions, response):
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


@dataclass(frozen=True)
class Term:
    """One word and all that it means here, by the section that means it."""

    name: str
    section: str
    """the first that has it"""
    unit: str
    meanings: tuple[tuple[str, str], ...]
    """(section, meaning), each meaning once"""

    @property
    def slug(self) -> str:
        """How the term is called in an address: `/glossary?term=effective-cpa`."""
        return slug(self.name)

    @property
    def lines(self) -> tuple[str, ...]:
        """The meanings, with where each holds if there are several."""
        if len(self.meanings) == 1:
            return (self.meanings[0][1],)
        return tuple(f"{section}: {meaning}" for section, meaning in self.meanings)


def slug(name: str) -> str:
    """Return a name as it stands in an address, of letters, digits and hyphens.

    >>> slug("LTV ÷ CPA"), slug("Revenue: account_id")
    ('ltv-cpa', 'revenue-account-id')
    """
    return "-".join(re.findall("[a-z0-9]+", name.lower()))


def terms(found: Iterable[Entry]) -> list[Term]:
    """Return entries as terms, one for each name."""
    by_name: dict[str, list[Entry]] = {}
    for entry in found:
        by_name.setdefault(slug(entry.name), []).append(entry)
    return [
        Term(
            own[0].name,
            own[0].section,
            own[0].unit,
            tuple({one.meaning: (one.section, one.meaning) for one in own}.values()),
        )
        for own in by_name.values()
    ]


@cache
def _by_slug() -> dict[str, Term]:
    return {term.slug: term for term in terms(entries())}


def term(words: str) -> Term | None:
    """Return the term of an address, of a label on a page, with its unit or not, or of a metric's short name.

    Where a short name is the name of something else too, the term holds both.

    >>> term("Customer churn (%)").name, term("effective-cpa").name, term("no such thing")
    ('Customer churn a month', 'Effective CPA', None)
    """
    wanted = slug(words.partition(" (")[0])
    titles = [slug(metric.title) for metric in METRICS if slug(metric.label) == wanted]
    found = [_by_slug()[name] for name in dict.fromkeys([wanted, *titles]) if name in _by_slug()]
    if len(found) < 2:
        return found[0] if found else None
    return replace(found[0], meanings=tuple(meaning for one in found for meaning in one.meanings))


def table(found: Sequence[Term]) -> pd.DataFrame:
    """Return terms as name, unit and meaning, one row each."""
    return pd.DataFrame([{"Name": one.name, "Unit": one.unit, "Meaning": " ".join(one.lines)} for one in found])


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
