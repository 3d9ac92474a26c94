"""Customers that prepay a year: worked cases, a plain count of them, and the statement once more in plain Python."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions.economics.inputs.assumptions import DirectProgram, Market, PartnerProgram
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import (
    Bonus,
    FlatReward,
    LeadReward,
    PartnerMargin,
    PayoutPlan,
    PercentOfRevenue,
    Rebate,
    RevenueShare,
)
from motions.economics.model.cohort import cohort
from motions.economics.model.payers import ALIKE, Payers, payers_of, split_by
from motions.economics.model.payouts import split
from motions.economics.model.projection import arrivals, project
from motions.economics.model.results import value_by
from motions.economics.model.run import run
from motions.economics.model.statement import Payments, of_one, state
from motions.errors import ScenarioError
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
    rows = Payments(
        *np.array([[0, 0, 0, 1200_00, 0, 0]]).T, np.zeros((1, 20), np.int64), covers=np.array([6]),
        refunds=np.array([[0, 6, 600_00]]),
    )  # fmt: skip
    held = state(PayoutPlan(percent=FIRST, hold_days=180), rows)
    assert held.payout[0, [0, 6]].tolist() == [240_00, -120_00]
    assert held.paid[0].nonzero()[0].tolist() == [6]
    assert held.paid[0, 6] == 120_00
    later = state(PayoutPlan(percent=FIRST, hold_days=30), rows)
    assert later.paid[0].nonzero()[0].tolist() == [1]
    assert later.waiting.tolist() == [-120_00]
    assert later.spend[0, [0, 6]].tolist() == [1200_00, -600_00]


WORLDS = st.fixed_dictionaries(
    {"churn": st.sampled_from([0.0, 0.07, 1.0]), "grow": st.sampled_from([0.0, 0.03]), "by": st.sampled_from([1, 12]),
     "refunded": st.booleans(), "owner": st.sampled_from([1.0, 0.9]), "refund": st.sampled_from([0.0, 0.0, 0.3]),
     "part": st.sampled_from([0.4, 1.0]), "after": st.integers(1, 12)}
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
        bonus=st.none() | st.builds(Bonus, reward=st.just(45), rate=st.just(0.5), from_month=st.integers(1, 2)),
        coupon=st.sampled_from([0.0, 0.2]), coupon_months=st.integers(1, 20),
        clawback=st.sampled_from(["none", "none", "full", "pro rata"]), clawback_months=st.integers(1, 24),
        hold_days=st.sampled_from([0, 30, 90, 360]), cap_per_customer=st.sampled_from([0, 0, 100, 155]),
        friend_share=st.sampled_from([0, 0.5]),
    ),
)  # fmt: skip
def test_payments_are_counted_one_life_after_the_other(world, plan):
    if world["by"] == 12 or (plan.share and world["refund"]):  # such partners are followed
        plan = plan.model_copy(update={"cap_per_customer": 0.0})
    count_lives(world, plan)


@pytest.mark.parametrize("part", [0.4, 1.0])
@pytest.mark.parametrize("owner", [1.0, 0.9])
def test_a_most_per_customer_is_of_what_is_left_of_refunds(part, owner):
    plan = PayoutPlan(
        percent=PercentOfRevenue(duration="taper", months=3), flat=FlatReward(reward=30), cap_per_customer=70,
        share=RevenueShare(rate=0.1, funds_rate=0), margin=PartnerMargin(margin=0.3), friend_share=0.5, hold_days=90,
    )  # fmt: skip
    world = {"churn": 0.1, "grow": 0.03, "by": 1, "refunded": False, "owner": owner, "refund": 0.3, "after": 2}
    count_lives(world | {"part": part}, plan)
    count_lives(world | {"part": part, "refund": 0.0}, plan.model_copy(update={"clawback": "full"}))


@pytest.mark.parametrize("by", [1, 12])
def test_what_is_refunded_after_its_customer_has_left_is_of_what_was_left(by):
    world = {
        "churn": 0.3,
        "grow": 0.03,
        "by": by,
        "refunded": True,
        "owner": 0.9,
        "refund": 0.3,
        "part": 0.4,
        "after": 6,
    }
    count_lives(world, PayoutPlan(percent=PercentOfRevenue(), margin=PartnerMargin(margin=0.3)))
    count_lives(world | {"part": 1.0}, PayoutPlan(percent=FIRST, flat=FlatReward(reward=70), coupon=0.2))


def count_lives(world, plan):
    """Each length of a customer's life and of its partner's, with how likely it is."""
    months, found = 27, {}
    for life, owner in product(range(1, months + 1), range(1, months + 1)):
        chance = likely(life, months, 1 - world["churn"]) * likely(owner, months, world["owner"])
        for name, amounts in (lived(plan, world, life, owner, months) if chance else {}).items():
            found[name] = found.get(name, np.zeros(months)) + chance * np.array(amounts)
    new = np.zeros((months, 1))
    new[0] = 1.0
    refunds = {name: world[name] for name in ("refund", "part", "after")}
    payers = (Payers(1.0, 0.8, world["refunded"], **refunds) if world["by"] == 12 else Payers(size=0.8, **refunds),)
    said = split_by(payers, plan, new, world["churn"], 100.0, expansion_rate=world["grow"], owner_keep=world["owner"])
    if plan.clawback != "none" and world["refund"]:
        del found["paid"]  # a balance may be below zero then: when it is paid is read from histories
    for name, wanted in found.items():
        assert np.broadcast_to(getattr(said, name), (months, 1))[:, 0] == pytest.approx(wanted), name


def likely(life, months, keep):
    """How likely somebody stays so many months; as long as is looked at, or longer, is one."""
    return keep ** (life - 1) * (1 - keep if life < months else 1.0)


def lived(plan, world, life, owner, months):
    """What a customer that stays so long does, as long as its partner is there."""
    found = {name: [0.0] * months for name in ("customers", "spend", "receipts", "payouts", "paid", "friend")}
    hold = -(-plan.hold_days // 30)

    def add(name, month, amount, since=None, of_customer=None):
        if month < min(months, owner):
            found[name][month] += amount
            if name == "payouts":  # what the customer has of it itself, of which nothing is capped
                found["friend"][month] += plan.friend_share * (amount if of_customer is None else of_customer)
            # What is taken back of a payment of the month `since` is not paid inside the hold.
            inside = since is not None and (plan.clawback == "none" or world["refund"])
            goes = max(month, since + hold) if inside else month + hold
            if name == "payouts" and goes < months:
                found["paid"][goes] += amount

    by, part, after = world["by"], world["part"], world["after"]
    commission, end = {}, life if world["refunded"] or by == 1 else -(-life // 12) * 12
    reward = plan.flat.reward if plan.flat else 0.0
    reward += plan.bonus.reward if plan.bonus and plan.bonus.from_month == 1 else 0.0
    most, had = plan.cap_per_customer or np.inf, 0.0
    for month in range(months):
        add("customers", month, float(month < life))
    for age in range(0, min(life, months), by):
        paid = by * 80 * (1 + world["grow"]) ** age * (1 - (plan.coupon if age < plan.coupon_months else 0))
        for month in range(age, min(age + by, end)):
            add("spend", month, paid / by)
        left = 1 - (plan.margin.margin if plan.margin else 0)
        funds = plan.share.funds_rate * plan.share.funds_used * left if plan.share else 0.0
        commission[age] = paid * rate_of(plan, age, left)
        add("receipts", age, paid * left)
        given = reward if age == 0 else 0.0
        line, room = commission[age] + given, max(most - had, 0.0)
        had += line
        add("payouts", age, min(line, room), None, line)
        add("payouts", age, paid * funds, None, 0.0)
        unused = (age + by - end) / by if age < end < age + by else 0.0
        before = unused if end < age + after else 0.0  # what of the refund was paid back before it
        for chance, share in ((world["refund"], part * (1 - before)), (1.0, 0.0)):
            add("spend", age + after, -chance * share * paid)
            add("receipts", age + after, -chance * share * paid * left)
            gone = share * commission[age] + (given if chance < 1 and part == 1 else 0.0)
            add("payouts", age + after, -chance * (min(line, room) - min(line - gone, room)), age, -chance * gone)
            add("payouts", age + after, -chance * share * paid * funds, None, 0.0)  # which follow what arrives
        if unused:
            both = world["refund"] * part if not before else 0.0  # of what was refunded nothing is paid back again
            add("receipts", end, -paid * left * unused * (1 - both))
            add("payouts", end, -commission[age] * unused * (1 - both), age)
            add("payouts", end, -paid * funds * unused * (1 - both), None, 0.0)
            add("spend", end, paid * unused * both)
            commission[age] *= 1 - unused
    if plan.clawback != "none" and end <= plan.clawback_months and not world["refund"]:
        part = 1 - end / plan.clawback_months if plan.clawback == "pro rata" else 1.0
        earned = reward + sum(commission.values())
        add("payouts", end, -part * min(earned, most), None, -part * earned)
    if plan.bonus:  # of which the customer has nothing itself
        found["friend"] = lived(plan.model_copy(update={"bonus": None}), world, life, owner, months)["friend"]
    return found


def rate_of(plan, age, left):
    rate = 0.0
    if plan.percent:
        months = {"first payment": 1, "lifetime": 999}.get(plan.percent.duration, plan.percent.months)
        after = plan.percent.later_rate if plan.percent.duration == "taper" else 0.0
        rate += plan.percent.rate if age < months else after
    if plan.share and age < plan.share.months:
        rate += plan.share.rate * left
    if plan.bonus and plan.bonus.from_month == 1 and not age:
        rate += plan.bonus.rate
    return rate


MONTHS = 16
CUSTOMER = st.tuples(
    st.integers(0, 3), st.booleans(), st.integers(1, 16), st.integers(1, 900_00), st.sampled_from([0.0, 0.5, 1.0]),
    st.integers(0, 2), st.sampled_from([0.0, 0.0, 0.3, 1.0]), st.integers(1, 4),
)  # fmt: skip
"""first month, whether it prepays, months that it stays, cents of a payment, how much of the unused is paid back, its
price plan, and how much of its first payment is refunded, how many months later"""


@settings(max_examples=examples(120))
@given(customers=st.lists(CUSTOMER, min_size=1, max_size=6), plan=plans.filter(lambda plan: plan.wholesale is None))
def test_refunds_and_years_are_stated_as_a_plain_implementation_does(customers, plan):
    accounts, covers, refunds, table, back, seen = [], {}, {}, [], [], {}
    for who, (first, prepays, life, cents, refunded, _, part, after) in enumerate(customers):
        last = min(first + life, MONTHS)
        paid = list(range(first, last, 12 if prepays else 1))
        accounts.append(dict.fromkeys(paid, cents))
        for month in paid:
            used = min(last - month, 12) if prepays else 1
            amount = int(cents * (12 - used) / 12 * refunded) if prepays and last < MONTHS else 0
            covers[who, month] = used if amount else 12 if prepays else 1
            given = [(after, int(cents * part))] if month == first and part else []
            if amount and not (given and after > used):  # of what was paid back in full nothing is left
                given.append((used, int(amount * (1 - part)) if given else amount))
            refunds[who, month] = given = [(lag, n) for lag, n in given if n]
            back += [(len(table), lag, n) for lag, n in given]
            table.append((0, who, month, cents, month - first, seen.get(first, 0)))
        seen[first] = seen.get(first, 0) + 1
    rows = Payments(
        *np.array(table).T, np.zeros((1, MONTHS), np.int64), None,
        np.array([covers[who, month] for _, who, month, *_ in table]),
        np.array([customers[who][1] for _, who, *_ in table], np.int64),
        np.array([customers[who][5] for _, who, *_ in table]), np.array(back, np.int64).reshape(-1, 3),
    )  # fmt: skip
    bought = {who: (one[5], one[1]) for who, one in enumerate(customers)}
    found, wanted = state(plan, rows), Plan(plan, accounts, {}, MONTHS, covers, refunds, bought)
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


# Rates by what a customer buys


MIX = Market(prepaid_share=0.25, year_price=10, plan_2_share=0.3, plan_2_price=2.5, plan_3_share=0.1, plan_3_price=8)


@pytest.mark.parametrize(
    ("by", "rates"),
    [
        ("plan", (0.1, 0.2, 0.3)),
        ("billing", (0.1, 0.2)),
        ("deal size", (0.1, 0.2)),
    ],
)
def test_rates_count_for_those_who_buy_what_they_are_for(by, rates):
    """A sum over plans and billing, each followed as if it were all: of what customers pay in their first month."""
    part = PercentOfRevenue(rate=0.1, rate_2=0.2, rate_3=0.3, duration="first payment", rate_by=by, rate_size_from=220)
    wanted = 0.0
    for at, (share, size) in enumerate(((0.6, 1.0), (0.3, 2.5), (0.1, 8.0))):
        for yearly, billed in ((False, 0.75), (True, 0.25)):
            price = 100 * size * (10 / 12 if yearly else 1)
            which = {"plan": at, "billing": int(yearly), "deal size": int(price >= 220)}[by]
            wanted += share * billed * price * (12 if yearly else 1) * rates[which]
    new = np.array([[1.0], [0.0]])
    found = split_by(payers_of(MIX, PayoutPlan()), part, new, 0.0, 100.0).payouts
    assert found[:, 0] == pytest.approx([wanted, 0.0])


def test_a_reward_by_price_plan():
    """As Shopify's (2023) affiliates had it: 150 for a merchant on a standard plan, 500 for one on Plus."""
    terms = FlatReward(reward=150, rate_by="plan", rate_2=500)
    plus = payers_of(Market(plan_2_share=0.1, plan_2_price=60), PayoutPlan())
    assert split_by(plus, terms, np.ones((1, 1)), 0.0, 39.0).payouts.item() == pytest.approx(0.9 * 150 + 0.1 * 500)
    rows = Payments(
        *np.array([[0, 0, 0, 39_00, 0, 0], [0, 1, 0, 2300_00, 0, 1]]).T, np.zeros((1, 1), np.int64),
        plan=np.array([0, 1]),
    )  # fmt: skip
    assert state(terms, rows).payout.tolist() == [[650_00]]


def test_who_buys_more_pays_more_and_all_else_follows():
    mixed, alike = Market(plan_2_share=0.5, plan_2_price=3.0), Market(list_price=1000)
    for program in (PROGRAM, DIRECT):
        some, all_of = project(program, mixed), project(program, alike)  # 500 and 1,500 are 1,000 on average
        for name in ("spend", "listed", "vendor_revenue", "cost_of_revenue"):
            assert np.allclose(getattr(some, name), getattr(all_of, name))
    scenario = default_scenario().with_market(plan_2_share=0.5, plan_2_price=3.0)
    twice = default_scenario().with_market(list_price=1000)
    for name in ("customer_value", "closing_arr", "cost_per_arr", "effective_cpa"):
        assert run(scenario)["reseller"].figures[name] == pytest.approx(run(twice)["reseller"].figures[name])


def test_plans_that_can_not_be_are_refused_with_the_repair():
    with pytest.raises(ScenarioError, match="price plans 2 and 3 have more than all customers together"):
        default_scenario().with_market(plan_2_share=0.6, plan_3_share=0.5)
    tiers = {"percent": {"rate_by": "plan", "tiers": "whole"}}
    with pytest.raises(ScenarioError, match="by tiers or by what a customer buys, not by both"):
        default_scenario().with_program("affiliate", payout=tiers)


@pytest.mark.parametrize("part", [PercentOfRevenue, FlatReward])
def test_rates_that_are_all_the_same_differ_by_nothing(part):
    first = {"rate": 0.3} if part is PercentOfRevenue else {"reward": 300}
    rate = next(iter(first.values()))
    payers, new = payers_of(MIX, PayoutPlan()), np.ones((14, 1))
    plain = split_by(payers, part(**first), new, 0.05, 100.0).payouts
    for by in ("plan", "billing", "deal size"):
        same = part(**first, rate_by=by, rate_2=rate, rate_3=rate)
        assert np.allclose(split_by(payers, same, new, 0.05, 100.0).payouts, plain)
        more = part(**first, rate_by=by, rate_2=rate * 2, rate_3=rate * 2, rate_size_from=1)
        assert (split_by(payers, more, new, 0.05, 100.0).payouts >= plain - 1e-9).all()


# Refunds


def refunded(terms, months=8, **world):
    """One customer of 120 a month of whose payments a tenth is refunded, or as said."""
    new = np.zeros((months, 1))
    new[0] = 1.0
    return split_by((Payers(**{"refund": 0.1, **world}),), terms, new, 0.0, 120.0)


@pytest.mark.parametrize(("part", "back"), [(1.0, 12.0), (0.5, 6.0)])
def test_refunds_lower_revenue_and_commission_alike(part, back):
    found = refunded(PercentOfRevenue(rate=0.2, duration="lifetime"), part=part, after=2)
    wanted = [120.0] * 2 + [120.0 - back] * 6
    assert found.spend[:, 0] == pytest.approx(wanted)
    assert found.payouts[:, 0] == pytest.approx([paid * 0.2 for paid in wanted])
    assert found.listed[:, 0] == pytest.approx([120.0] * 8)  # what serving it costs is spent


def test_a_reward_goes_with_a_first_payment_that_is_refunded_in_full_only():
    """As Tolt and Dub have it (2024): a refunded sale pays nothing."""
    assert refunded(FlatReward(reward=100)).payouts.sum() == pytest.approx(90)
    assert refunded(FlatReward(reward=100), part=0.9).payouts.sum() == pytest.approx(100)
    assert refunded(PayoutPlan(lead=LeadReward())).payouts.sum() == 0.0


@pytest.mark.parametrize(("hold", "paid", "waiting"), [(60, [0, 0, 0, 0], 0), (0, [24_00, 0, 0, 0], -24_00)])
def test_a_refund_is_never_paid_inside_the_hold_and_taken_from_the_balance_after_it(hold, paid, waiting):
    """Cases, rows 1 and 3: the whole payment of 120 comes back a month later."""
    rows = Payments(
        *np.array([[0, 0, 0, 120_00, 0, 0]]).T, np.zeros((1, 4), np.int64), refunds=np.array([[0, 1, 120_00]])
    )
    found = state(PayoutPlan(percent=FIRST, hold_days=hold), rows)
    assert (found.payout[0, :2].tolist(), found.paid[0].tolist()) == ([24_00, -24_00], paid)
    assert found.waiting.tolist() == [waiting]


@pytest.mark.parametrize(("window", "then"), [(2, [0, -10_00, -10_00, 0, 0, 0]), (4, [-20_00, 0, 0, 0, 0, 0])])
def test_a_refund_counts_where_a_window_pro_rata_left_nothing_to_take_and_not_after_it_has_settled(window, then):
    """A customer pays twice and leaves; half of both payments comes back three months after each."""
    rows = Payments(
        *np.array([[0, 0, 0, 100_00, 0, 0], [0, 0, 1, 100_00, 1, 0]]).T, np.zeros((1, 8), np.int64),
        refunds=np.array([[0, 3, 50_00], [1, 3, 50_00]]),
    )  # fmt: skip
    plan = PayoutPlan(
        percent=PercentOfRevenue(rate=0.2, duration="lifetime"), clawback="pro rata", clawback_months=window
    )
    assert state(plan, rows).payout[0].tolist() == [20_00, 20_00, *then]


def test_who_prepaid_and_leaves_takes_its_part_of_the_rebate_with_it_also_without_a_payment_in_the_month():
    """Half of a quarter: 1,200 paid in its second month, 900 back after three; a quarter of the window is left."""
    rows = Payments(
        *np.array([[0, 0, 1, 1200_00, 0, 0]]).T, np.zeros((1, 7), np.int64), covers=np.array([3]),
        yearly=np.array([1]), refunds=np.array([[0, 3, 900_00]]),
    )  # fmt: skip
    plan = PayoutPlan(rebate=Rebate(rate=0.5, step_1_from=0), clawback="pro rata", clawback_months=4)
    assert state(plan, rows).payout[0].tolist() == [0, 0, 600_00, 0, -450_00 - 37_50, 0, 0]
    full = plan.model_copy(update={"clawback": "full"})
    assert state(full, rows).payout[0].tolist() == [0, 0, 600_00, 0, -600_00, 0, 0]


def test_a_refunded_reward_moves_no_threshold_and_is_rated_again():
    """Cases, rows 2 and 5: the least amount, and two of six that come back under tiers by place."""
    six = np.array([[0, at, 0, 100_00, 0, at] for at in range(6)])
    back = np.array([[at, 1, 100_00] for at in (1, 4)])
    rows = Payments(*six.T, np.zeros((1, 4), np.int64), refunds=back)
    tiers = FlatReward(reward=10, tiers="marginal", tier_by="customers", tier_2_from=3, tier_2_value=20,
                       tier_3_from=5, tier_3_value=30)  # fmt: skip
    assert state(tiers, rows).payout[0].tolist() == [120_00, -60_00, 0, 0]
    two = Payments(*six[:2].T, np.zeros((1, 4), np.int64), refunds=back[:1])
    held = PayoutPlan(flat=FlatReward(reward=100), hold_days=60, minimum_payout=150, payout_fee=0.02)
    found = state(held, two)
    assert (found.paid.sum(), found.fees.sum(), found.waiting.tolist()) == (0, 0, [100_00])


def test_refunds_of_a_whole_program():
    sure, market = PROGRAM.model_copy(update={"payout": PayoutPlan(margin=PartnerMargin())}), Market(months=36)
    seldom = market.model_copy(update={"refund_rate": 0.05})
    often = market.model_copy(update={"refund_rate": 0.2, "refund_part": 0.5})
    for program in (sure, DIRECT):
        none, some, more = (project(program, one) for one in (market, seldom, often))
        for p in (some, more):
            assert np.allclose(p.spend, p.vendor_revenue + p.partner_margin)
            assert np.allclose(p.contribution, p.vendor_revenue - p.cost_of_revenue - p.payouts - p.program_cost)
        assert more.spend.sum() < some.spend.sum() < none.spend.sum()
        assert more.partner_margin.sum() <= some.partner_margin.sum() <= none.partner_margin.sum()
        assert np.allclose(some.cost_of_revenue, none.cost_of_revenue)
    unused = market.model_copy(update={"refund_part": 0.5, "refund_after": 7})
    assert np.array_equal(project(sure, unused).cash, project(sure, market).cash)
