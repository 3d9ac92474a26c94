"""What Compare shows of one deal under each motion, and of how the motions differ."""

import streamlit as st

from motions import deals
from motions.charts import playbook as charts
from motions.chosen import of_deal
from motions.deals import Offer
from motions.economics.inputs.links import to_link
from motions.playbook.models import Motion
from motions.playbook.own_models import Own
from motions.playbook.tables import READING, STATED, YOURS, matrix, sources
from motions.text import money
from pages import _ui
from pages._compare.asked import Asked
from pages._simulate import address


def deal(found: tuple[Offer, ...], asked: Asked, own: Own) -> None:
    """Show from list price to what you keep under each motion, and what that means, with the way to the simulator."""
    left, right = st.columns([2.3, 1], gap="small")
    with left, st.container(border=True, gap="xxsmall", height="stretch"):
        drawn = charts.same_deal(found, asked.term, deals.counted(own), narrow=_ui.on_phone())
        _ui.chart(drawn, "deal", level=2)
    with right, st.container(border=True, gap="small", height="stretch"):
        _meaning(found)
        st.space("stretch")
        _simulate(asked, own)


def _meaning(found: tuple[Offer, ...]) -> None:
    st.header("What that means", anchor=False)
    means = deals.meaning(found)
    if means is None:
        st.markdown("To set motions against each other, at least two with a stated payout are needed.")
        return
    _ui.figure(
        means.title,
        means.gap,
        "What you keep of one customer, less what you keep through the motion where that is least.",
        note=means.times,
    )
    for line in means.lines:
        st.markdown(_ui.text(line))
    st.caption("Not counted: what it takes to run a program and to find partners.")


def _simulate(asked: Asked, own: Own) -> None:
    pressed = _ui.primary(
        f"Simulate these at {money(asked.price)} a month", "compare_simulate", "tune", width="stretch"
    )
    if pressed:
        programs = [own.program(motion) for motion in asked.chosen]
        simulated = of_deal(address.current(), programs, asked.price, asked.margin, asked.term)
        st.switch_page("pages/simulate.py", query_params={"s": to_link(simulated)})


def differences(motions: list[Motion], own: Own) -> None:
    """Show the attributes as chips, who each motion is for, and why each value is what it is."""
    st.header("Where they differ", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        marks = f"{STATED} stated in the playbook · {READING} our reading of it"
        st.caption(_ui.text(f"{marks} · {YOURS} your playbook" if own.yours else marks), width="stretch")
        differing = st.toggle("Only rows that differ", key="differing", bind="query-params")
    _ui.chips(matrix(motions, differing, own.yours), sources(motions, own, differing))
    with st.expander("Why each value: the article's word or our reading"):
        for motion in motions:
            st.markdown(f"**{_ui.text(motion.name)}**")
            st.markdown("\n".join(f"- {_ui.text(line)}" for line in own.reasons(motion)))
    with st.container(horizontal=True):
        for motion in motions:
            with st.popover(_ui.text(f"About {motion.name}"), key=f"about_{motion.id}"):
                _about(motion, own)


def _about(motion: Motion, own: Own) -> None:
    best = motion.best_for
    st.markdown(_ui.text(motion.definition))
    st.markdown("\n".join(f"- {_ui.text(line)}" for line in motion.characteristics))
    st.markdown(
        f"**Business model**: {_ui.text(best.business_model)}  \n**Price points**: {_ui.text(best.price_points)}  \n"
        f"**Sales approach**: {_ui.text(best.sales_approach)}  \n**Example**: {_ui.text(best.example)}"
    )
    st.markdown(f"**Why it works**: {_ui.text(motion.why_it_works)}")
    st.markdown(f"**What drives the return**: {_ui.text(motion.roi_driver)}")
    if motion.also_good_for:
        st.markdown(f"**Also good for**: {_ui.text(motion.also_good_for)}")
    for figure in motion.figures:
        st.markdown(f"**{_ui.text(figure.name)}**: {_ui.text(figure.note)}")
    st.caption(_ui.text(own.cited(motion)))
