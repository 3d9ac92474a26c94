"""What several tests need: the sample program, and a way to load a program from rows."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from motions.cohorts.program import load_program

# Of the examples that a test would look at: in `make test`, in `make proof` and in `make journeys`.
SHARES = {"few": 0.25, "proof": 0.5, "journeys": 1.0}
# CI looks at the same examples every time: a new one is found by a developer, not by a landing.
for name, share in SHARES.items():
    settings.register_profile(
        name, deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=round(100 * share)
    )


def pytest_addoption(parser):
    says = "each test with one of its parameters: what a package lacks it lacks with all of them"
    parser.addoption("--once", action="store_true", help=says)


def pytest_configure(config):
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("few")


def examples(number):
    """How many of its `number` of examples a test looks at in this run: three at the least."""
    return min(number, max(round(number * SHARES[settings.get_current_profile_name()]), 3))


def one_now(values):
    """The values of a test's parameter: the first in `make test`, the others, which repeat it, in `make proof`."""
    first, *others = values
    return [first, *(pytest.param(other, marks=pytest.mark.proof) for other in others)]


# A server, a browser, a database or Spark is started once for each of these, and its tests run one after the other.
# The slowest begin first; the others fill up what is left.
GROUPS = ("test_attack", "spark", "test_frame", "test_stories", "test_program", "postgresql", "test_main_stories")


def group(nodeid):
    """The group of a test that needs what is slow to start, or None."""
    path, _, name = nodeid.partition("::")
    if "/browser/" in path:
        return Path(path).stem
    if "/remote/" in path:
        return "spark" if "spark" in name else "postgresql"
    return None


def begins(item):
    """The place of a test's group among the others; what has no group comes last."""
    name = group(item.nodeid)
    return GROUPS.index(name) if name in GROUPS else len(GROUPS) + (name is None)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config, items):
    """Put all but the main tests of the groups into `make proof`, and the groups before the other tests.

    Spark takes half a minute to start: all of it is there. With `--once` a test has one of its parameters.
    """
    for item in items:
        name = group(item.nodeid)
        if item.get_closest_marker("long") or (name and (name == "spark" or not item.get_closest_marker("main"))):
            item.add_marker("proof")
    result = yield
    if config.getoption("--once"):
        first = {*{item.nodeid.partition("[")[0]: item for item in reversed(items)}.values()}
        config.hook.pytest_deselected(items=[item for item in items if item not in first])
        items[:] = [item for item in items if item in first]
    items.sort(key=begins)  # after they were shuffled
    return result


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    if exitstatus == pytest.ExitCode.TESTS_FAILED and (seed := config.getoption("randomly_seed", None)):
        terminalreporter.write_line(f"The same order again: pytest --randomly-seed={seed}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep a group on one worker. The groups that xdist has itself need ids that pytest 9.2 no longer lets it write."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group(nodeid) or nodeid

    return ByGroup(config, log)


SAMPLE = Path(__file__).parents[1] / "sample_data"
SAMPLE_FILES = [(f"{name}.csv", SAMPLE / f"{name}.csv") for name in ("accounts", "revenue", "partners", "spend")]
TODAY = date(2026, 11, 22)
FRAMES = ("by_cohort", "by_partner", "by_age", "by_spell", "by_partner_spell", "by_spend", "by_payout", "partners")
"""of a ledger, that are held against one another"""


@pytest.fixture(scope="session")
def sample_program(tmp_path_factory):
    return load_program(SAMPLE_FILES, tmp_path_factory.mktemp("sample"), TODAY)


@pytest.fixture
def load(tmp_path):
    """Load a program from texts or rows: load({"accounts.csv": "account_id,…"}); returns the Program."""
    return loader(tmp_path)


def loader(place):
    """Return what loads programs, each in a folder of its own below this one."""
    number = 0

    def load_files(files, **options):
        nonlocal number
        number += 1
        folder = place / str(number)
        folder.mkdir()
        paths = []
        for at, (name, content) in enumerate(files.items()):
            path = folder / f"{at}.csv"
            if isinstance(content, list):
                with path.open("w", newline="", encoding="utf-8") as file:
                    csv.writer(file).writerows(content)
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append((name, path))
        scratch = folder / "scratch"
        scratch.mkdir()
        return load_program(paths, scratch, TODAY, **options)

    return load_files
