"""What the simulator shows, as text and tables."""

from collections.abc import Mapping

import pandas as pd

from motions.economics.projection import SERIES, Projection
from motions.economics.results import FIGURES, Figures
from motions.names import NAMES
from motions.text import count, money, percent

Results = Mapping[str, tuple[Projection, Figures]]


def shown(unit: str, value: float | None, months: int, currency: str, name: str = "") -> str:
    """Show a figure in its unit; a month that is not reached says so."""
    if unit == "months":
        if value is None:
            return f"not within {count(months, 'month')}"
        return f"month {value:.0f}" if name == "break_even_month" else count(value, "month")
    if unit == "money/month" and value is not None:
        return f"{money(value, currency)}/month"
    if unit == "money":
        return money(value, currency)
    return percent(value) if unit == "%" else count(value)


TILES = ("contribution", "effective_cpa", "customer_value", "payback_month", "payout_share", "partner_earnings")
"""The figures that stand above the chart; all of them are in the table."""


def beside(name: str, figures: Figures, months: int, currency: str) -> str:
    """Return what a tile's figure is read against, or nothing."""
    if name == "contribution":
        turn = shown("months", figures.break_even_month, months, currency, "break_even_month")
        return f"break-even {turn}"
    return f"blended CAC {money(figures.blended_cac, currency)}" if name == "effective_cpa" else ""


def change(unit: str, value: float | None, before: float | None, currency: str) -> str | None:
    """Show the difference to a pinned value with its direction, or None where there is nothing to compare."""
    if value is None or before is None:
        return None
    gap = value - before
    if abs(gap) < 1e-9:
        return "same as pinned"
    size = {
        "months": count(abs(gap), "month"),
        "money": money(abs(gap), currency),
        "money/month": f"{money(abs(gap), currency)}/month",
        "%": f"{abs(gap) * 100:.1f} points",
    }.get(unit, count(abs(gap)))
    return f"{size} {'more' if gap > 0 else 'less'} than pinned"


def comparison(results: Results, months: int, currency: str) -> pd.DataFrame:
    """Return figures × programs as text."""
    cells = {
        NAMES[name]: [shown(unit, getattr(figures, key), months, currency, key) for key, _, unit, _ in FIGURES]
        for name, (_, figures) in results.items()
    }
    return pd.DataFrame(cells, index=pd.Index([title for _, title, _, _ in FIGURES], name="Figure"))


def monthly(projection: Projection, currency: str) -> pd.DataFrame:
    """Return months × series as numbers, draw 0; each column names its unit."""
    columns = {
        f"{title} ({currency if unit == 'money' else unit})": getattr(projection, name)[:, 0].round(2)
        for name, title, unit, _ in SERIES
    }
    index = pd.RangeIndex(1, len(projection.spend) + 1, name="Month")
    return pd.DataFrame(columns, index=index)


def monthly_csv(results: Results, currency: str) -> list[list[object]]:
    """Return the monthly tables of all programs below one another, header first."""
    rows: list[list[object]] = []
    for name, (projection, _) in results.items():
        table = monthly(projection, currency)
        if not rows:
            rows.append(["Program", "Month", *table.columns])
        rows += [[NAMES[name], month, *values] for month, values in zip(table.index, table.to_numpy(), strict=True)]
    return rows
