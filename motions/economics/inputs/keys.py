"""Dotted keys: what an input is called in links, widgets and files, and everything that follows such a key.

`market.list_price`, `affiliate.churn_rate`, `affiliate.payout.hold_days`, `affiliate.payout.percent.rate`: whose input
it is, the part of it where it has parts, and the field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from motions.economics.inputs.assumptions import MODELS, Market, PartnerProgram, market_without_effect, without_effect
from motions.economics.inputs.terms import PARTS, PayoutPlan, Response, as_counted, used_fields
from motions.errors import closest
from motions.fields import Input, inputs
from motions.names import NAMES
from motions.text import listed

if TYPE_CHECKING:
    from motions.economics.inputs.scenario import Scenario

_SETTINGS = ("months", "spread_months", "start_month", "age_at_start", "refund_after")
_PART_NAMES = {kind: name for kind, name, _ in PARTS}
_PART_MODELS = {kind: model for kind, _, model in PARTS}


def owner_of(key: str) -> str:
    """Return whose input a key names: `market`, or a program.

    >>> owner_of("affiliate.payout.percent.rate")
    'affiliate'
    """
    return key.split(".", maxsplit=1)[0]


def is_setting(key: str) -> bool:
    """Return whether an input is a setting rather than an assumption: it can be sought, not drawn.

    >>> is_setting("market.months"), is_setting("affiliate.start_month"), is_setting("affiliate.payout.percent.months")
    (True, True, False)
    """
    return key.count(".") == 1 and key.rpartition(".")[2] in _SETTINGS


def value_at(model: Any, key: str) -> Any:
    """Return what a key leads to in a model. Raises AttributeError where the model has no such part."""
    for word in key.split("."):
        model = getattr(model, word)
    return model


def inside(values: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    """Return the innermost values that a key leads to, and its last word; what is not there is made."""
    *path, last = key.split(".", 6)  # deeper than any of ours: a file may hold any text
    for word in path:
        values = values.setdefault(word, {})
    return values, last


def put(values: dict[str, Any], key: str, value: Any) -> None:
    """Set a value in nested values by its key.

    >>> tree = {"market": {"months": 36}}
    >>> put(tree, "market.list_price", 500); put(tree, "affiliate.payout.hold_days", 30); tree
    {'market': {'months': 36, 'list_price': 500}, 'affiliate': {'payout': {'hold_days': 30}}}
    """
    innermost, last = inside(values, key)
    innermost[last] = value


def nested(by_key: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by key as values by owner, part and name: what `with_numbers` puts into models."""
    tree: dict[str, Any] = {}
    for key, value in by_key.items():
        put(tree, key, value)
    return tree


@cache
def input_of(key: str) -> Input:
    """Return the input that a key names. Raises ValueError, with the closest right one, for any other text."""
    path, _, name = key.rpartition(".")
    model = model_of(path)
    known = {item.name: item for item in inputs(model) if not item.options} if model else {}
    if name not in known:
        raise ValueError(f"there is no input '{key[:60]}'{closest(name, tuple(known))}")
    return known[name]


def model_of(path: str) -> type[BaseModel] | None:
    """Return the model that a key without its last word leads to; None where there is none."""
    owner, *parts = path.split(".")
    model: type[BaseModel] | None = Market if owner == "market" else MODELS.get(owner)
    if not parts:
        return model
    if model is PartnerProgram and parts == ["response"]:
        return Response
    if model is not PartnerProgram or parts[0] != "payout" or len(parts) > 2:
        return None
    return PayoutPlan if len(parts) == 1 else _PART_MODELS.get(parts[1])


def in_words(path: Sequence[Any], fields: Sequence[str] = ()) -> str:
    """Return what a path into the values of a scenario leads to, as forms call it; `fields`: which inputs there.

    >>> in_words(("affiliate", "payout", "bonus"), ("to_month", "from_month"))
    'Affiliates, Dated bonus, Bonus until month and Bonus from month'
    >>> in_words(("reseller", "payout"), ("marketplace_fee", "margin.tier_2_value"))
    'Resellers, Marketplace fee and Tier 2 (Partner margin)'
    """
    owner, *rest = (str(word)[:60] for word in path)
    model: Any = model_of(owner)
    if model is None:  # of the scenario itself
        return " ".join((owner, *rest)).replace("_", " ")
    said = [NAMES.get(owner, "Market")]
    for word in rest:
        if model is PayoutPlan and word in _PART_MODELS:
            model, here = _PART_MODELS[word], _PART_NAMES[word]
        elif word in _PLANS:
            model, here = _PLANS[word]
        else:
            here = _title(model, word)
        said += [here] if here else []
    named = [_title(model, field) for field in fields]
    return ", ".join([*said, listed(named)] if named else said)


def input_at(path: Sequence[Any]) -> Input | None:
    """Return the input that a path into the values of a scenario leads to; None where there is no number there.

    >>> input_at(("affiliate", "payout", "percent", "rate")).title, input_at(("affiliate", "response", "nothing"))
    ('Commission', None)
    """
    words = [str(word) for word in path]
    if "reference" in words:  # a plan as another
        words = [words[0], "payout", *words[words.index("reference") + 1 :]]
    try:
        return input_of(".".join(words))
    except ValueError:
        return None


_PLANS: dict[str, tuple[type[BaseModel], str]] = {
    "payout": (PayoutPlan, ""), "response": (Response, "Response to what partners earn"),
    "reference": (PayoutPlan, "the terms it is measured from"),
}  # fmt: skip


def _title(model: type[BaseModel], name: str) -> str:
    """The title of a model's input, or of a plan's part's by its kind; the word itself where there is none."""
    kind, _, field = name.rpartition(".")
    owner = _PART_MODELS.get(kind, model)
    known = owner.model_fields.get(field)
    title = (known.title if known else None) or name.replace("_", " ")
    return f"{title} ({_PART_NAMES[kind]})" if kind and field.startswith(_OF_SEVERAL) else title


_OF_SEVERAL = ("tier", "rate_", "redemption")
"""how the names of inputs begin that several parts have"""


@dataclass(frozen=True)
class Place:
    """An input that can be moved: its key, and what it is."""

    key: str
    item: Input

    @property
    def owner(self) -> str:
        """Whose it is: `market`, or a program."""
        return owner_of(self.key)

    @property
    def title(self) -> str:
        """The input's title; what several terms have, as tiers and credit, says which of them it belongs to."""
        _, *part, _ = self.key.split(".")
        if len(part) > 1 and self.item.name.startswith(_OF_SEVERAL):
            return f"{_PART_NAMES[part[1]]}: {self.item.title}"
        return self.item.title

    @property
    def name(self) -> str:
        """Title and owner, as in a sentence: `Commission (Affiliates)`."""
        return self.title if self.owner == "market" else f"{self.title} ({NAMES[self.owner]})"


def places(scenario: "Scenario", program: str, market: bool = True) -> tuple[Place, ...]:
    """Return the inputs that move a program's figures: its payout terms and the response, its own, and the market's."""
    own = scenario.program(program)
    found: list[Place] = []
    if isinstance(own, PartnerProgram):
        for kind in own.payout.kinds:
            found += _of(f"{program}.payout.{kind}", own.payout.part(kind))
        found += _of(f"{program}.payout", own.payout)
        found += _of(f"{program}.response", own.response) if own.response else []
    idle = without_effect(own)
    found += [
        Place(f"{program}.{item.name}", item)
        for item in inputs(type(own))
        if not item.options and item.name not in idle
    ]
    if market:
        idle = market_without_effect(scenario.market)
        found += [
            Place(f"market.{item.name}", item) for item in inputs(Market) if not item.options and item.name not in idle
        ]
    return tuple(found)


def _of(prefix: str, terms: Any) -> list[Place]:
    used = used_fields(terms)
    return [
        Place(f"{prefix}.{item.name}", as_counted(item, terms))
        for item in inputs(type(terms))
        if item.name in used and not item.options
    ]


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
