"""What a program's files say of the three principles by which a partner layer is run."""

from collections.abc import Sequence

import numpy as np

from motions.cohorts.contract import KINDS, MOTIONS
from motions.cohorts.coverage import NO_MOTION, UNMATCHED
from motions.cohorts.ledger.ledger import SPEND_MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import Estimate, difference
from motions.names import NAMES
from motions.readiness.conditions import Source, Whole, at_least, lacks, share_line, untold
from motions.readiness.reading import Line, Reading, Verdict, counted, judge
from motions.text import count, interval, listed, money, month_name, percent, points

NAMED = 5
"""Partners that are named in a line."""
AFTER = 3
"""Months that a payout may come after the revenue that it is for."""


def same_flow(source: Source) -> Reading:
    """Read whether partner signups activate as often as organic ones, but for the gap that is allowed."""
    title, chosen = "Activation of partner signups against organic", source.chosen
    settings = source.settings.model_copy(update={"activation_days": chosen.trial_days})
    partner, organic = (
        m.measure(m.BY_ID["activation"], source.ledger, settings, group) for group in (m.PARTNER, m.ORGANIC)
    )
    if note := m.lacking(source.ledger, m.BY_ID["activation"].needs):
        return source.of([lacks(title, note)])
    if note := next((one.note for one in (partner, organic) if not one.known()), ""):
        return source.of([lacks(title, note) if note == NO_MOTION else untold(title, note)])
    gap = difference(partner, organic)
    verdict = judge(gap, -chosen.activation_gap)
    sides = f"{percent(partner.value)} of {partner.n:,} within {count(chosen.trial_days, 'day')} against "
    sides += f"{percent(organic.value)} of {organic.n:,}"
    if gap.low is None or gap.high is None:
        return source.of([Line("unknown", f"{title}: {sides}, too few to say.", gap)])
    words = f"{title}: {sides}, a difference of {points(gap.value)} ({interval(gap.low, gap.high, points)}); wanted "
    words += f"{points(-chosen.activation_gap)} or more"
    unsure = ", and the interval lies on both sides of it" if verdict == "unknown" else ""
    return source.of([Line(verdict, f"{words}{unsure}.", gap)])


def server(source: Source) -> Reading:
    """Read how many signups of partner motions in the window carry a partner id."""
    title, ledger, settings = "Partner signups with a partner id", source.ledger, source.settings
    if note := m.lacking(ledger, ("accounts", "accounts.partner_id")):
        return source.of([lacks(title, note)])
    if not ledger.coverage.motions_known:
        return source.of([lacks(title, NO_MOTION)])
    if not ledger.coverage.partners_known:
        return source.of([lacks(title, UNMATCHED)])
    signed = int(ledger.between("signups", settings.first(), settings.as_of)[list(m.PARTNER)].sum())
    if not signed:
        return source.of([Line("unknown", f"{title}: unknown, as there are no signups of partner motions.")])
    rows = ledger.by_partner
    here = ledger.by_partner_motion & (rows["month"] >= settings.first()) & (rows["month"] <= settings.as_of)
    found = counted(int(rows["signups"][here].sum()), signed, signed)
    months = f"{month_name(max(settings.first(), ledger.first_month))} to {month_name(settings.as_of)}"
    return source.of(
        [share_line(title, found, Whole("partner signup", f"of {months}"), source.chosen.with_partner_from)]
    )


def payouts(source: Source) -> Reading:
    """Read how much of the payouts revenue stands behind: of the motion about then, and of each partner ever.

    Payouts that name no motion may have revenue behind them or not: they count for neither.
    """
    title, ledger, settings = "Payouts that revenue stands behind", source.ledger, source.settings
    if note := m.lacking(ledger, ("accounts", "revenue", "spend")):
        return source.of([lacks(title, note)])
    if not ledger.coverage.motions_known:
        return source.of([lacks(title, NO_MOTION)])
    if "payout" not in m.spent(ledger):
        return source.of([lacks(title, "add payouts to the spend file")])
    months, note = m.cost_months(ledger, settings, ("payout",), won=False)
    paid = ledger.spend_over(months)[:, KINDS.index("payout")]
    everything = int(np.maximum(paid, 0).sum())
    if not everything:
        return source.of([Line("unknown", f"{title}: unknown, as {note or 'nothing was paid in the window'}.")])
    lines = [_backed(source, months, everything, title), *_unbacked_motions(source, months)]
    return source.of([at_least(source, line) for line in lines])


def _amounts(source: Source, months: Sequence[int]) -> dict[str, int]:
    """Payouts by motion over some months, minor units; refunds alone count as none."""
    paid = source.ledger.spend_over(months)[:, KINDS.index("payout")]
    return {name: max(int(paid[at]), 0) for at, name in enumerate(SPEND_MOTIONS)}


def _without_revenue(source: Source, months: Sequence[int]) -> list[str]:
    """Motions that were paid for in months in which, and shortly before which, none of their accounts paid."""
    revenue = source.ledger.between("closing", min(months) - AFTER, max(months))
    return [
        name for name, amount in _amounts(source, months).items() if amount and name in MOTIONS
        and not revenue[MOTIONS.index(name)]
    ]  # fmt: skip


def _backed(source: Source, months: Sequence[int], everything: int, title: str) -> Line:
    amounts, currency = _amounts(source, months), source.ledger.currency or ""
    idle = _idle_partners(source, months)
    missing = sum(amounts[name] for name in _without_revenue(source, months)) + sum(idle.values())
    unnamed = amounts["unassigned"]
    low, high = (max(everything - missing - less, 0) / everything for less in (unnamed, 0))
    wanted = source.chosen.backed_from
    verdict: Verdict = "ready" if low >= wanted else "not yet" if high < wanted else "unknown"
    share = percent(low) if low == high else interval(low, high)
    words = f"{title}: {share} of {money(everything / 100, currency)} in {count(len(months), 'month')}; wanted "
    words += f"{percent(wanted)}."
    if unnamed:
        words += f" {money(unnamed / 100, currency)} name no motion and can't be compared."
    if idle:
        first = listed([_name(source, partner) for partner in sorted(idle, key=lambda one: -idle[one])[:NAMED]])
        more = f", and {len(idle) - NAMED:,} more" if len(idle) > NAMED else ""
        words += (
            f" {money(sum(idle.values()) / 100, currency)} went to partners whose customers never paid: {first}{more}."
        )
    return Line(verdict, words, Estimate(low if low == high else None, low, high))


def _unbacked_motions(source: Source, months: Sequence[int]) -> list[Line]:
    """A line for each motion with payouts and no revenue."""
    amounts, currency = _amounts(source, months), source.ledger.currency or ""
    return [
        Line(
            "not yet",
            f"{NAMES[name]}: {money(amounts[name] / 100, currency)} of payouts in {count(len(months), 'month')} in "
            "which none of its accounts paid.",
        )
        for name in _without_revenue(source, months)
    ]


def _idle_partners(source: Source, months: Sequence[int]) -> dict[str, int]:
    """Payouts to listed partners none of whose customers had paid by the as-of month, of motions that have revenue."""
    ledger = source.ledger
    if m.lacking(ledger, ("partners", "accounts.partner_id", "spend.partner_id")) or not ledger.coverage.partners_known:
        return {}
    rows, size = ledger.by_partner, len(ledger.partners["partner_id"])
    earned, paid = np.zeros(size), np.zeros(size, dtype=np.int64)
    here = ledger.by_partner_motion & (ledger.partner_row >= 0) & (rows["month"] <= source.settings.as_of)
    np.add.at(earned, ledger.partner_row[here], rows["closing"][here])
    went = (ledger.payout_row >= 0) & np.isin(ledger.by_payout["month"], months)
    np.add.at(paid, ledger.payout_row[went], ledger.by_payout["amount"][went])
    named = {MOTIONS.index(name) for name in _without_revenue(source, months)}
    counts = np.array([at not in named for at in ledger.partner_motion.tolist()], dtype=bool)
    idle = np.flatnonzero((earned == 0) & (paid > 0) & counts)
    return {str(ledger.partners["partner_id"][at]): int(paid[at]) for at in idle.tolist()}


def _name(source: Source, partner_id: str) -> str:
    partners = source.ledger.partners
    return str(partners["name"][partners["partner_id"].tolist().index(partner_id)])
