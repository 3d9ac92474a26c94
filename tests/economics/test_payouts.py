"""Who gets what: published examples, conservation, and the limits of every kind of terms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions.economics.payouts import (
    TERMS,
    FlatReward,
    NoPayout,
    PartnerMargin,
    PercentOfRevenue,
    WholesaleDiscount,
    split,
    used_fields,
)
from tests.cases import case


def one_customer(terms, price, months, churn=0.0):
    new = np.zeros((months, 1))
    new[0] = 1
    return split(terms, new, np.array([churn]), np.array([price]))


share = st.floats(0, 0.95)
TERMS_DRAWN = st.one_of(
    st.just(NoPayout()),
    st.builds(
        PercentOfRevenue,
        rate=share,
        duration=st.sampled_from(["first payment", "months", "lifetime"]),
        months=st.integers(1, 60),
    ),
    st.builds(
        FlatReward, reward=st.floats(0, 5000), paid_in=st.sampled_from(["cash", "credit"]), redemption_rate=share
    ),
    st.builds(PartnerMargin, margin=share),
    st.builds(WholesaleDiscount, discount=share, prepaid_months=st.integers(1, 36)),
)


def test_recurring_commission_with_a_twelve_month_cap():
    given_, stated = case("P01")
    terms = PercentOfRevenue(rate=given_["rate"], duration="months", months=given_["cap_months"])
    payouts = one_customer(terms, given_["price"], 24).payouts[:, 0]
    assert payouts[0] == pytest.approx(stated["monthly"])
    assert payouts.sum() == pytest.approx(stated["first_year_total"])
    assert not payouts[12:].any()


def test_one_off_commission_on_the_first_payment():
    given_, stated = case("P11")
    terms = PercentOfRevenue(rate=given_["rate"], duration="first payment")
    assert one_customer(terms, given_["acv"], 6).payouts.sum() == pytest.approx(stated)


def test_commission_in_a_window_of_a_year():
    given_, stated = case("P12")
    payouts = one_customer(PercentOfRevenue(rate=given_["rate"], duration="months", months=12), given_["payment"], 12)
    assert round(payouts.payouts[0, 0] * 100) == stated


def test_reseller_buys_at_the_discounted_price():
    given_, stated = case("P19")
    shares = one_customer(WholesaleDiscount(discount=given_["discount"], prepaid_months=1), given_["list"], 1)
    assert shares.vendor_revenue[0, 0] == pytest.approx(stated["reseller_price"])
    assert shares.partner_margin[0, 0] == pytest.approx(stated["discount"])


def test_margin_is_a_share_of_the_selling_price_not_of_the_buying_price():
    given_, stated = case("P18")
    shares = one_customer(PartnerMargin(margin=stated["margin"]), given_["sell"], 1)
    assert shares.vendor_revenue[0, 0] == pytest.approx(given_["buy"])


def test_a_cohort_decays_by_its_churn():
    given_, stated = case("M47")
    new = np.zeros((13, 1))
    new[0] = given_["cohort"]
    customers = split(NoPayout(), new, np.array([given_["churn"]]), np.array([1.0])).customers[:, 0]
    assert [round(customers[month]) for month in (3, 6, 12)] == stated["users"]


def test_credit_costs_what_is_redeemed():
    cash = one_customer(FlatReward(reward=500), 100, 3).payouts.sum()
    credit = one_customer(FlatReward(reward=500, paid_in="credit", redemption_rate=0.7), 100, 3).payouts.sum()
    assert (cash, credit) == (500, pytest.approx(350))


def test_prepaid_blocks_by_hand():
    # 8 licences in month 1, half of the customers leave each month, blocks of 2 months at 60 of 100.
    new = np.array([[8.0], [0], [0], [0]])
    shares = split(WholesaleDiscount(discount=0.4, prepaid_months=2), new, np.array([0.5]), np.array([100.0]))
    assert shares.customers[:, 0].tolist() == [8, 4, 2, 1]
    assert shares.receipts[:, 0].tolist() == [8 * 2 * 60, 0, 2 * 2 * 60, 0]
    assert shares.vendor_revenue[:, 0].tolist() == [480, 480, 120, 120]
    assert shares.partner_margin[:, 0].tolist() == [320, -80, 80, -20]  # unsold months are the partner's loss


@given(
    terms=TERMS_DRAWN,
    new=st.lists(st.floats(0, 50), min_size=1, max_size=40),
    churn=st.floats(0, 1),
    price=st.floats(0, 5000),
)
def test_what_customers_pay_is_what_the_vendor_and_the_partners_get(terms, new, churn, price):
    shares = split(terms, np.array(new)[:, None], np.array([churn]), np.array([price]))
    assert np.allclose(shares.spend, shares.vendor_revenue + shares.partner_margin)
    assert np.allclose(shares.customers.sum() * price, shares.spend.sum())
    assert (shares.payouts >= 0).all()
    # Everybody who ever came is still there or has left.
    assert np.isclose(sum(new), shares.customers[-1, 0] + shares.churned.sum())


@given(
    rate=share,
    months=st.integers(1, 24),
    new=st.lists(st.floats(0, 50), min_size=1, max_size=40),
    churn=st.floats(0, 0.9),
)
def test_commission_months_agree_with_following_each_cohort(rate, months, new, churn):
    shares = split(
        PercentOfRevenue(rate=rate, duration="months", months=months),
        np.array(new)[:, None],
        np.array([churn]),
        np.array([100.0]),
    )
    expected = [
        sum(new[born] * (1 - churn) ** (now - born) for born in range(max(0, now - months + 1), now + 1)) * 100 * rate
        for now in range(len(new))
    ]
    assert np.allclose(shares.payouts[:, 0], expected, atol=1e-6)


@given(months=st.integers(1, 36), discount=share)
def test_without_churn_prepaying_changes_cash_but_not_revenue(months, discount):
    new = np.full((months * 2, 1), 3.0)
    monthly = split(WholesaleDiscount(discount=discount, prepaid_months=1), new, np.zeros(1), np.array([100.0]))
    blocks = split(WholesaleDiscount(discount=discount, prepaid_months=months), new, np.zeros(1), np.array([100.0]))
    assert np.allclose(monthly.vendor_revenue, blocks.vendor_revenue)
    assert np.allclose(monthly.receipts, monthly.vendor_revenue)
    assert (blocks.receipts.cumsum() >= monthly.receipts.cumsum() - 1e-6).all()


@pytest.mark.parametrize(("kind", "name", "model"), TERMS)
def test_every_input_that_is_offered_has_an_effect(kind, name, model):
    def outcome(terms):
        shares = one_customer(terms, 100, 40, churn=0.1)
        return np.concatenate([shares.payouts, shares.vendor_revenue, shares.receipts]).ravel()

    base = model(paid_in="credit") if model is FlatReward else model()
    assert base.kind == kind
    for field in used_fields(base):
        value = getattr(base, field)
        changed = {"duration": "lifetime", "paid_in": "cash"}.get(field) if isinstance(value, str) else value * 0.5
        if isinstance(value, int):
            changed = value // 2
        assert not np.allclose(outcome(base), outcome(base.model_copy(update={field: changed}))), field
