"""The command that makes the pack for a meeting, for a clock as for a person.

    python -m motions pack accounts.csv revenue.csv partners.csv spend.csv --output pack.pptx
    python -m motions pack exports/*.csv --scenario plan.yaml --answers acv-3600~market_fit-yes --output pack.pptx
    python -m motions pack --scenario "http://127.0.0.1:8501/simulate?s=2.…" --format html --output pack.html

Of a YAML file of scenarios the last one counts, and the first is the pinned one where there are several. An
address of a page brings along what is in it: scenario, pinned scenario, answers, readiness by hand and roadmap.
"""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from motions.cohorts.reading.mapping import read_mappings
from motions.cohorts.verdicts.rules import default_rules, read_rules
from motions.command_line import (
    add_reading,
    check_currency,
    complain,
    complain_of_questions,
    load,
    named,
    read_from,
    refuse_overwriting,
    settings,
    undisturbed,
    write,
)
from motions.command_simulate import asked_by, is_file, scenarios
from motions.errors import MotionsError, closest
from motions.out.pack import SECTIONS, Given, Wishes, as_html, as_slides, content
from motions.playbook import decode
from motions.readiness.hands import from_text
from motions.roadmap import choices as road

_IDS = tuple(part.id for part in SECTIONS)


def add(commands: Any) -> None:
    """Add the command and its options."""
    pack = commands.add_parser(
        "pack", help="slides or a page to print, of files, a scenario and answers",
        formatter_class=argparse.RawDescriptionHelpFormatter, epilog=__doc__.split("\n\n", 1)[1] if __doc__ else "",
    )  # fmt: skip
    add_reading(pack)
    pack.add_argument("--scenario", default="", metavar="YAML|LINK", help="a file of scenarios, a link, or an address")
    pack.add_argument(
        "--answers", default="", metavar="TEXT|ADDRESS", help="answers of Choose, as its address has them"
    )
    pack.add_argument("--sections", default="", metavar="ID,ID", help=f"some of {', '.join(_IDS)}; default all")
    for name, means in (
        ("title", "title of the pack"), ("audience", "for whom it is"), ("notes", "what stands on its cover"),
        ("decision", "title of the one page; default what follows from what is there"),
    ):  # fmt: skip
        pack.add_argument(f"--{name}", default="", help=means)
    pack.add_argument("--template", type=Path, help="a company's own .pptx: its layouts, colours and fonts are used")
    pack.add_argument("--sample", action="store_true", help="mark every slide as made of sample data")
    pack.add_argument("--format", choices=("pptx", "html"), default="pptx", help="what is made; default pptx")
    pack.add_argument("--output", type=Path, help="where it is written; default the terminal")
    pack.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Make a pack and return the exit code. Raises MotionsError."""
    files = [*read_from(given), *(Path(one) for one in (given.scenario,) if is_file(one))]
    refuse_overwriting({"--output": given.output}, [*files, *([given.template] if given.template else [])])
    wishes = Wishes(given.title, given.audience, given.decision, given.notes, _sections(given.sections))
    planned = _scenario(given.scenario) | _answers(given.answers, given.scenario)
    with undisturbed():  # a signal between the making of a folder and its keeping would leave it behind
        scratch = tempfile.TemporaryDirectory(prefix="motions-")
    with scratch as folder:
        loaded = _program(given, Path(folder)) if given.files or given.connection else {}
        there = Given(**planned, **loaded, today=datetime.now(UTC).date())
        _check_sections(there, wishes)
        write(_made(given, there, wishes), given, given.format == "pptx")
    program = there.program
    if program and any(question.matters for file in program.sources for question in file.questions):
        complain_of_questions(program.sources)
        return 2
    return 0


def _made(given: argparse.Namespace, there: Given, wishes: Wishes) -> bytes:
    whole = content(there, wishes)
    if given.format == "html":
        return as_html(whole).encode()
    return as_slides(whole, given.template.read_bytes() if given.template else None)


def _program(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    mappings = [mapping for path in given.mapping for mapping in read_mappings(path, named(path.name))]
    program = load(given, mappings, folder)
    check_currency(given.currency, program)
    rules = read_rules(given.rules, named(given.rules.name)) if given.rules else default_rules()
    name = "" if given.name == "program" else named(given.name)
    return {"program": program, "settings_": settings(given, program), "rules": rules, "name": name,
            "sample": given.sample}  # fmt: skip


def _scenario(said: str) -> dict[str, Any]:
    """The scenario of a file or a link, and what it is compared with."""
    found = scenarios(said) if said else ()
    return {"scenario_": found[-1].scenario, "kept": found[:-1]} if found else {}


def _answers(said: str, scenario: str) -> dict[str, Any]:
    """Answers as text, or those of an address, also of one that was given for its scenario."""
    asked = asked_by(said) or ({"a": said} if said else asked_by(scenario))
    found, steps = decode(asked.get("a", "")), road.decode(asked.get("road", ""))
    for remark in (*found.remarks, *steps.remarks):
        complain(remark)
    return {
        "answers": found.answers, "hands": from_text(asked.get("r", "")), "choices": steps.choices,
        "equal": asked.get("choose_equal") == "true",
    }  # fmt: skip


def _sections(said: str) -> tuple[str, ...]:
    wanted = tuple(filter(None, (one.strip() for one in said.split(","))))
    for one in wanted:
        if one not in _IDS:
            raise MotionsError(f"--sections {one}: there is none. Use some of {', '.join(_IDS)}.{closest(one, _IDS)}")
    return wanted


def _check_sections(there: Given, wishes: Wishes) -> None:
    """Raise MotionsError for a section that was asked for and can't be had."""
    for part in SECTIONS:
        if part.id in wishes.sections and (needs := part.lacks(there)):
            raise MotionsError(f"--sections {part.id}: {needs}")
