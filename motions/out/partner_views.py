"""What a partner may see of the program: its own customers, and what it earned; one page each, all of them in a zip.

Nothing of another partner stands in it. Figures of its motion stand beside its own only where at least OTHERS other
partners with ten accounts each are behind them, and are those of the others: its own can't be taken out of them.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import jinja2
import numpy as np
from numpy.typing import NDArray

from motions.cohorts.ledger.activity import Frame
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import survival
from motions.cohorts.metrics.intervals import TOO_FEW
from motions.cohorts.metrics.text import shown, with_interval
from motions.cohorts.tables import health as tables
from motions.text import money_exact, month_name
from motions.units import PERCENT

TEMPLATE = Path(__file__).with_name("partner.html")
OTHERS = 5
"""Other partners with ten accounts that must stand behind a motion's figure."""
LARGEST = 0.5
"""The part of these accounts that one of them may have at most: else the figure is nearly its own."""
FIGURES = ("signups", "activation", "pqls", "pql_conversion", "new_customers", "mrr", "nrr", "customer_churn")
NOT_BESIDE = ("signups", "pqls", "new_customers", "mrr")
"""Sizes, which are not compared: they would tell how large the others are."""
SHOWN = 24
"""Months that are listed at most."""


def others_of(ledger: Ledger, settings: m.Settings, partner_id: str, metric: str) -> Ledger | None:
    """Return the other listed partners of a partner's motion, or none where too few are behind a metric of theirs.

    Each of at least OTHERS has to have ten accounts in what the metric is divided by, and none more than LARGEST of it.
    """
    rows = ledger.by_partner
    if partner_id not in ledger.partners["partner_id"].tolist():
        return None
    measure, months = _behind(metric, ledger, settings)
    inside = np.isin(rows["month"], months)
    return ledger.of_others(partner_id) if _hidden(ledger, partner_id, rows, inside, rows[measure]) else None


def _hidden(
    ledger: Ledger, partner_id: str, rows: Frame, inside: NDArray[np.bool_], counted: NDArray[np.int64]
) -> bool:
    """Whether the accounts that some rows count are of so many other partners of the motion that none can be told."""
    listed = ledger.partners
    ids = listed["partner_id"].astype(str)
    motion = str(listed["motion"][ids == partner_id][0])
    others = set(ids[(listed["motion"].astype(str) == motion) & (ids != partner_id)].tolist())
    counts = Counter[str]()
    for at in np.flatnonzero(inside & (rows["motion"].astype(str) == motion)).tolist():
        counts[str(rows["partner_id"][at])] += int(counted[at])
    behind = [number for name, number in counts.items() if name in others]
    return sum(number >= TOO_FEW for number in behind) >= OTHERS and max(behind) <= LARGEST * sum(behind)


def _stays(ledger: Ledger, own: Ledger, settings: m.Settings, partner_id: str) -> Iterator[tuple[str, str, str]]:
    """The customers left at each of the ages, of the partner and, where they can't be told apart, of the others."""
    rows, last = ledger.by_partner_spell, survival.settled(ledger, settings.as_of)
    mine = survival.curve(own, settings.as_of, m.PARTNER)
    theirs = survival.curve(ledger.of_others(partner_id), settings.as_of, m.PARTNER)
    for age in reversed(survival.AGES):
        if age >= len(mine) or not mine[age].known() or last is None:
            return
        # The share rests on all that began, whether they ended early or are still looked at.
        began, reached = rows["cohort"] <= last, _last_seen(rows, last) - rows["cohort"] >= age
        hidden = all(_hidden(ledger, partner_id, rows, one, rows["customers"]) for one in (began, reached))
        beside = with_interval(PERCENT, theirs[age], None) if hidden and age < len(theirs) else ""
        yield f"{age}", with_interval(PERCENT, mine[age], None), beside


def _last_seen(rows: Frame, last: int) -> NDArray[np.int64]:
    """The month in which customers ended, or the last that is certain."""
    seen: NDArray[np.int64] = np.where(rows["ended_month"] <= last, rows["ended_month"], last)
    return seen


def _line(own: Ledger, settings: m.Settings) -> str:
    """The points of the partner's curve in a drawing of 36 months × 100 %, or nothing where it has too few."""
    kept = [one.value for one in survival.curve(own, settings.as_of, m.PARTNER)]
    points = [f"{age * 10},{100 - share * 100:.1f}" for age, share in enumerate(kept) if share is not None]
    return " ".join(points) if len(points) > 1 else ""


def _behind(metric: str, ledger: Ledger, settings: m.Settings) -> tuple[str, list[int]]:
    """The measure that counts the accounts which a metric is divided by, and its months."""
    window = list(range(settings.first(), settings.as_of + 1))
    if metric == "activation":
        return "observed", [month for month in window if month <= m.last_mature_month(ledger, settings)]
    if metric == "pql_conversion":
        return "pqls", window
    if metric == "nrr":
        return "customers", [settings.as_of - 12]
    return "starting", ledger.coverage.steps(settings.first(), settings.as_of)[-1:]


def partner_page(ledger: Ledger, settings: m.Settings, partner_id: str, made_on: date) -> str:
    """Return one partner's own page: self-contained, without a script, nothing of others in it."""
    own = ledger.of_partner(partner_id)
    names = dict(zip(ledger.partners["partner_id"].tolist(), ledger.partners["name"].tolist(), strict=True))
    told = [m.BY_ID[name] for name in FIGURES]
    figures = []
    for metric in told:
        others = None if metric.id in NOT_BESIDE else others_of(ledger, settings, partner_id, metric.id)
        figures.append(
            (metric.title, _shown(metric, own, settings), _shown(metric, others, settings) if others else "")
        )
    stays = list(_stays(ledger, own, settings, partner_id)) if own.knows_ends and own.coverage.ends_known else []
    return _template().render(
        name=str(names.get(partner_id, partner_id)),
        as_of=month_name(settings.as_of),
        made_on=made_on.isoformat(),
        settings=tables.in_force(settings, ledger.currency).split(" · active = ")[0],
        has_motion=any(one for *_, one in [*figures, *stays]),
        figures=figures,
        stays=stays,
        line=_line(own, settings) if stays else "",
        titles=("Month", "Signups", "New customers", "Customers", "Left", "MRR", "Earned"),
        rows=list(_months(own, settings)),
        definitions=[(metric.title, metric.definition) for metric in told],
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(TEMPLATE.read_text("utf-8"))


def _shown(metric: m.Metric, ledger: Ledger, settings: m.Settings) -> str:
    return shown(metric.unit, m.measure(metric, ledger, settings, m.PARTNER), ledger.currency)


def _months(own: Ledger, settings: m.Settings) -> Iterator[tuple[str, ...]]:
    """Signups, customers, MRR and earnings of the partner by month, the latest first."""
    side = list(m.PARTNER)
    currency = own.currency or ""
    revenue = own.coverage.of("revenue")
    first = max(own.first_month, settings.as_of - SHOWN + 1)
    for month in range(settings.as_of, first - 1, -1):
        known = revenue is not None and revenue.has(month)
        counts = [int(own.at(name, month)[side].sum()) for name in ("signups", "new_customers", "customers")]
        left = int(own.at("churned_customers", month)[side].sum())
        mrr = money_exact(float(own.at("closing", month)[side].sum()) / 100, currency)
        # Who left is known where the month before is.
        gone = f"{left:,}" if own.coverage.steps(month, month) else "unknown"
        cells = [f"{counts[0]:,}", *([*(f"{one:,}" for one in counts[1:]), gone] if known else ["unknown"] * 3)]
        paid = own.coverage.of("spend: payout")
        earned = money_exact(float(own.spend(month, month).sum()) / 100, currency)
        yield (
            month_name(month),
            *cells,
            mrr if known else "unknown",
            earned if paid is not None and paid.has(month) else "unknown",
        )


def partner_pages(ledger: Ledger, settings: m.Settings, made_on: date) -> bytes:
    """Return the pages of all partners that have not left, as a zip; a page is called by name and id, plainly."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        seen: set[str] = set()
        there = ledger.partners["ended_month"] > settings.as_of
        for at in np.flatnonzero(there).tolist():
            partner_id, name = str(ledger.partners["partner_id"][at]), str(ledger.partners["name"][at])
            file = f"{_plain(name)}-{_plain(partner_id)}-{month_name(settings.as_of)}.html"
            file = file if file not in seen else f"{tables.digest(partner_id)}.html"
            seen.add(file)
            when = (made_on.year, made_on.month, made_on.day, 0, 0, 0)
            out.writestr(zipfile.ZipInfo(file, when), partner_page(ledger, settings, partner_id, made_on))
    return packed.getvalue()


def _plain(words: str) -> str:
    """Text of a file as part of a file name: letters and digits only, so that it is no path."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:40] or "partner"
