"""Files to tables: recognition, rejected rows with file, line, column, value and reason, and the counting."""

import csv
import ctypes
import os
import platform
import random
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motions.cohorts.contract import BY_NAME, TABLES
from motions.cohorts.program import load_program
from motions.cohorts.reading import read, records, repeats
from motions.cohorts.reading.engine import MEMORY, connect
from motions.cohorts.reading.memory import Budget, megabytes
from motions.cohorts.reading.recognise import recognise
from motions.errors import FileError, MixedCurrencies
from tests.conftest import SAMPLE_FILES, TODAY

ACCOUNTS = "account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\nA2,2025-02-05,\n"
REVENUE = "account_id,month,mrr\nA1,2025-02,100\nA1,2025-03,100.50\nA2,2025-03,80\n"


def report(program, name):
    return next(file for file in program.files if file.name == name)


def closing(program):
    return int(program.ledger.series("closing").sum())


def test_a_clean_file_is_read_whole(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE})
    assert [(file.table, file.rows, file.accepted, file.rejected) for file in program.files] == [
        ("accounts", 2, 2, 0),
        ("revenue", 3, 3, 0),
    ]
    assert closing(program) == 10_000 + 10_050 + 8_000
    assert program.rejects == ()


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("Customer ID,Created At,Channel,Affiliate ID", "accounts"),
        ("id,signup_date,source", "accounts"),
        ("customer_id,month,MRR", "revenue"),
        ("Account;Period;Monthly recurring revenue", "revenue"),
        ("id,name,motion,created_at", "partners"),
        ("partner_id,partner_name,type,joined_on", "partners"),
        ("date,cost,category", "spend"),
        ("Month\tAmount\tKind\tPartner", "spend"),
    ],
)
def test_tables_are_recognised_by_their_columns(tmp_path, header, table):
    path = tmp_path / "x.csv"
    path.write_text(header + "\n", "utf-8")
    assert recognise("x.csv", path, tmp_path).table.name == table


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_canonical_headers_are_recognised_and_every_synonym_is_unique_in_its_table(tmp_path, table):
    path = tmp_path / "x.csv"
    path.write_text(",".join(column.name for column in table.columns) + "\n", "utf-8")
    found = recognise("x.csv", path, tmp_path)
    if table.name == "customers":  # has no column that accounts do not have: a preset or the user says so
        assert found.table is BY_NAME["accounts"]
    elif table.name in ("commissions", "payouts"):  # `amount` alone tells nobody which of the two
        assert [question.part for question in found.questions] == ["kind"]
    else:
        assert found.table is table
        assert len(found.columns) == len(table.columns)
    words = [word for column in table.columns for word in (column.name, *column.synonyms.split())]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\x89PNG\r\n", "picture"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"account_id,mon\x00th,mrr\n", "NUL"),
        (b"a," * 40_000 + b"\n", "first line of more than"),
        (b",".join(b"c%d" % n for n in range(600)) + b"\n", "600 columns"),
        (b"account_id,customer_id,month,mrr\n1,2,3,4\n", None),
    ],
)
def test_a_file_that_cant_be_used_says_why_and_what_to_do(tmp_path, content, says):
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    if says is None:
        assert recognise("f.csv", path, tmp_path).columns["account_id"] == 0
        return
    with pytest.raises(FileError, match=says) as caught:
        recognise("f.csv", path, tmp_path)
    assert str(caught.value).startswith("f.csv")
    assert len(caught.value.repair) > 10


@pytest.mark.parametrize(
    ("content", "part", "asks", "options"),
    [
        (b"account_id,month,month,mrr\n", "columns", "could be month", ("month (column 2)", "month (column 3)")),
        (b"account,customer,month,mrr\n", "columns", "could be account_id", ("account", "customer")),
        (b"colour,size\nred,1\n", "kind", "it has colour, size", None),
        (b"acount_id,month,mrr\n", "kind", "Did you mean 'acount_id'", None),
        (b"partner_id,recruited_on\n", "constants", "No column names the motion", None),
        (b"customer_id,month,mrr,commission,partner\n", "kind", "Commission rows are no revenue", None),
    ],
)
def test_what_the_header_leaves_open_is_asked(tmp_path, content, part, asks, options):
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    found = recognise("f.csv", path, tmp_path)
    assert [question.part for question in found.questions] == [part]
    assert asks in found.questions[0].asks
    assert options is None or found.questions[0].options == options


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
        ("A1,2025-02,NaN", "mrr", "NaN", "not an amount"),
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


@pytest.mark.parametrize(
    ("row", "month", "cents"),
    [
        (" A1 , 2025-04 , 12.30 ", "2025-04", 1230),
        ("A1,2025-04-17,12.3", "2025-04", 1230),
        ("A1,2025-04-17T08:00:00Z,12", "2025-04", 1200),
        ("A1,2025-04-17 08:00,12", "2025-04", 1200),
        ('"A1","2025-04","12"', "2025-04", 1200),
        ('A1,2025-04,"$1,200.50"', "2025-04", 120050),
        ("A1,2025-04,8.335", "2025-04", 834),
        ("A1,2025-04,8.3333333333333333333", "2025-04", 833),
    ],
)
def test_forms_that_are_accepted(load, row, month, cents):
    program = load({"a.csv": ACCOUNTS, "r.csv": f"{REVENUE}{row}\n"})
    assert program.rejects == ()
    assert closing(program) == 10_000 + 10_050 + 8_000 + cents
    assert report(program, "r.csv").rounded == (len(row.split(".")[-1].strip(' "')) > 2 and "." in row)


@pytest.mark.parametrize(
    "content",
    [
        REVENUE.replace("\n", "\r\n"),
        REVENUE.replace("\n", "\r"),
        REVENUE.rstrip("\n"),
        "\ufeff" + REVENUE,
        REVENUE.replace(",", ";"),
        REVENUE.replace(",", "\t"),
        REVENUE.replace("A1,2025-02", "\n\nA1,2025-02"),
        REVENUE + "\n  \n\n",
        REVENUE.replace("A1,2025-02,100\n", "A1,2025-02,100\r\n"),
    ],
    ids=["crlf", "cr", "no-final-break", "bom", "semicolon", "tab", "blank-lines", "blank-end", "mixed-breaks"],
)
def test_line_ends_separators_and_blank_lines(load, content):
    program = load({"a.csv": ACCOUNTS, "r.csv": content})
    assert closing(program) == 10_000 + 10_050 + 8_000
    assert (report(program, "r.csv").rows, program.rejects) == (3, ())


def test_columns_are_read_by_name_not_by_place(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": "mrr,note,account_id,month\n100,x,A1,2025-02\n"})
    assert closing(program) == 10_000
    assert report(program, "r.csv").unused == ("note",)


def test_a_quoted_line_break_is_one_row(load):
    partners = 'partner_id,name,motion,recruited_on\nP1,"Two\nlines",affiliate,2025-01-01\nP2,One,reseller,2025-01-01\n'
    program = load({"a.csv": ACCOUNTS, "p.csv": partners})
    assert (report(program, "p.csv").rows, report(program, "p.csv").accepted) == (2, 2)


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


def test_only_a_header(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": "account_id,month,mrr\n"})
    assert (report(program, "r.csv").rows, closing(program)) == (0, 0)


def test_too_many_bad_rows_refuse_the_file(load, monkeypatch):
    monkeypatch.setattr(records, "MOST_REJECTS", 50)
    monkeypatch.setattr(read, "MOST_REJECTS", 50)
    monkeypatch.setattr(repeats, "MOST_REJECTS", 50)
    for bad in ("A1,x,1\n", "A1\n"):
        with pytest.raises(FileError, match=r"r\.csv, line 2.*more than 50 rows"):
            load({"r.csv": "account_id,month,mrr\n" + bad * 60})


def test_a_second_row_for_a_key_is_rejected_and_names_the_first(load):
    program = load({"a.csv": ACCOUNTS + "A1,2025-03-01,reseller\n", "r.csv": REVENUE + "A1,2025-02,100\n"})
    found = [(reject.file, reject.line, reject.value) for reject in program.rejects]
    assert found == [("a.csv", 4, "A1"), ("r.csv", 5, "A1")]
    assert "the first is in r.csv, line 2" in program.rejects[1].reason
    assert closing(program) == 10_000 + 10_050 + 8_000
    assert all(file.accepted + file.rejected == file.rows for file in program.files)


def test_a_file_split_in_two_gives_the_same_and_a_copy_is_read_once(load):
    whole = load({"a.csv": ACCOUNTS, "r.csv": REVENUE})
    first, second = REVENUE.splitlines(keepends=True)[:2], REVENUE.splitlines(keepends=True)[2:]
    split = load({"a.csv": ACCOUNTS, "r1.csv": "".join(first), "r2.csv": "".join([first[0], *second])})
    assert closing(split) == closing(whole)
    copied = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "again.csv": REVENUE})
    assert closing(copied) == closing(whole)
    assert copied.notes == ("again.csv has the same content as r.csv and was read once.",)


def test_two_currencies_are_never_added(load):
    files = {
        "a.csv": ACCOUNTS,
        "r.csv": "account_id,month,mrr,currency\nA1,2025-02,100,USD\nA2,2025-02,80,eur\nA2,2025-03,5,\n",
        "s.csv": "month,amount,kind,currency\n2025-02,10,payout,EUR\n",
    }
    with pytest.raises(MixedCurrencies) as caught:
        load(files)
    assert caught.value.currencies == ("EUR", "USD")
    program = load(files, currency="EUR")
    assert (closing(program), program.ledger.currency) == (8_000, "EUR")
    assert program.notes == (
        "Set aside: 1 row of revenue not in EUR.",
        "Set aside: 1 row of revenue without a currency, while others state one.",
    )
    assert program.currencies == ("EUR", "USD")
    assert all(file.accepted + file.rejected == file.rows for file in program.files)


def test_a_file_without_a_currency_beside_two_is_set_aside_whole(load):
    files = {
        "a.csv": ACCOUNTS,
        "r.csv": REVENUE,
        "s.csv": "month,amount,kind,currency\n2025-02,10,payout,EUR\n2025-02,9,payout,USD\n",
    }
    program = load(files, currency="USD")
    assert (closing(program), program.ledger.by_spend["amount"].sum()) == (0, 900)
    assert "Set aside: 3 rows of revenue without a currency, while others state one." in program.notes
    assert "revenue" not in program.ledger.has  # unknown, not zero


def test_a_currency_is_a_code(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": "account_id,month,mrr,currency\nA1,2025-02,1,usd\nA1,2025-03,1,<b>\n"})
    assert (program.ledger.currency, len(program.rejects)) == ("USD", 1)
    assert "ISO code" in program.rejects[0].reason


def test_one_file_of_several_that_cant_be_used_is_named_and_the_others_are_read(load):
    program = load({"a.csv": ACCOUNTS, "x.csv": b"PK\x03\x04", "r.csv": REVENUE})
    assert [error.file for error in program.refused] == ["x.csv"]
    assert closing(program) == 10_000 + 10_050 + 8_000


def test_motion_and_kind_words(load):
    accounts = "account_id,signed_up_on,motion\n" + "".join(
        f"A{n},2025-01-05,{word}\n"
        for n, word in enumerate(["Affiliates", "co-sell", "PLG", "Direct", "Refer a friend"])
    )
    program = load({"a.csv": accounts})
    motions = set(program.ledger.by_cohort["motion"].tolist())
    assert motions == {"affiliate", "ecosystem", "product_led", "organic", "referral"}


def test_progress_moves_forward_to_the_end(load):
    seen = []
    load({"a.csv": ACCOUNTS, "r.csv": REVENUE}, progress=lambda share, step: seen.append((share, step)))
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(step for _, step in seen)


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


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        row = [f"A{number}", f"2025-{choose.randint(1, 12):02d}", str(choose.randint(0, 500))]
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
        with pytest.raises(read.duckdb.Error):
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


def test_strict_reading_accepts_nothing_that_the_accounting_refuses(load):
    # The same rows, once alone (strict) and once beside a bad row (accounted): the same are accepted.
    rows = [
        "A1,2025-04,1",
        "A1,2025-04-01,1.5",
        "A1,2025-04-01T00:00,1",
        "A1,24-04-2001,1",
        "A1,2025-4,1",
        "A1,0024-04,1",
    ]
    rows += ["A1,2025/04/01,1", "A1,2025 04 01,1", "A1, 2025-1,1", "A1,epoch,1", "A1,2025-04,100000000000000"]
    rows += [
        "A1,2025-04-01x,1",
        "A1, 2025-04,1",
        "A1,2025-04,0x10",
        "A1,2025-04,1_000",
        "A1,2025-04,+1",
        "A1,2025-04,.5",
    ]
    for row in rows:
        outcomes = set()
        for extra in ("", "A2,never,1\n"):
            program = load({"r.csv": f"account_id,month,mrr\nA9,2025-01,1\n{row}\n{extra}"})
            outcomes.add(program.files[0].accepted)
        assert len(outcomes) == 1, row


def test_every_table_has_a_meaning_for_every_column():
    for table in BY_NAME.values():
        assert all(len(column.meaning) > 8 for column in table.columns)


def test_a_blank_last_column_does_no_harm(load):
    program = load({"a.csv": "account_id,signed_up_on,motion,\nA1,2025-01-05,affiliate,\n", "r.csv": REVENUE})
    assert (report(program, "a.csv").accepted, program.refused) == (1, ())


def test_strict_reading_of_dates_is_as_exact_as_the_accounting(load):
    for day in ("2026-1-2", "2026-01-02x", "epoch", "26-01-02", "infinity", "2026-01-02 (BC)"):
        with pytest.raises(FileError, match="no row that fits"):
            load({"a.csv": f"account_id,signed_up_on\nA1,{day}\n"})


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


def test_a_repeated_row_is_found_whatever_its_amount_and_whoever_it_belongs_to(load):
    more = "A1,2025-02,0\nZZ,2025-02,5\nZZ,2025-02,5\n"
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE + more})
    assert [(reject.line, reject.value) for reject in program.rejects] == [(5, "A1"), (7, "ZZ")]
    assert closing(program) == 10_000 + 10_050 + 8_000


def test_rows_in_two_currencies_do_not_repeat_one_another(load):
    revenue = "account_id,month,mrr,currency\nA1,2025-02,100,EUR\nA1,2025-02,200,USD\nA2,2025-02,1,USD\n"
    for extra in ("", "A2,2025-02,1,USD\n"):
        program = load({"a.csv": ACCOUNTS, "r.csv": revenue + extra}, currency="USD")
        assert closing(program) == 20_100


def test_a_table_without_a_row_is_absent(load):
    for revenue in ("account_id,month,mrr\n", "account_id,month,mrr\nA1,never,1\n"):
        program = load({"a.csv": ACCOUNTS, "r.csv": revenue})
        assert "revenue" not in program.ledger.has


def test_a_line_of_sixty_megabytes_is_rejected(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE + "x" * 60_000_000 + ",2025-03,1\nA1,2025-04,1\n"})
    assert [reject.line for reject in program.rejects] == [5]
    assert report(program, "r.csv").accepted == 4


def test_many_open_quotes_are_refused_soon(load):
    lines = "account_id,month,mrr\n" + ('"A1,' + "x" * 40_000 + "\n") * 400
    program = load({"a.csv": ACCOUNTS, "r.csv": lines + REVENUE.split("\n", 1)[1]})
    assert len(program.rejects) == 400


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


def test_a_budget_that_is_no_number_is_warned_of():
    with pytest.warns(UserWarning, match="MOTIONS_MEMORY_MB is '2GB'"):
        assert megabytes("2GB") == MEMORY


def test_spaces_of_any_kind_around_an_id_are_no_part_of_it(load):
    clean = "account_id,month,mrr\n\u00a0A1,2025-02,100\nA1\u3000,2025-03,100.50\n"
    for revenue in (clean, clean + "A2,2025-03,80.001\n"):
        program = load({"a.csv": ACCOUNTS.replace("A1", "\u2003A1"), "r.csv": revenue})
        closing_of_march = {clean: 10050}.get(revenue, 18050)
        assert int(program.ledger.at("closing", 24302).sum()) == closing_of_march


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
    assert (budget.needed([file]), budget.needed([file] * 100)) == (106, 300)


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


SPACES = [" ", "\u00a0", "\u3000", "\u2003"]


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("cell", ["{}A1", "A1{}", "{}A1{}"])
def test_a_space_is_seen_wherever_it_is_in_a_file(tmp_path, space, end, cell):
    path = tmp_path / "r.csv"
    rows = [f"{cell.replace('{}', space)},2025-02,100", *(f"B{n},2025-03,1" for n in range(2_000))]
    for lines in (rows, rows[::-1]):
        path.write_text(end.join(["account_id,month,mrr", *lines, ""]), "utf-8", newline="")
        assert read.look_through(path, 1)[1]
    path.write_text("\n".join(["Account ID,month,mrr", *rows[1:], ""]), "utf-8", newline="")
    assert not read.look_through(path, 1)[1]


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_spaces_around_an_id_are_no_part_of_it(load, space, end):
    files, months = {"a.csv": ACCOUNTS}, iter(range(1, 13))
    for layout in ("first middle last", "first", "middle", "last"):
        rows = [f"B-{layout}-{at},2025-03,1" for at in range(2_000)]
        for place in layout.split():
            who = {"first": f"{space}A1", "middle": f"{space}A1{space}", "last": f"A1{space}"}[place]
            at = {"first": 0, "middle": 1_000, "last": len(rows)}[place]
            rows.insert(at, f"{who},2025-{next(months):02d},100")
        files[f"{layout}.csv"] = end.join(["account_id,month,mrr", *rows, ""])
    program = load(files)
    accepted = [file.accepted for file in program.files if file.table == "revenue"]
    assert (accepted, closing(program)) == ([2_003, 2_001, 2_001, 2_001], 60_000)


@pytest.mark.parametrize("currency", ["USD", "AED", "eur", "XAU", "US", "USDX", ""])
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


def test_currencies_are_in_the_order_of_their_codes_however_a_file_is_read(load):
    rows = "account_id,month,mrr,currency\nA1,2025-01,1,USD\nA2,2025-01,2,AUD\n"
    for more in ("", "A3,never,1,USD\n", "A3,2025-01,1,XAU\n"):
        with pytest.raises(MixedCurrencies) as caught:
            load({"r.csv": rows + more})
        assert list(caught.value.currencies) == sorted(caught.value.currencies)
        assert load({"r.csv": rows + more}, currency="AUD").currencies == caught.value.currencies


def test_a_strict_file_and_one_with_a_rare_currency_stand_in_one_table(load):
    strict = "account_id,month,mrr,currency\nA1,2025-01,1,USD\n"
    rare = "account_id,month,mrr,currency\nA2,2025-01,2,XAU\n"
    for files in ({"a.csv": strict, "b.csv": rare}, {"a.csv": rare, "b.csv": strict}):
        assert closing(load({"accounts.csv": ACCOUNTS} | files, currency="USD")) == 100


def test_rare_currencies_of_tables_that_become_others_are_kept(load):
    subscriptions = "account_id,start_date,end_date,monthly_amount,currency\nA1,2025-01-01,2025-03-01,5,XAU\n"
    payouts = "paid_on,payout_amount,partner_id,currency\n2025-02-03,7,P1,XPT\n"
    program = load({"a.csv": ACCOUNTS, "s.csv": subscriptions})
    assert (program.currencies, closing(program)) == (("XAU",), 1000)
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "o.csv": payouts})
    assert program.currencies == ("XPT",)
    spend = "month,amount,kind,currency\n2025-02,3,program,XAU\n"
    strict = REVENUE.replace("mrr\n", "mrr,currency\n").replace("00\n", "00,USD\n").replace("50\n", "50,USD\n")
    files = {"a.csv": ACCOUNTS, "r.csv": strict.replace("80\n", "80,USD\n"), "s.csv": spend}
    assert closing(load(files, currency="XAU")) == 0
    assert closing(load(files, currency="USD")) == 28050


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('{"account_id":"A1","month":"2025-02","mrr":100}\n', "JSON"),
        ('\ufeff[ {"account_id": "A1"} ]', "JSON"),
        ("<html><body>Sign in</body></html>", "a web page"),
        ("PK\x03\x04", "an Excel workbook"),
    ],
)
def test_what_is_no_table_of_text_is_called_by_its_name(load, content, what):
    with pytest.raises(FileError, match=what):
        load({"r.csv": content})
