"""Where the inputs of a payout plan stand in a form: four common terms at once, all others in groups one click away."""

from motions.economics.inputs.terms import PARTS, PayoutPlan, Terms
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


def group_of(name: str) -> str:
    """Return the group of an input by its name.

    >>> group_of("cap_payout"), group_of("tier_2_from"), group_of("anything")
    ('Limits', 'How rates change', 'Other terms')
    """
    return next((title for title, beginnings in GROUPS if name.startswith(beginnings)), OTHERS)


def _model(kind: str) -> type[Terms]:
    models: dict[str, type[Terms]] = {kind: model for kind, _, model in PARTS}
    return models.get(kind, PayoutPlan)
