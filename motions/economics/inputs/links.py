"""Scenarios as text for a URL: one scenario, or a named set of them.

A link holds every value of the programs that are shown or changed, so it means the same when a default changes.
It is the version, a point, and the values as JSON, compressed against the words of `link_words.json` and written in
the letters that a URL allows. Version 1 had no such words, and one payout a program; its links are still read.
The words belong to version 2: a change to that file would damage every link that was ever sent.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from motions import limits
from motions.economics.inputs.assumptions import AT_START, PROGRAMS, Market, ProgramInputs
from motions.economics.inputs.log import About
from motions.economics.inputs.scenario import Scenario, default_scenario, validated
from motions.economics.inputs.terms import (
    PARTS,
    ByCustomer,
    FlatReward,
    LeadReward,
    PartnerMargin,
    PayoutPlan,
    PercentOfRevenue,
    Rebate,
    RevenueShare,
    Tiered,
    WholesaleDiscount,
)
from motions.errors import ScenarioError
from motions.text import whole_letters

VERSION = "2"
MOST_KEPT = limits.KEPT.most
_LONGEST = 400_000  # characters of JSON that a link may unpack to; a full set has some 60,000


class Named(BaseModel):
    """A scenario with the name that its user gave it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=60)
    scenario: Scenario
    about: About = About()
    """what somebody wrote about it: text of persons, which no link carries"""


Kept = tuple[Named, ...]
"""Scenarios side by side, at most six; the first is the pinned one, which the others are compared with."""


@cache
def _words() -> bytes:
    return (Path(__file__).parent / "link_words.json").read_bytes()


def plain(scenario: Scenario) -> dict[str, Any]:
    """Return the values of a scenario that a link or a file carries: numbers, words, lists."""
    default = default_scenario()
    values: dict[str, Any] = {"market": scenario.market.model_dump(), "direct": scenario.direct}
    values["shown"] = list(scenario.shown)
    for name in PROGRAMS:
        changed = scenario.program(name) != default.program(name)
        if changed or name in scenario.shown or name == scenario.direct:
            values[name] = _values(scenario.program(name))
    if scenario.ranges:
        values["ranges"] = {key: [one.low, one.high] for key, one in scenario.ranges.items()}
    if scenario.segments:
        values["segments"] = [{**one.model_dump(), "motions": list(one.motions)} for one in scenario.segments]
    if scenario.begins:
        values["begins"] = scenario.begins
    return values | {"draws": scenario.draws, "seed": scenario.seed, "payback_within": scenario.payback_within}


def _values(program: ProgramInputs) -> dict[str, Any]:
    """The values of a program; of customers already there only where there are some, as nothing else follows then."""
    nobody = set() if program.customers_at_start else {*AT_START, "ages_at_start"}
    return program.model_dump(exclude_none=True, exclude=nobody)


def from_plain(values: dict[str, Any]) -> Scenario:
    """Return the scenario of plain values; programs that are not there are the presets. Raises ScenarioError."""
    missing = {name: default_scenario().program(name).model_dump() for name in PROGRAMS if name not in values}
    return validated({**missing, **values})


_CREDIT = ("paid_in", "redemption_rate")
LATER: dict[type[BaseModel], tuple[str, ...]] = {
    Market: (
        "prepaid_share", "year_price", "prepaid_rest", "plan_2_share", "plan_2_price", "plan_3_share", "plan_3_price",
        "refund_rate", "refund_part", "refund_after",
    ),
    PayoutPlan: (
        "cap_per_customer", "lapse_months", "payout_day", "marketplace_fee", "override_rate", "override_share",
        "friend_share",
    ),
    **dict.fromkeys([model for _, _, model in PARTS if issubclass(model, Tiered)], ("tier_period",)),
    **dict.fromkeys((LeadReward, Rebate), _CREDIT),
    RevenueShare: ("tier_period", *_CREDIT),
    PercentOfRevenue: (
        "tier_period", *ByCustomer.__annotations__, "later_months", "last_rate", "months_counted", *_CREDIT,
    ),
    FlatReward: ("tier_period", *ByCustomer.__annotations__),
    **dict.fromkeys((PartnerMargin, WholesaleDiscount), ("tier_period", "distributor_margin")),
}  # fmt: skip
"""Inputs that came after the words of version 2: at its default, which says "none" for good, a link leaves one out."""


def _short(values: dict[str, Any]) -> dict[str, Any]:
    """Plain values without what is not used of the inputs that came later."""
    for model, own in _by_model(values):
        for name in LATER.get(model, ()):
            if own.get(name) == model.model_fields[name].default:
                own.pop(name)
    return values


def _by_model(values: dict[str, Any]) -> Iterator[tuple[type[BaseModel], dict[str, Any]]]:
    """The values of a scenario's market, its plans and the parts of these, each with its model."""
    yield Market, values["market"]
    programs = [values[name] for name in PROGRAMS if name in values]
    for plan in [one["payout"] for one in programs if "payout" in one]:
        yield PayoutPlan, plan
        yield from ((model, plan[kind]) for kind, _, model in PARTS if kind in plan)


def to_link(scenario: Scenario) -> str:
    """Return the scenario as text for a URL."""
    return _packed(_short(plain(scenario)))


def from_link(text: str) -> Scenario:
    """Return the scenario that a link carries. Raises ScenarioError for anything that is not one."""
    values = _unpacked(text)
    if not isinstance(values, dict):
        raise _damaged()
    return from_plain(values)


def set_to_link(kept: Sequence[Named]) -> str:
    """Return a set of named scenarios as text for a URL."""
    return _packed([[one.name, _short(plain(one.scenario))] for one in kept])


def set_from_link(text: str) -> Kept:
    """Return the set that a link carries. Raises ScenarioError for anything that is not one."""
    values = _unpacked(text)
    if isinstance(values, dict):  # what version 1 had pinned
        return (Named(name="Pinned", scenario=from_plain(values)),)
    return kept_of(values)


def kept_of(pairs: Any, most: int = MOST_KEPT) -> Kept:
    """Return a set of pairs of name and plain values. Raises ScenarioError naming the scenario."""
    if not isinstance(pairs, list) or not all(isinstance(one, list) and len(one) == 2 for one in pairs):
        raise _damaged()
    if len(pairs) > most:
        raise ScenarioError(f"These are {len(pairs)} scenarios; at most {most} are read together. Leave some out.")
    kept = []
    for name, values in pairs:
        if not (isinstance(name, str) and 0 < len(name.strip()) <= 60) or not isinstance(values, dict):
            raise ScenarioError("Each scenario needs a name of 1 to 60 letters and its values. Correct the set.")
        try:
            kept.append(Named(name=name.strip(), scenario=from_plain(values)))
        except ScenarioError as problem:
            raise ScenarioError(f"{name.strip()}: {problem}") from None
    if len({one.name for one in kept}) < len(kept):
        raise ScenarioError("Two scenarios have the same name. Give each its own.")
    return tuple(kept)


def _damaged() -> ScenarioError:
    return ScenarioError("This link is damaged: a part of it is missing. Copy the whole link again.")


def _packed(values: Any) -> str:
    packer = zlib.compressobj(9, zdict=_words())
    packed = packer.compress(json.dumps(values, separators=(",", ":")).encode()) + packer.flush()
    return f"{VERSION}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def _unpacked(text: str) -> Any:
    version, _, packed = text.partition(".")
    if version not in ("1", VERSION):
        raise ScenarioError(
            f"This link has version '{version[:12]}'; this app reads versions 1 and {VERSION}. Copy it again."
        )
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(zdict=_words()) if version == VERSION else zlib.decompressobj()
        found = unpacker.decompress(raw, _LONGEST)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise _damaged()
        return _read_json(found)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise _damaged() from None


def _read_json(content: bytes) -> Any:
    """JSON whose text holds whole letters only: an escape can be half of one, and then no page could show it."""
    values = json.loads(content)
    return json.loads(whole_letters(json.dumps(values, ensure_ascii=False))) if b"\\u" in content else values
