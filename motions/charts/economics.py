"""Charts of the simulator."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np

from motions.charts.style import GRID, LOOKS, ORGANIC, PATTERNS, Chart, figure, fill, level, line
from motions.economics.answers.compare import Column
from motions.economics.answers.explain import Waterfall
from motions.economics.answers.goal import Answer, figure_text
from motions.economics.answers.sensitivity import Bar, Grid, Web
from motions.economics.answers.uncertainty import Sample
from motions.economics.inputs.keys import Place
from motions.economics.model.partner_side import PartnerSide
from motions.economics.model.results import TITLES, UNITS, Figures
from motions.economics.model.run import Outcome
from motions.economics.model.segments import Demand
from motions.names import NAMES
from motions.text import as_plotly, count, listed, money, money_exact, percent

Results = Mapping[str, Outcome]
_LOW, _HIGH = "#d95f02", "#0f7fc4"


def contribution(
    results: Results, pinned: Results, currency: str, samples: Mapping[str, Sample] | None = None, height: int = 330
) -> Chart:
    """Draw the cumulative contribution of each program over time; the pinned ones as faint dotted lines.

    `samples` adds the band from P10 to P90 of the draws behind each line.
    """
    traces: list[Any] = []
    for name, sample in (samples or {}).items():
        traces += _band(name, sample)
    for shown, faint, note in ((pinned, True, ", pinned"), (results, False, "")):
        for name, outcome in shown.items():
            values = outcome.projection.cumulative[:, 0].tolist()
            months = list(range(1, len(values) + 1))
            hover = [
                f"{NAMES[name]}{note}, month {at}: {money_exact(value, currency, 0)}"
                + ("" if faint else _between(samples, name, at, currency))
                for at, value in zip(months, values, strict=True)
            ]
            traces.append(line(f"{NAMES[name]}{note}", LOOKS[name], months, values, hover, faint=faint))
    drawn = figure(
        traces,
        height=height,
        shapes=[level(0)],
        xaxis={"title": "Month", "nticks": 8},
        yaxis={"title": f"Cumulative contribution ({currency})", "nticks": 6},
    )
    said = [_outcome(name, outcome.figures, currency) for name, outcome in results.items()]
    title = "Cumulative contribution by month" + (", with P10 to P90" if samples else "")
    return Chart(title, drawn, f"Cumulative contribution: {listed(said)}.")


def _band(name: str, sample: Sample) -> list[dict[str, Any]]:
    months = list(range(1, sample.fan.shape[1] + 1))
    edge = {"type": "scatter", "x": months, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    inside = {"fill": "tonexty", "fillcolor": _faded(LOOKS[name].colour), "showlegend": False}
    return [
        {**edge, "y": sample.fan[0].tolist(), "name": f"{NAMES[name]}, P10", "showlegend": False},
        {**edge, "y": sample.fan[2].tolist(), "name": f"{NAMES[name]}, P90", **inside},
    ]


def _between(samples: Mapping[str, Sample] | None, name: str, month: int, currency: str) -> str:
    if not samples or name not in samples:
        return ""
    low, _, high = (money(float(values[month - 1]), currency) for values in samples[name].fan)
    return f"<br>P10 {low}, P90 {high}"


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"


def _outcome(name: str, figures: Figures, currency: str) -> str:
    turns = figures["break_even_month"]
    turn = f"break-even in month {turns:.0f}" if turns else "no break-even"
    return f"{NAMES[name]} {money(figures['contribution'], currency)}, {turn}"


def cost_of_a_customer(results: Results, currency: str) -> Chart:
    """Draw effective CPA at 100, 70 and 40 % incremental beside blended CAC; without customers there is no bar."""
    names = [NAMES[name] for name in results]
    bars = (
        ("CPA, all incremental", "effective_cpa", "#0f7fc4", ""),
        ("70 %", "cpa_70", "#6fb3dd", "/"),
        ("40 %", "cpa_40", "#b5d6ec", "."),
        ("Blended CAC", "blended_cac", "#7d8893", "x"),
    )
    traces = []
    for title, field, colour, pattern in bars:
        values = [outcome.figures[field] for outcome in results.values()]
        traces.append(
            {
                "type": "bar",
                "name": title,
                "x": names,
                "y": values,
                "marker": {"color": colour, "pattern": fill(pattern)},
                "text": [money(value, currency) for value in values],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertext": [f"{title}: {money_exact(value, currency)}" for value in values],
                "hoverinfo": "text",
            }
        )
    drawn = figure(traces, height=330, barmode="group", yaxis={"title": f"{currency} per new customer", "nticks": 5})
    said = [
        f"{NAMES[name]} {money(one.figures['effective_cpa'], currency)} against "
        f"{money(one.figures['blended_cac'], currency)}"
        for name, one in results.items()
    ]
    return Chart("What a customer costs", drawn, f"Effective CPA against blended CAC: {listed(said)}.")


def partner_side(side: PartnerSide, program: str, currency: str) -> Chart:
    """Draw what a typical, a low and a high earning partner makes a month, against what makes it worth their time."""
    months = list(range(1, len(side.typical) + 1))
    rows = (
        ("Top tenth", side.high, "dash"),
        ("Typical partner", side.typical, "solid"),
        ("Low tenth", side.low, "dot"),
    )
    traces = []
    for title, values, dash in rows:
        hover = [f"{title}, month {at}: {money_exact(v, currency)}" for at, v in zip(months, values, strict=True)]
        one = line(title, LOOKS[program], months, _gaps(values), hover)
        traces.append(one | {"line": {**one["line"], "dash": dash}})
    drawn = figure(
        traces,
        height=330,
        shapes=[level(side.worth_from)],
        annotations=[_note(months[-1], side.worth_from, f"worth their time from {money(side.worth_from, currency)}")],
        xaxis={"title": "Month", "nticks": 8},
        yaxis={"title": f"Earnings per partner ({currency} a month)", "nticks": 6, "rangemode": "tozero"},
    )
    share = side.worth_share[-1]
    said = "there are no partners" if np.isnan(share) else f"{percent(float(share), 0)} of partners earn enough"
    typical = "unknown" if np.isnan(side.typical[-1]) else money(float(side.typical[-1]), currency)
    title = f"{said[:1].upper()}{said[1:]} in the last month; a typical one makes {typical}"
    return Chart(title, drawn, f"{NAMES[program]}: {title}.")


def _note(x: float, y: float, words: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": words, "showarrow": False, "xanchor": "right", "yanchor": "bottom"}


def _gaps(values: Any) -> list[float | None]:
    return [None if not np.isfinite(value) else float(value) for value in values]


def goal(answer: Answer, program: str, place: Place, goal_: str, target: float, currency: str) -> Chart:
    """Draw a figure over the range of an input, with its target and the values at which it is reached."""
    unit, in_percent = UNITS[goal_], UNITS[goal_] == "%"
    xs = [place.item.shown(x) for x in answer.xs]
    ys = [None if y is None else y * 100 if in_percent else y for y in answer.ys]
    hover = [
        f"{place.item.said(x, currency)}: {'unknown' if y is None else figure_text(unit, y, currency)}"
        for x, y in zip(answer.xs, answer.ys, strict=True)
    ]
    wanted = target * 100 if in_percent else target
    reached = {
        "type": "scatter",
        "name": "Target",
        "x": [place.item.shown(x) for x in answer.values],
        "y": [wanted] * len(answer.values),
        "mode": "markers+text",
        "text": [place.item.said(x, currency) for x in answer.values],
        "textposition": "top center",
        "marker": {"symbol": ORGANIC.marker, "size": 13, "color": ORGANIC.colour, "line": {"width": 2}},
        "hoverinfo": "text",
        "hovertext": [f"{TITLES[goal_]} at its target" for _ in answer.values],
        "cliponaxis": False,
    }
    drawn = figure(
        [line(NAMES[program], LOOKS[program], xs, ys, hover), reached],
        height=300,
        shapes=[level(wanted)],
        xaxis={"title": place.item.label(currency), "nticks": 8},
        yaxis={"title": unit_title(goal_, currency), "nticks": 6},
    )
    return Chart(f"{TITLES[goal_]} by {place.title.lower()}", drawn, answer.sentence)


def unit_title(name: str, currency: str) -> str:
    """Return a figure's unit for an axis."""
    return UNITS[name].named(currency)


def _shown(name: str, value: float) -> float | None:
    """A figure as it is drawn: percent for a share, a gap where there is none."""
    if not np.isfinite(value):
        return None
    return value * 100 if UNITS[name] == "%" else value


def tornado(bars: Sequence[Bar], name: str, now: float | None, currency: str, most: int = 12) -> Chart:
    """Draw how far each input moves a figure, the strongest on top, from where the figure is now."""
    bars = [bar for bar in bars if np.isfinite(bar.at_low) and np.isfinite(bar.at_high)][:most]
    base = now if now is not None else float(np.mean([bar.at_low for bar in bars])) if bars else 0.0
    traces = []
    for title, pattern, colour, end in (("Input low", "/", _LOW, "low"), ("Input high", "", _HIGH, "high")):
        at = [(getattr(bar, f"at_{end}"), getattr(bar, end), bar) for bar in bars]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": title,
                "y": [as_plotly(bar.place.name) for bar in bars],
                "x": [_shown(name, value - base) for value, _, _ in at],
                "base": [_shown(name, base)] * len(bars),
                "marker": {"color": colour, "pattern": fill(pattern)},
                "hoverinfo": "text",
                "hovertext": [
                    f"{as_plotly(bar.place.name)} at {bar.place.item.said(value, currency)}: "
                    f"{figure_text(UNITS[name], to, currency)}"
                    for to, value, bar in at
                ],
            }
        )
    drawn = figure(
        traces,
        height=90 + 27 * len(bars),
        barmode="overlay",
        xaxis={"title": f"{TITLES[name]} ({unit_title(name, currency)})", "nticks": 5},
        yaxis={"autorange": "reversed"},
    )
    if not bars:
        return Chart("No input moves this figure", drawn, f"No input moves {TITLES[name]}.")
    title = f"{bars[0].place.name} moves {TITLES[name]} most"
    said = [f"{bar.place.name} by {figure_text(UNITS[name], bar.swing, currency)}" for bar in bars[:5]]
    return Chart(title, drawn, f"How far inputs move {TITLES[name]}: {listed(said)}.")


def spider(web: Web, name: str, currency: str) -> Chart:
    """Draw the figure while one input at a time is moved by a share of its value."""
    looks = list(LOOKS.values())
    shares = (web.shares * 100).tolist()
    traces = []
    for (place, values), look in zip(web.lines, looks, strict=False):
        hover = [
            f"{as_plotly(place.name)} {share:+.0f} %: "
            + (figure_text(UNITS[name], v, currency) if np.isfinite(v) else "unknown")
            for share, v in zip(shares, values, strict=True)
        ]
        traces.append(line(as_plotly(place.name), look, shares, [_shown(name, v) for v in values], hover))
    drawn = figure(
        traces,
        height=380,
        xaxis={"title": "Change of the input (%)", "nticks": 8},
        yaxis={"title": f"{TITLES[name]} ({unit_title(name, currency)})", "nticks": 6},
    )
    names = listed([place.name for place, _ in web.lines])
    return Chart(f"{TITLES[name]} while one input moves", drawn, f"{TITLES[name]} while {names} move by −50 to +50 %.")


def heat(
    found: Grid, name: str, across: Place, up: Place, target: float, now: tuple[float, float], currency: str
) -> Chart:
    """Draw a figure over two inputs, with the contour of its target and where the inputs are now."""
    scale = 100 if UNITS[name] == "%" else 1
    values = (found.values * scale).tolist()
    xs, ys = [across.item.shown(x) for x in found.xs], [up.item.shown(y) for y in found.ys]
    axes = {"x": xs, "y": ys, "z": values}
    colours = {
        "type": "heatmap",
        **axes,
        "colorscale": "Cividis",
        "colorbar": {"title": {"text": unit_title(name, currency)}},
    }
    labels = f"{across.item.label(currency)} %{{x:,.4~g}}<br>{up.item.label(currency)} %{{y:,.4~g}}<br>"
    wanted = figure_text(UNITS[name], target, currency)
    contour = {
        "type": "contour",
        **axes,
        "contours": {"type": "constraint", "operation": "=", "value": target * scale, "showlabels": False},
        "line": {"color": "#ffffff", "width": 3},
        "name": f"{TITLES[name]} {wanted}",
        "showscale": False,
        "showlegend": True,
        "hoverinfo": "skip",
    }
    here = {
        "type": "scatter",
        "x": [across.item.shown(now[0])],
        "y": [up.item.shown(now[1])],
        "mode": "markers",
        "name": "Now",
        "marker": {"symbol": "x", "size": 13, "color": "#ffffff", "line": {"width": 1.5, "color": "#17212b"}},
        "hoverinfo": "name",
    }
    drawn = figure(
        [colours | {"hovertemplate": labels + "%{z:,.4~g}<extra></extra>"}, contour, here],
        height=400,
        legend={"bgcolor": "#5d6873", "font": {"color": "#ffffff"}, "orientation": "h", "y": 1.02, "yanchor": "bottom"},
        xaxis={"title": across.item.label(currency), "nticks": 8},
        yaxis={"title": up.item.label(currency), "nticks": 6},
    )
    known = found.values[np.isfinite(found.values)]
    crosses = known.size and known.min() < target < known.max()
    title = f"{TITLES[name]} over two inputs; the white line is {wanted}" if crosses else (
        f"{TITLES[name]} is nowhere {wanted} over these ranges"
    )  # fmt: skip
    return Chart(title, drawn, f"{title}: {across.name} across, {up.name} up.")


def explained(shares: Sequence[tuple[str, float]], name: str, most: int = 10) -> Chart:
    """Draw the share of a figure's variance that each drawn input explains alone; `shares` are titles and shares."""
    shares = [(as_plotly(title), share) for title, share in shares[:most]]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [title for title, _ in shares],
        "x": [share * 100 for _, share in shares],
        "marker": {"color": _HIGH},
        "text": [percent(share, 0) for _, share in shares],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [f"{title}: {percent(share)} of the variance" for title, share in shares],
    }
    drawn = figure(
        [bars],
        height=90 + 27 * len(shares),
        xaxis={"title": "Share of the variance explained (%)", "range": [0, 105], "nticks": 6},
        yaxis={"autorange": "reversed"},
    )
    first, share = shares[0]
    title = f"{first} explains {percent(share, 0)} of the uncertainty in {TITLES[name]}"
    return Chart(title, drawn, f"{title}. " + listed([f"{t} {percent(s, 0)}" for t, s in shares]) + ".")


def waterfall(found: Waterfall, name: str, names: tuple[str, str], currency: str, unit: int) -> Chart:
    """Draw how each changed input leads from one scenario's figure to another's."""
    before, after = (_wrapped(one) for one in names)
    labels = [before, *(as_plotly(step.title) for step in found.steps), after]
    amounts = [found.start, *(step.change for step in found.steps), found.end]
    shown = [figure_text(UNITS[name], amount / unit, currency) for amount in amounts]
    signed = [
        shown[0],
        *(f"{'+' if s.change > 0 else ''}{text}" for s, text in zip(found.steps, shown[1:-1], strict=True)),
    ]
    scale = (100 if UNITS[name] == "%" else 1) / unit
    bars = {
        "type": "waterfall",
        "orientation": "h",
        "y": labels,
        "x": [amount * scale for amount in amounts],
        "measure": ["absolute", *("relative" for _ in found.steps), "total"],
        "text": [*signed, shown[-1]],
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [f"{label}: {text}" for label, text in zip(labels, [*signed, shown[-1]], strict=True)],
        "increasing": {"marker": {"color": _HIGH}},
        "decreasing": {"marker": {"color": _LOW}},
        "totals": {"marker": {"color": "#7d8893"}},
        "connector": {"line": {"color": GRID}},
    }
    drawn = figure(
        [bars],
        height=110 + 30 * len(labels),
        xaxis={"title": f"{TITLES[name]} ({unit_title(name, currency)})", "nticks": 5},
        yaxis={"autorange": "reversed"},
        showlegend=False,
    )
    gap = figure_text(UNITS[name], abs(found.end - found.start) / unit, currency)
    side = "more" if found.end >= found.start else "less"
    title = f"{names[1]} comes to {gap} {side} {TITLES[name]} than {names[0]}"
    said = [f"{step.title} {figure_text(UNITS[name], step.change / unit, currency)}" for step in found.steps]
    return Chart(title, drawn, f"{title}: {listed(said)}.")


def side_by_side(columns: Sequence[Column], name: str, currency: str) -> Chart:
    """Draw a figure of each scenario, with P10 to P90 where there are ranges."""
    scale = 100 if UNITS[name] == "%" else 1
    rows = [(one.name, one.figures[name], one.sample.percentiles(name) if one.sample else None) for one in columns]
    error: dict[str, Any] = {"type": "data", "symmetric": False, "array": [], "arrayminus": []}
    for _, value, ends in rows:
        known = value is not None and ends is not None and np.isfinite(ends).all()
        error["array"].append(max((ends[2] - value) * scale, 0) if known and ends and value is not None else 0)
        error["arrayminus"].append(max((value - ends[0]) * scale, 0) if known and ends and value is not None else 0)
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [_wrapped(title) for title, _, _ in rows],
        "x": [None if value is None else value * scale for _, value, _ in rows],
        "marker": {
            "color": ["#7d8893", *[_HIGH] * (len(rows) - 1)],
            "pattern": {"shape": ["/", *[""] * (len(rows) - 1)]},
        },
        "error_x": error | {"color": "#6b7783", "thickness": 1.5},
        "hoverinfo": "text",
        "hovertext": [
            f"{as_plotly(title)}: {'unknown' if value is None else figure_text(UNITS[name], value, currency)}"
            for title, value, _ in rows
        ],
    }
    drawn = figure(
        [bars],
        height=100 + 34 * len(rows),
        xaxis={"title": f"{TITLES[name]} ({unit_title(name, currency)})", "nticks": 6},
        yaxis={"autorange": "reversed"},
    )
    known_ones = [(title, value) for title, value, _ in rows if value is not None]
    said = listed([f"{title} {figure_text(UNITS[name], value, currency)}" for title, value in known_ones])
    return Chart(f"{TITLES[name]} by scenario", drawn, f"{TITLES[name]} by scenario: {said}.")


def arr_mix(shares: Sequence[tuple[str, float]], currency: str) -> Chart:
    """Draw the closing ARR of each motion as one bar; `shares` are motions and amounts."""
    total = sum(amount for _, amount in shares)
    traces = []
    for number, (name, amount) in enumerate(shares):
        share = amount / total if total else 0.0
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": f"{NAMES[name]} {percent(share, 0)}",
                "y": ["Closing ARR"],
                "x": [amount],
                "marker": {"color": LOOKS[name].colour, "pattern": fill(PATTERNS[number % len(PATTERNS)])},
                "hoverinfo": "text",
                "hovertext": [f"{NAMES[name]}: {money_exact(amount, currency, 0)}, {percent(share)}"],
            }
        )
    drawn = figure(
        traces, height=170, xaxis={"title": f"{currency} a year", "nticks": 6}, yaxis={"showticklabels": False}
    )
    said = listed([f"{NAMES[name]} {percent(amount / total if total else None, 0)}" for name, amount in shares])
    return Chart(f"Closing ARR: {money(total, currency)}", drawn, f"Closing ARR by motion: {said}.")


def demand(found: Sequence[Demand]) -> Chart:
    """Draw who wins the customers of each segment, and how many two motions reach that only one can win."""
    names = [as_plotly(one.segment.name) for one in found]
    traces = []
    for name in dict.fromkeys(motion for one in found for motion in one.motions):
        amounts = [float(one.by_motion[name][0]) if name in one.by_motion else 0.0 for one in found]
        traces.append(_won(NAMES[name], LOOKS[name].colour, "", names, amounts))
    conflicts = [float(one.conflict[0]) for one in found]
    traces.append(_won("Reached by several, or already won", "#a9b2ba", "x", names, conflicts))
    height = 130 + 45 * len(names)
    drawn = figure(traces, height=height, xaxis={"title": "Customers over all months"}, yaxis={"autorange": "reversed"})
    worst = max(found, key=lambda one: float(one.conflict[0]))
    lost = float(worst.conflict[0])
    title = "No two motions get in each other's way"
    if lost >= 0.5:
        title = f"{worst.segment.name}: {count(lost, 'customer')} reached by several motions, or already won"
    return Chart(
        title, drawn, f"{title}. " + listed([f"{one.segment.name} {count(float(one.won[0]))} won" for one in found])
    )


def _wrapped(name: str) -> str:
    """A scenario's name in lines that leave the chart its room."""
    return "<br>".join(as_plotly(line) for line in wrap(name, 28))


def _won(title: str, colour: str, pattern: str, names: list[str], amounts: list[float]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": title,
        "y": names,
        "x": amounts,
        "marker": {"color": colour, "pattern": fill(pattern)},
        "hoverinfo": "text",
        "hovertext": [f"{title}: {count(amount, 'customer')}" for amount in amounts],
    }
