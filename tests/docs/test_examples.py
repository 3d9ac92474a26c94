"""The worked examples of the documentation: applied to a copy of the project, they do what the pages say."""

import json
import subprocess
import sys

import pytest

from tests.docs.pages import ROOT, applied, copy_of_the_project, examples

DEVELOPERS = ROOT / "docs" / "developers.md"
RUN = """
import json, sys, traceback
failed = {}
for title, claim in json.load(sys.stdin).items():
    try:
        exec(compile(claim, title, "exec"), {"__name__": "example"})
    except Exception:
        failed[title] = traceback.format_exc()
json.dump(failed, sys.stdout)
"""


def failing(folder, claims):
    """Which claims do not hold in a project, and how each fails. What they print would be no JSON."""
    run = [sys.executable, "-W", "error", "-c", RUN]
    done = subprocess.run(run, cwd=folder, input=json.dumps(claims), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_there_is_an_example_of_each_kind():
    assert examples(DEVELOPERS) == ["Add a motion", "Add a metric", "Add a preset", "Add a payout term"]


@pytest.mark.proof
def test_the_examples_work_side_by_side_and_do_not_without_what_they_add(tmp_path):
    copy_of_the_project(tmp_path)
    claims = {title: "\n".join(applied(DEVELOPERS, title, tmp_path)) for title in examples(DEVELOPERS)}
    assert failing(tmp_path, claims) == {}
    assert set(failing(ROOT, claims)) == set(claims)
