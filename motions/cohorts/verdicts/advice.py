"""What to do with each partner: keep, enable or prune, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from motions.cohorts.coverage import NO_MOTION, UNMATCHED
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import proportion
from motions.cohorts.verdicts.rules import PartnerRules
from motions.text import count, money, month_name, percent

Step = Literal["keep", "enable", "prune", "ended", "unknown"]
NEEDS = ("accounts", "accounts.partner_id", "revenue")


@dataclass(frozen=True)
class Advice:
    """What to do with a partner, and the figures that say so."""

    step: Step
    reason: str


def advise(
    ledger: Ledger, settings: m.Settings, rules: PartnerRules, table: Mapping[str, NDArray[Any]] | None = None
) -> list[Advice]:
    """Return the advice for each row of `partner_table`, by the first rule that fits; `table` is that, once known."""
    table = table or m.partner_table(ledger, settings)
    if missing := [need for need in NEEDS if need not in ledger.has]:
        said = m.needs_text(missing)
        return [Advice("unknown", f"{said[:1].upper()}{said[1:]}.")] * len(table["partner_id"])
    if not (ledger.coverage.motions_known and ledger.coverage.partners_known):
        said = UNMATCHED if ledger.coverage.motions_known else NO_MOTION
        return [Advice("unknown", f"{said[:1].upper()}{said[1:]}.")] * len(table["partner_id"])
    organic = m.measure(m.BY_ID["activation"], ledger, settings, m.ORGANIC)
    # Lists of Python's own numbers: to take them out of arrays one by one would be most of the time.
    columns = {name: values.tolist() for name, values in table.items() if name != "trend"}
    return [
        _advice(dict(zip(columns, row, strict=True)), ledger, settings, rules, organic.value)
        for row in zip(*columns.values(), strict=True)
    ]


def _advice(
    row: dict[str, Any], ledger: Ledger, settings: m.Settings, rules: PartnerRules, organic: float | None
) -> Advice:
    since = settings.as_of - int(row["recruited_month"])
    quiet = settings.as_of - int(row["last_signup"]) if row["last_signup"] >= 0 else None
    if row["ended"] or since < 0:
        joins = f"Joins in {month_name(int(row['recruited_month']))}, after the as-of month."
        return Advice("ended", "Has left the program.") if row["ended"] else Advice("enable", joins)
    if quiet is None and since < rules.grace_months:
        return Advice("enable", f"Joined {_months(since)} ago and has brought no signup yet.")
    if not row["mrr"] and (quiet is None or quiet >= rules.quiet_months):
        never = "never brought a signup" if quiet is None else f"brought no signup for {_months(quiet)}"
        paid = (
            f" It was paid {money(float(row['payout']), ledger.currency or '')} in the window." if row["payout"] else ""
        )
        return Advice("prune", f"Has {never} and has no MRR.{paid}")
    if quiet is None or quiet >= rules.quiet_months:
        last = "never" if quiet is None else f"{_months(quiet)} ago"
        return Advice("enable", f"Lives from earlier customers: last signup {last}.")
    if weak := _weak(row, rules, organic):
        return Advice("enable", weak)
    new = count(int(row["new_customers"]), "new customer")
    return Advice("keep", f"Produces: {new} in the window.")


def _weak(row: dict[str, Any], rules: PartnerRules, organic: float | None) -> str:
    """What is wrong with the signups of a partner, or nothing."""
    if row["signups"] >= rules.few_signups and not row["new_customers"]:
        return f"Brought {count(int(row['signups']), 'signup')} in the window and no customer."
    if organic is not None and row["mature_signups"] >= rules.few_signups:
        own = proportion(round(float(row["activation"]) * int(row["mature_signups"])), int(row["mature_signups"]))
        if own.high is not None and own.high < organic:
            return f"Its signups rarely start: {percent(own.value)} of them activate, organic {percent(organic)}."
    return ""


@cache
def _months(number: int) -> str:
    return count(number, "month")


def curve(ledger: Ledger, settings: m.Settings) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return shares: of the partners there from the largest on, and of all partner MRR that they carry together.

    MRR of partner motions that no listed partner is credited with keeps the curve below one.
    """
    table = m.partner_table(ledger, settings)
    there = int(m.partners_there(ledger, settings.as_of, m.PARTNER).sum())
    mrr = table["mrr"][: max(there, int((table["mrr"] > 0).sum()))]
    total = float(ledger.at("closing", settings.as_of)[list(m.PARTNER)].sum()) / 100
    if not total:
        return np.zeros(1), np.zeros(1)
    carried = np.concatenate([[0.0], np.cumsum(mrr) / total])
    return np.linspace(0, 1, len(carried)), carried
