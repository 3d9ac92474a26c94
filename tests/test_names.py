"""The table of motions is the only list of them: another motion is one entry, one file of content and one preset."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from motions.charts.style import LOOKS
from motions.cohorts.contract import MOTION_WORDS, MOTIONS, words
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.presets import presets
from motions.economics.inputs.scenario import Scenario
from motions.errors import ContentError
from motions.names import BASELINES, NAMES, OWN, PARTNER_MOTIONS, PUBLISHED, TABLE
from motions.playbook.load import MOTION_FILES
from tests.docs.pages import applied, copy_of_the_project

ROOT = Path(__file__).parents[1]
COMPARED = """
from motions.economics.model.deal import preset_deal
from motions.playbook import load_playbook
from motions.playbook.tables import matrix
playbook = load_playbook()
assert [motion.id for motion in playbook.motions][-1] == "marketplace"
assert "Marketplaces" in matrix(playbook.motions).columns
found = preset_deal("marketplace", 1000, 0.8, 12)
assert abs(found.partner_keeps - found.spend * 0.03) < 1e-6
"""
SIMULATED = """
from motions.charts.economics import contribution
from motions.economics.files.exchange import from_file, to_workbook, to_yaml
from motions.economics.inputs.links import Named, from_link, to_link
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.run import run
scenario = default_scenario().replace(shown=("marketplace", "reseller"))
scenario = scenario.moved("marketplace.payout.percent.rate", 0.3)
assert from_link(to_link(scenario)) == scenario
kept = (Named(name="A", scenario=scenario),)
assert from_file("a.yaml", to_yaml(kept)) == from_file("a.xlsx", to_workbook(kept)) == kept
results = run(scenario)
assert results["marketplace"].figures["new_customers"] > 0
traces = contribution(results, {}, "USD").figure.data
assert [(trace.name, trace.line.color) for trace in traces][0] == ("Marketplaces", "#8c6d31")
"""
READ = """
import pathlib, sys
from datetime import date
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import load_program
from motions.cohorts.tables.health import by_motion
folder = pathlib.Path(sys.argv[1])
files = {
    "accounts.csv": "account_id,signed_up_on,motion,partner_id\\n"
    "A1,2025-01-07,App Store,P1\\nA2,2025-01-08,marketplace,\\nA3,2025-01-09,organic,P1\\nA4,2025-01-09,,\\n",
    "revenue.csv": "account_id,month,mrr\\nA1,2025-01,100\\nA2,2025-01,50\\nA3,2025-01,20\\nA4,2025-01,30\\n",
    "partners.csv": "partner_id,motion,recruited_on\\nP1,marketplaces,2025-01-01\\n",
}
for name, content in files.items():
    (folder / name).write_text(content)
program = load_program([(name, folder / name) for name in files], folder, date(2025, 3, 1))
settings = m.Settings(as_of=program.ledger.last_month)
assert m.mrr(program.ledger, settings, m.PARTNER).value == 150
assert by_motion(program.ledger, settings).loc["MRR", "Marketplaces"] == "150"
found = {one.name: one.count for one in program.findings}
assert (found["motion_without_partner"], found["organic_with_partner"]) == (1, 1)
"""


PLANNED = """
from motions.playbook.conflicts import find_conflicts
from motions.playbook.plan_files import from_file, from_link, to_csv, to_link
from motions.playbook.segment_plan import Plan, Row
plan = Plan(segments=(Row(name="A", accounts=9, motions=["marketplace", "reseller"]),))
found = [(one.rule, one.motions) for one in find_conflicts(plan)]
assert found == [("two_prices", ("reseller", "marketplace"))]
assert from_file("a.csv", to_csv(plan)).plan == from_link(to_link(plan)).plan == plan
"""


@pytest.fixture(scope="module")
def with_another(tmp_path_factory):
    """A copy of the domain with a sixth partner motion, added as the documentation says."""
    folder = tmp_path_factory.mktemp("sixth")
    copy_of_the_project(folder)
    applied(ROOT / "docs" / "developers.md", "Add a motion", folder)
    return folder


def run_in(folder, steps, *arguments):
    """Run Python in a process of its own, in which the table is another; returns what it complains of."""
    command = [sys.executable, "-W", "error", "-c", steps, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize(
    "steps", [COMPARED, SIMULATED, READ, PLANNED], ids=["compared", "simulated", "read", "planned"]
)
@pytest.mark.proof
def test_a_sixth_motion_is_one_entry_one_file_and_one_preset(with_another, tmp_path, steps):
    assert run_in(with_another, steps, str(tmp_path)) == ""


def test_a_motion_without_a_preset_is_named(with_another):
    defaults = with_another / "motions/economics/inputs/presets.yaml"
    whole = defaults.read_text("utf-8")
    defaults.write_text(whole[: whole.index("\nmarketplace:")], "utf-8")
    said = run_in(with_another, "from motions.economics.inputs import presets; presets.presets()")
    defaults.write_text(whole, "utf-8")
    assert "presets.yaml, marketplace: is missing. Add its defaults" in said


def test_a_preset_of_no_program_is_named(tmp_path):
    path = tmp_path / "presets.yaml"
    path.write_text("afiliate:\n  program_cost: {value: 3, from: ours}\n", "utf-8")
    with pytest.raises(ContentError, match=r"afiliate: is no program\. .*Did you mean 'affiliate'"):
        presets(path)


def test_everything_that_lists_motions_follows_the_table():
    partners = [motion for motion in TABLE if motion.role == "partner"]
    assert tuple(motion.id for motion in partners) == PARTNER_MOTIONS
    assert (*PUBLISHED, OWN) == PARTNER_MOTIONS
    assert tuple(motion.content for motion in partners if motion.id in PUBLISHED) == MOTION_FILES
    assert (*PARTNER_MOTIONS, "organic", *BASELINES, "other") == MOTIONS
    assert tuple(MOTION_WORDS) == tuple(motion for motion in MOTIONS if motion != OWN)
    assert set(NAMES) == set(LOOKS) == {*MOTIONS, "unassigned"}
    assert tuple(presets()) == PROGRAMS == tuple(name for name in Scenario.model_fields if name in NAMES)


def test_no_two_motions_are_called_or_drawn_alike():
    spellings = [word for motion in TABLE for word in (motion.id, *motion.words.split())]
    assert len(spellings) == len(set(spellings))
    assert set(words(MOTION_WORDS)) <= set(spellings)
    assert len({(look.colour, look.dash, look.marker) for look in LOOKS.values()}) == len(TABLE)
    assert len({(motion.dash, motion.marker) for motion in TABLE}) == len(TABLE)


def test_ids_of_partner_motions_stand_in_no_other_list():
    """A list of three or more of them is a second table."""
    listing = re.compile(rf"""(?:['"](?:{"|".join(PARTNER_MOTIONS)})['"],\s*){{3}}""")
    files = [path for path in (ROOT / "motions").rglob("*.*") if path.suffix in (".py", ".sql")]
    assert not [path.name for path in files if listing.search(path.read_text("utf-8"))]
