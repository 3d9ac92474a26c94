"""Files to ledger: against parsing the same files with no work, against plain pandas, and with little memory.

Each measurement is a process of its own and counts the import of the engine; they take turns.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.benchmarks.limits import at_least, at_most, must

SIZES = (10_000, 100_000, 1_000_000)
OUT = Path(__file__).parent / "out"
NAMES = ("accounts", "revenue", "partners", "spend")
TODAY = date(2026, 11, 22)


def folder(accounts):
    """Where the files of a busy program of that many accounts are; made once, about 16 rows of revenue an account."""
    path = OUT / f"{accounts}"
    if not (path / "spend.csv").exists():
        from sample_data.generate import main  # noqa: PLC0415

        main(accounts, path, busy=True)
    return path


def files(accounts):
    return [(f"{name}.csv", folder(accounts) / f"{name}.csv") for name in NAMES]


def measured(function, *arguments):
    """Run a function of this package in a process of its own: what it returns, with its seconds and peak in MB."""
    source = (
        f"import json; from tests.benchmarks import ledger, {function.__module__.rsplit('.', 1)[-1]} as module; "
        f"result = module.{function.__name__}(*{arguments!r}); "
        "print(json.dumps(result | {'peak': ledger.memory('self', 'VmHWM')}))"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def memory(process, which="VmRSS"):
    """Megabytes that a process holds, or has held at most (VmHWM)."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(which)) / 1024


def parse_only(accounts):
    """DuckDB types every column of the four files and counts, nothing else."""
    start = time.perf_counter()
    import duckdb  # noqa: PLC0415

    typed = {
        "accounts": ["VARCHAR", "DATE", "VARCHAR", "VARCHAR", "DATE", "DATE", "VARCHAR"],
        "revenue": ["VARCHAR", "VARCHAR", "DECIMAL(18,2)", "VARCHAR"],
        "partners": ["VARCHAR", "VARCHAR", "VARCHAR", "DATE", "DATE"],
        "spend": ["VARCHAR", "DECIMAL(18,2)", "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR"],
    }
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")  # it would be printed among the results
    for name, path in files(accounts):
        types = typed[name.removesuffix(".csv")]
        counts = ", ".join(f"count(c{at})" for at in range(len(types)))
        con.execute(f"SELECT {counts} FROM {csv(path, types)}").fetchall()
    return {"seconds": time.perf_counter() - start}


def csv(path, types):
    columns = ", ".join(f"'c{at}': '{kind}'" for at, kind in enumerate(types))
    return f"read_csv('{path}', columns = {{{columns}}}, header = true, auto_detect = false)"


def whole(accounts, memory=None):
    """Files to ledger as the app does it, checks of attribution included; and the share of the ledger in it."""
    start = time.perf_counter()
    from motions.cohorts.program import load_program  # noqa: PLC0415

    reached = []
    with tempfile.TemporaryDirectory() as scratch:
        program = load_program(
            files(accounts),
            Path(scratch),
            TODAY,
            progress=lambda share, step: reached.append((share, time.perf_counter() - start)),
            **({"memory": memory} if memory else {}),
        )
    by_cohort = program.ledger.by_cohort
    return {
        "seconds": next(at for share, at in reached if share >= 0.9),
        "with_checks": time.perf_counter() - start,
        "rows": sum(file.rows for file in program.files),
        "ledger_rows": len(by_cohort["month"]),
        "sums": {
            name: int(by_cohort[name].sum()) for name in ("closing", "new_mrr", "expansion", "churn", "retained_12")
        },
    }


def pandas(accounts):
    start = time.perf_counter()
    from tests.benchmarks.plain_pandas import ledger as plain  # noqa: PLC0415

    by_cohort, _ = plain(folder(accounts))
    last = by_cohort.index.get_level_values("month").max()
    sums = {name: int(by_cohort[name].sum()) for name in ("closing", "new_mrr", "expansion", "retained_12")}
    sums["churn"] = int(by_cohort["leaving"][by_cohort.index.get_level_values("month") < last].sum())
    return {"seconds": time.perf_counter() - start, "sums": sums}


def ledger(sizes=SIZES):
    for accounts in sizes:
        folder(accounts)
        rounds = 5 if accounts == SIZES[0] else 3
        turns = {function.__name__: [] for function in (parse_only, whole, pandas)}
        for _ in range(rounds):
            for function in (parse_only, whole, pandas):
                turns[function.__name__].append(measured(function, accounts))
        ours, floor, plain = turns["whole"], turns["parse_only"], turns["pandas"]
        if any(one["sums"] != ours[0]["sums"] for one in ours + plain):
            raise AssertionError("the ledgers differ")
        peak, peak_of_pandas = (max(one["peak"] for one in results) for results in (ours, plain))
        print(
            f"ledger from {accounts:,} accounts ({ours[0]['rows']:,} rows): "
            f"{at_most(ratio(ours, floor), 'parsing alone', 6, limit=15)}, "
            f"{ratio(ours, floor, 'with_checks'):.1f} × with the attribution checks; "
            f"{at_least(ratio(plain, ours), 'faster than plain pandas', 3.5, limit=1)} in "
            f"{at_most(peak / peak_of_pandas, 'its memory', 0.5, limit=1, digits=2)}: {middle(ours):.2f} s "
            f"and {peak:.0f} MB, parsing {middle(floor):.2f} s, pandas {middle(plain):.2f} s and "
            f"{peak_of_pandas:.0f} MB; {ours[0]['ledger_rows']:,} ledger rows, n = {rounds}"
        )


def ordinary(sizes=SIZES[:2]):
    """Ordinary sizes as a user has them: whole processes with all checks, byte code warm, processor seconds of each."""
    for accounts in sizes:
        folder(accounts)
        turns = {function: [] for function in (parse_only, whole, pandas)}
        for number in range(6):
            for function, found in turns.items():
                once = whole_process(function, accounts)
                found.extend([once] if number else [])  # the first makes the byte code
        # The least of each: whatever else the machine does only adds.
        floor, ours, plain = (min(cpu for cpu, _ in taken) for taken in turns.values())
        waited, waited_plain = (min(wall for _, wall in turns[function]) for function in (whole, pandas))
        said = (
            at_most(ours / plain, "plain pandas", 1, limit=2.5, digits=2)
            if accounts == SIZES[0]
            else at_least(plain / ours, "as fast as plain pandas", 2, limit=0.6, digits=2)
        )
        print(
            f"whole process of {accounts:,} accounts, byte code warm: {said} in processor time, {ours:.2f} against "
            f"{plain:.2f} s (parsing alone {floor:.2f}); {waited:.2f} against {waited_plain:.2f} s to wait"
        )


def whole_process(function, *arguments):
    """Run a function of this module in a process of its own: its seconds of processor time, and those to wait."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    source = f"from tests.benchmarks import ledger; ledger.{function.__name__}(*{arguments!r})"
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", source], env={**env, "PYTHONPYCACHEPREFIX": str(OUT / "code")})
    _, failed, used = os.wait4(process.pid, 0)
    process.returncode = failed  # it has been waited for
    if failed:
        raise AssertionError(f"{function.__name__} failed")
    return used.ru_utime + used.ru_stime, time.perf_counter() - start


def little_memory(accounts=SIZES[-1]):
    """The largest program with half the memory: slower, and the same figures."""
    much = measured(whole, accounts)
    little = measured(whole, accounts, 512)
    same = must(much["sums"] == little["sums"], "the same sums", "OTHER SUMS with little memory")
    print(
        f"engine held to 512 MB, {accounts:,} accounts: {same}, {little['seconds'] / much['seconds']:.2f} × the time, "
        f"peak {little['peak']:.0f} instead of {much['peak']:.0f} MB"
    )


def plain_load(accounts):
    """Type revenue.csv into a table with no check of any kind."""
    start = time.perf_counter()
    import duckdb  # noqa: PLC0415

    path = folder(accounts) / "revenue.csv"
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")  # it would be printed among the results
    con.execute(
        "CREATE TABLE revenue AS SELECT c0, year(c1) * 12 + month(c1) AS month, CAST(c2 * 100 AS BIGINT) AS mrr, c3 "
        f"FROM (SELECT * REPLACE (CAST(c1 || '-01' AS DATE) AS c1) FROM "
        f"{csv(path, ['VARCHAR', 'VARCHAR', 'DECIMAL(18,2)', 'VARCHAR'])})"
    )
    return {"seconds": time.perf_counter() - start}


def accounted_load(accounts, broken):
    """Read revenue.csv with every cell checked and every line accounted for."""
    start = time.perf_counter()
    from motions.cohorts.contract import BY_NAME  # noqa: PLC0415
    from motions.cohorts.reading.engine import connect  # noqa: PLC0415
    from motions.cohorts.reading.read import create_table, read_file  # noqa: PLC0415
    from motions.cohorts.reading.recognise import recognise  # noqa: PLC0415

    path = folder(accounts) / ("broken.csv" if broken else "revenue.csv")
    with tempfile.TemporaryDirectory() as scratch:
        con = connect(Path(scratch), [path])
        create_table(con, BY_NAME["revenue"])
        file = recognise("revenue.csv", path, Path(scratch))
        _, report, _ = read_file(con, file, 0, Path(scratch), TODAY)
        con.close()
    return {"seconds": time.perf_counter() - start, "accepted": report.accepted, "rejected": report.rejected}


def counting(accounts):
    """What the accounting of every line adds to it: their number, and a look at the first of them."""
    from motions.cohorts.reading.read import look_through  # noqa: PLC0415

    start = time.perf_counter()
    look_through(folder(accounts) / "revenue.csv", 1)
    return {"seconds": time.perf_counter() - start}


def accounting(accounts=SIZES[-1]):
    path = folder(accounts) / "broken.csv"
    if not path.exists():
        lines = (folder(accounts) / "revenue.csv").read_text("utf-8").splitlines(keepends=True)
        for number, at in enumerate(range(20_000, len(lines), len(lines) // 500)):
            faults = ("A1,2025-01\n", "A1,2025-99,12.00,USD\n", "A1,2025-01,twelve,USD\n", '"A1,2025-01,12.00,USD\n')
            lines[at] = faults[number % len(faults)]
        path.write_text("".join(lines), "utf-8")
    turns = {"plain": [], "counting": [], "clean": [], "broken": []}
    for _ in range(3):
        turns["plain"].append(measured(plain_load, accounts))
        turns["counting"].append(measured(counting, accounts))
        turns["clean"].append(measured(accounted_load, accounts, False))
        turns["broken"].append(measured(accounted_load, accounts, True))
    broken = turns["broken"][0]
    exact = broken["accepted"] + broken["rejected"] == turns["clean"][0]["accepted"]
    print(
        f"a clean file of {turns['clean'][0]['accepted']:,} rows: counting its lines makes a plain load "
        f"{at_most(1 + ratio(turns['counting'], turns['plain']), 'as long', 1.4, limit=3, digits=2)}, with the exact "
        f"check of every cell {ratio(turns['clean'], turns['plain']):.2f} ×: {middle(turns['clean']):.2f} against "
        f"{middle(turns['plain']):.2f} s; with "
        f"{broken['rejected']} bad lines {middle(turns['broken']):.1f} s, "
        f"{must(exact, 'every line accounted for', 'LINES LOST')}"
    )


def ratio(results, others, which="seconds"):
    """Median of the ratios of measurements that were taken one after the other."""
    return statistics.median(one[which] / other["seconds"] for one, other in zip(results, others, strict=True))


def middle(results):
    return statistics.median(one["seconds"] for one in results)
