"""The partner's side of a run: what a typical partner earns a month, and how far partners lie apart."""

from dataclasses import dataclass

import numpy as np

from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.terms import Array
from motions.economics.model.lanes import CLASSES
from motions.economics.model.run import Outcome


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


def partner_side(program: PartnerProgram, outcome: Outcome) -> PartnerSide:
    """Return what active partners make of their own customers, by equally large classes of what they bring.

    Payouts count in the month in which they are earned. Each class is its average partner, young and old; the mean is
    what all active partners make ÷ active partners.
    """
    people = outcome.came.active[:, 0] / CLASSES
    there = np.where(people > 0, people, 1.0)
    earned = np.sort(np.where(people > 0, outcome.projection.class_earnings / there, np.nan), axis=0)
    worth = np.where(people > 0, (earned >= program.worth_from).mean(axis=0), np.nan)
    middle = earned[CLASSES // 2 - 1 : CLASSES // 2 + 1].mean(axis=0)
    return PartnerSide(earned[0], middle, earned[-1], earned.mean(axis=0), program.worth_from, worth)
