"""The limits: each with unit and reason, the same wherever one is enforced, and set by the environment."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from motions import limits
from motions.cohorts.reading import engine, opened, recognise, records, sheets
from motions.content import MOST_BYTES, MOST_VALUES
from motions.economics.inputs.links import MOST_KEPT
from motions.economics.inputs.scenario import Scenario
from motions.limits import LIMITS

ROOT = Path(__file__).parents[1]


def test_each_has_a_unit_a_reason_and_stands_once():
    assert all(one.what and one.unit and one.why for one in LIMITS)
    assert len({(one.of, one.what) for one in LIMITS}) == len(LIMITS)
    assert {*LIMITS} == {one for one in vars(limits).values() if isinstance(one, limits.Limit)}
    variables = [one.variable for one in LIMITS if one.variable]
    assert len({*variables}) == len(variables)


def test_what_enforces_one_has_it_from_there():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    drawn = get_args(Scenario.model_fields["draws"].annotation)
    for limit, enforced in (
        (limits.FILE.most, config["server"]["maxUploadSize"]),
        (limits.WORKBOOK.bytes, opened.PACKED_WORKBOOK),
        (limits.UNPACKED.bytes, sheets.MOST_WRITTEN),
        (limits.TABLES.most, sheets.MOST_SHEETS),
        (limits.WORKBOOK_TIME.most, sheets.SECONDS),
        (limits.COLUMNS.most, recognise.MOST_COLUMNS),
        (limits.REJECTS.most, records.MOST_REJECTS),
        (limits.YAML.bytes, MOST_BYTES),
        (limits.YAML_VALUES.most, MOST_VALUES),
        (limits.DRAWS.most, max(drawn)),
        (limits.KEPT.most, MOST_KEPT),
        (limits.MEMORY.most, engine.MEMORY),
    ):
        assert limit == enforced


def test_a_site_says_another_number_and_what_is_none_is_warned_of(monkeypatch):
    source = "from motions.limits import ROWS, MEMORY; print(ROWS.most, MEMORY.most)"
    env = {**os.environ, "MOTIONS_SESSION_ROWS": "1000", "MOTIONS_MEMORY_MB": "5"}
    done = subprocess.run([sys.executable, "-c", source], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1000", "100"]  # less memory than that reads nothing
    monkeypatch.setenv("MOTIONS_MEMORY_MB", "2GB")
    with pytest.warns(UserWarning, match="MOTIONS_MEMORY_MB is '2GB', which is no whole number: 1200 counts"):
        assert limits.said("MOTIONS_MEMORY_MB", 1200) == 1200
