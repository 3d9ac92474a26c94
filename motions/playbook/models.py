"""The shape of the playbook's content. Unknown keys, missing fields and bad ranges are errors."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from motions.names import PUBLISHED
from motions.playbook.conditions import When, parse

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
if TYPE_CHECKING:
    MotionId = str
    Asked = When
else:
    MotionId = Literal[PUBLISHED]
    """The id of a partner motion of the playbook; which there are is known when the program runs."""
    Asked = Annotated[Any, BeforeValidator(parse)]
    """A condition on the answers, as `conditions` reads it."""


class Basis(StrEnum):
    """Whether the source article states a thing or we read it out of the article."""

    STATED = "stated"
    READING = "reading"


class Content(BaseModel):
    """Base of all content: frozen, and nothing that the model does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Content):
    """Where content comes from."""

    id: Words
    title: Words
    author: Words
    year: int = Field(ge=1990, le=2100)


class Figure(Content):
    """A figure that the article gives: a share of the price (fraction) or an amount of money a year."""

    name: Words
    low: float = Field(ge=0, le=1e9)
    high: float = Field(ge=0, le=1e9)
    unit: Literal["share of price", "USD a year"]
    payout: Literal["partner margin", "commission", "reward"]
    note: Words
    source: Words
    year: int = Field(ge=1990, le=2100)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is above high: swap them")
        if self.unit == "share of price" and self.high > 1:
            raise ValueError("a share of the price is a fraction of 1: write 0.3 for 30 %")
        return self


class Attribute(Content):
    """One typed value that motions are compared on, with its basis and a few words of reason."""

    value: str
    basis: Basis
    note: Words


class Who(Attribute):
    """Which side does something."""

    value: Literal["Vendor", "Partner", "Both"]


class Level(Attribute):
    """How much there is of something."""

    value: Literal["Low", "Medium", "High"]


class Length(Attribute):
    """How long something takes."""

    value: Literal["Short", "Medium", "Long"]


class PayoutBasis(Attribute):
    """What the partner earns from."""

    value: Literal["Own sales", "Partner margin", "Reward per customer", "Commission", "Wholesale discount"]


class Attributes(Content):
    """What the motions are compared on, in the order shown. A title is a row, a description its help."""

    customer_owner: Who = Field(title="Owns the customer", description="Who holds the relationship after the sale.")
    seller: Who = Field(title="Sells", description="Who finds the buyer and leads the sale to its close.")
    price_setter: Who = Field(title="Sets the price", description="Who decides what the end customer pays.")
    supporter: Who = Field(title="Supports", description="Who answers the customer's questions after the sale.")
    touch: Level = Field(title="Touch", description="How much human contact a partner needs from you.")
    sales_cycle: Length = Field(title="Sales cycle", description="Time from the first contact to the signature.")
    payout_basis: PayoutBasis = Field(title="Partner earns by", description="What the partner's income hangs on.")
    upfront_investment: Level = Field(
        title="Your upfront investment", description="What you spend before a first partner brings a customer."
    )
    operational_overhead: Level = Field(
        title="Your operational overhead", description="What keeping the program running takes, month by month."
    )
    brand_control: Level = Field(title="Your brand control", description="Your say in how the product is presented.")
    partner_risk: Level = Field(title="Partner's risk", description="What the partner stands to lose.")
    scalability: Level = Field(title="Scalability", description="How easily many partners can be added.")


ATTRIBUTES: tuple[tuple[str, str, str], ...] = tuple(
    (key, field.title or key, field.description or "") for key, field in Attributes.model_fields.items()
)
"""(key, title, help) of every attribute, in the order shown."""


class BestFor(Content):
    """The companies and deals that a motion fits."""

    business_model: Words
    price_points: Words
    sales_approach: Words
    example: Words


class Motion(Content):
    """One of the partner motions."""

    id: MotionId
    name: Words
    order: int = Field(ge=1, le=len(PUBLISHED))
    source: Words
    definition: Words
    characteristics: tuple[Words, ...] = Field(min_length=2)
    best_for: BestFor
    why_it_works: Words
    roi_driver: Words
    also_good_for: Words | None
    figures: tuple[Figure, ...]
    attributes: Attributes

    @property
    def share(self) -> Figure | None:
        """The share of the price that partners earn, as stated; None where none is."""
        return next((one for one in self.figures if one.unit == "share of price"), None)


class GrowthDimension(Content):
    """One row of the comparison of product-led, sales-led and partner-led growth."""

    dimension: Words
    product_led: Words
    sales_led: Words
    partner_led: Words


class GrowthMotions(Content):
    """The three growth motions side by side."""

    source: Words
    note: Words
    rows: tuple[GrowthDimension, ...] = Field(min_length=1)


class Checked(Content):
    """What is answered by hand, or by what was loaded, and what to do about the answer."""

    title: Words
    why: Words
    first_step: Words = Field(description="What to do first where it does not hold.")
    find_out: Words = Field(description="How to learn whether it holds.")
    by_data: Words | None = Field(default=None, description="What is read off files or the scenario; none: by hand.")
    beyond_data: Words | None = Field(default=None, description="What neither of them can show.")
    view: Words | None = Field(default=None, description="The view of program health that shows more.")


ConditionId = Literal["funnel", "voices", "payout", "attribution", "fit", "activation"]
PrincipleId = Literal["same_flow", "server", "payouts"]


class Condition(Checked):
    """One condition of the readiness test."""

    id: ConditionId
    disqualifier: Words | None = Field(default=None, description="Said where it fails and rules all the rest out.")


class Principle(Checked):
    """One principle by which a partner layer is run."""

    id: PrincipleId


class Readiness(Content):
    """What should be true before a partner layer is added, and how it is run then."""

    source: Words
    note: Words
    undecided: Words = Field(description="What to do where figures are there and decide nothing.")
    conditions: tuple[Condition, ...] = Field(min_length=1)
    principles: tuple[Principle, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        ids: list[str] = [*(one.id for one in self.conditions), *(one.id for one in self.principles)]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"{', '.join(twice)} is there twice: remove one")
        return self


class GatePart(Content):
    """One thing that a gate asks for: of the answers, of a check of readiness, or of the check where nobody answers."""

    title: Words
    when: Asked | None = None
    check: ConditionId | PrincipleId | None = None
    motions: tuple[MotionId, ...] = Field(default=(), description="Of these motions only; none: of all of the step.")
    basis: Basis

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.when is None and self.check is None:
            raise ValueError("a part of a gate has 'when', 'check' or both: add what it asks for")
        return self


class Step(Content):
    """One step of the deployment order."""

    id: Annotated[str, Field(pattern=r"^[a-z]{2,20}$")]
    title: Words
    motions: tuple[MotionId, ...] = Field(min_length=1)
    when: Words
    why: Words
    gate: tuple[GatePart, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _asks_of_each(self) -> Self:
        if strangers := sorted({name for part in self.gate for name in part.motions} - set(self.motions)):
            raise ValueError(f"the gate names {strangers[0]}, which is no motion of the step: take it out")
        if free := [name for name in self.motions if not self.asked_of(name)]:
            raise ValueError(f"the gate asks nothing of {free[0]}: add a part for it")
        return self

    def asked_of(self, motion: str) -> tuple[GatePart, ...]:
        """Return the parts of the gate that are asked of a motion."""
        return tuple(part for part in self.gate if not part.motions or motion in part.motions)


class Roadmap(Content):
    """Which motion first, and what each step waits for."""

    source: Words
    note: Words
    spacing_months: int = Field(ge=1, le=24, description="Months from one waiting step to the next: our assumption.")
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _own_ids(self) -> Self:
        ids = [step.id for step in self.steps]
        if twice := next((one for one in ids if ids.count(one) > 1), None):
            raise ValueError(f"two steps are called '{twice}': rename one")
        return self


class MetricRow(Content):
    """One of the six metrics: what it tells and why it matters."""

    id: Literal["pqls", "activation", "mrr", "nrr", "cpa", "active_partners"]
    name: Words
    tells: Words
    matters: Words
    neglected: bool = False


class MetricTable(Content):
    """The six metrics that show whether the partner layer works."""

    source: Words
    note: Words
    rows: tuple[MetricRow, ...] = Field(min_length=1)


class Benchmark(Content):
    """A reference figure that somebody measured, with how, by whom and how far it can be trusted."""

    metric: Words
    topic: Words
    low: float | None
    high: float | None
    unit: str
    measured: Words
    source: Words
    year: int | None = Field(ge=1990, le=2100, description="None where the source does not say.")
    grade: Literal["A", "B", "C"]

    @property
    def figure(self) -> str:
        """The figure in words."""
        if self.low is None or self.high is None:
            return "–"
        ends = f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"
        return f"{ends} {self.unit}"


class Playbook(Content):
    """All content. `motions` are in the article's order."""

    sources: tuple[Source, ...]
    motions: tuple[Motion, ...]
    growth: GrowthMotions
    readiness: Readiness
    roadmap: Roadmap
    metrics: MetricTable

    @model_validator(mode="after")
    def _sources_exist(self) -> Self:
        known = {source.id for source in self.sources}
        named = {m.source for m in self.motions} | {f.source for m in self.motions for f in m.figures}
        named |= {self.growth.source, self.readiness.source, self.roadmap.source, self.metrics.source}
        if missing := sorted(named - known):
            raise ValueError(f"no source is called {', '.join(missing)}: add it to sources.yaml")
        return self

    def motion(self, motion_id: str) -> Motion:
        """Return one motion; KeyError for an unknown id."""
        return {motion.id: motion for motion in self.motions}[motion_id]

    def cite(self, source_id: str) -> str:
        """Return `Author, Title (year)` of a source."""
        source = {source.id: source for source in self.sources}[source_id]
        return f"{source.author}, {source.title} ({source.year})"
