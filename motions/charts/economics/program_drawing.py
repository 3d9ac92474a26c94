"""What programs come to, month by month and altogether: the frames drawn."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from motions.charts.frame import Row, by, records, values
from motions.charts.style import INK, LOOKS, Chart, figure, fill, level, line, titled
from motions.names import NAMES
from motions.text import as_plotly, count, listed, money, money_exact, percent

COSTS = (
    ("effective_cpa", "Effective CPA: all customers incremental", "circle"),
    ("cpa_70", "70 %", "diamond-open"),
    ("cpa_40", "40 %", "circle-open"),
)
PARTNERS = (("high", "Top tenth", 1.5), ("typical", "Typical partner", 3.0), ("low", "Low tenth", 1.5))
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
    return [{**place, "text": "loss", "showarrow": False, "font": {"size": 12}}]


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
    """What each line has come to, beside its end; moved apart where labels would cover one another."""
    scale = (height - 70) / (reach[1] - reach[0])
    order = sorted(ends, key=lambda end: end[0]["cumulative"])
    room = sum(row["p10"] is not None for row, _ in order) <= _BANDS_NAMED
    found, top = [], -math.inf
    for row, note in order:
        lines = _end(row, note, currency, room)
        half = _LINE * len(lines) / 2
        at = row["cumulative"] * scale
        moved = max(at, top + half)
        top = moved + half
        found.append({
            "x": row["month"], "y": row["cumulative"], "xanchor": "left", "xshift": 8, "yshift": moved - at,
            "text": "<br>".join(lines), "showarrow": False, "align": "left",
            "font": {"size": 11 if note else 12},
        })  # fmt: skip
    return found


def _end(row: Row, note: str, currency: str, room: bool) -> list[str]:
    """The lines of one label: name, amount, and the ends of the band where there is room for them."""
    if note:
        return [f"pinned {money(row['cumulative'], currency)}"]
    band = [f"{end.upper()} {money(row[end], currency)}" for end in ("p90", "p10")] if row["p10"] is not None else []
    return [f"<b>{NAMES[row['program']]}</b>", money(row["cumulative"], currency), *(band if room else [])]


_LINE = 15
"""pixels that a line of a label takes"""
_BANDS_NAMED = 2


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
    """Draw the frame of `program_frames.cost_of_a_customer`: a row for each program, blended CAC a line across all."""
    rows = records(frame)
    blended = next((row["blended_cac"] for row in rows if row["blended_cac"] is not None), None)
    drawn = figure(
        [
            *(_reach_of_cost(row) for row in rows),
            *(_costs(cost, title, symbol, rows, currency) for cost, title, symbol in COSTS),
        ],
        height=150 + 44 * len(rows),
        shapes=[] if blended is None else [_upright(blended)],
        annotations=[] if blended is None else [_blended(blended, currency)],
        margin={"l": 8, "r": 48, "t": 8, "b": 8},
        xaxis={"title": f"{currency} per new customer", "nticks": 5, "rangemode": "tozero", "side": "bottom"},
        yaxis={
            "range": [len(rows) - 0.1, -0.7],
            "showgrid": False,
        },  # the first on top, and room for words below the last
    )
    said = [
        f"{NAMES[row['program']]} {money(row['effective_cpa'], currency)} against {money(row['blended_cac'], currency)}"
        for row in rows
    ]
    alt = f"{_cheap(rows, currency)}. Effective CPA against blended CAC: {listed(said)}."
    titles = {
        cost: titled(title if cost == COSTS[0][0] else f"CPA, {title} incremental", currency)
        for cost, title, _ in COSTS
    }
    titles["blended_cac"] = titled("Blended CAC", currency)
    return Chart(_cheap(rows, currency), drawn, alt, frame, {"program": "Program", **titles})


def _cheap(rows: Sequence[Row], currency: str) -> str:
    """Say how many of the programs win customers for less than an average one costs, or of one how it compares."""
    known = [row for row in rows if row["effective_cpa"] is not None and row["blended_cac"] is not None]
    if not known:
        return "No program wins a customer"
    blended = money(known[0]["blended_cac"], currency)
    below = [NAMES[row["program"]] for row in known if row["effective_cpa"] < row["blended_cac"]]
    if len(below) in (0, len(known)):
        side = "less" if below else "no less"
        first, *others = (NAMES[row["program"]] for row in known)
        names = listed([first, *(name.lower() for name in others)])
        return f"{names}: a customer costs {side} than blended CAC ({blended})"
    return f"A customer costs less than blended CAC ({blended}) through {listed([name.lower() for name in below])}"


def _costs(cost: str, title: str, symbol: str, rows: Sequence[Row], currency: str) -> dict[str, Any]:
    """One share of incremental customers: a mark in each program's row, the first with its amount."""
    first, amounts = cost == COSTS[0][0], [row[cost] for row in rows]
    return {
        "type": "scatter",
        "name": title if first else f"{title} incremental",
        "x": amounts,
        "y": [NAMES[row["program"]] for row in rows],
        "mode": "markers+text" if first else "markers",
        "text": [money(amount, currency) for amount in amounts] if first else None,
        "textposition": "top center",
        "cliponaxis": False,
        "marker": {
            "symbol": symbol,
            "size": 11,
            "color": [LOOKS[row["program"]].colour for row in rows],
            "line": {"width": 2},
        },
        "hoverinfo": "text",
        "hovertext": [f"{title}: {money_exact(amount, currency)}" for amount in amounts],
    }


def _reach_of_cost(row: Row) -> dict[str, Any]:
    """A thin line from the cost if all customers are incremental to that if 40 % are."""
    return {
        "type": "scatter", "mode": "lines", "showlegend": False, "hoverinfo": "skip",
        "name": f"{NAMES[row['program']]}, reach",
        "x": [row["effective_cpa"], row["cpa_40"]], "y": [NAMES[row["program"]]] * 2,
        "line": {"color": LOOKS[row["program"]].colour, "width": 2},
    }  # fmt: skip


def _upright(x: float) -> dict[str, Any]:
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x, "line": {"width": 1.5, "color": INK}}


def _blended(x: float, currency: str) -> dict[str, Any]:
    # Below the marks of the last row.
    place = {"x": x, "xanchor": "left", "xshift": 4, "yref": "paper", "y": 0, "yanchor": "bottom"}
    words = {"text": f"blended CAC {money(x, currency)}", "font": {"size": 12}}
    return place | words | {"showarrow": False}


def partner_side(frame: pd.DataFrame, program: str, currency: str) -> Chart:
    """Draw the frame of `program_frames.partner_side`: three lines, and the level that makes it worth their time."""
    rows = records(frame)
    months, last = [row["month"] for row in rows], rows[-1]
    traces = []
    for name, title, width in PARTNERS:
        hover = [f"{title}, month {row['month']}: {money_exact(row[name], currency)}" for row in rows]
        one = line(title, LOOKS[program], months, [row[name] for row in rows], hover)
        drawn = {"mode": "lines", "cliponaxis": False, "line": {**one["line"], "dash": "solid", "width": width}}
        traces.append(one | drawn)
    worth = last["worth_from"]
    shown = [row[name] for row in rows for name, *_ in PARTNERS if row[name] is not None]
    reach = (0.0, max([worth, *shown]) * 1.08 or 1.0)
    drawn = figure(
        traces,
        height=330,
        showlegend=False,
        margin={"l": 8, "r": 96, "t": 10, "b": 8},
        shapes=[level(worth)],
        annotations=[
            _note(months[-1], worth, f"a partner wants {money(worth, currency)}"),
            *_tenths(last, reach, currency),
        ],
        xaxis={"title": "Month", "nticks": 8, "range": [0, months[-1]]},
        yaxis={"title": f"Earnings per partner ({currency} a month)", "nticks": 6, "range": list(reach)},
    )
    share, typical = last["worth_share"], last["typical"]
    said = "There are no partners" if share is None else f"{percent(share, 0)} of partners earn enough"
    title = f"{said} in the last month; a typical one makes {money(typical, currency)}"
    titles = {name: titled(words, f"{currency} a month") for name, words, _ in PARTNERS}
    titles |= {"worth_from": titled("What a partner wants", f"{currency} a month"), "worth_share": "Earn enough (%)"}
    return Chart(title, drawn, f"{NAMES[program]}: {title}.", frame, {"month": "Month", **titles})


def _note(x: float, y: float, words: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": words, "showarrow": False, "xanchor": "right", "yanchor": "bottom"}


def _tenths(last: Row, reach: tuple[float, float], currency: str) -> list[dict[str, Any]]:
    """What each kind of partner makes, beside the end of its line; moved apart as those of programs are."""
    scale, top, found = 260 / (reach[1] - reach[0]), -math.inf, []
    for name, title, _ in reversed(PARTNERS):
        if last[name] is not None:
            moved = max(last[name] * scale, top + _LINE)
            top = moved + _LINE
            found.append({
                "x": last["month"], "y": last[name], "xanchor": "left", "xshift": 8,
                "yshift": moved - last[name] * scale, "text": f"{title}<br>{money(last[name], currency)}",
                "showarrow": False, "align": "left", "font": {"size": 12},
            })  # fmt: skip
    return found


def arr_mix(frame: pd.DataFrame, currency: str) -> Chart:
    """Draw the frame of `program_frames.arr_mix`: a bar for each motion, labelled with its amount and share."""
    rows, total = records(frame), float(frame["arr"].sum())
    shares = [percent(row["share"] if total else None, 0) for row in rows]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [NAMES[row["motion"]] for row in rows],
        "x": [row["arr"] for row in rows],
        "marker": {"color": [LOOKS[row["motion"]].colour for row in rows]},
        "text": [f"{money(row['arr'], currency)}, {share}" for row, share in zip(rows, shares, strict=True)],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [
            f"{NAMES[row['motion']]}: {money_exact(row['arr'], currency, 0)}, {percent(row['share'])}" for row in rows
        ],
    }
    drawn = figure(
        [bars],
        height=90 + 32 * len(rows),
        margin={"l": 8, "r": 84, "t": 8, "b": 8},
        xaxis={"title": f"Closing ARR ({currency} a year)", "nticks": 5},
        yaxis={"autorange": "reversed", "ticksuffix": " "},
    )
    said = listed([f"{NAMES[row['motion']]} {share}" for row, share in zip(rows, shares, strict=True)])
    first = max(rows, key=lambda row: row["arr"])
    title = f"Closing ARR: {money(total, currency)}"
    if total:
        title += f", {percent(first['share'], 0)} of it from {NAMES[first['motion']].lower()}"
    titles = {"motion": "Motion", "arr": titled("Closing ARR", currency), "share": "Share (%)"}
    return Chart(title, drawn, f"{title}. Closing ARR by motion: {said}.", frame, titles)


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
