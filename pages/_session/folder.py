"""Where a session's files are while it lasts."""

import os
import shutil
import tempfile
import weakref
from pathlib import Path


class PrivateFolder:
    """A private folder that is removed with the session that holds it, and when the server stops.

    A server that was killed could not remove its folders: the next one does, when it makes its first.
    """

    def __init__(self) -> None:
        for old in Path(tempfile.gettempdir()).glob("motions-*-*"):
            owner = old.name.split("-")[1]
            if owner.isdigit() and not _is_running(int(owner)):
                shutil.rmtree(old, ignore_errors=True)
        self.path = Path(tempfile.mkdtemp(prefix=f"motions-{os.getpid()}-"))
        self.remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
