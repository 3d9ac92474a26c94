"""A scenario: a market and seven programs, frozen, and the link that carries it.

A link holds every value of the programs that are shown or changed, so it means the same when a default changes.
It is `1.` (the version) and then the values as JSON, compressed and in the letters that a URL allows.
"""

import base64
import binascii
import json
import zlib
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from motions.economics.assumptions import PROGRAMS, DirectProgram, Market, PartnerProgram, Program, ProgramId
from motions.economics.presets import presets
from motions.economics.projection import Projection, project
from motions.economics.results import Figures, figures
from motions.errors import ScenarioError, closest
from motions.names import BASELINES

VERSION = "1"
_LONGEST = 100_000  # characters of JSON that a link may unpack to; a real one has fewer than 5,000


class Scenario(BaseModel):
    """What the simulator computes: frozen; a change returns another scenario."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    market: Market
    direct: Literal["product_led", "sales_led"] = Field(
        default="product_led",
        title="Direct baseline",
        description="The motion you run today; blended CAC is taken over it and the program together.",
    )
    shown: tuple[ProgramId, ...] = Field(default=("affiliate", "reseller"), min_length=1, max_length=len(PROGRAMS))
    ecosystem: PartnerProgram
    channel: PartnerProgram
    referral: PartnerProgram
    affiliate: PartnerProgram
    reseller: PartnerProgram
    product_led: DirectProgram
    sales_led: DirectProgram

    def program(self, name: str) -> Program:
        """Return one of the seven programs."""
        program: Program = getattr(self, name)
        return program

    def replace(self, **changes: Any) -> "Scenario":
        """Return a scenario with fields replaced, validated. Raises ScenarioError naming the input."""
        return _validated({**self.model_dump(), **changes})

    def with_program(self, name: str, **changes: Any) -> "Scenario":
        """Return a scenario in which fields of one program are replaced, validated."""
        return self.replace(**{name: {**self.program(name).model_dump(), **changes}})

    def with_market(self, **changes: Any) -> "Scenario":
        """Return a scenario in which fields of the market are replaced, validated."""
        return self.replace(market={**self.market.model_dump(), **changes})


@cache
def default_scenario() -> Scenario:
    """Return the scenario of the presets."""
    return Scenario(market=Market(), **{name: preset.program for name, preset in presets().items()})


def to_link(scenario: Scenario) -> str:
    """Return the scenario as text for a URL."""
    default = default_scenario()
    values: dict[str, Any] = {
        "market": scenario.market.model_dump(),
        "direct": scenario.direct,
        "shown": scenario.shown,
    }
    for name in PROGRAMS:
        changed = scenario.program(name) != default.program(name)
        if changed or name in scenario.shown or name == scenario.direct:
            values[name] = scenario.program(name).model_dump()
    packed = zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 9)
    return f"{VERSION}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def from_link(text: str) -> Scenario:
    """Return the scenario that a link carries. Raises ScenarioError for anything that is not one."""
    version, _, packed = text.partition(".")
    if version != VERSION:
        raise ScenarioError(f"This link has version '{version[:12]}'; this app reads version {VERSION}. Copy it again.")
    values = _unpack(packed)
    missing = {name: default_scenario().program(name).model_dump() for name in PROGRAMS if name not in values}
    return _validated({**missing, **values})


def _unpack(packed: str) -> dict[str, Any]:
    damaged = ScenarioError("This link is damaged: a part of it is missing. Copy the whole link again.")
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(raw, _LONGEST)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise damaged
        values = json.loads(text)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise damaged from None
    if not isinstance(values, dict):
        raise damaged
    return values


def _validated(values: dict[str, Any]) -> Scenario:
    try:
        return Scenario.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(str(part).replace("_", " ") for part in first["loc"])
        hint = ""
        if first["type"] == "extra_forbidden":
            hint = closest(str(first["loc"][-1]), (*Scenario.model_fields, *PartnerProgram.model_fields))
        raise ScenarioError(f"{where}: {first['msg']}. Change it to a value within bounds.{hint}") from None


def run(scenario: Scenario) -> dict[str, tuple[Projection, Figures]]:
    """Project every shown program and read its figures, in the order shown."""
    direct = project(scenario.program(scenario.direct), scenario.market)
    result: dict[str, tuple[Projection, Figures]] = {}
    for name in scenario.shown:
        program = scenario.program(name)
        projection = direct if name == scenario.direct else project(program, scenario.market)
        # A baseline is compared with itself: blending the other one in would mix two alternatives.
        other = projection if name in BASELINES else direct
        result[name] = (projection, figures(program, scenario.market, projection, other))
    return result
