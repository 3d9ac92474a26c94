"""Each payout term once more as a named public program has it: its rule in our words, a case, and the right cents.

All pages were read in November 2026, in stored copies that may be older; `dated` is what the page itself says of its
date. The stored copies are excerpts: what else a page says of the program was not looked at. `right` was worked out by
hand from the rule; where `whose` is "theirs" its rates or amounts are the page's own worked figures.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from motions.economics.inputs.terms import FlatReward, PayoutPlan, PercentOfRevenue, Rebate
from motions.economics.model.statement import Payments, minor, state


@dataclass(frozen=True)
class Customer:
    """One customer: what it pays by month, and what else a statement is told of it; money in whole units."""

    pays: dict
    partner: int = 0
    plan: int = 0
    yearly: bool = False
    refunds: tuple = ()
    """(month of the payment, months later, how much)"""


@dataclass(frozen=True)
class Program:
    """A term as a program has it. `right` is by name of what a statement says: partner by partner, month by month."""

    term: str
    program: str
    url: str
    rule: str
    plan: PayoutPlan
    customers: tuple
    right: dict
    whose: str = "ours"
    dated: str = ""
    recruiter: tuple = ()
    months: int = 0


def every(amount, *months, **more):
    """A customer that pays so much in each of some months."""
    return Customer(dict.fromkeys(months, amount), **more)


def stays(amount, months, first=0, **more):
    return every(amount, *range(first, first + months), **more)


def percent(rate, duration="lifetime", **more):
    return PayoutPlan(percent=PercentOfRevenue(rate=rate, duration=duration, **more))


def tiers(kind, *steps, by="customers", over="month"):
    """The fields of tiers: (from, value) of each after the first."""
    starts = {f"tier_{at}_from": start for at, (start, _) in enumerate(steps, 2)}
    values = {f"tier_{at}_value": value for at, (_, value) in enumerate(steps, 2)}
    none = {f"tier_{at}_from": 0 for at in range(len(steps) + 2, 5)}
    return {"tiers": kind, "tier_by": by, "tier_period": over, **none, **starts, **values}


KINSTA = "https://kinsta.com/docs/service-information/affiliate-program/"
ELFSIGHT = "https://help.elfsight.com/article/759-the-affiliate-fee-terms-and-payment"
TOLT = "https://docs.tolt.com/guides/refunds"
PHOCAS = "https://helpphocassoftware.atlassian.net/wiki/spaces/userdoc/pages/590377/Rebates+calculation+methods"

PROGRAMS = (
    Program(
        "1 first invoice", "Escala affiliates", "https://alianzas.escala.com/politicas-afiliados",
        "A fifth of the year's subscription where it is paid up front, once.",
        percent(0.2, "first payment"), (every(1188, 0, 12, yearly=True),), {"payout": [[237.6] + [0] * 12]},
    ),
    Program(
        "1 first invoice", "Elfsight affiliates", ELFSIGHT,
        "30 % of each payment of a subscription: 18 of a yearly one of 60, each year.",
        percent(0.3), (every(60, 0, 12, yearly=True),), {"payout": [[18] + [0] * 11 + [18]]}, "theirs",
    ),
    Program(
        "2 tiers of a month, whole", "Intelitics agreement tiers",
        "https://help.intelitics.com/en/articles/4925364-agreement-tiers",
        "250 each; from the third player of a month on 275 for all of them, from the fifth 300; a month begins anew.",
        PayoutPlan(flat=FlatReward(reward=250, **tiers("whole", (3, 275), (5, 300)))),
        (*(every(9, 0) for _ in range(3)), *(every(9, 1) for _ in range(5)), *(every(9, 2) for _ in range(2))),
        {"payout": [[3 * 275, 5 * 300, 2 * 250]]}, "theirs",
    ),
    Program(
        "2 tiers of a year, marginal", "Google Play service fee",
        "https://support.google.com/googleplay/android-developer/answer/112622",
        "15 % of the first million of a year, 30 % of what is above it; each year begins anew.",
        percent(0.15, **tiers("marginal", (1_000_000, 0.3), by="revenue", over="year")), (stays(400_000, 13),),
        {"payout": [[60_000, 60_000, 200_000 * 0.15 + 200_000 * 0.3, *[120_000] * 9, 60_000]]}, dated="2021-07",
    ),
    Program(
        "2 tiers in total, marginal", "Everflow tiered commissions",
        "https://helpdesk.everflow.io/customer/tiered-partner-commissions",
        "10 % of the first hundred conversions of a partner, 20 % of all after them.",
        percent(0.1, "first payment", **tiers("marginal", (101, 0.2), over="total")),
        tuple(every(50, month) for month in (0, 1, 2) for _ in range(60)),
        {"payout": [[60 * 5, 40 * 5 + 20 * 10, 60 * 10]]},
    ),
    Program(
        "2 tiers by active customers", "Vendor.com affiliates", "https://vendor.com/platform/affiliate",
        "Of 20 a month 35 %, 40 % from 100 active customers on, 45 % from 500, 50 % from 1,000, of all of them: 600 "
        "make 5,400.",
        percent(0.35, **tiers("whole", (100, 0.4), (500, 0.45), (1000, 0.5), by="active customers")),
        (*(stays(20, 2) for _ in range(99)), *(every(20, 1) for _ in range(501))),
        {"payout": [[99 * 7, 5400]]}, "theirs",
    ),
    Program(
        "2 tiers of a month, marginal", "Phocas rebate brackets", PHOCAS,
        "5 % up to 10,000 and 10 % of what is above: 300 of 6,000, 400 of 8,000, 1,500 of 20,000.",
        percent(0.05, **tiers("marginal", (10_000, 0.1), by="revenue")),
        (every(6000, 0), every(8000, 1), every(20_000, 2)), {"payout": [[300, 400, 1500]]}, "theirs",
    ),
    Program(
        "2 tiers of a quarter, rated again", "Phocas retrospective rebates",
        "https://helpphocassoftware.atlassian.net/wiki/spaces/userdoc/pages/3477176488",
        "The same brackets; once a higher one is met in the quarter its rate is of all of it, from the first on.",
        percent(0.05, **tiers("whole, rated again", (10_000, 0.1), by="revenue", over="quarter")),
        (every(6000, 0), every(8000, 1), every(6000, 2)), {"payout": [[300, 800 + 300, 600]]},
    ),
    Program(
        "3 refunds", "Tolt refunds", TOLT,
        "Within the delay of 30 days nothing is paid of 14.70; of what was paid the same is set against what is next.",
        PayoutPlan(percent=PercentOfRevenue(rate=0.3), hold_days=30),
        (every(49, 0, refunds=((0, 1, 49),)), every(49, 1, refunds=((1, 2, 49),)), every(49, 2)),
        {"payout": [[14.7, 0, 14.7, -14.7, 0]], "paid": [[0, 0, 14.7, 0, 0]]}, "theirs", months=5,
    ),
    Program(
        "3 refunds in part", "Rewardful as Postmark has it",
        "https://postmarkapp.com/support/article/1320-how-do-refunds-and-cancellations-work",
        "Of an invoice that is refunded in part the commission is that of what is left: 11.70 of 14.70 when 10 of 49 "
        "go back.",
        percent(0.3), (every(49, 0, refunds=((0, 1, 10),)),), {"payout": [[14.7, -3]]}, months=2,
    ),
    Program(
        "4 rates by plan", "Kinsta affiliates, by plan", KINSTA,
        "Once per customer: 50 for the smallest plan, 100 for the next, 150 for those for businesses.",
        PayoutPlan(flat=FlatReward(reward=50, rate_by="plan", rate_2=100, rate_3=150)),
        (every(35, 0), every(70, 0, plan=1), every(115, 0, plan=2)), {"payout": [[300]]},
    ),
    Program(
        "4 rates by deal size", "Kinsta affiliates, by income", KINSTA,
        "100 where a month brings less than 166, 150 from there on; of a yearly plan a twelfth counts.",
        PayoutPlan(flat=FlatReward(reward=100, rate_by="deal size", rate_2=150, rate_size_from=166)),
        (every(165.99, 0), every(166, 1), every(166 * 12, 2, yearly=True), every(1991.88, 3, yearly=True)),
        {"payout": [[100, 150, 150, 100]]},
    ),
    Program(
        "4 rates by billing", "NordVPN affiliates, as a directory has them",
        "https://afprogs.com/nordvpn-affiliate-program",
        "All of a first month, 40 % of a first year, and 30 % of each renewal of either.",
        percent(1.0, "taper", months=1, later_rate=0.3, rate_by="billing", rate_2=0.4),
        (stays(12.99, 13), every(59.88, 0, 12, yearly=True, partner=1)),
        {"payout": [[12.99] + [3.9] * 12, [23.95] + [0] * 11 + [17.96]]},
    ),
    Program(
        "5 override", "systeme.io affiliates",
        "https://help.systeme.io/article/162-how-the-systeme-io-affiliate-program-works",
        "40 % to who brings the customer, 5 % of the sale to who brought that one; for as long as it pays.",
        PayoutPlan(percent=PercentOfRevenue(rate=0.4, duration="lifetime"), override_rate=0.05),
        (stays(27, 3),), {"payout": [[10.8] * 3, [1.35] * 3]}, recruiter=(1, -1),
    ),
    Program(
        "6 rebate", "Infor standard rebate",
        "https://docs.infor.com/ifsm/2024.x/en-us/ifsmolh/ifsmsmsetupag/cmo1450797979006.html",
        "2 % of all that was bought, once that is more than 49,999.",
        PayoutPlan(rebate=Rebate(rate=0.02, step_1_from=50_000, over="quarter")),
        (Customer({0: 20_000, 1: 15_000, 2: 15_000, 3: 20_000, 4: 15_000, 5: 14_999}),),
        {"payout": [[0, 0, 1000, 0, 0, 0]]},
    ),
    Program(
        "8 a second rate", "Revi affiliates",
        "https://revi.io/en/app/reviews/faq/affiliation/how-much-will-I-get-in-commissions",
        "30 % of the first yearly subscription of a customer, 5 % of each after it.",
        percent(0.3, "taper", months=12, later_rate=0.05), (every(290, 0, 12, 24, yearly=True),),
        {"payout": [[87] + [0] * 11 + [14.5] + [0] * 11 + [14.5]]},
    ),
    Program(
        "8 a second rate that ends and a third", "PortaOne commission per periods",
        "https://docs.portaone.com/docs/mr100-commission-schema-invoiced-total-amount",
        "A rate for each of some periods in turn, and one for all following months: 8 % for three, 5 % for six, 10 %.",
        percent(0.08, "taper", months=3, later_rate=0.05, later_months=6, last_rate=0.1), (stays(100, 12),),
        {"payout": [[8] * 3 + [5] * 6 + [10] * 3]},
    ),
    Program(
        "8 months that are paid", "Google Play subscriptions",
        "https://support.google.com/googleplay/android-developer/answer/112622?hl=de",
        "30 % until twelve months are paid for, then 15 %: of one that paid four and then paused, after eight more.",
        percent(0.3, "taper", months=12, later_rate=0.15, months_counted="paid"),
        (every(10, *range(4), *range(6, 16)),), {"payout": [[3] * 4 + [0] * 2 + [3] * 8 + [1.5] * 2]}, "theirs", "2018",
    ),
    Program(
        "8 months since the first payment", "Ninja Goat affiliates",
        "https://ninjagoatnutrition.com/ninja-goat-dojo/affiliate-commissions-schedule/",
        "5 % of a subscription for twelve months, of which a month that is skipped is one.",
        percent(0.05, "months", months=12), (every(100, *range(4), *range(6, 16)),),
        {"payout": [[5] * 4 + [0] * 2 + [5] * 6 + [0] * 4]}, "theirs",
    ),
    Program(
        "9 most per customer", "Affonso commission cap",
        "https://affonso.io/help/commission-payouts/commission/cap-commission-per-referred-customer",
        "At most 200 of one customer: after 180 a commission of 50 is 20, one of 15 is 15, and after 200 it is none.",
        PayoutPlan(percent=PercentOfRevenue(rate=0.5, duration="lifetime"), cap_per_customer=200),
        (Customer({0: 360, 1: 100, 2: 30}), Customer({0: 360, 1: 30, 2: 30}, partner=1)),
        {"payout": [[180, 20, 0], [180, 15, 5]], "capped": [[0, 30, 15], [0, 0, 10]]}, "theirs", "2026-05",
    ),
    Program(
        "13 marketplace fee", "Microsoft commercial marketplace",
        "https://docs.microsoft.com/en-us/azure/marketplace/marketplace-commercial-transaction-capabilities-and-considerations",
        "The store keeps 3 % of the licence: 0.03 of 1.00, and 3 of 100 a month.",
        PayoutPlan(marketplace_fee=0.03), (every(1, 0), every(100, 1)), {"marketplace": [[0.03, 3]]}, "theirs",
    ),
    Program(
        "14 payout day", "Elfsight affiliates, payout day", ELFSIGHT,
        "On the 15th of a month for all of the one before, from 50 on: of April in May; smaller sums wait.",
        PayoutPlan(percent=PercentOfRevenue(rate=0.3, duration="lifetime"), payout_day=15, minimum_payout=50),
        (*(every(60, 3, yearly=True) for _ in range(3)), every(60, 6, yearly=True), every(150, 8, yearly=True)),
        {"paid": [[0] * 4 + [54] + [0] * 4 + [63]]}, "theirs", months=10,
    ),
    Program(
        "14 balance that lapses", "Webdesignbeast affiliates", "https://webdesignbeast.com/minimum-payment-threshold/",
        "Paid from 100 on; what does not get there within 180 days is forfeited, and the balance is 0.",
        PayoutPlan(flat=FlatReward(reward=40), minimum_payout=100, lapse_months=6),
        (*(every(99, month) for month in (0, 1)), *(every(99, month, partner=1) for month in (0, 1, 6))),
        {"payout": [[40, 40, 0, 0, 0, 0, -80, 0], [40, 40, 0, 0, 0, 0, 40, 0]], "paid": [[0] * 8, [0] * 6 + [120, 0]]},
        months=8,
    ),
)  # fmt: skip


def rows_of(program):
    """The customers of a program as a statement takes them."""
    months = program.months or 1 + max(month for one in program.customers for month in one.pays)
    partners = 1 + max([one.partner for one in program.customers] + [len(program.recruiter) - 1])
    table, refunds, seen = [], [], {}
    for account, one in enumerate(program.customers):
        first = min(one.pays)
        place = seen.get((one.partner, first), 0)
        seen[one.partner, first] = place + 1
        for month, paid in sorted(one.pays.items()):
            refunds += [(len(table), lag, minor(back)) for of, lag, back in one.refunds if of == month]
            table.append((one.partner, account, month, minor(paid), month - first, place, one.plan, one.yearly))
    *own, plan, yearly = np.array(table, dtype=np.int64).T
    recruiter = np.array(program.recruiter) if program.recruiter else None
    leads = np.zeros((partners, months), dtype=np.int64)
    covers = np.where(yearly > 0, 12, 1)
    given = np.array(refunds, dtype=np.int64).reshape(-1, 3)
    return Payments(*own, leads, None, covers, yearly, plan, given, recruiter)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: f"{one.term}: {one.program}")
def test_a_term_pays_what_the_program_says(program):
    found = state(program.plan, rows_of(program))
    for name, right in program.right.items():
        assert getattr(found, name).tolist() == [[round(one * 100) for one in partner] for partner in right], name


def test_each_term_that_is_in_has_a_program_of_its_own_with_its_page():
    assert {one.term.split()[0] for one in PROGRAMS} == {"1", "2", "3", "4", "5", "6", "8", "9", "13", "14"}
    assert all(one.url.startswith("https://") and one.rule.endswith(".") for one in PROGRAMS)
    assert {one.whose for one in PROGRAMS} == {"theirs", "ours"}
