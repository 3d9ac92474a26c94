"""From what a program books to what is left of it: the frame of the chart, and its drawing."""

import pandas as pd

from motions.charts.economics import about
from motions.charts.frame import framed, records
from motions.charts.style import GRID, Chart, beside_bars, figure, loss, titled
from motions.economics.model.run import Outcome
from motions.names import NAMES
from motions.text import listed, money

_COSTS = (("Cost of revenue", "cost_of_revenue"), ("Payouts", "payouts"), ("Program cost", "program_cost"))
_COLOURS = {"increasing": "#0f7fc4", "decreasing": "#d95f02", "totals": "#7d8893"}


def frame(outcome: Outcome) -> pd.DataFrame:
    """Return what a program books and what is taken off it, over all months, a row for each step.

    step. kind: start, change or end. amount [money]: what is taken off is negative. They add up: your revenue − cost of
    revenue − payouts − program cost = contribution.
    """
    of = {name: float(getattr(outcome.projection, name)[:, 0].sum()) for _, name in _COSTS}
    booked, left = (float(getattr(outcome.projection, name)[:, 0].sum()) for name in ("vendor_revenue", "contribution"))
    rows = [("Your revenue", "start", booked), *((title, "change", -of[name]) for title, name in _COSTS)]
    return framed(("step", "kind", "amount"), [*rows, ("Contribution", "end", left)])


def chart(found: pd.DataFrame, program: str, months: int, currency: str) -> Chart:
    """Draw the frame of `frame` as a waterfall, from revenue to contribution."""
    rows = records(found)
    measures = {"start": "absolute", "change": "relative", "end": "total"}
    bars = {
        "type": "waterfall",
        "orientation": "h",
        "y": [row["step"] for row in rows],
        "x": [row["amount"] for row in rows],
        "measure": [measures[row["kind"]] for row in rows],
        "text": [money(row["amount"], currency) for row in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "text",
        "connector": {"line": {"color": GRID}},
        **{name: {"marker": {"color": colour}} for name, colour in _COLOURS.items()},
    }
    axis = titled(f"Sum of {months} months", currency)
    lowest, highest = min(0.0, rows[-1]["amount"]), max(row["amount"] for row in rows)
    reach = beside_bars(lowest, highest)
    tint, word = loss(reach[0], "x")
    drawn = figure(
        [bars],
        shapes=tint,
        annotations=word,
        xaxis={"title": axis, "nticks": 5, "range": list(reach)},
        yaxis={"autorange": "reversed"},
    )
    first, *costs, last = rows
    booked, left = (money(abs(row["amount"]), currency) for row in (first, last))
    title = f"{NAMES[program]}: of {booked} booked {left} is left"
    if last["amount"] < 0:
        title = f"{NAMES[program]}: costs are {left} more than the {booked} booked"
    said = [f"{row['step'].lower()} {money(-row['amount'], currency)}" for row in costs]
    alt = f"{title}, after {listed(said)}."
    said_of = " ".join(about.series(name) for name in ("vendor_revenue", "cost_of_revenue", "payouts", "program_cost"))
    measure = f"Revenue, what is taken off it and what is left, {axis[:1].lower()}{axis[1:]}"
    return Chart(title, drawn, alt, found, {"step": "Step", "amount": axis}, measure, said_of)
