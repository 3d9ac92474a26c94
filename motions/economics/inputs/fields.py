"""An input is written once, on its pydantic field; label, bounds, help and error derive from it.

Units: `%` is stored as a fraction of 1 and shown times 100; `money` is whole units of the scenario's currency;
the others are shown as they are stored.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from motions import text


def rate(title: str, description: str, default: float, high: float = 1.0, step: float = 0.01) -> Any:
    """Return a field for a fraction of 1, shown as percent."""
    return _field(title, description, default, 0.0, high, "%", step)


def months(title: str, description: str, default: int, low: int = 0, high: int = 60) -> Any:
    """Return a field for a number of months."""
    return _field(title, description, default, low, high, "months", 1)


def money(title: str, description: str, default: float, high: float, step: float) -> Any:
    """Return a field for an amount in whole units of the scenario's currency."""
    return _field(title, description, default, 0.0, high, "money", step)


def number(title: str, description: str, default: float, high: float, step: float, unit: str, low: float = 0) -> Any:
    """Return a field for an amount of something else; `unit` says of what."""
    return _field(title, description, default, low, high, unit, step)


def choice(title: str, description: str, default: str) -> Any:
    """Return a field for one of the words in the annotation's Literal."""
    return Field(default=default, title=title, description=description, json_schema_extra={"unit": "choice"})


def _field(title: str, description: str, default: float, low: float, high: float, unit: str, step: float) -> Any:
    return Field(
        default=default,
        ge=low,
        le=high,
        title=title,
        description=description,
        json_schema_extra={"unit": unit, "step": step},
    )


@dataclass(frozen=True)
class Input:
    """What a widget, a glossary or an error message needs to know of one field."""

    name: str
    title: str
    unit: str
    description: str
    default: Any
    low: float
    high: float
    step: float
    options: tuple[str, ...]
    whole: bool

    def unit_text(self, currency: str = "USD") -> str:
        """Return the unit, which for money is the currency."""
        return currency if self.unit == "money" else self.unit

    def label(self, currency: str = "USD") -> str:
        """Return the title with its unit, `Commission (%)`."""
        return self.title if self.unit == "choice" else f"{self.title} ({self.unit_text(currency)})"

    def said(self, value: float, currency: str = "USD") -> str:
        """Show a value in its unit."""
        if self.unit == "money":
            return text.money(value, currency)
        if self.unit in ("months", "days"):
            return text.count(value, self.unit[:-1])
        return text.percent(value, 1) if self.unit == "%" else f"{value:,.2f} {self.unit}".strip()

    def shown(self, value: float) -> float:
        """Return the stored value as shown: percent for a fraction, else as it is."""
        return round(value * 100, 6) if self.unit == "%" else value

    def stored(self, shown: float) -> float:
        """Return the shown value as it is stored: the inverse of `shown`."""
        return round(shown / 100, 8) if self.unit == "%" else shown


def inputs(model: type[BaseModel]) -> tuple[Input, ...]:
    """Return the inputs of a model in the order of its fields; fields without a title are not inputs."""
    return tuple(_input(name, field) for name, field in model.model_fields.items() if field.title)


def _input(name: str, field: FieldInfo) -> Input:
    extra = field.json_schema_extra
    assert isinstance(extra, dict)  # noqa: S101  the functions above always give one
    bounds = {type(rule).__name__: rule for rule in field.metadata}
    is_choice = get_origin(field.annotation) is Literal
    return Input(
        name=name,
        title=str(field.title),
        unit=str(extra["unit"]),
        description=str(field.description),
        default=field.default,
        low=0.0 if is_choice else bounds["Ge"].ge,
        high=0.0 if is_choice else bounds["Le"].le,
        step=0.0 if is_choice else float(str(extra["step"])),
        options=get_args(field.annotation) if is_choice else (),
        whole=field.annotation is int,
    )
