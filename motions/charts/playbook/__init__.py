"""Charts of the pages on the playbook: each is a frame, and a drawing of it."""

from collections.abc import Collection, Sequence

from motions.charts.playbook import drawing, fit_drawing, fit_frames, frames
from motions.charts.style import Chart
from motions.economics.model.deal import Deal
from motions.playbook import AxisBand, Fit, Motion


def payout_ranges(motions: Sequence[Motion], yours: Collection[str] = ()) -> Chart:
    """Draw the share of the price that the playbook gives partners: a bar for a range, a mark for one example.

    `yours` are the motions whose figures are of a company's own playbook.
    """
    return drawing.payout_ranges(frames.payout_ranges(motions, yours))


def same_deal(deals: Sequence[tuple[str, Deal]], currency: str, term: int) -> Chart:
    """Draw who gets what of one customer's payments, a bar for each motion, from list price to contribution."""
    return drawing.same_deal(frames.same_deal(deals), currency, term)


def places(fit: Fit) -> Chart:
    """Draw the place of each motion by the answers, with the band of places that unknown answers leave."""
    return fit_drawing.places(fit_frames.places(fit))


def cuts(bands: Sequence[AxisBand], acv: float | None) -> Chart:
    """Draw what each source says of which contract value, and where this company's lies."""
    return fit_drawing.cuts(fit_frames.cuts(bands), acv)
