"""Charts of the pages on the playbook: each is a frame, and a drawing of it."""

from collections.abc import Sequence

from motions.charts.playbook import drawing, fit_drawing, fit_frames, frames
from motions.charts.style import Chart
from motions.deals import Offer
from motions.playbook import AxisBand, Fit


def same_deal(offers: Sequence[Offer], term: int, about: str = "", narrow: bool = False) -> Chart:
    """Draw who gets what of one customer's payments, a bar for each motion, from what it pays to what you keep.

    `narrow` leaves out the words beside amounts, for a phone.
    """
    return drawing.same_deal(frames.same_deal(offers), term, about, narrow)


def places(fit: Fit) -> Chart:
    """Draw the place of each motion by the answers, with the band of places that unknown answers leave."""
    return fit_drawing.places(fit_frames.places(fit))


def cuts(bands: Sequence[AxisBand], acv: float | None) -> Chart:
    """Draw what each source says of which contract value, and where this company's lies."""
    return fit_drawing.cuts(fit_frames.cuts(bands), acv)
