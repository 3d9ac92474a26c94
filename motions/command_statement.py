"""The command that states what partners would have earned under a plan, on what their customers really paid.

    python -m motions statement exports/*.csv --terms plan.yaml --month 2026-09
    python -m motions statement exports/*.csv --terms plan.yaml --motion affiliate --format csv --output september.csv
    python -m motions statement exports/*.csv --terms plan.yaml --format html --output september.html

The terms are those of the last scenario of a file, a link or an address, motion by motion. Each account is followed
from its first payment on, so that ages, holds and balances of earlier months count; what is listed is of the one month.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from motions.cohorts.contract import OF_TERMS
from motions.cohorts.ledger.accounts import Attributed, read_attributed
from motions.cohorts.program import Program
from motions.cohorts.reading.mapping import Question, read_mappings
from motions.command_line import (
    add_reading,
    check_currency,
    complain_of_questions,
    load,
    named,
    read_from,
    refuse_overwriting,
    settings,
    undisturbed,
    write,
)
from motions.command_simulate import is_file, scenarios
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.scenario import Scenario
from motions.errors import MotionsError, closest
from motions.names import NAMES, PARTNER_MOTIONS
from motions.out.statement import statement_page
from motions.replay import Replay, amounts, notes, partners, replay, rows, sentence, unavailable
from motions.text import as_csv, listed

FORMATS = ("text", "csv", "json", "html")


def add(commands: Any) -> None:
    """Add the command and its options."""
    command = commands.add_parser(
        "statement", help="what partners would have earned in a month under a plan, on real revenue",
        formatter_class=argparse.RawDescriptionHelpFormatter, epilog=__doc__.split("\n\n", 1)[1] if __doc__ else "",
    )  # fmt: skip
    add_reading(command)
    command.add_argument("--terms", required=True, metavar="YAML|LINK", help="scenarios, of which the last one counts")
    command.add_argument("--month", metavar="2026-09", help="the month that is stated; default the last one")
    command.add_argument(
        "--motion", default="", help=f"one of {', '.join(PARTNER_MOTIONS)}; default all that files have"
    )
    command.add_argument("--format", choices=FORMATS, default="text", help="what is made; default text")
    command.add_argument("--output", type=Path, help="where it is written; default the terminal")
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """State a month and return the exit code: 2 where a file leaves something open. Raises MotionsError."""
    terms = [Path(given.terms)] if is_file(given.terms) else []
    refuse_overwriting({"--output": given.output}, [*read_from(given), *terms])
    plan = scenarios(given.terms)
    if not plan:
        raise MotionsError(f"--terms {given.terms}: the address holds no scenario.")
    given.as_of = given.month or given.as_of
    with undisturbed():  # a signal between the making of a folder and its keeping would leave it behind
        scratch = tempfile.TemporaryDirectory(prefix="motions-")
    with scratch as folder:
        program, accounts = _read(given, Path(folder))
        found = [_stated(program, accounts[name], plan[-1].scenario, given) for name in _asked(given.motion, accounts)]
        makers = {"text": _as_text, "json": _as_json, "csv": _as_csv, "html": _as_html}
        write(makers[given.format](found), given, packed=False)
    if any(_bears_on(question, found) for file in program.sources for question in file.questions):
        complain_of_questions(program.sources)
        return 2
    return 0


def _bears_on(question: Question, found: Sequence[Replay]) -> bool:
    """Whether what is stated hangs on the answer: figures, or what single partners have of their own."""
    overrides = any(one.plan.override_rate for one in found)
    own = question.key in OF_TERMS and question.part in ("forms", "match")
    return question.matters or (own and (overrides or question.key != "recruited_by"))


def _read(given: argparse.Namespace, folder: Path) -> tuple[Program, Mapping[str, Attributed]]:
    """The program and the accounts of its partners, by motion."""
    if given.connection:
        raise MotionsError("A statement is made of the rows of files. Export accounts and revenue, and name them.")
    mappings = [mapping for path in given.mapping for mapping in read_mappings(path, named(path.name))]
    accounts: dict[str, Attributed] = {}
    program = load(given, mappings, folder, lambda con: accounts.update(read_attributed(con)))
    check_currency(given.currency, program)
    if said := unavailable(program):
        raise MotionsError(said)
    return program, accounts


def _asked(motion: str, accounts: Mapping[str, Attributed]) -> Sequence[str]:
    if motion and motion not in accounts:
        known = tuple(accounts)
        there = f"the files have {listed(known)}" if known else "the files have no partner's account"
        raise MotionsError(f"--motion {motion}: {there}.{closest(motion, known)}")
    return (motion,) if motion else tuple(accounts)


def _stated(program: Program, accounts: Attributed, scenario: Scenario, given: argparse.Namespace) -> Replay:
    terms = scenario.program(accounts.motion)
    assert isinstance(terms, PartnerProgram)  # noqa: S101  it has partners
    one_month = settings(given, program).model_copy(update={"window": 1})  # which no figure of the page has
    return replay(accounts, program.ledger, one_month, terms.payout)


def _as_html(found: Sequence[Replay]) -> bytes:
    return statement_page(found, date.today()).encode()


def _as_text(found: Sequence[Replay]) -> bytes:
    return "\n\n".join("\n".join(_said(one)) for one in found).encode() + b"\n"


def _said(found: Replay) -> Iterator[str]:
    """One motion in lines: what it comes to, a line a partner, and what limits it."""
    yield sentence(found)
    table = partners(found)
    in_money, currency = amounts(table), found.ledger.currency
    cells = [[f"{one}, {currency}" if currency and one in in_money else str(one) for one in table.columns]]
    cells += [[f"{one:,.2f}" if isinstance(one, float) else str(one) for one in row] for row in table.to_numpy()]
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    for row in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield from notes(found)


def _as_csv(found: Sequence[Replay]) -> bytes:
    """A line a partner of each motion; a column that a motion does not have stays empty."""
    lines = _records(found)
    header = list(dict.fromkeys(name for line in lines for name in line))
    return as_csv(header, [[line.get(name, "") for name in header] for line in lines])


def _records(found: Sequence[Replay]) -> list[dict[str, object]]:
    lines = []
    for one in found:
        titles, *body = rows(one)
        lines += [dict(zip(map(str, titles), row, strict=True)) for row in body]
    return lines


def _as_json(found: Sequence[Replay]) -> bytes:
    """By motion what it comes to and a record a partner; amounts as text with two decimals, which are exact."""
    motions = [
        {"motion": one.accounts.motion, "name": NAMES[one.accounts.motion], "sentence": sentence(one),
         "notes": list(notes(one)), "partners": _records([one])}
        for one in found
    ]  # fmt: skip
    return json.dumps({"motions": motions}, indent=2, ensure_ascii=False).encode() + b"\n"
