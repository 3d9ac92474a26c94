"""A clean file is read strictly, one with a bad row record by record: both judge every cell the same."""

import pytest

from motions.errors import FileError
from tests.conftest import one_now

CELLS = (
    "2025-04,1", "2025-04-01,1.5", "2025-04-01T00:00,1", "24-04-2001,1", "2025-4,1", "0024-04,1", "2025/04/01,1",
    "2025 04 01,1", " 2025-1,1", "epoch,1", "2025-04,100000000000000", "2025-04-01x,1", " 2025-04,1", "2025-04,0x10",
    "2025-04,1_000", "2025-04,+1", "2025-04,.5",
)  # fmt: skip


def test_strict_reading_accepts_nothing_that_the_accounting_refuses(load):
    """The same rows, once alone (strict) and once beside a bad row (accounted): the same are accepted."""
    accepted = []
    for extra in ("", "Z,never,1\n"):
        head = "account_id,month,mrr\n"
        files = {f"{at}.csv": f"{head}B{at},2025-01,1\nA{at},{cells}\n{extra}" for at, cells in enumerate(CELLS)}
        accepted.append({CELLS[int(file.name[:-4])]: file.accepted for file in load(files).files})
    assert accepted[0] == accepted[1]
    assert set(accepted[0].values()) == {1, 2}  # some are accepted, others are not


def test_strict_reading_of_dates_is_as_exact_as_the_accounting(load):
    for day in ("2026-1-2", "2026-01-02x", "epoch", "26-01-02", "infinity", "2026-01-02 (BC)"):
        with pytest.raises(FileError, match="no row that fits"):
            load({"a.csv": f"account_id,signed_up_on\nA1,{day}\n"})


@pytest.mark.parametrize("currency", one_now(["eur", "USD", "AED", "XAU", "US", "USDX", ""]))
def test_a_currency_is_judged_the_same_in_a_clean_file_and_beside_a_bad_row(load, currency):
    rows = f"account_id,month,mrr,currency\nA2,2025-01,1,{'USD' if len(currency) != 3 else currency}\n"
    rows += f"A1,2025-02,1,{currency}\n"
    alone, beside = (load({"r.csv": rows + more}) for more in ("", "A2,never,1,USD\n"))
    assert alone.files[0].accepted == beside.files[0].accepted
    assert alone.currencies == beside.currencies


@pytest.mark.parametrize(
    ("month", "accepted"),
    [
        ("2026-11", True), ("2026-11-30", True), ("2026-12", False), ("2026-12-01", False), ("2016-11", True),
        ("2016-12", True), ("2012-02-29", True), ("1970-02", True), ("1970-01", False), ("2013-02-29", False),
        ("2026-1", False), ("2026-11 ", True),
    ],
)  # fmt: skip
def test_a_month_is_judged_the_same_in_a_clean_file_and_beside_a_bad_row(load, month, accepted):
    """Today is 2026-11-22; the months of the last ten years are known by their text, others are read."""
    rows = f"account_id,month,mrr\nA1,{month},1\nA2,2025-01,1\n"
    alone, beside = (load({"r.csv": rows + more}) for more in ("", "A3,never,1\n"))
    assert alone.files[0].accepted == beside.files[0].accepted == 1 + accepted
    newest = max(2025 * 12, 12 * int(month[:4]) + int(month[5:7]) - 1) if accepted else 2025 * 12
    newest = 2025 * 12 if month.startswith("2026-11") else newest  # the running month is never the last full one
    assert alone.ledger.last_month == beside.ledger.last_month == newest
