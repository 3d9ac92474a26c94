"""Programs together, what more money brings, and who looks after partners: the frames drawn."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from motions.charts.frame import Row, by, records
from motions.charts.style import INK, LOOKS, PARTNER, PATTERNS, Chart, figure, fill, level, titled
from motions.economics.answers.portfolio import PERIODS, Measure
from motions.names import NAMES, PARTNER_MOTIONS
from motions.text import count, inside, listed, money, percent
from motions.units import MONEY

_LINE = 15
"""pixels that a line of a label takes"""


def together(frame: pd.DataFrame, measure: Measure, length: int, months: int, currency: str) -> Chart:
    """Draw the frame of `portfolio_frames.together`: a stack for each period, the direct baseline at its foot."""
    programs = by("program", records(frame))
    rows = next(iter(programs.values()))
    (called,) = (name for name, size in PERIODS.items() if size == length)
    reach, banded = _reach(programs), rows[0]["p10"] is not None
    height = 310
    drawn = figure(
        [
            *(_stack(name, own, PATTERNS[at % len(PATTERNS)], measure, currency)
              for at, (name, own) in enumerate(programs.items())),
            *([_sum(rows, measure, currency)] if banded or reach[0] < 0 else []),
        ],
        height=height,
        barmode="relative",
        bargap=0.15,
        margin={"l": 8, "r": 104, "t": 10, "b": 8},
        shapes=[level(0)],
        annotations=_labels(programs, reach, height, measure, currency),
        xaxis={"title": called, "nticks": 8, "range": [0.5, len(rows) + 0.5], **_whole(len(rows))},
        yaxis={"title": measure.unit.label(measure.title, currency), "nticks": 6, "range": list(reach)},
    )  # fmt: skip
    title = _concludes(programs, measure, months, currency)
    period = f"by {called.lower()}" + (f"; the last has {count(months % length, 'month')}" if months % length else "")
    of = "at its end" if measure.at_end else "all months of it"
    about = f"{measure.definition} The direct baseline and each program shown count once." + (
        " The mark on each stack is the sum of all; its whiskers are P10 to P90 of the sum, draw by draw."
        if banded
        else ""
    )
    unit = measure.unit.named(currency)
    titles = {"period": called, "program": "Program", "amount": f"{measure.title} ({unit})"}
    titles["together"] = f"All programs ({unit})"
    titles |= {"p10": f"P10 of all ({unit})", "p90": f"P90 of all ({unit})"} if banded else {}
    last = [f"{NAMES[name]} {measure.unit.said(own[-1]['amount'], currency)}" for name, own in programs.items()]
    alt = f"{title}. In the last {called.lower()}: {listed(last)}."
    return Chart(title, drawn, alt, frame, titles, f"{measure.title}, {unit}, {period}, {of}", about)


def _whole(periods: int) -> dict[str, Any]:
    """Every period's number where there is room for all."""
    return {"dtick": 1} if periods <= 6 else {}


def _reach(programs: dict[Any, list[Row]]) -> tuple[float, float]:
    """The ends of the axis: all stacks up and down from zero, and the ends of the draws, with some room."""
    periods = list(zip(*programs.values(), strict=True))
    tops = [sum(max(row["amount"], 0.0) for row in stack) for stack in periods]
    feet = [sum(min(row["amount"], 0.0) for row in stack) for stack in periods]
    ends = [stack[0][name] for stack in periods for name in ("p10", "p90") if stack[0][name] is not None]
    low, high = min([0.0, *feet, *ends]), max([0.0, *tops, *ends])
    room = (high - low) * 0.06 or 1.0
    return (low - room if low < 0 else 0.0), high + room


def _stack(name: str, rows: Sequence[Row], pattern: str, measure: Measure, currency: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": NAMES[name],
        "x": [row["number"] for row in rows],
        "y": [row["amount"] for row in rows],
        "marker": {"color": LOOKS[name].colour, "pattern": fill(pattern)},
        "hoverinfo": "text",
        "hovertext": [f"{NAMES[name]}, {row['period']}: {measure.unit.said(row['amount'], currency)}" for row in rows],
    }


def _sum(rows: Sequence[Row], measure: Measure, currency: str) -> dict[str, Any]:
    """A mark at the sum of each stack, for where it has draws, or some of it lies below zero."""
    banded = rows[0]["p10"] is not None
    said = [measure.unit.said(row["together"], currency) for row in rows]
    ends = [
        f", P10 {measure.unit.said(row['p10'], currency)}, P90 {measure.unit.said(row['p90'], currency)}" if banded
        else "" for row in rows
    ]  # fmt: skip
    mark: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "name": "All programs",
        "x": [row["number"] for row in rows],
        "y": [row["together"] for row in rows],
        "marker": {"symbol": "line-ew-open", "size": 10, "color": INK, "line": {"width": 2}},
        "hoverinfo": "text",
        "hovertext": [f"All, {row['period']}: {said[at]}{ends[at]}" for at, row in enumerate(rows)],
        "cliponaxis": False,
    }
    if banded:
        mark["error_y"] = {
            "type": "data", "symmetric": False, "color": INK, "thickness": 1.5, "width": 3,
            "array": [max(row["p90"] - row["together"], 0.0) for row in rows],
            "arrayminus": [max(row["together"] - row["p10"], 0.0) for row in rows],
        }  # fmt: skip
    return mark


def _labels(
    programs: dict[Any, list[Row]], reach: tuple[float, float], height: int, measure: Measure, currency: str
) -> list[dict[str, Any]]:
    """What each program has in the last period, beside its part of the stack, and all together above them."""
    scale, up, down, places = (height - 70) / (reach[1] - reach[0]), 0.0, 0.0, []
    for name, rows in programs.items():
        amount = rows[-1]["amount"]
        places.append(((up if amount >= 0 else down) + amount / 2, NAMES[name], amount))
        up, down = up + max(amount, 0.0), down + min(amount, 0.0)
    whole = next(iter(programs.values()))[-1]
    places.append((up + (reach[1] - reach[0]) * 0.02, "Together", whole["together"]))
    found, top = [], -math.inf
    for y, name, amount in sorted(places, key=lambda one: one[0]):
        moved = max(y * scale, top + 2 * _LINE)
        top = moved
        found.append({
            "x": 1, "xref": "paper", "y": y, "xanchor": "left", "xshift": 6, "yshift": moved - y * scale,
            "text": f"<b>{name}</b><br>{measure.unit.said(amount, currency)}", "showarrow": False,
            "align": "left", "font": {"size": 12},
        })  # fmt: skip
    # Labels at the top end would leave the chart: all of them are moved down by what is too much.
    over = max(top + _LINE - reach[1] * scale, 0.0)
    return [one | {"yshift": one["yshift"] - over} for one in found]


def _concludes(programs: dict[Any, list[Row]], measure: Measure, months: int, currency: str) -> str:
    """Say what all programs come to, who loses, and else how much of it comes through partners."""
    amounts = {name: _over_all(rows, measure, "amount") for name, rows in programs.items()}
    whole = _over_all(next(iter(programs.values())), measure, "together")
    when = f"in month {months}" if measure.at_end else f"in {count(months, 'month')}"
    said = f"{measure.title} of all programs together: {measure.unit.said(whole, currency)} {when}"
    below = [f"{NAMES[name].lower()} {money(one, currency)}" for name, one in amounts.items() if one < 0]
    if below:
        return f"{said}, of it {listed(below)}"
    partners = sum(one for name, one in amounts.items() if name in PARTNER_MOTIONS)
    return f"{said}, {percent(partners / whole, 0)} of it through partners" if whole else said


def _over_all(rows: Sequence[Row], measure: Measure, what: str) -> float:
    return float(rows[-1][what] if measure.at_end else sum(row[what] for row in rows))


SHARES = (("at_100", "100 %", "circle"), ("at_70", "70 %", "diamond-open"), ("at_40", "40 %", "circle-open"))


def channels(frame: pd.DataFrame, amount: float, months: int, currency: str) -> Chart:
    """Draw the frame of `portfolio_frames.channels`: a row for each motion, with marks by the share of incremental."""
    rows = records(frame)
    set_apart = any(not MONEY.same(row["as_set"] - row["at_100"], currency) for row in rows)
    drawn = figure(
        [
            *(_across(row, at, [row["at_100"], row["at_40"]], 2) for at, row in enumerate(rows)),
            *(_brings(rows, name, share, symbol, currency) for name, share, symbol in SHARES),
            *([_as_set(rows, currency)] if set_apart or rows[0]["p10"] is not None else []),
        ],
        height=140 + 42 * len(rows),
        margin={"l": 8, "r": 56, "t": 8, "b": 8},
        shapes=[_upright(0.0)],
        xaxis={"title": f"Change of contribution ({currency})", "nticks": 5},
        yaxis=_motions(rows),
    )
    title = _brings_most(rows, amount, months, currency)
    said = listed([f"{NAMES[row['program']]} {MONEY.difference(row['as_set'], currency)}" for row in rows])
    titles = {name: titled(f"Change of contribution, {share} incremental", currency) for name, share, _ in SHARES}
    titles |= {
        "as_set": titled("As the inputs have it", currency),
        "customers": "More new customers",
        "partners": "More partners",
    }
    if rows[0]["p10"] is not None:
        titles |= {"p10": titled("P10", currency), "p90": titled("P90", currency)}
    return Chart(
        title, drawn, f"{title}. By motion: {said}.", frame, {"program": "Motion", **titles},
        f"Contribution of all programs with {money(amount, currency)} more for recruiting in one motion, less that "
        "without it; ● 100 %, ◇ 70 %, ○ 40 % of the customers incremental",
        "100, 70 and 40 % incremental: if so many of the customers that the money brings would not have come anyway. "
        "Whiskers: P10 to P90 of the draws, as the inputs have it; both runs have the same draws.",
    )  # fmt: skip


def _brings_most(rows: Sequence[Row], amount: float, months: int, currency: str) -> str:
    first, said = rows[0], money(amount, currency)
    name = NAMES[first["program"]].lower()
    within = f"in {count(months, 'month')}"
    if first["as_set"] <= 0:
        return (
            f"The next {said} for recruiting bring themselves back in no motion {within}; {name} come closest "
            f"({MONEY.difference(first['as_set'], currency)})"
        )
    who = f"{name} bring" if len(rows) == 1 else f"bring most with {name}:"
    more = max(round(first["partners"]), 1)
    return (
        f"The next {said} for recruiting {who} {MONEY.difference(first['as_set'], currency)} contribution {within}, if "
        f"{count(more, 'more partner')} can be won at today's cost"
    )


_BELOW = 0.27
"""by how much of a row a range stands below its mark"""


def _brings(rows: Sequence[Row], name: str, share: str, symbol: str, currency: str) -> dict[str, Any]:
    first = name == SHARES[0][0]
    return {
        "type": "scatter",
        "name": f"{share} incremental",
        "x": [row[name] for row in rows],
        "y": list(range(len(rows))),
        "mode": "markers+text" if first else "markers",
        "text": [MONEY.difference(row[name], currency) for row in rows] if first else None,
        "textposition": "top center",
        "cliponaxis": False,
        "marker": {
            "symbol": symbol, "size": 11, "line": {"width": 2},
            "color": [LOOKS[row["program"]].colour for row in rows],
        },
        "hoverinfo": "text",
        "hovertext": [f"{share} incremental: {MONEY.difference(row[name], currency)}" for row in rows],
    }  # fmt: skip


def _as_set(rows: Sequence[Row], currency: str) -> dict[str, Any]:
    """What the inputs have, and the ends of its draws."""
    mark = {
        "type": "scatter",
        "name": "As the inputs have it",
        "x": [row["as_set"] for row in rows],
        "y": [at + _BELOW for at in range(len(rows))],
        "mode": "markers",
        "cliponaxis": False,
        "marker": {"symbol": "line-ns-open", "size": 9, "color": INK, "line": {"width": 2}},
        "hoverinfo": "text",
        "hovertext": [_spread(row, currency) for row in rows],
    }
    if rows[0]["p10"] is not None:
        mark["name"] = "As the inputs have it, P10 to P90"
        mark["error_x"] = {
            "type": "data", "symmetric": False, "color": INK, "thickness": 1.5,
            "array": [max(row["p90"] - row["as_set"], 0.0) for row in rows],
            "arrayminus": [max(row["as_set"] - row["p10"], 0.0) for row in rows],
        }  # fmt: skip
    return mark


def _spread(row: Row, currency: str) -> str:
    said = f"As the inputs have it: {MONEY.difference(row['as_set'], currency)}"
    if row["p10"] is None:
        return said
    return f"{said}, P10 {MONEY.difference(row['p10'], currency)}, P90 {MONEY.difference(row['p90'], currency)}"


def _motions(rows: Sequence[Row]) -> dict[str, Any]:
    """An axis with a line for each motion, the first on top; numbers, so that a range can stand below its mark."""
    names = {"tickvals": list(range(len(rows))), "ticktext": [NAMES[row["program"]] for row in rows]}
    return {"range": [len(rows) - 0.4, -0.7], "showgrid": False, "zeroline": False, "ticksuffix": " ", **names}


def _across(row: Row, at: int, ends: list[float], width: float, name: str = "") -> dict[str, Any]:
    """A line in a motion's row."""
    return {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "x": ends, "y": [at] * len(ends),
        "name": name or f"{NAMES[row['program']]}, reach",
        "line": {"color": INK if width == 1 else LOOKS[row["program"]].colour, "width": width},
    }  # fmt: skip


def _upright(x: float) -> dict[str, Any]:
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x, "line": {"width": 1.5, "color": INK}}


def splits(
    frame: pd.DataFrame, gain: float, left: float, step: float, shared: bool, months: int, currency: str
) -> Chart:
    """Draw the frame of `portfolio_frames.splits`: bounds, what is nearly as good, what is spent now, and the best."""
    rows = records(frame)
    drawn = figure(
        [
            *(_across(row, at, [row["low"], row["high"]], 1, "Bounds") for at, row in enumerate(rows)),
            *(_across(row, at, [row["from"], row["to"]], 9, "Within 1 % of the best") for at, row in enumerate(rows)),
            _spent(rows, "now", "Now", "circle-open", currency),
            _spent(rows, "best", "Best split", "diamond", currency),
        ],
        height=140 + 42 * len(rows),
        margin={"l": 8, "r": 56, "t": 8, "b": 8},
        xaxis={"title": f"For recruiting in {count(months, 'month')} ({currency})", "nticks": 5, "rangemode": "tozero"},
        yaxis=_motions(rows),
    )
    title = _splits_best(rows, gain, left, step, shared, currency)
    said = [
        f"{NAMES[row['program']]} {money(row['best'], currency)}, now {money(row['now'], currency)}" for row in rows
    ]
    titles = {
        "now": "Now", "best": "Best split", "from": "Nearly as good from", "to": "Nearly as good to",
        "low": "Lower bound", "high": "Upper bound",
    }  # fmt: skip
    return Chart(
        title, drawn, f"{title}. {listed(said)}.", frame,
        {"program": "Motion", **{name: titled(words, currency) for name, words in titles.items()}},
        f"Money for recruiting by motion, {currency} in {count(months, 'month')}: ○ now, ◆ the best split, thin line "
        "the bounds, thick line within 1 % of the best",
        "Along the thick line the whole can be within 1 % of the best. The best is the split at which all programs "
        "together contribute most.",
    )  # fmt: skip


def _splits_best(rows: Sequence[Row], gain: float, left: float, step: float, shared: bool, currency: str) -> str:
    bound = all(row["best"] >= row["high"] - 1 for row in rows)
    why = "do not fit within the bounds" if bound else "are better not spent"
    unspent = f"; {money(left, currency)} of the budget {why}" if left > 1 else ""
    spent = money(sum(row["now"] for row in rows), currency)
    if MONEY.same(gain, currency):
        return f"No split within these bounds contributes more than the {spent} spent now{unspent}"
    more = "more" if gain > 0 else "less"
    compared = f"{money(abs(gain), currency)} {more} contribution than with the {spent} spent now"
    full = [NAMES[row["program"]].lower() for row in rows if row["best"] >= row["high"] - 1]
    if shared or not full:
        return f"The best split found: {compared}{unspent}"
    return (
        f"Every further {money(step, currency)} brings the same in a motion, so the money goes to {listed(full)} up to "
        f"the bounds: {compared}{unspent}"
    )


def _spent(rows: Sequence[Row], name: str, title: str, symbol: str, currency: str) -> dict[str, Any]:
    best = name == "best"
    return {
        "type": "scatter",
        "name": title,
        "x": [row[name] for row in rows],
        "y": list(range(len(rows))),
        "mode": "markers+text" if best else "markers",
        "text": [money(row[name], currency) for row in rows] if best else None,
        "textposition": "top center",
        "cliponaxis": False,
        "marker": {"symbol": symbol, "size": 12, "color": INK, "line": {"width": 2}},
        "hoverinfo": "text",
        "hovertext": [f"{NAMES[row['program']]}, {inside(title)}: {money(row[name], currency)}" for row in rows],
    }


def capacity(frame: pd.DataFrame, known_today: bool) -> Chart:
    """Draw the frame of `portfolio_frames.capacity`: whole people as steps, and what there is to do below them."""
    rows = records(frame)
    months = [row["month"] for row in rows]
    hired = [row for row in rows if row["hired"]]
    people = {
        "type": "scatter", "mode": "lines", "name": "People", "x": months, "y": [row["people"] for row in rows],
        "line": {"shape": "hv", "color": PARTNER.colour, "width": 2.5}, "hoverinfo": "text", "cliponaxis": False,
        "hovertext": [f"Month {row['month']}: {_people(row['people'])}, work for {row['work']:.1f}" for row in rows],
    }  # fmt: skip
    work = {
        "type": "scatter", "mode": "lines", "name": "Work, in people", "x": months, "y": [row["work"] for row in rows],
        "line": {"dash": "dot", "color": INK, "width": 2}, "hoverinfo": "skip", "cliponaxis": False,
    }  # fmt: skip
    marks = {
        "type": "scatter", "mode": "markers+text", "name": "Hired", "x": [row["month"] for row in hired],
        "y": [row["people"] for row in hired], "text": [f"+{row['hired']}" for row in hired],
        "textposition": "top center", "cliponaxis": False,
        "marker": {"symbol": "circle-open", "size": 11, "color": PARTNER.colour, "line": {"width": 2}},
        "hoverinfo": "text",
        "hovertext": [f"Month {row['month']}: {count(row['hired'], 'more person', 'more people')}" for row in hired],
    }  # fmt: skip
    drawn = figure(
        [people, work, marks],
        height=300,
        xaxis={"title": "Month", "nticks": 8, "range": [0, months[-1] + 0.5]},
        yaxis={"title": "People", "nticks": 6, "range": [0, max(row["people"] for row in rows) * 1.15 + 0.4]},
    )
    title = _hires(rows, hired, known_today)
    motions = [str(name) for name in frame.columns if name in LOOKS]
    titles = {"month": "Month", "people": "People", "work": "Work (people)", "hired": "Hired (people)"}
    titles |= {name: f"{NAMES[name]} (active partners)" for name in motions}
    return Chart(
        title, drawn, f"{title}.", frame, titles,
        "People who look after active partners, by month: the line whole people, the dots the work that there is",
        "Active partners ÷ partners that one person can carry, added up over motions and rounded up to whole people. "
        "Nobody is let go when there is less to do.",
    )  # fmt: skip


def _hires(rows: Sequence[Row], hired: Sequence[Row], known_today: bool) -> str:
    last = f"{_people(rows[-1]['people'])} in month {rows[-1]['month']}"
    if not hired:
        return f"{last}: nobody has to be hired"
    said = [_when(row, known_today) for row in hired]
    if len(said) > _NAMED:
        return f"{last}: {listed([*said[: _NAMED - 1], f'{len(said) - _NAMED + 1} more steps'])}"
    return f"{last}: {listed(said)}"


_NAMED = 4
"""hires that a title names one by one"""


def _when(row: Row, known_today: bool) -> str:
    if row["month"] == 1 and not known_today:
        return f"{row['hired']} from the start"
    return f"{row['hired']} hired in month {row['month']}"


def _people(number: int) -> str:
    return count(number, "person", "people")
