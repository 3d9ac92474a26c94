"""The views of the simulator that take all programs together: sums, more budget, its split, and people."""

import math
from collections.abc import Sequence

import streamlit as st

from motions.charts import economics as charts
from motions.charts.style import Chart
from motions.economics.answers import budget, capacity, split
from motions.economics.answers.portfolio import BY_NAME, PERIODS, portfolio
from motions.economics.files import portfolio as said
from motions.economics.inputs.scenario import Scenario
from motions.errors import ScenarioError
from motions.fields import Input
from motions.names import NAMES
from motions.text import money
from motions.units import MONEY
from pages import _ui
from pages._views import Shown, answer

_AMOUNT = Input(
    "amount", "Amount", MONEY, "Spent once on recruiting in one motion, over the months shown.", 10_000.0, 1.0, 1e9,
    1000.0, (), float,
)  # fmt: skip
_TITLES = {name: one.title for name, one in BY_NAME.items()}
_FIRST = {"measure": "arr", "period": "Quarter"}


def without_partners(scenario: Scenario) -> str:
    """Say what is missing where no motion with partners is shown."""
    return "" if budget.partnered(scenario) else "No partner motion is shown. Choose one under Programs."


def nothing_to_split(scenario: Scenario) -> str:
    """Say what is missing where money buys no partners."""
    return without_partners(scenario) or ("" if budget.spends(scenario) else " ".join(budget.unpriced(scenario)))


def together(scenario: Scenario) -> Shown:
    """Show what all programs come to together by period; what was chosen is returned, as of all views here."""
    left, right = st.columns([2, 3])
    measure = left.selectbox(
        "Measure", tuple(_TITLES), tuple(_TITLES).index(_FIRST["measure"]), _ui.named(_TITLES),
        key="view_together_measure", bind="query-params",
    )  # fmt: skip
    period = right.segmented_control(
        "Period", tuple(PERIODS), default=_FIRST["period"], key="view_together_period", required=True,
        bind="query-params", format_func=_ui.marked({}),
    )  # fmt: skip
    found = portfolio(scenario, (measure,))
    drawn = charts.together(found, measure, PERIODS[period])
    shown = answer(drawn, "together_chart", measure=measure, period=period)
    _ui.static_table(said.by_program(found))
    with st.expander(_ui.text(f"All programs by {period.lower()}")):
        _ui.static_table(said.by_period(found, measure, PERIODS[period]))
        st.caption(_ui.text(" ".join(said.definitions())))
    return shown


def together_chart(scenario: Scenario) -> Chart:
    """Return the chart of the programs together as the address asks for it."""
    measure, period = (str(st.query_params.get(key, "")) for key in _FIRST)
    measure = measure if measure in BY_NAME else _FIRST["measure"]
    period = period if period in PERIODS else _FIRST["period"]
    return charts.together(portfolio(scenario, (measure,)), measure, PERIODS[period])


def next_budget(scenario: Scenario) -> Shown:
    """Ask for an amount, and show what it brings for recruiting in each motion."""
    currency = scenario.market.currency
    with st.columns([2, 3])[0]:
        amount = _ui.amount(
            _AMOUNT, "view_next_amount", _AMOUNT.default, currency, means=_AMOUNT.description, bind="query-params"
        )  # fmt: skip
    found, shown = budget.next_amount(scenario, amount), Shown(asked={"amount": repr(amount)})
    if found:
        drawn = charts.channels(found, scenario.market.months, currency)
        shown = answer(drawn, "next_chart", amount=repr(amount))
        _ui.static_table(said.channels(found, currency))
    for line in (*budget.unpriced(scenario), said.RECRUITING, said.ALIKE, said.SEGMENTS[bool(scenario.segments)]):
        st.caption(_ui.text(line))
    others = st.expander(
        "Enablement and the program: what the money must reach", on_change="rerun", key="view_next_others"
    )  # fmt: skip
    if others.open:
        with others:
            st.caption(_ui.text(said.UNKNOWN_RESPONSE))
            _ui.static_table(said.must_bring(budget.needed(scenario, amount), currency))
    return shown


def next_chart(scenario: Scenario) -> Chart | str:
    """Return the chart of the next amount as the address asks for it, or the words that say why there is none."""
    amount = _AMOUNT.taken(_number(str(st.query_params.get("amount", ""))), _AMOUNT.default)
    found = budget.next_amount(scenario, amount)
    return charts.channels(found, scenario.market.months, scenario.market.currency) if found else "Nothing to recruit."


def best_split(scenario: Scenario) -> Shown:
    """Ask for a budget and its bounds, and show how it is split best."""
    currency, now = scenario.market.currency, budget.spends(scenario)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        whole = _optional(
            f"Budget for recruiting ({currency})", "view_split_budget", f"as now: {money(sum(now.values()), currency)}",
            "For all motions and all months shown. Left empty it is what your inputs spend now.",
        )  # fmt: skip
    with right, st.popover("Bounds of each motion", icon=":material/straighten:", type="tertiary"):
        st.caption(_ui.text(f"In {currency}, over all months shown. Left empty: half of what is spent now, or double."))
        bounds = tuple((name, *_bounds(name, amount, currency)) for name, amount in now.items())
    asked = {"budget": _written(whole), "bounds": _pairs(bounds)}
    try:
        with st.spinner("Looking for the best split"):
            found = split.split(scenario, whole, bounds)
    except ScenarioError as problem:
        _ui.error(problem)
        return Shown(asked=asked)
    shown = answer(charts.splits(found, scenario.market.months, currency), "split_chart", **asked)
    if len(found.drawn):
        st.caption(_ui.text(said.gains(found, currency)))
    _ui.static_table(said.splits(found, currency))
    for line in (*budget.unpriced(scenario), *said.assumptions(found), said.RECRUITING, said.ALIKE):
        st.caption(_ui.text(line))
    return shown


def _bounds(name: str, now: float, currency: str) -> tuple[float | None, float | None]:
    low_end, high_end = split.own_bounds(now)
    low, high = st.columns(2)
    with low:
        least = _optional(
            f"{NAMES[name]}, at least", f"view_split_low_{name}", money(low_end, currency),
            "The least for this motion.",
        )  # fmt: skip
    with high:
        most = _optional(
            f"{NAMES[name]}, at most", f"view_split_high_{name}", money(high_end, currency),
            "The most for this motion.",
        )  # fmt: skip
    return least, most


def split_chart(scenario: Scenario) -> Chart | str:
    """Return the chart of the split as the address asks for it, or the words that say why there is none."""
    now = budget.spends(scenario)
    pairs = (one.split(":") for one in str(st.query_params.get("bounds", "")).split(","))
    bounds = tuple((one[0], _number(one[1]), _number(one[2])) for one in pairs if len(one) == 3 and one[0] in now)
    try:
        found = split.split(scenario, _number(str(st.query_params.get("budget", ""))), bounds)
    except ScenarioError as problem:
        return str(problem)
    return charts.splits(found, scenario.market.months, scenario.market.currency)


def team(scenario: Scenario) -> Shown:
    """Ask how many partners one person can carry, and show whom to hire when."""
    st.markdown("**Partners that one person can carry**", help="No source that we know says it well: it is yours.")
    with _ui.figures(4, "view_loads"):
        loads = {
            name: _optional(
                f"{NAMES[name]} (partners)", f"view_load_{name}", "not known",
                "Active partners that one person can look after. Left empty, the motion is left out.",
            )
            for name in budget.partnered(scenario)
        }  # fmt: skip
        there = st.number_input(
            "People there today", 0, 100_000, None, key="view_team_there", placeholder="not known",
            bind="query-params", help="People who look after partners today.",
        )  # fmt: skip
        cost = _optional(
            f"Cost of one a month ({scenario.market.currency})", "view_team_cost", "not known",
            "Salary and all that comes with it. Left empty, no cost is shown.",
        )  # fmt: skip
    known = {name: one for name, one in loads.items() if one}
    asked = {"loads": ",".join(f"{name}:{one!r}" for name, one in known.items()), "there": _written(there)}
    found = capacity.capacity(scenario, known, there, cost)
    if found is None:
        st.info("Say for one motion at least how many partners one person can carry: there is no default for it.")
        return Shown(asked=asked)
    shown = answer(charts.capacity(found), "team_chart", **asked)
    for line in said.hires(found, scenario.market.currency):
        st.caption(_ui.text(line))
    return shown


def team_chart(scenario: Scenario) -> Chart | str:
    """Return the chart of the people as the address asks for it, or the words that say why there is none."""
    pairs = [one.split(":") for one in str(st.query_params.get("loads", "")).split(",")]
    loads = {one[0]: _number(one[1]) or 0.0 for one in pairs if len(one) == 2}
    there = _number(str(st.query_params.get("there", "")))
    found = capacity.capacity(scenario, loads, None if there is None else int(there))
    return charts.capacity(found) if found else "Nobody has said how many partners one person can carry."


def _optional(label: str, key: str, waiting: str, means: str) -> float | None:
    """A number that may be left empty, and what counts then."""
    return st.number_input(
        _ui.text(label), 0.0, float(_ui.MOST), None, format="%g", key=key, placeholder=waiting, help=_ui.text(means),
        bind="query-params",
    )  # fmt: skip


def _written(number: float | None) -> str:
    return "" if number is None else repr(number)


def _pairs(bounds: Sequence[tuple[str, float | None, float | None]]) -> str:
    given = [(name, low, high) for name, low, high in bounds if low is not None or high is not None]
    return ",".join(f"{name}:{_written(low)}:{_written(high)}" for name, low, high in given)


def _number(words: str) -> float | None:
    """A number of an address, none where it names no amount."""
    try:
        number = float(words)
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number <= _ui.MOST else None
