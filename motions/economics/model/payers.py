"""Customers that pay alike, by price plan and by the month or a year at once, and the split of what they pay.

This is under plain terms. What a group of customers comes to is a sum over the groups. A year that is paid at once
arrives in a customer's first month and each twelve months after, from those who are there then; what a customer has
grown by is bought when it renews. It is booked by twelfths. A commission is on what arrives. When a customer leaves
within the year the rest is refunded, with the commission on it, or kept: then it is a customer of the year that it has
paid for, as far as money goes, and costs nothing any more.

Under a wholesale discount the customers' payments are the partner's affair: all are followed month by month.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from motions.economics.inputs.assumptions import Market
from motions.economics.inputs.terms import FIRST_RATE, Array, ByCustomer, PayoutPlan, Terms, in_credit, redeemed
from motions.economics.model.payouts import (
    Split,
    accumulate,
    added,
    by_date,
    for_customers,
    is_dated,
    later,
    refunded_below_the_most,
    second_ends,
    split,
    to_distributor,
    together,
)

YEAR = 12


@dataclass(frozen=True)
class Payers:
    """A group of customers that pay alike; numbers, or one value a draw."""

    share: Any = 1.0
    """of new customers"""
    year: Any = None
    """what a month of a year paid at once costs, as a multiple of the list price; None: they pay by the month"""
    refunded: bool = False
    """whether the rest of a year is paid back when they leave"""
    size: Any = 1.0
    """what they pay a month, as a multiple of the list price: that of their price plan"""
    plan: int = 0
    """which price plan they are on, the first being 0"""
    refund: Any = 0.0
    """share of payments that are paid back"""
    part: Any = 1.0
    """how much of each"""
    after: int = 1
    """months later"""


ALIKE: tuple[Payers, ...] = (Payers(),)
"""the one group where all customers pay by the month"""


def payers_of(market: Market, plan: PayoutPlan) -> tuple[Payers, ...]:
    """Return the groups of customers that pay alike, in a market and under a plan.

    >>> [(float(one.share), one.year) for one in payers_of(Market(prepaid_share=0.25, year_price=9), PayoutPlan())]
    [(0.75, None), (0.25, 0.75)]
    >>> [(float(one.share), one.size) for one in payers_of(Market(plan_2_share=0.25, plan_2_price=3), PayoutPlan())]
    [(0.75, 1.0), (0.25, 3.0)]
    """
    prepaid = 0.0 if plan.wholesale is not None else market.prepaid_share
    second, third = market.plan_2_share, market.plan_3_share
    refund = 0.0 if plan.wholesale is not None else market.refund_rate
    # Asked often, of numbers as a rule: NumPy would take longer than all that follows.
    if not any(value.any() if isinstance(value, np.ndarray) else value for value in (prepaid, second, third, refund)):
        return ALIKE
    first = np.maximum(1 - second - third, 0.0)  # of draws both may be large
    over = np.maximum(second + third, 1.0)
    plans = ((first, 1.0), (second / over, market.plan_2_price), (third / over, market.plan_3_price))
    used = [(at, share, size) for at, (share, size) in enumerate(plans) if np.any(share)]
    refunds = (refund, market.refund_part, market.refund_after) if np.any(refund) else ()
    monthly = [Payers(share * (1 - prepaid), None, False, size, at, *refunds) for at, share, size in used]
    if not np.any(prepaid):
        return tuple(monthly)
    year, refunded = market.year_price / YEAR, market.prepaid_rest == "refunded"
    return (*monthly, *(Payers(share * prepaid, year, refunded, size, at, *refunds) for at, share, size in used))


def rate_for(part: ByCustomer, first: Any, payers: Payers, price: Any) -> Any:
    """Return the rate of a part for a group of customers, `first` being that of the first; `price`: list price a month.

    >>> from motions.economics.inputs.terms import FlatReward
    >>> by_billing = FlatReward(rate_by="billing", rate_2=75)
    >>> [rate_for(by_billing, 50, one, 100) for one in (Payers(), Payers(year=1.0))]
    [50, 75.0]
    """
    if part.rate_by == "plan":
        return (first, part.rate_2, part.rate_3)[payers.plan]
    if part.rate_by == "billing":
        return first if payers.year is None else part.rate_2
    if part.rate_by == "deal size":
        size = price * payers.size * (1.0 if payers.year is None else payers.year)
        large = size * (1 + 1e-9) >= np.asarray(part.rate_size_from)
        return np.where(large, part.rate_2, first)
    return first


def own_terms(plan: PayoutPlan, payers: Payers, price: Any) -> PayoutPlan:
    """Return a plan as it is for one group of customers: with its rates."""
    parts: dict[str, Any] = {}
    for kind in plan.kinds:
        part = plan.part(kind)
        if isinstance(part, ByCustomer) and part.rate_by != "nothing":
            name = FIRST_RATE[kind]
            rate = rate_for(part, getattr(part, name), payers, price)
            parts[kind] = part.model_copy(update={name: rate, "rate_by": "nothing"})
    return plan.model_copy(update=parts) if parts else plan


def rates_differ(plan: PayoutPlan, payers: Sequence[Payers], price: Any) -> bool:
    """Return whether some groups of customers earn their partner other rates than others.

    >>> from motions.economics.inputs.terms import FlatReward
    >>> plan = PayoutPlan(flat=FlatReward(rate_by="billing"))
    >>> rates_differ(plan, ALIKE, 100), rates_differ(plan, (Payers(0.5), Payers(0.5, year=1.0)), 100)
    (False, True)
    """
    return any(own_terms(plan, one, price) != own_terms(plan, payers[0], price) for one in payers)


def refunding(payers: Sequence[Payers]) -> bool:
    """Return whether some customers are paid back a payment, or the rest of a year."""
    return any(one.refunded or np.any(one.refund) for one in payers)


def of_list_price(payers: Sequence[Payers]) -> Any:
    """Return what an average customer pays a month as a multiple of the list price, a twelfth of a prepaid year."""
    return sum(one.share * one.size * (1.0 if one.year is None else one.year) for one in payers)


def mean_size(payers: Sequence[Payers]) -> Any:
    """Return the list price of an average customer's plan, as a multiple of that of the first.

    >>> mean_size(ALIKE), mean_size((Payers(0.5), Payers(0.5, size=3.0)))
    (1.0, 2.0)
    """
    return 1.0 if payers is ALIKE else sum(one.share * one.size for one in payers)


def split_by(
    payers: Sequence[Payers],
    terms: Terms,
    new: Array,
    churn_rate: Any,
    price: Any,
    *,
    expansion_rate: Any = 0.0,
    leads: Array | None = None,
    owner_keep: Any = 1.0,
    worth: Any = 1.0,
    before: int = 0,
) -> Split:
    """Follow new customers of all groups and split what they pay, under the plain terms; see `payouts.split`.

    `before`: so many months are those in which customers came that are there already; of these nothing is booked for
    others that have left by then.

    One customer prepays a year at ten months' price, of which 20 % are its partner's:

    >>> from motions.economics.inputs.terms import PercentOfRevenue
    >>> one = np.array([[1.0], [0.0]])
    >>> terms = PercentOfRevenue(rate=0.2, duration="first payment")
    >>> found = split_by((Payers(1.0, 10 / 12),), terms, one, 0.0, 120.0)
    >>> found.receipts.ravel().tolist(), found.spend.ravel().tolist(), found.payouts.ravel().tolist()
    ([1200.0, 0.0], [100.0, 100.0], [240.0, 0.0])
    """
    rest = {"expansion_rate": expansion_rate, "owner_keep": owner_keep}
    plan = PayoutPlan.of(terms)
    if is_dated(plan):
        return together(by_date(plan, new, before), leads, lambda own, some, came: split_by(
            payers, own, some, churn_rate, price, leads=came, worth=worth, before=before, **rest
        ))  # fmt: skip
    if payers is ALIKE:
        return split(own_terms(plan, payers[0], price), new, churn_rate, price, leads=leads, worth=worth, **rest)
    if any(np.any(one.refund) for one in payers):  # who is refunded and then leaves is followed in histories
        plan = plan.model_copy(update={"clawback": "none"})
    came = np.zeros((len(new), 1)) if leads is None else leads
    return added(
        *(
            (_Months(one, worth) if one.year is None else _Years(one, before)).split(
                own_terms(plan, one, price),
                new * one.share,
                churn_rate,
                price * one.size,
                leads=came * one.share,
                **rest,
            )
            for one in payers
        )
    )


def _sum(parts: Sequence[Array]) -> Array:
    return reduce(np.add, parts)


@dataclass(frozen=True)
class _Months:
    """Customers that pay by the month."""

    payers: Payers
    worth: Any = 1.0
    """what one that arrives pays against the price, see `payouts.split`"""

    def split(self, plan: PayoutPlan, new: Array, churn_rate: Any, price: Any, **rest: Any) -> Split:
        """Split what they pay less what of it is refunded."""
        paid = split(plan, new, churn_rate, price, **rest, worth=self.worth)
        if not np.any(self.payers.refund):
            return paid
        refundable, without = _refundable(plan, self.payers), rest | {"leads": None}
        share = self.payers.refund * self.payers.part * np.asarray(rest["owner_keep"]) ** self.payers.after
        paid_back = split(refundable, new, churn_rate, price, **without)
        changed = {name: _less(paid, paid_back, name, self.payers.after, share) for name in _REFUNDED}
        # What is taken back inside the hold is not paid, and funds follow what arrives.
        taken_back = split(_at_once(refundable), new, churn_rate, price, **without)
        wait, hold = np.maximum(self.payers.after, plan.hold_months), plan.hold_months
        due = {name: _less(paid, taken_back, name, wait, share) for name in ("paid", "fees")}
        if plan.share is not None and np.any(plan.share.funds_rate):
            funds = later(later(paid_back.receipts, self.payers.after) * share, hold)
            funds = plan.share.funds_rate * plan.share.funds_used * funds
            due = {"paid": due["paid"] - funds, "fees": due["fees"] - funds * plan.payout_fee}
        if np.any(plan.cap_per_customer):
            due = self._below_the_most(paid, plan, new, churn_rate, price, rest)
        return replace(paid, **changed | due)

    def _below_the_most(
        self, paid: Split, plan: PayoutPlan, new: Array, churn_rate: Any, price: Any, rest: dict[str, Any]
    ) -> dict[str, Array]:
        """What is owed and paid where one customer earns no more than a most: that is no share of what is refunded."""
        one, without = self.payers, {name: value for name, value in rest.items() if name != "leads"}
        back = refunded_below_the_most(plan, new, churn_rate, price, one.part, **without, worth=self.worth)
        back = back * one.refund * np.asarray(rest["owner_keep"]) ** one.after
        goes = later(back, np.maximum(one.after, plan.hold_months))
        in_cash = 0.0 if plan.kinds_in_credit else 1.0  # then there is nothing else
        return {
            "payouts": paid.payouts - later(back, one.after), "paid": paid.paid - goes,
            "fees": paid.fees - goes * plan.payout_fee * in_cash,
        }  # fmt: skip


_REFUNDED = (
    "priced",
    "spend",
    "vendor_revenue",
    "partner_margin",
    "payouts",
    "receipts",
    "marketplace",
    "distributor",
    "friend",
)
"""what of a split is less by refunds in their month"""


def _less(paid: Split, paid_back: Split, name: str, months: Any, share: Any) -> Array:
    """A series less what goes of it so many months later."""
    less: Array = getattr(paid, name) - later(getattr(paid_back, name), months) * share
    return less


def _refundable(plan: PayoutPlan, payers: Payers) -> PayoutPlan:
    """The plan with the parts of which refunds take something back."""
    parts: dict[str, Any] = {"lead": None, "override_rate": 0.0}
    if not _in_full(payers):
        parts["flat"] = None
        parts["bonus"] = plan.bonus.model_copy(update={"reward": 0.0}) if plan.bonus is not None else None
    return plan.model_copy(update=parts)


def _at_once(plan: PayoutPlan) -> PayoutPlan:
    """The plan without a hold, and without funds."""
    share = plan.share and plan.share.model_copy(update={"funds_rate": 0.0})
    return plan.model_copy(update={"hold_days": 0, "payout_day": 0, "share": share})


def _in_full(payers: Payers) -> bool:
    return bool(np.all(np.asarray(payers.part) >= 1))


@dataclass(frozen=True)
class _Years:
    """Customers that pay a year at once."""

    payers: Payers
    before: int

    def split(
        self, plan: PayoutPlan, new: Array, churn_rate: Any, price: Any, *, expansion_rate: Any, leads: Array,
        owner_keep: Any,
    ) -> Split:  # fmt: skip
        """Split what they pay, as `payouts.split` does of those who pay by the month."""
        one = _Year(self, plan, new, price, 1 - np.asarray(churn_rate, float), owner_keep, 1 + expansion_rate)
        left = (1 - np.asarray(plan.margin.margin)) * (1 - plan.distributor) if plan.margin is not None else 1.0
        bought = one.arrives(lambda _: 1.0)
        spend = one.booked(bought)
        priced = one.booked(one.arrives(lambda _: 1.0, coupon=False)) if np.any(plan.coupon) else spend
        receipts = (bought - one.refunded(bought)) * left
        payouts, credit = one.payouts(leads, left, receipts)
        # What is taken back of payments inside the hold is not paid; of customers that left early it is as it is owed.
        hold = plan.hold_months
        paid, in_credit = (
            one.payouts(leads, left, receipts, hold)
            if plan.clawback == "none"
            else (later(payouts, hold), later(credit, hold))
        )
        if np.any(plan.override):
            payouts, paid = payouts + plan.override * bought, paid + later(plan.override * bought, hold)
        customers = accumulate(new, one.keep)
        listed = accumulate(new, one.keep * one.grow) * price
        fees = np.maximum((paid - in_credit) * plan.payout_fee, 0.0)
        revenue = spend * left
        kept, between = (bought - one.refunded(bought)) * plan.marketplace_fee, to_distributor(plan, revenue)
        return Split(
            new, customers, listed, priced, spend, revenue, spend - revenue - between, payouts, receipts, paid, fees,
            kept, between, one.friend(leads, left, receipts),
        )  # fmt: skip


class _Year:
    """The years of one group, by the month in which they begin."""

    def __init__(
        self, years: _Years, plan: PayoutPlan, new: Array, price: Any, staying: Array, owner: Any, grow: Any
    ) -> None:  # fmt: skip
        self.payers, self.before, self.plan, self.new, self.price = years.payers, years.before, plan, new, price
        self.staying, self.owner, self.grow = staying, np.asarray(owner, float), np.asarray(grow, float)
        self.keep = staying * self.owner
        self.leaves = (1 - staying) * self.owner

    def of_one(self, age: int, coupon: bool = True) -> Array:
        """What a customer pays for the year that begins at an age."""
        off = np.where(age < np.asarray(self.plan.coupon_months), self.plan.coupon, 0.0) if coupon else 0.0
        paid: Array = YEAR * self.price * self.payers.year * self.grow**age * (1 - off)
        return paid

    def arrives(self, rate: Callable[[int], Any], coupon: bool = True) -> Array:
        """What arrives in each month, times a rate by the customer's age."""
        found = [
            later(self.new, age) * (self.keep**age * self.of_one(age, coupon) * rate(age))
            for age in range(0, len(self.new), YEAR)
        ]
        return _sum(found)

    def by_month(self, bought: Array) -> Array:
        """What of years is of each month: of those who are there, or also of those who left and were not refunded."""
        stays = self.keep if self.payers.refunded else self.owner
        if self.before and not self.payers.refunded:
            there = self.keep ** np.arange(self.before - 1, -1, -1)[:, None]
            bought = np.concatenate([bought[: self.before] * there, bought[self.before :]])
        return _sum([later(bought, age) * (stays**age / YEAR) for age in range(YEAR)])

    def booked(self, bought: Array) -> Array:
        """The same less refunds, of which the months that nobody uses any more are none."""
        one = self.payers
        if not np.any(one.refund):
            return self.by_month(bought)
        unused = one.refund * one.part * self.rest(bought, one.after)
        booked: Array = self.by_month(bought) - self.paid_back(bought) + unused
        return booked

    def rest(self, bought: Array, first: int = 1, hold: Any = 0) -> Array:
        """What is unused of years in each month, of those who leave at its start, from the year's month `first` on.

        Nothing where it is not refunded. It comes `hold` months after the year was paid for at the earliest.
        """
        nothing = np.zeros((len(bought), 1))
        if not self.payers.refunded:
            return nothing
        months = [
            later(bought, np.maximum(age, hold)) * (self.keep ** (age - 1) * self.leaves * (YEAR - age) / YEAR)
            for age in range(first, YEAR)
        ]
        return _sum([nothing, *months])

    def paid_back(self, bought: Array, hold: Any = 0) -> Array:
        """What of years is refunded apart from churn, in each month; of who has left, what was left of its year."""
        one, unused = self.payers, np.zeros(1)
        if one.refunded:
            gone = [self.staying ** (age - 1) * (1 - self.staying) * (YEAR - age) for age in range(1, one.after)]
            unused = np.sum(gone, axis=0) / YEAR
        share: Array = one.refund * one.part * self.owner**one.after * (1 - unused)
        return later(bought, np.maximum(one.after, hold)) * share

    def refunded(self, bought: Array, hold: Any = 0) -> Array:
        """What of years is paid back in each month, `hold` months after they were paid for at the earliest."""
        one = self.payers
        if not np.any(one.refund):
            return self.rest(bought, hold=hold)
        unused: Array = self.rest(bought, hold=hold) - one.refund * one.part * self.rest(bought, one.after, hold)
        return unused + self.paid_back(bought, hold)

    def payouts(self, leads: Array, left: Any, receipts: Array, hold: Any = 0) -> tuple[Array, Array]:
        """What is owed for each month less what is taken back, and what of it is credit; paid after the hold, if any.

        What is taken back of customers that left early is that of no hold.
        """
        plan = self.plan
        owed = credit = np.zeros((len(self.new), 1))
        if plan.percent is not None or plan.share is not None or plan.bonus is not None:
            earned = self.arrives(lambda age: self.rate(age, left))
            owed = later(earned, hold) - self.refunded(earned, hold)
        if plan.share is not None:
            owed = owed + later(plan.share.funds_rate * plan.share.funds_used * receipts, hold)
        if plan.flat is not None:
            given = self.given(np.asarray(plan.flat.reward, float) * redeemed(plan.flat), hold)
            owed, credit = owed + given, given if in_credit(plan.flat) else credit
        if plan.bonus is not None:
            given = self.given(np.asarray(plan.bonus.reward, float) * redeemed(plan.bonus), hold)
            owed, credit = owed + given, credit + given if in_credit(plan.bonus) else credit
        if plan.lead is not None:
            for_leads = later(leads * (plan.lead.reward * redeemed(plan.lead)), hold)
            owed, credit = owed + for_leads, credit + for_leads if in_credit(plan.lead) else credit
        if in_credit(plan.percent) or in_credit(plan.share) or in_credit(plan.bonus):
            of_payments = self.arrives(lambda age: self.rate(age, left, ("credit",)))
            credit = credit + later(of_payments, hold) - self.refunded(of_payments, hold)
            credit = credit - self.taken_back(lambda age: self.rate(age, left, ("credit",)) * self.of_one(age), 0.0)
        return owed - self.taken_back(lambda age: self.rate(age, left) * self.of_one(age), 0.0), credit

    def given(self, reward: Any, hold: Any = 0) -> Array:
        """What is owed of a reward for each new customer, less what of it is taken back; after the hold, if any."""
        given: Array = later(self.new * reward, hold) - self.taken_back(lambda _: 0.0, reward)
        if np.any(self.payers.refund) and _in_full(self.payers):
            after = self.payers.after
            gone = later(self.new, np.maximum(after, hold))
            given = given - gone * (reward * self.payers.refund * self.owner**after)
        return given

    def friend(self, leads: Array, left: Any, receipts: Array) -> Array:
        """What customers get themselves, less what is taken back."""
        if not np.any(self.plan.friend):
            return np.zeros((len(self.new), 1))
        alone = copy(self)
        alone.plan = for_customers(self.plan)
        found: Array = self.plan.friend * alone.payouts(leads, left, receipts)[0]
        return found

    def rate(self, age: int, left: Any, paid_in: Sequence[str] = ("cash", "credit")) -> Any:
        """What partners have of a payment at an age, a share of it; of parts that are paid so."""
        found: Any = 0.0
        if (percent := self.plan.percent) is not None and percent.paid_in in paid_in:
            lasting = {"first payment": 1, "lifetime": None}.get(percent.duration, percent.months)
            after: Any = 0.0
            if percent.duration == "taper":
                ends = second_ends(percent, len(self.new))
                second = True if ends is None else age < np.asarray(ends)
                after = np.where(second, percent.later_rate, percent.last_rate)
            found = percent.rate if lasting is None else np.where(age < np.asarray(lasting), percent.rate, after)
            found = found * redeemed(percent)
        if (share := self.plan.share) is not None and share.paid_in in paid_in:
            found = found + np.where(age < np.asarray(share.months), share.rate * redeemed(share), 0.0) * left
        if (bonus := self.plan.bonus) is not None and bonus.paid_in in paid_in and not age:
            found = found + bonus.rate * redeemed(bonus)
        return found

    def taken_back(self, of_year: Callable[[int], Any], reward: Any) -> Array:
        """What is taken back of what customers that leave within the window had earned, beyond what was refunded."""
        back: Array = np.zeros((len(self.new), 1))
        if self.plan.clawback == "none":
            return back
        window = np.asarray(self.plan.clawback_months)
        for age in range(1, int(np.max(window)) + 1):
            last = (age - 1) // YEAR * YEAR
            had = reward + sum(of_year(begun) for begun in range(0, last + 1, YEAR))
            had = had - (of_year(last) * (last + YEAR - age) / YEAR if self.payers.refunded else 0.0)
            kept_for = age / window if self.plan.clawback == "pro rata" else 0.0
            part = np.where(age <= window, 1.0 - np.minimum(kept_for, 1.0), 0.0)
            back = back + later(self.new, age) * (self.leaving(age) * had * part)
        return back

    def leaving(self, age: int) -> Array:
        """Which share of customers leaves at an age; those whose year is not refunded are there until it ends."""
        if self.payers.refunded:
            early: Array = self.keep ** (age - 1) * self.leaves
            return early
        if age % YEAR:
            return np.zeros(1)
        ends: Array = self.keep ** (age - YEAR) * self.owner**YEAR * (1 - self.staying**YEAR)
        return ends
