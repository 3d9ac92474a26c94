"""A session is its browser's own: to know its id is not enough to have it.

The id stands in the addresses that files are uploaded to, and so in the log of whatever proxy is before the server, and
Streamlit gives the session to whoever connects with it. The cookie against forged requests stands in no log.
"""

from itertools import cycle
from operator import xor

import streamlit as st

_COOKIE, _BEGAN = "_streamlit_xsrf", "guard_browser"


def require() -> None:
    """Stop where another browser than the one that began it has come to this session; nothing of it is shown there."""
    here = _token(st.context.cookies.to_dict().get(_COOKIE, ""))
    began = st.session_state.get(_BEGAN) or here
    st.session_state[_BEGAN] = began
    if began != here:
        st.error("This session began in another browser. Open the page anew.")
        st.stop()


def _token(cookie: str) -> str:
    """Return what stays the same in a cookie that is masked anew each time; a cookie of another form as it is.

    >>> _token("2|00ff00ff|ab12cd34|1700000000"), _token("2|11ee11ee|ba03dc25|1700000000"), _token("")
    ('abedcdcb', 'abedcdcb', '')
    """
    try:
        _, mask, token, _ = cookie.split("|")
        return bytes(map(xor, bytes.fromhex(token), cycle(bytes.fromhex(mask)))).hex()
    except ValueError:
        return cookie
