"""The segments of the simulator, in which motions share demand."""

import streamlit as st

from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.scenario import MOST_SEGMENTS, Scenario
from motions.errors import ScenarioError
from motions.names import NAMES, offered
from pages import _ui
from pages._simulate import address


def edit(scenario: Scenario) -> Scenario:
    """Show the segments: name, size, and which motions may sell there."""
    st.caption(
        "Motions that sell into the same segment share its customers. Without segments each motion is run by itself."
    )
    count = st.number_input(
        "Number of segments", 0, MOST_SEGMENTS, None, step=1, key=address.widget("segments", len(scenario.segments))
    )
    segments, used = [], {*scenario.shown, *(name for one in scenario.segments for name in one.motions)}
    for number in range(int(count or 0)):
        known = scenario.segments[number] if number < len(scenario.segments) else None
        shown = f"Segment {number + 1}"
        left, right = st.columns([3, 2])
        named = left.text_input(
            f"Name of segment {number + 1:d}", max_chars=40,
            key=address.widget(f"segment_{number}_name", known.name if known else shown),
        )  # fmt: skip
        size = right.number_input(
            f"Size of segment {number + 1:d} (customers)", 1.0, 1e9, None, step=100.0, format="%g",
            key=address.widget(f"segment_{number}_size", known.size if known else 1000.0),
            help="How many customers it can hold at the most, over all months.",
        )  # fmt: skip
        motions = st.pills(
            f"Motions in segment {number + 1:d}", offered(PROGRAMS, used), selection_mode="multi", wrap=True,
            format_func=_ui.marked(NAMES),
            key=address.widget(f"segment_{number}_motions", list(known.motions if known else scenario.shown)),
        )  # fmt: skip
        if not motions:
            raise ScenarioError(f"{named or shown}: choose at least one motion that may sell there.")
        held = known.size if known else 1000.0
        segments.append(
            {"name": named.strip() or shown, "size": held if size is None else size, "motions": tuple(motions)}
        )
    return scenario.replace(segments=tuple(segments))
