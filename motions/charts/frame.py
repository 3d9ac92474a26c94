"""What a chart shows, as a frame: how its rows are made, read by whoever draws them, and shown as a table.

Within a frame a share is a fraction of 1, money is in whole units, and what is unknown is NaN.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from motions.names import NAMES

Row = dict[Any, Any]
"""A row of a frame by the names of its columns; ages are numbers."""


def framed(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """Return a frame of rows; None stands as NaN.

    >>> framed(("age", "kept"), [(0, 1.0), (1, None)])["kept"].tolist()
    [1.0, nan]
    """
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pd.DataFrame(
        {
            name: [math.nan if value is None else value for value in values]
            for name, values in zip(columns, cells, strict=True)
        }
    )


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dictionaries; what is unknown is None.

    >>> records(framed(("age", "kept"), [(0, 1.0), (1, None)]))
    [{'age': 0, 'kept': 1.0}, {'age': 1, 'kept': None}]
    """
    names = frame.columns.tolist()
    return [
        {name: None if cell != cell else cell for name, cell in zip(names, row, strict=True)}  # noqa: PLR0124
        for row in frame.to_numpy(dtype=object).tolist()
    ]


def values(column: "pd.Series[Any] | pd.Index[Any]", scale: float = 1) -> list[Any]:
    """Return a column as Plotly takes it: a gap is None. `scale` is 100 for a share that is drawn in percent."""
    known = column.tolist()
    return [None if value != value else value if scale == 1 else value * scale for value in known]  # noqa: PLR0124


def by(column: str, rows: Iterable[Row]) -> dict[Any, list[Row]]:
    """Return rows by what a column holds, in the order in which it comes up."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def readable(frame: pd.DataFrame, titles: Mapping[Any, str]) -> pd.DataFrame:
    """Return the columns that have a title under it; motions by name, and shares in percent where the title says so.

    >>> readable(framed(("motion", "share"), [("reseller", 0.25)]), {"motion": "Motion", "share": "Share (%)"}).iloc[0]
    Motion       Resellers
    Share (%)         25.0
    Name: 0, dtype: object
    """
    shown = {}
    for name, title in titles.items():
        column = frame[name]
        if name in ("motion", "program"):
            column = column.map(NAMES)
        shown[title] = column * 100 if title.endswith("(%)") else column
    return pd.DataFrame(shown)
