"""The floor: a Streamlit app with one slider and one chart of the simulator's size.

With WIDGETS=1 it also has the widgets and figures that the simulator shows, and nothing behind them; with UPLOAD=1 it
takes files, and does nothing with them.
"""

import os

import numpy as np
import plotly.graph_objects as go
import streamlit as st

_MULTI = {"selection_mode": "multi"}
st.set_page_config(page_title="floor", layout="wide")
full = bool(os.environ.get("WIDGETS"))
if full:
    for name, kind in (("Programs", st.pills), ("Present", st.multiselect), ("Figures", st.multiselect)):
        with st.popover(name):
            kind(name, list("abcdefg"), default=["a", "b"], key=name, **_MULTI if kind is st.pills else {})
    st.title("What it comes to")
left, right = st.columns([5, 3])
with right:
    if full:
        st.segmented_control("Program", list("ab"), default="a", key="program")
    level = st.slider("Level", 0, 1000, 10, key="level", help="what it does")
    if full:
        for number in range(4):
            st.number_input(f"Input {number}", 1, 60, 12, key=f"input_{number}", help="what it does")
        for button in "ab":
            st.button(button, key=button)
        st.expander("All inputs", on_change="rerun", key="inputs")
with left:
    if full:
        st.table({f"Figure {number}": [level + number, number] for number in range(6)}, hide_index=True)
        st.segmented_control("Group", list("abcd"), default="a", key="group")
        st.toggle("Ranges", key="ranges", help="what it does")
        st.menu_button("Calibrate", list("ab"), key="calibrate")
        st.pills("View", list("abcd"), default="a", key="view")
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
