"""What to do with each partner: keep, renegotiate, enable or prune, why, and what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from motions.cohorts.contract import MOTIONS
from motions.cohorts.coverage import NO_MOTION, UNMATCHED
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics.intervals import TOO_FEW, proportion
from motions.cohorts.verdicts.rules import PartnerRules
from motions.text import count, money, month_name, percent

Step = Literal["keep", "renegotiate", "enable", "prune", "ended", "unknown"]
NEEDS = ("accounts", "accounts.partner_id", "revenue")
DOUBT = 1.645
"""Standard deviations below a partner's churn that must still be above organic's, before it is called fast."""


@dataclass(frozen=True)
class Advice:
    """What to do with a partner, the figures that say so, and what would change it."""

    step: Step
    reasons: tuple[str, ...]
    otherwise: str = ""
    unsure: str = ""
    """what is seen and rests on too few to say anything by"""

    @property
    def reason(self) -> str:
        """The reasons as text."""
        return " ".join(self.reasons)


@dataclass(frozen=True)
class _Beside:
    """What partners are compared with."""

    activation: float | None
    churn: float | None
    cac: float | None
    mrr: float
    currency: str
    when: str
    """over which months payouts and gross profit are compared"""


def advise(
    ledger: Ledger, settings: m.Settings, rules: PartnerRules, table: Mapping[str, NDArray[Any]] | None = None
) -> list[Advice]:
    """Return the advice for each row of `partner_table`, by the first rule that fits; `table` is that, once known."""
    table = table or m.partner_table(ledger, settings)
    if missing := [need for need in NEEDS if need not in ledger.has]:
        said = m.needs_text(missing)
        return [Advice("unknown", (f"{said[:1].upper()}{said[1:]}.",))] * len(table["partner_id"])
    if not (ledger.coverage.motions_known and ledger.coverage.partners_known):
        said = UNMATCHED if ledger.coverage.motions_known else NO_MOTION
        return [Advice("unknown", (f"{said[:1].upper()}{said[1:]}.",))] * len(table["partner_id"])
    beside = _Beside(
        m.measure(m.BY_ID["activation"], ledger, settings, m.ORGANIC).value,
        m.measure(m.BY_ID["customer_churn"], ledger, settings, m.ORGANIC).value,
        m.measure(m.BY_ID["blended_cac"], ledger, settings, m.ALL).value,
        m.measure(m.BY_ID["mrr"], ledger, settings, m.PARTNER).value or 0.0,
        ledger.currency or "",
        m.cost_months(ledger, settings, ("payout",))[1] or "in the window",
    )
    # Lists of Python's own numbers: to take them out of arrays one by one would be most of the time.
    columns = {name: values.tolist() for name, values in table.items() if name != "trend"}
    return [
        _advice(dict(zip(columns, row, strict=True)), settings, rules, beside)
        for row in zip(*columns.values(), strict=True)
    ]


def _advice(row: dict[str, Any], settings: m.Settings, rules: PartnerRules, beside: _Beside) -> Advice:
    since = settings.as_of - int(row["recruited_month"])
    quiet = settings.as_of - int(row["last_signup"]) if row["last_signup"] >= 0 else None
    found = _there(row, since, quiet, rules, beside) or _produces(row, quiet, rules, beside)
    return replace(found, unsure=_unsure(row, beside))


def _there(row: dict[str, Any], since: int, quiet: int | None, rules: PartnerRules, beside: _Beside) -> Advice | None:
    """The advice on a partner that has left, is new, or neither brings nor has anything; none on others."""
    if row["ended"]:
        return Advice("ended", ("Has left the program.",))
    if since < 0:
        return Advice("enable", (f"Joins in {month_name(int(row['recruited_month']))}, after the as-of month.",))
    grace = rules.grace(str(row["motion"]))
    if quiet is None and since < grace:
        joined = f"Joined {_months(since)} ago and has brought no signup yet."
        return Advice("enable", (joined,), f"Pruned without a signup in {_months(grace - since)}.")
    if row["mrr"] or not (quiet is None or quiet >= rules.quiet_months):
        return None
    never = "never brought a signup" if quiet is None else f"brought no signup for {_months(quiet)}"
    paid = (f"It was paid {money(float(row['payout']), beside.currency)} in the window.",) if row["payout"] else ()
    return Advice("prune", (f"Has {never} and has no MRR.", *paid), "Kept with a signup that becomes a customer.")


def _produces(row: dict[str, Any], quiet: int | None, rules: PartnerRules, beside: _Beside) -> Advice:
    """The advice on a partner that has customers or brings signups: cost, time, retention, production."""
    risk, fast = _risk(row, rules, beside), _leaves_fast(row, rules, beside)
    weak = (*_weak(row, rules, beside.activation), *fast)
    is_quiet = quiet is None or quiet >= rules.quiet_months
    missing = [] if row["new_customers"] else ["with a new customer"]
    if is_quiet and row["new_customers"]:
        missing.append("with a new signup")
    missing += ["when its signups start and its customers stay as others do"] if weak else []
    if dear := _too_dear(row, rules, beside):
        reasons = (*dear[0], *fast, *risk)
        return Advice("renegotiate", reasons, f"Kept {' and '.join([dear[1], *missing])}.")
    otherwise = f"Kept {' and '.join(missing)}."
    if is_quiet:
        last = "never" if quiet is None else f"{_months(quiet)} ago"
        lives = f"Lives from earlier customers: last signup {last}."
        return Advice("enable", (lives, *fast, *risk), otherwise)
    if weak:
        return Advice("enable", (*weak, *risk), otherwise)
    if not row["new_customers"]:
        return Advice("enable", ("Brought no new customer in the window.", *risk), otherwise)
    return Advice("keep", (*_fine(row, beside), *risk), _until(row, rules, beside))


def _too_dear(row: dict[str, Any], rules: PartnerRules, beside: _Beside) -> tuple[tuple[str, ...], str] | None:
    """What a partner costs too much by, and what it would have to be; nothing where it does not."""
    said, change = [], []
    payout, profit = float(row["cost"]), float(row["gross_profit"])
    allowed = rules.payout_of_profit / 100 * profit
    if payout > 0 and payout > allowed:
        share = f"{percent(payout / profit, 0)} of" if profit else "with no"
        said.append(f"Was paid {money(payout, beside.currency)}, {share} gross profit of its customers {beside.when}.")
        change.append(f"payouts of {money(allowed, beside.currency)}")
    if beside.cac and row["new_customers"] >= TOO_FEW and row["cpa"] > rules.cpa_times * beside.cac:
        times = row["cpa"] / beside.cac
        said.append(f"A new customer costs {money(float(row['cpa']), beside.currency)}, {times:.1f} × blended CAC.")
        change.append(f"a CPA of {money(rules.cpa_times * beside.cac, beside.currency)}")
    return (tuple(said), f"at {' and '.join(change)} or less") if said else None


def _unsure(row: dict[str, Any], beside: _Beside) -> str:
    """What the customers of a partner cost where they are too few to judge it by; nothing where none was paid for."""
    if not beside.cac or not 0 < row["new_customers"] < TOO_FEW or not row["cpa"] > 0:
        return ""
    cost, won = money(float(row["cpa"]), beside.currency), _customers(int(row["new_customers"]))
    return f"A CPA of {cost}, on {won}: too few to say."


def _leaves_fast(row: dict[str, Any], rules: PartnerRules, beside: _Beside) -> tuple[str, ...]:
    """That its customers leave fast, by its churn drawn to that of its motion."""
    churn, doubt = float(row["churn"]), float(row["churn_sd"])
    if beside.churn is None or not row["exposed"] or churn <= rules.churn_times * beside.churn:
        return ()
    if churn - DOUBT * doubt <= beside.churn:
        return ()
    return (
        f"Its customers leave fast: {percent(churn)} a month (drawn to its motion's), organic {percent(beside.churn)}.",
    )


def _weak(row: dict[str, Any], rules: PartnerRules, organic: float | None) -> tuple[str, ...]:
    """What is wrong with the signups of a partner, or nothing."""
    if row["signups"] >= rules.few_signups and not row["new_customers"]:
        return (f"Brought {count(int(row['signups']), 'signup')} in the window and no customer.",)
    if organic is not None and row["mature_signups"] >= rules.few_signups:
        own = proportion(round(float(row["activation"]) * int(row["mature_signups"])), int(row["mature_signups"]))
        if own.high is not None and own.high < organic:
            said = f"Its signups rarely start: {percent(own.value)} of them activate, organic {percent(organic)}."
            return (said,)
    return ()


def _risk(row: dict[str, Any], rules: PartnerRules, beside: _Beside) -> tuple[str, ...]:
    """That much of partner MRR hangs on this one."""
    share = row["mrr"] / beside.mrr if beside.mrr else 0.0
    return (f"Carries {percent(share, 0)} of partner MRR: a risk.",) if share * 100 >= rules.largest_share else ()


def _fine(row: dict[str, Any], beside: _Beside) -> tuple[str, ...]:
    """What speaks for a partner that is kept."""
    said = [f"Produces: {_customers(int(row['new_customers']))} in the window."]
    if beside.cac and row["cpa"] > 0 and row["new_customers"] >= TOO_FEW:
        said.append(f"CPA {row['cpa'] / beside.cac:.1f} × blended CAC.")
    if row["cost"] and row["gross_profit"]:
        said.append(f"Payouts are {percent(row['cost'] / row['gross_profit'], 0)} of gross profit.")
    return tuple(said)


def _until(row: dict[str, Any], rules: PartnerRules, beside: _Beside) -> str:
    """What would change the advice on a partner that is kept."""
    if not beside.cac:
        return f"Enabled after {_months(rules.quiet_months)} without a signup."
    if row["new_customers"] < TOO_FEW:
        return f"Renegotiated with payouts above {percent(rules.payout_of_profit / 100, 0)} of gross profit."
    return f"Renegotiated above a CPA of {_cost(rules.cpa_times * beside.cac, beside.currency)}."


@cache
def _customers(number: int) -> str:
    return count(number, "new customer")


@cache
def _cost(amount: float, currency: str) -> str:
    return money(amount, currency)


@cache
def _months(number: int) -> str:
    return count(number, "month")


def curve(
    ledger: Ledger, settings: m.Settings, group: m.Group = m.PARTNER
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return shares: of a group's partners there from the largest on, and of its MRR that they carry together.

    MRR of partner motions that no listed partner is credited with keeps the curve below one.
    """
    table = m.partner_table(ledger, settings)
    own = np.isin(table["motion"].astype(str), [MOTIONS[at] for at in group])
    there = int(m.partners_there(ledger, settings.as_of, group).sum())
    mrr = table["mrr"][own]
    mrr = mrr[: max(there, int((mrr > 0).sum()))]
    total = float(ledger.at("closing", settings.as_of)[list(group)].sum()) / 100
    if not total:
        return np.zeros(1), np.zeros(1)
    carried = np.concatenate([[0.0], np.cumsum(mrr) / total])
    return np.linspace(0, 1, len(carried)), carried
