"""The inputs of a scenario that can be moved, each with a key that names it in links, widgets and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.fields import Input, inputs
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import PARTS, Array, used_fields
from motions.names import NAMES

HORIZON = "market.months"
"""A setting rather than an assumption: it can be sought, not drawn."""
_PART_NAMES = {kind: name for kind, name, _ in PARTS}


@dataclass(frozen=True)
class Place:
    """An input that can be moved: `market.list_price`, `affiliate.churn`, `affiliate.payout.percent.rate`."""

    key: str
    item: Input

    @property
    def owner(self) -> str:
        """Whose it is: `market`, or a program."""
        return self.key.split(".")[0]

    @property
    def title(self) -> str:
        """The input's title; a tier says which terms it belongs to."""
        _, *part, _ = self.key.split(".")
        return f"{_PART_NAMES[part[1]]}: {self.item.title}" if len(part) > 1 and "ier" in self.item.name else (
            self.item.title
        )  # fmt: skip

    @property
    def name(self) -> str:
        """Title and owner, as in a sentence: `Commission (Affiliates)`."""
        return self.title if self.owner == "market" else f"{self.title} ({NAMES[self.owner]})"

    def rounded(self, value: float) -> float:
        """Return a value as the input takes it: whole where it counts months or days."""
        return round(value) if self.item.whole else value


def places(scenario: Scenario, program: str, market: bool = True) -> tuple[Place, ...]:
    """Return the inputs that move a program's figures: its payout terms, its own, and the market's."""
    own = scenario.program(program)
    found: list[Place] = []
    if isinstance(own, PartnerProgram):
        for kind in own.payout.kinds:
            found += _of(f"{program}.payout.{kind}", own.payout.part(kind))
        found += _of(f"{program}.payout", own.payout)
    found += [Place(f"{program}.{item.name}", item) for item in inputs(type(own)) if not item.options]
    if market:
        found += [Place(f"market.{item.name}", item) for item in inputs(type(scenario.market)) if not item.options]
    return tuple(found)


def _of(prefix: str, terms: Any) -> list[Place]:
    used = used_fields(terms)
    return [
        Place(f"{prefix}.{item.name}", item) for item in inputs(type(terms)) if item.name in used and not item.options
    ]


def nested(drawn: Mapping[str, Array]) -> dict[str, Any]:
    """Return arrays by key as arrays by owner, part and name: what `with_numbers` puts into models."""
    tree: dict[str, Any] = {}
    for key, values in drawn.items():
        *path, last = key.split(".")
        inner = tree
        for word in path:
            inner = inner.setdefault(word, {})
        inner[last] = values
    return tree


def with_numbers(model: BaseModel, numbers: Mapping[str, Any]) -> Any:
    """Return a copy of a model in which the inputs that `numbers` has are arrays, one value a draw.

    Such a copy is for computing only; it is not validated, and the numbers that are not drawn stay numbers. Terms that
    the model does not have are passed over.
    """
    changes: dict[str, Any] = {}
    for name, value in numbers.items():
        inner = getattr(model, name, None)
        if not isinstance(value, dict):
            changes[name] = value
        elif isinstance(inner, BaseModel):
            changes[name] = with_numbers(inner, value)
    return model.model_copy(update=changes) if changes else model
