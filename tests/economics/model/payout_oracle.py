"""What partners are paid, once more: one account and one month after the other, in fractions, nothing vectorised.

It follows the words of the terms and of `statement`, and shares no code with it.
"""

from collections import defaultdict
from fractions import Fraction
from math import ceil, floor


def fraction(number):
    return Fraction(str(number))


def rounded(amount):
    """Half up by size."""
    size = floor(abs(amount) + Fraction(1, 2))
    return size if amount >= 0 else -size


def bands_of(terms, first):
    found = [(Fraction(0), first)]
    for tier in (2, 3, 4):
        start = getattr(terms, f"tier_{tier}_from")
        if not start:
            break
        begins = fraction(start)
        if terms.tier_by == "customers" and terms.tiers == "marginal":
            begins = Fraction(max(ceil(begins) - 1, 0))  # "from 3" is the third customer
        found.append((begins, getattr(terms, f"tier_{tier}_value")))
    return found


def hold_of(plan):
    """Months until the money goes: day by day from the last of the month on, until the hold is over on a payout day."""
    if not plan.payout_day:
        return ceil(Fraction(int(plan.hold_days), 30))
    day = 1
    while day < plan.hold_days or (day - 1) % 30 + 1 != plan.payout_day:
        day += 1
    return (day - 1) // 30 + 1


class Plan:
    """A plan applied to one partner. `accounts` are {month: cents} in the order in which they count; months from 0.

    `covers`: {(account, month): months that the payment is for}. `refunds`: {(account, month): [(months later,
    cents)]}.
    `bought`: {account: (price plan from 0, whether it prepays years)}.
    """

    def __init__(self, plan, accounts, signups, months, covers=None, refunds=None, bought=None):
        self.bought = bought or {}
        self.plan, self.months, self.signups = plan, months, signups
        self.covers = covers or {}
        refunds = refunds or {}
        every = [(*at, later, cents) for at, some in refunds.items() for later, cents in some]
        self.refunds = [one for one in every if one[1] + one[2] < months]
        self.cuts = {}  # (account, month, month of the refund) → what is taken back of its lines
        self.less = {}  # (account, month) → cents that a month is looked at without
        self.accounts = [{month: cents for month, cents in one.items() if cents} for one in accounts]
        self.first = [min(one) if one else None for one in self.accounts]
        self.due, self.margin, self.spend = defaultdict(int), defaultdict(int), defaultdict(int)
        self.lines = defaultdict(list)  # (account, month) → what is paid for the customer
        self.capped, self.back, self.credit = defaultdict(int), defaultdict(int), defaultdict(int)
        self.backs = defaultdict(int)  # (month it was earned in, month it is taken back in)
        self.gone = frozenset()  # accounts that a month is looked at without
        self.run()

    def paid_by(self, who, month):
        cents = self.accounts[who].get(month, 0)
        if cents and month - self.first[who] < self.plan.coupon_months:
            cents = rounded(cents * (1 - fraction(self.plan.coupon)))
        return cents - self.part(who, month, cents, self.less.get((who, month), 0)) if cents else 0

    def part(self, who, month, amount, cents):
        """What of an amount goes with so many cents of what an account paid at list price in a month."""
        return rounded(Fraction(amount * cents, self.accounts[who][month]))

    def rewarded(self, who):
        if not self.plan.cap_customers:
            return True
        before = [at for at in range(who) if self.first[at] == self.first[who]]
        return len(before) < floor(self.plan.cap_customers)

    def in_full(self, who, month):
        """Whether a month is looked at without what an account paid, all of which it was paid back."""
        return self.less.get((who, month), 0) >= self.accounts[who][month]

    def which(self, terms, who):
        """Which of the rates counts for an account: 0 is the first."""
        on_plan, yearly = self.bought.get(who, (0, False))
        if terms.rate_by == "plan":
            return on_plan
        if terms.rate_by == "billing":
            return int(yearly)
        a_month = Fraction(self.accounts[who][self.first[who]], 12 if yearly else 1)
        return int(a_month >= fraction(terms.rate_size_from) * 100)

    def brought(self, terms, month):
        there = [who for who in range(len(self.accounts)) if who not in self.gone]
        if terms.tier_by == "customers":
            return Fraction(sum(self.first[who] == month and not self.in_full(who, month) for who in there))
        return Fraction(sum(self.paid_by(who, month) for who in there), 100)

    def stated(self, terms, first, base, month):
        """{account: line} of {account: base in cents, or 1}, for rates that are fractions or cents."""
        if terms.tiers == "none":
            return {who: rounded(amount * first) for who, amount in base.items()}
        bands, brought = bands_of(terms, first), self.brought(terms, month)
        if terms.tiers == "whole":
            rate = [value for start, value in bands if brought >= start][-1]
            return {who: rounded(amount * fraction(rate)) for who, amount in base.items()}
        whole, total = sum(base.values()), 0
        for at, (start, value) in enumerate(bands):
            end = bands[at + 1][0] if at + 1 < len(bands) else None
            inside = max((brought if end is None else min(brought, end)) - start, 0)
            if brought:
                total += rounded(inside / brought * whole * fraction(value))
        if not brought:
            total = rounded(whole * fraction(first))
        lines, so_far, given = {}, 0, 0
        for who, amount in base.items():
            so_far += amount
            upto = rounded(Fraction(total * so_far, whole)) if whole else 0
            lines[who], given = upto - given, upto
        return lines

    def run(self):
        plan = self.plan
        self.seen = {}
        self.market = defaultdict(int)
        runs = [-1] * len(self.accounts)
        value = [0] * len(self.accounts)
        for month in range(self.months):
            paying = {who: self.paid_by(who, month) for who, one in enumerate(self.accounts) if month in one}
            booked = self.sides(month, paying, runs, value)
            self.seen[month] = (paying, booked)
            self.month(month, paying, booked)
            self.market[month] += sum(self.to_marketplace(amount) for amount in paying.values())
        if plan.cap_payout:
            self.cut()
        self.give_back()
        if plan.clawback != "none" or self.refunds:
            self.take_back()
        self.payout = {at: self.due[at] - self.capped[at] - self.back[at] for at in range(self.months)}
        self.when()

    def to_marketplace(self, amount):
        if buys := self.plan.wholesale:
            amount = rounded(amount * fraction(min(max(buys.resale_price, buys.band_low), buys.band_high)))
        return rounded(amount * fraction(self.plan.marketplace_fee))

    def sides(self, month, paying, runs, value):
        plan = self.plan
        if plan.wholesale:
            return self.wholesale(month, paying, runs, value)
        self.spend[month] = sum(paying.values())
        if not plan.margin:
            return paying
        kept = self.stated(plan.margin, fraction(plan.margin.margin), paying, month)
        self.margin[month] = sum(kept.values())
        return {who: amount - kept[who] for who, amount in paying.items()}

    def wholesale(self, month, paying, runs, value):
        terms = self.plan.wholesale
        for who in paying:
            value[who] = self.accounts[who][month]
            if runs[who] < month:
                runs[who] = month + terms.prepaid_months - 1
        # Where a total is divided, paying customers come first, then licences without one.
        licences = {who: value[who] for who in paying}
        licences |= {who: value[who] for who in range(len(runs)) if who not in paying and runs[who] >= month}
        discount = self.stated(terms, fraction(terms.discount), licences, month)
        booked = {who: amount - discount[who] for who, amount in licences.items()}
        price = fraction(min(max(terms.resale_price, terms.band_low), terms.band_high))
        self.spend[month] = sum(rounded(amount * price) for amount in paying.values())
        self.margin[month] = self.spend[month] - sum(booked.values())
        return booked

    def month(self, month, paying, booked):
        plan = self.plan
        age = {who: month - self.first[who] for who in {**paying, **booked}}
        earning = {who: amount for who, amount in paying.items() if self.rewarded(who) and who not in self.gone}
        if plan.percent:
            self.percent(plan.percent, month, earning, age)
        if plan.flat:
            redeemed = fraction(plan.flat.redemption_rate) if plan.flat.paid_in == "credit" else Fraction(1)
            values = {
                name: rounded(rounded(fraction(getattr(plan.flat, name)) * 100) * redeemed)
                for name in ("reward", "rate_2", "rate_3", "tier_2_value", "tier_3_value", "tier_4_value")
            }
            flat = plan.flat.model_copy(update=values)
            first = {who: 1 for who in earning if age[who] == 0 and not self.in_full(who, month)}
            lines = self.stated(flat, values["reward"], first, month)
            if flat.rate_by != "nothing":
                rates = (values["reward"], values["rate_2"], values["rate_3"])
                lines = {who: rates[self.which(flat, who)] for who in first}
            self.add(month, lines, is_reward=True)
            if plan.flat.paid_in == "credit":
                self.credit[month] += sum(lines.values())
        if plan.lead:
            self.due[month] += self.signups.get(month, 0) * rounded(fraction(plan.lead.reward) * 100)
        if plan.share:
            base = {
                who: cents
                for who, cents in booked.items()
                if self.rewarded(who) and age[who] < plan.share.months and who not in self.gone
            }
            self.add(month, self.stated(plan.share, fraction(plan.share.rate), base, month))
            funds = fraction(plan.share.funds_rate) * fraction(plan.share.funds_used)
            back = sum(
                self.part(who, at, self.seen[at][1][who], cents)
                for who, at, later, cents in self.refunds
                if at + later == month
            )
            self.due[month] += rounded((sum(self.seen[month][1].values()) - back) * funds)

    def percent(self, terms, month, earning, age):
        months = {"first payment": 1, "lifetime": 10**6}.get(terms.duration, terms.months)
        if terms.months_counted == "paid":
            age = {who: sum(at < month for at in self.accounts[who]) for who in earning}
        within = {who: amount for who, amount in earning.items() if age[who] < months}
        lines = self.stated(terms, fraction(terms.rate), within, month)
        if terms.rate_by != "nothing":
            rates = [fraction(rate) for rate in (terms.rate, terms.rate_2, terms.rate_3)]
            lines = {who: rounded(amount * rates[self.which(terms, who)]) for who, amount in within.items()}
        self.add(month, lines)
        if terms.duration == "taper":
            for who, amount in earning.items():
                if age[who] >= months:
                    ended = terms.later_months and age[who] >= months + terms.later_months
                    rate = terms.last_rate if ended else terms.later_rate
                    self.add(month, {who: rounded(amount * fraction(rate))})

    def add(self, month, lines, is_reward=False):
        for who, amount in lines.items():
            self.lines[who, month].append((amount, is_reward))
        self.due[month] += sum(lines.values())

    def cut(self):
        most = rounded(fraction(self.plan.cap_payout) * 100)
        self.capped = defaultdict(int, {month: max(due - most, 0) for month, due in self.due.items()})

    def most(self, amount):
        return min(amount, rounded(fraction(self.plan.cap_payout) * 100)) if self.plan.cap_payout else amount

    def life(self, who):
        """Months from the first payment of an account that left within the window, or none."""
        months = self.accounts[who]
        if not months:
            return None
        end = max(months) + self.covers.get((who, max(months)), 1)
        life = end - self.first[who]
        early = self.plan.clawback != "none" and life <= self.plan.clawback_months
        return life if end < self.months and early else None

    def early(self, who):
        life = self.life(who)
        window = self.plan.clawback_months
        return Fraction(window - life, window) if self.plan.clawback == "pro rata" else Fraction(1)

    def give_back(self):
        """Customers get money back; the partner's margin of it goes with it, and so do funds of what was booked."""
        for who, month, later, cents in self.refunds:
            paying, booked = self.seen[month]
            kept = paying[who] - booked[who]
            self.spend[month + later] -= self.part(who, month, paying[who], cents)
            self.market[month + later] -= self.part(who, month, self.to_marketplace(paying[who]), cents)
            self.margin[month + later] -= self.part(who, month, kept, cents)

    def take_back(self):
        plan = self.plan
        # One after a customer left within the window takes nothing back any more.
        lives = {who: self.life(who) for who in range(len(self.accounts))}
        counting = [
            (who, month, later, cents) for who, month, later, cents in self.refunds
            if lives[who] is None or month + later <= self.first[who] + lives[who]
        ]  # fmt: skip
        self.counting, paid = counting, {key: list(lines) for key, lines in self.lines.items()}
        for who, month, later, cents in counting:
            for at, (amount, is_reward) in enumerate(paid.get((who, month), [])):
                whole = cents >= self.accounts[who][month]
                cut = self.part(who, month, amount, cents) if whole or not is_reward else 0
                self.lines[who, month][at] = (self.lines[who, month][at][0] - cut, is_reward)
                self.backs[month, month + later] += cut
                self.cuts[who, month, month + later] = self.cuts.get((who, month, month + later), 0) + cut
        leavers = [who for who in range(len(self.accounts)) if self.life(who) is not None]
        for who in leavers:
            left = self.first[who] + self.life(who)
            had = given = 0
            for month in range(left):
                had += sum(amount for amount, _ in self.lines[who, month])
                upto = rounded(had * self.early(who))
                self.backs[month, left] += upto - given
                given = upto
        tiered = any(part and part.tiers != "none" for part in (plan.percent, plan.flat, plan.share))
        if tiered or plan.cap_payout:
            self.rate_again(leavers)
        for (_, left), amount in self.backs.items():
            self.back[left] += amount

    def rate_again(self, leavers):
        """What a month would have been without those who left, beyond the lines of these themselves."""
        due, lines, credit = dict(self.due), {key: list(one) for key, one in self.lines.items()}, dict(self.credit)
        for month, (paying, booked) in self.seen.items():
            before = self.most(due.get(month, 0))
            for left in range(month + 1, self.months):
                back = {(who, at): n for who, at, later, n in self.counting if at == month and month + later == left}
                if back:
                    self.less |= {at: self.less.get(at, 0) + n for at, n in back.items()}
                    after = self.looked_at_again(month, paying, booked)
                    self.backs[month, left] += before - after - sum(self.cuts.get((*at, left), 0) for at in back)
                    before = after
                now = {who for who in leavers if self.first[who] <= month and self.first[who] + self.life(who) == left}
                if not now:
                    continue
                self.gone |= now
                after = self.looked_at_again(month, paying, booked)
                own = {who: sum(amount for amount, _ in lines.get((who, month), [])) for who in now}
                beyond = before - after - sum(own.values())
                whole = sum(own.values())
                parts = [self.early(who) for who in now if who in paying or who in booked]
                part = sum(own[who] * self.early(who) for who in now) / whole if whole else Fraction(0)
                part = sum(parts) / len(parts) if parts and not whole else part
                part = Fraction(1) if self.plan.clawback == "full" else part
                self.backs[month, left] += rounded(beyond * part)
                before = after
            self.gone, self.less = frozenset(), {}
        self.due, self.credit = defaultdict(int, due), defaultdict(int, credit)
        self.lines = defaultdict(list, lines)

    def looked_at_again(self, month, paying, booked):
        """What a month is due without accounts that are gone, and with what was refunded of the others not paid."""
        self.due = defaultdict(int)
        less = {who: self.less.get((who, month), 0) for who in {**paying, **booked}}
        left = {who: self.paid_by(who, month) for who in paying}
        kept = {who: n - self.part(who, month, n, less[who]) if less[who] else n for who, n in booked.items()}
        self.month(month, left, kept)
        return self.most(self.due[month])

    def when(self):
        plan = self.plan
        hold, least = hold_of(plan), max(rounded(fraction(plan.minimum_payout) * 100), 1)
        only_credit = (
            plan.kinds and set(plan.kinds) - {"margin", "wholesale"} == {"flat"} and plan.flat.paid_in == "credit"
        )

        def cash_of(amount, month):
            if plan.flat is None or plan.flat.paid_in != "credit":
                return amount
            if self.due[month] > 0:
                return rounded(Fraction(amount * (self.due[month] - self.credit[month]), self.due[month]))
            return 0 if only_credit else amount

        due, cash_due = defaultdict(int), defaultdict(int)
        for month in range(self.months):
            kept = self.due[month] - self.capped[month]
            due[month + hold] += kept
            cash_due[month + hold] += cash_of(kept, month)
        for (month, left), amount in self.backs.items():
            at = max(left, month + hold)
            due[at] -= amount
            cash_due[at] -= cash_of(amount, month)
        self.paid, self.fees = defaultdict(int), defaultdict(int)
        balance = cash = 0
        for month in range(self.months):
            balance, cash = balance + due[month], cash + cash_due[month]
            if balance >= least:
                self.paid[month] = balance
                self.fees[month] = rounded(max(cash, 0) * fraction(plan.payout_fee))
                balance = cash = 0
        for month, kept in self.market.items():
            self.fees[month] += kept
        self.waiting = sum(self.payout.values()) - sum(self.paid.values())
