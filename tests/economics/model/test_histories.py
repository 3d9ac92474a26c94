"""Histories of single partners against the statement: each one to the cent, and their mean against other histories."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import poisson as poisson_distribution

from motions.economics.inputs.assumptions import Market, PartnerProgram
from motions.economics.inputs.terms import (
    Bonus,
    FlatReward,
    LeadReward,
    Milestones,
    PartnerMargin,
    PayoutPlan,
    PercentOfRevenue,
    Rebate,
    RevenueShare,
    WholesaleDiscount,
)
from motions.economics.model import histories, projection
from motions.economics.model.histories import looks_at_one_partner, plain
from motions.economics.model.lane_pay import paid, plainly_paid
from motions.economics.model.lanes import CLASSES, Lanes, Law, poisson
from motions.economics.model.payers import ALIKE, Payers, payers_of
from motions.economics.model.payouts import productivity
from motions.economics.model.periods import by_calendar
from motions.economics.model.projection import arrivals, law_of, project, shares
from motions.economics.model.statement import Payments, state
from tests.conftest import examples
from tests.economics.model.payout_oracle import together
from tests.economics.model.test_payouts import (
    BONUS,
    CONDITIONS,
    FLAT,
    LEAD,
    MARGIN,
    MILESTONES,
    PERCENT,
    REBATE,
    SHARE,
    WHOLESALE,
)

LAWS = st.builds(
    Law,
    start=st.just(2.0),
    joining=st.just(1.5),
    ramp=st.integers(0, 4),
    keep=st.sampled_from([1.0, 0.9, 0.5]),
    leads=st.sampled_from([0.5, 2.0, 9.0]),
    conversion=st.sampled_from([0.2, 1.0]),
    cycle=st.integers(0, 3),
    top_share=st.sampled_from([0.2, 0.6]),
    price=st.sampled_from([100.0, 333.0]),
    customer_keep=st.sampled_from([1.0, 0.8, 0.3, 0.0]),
    grow=st.sampled_from([1.0, 1.1]),
    payers=st.just(ALIKE)
    | st.builds(
        lambda share, size, refunds, **year: (
            Payers(0.6 - share, **refunds),
            Payers(share, **year, **refunds),
            Payers(0.4 - share / 2, size=size, plan=1, **refunds),
            Payers(share / 2, size=size, plan=1, **year, **refunds),
        ),
        refunds=st.sampled_from([{}, {"refund": 0.2}, {"refund": 0.3, "part": 0.6, "after": 3}]),
        share=st.sampled_from([0.2, 0.6]),
        size=st.sampled_from([1.0, 2.5]),
        year=st.sampled_from([1.0, 10 / 12]),
        refunded=st.booleans(),
    ),
)
PLANS = st.builds(
    lambda side, **rest: PayoutPlan(**together(rest | side)),
    side=st.one_of(
        st.just({}),
        st.builds(lambda one: {"margin": one}, MARGIN),
        st.builds(lambda one: {"wholesale": one}, WHOLESALE),
    ),
    percent=st.none() | PERCENT,
    flat=st.none() | FLAT,
    lead=st.none() | LEAD,
    share=st.none() | SHARE,
    rebate=st.none() | st.none() | REBATE,
    bonus=st.none() | st.none() | BONUS,
    milestones=st.none() | st.none() | MILESTONES,
    payouts_end=st.sampled_from(["with the customer", "with the partnership"]),
    **CONDITIONS,
)


def as_payments(lanes):
    """The customers of lanes as a statement's rows: a lane is a partner, what is paid is rounded to the cent."""
    months = np.minimum(lanes.life, lanes.months - lanes.began)
    yearly = lanes.yearly if lanes.yearly.size else np.zeros(len(months), bool)
    months = np.where(yearly, -(-months // 12), months)
    order = np.lexsort([lanes.place, lanes.began, lanes.lane])
    account = np.repeat(np.arange(len(months)), months[order])
    age = np.arange(len(account)) - np.repeat(np.cumsum(months[order]) - months[order], months[order])
    began, lane, place = (values[order][account] for values in (lanes.began, lanes.lane, lanes.place))
    years = yearly[order][account]
    age = np.where(years, age * 12, age)
    price = np.where(years, 12 * (lanes.year_price[order][account] if yearly.any() else 1.0), 1.0) * lanes.price
    price = price * (lanes.sizes[order][account] if lanes.sizes.ndim else 1.0)
    on_plan = np.array([one.plan for one in lanes.groups])[lanes.group[order][account] if lanes.group.size else 0]
    cents = np.rint(price * lanes.grow**age * 100).astype(np.int64)
    until = np.where(lanes.active.any(axis=0), lanes.months - lanes.active[::-1].argmax(axis=0), 0)
    leads = lanes.leads.T.astype(np.int64)
    used = np.minimum(lanes.life[order][account] - age, 12)  # a customer that is not refunded is there for all of it
    covers = np.where(years, used, 1)
    back = np.flatnonzero(years & (used < 12) & (began + age + used < lanes.months))
    unused = np.where(years & (used < 12), (12 - used) / 12, 0.0) * (began + age + used < lanes.months)
    refunds = [np.stack([back, used[back], cents[back] * unused[back]], axis=1)]
    if (given := lanes.refunds) is not None:
        row = {(who, at): place for place, (who, at) in enumerate(zip(order[account], age, strict=True))}
        of = np.array([row[key] for key in zip(given.customer, given.age, strict=True)], dtype=np.int64)
        part, after = given.part[given.customer], np.full(len(of), given.after)
        before = np.where(used[of] < after, unused[of], 0.0)  # the rest of its year is paid back already
        refunds[0][:, 2] *= 1 - np.bincount(of, np.where(used[of] < after, 0, part), len(cents))[back]
        refunds.append(np.stack([of, after, cents[of] * part * (1 - before)], axis=1))
    refunds = np.rint(np.concatenate(refunds)).astype(np.int64)
    return Payments(lane, account, began + age, cents, age, place, leads, until, covers,
                    years.astype(np.int64), np.broadcast_to(on_plan, account.shape), refunds)  # fmt: skip


SOME_LEAVE = Law(
    start=2.0, joining=1.5, ramp=2, keep=0.9, leads=2.0, conversion=0.5, cycle=1, top_share=0.6, price=333.0,
    customer_keep=0.8, grow=1.1,
)  # fmt: skip


@settings(max_examples=examples(120))
@given(plan=PLANS, law=LAWS, months=st.integers(2, 14) | st.just(30), ramped=st.booleans())
@example(
    plan=PayoutPlan(
        percent=PercentOfRevenue(rate=0.1, tiers="whole", tier_2_from=1500, tier_2_value=0.3, tier_3_from=0),
        flat=FlatReward(reward=70, paid_in="credit"), friend_share=0.5, clawback="pro rata", clawback_months=4,
    ),
    law=SOME_LEAVE, months=14, ramped=False,
)  # fmt: skip
@example(  # funds that refunds take below zero, in a month in which share and funds are nearly as much
    plan=PayoutPlan(
        share=RevenueShare(rate=0.05, funds_rate=0.2, funds_used=1, paid_in="credit", redemption_rate=1),
        payout_fee=0.2,
    ),
    law=replace(
        SOME_LEAVE, customer_keep=0.0, price=333.33, grow=1.0, leads=9.0, payers=(Payers(1.0, refund=0.6, after=1),)
    ),
    months=30, ramped=True,
)  # fmt: skip
@example(  # a fifth of a cent that is stated as nothing does not wait, and so does not have lapse what comes after it
    plan=PayoutPlan(
        percent=PercentOfRevenue(rate=0.00002, duration="lifetime"), flat=FlatReward(reward=60), minimum_payout=100,
        lapse_months=2,
    ),
    law=replace(
        SOME_LEAVE, customer_keep=0.3, price=100.0, grow=1.0, payers=(Payers(1.0, refund=0.3, after=2),)
    ),
    months=30, ramped=True,
)  # fmt: skip
def test_each_history_is_paid_as_the_statement_pays_it(plan, law, months, ramped):
    if plan.wholesale:  # the statement does not know what a licence costs that nobody bought
        plan = plan.model_copy(update={"wholesale": plan.wholesale.model_copy(update={"commitment": 0.0})})
        # Nor that growth inside a prepaid licence is bought with the next one; and it is partners that prepay.
        law = replace(law, grow=1.0, payers=tuple(replace(one, refund=0) for one in law.payers if not one.year))
    # Each partner has recruited itself, so that a lane has what a recruiter would have of it; who recruits it stays,
    # and so nobody stops where payouts go on.
    plan = plan.model_copy(update={"override_share": 1.0, "marketplace_fee": 0.0})
    lanes = Lanes(law, ramped, 2, months, 1)
    found = paid(plan, lanes)
    rows = as_payments(lanes)
    rows = replace(rows, recruiter=np.arange(lanes.size), until=ends(plan, rows.until))
    stated = state(plan, rows)
    # A line is rounded to the cent; a balance that is a rounding from the least amount may go a month later.
    lines = 2 + rows.leads.sum(axis=1) + np.bincount(rows.partner, minlength=lanes.size) * 6
    near = _near_a_threshold(plan, lanes, stated)
    for mine, theirs in (
        (found["payouts"], stated.payout.T),
        (_margin(plan, lanes, found) if not plan.wholesale else None, stated.margin.T),
        (found["receipts"] if not plan.wholesale else None, (stated.spend - stated.margin - stated.distributor).T),
        (found["paid"], stated.paid.T),
        (found["fees"], stated.fees.T),
        (found.get("friend"), stated.friend.T),
    ):
        if mine is None:
            continue
        off = np.abs(np.broadcast_to(mine, theirs.shape) - theirs / 100)
        assert (off[:, ~near] <= lines[~near] * 0.011).all()


def ends(plan, until):
    """When partners stop, where it matters to them: as recruiters of themselves they would lose their overrides."""
    return until if plan.payouts_end == "with the partnership" else None


def _margin(plan, lanes, found):
    """What of the payments that arrive the partner keeps."""
    paid = lanes.payments(plan, None, None)
    if lanes.yearly.size:
        paid = paid - lanes.years.paid_back(lanes.years.paid(plan))
    if lanes.refunds is not None:
        paid = paid - lanes.refunds.by_month(lanes.refunds.amount(plan))
    return paid - found["receipts"] / (1 - plan.distributor)


def _near_a_threshold(plan, lanes, stated):
    """Histories in which a rounding decides: whether a tier, a cap or a least amount is reached."""
    close = np.zeros(lanes.size, bool)
    revenue = lanes.payments(plan, None, None)
    for part in (plan.percent, plan.flat, plan.share, plan.margin, plan.wholesale):
        if part is not None and part.tiers != "none":
            starts = [getattr(part, f"tier_{tier}_from") for tier in (2, 3, 4)]
            brought = revenue if part.tier_by == "revenue" else lanes.new
            for start in filter(None, starts):
                close |= (np.abs(brought - start) < 0.02 * (1 + lanes.new.sum(axis=0))).any(axis=0) & (
                    part.tier_by == "revenue"
                )
    if (once := plan.milestones) and once.milestone_by == "revenue":
        for at in filter(None, (once.milestone_1_at, once.milestone_2_at)):
            close |= (np.abs(revenue.cumsum(axis=0) - at) < 0.02 * (1 + lanes.new.sum(axis=0))).any(axis=0)
    if plan.minimum_payout:
        close |= (np.abs(stated.payout.cumsum(axis=1) - plan.minimum_payout * 100) < 300).any(axis=1)
    balance = (stated.payout - stated.paid).cumsum(axis=1)
    return close | ((np.abs(balance) < 100) & (balance != 0)).any(axis=1)


# The measure: what is expected is the mean over other histories, run through the statement


def followed(program, market, each, seed):
    """Payouts, what is paid, fees and margin of all months together, and of active partners, with standard errors.

    Partners and customers are drawn by NumPy one by one, and paid by the statement.
    """
    stream = np.random.default_rng(seed)
    months, weights = market.months, [float(part) * CLASSES for part in productivity(program.top_share, CLASSES)]
    sums, errors = np.zeros(6), np.zeros(6)
    for ramped, count in (
        (True, program.partners_at_start),
        (False, program.partners_recruited * program.activation_rate),
    ):
        if not count:
            continue
        # A partner that joins has its month at an age in every month of joining that leaves time for it. Where terms
        # look at the months of the program it is drawn in which of these it joins.
        joins = not ramped and by_calendar(program.payout)
        often = np.full(months, months if joins else 1.0) if ramped or joins else np.arange(months, 0, -1.0)
        for weight in weights:
            stated, active = pay(program, market, stream, each, ramped, weight, joins)
            whole = np.stack([one / 100 @ often for one in (stated.payout, stated.paid, stated.fees, stated.margin)])
            earned = ((stated.payout + stated.margin) / 100 * active) @ often
            found = np.concatenate([whole, earned[None], (stated.friend / 100 @ often)[None]])
            sums += count * found.mean(axis=1) / CLASSES
            errors += (count / CLASSES) ** 2 * found.var(axis=1, ddof=1) / each
    return sums, np.sqrt(errors)


def pay(program, market, stream, each, ramped, weight, joins=False):
    """The statement of so many partners of one productivity, and in which months each is active.

    `joins`: whether each begins in some month, and not in the first.
    """
    months, ramp = market.months, program.ramp_months
    rows, leads, active = [], np.zeros((each, months), dtype=np.int64), np.zeros((each, months))
    account, covers, refunds = 0, [], []
    for partner in range(each):
        begins = age = stream.integers(months) if joins else 0
        while age < months:
            active[partner, age] = 1
            age += 1
            if stream.random() < program.partner_churn_rate:
                break
        pace = np.ones(months) if ramped or not ramp else np.clip((np.arange(months) - begins) / ramp, 0, 1)
        leads[partner] = stream.poisson(active[partner] * pace * program.leads_per_partner * weight)
        for month in range(months):
            first = month + program.sales_cycle_months
            for place in range(
                stream.binomial(leads[partner, month], program.conversion_rate) if first < months else 0
            ):
                life = 1
                while first + life < months and stream.random() >= program.customer_churn_rate:
                    life += 1
                on_plan = int(bool(market.plan_2_share) and stream.random() < market.plan_2_share)
                size = market.plan_2_price if on_plan else 1.0
                by = 12 if market.prepaid_share and stream.random() < market.prepaid_share else 1
                for age in range(0, life, by):
                    price = size * market.list_price * program.deal_size_factor * (1 + program.expansion_rate) ** age
                    cents, used = round(price * (market.year_price if by == 12 else 1) * 100), min(life - age, by)
                    back = used < by and market.prepaid_rest == "refunded" and first + life < months
                    rest = round(cents * (by - used) / by) if back else 0
                    if market.refund_rate and stream.random() < market.refund_rate:  # in full: nothing is left of it
                        earlier = rest if used < market.refund_after else 0
                        if first + age + market.refund_after < months:
                            refunds.append((len(rows), market.refund_after, cents - earlier))
                            rest = earlier
                    if rest:
                        refunds.append((len(rows), used, rest))
                    covers.append((used if back else by, by == 12, on_plan))
                    rows.append((partner, account, first + age, cents, age, place))
                account += 1
    table = np.array(rows, dtype=np.int64).reshape(-1, 6)
    more = *np.array(covers, dtype=np.int64).reshape(-1, 3).T, np.array(refunds, dtype=np.int64).reshape(-1, 3)
    until, recruiter = ends(program.payout, months - active[:, ::-1].argmax(axis=1)), np.arange(each)
    return state(program.payout, Payments(*table.T, leads, until, *more, recruiter=recruiter)), active


PROGRAM = PartnerProgram(
    partners_at_start=5, partners_recruited=2, activation_rate=0.8, ramp_months=4, partner_churn_rate=0.04,
    leads_per_partner=3, conversion_rate=0.3, sales_cycle_months=1, customer_churn_rate=0.05, top_share=0.6,
)  # fmt: skip
LIFE = PercentOfRevenue(rate=0.2, duration="lifetime")


def tiered(kind, start, value, **more):
    tiers = {"tiers": kind, "tier_2_from": start, "tier_2_value": value, "tier_3_from": 0.0, **more}
    return LIFE.model_copy(update=tiers)


MEASURED = {
    "whole tiers": PayoutPlan(
        percent=tiered("whole", 4000, 0.4)
    ),
    "marginal tiers": PayoutPlan(
        percent=tiered("marginal", 3000, 0.35)
    ),
    "tiers by customers": PayoutPlan(
        flat=FlatReward(
            reward=100, tiers="marginal", tier_by="customers", tier_2_from=2, tier_2_value=400, tier_3_from=0
        )
    ),
    "cap of customers": PayoutPlan(flat=FlatReward(), cap_customers=1),
    "cap of customers, commission": PayoutPlan(percent=PercentOfRevenue(months=6), cap_customers=1),
    "cap of payouts": PayoutPlan(percent=LIFE, flat=FlatReward(reward=100), cap_payout=600),
    "least amount and hold": PayoutPlan(percent=LIFE, minimum_payout=1500, hold_days=60, payout_fee=0.03),
    "clawback": PayoutPlan(flat=FlatReward(), clawback="full", clawback_months=4, hold_days=45, payout_fee=0.02),
    "clawback rated again": PayoutPlan(
        percent=tiered("whole", 2000, 0.4),
        clawback="pro rata", clawback_months=6, cap_payout=3000,
    ),
    "margin by tiers": PayoutPlan(
        margin=PartnerMargin(margin=0.2, tiers="whole", tier_2_from=3000, tier_2_value=0.4, tier_3_from=0.0)
    ),
    "margin by tiers and a distributor": PayoutPlan(
        margin=PartnerMargin(
            margin=0.2, distributor_margin=0.15, tiers="whole", tier_2_from=3000, tier_2_value=0.4, tier_3_from=0.0
        ),
        share=RevenueShare(rate=0.1, months=6),
    ),
    "share, leads and credit": PayoutPlan(
        share=RevenueShare(rate=0.1, months=9, tiers="marginal", tier_2_from=2500, tier_2_value=0.3, tier_3_from=0.0),
        lead=LeadReward(reward=15), flat=FlatReward(reward=60, paid_in="credit", redemption_rate=0.5), cap_payout=900,
        payout_fee=0.05,
    ),
    "a commission in credit": PayoutPlan(
        percent=LIFE.model_copy(update={"paid_in": "credit"}), flat=FlatReward(reward=100), cap_payout=900,
        payout_fee=0.05,
    ),
    "as much for the customer": PayoutPlan(
        percent=tiered("whole", 4000, 0.4), flat=FlatReward(reward=90, paid_in="credit"), friend_share=0.5,
        clawback="full", clawback_months=4, cap_per_customer=400, payouts_end="with the partnership",
    ),
    "ends with the partnership": PayoutPlan(
        percent=LIFE, flat=FlatReward(reward=80), lead=LeadReward(reward=10), cap_payout=800, clawback="full",
        clawback_months=3, payouts_end="with the partnership",
    ),
    "plain, ends with the partnership": PayoutPlan(percent=LIFE, payouts_end="with the partnership"),
    "rates by what is bought": PayoutPlan(
        percent=PercentOfRevenue(rate=0.1, months=14, rate_by="plan", rate_2=0.3),
        flat=FlatReward(reward=100, rate_by="deal size", rate_2=300, rate_size_from=600), minimum_payout=700,
        cap_payout=900,
    ),
    "most per customer": PayoutPlan(
        percent=tiered("whole", 4000, 0.4), flat=FlatReward(reward=90), cap_per_customer=400, clawback="full",
        clawback_months=4, payouts_end="with the partnership",
    ),
    "tiers of a year": PayoutPlan(
        percent=tiered("marginal", 20_000, 0.4, tier_period="year"),
        flat=FlatReward(
            reward=100, tiers="whole", tier_by="customers", tier_period="total", tier_2_from=8, tier_2_value=400,
            tier_3_from=0,
        ),
    ),
    "tiers of a quarter that rate it again": PayoutPlan(
        percent=tiered("whole, rated again", 9000, 0.4, tier_period="quarter"), clawback="full", clawback_months=5,
        hold_days=30,
    ),
    "rebate": PayoutPlan(
        percent=LIFE, rebate=Rebate(rate=0.1, step_1_from=9000, step_2_from=20_000, step_2_value=0.2), clawback="full",
        clawback_months=4, payouts_end="with the partnership",
    ),
    "dated bonus": PayoutPlan(
        percent=LIFE, bonus=Bonus(reward=120, rate=1.5, from_month=4, to_month=9), cap_payout=900, clawback="pro rata",
        clawback_months=4,
    ),
    "milestones": PayoutPlan(
        percent=LIFE, milestones=Milestones(milestone_1_at=5, milestone_2_at=12), clawback="full", clawback_months=4,
        payouts_end="with the partnership",
    ),
    "milestones by revenue": PayoutPlan(
        flat=FlatReward(reward=90),
        milestones=Milestones(milestone_by="revenue", milestone_1_at=9000, milestone_2_at=20_000),
    ),
    "milestones by active customers": PayoutPlan(
        percent=LIFE, milestones=Milestones(milestone_by="active customers", milestone_1_at=6)
    ),
    "tiers by active customers": PayoutPlan(
        percent=tiered("whole", 8, 0.4, tier_by="active customers"), clawback="pro rata", clawback_months=6
    ),
    "coupon and taper": PayoutPlan(
        percent=PercentOfRevenue(
            rate=0.3, duration="taper", months=3, later_rate=0.05, tiers="whole", tier_2_from=3500, tier_2_value=0.45,
            tier_3_from=0.0,
        ),
        coupon=0.25, coupon_months=2,
    ),
}  # fmt: skip


def found_by(program, market):
    plan = program.payout
    nothing = program.model_copy(update={"payout": PayoutPlan(coupon=plan.coupon, coupon_months=plan.coupon_months)})
    p, unpaid = project(program, market), project(nothing, market)
    paid = p.payouts.sum() - (p.cash - p.contribution).sum() + (unpaid.cash - unpaid.contribution).sum()
    fees = p.program_cost.sum() - unpaid.program_cost.sum() - p.friend.sum()
    sides = (p.partner_margin.sum(), p.active_earnings.sum(), p.friend.sum())
    return np.array([p.payouts.sum(), paid, fees, *sides])


YEARS = (
    "rates by what is bought",
    "cap of payouts",
    "least amount and hold",
    "clawback",
    "clawback rated again",
    "coupon and taper",
)


@pytest.mark.proof
@pytest.mark.parametrize("rest", ["kept", "refunded"])
@pytest.mark.parametrize("name", YEARS)
def test_what_is_expected_of_customers_that_prepay_is_the_mean_over_other_histories(name, rest):
    program = PROGRAM.model_copy(update={"payout": MEASURED[name]})
    market = Market(months=24, prepaid_share=0.4, year_price=10, prepaid_rest=rest, plan_2_share=0.3, plan_2_price=2.0)
    wanted, errors = followed(program, market, 40, seed=7)
    for one, other, error in zip(found_by(program, market)[:3], wanted, errors, strict=False):
        assert abs(one - other) <= max(0.01 * abs(other), 4 * error), (name, one, other, error)


@pytest.mark.proof
@pytest.mark.parametrize("name", MEASURED)
def test_what_is_expected_is_the_mean_over_other_histories(name):
    program, market = PROGRAM.model_copy(update={"payout": MEASURED[name]}), Market(months=24)
    wanted, errors = followed(program, market, 40, seed=4)
    for one, other, error in zip(found_by(program, market), wanted, errors, strict=True):
        assert abs(one - other) <= max(0.01 * abs(other), 4 * error, 1e-6), (name, one, other, error)


@pytest.mark.proof
@settings(max_examples=20)
@given(
    plan=PLANS,
    months=st.integers(6, 60),
    changes=st.fixed_dictionaries(
        {
            "partners_at_start": st.sampled_from([0.0, 4.0]),
            "ramp_months": st.integers(0, 6),
            "partner_churn_rate": st.sampled_from([0.0, 0.05, 0.3]),
            "leads_per_partner": st.sampled_from([0.5, 3.0]),
            "sales_cycle_months": st.integers(0, 4),
            "customer_churn_rate": st.sampled_from([0.03, 0.3]),
            "expansion_rate": st.sampled_from([0.0, 0.02]),
            "top_share": st.sampled_from([0.2, 0.6]),
        }
    ),
    seed=st.integers(0, 1000),
)
def test_any_plan_is_expected_to_pay_the_mean_over_other_histories(plan, months, changes, seed):
    plan = plan.model_copy(update={"override_share": 1.0, "marketplace_fee": 0.0})  # each partner has recruited itself
    if plan.wholesale:  # see `test_each_history_is_paid_as_the_statement_pays_it`
        plan = plan.model_copy(update={"wholesale": plan.wholesale.model_copy(update={"commitment": 0.0})})
        changes = {**changes, "expansion_rate": 0.0}
    program, market = PROGRAM.model_copy(update={"payout": plan, **changes}), Market(months=months)
    wanted, errors = followed(program, market, 40, seed)
    names = ("payouts", "paid", "fees", "margin", "earnings of active partners", "what customers get")
    p = project(program, market)
    rounding = 0.006 * p.leads.sum() + 0.02 * p.customers_active.sum()  # the statement's, which has lines
    for name, one, other, error in zip(names, found_by(program, market), wanted, errors, strict=True):
        if plan.wholesale and name in ("paid", "margin", "earnings of active partners"):
            continue  # cash has prepaid licences in it, and a stopped partner's last licence still counts as its own
        near = max(0.01 * abs(other), 4.5 * math.hypot(error, p.error)) + rounding
        assert abs(one - other) <= near, (name, one, other, error)


def alone(terms, months=24, **changes):
    """Ten partners that stay and bring one customer a month on average, all alike, at 100 a month."""
    world = {
        "partners_at_start": 10, "partners_recruited": 0, "partner_churn_rate": 0, "ramp_months": 0,
        "leads_per_partner": 1, "conversion_rate": 1, "sales_cycle_months": 0, "customer_churn_rate": 0,
        "top_share": 0.2,
    }  # fmt: skip
    return project(PartnerProgram(payout=terms, **{**world, **changes}), Market(list_price=100, months=months))


def test_a_cap_of_one_customer_at_a_mean_of_one_pays_what_chance_leaves():
    paid = alone(PayoutPlan(flat=FlatReward(reward=100), cap_customers=1)).payouts
    assert paid.mean() / 1000 == pytest.approx(1 - math.exp(-1), rel=0.003)
    tiers = FlatReward(reward=100, tiers="whole", tier_by="customers", tier_2_from=3, tier_2_value=500, tier_3_from=0)
    number = np.arange(60)
    chance = poisson_distribution.pmf(number, 1.0)
    expected = (chance * number * np.where(number >= 3, 500, 100)).sum()
    assert alone(PayoutPlan(flat=tiers)).payouts.mean() / 10 == pytest.approx(expected, rel=0.01)


def test_ages_of_partners_matter():
    """Cases, row 18: one partner more a month, each with a customer more a month; 10 %, and 40 % of a month from 1,000.

    Of 18 partners those with 100 to 900 make 10 % of 4,500 in month 18, those with 1,000 to 1,800 40 % of 12,600.
    """
    terms = LIFE.model_copy(
        update={"rate": 0.1, "tiers": "whole", "tier_2_from": 1000, "tier_2_value": 0.4, "tier_3_from": 0.0}
    )
    rows = [
        (partner, partner * 18 + came, month, 100_00, month - came, 0)
        for partner in range(18) for came in range(partner, 18) for month in range(came, 18)
    ]  # fmt: skip
    table = np.array(rows, dtype=np.int64).T
    table[1] = np.unique(table[1], return_inverse=True)[1]
    assert state(terms, Payments(*table, np.zeros((18, 18), np.int64))).payout[:, 17].sum() == 5_490_00
    # The simulator's partners bring one customer a month on average, by chance: so many until now is Poisson's.
    joining = {"partners_at_start": 0, "partners_recruited": 1, "activation_rate": 1}
    number = np.arange(100)
    chance = poisson_distribution.pmf(number, np.arange(1, 19)[:, None])
    expected = (chance * number * 100 * np.where(number >= 10, 0.4, 0.1)).sum()
    assert alone(PayoutPlan(percent=terms), 18, **joining).payouts[17, 0] == pytest.approx(expected, rel=0.01)


def test_a_cap_that_no_partner_reaches_changes_nothing():
    """Cases, row 20: partners stop at 5 % a month, and the cap lies a little above the most of any of them."""
    plan = PayoutPlan(percent=LIFE)
    program, market = PROGRAM.model_copy(update={"payout": plan, "partner_churn_rate": 0.05}), Market(months=24)
    capped = plan.model_copy(update={"cap_payout": 1.0})
    law = law_of(program, market, arrivals(program, 24))
    most = max(
        float(paid(plan, Lanes(law, ramped, histories.HISTORIES, 24, 1, None, False))["payouts"].max())
        for ramped in (True, False)
    )
    free = project(program, market)
    for cap, same in ((most * 2000 / 1987, True), (most * 0.9, False)):
        one = project(program.model_copy(update={"payout": capped.model_copy(update={"cap_payout": cap})}), market)
        assert np.allclose(one.payouts, free.payouts, rtol=1e-12, atol=1e-9) is same


@pytest.mark.parametrize("keep", [1.0, 0.95])
def test_a_partner_that_stops_goes_on_earning_from_its_own_customers_and_nobody_else_does(keep):
    """Customers of active partners only: those won after a partner's start are kept with it."""
    p = alone(PayoutPlan(percent=PercentOfRevenue(rate=0.1, duration="lifetime")), partner_churn_rate=1 - keep)
    active = 10 * keep ** np.arange(24)
    assert p.partners_active[:, 0] == pytest.approx(active)
    assert p.payouts[:, 0] == pytest.approx(np.cumsum(active) * 10)  # all customers ever won, at 10 a month each
    # A partner that is active in month t has had a customer a month from its first on.
    assert p.active_earnings[:, 0] == pytest.approx(active * np.arange(1, 25) * 10)


@pytest.mark.parametrize("plan", [PayoutPlan(percent=PercentOfRevenue(months=6)), MEASURED["cap of payouts"]])
def test_a_shared_demand_counts_for_single_partners_too(plan):
    """Half of the customers are left in every month: as a program that converts half as many."""
    program, market = PROGRAM.model_copy(update={"payout": plan, "sales_cycle_months": 0}), Market(months=24)
    came = arrivals(program, 24)
    shared = project(program, market, replace(came, new=came.new * 0.5))
    half = project(program.model_copy(update={"conversion_rate": program.conversion_rate / 2}), market)
    for name in ("payouts", "vendor_revenue", "active_earnings"):
        assert getattr(shared, name).sum() == pytest.approx(getattr(half, name).sum(), rel=0.015)


def test_many_draws_come_near_each_alone():
    plan, market, leads = PayoutPlan(percent=LIFE, cap_payout=600), Market(months=24), np.linspace(1.0, 5.0, 200)
    many = project(PROGRAM.model_copy(update={"payout": plan, "leads_per_partner": leads}), market).payouts.sum(axis=0)
    for at in (0, 60, 100, 150, 199):
        program = PROGRAM.model_copy(update={"payout": plan, "leads_per_partner": float(leads[at])})
        assert many[at] == pytest.approx(project(program, market).payouts.sum(), rel=0.08)


@given(st.floats(0.01, 300), st.integers(0, 2**32 - 1))
def test_poisson_numbers_are_those_of_the_inverse_distribution(mean, seed):
    uniform = np.random.default_rng(seed).random(200)
    found, wanted = poisson(np.full(200, mean), uniform), poisson_distribution.ppf(uniform, mean)
    assert np.abs(found - wanted).max() <= (1 if mean > 40 else 0)


@given(plan=PLANS)
def test_a_plain_plan_looks_at_nobody_but_for_what_is_taken_back(plan):
    bare = plain(plan)
    assert plain(bare) == bare
    assert not looks_at_one_partner(bare.model_copy(update={"clawback": "none"}))


@settings(max_examples=examples(60))
@given(plan=PLANS, law=LAWS, hold=st.sampled_from([0, 30, 90, 330]), months=st.sampled_from([5, 30]))
def test_what_is_not_followed_is_the_same_in_each_history(plan, law, hold, months):
    """Refunds that come before anything is paid for them: each partner has what the plain terms give it."""
    plan = plain(plan).model_copy(update={"clawback": "none", "hold_days": hold, "payout_day": 0})
    if plan.share is not None:
        plan = plan.model_copy(update={"share": plan.share.model_copy(update={"funds_rate": 0.0})})
    if looks_at_one_partner(plan, law.payers):
        return
    lanes = Lanes(law, True, 2, months, 1)
    mine, plainly = paid(plan, lanes), plainly_paid(plain(plan), lanes)
    for name, found in mine.items():
        assert np.allclose(found, plainly[name], rtol=1e-9, atol=1e-6), name


REFUNDED = {
    "in full": (PayoutPlan(percent=LIFE, flat=FlatReward(reward=90), hold_days=30, payout_fee=0.02), {}),
    "in part, later": (
        PayoutPlan(percent=PercentOfRevenue(months=6), margin=PartnerMargin(margin=0.2), hold_days=90, payout_fee=0.02),
        {"refund_part": 0.5, "refund_after": 3},
    ),
    "of years": (PayoutPlan(percent=LIFE, hold_days=60), {"prepaid_share": 0.4, "year_price": 10, "refund_after": 2}),
    "rests of years": (
        PayoutPlan(percent=LIFE, hold_days=330, payouts_end="with the partnership"),
        {"prepaid_share": 0.4, "prepaid_rest": "refunded"},
    ),
    "of plans, in credit": (
        PayoutPlan(flat=FlatReward(paid_in="credit", rate_by="plan"), hold_days=30, payout_fee=0.02),
        {"plan_2_share": 0.3},
    ),
}


@pytest.mark.parametrize(("name", "already"), [*((name, 0.0) for name in REFUNDED), ("of years", 25.0)])
def test_refunds_within_the_hold_are_known_without_following_and_are_what_is_followed(name, already, monkeypatch):
    plan, world = REFUNDED[name]
    market = Market(months=24, **{"refund_rate": 0.15, **world})
    program = PROGRAM.model_copy(update={"payout": plan, "customers_at_start": already})
    known, seen = project(program, market), []
    assert known.error == 0
    # Followed, with what the plain plan comes to, it is the same to the last digits.
    monkeypatch.setattr(projection, "looks_at_one_partner", lambda *_: True)
    monkeypatch.setattr(projection, "follow", lambda *asked: seen.append(histories.follow(*asked)) or seen[-1])
    found = project(program, market)
    for series in ("payouts", "cash", "program_cost", "vendor_revenue", "active_earnings"):
        assert np.allclose(getattr(known, series), getattr(found, series), rtol=1e-9, atol=1e-6), series
    # And what partners were paid by themselves is that but for chance.
    parts = shares(program, market, arrivals(program, 24))
    for series in () if already else ("payouts", "paid", "fees"):
        assert getattr(parts, series).sum() == pytest.approx(seen[0].full[series].sum(), rel=0.02), series


@pytest.mark.parametrize(("part", "already"), [(0.6, 0.0), (1.0, 25.0)])
def test_a_most_per_customer_beside_refunds_and_price_plans_is_what_is_followed(part, already, monkeypatch):
    plan = PayoutPlan(percent=LIFE, flat=FlatReward(reward=90), cap_per_customer=400, hold_days=60, payout_fee=0.02)
    market = Market(months=24, refund_rate=0.3, refund_part=part, refund_after=2, plan_2_share=0.3, plan_2_price=2.5)
    program = PROGRAM.model_copy(update={"payout": plan, "customers_at_start": already, "expansion_rate": 0.01})
    known = project(program, market)
    assert known.error == 0
    monkeypatch.setattr(projection, "looks_at_one_partner", lambda *_: True)
    found = project(program, market)
    for series, near in (("payouts", 0.01), ("cash", 0.01), ("program_cost", 0.001), ("active_earnings", 0.01)):
        assert getattr(known, series).sum() == pytest.approx(getattr(found, series).sum(), rel=near), series


@pytest.mark.parametrize(
    ("plan", "world"),
    [
        (PayoutPlan(percent=LIFE), {}),  # a refund a month after what was paid at once
        (PayoutPlan(percent=LIFE, hold_days=30), {"refund_after": 2}),
        (PayoutPlan(percent=LIFE, hold_days=300), {"prepaid_share": 0.3, "prepaid_rest": "refunded"}),
        (PayoutPlan(percent=LIFE, hold_days=30, clawback="full"), {}),
        (PayoutPlan(share=RevenueShare(), hold_days=30), {}),  # its funds follow what arrives
        (PayoutPlan(percent=LIFE, flat=FlatReward(paid_in="credit"), hold_days=30, payout_fee=0.02), {}),
        (PayoutPlan(percent=LIFE, hold_days=30, minimum_payout=50), {}),
        (PayoutPlan(percent=LIFE, hold_days=30, cap_per_customer=50), {"prepaid_share": 0.3}),
    ],
)
def test_where_a_balance_may_fall_below_zero_or_wait_partners_are_followed(plan, world):
    assert looks_at_one_partner(plan, payers_of(Market(**{"refund_rate": 0.1, **world}), plan))


@pytest.mark.proof
@pytest.mark.parametrize(
    ("plan", "name", "values"),
    [
        # The plain plan pays nothing, and the plan does.
        (PayoutPlan(percent=PercentOfRevenue(rate=0, tiers="whole", tier_2_from=500)), "leads_per_partner", (1.0, 5.0)),
        # Draws in which nothing happens stand beside others.
        (PayoutPlan(percent=PercentOfRevenue(tiers="whole")), "leads_per_partner", (0.0, 5.0)),
        (PayoutPlan(percent=LIFE, cap_payout=600, clawback="pro rata"), "sales_cycle_months", (0, 24)),
        (PayoutPlan(wholesale=WholesaleDiscount(commitment=2)), "conversion_rate", (0.01, 0.2)),
        (PayoutPlan(percent=LIFE, clawback="full", clawback_months=24), "customer_churn_rate", (0.05, 0.9)),
    ],
)
def test_very_many_draws_scatter_around_each_alone(plan, name, values):
    program, market = PROGRAM.model_copy(update={"payout": plan, "ramp_months": 0}), Market(months=12)
    drawn = np.linspace(*values, 200)
    drawn = np.rint(drawn) if isinstance(values[1], int) else drawn
    many = project(program.model_copy(update={name: drawn}), market)
    assert (many.vendor_revenue.sum(axis=0) >= 0).all()
    for series in ("payouts", "vendor_revenue", "cash"):
        some = np.broadcast_to(getattr(many, series), (12, 200)).sum(axis=0)
        # Ten neighbours at a time, whose errors are apart.
        for at in (0, 95, 190):
            near = slice(at, at + 10)
            alone = [project(program.model_copy(update={name: type(values[1])(one)}), market) for one in drawn[near]]
            wanted = np.array([getattr(one, series).sum() for one in alone])
            scale = max(abs(wanted).mean(), 0.05 * alone[0].spend.sum(), 1.0)
            assert abs(some[near].mean() - wanted.mean()) < 0.12 * scale, (series, at)


def test_a_cap_of_zero_among_drawn_caps_is_none():
    caps = np.clip(np.random.default_rng(2).normal(150, 100, 200), 0, None)
    plan = PayoutPlan(percent=LIFE).model_copy(update={"cap_payout": caps})
    many = project(PROGRAM.model_copy(update={"payout": plan}), Market(months=24)).payouts.sum(axis=0)
    free = project(PROGRAM.model_copy(update={"payout": PayoutPlan(percent=LIFE)}), Market(months=24)).payouts.sum()
    assert many[caps == 0] == pytest.approx(free)
    assert (many[caps > 0] < free).all()


def test_a_partner_with_very_many_customers_is_followed_in_bounded_memory():
    """Of more than 64 a month several are followed as one: what they pay is as much."""
    plan, market = PayoutPlan(percent=LIFE, cap_payout=1e5), Market(months=12)
    program = PROGRAM.model_copy(update={"payout": plan, "leads_per_partner": 10_000.0, "conversion_rate": 1.0})
    assert project(program, market).payouts.sum() > 0
    free = program.model_copy(update={"payout": PayoutPlan(percent=LIFE, minimum_payout=0.01)})
    plain_plan = program.model_copy(update={"payout": PayoutPlan(percent=LIFE)})
    assert project(free, market).payouts.sum() == pytest.approx(project(plain_plan, market).payouts.sum(), rel=1e-9)


def test_the_first_months_do_not_change_with_the_horizon():
    program = PROGRAM.model_copy(update={"payout": PayoutPlan(flat=FlatReward(), cap_customers=1)})
    law = law_of(program, Market(), arrivals(program, 36))
    short, long = (histories.follow(program.payout, law, months) for months in (12, 36))
    assert np.allclose(short.full["payouts"], long.full["payouts"][:12])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sales_cycle_months": 5, "ramp_months": 0},
        {"partners_at_start": 0.0, "ramp_months": 9, "partner_churn_rate": 0.2},
        {"customer_churn_rate": 0.3, "expansion_rate": 0.03, "top_share": 0.2},
    ],
)
def test_histories_come_and_stay_as_the_program_says(changes):
    """Under plain terms, of which the expectation is known exactly, month by month and without the help of it."""
    plan = PayoutPlan(percent=PercentOfRevenue(months=4), lead=LeadReward(reward=20), coupon=0.1, cap_per_customer=250)
    program, market = PROGRAM.model_copy(update={"payout": plan, **changes}), Market(months=24)
    p = project(program, market)
    found = histories.follow(plan, law_of(program, market, arrivals(program, 24)), 24)
    for name in ("payouts", "vendor_revenue", "active_earnings"):
        known = getattr(p, name)
        assert found.full[name].sum() == pytest.approx(known.sum(), rel=0.015), name
        some = slice(8, None)  # few partners have been there in the first months
        assert found.full[name][some] == pytest.approx(known[some], rel=0.05), name
