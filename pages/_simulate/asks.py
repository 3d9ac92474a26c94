"""What the address of a presentation asks of its view."""

import math

import streamlit as st

from motions.economics.answers.uncertainty import Sample
from motions.economics.files import tables
from motions.economics.inputs.keys import places
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.results import TITLES
from pages._simulate import answers


def read(scenario: Scenario, focus: str, sample: Sample | None) -> dict[str, str]:
    """Return what the address asks, with the first choice where it names nothing that there is."""
    asked = {key: str(value) for key, value in st.query_params.items()}
    if asked.get("figure") not in TITLES:
        asked["figure"] = tables.PRESENTED[0]
    order = answers.strongest(scenario, focus, asked["figure"], sample)
    inputs = tuple(place.key for place in places(scenario, focus))
    for key, choices, default in (("across", order, order[0]), ("up", order, order[1]), ("input", inputs, inputs[0])):
        if asked.get(key) not in choices:
            asked[key] = default
    return asked | {key: _number(asked.get(key, "")) for key in ("line", "target")}


def _number(words: str) -> str:
    try:
        return words if math.isfinite(float(words)) else "0"
    except ValueError:
        return "0"
