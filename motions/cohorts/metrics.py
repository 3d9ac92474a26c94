"""Ledger to metrics: one function each, a ratio of sums over ledger rows.

A function takes the ledger, the settings and the motions it is about (positions in MOTIONS) and returns an
Estimate. Money is in whole units of the ledger's currency here; a figure that can't be known says why.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from motions.cohorts.contract import KINDS, MOTIONS
from motions.cohorts.intervals import TOO_FEW, Estimate, Sums, cost_per, exact, proportion, ratio_of_sums, unknown
from motions.cohorts.ledger import SPEND_MOTIONS, Ledger
from motions.names import PARTNER_MOTIONS

Group = tuple[int, ...]

PARTNER: Group = tuple(MOTIONS.index(name) for name in PARTNER_MOTIONS)
ORGANIC: Group = (MOTIONS.index("organic"),)
ALL: Group = tuple(range(len(MOTIONS)))
PRODUCING = ("MRR now", "new customer in 3 months", "signup in 3 months")
NOT_APPLICABLE = ("only for all motions together", "has no partners")
"""Notes of figures that a group can't have, in contrast to those that are not known."""
INCREMENTAL = (1.0, 0.7, 0.4)
"""Shares of partner customers that would not have come anyway, at which the CPA is shown."""


class Settings(BaseModel):
    """The choices on which vendors disagree; those in force are printed beside the figures."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: int = Field(title="As of", description="The month whose end the figures are read at.")
    window: Literal[3, 6, 12, 24, 120] = Field(
        default=12,
        title="Window",
        description="How many months, up to the as-of month, signups, PQLs, new customers and spend are counted over.",
    )
    activation_days: Literal[7, 14, 30, 60, 90] = Field(
        default=14, title="Activation within", description="Days after the signup in which activation counts."
    )
    producing: Literal["MRR now", "new customer in 3 months", "signup in 3 months"] = Field(
        default="MRR now",
        title="A partner produces with",
        description="What makes a partner active. Three months are the as-of month and the two before it.",
    )
    program_in_cpa: bool = Field(
        default=True,
        title="Program cost in effective CPA",
        description="Whether the cost of running the partner program counts beside the payouts.",
    )

    def first(self) -> int:
        """Return the first month of the window."""
        return self.as_of - self.window + 1


# Partner-sourced PQLs


def pqls(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Accounts whose product-qualified date falls in the window."""
    return exact(_sum(ledger, "pqls", settings, group))


def pql_share(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """PQLs of the group ÷ all PQLs in the window."""
    return proportion(_sum(ledger, "pqls", settings, group), _sum(ledger, "pqls", settings, ALL))


def pql_conversion(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """PQLs of the window that became customers by the last month ÷ PQLs of the window."""
    return proportion(_sum(ledger, "pqls_bought", settings, group), _sum(ledger, "pqls", settings, group))


# Activation


def activation(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Signups of mature cohorts in the window that activated within N days ÷ signups of those cohorts."""
    last = last_mature_month(ledger, settings)
    if last < settings.first():
        return unknown(f"immature: no cohort of the window has had {settings.activation_days} days")
    within = f"activated_{settings.activation_days}"
    parts = (int(ledger.between(name, settings.first(), last)[list(group)].sum()) for name in (within, "signups"))
    return proportion(*parts)


def last_mature_month(ledger: Ledger, settings: Settings) -> int:
    """Return the last signup month all of whose accounts had N days by the end of the as-of month, or by today."""
    end = min(_month_end(settings.as_of), ledger.read_on) - timedelta(days=settings.activation_days)
    month = end.year * 12 + end.month - 1
    return month if end == _month_end(month) else month - 1


def _month_end(month: int) -> date:
    year, of_year = divmod(month, 12)
    return date(year, of_year + 1, calendar.monthrange(year, of_year + 1)[1])


# MRR and ARR


def mrr(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Closing MRR at the as-of month."""
    return exact(_closing(ledger, settings.as_of, group), _customers(ledger, settings.as_of, group))


def arr(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """12 × closing MRR."""
    return exact(12 * _closing(ledger, settings.as_of, group), _customers(ledger, settings.as_of, group))


def mrr_share(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Closing MRR of the group ÷ all closing MRR, with an interval over accounts."""
    return mrr_share_at(ledger, settings.as_of, group)


def mrr_share_at(ledger: Ledger, month: int, group: Group) -> Estimate:
    """Share of MRR at the end of a month."""
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
    """Σ MRR at t ÷ Σ MRR at t−12, both over the accounts that had MRR > 0 at t−12 (SaaS Capital)."""
    base = _base(ledger, settings, group)
    if base.note:
        return base
    return _retention(ledger, settings, group, base.n, ("retained_12", "retained_squares", "retained_products"))


def _retention(ledger: Ledger, settings: Settings, group: Group, n: int, measures: tuple[str, str, str]) -> Estimate:
    """What is kept ÷ what there was twelve months before, over the n accounts that paid then."""
    kept, squares, products = (float(ledger.at(name, settings.as_of)[list(group)].sum()) for name in measures)
    base, base_squares = (
        float(ledger.at(name, settings.as_of - 12)[list(group)].sum()) for name in ("closing", "closing_squares")
    )
    return ratio_of_sums(Sums(n=n, x=kept, y=base, xx=squares, yy=base_squares, xy=products))


def grr(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Σ min(MRR at t, MRR at t−12) ÷ Σ MRR at t−12 over the accounts that had MRR > 0 at t−12."""
    base = _base(ledger, settings, group)
    if base.note:
        return base
    return _retention(ledger, settings, group, base.n, ("kept_12", "kept_squares", "kept_products"))


def _base(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """The accounts that retention is measured on, or why it can't be."""
    customers = _customers(ledger, settings.as_of - 12, group)
    return exact(customers, customers) if customers else unknown("no customers twelve months before")


# Cost


def effective_cpa(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Acquisition spend of the group in the window ÷ its new customers in the window."""
    cost = acquisition_spend(ledger, settings, group)
    return cost_per(cost, _sum(ledger, "new_customers", settings, group))


def blended_cac(ledger: Ledger, settings: Settings) -> Estimate:
    """All acquisition spend in the window, payouts included ÷ all new customers."""
    spend = float(ledger.spend(settings.first(), settings.as_of).sum()) / 100
    return cost_per(spend, _sum(ledger, "new_customers", settings, ALL))


def blended_cac_of(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Blended CAC, which there is only for all motions together."""
    return blended_cac(ledger, settings) if set(group) == set(ALL) else unknown(NOT_APPLICABLE[0])


def cost_per_arr(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Acquisition spend in the window ÷ (12 × MRR of new customers in the window)."""
    new = _sum(ledger, "new_mrr", settings, group) / 100 * 12
    cost = acquisition_spend(ledger, settings, group)
    if not cost:
        return unknown("no spend")
    return exact(cost / new, _sum(ledger, "new_customers", settings, group)) if new else unknown("no new MRR")


def acquisition_spend(ledger: Ledger, settings: Settings, group: Group) -> float:
    """Spend on the group's motions in the window: for partner motions payouts and (setting) program cost."""
    table = ledger.spend(settings.first(), settings.as_of)
    rows = list(group)
    if set(group) >= set(PARTNER):
        # A payout or program posting that names no motion is still the partner side's.
        rows.append(SPEND_MOTIONS.index("unassigned"))
    kinds = [kind for kind in KINDS if kind != "program" or settings.program_in_cpa]
    if set(group) <= set(PARTNER):
        kinds = [kind for kind in kinds if kind in ("payout", "program")]
    return float(table[np.ix_(rows, [KINDS.index(kind) for kind in kinds])].sum()) / 100


# Partners


def active_partners(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Partners producing at t ÷ partners recruited by t and not ended."""
    return active_partners_at(ledger, settings.as_of, settings.producing, group)


def active_partners_at(ledger: Ledger, month: int, producing: str, group: Group) -> Estimate:
    """The ratio at the end of a month, for partners whose own motion is in the group."""
    there = partners_there(ledger, month, group)
    return proportion(int((there & _producing(ledger, month, producing)).sum()), int(there.sum()))


def partners_there(ledger: Ledger, month: int, group: Group) -> NDArray[np.bool_]:
    """Which partners of the list were recruited by the end of a month and had not ended, motions of the group only."""
    listed = ledger.partners
    of_group = np.isin(ledger.partner_motion, group)
    there: NDArray[np.bool_] = of_group & (listed["recruited_month"] <= month) & (listed["ended_month"] > month)
    return there


def _producing(ledger: Ledger, month: int, definition: str) -> NDArray[np.bool_]:
    rows, of_partner = ledger.by_partner, ledger.by_partner_motion
    if definition == "MRR now":
        hit = of_partner & (rows["month"] == month) & (rows["closing"] > 0)
    else:
        measure = "new_customers" if definition == "new customer in 3 months" else "signups"
        hit = of_partner & (rows["month"] > month - 3) & (rows["month"] <= month) & (rows[measure] > 0)
    found = np.zeros(len(ledger.partners["partner_id"]), dtype=bool)
    found[ledger.partner_row[hit & (ledger.partner_row >= 0)]] = True
    return found


# Movements and customers


def movements(ledger: Ledger, group: Group) -> dict[str, NDArray[np.int64]]:
    """MRR movements of each month from `first_month` on, minor units.

    opening + new + expansion + reactivation − contraction − churn = closing.
    """
    names = ("opening", "new_mrr", "expansion", "reactivation", "contraction", "churn", "closing")
    return {name: ledger.series(name)[list(group)].sum(axis=0) for name in names}


def quick_ratio(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """(New + expansion + reactivation) ÷ (contraction + churn) over the window."""
    gains = sum(_sum(ledger, name, settings, group) for name in ("new_mrr", "expansion", "reactivation"))
    losses = sum(_sum(ledger, name, settings, group) for name in ("contraction", "churn"))
    return exact(gains / losses) if losses else unknown("nothing was lost")


def customer_churn(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Customers lost a month: Σ lost ÷ Σ customers at the start of each month of the window."""
    lost = _sum(ledger, "churned_customers", settings, group)
    start = int(ledger.between("customers", settings.first() - 1, settings.as_of - 1)[list(group)].sum())
    return proportion(lost, start)


def arpa(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Closing MRR ÷ customers at the as-of month, with an interval over accounts."""
    n = _customers(ledger, settings.as_of, group)
    total = float(ledger.at("closing", settings.as_of)[list(group)].sum()) / 100
    squares = float(ledger.at("closing_squares", settings.as_of)[list(group)].sum()) / 10_000
    return ratio_of_sums(Sums(n=n, x=total, y=n, xx=squares, yy=n, xy=total))


def new_customers(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Accounts with their first MRR in the window."""
    return exact(_sum(ledger, "new_customers", settings, group))


def signups(ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Accounts that signed up in the window."""
    return exact(_sum(ledger, "signups", settings, group))


FUNNEL = (
    ("signups", "Signed up"),
    ("activated", "Activated"),
    ("qualified", "Product-qualified"),
    ("bought", "Customer"),
)


def funnel(ledger: Ledger, settings: Settings, group: Group) -> tuple[int, ...]:
    """Accounts signed up in the window, and how many of them reached each stage of FUNNEL by the last month."""
    return tuple(_sum(ledger, name, settings, group) for name, _ in FUNNEL)


def retention_by_age(
    ledger: Ledger, month: int, group: Group, longest: int = 24
) -> tuple[list[float | None], list[int]]:
    """NRR by the age of customers, in months: Σ MRR at that age ÷ Σ their first MRR; and how many customers.

    Only cohorts that have reached the age by `month`; None where fewer than ten customers have.
    """
    rows = ledger.by_age
    here = np.isin(ledger.age_motion, group) & (rows["cohort"] + rows["age"] <= month)
    cohort, age, closing, customers = (rows[name][here] for name in ("cohort", "age", "closing", "customers"))
    born = age == 0
    curve: list[float | None] = []
    counts: list[int] = []
    for months in range(longest + 1):
        old_enough = cohort + months <= month
        n = int(customers[born & old_enough].sum())
        first = float(closing[born & old_enough].sum())
        curve.append(float(closing[old_enough & (age == months)].sum()) / first if n >= TOO_FEW and first else None)
        counts.append(n)
    return curve, counts


def partner_table(ledger: Ledger, settings: Settings) -> dict[str, NDArray[Any]]:
    """Return each listed partner with its MRR, customers and new customers in the window, largest MRR first.

    Accounts with a partner but without a partner motion are not the partner's here; a check lists them.
    """
    rows, listed = ledger.by_partner, ledger.partners
    at, now = ledger.partner_row, rows["month"] == settings.as_of
    inside = (rows["month"] >= settings.first()) & (rows["month"] <= settings.as_of)

    def total(measure: str, where: NDArray[np.bool_]) -> NDArray[np.int64]:
        sums = np.zeros(len(listed["partner_id"]), dtype=np.int64)
        counted = where & (at >= 0) & ledger.by_partner_motion
        np.add.at(sums, at[counted], rows[measure][counted])
        return sums

    table = {
        "partner_id": listed["partner_id"],
        "name": listed["name"],
        "motion": listed["motion"],
        "mrr": total("closing", now) / 100,
        "customers": total("customers", now),
        "signups": total("signups", inside),
        "new_customers": total("new_customers", inside),
    }
    order = np.argsort(-table["mrr"], kind="stable")
    return {name: column[order] for name, column in table.items()}


def concentration(ledger: Ledger, settings: Settings) -> Estimate:
    """MRR of the largest partner ÷ MRR of all accounts of partner motions."""
    largest = float(partner_table(ledger, settings)["mrr"][:1].sum())
    everything = _closing(ledger, settings.as_of, PARTNER)
    return exact(largest / everything) if everything else unknown("no partner MRR")


@dataclass(frozen=True)
class Metric:
    """One row of the tables: what it is called, its unit, definition, what it needs, and its function."""

    id: str
    title: str
    unit: Literal["count", "%", "money", "ratio"]
    definition: str
    needs: tuple[str, ...]
    of: Callable[[Ledger, Settings, Group], Estimate]


_ACCOUNTS, _REVENUE = ("accounts",), ("accounts", "revenue")

METRICS: tuple[Metric, ...] = (
    Metric(
        "pqls",
        "PQLs",
        "count",
        "Accounts whose product-qualified date falls in the window.",
        ("accounts", "accounts.pql_on"),
        pqls,
    ),
    Metric("pql_share", "Share of all PQLs", "%", "PQLs ÷ all PQLs of the window.", ("accounts.pql_on",), pql_share),
    Metric(
        "pql_conversion",
        "PQL to customer",
        "%",
        "PQLs of the window that became customers by the last month of the files ÷ PQLs of the window.",
        ("accounts.pql_on", "revenue"),
        pql_conversion,
    ),
    Metric(
        "activation",
        "Activation rate",
        "%",
        "Accounts that activated within N days of signing up ÷ signed-up accounts, over the signup months of the "
        "window in which every account has had its N days. Later months are immature and left out.",
        ("accounts", "accounts.activated_on"),
        activation,
    ),
    Metric("mrr", "MRR", "money", "Monthly recurring revenue at the end of the as-of month.", _REVENUE, mrr),
    Metric("arr", "ARR", "money", "12 × MRR.", _REVENUE, arr),
    Metric("mrr_share", "Share of all MRR", "%", "MRR ÷ all MRR, at the as-of month.", _REVENUE, mrr_share),
    Metric(
        "nrr",
        "NRR",
        "%",
        "Net revenue retention: MRR at the as-of month ÷ MRR twelve months before, both over the accounts that paid "
        "twelve months before. An account that left counts as zero, one that came back as what it pays.",
        _REVENUE,
        nrr,
    ),
    Metric(
        "grr",
        "GRR",
        "%",
        "Gross revenue retention: as NRR, but no account counts for more than it paid twelve months before.",
        _REVENUE,
        grr,
    ),
    Metric(
        "cpa",
        "Effective CPA",
        "money",
        "Partner payouts and (setting) program cost in the window ÷ new customers of partner motions in the window. "
        "For other motions: their spend ÷ their new customers.",
        ("accounts", "revenue", "spend"),
        effective_cpa,
    ),
    Metric(
        "blended_cac",
        "Blended CAC",
        "money",
        "All acquisition spend in the window, payouts and program cost included ÷ all new customers.",
        ("accounts", "revenue", "spend"),
        blended_cac_of,
    ),
    Metric(
        "cost_per_arr",
        "Cost per 1 of new ARR",
        "ratio",
        "The same spend ÷ (12 × MRR of new customers in the window): a discount lowers what the spend buys.",
        ("accounts", "revenue", "spend"),
        cost_per_arr,
    ),
    Metric(
        "active_partners",
        "Active partner ratio",
        "%",
        "Partners that produce (setting) ÷ partners recruited by the as-of month and not ended.",
        ("partners", "accounts", "revenue"),
        active_partners,
    ),
    Metric("signups", "Signups", "count", "Accounts that signed up in the window.", _ACCOUNTS, signups),
    Metric(
        "new_customers",
        "New customers",
        "count",
        "Accounts with their first MRR in the window.",
        _REVENUE,
        new_customers,
    ),
    Metric(
        "customer_churn",
        "Customer churn a month",
        "%",
        "Customers lost ÷ customers at the start of the month, over the months of the window.",
        _REVENUE,
        customer_churn,
    ),
    Metric("arpa", "ARPA", "money", "MRR ÷ customers, at the as-of month.", _REVENUE, arpa),
    Metric(
        "quick_ratio",
        "Quick ratio",
        "ratio",
        "(New + expansion + reactivation) ÷ (contraction + churn) MRR over the window.",
        _REVENUE,
        quick_ratio,
    ),
)

BY_ID = {metric.id: metric for metric in METRICS}
PARTNERS_ONLY = ("active_partners",)


def measure(metric: Metric, ledger: Ledger, settings: Settings, group: Group) -> Estimate:
    """Compute one metric, or say which file it needs."""
    missing = [need for need in metric.needs if need not in ledger.has]
    if missing:
        return unknown(needs_text(missing))
    if metric.id in PARTNERS_ONLY and not set(group) & set(PARTNER):
        return unknown(NOT_APPLICABLE[1])
    return metric.of(ledger, settings, group)


def needs_text(needs: list[str]) -> str:
    """Say which files or columns are missing.

    >>> needs_text(["spend", "accounts.pql_on"])
    'add a spend file; add the column pql_on to the accounts file'
    """
    tables = [f"add {'an' if need[0] in 'aeiou' else 'a'} {need} file" for need in needs if "." not in need]
    columns = [need.split(".") for need in needs if "." in need and need.split(".")[0] not in needs]
    return "; ".join(tables + [f"add the column {column} to the {table} file" for table, column in columns])


def _sum(ledger: Ledger, name: str, settings: Settings, group: Group) -> int:
    return int(ledger.between(name, settings.first(), settings.as_of)[list(group)].sum())


def _closing(ledger: Ledger, month: int, group: Group) -> float:
    return float(ledger.at("closing", month)[list(group)].sum()) / 100


def _customers(ledger: Ledger, month: int, group: Group) -> int:
    return int(ledger.at("customers", month)[list(group)].sum())
