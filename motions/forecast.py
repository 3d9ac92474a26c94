"""A scenario laid on a program's real months: what was expected, how wide the band is, and where it was left.

The band is that of single programs and not of their average: beside the ranges of the inputs it holds the chance that
whole customers come and leave by. Money is in whole units of the scenario's currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from motions.calibrate import calibrate, group_of
from motions.cohorts.contract import KINDS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.economics.answers.uncertainty import drawn, fan
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.keys import put
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Array
from motions.economics.model.opening import there
from motions.economics.model.projection import Projection
from motions.economics.model.run import outcomes, run
from motions.names import BASELINES, NAMES
from motions.text import count, inside, listed, month_name, percent
from motions.units import CUSTOMERS, MONEY, Unit

DRAWS = 2000
SHOWN = 12
"""Real months that are shown before the first one of a scenario."""


@dataclass(frozen=True)
class Followed:
    """A figure that is both planned and in the files."""

    name: str
    title: str
    unit: Unit
    series: str
    """of a projection"""
    definition: str
    flow: bool
    """whether it is added up over months; a stock is read in the last"""


FOLLOWED = (
    Followed("mrr", "MRR", MONEY, "listed", "What customers are billed a month; in the plan at list price.", False),
    Followed("new", "New customers", CUSTOMERS, "customers_new", "Customers that pay for the first time.", True),
    Followed("customers", "Active customers", CUSTOMERS, "customers_active", "Customers that pay in the month.", False),
    Followed("payouts", "Payouts", MONEY, "payouts", "What partners are owed; in the files as posted.", True),
)  # fmt: skip
BY_NAME = {one.name: one for one in FOLLOWED}


@dataclass(frozen=True)
class Course:
    """One figure of a program over the months of a scenario, beside what it really was."""

    figure: Followed
    program: str
    currency: str
    first: int
    """the calendar month of the scenario's first month, 12 × year + month − 1"""
    expected: Array
    """months: one run at the values of the inputs"""
    band: Array
    """3 × months: P10, P50 and P90 of the draws"""
    real: Mapping[int, float]
    """what it was, in the months that the files cover"""
    empty: bool = False
    """whether the scenario begins without customers and the program had some, so that the two can't be compared"""

    @property
    def compared(self) -> list[int]:
        """The months of the scenario that are known."""
        return [month for month in range(self.first, self.first + len(self.expected)) if month in self.real]

    @property
    def left(self) -> list[int]:
        """The months in which the program was outside of the band."""
        return [month for month in self.compared if self._beyond(month)]

    def _beyond(self, month: int) -> float:
        """By what share of it the near end of the band was missed; 0 inside, below zero under it."""
        low, high = (float(self.band[at, month - self.first]) for at in (0, 2))
        end = min(max(self.real[month], low), high)
        gap = self.real[month] - end
        return gap / end if end else float(np.sign(gap)) * np.inf if gap else 0.0

    def said(self, value: float) -> str:
        """Show a value of the figure."""
        return self.figure.unit.said(value, self.currency)

    def missed(self, month: int) -> str:
        """Say by how much the band was left in a month: `12 % below P10`."""
        beyond = self._beyond(month)
        size = "" if np.isinf(beyond) else "under 1 % " if abs(beyond) < 0.005 else f"{percent(abs(beyond), 0)} "
        return f"{size}{'below P10' if beyond < 0 else 'above P90'}"


def known(ledger: Ledger, scenario: Scenario, program: str, figure: Followed) -> dict[int, float]:
    """Return what a figure of a program was in each month that the files cover."""
    group = list(group_of(scenario, program))
    needs = ("revenue", "spend: payout") if figure.name == "payouts" else ("revenue",)
    months = ledger.coverage.shared(needs, ledger.first_month, ledger.last_month)
    if figure.name == "payouts":
        at = KINDS.index("payout")
        return {month: float(ledger.spend_over([month])[group, at].sum()) / 100 for month in months}
    measure = {"mrr": "closing", "new": "new_customers", "customers": "customers"}[figure.name]
    scale = 100 if figure.unit == MONEY else 1
    return {month: float(ledger.at(measure, month)[group].sum()) / scale for month in months}


def course(ledger: Ledger, scenario: Scenario, program: str, figure: Followed, first: int) -> Course:
    """Lay a figure of a scenario on a program's months, its first month being the calendar month `first`."""
    expected = getattr(run(scenario, only=program)[program].projection, figure.series)[:, 0]
    unequal = _unequal(ledger, list(group_of(scenario, program)), min(first - 1, ledger.last_month))
    band = fan(_drawn(scenario, program, figure, unequal))
    real = known(ledger, scenario, program, figure)
    empty = figure.name != "new" and not there(scenario.program(program)) and _had(ledger, scenario, program, first - 1)
    return Course(figure, program, scenario.market.currency, first, np.asarray(expected), band, real, empty)


def _had(ledger: Ledger, scenario: Scenario, program: str, month: int) -> bool:
    """Whether a program had customers in a month, or in the last one that is known."""
    group = list(group_of(scenario, program))
    return bool(ledger.at("customers", min(month, ledger.last_month))[group].sum() > 0)


def _unequal(ledger: Ledger, group: list[int], month: int) -> float:
    """Mean square of what customers pay ÷ square of the mean; 1 where all pay alike or nobody does."""
    customers, total, squares = (
        float(ledger.at(name, month)[group].sum()) for name in ("customers", "closing", "closing_squares")
    )
    return max(squares * customers / total**2, 1.0) if total > 0 else 1.0


def _drawn(scenario: Scenario, program: str, figure: Followed, unequal: float) -> Array:
    """Months × draws of a figure: the ranges of the inputs, and whole customers by chance."""
    numbers = drawn(scenario.model_copy(update={"draws": DRAWS}), program)
    projection = dict(outcomes(scenario, numbers, program))[program].projection
    stream = np.random.Generator(np.random.PCG64(scenario.seed))
    return _by_chance(projection, figure, unequal, stream)


def _by_chance(projection: Projection, figure: Followed, unequal: float, stream: Any) -> Array:
    """A figure as single programs have it: customers come by a Poisson law, and each leaves by itself."""
    shape = (len(projection.spend), DRAWS)
    new, lost, customers = (
        np.broadcast_to(series, shape)
        for series in (projection.customers_new, projection.customers_churned, projection.customers_active)
    )
    came = stream.poisson(new) - new
    if figure.name == "new":
        return np.asarray(new + came)
    moved = _carried(came - np.sqrt(lost) * stream.standard_normal(shape), new, customers)
    if figure.name == "customers":
        return np.asarray(np.maximum(customers + moved, 0.0))
    # Who pays more or less than the average moves MRR by more than a customer.
    share = moved * np.sqrt(unequal) / np.maximum(customers, 1e-9)
    return np.asarray(np.maximum(getattr(projection, figure.series) * (1 + np.where(customers > 0, share, 0.0)), 0.0))


def _carried(moved: Array, new: Array, customers: Array) -> Array:
    """What is left each month of chance customers, of this month and those before."""
    stock = np.array(moved)
    for at in range(1, len(stock)):
        stays = (customers[at] - new[at]) / np.maximum(customers[at - 1], 1e-9)
        stock[at] += stock[at - 1] * np.clip(stays, 0.0, 1.0)
    return stock


def sentence(found: Course) -> str:
    """Say that a scenario is no forecast of this program, as it begins without its customers.

    Of any other whether, where and how far the program has left the band; where nothing is known yet, what is expected.
    """
    title, months = found.figure.title, found.compared
    if found.empty:
        return f"No forecast of this program: the scenario begins in {month_name(found.first)} without its customers"
    if not months:
        return _expected(found)
    if not found.left:
        here = "in the month that is known" if len(months) == 1 else f"in all {count(len(months), 'month')} known"
        return f"{title} stayed within the band {here}"
    first, last = found.left[0], months[-1]
    said = f"{title} left the band in {month_name(first)}, {found.missed(first)}"
    if first == last:
        return said
    if last not in found.left:
        return f"{said}, and was inside again in {month_name(last)}"
    return f"{said}; in {month_name(last)} it was {found.missed(last)}"


def _expected(found: Course) -> str:
    at = min(SHOWN, len(found.expected)) - 1
    low, high = found.said(float(found.band[0, at])), found.said(float(found.band[2, at]))
    was = found.real.get(found.first - 1)
    before = f", after {found.said(was)} in {month_name(found.first - 1)}" if was is not None else ""
    return f"{found.figure.title}: {low} to {high} expected in {month_name(found.first + at)}{before}"


def lacks(ledger: Ledger, scenario: Scenario, program: str, figure: Followed) -> str:
    """Say why a program's months can't be laid beside a scenario, and what to do; nothing where they can."""
    own, planned, terms = ledger.currency or "", scenario.market.currency, scenario.program(program)
    if figure.name == "payouts" and not (isinstance(terms, PartnerProgram) and {*PAID_OUT} & {*terms.payout.kinds}):
        return f"The plan pays nothing out to {NAMES[program]}: a margin is kept and posted in no file."
    if figure.unit == MONEY and own and own != planned:
        return f"The plan is in {planned}, the files are in {own}: amounts of two currencies are not compared."
    if not any(known(ledger, scenario, program, figure).values()):
        needs = ["accounts", "revenue"] + (["spend"] if figure.name == "payouts" else [])
        return f"The files hold no {inside(figure.title)} of {NAMES[program]}. It takes {listed(needs)} of this motion."
    return ""


PAID_OUT = ("percent", "lead", "flat", "share", "rebate", "bonus", "milestones")
"""parts of a payout plan that are paid and posted; the others are kept by the partner"""


# Why it came otherwise

MOVES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Already there", ("customers_at_start", "mrr_each_at_start", "partners_at_start")),
    ("Partners recruited", ("partners_recruited",)),
    ("Partners that become active", ("activation_rate",)),
    ("Leads", ("leads_per_partner", "leads")),
    ("Lead to customer", ("conversion_rate",)),
    ("Price", ("list_price", "deal_size_factor")),
    ("Customer churn", ("customer_churn_rate",)),
    ("Expansion", ("expansion_rate",)),
)
"""What calibration measures, in the order in which it takes the place of the plan's value."""


@dataclass(frozen=True)
class Bridge:
    """From what was planned to what came: `planned` + all steps + `unexplained` = `real`."""

    figure: Followed
    currency: str
    first: int
    last: int
    planned: float
    steps: tuple[tuple[str, float], ...]
    unexplained: float
    real: float
    unmeasured: tuple[str, ...]
    """what of MOVES the months say too little of: it is in what is not explained"""


def bridge(ledger: Ledger, scenario: Scenario, program: str, found: Course) -> Bridge | None:
    """Put what the months of a course measured in the place of the plan's inputs, one after the other.

    A stock is that of the last known month, a flow is added up over all known ones. None where no month is known.
    """
    if not found.compared:
        return None
    last = found.compared[-1]
    measured = _measured(ledger, scenario, program, found.first, last)
    reached, steps, unmeasured = scenario, [], []
    planned = before = _came_to(found, scenario)
    for title, names in MOVES:
        changes = {key: value for key, value in measured.items() if key.rpartition(".")[2] in names}
        if not changes:
            unmeasured += [title] if any(hasattr(scenario.program(program), name) for name in names) else []
            continue
        if title == MOVES[0][0]:
            changes |= {key: value for key, value in measured.items() if key.endswith(".ages_at_start")}
        reached = _moved(reached, changes)
        now = _came_to(found, reached)
        steps += [(title, now - before)] if now != before else []
        before = now
    real = _added(found, [found.real[month] for month in found.compared])
    return Bridge(
        found.figure, found.currency, found.first, last, planned, tuple(steps), real - before, real, tuple(unmeasured)
    )


def _measured(ledger: Ledger, scenario: Scenario, program: str, first: int, last: int) -> dict[str, Any]:
    """The inputs as the months say, by key; who was there at the start, as of the month before."""
    motions = () if program in BASELINES else (program,)
    months = m.Settings(as_of=last).model_copy(update={"window": last - first + 1})
    found: dict[str, Any] = {
        row.key: row.value
        for row in calibrate(ledger, scenario, months, motions).set
        if row.owner in (program, "market") and not row.key.endswith("_at_start")
    }
    there = calibrate(ledger, scenario, m.Settings(as_of=first - 1), motions) if first > ledger.first_month else None
    for row in there.set if there else ():
        if row.owner == program and row.key.endswith("_at_start"):
            found[row.key] = row.value
            if row.item.name == "age_at_start" and there:
                found[f"{program}.ages_at_start"] = there.scenario.at(f"{program}.ages_at_start")
    return found


def _moved(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    values = scenario.model_dump()
    for key, value in changes.items():
        put(values, key, value)
    return Scenario.model_validate(values)


def _came_to(found: Course, scenario: Scenario) -> float:
    series = getattr(run(scenario, only=found.program)[found.program].projection, found.figure.series)[:, 0]
    return _added(found, [float(series[month - found.first]) for month in found.compared])


def _added(found: Course, values: Sequence[float]) -> float:
    return float(sum(values)) if found.figure.flow else float(values[-1])


def why(found: Bridge) -> str:
    """Say what lies between the plan and what came, and which input did most of it."""
    show = found.figure.unit
    gap = found.real - found.planned
    span = f"in {month_name(found.last)}"
    if found.figure.flow and found.last > found.first:
        span = f"from {month_name(found.first)} to {month_name(found.last)}"
    if show.same(gap, found.currency):
        return f"{found.figure.title} {span} came as planned"
    side = "more" if gap > 0 else "less"
    said = f"{found.figure.title} {span}: {show.size(gap, found.currency)} {side} than planned"
    same_way = [(title, change) for title, change in found.steps if change * gap > 0]
    if not same_way:
        return f"{said}; no measured input explains it"
    title, change = max(same_way, key=lambda step: abs(step[1]))
    return f"{said}; largest step: {inside(title)}, {show.difference(change, found.currency)}"


def not_measured(found: Bridge) -> str:
    """Say what the months say too little of; nothing where all is measured."""
    if not found.unmeasured:
        return ""
    return (
        f"Too little is known of these months to measure {listed([inside(one) for one in found.unmeasured])}: their "
        "part is in what is not explained, with chance, and with what no file says."
    )


def months_to_begin(ledger: Ledger) -> dict[str, int]:
    """Return the calendar months that a scenario may begin in, by name: the one after the data first, then back."""
    return {month_name(month): month for month in range(ledger.last_month + 1, ledger.first_month, -1)}


def begins(ledger: Ledger, scenario: Scenario) -> int:
    """Return the place among `months_to_begin` of the month that a scenario names; the first where it names none."""
    names = list(months_to_begin(ledger))
    return names.index(scenario.begins) if scenario.begins in names else 0


def table(found: Course) -> pd.DataFrame:
    """Return the known months of a scenario as text: planned, the band, what came, and where it lies."""
    rows = [
        {
            "Month": month_name(month),
            "Planned": found.said(float(found.expected[month - found.first])),
            "P10 to P90": " to ".join(found.said(float(found.band[at, month - found.first])) for at in (0, 2)),
            "Came": found.said(found.real[month]),
            "Against the band": found.missed(month) if month in found.left else "inside",
        }
        for month in found.compared
    ]
    return pd.DataFrame(rows)
