"""Exports in the shapes of known systems, as operators drop them; their content is our own.

Headers: Stripe's subscriptions (its dashboard's export), Chargebee's (`object.field`), ChartMogul's MRR movements, a
Salesforce report with its footer, HubSpot's records, PartnerStack's and Dub's partners and commissions.
"""

import csv
import io

MONTHS = [f"{2025 + at // 12}-{at % 12 + 1:02d}" for at in range(22)]  # to 2026-10
COMPANIES = 24
BROUGHT = range(0, COMPANIES, 3)
"""companies that a partner brought"""


def written(header, rows, delimiter=","):
    """The text of a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header.split(","), *rows])
    return out.getvalue()


def stripe_and_dub():
    """Subscriptions of Stripe; partners, their customers and commissions of Dub."""
    customers = [[f"cus_{at}", f"c{at}@example.com", f"2025-01-{at % 27 + 1:02d} 08:00"] for at in range(COMPANIES)]
    subscriptions = []
    for at in range(COMPANIES):
        yearly, status = at % 4 == 0, ("active", "active", "active", "canceled", "trialing")[at % 5]
        start = f"2025-02-{at % 27 + 1:02d} 10:00"
        trial = ("2026-11-20 10:00", "2026-12-04 10:00") if status == "trialing" else ("", "")
        over = "2026-06-11 10:00" if status == "canceled" else ""
        amount, interval = ("1200.00", "year") if yearly else ("100.00", "month")
        subscriptions.append([f"sub_{at}", f"cus_{at}", "pro", "1", "usd", interval, amount, status, start, start,
                              "2026-11-01 10:00", "2026-12-01 10:00", *trial, over, over])  # fmt: skip
    partners = [[f"pn_{n}", f"Partner {n}", "p@example.com", "DE", status, "default", "2024-11-05T10:00:00.000Z"]
                for n, status in enumerate(("approved", "approved", "pending"))]  # fmt: skip
    theirs = [["x" + str(at), "", "", "", f"cus_{at}", f"cus_{at}", "DE", "1", "100", "2025-01-15T10:00:00.000Z",
               "2025-02-15T10:00:00.000Z", "", f"pn_{at % 2}"] for at in BROUGHT]  # fmt: skip
    commissions = [[f"cm_{month}_{at}", "sale", "$100.00", "$20.00", "usd", ("paid", "paid", "refunded")[at % 9 // 3],
                    f"{month}-20T10:00:00.000Z", f"pn_{at % 2}"] for month in MONTHS[1:] for at in BROUGHT]  # fmt: skip
    return {
        "customers.csv": written("id,Email,Created (UTC)", customers),
        "subscriptions.csv": written(
            "id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Start Date (UTC),"
            "Current Period Start (UTC),Current Period End (UTC),Trial Start (UTC),Trial End (UTC),Canceled At (UTC),"
            "Ended At (UTC)",
            subscriptions,
        ),
        "dub-partners.csv": written("ID,Name,Email,Country,Status,Group,Enrolled at", partners),
        "dub-customers.csv": written(
            "id,name,email,avatar,externalId,stripeCustomerId,country,sales,saleAmount,createdAt,firstSaleAt,"
            "subscriptionCanceledAt,partnerId",
            theirs,
        ),
        "dub-commissions.csv": written("id,type,amount,earnings,currency,status,createdAt,partnerId", commissions),
    }


def hubspot_chargebee_and_partnerstack():
    """Companies of HubSpot with the partner's name, subscriptions of Chargebee, partners of PartnerStack."""
    companies = []
    for at in range(COMPANIES):
        partner = ("Acme Partners", "Beta GmbH")[at % 2] if at in BROUGHT else ""
        traffic = "Referrals" if at % 2 else "Direct Traffic"
        companies.append([f"{9000 + at}", f"Company {at}", f"01/{at % 27 + 1:02d}/2025", traffic, partner, "customer"])
    subscriptions = []
    for at in range(COMPANIES):
        status = ("active", "active", "non_renewing", "cancelled", "in_trial")[at % 5]
        over = "2026-06-11 10:00:00" if status == "cancelled" else ""
        price, unit = ("1200.00", "year") if at % 4 == 0 else ("100.00", "month")
        subscriptions.append([f"s{at}", f"{9000 + at}", status, f"2025-02-{at % 27 + 1:02d} 10:00:00", over,
                              "2026-11-01 00:00:00", "2026-12-01 00:00:00", price, unit, "USD"])  # fmt: skip
    partners = [["Acme Partners", "me", "Resellers", "3", "3", "$300.00", "2026-11-01", "2024-11-05"],
                ["Beta GmbH", "me", "Affiliates", "5", "5", "$500.00", "2026-11-01", "2024-11-05"]]  # fmt: skip
    return {
        "hubspot-companies.csv": written(
            "Record ID,Company name,Create Date,Original Source,Partner Account,Lifecycle Stage", companies
        ),
        "chargebee.csv": written(
            "subscription.id,subscription.customer_id,subscription.status,subscription.started_at,"
            "subscription.cancelled_at,subscription.current_term_start,subscription.current_term_end,"
            "subscription.plan_amount,subscription.billing_period_unit,subscription.currency_code",
            subscriptions,
        ),
        "partnerstack.csv": written(
            "Partner,Owner,Group,Signups,Paid customers,Revenue,Last active,Signed up", partners
        ),
    }


def salesforce_and_chartmogul():
    """Accounts of a Salesforce report, with its footer, and movements of ChartMogul, in cents."""
    accounts = [[f"001A{at:04d}", f"1/{at % 27 + 1}/2025", "Reseller" if at in BROUGHT else "Direct",
                 "P-1" if at in BROUGHT else ""] for at in range(COMPANIES)]  # fmt: skip
    accounts += [[], ["Copyright (c) 2000-2026 example.com, inc. All rights reserved."]]
    moves = [[f"2025-02-{at % 27 + 1:02d}T10:00:00Z", f"n{at}", "10000", "10000", "x", "new_biz", "USD",
              f"001A{at:04d}", f"cus_{at}", f"u{at}", "1"] for at in range(COMPANIES)]  # fmt: skip
    moves += [[f"2026-09-{at + 1:02d}T10:00:00Z", f"n{at}", "-10000" if at % 2 else "-2500", "0", "x",
               "churn" if at % 2 else "contraction", "USD", f"001A{at:04d}", f"cus_{at}", f"v{at}", "1"]
              for at in range(6)]  # fmt: skip
    return {
        "report.csv": written("Account ID,Created Date,Channel,Partner", accounts),
        "movements.csv": written(
            "DATE,CUSTOMER_NAME,MRR_MOVEMENT,MRR,DESCRIPTION,MOVEMENT_TYPE,CURRENCY_CODE,CUSTOMER_EXTERNAL_ID,"
            "CUSTOMER_UUID,UUID,RANK",
            moves,
        ),
    }
