"""Work that takes long and may be ended: its session has gone, or it has taken as long as it may.

Who starts work knows whether it is still wanted, and whoever does it asks here between two steps. Without somebody to
ask, as on the command line, all work is wanted.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Check = Callable[[], BaseException | None]
"""says why work is to end, as what is to be raised, or None while it is wanted; it may be asked from any thread"""
OFTEN = 0.2
"""seconds between two looks at work that can't ask by itself"""
_asked: list[Callable[[], Check | None]] = [lambda: None]


def ask(who: Callable[[], Check | None]) -> None:
    """Let the check that `who` returns for the thread that works say whether it is wanted: pages have sessions."""
    _asked[:] = [who]


def go_on() -> None:
    """Raise what ends the work of this thread, if it is no longer wanted; call it between two steps."""
    check = _asked[0]()
    if check and (why := check()):
        raise why


@contextmanager
def ended_by(end: Callable[[], object]) -> Iterator[None]:
    """Have `end` called, again and again, as soon as what is done inside of the block is no longer wanted.

    It is called from another thread, and may make the block raise anything: what leaves it is why the work was ended.
    """
    check = _asked[0]()
    if check is None:
        yield
        return
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(check, end, over), name="work", daemon=True)
    watch.start()
    try:
        yield
    except Exception:
        if why := check():
            raise why from None
        raise
    finally:
        over.set()
        watch.join()


def stopwatch() -> Callable[[], float]:
    """Return what says how many seconds ago it was made."""
    started = time.perf_counter()
    return lambda: time.perf_counter() - started


def _watch(check: Check, end: Callable[[], object], over: threading.Event) -> None:
    while not over.wait(OFTEN):
        if check():
            end()
