"""What one typical customer makes its partner, and when the partner has it: the frame of the chart, and its drawing."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from motions.charts.ends import End, ends, room
from motions.charts.frame import Row, records
from motions.charts.style import INK, LOOKS, Chart, Look, figure, fill, titled
from motions.economics.answers.typical import Typical
from motions.names import NAMES
from motions.text import count, listed, money, money_exact

_HIGH, _AIR = 254, 34
"""pixels of the chart, and of them above the drawing: where the buttons for picture and full screen show"""
_PLACE = _HIGH - _AIR + 10
"""pixels of a chart without that air, as labels are placed in"""
_NONE = Look(INK, "solid", "square-open")
"""of what no partner has"""
_LETTER = 0.035
"""part of the chart's width that a letter takes on a phone"""
_ABOUT = (
    "One partner with this one customer, which comes as a lead in the first month, stays and pays the same; to the "
    "cent, as a statement has it. Earned: payouts, and margin that the partner keeps. Held: what of it is not paid "
    "yet, for the hold or because the balance is too small; what was so for too long lapses. Of tiers the first rate "
    "counts; refunds are left out."
)


def frame(found: Typical) -> pd.DataFrame:
    """Return what is earned, held and paid so far, a row for each month of the customer.

    month, 1 is the first. earned, held, paid [money, all months so far], and lapsed where something does: earned =
    held + paid + lapsed.
    """
    earned, paid, lapsed = (
        pd.Series(series, dtype=float).cumsum().round(2) for series in (found.earned, found.paid, found.lapsed)
    )
    held = (earned - paid - lapsed).round(2)
    shown = pd.DataFrame({"month": range(1, len(earned) + 1), "earned": earned, "held": held, "paid": paid})
    return shown.assign(lapsed=lapsed) if lapsed.any() else shown


def chart(shown: pd.DataFrame, pays: str, program: str, currency: str, each: str = "month") -> Chart:
    """Draw the frame of `frame`: bars of what is paid, hatched on top what is held, and their sum as a line.

    `pays` says what the customer pays, `each` what for at once: a month or a year.
    """
    rows, look = records(shown), LOOKS[program]
    months, last = [row["month"] for row in rows], rows[-1]
    reach = (0.0, max(row["earned"] for row in rows) * 1.12 or 1.0)
    found = _ends(last, look, currency)
    drawn = figure(
        [
            _bars("Paid", "paid", rows, look.colour, "", currency),
            *([_bars("Lapsed", "lapsed", rows, INK, "x", currency)] if "lapsed" in last else []),
            _bars("Held", "held", rows, look.colour, "/", currency),
            {
                "type": "scatter", "mode": "lines", "name": "Earned", "x": months, "y": [row["earned"] for row in rows],
                "line": {"color": INK, "width": 1.5, "shape": "hvh"}, "hoverinfo": "skip",
            },
        ],
        height=_HIGH,
        margin={"l": 8, "r": room(found, _PLACE), "t": _AIR, "b": 8},
        annotations=[*ends(found, reach, _PLACE), *_held(rows)],
        xaxis={"title": "Month of the customer", "nticks": 7, "range": [0.4, months[-1] + 0.6]},
        yaxis={"title": f"So far ({currency})", "nticks": 5, "range": list(reach)},
        bargap=0.15,
    )  # fmt: skip
    title = _concludes(rows, currency, each)
    alt = f"{NAMES[program]}, a customer at {pays}. {title}."
    titles = {
        "month": "Month",
        **{name: titled(f"{name.title()} so far", currency) for name in _PARTS if name in shown},
    }
    measure = f"{listed([name for name in _PARTS if name in shown]).capitalize()} so far in {currency}"
    return Chart(title, drawn, alt, shown, titles, f"{measure}, of one customer at {pays}", _ABOUT)


_PARTS = ("earned", "held", "paid", "lapsed")


def _ends(last: Row, look: Look, currency: str) -> list[End]:
    """What all comes to, from below: where two end alike the line stands above."""
    lapses = "lapsed" in last
    found = [End(last["paid"], "Paid", money(last["paid"], currency), look)] if last["held"] or lapses else []
    if lapses:
        found.append(End(last["paid"] + last["lapsed"], "Lapsed", money(last["lapsed"], currency), _NONE))
    return [*found, End(last["earned"], "Earned", money(last["earned"], currency), look)]


def _bars(title: str, name: str, rows: Sequence[Row], colour: str, shape: str, currency: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": title,
        "x": [row["month"] for row in rows],
        "y": [row[name] for row in rows],
        "marker": {"color": colour, "opacity": 0.45 if shape else 0.9, "pattern": fill(shape)},
        "hoverinfo": "text",
        "hovertext": [_month(row, currency) for row in rows],
    }


def _month(row: Row, currency: str) -> str:
    """What the pointer says of one month."""
    amounts = [f"{money_exact(row[name], currency)} {name}" for name in ("paid", "held", "lapsed") if name in row]
    return f"Month {row['month']}: {', '.join(amounts)}"


def _held(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The word over the month in which most is held, as no label at the end may say it.

    It ends there, over what was less; where the axis is too near it begins there, over what it covers.
    """
    most = max(rows, key=lambda row: row["held"])
    if not most["held"]:
        return []
    word, at = "held", most["month"]
    wide = len(word) * _LETTER * len(rows)
    right = at > wide
    over = most["earned"] if right else max(row["earned"] for row in rows if at <= row["month"] < at + wide)
    place = {"x": at + (0.4 if right else -0.4), "y": over, "xanchor": "right" if right else "left"}
    return [{**place, "yanchor": "bottom", "showarrow": False, "text": word, "font": {"size": 12}}]


def _concludes(rows: Sequence[Row], currency: str, each: str) -> str:
    """Say what is earned in all these months, and how soon the partner has it."""
    last = rows[-1]
    until = next(row["month"] for row in rows if row["earned"] == last["earned"])
    within = f"in {count(until if each == 'month' else -(-until // 12), each)}" if until > 1 else "at once"
    said = f"{money(last['earned'], currency)} earned {within}"
    lapsed = last.get("lapsed", 0.0)
    if not last["earned"]:
        return "A customer makes its partner nothing"
    if not last["paid"]:
        return f"{said}, none of it paid: it lapses" if lapsed else f"{said}, none of it paid"
    if lapsed:
        return f"{said}, {money(lapsed, currency)} of it lapsed"
    first, came = (next(row["month"] for row in rows if row[name] > 0) for name in ("earned", "paid"))
    if came > first:
        return f"{said}, the first of it paid in month {came}"
    held = max(row["held"] for row in rows)
    return f"{said}, {f'at most {money(held, currency)} of it held' if held else 'paid as it is earned'}"
