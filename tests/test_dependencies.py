"""Bounds, locks and licences: what is installed is what was written down, on every platform."""

import re
import subprocess
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.licences import allowed, but_for, installed, licence

ROOT = Path(__file__).parents[1]
LOCKS = {
    "requirements.lock": ("requirements.txt",),
    "requirements-dev.lock": ("requirements.txt", "requirements-dev.txt"),
    "requirements-spark.lock": ("requirements-spark.txt",),
    "requirements-lowest.lock": ("requirements.txt", "requirements-dev.txt"),
}


def bounds(name):
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text("utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-r")]


def entries(name):
    """The lines of a lock that say something: each a requirement, continued over its hashes."""
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def pinned(name):
    """{package: its versions}: another version may be pinned for another Python."""
    found = {}
    for entry in entries(name):
        one = Requirement(entry.split("--hash")[0])
        found.setdefault(one.name, set()).add(next(iter(one.specifier)).version)
    return found


def packages(name):
    return {one.name.lower().replace("_", "-"): one for one in bounds(name)}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_one_version_with_its_hashes_and_nothing_else(lock):
    marker = "[a-z_]+ [<>=!]+ '[A-Za-z0-9.*]+'"
    version = rf"[a-z0-9-]+==[0-9][0-9a-z.]*( ; {marker}( and {marker})*)?"
    assert len(entries(lock)) > 10
    for entry in entries(lock):
        assert re.fullmatch(rf"{version}(\s+--hash=sha256:[0-9a-f]{{64}})+\s*", entry), entry[:80]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_the_bounds_ask_for(lock):
    found = pinned(lock)
    for name in LOCKS[lock]:
        for package, bound in packages(name).items():
            assert all(one in bound.specifier for one in found.get(package, {"none"})), f"{bound}: run make lock"


def test_the_locks_agree_with_one_another():
    all_of_them = pinned("requirements-dev.lock")
    for name in ("requirements.lock", "requirements-spark.lock"):
        for package, versions in pinned(name).items():
            assert versions == all_of_them.get(package, versions), f"{package}: run make lock"


def test_the_lowest_versions_are_those_of_the_bounds():
    """The bounds say 3.1 where the first 3.1 that can be had for every platform may be 3.1.0 or 3.1.1."""
    found = pinned("requirements-lowest.lock")
    for name in LOCKS["requirements-lowest.lock"]:
        for package, bound in packages(name).items():
            lowest = next(iter(bound.specifier)).version
            wanted = Version(lowest).release
            assert {Version(one).release[: len(wanted)] for one in found[package]} == {wanted}, package


def test_a_python_that_is_not_there_is_skipped_and_said():
    # The make that runs the tests would have this one name its folders.
    make = ["make", "--no-print-directory", "pythons", "OTHERS=3.99"]
    said = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "Python 3.99 is not installed: skipped\n"


def test_everything_installed_has_a_licence_that_is_allowed():
    found = installed()
    assert {name for name, _, _ in found} >= set(packages("requirements.txt"))
    assert [one for one in found if not allowed(one[2])] == []


@pytest.mark.parametrize(
    ("fields", "stated", "may"),
    [
        ({"License-Expression": "MIT AND PSF-2.0", "License": "GPL"}, "MIT AND PSF-2.0", True),
        ({"Classifier": "License :: OSI Approved :: BSD License", "License": "Copyright us"}, "BSD-3-Clause", True),
        ({"License": "Apache 2.0"}, "Apache-2.0", True),
        ({"License": "GPL-3.0-or-later"}, "GPL-3.0-or-later", False),
        ({"Classifier": "License :: Other/Proprietary License"}, "Other/Proprietary License", False),
        ({"License-Expression": "MIT AND AGPL-3.0-only"}, "MIT AND AGPL-3.0-only", False),
        ({}, "", False),
    ],
)
def test_a_licence_is_read_wherever_it_is_stated(fields, stated, may):
    metadata = Message()
    for name, value in fields.items():
        metadata[name] = value
    assert (licence(metadata), allowed(licence(metadata))) == (stated, may)


def test_a_licence_is_passed_over_only_while_its_files_are_not_installed():
    without, with_it = (SimpleNamespace(name="docutils", files=files) for files in (["a.py"], ["a.py", "tools/rst.el"]))
    assert allowed(but_for(without))
    assert but_for(with_it) == but_for(SimpleNamespace(name="other", files=[])) == ""
