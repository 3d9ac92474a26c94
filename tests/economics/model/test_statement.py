"""What partners of real accounts are paid, to the cent: published examples, by hand, and the same terms in `split`."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from motions.economics.model.histories import plain
from motions.economics.model.payouts import split
from motions.economics.model.statement import Payments, added, half_up, left_out, minor, state
from motions.errors import ScenarioError
from tests.cases import case


def payments(accounts, months, leads=None, partners=1):
    """Payments of accounts, each (partner, first month, [cents of each month, 0 for none])."""
    rows, seen = [], {}
    for number, (partner, first, paid) in enumerate(accounts):
        place = seen.get((partner, first), 0)
        seen[partner, first] = place + 1
        rows += [(partner, number, first + age, cents, age, place) for age, cents in enumerate(paid) if cents]
    table = np.array(rows, dtype=np.int64).reshape(-1, 6)
    leads = np.zeros((partners, months), dtype=np.int64) if leads is None else np.array(leads)
    return Payments(*table.T, leads)


def one(terms, *cents, months=None, **more):
    """The statement of one customer of one partner."""
    return state(terms, payments([(0, 0, list(cents))], months or len(cents), **more))


# Published examples: see worked_examples.json for their sources.


def test_p01_recurring_commission_for_twelve_months():
    given_, stated = case("P01")
    terms = PercentOfRevenue(rate=given_["rate"], duration="months", months=given_["cap_months"])
    payout = one(terms, *[given_["price"] * 100] * 24).payout[0]
    assert payout[0] == stated["monthly"] * 100
    assert payout.sum() == stated["first_year_total"] * 100
    assert not payout[12:].any()


def test_p03_commission_on_what_is_left_after_a_coupon():
    given_, stated = case("P03")
    plan = PayoutPlan(percent=PercentOfRevenue(rate=given_["rate"], duration="lifetime"), coupon=given_["coupon"])
    assert one(plan, given_["price"] * 100).payout.tolist() == [[stated * 100]]


def bands(tiers, **more):
    starts = {f"tier_{at}_from": start for at, (start, _) in enumerate(tiers[:-1], 2)}
    values = {f"tier_{at}_value": rate for at, (_, rate) in enumerate(tiers[1:], 2)}
    none = {f"tier_{at}_from": 0 for at in range(len(tiers) + 1, 5)}
    return PercentOfRevenue(rate=tiers[0][1], duration="lifetime", tiers="marginal", **starts, **values, **none, **more)


def test_p05_marginal_tiers_in_four_bands():
    given_, stated = case("P05")
    terms = bands(given_["tiers"])
    assert one(terms, minor(given_["amount"])).payout.tolist() == [[stated * 100]]
    # The note of the example: 136 makes 5.25 + 2.10 + 6.60 + 2.16.
    assert one(terms, 13_600).payout.tolist() == [[525 + 210 + 660 + 216]]


def test_p07_marginal_tiers_of_a_large_sale():
    given_, stated = case("P07")
    assert one(bands(given_["tiers"]), given_["amount"] * 100).payout.tolist() == [[sum(stated) * 100]]


def test_p09_what_is_taken_back_is_in_proportion():
    # A fee of 2 on 20 of which 15 are paid back: here a customer that leaves after one of four months.
    given_, stated = case("P09")
    plan = PayoutPlan(
        percent=PercentOfRevenue(rate=given_["fee"] / given_["payment"], duration="first payment"),
        clawback="pro rata",
        clawback_months=4,
    )
    found = one(plan, given_["payment"] * 100, months=3)
    assert found.taken_back.tolist() == [[0, stated["fee_returned"] * 100, 0]]


def test_p11_one_off_commission():
    given_, stated = case("P11")
    terms = PercentOfRevenue(rate=given_["rate"], duration="first payment")
    assert one(terms, *[given_["acv"] * 100] * 2).payout.tolist() == [[stated * 100, 0]]


def test_p12_commission_within_a_year_paid_thirty_days_later():
    given_, stated = case("P12")
    plan = PayoutPlan(percent=PercentOfRevenue(rate=given_["rate"], months=12), hold_days=30)
    found = one(plan, *[minor(given_["payment"])] * 14)
    assert found.payout[0].tolist() == [stated] * 12 + [0, 0]
    assert found.paid[0].tolist() == [0] + [stated] * 12 + [0]


def test_p15_fee_of_the_payment_service():
    # Its waiver is no term here: what it leaves to be charged is what is paid.
    given_, stated = case("P15")
    charged = given_["payout"] - (given_["waiver_limit"] - given_["waiver_used"])
    for payout, fee in ((charged, stated), (given_["payout"], 3.0)):
        plan = PayoutPlan(flat=FlatReward(reward=payout), payout_fee=given_["fee"])
        assert one(plan, 100).fees.tolist() == [[fee * 100]]


def test_p18_margin_is_a_share_of_the_selling_price():
    given_, stated = case("P18")
    found = one(PartnerMargin(margin=stated["margin"]), given_["sell"] * 100)
    assert (found.spend - found.margin).tolist() == [[given_["buy"] * 100]]


def test_p19_reseller_buys_at_the_discounted_price():
    given_, stated = case("P19")
    found = one(WholesaleDiscount(discount=given_["discount"], prepaid_months=1), given_["list"] * 100)
    assert found.margin.tolist() == [[stated["discount"] * 100]]
    assert (found.spend - found.margin).tolist() == [[stated["reseller_price"] * 100]]


# By hand


def test_each_payment_is_rounded_half_up():
    # 20 % of 0.125 cents' worth: 12.5 → 13 cents for each of two customers, and not 25 for both.
    found = state(PercentOfRevenue(rate=0.125, duration="lifetime"), payments([(0, 0, [100]), (0, 0, [100])], 1))
    assert found.payout.tolist() == [[26]]
    assert half_up(np.array([-25]), 1, 2).tolist() == [-13]


def test_products_beyond_64_bits_are_exact():
    huge = np.array([10**17 + 1])
    assert half_up(huge, 999_999, 1_000_000).tolist() == [(int(huge[0]) * 999_999 + 500_000) // 1_000_000]
    with pytest.raises(ScenarioError, match="too large"):
        one(PercentOfRevenue(), 2**60)


def test_the_first_customers_of_a_month_are_rewarded_up_to_the_cap():
    plan = PayoutPlan(flat=FlatReward(reward=10), cap_customers=2)
    found = state(plan, payments([(0, 0, [100])] * 3 + [(0, 1, [100])], 2))
    assert found.payout.tolist() == [[2000, 1000]]


def test_whole_tiers_count_for_all_of_the_month():
    reward = FlatReward(reward=10, tiers="whole", tier_2_from=2, tier_2_value=20, tier_3_from=0)
    found = state(reward, payments([(0, 0, [100]), (0, 1, [100]), (0, 1, [100])], 2))
    assert found.payout.tolist() == [[1000, 4000]]


def test_what_the_cap_cut_off_is_not_taken_back():
    plan = PayoutPlan(flat=FlatReward(reward=500), cap_payout=100, clawback="full", clawback_months=3)
    found = one(plan, 100, months=2)
    assert found.earned["flat"].tolist() == [[50_000, 0]]
    assert found.capped.tolist() == [[40_000, 0]]
    assert found.taken_back.tolist() == [[0, 10_000]]
    assert found.payout.sum() == 0


def test_a_customer_that_paused_has_not_left():
    plan = PayoutPlan(flat=FlatReward(reward=10), clawback="full", clawback_months=12)
    assert not one(plan, 100, 0, 100).taken_back.any()
    assert one(plan, 100, 0, 100, months=4).taken_back.tolist() == [[0, 0, 0, 1000]]


def test_a_second_commission_ends_and_a_third_follows():
    terms = PercentOfRevenue(rate=0.2, duration="taper", months=2, later_rate=0.1, later_months=2, last_rate=0.01)
    assert one(terms, *[10_000] * 6).payout.tolist() == [[2000, 2000, 1000, 1000, 100, 100]]
    ends = terms.model_copy(update={"last_rate": 0.0})
    assert one(ends, *[10_000] * 6).payout.tolist() == [[2000, 2000, 1000, 1000, 0, 0]]


def test_a_recruiter_gets_its_part_of_the_sale_beside_the_partner():
    """Dub's partner referrals: of a sale of 100 the partner has 20, who recruited it 10 % of the sale (2026)."""
    plan = PayoutPlan(
        percent=PercentOfRevenue(rate=0.2), override_rate=0.1, cap_payout=15, hold_days=30, clawback="full"
    )
    rows = replace(payments([(0, 0, [10_000, 0])], 3, partners=2), recruiter=np.array([1, -1]))
    found = state(plan.model_copy(update={"cap_payout": 0}), rows)
    assert found.earned["percent"].tolist() == [[2000, 0, 0], [0, 0, 0]]
    assert found.earned["override"].tolist() == [[0, 0, 0], [1000, 0, 0]]
    assert found.taken_back.tolist() == [[0, 2000, 0], [0, 0, 0]]
    assert found.paid.tolist() == [[0, 0, 0], [0, 1000, 0]]
    assert state(plan, rows).capped.tolist() == [[500, 0, 0], [0, 0, 0]]
    assert "override" not in state(plan, replace(rows, recruiter=None)).earned


@pytest.mark.parametrize("ends", ["with the customer", "with the partnership"])
def test_a_recruiter_that_has_stopped_has_no_override_any_more(ends):
    """What it recruited are no customers of its own: it ends with it even where payouts on these go on."""
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.2), override_rate=0.1, hold_days=30, payouts_end=ends)
    rows = replace(payments([(0, 0, [10_000] * 4)], 4, partners=2), recruiter=np.array([1, -1]))
    found = state(plan, replace(rows, until=np.array([99, 2])))
    assert found.earned["override"].tolist() == [[0, 0, 0, 0], [1000, 1000, 0, 0]]
    assert found.paid.tolist() == [[0, 2000, 2000, 2000], [0, 1000, 1000, 0]]  # what was earned before goes later
    assert found.waiting.tolist() == [2000, 0]
    never = state(plan, replace(rows, until=np.array([99, 0])))
    assert never.earned.get("override", np.zeros(1)).sum() == 0
    # Who was recruited stops with the third month: its customers' sales count on where payouts on them go on.
    stopped = state(plan, replace(rows, until=np.array([2, 99])))
    on = [1000, 1000] if ends == "with the customer" else [0, 0]
    assert stopped.earned["override"].tolist() == [[0, 0, 0, 0], [1000, 1000, *on]]


def test_funds_below_zero_are_a_debt_in_cash_and_what_else_the_month_earned_is_credit():
    """20 % as credit, and funds of 10 % in cash, which follow what arrives; a fee of 10 % on cash.

    Month 1: two customers pay 100: 40 credit, 20 cash; fee 2. Month 2: both are refunded, a third pays 100: 20 credit,
    funds -10; of the 40 taken back a third is cash, as 20 of 60 were. The balance is -30, -23.33 of it cash. Month 3:
    it is refunded too: its 20 are taken back as credit, and funds are -10. Month 4: 1,000 are 200 credit and 100 cash:
    300 - 60 = 240 go, of which 100 - 33.33 = 66.67 are cash; fee 6.67.
    """
    share = RevenueShare(rate=0.2, months=9, funds_rate=0.1, funds_used=1, paid_in="credit", redemption_rate=1)
    rows = payments([(0, 0, [10_000]), (0, 0, [10_000]), (0, 1, [10_000]), (0, 3, [100_000])], 4)
    rows = replace(rows, refunds=np.array([[0, 1, 10_000], [1, 1, 10_000], [2, 1, 10_000]]))
    found = state(PayoutPlan(share=share, payout_fee=0.1), rows)
    assert found.earned["share"].tolist() == [[4000, 0 + 2000, 0, 20_000]]
    assert found.earned["funds"].tolist() == [[2000, -1000, -1000, 10_000]]
    assert found.paid.tolist() == [[6000, 0, 0, 24_000]]
    assert found.fees.tolist() == [[200, 0, 0, 667]]


def test_a_debt_in_credit_is_set_against_what_is_owed_in_cash():
    """A customer's 60 in credit are taken back in the month in which five leads earn 200 in cash: 140 go, all of it
    cash, with a fee of 10 % on no more than that."""
    plan = PayoutPlan(
        lead=LeadReward(reward=40), flat=FlatReward(reward=60, paid_in="credit", redemption_rate=1),
        clawback="full", clawback_months=2, payout_fee=0.1,
    )  # fmt: skip
    rows = replace(payments([(0, 0, [10_000])], 3), leads=np.array([[0, 5, 0]]))
    found = state(plan, rows)
    assert found.paid.tolist() == [[6000, 14_000, 0]]
    assert found.fees.tolist() == [[0, 1400, 0]]


def test_what_february_earns_is_paid_on_the_fifteenth_of_april():
    """PartnerStack's Genesis program: earned on the last of the month, after 30 days, on the next 15th (2026)."""
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.2), hold_days=30, payout_day=15)
    february = one(plan, 10_000, months=4)
    assert february.paid.tolist() == [[0, 0, 2000, 0]]
    assert one(plan.model_copy(update={"hold_days": 15}), 10_000, months=4).paid.tolist() == [[0, 2000, 0, 0]]


def test_months_are_counted_since_the_first_payment_or_only_those_that_were_paid():
    """Apple's App Store keeps 30 % until a subscriber has paid for a year, then 15 %: a pause does not count (2024)."""
    terms = PercentOfRevenue(rate=0.3, duration="taper", months=2, later_rate=0.15)
    assert one(terms, 1000, 0, 1000, 1000).payout.tolist() == [[300, 0, 150, 150]]
    paid = terms.model_copy(update={"months_counted": "paid"})
    assert one(paid, 1000, 0, 1000, 1000).payout.tolist() == [[300, 0, 300, 150]]


def test_a_balance_waits_until_it_is_large_enough():
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.1, duration="lifetime"), minimum_payout=25)
    found = one(plan, *[10_000] * 5)
    assert found.paid.tolist() == [[0, 0, 3000, 0, 0]]
    assert found.waiting.tolist() == [2000]


def test_a_balance_that_waits_too_long_below_the_least_amount_lapses():
    plan = PayoutPlan(flat=FlatReward(reward=40), minimum_payout=100, lapse_months=2)
    found = state(plan, payments([(0, 0, [100]), (0, 1, [100]), (0, 4, [100])], 8))
    assert found.payout.tolist() == [[4000, 4000, -8000, 0, 4000, 0, -4000, 0]]
    assert not found.paid.any()
    assert found.waiting.tolist() == [0]
    in_time = plan.model_copy(update={"lapse_months": 4})
    assert state(in_time, payments([(0, 0, [100]), (0, 1, [100]), (0, 4, [100])], 8)).paid[0, 4] == 12_000


def test_credit_counts_as_redeemed_and_has_no_fee():
    plan = PayoutPlan(flat=FlatReward(reward=500, paid_in="credit", redemption_rate=0.7), payout_fee=0.03, hold_days=30)
    found = one(plan, 100, 100)
    assert found.paid.tolist() == [[0, 35_000]]
    assert not found.fees.any()
    assert len(left_out(plan)) == 1
    yearly = PayoutPlan(flat=FlatReward(tiers="whole", tier_period="year"))
    assert [said.split(" count")[0] for said in left_out(yearly)] == ["Quarters and years"]


def test_a_licence_that_outlives_its_customer_is_the_partners_loss():
    # Two months at 60 of 100 are bought in months 1 and 3; the customer pays in months 1 and 3 and is gone.
    found = one(WholesaleDiscount(discount=0.4, prepaid_months=2), 10_000, 0, 10_000, months=5)
    assert found.margin.tolist() == [[4000, -6000, 4000, -6000, 0]]
    assert found.spend.tolist() == [[10_000, 0, 10_000, 0, 0]]


def test_leads_are_paid_without_customers():
    found = state(LeadReward(reward=12.5), payments([], 3, leads=[[0, 2, 1], [1, 0, 0]]))
    assert found.payout.tolist() == [[0, 2500, 1250], [1250, 0, 0]]


# The same terms in `split`, where nothing is left to chance: whole customers, all partners alike, churn 0 or 1.

tiers = st.sampled_from(["none", "marginal", "whole"])
rate = st.sampled_from([0.0, 0.05, 0.2, 0.35, 0.8])
# Between what partners can bring: `split` computes in doubles, which may miss a threshold that is met exactly.
steps = {"tier_2_from": st.just(293), "tier_3_from": st.sampled_from([0, 877]), "tier_4_from": st.just(0)}
rising = {"tiers": tiers, "tier_2_value": rate, "tier_3_value": rate, **steps}
in_customers = rising | {"tier_2_from": st.just(1.5), "tier_3_from": st.sampled_from([0, 3.5])}
percent = st.builds(
    PercentOfRevenue, rate=rate, later_rate=rate, months=st.integers(1, 8),
    duration=st.sampled_from(["first payment", "months", "lifetime", "taper"]), **rising,
)  # fmt: skip
flat = st.builds(
    FlatReward, **(in_customers | {"tier_2_value": st.just(70), "tier_3_value": st.just(20)}),
    reward=st.sampled_from([0, 40, 55.5]), paid_in=st.sampled_from(["cash", "credit"]), redemption_rate=rate,
)  # fmt: skip
margin = st.builds(PartnerMargin, margin=rate, **rising)
wholesale = st.builds(
    WholesaleDiscount, discount=rate, prepaid_months=st.integers(1, 5), resale_price=st.sampled_from([0.5, 1, 1.1, 2]),
    band_high=st.just(1.5), **rising,
)  # fmt: skip
share = st.builds(
    RevenueShare, rate=rate, months=st.integers(1, 8), funds_rate=st.sampled_from([0, 0.04]), funds_used=rate, **rising
)
plans = st.builds(
    lambda sides, **parts: PayoutPlan(**parts, **({} if sides is None else sides)),
    sides=st.one_of(st.none(), margin.map(lambda one: {"margin": one}), wholesale.map(lambda one: {"wholesale": one})),
    percent=st.none() | percent,
    flat=st.none() | flat,
    lead=st.none() | st.builds(LeadReward, reward=st.sampled_from([0, 7.25])),
    share=st.none() | share,
    coupon=st.sampled_from([0, 0.1, 0.5]),
    coupon_months=st.integers(1, 6),
    cap_customers=st.sampled_from([0, 1, 2]),
    cap_payout=st.sampled_from([0, 0, 100]),
    clawback=st.sampled_from(["none", "full", "pro rata"]),
    clawback_months=st.integers(1, 5),
    hold_days=st.sampled_from([0, 30, 45]),
    minimum_payout=st.sampled_from([0, 0, 500]),
    payout_fee=st.sampled_from([0, 0.03]),
)


@given(
    plan=plans,
    new=st.integers(1, 4),
    partners=st.integers(1, 3),
    months=st.integers(1, 12),
    churn=st.sampled_from([0, 1]),
)
def test_the_statement_and_the_projection_state_the_same_terms(plan, new, partners, months, churn):
    plan, price, leads = plain(plan), 100, 3  # what looks at a single partner is in `test_histories`
    accounts = [
        (partner, first, [price * 100] * (1 if churn else months - first))
        for partner in range(partners)
        for first in range(months)
        for _ in range(new)
    ]
    found = state(plan, payments(accounts, months, np.full((partners, months), leads)))
    projected = split(
        plan, np.full((months, 1), new * partners), np.array([float(churn)]), np.array([price]),
        leads=np.full((months, 1), leads * partners),
    )  # fmt: skip
    # At most one half cent a line: a partner has new × months customers, and four parts at the most.
    tolerance = 0.005 * partners * (new * months * 8 + 8)
    for mine, theirs in (
        (found.payout, projected.payouts), (found.margin, projected.partner_margin), (found.spend, projected.spend),
    ):  # fmt: skip
        assert np.allclose(mine.sum(axis=0) / 100, theirs[:, 0], atol=tolerance, rtol=0)
    if plan.clawback == "none":
        assert np.allclose(found.paid.sum(axis=0) / 100, projected.paid[:, 0], atol=tolerance * months, rtol=0)
        assert np.allclose(found.fees.sum(axis=0) / 100, projected.fees[:, 0], atol=tolerance * months, rtol=0)


@given(plan=plans, months=st.integers(1, 8))
def test_what_is_paid_comes_from_what_customers_pay(plan, months):
    accounts = [(at % 2, at % months, [100 * (at + 1)] * (1 + at % 5)) for at in range(9)]
    accounts = [(partner, first, paid[: months - first]) for partner, first, paid in accounts]
    whole = payments(accounts, months, np.ones((2, months), dtype=np.int64), 2)
    found = state(plan, whole)
    total = sum(found.earned.values(), np.zeros((2, months), dtype=np.int64))
    assert np.array_equal(found.payout, total - found.capped - found.taken_back)
    assert np.array_equal(found.paid.sum(axis=1) + found.waiting, found.payout.sum(axis=1))
    assert found.taken_back.sum() <= total.sum() - found.capped.sum()
    if not plan.wholesale:
        assert (found.margin >= 0).all()
        assert (found.margin <= found.spend).all()
    # Partners are stated one by one: apart or together, the same.
    apart = []
    for partner in (0, 1):
        here = whole.partner == partner
        account = np.unique(whole.account[here], return_inverse=True)[1]
        apart.append(
            state(plan, Payments(whole.partner[here] - partner, account, whole.month[here], whole.revenue[here],
                                 whole.age[here], whole.place[here], whole.leads[[partner]]))
        )  # fmt: skip
    assert np.array_equal(added(apart).payout, found.payout)
    assert np.array_equal(added(apart).margin, found.margin)


# Cases of public programs: refunds, holds and balances


def test_a_refund_inside_the_hold_is_never_paid():
    plan = PayoutPlan(flat=FlatReward(reward=100), clawback="full", hold_days=60)
    found = one(plan, 100_00, months=6)
    assert found.payout.tolist() == [[100_00, -100_00, 0, 0, 0, 0]]
    assert not found.paid.any()
    assert found.waiting.tolist() == [0]


def test_a_refund_inside_the_hold_moves_no_threshold_and_costs_no_fee():
    plan = PayoutPlan(flat=FlatReward(reward=100), clawback="full", hold_days=60, minimum_payout=150, payout_fee=0.02)
    found = state(plan, payments([(0, 0, [100_00]), (0, 0, [100_00] * 6)], 6))
    assert not found.paid.any()
    assert not found.fees.any()
    assert found.waiting.tolist() == [100_00]


def test_a_balance_below_zero_is_carried_forward():
    plan = PayoutPlan(percent=PercentOfRevenue(rate=1.0, duration="first payment"), clawback="full")
    accounts = [(0, 0, [100_00]), (0, 1, [20_00] * 3), (0, 2, [50_00] * 2), (0, 3, [50_00])]
    found = state(plan, payments(accounts, 4))
    assert found.payout.tolist() == [[100_00, -80_00, 50_00, 50_00]]
    assert found.paid.tolist() == [[100_00, 0, 0, 20_00]]
    assert found.waiting.tolist() == [0]


def by_place():
    return FlatReward(
        reward=10, tiers="marginal", tier_by="customers", tier_2_from=3, tier_2_value=20, tier_3_from=5, tier_3_value=30
    )


def test_from_the_third_customer_on_is_the_third_by_place_and_by_month():
    assert state(by_place(), payments([(0, 0, [100_00])] * 6, 1)).payout.tolist() == [[120_00]]


def test_returns_are_rated_again():
    plan = PayoutPlan(flat=by_place(), clawback="full")
    stay, leave = (0, 0, [100_00] * 3), (0, 0, [100_00])
    for accounts in ([stay] * 4 + [leave] * 2, [leave] * 2 + [stay] * 4):
        found = state(plan, payments(accounts, 3))
        assert found.payout.tolist() == [[120_00, -60_00, 0]]
    # Half of the window of two is left.
    half = plan.model_copy(update={"clawback": "pro rata", "clawback_months": 2})
    assert state(half, payments([stay] * 4 + [leave] * 2, 3)).taken_back.tolist() == [[0, 30_00, 0]]


# Tiers over more than a month, and by active customers


def test_places_of_a_quarter_are_those_of_a_month_and_returns_are_rated_again():
    """Six units in three months pay as six in one; of the last two, or the first two, 60 is taken back."""
    reward = by_place().model_copy(update={"tier_period": "quarter"})
    stay = [(0, month, [100_00] * (6 - month)) for month in (0, 0, 1, 1, 2, 2)]
    assert state(reward, payments(stay, 6)).payout.tolist() == [[20_00, 40_00, 60_00, 0, 0, 0]]
    plan = PayoutPlan(flat=reward, clawback="full")
    last = [*stay[:4], (0, 2, [100_00]), (0, 2, [100_00])]
    assert state(plan, payments(last, 6)).payout.tolist() == [[20_00, 40_00, 60_00, -60_00, 0, 0]]
    # The first two leave in the third month: the next two are then the first, and so are those of the month itself.
    first = [(0, 0, [100_00] * 2), (0, 0, [100_00] * 2), *stay[2:]]
    assert state(plan, payments(first, 6)).payout.tolist() == [[20_00, 40_00, 40_00 - 40_00, 0, 0, 0]]


def test_a_quarter_begins_anew():
    reward = by_place().model_copy(update={"tier_period": "quarter"})
    accounts = [(0, month, [100_00] * (7 - month)) for month in range(7)]
    assert (state(reward, payments(accounts, 7)).payout[0] // 100).tolist() == [10, 10, 20, 10, 10, 20, 10]
    yearly = by_place().model_copy(update={"tier_period": "year"})
    assert (state(yearly, payments(accounts, 7)).payout[0] // 100).tolist() == [10, 10, 20, 20, 30, 30, 30]


def test_a_tier_on_active_customers_pays_the_whole_month_more():
    """20 %, and 25 % from 21 active customers on; one is new a month, each pays 100: with 25 there are 625."""
    terms = PercentOfRevenue(
        rate=0.2, duration="lifetime", tiers="whole", tier_by="active customers", tier_2_from=21, tier_2_value=0.25,
        tier_3_from=0,
    )  # fmt: skip
    paid = state(terms, payments([(0, month, [100_00] * (25 - month)) for month in range(25)], 25)).payout[0]
    assert (paid[19], paid[20], paid[24]) == (400_00, 525_00, 625_00)


def test_a_tier_on_conversions_in_total_counts_over_the_life_of_a_partner():
    """50 % of the first payment, and 60 % from the 200th customer on; 10 of 30 a month."""
    terms = PercentOfRevenue(
        rate=0.5, duration="first payment", tiers="marginal", tier_by="customers", tier_period="total",
        tier_2_from=200, tier_2_value=0.6, tier_3_from=0,
    )  # fmt: skip
    paid = state(terms, payments([(0, month, [30_00]) for month in range(25) for _ in range(10)], 25)).payout[0]
    assert (paid[18], paid[19], paid[20]) == (150_00, 9 * 15_00 + 18_00, 180_00)


def test_deals_of_a_year_are_paid_by_their_place():
    """Deals 1 to 3 of a year earn 20 %, those after 30 %: six of 12,000 make 18,000, in one month or in six."""
    terms = PercentOfRevenue(
        rate=0.2, duration="first payment", tiers="marginal", tier_by="customers", tier_period="year", tier_2_from=4,
        tier_2_value=0.3, tier_3_from=0,
    )  # fmt: skip
    plan = PayoutPlan(percent=terms, cap_per_customer=25_000)
    for months in ([0] * 6, range(6)):
        assert state(plan, payments([(0, month, [12_000_00]) for month in months], 6)).payout.sum() == 18_000_00
    # A deal of 100,000 at the fourth place would earn 30,000.
    large = payments([(0, month, [cents]) for month, cents in enumerate([12_000_00] * 3 + [100_000_00])], 4)
    assert (state(plan, large).payout[0, 3], state(plan, large).capped[0, 3]) == (25_000_00, 5_000_00)


def test_a_customer_earns_no_more_than_the_most_and_that_is_what_is_taken_back():
    plan = PayoutPlan(
        percent=PercentOfRevenue(rate=0.5, duration="lifetime"), flat=FlatReward(reward=20), cap_per_customer=130
    )
    assert (one(plan, *[100_00] * 4).payout[0] // 100).tolist() == [70, 50, 10, 0]
    found = state(
        plan.model_copy(update={"clawback": "full", "clawback_months": 3}),
        payments([(0, 0, [100_00] * 3), (0, 0, [100_00] * 5)], 5),
    )
    assert (found.payout[0] // 100).tolist() == [140, 100, 20, -130, 0]
    again = PercentOfRevenue(tiers="whole, rated again", tier_period="year")
    with pytest.raises(ValueError, match="choose whole tiers"):
        PayoutPlan(percent=again, cap_per_customer=10)
    with pytest.raises(ValueError, match="leave it out"):
        PayoutPlan(wholesale=WholesaleDiscount(), share=RevenueShare(), cap_per_customer=10)


def test_p_web_hosts_pay_all_sales_of_a_month_by_their_number():
    """Affiliate programs of web hosts as commonly described, not looked up: 1–5 sales 50 each, 6–10 75, 11–20 100."""
    terms = FlatReward(reward=50, tiers="whole", tier_2_from=6, tier_2_value=75, tier_3_from=11, tier_3_value=100)
    for sales, stated in ((5, 250), (6, 450), (11, 1100)):
        assert state(terms, payments([(0, 0, [30_00])] * sales, 1)).payout.tolist() == [[stated * 100]]


def test_a_tier_that_rates_again_pays_the_difference_when_it_is_reached():
    """10 %, and 20 % of all of a quarter from 250 on: 100 a month; the second customer is taken back later."""
    tiers = {"tiers": "whole, rated again", "tier_period": "quarter", "tier_2_from": 250, "tier_2_value": 0.2}
    terms = PercentOfRevenue(rate=0.1, duration="lifetime", tier_3_from=0, **tiers)
    assert (one(terms, *[100_00] * 5).payout[0] // 100).tolist() == [10, 10, 40, 10, 10]
    plan = PayoutPlan(percent=terms, clawback="full", clawback_months=3)
    found = state(plan, payments([(0, 0, [100_00] * 5), (0, 0, [60_00] * 2)], 5))
    # 160 and 160 reach 320; without the other 100 and 100 do not, and the third month does again.
    assert (found.payout[0] // 100).tolist() == [16, 48, 40 - 64 + 20, 10, 10]
    with pytest.raises(ValueError, match="not below the one before it"):
        PercentOfRevenue(rate=0.3, **tiers)


def test_a_rebate_is_of_all_of_its_quarter_and_due_at_its_end():
    """Pricefx's example: once a quarter passes 100,000, 5 % of all of it; 30 + 30 + 45 thousand make 5,250."""
    plan = PayoutPlan(rebate=Rebate(rate=0.05, step_1_from=100_000))
    accounts = [(0, 0, [30_000_00] * 4), (0, 2, [15_000_00] * 2)]
    assert state(plan, payments(accounts, 5)).payout.tolist() == [[0, 0, 5_250_00, 0, 0]]
    # With 90,000 nothing, with 200,000 the second step, of all of it.
    assert not one(plan, *[30_000_00] * 3).payout.any()
    steps = PayoutPlan(rebate=Rebate(rate=0.05, step_1_from=100_000, step_2_from=200_000, step_2_value=0.07))
    assert one(steps, 90_000_00, 20_000_00, 90_000_00).payout.tolist() == [[0, 0, 14_000_00]]
    # A customer that is taken back after the quarter takes the rebate with it, and one that left before never counted.
    clawed = PayoutPlan(rebate=plan.rebate, clawback="full", clawback_months=6)
    leaves = [(0, 0, [30_000_00] * 5), (0, 2, [15_000_00])]
    assert state(clawed, payments(leaves, 5)).payout.tolist() == [[0, 0, 5_250_00, -5_250_00, 0]]
    before = [(0, 0, [50_000_00] * 5), (0, 0, [20_000_00])]
    assert state(clawed, payments(before, 5)).payout.tolist() == [[0, 0, 7_500_00, 0, 0]]
    with pytest.raises(ValueError, match="must begin above"):
        Rebate(step_1_from=100, step_2_from=50)


def test_a_bonus_is_for_the_customers_of_its_months_and_a_multiple_of_what_they_pay_first():
    """Broadvoice's partner terms (of 2024): sales recorded by the end of June 2024 pay six times the monthly fee.

    https://www.broadvoice.com/partner-spiff-terms-conditions/: 1,000 a month are 6,000; here in months 4 to 6.
    """
    plan = PayoutPlan(bonus=Bonus(reward=0, rate=6, from_month=4, to_month=6), percent=PercentOfRevenue(rate=0.15))
    accounts = [(0, first, [1000_00] * (7 - first)) for first in (2, 3, 5, 6)]
    found = state(plan, payments(accounts, 7))
    assert found.earned["bonus"].tolist() == [[0, 0, 0, 6000_00, 0, 6000_00, 0]]
    assert (found.payout - found.earned["bonus"]).tolist() == [[0, 0, 150_00, 300_00, 300_00, 450_00, 600_00]]
    # Its amount is added; one month is enough.
    once = PayoutPlan(bonus=Bonus(reward=50, from_month=3, to_month=3))
    assert state(once, payments(accounts, 7)).payout.tolist() == [[0, 0, 50_00, 0, 0, 0, 0]]
    with pytest.raises(ValueError, match="paid in no month: let it end"):
        Bonus(from_month=4, to_month=3)


def test_what_is_taken_back_and_refunded_touches_a_bonus_as_a_reward_and_its_payment():
    plan = PayoutPlan(bonus=Bonus(reward=40, rate=0.5), clawback="pro rata", clawback_months=4)
    # 40 and half of 100; who leaves after a month of four has three quarters taken back.
    assert state(plan, payments([(0, 1, [100_00])], 4)).payout.tolist() == [[0, 90_00, -67_50, 0]]
    # Half of the payment refunded takes half of its half back, and all of it also the amount.
    rows = payments([(0, 0, [100_00] * 4)], 4)
    for cents, back in ((50_00, 25_00), (100_00, 90_00)):
        refunded = replace(rows, refunds=np.array([[0, 2, cents]]))
        assert state(PayoutPlan(bonus=plan.bonus), refunded).payout.tolist() == [[90_00, 0, -back, 0]]
    # Caps: the second customer of a month is none, and one customer makes 30 at most.
    two = payments([(0, 0, [100_00]), (0, 0, [100_00])], 1)
    assert state(PayoutPlan(bonus=plan.bonus, cap_customers=1), two).payout.item() == 90_00
    assert state(PayoutPlan(bonus=plan.bonus, cap_per_customer=30), two).payout.item() == 60_00


def test_the_most_per_customer_is_on_what_is_a_customers_and_its_help_says_so():
    quarter, first = Rebate(rate=0.5, step_1_from=0), Milestones(milestone_1_at=1, milestone_1_value=70)
    plan = PayoutPlan(flat=FlatReward(reward=50), lead=LeadReward(reward=9), rebate=quarter, milestones=first)
    share = PayoutPlan(share=RevenueShare(rate=0.3, funds_rate=0.1, funds_used=1))
    # Of a reward of 50 is left 1; two leads, half of 300 in the quarter and the milestone are as they were.
    capped = one(plan.model_copy(update={"cap_per_customer": 1}), 100_00, 100_00, 100_00, leads=[[2, 0, 0]])
    assert capped.payout.sum() == (1 + 18 + 150 + 70) * 100
    # Of 30 is left 1, and funds of 10 are as they were.
    assert one(share.model_copy(update={"cap_per_customer": 1}), 100_00).payout.sum() == (1 + 10) * 100
    help_text = PayoutPlan.model_fields["cap_per_customer"].description
    assert "Leads, funds, rebates and milestones are no customer's." in help_text


def test_a_milestone_is_paid_once_when_all_that_was_brought_first_reaches_it():
    """Dub's help, Program bounties (read 2026): 250 more once a partner has made 1,000 of revenue.

    https://dub.co/help/article/program-bounties
    """
    by_revenue = PayoutPlan(milestones=Milestones(milestone_by="revenue", milestone_1_at=1000, milestone_1_value=250))
    accounts = [(0, 0, [300_00] * 5), (1, 0, [999_00])]
    assert state(by_revenue, payments(accounts, 5, partners=2)).payout.tolist() == [[0, 0, 0, 250_00, 0], [0] * 5]
    steps = Milestones(milestone_1_at=2, milestone_1_value=100, milestone_2_at=3, milestone_2_value=50)
    three = payments([(0, 1, [100_00] * 4)] * 3 + [(0, 3, [100_00] * 2)], 5)
    assert state(steps, three).payout.tolist() == [[0, 150_00, 0, 0, 0]]  # a month that reaches two pays both
    with pytest.raises(ValueError, match="above the one before it: put them in order"):
        Milestones(milestone_2_at=5)


def test_what_a_milestone_paid_stays_paid_and_is_not_paid_again():
    terms = Milestones(milestone_1_at=2, milestone_1_value=100)
    stays, leaves, comes = (0, 0, [10_00] * 6), (0, 1, [10_00]), (0, 4, [10_00] * 2)
    # Two in the second month; one leaves, and another comes.
    clawed = PayoutPlan(milestones=terms, clawback="full", clawback_months=3)
    assert state(clawed, payments([stays, leaves, comes], 6)).payout.tolist() == [[0, 100_00, 0, 0, 0, 0]]
    assert not state(clawed, payments([stays, leaves, comes], 6)).taken_back.any()
    # Of two that come one after the other there are never two, if the first has gone and is taken back.
    gone = payments([(0, 0, [10_00]), (0, 2, [10_00] * 4)], 6)
    assert not state(clawed, gone).payout.any()
    assert state(terms, gone).payout.tolist() == [[0, 0, 100_00, 0, 0, 0]]
    # One that was refunded in full by then is no customer either, and in part it is.
    for cents, paid in ((10_00, 0), (5_00, 100_00)):
        refunded = replace(gone, refunds=np.array([[0, 1, cents]]))
        assert state(terms, refunded).payout.sum() == paid
    # By active customers it takes two at once.
    active = terms.model_copy(update={"milestone_by": "active customers"})
    assert not state(active, gone).payout.any()
    assert state(active, payments([stays, (0, 3, [10_00] * 3)], 6)).payout.tolist() == [[0, 0, 0, 100_00, 0, 0]]


def test_a_milestone_is_within_the_cap_waits_for_the_hold_and_ends_with_the_partnership():
    plan = PayoutPlan(milestones=Milestones(milestone_1_at=2, milestone_1_value=100), hold_days=60, payout_fee=0.05)
    rows = payments([(0, 0, [10_00] * 5), (0, 1, [10_00] * 4)], 5)
    held = state(plan, rows)
    assert (held.paid.tolist(), held.fees.tolist()) == ([[0, 0, 0, 100_00, 0]], [[0, 0, 0, 5_00, 0]])
    assert state(plan.model_copy(update={"cap_payout": 80}), rows).payout.tolist() == [[0, 80_00, 0, 0, 0]]
    ends = plan.model_copy(update={"payouts_end": "with the partnership"})
    assert not state(ends, replace(rows, until=np.array([1]))).payout.any()
    assert state(ends, replace(rows, until=np.array([2]))).payout.any()


def test_files_that_can_not_say_when_a_bonus_began_say_from_when_its_months_count():
    said = left_out(PayoutPlan(bonus=Bonus(from_month=10, to_month=12)))
    assert said == (
        "The bonus's months 10 to 12 count from the first month with a signup or a payment of a partner's customer.",
    )


def test_a_return_below_a_cap_takes_nothing_back():
    plan = PayoutPlan(flat=FlatReward(reward=100), cap_payout=200, clawback="full")
    stay, leave = (0, 0, [100_00] * 3), (0, 0, [100_00])
    assert not state(plan, payments([stay, stay, leave], 3)).taken_back.any()
    assert state(plan, payments([stay, leave, leave], 3)).taken_back.tolist() == [[0, 100_00, 0]]


def test_yen_have_no_minor_units():
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.15, duration="lifetime"))
    months = payments([(0, 0, [3333_00] * 12)], 12)
    assert state(plan, months, coin=100).payout.sum() == 6000_00
    assert state(plan, months).payout.sum() == 5999_40


def test_every_amount_of_yen_is_whole():
    tiers = {"tiers": "marginal", "tier_2_from": 100, "tier_2_value": 0.33, "tier_3_from": 0}
    plan = PayoutPlan(
        percent=PercentOfRevenue(rate=0.1, duration="lifetime", **tiers), lead=LeadReward(reward=20.5), cap_payout=70.5,
        clawback="full", clawback_months=4,
    )  # fmt: skip
    accounts = [(0, 0, [77_00]), (0, 0, [101_00] * 4), (0, 0, [55_00] * 4)]
    found = state(plan, payments(accounts, 4, [[1, 0, 2, 0]]), coin=100)
    for amounts in (*found.earned.values(), found.capped, found.taken_back, found.paid, found.payout):
        assert not (amounts % 100).any()


def test_a_return_that_lowers_a_tier_is_taken_back_pro_rata_too():
    """Its second month earns nothing by itself, and the tier of the other's stands on it."""
    tiers = {"tiers": "whole", "tier_2_from": 150, "tier_2_value": 0.2, "tier_3_from": 0}
    plan = PayoutPlan(
        percent=PercentOfRevenue(rate=0.1, duration="first payment", **tiers), clawback="pro rata", clawback_months=3
    )
    stay, leave = (0, 1, [100_00] * 4), (0, 0, [100_00] * 2)
    found = state(plan, payments([leave, stay], 5))
    # A month of 200 earns 20 of the one new customer of 100; without the other's 100 it is 10.
    assert found.earned["percent"].tolist() == [[10_00, 20_00, 0, 0, 0]]
    assert found.taken_back.sum() == 3_33 + 3_33


def test_payouts_that_end_with_the_partnership_end_in_the_month_in_which_it_has_stopped():
    """Customers pay 100; the partner stops in the third month. One customer leaves before, one after."""
    plan = PayoutPlan(
        percent=PercentOfRevenue(rate=0.2, duration="lifetime"), clawback="full", clawback_months=6,
        payouts_end="with the partnership",
    )  # fmt: skip
    rows = payments([(0, 0, [100_00]), (0, 0, [100_00] * 3), (0, 0, [100_00] * 6)], 6)
    stopped = replace(rows, until=np.array([2]))
    assert state(plan, stopped).payout.tolist() == [[6000, 4000 - 2000, 0, 0, 0, 0]]
    goes_on = state(plan.model_copy(update={"payouts_end": "with the customer"}), stopped)
    assert goes_on.payout.tolist() == [[6000, 2000, 4000, 2000 - 6000, 2000, 2000]]
    assert state(plan, rows).payout.tolist() == goes_on.payout.tolist()  # nobody knows when the partner stopped
    assert "do not say when" in left_out(plan)[0]


def test_leads_and_funds_end_with_the_partnership_too():
    plan = PayoutPlan(
        lead=LeadReward(reward=10), share=RevenueShare(rate=0.1, funds_rate=0.1, funds_used=1.0),
        payouts_end="with the partnership",
    )  # fmt: skip
    rows = replace(payments([(0, 0, [100_00] * 4)], 4, leads=[[1, 1, 1, 1]]), until=np.array([3]))
    assert state(plan, rows).payout.tolist() == [[3000, 3000, 3000, 0]]
