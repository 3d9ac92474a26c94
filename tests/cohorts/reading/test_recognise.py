"""What a file is: its kind by its columns, and why one can't be used or leaves something open."""

import pytest

from motions.cohorts.contract import BY_NAME, HEADERS, TABLES
from motions.cohorts.reading.mapping import Mapping
from motions.cohorts.reading.recognise import recognise
from motions.errors import FileError


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
def test_canonical_headers_are_recognised_and_no_synonym_is_of_two_columns(tmp_path, table):
    path = tmp_path / "x.csv"
    path.write_text(",".join(column.name for column in table.columns) + "\n", "utf-8")
    found = recognise("x.csv", path, tmp_path)
    if table.name == "customers":  # has no column that accounts do not have: a preset or the user says so
        assert found.table is BY_NAME["accounts"]
    elif table.name in ("commissions", "payouts"):  # `amount` alone tells nobody which of the two
        assert [question.part for question in found.questions] == ["kind"]
    else:
        assert found.table is table
        # What is called mrr is of a month, whatever the billing.
        other = {"interval", "interval_count", "quantity"} if "mrr" in found.columns else set()
        assert set(found.columns) == {column.name for column in table.columns} - other
    words = [word for column in table.columns for word in (column.name, *column.synonyms)]
    twice = {word for word in words if words.count(word) > 1}
    # Of the row, where another column is the account; and of a partner that has a name only.
    # A billing period is a word, or a number beside its unit.
    assert twice <= {*HEADERS["own_id"], *HEADERS["partner_name"], *HEADERS["interval"]}


@pytest.mark.proof
def test_every_name_of_a_column_is_recognised_as_it(tmp_path):
    for table in TABLES:
        for column in table.columns:
            for rank in column.ranks():
                for name in rank:
                    others = [one.name for one in table.columns if one.name != column.name and one.need != "optional"]
                    path = tmp_path / "x.csv"
                    path.write_text(",".join([name, *others]) + "\n", "utf-8")
                    mapping = Mapping(kind=table.name)
                    found = recognise("x.csv", path, tmp_path, corrected=mapping)
                    # The row's own id is the account where nothing else is; what is called mrr is of a month.
                    of_a_month = column.name in ("interval", "interval_count", "quantity") and "mrr" in others
                    known = found.columns.get(column.name) == 0 or name in HEADERS["own_id"] or of_a_month
                    assert known or (table.name, name) == ("partners", "partner_name"), (table.name, name)


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


def test_every_table_has_a_meaning_for_every_column():
    for table in BY_NAME.values():
        assert all(len(column.meaning) > 8 for column in table.columns)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('{"account_id":"A1","month":"2025-02","mrr":100}\n', "JSON"),
        ('\ufeff[ {"account_id": "A1"} ]', "JSON"),
        ("<html><body>Sign in</body></html>", "a web page"),
        ("PK\x03\x04", "be unpacked: it is broken"),
    ],
)
def test_what_is_no_table_of_text_is_called_by_its_name(load, content, what):
    with pytest.raises(FileError, match=what):
        load({"r.csv": content})
