"""What a session holds of a motion of its own beside the playbook: let go of, when the original counts again."""

import streamlit as st

from motions.cohorts.reading.mapping import Mapping
from motions.economics.inputs.links import Named, from_link, set_from_link, set_to_link, to_link
from motions.errors import ScenarioError
from motions.names import OWN, PLAIN_NAMES
from motions.playbook.plan_rows import TITLE_OF
from motions.roadmap import choices as road
from pages._choose import plan_table
from pages._session import loaded


def own_motion() -> None:
    """Take the motion out of scenarios, plan, roadmap and corrections of files; call it while it still counts."""
    _scenarios()
    plan_table.set_column(TITLE_OF[OWN], False)
    _roadmap()
    _files()


def _scenarios() -> None:
    kept = st.session_state.get("scenario_kept")
    link = st.session_state.get("scenario_written")
    try:
        if link:
            st.session_state["scenario_written"] = to_link(from_link(link).without(OWN))
        if kept:
            named = [Named(name=one.name, scenario=one.scenario.without(OWN)) for one in set_from_link(kept)]
            st.session_state["scenario_kept"] = set_to_link(named)
    except ScenarioError:
        return  # a damaged link is said where it is opened


def _roadmap() -> None:
    if written := st.session_state.get("roadmap_written"):
        link = road.encode(road.decode(written).choices.without(OWN))
        st.session_state["roadmap_written"] = link
        st.session_state.pop("roadmap_given", None)
        if "road" in st.query_params:
            st.query_params["road"] = link


def _files() -> None:
    found = loaded.corrections()
    found.update({name: _without(one) for name, one in found.items()})
    if st.session_state.get("side") == PLAIN_NAMES[OWN]:
        st.session_state.pop("side")


def _without(mapping: Mapping) -> Mapping:
    """The mapping without the words that were said to be the motion: they are asked for again."""
    said = {
        part: {word: meaning for word, meaning in getattr(mapping, part).items() if meaning != OWN}
        for part in ("motions", "constants")
    }
    return mapping.model_copy(update=said)
