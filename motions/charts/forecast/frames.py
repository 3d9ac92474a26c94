"""A scenario beside a program's real months: the frames of the charts."""

import pandas as pd

from motions.charts.frame import framed
from motions.forecast import SHOWN, Bridge, Course
from motions.text import month_name


def course(found: Course) -> pd.DataFrame:
    """Return the last real months before a scenario and its first ones, a row for each calendar month.

    month: year and month. real [the figure's unit]: what it was, NaN where it is not known. expected, p10, p90 [the
    same] of the scenario, NaN before its first month.
    """
    last = max([found.first - 1, *found.compared])
    end = min(last + SHOWN, found.first + len(found.expected) - 1)
    rows = []
    for month in range(max(found.first - SHOWN, min(found.real, default=found.first)), end + 1):
        at = month - found.first
        planned = (None, None, None) if at < 0 else (found.expected[at], found.band[0, at], found.band[2, at])
        rows.append((month_name(month), found.real.get(month), *planned))
    return framed(("month", "real", "expected", "p10", "p90"), rows)


def bridge(found: Bridge) -> pd.DataFrame:
    """Return the way from what was planned to what came, a row for each step.

    step: what is changed. kind: start, change or end. amount [the figure's unit]: the figure itself, or what the change
    adds.
    """
    rows = [
        ("Planned", "start", found.planned),
        *((title, "change", change) for title, change in found.steps),
        ("Not explained", "change", found.unexplained),
        ("Came", "end", found.real),
    ]
    return framed(("step", "kind", "amount"), rows)
