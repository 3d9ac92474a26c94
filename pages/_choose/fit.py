"""Fit: which motion first, what speaks for and against each, and what would change it."""

import streamlit as st

from motions.charts import playbook as charts
from motions.chosen import named, to_scenario
from motions.economics.inputs.links import to_link
from motions.playbook import Candidate, axis, disagreements, examples, growth
from motions.playbook.tables import disagreement_table, spoken_table
from motions.text import first_sentence
from pages import _ui
from pages._choose import questions
from pages._choose.look import Look
from pages._session import playbook

_AT_ONCE = 4
"""answers that would change the first place, shown without a click"""


def answer(look: Look) -> str:
    """Return the answer in a sentence; what follows it stands below the ranking."""
    return first_sentence(look.fit.headline)[0]


def show(look: Look) -> None:
    """Show the next question beside the ranking, then what it hangs on, the rules, and where sources disagree."""
    asking, ranking = st.columns([2, 3], gap="medium")
    with asking, st.container(border=True, height="stretch", gap="small"):
        questions.ask(look.fit, look.answers, look.offers)
    with ranking, st.container(border=True, height="stretch", gap="xsmall"):
        _ui.chart(charts.places(look.fit), "fit_places", level=2)
        _, more = first_sentence(look.fit.headline)
        if more:
            st.markdown(_ui.text(more))
        _simulate(look)
    _changes(look)
    st.header("For and against", anchor=False)
    st.toggle(
        "Every rule weighs the same", key="choose_equal", bind="query-params", help=_ui.text(look.fit.weights),
    )  # fmt: skip
    for candidate in look.fit.ranking:
        _rules(candidate)
    label = "Rules that do not rank: when to start, how many at once, when to stop"
    with st.expander(label, key="fit_context", on_change="rerun") as opened:
        if opened.open:
            _ui.static_table(spoken_table(look.fit.context), hide_index=True)
    _growth(look)
    _disagreements(look)
    _examples(look)


def _simulate(look: Look) -> None:
    motions = named(look.fit)
    if motions and _ui.primary(
        f"Simulate {motions}", "choose_simulate", "tune",
        help="Shows them in the simulator, at a twelfth of the contract value a month, where that is in dollars.",
    ):  # fmt: skip
        chosen = to_scenario(look.scenario, look.fit, look.answers)
        st.switch_page("pages/simulate.py", query_params={"s": to_link(chosen)})


def _changes(look: Look) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.header("One answer that would change it", anchor=False)
        if not look.fit.flips:
            st.markdown("No single answer changes who is first.")
        for flip in look.fit.flips[:_AT_ONCE]:
            st.markdown(f"- {_ui.text(flip.sentence)}")
        if others := look.fit.flips[_AT_ONCE:]:
            with st.expander(_ui.text(f"{len(others)} more")):
                for flip in others:
                    st.markdown(f"- {_ui.text(flip.sentence)}")
    with right:
        st.header("What it depends on", anchor=False)
        for line in look.fit.hangs_on or ("Weights, opinions and single articles: none of them changes who is first.",):
            st.markdown(f"- {_ui.text(line)}")
        if look.fit.settled:
            st.caption(_ui.text(f"Can't change it any more: {'; '.join(look.fit.settled)}."))


def _rules(candidate: Candidate) -> None:
    with st.expander(_ui.text(candidate.summary), key=f"rules_{candidate.id}"):
        for title, rules in candidate.rules:
            st.markdown(f"**{_ui.text(title)}**")
            for one in rules:
                st.markdown(f"- {_ui.text(one.rule.reason)} :small[{_ui.text(one.cited)}]")


def _growth(look: Look) -> None:
    found = growth(look.answers, look.equal, playbook.current().fit)
    st.header("Product-led, sales-led, and partners as a layer", anchor=False)
    st.markdown(f"**{_ui.text(found.headline)}** {_ui.text(found.mix)}")
    for fit in (found.base, found.layer):
        for candidate in fit.ranking:
            if candidate.speaks_for or candidate.speaks_against or candidate.rules_out:
                _rules(candidate)
    st.caption(_ui.text(found.name))


def _disagreements(look: Look) -> None:
    """Show where sources disagree once somebody asks: a chart is most of what a browser waits for."""
    with st.expander("Where published advice disagrees", key="fit_disagreements", on_change="rerun") as opened:
        if opened.open:
            acv = look.answers.amount("acv")
            _ui.chart(charts.cuts(axis(acv), acv), "fit_cuts", level=3)
            _ui.static_table(disagreement_table(disagreements()), hide_index=True)


def _examples(look: Look) -> None:
    with st.expander("Tried on the playbook's own examples", key="fit_examples", on_change="rerun") as opened:
        if not opened.open:
            return
        st.markdown("Answered as far as the text says or implies it; the rules are not tuned to them.")
        for one in examples(look.equal, playbook.current().fit):
            st.markdown(f"- **{_ui.text(one.company)}.** {_ui.text(one.sentence)}")
