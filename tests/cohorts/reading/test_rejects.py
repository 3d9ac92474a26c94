"""Rows that do not fit: file, line, column, value and reason; accepted and rejected are all rows."""

import csv
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motions.cohorts.reading import read, records, repeats
from motions.errors import FileError
from tests.cohorts.reading.rows import ACCOUNTS, REVENUE, closing, report
from tests.conftest import examples


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        ("A1,2025-13,100", "month", "2025-13", "not a month"),
        ("A1,03/2025,100", "month", "03/2025", "not a month"),
        ("A1,24-01-05,100", "month", "24-01-05", "not a month"),
        ("A1,2062-09,100", "month", "2062-09", "up to today"),
        ("A1,45500,100", "month", "45500", "spreadsheet's number"),
        ("A1,2025-02,100000000000000", "mrr", "100000000000000", "million million"),
        ("A1,infinity,100", "month", "infinity", "not a month"),
        ("A1,2025-02-30,100", "month", "2025-02-30", "not a month"),
        ("A1,2025-02,$12 or so", "mrr", "$12 or so", "decimal point"),
        ("A1,2025-02,-5", "mrr", "-5", "zero or more"),
        ("A1,2025-02,1e3", "mrr", "1e3", "not an amount"),
        ("A1,2025-02,NaN", "mrr", "NaN", "is empty"),
        ("A1,2025-02,99999999999999999999", "mrr", "99999999999999999999", "not an amount"),
        ("A1,2025-02,", "mrr", "", "is empty"),
        (",2025-02,100", "account_id", "", "is empty"),
        ("A1,2025-02", "", "A1,2025-02", "2 fields where line 1 has 3"),
        ("A1,2025-02,100,9", "", "A1,2025-02,100,9", "4 fields where line 1 has 3"),
        ('A1,2025-02,"100"x', "", 'A1,2025-02,"100"x', "text after a closing quote"),
        ('A1,2025-02,"100', "", 'A1,2025-02,"100', "quote that is not closed"),
    ],
)
def test_a_row_that_does_not_fit_names_line_column_value_and_reason(load, row, column, value, says):
    program = load({"a.csv": ACCOUNTS, "r.csv": f"{REVENUE}{row}\nA2,2025-04,80\n"})
    assert len(program.rejects) == 1
    reject = program.rejects[0]
    assert (reject.file, reject.line, reject.column, reject.value) == ("r.csv", 5, column, value)
    assert says in reject.reason
    file = report(program, "r.csv")
    assert (file.rows, file.accepted, file.rejected) == (5, 4, 1)
    assert closing(program) == 10_000 + 10_050 + 8_000 + 8_000


def test_an_unclosed_quote_costs_its_own_line_only(load):
    rows = [f"A{n},2025-03,10" for n in range(100)]
    rows[50] = '"A50,2025-03,10'
    program = load({"r.csv": "account_id,month,mrr\n" + "\n".join(rows) + "\n"})
    assert [reject.line for reject in program.rejects] == [52]
    assert report(program, "r.csv").accepted == 99


def test_a_byte_that_is_no_letter_costs_its_own_line(load):
    more = "Zo\u00eb,2025-03,1\n".encode() + b"caf\xe9,2025-04,1\nA1,2025-04,1\n"
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE.encode() + more})
    found = [(reject.line, reject.reason.split(" in ")[0]) for reject in program.rejects]
    assert found == [(6, "holds bytes that are no letters")]


def test_a_line_of_five_megabytes_is_rejected_and_the_rest_read(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": f"{REVENUE}{'x' * 5_000_000},2025-03,1\nA1,2025-04,1\n"})
    assert [(reject.line, len(reject.value)) for reject in program.rejects] == [(5, 200)]
    assert report(program, "r.csv").accepted == 4


def test_a_line_of_sixty_megabytes_is_rejected(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE + "x" * 60_000_000 + ",2025-03,1\nA1,2025-04,1\n"})
    assert [reject.line for reject in program.rejects] == [5]
    assert report(program, "r.csv").accepted == 4


def test_many_open_quotes_are_refused_soon(load):
    lines = "account_id,month,mrr\n" + ('"A1,' + "x" * 40_000 + "\n") * 400
    program = load({"a.csv": ACCOUNTS, "r.csv": lines + REVENUE.split("\n", 1)[1]})
    assert len(program.rejects) == 400


def test_too_many_bad_rows_refuse_the_file(load, monkeypatch):
    monkeypatch.setattr(records, "MOST_REJECTS", 50)
    monkeypatch.setattr(read, "MOST_REJECTS", 50)
    monkeypatch.setattr(repeats, "MOST_REJECTS", 50)
    for bad in ("A1,x,1\n", "A1\n"):
        with pytest.raises(FileError, match=r"r\.csv, line 2.*more than 50 rows"):
            load({"r.csv": "account_id,month,mrr\n" + bad * 60})


def test_two_files_with_bad_rows_and_one_with_far_too_many(load, monkeypatch):
    monkeypatch.setattr(records, "MOST_REJECTS", 50)
    monkeypatch.setattr(read, "MOST_REJECTS", 50)
    monkeypatch.setattr(repeats, "MOST_REJECTS", 50)
    bad = "account_id,signed_up_on\n" + "A1,never\n" * 60
    program = load({"bad.csv": bad, "a.csv": ACCOUNTS + "A9,never,\n", "r.csv": REVENUE + "A1,never,1\n"})
    assert [error.file for error in program.refused] == ["bad.csv"]
    assert [reject.file for reject in program.rejects] == ["a.csv", "r.csv"]
    assert closing(program) == 10_000 + 10_050 + 8_000
    repeated = load({"a.csv": ACCOUNTS, "r.csv": REVENUE + "A1,2025-02,100\n" * 60})
    assert [error.file for error in repeated.refused] == ["r.csv"]
    assert "revenue" not in repeated.ledger.has


FAULTS = (
    lambda row: row[:-1],
    lambda row: [*row, "extra"],
    lambda row: [row[0], "2025-99", row[2]],
    lambda row: [row[0], row[1], "ten"],
    lambda row: [f'"{row[0]}', *row[1:]],
    lambda row: [f'"{row[0]}"x', *row[1:]],
    lambda row: [row[0], row[1], f"{row[2]}\x00"],
    lambda row: ["", *row[1:]],
    lambda row: [],
)


@settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**9),
    rows=st.integers(0, 120),
    share=st.sampled_from([0.0, 0.02, 0.2, 0.9]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_accepted_and_rejected_are_all_rows_whatever_is_wrong(load, seed, rows, share, end):
    choose = random.Random(seed)
    lines, good, blank = ["account_id,month,mrr"], 0, 0
    for number in range(rows):
        row = [f"A{number}", f"2025-{choose.randint(10, 12)}", str(choose.randint(0, 500))]
        if choose.random() < share:
            row = choose.choice(FAULTS)(row)
        else:
            good += 1
        blank += not row
        lines.append(",".join(row))
    text = end.join(lines) + end
    if good == 0 or "\x00" in text:  # nothing to compute from, or refused as no plain text
        with pytest.raises(FileError):
            load({"r.csv": text})
        return
    program = load({"r.csv": text})
    file = program.files[0]
    assert file.accepted == good
    assert file.rows == rows - blank
    assert file.accepted + file.rejected == file.rows
    assert file.rejected == len({reject.line for reject in program.rejects})


@given(st.lists(st.text(alphabet='ab",\n\r;', max_size=12), max_size=30))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_records_account_for_every_line(tmp_path, pieces):
    path, clean = tmp_path / "any.csv", tmp_path / "clean.csv"
    path.write_bytes(("a,b\n" + "\n".join(pieces)).encode())
    seen = records.split_records("any.csv", path, ",", ("a", "b"), clean)
    assert seen.kept + len(seen.rejects) == seen.records
    with clean.open(newline="", encoding="utf-8") as file:
        kept = list(csv.reader(file))
    assert len(kept) == seen.kept
    assert all(len(row) == 3 for row in kept)
    lines = [int(row[0]) for row in kept] + [reject.line for reject in seen.rejects]
    assert len(lines) == len(set(lines))
