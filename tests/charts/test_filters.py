"""Each chart of program health under each filter is that of a program which has nothing but what the filter leaves."""

import pandas as pd
import pytest

from motions.charts.cohorts import acquisition_frames, revenue_frames
from motions.cohorts.contract import MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import load_program
from motions.names import PUBLISHED
from motions.text import month_name
from tests.conftest import SAMPLE_FILES, TODAY

# Each of a ledger, settings and a group; `side` is what they call the group.
SEGMENTED = {
    "retention of money": lambda ledger, settings, group: revenue_frames.retention(ledger, settings, "money", group),
    "retention of customers": lambda *of: revenue_frames.retention(*of[:2], "customers", of[2]),
    "survival": revenue_frames.survival_by_age,
    "half-years": lambda *of: revenue_frames.halves(*of, 6),
    "triangle": lambda *of: revenue_frames.triangle(*of, "money"),
    "movements": revenue_frames.movements,
    "funnel": acquisition_frames.funnel,
    "activation": lambda ledger, settings, group: acquisition_frames.activation_by_cohort(
        ledger, settings, "Side", group
    ),
}
OF_MOTIONS = SEGMENTED | {
    "partner curve": acquisition_frames.partner_curve,
    "partners by MRR": lambda ledger, settings, group: acquisition_frames.partners_by_mrr(ledger, settings, 200, group),
    # Blended CAC is that of all ways together, whichever is looked at.
    "cost": lambda *of: acquisition_frames.cost_trend(*of).drop(columns=["cac", "cac_customers"]),
}
BY_MONTH = ("movements", "activation", "funnel")
"""What a signup month leaves: the ages of customers are not told apart by it."""


def only(tmp_path, accounts=None, motion=None):
    """Load the sample with some of its accounts; of a motion, only its partners are left too."""
    tables = {name: pd.read_csv(path, dtype=str, keep_default_na=False) for name, path in SAMPLE_FILES}
    kept = tables["accounts.csv"]
    if motion:
        kept = kept[kept["motion"].isin([motion, "organic", ""])]
        # Spend stays whole: which months it covers is read from all of it, and whose it is stands in its rows.
        tables["partners.csv"] = tables["partners.csv"][tables["partners.csv"]["motion"] == motion]
    kept = kept if accounts is None else kept[accounts(kept)]
    revenue = tables["revenue.csv"]
    tables |= {"accounts.csv": kept, "revenue.csv": revenue[revenue["account_id"].isin(kept["account_id"])]}
    paths = []
    for name, table in tables.items():
        table.to_csv(tmp_path / name, index=False)
        paths.append((name, tmp_path / name))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return load_program(paths, scratch, TODAY).ledger


def alike(one, other):
    """Compare two frames but for what the side that is looked at is called, and months before anything happened."""
    for frame in (one, other):
        if "side" in frame:
            frame["side"] = ["Organic" if side == "Organic" else "Side" for side in frame["side"]]
    pd.testing.assert_frame_equal(one, other, check_dtype=False, check_index_type=False, rtol=1e-9)


@pytest.mark.parametrize("motion", PUBLISHED)
def test_a_motion(sample_program, tmp_path, motion):
    ledger, alone = sample_program.ledger, only(tmp_path, motion=motion)
    settings = m.Settings(as_of=ledger.last_month)
    group = (MOTIONS.index(motion),)
    for name, frame in OF_MOTIONS.items():
        filtered, by_itself = frame(ledger, settings, group), frame(alone, settings, group)
        assert len(filtered), name
        alike(_from(filtered, by_itself), by_itself)


def _from(frame, first):
    """The rows of a frame of months from the first month of another on: what is before it is nothing."""
    if "month" not in frame or frame["month"].iloc[0] == first["month"].iloc[0]:
        return frame
    before = frame["month"] < first["month"].min()
    assert not frame[before].select_dtypes("number").to_numpy().any()
    return frame[~before].reset_index(drop=True)


@pytest.mark.parametrize("segment", ["small", "mid-market", "enterprise"])
def test_a_segment(sample_program, tmp_path, segment):
    ledger = sample_program.ledger
    assert segment in ledger.segments
    alone = only(tmp_path, lambda accounts: accounts["segment"] == segment)
    settings = m.Settings(as_of=ledger.last_month)
    for group in (m.PARTNER, (MOTIONS.index("affiliate"),)):
        for frame in SEGMENTED.values():
            by_itself = frame(alone, settings, group)
            alike(_from(frame(ledger.of(segment=segment), settings, group), by_itself), by_itself)


@pytest.mark.parametrize("month", [2025 * 12, 2026 * 12 + 4])
def test_a_signup_month(sample_program, tmp_path, month):
    ledger = sample_program.ledger
    alone = only(tmp_path, lambda accounts: accounts["signed_up_on"].str.startswith(month_name(month)))
    settings = m.Settings(as_of=ledger.last_month)
    for name in BY_MONTH:
        frame = SEGMENTED[name](ledger.of(cohort=month), settings, m.PARTNER)
        by_itself = SEGMENTED[name](alone, settings, m.PARTNER)
        alike(_from(frame, by_itself), by_itself)
