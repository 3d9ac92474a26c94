"""The same deal under each motion: who gets what of one customer's payments over a term, as the simulator has it."""

from dataclasses import dataclass

import numpy as np

from motions.economics.inputs.assumptions import Market, PartnerProgram
from motions.economics.inputs.presets import presets
from motions.economics.inputs.terms import PayoutPlan, with_reward, with_share
from motions.economics.model.payers import ALIKE, split_by
from motions.economics.model.projection import cost_share


@dataclass(frozen=True)
class Deal:
    """One customer over the term, who may leave in it. Money in whole units; `spend` is the sum of the other three.

    What a marketplace and a distributor keep, and what the customer gets as credit, is in the cost of revenue.

    What the partner keeps, and the contribution, are None where no payout is stated.
    """

    motion: str
    spend: float
    partner_keeps: float | None
    cost_of_revenue: float
    contribution: float | None


def deal(motion: str, program: PartnerProgram, list_price: float, gross_margin: float, term: int) -> Deal:
    """Split what one customer pays in `term` months, at `list_price` a month at first, under a program's terms.

    Uses the simulator's own split, with one customer, the program's churn, expansion, coupon and support carried, and
    no program cost. Of terms that look at a partner's month the first rate counts; the customer is on the first price
    plan, pays by the month and is refunded nothing, and is won for no bonus of some months.
    """
    arriving = np.zeros((term, 1))
    arriving[0] = 1.0
    plan = program.payout.model_copy(update={"bonus": None})
    shares = split_by(
        ALIKE, plan, arriving, program.customer_churn_rate, list_price, expansion_rate=program.expansion_rate
    )
    market = Market(list_price=list_price, gross_margin=gross_margin)
    spend, cost = float(shares.spend.sum()), float((shares.listed * cost_share(program, market)).sum())
    cost += float(shares.marketplace.sum() + shares.distributor.sum() + shares.friend.sum())
    if not program.payout.kinds:
        return Deal(motion, spend, None, cost, None)
    partner = float((shares.partner_margin + shares.payouts).sum())
    return Deal(motion, spend, partner, cost, spend - partner - cost)


def preset_deal(
    motion: str, list_price: float, gross_margin: float, term: int, share: float | None = None,
    reward: float | None = None,
) -> Deal:  # fmt: skip
    """Return the deal under a partner motion's preset, with another share of the price or reward where one is given."""
    program = _preset(motion)
    if share is not None:
        program = _paying(program, with_share(program.payout, share))
    elif reward is not None:
        program = _paying(program, with_reward(program.payout, reward))
    return deal(motion, program, list_price, gross_margin, term)


def deal_range(
    motion: str, shares: tuple[float, float], list_price: float, gross_margin: float, term: int
) -> tuple[Deal, Deal]:
    """Return the deal at two shares of the price, the ends of a range that the playbook gives."""
    low, high = (preset_deal(motion, list_price, gross_margin, term, share) for share in shares)
    return low, high


def _paying(program: PartnerProgram, plan: PayoutPlan) -> PartnerProgram:
    return program.model_copy(update={"payout": plan})


def _preset(motion: str) -> PartnerProgram:
    program = presets()[motion].program
    assert isinstance(program, PartnerProgram)  # noqa: S101  asked for partner motions only
    return program
