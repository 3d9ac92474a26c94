"""What partners are paid, once more: one account and one month after the other, in fractions, nothing vectorised.

It follows the words of the terms and of `statement`, and shares no code with it.
"""

from collections import defaultdict
from fractions import Fraction
from math import ceil, floor
from types import SimpleNamespace


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
        if terms.tier_by != "revenue" and terms.tiers == "marginal":
            begins = Fraction(max(ceil(begins) - 1, 0))  # "from 3" is the third customer
        found.append((begins, getattr(terms, f"tier_{tier}_value")))
    return found


def counting(terms):
    """Terms at what is redeemed of their credit: each rate times that, to the millionth. Rewards are not."""
    if terms is None or terms.paid_in != "credit":
        return terms
    rates = [name for name in type(terms).model_fields if name in RATES or name.endswith("_value")]
    used = {name: fraction(getattr(terms, name)) * fraction(terms.redemption_rate) for name in rates}
    return terms.model_copy(update={name: Fraction(rounded(rate * 10**6), 10**6) for name, rate in used.items()})


RATES = ("rate", "rate_2", "rate_3", "later_rate", "last_rate")


def used_of(terms, amount):
    """What counts of a reward in cents: all of cash, of credit what is redeemed."""
    return rounded(amount * fraction(terms.redemption_rate)) if terms.paid_in == "credit" else amount


def together(plan):
    """The values of a plan whose terms can be together: no most per customer beside some."""
    blocks = plan.get("wholesale") and plan["share"]
    if blocks or any(plan[kind] and plan[kind].rated_again for kind in ("percent", "flat", "share")):
        return plan | {"cap_per_customer": 0}
    return plan


def rising(model):
    """Terms of a model whose tiers, where they rate months again, pay no less than the one before."""

    def made(**values):
        if values["tiers"] == "whole, rated again":
            first = "reward" if "reward" in values else "rate"
            there = [f"tier_{tier}_value" for tier in (2, 3, 4) if values.get(f"tier_{tier}_from")]
            names = [first, *there]
            known = [values.get(name, model.model_fields[name].default) for name in names]
            values = values | dict(zip(names, sorted(known), strict=True))
        return model(**values)

    return made


def hold_of(plan):
    """Months until the money goes: day by day from the last of the month on, until the hold is over on a payout day."""
    if not plan.payout_day:
        return ceil(Fraction(int(plan.hold_days), 30))
    day = 1
    while day < plan.hold_days or (day - 1) % 30 + 1 != plan.payout_day:
        day += 1
    return (day - 1) // 30 + 1


def of_partner(plan, rate=None, uplift=None, reward=None):
    """The plan as a partner with terms of its own has it: shares of 1, a reward in whole money; None: none.

    Its rate stands for the first of commission, margin, discount and share that there is, without any step; an uplift
    is added to whatever counts, up to all of it. Neither counts where no marketplace's fee would be left of a payment.
    """
    own = _of_partner(plan, rate, uplift, reward)
    return _of_partner(plan, None, None, reward) if _too_much(own) else own


def _too_much(plan):
    """Whether partner, distributor and marketplace keep more than a payment at some rate that there is."""
    side = plan.margin or plan.wholesale
    if not side or not plan.marketplace_fee:
        return False
    names = ["margin" if plan.margin else "discount"]
    for tier in (2, 3, 4) if side.tiers != "none" else ():
        if not getattr(side, f"tier_{tier}_from"):
            break
        names.append(f"tier_{tier}_value")
    price = 1 if plan.margin else min(max(side.resale_price, side.band_low), side.band_high)
    left = min((1 - getattr(side, name)) * (1 - side.distributor_margin) for name in names)
    return plan.marketplace_fee * price > left + 1e-9


def _of_partner(plan, rate, uplift, reward):
    kinds = [kind for kind in ("percent", "margin", "wholesale", "share") if getattr(plan, kind)]
    first = {"percent": "rate", "margin": "margin", "wholesale": "discount", "share": "rate", "flat": "reward"}
    flat = ["flat"] if plan.flat else []
    parts = {}
    for kind, value in [(kind, rate) for kind in kinds[:1]] + [(kind, reward) for kind in flat]:
        terms = dict(getattr(plan, kind))
        if value is not None:
            terms |= {first[kind]: value, "tiers": "none"} | ({"rate_by": "nothing"} if "rate_by" in terms else {})
        if uplift and kind != "flat":
            names = {first[kind], "rate_2", "rate_3", "tier_2_value", "tier_3_value", "tier_4_value"} & {*terms}
            terms |= {name: float(min(fraction(terms[name]) + fraction(uplift), 1)) for name in names}
        parts[kind] = type(getattr(plan, kind)).model_construct(**terms)
    return plan.model_copy(update=parts)


def with_overrides(plan, partners, recruited_by):
    """Add to plain statements, {partner: Plan}, what recruiters get: of each payment of those they recruited a part.

    Nothing takes it back or holds it up but the hold; the payment service has its fee of what goes.
    """
    due = defaultdict(lambda: defaultdict(int))
    for partner, one in partners.items():
        if recruited_by.get(partner) is not None and plan.kinds:
            for month, (paying, _) in one.seen.items():
                due[recruited_by[partner]][month] += sum(
                    rounded(cents * fraction(plan.override_rate)) for cents in paying.values()
                )
    for partner, months in due.items():
        one = partners[partner]
        for month, cents in months.items():
            one.payout[month] += cents
            goes = month + hold_of(plan)
            if goes < one.months:
                one.paid[goes] += cents
                one.fees[goes] += rounded(cents * fraction(plan.payout_fee))
            else:
                one.waiting += cents


class Plan:
    """A plan applied to one partner. `accounts` are {month: cents} in the order in which they count; months from 0.

    `covers`: {(account, month): months that the payment is for}. `refunds`: {(account, month): [(months later,
    cents)]}.
    `bought`: {account: (price plan from 0, whether it prepays years)}.
    """

    def __init__(self, plan, accounts, signups, months, covers=None, refunds=None, bought=None):
        self.bought = bought or {}
        parts = {kind: counting(getattr(plan, kind)) for kind in ("percent", "share", "rebate", "bonus")}
        self.plan, self.months, self.signups = plan.model_copy(update=parts), months, signups
        self.covers = covers or {}
        refunds = refunds or {}
        every = [(*at, later, cents) for at, some in refunds.items() for later, cents in some]
        self.refunds = [one for one in every if one[1] + one[2] < months]
        self.cuts = {}  # (account, month, month of the refund) → what is taken back of its lines
        self.until = -1  # payments are looked at without what was refunded of them until this month
        self.accounts = [{month: cents for month, cents in one.items() if cents} for one in accounts]
        self.first = [min(one) if one else None for one in self.accounts]
        # A refund after a customer left within the window takes nothing back any more.
        lives = [self.life(who) for who in range(len(self.accounts))]
        self.counting = [
            (who, month, later, cents) for who, month, later, cents in self.refunds
            if lives[who] is None or month + later <= self.first[who] + lives[who]
        ]  # fmt: skip
        self.due, self.margin, self.spend = defaultdict(int), defaultdict(int), defaultdict(int)
        self.lines = defaultdict(list)  # (account, month) → what is paid for the customer
        self.capped, self.back, self.credit = defaultdict(int), defaultdict(int), defaultdict(int)
        self.backs = defaultdict(int)  # (month it was earned in, month it is taken back in)
        self.beyond = defaultdict(int)  # what customers would have made beyond the most that one makes
        self.gifts = defaultdict(list)  # (account, month) → what the customer gets itself of each line
        self.friend = defaultdict(int)
        self.room = {}  # (account, month) → what it may still make
        self.once, self.top = {}, Fraction(0)  # month → what milestones paid; the most that was brought so far
        self.gone = frozenset()  # accounts that a month is looked at without
        self.kept, self.parts = defaultdict(dict), defaultdict(dict)  # month → of each account, partner and distributor
        self.bases = defaultdict(dict)  # (kind, month) → what each account's line is a rate of
        self.run()

    def paid_by(self, who, month):
        cents = self.accounts[who].get(month, 0)
        if cents and month - self.first[who] < self.plan.coupon_months:
            cents = rounded(cents * (1 - fraction(self.plan.coupon)))
        return cents - self.part(who, month, cents, self.less(who, month)) if cents else 0

    def less(self, who, month):
        return sum(
            cents for one, at, later, cents in self.counting if (one, at) == (who, month) and at + later <= self.until
        )

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
        return self.less(who, month) >= self.accounts[who][month]

    def which(self, terms, who):
        """Which of the rates counts for an account: 0 is the first."""
        on_plan, yearly = self.bought.get(who, (0, False))
        if terms.rate_by == "plan":
            return on_plan
        if terms.rate_by == "billing":
            return int(yearly)
        a_month = Fraction(self.accounts[who][self.first[who]], 12 if yearly else 1)
        return int(a_month >= fraction(terms.rate_size_from) * 100)

    def of_month(self, terms, month, there):
        if terms.tier_by == "customers":
            return Fraction(sum(self.first[who] == month and not self.in_full(who, month) for who in there))
        if terms.tier_by == "active customers":
            paid_for = [
                any(at <= month < at + self.covers.get((who, at), 1) for at in self.accounts[who]) for who in there
            ]
            return Fraction(sum(paid_for))
        return Fraction(sum(self.paid_by(who, month) for who in there), 100)

    def earlier(self, period, month):
        """The months before a month in the same month, quarter, year or life."""
        length = {"month": 1, "quarter": 3, "year": 12, "total": 10**6}[period]
        return range(month // length * length, month)

    def not_counted(self, month, at_sale):
        """Accounts that count no more: those a month is looked at without, and those taken back until then."""
        if at_sale or self.plan.clawback == "none":
            return self.gone if not at_sale else frozenset()
        left = {who for who in range(len(self.accounts)) if self.life(who) is not None}
        return self.gone | {who for who in left if self.first[who] + self.life(who) <= month}

    def brought(self, terms, month, at_sale=False):
        """What a partner brought until a month in the same time: before it, and with it."""
        out = self.not_counted(month, at_sale)
        there = [who for who in range(len(self.accounts)) if who not in out]
        period = "month" if terms.tier_by == "active customers" else terms.tier_period
        until, self.until = self.until, -1 if at_sale else self.until
        before = sum((self.of_month(terms, at, there) for at in self.earlier(period, month)), Fraction(0))
        found = before, before + self.of_month(terms, month, there)
        self.until = until
        return found

    def again(self, kind, terms, first, month):
        """What earlier months are paid more where a tier is reached in a month and rates them again."""
        if terms.tiers != "whole, rated again":
            return 0
        before, so_far = self.brought(terms, month)
        had, now = (
            [value for start, value in bands_of(terms, first) if amount >= start][-1] for amount in (before, so_far)
        )
        out = self.not_counted(month, False)
        period = "month" if terms.tier_by == "active customers" else terms.tier_period
        return sum(
            rounded(left * fraction(now)) - rounded(left * fraction(had))
            for at in self.earlier(period, month)
            for who, amount in self.bases[kind, at].items()
            for left in [
                amount * (not self.in_full(who, at))
                if kind == "flat"
                else amount - (self.part(who, at, amount, self.less(who, at)) if self.less(who, at) else 0)
            ]
            # A licence that runs on after its customer has left is nobody's that could be taken back.
            if who not in out or at >= self.first[who] + self.life(who)
        )

    def stated(self, terms, first, base, month, at_sale=False):
        """{account: line} of {account: base in cents, or 1}, for rates that are fractions or cents."""
        if terms.tiers == "none":
            return {who: rounded(amount * first) for who, amount in base.items()}
        bands, (before, so_far) = bands_of(terms, first), self.brought(terms, month, at_sale)
        if terms.tiers != "marginal":
            rate = [value for start, value in bands if so_far >= start][-1]
            return {who: rounded(amount * fraction(rate)) for who, amount in base.items()}
        whole, total = sum(base.values()), 0
        for at, (start, value) in enumerate(bands):
            end = bands[at + 1][0] if at + 1 < len(bands) else so_far + 1
            inside = max(min(so_far, end) - max(before, start), 0)
            if so_far > before:
                total += rounded(inside / (so_far - before) * whole * fraction(value))
            elif start <= before < end and (before or not at):  # what would come next, and of nothing the first
                total = rounded(whole * fraction(value))
        if not so_far:
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
        self.between = defaultdict(int)  # what a distributor keeps
        runs = [-1] * len(self.accounts)
        value = [0] * len(self.accounts)
        for month in range(self.months):
            paying = {who: self.paid_by(who, month) for who, one in enumerate(self.accounts) if month in one}
            booked = self.sides(month, paying, runs, value)
            self.seen[month] = (paying, booked)
            self.until = month
            self.month(month, paying, booked)
            self.market[month] += sum(self.to_marketplace(amount) for amount in paying.values())
        self.to_friends()
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
        kept = self.stated(plan.margin, fraction(plan.margin.margin), paying, month, at_sale=True)
        self.margin[month] = sum(kept.values())
        self.kept[month] = kept
        return self.booked(plan.margin, month, {who: amount - kept[who] for who, amount in paying.items()})

    def booked(self, terms, month, resellers_pay):
        """What is left of what resellers pay for each account, once a distributor has its part of it."""
        parts = {who: rounded(amount * fraction(terms.distributor_margin)) for who, amount in resellers_pay.items()}
        self.between[month] += sum(parts.values())
        self.parts[month] = parts
        return {who: amount - parts[who] for who, amount in resellers_pay.items()}

    def wholesale(self, month, paying, runs, value):
        terms = self.plan.wholesale
        for who in paying:
            value[who] = self.accounts[who][month]
            if runs[who] < month:
                runs[who] = month + terms.prepaid_months - 1
        # Where a total is divided, paying customers come first, then licences without one.
        licences = {who: value[who] for who in paying}
        licences |= {who: value[who] for who in range(len(runs)) if who not in paying and runs[who] >= month}
        discount = self.stated(terms, fraction(terms.discount), licences, month, at_sale=True)
        bought = {who: amount - discount[who] for who, amount in licences.items()}
        price = fraction(min(max(terms.resale_price, terms.band_low), terms.band_high))
        self.spend[month] = sum(rounded(amount * price) for amount in paying.values())
        self.margin[month] = self.spend[month] - sum(bought.values())
        self.kept[month] = {who: paying.get(who, 0) - amount for who, amount in bought.items()}
        return self.booked(terms, month, bought)

    def month(self, month, paying, booked):
        plan = self.plan
        age = {who: month - self.first[who] for who in {**paying, **booked}}
        earning = {who: amount for who, amount in paying.items() if self.rewarded(who) and who not in self.gone}
        if plan.percent:
            self.percent(plan.percent, month, earning, age)
        if plan.flat:
            values = {
                name: used_of(plan.flat, rounded(fraction(getattr(plan.flat, name)) * 100))
                for name in ("reward", "rate_2", "rate_3", "tier_2_value", "tier_3_value", "tier_4_value")
            }
            flat = plan.flat.model_copy(update=values)
            base = {who: 1 for who in earning if age[who] == 0 and not self.in_full(who, month)}
            self.bases["flat", month] = base | self.bases["flat", month]
            lines, more = (
                self.stated(flat, values["reward"], base, month),
                self.again("flat", flat, values["reward"], month),
            )
            if flat.rate_by != "nothing":
                rates = (values["reward"], values["rate_2"], values["rate_3"])
                lines = {who: rates[self.which(flat, who)] for who in base}
            self.add(month, flat, lines, more, is_reward=True)
        if plan.lead:
            worth = used_of(plan.lead, rounded(fraction(plan.lead.reward) * 100))
            self.add(month, plan.lead, {}, self.signups.get(month, 0) * worth)
        if plan.share:
            base = {
                who: cents
                for who, cents in booked.items()
                if self.rewarded(who) and age[who] < plan.share.months and who not in self.gone
            }
            self.bases["share", month] = base | self.bases["share", month]
            rate = fraction(plan.share.rate)
            lines, more = (
                self.stated(plan.share, rate, base, month),
                self.again("share", plan.share, rate, month),
            )
            self.add(month, plan.share, lines, more)
            funds = fraction(plan.share.funds_rate) * fraction(plan.share.funds_used)
            back = sum(
                self.part(who, at, self.seen[at][1][who], cents)
                for who, at, later, cents in self.refunds
                if at + later == month
            )
            self.due[month] += rounded((sum(self.seen[month][1].values()) - back) * funds)
        if plan.bonus and plan.bonus.from_month <= month + 1 <= plan.bonus.to_month:
            first = [who for who in earning if age[who] == 0 and not self.in_full(who, month)]
            reward = used_of(plan.bonus, rounded(fraction(plan.bonus.reward) * 100))
            self.add(month, plan.bonus, dict.fromkeys(first, reward), is_reward=True)
            self.add(month, plan.bonus, {who: rounded(earning[who] * fraction(plan.bonus.rate)) for who in first})
        if plan.milestones:
            # What a milestone paid as the month was stated stays as it was.
            if month not in self.once:
                self.once[month] = self.milestone(plan.milestones, month)
            self.add(month, plan.milestones, {}, self.once[month])
        if plan.rebate and (month + 1) % {"quarter": 3, "year": 12}[plan.rebate.over] == 0:
            self.add(month, plan.rebate, {}, self.rebate(plan.rebate, month))
        if plan.cap_per_customer:
            self.cut_customers(month)

    def milestone(self, terms, month):
        """What is paid once for what the partner has brought by a month and had never brought before."""
        counted = SimpleNamespace(tier_by=terms.milestone_by, tier_period="total")
        self.top, before = max(self.top, self.brought(counted, month)[1]), self.top
        steps = [(getattr(terms, f"milestone_{at}_at"), getattr(terms, f"milestone_{at}_value")) for at in (1, 2, 3)]
        paid = [rounded(fraction(value) * 100) for at, value in steps if at and before < fraction(at) <= self.top]
        return sum(used_of(terms, amount) for amount in paid)

    def rebate(self, terms, month):
        """A share of all of a time, the last step's that its revenue reaches."""
        _, whole = self.brought(SimpleNamespace(tier_by="revenue", tier_period=terms.over), month)
        steps = [(terms.step_1_from, terms.rate)]
        for number in (2, 3):
            if not getattr(terms, f"step_{number}_from"):
                break
            steps.append((getattr(terms, f"step_{number}_from"), getattr(terms, f"step_{number}_value")))
        reached = [rate for start, rate in steps if whole >= fraction(start)]
        return rounded(whole * 100 * fraction(reached[-1])) if reached else 0

    def cut_customers(self, month):
        """Of what a customer made until a month, as it was stated first, the rest of the most is what it may make."""
        most = rounded(fraction(self.plan.cap_per_customer) * 100)
        self.beyond[month] = 0
        for who in range(len(self.accounts)):
            if (who, month) not in self.room:
                self.room[who, month] = most - sum(self.made(who, at) for at in range(month))
            over = max(self.made(who, month) - self.room[who, month], 0)
            self.beyond[month] += over
            self.lines[who, month].append((-over, False))

    def made(self, who, month):
        return sum(amount for amount, _ in self.lines[who, month])

    def percent(self, terms, month, earning, age):
        months = {"first payment": 1, "lifetime": 10**6}.get(terms.duration, terms.months)
        if terms.months_counted == "paid":
            age = {
                who: sum(self.covers.get((who, at), 1) for at in self.accounts[who] if at < month) for who in earning
            }
        within = {who: amount for who, amount in earning.items() if age[who] < months}
        self.bases["percent", month] = within | self.bases["percent", month]
        rate = fraction(terms.rate)
        lines = self.stated(terms, rate, within, month)
        if terms.rate_by != "nothing":
            rates = [fraction(rate) for rate in (terms.rate, terms.rate_2, terms.rate_3)]
            lines = {who: rounded(amount * rates[self.which(terms, who)]) for who, amount in within.items()}
        self.add(month, terms, lines, self.again("percent", terms, rate, month))
        if terms.duration == "taper":
            for who, amount in earning.items():
                if age[who] >= months:
                    ended = terms.later_months and age[who] >= months + terms.later_months
                    rate = terms.last_rate if ended else terms.later_rate
                    self.add(month, terms, {who: rounded(amount * fraction(rate))})

    def add(self, month, terms, lines, more=0, is_reward=False):
        if terms.paid_in == "credit":
            self.credit[month] += sum(lines.values()) + more
        for who, amount in lines.items():
            self.lines[who, month].append((amount, is_reward))
            if terms is self.plan.bonus:  # it is the partner's alone
                continue
            self.gifts[who, month].append((rounded(amount * fraction(self.plan.friend_share)), is_reward))
        self.due[month] += sum(lines.values()) + more

    def cut(self):
        self.capped = defaultdict(
            int, {month: due - self.most(due - self.beyond[month]) for month, due in self.due.items()}
        )

    def most(self, amount):
        return min(amount, rounded(fraction(self.plan.cap_payout) * 100)) if self.plan.cap_payout else amount

    def life(self, who):
        """Months from the first payment of an account that left within the window, or none."""
        months = self.accounts[who]
        if not months:
            return None
        end = max(months) + self.covers.get((who, max(months)), 1)
        life = end - self.first[who]
        # Who has stayed for all of a window pro rata has left nothing of it.
        within = {"none": 0, "full": self.plan.clawback_months, "pro rata": self.plan.clawback_months - 1}
        early = life <= within[self.plan.clawback]
        return life if end < self.months and early else None

    def early(self, who):
        life = self.life(who)
        window = self.plan.clawback_months
        return Fraction(window - life, window) if self.plan.clawback == "pro rata" else Fraction(1)

    def give_back(self):
        """Customers get money back; the partner's margin of it goes with it, and so do funds of what was booked."""
        for who, month, later, cents in self.refunds:
            paying, _ = self.seen[month]
            kept, part = (found[month].get(who, 0) for found in (self.kept, self.parts))
            self.between[month + later] -= self.part(who, month, part, cents)
            self.spend[month + later] -= self.part(who, month, paying[who], cents)
            self.market[month + later] -= self.part(who, month, self.to_marketplace(paying[who]), cents)
            self.margin[month + later] -= self.part(who, month, kept, cents)

    def to_friends(self):
        """What customers get themselves, and what goes back of it with what was paid for them; nothing is capped."""
        for (_, month), gifts in self.gifts.items():
            self.friend[month] += sum(amount for amount, _ in gifts)
        left = {key: [amount for amount, _ in gifts] for key, gifts in self.gifts.items()}
        for who, month, later, cents in self.counting:
            for at, (amount, is_reward) in enumerate(self.gifts.get((who, month), [])):
                if not is_reward or cents >= self.accounts[who][month]:
                    cut = self.part(who, month, amount, cents)
                    left[who, month][at] -= cut
                    self.friend[month + later] -= cut
        for who in [who for who in range(len(self.accounts)) if self.life(who) is not None]:
            ends = self.first[who] + self.life(who)
            had = sum(sum(left.get((who, month), [])) for month in range(ends))
            self.friend[ends] -= rounded(had * self.early(who))

    def take_back(self):
        plan = self.plan
        paid = {key: list(lines) for key, lines in self.lines.items()}
        for who, month, later, cents in self.counting:
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
        if tiered or plan.cap_payout or plan.rebate or (plan.cap_per_customer and self.refunds):
            self.rate_again(leavers)
        for (_, left), amount in self.backs.items():
            self.back[left] += amount

    def rate_again(self, leavers):
        """What a month would have been without those who left, beyond the lines of these themselves."""
        due, lines, credit = dict(self.due), {key: list(one) for key, one in self.lines.items()}, dict(self.credit)
        cut = dict(self.beyond)
        for month, (paying, booked) in self.seen.items():
            before, self.until = self.most(due.get(month, 0) - cut.get(month, 0)), month
            for left in range(month + 1, self.months):
                back = {(who, at) for who, at, later, _ in self.counting if at <= month and at + later == left}
                if back:
                    self.until = left
                    after = self.looked_at_again(month, paying, booked)
                    own = sum(self.cuts.get((*at, left), 0) for at in back if at[1] == month)
                    self.backs[month, left] += before - after - own
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
                parts = parts or [self.early(who) for who in now]  # none of them pays or has a licence in the month
                part = sum(own[who] * self.early(who) for who in now) / whole if whole else Fraction(0)
                part = sum(parts) / len(parts) if parts and not whole else part
                part = Fraction(1) if self.plan.clawback == "full" else part
                self.backs[month, left] += rounded(beyond * part)
                before = after
            self.gone = frozenset()
        self.due, self.credit = defaultdict(int, due), defaultdict(int, credit)
        self.lines = defaultdict(list, lines)

    def looked_at_again(self, month, paying, booked):
        """What a month is due without accounts that are gone, and with what was refunded of the others not paid."""
        self.due, self.lines = defaultdict(int), defaultdict(list)
        less = {who: self.less(who, month) for who in {**paying, **booked}}
        left = {who: self.paid_by(who, month) for who in paying}
        kept = {who: n - self.part(who, month, n, less[who]) if less[who] else n for who, n in booked.items()}
        self.month(month, left, kept)
        return self.most(self.due[month] - self.beyond[month])

    def when(self):
        plan = self.plan
        hold, least = hold_of(plan), max(rounded(fraction(plan.minimum_payout) * 100), 1)
        paying = [plan.part(kind) for kind in plan.kinds if kind not in ("margin", "wholesale")]
        in_credit = [part for part in paying if part.paid_in == "credit"]
        only_credit = len(in_credit) == len(paying) and not (plan.share and plan.share.funds_rate)

        def cash_of(amount, month):
            if not in_credit:
                return amount
            if self.due[month] < self.credit[month]:  # funds below zero, which are cash: all else is credit
                return 0
            if self.due[month] > 0:
                return rounded(Fraction(amount * (self.due[month] - self.credit[month]), self.due[month]))
            return 0 if only_credit else amount

        due, cash_due = defaultdict(int), defaultdict(int)
        for month in range(self.months):
            kept = self.due[month] - self.capped[month]
            due[month + hold] += kept
            below = self.due[month] - self.credit[month]
            cash_due[month + hold] += below if in_credit and below < 0 else cash_of(kept, month)
        for (month, left), amount in self.backs.items():
            at = max(left, month + hold)
            due[at] -= amount
            cash_due[at] -= cash_of(amount, month)
        self.paid, self.fees = defaultdict(int), defaultdict(int)
        balance = cash = waited = 0
        for month in range(self.months):
            balance, cash = balance + due[month], cash + cash_due[month]
            cash = min(cash, max(balance, 0)) if cash > 0 else max(cash, min(balance, 0))
            if balance >= least:
                self.paid[month] = balance
                self.fees[month] = rounded(cash * fraction(plan.payout_fee))
                balance = cash = 0
            waited = waited + 1 if balance > 0 else 0
            if plan.lapse_months and waited > plan.lapse_months:
                self.back[month] += balance
                self.payout[month] -= balance
                balance = cash = waited = 0
        self.waiting = sum(self.payout.values()) - sum(self.paid.values())
