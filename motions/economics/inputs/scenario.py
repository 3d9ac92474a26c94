"""A scenario: a market, the programs, what is known only as a range, and segments; frozen."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
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
from motions.economics.inputs.keys import in_words, input_at, input_of, owner_of, put, value_at
from motions.economics.inputs.presets import presets
from motions.economics.inputs.terms import PARTS, Array, Contradiction, PayoutPlan, Response
from motions.errors import ScenarioError, closest
from motions.fields import Input
from motions.names import BASELINES, in_force
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

    begins: str | None = Field(default=None, pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$")
    """the calendar month of its first month, where it is known: one that is set from data begins after them"""

    payback_within: int = Field(
        default=12, ge=1, le=120, title="Payback wanted within (months)", description="Of an average customer's life."
    )

    @model_validator(mode="before")
    @classmethod
    def _measured_from(cls, values: Any) -> Any:
        """A response without terms that it is measured from is given those of the preset, for good."""
        return (
            {name: _with_reference(name, one) for name, one in values.items()} if isinstance(values, dict) else values
        )

    @field_validator("ranges")
    @classmethod
    def _known_inputs(cls, ranges: dict[str, Range]) -> dict[str, Range]:
        for key, one in ranges.items():
            item = input_of(key)
            if not item.low <= one.low <= one.high <= item.high:
                raise ValueError(f"{in_words(key.split('.'))} {_bounds(item)}")
        return ranges

    def program(self, name: str) -> ProgramInputs:
        """Return one of the programs."""
        program: ProgramInputs = getattr(self, name)
        return program

    @property
    def touched(self) -> bool:
        """Whether somebody has changed an input: what comes of defaults alone is nobody's figure."""
        return self.market != default_scenario().market or self.programs_touched

    @property
    def programs_touched(self) -> bool:
        """Whether somebody has changed an input of a program."""
        return any(getattr(self, name) != getattr(default_scenario(), name) for name in PROGRAMS)

    def replace(self, **changes: Any) -> "Scenario":
        """Return a scenario with fields replaced, validated. Raises ScenarioError naming the input."""
        return validated({**self.model_dump(), **changes})

    def with_program(self, name: str, **changes: Any) -> "Scenario":
        """Return a scenario in which fields of one program are replaced, validated."""
        return self.replace(**{name: {**self.program(name).model_dump(), **changes}})

    def with_market(self, **changes: Any) -> "Scenario":
        """Return a scenario in which fields of the market are replaced, validated."""
        return self.replace(market={**self.market.model_dump(), **changes})

    def without(self, program: str) -> "Scenario":
        """Return the scenario as if nobody had used a program: not shown, in no segment, at its defaults."""
        default, others = default_scenario(), [one for one in self.segments if set(one.motions) != {program}]
        segments = [
            {**one.model_dump(), "motions": tuple(name for name in one.motions if name != program)} for one in others
        ]
        return self.replace(
            shown=tuple(name for name in self.shown if name != program) or default.shown,
            segments=tuple(segments),
            ranges={key: one for key, one in self.model_dump()["ranges"].items() if owner_of(key) != program},
            **{program: default.program(program).model_dump()},
        )

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


def _with_reference(name: str, program: Any) -> Any:
    response = program.get("response") if isinstance(program, dict) else None
    if (
        not isinstance(response, dict)
        or response.get("reference") is not None
        or MODELS.get(name) is not PartnerProgram
    ):
        return program
    preset = presets()[name].program
    assert isinstance(preset, PartnerProgram)  # noqa: S101  asked above
    return {**program, "response": {**response, "reference": preset.payout.model_dump()}}


def _carried(key: str, one: Range, here: Scenario, there: Scenario) -> Range | None:
    """The range of an input of a scenario, about what the input is in another; None where one of them lacks it."""
    try:
        old, new = here.at(key), there.at(key)
    except AttributeError:  # terms that one of the two does not have
        return None
    low, high = carried(np.array([one.low, one.high]), input_of(key), old, new).tolist()
    return Range(low=low, high=high)


def carried(values: Array, item: Input, old: float, new: float) -> Array:
    """Return values of an input about `old` as they lie about `new`, within its bounds.

    A share keeps the ratio of its odds, an amount its proportion; about nothing there is only a distance.

    >>> from motions.economics.inputs.keys import input_of
    >>> carried(np.array([400.0, 600.0]), input_of("market.list_price"), 500, 1000).tolist()
    [800.0, 1200.0]
    """
    if old == new:
        return values  # no rounding where nothing has moved
    if item.unit == PERCENT and 0 < old < 1:
        odds = values * (1 - old) * new
        moved = odds / np.maximum(odds + (1 - values) * old * (1 - new), 1e-300)
    elif old > 0:
        moved = values * (new / old)
    else:
        moved = values + (new - old)
    found: Array = np.clip(moved, item.low, item.high)
    return found


def default_scenario() -> Scenario:
    """Return the scenario of the presets, in which one's own motion is as its playbook has it."""
    slot = in_force()
    return _default_of(slot and (slot.like, slot.share, slot.reward))


@lru_cache(maxsize=64)
def _default_of(_: object) -> Scenario:
    """The scenario of the presets as they are here and now, by all that they depend on."""
    return Scenario(market=Market(), **{name: preset.program for name, preset in presets().items()})


def _bounds(item: Input) -> str:
    low, high = (f"{item.shown(one):,.10g}" for one in (item.low, item.high))
    return f"lies within {low} and {high}{' %' if item.unit == PERCENT else ''}"


_OUT_OF_BOUNDS = ("greater_than_equal", "less_than_equal", "greater_than", "less_than")


def validated(values: dict[str, Any]) -> Scenario:
    """Return the scenario of plain values. Raises ScenarioError naming the input and the repair."""
    try:
        return Scenario.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        reason = first.get("ctx", {}).get("error")
        where = in_words(first["loc"], reason.fields if isinstance(reason, Contradiction) else ())
        said = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            models: tuple[type[BaseModel], ...] = (
                Scenario,
                Market,
                PartnerProgram,
                DirectProgram,
                PayoutPlan,
                Response,
                *(terms for _, _, terms in PARTS),
            )
            known = tuple({name for model in models for name in model.model_fields})
            said = f"is no input. Remove it or correct its name.{closest(str(first['loc'][-1]), known)}"
        elif first["type"] == "value_error":
            said = f"{said}." if ": " in said else f"{said}. Change one of the two."  # some say the repair themselves
        elif first["type"] in _OUT_OF_BOUNDS and (item := input_at(first["loc"])) is not None:
            said = f"{_bounds(item)}. Change it to a value within bounds."
        else:
            said = f"{said}. Change it to a value within bounds."
        raise ScenarioError(f"{where}: {said}") from None
