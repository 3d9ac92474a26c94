"""Column names that stand again inside a file, and two tables in one."""

import pytest

from motions.cohorts.metrics import metrics as m

ACCOUNTS = [["account_id", "signed_up_on", "motion"]] + [[f"A{at}", "2026-01-05", "affiliate"] for at in range(12)]
REVENUE = [["account_id", "month", "mrr"]] + [
    [f"A{at}", f"2026-0{month}", "50"] for at in range(12) for month in range(1, 10)
]


def written(*tables, width=0, between=()):
    rows = [row for at, table in enumerate(tables) for row in [*(between if at else ()), *table]]
    return "\n".join(",".join([*row, *[""] * (width - len(row))]) for row in rows) + "\n"


def mrr(program):
    return m.mrr(program.ledger, m.Settings(as_of=program.ledger.last_month), m.PARTNER).value


def test_a_header_that_stands_again_is_left_out_and_said(load):
    twice = written(ACCOUNTS[:7], [ACCOUNTS[0], *ACCOUNTS[7:]])
    program = load({"a.csv": twice, "r.csv": written(REVENUE)})
    assert mrr(program) == 600
    assert program.rejects == ()
    assert program.files[0].accepted == 12
    assert "a.csv names its columns again in 1 line (8): left out." in program.notes


def test_lines_below_a_header_that_stands_again_keep_their_numbers(load):
    broken = [*ACCOUNTS[:7], ACCOUNTS[0], *ACCOUNTS[7:12], ["A11", "never", "affiliate"]]
    program = load({"a.csv": written(broken), "r.csv": written(REVENUE)})
    assert [(one.line, one.value) for one in program.rejects] == [(14, "never")]


@pytest.mark.parametrize("between", [(), ([""],), (["", "", ""], ["", "", ""]), (["Revenue", "", ""],)])
@pytest.mark.parametrize("width", [0, 5])
def test_two_tables_in_one_file_are_two_files(load, between, width):
    whole = load({"accounts.csv": written(ACCOUNTS), "revenue.csv": written(REVENUE)})
    program = load({"both.csv": written(ACCOUNTS, REVENUE, between=between, width=width)})
    assert mrr(program) == mrr(whole) == 600
    assert [file.name for file in program.sources] == ["both.csv", "both.csv · 2"]
    assert {file.name: file.accepted for file in program.files} == {"both.csv": 12, "both.csv · 2": 108}
    assert any("Another table begins in line" in note and "both.csv · 2" in note for note in program.notes)


def test_a_table_that_is_wider_than_the_first_is_told_too(load):
    partners = [["partner_id", "name", "motion", "recruited_on"], ["P1", "Ann", "affiliate", "2026-01-01"]]
    program = load({"both.csv": written(REVENUE, partners), "a.csv": written(ACCOUNTS)})
    assert {file.table for file in program.files} == {"accounts", "partners", "revenue"}
    assert not program.rejects


def test_names_without_digits_are_no_header(load):
    accounts = [["account_id", "signed_up_on", "motion", "segment"]]
    accounts += [[name, "2026-01-05", "affiliate", "Small"] for name in ("Acme", "Bolt", "Corp")]
    people = [["account_id", "motion", "segment"], ["Acme", "organic", "Small"]]  # of no kind: it has no signup
    program = load({"a.csv": written(accounts), "r.csv": written(REVENUE), "x.csv": written(people)})
    assert [file.name for file in program.sources] == ["a.csv", "r.csv", "x.csv"]
