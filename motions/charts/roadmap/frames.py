"""What the whole roadmap comes to, month by month: the frame of the chart."""

import math

import pandas as pd

from motions.names import NAMES
from motions.roadmap.whole import Whole
from motions.text import listed


def whole(found: Whole) -> pd.DataFrame:
    """Return contribution and cash of all planned programs together, a row for each month.

    month, 1 is the first. begins: names of the programs that begin in it, or "". beginning: how many these are.
    monthly [money]: contribution of the month. contribution, cash [money]: running totals; each with _p10 and _p90 of
    the draws' sums, NaN without ranges. break_even [month]: from when contribution stays above zero, NaN for never; the
    same in all rows.
    """
    months = range(1, len(found.cumulative) + 1)
    begin = [[NAMES[name].lower() for name, start in found.starts if start == month] for month in months]
    columns: dict[str, object] = {
        "month": months,
        "begins": [listed(names).capitalize() for names in begin],
        "beginning": [len(names) for names in begin],
        "monthly": found.monthly,
    }
    for name, line, band in (
        ("contribution", found.cumulative, found.band),
        ("cash", found.cash, found.cash_band),
    ):
        columns[name] = line
        columns[f"{name}_p10"] = math.nan if band is None else band[0]
        columns[f"{name}_p90"] = math.nan if band is None else band[2]
    return pd.DataFrame(columns | {"break_even": found.break_even or math.nan})
