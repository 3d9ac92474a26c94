"""Programs as they could be, drawn at random: healthy ones, in which ways differ by chance, and ones with an effect.

In a healthy program all motions are alike: how many activate, qualify and buy, how fast customers leave, what they pay
and how that changes, and what a customer costs.
"""

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from motions.cohorts.contract import BY_NAME
from motions.cohorts.ledger.ledger import reduce
from motions.cohorts.reading.engine import connect
from motions.cohorts.reading.months import look
from motions.cohorts.reading.read import create_table

MONTHS, FIRST = 36, 2023 * 12 + 9
MOTIONS = np.array(["organic", "ecosystem", "channel", "referral", "affiliate", "reseller"])
SHARES = np.array([0.45, 0.08, 0.11, 0.13, 0.15, 0.08])
PARTNERS = 60


def generated(seed, accounts=1500, affiliates_leave=1.0, churn=0.025, shares=SHARES):
    """The ledger of a program of `accounts` over three years; affiliates' customers leave so many times as fast.

    `shares` are those of MOTIONS among the accounts.
    """
    rng = np.random.default_rng(seed)
    motion = rng.choice(len(MOTIONS), accounts, p=shares)
    signup = FIRST + rng.integers(0, MONTHS, accounts)
    partner = np.where(motion > 0, (motion - 1) * (PARTNERS // 5) + rng.integers(0, PARTNERS // 5, accounts), -1)
    activated, qualified, buys = (rng.random(accounts) < rate for rate in (0.55, 0.4, 0.45))
    day = (signup - 1970 * 12) * 30 + rng.integers(0, 25, accounts)
    born = np.where(buys, signup + rng.integers(0, 2, accounts), FIRST + 10_000)
    rate = churn * np.where(MOTIONS[motion] == "affiliate", affiliates_leave, 1.0)
    stays = born + rng.geometric(rate)
    price = np.exp(rng.normal(4.5, 0.6, accounts))
    months = np.arange(FIRST, FIRST + MONTHS)[:, None]
    paying = (months >= born) & (months < stays)
    grown = np.exp(np.cumsum(rng.normal(0.002, 0.03, (MONTHS, accounts)), axis=0))
    month, who = np.nonzero(paying)
    mrr = np.maximum(np.round(price * grown * 100), 100).astype(np.int64)[month, who]
    expected = accounts * 0.45 / MONTHS
    spend = [(int(at), int(expected * share * 70_000), "payout" if way else "marketing", str(MOTIONS[way]))
             for at in range(FIRST, FIRST + MONTHS) for way, share in enumerate(shares)]  # fmt: skip
    recruited = FIRST - 1 + rng.integers(0, 12, PARTNERS)
    ids = np.array([f"P{at}" for at in range(-1, PARTNERS)])
    tables = {
        "accounts": {
            "account_id": np.char.add("A", np.arange(accounts).astype(str)), "signup_month": signup, "signup_day": day,
            "motion": MOTIONS[motion], "partner_id": np.where(partner < 0, "", ids[partner + 1]),
            "activated_month": pa.array(signup, mask=~activated), "activated_day": pa.array(day + 3, mask=~activated),
            "pql_month": pa.array(signup, mask=~qualified),
            "segment": np.where(np.arange(accounts) % 3, "small", "large"),
        },
        "revenue": {"account_id": np.char.add("A", who.astype(str)), "month": FIRST + month, "mrr": mrr},
        "partners": {
            "partner_id": ids[1:], "name": ids[1:], "motion": np.repeat(MOTIONS[1:], PARTNERS // 5),
            "recruited_month": recruited,
        },
        "spend": dict(zip(("month", "amount", "kind", "motion"), map(np.array, zip(*spend, strict=True)), strict=True)),
    }  # fmt: skip
    has = set()
    with tempfile.TemporaryDirectory() as folder:
        con = connect(Path(folder), [], 400)
        try:
            for name, columns in tables.items():
                create_table(con, BY_NAME[name])
                con.register("given", pa.table(columns))
                con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM given")
                has |= {name, *(f"{name}.{column.name}" for column in BY_NAME[name].columns)}
            con.execute("CREATE TABLE earlier (account_id VARCHAR)")
            today = date((FIRST + MONTHS) // 12, (FIRST + MONTHS) % 12 + 1, 20)
            coverage = look(lambda sql: con.execute(sql).fetchall(), today)
            return reduce(con, frozenset(has), "USD", today, coverage)
        finally:
            con.close()
