"""Charts of the simulator."""

from collections.abc import Mapping

from motions.charts.style import LOOKS, ORGANIC, PATTERNS, Chart, figure, fill, level, line
from motions.economics.goal import TITLES, UNITS, Answer, Place, figure_text, input_text
from motions.economics.projection import Projection
from motions.economics.results import Figures
from motions.names import NAMES
from motions.text import listed, money, money_exact

Results = Mapping[str, tuple[Projection, Figures]]


def contribution(results: Results, pinned: Results, currency: str) -> Chart:
    """Draw the cumulative contribution of each program over time; the pinned ones as faint dotted lines."""
    traces = []
    for shown, faint, note in ((pinned, True, ", pinned"), (results, False, "")):
        for name, (projection, _) in shown.items():
            values = projection.cumulative[:, 0].tolist()
            months = list(range(1, len(values) + 1))
            hover = [
                f"{NAMES[name]}{note}, month {at}: {money_exact(value, currency, 0)}"
                for at, value in zip(months, values, strict=True)
            ]
            traces.append(line(f"{NAMES[name]}{note}", LOOKS[name], months, values, hover, faint=faint))
    drawn = figure(
        traces,
        height=330,
        shapes=[level(0)],
        xaxis={"title": "Month", "nticks": 8},
        yaxis={"title": f"Cumulative contribution ({currency})", "nticks": 6},
    )
    said = [_outcome(name, figures, currency) for name, (_, figures) in results.items()]
    return Chart("Cumulative contribution by month", drawn, f"Cumulative contribution: {listed(said)}.")


def _outcome(name: str, figures: Figures, currency: str) -> str:
    turns = f"break-even in month {figures.break_even_month}" if figures.break_even_month else "no break-even"
    return f"{NAMES[name]} {money(figures.contribution, currency)}, {turns}"


def cost_of_a_customer(results: Results, currency: str) -> Chart:
    """Draw effective CPA beside blended CAC for each program; a program without customers has no bar."""
    names = [NAMES[name] for name in results]
    traces = []
    bars = (("Effective CPA", "effective_cpa", "#0f7fc4"), ("Blended CAC", "blended_cac", "#7d8893"))
    for (title, field, colour), pattern in zip(bars, PATTERNS[:2], strict=True):
        values = [getattr(figures, field) for _, figures in results.values()]
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
        f"{NAMES[name]} {money(f.effective_cpa, currency)} against {money(f.blended_cac, currency)}"
        for name, (_, f) in results.items()
    ]
    return Chart("What a customer costs", drawn, f"Effective CPA against blended CAC: {listed(said)}.")


def goal(answer: Answer, program: str, place: Place, goal_: str, target: float, currency: str) -> Chart:
    """Draw a figure over the range of an input, with its target and the values at which it is reached."""
    unit, percent = UNITS[goal_], UNITS[goal_] == "%"
    xs = [place.item.shown(x) for x in answer.xs]
    ys = [None if y is None else y * 100 if percent else y for y in answer.ys]
    hover = [
        f"{input_text(place, x, currency)}: {'unknown' if y is None else figure_text(unit, y, currency)}"
        for x, y in zip(answer.xs, answer.ys, strict=True)
    ]
    wanted = target * 100 if percent else target
    reached = {
        "type": "scatter",
        "name": "Target",
        "x": [place.item.shown(x) for x in answer.values],
        "y": [wanted] * len(answer.values),
        "mode": "markers+text",
        "text": [input_text(place, x, currency) for x in answer.values],
        "textposition": "top center",
        "marker": {"symbol": ORGANIC.marker, "size": 13, "color": ORGANIC.colour, "line": {"width": 2}},
        "hoverinfo": "text",
        "hovertext": [f"{TITLES[goal_]} at its target" for _ in answer.values],
        "cliponaxis": False,
    }
    of = {"money": currency, "customers": "customers"}.get(unit, unit)
    drawn = figure(
        [line(NAMES[program], LOOKS[program], xs, ys, hover), reached],
        height=300,
        shapes=[level(wanted)],
        xaxis={"title": place.item.label(currency), "nticks": 8},
        yaxis={"title": of, "nticks": 6},
    )
    return Chart(f"{TITLES[goal_]} by {place.item.title.lower()}", drawn, answer.sentence)
