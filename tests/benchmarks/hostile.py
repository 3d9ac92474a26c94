"""Files made to hurt: each has to be read or refused in seconds and with bounded memory."""

import tempfile
import time
from pathlib import Path

from tests.benchmarks.ledger import TODAY, measured

HEADER = "account_id,month,mrr\n"
FILES = {
    "five million bad cells": lambda out: repeat(out, HEADER, "A1,2025-01,ten\n", 5_000_000),
    "five million short lines": lambda out: repeat(out, HEADER, "A1,2025-01\n", 5_000_000),
    "a million quotes left open": lambda out: repeat(out, HEADER, '"A1,2025-01,10\n', 1_000_000),
    "20,000 columns": lambda out: repeat(
        out, ",".join(f"c{at}" for at in range(20_000)) + "\n", ",".join(["1"] * 20_000) + "\n", 50
    ),
    "20,000 columns beside ours": lambda out: repeat(
        out,
        HEADER[:-1] + "," + ",".join(f"c{at}" for at in range(20_000)) + "\n",
        "A1,2025-01,10," + ",".join(["1"] * 20_000) + "\n",
        50,
    ),
    "one line of 500 MB": lambda out: repeat(out, HEADER, "A" * 1_000_000, 500),
}


def repeat(out, head, piece, times):
    with out.open("w") as file:
        file.write(head)
        for _ in range(times // 1000):
            file.write(piece * 1000)
        file.write(piece * (times % 1000))


def load(name):
    from motions.cohorts.program import load_program  # noqa: PLC0415
    from motions.errors import FileError  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "hostile.csv"
        FILES[name](path)
        size = path.stat().st_size / 1e6
        start = time.perf_counter()
        try:
            program = load_program([("hostile.csv", path)], Path(scratch), TODAY)
            said = ", ".join(f"{file.accepted} of {file.rows} rows" for file in program.files)
        except FileError as error:
            said = str(error)
        return {"seconds": time.perf_counter() - start, "said": said, "size": size}


def hostile():
    for name in FILES:
        result = measured(load, name)
        print(
            f"{name} ({result['size']:.0f} MB): {result['seconds']:.1f} s, peak {result['peak']:.0f} MB: "
            f"{result['said'][:150]}"
        )
