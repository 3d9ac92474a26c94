"""The defaults of each program, and whose they are: the playbook's or ours."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from motions.content import read_yaml, validate
from motions.economics.assumptions import DirectProgram, PartnerProgram, Program
from motions.names import PARTNER_MOTIONS

PRESETS = Path(__file__).parent / "presets.yaml"


class Default(BaseModel):
    """A default with its origin."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float | str
    origin: Literal["playbook", "ours"] = Field(alias="from")
    note: str = ""

    def sentence(self) -> str:
        """Say whose the default is, as the end of a help text."""
        whose = (
            "The default is the playbook's" if self.origin == "playbook" else "The default is ours, not the playbook's"
        )
        return f"{whose}: {self.note}." if self.note else f"{whose}."


@dataclass(frozen=True)
class Preset:
    """A program's starting point: `defaults` maps `field` and `payout.field` to value and origin."""

    program: Program
    defaults: dict[str, Default]
    payout_note: str


@cache
def presets(path: Path = PRESETS) -> dict[str, Preset]:
    """Read all presets. Raises ContentError naming file, key and repair."""
    return {name: _preset(name, entry, path.name) for name, entry in read_yaml(path).items()}


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
