"""What several tests need: the sample program, and a way to load a program from rows."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from motions.cohorts.program import load_program

# CI looks at the same examples every time: a new one is found by a developer, not by a landing.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

SLOW = ("test_remote.py", "test_program.py", "test_stories.py", "test_frame.py")


def pytest_collection_modifyitems(items):
    """The slowest files begin first; the others fill up what is left."""
    items.sort(key=lambda item: item.path.name not in SLOW)


SAMPLE = Path(__file__).parents[1] / "sample_data"
SAMPLE_FILES = [(f"{name}.csv", SAMPLE / f"{name}.csv") for name in ("accounts", "revenue", "partners", "spend")]
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def sample_program(tmp_path_factory):
    return load_program(SAMPLE_FILES, tmp_path_factory.mktemp("sample"), TODAY)


@pytest.fixture
def load(tmp_path):
    """Load a program from texts or rows: load({"accounts.csv": "account_id,…"}); returns the Program."""
    number = 0

    def load_files(files, **options):
        nonlocal number
        number += 1
        folder = tmp_path / str(number)
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
