"""Other terms on real accounts: by hand to the cent, against a plain implementation, and as program health has it."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from motions.charts import replay as charts
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.accounts import read_attributed
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.metrics import metrics as m
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
from motions.economics.model.periods import by_calendar
from motions.economics.model.statement import Payments, state
from motions.names import PUBLISHED
from motions.replay import NO_ACCOUNTS, SUMS, exact, notes, partners, replay, rows, sentence, summary, unavailable
from motions.text import as_csv
from tests.conftest import SAMPLE_FILES, TODAY, examples
from tests.economics.model.payout_oracle import Plan, of_partner, rising, together, with_overrides
from tests.economics.model.test_payouts import bonus_of, by_customer

PERCENT = PayoutPlan(percent=PercentOfRevenue(rate=0.2, duration="months", months=2))


@pytest.fixture
def read(load):
    """Load a program and its attributed accounts."""

    def read_both(files, folder=None, **options):
        found = {}
        program = load(files, then=lambda con: found.update(read_attributed(con, folder)), **options)
        return program, found

    return read_both


BY_HAND = {
    "accounts.csv": """account_id,signed_up_on,motion,partner_id
A1,2026-01-03,affiliate,P1
A2,2026-01-05,affiliate,P1
A3,2026-02-10,affiliate,P2
A4,2026-02-11,affiliate,
A5,2026-01-11,organic,
A6,2026-02-12,affiliate,P3
""",
    "revenue.csv": """account_id,month,mrr,currency
A1,2026-01,99.99,USD
A1,2026-02,99.99,USD
A1,2026-03,99.99,USD
A2,2026-02,10.03,USD
A3,2026-02,50.00,USD
A3,2026-03,55.55,USD
A4,2026-02,20.00,USD
A5,2026-01,500.00,USD
A5,2026-03,500.00,USD
""",
    "partners.csv": """partner_id,name,motion,recruited_on
P1,Uno,affiliate,2025-12-01
P2,Due,affiliate,2025-12-01
P3,Tre,affiliate,2025-12-01
P4,Quattro,reseller,2025-12-01
""",
    "spend.csv": """month,amount,kind,motion,partner_id,currency
2026-01,0.00,payout,affiliate,P1,USD
2026-01,0.00,program,affiliate,,USD
2026-01,0.00,marketing,organic,,USD
2026-02,15.00,payout,affiliate,P1,USD
2026-03,30.00,payout,,P2,USD
2026-03,1.00,payout,affiliate,,USD
2026-03,100.00,program,affiliate,,USD
2026-03,40.00,marketing,organic,,USD
""",
}
MARCH = m.Settings(as_of=2026 * 12 + 2, window=3)


def test_by_hand(read):
    program, accounts = read(BY_HAND)
    found = replay(accounts["affiliate"], program.ledger, MARCH, PERCENT)
    # P1: 20 % of 99.99 → 20.00 in January and in February, and of 10.03 → 2.01. P2: 10.00 and 11.11. P3 brought nobody.
    assert found.accounts.partner_ids == ("P1", "P2", "P3")
    assert found.new.payout.tolist() == [4201, 2111, 0]
    assert found.real.payout.tolist() == [1500, 3000, 0]
    assert found.change.tolist() == [2701, -889, 0]
    assert (found.winners, found.losers) == (1, 1)
    # Four new customers, one of them nobody's: (63.12 + 100) ÷ 4, and really (15 + 30 + 1 + 100) ÷ 4.
    assert found.effective_cpa(found.new).value == pytest.approx(40.78)
    assert found.effective_cpa(found.real).value == pytest.approx(36.5)
    # All spend 186, payouts 46 replaced by 63.12, five new customers.
    assert found.blended_cac(found.new).value == pytest.approx((186 - 46 + 63.12) / 5)
    assert sentence(found) == (
        "Affiliates, replayed: under the new terms partners would have earned $63.12 in the 3 months to 2026-03, "
        "$17.12 more than they really were paid; 1 partner would earn more, 1 less. Effective CPA $40.78 instead of "
        "$36.50."
    )


def test_the_window_counts_what_is_owed_for_its_months(read):
    program, accounts = read(BY_HAND)
    plan = PERCENT.model_copy(update={"hold_days": 30, "clawback": "full", "clawback_months": 3})
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    # A2 paid in February only: its 2.01 are taken back in March, before they go. What March earned is paid in April.
    assert found.new.taken_back.tolist() == [201, 0, 0]
    assert found.new.payout.tolist() == [4000, 2111, 0]
    assert found.new.out.tolist() == [4000, 1000, 0]
    assert found.new.waiting.tolist() == [0, 1111, 0]


def test_what_a_marketplace_keeps_costs_in_each_month_and_is_no_fee_of_a_payout(read):
    program, accounts = read(BY_HAND)
    without, found = (
        replay(accounts["affiliate"], program.ledger, MARCH, plan).new
        for plan in (PERCENT, PERCENT.model_copy(update={"marketplace_fee": 0.1}))
    )
    assert found.marketplace.sum() == (found.monthly - without.monthly).sum() == found.cost - without.cost > 0
    assert found.marketplace.sum() == pytest.approx(found.spend.sum() * 0.1, abs=5)
    assert not found.fees.any()


def test_what_a_distributor_keeps_costs_in_each_month_and_earns_no_partner_anything(read):
    program, accounts = read(BY_HAND)
    without, found = (
        replay(accounts["affiliate"], program.ledger, MARCH, PayoutPlan(margin=PartnerMargin(**margins)))
        for margins in ({"margin": 0.2}, {"margin": 0.2, "distributor_margin": 0.1})
    )
    kept = found.new.distributor
    assert kept.sum() == (found.new.monthly - without.new.monthly).sum() == found.new.cost - without.new.cost > 0
    assert kept.sum() == pytest.approx(found.new.spend.sum() * 0.8 * 0.1, abs=5)
    assert (found.new.earnings == without.new.earnings).all()
    assert found.share(found.new) == without.share(without.new)
    assert "Distributor's margin" in summary(found).index
    assert "Distributor's margin" not in summary(without).index
    assert any("no file says it" in note for note in notes(found))
    header, *_ = rows(found)
    assert "New terms: distributor" in header


def test_what_customers_get_themselves_costs_in_each_month_and_is_no_partners(read):
    program, accounts = read(BY_HAND)
    without, found = (
        replay(accounts["affiliate"], program.ledger, MARCH, PERCENT.model_copy(update={"friend_share": part})).new
        for part in (0.0, 0.5)
    )
    assert found.friend.sum() == (found.monthly - without.monthly).sum() == found.cost - without.cost > 0
    assert found.friend.sum() == pytest.approx(found.payout.sum() * 0.5, abs=5)
    for name in ("payout", "earnings", "out", "waiting", "fees"):
        assert (getattr(found, name) == getattr(without, name)).all()


def test_a_plan_against_itself_changes_nothing(read):
    program, accounts = read(BY_HAND)
    found = replay(accounts["affiliate"], program.ledger, MARCH, PERCENT, current=PERCENT)
    assert not found.change.any()
    assert "as much as under the current terms" in sentence(found)


def test_tables_and_rows_state_money_exactly_and_text_as_it_is(read):
    program, accounts = read(BY_HAND)
    found = replay(accounts["affiliate"], program.ledger, MARCH, PERCENT)
    header, *lines = rows(found)
    first = dict(zip(header, lines[0], strict=True))
    assert (first["partner_id"], first["New terms"], first["Change"]) == ("P1", "42.01", "27.01")
    frame = partners(found)
    assert frame["Partner"].tolist() == ["Uno", "Due", "Tre"]
    assert frame["Result"].tolist() == ["more", "less", "the same"]
    assert summary(found).loc["Effective CPA", "New terms"].startswith("$40.78")
    assert summary(found).loc["Share of what customers pay"].tolist() == ["10.6 %", "14.5 %"]
    assert [exact(amount) for amount in (0, 7, -1234)] == ["0.00", "0.07", "-12.34"]
    chart = charts.changes(found)
    assert "1 partner" in chart.title
    assert "Uno" in chart.alt


def test_what_is_not_known_is_not_zero(read):
    files = {name: BY_HAND[name] for name in ("accounts.csv", "revenue.csv")}
    program, accounts = read(files)
    found = replay(accounts["affiliate"], program.ledger, MARCH, PERCENT)
    assert found.real is None
    assert found.change is None
    assert "in no file" in sentence(found)
    assert charts.changes(found).title
    assert not unavailable(program)
    assert any("no partner" in note for note in notes(found))


def test_without_rows_it_says_what_to_do(load, read):
    program = load({"partners.csv": BY_HAND["partners.csv"], "spend.csv": BY_HAND["spend.csv"]})
    assert "add a revenue file" in unavailable(program)
    # A cohort ledger names the tables it came from, but has none of their rows.
    whole = load(BY_HAND)
    ledger = load({"ledger.csv": as_csv(*split_header(ledger_rows(whole.ledger)))})
    assert unavailable(ledger) == NO_ACCOUNTS
    assert unavailable(whole) == ""


def split_header(found):
    header, *others = found
    return [str(cell) for cell in header], others


def test_amounts_in_another_currency_are_set_aside(read):
    files = BY_HAND | {"revenue.csv": BY_HAND["revenue.csv"].replace("A2,2026-02,10.03,USD", "A2,2026-02,10.03,EUR")}
    program, accounts = read(files, currency="USD")
    found = replay(accounts["affiliate"], program.ledger, MARCH, PERCENT)
    assert program.ledger.currency == "USD"
    assert found.new.payout.tolist() == [4000, 2111, 0]


def test_rows_on_disk_give_the_same(read, tmp_path, monkeypatch):
    program, in_memory = read(BY_HAND)
    _, on_disk = read(BY_HAND, folder=tmp_path)
    monkeypatch.setattr("motions.replay.CHUNK", 1)
    one, other = (replay(a["affiliate"], program.ledger, MARCH, PERCENT) for a in (in_memory, on_disk))
    assert one.new.payout.tolist() == other.new.payout.tolist() == [4201, 2111, 0]


# Terms of single partners, which the partner list says

OWN_TERMS = BY_HAND | {
    "partners.csv": """partner_id,name,motion,recruited_on,Upline,Commission rate,Uplift,Reward per customer
P1,Uno,affiliate,2025-12-01,P4,35 %,,
P2,Due,affiliate,2025-12-01,P1,,2.5 %,40
P3,Tre,affiliate,2025-12-01,P9,0 %,,
P4,Quattro,reseller,2025-12-01,,,,
"""
}


def test_single_partners_are_paid_by_their_own_terms_and_recruiters_have_their_part(read, monkeypatch):
    program, accounts = read(OWN_TERMS)
    plan = PERCENT.model_copy(update={"override_rate": 0.1, "hold_days": 30, "payout_fee": 0.02})
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    assert found.accounts.partner_ids == ("P1", "P2", "P3", "P4")
    # P1 has 35 %: 35.00 (34.9965) in January and in February, and 3.51 of 10.03; and of P2's 50.00 and 55.55 10 %.
    # P2 has 22.5 %: 11.25 and 12.50 (12.49875). P4 recruited P1: 10.00 in each of three months, and 1.00.
    assert found.new.override.tolist() == [1056, 0, 0, 3100]
    assert found.new.payout.tolist() == [7351 + 1056, 2375, 0, 3100]
    # What March earned (P1: 5.56 of P2; P2: 12.50; P4: 10.00) goes in April; the fee is of what went.
    assert found.new.waiting.tolist() == [556, 1250, 0, 1000]
    assert found.new.fees.tolist() == [157, 22 + 1, 0, 42]
    assert found.new.cost == found.new.payout.sum() + found.new.fees.sum() == found.new.monthly.sum()
    monkeypatch.setattr("motions.replay.CHUNK", 1)  # recruiter and recruit are worked on apart
    apart = replay(accounts["affiliate"], program.ledger, MARCH, plan).new
    assert all((getattr(apart, name) == getattr(found.new, name)).all() for name in (*SUMS, "monthly"))


def test_the_page_shows_whose_terms_are_its_own_and_says_for_how_many_they_count(read):
    program, accounts = read(OWN_TERMS)
    plan = PERCENT.model_copy(update={"flat": FlatReward(reward=10), "override_rate": 0.1})
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    frame = partners(found).set_index("Partner")
    assert frame["Own rate"].to_dict() == {"Uno": "35 %", "Due": "+ 2.5 %", "Tre": "0 %", "Quattro": ""}
    assert frame["Own reward"].to_dict() == {"Uno": "", "Due": "$40.00", "Tre": "", "Quattro": ""}
    header, *lines = rows(found)
    first = {line[0]: dict(zip(header, line, strict=True)) for line in lines}
    assert (first["P1"]["Own rate"], first["P2"]["Own rate"], first["P4"]["Own rate"]) == ("35 %", "+ 2.5 %", "")
    assert first["P4"]["New terms: override"] == "31.00"
    assert summary(found).loc["Overrides, in payouts", "New terms"] == "$41.56"
    said = " ".join(notes(found))
    assert "2 partners have rates of their own in the partner list, which count in place of the commission" in said
    assert ", and is 0 for 1 of them." in said
    assert "1 partner has an uplift in the partner list, which counts on top of the commission." in said
    assert "1 partner has a reward of its own in the partner list, which counts in place of the reward per new" in said
    assert "who recruited a partner" not in said
    # P3 has a recruiter that is not in the list, but no customer who pays.
    assert "Nobody knows who recruited" not in said


def test_what_has_no_effect_or_is_not_known_is_said(read):
    words = OWN_TERMS["partners.csv"].replace("35 %", "350 %").replace("P2,Due", "PX,Due")
    program, accounts = read(OWN_TERMS | {"partners.csv": words})
    plan = PERCENT.model_copy(update={"override_rate": 0.1})
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    said = " ".join(notes(found))
    assert found.new.payout.tolist() == [4201, 2111, 0, 3100, 0]  # P1 has the plan's, and P4 a tenth of its sales
    assert (
        "For 1 partner the own rate, uplift or reward can't be read, or waits for an answer: Uno (P1, line 2): rate "
        "'350 %'. The plan's counts."
    ) in said
    assert (
        "1 partner has a reward of its own in the partner list, without effect: the plan has no reward per new" in said
    )
    assert "Nobody knows who recruited 1 partner with customers" in said
    assert "a recruiter that can't be: P2. No override counts" in said
    without = PayoutPlan(flat=FlatReward(reward=10), override_rate=0.1)
    found = replay(accounts["affiliate"], program.ledger, MARCH, without)
    assert "without effect: the plan has no share of what customers pay." in " ".join(notes(found))
    assert "Own rate" not in partners(found)
    # Where no file speaks of recruiters the override is left out, and said.
    program, accounts = read(BY_HAND)
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    assert found.new.payout.tolist() == [4201, 2111, 0]
    assert "The override is left out: the files do not say who recruited a partner." in notes(found)


def test_an_own_rate_that_leaves_less_than_nothing_is_named_and_the_plans_counts(read):
    # A reseller keeps 30 %, a distributor 20 % of the rest, the marketplace 10 %. With 95 %, or 30 + 65, no
    # tenth left for the marketplace; with 60 %, 40 % - 8 % is left.
    words = """partner_id,name,motion,recruited_on,Commission rate,Uplift
P1,Uno,affiliate,2025-12-01,95 %,
P2,Due,affiliate,2025-12-01,,65 %
P3,Tre,affiliate,2025-12-01,60 %,
"""
    signed = BY_HAND["accounts.csv"] + "A7,2026-02-12,affiliate,P3\n"
    paid = BY_HAND["revenue.csv"] + "A7,2026-02,10.00,USD\nA7,2026-03,10.00,USD\n"
    program, accounts = read(BY_HAND | {"partners.csv": words, "accounts.csv": signed, "revenue.csv": paid})
    plan = PayoutPlan(margin=PartnerMargin(margin=0.3, distributor_margin=0.2), marketplace_fee=0.1)
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    # 3 × 99.99 and 10.03; 50.00 and 55.55; twice 10.00.
    assert found.new.margin.tolist() == [3 * 3000 + 301, 1500 + 1667, 1200]
    assert (found.new.margin + found.new.distributor + found.new.marketplace <= found.new.spend).all()
    (said,) = [note for note in notes(found) if "not used" in note]
    assert said == (
        "For 2 partners the own rate or uplift is not used, as with it the partner, a distributor and the marketplace "
        "keep more of a payment than there is: Uno (P1, line 2): 95 %; Due (P2, line 3): + 65 %. The plan's counts."
    )
    assert partners(found).set_index("Partner")["Own rate"].to_dict() == {"Uno": "", "Due": "", "Tre": "60 %"}
    assert not [note for note in notes(found) if "without effect" in note]


def test_whose_recruiter_can_not_be_is_named_with_what_the_list_says(read):
    words = OWN_TERMS["partners.csv"].replace(",P1,,2.5", ",P7,,2.5")
    program, accounts = read(OWN_TERMS | {"partners.csv": words})
    found = replay(accounts["affiliate"], program.ledger, MARCH, PERCENT.model_copy(update={"override_rate": 0.1}))
    (said,) = [note for note in notes(found) if "Nobody knows" in note]
    assert "can't be: Due (P2, line 3): recruited by 'P7'. No override" in said


def test_an_override_ends_with_the_partnership_of_the_recruiter(read, monkeypatch):
    """P4, of another motion, left in February: of P1's January it has its 10 %, and no more; P1's own of P2 go on."""
    words = """partner_id,name,motion,recruited_on,ended_on,Upline
P1,Uno,affiliate,2025-12-01,,P4
P2,Due,affiliate,2025-12-01,,P1
P3,Tre,affiliate,2025-12-01,,
P4,Quattro,reseller,2025-12-01,2026-02-10,
"""
    program, accounts = read(BY_HAND | {"partners.csv": words})
    plan = PERCENT.model_copy(update={"override_rate": 0.1})
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    assert found.new.override.tolist() == [1056, 0, 0, 1000]
    monkeypatch.setattr("motions.replay.CHUNK", 1)  # recruiter and recruit are worked on apart
    apart = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    assert apart.new.override.tolist() == [1056, 0, 0, 1000]
    # The list says when partners stopped; where none does, that overrides go on is said.
    goes_on = "Overrides go on after a recruiter has stopped: the files do not say when it did."
    assert goes_on not in notes(found)
    without = "".join(line.replace(",2026-02-10", ",").replace(",,", ",", 1) + "\n" for line in words.splitlines())
    program, accounts = read(BY_HAND | {"partners.csv": without.replace("ended_on,", "")})
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    assert found.new.override.tolist() == [1056, 0, 0, 3100]
    assert goes_on in notes(found)


def test_an_own_margin_has_the_bounds_of_the_plans(read):
    """No plan has a margin above 95 %, so no partner has: 95 % counts, and with 96 %, or 30 + 66, the plan's."""
    words = """partner_id,name,motion,recruited_on,Commission rate,Uplift
P1,Uno,affiliate,2025-12-01,96 %,
P2,Due,affiliate,2025-12-01,95 %,
P3,Tre,affiliate,2025-12-01,,66 %
"""
    program, accounts = read(BY_HAND | {"partners.csv": words})
    plan = PayoutPlan(margin=PartnerMargin(margin=0.3))
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    # 3 × 99.99 and 10.03 at 30 %; 50.00 and 55.55 at 95 % (52.7725).
    assert found.new.margin.tolist()[:2] == [3 * 3000 + 301, 4750 + 5277]
    (said,) = [note for note in notes(found) if "not used" in note]
    assert said == (
        "For 2 partners the own rate or uplift is not used, as with it the partner margin is above 95 %, the most that "
        "a plan may have: Uno (P1, line 2): 96 %; Tre (P3, line 4): + 66 %. The plan's counts."
    )
    commission = replay(accounts["affiliate"], program.ledger, MARCH, PERCENT)  # which may be all of it
    assert not [note for note in notes(commission) if "not used" in note]


def test_payouts_stop_from_the_month_in_which_a_partnership_ended(read):
    ended = BY_HAND["partners.csv"].replace("recruited_on", "recruited_on,ended_on").replace("-12-01", "-12-01,")
    ended = ended.replace("P1,Uno,affiliate,2025-12-01,", "P1,Uno,affiliate,2025-12-01,2026-02-15")
    program, accounts = read(BY_HAND | {"partners.csv": ended})
    plan = PERCENT.model_copy(update={"payouts_end": "with the partnership"})
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    # P1 has its 20.00 of January alone; P2, which goes on, 10.00 and 11.11.
    assert found.new.payout.tolist() == [2000, 2111, 0]
    assert not [note for note in notes(found) if "has stopped" in note]
    # Payouts that end with the customer do not look at it.
    assert replay(accounts["affiliate"], program.ledger, MARCH, PERCENT).new.payout.tolist() == [4201, 2111, 0]
    # Where no file says when partners ended, payouts go on, and that is said.
    program, accounts = read(BY_HAND)
    found = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    assert found.new.payout.tolist() == [4201, 2111, 0]
    assert "Payouts go on after a partner has stopped: the files do not say when it did." in notes(found)


def test_the_months_of_a_bonus_are_named_and_whether_they_are_shown(read):
    program, accounts = read(BY_HAND)
    plan = PERCENT.model_copy(update={"bonus": Bonus(from_month=1, to_month=2)})
    first = "they count from 2026-01, the first month with a signup or a payment of a partner's customer."
    said = notes(replay(accounts["affiliate"], program.ledger, MARCH, plan))
    assert f"The bonus's months 1 to 2 are 2026-01 to 2026-02: {first}" in said
    assert not [note for note in said if "No month that is shown" in note]
    march = MARCH.model_copy(update={"window": 1})
    said = notes(replay(accounts["affiliate"], program.ledger, march, plan))
    assert "No month that is shown here is one of the bonus's: no customer is won for it in them." in said


def test_a_recruiter_that_brought_nobody_has_no_terms_that_count(read):
    words = OWN_TERMS["partners.csv"].replace(
        "P4,Quattro,reseller,2025-12-01,,", "P4,Quattro,reseller,2025-12-01,,45 %"
    )
    program, accounts = read(OWN_TERMS | {"partners.csv": words})
    found = replay(accounts["affiliate"], program.ledger, MARCH, PERCENT.model_copy(update={"override_rate": 0.1}))
    assert partners(found).set_index("Partner")["Own rate"]["Quattro"] == ""
    assert "2 partners have rates of their own" in " ".join(notes(found))  # P1 and P3


def test_what_was_paid_and_is_taken_back_later_is_a_debt_and_not_what_is_not_paid(read):
    program, accounts = read(BY_HAND)
    plan = PERCENT.model_copy(update={"clawback": "full", "clawback_months": 3, "minimum_payout": 11})
    short = replay(accounts["affiliate"], program.ledger, MARCH, plan)
    # A2 left after February, whose 2.01 had been paid with A1's 20.00; P2's 10.00 waited for the 11.11 of March.
    assert short.new.waiting.tolist() == [-201, 0, 0]
    frame = partners(short).set_index("Partner")
    assert frame["Debt carried forward"].to_dict() == {"Uno": 2.01, "Due": 0, "Tre": 0}
    assert "Not paid yet" not in frame
    assert summary(short).loc["Debt carried forward", "New terms"] == "$2.01"
    header, first, *_ = rows(short)
    csv = dict(zip(header, first, strict=True))
    assert (csv["New terms: not paid yet"], csv["New terms: debt carried forward"]) == ("0.00", "2.01")
    assert "New terms: waiting" not in csv


# The sample program


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    from motions.cohorts.program import load_program  # noqa: PLC0415

    found = {}
    program = load_program(
        SAMPLE_FILES, tmp_path_factory.mktemp("replay"), TODAY, then=lambda con: found.update(read_attributed(con))
    )
    return program, found


@pytest.mark.parametrize("motion", PUBLISHED)
@pytest.mark.parametrize("window", [3, 12, 120])
def test_what_really_was_paid_and_its_cpa_are_those_of_program_health(sample, motion, window):
    program, accounts = sample
    ledger, settings_, group = program.ledger, m.Settings(as_of=program.ledger.last_month, window=window), MOTIONS.index
    found = replay(accounts[motion], ledger, settings_, PERCENT)
    assert (found.real is None) == (motion == "ecosystem")
    if found.real is not None:
        assert found.effective_cpa(found.real) == m.effective_cpa(ledger, settings_, (group(motion),))
        assert found.blended_cac(found.real) == m.blended_cac(ledger, settings_)
    rows_ = ledger.by_partner
    inside = (rows_["motion"] == motion) & (rows_["month"] >= settings_.first()) & (rows_["month"] <= settings_.as_of)
    named = inside & (rows_["partner_id"] != "")
    assert int(found.new.spend.sum()) == rows_["closing"][named].sum()
    assert found.nobodys_revenue >= 0
    assert "would have earned" in sentence(found)
    assert charts.changes(found).alt


def test_every_terms_states_the_sample(sample):
    program, accounts = sample
    settings_ = m.Settings(as_of=program.ledger.last_month)
    for terms in (PercentOfRevenue(), LeadReward(), FlatReward(), PartnerMargin(), WholesaleDiscount(), RevenueShare()):
        for motion in PUBLISHED:
            found = replay(accounts[motion], program.ledger, settings_, PayoutPlan.of(terms))
            assert found.new.earnings.sum() > 0


def test_a_bonus_and_milestones_are_those_of_the_first_months_in_the_rows(sample):
    """Counted once more by pandas: when each account first paid, and when its partner had brought so many."""
    program, accounts = sample
    own, last = accounts["affiliate"], program.ledger.last_month
    plan = PayoutPlan(
        bonus=Bonus(reward=70, from_month=10, to_month=12), milestones=Milestones(milestone_1_at=5, milestone_2_at=9)
    )
    found = replay(own, program.ledger, m.Settings(as_of=last, window=120), plan)
    rows_ = pd.DataFrame({name: np.asarray(own.payments[name]) for name in ("account", "month")})
    rows_["partner"] = np.repeat(np.arange(len(own.partner_ids)), np.diff(own.offsets))
    first = rows_[rows_["month"] <= last].groupby(["partner", "account"])["month"].min()
    won = (first - own.first_month + 1).between(10, 12).groupby("partner").sum() * 70
    number = first.groupby("partner").size()
    wanted = (won + (number >= 5) * 500 + (number >= 9) * 1000).reindex(range(len(own.partner_ids)), fill_value=0)
    assert 0 < (number >= 5).sum() < len(number)
    assert won.sum() > 0
    assert found.new.payout.tolist() == (wanted * 100).tolist()


# Against plain Python, in fractions

CENTS = st.integers(1, 40_000)
rate = st.sampled_from([0.0, 0.05, 0.1234, 0.2, 0.333333, 0.8])
tiers = {
    "tiers": st.sampled_from(["none", "marginal", "whole"]),
    "tier_by": st.sampled_from(["revenue", "customers", "active customers"]),
    "tier_period": st.sampled_from(["month", "quarter", "year", "total"]),
    "tier_3_from": st.sampled_from([0, 500]),
    "tier_4_from": st.just(0),
}
rates = tiers | {"tier_2_from": st.sampled_from([1, 100]), "tier_2_value": rate, "tier_3_value": rate}
worth = st.sampled_from([0, 33.33, 120])
again = {"tiers": st.sampled_from(["none", "marginal", "whole", "whole, rated again"])}
flat = tiers | again | {"tier_2_from": st.sampled_from([1, 2]), "tier_2_value": worth, "tier_3_value": worth}
between = st.sampled_from([0, 0.125])
sides = st.one_of(
    st.just({}),
    st.builds(PartnerMargin, margin=rate, distributor_margin=between, **rates).map(lambda one: {"margin": one}),
    st.builds(
        WholesaleDiscount, discount=rate, prepaid_months=st.integers(1, 4), resale_price=st.sampled_from([0.9, 1.37]),
        distributor_margin=between, **rates,
    ).map(lambda one: {"wholesale": one}),
)  # fmt: skip
by_customer_rates = {
    "rate_by": st.sampled_from(["nothing", "nothing", "plan", "billing", "deal size"]),
    "rate_size_from": st.sampled_from([1, 150]),
}
credit = {"paid_in": st.sampled_from(["cash", "credit"]), "redemption_rate": rate}
parts = {
    "percent": st.none() | st.builds(
        by_customer, st.just(PercentOfRevenue), **by_customer_rates, rate_2=rate, rate_3=rate, rate=rate,
        months=st.integers(1, 4), later_rate=rate, later_months=st.integers(0, 2),
        last_rate=rate, months_counted=st.sampled_from(["since the first payment", "paid"]),
        duration=st.sampled_from(["first payment", "months", "lifetime", "taper"]), **rates | again | credit,
    ),
    "flat": st.none() | st.builds(
        by_customer, st.just(FlatReward), **by_customer_rates, rate_2=worth, rate_3=worth, reward=worth,
        **flat | credit
    ),
    "lead": st.none() | st.builds(LeadReward, reward=worth, **credit),
    "share": st.none() | st.builds(
        rising(RevenueShare), rate=rate, months=st.integers(1, 4), funds_rate=st.sampled_from([0, 0.031]),
        funds_used=rate, **rates | again | credit,
    ),
    "rebate": st.none() | st.none() | st.builds(
        Rebate, rate=rate, over=st.sampled_from(["quarter", "year"]), step_1_from=st.sampled_from([0, 150]),
        step_2_from=st.sampled_from([0, 400]), step_2_value=rate, **credit,
    ),
    "bonus": st.none() | st.none() | st.builds(
        bonus_of, reward=worth, rate=st.sampled_from([0, 0.333333, 2.5]), first=st.integers(1, 4),
        lasts=st.integers(0, 3), **credit,
    ),
    "milestones": st.none() | st.none() | st.builds(
        Milestones, milestone_by=st.sampled_from(["revenue", "customers", "active customers"]),
        milestone_1_at=st.sampled_from([1, 2, 3]), milestone_1_value=worth,
        milestone_2_at=st.sampled_from([0, 4, 100]), milestone_2_value=worth, **credit,
    ),
    "coupon": st.sampled_from([0, 0, 0.15]),
    "coupon_months": st.integers(1, 3),
    "cap_customers": st.sampled_from([0, 1, 2]),
    "cap_payout": st.sampled_from([0, 50.01]),
    "cap_per_customer": st.sampled_from([0, 0, 35.55]),
    "clawback": st.sampled_from(["none", "full", "pro rata"]),
    "clawback_months": st.integers(1, 5),
    "hold_days": st.sampled_from([0, 30, 61]),
    "minimum_payout": st.sampled_from([0, 40]),
    "lapse_months": st.sampled_from([0, 1, 2]),
    "payout_day": st.sampled_from([0, 15]),
    "payout_fee": st.sampled_from([0, 0.029]),
    "marketplace_fee": st.sampled_from([0, 0.031]),
    "override_rate": st.sampled_from([0, 0.1, 0.0333]),
    "friend_share": st.sampled_from([0, 0.35, 1]),
}  # fmt: skip
plans = st.builds(lambda side, **rest: PayoutPlan(**together(rest | side)), side=sides, **parts)
START, MONTHS = 2026 * 12, 7
account = st.tuples(
    st.sampled_from(["P1", "P2", "P3"]), st.integers(0, 4), st.integers(1, 28),
    st.lists(st.none() | CENTS, min_size=1, max_size=MONTHS),
)  # fmt: skip


OF_A_PARTNER = {
    "rate": st.sampled_from([None, None, 0.0, 0.125, 0.4]), "uplift": st.sampled_from([None, None, 0.05, 0.7]),
    "reward": st.sampled_from([None, None, 0, 75.5]),
}  # fmt: skip
own_terms = st.fixed_dictionaries({name: st.fixed_dictionaries(OF_A_PARTNER) for name in ("P1", "P2", "P3")})
ringless = st.sampled_from([
    {"P1": None, "P2": None, "P3": None}, {"P1": None, "P2": "P1", "P3": "P1"}, {"P1": "P2", "P2": "P3", "P3": None},
    {"P1": "P4", "P2": None, "P3": "P4"},
])  # fmt: skip


def as_partners(own, recruited_by):
    """The partner list: P4 is of another motion and brings nobody."""
    lines = ["partner_id,name,motion,recruited_on,recruited_by,commission_rate,uplift,own_reward"]
    for partner, motion in (("P1", "affiliate"), ("P2", "affiliate"), ("P3", "affiliate"), ("P4", "reseller")):
        terms = own.get(partner, dict.fromkeys(OF_A_PARTNER))
        rates = ["" if terms[name] is None else f"{terms[name] * 100:.4g} %" for name in ("rate", "uplift")]
        reward = "" if terms["reward"] is None else str(terms["reward"])
        by = recruited_by.get(partner) or ""
        lines.append(",".join([partner, partner, motion, "2025-12-01", by, *rates, reward]))
    return "\n".join(lines)


def as_files(accounts):
    signed, paid = ["account_id,signed_up_on,motion,partner_id"], ["account_id,month,mrr,currency"]
    for number, (partner, month, day, months) in enumerate(accounts):
        signed.append(f"A{number:02d},2026-{month + 1:02d}-{day:02d},affiliate,{partner}")
        for later, cents in enumerate(months[: MONTHS - month]):
            if cents:
                paid.append(f"A{number:02d},2026-{month + later + 1:02d},{exact(cents)},USD")
    # So that every program covers all months.
    signed.append("Z,2026-01-01,organic,")
    paid += [f"Z,2026-{month + 1:02d},1,USD" for month in range(MONTHS)]
    return {"accounts.csv": "\n".join(signed), "revenue.csv": "\n".join(paid)}


def expected(accounts, plan, terms=None, recruited_by=None):
    """Each partner's statement by the plain implementation, its accounts in the order of their signups."""
    own, signups = defaultdict(list), defaultdict(lambda: defaultdict(int))
    order = sorted(enumerate(accounts), key=lambda one: (one[1][1], one[1][2], one[0]))
    for _, (partner, month, _day, months) in order:
        signups[partner][month] += 1
        paid = {month + later: cents for later, cents in enumerate(months[: MONTHS - month]) if cents}
        if paid:
            own[partner].append(paid)
    listed = {*terms, *(by for by in recruited_by.values() if by)} if terms else set()
    everybody = sorted({*signups, *listed})
    plain = {
        partner: Plan(of_partner(plan, **(terms or {}).get(partner, {})), own[partner], signups[partner], MONTHS)
        for partner in everybody
    }
    with_overrides(plan, plain, recruited_by or {})
    return plain


def as_payments(accounts, partners):
    """The same as arrays, without files."""
    table, seen = [], defaultdict(int)
    leads = np.zeros((len(partners), MONTHS), dtype=np.int64)
    order = sorted(enumerate(accounts), key=lambda one: (one[1][0], one[1][1], one[1][2], one[0]))
    number = -1
    for _, (partner, month, _day, months) in order:
        who = partners.index(partner)
        leads[who, month] += 1
        paid = [(month + later, cents) for later, cents in enumerate(months[: MONTHS - month]) if cents]
        number += bool(paid)
        for at, cents in paid:
            table.append((who, number, at, cents, at - paid[0][0], seen[who, paid[0][0]]))
        if paid:
            seen[who, paid[0][0]] += 1
    return Payments(*np.array(table, dtype=np.int64).reshape(-1, 6).T, leads)


def of_their_own(payments, partners, terms, recruited_by):
    """The same with what each partner has of its own, and who recruited it."""
    if not terms:
        return payments
    rows = [terms.get(partner, {}) for partner in partners]
    table = [[-1 if row.get(name) is None else round(row[name] * unit) for name, unit in UNITS.items()] for row in rows]
    recruiter = [partners.index(by) if (by := recruited_by.get(partner)) else -1 for partner in partners]
    return replace(payments, own=np.array(table), recruiter=np.array(recruiter))


UNITS = {"rate": 1_000_000, "uplift": 1_000_000, "reward": 100}


@settings(max_examples=examples(200))
@given(
    accounts=st.lists(account, min_size=1, max_size=12), plan=plans, terms=st.none() | own_terms, recruited_by=ringless
)  # fmt: skip
def test_each_month_of_each_partner_is_that_of_a_plain_implementation(accounts, plan, terms, recruited_by):
    recruited_by = recruited_by if terms else {}
    plain = expected(accounts, plan, terms, recruited_by)
    found = state(plan, of_their_own(as_payments(accounts, list(plain)), list(plain), terms, recruited_by))
    for at, one in enumerate(plain.values()):
        for month in range(MONTHS):
            assert found.payout[at, month] == one.payout[month]
            assert found.margin[at, month] == one.margin[month]
            assert found.paid[at, month] == one.paid[month]
            assert found.fees[at, month] == one.fees[month]
            assert found.marketplace[at, month] == one.market[month]
            assert found.distributor[at, month] == one.between[month]
            assert found.friend[at, month] == one.friend[month]


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    accounts=st.lists(account, min_size=1, max_size=9), plan=plans, window=st.sampled_from([3, 12]),
    terms=st.none() | own_terms, recruited_by=ringless,
)  # fmt: skip
def test_it_reconciles_with_a_plain_implementation(read, accounts, plan, window, terms, recruited_by):
    if by_calendar(plan):  # whose quarters and years count from the first month of these accounts
        first = min(month for _, month, *_ in accounts)
        accounts = [(partner, month - first, *rest) for partner, month, *rest in accounts]
    recruited_by = recruited_by if terms else {}
    listed = {"partners.csv": as_partners(terms, recruited_by)} if terms else {}
    program, found = read(as_files(accounts) | listed)
    # Where most pay once, a file of monthly amounts is not taken for one before somebody says so.
    assume(not any(file.questions for file in program.sources))
    settings_ = m.Settings(as_of=START + MONTHS - 1, window=window)
    result = replay(found["affiliate"], program.ledger, settings_, plan)
    plain = expected(accounts, plan, terms, recruited_by)
    assert result.accounts.partner_ids == tuple(plain)
    here = range(max(MONTHS - window, 0), MONTHS)
    for name, of in (
        ("payout", "payout"), ("margin", "margin"), ("spend", "spend"), ("capped", "capped"), ("taken_back", "back"),
        ("fees", "fees"), ("marketplace", "market"), ("distributor", "between"), ("friend", "friend"),
        ("out", "paid"),
    ):  # fmt: skip
        theirs = [sum(getattr(one, of)[month] for month in here) for one in plain.values()]
        assert getattr(result.new, name).tolist() == theirs, name
    assert result.new.waiting.tolist() == [one.waiting for one in plain.values()]


def test_a_day_of_the_calendar_is_the_order_of_customers(read):
    # Two first payments in one month: the one that signed up first is within the cap.
    files = {
        "accounts.csv": "account_id,signed_up_on,motion,partner_id\nB,2026-01-02,referral,P\nA,2026-01-09,referral,P\n",
        "revenue.csv": "account_id,month,mrr\nA,2026-01,70\nB,2026-01,30\n",
    }
    program, found = read(files)
    plan = PayoutPlan(percent=PercentOfRevenue(rate=0.5, duration="lifetime"), cap_customers=1)
    result = replay(found["referral"], program.ledger, m.Settings(as_of=2026 * 12, window=3), plan)
    assert result.new.payout.tolist() == [1500]
