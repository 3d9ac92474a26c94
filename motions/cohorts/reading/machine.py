"""What a reading says when the machine fails under it: its memory or its disk is used up, or a file goes meanwhile.

The files are as good as they were, so nobody is sent to look for a fault in them.
"""

import contextlib
import errno
import os
from collections.abc import Iterator

import duckdb

from motions.errors import MachineFault

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""what a system says when no more can be written"""
_HERE = "Nothing is half read, and what was here before still is."
_MEMORY = (
    "not read, as the memory that this server gives one reading is used up",
    f"{_HERE} Leave out early months or columns, or ask whoever runs the server for more memory.",
)
_DISK = (
    "not read, as the disk of this server is full",
    f"{_HERE} Tell whoever runs the server, and read again when there is room.",
)
_GONE = ("not read, as a file went from this server meanwhile", "Upload it again; the others are still here.")


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Raise MachineFault, in words, where the machine fails while `what` is read; also a decorator.

    >>> try:
    ...     with told("These files"):
    ...         raise OSError(errno.ENOSPC, "No space left on device")
    ... except MachineFault as problem:
    ...     problem.problem
    'not read, as the disk of this server is full'
    """
    try:
        yield
    except (MemoryError, duckdb.OutOfMemoryException):
        raise MachineFault(what, *_MEMORY) from None
    except (OSError, duckdb.IOException) as problem:
        raise MachineFault(what, *_of_disk(problem)) from None


def _of_disk(problem: Exception) -> tuple[str, str]:
    """The problem and the repair; the engine has the system's words in its message, and a path that is nobody's."""
    own = getattr(problem, "errno", None)
    said = [number for number in (*FULL, errno.ENOENT) if number == own or os.strerror(number) in str(problem)]
    if said:
        return _GONE if said[0] == errno.ENOENT else _DISK
    why = f" ({os.strerror(own)})" if own else ""
    return f"not read, as this server can't use its temporary folder{why}", f"{_HERE} Tell whoever runs the server."
