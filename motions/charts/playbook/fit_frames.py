"""Which motion comes first by the answers, and the published cuts on contract value: the frames of the charts."""

import math
from collections.abc import Sequence

import pandas as pd

from motions.charts.frame import framed
from motions.playbook import AxisBand, Fit


def places(fit: Fit) -> pd.DataFrame:
    """Return the ranking, a row for each candidate, the first one on top.

    motion: its id; name. place: where it is now, NaN as long as nothing is answered. best, worst: the ends of the
    places that it can take over all completions of the unknown answers. points; ruled_out. said: place and range in
    words.
    """
    rows = [
        (
            one.id,
            one.name,
            math.nan if fit.state == "unanswered" else _place(fit, at),
            one.best,
            one.worst,
            one.points,
            one.ruled_out,
            f"{one.place}; {one.reach}" if one.place else one.reach,
        )
        for at, one in enumerate(fit.ranking)
    ]
    return framed(("motion", "name", "place", "best", "worst", "points", "ruled_out", "said"), rows)


def _place(fit: Fit, at: int) -> int:
    """The place of a candidate, the same for all that are alike: those ruled out share the last ones."""
    alike = [(one.ruled_out, 0 if one.ruled_out else -one.points) for one in fit.ranking]
    return 1 + alike.index(alike[at])


def cuts(bands: Sequence[AxisBand]) -> pd.DataFrame:
    """Return what each source says of each stretch of contract value, a row for each band.

    source; row: its name on the axis, another one for bands that overlap its others. about: what it is of. low, high
    [dollars a year]; high is NaN where it is open upwards. label: what the source says of it. span: the stretch in
    words. holds: whether the contract value lies in it.
    """
    rows, ends = [], dict[str, float]()
    for one in bands:
        row = one.source if one.low >= ends.get(one.source, 0.0) else f"{one.source} (also)"
        ends[row] = math.inf if one.high is None else one.high
        rows.append((one.source, row, one.about, one.low, one.high, one.label, one.span, one.holds))
    return framed(("source", "row", "about", "low", "high", "label", "span", "holds"), rows)
