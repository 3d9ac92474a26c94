"""Columns of activation that hold something else than its day."""

import pytest

from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.metrics import metrics as m
from motions.text import as_csv
from tests.conftest import one_now

FLAGS = [("yes", "no"), ("TRUE", "FALSE"), ("1", "0"), ("t", "f"), ("yes", ""), ("Ja", "Nein")]


def files(yes, no, header="activated", more=()):
    """Twelve accounts, of which nine activated, and what they pay."""
    accounts = [["account_id", "signed_up_on", "motion", header]]
    said = [yes if at % 4 else no for at in range(12)] + list(more)
    accounts += [
        [f"A{at}", f"2026-0{1 + at % 5}-10", "affiliate" if at % 2 else "organic", one] for at, one in enumerate(said)
    ]
    revenue = [["account_id", "month", "mrr"]] + [[f"A{at}", "2026-10", 100] for at in range(len(said))]
    return {"accounts.csv": accounts, "revenue.csv": revenue}


def figures(program, days=14, group=m.ALL):
    settings = m.Settings(as_of=program.ledger.last_month, activation_days=days)
    return {
        name: m.measure(m.BY_ID[name], program.ledger, settings, group) for name in ("activation", "time_to_activation")
    }


def answered(load, said, content):
    program = load(content)
    mapping = program.sources[0].complete().answered("constants", "activation is", said)
    return load(content, mappings=[mapping])


@pytest.mark.parametrize(("yes", "no"), FLAGS)
@pytest.mark.parametrize("header", one_now(["activated", "activated_on", "Is activated"]))
def test_yes_and_no_are_asked_and_give_no_rate_before(load, yes, no, header):
    program = load(files(yes, no, header))
    (question,) = program.sources[0].questions
    assert (question.key, question.options[0]) == ("activation is", "within 7 days")
    assert not any(one.known() for one in figures(program).values())
    assert any("who activated, and not when" in note for note in program.notes)
    assert program.ledger.by_cohort["signups"].sum() == 12  # the rows count all the same


@pytest.mark.parametrize(("yes", "no"), FLAGS)
def test_within_some_days_gives_the_rate_of_these_days_only(load, yes, no):
    program = answered(load, "within 30 days", files(yes, no))
    assert figures(program, 30)["activation"].value == 0.75
    for days in (7, 14, 60, 90):
        found = figures(program, days)["activation"]
        assert (found.value, "within 30 days" in found.note) == (None, True)
    assert figures(program, 30)["time_to_activation"].value is None
    settings = m.Settings(as_of=program.ledger.last_month, activation_days=30)
    assert m.funnel(program.ledger, settings, m.ALL)[1] is None  # how many ever activated is more than within 30 days
    assert not any(
        one.known() for _, one, _ in m.activation_by_cohort(program.ledger, m.Settings(as_of=settings.as_of), m.ALL)
    )


def test_ever_gives_no_rate_of_any_days(load):
    program = answered(load, "ever, however late", files("yes", "no"))
    assert not any(figures(program, days)["activation"].known() for days in (7, 14, 30, 60, 90))
    assert program.sources[0].questions == ()
    assert any("who activated, and not when" in note for note in program.notes)


def test_blank_beside_yes_and_no_is_not_known(load):
    program = answered(load, "within 30 days", files("yes", "no", more=["", "", ""]))
    found = figures(program, 30)["activation"]
    assert (found.value, found.n) == (0.75, 12)


def test_a_ledger_file_keeps_which_days_are_known(load):
    program = answered(load, "within 30 days", files("yes", "no"))
    header, *rows = ledger_rows(program.ledger)
    again = load({"ledger.csv": as_csv([str(cell) for cell in header], rows)})
    assert figures(again, 30)["activation"].value == 0.75
    assert figures(again, 14)["activation"].value is None


def test_an_answer_for_yes_and_no_does_not_touch_a_file_with_days(load):
    program = load(files("yes", "no"))
    mapping = program.sources[0].complete().answered("constants", "activation is", "within 30 days")
    found = load(files("2026-05-12", ""), mappings=[mapping])
    assert found.ledger.has.isdisjoint({"accounts.activated_within_30"})
    assert figures(found, 60)["activation"].value is not None


@pytest.mark.parametrize("header", ["days_to_activation", "Days until activation", "activation_days"])
def test_days_since_the_signup_are_as_good_as_the_day(load, header):
    program = load(files("5", "", header))
    found = figures(program)
    assert (found["activation"].value, found["time_to_activation"].value) == (0.75, 5.0)
    assert figures(load(files("0", "", header, more=["3"])))["time_to_activation"].value == 0.3
    assert figures(load(files("20", "", header)))["activation"].value == 0.0


@pytest.mark.parametrize("header", ["activated", "time_to_activation"])
def test_numbers_of_nobody_knows_what_are_no_activation(load, header):
    program = load(files("5", "", header))
    assert not any(one.known() for one in figures(program).values())
    assert any("nobody knows of what" in note for note in program.notes)
