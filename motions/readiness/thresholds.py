"""From where on a condition holds: settings, each with the default and where that comes from."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from motions import fields
from motions.calibrate import LAG
from motions.economics.inputs.presets import presets
from motions.fields import input_named
from motions.playbook.load import load_benchmarks
from motions.readiness.reading import Wanted
from motions.units import DAYS

_SURVEY = next(one for one in load_benchmarks() if one.metric == "activation" and one.topic == "Activation rate, SaaS")
_BUYS = presets()["product_led"].program.conversion_rate


class Thresholds(BaseModel):
    """What is asked of each condition and principle."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    activation_from: float = fields.rate(
        "Organic signups that activate, at least",
        "Below it partners would send people into a funnel that leaks.",
        (_SURVEY.low or 0.0) / 100,
    )
    customer_from: float = fields.rate(
        "Organic signups that become customers, at least", "Counted over the same signups as activation.", _BUYS,
        step=0.005,
    )  # fmt: skip
    customer_months: int = fields.months(
        "Months to become a customer", "Signups that have not had as many are left out.", LAG, low=1, high=12
    )
    known_from: float = fields.rate(
        "Accounts whose origin is known, at least",
        "Not known is who came by other ways, and whom an attribution check contradicts.",
        0.95,
    )
    carried_from: float = fields.rate(
        "Partner customers that pay a second month, at least",
        "Where files end with the first payment, nothing that follows can be attributed.",
        0.5,
    )
    kept_from: float = fields.rate(
        "Revenue that a segment keeps over a year, at least", "Gross revenue retention (GRR) of its customers.", 0.8
    )
    trial_days: Literal[7, 14, 30, 60, 90] = fields.choice(
        "Trial", "Days in which a new user has to get value: the trial, or the onboarding.", 14, DAYS
    )
    in_time_from: float = fields.rate(
        "Activated accounts that did so within the trial, at least",
        "Of the organic accounts that activate at all; 50 % asks that the median lies within the trial.",
        0.5,
    )
    activation_gap: float = fields.rate(
        "Partner signups may activate less often by, at most",
        "Percentage points below organic signups that other visitors explain; more points to another path.",
        0.05,
    )
    with_partner_from: float = fields.rate(
        "Partner signups with a partner id, at least", "Others have lost theirs on the way.", 0.95
    )
    backed_from: float = fields.rate(
        "Payouts that revenue stands behind, at least",
        "By amount: to motions with revenue about then, and to partners whose customers have ever paid.",
        0.95,
    )


OURS = "our starting point, which nobody measured"
_WHOSE = {
    "activation_from": f"{_SURVEY.topic}: {_SURVEY.figure}, {_SURVEY.measured} ({_SURVEY.source}, grade "
    f"{_SURVEY.grade}); the low end",
    "customer_from": "our starting point: what the simulator begins product-led growth with",
}
"""Where defaults come from that are not merely ours."""


def origin(chosen: Thresholds, name: str) -> str:
    """Say where a threshold comes from: set, cited, or ours.

    >>> origin(Thresholds(), "kept_from"), origin(Thresholds(kept_from=0.9), "kept_from")
    ('our starting point, which nobody measured', 'set by you')
    """
    default = Thresholds.model_fields[name].default
    return _WHOSE.get(name, OURS) if getattr(chosen, name) == default else "set by you"


def wanted(chosen: Thresholds, *names: str) -> tuple[Wanted, ...]:
    """Return thresholds in words, each with where it comes from.

    >>> wanted(Thresholds(), "trial_days")[0].value
    '14 days'
    """
    items = [input_named(Thresholds, name) for name in names]
    return tuple(Wanted(item.title, item.said(getattr(chosen, item.name)), origin(chosen, item.name)) for item in items)
