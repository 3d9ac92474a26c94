"""The partner's side of a run: what a typical partner earns a month, and how far partners lie apart."""

from dataclasses import dataclass

import numpy as np

from motions.economics.inputs.assumptions import Market, PartnerProgram
from motions.economics.inputs.terms import Array
from motions.economics.model.projection import shares_by_class
from motions.economics.model.run import Outcome

CLASSES = 20


@dataclass(frozen=True)
class PartnerSide:
    """Earnings of active partners by month: each array has one value a month, money per partner and month."""

    low: Array
    """a partner of the least productive tenth"""
    typical: Array
    """the partner in the middle"""
    high: Array
    """a partner of the most productive tenth"""
    mean: Array
    worth_from: float
    worth_share: Array
    """share of active partners that earn at least what makes it worth their time; NaN without partners"""


def partner_side(program: PartnerProgram, market: Market, outcome: Outcome) -> PartnerSide:
    """Follow equally large classes of partners, each paid under the terms for what it brings.

    Payouts count in the month in which they are earned. The mean is the program's partner earnings ÷ active partners.
    """
    people = outcome.came.active[:, 0] / CLASSES
    there = np.where(people > 0, people, 1.0)
    classes = [
        np.where(people > 0, (one.partner_margin + one.payouts)[:, 0] / there, np.nan)
        for one in shares_by_class(program, market, outcome.came, CLASSES)
    ]
    earned = np.sort(np.array(classes), axis=0)
    worth = np.where(people > 0, (earned >= program.worth_from).mean(axis=0), np.nan)
    tenth = CLASSES // 10
    middle = earned[CLASSES // 2 - 1 : CLASSES // 2 + 1].mean(axis=0)
    return PartnerSide(
        earned[:tenth].mean(axis=0),
        middle,
        earned[-tenth:].mean(axis=0),
        earned.mean(axis=0),
        program.worth_from,
        worth,
    )
