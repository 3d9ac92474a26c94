"""The simulator's part of a presentation: what its address says, and the figures beside its chart."""

from collections.abc import Mapping

import streamlit as st

from motions.economics.answers.headline import against
from motions.economics.files import tables
from motions.economics.inputs.links import set_to_link, to_link
from motions.economics.model.results import FIGURES, TITLES, titles
from pages import _ui
from pages._simulate import programs
from pages._simulate.views import VIEWS, Look

_ASKED = "present_asked"
_CHARTS = {view.name for view in VIEWS if view.chart}


def address(look: Look, view: str, asked: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of the presentation: the scenario, the pinned one, and what is looked at.

    `asked` is what was asked in the open view, the figure of its chart for one; it is kept for when others step to it.
    """
    st.session_state.setdefault(_ASKED, {})[view] = asked
    shown = {"s": to_link(look.scenario), "sim_focus": look.focus} | figures()
    shown |= {"kept": set_to_link(look.kept)} if look.kept else {}
    return shown | ({"sim_view": view, **asked} if view in _CHARTS else {})


def asked_of(view: str) -> dict[str, str]:
    """Return what was asked in a view when it was open last."""
    return dict(st.session_state.get(_ASKED, {}).get(view, {}))


def choose_figures(currency: str) -> None:
    """Ask for the three figures that stand beside a chart of the simulator."""
    named = titles(currency)
    st.multiselect(
        "Figures beside the simulator's charts", tuple(named), list(tables.PRESENTED), _ui.named(named),
        key="view_presented", max_selections=3, persist_state="session",
    )  # fmt: skip


def figures() -> dict[str, str]:
    """Return the chosen figures as a parameter, nothing where none were chosen."""
    chosen = st.session_state.get("view_presented")
    return {"figures": ",".join(chosen)} if chosen else {}


def beside(look: Look) -> None:
    """Show three figures of the program in focus, large, and how they differ from the pinned scenario."""
    wanted = str(st.query_params.get("figures", "")).split(",")
    chosen = tuple(name for name in wanted if name in TITLES)[:3] or tables.PRESENTED
    months, currency = look.scenario.market.months, look.currency
    found, sample = look.results[look.focus].figures, look.samples.get(look.focus)
    with _ui.figures(3, "present_figures"):
        for one in (figure for figure in FIGURES if figure.name in chosen):
            with st.container(border=True, height="stretch"):
                _ui.large(
                    titles(currency)[one.name],
                    tables.shown(one.unit, found[one.name], months, currency, one.name), one.definition,
                    tables.beside(one.name, found, months, currency),
                    tables.spread_of(one.name, sample, months, currency),
                )  # fmt: skip
    if look.pinned is not None and look.pinned != look.scenario and look.focus in look.comparable:
        programs.against_pinned(against(found, look.comparable[look.focus].figures, currency))
