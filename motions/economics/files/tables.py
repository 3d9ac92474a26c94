"""What the simulator shows, as text and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from motions.economics.answers.compare import Column
from motions.economics.answers.uncertainty import Sample
from motions.economics.inputs.assumptions import Market
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.projection import Projection, series_of
from motions.economics.model.results import FIGURES, UNITS, Figures, looked_at, titles
from motions.economics.model.run import Outcome, Taken, selling
from motions.economics.model.segments import Demand, sells_outside
from motions.names import BASELINES, NAMES
from motions.text import UNKNOWN, count, listed, money, percent, span
from motions.units import MONEY, MONTHS, Unit

Results = Mapping[str, Outcome]


def shown(unit: Unit, value: float | None, months: int, currency: str, name: str = "") -> str:
    """Show a figure in its unit; a month that is not reached says within how many."""
    if unit == MONTHS:
        if value is None:
            return f"not within {count(looked_at(name, months), 'month')}"
        return f"month {value:.0f}" if name == "break_even_month" else unit.said(value)
    return unit.said(value, currency)


PRESENTED = ("contribution", "effective_cpa", "payback_month")
"""The three figures of the presentation view, unless others are chosen."""


def beside(name: str, figures: Figures, months: int, currency: str) -> str:
    """Return what a tile's figure is read against, or nothing."""
    if name == "contribution":
        turn = shown(MONTHS, figures["break_even_month"], months, currency, "break_even_month")
        return f"break-even {turn}"
    return f"blended CAC {money(figures['blended_cac'], currency)}" if name == "effective_cpa" else ""


def change(unit: Unit, value: float | None, before: float | None, currency: str) -> str | None:
    """Say the difference to the pinned value with its direction, or None where there is nothing to compare."""
    if value is None or before is None:
        return None
    gap = value - before
    if unit.same(gap, currency):
        return "same as the pinned scenario"
    return f"{unit.size(gap, currency)} {'more' if gap > 0 else 'less'} than the pinned scenario"


def spread(
    unit: Unit, ends: tuple[float, float, float] | None, months: int, currency: str, name: str, known: float = 1.0
) -> str:
    """Show P10 to P90 of a figure, and of how many draws where not all have it; nothing where none has."""
    if ends is None:
        return ""
    low, high = (shown(unit, value if np.isfinite(value) else None, months, currency, name) for value in ends[::2])
    return f"P10 {low} to P90 {high}{of_draws(known)}"


def spread_of(name: str, sample: Sample | None, months: int, currency: str) -> str:
    """Show P10 to P90 of a figure of a program; nothing where it is not drawn from ranges."""
    if sample is None:
        return ""
    return spread(UNITS[name], sample.percentiles(name), months, currency, name, sample.known(name))


def of_draws(known: float) -> str:
    """Say of which share of the draws something is, where it is not of all.

    >>> of_draws(1.0), of_draws(0.943)
    ('', ', of the 94.3 % of draws that have it')
    """
    return "" if known >= 1 else f", of the {percent(known)} of draws that have it"


def side_by_side(columns: Sequence[Column], name: str) -> pd.DataFrame:
    """Return scenarios × a figure, its difference to the first and the interval of the difference, as text."""
    unit = UNITS[name]
    rows = []
    for one in columns:
        gap, ends = one.difference(name), one.interval(name)
        months, currency = one.months, one.currency
        row = {"Scenario": one.name, titles(currency)[name]: shown(unit, one.figures[name], months, currency, name)}
        if one.sample:
            known, ends_ = one.sample.known(name), one.sample.percentiles(name)
            row["P10 to P90"] = spread(unit, ends_, months, currency, name, known) or UNKNOWN
        row[f"Against {columns[0].name}"] = "pinned" if one.baseline is None else unit.difference(gap, currency)
        if one.sample:
            sure = (
                UNKNOWN
                if ends is None
                else f"{unit.difference(ends[0], currency)} to {unit.difference(ends[2], currency)}"
                + of_draws(one.known(name))
            )
            row["Difference, P10 to P90"] = "" if one.baseline is None else sure
        rows.append(row)
    return pd.DataFrame(rows).set_index("Scenario")


def segments(found: Sequence[Demand]) -> pd.DataFrame:
    """Return segments × size, what motions win there, and how much they get in each other's way, as text."""
    rows = [
        {
            "Segment": one.segment.name,
            "Size": count(one.segment.size, "customer"),
            "Won": count(float(one.won[0]), "customer"),
            "Share of the segment": percent(float(one.won[0]) / one.segment.size),
            "Lost to one another": count(float(one.conflict[0]), "customer"),
            "Nobody left to win": count(float(one.exhausted[0]), "customer"),
            "Motions": listed([NAMES[name] for name in one.motions]),
        }
        for one in found
    ]
    return pd.DataFrame(rows).set_index("Segment")


def conflicts(found: Sequence[Taken], months: int, currency: str) -> list[str]:
    """Say what each motion takes from another, in customers and in money."""
    return [
        f"{NAMES[one.taker]} take {count(one.customers, 'customer')} from {NAMES[one.loser].lower()}: "
        f"{money(one.contribution, currency)} of their contribution in {count(months, 'month')}."
        for one in found
    ]


def outside(scenario: Scenario, found: Sequence[Demand]) -> list[str]:
    """Say which programs of a scenario sell outside of its segments, and which to nobody."""
    named = {name for one in found for name in one.motions}
    apart = [name for name in selling(scenario) if name not in named]
    own = [NAMES[name] for name in apart if sells_outside(scenario.segments, name)]
    nobody = [NAMES[name] for name in apart if not sells_outside(scenario.segments, name)]
    said = [
        f"Outside of the segments, to customers of its own: {listed(own)}. Name it in a segment to have it sell there."
    ]
    return (said if own else []) + ([f"Sells into no segment, and so to nobody: {listed(nobody)}."] if nobody else [])


@dataclass(frozen=True)
class InShort:
    """A program in five figures: (title, figure) as text, between which ends each is drawn, and a word on its cost."""

    program: str
    figures: tuple[tuple[str, str], ...]
    ends: tuple[str, ...]
    """P10 to P90 of each figure; empty texts where it is not drawn from ranges"""
    cost: str
    cheap: bool | None
    """None where that can't be said"""

    @property
    def side(self) -> str:
        """The word on its cost where there is little room: below, above or as blended CAC."""
        return self.cost.partition(" (")[0]


def programs(results: Results, samples: Mapping[str, Sample], months: int, currency: str) -> list[InShort]:
    """Return each program in five figures, in the order shown."""
    return [_in_short(name, one.figures, samples.get(name), months, currency) for name, one in results.items()]


def _in_short(name: str, figures: Figures, sample: Sample | None, months: int, currency: str) -> InShort:
    """One program: its own cost is that of a customer that would not have come anyway."""
    cost = "effective_cpa" if name in BASELINES else "incremental_cpa"
    wanted = {
        "contribution": count(months, "month"), "break_even_month": "Break-even", cost: COSTS,
        "payback_month": "Payback", "partner_earnings": "Average partner gets",
    }  # fmt: skip
    said = {key: shown(UNITS[key], figures[key], months, currency, key) for key in wanted}
    ends = {key: _between(key, sample, months, currency) for key in wanted}
    if name in BASELINES:
        said["partner_earnings"], ends["partner_earnings"] = "has no partners", ""
    pairs = tuple((title, said[key]) for key, title in wanted.items())
    return InShort(name, pairs, tuple(ends.values()), *_beside_blended(figures[cost], figures["blended_cac"], currency))


def _between(name: str, sample: Sample | None, months: int, currency: str) -> str:
    """P10 to P90 of a figure in as few words as can be, nothing without draws of it."""
    ends = sample.percentiles(name) if sample else None
    if sample is None or ends is None:
        return ""
    low, high = (shown(UNITS[name], one if np.isfinite(one) else None, months, currency, name) for one in ends[::2])
    return span(low, high) + of_draws(sample.known(name))


COSTS = "A customer costs"


def _beside_blended(cost: float | None, blended: float | None, currency: str) -> tuple[str, bool | None]:
    """What a customer's cost is read against, and whether it is less."""
    if cost is None or blended is None:
        return "", None
    if MONEY.same(cost - blended, currency):
        return "as blended CAC", None
    return f"{'below' if cost < blended else 'above'} blended CAC ({money(blended, currency)})", cost < blended


def deal(market: Market) -> str:
    """Say what all programs share, in a line.

    >>> deal(Market())
    '$500 a month · 80 % margin · 36 months'
    """
    price, margin = money(market.list_price, market.currency), percent(market.gross_margin, 0)
    return f"{price} a month · {margin} margin · {count(market.months, 'month')}"


def comparison(results: Results, samples: Mapping[str, Sample], months: int, currency: str) -> pd.DataFrame:
    """Return figures × programs as text; P10 to P90 stand beside each program that is drawn from ranges."""
    cells = {}
    for name, outcome in results.items():
        cells[NAMES[name]] = [shown(one.unit, outcome.figures[one.name], months, currency, one.name) for one in FIGURES]
        if sample := samples.get(name):
            ends = [spread_of(one.name, sample, months, currency) for one in FIGURES]
            cells[f"{NAMES[name]}: P10 to P90"] = ends
    return pd.DataFrame(cells, index=pd.Index(titles(currency).values(), name="Figure"))


def monthly(projection: Projection, currency: str, beside: Sequence[Projection] = ()) -> pd.DataFrame:
    """Return months × series as numbers, draw 0; each column names its unit.

    Series of customers already there, and of a distributor, are among them where this program or one `beside` has some.
    """
    everyone = (projection, *beside)
    shown = series_of(
        any(one.opening_customers.any() for one in everyone), any(one.distributor.any() for one in everyone)
    )
    columns = {unit.label(title, currency): getattr(projection, name)[:, 0].round(2) for name, title, unit, _ in shown}
    index = pd.RangeIndex(1, len(projection.spend) + 1, name="Month")
    return pd.DataFrame(columns, index=index)


def monthly_csv(results: Results, currency: str) -> list[list[object]]:
    """Return the monthly tables of all programs below one another, header first."""
    rows: list[list[object]] = []
    everyone = [one.projection for one in results.values()]
    for name, outcome in results.items():
        table = monthly(outcome.projection, currency, everyone)
        if not rows:
            rows.append(["Program", "Month", *table.columns])
        rows += [[NAMES[name], month, *values] for month, values in zip(table.index, table.to_numpy(), strict=True)]
    return rows
