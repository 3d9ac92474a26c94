"""Scenarios as files: YAML and an Excel workbook, out and in again, and the draws as a table.

A workbook (`workbook`) goes on working by itself; what is read of it again are its inputs and its notes. One of before
had all inputs in one sheet, a row each, and is read too.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import yaml
from pydantic import ValidationError

from motions.content import parse_yaml
from motions.economics.answers.uncertainty import drawn, simulate
from motions.economics.files import inputs_sheet, words_sheet
from motions.economics.files.workbook import to_workbook
from motions.economics.inputs.keys import inside
from motions.economics.inputs.links import MOST_KEPT, VERSION, Kept, Named, kept_of, plain
from motions.economics.inputs.log import About
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.results import FIGURES
from motions.errors import ContentError, ScenarioError
from motions.names import NAMES
from motions.text import short

__all__ = ["from_file", "samples", "samples_csv", "samples_parquet", "to_workbook", "to_yaml"]

_LONGEST = 2_000_000  # bytes of a file; a full set has some 100,000
_LONGEST_UNPACKED = 20_000_000  # bytes; a full set has some 5,000,000 in 60 parts, and 31,000 tags in the largest
_MOST_PARTS = 300
_MOST_TAGS = 100_000
_MOST = MOST_KEPT + 1  # those that are kept, and the current one
_MOST_READ = _MOST + 1  # sheets: one of inputs for each, and one of notes
_INPUTS = re.compile(r"Inputs( \d)?")


def to_yaml(kept: Sequence[Named]) -> bytes:
    """Return scenarios as YAML: version, then name and values of each."""
    values = {
        "version": int(VERSION),
        "scenarios": [{"name": one.name, **one.about.plain, **plain(one.scenario)} for one in kept],
    }
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True).encode()


def from_file(name: str, content: bytes) -> Kept:
    """Return the scenarios of a YAML file or a workbook. Raises ScenarioError naming file, scenario and repair."""
    if len(content) > _LONGEST:
        raise ScenarioError(
            f"{name}: is larger than a file of scenarios can be. Choose the file that was downloaded here."
        )
    try:
        return _from_workbook(content) if content[:2] == b"PK" else _from_yaml(name, content)
    except ScenarioError as problem:
        raise ScenarioError(f"{name}: {problem}") from None


def _from_yaml(name: str, content: bytes) -> Kept:
    not_ours = ScenarioError("is no file of scenarios. Choose a YAML file or workbook that was downloaded here.")
    try:
        found = parse_yaml(content, name)
    except ContentError:
        raise not_ours from None
    version, scenarios = found.get("version"), found.get("scenarios")
    if not isinstance(scenarios, list) or not all(isinstance(one, dict) for one in scenarios):
        raise not_ours
    if version not in (1, int(VERSION)):
        raise ScenarioError(f"has version {short(version, 12)}; this app reads 1 and {VERSION}. Download it again.")
    words = {"name", *About.model_fields}
    pairs = [[one.get("name"), {key: value for key, value in one.items() if key not in words}] for one in scenarios]
    said = {
        str(one["name"]).strip(): {key: one[key] for key in About.model_fields.keys() & one.keys()}
        for one in scenarios
        if "name" in one
    }
    return _with_words(kept_of(pairs, _MOST), said)


def _from_workbook(content: bytes) -> Kept:
    sheets = _rows_of_inputs(content)
    oldest = sheets.get("Inputs", [()])
    if oldest and tuple(oldest[0][:3]) == ("Scenario", "Input", "Value"):
        return _from_rows([row[:5] for row in oldest])
    pairs = []
    for title, rows in sheets.items():
        try:
            found = inputs_sheet.read(rows)
        except ValueError as problem:
            raise ScenarioError(f"{title}, {problem}") from None
        pairs += [list(found)] if found else []
    if not pairs:
        raise _no_workbook()
    return _with_words(kept_of(pairs, _MOST), words_sheet.read_notes(sheets.get(words_sheet.NOTES, [])))


def _with_words(kept: Kept, words: Mapping[str, Any]) -> Kept:
    """Put what was written about scenarios beside them, by their names."""
    found = []
    for one in kept:
        try:
            about = About.model_validate(words.get(one.name, {}))
        except ValidationError as error:
            where = " ".join(str(part) for part in error.errors()[0]["loc"][:4])
            raise ScenarioError(f"{one.name}: {short(where)} can't be read. Shorten it or correct it.") from None
        found.append(one.model_copy(update={"about": about}))
    return tuple(found)


def _from_rows(rows: Sequence[tuple[Any, ...]]) -> Kept:
    """The scenarios of a workbook of before: a row for each input of each, and nothing else that is read."""
    named: dict[str, dict[str, Any]] = {}
    for number, (name, key, *cells) in enumerate(rows[1:], 2):
        if not name or not key:
            continue
        try:
            _put(named.setdefault(str(name), {}), str(key), *cells)
        except (ValueError, TypeError, AttributeError):
            raise ScenarioError(
                f"Inputs, row {number}, Input: {short(str(key))} is no input. Correct its name."
            ) from None
    return kept_of([[name, _lists(values)] for name, values in named.items()], _MOST)


def _no_workbook() -> ScenarioError:
    return ScenarioError("can't be opened, or has no sheet 'Inputs' of a scenario. Choose one downloaded here.")


def _rows_of_inputs(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """The first cells of the sheets that are read, by title. Raises ScenarioError for what is no workbook of ours."""
    import openpyxl  # noqa: PLC0415 — 0.2 s that only a workbook that comes in needs

    try:
        _check_size(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        read = [name for name in book.sheetnames if name == words_sheet.NOTES or _INPUTS.fullmatch(name)][:_MOST_READ]
        return {
            name: list(book[name].iter_rows(max_row=5000, min_col=1, max_col=inputs_sheet.WIDEST, values_only=True))
            for name in read
        }
    except Exception:  # whatever a broken archive makes the reader raise
        raise _no_workbook() from None


def _check_size(content: bytes) -> None:
    """Raise ValueError for an archive that would take much more memory than a full set of scenarios.

    A tag of four bytes becomes an object of hundreds in the reader: so the tags of each part are counted before. What
    the archive says of its sizes holds, as no more than that is ever unpacked.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LONGEST_UNPACKED:
        raise ValueError("unpacks to too much")
    if any(archive.read(part).count(b"<") > _MOST_TAGS for part in parts):
        raise ValueError("holds too many cells")


def _put(values: dict[str, Any], key: str, value: Any, low: Any, high: Any) -> None:
    """Put a value, and its range if there is one, where its key says. Raises for a key that leads nowhere."""
    inner, last = inside(values, key)
    if last in ("shown", "motions"):
        inner[last] = [word.strip() for word in str(value or "").split(",") if word.strip()]
    elif last == "payout":
        inner.setdefault("payout", {})
    else:
        inner[last] = value if value is not None else ""
    if low is not None and high is not None:
        values.setdefault("ranges", {})[key] = [low, high]


def _lists(values: dict[str, Any]) -> dict[str, Any]:
    segments = values.pop("segments", None)
    return values | ({"segments": list(segments.values())} if isinstance(segments, dict) else {})


def samples(scenario: Scenario) -> pd.DataFrame:
    """Return a row for each shown program and draw: the drawn inputs and every figure.

    A month that is not reached is empty, as is a figure that there is none of.
    """
    numbers = drawn(scenario)
    count = scenario.draws if numbers else 1
    frames = []
    for name, sample in simulate(scenario, numbers).items():
        columns = {"program": NAMES[name], "draw": np.arange(1, count + 1)}
        columns |= {key: np.broadcast_to(values, (count,)) for key, values in numbers.items()}
        columns |= {
            figure.name: np.where(np.isfinite(values), values, np.nan)
            for figure in FIGURES
            for values in [np.broadcast_to(sample.measured[figure.name], (count,))]
        }
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def samples_csv(scenario: Scenario) -> list[list[object]]:
    """Return the draws as rows, header first."""
    frame = samples(scenario)
    rows = frame.astype(object).where(frame.notna(), "").to_numpy().tolist()
    return [list(frame.columns), *rows]


def samples_parquet(scenario: Scenario) -> bytes:
    """Return the draws as a Parquet file."""
    out = io.BytesIO()
    samples(scenario).to_parquet(out, index=False)
    return out.getvalue()
