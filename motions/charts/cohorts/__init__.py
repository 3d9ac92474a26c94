"""Charts of program health: each is a frame of the ledger's figures, and a drawing of it."""

from collections.abc import Sequence
from dataclasses import replace

from motions.charts.cohorts import (
    acquisition_drawing,
    acquisition_frames,
    partner_drawing,
    partner_frames,
    revenue_drawing,
    revenue_frames,
    verdict_drawing,
    verdict_frames,
)
from motions.charts.cohorts.acquisition_drawing import Bands
from motions.charts.cohorts.revenue_frames import Of
from motions.charts.style import Chart
from motions.cohorts.coverage import NO_LIST
from motions.cohorts.ledger.checks import Finding
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.cohorts.verdicts.rules import Rules
from motions.cohorts.verdicts.verdicts import stands_out


def retention(ledger: Ledger, settings: m.Settings, of: Of = "money", group: m.Group = m.PARTNER) -> Chart:
    """Draw what is kept by the age of customers, a group beside organic, each with its 95 % band."""
    return revenue_drawing.retention(revenue_frames.retention(ledger, settings, of, group), of)


def proof(ledger: Ledger, settings: m.Settings, rules: Rules) -> Chart:
    """Draw what the first thing that needs attention is read from, where it is who stays; else whether all stay."""
    of: Of = "money" if {"revenue", "ages.money"} & ledger.has else "customers"
    group, metric = m.whole(ledger)[1], ""
    for one in stands_out(ledger, settings, rules)[:1]:
        if one.motions and one.metrics[0] in ("survival", "money_kept"):
            group, metric = one.motions[:1], one.metrics[0]
    if metric == "survival":
        return survival(ledger, settings, group)
    return retention(ledger, settings, of, group)


def survival(ledger: Ledger, settings: m.Settings, group: m.Group) -> Chart:
    """Draw the customers that have not ended by age, a group beside organic, each with its 95 % band."""
    return revenue_drawing.survival(revenue_frames.survival_by_age(ledger, settings, group))


def sources(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw how fast customers end against organic ones: each motion, and all partners without each."""
    drawn = revenue_drawing.sources(revenue_frames.sources(ledger, settings))
    unknown = f"How fast customers of each motion end is unknown: {NO_LIST}"
    return drawn if ledger.coverage.motions_known else replace(drawn, title=unknown)


def halves(ledger: Ledger, settings: m.Settings, group: m.Group, age: int) -> Chart:
    """Draw the customers left at an age by half-year of the first payment, a group beside organic."""
    return revenue_drawing.halves(revenue_frames.halves(ledger, settings, group, age), age)


def evidence(ledger: Ledger, settings: m.Settings, rules: Rules, side: str = "") -> Chart:
    """Draw tested differences with their intervals, the strongest first: all partners and each motion, or one side."""
    return verdict_drawing.evidence(verdict_frames.evidence(ledger, settings, rules, side))


def checks(found: Sequence[Finding]) -> Chart:
    """Draw how many rows each attribution check finds."""
    return verdict_drawing.checks(verdict_frames.checks(found))


def change(found: mix.Split, metric: m.Metric, settings: m.Settings, by: str) -> Chart:
    """Draw what led from a rate of a year before to that of now: mix and rate of each cell."""
    return verdict_drawing.change(verdict_frames.change(found), found, metric, settings, by)


def triangle(ledger: Ledger, settings: m.Settings, side: str, group: m.Group, of: Of) -> Chart:
    """Draw what is left of each cohort by age; the middle of the colours is 100 %, thin cohorts are marked."""
    return revenue_drawing.triangle(revenue_frames.triangle(ledger, settings, group, of), side, of)


def movements(ledger: Ledger, settings: m.Settings, side: str, group: m.Group) -> Chart:
    """Draw MRR won and lost by month, and the net change."""
    frame = revenue_frames.movements(ledger, settings, group)
    return revenue_drawing.movements(frame, side, ledger.currency or "")


def mrr_by_motion(ledger: Ledger, settings: m.Settings) -> Chart:
    """Draw closing MRR of each motion over time, as stacked areas from the largest; its points choose a motion."""
    return revenue_drawing.mrr_by_motion(revenue_frames.mrr_by_motion(ledger, settings), ledger.currency or "")


def funnel(ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER) -> Chart:
    """Draw the share of signups of the window that reached each stage, a group beside organic."""
    return acquisition_drawing.funnel(acquisition_frames.funnel(ledger, settings, group))


def activation_by_cohort(ledger: Ledger, settings: m.Settings, side: str, group: m.Group, bands: Bands = ()) -> Chart:
    """Draw the activation rate of each signup month with its interval; immature and thin months are hollow.

    `bands` are reference figures: low, high and where they come from.
    """
    frame = acquisition_frames.activation_by_cohort(ledger, settings, side, group)
    return acquisition_drawing.activation_by_cohort(frame, settings, bands)


def cost_trend(ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER) -> Chart:
    """Draw effective CPA of a group and blended CAC, each over the three months up to a month."""
    frame = acquisition_frames.cost_trend(ledger, settings, group)
    return acquisition_drawing.cost_trend(frame, ledger.currency or "", revenue_frames.sides(group)[0][0])


def partner_curve(ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER) -> Chart:
    """Draw which part of the MRR of a group the largest of its partners carry together."""
    frame = acquisition_frames.partner_curve(ledger, settings, group)
    return acquisition_drawing.partner_curve(frame, revenue_frames.sides(group)[0][0])


def partners_by_mrr(ledger: Ledger, settings: m.Settings, shown: int = 12, group: m.Group = m.PARTNER) -> Chart:
    """Draw the partners with the largest MRR, and the others as one bar."""
    frame = acquisition_frames.partners_by_mrr(ledger, settings, shown, group)
    side = revenue_frames.sides(group)[0][0]
    return acquisition_drawing.partners_by_mrr(frame, settings.as_of, ledger.currency or "", side)


def survival_of(ledger: Ledger, settings: m.Settings, partner_id: str) -> Chart:
    """Draw a partner's customers that have not ended by age, beside the others of its motion and organic."""
    return partner_drawing.survival_of(partner_frames.survival_of(ledger, settings, partner_id))


def kept_of(ledger: Ledger, settings: m.Settings, partner_id: str) -> Chart:
    """Draw MRR of a partner's customers by month beside what its motion would have kept of the same start."""
    return partner_drawing.kept_of(partner_frames.kept_of(ledger, settings, partner_id), ledger.currency or "")


def payouts_of(ledger: Ledger, settings: m.Settings, partner_id: str) -> Chart:
    """Draw what a partner was paid beside the gross profit of its customers, by month."""
    return partner_drawing.payouts_of(partner_frames.payouts_of(ledger, settings, partner_id), ledger.currency or "")
