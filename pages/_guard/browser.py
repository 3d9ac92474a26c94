"""A session is its browser's own: to know its id is not enough to have it.

The id stands in the addresses that files are uploaded to, and so in the log of whatever proxy is before the server, and
Streamlit gives the session to whoever connects with it. The cookie against forged requests stands in no log.
"""

from itertools import cycle
from operator import xor
from typing import Any

import streamlit as st
from starlette.requests import HTTPConnection
from streamlit.runtime.scriptrunner import get_script_run_ctx

_COOKIE, _BEGAN = "_streamlit_xsrf", "guard_browser"
_PROTOCOL = b"sec-websocket-protocol"
_OF: dict[str, str] = {}
"""the browser that began each of the last sessions"""
_MOST = 10_000


def require() -> None:
    """Stop where another browser than the one that began it has come to this session; nothing of it is shown there."""
    here = _token(st.context.cookies.to_dict().get(_COOKIE, ""))
    began = st.session_state[_BEGAN] = st.session_state.get(_BEGAN) or here
    if context := get_script_run_ctx():
        _OF[context.session_id] = began
        for oldest in list(_OF)[:-_MOST]:
            _OF.pop(oldest, None)
    if began != here:
        st.error("This session began in another browser. Open the page anew.")
        st.stop()


class OwnSessions:
    """Takes the id of a session out of the message with which another browser would resume it: it begins one anew."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            here = _token(HTTPConnection(scope).cookies.get(_COOKIE, ""))
            scope = scope | {"headers": [_without_others(name, value, here) for name, value in scope["headers"]]}
        await self.app(scope, receive, send)


def _without_others(name: bytes, value: bytes, here: str) -> tuple[bytes, bytes]:
    """A header as it is, or, where it names another browser's session, without that: it is the third of its words."""
    words = value.split(b",") if name.lower() == _PROTOCOL else []
    if len(words) > 2 and (_OF.get(words[2].strip().decode("latin-1")) or here) != here:
        return name, b",".join(words[:2])
    return name, value


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
