"""What a reload of the tab keeps: the address has the sample program and what is open, the server has the user's files.

A new session knows nothing of the one before. The tab brings the token of the files' folder, see pages/_components;
with it comes what was made of them, which stays on this server until the folder goes. It is in no address and no log.
"""

from typing import Any

import streamlit as st

from pages import _ui
from pages._components import tab
from pages._session import loaded, playbook
from pages._session.folders import FOLDERS

KEYS = (*loaded.OWN, *playbook.KEPT)
_FOLDER, _HAD, _SAID = "program_folder", "kept_had", "kept_said"
_GONE = (
    "The files of this tab are no longer on this server: it was started anew, or the tab was closed or offline for too "
    "long. Upload them again; what the address holds is as it was."
)
_ELSEWHERE = (
    "Your files are at work in another tab, and only one can have them. Close that tab and reload this page to have "
    "them here."
)
_WORDS = {"gone": _GONE, "elsewhere": _ELSEWHERE}


def start() -> None:
    """Keep what there is, hold the tab's token, and say what could not be kept; each run of a page begins with it."""
    _leave_what_is_elsewhere()
    _hold()
    _name_the_sample()
    token = st.session_state.get(_FOLDER, "")
    if token:
        st.session_state[_HAD] = True
        FOLDERS.keep(token, {key: st.session_state[key] for key in KEYS if key in st.session_state})
    # The tab forgets a token that leads nowhere any more; one that another tab uses may be wanted later.
    tab.show(token, forget=not token and bool(st.session_state.get(_HAD)), on_token=_take_over)
    _say()


def _hold() -> None:
    """Have a folder as soon as there is anything of the user's own, so that it has a token too."""
    if _FOLDER not in st.session_state and any(st.session_state.get(key) for key in playbook.KEPT):
        try:
            loaded.folder()
        except OSError:
            return  # then a reload begins without it; whoever uploads a file is told why


def _take_over() -> None:
    """Take over the files whose token the tab has brought (the component's callback)."""
    if st.session_state.get(_FOLDER):
        return
    token = tab.brought()
    whose, kept = FOLDERS.take_over(token, loaded.session())
    if whose == "here":
        st.session_state.update(kept)
        st.session_state[_FOLDER] = token
    else:
        st.session_state[_SAID] = whose
        st.session_state[_HAD] = whose == "gone"


def _leave_what_is_elsewhere() -> None:
    """Let go of files that another tab has taken over while this one was offline."""
    if FOLDERS.is_elsewhere(st.session_state.get(_FOLDER, ""), loaded.session()):
        for key in KEYS:
            st.session_state.pop(key, None)
        st.session_state[_HAD], st.session_state[_SAID] = False, "elsewhere"


def _name_the_sample() -> None:
    """Name the sample program in the address of every page, also of one that a link without it has led to."""
    named: Any = st.query_params.get("data")
    if named == "sample":
        loaded.current()  # also where the page has no use for it: the next one may
    if loaded.is_sample() and named != "sample":
        st.query_params["data"] = "sample"
    elif named and loaded.has_own():
        del st.query_params["data"]


def _say() -> None:
    """Say why files are not here, until somebody has read it or uploads others."""
    said = _WORDS.get(st.session_state.get(_SAID, ""))
    if said is None or st.session_state.get(_FOLDER):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="kept_words"):
        st.markdown(_ui.text(said), width="stretch")
        if st.session_state[_SAID] == "gone":
            _ui.link("pages/files.py", "Your files")
        st.button("Close", key="kept_close", type="tertiary", on_click=_close)


def _close() -> None:
    st.session_state.pop(_SAID, None)
