"""What programs come to, month by month and altogether: the frames drawn."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from motions.charts.frame import Row, by, records, values
from motions.charts.style import INK, LOOKS, PATTERNS, Chart, figure, fill, level, line, titled
from motions.names import NAMES
from motions.text import as_plotly, count, listed, money, money_exact, percent

COSTS = (
    ("effective_cpa", "CPA, all incremental", "#0f7fc4", ""),
    ("cpa_70", "70 %", "#6fb3dd", "/"),
    ("cpa_40", "40 %", "#b5d6ec", "."),
    ("blended_cac", "Blended CAC", "#7d8893", "x"),
)
PARTNERS = (("high", "Top tenth", "dash"), ("typical", "Typical partner", "solid"), ("low", "Low tenth", "dot"))
CONFLICT, EXHAUSTED = "Lost to one another", "Nobody left to win"


def contribution(frame: pd.DataFrame, currency: str, height: int) -> Chart:
    """Draw the frame of `program_frames.contribution`: a line for each program, the pinned ones faint and below."""
    of = by("pinned", records(frame))
    shown, pinned = by("program", of.get(False, [])), by("program", of.get(True, []))
    bands = [edge for name, rows in shown.items() if rows[0]["p10"] is not None for edge in _band(name, rows)]
    traces = [
        line(
            NAMES[name] + note, LOOKS[name], [row["month"] for row in rows], [row["cumulative"] for row in rows],
            [_month(row, note, currency) for row in rows], faint=bool(note),
        ) | {"cliponaxis": False}
        for programs, note in ((pinned, ", pinned"), (shown, ""))
        for name, rows in programs.items()
    ]  # fmt: skip
    ends = [(rows[-1], "") for rows in shown.values()] + [(rows[-1], ", pinned") for rows in pinned.values()]
    reach = _reach([row for rows in (*shown.values(), *pinned.values()) for row in rows])
    drawn = figure(
        bands + traces + [_turn(rows, currency) for rows in shown.values() if _turn_month(rows)],
        height=height,
        showlegend=False,
        margin={"l": 8, "r": 96, "t": 10, "b": 8},
        shapes=[_loss(reach[0]), level(0)],
        annotations=[*_ends(ends, reach, height, currency), *_loss_word(reach[0])],
        xaxis={"title": "Month", "nticks": 8, "range": [0, max(row["month"] for row, _ in ends)]},
        yaxis={"title": f"Cumulative contribution ({currency})", "nticks": 6, "range": list(reach)},
    )
    title = _concludes([rows[-1] for rows in shown.values()], currency) + (", with P10 to P90" if bands else "")
    alt = f"Cumulative contribution: {listed([_comes_to(rows[-1], currency) for rows in shown.values()])}."
    titles = {"program": "Program", **({"pinned": "Pinned"} if pinned else {}), "month": "Month"}
    titles["cumulative"] = titled("Cumulative contribution", currency)
    titles |= {"p10": titled("P10", currency), "p90": titled("P90", currency)} if bands else {}
    return Chart(title, drawn, alt, frame, titles)


def _reach(rows: Sequence[Row]) -> tuple[float, float]:
    """The ends of the axis of amounts: zero and all that is drawn, with some room."""
    amounts = [row[name] for row in rows for name in ("cumulative", "p10", "p90") if row[name] is not None]
    low, high = min([0.0, *amounts]), max([0.0, *amounts])
    room = (high - low) * 0.06 or 1.0
    return low - room, high + room


def _loss(lowest: float) -> dict[str, Any]:
    """The side on which a program has cost more than it brought; a word goes with it (`_loss_word`)."""
    below = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": lowest, "y1": 0, "layer": "below"}
    return below | {"fillcolor": "rgba(197,54,44,0.07)", "line": {"width": 0}}


def _loss_word(lowest: float) -> list[dict[str, Any]]:
    place = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": 4, "y": lowest, "yanchor": "bottom"}
    return [{**place, "text": "loss", "showarrow": False, "font": {"size": 12, "color": INK}}]


def _turn_month(rows: Sequence[Row]) -> Row | None:
    """The row of the month from which a program stays above zero, if that is after the first."""
    turns = rows[0]["break_even"]
    return next((row for row in rows if row["month"] == turns), None) if turns and turns > 1 else None


def _turn(rows: Sequence[Row], currency: str) -> dict[str, Any]:
    """A ring where a program breaks even."""
    row = _turn_month(rows) or rows[0]
    return {
        "type": "scatter",
        "mode": "markers",
        "cliponaxis": False,
        "name": f"{NAMES[row['program']]}, break-even",
        "x": [row["month"]],
        "y": [row["cumulative"]],
        "marker": {"symbol": "circle-open", "size": 12, "color": INK, "line": {"width": 2}},
        "hoverinfo": "text",
        "hovertext": [f"{NAMES[row['program']]}: break-even in month {row['month']}"],
    }


def _ends(
    ends: Sequence[tuple[Row, str]], reach: tuple[float, float], height: int, currency: str
) -> list[dict[str, Any]]:
    """Name and amount beside the end of each line, moved apart where they would cover one another."""
    scale = (height - 70) / (reach[1] - reach[0])
    order = sorted(ends, key=lambda end: end[0]["cumulative"])
    found, last = [], -math.inf
    for row, note in order:
        at = row["cumulative"] * scale
        moved = max(at, last + _LINE * (1 if note else 2))
        last = moved
        words = f"{NAMES[row['program']]}{note}" if note else f"<b>{NAMES[row['program']]}</b>"
        said = words if note else f"{words}<br>{money(row['cumulative'], currency)}"
        found.append({
            "x": row["month"], "y": row["cumulative"], "xanchor": "left", "xshift": 8, "yshift": moved - at,
            "text": said, "showarrow": False, "align": "left", "font": {"size": 11 if note else 12, "color": INK},
        })  # fmt: skip
    return found


_LINE = 15
"""pixels that a line of a label takes"""


def _concludes(last: Sequence[Row], currency: str) -> str:
    """Say what the lines come to: the one, or by how much the first is ahead of the last."""
    months = count(last[0]["month"], "month")
    order = sorted(last, key=lambda row: -row["cumulative"])
    best, worst = order[0], order[-1]
    if len(order) == 1 or money(best["cumulative"], currency) == money(worst["cumulative"], currency):
        return f"{listed([NAMES[row['program']] for row in order])}: {money(best['cumulative'], currency)} in {months}"
    ahead = money(best["cumulative"] - worst["cumulative"], currency)
    return f"{NAMES[best['program']]}: {ahead} more than {NAMES[worst['program']].lower()} in {months}"


def _band(name: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    months = [row["month"] for row in rows]
    edge = {"type": "scatter", "x": months, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    inside = {"fill": "tonexty", "fillcolor": _faded(LOOKS[name].colour), "showlegend": False}
    return [
        {**edge, "y": [row["p10"] for row in rows], "name": f"{NAMES[name]}, P10", "showlegend": False},
        {**edge, "y": [row["p90"] for row in rows], "name": f"{NAMES[name]}, P90", **inside},
    ]


def _month(row: Row, note: str, currency: str) -> str:
    """What the pointer says of one month."""
    said = f"{NAMES[row['program']]}{note}, month {row['month']}: {money_exact(row['cumulative'], currency, 0)}"
    if row["p10"] is None:
        return said
    return f"{said}<br>P10 {money(row['p10'], currency)}, P90 {money(row['p90'], currency)}"


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"


def _comes_to(last: Row, currency: str) -> str:
    """What a program has come to in its last month."""
    turns = last["break_even"]
    turn = f"break-even in month {turns:.0f}" if turns else "no break-even"
    return f"{NAMES[last['program']]} {money(last['cumulative'], currency)}, {turn}"


def cost_of_a_customer(frame: pd.DataFrame, currency: str) -> Chart:
    """Draw the frame of `program_frames.cost_of_a_customer`: four bars for each program."""
    names = [NAMES[program] for program in frame["program"]]
    traces = []
    for cost, title, colour, pattern in COSTS:
        amounts = values(frame[cost])
        traces.append(
            {
                "type": "bar",
                "name": title,
                "x": names,
                "y": amounts,
                "marker": {"color": colour, "pattern": fill(pattern)},
                "text": [money(amount, currency) for amount in amounts],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertext": [f"{title}: {money_exact(amount, currency)}" for amount in amounts],
                "hoverinfo": "text",
            }
        )
    drawn = figure(traces, height=330, barmode="group", yaxis={"title": f"{currency} per new customer", "nticks": 5})
    said = [
        f"{NAMES[row['program']]} {money(row['effective_cpa'], currency)} against {money(row['blended_cac'], currency)}"
        for row in records(frame)
    ]
    alt = f"Effective CPA against blended CAC: {listed(said)}."
    titles = {
        cost: titled(f"CPA, {title} incremental" if title[0].isdigit() else title, currency)
        for cost, title, *_ in COSTS
    }
    return Chart("What a customer costs", drawn, alt, frame, {"program": "Program", **titles})


def partner_side(frame: pd.DataFrame, program: str, currency: str) -> Chart:
    """Draw the frame of `program_frames.partner_side`: three lines, and the level that makes it worth their time."""
    rows = records(frame)
    months, last = [row["month"] for row in rows], rows[-1]
    traces = []
    for name, title, dash in PARTNERS:
        hover = [f"{title}, month {row['month']}: {money_exact(row[name], currency)}" for row in rows]
        one = line(title, LOOKS[program], months, [row[name] for row in rows], hover)
        traces.append(one | {"line": {**one["line"], "dash": dash}})
    worth = last["worth_from"]
    drawn = figure(
        traces,
        height=330,
        shapes=[level(worth)],
        annotations=[_note(months[-1], worth, f"worth their time from {money(worth, currency)}")],
        xaxis={"title": "Month", "nticks": 8},
        yaxis={"title": f"Earnings per partner ({currency} a month)", "nticks": 6, "rangemode": "tozero"},
    )
    share, typical = last["worth_share"], last["typical"]
    said = "There are no partners" if share is None else f"{percent(share, 0)} of partners earn enough"
    title = f"{said} in the last month; a typical one makes {money(typical, currency)}"
    titles = {name: titled(words, f"{currency} a month") for name, words, _ in PARTNERS}
    titles |= {"worth_from": titled("Worth their time from", f"{currency} a month"), "worth_share": "Earn enough (%)"}
    return Chart(title, drawn, f"{NAMES[program]}: {title}.", frame, {"month": "Month", **titles})


def _note(x: float, y: float, words: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": words, "showarrow": False, "xanchor": "right", "yanchor": "bottom"}


def arr_mix(frame: pd.DataFrame, currency: str) -> Chart:
    """Draw the frame of `program_frames.arr_mix`: one bar, a part for each motion."""
    rows, total = records(frame), float(frame["arr"].sum())
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": f"{NAMES[row['motion']]} {percent(row['share'], 0)}",
            "y": ["Closing ARR"],
            "x": [row["arr"]],
            "marker": {"color": LOOKS[row["motion"]].colour, "pattern": fill(PATTERNS[number % len(PATTERNS)])},
            "hoverinfo": "text",
            "hovertext": [f"{NAMES[row['motion']]}: {money_exact(row['arr'], currency, 0)}, {percent(row['share'])}"],
        }
        for number, row in enumerate(rows)
    ]
    drawn = figure(
        traces, height=170, xaxis={"title": f"{currency} a year", "nticks": 6}, yaxis={"showticklabels": False}
    )
    said = listed([f"{NAMES[row['motion']]} {percent(row['share'] if total else None, 0)}" for row in rows])
    titles = {"motion": "Motion", "arr": titled("Closing ARR", currency), "share": "Share (%)"}
    return Chart(f"Closing ARR: {money(total, currency)}", drawn, f"Closing ARR by motion: {said}.", frame, titles)


def demand(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `program_frames.demand`: a bar for each segment, the first on top, by who wins it."""
    motions = [str(name) for name in frame.columns if name not in ("segment", "conflict", "exhausted")]
    names = [as_plotly(segment) for segment in frame["segment"]]
    traces = [_won(NAMES[name], LOOKS[name].colour, "", names, values(frame[name])) for name in motions]
    traces.append(_won(CONFLICT, LOOKS["unassigned"].colour, "x", names, values(frame["conflict"])))
    traces.append(_won(EXHAUSTED, LOOKS["unassigned"].colour, ".", names, values(frame["exhausted"])))
    height = 130 + 45 * len(names)
    drawn = figure(traces, height=height, xaxis={"title": "Customers over all months"}, yaxis={"autorange": "reversed"})
    rows = records(frame)
    worst = max(rows, key=lambda row: row["conflict"])
    title = "No two motions get in each other's way"
    if worst["conflict"] >= 0.5:
        title = f"{worst['segment']}: motions lose {count(worst['conflict'], 'customer')} to one another"
    won = [f"{row['segment']} {count(sum(row[name] for name in motions))} won" for row in rows]
    titles = {"segment": "Segment", **{name: f"{NAMES[name]} (customers)" for name in motions}}
    return Chart(
        title,
        drawn,
        f"{title}. {listed(won)}",
        frame,
        titles | {"conflict": f"{CONFLICT} (customers)", "exhausted": f"{EXHAUSTED} (customers)"},
    )


def _won(title: str, colour: str, pattern: str, names: list[str], amounts: list[float]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": title,
        "y": names,
        "x": amounts,
        "marker": {"color": colour, "pattern": fill(pattern)},
        "hoverinfo": "text",
        "hovertext": [f"{title}: {count(amount, 'customer')}" for amount in amounts],
    }
