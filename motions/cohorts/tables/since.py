"""What changed since an earlier ledger, as text and tables."""

import pandas as pd

from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.text import shown
from motions.cohorts.verdicts.since import Since
from motions.names import NAMES
from motions.text import count, listed, money, money_exact, month_name


def headline(found: Since, now: Ledger, settings: m.Settings) -> str:
    """Say in one sentence by how much partner MRR moved, who caused it, and what of the past is another."""
    change = sum(one.change for one in found.motions)
    currency = now.currency or ""
    mrr = next(one for one in found.changes if one.metric == "mrr")
    if not (mrr.before.known() and mrr.now.known()):
        why = mrr.before.note or mrr.now.note
        return f"What moved partner MRR since {month_name(found.month)} is unknown: {why}."
    way = "rose" if change > 0 else "fell" if change < 0 else "is the same"
    said = f"Since {month_name(found.month)} partner MRR {way}"
    said += f" by {money(abs(change), currency)}" if change else ""
    same = [one for one in found.partners if one.change * change > 0][:3]
    most = "most of it" if sum(one.change for one in same) / (change or 1) > 0.5 else "of the partners most"
    said += f", {most} {listed([f'{one.name} ({money(one.change, currency)})' for one in same])}" if same else ""
    if found.restated_months:
        months = count(len(found.restated_months), "month")
        said += f"; MRR of {months} up to then is another today, the first is {month_name(found.restated_months[0])}"
    return f"{said}. It is read as of {month_name(settings.as_of)}."


def changes(found: Since, now: Ledger, settings: m.Settings) -> pd.DataFrame:
    """Return the metrics of the partner side then and now, and what today's files say of the same month."""
    then, today = month_name(found.month), month_name(settings.as_of)
    return pd.DataFrame(
        [
            {
                "Metric": m.BY_ID[one.metric].title,
                f"{then}, as it was": shown(m.BY_ID[one.metric].unit, one.before, now.currency),
                today: shown(m.BY_ID[one.metric].unit, one.now, now.currency),
                f"{then}, as it is today": shown(m.BY_ID[one.metric].unit, one.restated, now.currency)
                if one.is_restated
                else "the same",
            }
            for one in found.changes
        ]
    )


def causes(found: Since, now: Ledger, settings: m.Settings) -> pd.DataFrame:
    """Return what motions, and the partners that moved most, added to partner MRR or took from it."""
    currency = now.currency or ""
    mrr = next(one for one in found.changes if one.metric == "mrr")
    if not (mrr.before.known() and mrr.now.known()):
        return pd.DataFrame()

    def row(kind: str, one_id: str, name: str, before: str, today: str, change: float) -> dict[str, str]:
        return {
            "What": kind, "Id": one_id, "Name": name, f"MRR in {month_name(found.month)}, as it was": before,
            f"MRR in {month_name(settings.as_of)}": today, "Change": money_exact(change, currency),
        }  # fmt: skip

    rows = [
        row("Motion", "", NAMES[one.id], money_exact(one.before, currency), money_exact(one.now, currency), one.change)
        for one in found.motions
    ]
    rows += [
        row("Partner", one.id, one.name, money_exact(one.before, currency), money_exact(one.now, currency), one.change)
        for one in found.partners
    ]
    if abs(found.others) >= 0.005:
        rows.append(row("Partner", "", "all others, and none", "", "", found.others))
    return pd.DataFrame(rows)
