"""What two rows or two files state is counted once."""

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
    assert copied.notes == ("again.csv has the same content as r.csv and was read once.",)


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
