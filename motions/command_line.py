"""What the commands share: options, reading files or a connection, complaints, and writing what was made."""

import argparse
import os
import re
import shutil
import signal
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
from pydantic import ValidationError

from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program, load_ledger, load_program
from motions.cohorts.reading.mapping import Mapping
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.remote.program import load_connection
from motions.cohorts.tables import files
from motions.cohorts.tables import health as tables
from motions.errors import FileError, MotionsError
from motions.fields import Input, input_named, inputs
from motions.text import for_terminal, listed


class Parser(argparse.ArgumentParser):
    """A parser whose complaints repeat arguments, among them names of files, as text that steers no terminal."""

    def _print_message(self, message: str, file: Any = None) -> None:
        super()._print_message(for_terminal(message), file)


def add_reading(command: argparse.ArgumentParser) -> None:
    """Add the options that say what is read, and how."""
    command.add_argument("files", nargs="*", type=Path, metavar="FILE", help="CSV exports, in any order")
    command.add_argument(
        "--connection",
        metavar="NAME",
        help="read [connections.NAME] of the secrets instead of files; nothing is written",
    )
    command.add_argument(
        "--secrets", type=Path, help="TOML with connections; default .streamlit/secrets.toml here or in the home folder"
    )
    command.add_argument(
        "--mapping", action="append", default=[], type=Path, help="YAML: how files are read; may be repeated"
    )
    command.add_argument("--name", default="program", help="what the program is called in titles")
    command.add_argument("--rules", type=Path, help="YAML: other rules for the verdicts")
    for item in inputs(m.Settings):
        add_setting(command, item)
    command.add_argument("--currency", type=str.upper, help="the one to report, where the files hold several")
    command.add_argument(
        "--complete", action="append", default=[], metavar="2026-09", help="this month looks unfinished and is whole"
    )
    command.add_argument("--written", metavar="2026-11", help="the month in which what has no end was exported")


def add_setting(command: argparse.ArgumentParser, item: Input) -> None:
    """Add the option of one setting, called like its field; a switch that is on can be turned off."""
    about: dict[str, Any] = {"dest": item.name, "help": item.description.replace("%", "%%")}
    option = f"--{item.name.replace('_', '-')}"
    if item.name == "as_of":
        command.add_argument(option, metavar="2026-09", **about)
    elif item.kind is bool:
        about["help"] = f"turns off '{item.title}'. {about['help']}"
        command.add_argument(f"--without-{item.address.replace('_', '-')}", action="store_false", **about)
    elif item.options:
        command.add_argument(option, type=item.kind, default=item.default, choices=item.options, **about)
    else:
        command.add_argument(option, type=item.kind, default=item.default, metavar=f"{item.default:g}", **about)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def complain_of_questions(sources: Sequence[Recognised]) -> None:
    """Say what a mapping has to answer: part and key of it, and its choices."""
    for question in [question for file in sources for question in file.questions]:
        said = [f"{one}: {files.OPTIONS[one]}" if one in files.OPTIONS else one for one in question.options]
        choices = f" ({('; ' if any(': ' in one for one in said) else ', ').join(said)})" if said else ""
        complain(f"{question.file}, {question.part}.{question.key}: {question.asks}{choices}")


def complain(words: str) -> None:
    """Say what is wrong to whoever runs the command."""
    sys.stderr.write(for_terminal(f"{words}\n"))


def write(made: bytes, given: argparse.Namespace, packed: bool) -> None:
    """Write what was made to the file, or to standard output: to a terminal as text that does not steer it."""
    if given.output:
        given.output.write_bytes(made)
        return
    if sys.stdout.isatty():
        if packed:
            raise MotionsError(f"--format {given.format} is nothing for a terminal. Name a file with --output.")
        made = for_terminal(made.decode()).encode()
    try:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has had enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def refuse_overwriting(outputs: MappingOf[str, Path | None], inputs: Iterable[Path]) -> None:
    """Raise MotionsError where an output, by its option, names an input, by whatever path, or another output."""
    named_ = {option: path for option, path in outputs.items() if path}
    for (option, path), one in product(named_.items(), inputs):
        if path.exists() and one.exists() and path.samefile(one):
            raise MotionsError(f"{option} {path} is one of the files that are read. Name another.")
    if len({path.resolve() for path in named_.values()}) < len(named_):
        raise MotionsError(f"{listed(list(named_))} both name {next(iter(named_.values()))}. Name two files.")


def read_from(given: argparse.Namespace) -> list[Path]:
    """Return the files that the options of reading name."""
    return [*given.files, *given.mapping, *(path for path in (given.rules, given.secrets) if path)]


def check_currency(wanted: str | None, program: Program) -> None:
    """Raise MotionsError for a currency that no file states: the figures would be in another."""
    if wanted and wanted != program.ledger.currency:
        there = f"the files hold {listed(program.currencies)}" if program.currencies else "no file states a currency"
        raise MotionsError(f"--currency {wanted}: {there}. Name what there is, or leave the option out.")


def load(
    given: argparse.Namespace,
    mappings: list[Mapping],
    folder: Path,
    then: Callable[[duckdb.DuckDBPyConnection], None] = lambda con: None,
) -> Program:
    """Read what files or a connection hold; `then` is for files, see `load_program`. Raises MotionsError."""
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
    read: dict[str, Any] = {"mappings": mappings, "complete": complete, "written": written, "then": then}
    return load_program(files, folder, today, given.currency, **read)


def earlier(path: Path, folder: Path) -> Ledger:
    """Return an earlier ledger. Raises FileError for a file that is none."""
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
            raise FileError(named(str(path)), problem, "Name a CSV file." if path.exists() else "Check the path.")
    names = [named(path.name) for path in paths]
    names = [named(str(path)) for path in paths] if len(set(names)) < len(names) else names
    seen = Counter[str]()
    found = []
    for number, (name, path) in enumerate(zip(names, paths, strict=True)):
        seen[name] += 1
        there = path.resolve()
        if named(str(there)) != str(there):  # a path that is no UTF-8 is nothing that the engine can open
            there = Path(shutil.copyfile(there, folder / f"{number}.csv"))
        found.append((name if seen[name] == 1 else f"{name} ({seen[name]})", there))
    return found


def named(path: str) -> str:
    """Return a path as it can be shown and written: its bytes may be no text in UTF-8."""
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


def settings(given: argparse.Namespace, program: Program) -> m.Settings:
    """Return the settings of the figures. Raises MotionsError for a month without data, or a margin out of bounds."""
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
