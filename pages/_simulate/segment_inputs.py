"""The segments of the simulator, in which motions share demand."""

import streamlit as st

from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.scenario import MOST_SEGMENTS, Scenario
from motions.errors import ScenarioError
from motions.fields import Input
from motions.names import NAMES, offered
from motions.units import NONE
from pages import _ui
from pages._simulate import address

_NUMBER = Input("segments", "Number of segments", NONE, "", 0, 0, MOST_SEGMENTS, 1, (), int)
_SIZE = Input(
    "size", "Size", NONE, "How many customers it can hold at the most, over all months.", 1000.0, 1.0, 1e9, 100.0, (),
    float,
)  # fmt: skip


def edit(scenario: Scenario) -> Scenario:
    """Show the segments: name, size, and which motions may sell there."""
    st.caption(
        "Motions that sell into the same segment share its customers. Without segments each motion is run by itself."
    )
    segments, used = [], {*scenario.shown, *(name for one in scenario.segments for name in one.motions)}
    for number in range(_ui.field(_NUMBER, f"{address.WIDGETS}segments", len(scenario.segments), "")):
        known = scenario.segments[number] if number < len(scenario.segments) else None
        shown = f"Segment {number + 1}"
        left, right = st.columns([3, 2])
        named = left.text_input(
            f"Name of segment {number + 1:d}", max_chars=40,
            key=address.widget(f"segment_{number}_name", known.name if known else shown),
        )  # fmt: skip
        with right:
            size = _ui.amount(
                _SIZE, f"{address.WIDGETS}segment_{number}_size", known.size if known else _SIZE.default, "",
                f"Size of segment {number + 1} (customers)", _SIZE.description,
            )  # fmt: skip
        motions = st.pills(
            f"Motions in segment {number + 1:d}", offered(PROGRAMS, used), selection_mode="multi", wrap=True,
            format_func=_ui.marked(NAMES),
            key=address.widget(f"segment_{number}_motions", list(known.motions if known else scenario.shown)),
        )  # fmt: skip
        if not motions:
            raise ScenarioError(f"{named or shown}: choose at least one motion that may sell there.")
        segments.append({"name": named.strip() or shown, "size": size, "motions": tuple(motions)})
    return scenario.replace(segments=tuple(segments))
