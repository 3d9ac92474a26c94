"""Tries examples in a process of its own, which is watched: an example may neither hang nor take the machine's memory.

Example n of a seed is always the same one.
"""

import contextlib
import faulthandler
import multiprocessing
import os
import random
import signal
import tempfile
import time
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

DEADLINE = 30.0
"""seconds an example may take: the slowest take two on a machine that is busy with something else"""
MOST_MEMORY = 1500
"""megabytes of the process"""
MOST_FAULTS = 20


@dataclass
class Outcome:
    """How many examples were tried, and the faults that were found: number → what happened."""

    seed: int
    only: str = ""
    tried: int = 0
    faults: dict[int, str] = field(default_factory=dict)

    def said(self):
        """What came of it, with how to see each fault again."""
        lines = [f"seed {self.seed}: {self.tried} examples, {len(self.faults)} faults"]
        only = f" --only '{self.only}'" if self.only else ""
        for number, fault in self.faults.items():
            lines += ["", f"python -m tests.fuzz --seed {self.seed} --example {number}{only}", fault]
        return "\n".join(lines)


def tried(seed, number, only="", scratch=None):
    """Try one example: nothing, or the text of the fault."""
    from tests.fuzz.examples import EXAMPLES  # noqa: PLC0415 — what watches has no need of all this

    rnd = random.Random(f"{seed} {number}")
    name = only or rnd.choice(list(EXAMPLES))
    with tempfile.TemporaryDirectory(dir=scratch) as folder, warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # a sum that overflows is a wrong figure
        try:
            EXAMPLES[name](rnd, Path(folder))
        except Exception:
            return f"{name}\n{traceback.format_exc(limit=-12)}"
    return ""


def _try_all(seed, first, only, scratch, at, found):
    import tests.fuzz.examples  # noqa: F401, PLC0415 — which takes as long as many an example

    faulthandler.enable()
    for number in range(first, 2**40):
        at[0], at[1] = number, time.monotonic()
        if fault := tried(seed, number, only, scratch):
            found.send((number, fault))


def run(seed, seconds, only="", first=0):
    """Try examples for some seconds, 0 for without end; after a hang it goes on with the next example."""
    outcome, end = Outcome(seed, only), time.monotonic() + (seconds or 2**40)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch, contextlib.suppress(KeyboardInterrupt):
        while time.monotonic() < end and len(outcome.faults) < MOST_FAULTS:
            first = _watch(outcome, end, first, scratch)
    return outcome


def _watch(outcome, end, first, scratch):
    """Let a process try examples until it has to be ended; the number of the next one to try."""
    context = multiprocessing.get_context("spawn")
    at = context.Array("d", [first, time.monotonic() + 60], lock=False)  # a minute to start in
    ours, theirs = context.Pipe(duplex=False)
    whole = (outcome.seed, first, outcome.only, scratch, at, theirs)
    child = context.Process(target=_try_all, args=whole, daemon=True)
    child.start()
    stopped = ""
    try:
        while time.monotonic() < end and not stopped and len(outcome.faults) < MOST_FAULTS:
            while ours.poll(0.2):
                number, fault = ours.recv()
                if fault[-300:] not in {known[-300:] for known in outcome.faults.values()}:  # each place once
                    outcome.faults[number] = fault
            stopped = _stopped(child, at)
        if stopped:
            outcome.faults[int(at[0])] = stopped
    finally:
        _end(child, shows=bool(stopped))
        outcome.tried = int(at[0])
    return int(at[0]) + 1


def _stopped(child, at):
    """Why a process can't go on, or nothing."""
    if not child.is_alive():
        return f"the process ended with {child.exitcode}"
    if time.monotonic() - at[1] > DEADLINE:
        return f"takes longer than {DEADLINE:.0f} seconds"
    used = _megabytes(child.pid)
    return f"takes {used} MB" if used > MOST_MEMORY else ""


def _megabytes(process):
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):  # no Linux, or just gone
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def _end(child, shows):
    if shows and child.is_alive():
        os.kill(child.pid, signal.SIGABRT)  # it shows where it is on the way out
        child.join(5)
    child.kill()
    child.join()
