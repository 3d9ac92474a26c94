"""The memory that all readings of this server may use together. What does not fit waits its turn."""

import contextlib
import ctypes
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from motions import limits
from motions.cohorts.reading.engine import MEMORY
from motions.errors import LimitError


def give_back() -> None:
    """Have the C library return what is free to the system, which it else keeps where small things lie in between.

    Of a large file that is tens of megabytes. Only glibc has the call; others are left as they are.
    """
    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


LEAST = 200
"""megabytes for a reading of next to nothing: every column of a wide file takes some, however few its rows"""


class Budget:
    """Megabytes, at least 100, that are lent out in the order in which they are asked for, to some at a time."""

    def __init__(
        self, megabytes: int, readings: int = limits.READINGS.most, waiting: int = limits.WAITING.most
    ) -> None:
        self.megabytes = self.free = max(megabytes, 100)
        self.turns, self._longest = readings, waiting
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    def needed(self, files: Sequence[Path]) -> int:
        """Return the megabytes that reading some files takes; with less than this the engine works on disk."""
        size = sum(file.stat().st_size for file in files) / 1e6
        return min(round(LEAST + 6 * size), MEMORY, self.megabytes)

    @contextlib.contextmanager
    def turn(self, megabytes: int, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold so many megabytes; `waiting` is called every half second until they are free.

        Raises LimitError where too many wait already.
        """
        me = object()
        with self._changed:
            if len(self._queue) >= max(self._longest, 1):
                raise LimitError(
                    f"This server is reading the files of others, with {len(self._queue)} more waiting. "
                    "Yours are still here: have them read again in a few minutes."
                )
            self._queue.append(me)
        try:
            while not self._taken(me, megabytes):
                waiting()  # may raise: the session has gone
        finally:
            with self._changed:
                self._queue.remove(me)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self.free, self.turns = self.free + megabytes, self.turns + 1
                self._changed.notify_all()
            give_back()

    def _taken(self, me: object, megabytes: int) -> bool:
        with self._changed:
            mine = self._changed.wait_for(lambda: self._fits(me, megabytes), timeout=0.5)
            if mine:
                self.free, self.turns = self.free - megabytes, self.turns - 1
            return mine

    def _fits(self, me: object, megabytes: int) -> bool:
        return self._queue[0] is me and self.free >= megabytes and self.turns > 0
