"""The small program, read once, and its figures by plain pandas."""

import pytest

from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import load_program
from tests.charts import rows
from tests.charts.every import drawn_charts
from tests.conftest import TODAY


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The ledger of the small program."""
    folder = tmp_path_factory.mktemp("small")
    scratch = folder / "scratch"
    scratch.mkdir()
    program = load_program(rows.write(folder), scratch, TODAY)
    assert not program.rejects
    return program.ledger


@pytest.fixture(scope="session")
def plain():
    return rows.Plain()


@pytest.fixture
def year(small):
    """The settings of twelve months up to the last."""
    return m.Settings(as_of=small.last_month)


@pytest.fixture(scope="session")
def every(small):
    """One chart of every function that draws one."""
    return drawn_charts(small, m.Settings(as_of=small.last_month))
