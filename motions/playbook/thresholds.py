"""Published cuts on one axis of contract value a year: what each source says of which stretch, where they disagree."""

from dataclasses import dataclass

from motions.playbook.fit_load import load_fit
from motions.playbook.fit_models import Band, Cuts, Disagreement, span


@dataclass(frozen=True)
class AxisBand:
    """A stretch of one source, ready for a bar: amounts in dollars a year, `high` None where it is open upwards."""

    cuts: str
    """id of the source's cuts: one row of the chart"""
    source: str
    cited: str
    about: str
    low: float
    high: float | None
    span: str
    label: str
    holds: bool
    """whether the contract value that was asked for lies in it"""
    note: str


def axis(acv: float | None = None) -> tuple[AxisBand, ...]:
    """Return all bands, source by source, from low to high; those that hold a contract value are marked.

    >>> [band.label for band in axis(12_000) if band.holds and band.cuts == "kbcm"]
    ['inside sales']
    """
    return tuple(_band(cuts, band, acv) for cuts in load_fit().cuts for band in cuts.bands)


def placed(acv: float | None) -> tuple[AxisBand, ...]:
    """Return the band that each source puts a contract value into; nothing for an unknown one, or where it says none.

    >>> [(band.cuts, band.label) for band in placed(12_000)][:2]
    [('knowledgelib_sales', 'inside sales'), ('reachrobin', 'assisted')]
    """
    return tuple(band for band in axis(acv) if band.holds)


def disagreements() -> tuple[Disagreement, ...]:
    """Return on what sources contradict one another, side by side."""
    return load_fit().disagreements


def _band(cuts: Cuts, band: Band, acv: float | None) -> AxisBand:
    low, high = cuts.yearly(band.low), None if band.high is None else cuts.yearly(band.high)
    holds = acv is not None and low <= acv and (high is None or acv < high)
    monthly = "A price a month, times 12." if cuts.price == "month" else ""
    note = " ".join(filter(None, (cuts.note, monthly)))
    return AxisBand(cuts.id, cuts.source, cuts.cited, cuts.about, low, high, span(low, high), band.label, holds, note)
