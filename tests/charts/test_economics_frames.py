"""What the charts of the simulator show, against sums over the projection and against answers worked out here."""

import math

import numpy as np
import pytest

from motions.charts import economics
from motions.charts.economics import answer_frames, program_frames
from motions.economics.answers import sensitivity
from motions.economics.answers.compare import Column
from motions.economics.answers.explain import Step, Waterfall
from motions.economics.answers.goal import Answer
from motions.economics.answers.sensitivity import Bar, Web
from motions.economics.answers.uncertainty import Sample, drawn
from motions.economics.inputs.keys import Place, places
from motions.economics.inputs.scenario import Segment, default_scenario, input_of
from motions.economics.model.partner_side import PartnerSide
from motions.economics.model.run import run
from motions.economics.model.segments import Demand
from motions.names import BASELINES

SHOWN = ("affiliate", "reseller", "sales_led")
"""Three that are unlike one another: commission, margin, none."""
MONTHS = 14
"""Affiliates have broken even by then, resellers have not."""


@pytest.fixture(scope="module")
def scenario():
    return default_scenario().with_market(months=MONTHS).replace(shown=SHOWN, direct="sales_led")


@pytest.fixture(scope="module")
def results(scenario):
    return run(scenario)


def place(key):
    return Place(key, input_of(key))


def test_the_contribution_adds_up_month_by_month(results):
    frame = program_frames.contribution(results, {}, {})
    assert frame["program"].unique().tolist() == list(SHOWN)
    for name in SHOWN:
        own, it = frame[frame["program"] == name], results[name].projection
        each = it.vendor_revenue - it.cost_of_revenue - it.payouts - it.program_cost
        total, expected = 0.0, []
        for month in each[:, 0].tolist():
            total += month
            expected.append(total)
        assert own["month"].tolist() == list(range(1, MONTHS + 1))
        assert own["cumulative"].tolist() == pytest.approx(expected)
        assert not own["pinned"].any()
        assert own["p10"].isna().all()
        turned = [month for month in range(1, MONTHS + 1) if min(expected[month - 1 :]) >= 0]
        turns = own["break_even"].iloc[-1]
        assert turns == turned[0] if turned else math.isnan(turns)
    last, turns = frame.groupby("program")["cumulative"].last(), frame.groupby("program")["break_even"].last()
    assert (turns["affiliate"] > 1, math.isnan(turns["reseller"])) == (True, True)
    assert last["affiliate"] != pytest.approx(last["reseller"], rel=0.1)


def test_the_pinned_follow_and_draws_are_of_the_scenario_as_it_is(scenario, results):
    fan = np.array([np.arange(float(MONTHS)), np.arange(float(MONTHS)) + 50, np.arange(float(MONTHS)) + 100])
    before = run(scenario.with_market(list_price=100.0))
    frame = program_frames.contribution(results, before, {"affiliate": Sample(fan, {})})
    of = frame.set_index(["program", "pinned", "month"])
    assert of.loc[("affiliate", False, 3), ["p10", "p90"]].tolist() == [2, 102]
    assert math.isnan(of.loc[("affiliate", True, 3), "p10"])
    assert math.isnan(of.loc[("reseller", False, 3), "p90"])
    for name in SHOWN:
        assert of.loc[(name, True, MONTHS), "cumulative"] == before[name].figures["contribution"]
        assert of.loc[(name, False, MONTHS), "cumulative"] == results[name].figures["contribution"]
    assert frame["pinned"].tolist() == [False] * 3 * MONTHS + [True] * 3 * MONTHS


def test_what_is_as_when_it_was_pinned_has_no_line_of_its_own(scenario, results):
    before = run(scenario.with_program("affiliate", program_cost=1.0))
    frame = program_frames.contribution(results, before, {})
    assert set(frame.loc[frame["pinned"], "program"]) == {"affiliate"}


def test_what_a_customer_costs(results):
    frame = program_frames.cost_of_a_customer(results).set_index("program")
    spent = {name: float(results[name].cohort.spend[0]) for name in SHOWN}
    won = {name: float(results[name].cohort.won[0]) for name in SHOWN}
    for name in SHOWN:
        cpa = spent[name] / won[name]
        partnered = name not in BASELINES  # nobody of the others would have come without partners
        expected = [cpa, cpa / 0.7 if partnered else np.nan, cpa / 0.4 if partnered else np.nan]
        assert frame.loc[name, ["effective_cpa", "cpa_70", "cpa_40"]].tolist() == pytest.approx(expected, nan_ok=True)
        assert frame.loc[name, "blended_cac"] == pytest.approx(sum(spent.values()) / sum(won.values()))
        assert frame.loc[name, "effective_cpa"] != pytest.approx(frame.loc[name, "blended_cac"], rel=0.1)


def test_without_a_customer_there_is_no_cost(scenario):
    frame = program_frames.cost_of_a_customer(run(scenario.with_program("sales_led", conversion_rate=0)))
    assert frame.loc[frame["program"] == "sales_led", "effective_cpa"].isna().all()
    assert frame["blended_cac"].notna().all()


def test_the_partners_side_month_by_month():
    low, typical, high = np.array([1.0, math.nan]), np.array([2.0, math.nan]), np.array([30.0, math.nan])
    side = PartnerSide(low, typical, high, (low + high) / 2, 25, np.array([0.25, math.nan]))
    frame = program_frames.partner_side(side)
    assert frame.columns.tolist() == ["month", "high", "typical", "low", "worth_from", "worth_share"]
    assert frame.iloc[0].tolist() == [1, 30, 2, 1, 25, 0.25]
    assert frame.loc[1, ["high", "typical", "low", "worth_share"]].isna().all()


def test_the_mix_is_shares_of_the_whole():
    frame = program_frames.arr_mix([("affiliate", 30.0), ("sales_led", 90.0)])
    assert frame.to_numpy().tolist() == [["affiliate", 30, 0.25], ["sales_led", 90, 0.75]]
    assert program_frames.arr_mix([("affiliate", 0.0)])["share"].tolist() == [0]


def demand_of(name, by_motion, wanted, alone):
    segment = Segment(name=name, size=100.0, motions=tuple(by_motion))
    won = {motion: np.array([float(count)]) for motion, count in by_motion.items()}
    return Demand(
        segment, tuple(by_motion), np.array([float(wanted)]), sum(won.values()), won, np.array([float(alone)])
    )


def test_demand_by_segment_and_who_wins_it():
    frame = program_frames.demand(
        [demand_of("Small", {"affiliate": 10, "reseller": 5}, 18, 17), demand_of("Large", {"reseller": 7}, 7, 7)]
    )
    assert frame.columns.tolist() == ["segment", "affiliate", "reseller", "conflict", "exhausted"]
    assert frame.to_numpy().tolist() == [["Small", 10, 5, 2, 1], ["Large", 0, 7, 0, 0]]


# Answers


def test_the_goals_rows_are_what_was_tried_and_then_the_answers():
    frame = answer_frames.goal(Answer((0.3,), (0.1, 0.2, 0.4), (50.0, None, -20.0), "so"), 0.0)
    assert frame["input"].tolist() == [0.1, 0.2, 0.4, 0.3]
    assert frame["figure"].tolist() == pytest.approx([50, math.nan, -20, 0], nan_ok=True)
    assert frame["reached"].tolist() == [False, False, False, True]


def bar(key, at_low, at_high, low=0.1, high=0.2):
    return Bar(place(key), low, high, at_low, at_high, False)


RATE, CHURN, PRICE = "affiliate.payout.percent.rate", "affiliate.customer_churn_rate", "market.list_price"


def test_the_tornados_rows_are_the_ends_of_each_input():
    bars = [bar(RATE, 900.0, 100.0), bar(PRICE, 200.0, 700.0, 400, 600), bar(CHURN, math.nan, 1.0)]
    frame = answer_frames.tornado(bars, 500.0, "USD", 12)
    assert frame.to_numpy().tolist() == [
        ["Commission (Affiliates)", "10.0 %", "20.0 %", 900, 100, 500],
        ["List price per month", "$400", "$600", 200, 700, 500],
    ]
    assert answer_frames.tornado(bars, None, "USD", 12)["now"].tolist() == [550, 550]
    assert len(answer_frames.tornado(bars, 500.0, "USD", 1)) == 1
    assert answer_frames.tornado([], None, "USD", 12).empty


def test_a_tornado_of_the_model_moves_the_way_the_input_does(scenario):
    now = run(scenario)["affiliate"].figures["contribution"]
    frame = answer_frames.tornado(sensitivity.tornado(scenario, "affiliate", "contribution"), now, "USD", 30)
    of = frame.set_index("input")
    low, high = of.loc["Commission (Affiliates)", ["at_low", "at_high"]]
    for end, value in ((0.12, low), (0.18, high)):  # 15 %, a fifth less and more
        assert run(scenario.moved(RATE, end))["affiliate"].figures["contribution"] == pytest.approx(value)
    assert low > now > high
    swings = (frame["at_high"] - frame["at_low"]).abs().tolist()
    assert swings == sorted(swings, reverse=True)


def test_the_spiders_rows_are_one_input_after_the_other():
    web = Web(np.array([-0.5, 0.5]), ((place(RATE), np.array([9.0, math.nan])), (place(PRICE), np.array([1.0, 2.0]))))
    frame = answer_frames.spider(web)
    assert frame["input"].tolist() == ["Commission (Affiliates)"] * 2 + ["List price per month"] * 2
    assert frame["move"].tolist() == [-0.5, 0.5] * 2
    assert frame["figure"].tolist() == pytest.approx([9, math.nan, 1, 2], nan_ok=True)


def test_each_pair_of_two_inputs_has_its_figure(scenario):
    across, up = place(PRICE), place(RATE)
    frame = answer_frames.heat(sensitivity.grid(scenario, "affiliate", "contribution", across, up, steps=4))
    assert len(frame) == 16
    for row in frame.iloc[[0, 3, 7, 12]].to_dict("records"):
        moved = scenario.moved(PRICE, row["across"]).moved(RATE, row["up"])
        assert run(moved)["affiliate"].figures["contribution"] == pytest.approx(row["figure"])


def test_what_is_explained_is_cut_to_the_most():
    frame = answer_frames.explained([("A", 0.5), ("B", 0.25), ("C", 0.1)], 2)
    assert frame.to_numpy().tolist() == [["A", 0.5], ["B", 0.25]]


def test_the_waterfall_leads_from_one_figure_to_the_other():
    frame = answer_frames.waterfall(
        Waterfall(100_00, (Step("Price", 50_00), Step("Churn", -80_50)), 69_50), ("Old", "New"), 100
    )
    assert frame.to_numpy().tolist() == [
        ["Old", "start", 100], ["Price", "change", 50], ["Churn", "change", -80.5], ["New", "end", 69.5]
    ]  # fmt: skip


def column(name, value, draws=None):
    sample = None if draws is None else Sample(np.zeros((3, 1)), {"npv": np.array(draws)})
    return Column(name, {"npv": value}, sample, None, "USD", 12)


def test_scenarios_have_their_figure_and_its_spread():
    draws = [float(at) for at in range(101)]
    frame = answer_frames.side_by_side([column("Base", 40.0, draws), column("B", 7.0), column("C", None, draws)], "npv")
    assert frame["scenario"].tolist() == ["Base", "B", "C"]
    assert frame["figure"].tolist() == pytest.approx([40, 7, math.nan], nan_ok=True)
    assert frame["p10"].tolist() == pytest.approx([10, math.nan, math.nan], nan_ok=True)
    assert frame["p90"].tolist() == pytest.approx([90, math.nan, math.nan], nan_ok=True)


# The conclusions are true of the model


def test_the_conclusion_of_the_mix_is_the_sum_of_its_parts(results):
    shares = [(name, results[name].figures["closing_arr"]) for name in SHOWN]
    closing = sum(12 * float(results[name].projection.spend[-1, 0]) for name in SHOWN)
    assert 1e6 < closing < 1e7
    assert economics.arr_mix(shares, "USD").title.startswith(f"Closing ARR: ${closing / 1e6:.2f}M, ")


def test_the_conclusion_of_the_tornado_names_the_widest_bar(scenario):
    bars = sensitivity.tornado(scenario, "affiliate", "contribution")
    swings = {one.place.name: abs(one.at_high - one.at_low) for one in bars}
    widest = max(swings, key=swings.get)
    title = economics.tornado(bars, "contribution", 0.0, "USD").title
    assert title == f"{widest} moves contribution most (generic: every input ± 20 %, not what is known)"


def test_the_most_explaining_input_is_named(scenario):
    ranged = sensitivity.with_swings(scenario, "affiliate").replace(draws=1000)
    numbers = {
        key: values for key, values in drawn(ranged).items() if key in {p.key for p in places(ranged, "affiliate")}
    }
    figures = run(ranged, numbers, only="affiliate")["affiliate"].measured["contribution"]
    correlation = {key: abs(np.corrcoef(values, figures)[0, 1]) for key, values in numbers.items() if np.ptp(values)}
    first = place(max(correlation, key=correlation.get)).name
    bars = sensitivity.tornado(ranged, "affiliate", "contribution")
    assert economics.explained(bars, "contribution", "USD").title.startswith(f"{first} explains ")
    tornado = economics.tornado(bars, "contribution", 0.0, "USD")
    assert tornado.title == f"Of the inputs with a range, {first} matters most to contribution"
