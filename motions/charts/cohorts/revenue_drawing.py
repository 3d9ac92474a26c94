"""What is left of customers, and what became of MRR: the frames drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from motions.charts.cohorts import about
from motions.charts.cohorts.revenue_frames import SIGNS, Of
from motions.charts.ends import End, ends, room
from motions.charts.frame import Row, by, records, values
from motions.charts.style import (
    DIVERGING,
    INK,
    LOOKS,
    ORGANIC,
    PARTNER,
    Chart,
    Look,
    dash,
    figure,
    fill,
    level,
    line,
    stated,
    titled,
)  # fmt: skip
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import Estimate
from motions.cohorts.metrics.survival import AGES
from motions.cohorts.metrics.text import with_interval
from motions.names import NAMES, PARTNER_MOTIONS
from motions.text import count, listed, money, money_exact, percent, points
from motions.units import PERCENT


def side_look(side: str) -> Look:
    """Return how a side is drawn: a motion by its name, organic, or partners together."""
    own = next((name for name in PARTNER_MOTIONS if NAMES[name] == side), None)
    return ORGANIC if side == "Organic" else LOOKS[own] if own else PARTNER


MONTHS = {"nticks": 3, "type": "category", "tickangle": 0}
MOVEMENTS = (
    ("new_mrr", "New", "#0f7fc4", ""),
    ("expansion", "Expansion", "#009e73", "/"),
    ("reactivation", "Reactivation", "#7fb8de", "."),
    ("contraction", "Contraction", "#d98f00", "/"),
    ("churn", "Churn", "#d55e00", ""),
)
SEQUENTIAL = [[0, "#e9edf0"], [0.5, "#7fb8de"], [1, "#0a5f96"]]
AGE = "Months since the first payment"
KEPT: Mapping[Of, str] = {"money": "first MRR", "customers": "customers"}


_HEIGHT, _LOW = 320, 292
"""pixels of a chart, and of one by age: with it the first screen of program health ends"""


def retention(frame: pd.DataFrame, of: Of) -> Chart:
    """Draw the frame of `revenue_frames.retention`: kept by age, a line and a band for each side."""
    sides = by("side", records(frame))
    drawn = by_age(sides, of, f"Kept of {KEPT[of]}", {side: side_look(side) for side in sides}, [level(100)])
    title = _kept_title(frame, "keeps" if of == "money" else "pays")
    alt = f"{title}. Cohorts with fewer than ten customers at an age are left out."
    limits = {"low": "Interval from (%)", "high": "Interval to (%)"}
    titles = {"side": "Side", "age": AGE, "kept": f"Kept of {KEPT[of]} (%)", **limits, "customers": "Customers"}
    measure = f"% of {KEPT[of]} kept, by age in months; bands: 95 % intervals"
    return Chart(title, drawn, alt, frame, titles, measure, f"{_KEPT_OF[of]} {_THIN} {about.source('money_kept')}")


_KEPT_OF: Mapping[Of, str] = {
    "money": "At each age, MRR ÷ first MRR of the customers that have reached it; who left counts as zero.",
    "customers": "At each age, customers that pay ÷ customers that have reached it; who pauses counts as not paying.",
}
_THIN = "Cohorts with fewer than ten customers at an age are left out."


def by_age(
    sides: Mapping[str, Sequence[Row]],
    of: Of,
    what: str,
    looks: Mapping[str, Look],
    shapes: Sequence[dict[str, Any]] = (),
    after: str = "",
) -> go.Figure:
    """Return a line and a band for each side by age, labelled where they end; `after` goes behind each hover."""
    traces: list[dict[str, Any]] = []
    found, top = [], 100.0
    for side, rows in sides.items():
        look = looks.get(side, PARTNER)
        kept = [_percent(row["kept"]) for row in rows]
        traces += band(side, look, rows)
        traces.append(
            line(side, look, [row["age"] for row in rows], kept, [hover_of_kept(row, of) + after for row in rows])
        )
        known = [(row["age"], share) for row, share in zip(rows, kept, strict=True) if share is not None]
        top = max([top, *(share for _, share in known), *((row["high"] or 0) * 100 for row in rows)])
        if known:
            age, share = known[-1]  # another age than the title's, where the two sides end apart
            found.append(End(share, side, f"month {age}: {percent(share / 100, 0)}", look))
    last = max((row["age"] for rows in sides.values() for row in rows if row["kept"] is not None), default=1)
    reach = (0.0, min(top, 200.0) * 1.04)
    return figure(
        traces,
        height=_LOW,
        margin={"l": 8, "r": room(found), "t": 8, "b": 8},
        shapes=list(shapes),
        annotations=ends(found, reach, _LOW),
        xaxis={"title": AGE, "nticks": 9, "range": [0, last]},
        yaxis={"title": what, "ticksuffix": " %", "nticks": 6, "range": list(reach)},
    )


def hover_of_kept(row: Row, of: Of) -> str:
    """Return what the pointer says of one age."""
    kept = Estimate(row["kept"], row["low"], row["high"], row["customers"], row["note"])
    said = f"{with_interval(PERCENT, kept, None)} of {KEPT[of]}, {count(kept.n, 'customer')}"
    return f"{row['side']}, month {row['age']}: {said}"


_SAID = {
    "keeps": "{whose} keep {share} of their first MRR after {age}",
    "pays": "{share} of {whose} still pay after {age}",
    "left": "{share} of {whose} are still there after {age}",
}


def _kept_title(frame: pd.DataFrame, how: str) -> str:
    """The conclusion: what is kept at the last age that is known of each side, and where the two part."""
    known = [row for row in records(frame) if row["kept"] is not None]
    told = {side: rows for side, rows in by("side", known).items() if rows[-1]["age"]}
    if not told:
        return "Kept by age: of no side ten customers are known from their first payment on"
    last = min(rows[-1]["age"] for rows in told.values())
    age = next((one for one in AGES if one <= last), last)  # the age at which verdicts compare
    at_age = {side: next((row["kept"] for row in rows if row["age"] == age), None) for side, rows in told.items()}
    (first, share), *others = at_age.items()
    said = _SAID[how].format(whose=customers_of(first), share=percent(share, 0), age=count(age, "month"))
    for side, other in others:
        named = "organic" if side == "Organic" else customers_of(side)
        said += f", {named if how == 'keeps' else f'of {named} ones' if side == 'Organic' else f'of {named}'}"
        said += f" {percent(other, 0)}"
    return f"{said[:1].upper()}{said[1:]}{where_they_part(list(told.values()), age)}"


def customers_of(side: str) -> str:
    """Return the customers of a side in words."""
    if side == m.ALL_CUSTOMERS:
        return side.lower()
    return f"{side.lower()} customers" if side in ("Partner", "Organic") else f"customers of {side.lower()}"


def where_they_part(sides: Sequence[Sequence[Row]], last: int) -> str:
    """Say where two curves are apart by their intervals: from an age on, for a time, or that a gap has closed."""
    if len(sides) != 2:
        return ""
    ends = [{row["age"]: row for row in rows if row["low"] is not None} for rows in sides]
    ages = [age for age in sorted(ends[0].keys() & ends[1].keys()) if 0 < age <= last]
    apart = [ends[0][age]["high"] < ends[1][age]["low"] or ends[1][age]["high"] < ends[0][age]["low"] for age in ages]
    if not any(apart):
        return ""
    if apart[-1]:
        start = next(at for at in range(len(apart)) if all(apart[at:]))
        return f"; apart from month {ages[start]} on"
    gaps = {age: abs(ends[0][age]["kept"] - ends[1][age]["kept"]) for age in ages}
    where = [age for age, is_apart in zip(ages, apart, strict=True) if is_apart]
    if gaps[ages[-1]] * CLOSED <= gaps[where[-1]]:
        return f"; the gap of month {where[-1]} has closed"
    return f"; clearly apart in {f'months {where[0]} to {where[-1]}' if len(where) > 1 else f'month {where[0]}'} only"


CLOSED = 2
"""How many times as large a gap was that has closed."""


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def band(side: str, look: Look, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the 95 % interval around a curve, as one closed area without a place in the legend."""
    known = [row for row in rows if row["low"] is not None]
    if not known:
        return []
    across = [row["age"] for row in known]
    return [
        {
            "type": "scatter",
            "name": f"{side}, 95 % interval",
            "x": across + across[::-1],
            "y": [row["high"] * 100 for row in known] + [row["low"] * 100 for row in known][::-1],
            "fill": "toself",
            "fillcolor": look.colour,
            "opacity": 0.16,
            "mode": "none",
            "hoverinfo": "skip",
        }
    ]


def survival(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `revenue_frames.survival_by_age`: customers that have not ended, a line and a band each."""
    sides = by("side", records(frame))
    looks = {side: side_look(side) for side in sides}
    drawn = by_age(sides, "customers", "Customers still there", looks, after=" at risk")
    title = _kept_title(frame, "left")
    alt = f"{title}. Kaplan–Meier; ages with fewer than ten customers at risk are left out."
    limits = {"low": "Interval from (%)", "high": "Interval to (%)"}
    titles = {"side": "Side", "age": AGE, "kept": "Customers still there (%)", **limits, "customers": "At risk"}
    return Chart(title, drawn, alt, frame, titles, STAYING, STILL_THERE)


STAYING = "% of customers still there, by age in months; bands: 95 % intervals"
"""What is drawn of customers that have not ended."""
STILL_THERE = f"{about.metric('survival', 2)} {about.source('survival')}"
"""What a curve of customers that have not ended is."""


def sources(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `revenue_frames.sources`: how many times as fast customers end as organic ones."""
    rows = [row for row in records(frame) if row["ratio"] is not None]
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": row["who"],
            "x": [row["ratio"]],
            "y": [row["who"]],
            "marker": {"symbol": look.marker, "size": 10, "color": look.colour},
            "error_x": {
                "type": "data",
                "array": [row["high"] - row["ratio"]],
                "arrayminus": [row["ratio"] - row["low"]],
                "color": look.colour,
            },
            "hovertext": [f"{row['who']}: {_times(row)}, {count(row['ended'], 'end')}"],
            "hoverinfo": "text",
        }
        for row in rows
        for look in [side_look(row["who"])]
    ]
    one = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": 1, "x1": 1}
    drawn = figure(
        traces,
        height=70 + 26 * max(len(rows), 2),
        shapes=[one | {"line": {"width": 1, "color": "#7d8893"}}],
        xaxis={"title": "Times as fast as organic", "type": "log", "tickvals": TIMES, "showgrid": True},
        yaxis={"categoryorder": "array", "categoryarray": [row["who"] for row in rows[::-1]], "showgrid": False},
    )
    title = _source_title(rows)
    said = "; ".join(f"{row['who']} {_times(row)}" for row in rows)
    titles = {"who": "Whose customers", "ratio": "Times as fast as organic", "low": "Interval from"}
    titles |= {"high": "Interval to", "ended": "Ended", "customers": "Customers of the smaller side"}
    measure = "Times as fast as organic customers end, log scale; lines: 95 % intervals"
    return Chart(title, drawn, f"{title}. {said}.", frame, titles, measure, _FASTER)


_FASTER = (
    "A hazard ratio, from the log-rank test over all ages, by segment and year of the first payment. At 1, the upright "
    "line, customers end as fast as organic ones; where a line reaches over it, no difference is told. Partner without "
    f"a motion shows whether that motion carries the difference. {about.source('survival')}"
)


TIMES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20]


def _times(row: Row) -> str:
    return f"{row['ratio']:.2f} times ({row['low']:.2f} to {row['high']:.2f})"


def _source_title(rows: Sequence[Row]) -> str:
    """The conclusion: which motions carry a difference, and what is left without them."""
    motions = [row for row in rows if row["motion"] and row["who"] == NAMES[row["motion"]]]
    if not motions:
        return "How fast customers end is unknown: no motion has ten customers"
    faster = [row for row in motions if row["low"] > 1]
    if not faster:
        slower = [row["who"] for row in motions if row["high"] < 1]
        return f"All motions: none loses customers faster than organic{f'; {listed(slower)} slower' if slower else ''}"
    said = f"All motions: {listed([row['who'].lower() for row in faster])} lose customers faster than organic"
    rest = [row for row in rows if len(faster) == 1 and row["motion"] == faster[0]["motion"] and row not in motions]
    if not rest:
        return said
    how = "faster too" if rest[0]["low"] > 1 else "slower" if rest[0]["high"] < 1 else "no faster"
    return f"{said}; all others together {how}"


def halves(frame: pd.DataFrame, age: int) -> Chart:
    """Draw the frame of `revenue_frames.halves`: customers left at an age, a line of half-years for each side."""
    sides = by("side", records(frame))
    found = [_half_end(side, rows) for side, rows in sides.items() if any(row["kept"] is not None for row in rows)]
    reach = (0.0, 105.0)
    drawn = figure(
        [_halves_of(side, rows) for side, rows in sides.items()],
        margin={"l": 8, "r": room(found), "t": 8, "b": 8},
        annotations=ends(found, reach, _HEIGHT),
        xaxis={"title": _HALF, "type": "category", "tickangle": 0},
        yaxis={"title": f"Still there after {age} months", "ticksuffix": " %", "nticks": 6, "range": list(reach)},
    )
    said = [f"{side.lower()}: {_trend(rows[0])}" for side, rows in sides.items()]
    title = f"Customers still there after {count(age, 'month')}, by half-year: {'; '.join(said) or 'none is complete'}"
    titles = {"side": "Side", "half": _HALF, "kept": f"Still there after {age} months (%)"}
    titles |= {"low": "Interval from (%)", "high": "Interval to (%)", "customers": "Customers"}
    measure = f"% of customers still there after {age} months, by half-year; lines: 95 % intervals"
    return Chart(title, drawn, f"{title}.", frame, titles, measure, f"{STILL_THERE} Half-years are whole ones.")


_HALF = "Half-year of the first payment"


def _halves_of(side: str, rows: Sequence[Row]) -> dict[str, Any]:
    """The line of one side, with an interval at each half-year."""
    kept = [_percent(row["kept"]) for row in rows]
    hover = [f"{side}, {row['half']}: {_kept_of_half(row)}" for row in rows]
    drawn = line(side, side_look(side), [row["half"] for row in rows], kept, hover)
    up = [None if row["high"] is None else (row["high"] - row["kept"]) * 100 for row in rows]
    down = [None if row["low"] is None else (row["kept"] - row["low"]) * 100 for row in rows]
    return drawn | {"error_y": {"type": "data", "array": up, "arrayminus": down, "thickness": 1}}


def _half_end(side: str, rows: Sequence[Row]) -> End:
    """What is left of the last half-year that is known."""
    kept = [row["kept"] for row in rows if row["kept"] is not None][-1]
    return End(kept * 100, side, percent(kept, 0), side_look(side))


def _kept_of_half(row: Row) -> str:
    kept = Estimate(row["kept"], row["low"], row["high"], row["customers"])
    return f"{with_interval(PERCENT, kept, None)}, {count(row['customers'], 'customer')}"


def _trend(row: Row) -> str:
    """How survival changes from one half-year to the next, where that can be told."""
    if row["slope"] is None:
        return "too few half-years for a trend"
    if row["slope_low"] <= 0 <= row["slope_high"]:
        return "no clear trend"
    return f"{'better' if row['slope'] > 0 else 'worse'} by {points(abs(row['slope'])).lstrip('+')} a half-year"


def triangle(frame: pd.DataFrame, side: str, of: Of) -> Chart:
    """Draw the frame of `revenue_frames.triangle`: cohorts from the top, ages across, a number in each cell if few."""
    ages: list[Any] = [name for name in frame.columns if name not in ("cohort", "customers", "thin")]
    rows = records(frame)
    names = [row["cohort"] + (" *" if row["thin"] else "") for row in rows]
    kept = [[_percent(row[age]) for age in ages] for row in rows]
    few = len(names) <= 14
    trace = {
        "type": "heatmap",
        "x": ages,
        "y": names,
        "z": kept,
        "text": [["" if share is None else f"{share:.0f}" for share in row] for row in kept] if few else None,
        "texttemplate": "%{text}" if few else None,
        "hovertext": [[_cell(row, name, age, of) for age in ages] for row, name in zip(rows, names, strict=True)],
        "hoverinfo": "text",
        "colorscale": DIVERGING if of == "money" else SEQUENTIAL,
        "zmin": 50 if of == "money" else 0,
        "zmax": 150 if of == "money" else 100,
        "xgap": 1,
        "ygap": 1,
        "colorbar": {"ticksuffix": " %", "thickness": 10, "outlinewidth": 0, "title": {"text": ""}},
    }
    drawn = figure(
        [trace],
        height=150 + 20 * max(len(names), 3),
        xaxis={"title": AGE, "dtick": 1 if len(ages) < 14 else 3, "tickangle": 0, "showgrid": False},
        yaxis={
            "title": "First paid" if len(names) < 12 else "Month of the first payment",
            "autorange": "reversed",
            "type": "category",
            "showgrid": False,
        },
    )
    title = _triangle_title(rows, side, of)
    alt = f"{title}. {count(len(names), 'cohort')} by months since the first payment."
    alt += " A star marks fewer than ten customers." if any(row["thin"] for row in rows) else ""
    counted = {"customers": "Customers"} if "customers" in frame else {}
    titles = {"cohort": "First paid", **counted, **{age: f"Month {age} (%)" for age in ages}}
    measure = f"% of {KEPT[of]} left of each monthly cohort, by age in months"
    middle = "The middle of the colours is 100 %: brown is less than at first, blue is more. " if of == "money" else ""
    said_of = f"{_KEPT_OF[of]} {middle}A star marks fewer than ten customers, which say little. {about.source('nrr')}"
    return Chart(title, drawn, alt, frame, titles, measure, said_of)


def _cell(row: Row, name: str, age: int, of: Of) -> str:
    """What the pointer says of one cohort at one age; nothing where the age is not reached."""
    if row[age] is None:
        return ""
    counted = f", {count(row['customers'], 'customer')}" if "customers" in row else ""
    return f"First paid {name}, month {age}: {row[age] * 100:.0f} % of {KEPT[of]}{counted}"


def _triangle_title(rows: Sequence[Row], side: str, of: Of) -> str:
    """The conclusion: between what cohorts of ten customers keep after a year, or as long as one is followed."""
    ages = [age for age in (12, 6, 3, 1) if any(not row["thin"] and row.get(age) is not None for row in rows)]
    if not ages:
        return f"{side}: no cohort of ten customers is a month old"
    kept = [row[ages[0]] * 100 for row in rows if not row["thin"] and row.get(ages[0]) is not None]
    span = f"{min(kept):.0f} to {max(kept):.0f} %" if round(min(kept)) < round(max(kept)) else f"{min(kept):.0f} %"
    return f"{side}: cohorts keep {span} of {KEPT[of]} after {count(ages[0], 'month')}"


def movements(frame: pd.DataFrame, side: str, currency: str) -> Chart:
    """Draw the frame of `revenue_frames.movements`: won above zero, lost below, the net change as a line."""
    months, net = frame["month"].tolist(), frame["net"].tolist()
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "name": title,
            "x": months,
            "y": frame[name].tolist(),
            "marker": {"color": colour, "pattern": fill(shape)},
            "hovertext": _amounts(title, months, (frame[name] * SIGNS[name]).tolist(), currency),
            "hoverinfo": "text",
        }
        for name, title, colour, shape in MOVEMENTS
    ]
    look = Look(INK, "solid", "diamond")
    traces.append(line("Net", look, months, net, _amounts("Net", months, net, currency)))
    reach, found = _both_ways(frame), _parts_end(frame, look)
    drawn = figure(
        traces,
        margin={"l": 8, "r": room(found), "t": 8, "b": 8},
        annotations=ends(found, reach, _HEIGHT),
        barmode="relative",
        xaxis=MONTHS,
        yaxis={"title": titled("MRR won and lost", currency), "nticks": 6, "range": list(reach)},
        shapes=[level(0)],
    )
    title, alt = _grown(frame, side, currency)
    titles = {"month": "Month", **{name: titled(title, currency) for name, title, _, _ in MOVEMENTS}}
    measure = f"MRR won (up) and lost (down) a month, {stated(currency)}; line: net change"
    return Chart(title, drawn, alt, frame, {**titles, "net": titled("Net", currency)}, measure, _MOVED)


_MOVED = (
    "New is the first MRR of a customer, expansion and contraction what it pays more or less than the month before, "
    "churn what stops, reactivation what comes back. Opening MRR with the five is closing MRR, in every month. "
    + about.source("mrr")
)


def _both_ways(frame: pd.DataFrame) -> tuple[float, float]:
    """The ends of the axis: all that is won and all that is lost in a month, with some room."""
    parts = frame[[name for name, *_ in MOVEMENTS]]
    low, high = parts.clip(upper=0).sum(axis=1).min(), parts.clip(lower=0).sum(axis=1).max()
    return float(low) * 1.06, float(high) * 1.06 or 1.0


def _parts_end(frame: pd.DataFrame, net: Look) -> list[End]:
    """Where each movement that there ever was lies in the last month, and the net change."""
    last, tops, found = frame.iloc[-1], {1: 0.0, -1: 0.0}, []
    for name, title, colour, _ in MOVEMENTS:
        way, amount = SIGNS[name], float(last[name])
        if frame[name].any():
            found.append(End(tops[way] + amount / 2, title, "", Look(colour, "solid", "square")))
        tops[way] += amount
    return [*found, End(float(last["net"]), "Net", "", net)]


def _grown(frame: pd.DataFrame, side: str, currency: str) -> tuple[str, str]:
    """The conclusion, and with what was won and lost: the change of the last twelve months."""
    year = frame.tail(12)
    change = float(year["net"].sum())
    span = f"{count(len(year), 'month')} to {year['month'].iloc[-1]}"
    title = f"{side}: MRR {'grew' if change >= 0 else 'shrank'} by {money(abs(change), currency)} in {span}"
    gains = float(year[[name for name, sign in SIGNS.items() if sign > 0]].sum().sum())
    return title, f"{title}: {money(gains, currency)} won, {money(gains - change, currency)} lost."


def _amounts(title: str, months: Sequence[str], amounts: Sequence[float], currency: str) -> list[str]:
    """What the pointer says of each month, exactly."""
    return [f"{title}, {at}: {money_exact(value, currency)}" for at, value in zip(months, amounts, strict=True)]


def mrr_by_motion(frame: pd.DataFrame, currency: str) -> Chart:
    """Draw the frame of `revenue_frames.mrr_by_motion`: an area for each motion, those of partners together below."""
    months, motions = frame["month"].tolist(), [str(name) for name in frame.columns if name != "month"]
    traces = [_area(motion, months, values(frame[motion]), currency) for motion in motions]
    partners = [motion for motion in motions if motion in PARTNER_MOTIONS]
    together = frame[partners].sum(axis=1)
    if len(partners) > 1 and len(partners) < len(motions):
        traces.append(_partners_together(months, together.tolist(), currency))
    last = {motion: float(frame[motion].iloc[-1]) for motion in motions}
    found, reach = _areas_end(last, currency), (0.0, max(float(frame[motions].sum(axis=1).max()), 1.0) * 1.04)
    drawn = figure(
        traces,
        height=_HEIGHT,
        margin={"l": 8, "r": room(found), "t": 8, "b": 8},
        annotations=ends(found, reach, _HEIGHT),
        xaxis=MONTHS,
        yaxis={"title": titled("MRR", currency), "nticks": 5, "range": list(reach)},
        clickmode="event+select",
    )
    title = _share_title(months, together.tolist() if "all" not in motions else [], frame[motions].sum(axis=1).tolist())
    now = listed([f"{_called(motion)} {money(amount, currency)}" for motion, amount in last.items()])
    titles = {"month": "Month", **{motion: titled(_called(motion), currency) for motion in motions}}
    measure = f"MRR by month and motion, {stated(currency)}, one upon the other"
    edge = "Partner motions lie together below the thick line, others above it. " if partners else ""
    return Chart(
        title, drawn, f"{title}. MRR by motion in {months[-1]}: {now}.", frame, titles, measure,
        f"{about.metric('mrr')} {edge}{about.source('mrr')}",
    )  # fmt: skip


def _called(motion: str) -> str:
    return m.ALL_CUSTOMERS if motion == "all" else NAMES[motion]


def _share_title(months: Sequence[str], partners: Sequence[float], whole: Sequence[float]) -> str:
    """The conclusion: how much of MRR partners carry, and what it was a year before; none of it where nobody knows."""
    if whole[-1] <= 0:
        return f"MRR by motion in {months[-1]}: there is none"
    if not partners:
        return f"MRR by motion in {months[-1]}: no file says which customers partners brought"
    said = f"Partners carry {percent(partners[-1] / whole[-1], 0)} of MRR in {months[-1]}"
    if len(whole) > YEAR and whole[-1 - YEAR] > 0:
        said += f", {percent(partners[-1 - YEAR] / whole[-1 - YEAR], 0)} a year before"
    return said


YEAR = 12


def _partners_together(months: list[str], amounts: list[float], currency: str) -> dict[str, Any]:
    """The upper edge of all partner motions."""
    return {
        "type": "scatter",
        "name": "All partners",
        "x": months,
        "y": amounts,
        "mode": "lines",
        "line": {"color": INK, "width": 4},
        "hovertext": _amounts("All partners", months, amounts, currency),
        "hoverinfo": "text",
    }


def _areas_end(last: Mapping[str, float], currency: str) -> list[End]:
    """The middle of each area in the last month."""
    found, below = [], 0.0
    for motion, amount in last.items():
        if amount:
            found.append(End(below + amount / 2, _called(motion), money(amount, currency), LOOKS.get(motion, PARTNER)))
        below += amount
    return found


def _area(motion: str, months: list[str], amounts: list[float], currency: str) -> dict[str, Any]:
    name, look = _called(motion), LOOKS.get(motion, PARTNER)
    return {
        "type": "scatter",
        "name": name,
        "x": months,
        "y": amounts,
        "mode": "lines+markers",
        "marker": {"size": 5, "symbol": look.marker, "opacity": 0.01},
        "selected": {"marker": {"opacity": 0.01}},
        "unselected": {"marker": {"opacity": 0.01}},
        "customdata": [name] * len(months),
        "stackgroup": "mrr",
        "line": {"color": look.colour, "dash": dash(look), "width": 1.5},
        "hovertext": _amounts(name, months, amounts, currency),
        "hoverinfo": "text",
    }
