"""Charts of the compare page."""

from collections.abc import Sequence

import plotly.graph_objects as go

from motions.charts.style import LOOKS, PATTERNS, Chart, figure, fill
from motions.economics.deal import Deal
from motions.playbook.models import Motion
from motions.text import listed, money, money_exact


def payout_ranges(motions: Sequence[Motion]) -> Chart:
    """Draw the share of the price that the playbook gives partners: a bar for a range, a mark for one example."""
    drawn = figure(height=70 + 44 * len(motions), showlegend=False)
    said = []
    for motion in reversed(motions):
        share = next((f for f in motion.figures if f.unit == "share of price"), None)
        look = LOOKS[motion.id]
        if share is None:
            said.append(_no_share(drawn, motion))
            continue
        low, high = share.low * 100, share.high * 100
        label = f"{low:.0f} to {high:.0f} %" if high > low else f"{low:.0f} % (one example)"
        said.append(f"{motion.name} {label}")
        drawn.add_trace(
            go.Bar(
                orientation="h",
                y=[motion.name],
                base=[low if high > low else low - 0.4],
                x=[high - low if high > low else 0.8],
                marker={"color": look.colour},
                text=[label],
                textposition="outside",
                cliponaxis=False,
                hovertemplate=f"{motion.name}: {label} of the price<extra></extra>",
            )
        )
    drawn.update_xaxes(range=[0, 75], ticksuffix=" %", title={"text": "Share of the end customer's price"})
    drawn.update_yaxes(categoryorder="array", categoryarray=[motion.name for motion in reversed(motions)])
    alt = "Partner's share of the price by motion: " + "; ".join(reversed(said)) + "."
    return Chart("What partners earn, as the playbook states it", drawn, alt)


def _no_share(drawn: go.Figure, motion: Motion) -> str:
    """Write what is known of a motion without a share of the price; nothing is drawn that nobody stated."""
    other = next(iter(motion.figures), None)
    label = "nothing stated" if other is None else f"{money(other.low)} of credit a year (one example; no share stated)"
    drawn.add_trace(go.Bar(orientation="h", y=[motion.name], x=[0], hoverinfo="skip"))
    drawn.add_annotation(x=1, y=motion.name, text=label, showarrow=False, xanchor="left")
    return f"{motion.name} {label}"


def same_deal(deals: Sequence[tuple[str, Deal]], currency: str, term: int) -> Chart:
    """Draw who gets what of one customer's payments, a bar for each motion, from list price to contribution."""
    names = [name for name, _ in deals]
    parts = (
        ("Your contribution", [deal.contribution for _, deal in deals], "#0f7fc4"),
        ("Cost of revenue", [deal.cost_of_revenue for _, deal in deals], "#7d8893"),
        ("Partner keeps", [deal.partner_keeps for _, deal in deals], "#d98f00"),
    )
    drawn = figure(height=90 + 48 * len(deals))
    for (name, values, colour), pattern in zip(parts, PATTERNS, strict=True):
        drawn.add_trace(
            go.Bar(
                name=name,
                orientation="h",
                y=names,
                x=values,
                marker={"color": colour, "pattern": fill(pattern)},
                text=[money(value, currency) if value else "" for value in values],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                constraintext="none",
                hovertext=[
                    f"{motion}: {name.lower()} {money_exact(v, currency)}"
                    for motion, v in zip(names, values, strict=True)
                ],
                hoverinfo="text",
            )
        )
    drawn.update_yaxes(autorange="reversed")
    drawn.update_layout(legend={"traceorder": "normal"})
    drawn.update_xaxes(title={"text": f"{currency}, one customer over {term} months"}, nticks=6)
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
