"""What a program's data says of the simulator's inputs: known rates come back, and nothing is made of too little."""

import csv

import numpy as np
import pytest

from motions.calibrate import NARROWER, calibrate, sentence, table
from motions.cohorts.contract import MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import load_program
from motions.economics.answers.uncertainty import simulate
from motions.economics.inputs.assumptions import AT_START
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.run import run
from motions.names import PUBLISHED
from motions.text import month_name
from tests.conftest import TODAY

FIRST, MONTHS = 2024 * 12 + 6, 28  # from 2024-07
KNOWN = {
    "referral": {"churn": 0.04, "growth": 0.006, "buys": 0.3, "price": 180.0},
    "organic": {"churn": 0.02, "growth": 0.002, "buys": 0.2, "price": 300.0},
}
PARTNERS, IDLE, LEADS, DIRECT_LEADS = 60, MONTHS, 1.5, 60


def program(seed):
    """Files of a program whose rates are known: signups become customers at once or never."""
    random = np.random.default_rng(seed)
    accounts = [["account_id", "signed_up_on", "motion", "partner_id"]]
    revenue = [["account_id", "month", "mrr", "currency"]]

    def signup(month, motion, partner=""):
        known, who = KNOWN[motion], f"A{len(accounts):05d}"
        accounts.append([who, f"{month_name(month)}-10", motion, partner])
        if random.random() >= known["buys"]:
            return
        price = known["price"] * random.lognormal(-0.02, 0.2)
        for age in range(min(int(random.geometric(known["churn"])), FIRST + MONTHS - month)):
            price *= 1 + random.normal(known["growth"], 0.02) * (age > 0)
            revenue.append([who, month_name(month + age), f"{price:.2f}", "EUR"])

    for month in range(FIRST, FIRST + MONTHS):
        for _ in range(random.poisson(DIRECT_LEADS)):
            signup(month, "organic")
        for partner in range(PARTNERS):
            for _ in range(random.poisson(LEADS)):
                signup(month, "referral", f"P{partner:02d}")
    partners = [["partner_id", "motion", "recruited_on"]]
    for at in range(PARTNERS + IDLE):
        partners.append(
            [f"P{at:02d}", "referral", f"{month_name(FIRST + at % 20)}-01" if at >= PARTNERS else "2024-07-01"]
        )
    spend = [["month", "amount", "kind", "motion", "currency"]]
    for month in range(FIRST, FIRST + MONTHS):
        spend.append([month_name(month), "1200", "program", "referral", "EUR"])
        spend.append([month_name(month), "3000", "marketing", "organic", "EUR"])
    return {"accounts.csv": accounts, "revenue.csv": revenue, "partners.csv": partners, "spend.csv": spend}


EXPECTED = {
    "market.list_price": 300,
    "product_led.customer_churn_rate": 0.02,
    "product_led.expansion_rate": 0.002,
    "product_led.conversion_rate": 0.2,
    "product_led.leads": DIRECT_LEADS,
    "product_led.cost_per_customer": 3000 / (DIRECT_LEADS * 0.2),
    "referral.customer_churn_rate": 0.04,
    "referral.expansion_rate": 0.006,
    "referral.conversion_rate": 0.3,
    "referral.activation_rate": PARTNERS / (PARTNERS + IDLE - 3),
    "referral.leads_per_partner": LEADS,
    "referral.partners_recruited": 1,
}


def ledger_of(seed, folder):
    """The ledger of a program whose rates are known."""
    files = []
    for name, rows in program(seed).items():
        files.append((name, folder / name))
        with files[-1][1].open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    return load_program(files, folder / "read", TODAY).ledger


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    return ledger_of(1, tmp_path_factory.mktemp("known"))


@pytest.fixture
def settings():
    return m.Settings(as_of=FIRST + MONTHS - 1)


def test_known_rates_come_back_within_their_ranges(ledger, tmp_path, settings):
    inside = []
    for seed in range(4):
        (folder := tmp_path / str(seed)).mkdir()
        of = ledger if seed == 1 else ledger_of(seed, folder)
        found = calibrate(of, default_scenario(), settings)
        rows = {row.key: row for row in found.rows}
        for key, true in EXPECTED.items():
            row = rows[key]
            assert row.range is not None, key
            inside.append(row.range.low <= true <= row.range.high)
            width = row.range.high - row.range.low
            assert row.range.low - width <= true <= row.range.high + width, (key, seed, row)
        # A deal size is of the list price as set: together they are the price.
        price = rows["referral.deal_size_factor"].value * rows["market.list_price"].value
        assert price == pytest.approx(180, rel=0.08)
        assert rows["referral.program_cost"].value == 1200
        assert rows["referral.partners_at_start"].value == pytest.approx(PARTNERS, abs=2)
        # All partners are alike but for chance: the best fifth brings little more than a fifth.
        assert 0.2 <= rows["referral.top_share"].value < 0.35
    # Nine in ten of central 90 % ranges hold the true value.
    assert np.mean(inside) > 0.8


def test_the_scenario_holds_what_is_set_and_nothing_else(ledger, settings):
    before = default_scenario()
    found = calibrate(ledger, before, settings)
    assert found.currency == found.scenario.market.currency == "EUR"
    for row in found.rows:
        if row.value is None:
            assert found.scenario.at(row.key) == before.at(row.key)
            assert row.key not in found.scenario.ranges
        else:
            assert found.scenario.at(row.key) == row.value
            assert found.scenario.ranges.get(row.key) == row.range
            assert row.range is None or row.range.low <= row.value <= row.range.high
    assert found.scenario.affiliate == before.affiliate
    assert found.scenario.sales_led == before.sales_led
    assert found.scenario.referral.payout == before.referral.payout
    assert "Referrals" in sentence(found)
    assert len(table(found, before)) == len(found.rows)


def test_the_program_of_the_last_month_is_where_the_scenario_begins(ledger, settings):
    for as_of in (settings.as_of, settings.as_of - 5):
        found = calibrate(ledger, default_scenario(), m.Settings(as_of=as_of)).scenario
        (customers, total), own = there(ledger, as_of), found.referral
        assert (own.customers_at_start, found.begins) == (customers, month_name(as_of + 1))
        first = run(found, only="referral")["referral"].projection
        stays = (1 - own.customer_churn_rate) * (1 + own.expansion_rate)
        assert first.opening_spend[0, 0] == pytest.approx(total * stays, rel=1e-4)
        shares = [int(one) for one in own.ages_at_start.split()]
        assert sum(shares) == pytest.approx(1000, abs=15)
        assert len(shares) <= as_of - FIRST + 1


def there(ledger, month):
    """Customers of referral partners in a month, and what they pay."""
    at = MOTIONS.index("referral")
    return int(ledger.at("customers", month)[at]), ledger.at("closing", month)[at] / 100


@pytest.mark.proof
def test_what_happened_after_the_last_month_plays_no_part(load, settings):
    files = program(2)
    cut = settings.as_of - 6
    early = {"accounts.csv": 1, "revenue.csv": 1}
    before = {
        name: [rows[0], *(row for row in rows[1:] if name not in early or row[early[name]][:7] <= month_name(cut))]
        for name, rows in files.items()
    }
    alike = [calibrate(load(one).ledger, default_scenario(), m.Settings(as_of=cut)) for one in (files, before)]
    looked = [{row.key: row.value for row in one.rows} for one in alike]
    assert looked[0] == looked[1]


def test_only_the_motions_that_were_chosen_are_set(ledger, settings):
    found = calibrate(ledger, default_scenario(), settings, motions=())
    assert {row.owner for row in found.rows} == {"market", "product_led"}
    other = calibrate(ledger, default_scenario().replace(direct="sales_led"), settings)
    assert {row.owner for row in other.set} == {"market", "sales_led", "referral"}


def test_nothing_is_set_of_fewer_than_ten(load):
    owners = [("referral", "P"), ("", "")] * 9
    files = {
        "accounts.csv": [["account_id", "signed_up_on", "motion", "partner_id"]]
        + [[f"A{at}", "2026-01-02", *owner] for at, owner in enumerate(owners)],
        "revenue.csv": [["account_id", "month", "mrr"]]
        + [[f"A{at}", f"2026-{month:02d}", "50"] for at in range(18) for month in range(1, 7)],
        "partners.csv": [["partner_id", "motion", "recruited_on"], ["P", "referral", "2025-12-01"]],
        "spend.csv": [["month", "amount", "kind", "motion"], ["2026-02", "900", "program", "referral"]],
    }  # fmt: skip
    found = calibrate(load(files).ledger, default_scenario(), m.Settings(as_of=2026 * 12 + 5))
    # Who is there is counted and not estimated.
    assert {row.item.name for row in found.set} == {*AT_START}
    assert found.scenario.referral.customers_at_start == 9
    assert any(row.note == "too few: 9" for row in found.rows)


def test_what_the_files_do_not_hold_stays_unknown(load, settings):
    files = {name: rows for name, rows in program(1).items() if name in ("accounts.csv", "revenue.csv")}
    found = calibrate(load(files).ledger, default_scenario(), settings)
    names = {row.key.split(".")[-1] for row in found.rows}
    assert not names & {"program_cost", "cost_per_customer", "activation_rate", "partners_at_start"}
    assert any("partners" in note and "spend" in note for note in found.notes)
    alone = calibrate(load({"spend.csv": program(1)["spend.csv"]}).ledger, default_scenario(), settings)
    assert alone.set == ()


def test_amounts_in_a_currency_that_the_simulator_does_not_name_are_not_set(load, settings):
    files = {
        name: [["SEK" if cell == "EUR" else cell for cell in row] for row in rows] for name, rows in program(1).items()
    }
    found = calibrate(load(files).ledger, default_scenario(), settings)
    assert found.scenario.market == default_scenario().market
    assert not any(row.item.unit == "money" for row in found.set)
    assert any(row.key == "referral.customer_churn_rate" for row in found.set)


def test_an_interval_is_narrowed_from_95_to_90():
    assert pytest.approx(1.645 / 1.960, abs=1e-4) == NARROWER


def test_the_sample_gives_sane_values_that_run(sample_program):
    settings_ = m.Settings(as_of=sample_program.ledger.last_month)
    found = calibrate(sample_program.ledger, default_scenario(), settings_)
    rows = {row.key: row for row in found.set}
    churn = {motion: rows[f"{motion}.customer_churn_rate"].value for motion in PUBLISHED}
    assert max(churn, key=churn.get) == "affiliate"
    assert all(0.005 < value < 0.12 for value in churn.values())
    scenario = found.scenario.replace(shown=PUBLISHED, draws=1000)
    for outcome in run(scenario).values():
        assert np.isfinite(outcome.projection.contribution).all()
        assert outcome.projection.customers_new.sum() > 0
    assert set(simulate(scenario)) == set(PUBLISHED)
    wide = calibrate(sample_program.ledger, default_scenario(), settings_.model_copy(update={"window": 120}))
    assert len(wide.set) >= len(found.set)
