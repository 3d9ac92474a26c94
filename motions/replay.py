"""Other payout terms on the uploaded accounts' real revenue: who would have been paid what, and what it would cost.

Money is in integer minor units of the ledger's currency until it is shown. The window and the cost of a customer are
those of program health (`cohorts.metrics`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from motions.cohorts.contract import ADDED_UP, KINDS, MOTIONS
from motions.cohorts.coverage import spans
from motions.cohorts.ledger.accounts import NOBODY, NOT_SAID, Attributed
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import Estimate, cost_per, unknown
from motions.cohorts.metrics.intervals import exact as exact_figure
from motions.cohorts.metrics.text import shown
from motions.cohorts.program import Program
from motions.cohorts.reading.forms import ZERO_DECIMALS
from motions.economics.inputs.terms import FIRST_RATE, PayoutPlan
from motions.economics.model.own import clashes, counts, rated
from motions.economics.model.statement import (
    Ints,
    Payments,
    Statement,
    left_out,
    of_override,
    overrides,
    state,
)
from motions.fields import input_named
from motions.names import NAMES
from motions.text import count, money, money_exact, month_name
from motions.units import MONEY, PERCENT

MINOR = 100
"""minor units that a unit of money is kept in, whatever the currency"""
CHUNK = 400_000
"""paid months that are worked on at once; the memory that terms take grows with them"""
PAID, CURRENT, NEW = "Really paid", "Current terms", "New terms"


SAME = 100
"""Minor units below which a partner is said to have the same: lines are rounded one by one."""


@dataclass(frozen=True)
class Paid:
    """What partners get in the window under one plan, or really got: one value a partner, minor units."""

    title: str
    payout: Ints
    """owed for the months of the window, less what is taken back; of what really was paid, the postings"""
    margin: Ints
    """what partners keep of the spend before the vendor sees it; never posted, so 0 of what really was paid"""
    spend: Ints
    capped: Ints
    taken_back: Ints
    fees: Ints
    marketplace: Ints
    """what a marketplace keeps of the spend"""
    distributor: Ints
    """what a distributor keeps of what partners pay it"""
    friend: Ints
    """what customers get themselves as credit, less what is taken back"""
    override: Ints
    """of the payout, what is of the sales of partners that they recruited"""
    out: Ints
    """payouts whose money goes within the window"""
    waiting: Ints
    """owed and not paid by the as-of month; below zero a debt that is carried forward"""
    monthly: Ints
    """what the vendor pays or forgoes in each month of the window, those too that are not compared"""
    unnamed: int = 0
    """payouts that no partner is named for"""

    @cached_property
    def earnings(self) -> Ints:
        """Payouts and margin together."""
        return self.payout + self.margin

    @property
    def not_paid(self) -> Ints:
        """What partners still get of `waiting`."""
        return np.maximum(self.waiting, 0)

    @property
    def debt(self) -> Ints:
        """What was taken back after it was paid: it is set against what partners earn next, who do not pay it."""
        return np.maximum(-self.waiting, 0)

    @property
    def cost(self) -> int:
        """What the vendor pays or forgoes: earnings, all fees, what others have, what no partner is named for."""
        others = self.marketplace + self.distributor + self.friend
        return int((self.earnings + self.fees + others).sum()) + self.unnamed


@dataclass(frozen=True)
class Replay:
    """One motion's partners under plan B, against what they really were paid and against plan A where there is one."""

    ledger: Ledger
    settings: m.Settings
    accounts: Attributed
    plan: PayoutPlan
    months: tuple[int, ...]
    """the months of the window that revenue covers, and payouts too where they are compared"""
    new: Paid
    current: Paid | None
    real: Paid | None
    """None where no payout of the motion is posted: unknown is not zero"""

    @property
    def against(self) -> Paid | None:
        """What the new terms are compared with: plan A where there is one, else what really was paid."""
        return self.current or self.real

    @property
    def sides(self) -> tuple[Paid, ...]:
        """What is known, in the order shown."""
        return tuple(side for side in (self.real, self.current, self.new) if side)

    @cached_property
    def change(self) -> Ints | None:
        """What each partner has more under the new terms, minor units; None without anything to compare with."""
        return None if self.against is None else self.new.earnings - self.against.earnings

    def share(self, side: Paid) -> Estimate:
        """What partners get ÷ what end customers pay, with or without a partner: as payout share in program health."""
        if side is self.real:
            return m.payout_share(self.ledger, self.settings, (MOTIONS.index(self.accounts.motion),))
        spend = int(side.spend.sum()) + self.nobodys_revenue
        return exact_figure(int(side.earnings.sum()) / spend) if spend else unknown("no revenue in the window")

    @cached_property
    def nobodys_revenue(self) -> int:
        """Revenue in the window of the motion's accounts that name no partner, minor units."""
        rows_ = self.accounts.payments
        everybody = self.ledger.over("closing", self.months)[MOTIONS.index(self.accounts.motion)]
        return int(everybody) - int(rows_["revenue"][np.isin(rows_["month"], self.months)].sum())

    def changed(self, at: int) -> int:
        """What one partner has more; 0 without anything to compare with."""
        return 0 if self.change is None else int(self.change[at])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each partner is called; one that is not listed, by its id."""
        there = self.ledger.partners
        known = dict(zip(there["partner_id"].tolist(), there["name"].tolist(), strict=True))
        return tuple(known.get(partner, partner) for partner in self.accounts.partner_ids)

    @property
    def winners(self) -> int:
        """Partners that have more."""
        return 0 if self.change is None else int((self.change >= SAME).sum())

    @property
    def losers(self) -> int:
        """Partners that have less."""
        return 0 if self.change is None else int((self.change <= -SAME).sum())

    @property
    def customers(self) -> int:
        """New customers of the motion in the months that the CPA is of, those without a partner too."""
        return int(self.ledger.over("new_customers", self.cost_months[0])[MOTIONS.index(self.accounts.motion)])

    @property
    def program_cost(self) -> int:
        """What running the program took in the months that the CPA is of, if the setting counts it; minor units."""
        if not self.settings.program_in_cpa or "spend" not in self.ledger.has:
            return 0
        spent = self.ledger.spend_over(self.cost_months[0])
        return int(spent[MOTIONS.index(self.accounts.motion), KINDS.index("program")])

    def effective_cpa(self, side: Paid) -> Estimate:
        """(What partners get + program cost) ÷ new customers in the window, as in program health."""
        months, over = self.cost_months
        if not months:
            return unknown(over)
        at = [month - self.settings.first() for month in months]
        cost = int(side.monthly[at].sum()) + self.program_cost
        return replace(cost_per(cost / 100, self.customers), over=over)

    @cached_property
    def cost_months(self) -> tuple[list[int], str]:
        """The months that the CPA is of, as in program health; which, where they are fewer than the window."""
        there = m.kinds_of(self.ledger, self.settings, (MOTIONS.index(self.accounts.motion),))
        kinds = [kind for kind in there if kind != "payout" or self.real]
        if kinds:
            return m.cost_months(self.ledger, self.settings, kinds)
        return list(self.months), m.which_of(self.months, self.settings)

    def blended_cac(self, side: Paid) -> Estimate:
        """All acquisition spend in the window with these payouts in the place of the real ones ÷ all new customers."""
        if self.real is None:
            return unknown("no payouts are posted")
        months, over = m.cost_months(self.ledger, self.settings, m.spent(self.ledger))
        if not months:
            return unknown(over)
        at = [month - self.settings.first() for month in months]
        spend = int(self.ledger.spend_over(months).sum()) + int((side.monthly - self.real.monthly)[at].sum())
        return replace(cost_per(spend / 100, int(self.ledger.over("new_customers", months).sum())), over=over)


def replay(
    accounts: Attributed,
    ledger: Ledger,
    settings: m.Settings,
    plan: PayoutPlan,
    current: PayoutPlan | None = None,
) -> Replay:
    """Apply a plan (B), and the current one (A) where it is given, to the accounts' real revenue.

    Each account is followed from its first payment on, so that months before the window count for ages, holds, balances
    and what is taken back; what is owed for the months of the window is compared. Raises ScenarioError where amounts
    are too large to be added exactly.
    """
    months = _months(accounts, ledger, settings)
    coin = MINOR if ledger.currency in ZERO_DECIMALS else 1
    return Replay(
        ledger, settings, accounts, plan, tuple(months),
        new=_stated(NEW, plan, accounts, settings, months, coin),
        current=None if current is None else _stated(CURRENT, current, accounts, settings, months, coin),
        real=_really(accounts, settings, months),
    )  # fmt: skip


def _months(accounts: Attributed, ledger: Ledger, settings: m.Settings) -> list[int]:
    """The months that can be compared: what is not known in a month is not set against what is."""
    first, last = settings.first(), settings.as_of
    if ledger.coverage.of("revenue") is None:  # nobody pays: what signups earn is known
        return list(range(first, last + 1))
    paid = ("spend: payout",) if len(accounts.paid["month"]) else ()
    return ledger.coverage.shared(("revenue", *paid), first, last) or ledger.coverage.shared(("revenue",), first, last)


def unavailable(program: Program) -> str:
    """Say why a program can't be replayed and what to do, or nothing where it can.

    A ledger that is added up already names the tables it came from, but holds none of their rows.
    """
    if not program.sources or any(file.mapping.kind in ADDED_UP for file in program.sources):
        return NO_ACCOUNTS
    missing = [need for need in ("accounts", "accounts.partner_id", "revenue") if need not in program.ledger.has]
    return f"A replay needs accounts and their revenue: {m.needs_text(missing)}." if missing else ""


NO_ACCOUNTS = (
    "A replay needs the rows of accounts and revenue. What is loaded is added up already, or stands in a database: "
    "upload accounts and revenue as CSV files."
)


def _really(accounts: Attributed, settings: m.Settings, months: Sequence[int]) -> Paid | None:
    rows = accounts.paid
    if not len(rows["month"]):
        return None
    inside = np.isin(rows["month"], months)
    named = inside & (rows["partner"] >= 0)
    payout = np.zeros(len(accounts.partner_ids), dtype=np.int64)
    np.add.at(payout, rows["partner"][named], rows["amount"][named])
    none = np.zeros_like(payout)
    unnamed = int(rows["amount"][inside & (rows["partner"] < 0)].sum())
    monthly = np.zeros(settings.window, dtype=np.int64)
    window = (rows["month"] >= settings.first()) & (rows["month"] <= settings.as_of)
    np.add.at(monthly, rows["month"][window] - settings.first(), rows["amount"][window])
    return Paid(PAID, payout, none, none, none, none, none, none, none, none, none, payout, none, monthly, unnamed)


def _stated(
    title: str, plan: PayoutPlan, accounts: Attributed, settings: m.Settings, months: Sequence[int], coin: int
) -> Paid:
    """State a plan partner by partner, so many at a time, and keep the sums of the months that are compared."""
    start = min(accounts.first_month, settings.as_of)
    at = [month - start for month in months if month >= start]
    monthly = np.zeros(settings.window, dtype=np.int64)
    sums: dict[str, Any] = {name: np.zeros(len(accounts.partner_ids), dtype=np.int64) for name in SUMS}

    def add(stated: Statement, who: Any) -> None:
        for name, values in _of_months(stated, at).items():
            sums[name][who] += values
        cost = stated.earnings + stated.fees + stated.marketplace + stated.distributor + stated.friend
        cost = cost.sum(axis=0)[-settings.window :]
        monthly[settings.window - len(cost) :] += cost

    # Who recruited a partner may be among others that are worked on at another time: what it gets is added up first.
    recruited_by = accounts.of_own("recruiter")
    recruiters = np.unique(recruited_by[recruited_by >= 0])
    place = np.where(recruited_by >= 0, np.searchsorted(recruiters, recruited_by), -1)
    over = np.zeros((len(recruiters), settings.as_of - start + 1), dtype=np.int64)
    until = accounts.own["until"][recruiters].astype(np.int64) - start if "until" in accounts.own else None
    for which, rows in _chunks(accounts, settings):
        add(state(plan, rows, coin), which)
        if len(recruiters):
            over += overrides(plan, replace(rows, recruiter=place[which]), coin, len(recruiters), until)
    add(of_override(plan, over, coin), recruiters)
    return Paid(title, **sums, monthly=monthly)


SUMS = (
    "payout", "margin", "spend", "capped", "taken_back", "fees", "marketplace", "distributor", "friend", "override",
    "out", "waiting",
)  # fmt: skip
"""What is added up over these months, except for the last, which is of its end."""


def _of_months(stated: Statement, months: Sequence[int]) -> dict[str, Ints]:
    apart = {"out": stated.paid, "override": stated.earned.get("override", np.zeros_like(stated.paid))}
    cells = {name: apart[name] if name in apart else getattr(stated, name) for name in SUMS[:-1]}
    return {name: values[:, months].sum(axis=1) for name, values in cells.items()} | {"waiting": stated.waiting}


def _chunks(accounts: Attributed, settings: m.Settings) -> Iterator[tuple[slice, Payments]]:
    """Yield which partners are next, some at a time, and their payments up to the as-of month."""
    start = min(accounts.first_month, settings.as_of)
    offsets, low, everybody = accounts.offsets, 0, len(accounts.partner_ids)
    while low < everybody:
        high = int(np.searchsorted(offsets, offsets[low] + CHUNK, side="right")) - 1
        high = min(max(high, low + 1), everybody)
        yield slice(low, high), _payments(accounts, low, high, start, settings.as_of)
        low = high


def _payments(accounts: Attributed, low: int, high: int, start: int, as_of: int) -> Payments:
    """The payments of the partners from `low` to before `high`, in months since `start`."""
    rows = slice(int(accounts.offsets[low]), int(accounts.offsets[high]))
    month = np.asarray(accounts.payments["month"][rows])
    here = month <= as_of
    account, month = np.asarray(accounts.payments["account"][rows])[here], month[here]
    revenue = np.asarray(accounts.payments["revenue"][rows])[here]
    of = {name: column[account] for name, column in accounts.customers.items()}
    signups = accounts.signups
    known = (signups["partner"] >= low) & (signups["partner"] < high) & (signups["month"] <= as_of)
    leads = np.zeros((high - low, as_of - start + 1), dtype=np.int64)
    leads[signups["partner"][known] - low, signups["month"][known] - start] = signups["signups"][known]
    return Payments(
        partner=of["partner"] - low,
        account=np.unique(account, return_inverse=True)[1],
        month=month - start,
        revenue=revenue,
        age=month - of["first_month"],
        place=of["place"],
        leads=leads,
        until=accounts.own["until"][low:high].astype(np.int64) - start if "until" in accounts.own else None,
        own=own_terms(accounts)[low:high],
    )


def own_terms(accounts: Attributed) -> Ints:
    """Return what partners have of their own, partners × rate, uplift and reward, as `Payments` has it."""
    return np.column_stack([accounts.of_own(name).astype(np.int64) for name in ("rate", "uplift", "reward")])


# In words and tables


def sentence(found: Replay) -> str:
    """Say what the new terms come to, against what, and who wins.

    Without anything to compare with it says what they would cost.
    """
    currency, new, against = found.ledger.currency or "", found.new, found.against
    who = f"{NAMES[found.accounts.motion]}, replayed: under the new terms partners would have earned "
    said = f"{who}{money(int(new.earnings.sum()) / 100, currency)} in {_window(found)}"
    cpa = _cpa(found, new)
    if against is None:
        return f"{said}; effective CPA {cpa}. What they really were paid is in no file."
    gap = (int(new.earnings.sum()) - int(against.earnings.sum()) - against.unnamed) / 100
    base = "they really were paid" if against is found.real else "under the current terms"
    size = f"{money(abs(gap), currency)} {'more' if gap > 0 else 'less'} than {base}" if gap else f"as much as {base}"
    people = winners_and_losers(found.winners, found.losers)
    before = _cpa(found, against)
    changes = f"{cpa}, as before" if cpa == before else f"{cpa} instead of {before}"
    return f"{said}, {size}; {people}. Effective CPA {changes}."


def winners_and_losers(winners: int, losers: int) -> str:
    """Say how many partners earn more and less, the larger group first.

    >>> winners_and_losers(0, 3), winners_and_losers(5, 1)
    ('3 partners would earn less, none more', '5 partners would earn more, 1 less')
    """
    if not winners and not losers:
        return "no partner would earn more or less"
    (most, one), (fewest, other) = sorted([(winners, "more"), (losers, "less")], key=lambda side: -side[0])
    return f"{count(most, 'partner')} would earn {one}, {f'{fewest:,}' if fewest else 'none'} {other}"


def notes(found: Replay, named_in: str = "") -> tuple[str, ...]:
    """Say what the figures leave out. `named_in` is the currency that the terms' amounts are named in elsewhere."""
    own, start = found.ledger.currency, found.accounts.first_month
    ends_known = "partners.ended_on" in found.ledger.has
    said = list(left_out(found.plan, found.accounts.recruiters_known, ends_known, start or None, found.months))
    said += _of_single_partners(found)
    if named_in and own and named_in != own:
        said.append(f"Amounts in the terms count in {own}, the currency of the files: nothing is converted.")
    if found.accounts.without_partner:
        some = found.accounts.without_partner
        which = "1 account of the motion names" if some == 1 else f"{count(some, 'account')} of the motion name"
        said.append(f"{which} no partner: nobody earns there, and new customers they are all the same.")
    if found.accounts.before:
        which = count(found.accounts.before, "customer")
        said.append(
            f"For {which} the first payment is unknown, as it was before the files begin: they are left out, as nobody "
            "knows which of their months terms would pay for."
        )
    if found.real is not None and found.real.unnamed:
        amount = money(found.real.unnamed / 100, found.ledger.currency or "")
        said.append(f"{amount} of the real payouts name no partner: they are in the total and in no partner's line.")
    if found.real is not None and (found.new.margin.any() or (found.current and found.current.margin.any())):
        said.append("A margin that partners really kept is in no file, unless it is posted as a payout.")
    return tuple(said)


def _terms_of_sellers(accounts: Attributed) -> Ints:
    """What partners have of their own; nothing for who recruited some and brought nobody."""
    own, everybody = own_terms(accounts), np.arange(len(accounts.partner_ids))
    brought = np.isin(everybody, np.concatenate([accounts.customers["partner"], accounts.signups["partner"]]))
    own[np.isin(everybody, accounts.of_own("recruiter")) & ~brought] = NOBODY
    return own


def _of_single_partners(found: Replay) -> Iterator[str]:
    """Say for how many partners terms of their own count, and whose do not."""
    plan, own = found.plan, _terms_of_sellers(found.accounts)
    there, some = own >= np.array([0, 1, 0]), counts(plan, own)
    kind = rated(plan)
    first = "" if not kind else input_named(type(plan.part(kind)), FIRST_RATE[kind]).title.lower()
    for at, (what, does) in enumerate(
        (
            ("rate", f"in place of the {first}"),
            ("uplift", f"on top of the {first}"),
            ("reward", "in place of the reward per new customer"),
        )
    ):
        number = int(some[:, at].sum())
        if number:
            nothing = _of_nothing(own[some[:, at], at])
            yield f"{_have(number, what)} in the partner list, {_which(number, does)}{nothing}."
        elif (idle := int(there[:, at].sum())) and not (kind if what != "reward" else plan.flat):
            missing = "no reward per new customer" if what == "reward" else "no share of what customers pay"
            yield f"{_have(idle, what)} in the partner list, without effect: the plan has {missing}."
    yield from _clashing(found, own)
    if unread := np.flatnonzero((own == NOT_SAID).any(axis=1)).tolist():
        yield (
            f"For {count(len(unread), 'partner')} the own rate, uplift or reward can't be read, or waits for an "
            f"answer: {_whose(found, unread, _OWN_COLUMNS)}. The plan's counts."
        )
    yield from _recruited_by_nobody_knows(found)


def _clashing(found: Replay, own: Ints) -> Iterator[str]:
    """Say whose own rate the plan can't be with, and why."""
    found_, reasons = clashes(found.plan, own), dict[str, list[int]]()
    for at, why in found_.items():
        reasons.setdefault(why, []).append(at)
    for why, partners_ in reasons.items():
        said = [f"{_called(found, at)}: {_rate(*own[at, :2].tolist())}" for at in partners_]
        yield (
            f"For {count(len(partners_), 'partner')} the own rate or uplift is not used, as with it {why}: "
            f"{_some(said)}. The plan's counts."
        )


def _recruited_by_nobody_knows(found: Replay) -> Iterator[str]:
    plan, accounts = found.plan, found.accounts
    if not (plan.override_rate and plan.kinds and accounts.recruiters_known):
        return
    sellers = np.unique(accounts.customers["partner"])
    unknown = sellers[accounts.of_own("recruiter")[sellers] == NOT_SAID].tolist()
    if unknown:
        yield (
            f"Nobody knows who recruited {count(len(unknown), 'partner')} with customers: the list does not have them, "
            f"or names a recruiter that can't be: {_whose(found, unknown, ('recruited_by',))}. No override counts "
            "there."
        )


_OWN_COLUMNS = ("commission_rate", "uplift", "own_reward")
_WORDS = {"commission_rate": "rate", "uplift": "uplift", "own_reward": "reward", "recruited_by": "recruited by"}
NAMED = 5
"""partners that a note names"""


def _whose(found: Replay, partners_: Sequence[int], columns: Sequence[str]) -> str:
    """Name partners, with what the list says of them in some columns."""
    said = dict[int, list[str]]()
    for one in found.accounts.not_used:
        if one.what in columns:
            said.setdefault(one.partner, []).append(f"{_WORDS[one.what]} '{one.cell}'")
    return _some([": ".join((_called(found, at), *([", ".join(said[at])] if at in said else []))) for at in partners_])


def _called(found: Replay, at: int) -> str:
    """What a partner is called, its id, and its line in the partner list where that is known."""
    accounts = found.accounts
    lines = {one.partner: one.line for one in accounts.not_used if one.line}
    line = int(accounts.of_own("line")[at])
    name, partner = found.names[at], accounts.partner_ids[at]
    place = f"line {line if line >= 0 else lines[at]}" if line >= 0 or at in lines else ""
    beside = [one for one in (partner if name != partner else "", place) if one]
    return f"{name} ({', '.join(beside)})" if beside else name


def _some(said: Sequence[str]) -> str:
    """The first of several, and how many more there are."""
    more = len(said) - NAMED
    return "; ".join(said[:NAMED]) + (f"; and {more:,} more" if more > 0 else "")


_OF_ITS_OWN = {
    "rate": ("has a rate of its own", "have rates of their own"),
    "uplift": ("has an uplift", "have uplifts"),
    "reward": ("has a reward of its own", "have rewards of their own"),
}


def _have(number: int, what: str) -> str:
    return f"{count(number, 'partner')} {_OF_ITS_OWN[what][number != 1]}"


def _which(number: int, does: str) -> str:
    return f"which count{'s' if number == 1 else ''} {does}"


def _of_nothing(values: Ints) -> str:
    """How many of the values that partners have of their own are nothing, which a system may write for none."""
    number = int((values == 0).sum())
    return f", and is 0 for {number:,} of them" if number else ""


def summary(found: Replay) -> pd.DataFrame:
    """Return figures × sides as text: what partners get, what it costs, effective CPA and blended CAC."""
    currency = found.ledger.currency or ""

    def amount(value: int) -> str:
        return money(value / 100, currency)

    columns = {}
    for side in found.sides:
        columns[side.title] = {
            "Payouts": amount(int(side.payout.sum()) + side.unnamed),
            **{title: _stated_only(found, side, name, amount) for title, name in _PARTS},
            "Program cost": amount(found.program_cost),
            "New customers": count(found.customers),
            "Effective CPA": _cpa(found, side),
            "Blended CAC": shown(MONEY, found.blended_cac(side), currency),
            "Share of what customers pay": shown(PERCENT, found.share(side), currency),
        }
    frame = pd.DataFrame(columns).drop(index=[title for title, name in _PARTS if not _occurs(found, name)])
    frame.index.name = f"Replayed, in {_window(found)}"
    return frame


_PARTS = (
    ("Margin kept", "margin"),
    ("Payout fees", "fees"),
    ("Marketplace fee", "marketplace"),
    ("Distributor's margin", "distributor"),
    ("Credit of customers", "friend"),
    ("Overrides, in payouts", "override"),
    ("Cut off by a cap", "capped"),
    ("Taken back", "taken_back"),
    ("Not paid yet", "not_paid"),
    ("Debt carried forward", "debt"),
)
"""What a plan may come to beside payouts, shown where it occurs."""
_BALANCE = ("not_paid", "debt")
"""The two sides of what waits at the end."""


def _occurs(found: Replay, name: str) -> bool:
    return any(getattr(side, name).any() for side in found.sides)


def _stated_only(found: Replay, side: Paid, name: str, amount: Callable[[int], str]) -> str:
    """A sum that only a plan has: what was really paid is in no file in these parts."""
    return "—" if side is found.real else amount(int(getattr(side, name).sum()))


def partners(found: Replay) -> pd.DataFrame:
    """Return one row a partner, the largest change first; amounts in whole units, for sorting on the page."""
    rank = order(found)
    table: dict[str, Any] = {"Partner": [found.names[at] for at in rank]}
    if len(set(found.names)) < len(found.names):
        table["Id"] = [found.accounts.partner_ids[at] for at in rank]
    for title, cells in of_their_own(found).items():
        table[title] = [cells[at] for at in rank]
    table["Customers pay"] = found.new.spend[rank] / 100
    for side in found.sides:
        table[side.title] = side.earnings[rank] / 100
    if found.change is not None:
        table["Change"] = found.change[rank] / 100
        table["Result"] = [word(found.changed(at)) for at in rank]
    for title, name in _PARTS:
        if getattr(found.new, name).any():
            table[title] = getattr(found.new, name)[rank] / 100
    return pd.DataFrame(table)


def of_their_own(found: Replay) -> dict[str, list[str]]:
    """Return what partners have of their own that counts under the new terms, as text; only columns with something."""
    own = _terms_of_sellers(found.accounts)
    rate, uplift, reward = np.where(counts(found.plan, own), own, NOBODY).T.tolist()
    currency = found.ledger.currency or ""
    rates = [_rate(one, more) for one, more in zip(rate, uplift, strict=True)]
    rewards = [money_exact(one / 100, currency) if one >= 0 else "" for one in reward]
    found_ = {"Own rate": rates, "Own reward": rewards}
    return {title: cells for title, cells in found_.items() if any(cells)}


def _rate(own: int, more: int) -> str:
    """A rate, and what comes on top of one, both in millionths and exact.

    >>> _rate(250_000, -1), _rate(-1, 12_500), _rate(0, 50_000), _rate(-1, -1)
    ('25 %', '+ 1.25 %', '0 % + 5 %', '')
    """
    said = {"": own if own >= 0 else None, "+ ": more if more > 0 else None}
    return " ".join(
        f"{sign}{f'{one / 10_000:.4f}'.rstrip('0').rstrip('.')} %" for sign, one in said.items() if one is not None
    )


def rows(found: Replay) -> Iterator[Sequence[object]]:
    """Yield the partners as rows of a CSV file, header first; amounts exact, with two decimals."""
    columns: list[tuple[str, Ints]] = []
    for side in found.sides:
        columns.append((side.title, side.earnings))
        if side is not found.real:
            names = [name for name in SUMS[:-1] if name != "override" or _occurs(found, name)]
            columns += [(f"{side.title}: {name.replace('_', ' ')}", getattr(side, name)) for name in names]
            # What waits has two columns, as below zero it would be a debt under a title that does not say so.
            columns += [
                (f"{side.title}: {title.lower()}", getattr(side, name)) for title, name in _PARTS if name in _BALANCE
            ]
    if found.change is not None:
        columns.append(("Change", found.change))
    own = of_their_own(found)
    yield ["partner_id", "name", "motion", "from", "to", "currency", *own, *(title for title, _ in columns)]
    dates = [month_name(found.settings.first()), month_name(found.settings.as_of)]
    for at in order(found):
        who = [found.accounts.partner_ids[at], found.names[at], found.accounts.motion]
        terms = [found.ledger.currency or "", *(cells[at] for cells in own.values())]
        yield [*who, *dates, *terms, *(exact(int(values[at])) for _, values in columns)]


def exact(amount: int) -> str:
    """Return minor units as an amount with two decimals.

    >>> exact(-5), exact(123456)
    ('-0.05', '1234.56')
    """
    whole, cents = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{cents:02d}"


def amounts(frame: pd.DataFrame) -> list[str]:
    """Return the columns of the partner table that hold amounts."""
    return [str(name) for name in frame.columns if frame[name].dtype.kind == "f"]


def word(change: int) -> str:
    """Say which way a change goes; less than one whole unit is a rounding of lines.

    >>> word(500), word(-99), word(-100)
    ('more', 'the same', 'less')
    """
    return "more" if change >= SAME else "less" if change <= -SAME else "the same"


def order(found: Replay) -> list[int]:
    """Return the partners, those with the largest change first, then those with the largest earnings."""
    size = found.new.earnings if found.change is None else np.abs(found.change)
    rank: list[int] = np.lexsort((-found.new.earnings, -size)).tolist()
    return rank


def _cpa(found: Replay, side: Paid) -> str:
    estimate = found.effective_cpa(side)
    return shown(MONEY, estimate, found.ledger.currency) if estimate.known() else estimate.note


def _window(found: Replay) -> str:
    if len(found.months) == 1:
        return month_name(found.months[0])
    months = f"the {count(len(found.months), 'month')}"
    if found.months and found.months[-1] - found.months[0] >= len(found.months):
        return f"{months} {spans(found.months, month_name)}"
    return f"{months} to {month_name(found.months[-1] if found.months else found.settings.as_of)}"
