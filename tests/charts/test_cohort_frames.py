"""What the charts of program health show, against plain pandas on the raw rows."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest

from motions.charts import cohorts
from motions.charts.cohorts import acquisition_frames, revenue_frames
from motions.cohorts.contract import MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import survival
from motions.errors import FileError
from tests.charts.rows import LAST, MONTHS, PARTNERS, month_end
from tests.conftest import one_now

GROUPS = {"Partner": m.PARTNER, "Organic": m.ORGANIC, "affiliate": (MOTIONS.index("affiliate"),)}
COHORTS = ("Partner", "Organic", "affiliate")


def same(found, expected):
    """The same number, or unknown in both."""
    return math.isnan(found) if math.isnan(expected) else found == pytest.approx(expected)


def test_the_sides_of_the_program_are_unlike(plain):
    # Or a chart with the sides swapped would pass.
    for of in ("money", "customers"):
        partner, organic = (plain.kept(side, 12, of)[0] for side in ("Partner", "Organic"))
        assert abs(partner - organic) > 0.05
    assert plain.of("Partner")[17].sum() > 1.2 * plain.of("Organic")[17].sum()


# Retention


@pytest.mark.parametrize("of", ["money", "customers"])
def test_what_is_kept_by_age(small, year, plain, of):
    frame = revenue_frames.retention(small, year, of).set_index(["side", "age"])
    for side in ("Partner", "Organic"):
        assert frame.loc[side].index.tolist() == list(range(37))
        for age in range(37):
            kept, n, _ = plain.kept(side, age, of)
            row = frame.loc[(side, age)]
            assert row["customers"] == n
            assert same(row["kept"], kept if n >= 10 else math.nan), (side, age)
    assert frame.loc[("Partner", 0), "kept"] == frame.loc[("Organic", 0), "kept"] == 1


def test_the_band_of_customers_is_wilsons(small, year, plain):
    frame = revenue_frames.retention(small, year, "customers").set_index(["side", "age"])
    for side, age in (("Partner", 8), ("Organic", 12)):
        kept, n, _ = plain.kept(side, age, "customers")
        ends = binomtest(round(kept * n), n).proportion_ci(method="wilson")
        assert frame.loc[(side, age), ["low", "high"]].tolist() == pytest.approx([ends.low, ends.high])


def test_the_band_of_money_is_that_of_a_ratio_over_customers(small, year, plain):
    frame = revenue_frames.retention(small, year, "money").set_index(["side", "age"])
    kept, n, pairs = plain.kept("Partner", 8, "money")
    before, now = np.array(pairs).T
    spread = 1.959964 * math.sqrt(n / (n - 1) * ((now - kept * before) ** 2).sum()) / before.sum()
    assert frame.loc[("Partner", 8), ["low", "high"]].tolist() == pytest.approx(
        [kept - spread, kept + spread], rel=1e-6
    )


@pytest.mark.parametrize("of", one_now(["money", "customers"]))
@pytest.mark.parametrize("side", COHORTS)
def test_the_triangle_cell_by_cell(small, year, plain, side, of):
    frame = revenue_frames.triangle(small, year, GROUPS[side], of)
    born = [at for at in range(18) if plain.kept(side, 0, of, at)[1]]
    assert frame["cohort"].tolist() == [MONTHS[at] for at in born]
    assert frame["customers"].tolist() == [plain.kept(side, 0, of, at)[1] for at in born]
    assert frame["thin"].tolist() == [plain.kept(side, 0, of, at)[1] < 10 for at in born]
    reached = 0
    for row, at in enumerate(born):
        for age in range(18):
            expected = plain.kept(side, age, of, at)[0] if at + age < 18 else math.nan
            assert same(frame[age].iloc[row], expected), (at, age)
            reached += at + age < 18
    # Half of the square, and all of that half.
    assert frame[list(range(18))].notna().sum().sum() == reached


def test_a_triangle_without_sizes_counts_nobody(load):
    files = {"t.csv": "cohort,0,1,2\n2025-01,100%,90%,80%\n2025-02,100%,85%,\n"}
    with pytest.raises(FileError) as caught:
        load(files)
    mapping = caught.value.sources[0].complete()
    mapping = mapping.answered("constants", "values", "% of customers").answered("constants", "motion", "affiliate")
    program = load(files, mappings=[mapping])
    settings = m.Settings(as_of=program.ledger.last_month)
    frame = revenue_frames.triangle(program.ledger, settings, m.ALL, "customers")
    assert "customers" not in frame
    assert frame[1].tolist() == pytest.approx([0.9, 0.85])
    assert frame[2].tolist() == pytest.approx([0.8, math.nan], nan_ok=True)


# MRR


@pytest.mark.parametrize("side", COHORTS)
def test_movements_month_by_month(small, year, plain, side):
    frame = revenue_frames.movements(small, year, GROUPS[side])
    assert frame["month"].tolist() == MONTHS
    for at, row in enumerate(frame.to_dict("records")):
        expected = plain.moved(side, at)
        assert {name: row[name] for name in expected} == pytest.approx(expected), MONTHS[at]
        assert row["net"] == pytest.approx(sum(expected.values()))
    assert (frame[["contraction", "churn"]] <= 0).all(axis=None)
    assert frame["churn"].sum() < 0 < frame["new_mrr"].sum()


def test_movements_are_those_of_two_years_at_most(small, year):
    later = year.model_copy(update={"as_of": small.last_month - 3})
    assert revenue_frames.movements(small, later, m.PARTNER)["month"].tolist() == MONTHS[:15]


def test_mrr_of_each_motion_the_largest_first(small, year, plain):
    frame = revenue_frames.mrr_by_motion(small, year)
    now = {motion: plain.of(motion)[17].sum() for motion in ("affiliate", "reseller", "organic")}
    assert frame.columns.tolist() == ["month", *sorted(now, key=lambda motion: -now[motion])]
    assert frame["month"].tolist() == MONTHS
    for motion in now:
        assert frame[motion].tolist() == pytest.approx(plain.of(motion).sum().tolist())


# Acquisition


def test_the_funnel_of_the_window(small, year, plain):
    frame = acquisition_frames.funnel(small, year).set_index(["side", "stage"])
    for side in ("Partner", "Organic"):
        rows = plain.signups(side, LAST - 11, m.last_mature_month(small, year))
        bought = plain.first[rows["account_id"]].notna().sum()
        reached = [len(rows), rows["activated_on"].notna().sum(), rows["pql_on"].notna().sum(), bought]
        assert frame.loc[side]["accounts"].tolist() == reached
        assert frame.loc[side]["share"].tolist() == pytest.approx([count / len(rows) for count in reached])
    assert frame.loc[("Partner", "activated"), "share"] > 1.5 * frame.loc[("Organic", "activated"), "share"]


def test_a_stage_that_no_file_speaks_of_is_left_out(load):
    accounts = "account_id,signed_up_on,motion,activated_on\nA,2026-01-01,affiliate,2026-01-02\n"
    ledger = load({"a.csv": accounts}).ledger
    frame = acquisition_frames.funnel(ledger, m.Settings(as_of=ledger.last_month))
    assert frame[["side", "stage"]].to_numpy().tolist() == [["Partner", "signups"], ["Partner", "activated"]]


@pytest.mark.parametrize("days", [7, 30])
def test_activation_of_each_signup_month(small, year, plain, days):
    settings = year.model_copy(update={"activation_days": days})
    frame = acquisition_frames.activation_by_cohort(small, settings, "Partner", m.PARTNER)
    assert frame["side"].unique().tolist() == ["Partner", "Organic"]
    for row in frame.to_dict("records"):
        month = LAST - 17 + MONTHS.index(row["month"])
        rows = plain.signups(row["side"], month, month)
        taken = rows["activated_on"].dropna() - rows["signed_up_on"][rows["activated_on"].notna()]
        done = sum(1 for time in taken if time.days <= days)
        assert (row["signups"], row["activated"]) == (len(rows), done), row["month"]
        assert same(row["rate"], done / len(rows) if len(rows) else math.nan)
        assert row["mature"] == ((month_end(LAST) - month_end(month)).days >= days)
    assert frame["month"].nunique() == 12
    assert not frame["mature"].all()


def test_organic_alone_stands_alone(small, year):
    frame = acquisition_frames.activation_by_cohort(small, year, "Organic", m.ORGANIC)
    assert len(frame) == 12


def test_cost_of_a_customer_over_three_months(small, year, plain):
    frame = acquisition_frames.cost_trend(small, year)
    assert frame["month"].tolist() == MONTHS[2:]
    for at, row in enumerate(frame.to_dict("records"), 2):
        partner, organic = plain.won("Partner", at), plain.won("Organic", at)
        assert (row["cpa_customers"], row["cac_customers"]) == (partner, partner + organic)
        cost = plain.spent(("payout", "program"), at)
        assert same(row["cpa"], cost / partner if partner else math.nan), row["month"]
        assert row["cac"] == pytest.approx(plain.spent(("payout", "program", "marketing"), at) / (partner + organic))
    assert (frame["cpa"] < frame["cac"]).any()
    assert (frame["cpa"] > frame["cac"]).any()


# Partners


def test_what_the_largest_partners_carry(small, year, plain):
    frame = acquisition_frames.partner_curve(small, year)
    mrr = plain.partner_mrr()
    whole = plain.of("Partner")[17].sum()
    assert frame["rank"].tolist() == [0, 1, 2, 3]
    assert frame["partners"].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert frame["carried"].tolist() == pytest.approx([0, *(mrr.cumsum() / whole)])


def test_partners_by_mrr_and_the_others_together(small, year, plain):
    mrr, whole = plain.partner_mrr(), plain.of("Partner")[17].sum()
    names = {partner: (name, motion) for partner, name, motion in PARTNERS}
    frame = acquisition_frames.partners_by_mrr(small, year, 12)
    assert frame["partner_id"].tolist() == mrr.index.tolist()
    assert frame[["partner", "motion"]].to_numpy().tolist() == [list(names[partner]) for partner in mrr.index]
    assert frame["mrr"].tolist() == pytest.approx(mrr.tolist())
    assert frame["share"].tolist() == pytest.approx((mrr / whole).tolist())
    short = acquisition_frames.partners_by_mrr(small, year, 1)
    assert short[["partner", "motion"]].iloc[-1].tolist() == ["2 others", "unassigned"]
    assert short["mrr"].tolist() == pytest.approx([mrr.iloc[0], mrr.iloc[1:].sum()])


# The conclusions are true of the rows


def test_the_conclusions_are_true(small, year, plain):
    both = ("Partner", "Organic")
    last = max(age for age in (3, 6, 12, 24, 36) if all(plain.kept(side, age, "money")[1] >= 10 for side in both))
    money = {side: f"{plain.kept(side, last, 'money')[0] * 100:.0f} %" for side in both}
    assert cohorts.retention(small, year).title.split(";")[0] == (
        f"Partner customers keep {money['Partner']} of their first MRR after {last} months, organic {money['Organic']}"
    )
    net = sum(sum(plain.moved("Partner", at).values()) for at in range(6, 18))
    title = cohorts.movements(small, year, "Partner", m.PARTNER).title
    assert title == f"Partner: MRR grew by ${net:,.0f} in 12 months to 2026-06"
    share = plain.of("Partner")[17].sum() / plain.mrr[17].sum()
    before = plain.of("Partner")[5].sum() / plain.mrr[5].sum()
    assert cohorts.mrr_by_motion(small, year).title == (
        f"Partners carry {share * 100:.0f} % of MRR in 2026-06, {before * 100:.0f} % a year before"
    )
    frame = acquisition_frames.cost_trend(small, year)
    below = sum(1 for cpa, cac in zip(frame["cpa"], frame["cac"], strict=True) if cpa < cac)
    now = "below" if frame["cpa"].iloc[-1] < frame["cac"].iloc[-1] else "not below"
    assert cohorts.cost_trend(small, year).title == (
        f"Effective CPA was below blended CAC in {below} of 16 months, and is {now} it in 2026-06"
    )
    first = plain.partner_mrr()
    carried = f"{first.iloc[0] / plain.of('Partner')[17].sum() * 100:.0f} %"
    named = {partner: name for partner, name, _ in PARTNERS}[first.index[0]]
    assert cohorts.partners_by_mrr(small, year).title == f"{named} carries {carried} of partner MRR"
    assert cohorts.partner_curve(small, year).title.endswith(f"the largest one {carried}")


def test_the_conclusion_of_the_funnel_and_of_activation(small, year, plain):
    bought = []
    for side in ("Partner", "Organic"):
        rows = plain.signups(side, LAST - 11, m.last_mature_month(small, year))
        bought.append(f"{plain.first[rows['account_id']].notna().sum() / len(rows) * 100:.0f} %")
    title = f"{bought[0]} of partner signups became customers, {bought[1]} of organic ones"
    assert cohorts.funnel(small, year).title == title
    assert bought[0] != bought[1]
    rows = plain.signups("Partner", LAST - 11, LAST - 1)  # the last month is immature
    taken = (rows["activated_on"].dropna() - rows["signed_up_on"][rows["activated_on"].notna()]).map(lambda t: t.days)
    rate = (taken <= 14).sum() / len(rows)
    found = cohorts.activation_by_cohort(small, year, "Partner", m.PARTNER).title
    assert found == f"Partner: {rate * 100:.1f} % of signups activate within 14 days"
    assert rate == pytest.approx(m.activation(small, year, m.PARTNER).value)


def test_where_ends_come_from_is_each_motion_and_all_without_it(sample_program):
    ledger = sample_program.ledger
    chosen = m.Settings(as_of=ledger.last_month)
    frame = revenue_frames.sources(ledger, chosen).set_index("who")
    assert len(frame) == 1 + 2 * len(m.each_partner(ledger))
    for who, group in (
        ("Partner", m.PARTNER),
        ("Affiliates", (MOTIONS.index("affiliate"),)),
        ("Partner without affiliates", tuple(at for at in m.PARTNER if MOTIONS[at] != "affiliate")),
    ):
        test = survival.log_rank(ledger, chosen.as_of, group, m.ORGANIC)
        assert math.log(frame.loc[who, "ratio"]) == pytest.approx((test.ended - test.expected) / test.variance)
        assert frame.loc[who, "ended"] == test.ended
        told = frame.loc[who, "low"] > 1 or frame.loc[who, "high"] < 1
        assert told == (abs(test.z) > 1.959963984540054)


def test_customers_left_are_drawn_of_the_side_that_is_looked_at(sample_program):
    ledger = sample_program.ledger
    chosen = m.Settings(as_of=ledger.last_month)
    affiliates = (MOTIONS.index("affiliate"),)
    frame = revenue_frames.survival_by_age(ledger, chosen, affiliates)
    assert frame["side"].unique().tolist() == ["Affiliates", "Organic"]
    own = survival.curve(ledger, chosen.as_of, affiliates)
    assert frame[frame["side"] == "Affiliates"]["kept"].iloc[12] == own[12].value
    halves = revenue_frames.halves(ledger, chosen, affiliates, 6)
    found = survival.trend(ledger, chosen.as_of, affiliates, 6)
    assert halves[halves["side"] == "Affiliates"]["kept"].tolist() == pytest.approx([one.value for one in found.kept])
    assert halves["half"].iloc[0] == f"{found.halves[0] // 12} H{found.halves[0] % 12 // 6 + 1}"
    assert set(halves[halves["side"] == "Affiliates"]["slope"]) == {found.slope.value}


def test_every_chart_looks_at_the_side_that_is_chosen(sample_program):
    """With a motion chosen no chart shows all partners in its place."""
    ledger = sample_program.ledger
    chosen = m.Settings(as_of=ledger.last_month)
    affiliates = (MOTIONS.index("affiliate"),)
    kept = revenue_frames.retention(ledger, chosen, "money", affiliates).set_index(["side", "age"])
    assert kept.loc[("Affiliates", 12), "kept"] == m.retention_by_age(ledger, chosen.as_of, affiliates)[12].value
    stages = acquisition_frames.funnel(ledger, chosen, affiliates)
    assert stages["accounts"].iloc[0] == m.activation(ledger, chosen, affiliates).n  # the same signups as the rate
    within = m.activation(ledger, chosen, affiliates).value
    assert stages.set_index(["side", "stage"]).loc[("Affiliates", "activated"), "share"] >= within
    costs = acquisition_frames.cost_trend(ledger, chosen, affiliates)
    quarter = chosen.model_copy(update={"window": 3})
    assert costs["cpa"].iloc[-1] == m.effective_cpa(ledger, quarter, affiliates).value
    named = acquisition_frames.partners_by_mrr(ledger, chosen, 12, affiliates)
    assert set(named["motion"]) <= {"affiliate", "unassigned"}
    assert named["mrr"].sum() <= m.mrr(ledger, chosen, affiliates).value
    assert cohorts.cost_trend(ledger, chosen, affiliates).title.startswith("Effective CPA of affiliates")
    assert "of signups of affiliates became customers" in cohorts.funnel(ledger, chosen, affiliates).title
