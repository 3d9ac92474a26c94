"""Some seconds of the fuzz with every landing. By hand, and without end: `python -m tests.fuzz --seconds 0`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = os.environ.get("MOTIONS_FUZZ_SECONDS", "15")


@pytest.mark.fuzz
def test_whatever_comes_is_read_or_refused_with_a_reason():
    # CI looks at the same examples every time, as far as it comes.
    seed = ["--seed", "1"] if os.environ.get("CI") else []
    command = [sys.executable, "-m", "tests.fuzz", "--seconds", SECONDS, *seed]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) examples, 0 faults", done.stdout)[1]) > 0
