"""Figures to text, in their units and with their intervals."""

from motions.cohorts.metrics.intervals import Estimate
from motions.text import UNKNOWN, count, money, percent


def shown(unit: str, estimate: Estimate, currency: str | None) -> str:
    """Show a figure in its unit, or `unknown`.

    >>> shown("months", Estimate(7.25), None), shown("%", Estimate(0.5), None), shown("money", Estimate(None), None)
    ('7.2 months', '50.0 %', 'unknown')
    """
    value = estimate.value
    if value is None:
        return UNKNOWN
    if unit == "money":
        return money(value, currency or "")
    if unit == "%":
        return percent(value)
    if unit in ("days", "months"):
        return f"{value:.1f} {unit}"
    return count(value) if unit == "count" else f"{value:.2f}"


def with_interval(unit: str, estimate: Estimate, currency: str | None) -> str:
    """Show a figure with its 95 % interval, or why there is none."""
    said = shown(unit, estimate, currency)
    if estimate.low is not None and estimate.high is not None and unit in ("days", "months"):
        return f"{estimate.value or 0:.1f} ({estimate.low:.1f} to {estimate.high:.1f}) {unit}"
    if estimate.low is not None and estimate.high is not None:
        ends = (shown(unit, Estimate(end), currency) for end in (estimate.low, estimate.high))
        return f"{said} ({' to '.join(ends)})"
    return f"{said} ({estimate.note})" if estimate.note and estimate.known() else said
