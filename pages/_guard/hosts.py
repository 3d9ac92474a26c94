"""Under which names the server answers, and on which addresses it may listen."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.responses import PlainTextResponse

LOCAL = ("localhost", "127.0.0.1", "::1")
"""the hosts that are served where `server.allowedHosts` names none"""


class AllowedHosts:
    """Refuses what is asked under a foreign host name.

    A page elsewhere whose name is made to lead to this server (DNS rebinding) has the same origin as the app, for a
    browser, and could use whatever the app may: uploaded files are in other sessions, but connections are everybody's.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope.get("headers", ()))
        host = headers.get(b"host", b"").decode("latin-1")
        if scope["type"] == "lifespan" or is_allowed(host, st.get_option("server.allowedHosts") or LOCAL):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
        else:
            said = "This server does not answer under this name: see server.allowedHosts in .streamlit/config.toml.\n"
            await PlainTextResponse(said, 403)(scope, receive, send)


def is_allowed(host: str, allowed: Any) -> bool:
    """Return whether a Host header names one of the allowed hosts, whatever the port; "*.x" is what ends in ".x"."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    name = name.rstrip(".")
    patterns = [one.strip().lower().rstrip(".") for one in allowed]
    return bool(name) and any(
        one in ("*", name) or (one.startswith("*.") and name.endswith(one[1:])) for one in patterns
    )


def is_this_machine(address: str | None) -> bool:
    """Return whether who listens on an address hears this machine alone; no address is all of them.

    >>> is_this_machine("127.0.0.1"), is_this_machine("0.0.0.0"), is_this_machine(None)
    (True, False, False)
    """
    if address in LOCAL:
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
