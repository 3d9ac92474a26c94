"""One partner's customers, and how long a customer pays, against computations account by account."""

import random as chance
from collections import defaultdict

import numpy as np
import pytest
from scipy.stats import ecdf

from motions.cohorts.contract import MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import survival
from motions.cohorts.metrics.held import held, payouts_and_profit
from tests.cohorts.metrics.test_survival import FIRST, MONTHS, censored, name, spells

AFFILIATE = (MOTIONS.index("affiliate"),)


def program(seed):
    """Accounts of three affiliates and organic ones: (partner, {month: mrr}), and the same as files."""
    choose = chance.Random(seed)
    accounts = []
    for _ in range(240):
        partner = choose.choice(["P1", "P1", "P2", "P3", ""])
        start, leaves = choose.randint(0, MONTHS - 1), 0.08 if partner == "P1" else 0.03
        paid = {}
        for at in range(start, MONTHS):
            if at > start and choose.random() < leaves:
                break
            paid[FIRST + at] = choose.randint(10, 90)
        accounts.append((partner, paid))
    rows = "".join(
        f"A{at},{name(min(paid))}-03,{'affiliate' if partner else 'organic'},{partner}\n"
        for at, (partner, paid) in enumerate(accounts)
    )
    payments = "".join(
        f"A{at},{name(one)},{mrr}\n" for at, (_, paid) in enumerate(accounts) for one, mrr in paid.items()
    )
    listed = "".join(f"P{at},Partner {at},affiliate,{name(FIRST)}-01\n" for at in (1, 2, 3))
    spend = "".join(f"{name(FIRST + at)},{at * 1.5},payout,P1\n" for at in range(3, MONTHS))
    return accounts, {
        "a.csv": f"account_id,signed_up_on,motion,partner_id\n{rows}",
        "r.csv": f"account_id,month,mrr\n{payments}",
        "p.csv": f"partner_id,name,motion,recruited_on\n{listed}",
        "s.csv": f"month,amount,kind,partner_id\n{spend}",
    }


def lives(accounts, ledger, as_of, partners):
    months = ledger.coverage.of("revenue").months()
    return censored(spells([(one, "", paid) for one, paid in accounts if one in partners], months, as_of), partners)


@pytest.mark.parametrize("earlier", [0, 9])
@pytest.mark.parametrize("seed", range(4))
def test_survival_of_a_partner_and_of_the_others_is_that_of_scipy(load, seed, earlier):
    accounts, files = program(seed)
    ledger = load(files).ledger
    as_of = ledger.last_month - earlier
    for part, partners in ((ledger.of_partner("P1"), ("P1",)), (ledger.of_others("P1"), ("P2", "P3"))):
        assert part.knows_ends
        ours = survival.curve(part, as_of, m.PARTNER)
        theirs = ecdf(lives(accounts, ledger, as_of, partners)).sf
        assert sum(one.known() for one in ours) > 6
        for age, one in enumerate(ours):
            assert one.value is None or one.value == pytest.approx(float(theirs.evaluate(age)), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_of_a_partner_is_its_mrr_beside_its_start_by_the_motions_retention(load, seed):
    accounts, files = program(seed)
    ledger = load(files).ledger
    last = ledger.last_month
    found = held(ledger, m.Settings(as_of=last), "P1")
    own = [paid for partner, paid in accounts if partner == "P1"]
    began = sum(paid[min(paid)] for paid in own)
    assert found.mrr[-1] == sum(paid.get(last, 0) for paid in own)
    assert found.kept.value == pytest.approx(found.mrr[-1] / began)
    firsts, left, customers = defaultdict(int), defaultdict(int), defaultdict(int)
    for paid in (paid for partner, paid in accounts if partner):
        for age in range(last - min(paid) + 1):
            firsts[age] += paid[min(paid)]
            left[age] += paid.get(min(paid) + age, 0)
            customers[age] += 1
    then = found.compared
    expected = sum(
        paid[min(paid)] * left[then - min(paid)] / firsts[then - min(paid)] for paid in own if min(paid) <= then
    )
    assert found.expected[found.months.index(then)] == pytest.approx(expected)
    assert found.motion_kept.value == pytest.approx(
        expected / sum(paid[min(paid)] for paid in own if min(paid) <= then)
    )
    few = [
        month for month in found.months if any(customers[month - min(paid)] < 10 for paid in own if min(paid) <= month)
    ]
    assert [month for month, one in zip(found.months, found.expected, strict=True) if one is None] == few


def test_what_customers_of_before_began_with_is_unknown(load):
    _, files = program(1)
    header, *rows = files["r.csv"].splitlines(keepends=True)
    late = "".join(row for row in rows if row.split(",")[1] >= name(FIRST + 12))
    ledger = load(files | {"r.csv": header + late}).ledger
    settings = m.Settings(as_of=ledger.last_month)
    assert ledger.coverage.before
    found = held(ledger, settings, "P1")
    assert not found.kept.known()
    assert "paid before the files begin" in found.kept.note
    assert not found.months


def test_payouts_stand_beside_the_gross_profit_of_the_same_months(load):
    accounts, files = program(2)
    ledger = load(files).ledger
    months, paid, profit = payouts_and_profit(ledger, m.Settings(as_of=ledger.last_month, gross_margin=0.5), "P1")
    assert months == list(range(ledger.last_month - 23, ledger.last_month + 1))
    assert paid == [(month - FIRST) * 1.5 for month in months]
    assert profit == [sum(mrr.get(month, 0) for partner, mrr in accounts if partner == "P1") * 0.5 for month in months]


def test_months_paid_without_anybody_censored_are_the_mean_and_its_standard_error(load):
    """Where all have been seen to the end, Greenwood's variance of the restricted mean is that of the months ÷ n."""
    choose = chance.Random(3)
    spans = [choose.randint(1, 20) for _ in range(40)] + [26] * 12
    rows = "".join(f"A{at},2024-01-05,affiliate\n" for at in range(len(spans)))
    rows += "".join(f"O{at},2024-01-05,organic\n" for at in range(20))
    payments = "".join(
        f"A{at},{name(FIRST + month)},{100}\n" for at, span in enumerate(spans) for month in range(span)
    ) + "".join(f"O{at},{name(FIRST + month)},100\n" for at in range(20) for month in range(26))
    ledger = load(
        {"a.csv": f"account_id,signed_up_on,motion\n{rows}", "r.csv": f"account_id,month,mrr\n{payments}"}
    ).ledger
    settings = m.Settings(as_of=ledger.last_month, gross_margin=0.6)
    found, seen = survival.months_paid(ledger, settings.as_of, AFFILIATE)
    assert seen == 24  # 26 months, of the last two of which it is not certain yet
    inside = np.minimum(spans, seen)
    assert found.value == pytest.approx(inside.mean())
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * inside.std() / np.sqrt(len(spans)), rel=1e-5)
    worth = m.ltv(ledger, settings, AFFILIATE)
    assert worth.value == pytest.approx(100 * 0.6 * inside.mean())
    assert worth.over == "over its first 24 months"
    assert survival.months_paid(ledger, settings.as_of, AFFILIATE, 6)[0].value == pytest.approx(
        np.minimum(spans, 6).mean()
    )
    nobody, seen = survival.months_paid(ledger, settings.as_of, m.ORGANIC)
    assert (nobody.value, nobody.low, nobody.note) == (24, None, "nobody has ended")


def test_times_are_compared_over_the_ages_that_all_have_seen(sample_program):
    ledger = sample_program.ledger
    now = m.Settings(as_of=ledger.last_month)
    then = now.model_copy(update={"as_of": now.as_of - 12})
    metric = m.BY_ID["ltv"]
    alone = [m.measure(metric, ledger, one, m.PARTNER) for one in (now, then)]
    beside = m.over_time(metric, ledger, (now, then), m.PARTNER)
    assert alone[0].over != alone[1].over
    assert beside[0].over == beside[1].over == alone[1].over
    assert beside[1] == alone[1]
    assert beside[0].value < alone[0].value
    assert m.over_time(m.BY_ID["nrr"], ledger, (now, then), m.PARTNER) == [
        m.measure(m.BY_ID["nrr"], ledger, one, m.PARTNER) for one in (now, then)
    ]
    left = m.over_time(m.BY_ID["survival"], ledger, (now, then), m.PARTNER)
    assert left[0].known()
    assert left[1].note == "at another age"
