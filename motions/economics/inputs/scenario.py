"""A scenario: a market, the programs, what is known only as a range, and segments; frozen."""

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, field_validator, model_validator

from motions.economics.inputs.assumptions import (
    MODELS,
    PROGRAMS,
    BaselineId,
    DirectProgram,
    Market,
    PartnerProgram,
    ProgramId,
    ProgramInputs,
)
from motions.economics.inputs.keys import input_of, put, value_at
from motions.economics.inputs.presets import presets
from motions.economics.inputs.terms import PARTS, PayoutPlan
from motions.errors import ScenarioError, closest
from motions.names import BASELINES
from motions.units import PERCENT

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


class _Shown(BaseModel):
    """What is looked at: the market, the direct baseline and the programs shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    market: Market
    direct: BaselineId = Field(
        default=BASELINES[0],
        title="Direct baseline",
        description="The motion you run today; blended CAC is taken over it and the program together.",
    )
    shown: tuple[ProgramId, ...] = Field(default=("affiliate", "reseller"), min_length=1, max_length=len(PROGRAMS))


if TYPE_CHECKING:
    _Programs = _Shown
else:
    # A field for each program, by its id.
    _Programs = create_model("_Programs", __base__=_Shown, **{name: (model, ...) for name, model in MODELS.items()})


class Scenario(_Programs):
    """What the simulator computes: frozen; a change returns another scenario."""

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
        """Return one of the programs."""
        program: ProgramInputs = getattr(self, name)
        return program

    @property
    def touched(self) -> bool:
        """Whether somebody has changed an input: what comes of defaults alone is nobody's figure."""
        default = default_scenario()
        return any(getattr(self, name) != getattr(default, name) for name in ("market", *PROGRAMS))

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
        return value_at(self, key)

    def moved(self, key: str, value: Any) -> "Scenario":
        """Return the scenario with one input at another value, validated. Raises ScenarioError out of bounds."""
        values = self.model_dump()
        put(values, key, round(value) if input_of(key).whole else value)
        return validated(values).following(self)

    def following(self, before: "Scenario") -> "Scenario":
        """Return the scenario with the ranges of inputs that have moved since `before` moved along with them.

        Without that a moved input would draw as if it had not moved.
        """
        ranges = dict(self.ranges)
        for key, one in self.ranges.items():
            if before.ranges.get(key) == one and (moved := _carried(key, one, before, self)):
                ranges[key] = moved
        return self if ranges == self.ranges else self.model_copy(update={"ranges": ranges})

    def with_ranges_of(self, other: "Scenario") -> "Scenario":
        """Return the scenario with the ranges that only the other has, about its own values.

        So both draw the same quantiles: what differs between their draws is what differs between them.
        """
        carried = {key: _carried(key, one, other, self) for key, one in other.ranges.items() if key not in self.ranges}
        added = {key: one for key, one in carried.items() if one}
        return self.model_copy(update={"ranges": self.ranges | added}) if added else self


def _carried(key: str, one: Range, here: Scenario, there: Scenario) -> Range | None:
    """The range of an input of a scenario, about what the input is in another; None where one of them lacks it.

    What lies between is kept as a proportion of an amount, as a ratio of odds of a share, else as a distance.
    """
    try:
        old, new = here.at(key), there.at(key)
    except AttributeError:  # terms that one of the two does not have
        return None
    item, ends = input_of(key), (one.low, one.high)
    if item.unit == PERCENT and all(0 < point < 1 for point in (old, *ends)):
        ends = (_at_odds(ends[0], old, new), _at_odds(ends[1], old, new))
    elif old > 0:
        ends = (ends[0] * new / old, ends[1] * new / old)
    else:
        ends = (ends[0] + new, ends[1] + new)
    low, high = ends if old != new else (one.low, one.high)  # no rounding where nothing has moved
    return Range(low=min(max(low, item.low), item.high), high=min(max(high, item.low), item.high))


def _at_odds(share: float, old: float, new: float) -> float:
    """A share whose odds are to those of `new` as they were to those of `old`."""
    odds = share / (1 - share) * (1 - old) / old
    return odds * new / (odds * new + 1 - new) if new < 1 else 1.0


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
