"""Payout terms: how a partner is paid. What they come to is worked out in `payouts`, and to the cent in `statement`.

Money is in whole units of one currency, rates are fractions of 1, time is in months unless a field says days.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

from motions.fields import Input, choice, inputs, money, number
from motions.fields import months as in_months
from motions.fields import rate as a_rate
from motions.units import DAYS, MONEY, MONTHS, OF_LIST_PRICE, PER_PERCENT, amount_of

Array = NDArray[np.float64]


class Terms(BaseModel):
    """Base of all payout terms: frozen, closed, and each field with title, unit, bounds and help."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Contradiction(ValueError):
    """Inputs that can't be together: why, and what to change; `fields` are those that it is about, nearest first.

    Of a part they are its inputs; of a plan inputs of its own, and of parts with their kind: `margin.tier_2_value`.
    """

    def __init__(self, said: str, *fields: str) -> None:
        super().__init__(said)
        self.fields = fields


TierBy = Literal["revenue", "customers", "active customers"]
AGAIN = "whole, rated again"
"""tiers whose rate is paid for the months before too"""


def _tier_by(default: str) -> Any:
    return choice(
        "Tiers counted by",
        "The revenue of a partner's customers, its new customers, or its active customers: those that pay in the "
        "month or have paid for it, which are counted month by month.",
        default,
    )


def _from(tier: int, default: float) -> Any:
    return number(
        f"Tier {tier} from",
        "Where the tier begins, in what tiers are counted by, for each partner and each time that they are counted "
        "over. 0: there is no such tier.",
        default, 1e9, 1, amount_of("revenue or customers"),
    )  # fmt: skip


def _at_the_sale() -> Any:
    return choice(
        "Tiers",
        "Marginal: a tier's rate counts for what lies above its threshold. Whole: it counts for all of the month in "
        "which its threshold is reached, and for what comes after it. What is kept at a sale is not rated again.",
        "none",
    )


def _paid_in(what: str = "Cash costs its face value; credit costs what is redeemed of it.") -> Any:
    return choice("Paid in", what, "cash")


def _redeemed() -> Any:
    return a_rate("Credit redeemed", "Share of the credit that is ever used.", 0.7)


def redeemed(part: Terms) -> Any:
    """Return which share of what a part pays counts: all of cash, and of credit what is redeemed of it.

    >>> redeemed(LeadReward()), redeemed(LeadReward(paid_in="credit", redemption_rate=0.6))
    (1.0, 0.6)
    """
    rate: Any = getattr(part, "redemption_rate", 1.0)
    return rate if in_credit(part) else 1.0


def in_credit(part: Terms | None) -> bool:
    """Return whether a part is paid as credit.

    >>> in_credit(LeadReward()), in_credit(LeadReward(paid_in="credit")), in_credit(None)
    (False, True, False)
    """
    return getattr(part, "paid_in", "cash") == "credit"


class Tiered(Terms):
    """Terms whose rate rises with what a partner brings in a month, or has brought in a longer time so far.

    A partner whose customers pay 300 in a month, at 10 % and 20 % from 200 on, earns 20 + 20, or 20 % of all of it:

    >>> from motions.economics.model.statement import of_one
    >>> tiers = {"rate": 0.1, "tier_2_from": 200, "tier_2_value": 0.2, "tier_3_from": 0}
    >>> plans = [PercentOfRevenue(tiers=kind, **tiers) for kind in ("marginal", "whole")]
    >>> [int(of_one(plan, [300]).payout.sum()) for plan in plans]  # in minor units
    [4000, 6000]

    Counted by the quarter, 100 a month reach 200 in the second month: marginal tiers pay what lies above more, whole
    tiers the months from then on, and those that rate again the months before too, in the month in which it is reached:

    >>> kinds = ("marginal", "whole", "whole, rated again")
    >>> plans = [PercentOfRevenue(tiers=kind, tier_period="quarter", **tiers) for kind in kinds]
    >>> [(of_one(plan, [100] * 4).payout // 100).tolist() for plan in plans]
    [[[10, 10, 20, 10]], [[10, 20, 20, 10]], [[10, 30, 20, 10]]]
    """

    tiers: Literal["none", "marginal", "whole", "whole, rated again"] = choice(
        "Tiers",
        "Marginal: a tier's rate counts for what lies above its threshold. Whole: it counts for all of the month in "
        "which its threshold is reached, and for what comes after it. Rated again: the months before, in the time that "
        "tiers are counted over, have it too; the difference is due in the month in which it is reached.",
        "none",
    )
    tier_by: TierBy = _tier_by("revenue")
    tier_period: Literal["month", "quarter", "year", "total"] = choice(
        "Tiers counted over",
        "A month, a quarter, a year, or in total: over a partner's life. Quarters and years count from the month in "
        "which the program begins. Customers that leave within the clawback window do not count any more.",
        "month",
    )
    tier_2_from: float = _from(2, 2000)
    tier_2_value: float = a_rate("Tier 2", "Rate of the second tier.", 0.25)
    tier_3_from: float = _from(3, 10_000)
    tier_3_value: float = a_rate("Tier 3", "Rate of the third tier.", 0.3)
    tier_4_from: float = _from(4, 0)
    tier_4_value: float = a_rate("Tier 4", "Rate of the fourth tier.", 0.35)

    @model_validator(mode="after")
    def _ascending(self) -> "Tiered":
        starts = [f"tier_{tier}_from" for tier in (2, 3, 4)]
        if self.tiers != "none" and (wrong := _out_of_order(self, *starts)):
            raise Contradiction("each tier must begin above the one before it: put them in order", *wrong)
        there = [f"tier_{tier}_value" for tier, start in zip((2, 3, 4), starts, strict=True) if getattr(self, start)]
        rates = [FIRST_RATE[_KIND[type(self)]], *there]
        falls = next(((one, next_) for one, next_ in pairwise(rates) if getattr(self, next_) < getattr(self, one)), ())
        if self.tiers == AGAIN and falls:
            raise Contradiction(
                "a tier that rates the months before again would take back what they were paid: give each tier a rate "
                "that is not below the one before it, or choose whole tiers",
                *reversed(falls),
            )
        return self

    @property
    def first_rate(self) -> float:
        """What is paid before any tier."""
        rate: float = getattr(self, FIRST_RATE[_KIND[type(self)]])
        return rate

    @property
    def counted_over(self) -> str:
        """The time that tiers are counted over; of active customers it is a month, whatever else is given."""
        return "month" if self.tier_by == "active customers" else self.tier_period

    @property
    def rated_again(self) -> bool:
        """Whether the months before have the rate of a tier too, once it is reached."""
        return self.tiers == AGAIN and self.counted_over != "month"


class ByCustomer(Tiered):
    """Terms whose rate may differ by what a customer buys: its price plan, how it is billed, or how large its deal is.

    20 % of what customers pay, and 30 % of those whose deal is 400 a month or more:

    >>> from motions.economics.model.statement import of_one
    >>> terms = PercentOfRevenue(rate=0.2, rate_by="deal size", rate_2=0.3, rate_size_from=400)
    >>> [int(of_one(terms, [paid]).payout.sum()) for paid in (399, 400)]  # in minor units
    [7980, 12000]
    """

    rate_by: Literal["nothing", "plan", "billing", "deal size"] = choice(
        "Rate differs by",
        "The price plans of the market, whether a customer prepays a year, or what it pays a month at list price in "
        "its first month (a twelfth of a prepaid year). It replaces tiers.",
        "nothing",
    )
    rate_2: float = a_rate(
        "Second rate", "For customers on the second price plan, those that prepay a year, or larger deals.", 0.3
    )
    rate_3: float = a_rate("Third rate", "For customers on the third price plan.", 0.4)
    rate_size_from: float = money("Larger deals from", "A month, at list price.", 1000, 1e6, 50)

    @model_validator(mode="after")
    def _not_both(self) -> "ByCustomer":
        if self.rate_by != "nothing" and self.tiers != "none":
            raise Contradiction(
                "a rate differs by tiers or by what a customer buys, not by both: choose none of the one or the other",
                "tiers", "rate_by",
            )  # fmt: skip
        if self.rate_by == "deal size" and not self.rate_size_from:
            raise Contradiction(
                "larger deals that begin at nothing are all deals, so that no customer has the first rate: let them "
                "begin above it, or give all customers one rate",
                "rate_size_from",
            )
        return self


class PercentOfRevenue(ByCustomer):
    """A share of what the customer pays, for the first payment, for some months or for life, with a taper if wanted.

    It follows what arrives: of a customer that prepays a year all of that in its first month.

    One customer that comes in the first of three months and pays 100 in each:

    >>> from motions.economics.model.payouts import split
    >>> one = np.array([[1.0], [0.0], [0.0]])
    >>> split(PercentOfRevenue(rate=0.2, months=2), one, 0.0, 100.0).payouts.ravel().tolist()
    [20.0, 20.0, 0.0]
    >>> taper = PercentOfRevenue(rate=0.2, duration="taper", months=1, later_rate=0.05)
    >>> split(taper, one, 0.0, 100.0).payouts.ravel().tolist()
    [20.0, 5.0, 5.0]

    A second commission that ends after a month, and a third:

    >>> ends = taper.model_copy(update={"later_months": 1, "last_rate": 0.01})
    >>> split(ends, one, 0.0, 100.0).payouts.ravel().tolist()
    [20.0, 5.0, 1.0]

    As credit, of which 70 % is redeemed:

    >>> split(PercentOfRevenue(rate=0.2, months=2, paid_in="credit"), one, 0.0, 100.0).payouts.round(9).ravel().tolist()
    [14.0, 14.0, 0.0]
    """

    rate: float = a_rate("Commission", "Share of the customer's payments that goes to the partner.", 0.2)
    duration: Literal["first payment", "months", "lifetime", "taper"] = choice(
        "Paid for",
        "How long the partner earns on one customer: its first payment (a whole year where it prepays one), what it "
        "pays in some months, as long as it stays, or in some months and at another rate after them.",
        "months",
    )
    months: int = in_months("Months paid", "How many months of one customer the partner earns on.", 12, low=1)
    later_rate: float = a_rate("Commission after", "Share of the payments after those months.", 0.05)
    later_months: int = number(
        "Months paid after", "How many months more that commission is paid for. 0: as long as the customer stays.",
        0, 120, 1, MONTHS,
    )  # fmt: skip
    last_rate: float = a_rate("Commission at last", "Share of the payments after the second commission has ended.", 0.0)
    months_counted: Literal["since the first payment", "paid"] = choice(
        "Months counted",
        "Which months of a customer those are: all since its first payment, or only those it paid for. A customer of "
        "the simulator pays for every month; files have customers that pause.",
        "since the first payment",
    )
    paid_in: Literal["cash", "credit"] = _paid_in()
    redemption_rate: float = _redeemed()


class LeadReward(Terms):
    """A fixed reward for each lead, whether it becomes a customer or not.

    Four leads, none of which becomes a customer:

    >>> from motions.economics.model.payouts import split
    >>> split(LeadReward(reward=20), np.zeros((1, 1)), 0.0, 100.0, leads=np.array([[4.0]])).payouts.item()
    80.0
    """

    reward: float = money("Reward per lead", "Due in the month in which the lead arrives.", 20, 10_000, 5)
    paid_in: Literal["cash", "credit"] = _paid_in()
    redemption_rate: float = _redeemed()


class FlatReward(ByCustomer):
    """A fixed reward for each new customer, as cash or as credit of which only a part is redeemed.

    One customer in the first of three months, for cash and for credit of which 70 % is redeemed:

    >>> from motions.economics.model.payouts import split
    >>> one = np.array([[1.0], [0.0], [0.0]])
    >>> split(FlatReward(reward=500), one, 0.0, 100.0).payouts.ravel().tolist()
    [500.0, 0.0, 0.0]
    >>> split(FlatReward(reward=500, paid_in="credit", redemption_rate=0.7), one, 0.0, 100.0).payouts.ravel().tolist()
    [350.0, 0.0, 0.0]
    """

    reward: float = money(
        "Reward per new customer",
        "Face value, due once in the month in which the customer first pays.",
        500,
        100_000,
        25,
    )
    rate_2: float = money(
        "Second reward", "For customers on the second price plan, those that prepay a year, or larger deals.", 750,
        100_000, 25,
    )  # fmt: skip
    rate_3: float = money("Third reward", "For customers on the third price plan.", 1000, 100_000, 25)
    paid_in: Literal["cash", "credit"] = _paid_in()
    redemption_rate: float = _redeemed()
    tier_by: TierBy = _tier_by("customers")
    tier_2_from: float = _from(2, 3)
    tier_2_value: float = money("Tier 2", "Reward of the second tier.", 600, 100_000, 25)
    tier_3_from: float = _from(3, 10)
    tier_3_value: float = money("Tier 3", "Reward of the third tier.", 750, 100_000, 25)
    tier_4_value: float = money("Tier 4", "Reward of the fourth tier.", 900, 100_000, 25)


def _between() -> Any:
    return a_rate(
        "Distributor's margin",
        "Share of what the reseller pays that a distributor between you and the reseller keeps. It comes off your "
        "revenue as the reseller's margin does, at the same sale, and is no earning of the partner. 0: there is none.",
        0.0, high=0.95,
    )  # fmt: skip


class PartnerMargin(Tiered):
    """The partner sells at list price and keeps a margin of each payment, as long as the customer stays.

    Of 100 that the customer pays the partner keeps 40, and the vendor books the rest:

    >>> from motions.economics.model.payouts import split
    >>> found = split(PartnerMargin(margin=0.4), np.ones((1, 1)), 0.0, 100.0)
    >>> found.partner_margin.item(), found.vendor_revenue.item()
    (40.0, 60.0)

    A distributor between them keeps 10 % of the 80 that a reseller with a margin of 20 % pays:

    >>> from motions.economics.model.statement import of_one
    >>> found = of_one(PartnerMargin(margin=0.2, distributor_margin=0.1), [100])
    >>> [int(part.sum()) // 100 for part in (found.spend, found.margin, found.distributor)]
    [100, 20, 8]
    """

    tiers: Literal["none", "marginal", "whole"] = _at_the_sale()
    margin: float = a_rate(
        "Partner margin", "Share of the end customer's price that the partner keeps.", 0.4, high=0.95
    )
    distributor_margin: float = _between()


class WholesaleDiscount(Tiered):
    """The partner buys below list price, some months in advance, and sells on at a price of its own within a band.

    A customer that leaves inside a prepaid block leaves the rest of it with the partner, and so do licences that were
    committed to and not sold; the vendor keeps the money.

    Two months are bought at once at half the list price of 100, and sold at it:

    >>> from motions.economics.model.payouts import split
    >>> one = np.array([[1.0], [0.0], [0.0]])
    >>> found = split(WholesaleDiscount(discount=0.5, prepaid_months=2), one, 0.0, 100.0)
    >>> found.vendor_revenue.ravel().tolist(), found.receipts.ravel().tolist(), found.partner_margin.ravel().tolist()
    ([50.0, 50.0, 50.0], [100.0, 0.0, 100.0], [50.0, 50.0, 50.0])
    """

    tiers: Literal["none", "marginal", "whole"] = _at_the_sale()
    discount: float = a_rate("Wholesale discount", "How far below list price the partner buys.", 0.5, high=0.95)
    distributor_margin: float = _between()
    prepaid_months: int = in_months(
        "Prepaid months",
        "Months of each licence that the partner buys at once. What a customer grows by is bought when it renews.",
        12,
        low=1,
    )
    commitment: float = number(
        "Committed licences per partner",
        "Licences that each active partner pays for every month, sold or not.",
        0, 10_000, 1, amount_of("licences"),
    )  # fmt: skip
    resale_price: float = number(
        "Resale price", "What the end customer pays the partner, as a multiple of list.", 1.0, 3, 0.05, OF_LIST_PRICE,
        low=0.1,
    )  # fmt: skip
    band_low: float = number(
        "Lowest resale price", "The partner may not sell below it.", 0.8, 3, 0.05, OF_LIST_PRICE, low=0.1
    )
    band_high: float = number(
        "Highest resale price", "The partner may not sell above it.", 1.2, 3, 0.05, OF_LIST_PRICE, low=0.1
    )

    @model_validator(mode="after")
    def _band(self) -> "WholesaleDiscount":
        if self.band_low > self.band_high:
            raise Contradiction(
                "the lowest resale price must not be above the highest: lower the one, or raise the other",
                "band_low", "band_high",
            )  # fmt: skip
        if self.band_high < 1 - _most_of(self, "discount") - _ROUNDING:
            raise Contradiction(
                "a partner may not sell at what it buys for: raise the highest resale price, or the discount",
                "band_high", "discount",
            )  # fmt: skip
        return self


class RevenueShare(Tiered):
    """A share of your revenue for some months, and market development funds that the partner may spend.

    20 % of 100 for two months, and funds of 10 % of which half is claimed:

    >>> from motions.economics.model.payouts import split
    >>> one = np.array([[1.0], [0.0], [0.0]])
    >>> terms = RevenueShare(rate=0.2, months=2, funds_rate=0.1, funds_used=0.5)
    >>> split(terms, one, 0.0, 100.0).payouts.ravel().tolist()
    [25.0, 25.0, 5.0]
    """

    rate: float = a_rate("Revenue share", "Share of your revenue from the partner's customers.", 0.2)
    months: int = in_months(
        "Months shared", "How many months of one customer the share is paid for.", 36, low=1, high=120
    )
    funds_rate: float = a_rate(
        "Market development funds", "Share of your revenue from the partner's customers set aside for its marketing.",
        0.03, high=0.5,
    )  # fmt: skip
    funds_used: float = a_rate("Funds used", "Share of these funds that partners ever claim.", 0.6)
    paid_in: Literal["cash", "credit"] = _paid_in(
        "Cash costs its face value; credit costs what is redeemed of it. Funds are paid as they are claimed."
    )
    redemption_rate: float = _redeemed()


def _step(step: int, default: float) -> Any:
    return number(
        f"Step {step} from", "Revenue in the time from which on this step is paid. 0: there is no such step.",
        default, 1e9, 100, MONEY,
    )  # fmt: skip


class Rebate(Terms):
    """A share of all that a partner's customers pay in a quarter or a year, once that is enough; due at its end.

    5 % of all of a quarter from 100,000 on, of which 30,000, 30,000 and 45,000 come in its months:

    >>> from motions.economics.model.statement import of_one
    >>> (of_one(Rebate(rate=0.05, step_1_from=100_000), [30_000, 30_000, 45_000]).payout // 100).tolist()
    [[0, 0, 5250]]
    """

    over: Literal["quarter", "year"] = choice(
        "Rebate for", "A quarter or a year, counted from the month in which the program begins. It is due at its end.",
        "quarter",
    )  # fmt: skip
    rate: float = a_rate(
        "Rebate", "Share of what the partner's customers paid in this time, of all of it once the step is reached.",
        0.05,
    )  # fmt: skip
    step_1_from: float = number(
        "Rebate from", "Revenue of the partner's customers in this time from which on a rebate is paid.",
        10_000, 1e9, 100, MONEY,
    )  # fmt: skip
    step_2_from: float = _step(2, 0)
    step_2_value: float = a_rate("Step 2", "Rebate of the second step, on all of it.", 0.08)
    step_3_from: float = _step(3, 0)
    step_3_value: float = a_rate("Step 3", "Rebate of the third step, on all of it.", 0.1)
    paid_in: Literal["cash", "credit"] = _paid_in()
    redemption_rate: float = _redeemed()

    @model_validator(mode="after")
    def _ascending(self) -> "Rebate":
        first = ("step_1_from",) if self.step_1_from else ()  # a rebate may begin at nothing
        if wrong := _out_of_order(self, *first, "step_2_from", "step_3_from"):
            raise Contradiction("each step of a rebate must begin above the one before it: put them in order", *wrong)
        return self

    @property
    def steps(self) -> tuple[tuple[Any, Any], ...]:
        """Where each step begins, and its rate; below the first nothing is paid."""
        return (
            (0.0, 0.0), (self.step_1_from, self.rate), (self.step_2_from, self.step_2_value),
            (self.step_3_from, self.step_3_value),
        )  # fmt: skip


class Bonus(Terms):
    """An amount, or a share of the first payment, besides, for each customer that is won in some months of the program.

    The cap of rewarded customers, the most per customer, clawback and refunds touch it as they touch what else a
    customer earns its partner: its share of a payment is refunded with that, its amount with a first payment that is
    refunded in full.

    A customer of the first month pays 100 a month: 50 and three tenths of its first payment, or nothing where the bonus
    begins in the second month:

    >>> from motions.economics.model.statement import of_one
    >>> [(of_one(Bonus(reward=50, rate=0.3, from_month=month), [100, 100]).payout // 100).tolist() for month in (1, 2)]
    [[[80, 0]], [[0, 0]]]
    """

    reward: float = money(
        "Bonus per new customer", "Due once, in the month in which the customer first pays, besides all else it earns.",
        100, 100_000, 25,
    )  # fmt: skip
    rate: float = a_rate(
        "Bonus on the first payment",
        "Share of what the customer pays first, a whole year where it prepays one. 300 % are three times that.",
        0.0, high=10.0, step=0.05,
    )  # fmt: skip
    from_month: int = number(
        "Bonus from month",
        "First month of the program in which customers are won for it. 1 is the month in which the program begins.",
        1, 120, 1, amount_of("of the program"), low=1,
    )  # fmt: skip
    to_month: int = number(
        "Bonus until month", "The last of these months.", 3, 120, 1, amount_of("of the program"), low=1
    )
    paid_in: Literal["cash", "credit"] = _paid_in()
    redemption_rate: float = _redeemed()

    @model_validator(mode="after")
    def _in_order(self) -> "Bonus":
        if self.to_month < self.from_month:
            raise Contradiction(
                f"a bonus from month {self.from_month} until month {self.to_month} is paid in no month: let it end in "
                "the month in which it begins, or later",
                "to_month", "from_month",
            )  # fmt: skip
        return self


def _milestone(number_: int, default: float) -> Any:
    return number(
        f"Milestone {number_} at", "What a partner has to have brought. 0: there is no such milestone.", default, 1e9,
        1, amount_of("revenue or customers"),
    )  # fmt: skip


class Milestones(Terms):
    """An amount once, in the month in which what a partner has brought first reaches so much.

    What a partner has brought counts as it does for tiers in total, and is that of the month: customers that had left
    by then within the clawback window, or were refunded in full, do not count. What was paid for a milestone stays
    paid when the count falls later, and is not paid again. It is no customer's: the most per customer, the cap of
    rewarded customers and clawback do not touch it.

    250 once a partner's customers have paid 1,000 in all, and 500 more at 9,000, which does not come:

    >>> from motions.economics.model.statement import of_one
    >>> second = {"milestone_2_at": 9000, "milestone_2_value": 500}
    >>> terms = Milestones(milestone_by="revenue", milestone_1_at=1000, milestone_1_value=250, **second)
    >>> (of_one(terms, [400, 400, 400], [100, 100, 100]).payout // 100).tolist()
    [[0, 250, 0]]
    """

    milestone_by: TierBy = choice(
        "Milestones counted by",
        "All revenue of a partner's customers until then, all customers that it has brought, or its active customers: "
        "those that pay in the month or have paid for it. What was paid once is not taken back, nor paid again.",
        "customers",
    )
    milestone_1_at: float = number(
        "Milestone 1 at", "What a partner has to have brought.", 10, 1e9, 1, amount_of("revenue or customers"), low=1
    )
    milestone_1_value: float = money("Paid at milestone 1", "Once, in the month in which it is reached.", 500, 1e6, 50)
    milestone_2_at: float = _milestone(2, 0)
    milestone_2_value: float = money("Paid at milestone 2", "Once, besides the first.", 1000, 1e6, 50)
    milestone_3_at: float = _milestone(3, 0)
    milestone_3_value: float = money("Paid at milestone 3", "Once, besides the others.", 2500, 1e6, 50)
    paid_in: Literal["cash", "credit"] = _paid_in()
    redemption_rate: float = _redeemed()

    @model_validator(mode="after")
    def _ascending(self) -> "Milestones":
        if wrong := _out_of_order(self, "milestone_1_at", "milestone_2_at", "milestone_3_at"):
            raise Contradiction(
                "each milestone must lie above the one before it: put them in order, or set 0 for none", *wrong
            )
        return self

    @property
    def counted_over(self) -> str:
        """The time that is counted over: all months so far; of active customers the month."""
        return "month" if self.milestone_by == "active customers" else "total"

    @property
    def steps(self) -> tuple[tuple[Any, Any], ...]:
        """Where each milestone lies, and what is paid for it; at 0 there is none."""
        return (
            (self.milestone_1_at, self.milestone_1_value), (self.milestone_2_at, self.milestone_2_value),
            (self.milestone_3_at, self.milestone_3_value),
        )  # fmt: skip


PARTS: tuple[tuple[str, str, type[Terms]], ...] = (
    ("percent", "Percent of revenue", PercentOfRevenue),
    ("lead", "Reward per lead", LeadReward),
    ("flat", "Flat reward", FlatReward),
    ("margin", "Partner margin", PartnerMargin),
    ("wholesale", "Wholesale discount", WholesaleDiscount),
    ("share", "Revenue share and funds", RevenueShare),
    ("rebate", "Rebate", Rebate),
    ("bonus", "Dated bonus", Bonus),
    ("milestones", "Milestones", Milestones),
)
"""(kind, name, model) of the parts that a plan may have, in the order offered."""

FIRST_RATE = {
    "percent": "rate", "lead": "reward", "flat": "reward", "margin": "margin", "wholesale": "discount", "share": "rate",
    "rebate": "rate", "bonus": "reward", "milestones": "milestone_1_value",
}  # fmt: skip
"""The input of each part that says what a partner gets of it, before any tier."""

NONE_AT_ZERO = (
    "cap_customers", "cap_payout", "cap_per_customer", "tier_2_from", "tier_3_from", "tier_4_from", "step_2_from",
    "step_3_from", "later_months", "payout_day", "lapse_months", "milestone_2_at", "milestone_3_at",
)  # fmt: skip
"""Inputs of which 0 is no small value: it says that there is no cap, no such tier or day, or no end."""

FOR_CUSTOMERS = ("percent", "flat", "share")
"""the kinds of parts that pay for single customers, of which these may get a share themselves"""

_KIND = {model: kind for kind, _, model in PARTS}
_ROUNDING = 1e-9


def _rates_of(terms: Tiered, first: str) -> tuple[str, ...]:
    """The inputs that say what tiered terms pay: the first rate, and those of the tiers that there are."""
    starts = [getattr(terms, f"tier_{tier}_from") for tier in (2, 3, 4)] if terms.tiers != "none" else []
    there = starts.index(0) if 0 in starts else len(starts)
    return (first, *(f"tier_{at}_value" for at in range(2, there + 2)))


def _most_of(terms: Tiered, first: str) -> float:
    """The largest of the rates that tiered terms may pay."""
    return max(float(getattr(terms, name)) for name in _rates_of(terms, first))


def _out_of_order(terms: Terms, *starts: str) -> tuple[str, ...]:
    """The first input that does not lie above the one before it, or comes after one that is none, and that one."""
    for before, here in pairwise(starts):
        one, other = getattr(terms, before), getattr(terms, here)
        if other and (not one or other <= one):
            return here, before
    return ()


class PayoutPlan(Terms):
    """How a program pays its partners: any parts at once (a hybrid plan), and the conditions on all of them.

    Without a part partners are not paid: each side books its own sale. Parts may be given alone (`PayoutPlan.of`), or
    as links of version 1 had them, as one part with its `kind`.

    A customer pays 100 in each of three months, at a commission of 20 %; amounts are in minor units:

    >>> from motions.economics.model.statement import of_one
    >>> def stated(*customers, **conditions):
    ...     return of_one(PayoutPlan(percent=PercentOfRevenue(rate=0.2), **conditions), *customers, months=3)

    A coupon of 10 %, and at most 15 a month:

    >>> stated([100, 100, 100], coupon=0.1).payout.tolist(), stated([100, 100, 100], cap_payout=15).payout.tolist()
    ([[1800, 1800, 1800]], [[1500, 1500, 1500]])

    At most 50 for one customer in all:

    >>> stated([100, 100, 100], cap_per_customer=50).payout.tolist()
    [[2000, 2000, 1000]]

    A customer that leaves after a month of a window of two, of which all or half is taken back:

    >>> stated([100], clawback="full", clawback_months=2).payout.tolist()
    [[2000, -2000, 0]]
    >>> stated([100], clawback="pro rata", clawback_months=2).payout.tolist()
    [[2000, -1000, 0]]

    A hold of a month, and a balance that waits until it is 30:

    >>> stated([100, 100, 100], hold_days=30).paid.tolist(), stated([100, 100, 100], minimum_payout=30).paid.tolist()
    ([[0, 2000, 2000]], [[0, 4000, 0]])

    Half as much for the customer itself, which is no payout:

    >>> stated([100], friend_share=0.5).payout.tolist(), stated([100], friend_share=0.5).friend.tolist()
    ([[2000, 0, 0]], [[1000, 0, 0]])

    Two customers of which one is rewarded, and the fee of the payment service:

    >>> plan = PayoutPlan(flat=FlatReward(reward=50), cap_customers=1, payout_fee=0.02)
    >>> int(of_one(plan, [100], [100]).payout.sum()), int(of_one(plan, [100], [100]).fees.sum())
    (5000, 100)
    """

    percent: PercentOfRevenue | None = None
    lead: LeadReward | None = None
    flat: FlatReward | None = None
    margin: PartnerMargin | None = None
    wholesale: WholesaleDiscount | None = None
    share: RevenueShare | None = None
    rebate: Rebate | None = None
    bonus: Bonus | None = None
    milestones: Milestones | None = None
    coupon: float = a_rate(
        "Customer discount", "What a partner's coupon takes off the customer's price.", 0.0, high=0.9
    )
    coupon_months: int = in_months("Months discounted", "How many months of one customer the coupon counts.", 12, low=1)
    cap_customers: float = number(
        "Most rewarded customers", "New customers of one partner and month beyond these earn nothing. 0: no cap.",
        0, 100_000, 1, amount_of("a month"),
    )  # fmt: skip
    cap_payout: float = money(
        "Most paid per partner and month", "What a partner earns beyond it in a month is not paid. 0: no cap.",
        0, 1e7, 100,
    )  # fmt: skip
    cap_per_customer: float = money(
        "Most earned per customer",
        "What one customer earns its partner in all; what is beyond it is not paid. Leads, funds, rebates and "
        "milestones are no customer's. 0: no cap.",
        0, 1e7, 100,
    )  # fmt: skip
    clawback: Literal["none", "full", "pro rata"] = choice(
        "Clawback",
        "What is taken back of commission and reward when a customer leaves early: all, or the part of the window that "
        "was left. It is settled then: what is refunded to such a customer later takes nothing more.",
        "none",
    )
    clawback_months: int = in_months("Clawback window", "Customers that leave within these months count.", 3, 1, 24)
    hold_days: int = number("Hold", "Days between earning and payment.", 0, 365, 15, DAYS)
    payout_day: int = number(
        "Payout day",
        "Day of the month on which partners are paid, the first one after the hold, which then begins on the last day "
        "of the month; months are 30 days long. 0: no such day, whole months of the hold count.",
        0, 28, 1, amount_of("of the month"),
    )  # fmt: skip
    minimum_payout: float = money(
        "Least paid at once", "A partner's balance waits until it reaches this amount.", 0, 100_000, 25
    )
    lapse_months: int = number(
        "Balance lapses after",
        "Months after which a balance that is still below the least amount is taken back for good. 0: never.",
        0, 60, 1, MONTHS,
    )  # fmt: skip
    payouts_end: Literal["with the customer", "with the partnership"] = choice(
        "Payouts end",
        "Whether a partner that has stopped goes on earning from the customers it brought. Where payouts end with the "
        "partnership, nothing is taken back after it either. Margins are not payouts.",
        "with the customer",
    )
    payout_fee: float = a_rate("Payout fee", "What the payment service takes on top of cash payouts.", 0.0, 0.2, 0.005)
    marketplace_fee: float = a_rate(
        "Marketplace fee",
        "Share of what customers pay that the marketplace they buy in keeps. It is a part of the program cost, and no "
        "partner's.",
        0.0, 0.5, 0.005,
    )  # fmt: skip
    friend_share: float = a_rate(
        "The customer gets too",
        "What a customer gets itself, as credit, as a share of what it earns its partner: 100 % is as much. It counts "
        "as the partner's does, credit at what is redeemed, when that is earned, and is taken back with it. Leads, "
        "funds, rebates, milestones, a dated bonus and what tiers rate again are no customer's; what is paid at most, "
        "the hold and the least amount do not touch it. It is a part of the program cost, and no partner's.",
        0.0, 10.0,
    )  # fmt: skip
    override_rate: float = a_rate(
        "Override of the recruiter",
        "Share of what a partner's customers pay that goes to the partner who recruited it, on top of what is the "
        "partner's own, until the recruiter is no partner any more. Tiers, caps, least amounts and what is taken back "
        "do not touch it.",
        0.0, 0.5,
    )  # fmt: skip
    override_share: float = a_rate(
        "Partners recruited by another",
        "Share of partners that another partner has recruited which is still one, by what they sell.",
        0.2,
    )

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, values: Any) -> Any:
        if isinstance(values, Terms) and not isinstance(values, PayoutPlan):
            return {_KIND[type(values)]: values}
        if isinstance(values, dict) and "kind" in values:
            values = dict(values)
            kind = values.pop("kind")
            return {} if kind == "none" else {kind: values}
        return values

    @model_validator(mode="after")
    def _one_seller(self) -> "PayoutPlan":
        if self.margin is not None and self.wholesale is not None:
            raise Contradiction(
                "a partner either keeps a margin or buys at wholesale, not both: leave one of them out",
                "margin.margin", "wholesale.discount",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _capped_once(self) -> "PayoutPlan":
        parts = {kind: getattr(self, kind) for kind in FOR_CUSTOMERS}
        again = [f"{kind}.tiers" for kind, part in parts.items() if part is not None and part.rated_again]
        if self.cap_per_customer and again:
            raise Contradiction(
                "what a customer earns at most is counted as it is earned, and tiers that rate months again change it "
                "later: choose whole tiers, or a most per partner and month",
                "cap_per_customer", *again,
            )  # fmt: skip
        if self.cap_per_customer and self.wholesale is not None and self.share is not None:
            raise Contradiction(
                "a share of prepaid licences is earned on after their customer has left, so that no customer earns a "
                "most: leave it out, or choose a most per partner and month",
                "cap_per_customer",
            )
        return self

    @model_validator(mode="after")
    def _left_at_the_sale(self) -> "PayoutPlan":
        """Partner, distributor and marketplace keep their parts of one payment, before the vendor has any of it."""
        price = 1.0
        if (buys := self.wholesale) is not None:
            price = min(max(buys.resale_price, buys.band_low), buys.band_high)
        if self.marketplace_fee and self.marketplace_fee * price > 1 - self._kept_by_partners + _ROUNDING:
            raise Contradiction(
                "the partner, a distributor and the marketplace keep more of a payment than there is: lower the "
                "marketplace fee, or what the others keep, in all tiers",
                "marketplace_fee", *self._keepers,
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _payable(self) -> "PayoutPlan":
        """A balance grows by no more than the most of a month until it lapses."""
        most = self.cap_payout * (self.lapse_months + 1)  # from the month of the first earning on
        if self.cap_payout and self.lapse_months and most < self.minimum_payout - _ROUNDING:
            raise Contradiction(
                "no balance reaches the least amount before it lapses, so that nobody is ever paid: lower the least "
                "amount, raise the most per partner and month, or let balances lapse later",
                "minimum_payout", "cap_payout", "lapse_months",
            )  # fmt: skip
        return self

    @property
    def _kept_by_partners(self) -> float:
        """The largest share of a payment that a partner and a distributor may keep at the sale."""
        kept = _most_of(self.wholesale, "discount") if self.wholesale is not None else 0.0
        kept = _most_of(self.margin, "margin") if self.margin is not None else kept
        return kept + (1 - kept) * float(self.distributor)

    @property
    def _keepers(self) -> tuple[str, ...]:
        """The inputs that say what these keep at the most."""
        for kind, first in (("margin", "margin"), ("wholesale", "discount")):
            if (terms := getattr(self, kind)) is not None:
                most = max(_rates_of(terms, first), key=lambda name: float(getattr(terms, name)))
                between = (f"{kind}.distributor_margin",) if np.any(self.distributor) else ()
                return (f"{kind}.{most}", *between)
        return ()

    @classmethod
    def of(cls, terms: Terms) -> "PayoutPlan":
        """Return a plan of one part; a plan is returned as it is."""
        return terms if isinstance(terms, PayoutPlan) else cls(**{_KIND[type(terms)]: terms})

    @property
    def taken_back_within(self) -> Any:
        """Months of its life within which a customer's leaving takes something back; a number, or one a draw.

        Who stays for all of a window pro rata left nothing of it: it is as any customer, also for tiers and refunds.

        >>> [PayoutPlan(clawback=kind, clawback_months=3).taken_back_within for kind in ("none", "full", "pro rata")]
        [0, 3, 2]
        """
        return {"none": 0, "full": self.clawback_months, "pro rata": self.clawback_months - 1}[self.clawback]

    @property
    def hold_months(self) -> Any:
        """Months from that in which something is earned to that in which it is paid; a number, or one a draw.

        What is earned in February counts on its last day. After 30 days it is the 30th of March, and paid on the 15th
        of April:

        >>> [PayoutPlan(hold_days=30, payout_day=day).hold_months for day in (0, 15)]
        [1, 2]
        """
        days, day = np.asarray(self.hold_days), np.asarray(self.payout_day)
        on_the_day = np.maximum(np.ceil((days - day) / 30) + 1, 1)
        months = np.where(day > 0, on_the_day, np.ceil(days / 30)).astype(np.int64)
        return months if months.ndim else int(months)

    @property
    def override(self) -> Any:
        """What goes to recruiting partners of all that customers pay, on average; nothing where partners are not paid.

        >>> PayoutPlan(lead=LeadReward(), override_rate=0.1, override_share=0.5).override
        0.05
        """
        return self.override_rate * self.override_share if self.kinds else 0.0

    @property
    def distributor(self) -> Any:
        """What a distributor keeps of what resellers pay; a number, or one a draw.

        >>> PayoutPlan(margin=PartnerMargin(distributor_margin=0.1)).distributor, PayoutPlan().distributor
        (0.1, 0.0)
        """
        sells = self.margin or self.wholesale
        return sells.distributor_margin if sells is not None else 0.0

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the parts that it has."""
        return tuple(kind for kind, _, _ in PARTS if getattr(self, kind) is not None)

    @property
    def friend(self) -> Any:
        """What customers get themselves, as a share of what they earn their partner; nothing where they earn nothing.

        >>> PayoutPlan(lead=LeadReward(), friend_share=1).friend, PayoutPlan(flat=FlatReward(), friend_share=1).friend
        (0.0, 1.0)
        """
        return self.friend_share if set(FOR_CUSTOMERS) & set(self.kinds) else 0.0

    @property
    def kinds_in_credit(self) -> tuple[str, ...]:
        """The kinds of the parts that are paid as credit and not in cash.

        >>> PayoutPlan(lead=LeadReward(paid_in="credit"), percent=PercentOfRevenue()).kinds_in_credit
        ('lead',)
        """
        return tuple(kind for kind in self.kinds if in_credit(self.part(kind)))

    def part(self, kind: str) -> Terms:
        """Return a part by its kind; "" is the plan itself, with its conditions."""
        part: Terms = getattr(self, kind) if kind else self
        return part


def _rises(title: str, description: str) -> Any:
    return number(title, f"{description} for each 1 % that partners earn more. 0: none.", 0, 3, 0.05, PER_PERCENT)


class Response(Terms):
    """What partners do more when terms pay them more; nothing unless it is set.

    Each rate is multiplied by (what a lead earns its partner ÷ what it would under the reference terms) to the power
    given here: at 0.3 it rises some 0.3 % for each 1 % more, and falls alike. Both are of the market and the customers
    as they are, so that only terms move it: at the reference terms all inputs are as entered.
    """

    reference: PayoutPlan | None = None
    """the terms under which the inputs are as entered; a scenario has those of the preset where none are given"""
    recruiting: float = _rises("Response of recruiting", "By how many percent more partners are recruited")
    activation: float = _rises("Response of activation", "By how many percent more recruited partners become active")
    leads: float = _rises("Response of leads", "By how many percent more leads a partner brings")

    @property
    def moves(self) -> bool:
        """Whether it moves anything; at 0 partners do as if there were none."""
        return any(map(np.any, (self.recruiting, self.activation, self.leads)))


def outside_band(wholesale: Mapping[str, Any]) -> bool:
    """Return whether the resale price of wholesale terms is not within their band, so that an end of it counts."""
    return not wholesale["band_low"] <= wholesale["resale_price"] <= wholesale["band_high"]


def used_fields(terms: Terms) -> tuple[str, ...]:
    """Return the names of the inputs that have an effect under the other inputs' values.

    >>> used_fields(PercentOfRevenue(duration="lifetime"))
    ('tiers', 'rate_by', 'rate', 'duration', 'paid_in')
    >>> used_fields(PayoutPlan())
    ('coupon', 'marketplace_fee')
    """
    unused: set[str] = set()
    if isinstance(terms, Tiered):
        unused |= _unused_tiers(terms)
    if isinstance(terms, ByCustomer):
        unused |= _UNUSED_RATES[terms.rate_by]
        unused |= {"rate_by"} if terms.tiers != "none" else {"tiers"} if terms.rate_by != "nothing" else set()
    if isinstance(terms, PercentOfRevenue):
        unused |= set() if terms.duration in ("months", "taper") else {"months"}
        unused |= set() if terms.duration == "taper" else {"later_rate", "later_months", "last_rate"}
        unused |= set() if terms.later_months else {"last_rate"}
        unused |= set() if terms.duration in ("months", "taper") else {"months_counted"}
    if isinstance(terms, Rebate):
        unused |= set() if terms.step_2_from else {"step_2_value", "step_3_from"}
        unused |= set() if terms.step_2_from and terms.step_3_from else {"step_3_value"}
    if isinstance(terms, Milestones):
        unused |= set() if terms.milestone_2_at else {"milestone_2_value", "milestone_3_at"}
        unused |= set() if terms.milestone_2_at and terms.milestone_3_at else {"milestone_3_value"}
    if not in_credit(terms):
        unused.add("redemption_rate")
    if isinstance(terms, PayoutPlan):
        unused |= _unused_conditions(terms)
    return tuple(item.name for item in inputs(type(terms)) if item.name not in unused)


def as_counted(item: Input, terms: Terms) -> Input:
    """Return an input as it is under the other inputs: where a tier begins, or a milestone lies, is in what is counted.

    >>> from motions.fields import input_named
    >>> item = input_named(FlatReward, "tier_2_from")
    >>> [as_counted(item, FlatReward(tiers="whole", tier_by=by)).label("EUR") for by in ("revenue", "customers")]
    ['Tier 2 from (EUR)', 'Tier 2 from (customers)']
    """
    if isinstance(terms, Tiered) and item.name in ("tier_2_from", "tier_3_from", "tier_4_from"):
        by = terms.tier_by
    elif isinstance(terms, Milestones) and item.name in ("milestone_1_at", "milestone_2_at", "milestone_3_at"):
        by = terms.milestone_by
    else:
        return item
    return replace(item, unit=MONEY if by == "revenue" else amount_of(by))


_UNUSED_RATES = {
    "nothing": {"rate_2", "rate_3", "rate_size_from"}, "plan": {"rate_size_from"},
    "billing": {"rate_3", "rate_size_from"}, "deal size": {"rate_3"},
}  # fmt: skip


def _unused_tiers(terms: Tiered) -> set[str]:
    if terms.tiers == "none":
        return {name for name in Tiered.model_fields if name != "tiers"}
    # The first tier that is not there is still asked for, so that there can be one more.
    starts = [getattr(terms, f"tier_{tier}_from") for tier in (2, 3, 4)]
    there = starts.index(0) + 2 if 0 in starts else 5
    unused = {f"tier_{tier}_{what}" for tier in range(2, 5) for what in ("from", "value") if tier >= there}
    return (unused - {f"tier_{there}_from"}) | ({"tier_period"} if terms.tier_by == "active customers" else set())


def _unused_conditions(plan: PayoutPlan) -> set[str]:
    """Conditions on payouts have no effect where nothing is paid out."""
    paid = set(plan.kinds) - {"margin", "wholesale"}
    unused = set() if plan.coupon else {"coupon_months"}
    unused |= set() if np.any(plan.minimum_payout) else {"lapse_months"}
    unused |= set() if plan.kinds else {"override_rate"}
    unused |= set() if np.any(plan.override_rate) and plan.kinds else {"override_share"}
    if not paid:
        unused |= {
            "cap_customers", "cap_payout", "cap_per_customer", "clawback", "hold_days", "payout_day", "minimum_payout",
            "lapse_months", "payouts_end", "payout_fee",
        }  # fmt: skip
    unused |= set() if paid & set(FOR_CUSTOMERS) else {"friend_share"}
    if not paid - {"lead"}:
        unused |= {"clawback"}
    if not paid - {"lead", "rebate", "milestones"}:
        unused |= {"cap_customers", "cap_per_customer"}
    return unused | ({"clawback_months"} if plan.clawback == "none" or not paid - {"lead"} else set())


def with_share(plan: PayoutPlan, share: float) -> PayoutPlan:
    """Return the plan with the partner's share of the price replaced.

    A plan without one becomes a commission of that share for as long as the customer stays.
    """
    for kind in ("margin", "wholesale", "percent", "share"):
        if kind in plan.kinds:
            return plan.model_copy(update={kind: plan.part(kind).model_copy(update={FIRST_RATE[kind]: share})})
    return PayoutPlan(percent=PercentOfRevenue(rate=share, duration="lifetime"))


def with_reward(plan: PayoutPlan, reward: float) -> PayoutPlan:
    """Return the plan with the reward per new customer replaced; a plan without one becomes that reward, in cash."""
    if plan.flat is None:
        return PayoutPlan(flat=FlatReward(reward=reward))
    return plan.model_copy(update={"flat": plan.flat.model_copy(update={"reward": reward})})
