"""What charts of the simulator say of themselves, from where its figures and series are defined."""

from motions.charts.about import defined
from motions.economics.model.projection import SERIES
from motions.economics.model.results import FIGURES, titles

_FIGURES = {one.name: one.definition for one in FIGURES}
_SERIES = {name: (title, meaning) for name, title, _, meaning in SERIES}


def figure(name: str, currency: str = "USD") -> str:
    """Return what a figure is, in a sentence.

    >>> figure("contribution")[:71]
    'Contribution = revenue − cost of revenue − payouts − program cost, all '
    """
    return defined(titles(currency)[name], _FIGURES[name])


def series(name: str) -> str:
    """Return what a monthly series is, in a sentence.

    >>> series("cumulative")
    'Cumulative contribution = contribution of all months so far.'
    """
    return defined(*_SERIES[name])
