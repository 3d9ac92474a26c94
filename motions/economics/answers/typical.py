"""What one typical customer makes its partner under a plan, and when: exact, from the statement of that one partner."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import PayoutPlan, Tiered
from motions.economics.model.payers import YEAR, Payers, own_terms, payers_of
from motions.economics.model.statement import Ints, of_one
from motions.text import count, money, percent

LONG = 130
"""months over which the customer is followed: longer than any term of a plan lasts"""
FEWEST, MOST = 12, 60
"""months that are drawn"""
_ENDLESS = 24
"""of them where the customer goes on earning as long as it stays"""
_WHOLE = ("JPY",)
"""currencies of which the smallest coin is a whole unit"""
_NOTHING = "Partners are paid nothing: each side books its own sale."
_REBATE = "No customer by itself earns its partner anything."


@dataclass(frozen=True)
class Typical:
    """One partner with one customer that stays and pays the same; series in whole units, month by month."""

    price: float
    """what the customer pays in its first month, for that or for a year"""
    earned: tuple[float, ...]
    """payouts and margin, in the month in which they are earned"""
    paid: tuple[float, ...]
    """the same when the partner has it: after the hold, once its balance is large enough; margin at once"""
    sentence: str
    each: str = "month"
    """what it pays for at once, a month or a year"""

    @property
    def waits(self) -> int | None:
        """Months from the first earning to the first money; None where it never comes."""
        first = [next((at for at, amount in enumerate(series) if amount > 0), None) for series in self._series]
        return None if first[0] is None or first[1] is None else first[1] - first[0]

    @property
    def _series(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        return self.earned, self.paid


def typical(scenario: Scenario, program: str) -> Typical:
    """Return what a customer at the program's price makes its partner, by month, and the sentence that says it.

    The customer comes as a lead in the first month, stays and pays the same each month, or each year where as many
    prepay one as do not. Of tiers the first rate counts, and a rebate, which is on all customers together, does not.
    """
    own = scenario.program(program)
    assert isinstance(own, PartnerProgram)  # noqa: S101  where a plan is asked for there are partners
    price, most = scenario.market.list_price * own.deal_size_factor, _most(payers_of(scenario.market, own.payout))
    asked, currency = own_terms(own.payout, most, price), scenario.market.currency
    plan = _first_rates(asked)
    price = price * most.size
    by = 1 if most.year is None else YEAR
    price = price if most.year is None else price * most.year * YEAR
    coin = 100 if currency in _WHOLE else 1
    found = of_one(plan, [0.0 if at % by else price for at in range(LONG)], months=LONG, leads=1, coin=coin)
    months = _drawn(found.earnings[0], found.paid[0] + found.margin[0])
    earned, paid, spend = (
        _whole(series[0, :months]) for series in (found.earnings, found.paid + found.margin, found.spend)
    )
    said = _sentence(asked, plan, price, by, currency, found.payout[0], found.margin[0], found.paid[0])
    return Typical(spend[0], earned, paid, said, "month" if by == 1 else "year")


def _most(payers: Sequence[Payers]) -> Payers:
    """The group of most customers; of equal ones the last, which prepays."""
    return max(reversed(payers), key=lambda one: float(one.share))


def _first_rates(plan: PayoutPlan) -> PayoutPlan:
    parts = {kind: plan.part(kind) for kind in plan.kinds}
    tiered = {kind: part for kind, part in parts.items() if isinstance(part, Tiered) and part.tiers != "none"}
    firsts = {kind: part.model_copy(update={"tiers": "none"}) for kind, part in tiered.items()}
    return plan.model_copy(update=firsts | {"rebate": None})


def _whole(amounts: Ints) -> tuple[float, ...]:
    return tuple((amounts / 100).tolist())


def _drawn(earned: Ints, paid: Ints) -> int:
    """How many months are worth drawing: until nothing comes any more."""
    if earned[-1]:
        changed = int(np.flatnonzero(np.diff(earned)).max(initial=-1)) + 1
        return min(max(_ENDLESS, changed + FEWEST), MOST)
    last = max((int(np.flatnonzero(series).max(initial=-1)) for series in (earned, paid)), default=-1)
    return min(max(last + 2, FEWEST), MOST)


def _sentence(
    asked: PayoutPlan, plan: PayoutPlan, price: float, by: int, currency: str, payout: Ints, margin: Ints, paid: Ints
) -> str:
    if not plan.kinds:
        return " ".join((_REBATE if asked.kinds else _NOTHING, *_remarks(asked, plan, payout, paid, currency)))
    unit = "month" if by == 1 else "year"
    prepays = "" if by == 1 else "that prepays a year "
    whose = f"A typical customer {prepays}at {money(price, currency)}{' a month' if by == 1 else ''}"
    # Of one that prepays all is earned in the months in which its years begin.
    said = [f"makes its partner {_runs(payout[::by], currency, unit)}."] if payout.any() or not margin.any() else []
    if margin.any():
        said.append(f"leaves its partner a margin of {_runs(margin[::by], currency, unit)}.")
    return " ".join((f"{whose} {' It '.join(said)}", *_remarks(asked, plan, payout, paid, currency)))


def _runs(series: Ints, currency: str, unit: str) -> str:
    """Say a series of amounts by its runs: so much in a month, so much a month for so many, and what comes then.

    Its `unit` may be a year.
    """
    runs = [(amount / 100, len(list(same))) for amount, same in groupby(series.tolist())]
    *firsts, (last, _) = runs
    endless = f"{money(last, currency)} a {unit} as long as it stays" if last else ""
    if not firsts:
        return endless or "nothing"
    if not last and [months for _, months in firsts] == [1]:
        return f"{money(firsts[0][0], currency)} at once; nothing after"
    said = [_run(amount, number, currency, unit, at == 0) for at, (amount, number) in enumerate(firsts)]
    if endless:
        return ", then ".join((*said, endless))
    whole = money(sum(amount * months for amount, months in firsts), currency)
    return f"{', then '.join(said)}, {whole} in all; nothing after"


def _run(amount: float, number: int, currency: str, unit: str, first: bool) -> str:
    if not amount:
        return f"nothing for {count(number, unit)}"
    once = f"in its first {unit}" if first else f"in a {unit}"
    return f"{money(amount, currency)} {once if number == 1 else f'a {unit} for {number} {unit}s'}"


def _remarks(asked: PayoutPlan, plan: PayoutPlan, payout: Ints, paid: Ints, currency: str) -> Iterator[str]:
    """Say when the money comes, what is taken back, and what the sentence leaves out."""
    if (buys := plan.wholesale) is not None and buys.prepaid_months > 1:
        yield f"The partner buys {count(buys.prepaid_months, 'month')} at once."
    if payout.any():
        yield from _waiting(plan, payout, paid, currency)
    if plan.clawback != "none" and {"percent", "flat", "share"} & set(plan.kinds):
        part = "all" if plan.clawback == "full" else "a part"
        yield f"If it leaves within {count(plan.clawback_months, 'month')}, {part} of it is taken back."
    if plan.flat is not None and plan.flat.paid_in == "credit":
        yield "Credit counts at what is redeemed of it."
    if plan.marketplace_fee:
        yield f"The marketplace keeps {percent(plan.marketplace_fee)} of what the customer pays."
    if plan.override_rate and asked.kinds:
        yield f"Who recruited the partner gets {percent(plan.override_rate)} of what the customer pays besides."
    if asked.model_copy(update={"rebate": None}) != plan:
        yield "Of tiers this is the first rate."
    if asked.rebate is not None:
        yield "The rebate is on what all customers of a partner pay, and comes on top."


def _waiting(plan: PayoutPlan, payout: Ints, paid: Ints, currency: str) -> Iterator[str]:
    earned, came = (np.flatnonzero(series > 0) for series in (payout, paid))
    if not len(came):
        yield f"It is never paid: its balance alone stays below {money(plan.minimum_payout, currency)}."
    elif came[0] > earned[0]:
        yield f"The first of it is paid in month {came[0] + 1}."
