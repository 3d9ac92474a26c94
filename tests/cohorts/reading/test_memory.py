"""What all readings together may use of the memory, and what goes back to the system."""

import ctypes
import os
import platform
import threading
import time
from pathlib import Path

import pytest

from motions.cohorts.reading.memory import Budget
from motions.errors import LimitError
from tests.cohorts.reading.rows import closing
from tests.conftest import SAMPLE_FILES


def test_a_budget_lends_what_it_has_in_the_order_of_asking():
    budget, order, waits = Budget(300), [], []
    first = budget.turn(200)
    first.__enter__()

    def read(name, megabytes):
        with budget.turn(megabytes, lambda: waits.append(name)):
            assert budget.free >= 0
            order.append(name)

    large = threading.Thread(target=read, args=("large", 200))
    large.start()
    while "large" not in waits:
        time.sleep(0.01)
    small = threading.Thread(target=read, args=("small", 100))  # it would fit, but came later
    small.start()
    while "small" not in waits:
        time.sleep(0.01)
    assert order == []
    first.__exit__(None, None, None)
    large.join(5)
    small.join(5)
    assert order == ["large", "small"]
    assert budget.free == 300


def test_who_leaves_the_queue_holds_nobody_up(tmp_path):
    budget = Budget(300)
    with budget.turn(300):

        def gone():
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt), budget.turn(100, gone):
            pass
    with budget.turn(300):
        assert budget.free == 0
    assert budget.free == 300
    file = tmp_path / "large.csv"
    file.write_bytes(b"x" * 1_000_000)
    assert (budget.needed([file]), budget.needed([file] * 100)) == (206, 300)


def test_so_many_readings_go_on_at_a_time_and_so_many_wait_and_who_comes_then_is_told():
    budget, waits = Budget(1000, readings=1, waiting=1), threading.Event()

    def wait():
        with budget.turn(100, waits.set):
            pass

    second = threading.Thread(target=wait)
    with budget.turn(100):
        second.start()
        assert waits.wait(5)  # there is memory, and one reads already
        with pytest.raises(LimitError, match=r"with 1 more waiting\. Yours are still here"), budget.turn(100):
            pass
    second.join(5)
    assert (budget.free, budget.turns) == (1000, 1)


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives back on request")
def test_what_is_free_between_small_things_goes_back_to_the_system():
    blocks = [bytes(100_000) for _ in range(2_000)]  # each below the size that glibc maps by itself
    kept = blocks[::20]
    full = resident()
    del blocks
    with Budget(100).turn(100):
        pass
    assert len(kept) == 100
    assert resident() < full - 100_000_000


def test_where_nothing_can_be_given_back_a_turn_ends_as_well(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    budget = Budget(300)
    with budget.turn(300):
        pass
    assert budget.free == 300


def test_a_word_of_the_ledger_is_one_object(sample_program):
    rows = sample_program.ledger.by_partner
    for name in ("motion", "partner_id"):
        assert len({id(word) for word in rows[name]}) == len(set(rows[name])) < len(rows[name])


def test_a_reading_with_little_memory_gives_the_same(load, sample_program):
    program = load({name: path.read_bytes() for name, path in SAMPLE_FILES}, memory=100)
    assert closing(program) == closing(sample_program)
    assert [one.count for one in program.findings] == [one.count for one in sample_program.findings]
