"""Readiness: what files and the scenario say of each condition, what overrules them, and what stays unknown."""

import itertools
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from motions.cohorts.metrics.metrics import Settings
from motions.cohorts.program import load_program
from motions.economics.answers.goal import highest, main_payouts
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.run import run
from motions.errors import ContentError
from motions.fields import inputs
from motions.names import PARTNER_MOTIONS
from motions.playbook.load import CONTENT, load_benchmarks, load_playbook
from motions.readiness.assess import THRESHOLDS, Hand, assess
from motions.readiness.payout import MONEY_STEP, SHARE_STEP, largest, of_scenario
from motions.readiness.thresholds import Thresholds, origin
from motions.text import percent
from pages._health.views import VIEWS
from tests.conftest import SAMPLE, TODAY, examples

CONDITIONS = ("funnel", "voices", "payout", "attribution", "fit", "activation")
BY_FILES = ("funnel", "attribution", "fit", "activation", "same_flow", "server", "payouts")
RANK = {"not yet": 0, "unknown": 1, "ready": 2}
LAST = pd.Period("2026-10", "M")  # the last full month before the day of the tests
SIGNED = "2025-09"  # a customer since then is one of a year ago, and its signup is in the window


def checks(report):
    return {one.id: one for one in (*report.conditions, *report.principles)}


def read(program, name, **thresholds):
    """What files say of one check."""
    return checks(assess(program, chosen=Thresholds(**thresholds)))[name].reading


# Small programs


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    """Load a program from rows by file; one that was loaded before is there already."""
    known = {}

    def load_files(found):
        key = repr(found)
        if key not in known:
            folder = tmp_path_factory.mktemp("small")
            for name, rows in found.items():
                (folder / name).write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
            (folder / "scratch").mkdir()
            known[key] = load_program([(name, folder / name) for name in found], folder / "scratch", TODAY)
        return known[key]

    return load_files


def accounts(count, motion="", partner="", activates=0, days=3, pays=0, until=LAST, segment="one", mrr=100):
    """Accounts signed up in one month: of `count` the first activate after some days, the first pay until a month."""
    day, months = date(2025, 9, 10), [str(month) for month in pd.period_range(SIGNED, until, freq="M")]
    activated = [str(day + timedelta(days)) if at < activates else "" for at in range(count)]
    rows = [[str(day), motion, partner, when, segment] for when in activated]
    return [(row, months if at < pays else [], mrr) for at, row in enumerate(rows)]


def files(*groups, partners=("P1",), spend=()):
    """Files of these accounts; a partner list, and postings (month, amount, kind, motion, partner)."""
    rows = [["account_id", "signed_up_on", "motion", "partner_id", "activated_on", "segment"]]
    revenue = [["account_id", "month", "mrr", "currency"]]
    for own, months, mrr in itertools.chain(*groups):
        who = f"A{len(rows):04d}"
        rows.append([who, *own])
        revenue += [[who, month, mrr, "USD"] for month in months]
    found = {"accounts.csv": rows, "revenue.csv": revenue}
    if partners:
        listed = [[one, "referral", "2025-01-01"] for one in partners]
        found["partners.csv"] = [["partner_id", "motion", "recruited_on"], *listed]
    if spend:
        found["spend.csv"] = [["month", "amount", "kind", "motion", "partner_id", "currency"], *spend]
    return found


def organic(**changes):
    return accounts(**{"count": 200, "activates": 150, "pays": 100, **changes})


def brought(**changes):
    return accounts(**{"count": 60, "motion": "referral", "partner": "P1", "activates": 45, "pays": 40, **changes})


def paid(motion="referral", partner="P1", amount=50):
    return [[f"2026-{month:02d}", amount, "payout", motion, partner, "USD"] for month in range(1, 11)]


STATES = {
    "funnel": {
        "ready": [organic(), brought()],
        "not yet": [organic(activates=20), brought()],
        "unknown": [organic(activates=60), brought()],
    },
    "attribution": {
        "ready": [organic(), brought()],
        "not yet": [organic(), brought(count=20), brought(partner="")],
        "unknown": [organic(motion="organic")],
    },
    "fit": {
        "ready": [organic(), brought(segment="two", until=pd.Period("2026-03", "M"))],
        "not yet": [organic(pays=200), organic(pays=160, until=pd.Period("2026-03", "M")), brought(pays=0)],
        "unknown": [organic(pays=80), organic(pays=20, until=pd.Period("2026-03", "M")), brought(pays=0)],
    },
    "activation": {
        "ready": [organic(), brought()],
        "not yet": [organic(days=30), brought()],
        "unknown": [organic(), organic(days=30), brought()],
    },
    "same_flow": {
        "ready": [organic(), brought(count=200, activates=160)],
        "not yet": [organic(), brought(count=200, activates=50)],
        "unknown": [organic(), brought(count=30, activates=21)],
    },
    "server": {
        "ready": [organic(), brought()],
        "not yet": [organic(), brought(), brought(partner="", count=20)],
        "unknown": [organic(), brought(count=5, activates=3, pays=2)],
    },
    "payouts": {
        "ready": [organic(), brought()],
        "not yet": [organic(), brought(pays=0)],
        "unknown": [organic(), brought()],
    },
}


@pytest.mark.parametrize(("name", "state"), [(name, state) for name in STATES for state in RANK])
def test_each_check_in_each_state(load, name, state):
    spend = {"ready": paid(), "not yet": paid(), "unknown": [*paid(), *paid("", "", 10)]}[state]
    found = load(files(*STATES[name][state], spend=spend if name == "payouts" else ()))
    reading = checks(assess(found, two_years(found)))[name].reading
    assert reading.verdict == state, [line.words for line in reading.lines]
    assert reading.of == "your files, as of 2026-10"
    assert all(line.words.endswith(".") and "{" not in line.words for line in reading.lines)


def two_years(program):
    """Settings whose window holds all signups."""
    return Settings(as_of=program.ledger.last_month, window=24)


def test_voices_are_known_by_hand_only(sample_program):
    for hand, verdict in (("yes", "ready"), ("no", "not yet"), ("unknown", "unknown")):
        one = checks(assess(sample_program, hands={"voices": hand}))["voices"]
        assert (one.verdict, one.reading) == (verdict, None)
        assert one.answered == ("nobody" if hand == "unknown" else "hand")


@pytest.mark.parametrize(
    ("shown", "changes", "verdict"),
    [
        (("affiliate",), {}, "ready"),
        (("reseller",), {}, "not yet"),
        (("affiliate", "reseller"), {}, "ready"),  # one way that carries is enough
        (("ecosystem",), {}, "unknown"),
        (("ecosystem", "reseller"), {}, "unknown"),
        (("affiliate",), {"worth_from": 0}, "unknown"),
        (("affiliate",), {"worth_from": 100_000}, "not yet"),
        (("affiliate",), {"program_cost": 1e6}, "not yet"),
        (("affiliate",), {"conversion_rate": 0}, "unknown"),
        (("product_led",), {}, "unknown"),
    ],
)
def test_the_payout_is_the_scenarios(shown, changes, verdict):
    scenario = default_scenario().replace(shown=shown)
    for field, value in changes.items():
        scenario = scenario.with_program("affiliate", **{field: value})
    one = checks(assess(scenario=scenario))["payout"]
    assert (one.verdict, one.reading.of) == (verdict, "the simulator's scenario")
    assert one.answered == ("nobody" if verdict == "unknown" else "scenario")
    assert checks(assess())["payout"].reading is None


# The sample, worked out another way


@pytest.fixture(scope="module")
def raw():
    tables = {name: pd.read_csv(SAMPLE / f"{name}.csv") for name in ("accounts", "revenue", "partners", "spend")}
    people, revenue = tables["accounts"], tables["revenue"]
    people["month"] = people["signed_up_on"].str[:7]
    people["days"] = (pd.to_datetime(people["activated_on"]) - pd.to_datetime(people["signed_up_on"])).dt.days
    revenue = revenue[revenue["mrr"] > 0]
    tables["paid"] = revenue.pivot_table(index="account_id", columns="month", values="mrr", aggfunc="sum")
    people["first"] = people["account_id"].map(revenue.groupby("account_id")["month"].min())
    return tables


def wilson(part, whole):
    ends = binomtest(int(part), int(whole)).proportion_ci(method="wilson")
    return part / whole, ends.low, ends.high


def is_figure(line, value, low, high, n):
    assert (line.figure.value, line.figure.low, line.figure.high) == pytest.approx((value, low, high))
    assert line.figure.n == n
    assert percent(value) in line.words


def test_the_funnel_of_the_sample_by_hand(sample_program, raw):
    people = raw["accounts"]
    signed = people[people["motion"].isna() & people["month"].between("2025-07", "2026-06")]
    activates, buys = read(sample_program, "funnel").lines
    is_figure(activates, *wilson(signed["days"].notna().sum(), len(signed)), len(signed))
    is_figure(buys, *wilson(signed["first"].notna().sum(), len(signed)), len(signed))
    activated = signed[signed["days"].notna()]
    (line,) = read(sample_program, "activation", trial_days=7).lines
    is_figure(line, *wilson((activated["days"] <= 7).sum(), len(activated)), len(activated))


def test_attribution_of_the_sample_by_hand(sample_program, raw):
    people = raw["accounts"]
    partner = people["motion"].isin(PARTNER_MOTIONS)
    wrong = (partner & people["partner_id"].isna()) | (people["motion"].isna() & people["partner_id"].notna())
    ways, carries = read(sample_program, "attribution").lines
    share = 1 - wrong.mean()
    is_figure(ways, share, share, share, len(people))
    won = people[partner & (people["first"] < "2026-09")]
    later = [
        raw["paid"].at[one.account_id, str(pd.Period(one.first, "M") + 1)] > 0
        for one in won.itertuples()
    ]  # fmt: skip
    is_figure(carries, *wilson(sum(later), len(won)), len(won))
    recent = people[partner & people["month"].between("2025-10", "2026-09")]
    (line,) = read(sample_program, "server").lines
    share = recent["partner_id"].notna().mean()
    is_figure(line, share, share, share, len(recent))


def test_segments_of_the_sample_by_hand(sample_program, raw):
    then, now = (raw["paid"][month].fillna(0) for month in ("2025-09", "2026-09"))
    segment = raw["accounts"].set_index("account_id")["segment"].reindex(then.index)
    found = {re.search(r"Kept of ([\w-]+)", line.words)[1]: line for line in read(sample_program, "fit").lines}
    assert set(found) == set(raw["accounts"]["segment"])
    for name, line in found.items():
        own = (segment == name) & (then > 0)
        kept, base = np.minimum(now, then)[own], then[own]
        share, n = kept.sum() / base.sum(), own.sum()
        # The delta method on the logit, at the level of three segments together.
        spread = np.sqrt(n / (n - 1) * ((kept - share * base) ** 2).sum()) / base.sum() / (share * (1 - share))
        ends = [1 / (1 + np.exp(-(np.log(share / (1 - share)) + way * 1.959964 * spread))) for way in (-1, 1)]
        low, high = (share + (end - share) * norm.ppf(1 - 0.025 / 3) / 1.959964 for end in ends)
        assert line.figure.value == pytest.approx(share)
        assert (line.figure.low, line.figure.high) == pytest.approx((low, high), abs=1e-5)
        assert line.figure.n == n
    assert next(iter(found)) == max(found, key=lambda name: found[name].figure.low)


def test_principles_and_offers_of_the_sample_by_hand(sample_program, raw):
    report = assess(sample_program)
    spend, people = raw["spend"], raw["accounts"]
    payouts = spend[(spend["kind"] == "payout") & spend["month"].between("2025-10", "2026-09")]
    (line,) = checks(report)["payouts"].reading.lines
    assert line.figure.value == 1
    assert f"${payouts['amount'].sum() / 1000:.0f}k in 12 months" in line.words
    (line,) = checks(report)["same_flow"].reading.lines
    mature = people[people["month"].between("2025-10", "2026-08")]
    sides = mature[mature["motion"].isin(PARTNER_MOTIONS)], mature[mature["motion"].isna()]
    partner, own = ((side["days"] <= 14).mean() for side in sides)
    assert line.figure.value == pytest.approx(partner - own)
    now = raw["paid"]["2026-09"].dropna()
    motion = people.set_index("account_id")["motion"].reindex(now.index)
    offers = {one.name: one for one in report.offers}
    assert list(offers) == ["acv", "self_serve", "satisfied", "revenue", "standard_price"]
    assert offers["acv"].value == pytest.approx(12 * now[motion.isna()].mean())
    assert "USD" in offers["acv"].words
    assert offers["revenue"].value == pytest.approx(12 * now.sum())
    assert (offers["self_serve"].value, offers["standard_price"].value) == ("yes", None)


def test_an_offer_that_is_not_known_has_no_value(load):
    found = load({"accounts.csv": files(organic())["accounts.csv"]})
    assert {one.name: one.value for one in assess(found).offers} == dict.fromkeys(
        ("acv", "self_serve", "satisfied", "revenue", "standard_price")
    )


# What is not known


NEEDS = {
    "accounts.csv": BY_FILES,
    "revenue.csv": ("funnel", "attribution", "fit", "payouts"),
    "partners.csv": ("attribution",),
    "spend.csv": ("payouts",),
    "activated_on": ("funnel", "activation", "same_flow"),
    "segment": ("fit",),
    "partner_id": ("attribution", "server"),
}


@pytest.mark.parametrize("missing", NEEDS)
def test_without_a_table_or_a_column_it_is_unknown_and_never_not_yet(load, missing):
    given_ = files(organic(), brought(), spend=paid())
    program = load(given_)
    whole = checks(assess(program, two_years(program)))
    if missing in given_:
        given_.pop(missing)
    else:
        at = given_["accounts.csv"][0].index(missing)
        given_["accounts.csv"] = [row[:at] + row[at + 1 :] for row in given_["accounts.csv"]]
    found = checks(assess(load(given_)))
    for name in BY_FILES:
        assert found[name].verdict in ({"unknown"} if name in NEEDS[missing] else {whole[name].verdict, "unknown"}), (
            name
        )
    for name in NEEDS[missing]:
        assert found[name].reading.load, name
        assert found[name].first_step == said(name).find_out


def said(name):
    readiness = load_playbook().readiness
    return next(one for one in (*readiness.conditions, *readiness.principles) if one.id == name)


def test_without_a_motion_the_funnel_is_that_of_all_and_partners_stay_unknown(load):
    given_ = files(organic(), partners=())
    given_["accounts.csv"] = [[row[0], row[1], *row[4:]] for row in given_["accounts.csv"]]
    found = checks(assess(load(given_)))
    assert found["funnel"].verdict == "ready"
    assert "partners' among them" in found["funnel"].reading.lines[0].words
    assert {found[name].verdict for name in ("attribution", "same_flow", "server")} == {"unknown"}


def test_without_a_motion_of_their_own_accounts_have_their_partners(load):
    given_ = files(organic(), brought())
    given_["accounts.csv"] = [[*row[:2], *row[3:]] for row in given_["accounts.csv"]]
    reading = read(load(given_), "attribution")
    assert [line.verdict for line in reading.lines] == ["ready", "ready"]


@pytest.mark.parametrize(
    ("name", "groups"),
    [("funnel", [organic(pays=0), brought()]), ("payouts", [organic(), brought(pays=0)])],
)
def test_where_ends_are_not_known_too_little_decides_nothing(load, name, groups):
    found = load(files(*groups, spend=paid()))
    assert read(found, name).verdict == "not yet"
    covered = replace(found.ledger.coverage, ends_known=False)
    reading = read(replace(found, ledger=replace(found.ledger, coverage=covered)), name)
    assert reading.verdict == "unknown"
    assert any("It may be more" in line.words for line in reading.lines)


def test_a_ledger_that_is_added_up_already_leaves_the_checks_unknown(tmp_path):
    path = tmp_path / "ledger.csv"
    shutil.copy(SAMPLE.parent / "tests/data/ledger_version_1.csv", path)
    report = assess(load_program([("ledger.csv", path)], tmp_path, TODAY))
    assert "can't be checked" in checks(report)["attribution"].reading.lines[0].words
    assert checks(report)["attribution"].verdict == "unknown"


def test_payouts_may_follow_the_revenue_they_are_for(load):
    left = brought(until=pd.Period("2025-12", "M"))  # payouts of January to October, for revenue up to December
    assert read(load(files(organic(), left, spend=paid()[:3])), "payouts").verdict == "ready"
    spend = [["2026-08", 50, "payout", "referral", "P1", "USD"]]
    assert read(load(files(organic(), left, spend=spend)), "payouts").verdict == "not yet"


def test_a_second_month_that_no_file_has_is_not_missed(load):
    given_ = files(organic(), brought())
    given_["revenue.csv"] = [row for row in given_["revenue.csv"] if row[1] != "2025-10"]
    line = read(load(given_), "attribution").lines[1]
    assert (line.verdict, line.figure) == ("unknown", None)


def test_accounts_of_a_file_without_activation_count_in_no_activation_rate(load):
    given_ = files(organic(), brought())
    given_["more.csv"] = [["account_id", "signed_up_on", "motion"]]
    given_["more.csv"] += [[f"B{at}", "2025-09-11", "organic"] for at in range(300)]
    activates, buys = read(load(given_), "funnel").lines
    assert (activates.figure.value, activates.figure.n) == (0.75, 200)
    assert (buys.figure.value, buys.figure.n) == (0.2, 500)


def test_figures_that_decide_nothing_ask_for_no_file(load):
    one = checks(assess(load(files(organic(activates=60), brought()))))["funnel"]
    assert (one.verdict, one.reading.load) == ("unknown", ())
    assert one.first_step == load_playbook().readiness.undecided
    few = checks(assess(load(files(accounts(6, activates=6, pays=6), brought()))))["funnel"]
    assert few.verdict == "unknown"
    assert "too few to say" in few.reading.lines[0].words


def test_a_small_segment_that_might_hold_keeps_the_verdict_open(load):
    fails = [organic(pays=200), organic(pays=160, until=pd.Period("2026-03", "M"))]
    small = accounts(5, activates=5, pays=5, segment="small")
    assert read(load(files(*fails)), "fit").verdict == "not yet"
    reading = read(load(files(*fails, small)), "fit")
    assert reading.verdict == "unknown"
    assert "1 segment more" in reading.lines[-1].words


def test_a_segment_without_a_name_is_no_vertical(load):
    assert read(load(files(organic(segment=""), brought(segment="two", pays=5))), "fit").verdict == "unknown"


def test_payouts_without_revenue_are_named(load):
    spend = [*paid(), *paid("affiliate", ""), *paid("referral", "P2", 20)]
    lines = read(load(files(organic(), brought(), partners=("P1", "P2"), spend=spend)), "payouts").lines
    assert lines[0].verdict == "not yet"
    assert lines[0].figure.value == pytest.approx(500 / 1200)
    assert "$200 went to partners whose customers never paid: P2" in lines[0].words
    assert lines[1].words.startswith("Affiliates: $500 of payouts")


# By hand


def test_an_overruled_reading_stays_visible(sample_program):
    one = checks(assess(sample_program, hands={"funnel": "no"}))["funnel"]
    assert (one.verdict, one.answered, one.overruled) == ("not yet", "hand", True)
    assert one.reading.verdict == "ready"
    assert one.said == "Not yet by hand; by your files, as of 2026-09: ready."
    agreed = checks(assess(sample_program, hands={"funnel": "yes"}))["funnel"]
    assert (agreed.verdict, agreed.answered, agreed.overruled) == ("ready", "hand", False)
    left = checks(assess(sample_program, hands={"funnel": "unknown"}))["funnel"]
    assert (left.verdict, left.answered, left.overruled) == ("ready", "data", False)
    scenario = default_scenario().replace(shown=("reseller",))
    assert checks(assess(scenario=scenario, hands={"payout": "yes"}))["payout"].overruled
    open_ = checks(assess(sample_program, hands={"fit": "yes"}))["fit"]
    assert (open_.reading.verdict, open_.verdict, open_.overruled) == ("unknown", "ready", False)


def test_a_funnel_that_leaks_is_named_and_stands_first(load):
    report = assess(load(files(organic(activates=20), brought())), hands={"voices": "no"})
    assert report.conditions[0].id == "funnel"
    assert report.conditions[0].disqualifier == report.disqualifier == said("funnel").disqualifier
    assert report.headline.startswith(f"Not yet: {report.disqualifier}. ")
    assert report.headline.endswith(f"First: {said('funnel').first_step}")
    assert not any(one.disqualifier for one in report.conditions[1:])
    assert assess(hands={"funnel": "unknown", "voices": "no"}).disqualifier == ""


def test_the_headline_is_right_in_every_state():
    for answers in itertools.product(("yes", "no", "unknown"), repeat=len(CONDITIONS)):
        report = assess(hands=dict(zip(CONDITIONS, answers, strict=True)))
        holds, fails, unknown = (answers.count(one) for one in ("yes", "no", "unknown"))
        lead = "Not yet" if fails else "Not known yet" if unknown else "Ready"
        assert report.headline.startswith(f"{lead}: ")
        if unknown == 6:
            assert "none of the 6 conditions is answered" in report.headline
        elif holds == 6:
            assert report.headline == "Ready: all 6 conditions hold."
        else:
            assert f"{holds} of 6 hold" in report.headline
            assert (f"{fails} do" in report.headline) == (fails > 0)
            assert (re.search(rf"{unknown} (is|are) unknown", report.headline) is not None) == (unknown > 0)
        if holds < 6:
            which = CONDITIONS[answers.index("no" if fails else "unknown")]
            step = said(which).first_step if fails else said(which).find_out
            assert report.headline.endswith(f"First: {step}")
        assert (report.disqualifier != "") == (answers[0] == "no")
        assert report.verdict == {"Not yet": "not yet", "Not known yet": "unknown", "Ready": "ready"}[lead]


def test_a_principle_that_is_not_kept_is_said_when_all_conditions_hold():
    hands: dict[str, Hand] = dict.fromkeys(CONDITIONS, "yes")
    report = assess(hands=hands | {"server": "no"})
    assert report.headline == (
        "Ready: all 6 conditions hold. 1 principle of operation is not kept. First: " + said("server").first_step
    )
    assert "2 principles of operation are not kept" in assess(hands=hands | {"server": "no", "payouts": "no"}).headline


# Thresholds


SHARES = [item.name for item in inputs(Thresholds) if item.unit == "%"]


@given(name=st.sampled_from(SHARES), low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_higher_threshold_is_never_easier_to_reach(sample_program, name, low, high):
    low, high = sorted((low, high))
    easier, harder = (high, low) if name == "activation_gap" else (low, high)
    check = next(one for one, names in THRESHOLDS.items() if name in names)
    ranks = [RANK[read(sample_program, check, **{name: one}).verdict] for one in (easier, harder)]
    assert ranks[0] >= ranks[1]


@pytest.mark.parametrize("name", SHARES)
def test_each_threshold_decides(sample_program, name):
    check = next(one for one, names in THRESHOLDS.items() if name in names)
    found = {read(sample_program, check, **{name: at}).verdict for at in np.linspace(0, 1, 41)}
    # Every payout of the sample has revenue behind it, and partner signups activate more often than organic ones.
    assert found >= ({"ready"} if name in ("backed_from", "activation_gap") else {"ready", "not yet"})


def test_a_trial_that_ends_sooner_is_met_by_fewer(sample_program):
    shares = [read(sample_program, "activation", trial_days=days).lines[0].figure.value for days in (7, 14, 30)]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]


def test_thresholds_say_where_they_come_from():
    survey = next(one for one in load_benchmarks() if "Lenny" in one.source)
    assert Thresholds().activation_from == survey.low / 100
    assert "Lenny's survey, grade B" in origin(Thresholds(), "activation_from")
    assert origin(Thresholds(activation_from=0.2), "activation_from") == "set by you"
    assert {name for names in THRESHOLDS.values() for name in names} == {item.name for item in inputs(Thresholds)}
    with pytest.raises(ValueError, match="less than or equal"):
        Thresholds(kept_from=1.2)


# The largest payout


@pytest.mark.proof
@settings(max_examples=examples(30))
@given(
    motion=st.sampled_from(("channel", "referral", "affiliate", "reseller")),
    price=st.floats(20, 3000),
    churn=st.floats(0.001, 0.2),
    cost=st.floats(0, 20_000),
    within=st.integers(2, 24),
)
def test_at_the_largest_payout_a_customer_pays_back_and_just_above_not(motion, price, churn, cost, within):
    scenario = default_scenario().replace(payback_within=within).with_market(list_price=price)
    scenario = scenario.with_program(motion, customer_churn_rate=churn, program_cost=cost)
    place = main_payouts(scenario, motion)[0]

    def payback(value):
        return float(run(scenario.moved(place.key, value), only=motion)[motion].measured["payback_month"][0])

    found = largest(scenario, place)
    if found.value is None:
        assert found.fails
        assert payback(place.item.low) > within
        return
    assert payback(found.value) <= within
    if found.open_end:
        assert found.value == highest(place, scenario.at(place.key))
    else:
        assert payback(found.value + (SHARE_STEP if place.item.unit == "%" else MONEY_STEP)) > within
    moved = run(scenario.moved(place.key, found.value), only=motion)[motion]
    assert found.earned == pytest.approx(moved.figures["partner_earnings"])


def test_both_sides_of_a_payout_are_in_the_evidence():
    scenario = default_scenario().replace(shown=("reseller",))
    (line,) = of_scenario(scenario).lines
    place = main_payouts(scenario, "reseller")[0]
    found = largest(scenario, place)
    assert place.item.said(found.value) in line.words
    assert f"${found.earned:,.0f}/month and wants $2,000/month" in line.words
    assert found.earned < 2000


# Content


def test_content_names_views_that_there_are_and_each_check_once():
    readiness = load_playbook().readiness
    assert tuple(one.id for one in readiness.conditions) == CONDITIONS
    found = {one.view for one in (*readiness.conditions, *readiness.principles)} - {None}
    assert found <= {view.name for view in VIEWS}
    with pytest.raises(ValueError, match="funnel is there twice"):
        type(readiness).model_validate(
            readiness.model_dump() | {"conditions": [readiness.conditions[0].model_dump()] * 2}
        )


def test_a_mistake_in_readiness_is_named_with_its_file(tmp_path):
    shutil.copytree(CONTENT, tmp_path / "content")
    path = tmp_path / "content" / "readiness.yaml"
    path.write_text(path.read_text("utf-8").replace("\n    first_step:", "\n    first_stepp:", 1), "utf-8")
    with pytest.raises(ContentError, match=r"readiness\.yaml, conditions\.0\.first_step.*"):
        load_playbook(tmp_path / "content")
