"""What reading settles before anything is added up: currencies and repeats once, and values that are never SQL."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions.cohorts.contract import BY_NAME
from motions.cohorts.reading.engine import Bound, connect, quoted
from motions.cohorts.reading.mapping import Mapping
from motions.cohorts.reading.read import create_table
from motions.cohorts.reading.repeats import repeats
from motions.errors import MotionsError
from tests.conftest import one_now

ACCOUNTS = "account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\nA2,2025-01-06,\n"
SPEND = "month,amount,kind,currency\n2025-02,10,payout,USD\n2025-02,7,program,EUR\n"
REVENUE = "account_id,month,mrr,currency\nA1,2025-02,100,USD\nA2,2025-02,50,USD\n"
AGAIN = "A1,2025-02,100,USD\n"


def test_what_is_set_aside_is_said_also_where_a_month_repeats(load):
    files = {"a.csv": ACCOUNTS, "r.csv": REVENUE, "s.csv": SPEND}
    once = load(files, currency="USD")
    twice = load(files | {"r.csv": REVENUE + AGAIN}, currency="USD")
    assert "Set aside: 1 row of spend not in USD." in once.notes
    assert twice.notes == once.notes
    assert twice.ledger.by_spend["amount"].tolist() == once.ledger.by_spend["amount"].tolist() == [1000]
    assert twice.ledger.by_cohort["closing"].sum() == once.ledger.by_cohort["closing"].sum() == 15_000
    assert [(reject.line, reject.value) for reject in twice.rejects] == [(4, "A1")]


def test_a_file_is_not_taken_as_a_currency_and_then_left_out(load):
    silent = REVENUE.replace(",currency", "").replace(",USD", "")
    program = load({"a.csv": ACCOUNTS, "r.csv": silent + "A1,2025-02,100\n", "s.csv": SPEND}, currency="USD")
    assert not any("taken as USD" in note for note in program.notes)
    assert "Set aside: 3 rows of revenue without a currency, while others state one." in program.notes
    alone = load({"a.csv": ACCOUNTS, "r.csv": silent + "A1,2025-02,100\n", "s.csv": SPEND.replace("EUR", "USD")})
    assert "r.csv states no currency and is taken as USD, like the others." in alone.notes
    assert alone.ledger.by_cohort["closing"].sum() == 15_000


ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(12 * 1971, 12 * 2030)), max_size=40)


@pytest.mark.proof
@settings(max_examples=40)
@given(ROWS, st.booleans())
def test_months_that_repeat_are_found_however_far_apart(tmp_path_factory, rows, again):
    rows += [("a", 12 * 1971), ("a", 12 * 2030)] + ([("a", 12 * 2030)] if again else [])
    con = connect(tmp_path_factory.mktemp("engine"))
    create_table(con, BY_NAME["revenue"])
    con.executemany("INSERT INTO revenue (account_id, month, mrr) VALUES (?, ?, 1)", rows)
    assert repeats(con, BY_NAME["revenue"]) == (len(set(rows)) < len(rows))
    con.close()


def test_no_row_at_all_repeats(tmp_path):
    con = connect(tmp_path)
    create_table(con, BY_NAME["revenue"])
    assert not repeats(con, BY_NAME["revenue"])
    con.close()


def attempts(secret):
    """Texts that would read another file if they were a part of the SQL that they get into."""
    ask = f"(SELECT content FROM read_text({quoted(str(secret))}))"
    return [
        f"x', {ask}, '",
        f"x'), ({ask}), ('",
        f"x' THEN {ask} WHEN 'y",
        f'x" + {ask} + "',
        f"'; CREATE TABLE stolen AS SELECT {ask}; --",
        f"${{v0}} {ask}",
    ]


def said_of(load, files, mapping):
    """Everything that a user is told of files, whether they can be used or not."""
    try:
        program = load(files, mappings=[mapping])
        return repr((program.rejects, program.notes, program.refused, program.sources))
    except MotionsError as problem:
        return f"{problem} {getattr(problem, 'sources', ())}"


@pytest.mark.parametrize("at", one_now(range(6)))
def test_no_header_word_or_cell_is_a_part_of_the_sql(load, tmp_path, at):
    secret = tmp_path / "secret.txt"
    secret.write_text("the other file", "utf-8")
    text = attempts(secret)[at]

    def table(*rows):
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
        return out.getvalue()

    accounts = table(("id", "day", text, "segment"), ("A1", "2025-01-05", text, text), ("A2", "2025-01-06", "", "b"))
    mapping = Mapping(
        header=("id", "day", text, "segment"),
        kind="accounts",
        columns={"account_id": "id", "signed_up_on": "day", "motion": text, "segment": "segment"},
        constants={"partner_id": text},
        motions={text: "affiliate"},
        leave_out={"segment": (text[::-1], "gone")},
    )
    program = load({"a.csv": accounts, "r.csv": REVENUE}, mappings=[mapping])
    assert program.ledger.segments == tuple(sorted((text.strip(), "b")))
    assert sorted(set(program.ledger.by_cohort["motion"])) == ["affiliate", "organic"]
    assert "the other file" not in repr((program.ledger, program.notes, program.rejects, program.refused))
    for part in ("account_id", "signed_up_on", "activated_on"):
        broken = mapping.model_copy(update={"columns": {**mapping.columns, part: text}})
        assert "the other file" not in said_of(load, {"a.csv": accounts, "r.csv": REVENUE}, broken)


def test_a_value_is_bound_once_and_a_number_is_not_a_text(tmp_path):
    con, bound = connect(tmp_path), Bound()
    sql = f"SELECT {bound('1')} = {bound('1')}, {bound(1)} + 1, 'x' IN ({bound.all([])})"
    assert bound.run(con, sql).fetchall() == [(True, 2, None)]
    con.close()
