"""The five inputs that stay in sight, and what is done with the scenario: pin it, let go, start again."""

import streamlit as st

from motions.economics.answers.headline import changed
from motions.economics.answers.rates import others_keep
from motions.economics.inputs.keys import Place
from motions.economics.inputs.levers import levers
from motions.economics.inputs.links import Kept
from motions.economics.inputs.presets import OURS, origin
from motions.economics.inputs.scenario import Scenario
from motions.errors import ScenarioError
from motions.text import listed
from pages import _ui
from pages._simulate import address

_PIN = ":material/keep: Pin this"
# White on the light primary colour of a dark page would be hard to read.
_PIN_DARK = ':color[:material/keep: Pin this]{foreground="#08131c"}'


def edit(scenario: Scenario, name: str) -> tuple[Scenario, str]:
    """Show the levers of a program; return the scenario with what they say, and what is wrong where they can't be."""
    for place in levers(scenario, name):
        before = scenario.at(place.key)
        key = address.WIDGETS + _widget_name(place.key)
        value = _ui.field(place.item, key, before, scenario.market.currency, _explained(scenario, place))
        if value != before:
            try:
                scenario = scenario.moved(place.key, value)
            except ScenarioError as problem:
                return scenario, str(problem)
            address.forget_range(place.key)
    return scenario, ""


def _widget_name(key: str) -> str:
    """The key of an input's widget, the same as among all inputs."""
    owner, *path = key.split(".")
    return "_".join((owner, *(path[1:] if len(path) == 3 else path)))


def _explained(scenario: Scenario, place: Place) -> str:
    return f"{others_keep(scenario, place.key)} {_origin(place)}".strip()


def _origin(place: Place) -> str:
    if place.owner == "market":
        return OURS.sentence()
    *part, field = place.key.split(".")[1:]
    return origin(place.owner, part[-1] if part else "", field).sentence()


def since_pinned(pinned: Scenario, scenario: Scenario, name: str) -> None:
    """Say what differs from the pinned scenario, for the program in focus."""
    found = changed(pinned, scenario, name, scenario.market.currency)
    said = _ui.text(listed(found)) if found else "nothing that moves this program"
    st.markdown(f":small[**Changed since pinned:** {said}]")


def buttons(scenario: Scenario, kept: Kept) -> None:
    """Offer to pin the scenario, to let the pinned one go, and to start again."""
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            _PIN_DARK if _ui.is_dark() else _PIN, type="primary", key="pin", on_click=address.pin,
            args=(scenario, kept),
            help="Holds on to the scenario as it is now: a faint line in the chart, and the differences to it above.",
        )  # fmt: skip
        if kept:
            st.button("Unpin", on_click=address.unpin, args=(kept,), key="unpin", type="tertiary")
        st.button(
            "Reset", on_click=address.start_again, args=(scenario,), key="reset", type="tertiary",
            help="Sets every input of every program, and the market, back to its default.",
        )  # fmt: skip
