"""What two rows or two files state is counted once."""

from motions.cohorts.tables import files as tables
from tests.cohorts.reading.rows import ACCOUNTS, REVENUE, closing


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
    assert "again.csv has the same content as r.csv and was read once" in copied.notes[0]
    assert [(file.name, file.mapping.kind) for file in copied.sources][2] == ("again.csv", "not used")


def test_the_same_content_can_be_read_as_something_else_too(load):
    both = (
        "customer_id,created,month,mrr,partner_motion\nA1,2025-01-03,2025-02,100,\nA2,2025-01-04,2025-02,50,affiliate\n"
    )
    program = load({"r.csv": both, "again.csv": both})
    copy = next(file for file in program.sources if file.mapping.kind == "not used")
    first = next(file for file in program.sources if file is not copy)
    other = "accounts" if first.mapping.kind == "revenue" else "revenue"
    again = load(
        {"r.csv": both, "again.csv": both}, corrections={copy.name: copy.complete().answered("kind", "kind", other)}
    )
    assert {"accounts", "revenue"} <= again.ledger.has
    assert closing(again) == 15_000
    assert not any("same content" in note for note in again.notes)


def test_the_amounts_of_repeated_rows_are_stated(load):
    rows = ("X1,2025-02,100,payout\n", "X2,2025-02,7.50,payout\n")
    spend = "posting_id,month,amount,kind\n" + "".join(row * 2 for row in rows)
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "s.csv": spend})
    assert next(file for file in program.files if file.name == "s.csv").repeated_money == "107.50"
    assert "2 of 4 rows of s.csv, with 107.50 in rows that stand twice" in tables.rejected_summary(program)


def test_a_repeated_row_is_found_whatever_its_amount_and_whoever_it_belongs_to(load):
    more = "A1,2025-02,100\nZZ,2025-02,5\nZZ,2025-02,5\n"
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE + more})
    assert [(reject.line, reject.value) for reject in program.rejects] == [(5, "A1"), (7, "ZZ")]
    assert closing(program) == 10_000 + 10_050 + 8_000


def test_rows_in_two_currencies_do_not_repeat_one_another(load):
    revenue = "account_id,month,mrr,currency\nA1,2025-02,100,EUR\nA1,2025-02,200,USD\nA2,2025-02,1,USD\n"
    for extra in ("", "A2,2025-02,1,USD\n"):
        program = load({"a.csv": ACCOUNTS, "r.csv": revenue + extra}, currency="USD")
        assert closing(program) == 20_100
