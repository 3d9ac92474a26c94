"""What must be true of every projection, and the figures read off it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions.economics.inputs.assumptions import PROGRAMS, DirectProgram, Market, PartnerProgram
from motions.economics.inputs.presets import presets
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import (
    FlatReward,
    LeadReward,
    PartnerMargin,
    PayoutPlan,
    PercentOfRevenue,
    WholesaleDiscount,
)
from motions.economics.model.cohort import cohort
from motions.economics.model.partner_side import partner_side
from motions.economics.model.projection import SERIES, Projection, arrivals, project
from motions.economics.model.results import (
    OF_PARTNERS,
    World,
    answer,
    break_even_month,
    customer_value,
    earnings_per_partner,
    effective_cpa,
    measure,
    npv,
    payout_share,
    precision,
    ratio,
)
from motions.economics.model.run import Outcome, run
from motions.names import PARTNER_MOTIONS
from tests.cases import case
from tests.conftest import examples
from tests.economics.model.test_payouts import SIMPLE_TERMS, TERMS_DRAWN

MARKET = Market()
PROGRAMS_DRAWN = st.builds(
    PartnerProgram,
    payout=TERMS_DRAWN,
    partners_at_start=st.floats(0, 100),
    partners_recruited=st.floats(0, 20),
    activation_rate=st.floats(0, 1),
    ramp_months=st.integers(0, 12),
    partner_churn_rate=st.floats(0, 0.5),
    leads_per_partner=st.floats(0, 20),
    conversion_rate=st.floats(0, 1),
    sales_cycle_months=st.integers(0, 12),
    customer_churn_rate=st.floats(0, 0.5),
    expansion_rate=st.sampled_from([0, 0.01]),
    incrementality=st.floats(0.1, 1),
    support_carried=st.floats(0, 1),
    top_share=st.floats(0.2, 0.9),
)
SIMPLE_PROGRAMS = st.builds(PartnerProgram, payout=SIMPLE_TERMS, partners_recruited=st.floats(0, 20))


def won(program, market=MARKET):
    """The customers that a program wins in the first months, over their lives."""
    return cohort(program, market, arrivals(program, market.months + market.spread_months + program.start_month))


def figures_alone(program, market=MARKET):
    """Every figure of a program that is its own baseline."""
    mine = won(program, market)
    world = World.of({"mine": mine}, "mine", program)
    return measure(program, market, project(program, market), mine, world)


def direct(cost_per_customer, **changes):
    """One customer a month and no cost but its own."""
    plain = {"leads": 1, "lead_growth_rate": 0, "conversion_rate": 1, "sales_cycle_months": 0, "program_cost": 0}
    return DirectProgram(**{**plain, "customer_churn_rate": 0, "cost_per_customer": cost_per_customer, **changes})


@given(PROGRAMS_DRAWN)
def test_conservation(program):
    p = project(program, MARKET)
    assert np.allclose(p.spend, p.vendor_revenue + p.partner_margin + p.distributor)
    assert np.allclose(p.spend, (p.vendor_revenue - p.payouts) + p.partner_earnings + p.distributor)
    assert np.allclose(p.contribution, p.vendor_revenue - p.cost_of_revenue - p.payouts - p.program_cost)
    assert np.allclose(p.cumulative[-1], p.contribution.sum(axis=0))
    assert np.isclose(p.customers_new.sum(), p.customers_active[-1, 0] + p.customers_churned.sum())
    assert (p.partners_ramped <= p.partners_active + 1e-9).all()


@given(PROGRAMS_DRAWN)
def test_no_partners_means_only_the_fixed_cost(program):
    program = program.model_copy(update={"partners_at_start": 0.0, "partners_recruited": 0.0})
    p = project(program, MARKET)
    committed = p.vendor_revenue  # nobody has committed to licences
    assert not committed.any()
    assert np.allclose(p.contribution, -program.program_cost)
    assert not p.spend.any()
    assert np.isnan(effective_cpa(won(program))).all()


@given(PROGRAMS_DRAWN, st.integers(0, 12))
def test_ramp_agrees_with_following_each_partner_cohort(program, ramp):
    program = program.model_copy(update={"ramp_months": ramp, "payout": PayoutPlan()})  # terms move no lead
    p = project(program, MARKET)
    keep, joining = 1 - program.partner_churn_rate, program.partners_recruited * program.activation_rate
    for now in (0, 5, 35):
        pace = program.partners_at_start * keep**now + sum(
            joining * keep**age * (min(1, age / ramp) if ramp else 1) for age in range(now + 1)
        )
        assert p.leads[now, 0] == pytest.approx(pace * program.leads_per_partner, abs=1e-6)


MORE_IS_WORSE = ("program_cost", "onboarding_cost", "enablement_cost")
MORE_IS_MORE_CUSTOMERS = ("partners_at_start", "partners_recruited", "activation_rate", "leads_per_partner")


@settings(max_examples=examples(40), deadline=None)
@given(SIMPLE_PROGRAMS, st.sampled_from(MORE_IS_WORSE))
def test_more_cost_means_less_contribution(program, field):
    more = program.model_copy(update={field: getattr(program, field) * 1.5 + 10})
    assert project(more, MARKET).cumulative[-1, 0] <= project(program, MARKET).cumulative[-1, 0]


@settings(max_examples=examples(40), deadline=None)
@given(SIMPLE_PROGRAMS, st.sampled_from(MORE_IS_MORE_CUSTOMERS))
def test_more_partners_or_leads_mean_more_customers(program, field):
    more = program.model_copy(update={field: getattr(program, field) + 0.5})
    assert project(more, MARKET).customers_new.sum() >= project(program, MARKET).customers_new.sum() - 1e-9


@settings(max_examples=examples(40), deadline=None)
@given(PROGRAMS_DRAWN)
def test_more_churn_longer_ramp_and_longer_cycle_mean_fewer_active_customers(program):
    now = project(program, MARKET).customers_active.sum()
    for field, worse in (("customer_churn_rate", 0.6), ("ramp_months", 13), ("sales_cycle_months", 13)):
        assert project(program.model_copy(update={field: worse}), MARKET).customers_active.sum() <= now + 1e-6


@given(st.floats(0, 0.85), st.floats(0.01, 0.09))
def test_a_larger_partner_share_means_less_contribution_and_more_earnings(share, more):
    for terms in (
        lambda s: PercentOfRevenue(rate=s),
        lambda s: PartnerMargin(margin=s),
        lambda s: WholesaleDiscount(discount=s),
        lambda s: FlatReward(reward=s * 1000),
    ):
        low, high = (project(PartnerProgram(payout=terms(s)), MARKET) for s in (share, share + more))
        assert high.cumulative[-1, 0] < low.cumulative[-1, 0]
        assert earnings_per_partner(high) > earnings_per_partner(low)
        assert payout_share(high) > payout_share(low)


def test_no_payout_is_a_commission_of_nothing():
    nothing = project(PartnerProgram(payout=PercentOfRevenue(rate=0.0)), MARKET)
    none = project(PartnerProgram(payout=PayoutPlan()), MARKET)
    assert np.array_equal(nothing.contribution, none.contribution)


def test_every_series_is_listed_and_has_a_row_per_month():
    p = project(presets()["affiliate"].program, MARKET)
    beside = {"active_earnings", "class_earnings", "error", "friend", "opening_lost", "priced"}
    assert set(Projection.__dataclass_fields__) - beside < {name for name, *_ in SERIES}
    assert {getattr(p, name).shape for name, *_ in SERIES} == {(MARKET.months, 1)}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name == "product_led" else pytest.mark.proof) for name in PROGRAMS],
)
def test_every_input_of_a_preset_has_an_effect(name):
    program = presets()[name].program.model_copy(update={"customers_at_start": 40.0})
    if name in PARTNER_MOTIONS:
        # A cap looks at single partners, so that their spread counts; with a coupon the age of customers does.
        changes = {"flat": FlatReward(), "cap_payout": 300.0, "coupon": 0.1, "coupon_months": 18}
        program = program.model_copy(update={"payout": program.payout.model_copy(update=changes)})

    def seen(one):
        p = project(one, MARKET)
        own = {**figures_alone(one), "side": project(one, MARKET).contribution[:, 0]}
        if name in PARTNER_MOTIONS:
            outcome = Outcome(p, {}, arrivals(one, MARKET.months), won(one))
            own["worth"] = partner_side(one, outcome).worth_share
        return np.concatenate([np.nan_to_num(values) for values in own.values()])

    base = seen(program)
    for field in type(program).model_fields:
        if field in ("payout", "response"):
            continue
        value = getattr(program, field)
        if value is None:
            other = "1 2"  # ages of those already there
        else:
            other = value + 1 if isinstance(value, int) else value * 0.5 or {"worth_from": 30.0}.get(field, 0.05)
        assert not np.allclose(seen(program.model_copy(update={field: other})), base), field


@pytest.mark.parametrize("field", ["list_price", "gross_margin", "support_share", "discount_rate", "spread_months"])
def test_every_input_of_the_market_has_an_effect(field):
    program = presets()["reseller"].program

    def seen(market):
        return np.concatenate([np.nan_to_num(one) for one in figures_alone(program, market).values()])

    value = getattr(MARKET, field)
    other = MARKET.model_copy(update={field: type(value)(value * 0.5)})
    assert not np.allclose(seen(MARKET), seen(other))


# Programs that begin later


@pytest.mark.proof
@settings(max_examples=examples(12), deadline=None)
@given(PROGRAMS_DRAWN, st.integers(2, 50))
def test_a_program_that_begins_later_is_the_same_one_moved(program, start):
    later = program.model_copy(update={"start_month": start})
    late, p = start - 1, project(later, MARKET)
    if late >= MARKET.months:
        assert not p.contribution.any()
        assert not p.customers_new.any()
    else:
        now = project(program, MARKET.model_copy(update={"months": MARKET.months - late}))
        for name, *_ in SERIES:
            assert not getattr(p, name)[:late].any(), name
            assert getattr(p, name)[late:] == pytest.approx(getattr(now, name)), name
        assert p.class_earnings[:, late:] == pytest.approx(now.class_earnings)
        assert p.active_earnings[late:] == pytest.approx(now.active_earnings)
    for name in ("won", "spend", "payback"):  # its customers are the same, whenever it begins
        mine, same = getattr(won(later), name), getattr(won(program), name)
        assert mine == pytest.approx(same, rel=1e-9, nan_ok=True), name


def test_what_does_not_begin_in_these_months_does_not_break_even():
    scenario = default_scenario().with_program("affiliate", start_month=40)
    figures = run(scenario)["affiliate"].figures
    assert figures["break_even_month"] is None
    assert answer("affiliate", figures, 36, "USD") == "Affiliates: nothing is spent and nobody is won in 36 months."
    free = default_scenario().with_program(
        "affiliate", start_month=10, program_cost=0, onboarding_cost=0, enablement_cost=0, sales_cycle_months=0
    )
    assert run(free)["affiliate"].figures["break_even_month"] >= 10
    late = default_scenario().with_market(spread_months=6).with_program("reseller", sales_cycle_months=8)
    assert answer("reseller", run(late)["reseller"].figures, 36, "USD").endswith("lengthen them under Market.")


def won_later(start):
    segments = [{"name": "One", "size": 400.0, "motions": ["affiliate", "reseller"]}]
    scenario = default_scenario().replace(segments=segments).with_program("reseller", start_month=start)
    return {name: outcome.figures["new_customers"] for name, outcome in run(scenario).items()}


def test_who_begins_later_finds_less_of_a_shared_segment():
    now, later, never = won_later(1), won_later(13), won_later(37)
    assert now["reseller"] > later["reseller"] > never["reseller"] == 0
    assert now["affiliate"] < later["affiliate"] < never["affiliate"]


# What is worked out by hand


def test_support_that_the_partner_carries_is_taken_off_the_cost_of_revenue():
    market = Market(list_price=100, gross_margin=0.8, support_share=0.05)
    program = PartnerProgram(support_carried=0.5)
    p = project(program, market)
    assert np.allclose(p.cost_of_revenue, p.listed * (0.2 - 0.025))


def test_net_present_value_discounts_each_month_to_the_first():
    # A month later is worth 1 / 1.21 ** (1 / 12), a year later 1 / 1.21.
    cash = np.zeros((13, 1))
    cash[0], cash[12] = -100, 121
    assert npv(cash, 0.21) == pytest.approx([0.0])
    assert npv(cash, 0.0) == pytest.approx([21.0])


def test_incremental_figures_by_hand():
    program = PartnerProgram(incrementality=0.4)
    p = project(program, MARKET)
    found = figures_alone(program)
    assert found["incremental_cpa"] == pytest.approx(found["cpa_40"])
    gross_profit = p.listed.sum() * MARKET.gross_margin
    assert found["contribution"] - found["incremental_contribution"] == pytest.approx(0.6 * gross_profit)


def test_what_is_still_owed_stands_under_its_name():
    """12 months of 20 % of 500 for one customer a month that stays: 66 months of payment are still to come."""
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.2, months=12))
    program = PartnerProgram(
        payout=plan, partners_at_start=1, partners_recruited=0, partner_churn_rate=0, leads_per_partner=1,
        conversion_rate=1, sales_cycle_months=0, customer_churn_rate=0,
    )  # fmt: skip
    found = figures_alone(program)
    assert found["owed_later"] == pytest.approx(sum(range(12)) * 100)
    assert found["payback_month"] == won(program).payback
    assert found["direct_cac"] == found["effective_cpa"]


def test_a_discount_is_a_cost_of_new_arr_at_list_price():
    plan = PayoutPlan(percent=PercentOfRevenue(), coupon=0.25)
    program = PartnerProgram(payout=plan)
    mine = won(program)
    arr = project(program, MARKET).customers_new.sum() * 12 * MARKET.list_price
    assert figures_alone(program)["cost_per_arr"] == pytest.approx(mine.spend / arr)
    without = won(program.model_copy(update={"payout": PayoutPlan()}))
    assert mine.spend > without.spend


def test_cost_counts_the_vendors_money_whatever_the_resale_price():
    """What an end customer pays a reseller above list price, or less, changes nothing of what the vendor books."""
    found = []
    for price in (0.8, 1.0, 1.2, 1.5):
        terms = WholesaleDiscount(discount=0.3, resale_price=price, band_low=0.5, band_high=2)
        program = PartnerProgram(payout=PayoutPlan(wholesale=terms))
        p = project(program, MARKET)
        found.append((effective_cpa(won(program)).item(), p.vendor_revenue.sum(), won(program).payback.item()))
    assert found == [pytest.approx(found[0])] * 4


def test_what_is_of_partners_only_a_partner_program_has():
    program = presets()["product_led"].program
    found = figures_alone(program)
    assert np.isnan([found[name] for name in OF_PARTNERS]).all()
    assert np.isfinite(found["effective_cpa"]).all()
    figures = {name: None if np.isnan(values[0]) else float(values[0]) for name, values in found.items()}
    assert "a customer costs" in answer("product_led", figures, MARKET.months, "USD")


# Figures that other people published


@pytest.mark.parametrize("name", ["M26", "M27", "M29"])
def test_payback_is_the_month_in_which_cac_is_earned_back(name):
    given_, stated = case(name)
    market = Market(list_price=given_.get("arpu"), gross_margin=given_["gross_margin"])
    program = direct(given_["cac"])
    assert won(program, market).payback == math.ceil(stated)


@pytest.mark.parametrize(("reward", "cpa", "month"), [(0, 400, 5), (50, 900, 12), (500, 5400, 68)])
def test_payback_knows_the_rewards_for_leads(reward, cpa, month):
    """Ten leads for a customer that pays 100 a month at a margin of 80 % and stays."""
    program = PartnerProgram(
        payout=PayoutPlan(lead=LeadReward(reward=reward)), partners_at_start=1, partners_recruited=0,
        partner_churn_rate=0, leads_per_partner=10, conversion_rate=0.1, sales_cycle_months=0, customer_churn_rate=0,
        program_cost=0, cost_per_customer=400, onboarding_cost=0, enablement_cost=0,
    )  # fmt: skip
    market = Market(list_price=100, gross_margin=0.8)
    assert effective_cpa(won(program, market)) == pytest.approx(cpa)
    assert won(program, market).payback == month


def test_payback_says_none_when_it_is_beyond_a_customers_life():
    assert np.isinf(won(direct(100_000)).payback)


def test_lifetime_value_on_gross_margin():
    given_, stated = case("M21")
    assert customer_value(given_["arpa"], given_["gross_margin"], given_["revenue_churn"]) == pytest.approx(stated)
    assert np.isnan(customer_value(100, 0.8, 0))


@pytest.mark.parametrize(("name", "customers"), [("M25", "customers"), ("M45", "customers"), ("M48", "referrals")])
def test_cost_per_customer(name, customers):
    given_, stated = case(name)
    assert ratio(given_["spend"], given_[customers]) == stated


def test_blended_cac_adds_all_spend_and_all_customers():
    given_, stated = case("M22")
    market = Market(months=9, spread_months=9)
    one = direct(0, program_cost=(given_["sales"] + given_["marketing"]) / 9)
    p = project(one, market)
    ads = direct(0, leads=0, program_cost=given_["ads"] / 9)
    assert p.customers_new.sum() == pytest.approx(given_["new_customers"])
    assert effective_cpa(won(one, market), won(ads, market)) == pytest.approx(stated)


def test_break_even_is_the_month_from_which_the_sum_stays_positive():
    def with_contribution(*values):
        zero = np.zeros((len(values), 1))
        series = dict.fromkeys(Projection.__dataclass_fields__, zero)
        return Projection(**{**series, "cumulative": np.array(values)[:, None].cumsum(axis=0)})

    assert break_even_month(with_contribution(-5, 3, 3)) == 3
    assert break_even_month(with_contribution(5, -6, 3)) == 3
    assert np.isinf(break_even_month(with_contribution(-5, -6, 3)))
    assert break_even_month(with_contribution(1, 1)) == 1


@pytest.mark.parametrize(("part", "said"), [(0.0123, "1.2 %"), (0.0006, "0.1 %"), (0.0004, "below 0.1 %"), (0, None)])
def test_an_error_that_is_small_is_not_called_none(part, said):
    program = PartnerProgram(payout=PayoutPlan(flat=FlatReward(reward=100), cap_payout=150))
    projected = project(program, MARKET)
    paid = float(projected.payouts.sum())
    told = precision(program, MARKET, replace(projected, error=part * paid), ranged=False)
    error = f"; the standard error of all payouts is {said}" if said else ""
    assert told.endswith(f"with whole customers{error}.")


def test_presets_run_and_win_customers():
    for name in PROGRAMS:
        p = project(presets()[name].program, MARKET)
        assert p.customers_new.sum() > 10, name
        assert (p.partners_active.sum() > 0) == (name in PARTNER_MOTIONS)
