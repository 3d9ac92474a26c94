"""Charts of a replay: what partners would have under other terms."""

from typing import Any

from motions.charts.style import LOOKS, ORGANIC, PATTERNS, Chart, figure, fill
from motions.names import NAMES
from motions.replay import NEW, Paid, Replay, order, word
from motions.text import as_plotly, count, listed, money, money_exact

SHOWN = 10
"""partners, those with the largest change; the table has all of them"""
_SIGNS = {"more": "▲", "less": "▼", "the same": "="}


def changes(found: Replay) -> Chart:
    """Draw what partners get under the new terms beside what they are compared with, the largest changes first.

    A sign beside each name says who has more and who less.
    """
    against, currency = found.against, found.ledger.currency or ""
    shown = _largest(found)
    names = [_label(found, at) for at in shown]
    sides = [(found.new, LOOKS[found.accounts.motion].colour, PATTERNS[0])]
    if against is not None:
        sides.insert(0, (against, ORGANIC.colour, PATTERNS[1]))
    drawn = figure(
        [_bars(side, colour, pattern, names, shown, currency) for side, colour, pattern in sides],
        height=110 + 34 * max(len(shown), 1),
        barmode="group",
        xaxis={"title": f"Earned ({currency or 'no currency stated'})", "nticks": 6},
        yaxis={"autorange": "reversed", "type": "category"},
    )
    return Chart(_title(found), drawn, _alt(found, shown))


def _largest(found: Replay) -> list[int]:
    """The partners to draw: the largest changes first, then the largest earnings; nobody who earns nothing."""
    return [at for at in order(found) if found.new.earnings[at] or found.changed(at)][:SHOWN]


def _bars(side: Paid, colour: str, pattern: str, names: list[str], shown: list[int], currency: str) -> dict[str, Any]:
    amounts = [int(side.earnings[at]) / 100 for at in shown]
    hover = [
        f"{name}: {side.title.lower()} {money_exact(value, currency)}"
        for name, value in zip(names, amounts, strict=True)
    ]
    return {
        "type": "bar", "orientation": "h", "name": side.title, "y": names, "x": amounts,
        "marker": {"color": colour, "pattern": fill(pattern)}, "hovertext": hover, "hoverinfo": "text",
    }  # fmt: skip


def _label(found: Replay, at: int) -> str:
    """A partner's name, shortened, with its number so that two of one name stay two, and which way it goes."""
    name = as_plotly(found.names[at][:24])
    name = (
        f"{name} ({as_plotly(found.accounts.partner_ids[at][:12])})" if found.names.count(found.names[at]) > 1 else name
    )
    return name if found.change is None else f"{name} {_SIGNS[word(found.changed(at))]}"


def _title(found: Replay) -> str:
    motion = NAMES[found.accounts.motion]
    if found.change is None:
        return f"{motion}: what partners would have earned"
    said = f"{motion}: {count(found.winners, 'partner')} would have more, {found.losers:,} less"
    return f"{said}; the {SHOWN} largest changes" if found.winners + found.losers > SHOWN else said


def _alt(found: Replay, shown: list[int]) -> str:
    currency, against = found.ledger.currency or "", found.against
    said = []
    for at in shown[:5]:
        new = money(int(found.new.earnings[at]) / 100, currency)
        than = "" if against is None else f" instead of {money(int(against.earnings[at]) / 100, currency)}"
        said.append(f"{found.names[at]} {new}{than}")
    return f"{NEW} by partner: {listed(said)}." if said else f"{NEW} by partner: there are none."
