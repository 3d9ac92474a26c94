"""A payout plan in a few words, as people speak of it: `25 % × 24 months`."""

from collections.abc import Iterator

from motions.economics.inputs.terms import (
    FOR_CUSTOMERS,
    Bonus,
    ByCustomer,
    FlatReward,
    LeadReward,
    Milestones,
    PartnerMargin,
    PayoutPlan,
    PercentOfRevenue,
    Rebate,
    RevenueShare,
    Terms,
    Tiered,
    WholesaleDiscount,
    in_credit,
)
from motions.text import count, listed
from motions.text import money_to_add as money
from motions.text import plain_percent as _share

NO_PAYOUT = "no payout"


def in_words(plan: PayoutPlan, currency: str = "USD") -> str:
    """Return what partners are paid under a plan, its first rates and the conditions that change what it costs.

    >>> in_words(PayoutPlan(percent=PercentOfRevenue(rate=0.25, months=24)))
    '25 % × 24 months'
    >>> in_words(PayoutPlan(flat=FlatReward(reward=500), lead=LeadReward(), cap_payout=2000), "EUR")
    '€20 per lead and €500 per customer, at most €2,000 a month'
    >>> in_words(PayoutPlan(flat=FlatReward(reward=50, tiers="whole, rated again", tier_period="year")))
    '$50 per customer, by tiers of the new customers of a year, which rate it again'
    >>> in_words(PayoutPlan(rebate=Rebate(step_1_from=100_000, over="year")))
    'a rebate of 5 % of a year from $100k on'
    >>> in_words(PayoutPlan(bonus=Bonus(rate=2), milestones=Milestones(milestone_2_at=20)))
    '$100 and 200 % of the first payment for customers of months 1 to 3 and $500 once at 10 customers, more at 20'
    >>> taper = PercentOfRevenue(duration="taper", months=12, later_months=6, last_rate=0.01)
    >>> in_words(PayoutPlan(percent=taper))
    '20 % × 12 months, then 5 % × 6 months, then 1 %'
    >>> in_words(PayoutPlan(percent=PercentOfRevenue(rate=0.25, months=24, rate_by="billing", rate_2=0.3)))
    '25 % × 24 months (30 % for prepaid years)'
    >>> first = PercentOfRevenue(rate=0.3, duration="first payment", paid_in="credit")
    >>> in_words(PayoutPlan(percent=first, friend_share=1))
    '30 % of the first payment in credit (as much in credit for the customer)'
    >>> in_words(PayoutPlan(flat=FlatReward(), lead=LeadReward(), friend_share=0.4, cap_per_customer=60))
    '$20 per lead and $500 per customer (40 % of it in credit for the customer), at most $60 per customer'
    >>> in_words(PayoutPlan(margin=PartnerMargin(margin=0.2, distributor_margin=0.1)))
    '20 % margin, of the rest 10 % to a distributor'
    >>> in_words(PayoutPlan())
    'no payout'
    """
    parts = [_of_part(plan.part(kind), currency, _friend(plan) if kind in FOR_CUSTOMERS else "") for kind in plan.kinds]
    return ", ".join((listed(parts) or NO_PAYOUT, *_conditions(plan, currency)))


def _of_part(part: Terms, currency: str, friend: str) -> str:
    """Say one part. `friend`: what of it customers get themselves, "" for nothing; of funds they get nothing."""
    said = f"{_plainly(part, currency)}{' in credit' if in_credit(part) else ''}"
    by_customer = isinstance(part, ByCustomer) and part.rate_by != "nothing"
    beside = [_others(part, currency)] if isinstance(part, ByCustomer) and by_customer else []
    beside += [friend] if friend else []
    said += f" ({'; '.join(beside)})" if beside else ""
    tiered = isinstance(part, Tiered) and part.tiers != "none" and not by_customer
    said += f", {_tiers(part)}" if isinstance(part, Tiered) and tiered else ""
    funds = _funds(part)
    return f"{said}{',' if tiered and funds else ''}{funds}"


def _friend(plan: PayoutPlan) -> str:
    """What customers get of what is paid for them, before anything is capped."""
    if not plan.friend:
        return ""
    return f"{'as much' if plan.friend == 1 else f'{_share(plan.friend)} of it'} in credit for the customer"


def _tiers(part: Tiered) -> str:
    """What tiers are counted by, where it is not what a month brings."""
    what = {"revenue": "revenue", "customers": "new customers", "active customers": "active customers"}[part.tier_by]
    over = {"month": "a month", "quarter": "a quarter", "year": "a year", "total": "all months"}[part.counted_over]
    again = ", which rate it again" if part.rated_again else ""
    if part.counted_over == "month" and part.tier_by != "active customers":
        return "by tiers"
    return f"by tiers of the {what} of {over}{again}"


def _others(part: ByCustomer, currency: str) -> str:
    """The rates of other customers than the first: `30 % for plan 2, 40 % for plan 3`."""
    second, third = (
        money(rate, currency) if isinstance(part, FlatReward) else _share(rate) for rate in (part.rate_2, part.rate_3)
    )
    return {
        "plan": f"{second} for price plan 2, {third} for 3",
        "billing": f"{second} for prepaid years",
        "deal size": f"{second} from {money(part.rate_size_from, currency)} a month",
    }[part.rate_by]


def _plainly(part: Terms, currency: str) -> str:
    match part:
        case PercentOfRevenue():
            return _commission(part)
        case LeadReward():
            return f"{money(part.reward, currency)} per lead"
        case FlatReward():
            return f"{money(part.reward, currency)} per customer"
        case PartnerMargin():
            return f"{_share(part.margin)} margin{_to_distributor(part)}"
        case WholesaleDiscount():
            return f"{_share(part.discount)} below list price{_to_distributor(part)}"
        case RevenueShare() | Rebate() | Bonus() | Milestones():
            return _of_all(part, currency)
    raise TypeError(type(part).__name__)  # a part of a plan is one of these


def _to_distributor(part: PartnerMargin | WholesaleDiscount) -> str:
    rate = part.distributor_margin
    return f", of the rest {_share(rate)} to a distributor" if rate else ""


def _of_all(part: RevenueShare | Rebate | Bonus | Milestones, currency: str) -> str:
    if isinstance(part, Bonus):
        return f"{bonus_of(part, currency)} for customers of {months_of(part)}"
    if isinstance(part, Milestones):
        return _once(part, currency)
    if isinstance(part, Rebate):
        more = ", more above it" if part.step_2_from else ""
        return f"a rebate of {_share(part.rate)} of a {part.over} from {money(part.step_1_from, currency)} on{more}"
    return f"{_share(part.rate)} of your revenue × {count(part.months, 'month')}"


def _funds(part: Terms) -> str:
    """Funds beside a share: no customer gets a part of them, and they are never credit."""
    return f" and {_share(part.funds_rate)} funds" if isinstance(part, RevenueShare) and part.funds_rate else ""


def bonus_of(part: Bonus, currency: str) -> str:
    """Return what a bonus pays for one customer: `$100 and 50 % of the first payment`.

    >>> bonus_of(Bonus(reward=0, rate=0.5), "USD"), bonus_of(Bonus(), "EUR")
    ('50 % of the first payment', '€100')
    """
    rate = [f"{_share(part.rate)} of the first payment"] if part.rate else []
    return listed([*([money(part.reward, currency)] if part.reward or not rate else []), *rate])


def months_of(part: Bonus) -> str:
    """Return the months that customers are won in for a bonus.

    >>> months_of(Bonus()), months_of(Bonus(from_month=2, to_month=2))
    ('months 1 to 3', 'month 2')
    """
    if part.from_month == part.to_month:
        return f"month {part.from_month}"
    return f"months {part.from_month} to {part.to_month}"


def milestones_of(part: Milestones, currency: str) -> str:
    """Return what each milestone pays: `$500 once it has brought 10 customers`.

    >>> milestones_of(Milestones(milestone_2_at=20), "USD")
    '$500 once it has brought 10 customers and $1,000 more at 20'
    >>> milestones_of(Milestones(milestone_by="revenue", milestone_1_at=9000), "EUR")
    '€500 once its customers have paid €9,000'
    """
    (first, value), *others = [step for step in part.steps if step[0]]
    by_revenue = part.milestone_by == "revenue"
    said = f"{money(value, currency)} once {_reached(part, _milestone_at(first, by_revenue, currency))}"
    more = [f"{money(worth, currency)} more at {_milestone_at(at, by_revenue, currency)}" for at, worth in others]
    return listed([said, *more])


def _milestone_at(at: float, by_revenue: bool, currency: str) -> str:
    return money(at, currency) if by_revenue else f"{at:,g}"


def _reached(part: Milestones, first: str) -> str:
    """When the first milestone is reached."""
    customers = "customer" if part.milestone_1_at == 1 else "customers"
    return {
        "revenue": f"its customers have paid {first}",
        "customers": f"it has brought {first} {customers}",
        "active customers": f"it has {first} active {customers}",
    }[part.milestone_by]


def _once(part: Milestones, currency: str) -> str:
    """What is paid at the first milestone, and where the others are."""
    further = [at for at in (part.milestone_2_at, part.milestone_3_at) if at]
    if part.milestone_by == "revenue":
        first, *others = (money(at, currency) for at in (part.milestone_1_at, *further))
        first = f"{first} of revenue"
    else:
        first, *others = (f"{at:,g}" for at in (part.milestone_1_at, *further))
        active = "active " if part.milestone_by == "active customers" else ""
        first = f"{first} {active}{'customer' if part.milestone_1_at == 1 else 'customers'}"
    more = f", more at {listed(others)}" if others else ""
    return f"{money(part.milestone_1_value, currency)} once at {first}{more}"


def _commission(part: PercentOfRevenue) -> str:
    rate = _share(part.rate)
    months = f"{rate} × {count(part.months, 'month')}"
    return {
        "first payment": f"{rate} of the first payment",
        "months": months,
        "lifetime": f"{rate} for life",
        "taper": f"{months}, then {_share(part.later_rate)}{_to_the_end(part)}",
    }[part.duration]


def _to_the_end(part: PercentOfRevenue) -> str:
    """What follows the second rate of a taper that ends."""
    if not part.later_months:
        return ""
    then = f", then {_share(part.last_rate)}" if part.last_rate else ""
    return f" × {count(part.later_months, 'month')}{then}"


def _conditions(plan: PayoutPlan, currency: str) -> Iterator[str]:
    if plan.coupon:
        yield f"coupon {_share(plan.coupon)} × {count(plan.coupon_months, 'month')}"
    if plan.cap_customers:
        yield f"at most {plan.cap_customers:g} rewarded customers a month"
    if plan.cap_payout:
        yield f"at most {money(plan.cap_payout, currency)} a month"
    if plan.cap_per_customer:
        yield f"at most {money(plan.cap_per_customer, currency)} per customer"
    if plan.marketplace_fee:
        yield f"{_share(plan.marketplace_fee)} to the marketplace"
    if plan.override_rate and plan.kinds:
        yield f"{_share(plan.override_rate)} to who recruited the partner"
    if plan.lapse_months and plan.minimum_payout:
        yield f"balances below {money(plan.minimum_payout, currency)} lapse after {count(plan.lapse_months, 'month')}"
    if plan.clawback != "none":
        yield f"clawback within {count(plan.clawback_months, 'month')}"
