"""Customers that prepay a year: worked cases, a plain count of them, and the statement once more in plain Python."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions.economics.inputs.assumptions import DirectProgram, Market, PartnerProgram
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import FlatReward, PartnerMargin, PayoutPlan, PercentOfRevenue, RevenueShare
from motions.economics.model.cohort import cohort
from motions.economics.model.payers import ALIKE, Payers, payers_of, split_by
from motions.economics.model.payouts import split
from motions.economics.model.projection import arrivals, project
from motions.economics.model.results import value_by
from motions.economics.model.run import run
from motions.economics.model.statement import Payments, of_one, state
from tests.conftest import examples
from tests.economics.model.payout_oracle import Plan
from tests.test_replay import plans

FIRST = PercentOfRevenue(rate=0.2, duration="first payment")
YEAR, TEN_MONTHS = Payers(1.0, 1.0), Payers(1.0, 10 / 12)


def one_customer(terms, payers, months=25, churn=0.0):
    new = np.zeros((months, 1))
    new[0] = 1.0
    return split_by(payers, terms, new, churn, 120.0)


def test_percent_of_the_first_invoice_of_a_year_paid_at_once():
    """Cases, row 10: 20 % of 1,200 are 240 at once. The statement says the same of what arrived."""
    found = one_customer(FIRST, (TEN_MONTHS,))
    assert found.payouts[:, 0].tolist() == [240.0] + [0.0] * 24
    assert [month for month, paid in enumerate(found.receipts[:, 0]) if paid] == [0, 12, 24]
    assert found.spend[:, 0] == pytest.approx([100.0] * 25)  # MRR: a twelfth of the year's price
    assert of_one(FIRST, [1200.0], months=3).payout.tolist() == [[240_00, 0, 0]]


def test_commission_of_a_year_is_on_the_invoices_that_arrive_within_it():
    """As ConvertKit's (2023) 30 % for 24 months: two invoices of a customer that prepays, and not the third."""
    terms = PercentOfRevenue(rate=0.3, months=24)
    assert one_customer(terms, (YEAR,), 37).payouts[:, 0].nonzero()[0].tolist() == [0, 12]
    assert one_customer(terms, (YEAR,), 37).payouts.sum() == pytest.approx(2 * 0.3 * 1440)


def test_what_is_refunded_takes_its_commission_back_and_what_is_kept_does_not():
    """All leave after a month: eleven twelfths of 1,440 are paid back, and of the 288 of commission."""
    kept, back = (one_customer(FIRST, (Payers(1.0, 1.0, refunded),), 13, 1.0) for refunded in (False, True))
    assert (kept.receipts.sum(), back.receipts.sum()) == (pytest.approx(1440), pytest.approx(120))
    assert (kept.payouts.sum(), back.payouts.sum()) == (pytest.approx(288), pytest.approx(24))
    assert kept.spend[:12, 0] == pytest.approx([120.0] * 12)
    assert back.spend[:2, 0].tolist() == [120.0, 0.0]


def test_a_refund_inside_the_hold_is_never_paid_and_later_it_is_set_against_what_is_due():
    """Cases, rows 1 to 3, of a year of which half is paid back after six months, at 20 % of 1,200."""
    rows = Payments(*np.array([[0, 0, 0, 1200_00, 0, 0]]).T, np.zeros((1, 20), np.int64), None, np.array([6]),
                    np.array([[0, 6, 600_00]]))  # fmt: skip
    held = state(PayoutPlan(percent=FIRST, hold_days=180), rows)
    assert held.payout[0, [0, 6]].tolist() == [240_00, -120_00]
    assert held.paid[0].nonzero()[0].tolist() == [6]
    assert held.paid[0, 6] == 120_00
    later = state(PayoutPlan(percent=FIRST, hold_days=30), rows)
    assert later.paid[0].nonzero()[0].tolist() == [1]
    assert later.waiting.tolist() == [-120_00]
    assert later.spend[0, [0, 6]].tolist() == [1200_00, -600_00]


WORLDS = st.fixed_dictionaries(
    {"churn": st.sampled_from([0.0, 0.07, 1.0]), "grow": st.sampled_from([0.0, 0.03]),
     "refunded": st.booleans(), "owner": st.sampled_from([1.0, 0.9])}
)  # fmt: skip


@settings(max_examples=examples(60))
@given(
    world=WORLDS,
    plan=st.builds(
        PayoutPlan,
        percent=st.none() | st.builds(
            PercentOfRevenue, duration=st.sampled_from(["first payment", "months", "lifetime", "taper"]),
            months=st.integers(1, 30),
        ),
        flat=st.none() | st.just(FlatReward(reward=70)),
        share=st.none() | st.builds(RevenueShare, months=st.integers(1, 30)),
        margin=st.none() | st.just(PartnerMargin(margin=0.3)),
        coupon=st.sampled_from([0.0, 0.2]), coupon_months=st.integers(1, 20),
        clawback=st.sampled_from(["none", "full", "pro rata"]), clawback_months=st.integers(1, 24),
    ),
)  # fmt: skip
def test_years_are_counted_one_life_after_the_other(world, plan):
    """Each length of a customer's life and of its partner's, with how likely it is."""
    months, found = 27, {}
    for life, owner in product(range(1, months + 1), range(1, months + 1)):
        chance = likely(life, months, 1 - world["churn"]) * likely(owner, months, world["owner"])
        for name, amounts in (lived(plan, world, life, owner, months) if chance else {}).items():
            found[name] = found.get(name, np.zeros(months)) + chance * np.array(amounts)
    new = np.zeros((months, 1))
    new[0] = 1.0
    payers = (Payers(1.0, 0.8, world["refunded"]),)
    said = split_by(payers, plan, new, world["churn"], 100.0, expansion_rate=world["grow"], owner_keep=world["owner"])
    for name, wanted in found.items():
        assert np.broadcast_to(getattr(said, name), (months, 1))[:, 0] == pytest.approx(wanted), name


def likely(life, months, keep):
    """How likely somebody stays so many months; as long as is looked at, or longer, is one."""
    return keep ** (life - 1) * (1 - keep if life < months else 1.0)


def lived(plan, world, life, owner, months):
    """What a customer that stays so long does, as long as its partner is there."""
    found = {name: [0.0] * months for name in ("customers", "spend", "receipts", "payouts")}

    def add(name, month, amount):
        if month < min(months, owner):
            found[name][month] += amount

    commission, end = {}, life if world["refunded"] else -(-life // 12) * 12
    for month in range(months):
        add("customers", month, float(month < life))
    for age in range(0, min(life, months), 12):
        paid = 12 * 80 * (1 + world["grow"]) ** age * (1 - (plan.coupon if age < plan.coupon_months else 0))
        for month in range(age, min(age + 12, end)):
            add("spend", month, paid / 12)
        left = 1 - (plan.margin.margin if plan.margin else 0)
        add("receipts", age, paid * left)
        commission[age] = paid * rate_of(plan, age, left)
        funds = plan.share.funds_rate * plan.share.funds_used * left if plan.share else 0.0
        add("payouts", age, commission[age] + paid * funds)
        if age < end < age + 12:
            unused = (age + 12 - end) / 12
            add("receipts", end, -paid * left * unused)
            add("payouts", end, -(commission[age] + paid * funds) * unused)
            commission[age] *= 1 - unused
    reward = plan.flat.reward if plan.flat else 0.0
    add("payouts", 0, reward)
    if plan.clawback != "none" and end <= plan.clawback_months:
        part = 1 - end / plan.clawback_months if plan.clawback == "pro rata" else 1.0
        add("payouts", end, -part * (reward + sum(commission.values())))
    return found


def rate_of(plan, age, left):
    rate = 0.0
    if plan.percent:
        months = {"first payment": 1, "lifetime": 999}.get(plan.percent.duration, plan.percent.months)
        after = plan.percent.later_rate if plan.percent.duration == "taper" else 0.0
        rate += plan.percent.rate if age < months else after
    if plan.share and age < plan.share.months:
        rate += plan.share.rate * left
    return rate


MONTHS = 16
CUSTOMER = st.tuples(
    st.integers(0, 3), st.booleans(), st.integers(1, 16), st.integers(1, 90_00), st.sampled_from([0.0, 0.5, 1.0])
)
"""first month, whether it prepays, months that it stays, cents of a payment, and how much of the unused is paid back"""


@settings(max_examples=examples(200))
@given(customers=st.lists(CUSTOMER, min_size=1, max_size=6), plan=plans.filter(lambda plan: plan.wholesale is None))
def test_refunds_and_years_are_stated_as_a_plain_implementation_does(customers, plan):
    accounts, covers, refunds, table, back, seen = [], {}, {}, [], [], {}
    for who, (first, prepays, life, cents, refunded) in enumerate(customers):
        last = min(first + life, MONTHS)
        paid = list(range(first, last, 12 if prepays else 1))
        accounts.append(dict.fromkeys(paid, cents))
        for month in paid:
            used = min(last - month, 12) if prepays else 1
            amount = int(cents * (12 - used) / 12 * refunded) if prepays and last < MONTHS else 0
            covers[who, month] = used if amount else 12 if prepays else 1
            if amount:
                refunds[who, month] = (used, amount)
                back.append((len(table), used, amount))
            table.append((0, who, month, cents, month - first, seen.get(first, 0)))
        seen[first] = seen.get(first, 0) + 1
    rows = Payments(
        *np.array(table).T, np.zeros((1, MONTHS), np.int64), None,
        np.array([covers[who, month] for _, who, month, *_ in table]), np.array(back, np.int64).reshape(-1, 3),
    )  # fmt: skip
    found, wanted = state(plan, rows), Plan(plan, accounts, {}, MONTHS, covers, refunds)
    for name, of in (
        ("payout", "payout"),
        ("spend", "spend"),
        ("margin", "margin"),
        ("paid", "paid"),
        ("fees", "fees"),
    ):
        assert getattr(found, name)[0].tolist() == [getattr(wanted, of)[month] for month in range(MONTHS)], name
    assert found.waiting.tolist() == [wanted.waiting]


# The program and its figures


PROGRAM = PartnerProgram(
    payout=PayoutPlan(flat=FlatReward()), partners_at_start=4, customer_churn_rate=0.03,
    conversion_rate=0.3, incrementality=0.8,
)  # fmt: skip
DIRECT = DirectProgram(customer_churn_rate=0.03)


@pytest.mark.parametrize(
    "plan",
    [
        PROGRAM.payout,
        pytest.param(PayoutPlan(percent=PercentOfRevenue(), clawback="full"), marks=pytest.mark.proof),
    ],
)
def test_prices_of_years_that_nobody_pays_change_nothing(plan):
    """Not a figure: neither of a plain plan nor of one that is followed partner by partner."""
    scenario = default_scenario().with_program("affiliate", payout=plan.model_dump())
    unused = scenario.with_market(year_price=6, prepaid_rest="refunded")
    for name, outcome in run(scenario).items():
        assert run(unused)[name].figures == outcome.figures
    # Nor does it under a wholesale discount, where it is partners that prepay.
    years = scenario.with_market(prepaid_share=0.5, year_price=9)
    assert np.array_equal(run(years)["reseller"].projection.spend, run(scenario)["reseller"].projection.spend)


@pytest.mark.parametrize("rest", ["kept", "refunded"])
@pytest.mark.parametrize("program", [PROGRAM, DIRECT], ids=["partners", "direct"])
def test_cash_comes_early_revenue_by_twelfths_and_all_adds_up(program, rest):
    monthly, yearly = Market(months=48), Market(months=48, prepaid_share=0.6, prepaid_rest=rest)
    p, before = project(program, yearly), project(program, monthly)
    assert np.allclose(p.spend, p.vendor_revenue + p.partner_margin)
    assert np.allclose(p.contribution, p.vendor_revenue - p.cost_of_revenue - p.payouts - p.program_cost)
    assert (p.cash.cumsum(axis=0) >= before.cash.cumsum(axis=0) - 1e-6).all() or isinstance(program, PartnerProgram)
    refunded = rest == "refunded"  # then a year at twelve months' price brings what twelve months do
    assert np.allclose(p.spend, before.spend) if refunded else (p.spend >= before.spend - 1e-9).all()
    cheaper = project(program, yearly.model_copy(update={"year_price": 10}))
    assert cheaper.spend.sum() < p.spend.sum()


def test_a_direct_customer_that_prepays_has_paid_back_at_once():
    market, yearly = Market(), Market(prepaid_share=1.0)
    slow, fast = (cohort(DIRECT, one, arrivals(DIRECT, 36)) for one in (market, yearly))
    assert fast.payback[0] < slow.payback[0]
    # A year of 500 a month less the cost of its first month is there at once.
    assert fast.brought[0, 0] == pytest.approx(6000 - 100)
    assert fast.spend == pytest.approx(slow.spend)  # a price is no cost of winning


@settings(max_examples=examples(40))
@given(
    year=st.floats(0.5, 1.2), refunded=st.booleans(), churn=st.sampled_from([0.03, 0.08, 0.6, 1.0]),
    expansion=st.sampled_from([0.0, 0.005]),
)  # fmt: skip
def test_lifetime_value_is_what_years_bring_less_their_cost(year, refunded, churn, expansion):
    new = np.zeros((480, 1))
    new[0] = 1.0
    payers = (Payers(0.25), Payers(0.75, year, refunded))
    life = split_by(payers, PayoutPlan(), new, churn, 100.0, expansion_rate=expansion)
    wanted = (life.spend - life.listed * 0.2).sum()
    assert value_by(payers, 100.0, 0.8, churn, expansion) == pytest.approx(wanted, rel=1e-3)


def test_a_group_of_monthly_payers_is_everybody():
    new = np.ones((6, 1))
    for terms in (FIRST, PercentOfRevenue(months=2), FlatReward()):
        one, all_of = split_by((Payers(0.3), Payers(0.7)), terms, new, 0.1, 90.0), split(terms, new, 0.1, 90.0)
        for name in ("spend", "payouts", "receipts", "customers"):
            assert np.allclose(getattr(one, name), getattr(all_of, name))
    assert payers_of(Market(), PayoutPlan()) is ALIKE
