"""Charts of the pages as charts that a slide draws itself: the same rows, the same titles, the same axes."""

from collections.abc import Mapping, Sequence
from typing import Any

from motions.charts.frame import Row, by, records
from motions.charts.style import Chart
from motions.names import NAMES, PARTNER_MOTIONS
from motions.out.pack.content import Kind, Plot, Series, plain, shortened

AMOUNT, WHOLE = "#,##0", "0"
_LONGEST = 34
"""letters of a category: its whole name stands in the table behind the chart"""
_SIDES = {**{name: motion for motion, name in NAMES.items()}, "Partner": "partner"}
Values = tuple[float | None, ...]


def contribution(chart: Chart) -> Plot:
    """Return the cumulative contribution of each program; those of the pinned scenario are faint, with its name."""
    rows = records(chart.shown)
    months = sorted({row["month"] for row in rows})
    series = []
    for (pinned, name), own in _pairs(rows, "pinned", "program").items():
        of = {row["month"]: row for row in own}
        cells = [of.get(month, {}) for month in months]
        title = f"{NAMES[name]}{', pinned' if pinned else ''}"
        series.append(_series(title, cells, "cumulative", name, "p10", "p90", faint=pinned))
    return _plot("lines", chart, [str(month) for month in months], series, AMOUNT)


def roadmap(chart: Chart) -> Plot:
    """Return contribution and cash of the whole roadmap, each with its band."""
    rows = records(chart.shown)
    series = [
        _series("Contribution", rows, "contribution", "partner", "contribution_p10", "contribution_p90"),
        _series("Cash", rows, "cash", "other", "cash_p10", "cash_p90"),
    ]
    return _plot("lines", chart, [str(row["month"]) for row in rows], series, AMOUNT)


def by_age(chart: Chart) -> Plot:
    """Return what is kept, or left, by age [%], a line for each side with its interval."""
    rows = records(chart.shown)
    ages = sorted({row["age"] for row in rows})
    last = max((row["age"] for row in rows if row["kept"] is not None), default=0)
    ages = [age for age in ages if age <= last]
    series = []
    for side, own in by("side", rows).items():
        of = {row["age"]: row for row in own}
        cells = [of.get(age, {}) for age in ages]
        series.append(_series(side, cells, "kept", _SIDES.get(side, "partner"), "low", "high", scale=100))
    return _plot("lines", chart, [str(age) for age in ages], series, WHOLE)


def cost_trend(chart: Chart) -> Plot:
    """Return effective CPA and blended CAC, a line each."""
    rows = records(chart.shown)
    series = [_series("Effective CPA", rows, "cpa", "partner"), _series("Blended CAC", rows, "cac", "organic")]
    return _plot("lines", chart, [row["month"] for row in rows], series, AMOUNT)


def mrr_by_motion(chart: Chart) -> Plot:
    """Return closing MRR of each motion by month, one upon the other."""
    rows = records(chart.shown)
    # Partner motions together, below the others.
    motions = sorted(
        (name for name in chart.shown.columns if name != "month"), key=lambda one: one not in PARTNER_MOTIONS
    )
    series = [_series(NAMES[name], rows, name, name) for name in motions]
    return _plot("columns", chart, [row["month"] for row in rows], series, AMOUNT)


def partners(chart: Chart) -> Plot:
    """Return the partners with the largest MRR, a bar each."""
    rows = records(chart.shown)
    return _plot("bars", chart, [row["partner"] for row in rows], [_series("MRR", rows, "mrr", "partner")], AMOUNT)


def tornado(chart: Chart, most: int = 8) -> Plot:
    """Return how far inputs move a figure from where it is, two bars each, the strongest first."""
    rows, share = records(chart.shown)[:most], chart.titles["now"].endswith("(%)")
    moved = [{end: row[f"at_{end}"] - row["now"] for end in ("low", "high")} for row in rows]
    scale = 100 if share else 1
    ends = (("Input low", "low", "less"), ("Input high", "high", "more"))
    series = [_series(title, moved, end, look, scale=scale) for title, end, look in ends]
    names = [f"{row['input']}: {row['low']} to {row['high']}" for row in rows]
    axis = f"Change of {chart.titles['now'].replace(' now (', ' (')}"
    return _plot("bars", chart, names, series, WHOLE if share else AMOUNT, axis, most=60)


def steps(chart: Chart) -> Plot:
    """Return the way from one amount to another in steps."""
    rows = records(chart.shown)
    ways = tuple("whole" if row["kind"] != "change" else "more" if row["amount"] >= 0 else "less" for row in rows)
    series = [_series("Amount", rows, "amount", "whole")]
    names = [f"{row['step']}: {said}" for row, said in zip(rows, chart.figure.data[0].text, strict=True)]
    return _plot("steps", chart, names, series, AMOUNT, ways=ways, most=60)


def _pairs(rows: Sequence[Row], first: str, second: str) -> dict[tuple[Any, Any], list[Row]]:
    return {(one, two): own for one, all_ in by(first, rows).items() for two, own in by(second, all_).items()}


def _series(
    name: str, rows: Sequence[Mapping[Any, Any]], column: str, look: str, low: str = "", high: str = "", scale: int = 1,
    faint: bool = False,
) -> Series:  # fmt: skip
    def of(name: str) -> Values:
        return tuple(None if row.get(name) is None else float(row[name]) * scale for row in rows) if name else ()

    ends = (of(low), of(high))
    banded = all(any(value is not None for value in end) for end in ends)
    return Series(plain(name), of(column), look, *(ends if banded else ((), ())), faint=faint)


def _plot(
    kind: Kind, chart: Chart, categories: Sequence[str], series: Sequence[Series], form: str, up: str = "",
    ways: tuple[str, ...] = (), most: int = _LONGEST,
) -> Plot:  # fmt: skip
    axes = [chart.figure.layout.xaxis.title.text or "", chart.figure.layout.yaxis.title.text or ""]
    across, along = axes if kind in ("lines", "columns") else axes[::-1]
    names = tuple(shortened(name, most) for name in categories)
    up = f"{along} (%)" if kind == "lines" and form == WHOLE else up or along
    return Plot(kind, plain(chart.title), plain(chart.alt), across, up, names, tuple(series), form, chart.frame, ways)
