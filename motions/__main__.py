"""The command line: program health of files or of a database, scenarios, and the pack for a meeting, as on the pages.

    python -m motions health accounts.csv revenue.csv partners.csv spend.csv
    python -m motions health exports/*.csv --mapping mapping.yaml --format html --output report.html
    python -m motions health exports/*.csv --format json --fail-on warning
    python -m motions health exports/*.csv --before last-month-ledger.csv
    python -m motions health exports/*.csv --playbook playbook.yaml
    python -m motions health exports/*.csv --format partners --output partners.zip
    python -m motions health --connection warehouse --format xlsx --output health.xlsx
    python -m motions simulate plan.yaml --format json
    python -m motions statement exports/*.csv --terms plan.yaml --month 2026-09
    python -m motions pack exports/*.csv --scenario plan.yaml --template ours.pptx --output pack.pptx

Exit codes: 0 the report was made; 1 it was made, and by a rule of the severity of --fail-on or above the partners, or
one of their motions, do worse; 2 the command is wrong, no file can be used, or a file leaves something open that a
mapping has to say; 3 a fault of the program itself: --traceback shows where.
"""

import argparse
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from motions import command_pack, command_simulate, command_statement
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.reading.mapping import read_mappings, write_mappings
from motions.cohorts.tables import files
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.rules import read_rules
from motions.command_line import (
    Parser,
    add_reading,
    check_currency,
    complain,
    complain_of_questions,
    earlier,
    load,
    named,
    read_from,
    refuse_overwriting,
    settings,
    undisturbed,
    write,
)
from motions.errors import FileError, MotionsError
from motions.names import Slot, filled
from motions.out.partner_views import partner_pages
from motions.out.report import Report, as_html, as_json, as_text
from motions.out.workbook import as_workbook
from motions.playbook.own import own_playbook
from motions.text import as_csv

SEVERITIES = ("critical", "warning", "note")
FORMATS = ("text", "json", "html", "xlsx", "metrics", "ledger", "partners", "mapping")
PACKED = ("xlsx", "partners")
"""Formats that are nothing for a terminal."""
STOPPED = 128
"""Exit code of a process that a signal ends, less the number of the signal."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = Parser(prog="python -m motions", description="Metrics and plans of a partner program.")
    commands = top.add_subparsers(dest="command", required=True)
    health = commands.add_parser(
        "health",
        help="metrics and verdicts from files or a connection",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=__doc__.split("\n\n", 2)[2] if __doc__ else "",
    )
    add_reading(health)
    health.add_argument("--playbook", type=Path, help="YAML: a playbook of your own, whose sixth motion files may name")
    health.add_argument("--before", type=Path, metavar="FILE", help="an earlier cohort ledger: what changed since then")
    health.add_argument("--format", choices=FORMATS, default="text", help="what is made; default text")
    health.add_argument("--output", type=Path, help="where it is written; default the terminal")
    health.add_argument("--rejected", type=Path, help="where rejected rows are written, as CSV with reasons")
    health.add_argument("--fail-on", choices=SEVERITIES, help="exit with 1 when a verdict this severe or more is worse")
    health.set_defaults(run=_health)
    command_simulate.add(commands)
    command_statement.add(commands)
    command_pack.add(commands)
    for command in commands.choices.values():
        command.add_argument("--traceback", action="store_true", help="show where a fault of the program itself lies")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    given = parser().parse_args(arguments)
    try:
        with filled(_slot(given)):
            code: int = given.run(given)
            return code
    except FileError as problem:
        complain(str(problem))
        complain_of_questions(problem.sources)
    except (MotionsError, OSError) as problem:
        complain(str(problem))
    except KeyboardInterrupt:
        return STOPPED + signal.SIGINT
    except Exception as fault:
        if given.traceback:
            complain(traceback.format_exc())
        complain(
            f"This is a fault of the program ({type(fault).__name__}), not of what was asked. Nothing more is made. "
            "Run it again with --traceback, and report what it shows."
        )
        return 3
    return 2


def _slot(given: argparse.Namespace) -> Slot | None:
    """What a playbook of one's own makes of its motion. Raises ContentError naming line and key."""
    path: Path | None = getattr(given, "playbook", None)
    return own_playbook(named(path.name), path.read_bytes()).slot if path else None


def _health(given: argparse.Namespace) -> int:
    inputs = [*read_from(given), *(path for path in (given.before, given.playbook) if path)]
    refuse_overwriting({"--output": given.output, "--rejected": given.rejected}, inputs)
    mappings = [mapping for path in given.mapping for mapping in read_mappings(path, named(path.name))]
    rules = read_rules(given.rules, named(given.rules.name)) if given.rules else None
    with undisturbed():  # a signal between the making of a folder and its keeping would leave it behind
        scratch = tempfile.TemporaryDirectory(prefix="motions-")
    with scratch as folder:
        program = load(given, mappings, Path(folder))
        check_currency(given.currency, program)
        before = earlier(given.before, Path(folder)) if given.before else None
        report = Report.of(program, settings(given, program), rules, before, named(given.name))
        write(_made(given.format, report), given, given.format in PACKED)
        if given.rejected:
            header, *rows = files.rejects_csv(program.rejects, {file.name: file.original for file in program.sources})
            given.rejected.write_bytes(as_csv([str(cell) for cell in header], rows))
    if any(question.matters for file in program.sources for question in file.questions):
        complain("\n".join(report.remarks()))
        complain_of_questions(program.sources)
        return 2
    severe = SEVERITIES[: SEVERITIES.index(given.fail_on) + 1] if given.fail_on else ()
    worse = report.worse(severe)
    if worse:
        complain(f"Worse: {', '.join(worse)}")
    return 1 if worse else 0


def _made(form: str, report: Report) -> bytes:
    today, program = datetime.now(UTC).date(), report.program
    makers: dict[str, Callable[[], bytes]] = {
        "text": lambda: as_text(report).encode(),
        "json": lambda: as_json(report).encode(),
        "html": lambda: as_html(report, today).encode(),
        "xlsx": lambda: as_workbook(report),
        "metrics": lambda: _rows(tables.metrics_csv(program.ledger, report.settings)),
        "ledger": lambda: _rows(ledger_rows(program.ledger)),
        "partners": lambda: partner_pages(program.ledger, report.settings, today),
        "mapping": lambda: write_mappings(file.complete() for file in program.sources).encode(),
    }
    return makers[form]()


def _rows(rows: Iterable[list[object]]) -> bytes:
    header, *others = rows
    return as_csv([str(cell) for cell in header], others)


def _stop(number: int, _: object) -> None:
    """End as a signal wants, but tidily: what was read lies in a folder of its own, which is removed on the way out."""
    sys.exit(STOPPED + number)


if __name__ == "__main__":
    for wish in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, wish):
            signal.signal(getattr(signal, wish), _stop)
    sys.exit(main())
