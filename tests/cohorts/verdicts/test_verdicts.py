"""Verdicts by rules, partners, parts of the accounts, and worst cases: each against the files changed by hand."""

import csv
import json
from collections import defaultdict

import numpy as np
import pytest
import yaml
from scipy.stats import binom, norm

from motions.cohorts.contract import MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import TOO_FEW, Estimate, Z
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts import family
from motions.cohorts.verdicts.advice import advise, curve
from motions.cohorts.verdicts.rules import RULES, PartnerRules, Rule, Rules, default_rules, read_rules
from motions.cohorts.verdicts.verdicts import headline, judge, judged, verdicts
from motions.errors import ContentError
from motions.names import NAMES, PARTNER_MOTIONS
from motions.out.report import Report, as_json
from motions.playbook import load_benchmarks
from motions.text import money, month_name
from tests.cohorts.verdicts.generated import generated
from tests.conftest import SAMPLE_FILES, examples

MEASURES = ("pqls", "activation", "mrr", "nrr", "grr", "new_customers", "signups", "arpa", "quick_ratio", "ltv")
WITHOUT_ENDS = tuple(name for name in MEASURES if name != "ltv")


@pytest.fixture
def ledger(sample_program):
    return sample_program.ledger


@pytest.fixture
def chosen(ledger):
    return m.Settings(as_of=ledger.last_month)


def rows(name):
    with dict(SAMPLE_FILES)[name].open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(found):
    return [list(found[0]), *[list(row.values()) for row in found]]


def program_of(load, change, keep=lambda row: True):
    """The sample with its accounts changed by hand, and the revenue of those that are kept."""
    accounts = [change(dict(row)) for row in rows("accounts.csv") if keep(row)]
    known = {row["account_id"] for row in accounts}
    every = rows("revenue.csv")
    revenue = [row for row in every if row["account_id"] in known]
    # The files still cover every month, also those in which none of these accounts pays.
    revenue += [
        {**every[0], "account_id": "nobody", "month": month, "mrr": "0"} for month in {r["month"] for r in every}
    ]
    return load(
        {"accounts.csv": table(accounts), "revenue.csv": table(revenue), "partners.csv": table(rows("partners.csv")),
         "spend.csv": table(rows("spend.csv"))},
        complete=range(2023 * 12, 2027 * 12),  # a part of the accounts may fall to half of itself
    ).ledger  # fmt: skip


def figures(ledger, settings, group, names=MEASURES):
    found = [m.measure(m.BY_ID[name], ledger, settings, group) for name in names]
    return [None if one.value is None else (round(one.value, 9), one.n) for one in found]


# Worst cases


@pytest.mark.parametrize("check", ["organic_with_partner", "motion_without_partner"])
def test_the_worst_case_of_a_check_is_what_the_files_would_give_if_it_were_so(
    load, sample_program, ledger, chosen, check
):
    finding = next(one for one in sample_program.findings if one.name == check)
    found = {row[0] for row in finding.rows}
    assert len(found) == finding.count
    motion_of = {row["partner_id"]: row["motion"] for row in rows("partners.csv")}

    def change(row):
        if row["account_id"] in found:
            row["motion"] = "" if check == "motion_without_partner" else motion_of[row["partner_id"]]
        return row

    changed = program_of(load, change)
    moved = finding.worst_case(ledger)
    for group in (m.PARTNER, m.ORGANIC, m.ALL):
        assert figures(moved, chosen, group, WITHOUT_ENDS) == figures(changed, chosen, group, WITHOUT_ENDS)
        assert m.ltv(moved, chosen, group).note == "when customers ended is not known here"
        assert m.nrr(moved, chosen, group).low == pytest.approx(m.nrr(changed, chosen, group).low)
    assert figures(moved, chosen, m.PARTNER) != figures(ledger, chosen, m.PARTNER)
    assert (tables.worst_cases(ledger, chosen, sample_program.findings)["PQLs"].str.contains("→")).all()


def test_the_other_worst_cases(load):
    accounts = (
        "account_id,signed_up_on,motion,partner_id,activated_on\nA1,2025-01-05,affiliate,P1,2025-01-06\n"
        "A2,2025-02-05,,,2025-02-01\nA3,2025-03-05,affiliate,P9,\n"
    )
    revenue = (
        "account_id,month,mrr\nA1,2025-02,100\nA2,2025-01,40\nA2,2025-02,40\nA3,2025-03,7\nX,2025-03,50\nA1,2025-03,9\n"
    )
    partners = "partner_id,motion,recruited_on\nP1,affiliate,2025-01-20\n"
    spend = "month,amount,kind,partner_id\n2025-02,10,payout,P7\n2025-02,5,payout,P1\n"
    program = load({"a.csv": accounts, "r.csv": revenue, "p.csv": partners, "s.csv": spend})
    at = m.Settings(as_of=2025 * 12 + 2)
    worst = {one.name: one.worst_case(program.ledger) for one in program.findings if one.worst_case(program.ledger)}

    def mrr(name, group, when=at):
        return m.mrr(worst[name], when, group).value

    assert m.mrr(program.ledger, at, m.PARTNER).value == 16
    assert mrr("unknown_partner", m.PARTNER) == 9
    assert mrr("signup_before_partner", m.PARTNER) == 7
    assert mrr("revenue_without_account", m.PARTNER) == 66
    before = m.Settings(as_of=2025 * 12)
    assert (m.mrr(program.ledger, before, m.ORGANIC).value, mrr("revenue_before_signup", m.ORGANIC, before)) == (40, 0)
    activated = worst["activated_before_signup"]
    assert (
        activated.between("activated_14", 0, 10**6).sum() == program.ledger.between("activated_14", 0, 10**6).sum() - 1
    )
    spent = worst["spend_for_unknown_partner"]
    assert (program.ledger.by_spend["amount"].sum(), spent.by_spend["amount"].sum()) == (1500, 500)


# Parts of the accounts


def test_a_segment_is_what_its_accounts_alone_would_give(load, ledger, chosen):
    for segment in ledger.segments:
        part = ledger.of(segment=segment)
        alone = program_of(load, lambda row: row, lambda row, segment=segment: row["segment"] == segment)
        for group in (m.PARTNER, m.ORGANIC):
            assert figures(part, chosen, group) == figures(alone, chosen, group)
            ages = [m.retention_by_age(one, chosen.as_of, group) for one in (part, alone)]
            assert [kept.value for kept in ages[0]] == [kept.value for kept in ages[1]]
        cpa = m.measure(m.BY_ID["cpa"], part, chosen, m.PARTNER)
        assert (cpa.value, cpa.note) == (None, "spend is not known by segment or signup cohort")
    assert ledger.of() is ledger


def test_a_signup_month_is_what_its_accounts_alone_would_give(load, ledger, chosen):
    month = chosen.as_of - 14
    alone = program_of(load, lambda row: row, lambda row: row["signed_up_on"].startswith("2025-07"))
    part = ledger.of(cohort=month)
    assert part.narrowed == "signups of 2025-07"
    for group in (m.PARTNER, m.ORGANIC):
        assert figures(part, chosen, group, WITHOUT_ENDS) == figures(alone, chosen, group, WITHOUT_ENDS)
        assert m.ltv(part, chosen, group).note == "when customers ended is not known here"
    total = sum(
        m.signups(ledger.of(cohort=at), chosen, m.ALL).value for at in range(ledger.first_month, chosen.as_of + 1)
    )
    assert total == m.signups(ledger, chosen, m.ALL).value


# Partners


def test_one_partners_figures_are_what_its_accounts_alone_would_give(load, ledger, chosen):
    partners = {"affiliate", "channel", "ecosystem", "referral", "reseller"}
    for partner in ("P-001", "P-068"):
        own = ledger.of_partner(partner)
        alone = program_of(
            load, lambda row: row, lambda row, p=partner: row["partner_id"] == p and row["motion"] in partners
        )
        assert figures(own, chosen, m.PARTNER) == figures(alone, chosen, m.PARTNER)
        for name in ("opening", "new_mrr", "expansion", "contraction", "reactivation", "churn", "closing"):
            for at in range(chosen.as_of - 30, chosen.as_of + 1):
                assert (own.at(name, at) == alone.at(name, at)).all(), (name, at)
        paid = sum(
            float(row["amount"]) for row in rows("spend.csv")
            if row["partner_id"] == partner and row["kind"] == "payout" and "2025-10" <= row["month"][:7] <= "2026-09"
        )  # fmt: skip
        assert m.acquisition_spend(own, chosen, m.PARTNER, range(chosen.first(), chosen.as_of + 1)) == pytest.approx(
            paid
        )


def test_the_partner_table_agrees_with_the_partners_one_by_one(ledger, chosen):
    found = m.partner_table(ledger, chosen)
    for at, partner in enumerate(found["partner_id"][:12]):
        own = ledger.of_partner(str(partner))
        for column, name in (("mrr", "mrr"), ("nrr", "nrr"), ("activation", "activation"), ("cpa", "cpa")):
            value = m.measure(m.BY_ID[name], own, chosen, m.PARTNER).value
            assert found[column][at] == pytest.approx(np.nan if value is None else value, nan_ok=True), name
        assert found["trend"][at][-1] == found["mrr"][at]
    assert found["mrr"].sum() <= m.mrr(ledger, chosen, m.PARTNER).value


def test_each_partner_gets_the_advice_that_its_rows_deserve(load):
    partners = "partner_id,name,motion,recruited_on,ended_on\n" + "".join(
        f"{name},{name},affiliate,{since},{ended}\n"
        for name, since, ended in (
            ("good", "2024-01-01", ""), ("new", "2025-10-01", ""), ("silent", "2024-01-01", ""),
            ("old", "2024-01-01", ""), ("leads", "2024-01-01", ""), ("gone", "2024-01-01", "2025-05-01"),
        )
    )  # fmt: skip
    accounts = [["account_id", "signed_up_on", "motion", "partner_id"]]
    accounts += [[f"g{n}", "2025-11-02", "affiliate", "good"] for n in range(3)]
    accounts += [["o1", "2024-06-02", "affiliate", "old"]]
    accounts += [[f"l{n}", "2025-10-02", "affiliate", "leads"] for n in range(12)]
    revenue = (
        "account_id,month,mrr\n"
        + "g0,2025-12,10\ng1,2025-12,10\n"
        + "".join(f"o1,{2024 + at // 12}-{at % 12 + 1:02d},10\n" for at in range(6, 24))
    )
    spend = "month,amount,kind,partner_id\n2025-11,30,payout,silent\n2025-12,0.01,payout,silent\n"
    ledger = load({"a.csv": accounts, "r.csv": revenue, "p.csv": partners, "s.csv": spend}).ledger
    chosen = m.Settings(as_of=2025 * 12 + 11)
    ids = m.partner_table(ledger, chosen)["partner_id"].tolist()
    advice = dict(zip(ids, advise(ledger, chosen, PartnerRules()), strict=True))
    assert {name: one.step for name, one in advice.items()} == {
        "good": "keep", "new": "enable", "silent": "prune", "old": "enable", "leads": "enable", "gone": "ended",
    }  # fmt: skip
    assert "paid 30" in advice["silent"].reason
    assert "never brought a signup" in advice["silent"].reason
    assert "last signup 18 months ago" in advice["old"].reason
    assert "12 signups in the window and no customer" in advice["leads"].reason
    patient = advise(ledger, chosen, PartnerRules(grace_months=36))
    assert dict(zip(ids, patient, strict=True))["silent"].step == "enable"


def test_a_partner_that_costs_more_than_it_brings_is_renegotiated_and_one_whose_customers_leave_is_enabled(load):
    """Four partners of ten customers a year: one is paid too much, one's customers leave, one carries most."""
    partners = "partner_id,name,motion,recruited_on\n" + "".join(
        f"{name},{name},{motion},2024-01-01\n"
        for name, motion in (("dear", "reseller"), ("leaky", "affiliate"), ("large", "channel"), ("fine", "referral"))
    )
    accounts, revenue = "account_id,signed_up_on,motion,partner_id\n", "account_id,month,mrr\n"
    months = [f"{2025 + at // 12}-{at % 12 + 1:02d}" for at in range(18)]
    motions = {"dear": "reseller", "leaky": "affiliate", "large": "channel", "fine": "referral", "": ""}
    for who, motion in motions.items():
        for at in range(40):
            account = f"{who or 'o'}{at}"
            start = at % 12 + 4
            accounts += f"{account},{months[start]}-03,{motion},{who}\n"
            mrr = {"large": 400}.get(who, 100)
            stays = 2 if who == "leaky" and at % 4 else 4 if not who and at % 10 == 0 else 18
            revenue += "".join(f"{account},{month},{mrr}\n" for month in months[start : start + stays])
    spend = "month,amount,kind,motion,partner_id\n" + "".join(
        f"{month},{1900 if who == 'dear' else 60},payout,{motions[who]},{who}\n"
        for month in months for who in ("dear", "leaky", "large", "fine")
    ) + "".join(f"{month},700,marketing,organic,\n" for month in months)  # fmt: skip
    ledger = load({"a.csv": accounts, "r.csv": revenue, "p.csv": partners, "s.csv": spend}).ledger
    chosen = m.Settings(as_of=ledger.last_month)
    table = m.partner_table(ledger, chosen)
    advice = dict(zip(table["partner_id"].tolist(), advise(ledger, chosen, PartnerRules()), strict=True))
    assert {name: one.step for name, one in advice.items()} == {
        "dear": "renegotiate", "leaky": "enable", "large": "keep", "fine": "keep",
    }  # fmt: skip
    row = {name: values[table["partner_id"].tolist().index("dear")] for name, values in table.items()}
    assert row["gross_profit"] == pytest.approx(0.8 * sum(
        float(line.split(",")[2]) for line in revenue.splitlines()[1:]
        if line.startswith("dear") and line.split(",")[1] in months[-12:]
    ))  # fmt: skip
    assert row["payout"] == 12 * 1900
    assert f"{row['payout'] / row['gross_profit'] * 100:.0f} % of gross profit" in advice["dear"].reason
    assert "× blended CAC" in advice["dear"].reason
    assert advice["dear"].otherwise.startswith("Kept at payouts of 1")
    assert "Its customers leave fast" in advice["leaky"].reason
    assert "of partner MRR: a risk" in advice["large"].reason
    assert "a risk" not in advice["fine"].reason
    lenient = PartnerRules(cpa_times=50, payout_of_profit=1000, churn_times=100, largest_share=100)
    assert {one.step for one in advise(ledger, chosen, lenient)} == {"keep"}


def test_payouts_and_gross_profit_are_of_the_same_months(load):
    """Payouts of twelve months beside revenue of the last three: a quarter of the profit was paid, not all of it."""
    months = [f"2025-{at:02d}" for at in range(1, 13)]
    accounts = "account_id,signed_up_on,motion,partner_id\n" + "".join(
        f"A{at},2025-0{1 + at % 9}-05,affiliate,P\n" for at in range(10)
    )
    revenue = "account_id,month,mrr\n" + "".join(f"A{at},{month},200\n" for at in range(10) for month in months[-3:])
    spend = "month,amount,kind,partner_id\n" + "".join(f"{month},400,payout,P\n" for month in months)
    partners = "partner_id,name,motion,recruited_on\nP,P,affiliate,2024-01-01\n"
    ledger = load({"a.csv": accounts, "r.csv": revenue, "s.csv": spend, "p.csv": partners}).ledger
    chosen = m.Settings(as_of=ledger.last_month)
    table = m.partner_table(ledger, chosen)
    assert (table["cost"][0], table["gross_profit"][0]) == (1200, pytest.approx(0.8 * 6000))
    assert advise(ledger, chosen, PartnerRules())[0].step != "renegotiate"


def test_a_partner_that_does_what_is_asked_is_kept(sample_program):
    """What is said to change an advice does so: the rows of the sample with it done, asked again."""
    ledger = sample_program.ledger
    chosen = m.Settings(as_of=ledger.last_month)
    rules = default_rules().partners
    table = m.partner_table(ledger, chosen)
    done = {name: values.copy() for name, values in table.items()}
    cac = m.measure(m.BY_ID["blended_cac"], ledger, chosen, m.ALL).value
    before = advise(ledger, chosen, rules, table)
    for at, one in enumerate(before):
        if " at " in one.otherwise and one.step == "renegotiate":
            done["cost"][at] = min(done["cost"][at], rules.payout_of_profit / 100 * done["gross_profit"][at])
            done["cpa"][at] = np.fmin(done["cpa"][at], rules.cpa_times * cac)
        if "new customer" in one.otherwise:
            done["new_customers"][at] = 1
        if "new signup" in one.otherwise or "new customer" in one.otherwise:
            done["last_signup"][at] = chosen.as_of
        if "its customers stay" in one.otherwise:
            done["churn"][at], done["mature_signups"][at] = 0, 0
    for one, after in zip(before, advise(ledger, chosen, rules, done), strict=True):
        if one.step in ("renegotiate", "enable") and one.otherwise.startswith("Kept"):
            assert after.step == "keep", one


@pytest.mark.parametrize(("customers", "step"), [(TOO_FEW - 1, "keep"), (TOO_FEW, "renegotiate")])
def test_the_cost_of_too_few_customers_is_said_and_judges_nobody(sample_program, customers, step):
    ledger = sample_program.ledger
    chosen, rules = m.Settings(as_of=ledger.last_month), default_rules().partners
    table = {name: values.copy() for name, values in m.partner_table(ledger, chosen).items()}
    at = [one.step for one in advise(ledger, chosen, rules, table)].index("keep")
    table["new_customers"][at], table["cpa"][at] = customers, 1e6
    found = advise(ledger, chosen, rules, table)[at]
    assert found.step == step
    assert ("× blended CAC" in found.reason) == (step == "renegotiate")
    assert found.unsure == ("" if step == "renegotiate" else "A CPA of $1.00M, on 9 new customers: too few to say.")


def test_a_partners_churn_is_drawn_to_its_motions_as_by_a_direct_computation():
    lost, months = np.array([0, 9, 2, 30, 1]), np.array([40, 60, 100, 200, 0])
    motion = np.array(["affiliate", "affiliate", "affiliate", "affiliate", "reseller"])
    found, spread = m.shrunk_churn(lost, months, motion)
    own, n = lost[:4], months[:4]
    p = own.sum() / n.sum()
    between = sum(size * (left / size - p) ** 2 for left, size in zip(own, n, strict=True))
    alike = (between - p * (1 - p) * 3) / (p * (1 - p) * (n.sum() - (n**2).sum() / n.sum() - 3))
    k = (1 - alike) / alike
    assert found[:4] == pytest.approx((own + k * p) / (n + k))
    assert np.isnan(found[4])
    assert ((found[:4] - p) * (own / n - found[:4]) >= 0).all()  # between its own and the motion's
    assert (spread[:4] > 0).all()


def test_grace_is_by_motion(load):
    files = {
        "p.csv": "partner_id,name,motion,recruited_on\n"
        + "E,E,ecosystem,2025-03-01\nA,A,affiliate,2025-03-01\nP,P,referral,2025-03-01\n",
        "a.csv": "account_id,signed_up_on,motion,partner_id\nX,2025-11-01,referral,P\n",
        "r.csv": "account_id,month,mrr\nX,2025-12,10\n",
    }  # fmt: skip
    ledger = load(files).ledger
    chosen = m.Settings(as_of=2025 * 12 + 11)
    ids = m.partner_table(ledger, chosen)["partner_id"].tolist()
    found = dict(zip(ids, advise(ledger, chosen, default_rules().partners), strict=True))
    assert (found["E"].step, found["A"].step) == ("enable", "prune")
    assert found["E"].otherwise == "Pruned without a signup in 3 months."


def test_the_concentration_curve_rises_to_one_and_starts_with_the_largest(ledger, chosen):
    partners, carried = curve(ledger, chosen)
    assert (partners[0], carried[0], partners[-1]) == (0, 0, 1)
    listed = m.partner_table(ledger, chosen)["mrr"]
    everything = m.mrr(ledger, chosen, m.PARTNER).value
    assert carried[-1] == pytest.approx(listed.sum() / everything)
    assert carried[-1] < 1  # some accounts name no partner
    assert (np.diff(carried) >= 0).all()
    assert (np.diff(carried, 2) <= 1e-12).all()  # each carries no more than the one before
    assert carried[1] == m.top_partner(ledger, chosen, m.PARTNER).value


def test_addresses_and_keys_hold_no_data(ledger):
    keys = tables.partner_keys(ledger)
    assert len(keys) == len(ledger.partners["partner_id"])
    assert all(len(key) == 12 and partner not in key for key, partner in keys.items())


# Rules


def test_the_neglected_metrics_stand_first_and_every_rule_is_shown(ledger, chosen):
    rules = default_rules()
    assert [(rule.metric, rule.against) for rule in rules.rules[:4]] == [
        ("survival", "organic"), ("money_kept", "organic"), ("nrr", "organic"), ("cpa", "blended CAC"),
    ]  # fmt: skip
    found = verdicts(ledger, chosen)
    assert [(verdict.metric, verdict.shown) for verdict in found] == [
        (rule.metric, rule.figure) for rule in rules.rules
    ]
    assert len(tables.rules(rules)) == len(rules.rules)
    assert all(rule.means and rule.do for rule in rules.rules)


def test_ones_own_rules_change_the_verdicts(load, ledger, chosen, tmp_path):
    own = {
        "rules": [
            {"metric": "active_partners", "against": "threshold", "threshold": 60, "better": "higher",
             "severity": "critical", "means": "Too few produce.", "do": "Prune."},
            {"metric": "time_to_activation", "against": "organic", "better": "lower", "severity": "note",
             "means": "Slow.", "do": "Help."},
        ],
        "partners": {"grace_months": 3},
    }  # fmt: skip
    path = tmp_path / "r.yaml"
    path.write_text(yaml.safe_dump(own), "utf-8")
    rules = read_rules(path)
    first, second = verdicts(ledger, chosen, rules=rules)
    assert (first.word, first.severity, first.advice) == ("worse", "critical", "Too few produce. Prune.")
    assert "44.1 %, the threshold is 60.0 %" in first.sentence
    own, organic = (m.time_to_activation(ledger, chosen, group) for group in (m.PARTNER, m.ORGANIC))
    assert second.word == "cannot tell yet"
    assert own.low < organic.value < own.high
    assert headline(ledger, chosen, rules).startswith("One partner, Ember Digital")
    path.write_text(tables.rules_yaml(default_rules()), "utf-8")
    assert read_rules(path) == default_rules()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"metric": "nnr"}, "Did you mean 'nrr'"),
        ({"threshold": 5}, "goes with 'against: threshold'"),
        ({"against": "blended CAC"}, "only cpa"),
        ({"metric": "mrr"}, "only shares and days"),
        ({"severity": "fatal"}, "severity"),
        ({"colour": "red"}, "not a known key"),
    ],
)
def test_a_wrong_rule_names_key_and_repair(tmp_path, change, says):
    rule = {"metric": "nrr", "against": "organic", "better": "higher", "severity": "note", "means": "m", "do": "d"}
    path = tmp_path / "r.yaml"
    path.write_text(yaml.safe_dump({"rules": [rule | change]}), "utf-8")
    with pytest.raises(ContentError, match=r"mine\.yaml, rules\.0") as caught:
        read_rules(path, "mine.yaml")
    assert says in str(caught.value)


def test_a_threshold_is_judged_by_the_interval_of_the_figure(ledger, chosen):
    def word(threshold, better="higher"):
        rule = Rule(
            metric="activation",
            against="threshold",
            threshold=threshold,
            better=better,
            severity="note",
            means="m",
            do="d",
        )
        return judge(rule, ledger, chosen, m.PARTNER).word

    own = m.activation(ledger, chosen, m.PARTNER)
    assert word(own.low * 100 - 0.1) == "better"
    assert word(own.value * 100) == "cannot tell yet"
    assert word(own.high * 100 + 0.1) == "worse"
    assert word(own.high * 100 + 0.1, "lower") == "better"


def test_cpa_is_judged_at_each_share_that_would_not_have_come_anyway(ledger, chosen):
    cpa = next(one for one in verdicts(ledger, chosen) if one.metric == "cpa")
    assert "$964" in cpa.sentence
    assert "$1,377 (no clear difference) if 70 %" in cpa.sentence
    assert "$2,410 (worse) if 40 %" in cpa.sentence


def test_rules_file_and_model_agree():
    assert Rules.model_validate(yaml.safe_load(RULES.read_text("utf-8"))) == default_rules()


def test_every_reference_figure_stands_beside_a_metric_with_source_and_grade():
    found = load_benchmarks()
    assert len(found) >= 18
    assert all(one.metric in m.BY_ID and one.source and one.grade in "ABC" for one in found)
    assert all(one.low is None or one.low <= one.high for one in found)


# Metrics beside the six, by hand


def test_time_to_activation_ltv_payback_and_payout_share_by_hand(load):
    accounts = [["account_id", "signed_up_on", "motion", "activated_on"]]
    accounts += [[f"A{n}", "2025-01-01", "affiliate", f"2025-01-{n + 1:02d}"] for n in range(20)]
    revenue = [["account_id", "month", "mrr"]]
    revenue += [[f"A{n}", f"2025-{at:02d}", 50] for n in range(20) for at in (1, 2, 3, 4) if n < 19 or at < 3]
    spend = "month,amount,kind,motion\n" + "".join(
        f"2025-{at},{amount},{kind},affiliate\n"
        for at in ("01", "04")
        for amount, kind in ((200, "payout"), (50, "program"))
    )
    ledger = load({"a.csv": accounts, "r.csv": revenue, "s.csv": spend}).ledger
    chosen = m.Settings(as_of=2025 * 12 + 3, gross_margin=0.5)
    group = (MOTIONS.index("affiliate"),)
    days = m.time_to_activation(ledger, chosen, group)
    assert days.value == 9.5
    assert days.high - days.value == pytest.approx(1.96 * np.std(range(20), ddof=1) / np.sqrt(20), rel=1e-3)
    assert m.customer_churn(ledger, chosen, group).value == pytest.approx(1 / (20 + 20 + 19))
    # Of the four months two are settled: all have paid in both, and what comes later is not known.
    assert m.ltv(ledger, chosen, group).note == "no customer has left yet"
    assert m.cac_payback(ledger, chosen, group).value == pytest.approx(500 / 20 / (50 * 0.5))
    assert m.payout_share(ledger, chosen, group).value == pytest.approx(400 / (50 * (20 + 20 + 19 + 19)))


def test_the_interval_of_the_curve_by_age_against_a_bootstrap_over_customers(ledger, chosen):
    payments = {}
    motions = {row["account_id"]: row["motion"] for row in rows("accounts.csv")}
    for row in rows("revenue.csv"):
        if motions[row["account_id"]] == "affiliate" and float(row["mrr"]):
            at = int(row["month"][:4]) * 12 + int(row["month"][5:7]) - 1
            payments.setdefault(row["account_id"], {})[at] = float(row["mrr"])
    pairs = []
    for months in payments.values():
        first = min(months)
        if first + 6 <= chosen.as_of:
            pairs.append((months.get(first + 6, 0.0), months[first]))
    kept = m.retention_by_age(ledger, chosen.as_of, (MOTIONS.index("affiliate"),))[6]
    now, start = np.array(pairs).T
    assert (kept.value, kept.n) == (pytest.approx(now.sum() / start.sum()), len(pairs))
    random = np.random.default_rng(7)
    drawn = random.integers(0, len(pairs), (4000, len(pairs)))
    low, high = np.percentile(now[drawn].sum(axis=1) / start[drawn].sum(axis=1), [2.5, 97.5])
    assert kept.low == pytest.approx(low, abs=0.02)
    assert kept.high == pytest.approx(high, abs=0.02)


def test_the_triangle_is_the_ledger_by_cohort_and_age(ledger, chosen):
    money = m.retention_triangle(ledger, chosen.as_of, m.PARTNER, "money")
    assert np.nanmax(np.abs(money.kept[:, 0] - 1)) == 0
    for row, cohort in enumerate(money.cohorts):
        reached = chosen.as_of - cohort
        assert not np.isnan(money.kept[row, : reached + 1]).any()
        assert np.isnan(money.kept[row, reached + 1 :]).all()
    customers = m.retention_triangle(ledger, chosen.as_of, m.PARTNER, "customers")
    assert np.nanmax(customers.kept) == 1.0
    assert sum(customers.n) == sum(money.n)


# Changes of the same accounts and partners


@pytest.mark.parametrize("group", [m.PARTNER, (MOTIONS.index("channel"),)], ids=["partner", "channel"])
def test_the_change_of_the_mrr_share_against_a_bootstrap_over_accounts(ledger, chosen, group):
    motions = {row["account_id"]: row["motion"] or "organic" for row in rows("accounts.csv")}
    paid = {}
    for row in rows("revenue.csv"):
        at = int(row["month"][:4]) * 12 + int(row["month"][5:7]) - 1
        if at in (chosen.as_of, chosen.as_of - 12):
            paid.setdefault(row["account_id"], {})[at] = float(row["mrr"])
    now, before = (
        np.array([months.get(at, 0.0) for months in paid.values()]) for at in (chosen.as_of, chosen.as_of - 12)
    )
    inside = np.isin([MOTIONS.index(motions[account]) for account in paid], group)
    random = np.random.default_rng(3)
    drawn = random.integers(0, len(paid), (3000, len(paid)))

    def share(values):
        return (values * inside)[drawn].sum(axis=1) / values[drawn].sum(axis=1)

    low, high = np.percentile(share(now) - share(before), [2.5, 97.5])
    found = m.mrr_share_change(ledger, chosen, group)
    assert found.low == pytest.approx(low, abs=0.006)
    assert found.high == pytest.approx(high, abs=0.006)


def test_the_change_of_active_partners_against_a_bootstrap_over_partners(ledger, chosen):
    there, active = [], []
    for month in (chosen.as_of, chosen.as_of - 12):
        there.append(m.partners_there(ledger, month, m.PARTNER))
        rows_ = ledger.by_partner
        paying = set(rows_["partner_id"][(rows_["month"] == month) & (rows_["closing"] > 0) & ledger.by_partner_motion])
        active.append(np.isin(ledger.partners["partner_id"], list(paying)) & there[-1])
    random = np.random.default_rng(3)
    drawn = random.integers(0, len(there[0]), (3000, len(there[0])))
    ratios = [one[drawn].sum(axis=1) / other[drawn].sum(axis=1) for one, other in zip(active, there, strict=True)]
    low, high = np.percentile(ratios[0] - ratios[1], [2.5, 97.5])
    found = m.active_partners_change(ledger, chosen, m.PARTNER)
    assert found.low == pytest.approx(low, abs=0.012)
    assert found.high == pytest.approx(high, abs=0.012)


def test_a_share_that_every_account_moves_is_told(load):
    accounts = [["account_id", "signed_up_on", "motion"]]
    accounts += [[f"A{n}", "2024-01-01", "affiliate" if n % 2 else ""] for n in range(200)]
    revenue = [["account_id", "month", "mrr"]]
    for n in range(200):
        base = 50 + n % 30
        revenue += [[f"A{n}", "2024-01", base], [f"A{n}", "2025-01", base * (1.15 if n % 2 else 1)]]
    ledger = load({"a.csv": accounts, "r.csv": revenue}).ledger
    share = next(one for one in verdicts(ledger, m.Settings(as_of=ledger.last_month)) if one.metric == "mrr_share")
    assert share.word == "better"


def test_few_customers_say_nothing_of_the_quick_ratio(load):
    files = {"a.csv": "account_id,signed_up_on,motion\nA1,2025-01-01,affiliate\n",
             "r.csv": "account_id,month,mrr\nA1,2025-01,199\nA1,2025-02,188\n"}  # fmt: skip
    found = next(
        one for one in verdicts(load(files).ledger, m.Settings(as_of=2025 * 12 + 1)) if one.metric == "quick_ratio"
    )
    assert found.word == "cannot tell yet"


def test_what_is_not_known_of_partners_is_not_advised_on(load):
    partners = "partner_id,motion,recruited_on\nP1,affiliate,2024-01-01\n"
    for files in ({}, {"a.csv": "account_id,signed_up_on,motion,partner_id\nA1,2025-01-05,affiliate,P1\n"}):
        ledger = load({"p.csv": partners, "s.csv": "month,amount,kind\n2025-02,1,payout\n", **files}).ledger
        chosen = m.Settings(as_of=ledger.last_month)
        (advice,) = advise(ledger, chosen, PartnerRules())
        assert advice.step == "unknown"
        assert "a revenue file" in advice.reason
        table = tables.partners(ledger, chosen, PartnerRules())
        assert table.filter(like="MRR (").isna().all().all()
        assert table["Customers"].isna().all()
    without = load({"p.csv": partners, "a.csv": "account_id,signed_up_on\nA1,2025-01-05\n",
                    "r.csv": "account_id,month,mrr\nA1,2025-02,9\n"}).ledger  # fmt: skip
    ratio = m.measure(m.BY_ID["active_partners"], without, m.Settings(as_of=without.last_month), m.PARTNER)
    assert (ratio.value, ratio.note) == (None, "add the column partner_id to the accounts file")


def test_the_worst_case_moves_active_partners_too(load):
    partners = "partner_id,motion,recruited_on\n" + "".join(f"P{n},affiliate,2024-01-01\n" for n in range(2))
    accounts = "account_id,signed_up_on,motion,partner_id\nA1,2025-01-05,,P1\nA2,2025-01-05,affiliate,P0\n"
    revenue = "account_id,month,mrr\nA1,2025-02,5\nA2,2025-02,5\n"
    program = load({"p.csv": partners, "a.csv": accounts, "r.csv": revenue})
    chosen = m.Settings(as_of=program.ledger.last_month)
    worst = next(one for one in program.findings if one.name == "organic_with_partner").worst_case(program.ledger)
    assert m.active_partners(program.ledger, chosen, m.PARTNER).value == 0.5
    assert m.active_partners(worst, chosen, m.PARTNER).value == 1.0


def test_accounts_of_a_customer_list_are_in_no_activation_rate(load):
    accounts = [["account_id", "signed_up_on", "motion", "partner_id", "activated_on"]]
    accounts += [[f"A{n}", "2025-01-05", "affiliate", "P1", "2025-01-06"] for n in range(20)]
    header = "external_id,amount,created_at,affiliate_email,program\n"
    listed = header + "".join(f"B{n},1,2025-01-07,P1,x\n" for n in range(20))
    files = {"a.csv": accounts, "t.csv": listed}
    mapping = next(one for one in load(files).sources if one.name == "t.csv").complete()
    ledger = load(files, corrections={"t.csv": mapping.answered("columns", "account_id", "external_id")}).ledger
    chosen = m.Settings(as_of=2025 * 12 + 2)
    assert m.signups(ledger, chosen, m.PARTNER).value == 40
    assert (m.activation(ledger, chosen, m.PARTNER).value, m.activation(ledger, chosen, m.PARTNER).n) == (1.0, 20)


def test_a_verdict_names_what_is_judged_and_what_its_tile_shows(load):
    accounts = [["account_id", "signed_up_on", "motion"]]
    accounts += [[f"A{n}", "2024-01-01", "affiliate" if n % 2 else ""] for n in range(200)]
    revenue = [["account_id", "month", "mrr"]]
    for n in range(200):  # partners' MRR grows, organic's three times as much
        base = 50 + n % 30
        revenue += [[f"A{n}", "2024-01", base], [f"A{n}", "2025-01", base * (1.5 if n % 2 else 4.5)]]
    program = load({"a.csv": accounts, "r.csv": revenue})
    said = json.loads(as_json(Report.of(program)))["verdicts"]
    told = {one["metric"]: one for one in said}
    assert (told["mrr"]["word"], told["mrr_share"]["word"]) == ("up", "worse")
    assert told["mrr"]["value"] == pytest.approx(sum((50 + n % 30) * 1.5 for n in range(1, 200, 2)))
    assert told["mrr_share"]["judged"]["value"] == pytest.approx(0.25, abs=0.01)


def test_from_which_share_on_the_largest_partner_is_named_is_a_rule(sample_program):
    chosen = m.Settings(as_of=sample_program.ledger.last_month)
    top = m.measure(m.BY_ID["top_partner"], sample_program.ledger, chosen, m.PARTNER).value * 100
    for share, named in ((top - 0.1, True), (top + 0.1, False)):
        partners = default_rules().partners.model_copy(update={"largest_share": share})
        rules = default_rules().model_copy(update={"partners": partners})
        assert ("one partner, " in headline(sample_program.ledger, chosen, rules).lower()) == named


# All tests of a program together


def alarms(ledger):
    settings_ = m.Settings(as_of=ledger.last_month)
    found = judged(ledger, settings_, default_rules())
    return {(group, one.metric) for group, all_ in found.items() for one in all_ if one.word == "worse"}


@pytest.mark.parametrize(
    "part", [0, pytest.param(1, marks=pytest.mark.proof), *(pytest.param(at, marks=pytest.mark.long) for at in (2, 3))]
)
def test_a_healthy_program_raises_an_alarm_no_more_often_than_it_may(part):
    """Of 1,000 programs 6 % at most in `make journeys`; of the fewer of the others so many as 5 % leave to chance."""
    times = {25: 15, 50: 200, 100: 500}[examples(100)]
    found = sum(bool(alarms(generated(part * times + seed))) for seed in range(times))
    assert found <= max(0.06 * times, binom.ppf(0.99, times, 0.05) if times < 500 else 0)


@pytest.mark.proof
def test_small_motions_beside_a_large_organic_side_raise_no_alarms_by_chance():
    """A dozen customers a motion of whom one leaves is no alarm: the normal distribution does not hold there."""
    times = examples(160)
    shares = np.array([0.9, *[0.02] * 5])
    found = sum(bool(alarms(generated(seed, churn=0.006, shares=shares))) for seed in range(times))
    assert found <= binom.ppf(0.99, times, 0.05)


def test_a_few_ends_say_nothing_however_unlikely(load):
    accounts, revenue = "account_id,signed_up_on,motion\n", "account_id,month,mrr\n"
    for at in range(412):
        accounts += f"A{at},2025-01-02,{'affiliate' if at < 12 else ''}\n"
        stays = 3 if at == 0 else 8
        revenue += "".join(f"A{at},2025-{month:02d},10\n" for month in range(1, stays + 1))
    ledger = load({"a.csv": accounts, "r.csv": revenue}).ledger
    found = {one.metric: one for one in judged(ledger, m.Settings(as_of=ledger.last_month), default_rules())[m.PARTNER]}
    assert (found["survival"].word, found["survival"].said) == ("cannot tell yet", "too few")
    assert "too few ends: 1" in found["survival"].sentence


def test_affiliates_that_leave_faster_are_found():
    affiliates = (MOTIONS.index("affiliate"),)
    times = examples(60)
    found = sum((affiliates, "survival") in alarms(generated(seed, affiliates_leave=2.5)) for seed in range(times))
    assert found >= times * 55 // 60


def test_a_word_and_its_interval_never_disagree(ledger, chosen):
    found = judged(ledger, chosen, default_rules())
    tested = [one for all_ in found.values() for one in all_ if one.gap.low is not None]
    assert len(tested) > 30
    for one in tested:
        told = one.gap.low > 0 or one.gap.high < 0
        assert told == (one.word in ("better", "worse")), one.sentence
        assert (one.evidence > 0) == (one.gap.value > 0) if one.better == "higher" else True


def test_levels_are_those_of_holm():
    gaps = {at: Estimate(z, z - Z, z + Z) for at, z in enumerate([4.0, 2.9, 2.2, -3.5, 0.1])}
    levels = family.levels(gaps)
    pvalues = sorted((2 * norm.sf(abs(gap.value)), at) for at, gap in gaps.items())
    told = set()
    for place, (p, at) in enumerate(pvalues):
        if p > 0.05 / (len(pvalues) - place):
            break
        told.add(at)
    assert {at for at, gap in gaps.items() if abs(gap.value) > levels[at]} == told == {0, 1, 3}


def test_what_is_too_few_is_another_thing_than_no_clear_difference(load):
    files = {"a.csv": "account_id,signed_up_on,motion\nA1,2025-01-01,affiliate\n",
             "r.csv": "account_id,month,mrr\nA1,2025-01,199\nA1,2025-02,188\n"}  # fmt: skip
    found = verdicts(load(files).ledger, m.Settings(as_of=2025 * 12 + 1))
    said = {one.metric: one.said for one in found}
    assert (said["quick_ratio"], said["survival"]) == ("too few", "unknown")


def test_a_tile_says_what_changed_since_the_month_before_and_shows_its_course(ledger, chosen):
    paid = defaultdict(float)
    motions = {row["account_id"]: row["motion"] for row in rows("accounts.csv")}
    for row in rows("revenue.csv"):
        if motions[row["account_id"]] in PARTNER_MOTIONS:
            paid[row["month"]] += float(row["mrr"])
    last, before = (month_name(chosen.as_of - back) for back in (0, 1))
    mrr = next(one for one in verdicts(ledger, chosen) if one.shown == "mrr")
    assert mrr.against.endswith(f"+{money(paid[last] - paid[before])} since {before}")
    course = tables.recent(ledger, chosen, m.PARTNER, "mrr")
    assert course == pytest.approx([paid[month_name(chosen.as_of - back)] for back in range(12, -1, -1)])
    # LTV ÷ CPA is over the same ages at all times, so that a later month is not more for having seen more.
    worth = next(one for one in verdicts(ledger, chosen) if one.shown == "ltv_cpa")
    assert "over its first 15 months" in worth.against
    early = m.Settings(as_of=ledger.first_month + 1)
    assert tables.recent(ledger, early, m.PARTNER, "mrr") == []


def test_who_carries_the_blend_is_the_way_that_costs_most_beyond_it(ledger, chosen):
    window = {month_name(chosen.as_of - back) for back in range(12)}
    motion_of = {row["partner_id"]: row["motion"] for row in rows("partners.csv")}
    spent, won, first = defaultdict(float), defaultdict(int), {}
    for row in rows("spend.csv"):
        if row["month"] in window:
            spent[row["motion"] or motion_of.get(row["partner_id"], "")] += float(row["amount"])
    for row in rows("revenue.csv"):
        if float(row["mrr"]) > 0:
            first[row["account_id"]] = min(first.get(row["account_id"], "9999"), row["month"])
    for row in rows("accounts.csv"):
        if first.get(row["account_id"]) in window:
            won[row["motion"] or "organic"] += 1
    blended = sum(spent.values()) / sum(won.values())
    motion = max(won, key=lambda one: spent[one] - blended * won[one])
    said = f"carried by {NAMES[motion]} ({money(spent[motion] / won[motion])})"
    tile = next(one for one in verdicts(ledger, chosen) if one.shown == "cpa")
    assert f"blended CAC {money(blended)} · {said} · organic" in tile.against
