"""Payout terms, and who gets what of each customer's payments under them.

Money is in whole units of one currency, rates are fractions of 1, time is in months. Arrays are
months × draws; a deterministic run is one draw.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from motions.economics.fields import choice, money, months, rate

Array = NDArray[np.float64]


class Terms(BaseModel):
    """Base of all payout terms: frozen, closed, and each field with title, unit, bounds and help."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoPayout(Terms):
    """Partners are not paid: each side books its own sale."""

    kind: Literal["none"] = "none"


class PercentOfRevenue(Terms):
    """A share of what the customer pays, for the first payment, for some months or for life."""

    kind: Literal["percent"] = "percent"
    rate: float = rate("Commission", "Share of the customer's payments that goes to the partner.", 0.2)
    duration: Literal["first payment", "months", "lifetime"] = choice(
        "Paid for",
        "How long the partner earns on one customer: its first monthly payment, some months, or as long as it stays.",
        "months",
    )
    months: int = months("Months paid", "How many months of one customer the partner earns on.", 12, low=1)


class FlatReward(Terms):
    """A fixed reward for each new customer, as cash or as credit of which only a part is redeemed."""

    kind: Literal["flat"] = "flat"
    reward: float = money(
        "Reward per new customer",
        "Face value, due once in the month in which the customer first pays.",
        500,
        100_000,
        25,
    )
    paid_in: Literal["cash", "credit"] = choice(
        "Paid in", "Cash costs its face value; credit costs what is redeemed of it.", "cash"
    )
    redemption_rate: float = rate("Credit redeemed", "Share of the credit that is ever used.", 0.7)


class PartnerMargin(Terms):
    """The partner sells at list price and keeps a margin of each payment, as long as the customer stays."""

    kind: Literal["margin"] = "margin"
    margin: float = rate("Partner margin", "Share of the end customer's price that the partner keeps.", 0.4, high=0.95)


class WholesaleDiscount(Terms):
    """The partner buys below list price, some months in advance, and sells on at list price.

    A customer that leaves inside a prepaid block leaves the rest of it with the partner; the vendor keeps the money.
    """

    kind: Literal["wholesale"] = "wholesale"
    discount: float = rate("Wholesale discount", "How far below list price the partner buys.", 0.5, high=0.95)
    prepaid_months: int = months("Prepaid months", "Months of each licence that the partner buys at once.", 12, low=1)


PayoutTerms = Annotated[
    NoPayout | PercentOfRevenue | FlatReward | PartnerMargin | WholesaleDiscount, Field(discriminator="kind")
]
"""Any payout terms; `kind` says which."""

TERMS: tuple[tuple[str, str, type[Terms]], ...] = (
    ("none", "No payout", NoPayout),
    ("percent", "Percent of revenue", PercentOfRevenue),
    ("flat", "Flat reward", FlatReward),
    ("margin", "Partner margin", PartnerMargin),
    ("wholesale", "Wholesale discount", WholesaleDiscount),
)
"""(kind, name, model) of all terms, in the order offered."""


def used_fields(terms: PayoutTerms) -> tuple[str, ...]:
    """Return the names of the fields that have an effect under the other fields' values.

    >>> used_fields(PercentOfRevenue(duration="lifetime"))
    ('rate', 'duration')
    """
    unused = {"kind"}
    if isinstance(terms, PercentOfRevenue) and terms.duration != "months":
        unused.add("months")
    if isinstance(terms, FlatReward) and terms.paid_in == "cash":
        unused.add("redemption_rate")
    return tuple(name for name in type(terms).model_fields if name not in unused)


@dataclass(frozen=True)
class Split:
    """Who gets what of the customers' payments: each array is months × draws, money per month.

    Always `spend == vendor_revenue + partner_margin`, and partners earn `partner_margin + payouts`.
    """

    customers: Array
    """customers active in the month, new ones included"""
    churned: Array
    """customers that left at the start of the month"""
    spend: Array
    """what end customers pay"""
    vendor_revenue: Array
    """what the vendor books: spend less the margin that partners keep"""
    partner_margin: Array
    """what partners keep of the spend before the vendor sees it"""
    payouts: Array
    """what the vendor pays to partners"""
    receipts: Array
    """the vendor's revenue when the money comes: prepaid blocks in the month of their purchase"""


def split(terms: PayoutTerms, new: Array, churn_rate: Array, price: Array) -> Split:
    """Follow new customers until the last month and split what they pay.

    `new`: months × draws, new customers a month, paying from that month. `churn_rate`: draws, share of last
    month's customers that leaves. `price`: draws, list price a month. No errors of its own.
    """
    keep = 1.0 - churn_rate
    customers = _accumulate(new, keep)
    spend = customers * price
    none = np.zeros_like(spend)
    churned = np.vstack([none[:1], customers[:-1] * churn_rate])
    revenue, margin, payouts, receipts = spend, none, none, spend
    if isinstance(terms, PercentOfRevenue):
        payouts = terms.rate * price * _within(terms, new, keep, customers)
    elif isinstance(terms, FlatReward):
        payouts = new * terms.reward * (terms.redemption_rate if terms.paid_in == "credit" else 1.0)
    elif isinstance(terms, PartnerMargin):
        margin = spend * terms.margin
        revenue = receipts = spend * (1 - terms.margin)
    elif isinstance(terms, WholesaleDiscount):
        seats, bought = _prepaid(new, keep, terms.prepaid_months)
        revenue, receipts = (amount * price * (1 - terms.discount) for amount in (seats, bought))
        margin = spend - revenue
    return Split(customers, churned, spend, revenue, margin, payouts, receipts)


def _accumulate(inflow: Array, keep: Array) -> Array:
    """Stock of each month: what was kept of last month's, and the inflow."""
    stock = np.empty_like(inflow)
    now = np.zeros_like(inflow[0])
    for month, arriving in enumerate(inflow):
        now = now * keep + arriving
        stock[month] = now
    return stock


def _within(terms: PercentOfRevenue, new: Array, keep: Array, customers: Array) -> Array:
    """Customers on whose payment of the month a commission is due."""
    if terms.duration == "lifetime":
        return customers
    months = 1 if terms.duration == "first payment" else terms.months
    ended = np.zeros_like(new)
    ended[months:] = new[:-months] * keep**months  # those whose commission months are over now
    # Rounding may leave a negative trace where every customer's months are over.
    return np.maximum(_accumulate(new - ended, keep), 0.0)


def _prepaid(new: Array, keep: Array, block: int) -> tuple[Array, Array]:
    """Licences in force each month, and licence months bought in it, when `block` months are bought at once."""
    active = np.zeros((block, *new.shape[1:]))  # customers by the month of the block in which they renew
    held = np.zeros_like(active)
    in_force, bought = np.empty_like(new), np.empty_like(new)
    for month, arriving in enumerate(new):
        active *= keep
        renewing = month % block
        active[renewing] += arriving
        held[renewing] = active[renewing]
        in_force[month] = held.sum(axis=0)
        bought[month] = held[renewing] * block
    return in_force, bought
