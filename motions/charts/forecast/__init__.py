"""Charts of a scenario beside a program's real months: each is a frame of what was found, and a drawing of it."""

from motions.charts.forecast import drawing, frames
from motions.charts.style import Chart
from motions.forecast import Bridge, Course, sentence, why


def course(found: Course) -> Chart:
    """Draw a figure as it was and as it is expected, with the band from P10 to P90 of the draws."""
    return drawing.course(frames.course(found), found.figure, found.program, sentence(found), found.currency)


def bridge(found: Bridge) -> Chart:
    """Draw the way from what was planned to what came, a step for each input that was measured."""
    return drawing.bridge(frames.bridge(found), found.figure, why(found), found.currency)
