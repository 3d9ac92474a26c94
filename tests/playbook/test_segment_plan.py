"""A segment plan: cells to rows and back, and which rows hold the same customers."""

import math
import warnings

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from motions.names import NAMES
from motions.playbook.plan_rows import COLUMNS, TITLES, read_cells, read_rows, refused_table, to_frame
from motions.playbook.segment_plan import MOST_ROWS, PLANNED, Plan, Row, same_customers
from tests.playbook.plans import FEW_WORDS, plan, plans, row, rows

GOOD = {"Segment": "A", "Accounts": 100}


def problems(**cells):
    """What is said of a table with one row of cells by title."""
    reading = read_cells([(1, GOOD | {title.replace("_", " "): cell for title, cell in cells.items()})])
    assert bool(reading.plan.segments) != bool(reading.refused)
    return [problem.said for problem in reading.problems]


@given(plans())
def test_a_frame_gives_back_the_plan_that_it_shows(given_plan):
    frame = to_frame(given_plan)
    assert read_rows(frame).plan == given_plan
    assert read_rows(frame).refused == ()
    pd.testing.assert_frame_equal(to_frame(read_rows(frame).plan), frame)
    assert tuple(frame.columns) == TITLES
    assert len(frame) == MOST_ROWS


@given(plans(), st.randoms())
def test_blank_rows_gaps_and_other_columns_make_no_difference(given_plan, random):
    cells = to_frame(given_plan).astype(object).to_dict("records")
    blanks = [{}, dict.fromkeys(TITLES), {"Segment": "  ", "Accounts": math.nan, "Affiliates": False, "Price to": ""}]
    for blank in blanks:
        cells.insert(random.randrange(len(cells) + 1), blank)
    frame = pd.DataFrame(cells).reindex(columns=["Note", *TITLES[::-1]])
    frame.index = pd.Index(range(5, 5 + 3 * len(frame), 3))
    assert read_rows(frame).plan == given_plan


@pytest.mark.parametrize("given_plan", [plan(), plan(row("A", ["reseller"]))], ids=["empty", "one row"])
def test_types_of_columns_hold_without_rows_and_when_an_editor_adds_one(given_plan):
    """An editor takes a column without a type for one of lists, and sets what is not filled in to None."""
    frame = to_frame(given_plan)
    kinds = {str: pa.types.is_large_string, int: pa.types.is_int64, bool: pa.types.is_boolean}
    schema = pa.Schema.from_pandas(frame)
    assert all(kinds[column.kind](schema.field(column.title).type) for column in COLUMNS)
    assert frame.dtypes.equals(to_frame(plan(*(row(f"S{at}", price_from=1) for at in range(MOST_ROWS)))).dtypes)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame.loc[len(frame)] = dict.fromkeys(TITLES) | {"Segment": "B", "Accounts": 7, NAMES["channel"]: True}
        frame.loc[len(frame)] = dict.fromkeys(TITLES)
    assert read_rows(frame).plan == Plan(segments=(*given_plan.segments, row("B", ["channel"], accounts=7)))


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"Segment": ""}, "Row 1, Segment: is missing: name the segment."),
        ({"Segment": "x" * 41}, "has 41 letters: shorten it to 40"),
        ({"Segment": "x" * 10_000}, "has 10,000 letters"),
        ({"Geography": "a\0b"}, r"Geography: holds a letter that can't be seen (a\u0000b): type it anew"),
        ({"Customer_type": "\u202egnp.exe"}, r"\u202egnp"),
        ({"Segment": "\ud800"}, r"can't be seen (\ud800)"),
        ({"Segment": ["A"]}, "Segment: is no text"),
        ({"Segment": True}, "Segment: is no text"),
        ({"Accounts": None}, "Row 1, Accounts: is missing or 0"),
        ({"Accounts": 0}, "Accounts: is missing or 0"),
        ({"Accounts": -5}, "Accounts: is no number from 0 to 1,000,000,000"),
        ({"Accounts": "1.200"}, "Accounts: is no number"),
        ({"Accounts": "1,20"}, "Accounts: is no number"),
        ({"Accounts": "=1+1"}, "Accounts: is no number"),
        ({"Accounts": True}, "Accounts: is no number"),
        ({"Accounts": math.inf}, "Accounts: is no number"),
        ({"Accounts": 10**400}, "Accounts: is no number"),
        ({"Accounts": "9" * 5000}, "Accounts: is no number"),
        ({"Accounts": 2.5}, "Accounts: is no whole number: leave the decimals out"),
        ({"Price_from": 1_000_001}, "Price from: is above 1,000,000"),
        ({"Price_from": 200, "Price_to": 100}, "Price to: is below where the band begins: swap the two"),
        ({"Affiliates": "maybe"}, "Affiliates: is neither yes nor no: write yes, or leave it empty"),
        ({"Affiliates": "yes, later"}, "Affiliates: is neither yes nor no"),
    ],
)
def test_a_problem_names_row_column_and_repair_and_the_row_is_kept(cells, says):
    said = problems(**cells)
    assert len(said) == 1
    assert says in said[0]
    assert len(said[0]) < 300
    said[0].encode()


def test_every_problem_of_a_row_is_said_at_once():
    said = problems(Segment="", Accounts="many", Price_from="x", Resellers="?")
    assert [one.split(":")[0] for one in said] == [
        "Row 1, Segment", "Row 1, Price from", "Row 1, Accounts", "Row 1, Resellers",
    ]  # fmt: skip


def test_a_row_of_nothing_but_a_mistake_is_not_taken_for_blank():
    reading = read_cells([(1, {"Affiliates": "?"})])
    assert [one.cells["Affiliates"] for one in reading.refused] == ["?"]


@pytest.mark.parametrize("name", ["=cmd()", "**a**", "![x](http://x)", "<b>", "שלום", "👩\u200d💻", "'tis", "0", "{x}"])
def test_text_that_can_be_read_is_kept_as_it_is(name):
    assert read_cells([(1, GOOD | {"Segment": name})]).plan.segments[0].name == name


def test_names_are_unique_and_rows_limited_and_what_is_beyond_is_kept():
    table = [(number, {"Segment": f"S{number}", "Accounts": 5}) for number in range(1, MOST_ROWS + 3)]
    table.insert(1, (99, {"Segment": "s1", "Accounts": 5}))
    reading = read_cells(table)
    assert len(reading.plan.segments) == MOST_ROWS
    assert [one.row for one in reading.refused] == [99, MOST_ROWS + 1, MOST_ROWS + 2]
    assert "is the name of another row" in reading.problems[0].said
    assert f"a plan has {MOST_ROWS} rows" in reading.problems[1].said
    shown = refused_table(reading)
    assert list(shown["Segment"]) == ["s1", "S13", "S14"]
    assert shown["Why"].str.len().min() > 20
    with pytest.raises(ValidationError, match="two segments are called"):
        plan(row("A"), row("a"))


@given(st.lists(st.dictionaries(st.sampled_from(TITLES), st.none() | st.text() | st.floats() | st.booleans())))
def test_no_row_is_lost_whatever_its_cells_hold(cells):
    reading = read_cells(enumerate(cells))
    kept = len(reading.plan.segments) + len(reading.refused)
    said = [one for one in cells if any(str(cell).strip() not in ("", "None", "nan") for cell in one.values())]
    assert kept <= len(said)
    text = [one for one in cells if str(one.get("Segment") or "").strip() and not isinstance(one["Segment"], float)]
    assert kept >= len(text)
    assert all(one.problems for one in reading.refused)
    assert len(refused_table(reading)) == len(reading.refused)


SAME = {"customer_type": "Small", "geography": "EU", "price_from": 0, "price_to": 100}


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"customer_type": "small", "geography": "eu"}, True),
        ({"customer_type": "Large"}, False),
        ({"geography": "UK"}, False),
        ({"geography": ""}, None),
        ({"geography": "", "customer_type": "Large"}, False),
        ({"price_from": None, "price_to": None}, None),
        ({"price_from": 100, "price_to": 200}, False),
        ({"price_from": 99, "price_to": 200}, True),
        ({"price_from": 100, "price_to": 100}, False),
        ({"price_from": 0, "price_to": 0}, True),
        ({"price_from": 50, "price_to": 50}, True),
        ({"price_from": 50, "price_to": None}, True),
        ({"price_from": 100, "price_to": None}, False),
        ({"price_from": None, "price_to": 1}, True),
    ],
)
def test_the_same_customers_are_of_one_type_and_geography_and_overlapping_prices(change, same):
    assert same_customers(row(**SAME), row("B", **SAME | change)) is same


@given(rows(**FEW_WORDS), rows(**FEW_WORDS))
def test_sameness_is_mutual_and_bands_overlap_where_a_price_lies_in_both(one, other):
    assert same_customers(one, other) is same_customers(other, one)

    def holds(band, price):
        low, high = band.price_from or 0, math.inf if band.price_to is None else band.price_to
        return low <= price < high or price == low

    bands = [row("A", **SAME | {"price_from": r.price_from, "price_to": r.price_to}) for r in (one, other)]
    known = all(r.price_from is not None or r.price_to is not None for r in bands)
    both = any(all(holds(band, price) for band in bands) for price in range(300))
    assert same_customers(*bands) is (both if known else None)


def test_motions_stand_once_and_in_one_order_by_id_or_name():
    assert row(motions=["Resellers", "affiliate", "reseller"]).motions == ("affiliate", "reseller")
    assert plan(row("A", ["sales_led"]), row("B", ["channel"])).motions == ("channel", "sales_led")
    with pytest.raises(ValidationError, match="Did you mean 'reseller'"):
        row(motions=["reseler"])
    assert {column.key for column in COLUMNS} == {*PLANNED, *Row.model_fields} - {"motions"}
    assert all(column.help for column in COLUMNS)
