"""The floor: a Streamlit app with one slider and one chart of the simulator's size.

With WIDGETS=1 it also has the widgets and figures that the simulator shows, and nothing behind them; with UPLOAD=1 it
takes files, and does nothing with them.
"""

import os

import numpy as np
import plotly.graph_objects as go
import streamlit as st

st.set_page_config(page_title="floor", layout="wide")
left, right = st.columns([5, 3])
with right:
    level = st.slider("Level", 0, 1000, 10, key="level", help="what it does")
    if os.environ.get("WIDGETS"):
        st.pills("Programs", list("abcdefg"), selection_mode="multi", default=["a", "b"], key="programs")
        st.segmented_control("Program", list("ab"), default="a", key="program")
        tabs = st.tabs(["Payout", "Partners", "Customers", "Costs", "Market", "Ranges"], key="tabs", on_change="rerun")
        with tabs[0]:
            st.pills("Paid by", list("abcdef"), selection_mode="multi", default=["a"], key="terms", help="what it does")
            st.selectbox("Paid for", list("abc"), key="paid", help="what it does")
            st.number_input("Months", 1, 60, 12, key="months", help="what it does")
            st.selectbox("Tiers", list("abc"), key="tiers", help="what it does")
            st.expander("Conditions", on_change="rerun", key="conditions")
        for button in "abc":
            st.button(button, key=button)
with left:
    if os.environ.get("WIDGETS"):
        for number, column in enumerate(st.columns(6)):
            column.metric(f"Figure {number}", level + number, delta="beside", help="what it is")
        st.tabs([f"View {number}" for number in range(10)], key="view", on_change="rerun")
        with st.popover("Figures"):
            st.multiselect("Figures", list("abc"), key="figures")
        for name in ("Months", "Meaning"):
            st.expander(name, on_change="rerun", key=name)
    months = list(range(36))
    waves = [(np.sin(np.arange(36) / 6 + line) * level).tolist() for line in range(2)]
    figure = go.Figure([go.Scatter(x=months, y=wave, name=str(at)) for at, wave in enumerate(waves)])
    # A fixed axis, or every level draws the same line.
    figure.update_layout(height=330, yaxis={"range": [-1000, 1000]})
    st.plotly_chart(figure, key="chart")
if os.environ.get("UPLOAD") and st.file_uploader("Files", accept_multiple_files=True):
    st.success("Here")
