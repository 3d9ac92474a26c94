"""An input is written once, on its pydantic field; widget, label, bounds, help, address, command line and error derive.

An input's unit says how its value is shown: a fraction of 1 as percent, money in the currency in use.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from motions.units import MONEY, MONTHS, NONE, PERCENT, Unit

GROSS_MARGIN = 0.8
"""Our assumption of what is left of revenue after its cost, wherever a margin is asked for."""


def rate(title: str, description: str, default: float, high: float = 1.0, step: float = 0.01) -> Any:
    """Return a field for a fraction of 1, shown as percent."""
    return number(title, description, default, high, step, PERCENT)


def share(title: str, description: str, default: float, step: float, address: str) -> Any:
    """Return a field for a fraction of 1 that can't be 0: a field that asks for it begins one step above."""
    return Field(default=default, gt=0.0, le=1.0, **_described(title, description, PERCENT, step, address))


def months(title: str, description: str, default: int, low: int = 0, high: int = 60) -> Any:
    """Return a field for a number of months."""
    return number(title, description, default, high, 1, MONTHS, low)


def money(title: str, description: str, default: float, high: float, step: float) -> Any:
    """Return a field for an amount in whole units of the scenario's currency."""
    return number(title, description, default, high, step, MONEY)


def number(title: str, description: str, default: float, high: float, step: float, unit: Unit, low: float = 0) -> Any:
    """Return a field for an amount of something else; `unit` says of what."""
    return Field(default=default, ge=low, le=high, **_described(title, description, unit, step))


def choice(title: str, description: str, default: Any, unit: Unit = NONE, address: str = "") -> Any:
    """Return a field for one of the values in the annotation's Literal."""
    return Field(default=default, **_described(title, description, unit, 0, address))


def switch(title: str, description: str, default: bool, address: str) -> Any:
    """Return a field for yes or no."""
    return Field(default=default, **_described(title, description, NONE, 0, address))


def month(title: str, description: str, address: str) -> Any:
    """Return a field for a month of the data: which there are is known with the data."""
    return Field(**_described(title, description, NONE, 0, address))


def _described(title: str, description: str, unit: Unit, step: float, address: str = "") -> dict[str, Any]:
    extra = {"unit": unit, "step": step, "address": address}
    return {"title": title, "description": description, "json_schema_extra": extra}


@dataclass(frozen=True)
class Input:
    """What a widget, an address, a glossary or an error message needs to know of one field."""

    name: str
    title: str
    unit: Unit
    description: str
    default: Any
    low: float
    high: float
    step: float
    options: tuple[Any, ...]
    kind: type
    """of the value: int, float, bool, str"""
    address: str = ""
    """its name in a page's address; the inputs of a scenario stand in its link instead"""

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return self.kind is int

    def unit_text(self, currency: str = "USD") -> str:
        """Return the unit, which for money is the currency."""
        return self.unit.named(currency)

    def label(self, currency: str = "USD") -> str:
        """Return the title with its unit, `Commission (%)`."""
        return self.unit.label(self.title, currency)

    def said(self, value: float, currency: str = "USD") -> str:
        """Show a value in its unit."""
        return self.unit.said(value, currency)

    def shown(self, value: float) -> float:
        """Return the stored value as shown: percent for a fraction, else as it is."""
        return self.unit.shown(value)

    def stored(self, shown: float) -> float:
        """Return the shown value as it is stored: the inverse of `shown`."""
        return self.unit.stored(shown)

    def taken(self, shown: float | None, counts: Any) -> Any:
        """Return a number that was typed as it is stored; `counts`, stored, where none was or it is not allowed."""
        if shown is None or not self._allows(shown):
            return counts
        return int(shown) if self.whole else self.stored(shown)

    def refused(self, shown: float | None, counts: float, currency: str = "USD") -> str:
        """Say what counts, and what is allowed, where a field is empty or outside of its bounds; else ""."""
        if shown is not None and self._allows(shown):
            return ""
        what = "Empty" if shown is None else "Not allowed"
        low, high = self.said(self.low, currency), self.said(self.high, currency)
        return f"{what}. What counts: {self.said(counts, currency)}. Allowed: {low} to {high}."

    def _allows(self, shown: float) -> bool:
        # In the numbers of the field, as 7.5 % is stored as a number a little above or below.
        return self.shown(self.low) <= shown <= self.shown(self.high)


def inputs(model: type[BaseModel]) -> tuple[Input, ...]:
    """Return the inputs of a model in the order of its fields; fields without a title are not inputs."""
    return _inputs(model)


@cache  # a slider's move asks some thirty times
def _inputs(model: type[BaseModel]) -> tuple[Input, ...]:
    return tuple(_input(name, field) for name, field in model.model_fields.items() if field.title)


def input_named(model: type[BaseModel], name: str) -> Input:
    """Return one input of a model; KeyError for any other name."""
    return {item.name: item for item in inputs(model)}[name]


def _input(name: str, field: FieldInfo) -> Input:
    extra = field.json_schema_extra
    assert isinstance(extra, dict)  # noqa: S101  the functions above always give one
    bounds = {type(rule).__name__: rule for rule in field.metadata}
    options = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    step, unit = float(str(extra["step"])), extra["unit"]
    kind = type(options[0]) if options else field.annotation
    assert isinstance(unit, Unit)  # noqa: S101
    assert isinstance(kind, type)  # noqa: S101
    low = bounds["Ge"].ge if "Ge" in bounds else bounds["Gt"].gt + step if "Gt" in bounds else 0.0
    return Input(
        name=name,
        title=str(field.title),
        unit=unit,
        description=str(field.description),
        default=field.default,
        low=low,
        high=bounds["Le"].le if "Le" in bounds else 0.0,
        step=step,
        options=options,
        kind=kind,
        address=str(extra["address"]),
    )
