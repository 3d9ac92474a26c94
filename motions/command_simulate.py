"""The command that works scenarios out, without the app: the figures of the page, for a clock as for a person.

    python -m motions simulate plan.yaml
    python -m motions simulate "http://127.0.0.1:8501/simulate?s=2.…" --format json
    python -m motions simulate plan.yaml --format xlsx --output plan.xlsx

A file holds one scenario or several, as downloaded under Scenarios; an address holds one and those that were kept.
"""

import argparse
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from motions.command_line import named, refuse_overwriting, write
from motions.economics.answers.compare import chances
from motions.economics.answers.headline import headline
from motions.economics.answers.portfolio import MEASURES, PERIODS, Portfolio, names_of_periods, portfolio
from motions.economics.answers.uncertainty import PERCENTILES, Sample, if_ranged
from motions.economics.files import tables
from motions.economics.files.exchange import from_file, to_workbook
from motions.economics.inputs.links import Kept, Named, from_link, set_from_link
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.response import responses
from motions.economics.model.results import FIGURES, Figures, nature, of_customers
from motions.economics.model.run import run as run_scenario
from motions.errors import MotionsError
from motions.names import NAMES
from motions.text import as_csv

FORMATS = ("text", "json", "csv", "xlsx")
_INDENT = 2


def add(commands: Any) -> None:
    """Add the command and its options."""
    command = commands.add_parser(
        "simulate", help="what the programs of a scenario would earn",
        formatter_class=argparse.RawDescriptionHelpFormatter, epilog=__doc__.split("\n\n", 1)[1] if __doc__ else "",
    )  # fmt: skip
    command.add_argument("scenario", metavar="YAML|LINK", help="a file of scenarios, a link, or an address of the page")
    command.add_argument("--format", choices=FORMATS, default="text", help="what is made; default text")
    command.add_argument("--output", type=Path, help="where it is written; default the terminal")
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Work out what was named and return the exit code. Raises MotionsError."""
    refuse_overwriting({"--output": given.output}, [Path(given.scenario)] if is_file(given.scenario) else [])
    kept = scenarios(given.scenario)
    makers = {"text": _as_text, "json": _as_json, "csv": _as_csv, "xlsx": to_workbook}
    write(makers[given.format](kept), given, given.format == "xlsx")
    return 0


def is_file(said: str) -> bool:
    """Return whether an option names a file; a link may be longer than any path."""
    with suppress(OSError):  # a name longer than the system allows
        return 0 < len(said) < 4096 and "?" not in said and Path(said).is_file()
    return False


def asked_by(said: str) -> Mapping[str, str]:
    """Return what stands behind the question mark of an address; nothing of anything else."""
    return dict(parse_qsl(urlsplit(said).query)) if "?" in said else {}


def scenarios(said: str) -> Kept:
    """Return the scenarios of a file, a link or an address, the last one being that which counts; none of an address
    without any. Raises MotionsError for what can't be read.
    """
    if is_file(said):
        return from_file(named(Path(said).name), Path(said).read_bytes())
    asked = asked_by(said)
    if not asked and said.lower().endswith((".yaml", ".yml", ".xlsx")):
        raise MotionsError(f"{said}: is not there. Check the path.")
    if (asked or "://" in said) and "s" not in asked:
        return ()
    kept = set_from_link(asked["kept"]) if "kept" in asked else ()
    return (*kept, Named(name="Current", scenario=from_link(asked.get("s", said))))


def _as_text(kept: Kept) -> bytes:
    return "\n\n".join("\n".join(_said(one.name, one.scenario)) for one in _some(kept)).encode() + b"\n"


def _said(name: str, scenario: Scenario) -> Iterator[str]:
    """A scenario in lines: what leads, every figure by program, and the chances where inputs have ranges."""
    results, samples, market = run_scenario(scenario), if_ranged(scenario), scenario.market
    focus = scenario.shown[0]
    yield f"{name} · {tables.deal(market)} · amounts in {market.currency}"
    yield headline(results, focus, market.months, market.currency, samples)
    yield ""
    table = tables.comparison(results, samples, market.months, market.currency)
    rows = [
        ["", *table.columns],
        *([str(title), *row] for title, row in zip(table.index, table.to_numpy(), strict=True)),
    ]
    widths = [max(len(str(row[at])) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        yield (" " * _INDENT).join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    for program, sample in samples.items():
        said = "; ".join(chance.said for chance in chances(scenario, program, sample, None))
        yield f"Chances for {NAMES[program]}: {said}. {scenario.draws:,} draws, seed {scenario.seed}."
    yield nature(market, [one.projection for one in results.values()])
    yield from responses(scenario)
    yield of_customers(market, results[focus].cohort)


def _some(kept: Kept) -> Kept:
    if not kept:
        raise MotionsError("The address holds no scenario. Copy it from the simulator, or name a file of scenarios.")
    return kept


def _as_json(kept: Kept) -> bytes:
    """Figures by program under the names of the glossary; a month that is not reached, and what is unknown, is null."""
    found = [
        {
            "name": one.name, "months": one.scenario.market.months, "currency": one.scenario.market.currency,
            "programs": {
                program: _figures(outcome.figures, samples.get(program))
                for program, outcome in run_scenario(one.scenario).items()
            },
            "together": _together(one.scenario),
            "responses": responses(one.scenario),
        }
        for one in _some(kept)
        for samples in [if_ranged(one.scenario)]
    ]  # fmt: skip
    return json.dumps({"scenarios": found}, indent=_INDENT, ensure_ascii=False).encode() + b"\n"


def _together(scenario: Scenario) -> dict[str, Any]:
    """What all programs come to, the direct baseline once, by the names of their measures and by period."""
    found = portfolio(scenario)
    periods = {f"{called.lower()}s": _periods(found, length) for called, length in PERIODS.items()}
    return {"programs": list(found.by_program), "direct": found.direct, **periods}


def _periods(found: Portfolio, length: int) -> list[dict[str, Any]]:
    periods: list[dict[str, Any]] = [{"period": name} for name in names_of_periods(found.months, length)]
    for one in MEASURES:
        ends = found.ends(one.name, length)
        for at, value in enumerate(found.sums(one.name, length).tolist()):
            spread = {"p10": ends[at][0], "p90": ends[at][1]} if ends else {}
            periods[at][one.name] = {"value": value, "unit": str(one.unit), **spread}
    return periods


def _figures(figures: Figures, sample: Sample | None) -> dict[str, Any]:
    found = {}
    for one in FIGURES:
        cell: dict[str, Any] = {"value": figures[one.name], "unit": str(one.unit)}
        if sample and (ends := sample.percentiles(one.name)):
            cell |= {
                f"p{share}": value if math.isfinite(value) else None
                for share, value in zip(PERCENTILES, ends, strict=True)
            }
            cell["share_of_draws"] = sample.known(one.name)
        found[one.name] = cell
    return found


def _as_csv(kept: Kept) -> bytes:
    """One line a scenario, program and figure; nothing stands where it is unknown or not reached."""
    percentiles = [f"p{share}" for share in PERCENTILES]
    rows = [
        [scenario["name"], program, figure, cell["unit"], cell["value"], *(cell.get(name) for name in percentiles)]
        for scenario in json.loads(_as_json(kept))["scenarios"]
        for program, figures in scenario["programs"].items()
        for figure, cell in figures.items()
    ]
    header = ["scenario", "program", "figure", "unit", "value", *percentiles]
    return as_csv(header, [["" if one is None else one for one in row] for row in rows])
