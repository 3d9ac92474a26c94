"""What one typical customer makes its partner under a plan, and when: exact, from the statement of that one partner."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

import numpy as np

from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.plan_words import bonus_of, milestones_of, months_of
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import Bonus, Milestones, PayoutPlan, Terms, Tiered, in_credit, redeemed
from motions.economics.model.payers import YEAR, Payers, own_terms, payers_of, rates_differ
from motions.economics.model.statement import Ints, of_one
from motions.text import count, plain_percent
from motions.text import money_to_add as money

_Besides = TypeVar("_Besides", Bonus, Milestones)
LONG = 130
"""months over which the customer is followed: longer than any term of a plan lasts"""
FEWEST, MOST = 12, 60
"""months that are drawn"""
_ENDLESS = 24
"""of them where the customer goes on earning as long as it stays"""
_WHOLE = ("JPY",)
"""currencies of which the smallest coin is a whole unit"""
_WORTH = {"reward", "rate", "milestone_1_value", "milestone_2_value", "milestone_3_value"}
"""inputs of a bonus and of milestones that say what is paid"""
_PHASES = 4
"""of a series that are said one by one; of a longer one the first three"""
_NOTHING = "Partners are paid nothing: each side books its own sale."
_BESIDES = ("rebate", "bonus", "milestones")
"""parts that are for no typical customer, and are said beside it"""
_CREDIT = "Credit counts at what is redeemed of it."
_NONE_ALONE = "Partners are paid for no customer by itself."
_NONE_ELSE = "A customer won outside of the bonus's months earns its partner nothing by itself."


@dataclass(frozen=True)
class Typical:
    """One partner with one customer that stays and pays the same; series in whole units, month by month."""

    pays: str
    """what the customer pays for a month or a year, at list price, and what a coupon takes off it, in words"""
    earned: tuple[float, ...]
    """payouts and margin, in the month in which they are earned"""
    paid: tuple[float, ...]
    """the same when the partner has it: after the hold, once its balance is large enough; margin at once"""
    lapsed: tuple[float, ...]
    """what of it the partner never has, in the month in which its balance lapses"""
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


@dataclass(frozen=True)
class _Case:
    """What the sentence is made of; amounts by month in minor units."""

    groups: Sequence[Payers]
    most: Payers
    """the customer's"""
    differ: bool
    """whether another group earns its partner another rate"""
    asked: PayoutPlan
    plan: PayoutPlan
    """the same with the first rate of tiers"""
    pays: str
    each: str
    currency: str
    payout: Ints
    """before balances lapse"""
    lapsed: Ints
    margin: Ints
    paid: Ints
    """payouts"""
    friend: Ints
    """what the customer itself gets"""

    @property
    def by(self) -> int:
        """Months from one payment of the customer to the next."""
        return YEAR if self.each == "year" else 1


def typical(scenario: Scenario, program: str) -> Typical:
    """Return what a customer at the program's price makes its partner, by month, and the sentence that says it.

    The customer comes as a lead in the first month, stays and pays the same each month, or each year where as many
    prepay one as do not. Of tiers the first rate counts; a rebate and milestones, which are on all customers together,
    do not, nor does a bonus of some months. Refunds are left out.
    """
    case = _case(scenario, program)
    earned, paid = case.payout + case.margin, case.paid + case.margin
    months = _drawn(earned, paid + case.lapsed)
    made, had, lapsed = (_whole(one[:months]) for one in (earned, paid, case.lapsed))
    return Typical(case.pays, made, had, lapsed, _sentence(case), case.each)


def _case(scenario: Scenario, program: str) -> _Case:
    own, market = scenario.program(program), scenario.market
    assert isinstance(own, PartnerProgram)  # noqa: S101  where a plan is asked for there are partners
    groups, list_price = payers_of(market, own.payout), market.list_price * own.deal_size_factor
    most = _most(groups)
    asked = own_terms(own.payout, most, list_price)
    plan, each = _first_rates(asked), "month" if most.year is None else "year"
    price = list_price * most.size * (1 if most.year is None else most.year * YEAR)
    coin, by = 100 if market.currency in _WHOLE else 1, YEAR if each == "year" else 1
    found = of_one(plan, [0.0 if at % by else price for at in range(LONG)], months=LONG, leads=1, coin=coin)
    # The customer never leaves: what is taken back are balances that lapsed.
    lapsed = found.taken_back[0]
    pays = _pays(plan, price, each, market.currency, coin)
    differ = rates_differ(own.payout, groups, list_price)
    return _Case(
        groups, most, differ, asked, plan, pays, each, market.currency, found.payout[0] + lapsed, lapsed,
        found.margin[0], found.paid[0], found.friend[0],
    )  # fmt: skip


def _pays(plan: PayoutPlan, price: float, each: str, currency: str, coin: int) -> str:
    """What the customer pays before a coupon, and what that takes off."""
    full = of_one(plan.model_copy(update={"coupon": 0.0}), [price], coin=coin).spend[0, 0] / 100
    said = f"{money(full, currency)} a {each}"
    if not plan.coupon:
        return said
    return f"{said}, less a coupon of {plain_percent(plan.coupon)} for {count(plan.coupon_months, 'month')}"


def _most(payers: Sequence[Payers]) -> Payers:
    """The group of most customers; of equal ones the last, which prepays."""
    return max(reversed(payers), key=lambda one: float(one.share))


def _first_rates(plan: PayoutPlan) -> PayoutPlan:
    parts = {kind: plan.part(kind) for kind in plan.kinds}
    tiered = {kind: part for kind, part in parts.items() if isinstance(part, Tiered) and part.tiers != "none"}
    firsts = {kind: part.model_copy(update={"tiers": "none"}) for kind, part in tiered.items()}
    return plan.model_copy(update=firsts | dict.fromkeys(_BESIDES))


def _whole(amounts: Ints) -> tuple[float, ...]:
    return tuple((amounts / 100).tolist())


def _drawn(earned: Ints, paid: Ints) -> int:
    """How many months are worth drawing: until nothing comes any more."""
    if earned[-1]:
        changed = int(np.flatnonzero(np.diff(earned)).max(initial=-1)) + 1
        return min(max(_ENDLESS, changed + FEWEST), MOST)
    last = max((int(np.flatnonzero(series).max(initial=-1)) for series in (earned, paid)), default=-1)
    return min(max(last + 2, FEWEST), MOST)


def _sentence(case: _Case) -> str:
    if not case.plan.kinds:
        alone = _NONE_ELSE if case.asked.bonus is not None else _NONE_ALONE
        return " ".join((alone if case.asked.kinds else _NOTHING, *_remarks(case)))
    prepays = "" if case.by == 1 else "that prepays a year "
    at = case.pays if case.by == 1 else case.pays.replace(" a year", "", 1)
    whose = f"A typical customer {prepays}at {at}{',' if case.plan.coupon else ''}"
    payout, margin = case.payout[:: case.by], case.margin[:: case.by]
    # Of one that prepays all is earned in the months in which its years begin.
    makes = "earns" if payout.any() and not case.paid.any() else "makes"
    said = [f"{makes} its partner {_runs(payout, case)}."] if payout.any() or not margin.any() else []
    if margin.any():
        said.append(f"leaves its partner a margin of {_runs(margin, case)}.")
    return " ".join((f"{whose} {' It '.join(said)}", *_remarks(case)))


def _runs(series: Ints, case: _Case) -> str:
    """Say a series of amounts by its runs: so much in a month, so much a month for so many, and what comes then.

    Its unit may be a year. Of many runs only the first are said.
    """
    unit, currency = case.each, case.currency
    runs = [(amount / 100, len(list(same))) for amount, same in groupby(series.tolist())]
    *firsts, (last, _) = runs
    endless = f"{money(last, currency)} a {unit} as long as it stays" if last else ""
    if not firsts:
        return endless or "nothing"
    if not last and [months for _, months in firsts] == [1]:
        return f"{money(firsts[0][0], currency)} at once; nothing after"
    said = [_run(amount, number, currency, unit, at == 0) for at, (amount, number) in enumerate(firsts)]
    if len(said) > _PHASES - bool(last):
        return f"{', then '.join(said[: _PHASES - 1])}, and so on{'' if last else _in_all(firsts, currency)}"
    if endless:
        return ", then ".join((*said, endless))
    return f"{', then '.join(said)}{_in_all(firsts, currency)}"


def _in_all(runs: Sequence[tuple[float, int]], currency: str) -> str:
    return f", {money(sum(amount * months for amount, months in runs), currency)} in all; nothing after"


def _run(amount: float, number: int, currency: str, unit: str, first: bool) -> str:
    if not amount:
        return f"nothing for {count(number, unit)}"
    once = f"in its first {unit}" if first else f"in a {unit}"
    return f"{money(amount, currency)} {once if number == 1 else f'a {unit} for {number} {unit}s'}"


def _remarks(case: _Case) -> Iterator[str]:
    """Say when the money comes, what is taken back, and what the sentence leaves out."""
    plan = case.plan
    if (buys := plan.wholesale) is not None and buys.prepaid_months > 1:
        yield f"The partner buys {count(buys.prepaid_months, 'month')} at once."
    if case.payout.any():
        yield from _waiting(case)
    yield from _taken_back(case)
    if plan.kinds_in_credit:
        yield _CREDIT
    if case.friend.any():  # an amount, as what the partner earns has parts and caps that are no customer's
        yield f"The customer itself gets, as credit, {_runs(case.friend[:: case.by], case)}."
    if plan.marketplace_fee:
        yield f"The marketplace keeps {plain_percent(plan.marketplace_fee)} of what the customer pays."
    if plan.distributor:
        yield f"A distributor keeps {plain_percent(plan.distributor)} of what the partner pays it."
    if case.asked.override:
        share, rate = (plain_percent(one) for one in (plan.override_share, plan.override_rate))
        yield f"Where another partner recruited it ({share} of partners), that one gets {rate} of the payments besides."
    yield from _more_than_all(case)
    if case.asked.model_copy(update=dict.fromkeys(_BESIDES)) != plan:
        yield "Of tiers this is the first rate."
    yield from _besides(case)
    if not plan.kinds_in_credit and any(in_credit(part) for part in _said_besides(case.asked)):
        yield _CREDIT
    if case.differ:
        yield f"This is a customer {_kind(case)}; others earn their partner other rates."


def _besides(case: _Case) -> Iterator[str]:
    """Say what comes on top for all customers of a partner together, or for some of them."""
    asked = case.asked
    if asked.rebate is not None:
        on_top = ", and comes on top" if set(asked.kinds) - {"rebate"} else ""
        yield f"The rebate is on what all customers of a partner pay{on_top}."
    if asked.bonus is not None:
        yield _of_bonus(case, asked.bonus)
    if asked.milestones is not None:
        on_top = ", on top" if set(asked.kinds) - {"milestones"} else ""
        yield f"A partner gets {milestones_of(_as_redeemed(asked.milestones), case.currency)}{on_top}."


def _said_besides(plan: PayoutPlan) -> Iterator[Terms]:
    """The parts of which an amount is said besides: of a rebate there is none."""
    yield from (part for part in (plan.bonus, plan.milestones) if part is not None)


def _as_redeemed(part: _Besides) -> _Besides:
    """The part with what counts of its amounts: of credit what is redeemed of it."""
    worth = {name: getattr(part, name) * redeemed(part) for name in _WORTH & set(type(part).model_fields)}
    return part.model_copy(update=worth)


def _of_bonus(case: _Case, bonus: Bonus) -> str:
    """Say what a dated bonus is worth to the partner; what is paid at most may leave less of it."""
    earns = bonus_of(_as_redeemed(bonus), case.currency)
    besides = " besides" if case.plan.kinds else ""
    least = ", as far as what is paid at most allows" if case.asked.cap_per_customer or case.asked.cap_payout else ""
    return f"One that is won in {months_of(bonus)} of the program earns its partner {earns}{besides}{least}."


def _more_than_all(case: _Case) -> Iterator[str]:
    """Warn where percentages give away more than a first payment: of any customer, or of one won for the bonus."""
    part, with_bonus = given_away(case.plan), given_away(case.asked)
    before = " before what is paid at most" if case.asked.cap_per_customer or case.asked.cap_payout else ""
    if part > 1:
        yield f"In its first month {plain_percent(part)} of what it pays is given away{before}: more than all of it."
    if case.asked.bonus is not None and with_bonus > max(part, 1):
        whose = f"Of what one that is won in {months_of(case.asked.bonus)} pays first,"
        yield f"{whose} {plain_percent(with_bonus)} is given away{before}: more than all of it."


def given_away(plan: PayoutPlan) -> float:
    """Return which part of a first payment a plan's percentages give away: to its partner and whoever else has one.

    A dated bonus is that of a customer won for it; caps, tiers and fixed amounts are left out.

    >>> from motions.economics.inputs.terms import PartnerMargin, PercentOfRevenue
    >>> given_away(PayoutPlan(margin=PartnerMargin(margin=0.5), percent=PercentOfRevenue(rate=0.75)))
    1.25
    """
    margin = plan.margin.margin if plan.margin else 0.0
    margin += (1 - margin) * (plan.distributor if plan.margin else 0.0)
    commission = plan.percent.rate * redeemed(plan.percent) if plan.percent else 0.0
    share = share_alone = plan.share.rate * redeemed(plan.share) if plan.share else 0.0
    share += plan.share.funds_rate * plan.share.funds_used if plan.share else 0.0
    recruiter = plan.override_rate if plan.override_share else 0.0
    friend = float(plan.friend) * (commission + (1 - margin) * share_alone)
    bonus = plan.bonus.rate * redeemed(plan.bonus) if plan.bonus else 0.0
    return margin + (1 - margin) * share + friend + commission + bonus + recruiter + plan.marketplace_fee


def _kind(case: _Case) -> str:
    """Which of the groups the customer is of."""
    said = [f"on price plan {case.most.plan + 1}"] if len({one.plan for one in case.groups}) > 1 else []
    if len({one.year is None for one in case.groups}) > 1:
        said.append("that pays by the month" if case.by == 1 else "that prepays a year")
    return " ".join(said)


def _waiting(case: _Case) -> Iterator[str]:
    """Say when the first money comes, and what of all never does."""
    plan, least = case.plan, money(case.plan.minimum_payout, case.currency)
    earned, came = (np.flatnonzero(series > 0) for series in (case.payout, case.paid))
    lapses = f"lapses after {count(plan.lapse_months, 'month')}"
    if not len(came):
        yield f"It is never paid: its balance alone stays below {least}{f' and {lapses}' if case.lapsed.any() else ''}."
        return
    if came[0] > earned[0]:
        yield f"The first of it is paid in month {came[0] + 1}."
    if case.payout[-1]:
        if case.lapsed.any():
            yield f"Some of it is never paid: a balance below {least} {lapses}."
        return
    if case.lapsed.any():
        yield f"{money(case.lapsed.sum() / 100, case.currency)} of it is never paid: a balance below {least} {lapses}."
    rest = (case.payout - case.lapsed - case.paid).sum() / 100
    if rest and earned[-1] + plan.hold_months < LONG:
        yield f"{money(rest, case.currency)} of it stays unpaid, as it is less than {least}."


def _taken_back(case: _Case) -> Iterator[str]:
    """Say what goes back when the customer leaves, or is refunded."""
    plan, taken = case.plan, {"percent", "flat", "share"} & set(case.plan.kinds)
    if plan.clawback != "none" and taken:
        window = count(plan.clawback_months, "month")
        if case.by == YEAR and not case.most.refunded and plan.clawback_months < YEAR:
            yield f"Nothing is taken back: until its year ends it is a customer, and the clawback is within {window}."
        else:
            part = "all" if plan.clawback == "full" else "a part"
            yield f"If it leaves within {window}, {part} of it is taken back."
    if case.most.refund and (taken or plan.margin is not None):
        part = "" if case.most.part >= 1 else f"{plain_percent(case.most.part)} of "
        yield f"This is before refunds of {part}{plain_percent(case.most.refund)} of payments."
