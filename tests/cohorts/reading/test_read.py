"""Files to tables: how lines, columns, words and amounts are read; what one bad file does to the others."""

import pytest

from tests.cohorts.reading.rows import ACCOUNTS, REVENUE, closing, report


def test_a_clean_file_is_read_whole(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE})
    assert [(file.table, file.rows, file.accepted, file.rejected) for file in program.files] == [
        ("accounts", 2, 2, 0),
        ("revenue", 3, 3, 0),
    ]
    assert closing(program) == 10_000 + 10_050 + 8_000
    assert program.rejects == ()


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


def test_only_a_header(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": "account_id,month,mrr\n"})
    assert (report(program, "r.csv").rows, closing(program)) == (0, 0)


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


def test_a_blank_last_column_does_no_harm(load):
    program = load({"a.csv": "account_id,signed_up_on,motion,\nA1,2025-01-05,affiliate,\n", "r.csv": REVENUE})
    assert (report(program, "a.csv").accepted, program.refused) == (1, ())


def test_a_table_without_a_row_is_absent(load):
    for revenue in ("account_id,month,mrr\n", "account_id,month,mrr\nA1,never,1\n"):
        program = load({"a.csv": ACCOUNTS, "r.csv": revenue})
        assert "revenue" not in program.ledger.has
