"""A scenario: a market, seven programs, what is known only as a range, and segments; frozen."""

from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from motions.economics.inputs.assumptions import (
    PROGRAMS,
    DirectProgram,
    Market,
    PartnerProgram,
    ProgramId,
    ProgramInputs,
)
from motions.economics.inputs.fields import Input, inputs
from motions.economics.inputs.presets import presets
from motions.economics.inputs.terms import PARTS, PayoutPlan
from motions.errors import ScenarioError, closest

MOST_SEGMENTS = 6


class Range(BaseModel):
    """The central 90 % of what an input may be, in the input's own unit as it is stored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: float
    high: float

    @model_validator(mode="before")
    @classmethod
    def _pair(cls, values: Any) -> Any:
        return dict(zip(("low", "high"), values, strict=True)) if isinstance(values, (list, tuple)) else values

    @model_validator(mode="after")
    def _in_order(self) -> "Range":
        if not self.low <= self.high:
            raise ValueError("the low end must not be above the high end")
        return self


class Segment(BaseModel):
    """A part of the market: how many customers it can hold at the most, and which motions may sell there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=40)
    size: float = Field(gt=0, le=1e9)
    motions: tuple[ProgramId, ...] = Field(min_length=1, max_length=len(PROGRAMS))


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
    ranges: dict[str, Range] = Field(default={}, max_length=200)
    segments: tuple[Segment, ...] = Field(default=(), max_length=MOST_SEGMENTS)
    draws: Literal[1000, 2000, 5000, 10000] = Field(
        default=2000, title="Draws", description="How many times all ranges are drawn from at once."
    )
    seed: int = Field(
        default=1, ge=0, le=999_999, title="Seed", description="The same seed draws the same random numbers again."
    )

    payback_within: int = Field(
        default=12, ge=1, le=120, title="Payback wanted within (months)", description="Of an average customer's life."
    )

    @field_validator("ranges")
    @classmethod
    def _known_inputs(cls, ranges: dict[str, Range]) -> dict[str, Range]:
        for key, one in ranges.items():
            item = input_of(key)
            if not item.low <= one.low <= one.high <= item.high:
                raise ValueError(
                    f"{key} lies within {item.shown(item.low):g} and {item.shown(item.high):g} {item.unit}"
                )
        return ranges

    def program(self, name: str) -> ProgramInputs:
        """Return one of the seven programs."""
        program: ProgramInputs = getattr(self, name)
        return program

    def replace(self, **changes: Any) -> "Scenario":
        """Return a scenario with fields replaced, validated. Raises ScenarioError naming the input."""
        return validated({**self.model_dump(), **changes})

    def with_program(self, name: str, **changes: Any) -> "Scenario":
        """Return a scenario in which fields of one program are replaced, validated."""
        return self.replace(**{name: {**self.program(name).model_dump(), **changes}})

    def with_market(self, **changes: Any) -> "Scenario":
        """Return a scenario in which fields of the market are replaced, validated."""
        return self.replace(market={**self.market.model_dump(), **changes})

    def at(self, key: str) -> Any:
        """Return the value of an input by its key, `affiliate.payout.percent.rate` or `market.list_price`."""
        found: Any = self
        for word in key.split("."):
            found = getattr(found, word)
        return found

    def moved(self, key: str, value: Any) -> "Scenario":
        """Return the scenario with one input at another value, validated. Raises ScenarioError out of bounds."""
        values = self.model_dump()
        inner = values
        *path, last = key.split(".")
        for word in path:
            inner = inner[word]
        inner[last] = round(value) if input_of(key).whole else value
        return validated(values).following(self)

    def following(self, before: "Scenario") -> "Scenario":
        """Return the scenario with the ranges of inputs that have moved since `before` moved along with them.

        A range keeps its ends' proportions to the value; without that a moved input would draw as if it had not moved.
        """
        ranges = dict(self.ranges)
        for key, one in self.ranges.items():
            try:
                old, new = before.at(key), self.at(key)
            except AttributeError:  # terms that one of the two does not have
                continue
            if old and new != old and before.ranges.get(key) == one:
                item = input_of(key)
                low, high = (min(max(end * new / old, item.low), item.high) for end in (one.low, one.high))
                ranges[key] = Range(low=low, high=high)
        return self if ranges == self.ranges else self.model_copy(update={"ranges": ranges})


def input_of(key: str) -> Input:
    """Return the input that a key names. Raises ValueError, with the closest right one, for any other text."""
    owner, *part, name = [*key.split("."), ""] if "." not in key else key.split(".")
    model: type[BaseModel] | None = {"market": Market}.get(owner)
    if owner in PROGRAMS:
        model = DirectProgram if owner.endswith("_led") else PartnerProgram
    if part and model is PartnerProgram and part[0] == "payout":
        model = PayoutPlan if len(part) == 1 else {kind: terms for kind, _, terms in PARTS}.get(".".join(part[1:]))
    elif part:
        model = None
    known = {item.name: item for item in inputs(model) if not item.options} if model else {}
    if name not in known:
        raise ValueError(f"there is no input '{key[:60]}'{closest(name, tuple(known))}")
    return known[name]


@cache
def default_scenario() -> Scenario:
    """Return the scenario of the presets."""
    return Scenario(market=Market(), **{name: preset.program for name, preset in presets().items()})


def validated(values: dict[str, Any]) -> Scenario:
    """Return the scenario of plain values. Raises ScenarioError naming the input and the repair."""
    try:
        return Scenario.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(str(part)[:60].replace("_", " ") for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            models: tuple[type[BaseModel], ...] = (
                Scenario,
                Market,
                PartnerProgram,
                DirectProgram,
                PayoutPlan,
                *(terms for _, _, terms in PARTS),
            )
            known = tuple({name for model in models for name in model.model_fields})
            said = f"is no input. Remove it or correct its name.{closest(str(first['loc'][-1]), known)}"
        elif first["type"] == "value_error":
            said = f"{said}. Change one of the two."
        else:
            said = f"{said}. Change it to a value within bounds."
        raise ScenarioError(f"{where}: {said}") from None
