"""Wide sheets of revenue: a row an account, a column a month. They give what the same figures in long form give."""

import csv
import random
from datetime import date
from pathlib import Path

import pytest

from motions.cohorts.program import Program, load_program
from motions.cohorts.reading.mapping import HELD_AT_THE_END, QUARTER, QUARTERS, YEAR
from motions.cohorts.reading.recognise import recognise
from motions.cohorts.reading.wide import time_of
from motions.errors import FileError

TODAY = date(2026, 11, 20)
MONTHS = [f"{2025 + at // 12}-{at % 12 + 1:02}" for at in range(18)]
NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ACCOUNTS = [["account_id", "signed_up_on", "motion"], *([f"A{at}", "2024-12-05", "affiliate"] for at in range(12))]


def paid(seed: int = 5) -> dict[str, list[int]]:
    chance = random.Random(seed)
    found = {}
    for at in range(12):
        price, stays = chance.choice((100, 150, 1_200)), chance.choice((7, 12, 18, 18, 18))
        found[f"A{at}"] = [price if month < stays else 0 for month in range(18)]
    return found


def write(folder: Path, name: str, rows: list[list[object]], delimiter: str = ",") -> tuple[str, Path]:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return name, path


def load(folder: Path, *files: tuple[str, Path], **how: object) -> Program:
    accounts = write(folder, "accounts.csv", [list(row) for row in ACCOUNTS])
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return load_program([accounts, *files], scratch, TODAY, **how)  # type: ignore[arg-type]


def mrr(program: Program) -> list[int]:
    ledger = program.ledger
    return [int(ledger.at("closing", month).sum()) for month in range(ledger.last_month - 17, ledger.last_month + 1)]


HEADERS = {
    "year and month": MONTHS,
    "names": [f"{NAMES[int(month[5:]) - 1]}-{month[2:4]}" for month in MONTHS],
    "days": [f"{month}-01 00:00:00" for month in MONTHS],
    "slashes": [f"{month[5:]}/{month[:4]}" for month in MONTHS],
}


@pytest.mark.parametrize("header", HEADERS)
def test_wide_and_long_are_the_same(tmp_path: Path, header: str) -> None:
    rows = paid()
    sheet = [["Customer", *HEADERS[header]], *([who, *amounts] for who, amounts in rows.items())]
    long = [["account_id", "month", "mrr"]]
    long += [
        [who, month, str(one)] for who, amounts in rows.items() for month, one in zip(MONTHS, amounts, strict=True)
    ]
    one = load(tmp_path, write(tmp_path, "wide.csv", sheet))
    other = load(tmp_path, write(tmp_path, "long.csv", [list(row) for row in long]))
    assert mrr(one) == mrr(other) == [100 * sum(column) for column in zip(*rows.values(), strict=True)]


def test_blanks_dashes_totals_and_months_to_come(tmp_path: Path) -> None:
    sheet = [
        ["Customer", "Segment", "Jan 25", "Feb 25", "Mar 25", "Apr 25", "May 25"],
        ["A1", "x", 100, "", "-", "", 0],
        ["A2", "y", 200, 200, 200, "", 0],
        ["Total", "", 300, 200, 200, "", 0],
    ]
    program = load(tmp_path, write(tmp_path, "wide.csv", sheet))
    ledger = program.ledger
    assert [int(ledger.at("closing", ledger.last_month - back).sum()) for back in (2, 1, 0)] == [300_00, 200_00, 200_00]
    said = " ".join(program.notes)
    assert "wide.csv has a column a month, Jan 25 to Mar 25: cells are taken for MRR." in said
    assert "May 25: taken as months that have not come" in said
    assert "Line 4 (Total) adds the others up" in said
    assert "1 column of the sheet not read: Segment" in said


def test_a_customer_that_is_called_total_stays(tmp_path: Path) -> None:
    sheet = [["Customer", "Jan 25", "Feb 25", "Mar 25"], ["A1", 100, 100, 100], ["Total", 70, 70, 70], ["A2", 5, 5, 5]]
    program = load(tmp_path, write(tmp_path, "wide.csv", sheet))
    assert not any("adds the others up" in note for note in program.notes)
    assert any("A3" in note or "account" in note for note in program.notes)  # it is revenue that no account has


def test_what_does_not_fit_is_named_by_its_row_and_column_in_the_sheet(tmp_path: Path) -> None:
    sheet = [
        ["Revenue by customer"],
        ["Customer", "Jan 25", "Feb 25", "Mar 25"],
        ["A1", 100, 100, 100],
        ["A2", 100, "soon", 100],
        ["A3", 100],
    ]
    name, path = write(tmp_path, "wide.csv", sheet)
    program = load(tmp_path, (name, path))
    found = [(one.line, one.column, one.value) for one in program.rejects]
    assert found == [(4, "Feb 25", "soon"), (5, "", "A3,100")]
    report = next(one for one in program.files if one.name == "wide.csv")
    assert report.accepted + report.rejected == report.rows == 7
    source = next(one for one in program.sources if one.name == "wide.csv")
    assert source.original == path


def test_a_year_that_no_column_says_is_asked_and_counted_on(tmp_path: Path) -> None:
    names = [*NAMES[6:], *NAMES[:6]]
    sheet = [["Customer", *names], ["A1", *range(100, 112)], ["A2", *range(100, 112)]]
    file = write(tmp_path, "wide.csv", sheet)
    with pytest.raises(FileError, match="Of which year is the first, Jul"):
        load_program([file], tmp_path, TODAY)
    asked = recognise(*file, tmp_path)
    (question,) = asked.questions
    answered = asked.complete().answered(question.part, question.key, "2025")
    program = load(tmp_path, file, corrections={"wide.csv": answered})
    assert program.ledger.last_month == 2026 * 12 + 5
    assert mrr(program)[-12:] == [2 * 100 * amount for amount in range(100, 112)]
    assert YEAR not in answered.for_another().constants


@pytest.mark.parametrize(("said", "months"), [(QUARTERS[0], [3333, 3333, 3334]), (HELD_AT_THE_END, [10_000] * 3)])
def test_a_quarter_is_asked_and_divided_to_the_cent(tmp_path: Path, said: str, months: list[int]) -> None:
    file = write(tmp_path, "wide.csv", [["Customer", "Q1 2025", "Q2 2025", "2025 Q3"], ["A1", "$100", 100, "100.00"]])
    asked = recognise(*file, tmp_path)
    assert [one.key for one in asked.questions] == [QUARTER]
    program = load(tmp_path, file, corrections={"wide.csv": asked.complete().answered("constants", QUARTER, said)})
    assert mrr(program)[-9:] == months * 3


def test_what_else_has_months_for_columns_is_no_sheet_of_accounts(tmp_path: Path) -> None:
    partners = write(tmp_path, "a.csv", [["Partner", "Jan 25", "Feb 25", "Mar 25"], ["P1", 1, 2, 3]])
    triangle = write(tmp_path, "b.csv", [["cohort", "size", *range(1, 13)], ["2025-01", 9, *range(12)]])
    assert recognise(*partners, tmp_path).sheet is None
    assert recognise(*triangle, tmp_path).mapping.kind == "triangle"
    assert time_of("Amount") is time_of("2025") is time_of("13") is None


@pytest.mark.parametrize(
    ("name", "title", "divided"), [("arr.csv", "", 12), ("x.csv", "Annual revenue", 12), ("mrr.csv", "in cents", 100)]
)
def test_what_the_title_says_of_the_cells_counts(tmp_path: Path, name: str, title: str, divided: int) -> None:
    sheet = [*([[title]] if title else []), ["Customer", "Jan 25", "Feb 25", "Mar 25"]]
    sheet += [[f"A{at}", 1200, 1200, 1200] for at in range(12)]
    program = load(tmp_path, write(tmp_path, name, sheet))
    assert mrr(program)[-1] == 12 * 1200 * 100 // divided
    assert any("cells are taken for" in note for note in program.notes)


def test_a_sheet_of_what_is_counted_is_asked_and_no_revenue(tmp_path: Path) -> None:
    seats = write(tmp_path, "seats.csv", [["Customer", "Jan 25", "Feb 25", "Mar 25"], ["A1", 5, 5, 6]])
    found = recognise(*seats, tmp_path)
    assert found.sheet is None
    assert found.kind_is_open


LONG = """account_id,month,mrr
A1,Q1 2025,$100
A1,Q2'25,"1,23,456.00"
A1,2025-Q3,
A2,2025-Q3,90
A3,2025-08,50
A3,soon,50
"""


@pytest.mark.parametrize(
    ("said", "months"),
    [
        (QUARTERS[0], [3333, 3333, 3334, *[4_115_200] * 3, 3000, 3000 + 5000, 3000]),
        (HELD_AT_THE_END, [10_000] * 3 + [12_345_600] * 3 + [9000, 9000 + 5000, 9000]),
    ],
)
def test_quarters_of_a_long_file_are_as_those_of_a_sheet(tmp_path: Path, said: str, months: list[int]) -> None:
    file = write(tmp_path, "long.csv", list(csv.reader(LONG.splitlines())))
    asked = recognise(*file, tmp_path)
    assert [one.asks for one in asked.questions] == ["What stands under a quarter, such as Q1 2025?"]
    program = load(tmp_path, file, corrections={"long.csv": asked.complete().answered("constants", QUARTER, said)})
    assert mrr(program)[-9:] == months
    assert {(one.line, one.column, one.value) for one in program.rejects} == {(4, "mrr", ""), (7, "month", "soon")}


def test_what_is_not_asked_of_quarters(tmp_path: Path) -> None:
    """Spend is a third in each month; an amount of a year is for a year; a day is the first of its quarter."""
    spend = [["month", "amount", "kind", "id"], ["2025-Q1", "100", "marketing", "s1"], ["Q2 2025", "50", "sales", "s2"]]
    paid = [["account_id", "month", "arr"], ["A1", "Q1 2025", "1200"], ["A1", "Q2 2025", "1080"]]
    subscribed = [["customer_id", "start_date", "end_date", "mrr"], ["A1", "Q1 2025", "Q2 2025", 70]]
    program = load(tmp_path, write(tmp_path, "s.csv", spend), write(tmp_path, "r.csv", paid))
    spent = zip(program.ledger.by_spend["month"], program.ledger.by_spend["amount"], strict=True)
    assert [int(amount) for _, amount in sorted(spent)] == [3333, 3333, 3334, 1666, 1666, 1668]
    assert mrr(program)[-6:] == [10_000] * 3 + [9000] * 3
    assert "a third of each amount is taken for each month" in " ".join(program.notes)
    ended = load(tmp_path, write(tmp_path, "x.csv", subscribed), written=2025 * 12 + 8)
    assert mrr(ended)[-6:] == [7000] * 6
    assert "the quarter of the end is still paid" in " ".join(ended.notes)
    assert "each is taken for its first month" in " ".join(ended.notes)
