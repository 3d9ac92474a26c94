"""How far differences are from none, and why a rate changed: the frames of the charts."""

import pandas as pd

from motions.charts.frame import framed
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.cohorts.verdicts.rules import Rules
from motions.cohorts.verdicts.verdicts import judged
from motions.names import NAMES

MOST = 14
"""Differences that are drawn."""


def evidence(ledger: Ledger, settings: m.Settings, rules: Rules) -> pd.DataFrame:
    """Return every tested difference, a row each, the strongest first: all partners, and each motion.

    who, what: side and metric. evidence [widths of half its interval]: how far the difference is from none, better is
    positive; beyond 1 either way it is told. word, sentence: of the verdict.
    """
    names: dict[m.Group, str] = {m.PARTNER: "All partners"} | {
        (at,): NAMES[MOTIONS[at]] for at in m.each_partner(ledger)
    }
    found = [
        (names[group], m.BY_ID[one.metric].title, one.evidence, one.said, one.sentence)
        for group, all_ in judged(ledger, settings, rules).items()
        for one in all_
        if group in names and one.gap.low is not None
    ]
    return framed(("who", "what", "evidence", "word", "sentence"), sorted(found, key=lambda row: -abs(row[2])))


def change(found: mix.Split) -> pd.DataFrame:
    """Return what led from a rate to another, a row for each part: before, mix and rate of each cell, now.

    part: before, mix, rate or now. name: of the cell, or empty. amount [unit of the rate]: the rate itself, or by how
    much it moved.
    """
    rows = [("before", "", found.before)]
    rows += [("mix", line.name, line.mix) for line in found.lines]
    rows += [("rate", line.name, line.rate) for line in found.lines]
    return framed(("part", "name", "amount"), [*rows, ("now", "", found.now)])
