"""The command line: program health of files on disk or of a database, the same figures as the page.

    python -m motions health accounts.csv revenue.csv partners.csv spend.csv
    python -m motions health exports/*.csv --mapping mapping.yaml --format html --output report.html
    python -m motions health exports/*.csv --format json --fail-on warning
    python -m motions health exports/*.csv --before last-month-ledger.csv
    python -m motions health exports/*.csv --playbook playbook.yaml
    python -m motions health exports/*.csv --format partners --output partners.zip
    python -m motions health --connection warehouse --format xlsx --output health.xlsx

Exit codes: 0 the report was made; 1 it was made, and by a rule of the severity of --fail-on or above the partners, or
one of their motions, do worse; 2 the command is wrong, no file can be used, or a file leaves something open that a
mapping has to say; 3 a fault of the program itself: --traceback shows where.
"""

import argparse
import os
import re
import shutil
import signal
import sys
import tempfile
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.ledger.ledger_file import ledger_rows
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program, load_ledger, load_program
from motions.cohorts.reading.mapping import Mapping, read_mappings, write_mappings
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.remote.program import load_connection
from motions.cohorts.tables import files
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.rules import read_rules
from motions.errors import FileError, MotionsError
from motions.fields import Input, input_named, inputs
from motions.names import Slot, filled
from motions.out.partner_views import partner_pages
from motions.out.report import Report, as_html, as_json, as_text
from motions.out.workbook import as_workbook
from motions.playbook.own import own_playbook
from motions.text import as_csv, for_terminal, listed

SEVERITIES = ("critical", "warning", "note")
FORMATS = ("text", "json", "html", "xlsx", "metrics", "ledger", "partners", "mapping")
PACKED = ("xlsx", "partners")
"""Formats that are nothing for a terminal."""
STOPPED = 128
"""Exit code of a process that a signal ends, less the number of the signal."""


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints repeat arguments, among them names of files, as text that steers no terminal."""

    def _print_message(self, message: str, file: Any = None) -> None:
        super()._print_message(for_terminal(message), file)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = _Parser(prog="python -m motions", description="Metrics of a partner program.")
    commands = top.add_subparsers(dest="command", required=True)
    health = commands.add_parser(
        "health",
        help="metrics and verdicts from files or a connection",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=__doc__.split("\n\n", 2)[2] if __doc__ else "",
    )
    health.add_argument("files", nargs="*", type=Path, metavar="FILE", help="CSV exports, in any order")
    health.add_argument(
        "--connection",
        metavar="NAME",
        help="read [connections.NAME] of the secrets instead of files; nothing is written",
    )
    health.add_argument(
        "--secrets", type=Path, help="TOML with connections; default .streamlit/secrets.toml here or in the home folder"
    )
    health.add_argument(
        "--mapping", action="append", default=[], type=Path, help="YAML: how files are read; may be repeated"
    )
    health.add_argument("--before", type=Path, metavar="FILE", help="an earlier cohort ledger: what changed since then")
    health.add_argument("--name", default="program", help="what the program is called in titles")
    health.add_argument("--rules", type=Path, help="YAML: other rules for the verdicts")
    health.add_argument("--playbook", type=Path, help="YAML: a playbook of your own, whose sixth motion files may name")
    for item in inputs(m.Settings):
        _add_setting(health, item)
    health.add_argument("--currency", type=str.upper, help="the one to report, where the files hold several")
    health.add_argument(
        "--complete", action="append", default=[], metavar="2026-09", help="this month looks unfinished and is whole"
    )
    health.add_argument("--written", metavar="2026-11", help="the month in which what has no end was exported")
    health.add_argument("--format", choices=FORMATS, default="text", help="what is made; default text")
    health.add_argument("--output", type=Path, help="where it is written; default the terminal")
    health.add_argument("--rejected", type=Path, help="where rejected rows are written, as CSV with reasons")
    health.add_argument("--fail-on", choices=SEVERITIES, help="exit with 1 when a verdict this severe or more is worse")
    health.add_argument("--traceback", action="store_true", help="show where a fault of the program itself lies")
    return top


def _add_setting(health: argparse.ArgumentParser, item: Input) -> None:
    """Add the option of one setting, called like its field; a switch that is on can be turned off."""
    about: dict[str, Any] = {"dest": item.name, "help": item.description.replace("%", "%%")}
    option = f"--{item.name.replace('_', '-')}"
    if item.name == "as_of":
        health.add_argument(option, metavar="2026-09", **about)
    elif item.kind is bool:
        about["help"] = f"turns off '{item.title}'. {about['help']}"
        health.add_argument(f"--without-{item.address.replace('_', '-')}", action="store_false", **about)
    elif item.options:
        health.add_argument(option, type=item.kind, default=item.default, choices=item.options, **about)
    else:
        health.add_argument(option, type=item.kind, default=item.default, metavar=f"{item.default:g}", **about)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    given = parser().parse_args(arguments)
    try:
        with filled(_slot(given.playbook)):
            return _health(given)
    except FileError as problem:
        _complain(str(problem))
        _complain_of_questions(problem.sources)
    except (MotionsError, OSError) as problem:
        _complain(str(problem))
    except KeyboardInterrupt:
        return STOPPED + signal.SIGINT
    except Exception as fault:
        if given.traceback:
            _complain(traceback.format_exc())
        _complain(
            f"This is a fault of the program ({type(fault).__name__}), not of what was asked. Nothing more is made. "
            "Run it again with --traceback, and report what it shows."
        )
        return 3
    return 2


def _slot(path: Path | None) -> Slot | None:
    """What a playbook of one's own makes of its motion. Raises ContentError naming line and key."""
    return own_playbook(_named(path.name), path.read_bytes()).slot if path else None


def _health(given: argparse.Namespace) -> int:
    _refuse_overwriting(given)
    mappings = [mapping for path in given.mapping for mapping in read_mappings(path, _named(path.name))]
    rules = read_rules(given.rules, _named(given.rules.name)) if given.rules else None
    with _undisturbed():  # a signal between the making of a folder and its keeping would leave it behind
        scratch = tempfile.TemporaryDirectory(prefix="motions-")
    with scratch as folder:
        program = _load(given, mappings, Path(folder))
        _check_currency(given.currency, program)
        before = _before(given.before, Path(folder)) if given.before else None
        report = Report.of(program, _settings(given, program), rules, before, _named(given.name))
        _write(_made(given.format, report), given)
        if given.rejected:
            header, *rows = files.rejects_csv(program.rejects, {file.name: file.path for file in program.sources})
            given.rejected.write_bytes(as_csv([str(cell) for cell in header], rows))
    if any(question.matters for file in program.sources for question in file.questions):
        _complain("\n".join(report.remarks()))
        _complain_of_questions(program.sources)
        return 2
    severe = SEVERITIES[: SEVERITIES.index(given.fail_on) + 1] if given.fail_on else ()
    worse = report.worse(severe)
    if worse:
        _complain(f"Worse: {', '.join(worse)}")
    return 1 if worse else 0


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _complain_of_questions(sources: Sequence[Recognised]) -> None:
    """Say what a mapping has to answer: part and key of it, and its choices."""
    for question in [question for file in sources for question in file.questions]:
        said = [f"{one}: {files.OPTIONS[one]}" if one in files.OPTIONS else one for one in question.options]
        choices = f" ({('; ' if any(': ' in one for one in said) else ', ').join(said)})" if said else ""
        _complain(f"{question.file}, {question.part}.{question.key}: {question.asks}{choices}")


def _complain(words: str) -> None:
    sys.stderr.write(for_terminal(f"{words}\n"))


def _write(made: bytes, given: argparse.Namespace) -> None:
    """Write what was made to the file, or to standard output: to a terminal as text that does not steer it."""
    if given.output:
        given.output.write_bytes(made)
        return
    if sys.stdout.isatty():
        if given.format in PACKED:
            raise MotionsError(f"--format {given.format} is nothing for a terminal. Name a file with --output.")
        made = for_terminal(made.decode()).encode()
    try:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has had enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse_overwriting(given: argparse.Namespace) -> None:
    """Raise MotionsError where an output names an input, by whatever path, or the other output."""
    others = (path for path in (given.rules, given.secrets, given.before, given.playbook) if path)
    inputs = [*given.files, *given.mapping, *others]
    outputs = {"--output": given.output, "--rejected": given.rejected}
    for option, path in outputs.items():
        for one in inputs:
            if path and path.exists() and one.exists() and path.samefile(one):
                raise MotionsError(f"{option} {path} is one of the files that are read. Name another.")
    if given.output and given.rejected and given.output.resolve() == given.rejected.resolve():
        raise MotionsError(f"--output and --rejected both name {given.output}. Name two files.")


def _check_currency(wanted: str | None, program: Program) -> None:
    """Raise MotionsError for a currency that no file states: the figures would be in another."""
    if wanted and wanted != program.ledger.currency:
        there = f"the files hold {listed(program.currencies)}" if program.currencies else "no file states a currency"
        raise MotionsError(f"--currency {wanted}: {there}. Name what there is, or leave the option out.")


def _load(given: argparse.Namespace, mappings: list[Mapping], folder: Path) -> Program:
    today = datetime.now(UTC).date()
    if bool(given.files) == bool(given.connection):
        raise MotionsError("Name either files or a --connection.")
    if given.connection:
        settings = _connections(given.secrets).get(given.connection)
        if not isinstance(settings, dict):
            raise MotionsError(
                f"--connection {given.connection}: the secrets have no [connections.{given.connection}]."
            )
        return load_connection(given.connection, settings, folder, today, given.currency)
    complete = [_month("--complete", one) for one in given.complete]
    written = _month("--written", given.written) if given.written else None
    files = _files(given.files, folder)
    return load_program(files, folder, today, given.currency, mappings=mappings, complete=complete, written=written)


def _before(path: Path, folder: Path) -> Ledger:
    """The earlier ledger. Raises FileError for a file that is none."""
    ((name, there),) = _files([path], folder)
    return load_ledger(name, there, folder, datetime.now(UTC).date())


def _month(option: str, said: str) -> int:
    """A month of the command line as 12 × year + month − 1. Raises MotionsError for what is none."""
    if not re.fullmatch("[12][0-9]{3}-(0[1-9]|1[0-2])", said):
        raise MotionsError(f"{option} {said}: this is no month. Write it as 2026-09.")
    return int(said[:4]) * 12 + int(said[5:]) - 1


def _files(paths: Sequence[Path], folder: Path) -> list[tuple[str, Path]]:
    """The files with a name for each: its own, with folders where two are called the same, numbered if need be."""
    for path in paths:
        if not path.is_file():  # to open a pipe would wait for whoever writes into it
            problem = "is a folder, a pipe or a device" if path.exists() else "is not there"
            raise FileError(_named(str(path)), problem, "Name a CSV file." if path.exists() else "Check the path.")
    names = [_named(path.name) for path in paths]
    names = [_named(str(path)) for path in paths] if len(set(names)) < len(names) else names
    seen = Counter[str]()
    found = []
    for number, (name, path) in enumerate(zip(names, paths, strict=True)):
        seen[name] += 1
        there = path.resolve()
        if _named(str(there)) != str(there):  # a path that is no UTF-8 is nothing that the engine can open
            there = Path(shutil.copyfile(there, folder / f"{number}.csv"))
        found.append((name if seen[name] == 1 else f"{name} ({seen[name]})", there))
    return found


def _named(path: str) -> str:
    """A path as it can be shown and written: its bytes may be no text in UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def _connections(path: Path | None) -> dict[str, Any]:
    """The connections of the secrets file that is named, or of the first that Streamlit would read."""
    places = [path] if path else [folder / ".streamlit/secrets.toml" for folder in (Path.cwd(), Path.home())]
    for place in places:
        if place.is_file():
            try:
                found = tomllib.loads(place.read_text("utf-8")).get("connections", {})
            except ValueError:  # its text may hold a password
                raise MotionsError(f"{place} is no TOML file.") from None
            return found if isinstance(found, dict) else {}
    raise MotionsError(f"There are no secrets: {places[0]} is not there.")


def _settings(given: argparse.Namespace, program: Program) -> m.Settings:
    months = tables.months(program.ledger)
    wanted = given.as_of or "latest"
    if wanted not in months:
        first, last = min(name for name in months if name != "latest"), max(name for name in months if name != "latest")
        raise MotionsError(f"--as-of {wanted}: there is nothing to read in that month. Use one from {first} to {last}.")
    try:
        chosen = {item.name: getattr(given, item.name) for item in inputs(m.Settings)}
        return m.Settings(**{**chosen, "as_of": months[wanted]})
    except ValidationError:
        margin = input_named(m.Settings, "gross_margin")
        raise MotionsError(f"--gross-margin: write a share above 0 and up to 1, such as {margin.default:g}.") from None


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
