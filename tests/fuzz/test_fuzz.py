"""Some seconds of the fuzz with every landing. By hand, and without end: `python -m tests.fuzz --seconds 0`."""

import os
import random

import pytest

from tests.fuzz.runner import run

SECONDS = float(os.environ.get("MOTIONS_FUZZ_SECONDS", "15"))


@pytest.mark.fuzz
def test_whatever_comes_is_read_or_refused_with_a_reason():
    # CI looks at the same examples every time, as far as it comes.
    outcome = run(1 if os.environ.get("CI") else random.randrange(10**6), SECONDS)
    assert not outcome.faults, outcome.said()
    assert outcome.tried
