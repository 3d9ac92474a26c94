"""A small program in which partner and organic are unlike, as raw rows, and its figures by plain pandas on them.

Partners bring many who start, pay more, grow and leave early; organic accounts start slowly, pay little and stay. The
rows follow rules that one can read, without chance. 18 months, 2025-01 to 2026-06.
"""

import calendar
import csv
import math
from datetime import date, timedelta

import pandas as pd

MONTHS = [f"{2025 + at // 12}-{at % 12 + 1:02d}" for at in range(18)]
LAST = 2026 * 12 + 5
PARTNERS = (("P1", "Uno", "affiliate"), ("P2", "Due & <Due>", "affiliate"), ("P3", "Tre", "reseller"))
SIDE = {"affiliate": "Partner", "reseller": "Partner", "organic": "Organic"}


def _partner_mrr(number, age):
    """Half of them grow after three months; every third leaves after seven, and every sixth of all comes back."""
    price = 100 + 10 * (number % 7)
    if number % 3 == 0 and age >= 7:
        return price if number % 6 == 0 and age >= 13 else 0
    return price * 2 if number % 2 and age >= 3 else price


def _organic_mrr(number, age):
    """One in eight leaves after ten months; one in eight pays a quarter less after five."""
    price = 40 + 4 * (number % 5)
    if number % 8 == 0 and age >= 10:
        return 0
    return price * 0.75 if number % 8 == 1 and age >= 5 else price


def _account(name, number, motion, partner, starts, activates, qualifies, mrr):
    """An account as rows: signed up in one of the first 17 months, and what it paid each month from then on."""
    signed = date(2025 + starts // 12, starts % 12 + 1, 1 + number % 20)
    activated = signed + timedelta(days=activates) if activates is not None else None
    account = {
        "account_id": name, "signed_up_on": signed, "motion": motion, "partner_id": partner,
        "activated_on": activated, "pql_on": signed + timedelta(days=10) if qualifies else None,
    }  # fmt: skip
    first = starts + number % 2
    paid = [] if mrr is None else [(at, mrr(number, at - first)) for at in range(first, 18)]
    return account, [
        {"account_id": name, "month": MONTHS[at], "mrr": amount, "currency": "USD"} for at, amount in paid if amount
    ]


def accounts_and_revenue():
    rows = []
    for number in range(48):
        partner, _, motion = PARTNERS[(0, 0, 0, 1, 2, 2)[number % 6]]
        activates = None if number % 4 == 3 else (30 if number % 8 == 0 else 5)
        rows.append(
            _account(
                f"A{number:02d}", number, motion, partner, number * 5 % 17, activates, number % 3 != 2,
                None if number % 8 == 7 else _partner_mrr,
            )
        )  # fmt: skip
    for number in range(72):
        rows.append(
            _account(
                f"O{number:02d}", number, "organic", "", number * 7 % 17, 9 if number % 5 < 2 else None,
                number % 4 == 0, _organic_mrr if number % 3 else None,
            )
        )  # fmt: skip
    return pd.DataFrame([account for account, _ in rows]), pd.DataFrame([paid for _, some in rows for paid in some])


def spend():
    """Payouts and program cost of partners are small at first and large later; organic marketing stays as it is."""
    rows = []
    for at, month in enumerate(MONTHS):
        rows += [
            {"month": month, "amount": 60 + 25 * at, "kind": "payout", "motion": "affiliate", "partner_id": "P1"},
            {"month": month, "amount": 40, "kind": "payout", "motion": "reseller", "partner_id": "P3"},
            {"month": month, "amount": 150, "kind": "program", "motion": "affiliate", "partner_id": ""},
            {"month": month, "amount": 500, "kind": "marketing", "motion": "organic", "partner_id": ""},
        ]
    return pd.DataFrame(rows).assign(currency="USD")


def as_csv(frame):
    return [frame.columns.tolist(), *frame.astype(object).where(frame.notna(), "").to_numpy().tolist()]


def write(folder):
    """Write the files and return (name, path) of each."""
    accounts, revenue = accounts_and_revenue()
    partners = pd.DataFrame(PARTNERS, columns=["partner_id", "name", "motion"]).assign(recruited_on="2025-01-01")
    tables = {"accounts": accounts, "revenue": revenue, "partners": partners, "spend": spend()}
    files = []
    for name, frame in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(as_csv(frame))
        files.append((path.name, path))
    return files


class Plain:
    """The figures of the charts, worked out from the raw rows alone."""

    def __init__(self):
        self.accounts, paid = accounts_and_revenue()
        self.accounts["side"] = self.accounts["motion"].map(SIDE)
        self.accounts["signed"] = [at.year * 12 + at.month - 1 for at in self.accounts["signed_up_on"]]
        table = paid.pivot(index="account_id", columns="month", values="mrr").reindex(columns=MONTHS)
        self.mrr = table.reindex(self.accounts["account_id"]).fillna(0.0).set_axis(range(18), axis=1)
        self.first = (self.mrr > 0).idxmax(axis=1).where((self.mrr > 0).any(axis=1))
        self.spending = spend()

    def of(self, side):
        """Monthly MRR of the accounts of a side, or of a motion."""
        mine = (self.accounts["side"] == side) | (self.accounts["motion"] == side)
        return self.mrr[mine.to_numpy()]

    def kept(self, side, age, of, cohort=None):
        """What is kept at an age, of how many: of one cohort of first payment, or of all that are that old."""
        paid = self.of(side)
        first = self.first[paid.index].dropna().astype(int)
        first = first[(first + age < 18) & ((first == cohort) | (cohort is None))]
        found = [(paid.at[name, at], paid.at[name, at + age]) for name, at in first.items()]
        before, now = (sum(pair[at] for pair in found) for at in (0, 1))
        if of == "customers":
            before, now = len(found), sum(1 for _, later in found if later)
        return now / before if before else math.nan, len(found), found

    def moved(self, side, at):
        """MRR won and lost in a month, by account; what is lost is negative."""
        total = dict.fromkeys(("new_mrr", "expansion", "reactivation", "contraction", "churn"), 0.0)
        for name, row in self.of(side).iterrows():
            before, now = (row[at - 1] if at else 0.0), row[at]
            if now > before:
                total["expansion" if before else "new_mrr" if self.first[name] == at else "reactivation"] += (
                    now - before
                )
            elif now < before:
                total["contraction" if now else "churn"] += now - before
        return total

    def signups(self, side, first, last):
        rows = self.accounts
        return rows[(rows["side"] == side) & (rows["signed"] >= first) & (rows["signed"] <= last)]

    def won(self, side, at):
        """New customers of the three months up to one."""
        return int(self.first[self.of(side).index].between(at - 2, at).sum())

    def spent(self, kinds, at):
        """Spend of the three months up to one."""
        months = MONTHS[at - 2 : at + 1]
        rows = self.spending[self.spending["month"].isin(months) & self.spending["kind"].isin(kinds)]
        return float(rows["amount"].sum())

    def partner_mrr(self):
        """MRR of each partner in the last month, the largest first."""
        last = self.mrr[17].to_numpy()
        by_partner = pd.Series(last).groupby(self.accounts["partner_id"].to_numpy()).sum()
        return by_partner.drop("").sort_values(ascending=False)


def month_end(month):
    return date(month // 12, month % 12 + 1, calendar.monthrange(month // 12, month % 12 + 1)[1])
