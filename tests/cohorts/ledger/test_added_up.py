"""The cohort ledger as a file, and triangles of a spreadsheet."""

import csv
import io
import re

import duckdb
import numpy as np
import pytest

from motions.charts import cohorts as charts
from motions.cohorts.contract import MOTION_WORDS, MOTIONS
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import load_program
from motions.cohorts.reading.engine import connect
from motions.cohorts.reading.mapping import Mapping
from motions.cohorts.verdicts.verdicts import headline, verdicts
from motions.errors import FileError
from motions.text import as_csv
from tests.conftest import FRAMES, SAMPLE_FILES, TODAY

AFFILIATE = (MOTIONS.index("affiliate"),)


def written(ledger):
    header, *rows = ledger_rows(ledger)
    return as_csv([str(cell) for cell in header], rows)


@pytest.mark.proof
def test_a_ledger_that_is_written_and_read_again_gives_the_same_figures(load, sample_program):
    ledger = sample_program.ledger
    again = load({"ledger.csv": written(ledger)}).ledger
    for name in FRAMES:
        one, other = getattr(ledger, name), getattr(again, name)
        assert list(one) == list(other)
        for column, values in one.items():
            assert values.tolist() == other[column].tolist(), f"{name}.{column}"
    for field in ("last_month", "has", "currency", "read_on", "ages"):
        assert getattr(ledger, field) == getattr(again, field)
    chosen = m.Settings(as_of=ledger.last_month)
    assert verdicts(again, chosen) == verdicts(ledger, chosen)
    assert headline(again, chosen) == headline(ledger, chosen)


@pytest.mark.proof
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


@pytest.mark.proof
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


# What a ledger file can't say


def refused(load, rows, at, column, value):
    """What is said of a ledger with one other cell."""
    rows = [dict(row) for row in rows]
    rows[at][column] = value
    with pytest.raises(FileError) as problem:
        load({"ledger.csv": [list(rows[0]), *[list(row.values()) for row in rows]]})
    assert len(str(problem.value)) < 400
    return problem.value


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """The rows of a ledger of every twelfth account of the sample: what is looked at here is its file."""
    folder = tmp_path_factory.mktemp("some")
    paths = []
    for name, path in SAMPLE_FILES:
        header, *lines = path.read_text("utf-8").splitlines()
        kept = [line for line in lines if not ACCOUNT.match(line) or int(ACCOUNT.match(line)[1]) % 12 == 1]
        (folder / name).write_text("\n".join([header, *kept]) + "\n", "utf-8")
        paths.append((name, folder / name))
    program = load_program(paths, folder / "scratch", TODAY)
    return list(csv.DictReader(io.StringIO(written(program.ledger).decode("utf-8-sig"))))


ACCOUNT = re.compile(r"A(\d+),")


def place(rows, part, **said):
    return next(at for at, row in enumerate(rows) if row["part"] == part and said.items() <= row.items())


@pytest.mark.parametrize(
    "part", ["cohort", *(pytest.param(part, marks=pytest.mark.proof) for part in ("partner", "spend", "payout"))]
)
@pytest.mark.parametrize(
    "month",
    ["202²-01", "2026-0²", "１２26-01", "0000-01", "0001-01", "1969-12", "2026-12", "9999-01", "9" * 5000, "2026-00"],
)
def test_months_that_no_ledger_has_are_refused_with_line_and_column(load, rows, part, month):
    at = place(rows, part)
    assert refused(load, rows, at, "month", month).where == f"line {at + 2}, column month"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("last_month", "202²-01"), ("last_month", "0000-01"), ("last_month", "2027-01"), ("last_month", "never"),
        ("read_on", "0001-01-01"), ("read_on", "2026-02-30"), ("read_on", "2026-W01-1"), ("read_on", "1" * 5000),
        ("currency", "<a href=http://evil.test>x</a>"), ("ages", "²"), ("version", "9" * 5000),
        *(
            pytest.param(name, value, marks=pytest.mark.proof)
            for name, value in (
                ("currency", "usd"), ("currency", "ÄÖÜ"), ("currency", "$"), ("ages", "9" * 5000),
            )
        ),
    ],
)  # fmt: skip
def test_what_a_ledger_says_of_itself_has_to_be_possible(load, rows, name, value):
    found = rows if any(row["name"] == name for row in rows) else [{**rows[0], "name": name}, *rows]
    at = place(found, "program", name=name)
    problem = refused(load, found, at, "value", value)
    assert name == "version" or problem.where == f"line {at + 2}, column value"


@pytest.mark.parametrize(
    ("part", "column", "value"),
    [
        ("cohort", "signups", "-1"), ("cohort", "activated_14", "99999"), ("cohort", "pqls_bought", "99999"),
        ("cohort", "customers", "1_0"), ("cohort", "closing_squares", "1e300"), ("cohort", "closing_squares", "-1"),
        ("cohort", "churned_customers", "99999"), ("partner", "churned_customers", "99999"),
        ("age", "age", "9999"), ("age", "age", "-1"), ("spend", "amount", "9" * 20),
        ("cohort", "activation_days", "²"),
    ],
)  # fmt: skip
def test_sums_that_no_ledger_has_are_refused_with_line_and_column(load, rows, part, column, value):
    at = place(rows, part)
    assert refused(load, rows, at, column, value).where == f"line {at + 2}, column {column}"


@pytest.mark.proof
@pytest.mark.parametrize(("part", "column"), [("event", "bought"), ("event", "activated"), ("pql", "pqls_bought")])
def test_there_is_not_more_of_something_by_month_than_in_all(load, rows, part, column):
    refused(load, rows, place(rows, part), column, "1000000")


def test_a_cohort_does_not_grow(load, rows):
    at = place(rows, "age", age="1")
    assert refused(load, rows, at, "customers", "99999").where == f"line {at + 2}, column customers"


@pytest.mark.proof
def test_ends_of_a_partners_customers_fit_what_the_partner_won(load, rows):
    at = place(rows, "partner spell")
    key = ("part", "motion", "partner_id", "cohort")
    same = [number for number, row in enumerate(rows) if all(row[name] == rows[at][name] for name in key)]
    one = str(int(rows[same[-1]]["customers"]) + 1)  # the last of them, at which they are more than were won
    assert refused(load, rows, same[-1], "customers", one).where == f"line {same[-1] + 2}, column customers"
    assert "not after the first payment" in str(refused(load, rows, at, "ended_month", rows[at]["cohort"]))
    fewer = [row for number, row in enumerate(rows) if number != at]
    last = max(number for number, row in enumerate(fewer) if row["part"] == "partner spell")
    assert "are fewer than partners have won" in str(refused(load, fewer, last, "segment", ""))


def test_sums_that_overflow_together_and_a_partner_listed_twice_are_refused(load, rows):
    two = [at for at, row in enumerate(rows) if row["part"] == "spend"][:2]
    large = [{**row, "amount": str(2**61)} if at in two else row for at, row in enumerate(rows)]
    assert refused(load, large, two[0], "amount", str(2**61)).where == f"line {two[0] + 2}, column amount"
    at = place(rows, "listed partner")
    assert "again" in str(refused(load, rows, at + 1, "partner_id", rows[at]["partner_id"]))


def test_words_that_look_like_formulas_come_back_from_a_ledger_file(load):
    names = ["x;=1+1;y", "'=z", "＝a", "-", "\t=b", "it's; -5"]
    accounts = [["account_id", "signed_up_on", "motion", "partner_id", "segment"]]
    accounts += [[f"A{at}", "2025-01-05", "affiliate", f"P{at}", name] for at, name in enumerate(names)]
    partners = [["partner_id", "name", "motion", "recruited_on"]]
    partners += [[f"P{at}", name, "affiliate", "2024-01-01"] for at, name in enumerate(names)]
    ledger = load({"a.csv": accounts, "p.csv": partners}).ledger
    again = load({"ledger.csv": written(ledger)}).ledger
    assert again.partners["name"].tolist() == ledger.partners["name"].tolist()
    assert sorted(set(again.by_cohort["segment"])) == sorted(set(ledger.by_cohort["segment"]))


# What a triangle can't say


def answered(load, content, values="customers", **more):
    mapping = Mapping(kind="triangle", header=("cohort",), constants={"values": values, "motion": "affiliate", **more})
    return load({"t.csv": content}, mappings=[mapping])


@pytest.mark.parametrize("cell", ["999999", "1000000", "1000001", "123456789", "999999999999"])
def test_large_cells_and_sizes_are_read(load, cell):
    content = f"cohort,size,0,1,2\n2025-01,{cell},{cell},5,3\n2025-02,{cell},{cell},4,\n"
    for values, measure, scale in (("customers", "customers", 1), ("money", "closing", 100)):
        ledger = answered(load, content, values).ledger
        assert ledger.by_age[measure].tolist()[:2] == [int(cell) * scale, 5 * scale]
    content = f"cohort,size,0,1,2\n2025-01,{cell},100%,50%,25%\n2025-02,{cell},100%,40%,\n"
    for of in ("customers", "money"):
        ledger = answered(load, content, f"% of {of}").ledger
        assert m.retention_triangle(ledger, ledger.last_month, AFFILIATE, of).kept[0, 1] == pytest.approx(0.5, abs=1e-5)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("cohort,0,1,2\n2025-01,1000000000000,5,3\n", "no number below a million million"),
        ("cohort,0,1,2\n2025-01,10,-5,3\n", "month 1 is below zero"),
        ("cohort,size,0,1,2\n2025-01,-10,10,5,3\n", "size below zero"),
        ("cohort,0,1,2\n2025-01,10,20,3\n", "more customers than the first"),
        ("cohort,0,1,2\n1025-01,10,5,3\n", "from 1970 on"),
    ],
)
def test_cells_that_no_triangle_has_reject_their_row(load, content, says):
    with pytest.raises(FileError, match=says):
        answered(load, content)


def test_a_triangle_that_adds_up_to_more_than_can_be_counted_is_refused(load):
    content = "cohort,size,0,1,2\n2025-01,999999999999,100%,50%,20%\n2025-02,999999999999,1000%,5000000%,\n"
    with pytest.raises(FileError, match="more than can be counted"):
        answered(load, content, "% of money")


def test_a_motion_for_a_whole_file_can_not_be_left_out():
    for kind in ("triangle", "accounts"):
        with pytest.raises(ValueError, match="kind: not used"):
            Mapping(kind=kind, constants={"motion": "leave out"})


def test_cells_are_values_and_never_sql(load, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("secret,1\n", "utf-8")
    for evil in (
        f"'||(SELECT content FROM read_text('{secret}'))||'",
        "') UNION SELECT 1 --",
        "\\'; SELECT 1; --",
        "\x00'",
    ):
        content = [["cohort", "motion", "0", "1", "2"], ["2025-01", "affiliate", "10", "5", "3"]]
        content += [["2025-02", evil, evil, evil, evil], [evil, "affiliate", "1", "1", "1"]]
        mapping = Mapping(
            kind="triangle", header=("cohort",), constants={"values": "customers"}, motions={evil: "affiliate"}
        )
        if "\x00" in evil:
            with pytest.raises(FileError, match="NUL"):
                load({"t.csv": content}, mappings=[mapping])
            continue
        program = load({"t.csv": content}, mappings=[mapping])
        assert (program.files[0].accepted, program.files[0].rejected) == (1, 2)
        assert "secret" not in "".join(one.reason for one in program.rejects)


def test_the_engine_of_triangles_is_closed(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n", "utf-8")
    con = connect()
    for statement in (
        f"SELECT * FROM read_csv('{other}')", f"SELECT * FROM '{other}'", f"SELECT * FROM read_text('{other}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'new.csv'}'", f"ATTACH '{tmp_path / 'new.db'}'", "LOAD httpfs",
        "SET enable_external_access = true", f"SET allowed_directories = ['{tmp_path}']", "SELECT * FROM rows_of_ours",
    ):  # fmt: skip
        with pytest.raises(duckdb.Error):
            con.execute(statement).fetchall()
    con.close()


def test_a_triangle_of_many_rows_is_read_in_a_few_statements(load, monkeypatch):
    opened = []
    monkeypatch.setattr("motions.cohorts.ledger.triangle.connect", lambda: opened.append(1) or connect())
    cohorts = [f"{year}-{month:02d}" for year in range(1990, 2025) for month in range(1, 13)]
    content = [["cohort", "motion", "0", "1", "2"]]
    content += [[cohorts[at % 420], tuple(MOTION_WORDS)[at // 420 % 6], "100", "50", "3"] for at in range(10_000)]
    program = load(
        {"t.csv": content}, mappings=[Mapping(kind="triangle", header=("cohort",), constants={"values": "customers"})]
    )
    assert (program.files[0].accepted, program.files[0].rejected) == (2520, 7480)
    assert len(opened) == 1
