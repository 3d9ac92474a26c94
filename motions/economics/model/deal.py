"""The same deal under each motion: who gets what of one customer's payments over a term."""

from dataclasses import dataclass

import numpy as np

from motions.economics.inputs.presets import presets
from motions.economics.inputs.terms import PayoutPlan, Terms
from motions.economics.model.payouts import split


@dataclass(frozen=True)
class Deal:
    """One customer that stays for the term. Money in whole units; `spend` is the sum of the other three."""

    motion: str
    spend: float
    partner_keeps: float
    cost_of_revenue: float
    contribution: float


def deal(motion: str, terms: Terms, list_price: float, gross_margin: float, term: int) -> Deal:
    """Split what one customer pays in `term` months at `list_price` a month under the terms.

    Uses the simulator's own split, with one customer that does not churn and no program cost.
    """
    arriving = np.zeros((term, 1))
    arriving[0] = 1.0
    shares = split(terms, arriving, np.zeros(1), np.full(1, list_price))
    spend = float(shares.spend.sum())
    partner = float((shares.partner_margin + shares.payouts).sum())
    cost = spend * (1 - gross_margin)
    return Deal(motion, spend, partner, cost, spend - partner - cost)


def preset_deal(motion: str, list_price: float, gross_margin: float, term: int) -> Deal:
    """Return the deal under a partner motion's preset terms."""
    return deal(motion, _preset_terms(motion), list_price, gross_margin, term)


def deal_range(
    motion: str, shares: tuple[float, float], list_price: float, gross_margin: float, term: int
) -> tuple[Deal, Deal]:
    """Return the deal at two shares of the price, the ends of a range that the playbook gives."""
    low, high = (
        deal(motion, with_share(_preset_terms(motion), share), list_price, gross_margin, term) for share in shares
    )
    return low, high


def with_share(plan: PayoutPlan, share: float) -> PayoutPlan:
    """Return the plan with the partner's share of the price replaced; a plan without one is unchanged."""
    for kind, field in (("margin", "margin"), ("wholesale", "discount"), ("percent", "rate"), ("share", "rate")):
        if kind in plan.kinds:
            return plan.model_copy(update={kind: plan.part(kind).model_copy(update={field: share})})
    return plan


def _preset_terms(motion: str) -> PayoutPlan:
    terms: PayoutPlan = getattr(presets()[motion].program, "payout")  # noqa: B009  partner motions only have one
    return terms
