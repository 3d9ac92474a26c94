"""A motion of one's own in all that knows motions: simulated, linked, read, and named in its session alone."""

import threading
from datetime import date

import pytest
from pydantic import ValidationError

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import load_ledger, load_program
from motions.cohorts.reading.spelling import motion_words
from motions.cohorts.tables.health import by_motion
from motions.cohorts.verdicts.rules import PartnerRules
from motions.economics.files.exchange import from_file, to_workbook, to_yaml
from motions.economics.inputs.links import Named, from_link, to_link
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.run import run
from motions.errors import ScenarioError
from motions.names import NAMES, OWN, PARTNER_MOTIONS, PUBLISHED, Slot, filled, offered
from motions.playbook import Answers
from motions.playbook.conflicts import find_conflicts, traits_with
from motions.playbook.own import own_playbook, template
from motions.playbook.plan_files import from_file as plan_from_file
from motions.playbook.plan_files import from_link as plan_from_link
from motions.playbook.plan_files import to_csv
from motions.playbook.plan_files import to_link as plan_to_link
from motions.playbook.segment_plan import Plan, Row
from motions.readiness.assess import assess
from motions.roadmap.gates import gates, load_steps, steps
from motions.roadmap.plan import plan, to_scenario
from motions.roadmap.whole import whole
from motions.text import as_csv

ALL = own_playbook("own.yaml", template().encode())
SLOT = ALL.slot
FILES = {
    "accounts.csv": "account_id,signed_up_on,motion,partner_id\nA1,2025-01-07,Marketplaces,P1\n"
    "A2,2025-01-08,marketplace,\nA3,2025-01-09,organic,\n",
    "revenue.csv": "account_id,month,mrr\nA1,2025-01,100\nA2,2025-01,50\nA3,2025-01,20\n",
    "partners.csv": "partner_id,motion,recruited_on\nP1,MARKETPLACE,2025-01-01\n",
}


@pytest.fixture
def named():
    with filled(SLOT):
        yield SLOT


def load(folder):
    for name, content in FILES.items():
        (folder / name).write_text(content)
    return load_program([(name, folder / name) for name in FILES], folder, date(2025, 3, 1))


# Who knows the name


def test_a_name_never_leaks_into_another_session():
    """Two threads at once, as Streamlit has them: each sees its own motion, also in sentences that are remembered."""
    said, together = {}, threading.Barrier(3)

    def session(name):
        with filled(Slot(name, "affiliate") if name else None):
            for _ in range(3):
                together.wait(20)
                shown = default_scenario().replace(shown=(OWN, "reseller"))
                found = said.setdefault(name, set())
                found |= {NAMES[OWN], *whole(shown).notes, str(offered(PARTNER_MOTIONS))}

    threads = [threading.Thread(target=session, args=(name,)) for name in ("Stores", "Bazaars", "")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    words = {name: " ".join(found).lower() for name, found in said.items()}
    assert "stores" in words["Stores"]
    assert "bazaars" not in words["Stores"] + words[""]
    assert "bazaars" in words["Bazaars"]
    assert "stores" not in words["Bazaars"] + words[""]
    assert "own motion" in words[""]
    assert "'own'" not in words[""]


def test_without_a_playbook_nobody_is_offered_it():
    assert offered(PARTNER_MOTIONS) == PUBLISHED
    assert offered(PARTNER_MOTIONS, [OWN]) == PARTNER_MOTIONS
    assert OWN not in motion_words().values()
    assert b"Own motion" not in to_csv(Plan(segments=(Row(name="A", accounts=9),)))
    assert not [step for step in load_steps() if OWN in step.motions]
    with pytest.raises(ScenarioError, match=r"[Ii]nput should be") as problem:
        default_scenario().replace(shown=("nothing",))
    assert "'own'" not in str(problem.value)
    with pytest.raises(ValidationError) as wrong:
        PartnerRules(grace_by_motion={"nothing": 3})
    assert "own" not in str(wrong.value).split("use one of")[1].split(".")[0]


# The simulator


def test_its_program_is_shown_changed_linked_and_saved(named):
    scenario = default_scenario().replace(shown=(OWN, "affiliate")).moved("own.payout.percent.rate", 0.11)
    kept = (Named(name="A", scenario=scenario),)
    assert from_link(to_link(scenario)) == scenario
    assert from_file("a.yaml", to_yaml(kept)) == from_file("a.xlsx", to_workbook(kept)) == kept
    assert run(scenario)[OWN].figures["new_customers"] == run(scenario)["affiliate"].figures["new_customers"]


def test_a_shared_link_means_the_same_where_nobody_knows_the_playbook():
    with filled(SLOT):
        scenario = default_scenario().replace(shown=(OWN, "reseller"))
        link, figures = to_link(scenario), run(scenario)[OWN].figures
    opened = from_link(link)
    assert (opened.own, opened.shown) == (scenario.own, scenario.shown)
    assert run(opened)[OWN].figures == figures
    assert "arketplace" not in link
    assert whole(opened).sentence


def test_a_link_of_before_is_the_same_text_and_gives_the_same_figures(named):
    with filled(None):
        before = to_link(default_scenario())
    assert to_link(default_scenario()) == before
    opened = from_link(to_link(default_scenario()))
    assert opened.own == default_scenario().own
    assert not opened.touched


def test_let_go_of_nothing_of_it_is_left():
    with filled(SLOT):
        before = default_scenario().replace(
            shown=(OWN, "reseller"),
            segments=[
                {"name": "A", "size": 9, "motions": (OWN,)},
                {"name": "B", "size": 9, "motions": (OWN, "channel")},
            ],
            ranges={"own.customer_churn_rate": {"low": 0.01, "high": 0.05}},
        )
    after = before.without(OWN)
    assert (after.shown, after.ranges, after.own) == (("reseller",), {}, default_scenario().own)
    assert [one.motions for one in after.segments] == [("channel",)]
    assert after.without("reseller").shown == default_scenario().shown


# Roadmap and plan


def test_it_waits_for_the_gate_of_the_motion_that_it_is_like(named):
    states = steps(Answers(converts=True), assess())
    found = gates(states)
    assert found[OWN] == found["affiliate"]
    assert OWN in to_scenario(default_scenario(), plan(default_scenario(), states)).shown
    reseller = Slot("Stores", "reseller")
    with filled(reseller):
        step = next(step for step in load_steps() if OWN in step.motions)
        assert step.asked_of(OWN) == step.asked_of("reseller") != step.asked_of("channel")


def test_it_stands_in_a_plan_by_its_name_and_meets_others_by_its_attributes(named):
    mine = Plan(segments=(Row(name="A", accounts=9, motions=["marketplace", "reseller"]),))
    assert mine.segments[0].motions == ("reseller", OWN)
    assert b"Marketplaces" in to_csv(mine)
    assert plan_from_file("a.csv", to_csv(mine)).plan == plan_from_link(plan_to_link(mine)).plan == mine
    found = {one.rule for one in find_conflicts(mine, traits=traits_with(ALL.sixth))}
    assert "two_prices" in found  # you close and set the price there, the reseller its own
    assert "two_prices" not in {one.rule for one in find_conflicts(mine)}  # without its playbook nothing is known


# Files


def test_files_name_it_by_its_id_or_its_name(named, tmp_path):
    program = load(tmp_path)
    settings = m.Settings(as_of=program.ledger.last_month)
    assert m.mrr(program.ledger, settings, m.PARTNER).value == 150
    assert m.mrr(program.ledger, settings, (MOTIONS.index(OWN),)).value == 150
    assert by_motion(program.ledger, settings).loc["MRR", "Marketplaces"] == "150"


def test_its_ledger_is_read_again_where_nobody_knows_the_name(tmp_path):
    with filled(SLOT):
        program = load(tmp_path)
        header, *rows = ledger_rows(program.ledger)
    path = tmp_path / "ledger.csv"
    path.write_bytes(as_csv([str(cell) for cell in header], rows))
    ledger = load_ledger("ledger.csv", path, tmp_path, date(2025, 3, 1))
    settings = m.Settings(as_of=ledger.last_month)
    assert by_motion(ledger, settings).loc["MRR", "Own motion"] == "150"
    with filled(Slot("Stores", "channel")):
        assert "Stores" in by_motion(ledger, settings)


def test_without_its_playbook_the_words_are_asked_for(tmp_path):
    said = [question for file in load(tmp_path).sources for question in file.questions]
    assert {question.key for question in said} & {"Marketplaces", "marketplace"}
    assert all(OWN not in question.options for question in said)
