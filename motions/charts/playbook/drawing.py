"""What the playbook says partners earn, and what one deal leaves to each side: the frames drawn."""

from typing import Any

import pandas as pd

from motions.charts.frame import Row, records
from motions.charts.style import PATTERNS, Chart, figure, fill, look, titled
from motions.text import as_plotly, count, listed, money, money_exact

PARTS = (
    ("contribution", "Your contribution", "#0f7fc4"),
    ("cost_of_revenue", "Cost of revenue", "#7d8893"),
    ("partner_keeps", "Partner keeps", "#d98f00"),
)


def payout_ranges(frame: pd.DataFrame) -> Chart:
    """Draw the frame of `frames.payout_ranges`, the first motion on top; nothing is drawn that nobody stated."""
    rows = records(frame)
    most = max([0.65, *(row["high"] for row in rows if row["high"] is not None)])
    drawn = figure(
        [_range(row) for row in rows[::-1]],
        height=70 + 44 * len(rows),
        showlegend=False,
        annotations=[_instead(row) for row in rows[::-1] if row["low"] is None],
        xaxis={"range": [0, most * 100 + 10], "ticksuffix": " %", "title": "Share of the end customer's price"},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [as_plotly(row["name"]) for row in rows[::-1]],
        },
    )
    said = "; ".join(f"{row['name']} {row['stated']}" for row in rows)
    ends = {"low": "Share of the price from (%)", "high": "Share to (%)", "stated": "As stated"}
    return Chart(
        "What partners earn, as the playbook states it", drawn, f"Partner's share of the price by motion: {said}.",
        frame, {"name": "Motion", **ends},
    )  # fmt: skip


def _range(row: Row) -> dict[str, Any]:
    """A bar from the low to the high share, or a mark where they are one."""
    if row["low"] is None:
        return {"type": "bar", "orientation": "h", "y": [as_plotly(row["name"])], "x": [0], "hoverinfo": "skip"}
    low, high = row["low"] * 100, row["high"] * 100
    return {
        "type": "bar",
        "orientation": "h",
        "y": [as_plotly(row["name"])],
        "base": [low if high > low else low - 0.4],
        "x": [high - low if high > low else 0.8],
        "marker": {"color": look(row["motion"]).colour},
        "text": [row["stated"]],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [as_plotly(f"{row['name']}: {row['stated']} of the price")],
        "hoverinfo": "text",
    }


def _instead(row: Row) -> dict[str, Any]:
    """What is stated of a motion without a share of the price."""
    return {"x": 1, "y": as_plotly(row["name"]), "text": row["stated"], "showarrow": False, "xanchor": "left"}


def same_deal(frame: pd.DataFrame, currency: str, term: int) -> Chart:
    """Draw the frame of `frames.same_deal`: the parts of each deal beside one another, the first motion on top."""
    rows = records(frame)
    drawn = figure(
        [_part(rows, *part, pattern, currency) for part, pattern in zip(PARTS, PATTERNS, strict=True)],
        height=90 + 48 * len(rows),
        xaxis={"title": f"{currency}, one customer over {term} months", "nticks": 6},
        annotations=[_unstated(row) for row in rows if row["contribution"] is None],
        yaxis={"type": "category", "autorange": "reversed"},
        uniformtext={"mode": "hide", "minsize": 10},  # a label that does not fit its part is in the hover text
    )
    stated = [row for row in rows if row["contribution"] is not None]
    title = f"Over {count(term, 'month')} a customer leaves you "
    if not stated:
        title = "What a customer leaves you is not known: no payout is stated"
    elif len({row["contribution"] for row in stated}) == 1:
        title += money(stated[0]["contribution"], currency)
    else:
        best, worst = (pick(stated, key=lambda row: row["contribution"]) for pick in (max, min))
        title += listed([f"{money(row['contribution'], currency)} under {row['name']}" for row in (best, worst)])
    if unstated := [row["name"] for row in rows if row["contribution"] is None]:
        title += f"; of {listed(unstated)} no payout is stated" if stated else ""
    alt = "; ".join(_divided(row, currency) for row in rows)
    parts = {name: titled(words, currency) for name, words, _ in PARTS}
    titles = {"name": "Motion", "spend": titled("Customer pays", currency), **parts}
    return Chart(title, drawn, f"{title}. {alt}.", frame, titles)


def _unstated(row: Row) -> dict[str, Any]:
    """The words beside the bar of a motion whose payout is not stated."""
    words = {"text": "payout not stated", "showarrow": False, "xanchor": "left", "xshift": 6}
    return {"x": row["cost_of_revenue"], "y": as_plotly(row["name"]), **words}


def _divided(row: Row, currency: str) -> str:
    cost = f"cost of revenue {money(row['cost_of_revenue'], currency)}"
    if row["contribution"] is None:
        return f"{row['name']}: of {money(row['spend'], currency)} {cost}, no payout is stated"
    return (
        f"{row['name']}: partner keeps {money(row['partner_keeps'], currency)}, {cost}, your contribution "
        f"{money(row['contribution'], currency)}"
    )


def _part(rows: list[Row], name: str, title: str, colour: str, pattern: str, currency: str) -> dict[str, Any]:
    """One part of every deal; its amount stands in it."""
    amounts = [row[name] for row in rows]
    return {
        "type": "bar",
        "name": title,
        "orientation": "h",
        "y": [as_plotly(row["name"]) for row in rows],
        "x": amounts,
        "marker": {"color": colour, "pattern": fill(pattern)},
        "text": [money(amount, currency) if amount else "" for amount in amounts],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "hovertext": [as_plotly(f"{row['name']}: {title.lower()} {money_exact(row[name], currency)}") for row in rows],
        "hoverinfo": "text",
    }
