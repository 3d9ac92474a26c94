"""What the overview shows of a program: its six figures with their course, and what needs attention first."""

from collections.abc import Sequence
from dataclasses import dataclass

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables.health import recent, tile, year_change
from motions.cohorts.verdicts.rules import Rule, Rules
from motions.cohorts.verdicts.verdicts import Standing, Verdict, judged, stands_out, verdicts
from motions.names import NAMES
from motions.text import first_sentence, listed, month_name

SIX = ("mrr", "nrr", "cpa", "activation", "pqls", "active_partners")
"""the figures of the overview, by the metric that stands in the tile"""
_AGAINST = {"before": "a year before", "threshold": "the threshold"}
"""what a rule compares with, as it stands after `better than`; others stand as they are"""


@dataclass(frozen=True)
class Tile:
    """One figure: its value, its change in a year, its last months, and what it is compared with."""

    label: str
    value: str
    definition: str
    year: str
    """size of the change in a year, as on program health; "" where a year ago is not known, or nothing changed"""
    rose: bool
    course: tuple[float, ...]
    beside: str
    """the benchmark, and the change since the month before"""
    word: str
    """`better` or `worse`, only where a test says so; "" else, and of what has no good direction"""
    than: str
    """what it is better or worse than"""

    @property
    def told(self) -> str:
        """`better than organic`; "" where nothing can be told."""
        return f"{self.word} than {self.than}" if self.word else ""


def tiles(ledger: Ledger, settings: m.Settings, rules: Rules) -> tuple[Tile, ...]:
    """Return the six figures of all partners, or all customers; one that the files don't carry says so in its place."""
    by_shown = {one.shown: one for one in verdicts(ledger, settings, m.whole(ledger)[1], rules) if one.tile}
    against = {rule.metric: rule.against for rule in rules.rules}
    shown = [by_shown[name] for name in SIX if name in by_shown]
    return tuple(_tile(one, against[one.metric], ledger, settings) for one in shown)


def _tile(one: Verdict, against: str | None, ledger: Ledger, settings: m.Settings) -> Tile:
    label, value = tile(one, ledger.currency)
    group = m.whole(ledger)[1]
    course = recent(ledger, settings, group, one.shown)
    month = _change(one, course[-2:], ledger.currency, f"since {month_name(settings.as_of - 1)}")
    month = f"MRR {month}" if month and one.shown == "mrr" else month  # above it stands ARR
    size, rise = (year_change(ledger, settings, group, one.shown) if one.figure.known() else None) or ("", 0.0)
    than = against or "before"
    return Tile(
        label, value, m.BY_ID[one.shown].definition,
        size.lstrip("+−"), rise > 0,
        tuple(course), " · ".join(filter(None, (one.against.partition(" · ")[0], month))),
        one.word if one.word in ("better", "worse") else "", _AGAINST.get(than, than),
    )  # fmt: skip


def _change(one: Verdict, ends: Sequence[float], currency: str | None, since: str = "") -> str:
    """The difference of the last of two values to the first, with its sign; nothing without two, or where none."""
    if len(ends) != 2:
        return ""
    difference = ends[1] - ends[0]
    if one.unit.same(difference, currency or ""):
        return f"no change {since}" if since else ""
    return f"{one.unit.difference(difference, currency or '')} {since}".rstrip()


@dataclass(frozen=True)
class Attention:
    """One thing that needs attention: what, the figures that prove it, and what to do first."""

    standing: Standing
    finding: str
    proof: str
    next: str


def attention(ledger: Ledger, settings: m.Settings, rules: Rules) -> tuple[Attention, ...]:
    """Return what stands out, the gravest first, each in a short sentence."""
    by_metric = {rule.metric: rule for rule in rules.rules}
    found = judged(ledger, settings, rules)
    numbers = {rule.metric: at for at, rule in enumerate(rules.rules)}
    return tuple(
        _attention(one, by_metric[one.metrics[0]], found[one.motions[:1] or m.PARTNER][numbers[one.metrics[0]]])
        if one.metrics[0] in by_metric
        else Attention(one, one.sentence, "", "")
        for one in stands_out(ledger, settings, rules)
    )


def _attention(one: Standing, rule: Rule, verdict: Verdict) -> Attention:
    names = listed([NAMES[MOTIONS[motion]] for motion in one.motions]) or "Partners together"
    _, _, compared = verdict.sentence.partition(": ")
    proof = compared.partition(";")[0].partition(" (")[0].removesuffix(".")
    return Attention(
        one, f"{names} {rule.stands_out}.", f"{proof[:1].upper()}{proof[1:]}.", first_sentence(rule.do)[0]
    )  # fmt: skip
