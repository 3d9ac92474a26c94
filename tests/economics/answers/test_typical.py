"""What one typical customer makes its partner: said and drawn from the exact statement of that one partner."""

import pytest

from motions.charts.economics.timeline import chart, frame
from motions.economics.answers.typical import LONG, typical
from motions.economics.inputs.plan_words import in_words
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import PARTS, PayoutPlan
from motions.economics.model.statement import of_one

FIRST = {"percent": {"rate": 0.2, "duration": "first payment"}}
TWELVE = {"percent": {"rate": 0.2, "months": 12}}
ENDLESS = "a month as long as it stays."
LIFE = {"percent": {"rate": 0.2, "duration": "lifetime"}}
CASES = (
    (FIRST, "makes its partner $20 at once; nothing after."),
    (TWELVE, "makes its partner $20 a month for 12 months, $240 in all; nothing after."),
    (LIFE, "makes its partner $20 a month as long as it stays."),
    (LIFE | {"flat": {"reward": 50}}, f"$70 in its first month, then $20 {ENDLESS}"),
    ({"flat": {"reward": 50, "paid_in": "credit"}}, "$35 at once; nothing after. Credit counts at what is redeemed"),
    ({"lead": {"reward": 30}}, "makes its partner $30 at once; nothing after."),
    ({"margin": {"margin": 0.3}}, "leaves its partner a margin of $30 a month as long as it stays."),
    ({"wholesale": {"discount": 0.5}}, f"a margin of $50 {ENDLESS} The partner buys 12 months at once."),
    (FIRST | {"margin": {"margin": 0.3}}, "$20 at once; nothing after. It leaves its partner a margin of $30 a month"),
    (TWELVE | {"hold_days": 45}, "nothing after. The first of it is paid in month 3."),
    (TWELVE | {"minimum_payout": 100}, "The first of it is paid in month 5."),
    (FIRST | {"minimum_payout": 100}, "It is never paid: its balance alone stays below $100."),
    (TWELVE | {"clawback": "full"}, "If it leaves within 3 months, all of it is taken back."),
    ({"percent": {"rate": 0.2, "tiers": "whole", "tier_2_from": 50}}, "$20 a month for 12 months, $240 in all; nothing "
     "after. Of tiers this is the first rate."),
    (TWELVE | {"coupon": 0.5, "coupon_months": 1}, "$10 in its first month, then $20 a month for 11 months, $230"),
    (TWELVE | {"coupon": 0.5}, "at $100 a month, less a coupon of 50 % for 12 months, makes its partner $10 a month"),
    (LIFE | {"minimum_payout": 100, "lapse_months": 3}, f"earns its partner $20 {ENDLESS} It is never paid: its "
     "balance alone stays below $100 and lapses after 3 months."),
    (FIRST | {"minimum_payout": 100, "lapse_months": 6}, "earns its partner $20 at once; nothing after. It is never "
     "paid: its balance alone stays below $100 and lapses after 6 months."),
    ({"percent": {"rate": 0.2, "months": 7}, "minimum_payout": 100, "lapse_months": 6}, "$140 in all; nothing after. "
     "The first of it is paid in month 5. $40 of it is never paid: a balance below $100 lapses after 6 months."),
    ({"percent": {"rate": 0.2, "months": 7}, "minimum_payout": 100}, "month 5. $40 of it stays unpaid, as it is less "
     "than $100."),
    ({"percent": {"rate": 0.2, "duration": "taper", "months": 5, "later_rate": 0.1, "later_months": 2,
      "last_rate": 0.01}, "flat": {"reward": 50}, "coupon": 0.5, "coupon_months": 2},
     "$60 in its first month, then $10 in a month, then $20 a month for 3 months, and so on."),
    (TWELVE | {"marketplace_fee": 0.03, "override_rate": 0.05, "override_share": 0.3}, "The marketplace keeps 3 % of "
     "what the customer pays. Where another partner recruited it (30 % of partners), that one gets 5 % of the"),
    ({"margin": {"margin": 0.2, "distributor_margin": 0.1}}, f"leaves its partner a margin of $20 {ENDLESS} A "
     "distributor keeps 10 % of what the partner pays it."),
    ({"percent": {"rate": 0.3, "duration": "first payment", "paid_in": "credit", "redemption_rate": 0.5},
      "friend_share": 1}, "makes its partner $15 at once; nothing after. Credit counts at what is redeemed of it. The "
     "customer itself gets, as credit, $15 at once; nothing after."),
    (TWELVE | {"friend_share": 0.4}, "The customer itself gets, as credit, $8 a month for 12 months, $96 in all;"),
    ({"lead": {"reward": 9}, "friend_share": 1}, "makes its partner $9 at once; nothing after."),
    (TWELVE | {"rebate": {"step_1_from": 0}}, "for 12 months, $240 in all; nothing after. The rebate is on what all"),
    ({"rebate": {"step_1_from": 0}}, "Partners are paid for no customer by itself. The rebate is on what all "
     "customers of a partner pay."),
    (TWELVE | {"bonus": {"reward": 50, "rate": 0.5}}, "$20 a month for 12 months, $240 in all; nothing after. One that "
     "is won in months 1 to 3 of the program earns its partner $50 and 50 % of the first payment besides."),
    ({"bonus": {"from_month": 2, "to_month": 2}}, "A customer won outside of the bonus's months earns its partner "
     "nothing by itself. One that is won in month 2 of the program earns its partner $100."),
    (TWELVE | {"bonus": {"reward": 100, "rate": 0.4, "paid_in": "credit", "redemption_rate": 0.5}}, "earns its partner "
     "$50 and 20 % of the first payment besides. Credit counts at what is redeemed of it."),
    (TWELVE | {"bonus": {}, "cap_per_customer": 60}, "$100 besides, as far as what is paid at most allows."),
    (TWELVE | {"milestones": {}}, "nothing after. A partner gets $500 once it has brought 10 customers, on top."),
    ({"milestones": {}}, "Partners are paid for no customer by itself. A partner gets $500 once it has brought 10 "
     "customers."),
    ({"milestones": {"milestone_by": "active customers", "milestone_1_at": 1, "milestone_2_at": 20,
      "milestone_3_at": 50, "paid_in": "credit", "redemption_rate": 0.5}}, "A partner gets $250 once it has 1 active "
     "customer, $500 more at 20 and $1,250 more at 50. Credit counts at what is redeemed of it."),
    ({"milestones": {"milestone_by": "revenue", "milestone_1_at": 9000}, "bonus": {}}, "A partner gets $500 once its "
     "customers have paid $9,000, on top."),
    (TWELVE | {"cap_per_customer": 50}, "$20 a month for 2 months, then $10 in a month, $50 in all; nothing after."),
    ({}, "Partners are paid nothing: each side books its own sale."),
)  # fmt: skip


def of(payout, **market):
    scenario = default_scenario().with_market(**{"list_price": 100.0} | market)
    return typical(scenario.with_program("affiliate", payout=payout, deal_size_factor=1.0), "affiliate")


@pytest.mark.parametrize(("payout", "said"), CASES)
def test_the_sentence_says_what_a_customer_causes_and_when(payout, said):
    assert said in of(payout).sentence


YEARS = {"prepaid_share": 0.5, "year_price": 12.0}


@pytest.mark.parametrize(
    ("payout", "said"),
    [
        (FIRST, "customer that prepays a year at $1,200 makes its partner $240 at once; nothing after."),
        (LIFE, "makes its partner $240 a year as long as it stays."),
        ({"percent": {"rate": 0.2, "months": 24}}, "$240 a year for 2 years, $480 in all; nothing after."),
        (FIRST | {"margin": {"margin": 0.3}}, "It leaves its partner a margin of $360 a year as long as it stays."),
        (LIFE | {"clawback": "full"}, "Nothing is taken back: until its year ends it is a customer"),
        (LIFE | {"clawback": "full", "clawback_months": 12}, "If it leaves within 12 months, all of it is taken back."),
    ],
)
def test_of_a_customer_that_prepays_it_says_the_year(payout, said):
    assert said in of(payout, **YEARS).sentence
    assert "prepays" not in of(payout, **YEARS | {"prepaid_share": 0.4}).sentence


def test_of_several_kinds_of_customers_the_commonest_is_typical():
    by_size = {"percent": {"rate": 0.1, "duration": "first payment", "rate_by": "deal size", "rate_2": 0.3,
                           "rate_size_from": 250.0}}  # fmt: skip
    assert "at $100 a month makes its partner $10 at once" in of(by_size).sentence
    larger = {"plan_2_share": 0.7, "plan_2_price": 3.0}
    assert "at $300 a month makes its partner $90 at once" in of(by_size, **larger).sentence
    assert "a year at $1,200 makes its partner $120 at once; nothing after." in of(by_size, **YEARS).sentence[-90:]


def test_it_says_which_customer_it_is_where_others_earn_other_rates_and_what_refunds_would_take():
    by_plan = {"percent": {"rate": 0.2, "rate_by": "plan", "rate_2": 0.25}}
    assert "other rates" not in of(by_plan).sentence
    assert "This is a customer on price plan 1; others earn" in of(by_plan, plan_2_share=0.3).sentence
    both = of(by_plan, plan_2_share=0.3, prepaid_share=0.2).sentence
    assert "This is a customer on price plan 1 that pays by the month; others earn" in both
    assert "before refunds of 10 % of payments." in of(TWELVE, refund_rate=0.1).sentence
    assert "before refunds of 50 % of 10 % of payments." in of(TWELVE, refund_rate=0.1, refund_part=0.5).sentence


def test_amounts_keep_the_cents_without_which_they_do_not_add_up():
    quarter = {"percent": {"rate": 0.25, "months": 24}, "bonus": {"reward": 212.5}}
    said = of(quarter, list_price=450.0).sentence
    assert "at $450 a month makes its partner $112.50 a month for 24 months, $2,700 in all" in said  # 24 × 112.50
    assert "earns its partner $212.50 besides" in said
    assert "at $112.50 a month makes its partner $28.13 a month for 24 months, $675.12 in all" in (
        of(quarter, list_price=112.5).sentence
    )
    assert in_words(PayoutPlan.model_validate({"flat": {"reward": 112.5}})) == "$112.50 per customer"


def test_yen_are_said_in_whole_ones():
    assert "¥5 a month" in of({"percent": {"rate": 0.0455}}, currency="JPY").sentence


@pytest.mark.parametrize("kind", [kind for kind, _, _ in PARTS])
def test_what_is_drawn_is_the_statement_of_one_partner_with_one_customer(kind):
    plan = PayoutPlan.model_validate({kind: {}, "hold_days": 45, "minimum_payout": 70})
    alone = plan.model_copy(update={"bonus": None})  # which is for some customers only
    found, stated = of(plan.model_dump()), of_one(alone, [100.0] * LONG, months=LONG, leads=1)
    rows = frame(found)
    assert (rows["earned"] - rows["held"] - rows["paid"]).abs().max() < 0.005
    last = len(rows)
    assert rows["earned"].iloc[-1] == pytest.approx(stated.earnings[0, :last].sum() / 100)
    assert rows["paid"].iloc[-1] == pytest.approx((stated.paid + stated.margin)[0, :last].sum() / 100)


def test_the_timeline_says_how_long_money_is_held_and_draws_what_is():
    held = chart(frame(of(TWELVE | {"hold_days": 60})), "$100 a month", "affiliate", "USD")
    assert held.title == "$240 earned in 12 months, the first of it paid in month 3"
    assert [note.text for note in held.figure.layout.annotations if note.text == "held"]
    assert held.shown["held"].tolist()[:3] == [20.0, 40.0, 40.0]
    at_once = chart(frame(of(TWELVE)), "$100 a month", "affiliate", "USD")
    assert at_once.title == "$240 earned in 12 months, paid as it is earned"
    never = chart(frame(of(FIRST | {"minimum_payout": 100})), "$100 a month", "affiliate", "USD")
    assert never.title == "$20 earned at once, none of it paid"
    wide = next(note for note in held.figure.layout.annotations if note.text == "held")
    assert (wide.xanchor, wide.x) == ("left", 1.6), "over the bars: to the left of them are the numbers of the axis"


def test_the_timeline_says_what_lapses_and_counts_years_where_a_year_is_paid_at_once():
    found = of(LIFE | {"minimum_payout": 100, "lapse_months": 3})
    rows = frame(found)
    assert (rows["earned"] - rows["held"] - rows["paid"] - rows["lapsed"]).abs().max() < 0.005
    drawn = chart(rows, found.pays, "affiliate", "USD")
    assert drawn.title == "$480 earned in 24 months, none of it paid: it lapses"
    assert "Lapsed" in {trace.name for trace in drawn.figure.data}
    low, middle, high = (note.text for note in drawn.figure.layout.annotations[:3])
    assert "Paid" in low
    assert "Lapsed" in middle
    assert "Earned" in high
    years = of({"percent": {"rate": 0.2, "months": 14}}, **YEARS)
    assert chart(frame(years), years.pays, "affiliate", "USD", years.each).title.startswith("$480 earned in 2 years")


@pytest.mark.parametrize(
    ("besides", "partner"),
    [
        ({"lead": {"reward": 20}}, "$260 in all"),
        ({"cap_per_customer": 60}, "$60 in all"),
        ({"cap_payout": 15}, "$180 in all"),
        ({"bonus": {"reward": 90}}, "$240 in all"),
        ({"milestones": {}}, "$240 in all"),
    ],
)
def test_the_customer_itself_gets_a_share_of_what_is_paid_for_it_alone_before_any_cap(besides, partner):
    said = of(TWELVE | besides | {"friend_share": 1}).sentence
    assert partner in said
    # 12 × 20 % of 100: leads, a dated bonus and milestones are no customer's, and caps are on the partner's.
    assert "The customer itself gets, as credit, $20 a month for 12 months, $240 in all; nothing after." in said


def test_in_the_words_of_a_plan_the_customer_gets_of_the_part_that_is_its_own():
    lead = PayoutPlan.model_validate(TWELVE | {"lead": {}, "bonus": {}, "milestones": {}, "friend_share": 1})
    assert in_words(lead).startswith("20 % × 12 months (as much in credit for the customer), $20 per lead, $100 for")
    assert in_words(lead).count("for the customer") == 1
    share = {"rate": 0.1, "months": 6, "paid_in": "credit", "tiers": "whole"}
    assert in_words(PayoutPlan.model_validate({"share": share, "friend_share": 0.5})) == (
        "10 % of your revenue × 6 months in credit (50 % of it in credit for the customer), by tiers, and 3 % funds"
    )
    by = TWELVE | {"percent": {"rate": 0.2, "months": 12, "rate_by": "billing", "rate_2": 0.3}, "friend_share": 1}
    both = "20 % × 12 months (30 % for prepaid years; as much in credit for the customer)"
    assert in_words(PayoutPlan.model_validate(by)) == both


def test_percentages_that_give_away_more_than_is_paid_are_said():
    more = {"percent": {"rate": 0.6}, "override_rate": 0.3, "override_share": 0.5, "marketplace_fee": 0.2}
    assert "110 % of what it pays is given away" in of(more).sentence
    assert "given away" not in of(more | {"override_share": 0.0}).sentence
    # 70 % to the reseller, of the other 30 half to a distributor, of the 15 booked 80 % and as much for the customer.
    between = {"margin": {"margin": 0.7, "distributor_margin": 0.5}, "share": {"rate": 0.8, "funds_rate": 0.0}}
    assert "given away" not in of(between).sentence
    assert "109 % of what it pays is given away" in of(between | {"friend_share": 1}).sentence
    credit = {"percent": {"rate": 0.6, "paid_in": "credit", "redemption_rate": 0.5}}
    assert "given away" not in of(more | credit).sentence


def test_a_bonus_that_gives_away_more_than_is_paid_first_is_said_of_those_it_is_for():
    bonus = {"bonus": {"reward": 0, "rate": 9}}
    said = of({"percent": {"rate": 0.3, "duration": "first payment"}} | bonus).sentence
    assert "Of what one that is won in months 1 to 3 pays first, 930 % is given away: more than all of it." in said
    assert "In its first month" not in said, "of others 30 % is"
    # 60 % of the commission, and 900 % of which 4 % is redeemed, which is 36 % more.
    credit = {"bonus": bonus["bonus"] | {"paid_in": "credit", "redemption_rate": 0.04}}
    assert "given away" not in of({"percent": {"rate": 0.6}} | credit).sentence
    both = of({"percent": {"rate": 0.7}, "friend_share": 1} | credit).sentence
    assert "In its first month 140 % of what it pays is given away: more than all of it." in both
    assert "pays first, 176 % is given away: more than all of it." in both
    # 8 of 100 for each payment and 900 once are 908, of which 60 are paid.
    capped = of({"percent": {"rate": 0.08}, "cap_per_customer": 60} | bonus).sentence
    assert "908 % is given away before what is paid at most: more than all of it." in capped
