"""Figures to text, in their units and with their intervals."""

from motions.cohorts.metrics.intervals import Estimate
from motions.units import Unit


def shown(unit: Unit, estimate: Estimate, currency: str | None) -> str:
    """Show a figure in its unit, or `unknown`.

    >>> from motions.units import MEAN_MONTHS, MONEY
    >>> shown(MEAN_MONTHS, Estimate(7.25), None), shown(MONEY, Estimate(9), "EUR"), shown(MONEY, Estimate(None), None)
    ('7.2 months', '€9', 'unknown')
    """
    return unit.said(estimate.value, currency or "")


def with_interval(unit: Unit, estimate: Estimate, currency: str | None) -> str:
    """Show a figure with its 95 % interval, or why there is none, and which months it is of where they are not all.

    >>> from motions.units import COUNT, MONEY
    >>> with_interval(MONEY, Estimate(100, 90, 120, 40), "USD"), with_interval(COUNT, Estimate(3, note="too few"), None)
    ('$100 ($90 to $120)', '3 (too few)')
    """
    said = shown(unit, estimate, currency)
    if estimate.value is not None and estimate.low is not None and estimate.high is not None:
        said = unit.between(estimate.value, estimate.low, estimate.high, currency or "")
    elif estimate.note and estimate.known():
        said = f"{said} ({estimate.note})"
    return f"{said}, {estimate.over}" if estimate.over else said
