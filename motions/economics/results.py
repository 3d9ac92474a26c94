"""The figures read off a projection, one function each. None means: there is no such figure.

Sums run over the whole projection and over draws' axis nothing is summed: each function reads draw 0, the
deterministic run. Money is in whole units of the scenario's currency.
"""

from dataclasses import dataclass

import numpy as np

from motions.economics.assumptions import Market, PartnerProgram, Program
from motions.economics.payouts import Array, NoPayout, split
from motions.economics.projection import Projection
from motions.names import NAMES
from motions.text import count, money


def ratio(part: float, whole: float) -> float | None:
    """Return part ÷ whole, or None where the whole is zero.

    >>> ratio(1, 4), ratio(1, 0)
    (0.25, None)
    """
    return part / whole if whole else None


def customer_value(arpa: float, gross_margin: float, churn_rate: float) -> float | None:
    """Lifetime value on gross margin = ARPA [money/month] × gross margin ÷ churn [1/month]; None without churn.

    >>> customer_value(1000, 0.8, 0.02)
    40000.0
    """
    return ratio(arpa * gross_margin, churn_rate)


def acquisition_spend(projection: Projection) -> float:
    """Return what winning customers took: program cost, payouts and the margin that partners kept [money]."""
    return float((projection.program_cost + projection.partner_earnings)[:, 0].sum())


def effective_cpa(projection: Projection) -> float | None:
    """Effective CPA = (partner earnings + program cost) ÷ new customers, over the whole projection [money]."""
    return ratio(acquisition_spend(projection), float(projection.customers_new[:, 0].sum()))


def blended_cac(*projections: Projection) -> float | None:
    """Blended CAC = all acquisition spend ÷ all new customers of the programs given [money]."""
    spend = sum(acquisition_spend(projection) for projection in projections)
    return ratio(spend, sum(float(projection.customers_new[:, 0].sum()) for projection in projections))


def payout_share(projection: Projection) -> float | None:
    """Partner earnings ÷ end-customer spend, a fraction of 1."""
    return ratio(float(projection.partner_earnings[:, 0].sum()), float(projection.spend[:, 0].sum()))


def earnings_per_partner(projection: Projection) -> float | None:
    """Partner earnings ÷ months of active partners [money per partner and month]."""
    return ratio(float(projection.partner_earnings[:, 0].sum()), float(projection.partners_active[:, 0].sum()))


def break_even_month(projection: Projection) -> int | None:
    """Return the month (1 = first) from which the cumulative contribution stays at or above zero; None if never."""
    below = np.flatnonzero(projection.cumulative[:, 0] < 0)
    month = int(below[-1]) + 2 if below.size else 1
    return month if month <= len(projection.cumulative) else None


def payback_month(program: Program, market: Market, projection: Projection) -> int | None:
    """Return the month of a customer's life in which it has paid back what winning it cost, program cost included.

    An average customer is followed with its churn: revenue less cost of revenue less payouts, against the program
    cost per new customer. None when it does not get there within `market.months`, or when no customer is won.
    """
    customers = float(projection.customers_new[:, 0].sum())
    cost = ratio(float(projection.program_cost[:, 0].sum()), customers)
    if cost is None:
        return None
    earned = customer_contribution(program, market).cumsum() - cost
    reached = np.flatnonzero(earned >= 0)
    return int(reached[0]) + 1 if reached.size else None


def customer_contribution(program: Program, market: Market) -> Array:
    """Return what one new customer brings, month by month of its life, before program cost: months, money."""
    arriving = np.zeros((market.months, 1))
    arriving[0] = 1.0
    terms = program.payout if isinstance(program, PartnerProgram) else NoPayout()
    price = np.full(1, market.list_price * program.deal_size_factor)
    shares = split(terms, arriving, np.full(1, program.customer_churn_rate), price)
    kept: Array = shares.vendor_revenue - shares.spend * (1 - market.gross_margin) - shares.payouts
    return kept[:, 0]


@dataclass(frozen=True)
class Figures:
    """The figures shown for one program. Money in whole units, months counted from 1, None = there is none."""

    contribution: float
    cash: float
    new_customers: float
    effective_cpa: float | None
    blended_cac: float | None
    customer_value: float | None
    payback_month: int | None
    break_even_month: int | None
    payout_share: float | None
    partner_earnings: float | None


FIGURES: tuple[tuple[str, str, str, str], ...] = (
    (
        "contribution",
        "Contribution",
        "money",
        "Revenue − cost of revenue − payouts − program cost, all months together.",
    ),
    ("cash", "Cash", "money", "The same when the money moves; prepaid licences come in when they are bought."),
    ("new_customers", "New customers", "customers", "Customers won in all months together."),
    (
        "effective_cpa",
        "Effective CPA",
        "money",
        "(Partner earnings + program cost) ÷ new customers, all months together. The margin that a channel or "
        "reseller keeps counts as earnings.",
    ),
    (
        "blended_cac",
        "Blended CAC",
        "money",
        "All acquisition spend ÷ all new customers of this program and the direct baseline together.",
    ),
    (
        "customer_value",
        "LTV on margin",
        "money",
        "Lifetime value on gross margin: price × gross margin ÷ churn a month, before the partner's share. Unknown "
        "when nobody churns.",
    ),
    (
        "payback_month",
        "Payback",
        "months",
        "Month of an average customer's life in which it has paid back the program cost of winning it, after "
        "churn, payouts and cost of revenue.",
    ),
    ("break_even_month", "Break-even", "months", "Month from which the cumulative contribution stays above zero."),
    ("payout_share", "Payout share", "%", "Partner earnings ÷ what end customers pay."),
    (
        "partner_earnings",
        "Partner earnings",
        "money/month",
        "Partner earnings ÷ months of active partners: what an average active partner makes in a month.",
    ),
)
"""(name, title, unit, definition) of every figure."""


def figures(program: Program, market: Market, projection: Projection, direct: Projection) -> Figures:
    """Read all figures off a projection; `direct` is the baseline that CAC is blended with."""
    blended = (direct,) if projection is direct else (projection, direct)
    return Figures(
        contribution=float(projection.cumulative[-1, 0]),
        cash=float(projection.cash[:, 0].sum()),
        new_customers=float(projection.customers_new[:, 0].sum()),
        effective_cpa=effective_cpa(projection),
        blended_cac=blended_cac(*blended),
        customer_value=customer_value(
            market.list_price * program.deal_size_factor, market.gross_margin, program.customer_churn_rate
        ),
        payback_month=payback_month(program, market, projection),
        break_even_month=break_even_month(projection),
        payout_share=payout_share(projection),
        partner_earnings=earnings_per_partner(projection),
    )


def answer(name: str, figures: Figures, months: int, currency: str) -> str:
    """Say in a sentence what a program comes to."""
    turn = f"break-even in month {figures.break_even_month}" if figures.break_even_month else "no break-even"
    said = f"{NAMES[name]}: {money(figures.contribution, currency)} in {count(months, 'month')}, {turn}"
    cost, blended = figures.effective_cpa, figures.blended_cac
    if cost is None or blended is None:
        return f"{said}; no customer is won."
    if cost == blended:
        return f"{said}; a customer costs {money(cost, currency)}."
    side = "below" if cost < blended else "above"
    return f"{said}; a customer costs {money(cost, currency)}, {side} the blended {money(blended, currency)}."
