"""What a program's files say of the conditions: the funnel, attribution, segments, and time to the first success."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from motions.cohorts.coverage import NO_MOTION
from motions.cohorts.ledger.checks import Finding
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import TOO_FEW, Estimate, proportion, unknown
from motions.cohorts.metrics.text import with_interval
from motions.cohorts.program import Program
from motions.cohorts.verdicts.family import ALPHA, at
from motions.names import NAMES
from motions.readiness.reading import Line, Reading, all_of, any_of, counted, judge, why_unknown
from motions.readiness.thresholds import Thresholds
from motions.text import count, money, month_name, percent
from motions.units import PERCENT

MOST_SEGMENTS = 50
"""Segments that are looked at, those of most customers; of more than this nobody tells a story."""
SHOWN_SEGMENTS = 5


@dataclass(frozen=True)
class Whole:
    """What a share is of: a noun for one, and what is said before and behind the number."""

    noun: str
    tail: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Source:
    """A program with the settings and thresholds that it is read with."""

    program: Program
    settings: m.Settings
    chosen: Thresholds

    @property
    def ledger(self) -> Ledger:
        """The program's ledger."""
        return self.program.ledger

    @property
    def self_serve(self) -> tuple[m.Group, str]:
        """Whose funnel it is, and how they are called: organic accounts; all where no file tells partners' apart."""
        return (m.ORGANIC, "organic") if self.ledger.coverage.motions_known else (m.ALL, "all")

    @property
    def signed(self) -> tuple[int, int]:
        """First and last month of the signups that have had the trial, and their months to become customers.

        As many months as the window has, and none before revenue begins: who paid then nobody knows.
        """
        late, revenue = self.chosen.customer_months, self.ledger.coverage.of("revenue")
        trial = self.settings.model_copy(update={"activation_days": self.chosen.trial_days})
        last = min(self.settings.as_of - late, m.last_mature_month(self.ledger, trial))
        first = max(self.settings.first() - late, self.ledger.first_month)
        return max(first, revenue.first if revenue else first), last

    def signed_up(self, measure: str) -> int:
        """A measure of those signups."""
        return int(self.ledger.between(measure, *self.signed)[list(self.self_serve[0])].sum())

    def reached(self, measure: str) -> int:
        """How many of them had activated, or bought, by the as-of month."""
        found = self.ledger.happened(measure, *self.signed, self.settings.as_of)
        return int(found[list(self.self_serve[0])].sum())

    def of(self, lines: Sequence[Line]) -> Reading:
        """Return a reading of which all lines have to hold."""
        return Reading(all_of(line.verdict for line in lines), tuple(lines), self.as_of)

    @property
    def as_of(self) -> str:
        """What is read."""
        return f"your files, as of {month_name(self.settings.as_of)}"


def lacks(title: str, why: str) -> Line:
    """Return the line of a figure that files don't carry; `why` says what to load."""
    return replace(untold(title, why), load=why)


def untold(title: str, why: str) -> Line:
    """Return the line of a figure that is not known although nothing is left to load."""
    return Line("unknown", f"{title}: unknown. {why[:1].upper()}{why[1:]}.")


def share_line(title: str, found: Estimate, of: Whole, threshold: float) -> Line:
    """Return the line of a share that is judged by a threshold; `of` names what it is of."""
    if found.value is None:
        return Line("unknown", f"{title}: unknown, as there are no {of.noun}s {of.tail}".rstrip() + ".", found)
    exact = found.low == found.high
    said = PERCENT.said(found.value) if exact else with_interval(PERCENT, replace(found, note=""), None)
    whole = " ".join(filter(None, (of.lead, count(found.n, of.noun), of.tail)))
    words = f"{title}: {said} of {whole}; wanted {percent(threshold)}{why_unknown(found, threshold)}."
    return Line(judge(found, threshold), words, found)


def at_least(source: Source, line: Line) -> Line:
    """Return a line whose share may be larger: where files lack what has ended, too little decides nothing."""
    if source.ledger.coverage.ends_known or line.verdict != "not yet":
        return line
    return replace(line, verdict="unknown", words=f"{line.words} It may be more, as {m.ENDS_UNKNOWN}.")


# The funnel, and how fast it is


def funnel(source: Source) -> Reading:
    """Read how many organic signups activate and become customers: both have to be enough."""
    return source.of([_activates(source), _buys(source)])


def _activates(source: Source) -> Line:
    title = "Signup to activation"
    if line := _no_activation(source, title):
        return line
    if note := m.not_told_within(source.ledger, None):
        return untold(title, note)
    found = proportion(source.reached("activated"), source.signed_up("observed"))
    return share_line(title, found, _who(source, "signup"), source.chosen.activation_from)


def _buys(source: Source) -> Line:
    title = "Signup to customer"
    if note := m.lacking(source.ledger, (m.SIGNED_UP, "revenue")):
        return lacks(title, note)
    if note := _too_young(source) or m.mrr(source.ledger, source.settings, source.self_serve[0]).note:
        return untold(title, note)
    found = proportion(source.reached("bought"), source.signed_up("signups"))
    return at_least(source, share_line(title, found, _who(source, "signup"), source.chosen.customer_from))


def _who(source: Source, noun: str) -> Whole:
    """Name the accounts of those signups: `organic signup`, `of 2025-07 to 2026-06`."""
    first, last = (month_name(month) for month in source.signed)
    if source.ledger.coverage.motions_known:
        return Whole(f"organic {noun}", f"of {first} to {last}")
    return Whole(noun, f"of {first} to {last}, partners' among them as no file tells them apart")


def _too_young(source: Source) -> str:
    """Why nothing can be said of the signups yet, or nothing."""
    if not source.ledger.knows_events(source.settings.as_of):
        return "it is known as of the last month only"
    first, last = source.signed
    months, days = count(source.chosen.customer_months, "month"), count(source.chosen.trial_days, "day")
    return f"no signups have had {months} and {days} yet" if first > last else ""


def _no_activation(source: Source, title: str) -> Line | None:
    """The line that says why it is not known which of the signups activated, or none."""
    if note := m.lacking(source.ledger, ("accounts", "accounts.activated_on")):
        return lacks(title, note)
    if note := _too_young(source):
        return untold(title, note)
    if source.signed_up("signups") and not source.signed_up("observed"):
        return lacks(title, "the files of these accounts lack the day of the signup or of the activation")
    return None


def activation(source: Source) -> Reading:
    """Read whether organic accounts that activate do so within the days of the trial."""
    days = source.chosen.trial_days
    title = f"Activated within {count(days, 'day')}"
    if missing := _no_activation(source, title):
        return source.of([missing])
    if note := m.not_told_within(source.ledger, None):
        return source.of([untold(title, note)])
    found = proportion(source.signed_up(f"activated_{days}"), source.reached("activated"))
    line = share_line(title, found, _who(source, "activated account"), source.chosen.in_time_from)
    mean = m.measure(m.BY_ID["time_to_activation"], source.ledger, source.settings, source.self_serve[0])
    if not mean.known() or line.figure is None or not line.figure.known():
        return source.of([line])
    said = with_interval(m.BY_ID["time_to_activation"].unit, mean, None)
    return source.of([replace(line, words=f"{line.words} On average it takes {said}.")])


# Attribution

_CONTRADICT = (
    "two_motions", "organic_with_partner", "motion_without_partner", "unknown_partner", "other_motion_than_partner",
    "signup_before_partner",
)  # fmt: skip
"""Checks that find accounts whose origin something contradicts."""


def attribution(source: Source) -> Reading:
    """Read whether it is known where accounts come from, and whether revenue after the first payment is theirs."""
    return source.of([_known_ways(source), _carries_on(source)])


def _known_ways(source: Source) -> Line:
    title, ledger = "Accounts whose origin is known", source.ledger
    if note := m.lacking(ledger, ("accounts",)) or ("" if ledger.coverage.motions_known else NO_MOTION):
        return lacks(title, note)
    if not source.program.findings:
        return lacks(title, "add the files of accounts and partners: what is added up already can't be checked")
    orphans = sum(one.count or 0 for one in source.program.findings if one.name == "revenue_without_account")
    checks = [one for one in source.program.findings if one.name in _CONTRADICT]
    if "accounts.partner_id" not in ledger.has:  # a partner id that there is no column for is not missing, but unknown
        checks = [one for one in checks if one.name != "motion_without_partner"]
    if "accounts.motion" not in ledger.has:  # an account then has the motion of its partner, which can't contradict it
        checks = [one for one in checks if "accounts.motion" not in one.needs]
    signed = ledger.by_cohort["signups"]
    accounts = int(signed.sum())
    other = int(signed[ledger.by_cohort["motion"] == "other"].sum())
    faulty = min(_accounts_in(checks) + other, accounts)
    found = counted(accounts - faulty, accounts + orphans, accounts + orphans) if accounts else unknown("no accounts")
    line = share_line(title, found, _of_accounts(checks, other, orphans), source.chosen.known_from)
    missing = sorted({need for one in checks if one.count is None for need in one.needs})
    if not missing or line.verdict == "not yet":
        return line
    load = m.needs_text(missing)
    return replace(line, verdict="unknown", words=f"{line.words} Not all checks could run: {load}.", load=load)


def _accounts_in(checks: Sequence[Finding]) -> int:
    """How many accounts checks found, each once as far as they are listed."""
    listed_ = {row[0] for one in checks for row in one.rows}
    return len(listed_) + sum(max((one.count or 0) - len(one.rows), 0) for one in checks)


def _of_accounts(checks: Sequence[Finding], other: int, orphans: int) -> Whole:
    """Name all accounts with what checks found: `account`, `of all months (organic accounts with a partner id: 37)`."""
    found = [f"{one.title[:1].lower()}{one.title[1:]}: {one.count:,}" for one in checks if one.count]
    found += [f"{NAMES['other'].lower()}: {other:,}"] if other else []
    found += [f"revenue of unknown accounts: {orphans:,}"] if orphans else []
    return Whole("account", f"of all months ({'; '.join(found) or 'no check found any'})")


def _carries_on(source: Source) -> Line:
    title, ledger, last = "Partner customers that pay a second month", source.ledger, source.settings.as_of
    if note := m.lacking(ledger, ("accounts", "revenue")) or ("" if ledger.coverage.motions_known else NO_MOTION):
        return lacks(title, note)
    rows, revenue = ledger.by_age, ledger.coverage.of("revenue")
    known = revenue.months() if revenue else []
    both = [month for month in known if month < last and month + 1 in known]
    here = np.isin(ledger.age_motion, m.PARTNER) & np.isin(rows["cohort"], both)
    began, paid = (int(rows["customers"][here & (rows["age"] == age)].sum()) for age in (0, 1))
    if not began:
        return Line("unknown", f"{title}: unknown, as no customer of a partner motion is there yet.")
    line = share_line(title, proportion(paid, began), Whole("partner customer"), source.chosen.carried_from)
    grown = float(m.movements(ledger, m.PARTNER)["expansion"][: last - ledger.first_month + 1].sum()) / 100
    said = f"Expansion that is attributed to partners: {money(grown, ledger.currency or '')} MRR in all months."
    return replace(line, words=f"{line.words} {said}")


# Segments


def fit(source: Source) -> Reading:
    """Read whether one segment at least keeps its revenue over a year, each judged at the level of all together."""
    ledger = source.ledger
    if note := m.lacking(ledger, ("accounts", "revenue", "accounts.segment")):
        return source.of([lacks("Revenue kept by segment", note)])
    whole = m.measure(m.BY_ID["grr"], ledger, source.settings, m.ALL)
    if not whole.known():
        return source.of([untold("Revenue kept by segment", whole.note)])
    names = _segments(source)
    tests = len(names)
    lines = sorted((_of_segment(source, name, tests) for name in names), key=_by_lower_end, reverse=True)
    if tests > 1:
        lines[0] = replace(lines[0], words=f"The best of {tests} segments. {lines[0].words}")
    verdicts = [line.verdict for line in lines]
    shown = lines[:SHOWN_SEGMENTS]
    if small := sum(bool(name) for name in ledger.segments) - tests:
        words = f"{count(small, 'segment')} more had fewer than ten customers a year ago, too few to say"
        beyond = f", or more than {MOST_SEGMENTS} others were larger" if tests == MOST_SEGMENTS else ""
        shown.append(Line("unknown", f"{words}{beyond}."))
        verdicts.append("unknown")
    return Reading(any_of(verdicts), tuple(shown), source.as_of)


def _segments(source: Source) -> list[str]:
    """Segments with a name that had ten customers or more a year before, those of most customers first."""
    rows = source.ledger.by_cohort
    then = rows["month"] == source.settings.as_of - 12
    names, where = np.unique(rows["segment"][then].astype(str), return_inverse=True)
    customers = np.bincount(where, rows["customers"][then], minlength=len(names))
    found = [(int(many), str(name)) for many, name in zip(customers, names, strict=True) if many >= TOO_FEW and name]
    return [name for _, name in sorted(found, key=lambda one: (-one[0], one[1]))[:MOST_SEGMENTS]]


def _of_segment(source: Source, name: str, tests: int) -> Line:
    """One segment's line. The best of several is good by chance more often: its interval is that of all together."""
    own = source.ledger.once(("part", name), lambda: source.ledger.of(segment=name))
    found = at(m.measure(m.BY_ID["grr"], own, source.settings, m.ALL), NormalDist().inv_cdf(1 - ALPHA / 2 / tests))
    if found.low is not None and found.high is not None:
        found = replace(found, low=max(found.low, 0.0), high=min(found.high, 1.0))
    line = share_line(f"Kept of {name}", found, Whole("customer", "paid a year ago", "what"), source.chosen.kept_from)
    own_nrr = m.measure(m.BY_ID["nrr"], own, source.settings, m.ALL)
    return replace(line, words=f"{line.words} With expansion (NRR) it is {percent(own_nrr.value)}.")


def _by_lower_end(line: Line) -> float:
    return line.figure.low if line.figure and line.figure.low is not None else -1.0
