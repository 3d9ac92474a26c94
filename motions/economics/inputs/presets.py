"""The defaults of each program, and whose they are: the playbook's or ours."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from motions.content import read_yaml, validate
from motions.economics.inputs.assumptions import MODELS, PROGRAMS, PartnerProgram, ProgramInputs
from motions.economics.inputs.terms import FIRST_RATE, with_reward, with_share
from motions.errors import ContentError, closest
from motions.names import NAMES, OWN, in_force

PRESETS = Path(__file__).parent / "presets.yaml"


class Default(BaseModel):
    """A default with its origin."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float | str
    origin: Literal["playbook", "cited", "ours", "yours"] = Field(alias="from")
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
            "yours": "The default is your own playbook's",
        }[self.origin]
        return f"{whose}: {self.note}." if self.note else f"{whose}."


OURS = Default(value="", **{"from": "ours"})
"""What is said of a default that stands in none of the presets."""
YOURS = Default(value="", **{"from": "yours"})


@dataclass(frozen=True)
class Preset:
    """A program's starting point: `defaults` maps `field` and `payout.field` to value and origin."""

    program: ProgramInputs
    defaults: dict[str, Default]
    payout_note: str


def presets(path: Path = PRESETS) -> dict[str, Preset]:
    """Return the preset of every program, that of one's own motion as its playbook has it.

    Raises ContentError naming file, key and repair.
    """
    slot, read = in_force(), _read(path)
    return read if slot is None else {**read, OWN: _started(slot.like, slot.share, slot.reward)}


@lru_cache(maxsize=64)
def _started(like: str, share: float | None, reward: float | None) -> Preset:
    """The preset of a motion of one's own: that of the one it is like, with its share of the price or its reward."""
    was, whose = _read(PRESETS)[like], f"as for {NAMES[like].lower()}, which it is like"
    program = was.program
    assert isinstance(program, PartnerProgram)  # noqa: S101  a motion of one's own is like a partner motion
    defaults = {
        name: one.model_copy(update={"note": "; ".join(filter(None, (whose, one.note)))})
        for name, one in was.defaults.items()
    }
    if share is None and reward is None:
        return Preset(program, defaults, was.payout_note)
    plan = with_reward(program.payout, reward or 0.0) if share is None else with_share(program.payout, share)
    defaults |= {f"payout.{FIRST_RATE[kind]}": YOURS for kind in plan.kinds}
    return Preset(program.model_copy(update={"payout": plan}), defaults, "")


@cache
def _read(path: Path) -> dict[str, Preset]:
    found = {name: _preset(name, entry, path.name) for name, entry in read_yaml(path).items() if name != "terms"}
    for name in PROGRAMS:
        if name not in found:
            raise ContentError(path.name, name, "is missing", "Add its defaults, in the form of another motion's.")
    return found


@cache
def cited_terms(path: Path = PRESETS) -> dict[str, Default]:
    """Return where the defaults of payout terms come from that are cited, by `kind.field`."""
    entries = read_yaml(path).get("terms", {})
    return {key: validate(value, Default, path.name, f"terms.{key}.") for key, value in entries.items()}


def origin(program: str, kind: str, field: str) -> Default:
    """Return whose the default of an input is: a program's (`kind` is ""), or one of its payout terms'."""
    own = presets()[program]
    if not kind:
        return own.defaults.get(field, OURS)
    terms = getattr(own.program, "payout", None)
    if terms is not None and kind in terms.kinds:
        return own.defaults.get(f"payout.{field}", OURS)
    return cited_terms().get(f"{kind}.{field}", OURS)


def _preset(name: str, entry: dict[str, Any], file: str) -> Preset:
    payout = dict(entry.get("payout", {}))
    kind, note = payout.pop("kind", None), payout.pop("note", "")
    flat = {key: value for key, value in entry.items() if key != "payout"}
    flat |= {f"payout.{key}": value for key, value in payout.items()}
    defaults = {key: validate(value, Default, file, f"{name}.{key}.") for key, value in flat.items()}
    values: dict[str, Any] = {key: default.value for key, default in defaults.items() if "." not in key}
    if name not in MODELS:
        raise ContentError(file, name, "is no program", f"Correct its name.{closest(name, PROGRAMS)}")
    if MODELS[name] is PartnerProgram:
        terms = {key.removeprefix("payout."): one.value for key, one in defaults.items() if key.startswith("payout.")}
        values["payout"] = {"kind": kind, **terms}
    program: ProgramInputs = validate(values, MODELS[name], file, f"{name}.")
    return Preset(program, defaults, note)
