"""The metrics once more, in plain Python over dictionaries: no SQL, no arrays, no window functions."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

PARTNER = {"ecosystem", "channel", "referral", "affiliate", "reseller"}


def month(text):
    return int(text[:4]) * 12 + int(text[5:7]) - 1


class Oracle:
    """Everything is looked up account by account, month by month."""

    def __init__(self, paths):
        tables = {name: list(csv.DictReader(path.read_text("utf-8").splitlines())) for name, path in paths}
        self.accounts = {row["account_id"]: row for row in tables["accounts.csv"]}
        self.partners, self.spending = tables["partners.csv"], tables["spend.csv"]
        self.mrr = defaultdict(dict)
        self.rows = tables["revenue.csv"]
        for row in self.rows:
            if row["account_id"] in self.accounts and Decimal(row["mrr"]) > 0:
                self.mrr[row["account_id"]][month(row["month"])] = int(Decimal(row["mrr"]) * 100)
        self.known = self.months()
        self.last = max(self.known)
        for paid in self.mrr.values():
            for when in set(paid) - self.known:
                del paid[when]
        first, signups = min(self.known), [month(row["signed_up_on"]) for row in self.accounts.values()]
        self.before = set()
        if min(signups) < first - 3:
            here = [name for name in self.accounts if month(self.accounts[name]["signed_up_on"]) < first]
            self.before = {name for name in here if self.at(name, first)}

    def months(self):
        """The months that are known: not those without a row, nor those of under half of the month before.

        Nor months at the end in which nobody pays, nor a first one of under half of the next in which most of those
        that begin signed up long before.
        """
        rows, amounts = defaultdict(int), defaultdict(int)
        for row in self.rows:
            rows[month(row["month"])] += Decimal(row["mrr"]) > 0
            amounts[month(row["month"])] += Decimal(row["mrr"])

        def halved(now, then):
            return rows[then] >= 10 and (rows[now] * 2 < rows[then] or amounts[now] * 2 < amounts[then])

        found = sorted(rows)
        whole = {found[0]}
        for at, when in enumerate(found[1:], 1):
            last, after = max(whole), found[at + 1 :]
            falls = (len(after) == 1 and halved(after[0], when)) or not any(rows[one] for one in (when, *after))
            if not (halved(when, last) and (not after or falls or not halved(after[0], last))):
                whole.add(when)
        first, second = found[0], found[0] + 1
        if second in whole and halved(first, second):
            begin = [name for name, paid in self.mrr.items() if paid and min(paid) == second]
            long_before = [name for name in begin if month(self.accounts[name]["signed_up_on"]) < first - 3]
            whole -= {first} if len(long_before) * 2 > len(begin) else set()
        return whole

    def members(self, motions):
        return [name for name, row in self.accounts.items() if (row["motion"] or "organic") in motions]

    def at(self, account, when):
        return self.mrr[account].get(when, 0)

    def movements(self, motions, when):
        total = defaultdict(int)
        if when not in self.known:
            return total
        for account in self.members(motions):
            before, now = self.at(account, when - 1), self.at(account, when)
            paid_earlier = account in self.before or any(earlier < when for earlier in self.mrr[account])
            if when - 1 not in self.known and paid_earlier:
                before = now  # what changed is not known
            total["opening"] += before
            total["closing"] += now
            if before and now > before:
                total["expansion"] += now - before
            elif before and 0 < now < before:
                total["contraction"] += before - now
            elif before and not now:
                total["churn"] += before
            elif now and not before:
                total["reactivation" if paid_earlier else "new_mrr"] += now
        return total

    def retention(self, motions, when):
        base = [account for account in self.members(motions) if self.at(account, when - 12)]
        before = sum(self.at(account, when - 12) for account in base)
        now = sum(self.at(account, when) for account in base)
        kept = sum(min(self.at(account, when), self.at(account, when - 12)) for account in base)
        return now / before, kept / before, len(base)

    def pairs(self, motions, when):
        base = [account for account in self.members(motions) if self.at(account, when - 12)]
        return [(self.at(account, when), self.at(account, when - 12)) for account in base]

    def new_customers(self, motions, first, last):
        return sum(
            1
            for account in self.members(motions)
            if self.mrr[account] and account not in self.before and first <= min(self.mrr[account]) <= last
        )

    def pqls(self, motions, first, last):
        found = [a for a in self.members(motions) if self.accounts[a]["pql_on"]]
        found = [a for a in found if first <= month(self.accounts[a]["pql_on"]) <= last]
        return len(found), sum(1 for account in found if self.mrr[account] and min(self.mrr[account]) <= last)

    def activation(self, motions, first, last, days):
        end = date((last + 1) // 12, (last + 1) % 12 + 1, 1) - timedelta(days=1)
        done = total = 0
        for account in self.members(motions):
            row = self.accounts[account]
            cohort = month(row["signed_up_on"])
            cohort_end = date((cohort + 1) // 12, (cohort + 1) % 12 + 1, 1) - timedelta(days=1)
            if first <= cohort <= last and cohort_end + timedelta(days=days) <= end:
                total += 1
                if row["activated_on"]:
                    taken = date.fromisoformat(row["activated_on"]) - date.fromisoformat(row["signed_up_on"])
                    done += taken.days <= days
        return done, total

    def spend(self, first, last, motions=None, kinds=None):
        motion_of = {row["partner_id"]: row["motion"] for row in self.partners}
        return (
            sum(
                int(Decimal(row["amount"]) * 100)
                for row in self.spending
                if first <= month(row["month"]) <= last
                and (motions is None or (row["motion"] or motion_of.get(row["partner_id"])) in motions)
                and (kinds is None or row["kind"] in kinds)
            )
            / 100
        )

    def active_partners(self, when):
        there = [
            row["partner_id"]
            for row in self.partners
            if month(row["recruited_on"]) <= when and (not row["ended_on"] or month(row["ended_on"]) > when)
        ]
        paying = {self.accounts[account]["partner_id"] for account in self.members(PARTNER) if self.at(account, when)}
        return sum(1 for name in there if name in paying), len(there)
