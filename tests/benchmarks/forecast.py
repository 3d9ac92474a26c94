"""Forecasts against what came: how often months of generated programs lie within the band of P10 to P90.

Each program is calibrated as of some months ago, with nothing that happened later, and projected to its last month.
"""

import tempfile
from pathlib import Path

import numpy as np

from motions.calibrate import calibrate
from motions.cohorts.metrics import metrics as m
from motions.economics.inputs.scenario import default_scenario
from motions.forecast import BY_NAME, course
from tests.test_calibrate import FIRST, MONTHS, ledger_of

AHEAD = 3
FIGURES = ("mrr", "new", "customers")
AIM = 0.8


def inside(seed, ahead=AHEAD, window=12):
    """Whether each of the last months of a generated program lies within its band: {figure: values}."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = ledger_of(seed, Path(folder))
    last = FIRST + MONTHS - 1
    scenario = calibrate(ledger, default_scenario(), m.Settings(as_of=last - ahead, window=window)).scenario
    found = {}
    for name in FIGURES:
        courses = [
            course(ledger, scenario, who, BY_NAME[name], last - ahead + 1) for who in ("referral", "product_led")
        ]
        found[name] = [month not in one.left for one in courses for month in one.compared]
    return found


def coverage(seeds, ahead=AHEAD):
    """The share of months within the band, by figure, over several programs."""
    each = [inside(seed, ahead) for seed in seeds]
    return {name: float(np.mean([one for found in each for one in found[name]])) for name in FIGURES}


def forecast(programs=40):
    """Print the coverage of the band over generated programs."""
    for ahead in (AHEAD, 6):
        found = coverage(range(programs), ahead)
        said = ", ".join(f"{BY_NAME[name].title} {share:.0%}" for name, share in found.items())
        print(
            f"forecast {ahead} months ahead, {programs} programs × 2 motions, within P10 to P90 (aim {AIM:.0%}): {said}"
        )
