"""The choices of program health: which side, which month, which definitions."""

from typing import Any

import streamlit as st

from motions.cohorts import metrics as m
from motions.cohorts import tables
from motions.cohorts.ledger import Ledger
from motions.names import NAMES, PARTNER_MOTIONS


def choose(ledger: Ledger) -> tuple[str, m.Group, m.Settings]:
    """Show which partner side is looked at and the settings of the figures; all of them are in the address."""
    bound: Any = {"bind": "query-params"}
    months = tables.months(ledger)
    fields = m.Settings.model_fields
    with st.container(horizontal=True, vertical_alignment="center"):
        side = st.segmented_control(
            "Partner side", ("All partners", *[NAMES[name] for name in PARTNER_MOTIONS]), default="All partners",
            key="side", required=True, label_visibility="collapsed", wrap=True, **bound,
        )  # fmt: skip
        with st.popover("Settings", key="settings"):
            as_of = st.selectbox(
                "As of", tuple(months), format_func=lambda name: tables.month_label(ledger, name), key="asof",
                help=fields["as_of"].description, **bound,
            )  # fmt: skip
            window = st.selectbox(
                "Window (months)",
                (3, 6, 12, 24, 120),
                index=2,
                key="window",
                help=fields["window"].description,
                **bound,
            )
            days = st.selectbox(
                "Activation within (days)", (7, 14, 30, 60, 90), index=1, key="days",
                help=fields["activation_days"].description, **bound,
            )  # fmt: skip
            producing = st.selectbox(
                "A partner produces with", m.PRODUCING, key="producing", help=fields["producing"].description, **bound
            )
            with_program = st.toggle(
                "Program cost in effective CPA",
                True,
                key="program_cost",
                help=fields["program_in_cpa"].description,
                **bound,
            )
    settings = m.Settings(
        as_of=months[as_of], window=window, activation_days=days, producing=producing, program_in_cpa=with_program
    )
    group = m.PARTNER if side == "All partners" else dict(tables.GROUPS)[side]
    return side, group, settings
