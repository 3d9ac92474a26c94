"""How much may be on its way at once: Streamlit holds an upload in memory until a page takes it, if one ever does."""

import re
from typing import Any

from starlette.responses import PlainTextResponse
from streamlit.runtime import Runtime

from motions import limits
from pages._session import log

_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+$")


class Arriving:
    """Refuses an upload that would make it more than what one tab, or all of them, may have in the server's memory."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self._coming: dict[object, tuple[str, int]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        found = _UPLOAD.search(scope.get("path", "")) if scope.get("method") == "PUT" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        me, session, size = object(), found["session"], _size(scope)
        if refused := self._refused(session, size):
            log.event("limit", counts={"bytes": size}, by={})
            await PlainTextResponse(refused, 503)(scope, receive, send)
            return
        self._coming[me] = (session, size)
        try:
            await self.app(scope, receive, send)
        finally:
            del self._coming[me]

    def _refused(self, session: str, size: int) -> str:
        sizes = [*self._coming.values(), *_held(), (session, size)]
        if sum(one for whose, one in sizes if whose == session) > limits.STORED.bytes:
            return "More at once than a tab may upload: send fewer files at a time.\n"
        if sum(one for _, one in sizes) > limits.ARRIVING.bytes:
            return "This server is taking the files of others: try again in a minute.\n"
        return ""


def _size(scope: Any) -> int:
    """The bytes that a request says it has; of one that does not say, as many as a file may have."""
    said = dict(scope.get("headers", ())).get(b"content-length", b"")
    return int(said[:15]) if said.isdigit() else limits.FILE.bytes


def _held() -> list[tuple[str, int]]:
    """Session and bytes of each upload that no page has taken yet.

    Streamlit has no public way to ask. Should its own names change, only what is on its way counts; a test notices.
    """
    try:
        storage: Any = Runtime.instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
        return [(session, len(one.data)) for session, files in list(storage.items()) for one in list(files.values())]
    except (AttributeError, RuntimeError):
        return []
