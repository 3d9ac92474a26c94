"""What a payout plan pays on real accounts' months, exact to the cent. What it comes to on average is in `payouts`.

Money is in integer minor units, rates are quantised to millionths, and each stated line is rounded half up, once:

- commission, share, margin and discount: one customer's payment in one month is a line; under marginal tiers each band
  of a partner's month is one, and customers have their part of it in proportion to what they paid;
- what a distributor keeps: one customer's payment in one month, of what its reseller pays for it;
- what customers get themselves: each line of one, and what is taken back of it;
- rewards: one customer, one partner's leads of a month; funds: one partner and month;
- a dated bonus: one customer, its amount and its share of the first payment by themselves; a milestone: one partner.
  What was paid for a milestone is not rated again: it stays as it is whoever leaves or is refunded later;
- what is taken back: one customer that left, of what was paid for it until then. Where tiers or a cap look at all of a
  month, it is what the month would have been less without those who left: returns are rated again;
- what is refunded: one line, in proportion to its payment; the rest of it counts for who leaves later, or then. A
  reward goes with a first payment that is paid back in full, which was no new customer. Where all or a part was taken
  back as the customer had left, a later refund takes nothing more.

Money moves when it is certain: what is taken back inside the hold is never paid, and a balance below zero is carried
forward, not paid by the partner. Amounts of a currency without minor units are rounded to whole units.

A row's revenue is the value at list price: what the end customer paid before a coupon. For a plan with a margin or a
wholesale discount it is not what was booked after them. A coupon and a resale price change it to what is paid then.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motions.economics.inputs.terms import (
    FOR_CUSTOMERS,
    Bonus,
    ByCustomer,
    Milestones,
    PayoutPlan,
    PercentOfRevenue,
    Rebate,
    Terms,
    Tiered,
    redeemed,
)
from motions.economics.model.own import by_terms
from motions.economics.model.payouts import places_below
from motions.economics.model.periods import by_calendar, counts, first_month, last_months
from motions.errors import ScenarioError
from motions.text import month_name

Ints = NDArray[np.int64]
MILLION = 1_000_000
MOST = 2**62


@dataclass(frozen=True)
class Payments:
    """Months in which accounts paid: one row each, sorted by account and month; all integers.

    Months count from the first one of the statement. `leads` is partners × months; it gives the number of both.
    """

    partner: Ints
    """rows: the partner that the account belongs to"""
    account: Ints
    """rows: the account, counted from 0 in the order of the rows"""
    month: Ints
    revenue: Ints
    """rows: minor units, more than 0"""
    age: Ints
    """rows: months since the account's first paid month"""
    place: Ints
    """rows: how many new customers of the same partner and first month were there before the account"""
    leads: Ints
    """partners × months: signups, whether they paid or not"""
    until: Ints | None = None
    """partners: the first month in which each has stopped; None where nobody knows"""
    covers: Ints | None = None
    """rows: how many months each payment is for, 12 for a year paid at once, and of one whose rest was paid back those
    until then; None: one each"""
    yearly: Ints | None = None
    """rows: 1 where a customer prepays a year; None: nobody does"""
    plan: Ints | None = None
    """rows: the price plan that the customer is on, the first being 0; None: all are on the first"""
    refunds: Ints | None = None
    """refunds × 3: the row that was paid back, how many months later, and how much of its revenue; None: nothing"""
    recruiter: Ints | None = None
    """partners: the partner that recruited each, -1 for none; None where nobody knows"""
    own: Ints | None = None
    """partners × 3: the rate of each and what comes on top of it in millionths, and its reward in minor units, -1 for
    none of its own; None: all have the plan's"""

    def of(self, partners: Ints, here: Ints | None = None) -> "Payments":
        """Return the payments of some partners alone, in ascending order, under the terms of all.

        `here`: their rows, in ascending order; they are looked for where that is not known.
        """
        at = np.flatnonzero(np.isin(self.partner, partners)) if here is None else here
        names = ("month", "revenue", "age", "place", "covers", "yearly", "plan")
        there = ((name, getattr(self, name)) for name in names)
        rows: dict[str, Any] = {name: None if values is None else values[at] for name, values in there}
        refunds = self.refunds
        if refunds is not None:
            refunds = refunds[np.isin(refunds[:, 0], at)]
            refunds = np.column_stack([np.searchsorted(at, refunds[:, 0]), refunds[:, 1:]])
        return Payments(
            partner=np.searchsorted(partners, self.partner[at]),
            account=np.unique(self.account[at], return_inverse=True)[1],
            leads=self.leads[partners],
            until=None if self.until is None else self.until[partners],
            refunds=refunds,
            **rows,
        )

    def split(self, groups: list[Ints]) -> Iterator["Payments"]:
        """Yield the payments of each group of partners; the groups have all of them."""
        group = np.empty(len(self.leads), dtype=np.int64)
        for number, who in enumerate(groups):
            group[who] = number
        of_row = group[self.partner]
        order = np.argsort(of_row, kind="stable")
        ends = np.searchsorted(of_row[order], np.arange(len(groups) + 1))
        for number, who in enumerate(groups):
            yield self.of(who, order[ends[number] : ends[number + 1]])

    @cached_property
    def cell(self) -> Ints:
        """Rows: partner and month as one number."""
        cells: Ints = self.partner.astype(np.int64) * self.leads.shape[1] + self.month
        return cells


@dataclass(frozen=True)
class Statement:
    """What partners get, each array partners × months, minor units.

    `payout` is the sum of `earned` less `capped` less `taken_back`; partners earn `payout + margin` and the vendor
    keeps `spend - margin - distributor - payout`.
    """

    earned: dict[str, Ints]
    """by kind of part, credit at what is redeemed of it: percent, lead, flat, share, funds, rebate, bonus, milestones;
    and override"""
    capped: Ints
    """earned beyond the most that is paid for a month, or that a customer earns in all"""
    taken_back: Ints
    """of customers that left in the month, within the clawback window; and balances that lapsed in it"""
    margin: Ints
    """what partners keep of the spend; licences that they prepaid and could not sell are taken off"""
    spend: Ints
    """what end customers pay: after a coupon, at the resale price"""
    paid: Ints
    """payouts in the month in which the money goes: after the hold, when the balance is large enough"""
    fees: Ints
    """what the payment service takes on top of what is paid in cash"""
    marketplace: Ints
    """what a marketplace keeps of the spend"""
    distributor: Ints
    """what a distributor keeps of what the partners, as resellers, pay for it"""
    friend: Ints
    """what customers get themselves as credit, less what is taken back"""
    waiting: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """partners: what is owed and not paid by the last month"""

    @cached_property
    def payout(self) -> Ints:
        """What is owed for each month."""
        total: Ints = sum(self.earned.values(), -self.capped - self.taken_back)
        return total

    @cached_property
    def earnings(self) -> Ints:
        """Payouts and margin together."""
        return self.payout + self.margin


def state(terms: Terms, payments: Payments, coin: int = 1) -> Statement:
    """Return what partners get under the terms, to the minor unit, or to the smallest `coin` in minor units.

    An account that does not pay any more by the last month has left in the month after its last payment, or after the
    months that this was for; one that paused has not. "The first n months" of a customer are calendar months from its
    first payment on. Of `cap_customers` the whole part counts. Money that was not paid for the cap is not taken back.
    Credit counts at the share of it that is redeemed, funds at the share that is used: files do not say what became of
    them. A wholesale commitment is left out, as nothing says what a licence that nobody bought is worth. Partners with
    terms of their own are stated by these (`own`).
    Raises ScenarioError where amounts are too large to be added exactly.
    """
    plan = PayoutPlan.of(terms)
    _refuse_overflow(payments)
    groups = [] if payments.own is None else list(by_terms(plan, payments.own))
    if len(groups) > 1:
        plans, who = [own for own, _ in groups], [partners for _, partners in groups]
        parts = zip(plans, payments.split(who), strict=True)
        stated = _in_order([_stated(own, part, coin) for own, part in parts], who)
    else:
        stated = _stated(groups[0][0] if groups else plan, payments, coin)
    over = overrides(plan, payments, coin, until=payments.until)
    return _together(stated, of_override(plan, over, coin)) if over.any() else stated


def _in_order(statements: list[Statement], who: list[Ints]) -> Statement:
    """The statements of groups of partners as one, in the order of all."""
    together, place = added(statements), np.argsort(np.concatenate(who))
    values = {one.name: getattr(together, one.name)[place] for one in fields(Statement) if one.name != "earned"}
    return Statement(earned={kind: cells[place] for kind, cells in together.earned.items()}, **values)


def _together(one: Statement, other: Statement) -> Statement:
    """What the same partners get of two sources."""
    names = [at.name for at in fields(Statement) if at.name != "earned"]
    values = {name: getattr(one, name) + getattr(other, name) for name in names}
    return Statement(earned=one.earned | other.earned, **values)


def _stated(plan: PayoutPlan, payments: Payments, coin: int) -> Statement:
    """What partners get of what their own customers pay, all under one plan."""
    sold = _Sold(plan, payments, coin)
    spend, margin = _sides(sold)
    lines = list(_lines(sold))
    friend = _friend(sold, lines)
    earned = {kind: sold.by_cell(sum_of, cells) for kind, sum_of, cells in _amounts(sold, lines)}
    for kind, amount in _without_rows(sold).items():
        earned[kind] = earned.get(kind, 0) + amount
    total = sum(earned.values(), sold.nothing())
    if plan.cap_per_customer:
        sold.room = _room(sold, lines)
        lines.append(_beyond(sold, lines))
    cut = sum((sold.by_cell(-line.amount, sold.cell[line.at]) for line in lines if line.kind == _CUT), sold.nothing())
    kept = _capped(sold, total - cut)
    backs = _taken_back(sold, lines, total - cut) if sold.counts_back else []
    back = sum((_later(one, lag) for lag, one in enumerate(backs, 1)), sold.nothing())
    paid, fees, lapsed = _when_paid(sold, earned, total, kept, backs)
    back = back + lapsed
    waiting = (kept - back).sum(axis=1) - paid.sum(axis=1)
    market, between = _marketplace(sold), sold.by_month(sold.between)
    return Statement(earned, total - kept, back, margin, spend, paid, fees, market, between, friend, waiting)


def of_one(terms: Terms, *customers: list[float], months: int = 0, leads: int = 0, coin: int = 1) -> Statement:
    """Return the statement of one partner whose customers all come in the first month; each pays month by month,
    nothing in a month of 0.

    So do its `leads`; `coin` is as of `state`.

    Three customers that pay 100 once, at a reward of 10 and 20 from the third on:

    >>> from motions.economics.inputs.terms import FlatReward
    >>> tiers = {"tiers": "marginal", "tier_by": "customers", "tier_2_from": 3, "tier_2_value": 20, "tier_3_from": 0}
    >>> of_one(FlatReward(reward=10, **tiers), [100], [100], [100]).payout.tolist()
    [[4000]]
    """
    rows = [
        (0, account, month, minor(paid), month, account)
        for account, payments in enumerate(customers)
        for month, paid in enumerate(payments)
        if paid
    ]
    came = np.zeros((1, max(months, *(len(payments) for payments in customers))), dtype=np.int64)
    came[0, 0] = leads
    partner, account, month, revenue, age, place = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    return state(terms, Payments(partner, account, month, revenue, age, place, came), coin)


def left_out(
    plan: PayoutPlan,
    recruiters_known: bool = False,
    ends_known: bool = False,
    first_month: int | None = None,
    window: Sequence[int] = (),
) -> tuple[str, ...]:
    """Return sentences on the terms of a plan that files can't settle, and on how its revenue is read.

    `recruiters_known`, `ends_known`: whether a file says who recruited partners, and when they stopped. `first_month`:
    the one of the statement, and `window`: those that are compared, both as 12 × year + month − 1.
    """
    said = []
    if plan.kinds_in_credit:
        said.append("Credit counts at the share of it that is redeemed: the files do not say what was.")
    if plan.share and plan.share.funds_rate:
        said.append("Market development funds count at the share that is used.")
    if any(part and part.rate_by in ("plan", "billing") for part in (plan.percent, plan.flat)):
        said.append("The first rate counts for every customer: the files do not say its price plan, nor who prepays.")
    if plan.percent and plan.percent.duration == "first payment":
        said.append("A first payment is that of an account's first month: a twelfth where files spread prepaid years.")
    if plan.margin or plan.wholesale:
        said.append("Revenue is taken as what the end customer paid at list price, before the partner's margin.")
    if plan.distributor:
        said.append("What a distributor keeps is that share of what its reseller would pay: no file says it.")
    if plan.wholesale and plan.wholesale.commitment:
        said.append("Committed licences that nobody bought are left out: the files do not say what they cost.")
    if plan.payouts_end == "with the partnership" and not ends_known:
        said.append("Payouts go on after a partner has stopped: the files do not say when it did.")
    if plan.override_rate and plan.kinds and recruiters_known and not ends_known:
        said.append("Overrides go on after a recruiter has stopped: the files do not say when it did.")
    said += _counted_from(plan, first_month, window)
    if plan.override_rate and plan.kinds and not recruiters_known:
        said.append("The override is left out: the files do not say who recruited a partner.")
    if plan.friend:
        said.append("What customers get themselves is by the plan: the files do not say which credit they have used.")
    if plan.coupon:
        said.append("The coupon is taken off the revenue of the files; nobody buys more for it.")
    return tuple(said)


def _counted_from(plan: PayoutPlan, first_month: int | None, window: Sequence[int]) -> Iterator[str]:
    """Say from which month of the files times count, and which months those of a bonus are."""
    first = "the first month with a signup or a payment of a partner's customer"
    named = "" if first_month is None else f"{month_name(first_month)}, "
    if by_calendar(plan.model_copy(update={"bonus": None})):
        yield f"Quarters and years count from {named}{first}."
    if plan.bonus is None:
        return
    months = f"{plan.bonus.from_month} to {plan.bonus.to_month}"
    if first_month is None:
        yield f"The bonus's months {months} count from {first}."
        return
    begins, ends = (first_month + int(at) - 1 for at in (plan.bonus.from_month, plan.bonus.to_month))
    yield (
        f"The bonus's months {months} are {month_name(begins)} to {month_name(ends)}: they count from {named}{first}."
    )
    if not any(begins <= month <= ends for month in window):
        yield "No month that is shown here is one of the bonus's: no customer is won for it in them."


def minor(amount: float) -> int:
    """Return whole units as minor units, half up.

    >>> minor(11.255), minor(500)
    (1126, 50000)
    """
    return int((Decimal(str(amount)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def millionths(rate: float) -> int:
    """Return a number as millionths.

    >>> millionths(0.076)
    76000
    """
    return int((Decimal(str(rate)) * MILLION).quantize(Decimal(1), ROUND_HALF_UP))


def at_redeemed(part: Terms, rates: Iterable[float]) -> list[int]:
    """Return rates of a part as millionths, those of credit times what is redeemed of it.

    >>> from motions.economics.inputs.terms import PercentOfRevenue
    >>> at_redeemed(PercentOfRevenue(paid_in="credit", redemption_rate=0.7), [0.3, 0.115])
    [210000, 80500]
    """
    used = Decimal(str(redeemed(part)))
    return [int((Decimal(str(rate)) * used * MILLION).quantize(Decimal(1), ROUND_HALF_UP)) for rate in rates]


def half_up(amount: Any, times: Any, over: Any) -> Ints:
    """Return amount × times ÷ over, rounded half up by size: taking back mirrors paying. 0 where `over` is 0.

    Exact whatever the size: where a product leaves 64 bits, Python's own integers are used.

    >>> half_up(np.array([45, -45, 44]), 500_000, MILLION).tolist()
    [23, -23, 22]
    """
    wide = (np.asarray(one) for one in (amount, times, over))
    amounts, factors, parts = (one if one.dtype == object else one.astype(np.int64) for one in wide)
    if 2.0 * _largest(amounts) * max(_largest(factors), 1) + _largest(parts) >= MOST:
        amounts, factors, parts = (one.astype(object) for one in (amounts, factors, parts))
    some = np.where(parts == 0, 1, parts)
    product = amounts * factors
    size = np.where(product < 0, -product, product)
    rounded = np.where(parts == 0, 0, (2 * size + some) // (2 * some))
    return np.asarray(np.where(product < 0, -rounded, rounded), dtype=np.int64)


def _largest(values: NDArray[Any]) -> float:
    return float(max(int(values.max(initial=0)), -int(values.min(initial=0))))


def _refuse_overflow(payments: Payments) -> None:
    """All sums together stay far below 64 bits: a resale price triples the revenue at most, and parts add up."""
    if float(payments.revenue.sum(dtype=np.float64)) * 16 + float(payments.leads.sum()) * 1e6 * 16 >= MOST:
        raise ScenarioError("The revenue is too large to be added up exactly. Use larger units of money.")


@dataclass(frozen=True)
class _Refunds:
    """What was paid back of payments within the months, one value each."""

    row: Ints
    lag: Ints
    amount: Ints
    """of the row's revenue"""

    @classmethod
    def of(cls, rows: Payments) -> "_Refunds":
        found = np.zeros((0, 3), dtype=np.int64) if rows.refunds is None else rows.refunds
        row, lag, amount = found[rows.month[found[:, 0]] + found[:, 1] < rows.leads.shape[1]].T
        return cls(row, lag, amount)

    def by(self, lag: int) -> Ints:
        """Those of so many months after the payment."""
        return np.flatnonzero(self.lag == lag)


def _rounded(amount: Any, times: Any, over: Any, coin: int) -> Ints:
    """Amount × times ÷ over, rounded half up to the smallest coin."""
    if coin == 1:
        return half_up(amount, times, over)
    return half_up(amount, times, np.asarray(over, dtype=object) * coin) * coin


def _discounted(plan: PayoutPlan, payments: Payments, coin: int) -> Ints:
    """Rows: what customers pay after a coupon."""
    coupon = np.where(payments.age < plan.coupon_months, MILLION - millionths(plan.coupon), MILLION)
    return _rounded(payments.revenue, coupon, MILLION, coin)


def _running(plan: PayoutPlan, payments: Payments) -> NDArray[np.bool_]:
    """Partners × months as one: whether payouts go on."""
    until, (partners, months) = payments.until, payments.leads.shape
    if until is None or plan.payouts_end == "with the customer":
        return np.ones(partners * months, bool)
    return (np.arange(months) < until[:, None]).ravel()


class _Sold:
    """The accounts' months under a plan: what each customer pays, and what its partner brings in a month."""

    def __init__(self, plan: PayoutPlan, payments: Payments, coin: int) -> None:
        self.plan, self.rows, self.shape, self.coin = plan, payments, payments.leads.shape, coin
        self.payment = _discounted(plan, payments, coin)
        self.refunds = _Refunds.of(payments)
        self.in_full = np.zeros(len(self.payment), bool)
        """rows that a month is looked at without, as they were paid back in full"""
        everybody = np.ones(len(self.payment), bool)
        self.rewarded = payments.place < int(plan.cap_customers) if plan.cap_customers else everybody
        # Paid months first, then months of a prepaid licence in which its customer does not pay.
        unsold = self._unsold() if plan.wholesale else np.zeros((0, 2), dtype=np.int64)
        self.of_row = np.concatenate([np.arange(len(self.payment)), unsold[:, 0]])
        self.later = np.concatenate([np.zeros(len(self.payment), dtype=np.int64), unsold[:, 1]])
        self.cell = payments.cell[self.of_row] + self.later
        self.age = payments.age[self.of_row] + self.later
        self.left_after = np.full(len(self.cell), MOST, dtype=np.int64)
        """licence months: how many months later their customer left, and counts no more; MOST where it did not"""
        self.gone_for = (0, 0)
        """what was refunded, and who left, within so many months after a month does not count in it"""
        self.counts_back = False
        """whether refunds count: not in what is kept at a sale"""
        self.stated_payment = self.payment
        self.brought = self._brought(everybody)
        self.kept = self._kept()
        resold = np.concatenate([self.payment, np.zeros(len(unsold), dtype=np.int64)]) - self.kept
        self.between = self.rounded(resold, millionths(plan.distributor), MILLION)
        """what a distributor keeps of each licence month"""
        self.booked = resold - self.between
        self.funded = self.by_month(self.booked)
        """partners × months: what was booked, less what of it was refunded in the month"""
        self.room = np.zeros(0, dtype=np.int64)
        """what the customer of each licence month may still earn, where there is a most; see `_room`"""
        self.running = _running(plan, payments)
        """partners × months as one: whether payouts go on"""
        self.there = self.running[self.cell]
        """which months of accounts payouts are stated for"""
        self.stated_booked = self.booked
        if plan.clawback != "none" or len(self.refunds.row):  # what is kept at a sale is not taken back
            self.leaving, self.counts_back = _leaving(self), True
            self.counting = _counting(self, self.leaving)
            self.left_after = np.where(self.leaving.lag > 0, self.leaving.lag, MOST)
        self.milestones = _milestones(self, plan.milestones) if plan.milestones else self.nothing()
        """what is paid for these, whatever becomes of what a partner has brought"""

    def group(self, part: ByCustomer) -> Ints:
        """Return which of the part's rates each row has, 0 for the first."""
        rows, nothing = self.rows, np.zeros(len(self.rows.month), dtype=np.int64)
        yearly = nothing if rows.yearly is None else rows.yearly
        if part.rate_by == "plan":
            return nothing if rows.plan is None else rows.plan
        if part.rate_by == "billing":
            return yearly
        begins = np.concatenate([[True], rows.account[1:] != rows.account[:-1]])[: len(nothing)]
        first = np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))
        large: Ints = (rows.revenue[first] >= minor(part.rate_size_from) * np.where(yearly > 0, 12, 1)).astype(np.int64)
        return large

    def without(self, refunded: int, left: int) -> "_Sold":
        """Return the same, as far as payouts go, without what was refunded of payments of each month within so many
        months after it, and without those who left within so many."""
        rest, gone = copy(self), (self.leaving.lag > 0) & (self.leaving.lag <= left)
        rest.there, rest.gone_for = self.there & ~gone, (refunded, left)
        if (less := self.less(refunded)).any():
            rest.in_full = less >= self.rows.revenue
            rest.payment, rest.booked = self.left_of(self.payment, less), self.left_of(self.booked, less)
        rest.brought = rest._brought(~gone[: len(self.payment)])
        return rest

    def less(self, months: int) -> Ints:
        """How much of the revenue of each row was refunded within so many months, of refunds that count."""
        refunds = self.refunds
        counts = self.counting & (refunds.lag <= months)
        less = np.zeros(len(self.rows.month), dtype=np.int64)
        np.add.at(less, refunds.row[counts], refunds.amount[counts])
        return less

    def left_of(self, amounts: Ints, less: Ints) -> Ints:
        """What is left of an amount of each row, and of licences after those, without so much of the rows' revenue."""
        rest = amounts.copy()
        rest[: len(less)] -= self.rounded(amounts[: len(less)], less, self.rows.revenue)
        return rest

    def part_of(self, amounts: Ints, which: Ints) -> Ints:
        """Return what some refunds are of an amount of each row, in proportion to its revenue."""
        row = self.refunds.row[which]
        return self.rounded(amounts[row], self.refunds.amount[which], self.rows.revenue[row])

    def paid_back(self, amounts: Ints) -> Ints:
        """Add up what refunds are of amounts of rows, by partner and month of the refund."""
        everything = np.arange(len(self.refunds.row))
        return self.by_cell(self.part_of(amounts, everything), self.rows.cell[self.refunds.row] + self.refunds.lag)

    def before(self, amount: Callable[[Ints], Ints], at: Ints, period: str) -> Ints:
        """What the months before each cell brought in the same time, of an amount for each of some licence months.

        It counts from the month after its own until its time ends; once some of the row's revenue is refunded it is
        what is left then, and nothing once its customer has left. `amount`: by what was refunded of all rows.
        """
        months, nothing = self.shape[1], np.zeros(len(self.rows.month), dtype=np.int64)
        partner, month = np.divmod(self.cell[at], months)
        first = first_month(months, period)
        ends = np.searchsorted(first, first[month], side="right")
        change = np.zeros(self.shape[0] * (months + 1), dtype=np.int64)

        def count(more: Ints, since: Any) -> None:
            begins = np.minimum(np.maximum(since, month + 1), ends)
            np.add.at(change, partner * (months + 1) + begins, more)
            np.add.at(change, partner * (months + 1) + np.maximum(ends, begins), -more)

        refunded, left = self.gone_for
        now = amount(nothing)
        count(now, month + 1)
        for lag in np.unique(self.refunds.lag).tolist() if self.counts_back else ():
            then = np.where(self.left_after[at] >= lag, amount(self.less(lag)), now)
            count(then - now, month + lag - refunded)
            now = then
        count(-now, np.minimum(month + self.left_after[at] - left, months))
        return np.asarray(change.reshape(self.shape[0], months + 1).cumsum(axis=1)[:, :-1].ravel())

    def counted(self, terms: Tiered) -> tuple[Ints, Ints]:
        """What tiers are counted by, of each cell: before it in the same time, and with it."""
        period = terms.counted_over if counts(terms) else "month"
        return self.in_time(terms.tier_by, period)

    def in_time(self, by: str, period: str) -> tuple[Ints, Ints]:
        """What partners bring in a time, of each cell: before it, and with it; minor units, or customers in millionths.

        `by`: revenue, customers or active customers.
        """
        unit = 1 if by == "revenue" else MILLION
        brought, so_far = self.brought[by], np.zeros(1, dtype=np.int64)
        of = {
            "revenue": lambda less: self.left_of(self.stated_payment, less),
            "customers": lambda less: ((self.rows.age == 0) & (less < self.rows.revenue)).astype(np.int64),
        }
        if period != "month":
            so_far = self.before(of[by], np.arange(len(self.rows.month)), period)
        return so_far * unit, (so_far + brought) * unit

    def by_month(self, amounts: Ints) -> Ints:
        """Add up amounts of licence months by partner and month, less what refunds are of them in theirs."""
        return self.by_cell(amounts, self.cell) - self.paid_back(amounts)

    def _brought(self, here: NDArray[np.bool_]) -> dict[str, Ints]:
        """What each partner brings in each month, of the paid months that are `here`."""
        cells = self.rows.cell[here]
        return {
            "revenue": self.by_cell(self.payment[here], cells).ravel(),
            "customers": self.by_cell(((self.rows.age == 0) & ~self.in_full)[here].astype(np.int64), cells).ravel(),
            "active customers": self._active(),
        }

    def _active(self) -> Ints:
        """Customers that a payment of theirs counts for, by cell."""
        rows, months = self.rows, self.shape[1]
        covers = 1 if rows.covers is None else rows.covers
        left = self.left_after[: len(rows.month)] - self.gone_for[1]
        until = rows.month + np.maximum(np.minimum(covers, left), 0)
        change = np.zeros(self.shape[0] * (months + 1), dtype=np.int64)
        np.add.at(change, rows.partner.astype(np.int64) * (months + 1) + rows.month, 1)
        np.add.at(change, rows.partner.astype(np.int64) * (months + 1) + np.minimum(until, months), -1)
        return np.asarray(change.reshape(self.shape[0], months + 1).cumsum(axis=1)[:, :-1].ravel())

    def rounded(self, amount: Any, times: Any, over: Any) -> Ints:
        """Return amount × times ÷ over, rounded half up to the smallest coin."""
        return _rounded(amount, times, over, self.coin)

    def nothing(self) -> Ints:
        """Zero for each partner and month."""
        return np.zeros(self.shape, dtype=np.int64)

    def by_cell(self, amounts: Ints, cells: Ints) -> Ints:
        """Add up by partner and month."""
        total = np.zeros(self.shape[0] * self.shape[1], dtype=np.int64)
        np.add.at(total, cells, amounts)
        return total.reshape(self.shape)

    def by_cell_exact(self, amounts: NDArray[Any], cells: Ints) -> NDArray[Any]:
        """The same of amounts that may leave 64 bits."""
        total = np.zeros(self.shape[0] * self.shape[1], dtype=object)
        np.add.at(total, cells, amounts.astype(object))
        return total.reshape(self.shape)

    def stated(self, terms: Tiered, values: list[int], unit: int, base: Ints, cells: Ints) -> Ints:
        """Return the stated line of each row: its base × the rate at what its partner brings in the month ÷ unit."""
        if terms.tiers == "none":
            return self.rounded(base, values[0], unit)
        before, so_far = self.counted(terms)
        bands = _bands(terms, values)
        if terms.tiers != "marginal":
            return self.rounded(base, np.array(values, dtype=np.int64)[_reached(bands, so_far)][cells], unit)
        whole = self.by_cell(base, cells).ravel()
        return self._in_proportion(self._banded(bands, unit, before, so_far, whole), whole, base, cells)

    def rated_again(self, one: "_Base") -> Ints:
        """What the months before are paid more in each cell in which a tier is reached, line by line."""
        (before, so_far), bands = self.counted(one.terms), _bands(one.terms, one.values)
        had, now = _reached(bands, before), _reached(bands, so_far)

        def paid_at(value: int) -> Ints:
            lines: Callable[[Ints], Ints] = lambda less: self.rounded(one.of(less), value, one.unit)  # noqa: E731
            return self.before(lines, one.at, one.terms.counted_over)

        paid = [paid_at(value) for _, value in bands]
        more: Ints = np.choose(now, paid) - np.choose(had, paid)
        return np.where(self.running, more, 0).reshape(self.shape)

    def _banded(self, bands: list[tuple[int, int]], unit: int, before: Ints, so_far: Ints, base: Ints) -> Ints:
        """What marginal tiers come to in each cell: each band is a line; the base may be a part of all."""
        ends, brought = [start for start, _ in bands[1:]] + [MOST], so_far - before
        total = np.zeros(len(brought), dtype=np.int64)
        for (start, value), end in zip(bands, ends, strict=True):
            inside = np.clip(so_far - start, 0, end - start) - np.clip(before - start, 0, end - start)
            total += self.rounded(inside, base.astype(object) * value, brought.astype(object) * unit)
        following = np.array([value for _, value in bands], dtype=np.int64)[
            np.where(before, _reached(bands, before), 0)
        ]
        return total + np.where(brought == 0, self.rounded(base, following, unit), 0)

    def _in_proportion(self, total: Ints, whole: Ints, base: Ints, cells: Ints) -> Ints:
        """Divide the total of each cell among its rows in proportion to their base, so that it comes out exactly."""
        order = np.argsort(cells, kind="stable")
        at = cells[order]
        so_far = np.cumsum(base[order])
        first = np.concatenate([[True], at[1:] != at[:-1]])[: len(at)]
        before = np.where(first, so_far - base[order], 0)
        # Sums never fall, so the start of a cell's rows is the largest start so far.
        upto = self.rounded(total[at], so_far - np.maximum.accumulate(before), whole[at])
        line = np.diff(upto, prepend=0)
        line[first] = upto[first]
        parts = np.empty_like(line)
        parts[order] = line
        return parts

    def _kept(self) -> Ints:
        """What the partner keeps of each row, and loses on the licences that it could not sell."""
        if terms := self.plan.margin:
            return self.stated(terms, _values(terms, terms.margin), MILLION, self.payment, self.rows.cell)
        if not (buys := self.plan.wholesale):
            return np.zeros(len(self.payment), dtype=np.int64)
        listed = self.rows.revenue[self.of_row].astype(np.int64)
        discount = self.stated(buys, _values(buys, buys.discount), MILLION, listed, self.cell)
        # What the end customer pays beyond list price is added in `_sides`: it is nothing of the vendor's.
        sold = np.concatenate([self.payment, np.zeros(len(listed) - len(self.payment), dtype=np.int64)])
        kept: Ints = sold - listed + discount
        return kept

    def _unsold(self) -> Ints:
        """(row before, months later) of each month in which a prepaid licence runs and its customer does not pay."""
        terms, rows = self.plan.wholesale, self.rows
        assert terms is not None  # noqa: S101  asked for wholesale only
        runs = np.full(int(rows.account.max(initial=-1)) + 1, -1, dtype=np.int64)
        until = np.zeros(len(rows.month), dtype=np.int64)
        by_month = np.argsort(rows.month, kind="stable")
        for at in np.split(by_month, np.searchsorted(rows.month[by_month], np.arange(1, self.shape[1]))):
            who, month = rows.account[at], rows.month[at]
            runs[who] = np.where(runs[who] < month, month + terms.prepaid_months - 1, runs[who])
            until[at] = runs[who]
        following = np.full(len(rows.month), self.shape[1], dtype=np.int64)
        same = rows.account[1:] == rows.account[:-1]
        following[:-1][same] = rows.month[1:][same]
        missing = np.maximum(np.minimum(until, following - 1) - rows.month, 0)
        first = np.repeat(np.cumsum(missing) - missing, missing)
        row = np.repeat(np.arange(len(missing)), missing)
        return np.stack([row, np.arange(len(row)) - first + 1], axis=1)


def _bands(terms: Tiered, values: list[int]) -> list[tuple[int, int]]:
    """Where each tier begins, and its rate."""
    tiers = list(takewhile(lambda tier: getattr(terms, f"tier_{tier}_from"), (2, 3, 4)))
    return list(zip([0, *(_start(terms, tier) for tier in tiers)], values[: len(tiers) + 1], strict=True))


def _reached(bands: list[tuple[int, int]], brought: Ints) -> Ints:
    """The number of the last tier that is reached."""
    return np.searchsorted([start for start, _ in bands[1:]], brought, side="right")


def _start(terms: Tiered, tier: int) -> int:
    """Where a tier begins: an amount in minor units, or customers in millionths.

    "From 3" is the third customer, by place as by month: two are below it.
    """
    start: float = getattr(terms, f"tier_{tier}_from")
    if terms.tier_by == "revenue":
        return minor(start)
    return int(places_below(start)) * MILLION if terms.tiers == "marginal" else millionths(start)


def _values(terms: Tiered, first: float) -> list[int]:
    """The rates of all tiers in millionths."""
    return at_redeemed(terms, (first, terms.tier_2_value, terms.tier_3_value, terms.tier_4_value))


def _sides(sold: _Sold) -> tuple[Ints, Ints]:
    """What end customers pay, and what partners keep of it, by partner and month."""
    spend = sold.by_cell(sold.payment, sold.rows.cell) - sold.paid_back(sold.payment)
    margin = sold.by_month(sold.kept)
    if buys := sold.plan.wholesale:
        price = min(max(buys.resale_price, buys.band_low), buys.band_high)
        resold = sold.by_cell(sold.rounded(sold.payment, millionths(price), MILLION), sold.rows.cell)
        return resold, margin + resold - spend
    return spend, margin


@dataclass(frozen=True)
class _Line:
    """The stated lines of one part: an amount for each row, and the position of the row among the licence months."""

    kind: str
    amount: Ints
    at: Ints
    once: bool = False
    """whether it is for the customer and not of its payment: it goes with one that is paid back in full"""


@dataclass(frozen=True)
class _Base:
    """What a part is a rate of: an amount for each of some licence months, and the rates of its tiers ÷ unit."""

    kind: str
    terms: Any
    values: list[int]
    unit: int
    of: Callable[[Ints], Ints]
    """of the licence months, by what was refunded of all rows"""
    amount: Ints
    at: Ints


def _bases(sold: _Sold) -> Iterator[_Base]:
    """Yield what the parts that pay for a customer are a rate of."""
    plan, paying = sold.plan, np.arange(len(sold.payment))
    age, rewarded = sold.rows.age, sold.rewarded & sold.there[: len(sold.payment)]
    if terms := plan.percent:
        at = paying[rewarded & (_counted_months(plan, sold.rows) < _lasting(plan))]
        payment: Callable[[Ints], Ints] = lambda less, at=at: sold.left_of(sold.stated_payment, less)[at]  # type: ignore[misc]  # noqa: E731
        rates = _values(terms, terms.rate)
        if terms.rate_by != "nothing":
            rates = at_redeemed(terms, (terms.rate, terms.rate_2, terms.rate_3))
        yield _Base("percent", terms, rates, MILLION, payment, sold.payment[at], at)
    if reward := plan.flat:
        at = paying[rewarded & (age == 0) & ~sold.in_full]
        used = millionths(redeemed(reward))
        worth = [reward.reward, reward.tier_2_value, reward.tier_3_value, reward.tier_4_value]
        if reward.rate_by != "nothing":
            worth = [reward.reward, reward.rate_2, reward.rate_3]
        values = sold.rounded(np.array([minor(one) for one in worth]), used, MILLION).tolist()
        there: Callable[[Ints], Ints] = lambda less, at=at: (less < sold.rows.revenue)[at].astype(np.int64)  # type: ignore[misc]  # noqa: E731
        yield _Base("flat", reward, values, 1, there, np.ones(len(at), dtype=np.int64), at)
    if share := plan.share:
        at = np.flatnonzero(sold.rewarded[sold.of_row] & sold.there & (sold.age < share.months))
        booked: Callable[[Ints], Ints] = lambda less, at=at: sold.left_of(sold.stated_booked, less)[at]  # type: ignore[misc]  # noqa: E731
        yield _Base("share", share, _values(share, share.rate), MILLION, booked, sold.booked[at], at)


def _lasting(plan: PayoutPlan) -> int:
    """Months of one customer that commission is paid for, before it tapers."""
    assert plan.percent is not None  # noqa: S101  asked for commission only
    return {"first payment": 1, "lifetime": 10**6}.get(plan.percent.duration, plan.percent.months)


def _counted_months(plan: PayoutPlan, rows: Payments) -> Ints:
    """Rows: months of the customer before, by which the months of commission are counted."""
    assert plan.percent is not None  # noqa: S101  asked for commission only
    if plan.percent.months_counted == "since the first payment":
        return rows.age
    covers = np.ones(len(rows.account), dtype=np.int64) if rows.covers is None else rows.covers
    before = np.cumsum(covers) - covers
    first = np.concatenate([[True], rows.account[1:] != rows.account[:-1]])[: len(before)]
    of_account: Ints = before - np.maximum.accumulate(np.where(first, before, 0))
    return of_account


def _lines(sold: _Sold) -> Iterator[_Line]:
    """Yield the lines of the parts that pay for a customer."""
    for one in _bases(sold):
        if isinstance(one.terms, ByCustomer) and one.terms.rate_by != "nothing":
            rates = np.array(one.values, dtype=np.int64)[sold.group(one.terms)[one.at]]
            yield _Line(one.kind, sold.rounded(one.amount, rates, one.unit), one.at, one.kind == "flat")
            continue
        stated = sold.stated(one.terms, one.values, one.unit, one.amount, sold.cell[one.at])
        yield _Line(one.kind, stated, one.at, one.kind == "flat")
    if (terms := sold.plan.percent) and terms.duration == "taper":
        yield from _tapered(sold, terms)
    if (bonus := sold.plan.bonus) is not None:
        yield from _dated(sold, bonus)


def _tapered(sold: _Sold, terms: PercentOfRevenue) -> Iterator[_Line]:
    """Yield the lines of what is paid after the months of a first commission."""
    rewarded, months = sold.rewarded & sold.there[: len(sold.payment)], _lasting(sold.plan)
    counted = _counted_months(sold.plan, sold.rows)
    until = months + terms.later_months if terms.later_months else 10**6
    rates = at_redeemed(terms, (terms.later_rate, terms.last_rate))
    for rate, here in zip(rates, ((counted >= months) & (counted < until), counted >= until), strict=True):
        at = np.flatnonzero(rewarded & here)
        yield _Line("percent", sold.rounded(sold.payment[at], rate, MILLION), at)


def _dated(sold: _Sold, terms: Bonus) -> Iterator[_Line]:
    """Yield the lines of a bonus for customers won in some months: its amount, and its share of the first payment."""
    rows, there = sold.rows, sold.there[: len(sold.payment)] & sold.rewarded & ~sold.in_full
    inside = (rows.month + 1 >= terms.from_month) & (rows.month + 1 <= terms.to_month)
    at = np.flatnonzero(there & inside & (rows.age == 0))
    reward = sold.rounded(minor(terms.reward), millionths(redeemed(terms)), MILLION)
    yield _Line("bonus", np.full(len(at), reward, dtype=np.int64), at, once=True)
    yield _Line("bonus", sold.rounded(sold.payment[at], at_redeemed(terms, (terms.rate,))[0], MILLION), at)


_CUT = "beyond the most per customer"


def _room(sold: _Sold, lines: list[_Line]) -> Ints:
    """Of each licence month what its customer may still earn: the most that it may less what was stated before."""
    stated = _of_rows(sold, lines)
    order = np.lexsort([sold.age, sold.rows.account[sold.of_row]])
    account, so_far = sold.rows.account[sold.of_row][order], np.cumsum(stated[order]) - stated[order]
    first = np.concatenate([[True], account[1:] != account[:-1]])[: len(account)]
    own = so_far - so_far[np.maximum.accumulate(np.where(first, np.arange(len(account)), 0))]
    room = np.zeros_like(own)
    room[order] = np.maximum(sold.rounded(minor(sold.plan.cap_per_customer), 1, 1) - own, 0)
    return room


def _of_rows(sold: _Sold, lines: list[_Line]) -> Ints:
    """What is stated for each licence month, of all parts together."""
    total = np.zeros(len(sold.cell), dtype=np.int64)
    for line in lines:
        np.add.at(total, line.at, line.amount)
    return total


def _beyond(sold: _Sold, lines: list[_Line]) -> _Line:
    """The line of what licence months come to beyond what their customers may still earn."""
    beyond = np.maximum(_of_rows(sold, lines) - sold.room, 0)
    at = np.flatnonzero(beyond)
    return _Line(_CUT, -beyond[at], at)


def _amounts(sold: _Sold, lines: list[_Line]) -> Iterator[tuple[str, Ints, Ints]]:
    for kind in dict.fromkeys(line.kind for line in lines):
        same = [line for line in lines if line.kind == kind]
        at = np.concatenate([line.at for line in same])
        yield kind, np.concatenate([line.amount for line in same]), sold.cell[at]


def _without_rows(sold: _Sold) -> dict[str, Ints]:
    """What is due for leads, as funds and where months are rated again, which no single customer earns by itself."""
    found = {one.kind: sold.rated_again(one) for one in _bases(sold) if one.terms.rated_again}
    if lead := sold.plan.lead:
        leads = np.where(sold.running.reshape(sold.shape), sold.rows.leads, 0)
        found["lead"] = leads.astype(np.int64) * sold.rounded(minor(lead.reward), millionths(redeemed(lead)), MILLION)
    if share := sold.plan.share:
        booked = np.where(sold.running.reshape(sold.shape), sold.funded, 0)
        funds = sold.rounded(booked, millionths(share.funds_rate) * millionths(share.funds_used), MILLION**2)
        found |= {"funds": funds} if share.funds_rate else {}
    if sold.plan.rebate is not None:
        found["rebate"] = _rebate(sold, sold.plan.rebate)
    if sold.plan.milestones is not None:
        found["milestones"] = sold.milestones
    return found


def _milestones(sold: _Sold, terms: Milestones) -> Ints:
    """What is paid once in the months in which what a partner has brought first reaches each milestone."""
    found, months = sold.nothing(), sold.shape[1]
    so_far = sold.in_time(terms.milestone_by, terms.counted_over)[1].reshape(sold.shape)
    most = np.maximum.accumulate(so_far, axis=1)
    before = np.concatenate([np.zeros((sold.shape[0], 1), dtype=np.int64), most[:, :-1]], axis=1)[:, :months]
    for at, value in takewhile(lambda one: one[0], terms.steps):
        start = minor(at) if terms.milestone_by == "revenue" else millionths(at)
        due = (most >= start) & (before < start) & sold.running.reshape(sold.shape)
        found = found + np.where(due, sold.rounded(minor(value), millionths(redeemed(terms)), MILLION), 0)
    return found


def _rebate(sold: _Sold, terms: Rebate) -> Ints:
    """The rebate on all that a partner's customers paid in a time, in its last month."""
    everybody = np.arange(len(sold.rows.month))
    before = sold.before(lambda less: sold.left_of(sold.stated_payment, less), everybody, terms.over)
    so_far = before + sold.brought["revenue"]
    steps = [*terms.steps[:2], *takewhile(lambda step: step[0], terms.steps[2:])]
    values = at_redeemed(terms, (rate for _, rate in steps))
    bands = [(minor(start), value) for (start, _), value in zip(steps, values, strict=True)]
    rates = np.array([rate for _, rate in bands], dtype=np.int64)[_reached(bands, so_far)]
    due = sold.running & np.tile(last_months(sold.shape[1], terms.over), sold.shape[0])
    return np.where(due, sold.rounded(so_far, rates, MILLION), 0).reshape(sold.shape)


def _marketplace(sold: _Sold) -> Ints:
    """What the marketplace keeps, of each payment that is not paid back: each is a line."""
    fee, paid, buys = millionths(sold.plan.marketplace_fee), sold.payment, sold.plan.wholesale
    if not fee:
        return sold.nothing()
    if buys is not None:
        price = min(max(buys.resale_price, buys.band_low), buys.band_high)
        paid = sold.rounded(paid, millionths(price), MILLION)
    kept = sold.rounded(paid, fee, MILLION)
    return sold.by_cell(kept, sold.rows.cell) - sold.paid_back(kept)


def overrides(
    terms: Terms, payments: Payments, coin: int = 1, recruiters: int | None = None, until: Ints | None = None
) -> Ints:
    """Return what recruiters get of the sales of those they have recruited, recruiters × months in minor units.

    Each payment of a customer is a line. Recruiters are the partners themselves, or others, of which there are as many
    as `recruiters`. `until`: the first month in which each recruiter has stopped, from which on it has no override,
    whoever's payouts go on: what it recruited are no customers of its own. None where nobody knows.

    A partner recruited by the other, which stops in the third month; 10 % of 100 a month:

    >>> from motions.economics.inputs.terms import LeadReward
    >>> month = np.arange(3)
    >>> sold = Payments(0 * month, 0 * month, month, 100_00 + 0 * month, month, 0 * month, np.zeros((2, 3), np.int64))
    >>> sold, plan = replace(sold, recruiter=np.array([1, -1])), PayoutPlan(lead=LeadReward(), override_rate=0.1)
    >>> overrides(plan, sold, until=np.array([9, 2])).tolist()
    [[0, 0, 0], [1000, 1000, 0]]
    """
    plan, who, (partners, months) = PayoutPlan.of(terms), payments.recruiter, payments.leads.shape
    total = np.zeros((partners if recruiters is None else recruiters, months), dtype=np.int64)
    if who is None or not plan.override_rate or not plan.kinds:
        return total
    recruiter = who[payments.partner]
    there = (recruiter >= 0) & _running(plan, payments)[payments.cell]
    if until is not None:
        there &= payments.month < until[recruiter]
    at = np.flatnonzero(there)
    due = _rounded(_discounted(plan, payments, coin)[at], millionths(plan.override_rate), MILLION, coin)
    np.add.at(total, (recruiter[at], payments.month[at]), due)
    return total


def of_override(terms: Terms, over: Ints, coin: int = 1) -> Statement:
    """Return the statement of overrides alone, which go when the hold is over, whatever the balance of the partner."""
    plan, none = PayoutPlan.of(terms), np.zeros_like(over)
    goes = _later(over, plan.hold_months)
    fees = _rounded(goes, millionths(plan.payout_fee), MILLION, coin)
    waiting = over.sum(axis=1) - goes.sum(axis=1)
    # Of all else there is nothing: every side of money of a statement, whatever there are.
    others = {one.name: none for one in fields(Statement) if one.name not in ("earned", "waiting")}
    return Statement({"override": over}, **others | {"paid": goes, "fees": fees}, waiting=waiting)


def _capped(sold: _Sold, total: Ints) -> Ints:
    """What is left of earnings below the most that is paid for a month."""
    most = sold.plan.cap_payout
    return np.minimum(total, sold.rounded(minor(most), 1, 1)) if most else total


def _later(cells: Ints, months: int) -> Ints:
    """Partners × months, so many months later; what comes after the last month is not there."""
    moved = np.zeros_like(cells)
    moved[:, months:] = cells[:, : max(cells.shape[1] - months, 0)]
    return moved


@dataclass(frozen=True)
class _Leaving:
    """Accounts that left within the clawback window, and what of each is taken back."""

    lag: Ints
    """licence months: months from it to that in which its account left; 0 where that did not happen in the window"""
    parts: Ints
    """accounts: of what was paid for it so many parts of `clawback_months` are taken back"""
    partner: Ints
    first: Ints
    """accounts: the month of the first payment"""
    ends: Ints
    """accounts: the month in which it left within the window, -1 where it did not"""


def _leaving(sold: _Sold) -> _Leaving:
    plan, rows = sold.plan, sold.rows
    last = np.full(int(rows.account.max(initial=-1)) + 1, -1, dtype=np.int64)
    np.maximum.at(last, rows.account, np.arange(len(rows.account)))
    until = rows.covers[last] if rows.covers is not None else 1
    life = rows.age[last] + until
    left = (rows.month[last] + until < sold.shape[1]) & (life <= plan.taken_back_within)
    after = np.minimum(rows.month[last] + until, sold.shape[1] - 1)
    left &= sold.running[after + rows.partner[last].astype(np.int64) * sold.shape[1]]
    whose = rows.account[sold.of_row]
    counts = left[whose] & (sold.age < life[whose]) if plan.clawback != "none" else np.zeros(len(whose), bool)
    lag = np.where(counts, life[whose] - sold.age, 0)
    parts = plan.clawback_months - life if plan.clawback == "pro rata" else np.full_like(life, plan.clawback_months)
    ends = np.where(left & (plan.clawback != "none"), rows.month[last] + until, -1)
    return _Leaving(lag, parts, rows.partner[last].astype(np.int64), rows.month[last] - rows.age[last], ends)


def _leavers(sold: _Sold, later: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Accounts that leave within the window so many months after each month, and the parts of them all together."""
    leaving = sold.leaving
    who = np.flatnonzero((leaving.ends >= 0) & (leaving.ends - later >= leaving.first))
    cells = leaving.partner[who] * sold.shape[1] + leaving.ends[who] - later
    own = leaving.parts[who]
    return sold.by_cell_exact(np.ones_like(own), cells), sold.by_cell_exact(own, cells)


def _counting(sold: _Sold, leaving: _Leaving) -> NDArray[np.bool_]:
    """Which refunds take something back: while payouts go on, and not after a customer left within the window."""
    refunds = sold.refunds
    settled = leaving.lag[refunds.row]
    running: NDArray[np.bool_] = sold.running[sold.rows.cell[refunds.row] + refunds.lag]
    counting: NDArray[np.bool_] = running & ((settled == 0) | (settled >= refunds.lag))
    return counting


def _refunded(sold: _Sold, lines: list[_Line], counts: NDArray[np.bool_]) -> tuple[Ints, list[Ints]]:
    """What is taken back for refunds that count: of each stated line, and by month, partners × months.

    By how many months after its payment each was refunded: 1, 2, …
    """
    refunds, taken = sold.refunds, []
    found = [sold.nothing() for _ in range(int(refunds.lag.max(initial=0)))]
    for line in lines:
        of_row, cut = np.zeros((2, len(sold.of_row)), dtype=np.int64)
        of_row[line.at] = line.amount
        for lag in range(1, len(found) + 1):
            which = refunds.by(lag)[counts[refunds.by(lag)]]
            if line.once:
                which = which[refunds.amount[which] >= sold.rows.revenue[refunds.row[which]]]
            part = sold.part_of(of_row, which)
            np.add.at(cut, refunds.row[which], part)
            found[lag - 1] += sold.by_cell(part, sold.rows.cell[refunds.row[which]])
        taken.append(cut[line.at])
    return np.concatenate(taken or [sold.nothing()[0, :0]]), found


def _friend(sold: _Sold, lines: list[_Line]) -> Ints:
    """What customers get themselves: a share of each of their lines, before anything is capped, less what goes back."""
    share = millionths(sold.plan.friend)
    theirs = [line for line in lines if line.kind in FOR_CUSTOMERS] if share else []
    own = [replace(line, amount=sold.rounded(line.amount, share, MILLION)) for line in theirs]
    total = sum((sold.by_cell(line.amount, sold.cell[line.at]) for line in own), sold.nothing())
    if not own or not sold.counts_back:
        return total
    backs = _gone(sold, own).backs
    return total - sum((_later(back, lag) for lag, back in enumerate(backs, 1)), sold.nothing())


@dataclass(frozen=True)
class _Gone:
    """What is taken back of lines by themselves: a value for each line of who left within the window, in order."""

    amount: Ints
    """what is left of each after refunds"""
    cell: Ints
    account: Ints
    lag: Ints
    """how many months after its own its customer left"""
    by_leaving: list[Ints]
    """partners × months, by how many months later customers left: 1, 2, …"""
    by_refund: list[Ints]
    """the same by how many months later payments were refunded; there may be more of them"""

    @property
    def backs(self) -> list[Ints]:
        """Both together."""
        refunds = self.by_refund[: len(self.by_leaving)]
        refunds += [np.zeros_like(one) for one in self.by_leaving[len(refunds) :]]
        return [one + other for one, other in zip(self.by_leaving, refunds, strict=True)]


def _gone(sold: _Sold, lines: list[_Line]) -> _Gone:
    """What was refunded of lines, and of customers that left the rest, rounded once a customer."""
    plan, leaving = sold.plan, sold.leaving
    at, amount = (
        np.concatenate([getattr(line, name) for line in lines] or [sold.nothing()[0, :0]]) for name in ("at", "amount")
    )
    refunded, by_refund = _refunded(sold, lines, sold.counting)
    amount = amount - refunded
    window = min(max(plan.clawback_months if plan.clawback != "none" else 0, len(by_refund)), sold.shape[1])
    here = leaving.lag[at] > 0
    at, amount = at[here], amount[here]
    account = sold.rows.account[sold.of_row[at]]
    order = np.lexsort([sold.age[at], account])
    at, amount, account = at[order], amount[order], account[order]
    first = np.concatenate([[True], account[1:] != account[:-1]])[: len(at)]
    so_far = np.cumsum(amount)
    before = np.maximum.accumulate(np.where(first, np.arange(len(at)), 0))
    own = so_far - (so_far - amount)[before]
    upto = sold.rounded(own, leaving.parts[account], plan.clawback_months)
    back = np.diff(upto, prepend=0)
    back[first] = upto[first]
    lag, cell = leaving.lag[at], sold.cell[at]
    found = [sold.by_cell(back[lag == one], cell[lag == one]) for one in range(1, window + 1)]
    return _Gone(amount, cell, account, lag, found, by_refund)


def _taken_back(sold: _Sold, lines: list[_Line], total: Ints) -> list[Ints]:
    """What is taken back of each month, partners × months, by how many months later its customers left: 1, 2, …

    What was refunded of a payment is taken back of its line. Of customers that left the rest of their lines is, rounded
    once a customer. Where either changes what others earned in the month, by tiers or by the cap, the rest of what the
    month comes to without it is added.
    """
    plan, leaving, gone = sold.plan, sold.leaving, _gone(sold, lines)
    amount, cell, lag, by_refund = gone.amount, gone.cell, gone.lag, gone.by_refund
    found = gone.by_leaving
    window = len(found)
    tiered = any(isinstance(part, Tiered) and part.tiers != "none" for part in _paying(plan))
    # What a customer may still earn is not in proportion to what it pays.
    if plan.cap_payout or tiered or plan.rebate is not None or (plan.cap_per_customer and by_refund):
        weights = (amount, amount.astype(object) * leaving.parts[gone.account])
        left = _capped(sold, total)
        for one in range(1, window + 1):
            if one <= len(by_refund):
                now = _capped(sold, _earned(sold.without(one, one - 1)))
                by_refund[one - 1], left = left - now, now
            now = _capped(sold, _earned(sold.without(one, one)))
            whole, part = (sold.by_cell_exact(weight[lag == one], cell[lag == one]) for weight in weights)
            # Where those that left had no line of their own in the month, each counts as much.
            rows = np.flatnonzero(leaving.lag == one)
            own = leaving.parts[sold.rows.account[sold.of_row[rows]]]
            ones, parts = (sold.by_cell_exact(weight, sold.cell[rows]) for weight in (np.ones_like(own), own))
            everybody, all_parts = _leavers(sold, one)  # as who prepaid a year, and pays nothing in the month
            ones, parts = np.where(ones > 0, ones, everybody), np.where(ones > 0, parts, all_parts)
            whole, part = np.where(whole > 0, whole, ones), np.where(whole > 0, part, parts)
            beyond = left - now - sold.by_cell(amount[lag == one], cell[lag == one])
            found[one - 1] += (
                beyond if plan.clawback == "full" else sold.rounded(beyond, part, whole * plan.clawback_months)
            )
            left = now
    for one, back in enumerate(by_refund[:window]):
        found[one] += back
    return found


def _paying(plan: PayoutPlan) -> list[Terms]:
    return [part for part in (plan.percent, plan.flat, plan.share) if part is not None]


def _earned(sold: _Sold) -> Ints:
    """What is earned in each month by the customers that are there."""
    lines = list(_lines(sold))
    lines += [_beyond(sold, lines)] if sold.plan.cap_per_customer else []
    earned = [sold.by_cell(amounts, cells) for _, amounts, cells in _amounts(sold, lines)]
    return sum([*earned, *_without_rows(sold).values()], sold.nothing())


def _when_paid(
    sold: _Sold, earned: dict[str, Ints], total: Ints, kept: Ints, backs: list[Ints]
) -> tuple[Ints, Ints, Ints]:
    """Payouts when the money goes, the fees on what of it is cash, and balances in the month in which they lapse.

    What is taken back before the month's money has gone is not paid; later it is set against what is due then. A
    month's payout, and what is taken back of it, is credit in the proportion in which its earnings are. Funds that
    refunds have taken below zero are cash, all that is owed of them: what else the month earned is credit then, and so
    is what is taken back of it. What is owed in one of the two is set against a debt in the other.
    """
    plan = sold.plan
    own = total - sum((earned[kind] for kind in plan.kinds_in_credit), sold.nothing())
    only_credit = not set(earned) - set(plan.kinds_in_credit)

    def cash(amount: Ints) -> Ints:
        if not plan.kinds_in_credit:
            return amount
        part = np.where(total > 0, sold.rounded(amount, own, total), 0 if only_credit else amount)
        return np.where(own < 0, 0, part)

    hold, least = plan.hold_months, max(minor(plan.minimum_payout), 1)
    due, cash_due = _later(kept, hold), _later(np.where(own < 0, own, cash(kept)), hold)
    for lag, back in enumerate(backs, 1):
        due = due - _later(back, max(lag, hold))
        cash_due = cash_due - _later(cash(back), max(lag, hold))
    paid, fees, lapsed = np.zeros_like(due), np.zeros_like(due), np.zeros_like(due)
    waited = np.zeros(len(due), dtype=np.int64)
    balance, cash_balance = np.zeros(len(due), dtype=np.int64), np.zeros(len(due), dtype=np.int64)
    for month in range(due.shape[1]):
        balance = balance + due[:, month]
        cash_balance = np.clip(cash_balance + cash_due[:, month], np.minimum(balance, 0), np.maximum(balance, 0))
        goes = balance >= least
        paid[:, month] = np.where(goes, balance, 0)
        fees[:, month] = np.where(goes, cash_balance, 0)
        waited = np.where(~goes & (balance > 0), waited + 1, 0)
        over = (waited > plan.lapse_months) if plan.lapse_months else np.zeros(len(due), bool)
        lapsed[:, month], waited = np.where(over, balance, 0), np.where(over, 0, waited)
        balance, cash_balance = np.where(goes | over, 0, balance), np.where(goes | over, 0, cash_balance)
    return paid, sold.rounded(fees, millionths(plan.payout_fee), MILLION), lapsed


def added(statements: list[Statement]) -> Statement:
    """Return the statements of several sets of partners as one, one below the other.

    They are of the same plan and months.
    """
    together = {
        one.name: np.concatenate([getattr(statement, one.name) for statement in statements])
        for one in fields(Statement)
        if one.name != "earned"
    }
    kinds = statements[0].earned
    return Statement(
        earned={kind: np.concatenate([one.earned[kind] for one in statements]) for kind in kinds}, **together
    )
