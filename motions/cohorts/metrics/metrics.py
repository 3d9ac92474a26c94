"""Ledger to metrics: one function each, a ratio of sums over ledger rows, with an example on `ledger.example`.

A function takes the ledger, the settings and the motions it is about (positions in MOTIONS) and returns an
Estimate. Money is in whole units of the ledger's currency here; a figure that can't be known says why.
"""

import calendar
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from motions import fields
from motions.cohorts.contract import KINDS, MOTIONS, NO_REVENUE, WITHIN
from motions.cohorts.coverage import NO_LIST, NO_MOTION, UNMATCHED, spans
from motions.cohorts.ledger.ledger import SPEND_MOTIONS, Ledger
from motions.cohorts.metrics import survival
from motions.cohorts.metrics.intervals import (
    TOO_FEW,
    Estimate,
    Sums,
    Z,
    cost_per,
    exact,
    proportion,
    ratio_of_sums,
    share_of_sums,
    unknown,
)
from motions.names import PARTNER_MOTIONS, offered
from motions.text import count, listed, month_name, percent
from motions.units import COUNT, DAYS, MEAN_DAYS, MEAN_MONTHS, MONEY, MONTHS, PERCENT, RATIO, Unit

Group = tuple[int, ...]

PARTNER: Group = tuple(MOTIONS.index(name) for name in PARTNER_MOTIONS)
ORGANIC: Group = (MOTIONS.index("organic"),)
ALL: Group = tuple(range(len(MOTIONS)))
NOT_APPLICABLE = ("only for all motions together", "has no partners", "only for all partners together")
"""Notes of figures that a group can't have, in contrast to those that are not known."""
INCREMENTAL = (1.0, 0.7, 0.4)
"""Shares of partner customers that would not have come anyway, at which the CPA is shown."""


def each_partner(ledger: Ledger) -> Group:
    """Return the partner motions that are shown one by one: one's own where a playbook or the ledger has it.

    >>> from motions.cohorts.ledger.example import LEDGER
    >>> each_partner(LEDGER) == PARTNER[:-1]
    True
    """
    return tuple(MOTIONS.index(name) for name in offered(PARTNER_MOTIONS, ledger.motions))


EVERYBODY, ALL_CUSTOMERS = "All partners", "All customers"


def whole(ledger: Ledger) -> tuple[str, Group]:
    """Return the side that is shown first: all partners, or all customers where no file says who partners brought.

    >>> from motions.cohorts.ledger.example import LEDGER
    >>> whole(LEDGER)[0]
    'All partners'
    """
    return (EVERYBODY, PARTNER) if ledger.coverage.motions_known else (ALL_CUSTOMERS, ALL)


def _beside(ledger: Ledger, group: Group) -> Group:
    """The side whose ages a group is shown at: organic, of organic all partners; itself where there are no sides."""
    if not ledger.coverage.motions_known:
        return group
    return PARTNER if set(group) == set(ORGANIC) else ORGANIC


class Settings(BaseModel):
    """The choices on which vendors disagree; those in force are printed beside the figures."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: int = fields.month("As of", "The month whose end the figures are read at.", "asof")
    window: Literal[3, 6, 12, 24, 120] = fields.choice(
        "Window",
        "How many months, up to the as-of month, signups, PQLs, new customers and spend are counted over.",
        12,
        MONTHS,
        "window",
    )
    activation_days: Literal[7, 14, 30, 60, 90] = fields.choice(
        "Activation within", "Days after the signup in which activation counts.", 14, DAYS, "days"
    )
    producing: Literal["MRR now", "new customer in 3 months", "signup in 3 months"] = fields.choice(
        "A partner is active with",
        "What makes a partner active. Three months are the as-of month and the two before it.",
        "MRR now",
        address="producing",
    )
    program_in_cpa: bool = fields.switch(
        "Program cost in effective CPA",
        "Whether the cost of running the partner program counts beside the payouts.",
        True,
        "program_cost",
    )
    gross_margin: float = fields.share(
        "Gross margin",
        "Share of revenue left after its cost; LTV and payback are counted on it. "
        f"{percent(fields.GROSS_MARGIN, 0)} is our assumption.",
        fields.GROSS_MARGIN,
        0.05,
        "margin",
    )

    def first(self) -> int:
        """Return the first month of the window."""
        return self.as_of - self.window + 1

    def before(self) -> "Settings":
        """Return the same settings for the period before; for ten years it is a year before."""
        return self.model_copy(update={"as_of": self.as_of - (self.window if self.window < 120 else 12)})


# Partner-sourced PQLs


def pqls(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Accounts whose product-qualified date falls in the window.

    C and D, ten of each:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> pqls(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    20
    """
    if note := _not_qualifiable(ledger, settings, group):
        return unknown(note)
    return exact(_sum(ledger, "pqls", settings, group))


def _not_qualifiable(ledger: Ledger, settings: Settings, group: Group) -> str:
    """Why nobody knows which accounts of a group are PQLs, or nothing: some of its files say it."""
    known, there = (_until(ledger, name, settings, group) for name in ("qualifiable", "signups"))
    return "the files of these accounts have no pql_on" if there and not known else ""


def pql_share(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """PQLs of the group ÷ all PQLs in the window.

    20 of 30, as Q is one too:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> round(pql_share(LEDGER, Settings(as_of=JANUARY), PARTNER).value, 3)
    0.667
    """
    sides = [_not_qualifiable(ledger, settings, (at,)) for at in ALL]
    if any(sides):
        return unknown(next(note for note in sides if note))
    return proportion(_sum(ledger, "pqls", settings, group), _sum(ledger, "pqls", settings, ALL))


def pql_conversion(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """PQLs of the window that were customers by the as-of month ÷ PQLs of the window.

    C bought, D did not:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> pql_conversion(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.5
    """
    if not ledger.knows_events(settings.as_of):
        return unknown(_LAST_MONTH_ONLY)
    bought = ledger.pqls_bought(settings.first(), settings.as_of, settings.as_of)
    return proportion(int(bought[list(group)].sum()), _sum(ledger, "pqls", settings, group))


_LAST_MONTH_ONLY = "known as of the last month only"


# Activation


def activation(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Signups of mature cohorts in the window that activated within N days ÷ signups of those cohorts.

    Of C and D only C activated, on day 10:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> activation(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.5
    """
    last = last_mature_month(ledger, settings)
    if last < settings.first():
        return unknown(f"immature: no cohort of the window has had {settings.activation_days} days")
    if note := not_told_within(ledger, settings.activation_days):
        return unknown(note)
    names = (f"activated_{settings.activation_days}", "observed", "signups")
    within, observed, signed = (int(ledger.between(name, settings.first(), last)[list(group)].sum()) for name in names)
    if signed and not observed:
        return unknown("the files of these accounts do not say when they activated, or on which day they signed up")
    return proportion(within, observed)


def not_told_within(ledger: Ledger, days: int | None) -> str:
    """Say why files do not tell who activated within so many days, or ever for none, or nothing where they do.

    >>> from motions.cohorts.ledger.example import LEDGER
    >>> not_told_within(LEDGER, 14), not_told_within(LEDGER, None)
    ('', '')
    """
    told = sorted(span for span in WITHIN.values() if f"accounts.activated_within_{span}" in ledger.has)
    if not told or told == [days]:
        return ""
    return f"the files only say who activated within {listed([str(span) for span in told])} days, not when"


def last_mature_month(ledger: Ledger, settings: Settings) -> int:
    """Return the last signup month all of whose accounts had N days by the end of the as-of month, or by today.

    At the end of January a signup of January has not had its 14 days, one of December has:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> last_mature_month(LEDGER, Settings(as_of=JANUARY)) - JANUARY
    -1
    """
    end = min(_month_end(settings.as_of), ledger.read_on) - timedelta(days=settings.activation_days)
    month = end.year * 12 + end.month - 1
    return month if end == _month_end(month) else month - 1


def _month_end(month: int) -> date:
    year, of_year = divmod(month, 12)
    return date(year, of_year + 1, calendar.monthrange(year, of_year + 1)[1])


def time_to_activation(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Mean days from signup to activation, over the accounts of the window's signup months that activated.

    C on day 10, Q on day 4:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> time_to_activation(LEDGER, Settings(as_of=JANUARY), ALL).value
    7.0
    """
    if not ledger.knows_events(settings.as_of):
        return unknown(_LAST_MONTH_ONLY)
    if note := not_told_within(ledger, None):
        return unknown(note)
    n, days = (int(_happened(ledger, name, settings, group)) for name in ("activated", "activation_days"))
    squares = _happened(ledger, "activation_squares", settings, group)
    return ratio_of_sums(Sums(n=n, x=days, y=n, xx=squares, yy=n, xy=days))


def activation_by_cohort(ledger: Ledger, settings: Settings, group: Group) -> list[tuple[int, Estimate, bool]]:
    """Signup month, activation rate and whether it is mature, for each month of the window up to two years.

    C signed up in March:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> month, rate, mature = activation_by_cohort(LEDGER, Settings(as_of=JANUARY), PARTNER)[1]
    >>> month - JANUARY, rate.value, mature
    (-10, 1.0, True)
    """
    first = max(settings.first(), settings.as_of - 23, ledger.first_month)
    within, mature = f"activated_{settings.activation_days}", last_mature_month(ledger, settings)
    found = []
    note = not_told_within(ledger, settings.activation_days)
    for month in range(first, settings.as_of + 1):
        if note:
            found.append((month, unknown(note), month <= mature))
            continue
        parts = (int(ledger.at(name, month)[list(group)].sum()) for name in (within, "observed"))
        found.append((month, proportion(*parts), month <= mature))
    return found


# MRR and ARR


def mrr(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Closing MRR at the as-of month.

    Ten times 120 of A and 80 of C:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> mrr(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    2000.0
    """
    if note := _no_revenue(ledger, settings.as_of):
        return unknown(note)
    return exact(_closing(ledger, settings.as_of, group), _customers(ledger, settings.as_of, group))


def arr(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """12 × closing MRR.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> arr(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    24000.0
    """
    if note := _no_revenue(ledger, settings.as_of):
        return unknown(note)
    return exact(12 * _closing(ledger, settings.as_of, group), _customers(ledger, settings.as_of, group))


def mrr_share(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Closing MRR of the group ÷ all closing MRR, with an interval over accounts.

    2,000 of 5,000:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> mrr_share(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.4
    """
    return mrr_share_at(ledger, settings.as_of, group)


def mrr_share_at(ledger: Ledger, month: int, group: Group) -> Estimate:
    """Share of MRR at the end of a month.

    A year earlier A and B paid as much as O:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> mrr_share_at(LEDGER, JANUARY - 12, PARTNER).value
    0.5
    """
    if note := _no_revenue(ledger, month):
        return unknown(note)
    squares = ledger.at("closing_squares", month)
    part = float(squares[list(group)].sum())
    sums = Sums(
        n=_customers(ledger, month, ALL),
        x=float(ledger.at("closing", month)[list(group)].sum()),
        y=float(ledger.at("closing", month).sum()),
        xx=part,
        yy=float(squares.sum()),
        xy=part,
    )
    return ratio_of_sums(sums)


# Retention


def nrr(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Σ MRR at t ÷ Σ MRR at t−12, both over the accounts that had MRR > 0 at t−12 (SaaS Capital).

    A and B paid 100 each, now A pays 120:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> nrr(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.6
    """
    base = _base(ledger, settings, group)
    if base.note:
        return base
    names = ("retained_12", "retained_squares", "retained_products")
    return ratio_of_sums(_retained(ledger, settings, group, base.n, names))


def _retained(ledger: Ledger, settings: Settings, group: Group, n: int, measures: tuple[str, str, str]) -> Sums:
    """What is kept, and what there was twelve months before, over the n accounts that paid then."""
    kept, squares, products = (float(ledger.at(name, settings.as_of)[list(group)].sum()) for name in measures)
    base, base_squares = (
        float(ledger.at(name, settings.as_of - 12)[list(group)].sum()) for name in ("closing", "closing_squares")
    )
    return Sums(n=n, x=kept, y=base, xx=squares, yy=base_squares, xy=products)


def grr(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Σ min(MRR at t, MRR at t−12) ÷ Σ MRR at t−12 over the accounts that had MRR > 0 at t−12.

    As NRR, but what A pays more does not count:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> grr(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.5
    """
    base = _base(ledger, settings, group)
    if base.note:
        return base
    names = ("kept_12", "kept_squares", "kept_products")
    return share_of_sums(_retained(ledger, settings, group, base.n, names))


def _base(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """The accounts that retention is measured on, or why it can't be."""
    note = next(filter(None, (_no_revenue(ledger, month) for month in (settings.as_of, settings.as_of - 12))), "")
    if note or not ledger.coverage.ends_known:
        return unknown(note or ENDS_UNKNOWN)
    customers = _customers(ledger, settings.as_of - 12, group)
    return exact(customers, customers) if customers else unknown("no customers twelve months before")


# Cost

_SPEND_OF_A_PART = "spend is not known by segment or signup cohort"


def effective_cpa(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Acquisition spend of the group in the window ÷ its new customers in the window.

    1,240 of payouts and 1,160 of program cost for ten C:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> effective_cpa(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    240.0
    """
    if ledger.narrowed:
        return unknown(_SPEND_OF_A_PART)
    months, note = cost_months(ledger, settings, kinds_of(ledger, settings, group))
    if not months:
        return unknown(note)
    cost = acquisition_spend(ledger, settings, group, months)
    return replace(cost_per(cost, _over(ledger, "new_customers", months, group)), over=note)


def blended_cac(ledger: Ledger, settings: Settings) -> Estimate:
    """All acquisition spend in the window, payouts included ÷ all new customers.

    2,400 for partners and 3,600 of marketing for ten C and ten Q:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> blended_cac(LEDGER, Settings(as_of=JANUARY)).value
    300.0
    """
    if ledger.narrowed:
        return unknown(_SPEND_OF_A_PART)
    months, note = cost_months(ledger, settings, spent(ledger))
    if not months:
        return unknown(note)
    spend = float(ledger.spend_over(months).sum()) / 100
    return replace(cost_per(spend, _over(ledger, "new_customers", months, ALL)), over=note)


def blended_cac_of(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Blended CAC, which there is only for all motions together.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> [blended_cac_of(LEDGER, Settings(as_of=JANUARY), group).value for group in (ALL, PARTNER)]
    [300.0, None]
    """
    return blended_cac(ledger, settings) if set(group) == set(ALL) else unknown(NOT_APPLICABLE[0])


def cost_per_arr(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Acquisition spend in the window ÷ (12 × MRR of new customers in the window).

    2,400 for 12 × 800:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> cost_per_arr(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.25
    """
    if ledger.narrowed:
        return unknown(_SPEND_OF_A_PART)
    months, note = cost_months(ledger, settings, kinds_of(ledger, settings, group))
    if not months:
        return unknown(note)
    new = _over(ledger, "new_mrr", months, group) / 100 * 12
    cost = acquisition_spend(ledger, settings, group, months)
    if not cost or not new:
        return unknown("no new MRR" if cost else "no spend")
    return Estimate(cost / new, n=_over(ledger, "new_customers", months, group), over=note)


def spent(ledger: Ledger) -> tuple[str, ...]:
    """Return the kinds of spend of which there is a posting.

    >>> from motions.cohorts.ledger.example import LEDGER
    >>> spent(LEDGER)
    ('payout', 'program', 'marketing')
    """
    return tuple(kind for kind in KINDS if ledger.coverage.of(f"spend: {kind}"))


def kinds_of(ledger: Ledger, settings: Settings, group: Group) -> tuple[str, ...]:
    """Return the kinds of spend that the cost of a group's customers is made of: for partners payouts and program.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> kinds_of(LEDGER, Settings(as_of=JANUARY), PARTNER)
    ('payout', 'program')
    """
    kinds = [kind for kind in spent(ledger) if kind != "program" or settings.program_in_cpa]
    return tuple(kind for kind in kinds if kind in ("payout", "program") or not set(group) <= set(PARTNER))


def cost_months(ledger: Ledger, settings: Settings, kinds: Sequence[str], won: bool = True) -> tuple[list[int], str]:
    """Return the months of the window that revenue and some kinds of spend cover, and which they are where not all.

    With `won`, for what new customers cost, none after one that is not known: they may have begun in that one.
    Without a month, or a kind, the words say why.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> months, words = cost_months(LEDGER, Settings(as_of=JANUARY), ["payout"])
    >>> len(months), words
    (12, '')
    """
    if not kinds:
        return [], "no spend"
    tables = ("revenue", *(f"spend: {kind}" for kind in kinds))
    known_of = ledger.coverage.begun if won else ledger.coverage.shared
    months = known_of(tables, settings.first(), settings.as_of)
    if months:
        return months, which_of(months, settings)
    covers = [(name.removeprefix("spend: "), cover) for name in tables if (cover := ledger.coverage.of(name))]
    known = listed([f"{name} {month_name(one.first)} to {month_name(one.last)}" for name, one in covers])
    return [], f"no month of the window is covered by all that it takes: {known}"


def which_of(months: Sequence[int], settings: Settings) -> str:
    """Say which months a figure is of, where they are fewer than the window; of ten years nobody expects all.

    >>> which_of([24310, 24311], Settings(as_of=24312, window=3))
    'over 2 of 3 months: 2025-11 to 2025-12'
    """
    if len(months) == settings.window or settings.window == 120:
        return ""
    return f"over {len(months)} of {settings.window} months: {spans(months, month_name)}"


def acquisition_spend(ledger: Ledger, settings: Settings, group: Group, months: Sequence[int]) -> float:
    """Spend on the group's motions in some months: for partner motions payouts and (setting) program cost.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> year = range(JANUARY - 11, JANUARY + 1)
    >>> acquisition_spend(LEDGER, Settings(as_of=JANUARY), PARTNER, year)
    2400.0
    >>> acquisition_spend(LEDGER, Settings(as_of=JANUARY, program_in_cpa=False), PARTNER, year)
    1240.0
    """
    table = ledger.spend_over(months)
    rows = list(group)
    if set(group) >= set(PARTNER):
        # A payout or program posting that names no motion is still the partner side's.
        rows.append(SPEND_MOTIONS.index("unassigned"))
    kinds = [KINDS.index(kind) for kind in kinds_of(ledger, settings, group)]
    return float(table[np.ix_(rows, kinds)].sum()) / 100


def payout_share(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Payouts in the window ÷ revenue (the MRR of each month) of the group's accounts in the window.

    1,240 of what A, B and C paid since February, ten times 1,340, 500 and 640:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> payout_share(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.05
    """
    if ledger.narrowed:
        return unknown(_SPEND_OF_A_PART)
    if "payout" not in spent(ledger):
        return unknown("no payouts")
    months, note = cost_months(ledger, settings, ("payout",), won=False)
    revenue = _over(ledger, "closing", months, group) / 100
    paid = _payouts(ledger, months, group)
    if not months or not paid:
        return unknown("no payouts" if months else note)
    return Estimate(paid / revenue, over=note) if revenue else unknown("no revenue in the window")


def _payouts(ledger: Ledger, months: Sequence[int], group: Group) -> float:
    rows = [*group, SPEND_MOTIONS.index("unassigned")] if set(group) >= set(PARTNER) else list(group)
    return float(ledger.spend_over(months)[rows, KINDS.index("payout")].sum()) / 100


def ltv(ledger: Ledger, settings: Settings, group: Group, ages: int | None = None) -> Estimate:
    """ARPA × gross margin × months paid: what a customer leaves over the ages that are observed, or the first `ages`.

    What it leaves after them nobody has seen; `ltv_beyond` carries it on. 100 × 80 % × 8.5 months:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> ltv(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    680.0
    """
    earns = arpa(ledger, settings, group)
    if earns.value is None:
        return unknown("ARPA is unknown")
    if not ledger.knows_ends:
        return unknown("when customers ended is not known here")
    if not ledger.coverage.ends_known:
        return unknown(ENDS_UNKNOWN)
    months, seen = survival.months_paid(ledger, settings.as_of, group, ages)
    if months.value is None or months.low is None:
        return unknown(months.note if months.value is None else "no customer has left yet", months.n)
    value, over = earns.value * settings.gross_margin * months.value, f"over its first {count(seen, 'month')}"
    note = earns.note or months.note
    if note or earns.low is None or earns.high is None or not months.low or months.high is None:
        return Estimate(value, n=months.n, note=note, over=over)
    # The two are estimated apart: the relative half-widths add as squares.
    half = math.hypot((earns.high - earns.low) / 2 / earns.value, (months.high - months.low) / 2 / months.value)
    return Estimate(value, value * max(1 - half, 0.0), value * (1 + half), min(earns.n, months.n), over=over)


def ltv_beyond(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """LTV with what comes after the observed ages, if ARPA and the churn of the window stay as they are.

    After 680 half of the customers are left, of whom 4 % leave a month: 680 + 100 × 80 % × 0.5 ÷ 4 %:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> ltv_beyond(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    1680.0
    """
    seen, earns, leaves = (found(ledger, settings, group) for found in (ltv, arpa, customer_churn))
    if seen.value is None:
        return seen
    if earns.value is None or not leaves.value:
        return unknown("no customer left in the window" if leaves.known() else "churn is unknown", leaves.n)
    ages = survival.months_paid(ledger, settings.as_of, group)[1]
    left = survival.curve(ledger, settings.as_of, group, ages - 1)[-1].value or 0.0
    after = earns.value * settings.gross_margin * left / leaves.value
    return Estimate(seen.value + after, n=seen.n, note=f"extrapolated after {count(ages, 'month')}")


def cac_payback(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Months: cost of a new customer ÷ (first MRR of new customers in the window × gross margin).

    240 ÷ (80 × 80 %):

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> cac_payback(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    3.75
    """
    cost = effective_cpa(ledger, settings, group)
    months, _ = cost_months(ledger, settings, kinds_of(ledger, settings, group))
    customers = _over(ledger, "new_customers", months, group)
    first = _over(ledger, "new_mrr", months, group) / 100
    if cost.value is None or not first or not customers:
        return unknown(cost.note or "no new MRR")
    monthly = first / customers * settings.gross_margin
    low, high = (None if end is None else end / monthly for end in (cost.low, cost.high))
    return Estimate(cost.value / monthly, low, high, cost.n, cost.note, cost.over)


def ltv_cpa(ledger: Ledger, settings: Settings, group: Group, ages: int | None = None) -> Estimate:
    """LTV on gross margin ÷ effective CPA: how often a customer brings back what it cost.

    680 ÷ 240:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> round(ltv_cpa(LEDGER, Settings(as_of=JANUARY), PARTNER).value, 2)
    2.83
    """
    worth, cost = ltv(ledger, settings, group, ages), effective_cpa(ledger, settings, group)
    if worth.value is None or not cost.value:
        return unknown(worth.note or cost.note or "no cost")
    ratio, note = worth.value / cost.value, worth.note or cost.note
    over = " · ".join(filter(None, (worth.over, cost.over)))
    if note or None in (worth.low, worth.high, cost.low, cost.high):
        return Estimate(ratio, n=worth.n, note=note, over=over)
    # The two are estimated apart: on the logarithm their half-widths add as squares.
    down = math.hypot(
        math.log(worth.value / worth.low) if worth.low else math.inf, math.log((cost.high or 1) / cost.value)
    )
    up = math.hypot(math.log((worth.high or 1) / worth.value), math.log(cost.value / (cost.low or 1)))
    return Estimate(ratio, ratio * math.exp(-down), ratio * math.exp(up), min(worth.n, cost.n), over=over)


# Partners


def active_partners(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Partners producing at t ÷ partners recruited by t and not ended.

    P1 and P2 have MRR, P3 and P4 do not:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> active_partners(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.5
    """
    return active_partners_at(ledger, settings.as_of, settings.producing, group)


def active_partners_at(ledger: Ledger, month: int, producing: str, group: Group) -> Estimate:
    """The ratio at the end of a month, for partners whose own motion is in the group.

    In the three months up to June C was new, and P2 alone had a new customer:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> active_partners_at(LEDGER, JANUARY - 7, "new customer in 3 months", PARTNER).value
    0.25
    """
    needed = range(month if producing == "MRR now" else month - 2, month + 1)
    missing = [] if producing.startswith("signup") else [one for one in needed if _no_revenue(ledger, one)]
    if missing or not ledger.coverage.partners_known:
        return unknown(_no_revenue(ledger, missing[0]) if missing else UNMATCHED)
    there = partners_there(ledger, month, group)
    return proportion(int((there & producers(ledger, month, producing)).sum()), int(there.sum()))


def partners_there(ledger: Ledger, month: int, group: Group) -> NDArray[np.bool_]:
    """Which partners of the list were recruited by the end of a month and had not ended, motions of the group only.

    A year earlier there was only P1:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> [int(partners_there(LEDGER, month, PARTNER).sum()) for month in (JANUARY - 12, JANUARY)]
    [10, 40]
    """
    listed = ledger.partners
    of_group = np.isin(ledger.partner_motion, group)
    there: NDArray[np.bool_] = of_group & (listed["recruited_month"] <= month) & (listed["ended_month"] > month)
    return there


def mrr_share_change(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Share of MRR now − share a year before, by the delta method over accounts, which are much the same at both.

    With e = (x − S·y) ÷ Y for each account at each time, the variance is Σ (e − e')²; the products of the two times are
    those that NRR is estimated by.

    From a half to 40 %:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> round(mrr_share_change(LEDGER, Settings(as_of=JANUARY), PARTNER).value, 3)
    -0.1
    """
    now, before = settings.as_of, settings.as_of - 12
    shares, variances, totals = [], [], []
    for month in (now, before):
        share = mrr_share_at(ledger, month, group)
        if share.value is None or share.low is None:
            return unknown(share.note or "nothing to compare with")
        shares.append(share.value)
        variances.append(((share.value - share.low) / Z) ** 2)
        totals.append(float(ledger.at("closing", month).sum()))
    products = ledger.at("retained_products", now)
    own, all_ = float(products[list(group)].sum()), float(products.sum())
    shared = (own * (1 - shares[0] - shares[1]) + all_ * shares[0] * shares[1]) / (totals[0] * totals[1])
    half = Z * math.sqrt(max(variances[0] + variances[1] - 2 * shared, 0.0))
    gap = shares[0] - shares[1]
    return Estimate(gap, gap - half, gap + half, _customers(ledger, now, ALL))


def active_partners_change(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Active partner ratio now − a year before, by the delta method over partners: most are there at both times.

    From P1 alone, which produced, to two of four:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> active_partners_change(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    -0.5
    """
    residuals, ratios, there_at = [], [], []
    for month in (settings.as_of, settings.as_of - 12):
        there = partners_there(ledger, month, group)
        count = int(there.sum())
        if count < TOO_FEW:
            return unknown(f"too few: {count}", count)
        hit = there & producers(ledger, month, settings.producing)
        ratio = float(hit.sum()) / count
        residuals.append((hit - ratio * there) / count)
        ratios.append(ratio)
        there_at.append(count)
    half = Z * math.sqrt(float(((residuals[0] - residuals[1]) ** 2).sum()))
    gap = ratios[0] - ratios[1]
    return Estimate(gap, gap - half, gap + half, min(there_at))


def producers(ledger: Ledger, month: int, definition: str) -> NDArray[np.bool_]:
    """Which partners of the list produce in a month, by one of the definitions of the setting.

    P1 and P2:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> int(producers(LEDGER, JANUARY, "MRR now").sum())
    20
    """
    rows, of_partner = ledger.by_partner, ledger.by_partner_motion
    months, measure = {
        "MRR now": (1, "closing"),
        "new customer in 3 months": (3, "new_customers"),
        "signup in 3 months": (3, "signups"),
    }[definition]
    hit = of_partner & (rows["month"] > month - months) & (rows["month"] <= month) & (ledger.partner_row >= 0)
    total = np.zeros(len(ledger.partners["partner_id"]), dtype=np.int64)
    np.add.at(total, ledger.partner_row[hit], rows[measure][hit])
    return total > 0


# Movements and customers


def movements(ledger: Ledger, group: Group) -> dict[str, NDArray[np.int64]]:
    """MRR movements of each month from `first_month` on, minor units.

    opening + new + expansion + reactivation − contraction − churn = closing.

    In July A grew by 20 and B, which had paid 100, left:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> july = JANUARY - 6 - LEDGER.first_month
    >>> moved = {name: int(values[july]) // 100 for name, values in movements(LEDGER, PARTNER).items()}
    >>> moved["opening"], moved["expansion"], moved["churn"], moved["closing"]
    (2800, 200, 1000, 2000)
    """
    names = ("opening", "new_mrr", "expansion", "reactivation", "contraction", "churn", "closing")
    return {name: ledger.series(name)[list(group)].sum(axis=0) for name in names}


def quick_ratio(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """(New + expansion + reactivation) ÷ (contraction + churn) over the window.

    (80 of C + 20 of A) ÷ 100 of B:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> quick_ratio(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    1.0
    """
    months, note = _steps(ledger, settings)
    if not months:
        return unknown(note)
    gains = sum(_over(ledger, name, months, group) for name in ("new_mrr", "expansion", "reactivation"))
    losses = sum(_over(ledger, name, months, group) for name in ("contraction", "churn"))
    customers = _customers(ledger, settings.as_of, group)
    if not losses:
        return unknown("nothing was lost", customers)
    few = f"too few: {customers}" if customers < TOO_FEW else ""
    return Estimate(gains / losses, n=customers, note=few, over=note)


def customer_churn(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Customers lost a month: Σ lost ÷ Σ customers at the start of each month of the window.

    B left, and A, B and C were there at 25 starts of a month:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> customer_churn(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.04
    """
    months, note = _steps(ledger, settings)
    if not months:
        return unknown(note)
    lost, start = (_over(ledger, name, months, group) for name in ("churned_customers", "starting"))
    return replace(proportion(lost, start), over=note)


ENDS_UNKNOWN = "the files hold a part of what became of customers: who left, or what they paid before, is not in them"


def _steps(ledger: Ledger, settings: Settings) -> tuple[list[int], str]:
    """Months of the window of which the one before is known too, and which they are, or why there is none."""
    months = ledger.coverage.steps(settings.first(), settings.as_of)
    if not ledger.coverage.ends_known:
        return [], ENDS_UNKNOWN
    return months, which_of(months, settings) if months else "no two months of revenue in a row in the window"


def arpa(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Closing MRR ÷ customers at the as-of month, with an interval over accounts.

    A 120 and C 80:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> arpa(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    100.0
    """
    if note := _no_revenue(ledger, settings.as_of):
        return unknown(note)
    n = _customers(ledger, settings.as_of, group)
    total = float(ledger.at("closing", settings.as_of)[list(group)].sum()) / 100
    squares = float(ledger.at("closing_squares", settings.as_of)[list(group)].sum()) / 10_000
    return ratio_of_sums(Sums(n=n, x=total, y=n, xx=squares, yy=n, xy=total))


def new_customers(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Accounts with their first MRR in the window.

    C, ten times:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> new_customers(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    10
    """
    months = ledger.coverage.shared(("revenue",), settings.first(), settings.as_of)
    if not months:
        return unknown("no revenue in the window")
    return Estimate(_over(ledger, "new_customers", months, group), over=which_of(months, settings))


def signups(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Accounts that signed up in the window.

    C and D:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> signups(LEDGER, Settings(as_of=JANUARY), PARTNER).value
    20
    """
    return exact(_sum(ledger, "signups", settings, group))


FUNNEL = (
    ("signups", "Signed up"),
    ("activated", "Activated"),
    ("qualified", "Product-qualified"),
    ("bought", "Customer"),
)


def funnel(ledger: Ledger, settings: Settings, group: Group) -> tuple[int | None, ...]:
    """Accounts signed up in the window, and how many of them reached each stage of FUNNEL by the as-of month.

    Signups that have not had their days to activate are left out, as in the activation rate, unless there are no
    others. None where the files of these accounts do not say, or not for an as-of month before the last.

    C did everything, D only signed up and qualified:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> funnel(LEDGER, Settings(as_of=JANUARY), PARTNER)
    (20, 10, 20, 10)
    """
    mature, first = last_mature_month(ledger, settings), settings.first()
    grown_up = "accounts.activated_on" in ledger.has and ledger.between("signups", first, mature).any()
    last = mature if grown_up else settings.as_of
    own = list(group)
    signed = int(ledger.between("signups", first, last)[own].sum())
    tells = {"activated": "observed", "qualified": "qualifiable"}
    found: list[int | None] = [signed]
    for name, _ in FUNNEL[1:]:
        told = int(ledger.between(tells.get(name, "signups"), first, last)[own].sum()) or not signed
        known = told and ledger.knows_events(settings.as_of)
        known = known and not (name == "activated" and not_told_within(ledger, None))
        found.append(int(ledger.happened(name, first, last, settings.as_of)[own].sum()) if known else None)
    return tuple(found)


def retention_by_age(
    ledger: Ledger, month: int, group: Group, of: Literal["money", "customers"] = "money", longest: int = 24
) -> list[Estimate]:
    """What is kept at each age in months: Σ MRR at that age ÷ Σ their first MRR, or customers ÷ customers at first.

    Only customers that have reached the age by `month`; unknown where fewer than ten have. Money by the delta method
    over customers, customers by Wilson. A triangle of a spreadsheet has no squares: its money is without an interval.

    A year on A and B, who paid 200, pay 120; C is younger:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> curve = retention_by_age(LEDGER, JANUARY, PARTNER)
    >>> curve[0].value, curve[12].value, curve[13].note
    (1.0, 0.6, 'too few: 0')
    """
    ages = range(min(longest, max(ledger.ages, default=longest)) + 1)
    return [_kept_at(ledger, month, group, age, of) for age in ages]


def _kept_at(
    ledger: Ledger, month: int, group: Group, months: int, of: Literal["money", "customers"] = "money"
) -> Estimate:
    """What is kept at one age, as in `retention_by_age`."""
    if not ledger.knows_age(months):
        return unknown("no column of the triangle")
    rows = ledger.once(("ages", month, group), lambda: _aged(ledger, month, group))
    counted = "revenue" in ledger.has or "ages.size" in ledger.has
    old = (rows["cohort"] + months <= month) & _known(ledger, rows["cohort"] + months)
    first, now = (rows["age"] == 0) & old, old & (rows["age"] == months)
    customers, closing = rows["customers"], rows["closing"]
    n = int(customers[first].sum())
    if (counted and n < TOO_FEW) or not first.any():
        return unknown(f"too few: {n}", n)
    if of == "customers":
        kept = proportion(int(customers[now].sum()), n)
        return kept if counted else Estimate(kept.value)
    sums = Sums(
        n=n,
        x=float(closing[now].sum()),
        y=float(closing[first].sum()),
        xx=float(rows["closing_squares"][now].sum()),
        yy=float(rows["closing_squares"][first].sum()),
        xy=float(rows["products"][now].sum()),
    )
    kept = ratio_of_sums(sums)
    return kept if "revenue" in ledger.has else Estimate(kept.value, n=n)


def _aged(ledger: Ledger, month: int, group: Group) -> dict[str, NDArray[Any]]:
    """The rows of by_age of a group up to a month."""
    rows = ledger.by_age
    here = np.isin(ledger.age_motion, group) & (rows["cohort"] + rows["age"] <= month)
    return {name: rows[name][here] for name in ("cohort", "age", "closing", "customers", "closing_squares", "products")}


def customers_left(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Share of customers that have not ended, at the last of 36, 24, 12, 6 and 3 months that ten of both sides reach.

    The other side is organic; of organic itself it is all partners. Of A and B one ended in month 6:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> left = customers_left(LEDGER, Settings(as_of=JANUARY), PARTNER)
    >>> left.value, left.over
    (0.5, '6 months after the first payment')
    """
    other = _beside(ledger, group)
    return _left_at(ledger, settings, group, survival.shared_age(ledger, settings.as_of, group, other))


def _left_at(ledger: Ledger, settings: Settings, group: Group, age: int | None) -> Estimate:
    if not ledger.knows_ends:
        return unknown("this ledger does not say when customers ended: download it again")
    if not ledger.coverage.ends_known:
        return unknown(ENDS_UNKNOWN)
    if age is None:
        return unknown(_TOO_YOUNG)
    found = survival.curve(ledger, settings.as_of, group, age)
    return replace(found[age], over=_after(age)) if len(found) > age else unknown(f"too few: 0 at {age} months")


_TOO_YOUNG = (
    f"too few: fewer than {TOO_FEW} customers of both sides are known for {survival.AGES[-1]} months from their first "
    "payment on"
)


def money_left(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """MRR of customers ÷ their first MRR, at the last of 36, 24, 12, 6 and 3 months that ten of both sides reach.

    A and B, who paid 200, pay 120 a year later:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> left = money_left(LEDGER, Settings(as_of=JANUARY), PARTNER)
    >>> left.value, left.over
    (0.6, '12 months after the first payment')
    """
    other = _beside(ledger, group)
    return _money_at(ledger, settings, group, _shared_money_age(ledger, settings, group, other))


def _money_at(ledger: Ledger, settings: Settings, group: Group, age: int | None) -> Estimate:
    if not ledger.coverage.ends_known:
        return unknown(ENDS_UNKNOWN)
    if age is None:
        return unknown(_TOO_YOUNG)
    return replace(_kept_at(ledger, settings.as_of, group, age), over=_after(age))


def _shared_money_age(ledger: Ledger, settings: Settings, group: Group, other: Group) -> int | None:
    """The last of AGES that ten customers of both sides have reached, and for which their money is known."""
    for age in survival.AGES:
        if all(_kept_at(ledger, settings.as_of, side, age).low is not None for side in (group, other)):
            return age
    return None


def _after(age: int) -> str:
    return f"{age} months after the first payment"


def organic_beside(metric: "Metric", ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Return organic's figure to be read beside a group's: at the same age where it is one by age.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> organic_beside(BY_ID["money_kept"], LEDGER, Settings(as_of=JANUARY), PARTNER).value
    1.0
    """
    if metric.id == "survival" and measure(metric, ledger, settings, group).known():
        return _left_at(ledger, settings, ORGANIC, survival.shared_age(ledger, settings.as_of, group, ORGANIC))
    if metric.id == "money_kept" and measure(metric, ledger, settings, group).known():
        return _money_at(ledger, settings, ORGANIC, _shared_money_age(ledger, settings, group, ORGANIC))
    return measure(metric, ledger, settings, ORGANIC)


@dataclass(frozen=True)
class Triangle:
    """What is left of each cohort of customers by age: rows are months of the first payment, columns months since.

    `kept` is a share of the first month, NaN where the age is not reached; `n` the customers of each cohort at first.
    """

    cohorts: list[int]
    kept: NDArray[np.float64]
    n: list[int]


def retention_triangle(
    ledger: Ledger, month: int, group: Group, of: Literal["money", "customers"], cohorts: int = 24, longest: int = 24
) -> Triangle:
    """Return the triangle of the last cohorts up to a month.

    A and B after 7 months, and C:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> found = retention_triangle(LEDGER, JANUARY, PARTNER, "money")
    >>> found.kept[:, 7].tolist(), found.n
    ([0.6, 1.0], [20, 10])
    """
    rows = ledger.by_age
    here = np.isin(ledger.age_motion, group) & (rows["cohort"] + rows["age"] <= month) & (rows["age"] <= longest)
    first = max(month - cohorts + 1, int(rows["cohort"][here].min(initial=month)))
    here &= rows["cohort"] >= first
    size, width = month - first + 1, min(longest, max(ledger.ages, default=longest)) + 1
    table, born = np.zeros((size, width)), np.zeros(size)
    at = rows["cohort"][here] - first
    np.add.at(table, (at, rows["age"][here]), rows["closing" if of == "money" else "customers"][here])
    np.add.at(born, at[rows["age"][here] == 0], rows["customers"][here][rows["age"][here] == 0])
    reached = np.add.outer(np.arange(size), np.arange(width)) <= month - first
    reached &= np.array([ledger.knows_age(age) for age in range(width)])
    reached &= _known(ledger, np.add.outer(np.arange(first, first + size), np.arange(width)))
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(reached & (table[:, :1] > 0), table / table[:, :1], np.nan)
    there = [row for row in range(size) if table[row, 0] > 0]
    return Triangle([first + row for row in there], kept[there], [int(born[row]) for row in there])


TRENDED = 12
"""Months of MRR that the partner table shows as a line."""


def shrunk_churn(
    churned: NDArray[np.int64], exposed: NDArray[np.int64], motion: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each partner's churn of customers a month, drawn to that of its motion, and its standard deviation.

    Beta–Binomial: a partner's own churn weighs as its customer-months, the motion's as K = (1 − ρ) ÷ ρ of them, where ρ
    is how alike customers of one partner are (by moments over the motion's partners). NaN where a motion has no
    customer-month.

    Two partners of 100 customer-months, with 2 and 10 that left:

    >>> churn, _ = shrunk_churn(np.array([2, 10]), np.array([100, 100]), np.array(["affiliate", "affiliate"]))
    >>> churn.round(3).tolist()
    [0.027, 0.093]
    """
    found, spread = np.full(len(churned), np.nan), np.full(len(churned), np.nan)
    for name in set(motion.astype(str).tolist()):
        own = motion.astype(str) == name
        lost, months = churned[own].astype(np.float64), exposed[own].astype(np.float64)
        whole = months.sum()
        if not whole:
            continue
        rate, some = lost.sum() / whole, months > 0
        chance = rate * (1 - rate)
        excess = (lost[some] ** 2 / months[some]).sum() - lost.sum() ** 2 / whole - chance * (some.sum() - 1)
        room = chance * (whole - (months**2).sum() / whole - (some.sum() - 1))
        alike = min(max(excess / room, 1e-4), 0.99) if room > 0 else 1e-4
        weight = (1 - alike) / alike
        drawn, own_weight = (lost + weight * rate) / (months + weight), weight / (months + weight)
        found[own] = drawn
        # That of the motion is not known for certain either.
        spread[own] = np.sqrt(drawn * (1 - drawn) / (months + weight + 1) + own_weight**2 * chance / whole)
    return found, spread


def partner_table(ledger: Ledger, settings: Settings) -> dict[str, NDArray[Any]]:
    """Return each listed partner with its figures, largest MRR first; money in whole units, shares as fractions.

    NRR and activation are NaN where there is nothing to divide by, CPA where nothing was paid or nobody was won;
    `last_signup` is −1 for none. Accounts with a partner but without a partner motion are not the partner's here; a
    check lists them.

    A P1, with A at 120 and B gone:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> table = partner_table(LEDGER, Settings(as_of=JANUARY))
    >>> [table[name].tolist()[0] for name in ("partner_id", "mrr", "customers", "nrr", "payout")]
    ['P1-0', 120.0, 1, 0.6, 62.0]
    """
    rows, listed = ledger.by_partner, ledger.partners
    at, month = ledger.partner_row, rows["month"]
    size = len(listed["partner_id"])
    known = (at >= 0) & ledger.by_partner_motion
    inside = known & (month >= settings.first()) & (month <= settings.as_of)
    mature = inside & (month <= last_mature_month(ledger, settings))

    def total(measure: str, where: NDArray[np.bool_]) -> NDArray[np.int64]:
        sums = np.zeros(size, dtype=np.int64)
        np.add.at(sums, at[where], rows[measure][where])
        return sums

    now, year = known & (month == settings.as_of), known & (month == settings.as_of - 12)
    trend = np.zeros((size, TRENDED))
    recent = known & (month > settings.as_of - TRENDED) & (month <= settings.as_of)
    np.add.at(trend, (at[recent], month[recent] - (settings.as_of - TRENDED + 1)), rows["closing"][recent] / 100)
    last = np.full(size, -1, dtype=np.int64)
    signed = known & (month <= settings.as_of) & (rows["signups"] > 0)
    np.maximum.at(last, at[signed], month[signed])
    stepping = known & np.isin(month, _steps(ledger, settings)[0])
    paid = _paid_to(ledger, range(settings.first(), settings.as_of + 1))
    new = total("new_customers", inside)
    shared = cost_months(ledger, settings, ("payout",))[0] if "payout" in spent(ledger) else []
    cost, won = _paid_to(ledger, shared), total("new_customers", known & np.isin(month, shared))
    table: dict[str, NDArray[Any]] = {
        "partner_id": listed["partner_id"],
        "name": listed["name"],
        "motion": listed["motion"],
        "recruited_month": listed["recruited_month"],
        "ended": listed["ended_month"] <= settings.as_of,
        "mrr": total("closing", now) / 100,
        "customers": total("customers", now),
        "signups": total("signups", inside),
        "new_customers": new,
        "mature_signups": total("observed", mature),
        "base": total("customers", year),
        "nrr": _share(total("retained_12", now), total("closing", year)),
        "activation": np.where(
            bool(not_told_within(ledger, settings.activation_days)),
            np.nan,
            _share(total(f"activated_{settings.activation_days}", mature), total("observed", mature)),
        ),
        "payout": paid,
        "cpa": np.where(cost > 0, _share(cost, won), np.nan),
        "last_signup": last,
        "cost": cost,
        "gross_profit": total("closing", known & np.isin(month, shared)) / 100 * settings.gross_margin,
        "churned": (churned := total("churned_customers", stepping)),
        "exposed": (exposed := total("starting", stepping)),
        "churn": shrunk_churn(churned, exposed, listed["motion"])[0],
        "churn_sd": shrunk_churn(churned, exposed, listed["motion"])[1],
        "trend": trend,
    }
    order = np.argsort(-table["mrr"], kind="stable")
    return {name: column[order] for name, column in table.items()}


def _share(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _paid_to(ledger: Ledger, months: Sequence[int]) -> NDArray[np.float64]:
    """Payouts of some months to each listed partner, whole units."""
    rows, at = ledger.by_payout, ledger.payout_row
    inside = (at >= 0) & np.isin(rows["month"], months)
    paid = np.zeros(len(ledger.partners["partner_id"]))
    np.add.at(paid, at[inside], rows["amount"][inside] / 100)
    return paid


def concentration(ledger: Ledger, settings: Settings) -> Estimate:
    """MRR of the largest partner ÷ MRR of all accounts of partner motions.

    120 of 2,000:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> concentration(LEDGER, Settings(as_of=JANUARY)).value
    0.06
    """
    return _largest(ledger, settings, lambda count: 1)


def concentration_10(ledger: Ledger, settings: Settings) -> Estimate:
    """MRR of the tenth of partners with the largest MRR, at least one partner ÷ MRR of all accounts of partner motions.

    Four of forty partners, each with 120:

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> concentration_10(LEDGER, Settings(as_of=JANUARY)).value
    0.24
    """
    return _largest(ledger, settings, lambda count: -(-count // 10))


def _largest(ledger: Ledger, settings: Settings, how_many: Callable[[int], int]) -> Estimate:
    there = int(partners_there(ledger, settings.as_of, PARTNER).sum())
    rows = ledger.by_partner
    now = ledger.by_partner_motion & (ledger.partner_row >= 0) & (rows["month"] == settings.as_of)
    mrr = np.zeros(len(ledger.partners["partner_id"]))
    np.add.at(mrr, ledger.partner_row[now], rows["closing"][now] / 100)
    largest = np.sort(mrr)[::-1][: how_many(there)]
    everything = _closing(ledger, settings.as_of, PARTNER)
    return exact(float(largest.sum()) / everything, there) if everything else unknown("no partner MRR")


def top_partner(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Concentration, which there is only for the partner side as a whole.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> [top_partner(LEDGER, Settings(as_of=JANUARY), group).value for group in (PARTNER, ALL)]
    [0.06, None]
    """
    return concentration(ledger, settings) if set(group) == set(PARTNER) else unknown(NOT_APPLICABLE[2])


def top_tenth(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Share of the largest tenth, which there is only for the partner side as a whole.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> [top_tenth(LEDGER, Settings(as_of=JANUARY), group).value for group in (PARTNER, ALL)]
    [0.24, None]
    """
    return concentration_10(ledger, settings) if set(group) == set(PARTNER) else unknown(NOT_APPLICABLE[2])


@dataclass(frozen=True)
class Metric:
    """One row of the tables: what it is called, its unit, definition, what it needs, and its function."""

    id: str
    title: str
    unit: Unit
    definition: str
    needs: tuple[str, ...]
    of: Callable[[Ledger, Settings, Group], Estimate]
    short: str = ""

    @property
    def label(self) -> str:
        """What it is called where there is little room, such as a tile on a phone."""
        return self.short or self.title

    @property
    def in_files(self) -> str:
        """What it is called in CSV and JSON, which programs read: as it was first, whatever readers see now."""
        return _IN_FILES.get(self.id, self.title)


_IN_FILES = {
    "survival": "Customers left", "cost_per_arr": "Cost per 1 of new ARR", "payout_share": "Payouts of revenue",
    "top_partner": "MRR of the largest partner", "top_tenth": "MRR of the largest tenth",
}  # fmt: skip

SIGNED_UP = "accounts.signed_up_on"
"""what every list of accounts has: without it they are those that pay, and nobody knows when they signed up"""
_ACCOUNTS, _REVENUE = ("accounts", SIGNED_UP), ("accounts", "revenue")

METRICS: tuple[Metric, ...] = (
    Metric(
        "pqls",
        "PQLs",
        COUNT,
        "Accounts whose product-qualified date falls in the window.",
        ("accounts", "accounts.pql_on"),
        pqls,
    ),
    Metric(
        "pql_share", "Share of all PQLs", PERCENT, "PQLs ÷ all PQLs of the window.", ("accounts.pql_on",), pql_share
    ),
    Metric(
        "pql_conversion",
        "PQL to customer",
        PERCENT,
        "PQLs of the window that became customers by the last month of the files ÷ PQLs of the window.",
        ("accounts.pql_on", "revenue"),
        pql_conversion,
    ),
    Metric(
        "activation",
        "Activation rate",
        PERCENT,
        "Accounts that activated within N days of signing up ÷ signed-up accounts, over the signup months of the "
        "window in which every account has had its N days. Later months are immature and left out.",
        ("accounts", "accounts.activated_on"),
        activation,
    ),
    Metric(
        "time_to_activation",
        "Time to activation",
        MEAN_DAYS,
        "Mean days from signup to activation, over the accounts of the window's signup months that activated.",
        ("accounts", "accounts.activated_on"),
        time_to_activation,
    ),
    Metric("mrr", "MRR", MONEY, "Monthly recurring revenue at the end of the as-of month.", _REVENUE, mrr),
    Metric("arr", "ARR", MONEY, "12 × MRR.", _REVENUE, arr),
    Metric("mrr_share", "Share of all MRR", PERCENT, "MRR ÷ all MRR, at the as-of month.", _REVENUE, mrr_share),
    Metric(
        "nrr",
        "NRR",
        PERCENT,
        "Net revenue retention: MRR at the as-of month ÷ MRR twelve months before, both over the accounts that paid "
        "twelve months before. An account that left counts as zero, one that came back as what it pays.",
        _REVENUE,
        nrr,
    ),
    Metric(
        "survival",
        "Customers still there",
        PERCENT,
        "Customers that have not ended, of all that began, at the last age that ten customers of partners and of "
        "organic have reached (Kaplan–Meier). Ended is who pays nothing for three months in a row, in the first of "
        "them; who paid before the files begin is left out. Partner and organic are compared over all ages by the "
        "log-rank test, by segment and year of the first payment.",
        _REVENUE,
        customers_left,
    ),
    Metric(
        "money_kept",
        "First MRR kept",
        PERCENT,
        "MRR of customers ÷ their first MRR, at the last age that ten customers of partners and of organic have "
        "reached. Who left counts as zero.",
        _REVENUE,
        money_left,
    ),
    Metric(
        "grr",
        "GRR",
        PERCENT,
        "Gross revenue retention: as NRR, but no account counts for more than it paid twelve months before.",
        _REVENUE,
        grr,
    ),
    Metric(
        "cpa",
        "Effective CPA",
        MONEY,
        "Partner payouts and (setting) program cost in the window ÷ new customers of partner motions in the window. "
        "Spend that names no motion counts for all partners together only. For other motions: their spend ÷ their new "
        "customers.",
        ("accounts", "revenue", "spend"),
        effective_cpa,
    ),
    Metric(
        "blended_cac",
        "Blended CAC",
        MONEY,
        "All acquisition spend in the window, payouts and program cost included ÷ all new customers.",
        ("accounts", "revenue", "spend"),
        blended_cac_of,
    ),
    Metric(
        "cost_per_arr",
        "Cost ÷ new ARR",
        RATIO,
        "The same spend ÷ (12 × MRR of new customers in the window): a discount lowers what the spend buys.",
        ("accounts", "revenue", "spend"),
        cost_per_arr,
    ),
    Metric(
        "payout_share",
        "Payouts ÷ revenue",
        PERCENT,
        "Payouts in the window ÷ revenue of the window, which is the MRR of each of its months.",
        ("accounts", "revenue", "spend"),
        payout_share,
        "Payout share",
    ),
    Metric(
        "cac_payback",
        "CAC payback",
        MEAN_MONTHS,
        "Cost of a new customer ÷ (first MRR of a new customer × gross margin). For partner motions the cost is the "
        "effective CPA.",
        ("accounts", "revenue", "spend"),
        cac_payback,
        "Payback",
    ),
    Metric(
        "ltv",
        "LTV on gross margin",
        MONEY,
        "ARPA × gross margin × the months that a customer has paid on average, over the ages that at least ten "
        "customers have reached: what comes later is not in it. A pause of up to two months counts as paid.",
        _REVENUE,
        ltv,
    ),
    Metric(
        "ltv_beyond",
        "LTV, carried on",
        MONEY,
        "LTV on gross margin, and what follows after the observed ages if ARPA and customer churn stay as they are: an "
        "extrapolation.",
        _REVENUE,
        ltv_beyond,
    ),
    Metric(
        "ltv_cpa",
        "LTV ÷ CPA",
        RATIO,
        "LTV on gross margin, over the observed ages, ÷ cost of a new customer; for partner motions that is the "
        "effective CPA.",
        ("accounts", "revenue", "spend"),
        ltv_cpa,
    ),
    Metric(
        "active_partners",
        "Active partner ratio",
        PERCENT,
        "Active partners (see Settings) ÷ partners recruited by the as-of month that have not ended.",
        ("partners", "accounts", "accounts.partner_id", "revenue"),
        active_partners,
        "Active partners",
    ),
    Metric("signups", "Signups", COUNT, "Accounts that signed up in the window.", _ACCOUNTS, signups),
    Metric(
        "new_customers",
        "New customers",
        COUNT,
        "Accounts with their first MRR in the window.",
        _REVENUE,
        new_customers,
    ),
    Metric(
        "customer_churn",
        "Customer churn a month",
        PERCENT,
        "Customers lost ÷ customers at the start of the month, over the months of the window.",
        _REVENUE,
        customer_churn,
        "Customer churn",
    ),
    Metric("arpa", "ARPA", MONEY, "MRR ÷ customers, at the as-of month.", _REVENUE, arpa),
    Metric(
        "quick_ratio",
        "Quick ratio",
        RATIO,
        "(New + expansion + reactivation) ÷ (contraction + churn) MRR over the window.",
        _REVENUE,
        quick_ratio,
    ),
    Metric(
        "top_partner",
        "Share of the largest partner",
        PERCENT,
        "MRR of the partner with the largest MRR ÷ MRR of all accounts of partner motions.",
        ("partners", "accounts", "accounts.partner_id", "revenue"),
        top_partner,
    ),
    Metric(
        "top_tenth",
        "Share of the largest tenth",
        PERCENT,
        "MRR of the tenth of partners with the largest MRR, one at least, ÷ MRR of all accounts of partner motions.",
        ("partners", "accounts", "accounts.partner_id", "revenue"),
        top_tenth,
    ),
)

BY_ID = {metric.id: metric for metric in METRICS}
PARTNERS_ONLY = ("active_partners",)


def measure(metric: Metric, ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Compute one metric, or say which file it needs. What a ledger was asked once it remembers.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> measure(BY_ID["nrr"], LEDGER, Settings(as_of=JANUARY), PARTNER).value
    0.6
    >>> measure(BY_ID["active_partners"], LEDGER, Settings(as_of=JANUARY), ORGANIC).note
    'has no partners'
    """
    return ledger.once((metric.id, settings, group), lambda: _measured(metric, ledger, settings, group))


def _measured(metric: Metric, ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    if missing := _missing(metric, ledger):
        return unknown(missing)
    if metric.id in PARTNERS_ONLY and not set(group) & set(PARTNER):
        return unknown(NOT_APPLICABLE[1])
    if not ledger.coverage.motions_known and set(group) != set(ALL):
        return unknown(NO_MOTION if SIGNED_UP in ledger.has else NO_LIST)
    if ledger.narrowed and "partners" in metric.needs:
        return unknown("partners are not told apart by segment or signup cohort")
    return metric.of(ledger, settings, group)


def over_time(metric: Metric, ledger: Ledger, chosen: Sequence[Settings], group: Group) -> list[Estimate]:
    """Return a metric by several settings, such as those of several months, so that they can be compared.

    A later month has seen customers at more ages: LTV is over those that all have seen, and what is left at an age is
    unknown where it is another than by the first settings.

    >>> from motions.cohorts.ledger.example import JANUARY, LEDGER
    >>> times = [Settings(as_of=JANUARY), Settings(as_of=JANUARY - 1)]
    >>> [one.over for one in over_time(BY_ID["ltv"], LEDGER, times, PARTNER)]
    ['over its first 10 months', 'over its first 10 months']
    """
    found = [measure(metric, ledger, one, group) for one in chosen]
    if metric.id in ("survival", "money_kept"):
        return [one if one.over == found[0].over else unknown("at another age") for one in found]
    if metric.id not in ("ltv", "ltv_cpa"):
        return found
    worth = ltv if metric.id == "ltv" else ltv_cpa
    seen = [
        survival.months_paid(ledger, one.as_of, group)[1]
        for one, value in zip(chosen, found, strict=True)
        if value.known()
    ]
    return [
        worth(ledger, one, group, min(seen)) if value.known() else value
        for one, value in zip(chosen, found, strict=True)
    ]


def _missing(metric: Metric, ledger: Ledger) -> str:
    """What a metric needs and the files do not have, or nothing; of a file that lies there, why it is not in it."""
    if metric.id in ("nrr", "grr") and "revenue" not in ledger.has and {"commissions", "payouts"} & ledger.has:
        return f"add a revenue file. {NO_REVENUE}"
    return lacking(ledger, metric.needs)


def lacking(ledger: Ledger, needs: Sequence[str]) -> str:
    """Say which of some tables and columns the files do not have, or nothing; of a file that lies there, why not.

    >>> from motions.cohorts.ledger.example import LEDGER
    >>> lacking(LEDGER, ("accounts", "accounts.segment"))
    'add the column segment to the accounts file'
    """
    missing = [need for need in needs if need not in ledger.has]
    if any(need.split(".")[0] in ledger.coverage.waiting for need in missing):
        return "answer first what is asked of the files"
    if refused := [need for need in missing if need in ledger.coverage.refused]:
        return f"{ledger.coverage.refused[refused[0]]}: mend the file"
    said, unread = needs_text(missing), ledger.coverage.unread
    if unread and any("." not in need for need in missing):
        return f"{said}; {listed(unread[:3])} could not be read"
    return said


def needs_text(needs: list[str]) -> str:
    """Say which files or columns are missing.

    >>> needs_text(["spend", "accounts.pql_on"]), needs_text([SIGNED_UP])
    ('add a spend file; add the column pql_on to the accounts file', 'add an accounts file')
    """
    needs = list(dict.fromkeys("accounts" if need == SIGNED_UP else need for need in needs))
    tables = [f"add {'an' if need[0] in 'aeiou' else 'a'} {need} file" for need in needs if "." not in need]
    columns = [need.split(".") for need in needs if "." in need and need.split(".")[0] not in needs]
    return "; ".join(tables + [f"add the column {column} to the {table} file" for table, column in columns])


def _sum(ledger: Ledger, name: str, settings: Settings, group: Group) -> int:
    return int(ledger.between(name, settings.first(), settings.as_of)[list(group)].sum())


def _over(ledger: Ledger, name: str, months: Sequence[int], group: Group) -> int:
    return int(ledger.over(name, months)[list(group)].sum())


def _until(ledger: Ledger, name: str, settings: Settings, group: Group) -> int:
    return int(ledger.between(name, ledger.first_month, settings.as_of)[list(group)].sum())


def _happened(ledger: Ledger, name: str, settings: Settings, group: Group) -> float:
    """A measure of the accounts that signed up in the window, as known at the as-of month."""
    return float(ledger.happened(name, settings.first(), settings.as_of, settings.as_of)[list(group)].sum())


def _no_revenue(ledger: Ledger, month: int) -> str:
    """Why nothing is known of the revenue of a month, or nothing."""
    revenue = ledger.coverage.of("revenue")
    return "" if revenue and revenue.has(month) else f"no file has the revenue of {month_name(month)}"


def _known(ledger: Ledger, months: NDArray[Any]) -> NDArray[np.bool_]:
    """Which months revenue is known for; a triangle has only what it is known for."""
    revenue = ledger.coverage.of("revenue")
    return np.isin(months, revenue.months()) if revenue else np.ones(months.shape, dtype=bool)


def _closing(ledger: Ledger, month: int, group: Group) -> float:
    return float(ledger.at("closing", month)[list(group)].sum()) / 100


def _customers(ledger: Ledger, month: int, group: Group) -> int:
    return int(ledger.at("customers", month)[list(group)].sum())
