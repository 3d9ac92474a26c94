"""The views of the simulator's answer, and the groups that they are found in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import streamlit as st

from motions.charts import economics as charts
from motions.charts.style import Chart
from motions.economics.answers.compare import columns
from motions.economics.answers.equal import ASKED, beside_rival
from motions.economics.answers.headline import turns
from motions.economics.answers.uncertainty import Sample, if_ranged
from motions.economics.files import tables
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.links import Kept
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.partner_side import partner_side
from motions.economics.model.run import mix_of_arr, run
from motions.names import NAMES
from pages import _ui
from pages._simulate import address, answers, asks, kept_scenarios, own_data, own_forecast, portfolio
from pages._views import View, answer


@dataclass(frozen=True)
class Look:
    """What is looked at: the scenario and what comes of it, one of its programs, and what it is compared with."""

    scenario: Scenario
    focus: str
    kept: Kept
    results: tables.Results
    before: tables.Results
    samples: Mapping[str, Sample]

    @staticmethod
    def of(scenario: Scenario, focus: str, kept: Kept) -> "Look":
        """Work out what comes of a scenario and of the pinned one."""
        before = run(kept[0].scenario) if kept else {}
        return Look(scenario, focus, kept, run(scenario), before, if_ranged(scenario))

    @property
    def currency(self) -> str:
        """The currency of all amounts."""
        return self.scenario.market.currency

    @property
    def pinned(self) -> Scenario | None:
        """The scenario that it is compared with."""
        return self.kept[0].scenario if self.kept else None

    @property
    def comparable(self) -> tables.Results:
        """What comes of the pinned scenario, if amounts of both can be taken off one another."""
        alike = self.pinned is not None and self.pinned.market.currency == self.currency
        return self.before if alike else {}


def _contribution(look: Look) -> Chart:
    return charts.contribution(look.results, look.comparable, look.currency, look.samples)


def _over_time(look: Look) -> None:
    # The heading says who earns more: beside it the chart says from when on.
    title = turns(look.results, look.scenario.market.months)
    _ui.chart(replace(_contribution(look), title=title), "sim_contribution")
    if not look.kept and (said := beside_rival(look.scenario, look.results, look.focus)):
        st.markdown(_ui.text(said), help=_ui.text(ASKED))


def _cost(look: Look) -> Chart:
    return charts.cost_of_a_customer(look.results, look.currency)


def _without_partners(look: Look) -> str:
    has = isinstance(look.scenario.program(look.focus), PartnerProgram)
    return "" if has else f"{NAMES[look.focus]} has no partners. Choose a partner motion under Key levers."


def _partner_side(look: Look) -> Chart:
    program = cast(PartnerProgram, look.scenario.program(look.focus))
    earned = partner_side(program, look.results[look.focus])
    return charts.partner_side(earned, look.focus, look.currency)


def _table(look: Look) -> None:
    _ui.static_table(tables.comparison(look.results, look.samples, look.scenario.market.months, look.currency))


def _mix(look: Look) -> Chart:
    return charts.arr_mix(mix_of_arr(look.scenario, look.results), look.currency)


def _goal(look: Look) -> Chart:
    asked = asks.read(look.scenario, look.focus, look.samples.get(look.focus))
    figure, target, key = asked["figure"], float(asked["target"]), asked["input"]
    return answers.goal_chart(look.scenario, look.focus, figure, target, key)[2]


def _sensitivity(look: Look) -> Chart | str:
    sample = look.samples.get(look.focus)
    drawn, note = answers.sense_chart(look.scenario, look.focus, asks.read(look.scenario, look.focus, sample), sample)
    return drawn or note


def _scenarios(look: Look) -> Chart | str:
    if not look.kept:
        return _contribution(look)
    found = columns(kept_scenarios.beside_current(look.scenario, look.kept), look.focus)
    figure = asks.read(look.scenario, look.focus, look.samples.get(look.focus))["figure"]
    return kept_scenarios.side_by_side(found, figure) or "The scenarios are in different currencies."


def _why(look: Look) -> Chart | str:
    if not look.kept:
        return _contribution(look)
    asked = asks.read(look.scenario, look.focus, look.samples.get(look.focus))
    return kept_scenarios.waterfall(look.scenario, look.focus, look.kept, asked["figure"], asked.get("scenario", ""))


VIEWS: tuple[View[Look], ...] = (
    View("Over time", _over_time, chart=_contribution),
    View("Customer cost", lambda look: answer(_cost(look), "sim_cost"), chart=_cost),
    View(
        "Partner's side",
        lambda look: answer(_partner_side(look), "sim_partner_side", NAMES[look.focus]),
        _without_partners,
        _partner_side,
    ),
    View("Table", _table),  # no chart to present
    View("Goal seek", lambda look: answers.seek_goal(look.scenario, look.focus), chart=_goal),
    View(
        "Sensitivity",
        lambda look: answers.sensitivities(look.scenario, look.focus, look.samples.get(look.focus)),
        chart=_sensitivity,
    ),
    View("Scenarios", lambda look: kept_scenarios.scenarios(look.scenario, look.focus, look.kept), chart=_scenarios),
    View("Mix", lambda look: answers.mix(look.scenario, look.results), chart=_mix),
    View(
        "Why they differ",
        lambda look: kept_scenarios.explained(look.scenario, look.focus, look.kept),
        lambda look: "" if look.kept else "Pin or keep a scenario first: it is compared with the current one.",
        _why,
    ),
    View(
        "Together",
        lambda look: portfolio.together(look.scenario),
        chart=lambda look: portfolio.together_chart(look.scenario),
    ),
    View(
        "Next budget",
        lambda look: portfolio.next_budget(look.scenario),
        lambda look: portfolio.without_partners(look.scenario),
        lambda look: portfolio.next_chart(look.scenario),
    ),
    View(
        "Split",
        lambda look: portfolio.best_split(look.scenario),
        lambda look: portfolio.nothing_to_split(look.scenario),
        lambda look: portfolio.split_chart(look.scenario),
    ),
    View(
        "People",
        lambda look: portfolio.team(look.scenario),
        lambda look: portfolio.without_partners(look.scenario),
        lambda look: portfolio.team_chart(look.scenario),
    ),
    # What the user's own files say stays out of addresses, and so out of presentations.
    View("Your data", lambda look: own_data.calibrate(look.scenario, look.focus, address.go_to)),
    View("Forecast", lambda look: own_forecast.show(look.scenario, look.focus, look.kept)),
    View("Replay", lambda look: own_data.replay(look.scenario, look.focus, look.pinned)),
)

GROUPS: dict[str, tuple[str, ...]] = {
    "Result": ("Over time", "Customer cost", "Mix", "Table"),
    "Partners": ("Partner's side",),
    "Risk": ("Sensitivity", "Goal seek"),
    "Scenarios": ("Scenarios", "Why they differ"),
    "Portfolio": ("Together", "Next budget", "Split", "People"),
}
"""names of views by what they are about; those of CALIBRATE are in none"""
CALIBRATE: dict[str, str] = {
    "From your own data": "Your data",
    "Forecast, and a plan on your months": "Forecast",
    "Replay payouts on your accounts": "Replay",
}
"""what the menu says → the view that it opens"""
