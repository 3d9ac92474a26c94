"""The chart of a replay: what partners would have under other terms, as a frame and a drawing of it."""

from motions.charts.replay import drawing, frames
from motions.charts.style import Chart
from motions.replay import Replay


def changes(found: Replay) -> Chart:
    """Draw what partners get under the new terms beside what they are compared with, the largest changes first.

    A sign beside each name says who has more and who less.
    """
    against = found.against.title if found.against else ""
    return drawing.changes(frames.changes(found), found.accounts.motion, against, found.ledger.currency or "")
