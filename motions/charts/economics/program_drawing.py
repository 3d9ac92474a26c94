"""What programs come to, month by month and altogether: the frames drawn."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

import pandas as pd

from motions.charts.about import SPREAD
from motions.charts.economics import about
from motions.charts.ends import SIGNS, End, ends, room
from motions.charts.frame import Row, by, records
from motions.charts.style import INK, LOOKS, Chart, figure, level, line, loss, titled
from motions.economics.inputs.assumptions import PartnerProgram
from motions.fields import input_named
from motions.names import NAMES
from motions.text import as_plotly, count, inside, listed, money, money_exact, percent

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
    found = [_end(rows[-1], currency) for rows in shown.values()]
    found += [_pinned_end(rows[-1], currency) for rows in pinned.values() if len(shown) <= _PINNED_NAMED]
    every = [row for rows in (*shown.values(), *pinned.values()) for row in rows]
    reach = _reach(every)
    tint, word = loss(reach[0])
    drawn = figure(
        bands + traces + [_turn(rows, currency) for rows in shown.values() if _turn_month(rows)],
        height=height,
        margin={"l": 8, "r": room(found, height), "t": 10, "b": 8},
        shapes=[*tint, level(0)],
        annotations=[*ends(found, reach, height), *word],
        xaxis={"title": "Month", "nticks": 8, "range": [0, max(row["month"] for row in every)]},
        yaxis={"title": f"Cumulative contribution ({currency})", "nticks": 6, "range": list(reach)},
    )
    title = _concludes([rows[-1] for rows in shown.values()], currency) + (", with P10 to P90" if bands else "")
    alt = f"{title}. Cumulative contribution: {listed([_comes_to(rows[-1], currency) for rows in shown.values()])}."
    titles = {"program": "Program", **({"pinned": "Pinned"} if pinned else {}), "month": "Month"}
    titles["cumulative"] = titled("Cumulative contribution", currency)
    titles |= {"p10": titled("P10", currency), "p90": titled("P90", currency)} if bands else {}
    measure = f"Cumulative contribution in {currency} by month"
    measure += "; band: P10 to P90" * bool(bands) + "; dotted: pinned" * bool(pinned)
    return Chart(title, drawn, alt, frame, titles, measure, _about_contribution(bool(bands)))


def _about_contribution(banded: bool) -> str:
    """What the line is, where it turns, and what the band is; the line itself is no middle of draws."""
    said = [about.series("cumulative"), about.series("contribution"), f"Ring: {about.figure('break_even_month')}"]
    said += [f"The line is one run at the values of the inputs; {inside(SPREAD)}"] if banded else []
    return " ".join(said)


def _reach(rows: Sequence[Row]) -> tuple[float, float]:
    """The ends of the axis of amounts: zero and all that is drawn, with some room."""
    amounts = [row[name] for row in rows for name in ("cumulative", "p10", "p90") if row[name] is not None]
    low, high = min([0.0, *amounts]), max([0.0, *amounts])
    room = (high - low) * 0.06 or 1.0
    return low - room, high + room


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


def _end(row: Row, currency: str) -> End:
    """What a line has come to, and the ends of its band where there is room for them."""
    band = [f"{end.upper()} {money(row[end], currency)}" for end in ("p90", "p10") if row[end] is not None]
    return End(
        row["cumulative"], NAMES[row["program"]], money(row["cumulative"], currency), LOOKS[row["program"]], tuple(band)
    )


def _pinned_end(row: Row, currency: str) -> End:
    said = f"pinned {money(row['cumulative'], currency)}"
    return End(row["cumulative"], said, "", LOOKS[row["program"]], faint=True)


_PINNED_NAMED = 3
"""programs beside whose labels there is room for those of what was pinned; of more the pointer says it"""


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
    inside = {"fill": "tonexty", "fillcolor": _faded(LOOKS[name].colour)}
    return [
        {**edge, "y": [row["p10"] for row in rows], "name": f"{NAMES[name]}, P10"},
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
        height=120 + 44 * len(rows),
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
    marks = ", ".join(f"{SIGNS[symbol]} {_called(title)}" for _, title, symbol in COSTS)
    measure = f"Effective CPA in {currency} per new customer, by share of incremental ones: {marks}"
    said_of = " ".join(about.figure(name) for name in ("effective_cpa", "cpa_40", "blended_cac"))
    return Chart(_cheap(rows, currency), drawn, alt, frame, {"program": "Program", **titles}, measure, said_of)


def _called(title: str) -> str:
    """How a share of incremental customers is called beside its mark."""
    return title.removeprefix("Effective CPA: ").removesuffix(" customers incremental")


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
        "type": "scatter", "mode": "lines", "hoverinfo": "skip",
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
        drawn = {"mode": "lines", "cliponaxis": False, "line": {**one["line"], "width": width}}
        traces.append(one | drawn)
    worth = last["worth_from"]
    shown = [row[name] for row in rows for name, *_ in PARTNERS if row[name] is not None]
    reach = (0.0, max([worth, *shown]) * 1.08 or 1.0)
    found = [
        End(last[name], title, money(last[name], currency), LOOKS[program])
        for name, title, _ in PARTNERS
        if last[name] is not None
    ]
    drawn = figure(
        traces,
        height=_HIGH,
        margin={"l": 8, "r": room(found, _HIGH), "t": 10, "b": 8},
        shapes=[level(worth)],
        annotations=[
            _note(months[-1], worth, f"a partner wants {money(worth, currency)}"), *ends(found, reach, _HIGH),
        ],
        xaxis={"title": "Month", "nticks": 8, "range": [0, months[-1]]},
        yaxis={"title": f"Earnings per partner ({currency} a month)", "nticks": 6, "range": list(reach)},
    )  # fmt: skip
    title = _worth_it(last, currency)
    titles = {name: titled(words, f"{currency} a month") for name, words, _ in PARTNERS}
    titles |= {"worth_from": titled("What a partner wants", f"{currency} a month"), "worth_share": "Earn enough (%)"}
    measure = f"Earnings per active partner in {currency} a month, by month of the program"
    return Chart(title, drawn, f"{NAMES[program]}: {title}.", frame, {"month": "Month", **titles}, measure, _SIDE)


_HIGH = 330
"""pixels of the chart of partners"""
_SIDE = (
    f"{about.series('partner_earnings')} They count in the month in which they are earned. The top and the low tenth "
    "are the partners that bring most and least, the typical one is in the middle. Level: "
    + inside(input_named(PartnerProgram, "worth_from").description)
)


def _worth_it(last: Row, currency: str) -> str:
    """The conclusion: how many partners earn enough, and what the one in the middle makes."""
    if last["worth_share"] is None:
        return "There are no partners in the last month"
    said = f"{percent(last['worth_share'], 0)} of partners earn enough in the last month"
    return f"{said}; a typical one makes {money(last['typical'], currency)}"


def _note(x: float, y: float, words: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": words, "showarrow": False, "xanchor": "right", "yanchor": "bottom"}


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
    measure = f"Closing ARR in {currency} a year by motion, and its share of all"
    said_of = f"{about.figure('closing_arr')} The programs shown and the direct baseline."
    return Chart(title, drawn, f"{title}. Closing ARR by motion: {said}.", frame, titles, measure, said_of)


def demand(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `program_frames.demand`: a group of bars for each segment, the first on top, by who wins it."""
    motions = [str(name) for name in frame.columns if name not in ("segment", "conflict", "exhausted")]
    rows = records(frame)
    parts = [(name, NAMES[name], LOOKS[name].colour) for name in motions]
    parts += [("conflict", CONFLICT, _UNWON), ("exhausted", EXHAUSTED, _UNWON)]
    groups = [[part for part in parts if row[part[0]] >= 0.5] for row in rows]
    starts = [sum(len(group) + _HEADING for group in groups[:at]) for at in range(len(groups))]
    called = {name: title for name, title, _ in parts}
    places = {
        (at, part[0]): start + _HEADING + number
        for at, (start, group) in enumerate(zip(starts, groups, strict=True))
        for number, part in enumerate(group)
    }
    most = max((row[name] for row in rows for name, *_ in parts), default=0.0)
    high = sum(len(group) + _HEADING for group in groups)
    drawn = figure(
        [_won(part, rows, places) for part in parts if any((at, part[0]) in places for at in range(len(rows)))],
        height=70 + 24 * high,
        margin={"l": 8, "r": 12, "t": 4, "b": 8},
        annotations=[_segment(start, row, motions) for start, row in zip(starts, rows, strict=True)],
        xaxis={"title": "Customers over all months", "nticks": 5, "range": [0, most * 1.16 or 1.0]},
        yaxis={
            "range": [high - 0.4, -0.6],
            "tickvals": list(places.values()),
            "ticktext": [f"{called[name]} " for _, name in places],
            "zeroline": False,
        },
    )
    title = _in_the_way(rows)
    won = [f"{row['segment']} {_won_by(row, motions)}" for row in rows]
    titles = {"segment": "Segment", **{name: f"{NAMES[name]} (customers)" for name in motions}}
    titles |= {"conflict": f"{CONFLICT} (customers)", "exhausted": f"{EXHAUSTED} (customers)"}
    return Chart(
        title, drawn, f"{title}. {listed(won)}.", frame, titles,
        "New customers over all months, by segment and who wins them", _SHARED,
    )  # fmt: skip


_UNWON = "#a9b2ba"
_HEADING = 2
"""rows that the name of a segment and how many are won there take"""
_SHARED = (
    "Motions that sell into the same segment share its demand. Lost to one another are customers that a motion would "
    "win without the others, and that one of these wins. Nobody left to win is what motions want beyond what the "
    "segment holds."
)


def _in_the_way(rows: Sequence[Row]) -> str:
    """The conclusion: where motions take most from one another."""
    worst = max(rows, key=lambda row: row["conflict"])
    if worst["conflict"] < 0.5:
        return "No two motions get in each other's way"
    return f"{worst['segment']}: motions lose {count(worst['conflict'], 'customer')} to one another"


def _won_by(row: Row, motions: Sequence[str]) -> str:
    return f"{count(sum(row[name] for name in motions))} won"


def _segment(place: int, row: Row, motions: Sequence[str]) -> dict[str, Any]:
    """The heading of a segment's bars."""
    words = f"<b>{as_plotly(shorten(row['segment'], 34, placeholder='…'))}</b><br>{_won_by(row, motions)}"
    where = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": 4, "y": place + 0.5}
    return where | {"text": words, "showarrow": False, "align": "left", "font": {"size": 13}}


def _won(part: tuple[str, str, str], rows: Sequence[Row], places: Mapping[tuple[int, str], int]) -> dict[str, Any]:
    name, title, colour = part
    own = [(places[at, name], row[name]) for at, row in enumerate(rows) if (at, name) in places]
    return {
        "type": "bar",
        "orientation": "h",
        "name": title,
        "y": [place for place, _ in own],
        "x": [amount for _, amount in own],
        "marker": {"color": colour},
        "text": [count(amount) for _, amount in own],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [f"{title}: {count(amount, 'customer')}" for _, amount in own],
    }
