"""The figures read off a projection, one function each, with one value a draw.

Sums run over all months; what is of a customer (CPA, CAC, payback) is over its life, see `cohort`. NaN means: there is
no such figure; an infinite month: not within the months shown, or not in a customer's life.
Money is in whole units of the scenario's currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from motions.economics.inputs.assumptions import Market, PartnerProgram, ProgramInputs
from motions.economics.inputs.terms import Array
from motions.economics.model.cohort import LIFE, Cohort
from motions.economics.model.histories import looks_at_one_partner
from motions.economics.model.lanes import CLASSES, HISTORIES
from motions.economics.model.payers import YEAR, Payers, of_list_price, payers_of
from motions.economics.model.projection import Projection, terms_of
from motions.names import BASELINES, NAMES
from motions.text import count, money, percent
from motions.units import CUSTOMERS, MONEY, MONEY_A_MONTH, MONEY_PER_MONEY, MONTHS, PERCENT, TIMES, Unit

INCREMENTAL = (1.0, 0.7, 0.4)
"""Shares of incremental customers at which acquisition cost is shown, as good practice asks."""


def ratio(part: Any, whole: Any) -> Array:
    """Return part ÷ whole, NaN where the whole is zero.

    >>> ratio(1.0, 4.0), ratio(1.0, 0.0)
    (array(0.25), array(nan))
    """
    part, whole = np.asarray(part, float), np.asarray(whole, float)
    there = np.abs(whole) > 1e-200  # what is smaller is rounding, and would overflow
    return np.where(there, part / np.where(there, whole, 1.0), np.nan)


def customer_value(arpa: Any, gross_margin: Any, churn_rate: Any, expansion_rate: Any = 0.0) -> Array:
    """Lifetime value on gross margin = ARPA [money/month] × gross margin ÷ (1 − (1 − churn) × (1 + expansion)).

    Without expansion that is ÷ churn [1/month]. NaN where the customers' payments don't shrink.

    >>> float(customer_value(1000, 0.8, 0.02))
    40000.0
    """
    shrinking = np.asarray(churn_rate, float) - expansion_rate * (1 - np.asarray(churn_rate, float))
    return ratio(np.asarray(arpa, float) * gross_margin, np.where(shrinking > 0, shrinking, 0.0))


def value_by(
    payers: Sequence[Payers], price: Any, gross_margin: Any, churn_rate: Any, expansion_rate: Any = 0.0
) -> Array:
    """Lifetime value on gross margin of an average customer, where some prepay [money]; the others are as above.

    Of one that prepays = what its years bring − list price × (1 − gross margin) ÷ (1 − (1 − churn) × (1 + expansion)).
    Of years at 12 × price each, those begun are 1 ÷ (1 − ((1 − churn) × (1 + expansion)) ** 12), and where the rest of
    a year is refunded (1 − (1 − churn) ** 12) ÷ (12 × churn) of each is kept.

    >>> from motions.economics.model.payers import ALIKE
    >>> float(value_by(ALIKE, 1000, 0.8, 0.02))
    40000.0
    >>> float(value_by((Payers(1.0, 1.0, refunded=True),), 1000, 0.8, 0.02).round(6))
    40000.0
    """
    found = sum(
        one.share * _value_of(one, price * one.size, gross_margin, churn_rate, expansion_rate) for one in payers
    )
    return np.asarray(found)


def _value_of(one: Payers, price: Any, gross_margin: Any, churn_rate: Any, expansion_rate: Any) -> Array:
    refunded = price * one.refund * one.part
    if one.year is None:
        value = customer_value(price, gross_margin, churn_rate, expansion_rate)
        return value - customer_value(refunded, 1.0, churn_rate, expansion_rate) if np.any(one.refund) else value
    staying = 1 - np.asarray(churn_rate, float)
    begun = ratio(1.0, np.maximum(1 - (staying * (1 + np.asarray(expansion_rate))) ** YEAR, 0.0))
    used = np.sum([staying**month for month in range(YEAR)], axis=0) if one.refunded else YEAR
    cost = customer_value(price, 1 - np.asarray(gross_margin), churn_rate, expansion_rate)
    years: Array = (price - refunded) * one.year * used * begun - cost
    return years


def effective_cpa(*cohorts: Cohort) -> Array:
    """Effective CPA = all that winning customers took ÷ the customers won [money]; of several programs blended CAC."""
    spend = sum((one.spend for one in cohorts), np.zeros(1))
    return ratio(spend, sum((one.won for one in cohorts), np.zeros(1)))


def new_arr(program: ProgramInputs, market: Market, won: Array) -> Array:
    """New ARR = 12 × what the customers won pay a month by list price, a twelfth of a prepaid year [money a year].

    Discounts and margins are cost of it.
    """
    price = market.list_price * program.deal_size_factor * of_list_price(payers_of(market, terms_of(program)))
    arr: Array = 12 * price * won
    return arr


def payout_share(projection: Projection) -> Array:
    """Partner earnings ÷ end-customer spend, a fraction of 1."""
    return ratio(projection.earned, projection.paid_by_customers)


def payout_share_of_profit(projection: Projection) -> Array:
    """Partner earnings ÷ gross profit (end-customer spend less cost of revenue), a fraction of 1."""
    profit = projection.paid_by_customers - projection.cost_of_revenue.sum(axis=0)
    return ratio(projection.earned, np.where(profit > 0, profit, 0.0))


def earnings_per_partner(projection: Projection) -> Array:
    """What active partners make of their own customers ÷ months of active partners [money per partner and month]."""
    return ratio(projection.active_earnings.sum(axis=0), projection.partners_active.sum(axis=0))


def npv(cash: Array, discount_rate: Any) -> Array:
    """Net present value of monthly cash, months × draws, at a yearly rate [money]. The first month counts in full.

    As numpy-financial has it, with the monthly rate (1 + yearly) ** (1 / 12) − 1.
    """
    later_on = (1 + np.atleast_1d(discount_rate)) ** (-1 / 12)
    present: Array = np.zeros(np.broadcast_shapes(cash.shape[1:], later_on.shape))
    for month in cash[::-1]:
        present *= later_on
        present += month
    return present


def gross_profit(projection: Projection, gross_margin: Any) -> Array:
    """What all customers' prices come to, before coupons and margins, less the cost of revenue without a partner."""
    found: Array = projection.listed.sum(axis=0) * gross_margin + (projection.priced - projection.listed).sum(axis=0)
    return found


def incremental_contribution(program: ProgramInputs, market: Market, projection: Projection) -> Array:
    """Contribution less the gross profit at list price of the customers that would have come anyway [money]."""
    total: Array = projection.cumulative[-1]
    if not isinstance(program, PartnerProgram) or np.all(np.asarray(program.incrementality) == 1.0):
        return total
    # Without a partner the whole cost of revenue is the vendor's.
    anyway: Array = gross_profit(projection, market.gross_margin) * (1 - np.asarray(program.incrementality))
    return total - anyway


def break_even_month(projection: Projection) -> Array:
    """Return the month (1 = first) from which the cumulative contribution stays at or above zero; inf if never."""
    return stays_above(projection.cumulative)


def stays_above(cumulative: Array) -> Array:
    """Return the month (1 = first) from which a running total, months × draws, stays at or above zero; inf if never.

    As long as nothing has moved there is nothing to break even.

    >>> stays_above(np.array([[-5.0, 1.0, 0.0, 0.0], [2.0, 2.0, 3.0, 0.0], [3.0, -1.0, 4.0, 0.0]]))
    array([ 2., inf,  2., inf])
    """
    below = cumulative < 0
    months = len(below)
    after = np.where(below.any(axis=0), months - np.argmax(below[::-1], axis=0) + 1.0, 1.0)
    moves = cumulative != 0
    begins = np.where(moves.any(axis=0), np.argmax(moves, axis=0) + 1.0, np.inf)
    return np.where(after > months, np.inf, np.maximum(after, begins))


@dataclass(frozen=True)
class Figure:
    """A figure that the simulator shows."""

    name: str
    title: str
    unit: Unit
    definition: str


def _at(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


FIGURES: tuple[Figure, ...] = (
    Figure(
        "contribution",
        "Contribution",
        MONEY,
        "Revenue − cost of revenue − payouts − program cost, all months together, with customers already there.",
    ),
    Figure(
        "incremental_contribution",
        "Incremental contribution",
        MONEY,
        "Contribution less the gross profit, at list price, of the customers that would have come anyway.",
    ),
    Figure(
        "cash",
        "Cash",
        MONEY,
        "The same when the money moves: prepaid licences and years in when bought, payouts out when due.",
    ),
    Figure(
        "npv",
        "NPV",
        MONEY,
        "Net present value: cash of all months, each discounted to the first at the discount rate a year.",
    ),
    Figure("new_customers", "New customers", CUSTOMERS, "Customers won in all months together."),
    Figure(
        "effective_cpa",
        "Effective CPA",
        MONEY,
        'What the customers won in the first months ("spread over", under Market) cost ÷ these customers: program '
        "cost of these months, and the payouts and list price less what you book of their whole lives. The margins "
        "that a channel, a reseller and a distributor keep, and a discount for customers, are given up; what an end "
        "customer pays above list price is the partner's affair. Where terms look at a partner's month, later "
        "payments count at the share that partners had in those months.",
    ),
    Figure(
        "incremental_cpa",
        "CPA, incremental",
        MONEY,
        "Effective CPA ÷ the share of incremental customers that this program is set to: the cost of a customer that "
        "would not have come anyway.",
    ),
    *(
        Figure(
            f"cpa_{share:.0%}".rstrip("%"),
            f"CPA at {_at(share)} incremental",
            MONEY,
            f"Effective CPA if only {_at(share)} of the customers would not have come anyway.",
        )
        for share in INCREMENTAL[1:]
    ),
    Figure(
        "blended_cac",
        "Blended CAC",
        MONEY,
        "The same for all programs shown and the direct baseline together: all that they spend on winning customers ÷ "
        "all customers won.",
    ),
    Figure("direct_cac", "Direct CAC", MONEY, "Effective CPA of the direct baseline alone."),
    Figure(
        "cpa_over_cac",
        "CPA less blended CAC",
        MONEY,
        "CPA, incremental, less blended CAC. Below zero a customer through partners is cheaper than an average one.",
    ),
    Figure(
        "cost_per_arr",
        "Cost per $1 of new ARR",
        MONEY_PER_MONEY,
        "Effective CPA ÷ new ARR of a customer: 12 × its list price, or the price of a prepaid year.",
    ),
    *(
        Figure(
            f"cost_per_arr_{share:.0%}".rstrip("%"),
            f"Cost per $1 of new ARR at {_at(share)}",
            MONEY_PER_MONEY,
            f"The same if only {_at(share)} of the customers would not have come anyway.",
        )
        for share in INCREMENTAL[1:]
    ),
    Figure(
        "customer_value",
        "LTV on margin",
        MONEY,
        "Lifetime value on gross margin: price × gross margin ÷ churn a month (less expansion), before the partner's "
        "and a distributor's share and customer discounts. Customers that prepay count what their years bring, at the "
        "price of a year. Unknown when payments don't shrink.",
    ),
    Figure("ltv_per_cpa", "LTV ÷ effective CPA", TIMES, "LTV on margin ÷ effective CPA."),
    Figure(
        "payback_month",
        "Payback",
        MONTHS,
        "Month of an average customer's life in which it has paid back the program cost and the rewards for leads of "
        "winning it, after churn, payouts and cost of revenue; a prepaid year counts when it is paid. Break-even is "
        "the month of the program, not of a customer.",
    ),
    Figure(
        "break_even_month",
        "Break-even",
        MONTHS,
        "Month from which the cumulative contribution of the whole program stays above zero. Payback is of one "
        "customer.",
    ),
    Figure(
        "owed_later",
        "Payouts still owed",
        MONEY,
        "What customers won in the months shown will cause after them: commission and shares, less what is taken back.",
    ),
    Figure(
        "payout_share",
        "Payout share",
        PERCENT,
        "Partner earnings ÷ what end customers pay. What a distributor keeps is no earning of partners.",
    ),
    Figure(
        "payout_share_of_profit",
        "Payout share of gross profit",
        PERCENT,
        "Partner earnings ÷ (what end customers pay − cost of revenue). Unknown without gross profit.",
    ),
    Figure(
        "partner_earnings",
        "Partner earnings",
        MONEY_A_MONTH,
        "Partner earnings ÷ months of active partners: what an average active partner makes in a month.",
    ),
    Figure("closing_arr", "Closing ARR", MONEY, "12 × what end customers pay in the last month."),
    Figure(
        "churn_over_direct",
        "Churn against direct",
        TIMES,
        "Customer churn a month here ÷ that of the direct baseline.",
    ),
)
"""Every figure, in the order of the tables."""

TITLES = {figure.name: figure.title for figure in FIGURES}
UNITS = {figure.name: figure.unit for figure in FIGURES}


@cache
def titles(currency: str) -> Mapping[str, str]:
    """Return the titles of all figures by name, an amount in them in the scenario's currency.

    >>> titles("EUR")["cost_per_arr"]
    'Cost per €1 of new ARR'
    """
    return {name: title.replace("$1", money(1, currency)) for name, title in TITLES.items()}


Figures = Mapping[str, float | None]
"""Figures of one run by name, in the order of FIGURES; None where there is none."""


@dataclass(frozen=True)
class World:
    """What every program of a scenario is held against."""

    blended_cac: Array
    direct_cac: Array
    direct_churn: Any

    @classmethod
    def of(cls, cohorts: Mapping[str, Cohort], direct: str, baseline: ProgramInputs) -> "World":
        """Return the world of programs by name, one of which is the direct baseline."""
        return cls(
            effective_cpa(*cohorts.values()), effective_cpa(cohorts[direct]), np.asarray(baseline.customer_churn_rate)
        )  # fmt: skip


def measure(
    program: ProgramInputs, market: Market, projection: Projection, mine: Cohort, world: World
) -> dict[str, Array]:
    """Read all figures off a projection and the cohort of a program, each with one value a draw."""
    cpa, blended = effective_cpa(mine), world.blended_cac
    own = program.incrementality if isinstance(program, PartnerProgram) else 1.0
    per_arr = ratio(cpa, new_arr(program, market, np.ones(1)))
    partnered = isinstance(program, PartnerProgram)
    value = value_by(
        payers_of(market, terms_of(program)), market.list_price * program.deal_size_factor, market.gross_margin,
        program.customer_churn_rate, program.expansion_rate,
    )  # fmt: skip
    found = {
        "contribution": projection.cumulative[-1],
        "incremental_contribution": incremental_contribution(program, market, projection),
        "cash": projection.cash.sum(axis=0),
        "npv": npv(projection.cash, market.discount_rate),
        "new_customers": projection.won,
        "effective_cpa": cpa,
        "incremental_cpa": ratio(cpa, own),
        "cpa_70": cpa / INCREMENTAL[1],
        "cpa_40": cpa / INCREMENTAL[2],
        "blended_cac": blended,
        "direct_cac": world.direct_cac,
        "cpa_over_cac": ratio(cpa, own) - blended,
        "cost_per_arr": per_arr,
        "cost_per_arr_70": per_arr / INCREMENTAL[1],
        "cost_per_arr_40": per_arr / INCREMENTAL[2],
        "customer_value": value,
        "ltv_per_cpa": ratio(value, np.nan_to_num(cpa)),
        "payback_month": mine.payback,
        "break_even_month": break_even_month(projection),
        "owed_later": mine.owed,
        "payout_share": payout_share(projection),
        "payout_share_of_profit": payout_share_of_profit(projection),
        "partner_earnings": earnings_per_partner(projection),
        "closing_arr": 12 * projection.spend[-1],
        "churn_over_direct": ratio(program.customer_churn_rate, world.direct_churn),
    }
    if not partnered:  # nobody would have come anyway: there is no partner without whom they came
        found |= dict.fromkeys(OF_PARTNERS, np.full(1, np.nan))
    return {name: np.atleast_1d(values) for name, values in found.items()}


OF_PARTNERS = ("incremental_contribution", "incremental_cpa", "cpa_70", "cpa_40", "cost_per_arr_70", "cost_per_arr_40")
"""Figures that only a partner program has."""


def looked_at(name: str, months: int) -> int:
    """Return how many months are looked at for a figure that is a month: a customer's life, else the months shown.

    >>> looked_at("payback_month", 36), looked_at("break_even_month", 36)
    (120, 36)
    """
    return LIFE if name == "payback_month" else months


def first(measured: Mapping[str, Array]) -> dict[str, float | None]:
    """Return the figures of the first draw, the deterministic run; None where there is none."""
    return {name: float(values[0]) if np.isfinite(values[0]) else None for name, values in measured.items()}


def answer(
    name: str, figures: Figures, months: int, currency: str, ends: tuple[float, float, float] | None = None
) -> str:
    """Say in a sentence what a program comes to; `ends`: P10, P50 and P90 of its contribution, where it is drawn."""
    if not figures["contribution"] and not figures["new_customers"]:
        return f"{NAMES[name]}: nothing is spent and nobody is won in {count(months, 'month')}."
    turns = figures["break_even_month"]
    turn = f"break-even in month {turns:.0f}" if turns else "no break-even"
    likely = f" (P10–P90 {money(ends[0], currency)} to {money(ends[2], currency)})" if ends else ""
    said = f"{NAMES[name]}: {money(figures['contribution'], currency)} in {count(months, 'month')}{likely}, {turn}"
    cost, blended = figures["incremental_cpa" if name not in BASELINES else "effective_cpa"], figures["blended_cac"]
    if figures["effective_cpa"] is None or blended is None:
        early = " in the months that cost is spread over: lengthen them under Market"
        return f"{said}; no customer is won{early if figures['new_customers'] else ''}."
    if cost is None:
        return f"{said}; no customer is incremental."
    who = "a customer" if cost == figures["effective_cpa"] else "an incremental customer"
    if cost == blended:
        return f"{said}; {who} costs {money(cost, currency)}."
    if money(cost, currency) == money(blended, currency):
        return f"{said}; {who} costs {money(cost, currency)}, as much as blended CAC."
    side = "below" if cost < blended else "above"
    return f"{said}; {who} costs {money(cost, currency)}, {side} blended CAC ({money(blended, currency)})."


def precision(program: ProgramInputs, market: Market, projection: Projection, ranged: bool) -> str:
    """Say where payouts are read from simulated histories of single partners, and how exact they are; else nothing."""
    plan = terms_of(program)
    if not isinstance(program, PartnerProgram) or not looks_at_one_partner(plan, payers_of(market, plan)):
        return ""
    joining = program.partners_recruited * program.activation_rate
    families = sum(bool(np.any(count)) for count in (program.partners_at_start, joining))
    paid = abs(float(np.ravel(projection.payouts.sum(axis=0))[0]))
    said = (
        "What these terms make of a partner's month is the mean of "
        f"{CLASSES * HISTORIES * max(families, 1):,} simulated histories of single partners with whole customers"
    )
    if projection.error and paid:
        error = projection.error / paid
        said += f"; the standard error of all payouts is {percent(error) if error >= 0.0005 else 'below 0.1 %'}"
    if ranged:
        said += ". With ranges each draw follows a few of them, which spreads what it pays by some 5 % more"
    return f"{said}."


def nature(market: Market, shown: Iterable[Projection]) -> str:
    """Say what the projections shown are, for whoever asks whether they are a forecast.

    >>> nature(Market(months=12), [])[:40]
    'A projection, not a forecast: what progr'
    """
    already = any(one.opening_customers.any() for one in shown)
    begin = "with the customers already there" if already else "without customers"
    return (
        f"A projection, not a forecast: what programs that begin {begin} would come to if every input stayed as it is "
        f"for {count(market.months, 'month')}."
    )


def of_opening(projection: Projection, currency: str) -> str:
    """Say what of the closing ARR is of customers that were there before, and what they are not in; else nothing."""
    if not projection.opening_customers.any():
        return ""
    closing, own = 12 * float(projection.spend[-1, 0]), 12 * float(projection.opening_spend[-1, 0])
    return (
        f"Closing ARR is {money(closing, currency)}, of which {money(own, currency)} from customers already there. "
        "They count in revenue, payouts, contribution and break-even, and not in CPA, CAC, LTV and payback, which are "
        "of customers won."
    )


def of_customers(market: Market, one: Cohort) -> str:
    """Say which customers CPA and payback are of, how long they are followed, and what comes later."""
    beyond = float(one.beyond[0])
    later = ", their payments do not shrink" if beyond >= 1 else ""
    if 0.001 <= beyond < 1:
        later = f": what one pays then is {percent(beyond)} of its first month"
    return (
        f"CPA, CAC and payback are of customers won in a program's first {count(market.spread_months, 'month')}, "
        f"whatever months are shown, each followed for {LIFE} months{later}. Payback is a month of a customer's life, "
        "break-even one of the program."
    )
