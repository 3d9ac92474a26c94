"""Charts of the compare page: each is a frame, and a drawing of it."""

from collections.abc import Sequence

from motions.charts.playbook import drawing, frames
from motions.charts.style import Chart
from motions.economics.model.deal import Deal
from motions.playbook.models import Motion


def payout_ranges(motions: Sequence[Motion]) -> Chart:
    """Draw the share of the price that the playbook gives partners: a bar for a range, a mark for one example."""
    return drawing.payout_ranges(frames.payout_ranges(motions))


def same_deal(deals: Sequence[tuple[str, Deal]], currency: str, term: int) -> Chart:
    """Draw who gets what of one customer's payments, a bar for each motion, from list price to contribution."""
    return drawing.same_deal(frames.same_deal(deals), currency, term)
