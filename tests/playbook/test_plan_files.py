"""Segment plans out and in: CSV, YAML and links give back the very plan, and say what is wrong with anything else."""

import base64
import csv
import io
import json
import random
import re
import string
import time
import zlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from motions.errors import ContentError, FileError, MotionsError, ScenarioError
from motions.playbook.plan_files import LONGEST_LINK, from_file, from_link, to_csv, to_link, to_yaml
from motions.playbook.segment_plan import MOST_ACCOUNTS, MOST_LETTERS, MOST_ROWS, PLANNED
from tests.playbook.plans import plan, plans, row

SIGNS = "=+@＝＋－＠﹦﹢﹣﹫-"


@given(plans())
def test_every_way_out_and_in_again_gives_the_same_plan(given_plan):
    for reading in (
        from_file("a.csv", to_csv(given_plan)),
        from_file("a.yaml", to_yaml(given_plan)),
        from_link(to_link(given_plan)),
    ):
        assert (reading.plan, reading.refused, reading.remarks) == (given_plan, (), ())


@given(plans(), st.sampled_from(",;\t"), st.booleans(), st.booleans(), st.randoms())
def test_a_spreadsheet_may_save_it_in_its_own_way(given_plan, delimiter, marked, mac, random):
    """Another delimiter and order of columns, with or without a byte-order mark, and blank lines."""
    table = list(csv.reader(io.StringIO(to_csv(given_plan).decode("utf-8-sig"), newline="")))
    order = list(range(len(table[0])))
    random.shuffle(order)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r" if mac else "\n")
    writer.writerows([cells[at] for at in order] for cells in table)
    writer.writerows([[""] * len(order), []])
    content = out.getvalue().encode("utf-8-sig" if marked else "utf-8")
    assert from_file("a.csv", content).plan == given_plan


@given(plans())
def test_no_cell_is_a_formula_to_a_spreadsheet(given_plan):
    for cells in csv.reader(io.StringIO(to_csv(given_plan).decode("utf-8-sig"), newline="")):
        for cell in cells:
            assert cell.strip()[:1] not in tuple(SIGNS) or re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", cell)


@pytest.mark.parametrize("name", ["=1+1", "'=1+1", "a;=b", "-x", "@a", "＝x", "'tis", "-5", '"=x"'])
def test_what_looks_like_a_formula_comes_back_as_text(name):
    given_plan = plan(row(name, ["affiliate"], geography=name))
    assert from_file("a.csv", to_csv(given_plan)).plan == given_plan


def test_the_largest_plan_fits_into_a_link_of_plain_letters():
    letters = iter(map(chr, range(0x20000, 0x30000, 7)))
    segments = [
        row(*["".join(next(letters) for _ in range(MOST_LETTERS))], PLANNED, accounts=MOST_ACCOUNTS, price_from=999_999,
            price_to=1_000_000, **{key: "".join(next(letters) for _ in range(MOST_LETTERS))
                                   for key in ("customer_type", "geography")})
        for _ in range(MOST_ROWS)
    ]  # fmt: skip
    link = to_link(plan(*segments))
    assert len(link) <= LONGEST_LINK
    assert set(link) <= {*string.ascii_letters, *string.digits, *"-_."}
    assert from_link(link).plan == plan(*segments)
    assert len(to_link(plan(row("SMB", ["affiliate"])))) < 100


def linked(rows):
    packed = zlib.compress(rows if isinstance(rows, bytes) else json.dumps(rows).encode())
    return "1." + base64.urlsafe_b64encode(packed).decode()


def test_a_link_of_a_later_version_or_with_a_bad_row_gives_what_can_be_read():
    reading = from_link(
        linked([["A", "", "", None, 5.0, 9, ["affiliate", "marketplace"], "more"], ["B", "", "", None, None, -1, []],
                 "C", ["D", "", "", None, None, 4]])
    )  # fmt: skip
    assert reading.plan == plan(row("A", ["affiliate"], accounts=9, price_to=5), row("D", accounts=4))
    assert [one.row for one in reading.refused] == [2, 3]
    assert reading.remarks == ("The link names motions that this app does not know, left out here: 'marketplace'.",)
    assert from_link(f" {to_link(reading.plan)}== \n").plan == reading.plan


@pytest.mark.parametrize(
    "text",
    ["", "x", "1.", "2.eNqLjgUAARUAuQ", to_link(plan(row()))[:-3],
     to_link(plan())[:-6], linked(b"[]" + b" " * 100_000), linked([[random.Random(1).randbytes(20_000).hex()]]),
     linked({"a": 1}), linked(b"[" * 50_000), linked(b"[[1"),
     linked(b" " * 100_000 + b"[]"), "1." + "A" * LONGEST_LINK, linked(b"[" + b"9" * 5000 + b"]"), "1.\ud800", "1.é"],
)  # fmt: skip
def test_what_is_no_link_is_refused(text):
    with pytest.raises(ScenarioError, match="Copy the whole link again"):
        from_link(text)


HOSTILE = [
    [["\ud800", "", "", None, None, 5, []]],
    [[{"a": 1}, [1], None, "x", [2], {}, {"b": 2}]],
    [["A\0", "\u202e", "x" * 10_000, 1e999, -1, float("nan"), [["affiliate"], 5]]],
    [[1, 2, 3, 4, 5, 6, 7]] * 3,
    [None, 5, {}, [], [[]]],
]


@pytest.mark.parametrize("rows", HOSTILE)
def test_cells_of_any_kind_in_a_link_are_data_or_refused_with_words(rows):
    reading = from_link(linked(rows))
    assert reading.refused or reading.plan.segments
    for problem in reading.problems:
        assert len(problem.said) < 300
        problem.said.encode()


HEADER = "Segment,Accounts,Affiliates\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "a.csv: is empty. Begin it with the columns Segment"),
        ("\n\n", "is empty"),
        ("Segment\nA\n", "row 1: Accounts is missing"),
        ("Segment,Accounts,Afiliates\n", r"row 1: 'Afiliates' is no column.*Did you mean 'Affiliates'"),
        ("Segment,Accounts,segment\n", "Segment is there twice"),
        ('Segment,Accounts\n"A,5\n', "is no valid CSV"),
        ("Segment,Accounts\n" + "x" * 200_000 + ",5\n", "is no valid CSV"),
        (HEADER + "A,5,\n" * 1001, "more than 1,000 rows"),
        (HEADER + "x" * 500_001, "is larger than 500,000 bytes"),
        (b"\xff\xfe\x00", "is no text in UTF-8"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_at_once_with_the_repair(text, says):
    with pytest.raises(FileError, match=says):
        from_file("a.csv", text if isinstance(text, bytes) else text.encode())


def test_rows_are_counted_as_a_spreadsheet_counts_them_and_none_is_lost():
    text = HEADER + '\nA,5,yes\n,,\nB,many,no\nC,7,x,and more\n"D\nD","1,200",1\n\'=E,3,perhaps\n'
    reading = from_file("a.csv", text.encode())
    assert reading.plan == plan(row("A", ["affiliate"], accounts=5), row("D D", ["affiliate"], accounts=1200))
    assert [problem.said for problem in reading.problems] == [
        "Row 5, Accounts: is no number from 0 to 1,000,000,000: write it in digits, as 1200.",
        "Row 6, Affiliates: has another cell beyond it: put text that holds the delimiter in quotes.",
        "Row 8, Affiliates: is neither yes nor no: write yes, or leave it empty.",
    ]
    assert reading.refused[1].cells == {"Segment": "C", "Accounts": "7", "Affiliates": "x and more"}
    assert reading.refused[2].cells["Segment"] == "=E"


def test_columns_are_known_by_title_or_key_and_only_two_are_needed():
    text = "ACCOUNTS;name;  price FROM;reseller\n5;A;3;Yes\n"
    assert from_file("a.csv", text.encode()).plan == plan(row("A", ["reseller"], accounts=5, price_from=3))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("segments: []", "version: is None. This app reads 1"),
        ("version: 2\nsegments: []", "version: is 2"),
        ("version: yes\nsegments: []", "version: is True"),
        ("version: 1\nsegments: 5", "segments"),
        ("version: 1\nrows: []", "rows: is not a known key"),
        ("version: 1\nsegments: [{name: A}]", "segments.0.accounts: is missing"),
        ("version: 1\nsegments: [{name: A, accounts: 5, acounts: 5}]", "segments.0.acounts: is not a known key"),
        ("version: 1\nsegments: [{name: A, accounts: lots}]", "segments.0.accounts: is no number"),
        ("version: 1\nsegments: [{name: A, accounts: 1, motions: [reseler]}]", "Did you mean 'reseller'"),
        ("version: 1\nsegments: [{name: A, accounts: 1, motions: reseller}]", "is no list"),
        ("version: 1\nsegments: [{name: A, accounts: 1}, {name: a, accounts: 1}]", "two segments are called 'A'"),
        ("version: 1\nsegments: [" + "{name: A, accounts: 1}, " * 13 + "]", "at most 12"),
        ("a: !!python/name:os.system x", "has a tag"),
        ("[" * 100_000, "nested more than"),
    ],
)
def test_a_mistake_in_yaml_names_file_key_and_repair(text, says):
    with pytest.raises(ContentError) as caught:
        from_file("my.yml", text.encode())
    assert str(caught.value).startswith("my.yml, ")
    assert says in str(caught.value)
    assert len(str(caught.value)) < 500


def test_yaml_by_hand_may_leave_out_what_is_not_known():
    text = "version: 1\nsegments:\n  - {name: 2026, accounts: 5, motions: [Affiliates]}\n"
    assert from_file("a.YAML", text.encode()).plan == plan(row("2026", ["affiliate"], accounts=5))
    assert yaml.safe_load(to_yaml(plan(row("yes", geography="1:30"))))["segments"][0]["name"] == "yes"


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused_with_words(content):
    for name, start in (("a.csv", b""), ("a.csv", HEADER.encode()), ("a.yaml", b"version: 1\nsegments: ")):
        try:
            said = [problem.said for problem in from_file(name, start + content).problems]
        except MotionsError as problem:
            said = [str(problem)]
        assert all(len(one.encode()) < 2000 for one in said)


def test_the_longest_file_of_nothing_but_mistakes_is_read_at_once():
    start = time.monotonic()
    reading = from_file("a.csv", (HEADER + "?,?,?\n" * 999).encode())
    assert len(reading.refused) == 999
    assert time.monotonic() - start < 5
