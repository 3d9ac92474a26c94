"""The customers that are there before a program's first month, followed from their own first payments on.

So months paid, coupons, prepaid licences, clawbacks and holds go on from the age that each customer has. They are told
apart from those that are won: what winning a customer costs is not theirs.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from motions.economics.inputs.assumptions import PartnerProgram, ProgramInputs
from motions.economics.inputs.terms import Array, PayoutPlan
from motions.economics.model.payers import ALIKE, Payers, mean_size, split_by
from motions.economics.model.payouts import Split
from motions.text import percent

_MOST = 61
"""ages at the most that a scenario holds"""
_LEAST_LEFT = 1e-6
"""share of customers that is followed back to their first payment: an older customer counts as old as that"""


def there(program: ProgramInputs) -> bool:
    """Return whether a program begins with customers."""
    return bool(np.any(np.asarray(program.customers_at_start) > 0))


def without(program: ProgramInputs) -> ProgramInputs:
    """Return the program as if nobody had been a customer before: what is of customers won is read from it."""
    return program.model_copy(update={"customers_at_start": 0.0}) if there(program) else program


def ages(program: ProgramInputs) -> Array:
    """Return which share of these customers has each age, in months since the first payment; 0 first paid last month.

    Where no partner is paid for them their age plays no part.

    >>> ages(PartnerProgram(age_at_start=2)).tolist(), ages(PartnerProgram(ages_at_start="3 0 1")).tolist()
    ([0.0, 0.0, 1.0], [0.75, 0.0, 0.25])
    """
    if not isinstance(program, PartnerProgram):
        return np.ones(1)
    if program.ages_at_start is None:
        one: Array = np.eye(int(program.age_at_start) + 1)[-1]
        return one
    weights = np.array(program.ages_at_start.split(), float)
    shares: Array = weights / weights.sum()
    return shares


def by_age(program: ProgramInputs, owner_keep: Any = 1.0) -> tuple[Array, Array]:
    """Return the customers by age, and what is left of one's payments at that age; both ages × draws.

    `owner_keep`: share of partners that goes on each month, where only customers of these are followed.
    """
    stays = np.atleast_1d((1 - np.asarray(program.customer_churn_rate)) * owner_keep)
    stays = stays * (1 + np.asarray(program.expansion_rate))
    shares = ages(program)
    oldest = min(len(shares), _followed_back(float(stays.min())))
    shares = np.append(shares[: oldest - 1], shares[oldest - 1 :].sum())[:, None]
    return shares * np.atleast_1d(program.customers_at_start), stays ** np.arange(oldest)[:, None]


def on_the_way(program: ProgramInputs, months: int) -> Array:
    """Return the new customers of leads of the months before, months × draws: a program with customers has leads too.

    Leads came as those of the first month do: by the partners of the start, or as direct leads grow.
    """
    month, cycle = np.arange(months)[:, None], np.atleast_1d(program.sales_cycle_months)
    if isinstance(program, PartnerProgram):
        leads = np.asarray(program.partners_at_start * program.leads_per_partner) * np.ones((months, 1))
    else:
        leads = program.leads * (1 + np.atleast_1d(program.lead_growth_rate)) ** (month - cycle)
    new: Array = np.where(month < cycle, leads * program.conversion_rate, 0.0)
    return new


def by_age_in_words(program: ProgramInputs) -> str:
    """Say how old these customers are where their ages are known one by one; else nothing.

    >>> by_age_in_words(PartnerProgram(customers_at_start=4, ages_at_start="3 0 0 0 0 0 0 0 0 0 0 0 1"))
    'Their ages are known: 75 % have paid for less than 12 months, 25 % for 12 months or more.'
    """
    if not isinstance(program, PartnerProgram) or not there(program) or program.ages_at_start is None:
        return ""
    young = float(ages(program)[:12].sum())
    first, rest = percent(young, 0), percent(1 - young, 0)
    return f"Their ages are known: {first} have paid for less than 12 months, {rest} for 12 months or more."


def _followed_back(stays: float) -> int:
    """How many ages are told apart, where so much is left of a customer's payments after a month."""
    if stays >= 1:
        return _MOST
    return 1 + int(np.log(_LEAST_LEFT) / np.log(stays)) if stays > 0 else 1


def already(plan: PayoutPlan, program: ProgramInputs, months: int, payers: Sequence[Payers] = ALIKE) -> Split:
    """Split what these customers pay in the first `months` months, under plain terms (`histories.plain`)."""
    found = _followed(plan, program, months, payers)
    if plan.payouts_end == "with the partnership":
        own = already_own(plan, program, months, payers)
        found = replace(found, payouts=own.payouts, paid=own.paid, fees=own.fees, friend=own.friend)
    stays = 1 - np.atleast_1d(program.customer_churn_rate)
    left: Array = np.atleast_1d(program.customers_at_start) * stays ** np.arange(1, months + 1)[:, None]
    return replace(found, customers=left)


def already_own(plan: PayoutPlan, program: ProgramInputs, months: int, payers: Sequence[Payers] = ALIKE) -> Split:
    """The same of those whose partner is still active."""
    keep = 1 - np.asarray(program.partner_churn_rate) if isinstance(program, PartnerProgram) else 1.0
    return _followed(plan, program, months, payers, keep)


def _followed(
    plan: PayoutPlan, program: ProgramInputs, months: int, payers: Sequence[Payers], owner_keep: Any = 1.0
) -> Split:
    left, stays = by_age(program, owner_keep)
    # Who came in a month before is more than who is left of it; the youngest came last.
    came = (left / stays)[::-1]
    # Each paid less at first, by what it has grown since.
    grown = (1 + np.atleast_1d(program.expansion_rate)) ** np.arange(len(left))[::-1, None]
    whole = split_by(
        payers, plan, np.concatenate([came, np.zeros((months, came.shape[1]))]), program.customer_churn_rate,
        program.mrr_each_at_start / mean_size(payers), expansion_rate=program.expansion_rate, owner_keep=owner_keep,
        before=len(came),
        worth=np.concatenate([1 / grown, np.ones((months, grown.shape[1]))]) if np.any(plan.cap_per_customer) else 1.0,
    )  # fmt: skip
    return Split(*(getattr(whole, one.name)[len(came) :] for one in fields(Split)))
