"""A program's months and figures as formulas over its inputs: the model of `projection`, `payouts` and `cohort` again.

It is the model under plain terms. What looks at a partner's month, or shares demand with another program, is read from
histories and has no formula; and a formula that such terms are typed into says that it does not know.

All is counted from the program's own first month; the months shown follow from that, so many later as it begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from motions.economics.files.formulas import Step
from motions.economics.inputs.assumptions import Market, PartnerProgram, ProgramInputs
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import FOR_CUSTOMERS, ByCustomer, PayoutPlan, Tiered
from motions.economics.model.cohort import LIFE
from motions.economics.model.histories import looks_at_one_partner
from motions.economics.model.payers import ALIKE, payers_of
from motions.economics.model.projection import SERIES, terms_of
from motions.economics.model.results import INCREMENTAL, OF_PARTNERS
from motions.text import UNKNOWN

MONTHS = 60
"""that the columns of a program have at least: so many can be shown"""


def why_values(scenario: Scenario, program: ProgramInputs) -> str:
    """Say why a program's months can't be formulas; "" where they can."""
    plan = terms_of(program)
    apart = payers_of(scenario.market, plan) is not ALIKE
    responds = isinstance(program, PartnerProgram) and program.response is not None
    shares_blocks = plan.wholesale is not None and plan.share is not None
    capped = "what a customer earns at most in all is followed customer by customer, which has no formula here"
    reasons = {
        "programs share the demand of segments, which is worked out for all of them together": bool(scenario.segments),
        "its terms look at a single partner's month, which is followed in simulated histories": looks_at_one_partner(
            plan
        ),
        capped: bool(plan.cap_per_customer),
        "customers already there are followed by their age, which has no formula here": bool(
            program.customers_at_start
        ),
        "its partners respond to what they earn, which has no formula here": responds,
        "a share of revenue on prepaid licences has no formula here": shares_blocks,
        "a bonus for the customers of some months has no formula here": plan.bonus is not None,
        "customers on other price plans, or that prepay or are refunded, have no formula here": apart,
        "a rate that differs by what a customer buys has no formula here": any(
            isinstance(part, ByCustomer) and part.rate_by != "nothing" for part in map(plan.part, plan.kinds)
        ),
    }
    return next((reason for reason, there in reasons.items() if there), "")


def known(program: ProgramInputs, market: Market) -> dict[str, Any]:
    """Return the inputs of a program and the market by their names in formulas."""
    plan = terms_of(program)
    own = {name: value for name, value in program if name not in ("payout", "response", "ages_at_start")}
    if isinstance(program, PartnerProgram):
        own |= {name_of(f"payout.{name}"): value for name, value in plan if name in _CONDITIONS}
        own |= {name_of(f"payout.{kind}.{name}"): value for kind in plan.kinds for name, value in plan.part(kind)}
    return own | {name_of(f"market.{name}"): value for name, value in market}


_CONDITIONS = {name for name, one in PayoutPlan.model_fields.items() if one.title}


def name_of(key: str) -> str:
    """Return what formulas call an input, from its key behind the program's.

    >>> name_of("market.list_price"), name_of("payout.percent.rate"), name_of("payout.hold_days"), name_of("leads")
    ('market_list_price', 'percent_rate', 'payout_hold_days', 'leads')
    """
    words = key.split(".")
    return "_".join(words[1:] if len(words) > 2 else words)


def allowed(program: ProgramInputs) -> str:
    """Return the expression of whether typed terms are still those that the formulas are of."""
    if not isinstance(program, PartnerProgram):
        return " and ".join(["inputs_wrong == 0", "customers_at_start == 0", _AT_ONCE, _FOR_GOOD, *_ONE_PLAN])
    plan = program.payout
    tiers = [f"{kind}_tiers == 'none'" for kind in plan.kinds if isinstance(plan.part(kind), Tiered)]
    tiers += ["wholesale_commitment == 0"] if plan.wholesale else []
    tiers += ["payout_clawback == 'none'"] if {"percent", "flat", "share"} & set(plan.kinds) else []
    limits = [f"payout_{name} == 0" for name in ("cap_customers", "cap_payout", "cap_per_customer", "minimum_payout")]
    limits += [] if plan.wholesale else [_AT_ONCE, _FOR_GOOD]
    limits += [f"{kind}_rate_by == 'nothing'" for kind in plan.kinds if isinstance(plan.part(kind), ByCustomer)]
    limits += _ONE_PLAN
    return " and ".join(["inputs_wrong == 0", "terms_changed == 0", "customers_at_start == 0", *tiers, *limits])


_AT_ONCE, _FOR_GOOD = "market_prepaid_share == 0", "market_refund_rate == 0"
_ONE_PLAN = ("market_plan_2_share == 0", "market_plan_3_share == 0")


def rows_of(market: Market) -> int:
    """Return how many months a program's columns have: as many as can be shown or spread over without another file."""
    return max(MONTHS, market.months, market.spread_months)


def steps(program: ProgramInputs, market: Market) -> tuple[Step, ...]:
    """Return all cells and columns of a program, each after those that it needs."""
    rows = rows_of(market)
    fits = f"market_months <= {rows} and market_spread_months <= {rows}"
    partners = _partners() if isinstance(program, PartnerProgram) else _direct()
    return (
        Step("in_formulas", "1 while formulas hold for the inputs", f"1 if {allowed(program)} and {fits} else 0"),
        *_constants(program),
        *_in(rows, partners),
        *_in(rows, [_column("new", "New customers", f"{_later('arriving', 'sales_cycle_months')} * conversion_rate")]),
        *_in(rows, _sold(program)),
        *_in(rows, _costs(program)),
        *_in(LIFE, _one_customer(program)),
        *_in(rows, [_column("still_owed", "Owed later for new customers", _STILL_OWED)]),
        *_in(rows, _shown(program)),
    )


def _column(name: str, title: str, says: str) -> Step:
    return Step(name, title, says, 1)


def _in(rows: int, found: Sequence[Step]) -> list[Step]:
    """The same, the columns among them with so many rows."""
    return [replace(step, rows=rows) if step.rows else step for step in found]


def _constants(program: ProgramInputs) -> list[Step]:
    """What inputs come to before any month is looked at; nothing where the formulas do not hold."""
    shrinking = "customer_churn_rate - expansion_rate * (1 - customer_churn_rate)"
    found = [
        Step("late", "Months before it begins", "start_month - 1"),
        Step("horizon", "Months of it that are shown", "max(market_months - late, 0)"),
        Step("price", "Price a month", "market_list_price * deal_size_factor if in_formulas == 1 else NA"),
        Step("staying", "Customers that stay a month", "1 - customer_churn_rate"),
        Step("stays", "What is left of a payment a month later", "staying * (1 + expansion_rate)"),
        Step("shrinking", "By how much payments shrink a month", shrinking),
    ]
    if not isinstance(program, PartnerProgram):
        return [*found, Step("cost_share", "Cost of revenue, share of list price", "1 - market_gross_margin")]
    carried = "(1 - market_gross_margin) - min(market_support_share, 1 - market_gross_margin) * support_carried"
    return [
        *found,
        Step("cost_share", "Cost of revenue, share of list price", carried),
        Step("recruits", "Partners recruited a month", "partners_recruited if in_formulas == 1 else NA"),
        Step("joining", "Partners that become active a month", "recruits * activation_rate"),
        Step("keep", "Partners that go on a month", "1 - partner_churn_rate"),
        Step("ramped_keep", "Partners that go on until the end of their ramp", "power(keep, ramp_months)"),
        Step("cycle_keep", "Partners that go on for a sales cycle", "power(keep, sales_cycle_months)"),
        Step("hold", "Months of the hold", _HOLD),
        *_terms(program.payout),
    ]


_HOLD = (
    "max(up((payout_hold_days - payout_payout_day) / 30) + 1, 1) if payout_payout_day > 0"
    " else up(payout_hold_days / 30)"
)


def _terms(plan: PayoutPlan) -> list[Step]:
    """What terms come to before any month is looked at."""
    redeemed = "flat_redemption_rate if flat_paid_in == 'credit' else 1"
    found = [
        Step(f"{kind}_counts", f"Counts of {name}", redeemed.replace("flat", kind))
        for kind, name in (("percent", "commission"), ("lead", "rewards for leads"), ("share", "shares"))
        if kind in plan.kinds
    ]
    if plan.percent is not None:
        lasting = f"{LIFE + 1} if percent_duration == 'lifetime' else percent_months"
        lasting = f"1 if percent_duration == 'first payment' else ({lasting})"
        found += [
            Step("lasting", "Months that commission is paid for", lasting),
            Step("after_rate", "Commission after them", "percent_later_rate if percent_duration == 'taper' else 0"),
            Step("last_rate", "Commission at last", "percent_last_rate if percent_duration == 'taper' else 0"),
            Step(
                "second",
                "Months of the first and second commission",
                f"lasting + percent_later_months if percent_later_months > 0 else {LIFE + 1}",
            ),
        ]
    if plan.flat is not None:
        worth = "flat_reward * (flat_redemption_rate if flat_paid_in == 'credit' else 1)"
        found.append(Step("reward_worth", "What a reward costs", worth))
    if plan.wholesale is not None:
        resale = "min(max(wholesale_resale_price, wholesale_band_low), wholesale_band_high)"
        found.append(Step("resale", "Resale price within its band", resale))
    return found


def _partners() -> list[Step]:
    gained = "(active[-1] - ramped[-1]) / ramp_months"
    return [
        _column("recruited", "Partners recruited", "recruits"),
        _column("active", "Active partners", "(partners_at_start if month[0] == 1 else active[-1] * keep) + joining"),
        _column(
            "ramped", "Ramped partners",
            "(partners_at_start if month[0] == 1 else ramped[-1] * keep)"
            " + (joining * ramped_keep if month[0] > ramp_months else 0)",
        ),
        _column(
            "pace", "Full partners that bring as much",
            "active[0] if ramp_months == 0 else"
            f" (partners_at_start if month[0] == 1 else (pace[-1] + {gained}) * keep)",
        ),
        _column("arriving", "Leads", "pace[0] * leads_per_partner"),
    ]  # fmt: skip


def _direct() -> list[Step]:
    return [
        Step("first_leads", "Leads in the first month", "leads if in_formulas == 1 else NA"),
        _column("arriving", "Leads", "first_leads * power(1 + lead_growth_rate, month[0] - 1)"),
    ]


def _later(column: str, months: str) -> str:
    """A column so many months later, nothing before."""
    return f"(at({column}, month[0] - {months}) if month[0] > {months} else 0)"


def _first(column: str, months: str, stays: str) -> str:
    """The part of a column that is of customers in their first months: who is older is what is left of all then."""
    gone = f"at({column}, month[0] - {months}) * {stays} ** {months} if month[0] > {months} else 0"
    return f"max({column}[0] - ({gone}), 0)"


def _after_coupon(column: str, months: str, stays: str) -> str:
    discounted = _first(column, f"min(payout_coupon_months, {months})", stays)
    return f"{_first(column, months, stays)} - payout_coupon * {discounted}"


def _sold(program: ProgramInputs) -> list[Step]:
    """What customers pay, what of it is booked and owed: of all customers, and of those whose partner is active."""
    found = [
        _column("customers", "Active customers", _stock("new[0]", "customers", "staying")),
        _column("listed", "Value at list price", _stock("new[0] * price", "listed", "stays")),
    ]
    if not isinstance(program, PartnerProgram):
        sides = dict.fromkeys(("spend", "revenue", "receipts"), "listed[0]")
        nothing = dict.fromkeys(("payouts", "paid_out", "fees", "earned"), "0")
        return [*found, *(_column(name, _TITLES[name], says) for name, says in {**sides, **nothing}.items())]
    return [*found, *_sides(program.payout, "", "stays"), *_of_partners(program.payout)]


def _of_partners(plan: PayoutPlan) -> list[Step]:
    """The same of customers whose partner is active, and what is paid out in the end."""
    ends, listed = "payout_payouts_end == 'with the partnership'", "Value at list price, of active partners"
    return [
        Step("kept_stays", "What is left of a payment, if the partner goes on too", "stays * keep"),
        _column("kept_new", "New customers of active partners", "new[0] * cycle_keep"),
        _column("kept_listed", listed, _stock("kept_new[0] * price", "kept_listed", "kept_stays")),
        *_sides(plan, "kept_", "kept_stays"),
        _column("payouts", "Payouts", f"kept_owed[0] if {ends} else owed[0]"),
        _column("got", "Credit of customers", f"kept_friend[0] if {ends} else friend[0]"),
        _column("credit", "Of these in credit", f"kept_in_credit[0] if {ends} else in_credit[0]"),
        _column("paid_out", "Payouts when due", _later("payouts", "hold")),
        _column("fees", "Payout fees", f"max((paid_out[0] - {_later('credit', 'hold')}) * payout_payout_fee, 0)"),
        _column(
            "earned",
            "What active partners make",
            f"kept_spend[0] - kept_revenue[0] / {_booked(plan)} + kept_owed[0]",
        ),
    ]


def _stock(inflow: str, column: str, keep: str) -> str:
    return f"{inflow} if month[0] == 1 else {column}[-1] * {keep} + {inflow}"


def _sides(plan: PayoutPlan, whose: str, stays: str) -> list[Step]:
    """Payments, revenue and what is owed under plain terms; `whose` customers are all, or those of active partners."""
    listed, paid = f"{whose}listed", f"{whose}paid[0]"
    coupon = _first(listed, "payout_coupon_months", stays)
    found = [_column(f"{whose}paid", "Payments", f"{listed}[0] - payout_coupon * {coupon}")]
    spend, revenue, receipts = paid, _less_margin(plan, paid), f"{whose}revenue[0]"
    if plan.wholesale is not None:
        block, renewing, bought = "wholesale_prepaid_months", f"{whose}renewing", f"{whose}bought"
        renewed = f"at({renewing}, month[0] - {block}) * {stays} ** {block} if month[0] > {block} else 0"
        found += [
            _column(renewing, "Licences bought, a month of them", f"{whose}new[0] * price + ({renewed})"),
            _column(bought, "All of them so far", _stock(f"{renewing}[0]", bought, "1")),
        ]
        spend = f"{spend} * resale"
        revenue = f"({bought}[0] - {_later(bought, block)}) * (1 - wholesale_discount) * {_booked(plan)}"
        receipts = f"{renewing}[0] * {block} * (1 - wholesale_discount) * {_booked(plan)}"
    sides = {"spend": spend, "revenue": revenue} | ({} if whose else {"receipts": receipts})
    found += [_column(f"{whose}{name}", _TITLES[name], says) for name, says in sides.items()]
    return [_of_active(step) if whose else step for step in [*found, *_owed(plan, whose, stays)]]


def _of_active(step: Step) -> Step:
    return replace(step, title=f"{step.title} of active partners")


def _less_margin(plan: PayoutPlan, what: str) -> str:
    return f"({what}) * (1 - margin_margin) * {_booked(plan)}" if plan.margin is not None else what


def _booked(plan: PayoutPlan) -> str:
    """Which share of what resellers pay is booked, as what a distributor leaves of it."""
    seller = next((kind for kind in ("margin", "wholesale") if kind in plan.kinds), "")
    return f"(1 - {seller}_distributor_margin)" if seller else "1"


def _owed(plan: PayoutPlan, whose: str, stays: str) -> list[Step]:
    """What is owed for a month, what of it is credit, and what it is a share of."""
    listed, found, owed = f"{whose}listed", [], {}
    if plan.percent is not None:
        commissioned = f"{whose}commissioned"
        found.append(_column(commissioned, "Payments with commission", _after_coupon(listed, "lasting", stays)))
        second = f"{whose}second_too"
        found.append(_column(second, "Payments with it or the second", _after_coupon(listed, "second", stays)))
        first = f"percent_rate * {commissioned}[0] + after_rate * ({second}[0] - {commissioned}[0])"
        owed["percent"] = f"percent_counts * ({first} + last_rate * ({whose}paid[0] - {second}[0]))"
    if plan.flat is not None:
        owed["flat"] = f"{whose}new[0] * reward_worth"
    if plan.lead is not None:
        owed["lead"] = "arriving[0] * lead_reward * lead_counts"
    if plan.share is not None:
        shared = _less_margin(plan, _after_coupon(listed, "share_months", stays))
        found.append(_column(f"{whose}shared", "Revenue shared", shared))
        owed["share"] = f"share_counts * share_rate * {whose}shared[0]"
    return [
        *found,
        _column(f"{whose}in_credit", "Of payouts in credit", _in_credit(owed)),
        _column(f"{whose}friend", "What customers get themselves", _for_customer(owed)),
        _column(f"{whose}owed", "Payouts", _with_others(plan, owed, f"{whose}revenue[0]", f"{whose}paid[0]")),
    ]


def _in_credit(owed: Mapping[str, str]) -> str:
    """What of amounts by kind of part is credit."""
    return " + ".join(f"({says} if {kind}_paid_in == 'credit' else 0)" for kind, says in owed.items()) or "0"


def _for_customer(owed: Mapping[str, str]) -> str:
    """What customers get themselves of amounts by kind of part."""
    theirs = " + ".join(says for kind, says in owed.items() if kind in FOR_CUSTOMERS)
    return f"payout_friend_share * ({theirs})" if theirs else "0"


def _with_others(plan: PayoutPlan, owed: Mapping[str, str], revenue: str, paid: str) -> str:
    """Amounts by kind of part together with funds, and with what recruiting partners have."""
    found = [*owed.values()]
    found += [f"share_funds_rate * share_funds_used * {revenue}"] if plan.share is not None else []
    found += [f"{_OVERRIDE} * {paid}"] if plan.kinds else []
    return " + ".join(found) or "0"


_OVERRIDE = "payout_override_rate * payout_override_share"


def _costs(program: ProgramInputs) -> list[Step]:
    if isinstance(program, PartnerProgram):
        running = "program_cost + recruits * onboarding_cost + active[0] * enablement_cost + new[0] * cost_per_customer"
    else:
        running = "program_cost + new[0] * cost_per_customer"
    return [
        _column("running", "Program cost without fees", running),
        _column("cost", "Program cost", f"running[0] + fees[0]{_to_others(program, 'spend[0]', 'got[0]')}"),
        _column("cost_of_revenue", "Cost of revenue", "listed[0] * cost_share"),
    ]


def _to_others(program: ProgramInputs, paid: str, got: str) -> str:
    """What the marketplace keeps of what customers pay, and what these get, as summands; none of a direct program."""
    return f" + payout_marketplace_fee * {paid} + {got}" if isinstance(program, PartnerProgram) else ""


def _one_customer(program: ProgramInputs) -> list[Step]:
    """One customer through its life, and what the customers won in the first months took and bring."""
    plan, back = terms_of(program), "1 if one_so_far[0] >= up_front / won else 0"
    fee = "(1 + (0 if lead_paid_in == 'credit' else payout_payout_fee))"
    for_leads = f" + upto(arriving, market_spread_months) * lead_reward * lead_counts * {fee}" if plan.lead else ""
    return [
        *_one_pays(program),
        _column(
            "one_taken", "What it takes",
            "one_payouts[0] + one_fees[0] + one_listed[0] - one_revenue[0]"
            + _to_others(program, f"one_paid[0]{' * resale' if plan.wholesale is not None else ''}", "one_got[0]"),
        ),
        _column("one_brought", "What it brings", "one_listed[0] * (1 - cost_share) - one_taken[0]"),
        _column("one_so_far", "So far", _stock("one_brought[0]", "one_so_far", "1")),
        _column("one_paid_so_far", "Payouts so far", _stock("one_payouts[0]", "one_paid_so_far", "1")),
        Step("won", "Customers won in the months spread over", "upto(new, market_spread_months)"),
        Step("up_front", "Spent before they bring anything", f"upto(running, market_spread_months){for_leads}"),
        Step("spent", "All that winning them takes", "up_front + total(one_taken) * won"),
        _column("one_back", "1 once it has paid back", f"({back}) if won > 0 else 0"),
    ]  # fmt: skip


_STILL_OWED = (
    "new[0] * (total(one_payouts) - at(one_paid_so_far, horizon - month[0] + 1)) if month[0] <= horizon else 0"
)


def _one_pays(program: ProgramInputs) -> list[Step]:
    """What one customer pays in each month of its life, and what of it goes to the partner."""
    says = {"one_listed": "price * power(stays, month[0] - 1)"}
    if isinstance(program, PartnerProgram):
        says |= _one_of_partner(program.payout)
    else:
        says |= {"one_revenue": "one_listed[0]", "one_payouts": "0", "one_fees": "0"}
    return [_column(name, _ONE[name], said) for name, said in says.items()]


_ONE = {
    "one_listed": "One customer: at list price", "one_paid": "Payments of it", "one_revenue": "Your revenue of it",
    "one_there": "Chance that payouts go on", "one_payouts": "Payouts for it", "one_credit": "Of these in credit",
    "one_fees": "Fees of them", "one_got": "Credit of the customer",
}  # fmt: skip


def _one_of_partner(plan: PayoutPlan) -> dict[str, str]:
    revenue = _less_margin(plan, "one_paid[0]")
    if plan.wholesale is not None:
        whole = "month[0] - 1 - mod(month[0] - 1, wholesale_prepaid_months)"
        revenue = f"price * power(stays, {whole}) * (1 - wholesale_discount) * {_booked(plan)}"
    owed, fees = _one_owed(plan), f"{_later('one_payouts', 'hold')} - {_later('one_credit', 'hold')}"
    return {
        "one_paid": "one_listed[0] * (1 - (payout_coupon if month[0] <= payout_coupon_months else 0))",
        "one_revenue": revenue,
        "one_there": "power(keep, sales_cycle_months + month[0] - 1)"
        " if payout_payouts_end == 'with the partnership' else 1",
        "one_payouts": f"one_there[0] * ({_with_others(plan, owed, 'one_revenue[0]', 'one_paid[0]')})",
        "one_got": f"one_there[0] * {_for_customer(owed)}",
        "one_credit": f"one_there[0] * ({_in_credit(owed)})",
        "one_fees": f"max(({fees}) * payout_payout_fee, 0)",
    }  # fmt: skip


def _one_owed(plan: PayoutPlan) -> dict[str, str]:
    """What is owed for one customer in a month of its life, by kind of part; a reward for a lead is no customer's."""
    owed = {}
    if plan.percent is not None:
        later = "(after_rate if month[0] <= second else last_rate)"
        owed["percent"] = f"percent_counts * (percent_rate if month[0] <= lasting else {later}) * one_paid[0]"
    if plan.flat is not None:
        owed["flat"] = "(reward_worth if month[0] == 1 else 0)"
    if plan.share is not None:
        owed["share"] = "(share_counts * share_rate if month[0] <= share_months else 0) * one_revenue[0]"
    return owed


def shown(series: str) -> str:
    """Return what formulas call a series of the months shown; the columns without it are of the program's own months.

    >>> shown("leads")
    'shown_leads'
    """
    return f"shown_{series}"


def _shown(program: ProgramInputs) -> list[Step]:
    """The series of the months shown, each after those it needs, and what figures read of them besides."""
    said = dict(_moved(program))
    lost = "shown_customers_active[-1] + shown_customers_new[0] - shown_customers_active[0]"
    costs = "shown_cost_of_revenue[0] - shown_program_cost[0]"
    said |= {
        "customers_churned": f"max({lost}, 0) if month[0] > 1 else 0",
        "distributor": f"shown_vendor_revenue[0] * (1 / {_booked(terms_of(program))} - 1)",
        "partner_margin": "shown_spend[0] - shown_vendor_revenue[0] - shown_distributor[0]",
        "partner_earnings": "shown_partner_margin[0] + shown_payouts[0]",
        "contribution": f"shown_vendor_revenue[0] - shown_payouts[0] - {costs}",
        "cumulative": _stock("shown_contribution[0]", "shown_cumulative", "1"),
        "cash": f"shown_receipts[0] - shown_paid_out[0] - {costs}",
        "discounted": "shown_cash[0] * (1 + market_discount_rate) ** ((1 - month[0]) / 12)",
        "below": "month[0] if shown_cumulative[0] < 0 and month[0] <= market_months else 0",
        "moves": f"month[0] if shown_cumulative[0] != 0 and month[0] <= market_months else {_NEVER}",
    }
    return [_column(shown(name), _TITLES[name], says) for name, says in said.items()]


def _moved(program: ProgramInputs) -> list[tuple[str, str]]:
    """The series that are those of the program's own months, so many later as it begins."""
    of = {
        "leads": "arriving", "customers_new": "new", "customers_active": "customers", "listed": "listed",
        "spend": "spend", "vendor_revenue": "revenue", "payouts": "payouts", "cost_of_revenue": "cost_of_revenue",
        "program_cost": "cost", "receipts": "receipts", "paid_out": "paid_out", "earned": "earned",
    }  # fmt: skip
    partners = {"partners_recruited": "recruited", "partners_active": "active", "partners_ramped": "ramped"}
    if isinstance(program, PartnerProgram):
        of |= partners
    moved = [(series, f"at({column}, month[0] - late) if month[0] > late else 0") for series, column in of.items()]
    return moved + ([] if isinstance(program, PartnerProgram) else [(series, "0") for series in partners])


_NEVER = 9999
_TITLES = {name: title for name, title, *_ in SERIES} | {
    "receipts": "Receipts", "paid_out": "Payouts when due", "earned": "What active partners make",
    "discounted": "Cash, discounted", "below": "Month, where the total is below zero",
    "moves": "Month, where there is a total", "revenue": "Your revenue", "fees": "Payout fees",
}  # fmt: skip

_WON = "won > 0"
_CPA = "spent / won"
_ARR = "(12 * price)"
_EARNED = "upto(shown_partner_earnings, market_months)"
_SPEND = "upto(shown_spend, market_months)"
_PROFIT = f"({_SPEND} - upto(shown_cost_of_revenue, market_months))"
_ANYWAY = "upto(shown_listed, market_months) * market_gross_margin * (1 - incrementality)"
_ACTIVE = "upto(shown_partners_active, market_months)"
_VALUE = "price * market_gross_margin / shrinking"


def _or_unknown(says: str, there: str) -> str:
    return f"{says} if {there} else '{UNKNOWN}'"


def figures(program: ProgramInputs, world: Sequence[str], direct: str) -> dict[str, str]:
    """Return the expressions of all figures of a program, by name. `world`: the programs that blended CAC is taken of.

    Those of other programs are asked for by their name: `sales_led.spent`.
    """
    found = {**_of_months(), **_of_customers(world, direct)}
    if isinstance(program, PartnerProgram):
        return found | _of_increments(world)
    nobodys = dict.fromkeys(OF_PARTNERS, f"'{UNKNOWN}'")
    return found | nobodys | {"cpa_over_cac": _or_unknown(f"{_CPA} - {_blended(world)}", _WON)}


def _of_months() -> dict[str, str]:
    turned = "max(shown_below) < market_months and min(shown_moves) <= market_months"
    return {
        "contribution": "at(shown_cumulative, market_months)",
        "cash": "upto(shown_cash, market_months)",
        "npv": "upto(shown_discounted, market_months)",
        "new_customers": "upto(shown_customers_new, market_months)",
        "break_even_month": f"max(max(shown_below) + 1, min(shown_moves)) if {turned} else "
        "join('not within ', market_months, ' months')",
        "owed_later": "total(still_owed)",
        "payout_share": _or_unknown(f"{_EARNED} / {_SPEND}", f"{_SPEND} != 0"),
        "payout_share_of_profit": _or_unknown(f"{_EARNED} / {_PROFIT}", f"{_PROFIT} > 0"),
        "partner_earnings": _or_unknown(f"upto(shown_earned, market_months) / {_ACTIVE}", f"{_ACTIVE} != 0"),
        "closing_arr": "12 * at(shown_spend, market_months)",
    }


def _of_customers(world: Sequence[str], direct: str) -> dict[str, str]:
    back = f"first(one_back) if total(one_back) > 0 else 'not within {LIFE} months'"
    return {
        "effective_cpa": _or_unknown(_CPA, _WON),
        "blended_cac": _or_unknown(_blended(world), f"{_sum(world, 'won')} > 0"),
        "direct_cac": _or_unknown(f"{direct}.spent / {direct}.won", f"{direct}.won > 0"),
        "cost_per_arr": _or_unknown(f"{_CPA} / {_ARR}", f"{_WON} and price > 0"),
        "customer_value": _or_unknown(_VALUE, "shrinking > 0"),
        "ltv_per_cpa": _or_unknown(f"{_VALUE} / ({_CPA})", f"shrinking > 0 and {_WON} and spent != 0"),
        "payback_month": back,
        "churn_over_direct": _or_unknown(
            f"customer_churn_rate / {direct}.customer_churn_rate", f"{direct}.customer_churn_rate != 0"
        ),
    }


def _of_increments(world: Sequence[str]) -> dict[str, str]:
    """Figures that only a partner program has: of customers that would not have come without it."""
    own, there = f"{_CPA} / incrementality", f"{_WON} and incrementality > 0"
    found = {
        "incremental_contribution": f"at(shown_cumulative, market_months) - {_ANYWAY}",
        "incremental_cpa": _or_unknown(own, there),
        "cpa_over_cac": _or_unknown(f"{own} - {_blended(world)}", there),
    }
    for share in INCREMENTAL[1:]:
        found[f"cpa_{share:.0%}".rstrip("%")] = _or_unknown(f"{_CPA} / {share}", _WON)
        per_arr = _or_unknown(f"{_CPA} / {_ARR} / {share}", f"{_WON} and price > 0")
        found[f"cost_per_arr_{share:.0%}".rstrip("%")] = per_arr
    return found


def _sum(world: Sequence[str], what: str) -> str:
    return f"({' + '.join(f'{name}.{what}' for name in world)})"


def _blended(world: Sequence[str]) -> str:
    return f"{_sum(world, 'spent')} / {_sum(world, 'won')}"
