"""The same ledger in plain pandas, as an analyst would write it: what ours is compared with, and checked against."""

import pandas as pd

MEASURES = ("closing", "new_mrr", "expansion", "contraction", "reactivation", "leaving", "retained_12", "customers")


def ledger(folder):
    """Read accounts.csv and revenue.csv into cohort × motion × segment × month and motion × partner × month."""
    accounts = pd.read_csv(folder / "accounts.csv", keep_default_na=False)
    accounts["cohort"] = months(accounts["signed_up_on"])
    accounts["motion"] = accounts["motion"].mask(accounts["motion"] == "", "organic")
    rows = pd.read_csv(folder / "revenue.csv")
    rows["month"] = months(rows["month"])
    rows["mrr"] = (rows["mrr"] * 100).round().astype("int64")
    rows = rows[rows["mrr"] > 0].merge(accounts[["account_id", "cohort", "motion", "segment", "partner_id"]])
    rows = rows.sort_values(["account_id", "month"])
    accounts_of = rows.groupby("account_id", sort=False)
    before, before_mrr = accounts_of["month"].shift(), accounts_of["mrr"].shift()
    goes_on = accounts_of["month"].shift(-1) == rows["month"] + 1
    stays, change = before == rows["month"] - 1, rows["mrr"] - before_mrr
    rows["customers"] = 1
    rows["new_mrr"] = rows["mrr"].where(before.isna(), 0)
    rows["expansion"] = change.where(stays & (change > 0), 0).astype("int64")
    rows["contraction"] = (-change).where(stays & (change < 0), 0).astype("int64")
    rows["reactivation"] = rows["mrr"].where(before < rows["month"] - 1, 0)
    rows["leaving"] = rows["mrr"].where(~goes_on, 0)
    earlier = rows[["account_id", "month"]].assign(month=rows["month"] + 12, paid=True)
    rows["retained_12"] = rows["mrr"].where(rows.merge(earlier, how="left")["paid"].notna().to_numpy(), 0)
    rows = rows.rename(columns={"mrr": "closing"})
    sums = dict.fromkeys(MEASURES, "sum")
    by_cohort = rows.groupby(["cohort", "motion", "segment", "month"]).agg(sums)
    by_partner = rows[rows["partner_id"] != ""].groupby(["motion", "partner_id", "month"]).agg(sums)
    return by_cohort, by_partner


def months(column):
    """Texts that begin with year and month as 12 × year + month − 1."""
    return column.str[:4].astype("int32") * 12 + column.str[5:7].astype("int32") - 1
