"""The cohort ledger as a file, and triangles of a spreadsheet."""

import csv
import io

import numpy as np
import pytest

from motions.charts import cohorts as charts
from motions.cohorts import metrics as m
from motions.cohorts.added_up import ledger_rows
from motions.cohorts.contract import MOTIONS
from motions.cohorts.health import headline, verdicts
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
    for field in ("last_month", "has", "currency", "read_on", "longest_age"):
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
