"""What limits the figures, each in words with its repair and with how much of the program it touches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from motions.cohorts.coverage import Cover, Coverage, Lacking, spans
from motions.text import count, listed, month_name


@dataclass(frozen=True)
class Remark:
    """One thing that a figure does not say of itself: what, what to do, and the share of MRR or accounts it touches."""

    words: str
    repair: str = ""
    touches: float = 0.0
    """the share of MRR, of accounts or of rows that it is about, from 0 to 1; 0 where that is not counted"""

    def __str__(self) -> str:
        return f"{self.words} {self.repair}".strip()


def ordered(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Return remarks, those that touch most first; alike ones in the order in which they were made."""
    return tuple(sorted(dict.fromkeys(remarks), key=lambda one: -one.touches))


COMPLETE = "Export it again, or say that it is complete."


def remarks_on(
    coverage: Coverage, monthly: bool = True, signed_up: bool = True, lacking: Lacking | None = None
) -> list[Remark]:
    """Say what the months that tables cover mean for the figures; `monthly` as in `months.look`.

    `signed_up` is whether files say when accounts signed up; `lacking` is which files have no row of a month.
    """
    revenue = coverage.of("revenue")
    found = _on_revenue(revenue, monthly, lacking.months if lacking else {}) if revenue else []
    for name, hole in lacking.holes if lacking else ():
        words = (
            f"{name} has no row of {spans(hole, month_name)}, which other files have: its accounts count as left then."
        )
        found.append(Remark(words, "Add the missing export, unless they paused.", 0.5))
    if coverage.before and revenue:
        why = "and signed up earlier" if signed_up else "and nobody knows since when"
        words = (
            f"{count(coverage.before, 'customer')} of before: they pay in {month_name(revenue.first)}, the first month "
            f"of revenue, {why}. They count in MRR, NRR and churn, and never as new."
        )
        found.append(Remark(words, "Add the months before, if their first payments are wanted.", 0.5))
    kinds: dict[Cover, list[str]] = {}
    for name, cover in coverage.tables.items():
        if name.startswith("spend: "):
            kinds.setdefault(cover, []).append(name.removeprefix("spend: "))
    for cover, names in kinds.items():
        found += _on_spend(f"Spend on {listed(names)}", cover, revenue)
    return found


def on_beginnings(revenue: Cover, perhaps: int, after_gaps: Mapping[int, int]) -> list[Remark]:
    """Say which customers may not have begun in the month in which they first pay.

    `perhaps` of them in the second month; `after_gaps` of a month that follows one that is not known.
    """
    found, second = [], month_name(revenue.first + 1)
    if perhaps:
        first = month_name(revenue.first)
        words = (
            f"{count(perhaps, 'account')} that signed up long before first pay in {second}, the month after the first: "
            "they count as new."
        )
        repair = f"If the export begins within {first}, leave that month out."
        found.append(Remark(words, repair, 1.0))
    for month, times in after_gaps.items():
        if times:
            gap = [one for one in range(revenue.first, month) if not revenue.has(one)]
            since = max((one for one in range(revenue.first, month) if revenue.has(one)), default=revenue.first)
            unknown = spans([one for one in gap if one > since], month_name)
            words = (
                f"{count(times, 'customer')} with a first payment in {month_name(month)} may have begun in {unknown}"
            )
            more = f"which is not known: new in {month_name(month)}, and in no cost of a customer."
            found.append(Remark(f"{words}, {more}", touches=0.3))
    return found


def _on_revenue(revenue: Cover, monthly: bool, lacking: Mapping[int, str]) -> list[Remark]:
    found, last = [], month_name(revenue.last)
    if revenue.running is not None:
        words = f"{month_name(revenue.running)} is still running: figures are as of {last}, the last full month."
        found.append(Remark(words, touches=1.0))
    for month in revenue.unfinished:
        then = f"figures are as of {last}" if month > revenue.last else "what changed then is not known"
        then = f"figures begin with {month_name(revenue.first)}" if month < revenue.first else then
        beside = "after" if month < revenue.first else "before"
        less = (
            f"is not in all files ({lacking[month]})"
            if month in lacking
            else (f"looks unfinished, with under half of the month {beside}")
        )
        words = f"Revenue of {month_name(month)} {less}: {then}."
        found.append(Remark(words, COMPLETE, 1.0))
    if revenue.gaps:
        months = spans(revenue.gaps, month_name)
        words = f"No file has the revenue of {months}: what changed then is not known."
        repair = "Add the missing export."
        if not monthly:
            words = f"Nothing runs to the end of {months}: what changed then is not known."
            repair = "Where an end is the last day that is paid for, write the day after; else add what is missing."
        more = "Churn, movements and quick ratio are counted without; NRR from there or to there is unknown."
        found.append(Remark(f"{words} {more}", repair, 1.0))
    if monthly and (apart := _apart(revenue)):
        words = (
            f"Only one month in {apart} has revenue: if its amounts are of all {apart}, MRR is a part of what is shown."
        )
        found.append(Remark(words, "Export MRR of each month, or name quarters as 2026-Q3.", 1.0))
    return found


def _apart(revenue: Cover) -> int:
    """How many months lie from each that is known to the next, where these are quarters or years; else 0."""
    steps = {later - month for month, later in pairwise(revenue.months())}
    return steps.pop() if steps in ({3}, {6}, {12}) and len(revenue.months()) > 2 else 0


def _on_spend(what: str, cover: Cover, revenue: Cover | None) -> list[Remark]:
    found = []
    if cover.gaps:
        words = f"{what} has no posting in {spans(cover.gaps, month_name)}, though nearly every other month has one."
        found.append(Remark(f"{words} Costs are counted without these months.", "Add the missing postings.", 0.6))
    if cover.unfinished:
        words = f"{what} of {spans(cover.unfinished, month_name)} looks unfinished and is left out."
        found.append(Remark(words, COMPLETE, 0.6))
    elif revenue and cover.last < revenue.last:
        words = f"{what} ends with {month_name(cover.last)}, revenue with {month_name(revenue.last)}."
        more = "Costs are counted over the months that both cover."
        found.append(Remark(f"{words} {more}", "Add the later postings.", 0.6))
    if revenue and cover.first > revenue.first:
        words = f"{what} begins with {month_name(cover.first)}: costs of earlier months are not known."
        found.append(Remark(words, touches=0.2))
    return found
