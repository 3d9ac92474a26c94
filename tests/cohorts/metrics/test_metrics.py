"""The ledger and every metric against an independent computation, published examples and identities."""

import csv
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from motions.cohorts.contract import MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import (
    Estimate,
    Sums,
    cost_per,
    cost_ratio,
    difference,
    proportion,
    ratio_of_sums,
)
from motions.cohorts.reading.mapping import Mapping
from motions.cohorts.verdicts.verdicts import cost_over_time, headline, verdicts
from tests.cases import case
from tests.cohorts.oracle import PARTNER, Oracle
from tests.conftest import SAMPLE_FILES, TODAY, examples

ORGANIC = {"organic"}
MOVES = ("opening", "new_mrr", "expansion", "reactivation", "contraction", "churn", "closing")


@pytest.fixture(scope="module")
def oracle():
    return Oracle(SAMPLE_FILES)


@pytest.fixture
def ledger(sample_program):
    return sample_program.ledger


@pytest.fixture
def chosen(ledger):
    return m.Settings(as_of=ledger.last_month)


def group(motions):
    return tuple(MOTIONS.index(name) for name in motions)


def amount(estimate):
    return estimate.value


# Against the oracle


@pytest.mark.parametrize(
    "motions", [PARTNER, ORGANIC, {"affiliate"}, {"reseller"}], ids=["partner", "organic", "a", "r"]
)
def test_movements_of_every_month(ledger, oracle, motions):
    found = m.movements(ledger, group(motions))
    for when in range(ledger.first_month, ledger.last_month + 1):
        expected = oracle.movements(motions, when)
        at = when - ledger.first_month
        assert {name: int(found[name][at]) for name in MOVES} == {name: expected[name] for name in MOVES}


@pytest.mark.parametrize("back", [0, 1, 7, 20])
@pytest.mark.parametrize(
    "motions", [PARTNER, ORGANIC, {"affiliate"}, set(MOTIONS)], ids=["partner", "organic", "a", "all"]
)
def test_retention(ledger, oracle, motions, back):
    when = ledger.last_month - back
    nrr, grr, n = oracle.retention(motions, when)
    chosen = m.Settings(as_of=when)
    found = m.nrr(ledger, chosen, group(motions))
    assert (found.value, found.n) == (pytest.approx(nrr, rel=1e-12), n)
    assert m.grr(ledger, chosen, group(motions)).value == pytest.approx(grr, rel=1e-12)


@pytest.mark.parametrize("window", [3, 12, 120])
@pytest.mark.parametrize("motions", [PARTNER, ORGANIC, {"referral"}], ids=["partner", "organic", "referral"])
def test_counts_and_costs(ledger, oracle, motions, window):
    chosen = m.Settings(as_of=ledger.last_month - 2, window=window)
    span = (chosen.first(), chosen.as_of)
    side = group(motions)
    pqls, bought = oracle.pqls(motions, *span)
    new = oracle.new_customers(motions, *span)
    done, total = oracle.activation(motions, *span, 14)
    kinds = {"payout", "program"} if motions <= PARTNER else None
    assert amount(m.pqls(ledger, chosen, side)) == pqls
    assert amount(m.pql_conversion(ledger, chosen, side)) == pytest.approx(bought / pqls)
    assert amount(m.new_customers(ledger, chosen, side)) == new
    assert amount(m.activation(ledger, chosen, side)) == pytest.approx(done / total)
    assert m.activation(ledger, chosen, side).n == total
    span = (max(span[0], min(oracle.known)), span[1])  # spend of before the first revenue is of no customer
    assert amount(m.effective_cpa(ledger, chosen, side)) == pytest.approx(oracle.spend(*span, motions, kinds) / new)
    everybody = oracle.new_customers(set(MOTIONS), *span)
    assert amount(m.blended_cac(ledger, chosen)) == pytest.approx(oracle.spend(*span) / everybody)


@pytest.mark.parametrize("days", [7, 14, 30, 60, 90])
def test_activation_within_each_number_of_days(ledger, oracle, days):
    chosen = m.Settings(as_of=ledger.last_month, activation_days=days)
    done, total = oracle.activation(PARTNER, chosen.first(), chosen.as_of, days)
    found = m.activation(ledger, chosen, m.PARTNER)
    assert (found.value, found.n) == (pytest.approx(done / total), total)


def test_without_program_cost_only_payouts_count(ledger, oracle, chosen):
    bare = chosen.model_copy(update={"program_in_cpa": False})
    span = (chosen.first(), chosen.as_of)
    expected = oracle.spend(*span, PARTNER, {"payout"}) / oracle.new_customers(PARTNER, *span)
    assert amount(m.effective_cpa(ledger, bare, m.PARTNER)) == pytest.approx(expected)


@pytest.mark.parametrize("back", [0, 12])
def test_active_partners(ledger, oracle, back):
    when = ledger.last_month - back
    producing, there = oracle.active_partners(when)
    found = m.active_partners(ledger, m.Settings(as_of=when), m.PARTNER)
    assert (found.value, found.n) == (pytest.approx(producing / there), there)


def test_the_interval_of_nrr_against_a_bootstrap_over_accounts(ledger, oracle, chosen):
    pairs = np.array(oracle.pairs(PARTNER, ledger.last_month), dtype=float)
    draws = np.random.default_rng(1).integers(0, len(pairs), (4000, len(pairs)))
    ratios = pairs[draws, 0].sum(axis=1) / pairs[draws, 1].sum(axis=1)
    found = m.nrr(ledger, chosen, m.PARTNER)
    low, high = np.percentile(ratios, [2.5, 97.5])
    assert found.low == pytest.approx(low, abs=0.02)
    assert found.high == pytest.approx(high, abs=0.02)


# Identities


def test_the_sum_over_motions_is_the_total(ledger, chosen):
    for of in (m.pqls, m.signups, m.new_customers, m.mrr, m.arr):
        assert sum(amount(of(ledger, chosen, (at,))) for at in m.ALL) == pytest.approx(
            amount(of(ledger, chosen, m.ALL))
        )
    direct = tuple(at for at in m.ALL if at not in m.PARTNER)
    months = range(chosen.first(), chosen.as_of + 1)
    spend = sum(m.acquisition_spend(ledger, chosen, side, months) for side in (m.PARTNER, direct))
    assert spend == pytest.approx(ledger.spend(chosen.first(), chosen.as_of).sum() / 100)


def test_movements_reconcile_in_every_month_and_motion(ledger):
    for at in m.ALL:
        moves = m.movements(ledger, (at,))
        gained = moves["opening"] + moves["new_mrr"] + moves["expansion"] + moves["reactivation"]
        assert (gained - moves["contraction"] - moves["churn"] == moves["closing"]).all()
        assert (moves["opening"][1:] == moves["closing"][:-1]).all()


def test_customers_reconcile(ledger):
    customers, new, lost = (
        ledger.series(name).sum(axis=0) for name in ("customers", "new_customers", "churned_customers")
    )
    back = customers[1:] - customers[:-1] - new[1:] + lost[1:]
    assert (back >= 0).all()  # what is left over came back
    assert back.sum() > 0


def test_partners_and_motions_agree(ledger):
    at_end = (ledger.by_partner["month"] == ledger.last_month) & ledger.by_partner_motion
    of_partners = int(ledger.by_partner["closing"][at_end].sum())
    assert of_partners > 0
    table = m.partner_table(ledger, m.Settings(as_of=ledger.last_month))
    assert table["mrr"].sum() == pytest.approx(of_partners / 100)


def test_the_curve_by_age_starts_at_one_and_ends_at_its_last_full_cohort(ledger):
    for of in ("money", "customers"):
        curve = m.retention_by_age(ledger, ledger.last_month, m.ALL, of)
        assert curve[0].value == 1.0
        counts = [kept.n for kept in curve]
        assert counts == sorted(counts, reverse=True)
        assert counts[0] == ledger.series("new_customers").sum()
        assert all(kept.low <= kept.value <= kept.high for kept in curve)


def test_nrr_of_customers_that_nothing_happened_to_is_one(load):
    accounts = [["account_id", "signed_up_on", "motion"], *([f"A{n}", "2024-01-01", "affiliate"] for n in range(30))]
    revenue = [["account_id", "month", "mrr"]]
    revenue += [[f"A{n}", f"{2024 + at // 12}-{at % 12 + 1:02d}", 10 + n] for n in range(30) for at in range(14)]
    ledger = load({"a.csv": accounts, "r.csv": revenue}).ledger
    found = m.nrr(ledger, m.Settings(as_of=ledger.last_month), m.PARTNER)
    assert (found.value, found.low, found.high) == (1.0, pytest.approx(1.0), pytest.approx(1.0))


@settings(deadline=None, max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_a_random_program_agrees_with_the_oracle_whatever_the_order_of_rows(load, tmp_path_factory, seed):
    random = np.random.default_rng(seed)
    accounts, revenue = [], []
    for n in range(25):
        motion = random.choice(["", "affiliate", "reseller"])
        accounts.append(
            [f"A{n}", f"2024-{random.integers(1, 13):02d}-03", motion, "", "", f"P{n % 3}" if motion else ""]
        )
        for at in np.flatnonzero(random.random(30) < random.choice([0.2, 0.6, 0.95])):
            revenue.append(
                [f"A{n}", f"{2024 + at // 12}-{at % 12 + 1:02d}", random.choice(["0", "9.99", "10", "25.50"])]
            )
    if not revenue:
        return
    random.shuffle(revenue)
    files = {
        "accounts.csv": [["account_id", "signed_up_on", "motion", "activated_on", "pql_on", "partner_id"], *accounts],
        "revenue.csv": [["account_id", "month", "mrr"], *revenue],
        "partners.csv": [["partner_id", "motion", "recruited_on", "ended_on"], ["P0", "affiliate", "2024-01-01", ""]],
        "spend.csv": [["month", "amount", "kind", "motion", "partner_id"]],
    }
    folder = tmp_path_factory.mktemp("random")
    for name, rows in files.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    oracle = Oracle([(name, folder / name) for name in files])
    # That they pay now and then is no matter here: it would be asked.
    ledger = load(files, corrections={"revenue.csv": Mapping(kind="revenue")}).ledger
    assert ledger.last_month == oracle.last
    for when in range(ledger.first_month, ledger.last_month + 1):
        for motions in (PARTNER, {"organic"}):
            expected, found = oracle.movements(motions, when), m.movements(ledger, group(motions))
            assert {name: int(found[name][when - ledger.first_month]) for name in MOVES} == {
                name: expected[name] for name in MOVES
            }
    retained = m.nrr(ledger, m.Settings(as_of=oracle.last), m.ALL).value
    if retained is not None:
        assert retained == pytest.approx(oracle.retention(set(MOTIONS), oracle.last)[0])


# dbt's MRR playbook: subscription periods expanded to months here, by hand


def test_the_mrr_playbook(load):
    text = (Path(__file__).parents[2] / "data/mrr_playbook/subscription_periods.csv").read_text("utf-8")
    periods = list(csv.DictReader(text.splitlines()))
    assert len(periods) == 121
    mrr = {}
    for row in periods:
        start, end = (date.fromisoformat(row[name]) for name in ("start_date", "end_date"))
        for at in range(start.year * 12 + start.month - 1, end.year * 12 + end.month - 1):
            key = (row["customer_id"], at)
            mrr[key] = mrr.get(key, 0) + int(row["monthly_amount"])
    customers = sorted({customer for customer, _ in mrr})
    assert len(customers) == 55
    last = max(at for _, at in mrr)
    expected = {}
    for at in range(min(at for _, at in mrr), last + 1):
        moves = dict.fromkeys(("new_mrr", "expansion", "contraction", "churn", "reactivation", "closing"), 0)
        for customer in customers:
            before, now = mrr.get((customer, at - 1), 0), mrr.get((customer, at), 0)
            known = any(mrr.get((customer, earlier)) for earlier in range(at - 400, at))
            moves["closing"] += now
            moves["expansion"] += max(now - before, 0) if before else 0
            moves["contraction"] += max(before - now, 0) if now else 0
            moves["churn"] += before if not now else 0
            moves["reactivation"] += now if known and not before else 0
            moves["new_mrr"] += now if not known else 0
        expected[at] = moves
    first = {customer: min(at for who, at in mrr if who == customer) for customer in customers}
    accounts = [["account_id", "signed_up_on"]]
    accounts += [[customer, f"{at // 12}-{at % 12 + 1:02d}-01"] for customer, at in first.items()]
    revenue = [["customer_id", "month", "mrr"]]
    revenue += [[customer, f"{at // 12}-{at % 12 + 1:02d}", value] for (customer, at), value in mrr.items()]
    # Months in which nobody pays say so by a row of zero; its last month has few customers, and is whole all the same.
    revenue += [[customers[0], f"{at // 12}-{at % 12 + 1:02d}", 0] for at in expected if not expected[at]["closing"]]
    ledger = load({"accounts.csv": accounts, "revenue.csv": revenue}, complete=range(min(expected), last + 1)).ledger
    found = m.movements(ledger, m.ALL)
    assert (ledger.first_month, ledger.last_month) == (min(expected), last)
    for at, moves in expected.items():
        assert {name: int(found[name][at - ledger.first_month]) for name in moves} == {
            name: value * 100 for name, value in moves.items()
        }


# Published examples


def moving(load, before, after):
    """A program of accounts that pay `before` in one month and `after` in the next (and twelve months after)."""
    accounts = [["account_id", "signed_up_on"], *([f"A{n}", "2024-01-01"] for n in range(len(before)))]
    revenue = [["account_id", "month", "mrr"]]
    for at, values in (("2024-01", before), ("2024-02", after), ("2025-01", after)):
        revenue += [[f"A{n}", at, value] for n, value in enumerate(values) if value]
    return load({"a.csv": accounts, "r.csv": revenue}).ledger


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        # start 100: 10 churned, 10 lost to contraction, 10 gained
        ("M02", [10, 30, 60], [0, 20, 70]),
        ("M32", [5_000, 45_000, 50_000], [0, 42_000, 65_000]),
        ("M35", [2_000, 48_000], [0, 53_000]),
    ],
)
def test_nrr_of_published_movements(load, name, before, after):
    given_, stated = case(name)
    ledger = moving(load, before, after)
    moves = m.movements(ledger, m.ALL)
    for word, measure in (("expansion", "expansion"), ("contraction", "contraction"), ("churn", "churn")):
        assert moves[measure][1] == 100 * given_.get(word, 0)
    expected = 1 - stated if name == "M02" else stated
    assert m.nrr(ledger, m.Settings(as_of=ledger.last_month), m.ALL).value == pytest.approx(expected)


def test_gross_churn_is_what_grr_leaves(load):
    _, stated = case("M01")
    ledger = moving(load, [10, 30, 60], [0, 20, 70])
    assert m.grr(ledger, m.Settings(as_of=ledger.last_month), m.ALL).value == pytest.approx(1 - stated)


@pytest.mark.parametrize(("name", "before", "after"), [("M13", [100], [80]), ("M16", [100], [70])])
def test_contraction(load, name, before, after):
    _, stated = case(name)
    moves = m.movements(moving(load, before, after), m.ALL)
    assert (moves["contraction"][1], moves["churn"][1]) == (stated * 100, 0)


def test_churn_of_money_and_of_customers(load):
    given_, stated = case("M19")
    before = [given_["lost_mrr"] / 2] * 2 + [(given_["mrr"] - given_["lost_mrr"]) / 8] * 8
    ledger = moving(load, before, [0, 0, *before[2:]])
    moves = m.movements(ledger, m.ALL)
    assert moves["churn"][1] / moves["opening"][1] == pytest.approx(stated["mrr_churn"], abs=1e-4)
    chosen = m.Settings(as_of=ledger.first_month + 1, window=3)
    assert m.customer_churn(ledger, chosen, m.ALL).value == stated["logo_churn"]


@pytest.mark.parametrize("name", ["M33", "M38"])
def test_quick_ratio(load, name):
    given_, stated = case(name)
    new = given_.get("new", given_.get("gross_adds"))
    expansion, churn = given_.get("expansion", 0), given_.get("churn", given_.get("losses"))
    contraction = given_.get("contraction", 0)
    before = [0, 1_000, churn, 10_000]
    after = [new, 1_000 + expansion, 0, 10_000 - contraction]
    ledger = moving(load, before, after)
    only = m.Settings(as_of=ledger.first_month + 1, window=3).model_copy(update={"window": 1})
    assert m.quick_ratio(ledger, only, m.ALL).value == pytest.approx(stated)


def test_arpa(load):
    given_, stated = case("M07")
    ledger = moving(load, given_["customer_mrr"], given_["customer_mrr"])
    assert m.arpa(ledger, m.Settings(as_of=ledger.last_month), m.ALL).value == pytest.approx(stated)


@pytest.mark.parametrize("name", ["M39", "M40"])
def test_activation_rate(name):
    given_, stated = case(name)
    assert proportion(given_["activated"], given_["signups"]).value == stated


def test_pql_ratios():
    given_, stated = case("M42")
    assert proportion(given_["pqls"], given_["users"]).value == stated["pql_rate"]
    assert proportion(given_["paid"], given_["pqls"]).value == stated["pql_conversion"]
    given_, stated = case("M43")
    assert proportion(given_["paid"], given_["pqls"]).value == stated


# Intervals


@given(st.integers(1, 2000), st.floats(0, 1))
def test_wilson_against_scipy(n, share):
    k = round(n * share)
    ours, theirs = proportion(k, n), binomtest(k, n).proportion_ci(method="wilson")
    assert (ours.low, ours.high) == (pytest.approx(theirs.low, abs=1e-9), pytest.approx(theirs.high, abs=1e-9))


def test_ratio_of_sums_by_hand():
    x, y = np.array([1.0, 3, 2, 5, 4, 6, 2, 2, 3, 1]), np.array([2.0, 3, 2, 6, 5, 5, 3, 2, 4, 2])
    found = ratio_of_sums(Sums(10, x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum()))
    ratio = x.sum() / y.sum()
    se = math.sqrt(10 * np.var(x - ratio * y, ddof=1)) / y.sum()
    assert found.high - found.low == pytest.approx(2 * 1.959964 * se, rel=1e-6)


def test_few_accounts_have_no_interval_and_no_verdict():
    assert ratio_of_sums(Sums(9, 9, 9, 9, 9, 9)).low is None
    assert "too few" in proportion(1, 3).note
    assert difference(proportion(1, 3), proportion(500, 1000)).low is None
    assert proportion(1, 0).value is None
    assert cost_per(10, 0).value is None


def test_the_interval_of_a_cost_ratio_covers_as_often_as_it_says():
    random = np.random.default_rng(7)
    hits = 0
    for ours, theirs in zip(random.poisson(60, 1000), random.poisson(150, 1000), strict=True):
        found = cost_ratio(6000, int(ours), 15_000, int(theirs))
        hits += found.low <= 1 <= found.high
    assert 0.93 < hits / 1000 < 0.97


def test_difference_of_far_and_near_shares():
    far, near = (
        difference(proportion(80, 100), proportion(40, 100)),
        difference(proportion(50, 100), proportion(48, 100)),
    )
    assert far.low > 0
    assert near.low < 0 < near.high
    assert difference(Estimate(None), proportion(1, 2)).value is None


# Verdicts, and the story of the sample


def test_the_app_finds_the_story_of_the_sample(sample_program, ledger, chosen):
    said = headline(ledger, chosen)
    assert said.startswith("Affiliates lose customers faster than organic, keep less of what customers first paid and ")
    assert "(customers of the other motions stay about as long as organic ones)" in said
    assert "Resellers cost more than blended CAC" in said
    assert "one partner, Ember Digital, carries 35 % of partner MRR" in said
    affiliates = (MOTIONS.index("affiliate"),)
    assert m.activation(ledger, chosen, affiliates).value > m.activation(ledger, chosen, m.ORGANIC).value
    assert m.nrr(ledger, chosen, affiliates).high < m.nrr(ledger, chosen, m.ORGANIC).low
    resellers = m.effective_cpa(ledger, chosen, (MOTIONS.index("reseller"),))
    assert resellers.low > m.blended_cac(ledger, chosen).value
    counts = {finding.name: finding.count for finding in sample_program.findings}
    assert counts["organic_with_partner"] > 20
    assert counts["motion_without_partner"] > 10
    assert counts["unknown_partner"] == counts["signup_before_partner"] == counts["revenue_without_account"] == 0


def test_verdicts_stand_with_the_neglected_first_and_amounts_are_facts(ledger, chosen):
    found = verdicts(ledger, chosen)
    assert [one.shown for one in found if one.tile] == [
        "survival", "nrr", "cpa", "mrr", "activation", "pqls", "active_partners", "ltv_cpa", "cac_payback",
    ]  # fmt: skip
    facts = {"mrr", "pqls", "ltv_cpa", "cac_payback", "quick_ratio"}
    assert all((v.word in ("up", "down", "above")) == (v.metric in facts) for v in found)
    assert {v.word for v in found if v.metric not in facts} <= {"better", "worse", "cannot tell yet"}
    words = {verdict.shown: verdict for verdict in found}
    assert "if 70 % of them would not have come anyway" in words["cpa"].sentence
    assert words["activation"].word in {"better", "cannot tell yet"}
    assert "in 2025-09" in words["mrr"].against


@pytest.mark.parametrize(
    ("left_out", "metric", "says"),
    [
        ("revenue.csv", "nrr", "add a revenue file"),
        ("spend.csv", "cpa", "add a spend file"),
        ("partners.csv", "active_partners", "add a partners file"),
        ("accounts.csv", "mrr", "add an accounts file"),
    ],
)
def test_a_missing_table_is_asked_for_and_never_zero(load, left_out, metric, says):
    files = {name: path.read_bytes() for name, path in SAMPLE_FILES if name != left_out}
    program = load(files)
    chosen = m.Settings(as_of=program.ledger.last_month)
    found = m.measure(m.BY_ID[metric], program.ledger, chosen, m.PARTNER)
    assert found.value is None
    assert says in found.note
    verdict = next(verdict for verdict in verdicts(program.ledger, chosen) if verdict.shown == metric)
    assert (verdict.word, verdict.figure.value) == ("unknown", None)
    assert says in verdict.against  # it stands on the tile too
    assert headline(program.ledger, chosen)
    cost_over_time(program.ledger, chosen)


@pytest.mark.parametrize("metric", ["pqls", "activation"])
def test_a_missing_column_is_asked_for(load, metric):
    program = load({"a.csv": "account_id,signed_up_on,motion\nA,2025-01-01,affiliate\n"})
    found = m.measure(m.BY_ID[metric], program.ledger, m.Settings(as_of=program.ledger.last_month), m.PARTNER)
    assert found.value is None
    assert "add the column" in found.note


def test_an_immature_cohort_is_left_out(load):
    accounts = "account_id,signed_up_on,motion,activated_on\n" + "".join(
        f"A{n},2025-0{1 + n % 2}-20,affiliate,2025-0{1 + n % 2}-21\n" for n in range(40)
    )
    ledger = load({"a.csv": accounts}).ledger
    chosen = m.Settings(as_of=ledger.last_month, window=3)
    assert m.activation(ledger, chosen, m.PARTNER).n == 20  # January only: February's last day has had no 14 days
    assert m.last_mature_month(ledger, m.Settings(as_of=2025 * 12 + 1, activation_days=30)) == 2024 * 12 + 11
    assert m.last_mature_month(ledger, m.Settings(as_of=2025 * 12 + 1, activation_days=7)) == 2025 * 12
    today = m.Settings(as_of=TODAY.year * 12 + TODAY.month - 1, activation_days=30)  # its end is still to come
    assert m.last_mature_month(ledger, today) == TODAY.year * 12 + TODAY.month - 3
    only = m.Settings(as_of=ledger.last_month, window=3, activation_days=90)
    assert "immature" in m.activation(ledger, only, m.PARTNER).note


def test_the_checks_find_what_is_planted(load):
    program = load(
        {
            "accounts.csv": "account_id,signed_up_on,motion,partner_id\nA1,2025-01-05,,P1\nA2,2025-01-05,affiliate,\n"
            "A3,2025-01-05,affiliate,P9\nA4,2024-01-05,affiliate,P1\nA5,2025-06-05,reseller,P1\n",
            "revenue.csv": "account_id,month,mrr\nA5,2025-05,10\nA5,2025-07,10\nX1,2025-05,10\nX1,2025-06,10\n",
            "partners.csv": "partner_id,motion,recruited_on\nP1,affiliate,2024-06-01\n",
            "spend.csv": "month,amount,kind,partner_id\n2025-05,10,payout,P7\n",
        }
    )
    found = {finding.name: [row[0] or row[2] for row in finding.rows] for finding in program.findings}
    assert found == {
        "organic_with_partner": ["A1"],
        "motion_without_partner": ["A2"],
        "unknown_partner": ["A3"],
        "other_motion_than_partner": ["A5"],
        "signup_before_partner": ["A4"],
        "activated_before_signup": [],
        "revenue_without_account": ["X1"],
        "revenue_before_signup": ["A5"],
        "spend_for_unknown_partner": ["P7"],
        "duplicate_account": [],
    }
    assert program.ledger.series("closing").sum() == 2000  # revenue of the unknown account is in no figure


def test_spend_without_a_motion_takes_that_of_its_partner_and_else_counts_for_the_partner_side(load):
    ledger = load(
        {
            "a.csv": "account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\n",
            "r.csv": "account_id,month,mrr\nA1,2025-02,10\n",
            "p.csv": "partner_id,motion,recruited_on\nP1,affiliate,2024-06-01\n",
            "s.csv": "month,amount,kind,motion,partner_id\n2025-02,10,payout,,P1\n2025-02,5,payout,,\n"
            "2025-02,7,marketing,,\n",
        }
    ).ledger
    chosen = m.Settings(as_of=ledger.last_month)
    month = [ledger.last_month]
    assert m.acquisition_spend(ledger, chosen, (MOTIONS.index("affiliate"),), month) == 10
    assert m.acquisition_spend(ledger, chosen, m.PARTNER, month) == 15
    assert m.acquisition_spend(ledger, chosen, m.ALL, month) == 22


def test_accounts_that_are_not_of_a_partner_motion_are_not_the_partners(load):
    program = load(
        {
            "a.csv": "account_id,signed_up_on,motion,partner_id\nA1,2025-01-05,,P1\nA2,2025-01-05,affiliate,P1\n",
            "r.csv": "account_id,month,mrr\nA1,2025-02,1000\nA2,2025-02,100\n",
            "p.csv": "partner_id,motion,recruited_on\nP1,affiliate,2024-06-01\n",
        }
    )
    chosen = m.Settings(as_of=program.ledger.last_month)
    assert m.concentration(program.ledger, chosen).value == 1.0
    only_organic = load(
        {
            "a.csv": "account_id,signed_up_on,motion,partner_id\nA1,2025-01-05,organic,P1\n",
            "r.csv": "account_id,month,mrr\nA1,2025-02,1000\n",
            "p.csv": "partner_id,motion,recruited_on\nP1,affiliate,2024-06-01\n",
        }
    )
    assert m.active_partners(only_organic.ledger, chosen, m.PARTNER).value == 0


def test_no_spend_in_the_window_is_unknown_and_not_zero(load):
    ledger = load(
        {
            "a.csv": "account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\n",
            "r.csv": "account_id,month,mrr\nA1,2025-06,10\n",
            "s.csv": "month,amount,kind,motion\n2024-01,10,payout,affiliate\n",
        }
    ).ledger
    chosen = m.Settings(as_of=ledger.last_month, window=3)
    for metric in ("cpa", "blended_cac", "cost_per_arr"):
        found = m.measure(m.BY_ID[metric], ledger, chosen, m.ALL)
        says = "no month of the window is covered by all that it takes: revenue 2025-06 to 2025-06 and payout 2024-01"
        assert (found.value, found.note) == (None, f"{says} to 2024-01"), metric
    assert cost_per(-100, 20).low is None


def test_a_headline_needs_something_to_judge_by(load):
    ledger = load({"p.csv": "partner_id,motion,recruited_on\nP1,affiliate,2024-06-01\n"}).ledger
    assert headline(ledger, m.Settings(as_of=ledger.last_month)).startswith("Not enough to judge by yet")


def test_a_last_month_that_looks_unfinished_is_pointed_out(load):
    rows = [[f"A{n}", month, 100] for n in range(20) for month in ("2025-09", "2025-10")]
    program = load(
        {
            "a.csv": [["account_id", "signed_up_on"], *([f"A{n}", "2025-01-01"] for n in range(20))],
            "r.csv": [["account_id", "month", "mrr"], *rows, ["A1", "2025-11", 100]],
        }
    )
    assert program.notes[0].startswith("Revenue of 2025-11 looks unfinished, with under half of the month before")
    assert program.ledger.last_month == 2025 * 12 + 9


def test_grr_has_an_interval_below_that_of_nrr(ledger, chosen):
    gross, net = (of(ledger, chosen, m.PARTNER) for of in (m.grr, m.nrr))
    assert gross.low < gross.value < gross.high
    assert gross.value <= net.value


def test_revenue_that_nobody_owns_is_pointed_out(load):
    program = load(
        {
            "a.csv": "account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\n",
            "r.csv": "account_id,month,mrr\nA1,2025-02,50\nB7,2025-02,100\n",
        }
    )
    assert program.notes[0].startswith("The revenue of 1 account is in no figure")
