"""Customers over their whole lives, against programs that run off, customers followed by hand, and other horizons."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from motions.economics.inputs.assumptions import Market, PartnerProgram
from motions.economics.inputs.presets import presets
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import (
    Bonus,
    FlatReward,
    LeadReward,
    Milestones,
    PartnerMargin,
    PayoutPlan,
    PercentOfRevenue,
    WholesaleDiscount,
)
from motions.economics.model.cohort import LIFE, Cohort, cohort
from motions.economics.model.projection import arrivals, project
from motions.economics.model.results import effective_cpa, of_customers
from motions.economics.model.run import run
from tests.conftest import examples
from tests.economics.model.test_payouts import SIMPLE_TERMS
from tests.economics.model.test_projection import PROGRAMS_DRAWN

MARKET = Market(spread_months=24)
SHORT_LIVES = st.builds(
    PartnerProgram,
    payout=SIMPLE_TERMS,
    partners_at_start=st.floats(1, 20),
    partners_recruited=st.floats(0, 20),
    sales_cycle_months=st.integers(0, 5),
    customer_churn_rate=st.floats(0.15, 0.6),
    expansion_rate=st.sampled_from([0, 0.01]),
    cost_per_customer=st.floats(0, 100),
)


def won(program: PartnerProgram, market: Market) -> Cohort:
    return cohort(program, market, arrivals(program, max(market.months, market.spread_months)))


@given(SHORT_LIVES)
def test_what_customers_take_is_what_the_program_spends_when_nobody_comes_after_them(program):
    """The program once more with arrivals in the first months only, run until nobody is left: lives of 0.15 churn end
    long before LIFE months."""
    market = MARKET.model_copy(update={"months": 120})
    came = arrivals(program, market.months)
    ended = [np.where(np.arange(120)[:, None] < market.spread_months, one, 0.0) for one in (came.leads, came.new)]
    p = project(program, market, replace(came, leads=ended[0], new=ended[1]))
    first = slice(0, market.spread_months)
    running = project(program.model_copy(update={"payout": PayoutPlan()}), market, came).program_cost[first].sum()
    fees = p.program_cost.sum() - project(
        program.model_copy(update={"payout": program.payout.model_copy(update={"payout_fee": 0.0})}), market,
        replace(came, leads=ended[0], new=ended[1]),
    ).program_cost.sum()  # fmt: skip
    assert won(program, market).won == pytest.approx(p.customers_new.sum())
    # What is held until after the last month, and a licence bought for longer than it, are the last of small sums.
    assert won(program, market).spend == pytest.approx(running + p.paid_out + p.given_up + fees, rel=1e-3, abs=0.5)


@settings(max_examples=examples(25), deadline=None)
@given(PROGRAMS_DRAWN, st.sampled_from([6, 11, 60]))
def test_nothing_of_a_customer_depends_on_the_months_shown(program, months):
    here, there = (won(program, MARKET.model_copy(update={"months": shown})) for shown in (24, months))
    for name in ("won", "spend", "payback", "beyond"):
        assert getattr(here, name) == pytest.approx(getattr(there, name), rel=1e-9, nan_ok=True), name


@pytest.mark.parametrize("name", ["affiliate", "reseller", "channel", "referral", "ecosystem", "sales_led"])
def test_figures_of_a_customer_stay_when_the_horizon_moves(name):
    scenario = default_scenario().replace(shown=("affiliate", "reseller"))
    found = [run(scenario.with_market(months=months), only=name)[name].figures for months in (6, 36, 120)]
    for figure in ("effective_cpa", "blended_cac", "direct_cac", "ltv_per_cpa", "payback_month", "cost_per_arr"):
        assert len({one[figure] for one in found}) == 1, figure


@given(SHORT_LIVES, st.integers(6, 40))
def test_what_is_owed_later_is_what_customers_cause_less_what_was_paid(program, months):
    market = MARKET.model_copy(update={"months": months, "spread_months": months})
    mine, p = won(program, market), project(program, market)
    lead = program.payout.lead
    leads = p.leads.sum() * lead.reward if lead else 0.0
    later = PartnerProgram(**{**program.model_dump(), "payout": program.payout})
    long = project(later, market.model_copy(update={"months": 120}), ended(program, months))
    assert mine.owed == pytest.approx(long.paid_out - leads - (p.paid_out - leads), rel=1e-6, abs=1e-3)


def ended(program: PartnerProgram, months: int):
    """Arrivals of so many months, and none in the months until 120."""
    came = arrivals(program, 120)
    there = np.arange(120)[:, None] < months
    return replace(came, leads=np.where(there, came.leads, 0.0), new=np.where(there, came.new, 0.0))


def test_one_customer_by_hand():
    """A customer of 100 a month at 10 % churn, 20 % for three months, won at 300: 27.1 × 20 is paid for it."""
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.2, months=3))
    program = PartnerProgram(
        payout=plan, partners_at_start=1, partners_recruited=0, partner_churn_rate=0, leads_per_partner=1,
        conversion_rate=1, sales_cycle_months=0, customer_churn_rate=0.1, program_cost=300, cost_per_customer=0,
        onboarding_cost=0, enablement_cost=0,
    )  # fmt: skip
    mine = won(program, Market(list_price=100, gross_margin=0.8))
    assert effective_cpa(mine) == pytest.approx(300 + 20 * (1 + 0.9 + 0.81))
    earned = np.cumsum([100 * 0.9**age * (0.8 - (0.2 if age < 3 else 0)) for age in range(LIFE)])
    assert mine.payback == 1 + int(np.argmax(earned >= 300))
    assert mine.beyond == pytest.approx(0.9**120)
    # The customers of the last two months still cause the rest of three payments.
    assert mine.owed == pytest.approx(20 * (0.9 + 0.81 + 0.81))


DATED = Bonus(reward=120, rate=0.5, from_month=5, to_month=30)


@pytest.mark.parametrize("world", [{}, {"prepaid_share": 0.5}])
@pytest.mark.parametrize(
    "terms", [{}, {"flat": FlatReward(reward=90), "cap_per_customer": 150, "clawback": "full", "clawback_months": 6}]
)
def test_a_customer_bears_a_bonus_as_often_as_customers_are_won_for_it(terms, world):
    """What the customers won in the months that cost is spread over take is what a run of all their lives pays."""
    program = PartnerProgram(
        payout=PayoutPlan(bonus=DATED, **terms), partners_at_start=9, customer_churn_rate=0.4, sales_cycle_months=2
    )
    world = world if not terms else {}  # a most per customer is followed partner by partner where some prepay
    market = MARKET.model_copy(update={"months": 120, **world})
    if terms:  # what is taken back makes balances: held against the statement in `test_histories`
        program = program.model_copy(update={"payout": program.payout.model_copy(update={"clawback": "none"})})
    long = project(program, market, ended(program, market.spread_months))
    unpaid = PayoutPlan()
    running = project(program.model_copy(update={"payout": unpaid}), market, ended(program, market.spread_months))
    first = slice(0, market.spread_months)
    cost = running.program_cost[first].sum() + long.paid_out + long.given_up
    assert won(program, market).spend == pytest.approx(cost, rel=1e-6)
    # Of a program that begins later the months are its own.
    late = program.model_copy(update={"start_month": 7})
    assert won(late, market).spend == pytest.approx(won(program, market).spend)


@pytest.mark.parametrize(("begins", "ends"), [(1, 3), (20, 24)])
def test_what_goes_back_of_a_bonus_after_the_months_shown_is_of_those_who_were_won_for_it(begins, ends):
    market = MARKET.model_copy(update={"months": 24})
    plan = PayoutPlan(bonus=Bonus(from_month=begins, to_month=ends), clawback="full", clawback_months=6)
    program = PartnerProgram(payout=plan, partners_at_start=9, customer_churn_rate=0.2)
    new = arrivals(program, 24).new[:, 0]
    leaves = {
        (month, age): new[month] * 0.8 ** (age - 1) * 0.2 for month in range(begins - 1, ends) for age in range(1, 7)
    }
    wanted = -100 * sum(number for (month, age), number in leaves.items() if month + age >= 24)
    assert won(program, market).owed == pytest.approx(wanted, abs=1e-6)


def test_a_share_of_a_month_goes_on_at_the_share_that_was_paid():
    """A cap that takes half in the first months takes half of what comes after them."""
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.2, duration="lifetime"), cap_payout=60)
    program = PartnerProgram(payout=plan, partners_at_start=5, customer_churn_rate=0.05)
    mine, plain_ = won(program, MARKET), won(program.model_copy(update={"payout": plan.model_copy(
        update={"cap_payout": 0.0})}), MARKET)  # fmt: skip
    capped, whole = (
        project(program.model_copy(update={"payout": one}), MARKET.model_copy(update={"months": 24})).paid_out
        for one in (plan, plan.model_copy(update={"cap_payout": 0.0}))
    )
    running = project(program.model_copy(update={"payout": PayoutPlan()}), MARKET.model_copy(update={"months": 24}))
    cost = running.program_spend
    assert 0.05 < capped / whole < 0.95
    assert (mine.spend - cost) / (plain_.spend - cost) == pytest.approx(capped / whole)
    assert mine.payback <= plain_.payback


@pytest.mark.parametrize(
    "terms",
    [
        {"flat": FlatReward(reward=300, tiers="whole", tier_2_from=3, tier_2_value=500, tier_3_from=0)},
        {"flat": FlatReward(reward=300), "cap_customers": 1},
        {"lead": LeadReward(reward=20), "cap_payout": 100},
        {"flat": FlatReward(reward=0, tiers="marginal", tier_2_from=2, tier_2_value=100, tier_3_from=0)},
    ],
)
def test_what_is_paid_at_once_costs_what_it_did(terms):
    program = PartnerProgram(payout=PayoutPlan(**terms), partners_at_start=5)
    p = project(program, MARKET.model_copy(update={"months": 24}))
    assert won(program, MARKET).spend == pytest.approx(p.program_spend + p.paid_out)


@given(SHORT_LIVES)
def test_a_term_that_never_binds_changes_nothing(program):
    assume(program.payout.clawback == "none")
    bound = program.payout.model_copy(update={"cap_payout": 1e7})
    capped = won(program.model_copy(update={"payout": bound}), MARKET)
    free = won(program, MARKET)
    assert capped.spend == pytest.approx(free.spend, rel=1e-9)
    assert capped.payback == pytest.approx(free.payback)


@pytest.mark.parametrize(
    ("plan", "owes"),
    [
        (PayoutPlan(margin=PartnerMargin()), False),
        (PayoutPlan(wholesale=WholesaleDiscount()), False),
        (PayoutPlan(flat=FlatReward()), False),
        (PayoutPlan(percent=PercentOfRevenue(duration="first payment")), False),
        (PayoutPlan(percent=PercentOfRevenue(months=12)), True),
    ],
)
def test_only_what_is_paid_over_time_is_owed_later(plan, owes):
    owed = won(PartnerProgram(payout=plan), MARKET).owed.item()
    assert owed > 1 if owes else owed == pytest.approx(0, abs=1e-6)


def test_what_comes_after_the_life_that_is_followed_is_said():
    program = presets()["ecosystem"].program
    said = of_customers(MARKET, won(program, MARKET))
    assert f"{program.customer_churn_rate:g}" == "0.012"
    assert "first 24 months" in said
    assert "23.5 %" in said  # 0.988 ** 120
    stays = program.model_copy(update={"customer_churn_rate": 0.0})
    assert "do not shrink" in of_customers(MARKET, won(stays, MARKET))
    leaves = program.model_copy(update={"customer_churn_rate": 0.1})
    assert "120 months. Payback" in of_customers(MARKET, won(leaves, MARKET))
    assert math.isfinite(won(stays, MARKET).spend.item())


@pytest.mark.parametrize("fee", [0.0, 0.03])
@pytest.mark.parametrize(
    "paid_for", [{}, {"flat": FlatReward(reward=100)}, {"percent": PercentOfRevenue(duration="lifetime")}], ids=str
)
def test_a_milestone_is_paid_once_and_takes_nothing_of_customers_later(paid_for, fee):
    """Each partner has its 1,000 with its first customer: CPA bears just that, and nothing of it is owed later."""
    scenario = default_scenario()
    once = Milestones(milestone_1_at=1, milestone_1_value=1000)
    plans = [PayoutPlan(**paid_for, milestones=one, payout_fee=fee) for one in (None, once)]
    without, with_ = (
        run(scenario.with_program("affiliate", payout=plan), only="affiliate")["affiliate"].figures for plan in plans
    )
    costs = without["contribution"] - with_["contribution"]
    assert costs > 10_000
    more = (with_["effective_cpa"] - without["effective_cpa"]) * with_["new_customers"]
    assert more == pytest.approx(costs)
    assert with_["owed_later"] == pytest.approx(without["owed_later"])
