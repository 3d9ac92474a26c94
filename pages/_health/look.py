"""What is looked at on program health: every view of it is given the same."""

from dataclasses import dataclass

from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program
from motions.cohorts.tables.health import Tile
from motions.cohorts.verdicts.verdicts import Verdict


@dataclass(frozen=True)
class Look:
    """What is looked at: the program, the part of its ledger, the partner side and the settings."""

    program: Program
    ledger: Ledger
    side: str
    group: m.Group
    settings: m.Settings
    judged: tuple[Verdict, ...]
    more: tuple[Tile, ...] = ()
    """figures that are not among the first six"""
