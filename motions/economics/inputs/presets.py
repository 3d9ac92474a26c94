"""The defaults of each program, and whose they are: the playbook's or ours."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from motions.content import read_yaml, validate
from motions.economics.inputs.assumptions import DirectProgram, PartnerProgram, ProgramInputs
from motions.names import PARTNER_MOTIONS

PRESETS = Path(__file__).parent / "presets.yaml"


class Default(BaseModel):
    """A default with its origin."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float | str
    origin: Literal["playbook", "cited", "ours"] = Field(alias="from")
    note: str = ""
    source: str = ""
    grade: Literal["", "A", "B"] = ""

    @model_validator(mode="after")
    def _cited(self) -> "Default":
        if (self.origin == "cited") != bool(self.source and self.grade):
            raise ValueError("a cited default, and only that, has a source and a grade")
        return self

    def sentence(self) -> str:
        """Say whose the default is, as the end of a help text."""
        whose = {
            "playbook": "The default is the playbook's",
            "cited": f"The default is cited from {self.source} (grade {self.grade})",
            "ours": "The default is ours, not the playbook's",
        }[self.origin]
        return f"{whose}: {self.note}." if self.note else f"{whose}."


OURS = Default(value="", **{"from": "ours"})
"""What is said of a default that stands in none of the presets."""


@dataclass(frozen=True)
class Preset:
    """A program's starting point: `defaults` maps `field` and `payout.field` to value and origin."""

    program: ProgramInputs
    defaults: dict[str, Default]
    payout_note: str


@cache
def presets(path: Path = PRESETS) -> dict[str, Preset]:
    """Read all presets. Raises ContentError naming file, key and repair."""
    return {name: _preset(name, entry, path.name) for name, entry in read_yaml(path).items() if name != "terms"}


@cache
def cited_terms(path: Path = PRESETS) -> dict[str, Default]:
    """Return where the defaults of payout terms come from that are cited, by `kind.field`."""
    entries = read_yaml(path).get("terms", {})
    return {key: validate(value, Default, path.name, f"terms.{key}.") for key, value in entries.items()}


def origin(program: str, kind: str, field: str) -> Default:
    """Return whose the default of an input is: a program's (`kind` is ""), or one of its payout terms'."""
    preset = presets()[program]
    if not kind:
        return preset.defaults.get(field, OURS)
    terms = getattr(preset.program, "payout", None)
    if terms is not None and kind in terms.kinds:
        return preset.defaults.get(f"payout.{field}", OURS)
    return cited_terms().get(f"{kind}.{field}", OURS)


def _preset(name: str, entry: dict[str, Any], file: str) -> Preset:
    payout = dict(entry.get("payout", {}))
    kind, note = payout.pop("kind", None), payout.pop("note", "")
    flat = {key: value for key, value in entry.items() if key != "payout"}
    flat |= {f"payout.{key}": value for key, value in payout.items()}
    defaults = {key: validate(value, Default, file, f"{name}.{key}.") for key, value in flat.items()}
    values: dict[str, Any] = {key: default.value for key, default in defaults.items() if "." not in key}
    if name not in PARTNER_MOTIONS:
        return Preset(validate(values, DirectProgram, file, f"{name}."), defaults, note)
    terms = {key.split(".")[1]: default.value for key, default in defaults.items() if "." in key}
    values["payout"] = {"kind": kind, **terms}
    return Preset(validate(values, PartnerProgram, file, f"{name}."), defaults, note)
