"""What partners would have under other terms: the frame drawn."""

from collections import Counter
from typing import Any

import pandas as pd

from motions.charts.frame import Row, records
from motions.charts.style import LOOKS, ORGANIC, PATTERNS, Chart, figure, fill, stated, titled
from motions.names import NAMES
from motions.replay import NEW, winners_and_losers
from motions.text import as_plotly, count, inside, listed, money, money_exact

SHOWN = 10
"""partners, those with the largest change; the table has all of them"""
SIGNS = {"more": " ▲", "less": " ▼", "the same": " =", "": ""}


def changes(frame: pd.DataFrame, motion: str, against: str, currency: str) -> Chart:
    """Draw the first rows of the frame of `frames.changes`, the first on top.

    `against` is the title of what the new terms are compared with, "" where there is nothing.
    """
    rows = _labelled(records(frame))[:SHOWN]
    sides = [("new", NEW, LOOKS[motion].colour, PATTERNS[0])]
    if against:
        sides.insert(0, ("against", against, ORGANIC.colour, PATTERNS[1]))
    drawn = figure(
        [_bars(rows, *side, currency) for side in sides],
        height=110 + 34 * max(len(rows), 1),
        barmode="group",
        xaxis={
            "title": titled("Earned", currency),
            "nticks": 5,
            "range": [0, max((row[name] or 0 for row in rows for name, *_ in sides), default=0) * 1.75 or 1.0],
        },
        yaxis={"autorange": "reversed", "type": "category"},
    )
    titles = {"partner": "Partner", "partner_id": "Partner id", "new": titled(NEW, currency)}
    if against:
        titles |= {"against": titled(against, currency), "change": titled("Change", currency), "result": "Result"}
    title = _title(frame, motion, bool(against), currency)
    compared = f" and {inside(against)} (hatched)" if against else ""
    measure = f"Earned by partner, {stated(currency)}: new terms{compared}"
    return Chart(title, drawn, f"{title}. {_alt(rows, currency)}", frame, titles, measure, _ABOUT)


_ABOUT = (
    "New terms are worked out for each account of your files as if they had been in force, and added up by partner. "
    f"The {SHOWN} partners with the largest change are drawn, the table has all; ▲ has more, ▼ less, = the same."
)


def _labelled(rows: list[Row]) -> list[Row]:
    """Rows with a label: the name, shortened, with its number so that two of one name stay two, and its sign."""
    shared = Counter(row["partner"][:24] for row in rows)
    for row in rows:
        name = row["partner"][:24]
        several = f" ({row['partner_id'][:12]})" if shared[name] > 1 else ""
        row["label"] = as_plotly(f"{name}{several}") + SIGNS[row["result"]]
    return rows


def _bars(rows: list[Row], name: str, title: str, colour: str, pattern: str, currency: str) -> dict[str, Any]:
    """The bars of one side with their amounts; what they are stands behind the shortest, where there is most room."""
    named = min(rows, key=lambda row: max(row["new"], row["against"] or 0), default=None)
    return {
        "type": "bar", "orientation": "h", "name": title, "y": [row["label"] for row in rows],
        "x": [row[name] for row in rows], "marker": {"color": colour, "pattern": fill(pattern)},
        "text": [
            money(row[name], currency) + (f" <b>{as_plotly(inside(title))}</b>" if row is named else "") for row in rows
        ],
        "textposition": "outside", "cliponaxis": False,
        "hovertext": [f"{row['label']}: {title.lower()} {money_exact(row[name], currency)}" for row in rows],
        "hoverinfo": "text",
    }  # fmt: skip


def _title(frame: pd.DataFrame, motion: str, compared: bool, currency: str) -> str:
    """The conclusion: who has more and who less, or what partners would have earned together."""
    if not compared:
        earned = money(float(frame["new"].sum()), currency)
        return f"{NAMES[motion]}: {count(len(frame), 'partner')} would have earned {earned} under the new terms"
    more, less = (int((frame["result"] == word).sum()) for word in ("more", "less"))
    said = f"{NAMES[motion]}: {winners_and_losers(more, less)}"
    return f"{said}; the {SHOWN} largest changes" if more + less > SHOWN else said


def _alt(rows: list[Row], currency: str) -> str:
    said = []
    for row in rows[:5]:
        than = "" if row["against"] is None else f" instead of {money(row['against'], currency)}"
        said.append(f"{row['partner']} {money(row['new'], currency)}{than}")
    return f"{NEW} by partner: {listed(said)}." if said else f"{NEW} by partner: there are none."
