"""Programs together, what more money brings, and who looks after partners: the frames of the charts."""

from collections.abc import Sequence

import pandas as pd

from motions.charts.frame import framed
from motions.economics.answers.budget import Channel
from motions.economics.answers.capacity import Capacity
from motions.economics.answers.portfolio import Portfolio, names_of_periods
from motions.economics.answers.split import Split


def together(found: Portfolio, measure: str, length: int) -> pd.DataFrame:
    """Return a measure of each program by period, a row for each of both; the direct baseline first.

    period: its name; number, 1 is the first. program: its id. amount [the measure's unit]; together [the same]: of all
    programs; p10, p90 [the same] of the draws of that sum, NaN where there are none.
    """
    names, ends = names_of_periods(found.months, length), found.ends(measure, length)
    whole = found.sums(measure, length).tolist()
    ends = ends or [(float("nan"), float("nan"))] * len(names)
    order = sorted(found.by_program, key=lambda name: name != found.direct)
    rows = [
        (name, at + 1, program, amount, whole[at], *ends[at])
        for program in order
        for at, (name, amount) in enumerate(
            zip(names, found.of(program, measure, length).tolist(), strict=True)
        )
    ]  # fmt: skip
    return framed(("period", "number", "program", "amount", "together", "p10", "p90"), rows)


def channels(found: Sequence[Channel]) -> pd.DataFrame:
    """Return what an amount more for recruiting brings, a row for each motion, the best first.

    program: its id. as_set, p10, p90 [money]: change of contribution as the inputs have it, and its draws, NaN where
    there are none. at_100, at_70, at_40 [money]: the same if so many per cent of the customers are incremental.
    customers: change of new customers. partners: those recruited more, all months together.
    """
    rows = [
        (
            one.program, one.as_set, *(one.ends or (None, None)), *one.at.values(), one.customers,
            one.partners * one.months,
        )
        for one in found
    ]  # fmt: skip
    return framed(("program", "as_set", "p10", "p90", "at_100", "at_70", "at_40", "customers", "partners"), rows)


def splits(found: Split) -> pd.DataFrame:
    """Return how a budget is split, a row for each motion, all in money over all months.

    program: its id. now: spent by the inputs. best: of the best split. from, to: within which a split is nearly as
    good. low, high: the bounds.
    """
    rows = [(one.program, one.now, one.best, *one.flat, one.low, one.high) for one in found.parts]
    return framed(("program", "now", "best", "from", "to", "low", "high"), rows)


def capacity(found: Capacity) -> pd.DataFrame:
    """Return the people that active partners take, a row for each month.

    month, 1 is the first. people: whole ones who are there. work [people]: what there is to do. hired: people who come
    in the month. A column [partners] for each motion.
    """
    hired = {one.month: one.number for one in found.hires}
    months = range(1, len(found.work) + 1)
    return pd.DataFrame(
        {
            "month": months,
            "people": found.people,
            "work": found.work,
            "hired": [hired.get(month, 0) for month in months],
            **found.partners,
        }
    )
