"""What program health shows, as text and tables, and what can be downloaded of it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Literal

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from motions.cohorts.contract import MOTIONS
from motions.cohorts.ledger.checks import Finding
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.cohorts.metrics.intervals import TOO_FEW, Estimate, difference
from motions.cohorts.metrics.text import shown, with_interval
from motions.cohorts.verdicts.advice import Advice, advise
from motions.cohorts.verdicts.rules import PartnerRules, Rules
from motions.cohorts.verdicts.verdicts import Verdict
from motions.names import NAMES, offered
from motions.text import count, listed, month_name, percent, points
from motions.units import Unit


def groups(ledger: Ledger) -> tuple[tuple[str, m.Group], ...]:
    """Return the columns of the tables by name: all, the two sides, and each motion that is shown."""
    shown = [MOTIONS.index(motion) for motion in offered(MOTIONS, ledger.motions)]
    sides = (("All", m.ALL), ("Partner", m.PARTNER), ("Organic", m.ORGANIC))
    return (*sides, *((NAMES[MOTIONS[at]], (at,)) for at in shown if (at,) != m.ORGANIC))


def months(ledger: Ledger) -> dict[str, int]:
    """Return the months that figures can be read at by name; `latest` stays the last one when files are added."""
    named = {month_name(month): month for month in range(ledger.last_month, ledger.first_month - 1, -1)}
    return {"latest": ledger.last_month, **named}


def month_label(ledger: Ledger, name: str) -> str:
    """Return the text of a choice of `months`."""
    return f"Latest, {month_name(ledger.last_month)}" if name == "latest" else name


DIFFERENCE = "Partner − organic"


def by_motion(ledger: Ledger, settings: m.Settings) -> pd.DataFrame:
    """Return metrics × groups as text, partner and organic with intervals, the partner side also a period before."""
    columns = {}
    for name, group in groups(ledger):
        show = with_interval if name in ("Partner", "Organic") else shown
        columns[name] = [_cell(metric, ledger, settings, group, show) for metric in m.METRICS]
        if name == "Partner":
            title = f"Partner, {month_name(settings.before().as_of)}"
            columns[title] = [_cell(metric, ledger, settings.before(), group, shown) for metric in m.METRICS]
        if name == "Organic":
            columns[DIFFERENCE] = [_difference(metric, ledger, settings) for metric in m.METRICS]
    return pd.DataFrame(columns, index=pd.Index([_title(metric) for metric in m.METRICS], name="Metric"))


def _cell(
    metric: m.Metric,
    ledger: Ledger,
    settings: m.Settings,
    group: m.Group,
    show: Callable[[Unit, Estimate, str | None], str],
) -> str:
    found = m.measure(metric, ledger, settings, group)
    said = show(metric.unit, found, ledger.currency)
    if metric.unit in ("days", "months"):
        said = said.removesuffix(f" {metric.unit}")
    return "—" if found.note in m.NOT_APPLICABLE else said


def _difference(metric: m.Metric, ledger: Ledger, settings: m.Settings) -> str:
    """What the partner side has more than organic, with its interval; only for what does not grow with the audience."""
    if metric.unit not in ("%", "days") or metric.id in ("pql_share", "mrr_share", "payout_share"):
        return "—"
    gap = difference(*(m.measure(metric, ledger, settings, group) for group in (m.PARTNER, m.ORGANIC)))
    if not gap.known():
        return "—"
    said = points if metric.unit == "%" else _days
    ends = f" ({said(gap.low)} to {said(gap.high)})" if gap.low is not None else f" ({gap.note})"
    return said(gap.value) + ends.replace(" points to", " to").replace(" points)", ")")


def _days(number: float | None) -> str:
    return f"{number or 0:+z.1f}".replace("-", "−")


def _title(metric: m.Metric) -> str:
    """The name of a metric for the edge of a table; days and months stand there and not in each cell."""
    return f"{metric.title} ({metric.unit})" if metric.unit in ("days", "months") else metric.title


def by_part(ledger: Ledger, settings: m.Settings, group: m.Group, by: str) -> pd.DataFrame:
    """Return parts × metrics of a group of motions as text: its segments, or the signup months of two years at most.

    Spend is not known by part; metrics that need it or partners are left out.
    """
    told = [metric for metric in m.METRICS if not {"spend", "partners"} & set(metric.needs)]
    if by == "segment":
        parts = [(segment or "without a name", ledger.of(segment=segment)) for segment in ledger.segments]
    else:
        first = max(ledger.first_month, settings.as_of - 23, settings.first())
        parts = [(month_name(at), ledger.of(cohort=at)) for at in range(settings.as_of, first - 1, -1)]
    rows = {
        name: [_cell(metric, part, settings, group, with_interval if metric.unit == "%" else shown) for metric in told]
        for name, part in parts
    }
    index = pd.Index(list(rows), name="Segment" if by == "segment" else "Signed up")
    return pd.DataFrame(list(rows.values()), index=index, columns=[_title(metric) for metric in told])


WORST = ("nrr", "cpa", "mrr", "activation", "pqls", "active_partners")


def worst_cases(ledger: Ledger, settings: m.Settings, found: Sequence[Finding]) -> pd.DataFrame:
    """Return check × metric: the partner side's figure as it is, and with what the check found on the other side."""
    rows = []
    for finding in found:
        moved = finding.worst_case(ledger)
        if moved is None:
            continue
        row = {"If on the other side": f"{finding.title} ({finding.count:,})"}
        for name in WORST:
            metric = m.BY_ID[name]
            for side, group in (("", m.PARTNER), (", organic", m.ORGANIC)):
                if side and name not in ("nrr", "activation"):
                    continue
                now, then = (_cell(metric, one, settings, group, shown) for one in (ledger, moved))
                row[metric.title + side] = now if now == then else f"{now} → {then}"
        rows.append(row)
    return pd.DataFrame(rows)


def rules_yaml(found: Rules) -> str:
    """Return rules as YAML that can be changed and dropped in again."""
    return yaml.safe_dump(found.model_dump(mode="json", exclude_defaults=True), sort_keys=False, allow_unicode=True)


def rules(found: Rules) -> pd.DataFrame:
    """Return the rules that verdicts are made by."""
    return pd.DataFrame(
        [
            {
                "Metric": m.BY_ID[rule.metric].title,
                "Against": rule.against if rule.threshold is None else f"{rule.threshold:g}",
                "Better is": rule.better,
                "Severity": rule.severity,
                "Worse means": rule.means,
                "Then": rule.do,
            }
            for rule in found.rules
        ]
    )


def metrics_csv(ledger: Ledger, settings: m.Settings) -> list[list[object]]:
    """Return every metric of every group with its interval, header first; unknown is empty, with the reason."""
    rows: list[list[object]] = [
        ["metric", "group", "value", "low_95", "high_95", "n", "note", "unit", "as_of", "window_months", "settings"]
    ]
    for metric in m.METRICS:
        unit = (ledger.currency or "currency not stated") if metric.unit == "money" else metric.unit
        for name, group in groups(ledger):
            one = m.measure(metric, ledger, settings, group)
            scale = 100 if unit == "%" else 1
            cells = ["" if x is None else round(x * scale, 6) for x in (one.value, one.low, one.high)]
            context = [month_name(settings.as_of), settings.window, in_force(settings, ledger.currency)]
            rows.append([metric.in_files, name, *cells, one.n or "", one.note, unit, *context])
    return rows


def immature(ledger: Ledger, settings: m.Settings) -> str:
    """Say which signup months are too young for the activation rate."""
    last = m.last_mature_month(ledger, settings)
    if last >= settings.as_of or "accounts.activated_on" not in ledger.has:
        return ""
    return f"Signups after {month_name(last)} are immature: not all have had {settings.activation_days} days."


def period(settings: m.Settings) -> str:
    """Say over which months figures of a window are.

    >>> period(m.Settings(as_of=2026 * 12 + 8)), period(m.Settings(as_of=2026 * 12 + 8, window=120))
    ('12 months to 2026-09', 'ten years to 2026-09')
    """
    span = "ten years" if settings.window == 120 else f"{settings.window} months"
    return f"{span} to {month_name(settings.as_of)}"


_ACTIVE = {
    "MRR now": "has MRR now",
    "new customer in 3 months": "won a customer in 3 months",
    "signup in 3 months": "brought a signup in 3 months",
}
"""What makes a partner active, as a predicate."""


def in_force(settings: m.Settings, currency: str | None) -> str:
    """Say which settings the figures were made with, and what their amounts are in.

    >>> in_force(m.Settings(as_of=2026 * 12 + 8), "USD")
    'As of 2026-09 · 12 months from 2025-10 · activation within 14 days · active = has MRR now · CPA with program \
cost · gross margin 80 % · amounts in USD'
    >>> in_force(m.Settings(as_of=2026 * 12 + 8), None)[-41:]
    'amounts in a currency that no file states'
    """
    window = (
        "the last ten years"
        if settings.window == 120
        else f"{settings.window} months from {month_name(settings.first())}"
    )
    cpa = "with" if settings.program_in_cpa else "without"
    return (
        f"As of {month_name(settings.as_of)} · {window} · activation within {settings.activation_days} days · "
        f"active = {_ACTIVE[settings.producing]} · CPA {cpa} program cost · "
        f"gross margin {percent(settings.gross_margin, 0)} · amounts in {currency or 'a currency that no file states'}"
    )


def partners(ledger: Ledger, settings: m.Settings, rules: PartnerRules, group: m.Group = m.PARTNER) -> pd.DataFrame:
    """Return a group's listed partners, largest MRR first, as numbers, with what to do and why; unknown is empty."""
    table = m.partner_table(ledger, settings)
    own = np.isin(table["motion"].astype(str), [MOTIONS[at] for at in group])
    table = {name: values[own] for name, values in table.items()}
    advice = advise(ledger, settings, rules, table)
    money = ledger.currency or "currency not stated"
    few = table["base"] < TOO_FEW
    size = len(advice)

    def known(values: NDArray[Any], *needs: str) -> NDArray[Any]:
        """Figures, empty where a file or a column for them is missing."""
        return values if set(needs) <= ledger.has else np.full(size, np.nan)

    brought, paid = ("accounts", "accounts.partner_id"), ("accounts", "accounts.partner_id", "revenue")
    never = "never" if set(brought) <= ledger.has else "unknown"
    said = {at: month_name(at) if at >= 0 else never for at in set(table["last_signup"].tolist())}
    return pd.DataFrame(
        {
            "Partner id": table["partner_id"],
            "Name": table["name"],
            "Do": [one.step for one in advice],
            "Why": [one.reason for one in advice],
            "What would change it": [one.otherwise for one in advice],
            "Motion": [NAMES[str(motion)] for motion in table["motion"]],
            f"MRR ({money})": known(table["mrr"], *paid),
            "MRR, 12 months": list(table["trend"]),
            "NRR (%)": np.where(few, np.nan, table["nrr"] * 100),
            "Activation (%)": known(
                np.where(table["mature_signups"] < TOO_FEW, np.nan, table["activation"] * 100), "accounts.activated_on"
            ),
            f"CPA ({money})": known(table["cpa"], *paid, "spend"),
            f"Payout in {settings.window} months ({money})": known(table["payout"], "spend"),
            "Churn a month (%)": known(np.where(few, np.nan, table["churn"] * 100), *paid),
            "Payouts ÷ gross profit (%)": known(_part(table["cost"], table["gross_profit"]), *paid, "spend"),
            "Customers": known(table["customers"], *paid),
            f"Signups in {settings.window} months": known(table["signups"], *brought),
            f"New customers in {settings.window} months": known(table["new_customers"], *paid),
            "Last signup": [said[at] for at in table["last_signup"].tolist()],
        }
    )


Tone = Literal["better", "worse", "no clear difference", "fact", "unknown"]
SIX = ("mrr", "nrr", "cpa", "activation", "pqls", "active_partners")
"""The figures that a program is first asked for, in this order."""


@dataclass(frozen=True)
class Tile:
    """One figure of program health as a card shows it."""

    label: str
    figure: str
    definition: str
    change: str
    """by how much it is another than a year before, always with its sign; nothing where that is unknown"""
    rises: bool
    verdict: str
    """better or worse than what, or that no difference is clear; nothing for facts"""
    tone: Tone
    """of the verdict"""
    tested: bool
    """whether the verdict is on the change itself, so that its tone is that of the change too"""
    notes: tuple[str, ...]
    """what it is compared with, and the change to the month before"""
    course: tuple[float, ...]
    """its last months, for a small line"""


def tiles(
    judged: Sequence[Verdict], ledger: Ledger, settings: m.Settings, group: m.Group
) -> tuple[list[Tile], list[Tile]]:
    """Return the tiles of the verdicts that have one: six at most that come first, and the others."""
    found = [one for one in judged if one.tile]
    found.sort(key=lambda one: SIX.index(one.shown) if one.shown in SIX else len(SIX))
    made = [_tile(one, ledger, settings, group) for one in found]
    return [replace(one, notes=one.notes[:2]) for one in made[: len(SIX)]], made[len(SIX) :]


def _tile(one: Verdict, ledger: Ledger, settings: m.Settings, group: m.Group) -> Tile:
    label, figure = tile(one, ledger.currency)
    change = year_change(ledger, settings, group, one.shown) if one.figure.known() else None
    fact = one.word in ("up", "down", "unchanged", "above", "below")
    tone: Tone = "fact" if fact else "unknown" if one.word == "unknown" else "no clear difference"
    tone = "better" if one.word == "better" else "worse" if one.word == "worse" else tone
    differs = tone != "no clear difference" or one.said == "too few"
    notes = [*one.besides[:1], one.figure.over, one.since]
    if not differs and one.benchmark:
        notes = [f"to {one.benchmark}", *(note for note in notes if note != one.benchmark)]
    return Tile(
        label, figure, m.BY_ID[one.shown].definition, change[0] if change else "", bool(change and change[1] > 0),
        _verdict(one, fact), tone, one.than == "a year before" and not fact,
        tuple(filter(None, notes)), tuple(recent(ledger, settings, group, one.shown)),
    )  # fmt: skip


def _verdict(one: Verdict, fact: bool) -> str:
    """The verdict of a tile; what no clear difference is to stands below it."""
    if fact or one.word == "unknown":
        return ""
    return one.said.split(" to ")[0] if one.benchmark else one.said


def year_change(ledger: Ledger, settings: m.Settings, group: m.Group, metric: str) -> tuple[str, float] | None:
    """Return by how much a metric is another than a year before, in words and as a number; None if unknown or the same.

    Amounts and ratios in percent of what they were, shares in points.
    """
    before = settings.model_copy(update={"as_of": settings.as_of - 12})
    unit = m.BY_ID[metric].unit
    now, then = (one.value for one in m.over_time(m.BY_ID[metric], ledger, (settings, before), group))
    if now is None or then is None or (unit == "money" and then <= 0):
        return None
    if unit.same(now - then, ledger.currency or ""):
        return None
    if unit == "money":
        part = now / then - 1
        return f"{'−' if part < 0 else '+'}{percent(abs(part), 0)}", part
    return unit.difference(now - then, ledger.currency or ""), now - then


def gives(ledger: Ledger, whose: str) -> str:
    """Say which of the six figures files give and which are missing; `whose` files, as the sentence begins.

    >>> from motions.cohorts.ledger.example import LEDGER
    >>> gives(LEDGER, "Your files")
    'Your files give all six figures.'
    """
    settings = m.Settings(as_of=ledger.last_month)
    group = m.whole(ledger)[1]
    lacking = [m.BY_ID[one] for one in SIX if not m.measure(m.BY_ID[one], ledger, settings, group).known()]
    if len(lacking) == len(SIX):
        return f"{whose} give none of the six figures yet."
    names = [one.label if one.label[1:2].isupper() else one.label[:1].lower() + one.label[1:] for one in lacking]
    return f"{whose} give all six figures{f' but {listed(names)}' if names else ''}."


def missing(ledger: Ledger) -> list[tuple[str, str]]:
    """Return which of the six figures are missing, and what each of them needs."""
    settings = m.Settings(as_of=ledger.last_month)
    found = [(m.BY_ID[one].label, m.measure(m.BY_ID[one], ledger, settings, m.whole(ledger)[1])) for one in SIX]
    return [(label, one.note) for label, one in found if not one.known()]


def tile(one: Verdict, currency: str | None) -> tuple[str, str]:
    """Return the label and the figure of a tile; months and days stand in the label, as a phone has no room."""
    metric, said = m.BY_ID[one.shown], shown(one.unit, one.figure, currency)
    if one.unit in ("days", "months") and one.figure.known():
        return f"{metric.label} ({one.unit})", said.removesuffix(f" {one.unit}")
    return metric.label, said


RECENT = 13
"""Months that the small line of a tile shows, so that it begins a year before."""


def recent(ledger: Ledger, settings: m.Settings, group: m.Group, metric: str) -> list[float]:
    """Return a metric of the last months up to the as-of month, as far as all of them are known without a gap.

    Nothing where fewer than three are: a line of two points shows no course.
    """
    chosen = [settings.model_copy(update={"as_of": settings.as_of - back}) for back in range(RECENT)]
    chosen = [one for one in chosen if one.as_of >= ledger.first_month]
    found = m.over_time(m.BY_ID[metric], ledger, chosen, group)
    known = list(takewhile(lambda value: value is not None, (one.value for one in found)))
    return [value for value in reversed(known) if value is not None] if len(known) > 2 else []


STANDARDISED = ("nrr", "activation", "customer_churn")


def standardised(ledger: Ledger, settings: m.Settings, side: str, group: m.Group) -> pd.DataFrame:
    """Return a side's figures as they are and with organic's mix of segments and signup years, beside organic's."""
    rows = []
    for name in STANDARDISED:
        found = mix.standardised(name, ledger, settings, group)
        if found is None:
            continue
        own, there = (percent(one) if one is not None else "unknown" for one in (found.value, found.organic_there))
        rows.append(
            {
                "Metric": m.BY_ID[name].title,
                side: percent(found.raw),
                f"{side} with organic's mix": own,
                "Organic": percent(found.organic),
                "Organic, where both have customers": there,
                "Share of organic compared": percent(found.covered, 0),
                "Parts with few customers": ", ".join(found.thin) or "none",
            }
        )
    return pd.DataFrame(rows)


def _part(values: NDArray[Any], whole: NDArray[Any]) -> NDArray[Any]:
    """Percent of something, unknown where there is none of it."""
    found = np.full(len(whole), np.nan)
    np.divide(values * 100.0, whole, out=found, where=whole > 0)
    return found


def digest(text: str) -> str:
    """Return a short code of a text from a file, for addresses and keys: no data in an address."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def partner_keys(ledger: Ledger) -> dict[str, str]:
    """Return partner ids by the code that an address names them by, in the order of their names."""
    named = zip(ledger.partners["name"].tolist(), ledger.partners["partner_id"].tolist(), strict=True)
    ordered = sorted(named, key=lambda pair: (str(pair[0]).lower(), str(pair[1])))
    return {digest(str(partner)): str(partner) for _, partner in ordered}


def partner_address(partner_id: str, sample: bool) -> dict[str, str]:
    """Return the parameters of the address of a partner's page."""
    return {"partner": digest(partner_id)} | ({"data": "sample"} if sample else {})


def for_print(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the first partners as text, with what there is room for on paper."""
    names = [name for name in table.columns if name in ("Partner id", "Name", "Motion", "Do", "Why", "Last signup")]
    names[-1:-1] = [name for name in table.columns if str(name).startswith(("MRR (", "NRR", "CPA"))]
    found = table.head(most)[names]
    return found.map(lambda cell: cell if isinstance(cell, str) else "unknown" if np.isnan(cell) else f"{cell:,.1f}")


def money_columns(table: pd.DataFrame, ledger: Ledger) -> list[str]:
    """Return the columns of the partner table that hold money."""
    return [name for name in table.columns if name.endswith(f"({ledger.currency or 'currency not stated'})")]


def steps(table: pd.DataFrame) -> str:
    """Say how many partners are to be kept, renegotiated, enabled and pruned."""
    times = table["Do"].value_counts()
    said = listed(
        [f"{step} {times[step]:,}" for step in ("keep", "renegotiate", "enable", "prune", "unknown") if step in times]
    )
    ended = f"; {times['ended']:,} have left" if "ended" in times else ""
    return f"Of {count(len(table), 'partner')}: {said}{ended}."


def kept(ledger: Ledger) -> Literal["money", "customers"]:
    """Return what can be shown by age: a triangle may count customers only."""
    return "money" if {"revenue", "ages.money"} & ledger.has or "ages" not in ledger.has else "customers"


def partner_label(ledger: Ledger, partner_id: str) -> str:
    """Return name and id of a listed partner."""
    names = dict(zip(ledger.partners["partner_id"].tolist(), ledger.partners["name"].tolist(), strict=True))
    name = names[partner_id]
    return name if name == partner_id else f"{name} ({partner_id})"


def advice_of(ledger: Ledger, settings: m.Settings, rules: PartnerRules, partner_id: str) -> Advice:
    """Return what to do with one partner."""
    table = m.partner_table(ledger, settings)
    ids: list[str] = table["partner_id"].tolist()
    return advise(ledger, settings, rules, table)[ids.index(partner_id)]


PARTNER_TILES = ("mrr", "nrr", "activation", "cpa", "new_customers", "payout_share", "customer_churn", "arpa")


def partner_tiles(ledger: Ledger, own: Ledger, settings: m.Settings) -> list[tuple[m.Metric, str, str]]:
    """Return metric, figure and what it is compared with, for the tiles of one partner."""
    found = []
    for name in PARTNER_TILES:
        metric = m.BY_ID[name]
        one, before = (m.measure(metric, own, at, m.PARTNER) for at in (settings, settings.before()))
        organic = m.measure(metric, ledger, settings, m.ORGANIC)
        beside = (
            [f"organic {shown(metric.unit, organic, ledger.currency)}"]
            if organic.known() and metric.unit == "%"
            else []
        )
        if before.known():
            beside.append(f"{shown(metric.unit, before, ledger.currency)} in {month_name(settings.before().as_of)}")
        notes = [one.note] if one.note else []
        found.append((metric, shown(metric.unit, one, ledger.currency), " · ".join(notes + beside)))
    return found


def one_partner(ledger: Ledger, settings: m.Settings, partner_id: str) -> pd.DataFrame:
    """Return every metric of one partner beside those of its motion and of organic accounts, as text."""
    own = ledger.of_partner(partner_id)
    motion = MOTIONS.index(str(own.partners["motion"][0])) if len(own.partners["motion"]) else 0
    told = [
        metric
        for metric in m.METRICS
        if metric.id not in ("active_partners", "top_partner", "top_tenth", "blended_cac")
    ]
    # What is left at an age is that of the sides of a ledger; a chart has it for one partner.
    told = [metric for metric in told if metric.id not in ("pql_share", "mrr_share", "survival", "money_kept")]
    columns = {
        "Partner": [_cell(metric, own, settings, m.PARTNER, with_interval) for metric in told],
        NAMES[MOTIONS[motion]]: [_cell(metric, ledger, settings, (motion,), shown) for metric in told],
        "Organic": [_cell(metric, ledger, settings, m.ORGANIC, shown) for metric in told],
    }
    return pd.DataFrame(columns, index=pd.Index([_title(metric) for metric in told], name="Metric"))


def findings(found: Sequence[Finding]) -> pd.DataFrame:
    """Return the attribution checks with their counts; a check that can't run says what it needs."""
    return pd.DataFrame(
        [
            {
                "Check": finding.title,
                "Found": f"{finding.count:,}" if finding.count is not None else m.needs_text(list(finding.needs)),
                "What it means": finding.meaning,
            }
            for finding in found
        ]
    )


def finding_rows(finding: Finding) -> list[list[object]]:
    """Return what one check found, header first."""
    rows: list[list[object]] = [["account", "motion", "partner", "detail"]]
    return rows + [list(row) for row in finding.rows]
