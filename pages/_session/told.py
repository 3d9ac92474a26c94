"""Values that the server gives to widgets, told to the browser until it has them.

Streamlit sends such a value once. A browser that is still drawing when the next run begins gets the widget of that run,
without the value: it shows an empty field, or a slider at its lower end, and sends that back as if it had been typed.
"""

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx


def tell(key: str, value: Any) -> None:
    """Have a widget show this value until it is touched; call it before the widget."""
    if key not in st.session_state:
        st.session_state[key] = value
    elif not _answered(key):
        st.session_state[key] = st.session_state[key]


def _answered(key: str) -> bool:
    """Whether the browser has sent the widget's value with what began this run, and so has drawn it.

    Streamlit has no public way to ask. Should its own names change, values are told once; a test notices.
    """
    context = get_script_run_ctx(suppress_warning=True)
    try:
        state: Any = context.session_state._state  # type: ignore[union-attr]
        return state._get_widget_id(key) in state._new_widget_state.states
    except AttributeError:
        return True
