"""Mix and rate add up to the change, and are those of the accounts themselves."""

import csv
import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions.cohorts.contract import MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.names import NAMES
from tests.conftest import SAMPLE_FILES

CELLS = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=6
)


@given(before=CELLS, now=CELLS)
def test_mix_and_rate_are_exactly_the_change(before, now):
    found = mix.split(before, now)
    if found is None:
        assert not all(sum(den for _, den in cells.values()) for cells in (before, now))
        return
    assert math.isclose(found.mix + found.rate, found.now - found.before, rel_tol=1e-9, abs_tol=1e-6)
    both = {name for name in before if name in now and before[name][1] and now[name][1]}
    for line in found.lines:
        if line.name in both:
            turned = next(one for one in mix.split(now, before).lines if one.name == line.name)
            assert (turned.mix, turned.rate) == pytest.approx((-line.mix, -line.rate), abs=1e-9)


def test_a_cell_of_one_time_only_is_all_mix():
    found = mix.split({"a": (5, 10)}, {"a": (5, 10), "b": (9, 10)})
    line = {one.name: one for one in found.lines}["b"]
    assert (line.rate, found.rate) == (0.0, 0.0)
    assert found.mix == pytest.approx(0.2)


def test_spend_without_a_motion_is_a_line_of_its_own():
    found = mix.split({"a": (100, 10), "rest": (50, 0)}, {"a": (100, 10), "rest": (80, 0)})
    line = {one.name: one for one in found.lines}["rest"]
    assert (line.mix, line.rate, found.now - found.before) == (0.0, 3.0, 3.0)


@pytest.fixture
def settings(sample_program):
    return m.Settings(as_of=sample_program.ledger.last_month)


def accounts():
    with dict(SAMPLE_FILES)["accounts.csv"].open(newline="", encoding="utf-8") as file:
        return {row["account_id"]: row for row in csv.DictReader(file)}


def paid():
    found = defaultdict(dict)
    with dict(SAMPLE_FILES)["revenue.csv"].open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            month = int(row["month"][:4]) * 12 + int(row["month"][5:7]) - 1
            found[row["account_id"]][month] = float(row["mrr"])
    return found


def test_the_change_of_nrr_is_that_of_the_accounts(sample_program, settings):
    known, mrr = accounts(), paid()
    cells = []
    for month in (settings.as_of - 12, settings.as_of):
        sums = defaultdict(lambda: [0.0, 0.0])
        for account, months in mrr.items():
            motion = known[account]["motion"] or "organic"
            if MOTIONS.index(motion) in m.PARTNER and months.get(month - 12, 0) > 0:
                sums[NAMES[motion]][0] += months.get(month, 0.0)
                sums[NAMES[motion]][1] += months[month - 12]
        cells.append({name: tuple(pair) for name, pair in sums.items()})
    found, wanted = mix.change("nrr", sample_program.ledger, settings, m.PARTNER), mix.split(*cells)
    assert (found.before, found.now) == pytest.approx((wanted.before, wanted.now))
    assert (found.mix, found.rate) == pytest.approx((wanted.mix, wanted.rate))
    # What others found in the sample: NRR rose from 73.1 to 91.6 %, about 11 points mix and 7 points rate.
    assert (round(found.mix * 100), round(found.rate * 100)) == (11, 7)


@pytest.mark.parametrize("metric", mix.CHANGING)
def test_every_metric_that_is_split_is_the_one_that_is_shown(sample_program, settings, metric):
    ledger = sample_program.ledger
    found = mix.change(metric, ledger, settings, m.PARTNER)
    earlier = settings.model_copy(update={"as_of": settings.as_of - 12})
    shown = [m.measure(m.BY_ID[metric], ledger, at, m.PARTNER).value for at in (earlier, settings)]
    assert (found.before, found.now) == pytest.approx(shown)
    assert found.mix + found.rate == pytest.approx(found.now - found.before)
    for line in found.lines:
        at = (next(at for at in m.PARTNER if NAMES[MOTIONS[at]] == line.name),)
        assert line.now == pytest.approx(m.measure(m.BY_ID[metric], ledger, settings, at).value)


def test_a_standardised_rate_has_organics_weights(sample_program, settings):
    known, mrr = accounts(), paid()
    sides = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for account, months in mrr.items():
        row = known[account]
        motion = row["motion"] or "organic"
        side = "organic" if motion == "organic" else "partner" if MOTIONS.index(motion) in m.PARTNER else ""
        if months.get(settings.as_of - 12, 0) > 0:
            cell = sides[side][row["segment"], row["signed_up_on"][:4]]
            cell[0] += months.get(settings.as_of, 0.0)
            cell[1] += months[settings.as_of - 12]
    both = [cell for cell in sides["organic"] if cell in sides["partner"]]
    weight = sum(sides["organic"][cell][1] for cell in both)
    rate = sum(sides["organic"][cell][1] * sides["partner"][cell][0] / sides["partner"][cell][1] for cell in both)
    found = mix.standardised("nrr", sample_program.ledger, settings, m.PARTNER)
    assert found.value == pytest.approx(rate / weight)
    assert found.covered == pytest.approx(weight / sum(base for _, base in sides["organic"].values()))
    assert (found.raw, found.organic) == pytest.approx(
        (
            m.nrr(sample_program.ledger, settings, m.PARTNER).value,
            m.nrr(sample_program.ledger, settings, m.ORGANIC).value,
        )
    )


def test_a_standardised_rate_that_covers_too_little_is_unknown(load):
    rows = [
        f"A{at},2024-0{1 + at % 3}-02,{'affiliate' if at % 2 else ''},{'s' if at % 2 or at < 6 else 'l'}"
        for at in range(40)
    ]
    files = {
        "a.csv": "account_id,signed_up_on,motion,segment\n" + "\n".join(rows),
        "r.csv": "account_id,month,mrr\n" + "".join(
            f"A{at},{2024 + n // 12}-{n % 12 + 1:02d},100\n" for at in range(40) for n in range(3, 20)
        ),
    }  # fmt: skip
    ledger = load(files).ledger
    found = mix.standardised("nrr", ledger, m.Settings(as_of=ledger.last_month), m.PARTNER)
    assert found.covered == pytest.approx(3 / 20)
    assert (found.value, found.organic_there) == (None, None)


def test_cells_of_few_accounts_are_named_whatever_is_measured(load):
    """Organic accounts are nearly all small, where only five affiliates are: the standardised figure rests on these."""
    rows = [f"O{at},2024-01-02,,{'s' if at < 55 else 'l'}" for at in range(60)]
    rows += [f"P{at},2024-01-02,affiliate,{'s' if at < 5 else 'l'}" for at in range(60)]
    names = [row.split(",")[0] for row in rows]
    files = {
        "a.csv": "account_id,signed_up_on,motion,segment\n" + "\n".join(rows),
        "r.csv": "account_id,month,mrr\n"
        + "".join(f"{name},{2024 + n // 12}-{n % 12 + 1:02d},100\n" for name in names for n in range(20)),
    }
    ledger = load(files).ledger
    for metric in ("nrr", "customer_churn"):
        found = mix.standardised(metric, ledger, m.Settings(as_of=ledger.last_month), m.PARTNER)
        assert set(found.thin) == {"s 2024", "l 2024"}, metric


def test_the_intervals_of_mix_and_rates_are_those_of_cells_estimated_apart(sample_program):
    """By drawing the rates of each cell anew, its shares given."""
    ledger = sample_program.ledger
    now = m.Settings(as_of=ledger.last_month)
    then = now.model_copy(update={"as_of": now.as_of - 12})
    found = mix.change("activation", ledger, now, m.PARTNER)
    draws = np.random.default_rng(5)
    mixes, rates = [], []
    for _ in range(4000):
        cells = []
        for chosen in (then, now):
            cells.append({})
            for line in found.lines:
                at = next(at for at, motion in enumerate(MOTIONS) if NAMES[motion] == line.name)
                one = m.measure(m.BY_ID["activation"], ledger, chosen, (at,))
                share = line.share_before if chosen == then else line.share_now
                cells[-1][line.name] = (draws.normal(one.value, (one.high - one.low) / 2 / 1.959964) * share, share)
        drawn = mix.split(*cells)
        mixes.append(drawn.mix)
        rates.append(drawn.rate)
    assert found.mix_half == pytest.approx(1.959964 * np.std(mixes), rel=0.05)
    assert found.rate_half == pytest.approx(1.959964 * np.std(rates), rel=0.05)
