"""What files or a scenario say of one check: lines with a verdict each, and how these come to one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from motions.cohorts.metrics.intervals import TOO_FEW, Estimate
from motions.text import percent

Verdict = Literal["ready", "not yet", "unknown"]


@dataclass(frozen=True)
class Wanted:
    """A threshold in words: what is asked for, how much, and where that comes from."""

    title: str
    value: str
    origin: str


@dataclass(frozen=True)
class Line:
    """One figure in words, and what it says of the check. `load` is what would have to be loaded to know it."""

    verdict: Verdict
    words: str
    figure: Estimate | None = None
    load: str = ""
    motion: str = ""
    """the motion that it is about, where a check looks at each by itself"""


@dataclass(frozen=True)
class Reading:
    """What was read of one check. `of` says off what: the files as of a month, or the scenario."""

    verdict: Verdict
    lines: tuple[Line, ...]
    of: str

    @property
    def load(self) -> tuple[str, ...]:
        """What would have to be loaded to know more, in words."""
        return tuple(dict.fromkeys(line.load for line in self.lines if line.load))


def judge(found: Estimate, threshold: float) -> Verdict:
    """Return ready where all of the interval is at or above a threshold, not yet where all of it is below.

    Anything else is unknown: an interval on both sides, none, too few accounts, no figure.

    >>> from motions.cohorts.metrics.intervals import proportion
    >>> judge(proportion(40, 100), 0.3), judge(proportion(40, 100), 0.4), judge(proportion(40, 100), 0.6)
    ('ready', 'unknown', 'not yet')
    >>> judge(proportion(9, 9), 0.3)
    'unknown'
    """
    if found.value is None or found.low is None or found.high is None or found.n < TOO_FEW:
        return "unknown"
    return "ready" if found.low >= threshold else "not yet" if found.high < threshold else "unknown"


def counted(part: float, whole: float, n: int) -> Estimate:
    """Return a share that is counted and not estimated, of n accounts; both ends of its interval are the share.

    >>> judge(counted(95, 100, 100), 0.95), judge(counted(9, 9, 9), 0.95)
    ('ready', 'unknown')
    """
    share = part / whole
    return Estimate(share, share, share, n, f"too few: {n}" if n < TOO_FEW else "")


def all_of(found: Iterable[Verdict]) -> Verdict:
    """Return whether all hold (Kleene): one that does not is enough for not yet, an unknown is neither.

    >>> all_of(["ready", "unknown"]), all_of(["unknown", "not yet"]), all_of(["ready", "ready"]), all_of([])
    ('unknown', 'not yet', 'ready', 'unknown')
    """
    told = set(found)
    return "not yet" if "not yet" in told else "ready" if told == {"ready"} else "unknown"


def any_of(found: Iterable[Verdict]) -> Verdict:
    """Return whether one holds at least (Kleene).

    >>> any_of(["not yet", "unknown"]), any_of(["unknown", "ready"]), any_of(["not yet"]), any_of([])
    ('unknown', 'ready', 'not yet', 'unknown')
    """
    told = set(found)
    return "ready" if "ready" in told else "not yet" if told == {"not yet"} else "unknown"


def why_unknown(found: Estimate, threshold: float) -> str:
    """Say why a known figure decides nothing, as the end of a sentence; nothing where it does.

    >>> from motions.cohorts.metrics.intervals import proportion
    >>> why_unknown(proportion(4, 5), 0.3), why_unknown(proportion(40, 100), 0.4), why_unknown(proportion(9, 10), 0.1)
    (', too few to say', ', and the interval lies on both sides of 40.0 %', '')
    """
    if found.n < TOO_FEW:
        return ", too few to say"
    if judge(found, threshold) != "unknown":
        return ""
    return f", and the interval lies on both sides of {percent(threshold)}"
