"""What programs come to, month by month and altogether: the frames of the charts."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from motions.charts.frame import framed
from motions.economics.answers.uncertainty import Sample
from motions.economics.model.partner_side import PartnerSide
from motions.economics.model.run import Outcome
from motions.economics.model.segments import Demand

Results = Mapping[str, Outcome]
COSTS = ("effective_cpa", "cpa_70", "cpa_40", "blended_cac")


def contribution(results: Results, pinned: Results, samples: Mapping[str, Sample]) -> pd.DataFrame:
    """Return the cumulative contribution, a row for each program and month; what was otherwise when pinned follows.

    program: its id; pinned. month, 1 is the first. cumulative [money]; p10, p90 [money] of the draws, NaN where there
    are none. break_even [month]: from when it stays above zero, NaN for never; the same in all rows of a program.
    """
    columns: dict[str, list[object]] = {
        name: [] for name in ("program", "pinned", "month", "cumulative", "p10", "p90", "break_even")
    }
    for shown, is_pinned in ((results, False), (pinned, True)):
        for name, outcome in shown.items():
            amounts = outcome.projection.cumulative[:, 0].tolist()
            if is_pinned and name in results and amounts == results[name].projection.cumulative[:, 0].tolist():
                continue
            months, none = len(amounts), [math.nan] * len(amounts)
            fan = samples[name].fan.tolist() if name in samples and not is_pinned else [none, none, none]
            columns["program"] += [name] * months
            columns["pinned"] += [is_pinned] * months
            columns["month"] += range(1, months + 1)
            columns["cumulative"] += amounts
            columns["p10"] += fan[0]
            columns["p90"] += fan[2]
            columns["break_even"] += [outcome.figures["break_even_month"] or math.nan] * months
    return pd.DataFrame(columns)


def cost_of_a_customer(results: Results) -> pd.DataFrame:
    """Return what a new customer costs, a row for each program.

    program: its id. effective_cpa, cpa_70, cpa_40 [money]: if all, 70 % or 40 % of the customers are incremental.
    blended_cac [money]. NaN where no customer is won.
    """
    rows = [(name, *(outcome.figures[cost] for cost in COSTS)) for name, outcome in results.items()]
    return framed(("program", *COSTS), rows)


def partner_side(side: PartnerSide) -> pd.DataFrame:
    """Return what partners earn, a row for each month; NaN where there are no partners.

    month, 1 is the first. high, typical, low [money a month]: a partner of the top tenth, in the middle, of the low
    tenth. worth_from [money a month]: what makes it worth their time. worth_share [fraction of partners] that earn it.
    """
    return pd.DataFrame(
        {
            "month": range(1, len(side.typical) + 1),
            "high": side.high,
            "typical": side.typical,
            "low": side.low,
            "worth_from": np.full(len(side.typical), float(side.worth_from)),
            "worth_share": side.worth_share,
        }
    )


def arr_mix(shares: Sequence[tuple[str, float]]) -> pd.DataFrame:
    """Return closing ARR, a row for each motion.

    motion: its id. arr [money]. share [fraction of all], 0 where there is none.
    """
    total = sum(amount for _, amount in shares)
    return framed(
        ("motion", "arr", "share"), [(name, amount, amount / total if total else 0.0) for name, amount in shares]
    )


def demand(found: Sequence[Demand]) -> pd.DataFrame:
    """Return who wins the customers of each segment over all months, a row for each.

    segment: its name. A column [customers] for each motion that sells into one, 0 where it does not. conflict
    [customers]: would be won by a motion without the others, and are won by one of these. exhausted [customers]: wanted
    beyond what the segment holds.
    """
    motions = dict.fromkeys(motion for one in found for motion in one.motions)
    return pd.DataFrame(
        {
            "segment": [one.segment.name for one in found],
            **{
                name: [float(one.by_motion[name][0]) if name in one.by_motion else 0.0 for one in found]
                for name in motions
            },
            "conflict": [float(one.conflict[0]) for one in found],
            "exhausted": [float(one.exhausted[0]) for one in found],
        }
    )
