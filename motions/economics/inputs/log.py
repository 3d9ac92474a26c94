"""What a scenario assumes otherwise than the defaults, and what its owner says of it: notes, sources, confidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from motions.economics.inputs.assumptions import PROGRAMS, PartnerProgram
from motions.economics.inputs.keys import model_of, owner_of, value_at
from motions.economics.inputs.scenario import Scenario, default_scenario
from motions.economics.inputs.terms import PARTS, PayoutPlan, Response
from motions.fields import Input, inputs
from motions.names import NAMES

Confidence = Literal["", "low", "medium", "high"]
CONFIDENCE: tuple[Confidence, ...] = ("", "low", "medium", "high")
"""How sure somebody is of an assumption; "" where nobody has said."""
LONGEST_SOURCE = 200


class Basis(BaseModel):
    """What an assumption rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(default="", max_length=LONGEST_SOURCE)
    confidence: Confidence = ""


class About(BaseModel):
    """What somebody wrote about a scenario. It is kept in files and the session, and never in a link."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: str = Field(default="", max_length=80)
    notes: str = Field(default="", max_length=4000)
    log: dict[str, Basis] = Field(default={}, max_length=400)
    """by the key of an input"""

    @property
    def plain(self) -> dict[str, Any]:
        """What a file holds of it: nothing where nothing was written."""
        return self.model_dump(exclude_defaults=True)

    def of(self, key: str) -> Basis:
        """Return what an input rests on, as far as somebody has said."""
        return self.log.get(key, Basis())

    def saying(self, key: str, **changes: str) -> "About":
        """Return the same with something else said of an input, validated; what says nothing is let go.

        >>> About().saying("market.list_price", source="The price list").of("market.list_price").source
        'The price list'
        """
        said = Basis.model_validate({**self.of(key).model_dump(), **changes})
        rest = {name: one for name, one in self.log.items() if name != key}
        return self.model_copy(update={"log": rest | ({key: said} if said != Basis() else {})})


@dataclass(frozen=True)
class Assumed:
    """An input that is not at its default, its values as text."""

    key: str
    title: str
    default: str
    value: str

    @property
    def whose(self) -> str:
        """Whose input it is, as a reader calls it."""
        owner = owner_of(self.key)
        return NAMES.get(owner, "Market")


def assumed(scenario: Scenario) -> tuple[Assumed, ...]:
    """Return the inputs of a scenario that differ from their defaults, the market's first.

    >>> [(one.title, one.default, one.value) for one in assumed(default_scenario().with_market(list_price=650.0))]
    [('List price per month', '$500', '$650')]
    """
    default, currency = default_scenario(), scenario.market.currency
    found = [*_differ("market", scenario.market, default.market, currency)]
    for name in PROGRAMS:
        own, was = scenario.program(name), default.program(name)
        if own == was:
            continue
        found += _differ(name, own, was, currency)
        if isinstance(own, PartnerProgram) and isinstance(was, PartnerProgram):
            found += _terms(name, own.payout, was.payout, currency)
            found += _differ(f"{name}.response", own.response or Response(), was.response or Response(), currency)
    return tuple(found)


def default_at(key: str) -> Any:
    """Return the default of an input by its key: of terms that a default has not, that of their field.

    >>> default_at("market.list_price"), default_at("reseller.payout.percent.duration")
    (500, 'months')
    """
    default = default_scenario()
    try:
        return value_at(default, key)
    except AttributeError:
        path, _, name = key.rpartition(".")
        model = model_of(path)
        return model.model_fields[name].default if model else None


def _terms(name: str, own: PayoutPlan, was: PayoutPlan, currency: str) -> Iterator[Assumed]:
    for kind, title, model in PARTS:
        mine, before = getattr(own, kind), getattr(was, kind)
        if (mine is None) != (before is None):
            said = ("none", "in use") if mine is not None else ("in use", "none")
            yield Assumed(f"{name}.payout.{kind}", title, *said)
        if mine is not None:
            yield from _differ(f"{name}.payout.{kind}", mine, before or model(), currency, title)
    yield from _differ(f"{name}.payout", own, was, currency)


def _differ(prefix: str, own: BaseModel, was: BaseModel, currency: str, part: str = "") -> Iterator[Assumed]:
    """The inputs of a model that differ; `part` says which terms a tier belongs to."""
    for item in inputs(type(own)):
        mine, before = getattr(own, item.name), getattr(was, item.name)
        if mine != before:
            title = f"{part}: {item.title}" if part and item.name.startswith("tier") else item.title
            yield Assumed(f"{prefix}.{item.name}", title, said(item, before, currency), said(item, mine, currency))


def said(item: Input, value: Any, currency: str) -> str:
    """Show an input's value: a word as it is, a number in its unit."""
    return value if isinstance(value, str) else item.said(value, currency)
