"""What a browser may do with what the server sends, and which of Streamlit's own addresses are closed."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.responses import PlainTextResponse

CLOSED = ("/_stcore/metrics", "/_stcore/agent")
"""how many sessions there are is nobody's business, and no program drives the app"""


class SecurityHeaders:
    """Adds to every answer what a browser is to forbid; closes what no visitor needs."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _is_closed(scope.get("path", "")):
            await PlainTextResponse("Not here.\n", 404, dict(_said()))(scope, receive, send)
        else:
            await self.app(scope, receive, _with(send))


def _is_closed(path: str) -> bool:
    """Whether an address is closed, below whatever path the app is served."""
    return any(f"{path.rstrip('/')}/".endswith(f"{one}/") or f"{one}/" in path for one in CLOSED)


def _with(send: Any) -> Any:
    async def told(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", ()), *_as_bytes(_said())]}
        await send(message)

    return told


def _as_bytes(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers]


@cache
def _said() -> tuple[tuple[str, str], ...]:
    return (
        ("Content-Security-Policy", policy()),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Referrer-Policy", "no-referrer"),  # an address holds the scenario
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    )


def policy() -> str:
    """Return the content security policy: nothing from elsewhere, no script but the server's own files.

    Inline scripts of Streamlit's page are allowed by their digest. Styles may be inline: charts and Streamlit's own
    style sheets are; without a script or a picture from elsewhere they carry nothing out.
    """
    allowed = " ".join(["'self'", *_inline_scripts(_front_page())])
    return "; ".join(
        (
            "default-src 'self'", f"script-src {allowed}", "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'", "worker-src 'self' blob:",
            "object-src 'none'", "frame-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'self'",
        )
    )  # fmt: skip


def _front_page() -> str:
    return (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")


_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def _inline_scripts(page: str) -> list[str]:
    """Return the digests of a page's inline scripts, as a policy names them."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
