"""Charts of the compare page."""

from collections.abc import Sequence
from typing import Any

from motions.charts.style import LOOKS, PATTERNS, Chart, figure, fill
from motions.economics.model.deal import Deal
from motions.playbook.models import Motion
from motions.text import listed, money, money_exact


def payout_ranges(motions: Sequence[Motion]) -> Chart:
    """Draw the share of the price that the playbook gives partners: a bar for a range, a mark for one example."""
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    said = []
    for motion in reversed(motions):
        share = next((f for f in motion.figures if f.unit == "share of price"), None)
        look = LOOKS[motion.id]
        if share is None:
            label = _without_share(motion)
            said.append(f"{motion.name} {label}")
            traces.append({"type": "bar", "orientation": "h", "y": [motion.name], "x": [0], "hoverinfo": "skip"})
            notes.append({"x": 1, "y": motion.name, "text": label, "showarrow": False, "xanchor": "left"})
            continue
        low, high = share.low * 100, share.high * 100
        label = f"{low:.0f} to {high:.0f} %" if high > low else f"{low:.0f} % (one example)"
        said.append(f"{motion.name} {label}")
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [motion.name],
                "base": [low if high > low else low - 0.4],
                "x": [high - low if high > low else 0.8],
                "marker": {"color": look.colour},
                "text": [label],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": f"{motion.name}: {label} of the price<extra></extra>",
            }
        )
    drawn = figure(
        traces,
        height=70 + 44 * len(motions),
        showlegend=False,
        annotations=notes,
        xaxis={"range": [0, 75], "ticksuffix": " %", "title": "Share of the end customer's price"},
        yaxis={"categoryorder": "array", "categoryarray": [motion.name for motion in reversed(motions)]},
    )
    alt = "Partner's share of the price by motion: " + "; ".join(reversed(said)) + "."
    return Chart("What partners earn, as the playbook states it", drawn, alt)


def _without_share(motion: Motion) -> str:
    """What is known of a motion without a share of the price; nothing is drawn that nobody stated."""
    other = next(iter(motion.figures), None)
    return "nothing stated" if other is None else f"{money(other.low)} credit a year (one example)"


def same_deal(deals: Sequence[tuple[str, Deal]], currency: str, term: int) -> Chart:
    """Draw who gets what of one customer's payments, a bar for each motion, from list price to contribution."""
    names = [name for name, _ in deals]
    parts = (
        ("Your contribution", [deal.contribution for _, deal in deals], "#0f7fc4"),
        ("Cost of revenue", [deal.cost_of_revenue for _, deal in deals], "#7d8893"),
        ("Partner keeps", [deal.partner_keeps for _, deal in deals], "#d98f00"),
    )
    traces = []
    for (name, values, colour), pattern in zip(parts, PATTERNS, strict=True):
        hover = [
            f"{motion}: {name.lower()} {money_exact(v, currency)}" for motion, v in zip(names, values, strict=True)
        ]
        traces.append(
            {
                "type": "bar",
                "name": name,
                "orientation": "h",
                "y": names,
                "x": values,
                "marker": {"color": colour, "pattern": fill(pattern)},
                "text": [money(value, currency) if value else "" for value in values],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "hovertext": hover,
                "hoverinfo": "text",
            }
        )
    drawn = figure(
        traces,
        height=90 + 48 * len(deals),
        xaxis={"title": f"{currency}, one customer over {term} months", "nticks": 6},
        yaxis={"autorange": "reversed"},
        uniformtext={"mode": "hide", "minsize": 10},  # a label that does not fit its part is in the hover text
    )
    best, worst = (pick(deals, key=lambda entry: entry[1].contribution) for pick in (max, min))
    title = f"Of {money(best[1].spend, currency)} at list price you keep "
    title += listed([f"{money(deal.contribution, currency)} under {name}" for name, deal in (best, worst)])
    if best[1].contribution == worst[1].contribution:
        title = f"Of {money(best[1].spend, currency)} at list price you keep {money(best[1].contribution, currency)}"
    alt = "; ".join(
        f"{name}: partner keeps {money(d.partner_keeps, currency)}, cost of revenue "
        f"{money(d.cost_of_revenue, currency)}, your contribution {money(d.contribution, currency)}"
        for name, d in deals
    )
    return Chart(title, drawn, f"{title}. {alt}.")
