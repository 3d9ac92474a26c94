"""What one typical customer makes its partner, and when the partner has it: the frame of the chart, and its drawing."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from motions.charts.ends import End, ends, room
from motions.charts.frame import Row, records
from motions.charts.style import INK, LOOKS, Chart, figure, fill, titled
from motions.economics.answers.typical import Typical
from motions.names import NAMES
from motions.text import count, money, money_exact

_HIGH = 230
"""pixels"""
_ABOUT = (
    "One partner with this one customer, which comes as a lead in the first month, stays and pays the same; to the "
    "cent, as a statement has it. Earned: payouts, and margin that the partner keeps. Held: what of it is not paid "
    "yet, for the hold or because the balance is too small. Of tiers the first rate counts."
)


def frame(found: Typical) -> pd.DataFrame:
    """Return what is earned, held and paid so far, a row for each month of the customer.

    month, 1 is the first. earned, held, paid [money, all months so far]: earned = held + paid.
    """
    earned, paid = (pd.Series(series, dtype=float).cumsum().round(2) for series in (found.earned, found.paid))
    months = range(1, len(earned) + 1)
    return pd.DataFrame({"month": months, "earned": earned, "held": (earned - paid).round(2), "paid": paid})


def chart(shown: pd.DataFrame, price: float, program: str, currency: str, each: str = "month") -> Chart:
    """Draw the frame of `frame`: bars of what is paid, hatched on top what is held, and their sum as a line.

    The customer pays the price `each` month, or year.
    """
    rows, look = records(shown), LOOKS[program]
    months, last = [row["month"] for row in rows], rows[-1]
    reach = (0.0, max(row["earned"] for row in rows) * 1.12 or 1.0)
    found = [End(last["earned"], "Earned", money(last["earned"], currency), look)]
    if last["held"]:
        found.append(End(last["paid"], "Paid", money(last["paid"], currency), look))
    drawn = figure(
        [
            _bars("Paid", "paid", rows, look.colour, "", currency),
            _bars("Held", "held", rows, look.colour, "/", currency),
            {
                "type": "scatter", "mode": "lines", "name": "Earned", "x": months, "y": [row["earned"] for row in rows],
                "line": {"color": INK, "width": 1.5, "shape": "hvh"}, "hoverinfo": "skip",
            },
        ],
        height=_HIGH,
        margin={"l": 8, "r": room(found, _HIGH), "t": 10, "b": 8},
        annotations=[*ends(found, reach, _HIGH), *_held(rows)],
        xaxis={"title": "Month of the customer", "nticks": 7, "range": [0.4, months[-1] + 0.6]},
        yaxis={"title": f"So far ({currency})", "nticks": 5, "range": list(reach)},
        bargap=0.15,
    )  # fmt: skip
    title = _concludes(rows, currency)
    alt = f"{NAMES[program]}, a customer at {money(price, currency)} a {each}. {title}."
    titles = {"month": "Month", **{name: titled(f"{name.title()} so far", currency) for name in _PARTS}}
    measure = f"Earned, held and paid so far in {currency}, of one customer at {money(price, currency)} a {each}"
    return Chart(title, drawn, alt, shown, titles, measure, _ABOUT)


_PARTS = ("earned", "held", "paid")


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
    paid, held = (money_exact(row[name], currency) for name in ("paid", "held"))
    return f"Month {row['month']}: {paid} paid, {held} held"


def _held(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The word over the month in which most is held, as no label at the end may say it."""
    most = max(rows, key=lambda row: row["held"])
    if not most["held"]:
        return []
    place = {"x": most["month"], "y": most["earned"], "xanchor": "right", "yanchor": "bottom", "showarrow": False}
    return [{**place, "text": "held", "font": {"size": 12}}]


def _concludes(rows: Sequence[Row], currency: str) -> str:
    """Say what is earned in all these months, and how soon the partner has it."""
    last = rows[-1]
    until = next(row["month"] for row in rows if row["earned"] == last["earned"])
    said = f"{money(last['earned'], currency)} earned in {count(until, 'month')}"
    if not last["earned"]:
        return "A customer makes its partner nothing"
    if not last["paid"]:
        return f"{said}, none of it paid"
    first, came = (next(row["month"] for row in rows if row[name] > 0) for name in ("earned", "paid"))
    if came > first:
        return f"{said}, the first of it paid in month {came}"
    held = max(row["held"] for row in rows)
    return f"{said}, {f'at most {money(held, currency)} of it held' if held else 'paid as it is earned'}"
