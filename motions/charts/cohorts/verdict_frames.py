"""How far differences are from none, and why a rate changed: the frames of the charts."""

from collections.abc import Sequence

import pandas as pd

from motions.charts.frame import framed
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.checks import Finding
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.cohorts.verdicts.rules import Rules
from motions.cohorts.verdicts.verdicts import SHOWN, judged
from motions.names import NAMES

MOST = 8
"""Differences that are drawn: as many as one looks at, the most certain first."""


def evidence(ledger: Ledger, settings: m.Settings, rules: Rules, side: str = "") -> pd.DataFrame:
    """Return every tested difference, a row each, the strongest first: all partners and each motion, or of one side.

    who, what: side and metric. evidence [widths of half its interval]: how far the difference is from none, better is
    positive; beyond 1 either way it is told. word, sentence: of the verdict. proof: its figure and what it is compared
    with.
    """
    names: dict[m.Group, str] = {m.PARTNER: "All partners"} | {
        (at,): NAMES[MOTIONS[at]] for at in m.each_partner(ledger)
    }
    found = [
        (
            names[group],
            m.BY_ID[one.metric].label,
            one.evidence,
            SHOWN.get(one.word, one.word),
            one.proof,
            one.sentence,
        )
        for group, all_ in judged(ledger, settings, rules).items()
        for one in all_
        if group in names and side in ("", names[group]) and one.gap.low is not None
    ]
    return framed(("who", "what", "evidence", "word", "proof", "sentence"), sorted(found, key=lambda row: -abs(row[2])))


def checks(found: Sequence[Finding]) -> pd.DataFrame:
    """Return what each attribution check finds, a row each, the most first.

    check: its title. found [count of rows], missing where it can't run. meaning: what it means, or what it needs.
    """
    rows = [
        (one.title, one.count, one.meaning if one.count is not None else m.needs_text(list(one.needs))) for one in found
    ]
    return framed(("check", "found", "meaning"), sorted(rows, key=lambda row: (row[1] is None, -(row[1] or 0))))


def change(found: mix.Split) -> pd.DataFrame:
    """Return what led from a rate to another, a row for each part: before, mix and rate of each cell, now.

    part: before, mix, rate or now. name: of the cell, or empty. amount [unit of the rate]: the rate itself, or by how
    much it moved.
    """
    rows = [("before", "", found.before)]
    rows += [("mix", line.name, line.mix) for line in found.lines]
    rows += [("rate", line.name, line.rate) for line in found.lines]
    return framed(("part", "name", "amount"), [*rows, ("now", "", found.now)])
