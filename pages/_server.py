"""The launcher that `make run` uses: `streamlit run pages/_server.py`, from the folder that holds dashboard.py.

Beyond what `streamlit run dashboard.py` does it has everything imported before the first visitor comes, refuses
every request under a host name that it does not know, tells browsers what to forbid, closes what no visitor needs,
believes who somebody is only from a trusted proxy, gives a session to its own browser alone, keeps watch over uploaded
files from the start, and removes them all before it ends. Where nobody has to sign in it listens to this machine alone.
"""

import gc
import importlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

ROOT = Path(__file__).resolve().parents[1]
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
    "pages._files.templates",
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
    "pages._simulate.portfolio",
    "pages._simulate.presented",
    "pages._simulate.programs",
)
"""what the pages import, with everything below it"""


def _import_from_root() -> None:
    """Streamlit puts the folder of this file first on the path, where pages/files.py would be anybody's `files`."""
    own = str(ROOT / "pages")
    sys.path[:] = [str(ROOT), *(place for place in sys.path if place not in (own, str(ROOT)))]


_import_from_root()
from pages._guard.access import TrustedHeader, refusal  # noqa: E402
from pages._guard.arriving import Arriving  # noqa: E402
from pages._guard.browser import OwnSessions  # noqa: E402
from pages._guard.headers import SecurityHeaders  # noqa: E402
from pages._guard.hosts import AllowedHosts  # noqa: E402

if refused := refusal():
    sys.exit(f"Motions does not start. {refused}")


@asynccontextmanager
async def _lifespan(app: Any) -> AsyncIterator[None]:
    _import_from_root()
    from pages._session import folders, log  # noqa: PLC0415 — found only now

    folders.LAUNCHED.set()
    for name in _WARM:
        importlib.import_module(name)
    log.write_events()
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


app = st.App(
    ROOT / "dashboard.py",
    lifespan=_lifespan,
    middleware=[Middleware(one) for one in (AllowedHosts, SecurityHeaders, TrustedHeader, OwnSessions, Arriving)],
)
