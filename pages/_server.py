"""The launcher that `make run` uses: `streamlit run pages/_server.py`, from the folder that holds dashboard.py.

Beyond what `streamlit run dashboard.py` does it has everything imported before the first visitor comes, refuses
every request under a host name that it does not know, keeps watch over uploaded files from the start, and removes them
all before it ends.
"""

import gc
import importlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ("localhost", "127.0.0.1", "::1")
"""the hosts that are served where `server.allowedHosts` names none"""
_WARM = (
    "motions.charts.cohorts",
    "motions.charts.economics",
    "motions.charts.playbook",
    "motions.economics.answers.compare",
    "motions.economics.answers.headline",
    "motions.economics.model.deal",
    "motions.economics.model.partner_side",
    "motions.glossary",
    "pages._choose.fit",
    "pages._choose.plan",
    "pages._choose.readiness",
    "pages._choose.roadmap",
    "pages._overview.drawn",
    "pages._present.entry",
    "pages._present.room",
    "pages._present.steps",
    "pages._compare.shown",
    "pages._files.upload",
    "pages._health.head",
    "pages._health.tiles",
    "pages._health.views",
    "pages._overview.empty",
    "pages._overview.full",
    "pages._pack.given",
    "pages._pack.parts",
    "pages._pack.template",
    "pages._session.kept",
    "pages._simulate.choice",
    "pages._simulate.inputs",
    "pages._simulate.levers",
    "pages._simulate.own_data",
    "pages._simulate.own_forecast",
    "pages._simulate.presented",
    "pages._simulate.programs",
)
"""what the pages import, with everything below it"""


def _import_from_root() -> None:
    """Streamlit puts the folder of this file first on the path, where pages/files.py would be anybody's `files`."""
    own = str(ROOT / "pages")
    sys.path[:] = [str(ROOT), *(place for place in sys.path if place not in (own, str(ROOT)))]


_import_from_root()


@asynccontextmanager
async def _lifespan(app: Any) -> AsyncIterator[None]:
    _import_from_root()
    from pages._session import folders  # noqa: PLC0415 — found only now

    folders.LAUNCHED.set()
    for name in _WARM:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what was imported stays: no later collection looks at it
    try:
        folders.FOLDERS.root()
    except OSError as problem:
        folders.LOG.error("Uploads can't be kept, everything else works: %s", problem)
    try:
        yield
    finally:
        folders.FOLDERS.close()


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


app = st.App(ROOT / "dashboard.py", lifespan=_lifespan, middleware=[Middleware(AllowedHosts)])
