"""What published programs pay, as plans to start from, each with its source and an example worked out."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from motions.content import read_yaml, validate
from motions.economics.inputs.plan_words import in_words
from motions.economics.inputs.terms import PayoutPlan

READY_PLANS = Path(__file__).parent / "ready_plans.yaml"
Runs = tuple[tuple[float, int], ...]
"""amounts, each with for how many months it is the same"""


class Example(BaseModel):
    """One partner and what it gets: `customers` that pay `price` in each of `months` months, and `leads` in the first.

    `origin` says whether the source works it out, or we did.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    origin: Literal["theirs", "ours"] = Field(alias="from")
    says: str = Field(min_length=1)
    price: float
    months: int
    customers: int = 1
    leads: int = 0
    due: Runs
    """what is owed to the partner or kept by it"""
    paid: Runs = ()
    """the same when the money comes; none where it comes at once"""
    marketplace: Runs = ()
    """what a marketplace keeps"""
    friend: Runs = ()
    """what customers get themselves, as credit"""


class ReadyPlan(BaseModel):
    """The terms of one published program."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(min_length=1)
    source: str = Field(min_length=1)
    url: str = Field(pattern=r"^https://[^ ]+$")
    read: int = Field(ge=2020, le=2100)
    """the year in which its terms were read"""
    currency: str = "USD"
    """of its amounts"""
    plan: PayoutPlan
    leaves_out: str
    example: Example

    def sentences(self, currency: str = "USD") -> tuple[str, ...]:
        """Return what it pays, whose example says so, what the plan leaves out, and where and when it was read."""
        whose = {"theirs": "The source's example", "ours": "An example of ours"}[self.example.origin]
        said = [f"{self.name}: {in_words(self.plan, self.currency)}.", f"{whose}: {self.example.says}."]
        said += [f"Left out: {self.leaves_out}"] if self.leaves_out else []
        said += [f"Amounts are in {self.currency} and are taken as they stand."] if currency != self.currency else []
        return (*said, f"Source: {self.source}, read in {self.read}: {self.url}")


@cache
def ready_plans(path: Path = READY_PLANS) -> dict[str, ReadyPlan]:
    """Return the plans by id, in the order of the file. Raises ContentError naming file, key and repair.

    >>> ready_plans()["hubspot-solutions"].sentences()[0]
    'HubSpot Solutions Partners: 20 % of your revenue × 36 months.'
    """
    return {name: validate(entry, ReadyPlan, path.name, f"{name}.") for name, entry in read_yaml(path).items()}


def like(plan: PayoutPlan) -> str | None:
    """Return the id of the ready plan that a plan is; None where it is none of them.

    >>> like(ready_plans()["webflow-affiliates"].plan), like(PayoutPlan())
    ('webflow-affiliates', None)
    """
    return next((name for name, one in ready_plans().items() if one.plan == plan), None)
