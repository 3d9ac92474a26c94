"""The simulator once more: customer by customer cohort, class by class, month by month, in plain Python.

`follow` is written from the words of the terms (titles and descriptions in `payouts`, docstrings of `split`, `mix`
and `projection`, and the rule on credit in `statement`). It shares no code with the simulator and none of its closed
forms: nothing is taken off a total to find a part of it, customers are kept in the month they came in, licences in the
block they were bought in, what a partner earned on a customer in the month it was earned. It always follows ten
classes of partners, also where the simulator needs one; their shares come from integrating a lognormal density.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, product
from statistics import NormalDist

import numpy as np
import pytest

from motions.economics.inputs.assumptions import Market, PartnerProgram
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import (
    Bonus,
    FlatReward,
    LeadReward,
    PartnerMargin,
    PayoutPlan,
    PercentOfRevenue,
    RevenueShare,
    Tiered,
    WholesaleDiscount,
)
from motions.economics.model.histories import plain
from motions.economics.model.payouts import Split, productivity, split
from motions.economics.model.projection import project
from motions.economics.model.run import demands, run
from motions.economics.model.segments import Demand
from motions.names import BASELINES
from tests.economics.model.payout_oracle import hold_of

Series = list[float]
CLASSES = 10
SERIES = (
    "new", "customers", "listed", "spend", "vendor_revenue", "partner_margin", "payouts", "receipts", "paid", "fees",
    "marketplace", "distributor", "friend", "churned",
)  # fmt: skip


# The oracle


@cache
def class_shares(top_share: float) -> tuple[float, ...]:
    """What each tenth of partners brings if results are lognormal and the best fifth brings `top_share`.

    The density is integrated over each tenth (Boole's rule), the spread is found by halving; up to 20 % all are alike.
    """
    if top_share <= 0.2:
        return (1 / CLASSES,) * CLASSES
    normal = NormalDist()
    edges = [-9.0, *(normal.inv_cdf(step / CLASSES) for step in range(1, CLASSES)), 16.0]

    def brought(low: float, high: float, sigma: float) -> float:
        steps = 4 * math.ceil((high - low) * 10)
        width = (high - low) / steps
        total = 0.0
        for at in range(steps + 1):
            z = low + at * width
            weight = 7 if at in (0, steps) else 32 if at % 2 else 12 if at % 4 else 14
            total += weight * math.exp(-((z - sigma) ** 2) / 2)
        return total * width * 2 / 45 / math.sqrt(2 * math.pi)

    low, high = 0.0, 6.0
    for _ in range(50):
        sigma = (low + high) / 2
        low, high = (sigma, high) if brought(edges[8], edges[10], sigma) < min(top_share, 0.999) else (low, sigma)
    return tuple(brought(left, right, sigma) for left, right in pairwise(edges))


@dataclass
class Books:
    """Totals of one program, a value a month."""

    months: int
    series: dict[str, Series] = field(default_factory=dict)
    times: int = 1
    """how often what is added counts"""

    def add(self, name: str, month: int, amount: float) -> None:
        self.series.setdefault(name, [0.0] * self.months)[month] += amount * self.times

    def of(self, name: str) -> Series:
        return self.series.get(name, [0.0] * self.months)


def stated_rate(terms: Tiered, first: float, revenue: float, customers: float, partners: float) -> float:
    """The average rate of a month, band by band, at what one partner brings."""
    if terms.tiers == "none":
        return first
    amount = revenue if terms.tier_by == "revenue" else customers
    amount = amount / partners if partners else 0.0
    bands = [(0.0, first)]
    for start, value in (
        (terms.tier_2_from, terms.tier_2_value),
        (terms.tier_3_from, terms.tier_3_value),
        (terms.tier_4_from, terms.tier_4_value),
    ):
        if start:
            bands.append((start, value))
    if terms.tiers == "whole":
        return [value for start, value in bands if start <= amount * (1 + 1e-9)][-1]
    if not amount:
        return first
    due = 0.0
    for (start, value), (end, _) in pairwise([*bands, (math.inf, 0.0)]):
        if amount > start:
            due += (min(amount, end) - start) * value
    return due / amount


class Cohort:
    """The customers of one class of partners that came in one month."""

    def __init__(
        self, born: int, size: float, rewarded: float, months: int, churn: float, first_price: float, growth: float
    ) -> None:  # fmt: skip
        self.born, self.rewarded = born, rewarded
        self.alive = [0.0] * months
        self.listed = [0.0] * months
        here, price = size, first_price
        for month in range(born, months):
            self.alive[month] = here
            self.listed[month] = here * price
            here *= 1 - churn
            price *= 1 + growth
        self.licences = [0.0] * months  # in force
        self.worth = [0.0] * months  # what they cost at list price: that of the month of their purchase
        self.cost = [0.0] * months  # the share of list price at which they were bought
        self.earned: dict[int, float] = {}  # by month: what was paid on one customer of those that are rewarded
        self.given: dict[int, float] = {}  # the same before anything is capped


def follow(
    plan: PayoutPlan,
    new: Sequence[float],
    churn: float,
    price: float,
    growth: float = 0.0,
    leads: Sequence[float] | None = None,
    partners: Sequence[float] | None = None,
    top_share: float = 0.2,
) -> Books:
    """Follow ten classes of partners and add up what they do."""
    books = Books(len(new))
    for share, books.times in Counter(class_shares(top_share)).items():  # classes that are alike are followed once
        one = OneClass(
            books, plan, churn, price, growth, [n * share for n in new],
            [n / CLASSES for n in partners or [1.0] * len(new)],
        )  # fmt: skip
        one.run([n * share for n in leads or [0.0] * len(new)])
    books.times = 1
    return books


@dataclass
class Month:
    """What the customers of one class pay in a month, and what the vendor books of it, by cohort."""

    paid_by: dict[Cohort, float]
    revenue: float
    """what customers pay at list price, less the coupon: what tiers are counted by"""
    spend: float
    booked: dict[Cohort, float]
    receipts: float
    from_unsold: float = 0.0
    to_distributor: float = 0.0

    @property
    def vendor_revenue(self) -> float:
        return sum(self.booked.values()) + self.from_unsold


@dataclass
class OneClass:
    """One class of partners with its customers, followed month by month."""

    books: Books
    plan: PayoutPlan
    churn: float
    price: float
    growth: float
    new: Series
    partners: Series

    def run(self, leads: Series) -> None:
        plan, months = self.plan, len(self.new)
        self.cohorts = []
        for born, size in enumerate(self.new):
            most = plan.cap_customers * self.partners[born] if plan.cap_customers else size
            rewarded = min(size, most) / size if size else 0.0
            self.cohorts.append(Cohort(born, size, rewarded, months, self.churn, self.price, self.growth))
        due, owed, cash_part = [], [], []
        for month in range(months):
            there = self.cohorts[: month + 1]
            self.count(month, there)
            sides = self.sides(month, there)
            lines, credit, other = self.lines(month, sides)
            self.gifts(month, there, lines)
            if plan.bonus and plan.bonus.from_month <= month + 1 <= plan.bonus.to_month:  # it is the partner's alone
                won = self.cohorts[month]
                each = plan.bonus.reward * self.new[month] + plan.bonus.rate * sides.paid_by[won]
                lines[won] += each * won.rewarded * used(plan.bonus)
                credit += each * won.rewarded * used(plan.bonus) if plan.bonus.paid_in == "credit" else 0.0
            for_leads = leads[month] * plan.lead.reward * used(plan.lead) if plan.lead else 0.0
            credit += for_leads if plan.lead and plan.lead.paid_in == "credit" else 0.0
            gross = sum(lines.values()) + other + for_leads
            for one in there:
                if plan.cap_per_customer and one.alive[month]:
                    room = plan.cap_per_customer - sum(one.earned.values())
                    lines[one] = min(lines[one], room * one.alive[month])
            total = sum(lines.values()) + other + for_leads
            capped = min(total, plan.cap_payout * self.partners[month]) if plan.cap_payout else total
            for one in there:
                if one.alive[month]:
                    one.earned[month] = lines[one] / one.alive[month] * (capped / total if total else 0.0)
            back = sum(taken_back(plan, one, month, self.churn) for one in there) if plan.clawback != "none" else 0.0
            due.append(capped - back)
            owed.append(gross)
            cash_part.append(1 - credit / gross if gross else 1.0)
            over = plan.override_rate * plan.override_share * sides.revenue if plan.kinds else 0.0
            self.books.add("payouts", month, due[-1] + over)
            if month + hold_of(plan) < months:  # to recruiters, apart from the balance of the partner
                self.books.add("paid", month + hold_of(plan), over)
                self.books.add("fees", month + hold_of(plan), over * plan.payout_fee)
        pay_out(self.books, plan, due, owed, cash_part, self.partners)

    def gifts(self, month: int, there: list[Cohort], lines: dict[Cohort, float]) -> None:
        """What customers get themselves, and what goes back of it when they leave as early as what they had earned."""
        for one in there:
            if one.alive[month]:
                one.given[month] = lines[one] / one.alive[month]
        back = sum(taken_back(self.plan, one, month, self.churn, one.given) for one in there)
        back = back if self.plan.clawback != "none" else 0.0
        self.books.add("friend", month, self.plan.friend_share * (sum(lines.values()) - back))

    def count(self, month: int, there: list[Cohort]) -> None:
        self.books.add("new", month, self.new[month])
        self.books.add("customers", month, sum(one.alive[month] for one in there))
        self.books.add("listed", month, sum(one.listed[month] for one in there))
        if month:
            self.books.add("churned", month, sum(one.alive[month - 1] * self.churn for one in there[:-1]))

    def rate(self, terms: Tiered, first: float, month: int, revenue: float) -> float:
        return stated_rate(terms, first, revenue, self.new[month], self.partners[month])

    def sides(self, month: int, there: list[Cohort]) -> Month:
        plan = self.plan
        paid_by = {
            one: one.listed[month] * (1 - (plan.coupon if month - one.born < plan.coupon_months else 0))
            for one in there
        }
        revenue = sum(paid_by.values())
        found = Month(paid_by, revenue, revenue, paid_by, revenue)
        if plan.margin:
            rate = self.rate(plan.margin, plan.margin.margin, month, revenue)
            self.resell(plan.margin, month, found, {one: amount * (1 - rate) for one, amount in paid_by.items()})
            found.receipts = found.vendor_revenue
        if plan.wholesale:
            self.buy(plan.wholesale, month, found)
        self.books.add("spend", month, found.spend)
        self.books.add("vendor_revenue", month, found.vendor_revenue)
        self.books.add("partner_margin", month, found.spend - found.vendor_revenue - found.to_distributor)
        self.books.add("distributor", month, found.to_distributor)
        self.books.add("receipts", month, found.receipts)
        self.books.add("marketplace", month, found.spend * plan.marketplace_fee)
        return found

    def resell(
        self, terms: PartnerMargin | WholesaleDiscount, month: int, found: Month, pays: dict[Cohort, float]
    ) -> None:
        """Of what a reseller pays a distributor keeps a part, and what is left is booked."""
        found.booked = {one: amount * (1 - terms.distributor_margin) for one, amount in pays.items()}
        found.to_distributor = sum(pays.values()) * terms.distributor_margin

    def buy(self, terms: WholesaleDiscount, month: int, found: Month) -> None:
        """Customers whose block has ended buy another at the price of today; unsold licences are paid at list price.

        The tier of a month counts for all that is in force: what it changes for a running block is settled at once.
        """
        cost = 1 - self.rate(terms, terms.discount, month, found.revenue)
        found.receipts = 0.0
        for one in found.paid_by:
            if (month - one.born) % terms.prepaid_months == 0:
                value = one.listed[month]
                found.receipts += value * terms.prepaid_months * cost * (1 - terms.distributor_margin)
                for later in range(month, min(month + terms.prepaid_months, len(self.new))):
                    one.licences[later], one.worth[later], one.cost[later] = one.alive[month], value, cost
            found.receipts += one.worth[month] * (cost - one.cost[month]) * (1 - terms.distributor_margin)
        self.resell(terms, month, found, {one: one.worth[month] * cost for one in found.paid_by})
        in_force = sum(one.licences[month] for one in found.paid_by)
        found.from_unsold = max(terms.commitment * self.partners[month] - in_force, 0.0) * self.price * cost
        found.receipts += found.from_unsold
        found.spend = found.revenue * max(min(terms.resale_price, terms.band_high), terms.band_low)

    def lines(self, month: int, found: Month) -> tuple[dict[Cohort, float], float, float]:
        """What is owed on each cohort, how much of it is credit, and what is owed besides."""
        plan = self.plan
        lines, credit, other = dict.fromkeys(found.paid_by, 0.0), 0.0, 0.0
        if plan.percent:
            rate = self.rate(plan.percent, plan.percent.rate, month, found.revenue)
            lasting = {"first payment": 1, "lifetime": math.inf}.get(plan.percent.duration, plan.percent.months)
            afterwards = plan.percent.later_rate if plan.percent.duration == "taper" else 0.0
            for one, paid in found.paid_by.items():
                over = plan.percent.later_months and month - one.born >= lasting + plan.percent.later_months
                then = plan.percent.last_rate if over and plan.percent.duration == "taper" else afterwards
                due = (rate if month - one.born < lasting else then) * paid * one.rewarded * used(plan.percent)
                lines[one] += due
                credit += due if plan.percent.paid_in == "credit" else 0.0
        if plan.flat:
            worth = self.rate(plan.flat, plan.flat.reward, month, found.revenue)
            rewards = self.new[month] * self.cohorts[month].rewarded * worth * used(plan.flat)
            lines[self.cohorts[month]] += rewards
            credit += rewards if plan.flat.paid_in == "credit" else 0.0
        if plan.share:
            rate = self.rate(plan.share, plan.share.rate, month, found.revenue)
            for one, booked in found.booked.items():
                if month - one.born < plan.share.months:
                    due = rate * booked * one.rewarded * used(plan.share)
                    lines[one] += due
                    credit += due if plan.share.paid_in == "credit" else 0.0
            other = plan.share.funds_rate * plan.share.funds_used * found.vendor_revenue
        return lines, credit, other


def used(part: PercentOfRevenue | LeadReward | FlatReward | RevenueShare | Bonus) -> float:
    """What of a part's payouts is ever used: all of cash, and of credit what is redeemed."""
    return part.redemption_rate if part.paid_in == "credit" else 1.0


def taken_back(
    plan: PayoutPlan, one: Cohort, month: int, churn: float, earned: dict[int, float] | None = None
) -> float:
    """What customers of a cohort that leave at the start of a month had earned their partner, or the part of it."""
    life = month - one.born
    if not 0 < life <= plan.clawback_months:
        return 0.0
    had = sum((one.earned if earned is None else earned).get(at, 0.0) for at in range(one.born, month))
    part = (plan.clawback_months - life) / plan.clawback_months if plan.clawback == "pro rata" else 1.0
    return one.alive[month - 1] * churn * had * part


def pay_out(books: Books, plan: PayoutPlan, due: Series, owed: Series, cash_part: Series, partners: Series) -> None:
    """After the hold, once a partner's balance is large enough; a payout is credit as far as its earnings are."""
    paying = [plan.part(kind) for kind in plan.kinds if kind not in ("margin", "wholesale")]
    only_credit = bool(paying) and all(part.paid_in == "credit" for part in paying)
    only_credit = only_credit and not (plan.share and plan.share.funds_rate)
    hold = hold_of(plan)
    balance = cash = 0.0
    for month in range(hold, len(due)):
        of = month - hold
        balance += due[of]
        cash += due[of] * (cash_part[of] if owed[of] else float(not only_credit))
        # What is owed in one of the two is set against a debt in the other.
        cash = min(max(cash, min(balance, 0.0)), max(balance, 0.0))
        people = partners[month]
        each = balance / people if people else math.copysign(math.inf, balance) if balance else 0.0
        # As much as a rounding below is enough.
        if not plan.minimum_payout or each >= plan.minimum_payout * (1 - 1e-12) or (not people and balance >= 0):
            books.add("paid", month, balance)
            books.add("fees", month, cash * plan.payout_fee)
            balance = cash = 0.0


# Comparing


def alike(found: Sequence[float] | np.ndarray, wanted: Series, what: str) -> None:
    """Compare two series, to a billionth of each value; what the simulator takes off totals leaves a trace of those."""
    values, trace = np.ravel(found).tolist(), 1e-12 * max(map(abs, wanted), default=0.0) + 1e-11
    assert len(values) == len(wanted), what
    apart = [
        (month, value, other)
        for month, (value, other) in enumerate(zip(values, wanted, strict=True))
        if not math.isclose(value, other, rel_tol=1e-9, abs_tol=trace)
    ]
    assert not apart, f"{what}: (month, simulator, here) {apart[:3]}"


def column(values: Sequence[float] | None) -> np.ndarray | None:
    return None if values is None else np.array(values, float)[:, None]


def app(plan: PayoutPlan, new: Sequence[float], churn: float, price: float, growth: float = 0.0, **people) -> Split:
    """What the simulator says to the arguments of `follow`."""
    return split(plan, column(new), churn, price, expansion_rate=growth, leads=column(people.get("leads")))


def check(plan: PayoutPlan, names: Sequence[str] = SERIES, **given) -> None:
    cap = plan.cap_per_customer  # a sum over customers where they are alike, and exact
    plan = plain(plan).model_copy(
        update={"cap_per_customer": cap}
    )  # what looks at a single partner is held against the statement in `test_histories`
    found, wanted = app(plan, **given), follow(plan, **given)
    balance = ("paid", "fees") if plan.clawback != "none" else ()  # a balance is one partner's, see `test_histories`
    for name in (name for name in names if name not in balance):
        values = getattr(found, name)
        alike(np.broadcast_to(values, (len(given["new"]), 1)), wanted.of(name), name)


MONTHS = 10
STEADY = {
    "new": [3.7] * MONTHS, "leads": [11.0] * MONTHS, "partners": [6.0 + month for month in range(MONTHS)],
    "churn": 0.06, "price": 310.0, "top_share": 0.6,
}  # fmt: skip
BURSTS = {
    "new": [9.0, 0, 0, 14.5, 2, 0, 0, 0, 31, 0.25], "leads": [40.0, 1, 0, 9] + [3.0] * 6,
    "partners": [8 * 0.7**month for month in range(MONTHS)], "churn": 0.21, "price": 95.5, "growth": 0.0,
    "top_share": 0.83,
}  # fmt: skip
GROWING = {**BURSTS, "churn": 0.12, "growth": 0.04}
NOBODY_LEAVES = {**STEADY, "churn": 0.0, "top_share": 0.2}
ALL_LEAVE = {**BURSTS, "churn": 1.0, "top_share": 0.1}
NO_PARTNERS = {**STEADY, "partners": [5.0, 2.0] + [0.0] * (MONTHS - 2)}
NOTHING = {
    "new": [0.0] * 5, "leads": [2.0] * 5, "partners": [4.0] * 5, "churn": 0.1, "price": 100.0, "top_share": 0.6,
}  # fmt: skip
ONE_MONTH = {"new": [5.0], "leads": [9.0], "partners": [2.0], "churn": 0.5, "price": 120.0, "top_share": 1.0}
FREE = {**NOTHING, "new": [3.0] * 5, "price": 0.0}
WORLDS = {
    "steady": STEADY, "bursts": BURSTS, "growing": GROWING, "nobody leaves": NOBODY_LEAVES, "all leave": ALL_LEAVE,
    "partners stop": NO_PARTNERS, "one month": ONE_MONTH,
}  # fmt: skip
ALL_WORLDS = pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)


def each(plans: dict[str, PayoutPlan]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("plan", plans.values(), ids=plans)


LIFE = PercentOfRevenue(rate=0.3, duration="lifetime")
FIRST = PercentOfRevenue(rate=0.9, duration="first payment")
CREDIT = FlatReward(reward=700, paid_in="credit", redemption_rate=0.6)
BY_REVENUE = {"tier_2_from": 40, "tier_3_from": 160, "tier_4_from": 900}
BY_CUSTOMERS = {"tier_by": "customers", "tier_2_from": 0.25, "tier_3_from": 1.5, "tier_4_from": 0}

CAPS = {
    "customers": PayoutPlan(flat=FlatReward(), cap_customers=0.4),
    "customers, commission": PayoutPlan(percent=PercentOfRevenue(months=5), cap_customers=1.25),
    "payout": PayoutPlan(percent=LIFE, cap_payout=60),
    "payout of everything": PayoutPlan(
        percent=LIFE, flat=FlatReward(), lead=LeadReward(reward=33), share=RevenueShare(months=4), cap_payout=210
    ),
    "both": PayoutPlan(percent=LIFE, flat=FlatReward(reward=250), cap_customers=0.5, cap_payout=120),
    "none": PayoutPlan(percent=LIFE, cap_customers=0, cap_payout=0),
    "per customer": PayoutPlan(percent=LIFE, flat=FlatReward(reward=50), cap_per_customer=260, coupon=0.2),
    "per customer, of a share that is taken back": PayoutPlan(
        margin=PartnerMargin(margin=0.2),
        share=RevenueShare(rate=0.5, months=6),
        percent=LIFE,
        lead=LeadReward(),
        cap_per_customer=300,
        clawback="pro rata",
        clawback_months=5,
    ),
    "per customer, in credit": PayoutPlan(flat=CREDIT, cap_per_customer=300, payout_fee=0.02),
    "never reached": PayoutPlan(percent=LIFE, cap_customers=99_999, cap_payout=1e7),
    "of leads": PayoutPlan(lead=LeadReward(reward=50), cap_payout=45),
}
WHOLESALE = {
    "monthly": PayoutPlan(wholesale=WholesaleDiscount(discount=0.35, prepaid_months=1)),
    "monthly, committed": PayoutPlan(
        wholesale=WholesaleDiscount(discount=0.35, prepaid_months=1, commitment=0.8, resale_price=1.6)
    ),
    "quarters, committed": PayoutPlan(wholesale=WholesaleDiscount(prepaid_months=3, commitment=1.3, resale_price=0.3)),
    "blocks longer than the horizon": PayoutPlan(wholesale=WholesaleDiscount(prepaid_months=60, commitment=0.2)),
    "band of one price": PayoutPlan(
        wholesale=WholesaleDiscount(resale_price=1, band_low=1.15, band_high=1.15, prepaid_months=2, commitment=40)
    ),
    "whole tiers": PayoutPlan(
        wholesale=WholesaleDiscount(discount=0.2, tiers="whole", prepaid_months=4, commitment=1, **BY_REVENUE)
    ),
    "coupon and commission": PayoutPlan(
        wholesale=WholesaleDiscount(prepaid_months=5, commitment=0.5), percent=PercentOfRevenue(months=2),
        coupon=0.3, coupon_months=4, cap_payout=90,
    ),
}  # fmt: skip
CASH = {
    "hold": PayoutPlan(percent=LIFE, hold_days=31, payout_fee=0.02),
    "payout day": PayoutPlan(percent=LIFE, hold_days=30, payout_day=15, payout_fee=0.02, override_rate=0.1),
    "hold beyond the horizon": PayoutPlan(percent=LIFE, hold_days=365),
    "least amount": PayoutPlan(percent=LIFE, minimum_payout=75, payout_fee=0.05),
    "least amount never reached": PayoutPlan(percent=LIFE, minimum_payout=100_000, payout_fee=0.05),
    "hold and least amount": PayoutPlan(
        percent=PercentOfRevenue(months=3), flat=FlatReward(reward=40), hold_days=60, minimum_payout=130,
        payout_fee=0.01,
    ),
    "credit": PayoutPlan(flat=CREDIT, hold_days=15, minimum_payout=90, payout_fee=0.1),
    "credit and cash": PayoutPlan(
        flat=CREDIT, percent=LIFE, lead=LeadReward(), hold_days=45, minimum_payout=55, payout_fee=0.03
    ),
    "a commission in credit": PayoutPlan(
        percent=PercentOfRevenue(duration="taper", months=3, paid_in="credit"), hold_days=30, payout_fee=0.05,
        coupon=0.1, coupon_months=2,
    ),
    "all kinds, some in credit": PayoutPlan(
        percent=LIFE, flat=CREDIT, lead=LeadReward(paid_in="credit", redemption_rate=0.5),
        share=RevenueShare(months=4, paid_in="credit", redemption_rate=0.9), payout_fee=0.05, hold_days=45,
    ),
    "all kinds in credit": PayoutPlan(
        percent=LIFE.model_copy(update={"paid_in": "credit"}), flat=CREDIT,
        lead=LeadReward(paid_in="credit", redemption_rate=0.5),
        share=RevenueShare(months=4, funds_rate=0, paid_in="credit"), payout_fee=0.05,
    ),
    "credit that nobody redeems": PayoutPlan(flat=CREDIT.model_copy(update={"redemption_rate": 0.0}), payout_fee=0.1),
    "balance below zero is carried": PayoutPlan(
        percent=FIRST, clawback="full", clawback_months=4, minimum_payout=20, hold_days=30, payout_fee=0.02
    ),
}  # fmt: skip
LIVES = {
    "coupon": PayoutPlan(percent=LIFE, coupon=0.25, coupon_months=3),
    "coupon longer than commission": PayoutPlan(percent=PercentOfRevenue(months=2), coupon=0.9, coupon_months=60),
    "coupon shorter than commission": PayoutPlan(percent=PercentOfRevenue(months=5), coupon=0.35, coupon_months=2),
    "taper": PayoutPlan(
        percent=PercentOfRevenue(duration="taper", months=4, later_rate=0.07), coupon=0.1, coupon_months=6
    ),
    "full clawback": PayoutPlan(percent=LIFE, clawback="full", clawback_months=3, coupon=0.4, coupon_months=2),
    "a second commission that ends": PayoutPlan(
        percent=PercentOfRevenue(duration="taper", months=2, later_rate=0.1, later_months=3), coupon=0.1,
        coupon_months=4,
    ),
    "a marketplace": PayoutPlan(
        wholesale=WholesaleDiscount(discount=0.3, prepaid_months=2, resale_price=0.9), coupon=0.2, coupon_months=3,
        marketplace_fee=0.03,
    ),
    "as much for the customer": PayoutPlan(
        percent=PercentOfRevenue(duration="taper", months=2, paid_in="credit"), flat=FlatReward(reward=90),
        lead=LeadReward(), share=RevenueShare(months=4), friend_share=1, clawback="pro rata", clawback_months=5,
        coupon=0.1, cap_per_customer=120,
    ),
    "a distributor": PayoutPlan(
        margin=PartnerMargin(margin=0.2, distributor_margin=0.1), share=RevenueShare(months=3), percent=LIFE,
        coupon=0.2, coupon_months=3, marketplace_fee=0.03,
    ),
    "a distributor of prepaid licences": PayoutPlan(
        wholesale=WholesaleDiscount(discount=0.3, distributor_margin=0.15, prepaid_months=3, resale_price=1.2),
        share=RevenueShare(months=5), coupon=0.2, coupon_months=3,
    ),
    "an override": PayoutPlan(
        percent=LIFE, coupon=0.2, coupon_months=3, override_rate=0.1, override_share=0.4, hold_days=45, payout_fee=0.03
    ),
    "a third commission": PayoutPlan(
        percent=PercentOfRevenue(duration="taper", months=2, later_rate=0.1, later_months=3, last_rate=0.03),
        clawback="pro rata", clawback_months=8,
    ),
    "pro rata clawback of a taper": PayoutPlan(
        percent=PercentOfRevenue(duration="taper", months=2, later_rate=0.5), flat=FlatReward(reward=90),
        clawback="pro rata", clawback_months=6,
    ),
    "clawback longer than the horizon": PayoutPlan(flat=FlatReward(), clawback="pro rata", clawback_months=24),
    "clawback of one month": PayoutPlan(percent=FIRST, clawback="full", clawback_months=1),
    "clawback of one month, pro rata": PayoutPlan(percent=LIFE, clawback="pro rata", clawback_months=1),
    "clawback under a cap on customers": PayoutPlan(
        percent=LIFE, flat=FlatReward(), cap_customers=0.3, clawback="full", clawback_months=5
    ),
    "clawback of first payments under a cap": PayoutPlan(
        percent=FIRST, flat=FlatReward(), lead=LeadReward(), cap_payout=160, clawback="full", clawback_months=4
    ),
    "clawback of a shared margin": PayoutPlan(
        margin=PartnerMargin(), share=RevenueShare(months=3), clawback="pro rata", clawback_months=5
    ),
}  # fmt: skip
BONUSES = {
    "dated": PayoutPlan(bonus=Bonus(reward=70, rate=0.5, from_month=2, to_month=4), percent=LIFE, coupon=0.2),
    "alone, after all months": PayoutPlan(bonus=Bonus(from_month=60, to_month=61)),
    "of one month, taken back": PayoutPlan(
        bonus=Bonus(reward=40, rate=3, from_month=9, to_month=9), flat=FlatReward(), clawback="pro rata",
        clawback_months=4, cap_customers=0.5,
    ),
    "within the most of a customer": PayoutPlan(
        bonus=Bonus(reward=300, rate=0.1, from_month=3, to_month=12), percent=LIFE, lead=LeadReward(),
        cap_per_customer=350, clawback="full", clawback_months=5,
    ),
    "in credit, with credit for the customer": PayoutPlan(
        bonus=Bonus(reward=60, rate=0.2, to_month=4, paid_in="credit"), percent=LIFE, friend_share=0.5, hold_days=30,
        payout_fee=0.05,
    ),
    "on a margin, in part in credit": PayoutPlan(
        bonus=Bonus(reward=20, to_month=2), margin=PartnerMargin(), flat=CREDIT, hold_days=45, payout_fee=0.03
    ),
    "on prepaid licences": PayoutPlan(
        bonus=Bonus(rate=0.2, to_month=5), wholesale=WholesaleDiscount(prepaid_months=3),
        share=RevenueShare(rate=0.1, months=4),
    ),
}  # fmt: skip
TIERS = {
    f"{tiers} by {by}, {name}": plan
    for tiers in ("marginal", "whole")
    for by, starts in (("revenue", BY_REVENUE), ("customers", BY_CUSTOMERS))
    for name, plan in {
        "commission": PayoutPlan(
            percent=PercentOfRevenue(rate=0.1, duration="taper", months=3, tiers=tiers, **starts), cap_customers=1.1
        ),
        "reward": PayoutPlan(flat=FlatReward(tiers=tiers, **{"tier_by": "revenue", **starts}), cap_payout=300),
        "margin and share": PayoutPlan(
            margin=PartnerMargin(margin=0.15, tiers=tiers, **starts),
            share=RevenueShare(rate=0.02, tiers=tiers, **starts),
        ),
    }.items()
}


HYBRIDS = {
    "share of prepaid licences, commission, coupon and hold": PayoutPlan(
        wholesale=WholesaleDiscount(discount=0.3, prepaid_months=4, commitment=0.5),
        share=RevenueShare(rate=0.1, months=6), percent=PercentOfRevenue(months=3), coupon=0.2, coupon_months=5,
        hold_days=45, minimum_payout=35, payout_fee=0.02,
    ),
    "capped share of prepaid licences, in tiers": PayoutPlan(
        wholesale=WholesaleDiscount(discount=0.2, tiers="whole", prepaid_months=3, **BY_REVENUE),
        share=RevenueShare(rate=0.2, months=7), flat=CREDIT, cap_customers=0.7, cap_payout=150, payout_fee=0.04,
    ),
    "everything on a margin": PayoutPlan(
        margin=PartnerMargin(margin=0.2, tiers="marginal", **BY_REVENUE), share=RevenueShare(rate=0.05, months=5),
        percent=LIFE, flat=CREDIT, lead=LeadReward(), coupon=0.15, coupon_months=4, cap_customers=0.9, cap_payout=400,
        clawback="pro rata", clawback_months=5, hold_days=30, minimum_payout=50, payout_fee=0.03,
    ),
}  # fmt: skip
PLANS = {
    f"{group}: {name}": plan
    for group, plans in (
        ("caps", CAPS), ("wholesale", WHOLESALE), ("cash", CASH), ("lives", LIVES), ("tiers", TIERS),
        ("hybrids", HYBRIDS), ("bonuses", BONUSES),
    )
    for name, plan in plans.items()
}  # fmt: skip


@pytest.mark.parametrize("top_share", [0.0, 0.2, 0.2001, 0.35, 0.6, 0.9, 0.999, 1.0])
def test_what_each_class_of_partners_brings(top_share):
    alike([float(one) for one in productivity(top_share, CLASSES)], list(class_shares(top_share)), "classes")
    assert sum(class_shares(top_share)[8:]) == pytest.approx(min(max(top_share, 0.2), 0.999))


@ALL_WORLDS
@each(PLANS)
def test_every_plan_pays_what_following_each_customer_says(plan, world):
    check(plan, **world)


@each(PLANS)
def test_no_customers_and_no_price(plan):
    check(plan, ("vendor_revenue", "payouts", "receipts", "paid", "fees"), **NOTHING)
    check(plan, ("vendor_revenue", "payouts", "receipts", "paid", "fees"), **FREE)


@pytest.mark.parametrize("block", [1, 2, 3, 7, 36])
@pytest.mark.parametrize("churn", [0.0, 0.3, 1.0])
def test_licence_months_bought_are_those_in_force_and_receipts_are_the_revenue(block, churn):
    """Customers come for 5 months, and none after; all blocks of those that came are followed to their end."""
    new = [4.0, 0.0, 7.5, 1.0, 2.0] + [0.0] * 2600 if churn else [4.0] + [0.0] * (block * 3 - 1)
    new = new[: 400 if block < 8 else 2000]
    shares = app(PayoutPlan(wholesale=WholesaleDiscount(discount=0.4, prepaid_months=block)), new, churn, 100.0)
    in_force, bought = shares.vendor_revenue.sum() / 60, shares.receipts.sum() / 60
    assert in_force == pytest.approx(bought)
    renewals = 1 / (1 - (1 - churn) ** block) if churn else 3
    assert bought == pytest.approx(sum(new) * block * renewals)


DRAWN = {
    "percent": PercentOfRevenue.model_construct(
        **{**LIFE.model_dump(), "rate": np.array([0.1, 0.3, 0.0, 1.0]), "months": np.array([4, 12, 3, 60]),
           "duration": "taper", "later_rate": np.array([0.0, 0.1, 0.3, 0.2]),
           "later_months": np.array([0, 2, 5, 90]), "last_rate": np.array([0.5, 0.3, 0.0, 0.1])},
    ),
    "coupon": np.array([0.2, 0.0, 0.9, 0.1]), "coupon_months": np.array([1, 3, 40, 12]),
    "clawback_months": np.array([1, 3, 24, 2]), "hold_days": np.array([0, 30, 45, 365]),
    "payout_day": np.array([15, 0, 28, 1]),
    "bonus": Bonus.model_construct(
        reward=np.array([50.0, 0.0, 900.0, 20.0]), rate=np.array([0.0, 3.0, 0.4, 0.0]),
        from_month=np.array([1, 4, 3, 30]), to_month=np.array([3, 4, 40, 60]),
    ),
    "minimum_payout": np.array([0.0, 50.0, 1.0, 300.0]), "payout_fee": np.array([0.0, 0.02, 0.1, 0.2]),
}  # fmt: skip


def of_draw(terms, draw: int):
    """Terms in which arrays are replaced by one of their values; what counts months or days is whole again."""
    changes = {
        name: value[draw].item() if isinstance(value, np.ndarray) else of_draw(value, draw)
        for name, value in terms
        if isinstance(value, (np.ndarray, PercentOfRevenue, FlatReward, WholesaleDiscount, Bonus))
    }
    return terms.model_copy(update=changes)


@pytest.mark.parametrize(
    "numbers",
    [
        {**DRAWN, "clawback": "pro rata"},
        {**DRAWN, "clawback": "full"},
        {"flat": CREDIT, "hold_days": np.array([0, 0, 90, 1])},
        {
            "wholesale": WholesaleDiscount().model_copy(
                update={"prepaid_months": np.array([1, 2, 12, 36]), "resale_price": np.array([0.1, 1.0, 1.1, 3.0])},
            )
        },
    ],
    ids=["pro rata", "full", "hold", "wholesale"],
)  # fmt: skip
def test_each_of_many_draws_is_as_if_it_were_alone(numbers):
    """Churn, price and growth are arrays, too: churn 0 and 1, and price 0."""
    plan = plain(PayoutPlan().model_copy(update=numbers))
    churn, price = np.array([0.0, 0.15, 0.4, 1.0]), np.array([100.0, 20.0, 0.0, 250.0])
    growth = np.array([0.0, 0.05, 0.1, 0.02]) * (plan.wholesale is None)
    new, leads = ([float(one) for one in STEADY[name]] for name in ("new", "leads"))
    found = split(plan, column(new), churn, price, expansion_rate=growth, leads=column(leads))
    for draw in range(4):
        wanted = follow(of_draw(plan, draw), new, churn[draw], price[draw], growth[draw], leads)
        for name in (one for one in SERIES if plan.clawback == "none" or one not in ("paid", "fees")):
            values = np.broadcast_to(getattr(found, name), (MONTHS, 4))[:, draw]
            alike(values, wanted.of(name), f"{name} of draw {draw}")


# Whole programs, and segments


def partner_months(program: PartnerProgram, months: int) -> tuple[Series, Series]:
    """Active partners and their leads: each month's partners are followed as they ramp up and stop."""
    active, leads = [0.0] * months, [0.0] * months
    groups = [(None, program.partners_at_start)]
    groups += [(month, program.partners_recruited * program.activation_rate) for month in range(months)]
    for joined, size in groups:
        there = size
        for month in range(joined or 0, months):
            ramped = joined is None or month - joined >= program.ramp_months
            pace = 1.0 if ramped else (month - joined) / program.ramp_months
            active[month] += there
            leads[month] += there * pace * program.leads_per_partner
            there *= 1 - program.partner_churn_rate
    return active, leads


def won_alone(program, months: int) -> tuple[Series, Series, Series]:
    """Active partners, leads, and the customers that come of them after the sales cycle."""
    if isinstance(program, PartnerProgram):
        active, leads = partner_months(program, months)
    else:
        active, leads, now = [0.0] * months, [], program.leads
        for _ in range(months):
            leads.append(now)
            now *= 1 + program.lead_growth_rate
    new = [0.0] * months
    for month, came in enumerate(leads):
        if month + program.sales_cycle_months < months:
            new[month + program.sales_cycle_months] = came * program.conversion_rate
    return active, leads, new


def whole_program(program, market: Market, new: Series | None = None) -> Books:
    """Everything that a program does, cash included; `new` replaces the customers it wins alone."""
    active, leads, alone = won_alone(program, market.months)
    new = alone if new is None else new
    partnered = isinstance(program, PartnerProgram)
    books = follow(
        program.payout if partnered else PayoutPlan(), new, program.customer_churn_rate,
        market.list_price * program.deal_size_factor, program.expansion_rate, leads, active if partnered else None,
        program.top_share if partnered else 0.2,
    )  # fmt: skip
    cost = 1 - market.gross_margin
    if partnered:
        cost -= min(market.support_share, cost) * program.support_carried
    so_far = 0.0
    for month in range(market.months):
        spent = (
            program.program_cost
            + new[month] * program.cost_per_customer
            + books.of("fees")[month]
            + books.of("marketplace")[month]
        )
        if partnered:
            spent += program.partners_recruited * program.onboarding_cost + active[month] * program.enablement_cost
        of_revenue = books.of("listed")[month] * cost
        made = books.of("vendor_revenue")[month] - of_revenue - spent - books.of("payouts")[month]
        so_far += made
        for name, amount in {
            "partners_active": active[month], "leads": leads[month], "customers_new": new[month],
            "customers_active": books.of("customers")[month], "cost_of_revenue": of_revenue, "program_cost": spent,
            "contribution": made, "cumulative": so_far,
            "cash": books.of("receipts")[month] - of_revenue - spent - books.of("paid")[month],
        }.items():  # fmt: skip
            books.add(name, month, amount)
    return books


PROJECTED = (
    "partners_active", "leads", "customers_new", "customers_active", "listed", "spend", "vendor_revenue",
    "partner_margin", "payouts", "cost_of_revenue", "program_cost", "contribution", "cumulative", "cash",
)  # fmt: skip
PROGRAMS = {
    "as it stands": {},
    "no ramp, no cycle": {"ramp_months": 0, "sales_cycle_months": 0, "partner_churn_rate": 0.0},
    "partners stop at once": {"partners_at_start": 12, "partner_churn_rate": 1.0, "sales_cycle_months": 3},
    "cycle beyond the horizon": {"sales_cycle_months": 24, "customer_churn_rate": 1.0},
    "nobody": {"partners_recruited": 0, "partners_at_start": 0},
    "long ramp, growth": {"ramp_months": 24, "expansion_rate": 0.03, "support_carried": 1.0, "top_share": 0.8},
}


@pytest.mark.parametrize("changes", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize(
    "plan",
    [
        CAPS["both"], WHOLESALE["monthly"], CASH["credit and cash"], LIVES["pro rata clawback of a taper"],
        TIERS["marginal by revenue, margin and share"],
    ],
    ids=["caps", "wholesale", "cash", "clawback", "tiers"],
)  # fmt: skip
def test_whole_programs(changes, plan):
    market = Market(list_price=240, months=15, gross_margin=0.7, support_share=0.4)
    program = PartnerProgram(payout=plain(plan), **{"cost_per_customer": 35, **changes})
    found, wanted = project(program, market), whole_program(program, market)
    for name in PROJECTED if plan.clawback == "none" else PROJECTED[:-1]:  # a balance is one partner's
        alike(getattr(found, name)[:, 0], wanted.of(name), name)


def test_a_whole_program_that_sells_prepaid_licences():
    market = Market(list_price=240, months=20)
    program = PartnerProgram(
        payout=plain(WHOLESALE["quarters, committed"]), customer_churn_rate=0.2, partners_at_start=4
    )
    found, wanted = project(program, market), whole_program(program, market)
    for name in PROJECTED:
        alike(getattr(found, name)[:, 0], wanted.of(name), name)


def share_segment(size: float, wanted: dict[str, Series], months: int) -> dict[str, Series]:
    """Accounts that are left, month by month: for each set of motions that may reach one, how likely exactly it does.

    Who is reached by any is won; those that are won are divided as the motions' shares are.
    """
    won: dict[str, Series] = {name: [] for name in wanted}
    left = size
    for month in range(months):
        reach = {name: min(new[month] / left, 1.0) if left > 1e-12 else 0.0 for name, new in wanted.items()}
        any_of_them = 0.0
        for who in product([False, True], repeat=len(reach)):
            if any(who):
                any_of_them += math.prod(p if there else 1 - p for p, there in zip(reach.values(), who, strict=True))
        total = sum(reach.values())
        for name, p in reach.items():
            won[name].append(left * any_of_them * p / total if total else 0.0)
        left -= left * any_of_them
    return won


SHOWN = ("affiliate", "channel", "reseller", "product_led")
SEGMENTS = {
    "one motion": [("One", 500.0, ("affiliate",))],
    "all in one": [("One", 900.0, SHOWN)],
    "all in a small one": [("One", 40.0, SHOWN)],
    "less than a customer": [("One", 0.5, ("affiliate", "reseller"))],
    "overlapping": [
        ("Small", 120.0, ("affiliate", "reseller")), ("Mid", 800.0, ("affiliate", "channel", "product_led")),
        ("Large", 3500.0, ("reseller", "product_led")),
    ],
    "a motion that is not shown": [("One", 300.0, ("affiliate", "referral")), ("Two", 900.0, ("referral",)),
                                   ("Three", 600.0, ("affiliate", "reseller"))],
    "six": [(f"S{at}", 10.0 * 4**at, SHOWN[: at % 4 + 1]) for at in range(6)],
}  # fmt: skip


@pytest.mark.parametrize("given", SEGMENTS.values(), ids=SEGMENTS)
def test_segments(given):
    segments = [{"name": name, "size": size, "motions": motions} for name, size, motions in given]
    scenario = default_scenario().replace(segments=segments, shown=SHOWN).with_market(months=18)
    scenario = scenario.with_program("reseller", expansion_rate=0.0)
    alone = {name: won_alone(scenario.program(name), 18)[2] for name in SHOWN}
    won = {name: [0.0] * 18 for name in SHOWN}
    of_segment: dict[str, tuple[float, float, float]] = {}
    for name, size, motions in given:
        wanted = {}
        for motion in motions:
            if motion in SHOWN:
                sold_in = sum(other for _, other, sellers in given if motion in sellers)
                wanted[motion] = [new * size / sold_in for new in alone[motion]]
        if not wanted:
            continue
        got = share_segment(size, wanted, 18)
        for motion, new in got.items():
            won[motion] = [before + more for before, more in zip(won[motion], new, strict=True)]
        each = sum(sum(share_segment(size, {motion: new}, 18)[motion]) for motion, new in wanted.items())
        of_segment[name] = (sum(map(sum, wanted.values())), sum(map(sum, got.values())), each)
    found: dict[str, Demand] = {one.segment.name: one for one in demands(scenario)}
    assert list(found) == list(of_segment)
    for name, (would, did, each) in of_segment.items():
        alike(found[name].wanted, [would], name)
        alike(found[name].won, [did], name)
        alike(found[name].conflict, [each - did], name)
        alike(found[name].exhausted, [would - each], name)
    named = {motion for _, _, motions in given for motion in motions}
    for name in set(BASELINES) & set(SHOWN) - named:  # a baseline that no segment names has customers of its own
        won[name] = alone[name]
    for name, outcome in run(scenario).items():
        books = whole_program(scenario.program(name), scenario.market, won[name])
        for series in PROJECTED:
            alike(getattr(outcome.projection, series)[:, 0], books.of(series), f"{name} {series}")
        assert outcome.figures["new_customers"] == pytest.approx(sum(won[name]), rel=1e-9, abs=1e-9)
        assert outcome.figures["cash"] == pytest.approx(sum(books.of("cash")), rel=1e-9)


# Small cases that can be followed by hand, each of which the simulator once had wrong.


HALF_OFF = {"discount": 0.5}
BY_HAND = [
    pytest.param(
        PayoutPlan(margin=PartnerMargin(margin=0.5), share=RevenueShare(funds_rate=0), clawback="full",
                   clawback_months=1),
        {"new": [1.0, 0.0], "churn": 1.0, "price": 100.0}, "payouts", id="clawback of a share of a margin",
    ),
    pytest.param(
        PayoutPlan(wholesale=WholesaleDiscount(**HALF_OFF, prepaid_months=2), share=RevenueShare(funds_rate=0)),
        {"new": [1.0, 0.0], "churn": 1.0, "price": 100.0}, "payouts", id="share of licences that nobody uses",
    ),
    pytest.param(
        PayoutPlan(
            wholesale=WholesaleDiscount(**HALF_OFF, prepaid_months=2), share=RevenueShare(months=1, funds_rate=0)
        ),
        {"new": [1.0, 1.0], "churn": 0.5, "price": 100.0}, "payouts", id="months of a share of prepaid licences",
    ),
    pytest.param(
        PayoutPlan(wholesale=WholesaleDiscount(**HALF_OFF, prepaid_months=2)),
        {"new": [1.0, 1.0], "churn": 0.0, "price": 100.0, "growth": 0.1}, "receipts", id="blocks and growth",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "given", "name"), BY_HAND)
def test_what_can_be_followed_by_hand(plan, given, name):
    check(plan, (name,), **given)


@pytest.mark.parametrize(
    ("terms", "growth"),
    [
        pytest.param({}, 0.1, id="growth"),
    ],
)
def test_a_block_is_paid_for_as_it_is_booked(terms, growth):
    """Two customers, of which one leaves; every block has ended by the last month."""
    plan = PayoutPlan(wholesale=WholesaleDiscount(discount=0.5, prepaid_months=2, **{**terms}))
    shares = app(plan, [2.0, 0.0], 0.5, 100.0, growth)
    assert shares.receipts.sum() == pytest.approx(shares.vendor_revenue.sum())
