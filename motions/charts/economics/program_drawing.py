"""What programs come to, month by month and altogether: the frames drawn."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from motions.charts.frame import Row, by, records, values
from motions.charts.style import LOOKS, PATTERNS, Chart, figure, fill, level, line, titled
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
        )
        for programs, note in ((pinned, ", pinned"), (shown, ""))
        for name, rows in programs.items()
    ]  # fmt: skip
    drawn = figure(
        bands + traces,
        height=height,
        shapes=[level(0)],
        xaxis={"title": "Month", "nticks": 8},
        yaxis={"title": f"Cumulative contribution ({currency})", "nticks": 6},
    )
    title = "Cumulative contribution by month" + (", with P10 to P90" if bands else "")
    alt = f"Cumulative contribution: {listed([_comes_to(rows[-1], currency) for rows in shown.values()])}."
    titles = {"program": "Program", **({"pinned": "Pinned"} if pinned else {}), "month": "Month"}
    titles["cumulative"] = titled("Cumulative contribution", currency)
    titles |= {"p10": titled("P10", currency), "p90": titled("P90", currency)} if bands else {}
    return Chart(title, drawn, alt, frame, titles)


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
