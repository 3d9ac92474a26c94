"""One triangle in the forms that spreadsheets and queries have it in."""

import csv
import io
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motions.cohorts.metrics import metrics as m
from motions.cohorts.reading.mapping import Mapping
from motions.errors import FileError
from motions.text import month_name
from tests.conftest import FRAMES

FIRST = 2025 * 12
CUSTOMERS = {"values": "customers", "motion": "affiliate"}


def text(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def triangle(load, content, **constants):
    """The program of a triangle about which this is said beforehand."""
    header = tuple(next(csv.reader([content.splitlines()[0]])))
    return load({"t.csv": content}, mappings=[Mapping(kind="triangle", header=header, constants=constants)])


def curve(program, of="customers"):
    kept = m.retention_by_age(program.ledger, program.ledger.last_month, m.PARTNER, of)
    return [None if one.value is None else round(one.value, 4) for one in kept]


# What is left of each cohort, by its age; the first has reached most ages
Cohorts = st.lists(st.integers(100, 100_000), min_size=3, max_size=6).flatmap(
    lambda sizes: st.tuples(
        *(
            st.lists(st.integers(1, size), min_size=len(sizes) - at, max_size=len(sizes) - at).map(
                lambda left, size=size: [size, *sorted(left, reverse=True)]
            )
            for at, size in enumerate(sizes)
        )
    )
)


def forms(cohorts):
    """The same triangle in each form: its text, and what its cells are."""
    longest = max(map(len, cohorts))
    names = [month_name(FIRST + at) for at in range(len(cohorts))]
    padded = [[*left, *[""] * (longest - len(left))] for left in cohorts]
    shares = [["" if cell == "" else f"{cell / left[0]:.9f}" for cell in left] for left in padded]
    percent = [["" if cell == "" else f"{cell * 100 / left[0]:.7f}%" for cell in left] for left in padded]
    ages = [*range(longest)]
    lines = [(name, age, cell) for name, left in zip(names, cohorts, strict=True) for age, cell in enumerate(left)]
    yield "customers", text([["cohort", *ages], *([name, *left] for name, left in zip(names, padded, strict=True))])
    yield "customers", text([["cohort", "age", "customers"], *lines])
    yield "customers", text([["age", *names], *([age, *cells] for age, cells in enumerate(zip(*padded, strict=True)))])
    yield (
        "% of customers",
        text([["cohort", "size", *ages],
              *([name, left[0], *own] for name, left, own in zip(names, cohorts, shares, strict=True))]),
    )  # fmt: skip
    yield (
        "% of customers",
        text([["cohort", *ages],
              *([name, left[0], *own[1:]] for name, left, own in zip(names, cohorts, percent, strict=True))]),
    )  # fmt: skip
    yield (
        "% of customers",
        text([["cohort", "cohort_size", "months_since_signup", "retention"],
              *((name, cohorts[at][0], age, shares[at][age])
                for at, name in enumerate(names) for age in range(len(cohorts[at])))]),
    )  # fmt: skip
    yield (
        "% of customers",
        text([["age", *names], ["size", *(left[0] for left in cohorts)],
              *([age, *cells] for age, cells in enumerate(zip(*percent, strict=True)))]),
    )  # fmt: skip
    later = [*map(str, ages[1:])]
    without = {"customers": padded, "% of customers": shares}  # a month 0, which the size and the whole stand for
    for values, rows in without.items():
        cells = ([name, left[0], *own[1:]] for name, left, own in zip(names, cohorts, rows, strict=True))
        yield f"{values}, one month later", text([["cohort", "size", *later], *cells])
    yield "customers", text([["cohort", "age", "customers"], *reversed(lines)])


def all_the_same(load, cohorts):
    found = []
    for said, content in forms(cohorts):
        values, _, starts = said.partition(", ")
        constants = {"values": values, "motion": "affiliate"} | ({"starts": starts} if starts else {})
        found.append(triangle(load, content, **constants))
    assert all(program.rejects == () for program in found)
    first, *others = [program.ledger for program in found]
    rows = {name: sorted(zip(*(column.tolist() for column in getattr(first, name).values()), strict=True))
            for name in FRAMES}  # fmt: skip
    assert len(rows["by_age"]) == sum(map(len, cohorts))
    for other in others:
        for name in FRAMES:
            columns = [column.tolist() for column in getattr(other, name).values()]
            assert sorted(zip(*columns, strict=True)) == rows[name]
        assert (other.has, other.ages, other.last_month) == (first.has, first.ages, first.last_month)


def test_every_form_of_a_triangle_gives_the_same_ledger(load):
    all_the_same(load, ([1200, 1100, 950, 943], [333, 222, 111], [101, 1]))


@pytest.mark.proof
@given(cohorts=Cohorts)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_form_of_any_triangle_gives_the_same_ledger(load, cohorts):
    all_the_same(load, cohorts)


def asked(load, content):
    """What is asked of a triangle of which nothing is known."""
    with pytest.raises(FileError) as caught:
        load({"t.csv": content})
    (file,) = caught.value.sources
    assert file.mapping.kind == "triangle"
    return {question.key: question for question in file.questions}


@pytest.mark.parametrize(
    ("cohorts", "own", "step"),
    [(["2024", "2025"], "years", 12), (["Q1 2025", "Q2 2025"], "quarters", 3), (["2025-Q1", "2025-Q2"], "quarters", 3)],
)
def test_cohorts_of_years_and_quarters_ask_what_an_age_is(load, cohorts, own, step):
    content = text([["cohort", 0, 1, 2], [cohorts[0], 100, 80, ""], [cohorts[1], 50, "", ""]])
    assert asked(load, content)["ages"].options == ("months", own)
    ledger = triangle(load, content, **CUSTOMERS, ages=own).ledger
    assert ledger.ages == (0, step)
    assert month_name(ledger.by_age["cohort"][0]) in ("2024-01", "2025-01")
    assert triangle(load, content, **CUSTOMERS, ages="months").ledger.ages == (0, 1)


@pytest.mark.parametrize("header", [["cohort", "Quarter 0", "Quarter 1", "Quarter 2"], ["cohort", "Q0", "Q1", "Q2"]])
def test_a_header_that_says_what_an_age_is_is_not_asked(load, header):
    content = text([header, ["2025-Q1", 100, 80, 60], ["2025-Q2", 50, 40, ""]])
    assert "ages" not in asked(load, content)
    assert triangle(load, content, **CUSTOMERS).ledger.ages == (0, 3, 6)


def test_a_year_among_months_adds_them_up_and_is_left_out(load):
    content = "cohort,0,1,2\n2025-01,100,80,\n2025-02,100,70,\n2025,200,150,\n"
    program = triangle(load, content, **CUSTOMERS)
    assert curve(program)[:2] == [1.0, 0.75]
    assert [(one.line, "totals" in one.reason) for one in program.rejects] == [(4, True)]


def test_zeros_beside_blank_cells_are_nobody_left(load):
    program = triangle(load, "cohort,0,1,2\n2025-01,100,80,0\n2025-02,100,0,\n", **CUSTOMERS)
    assert curve(program) == [1.0, 0.4, 0.0]
    assert len(program.remarks) == 1


def test_a_single_cohort_may_end_at_nobody(load):
    assert curve(triangle(load, "cohort,0,1,2\n2025-01,100,80,0\n", **CUSTOMERS)) == [1.0, 0.8, 0.0]


@pytest.mark.parametrize(
    ("row", "of", "values"),
    [
        ("120,90%,75%", "customers", "% of customers"),
        ("120,0.9,0.75", "customers", "% of customers"),
        ("120,90,75", "customers", "% of customers"),
        ("$1200,90%,75%", "money", "% of money"),
    ],
)
def test_a_count_and_then_shares_of_it(load, row, of, values):
    program = triangle(load, f"cohort,0,1,2\n2025-01,{row}\n", values=values, motion="affiliate")
    assert curve(program, of) == [1.0, 0.9, 0.75]


def test_lines_of_a_long_triangle_that_do_not_fit_are_listed(load):
    content = (
        "cohort,age,value\n2025-01,0,100\n2025-01,1,80\n2025-01,1,70\n2025-02,0,50\n2025-02,later,5\n2025-03,0,ten\n"
    )
    program = triangle(load, content, **CUSTOMERS)
    reasons = {one.line: one.reason for one in program.rejects}
    assert {4: "has" in reasons[4], 6: "no age" in reasons[6], 7: "no number" in reasons[7]} == dict.fromkeys(
        (4, 6, 7), True
    )
    (file,) = program.files
    assert (file.rows, file.accepted, file.rejected) == (6, 3, 3)


def test_ages_of_a_long_triangle_that_begin_with_one_are_asked(load):
    content = "cohort,cohort_size,period,retention\n2025-01,100,1,0.9\n2025-01,100,2,0.8\n2025-02,100,1,0.7\n"
    assert "starts" in asked(load, content)
    later = triangle(load, content, values="% of customers", motion="affiliate", starts="one month later")
    assert curve(later) == [1.0, 0.8, 0.8]
    own = triangle(load, content, values="% of customers", motion="affiliate", starts="the cohort's own month")
    assert curve(own) == [1.0, 0.8889]


def test_a_column_of_values_that_could_be_two_is_asked(load):
    content = "cohort,age,customers,retention\n2025-01,0,100,1\n2025-01,1,90,0.9\n"
    assert asked(load, content)["value"].options == ("customers", "retention")


def test_revenue_with_a_cohort_beside_it_is_no_triangle(load):
    content = "customer_id,cohort_month,month,mrr\nA1,2025-01,2025-01,100\nA1,2025-01,2025-02,100\n"
    assert "revenue" in load({"r.csv": content}).ledger.has


def test_thirty_thousand_rows_within_a_second(load):
    ages = 245
    lines = [
        (month_name(1990 * 12 + at), age, 1000 - age)
        for at in range(ages)
        for age in range(ages - at)
        if at + age < ages
    ]
    content = text([["cohort", "age", "customers"], *lines])
    assert len(lines) > 30_000
    began = time.process_time()
    program = triangle(load, content, **CUSTOMERS)
    assert time.process_time() - began < 1.0
    assert program.files[0].accepted == len(lines)


@pytest.mark.parametrize(("first", "second"), [("120", "80"), ("100", "100")])
def test_sizes_that_stand_in_month_0_say_that_cells_are_customers_unless_they_may_be_shares(load, first, second):
    rows = f"2025-01,affiliate,{first},{first},90,60\n2025-02,affiliate,{second},{second},60,\n"
    content = f"cohort,motion,size,0,1,2\n{rows}"
    if first == second:
        assert "values" in asked(load, content)
    else:
        assert curve(load({"t.csv": content})) == [1.0, 0.75, 0.5]
