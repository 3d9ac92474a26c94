"""How long one session's slider waits while another has files of the worst shapes read, or the dearest scenario drawn.

A slider of an idle server moves at the same time: what it waits is the machine's, not ours.
"""

import contextlib
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from tests.benchmarks.limits import must
from tests.browser.conftest import serving
from tests.visitor import Visitor

LONGEST = 0.5
"""seconds that a slider may wait for others, beyond what an idle server costs it twice: two are at work then"""
MEGABYTES = 200
SECONDS = 60
"""of a reading that are looked at; then its tab is closed, which has to end it"""
_HEADER = "account_id,month,mrr\n"
_MONTHS = ",".join(f"{2000 + at // 12}-{at % 12 + 1:02d}" for at in range(300))
SHAPES = {
    "rows that are right": (_HEADER, "A{at},2025-01,10\n"),
    "bad cells": (_HEADER, "A{at},2025-01,ten\n"),
    "short lines": (_HEADER, "A1,2025-01\n"),
    "quotes left open": (_HEADER, '"A1,2025-01,10\n'),
    "quoted line breaks": (_HEADER, '"A\n{at}",2025-01,10\n'),
    "blank lines": (_HEADER, "\n"),
    "blanks and commas": (_HEADER, "  ,  ,  \n"),
    "one line": (_HEADER, "A" * 1000),
    "20,000 columns": (",".join(f"c{at}" for at in range(20_000)) + "\n", "1," * 19_999 + "1\n"),
    "300 months in columns": (f"account_id,{_MONTHS}\n", f"A{{at}}{',10' * 300}\n"),
    "a triangle": ("cohort," + ",".join(map(str, range(120))) + "\n", "2015-01" + ",0.5" * 120 + "\n"),
    "accounts": ("account_id,signed_up_on,motion,partner_id,segment\n", "A{at},2025-01-05,affiliate,P{at},S{at}\n"),
    "words": ("month,amount,kind,motion\n", "2025-01,1{at},kind{at},motion{at}\n"),
    "subscriptions": ("account_id,started_on,ended_on,mrr\n", "A{at},2010-01-05,2025-12-05,10.00\n"),
}
"""header and line, in which {at} is its number"""


def delays(names=tuple(SHAPES), megabytes=MEGABYTES, seconds=SECONDS):
    """Print for each shape how long the slider waited at the longest; beyond the bound it is remembered."""
    with (
        serving(env={"MALLOC_ARENA_MAX": "1"}) as (busy, _),
        serving() as (idle, _),
        Slider(busy) as ours,
        Slider(idle) as alone,
        TemporaryDirectory() as folder,
    ):
        for name in names:
            path = Path(folder) / "worst.csv"
            write(path, *SHAPES[name], megabytes)
            _said(f"{name}, {megabytes} MB", ours, alone, lambda path=path: reading(busy, path, seconds))
        _said("the dearest scenario, three times", ours, alone, lambda: drawing(busy))


def _said(what, ours, alone, work):
    time.sleep(1)
    ours.waited.clear(), alone.waited.clear()
    taken = work()
    waited, machine = max(ours.waited, default=0.0), max(alone.waited, default=0.0)
    figures = f"{what} ({taken}): another slider waits {waited:.2f} s at the longest, {machine:.2f} on an idle server"
    print(
        must(waited <= LONGEST + 2 * machine, figures, f"{figures}, which is MORE THAN {LONGEST} s longer"), flush=True
    )


def reading(address, path, seconds):
    """Upload a file and have it read, for so many seconds at the most."""
    started = time.perf_counter()
    with Visitor(address, "files") as visitor:
        visitor.begin(visitor.sent((path.name, path)))
        with contextlib.suppress(TimeoutError):
            visitor.wait(seconds)
            return f"read or refused in {time.perf_counter() - started:.0f} s"
    return f"left after {time.perf_counter() - started:.0f} s"


def dearest():
    """The query of the dearest scenario: all programs, each with a range on every input, 120 months, 10,000 draws."""
    from motions.economics.answers.sensitivity import with_swings  # noqa: PLC0415
    from motions.economics.inputs.links import to_link  # noqa: PLC0415
    from motions.economics.inputs.scenario import default_scenario  # noqa: PLC0415
    from tests.benchmarks.simulator import PROGRAMS  # noqa: PLC0415

    scenario = default_scenario().replace(shown=PROGRAMS, draws=10_000).with_market(months=120)
    for name in PROGRAMS:
        scenario = with_swings(scenario, name)
    return urlencode({"s": to_link(scenario)})


def drawing(address):
    started = time.perf_counter()
    for _ in range(3):
        with Visitor(address, "simulate", dearest()):
            pass
    return f"{time.perf_counter() - started:.1f} s"


def write(path, header, line, megabytes):
    with path.open("w", encoding="utf-8") as out:
        out.write(header)
        at, wanted = 0, megabytes * 1_000_000
        many = max(100_000 // len(line), 1)
        while out.tell() < wanted:
            out.write("".join(line.format(at=at + one) for one in range(many)) if "{" in line else line * many)
            at += many


class Slider:
    """A session whose slider moves without end, ten times a second at the most; `waited` are the seconds of each."""

    def __init__(self, address):
        self.visitor, self.waited, self._over = Visitor(address, "simulate"), [], threading.Event()
        self._thread = threading.Thread(target=self._move, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *told):
        self._over.set()
        self._thread.join(60)
        self.visitor.close()

    def _move(self):
        while not self._over.wait(0.1):
            self.waited.append(self.visitor.move())
