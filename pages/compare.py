"""The five motions side by side, the same deal under each, and the three growth motions."""

from dataclasses import asdict
from typing import Any

import streamlit as st

from motions.charts import playbook as charts
from motions.chosen import of_deal
from motions.economics.inputs.assumptions import Market
from motions.economics.inputs.links import to_link
from motions.economics.model.deal import deal_range, preset_deal
from motions.fields import input_named
from motions.playbook.tables import READING, STATED, YOURS, growth_table, matrix
from motions.text import money, percent
from pages import _ui
from pages._session import playbook as session
from pages._simulate import address

_ui.require_frame()
own = session.current()
playbook, names = own.playbook, own.names

session.line()
st.title("Compare partner motions", anchor=False)
chosen_column, price_column, margin_column, term_column = st.columns([4, 2, 2, 2], gap="medium")
with chosen_column:
    chosen = st.pills(
        "Motions (two or more)", tuple(names), selection_mode="multi", format_func=_ui.marked(names), wrap=True,
        # A motion of one's own stays in the session, as its playbook does.
        default=tuple(names), key="own_motions" if own.sixth else "motions", bind=None if own.sixth else "query-params",
    )  # fmt: skip
price = price_column.number_input(
    "List price per month (USD)", 1.0, 1_000_000.0, 500.0, step=10.0, format="%g", key="price", bind="query-params",
    help="What the end customer pays in the deal below.",
)  # fmt: skip
asked = input_named(Market, "gross_margin")
margin = margin_column.slider(
    _ui.text(asked.label()), 0, 100, int(asked.shown(asked.default)), key="deal_margin", bind="query-params",
    help="Share of the list price left after cost of revenue.",
)  # fmt: skip
term = term_column.slider(
    "Term (months)",
    1,
    60,
    24,
    key="term",
    bind="query-params",
    help="How long the customer is looked at; it may leave before.",
)
if len(chosen) < 2 or price is None:
    st.info("Choose at least two motions and a list price to compare them.")
    st.stop()
motions = [motion for motion in playbook.motions if motion.id in chosen]
share = asked.stored(margin)
terms: dict[str, Any] = {"list_price": price, "gross_margin": share, "term": term}

deal_column, range_column = st.columns([3, 2], gap="large")
with deal_column:
    deals = [(names[one.id], preset_deal(**asdict(own.deal(one.id)), **terms)) for one in motions]
    _ui.chart(charts.same_deal(deals, "USD", term), "deal")
with range_column:
    yours = [one.id for one in motions if own.of_motion(one.id, "figures")]
    _ui.chart(charts.payout_ranges(motions, yours), "ranges")
ends = [
    f"{motion.name} at {percent(figure.low, 0)}: {money(low.contribution)}, at {percent(figure.high, 0)}: "
    f"{money(high.contribution)}."
    for motion in motions
    for figure in [motion.share]
    if figure and figure.low < figure.high
    for low, high in [deal_range(own.deal(motion.id).motion, (figure.low, figure.high), **terms)]
]
st.caption(
    "One customer with the churn, the support and the expansion of each motion's preset in the simulator, no program "
    "cost. Payouts are the playbook's: the middle of its range or its one example (credit counted once, 70 % redeemed, "
    "commission for 12 months: ours); for ecosystem it states none. "
    + _ui.text(" ".join(filter(None, (own.deals_said, "At the ends of a range you keep:" if ends else "", *ends))))
)
if st.button(
    _ui.text(f"Simulate these at {money(price)} a month"),
    type="primary",
    icon=":material/tune:",
    key="compare_simulate",
):
    simulated = of_deal(address.current(), [own.program(motion.id) for motion in motions], price, share)
    st.switch_page("pages/simulate.py", query_params={"s": to_link(simulated)})

st.subheader("Where they differ", anchor=False)
legend, only = st.columns([3, 1])
marks = f"{STATED} stated in the playbook   {READING} our reading of it"
legend.markdown(_ui.text(f"{marks}   {YOURS} your playbook" if own.yours else marks))
differing = only.toggle("Only rows that differ", key="differing", bind="query-params")
_ui.static_table(matrix(motions, differing, own.yours))
with st.container(horizontal=True):
    for motion in motions:
        with st.popover(_ui.text(f"About {motion.name}"), key=f"about_{motion.id}"):
            st.markdown(f"#### {_ui.text(motion.name)}")
            st.markdown(_ui.text(motion.definition))
            st.markdown("\n".join(f"- {_ui.text(line)}" for line in motion.characteristics))
            st.markdown(
                f"**Business model**: {_ui.text(motion.best_for.business_model)}  \n**Price points**: "
                f"{_ui.text(motion.best_for.price_points)}  \n**Sales approach**: "
                f"{_ui.text(motion.best_for.sales_approach)}  \n"
                f"**Example**: {_ui.text(motion.best_for.example)}"
            )
            st.markdown(f"**Why it works**: {_ui.text(motion.why_it_works)}")
            st.markdown(f"**What drives the return**: {_ui.text(motion.roi_driver)}")
            if motion.also_good_for:
                st.markdown(f"**Also good for**: {_ui.text(motion.also_good_for)}")
            for figure in motion.figures:
                st.markdown(f"**{_ui.text(figure.name)}**: {_ui.text(figure.note)}")
            st.caption(_ui.text(own.cited(motion)))
with st.expander("Why each value: the article's word or our reading"):
    for motion in motions:
        st.markdown(f"**{_ui.text(motion.name)}**")
        st.markdown(
            "\n".join(
                f"- {_ui.text(f'{field.title}: {attribute.value}, {attribute.basis.value}{mine}. {attribute.note}')}"
                for key, field in type(motion.attributes).model_fields.items()
                for attribute in [getattr(motion.attributes, key)]
                for mine in [", yours" if own.of_motion(motion.id, f"attributes.{key}") else ""]
            )
        )

st.subheader("Product-led, sales-led, partner-led", anchor=False)
_ui.static_table(growth_table(playbook.growth))
st.caption(_ui.text(f"{playbook.growth.note} Source: {playbook.cite(playbook.growth.source)}."))
st.page_link(
    "pages/choose.py", label="Which of them first? Choose by your answers and data", icon=":material/arrow_forward:"
)
session.drop()
