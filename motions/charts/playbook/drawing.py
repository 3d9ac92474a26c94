"""What one deal leaves to each side: the frame drawn."""

from typing import Any

import pandas as pd

from motions.charts.frame import Row, records
from motions.charts.style import Chart, figure, look, on, titled
from motions.deals import CURRENCY
from motions.names import NAMES
from motions.text import as_plotly, count, listed, money, money_exact

COST, PARTNER = "#7d8893", "rgba(125,136,147,0.30)"
PARTS = (
    ("contribution", "You keep"),
    ("cost_of_revenue", "Cost of revenue"),
    ("partner_keeps", "Partner gets"),
)
"""column and name of each part, from the left"""
NAMED = set(NAMES.values())
_BELOW = 0.40
"""how far below the middle of a bar its range is drawn; rows are 1 apart"""


def same_deal(frame: pd.DataFrame, term: int, about: str, narrow: bool) -> Chart:
    """Draw the frame of `frames.same_deal`, its first row on top: parts of a deal, and the range below its bar."""
    rows = records(frame)
    most = max(_right(row) for row in rows)
    parts = [_part(rows, *part) for part in PARTS]
    drawn = figure(
        [*_outline(rows), *parts, *(_range(at, row) for at, row in enumerate(rows) if row["worst"] is not None)],
        height=64 + 58 * len(rows) + (34 if narrow else 18),
        margin={"l": 8, "r": 56 if narrow else 170, "t": 8, "b": 8},
        annotations=[*_heads(rows, narrow), *(note for at, row in enumerate(rows) for note in _notes(at, row, narrow))],
        xaxis={
            "range": [min(_left(rows), 0) * 1.1, most * 1.003],
            "nticks": 4 if narrow else 6,
            "tickprefix": "$",
            "tickformat": ",",
            "tickangle": 0,
        },
        yaxis={
            "range": [len(rows) - 0.45, -0.9 if narrow else -0.65],
            "tickvals": list(range(len(rows))),
            "ticktext": [f"{as_plotly(row['name'])} " for row in rows],
            "tickfont": {"size": 13},
            "zeroline": False,
        },
        uniformtext={"mode": "hide", "minsize": 10},  # an amount that does not fit its part is in the hover text
    )
    title = _title([row for row in rows if row["contribution"] is not None])
    alt = "; ".join(_divided(row) for row in rows)
    less = "list price less the partner's part, less cost of revenue"
    measure = (
        f"One customer over {count(term, 'month')}, which may leave before, at our churn of each motion; USD: {less}"
    )
    titles = {"name": "Motion", "spend": titled("Customer pays", CURRENCY)}
    titles |= {name: titled(words, CURRENCY) for name, words in PARTS}
    titles |= {"worst": titled("You keep at the worst end", CURRENCY), "best": titled("At the best end", CURRENCY)}
    return Chart(title, drawn, f"{title}. {alt}.", frame, titles | {"stated": "Payout as stated"}, measure, about)


def _title(stated: list[Row]) -> str:
    """Say where the partner gets more than you keep."""
    more = [row["name"] for row in stated if row["partner_keeps"] > row["contribution"]]
    if not stated:
        return "What you keep is not known: no payout is stated"
    if not more:
        return "You keep more than the partner gets" + (", under each of them" if len(stated) > 1 else "")
    names = listed([more[0], *(name if name not in NAMED else name.lower() for name in more[1:])])
    return f"{names} {'take' if len(more) > 1 or more[0] in NAMED else 'takes'} more than you keep"


def _right(row: Row) -> float:
    return float(max(row["spend"], row["cost_of_revenue"] + (row["partner_keeps"] or 0)))


def _left(rows: list[Row]) -> float:
    ends = [row[name] for row in rows for name in ("contribution", "worst") if row[name] is not None]
    return min(ends, default=0.0)


def _heads(rows: list[Row], narrow: bool) -> list[dict[str, Any]]:
    """What each part is, above the first deal whose payout is stated: where it begins, and the partner's behind it."""
    known = [(at, row) for at, row in enumerate(rows) if row["contribution"] is not None]
    if not known:
        return []
    at, row = known[0]
    kept, cost = row["contribution"], row["cost_of_revenue"]
    # On a phone the middle name ends where its part does, so that it leaves the next one its room.
    places = (
        (min(kept, 0), "left"),
        (max(kept, 0) + cost * narrow, "right" if narrow else "left"),
        (_right(row), "left"),
    )
    head = {"y": at - 0.3, "yanchor": "bottom", "align": "left", "showarrow": False, "font": {"size": 12}}
    return [
        head
        | {"x": x, "xanchor": anchor, "xshift": 8 if part == "partner_keeps" else 2}
        | {"text": words.replace(" of ", " of<br>").replace(" gets", "<br>gets") if narrow else words}
        for (x, anchor), (part, words) in zip(places, PARTS, strict=True)
    ]


def _part(rows: list[Row], name: str, title: str) -> dict[str, Any]:
    """One part of every deal in which it is known; its amount stands in it, or beside it for the partner's."""
    known = [(at, row) for at, row in enumerate(rows) if row[name] is not None]
    amounts = [row[name] for _, row in known]
    own = [look(row["motion"]).colour for _, row in known]
    colours: Any = own if name == "contribution" else COST if name == "cost_of_revenue" else PARTNER
    ink = [on(colour) for colour in own] if name == "contribution" else on(COST)
    return {
        "type": "bar",
        "name": title,
        "orientation": "h",
        "width": 0.5,
        "y": [at for at, _ in known],
        "x": amounts,
        "marker": {"color": colours},
        "text": ["" if name == "partner_keeps" else money(amount, CURRENCY) for amount in amounts],
        "textfont": {"color": ink, "size": 13, "weight": 650 if name == "contribution" else 400},
        "textposition": "inside",
        "insidetextanchor": "start" if name == "contribution" else "middle",
        "textangle": 0,
        "hovertext": [
            as_plotly(f"{row['name']}: {title.lower()} {money_exact(row[name], CURRENCY)}") for _, row in known
        ],
        "hoverinfo": "text",
    }


def _outline(rows: list[Row]) -> list[dict[str, Any]]:
    """The empty bar of deals without a stated payout, up to their cost: who gets what of it is unknown."""
    unknown = [(at, row) for at, row in enumerate(rows) if row["contribution"] is None]
    if not unknown:
        return []
    return [
        {
            "type": "bar", "name": "Not stated", "orientation": "h", "width": 0.5,
            "y": [at for at, _ in unknown], "x": [_shared(row) for _, row in unknown],
            "marker": {"color": "rgba(0,0,0,0)", "line": {"color": "#7d8893", "width": 1.5}},
            "hovertext": [as_plotly(_divided(row)) for _, row in unknown], "hoverinfo": "text",
        }
    ]  # fmt: skip


def _shared(row: Row) -> float:
    """What is left of a deal for the vendor and the partner."""
    return float(row["spend"] - row["cost_of_revenue"])


def _range(at: int, row: Row) -> dict[str, Any]:
    """What is kept over the playbook's range, as a line below the bar with a dot where the bar ends."""
    kept = row["contribution"]
    reach = {"type": "data", "symmetric": False, "array": [row["best"] - kept], "arrayminus": [kept - row["worst"]]}
    return {
        "type": "scatter", "name": "Playbook's range", "mode": "markers", "x": [kept],
        "y": [at + _BELOW], "marker": {"size": 7, "color": "#7d8893"},
        "error_x": reach | {"color": "#7d8893", "thickness": 1.6, "width": 4},
        "hoverinfo": "text", "hovertext": [as_plotly(f"{row['name']}: {_over(row)}, at {row['stated']}")],
    }  # fmt: skip


def _over(row: Row) -> str:
    return f"{money(row['worst'], CURRENCY)} to {money(row['best'], CURRENCY)} in the playbook's range"


def _notes(at: int, row: Row, narrow: bool) -> list[dict[str, Any]]:
    """The words beside a bar: the partner's amount and how it is stated, and the ends of the range."""
    note = {"y": at, "showarrow": False, "xanchor": "left", "align": "left"}
    if row["contribution"] is None:
        before = money(_shared(row), CURRENCY)
        words = "not stated" if narrow else f"no payout stated: {before} before one"
        return [note | {"x": _shared(row) / 2, "xanchor": "center", "text": words}]
    stated = "" if narrow else f"<br>{as_plotly(row['stated'])}"
    notes = [note | {"x": _right(row), "xshift": 8, "text": f"<b>{money(row['partner_keeps'], CURRENCY)}</b>{stated}"}]
    if row["worst"] is not None:
        ends = _over(row).removesuffix(" in the playbook's range") if narrow else _over(row)
        notes.append(note | {"x": row["best"], "xshift": 8, "y": at + _BELOW, "text": ends, "font": {"size": 11}})
    return notes


def _divided(row: Row) -> str:
    cost = f"cost of revenue {money(row['cost_of_revenue'], CURRENCY)}"
    if row["contribution"] is None:
        return f"{row['name']}: of {money(row['spend'], CURRENCY)} {cost}, no payout is stated"
    said = f"{row['name']}: you keep {money(row['contribution'], CURRENCY)} of {money(row['spend'], CURRENCY)}"
    said += f", partner gets {money(row['partner_keeps'], CURRENCY)}, {cost}"
    return f"{said}, {_over(row)}" if row["worst"] is not None else said
