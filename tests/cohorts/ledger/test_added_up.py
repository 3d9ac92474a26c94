"""The cohort ledger as a file, and triangles of a spreadsheet."""

import csv
import io

import numpy as np
import pytest

from motions.charts import cohorts as charts
from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.metrics import metrics as m
from motions.cohorts.verdicts.verdicts import headline, verdicts
from motions.errors import FileError
from motions.text import as_csv

AFFILIATE = (MOTIONS.index("affiliate"),)


def written(ledger):
    header, *rows = ledger_rows(ledger)
    return as_csv([str(cell) for cell in header], rows)


def test_a_ledger_that_is_written_and_read_again_gives_the_same_figures(load, sample_program):
    ledger = sample_program.ledger
    again = load({"ledger.csv": written(ledger)}).ledger
    for name in ("by_cohort", "by_partner", "by_age", "by_spend", "by_payout", "partners"):
        one, other = getattr(ledger, name), getattr(again, name)
        assert list(one) == list(other)
        for column, values in one.items():
            assert values.tolist() == other[column].tolist(), f"{name}.{column}"
    for field in ("last_month", "has", "currency", "read_on", "ages"):
        assert getattr(ledger, field) == getattr(again, field)
    chosen = m.Settings(as_of=ledger.last_month)
    assert verdicts(again, chosen) == verdicts(ledger, chosen)
    assert headline(again, chosen) == headline(ledger, chosen)


def test_the_cohort_table_alone_is_a_ledger_too(load, sample_program):
    rows = list(csv.DictReader(io.StringIO(written(sample_program.ledger).decode("utf-8-sig"))))
    columns = ["cohort", "motion", "segment", "month", *[name for name in sample_program.ledger.by_cohort if name not in
               ("cohort", "motion", "segment", "month")]]  # fmt: skip
    table = [columns] + [[row[name] for name in columns] for row in rows if row["part"] == "cohort"]
    program = load({"by_cohort.csv": table})
    chosen = m.Settings(as_of=sample_program.ledger.last_month)
    assert m.nrr(program.ledger, chosen, m.PARTNER) == m.nrr(sample_program.ledger, chosen, m.PARTNER)
    assert m.measure(m.BY_ID["cpa"], program.ledger, chosen, m.PARTNER).note == "add a spend file"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda row: row | {"closing": str(int(row["closing"]) + 1)}, "do not lead from opening to closing"),
        (lambda row: row | {"signups": "1.5"}, "column signups.*is no whole"),
        (lambda row: row | {"motion": "afiliate"}, "column motion"),
        (lambda row: row | {"month": "2026-13"}, "column month"),
        (lambda row: row | {"part": "cohorts"}, "Did you mean 'cohort'"),
    ],
)
def test_a_ledger_with_a_wrong_row_is_refused_whole(load, sample_program, change, says):
    rows = list(csv.DictReader(io.StringIO(written(sample_program.ledger).decode("utf-8-sig"))))
    at = next(at for at, row in enumerate(rows) if row["part"] == "cohort")
    rows[at] = change(rows[at])
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    with pytest.raises(FileError, match=rf"ledger\.csv, line {at + 2}.*{says}"):
        load({"ledger.csv": out.getvalue()})


def test_a_ledger_beside_accounts_is_refused_and_the_accounts_are_read(load, sample_program):
    accounts = "account_id,signed_up_on\nA1,2025-01-05\n"
    program = load({"a.csv": accounts, "ledger.csv": written(sample_program.ledger)})
    assert "can't be joined" in str(program.refused[0])
    assert program.ledger.by_cohort["signups"].tolist() == [1]


# Triangles


def asked(load, content, *answers):
    """Load a triangle and answer what it asks."""
    with pytest.raises(FileError) as caught:
        load({"t.csv": content})
    mapping = caught.value.sources[0].complete()
    for part, key, value in answers:
        mapping = mapping.answered(part, key, value)
    return load({"t.csv": content}, mappings=[mapping])


VALUES, MOTION = ("constants", "values"), ("constants", "motion")


def test_a_triangle_of_customers(load):
    content = "cohort,size,0,1,2\n2025-01,40,40,30,20\n2025-02,20,20,10,\n2025-03,10,10,,\nTotal,70,70,40,20\n"
    program = asked(load, content, (*VALUES, "customers"), (*MOTION, "affiliate"))
    curve = m.retention_by_age(program.ledger, program.ledger.last_month, AFFILIATE, "customers")
    assert [kept.value for kept in curve] == [1.0, pytest.approx(40 / 60), 0.5]
    assert curve[1].low < 40 / 60 < curve[1].high  # Wilson over 60 customers
    file = program.files[0]
    assert (file.rows, file.accepted, file.rejected) == (4, 3, 1)
    assert "totals and averages are left out" in program.rejects[0].reason
    nrr = m.measure(m.BY_ID["nrr"], program.ledger, m.Settings(as_of=program.ledger.last_month), AFFILIATE)
    assert not nrr.known()
    for of in ("customers",):
        chart = charts.triangle(
            program.ledger, m.Settings(as_of=program.ledger.last_month), "Affiliates", AFFILIATE, of
        )
        assert len(chart.figure.data[0].y) == 3


def test_a_triangle_of_money_with_motions_and_decimal_commas(load):
    content = (
        "Motion;Cohort;Size;Month 0;Month 1;Month 2\n"
        "Affiliates;Jan 2025;12;€1.200,00;€1.100,50;€900,00\nOrganic;Jan 2025;30;€3.000,00;€3.100,00;€3.200,00\n"
        "Affiliates;Feb 2025;11;€1.000,00;€950,00;\n"
    )
    program = asked(load, content, (*VALUES, "money"))
    curve = m.retention_by_age(program.ledger, program.ledger.last_month, AFFILIATE)
    assert [kept.value for kept in curve] == [
        1.0, pytest.approx((1100.5 + 950) / 2200), pytest.approx(900 / 1200)
    ]  # fmt: skip
    assert all(kept.low is None for kept in curve)  # a triangle has no squares


@pytest.mark.parametrize(
    ("cells", "of"),
    [
        (["100%", "80%", "64%"], "customers"),
        (["100", "80", "64"], "money"),
        (["1.00", "0.80", "0.64"], "money"),
    ],
)
def test_a_triangle_of_shares(load, cells, of):
    content = "cohort,size,0,1,2\n" + f"2025-01,50,{','.join(cells)}\n" + f"2025-02,50,{cells[0]},{cells[1]},\n"
    program = asked(load, content, (*VALUES, f"% of {of}"), (*MOTION, "affiliate"))
    curve = m.retention_by_age(program.ledger, program.ledger.last_month, AFFILIATE, of)
    assert [kept.value for kept in curve] == [pytest.approx(value) for value in (1.0, 0.8, 0.64)]


def test_a_triangle_with_a_gap_or_a_word_says_so_by_row(load):
    content = "cohort,0,1,2\n2025-01,40,,20\n2025-02,20,ten,\n2025-03,30,\n2025-04,30,,\n"
    with pytest.raises(FileError, match=r"line 4.*has 3 fields"):
        asked(load, content, (*VALUES, "customers"), (*MOTION, "affiliate"))
    program = asked(load, content.replace("30,\n", "30,,\n"), (*VALUES, "customers"), (*MOTION, "affiliate"))
    reasons = {reject.line: reject.reason for reject in program.rejects}
    assert "month 1 is blank although the cohort is old enough" in reasons[2]
    assert "month 1 is no number" in reasons[3]
    assert np.isin([2, 3], list(reasons)).all()


def test_an_age_without_a_column_is_unknown_and_not_zero(load):
    content = "cohort,0,1,6\n2025-01,40,30,20\n2025-02,20,10,5\n"
    program = asked(load, content, (*VALUES, "customers"), (*MOTION, "affiliate"))
    curve = m.retention_by_age(program.ledger, program.ledger.last_month, AFFILIATE, "customers")
    assert [None if kept.value is None else round(kept.value, 3) for kept in curve] == [
        1.0, 0.667, None, None, None, None, 0.417
    ]  # fmt: skip
    triangle = m.retention_triangle(program.ledger, program.ledger.last_month, AFFILIATE, "customers")
    assert np.isnan(triangle.kept[:, 2:6]).all()


def test_shares_are_exact_and_a_cohort_counts_once(load):
    content = "cohort,size,0,1,2\n2025-01,1000,1,0.8749,\n2025-02,1000,1,,\n2025-01,1000,1,0.5,\n"
    program = asked(load, content, (*VALUES, "% of money"), (*MOTION, "affiliate"))
    assert m.retention_by_age(program.ledger, program.ledger.last_month, AFFILIATE)[1].value == pytest.approx(0.8749)
    assert [(reject.line, reject.reason.split(";")[0]) for reject in program.rejects] == [
        (4, "is a second row for the same cohort and motion")
    ]


def test_columns_that_begin_with_one_are_asked_about(load):
    content = "cohort,size,1,2,3\n2025-01,100,80,60,40\n2025-02,100,80,60,\n"
    answers = ((*VALUES, "customers"), (*MOTION, "affiliate"))
    with pytest.raises(FileError) as caught:
        load({"t.csv": content})
    assert "starts" in {question.key for question in caught.value.sources[0].questions}
    for starts, kept in (("the cohort's own month", [1.0, 0.75, 0.5]), ("one month later", [1.0, 0.8, 0.6, 0.4])):
        program = asked(load, content, *answers, ("constants", "starts", starts))
        curve = m.retention_by_age(program.ledger, program.ledger.last_month, AFFILIATE, "customers")
        assert [one.value for one in curve] == [pytest.approx(value) for value in kept]


def test_cohorts_sizes_and_motions_that_stay_open_are_asked(load):
    content = "cohort;motion;size;0;1;2\n05/03/2025;Foo;1.000;900;800;\n06/03/2025;Foo;2.000;900;800;\n"
    with pytest.raises(FileError) as caught:
        load({"t.csv": content})
    assert {(one.part, one.key) for one in caught.value.sources[0].questions} == {
        ("forms", "cohort"), ("forms", "size"), ("motions", "Foo"), ("constants", "values")
    }  # fmt: skip


def test_answers_that_the_cells_contradict_reject_the_rows(load):
    content = "cohort,size,0,1,2\n2025-01,40,0.9,0.8,0.7\n2025-02,40,0.9,0.8,\n"
    with pytest.raises(FileError, match="holds fractions"):
        asked(load, content, (*VALUES, "customers"), (*MOTION, "affiliate"))
    with pytest.raises(FileError, match="holds percent"):
        asked(load, content.replace("0.", "9").replace(",9", ",9%"), (*VALUES, "money"), (*MOTION, "affiliate"))


@pytest.mark.parametrize(
    ("column", "value"),
    [("motion", "unassigned"), ("signups", "9" * 25), ("closing_squares", "nan"), ("closing_squares", "inf")],
)
def test_a_ledger_with_what_no_ledger_holds_is_refused(load, sample_program, column, value):
    rows = list(csv.DictReader(io.StringIO(written(sample_program.ledger).decode("utf-8-sig"))))
    at = next(at for at, row in enumerate(rows) if row["part"] == "cohort")
    rows[at][column] = value
    table = [list(rows[0]), *[list(row.values()) for row in rows]]
    with pytest.raises(FileError, match=rf"line {at + 2}, column {column}"):
        load({"ledger.csv": table})
