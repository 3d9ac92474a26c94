"""What a program's own data says of the simulator's inputs: values, and ranges that their uncertainty gives.

A ledger's 95 % interval becomes the central 90 % that a range is by moving each end towards the value, in proportion of
the normal distribution's points, 1.645 ÷ 1.960; an interval that is not symmetric stays so. What fewer than ten
accounts, or partners, or months say is not set, and what the files do not hold is unknown and stays as it is.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from motions.cohorts.contract import KINDS, MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import (
    TOO_FEW,
    Estimate,
    Sums,
    Z,
    cost_per,
    exact,
    proportion,
    ratio_of_sums,
    unknown,
)
from motions.economics.inputs.assumptions import Market
from motions.economics.inputs.keys import input_of, owner_of, put
from motions.economics.inputs.scenario import Range, Scenario
from motions.fields import Input, input_named
from motions.names import BASELINES, NAMES, PARTNER_MOTIONS, offered
from motions.text import UNKNOWN, count, listed, money, month_name, percent

NARROWER = NormalDist().inv_cdf(0.95) / Z
"""How much closer to the value the ends of a central 90 % are than those of a 95 % interval."""
LAG = 3
"""Months that an account has to become a customer, and a partner to produce, before it counts as one that did not."""
DIRECT: m.Group = tuple(MOTIONS.index(name) for name in ("organic", *BASELINES))
RESAMPLES = 400
OLDEST = 60
"""Age in months from which on customers are not told apart."""


@dataclass(frozen=True)
class Row:
    """One input and what the data says of it. A `value` of None is not known, and `note` says why."""

    key: str
    item: Input
    value: float | None
    range: Range | None
    origin: str
    """what it was measured on"""
    count: int
    """how many of those there were"""
    note: str = ""

    @property
    def owner(self) -> str:
        """Whose input it is: `market`, or a program."""
        return owner_of(self.key)


@dataclass(frozen=True)
class Calibration:
    """What the data says of a scenario, and the scenario with what is known set in it."""

    scenario: Scenario
    rows: tuple[Row, ...]
    currency: str
    """of the data; "" where none is stated"""
    notes: tuple[str, ...]

    @property
    def set(self) -> tuple[Row, ...]:
        """The rows that are set."""
        return tuple(row for row in self.rows if row.value is not None)


def calibrate(
    ledger: Ledger, scenario: Scenario, settings: m.Settings, motions: Sequence[str] | None = None
) -> Calibration:
    """Return the scenario with what a ledger says of some partner motions, or of all, and of the direct baseline.

    Direct is organic, product-led and sales-led accounts together; they stand for the scenario's direct baseline. Rates
    are those of the settings' window. What is known replaces the scenario's value and range, clipped to what the input
    takes; everything else stays. No errors of its own.
    """
    window = _Window(ledger, settings)
    found = [*_of_direct(window, scenario)]
    price = next((row.value for row in found if row.key == "market.list_price"), None) or scenario.market.list_price
    for motion in offered(PARTNER_MOTIONS, ledger.motions) if motions is None else motions:
        found += _of_motion(window, motion, price)
    money_fits = not ledger.currency or ledger.currency in _currencies()
    rows = tuple(row if money_fits else _without_money(row, ledger.currency or "") for row in found)
    return Calibration(_with(scenario, rows, window), rows, ledger.currency or "", _notes(window, scenario, money_fits))


def group_of(scenario: Scenario, program: str) -> m.Group:
    """Return the motions in the files that a program stands for: its own, and all that are direct for the baseline."""
    return DIRECT if program == scenario.direct else (MOTIONS.index(program),)


def _with(scenario: Scenario, rows: Sequence[Row], window: "_Window") -> Scenario:
    known, ledger = [row for row in rows if row.value is not None], window.ledger
    values = scenario.model_dump()
    for row in known:
        put(values, row.key, row.value)
        if row.note == AGES:
            shares = _mrr_by_age(window, (MOTIONS.index(row.owner),))
            put(values, f"{row.owner}.ages_at_start", _ages_in_short(shares))
        if row.item.name == "customers_at_start":  # who has customers has begun
            values[row.owner]["start_month"] = 1
    if known:
        values["begins"] = month_name(window.last + 1)
    if known and ledger.currency in _currencies():
        values["market"]["currency"] = ledger.currency
    values["ranges"] = {key: one for key, one in values["ranges"].items() if key not in {row.key for row in known}}
    values["ranges"] |= {row.key: row.range.model_dump() for row in known if row.range}
    return scenario.replace(**values)


class _Window:
    """The ledger in the months that rates are measured over."""

    def __init__(self, ledger: Ledger, settings: m.Settings) -> None:
        self.ledger, self.settings = ledger, settings
        self.last = settings.as_of
        self.first = min(max(settings.first(), ledger.first_month), self.last)

    @property
    def months(self) -> int:
        """How many months there are."""
        return self.last - self.first + 1

    def has(self, *needs: str) -> bool:
        """Whether the files held what is needed."""
        return set(needs) <= self.ledger.has

    def sum(self, measure: str, group: m.Group, first: int | None = None, last: int | None = None) -> int:
        """A measure over the months, of a group of motions."""
        low, high = self.first if first is None else first, self.last if last is None else last
        return int(self.ledger.between(measure, low, high)[list(group)].sum())

    def covered(self, kinds: Sequence[str]) -> list[int]:
        """The months that revenue and some kinds of spend cover, of those kinds that are posted at all."""
        posted = [kind for kind in kinds if kind in m.spent(self.ledger)]
        return self.ledger.coverage.shared(("revenue", *(f"spend: {kind}" for kind in posted)), self.first, self.last)

    def new_in(self, months: Sequence[int], group: m.Group) -> int:
        """New customers of some months."""
        return int(self.ledger.over("new_customers", months)[list(group)].sum())

    def spend(self, group: m.Group, kinds: Sequence[str]) -> float:
        """Spend of the months that are covered, in whole units."""
        table = self.ledger.spend_over(self.covered(kinds))
        return float(table[np.ix_(list(group), [KINDS.index(kind) for kind in kinds])].sum()) / 100

    def accounts(self, group: m.Group) -> int:
        """How many customers there were in the months: those at their start, and the new ones."""
        return self.sum("customers", group, self.first - 1, self.first - 1) + self.sum("new_customers", group)

    def listed(self, motion: str) -> NDArray[np.int64]:
        """Positions of a motion's partners in the list."""
        return np.flatnonzero(self.ledger.partner_motion == MOTIONS.index(motion))


# Customers, of a motion or of direct


def _of_customers(window: _Window, owner: str, group: m.Group) -> Iterator[Row]:
    if not window.has("accounts", "revenue"):
        return
    accounts = window.accounts(group)
    churn = m.customer_churn(window.ledger, window.settings, group)
    yield _row(f"{owner}.customer_churn_rate", churn, f"{count(accounts, 'customer')}, {_span(window)}", accounts)
    yield _expansion(window, owner, group, accounts)
    yield _conversion(window, owner, group)
    yield from _already_there(window, owner, group)


def _expansion(window: _Window, owner: str, group: m.Group, accounts: int) -> Row:
    """(Expansion − contraction) ÷ MRR of the customers that stayed, over the months; each month is one observation."""
    moved = m.movements(window.ledger, group)
    at = [month - window.ledger.first_month for month in window.ledger.coverage.steps(window.first, window.last)]
    grown = (moved["expansion"] - moved["contraction"])[at] / 100
    stayed = (moved["opening"] - moved["churn"])[at] / 100
    there = stayed > 0
    found = ratio_of_sums(_sums(grown[there], stayed[there]))
    if found.note.startswith("too few"):
        found = replace(found, note="a range takes ten months")
    shrunk = found.value is not None and found.value < 0
    note = f"prices fell by {percent(-(found.value or 0), 2)} a month, which counts as no growth" if shrunk else ""
    said = f"{count(accounts, 'customer')}, {count(len(at), 'month')}"
    return _row(f"{owner}.expansion_rate", found, said, accounts, note)


def _conversion(window: _Window, owner: str, group: m.Group) -> Row:
    """Customers ÷ signups, of signups that had three months or more to become one."""
    first, last = max(window.settings.first() - LAG, window.ledger.first_month), window.last - LAG
    signed = window.sum("signups", group, first, last)
    # As it was known in the last month: what became of a signup later is not.
    bought = window.ledger.happened("bought", first, last, window.last)
    found = proportion(int(bought[list(group)].sum()), signed)
    said = f"{count(signed, 'signup')} that had {LAG} months or more"
    return _row(f"{owner}.conversion_rate", found, said, signed)


def _already_there(window: _Window, owner: str, group: m.Group) -> Iterator[Row]:
    """The customers of the last month: a fact and no estimate, so it is set however few there are."""
    there = window.sum("customers", group, window.last, window.last)
    if not there:
        return
    total = window.sum("closing", group, window.last, window.last) / 100
    said = f"{count(there, 'customer')} in {month_name(window.last)}"
    yield _fact(f"{owner}.customers_at_start", float(there), said, there)
    yield _fact(f"{owner}.mrr_each_at_start", round(total / there, 2), said, there)
    if owner in PARTNER_MOTIONS:
        shares = _mrr_by_age(window, group)
        average = round(float(np.average(np.arange(OLDEST + 1), weights=shares))) if shares.any() else None
        yield _fact(f"{owner}.age_at_start", average, said, there, AGES)


AGES = "weighed by MRR; each age is set as the data has it"
"""beside an average age: the scenario is given all ages"""


def _mrr_by_age(window: _Window, group: m.Group) -> NDArray[np.float64]:
    """MRR of the last month by months since the first payment, minor units; who paid before the data is the oldest."""
    rows = window.ledger.by_age
    here = np.isin(window.ledger.age_motion, group) & (rows["cohort"] + rows["age"] == window.last)
    found = np.bincount(np.minimum(rows["age"][here], OLDEST), rows["closing"][here], OLDEST + 1)
    everybody = window.sum("closing", group, window.last, window.last)
    found[OLDEST] += max(everybody - found.sum(), 0.0)
    return np.asarray(found, np.float64)


def _ages_in_short(shares: NDArray[np.float64]) -> str:
    """Shares of MRR by age as a scenario holds them: whole thousandths, up to the last that is there.

    >>> _ages_in_short(np.array([30.0, 0.0, 10.0, 0.0]))
    '750 0 250'
    """
    thousandths = np.rint(shares / shares.sum() * 1000).astype(int)
    return " ".join(str(one) for one in thousandths[: int(np.flatnonzero(thousandths)[-1]) + 1])


def _first_price(window: _Window, group: m.Group) -> Estimate:
    """First MRR of new customers ÷ new customers, with an interval over accounts."""
    rows, ledger = window.ledger.by_age, window.ledger
    here = np.isin(ledger.age_motion, group) & (rows["age"] == 0)
    here &= (rows["cohort"] >= window.first) & (rows["cohort"] <= window.last)
    n, total = int(rows["customers"][here].sum()), float(rows["closing"][here].sum()) / 100
    squares = float(rows["closing_squares"][here].sum()) / 10_000
    return ratio_of_sums(Sums(n=n, x=total, y=n, xx=squares, yy=n, xy=total))


def _of_direct(window: _Window, scenario: Scenario) -> Iterator[Row]:
    owner = scenario.direct
    price = _first_price(window, DIRECT)
    if window.has("accounts", "revenue"):
        said = f"first MRR of {count(price.n, 'new direct customer')}, {_span(window)}"
        row = _row("market.list_price", price, said, price.n)
        yield row
        if row.value is not None:
            note = "the list price is what direct customers pay"
            yield _row(f"{owner}.deal_size_factor", exact(1.0), said, price.n, note)
    yield from _of_customers(window, owner, DIRECT)
    if not window.has("accounts"):
        return
    signed = window.sum("signups", DIRECT)
    yield _row(f"{owner}.leads", _a_month(signed, window.months), f"{count(signed, 'signup')}, {_span(window)}", signed)
    if window.has("revenue", "spend"):
        months = window.covered(KINDS)
        new = window.new_in(months, DIRECT)
        said = f"spend on direct motions and {count(new, 'new customer')}, {count(len(months), 'month')}"
        row = _row(f"{owner}.cost_per_customer", cost_per(window.spend(DIRECT, KINDS), new), said, new)
        yield row
        if row.value is not None:
            yield _row(f"{owner}.program_cost", exact(0.0), said, new, "all spend is in the cost of a new customer")


def _of_motion(window: _Window, motion: str, price: float) -> Iterator[Row]:
    group: m.Group = (MOTIONS.index(motion),)
    yield from _of_customers(window, motion, group)
    if window.has("accounts", "revenue"):
        # The range is of this motion's price: how sure the list price is stands in the range of its own.
        paid = _first_price(window, group)
        said = f"first MRR of {count(paid.n, 'new customer')}, {_span(window)}"
        yield _row(f"{motion}.deal_size_factor", _times(paid, 1 / price if price else 0.0), said, paid.n)
    if window.has("partners"):
        yield from _of_partners(window, motion)
    if window.has("spend", "accounts", "revenue"):
        yield from _of_spend(window, motion, group)


def _of_spend(window: _Window, motion: str, group: m.Group) -> Iterator[Row]:
    """Program cost a month, which then holds onboarding and enablement too, and what else was spent on a customer."""
    months, accounts = window.covered(("program",)), window.accounts(group)
    cost = window.spend(group, ("program",))
    said = f"program postings, {count(len(months), 'month')}; {count(accounts, 'customer')}"
    found = exact(cost / len(months)) if cost > 0 else unknown("no program cost is posted for it")
    row = _row(f"{motion}.program_cost", found, said, accounts)
    yield row
    if row.value is not None:
        for name in ("onboarding_cost", "enablement_cost"):
            yield _row(f"{motion}.{name}", exact(0.0), said, accounts, "it is in the program cost")
    if (spent := window.spend(group, ("marketing", "sales"))) > 0:
        months = window.covered(("marketing", "sales"))
        new = window.new_in(months, group)
        said = f"marketing and sales postings and {count(new, 'new customer')}, {count(len(months), 'month')}"
        yield _row(f"{motion}.cost_per_customer", cost_per(spent, new), said, new)


# Partners

_EVER = {"MRR now": "closing", "new customer in 3 months": "new_customers", "signup in 3 months": "signups"}


def _of_partners(window: _Window, motion: str) -> Iterator[Row]:
    own = window.listed(motion)
    recruited = window.ledger.partners["recruited_month"][own]
    yield _recruited(window, motion, recruited)
    if not window.has("accounts", "accounts.partner_id"):
        return
    mature = own[recruited <= window.last - LAG]
    ever = _by_partner(window, _EVER[window.settings.producing], 0, window.last) > 0
    said = f"{count(len(mature), 'partner')} recruited {LAG} months ago or more"
    yield _row(
        f"{motion}.activation_rate", proportion(int(ever[mature].sum()), len(mature)), said, len(mature),
        f"ever active: {window.settings.producing.replace(' now', '')}",
    )  # fmt: skip
    yield from _of_productivity(window, motion, own)


def _recruited(window: _Window, motion: str, recruited: NDArray[np.int64]) -> Row:
    """Partners recruited a month, over all months that the data has where the window has fewer than ten of them.

    Those of the data's first month are left out then: they may have been there before.
    """
    for first in (window.first, min(window.ledger.first_month + 1, window.last)):
        months = window.last - first + 1
        joined = int(((recruited >= first) & (recruited <= window.last)).sum())
        if joined >= TOO_FEW:
            break
    said = f"{count(joined, 'partner')} recruited, {count(months, 'month')}"
    return _row(f"{motion}.partners_recruited", _a_month(joined, months), said, joined)


def _of_productivity(window: _Window, motion: str, own: NDArray[np.int64]) -> Iterator[Row]:
    """How many partners produce now, how many signups one brings, and how unequal they are."""
    ledger, definition = window.ledger, window.settings.producing
    months = range(window.first, window.last + 1)
    there = [m.partners_there(ledger, month, m.PARTNER) & m.producers(ledger, month, definition) for month in months]
    active = np.array(there, dtype=np.int64).sum(axis=0)[own]
    signups = _by_partner(window, "signups", window.first, window.last)[own]
    brought, now = int(signups.sum()), int(there[-1][own].sum())
    customers = int(_by_partner(window, "customers", window.last, window.last)[own].sum())
    at_start = exact(float(now)) if now else unknown("no partner produces")
    said = f"partners with {count(customers, 'customer')} in {month_name(window.last)}"
    yield _row(f"{motion}.partners_at_start", at_start, said, max(customers, brought), f"active: {definition}")
    working = (active > 0) | (signups > 0)
    each = ratio_of_sums(_sums(signups[working].astype(float), active[working].astype(float)))
    said = f"{count(brought, 'signup')} of {count(int(working.sum()), 'partner')}, {_span(window)}"
    note = ""
    if each.value is not None and each.low is None:
        each, note = _poisson(each.value, brought), "the range is of signups alone: fewer than ten partners"
    yield _row(f"{motion}.leads_per_partner", each, said, brought, note)
    producing = signups[working]
    said = f"signups of {count(len(producing), 'partner')}, {_span(window)}"
    yield _row(f"{motion}.top_share", _top_share(producing), said, len(producing))


def _by_partner(window: _Window, measure: str, first: int, last: int) -> NDArray[np.int64]:
    """A measure of partner motions over months, one value a listed partner."""
    rows, ledger = window.ledger.by_partner, window.ledger
    here = ledger.by_partner_motion & (ledger.partner_row >= 0) & (rows["month"] >= first) & (rows["month"] <= last)
    total = np.zeros(len(ledger.partners["partner_id"]), dtype=np.int64)
    np.add.at(total, ledger.partner_row[here], rows[measure][here])
    return total


def _top_share(brought: NDArray[np.int64]) -> Estimate:
    """Share of the best fifth of the partners; the interval by drawing as many partners again, with a fixed seed."""
    n = len(brought)
    if n < TOO_FEW or not brought.sum():
        return unknown(f"too few: {n}" if brought.sum() else "no signups", n)
    drawn = brought[np.random.default_rng(1).integers(0, n, (RESAMPLES, n))]
    shares = _best_fifth(drawn[drawn.sum(axis=1) > 0])
    tail = (1 - math.erf(Z / math.sqrt(2))) / 2
    low, high = np.quantile(shares, [tail, 1 - tail])
    value = float(_best_fifth(brought[None])[0])
    return Estimate(value, min(float(low), value), max(float(high), value), n)


def _best_fifth(brought: NDArray[np.int64]) -> NDArray[np.float64]:
    """Rows: what the most productive 20 % bring of everything; a part of a partner counts in proportion."""
    best = np.sort(brought, axis=1)[:, ::-1]
    size = brought.shape[1] / 5
    weight = np.clip(size - np.arange(brought.shape[1]), 0, 1)
    share: NDArray[np.float64] = (best * weight).sum(axis=1) / best.sum(axis=1)
    return share


# An estimate to a row


def _row(key: str, found: Estimate, origin: str, n: int, note: str = "") -> Row:
    """Return what is set of an estimate: nothing of fewer than ten, and within what the input takes."""
    item = input_of(key)
    if found.value is None:
        return Row(key, item, None, None, origin, n, found.note)
    if n < TOO_FEW:
        return Row(key, item, None, None, origin, n, f"too few: {n}")
    value = _within(item, found.value)
    ends = None
    if found.low is not None and found.high is not None:
        low, high = (_within(item, found.value + (end - found.value) * NARROWER) for end in (found.low, found.high))
        ends = Range(low=min(low, value), high=max(high, value)) if low < high else None
    if not note and not item.low <= found.value <= item.high:
        note = "clipped to what the input takes"
    return Row(key, item, value, ends, origin, n, note or found.note)


def _fact(key: str, value: float | None, origin: str, n: int, note: str = "") -> Row:
    """Return what is counted and not estimated: it has no range, and counts however little there is."""
    item = input_of(key)
    known = None if value is None else min(max(value, item.low), item.high)
    return Row(key, item, known, None, origin, n, note)


def _within(item: Input, value: float) -> float:
    """A value within the bounds of its input, in four figures: more would only lengthen the link."""
    return min(max(float(f"{value:.4g}"), item.low), item.high)


def _sums(x: NDArray[np.float64], y: NDArray[np.float64]) -> Sums:
    return Sums(len(x), float(x.sum()), float(y.sum()), float(x @ x), float(y @ y), float(x @ y))


def _a_month(number: int, months: int) -> Estimate:
    """How many there are a month, the number being Poisson."""
    return _poisson(number / months, number) if number else unknown("there were none")


def _poisson(value: float, number: int) -> Estimate:
    spread = math.exp(Z / math.sqrt(max(number, 1)))
    return Estimate(value, value / spread, value * spread, number)


def _times(found: Estimate, factor: float) -> Estimate:
    def times(value: float | None) -> float | None:
        return None if value is None else value * factor

    return Estimate(times(found.value), times(found.low), times(found.high), found.n, found.note)


def _currencies() -> tuple[str, ...]:
    return input_named(Market, "currency").options


def _without_money(row: Row, currency: str) -> Row:
    if row.item.unit != "money" or row.value is None:
        return row
    return replace(row, value=None, range=None, note=f"the simulator does not name {currency}")


def _notes(window: _Window, scenario: Scenario, money_fits: bool) -> tuple[str, ...]:
    currency, said = window.ledger.currency or "", []
    if money_fits and currency and currency != scenario.market.currency:
        said.append(
            f"Amounts are in {currency} from then on; those that are not set keep their number, nothing is converted."
        )
    if before := window.ledger.coverage.before:
        who = count(before, "customer")
        said.append(f"{who} of before count in churn, in expansion and as the oldest there, and in no first price.")
    if not window.has("accounts"):
        said.append(f"What accounts say is not known: {m.needs_text(['accounts'])}.")
    missing = [need for need in ("revenue", "partners", "spend") if need not in window.ledger.has]
    if missing:
        said.append(f"More can be set: {m.needs_text(missing)}.")
    return tuple(said)


def _span(window: _Window) -> str:
    return count(window.months, "month")


# In words and tables


def sentence(found: Calibration) -> str:
    """Say how much the data says, and of whom."""
    owners = [NAMES[name] for name in dict.fromkeys(row.owner for row in found.set) if name != "market"]
    if not owners:
        return "The data says nothing yet that the simulator takes: it needs ten accounts or more."
    few = sum(row.note.startswith("too few") and row.value is None for row in found.rows)
    said = f"{count(len(found.set), 'input')} from your data, for {listed(owners)}"
    return f"{said}; {count(few, 'input')} measured on fewer than ten: not set." if few else f"{said}."


def table(found: Calibration, before: Scenario) -> pd.DataFrame:
    """Return one row an input as text: what it is now, what the data says with its range, and from what."""
    rows = []
    for row in found.rows:
        show = _shown(row.item, found.currency)
        ends = f"{show(row.range.low)} to {show(row.range.high)}" if row.range else "—"
        rows.append(
            {
                "For": "Market" if row.owner == "market" else NAMES[row.owner],
                "Input": row.item.title,
                "Now": _shown(row.item, before.market.currency)(before.at(row.key)),
                "From the data": UNKNOWN if row.value is None else show(row.value),
                "Central 90 %": ends if row.value is not None else "—",
                "Measured on": row.origin,
                "Note": row.note,
            }
        )
    return pd.DataFrame(rows, columns=["For", "Input", "Now", "From the data", "Central 90 %", "Measured on", "Note"])


def _shown(item: Input, currency: str) -> Callable[[float], str]:
    if item.unit == "money":
        return lambda value: money(value, currency)
    if item.unit == "%":
        return lambda value: percent(value, 2 if value < 0.1 else 1)
    return lambda value: f"{value:,.2f}".rstrip("0").rstrip(".")
