"""The rules that turn metrics into verdicts: YAML, checked, shown, and replaced by dropping in one's own."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from motions.cohorts.metrics.intervals import TOO_FEW
from motions.cohorts.metrics.metrics import BY_ID
from motions.content import read_yaml, validate
from motions.errors import closest
from motions.names import PARTNER_MOTIONS, offered

RULES = Path(__file__).with_name("rules.yaml")
Severity = Literal["critical", "warning", "note"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Model):
    """What one metric is compared with, and what it means when it does worse."""

    metric: str = Field(description="The figure that is judged.")
    shown: str = Field(default="", description="The figure in the tile, where it is another.")
    against: Literal["organic", "blended CAC", "before", "threshold"] = Field(description="What it is compared with.")
    threshold: float | None = Field(
        default=None, allow_inf_nan=False, description="In the unit of the metric; percent as 5, not 0.05."
    )
    better: Literal["higher", "lower"] = Field(description="Which way is good.")
    severity: Severity = Field(description="How much a worse verdict matters.")
    tile: bool = Field(default=True, description="Whether it has a tile at the top.")
    stands_out: str = Field(default="", max_length=80, description="What is said of motions that do worse.")
    does_well: str = Field(default="", max_length=80, description="What is said of partners that do better.")
    means: str = Field(max_length=400, description="What worse means.")
    do: str = Field(max_length=400, description="What to do then.")
    keep: str = Field(default="", max_length=400, description="What better means.")

    @field_validator("metric", "shown")
    @classmethod
    def _a_metric(cls, value: str, info: ValidationInfo) -> str:
        if value not in BY_ID and (value or info.field_name == "metric"):
            raise ValueError(
                f"'{value[:40]}' is no metric; use one of {', '.join(BY_ID)}.{closest(value, tuple(BY_ID))}"
            )
        return value

    @model_validator(mode="after")
    def _comparable(self) -> "Rule":
        if (self.against == "threshold") != (self.threshold is not None):
            raise ValueError("A threshold goes with 'against: threshold', and only with it.")
        if self.against == "blended CAC" and (self.metric, self.better) != ("cpa", "lower"):
            raise ValueError("Only cpa is compared with blended CAC, and lower is better.")
        if self.against == "organic" and BY_ID[self.metric].unit not in ("%", "days"):
            raise ValueError("Only shares and days can be compared with organic; sizes differ with the audience.")
        return self

    @property
    def is_fact(self) -> bool:
        """Whether it says by how much an amount or a count is up or down, and judges nothing."""
        return self.against == "before" and BY_ID[self.metric].unit not in ("%", "days")

    @property
    def figure(self) -> str:
        """The id of the metric that is shown."""
        return self.shown or self.metric


class PartnerRules(_Model):
    """When a partner is kept, enabled or pruned."""

    grace_months: int = Field(default=6, ge=0, le=60, description="How long a new partner may stay without a signup.")
    grace_by_motion: dict[str, Annotated[int, Field(ge=0, le=60)]] = Field(
        default={}, description="The same for partners of single motions, by motion."
    )
    quiet_months: int = Field(
        default=6, ge=1, le=60, description="Months without a signup after which a partner is quiet."
    )
    few_signups: int = Field(default=10, ge=1, le=1000, description="Fewer signups than this say nothing of quality.")
    cpa_times: float = Field(
        default=2,
        gt=0,
        le=100,
        description=f"Above so many times blended CAC a partner is too dear; judged from {TOO_FEW} new customers on.",
    )
    payout_of_profit: float = Field(
        default=50,
        gt=0,
        le=1000,
        description="Percent of the gross profit of its customers above which a partner's payouts are too much.",
    )
    churn_times: float = Field(
        default=1.5, gt=0, le=100, description="Customers leave fast who leave so many times as fast as organic ones."
    )
    largest_share: float = Field(
        default=25,
        gt=0,
        le=100,
        description="Percent of partner MRR from which on the largest partner is named.",
    )

    def grace(self, motion: str) -> int:
        """Return for how many months a partner of a motion may stay without a signup."""
        return self.grace_by_motion.get(motion, self.grace_months)

    @field_validator("grace_by_motion")
    @classmethod
    def _motions(cls, value: dict[str, int]) -> dict[str, int]:
        for name in value:
            if name not in PARTNER_MOTIONS:
                motions = offered(PARTNER_MOTIONS)
                known = f"use one of {', '.join(motions)}.{closest(name, motions)}"
                raise ValueError(f"'{name[:40]}' is no motion of partners; {known}")
        return value


class Rules(_Model):
    """All rules, in the order in which they are shown."""

    rules: tuple[Rule, ...] = Field(min_length=1, max_length=40)
    partners: PartnerRules = PartnerRules()


@cache
def default_rules() -> Rules:
    """Return the rules of the app."""
    return read_rules(RULES)


def read_rules(path: Path, name: str = "") -> Rules:
    """Read rules from YAML. Raises ContentError naming file, key and repair."""
    return validate(read_yaml(path, name), Rules, name or path.name)
