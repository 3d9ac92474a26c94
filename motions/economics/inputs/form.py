"""Where the inputs of a payout plan stand in a form: four common terms at once, all others in groups one click away."""

from dataclasses import dataclass

from motions.economics.inputs.terms import PARTS, PayoutPlan, Terms, used_fields
from motions.fields import inputs

COMMON: dict[str, tuple[str, ...]] = {
    "percent": ("rate", "duration", "months", "later_rate"),
    "lead": ("reward",),
    "flat": ("reward", "paid_in", "redemption_rate"),
    "margin": ("margin",),
    "wholesale": ("discount", "prepaid_months"),
    "share": ("rate", "months", "funds_rate", "funds_used"),
    "": ("hold_days", "minimum_payout"),
}
"""By kind of part what nearly every program states: what is paid, for how long, after which hold and from how much on.

"" is the plan, with its conditions. Of a kind that is not here all inputs are.
"""
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "How rates change",
        ("tier", "rate_", "later_", "last_", "months_counted", "bonus", "milestone", "rebate", "own_"),
    ),
    ("What customers get", ("coupon", "resale_", "band_", "friend", "referred")),
    ("Limits", ("cap_", "commitment")),
    ("What is taken back", ("clawback", "refund")),
    ("When and how it is paid", ("payouts_end", "payout_", "paid_in", "redemption", "hold", "minimum", "lapse")),
    ("Who else is paid", ("funds_", "override", "recruiter", "marketplace", "distributor")),
)
"""(title, how the names of its inputs begin) of the groups behind "More terms", in their order."""
OTHERS = "Other terms"
"""the group of what belongs to none of them"""


_NAMES = {kind: name for kind, name, _ in PARTS}


def common(kind: str) -> tuple[str, ...]:
    """Return the inputs of a part that stand in the form at once; of the plan itself for "".

    >>> common("percent"), common("")
    (('rate', 'duration', 'months', 'later_rate'), ('hold_days', 'minimum_payout'))
    """
    return COMMON.get(kind) or tuple(item.name for item in inputs(_model(kind)))


def more() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the others by group and kind of part, each input once, in the order of groups and fields.

    >>> more()["Limits"]
    {'': ('cap_customers', 'cap_payout', 'cap_per_customer'), 'wholesale': ('commitment',)}
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {title: {} for title in (*(title for title, _ in GROUPS), OTHERS)}
    for kind in ("", *(kind for kind, _, _ in PARTS)):
        for item in inputs(_model(kind)):
            if item.name not in common(kind):
                of_group = found[group_of(item.name)]
                of_group[kind] = (*of_group.get(kind, ()), item.name)
    return {title: kinds for title, kinds in found.items() if kinds}


@dataclass(frozen=True)
class Section:
    """What is shown together of the inputs behind "More terms"."""

    title: str
    names: tuple[tuple[str, tuple[str, ...]], ...]
    """by kind of part, "" for the plan itself: the inputs in it"""
    said: int
    """how many of those that have an effect say something else than by default"""

    @property
    def label(self) -> str:
        """Its title, with how many of its terms are set."""
        return f"{self.title} ({self.said})" if self.said else self.title


def sections(plan: PayoutPlan) -> tuple[Section, ...]:
    """Return the sections in which an input has an effect under a plan: the groups, and before them one for each part.

    One part has none of its own.

    >>> from motions.economics.inputs.terms import FlatReward, PercentOfRevenue
    >>> held = PayoutPlan(percent=PercentOfRevenue(), clawback="full", clawback_months=6)
    >>> [one.label for one in sections(held)][:4]
    ['How rates change', 'What customers get', 'Limits', 'What is taken back (2)']
    >>> hybrid = held.model_copy(update={"flat": FlatReward(rate_by="billing")})
    >>> [one.label for one in sections(hybrid)][:3]
    ['Percent of revenue', 'Flat reward (1)', 'What customers get']
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    if len(plan.kinds) > 1:
        found = {_NAMES[kind]: {} for kind in plan.kinds}
    for title, by_kind in more().items():
        for kind, names in by_kind.items():
            if kind in ("", *plan.kinds):
                section = found.setdefault(_NAMES[kind] if kind and len(plan.kinds) > 1 else title, {})
                section[kind] = (*section.get(kind, ()), *names)
    made = [_section(plan, title, tuple(by_kind.items())) for title, by_kind in found.items()]
    return tuple(one for one in made if one is not None)


def _section(plan: PayoutPlan, title: str, names: tuple[tuple[str, tuple[str, ...]], ...]) -> Section | None:
    """A section of some inputs; none where no one of them has an effect."""
    parts = [(plan.part(kind), of_kind) for kind, of_kind in names]
    used = [(part, name) for part, of_kind in parts for name in used_fields(part) if name in of_kind]
    said = sum(getattr(part, name) != type(part).model_fields[name].default for part, name in used)
    return Section(title, names, said) if used else None


def group_of(name: str) -> str:
    """Return the group of an input by its name.

    >>> group_of("cap_payout"), group_of("tier_2_from"), group_of("anything")
    ('Limits', 'How rates change', 'Other terms')
    """
    return next((title for title, beginnings in GROUPS if name.startswith(beginnings)), OTHERS)


def _model(kind: str) -> type[Terms]:
    models: dict[str, type[Terms]] = {kind: model for kind, _, model in PARTS}
    return models.get(kind, PayoutPlan)
