"""Templates: what is downloaded is read as it is, and shows what a file has to hold."""

from datetime import date

import pytest

from motions.cohorts.contract import BY_NAME
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import load_program
from motions.cohorts.tables.templates import KINDS, MAIN, not_loaded, template, template_columns
from motions.out.templates import templates_workbook
from motions.text import as_csv
from tests.conftest import TODAY


def text(kind):
    header, *rows = template(kind, TODAY)
    return as_csv(header, rows)


def clean(program):
    assert program.rejects == ()
    assert not any(file.questions for file in program.sources)
    return program


def value(program, name):
    return m.measure(m.BY_ID[name], program.ledger, m.Settings(as_of=program.ledger.last_month), m.ALL).value


@pytest.mark.proof
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_read_without_a_question(load, kind):
    program = clean(load({f"{kind}.csv": text(kind)}))
    (file,) = program.files
    assert (file.rows, file.accepted) == (3, 3)
    assert file.table == {"customers": "accounts"}.get(kind, kind)  # a list of customers has the columns of accounts
    assert program.refused == ()
    if {"revenue", "subscriptions", "movements", "invoices"} & {kind}:
        assert (value(program, "mrr"), value(program, "arpa")) == (230.5, 115.25)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in BY_NAME])
def test_a_template_has_every_column_that_is_needed(kind):
    there = {column.name for column in template_columns(kind)}
    assert {column.name for column in BY_NAME[kind].columns if column.required or column.need == "header"} <= there


def of_the_workbook(folder, today):
    (folder / "t.xlsx").write_bytes(templates_workbook(today))
    program = clean(load_program([("t.xlsx", folder / "t.xlsx")], folder, today))
    assert {(file.table, file.accepted) for file in program.files} == {(kind, 3) for kind in MAIN}  # the others: hidden
    assert program.refused == ()
    assert program.ledger.last_month == today.year * 12 + today.month - 2
    return program


def test_the_workbook_is_read_as_it_is_and_gives_the_figures(tmp_path):
    program = of_the_workbook(tmp_path, TODAY)
    figures = {
        name: value(program, name) for name in ("mrr", "signups", "pqls", "activation", "active_partners", "cpa")
    }
    wanted = {"mrr": 230.5, "signups": 3, "pqls": 1, "activation": 1.0, "active_partners": 0.5, "cpa": 320.5}
    assert figures == wanted
    assert not_loaded(program) == []


@pytest.mark.proof
@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2028, 2, 29), date(2027, 12, 31)])
def test_templates_are_of_the_months_before_today(tmp_path, today):
    assert value(of_the_workbook(tmp_path, today), "mrr") == 230.5


@pytest.mark.proof
def test_all_templates_together_give_a_program_and_nothing_counts_twice(load):
    program = clean(load({f"{kind}.csv": text(kind) for kind in KINDS}))
    assert value(program, "mrr") == 230.5
    assert {error.file.removesuffix(".csv") for error in program.refused} == {*KINDS} - {*MAIN, "customers"}


@pytest.mark.proof
def test_what_is_not_loaded_is_named(load):
    assert not_loaded(load({"r.csv": text("revenue")})) == ["accounts", "partners", "spend"]
    assert not_loaded(load({"s.csv": text("subscriptions"), "c.csv": text("commissions")})) == ["accounts", "partners"]
    assert not_loaded(load({"t.csv": text("triangle")})) == []  # it is added up already: nothing can be joined to it
