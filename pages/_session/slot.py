"""The slot of the table of motions in this session: filled by the playbook that was dropped, on every page."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from motions import names
from motions.names import Slot
from motions.playbook.own_models import Own

OWN = "own_playbook"
"""Key of the session's own playbook."""


def of_session() -> Slot | None:
    """Return the slot of the session that runs in this thread, callbacks included; a request without one has none."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    own: Own | None = st.session_state.get(OWN)
    return own.slot if own else None


names.ask(of_session)
