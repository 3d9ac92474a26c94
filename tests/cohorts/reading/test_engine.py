"""The engine that reads: what it may touch, and several at the same time."""

import os
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from motions.cohorts.program import load_program
from motions.cohorts.reading.engine import LAST, SMALL, connect
from tests.cohorts.reading.rows import ACCOUNTS, REVENUE, closing
from tests.conftest import TODAY


def test_the_engine_can_touch_only_its_folder(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out.csv"
    inside.mkdir()
    outside.write_text("secret\n1\n", "utf-8")
    con = connect(inside)
    for query in (
        f"SELECT * FROM read_csv('{outside}')",
        f"SELECT * FROM read_text('{outside}')",
        f"COPY (SELECT 1) TO '{outside}'",
        "SET memory_limit = '100GB'",
        "INSTALL httpfs",
        f"ATTACH '{tmp_path / 'x.db'}'",
    ):
        with pytest.raises(duckdb.Error):
            con.execute(query)
    con.close()
    assert outside.read_text("utf-8") == "secret\n1\n"


def test_a_file_name_is_never_a_path_nor_sql(load):
    program = load({"../../etc/pass'wd; DROP TABLE accounts.csv": ACCOUNTS, "r.csv": REVENUE})
    assert closing(program) > 0


def test_programs_loaded_at_the_same_time_do_not_mix(tmp_path):
    results = {}

    def work(number):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "a.csv").write_text(ACCOUNTS, "utf-8")
        (folder / "r.csv").write_text(f"account_id,month,mrr\nA1,2025-02,{number}\n", "utf-8")
        files = [("a.csv", folder / "a.csv"), ("r.csv", folder / "r.csv")]
        results[number] = closing(load_program(files, folder, TODAY))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: number * 100 for number in range(1, 7)}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
def test_its_threads_stand_back_behind_whoever_moves_a_slider(tmp_path):
    big = tmp_path / "big.csv"
    big.write_bytes(b"x" * SMALL)

    def priorities():
        return [Path(f"/proc/self/task/{one}/stat").read_text().rpartition(")")[2].split()[16] for one in tasks()]

    def tasks():
        return sorted(os.listdir("/proc/self/task"))

    before, own = priorities(), os.getpriority(os.PRIO_PROCESS, 0)
    con = connect(tmp_path, [big])
    con.execute("SELECT sum(range) FROM range(1_000_000)").fetchall()
    assert priorities().count(str(LAST)) > before.count(str(LAST))
    assert os.getpriority(os.PRIO_PROCESS, 0) == own  # it asks as anybody does
    con.close()
