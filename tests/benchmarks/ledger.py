"""The ledger from 100,000 accounts against parsing the same files with no work, and all metrics from it.

Each measurement is a process of its own and counts the import of the engine; the two take turns.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ACCOUNTS, ROUNDS = 1_000_000, 3
OUT = Path(__file__).parent / "out"
NAMES = ("accounts", "revenue", "partners", "spend")
TODAY = date(2026, 11, 22)


def files():
    """Make the program once; about 1.1 million rows of revenue."""
    folder = OUT / f"{ACCOUNTS}"
    if not (folder / "spend.csv").exists():
        from sample_data.generate import main  # noqa: PLC0415

        main(ACCOUNTS, folder, busy=True)
    return [(f"{name}.csv", folder / f"{name}.csv") for name in NAMES]


def parse_only():
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
    for name, path in files():
        types = typed[name.removesuffix(".csv")]
        columns = ", ".join(f"'c{at}': '{kind}'" for at, kind in enumerate(types))
        counts = ", ".join(f"count(c{at})" for at in range(len(types)))
        con.execute(
            f"SELECT {counts} FROM read_csv('{path}', columns = {{{columns}}}, header = true, auto_detect = false)"
        ).fetchall()
    return {"seconds": time.perf_counter() - start}


def whole():
    """Files to ledger as the app does it, checks of attribution included; and the share of the ledger in it."""
    start = time.perf_counter()
    from motions.cohorts.program import load_program  # noqa: PLC0415

    reached = []
    with tempfile.TemporaryDirectory() as folder:
        program = load_program(
            files(),
            Path(folder),
            TODAY,
            progress=lambda share, step: reached.append((share, time.perf_counter() - start)),
        )
    to_ledger = next(at for share, at in reached if share >= 0.9)
    return {
        "seconds": to_ledger,
        "with_checks": time.perf_counter() - start,
        "rows": sum(file.rows for file in program.files),
        "ledger_rows": len(program.ledger.by_cohort["month"]),
    }


def ledger():
    files()
    times = {"parse_only": [], "whole": []}
    for _ in range(ROUNDS):
        for name, results in times.items():
            source = f"import json; from tests.benchmarks import ledger; print(json.dumps(ledger.{name}()))"
            done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
            results.append(json.loads(done.stdout))
    pairs = list(zip(times["whole"], times["parse_only"], strict=True))
    ratio = statistics.median(one["seconds"] / other["seconds"] for one, other in pairs)
    checked = statistics.median(one["with_checks"] / other["seconds"] for one, other in pairs)
    middle = [statistics.median(one["seconds"] for one in results) for results in times.values()]
    print(
        f"ledger from {ACCOUNTS:,} accounts ({times['whole'][0]['rows']:,} rows): {ratio:.1f} × parsing alone "
        f"(aim ≤ 5), {checked:.1f} × with the attribution checks; {middle[1]:.2f} against {middle[0]:.2f} s, "
        f"{times['whole'][0]['ledger_rows']:,} ledger rows, n = {ROUNDS}"
    )


def metrics():
    from motions.cohorts import health  # noqa: PLC0415
    from motions.cohorts import metrics as m  # noqa: PLC0415
    from motions.cohorts.program import load_program  # noqa: PLC0415
    from motions.cohorts.tables import GROUPS  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        ledger_ = load_program(files(), Path(folder), TODAY).ledger
    times = []
    for change in range(31):
        settings = m.Settings(as_of=ledger_.last_month - change % 3, window=(3, 12)[change % 2])
        start = time.perf_counter()
        for metric in m.METRICS:
            for _, group in GROUPS:
                m.measure(metric, ledger_, settings, group)
        health.verdicts(ledger_, settings)
        times.append((time.perf_counter() - start) * 1000)
    print(
        f"all metrics and verdicts of {len(GROUPS)} groups from the ledger of {ACCOUNTS:,} accounts: "
        f"{statistics.median(times):.1f} ms (aim ≤ 20), slowest {max(times):.1f} ms, n = {len(times)}"
    )
