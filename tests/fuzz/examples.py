"""One example of each kind of input, made from a random number and tried: it is read, or an error of ours says why not.

Each function takes a source of random numbers and an empty folder. What it raises is a fault.
"""

import gzip
import io
import json
import re
import zipfile
from datetime import date, datetime
from functools import cache

import openpyxl
import xlsxwriter
import yaml
from openpyxl.utils.exceptions import IllegalCharacterError

from motions.cohorts.contract import BY_NAME, INTERVAL_WORDS, KINDS, MOTIONS, MOVEMENT_WORDS, STATUS_WORDS, words
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.program import load_program
from motions.cohorts.reading.forms import AMOUNTS, DATES
from motions.cohorts.reading.mapping import STARTS, VALUES, Mapping, presets, read_mappings, write_mappings
from motions.cohorts.verdicts.rules import RULES, default_rules, read_rules
from motions.economics.answers.sensitivity import with_swings
from motions.economics.files.exchange import from_file, to_workbook, to_yaml
from motions.economics.inputs import links
from motions.economics.inputs.assumptions import PROGRAMS
from motions.economics.inputs.log import About
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import FlatReward, PayoutPlan, PercentOfRevenue
from motions.economics.model.run import run
from motions.errors import MotionsError
from motions.out.report import Report, as_html, as_json, as_text
from motions.out.workbook import as_workbook
from motions.text import as_csv, for_terminal
from tests.conftest import FRAMES
from tests.fuzz.nasty import TEXT, spoiled, with_nasty_bytes, with_nasty_cells, with_nasty_values

TODAY = date(2026, 11, 22)
LONGEST_MESSAGE = 4000


def refused(error):
    """An error of ours can be shown everywhere, in reasonable length."""
    said = str(error)
    assert said.strip()
    assert len(said) <= LONGEST_MESSAGE, f"a message of {len(said)} letters: {said[:200]}"
    for_terminal(said).encode()


# Files of rows


def a_table(rnd, name, size):
    """A table of the contract with plausible cells, header first."""
    table = BY_NAME[name]
    columns = [c for c in table.columns if c.required or c.need == "header" or rnd.random() < 0.5]
    return [[column.name for column in columns]] + [[a_cell(rnd, column) for column in columns] for _ in range(size)]


STATUS = tuple(dict.fromkeys(word for table in STATUS_WORDS.values() for word in words(table)))
INTERVALS = words(INTERVAL_WORDS)
RATES = ("", "", "20 %", "0.2", "1", "12,5", "35", "150", "-5", "Gold")


def a_cell(rnd, column):
    year, month = rnd.randint(2023, 2026), rnd.randint(1, 10)
    known = {"motion": MOTIONS, "kind": KINDS, "movement": tuple(MOVEMENT_WORDS), "currency": ("USD", "USD", "EUR", "")}
    known |= {"status": STATUS, "flag": ("true", "no", ""), "interval": tuple(INTERVALS), "count": ("1", "3", "")}
    known |= {"rate": RATES, "reward": ("", "75", "$75.50", "-1", "1.500", "free")}
    if known.get(column.type):
        return rnd.choice(known[column.type])
    if "month" in column.type:
        return f"{year}-{month:02d}"
    if "date" in column.type:
        return f"{year}-{month:02d}-{rnd.randint(1, 28):02d}" if column.required or rnd.random() < 0.8 else ""
    if "money" in column.type:
        return rnd.choice((str(rnd.randint(0, 900)), f"{rnd.random() * 500:.2f}", "0"))
    # A recruiter has the id of a partner: itself, in a ring, or one that is not in the list.
    letter = "p" if column.name == "recruited_by" else column.name[0]
    return f"{letter}{rnd.randint(1, 12)}"


def as_bytes(rnd, rows):
    """A table as a file, in one of the ways in which systems write them."""
    delimiter, end = rnd.choice(",,,;\t|"), rnd.choice(("\n", "\n", "\r\n", "\r"))
    quoted = rnd.random() < 0.3
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' if quoted else cell for cell in row) for row in rows]
    above = rnd.choice([""] * 6 + ["A title", "\n", "sep=" + delimiter, "sep=" + rnd.choice(TEXT)[:1]])
    text = (above + end if above else "") + end.join(lines) + rnd.choice((end, end, "", end * 3))
    if rnd.random() < 0.3:
        text = spoiled(rnd, text)
    encoding = rnd.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"))
    content = text.encode(encoding, "replace" if encoding != "utf-8" else "surrogatepass")
    return with_nasty_bytes(rnd, content) if rnd.random() < 0.1 else content


def files(rnd, folder):
    """One to five files of any kinds, with mappings that may fit them."""
    names = rnd.sample(list(BY_NAME), rnd.randint(1, 5))
    contents = {}
    for name in names:
        table = a_table(rnd, name, rnd.choice((0, 1, 5, 30)))
        contents[f"{name}{rnd.choice(TEXT)[:9]}.csv"] = as_bytes(rnd, with_nasty_cells(rnd, table))
    kinds = [Mapping(kind=name, header=tuple(column.name for column in BY_NAME[name].columns)[:2]) for name in names]
    own = [*kinds, *(known for _ in range(2) if (known := a_mapping(rnd)))] if rnd.random() < 0.5 else []
    load(rnd, folder, contents, mappings=own, currency=rnd.choice((None, "USD", "EUR")))


def load(rnd, folder, contents, **options):
    """Load files; what is read is accounted for and can be taken along."""
    paths = []
    for number, (name, content) in enumerate(contents.items()):
        path = folder / f"{number}.csv"
        path.write_bytes(content)
        paths.append((name, path))
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    try:
        program = load_program(paths, scratch, TODAY, **options)
    except MotionsError as error:
        refused(error)
        return None
    for error in program.refused:
        refused(error)
    accounted_for(program)
    taken_along(rnd, program)
    return program


def accounted_for(program):
    """accepted + rejected = rows, and the rows are those that a plain count of lines finds."""
    sources = {file.name: file for file in program.sources}
    for file in program.files:
        assert file.accepted + file.rejected == file.rows, file
        told = {one.line for one in program.rejects if one.file == file.name}
        assert len(told) == file.rejected, file
        text = sources[file.name].path.read_bytes().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        if '"' not in text and file.table not in ("ledger", "triangle"):
            lines = re.split("\r\n|\n|\r", text)
            lines = lines if lines[-1] else lines[:-1]
            counted = len(lines) - sources[file.name].header_line
            assert file.rows + file.blank_lines == counted, (file, counted)


def taken_along(rnd, program):
    """Everything that can be made of a program is made, and a ledger that is written can be read again."""
    report = Report.of(program)
    as_text(report).encode()
    json.loads(as_json(report))
    write_mappings(file.complete() for file in program.sources).encode()
    if rnd.random() < 0.3:
        as_workbook(report)
    if rnd.random() < 0.05:
        as_html(report, TODAY).encode()


def ledger_again(rnd, folder, program):
    """A ledger that is written is read again, to the same sums."""
    header, *rows = ledger_rows(program.ledger)
    path = folder / "again.csv"
    path.write_bytes(as_csv(header, rows))
    again = load_program([("again.csv", path)], folder, TODAY).ledger
    for name in FRAMES:
        one, other = getattr(program.ledger, name), getattr(again, name)
        assert {key: list(column) for key, column in one.items()} == {
            key: list(column) for key, column in other.items()
        }
    assert (again.last_month, again.has, again.currency) == (
        program.ledger.last_month, program.ledger.has, program.ledger.currency
    )  # fmt: skip


def sound(rnd, folder):
    """Files without a fault: they are read, whatever there is of them, and their ledger comes back."""
    names = rnd.sample(list(BY_NAME), rnd.randint(1, 6))
    contents = {f"{name}.csv": as_csv(*split(a_table(rnd, name, rnd.choice((1, 5, 30))))) for name in names}
    kinds = [Mapping(kind=name, header=tuple(BY_NAME[name].telling())) for name in names]
    program = load(rnd, folder, contents, mappings=kinds, currency="USD")
    if program and len(program.ledger.by_cohort["month"]):
        ledger_again(rnd, folder, program)


def split(rows):
    return rows[0], rows[1:]


# Workbooks of rows, and packed files


def packed(rnd, folder):
    """Tables in a workbook, a gz or a zip, with other cells, other parts or other bytes."""
    names = rnd.sample(list(BY_NAME), rnd.randint(1, 3))
    tables = {name: with_nasty_cells(rnd, a_table(rnd, name, rnd.choice((0, 1, 5, 30)))) for name in names}
    form = rnd.choice(("xlsx", "xlsx", "gz", "zip"))
    if form == "xlsx":
        content = a_book(rnd, tables)
    elif form == "gz":
        content = gzip.compress(as_bytes(rnd, tables[names[0]]), mtime=0)
    else:
        content = zipped({f"{name}.csv": as_bytes(rnd, rows) for name, rows in tables.items()})
    what = rnd.random()
    if what < 0.3 and form != "gz":
        content = with_parts(rnd, content)
    elif what < 0.6:
        content = with_nasty_bytes(rnd, content)
    load(rnd, folder, {f"export{rnd.choice(TEXT)[:9]}.{form}": content}, currency="USD")


def a_book(rnd, tables):
    """A workbook with a sheet a table; numbers are numbers, or texts as some systems write them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # else a seed would not give the same bytes again
        for name, rows in tables.items():
            sheet, typed = book.add_worksheet(name), rnd.random() < 0.7
            for at, row in enumerate(rows, rnd.choice((0, 0, 2))):
                for place, cell in enumerate(row):
                    if typed and re.fullmatch(r"\d{1,9}(\.\d+)?", cell, re.ASCII):
                        sheet.write_number(at, place, float(cell))
                    else:
                        sheet.write_string(at, place, cell.encode("utf-8", "replace").decode())
    return out.getvalue()


def zipped(contents):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


# Ledgers and triangles


@cache
def a_ledger():
    """The rows of a small ledger with something in each part."""
    import tempfile  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    tables = {
        "accounts": "account_id,signed_up_on,motion,partner_id,activated_on,pql_on,segment\n"
        + "".join(f"A{n},2025-0{n % 9 + 1}-05,affiliate,P{n % 3},2025-10-01,2025-10-02,s{n % 2}\n" for n in range(24)),
        "revenue": "account_id,month,mrr,currency\n"
        + "".join(f"A{n},2025-{m},{n + 5},USD\n" for n in range(24) for m in (10, 11, 12) if (n + m) % 7),
        "partners": "partner_id,name,motion,recruited_on,ended_on\nP0,Zero,affiliate,2024-01-01,\n"
        "P1,=One,affiliate,2024-01-01,2025-12-01\n",
        "spend": "month,amount,kind,motion,partner_id\n2025-10,50,payout,affiliate,P1\n2025-10,9,marketing,,\n",
    }
    with tempfile.TemporaryDirectory() as name:
        paths = []
        for kind, text in tables.items():
            path = Path(name) / f"{kind}.csv"
            path.write_text(text, "utf-8")
            paths.append((path.name, path))
        return [[str(cell) for cell in row] for row in ledger_rows(load_program(paths, Path(name), TODAY).ledger)]


def ledgers(rnd, folder):
    """A ledger file with a few cells that no ledger has."""
    rows = with_nasty_cells(rnd, a_ledger(), rnd.choice((1, 1, 2, 6)))
    about = [row for row in rows[1:] if row and row[0] == "program"]
    if about and rnd.random() < 0.5:
        row = rnd.choice(about)
        row[-1 if len(row) < 3 else 2] = rnd.choice(TEXT)
    if rnd.random() < 0.5:  # a number that another row could have
        row = rnd.choice(rows[1:])
        row[rnd.randrange(len(row))] = str(rnd.choice((0, 1, 3, 999, 2**61, 2**40)))
    content = as_csv(*split(rows)) if rnd.random() < 0.7 else as_bytes(rnd, rows)
    load(rnd, folder, {"ledger.csv": content})


def triangles(rnd, folder):
    """One or two triangles with answers to whatever they leave open."""
    contents = {}
    for number in range(rnd.choice((1, 1, 2))):
        ages = list(range(rnd.choice((0, 0, 1)), rnd.randint(3, 9)))
        extra = [name for name in ("size", "motion") if rnd.random() < 0.5]
        rows = [["cohort", *extra, *(f"{rnd.choice(('', 'Month '))}{age}" for age in ages)]]
        for at in range(rnd.choice((0, 1, 6, 20))):
            cells = [rnd.choice(("9", "5", "100", "0.5", "80%", "1,200", "")) for _ in ages]
            more = {"size": str(rnd.randint(0, 2000)), "motion": rnd.choice(MOTIONS)}
            rows.append([f"{2024 + at // 12}-{at % 12 + 1:02d}", *(more[name] for name in extra), *cells])
        contents[f"t{number}.csv"] = as_bytes(rnd, with_nasty_cells(rnd, rows))
    constants = {"values": rnd.choice(VALUES), "motion": rnd.choice(MOTIONS), "starts": rnd.choice(STARTS)}
    forms = {"values": rnd.choice(tuple(AMOUNTS)[:3]), "size": "1234.50", "cohort": rnd.choice(tuple(DATES))}
    forms = {key: form for key, form in forms.items() if rnd.random() < 0.4}
    load(
        rnd, folder, contents, mappings=[Mapping(kind="triangle", header=("cohort",), constants=constants, forms=forms)]
    )


# Mappings and rules


def a_mapping(rnd):
    """A mapping with something changed that is still one, or none."""
    try:
        return Mapping.model_validate(with_nasty_values(rnd, rnd.choice(presets()).model_dump(mode="json")))
    except ValueError:
        return None


def as_yaml(rnd, content):
    """Values as YAML that may be spoiled."""
    try:
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=rnd.random() < 0.5)
    except ValueError:  # a number of more digits than can be written
        text = "a: " + rnd.choice(TEXT)
    if rnd.random() < 0.5:
        text = spoiled(rnd, text)
    content = text.encode("utf-8", "surrogatepass")
    return with_nasty_bytes(rnd, content) if rnd.random() < 0.1 else content


def mappings(rnd, folder):
    """A file of mappings; those that are accepted are written, read again as they were, and read files."""
    content = {"mappings": [one.model_dump(mode="json", exclude_defaults=True) for one in rnd.sample(presets(), 3)]}
    path = folder / "own.yaml"
    path.write_bytes(as_yaml(rnd, with_nasty_values(rnd, content)))
    try:
        own = read_mappings(path)
    except MotionsError as error:
        refused(error)
        return
    path.write_text(write_mappings(own), "utf-8")
    assert read_mappings(path) == tuple(one.for_another() for one in own)
    one = rnd.choice(own)
    header = list(dict.fromkeys((*one.header, *one.columns.values())))
    if header:
        rows = [header, *([rnd.choice(("a", "2025-01", "5", *TEXT)) for _ in header] for _ in range(3))]
        load(rnd, folder, {"one.csv": as_csv(*split(rows))}, mappings=own)


def rules(rnd, folder):
    """A file of rules; those that are accepted judge a program."""
    content = default_rules().model_dump(mode="json", exclude_defaults=True)
    path = folder / "rules.yaml"
    text = RULES.read_text("utf-8")
    path.write_bytes(
        spoiled(rnd, text).encode("utf-8", "surrogatepass")
        if rnd.random() < 0.3
        else as_yaml(rnd, with_nasty_values(rnd, content, rnd.choice((1, 3))))
    )
    try:
        own = read_rules(path)
    except MotionsError as error:
        refused(error)
        return
    ledger = folder / "ledger.csv"
    ledger.write_bytes(as_csv(*split(a_ledger())))
    program = load_program([("ledger.csv", ledger)], folder, TODAY)
    as_text(Report.of(program, rules=own)).encode()
    as_workbook(Report.of(program, rules=own))


# Scenarios


@cache
def scenarios_kept():
    plan = PayoutPlan(percent=PercentOfRevenue(tiers="marginal"), flat=FlatReward(), cap_payout=900, clawback="full")
    other = with_swings(default_scenario(), "reseller").replace(
        shown=PROGRAMS,
        affiliate={**default_scenario().affiliate.model_dump(), "payout": plan.model_dump()},
        segments=[{"name": "Small", "size": 4000.0, "motions": ["affiliate", "referral"]}],
    )
    about = About(owner="Dana", notes="Two\nlines").saying(
        "affiliate.payout.flat", source="A contract", confidence="low"
    )
    return (
        links.Named(name="As it is", scenario=default_scenario()),
        links.Named(name="Other", scenario=other, about=about),
    )


def scenarios(rnd, folder):
    """A YAML file of scenarios."""
    content = yaml.safe_load(to_yaml(scenarios_kept()))
    taken(rnd, lambda: from_file("plans.yaml", as_yaml(rnd, with_nasty_values(rnd, content))))


@cache
def a_workbook():
    return to_workbook(scenarios_kept())


def workbooks(rnd, folder):
    """A workbook of scenarios with other cells, other parts, or other bytes."""
    what = rnd.random()
    if what < 0.6:
        content = with_cells(rnd)
    elif what < 0.8:
        content = with_parts(rnd, a_workbook())
    else:
        content = with_nasty_bytes(rnd, a_workbook())
    taken(rnd, lambda: from_file("plans.xlsx", content))


def with_cells(rnd):
    book = openpyxl.Workbook()
    for name, rows in read_rows().items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for _ in range(rnd.randint(1, 4)):
        sheet = rnd.choice(book.worksheets)
        cell = sheet.cell(rnd.randint(1, sheet.max_row), rnd.randint(1, 8))
        new = rnd.choice(
            (*(one for one in TEXT if one != "\ud800"), 0, -1, 1e308, 5, True, None, TODAY, "market.x.y", "ranges")
        )
        try:
            cell.value = new
        except (ValueError, IllegalCharacterError):  # a letter that no workbook can hold
            cell.value = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def read_rows():
    """The cells of the sheets that are read, by the name of the sheet."""
    book = openpyxl.load_workbook(io.BytesIO(a_workbook()), read_only=True)
    names = [name for name in book.sheetnames if name.startswith(("Inputs", "Notes"))]
    return {name: tuple(book[name].iter_rows(max_col=12, values_only=True)) for name in names}


def with_parts(rnd, whole):
    """An archive of which one part is spoiled, emptied, or blown up."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = rnd.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            if name == chosen:
                text = content.decode("utf-8", "replace")
                content = rnd.choice((spoiled(rnd, text), "", text + "<c/>" * 300_000, text[:500])).encode(
                    "utf-8", "replace"
                )
            new.writestr(name, content)
    return out.getvalue()


def shared(rnd, folder):
    """A link to a scenario or to a set, in values or in letters that are none."""
    whole = rnd.random() < 0.5
    kept = scenarios_kept()
    values = [[one.name, links.plain(one.scenario)] for one in kept] if whole else links.plain(kept[1].scenario)
    try:
        text = links._packed(with_nasty_values(rnd, values))
    except ValueError:  # a number of more digits than can be written
        text = links._packed(values)
    if rnd.random() < 0.3:
        text = spoiled(rnd, text)
    if whole:
        taken(rnd, lambda: links.set_from_link(text))
    else:
        taken(rnd, lambda: (links.Named(name="One", scenario=links.from_link(text)),))


def taken(rnd, read):
    """Scenarios that are accepted are the same when they go out and come in again, and can be worked out."""
    try:
        kept = read()
    except MotionsError as error:
        refused(error)
        return
    assert from_file("again.yaml", to_yaml(kept)) == kept
    linked = tuple(links.Named(name=one.name, scenario=one.scenario) for one in kept)
    assert len(kept) > links.MOST_KEPT or links.set_from_link(links.set_to_link(kept)) == linked
    if kept and rnd.random() < 0.3:
        run(rnd.choice(kept).scenario)


EXAMPLES = {
    "files": files,
    "sound files": sound,
    "packed files": packed,
    "ledgers": ledgers,
    "triangles": triangles,
    "mappings": mappings,
    "rules": rules,
    "scenarios": scenarios,
    "workbooks": workbooks,
    "links": shared,
}
"""The slow ones are tried as often as the fast ones: each has as much to go wrong."""
