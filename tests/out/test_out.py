"""What can be taken along: command line, report and workbook say the same as the page, and hold no formulas."""

import io
import itertools
import json
import re
import subprocess
import sys
import zipfile
from datetime import date
from html.parser import HTMLParser

import openpyxl
import pytest

from motions.__main__ import main
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.text import shown
from motions.cohorts.reading.mapping import Mapping
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import verdicts
from motions.errors import FileError
from motions.out.report import Report, as_html, as_json, as_text
from motions.out.workbook import LONGEST_CELL, as_workbook
from tests.conftest import SAMPLE, SAMPLE_FILES

FILES = [str(path) for _, path in SAMPLE_FILES]
EVIL = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "@SUM(1)", "</script><img src=x>", "{{ 7*7 }}", "$x^2$"]


@pytest.fixture(scope="module")
def evil(tmp_path_factory):
    """A program whose names and ids try to be something else."""
    from motions.cohorts.program import load_program  # noqa: PLC0415
    from tests.conftest import TODAY  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("evil")
    names = [
        "partner_id,name,motion,recruited_on",
        *(f'"P{n}","{name}",affiliate,2025-01-01' for n, name in enumerate(EVIL)),
    ]
    accounts = ["account_id,signed_up_on,motion,partner_id,segment"]
    accounts += [f'"A{n}",2025-01-05,affiliate,P{n},"{name}"' for n, name in enumerate(EVIL)]
    accounts += ['"=1+1",2025-01-05,affiliate,P9,x']
    revenue = ["account_id,month,mrr", *(f"A{n},2025-02,{n + 1}" for n in range(len(EVIL)))]
    files = []
    for name, lines in (("p", names), ("a", accounts), ("r", revenue)):
        path = folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        files.append((f"<b>{name}</b>.csv", path))
    return load_program(files, folder, TODAY)


def run(capsysbinary, *arguments):
    code = main(["health", *arguments])
    out = capsysbinary.readouterr()
    return code, out.out, out.err.decode()


def test_the_command_line_says_the_same_as_the_page(capsysbinary, sample_program):
    code, out, _ = run(capsysbinary, *FILES, "--format", "json")
    said = json.loads(out)
    ledger = sample_program.ledger
    settings = m.Settings(as_of=ledger.last_month)
    assert (code, said["as_of"], said["currency"]) == (0, "2026-09", "USD")
    for one, other in zip(said["verdicts"], verdicts(ledger, settings), strict=True):
        assert (one["title"], one["word"], one["value"], one["low"]) == (
            m.BY_ID[other.shown].in_files, other.word, other.figure.value, other.figure.low
        )  # fmt: skip
    groups = dict(tables.groups(ledger))
    for one in said["metrics"]:
        found = m.measure(m.BY_ID[one["metric"]], ledger, settings, groups[one["group"]])
        assert (one["value"], one["low"], one["high"], one["note"]) == (found.value, found.low, found.high, found.note)
    assert {one["file"]: one["rejected"] for one in said["files"]} == dict.fromkeys(
        [name for name, _ in SAMPLE_FILES], 0
    )


def test_settings_reach_the_figures(capsysbinary, sample_program):
    options = ["--as-of", "2026-06", "--window", "6", "--activation-days", "30", "--without-program-cost",
               "--gross-margin", "0.5", "--producing", "signup in 3 months"]  # fmt: skip
    _, out, _ = run(capsysbinary, *FILES, "--format", "json", *options)
    settings = m.Settings(
        as_of=2026 * 12 + 5, window=6, activation_days=30, program_in_cpa=False, gross_margin=0.5,
        producing="signup in 3 months",
    )  # fmt: skip
    said = {one["metric"]: one["value"] for one in json.loads(out)["metrics"] if one["group"] == "Partner"}
    for name in ("nrr", "cpa", "activation", "ltv", "active_partners"):
        assert said[name] == m.measure(m.BY_ID[name], sample_program.ledger, settings, m.PARTNER).value


def test_exit_codes(capsysbinary, tmp_path):
    assert run(capsysbinary, *FILES, "--fail-on", "critical")[0] == 1  # affiliates retain worse, resellers cost more
    _, _, err = run(capsysbinary, *FILES, "--fail-on", "critical")
    assert "Affiliates: NRR" in err
    calm = tmp_path / "rules.yaml"
    calm.write_text(
        "rules: [{metric: quick_ratio, against: threshold, threshold: 0.1, better: higher, severity: critical, "
        "means: m, do: d}]\n", "utf-8",
    )  # fmt: skip
    assert run(capsysbinary, *FILES, "--fail-on", "note", "--rules", str(calm))[0] == 0
    code, _, err = run(capsysbinary, str(tmp_path / "nothing.csv"))
    assert (code, "is not there" in err) == (2, True)
    code, _, err = run(capsysbinary, *FILES, "--as-of", "2031-01")
    assert (code, "from 2023-10 to 2026-09" in err) == (2, True)
    code, _, err = run(capsysbinary, *FILES, "--gross-margin", "80")
    assert (code, "such as 0.8" in err) == (2, True)
    broken = tmp_path / "mapping.yaml"
    broken.write_text("mappings: [{kind: acounts}]\n", "utf-8")
    code, _, err = run(capsysbinary, *FILES, "--mapping", str(broken))
    assert (code, "Did you mean 'accounts'" in err) == (2, True)
    assert main(["health"]) == 2
    with pytest.raises(SystemExit) as stopped:
        main(["health", "--window", "7"])
    assert stopped.value.code == 2


def test_an_open_question_says_what_a_mapping_has_to_hold(capsysbinary, tmp_path):
    accounts, revenue = tmp_path / "a.csv", tmp_path / "r.csv"
    accounts.write_text("account_id,signed_up_on\nA1,03/04/2025\n", "utf-8")
    revenue.write_text("account_id,month,mrr\nA1,2025-05,10\n", "utf-8")
    code, out, err = run(capsysbinary, str(accounts), str(revenue))
    assert code == 2
    assert "a.csv is not read yet" in err
    alone, _, err = run(capsysbinary, str(accounts))
    assert alone == 2
    assert "a.csv, forms.signed_up_on:" in err
    assert "(day/month/year, month/day/year)" in err
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "mappings: [{header: [account_id, signed_up_on], kind: accounts, "
        "columns: {account_id: account_id, signed_up_on: signed_up_on}, forms: {signed_up_on: day/month/year}}]\n",
        "utf-8",
    )
    code, out, _ = run(capsysbinary, str(accounts), str(revenue), "--mapping", str(mapping), "--format", "json")
    assert (code, json.loads(out)["as_of"]) == (0, "2025-05")


@pytest.mark.proof
def test_the_ledger_goes_out_and_comes_in_again(capsysbinary, tmp_path):
    path = tmp_path / "ledger.csv"
    assert run(capsysbinary, *FILES, "--format", "ledger", "--output", str(path))[0] == 0
    _, whole, _ = run(capsysbinary, *FILES, "--format", "json")
    _, again, _ = run(capsysbinary, str(path), "--format", "json")
    one, other = json.loads(whole), json.loads(again)
    for part in ("as_of", "currency", "headline", "verdicts", "verdicts_by_motion", "metrics"):
        assert one[part] == other[part], part


def test_rejected_rows_and_the_mapping_are_written(capsysbinary, tmp_path):
    revenue, out = tmp_path / "r.csv", tmp_path / "rejected.csv"
    revenue.write_text("account_id,month,mrr\nA1,2025-05,10\nA1,never,=5\n", "utf-8")
    _, made, _ = run(capsysbinary, str(revenue), "--format", "mapping", "--rejected", str(out))
    assert "kind: revenue" in made.decode()
    text = out.read_text("utf-8-sig")
    assert text.count('"r.csv",3') == 2
    assert '"\'=5"' in text


def test_it_runs_as_a_module_and_says_how_it_is_used():
    done = subprocess.run(
        [sys.executable, "-m", "motions", "health", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=SAMPLE.parent,
    )
    assert "Exit codes" in done.stdout
    assert "--fail-on" in done.stdout


# The report


class Tags(HTMLParser):
    """The tags of a page, and what they point to."""

    def __init__(self):
        super().__init__()
        self.found, self.links = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]


def test_the_report_holds_everything_and_asks_for_nothing(sample_program):
    report = Report.of(sample_program)
    page = as_html(report, date(2026, 11, 22))
    tags = Tags()
    tags.feed(re.sub(r"<script>.*?</script>", "<script></script>", page, flags=re.DOTALL))
    assert tags.links == []
    assert tags.found.count("table") == 8
    assert tags.found.count("script") >= 9  # the library, and one for each chart
    for one in report.judged:
        assert shown(one.unit, one.figure, "USD") in page
    assert report.headline in page
    assert all(metric.title in page for metric in m.METRICS)
    assert "Made on 2026-11-22. As of 2026-09 · 12 months" in page


def test_text_from_files_is_text_in_the_report(evil):
    page = as_html(Report.of(evil), date(2026, 11, 22))
    assert "<script>alert(1)" not in page
    assert "</script><img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }}" in page
    assert "<b>p</b>" not in page


def test_a_report_of_little_is_a_report(load):
    for files in (
        {"a.csv": "account_id,signed_up_on\nA1,2025-01-05\n"},
        {"a.csv": "account_id,signed_up_on\nA1,2025-01-05\n", "r.csv": "account_id,month,mrr\nA1,2025-02,5\n"},
        {"s.csv": "month,amount,kind\n2025-02,10,payout\n"},
        {"p.csv": "partner_id,motion,recruited_on\nP1,affiliate,2025-01-01\n"},
    ):
        report = Report.of(load(files))
        assert "unknown" in as_text(report).lower() or "not enough" in as_text(report).lower()
        assert as_html(report, date(2026, 11, 22))
        assert openpyxl.load_workbook(io.BytesIO(as_workbook(report)))


TABLES = {
    "accounts": "account_id,signed_up_on,motion,partner_id,activated_on,pql_on\n"
    "A1,2025-01-05,affiliate,P1,2025-01-06,2025-02-01\nA2,2025-01-05,,,,\n",
    "revenue": "account_id,month,mrr\nA1,2025-02,5\nA1,2025-03,6\nA9,2025-03,6\n",
    "partners": "partner_id,name,motion,recruited_on\nP1,Ann,affiliate,2024-01-01\n",
    "spend": "month,amount,kind,motion,partner_id\n2025-02,10,payout,affiliate,P1\n2025-02,10,marketing,,\n",
    "subscriptions": "account_id,started_on,ended_on,mrr\nA1,2025-01-05,,7\n",
    "movements": "account_id,month,change,movement\nA1,2025-02,5,new\n",
    "commissions": "commission_id,partner_id,month,amount,motion\nC1,P1,2025-02,5,affiliate\n",
    "payouts": "payout_id,partner_id,month,amount,motion\nC1,P1,2025-02,5,affiliate\n",
}
OWN = [Mapping(kind="commissions", header=("commission_id",)), Mapping(kind="payouts", header=("payout_id",))]
SUBSETS = [
    *(names for size in (1, 2, 3, 4) for names in itertools.combinations(list(TABLES)[:4], size)),
    *itertools.combinations(list(TABLES)[4:], 1),
    *itertools.product(list(TABLES)[:4], list(TABLES)[4:]),
]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(names, marks=pytest.mark.proof if at % 3 else (), id=" ".join(names))
        for at, names in enumerate(SUBSETS)
    ],
)
def test_whatever_tables_there_are_everything_can_be_taken_along(load, names, monkeypatch):
    monkeypatch.setattr("plotly.offline.get_plotlyjs", lambda: "")  # 4 MB that are always the same
    report = Report.of(load({f"{name}.csv": TABLES[name] for name in names}, mappings=OWN, written=2025 * 12 + 2))
    assert as_text(report)
    assert json.loads(as_json(report))["metrics"]
    assert "<h1" in as_html(report, date(2026, 11, 22))
    assert "Verdicts" in cells(as_workbook(report))


def test_files_without_any_month_say_so(load):
    with pytest.raises(FileError, match="no month with MRR"):
        load({"s.csv": "account_id,started_on,ended_on,mrr\nA1,2025-01-05,,0\n"})


def test_a_text_of_any_length_stands_in_the_workbook(load):
    name = "x" * 40_000
    files = {"p.csv": TABLES["partners"].replace("Ann", name), "a.csv": TABLES["accounts"]}
    assert cells(as_workbook(Report.of(load(files))))["Partners"][1][1].value == name[:LONGEST_CELL]


# The workbook


def cells(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows()) for sheet in book}


def test_the_workbook_has_native_numbers_and_charts(sample_program):
    content = as_workbook(Report.of(sample_program))
    sheets = cells(content)
    assert list(sheets) == [
        "Verdicts",
        "Metrics",
        "Definitions",
        "Months",
        "Retention",
        "Partners",
        "Checks",
        "Files",
        "Rules",
        "Coverage",
    ]
    ledger, settings = sample_program.ledger, m.Settings(as_of=sample_program.ledger.last_month)
    found = {(row[0].value, row[1].value): row for row in sheets["Metrics"]}
    nrr = m.nrr(ledger, settings, m.PARTNER)
    row = found["NRR", "Partner"]
    assert [cell.value for cell in row[2:5]] == [pytest.approx(value) for value in (nrr.value, nrr.low, nrr.high)]
    assert row[2].number_format == "0.0%"
    assert found["MRR", "Partner"][2].value == pytest.approx(m.mrr(ledger, settings, m.PARTNER).value)
    assert found["Active partner ratio", "Organic"][2].value is None  # unknown stays empty
    months = [row for row in sheets["Months"] if re.fullmatch(r"\d{4}-\d\d", str(row[0].value))]
    assert len(months) == settings.as_of - ledger.first_month + 1
    moves = [cell.value for cell in months[-1][1:8]]
    assert moves[0] + sum(moves[1:4]) - moves[4] - moves[5] == pytest.approx(moves[6])
    charts = [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 2


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(evil):
    content = as_workbook(Report.of(evil))
    found = [cell for rows in cells(content).values() for row in rows for cell in row]
    assert not [cell for cell in found if cell.data_type == "f"]
    texts = {cell.value for cell in found}
    assert set(EVIL) <= texts
    xml = zipfile.ZipFile(io.BytesIO(content))
    assert not [name for name in xml.namelist() if b"<f>" in xml.read(name) and "worksheet" in name]


def test_the_workbook_says_what_changed_and_why_a_figure_is_unknown(load):
    files = {name: path.read_bytes() for name, path in SAMPLE_FILES if name != "spend.csv"}
    program = load(files)
    report = Report.of(program, before=program.ledger, name="Acme & Co")
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(report)))
    assert "Since 2026-09 partner MRR is the same" in book["Since"]["A1"].value
    assert book["Verdicts"]["A1"].value.startswith("Acme & Co, 2026-09: ")
    rows = {row[0]: row for row in book["Verdicts"].iter_rows(min_row=4, values_only=True) if row[0]}
    header = next(book["Verdicts"].iter_rows(min_row=3, max_row=3, values_only=True))
    unknown = dict(zip(header, rows["Effective CPA"], strict=True))
    assert (unknown["Figure"], unknown["Verdict"]) == (None, "unknown")
    assert unknown["What it says"] == "Unknown: add a spend file."
    known = dict(zip(header, rows["MRR"], strict=True))
    assert (known["Unit"], known["Verdict"]) == ("USD", "up on a year before")
    assert report.file("report.html") == "acme-co-2026-09-report.html"
