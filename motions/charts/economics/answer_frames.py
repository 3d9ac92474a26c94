"""Which input moves a figure, and how scenarios differ: the frames of the charts.

Figures and inputs stand as the model stores them: a share is a fraction of 1.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from motions.charts.frame import framed
from motions.economics.answers.compare import Column
from motions.economics.answers.explain import Waterfall
from motions.economics.answers.goal import Answer
from motions.economics.answers.sensitivity import Bar, Grid, Web


def goal(answer: Answer, target: float) -> pd.DataFrame:
    """Return a figure over the range of an input, a row for each value tried; those that reach the target follow.

    input, figure [in their own units], NaN where the figure is unknown. reached: the row is an answer.
    """
    tried = [(x, y, False) for x, y in zip(answer.xs, answer.ys, strict=True)]
    return framed(("input", "figure", "reached"), tried + [(x, target, True) for x in answer.values])


def tornado(bars: Sequence[Bar], now: float | None, currency: str, most: int) -> pd.DataFrame:
    """Return how far each input moves a figure, a row for each, the strongest first.

    input: its name. low, high: the ends that it is moved between, in words with their unit. at_low, at_high [the
    figure's unit]: the figure there. now: the figure as it is; where that is unknown, the middle of the low ends.
    """
    known = [bar for bar in bars if np.isfinite(bar.at_low) and np.isfinite(bar.at_high)][:most]
    base = now if now is not None or not known else float(np.mean([bar.at_low for bar in known]))
    rows = []
    for bar in known:
        low, high = (bar.place.item.said(end, currency) for end in (bar.low, bar.high))
        rows.append((bar.place.name, low, high, bar.at_low, bar.at_high, base))
    return framed(("input", "low", "high", "at_low", "at_high", "now"), rows)


def spider(web: Web) -> pd.DataFrame:
    """Return a figure while one input at a time is moved, a row for each input and move.

    input: its name. move [fraction of its value]. figure [its own unit], NaN where it is unknown.
    """
    return framed(
        ("input", "move", "figure"),
        [
            (place.name, float(move), float(y) if np.isfinite(y) else None)
            for place, ys in web.lines
            for move, y in zip(web.shares, ys, strict=True)
        ],
    )


def heat(found: Grid) -> pd.DataFrame:
    """Return a figure over two inputs, a row for each pair of values.

    across, up [the inputs' units]. figure [its own unit], NaN where it is unknown.
    """
    wide, high = np.meshgrid(found.xs, found.ys)
    return pd.DataFrame({"across": wide.ravel(), "up": high.ravel(), "figure": found.values.ravel()})


def explained(shares: Sequence[tuple[str, float]], most: int) -> pd.DataFrame:
    """Return what each input explains alone of a figure's variance, a row for each, the largest first.

    input: its name. share [fraction of the variance].
    """
    return framed(("input", "share"), shares[:most])


def waterfall(found: Waterfall, names: tuple[str, str], unit: int) -> pd.DataFrame:
    """Return the way from one scenario's figure to another's, a row for each step, from the first to the second.

    step: the scenario or what is changed. kind: start, change or end. amount [the figure's unit]: the figure of a
    scenario, or what the change adds. `unit` is how many parts of one the steps are counted in.
    """
    rows = [
        (names[0], "start", found.start),
        *((step.title, "change", step.change) for step in found.steps),
        (names[1], "end", found.end),
    ]
    return framed(("step", "kind", "amount"), [(step, kind, amount / unit) for step, kind, amount in rows])


def side_by_side(columns: Sequence[Column], name: str) -> pd.DataFrame:
    """Return a figure of each scenario, a row for each, the baseline first.

    scenario: its name. figure [its own unit]. p10, p90 [the same] of the draws. NaN where there is none.
    """
    rows = []
    for one in columns:
        ends = one.sample.percentiles(name) if one.sample else None
        known = ends is not None and np.isfinite(ends).all() and one.figures[name] is not None
        low, high = (ends[0], ends[2]) if ends and known else (None, None)
        rows.append((one.name, one.figures[name], low, high))
    return framed(("scenario", "figure", "p10", "p90"), rows)
