"""What charts of program health say of themselves, from where its metrics are defined."""

from motions.charts.about import defined
from motions.cohorts.metrics.metrics import BY_ID
from motions.text import listed


def metric(name: str, most: int = 1) -> str:
    """Return what a metric is, in so many of the sentences that define it.

    >>> metric("arpa")
    'ARPA = MRR ÷ customers, at the as-of month.'
    """
    return defined(BY_ID[name].title, BY_ID[name].definition, most)


def source(*metrics: str) -> str:
    """Return which files some metrics are read from, as a sentence.

    >>> source("nrr"), source("active_partners")
    ('From the accounts and revenue files.', 'From the accounts, partners and revenue files.')
    """
    files = sorted({need.partition(".")[0] for name in metrics for need in BY_ID[name].needs})
    return f"From the {listed(files)} {'files' if len(files) > 1 else 'file'}."
