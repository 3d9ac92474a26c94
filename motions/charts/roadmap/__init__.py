"""The chart of the roadmap: a frame of what it comes to, and a drawing of it."""

from motions.charts.roadmap import drawing, frames
from motions.charts.style import Chart
from motions.roadmap.whole import Whole


def whole(found: Whole, height: int = 330) -> Chart:
    """Draw contribution and cash of the whole roadmap over time, each with its band, and where programs begin."""
    return drawing.whole(frames.whole(found), found.sentence, found.currency, height)
