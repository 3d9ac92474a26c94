"""The roadmap: gates against every completion of what is unknown, sums against each program by itself."""

import itertools
import math
import shutil
from dataclasses import replace

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from motions.economics.answers.sensitivity import with_swings
from motions.economics.answers.uncertainty import drawn, simulate
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.scenario import Segment, default_scenario
from motions.economics.model.run import run
from motions.errors import ContentError, ScenarioError
from motions.fields import input_named
from motions.names import NAMES, PUBLISHED
from motions.playbook.answers import Answers
from motions.playbook.load import CONTENT, load_playbook
from motions.readiness.assess import assess
from motions.roadmap.choices import LONGEST, Choices, decode, encode, plain_note
from motions.roadmap.gates import MOST_LETTERS, Overruling, gates, headline, load_steps, steps
from motions.roadmap.plan import INPUTS, Plan, plan, said, spacing_note, started_now, to_scenario
from motions.roadmap.waiting import NOW, WAIT, outlook, waiting
from motions.roadmap.whole import whole
from motions.text import money
from tests.conftest import examples

STEPS = ("referrals", "affiliates", "channels", "alliances")
ASKED = ("market_fit", "satisfied", "converts", "expansion", "packaging", "enterprise")
THREE = (True, False, None)
WORDS = {True: "met", False: "not met", None: "unknown"}
HANDS = {True: "yes", False: "no", None: "unknown"}
SPACING = load_playbook().roadmap.spacing_months
UNKNOWN = assess()
ALL = Answers(market_fit=True, satisfied=True, converts=True, expansion=True, packaging=True, enterprise=True)


@pytest.fixture(scope="module")
def scenario():
    return default_scenario().with_market(months=24)


@pytest.fixture(scope="module")
def wide(scenario):
    """With ranges of two programs, and of the price that all share."""
    found = with_swings(with_swings(scenario, "affiliate"), "channel")
    return found.replace(draws=1000, ranges={**found.ranges, "market.list_price": (350.0, 700.0)})


def judged(*verdicts):
    """Steps whose gates are as told, by hand where there is a verdict."""
    pairs = zip(STEPS, verdicts, strict=True)
    return steps(Answers(), UNKNOWN, {name: Overruling(one) for name, one in pairs if one != "unknown"})


VERDICTS = list(itertools.product(WORDS.values(), repeat=4))


# Content


def test_every_motion_stands_in_one_step_and_its_gate_asks_something():
    found = load_steps()
    assert tuple(step.id for step in found) == STEPS
    assert sorted(name for step in found for name in step.motions) == sorted(PUBLISHED)
    assert all(step.asked_of(name) for step in found for name in step.motions)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda steps: steps[0]["gate"][1].update(when={"satisfyd": {"is": True}}), "no question 'satisfyd'"),
        (lambda steps: steps[2]["gate"][0].update(when={"expansion": {"is": "maybe"}}), "no answer 'maybe'"),
        (lambda steps: steps[0]["gate"][1].pop("when"), "add what it asks for"),
        (lambda steps: steps[1]["gate"][1].update(check="payuot"), "payout"),
        (lambda steps: steps[2]["gate"][1].update(motions=["referral"]), "no motion of the step"),
        (lambda steps: steps[2]["gate"][0].update(motions=["reseller"]), "asks nothing of channel"),
        (lambda steps: steps[1].update(id="referrals"), "two steps are called 'referrals'"),
        (lambda steps: steps[0].update(gates=[]), "gates"),
    ],
)
def test_a_gate_that_asks_what_nobody_can_answer_is_refused_by_name(tmp_path, change, says):
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)
    content = yaml.safe_load((folder / "roadmap.yaml").read_text("utf-8"))
    change(content["steps"])
    (folder / "roadmap.yaml").write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(ContentError, match=r"roadmap\.yaml") as problem:
        load_steps(folder)
    assert says in str(problem.value)


# Gates


def whether(known):
    """Whether each motion may be layered, when everything is known: the playbook's sentences as one would say them."""
    return {
        "referral": known["market_fit"] and known["satisfied"],
        "affiliate": known["converts"] and known["payout"],
        "channel": known["expansion"],
        "reseller": known["expansion"] and known["packaging"],
        "ecosystem": known["enterprise"],
    }


REPORTS = {value: assess(hands={"payout": word}) for value, word in HANDS.items()}


@given(st.fixed_dictionaries({name: st.sampled_from(THREE) for name in (*ASKED, "payout")}))
@settings(max_examples=examples(200))
def test_a_gate_is_settled_when_all_completions_of_what_is_unknown_agree(given_):
    unknown = [name for name, value in given_.items() if value is None]
    ways = [
        whether({**given_, **dict(zip(unknown, values, strict=True))})
        for values in itertools.product((True, False), repeat=len(unknown))
    ]
    states = steps(Answers({name: given_[name] for name in ASKED}), REPORTS[given_["payout"]])
    for motion, verdict in gates(states).items():
        told = {way[motion] for way in ways}
        assert verdict == WORDS[told.pop() if len(told) == 1 else None], motion
    for state in states:
        told = {any(way[name] for name in state.step.motions) for way in ways}
        assert state.verdict == state.found == WORDS[told.pop() if len(told) == 1 else None]
        assert state.layered == tuple(name for name in state.step.motions if gates(states)[name] == "met")


def test_a_check_stands_in_where_nobody_answers_and_an_answer_counts_before_it():
    leaks = assess(hands={"funnel": "no", "payout": "yes"})
    (converts, payout) = steps(Answers(), leaks)[1].evidence
    assert (converts.verdict, converts.origin) == ("not met", "by hand")
    assert (payout.verdict, payout.origin) == ("met", "by hand")
    state = steps(Answers(converts=True), leaks)[1]
    assert state.verdict == "met"
    assert state.evidence[0].words == "Self-serve converts, by your answer. But by hand: not met."
    assert steps(Answers(converts=False), leaks)[1].evidence[0].words.count("But") == 0


def test_files_stand_in_for_an_answer(sample_program):
    report = assess(sample_program)
    verdict = {"ready": "met", "not yet": "not met", "unknown": "unknown"}
    read = {one.id: one for one in report.conditions}
    for at, name in ((0, "fit"), (1, "funnel")):
        one = steps(Answers(), report)[at].evidence[0]
        assert one.verdict == verdict[read[name].reading.verdict]
        assert read[name].reading.lines[0].words in one.words
        assert one.origin == ("nobody" if one.verdict == "unknown" else "your files")


def test_the_payout_of_another_motion_decides_nothing():
    only = {name: assess(scenario=default_scenario().replace(shown=(name,))) for name in ("affiliate", "channel")}
    assert [steps(Answers(converts=True), only[name])[1].verdict for name in only] == ["met", "unknown"]
    assert "show affiliates in the simulator" in steps(Answers(), only["channel"])[1].evidence[1].words
    assert steps(Answers(), only["affiliate"])[1].evidence[1].origin == "the scenario"


def test_what_is_unknown_says_what_to_do():
    found = [one for state in steps(Answers(), UNKNOWN) for one in state.evidence]
    assert {(one.verdict, one.origin) for one in found} == {("unknown", "nobody")}
    to_do = {one.id: one.first_step for one in UNKNOWN.conditions}
    for part, one in zip((part for step in load_steps() for part in step.gate), found, strict=True):
        assert ("Not answered: " in one.words) == (part.when is not None)
        assert one.words.endswith(to_do[part.check] if part.check else "?")


def test_what_the_playbook_does_not_state_is_marked_as_our_reading():
    found = {one.title: one for state in steps(Answers(), UNKNOWN) for one in state.evidence}
    assert found["Satisfied customers"].basis == "The playbook states it."
    assert found["Satisfied customers"].line == found["Satisfied customers"].words
    assert found["Standard prices and packages"].line.endswith("? Our reading of the playbook, for resellers only.")
    assert [title for title, one in found.items() if not one.stated] == [
        "A payout that can be carried", "Standard prices and packages",
    ]  # fmt: skip


def test_overruling_counts_for_the_whole_step_and_stays_visible():
    answers = Answers(expansion=True, packaging=False)
    as_found = steps(answers, UNKNOWN)[2]
    assert (as_found.verdict, as_found.layered, as_found.said) == ("met", ("channel",), "Met for channels only.")
    no = steps(answers, UNKNOWN, {"channels": Overruling("not met", "no budget")})[2]
    assert (no.found, no.verdict, no.layered) == ("met", "not met", ())
    assert no.said == 'Not met by hand; as found: met. Note: "no budget"'
    assert no.evidence == as_found.evidence
    yes = steps(answers, UNKNOWN, {"channels": Overruling("met")})[2]
    assert yes.layered == ("channel", "reseller")
    assert yes.said == "Met by hand; as found: met. No note says why."


@pytest.mark.parametrize("verdicts", VERDICTS)
def test_the_headline_is_right_in_every_state(verdicts):
    states = judged(*verdicts)
    assert tuple(state.verdict for state in states) == verdicts
    met = len(list(itertools.takewhile(lambda one: one == "met", verdicts)))
    assert [state.here for state in states] == [at == met for at in range(4)]
    line = headline(states)
    title = states[max(met - 1, 0)].step.title
    assert f"Step {max(met, 1)} of 4: {title[0].lower()}{title[1:]}, whose gate is {verdicts[max(met - 1, 0)]}" in line
    assert line.startswith("No gate is known yet.") == (set(verdicts) == {"unknown"})
    assert ("no gate is left" in line) == (met == 4)
    if 0 < met < 4:
        following = states[met].step.title
        assert f"next: {following[0].lower()}{following[1:]}, whose gate is {verdicts[met]}" in line
    ahead = [name for state in states[met + 1 :] if state.verdict == "met" for name in state.step.motions]
    assert all((NAMES[name].lower() in line.partition("Met ahead of the order: ")[2]) == (name in ahead)
               for name in PUBLISHED)  # fmt: skip


def test_the_headline_names_what_is_missing_or_not_known():
    assert "(missing: satisfied customers)" in headline(steps(Answers(market_fit=True, satisfied=False), UNKNOWN))
    two = headline(steps(Answers(market_fit=True, satisfied=True, converts=True), REPORTS[True]))
    assert two == (
        "Step 2 of 4: add affiliates, whose gate is met; next: build channels or resellers, whose gate is unknown "
        "(not known: new regions or industries and standard prices and packages)."
    )


# The plan


@pytest.mark.parametrize("verdicts", VERDICTS)
def test_met_steps_begin_now_and_the_others_one_by_one_in_the_playbooks_order(scenario, verdicts):
    starts = [one.start_month for one in plan(scenario, judged(*verdicts)).steps]
    waiting_ = sorted(
        (start, verdict) for start, verdict in zip(starts, verdicts, strict=True) if verdict != "met"
    )  # fmt: skip
    assert all(start == 1 for start, verdict in zip(starts, verdicts, strict=True) if verdict == "met")
    assert [start for start, _ in waiting_] == [1 + SPACING * (at + 1) for at in range(len(waiting_))]
    own = [start for start, verdict in zip(starts, verdicts, strict=True) if verdict != "met"]
    assert own == sorted(own)  # nothing begins before a step that it comes after


def test_the_spacing_is_said_to_be_ours():
    assert f"{SPACING} months apart" in spacing_note()
    assert "our assumption" in spacing_note()


def test_what_is_planned_is_asked_as_the_simulator_asks_it():
    assert [item.name for item in INPUTS] == ["start_month", "ramp_months", "program_cost"]
    assert all(item == input_named(PartnerProgram, item.name) for item in INPUTS)


@pytest.mark.parametrize("verdicts", [("met",) * 4, ("unknown",) * 4, ("met", "not met", "unknown", "met")])
def test_an_untouched_plan_changes_when_programs_begin_and_nothing_else(scenario, verdicts):
    states = judged(*verdicts)
    planned = plan(scenario, states)
    there = to_scenario(scenario, planned)
    starts = {name: one.start_month for one in planned.steps for name in one.motions}
    assert set(there.shown) == set(PUBLISHED)
    back = there.replace(
        shown=scenario.shown, **{name: {**there.program(name).model_dump(), "start_month": 1} for name in starts}
    )
    assert {name: there.program(name).start_month for name in starts} == starts
    assert back == scenario


def test_a_steps_budget_is_divided_as_the_scenario_divides_it(scenario):
    costs = {"channel": 9000.0, "reseller": 3000.0}
    for name, cost in costs.items():
        scenario = scenario.with_program(name, program_cost=cost)
    moved = {"channels": {"program_cost": 24_000.0, "ramp_months": 7, "start_month": 5}}
    there = to_scenario(scenario, plan(scenario, judged(*["unknown"] * 4), moved))
    assert [there.program(name).program_cost for name in costs] == [18_000, 6_000]
    assert [there.program(name).ramp_months for name in costs] == [7, 7]
    assert [there.program(name).start_month for name in costs] == [5, 5]
    free = scenario.with_program("channel", program_cost=0).with_program("reseller", program_cost=0)
    there = to_scenario(free, plan(free, judged(*["unknown"] * 4), moved))
    assert [there.program(name).program_cost for name in costs] == [12_000, 12_000]


def test_ranges_stay_and_follow_what_they_are_about(wide):
    ranged = wide.replace(ranges={**wide.ranges, "channel.program_cost": (8000.0, 12_500.0)})
    states = judged(*["met"] * 4)
    assert to_scenario(ranged, plan(ranged, states)).ranges == ranged.ranges
    double = ranged.channel.program_cost + ranged.reseller.program_cost
    there = to_scenario(ranged, plan(ranged, states, {"channels": {"program_cost": 2 * double}}))
    one = there.ranges["channel.program_cost"]
    assert (one.low, one.high) == (16_000, 25_000)
    assert {**there.ranges, "channel.program_cost": None} == {**ranged.ranges, "channel.program_cost": None}


def test_only_what_is_planned_is_shown_in_the_order_of_the_simulator(scenario):
    states = steps(Answers(expansion=True, packaging=False), UNKNOWN)
    planned = plan(scenario, states, {"alliances": {"motions": ()}, "affiliates": {"motions": ()}})
    assert planned.motions == ("channel", "referral")
    assert to_scenario(scenario, planned).shown == ("channel", "referral")
    assert said(planned.steps[3], "USD") == "Not in the plan."
    both = plan(scenario, states, {"channels": {"motions": ("reseller", "channel")}}).steps[2]
    assert both.motions == ("channel", "reseller")
    assert said(both, "EUR") == "Channels and resellers from month 1, with a ramp of 4 months, for €18,000/month."


def test_an_empty_plan_is_answered_in_words(scenario):
    states = judged(*["unknown"] * 4)
    nothing = plan(scenario, states, {name: {"motions": ()} for name in STEPS})
    with pytest.raises(ScenarioError, match=r"No step is in the plan\. Choose"):
        to_scenario(scenario, nothing)
    assert outlook(scenario, nothing, states).lacking.startswith("No step is in the plan.")
    with pytest.raises(ScenarioError, match="No partner motion is shown"):
        whole(scenario.replace(shown=("sales_led",)))


def test_costs_at_the_bound_of_one_program_can_be_planned(scenario):
    for name in ("channel", "reseller"):
        scenario = scenario.with_program(name, program_cost=1e7)
    planned = plan(scenario, judged(*["met"] * 4))
    assert planned.steps[2].program_cost == 1e7
    assert to_scenario(scenario, planned).channel.program_cost == 5e6


# The whole


def roadmap_of(scenario, *verdicts):
    return to_scenario(scenario, plan(scenario, judged(*verdicts)))


def segmented(scenario):
    """Two motions share what is left for them, with the direct baseline beside them."""
    own = Segment(name="One", size=90.0, motions=("channel", "affiliate", "product_led"))
    return scenario.replace(segments=[own.model_dump(), {"name": "Two", "size": 900.0, "motions": ["referral"]}])


@pytest.mark.parametrize("shared", [False, True])
def test_the_whole_is_the_sum_of_its_programs(scenario, shared):
    there = roadmap_of(scenario, "met", "unknown", "not met", "met")
    there = segmented(there) if shared else there
    found, each = whole(there), run(there)
    assert set(each) == {name for name, _ in found.starts} == set(PUBLISHED)
    monthly = sum(one.projection.contribution[:, 0] for one in each.values())
    cash = np.cumsum(sum(one.projection.cash[:, 0] for one in each.values()))
    assert found.monthly == pytest.approx(monthly)
    assert found.cumulative == pytest.approx(np.cumsum(monthly))
    assert found.cash == pytest.approx(cash)
    after = [month for month in range(1, 25) if min(np.cumsum(monthly)[month - 1 :]) >= 0]
    assert found.break_even == (after[0] if after else None)
    assert found.band is found.cash_band is None
    assert {told.between for told in found.figures} == {""}


def test_the_direct_baseline_is_not_in_it_even_where_it_is_shown(scenario):
    there = roadmap_of(scenario, *["met"] * 4)
    beside = there.replace(shown=(*there.shown, "product_led"))
    assert whole(beside).cumulative == pytest.approx(whole(there).cumulative)
    assert "direct baseline, is not in it" in whole(there).notes[1]


def test_the_band_is_of_the_sum_of_each_draw(wide):
    there = roadmap_of(wide, "met", "met", "unknown", "unknown")
    found, each = whole(there), run(there, drawn(there))
    for line, band, series in (
        (found.cumulative, found.band, "contribution"), (found.cash, found.cash_band, "cash"),
    ):  # fmt: skip
        by_draw = np.cumsum(sum(getattr(one.projection, series) for one in each.values()), axis=0)
        assert by_draw.shape == (24, 1000)
        assert band == pytest.approx(np.quantile(by_draw, (0.1, 0.5, 0.9), axis=1, method="nearest"))
        assert (band[0] <= band[2]).all()
        assert line.shape == (24,)
    apart = sum(one.fan[2, -1] for one in simulate(there).values())
    assert abs(apart - found.band[2, -1]) > 1000  # a sum of percentiles would be another figure
    assert all("P10" in told.between for told in found.figures)


def test_a_range_that_moves_no_planned_program_gives_no_band(wide):
    there = roadmap_of(wide, *["met"] * 4)
    assert whole(there.replace(ranges={"sales_led.leads": (10.0, 90.0)})).band is None  # in no world of it
    direct = there.replace(ranges={"product_led.leads": (50.0, 200.0)}, draws=1000)
    assert whole(direct).band is None
    assert whole(segmented(direct)).band is not None  # it takes customers from them


def test_the_lowest_cash_is_what_has_to_be_put_in(scenario):
    found = whole(roadmap_of(scenario, *["met"] * 4))
    lowest = found.figures[1]
    assert found.cash.min() < 0
    assert f"It is in month {int(np.argmin(found.cash)) + 1}." in lowest.definition
    costs = dict.fromkeys(("program_cost", "onboarding_cost", "enablement_cost", "cost_per_customer"), 0)
    alone = scenario.replace(shown=("ecosystem",)).with_program("ecosystem", **costs)  # pays nobody either
    free = whole(alone).figures[1]
    assert free.value == "$0"
    assert free.definition.endswith("It never falls below zero.")


def test_payback_of_the_whole_is_that_of_all_customers_together(scenario):
    """Worked out customer by customer: each program's, as many as it wins, with their share of what they took."""
    there = roadmap_of(scenario, *["met"] * 4)
    cohorts = [one.cohort for one in run(there).values()]
    spent = sum(float(one.up_front[0]) for one in cohorts)
    back, month = 0.0, 0
    while back < spent:
        back += sum(float(one.won[0]) * float(one.brought[month, 0]) for one in cohorts)
        month += 1
    assert whole(there).figures[3].value == f"{month} months"
    months = [float(one.payback[0]) for one in cohorts]
    assert min(months) <= month <= max(months)
    for name in PUBLISHED:
        alone = there.replace(shown=(name,))
        own = run(alone)[name].figures["payback_month"]
        assert whole(alone).figures[3].value == (f"{own:.0f} month{'s' if own != 1 else ''}" if own else
                                                 "not within 120 months")  # fmt: skip


def test_where_nobody_is_won_there_is_no_payback(scenario):
    there = roadmap_of(scenario, *["met"] * 4).replace(shown=("referral",))
    found = whole(there.with_program("referral", conversion_rate=0.0))
    assert found.figures[3].value == "no customer"
    assert found.break_even is None
    assert found.sentence.endswith("it does not break even.")


def test_what_begins_too_late_or_pays_nothing_is_said(scenario):
    late = plan(scenario, judged(*["met"] * 4), {"affiliates": {"start_month": 30}})
    notes = " ".join(whole(to_scenario(scenario, late)).notes)
    assert "without effect: the start of affiliates" in notes
    assert "No payout is set for ecosystem" in notes
    there = segmented(roadmap_of(scenario, *["met"] * 4))
    assert any("Sells into no segment" in one and "Ecosystem" in one for one in whole(there).notes)


# Wait, or start now


def test_only_the_start_of_steps_that_are_not_met_differs(scenario):
    states = judged("met", "not met", "unknown", "met")
    planned = plan(scenario, states, {"referrals": {"start_month": 4}})
    found = waiting(scenario, planned, states)
    assert found.steps == ("Add affiliates", "Build channels or resellers")
    assert [one.name for one in found.kept] == [WAIT, NOW]
    before = {name: found.wait.program(name).start_month for name in PUBLISHED}
    after = {name: found.now.program(name).start_month for name in PUBLISHED}
    assert (before["referral"], after["referral"]) == (4, 4)
    assert {name for name in before if before[name] != after[name]} == {"affiliate", "channel", "reseller"}
    assert {after[name] for name in ("affiliate", "channel", "reseller")} == {1}
    same = found.now
    for name, start in before.items():
        same = same.with_program(name, start_month=start)
    assert same == found.wait


def test_the_difference_is_of_the_same_draws(wide):
    states = judged("met", "met", "unknown", "not met")
    found = waiting(wide, plan(wide, states), states)
    numbers = drawn(found.wait)
    sums = [
        sum(one.projection.cumulative[-1] for one in run(each, numbers).values()) for each in (found.wait, found.now)
    ]
    gaps = sums[1] - sums[0]
    assert f"(more in {np.mean(gaps > 0) * 100:.0f} % of the draws)" in found.sentence
    assert found.rows.columns.tolist() == [WAIT, NOW, "Difference", "Difference, P10 to P90"]
    point = [sum(one.projection.cumulative[-1, 0] for one in run(each).values()) for each in (found.wait, found.now)]
    assert ("more in 24 months" in found.sentence) == (point[1] > point[0])
    assert "unknown and not in it" in found.sentence


def test_starting_now_may_cost_and_says_so(scenario):
    states = judged("met", "met", "met", "unknown")
    dear = scenario.with_program("ecosystem", program_cost=200_000)
    found = waiting(dear, plan(dear, states), states)
    assert "less in 24 months" in found.sentence
    assert found.rows["Difference"].str.startswith("−").all()
    assert "Difference, P10 to P90" not in found.rows


@pytest.mark.parametrize("verdicts", VERDICTS[::5])
def test_where_nothing_waits_nothing_is_compared(scenario, verdicts):
    states = judged(*verdicts)
    at_once = started_now(plan(scenario, states), states)
    found = waiting(scenario, at_once, states)
    assert found.wait == found.now
    assert (found.steps, len(found.rows)) == ((), 0)
    assert found.sentence.startswith("Nothing waits")
    assert ("the gate of each planned step is met" in found.sentence) == (set(verdicts) == {"met"})


def test_a_step_that_is_not_planned_does_not_wait(scenario):
    states = judged("met", "met", "met", "unknown")
    found = waiting(scenario, plan(scenario, states, {"alliances": {"motions": ()}}), states)
    assert found.sentence == "Nothing waits: the gate of each planned step is met."


# The address

notes = st.text(max_size=200)
chosen = st.builds(
    lambda overruled, planned: Choices(
        {name: Overruling(verdict, plain_note(note)) for name, (verdict, note) in overruled.items()}, planned
    ),
    st.dictionaries(st.sampled_from(STEPS), st.tuples(st.sampled_from(("met", "not met")), notes)),
    st.dictionaries(
        st.sampled_from(STEPS),
        st.fixed_dictionaries(
            {},
            optional={
                "start_month": st.integers(1, 120),
                "ramp_months": st.integers(0, 24),
                "program_cost": st.integers(0, 10**9).map(lambda cents: cents / 100),
            },
        ).filter(bool),
    ),
)


@given(chosen)
def test_an_address_says_what_was_chosen(choices):
    text = encode(choices)
    assert len(text) <= LONGEST
    assert decode(text) == replace(decode(""), choices=choices)
    assert all(len(one.note) <= MOST_LETTERS for one in choices.overruled.values())


@given(st.one_of(st.text(max_size=400), st.lists(st.sampled_from([
    "channels", "gate", "met", "unmet", "note", "motions", "none", "channel,reseller", "start_month", "nan", "-", "~",
    "1e3", "999999999999", "%7E", "%25", "ramp_months", "3.5", "program_cost",
]), max_size=30).map("-".join)))  # fmt: skip
def test_any_address_is_read_as_far_as_it_can_be(text):
    found = decode(text)
    again = decode(encode(found.choices))
    assert again.choices == found.choices
    assert not again.remarks
    plan(default_scenario(), steps(Answers(), UNKNOWN, found.choices.overruled), found.choices.planned)
    assert all(len(remark) < 400 for remark in found.remarks)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("chanels-gate-met", "Did you mean 'channels'"),
        ("channels-gate-maybe", "A gate is met or unmet"),
        ("channels-start_month-0", "is from 1 to 120, not 0"),
        ("channels-start_month-2.5", "not 2.5"),
        ("channels-budget-7", "no choice 'budget'"),
        ("channels-motions-affiliate", "no motion of step channels"),
        ("x" * (LONGEST + 1), "more than 3,000 letters"),
    ],
)
def test_what_an_address_gets_wrong_is_said(text, says):
    (remark,) = decode(text).remarks
    assert says in remark
    assert decode(text).choices == Choices()


def test_a_note_without_an_overruled_gate_is_no_choice_and_taking_back_forgets_it():
    assert decode("channels-note-why").choices == Choices()
    one = Choices().overruling("channels", "met", "because")
    assert encode(one.overruling("channels", "unknown")) == ""
    assert encode(Choices().planning("channels", "start_month", 3).planning("channels", "start_month", None)) == ""


def test_nothing_planned_of_a_step_is_told_from_nothing_chosen():
    none = Choices().planning("channels", "motions", ())
    assert encode(none) == "channels-motions-none"
    assert decode("channels-motions-none").choices == none
    states = steps(ALL, UNKNOWN)
    assert plan(default_scenario(), states, none.planned).steps[2].motions == ()
    assert plan(default_scenario(), states).steps[2].motions == ("channel", "reseller")


def test_a_plan_is_frozen_and_its_numbers_have_bounds(scenario):
    planned = plan(scenario, steps(ALL, UNKNOWN))
    assert isinstance(planned, Plan)
    with pytest.raises(ValueError, match="frozen"):
        planned.steps[0].start_month = 2
    with pytest.raises(ValueError, match="less than or equal to 24"):
        plan(scenario, steps(ALL, UNKNOWN), {"channels": {"ramp_months": 25}})
    assert math.isfinite(planned.steps[0].program_cost)


def test_what_each_program_comes_to_is_said_as_a_sum_hides_it(scenario):
    both = scenario.replace(shown=("referral", "channel"))
    each = {name: one.figures["contribution"] for name, one in run(both).items()}
    assert each["channel"] < 0 < each["referral"]
    said = whole(both).notes[0]
    assert said.startswith("1 program of 2 loses money in these months.")
    assert money(each["channel"]) in said
    assert money(each["referral"]) in said
    alone = whole(scenario.replace(shown=("referral",))).notes
    assert not any("Each alone" in note for note in alone)
